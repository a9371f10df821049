"""How do the results of scenarios read on a terminal, and which columns do programs get?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from schakel.charts.numbers import fine_percent, money, number
from schakel.reports import shock_bands
from schakel.reports import shock_choices as choices
from schakel.reports.model import Column
from schakel.reports.shock_notes import note, worth
from schakel.reports.shock_tables import TIMED
from schakel.reports.shock_words import LENS, LENS_MEANS, WORLD, Telling, region
from schakel.reports.words import localised

PEOPLE = ("table", "md")
_READ = {
    "en": "median and band of {0} draws; share: of value added; stop: first day on which an industry makes nothing, "
    "none when most draws see no stop, - where a lens has no days",
    "nl": "mediaan en band van {0} trekkingen; aandeel: van de toegevoegde waarde; stop: eerste dag waarop een bedrijfstak stilstaat, "
    "geen als de meeste trekkingen er geen zien, - waar een lens geen dagen kent",
}
_BOUGHT = {
    "en": "alone and last: loss saved by it alone, and on top of all the others; "
    "per {0}: saved by it alone for one of cost; days: first stop that much later; "
    "no stop: draws in which it no longer comes",
    "nl": "alleen en laatst: verlies dat zij bespaart op zichzelf, en bovenop alle andere; "
    "per {0}: wat zij alleen bespaart voor één aan kosten; dagen: eerste stilstand zoveel later; "
    "geen stop: trekkingen waarin die niet meer komt",
}
_FIRST = {
    "en": "{0}: first to stop {1}, {2}, day {3:.0f}; no stop in {4} of {5} draws",
    "nl": "{0}: het eerst staat stil {1}, {2}, dag {3:.0f}; geen stilstand in {4} van {5} trekkingen",
}


def runs(answer: Mapping[str, Any], format_: str, lang: str) -> list[dict[str, Any]]:
    """Return one row a lens: words for people, bare numbers and keys for programs."""
    rows = []
    for world, lenses in ((answer["world"], answer["lenses"]), ("graph", answer.get("chain") or {})):
        for lens, r in lenses.items():
            rows.append(_said(answer, world, lens, r, lang) if format_ in PEOPLE else _bare(answer, world, lens, r))
    return rows


def _said(answer: Mapping[str, Any], world: str, lens: str, r: Mapping[str, Any], lang: str) -> dict[str, Any]:
    loss, share = r["loss_usd"] or {}, r["loss_share"] or {}
    name = localised(LENS[lens], lang)
    if world == "graph" and answer["world"] == "table":
        name += f" ({localised(WORLD['graph'], lang)})"
    stop = r.get("first_stop_day")
    none = {"en": "none", "nl": "geen"}[lang] if "first_stop_day" in r and lens in TIMED else "-"
    return {
        "scenario": answer["scenario"],
        "lens": name,
        "loss": money(loss.get("median"), "USD", lang) if loss else "-",
        "band": _band(loss, share, lang),
        "share": fine_percent(share.get("median"), lang),
        "stop": none if stop is None else number(stop, lang),
        "draws": r["draws"],
    }


def _band(loss: Mapping[str, Any], share: Mapping[str, Any], lang: str) -> str:
    """Return low and high, sign and scale once where they are the same."""
    if not loss:
        return " – ".join(dict.fromkeys(fine_percent(share[k], lang) for k in ("p05", "p95"))) if share else "-"
    low, high = (money(loss[k], "USD", lang) for k in ("p05", "p95"))
    if low == high:
        return low
    sign = "$ " if lang == "nl" else "$"
    one, other = low.split(" ")[-1], high.split(" ")[-1]
    if one == other and one.strip("$−0123456789.,"):
        low = low.removesuffix(f" {one}")
    return f"{low} – {high.removeprefix(sign)}"


def _bare(answer: Mapping[str, Any], world: str, lens: str, r: Mapping[str, Any]) -> dict[str, Any]:
    loss, share, stop = r["loss_usd"] or {}, r["loss_share"] or {}, r.get("first_stop") or {}
    return {
        "scenario": answer["scenario"],
        "world": world,
        "lens": lens,
        **{f"loss_usd_{k}": loss.get(k) for k in ("median", "p05", "p95")},
        **{f"loss_share_{k}": share.get(k) for k in ("median", "p05", "p95")},
        "first_stop_day": r.get("first_stop_day"),
        "first_stop_p05": stop.get("p05"),
        "first_stop_p95": stop.get("p95"),
        "draws_without_stop": stop.get("draws_without"),
        "draws": r["draws"],
    }


def run_columns(format_: str) -> list[Column]:
    """Return the columns of ``runs``."""
    if format_ in PEOPLE:
        return [
            Column("lens", {"en": "lens", "nl": "lens"}, kind="code"),
            Column("loss", {"en": "loss", "nl": "verlies"}, kind="code"),
            Column("band", {"en": "5 % – 95 %", "nl": "5 % – 95 %"}),
            Column("share", {"en": "share", "nl": "aandeel"}),
            Column("stop", {"en": "stop, day", "nl": "stop, dag"}),
        ]
    return [
        Column("scenario", kind="code"),
        Column("world", kind="code"),
        Column("lens", kind="code"),
        *(Column(f"loss_usd_{k}", unit="USD", kind="money") for k in ("median", "p05", "p95")),
        *(Column(f"loss_share_{k}", kind="number", digits=6) for k in ("median", "p05", "p95")),
        *(Column(k, kind="number", digits=1) for k in ("first_stop_day", "first_stop_p05", "first_stop_p95")),
        Column("draws_without_stop", kind="integer"),
        Column("draws", kind="integer"),
    ]


def reading(draws: int, lang: str) -> str:
    """Return how to read the table."""
    return _READ[lang].format(draws)


def run_notes(answer: Mapping[str, Any], lang: str) -> list[str]:
    """Return what stands under the table: what the lenses are, what lacks, published figures beside ours."""
    from schakel.reports.shock_choices import published_row
    from schakel.reports.shock_report import lacking, told

    shown = list(dict.fromkeys([*answer["lenses"], *(answer.get("chain") or {})]))
    draws = max(r["draws"] for r in answer["lenses"].values())
    notes = [reading(draws, lang)]
    notes += [f"{localised(LENS[k], lang)}: {localised(LENS_MEANS[k], lang)}" for k in shown]
    notes += shock_bands.lines(answer, lang)
    telling = told(answer["content"], lang)
    beside = {
        "en": "{ours} ({met} {tolerance}); {published}; {source}",
        "nl": "{ours} ({met}, {tolerance}); {published}; {source}",
    }
    for e in answer["expected"]:
        row = published_row(e, telling)
        notes.append(f"{row['measure']}: {beside[lang].format(**row)}")
    label = {"en": "lacks data", "nl": "mist gegevens"}[lang]
    return notes + [f"{label}: {line}" for line in lacking(answer, lang)]


def warned(answer: Mapping[str, Any], lang: str) -> list[str]:
    """Return the warnings that say something, in the reader's language."""
    return [note(w, lang) for w in worth(answer.get("warnings", ()))]


