"""What did each EU member declare to import and export, by partner and CN8 product (Eurostat COMEXT)?

Three layouts are read: the bulk files ``full*.dat`` (also in their 7z) with the older header (DECLARANT_ISO,
STAT_REGIME, VALUE_IN_EUROS, ...) and with the newer one (REPORTER, STAT_PROCEDURE, VALUE_EUR, ...), and extracts with
at least declarant, partner, product, flow, period and value. Flow 1 is imports (``flows``, by importer's declaration,
CIF); flow 2 is exports (``exports_declared``). Statistical procedures (normal, inward and outward processing) of one
flow are added up.

Besides those of ``rules``:

``total-of-procedures``  procedure 4, the total of the others, where procedure 1 is in the files too
``part-of-procedure-4``  other procedures where 4 is there and 1 is not (older files: 1 = 4 less the others)
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from schakel.errors import InputError
from schakel.evidence import Source
from schakel.sources import rules, textfile, trade
from schakel.sources.reader import Head, Loaded, ReadOptions, header_of, look, plain_name, staged

if TYPE_CHECKING:
    import duckdb

_ALIASES = {
    "reporter": ("declarantiso", "reporteriso", "reporter"),
    "partner": ("partneriso", "partner"),
    "product": ("productnc", "product"),
    "flow": ("flow",),
    "period": ("period",),
    "value": ("valueineuros", "valueeur"),
    "kg": ("quantityinkg", "quantitykg"),
    "procedure": ("statregime", "statprocedure"),
}
_NEEDED = ("reporter", "partner", "product", "flow", "period", "value")


class Comext:
    """Reader of Eurostat's detailed trade in goods."""

    name = "comext"
    title = "Eurostat COMEXT"
    licence = "CC-BY-4.0"
    source = Source(
        id="eurostat-comext",
        title="International trade in goods, detailed data (COMEXT)",
        publisher="Eurostat",
        url="https://ec.europa.eu/eurostat/databrowser/bulk?selectedTab=fileComext",
        licence="CC-BY-4.0",
    )

    def recognises(self, head: Head) -> bool:
        """Say whether a file, or a file of the folder, has a COMEXT header, or the name of a bulk archive."""
        return any(_fits(item) for item in head.files())

    def read(self, path: Path, stage: Path, options: ReadOptions) -> Loaded:
        """Read one file, archive or folder.

        Returns
        -------
        Loaded
            Tables ``flows`` and ``exports_declared`` (EUR, tonnes), and ``unallocated`` and ``world_totals``
            where there is something to keep apart.

        Raises
        ------
        InputError
            If any row is not as expected; nothing is loaded then.
        """
        from schakel.lake import connect
        from schakel.nomenclature import countries

        head = look(path)
        items = [item for item in head.files() if _fits(item)]
        unread = [item.path.name for item in head.files() if item not in items]
        with staged(stage) as work, connect(threads=options.threads, temp_directory=work / "spill") as con:
            rows = trade.Staged()
            for item in items:
                for member in _texts(item):
                    _stage(con, item.path, member, rows, work, options)
            trade.add_codes(con, countries.code_table("eurostat"), countries.pseudo_table("eurostat"))
            trade.refuse_unknown(con, rows, {"reporter": "DECLARANT/REPORTER", "partner": "PARTNER"})
            _refuse_mixed_periods(con, rows)
            key = ("side", "period", "product", "reporter", "partner", "procedure", "trade_type")
            trade.refuse_duplicates(con, rows, key)
            trade.refuse_overlap(con, rows)
            rules.classify(con, rows, work, _procedure_rules(con, rows))
            return self._loaded(con, stage, options, unread)

    def _loaded(self, con: duckdb.DuckDBPyConnection, stage: Path, options: ReadOptions, unread: list[str]) -> Loaded:
        account = rules.write_tables(con, stage, "eur", fractions=False)
        caveats = (
            "Extra-EU imports are by country of origin, intra-EU imports by country of consignment.",
            "Values are rounded to whole euros." if _has_fractions(con) else "",
            rules.months_caveat(con),
        )
        return Loaded(
            options.dataset or "comext",
            options.version or rules.years_of(con),
            account.tables,
            account.read,
            account.kept,
            account.left_out,
            tuple(text for text in caveats if text),
            account.coverage,
            tuple(unread),
        )


def _columns(head: Head) -> dict[str, int]:
    names = [plain_name(name) for name in head.header]
    found = {}
    for field, aliases in _ALIASES.items():
        hit = next((alias for alias in aliases if alias in names), None)
        if hit is not None:
            found[field] = names.index(hit)
    return found


def _fits(head: Head) -> bool:
    if head.kind in ("7z", "zip"):
        return any(Path(name).suffix.lower() == ".dat" and "full" in name.lower() for name in head.names)
    names = head.columns
    marks = "productnc" in names and ("valueineuros" in names or "valueeur" in names)
    return marks and all(field in _columns(head) for field in _NEEDED)


def _texts(head: Head) -> tuple[str, ...]:
    if head.kind not in ("7z", "zip"):
        return ("",)
    return tuple(name for name in head.names if Path(name).suffix.lower() == ".dat")


