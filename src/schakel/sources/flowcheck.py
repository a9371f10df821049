"""Is every row of a user's flow file sound?

Self-trade is left out and counted; unknown product codes stay and are named in the warnings; anything else that is wrong refuses the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schakel.errors import InputError
from schakel.evidence import InputRef, sha256_file
from schakel.lake import engine, flowset
from schakel.lake.flowset import AMOUNTS, FlowSet
from schakel.nomenclature import blocs, countries, products

if TYPE_CHECKING:
    import duckdb

REQUIRED = ("year", "exporter", "importer", "product")
DUTCH = "for a Dutch spreadsheet use --delimiter ';' --decimal ','"
PLAIN = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
COMMA = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$"
LIMIT = "1,000,000,000,000,000,000 (10^18)"  # amounts are kept as DECIMAL(24,6)
_SHOWN = 10
_CHUNK = 1 << 20


@dataclass(frozen=True)
class FlowOptions:
    """How to read a flow file: column delimiter, decimal mark, HS revision of the codes (None: found out), coverage, threads."""

    delimiter: str = ","
    decimal: str = "."
    hs: int | None = None
    coverage: str = "world"
    threads: int | None = None


@dataclass(frozen=True)
class Place:
    """Where a row stands: the name of the input, and its text when rows have lines (the header is row 1)."""

    name: str
    text: Path | None = None

    def lines(self, records: Iterable[int], total: int) -> dict[int, int]:
        """Return the line of each record (from 1, of `total`); blank lines and line breaks in quotation marks set them apart."""
        wanted = set(records)
        if self.text is None:
            return {r: r for r in wanted}
        with self.text.open("rb") as handle:
            breaks = 0
            while chunk := handle.read(_CHUNK):
                breaks += chunk.count(b"\n")
                last = chunk[-1:]
        if breaks + (last != b"\n") == total + 1:
            return {r: r + 1 for r in wanted}
        found: dict[int, int] = {}
        record, inside = -1, False
        with self.text.open("rb") as handle:
            for number, line in enumerate(handle, 1):
                if not inside and line.strip(b"\r\n"):
                    record += 1
                    if record in wanted:
                        found[record] = number
                inside ^= line.count(b'"') % 2 == 1
        return {r: found.get(r, r + 1) for r in wanted}


class _Check:
    """The staged rows of one file and how to speak of them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, place: Place, rows: int) -> None:
        self.con = con
        self.place = place
        self.rows = rows

    def at(self, column: str, *records: int) -> str:
        lines = sorted(self.place.lines(records, self.rows).values())
        rows = f"row {lines[0]}" if len(lines) == 1 else f"rows {' and '.join(map(str, lines))}"
        return f"{self.place.name}, {rows}" + (f", column {column}" if column else "")

    def refuse(self, condition: str, column: str, what: str, remedy: str, shown: str = "NULL") -> None:
        """Raise for the first row that meets an SQL condition; ``{text}`` in `what` becomes the SQL expression `shown`."""
        found = self.con.execute(f"SELECT count(*), min(row) FROM staged WHERE {condition}").fetchall()[0]
        count, row = found
        if not count:
            return
        text = self.con.execute(f"SELECT {shown} FROM staged WHERE row = ?", [row]).fetchall()[0][0]
        more = f" ({count} rows in all)" if count > 1 else ""
        text = "nothing" if text is None else repr(str(text)[:60])
        raise InputError(f"{what.format(text=text)}{more}", where=self.at(column, row), remedy=remedy)

    def named(self, codes: list[str], first: Mapping[str, int]) -> str:
        """Return the first codes with their rows."""
        lines = self.place.lines([first[c] for c in codes[:_SHOWN]], self.rows)
        shown = ", ".join(f"{c} (row {lines[first[c]]})" for c in codes[:_SHOWN])
        return shown + (f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else "")


def checked(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    rows: int,
    columns: set[str],
    options: FlowOptions,
    place: Place,
    notes: Iterable[str] = (),
) -> FlowSet:
    """Check the view ``staged`` on `con` and build the flows from it.

    Raises
    ------
    InputError
        Naming file, row, column and remedy.
    """
    if rows == 0:
        raise InputError("the file has a header and no rows", where=place.name, remedy="export the flows again")
    check = _Check(con, place, rows)
    main = "value_usd" if "value_usd" in columns else "value_eur"
    _values(check, main, columns, options)
    _countries(check)
    warnings = [*notes, *_products(check, options)]
    counts = con.execute(f"SELECT count(*) FILTER (exporter = importer), count(*) FILTER ({main} = 0) FROM flow")
    self_trade, zero = counts.fetchall()[0]
    warnings += left_out(self_trade, zero)
    _duplicates(check)
    return flowset.build(con, "flow", warnings=warnings, **described(path, rows, options, place.name))


