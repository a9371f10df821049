"""Does each row meet a definition: every criterion's value, its threshold, pass or fail, and the verdict?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from schakel.dependency import measures as ms
from schakel.dependency.indicators import YearIndicators
from schakel.dependency.measures import Flags, Measure, View
from schakel.dependency.presets import CRITERIA, Criterion, Preset
from schakel.dependency.wide import F64, I64

_DEFAULT = Criterion(name="", op=">", threshold=None, formula="", status="")
NEEDS_WORLD = ("import_export_ratio", "world_export_hhi", "centrality", "spof")
_NO_CUT = "the cut was not read in the source; a definition of your own (.toml) can set one"
_NO_WORLD = "the flows hold imports only; add world trade (BACI) or the reporter's exports"


@dataclass(frozen=True)
class Judged:
    """One criterion over all rows, shape (n,): value (NaN unknown, inf nothing exported), threshold (NaN none), passes (1, 0, -1), why unknown, and an upper
    bound where there is one."""

    value: F64
    threshold: F64
    passes: Flags
    why: str
    upper: F64 | None = None


@dataclass(frozen=True)
class Evaluated:
    """A definition applied to one year; rows as in the YearIndicators it was made from.

    ``top`` and ``top_share`` are the largest supplier in the definition's concentration base: position (-1 none) and share.
    """

    preset: Preset
    year: int
    treatment: str
    imports: I64
    criteria: Mapping[str, Judged]
    verdict: Flags
    top: npt.NDArray[np.int16]
    top_share: F64
    years_used: tuple[int, ...]
    years_missing: tuple[int, ...]


@dataclass(frozen=True)
class Context:
    """What a run knows besides the building blocks: treatment of the bloc, its members, unit scale, currency, coverage.

    ``eur`` has each year's imports in euro, by row; -1 where a row's flows do not all have one.
    """

    treatment: str
    members: frozenset[str]
    scale: int
    currency: str
    coverage: str
    has_re_export: bool
    partner: str = "CHN"
    eur: Mapping[int, I64] | None = None


def evaluate(
    preset: Preset, years: Mapping[int, YearIndicators], year: int, context: Context, *, informational: bool = True
) -> Evaluated:
    """Apply a definition to the rows of one year.

    Parameters
    ----------
    years
        Building blocks by year; `year` must be among them, earlier years of the window may be missing.
    informational
        Also give the criteria that the definition does not use (threshold NaN, passes -1).
    """
    y = years[year]
    n = len(y.product)
    wanted = [c for c in CRITERIA if informational or preset.criterion(c)]
    window = range(year - preset.mean_years + 1, year + 1)
    used = tuple(t for t in window if t in years)
    tables = {
        t: _measures(preset, ms.view(years[t], context.treatment, context.members), context, wanted) for t in used
    }
    values = tables[year] if len(used) == 1 else _means({t: (years[t], tables[t]) for t in used}, y)
    judged: dict[str, Judged] = {}
    for name in wanted:
        if name == "persistent_years":
            continue
        criterion = preset.criterion(name)
        measure = values[name]
        relative = values.get(criterion.of) if criterion and criterion.of else None
        if criterion is None:
            flags, threshold = np.full(n, ms.UNKNOWN, np.int8), np.full(n, np.nan)
            why = measure.why or "not a test of this definition"
        else:
            flags, threshold = ms.compare(measure, criterion, relative)
            why = measure.why or ("" if criterion.threshold is not None or criterion.of else _NO_CUT)
            if relative is not None and not why:
                why = f"its threshold needs {criterion.of}: {relative.why or 'undefined here'}"
        judged[name] = Judged(measure.value, threshold, flags, why, measure.upper)
    tests = [judged[c.name].passes for c in preset.criteria if c.name in judged]
    missing = tuple(t for t in window if t not in years)
    persistent = preset.criterion("persistent_years")
    if persistent is not None:
        now = ms.all_of(tests, n)
        judged["persistent_years"], absent = _persistence(preset, persistent, years, year, context, now)
        tests.append(judged["persistent_years"].passes)
        missing = tuple(sorted({*missing, *absent}))
    elif "persistent_years" in wanted:
        blank = np.full(n, np.nan)
        judged["persistent_years"] = Judged(
            blank, blank, np.full(n, ms.UNKNOWN, np.int8), "not a test of this definition"
        )
    view = ms.view(y, context.treatment, context.members)
    top, top_value, base = _top(preset, view)
    return Evaluated(
        preset=preset,
        year=year,
        treatment=context.treatment,
        imports=view.m,
        criteria={name: judged[name] for name in CRITERIA if name in judged},
        verdict=ms.all_of(tests, n),
        top=top,
        top_share=ms.share(top_value, base).value,
        years_used=used,
        years_missing=missing,
    )


def _top(preset: Preset, view: View) -> tuple[npt.NDArray[np.int16], I64, I64]:
    """Return position and value of the top supplier in the definition's base, and the imports its share is taken of."""
    if preset.base == "extra":
        return view.y.arg_ext, view.y.top_ext, view.y.m_ext
    return view.arg, view.top, view.m


