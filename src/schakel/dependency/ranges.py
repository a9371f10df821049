"""In what range does each criterion of one product lie, re-exports and imports without a named supplier considered, and could the verdict turn?"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from schakel.dependency import bounds as bd
from schakel.dependency.measures import FAIL, PASS, UNKNOWN, all_of
from schakel.dependency.presets import Criterion
from schakel.dependency.screen import Setting
from schakel.dependency.suppliers import product_index, supply
from schakel.lake.flowset import FlowSet
from schakel.lake.unnamed import of_product as by_importer

_TO_FLAG = {True: PASS, False: FAIL, None: UNKNOWN}
_FROM_FLAG = {v: k for k, v in _TO_FLAG.items()}


def bounds(flows: FlowSet, where: Setting, product: str, year: int, row: dict[str, Any]) -> dict[str, Any]:
    """Return each criterion's range under the bounds for re-exports, and whether the verdict could turn.

    Years before `year` stand as declared. ``verdict`` is the verdict with every criterion at the low end of its range, and at the high end.
    """
    preset = where.preset
    if flows.coverage != "world" or preset.mean_years > 1:
        return {
            "criteria": {},
            "verdict": [row["dependent"], row["dependent"]],
            "could_turn": None,
            "why": "needs the reporter's exports of one year",
        }
    as_total, as_seen = _trades(flows, where, product, year)
    total, seen = bd.re_export_bounds(as_total), bd.re_export_bounds(as_seen)
    ranges: dict[str, Any] = {}
    ends: tuple[list[bool | None], list[bool | None]] = ([], [])
    for c in preset.criteria:
        test = row["criteria"][c.name]
        if c.name == "persistent_years":
            continue
        interval = _interval(c, preset.base, total, seen)
        foreign = c.currency not in ("", flows.currency)
        if interval is None or c.partner or foreign or test["threshold"] is None or interval == _UNDEFINED:
            for end in ends:
                end.append(test["passes"])
            continue
        scale = flows.scale if c.name == "import_value" else 1
        low = float(interval.low / scale) if interval.low is not None else None
        high = float(interval.high / scale) if interval.high is not None else None
        passes = (_meets(low, c.op, test["threshold"]), _meets(high, c.op, test["threshold"]))
        ranges[c.name] = {
            "declared": test["value"],
            "low": low,
            "high": high,
            "threshold": test["threshold"],
            "could_turn": passes[0] != passes[1],
        }
        for end, flag in zip(ends, passes, strict=True):
            end.append(flag)
    persistent = preset.criterion("persistent_years")
    if persistent is not None:
        declared = _and([row["criteria"][c.name]["passes"] for c in preset.criteria if c is not persistent])
        for end in ends:
            end.append(_persistence(row["criteria"]["persistent_years"], persistent, declared, _and(end)))
    verdict = [_and(end) for end in ends]
    return {
        "criteria": ranges,
        "verdict": verdict,
        "could_turn": verdict[0] != verdict[1],
        "why": "re-exports as declared, their origins unknown"
        if as_total.re_exports is not None
        else "re-exports not declared: anything from nothing to the smaller of imports and exports",
    }


_UNDEFINED = bd.Interval(None, None)


def _meets(value: float | None, op: str, cut: float) -> bool:
    return value is None or value > cut or (op == ">=" and value >= cut)  # None is without bound


def _and(flags: list[bool | None]) -> bool | None:
    return _FROM_FLAG[int(all_of([np.array([_TO_FLAG[f]], np.int8) for f in flags], 1)[0])]


def _persistence(test: dict[str, Any], criterion: Criterion, declared: bool | None, now: bool | None) -> bool | None:
    """Return whether the count of years would meet its cut with this year judged otherwise, earlier years as declared."""
    if now is declared or criterion.threshold is None:
        return test["passes"]  # type: ignore[no-any-return]
    count = test["value"] - (declared is True) + (now is True)
    if _meets(count, criterion.op, float(criterion.threshold)):
        return True
    if test["passes"] is False and not _meets(count + (now is None), criterion.op, float(criterion.threshold)):
        return False if "no flows" not in test["why"] else None
    return None if test["why"] or now is None else False


def _interval(
    c: Criterion, base: str, total: dict[str, bd.Interval], seen: dict[str, bd.Interval]
) -> bd.Interval | None:
    match c.name:
        case "import_export_ratio":
            return total["import_export_ratio:extra"] if c.imports == "extra" else seen["import_export_ratio:all"]
        case "top_supplier_share":
            return total["top_supplier_share:extra"] if base == "extra" else seen["top_supplier_share:all"]
        case "extra_bloc_hhi" | "extra_bloc_import_share":
            return total[c.name]
        case "partner_hhi" | "import_value":
            return seen[c.name]
        case _:
            return None


def unnamed(flows: FlowSet, where: Setting, product: str, year: int, row: dict[str, Any]) -> dict[str, Any]:
    """Return each criterion's range when imports that name no supplier are given back: spread thinly below, all the largest supplier's above.

    Only the reporter's own imports are bounded; what is kept secret of other countries' trade is in no world figure. ``value`` is the amount in currency units;
    `criteria` is empty where there is none.
    """
    found = by_importer(flows, year, product)
    home = where.members if where.reporter == where.bloc else {where.reporter}
    secret = sum(v for c, v in found.items() if c in home)
    ranges: dict[str, Any] = {}
    ends: tuple[list[bool | None], list[bool | None]] = ([], [])
    total, seen = _trades(flows, where, product, year) if secret else (_NOTHING, _NOTHING)
    for c in where.preset.criteria:
        test = row["criteria"][c.name]
        interval = _given_back(c, where, total, seen, secret) if secret else None
        foreign = c.currency not in ("", flows.currency)
        if (
            interval is None
            or foreign
            or test["value"] is None
            or test["threshold"] is None
            or where.preset.mean_years > 1
        ):
            for end in ends:
                end.append(test["passes"])
            continue
        scale = flows.scale if c.name == "import_value" else 1
        low, high = (float(x / scale) for x in interval)
        passes = (_meets(low, c.op, test["threshold"]), _meets(high, c.op, test["threshold"]))
        ranges[c.name] = {
            "declared": test["value"],
            "low": low,
            "high": high,
            "threshold": test["threshold"],
            "could_turn": passes[0] != passes[1],
        }
        for end, flag in zip(ends, passes, strict=True):
            end.append(flag)
    verdict = [_and(end) for end in ends]
    return {
        "value": secret // flows.scale if secret % flows.scale == 0 else secret / flows.scale,
        "criteria": ranges,
        "verdict": verdict,
        "could_turn": verdict[0] != verdict[1],
    }


_NOTHING = bd.Trade((), (), 0, None)


def _given_back(
    c: Criterion, where: Setting, total: bd.Trade, seen: bd.Trade, secret: int
) -> tuple[Fraction, Fraction] | None:
    """Return the least and the greatest value of a criterion over every way to give the secret imports a supplier."""
    ext, every = sum(total.outside), (*seen.outside, *seen.inside)
    base = total.outside if where.preset.base == "extra" else every
    match c.name:
        case "extra_bloc_hhi" | "partner_hhi":
            found = bd.secret_bounds(total.outside if c.name == "extra_bloc_hhi" else every, secret)
            return None if found.low is None or found.high is None else (found.low, found.high)
        case "top_supplier_share" if not c.partner and base:
            whole = sum(base) + secret
            return Fraction(max(base), whole), Fraction(max(base) + secret, whole)
        case "extra_bloc_import_share":
            whole = ext + sum(total.inside) + secret
            return Fraction(ext, whole), Fraction(ext + secret, whole)
        case "import_export_ratio":
            bought, sold = (ext, total.exports) if c.imports == "extra" else (sum(every), seen.exports)
            return (Fraction(bought, sold), Fraction(bought + secret, sold)) if sold else None
        case "import_value" if not c.domestic_use:
            return Fraction(sum(every)), Fraction(sum(every) + secret)
        case _:
            return None


def _trades(flows: FlowSet, where: Setting, product: str, year: int) -> tuple[bd.Trade, bd.Trade]:
    """Return the reporter's trade with everybody, and as the treatment of the bloc shows it.

    A bloc as one country has no inside; to a reporter outside the bloc its members are one supplier, in the criteria of outside supply and wherever the bloc
    is one country.
    """
    apart = Setting(where.reporter, where.preset, where.bloc, where.members, "members")
    who = supply(flows, apart, product, year)
    outside = tuple(v for v, inside in zip(who.values, who.inside, strict=True) if not inside)
    within = tuple(v for v, inside in zip(who.values, who.inside, strict=True) if inside)
    exports, re = _exports(flows, where, product, year, outside_only=False)
    one = where.treatment == "one"
    if where.reporter == where.bloc:
        total = bd.Trade(outside, within, exports, re)
        return total, bd.Trade(outside, (), *_exports(flows, where, product, year, outside_only=True)) if one else total
    if where.reporter in where.members:
        total = bd.Trade(outside, within, exports, re)
        return total, total
    merged = bd.Trade((*outside, sum(within)) if within else outside, (), exports, re)
    return merged, merged if one else bd.Trade((*outside, *within), (), exports, re)


def _exports(flows: FlowSet, where: Setting, product: str, year: int, *, outside_only: bool) -> tuple[int, int | None]:
    """Return the reporter's exports of a product and its declared re-exports, in units."""
    import pyarrow.parquet as pq

    table = pq.read_table(
        flows.path(year),
        columns=["importer", "exporter", "value", "re_export"],
        filters=[("product", "==", product_index(flows, product))],
    )
    i, e = table["importer"].to_numpy(), table["exporter"].to_numpy()
    member = np.array([c in where.members for c in flows.countries], dtype=bool)
    mine = member[e] if where.reporter == where.bloc else e == flows.country_index(where.reporter)
    if outside_only:
        mine &= ~member[i]
    value = table["value"].to_numpy()[mine].sum()
    re = table["re_export"].combine_chunks().fill_null(0).to_numpy(zero_copy_only=False)[mine].sum()
    return int(value), int(re) if flows.has_re_export else None
