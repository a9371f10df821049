"""What does the report of a monitor say, in which order, in Dutch or English?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schakel import charts
from schakel.charts.numbers import money, percent
from schakel.dependency import embedded
from schakel.dependency.monitor import Monitor, findings, missing
from schakel.dependency.presets import names, preset
from schakel.evidence import Source
from schakel.nomenclature import blocs, countries
from schakel.reports.model import Block, Column, Figure, Findings, Heading, Items, Paragraph, Report, Table
from schakel.reports.reasons import dutch_of
from schakel.reports.words import localised

BREAKS = (0.01, 0.05, 0.1, 0.25, 0.5)

T: dict[str, dict[str, str]] = {
    "title": {"en": "Geo-economic monitor: {0}", "nl": "Geo-economische monitor: {0}"},
    "subtitle": {"en": "{0}, {1}", "nl": "{0}, {1}"},
    "short": {"en": "In short", "nl": "In het kort"},
    "from": {
        "en": "Where the products that are not ruled out come from",
        "nl": "Waar de producten vandaan komen die niet zijn uitgesloten",
    },
    "grid": {"en": "By every definition", "nl": "Volgens elke definitie"},
    "grid_note": {
        "en": "Number of products that each definition calls a dependency, does not, or leaves undecided because an input is missing.",
        "nl": "Aantal producten dat elke definitie een afhankelijkheid noemt, niet, of onbeslist laat omdat een gegeven ontbreekt.",
    },
    "list": {"en": "Products under {0}", "nl": "Producten volgens {0}"},
    "list_note": {
        "en": "Products that meet the definition or stay undecided, the largest import value first.",
        "nl": "Producten die aan de definitie voldoen of onbeslist blijven, de grootste invoerwaarde eerst.",
    },
    "reverse": {"en": "Who leans on {0}", "nl": "Wie op {0} leunt"},
    "reverse_note": {
        "en": "Partners that take more than half of their imports of a product from the reporter.",
        "nl": "Partners die van een product meer dan de helft van hun invoer uit de rapporteur halen.",
    },
    "strategic": {"en": "Judged by people", "nl": "Door mensen beoordeeld"},
    "strategic_none": {
        "en": "Nobody has recorded a judgement yet; `schakel judge` records one. Without it no product is called strategic.",
        "nl": "Niemand heeft nog een oordeel vastgelegd; `schakel judge` legt er een vast. Zonder oordeel heet geen product strategisch.",
    },
    "missing": {"en": "What is missing", "nl": "Wat ontbreekt"},
    "definition": {"en": "definition", "nl": "definitie"},
    "yes": {"en": "dependent", "nl": "afhankelijk"},
    "no": {"en": "not", "nl": "niet"},
    "open": {"en": "undecided", "nl": "onbeslist"},
    "status": {"en": "source read", "nl": "bron gelezen"},
    "product": {"en": "product", "nl": "product"},
    "name": {"en": "name", "nl": "naam"},
    "imports": {"en": "imports", "nl": "invoer"},
    "verdict": {"en": "dependent", "nl": "afhankelijk"},
    "top": {"en": "top supplier", "nl": "grootste leverancier"},
    "share": {"en": "share", "nl": "aandeel"},
    "partner": {"en": "partner", "nl": "partner"},
    "majority": {"en": "products above one half", "nl": "producten boven de helft"},
    "value": {"en": "value", "nl": "waarde"},
    "criterion": {"en": "criterion", "nl": "criterium"},
    "products": {"en": "products", "nl": "producten"},
    "why": {"en": "lacks", "nl": "mist"},
    "verified": {"en": "{0} of {1} elements", "nl": "{0} van {1} onderdelen"},
    "standing": {"en": "standing", "nl": "stand"},
}


def monitor_report(
    m: Monitor,
    lang: str,
    date: str,
    *,
    standings: Mapping[str, Any] | None = None,
    register_head: str = "",
    limit: int = 60,
) -> Report:
    """Return the report of a monitor.

    Parameters
    ----------
    standings
        Product to `register.judgement.Standing`, when judgements were recorded.
    limit
        Most products listed; the rest is named by number.
    """

    def t(key: str, *values: object) -> str:
        return localised(T[key], lang).format(*values)

    reporter = countries.name(m.reporter, lang)
    chosen = preset(m.chosen.receipt.parameters["method"])
    title = chosen.title_nl if lang == "nl" else chosen.title
    blocks: list[Block] = [
        Heading(t("short")),
        Findings(tuple(findings(m))),
        Heading(t("from")),
        *_map(m, lang, t("from")),
        Heading(t("grid")),
        Paragraph(t("grid_note")),
        _grid(m, lang, t),
        Heading(t("list", chosen.name)),
        Paragraph(chosen.summary_nl if lang == "nl" else chosen.summary),
        Paragraph(t("list_note")),
        _products(m, lang, t, limit),
    ]
    if m.reverse:
        blocks += [Heading(t("reverse", reporter)), Paragraph(t("reverse_note")), _reverse(m, lang, t)]
    blocks += [Heading(t("strategic")), *_judged(standings, lang, t)]
    lacking = missing(m.chosen)
    if lacking:
        columns = (
            Column("criterion", t("criterion"), kind="code"),
            Column("products", t("products"), kind="integer"),
            Column("why", t("why")),
        )
        blocks += [
            Heading(t("missing")),
            Table(columns, [{**x, "why": _why(x["why"], lang)} for x in lacking], caption=t("missing")),
        ]
    notes = [_why(n, lang) for n in (*m.chosen.warnings, *chosen.notes)]
    if notes:
        blocks.append(Items(tuple(notes)))
    return Report(
        title=t("title", reporter),
        subtitle=t("subtitle", m.year, title),
        lang=lang,
        date=date,
        sections=tuple(blocks),
        sources=tuple(
            Source(
                x["id"],
                x["title"],
                x.get("publisher", ""),
                x.get("url", ""),
                x.get("licence", ""),
                x.get("vintage", ""),
            )
            for x in m.chosen.sources
        ),
        licences=tuple(x["id"] for x in m.chosen.licences),
        receipt=m.chosen.receipt,
        register_head=register_head,
        keywords=("schakel", m.reporter, str(m.year), m.method),
    )


def _why(english: str, lang: str) -> str:
    return dutch_of(english) if lang == "nl" else english


def _map(m: Monitor, lang: str, heading: str) -> list[Figure]:
    whole = sum(v for _, v in m.suppliers)
    if not whole:
        return []

    def name(code: str) -> str:
        return countries.name(code, lang)

    values: dict[str, float | None] = {c: v / whole for c, v in m.suppliers}
    words = charts.choropleth_words(
        values, header=(localised(T["partner"], lang), localised(T["share"], lang)), lang=lang, name=name
    )
    home = frozenset(blocs.members(m.reporter, m.year)) if blocs.is_bloc(m.reporter) else frozenset({m.reporter})
    svg = charts.choropleth(
        values, breaks=BREAKS, title=heading, desc=words.sentence, ident="map", lang=lang, name=name, home=home
    )
    return [Figure(charts.standalone(svg), words.sentence, charts.BOUNDARIES[lang])]


def _grid(m: Monitor, lang: str, t: Any) -> Table:
    rows = []
    for name in names():
        verdicts = [r["dependent"] for r in m.screens[name].rows] if name in m.screens else []
        criteria = preset(name).criteria
        rows.append(
            {
                "definition": name,
                "yes": verdicts.count(True),
                "no": verdicts.count(False),
                "open": verdicts.count(None),
                "status": t("verified", sum(c.status == "verified" for c in criteria), len(criteria)),
            }
        )
    columns = tuple(
        Column(k, t(k), kind="code" if k == "definition" else "text" if k == "status" else "integer")
        for k in ("definition", "yes", "no", "open", "status")
    )
    return Table(columns, rows, caption=t("grid"))


def _products(m: Monitor, lang: str, t: Any, limit: int) -> Table:
    held = sorted((r for r in m.chosen.rows if r["dependent"] is not False), key=lambda r: (-m.value(r), r["product"]))
    rows = [
        {
            "product": r["product"],
            "name": embedded.product_name(r["product"], lang),
            "imports": m.value(r),
            "top": countries.name(r["top_supplier"], lang) if r["top_supplier"] else None,
            "share": r["top_supplier_share"],
            "verdict": r["dependent"],
        }
        for r in held[:limit]
    ]
    columns = (
        Column("product", t("product"), kind="code"),
        Column("name", t("name")),
        Column("imports", t("imports"), unit=m.currency, kind="money"),
        Column("top", t("top")),
        Column("share", t("share"), kind="share"),
        Column("verdict", t("verdict"), kind="boolean"),
    )
    more = (
        (
            f"{len(held) - limit} more in the full answer."
            if lang == "en"
            else f"Nog {len(held) - limit} in het volledige antwoord.",
        )
        if len(held) > limit
        else ()
    )
    return Table(columns, rows, caption=t("list", m.method), notes=more)


def _reverse(m: Monitor, lang: str, t: Any) -> Table:
    rows = [
        {
            "partner": countries.name(r["partner"], lang),
            "majority": r["majority_products"],
            "value": r["majority_value"],
        }
        for r in m.reverse
        if r["majority_products"]
    ][:20]
    columns = (
        Column("partner", t("partner")),
        Column("majority", t("majority"), kind="integer"),
        Column("value", t("value"), unit=m.currency, kind="money"),
    )
    return Table(columns, rows, caption=t("reverse", countries.name(m.reporter, lang)))


def _judged(standings: Mapping[str, Any] | None, lang: str, t: Any) -> Sequence[Paragraph | Table]:
    judged = {p: s for p, s in (standings or {}).items() if s.judgements}
    if not judged:
        return [Paragraph(t("strategic_none"))]
    rows = [
        {
            "product": p,
            "name": embedded.product_name(p, lang),
            "standing": s.sentence(lang),
            "trail": "; ".join(f"{j.author}, {j.recorded_at[:10]}: {j.reason}" for j in s.judgements),
        }
        for p, s in judged.items()
    ]
    columns = (
        Column("product", t("product"), kind="code"),
        Column("name", t("name")),
        Column("standing", t("standing")),
        Column("trail", {"en": "who and why", "nl": "wie en waarom"}),
    )
    return [Table(columns, rows, caption=t("strategic"))]


def summary(m: Monitor, lang: str) -> list[str]:
    """Return the sentences of the monitor for a terminal, shares and money written out."""
    lines = [f.sentence[lang] for f in findings(m)]
    whole = sum(v for _, v in m.suppliers)
    if whole:
        top = ", ".join(
            f"{countries.name(c, lang)} {percent(v / whole, lang, 1)} ({money(v, m.currency, lang)})"
            for c, v in m.suppliers[:5]
        )
        lines.append(("Suppliers: " if lang == "en" else "Leveranciers: ") + top)
    return lines
