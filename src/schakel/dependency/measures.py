"""What is the value of a criterion in every row, and on which side of a threshold does it stand exactly?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from schakel.dependency.indicators import CENTRALITY_UNIT, World, YearIndicators
from schakel.dependency.presets import Criterion
from schakel.dependency.wide import F64, I64, Wide

Flags = npt.NDArray[np.int8]
PASS, FAIL, UNKNOWN = 1, 0, -1
_NEAR = 1e-9
_WORLDS = 16  # a definition looks at a few years, and all definitions look at the same ones
_SAME = 1e-12  # relative; doubles nearer to each other than this may stand for equal rationals


@dataclass(frozen=True)
class Measure:
    """Values of one criterion, shape (n,).

    Attributes
    ----------
    value
        NaN where undefined or unknown; infinite where nothing is exported.
    exact
        Returns the exact rational of a row (the square, for centrality), so that a value on the threshold is judged without rounding.
    why
        Why values are unknown, when they are.
    squared
        True when `exact` gives squares.
    upper
        A known upper bound where the value itself is unknown; it is told, and decides nothing.
    """

    value: F64
    exact: Callable[[int], Fraction]
    why: str = ""
    squared: bool = False
    upper: F64 | None = None


@dataclass(frozen=True)
class View:
    """One year's rows as one treatment of the bloc sees them: imports, exports, concentration, top supplier; shape (n,)."""

    y: YearIndicators
    treatment: str
    m: I64
    ss: Wide
    top: I64
    arg: npt.NDArray[np.int16]
    x: I64
    world: World


def view(y: YearIndicators, treatment: str, members: frozenset[str]) -> View:
    """Return the rows with the bloc as one country ("one") or its members apart ("members").

    With the bloc as one, the bloc trades with outsiders only, and outsiders see it as one supplier; a member as importer keeps all its suppliers.
    """
    if treatment == "members":
        return View(y, treatment, y.m_all, y.ss_all, y.top_all, y.arg_all, y.x_all, y.members)
    inside = np.array([c in members for c in y.countries[:-1]] + [False])[y.importer]
    is_bloc = y.importer == y.bloc_index
    ss = Wide(np.where(inside, y.ss_all.hi, y.ss_ext.hi), np.where(inside, y.ss_all.lo, y.ss_ext.lo))
    return View(
        y,
        treatment,
        np.where(inside, y.m_all, y.m_ext),
        ss,
        np.where(inside, y.top_all, y.top_ext),
        np.where(inside, y.arg_all, y.arg_ext),
        np.where(is_bloc, y.x_ext, y.x_all),
        y.one,
    )


def _divide(a: F64, b: F64) -> F64:
    with np.errstate(divide="ignore", invalid="ignore"):
        out: F64 = a / b
    return out


def share(part: I64, whole: I64) -> Measure:
    """Return part / whole; undefined where the whole is zero."""
    value = _divide(part.astype(np.float64), np.where(whole > 0, whole, np.nan))
    return Measure(value, lambda i: Fraction(int(part[i]), int(whole[i])))


def hhi(ss: Wide, total: I64) -> Measure:
    """Return ss / total^2, the Herfindahl-Hirschman index on 0..1; undefined where the total is zero."""
    near = np.where(total > 0, total.astype(np.float64), np.nan)
    return Measure(_divide(ss.to_float(), near * near), lambda i: Fraction(ss.item(i), int(total[i]) ** 2))


def ratio(imports: I64, exports: I64, zero_exports: float | None) -> Measure:
    """Return imports / exports; where nothing is exported `zero_exports`, or infinity when None."""
    none = np.inf if zero_exports is None else zero_exports
    value = np.where(
        exports > 0, _divide(imports.astype(np.float64), np.where(exports > 0, exports, 1).astype(np.float64)), none
    )
    value = np.where((exports == 0) & (imports == 0), np.nan, value)
    fixed = Fraction(0) if zero_exports is None else Fraction(zero_exports)
    return Measure(value, lambda i: Fraction(int(imports[i]), int(exports[i])) if exports[i] else fixed)


def amount(units: I64, scale: int) -> Measure:
    """Return a value in currency units."""
    return Measure(units.astype(np.float64) / scale, lambda i: Fraction(int(units[i]), scale))


def unknown(n: int, why: str) -> Measure:
    """Return a criterion that cannot be computed, and the reason."""
    return Measure(np.full(n, np.nan), lambda i: Fraction(0), why)


@lru_cache(maxsize=_WORLDS)
def world_hhi(world: World) -> Measure:
    """Return the world export HHI by product, shape (P,)."""
    return hhi(world.ss, world.total)


