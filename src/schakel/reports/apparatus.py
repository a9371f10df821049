"""What stands at the end of every report: sources, licences and the receipt, as tables every writer already knows."""

from __future__ import annotations

import json
from typing import Any

from schakel.evidence import Finding
from schakel.reports.model import Block, Column, Heading, Report, Table
from schakel.reports.reasons import dutch_of
from schakel.reports.words import number, word


def sources_table(report: Report) -> Table:
    """Return one row per source."""
    lang = report.lang
    rows = [
        {**{key: text or None for key, text in source.as_dict().items()}, "mark": word(f"mark_{source.mark}", lang)}
        for source in report.sources
    ]
    for row in rows:
        if str(row["id"]).startswith(
            "method:"
        ):  # a definition is cited, not used as data: it has no licence or vintage
            row.update({key: row[key] or "-" for key in ("publisher", "vintage", "retrieved", "licence")})
    keys = [
        key
        for key in ("id", "title", "publisher", "vintage", "retrieved", "licence", "mark", "url")
        if key != "retrieved" or any(row[key] not in (None, "-") for row in rows)
    ]
    columns = tuple(Column(key, word(key, lang), kind="code" if key == "id" else "text") for key in keys)
    return Table(columns, rows, caption=word("sources_caption", lang))


def licences_table(report: Report) -> Table:
    """Return one row per licence, with its duty and whether rows under it may be passed on."""
    lang = report.lang
    columns = (
        Column("name", word("licence", lang)),
        Column("share", word("may_share", lang), kind="boolean"),
        Column("duty", word("duty", lang)),
        Column("url", word("url", lang)),
    )
    rows = [
        {
            "name": term.name,
            "share": term.share,
            "duty": (term.duty_nl if lang == "nl" else term.duty) or "-",
            "url": term.url or "-",
        }
        for term in report.terms()
    ]
    return Table(columns, rows, caption=word("licences_caption", lang))


def receipt_table(report: Report) -> Table | None:
    """Return what a second run must repeat: inputs, parameters, hashes; None when there is nothing to tell."""
    lang = report.lang
    rows: list[dict[str, Any]] = []
    if report.receipt is not None:
        receipt = report.receipt
        rows += [
            {
                "item": f"{word('input', lang)}: {ref.path} ({number(ref.rows, lang)} {word('rows', lang)})",
                "value": ref.sha256,
            }
            for ref in receipt.inputs
        ]
        rows += [
            {"item": f"{word('parameter', lang)}: {key}", "value": json.dumps(value, ensure_ascii=False, default=str)}
            for key, value in receipt.parameters.items()
        ]
        rows += [
            {"item": word(key, lang), "value": getattr(receipt, key)}
            for key in ("engine", "sql_sha256", "result_sha256")
        ]
    if report.register_head:
        rows.append({"item": word("register_head", lang), "value": report.register_head})
    columns = (Column("item", word("item", lang)), Column("value", word("value", lang), kind="code"))
    return Table(columns, rows, caption=word("receipt_caption", lang)) if rows else None


def apparatus(report: Report) -> tuple[Block, ...]:
    """Return the closing blocks of a report."""
    blocks: list[Block] = []
    tables = {
        "sources": sources_table(report) if report.sources else None,
        "licences": licences_table(report) if report.licences else None,
        "receipt": receipt_table(report),
    }
    for key, table in tables.items():
        if table is not None:
            blocks += [Heading(word(key, report.lang)), table]
    return tuple(blocks)


def finding_text(finding: Finding, lang: str) -> tuple[str, str]:
    """Return the sentence of a finding, and the small line under it: id, method, period, sources, caveats."""
    cited = ", ".join(f"{c.source} {c.locator}".strip() for c in finding.sources)
    caveats = [dutch_of(text) if lang == "nl" else text for text in finding.caveats]
    parts = [finding.id, finding.method, finding.period, cited, *caveats]
    return finding.sentence[lang], " · ".join(part for part in parts if part)
