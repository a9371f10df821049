"""What does the report of a scenario say, in which order, in Dutch or English?

Lenses stand side by side and are never added or averaged; every band says what it is a band of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schakel import charts
from schakel.charts.numbers import number as plain
from schakel.evidence import Citation, Finding, InputRef, Mark, Receipt, Source
from schakel.reports import shock_bands as bands
from schakel.reports import shock_choices as choices
from schakel.reports import shock_tables as tables
from schakel.reports.model import Block, Column, Figure, Findings, Heading, Items, Paragraph, Report, Table
from schakel.reports.shock_notes import note, worth
from schakel.reports.shock_texts import say as _t
from schakel.reports.shock_words import LENS, LENS_MEANS, WORLD, Telling, region, steps_of
from schakel.reports.words import localised, long_date

NOTHING = 5e-9


def shock_report(
    answer: Mapping[str, Any],
    lang: str,
    date: str,
    *,
    mitigated: Mapping[str, Any] | None = None,
    sensitivity: Mapping[str, Any] | None = None,
    resolution: Mapping[str, Any] | None = None,
) -> Report:
    """Return the report of a scenario.

    Parameters
    ----------
    answer
        What ``schakel.shocks.run.run`` returns, or the same read from JSON.
    mitigated, sensitivity, resolution
        What ``mitigate.compare``, ``sensitivity.indices`` and ``resolution.spread`` return, when they were asked.
    """
    telling = told(answer["content"], lang)
    blocks = tuple(
        Figure(charts.standalone(b.svg), b.alt, b.caption) if isinstance(b, Figure) else b
        for b in sections(
            answer, lang, telling=telling, mitigated=mitigated, sensitivity=sensitivity, resolution=resolution
        )
    )
    receipt = answer["receipt"]
    licences = {k["id"]: None for a in (answer, mitigated or {}) for k in a.get("licences", ())}
    return Report(
        title=telling.title(),
        subtitle=_t("subtitle", lang, answer["scenario"], long_date(answer["start"], lang), answer["horizon_days"]),
        lang=lang,
        date=date,
        sections=blocks,
        sources=_sources(answer),
        licences=tuple(licences),
        receipt=Receipt(
            tuple(InputRef(**i) for i in receipt["inputs"]),
            receipt["parameters"],
            receipt["sql_sha256"],
            receipt["engine"],
            receipt["result_sha256"],
        ),
        keywords=("schakel", "shock", answer["scenario"]),
    )


def told(content: Mapping[str, Any], lang: str) -> Telling:
    """Return the words of a scenario, names of its chain's steps looked up."""
    return Telling(content, lang, steps_of(content))


def scenario_sections(telling: Telling) -> list[Block]:
    """Return the scenario in words: who, what, whom, when, what stands against it, and on which sources."""
    lang, content = telling.lang, telling.content
    blocks: list[Block] = [Heading(_t("said", lang))]
    blocks += [Paragraph(telling.note())] if telling.note() else []
    measures = telling.measures()
    blocks += [Heading(_t("measures", lang), 2)]
    blocks += [Items(tuple(measures)) if measures else Paragraph(_t("no_measures", lang))]
    for key, items in (("against", telling.mitigations()), ("stocks", telling.stocks())):
        blocks += [Heading(_t(key, lang), 2), Items(tuple(items))] if items else []
    if content.get("sources") or content.get("valuation"):
        blocks += [Heading(_t("behind", lang), 2), tables.sources(telling)]
    return blocks


def sections(
    answer: Mapping[str, Any],
    lang: str,
    *,
    telling: Telling | None = None,
    mitigated: Mapping[str, Any] | None = None,
    sensitivity: Mapping[str, Any] | None = None,
    resolution: Mapping[str, Any] | None = None,
) -> list[Block]:
    """Return all sections; drawings refer to the style sheet of the charts."""
    telling = telling or told(answer["content"], lang)
    short = [Findings(tuple(_finding(answer, lens, r) for lens, r in answer["lenses"].items()))]
    barred = [k["name"] for k in answer["licences"] if not k.get("commercial", True) and k["id"] != "user-supplied"]
    blocks: list[Block] = [Paragraph(_t("noncommercial", lang, ", ".join(barred)))] if barred else []
    blocks += [Heading(_t("short", lang)), *short, *scenario_sections(telling)]
    blocks += _lenses(answer, telling, "lenses", answer["lenses"], answer.get("world", "table"))
    if answer.get("chain"):
        blocks += _lenses(answer, telling, "chain", answer["chain"], "graph")
    blocks += [Heading(_t("bands", lang)), bands.table(answer, lang, resolution)]
    if mitigated:
        blocks += _mitigation(mitigated, telling)
    if sensitivity:
        blocks += [Heading(_t("sensitivity", lang)), choices.sensitivity(sensitivity, telling)]
    if answer["expected"]:
        blocks += [Heading(_t("published", lang)), Paragraph(_t("published_note", lang)), choices.published(answer, telling)]  # fmt: skip
    if answer["lacking"]:
        blocks += [Heading(_t("lacking", lang)), Items(tuple(lacking(answer, lang)))]
    notes = [note(w, lang) for w in worth(w for a in (answer, mitigated or {}) for w in a.get("warnings", ()))]
    if notes:
        blocks += [Heading(_t("assumed", lang)), Items(tuple(dict.fromkeys(notes)))]
    return blocks


