"""What should every definition say? A slow twin of the dependency room, in plain Python with exact fractions.

Written from the published formulas and the definitions' TOML data; nothing of the room's own code is used. Flows are a list of `Flow`; a measure is a
Fraction, `INF` where nothing is exported, or None where it is undefined or an input is missing. Deviations are kept as their squares.
"""

from __future__ import annotations

import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import resources
from typing import Any

INF = math.inf
TERM = 2**32  # every centrality term is rounded once to this fraction, as the definition states
CRITERIA = (
    "extra_bloc_hhi",
    "partner_hhi",
    "extra_bloc_import_share",
    "import_export_ratio",
    "world_export_hhi",
    "top_supplier_share",
    "centrality",
    "spof",
    "persistent_years",
    "import_value",
)
Number = Fraction | float | None


@dataclass(frozen=True)
class Flow:
    """One row of a flow file; values in whole dollars and euros."""

    year: int
    exporter: str
    importer: str
    product: str
    usd: int
    eur: int | None = None
    re: int | None = None


@dataclass
class Case:
    """Flows and what is known about them."""

    flows: list[Flow]
    members: frozenset[str]
    bloc: str = "EU27"
    coverage: str = "world"
    kept: list[Flow] = field(init=False)

    def __post_init__(self) -> None:
        self.kept = [f for f in self.flows if f.exporter != f.importer and f.usd > 0]

    @property
    def years(self) -> set[int]:
        return {f.year for f in self.flows}

    @property
    def has_eur(self) -> bool:
        return any(f.eur is not None for f in self.flows)

    @property
    def has_re(self) -> bool:
        return any(f.re is not None for f in self.flows)


def toml(name: str) -> dict[str, Any]:
    """The data of a definition, as written."""
    return tomllib.loads(resources.files("schakel.dependency").joinpath("presets", f"{name}.toml").read_text("utf-8"))


def shares_squared(parts: Iterable[int]) -> Number:
    """HHI: the sum of squared shares."""
    parts = list(parts)
    whole = sum(parts)
    return sum((Fraction(p, whole) ** 2 for p in parts), Fraction(0)) if whole else None


def divide(a: int, b: int, nothing: Number = INF) -> Number:
    """a / b where b may be nothing exported."""
    if b:
        return Fraction(a, b)
    return nothing if a else None


def trade(case: Case, year: int, product: str, one: bool) -> dict[tuple[str, str], int]:
    """World trade of one product as exporter, importer -> dollars; with `one` the bloc is a country and trades only with others."""
    out: dict[tuple[str, str], int] = defaultdict(int)
    for f in case.kept:
        if f.year == year and f.product == product:
            e = case.bloc if one and f.exporter in case.members else f.exporter
            i = case.bloc if one and f.importer in case.members else f.importer
            if e != i:
                out[e, i] += f.usd
    return dict(out)


def exporter_totals(world: dict[tuple[str, str], int]) -> dict[str, int]:
    out: dict[str, int] = defaultdict(int)
    for (e, _), v in world.items():
        out[e] += v
    return dict(out)


def variance_of_centrality(world: dict[tuple[str, str], int], unit: int | None = TERM) -> Fraction | None:
    """Square of the sample deviation over exporters of C_a = sum over b of w[a,b] / <w_b>, <w_b> the mean of b's import links."""
    suppliers: dict[str, list[int]] = defaultdict(list)
    for (_, i), v in world.items():
        suppliers[i].append(v)
    c: dict[str, Fraction] = defaultdict(Fraction)
    for (e, i), v in world.items():
        term = Fraction(v * len(suppliers[i]), sum(suppliers[i]))
        c[e] += term if unit is None else Fraction(math.floor(term * unit + Fraction(1, 2)), unit)
    n = len(c)
    if n < 2:
        return None
    mean = sum(c.values(), Fraction(0)) / n
    return sum(((x - mean) ** 2 for x in c.values()), Fraction(0)) / (n - 1)


def percentile_ranks(values: dict[str, Fraction | None]) -> dict[str, Fraction]:
    """Average rank of each known value, ties shared, over the number of known values."""
    known = [v for v in values.values() if v is not None]
    out = {}
    for p, v in values.items():
        if v is not None:
            below, same = sum(k < v for k in known), sum(k == v for k in known)
            out[p] = Fraction(2 * below + same + 1, 2 * len(known))
    return out


