"""Who exports what to whom, with both sides' declarations reconciled (CEPII's BACI)?

Read are ``BACI_HSxx_Y*_V*.csv`` alone, in a folder, or in their zip, with the country and product tables beside them.
Columns: t year, i exporter, j importer, k product, v thousand USD with three decimals, q tonnes (NA where unknown).
Values become whole USD exactly. The HS revision and version are in the file name. Rules: ``self-trade``,
``merged`` (several old codes of one country), ``pseudo-partner:NAME`` and ``unclassified-product`` (code 9999AA).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from schakel.errors import InputError
from schakel.evidence import Source
from schakel.lake.engine import machine_faults
from schakel.sources import rules, small, textfile, trade
from schakel.sources.comext import decimal_remedy, number
from schakel.sources.reader import Head, Loaded, ReadOptions, header_of, look, others, staged

if TYPE_CHECKING:
    import duckdb

_NAME = re.compile(r"BACI_HS(\d\d)_Y(\d{4})_V(\w+?)([_-][^/]*)?\.csv(?:\.gz)?$", re.IGNORECASE)
_UNCLASSIFIED = "9999AA"  # commodities not specified, in the older revisions
_COLUMNS = ("t", "i", "j", "k", "v", "q")
_REVISIONS = {"92": 1992, "96": 1996, "02": 2002, "07": 2007, "12": 2012, "17": 2017, "22": 2022}


class Baci:
    """Reader of BACI."""

    name = "baci"
    title = "CEPII BACI"
    licence = "etalab-2.0"
    source = Source(
        id="cepii-baci",
        title="BACI: international trade database at the product level (Gaulier and Zignago 2010)",
        publisher="CEPII",
        url="https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
        licence="etalab-2.0",
    )

    def recognises(self, head: Head) -> bool:
        """Say whether names or header are BACI's."""
        if head.kind in ("zip", "folder"):
            return any(_NAME.search(name) for name in head.names)
        return tuple(name.lower() for name in head.header) == _COLUMNS

    def read(self, path: Path, stage: Path, options: ReadOptions) -> Loaded:
        """Read one year's file, or a folder or zip of years.

        Returns
        -------
        Loaded
            Table ``flows`` (USD, tonnes; world coverage); ``products`` where the product table is there.

        Raises
        ------
        InputError
            If the files are of several revisions or versions, or any row is not as expected; nothing is loaded then.
        """
        from schakel.lake import connect
        from schakel.nomenclature import countries

        head = look(path)
        parts = [(path / name, "") if head.kind == "folder" else (path, name) for name in _data_names(head)]
        if not parts:
            parts = [(path, "")]
        revision, version = _edition([member or file.name for file, member in parts], path)
        tables: dict[str, Path] = {}
        read = kept = 0
        left_out: dict[str, int] = {}
        years: dict[int, str] = {}
        with staged(stage) as work:
            codes, caveats = _codes(head, work, options, countries.code_table("baci"))
            for file, member in parts:
                folder = work / "year"
                with connect(threads=options.threads, temp_directory=work / "spill") as con:
                    trade.add_codes(con, codes, _plain_codes(countries.pseudo_table("baci")))
                    where = f"{file}, member {member}" if member else str(file)
                    rows = _stage(
                        con, textfile.plain(file, folder, member, options.max_unpacked), where, folder, options
                    )
                    trade.refuse_unknown(con, rows, {"exporter": "i", "importer": "j"})
                    trade.refuse_duplicates(con, rows, ("year", "exporter", "importer", "product"))
                    for year in _years(con, rows, where, years):
                        years[year] = where
                    done = _write(con, rows, stage)
                tables["flows"] = stage / "flows"
                read, kept = read + done[0], kept + done[1]
                for rule, count in done[2].items():
                    left_out[rule] = left_out.get(rule, 0) + count
                for item in folder.iterdir():
                    item.unlink()
            used = {file.name for file, _ in parts} | {
                *_table_names(head, "country_codes"),
                *_table_names(head, "product_codes"),
            }
            products = _products(head, work, stage, options)
            if products is not None:
                tables["products"] = products
        more = sorted({match[4] for file, member in parts if (match := _NAME.search(member or file.name)) and match[4]})
        if more:
            caveats.append(
                f"The file names carry more than CEPII's ({', '.join(more)}): they may hold part of the rows."
            )
        if not _NAME.search(parts[0][1] or parts[0][0].name):
            caveats.append("The file name states no revision or version; give --dataset and --version.")
        return Loaded(
            options.dataset or f"baci-hs{revision}",
            options.version or version or f"{min(years)}-{max(years)}",
            tables,
            read,
            kept,
            {rule: count for rule, count in sorted(left_out.items()) if count},
            ("BACI drops re-exports only in part.", *caveats),
            "world",
            tuple(name for name in others(head) if name not in used) if head.kind == "folder" else (),
        )


