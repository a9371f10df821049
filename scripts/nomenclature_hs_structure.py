"""Which six-digit codes does each HS revision have? Writes ``nomenclature/data/hs_structure.csv``.

Read from published lists: HS 1992 (CEPII BACI product table, two codes that BACI adds left out) and HS 2012, 2017 and
2022 (UN Statistics Division conversion tables). Derived: HS 1996, 2002 and 2007, whose lists were not at hand. For
these the Combined Nomenclature of every year is rebuilt backwards from the 2025 list with Eurostat's table of yearly
changes (a year's codes are next year's without the destinations, plus the origins); the first six digits of the first
year of a revision are its codes. A code that the rebuilt list has in a year whose list was read, without standing
there, has no predecessor in Eurostat's table and is dropped from the derived revisions that precede it.

    python scripts/nomenclature_hs_structure.py \\
        HS92.csv HS2022toHS2017.xlsx HS2017toHS2012.xlsx CN_changes.xls CN_2025.xlsx OUT.csv

Only codes are taken over, no texts.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import openpyxl
import xlrd

REVISIONS = (1992, 1996, 2002, 2007, 2012, 2017, 2022)
NOT_HS = {"999999", "9999AA"}


def sheet(path: Path, number: int) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path, read_only=True)
    return list(book.worksheets[number].iter_rows(values_only=True))


def codes(values: list[object]) -> set[str]:
    return {str(value) for value in values if value and str(value).isdigit() and len(str(value)) == 6} - NOT_HS


def read_lists(hs92: Path, hs22_17: Path, hs17_12: Path) -> dict[int, set[str]]:
    with hs92.open(encoding="utf-8-sig", newline="") as handle:
        first = {row["code"] for row in csv.DictReader(handle)} - NOT_HS
    newer, older = sheet(hs22_17, 0), sheet(hs17_12, 1)
    return {
        1992: first,
        2012: codes([row[2] for row in older]),
        2017: codes([row[0] for row in sheet(hs17_12, 0)]),
        2022: codes([row[0] for row in newer]),
    }


def rebuild_cn(changes: Path, latest: Path) -> dict[int, set[str]]:
    table = xlrd.open_workbook(str(changes)).sheet_by_index(0)
    origins: dict[int, set[str]] = {}
    destinations: dict[int, set[str]] = {}
    for index in range(1, table.nrows):
        period, origin, destination = table.row_values(index)[:3]
        year = int(str(int(float(period)))[:4])
        origins.setdefault(year, set()).add(str(origin).replace(" ", ""))
        destinations.setdefault(year, set()).add(str(destination).replace(" ", ""))
    current = {str(row[0]).replace(" ", "") for row in sheet(latest, 2)[1:] if row[0]}
    years = {2025: current}
    for year in range(2024, 1991, -1):
        current = (current - destinations.get(year, set())) | origins.get(year, set())
        years[year] = current
    return years


def derive(read: dict[int, set[str]], cn: dict[int, set[str]]) -> dict[int, set[str]]:
    six = {year: {code[:6] for code in found if code[:2] not in ("00", "98", "99")} for year, found in cn.items()}
    orphans = {year: six[year] - read[year] for year in read}
    return {
        1992: read[1992],
        1996: six[1996] - orphans[1992],
        2002: six[2002] - orphans[1992],
        2007: six[2007] - orphans[2012],
        **{year: read[year] for year in (2012, 2017, 2022)},
    }


def main(arguments: list[str]) -> None:
    hs92, hs22_17, hs17_12, changes, latest, out = (Path(argument) for argument in arguments)
    read = read_lists(hs92, hs22_17, hs17_12)
    revisions = derive(read, rebuild_cn(changes, latest))
    for year in REVISIONS:
        print(year, len(revisions[year]), "read" if year in read else "derived")
    with out.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["code", "revisions"])
        for code in sorted(set().union(*revisions.values())):
            writer.writerow([code, "".join("1" if code in revisions[year] else "0" for year in REVISIONS)])


if __name__ == "__main__":
    main(sys.argv[1:])
