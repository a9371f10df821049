"""Which chain does an address name, opened once a version?"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Literal

from fastapi import Path, Query

from schakel.chains import answers, choke, coalitions, embedded
from schakel.chains.graph import ChainGraph
from schakel.chains.makeable import compile_graph
from schakel.chains.open import open_named
from schakel.errors import NotFoundError

PAIRS, POINTS = 10, 8  # rows that the page of a chain shows
MOST_NAMES = 400  # characters of a list of names in an address
PATIENCE = 8.0  # seconds that a page may look for coalitions of three and more

_TEXT = r"^[^\x00-\x1f\x7f]+$"
GraphName = Annotated[
    str,
    Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$", description="reference, materials or a chain of the lake."),
]
Reading = Annotated[
    Literal["alternatives", "together"],
    Query(description="Links 'is a type of': any type will do, or all are needed."),
]
By = Annotated[Literal["any", "plant", "owner", "control"], Query(description="What ties a holder to a country.")]
Within = Annotated[
    Literal["lasting", "now"], Query(description="lasting: tools count; now: the tools that stand keep running.")
]
Least = Annotated[
    float, Query(ge=0, le=1, description="A step counts as lost when no more than this share of it is left.")
]
StepName = Annotated[str, Query(min_length=1, max_length=200, pattern=_TEXT, description="Step by id or name.")]
MaybeStep = Annotated[str | None, Query(min_length=1, max_length=200, pattern=_TEXT, description="Step by id or name.")]
Names = Annotated[
    str,
    Query(min_length=1, max_length=MOST_NAMES, pattern=_TEXT, description="Countries, blocs or firms, commas between."),
]
MaybeName = Annotated[
    str | None,
    Query(
        max_length=MOST_NAMES, pattern=r"^[^\x00-\x1f\x7f]*$", description="Countries, blocs or firms, commas between."
    ),
]
HolderPath = Annotated[str, Path(pattern=r"^[A-Z][A-Z0-9]{1,11}$", description="ISO 3166 alpha-3 code or bloc.")]


def graph_of(name: str, reading: str = "alternatives") -> ChainGraph:
    """Open an embedded chain or one of the lake; never a folder.

    Raises
    ------
    NotFoundError
        If there is none of that name.
    """
    return _opened(name, _version(name), reading)


def overview(name: str, reading: str = "alternatives") -> dict[str, Any]:
    """Return what every single removal loses and which coalitions stop the end uses, computed once a version."""
    return _chokes(name, _version(name), reading)


def together(name: str, reading: str = "alternatives") -> list[choke.Choke] | None:
    """Return the pairs that lose more than their members alone, one more than `PAIRS`; None where there are too many to ask."""
    return _together(name, _version(name), reading)


def held_by(name: str, code: str, reading: str = "alternatives") -> list[choke.ControlPoint]:
    """Return what a country or bloc holds most of, one more than `POINTS`; nothing when it has no place in the chain."""
    return _held_by(name, _version(name), code, reading)


def split(names: str | None) -> list[str]:
    """Return the names of a list with commas."""
    return [part.strip() for part in (names or "").split(",") if part.strip()]


def _version(name: str) -> str:
    if name in embedded.NAMES:
        return ""
    from schakel.lake.store import Lake

    lake = Lake()
    return lake.open(name).id if name in lake.names() else ""


@lru_cache(maxsize=16)
def _opened(name: str, version: str, reading: str) -> ChainGraph:
    return open_named(name, reading=reading)


@lru_cache(maxsize=16)
def _chokes(name: str, version: str, reading: str) -> dict[str, Any]:
    return answers.chokes(_opened(name, version, reading), most=20, seconds=PATIENCE)


@lru_cache(maxsize=16)
def _together(name: str, version: str, reading: str) -> list[choke.Choke] | None:
    graph = _opened(name, version, reading)
    if len(graph.countries) ** 2 / 2 * len(graph.steps) > coalitions.MOST_TRIED:
        return None
    return choke.chokes(compile_graph(graph), graph.countries, size=2, together=True, most=PAIRS + 1)


@lru_cache(maxsize=64)
def _held_by(name: str, version: str, code: str, reading: str) -> list[choke.ControlPoint]:
    graph = _opened(name, version, reading)
    try:
        members = answers.people(graph, [code])
    except NotFoundError:
        return []
    return choke.control_points(graph, members, most=POINTS + 1)