def _data_names(head: Head) -> list[str]:
    return sorted(name for name in head.names if _NAME.search(name)) if head.kind in ("folder", "zip") else []


def _edition(names: list[str], path: Path) -> tuple[str, str]:
    found = {(match.group(1), match.group(3)) for name in names if (match := _NAME.search(name))}
    if len(found) > 1:
        shown = ", ".join(sorted(f"HS{revision} V{version}" for revision, version in found))
        raise InputError(
            f"files of several revisions or versions stand together: {shown}",
            where=str(path),
            remedy="add them one by one",
        )
    revision, version = next(iter(found), ("", ""))
    if revision and revision not in _REVISIONS:
        raise InputError(f"unknown HS revision {revision}", where=str(path), remedy="check the file name")
    return revision or "-unknown", version


def _plain_codes(table: dict[str, str]) -> dict[str, str]:
    return {small.code_text(code): meaning for code, meaning in table.items()}


def _table_names(head: Head, start: str) -> list[str]:
    return sorted(
        name for name in head.names if Path(name).name.lower().startswith(start) and name.lower().endswith(".csv")
    )


def _small_rows(head: Head, name: str, work: Path, options: ReadOptions) -> list[small.Row]:
    plain = ReadOptions(max_unpacked=options.max_unpacked)
    if head.kind == "folder":
        return list(small.rows(head.path / name, work / "tables", plain))
    return list(small.rows(head.path, work / "tables", plain, member=name))