def _stage(
    con: duckdb.DuckDBPyConnection, path: Path, member: str, rows: trade.Staged, work: Path, options: ReadOptions
) -> None:
    text = textfile.plain(path, work, member, options.max_unpacked)
    where = f"{path}, member {member}" if member else str(path)
    delimiter, header = header_of(textfile.decode(textfile.first_bytes(text), path)[0])
    if options.delimiter is None and delimiter != ",":
        raise InputError(
            f"the columns are separated by {delimiter!r}, COMEXT uses ','",
            where=f"file {where}, row 1",
            remedy=f"give --delimiter '{delimiter}' if a spreadsheet saved it so",
        )
    at = _columns(Head(path, "text", header=header))
    missing = [field for field in _NEEDED if field not in at]
    if missing:
        raise InputError(
            f"no column for {', '.join(missing)}", where=f"file {where}, row 1", remedy="see COMEXT's header"
        )
    printed = {field: header[index] for field, index in at.items()}
    names = [plain_name(name) for name in header]
    trade_type = f"c{names.index('tradetype')}" if "tradetype" in names else "''"
    procedure = f"coalesce(trim(c{at['procedure']}), '')" if "procedure" in at else "''"
    period, product, flow = (f"trim(c{at[name]})" for name in ("period", "product", "flow"))
    value = number(f"c{at['value']}", options)
    kg = number(f"c{at['kg']}", options) if "kg" in at else "NULL"
    month = f"CASE WHEN length({period}) = 6 THEN {period}[5:]::TINYINT ELSE 52 END"
    raw_value = f"c{at['value']}"
    fields = [
        trade.Field("year", f"TRY_CAST({period}[:4] AS SMALLINT)"),
        trade.Field(
            "month",
            f"CASE WHEN regexp_full_match({period}, '(19|20)[0-9]{{2}}([0-9]{{2}})?') THEN {month} END",
            period,
            f"NOT coalesce(regexp_full_match({period}, '(19|20)[0-9]{{2}}(0[1-9]|1[0-2]|52)?'), false)",
            printed["period"],
            "the period is no year (2023 or 202352) or month (202301)",
            "correct the period",
        ),
        trade.Field("period", period),
        trade.Field(
            "side",
            f"CASE {flow} WHEN '1' THEN 'M' WHEN '2' THEN 'X' END",
            f"c{at['flow']}",
            f"coalesce({flow}, '') NOT IN ('1', '2')",
            printed["flow"],
            "the flow is neither 1 (import) nor 2 (export)",
            "correct the flow",
        ),
        trade.Field("reporter", f"upper(coalesce(trim(c{at['reporter']}), ''))"),
        trade.Field("partner", f"upper(coalesce(trim(c{at['partner']}), ''))"),
        product_field(product, f"c{at['product']}", printed["product"], confidential=True),
        trade.Field(
            "value",
            f"TRY_CAST({value} AS DECIMAL(20,3))",
            raw_value,
            f"coalesce(TRY_CAST({value} AS DECIMAL(20,3)), -1) < 0",
            printed["value"],
            "the value is missing, negative or no number",
            decimal_remedy(options),
        ),
        trade.Field(
            "kg",
            f"TRY_CAST({kg} AS DECIMAL(24,3))",
            f"c{at['kg']}" if "kg" in at else "''",
            f"{kg} IS NOT NULL AND coalesce(TRY_CAST({kg} AS DECIMAL(24,3)), -1) < 0" if "kg" in at else "",
            printed.get("kg", ""),
            "the quantity is negative or no number",
            decimal_remedy(options),
        ),
        trade.Field("procedure", procedure),
        trade.Field("trade_type", f"coalesce({trade_type}, '')"),
    ]
    trade.stage_text(con, text, header, delimiter, fields, rows, where, work)


def number(column: str, options: ReadOptions) -> str:
    """Return SQL for the text of a number with a decimal point, from a text column."""
    if options.decimal == ",":
        return f"replace(replace(trim({column}), '.', ''), ',', '.')"
    return f"trim({column})"


def decimal_remedy(options: ReadOptions) -> str:
    """Return what to do about a value that is no number."""
    if options.decimal == ",":
        return "correct the value, or leave out --decimal ','"
    return "correct the value; for numbers such as 1.234,56 give --decimal ','"


def product_field(sql: str, text: str, printed: str, *, confidential: bool) -> trade.Field:
    """Return the staged product code; a code with an odd number of digits has lost its leading zero."""
    letters = "|[0-9]{2}[0-9A-Z]{6}" if confidential else ""
    pattern = f"([0-9]{{2}}){{1,5}}|TOTAL|AG[1246]{letters}"
    return trade.Field(
        "product",
        f"upper({sql})",
        text,
        f"NOT coalesce(regexp_full_match(upper({sql}), '{pattern}'), false)",
        printed,
        "not a product code of 2, 4, 6, 8 or 10 digits",
        "a code with an odd number of digits has lost its leading zero: read the column as text and add it",
    )


def _refuse_mixed_periods(con: duckdb.DuckDBPyConnection, rows: trade.Staged) -> None:
    found = con.execute(
        f"SELECT year FROM {rows.sql()} GROUP BY 1 HAVING count(DISTINCT month = 52) > 1 ORDER BY 1 LIMIT 1"
    ).fetchall()
    if found:
        raise InputError(
            f"months and the whole year {found[0][0]} are both there; together they count twice",
            where=", ".join(rows.files.values()),
            remedy="add either the months or the year",
        )


def _procedure_rules(con: duckdb.DuckDBPyConnection, rows: trade.Staged) -> str:
    seen = {row[0] for row in con.execute(f"SELECT DISTINCT procedure FROM {rows.sql()}").fetchall()}
    if "4" not in seen or len(seen) == 1:
        return ""
    if "1" in seen:
        return "WHEN r.procedure = '4' THEN 'total-of-procedures'"
    return "WHEN r.procedure <> '4' THEN 'part-of-procedure-4'"


def _has_fractions(con: duckdb.DuckDBPyConnection) -> bool:
    return bool(con.execute("SELECT bool_or(value <> round(value)) FROM ruled").fetchall()[0][0])
