"""Who leans on the reporter, by how much, and do both lean on each other or on the same third?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from schakel.dependency import measures as ms
from schakel.dependency.evaluate import Evaluated, evaluate
from schakel.dependency.indicators import YearIndicators
from schakel.dependency.screen import Setting, inputs, setting
from schakel.errors import InputError, NotFoundError
from schakel.lake.flowset import FlowSet
from schakel.nomenclature import blocs

MAJORITY = 0.5  # partner reliance above one half: Lefebvre and Wibaux (2024), bilateral dependency


@dataclass(frozen=True)
class Everyone:
    """A definition applied to every importer of a year."""

    where: Setting
    y: YearIndicators
    result: Evaluated

    def index(self, name: str) -> int:
        """Return the position of a country or of the bloc; -1 when absent."""
        return self.y.countries.index(name) if name in self.y.countries else -1


def everyone(
    flows: FlowSet, reporter: str, method: str, year: int, bloc: str | None = None, *, threads: int | None = None
) -> Everyone:
    """Apply a definition to all importers; a bloc as reporter is always treated as one country here."""
    where = setting(reporter, method, year, bloc)
    if where.reporter == where.bloc and where.treatment == "members":
        where = Setting(where.reporter, where.preset, where.bloc, where.members, "one")
    years, context = inputs(flows, where, year, None, threads=threads)
    return Everyone(where, years[year], evaluate(where.preset, years, year, context, informational=False))


def leads(all_: Everyone, supplier: str) -> npt.NDArray[np.bool_]:
    """Return whether a supplier is the largest of each row's importer.

    A country is weighed against every other country, also where the definition sees a bloc as one: the bloc would hide its members. A bloc is weighed as one
    supplier, by importers outside it.
    """
    y = all_.y
    index = all_.index(supplier)
    if index < 0:
        return np.zeros(len(y.importer), bool)
    view = ms.view(y, all_.where.treatment, all_.where.members)
    apart = np.where(y.importer == y.bloc_index, view.arg, y.arg_all)
    found: npt.NDArray[np.bool_] = (y.arg_ext if index == y.bloc_index else apart) == index
    return found


def deliveries(
    flows: FlowSet, where: Setting, year: int
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return product, importer and value of what the reporter delivers; deliveries inside its own bloc are left out when the bloc is the reporter."""
    import pyarrow.parquet as pq

    filters = None if where.reporter == where.bloc else [("exporter", "==", flows.country_index(where.reporter))]
    table = pq.read_table(flows.path(year), columns=["product", "importer", "exporter", "value"], filters=filters)
    product, importer, exporter, value = (table[c].to_numpy() for c in ("product", "importer", "exporter", "value"))
    if where.reporter == where.bloc:
        member = np.array([c in where.members for c in flows.countries], dtype=bool)
        keep = member[exporter] & ~member[importer]
        product, importer, value = product[keep], importer[keep], value[keep]
        key = product.astype(np.int64) * len(flows.countries) + importer
        unique, inverse = np.unique(key, return_inverse=True)
        summed = np.zeros(len(unique), np.int64)
        np.add.at(summed, inverse, value)
        return unique // len(flows.countries), unique % len(flows.countries), summed
    return product.astype(np.int64), importer.astype(np.int64), value


_FLAG = {ms.PASS: True, ms.FAIL: False, ms.UNKNOWN: None}


def reverse(
    flows: FlowSet, reporter: str, method: str, year: int, bloc: str | None = None, *, threads: int | None = None
) -> list[dict[str, Any]]:
    """Return, by partner and product, what the partner imports from the reporter.

    Each row has ``partner``, ``product``, ``value`` (currency units), ``reliance`` R = M[j,c] / M_j, ``majority`` (R
    above one half), ``dependent`` (the partner's own verdict under the definition), ``top_supplier`` (is the reporter
    its largest supplier, see `leads`), ``reverse_dependency`` (both); largest reliance first.
    """
    all_ = everyone(flows, reporter, method, year, bloc, threads=threads)
    y, result, where = all_.y, all_.result, all_.where
    product, importer, value = deliveries(flows, where, year)
    width = len(y.countries)
    keys = y.product.astype(np.int64) * width + y.importer
    at = np.searchsorted(keys, product * width + importer)
    total = y.m_all[at]
    top = leads(all_, where.reporter)[at]
    out = []
    for k in range(len(product)):
        reliance = float(value[k]) / float(total[k])
        verdict = _FLAG[int(result.verdict[at[k]])]
        leading = bool(top[k])
        both = False if not leading or verdict is False else verdict
        out.append(
            {
                "partner": y.countries[int(importer[k])],
                "product": y.products[int(product[k])],
                "value": _amount(int(value[k]), flows.scale),
                "reliance": reliance,
                "majority": reliance > MAJORITY,
                "dependent": verdict,
                "top_supplier": leading,
                "reverse_dependency": both,
            }
        )
    return sorted(out, key=lambda r: (-r["reliance"], -r["value"], r["partner"], r["product"]))


