"""What stands in an inter-country input-output table of the OECD (ICIO), as published?

One CSV file a year, ``YYYY_SML.csv`` or ``ICIO2023_YYYY.csv``, or the zip it comes in. The first column holds labels
``AAA_SECTOR`` (region, sector), below them value added and taxes (``VA`` and ``TLS``, in older editions ``VALU`` and
``AAA_TAXSUB``) and output (``OUT``, ``OUTPUT``). Columns are the same industries, then final use ``AAA_CATEGORY`` and a sum
(``OUT``, ``TOTAL``). Millions of US dollars. Both sums must hold: what an industry delivers, and what it pays.

The layout was read in public descriptions and in other readers, not in a file of the OECD: none was at hand.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from schakel.errors import InputError, NotFoundError
from schakel.evidence import InputRef, Source, sha256_file
from schakel.sources.mrio import F64, FOLDED, InterCountryTable, Published, economy
from schakel.sources.widefile import Matrix, Place, matrix, texts, year_of

SOURCE = Source(
    id="oecd-icio",
    title="OECD Inter-Country Input-Output tables",
    publisher="OECD",
    url="https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html",
    licence="CC-BY-4.0",
)
# Households, non-profit, government, investment, changes in stocks; the others are purchases by or from abroad, by edition.
CATEGORIES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR", "P33", "DIRP", "NONRES")
TOTALS = frozenset({"OUT", "TOTAL", "OUTPUT"})
DISCREPANCY = frozenset({"DISC", "ALL_DISC"})
_FILE = re.compile(r"(?:ICIO(20\d\d)(?:econ)?_)?(?P<year>(?:19|20)\d\d)(?:_SML)?\.csv(?:\.gz)?", re.IGNORECASE)
_LABEL = re.compile(r"([A-Z][A-Z0-9]{2})_([A-Z0-9][A-Z0-9_]*)")
_ADDED = re.compile(r"VA|TLS|VALU|(?:[A-Z][A-Z0-9]{2}_)?TAXSUB")
# Sums are printed with fewer digits than they are made of.
ABSOLUTE, RELATIVE = 1.0, 1e-3


def fits(name: str) -> bool:
    """Say whether a file of this name holds a year of the table."""
    return bool(_FILE.fullmatch(name)) and ("SML" in name.upper() or name.upper().startswith("ICIO"))


def is_header(header: tuple[str, ...]) -> bool:
    """Say whether a first line is that of this table."""
    labels = header[1:]
    return any(x.endswith("_HFCE") for x in labels) and bool(labels) and bool(_LABEL.fullmatch(labels[0]))


def places(path: Path) -> dict[int, Place]:
    """Return the years that a file, zip or folder holds, and where each stands."""
    out: dict[int, Place] = {}
    for place in texts(path, fits):
        year = year_of(place.name, _FILE)
        if year in out:
            raise InputError(
                f"the year {year} stands there twice: {out[year].name} and {place.name}",
                where=str(path),
                remedy="name one file",
            )
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
        Naming file, row and column: a label that is none, a cell that is no number, rows or columns that do not add up.
    """
    have = places(path)
    if not have or (year is not None and year not in have):
        raise NotFoundError(
            f"no OECD table{'' if year is None else f' of {year}'} here",
            where=str(path),
            remedy=f"years here: {', '.join(map(str, have)) or 'none; expected YYYY_SML.csv or ICIO2023_YYYY.csv'}",
        )
    year = max(have) if year is None else year
    return of_matrix(matrix(have[year]), year)


def of_matrix(m: Matrix, year: int) -> Published:
    """Return what a matrix holds.

    Raises
    ------
    InputError
    """
    industries, added, totals = _rows(m)
    n = len(industries)
    if m.columns[:n] != m.rows[:n]:
        k = next((k for k, (a, b) in enumerate(zip(m.columns, m.rows, strict=False)) if a != b), 0)
        raise InputError(
            f"column {m.columns[k]!r} stands where row {m.rows[k]!r} does", where=m.where(k), remedy="fetch it again"
        )
    uses, sums, apart = _columns(m, n)
    regions = tuple(dict.fromkeys([r for r, _ in industries] + [r for r, _, _ in uses]))
    sectors = tuple(dict.fromkeys(s for _, s in industries))
    categories = tuple(dict.fromkeys(c for _, c, _ in uses))
    at = {r: i for i, r in enumerate(regions)}
    final = np.zeros((n, len(regions), len(categories)))
    for region, category, column in uses:
        final[:, at[region], categories.index(category)] = m.values[:n, column]
    flows = m.values[:n, :n].copy()
    notes = _check(m, n, flows.sum(axis=1) + m.values[:n, n:][:, [c - n for _, _, c in uses] + [c - n for c in apart]].sum(axis=1),
                   added, totals, sums)  # fmt: skip
    kept = flows.size + len(uses) * n
    left = {
        "value-added": len(added) * len(m.columns),
        "total": len(totals) * len(m.columns) + len(sums) * n,
        "discrepancy": len(apart) * n,
    }
    found = _FILE.fullmatch(m.place.name)
    version = f"edition {found[1]}" if found and found[1] else "SML"
    if any(r in FOLDED for r in regions):
        version += ", extended"
    return Published(
        name=f"OECD ICIO {year}",
        year=year,
        regions=regions,
        sectors=sectors,
        region=np.array([at[r] for r, _ in industries]),
        sector=np.array([sectors.index(s) for _, s in industries]),
        flows=flows,
        categories=categories,
        final=final,
        unit="million USD",
        source=SOURCE,
        cells_read=m.values.size,
        cells_kept=kept,
        left_out={k: v for k, v in left.items() if v},
        notes=notes,
        files=(InputRef(m.place.name, sha256_file(m.place.path), len(m.rows)),),
        version=version,
    )


