"""What does the front page say beside its table: what is disputed, who leans on the reporter, how goods run?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from schakel import reference
from schakel.dependency import embedded
from schakel.dependency.monitor import Monitor
from schakel.dependency.presets import names, preset
from schakel.dependency.screen import setting
from schakel.dependency.sensitivity import one_partner
from schakel.lake.flowset import FlowSet
from schakel.nomenclature import blocs, countries
from schakel.web import service as s
from schakel.web.trade import party, purchases

MOST = 20
WORLD_FLOOR = 0.05
_STAGES = {"E": "extraction", "P": "processing"}


def tallies(grid: Mapping[str, Mapping[str, bool | None]]) -> tuple[s.Tally, ...]:
    """Count verdicts by definition."""
    out = []
    for name in names():
        found = [v[name] for v in grid.values() if name in v]
        chosen = preset(name)
        marks = [*(c.status for c in chosen.criteria), *(status for _, status in chosen.status)]
        open_elements = sum(mark != "verified" for mark in marks)
        yes, no = found.count(True), found.count(False)
        out.append(s.Tally(name, yes, no, len(found) - yes - no, open_elements))
    return tuple(out)


def agreement(m: Monitor) -> s.Agreement:
    """Count products by how far the definitions agree; one that asks about a single partner answers another question."""
    aside = one_partner(m.screens) - {m.method}
    said = [{v for name, v in verdicts.items() if name not in aside} for verdicts in m.grid.values()]
    return s.Agreement(
        len(said),
        sum(True in v for v in said),
        sum({True, False} <= v for v in said),
        sum(v == {None} for v in said),
    )


def grid(m: Monitor) -> tuple[s.VerdictRow, ...]:
    """Return the products most definitions call dependent, ties by import value."""
    value = {r["product"]: m.value(r) for r in m.chosen.rows}

    def order(p: str) -> tuple[int, int, float, str]:
        said = list(m.grid[p].values())
        return (-said.count(True), said.count(False), -value.get(p, 0.0), p)

    ranked = sorted(m.grid, key=order)[:MOST]
    return tuple(s.VerdictRow(p, tuple((n, m.grid[p].get(n)) for n in names())) for p in ranked)


def leaning(m: Monitor) -> tuple[s.Leaning, ...]:
    """Return the partners that take more than half of some product from the reporter."""
    return tuple(
        s.Leaning(r["partner"], r["products"], r["majority_products"], round(r["majority_value"]))
        for r in m.reverse
        if r["majority_products"]
    )


def leaning_products(m: Monitor) -> tuple[s.Reliance, ...]:
    """Return the largest deliveries that are more than half of a partner's imports of a product."""
    most = sorted((r for r in m.reverse_rows if r["majority"]), key=lambda r: (-r["value"], r["partner"], r["product"]))
    return tuple(
        s.Reliance(r["product"], r["partner"], round(r["value"]), r["reliance"], r["reverse_dependency"])
        for r in most[:10]
    )


def leaning_note(flows: FlowSet, m: Monitor) -> s.Text:
    """Say why nobody is listed, or what the list leaves out."""
    if flows.coverage == "world":
        return s.NO_TEXT
    if blocs.is_bloc(m.reporter):
        return s.Text(
            "These flows hold imports of EU members only; what others buy of the bloc is unknown here. World trade (BACI) supplies it.",
            "Deze stromen bevatten alleen invoer van EU-lidstaten; wat anderen van het blok kopen, is hier onbekend. Wereldhandel (BACI) levert dat.",
        )
    return s.Text(
        "EU members only: what others import is not in these flows. World trade (BACI) supplies it.",
        "Alleen EU-lidstaten: wat anderen invoeren, staat niet in deze stromen. Wereldhandel (BACI) levert dat.",
    )


@cache
def materials() -> dict[str, s.Text]:
    """Return the names of the materials of the reference tables."""
    return {str(r["material"]): s.Text(str(r["name_en"]), str(r["name_nl"])) for r in reference.rows("materials")}


