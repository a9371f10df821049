"""What stands at the end of every report: sources, licences and the receipt, as tables every writer already knows."""

from __future__ import annotations

import json
from typing import Any

from schakel.evidence import Finding
from schakel.reports.model import Block, Column, Heading, Report, Table
from schakel.reports.words import number, word


def sources_table(report: Report) -> Table:
    """Return one row per source."""
    lang = report.lang
    keys = ("id", "title", "publisher", "vintage", "retrieved", "licence", "url")
    columns = tuple(Column(key, word(key, lang), kind="code" if key == "id" else "text") for key in keys)
    rows = [{key: text or None for key, text in source.as_dict().items()} for source in report.sources]
    return Table(columns, rows, caption=word("sources", lang))


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
        {"name": term.name, "share": term.share, "duty": term.duty, "url": term.url or None} for term in report.terms()
    ]
    return Table(columns, rows, caption=word("licences", lang))


def receipt_table(report: Report) -> Table | None:
    """Return what a second run must repeat: inputs, parameters, hashes; None when there is nothing to tell."""
    lang = report.lang
    rows: list[dict[str, Any]] = []
    if report.receipt is not None:
        receipt = report.receipt
        rows += [
            {
                "item": f"{word('input', lang)}: {ref.path}",
                "value": f"{ref.sha256} ({number(ref.rows, lang)} {word('rows', lang)})",
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
    return Table(columns, rows, caption=word("receipt", lang)) if rows else None


def apparatus(report: Report) -> tuple[Block, ...]:
    """Return the closing blocks of a report."""
    blocks: list[Block] = []
    tables = [sources_table(report) if report.sources else None, licences_table(report) if report.licences else None]
    for table in (*tables, receipt_table(report)):
        if table is not None:
            blocks += [Heading(table.caption), table]
    return tuple(blocks)


def finding_text(finding: Finding, lang: str) -> tuple[str, str]:
    """Return the sentence of a finding, and the small line under it: id, method, period, sources, caveats."""
    cited = ", ".join(f"{c.source} {c.locator}".strip() for c in finding.sources)
    parts = [finding.id, finding.method, finding.period, cited, *finding.caveats]
    return finding.sentence[lang], " · ".join(part for part in parts if part)
