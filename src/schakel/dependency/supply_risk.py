"""How near do the embedded tables come to the supply risk that the European Commission published in 2023?

The formula, marked unverified because the Commission's methodology itself was not read (European Commission 2017, key
``ec2017crm``; read at second hand)::

    HHI  = sum over countries of share^2 * W * t       W: governance, 0 (good) to 10 (bad);  t: trade parameter
    SR   = [ HHI(world) * IR / 2 + HHI(EU) * (1 - IR / 2) ] * (1 - EoL_RIR) * SI_SR

A material's SR is the highest of its stages (second-hand); that of a group the mean of its members, which is recalled and was
read nowhere (the study may weigh or average otherwise). Where only one of the two
concentrations is known it stands for both (second-hand). The tables lack import reliance (IR), the substitution index
(SI), many recycling rates and four of the six governance indicators whose mean the Commission uses, and they print
shares rounded. All of these enter as intervals. SR rises with every share, W, t and SI, falls with the recycling rate
and is linear in IR, so its bounds lie at corners of the box of inputs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from schakel.dependency.rank_range import Interval, spearman, spearman_range

Row = Mapping[str, Any]

TABLES = (
    "supply_world",
    "supply_eu",
    "recycling",
    "governance",
    "materials",
    "risk",
)  # the embedded tables it rests on

SR_CRITICAL = 1.0
EI_CRITICAL = 2.8
# Published figures carry one decimal.
ROUNDING = 0.05
WORST = 10.0
_ANY = Interval(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is taken for the inputs that the tables lack.

    Attributes
    ----------
    governance
        ``two``: from the better to the worse of the two indicators at hand, which is a stand-in and no bound on the
        mean of six. ``six``: every mean of six that is possible when the others may be anything, which is a bound.
    import_reliance
        ``domestic``: from 0 to 1 less the EU's own part of its sourcing. IR is net imports over output plus net
        imports; exports can only lower it (derived). ``any``: from 0 to 1.
    substitution
        Interval of SI_SR. Its lowest possible value is recalled to be 0.8, not verified.
    recycling
        Interval of a recycling rate for which no figure is cited.
    """

    name: str
    governance: str
    import_reliance: str
    substitution: Interval
    recycling: Interval = _ANY


NARROW = Assumptions("narrow", "two", "domestic", Interval(0.8, 1.0))
WIDE = Assumptions("wide", "six", "any", _ANY)


@dataclass(frozen=True, slots=True)
class Risk:
    """Supply risk of a material (stage ``E`` or ``P``, or empty for the whole material), and what was unknown."""

    material: str
    stage: str
    low: float
    high: float
    unknown: tuple[str, ...]


def scaled(estimate: float) -> float:
    """Turn a governance estimate (-2.5 weak to 2.5 strong) into W, 0 good to 10 bad; beyond the ends it is cut."""
    return min(WORST, max(0.0, (2.5 - estimate) * 2.0))


def governance(rows: Iterable[Row], mode: str) -> dict[str, Interval]:
    """Return W per country from rows ``iso3, dimension, estimate``; the mean over years stands for a dimension.

    Parameters
    ----------
    mode
        ``two`` or ``six``, see :class:`Assumptions`.
    """
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row["iso3"]][row["dimension"]].append(scaled(row["estimate"]))
    result = {}
    for iso3, dimensions in found.items():
        means = [sum(values) / len(values) for values in dimensions.values()]
        if mode == "two":
            result[iso3] = Interval(min(means), max(means))
        else:
            result[iso3] = Interval(sum(means) / 6, (sum(means) + WORST * (6 - len(means))) / 6)
    return result


def concentration(suppliers: Iterable[Row], weights: Mapping[str, Interval], worst: float) -> Interval:
    """Return sum of share^2 * W * t, for rows ``iso3, share_low, share_high, trade_parameter``.

    A country without W may have any, 0 to 10. What the shares leave of 1 goes to nobody in the lower bound and to one
    further country in the upper, at ``worst`` (W * t).
    """
    low = high = listed = 0.0
    for row in suppliers:
        weight = weights.get(row["iso3"], Interval(0.0, WORST))
        low += row["share_low"] ** 2 * weight.low * row["trade_parameter"]
        high += row["share_high"] ** 2 * weight.high * row["trade_parameter"]
        listed += row["share_low"]
    return Interval(low, high + max(0.0, 1.0 - listed) ** 2 * worst)


