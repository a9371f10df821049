"""Whole numbers of up to 128 bits in arrays: exact sums of squares without a float in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
_TWO64 = 2.0**64
_TAIL = np.uint64(2**11 - 1)  # what a double cannot hold of 64 bits


@dataclass(frozen=True)
class Wide:
    """Non-negative integers as a high (int64) and a low (uint64) word, shape (n,)."""

    hi: I64
    lo: npt.NDArray[np.uint64]

    def to_float(self) -> F64:
        """Return the nearest doubles, so that a square divided by itself is one.

        The low word goes in as two parts that a double holds exactly; what the first addition rounds off is carried
        into the second, so only the last addition rounds.
        """
        high = self.hi.astype(np.float64) * _TWO64
        upper = (self.lo & ~_TAIL).astype(np.float64)
        near = high + upper
        back = near - high
        lost = (high - (near - back)) + (upper - back)
        out: F64 = near + (lost + (self.lo & _TAIL).astype(np.float64))
        return out

    def item(self, index: int) -> int:
        """Return one value exactly."""
        return (int(self.hi[index]) << 64) | int(self.lo[index])

    def take(self, index: Any) -> Wide:
        """Return the values at `index` (integers or a mask)."""
        return Wide(self.hi[index], self.lo[index])

    def __len__(self) -> int:
        return len(self.hi)


def from_low_and_float(low: npt.NDArray[np.uint64], near: F64) -> Wide:
    """Return exact values from their low 64 bits and a float within 2**62 of them.

    A sum of squares modulo 2**64 is exact in wrapping arithmetic; the float only has to tell which multiple of 2**64 to add.
    """
    hi = np.rint((near - low.astype(np.float64)) / _TWO64).astype(np.int64)
    return Wide(hi, low)


def from_arrow(column: pa.ChunkedArray) -> Wide:
    """Return the words of a DECIMAL(38,0) column without nulls."""
    if column.num_chunks != 1:
        column = column.combine_chunks()
        chunk = column if not hasattr(column, "chunk") else column.chunk(0) if column.num_chunks else None
    else:
        chunk = column.chunk(0)
    if chunk is None or len(chunk) == 0:
        return Wide(np.zeros(0, np.int64), np.zeros(0, np.uint64))
    words = np.frombuffer(chunk.buffers()[1], dtype=np.uint64)[2 * chunk.offset : 2 * (chunk.offset + len(chunk))]
    return Wide(words[1::2].astype(np.int64), words[0::2].copy())


def from_ints(values: list[int]) -> Wide:
    """Return Wide values from Python integers."""
    mask = (1 << 64) - 1
    return Wide(np.array([v >> 64 for v in values], np.int64), np.array([v & mask for v in values], np.uint64))


def concatenate(parts: list[Wide]) -> Wide:
    """Join several arrays."""
    if not parts:
        return Wide(np.zeros(0, np.int64), np.zeros(0, np.uint64))
    return Wide(np.concatenate([p.hi for p in parts]), np.concatenate([p.lo for p in parts]))