def _measures(preset: Preset, view: View, context: Context, wanted: list[str]) -> dict[str, Measure]:
    """Return the measures of one year, a value a row."""
    y, product = view.y, view.y.product

    def value_of(name: str) -> Measure:
        criterion = preset.criterion(name) or _DEFAULT
        if name in NEEDS_WORLD and context.coverage != "world":
            blank = ms.unknown(len(product), _NO_WORLD)
            if name != "import_export_ratio":
                return blank
            extra = criterion.imports == "extra" if criterion.name else preset.base == "extra"
            shown = ms.ratio(y.m_ext, y.x_all, None) if extra else ms.ratio(view.m, view.x, None)
            return replace(blank, upper=shown.value)  # exports are at least what the importers here declare
        match name:
            case "extra_bloc_hhi":
                return ms.hhi(y.ss_ext, y.m_ext)
            case "partner_hhi":
                return ms.hhi(view.ss, view.m)
            case "extra_bloc_import_share":
                return ms.share(y.m_ext, y.m_all)
            case "import_export_ratio":
                extra = criterion.imports == "extra" if criterion.name else preset.base == "extra"
                return (
                    ms.ratio(y.m_ext, y.x_all, criterion.zero_exports)
                    if extra
                    else ms.ratio(view.m, view.x, criterion.zero_exports)
                )
            case "world_export_hhi":
                return ms.by_row(ms.world_hhi(view.world), product)
            case "centrality":
                return ms.by_row(ms.centrality(view.world), product)
            case "spof":
                return ms.by_row(ms.spof(view.world), product)
            case "top_supplier_share":
                if criterion.partner:
                    return ms.share(y.m_partner, y.m_all if criterion.partner in context.members else view.m)
                _, value, base = _top(preset, view)
                return ms.share(value, base)
            case _:
                return _import_value(criterion, view, context)

    return {name: value_of(name) for name in wanted if name != "persistent_years"}


def _import_value(criterion: Criterion, view: View, context: Context) -> Measure:
    """Return imports in the criterion's currency, less re-exports when it asks for domestic use."""
    n = len(view.m)
    if criterion.domestic_use and not context.has_re_export:
        return ms.unknown(n, "no re-exports in the flows; add a column re_export_usd")
    used = np.maximum(view.m - view.y.re, 0) if criterion.domestic_use else view.m
    if criterion.currency in ("", context.currency):
        return ms.amount(used, context.scale)
    column = f"value_{criterion.currency.lower()}"
    if criterion.currency != "EUR" or context.eur is None or view.y.year not in context.eur:
        return ms.unknown(n, f"no values in {criterion.currency}; add a column {column}")
    eur, m, scale = context.eur[view.y.year], view.m, context.scale
    rest = np.where(m > 0, ms.share(used, m).value, 0.0)
    value = np.where(eur >= 0, eur.astype(np.float64) / scale * rest, np.nan)
    why = f"some flows have no {column}; fill that column" if (eur < 0).any() else ""
    return Measure(value, lambda i: Fraction(int(eur[i]) * int(used[i]), max(int(m[i]), 1) * scale), why)


