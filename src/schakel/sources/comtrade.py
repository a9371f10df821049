"""What did each country declare to import, export and re-export, by partner and HS product (UN Comtrade)?

Read are the legacy CSV (``Trade Flow Code``, ``Trade Value (US$)``), the present CSV and bulk TSV (``flowCode``,
``primaryValue``), the same in the snake case of the comtradr client, the API's JSON, and a small table of the largest
exporters by product (``hs6, world_exports_usd, rank, exporter_m49, ...``), which becomes ``world_exports``.

Imports (importer's declaration, CIF) become ``flows``; exports (FOB) ``exports_declared``; both mirror the same trade
and are never added up. Re-exports stand in ``re_export_usd`` beside the exports that contain them. World rows are
kept apart in ``world_totals``, rows of pseudo-partners in ``unallocated``, so that partners can be checked against
totals. A product of which the same reporter, period and flow also has a finer code is an aggregate and left out;
other levels than six digits are kept otherwise. A file of World rows only is a table of totals: its rows are kept, in
``world_totals``.

Besides those of ``rules``:

``re-imports``                    contained in imports
``domestic-exports``              exports less re-exports
``processing-flows``              parts of imports or exports (inward, outward processing; foreign imports)
``customs-or-transport-detail``   rows by customs procedure, transport or second partner, beside their total
``re-exports-in-column``          stand in ``re_export_usd``
``re-exports-unmatched``          re-exports of which the exports are not in the file
"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schakel.errors import InputError
from schakel.evidence import Source
from schakel.sources import rules, textfile, trade, world_exports
from schakel.sources.comext import decimal_remedy, number, product_field
from schakel.sources.reader import Head, Loaded, ReadOptions, header_of, look, plain_name, staged

if TYPE_CHECKING:
    import duckdb

_ALIASES = {
    "reporter": ("reportercode", "reporteriso"),
    "partner": ("partnercode", "partneriso"),
    "flow": ("flowcode", "tradeflowcode", "flowdesc", "tradeflow"),
    "product": ("cmdcode", "commoditycode"),
    "period": ("period", "refyear", "year"),
    "value": ("primaryvalue", "tradevalueus", "tradevalue"),
    "kg": ("netwgt", "netweightkg"),
    "partner2": ("partner2code", "2ndpartnercode"),
    "customs": ("customscode", "customsproccode"),
    "transport": ("motcode", "modeoftransportcode"),
    "classification": ("classificationcode", "classification"),
    "type": ("typecode",),
}
_NEEDED = ("reporter", "partner", "flow", "product", "period", "value")
_FLOWS = {
    **dict.fromkeys(("m", "1", "import", "imports"), "M"),
    **dict.fromkeys(("x", "2", "export", "exports"), "X"),
    **dict.fromkeys(("rx", "3", "re-export", "re-exports"), "RX"),
    **dict.fromkeys(("rm", "4", "re-import", "re-imports"), "RM"),
    **dict.fromkeys(("dx", "domestic export", "domestic exports"), "DX"),
    **dict.fromkeys(("fm", "mip", "mop", "xip", "xop"), "P"),
}
_RULES = """
    WHEN r.side = 'RM' THEN 're-imports'
    WHEN r.side = 'DX' THEN 'domestic-exports'
    WHEN r.side = 'P' THEN 'processing-flows'
    WHEN r.detail THEN 'customs-or-transport-detail'"""
_MAX_JSON = 1 << 30


class Comtrade:
    """Reader of UN Comtrade's files."""

    name = "comtrade"
    title = "UN Comtrade"
    licence = "un-comtrade"
    source = Source(
        id="un-comtrade",
        title="UN Comtrade database",
        publisher="United Nations Statistics Division",
        url="https://comtradeplus.un.org/",
        licence="un-comtrade",
    )

    def recognises(self, head: Head) -> bool:
        """Say whether a file, or a file of the folder, has one of Comtrade's headers."""
        return any(_fits(item) for item in head.files())

    def read(self, path: Path, stage: Path, options: ReadOptions) -> Loaded:
        """Read one file or a folder of files that hold different flows.

        Returns
        -------
        Loaded
            Tables ``flows``, ``exports_declared``, ``world_totals``, ``unallocated`` (USD, tonnes) as far as the
            file has them, or ``world_exports``.

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
        if all(world_exports.fits(item) for item in items):
            return replace(world_exports.read(items, stage, options, dataset_of(path)), not_read=tuple(unread))
        if any(world_exports.fits(item) for item in items):
            raise InputError("flows and a table of exporters stand together", where=str(path), remedy="name one file")
        with staged(stage) as work, connect(threads=options.threads, temp_directory=work / "spill") as con:
            rows = trade.Staged()
            for item in items:
                for member in [name for name in item.names if _is_text(name)] or [""]:
                    _stage(con, item.path, member, rows, work, options)

            trade.add_codes(con, countries.code_table("comtrade"), countries.pseudo_table("comtrade"))
            trade.refuse_unknown(con, rows, {"reporter": "reporter", "partner": "partner"})
            _refuse_lone_details(con, rows)
            trade.refuse_duplicates(con, rows, ("side", "period", "product", "reporter", "partner"), "NOT detail")
            trade.refuse_overlap(con, rows)
            rules.classify(con, rows, work, _RULES)
            fractions = con.execute("SELECT bool_or(value <> round(value)) FROM ruled").fetchall()[0][0]
            account = rules.write_tables(con, stage, "usd", fractions=bool(fractions))
            check, agreement = _world_check(con, stage)
            caveats = (
                "Imports are valued CIF, exports FOB; imports and exports mirror the same trade and are not added up.",
                rules.months_caveat(con),
                rules.gaps_caveat(con),
                agreement,
            )
            return Loaded(
                options.dataset or dataset_of(path),
                options.version or rules.years_of(con),
                account.tables | check,
                account.read,
                account.kept,
                account.left_out,
                tuple(text for text in caveats if text),
                account.coverage,
                tuple(unread),
            )


def dataset_of(path: Path) -> str:
    """Return a data set name from a file name: Comtrade's extracts differ by query, so they live side by side."""
    stem = path.name.split(".")[0].lower()
    slug = "-".join(part for part in "".join(mark if mark.isalnum() else "-" for mark in stem).split("-") if part)
    return slug if slug.startswith("comtrade") else f"comtrade-{slug}"


