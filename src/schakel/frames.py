"""How do users' frames come in and results go out?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schakel.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa


@dataclass(frozen=True)
class Result:
    """Rows of an answer with what they rest on.

    Attributes
    ----------
    rows
        JSON-ready rows, nested as the command line's ``--format json`` gives them.
    answer
        The whole answer; for a screen with warnings, sources, licences and receipt.
    """

    rows: tuple[Mapping[str, Any], ...]
    answer: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.rows)

    def flat(self) -> list[dict[str, Any]]:
        """Return rows without nesting: ``criteria.extra_bloc_hhi.value`` and so on."""
        return [_flat(row) for row in self.rows]

    def to_arrow(self) -> pa.Table:
        """Return the flat rows as an Arrow table."""
        import pyarrow as pa

        rows = self.flat()
        names = dict.fromkeys(name for row in rows for name in row)
        return pa.table({name: _column([row.get(name) for row in rows], name) for name in names})

    def to_polars(self) -> pl.DataFrame:
        """Return the flat rows as a Polars frame (Polars must be installed)."""
        import polars as pl

        return pl.DataFrame(pl.from_arrow(self.to_arrow()))

    def to_pandas(self) -> pd.DataFrame:
        """Return the flat rows as a pandas frame (pandas must be installed)."""
        return self.to_arrow().to_pandas()


def _column(values: list[Any], name: str) -> pa.Array:
    """Return a typed column; one without any value is typed by its name, so that two answers can be put under each other."""
    import pyarrow as pa

    have = [v for v in values if v is not None]
    if not have:
        last = name.rpartition(".")[2]
        measured = last in ("value", "threshold", "distance", "ratio") or last.endswith(("_share", "_usd", "_eur"))
        truth = last in ("passes", "dependent", "reverse_dependency")
        return pa.array(values, pa.float64() if measured else pa.bool_() if truth else pa.string())
    if any(isinstance(v, float) for v in have) or name.endswith((".value", ".threshold", ".distance")):
        return pa.array([None if v is None else float(v) for v in values], pa.float64())
    return pa.array(values)


def _flat(row: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, Mapping):
            out.update(_flat(value, f"{before}{key}."))
        elif not isinstance(value, (list, tuple)):
            out[f"{before}{key}"] = value
    return out


def arrow_of(frame: Any) -> pa.Table:
    """Return any frame that narwhals knows (Arrow, Polars, pandas, Modin, ...) as an Arrow table.

    Raises
    ------
    InputError
        If it is no frame.
    """
    import narwhals.stable.v2 as nw

    try:
        found = nw.from_native(frame)
    except TypeError:
        raise InputError(
            f"{type(frame).__name__} is neither a path nor a frame",
            remedy="give a path, or an Arrow, Polars or pandas frame",
        ) from None
    if isinstance(found, nw.LazyFrame):
        found = found.collect()
    return found.to_arrow()


def rows_of(answer: Sequence[Mapping[str, Any]]) -> Result:
    """Wrap rows that come without an envelope."""
    return Result(tuple(answer), {"rows": list(answer)})
