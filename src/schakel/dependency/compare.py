"""What do all definitions say about one product, how far is each from saying the opposite, and what changed between two years?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from schakel.dependency import bounds as bd
from schakel.dependency.presets import Preset, names
from schakel.dependency.screen import Setting, judged, rows_of, screen, setting
from schakel.dependency.suppliers import product_index, supply
from schakel.errors import NotFoundError
from schakel.lake.flowset import FlowSet


def compare(
    flows: FlowSet,
    reporter: str,
    product: str,
    year: int,
    *,
    methods: Sequence[str] | None = None,
    bloc: str | None = None,
) -> dict[str, Any]:
    """Return one product under every definition.

    Returns
    -------
    dict
        ``methods`` (a row a definition with verdict, criteria, flips and bounds), ``agreement`` (yes, no, open) and ``control`` of what was asked.

    Raises
    ------
    NotFoundError
        If the reporter does not import the product in that year.
    """
    out = []
    index = product_index(flows, product)
    for name in methods or names():
        where = setting(reporter, name, year, bloc)
        y, result = judged(flows, where, year, informational=False)
        at = np.flatnonzero(y.product == index)
        if len(at) == 0:
            raise NotFoundError(
                f"{where.reporter} imports no {product} in {year}", remedy="choose another product or year"
            )
        row = next(r for r in rows_of(flows, y, result) if r["product"] == product)
        out.append(
            {
                "method": where.preset.name,
                "title": {"en": where.preset.title, "nl": where.preset.title_nl},
                "treatment": where.treatment,
                "dependent": row["dependent"],
                "criteria": row["criteria"],
                "flips": flips(row),
                "bounds": _bounds(flows, where, product, year, row),
                "top_supplier": row["top_supplier"],
                "top_supplier_share": row["top_supplier_share"],
                "import_value_usd": row["import_value_usd"],
                "import_value_eur": row["import_value_eur"],
            }
        )
    verdicts = [m["dependent"] for m in out]
    return {
        "reporter": setting(reporter, names()[0], year).reporter,
        "product": product,
        "year": year,
        "methods": out,
        "agreement": {"yes": verdicts.count(True), "no": verdicts.count(False), "open": verdicts.count(None)},
    }


def flips(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return, for each criterion that could turn the verdict by itself, where its threshold would have to go.

    A yes turns to no when any one threshold reaches its value. A no turns to yes only when exactly one criterion
    fails and none is unknown. An open verdict turns to no in the same way as a yes; it cannot be turned to yes by a
    threshold.
    """
    tests = {n: c for n, c in row["criteria"].items() if c["passes"] is not None or (c["threshold"] is not None)}
    failed = [n for n, c in tests.items() if c["passes"] is False]
    unknown = [
        n for n, c in row["criteria"].items() if c["passes"] is None and c["why"] != "not a test of this definition"
    ]
    out = []
    for name, c in tests.items():
        if c["value"] is None or c["threshold"] is None:
            continue
        turns = (c["passes"] is True and not failed) or (failed == [name] and not unknown)
        move = c["value"] - c["threshold"]
        out.append(
            {
                "criterion": name,
                "threshold": c["threshold"],
                "flips_at": c["value"],
                "move": move,
                "move_relative": move / c["threshold"] if c["threshold"] else None,
                "turns_verdict": turns,
            }
        )
    return out


