"""Which tables show what can be done about a scenario, what to find out next, and how published figures compare?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schakel.charts.numbers import fine_percent, money, number
from schakel.reports.model import Column, Table
from schakel.reports.shock_notes import note
from schakel.reports.shock_tables import amounts, day, w
from schakel.reports.shock_words import LENS, MARK, WORLD, Telling, region
from schakel.reports.words import localised

_WORDS = ("eur", "usd")
_NEGATIVE = {
    "en": "A negative saving is a loss that grows.",
    "nl": "Een negatieve besparing is een verlies dat groeit.",
}
_DEPLETED = {
    "en": "{0}: a crisis stock is used up and not filled again within the run, so it delays more than it saves; "
    "where makers sell the same goods either way its saving is small or below nothing. Look at days bought.",
    "nl": "{0}: een crisisvoorraad raakt op en wordt binnen de berekening niet aangevuld, dus zij stelt meer uit dan zij bespaart; "
    "waar makers dezelfde goederen hoe dan ook verkopen is de besparing klein of onder nul. Kijk naar gewonnen dagen.",
}
_NO_DAYS = {
    "en": "No days are bought: no industry stops both with and without a mitigation, so nothing is delayed and a day has no price.",
    "nl": "Er zijn geen dagen gewonnen: geen bedrijfstak staat zowel met als zonder een maatregel stil, dus niets komt later en een dag heeft geen prijs.",
}
_RATE = {
    "en": "Converted at {0} dollars for a euro ({1}; {2}), the rate of the scenario.",
    "nl": "Omgerekend tegen {0} dollar per euro ({1}; {2}), de koers van het scenario.",
}
_NO_RATE = {
    "en": "A cost in another currency than the table cannot be compared without a rate: add exchange: {usd_per_eur, source, mark}.",
    "nl": "Kosten in een andere munt dan de tabel zijn zonder koers niet te vergelijken: voeg exchange: {usd_per_eur, source, mark} toe.",
}
_SAME = {
    "en": "A ratio has no currency: dollars saved for a dollar are euros saved for a euro.",
    "nl": "Een verhouding heeft geen munt: dollars bespaard per dollar zijn euro's bespaard per euro.",
}


def mitigations(answer: Mapping[str, Any], telling: Telling) -> Table:
    """Return what each mitigation saves, costs and buys."""
    lang = telling.lang
    shown = currencies(answer)
    rows: list[dict[str, Any]] = [
        {
            "mitigation": r["mitigation"],
            "alone": r["saved_alone"]["median"],
            "last": r["saved_last"]["median"],
            "bought": number(r["days_bought"]["days"]["median"], lang, 1) if r["days_bought"]["days"] else "-",
            **{f"cost_{c}": r[f"cost_{c}"] for c in shown},
            **{f"ratio_{c}": (r.get(f"benefit_per_{c}") or {}).get("median") for c in shown},
            **{f"per_day_{c}": r.get(f"{c}_per_day_bought") for c in shown},
        }
        for r in answer["rows"]
    ]
    saved, rows = amounts(rows, ("alone", "last"), answer["unit"], lang)
    columns = [
        Column("mitigation", w("mitigation", lang)),
        *(Column(k, w(k, lang), **saved) for k in ("alone", "last")),
    ]
    for c in shown:
        cost, rows = amounts(rows, (f"cost_{c}", f"per_day_{c}"), c.upper(), lang)
        columns.append(Column(f"cost_{c}", w("cost", lang), **cost))
        columns.append(Column(f"ratio_{c}", w(f"ratio_{c}", lang), kind="number", digits=2))
        if any(r[f"per_day_{c}"] is not None for r in rows):
            columns.append(Column(f"per_day_{c}", w("per_day", lang), **cost))
    columns.insert(3, Column("bought", w("bought", lang)))
    title = {"en": "Benefit by mitigation", "nl": "Opbrengst per maatregel"}
    return Table(tuple(columns), rows, title[lang], tuple(mitigation_notes(answer, lang)))


def currencies(answer: Mapping[str, Any]) -> list[str]:
    """Return in which currencies costs are shown: euros when all are known in euros, else those in which some are."""
    priced = [r for r in answer["rows"] if any(r.get(f"cost_{c}") is not None for c in ("eur", "usd"))]
    if priced and all(r.get("cost_eur") is not None for r in priced):
        return ["eur"]
    return [c for c in ("eur", "usd") if any(r.get(f"cost_{c}") is not None for r in priced)]


def mitigation_notes(answer: Mapping[str, Any], lang: str) -> list[str]:
    """Return what must be known to read what mitigations bring: signs, used stocks, and the rate of exchange."""
    out = []
    if any(r["saved_alone"]["median"] < 0 or r["saved_last"]["median"] < 0 for r in answer["rows"]):
        out.append(localised(_NEGATIVE, lang))
    used = [r["mitigation"] for r in answer["rows"] if r.get("note") == "depleted"]
    if used:
        out.append(localised(_DEPLETED, lang).format(", ".join(used)))
    if not any(r["days_bought"]["days"] for r in answer["rows"]):
        out.append(localised(_NO_DAYS, lang))
    rate = answer.get("exchange")
    if rate and currencies(answer):
        said = (
            number(rate["usd_per_eur"], lang, 4).rstrip("0").rstrip(".,"),
            rate["source"],
            localised(MARK[rate["mark"]], lang),
        )
        out.append(localised(_RATE, lang).format(*said))
    elif any(
        r.get(f"cost_{c}") is not None and r.get(f"benefit_per_{c}") is None for r in answer["rows"] for c in _WORDS
    ):
        out.append(localised(_NO_RATE, lang))
    elif currencies(answer):
        out.append(localised(_SAME, lang))
    return out


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
