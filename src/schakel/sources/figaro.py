"""What stands in Eurostat's inter-country input-output tables (FIGARO, industry by industry), as published?

Two forms of CSV, a file a year, also in a zip. The matrix, ``matrix_eu-ic-io_ind-by-ind_24ed_YYYY.csv``: first column
``rowLabels``, rows ``CC_INDUSTRY`` and then ``W2_...`` (taxes, value added), columns the same industries, then or in between
final use ``CC_P3_S14`` and so on. The flat file, ``flatfile_eu-ic-io_ind-by-ind_24ed_YYYY.csv``: a cell a row with
``refArea, rowIi, counterpartArea, colIi, obsValue``; cells that are absent are zero. Millions of euros at basic prices.
No output is printed; what an industry delivers must equal what it pays.

The layout was read in public descriptions and in other readers, not in a file of Eurostat: none was at hand.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from schakel.errors import InputError, NotFoundError
from schakel.evidence import InputRef, Source, sha256_file
from schakel.nomenclature import countries
from schakel.sources.mrio import F64, InterCountryTable, Published, economy
from schakel.sources.widefile import Place, matrix, opened, texts, year_of

SOURCE = Source(
    id="eurostat-figaro",
    title="FIGARO: EU inter-country input-output tables, industry by industry",
    publisher="Eurostat",
    url="https://ec.europa.eu/eurostat/web/esa-supply-use-input-tables/database",
    licence="eu-reuse",
)
# Government, households, non-profit, investment, changes in stocks and valuables; P3 and P5 are sums of some editions.
CATEGORIES = ("P3_S13", "P3_S14", "P3_S15", "P51G", "P5M", "P52", "P53", "P52_P53")
REST = frozenset({"FIGW1", "WRL_REST"})
ADDED = ("D21X31", "OP_RES", "OP_NRES", "D1", "D29X39", "B2A3G")  # below the industries, of area W2
FLAT = ("refarea", "rowii", "counterpartarea", "colii", "obsvalue")
_FILE = re.compile(
    r"(matrix|flatfile)_eu-ic-io_ind-by-ind(?:_(?P<edition>\d\ded))?_(?P<year>20\d\d)(?:_v\d+)?\.csv(?:\.gz)?"
)
# Of the letter P only education (P85) is an industry; P3, P5 and so on are uses.
_INDUSTRY = re.compile(r"(?!P(?!85)\d)[A-U](?:\d[\dA-Z_]*)?")
ABSOLUTE, RELATIVE = 1.0, 1e-3


def fits(name: str) -> bool:
    """Say whether a file of this name holds a year of the table."""
    return bool(_FILE.fullmatch(name))


def is_header(header: Sequence[str]) -> bool:
    """Say whether a first line is that of one of the two forms."""
    names = [x.strip().casefold() for x in header]
    return names[:1] == ["rowlabels"] or set(FLAT) <= set(names)


def places(path: Path) -> dict[int, Place]:
    """Return the years that a file, zip or folder holds, and where each stands; of both forms the matrix."""
    out: dict[int, Place] = {}
    for place in texts(path, fits):
        year = year_of(place.name, _FILE)
        if year in out and place.name.startswith("matrix") == out[year].name.startswith("matrix"):
            raise InputError(
                f"the year {year} stands there twice: {out[year].name} and {place.name}",
                where=str(path),
                remedy="name one file",
            )
        if year not in out or place.name.startswith("matrix"):
            out[year] = place
    return dict(sorted(out.items()))


def read(path: Path, year: int | None = None) -> InterCountryTable:
    """Read a year as an economy, the last one when none is named.

    Raises
    ------
    NotFoundError, InputError, MachineError
    """
    return economy(published(path, year))


def published(path: Path, year: int | None = None) -> Published:
    """Read a year as it is published, the last one when none is named.

    Raises
    ------
    NotFoundError
        If the file, zip or folder does not hold that year.
    InputError
        Naming file, row and column.
    """
    have = places(path)
    if not have or (year is not None and year not in have):
        raise NotFoundError(
            f"no FIGARO table{'' if year is None else f' of {year}'} here",
            where=str(path),
            remedy=f"years here: {', '.join(map(str, have)) or 'none; expected matrix_eu-ic-io_ind-by-ind_..._YYYY.csv'}",
        )
    year = max(have) if year is None else year
    place = have[year]
    with opened(place) as reader:
        header = [x.strip() for x in next(reader, [])]
    if not is_header(header):
        raise InputError(
            f"the first line begins with {header[:5]}",
            where=place.where(1),
            remedy="expected rowLabels, or refArea, rowIi, counterpartArea, colIi and obsValue",
        )
    if header[0].casefold() == "rowlabels":
        return _matrix(place, year)
    return _flat(place, year, [x.casefold() for x in header])


def _matrix(place: Place, year: int) -> Published:
    m = matrix(place)
    rows = [_split(label, m.where(k)) for k, label in enumerate(m.rows)]
    columns = [_split(label, place.where(1, label)) for label in m.columns]
    industries = [k for k, (area, _) in enumerate(rows) if area != "W2"]
    for k in industries:
        if not _INDUSTRY.fullmatch(rows[k][1]):
            raise InputError(f"{m.rows[k]!r} is no industry", where=m.where(k), remedy="expected CC_INDUSTRY")
    users = [k for k, (_, code) in enumerate(columns) if code not in CATEGORIES]
    for k in users:
        if not _INDUSTRY.fullmatch(columns[k][1]):
            raise InputError(
                f"{m.columns[k]!r} is no industry and no final use",
                where=place.where(1, m.columns[k]),
                remedy=f"final uses known are {', '.join(CATEGORIES)}",
            )
    ours, theirs = [rows[k] for k in industries], [columns[k] for k in users]
    if ours != theirs:
        k = next(
            (k for k, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)) - 1
        )
        raise InputError(
            "rows and columns name other industries, or in another order",
            where=m.where(industries[k], users[k]),
            remedy="fetch it again",
        )
    finals = [k for k in range(len(columns)) if columns[k][1] in CATEGORIES]
    added = [k for k, (area, _) in enumerate(rows) if area == "W2"]
    return _published(
        place,
        year,
        [rows[k] for k in industries],
        m.values[np.ix_(industries, users)],
        [(*columns[k], m.values[industries, k]) for k in finals],
        m.values[np.ix_(added, users)].sum(axis=0) if added else None,
        read=m.values.size,
        kept=len(industries) * len(columns),
        left={"value-added": len(added) * len(columns)},
        lines=len(m.rows),
    )


def _flat(place: Place, year: int, header: list[str]) -> Published:
    at = [header.index(name) for name in FLAT]
    ids: dict[tuple[str, str], int] = {}
    known: dict[str, str] = {}
    frm, to, cells, lines = array("l"), array("l"), array("d"), array("l")
    added: dict[int, float] = {}
    taxes = count = 0
    seen: set[tuple[str, tuple[str, str]]] = set()
    with opened(place) as reader:
        next(reader)
        for line, row in enumerate(reader, 2):
            if not row:
                continue
            if len(row) != len(header):
                raise InputError(
                    f"{len(row)} cells under {len(header)} columns", where=place.where(line), remedy="fetch it again"
                )
            count += 1
            area, code, user, use = (row[k].strip() for k in at[:4])
            try:
                value = float(row[at[4]])
            except ValueError:
                value = float("nan")
            if not np.isfinite(value):
                raise InputError(
                    f"{row[at[4]][:40]!r} is no number", where=place.where(line, "obsValue"), remedy="fetch it again"
                )
            target = (_area(user, known, place.where(line, "counterpartArea")), use)
            if use not in CATEGORIES and not _INDUSTRY.fullmatch(use):
                raise InputError(f"{use!r} is no use", where=place.where(line, "colIi"), remedy="fetch it again")
            if area == "W2":
                if code not in ADDED:
                    raise InputError(
                        f"{code!r} of W2 is not known", where=place.where(line, "rowIi"), remedy="check it"
                    )
                if (code, target) in seen:
                    raise InputError("this cell stands twice", where=place.where(line), remedy="fetch it again")
                seen.add((code, target))
                taxes += 1
                if use not in CATEGORIES:
                    j = ids.setdefault(target, len(ids))
                    added[j] = added.get(j, 0.0) + value
                continue
            if not _INDUSTRY.fullmatch(code):
                raise InputError(f"{code!r} is no industry", where=place.where(line, "rowIi"), remedy="fetch it again")
            origin = (_area(area, known, place.where(line, "refArea")), code)
            frm.append(ids.setdefault(origin, len(ids)))
            to.append(ids.setdefault(target, len(ids)))
            cells.append(value)
            lines.append(line)
    if not cells:
        raise InputError("the file has no rows", where=place.where(), remedy="fetch it again")
    names = list(ids)
    codes = np.array(frm, np.int64) * len(names) + np.array(to, np.int64)
    order = np.argsort(codes, kind="stable")
    again = np.flatnonzero(np.diff(codes[order]) == 0)
    if len(again):
        second = int(np.min(order[again + 1]))
        raise InputError("this cell stands twice", where=place.where(lines[second]), remedy="fetch it again")
    industries = sorted((k for k in range(len(names)) if names[k][1] not in CATEGORIES), key=lambda k: names[k])
    finals = sorted((k for k in range(len(names)) if names[k][1] in CATEGORIES), key=lambda k: names[k])
    whole = np.zeros((len(names), len(names)))
    whole.ravel()[codes] = np.array(cells)
    paid = np.array([added.get(k, 0.0) for k in industries]) if added else None
    return _published(
        place,
        year,
        [names[k] for k in industries],
        whole[np.ix_(industries, industries)],
        [(*names[k], whole[industries, k]) for k in finals],
        paid,
        read=count,
        kept=len(cells),
        left={"value-added": taxes},
        lines=count,
    )


def _published(
    place: Place,
    year: int,
    industries: list[tuple[str, str]],
    flows: F64,
    finals: list[tuple[str, str, F64]],
    added: F64 | None,
    *,
    read: int,
    kept: int,
    left: dict[str, int],
    lines: int,
) -> Published:
    if not finals or not industries:
        raise InputError("the file has no final use or no industries", where=place.where(), remedy="fetch it again")
    regions = tuple(dict.fromkeys([r for r, _ in industries] + [r for r, _, _ in finals]))
    sectors = tuple(dict.fromkeys(s for _, s in industries))
    categories = tuple(c for c in CATEGORIES if any(c == code for _, code, _ in finals))
    at = {r: i for i, r in enumerate(regions)}
    final = np.zeros((len(industries), len(regions), len(categories)))
    for region, code, column in finals:
        final[:, at[region], categories.index(code)] += column
    notes: tuple[str, ...] = ("the file has no value added, so its sums could not be checked",)
    if added is not None:
        notes = _balance(place, industries, flows, final, added)
    found = _FILE.fullmatch(place.name)
    return Published(
        name=f"FIGARO {year}",
        year=year,
        regions=regions,
        sectors=sectors,
        region=np.array([at[r] for r, _ in industries]),
        sector=np.array([sectors.index(s) for _, s in industries]),
        flows=np.ascontiguousarray(flows),
        categories=categories,
        final=final,
        unit="million EUR",
        source=SOURCE,
        cells_read=read,
        cells_kept=kept,
        left_out={k: v for k, v in left.items() if v},
        notes=notes,
        files=(InputRef(place.name, sha256_file(place.path), lines),),
        version=(found["edition"] or "FIGARO") if found else "FIGARO",
    )


def _balance(place: Place, industries: list[tuple[str, str]], flows: F64, final: F64, added: F64) -> tuple[str, ...]:
    made = flows.sum(axis=1) + final.sum(axis=(1, 2))
    paid = flows.sum(axis=0) + added
    off = np.abs(made - paid)
    slack = np.maximum(ABSOLUTE, RELATIVE * np.abs(made))
    k = int(np.argmax(off - slack))
    if off[k] > slack[k]:
        raise InputError(
            f"{'_'.join(industries[k])} delivers {made[k]:.6g} and pays {paid[k]:.6g}",
            where=place.where(column="_".join(industries[k])),
            remedy="the file is damaged or not whole; fetch it again",
        )
    k = int(np.argmax(off))
    if off[k] < 1e-3:
        return ()
    return (f"deliveries and payments differ by at most {off[k]:.3g} million ({'_'.join(industries[k])})",)


def _split(label: str, where: str) -> tuple[str, str]:
    """Return region (alpha-3, ROW, or W2) and code of a label."""
    for rest in sorted(REST):
        if label.startswith(f"{rest}_"):
            return "ROW", label[len(rest) + 1 :]
    area, _, code = label.partition("_")
    if not code:
        raise InputError(f"{label!r} is no label of this table", where=where, remedy="expected CC_CODE")
    return (area if area == "W2" else _area(area, {}, where)), code


def _area(code: str, known: dict[str, str], where: str) -> str:
    if code not in known:
        if code in REST:
            known[code] = "ROW"
        else:
            try:
                known[code] = countries.resolve(code, "eurostat").iso3
            except InputError as error:
                raise InputError(error.what, where=where, remedy=error.remedy) from None
    return known[code]
