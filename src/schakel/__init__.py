"""Schakel: a geo-economic monitor, from the figure in a trade file to the promise in a letter.

``import schakel`` gives the questions of `schakel.api`; they are loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schakel.version import __version__

__all__ = ["__version__", "churn", "compare", "methods", "mutual", "read_flows", "reverse", "screen", "suppliers"]

if TYPE_CHECKING:
    from schakel.api import churn, compare, methods, mutual, read_flows, reverse, screen, suppliers


def __getattr__(name: str) -> Any:
    """Load a question of the API when it is asked for, so that the command line starts without it."""
    if name in __all__[1:]:
        from schakel import api

        return getattr(api, name)
    raise AttributeError(f"module 'schakel' has no attribute {name!r}")