def _bounds(flows: FlowSet, where: Setting, product: str, year: int, row: dict[str, Any]) -> dict[str, Any]:
    """Return each criterion's range under the bounds for re-exports, and whether the verdict could turn."""
    preset = where.preset
    apart = Setting(where.reporter, preset, where.bloc, where.members, "members")
    who = supply(flows, apart, product, year)
    outside = tuple(v for v, inside in zip(who.values, who.inside, strict=True) if not inside)
    within = tuple(v for v, inside in zip(who.values, who.inside, strict=True) if inside)
    if flows.coverage != "world" or preset.mean_years > 1:
        return {
            "criteria": {},
            "verdict": [row["dependent"], row["dependent"]],
            "could_turn": None,
            "why": "needs the reporter's exports of one year",
        }
    whole = where.reporter == where.bloc and where.treatment == "one"
    exports, re = _exports(flows, where, product, year, outside_only=False)
    out_exports, out_re = _exports(flows, where, product, year, outside_only=True) if whole else (exports, re)
    total = bd.re_export_bounds(bd.Trade(outside, within, exports, re))
    alone = bd.re_export_bounds(bd.Trade(outside, (), out_exports, out_re)) if whole else total
    ranges: dict[str, Any] = {}
    low_all, high_all = True, True
    open_ = False
    for c in preset.criteria:
        test = row["criteria"][c.name]
        key = c.name
        if key == "import_export_ratio":
            key += ":extra" if c.imports == "extra" else ":all"
        if key == "top_supplier_share":
            key += ":extra" if preset.base == "extra" else ":all"
        source = alone if c.name in ("partner_hhi",) or key.endswith(":all") else total
        interval = source.get(key)
        if (
            interval is None
            or c.partner
            or c.currency == "EUR"
            or test["threshold"] is None
            or (interval.low is None and interval.high is None)
        ):
            open_ |= test["passes"] is None
            low_all &= test["passes"] is not False
            high_all &= test["passes"] is not False
            continue
        scale = flows.scale if c.name == "import_value" else 1
        low = float(interval.low / scale) if interval.low is not None else None
        high = float(interval.high / scale) if interval.high is not None else None
        cut = test["threshold"]
        pass_low = low is not None and (low > cut or (c.op == ">=" and low >= cut))
        pass_high = high is None or high > cut or (c.op == ">=" and high >= cut)
        ranges[c.name] = {
            "declared": test["value"],
            "low": low,
            "high": high,
            "threshold": cut,
            "could_turn": pass_low != pass_high,
        }
        low_all &= pass_low
        high_all &= pass_high
    return {
        "criteria": ranges,
        "verdict": [None if open_ and low_all else low_all, None if open_ and high_all else high_all],
        "could_turn": low_all != high_all,
        "why": "re-exports as declared, their origins unknown"
        if re is not None
        else "re-exports not declared: anything from nothing to the smaller of imports and exports",
    }


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


def churn(
    flows: FlowSet, reporter: str, method: str, first: int, second: int, bloc: str | None = None
) -> dict[str, Any]:
    """Return which products were dependent in one year and in another.

    ``left_share`` is the part of the first year's dependent products that no longer are (Vicard and Wibaux 2023).
    """
    found = {
        t: {
            r["product"]: r["dependent"]
            for r in screen(flows, reporter=reporter, method=method, year=t, bloc=bloc).rows
        }
        for t in (first, second)
    }
    before = {p for p, d in found[first].items() if d}
    after = {p for p, d in found[second].items() if d}
    open_ = sorted(p for p, d in found[second].items() if d is None and p in before)
    left = sorted(before - after - set(open_))
    return {
        "reporter": reporter,
        "method": method,
        "from": first,
        "to": second,
        "stayed": sorted(before & after),
        "left": left,
        "entered": sorted(after - before),
        "open": open_,
        "left_share": len(left) / len(before) if before else None,
    }


def preset_rows(presets: Sequence[Preset]) -> list[dict[str, Any]]:
    """Return the definitions as flat rows, a criterion each, for tables and pages."""
    return [
        {
            "method": p.name,
            "criterion": c.name,
            "op": c.op,
            "threshold": float(c.threshold) if c.threshold is not None else None,
            "relative_to": f"{float(c.times):g} x {c.of}" if c.of and c.times is not None else "",
            "formula": c.formula,
            "status": c.status,
            "source": p.source,
        }
        for p in presets
        for c in p.criteria
    ]
