"""How do many small matrix products use two cores without getting in each other's way?

The matrix library starts threads of its own for every product; for the small products of a simulation that costs several
times what it brings (measured: eight times). So it is held to one thread, and whole blocks of draws run side by side.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Event, local
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")
U = TypeVar("U")
_here = local()
_NAMES = ("scipy_openblas_{}64_", "scipy_openblas_{}", "openblas_{}64_", "openblas_{}")


@cache
def _controls() -> tuple[tuple[Any, Any], ...]:
    """Return (get, set) of the number of threads of each OpenBLAS that came with numpy or scipy; empty for other libraries."""
    found = []
    site = Path(np.__file__).parents[1]
    places = [site / "numpy.libs", site / "scipy.libs", site / "numpy" / ".dylibs", site / "scipy" / ".dylibs"]
    for path in sorted(file for place in places if place.is_dir() for file in place.glob("*openblas*")):
        try:
            library = ctypes.CDLL(str(path))
        except OSError:  # not for this machine: its threads then stay as they are
            continue
        for name in _NAMES:
            get = getattr(library, name.format("get_num_threads"), None)
            put = getattr(library, name.format("set_num_threads"), None)
            if get is not None and put is not None:
                found.append((get, put))
                break
    return tuple(found)


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Hold the matrix library to one thread while inside; does nothing where the library has no such switch."""
    before = [(put, get()) for get, put in _controls()]
    try:
        for put, _ in before:
            put(1)
        yield
    finally:
        for put, count in before:
            put(count)


def workers(asked: int | None) -> int:
    """Return how many threads to use: what was asked, or the number of processors, at most four."""
    if asked is not None:
        return max(1, asked)
    return max(1, min(4, os.cpu_count() or 1))


class LeftError(Exception):
    """Raised in a thread whose work nobody waits for any more."""


def breathe() -> None:
    """Say that a long computation may stop here; it does when whoever asked for it has left."""
    stop = getattr(_here, "stop", None)
    if stop is not None and stop.is_set():
        raise LeftError


def side_by_side(work: Callable[[T], U], parts: Sequence[T], threads: int | None = None) -> list[U]:
    """Return ``work(part)`` of each part in order; the answer does not depend on the number of threads.

    When it is interrupted (Ctrl-C), parts that did not begin are left, and those at work stop at their next ``breathe``.
    """
    with one_blas_thread():
        count = min(workers(threads), len(parts))
        if count <= 1:
            return [work(part) for part in parts]
        stop = Event()

        def inside(part: T) -> U:
            _here.stop = stop
            breathe()
            return work(part)

        with ThreadPoolExecutor(count) as pool:
            try:
                return list(pool.map(inside, parts))
            except BaseException:
                stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