def spof(case: Case, year: int, one: bool) -> dict[str, Fraction]:
    """Mean of the percentile ranks of centrality and of the world export HHI."""
    worlds = {p: trade(case, year, p, one) for p in {f.product for f in case.kept if f.year == year}}
    first = percentile_ranks({p: variance_of_centrality(w) for p, w in worlds.items()})
    second = percentile_ranks({p: shares_squared(exporter_totals(w).values()) for p, w in worlds.items()})
    return {p: (first[p] + second[p]) / 2 for p in first if p in second}


@dataclass
class Imports:
    """What a reporter buys of one product in one year."""

    all: dict[str, int]  # every supplier
    outside: dict[
        str, int
    ]  # suppliers outside the bloc; for a reporter outside it, every supplier with the bloc as one
    used: dict[str, int]  # the suppliers that the treatment of the bloc shows
    exports: int  # as the treatment of the bloc shows
    exports_all: int
    re: int
    eur: int | None


def imports(case: Case, reporter: str, year: int, product: str, one: bool) -> Imports:
    is_bloc = reporter == case.bloc
    home = case.members if is_bloc else {reporter}
    rows = [f for f in case.kept if f.year == year and f.product == product]
    every: dict[str, int] = defaultdict(int)
    outside: dict[str, int] = defaultdict(int)
    eur: int | None = 0
    for f in rows:
        if f.importer not in home:
            continue
        every[f.exporter] += f.usd
        if f.exporter not in case.members:
            outside[f.exporter] += f.usd
        elif reporter not in case.members and not is_bloc:
            outside[case.bloc] += f.usd
        if not (is_bloc and one and f.exporter in case.members):
            eur = None if eur is None or f.eur is None else eur + f.eur
    inside_reporter = reporter in case.members
    used = every if not one or inside_reporter else outside
    sold = sum(f.usd for f in rows if f.exporter in home)
    sold_out = sum(f.usd for f in rows if f.exporter in home and f.importer not in case.members)
    return Imports(
        all=dict(every),
        outside=dict(outside),
        used=dict(used),
        exports=sold_out if is_bloc and one else sold,
        exports_all=sold,
        re=sum(f.re or 0 for f in rows if f.exporter in home),
        eur=eur if case.has_eur else None,
    )


def year_values(
    case: Case, preset: dict[str, Any], reporter: str, year: int, one: bool
) -> dict[str, dict[str, Number]]:
    """Every criterion of every product that the reporter imports; centrality as its square."""
    wanted = {c["name"]: c for c in preset["criterion"]}
    base = preset.get("base", "extra")
    ranks = spof(case, year, one)
    out: dict[str, dict[str, Number]] = {}
    for product in sorted({f.product for f in case.kept if f.year == year}):
        m = imports(case, reporter, year, product, one)
        if not m.all:
            continue
        world = trade(case, year, product, one)
        total, extra, used = sum(m.all.values()), sum(m.outside.values()), sum(m.used.values())
        test = wanted.get("import_export_ratio", {"imports": "extra" if base == "extra" else "all"})
        zero = Fraction(test["zero_exports"]) if "zero_exports" in test else INF
        bought, sold = (extra, m.exports_all) if test.get("imports", "extra") == "extra" else (used, m.exports)
        ratio = divide(bought, sold, zero)
        top = wanted.get("top_supplier_share", {})
        chosen = m.outside if base == "extra" else m.used
        if top.get("partner"):
            top_share = Fraction(m.all.get(top["partner"], 0), used) if used else None
        else:
            top_share = Fraction(max(chosen.values()), sum(chosen.values())) if chosen else None
        world_known = case.coverage == "world"
        out[product] = {
            "extra_bloc_hhi": shares_squared(m.outside.values()),
            "partner_hhi": shares_squared(m.used.values()),
            "extra_bloc_import_share": Fraction(extra, total),
            "import_export_ratio": ratio if world_known else None,
            "world_export_hhi": shares_squared(exporter_totals(world).values()) if world_known else None,
            "top_supplier_share": top_share,
            "centrality": variance_of_centrality(world) if world_known else None,
            "spof": ranks.get(product) if world_known else None,
            "import_value": import_value(case, wanted.get("import_value", {}), m, used),
        }
    return out


def import_value(case: Case, test: dict[str, Any], m: Imports, used: int) -> Number:
    """Imports in the criterion's currency, less re-exports where it asks for domestic use."""
    if test.get("domestic_use"):
        if not case.has_re:
            return None
        left = max(used - m.re, 0)
    else:
        left = used
    if test.get("currency", "USD") == "USD":
        return Fraction(left)
    if m.eur is None:
        return None
    return Fraction(m.eur * left, used) if used else Fraction(0)


def meets(value: Number, op: str, cut: Number) -> bool | None:
    if value is None or cut is None:
        return None
    return value >= cut if op == ">=" else value > cut