def supply_risk(
    world: Interval | None, eu: Interval | None, reliance: Interval, recycling: Interval, substitution: Interval
) -> Interval | None:
    """Return SR by the formula above, all arguments and the result as intervals; None when both HHI are unknown."""
    if world is None and eu is None:
        return None
    one = world if world is not None else eu
    other = eu if eu is not None else world
    assert one is not None and other is not None  # noqa: S101 - for the type checker: not both are None
    lows = [one.low * ir / 2 + other.low * (1 - ir / 2) for ir in (reliance.low, reliance.high)]
    highs = [one.high * ir / 2 + other.high * (1 - ir / 2) for ir in (reliance.low, reliance.high)]
    return Interval(
        min(lows) * (1 - recycling.high) * substitution.low, max(highs) * (1 - recycling.low) * substitution.high
    )


def stages(
    world: Iterable[Row],
    eu: Iterable[Row],
    recycled: Iterable[Row],
    indicators: Iterable[Row],
    members: Collection[str],
    taken: Assumptions,
) -> list[Risk]:
    """Return SR per material and stage from rows of the tables supply_world, supply_eu, recycling and governance.

    ``members`` are the EU's, by ISO 3166 alpha-3.
    """
    sides: list[dict[tuple[str, str], list[Row]]] = [defaultdict(list), defaultdict(list)]
    for side, rows in zip(sides, (world, eu), strict=True):
        for row in rows:
            side[row["material"], row["stage"]].append(row)
    weights = governance(indicators, taken.governance)
    # The unlisted rest cannot be worse than the worst governance under the sharpest trade parameter of the tables.
    worst = WORST * max(row["trade_parameter"] for side in sides for rows in side.values() for row in rows)
    rates = {row["material"]: row["eol_rir"] for row in recycled}
    result = []
    for key in sorted(set(sides[0]) | set(sides[1])):
        here = [concentration(side[key], weights, worst) if key in side else None for side in sides]
        own = sum(row["share_low"] for row in sides[1].get(key, ()) if row["iso3"] in members)
        most = max(0.0, 1.0 - own) if taken.import_reliance == "domestic" else 1.0
        rate = rates.get(key[0])
        # Rates are printed in hundredths.
        cut = taken.recycling if rate is None else Interval(max(0.0, rate - 0.005), min(1.0, rate + 0.005))
        risk = supply_risk(here[0], here[1], Interval(0.0, most), cut, taken.substitution)
        assert risk is not None  # noqa: S101 - a key stands in at least one of the tables
        unknown = ["import reliance", "substitution index", "four of six governance indicators"]
        unknown += ["recycling rate"] * (rate is None)
        unknown += [name for name, side in zip(("world shares", "EU shares"), here, strict=True) if side is None]
        result.append(Risk(*key, risk.low, risk.high, tuple(unknown)))
    return result


def materials(found: Iterable[Risk], listed: Iterable[Row]) -> list[Risk]:
    """Return SR per material (highest stage) and per group (mean of members: recalled, unverified), from stages and the table materials.

    A group is formed only when every member it has in ``listed`` has a figure; it replaces a figure of its own.
    """
    by_material: dict[str, list[Risk]] = defaultdict(list)
    for risk in found:
        by_material[risk.material].append(risk)
    result = {m: _merge(m, risks, max) for m, risks in by_material.items()}
    groups: dict[str, list[str]] = defaultdict(list)
    for row in listed:
        if row["member_of"]:
            groups[row["member_of"]].append(row["material"])
    for group, names in groups.items():
        if all(name in result for name in names):
            result[group] = _merge(group, [result[name] for name in names], lambda values: sum(values) / len(values))
    return [result[name] for name in sorted(result)]


