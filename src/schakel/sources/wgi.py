"""How well is each country governed (World Bank, Worldwide Governance Indicators)?

Five layouts: the World Bank's long table (``code, year, indicator, estimate, stddev, nsource, pctrank, ...``), its
DataBank export (a series per row, a year per column), its single-indicator download (notes above the header), the
table of the R package democracyData (which holds Voice and Accountability) and the SQLite file of geopolrisk (one
table per statistic, a year per column; it holds Political Stability). The last two do not state their dimension; it
is taken from what is known of them, said in a caveat, and can be given. Rule ``no-estimate``: a row without any
figure; ``no-country``: an area of UN Comtrade in the SQLite file.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schakel.errors import InputError
from schakel.evidence import Source
from schakel.sources import small
from schakel.sources.reader import Head, Loaded, ReadOptions, look, only_file, others, plain_name, staged

DIMENSIONS = {
    "va": "voice-and-accountability",
    "pv": "political-stability",
    "ge": "government-effectiveness",
    "rq": "regulatory-quality",
    "rl": "rule-of-law",
    "cc": "control-of-corruption",
}
# The World Bank's codes before it moved to ISO, which the indicators kept.
_OLD_CODES = {"ADO": "AND", "ZAR": "COD", "ROM": "ROU", "TMP": "TLS", "WBG": "PSE", "KSV": "XKX", "IMY": "IMN"}
_NO_COUNTRY = frozenset(
    {"R20", "PUS"}
)  # areas of UN Comtrade in geopolrisk's file; whose figures those are, it does not say
_STATISTICS = {"est": "estimate", "stderr": "std_error", "nosrc": "sources", "perrnk": "rank"}
_STATISTICS |= {"perrnklower": "rank_low", "perrnkupper": "rank_high"}
_SERIES = re.compile(r"(?:GOV_WGI_)?(VA|PV|GE|RQ|RL|CC)\.(EST|STD\.ERR|NO\.SRC|PER\.RNK(?:\.LOWER|\.UPPER)?)$")
_NUMBERS = ("estimate", "std_error", "sources", "rank", "rank_low", "rank_high")
_TABLES = {"Estimate": "estimate", "StdErr": "std_error", "NumSrc": "sources", "Rank": "rank"}
_TABLES |= {"Lower": "rank_low", "Upper": "rank_high"}
_LONG = {"estimate": "estimate", "std_error": "stddev", "sources": "nsource", "rank": "pctrank"}
_LONG |= {"rank_low": "pctranklower", "rank_high": "pctrankupper"}
_R = {"estimate": "estimate", "std_error": "stderr", "sources": "numsrc", "rank": "rank", "rank_low": "lower"}
_R |= {"rank_high": "upper"}


class Governance:
    """Reader of the Worldwide Governance Indicators."""

    name = "wgi"
    title = "World Bank governance indicators"
    licence = "CC-BY-4.0"
    source = Source(
        id="worldbank-wgi",
        title="Worldwide Governance Indicators",
        publisher="World Bank",
        url="https://www.worldbank.org/en/publication/worldwide-governance-indicators",
        licence="CC-BY-4.0",
    )

    def recognises(self, head: Head) -> bool:
        """Say whether a file has one of the five layouts."""
        return any(_layout(item) for item in head.files())

    def read(self, path: Path, stage: Path, options: ReadOptions) -> Loaded:
        """Read the file.

        Returns
        -------
        Loaded
            Table ``governance``: year, iso3, dimension, estimate (about -2.5 to 2.5), std_error, sources, rank,
            rank_low, rank_high (percentiles).

        Raises
        ------
        InputError
            If a country, dimension or value is not as expected, or a country, year and dimension stand twice.
        """
        import pyarrow as pa

        head = look(path)
        path = only_file(head, lambda item: bool(_layout(item)))
        layout = _layout(look(path))
        dimension = _dimension(options, layout)
        with staged(stage) as work:
            if layout == "sqlite":
                records, read, left_out = _sqlite(path, dimension)
            elif layout in ("databank", "indicator"):
                records, read, left_out = _wide(path, work, options)
            else:
                records, read, left_out = _long(path, work, options, layout, dimension)
            kept = [record for record in records if record["estimate"] is not None]
            if not kept:
                raise InputError("the file has no estimates", where=str(path), remedy="check the file")
            numbers = [(name, pa.float64()) for name in _NUMBERS]
            schema = pa.schema([("year", pa.int16()), ("iso3", pa.string()), ("dimension", pa.string()), *numbers])
            kept.sort(key=lambda record: (record["year"], record["dimension"], record["iso3"]))
            folder = small.write(kept, schema, stage, "governance")
        left_out = {rule: count for rule, count in left_out.items() if count}
        caveats: list[str] = []
        if layout in ("r", "sqlite") and not options.dimension:
            caveats.append(f"The file does not state its dimension; files of this layout hold {dimension}.")
        if "no-country" in left_out:
            caveats.append(f"Left out, areas that are no country: {', '.join(sorted(_NO_COUNTRY))}.")
        years = sorted({record["year"] for record in kept})
        name = "-".join(sorted({record["dimension"] for record in kept})) if layout in ("r", "sqlite") else ""
        return Loaded(
            options.dataset or ("wgi" + (f"-{name}" if name else "")),
            options.version or f"{years[0]}-{years[-1]}",
            {"governance": folder},
            read,
            read - sum(left_out.values()),
            left_out,
            tuple(caveats),
            not_read=others(head, path),
        )


def _layout(head: Head) -> str:
    names = head.columns
    if head.kind == "sqlite":
        return "sqlite" if _tables(head.path) >= set(_TABLES) else ""
    if {"wbcode", "year", "estimate", "stderr"} <= names:
        return "r"
    if {"code", "year", "indicator", "estimate"} <= names:
        return "long"
    if {"countrycode", "seriescode"} <= names and _SERIES_ANY.search(head.text):
        return "databank"
    if re.search(r'"Indicator Code"', head.text) and _SERIES_ANY.search(head.text):
        return "indicator"
    return ""


_SERIES_ANY = re.compile(r"\b(?:GOV_WGI_)?(?:VA|PV|GE|RQ|RL|CC)\.(?:EST|STD\.ERR|NO\.SRC|PER\.RNK)\b")


def _tables(path: Path) -> set[str]:
    try:
        with _connect(path) as con:
            return {row[0] for row in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error:
        return set()


class _connect:  # noqa: N801  (used like a function)
    """Open a SQLite file for reading only, and close it."""

    def __init__(self, path: Path) -> None:
        self.con = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)

    def __enter__(self) -> sqlite3.Connection:
        return self.con

    def __exit__(self, *_: object) -> None:
        self.con.close()


def _dimension(options: ReadOptions, layout: str) -> str:
    if options.dimension:
        name = DIMENSIONS.get(options.dimension.lower(), options.dimension.lower())
        if name not in DIMENSIONS.values():
            known = ", ".join(f"{short} ({name})" for short, name in DIMENSIONS.items())
            raise InputError(
                f"unknown dimension {options.dimension!r}", where="--dimension", remedy=f"use one of: {known}"
            )
        return name
    return {"r": DIMENSIONS["va"], "sqlite": DIMENSIONS["pv"]}.get(layout, "")


def _country(code: str) -> str | None:
    from schakel.nomenclature import countries

    code = code.strip().upper()
    return countries.code_table("iso").get(_OLD_CODES.get(code, code))


def _long(
    path: Path, work: Path, options: ReadOptions, layout: str, dimension: str
) -> tuple[list[dict[str, Any]], int, dict[str, int]]:
    out: list[dict[str, Any]] = []
    seen: dict[Any, small.Row] = {}
    columns, code = (_R, "wbcode") if layout == "r" else (_LONG, "code")
    for row in small.rows(path, work, options):
        iso = _country(row[code])
        if iso is None:
            raise row.fault(code, f"unknown country code {row[code]!r}", "correct the code")
        if layout == "long":
            short = row["indicator"].lower()
            if short not in DIMENSIONS:
                raise row.fault("indicator", f"unknown indicator {row['indicator']!r}", f"use {', '.join(DIMENSIONS)}")
            dimension = DIMENSIONS[short]
        year = row.year("year")
        small.unique(seen, (iso, year, dimension), row)
        numbers = {name: row.maybe(column) for name, column in columns.items()}
        out.append({"year": year, "iso3": iso, "dimension": dimension, **numbers})
    return out, len(out), {"no-estimate": sum(record["estimate"] is None for record in out)}


def _wide(path: Path, work: Path, options: ReadOptions) -> tuple[list[dict[str, Any]], int, dict[str, int]]:
    """Read a series per row; one record per country, year and dimension. A row has a figure if any year has."""
    out: dict[tuple[str, int, str], dict[str, Any]] = {}
    read = blank = 0
    for row in small.rows(path, work, options, skip_until="countrycode"):
        series = row.get("seriescode") or row.get("indicatorcode")
        if not row["countrycode"] and not series:
            continue  # DataBank ends its exports with notes
        match = _SERIES.match(series.upper())
        if match is None:
            column = "seriescode" if "seriescode" in row.cells else "indicatorcode"
            raise row.fault(column, f"not a governance series: {series!r}", "export only the governance indicators")
        iso = _country(row["countrycode"])
        if iso is None:
            raise row.fault(
                "countrycode", f"unknown country code {row['countrycode']!r}", "leave out groups of countries"
            )
        statistic = _STATISTICS[plain_name(match.group(2))]
        years = list(_year_columns(row))
        read += 1
        blank += all(row.maybe(column) is None for column, _ in years)
        for column, year in years:
            key = (iso, year, DIMENSIONS[match.group(1).lower()])
            record = out.setdefault(
                key, {"year": year, "iso3": iso, "dimension": key[2], **dict.fromkeys(_NUMBERS), "given": set()}
            )
            if statistic in record["given"]:
                raise row.fault(column, f"{iso} {year} {series} stands twice", "keep one of the rows")
            record["given"].add(statistic)
            record[statistic] = row.maybe(column)
    return (
        [{name: value for name, value in record.items() if name != "given"} for record in out.values()],
        read,
        {"no-estimate": blank},
    )


def _year_columns(row: small.Row) -> Iterator[tuple[str, int]]:
    for name in row.cells:
        match = re.fullmatch(r"((?:19|20)\d\d)(?:yr\1)?", name)
        if match:
            yield name, int(match.group(1))


def _sqlite(path: Path, dimension: str) -> tuple[list[dict[str, Any]], int, dict[str, int]]:
    out: dict[tuple[str, int], dict[str, Any]] = {}
    read = blank = areas = 0
    try:
        with _connect(path) as con:
            for table, statistic in _TABLES.items():
                cursor = con.execute(f'SELECT * FROM "{table}"')
                names = [item[0] for item in cursor.description]
                for number, cells in enumerate(cursor, 1):
                    row = dict(zip(names, cells, strict=True))
                    where = f"file {path}, table {table}, row {number}"
                    iso = _country(str(row["Code"]))
                    years = [name for name in names if re.fullmatch(r"(19|20)\d\d", name)]
                    read += 1
                    if row["Code"] in _NO_COUNTRY:
                        areas += 1
                        continue
                    if iso is None:
                        what = f"unknown country code {row['Code']!r}"
                        raise InputError(what, where=where, remedy="correct the code")
                    blank += all(_value(row[name], where) is None for name in years)
                    for name in years:
                        record = out.setdefault(
                            (iso, int(name)),
                            {"year": int(name), "iso3": iso, "dimension": dimension, **dict.fromkeys(_NUMBERS)},
                        )
                        record[statistic] = _value(row[name], f"{where}, column {name}")
    except sqlite3.Error as error:
        raise InputError(f"the SQLite file cannot be read: {error}", where=str(path), remedy="fetch it again") from None
    return list(out.values()), read, {"no-estimate": blank, "no-country": areas}


def _value(cell: object, where: str) -> float | None:
    if cell is None or str(cell).strip().lower() in ("", "nan", "na", ".."):
        return None
    try:
        value = float(str(cell))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"not a number: {cell!r}", where=where, remedy="correct the value")
    return value