def lacking(answer: Mapping[str, Any], lang: str) -> list[str]:
    """Return what lacks, one line a reason: which lenses of which world."""
    by_reason: dict[tuple[str, str], list[str]] = {}
    for where, why in answer["lacking"].items():
        world, _, lens = where.partition("/")
        by_reason.setdefault((world, why), []).extend([localised(LENS[lens], lang)] if lens in LENS else [])
    out = []
    for (world, why), lenses in by_reason.items():
        name = localised(WORLD[world], lang) if world in WORLD else world
        out.append(f"{name}{' (' + ', '.join(lenses) + ')' if lenses else ''}: {note(why, lang)}")
    return out


def _lenses(
    answer: Mapping[str, Any], telling: Telling, heading: str, lenses: Mapping[str, Any], world: str
) -> list[Block]:
    lang = telling.lang
    draws = max(r["draws"] for r in lenses.values())
    blocks: list[Block] = [Heading(_t(heading, lang)), Paragraph(_t("lenses_note", lang, draws))]
    blocks.append(Items(tuple(f"{localised(LENS[k], lang)}: {localised(LENS_MEANS[k], lang)}" for k in lenses)))
    money = all(r["loss_usd"] for r in lenses.values())
    kind = "usd" if money else "part"
    found = [
        charts.Span(localised(LENS[k], lang), *_mlh(r["loss_usd"] if money else r["loss_share"] or {}))
        for k, r in lenses.items()
    ]
    words = charts.spans_words(found, header=("", "", "", ""), lang=lang, kind=kind)
    svg = charts.spans(found, title=_t(heading, lang), desc=words.sentence, ident=f"{heading}-spans", lang=lang, kind=kind)  # fmt: skip
    blocks += [Figure(svg, words.sentence, _t(heading, lang)), tables.lenses(lenses, telling, money)]
    dearer = {k: r["markup"] for k, r in lenses.items() if r.get("markup")}
    if dearer:
        paid = (
            f"{localised(LENS[k], lang)} {_amount(b['median'], lenses[k]['unit'], lang)}" for k, b in dearer.items()
        )
        blocks.append(Paragraph(_t("dearer", lang, "; ".join(paid))))
    blocks += _paths(telling, lenses, heading, world)
    if any(k in tables.TIMED for k in lenses) and all("first_stop" in r for r in lenses.values()):
        blocks += [Heading(_t("stop", lang), 2), Paragraph(_t("stop_note", lang)), tables.stops(lenses, telling)]
    if lenses.get("centre", {}).get("stops"):
        blocks.append(tables.lines(lenses["centre"], telling))
    blocks += [Heading(_t("where", lang), 2), tables.regions(lenses, telling)]
    blocks += _rankings(telling, lenses, heading)
    marginal = lenses.get("floor", {}).get("marginal_values")
    if marginal:
        unit = "USD / USD" if money else str(lenses["floor"]["unit"])
        blocks += [Heading(_t("marginal", lang), 2), Paragraph(_t("marginal_note", lang, unit))]
        blocks.append(tables.marginal(lenses["floor"], telling))
    return blocks


def _paths(telling: Telling, lenses: Mapping[str, Any], heading: str, world: str) -> list[Block]:
    lang = telling.lang
    paths = [
        charts.Path(
            localised(LENS[k], lang),
            tuple((float(i + 1), 1 - w["p95"], 1 - w["median"], 1 - w["p05"]) for i, w in enumerate(r["loss_path"])),
        )
        for k, r in lenses.items()
        if r.get("loss_path")
    ]
    if not paths:
        return []
    week = _t("week", lang)
    words = charts.bands_words(paths, header=week, lang=lang, kind="part")
    svg = charts.bands(paths, title=_t("path", lang), desc=words.sentence, ident=f"{heading}-path", axis=week, lang=lang, kind="part")  # fmt: skip
    weeks = (4, 13, 26, 39, 52)
    rows: list[dict[str, Any]] = [
        {"lens": p.label, **{f"w{w}": p.points[w - 1][2] for w in weeks if w <= len(p.points)}} for p in paths
    ]  # fmt: skip
    shown = [w for w in weeks if any(f"w{w}" in r for r in rows)]
    columns = (
        Column("lens", "lens"),
        *(tables.share(f"w{w}", f"{week} {w}", [r.get(f"w{w}") for r in rows]) for w in shown),
    )
    return [
        Heading(_t("path", lang), 2),
        Paragraph(_t("path_note", lang, localised(WORLD[world], lang))),
        Figure(svg, words.sentence, _t("path", lang)),
        *([Table(columns, rows, _t("path", lang))] if shown else []),
    ]