def mitigations(answer: Mapping[str, Any], format_: str, lang: str) -> tuple[list[dict[str, Any]], list[Column]]:
    """Return rows and columns of a comparison of mitigations."""
    rows = [
        {
            "mitigation": r["mitigation"],
            "kind": r["kind"],
            **{f"saved_alone_{k}": r["saved_alone"][k] for k in ("median", "p05", "p95")},
            **{f"saved_last_{k}": r["saved_last"][k] for k in ("median", "p05", "p95")},
            **{f"cost_{c}": r["cost_" + c] for c in ("usd", "eur") if f"cost_{c}" in r},
            **{
                f"saved_per_{c}": (r["benefit_per_" + c] or {}).get("median")
                for c in ("usd", "eur")
                if f"benefit_per_{c}" in r
            },
            "days_bought": (r["days_bought"]["days"] or {}).get("median"),
            "stops_avoided": r["days_bought"]["avoided"],
            **{f"{c}_per_day_bought": r[c + "_per_day_bought"] for c in ("usd", "eur") if f"{c}_per_day_bought" in r},
        }
        for r in answer["rows"]
    ]
    if format_ not in PEOPLE:
        return rows, [Column(k, kind="code" if k in ("mitigation", "kind") else "number") for k in rows[0]]

    shown = choices.currencies(answer)

    def told(row: Mapping[str, Any], key: str, say: Callable[[float, str], str]) -> str:
        """Say the first of the currencies in which a figure is known."""
        found = next((c for c in shown if row.get(key.format(c)) is not None), None)
        return "-" if found is None else say(row[key.format(found)], found.upper())

    said = [
        {
            "mitigation": r["mitigation"],
            "alone": _amount(r["saved_alone_median"], answer, lang),
            "last": _amount(r["saved_last_median"], answer, lang),
            "cost": told(r, "cost_{0}", lambda v, c: money(v, c, lang)),
            "ratio": told(r, "saved_per_{0}", lambda v, c: number(v, lang, 2)),
            "days": number(r["days_bought"], lang, 1) if r["days_bought"] is not None else "-",
            "avoided": r["stops_avoided"],
        }
        for r in rows
    ]
    signs = _signs(answer)
    columns = [
        Column("mitigation", {"en": "mitigation", "nl": "maatregel"}, kind="code"),
        Column("alone", {"en": "alone", "nl": "alleen"}, kind="code"),
        Column("last", {"en": "last", "nl": "laatst"}, kind="code"),
        Column("cost", {"en": "cost", "nl": "kosten"}, kind="code"),
        Column("ratio", {"en": f"per {signs}", "nl": f"per {signs}"}),
        Column("days", {"en": "days", "nl": "dagen"}),
        Column("avoided", {"en": "no stop", "nl": "geen stop"}, kind="integer"),
    ]
    return said, columns if shown else [c for c in columns if c.key not in ("cost", "ratio")]


