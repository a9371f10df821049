"""Which verdicts hang on the choice of definition, on where the cut lies, or on goods that only pass through?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from schakel.dependency import bounds
from schakel.dependency.presets import Criterion, Preset, preset
from schakel.dependency.screen import Screen
from schakel.dependency.suppliers import Supply

Verdict = bool | None
_CONCENTRATION = ("top_supplier_share", "extra_bloc_hhi", "partner_hhi")
_HALVINGS = 14


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the definitions say of one product: names that say yes, no, and that cannot tell."""

    product: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    open: tuple[str, ...]

    def contested(self, aside: Collection[str] = ()) -> bool:
        """Return whether one definition says yes and another no, those in `aside` not counted."""
        return bool(set(self.yes) - set(aside)) and bool(set(self.no) - set(aside))


def one_partner(screens: Mapping[str, Screen]) -> frozenset[str]:
    """Return the definitions that ask about one named partner only, and so answer another question."""
    presets = {name: preset(answer.receipt.parameters["method"]) for name, answer in screens.items()}
    return frozenset(name for name, rule in presets.items() if any(c.partner for c in rule.criteria))


def agreement(grid: Mapping[str, Mapping[str, Verdict]], names: Sequence[str]) -> tuple[Agreement, ...]:
    """Return what the definitions say of each product of a grid, most yeses first, then fewest noes."""
    out = []
    for product, said in grid.items():
        by = {verdict: tuple(n for n in names if n in said and said[n] is verdict) for verdict in (True, False, None)}
        out.append(Agreement(product, by[True], by[False], by[None]))
    return tuple(sorted(out, key=lambda a: (-len(a.yes), len(a.no), a.product)))


def moved(answer: Screen, rule: Preset, factor: float) -> dict[str, int]:
    """Count verdicts yes, no and open when every cut lies at `factor` times its place.

    A count of years has no place in between and keeps its own verdict.
    """
    counts = {"yes": 0, "no": 0, "open": 0}
    for row in answer.rows:
        said = [_at(row["criteria"][c.name], c, factor) for c in rule.criteria]
        verdict = False if False in said else None if None in said else True
        counts["yes" if verdict else "open" if verdict is None else "no"] += 1
    return counts


def _at(test: Mapping[str, Any], criterion: Criterion, factor: float) -> Verdict:
    value, threshold = test["value"], test["threshold"]
    if factor == 1.0 or value is None or threshold is None or criterion.name == "persistent_years":
        return test["passes"]  # type: ignore[no-any-return]
    return bool(value >= threshold * factor if criterion.op == ">=" else value > threshold * factor)


def covers(rule: Preset) -> bool:
    """Tell whether `passing` can bound every criterion of a definition from the suppliers alone."""
    return all(
        c.name in _CONCENTRATION and not c.partner and not c.of and c.threshold is not None for c in rule.criteria
    )


def passing(rule: Preset, who: Supply, part: Fraction) -> tuple[bool, bool]:
    """Return the least and the most severe verdict when up to `part` of the imports only passes through.

    The part is one of all imports of the product; the amount may come off any suppliers whose concentration the definition looks at, in any way, and off
    nothing else. Taking the same part off every supplier, the other extreme of ignorance, changes no share and no verdict.

    Parameters
    ----------
    rule
        A definition that `covers`.
    part
        0 to below 1.
    """
    least = most = True
    for c in rule.criteria:
        values = _base(rule, c, who)
        amount = min(int(part * who.total), sum(values))
        found = (
            bounds.top_share_bounds(values, amount)
            if c.name == "top_supplier_share"
            else bounds.hhi_bounds(values, 0, amount)
        )
        if found.low is None or found.high is None or c.threshold is None:
            return False, False
        least &= found.low >= c.threshold if c.op == ">=" else found.low > c.threshold
        most &= found.high >= c.threshold if c.op == ">=" else found.high > c.threshold
    return least, most


def _base(rule: Preset, criterion: Criterion, who: Supply) -> tuple[int, ...]:
    outside = criterion.name == "extra_bloc_hhi" or (criterion.name == "top_supplier_share" and rule.base == "extra")
    return tuple(v for v, inside in zip(who.values, who.inside, strict=True) if not (outside and inside))


def break_even(rule: Preset, who: Supply) -> float | None:
    """Return the smallest part of the imports that has to pass through before the verdict could turn.

    To 1 in 16,384, found by halving; None when the verdict could not turn at any part below one, or nothing is imported.
    """
    now = passing(rule, who, Fraction(0))[0]

    def could_turn(part: Fraction) -> bool:
        least, most = passing(rule, who, part)
        return not least if now else most

    low, high = Fraction(0), Fraction(2**_HALVINGS - 1, 2**_HALVINGS)
    if not who.total or not could_turn(high):
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if could_turn(middle) else (middle, high)
    return float(high)


def under_bounds(rule: Preset, supplies: Sequence[Supply], part: Fraction) -> dict[str, int]:
    """Count verdicts that are certainly yes, certainly no, or could be either when up to `part` of the imports passes through."""
    said = [passing(rule, who, part) for who in supplies]
    return {
        "yes": sum(least for least, _ in said),
        "either": sum(most and not least for least, most in said),
        "no": sum(not most for _, most in said),
    }