def _rankings(telling: Telling, lenses: Mapping[str, Any], heading: str) -> list[Block]:
    lang = telling.lang
    blocks: list[Block] = [Heading(_t("ranking", lang), 2), Paragraph(_t("ranking_note", lang))]
    hit = [k for k, r in lenses.items() if r.get("ranking") and _something(r)]
    if not hit:
        return []
    lead = "centre" if "centre" in hit else hit[0]
    top = lenses[lead]["ranking"][:10]
    if any(e["rank_low"] is not None for e in top):
        found = [
            charts.Span(
                f"{region(e['region'], lang)}, {telling.product(e['product'])}",
                e["rank"],
                e["rank_low"],
                e["rank_high"],
            )
            for e in top
        ]
        words = charts.spans_words(found, header=("", "", "", ""), lang=lang, kind="count")
        name = f"{_t('ranking', lang)}: {localised(LENS[lead], lang)}"
        svg = charts.spans(found, title=name, desc=words.sentence, ident=f"{heading}-ranks", lang=lang, kind="count")
        blocks.append(Figure(svg, words.sentence, name))
    blocks += [tables.ranking(k, lenses[k], telling) for k in hit]
    return blocks


def _mitigation(mitigated: Mapping[str, Any], telling: Telling) -> list[Block]:
    lang = telling.lang
    money = mitigated["unit"] == "USD"
    steps = [
        charts.Span(_t("none", lang) if i == 0 else w["after"], *_mlh(w["loss"]))
        for i, w in enumerate(mitigated["waterfall"])
    ]
    kind = "usd" if money else "index"
    words = charts.waterfall_words(steps, header=("", "", "", "", ""), lang=lang, kind=kind)
    name = _t("mitigation", lang)
    svg = charts.waterfall(steps, title=name, desc=words.sentence, ident="waterfall", lang=lang, kind=kind)
    blocks: list[Block] = [
        Heading(name),
        Paragraph(_t("mitigation_note", lang, localised(LENS[mitigated["lens"]], lang))),
        Figure(svg, words.sentence, name),
        choices.waterfall(mitigated, telling, _t("none", lang)),
        choices.mitigations(mitigated, telling),
    ]
    return blocks + [
        choices.stock_days(s, mitigated["unit"], telling, _t("stock_days", lang)) for s in mitigated["stock_days"]
    ]


def _amount(value: float, unit: str, lang: str) -> str:
    return charts.money(value, unit, lang) if unit == "USD" else f"{plain(value, lang, 6)} {unit}"


def _finding(answer: Mapping[str, Any], lens: str, r: Mapping[str, Any]) -> Finding:
    sentence = {}
    for lang in ("en", "nl"):
        title = str(answer["title"].get(lang) or answer["title"]["en"])
        name = localised(LENS[lens], lang)
        share = r["loss_share"]
        if r["loss_usd"]:
            shown = [charts.money(r["loss_usd"][k], "USD", lang) for k in ("median", "p05", "p95")]
            text = _t("loss", lang, title, name, *shown)
            sentence[lang] = _t("of", lang, text, charts.fine_percent(share["median"], lang)) if share else text + "."
        else:
            shown = [charts.fine_percent((share or {}).get(k), lang) for k in ("median", "p05", "p95")]
            sentence[lang] = _t("of_only", lang, title, name, *shown)
    value = (r["loss_usd"] or r["loss_share"] or {}).get("median")
    sources = tuple(Citation(s["id"]) for s in answer["sources"] if s.get("licence"))
    return Finding(
        answer["scenario"], f"loss/{lens}", value, "USD" if r["loss_usd"] else "share", None, None,
        lens, answer["start"], sentence, sources[:3],
    )  # fmt: skip


def _sources(answer: Mapping[str, Any]) -> tuple[Source, ...]:
    seen: dict[tuple[str, str], Source] = {}
    for s in answer["sources"]:
        found = Source(
            s.get("id", ""), s.get("title", ""), s.get("publisher", ""), s.get("url", ""), s.get("licence", ""),
            s.get("vintage", ""), s.get("retrieved", ""), Mark(s.get("mark", "read")), s.get("note", ""),
        )  # fmt: skip
        seen.setdefault((found.id, found.url or found.title), found)
    return tuple(seen.values())


def _something(r: Mapping[str, Any]) -> bool:
    """Tell whether anything is lost beyond the rounding of the computation."""
    return bool(max(abs(v) for v in (r["loss_share"] or {"": 1.0}).values()) > NOTHING)


def _mlh(b: Mapping[str, Any]) -> tuple[float | None, float | None, float | None]:
    return b.get("median"), b.get("p05"), b.get("p95")
