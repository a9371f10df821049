"""How much of each mineral is produced where, with what capacity and reserves (USGS Mineral Commodity Summaries)?

Two editions: the world table of 2025 (a country per row, years in columns) and the long table of 2026 (Windows-1252, a
figure per row). Both become ``production``, one row per figure. ``kind`` is production, capacity or reserves. A figure
that is no number stays unknown, with the reason: W withheld, NA not available, Large, Small, and so on; a bound such as
``>1,000`` keeps its bound in ``quantity_low`` or ``quantity_high``. Rows of the world and of "other countries" have no
country (``area``). Rules: ``no-figure`` (2025: a row without any), ``not-world-data`` (2026: United States statistics).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from schakel.errors import InputError
from schakel.evidence import Source
from schakel.sources import names, small
from schakel.sources.reader import Head, Loaded, ReadOptions, look, others, staged

_WIDE = {"source", "commodity", "country", "type", "unitmeas"}
_LONG = {"mcschapter", "section", "commodity", "country", "statistics", "unit", "year", "value"}
_REASONS = {
    "W": "withheld to avoid disclosing company data",
    "NA": "not available",
    "E": "net exporter",
    "XX": "not applicable",
    "—": "zero",
    "s": "less than half the unit shown",
}
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})*(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_KINDS = {"prod": "production", "cap": "capacity", "reserves": "reserves"}


class MineralSummaries:
    """Reader of the USGS Mineral Commodity Summaries."""

    name = "usgs-mcs"
    title = "USGS Mineral Commodity Summaries"
    licence = "public-domain"
    source = Source(
        id="usgs-mcs",
        title="Mineral Commodity Summaries",
        publisher="United States Geological Survey",
        url="https://www.usgs.gov/centers/national-minerals-information-center/mineral-commodity-summaries",
        licence="public-domain",
    )

    def recognises(self, head: Head) -> bool:
        """Say whether a file is the world table of 2025 or the long table of 2026."""
        return any(item.columns >= _WIDE or item.columns >= _LONG for item in head.files())

    def read(self, path: Path, stage: Path, options: ReadOptions) -> Loaded:
        """Read the file.

        Returns
        -------
        Loaded
            Table ``production``: year, commodity, statistic, country (as printed), iso3 (null for an area), area (null,
            ``world``, ``other`` or ``group``), kind, quantity, quantity_low, quantity_high, unit, estimated, reason,
            note. A row of 2025 holds several figures and so becomes several rows.

        Raises
        ------
        InputError
            If a country or figure is not as expected, or a figure stands twice.
        """
        import pyarrow as pa

        head = look(path)
        items = [item for item in head.files() if item.columns >= _WIDE or item.columns >= _LONG]
        if len(items) > 1:
            raise InputError("two editions stand together", where=str(path), remedy="name one file")
        item = items[0]
        with staged(stage) as work:
            rows = list(small.rows(item.path, work, options))
            if not rows:
                raise InputError("the file has a header but no rows", where=str(path), remedy="fetch it again")
            out, left_out, edition = _wide(rows) if item.columns >= _WIDE else _long(rows, item.path)
            text, number = pa.string(), pa.float64()
            schema = pa.schema(
                [
                    ("year", pa.int16()),
                    *((name, text) for name in ("commodity", "statistic", "country", "iso3", "area", "kind")),
                    *((name, number) for name in ("quantity", "quantity_low", "quantity_high")),
                    ("unit", text),
                    ("estimated", pa.bool_()),
                    *((name, text) for name in ("reason", "note")),
                ]
            )
            folder = small.write(out, schema, stage, "production")
        left_out = {rule: count for rule, count in left_out.items() if count}
        return Loaded(
            options.dataset or "usgs-mcs",
            options.version or edition,
            {"production": folder},
            len(rows),
            len(rows) - sum(left_out.values()),
            left_out,
            ("Figures of the last year are estimates of the USGS.",),
            not_read=others(head, item.path),
        )


def figure(text: str) -> dict[str, Any]:
    """Return quantity, its bounds and, where it is unknown, the reason.

    A range is kept as its bounds; a dash is zero; words stay unknown with the words as reason.

    Raises
    ------
    ValueError
        If the text starts like a number but is none, or is negative.
    """
    text = text.replace("\xa0", " ").strip()
    blank: dict[str, Any] = {"quantity": None, "quantity_low": None, "quantity_high": None, "reason": None}
    if text == "—":
        return blank | {"quantity": 0.0, "quantity_low": 0.0, "quantity_high": 0.0, "reason": _REASONS[text]}
    if text in _REASONS or not text:
        return blank | {"reason": _REASONS.get(text, "not stated")}
    if _NUMBER.fullmatch(text):
        value = float(text.replace(",", ""))
        return blank | {"quantity": value, "quantity_low": value, "quantity_high": value}
    ends = re.fullmatch(rf"({_NUMBER.pattern})\s*[–-]\s*({_NUMBER.pattern})", text)
    if ends:
        low, high = (float(end.replace(",", "")) for end in ends.groups())
        return blank | {"quantity_low": low, "quantity_high": high, "reason": "range"}
    bound = re.fullmatch(rf"([<>])\s*({_NUMBER.pattern})", text)
    if bound:
        value = float(bound.group(2).replace(",", ""))
        side = "quantity_low" if bound.group(1) == ">" else "quantity_high"
        return blank | {
            "quantity_low": 0.0,
            side: value,
            "reason": f"{'more' if side.endswith('low') else 'less'} than",
        }
    if re.fullmatch(r"[A-Za-z][A-Za-z ,]*", text) and text.lower() not in ("nan", "inf", "infinity"):
        return blank | {"reason": text.lower()}
    raise ValueError(text)


def _place(row: small.Row) -> dict[str, Any]:
    """Return country and area of a printed name: a note in brackets or a footnote number belongs to the figure."""
    printed = row["country"]
    name = re.sub(
        r"\s*\(.*\)|,\s*(?:natural|synthetic)$|\s\d+$", "", re.sub(r",\s*(natural|synthetic)$", "", printed)
    ).strip()
    iso = names.iso3(printed) or names.iso3(name)
    if iso:
        return {"country": printed, "iso3": iso, "area": None}
    low = name.lower()
    area = "world" if low.startswith("world total") else "other" if low == "other countries" else ""
    parts = re.split(r",\s*(?:and\s+)?|\s+and\s+", name)
    if not area and len(parts) > 1 and all(names.iso3(part) for part in parts):
        area = "group"
    if not area:
        raise row.fault("country", f"unknown country {printed!r}", "correct the name")
    return {"country": printed, "iso3": None, "area": area}


def _read_figure(row: small.Row, column: str) -> dict[str, Any]:
    try:
        return figure(row[column])
    except ValueError:
        raise row.fault(column, f"not a figure: {row[column]!r}", "correct the value") from None


def _wide(rows: list[small.Row]) -> tuple[list[dict[str, Any]], dict[str, int], str]:
    out: list[dict[str, Any]] = []
    seen: dict[Any, small.Row] = {}
    blank = 0
    columns = [
        (name, match.group(1), bool(match.group(2)), int(match.group(3)))
        for name in rows[0].cells
        if (match := re.fullmatch(r"(prod|cap|reserves)(est)?(\d{4})", name))
    ]
    for row in rows:
        small.unique(seen, (row["commodity"], row["country"], row["type"]), row)
        place = _place(row)
        blank += not any(row[name] for name, *_ in columns)
        for name, short, estimated, year in columns:
            if not row[name]:
                continue
            note = row.get({"prod": "prodnotes", "cap": "capnotes", "reserves": "reservenotes"}[short])
            out.append(
                {"year": year, "commodity": row["commodity"], "statistic": row["type"], "kind": _KINDS[short]}
                | place
                | _read_figure(row, name)
                | {"unit": row["unitmeas"] or None, "estimated": estimated, "note": note or None}
            )
    return out, {"no-figure": blank}, re.sub(r"\D", "", rows[0]["source"]) or "2025"


def _long(rows: list[small.Row], path: Path) -> tuple[list[dict[str, Any]], dict[str, int], str]:
    out: list[dict[str, Any]] = []
    left_out = {"not-world-data": 0}
    last = 0
    for row in rows:
        kind = row["statistics"].lower()
        if not row["section"].startswith("World") or kind not in _KINDS.values():
            left_out["not-world-data"] += 1
            continue
        last = max(last, row.year("year"))
        detail = row.get("statisticsdetail")
        notes = "; ".join(text for text in (row.get("notes"), row.get("othernotes")) if text)
        out.append(
            {
                "year": row.year("year"),
                "commodity": row["commodity"],
                "statistic": detail or row["statistics"],
                "kind": kind,
            }
            | _place(row)
            | _read_figure(row, "value")
            | {"unit": row["unit"] or None, "estimated": "estimat" in (detail + notes).lower(), "note": notes or None}
        )
    if not out:
        raise InputError("the file has no world figures", where=str(path), remedy="check the file")
    return out, left_out, str(last + 1)