@cache
def world_shares(reporter: str, year: int) -> tuple[s.WorldShare, ...]:
    """Return the materials of which the reporter holds at least a twentieth of world supply, the largest first."""
    mine = party(reporter, year)
    low: dict[tuple[str, str], float] = {}
    high: dict[tuple[str, str], float] = {}
    for r in reference.rows("supply_world"):
        if r["iso3"] in mine and r["share_high"] is not None:
            key = (str(r["material"]), str(r["stage"]))
            low[key] = low.get(key, 0.0) + float(str(r["share_low"] or 0))
            high[key] = min(1.0, high.get(key, 0.0) + float(str(r["share_high"])))
    wanted = sorted((k for k in low if low[k] >= WORLD_FLOOR), key=lambda k: (-low[k] - high[k], k))
    return tuple(
        s.WorldShare(materials().get(m, s.Text(m, m)), _STAGES.get(stage, stage), low[m, stage], high[m, stage])
        for m, stage in wanted[:8]
    )


def scope(flows: FlowSet) -> s.Text:
    """Say which products and years the flows hold."""
    first, last, count = flows.years[0], flows.years[-1], len(flows.products)
    span = f"{first}" if first == last else f"{first}–{last}"
    if any(i.path.startswith(embedded.EMBEDDED + ":") for i in flows.inputs):
        return s.Text(
            f"The embedded tables: {count} codes of critical raw materials, imports of EU members, {span}.",
            f"De ingebouwde tabellen: {count} codes van kritieke grondstoffen, invoer van EU-lidstaten, {span}.",
        )
    what = ", ".join(i.path.rsplit("/", 1)[-1] for i in flows.inputs)
    return s.Text(f"{what}: {count} product codes, {span}.", f"{what}: {count} productcodes, {span}.")


def diagram(flows: FlowSet, m: Monitor) -> tuple[tuple[s.FlowNode, ...], tuple[s.FlowLink, ...]]:
    """Return supplier, material, importer over the outside imports of the products that are not ruled out."""
    where = setting(m.reporter, m.method, m.year)
    facts = embedded.product_facts()
    bought = purchases(flows, party(m.reporter, m.year), not blocs.is_bloc(m.reporter), m.year)
    outside = np.array([c not in where.members for c in flows.countries], dtype=bool)
    open_ = {r["product"] for r in m.chosen.rows if r["dependent"] is not False}
    totals: dict[tuple[str, str], int] = {}
    for p, e, v in zip(bought.product.tolist(), bought.exporter.tolist(), bought.value.tolist(), strict=True):
        product = flows.products[p]
        if product in open_ and outside[e] and v > 0:
            key = (flows.countries[e], str(facts.get(product, {}).get("material", product[:4])))
            totals[key] = totals.get(key, 0) + v
    if not totals:
        return (), ()
    nodes = {c: s.FlowNode(f"c:{c}", _country(c), 0) for c, _ in totals}
    stages = {x: s.FlowNode(f"m:{x}", _material(x), 1) for _, x in totals}
    end = s.FlowNode(f"i:{m.reporter}", _country(m.reporter), 2)
    sums: dict[str, int] = {}
    for (_, x), v in totals.items():
        sums[x] = sums.get(x, 0) + v
    links = [s.FlowLink(f"c:{c}", f"m:{x}", v / flows.scale) for (c, x), v in totals.items()]
    links += [s.FlowLink(f"m:{x}", end.key, v / flows.scale) for x, v in sums.items()]
    return (*nodes.values(), *stages.values(), end), tuple(links)


def _country(code: str) -> s.Text:
    return s.Text(countries.name(code, "en"), countries.name(code, "nl"))


def _material(code: str) -> s.Text:
    named = materials().get(code) or s.Text(embedded.product_name(code, "en"), embedded.product_name(code, "nl"))
    return s.Text(named.en[:1].upper() + named.en[1:], named.nl[:1].upper() + named.nl[1:])
