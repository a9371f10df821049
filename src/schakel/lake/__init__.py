"""Where do tables live? Typed Parquet tables in immutable versions, queried with plain SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from schakel.lake.dataset import Dataset
    from schakel.lake.engine import connect, version
    from schakel.lake.store import Lake

__all__ = ["Dataset", "Lake", "connect", "version"]


def __getattr__(name: str) -> Any:
    """Load a name when it is first asked for: the command line lists its commands without an engine."""
    if name in {"connect", "version"}:
        from schakel.lake import engine

        return getattr(engine, name)
    if name in {"Lake", "Dataset"}:
        from schakel.lake import store

        return getattr(store, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
