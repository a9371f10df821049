"""How does any table that pymrio reads (EXIOBASE, EORA, GLORIA, or one saved by pymrio) come in?

pymrio is LGPL-3 and optional: it is imported when a table is asked for through it, and its absence is an error that says
what to install. The licence of such a table is for the user to state; nothing is assumed of it.
"""

from __future__ import annotations

import importlib
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from schakel.errors import InputError, MachineError, NotFoundError
from schakel.evidence import InputRef, Source, sha256_file
from schakel.sources.mrio import InterCountryTable, Published, economy

SAVED = "file_parameters.json"  # what pymrio writes beside a table it saves
PARSERS = ("saved", "exiobase1", "exiobase2", "exiobase3", "eora26", "gloria", "oecd", "wiod")
# Money by the words pymrio's parsers use, as ours and a factor.
_UNITS = {
    "m.eur": ("million EUR", 1.0),
    "mill eur": ("million EUR", 1.0),
    "million eur": ("million EUR", 1.0),
    "million usd": ("million USD", 1.0),
    "mill usd": ("million USD", 1.0),
    "m.usd": ("million USD", 1.0),
    "mill. usd": ("million USD", 1.0),
    "1000 usd": ("million USD", 1e-3),
    "thousand usd": ("million USD", 1e-3),
}


def is_saved(path: Path) -> bool:
    """Say whether a folder holds a table that pymrio saved."""
    return path.is_dir() and (path / SAVED).is_file()


def module() -> Any:
    """Return pymrio.

    Raises
    ------
    NotFoundError
        If it is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its own dependencies
            return importlib.import_module("pymrio")
    except ImportError:
        raise NotFoundError(
            "this table is read through pymrio, which is not installed",
            remedy="install it with: pip install pymrio (LGPL-3, optional)",
        ) from None


def read(path: Path, parser: str = "saved", **options: Any) -> InterCountryTable:
    """Read a table as an economy (see `published`)."""
    return economy(published(path, parser, **options))


def published(path: Path, parser: str = "saved", **options: Any) -> Published:
    """Read a table through pymrio.

    Parameters
    ----------
    parser
        ``saved`` for a folder that pymrio saved, or the name of one of its parsers: exiobase3, eora26, gloria, ...
    options
        Passed on to the parser: year, price, version, ...

    Raises
    ------
    NotFoundError
        If pymrio or the table is not there.
    InputError
        If pymrio cannot read it, or it is no table in one kind of money.
    """
    if parser not in PARSERS:
        raise InputError(f"pymrio has no parser {parser!r}", remedy=f"use one of: {', '.join(PARSERS)}")
    if not path.exists():
        raise NotFoundError("there is no such file or folder", where=str(path), remedy="check the path")
    pymrio = module()
    load = pymrio.load_all if parser == "saved" else getattr(pymrio, f"parse_{parser}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            system = load(path, **options)
    except OSError as error:
        raise MachineError(f"cannot be read: {error}", where=str(path), remedy="check disk and permissions") from None
    except Exception as error:  # pymrio lets errors of many kinds out of files it does not expect
        raise InputError(
            f"pymrio cannot read it as {parser}: {type(error).__name__}: {error}",
            where=str(path),
            remedy="name the parser that fits, or fetch the files again",
        ) from None
    return of_system(system, path, year=int(options.get("year") or 0))


def of_system(system: Any, path: Path, *, year: int = 0) -> Published:
    """Return what a pymrio ``IOSystem`` holds.

    Raises
    ------
    InputError
        If it has no inter-industry and final deliveries by region, or they are not in one kind of money.
    """
    where = str(path)
    z, y = getattr(system, "Z", None), getattr(system, "Y", None)
    if z is None and getattr(system, "A", None) is not None and y is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            system = system.copy().calc_system() if hasattr(system, "copy") else system
        z, y = system.Z, system.Y
    if z is None or y is None or z.index.nlevels != 2 or y.columns.nlevels != 2:
        raise InputError("the table has no Z and Y by region", where=where, remedy="give a multi-regional table")
    if list(z.index) != list(z.columns) or list(y.index) != list(z.index):
        raise InputError("rows and columns differ", where=where, remedy="give an industry-by-industry table")
    unit, factor, words = _unit(system, where)
    flows, cells = np.array(z, np.float64), np.array(y, np.float64)
    for name, values, frame in (("Z", flows, z), ("Y", cells, y)):
        bad = np.argwhere(~np.isfinite(values))
        if len(bad):
            i, j = bad[0]
            raise InputError(
                f"{values[i, j]} is no number",
                where=f"{where}, {name}, row {' '.join(map(str, frame.index[i]))}, "
                f"column {' '.join(map(str, frame.columns[j]))}",
                remedy="fetch the files again",
            )
    pairs = [(str(r), str(s)) for r, s in z.index]
    uses = [(str(r), str(c)) for r, c in y.columns]
    regions = tuple(dict.fromkeys([r for r, _ in pairs] + [r for r, _ in uses]))
    sectors = tuple(dict.fromkeys(s for _, s in pairs))
    categories = tuple(dict.fromkeys(c for _, c in uses))
    at = {r: i for i, r in enumerate(regions)}
    final = np.zeros((len(pairs), len(regions), len(categories)))
    for k, (region, category) in enumerate(uses):
        final[:, at[region], categories.index(category)] += cells[:, k] * factor
    meta = getattr(system, "meta", None)
    name = str(getattr(meta, "name", "") or path.name)
    stated = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", path.name)
    year = year or (int(stated[-1]) if stated else 0)
    return Published(
        name=f"{name} {year}" if year else name,
        year=year,
        regions=regions,
        sectors=sectors,
        region=np.array([at[r] for r, _ in pairs]),
        sector=np.array([sectors.index(s) for _, s in pairs]),
        flows=flows * factor,
        categories=categories,
        final=final,
        unit=unit,
        source=Source(
            id="pymrio",
            title=f"{name}, read through pymrio",
            publisher="stated by the user",
            url="",
            licence="user-supplied",
        ),
        cells_read=flows.size + cells.size,
        cells_kept=flows.size + cells.size,
        left_out={},
        notes=(f"read through pymrio; unit as stated: {words}",),
        files=_files(path),
        version=str(getattr(meta, "version", "") or "1"),
    )


def _unit(system: Any, where: str) -> tuple[str, float, str]:
    """Return our unit, the factor to it, and the words of the table; unknown money stays under its own name."""
    frame = getattr(system, "unit", None)
    words = sorted({str(x).strip() for x in np.array(frame).ravel()}) if frame is not None else []
    if len(words) > 1:
        raise InputError(
            f"the table is in {len(words)} units: {', '.join(words[:4])}",
            where=where,
            remedy="give a table in money; mixed units cannot be summed",
        )
    text = words[0] if words else "not stated"
    unit, factor = _UNITS.get(text.casefold(), (text, 1.0))
    return unit, factor, text


def _files(path: Path) -> tuple[InputRef, ...]:
    items = [path] if path.is_file() else sorted(p for p in path.iterdir() if p.is_file())
    return tuple(InputRef(p.name, sha256_file(p), 0) for p in items)