def _is_text(name: str) -> bool:
    return name.lower().endswith(textfile.TEXT_SUFFIXES)


def _columns(header: tuple[str, ...]) -> dict[str, int]:
    names = [plain_name(name) for name in header]
    found = {}
    for field, aliases in _ALIASES.items():
        hit = next((alias for alias in aliases if alias in names), None)
        if hit is not None:
            found[field] = names.index(hit)
    return found


def _fits(head: Head) -> bool:
    if world_exports.fits(head):
        return True
    if head.kind == "text" and head.text.lstrip("\ufeff \r\n\t")[:1] in ("{", "["):
        return '"primaryValue"' in head.text and '"flowCode"' in head.text
    return all(field in _columns(head.header) for field in _NEEDED)


def _from_json(text: Path, where: str, work: Path) -> Path:
    """Write the rows of the API's answer as CSV; JSON of this source is an array of flat objects."""
    if text.stat().st_size > _MAX_JSON:
        raise InputError("the JSON is too large to read whole", where=where, remedy="export CSV instead")
    try:
        answer = json.loads(text.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"the JSON is damaged: {error}", where=where, remedy="ask the API again") from None
    rows = answer.get("data") if isinstance(answer, dict) else answer
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise InputError("the JSON holds no rows under 'data'", where=where, remedy="check the query")
    names = sorted({key for row in rows for key in row})
    target = work / f"{text.stem}-json-{len(list(work.iterdir()))}.csv"
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _text(value) for key, value in row.items()} for row in rows)
    return target