def _rows(m: Matrix) -> tuple[list[tuple[str, str]], list[int], list[int]]:
    """Return the industries, which come first, and the lines of value added and of output."""
    industries: list[tuple[str, str]] = []
    added: list[int] = []
    totals: list[int] = []
    for k, label in enumerate(m.rows):
        if label in TOTALS:
            totals.append(k)
        elif _ADDED.fullmatch(label):
            added.append(k)
        else:
            found = _LABEL.fullmatch(label)
            if found is None or added or totals:
                raise InputError(
                    f"{label!r} is no industry",
                    where=m.where(k),
                    remedy="expected AAA_SECTOR; below them VA, TLS and OUT",
                )
            industries.append((found[1], found[2]))
    if not industries:
        raise InputError("the file has no industries", where=m.place.where(), remedy="expected rows AAA_SECTOR")
    if len(m.columns) < len(industries):
        raise InputError(
            f"{len(m.columns)} columns for {len(industries)} industries",
            where=m.place.where(1),
            remedy="fetch it again",
        )
    return industries, added, totals


def _columns(m: Matrix, n: int) -> tuple[list[tuple[str, str, int]], list[int], list[int]]:
    """Return final use (region, category, column), the columns that are sums, and those of discrepancies."""
    uses: list[tuple[str, str, int]] = []
    sums: list[int] = []
    apart: list[int] = []
    for k, label in enumerate(m.columns[n:], n):
        first, _, second = label.partition("_")
        if second in CATEGORIES and len(first) == 3:
            uses.append((first, second, k))
        elif label in TOTALS:
            sums.append(k)
        elif label in DISCREPANCY:
            apart.append(k)
        else:
            raise InputError(
                f"{label!r} is no final use",
                where=m.place.where(1, label),
                remedy=f"expected AAA_CATEGORY with one of {', '.join(CATEGORIES)}",
            )
    seen: set[tuple[str, str]] = set()
    for region, category, k in uses:
        if (region, category) in seen:
            raise InputError(
                f"{category} of {region} stands twice", where=m.place.where(1, m.columns[k]), remedy="fetch it again"
            )
        seen.add((region, category))
    if not uses:
        raise InputError("the file has no final use", where=m.place.where(1), remedy="fetch it again")
    return uses, sums, apart


def _check(m: Matrix, n: int, delivered: F64, added: list[int], totals: list[int], sums: list[int]) -> tuple[str, ...]:
    """Hold deliveries and payments against the printed output, and say how far they are off."""
    notes = []
    for column in sums:
        notes += _hold(m, delivered, m.values[:n, column], f"deliveries, against column {m.columns[column]}", True)
    for line in totals:
        paid = m.values[:n, :n].sum(axis=0) + m.values[added, :n].sum(axis=0)
        if added:
            notes += _hold(m, paid, m.values[line, :n], f"payments, against row {m.rows[line]}", False)
    if not sums and not totals:
        notes.append("the file prints no output, so its sums could not be checked")
    return tuple(notes)


def _hold(m: Matrix, ours: F64, printed: F64, what: str, by_row: bool) -> list[str]:
    off = np.abs(ours - printed)
    slack = np.maximum(ABSOLUTE, RELATIVE * np.abs(printed))
    worst = int(np.argmax(off - slack))
    if off[worst] > slack[worst]:
        raise InputError(
            f"{what}: {m.rows[worst]} sums to {ours[worst]:.6g}, printed is {printed[worst]:.6g}",
            where=m.where(worst) if by_row else m.place.where(1, m.columns[worst]),
            remedy="the file is damaged, or was saved again with other marks for decimals; fetch it again",
        )
    k = int(np.argmax(off))
    return [] if off[k] < 1e-3 else [f"{what}: off by at most {off[k]:.3g} million ({m.rows[k]})"]