def conjunction(flags: Iterable[bool | None]) -> bool | None:
    """One failed decides; else one unknown leaves it open."""
    flags = list(flags)
    return False if False in flags else None if None in flags else True


def mean(values: list[Number]) -> Number:
    known = [v for v in values if v is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def verdicts(
    case: Case, preset: dict[str, Any], reporter: str, year: int, one: bool
) -> dict[str, dict[str, tuple[Number, bool | None]]]:
    """Values and flags of the tests of one year, the persistence test left out."""
    years = [t for t in range(year - preset.get("mean_years", 1) + 1, year + 1) if t in case.years]
    tables = {t: year_values(case, preset, reporter, t, one) for t in years}
    tests = {c["name"]: c for c in preset["criterion"] if c["name"] != "persistent_years"}
    out: dict[str, dict[str, tuple[Number, bool | None]]] = {}
    for product, now in tables.get(year, {}).items():
        row = dict(now)
        if len(years) > 1:
            row = {}
            for name in now:
                yearly = [tables[t][product][name] for t in years if product in tables[t]]
                if name == "centrality":  # a mean of deviations, squared again
                    yearly = [None if v is None else math.sqrt(v) for v in yearly]
                    one_mean = mean(yearly)
                    row[name] = None if one_mean is None else one_mean**2
                else:
                    row[name] = mean(yearly)
        judged: dict[str, tuple[Number, bool | None]] = {}
        for name, value in row.items():
            test = tests.get(name)
            passes = None
            if test is not None:
                cut: Number = Fraction(test["threshold"]) if "threshold" in test else None
                if "of" in test:
                    other = row[test["of"]]
                    cut = None if other is None else Fraction(test["times"]) * other
                if name == "centrality" and cut is not None:
                    cut = cut * cut
                passes = meets(value, test["op"], cut)
            judged[name] = (value, passes)
        out[product] = judged
    return out


def screen(
    case: Case, preset: dict[str, Any], reporter: str, year: int, bloc: str | None = None
) -> dict[str, dict[str, Any]]:
    """The answer by product: value and flag of each criterion, verdict, top supplier and its share."""
    one = (bloc or preset.get("treatment", "one")) == "one"
    names = [c["name"] for c in preset["criterion"] if c["name"] != "persistent_years"]
    persistent = next((c for c in preset["criterion"] if c["name"] == "persistent_years"), None)
    by_year: dict[int, dict[str, dict[str, tuple[Number, bool | None]]]] = {}
    window = range(year - persistent["window"] + 1, year) if persistent else range(0)
    for t in (*window, year):
        if t in case.years:
            by_year[t] = verdicts(case, preset, reporter, t, one)
    out: dict[str, dict[str, Any]] = {}
    for product, judged in by_year[year].items():
        holds = {t: holding(case, by_year, names, product, t) for t in (*window, year)}
        flags = [judged[n][1] for n in names]
        if persistent:
            sure, possible = (sum(h is True for h in holds.values()), sum(h is not False for h in holds.values()))
            cut = Fraction(persistent["threshold"])
            least, most = meets(Fraction(sure), persistent["op"], cut), meets(Fraction(possible), persistent["op"], cut)
            judged["persistent_years"] = (Fraction(sure), True if least else None if most else False)
            flags.append(judged["persistent_years"][1])
        else:
            judged["persistent_years"] = (None, None)
        m = imports(case, reporter, year, product, one)
        base = m.outside if preset.get("base", "extra") == "extra" else m.used
        top = min(
            base, key=lambda c: (-base[c], c == case.bloc, c), default=None
        )  # ties: first in the alphabet, the bloc last
        out[product] = {
            "criteria": judged,
            "dependent": conjunction(flags),
            "top_supplier": top,
            "top_supplier_share": Fraction(base[top], sum(base.values())) if top else None,
            "import_value": sum(m.used.values()),
        }
    return out


def holding(case: Case, by_year: dict[int, dict[str, Any]], names: list[str], product: str, year: int) -> bool | None:
    """Do the other tests hold in a year? Unknown without flows of that year, or when nobody traded the product then."""
    if year not in by_year:
        return None
    if product in by_year[year]:
        return conjunction(by_year[year][product][n][1] for n in names)
    traded = any(f.product == product and f.year == year for f in case.kept)
    return False if traded else None


def as_float(name: str, value: Number) -> float | None:
    """The number a reader sees: deviations out of their squares, nothing for infinity."""
    if value is None or value == INF:
        return None
    return math.sqrt(value) if name == "centrality" else float(value)