def _text(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _stage(
    con: duckdb.DuckDBPyConnection, path: Path, member: str, rows: trade.Staged, work: Path, options: ReadOptions
) -> None:
    text = textfile.plain(path, work, member, options.max_unpacked)
    where = f"{path}, member {member}" if member else str(path)
    start = textfile.decode(textfile.first_bytes(text), path)[0]
    if start.lstrip()[:1] in ("{", "["):
        text = _from_json(text, where, work)
        start = textfile.decode(textfile.first_bytes(text), path)[0]
    delimiter, header = header_of(start)
    if options.delimiter is None and delimiter not in (",", "\t"):
        raise InputError(
            f"the columns are separated by {delimiter!r}, UN Comtrade uses ',' or tab",
            where=f"file {where}, row 1",
            remedy=f"give --delimiter '{delimiter}' if a spreadsheet saved it so",
        )
    at = _columns(header)
    missing = [field for field in _NEEDED if field not in at]
    if missing:
        raise InputError(
            f"no column for {', '.join(missing)}", where=f"file {where}, row 1", remedy="export all columns"
        )
    printed = {field: header[index] for field, index in at.items()}

    def text_of(field: str) -> str:
        return f"trim(c{at[field]})" if field in at else "NULL"

    def code(field: str) -> str:
        plain = text_of(field)
        number_text = f"CASE WHEN regexp_full_match({plain}, '[0-9]{{1,4}}') THEN {plain} END"
        return f"coalesce(({number_text})::INT::VARCHAR, upper({plain}), '')"

    period, kg, value = text_of("period"), number(f"c{at.get('kg', 0)}", options), number(f"c{at['value']}", options)
    flow = f"lower({text_of('flow')})"
    sides = " ".join(f"WHEN '{key}' THEN '{side}'" for key, side in _FLOWS.items())
    detail = " OR ".join(
        f"coalesce({text_of(field)}, '') NOT IN ({ours})"
        for field, ours in (("partner2", "'', '0'"), ("customs", "'', 'C00'"), ("transport", "'', '0', 'NA'"))
        if field in at
    )
    scheme, kind = f"coalesce(upper({text_of('classification')}), 'HS')", f"coalesce(upper({text_of('type')}), 'C')"
    has_kg = "kg" in at
    kg = f"CASE WHEN {kg} NOT IN ('', 'NA', 'N/A', 'NULL') THEN {kg} END" if has_kg else "NULL"
    fields = [
        trade.Field(
            "year",
            f"TRY_CAST({period}[:4] AS SMALLINT)",
            period,
            f"NOT coalesce(regexp_full_match({period}, '(19|20)[0-9]{{2}}(0[1-9]|1[0-2])?'), false)",
            printed["period"],
            "the period is no year (2023) or month (202301)",
            "correct the period",
        ),
        trade.Field("month", f"coalesce(TRY_CAST(nullif({period}[5:], '') AS TINYINT), 52)"),
        trade.Field("period", period),
        trade.Field(
            "side",
            f"CASE {flow} {sides} END",
            text_of("flow"),
            f"coalesce({flow}, '') NOT IN ({', '.join(repr(key) for key in _FLOWS)})",
            printed["flow"],
            "unknown trade flow",
            "use M, X, RX, RM (or Import, Export, Re-Export, Re-Import)",
        ),
        trade.Field("reporter", code("reporter")),
        trade.Field("partner", code("partner")),
        product_field(text_of("product"), text_of("product"), printed["product"], confidential=False),
        trade.Field(
            "value",
            f"TRY_CAST({value} AS DECIMAL(20,3))",
            f"c{at['value']}",
            f"coalesce(TRY_CAST({value} AS DECIMAL(20,3)), -1) < 0",
            printed["value"],
            "the value is missing, negative or no number",
            decimal_remedy(options),
        ),
        trade.Field(
            "kg",
            f"TRY_CAST({kg} AS DECIMAL(24,3))",
            f"c{at['kg']}" if has_kg else "''",
            f"{kg} IS NOT NULL AND coalesce(TRY_CAST({kg} AS DECIMAL(24,3)), -1) < 0" if has_kg else "",
            printed.get("kg", ""),
            "the net weight is negative or no number",
            decimal_remedy(options),
        ),
        trade.Field("detail", f"({detail})" if detail else "false"),
        trade.Field(
            "scheme",
            scheme,
            scheme,
            f"NOT ({scheme} LIKE 'H%')",
            printed.get("classification", ""),
            "the products are not classified by the Harmonised System",
            "ask Comtrade for HS codes",
        ),
        trade.Field(
            "kind",
            kind,
            kind,
            f"{kind} <> 'C'",
            printed.get("type", ""),
            "not trade in goods",
            "ask for goods (type C)",
        ),
    ]
    trade.stage_text(con, text, header, delimiter, fields, rows, where, work)


def _refuse_lone_details(con: duckdb.DuckDBPyConnection, rows: trade.Staged) -> None:
    key = "side, period, product, reporter, partner"
    found = con.execute(
        f"""SELECT file_row_number + 2, filename FROM {rows.sql()} WHERE detail AND ({key}) NOT IN
            (SELECT ({key}) FROM {rows.sql()} WHERE NOT detail) ORDER BY filename, file_row_number LIMIT 1"""
    ).fetchall()
    if found:
        row, name = found[0]
        raise InputError(
            "a row by customs procedure, transport or second partner has no total beside it",
            where=f"file {rows.files[Path(name)]}, row {row}",
            remedy="export the totals too (customs C00, transport 0, second partner 0)",
        )


def _world_check(con: duckdb.DuckDBPyConnection, stage: Path) -> tuple[dict[str, Path], str]:
    """Write ``world_check``: each World row beside the sum of its partners; ``flows_usd`` is what the flows hold."""
    query = """
        SELECT * FROM (
            SELECT year, CASE side WHEN 'M' THEN 'import' ELSE 'export' END AS side, rep AS reporter, product,
                   sum(value) FILTER (rule = 'world')::DECIMAL(20,3) AS world_usd,
                   sum(value) FILTER (coalesce(rule, '') <> 'world')::DECIMAL(20,3) AS partners_usd,
                   coalesce(sum(value) FILTER (rule IS NULL), 0)::DECIMAL(20,3) AS flows_usd
            FROM ruled WHERE side IN ('M', 'X') AND NOT detail AND rep IS NOT NULL GROUP BY ALL)
        WHERE world_usd IS NOT NULL AND partners_usd IS NOT NULL"""
    cells, agreeing = con.execute(
        f"SELECT count(*), count(*) FILTER (abs(world_usd - partners_usd) < 1) FROM ({query})"
    ).fetchall()[0]
    if not cells:
        return {}, ""
    rules.write_years(con, query, stage, "world_check", "side, product, reporter")
    caveat = f"World rows: {agreeing:,} of {cells:,} equal the sum of their partners within 1 USD (table world_check)."
    return {"world_check": stage / "world_check"}, caveat