def _codes(head: Head, work: Path, options: ReadOptions, ours: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return BACI code to ISO: our table, completed by the publisher's own where that names a known country."""
    from schakel.nomenclature import countries

    codes = _plain_codes(ours)
    known = {country.iso3 for country in countries.all_countries()}
    added = []
    for name in _table_names(head, "country_codes"):
        for row in _small_rows(head, name, work, options):
            code = small.code_text(row.get("countrycode"))
            iso = row.get("iso3digitalpha") or row.get("countryiso3")
            if code not in codes and iso in known:
                codes[code] = iso
                added.append(f"{code}={iso}")
    return codes, [f"Codes taken from the publisher's country table: {', '.join(added)}."] if added else []


def _stage(con: duckdb.DuckDBPyConnection, text: Path, where: str, work: Path, options: ReadOptions) -> trade.Staged:
    delimiter, header = header_of(textfile.decode(textfile.first_bytes(text), text)[0])
    if options.delimiter is None and delimiter != ",":
        raise InputError(
            f"the columns are separated by {delimiter!r}, BACI uses ','",
            where=f"file {where}, row 1",
            remedy=f"give --delimiter '{delimiter}' if a spreadsheet saved it so",
        )
    if tuple(name.lower() for name in header) != _COLUMNS:
        raise InputError(
            f"the header is {','.join(header)}, BACI's is {','.join(_COLUMNS)}",
            where=f"file {where}, row 1",
            remedy="use the file as CEPII publishes it",
        )
    value, tonnes = number("c4", options), number("c5", options)
    fields = [
        trade.Field(
            "year",
            "TRY_CAST(c0 AS SMALLINT)",
            "c0",
            "coalesce(TRY_CAST(c0 AS SMALLINT), 0) NOT BETWEEN 1988 AND 2100",
            "t",
            "not a year",
            "correct it",
        ),
        # Codes are numbers here, so a leading zero more or less means the same country.
        trade.Field("exporter", "coalesce(TRY_CAST(c1 AS SMALLINT)::VARCHAR, c1, '')"),
        trade.Field("importer", "coalesce(TRY_CAST(c2 AS SMALLINT)::VARCHAR, c2, '')"),
        # BACI's own schema has six digits, so a code that a spreadsheet shortened is completed without doubt.
        trade.Field(
            "product",
            "lpad(trim(c3), 6, '0')",
            "c3",
            f"NOT coalesce(regexp_full_match(trim(c3), '0?[1-9][0-9]{{4}}|[0-9]{{6}}|{_UNCLASSIFIED}'), false)",
            "k",
            "not a six-digit product code",
            "use the file as CEPII publishes it",
        ),
        trade.Field(
            "value",
            f"round(TRY_CAST({value} AS DECIMAL(18,6))::DECIMAL(24,6) * 1000)::BIGINT",
            "c4",
            f"coalesce(TRY_CAST({value} AS DECIMAL(18,6)), -1) < 0",
            "v",
            "the value is missing, negative or no number",
            decimal_remedy(options),
        ),
        trade.Field(
            "tonnes",
            f"TRY_CAST({tonnes} AS DOUBLE)",
            "c5",
            f"coalesce(trim(c5), '') NOT IN ('', 'NA') AND NOT coalesce(isfinite(TRY_CAST({tonnes} AS DOUBLE))"
            f" AND TRY_CAST({tonnes} AS DOUBLE) >= 0, false)",
            "q",
            "the quantity is neither NA nor a number from zero up",
            decimal_remedy(options),
        ),
    ]
    rows = trade.Staged()
    trade.stage_text(con, text, header, delimiter, fields, rows, where, work)
    return rows


def _years(con: duckdb.DuckDBPyConnection, rows: trade.Staged, where: str, before: dict[int, str]) -> list[int]:
    years = [row[0] for row in con.execute(f"SELECT DISTINCT year FROM {rows.sql()} ORDER BY 1").fetchall()]
    for year in years:
        if year in before:
            raise InputError(
                f"the year {year} stands in two files",
                where=f"{before[year]} and {where}",
                remedy="keep one file per year",
            )
    named = _NAME.search(where)
    if named and years != [int(named.group(2))]:
        raise InputError(
            f"the file's name says {named.group(2)}, its rows {', '.join(map(str, years))}",
            where=where,
            remedy="check it",
        )
    return years


def _write(con: duckdb.DuckDBPyConnection, rows: trade.Staged, stage: Path) -> tuple[int, int, dict[str, int]]:
    con.execute(
        f"""CREATE OR REPLACE VIEW ruled AS
            SELECT r.year, e.iso AS exporter, m.iso AS importer, r.product, r.value, r.tonnes,
                CASE WHEN e.iso IS NULL THEN 'pseudo-partner:' || e.pseudo
                     WHEN m.iso IS NULL THEN 'pseudo-partner:' || m.pseudo
                     WHEN r.product = '{_UNCLASSIFIED}' THEN 'unclassified-product'
                     WHEN e.iso = m.iso THEN 'self-trade' END AS rule
            FROM {rows.sql()} r JOIN code e ON r.exporter = e.code JOIN code m ON r.importer = m.code"""
    )
    with machine_faults(str(stage)):
        found = con.execute("SELECT rule, count(*) FROM ruled GROUP BY 1").fetchall()
    read, left_out = sum(count for _, count in found), {rule: count for rule, count in found if rule}
    shared = con.execute(
        f"""SELECT count(*) FROM (SELECT iso FROM (SELECT exporter AS code FROM {rows.sql()} UNION SELECT importer
            FROM {rows.sql()}) JOIN code USING (code) WHERE iso IS NOT NULL GROUP BY iso HAVING count(*) > 1)"""
    ).fetchall()[0][0]
    if shared:
        money, tonnes, group, order = "sum(value)::BIGINT", "sum(tonnes)", "GROUP BY ALL", "product, importer, exporter"
    else:  # the usual case needs no grouping of eleven million rows
        money, tonnes, group, order = "value", "tonnes", "", ""
    query = f"""SELECT year, exporter, importer, product, {money} AS value_usd, NULL::BIGINT AS value_eur,
                       {tonnes} AS quantity_t, NULL::BIGINT AS re_export_usd
                FROM ruled WHERE rule IS NULL {group}"""
    kept = rules.write_years(con, query, stage, "flows", order)
    left_out["merged"] = read - kept - sum(left_out.values())
    return read, kept, left_out


def _products(head: Head, work: Path, stage: Path, options: ReadOptions) -> Path | None:
    """Write the publisher's product table, if it is beside the data and of one revision."""
    import pyarrow as pa

    names = _table_names(head, "product_codes")
    if len(names) != 1:
        return None
    rows = [
        {"product": row["code"].zfill(6) if row["code"].isdigit() else row["code"], "name_en": row["description"]}
        for row in _small_rows(head, names[0], work, options)
        if row.get("code")
    ]
    return small.write(rows, pa.schema([("product", pa.string()), ("name_en", pa.string())]), stage, "products")