def left_out(self_trade: int, zero: int) -> list[str]:
    """Say which rows of a sound file are in no figure, and how many."""
    out = []
    if self_trade:
        out.append(f"{_count(self_trade, 'row')} left out by rule self-trade (exporter is importer)")
    if zero:
        out.append(f"{_count(zero, 'row')} of value zero: no trade")
    return out


def described(path: Path, rows: int, options: FlowOptions, name: str) -> dict[str, Any]:
    """Return what a FlowSet says of the file it was read from."""
    return {
        "inputs": (InputRef(name, sha256_file(path), rows),),
        "coverage": options.coverage,
        "reading": {
            k: v
            for k in ("delimiter", "decimal", "hs", "coverage")
            if (v := getattr(options, k)) != getattr(FlowOptions(), k)
        },
        "sources": ({"id": "flows", "title": Path(name).name, "url": "", "licence": "user-supplied", "mark": "read"},),
    }


def unremarkable(codes: Iterable[str], options: FlowOptions) -> bool:
    """Tell whether nothing need be said of the product codes: all known, of an even number of digits, of one revision, none within another."""
    codes = list(codes)
    if _nested(codes) or not all(_is_known(c) and len(c) % 2 == 0 for c in codes):
        return False
    if options.hs is None:
        return bool(products.detect_revision(codes))
    return all(options.hs in products.revisions_of(c) for c in codes)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _as_written(name: str) -> str:
    return f"rtrim(rtrim({name}::VARCHAR, '0'), '.')"


def _values(check: _Check, main: str, columns: set[str], options: FlowOptions) -> None:
    check.refuse(
        "year IS NULL OR year < 1900 OR year > 2100",
        "year",
        "{text} is not a year",
        "write a year from 1900 to 2100 in four digits",
        "coalesce(year_text, year::VARCHAR)",
    )
    for name in ("exporter", "importer", "product"):
        remedy = f"every row names {'a product' if name == 'product' else 'both countries'}"
        check.refuse(f"{name} IS NULL", name, f"the {name} field is empty", remedy)
    number = "write plain numbers such as 1234.56" if options.decimal == "." else "write numbers such as 1.234,56"
    for name in (n for n in AMOUNTS if n in columns):
        plain = f"{number}; {DUTCH}" if options.decimal == "." and check.place.text else number
        check.refuse(
            f"{name}_text IS NOT NULL AND {_too_large(f'{name}_text', options.decimal)}",
            name,
            "{text} is too large",
            f"amounts are below {LIMIT}; write the flows in whole dollars or euros, and check the decimal mark",
            f"{name}_text",
        )
        check.refuse(f"{name}_text IS NOT NULL", name, "{text} is not a number", plain, f"{name}_text")
        remedy = "amounts are zero or more; correct the row or leave it out"
        check.refuse(f"{name} < 0", name, "{text} is negative", remedy, _as_written(name))
    check.refuse(
        f"{main} IS NULL", main, f"the {main} field is empty", "give every row a value, 0 where nothing was traded"
    )
    if "re_export_usd" in columns and main == "value_usd":
        check.refuse(
            "re_export_usd > value_usd",
            "re_export_usd",
            "re-exports of {text} exceed the flow",
            "a flow's re-exports are part of it",
            _as_written("re_export_usd"),
        )


def _too_large(column: str, decimal: str) -> str:
    """Return SQL that tells whether a text that could not be stored is a number all the same."""
    plain = column if decimal == "." else f"replace(replace({column}, '.', ''), ',', '.')"
    size = f"coalesce(abs(TRY_CAST({plain} AS DOUBLE)), 'inf'::DOUBLE)"
    return f"regexp_full_match({column}, {engine.quote(PLAIN if decimal == '.' else COMMA)}) AND {size} >= 1e18"


