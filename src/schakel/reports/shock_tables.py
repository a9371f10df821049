"""Which tables does the report of a scenario hold, and in which units are they readable?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schakel.reports.model import Column, Table
from schakel.reports.shock_words import LENS, MARK, Telling, listed, region
from schakel.reports.words import localised

MOST = 10
TIMED = ("centre", "ceiling")  # in the others the day of a stop means nothing
_SCALES = (
    (1e12, {"en": "trillion {0}", "nl": "biljoen {0}"}),
    (1e9, {"en": "billion {0}", "nl": "miljard {0}"}),
    (1e6, {"en": "million {0}", "nl": "miljoen {0}"}),
    (1.0, {"en": "{0}", "nl": "{0}"}),
)
_MONEY = ("USD", "EUR")
W: dict[str, dict[str, str]] = {
    "lens": {"en": "lens", "nl": "lens"},
    "loss": {"en": "loss, median", "nl": "verlies, mediaan"},
    "low": {"en": "5 %", "nl": "5 %"},
    "high": {"en": "95 %", "nl": "95 %"},
    "share": {"en": "of value added", "nl": "van toegevoegde waarde"},
    "day": {"en": "day, median", "nl": "dag, mediaan"},
    "without": {"en": "draws without a stop", "nl": "trekkingen zonder stilstand"},
    "draws": {"en": "draws", "nl": "trekkingen"},
    "place": {"en": "where first", "nl": "waar het eerst"},
    "product": {"en": "product", "nl": "product"},
    "region": {"en": "country", "nl": "land"},
    "rank": {"en": "rank", "nl": "plaats"},
    "interval": {"en": "rank, 5 to 95 %", "nl": "plaats, 5 tot 95 %"},
    "mean": {"en": "loss, mean", "nl": "verlies, gemiddeld"},
    "after": {"en": "after", "nl": "na"},
    "left": {"en": "loss left, median", "nl": "verlies over, mediaan"},
    "saved": {"en": "saved by it", "nl": "erdoor bespaard"},
    "kind": {"en": "choke point", "nl": "knelpunt"},
    "whose": {"en": "whose", "nl": "van wie"},
    "span": {"en": "days", "nl": "dagen"},
    "value": {"en": "value of one more", "nl": "waarde van één meer"},
    "mitigation": {"en": "mitigation", "nl": "maatregel"},
    "alone": {"en": "saved alone", "nl": "bespaard, alleen"},
    "last": {"en": "saved on top of the others", "nl": "bespaard bovenop de andere"},
    "cost": {"en": "cost", "nl": "kosten"},
    "ratio_eur": {"en": "saved per euro", "nl": "bespaard per euro"},
    "ratio_usd": {"en": "saved per dollar", "nl": "bespaard per dollar"},
    "bought": {"en": "days bought", "nl": "dagen gewonnen"},
    "per_day": {"en": "cost per day bought", "nl": "kosten per gewonnen dag"},
    "held": {"en": "days of stock", "nl": "dagen voorraad"},
    "per_stock": {"en": "saved per day more", "nl": "bespaard per dag meer"},
    "number": {"en": "number", "nl": "getal"},
    "first_order": {"en": "by itself", "nl": "op zichzelf"},
    "total": {"en": "in all", "nl": "in totaal"},
    "published": {"en": "published", "nl": "gepubliceerd"},
    "measure": {"en": "measure", "nl": "maat"},
    "ours": {"en": "ours", "nl": "ons"},
    "tolerance": {"en": "tolerance", "nl": "tolerantie"},
    "met": {"en": "within", "nl": "binnen"},
    "source": {"en": "source", "nl": "bron"},
    "mark": {"en": "how known", "nl": "hoe bekend"},
    "url": {"en": "address", "nl": "adres"},
    "hit": {"en": "hit", "nl": "raak"},
    "miss": {"en": "miss", "nl": "mis"},
    "not_held": {"en": "not compared", "nl": "niet vergeleken"},
    "no_stop": {"en": "no stop", "nl": "geen stilstand"},
    "capacity": {"en": "capacity", "nl": "capaciteit"},
    "delivery": {"en": "restricted delivery", "nl": "beperkte levering"},
    "stock": {"en": "stock", "nl": "voorraad"},
    "loss_usd": {"en": "loss", "nl": "verlies"},
    "loss_share": {"en": "share lost", "nl": "deel verloren"},
    "first_stop_day": {"en": "first stop, day", "nl": "eerste stilstand, dag"},
    "stops": {
        "en": "Lens centre: when makers of a product first stop somewhere",
        "nl": "Lens midden: wanneer makers van een product ergens voor het eerst stilstaan",
    },
    "sources": {"en": "Sources of the scenario", "nl": "Bronnen van het scenario"},
}  # fmt: skip


def w(key: str, lang: str) -> str:
    """Return a fixed word."""
    return localised(W[key], lang)


def share(key: str, title: Any, values: Iterable[float | None]) -> Column:
    """Return a column of shares with as many digits as its values need."""
    sizes = [abs(v) * 100 for v in values if v and abs(v) > 5e-9]
    digits = min(5, max(0, 1 - math.floor(math.log10(max(sizes))))) if sizes else 1
    return Column(
        key, title, kind="share", digits=max(digits, 1) + (1 if sizes and min(sizes) < 0.1 * max(sizes) else 0)
    )


def scale(values: Iterable[float | None], unit: str, lang: str) -> tuple[float, str]:
    """Return by what to divide amounts, and the unit they then have."""
    if unit not in _MONEY:
        return 1.0, unit
    top = max((abs(v) for v in values if v is not None), default=0.0)
    size, words = next(((s, words) for s, words in _SCALES if top >= s * 10), _SCALES[-1])
    return size, localised(words, lang).format(unit)


def amounts(rows: Sequence[dict[str, Any]], keys: Sequence[str], unit: str, lang: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:  # fmt: skip
    """Scale amounts in rows; return what their columns share, and the rows."""
    size, said = scale((r.get(k) for r in rows for k in keys), unit, lang)
    scaled = [{**r, **{k: r[k] / size for k in keys if r.get(k) is not None}} for r in rows]
    top = max((abs(r[k]) for r in scaled for k in keys if r.get(k) is not None), default=0.0)
    digits = 0 if size == 1.0 and unit in _MONEY else 1 if top >= 1000 else 2 if top >= 1 else 6
    return {"unit": said, "kind": "number", "digits": digits}, scaled


def sources(telling: Telling) -> Table:
    """Return the sources of the scenario and of what its end uses are worth, each with how it is known."""
    lang = telling.lang
    rows = [
        {"source": s["title"], "mark": localised(MARK[s["mark"]], lang), "url": s.get("url")}
        for s in telling.content.get("sources") or []
    ]
    rows += [
        {
            "source": f"{telling.product(v['step'])}: {v['source']}",
            "mark": localised(MARK[v["mark"]], lang),
            "url": None,
        }
        for v in telling.content.get("valuation") or []
    ]
    keys = ["source", "mark", *(["url"] if any(r["url"] for r in rows) else [])]
    return Table(
        tuple(Column(k, w(k, lang)) for k in keys), [{**r, "url": r["url"] or "-"} for r in rows], w("sources", lang)
    )


def lenses(found: Mapping[str, Any], telling: Telling, money: bool) -> Table:
    """Return loss with bands by lens; one row a lens, no row for all."""
    lang = telling.lang
    rows = []
    for k, r in found.items():
        loss, part = r["loss_usd"] or {}, r["loss_share"] or {}
        rows.append(
            {
                "lens": localised(LENS[k], lang),
                "loss": loss.get("median"), "low": loss.get("p05"), "high": loss.get("p95"),
                "share": part.get("median"), "share_low": part.get("p05"), "share_high": part.get("p95"),
                "draws": r["draws"],
            }
        )  # fmt: skip
    columns = [Column("lens", w("lens", lang))]
    if money:
        about, rows = amounts(rows, ("loss", "low", "high"), "USD", lang)
        columns += [Column(k, w(k, lang), **about) for k in ("loss", "low", "high")]
    values = [r[k] for r in rows for k in ("share", "share_low", "share_high")]
    columns.append(share("share", w("share", lang), values))
    if not money:
        columns += [share("share_low", w("low", lang), values), share("share_high", w("high", lang), values)]
    columns.append(Column("draws", w("draws", lang), kind="integer"))
    return Table(tuple(columns), rows, {"en": "Loss by lens", "nl": "Verlies per lens"}[lang])


def stops(found: Mapping[str, Any], telling: Telling) -> Table:
    """Return the day of the first stop by lens."""
    lang = telling.lang
    rows = []
    for k, r in found.items():
        if k not in TIMED:
            continue
        f = r["first_stop"]
        place = f.get("where")
        rows.append(
            {
                "lens": localised(LENS[k], lang),
                "day": day(r["first_stop_day"], lang),
                "low": day(f["p05"], lang), "high": day(f["p95"], lang),
                "place": f"{region(place['region'], lang)}, {telling.product(place['product'])}" if place else "-",
                "without": f["draws_without"], "draws": r["draws"],
            }
        )  # fmt: skip
    keys = ("lens", "day", "low", "high", "place", "without", "draws")
    kinds = {"without": "integer", "draws": "integer"}
    return Table(
        tuple(Column(k, w(k, lang), kind=kinds.get(k, "text")) for k in keys),  # type: ignore[arg-type]
        rows,
        {"en": "First stop by lens", "nl": "Eerste stilstand per lens"}[lang],
    )


def day(value: float | None, lang: str) -> str:
    """Return a day, or that there is no stop."""
    return w("no_stop", lang) if value is None else f"{value:.0f}"


def lines(centre: Mapping[str, Any], telling: Telling) -> Table:
    """Return for each product when its makers first stop somewhere."""
    lang = telling.lang
    rows = [
        {"product": telling.product(p), "day": s["median"], "low": s["p05"], "high": s["p95"], "without": s["draws_without"]}
        for p, s in sorted(centre["stops"].items(), key=lambda x: (x[1]["draws_without"], x[1]["median"], x[0]))
    ]  # fmt: skip
    columns = (
        Column("product", w("product", lang)),
        *(Column(k, w(k, lang), kind="number", digits=0) for k in ("day", "low", "high")),
        Column("without", w("without", lang), kind="integer"),
    )
    return Table(columns, rows[:MOST], w("stops", lang))


def regions(found: Mapping[str, Any], telling: Telling) -> Table:
    """Return the share lost by country, a column a lens; the hardest hit first."""
    lang = telling.lang
    names = list(dict.fromkeys(k for r in found.values() for k in r["by_region"]))
    rows: list[dict[str, Any]] = [
        {"region": region(n, lang), **{k: (r["by_region"].get(n, {}).get("share") or {}).get("median") for k, r in found.items()}}
        for n in names
    ]  # fmt: skip
    rows.sort(key=lambda r: (-max((r[k] or 0.0 for k in found), default=0.0), r["region"]))
    shown = rows[:15]
    columns = [Column("region", w("region", lang))]
    columns += [share(k, localised(LENS[k], lang), [r[k] for r in shown]) for k in found]
    title = {"en": "Share of value added lost, median of the draws", "nl": "Deel van de toegevoegde waarde verloren, mediaan van de trekkingen"}  # fmt: skip
    return Table(tuple(columns), shown, title[lang])


def ranking(lens: str, r: Mapping[str, Any], telling: Telling) -> Table:
    """Return the industries that lose most under a lens, with the interval of their rank."""
    lang = telling.lang
    rows = [
        {
            "rank": e["rank"],
            "region": region(e["region"], lang),
            "product": telling.product(e["product"]),
            "mean": e["loss"],
            "interval": f"{e['rank_low']}–{e['rank_high']}" if e["rank_low"] is not None else "-",
        }
        for e in r["ranking"][:MOST]
    ]
    about, rows = amounts(rows, ("mean",), r["unit"], lang)
    columns = (
        Column("rank", w("rank", lang), kind="integer"),
        Column("region", w("region", lang)),
        Column("product", w("product", lang)),
        Column("mean", w("mean", lang), **about),
        Column("interval", w("interval", lang)),
    )
    return Table(columns, rows, f"{w('lens', lang).capitalize()}: {localised(LENS[lens], lang)}")


def marginal(floor: Mapping[str, Any], telling: Telling) -> Table:
    """Return what one more unit is worth at each choke point, the dearest first."""
    lang = telling.lang
    merged: dict[tuple[str, str, float], dict[str, Any]] = {}
    for m in floor["marginal_values"]:
        whose = [m["region"]] if "region" in m else m.get("users") or []
        named = ", ".join(m.get("measures") or []) or listed([region(x, lang) for x in whose], lang, 3)
        row = {
            "kind": w(m["kind"], lang),
            "product": telling.product(m["product"]),
            "whose": [named],
            "span": [
                f"{m['from_day']:.0f}–{m['to_day']:.0f}" if m["to_day"] > m["from_day"] else f"{m['from_day']:.0f}"
            ],
            "value": m["value"],
        }
        key = (m["kind"], m["product"], round(m["value"], 9))
        if key in merged:
            merged[key]["whose"] = list(dict.fromkeys([*merged[key]["whose"], named]))
            merged[key]["span"] = list(dict.fromkeys([*merged[key]["span"], *row["span"]]))
        else:
            merged[key] = row
    rows = [{**r, "whose": listed(r["whose"], lang, 3), "span": listed(r["span"], lang, 3)} for r in merged.values()]
    columns = (
        Column("kind", w("kind", lang)),
        Column("product", w("product", lang)),
        Column("whose", w("whose", lang)),
        Column("span", w("span", lang)),
        Column(
            "value",
            w("value", lang),
            unit="USD / USD" if floor["unit"] == "USD" else floor["unit"],
            kind="number",
            digits=2,
        ),
    )
    return Table(columns, rows[: MOST + 5], {"en": "Choke points", "nl": "Knelpunten"}[lang])
