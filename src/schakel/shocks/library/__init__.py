"""Which scenarios are ready to run, each with its sources and the published figure to hold the result against?

A scenario is a file ``NAME.yaml`` here. Where the embedded chain lacks a step that a scenario is about, a small chain in
our own CSV form stands beside it in a folder of the same name and is called ``library:NAME``. Tolerances stand in the
files and are not changed after a run.
"""

from __future__ import annotations

from pathlib import Path

from schakel.errors import NotFoundError

PREFIX = "library:"
_HERE = Path(__file__).parent


def names() -> tuple[str, ...]:
    """Return the names of the ready scenarios, in order."""
    return tuple(sorted(p.stem for p in _HERE.glob("*.yaml")))


def path(name: str) -> Path:
    """Return the file of a ready scenario.

    Raises
    ------
    NotFoundError
        If there is none of that name.
    """
    if name not in names():
        raise NotFoundError(f"the library has no scenario {name!r}", remedy=f"ready ones: {', '.join(names())}")
    return _HERE / f"{name}.yaml"


def chain(name: str) -> Path:
    """Return the folder of the chain of a ready scenario.

    Raises
    ------
    NotFoundError
        If it has none.
    """
    have = sorted(p.parent.name for p in _HERE.glob("*/inputs.csv"))
    if name not in have:
        raise NotFoundError(f"the library has no chain {name!r}", remedy=f"chains: {', '.join(have)}")
    return _HERE / name