def _countries(check: _Check) -> None:
    con = check.con
    codes, mapped = [], []
    for column in ("exporter", "importer"):
        for code, row in con.execute(f"SELECT {column}, min(row) FROM staged GROUP BY 1 ORDER BY 2").fetchall():
            if blocs.is_bloc(code.upper()):
                raise InputError(
                    f"{code!r} is a bloc, not a country",
                    where=check.at(column, row),
                    remedy="give the flows of its members",
                )
            try:
                iso3 = countries.resolve(code).iso3
            except InputError as error:
                what = error.what if len(error.what) < 200 else f"{error.what[:160]}..."
                raise InputError(what, where=check.at(column, row), remedy=error.remedy[:300]) from None
            codes.append(code)
            mapped.append(iso3)
    con.execute(
        "CREATE TEMP TABLE named AS SELECT DISTINCT unnest(?::VARCHAR[]) AS code, unnest(?::VARCHAR[]) AS iso3",
        [codes, mapped],
    )
    con.execute(
        """CREATE TEMP VIEW flow AS
           SELECT s.row, s.year, e.iso3 AS exporter, i.iso3 AS importer, s.product, s.value_usd, s.value_eur, s.re_export_usd, s.quantity_t
           FROM staged s JOIN named e ON e.code = s.exporter JOIN named i ON i.code = s.importer"""
    )


def _products(check: _Check, options: FlowOptions) -> list[str]:
    listed = check.con.execute("SELECT product, min(row) FROM staged GROUP BY 1 ORDER BY 2").fetchall()
    first: dict[str, int] = dict(listed)
    for code, row in first.items():
        if code.isascii() and code.isdigit() and len(code) % 2:
            lost = bool(products.revisions_of("0" + code))
            raise InputError(
                f"product {code!r} has lost a leading zero"
                if lost
                else f"product {code!r} has {_count(len(code), 'digit')}",
                where=check.at("product", row),
                remedy=f"write {'0' + code!r} and keep the column as text"
                if lost
                else f"product codes have 2, 4, 6 or 8 digits; if a leading zero was lost, write {'0' + code!r}",
            )
    known = [c for c in first if _is_known(c)]
    strange = [c for c in first if not _is_known(c)]
    warnings = []
    if options.hs is None:
        if known and not products.detect_revision(known):
            a, b = sorted(_clash(known), key=lambda c: first[c])
            raise InputError(
                f"codes of different HS revisions: {a} is in HS {_years(a)}, {b} in HS {_years(b)}",
                where=check.at("product", first[a], first[b]),
                remedy="say which revision the file is in with --hs, for example --hs 2017, or convert it first",
            )
    else:
        other = [c for c in known if options.hs not in products.revisions_of(c)]
        if other:
            text = f"{_count(len(other), 'product code')} not in HS {options.hs}: "
            warnings.append(text + check.named(other, first))
    nested = _nested(first)
    if nested:
        shown = ", ".join(" > ".join(codes) for codes in nested[:_SHOWN])
        more = f" and {len(nested) - _SHOWN} more" if len(nested) > _SHOWN else ""
        text = "product codes of several levels contain each other, so trade may be counted more than once"
        warnings.append(f"{text} (keep one level): {shown}{more}")
    if strange:
        warnings.append(f"{_count(len(strange), 'unknown product code')}: {check.named(strange, first)}")
    return warnings


def _nested(codes: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the codes that stand within other codes of the same file: each longest one after those that hold it."""
    have = {c for c in codes if c.isascii() and c.isdigit()}
    lengths = sorted({len(c) for c in have})
    chains = {c: (*(c[:n] for n in lengths if n < len(c) and c[:n] in have), c) for c in have} if lengths[1:] else {}
    inner = {outer for chain in chains.values() for outer in chain[:-1]}
    return sorted(chain for c, chain in chains.items() if len(chain) > 1 and c not in inner)


def _is_known(code: str) -> bool:
    return code.isascii() and code.isdigit() and bool(products.revisions_of(code))


def _clash(known: list[str]) -> tuple[str, str]:
    """Return two codes that share no revision, or the two whose revisions overlap least."""
    kinds: dict[Any, str] = {}
    for code in known:
        kinds.setdefault(products.revisions_of(code), code)
    pairs = [(len(a & b), kinds[a], kinds[b]) for a in kinds for b in kinds if a != b]
    _, first, second = min(pairs)
    return first, second


def _years(code: str) -> str:
    return ", ".join(map(str, sorted(products.revisions_of(code))))


def _duplicates(check: _Check) -> None:
    for (year,) in check.con.execute("SELECT DISTINCT year FROM staged ORDER BY 1").fetchall():
        found = check.con.execute(
            """SELECT exporter, importer, product, min(row), max(row) FROM flow WHERE year = ?
               GROUP BY 1, 2, 3 HAVING count(*) > 1 ORDER BY 4 LIMIT 1""",
            [year],
        ).fetchall()
        if found:
            exporter, importer, product, a, b = found[0]
            raise InputError(
                f"the flow {year}, {exporter} to {importer}, {product} stands more than once",
                where=check.at("", a, b),
                remedy="sum or remove the duplicates",
            )
