"""Who supplies each critical raw material, how risky is that, and what is it used for (European Commission studies)?

Read are the annex tables of the EU's critical raw materials studies 2011 to 2023 as transcribed in CSV (Windows-1252),
one file or the folder of them:

* global and EU supply shares by stage (E extraction, P processing) -> ``supply_world``, ``supply_eu``
* supply risk (SR) and economic importance (EI) by year of the study -> ``risk``
* shares of use by application and NACE sector -> ``uses``
* which materials belong to which group -> ``groups``

Shares are printed as text: ``4%`` is the interval [0.04, 0.04], ``<0.1%`` [0, 0.001], ``>50%`` [0.5, 1], ``-`` or
nothing is unknown (both bounds null). ``6`` without a per cent sign among percentages is a fault, except that the EU
table has one: it is read as 6 % and named in the caveats.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from schakel.errors import InputError
from schakel.evidence import Source
from schakel.sources import names, small
from schakel.sources.reader import Head, Loaded, ReadOptions, look, staged

_SHARE = re.compile(r"([<>]?)\s*(\d+(?:[.,]\d+)?)\s*(%?)")
_LAYOUTS = {
    "risk": {"material", "year", "sr", "ei"},
    "uses": {"material", "application", "share", "nacesector"},
    "groups": {"screenedmaterial", "permnoxreenopgm"},
}
_SUPPLY = {"material", "stage", "country", "share", "t"}


class CriticalRawMaterials:
    """Reader of the EU critical raw materials tables."""

    name = "eu-crm"
    title = "EU critical raw materials study"
    licence = "CC-BY-4.0"
    source = Source(
        id="ec-crm",
        title="Study on the critical raw materials for the EU, annex tables 2011 to 2023",
        publisher="European Commission",
        url="https://op.europa.eu/en/publication-detail/-/publication/57318397-fdd4-11ed-a05c-01aa75ed71a1",
        licence="CC-BY-4.0",
    )

    def recognises(self, head: Head) -> bool:
        """Say whether a file, or a file of the folder, is one of the tables."""
        return any(_table(item) for item in head.files())

    def read(self, path: Path, stage: Path, options: ReadOptions) -> Loaded:
        """Read one table or the folder.

        Returns
        -------
        Loaded
            Tables ``supply_world`` and ``supply_eu`` (material, stage, country, iso3, share_low, share_high,
            share_text, trade_parameter), ``risk`` (year, material, sr, ei), ``uses``, ``groups``.

        Raises
        ------
        InputError
            If a country, stage, share or value is not as expected, or a key stands twice.
        """
        items = [(item, _table(item)) for item in look(path).files()]
        unread = [item.path.name for item, table in items if not table]
        tables: dict[str, Path] = {}
        read = 0
        caveats: list[str] = []
        with staged(stage) as work:
            for item, table in items:
                if not table:
                    continue
                if table in tables:
                    raise InputError(f"two files hold the table {table}", where=str(path), remedy="add them one by one")
                rows = list(small.rows(item.path, work, options))
                if not rows:
                    raise InputError("the file has a header but no rows", where=str(item.path), remedy="fetch it again")
                tables[table] = _write(table, rows, stage, caveats)
                read += len(rows)
        name = "eu-crm" if len(tables) > 1 else f"eu-crm-{next(iter(tables)).replace('_', '-')}"
        return Loaded(
            options.dataset or name,
            options.version or "2023",
            tables,
            read,
            read,
            {},
            tuple(caveats),
            not_read=tuple(unread),
        )


def _table(head: Head) -> str:
    columns = head.columns
    if columns >= _SUPPLY:
        # Both supply tables have one layout; only the file's name tells world from EU.
        file = head.path.name.lower()
        return "supply_eu" if re.search(r"(?<![a-z])eu|_eu", file) else "supply_world" if "global" in file else ""
    return next((name for name, wanted in _LAYOUTS.items() if columns >= wanted), "")


def share(text: str) -> tuple[float | None, float | None]:
    """Return the bounds of a printed share, as fractions of one; (None, None) where it is unknown.

    Raises
    ------
    ValueError
        If the text is no share, or above 100 %.
    """
    text = text.strip()
    if text in ("", "-", "–", "NA", "n/a"):
        return None, None
    match = _SHARE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    value = float(match.group(2).replace(",", ".")) / 100
    if value > 1:
        raise ValueError(text)
    if match.group(1) == "<":
        return 0.0, value
    return value, 1.0 if match.group(1) == ">" else value


def _share(row: small.Row, caveats: list[str]) -> dict[str, Any]:
    text = row["share"]
    try:
        low, high = share(text)
    except ValueError:
        raise row.fault("share", f"not a share: {text!r}", "write 4%, <0.1% or -") from None
    if low is not None and "%" not in text:
        caveats.append(
            f"{Path(row.where).name}, row {row.number_in_file}: {text!r} without a per cent sign, read as {text} %."
        )
    return {"share_low": low, "share_high": high, "share_text": text}


def _plain_number(row: small.Row, column: str) -> float | None:
    return None if row[column] in ("-", "", "–") else row.number(column)


def _write(table: str, rows: list[small.Row], stage: Path, caveats: list[str]) -> Path:
    import pyarrow as pa

    text, number = pa.string(), pa.float64()
    shares = [("share_low", number), ("share_high", number), ("share_text", text)]
    seen: dict[Any, small.Row] = {}
    out: list[dict[str, Any]] = []
    if table in ("supply_world", "supply_eu"):
        schema = pa.schema(
            [
                ("material", text),
                ("stage", text),
                ("country", text),
                ("iso3", text),
                *shares,
                ("trade_parameter", number),
            ]
        )
        for row in rows:
            iso = names.iso3(row["country"])
            if iso is None:
                raise row.fault("country", f"unknown country {row['country']!r}", "correct the name")
            if row["stage"] not in ("E", "P"):
                raise row.fault("stage", f"unknown stage {row['stage']!r}", "use E (extraction) or P (processing)")
            small.unique(seen, (row["material"].casefold(), row["stage"], iso), row)
            out.append(
                {"material": row["material"], "stage": row["stage"], "country": row["country"], "iso3": iso}
                | _share(row, caveats)
                | {"trade_parameter": _plain_number(row, "t")}
            )
    elif table == "risk":
        schema = pa.schema([("year", pa.int16()), ("material", text), ("sr", number), ("ei", number)])
        for row in rows:
            small.unique(seen, (row["material"].casefold(), row["year"]), row)
            sr, ei = _plain_number(row, "sr"), _plain_number(row, "ei")
            if min(sr or 0, ei or 0) < 0:
                raise row.fault("sr" if (sr or 0) < 0 else "ei", "the value is negative", "correct it")
            out.append({"year": row.year("year"), "material": row["material"], "sr": sr, "ei": ei})
    elif table == "uses":
        schema = pa.schema(
            [
                ("material", text),
                ("application", text),
                *shares,
                ("nace_code", text),
                ("nace_name", text),
                ("value_added_meur", number),
            ]
        )
        value_added = next(name for name in rows[0].cells if name.startswith("vain"))
        for row in rows:
            code, _, name = (re.sub(r"\s+", " ", row["nacesector"])).partition(" - ")
            out.append(
                {"material": row["material"], "application": row["application"]}
                | _share(row, caveats)
                | {
                    "nace_code": code or None,
                    "nace_name": name or None,
                    "value_added_meur": _plain_number(row, value_added),
                }
            )
    else:
        columns = [name for name in rows[0].cells if name]
        schema = pa.schema([(_snake(rows[0].printed[name]), text) for name in columns])
        for row in rows:
            small.unique(seen, tuple(row[name].casefold() for name in columns), row)  # a material may be in two groups
            out.append({_snake(row.printed[name]): row[name] for name in columns})
    return small.write(out, schema, stage, table)


def _snake(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
