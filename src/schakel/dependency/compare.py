"""What do all definitions say about one product, how far is each from saying the opposite, and what changed between two years?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from schakel.dependency.flips import flips
from schakel.dependency.presets import Preset, names
from schakel.dependency.ranges import bounds, unnamed
from schakel.dependency.screen import judged, rows_of, screen, setting
from schakel.dependency.suppliers import product_index
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
        ``methods`` (a row a definition: verdict, criteria, flips, the bounds for re-exports, those for imports without a
        named supplier), ``agreement`` (yes, no, open), and ``reporter``, ``product`` and ``year`` as they were asked.

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
                "flips": flips(flows, where, product, year, row),
                "bounds": bounds(flows, where, product, year, row),
                "unnamed": unnamed(flows, where, product, year, row),
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


def churn(
    flows: FlowSet, reporter: str, method: str, first: int, second: int, bloc: str | None = None
) -> dict[str, Any]:
    """Return which products were dependent in one year and in another.

    ``left_share`` is the part of the first year's dependent products that no longer are (Vicard and Wibaux 2023). Products that are dependent in one year and
    undecided in the other are ``open``: they neither left nor entered for certain.
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
    unsure = {p for p, d in found[second].items() if d is None and p in before}
    unsure |= {p for p, d in found[first].items() if d is None and p in after}
    left = sorted(before - after - unsure)
    return {
        "reporter": setting(reporter, method, first, bloc).reporter,
        "method": method,
        "from": first,
        "to": second,
        "stayed": sorted(before & after),
        "left": left,
        "entered": sorted(after - before - unsure),
        "open": sorted(unsure),
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
