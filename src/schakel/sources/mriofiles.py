"""Which inter-country table does a file or folder hold, and which years of it?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from schakel.errors import InputError, NotFoundError
from schakel.sources import figaro, icio, mrio_pymrio, wiod
from schakel.sources.mrio import InterCountryTable, Published, economy

KINDS: Mapping[str, str] = {
    "wiod": "World Input-Output Database, release 2013",
    "icio": "OECD Inter-Country Input-Output tables",
    "figaro": "Eurostat FIGARO tables",
    "pymrio": "Table saved by pymrio",
}


def kind_of(path: Path) -> str:
    """Return the kind of table (a key of ``KINDS``) that a path holds, empty when it is none.

    Raises
    ------
    InputError
        If a folder holds tables of several publishers.
    """
    if path.is_dir():
        names = [p.name for p in path.iterdir() if p.is_file()]
        found = [
            kind
            for kind, there in (
                ("wiod", bool(wiod.years(path))),
                ("icio", any(icio.fits(n) for n in names)),
                ("figaro", any(figaro.fits(n) for n in names)),
                ("pymrio", mrio_pymrio.is_saved(path)),
            )
            if there
        ]
        if not found:  # zips, each with a year or some
            found = sorted({k for p in path.iterdir() if p.suffix.lower() == ".zip" for k in [kind_of(p)] if k})
        if len(found) > 1:
            raise InputError(
                f"the folder holds tables of {' and '.join(found)}", where=str(path), remedy="name one file"
            )
        return found[0] if found else ""
    return _kind_of_file(path) if path.is_file() else ""


def _kind_of_file(path: Path) -> str:
    from schakel.sources.reader import header_of, look

    head = look(path)
    if head.kind == "zip":
        names = [n.rsplit("/", 1)[-1] for n in head.names]
        return "icio" if any(map(icio.fits, names)) else "figaro" if any(map(figaro.fits, names)) else ""
    _, header = header_of(head.text)
    return "icio" if icio.is_header(header) else "figaro" if figaro.is_header(header) else ""


def years(path: Path, kind: str) -> tuple[int, ...]:
    """Return the years there; one zero where the table does not say."""
    if kind == "wiod":
        return wiod.years(path)
    if kind == "icio":
        return tuple(icio.places(path))
    if kind == "figaro":
        return tuple(figaro.places(path))
    return (0,)


def published(path: Path, kind: str, year: int | None = None) -> Published:
    """Read a year as published, the last one when none is named.

    Raises
    ------
    NotFoundError, InputError, MachineError
    """
    if kind == "wiod":
        return wiod.published(path, year)
    if kind == "icio":
        return icio.published(path, year)
    if kind == "figaro":
        return figaro.published(path, year)
    return mrio_pymrio.published(path)


def read(path: Path, year: int | None = None) -> InterCountryTable:
    """Read the table at a path as an economy.

    Raises
    ------
    NotFoundError
        If there is none.
    InputError, MachineError
    """
    kind = kind_of(path)
    if not kind:
        raise NotFoundError(
            "no inter-country table here", where=str(path), remedy="known are: " + "; ".join(KINDS.values())
        )
    return economy(published(path, kind, year))