def _rows_in(other: YearIndicators, y: YearIndicators) -> tuple[I64, npt.NDArray[np.bool_]]:
    """Return where each row of `y` stands in another year, and whether it does."""
    width = len(y.countries)
    theirs = other.product.astype(np.int64) * width + other.importer
    ours = y.product.astype(np.int64) * width + y.importer
    if not len(theirs):
        return np.zeros(len(ours), np.int64), np.zeros(len(ours), bool)
    at = np.minimum(np.searchsorted(theirs, ours), len(theirs) - 1)
    return at, theirs[at] == ours


def _means(tables: Mapping[int, tuple[YearIndicators, Mapping[str, Measure]]], y: YearIndicators) -> dict[str, Measure]:
    """Average each measure over the years in which a row has it."""
    found = {t: _rows_in(other, y) for t, (other, _) in tables.items()}
    first = next(iter(tables.values()))[1]
    return {name: _mean(name, tables, found, len(y.product)) for name in first}


def _mean(
    name: str,
    tables: Mapping[int, tuple[YearIndicators, Mapping[str, Measure]]],
    found: Mapping[int, tuple[I64, npt.NDArray[np.bool_]]],
    n: int,
) -> Measure:
    total, count, why = np.zeros(n), np.zeros(n), ""
    for t, (_, measures) in tables.items():
        at, has = found[t]
        measure = measures[name]
        why = measure.why or why
        if len(measure.value) == 0:
            continue
        value = measure.value[at]
        known = has & ~np.isnan(value)
        total += np.where(known, value, 0.0)
        count += known
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def exact(i: int) -> Fraction:
        parts = []
        for t, (_, measures) in tables.items():
            at, has = found[t]
            measure = measures[name]
            if has[i] and not np.isnan(measure.value[at[i]]):
                part = measure.exact(int(at[i]))
                parts.append(Fraction(measure.value[at[i]]).limit_denominator(10**9) if measure.squared else part)
        return sum(parts, Fraction(0)) / max(len(parts), 1)

    return Measure(mean, exact, why if not count.any() else "")


def _persistence(
    preset: Preset, criterion: Criterion, years: Mapping[int, YearIndicators], year: int, context: Context, now: Flags
) -> tuple[Judged, tuple[int, ...]]:
    """Count the years of the window in which every other criterion holds; absent years leave the count open."""
    others = Preset(
        **{
            **{f: getattr(preset, f) for f in preset.__slots__},
            "criteria": tuple(c for c in preset.criteria if c is not criterion),
        }
    )
    y, n = years[year], len(now)
    holds = (now == ms.PASS).astype(np.int64)
    open_ = (now == ms.UNKNOWN).astype(np.int64)
    absent, unsure = [], [year] if (now == ms.UNKNOWN).any() else []
    for t in range(year - criterion.window + 1, year):
        if t not in years:
            absent.append(t)
            open_ += 1
            continue
        flags = evaluate(others, years, t, context, informational=False).verdict
        at, has = _rows_in(years[t], y)
        traded = (
            years[t].members.total[y.product] > 0
        )  # a code that nobody traded may not have been in force: unknown, not failed
        then = np.where(has, flags[at] if len(flags) else ms.FAIL, np.where(traded, ms.FAIL, ms.UNKNOWN))
        holds += then == ms.PASS
        open_ += then == ms.UNKNOWN
        unsure += [t] if (then == ms.UNKNOWN).any() else []
    cut = criterion.threshold if criterion.threshold is not None else Fraction(0)

    least = math.ceil(cut) if criterion.op == ">=" else math.floor(cut) + 1

    def meets(count: I64) -> npt.NDArray[np.bool_]:
        return np.greater_equal(count, least)

    passes = np.where(meets(holds), ms.PASS, np.where(meets(holds + open_), ms.UNKNOWN, ms.FAIL)).astype(np.int8)
    reasons = [f"no flows of {_list(absent)}; add them to the flow file (BACI has a file a year)"] if absent else []
    if unsure:
        reasons.append(f"in {_list(unsure)} the other criteria are open, or nobody traded the product")
    why = "; ".join(reasons)
    return Judged(holds.astype(np.float64), np.full(n, float(cut)), passes, why), tuple(absent)


def _list(years: list[int]) -> str:
    return ", ".join(map(str, sorted(years)))