def _merge(name: str, risks: Sequence[Risk], how: Callable[[list[float]], float]) -> Risk:
    unknown = tuple(sorted({text for risk in risks for text in risk.unknown}))
    return Risk(name, "", how([r.low for r in risks]), how([r.high for r in risks]), unknown)


def compare(found: Iterable[Risk], published: Iterable[Row]) -> dict[str, Any]:
    """Hold computed intervals against published figures (rows ``material, sr, ei``); JSON-ready.

    A published figure is inside when some value that rounds to it is. ``critical`` is true, false, or None where the
    interval holds both.
    """
    figures = {row["material"]: row for row in published if row["sr"] is not None and row["ei"] is not None}
    risks = {risk.material: risk for risk in found if risk.material in figures}
    rows = []
    for name, risk in sorted(risks.items()):
        sr, ei = figures[name]["sr"], figures[name]["ei"]
        verdict = None if risk.low < SR_CRITICAL <= risk.high else risk.low >= SR_CRITICAL
        rows.append(
            {
                "material": name,
                "low": risk.low,
                "high": risk.high,
                "published": sr,
                "inside": bool(risk.low - ROUNDING <= sr <= risk.high + ROUNDING),
                "critical": False if ei < EI_CRITICAL else verdict,
                "published_critical": bool(sr >= SR_CRITICAL and ei >= EI_CRITICAL),
                "unknown": list(risk.unknown),
            }
        )
    low, high, sr = ([row[key] for row in rows] for key in ("low", "high", "published"))
    decided = [row for row in rows if row["critical"] is not None]
    widths = sorted(h - w for w, h in zip(low, high, strict=True))
    return {
        "compared": len(rows),
        "inside": sum(row["inside"] for row in rows),
        "share_inside": sum(row["inside"] for row in rows) / len(rows) if rows else None,
        "median_width": widths[len(widths) // 2] if widths else None,
        "spearman": {
            **spearman_range([Interval(*pair) for pair in zip(low, high, strict=True)], sr),
            "low_ends": spearman(low, sr),
            "high_ends": spearman(high, sr),
        },
        "critical_decided": len(decided),
        "critical_agreeing": sum(row["critical"] == row["published_critical"] for row in decided),
        "misses": [row["material"] for row in rows if not row["inside"]],
        "not_computed": sorted(set(figures) - set(risks)),
        "rows": rows,
    }


def supply_risk_report(year: int = 2023) -> dict[str, Any]:
    """Compare the EC's published supply risk with ours; JSON-ready.

    Variants: ``narrow`` and ``wide`` assumptions over all materials, and ``cited``: narrow, over the materials for
    which a recycling rate is cited. Without one the lower end is zero, which blunts the comparison of ranks.
    """
    from schakel import reference
    from schakel.nomenclature import blocs

    published = [row for row in reference.rows("risk") if row["year"] == year]
    world, eu, recycled, indicators, listed = (reference.rows(name) for name in TABLES[:5])
    members = blocs.members("EU27", year)
    variants = {}
    for taken in (NARROW, WIDE):
        found = stages(world, eu, recycled, indicators, members, taken)
        stage_rows = [{**asdict(risk), "unknown": list(risk.unknown)} for risk in found]
        whole = materials(found, listed)
        variants[taken.name] = {"assumptions": asdict(taken), **compare(whole, published), "stages": stage_rows}
        if taken is NARROW:
            cited = [risk for risk in whole if "recycling rate" not in risk.unknown]
            variants["cited"] = {"assumptions": asdict(taken), **compare(cited, published)}
    used = sorted({str(row["source"]) for name in TABLES for row in reference.rows(name)})
    return {
        "year": year,
        "status": "unverified",
        "groups": "mean of the members: recalled, unverified",
        "formula": "SR = [HHI(world)*IR/2 + HHI(EU)*(1-IR/2)] * (1-EoL_RIR) * SI_SR, HHI = sum(share^2 * W * t)",
        "governance": (
            "W from political stability 2018-2022 and voice and accountability 2018-2023, means over years; "
            "the Commission uses the mean of six indicators, which is not at hand"
        ),
        "sources": used,
        "variants": variants,
    }