def _signs(answer: Mapping[str, Any]) -> str:
    return "/".join({"eur": "€", "usd": "$"}[c] for c in choices.currencies(answer)) or "€"


def _amount(value: float, answer: Mapping[str, Any], lang: str) -> str:
    """Return an amount of money, or its share of the value added where the chain knows no money."""
    if answer["unit"] in ("USD", "EUR"):
        return money(value, answer["unit"], lang)
    base = answer.get("value_added")
    return fine_percent(value / base, lang) if base else number(value, lang, 6)


def mitigation_notes(answer: Mapping[str, Any], lang: str) -> list[str]:
    """Return the waterfall in words, and what must be known to read the table."""
    none = {"en": "none", "nl": "geen"}[lang]
    steps = [
        f"{none if i == 0 else step['after']}: {_amount(step['loss']['median'], answer, lang)}"
        for i, step in enumerate(answer["waterfall"])
    ]
    label = {"en": "loss as mitigations are added", "nl": "verlies naarmate maatregelen erbij komen"}[lang]
    path = f"{label} (lens {localised(LENS[answer['lens']], lang)}): {' → '.join(steps)}"
    said = [
        f"{r['mitigation']} {money(r[f'{c}_per_day_bought'], c.upper(), lang)}"
        for r in answer["rows"]
        for c in choices.currencies(answer)
        if r.get(f"{c}_per_day_bought") is not None
    ]
    label = {"en": "cost of a day bought", "nl": "kosten van een gewonnen dag"}[lang]
    none_bought = {"en": "none was bought", "nl": "er is geen gewonnen"}[lang]
    days = [f"{label}: {'; '.join(said) or none_bought}"] if choices.currencies(answer) else []
    share = {
        "en": "amounts are shares of the value added of the run",
        "nl": "bedragen zijn delen van de toegevoegde waarde van de run",
    }[lang]
    bare = [share] if answer["unit"] not in ("USD", "EUR") and answer.get("value_added") else []
    return [_BOUGHT[lang].format(_signs(answer)), *bare, path, *days, *choices.mitigation_notes(answer, lang)]


def sensitivity_notes(answer: Mapping[str, Any], lang: str) -> list[str]:
    """Return what the indices are of."""
    said = {
        "en": "share of the variance of the loss that a number explains; lens {0}, {1} runs; "
        "numbers that act together can sum to more than 1 in all",
        "nl": "deel van de variantie van het verlies dat een getal verklaart; lens {0}, {1} berekeningen; "
        "getallen die samenwerken kunnen in totaal boven 1 uitkomen",
    }
    return [said[lang].format(localised(LENS[answer["lens"]], lang), answer["runs"])]


def plainly(value: float, lang: str) -> str:
    """Write a number with no more digits than it needs."""
    if abs(value) >= 1e5:
        return money(value, "", lang).strip()
    digits = next(
        (d for d in range(4) if round(value, d) == value), 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 4
    )
    return number(value, lang, digits)


def title_of(content: Mapping[str, Any], lang: str) -> str:
    """Return a scenario's id and title."""
    return f"{content['id']}: {Telling(content, lang).title()}"


def places(answer: Mapping[str, Any], lang: str) -> Sequence[str]:
    """Return where industries stop first, one line a lens that has a stop."""
    out = []
    for lens, r in answer["lenses"].items():
        where = r.get("first_stop", {}).get("where")
        if where and r["first_stop"]["median"] is not None:
            telling = Telling(answer["content"], lang)
            first = r["first_stop"]
            said = (localised(LENS[lens], lang), region(where["region"], lang), telling.product(where["product"]))
            out.append(_FIRST[lang].format(*said, first["median"], first["draws_without"], r["draws"]))
    return out