def by_partner(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sum reverse rows by partner: products bought, those with a majority from the reporter and their value, and reverse dependencies certain and possible."""
    out: dict[str, dict[str, Any]] = {}
    for row in rows:
        into = out.setdefault(
            row["partner"],
            {
                "partner": row["partner"],
                "products": 0,
                "value": 0,
                "majority_products": 0,
                "majority_value": 0,
                "reverse": 0,
                "reverse_possible": 0,
            },
        )
        into["products"] += 1
        into["value"] += row["value"]
        if row["majority"]:
            into["majority_products"] += 1
            into["majority_value"] += row["value"]
        into["reverse"] += row["reverse_dependency"] is True
        into["reverse_possible"] += row["reverse_dependency"] is not False
    return sorted(out.values(), key=lambda r: (-r["majority_products"], -r["majority_value"], r["partner"]))


def mutual(
    flows: FlowSet, parties: Sequence[str], method: str, year: int, *, threads: int | None = None
) -> list[dict[str, Any]]:
    """Return the mutual matrix: in how many products, and for what value, does i depend on j.

    D[i,j] counts products in which i meets the definition and j is its largest supplier. Where verdicts are open the count is a range: ``count`` (certain) to
    ``count_possible``. ``asymmetry`` A = D[i,j] - D[j,i]; ``ratio`` = D[i,j] / (D[i,j] + D[j,i]), None when both are zero.
    """
    if len(set(parties)) < 2:
        raise InputError(
            "a mutual matrix needs at least two different parties",
            where=", ".join(parties),
            remedy="for example schakel mutual FLOWS NLD CHN USA",
        )
    all_, named = _parties(flows, parties, method, year, threads)
    y, result = all_.y, all_.result
    cells: dict[tuple[str, str], tuple[int, int, int]] = {}
    for i in named:
        mine = y.importer == all_.index(i)
        for j in named:
            if i == j:
                continue
            theirs = mine & leads(all_, j)
            sure = theirs & (result.verdict == ms.PASS)
            maybe = theirs & (result.verdict != ms.FAIL)
            cells[i, j] = (int(sure.sum()), int(maybe.sum()), int(result.imports[sure].sum()))
    out = []
    for (i, j), (count, possible, value) in cells.items():
        back = cells[j, i][0]
        out.append(
            {
                "importer": i,
                "supplier": j,
                "count": count,
                "count_possible": possible,
                "value": _amount(value, flows.scale),
                "asymmetry": count - back,
                "ratio": count / (count + back) if count + back else None,
            }
        )
    return out


def common(
    flows: FlowSet, first: str, second: str, method: str, year: int, *, threads: int | None = None
) -> list[dict[str, Any]]:
    """Return the products in which both depend on the same third country: the largest supplier in the definition's base."""
    all_, (first, second) = _parties(flows, (first, second), method, year, threads)
    y, result = all_.y, all_.result
    top = result.top
    found: dict[int, dict[str, int]] = {}
    for name in (first, second):
        index = all_.index(name)
        for k in np.flatnonzero((y.importer == index) & (result.verdict == ms.PASS)).tolist():
            found.setdefault(int(y.product[k]), {})[name] = int(top[k])
    return [
        {"product": y.products[p], "third": y.countries[tops[first]]}
        for p, tops in sorted(found.items())
        if len(tops) == 2 and tops[first] == tops[second] and y.countries[tops[first]] not in (first, second)
    ]


def _parties(
    flows: FlowSet, parties: Sequence[str], method: str, year: int, threads: int | None
) -> tuple[Everyone, list[str]]:
    """Resolve the parties and apply the definition, a bloc among them as one country."""
    resolved = [setting(p, method, year) for p in parties]
    among = sorted({w.reporter for w in resolved if w.reporter == w.bloc})
    if len(among) > 1:
        raise InputError(
            "two blocs cannot both be one country", where=", ".join(among), remedy="name one bloc, and countries"
        )
    inside = sorted({w.reporter for w in resolved} & blocs.members(among[0], year)) if among else []
    if inside:
        raise InputError(
            f"{', '.join(inside)} {'is' if len(inside) == 1 else 'are'} part of {among[0]}: the two overlap",
            where=", ".join(parties),
            remedy="name the bloc or its members, not both",
        )
    all_ = everyone(flows, among[0] if among else resolved[0].reporter, method, year, threads=threads)
    for where in resolved:
        if all_.index(where.reporter) < 0:
            raise NotFoundError(f"the flows hold nothing of {where.reporter}", remedy="check the parties")
    return all_, [w.reporter for w in resolved]


def _amount(units: int, scale: int) -> int | float:
    return units // scale if units % scale == 0 else units / scale