@lru_cache(maxsize=_WORLDS)
def centrality(world: World) -> Measure:
    """Return the sample deviation of C over exporters by product, shape (P,); undefined with fewer than two exporters.

    The variance is taken exactly from the integer sums: (n S2 - S1^2) / (n (n - 1)).
    """
    n_products = len(world.n)
    unit2 = int(CENTRALITY_UNIT) ** 2
    value = np.full(n_products, np.nan)

    def variance(i: int) -> Fraction:
        n, s1 = int(world.n[i]), int(world.c1[i])
        return Fraction(n * world.c2.item(i) - s1 * s1, n * (n - 1) * unit2)

    for i in np.flatnonzero(world.n > 1).tolist():
        n, s1 = int(world.n[i]), int(world.c1[i])
        value[i] = math.sqrt((n * world.c2.item(i) - s1 * s1) / (n * (n - 1) * unit2))
    return Measure(value, variance, squared=True)


@lru_cache(maxsize=_WORLDS)
def spof(world: World) -> Measure:
    """Return (r(centrality) + r(world export HHI)) / 2 by product, shape (P,): percentile ranks with ties averaged, over the products of the year."""
    first, second = (percentile_rank(m.value, m.exact) for m in (centrality(world), world_hhi(world)))
    value = (
        (first[0] / first[1] + second[0] / second[1]) / 4 if first[1] and second[1] else np.full(len(world.n), np.nan)
    )
    a, b = first[0], second[0]
    return Measure(value, lambda i: (Fraction(int(a[i]), first[1]) + Fraction(int(b[i]), second[1])) / 4)


def percentile_rank(values: F64, exact: Callable[[int], Fraction] | None = None) -> tuple[F64, int]:
    """Return twice the average rank (1 = smallest, ties averaged; NaN stays NaN) and the number of ranked values.

    With `exact`, values that doubles can hardly tell apart are put in order, or held equal, as exact rationals.
    """
    known = np.flatnonzero(~np.isnan(values))
    out = np.full(len(values), np.nan)
    if len(known) == 0:
        return out, 0
    order = known[np.argsort(values[known], kind="stable")]
    ranked = values[order]
    rise = np.diff(ranked) > 0
    if exact is not None:
        close = np.diff(ranked) <= _SAME * np.abs(ranked[1:])
        for start, stop in _runs(close):
            true = sorted(((exact(int(i)), int(i)) for i in order[start:stop]), key=lambda pair: pair[0])
            order[start:stop] = [i for _, i in true]
            rise[start : stop - 1] = [a < b for (a, _), (b, _) in pairwise(true)]
    group = np.concatenate(([0], np.cumsum(rise)))
    counts = np.bincount(group)
    last = np.cumsum(counts)
    out[order] = (2 * last - counts + 1)[group]
    return out, len(known)


def _runs(close: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return start and stop of each run of neighbours that are close."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], close.astype(np.int8), [0]))))
    return [(int(a), int(b) + 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def by_row(measure: Measure, product: npt.NDArray[np.int32]) -> Measure:
    """Spread a value by product over rows."""
    return replace(measure, value=measure.value[product], exact=lambda i: measure.exact(int(product[i])))


def compare(measure: Measure, criterion: Criterion, relative: Measure | None = None) -> tuple[Flags, F64]:
    """Return whether each row passes (1, 0, -1 unknown) and the threshold in each row.

    Values close to the threshold are compared as exact rationals, so that 0.4 is not above 0.4.
    """
    n = len(measure.value)
    if criterion.of and relative is not None and criterion.times is not None:
        threshold = float(criterion.times) * relative.value
    elif criterion.threshold is None:
        return np.full(n, UNKNOWN, np.int8), np.full(n, np.nan)
    else:
        threshold = np.full(n, float(criterion.threshold))
    with np.errstate(invalid="ignore"):
        above = measure.value > threshold
        near = np.abs(measure.value - threshold) <= _NEAR * np.maximum(1.0, np.abs(threshold))
    flags = np.where(above, PASS, FAIL).astype(np.int8)
    for i in np.flatnonzero(near).tolist():
        cut = (
            criterion.times * relative.exact(i)
            if relative is not None and criterion.times is not None
            else criterion.threshold
        )
        if cut is None:
            continue
        exact = measure.exact(i)
        cut = cut * abs(cut) if measure.squared else cut
        flags[i] = PASS if exact > cut or (criterion.op == ">=" and exact == cut) else FAIL
    flags[np.isnan(measure.value) | np.isnan(threshold)] = UNKNOWN
    return flags, threshold


def all_of(flags: list[Flags], n: int) -> Flags:
    """Return the three-valued conjunction: one failed criterion decides; otherwise one unknown leaves it open."""
    if not flags:
        return np.full(n, UNKNOWN, np.int8)
    stack = np.stack(flags)
    out = np.where((stack == FAIL).any(axis=0), FAIL, np.where((stack == UNKNOWN).any(axis=0), UNKNOWN, PASS))
    return out.astype(np.int8)
