"""Which tables show what can be done about a scenario, what to find out next, and how published figures compare?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schakel.charts.numbers import fine_percent, money
from schakel.reports.model import Column, Table
from schakel.reports.shock_notes import note
from schakel.reports.shock_tables import amounts, day, w
from schakel.reports.shock_words import LENS, MARK, WORLD, Telling, region
from schakel.reports.words import localised


def mitigations(answer: Mapping[str, Any], telling: Telling) -> Table:
    """Return what each mitigation saves, costs and buys."""
    lang = telling.lang
    rows: list[dict[str, Any]] = [
        {
            "mitigation": r["mitigation"],
            "alone": r["saved_alone"]["median"],
            "last": r["saved_last"]["median"],
            "cost": r["cost_usd"],
            "ratio": (r["benefit_per_usd"] or {}).get("median"),
            "bought": (r["days_bought"]["days"] or {}).get("median"),
            "per_day": r["usd_per_day_bought"],
        }
        for r in answer["rows"]
    ]  # fmt: skip
    saved, rows = amounts(rows, ("alone", "last"), answer["unit"], lang)
    cost, rows = amounts(rows, ("cost", "per_day"), "USD", lang)
    columns = (
        Column("mitigation", w("mitigation", lang)),
        *(Column(k, w(k, lang), **saved) for k in ("alone", "last")),
        Column("cost", w("cost", lang), **cost),
        Column("ratio", w("ratio", lang), kind="number", digits=2),
        Column("bought", w("bought", lang), kind="number", digits=1),
        Column("per_day", w("per_day", lang), **cost),
    )
    return Table(
        columns, rows, {"en": "Benefit by mitigation", "nl": "Opbrengst per maatregel"}[lang],
        ({"en": "A negative saving is a loss that grows.", "nl": "Een negatieve besparing is een verlies dat groeit."}[lang],)
        if any(r["alone"] < 0 or r["last"] < 0 for r in rows) else (),
    )  # fmt: skip


def waterfall(answer: Mapping[str, Any], telling: Telling, none: str) -> Table:
    """Return what is left of the loss as mitigations are added in the order of the file."""
    lang = telling.lang
    rows: list[dict[str, Any]] = [
        {
            "after": none if i == 0 else step["after"],
            "left": step["loss"]["median"], "low": step["loss"]["p05"], "high": step["loss"]["p95"],
            "saved": step["saved"]["median"] if "saved" in step else 0.0,
        }
        for i, step in enumerate(answer["waterfall"])
    ]  # fmt: skip
    about, rows = amounts(rows, ("left", "low", "high", "saved"), answer["unit"], lang)
    columns = (
        Column("after", w("after", lang)),
        *(Column(k, w(k, lang), **about) for k in ("left", "low", "high", "saved")),
    )
    title = {"en": "Loss as mitigations are added", "nl": "Verlies naarmate maatregelen erbij komen"}
    return Table(columns, rows, title[lang])


def stock_days(curve: Mapping[str, Any], unit: str, telling: Telling, title: str) -> Table:
    """Return loss by days of stock held, and what one day more saves."""
    lang = telling.lang
    rows: list[dict[str, Any]] = [
        {"held": p["days"], "loss": p["loss"], "per_stock": p.get("saved_per_day"), "day": day(p["first_stop_day"], lang)}
        for p in curve["points"]
    ]  # fmt: skip
    loss, rows = amounts(rows, ("loss",), unit, lang)
    saved, rows = amounts(rows, ("per_stock",), unit, lang)
    columns = (
        Column("held", w("held", lang), kind="integer"),
        Column("loss", w("loss_usd", lang), **loss),
        Column("per_stock", w("per_stock", lang), **saved),
        Column("day", w("first_stop_day", lang)),
    )
    return Table(columns, rows, f"{title}: {curve['mitigation']}")


def sensitivity(answer: Mapping[str, Any], telling: Telling) -> Table:
    """Return the share of the variance each uncertain number explains."""
    lang = telling.lang
    rows = [
        {"number": r["number"], "first_order": r["first_order"], "total": r["total"], "low": r["total_p05"], "high": r["total_p95"]}
        for r in answer["rows"]
    ]  # fmt: skip
    columns = (
        Column("number", w("number", lang), kind="code"),
        *(Column(k, w(k, lang), kind="number", digits=2) for k in ("first_order", "total", "low", "high")),
    )
    said = {"en": "Share of the variance of the loss, lens {}", "nl": "Deel van de variantie van het verlies, lens {}"}
    return Table(columns, rows, said[lang].format(localised(LENS[answer["lens"]], lang)))


def published(answer: Mapping[str, Any], telling: Telling) -> Table:
    """Return each published figure beside ours, with the tolerance and whether ours lies within."""
    lang = telling.lang
    rows = [published_row(e, telling) for e in answer["expected"]]
    keys = ("published", "measure", "ours", "tolerance", "met", "source")
    return Table(tuple(Column(k, w(k, lang)) for k in keys), rows, {"en": "Published and ours", "nl": "Gepubliceerd en het onze"}[lang])  # fmt: skip


def published_row(e: Mapping[str, Any], telling: Telling) -> dict[str, str]:
    """Return one comparison in words."""
    lang = telling.lang

    def shown(value: float) -> str:
        if e["measure"] == "loss_usd":
            return money(value, "USD", lang)
        return fine_percent(value, lang) if e["measure"] == "loss_share" else f"{value:.0f}"

    measure = [w(e["measure"], lang), localised(LENS[e["lens"]], lang)]
    measure += [localised(WORLD[e["world"]], lang)] if e.get("world") else []
    measure += [region(e["region"], lang)] if e.get("region") else []
    measure += [telling.product(e["product"])] if e.get("product") else []
    met = e.get("met")
    lacking = w("no_stop" if e["measure"] == "first_stop_day" and met is not None else "not_held", lang)
    return {
        "published": note(e["published"], lang),
        "measure": ", ".join(measure),
        "ours": lacking if e.get("ours") is None else shown(e["ours"]),
        "tolerance": f"{shown(e['low'])} – {shown(e['high'])}",
        "met": w("not_held" if met is None else "hit" if met else "miss", lang),
        "source": f"{e['source']} ({localised(MARK[e['mark']], lang)})",
    }
