"""What does the report of a monitor say, in which order, in Dutch or English?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from schakel import reference
from schakel.charts.numbers import money, percent
from schakel.dependency.findings import findings, named
from schakel.dependency.monitor import Monitor, missing
from schakel.dependency.presets import preset
from schakel.evidence import Mark, Source
from schakel.nomenclature import countries
from schakel.register.judgement import Judgement, Standing
from schakel.reports.model import Block, Column, Findings, Heading, Items, Paragraph, Report, Table
from schakel.reports.monitor_others import Others
from schakel.reports.monitor_words import SHEETS
from schakel.reports.reasons import dutch_of


def monitor_report(
    m: Monitor,
    lang: str,
    date: str,
    *,
    standings: Mapping[str, Standing] | None = None,
    trail: Sequence[Judgement] = (),
    register_head: str = "",
    bounded: Sequence[Mapping[str, Any]] = (),
    points: Sequence[Mapping[str, Any]] = (),
    answer_file: str = "",
    limit: int = 60,
) -> Report:
    """Return the report of a monitor.

    Parameters
    ----------
    standings
        Product to `register.judgement.Standing`, when judgements were recorded.
    trail
        Every judgement ever recorded about the reporter, oldest first.
    bounded
        Verdicts under bounds for re-exports, where the flows hold exports (see `Sections.re_exports`).
    points
        Control-point profiles to show.
    answer_file
        Name of the JSON answer written beside the report, empty when there is none.
    limit
        Most rows of a table; the rest is named by number.
    """
    part = Others(m, lang, limit)
    chosen = preset(m.chosen.receipt.parameters["method"])
    title = chosen.title_nl if lang == "nl" else chosen.title
    blocks: list[Block] = [
        Heading(part.t("short")),
        Findings(tuple(findings(m))),
        *part.definitions(),
        *part.contested(),
        *part.suppliers(),
        *part.products(),
        *part.re_exports(bounded),
        *part.leaning(),
        *part.control(points),
        *part.judged(standings, trail),
        *_missing(m, part, lang),
    ]
    if answer_file:
        blocks.append(Paragraph(part.t("check", answer_file)))
    there = named(m.reporter, lang)
    sheets = {part.t(key, there): dict(zip(("en", "nl"), names, strict=True))[lang] for key, names in SHEETS.items()}
    blocks = [replace(b, sheet=sheets.get(b.caption, "")) if isinstance(b, Table) else b for b in blocks]
    sources = _sources(m, part.sources)
    return Report(
        title=part.t("title", countries.name(m.reporter, lang)),
        subtitle=part.t("subtitle", m.year, title),
        lang=lang,
        date=date,
        sections=tuple(blocks),
        sources=sources,
        licences=tuple(sorted({x["id"] for x in m.chosen.licences} | {s.licence for s in sources if s.licence})),
        receipt=m.receipt(),
        register_head=register_head,
        keywords=("schakel", m.reporter, str(m.year), m.method),
    )


def _missing(m: Monitor, part: Others, lang: str) -> list[Block]:
    lacking = missing(m.chosen)
    blocks: list[Block] = [Heading(part.t("missing"))]
    if lacking:
        columns = (part.column("criterion", "code"), part.column("products", "integer"), Column("why", part.t("why")))
        rows = [{**x, "why": _why(x["why"], lang)} for x in lacking]
        blocks.append(Table(columns, rows, part.t("missing_caption")))
    else:
        blocks.append(Paragraph(part.t("all_known", m.method)))
    notes = [
        _why(n, lang) for n in dict.fromkeys((*m.chosen.warnings, *preset(m.chosen.receipt.parameters["method"]).notes))
    ]
    return [*blocks, Items(tuple(notes))] if notes else blocks


def _sources(m: Monitor, keys: set[str]) -> tuple[Source, ...]:
    """Return what the flows, the embedded tables shown and every definition rest on."""
    found: dict[str, Source] = {}
    for given in m.chosen.sources:
        found.setdefault(given["id"], _source(given))
    for key in sorted(keys):
        found.setdefault(key, reference.source(key))
    for answer in m.screens.values():
        for given in answer.sources:
            found.setdefault(given["id"], _source(given))
    return tuple(found.values())


def _source(given: Mapping[str, str]) -> Source:
    fields = {
        k: given.get(k, "") for k in ("id", "title", "publisher", "url", "licence", "vintage", "retrieved", "note")
    }
    mark = given.get("mark") or Mark.READ
    return Source(
        **fields, mark=Mark(mark) if mark in set(Mark) else Mark.DERIVED
    )  # a definition of one's own is the user's


def _why(english: str, lang: str) -> str:
    return dutch_of(english) if lang == "nl" else english


def summary(m: Monitor, lang: str) -> list[str]:
    """Return the sentences of the monitor for a terminal, shares and money written out."""
    lines = [f.sentence[lang] for f in findings(m)]
    whole = sum(v for _, v in m.suppliers)
    if whole:
        top = ", ".join(
            f"{countries.name(c, lang)} {percent(v / whole, lang, 1)} ({money(v, m.currency, lang)})"
            for c, v in m.suppliers[:5]
        )
        lines.append(("Suppliers: " if lang == "en" else "Leveranciers: ") + top + ".")
    return lines
