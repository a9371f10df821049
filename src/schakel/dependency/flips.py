"""How far can each threshold move before the verdict on one product says the opposite?"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from schakel.dependency import measures as ms
from schakel.dependency.evaluate import evaluate
from schakel.dependency.kept import only
from schakel.dependency.presets import Preset
from schakel.dependency.screen import Setting, inputs, reporter_index
from schakel.dependency.suppliers import product_index
from schakel.lake.flowset import FlowSet

_BESIDE = Fraction(1, 10**7)  # relative; a threshold this far beyond a value stands on its other side


def flips(flows: FlowSet, where: Setting, product: str, year: int, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return, for each criterion with a value and a threshold, where its threshold would have to go to turn the verdict by itself.

    Where ``turns_verdict`` is true, ``flips_at`` is the threshold at which the verdict turns; else it is the value. A yes, or an undecided verdict, turns to no
    when one threshold rises to its value. A no turns to yes only when exactly one criterion fails and none is unknown. With a test of persistence the same
    threshold also decides the earlier years, so there the definition is asked again with the threshold beside the value of each year.
    """
    tests = {n: c for n, c in row["criteria"].items() if c["threshold"] is not None}
    failed = [n for n, c in row["criteria"].items() if c["passes"] is False]
    unknown = [c.name for c in where.preset.criteria if row["criteria"][c.name]["passes"] is None]
    persistent = where.preset.criterion("persistent_years") is not None
    again = _Again(flows, where, product, year) if persistent else None
    out = []
    for name, c in tests.items():
        if c["value"] is None:
            continue
        at: float | None = c["value"]
        turns = (c["passes"] is True and not failed) or (failed == [name] and not unknown)
        if again is not None and name != "persistent_years":
            found = again.turns_at(name, row["dependent"])
            turns, at = found is not None, c["value"] if found is None else found
        move = at - c["threshold"]
        out.append(
            {
                "criterion": name,
                "threshold": c["threshold"],
                "flips_at": at,
                "move": move,
                "move_relative": move / c["threshold"] if c["threshold"] else None,
                "turns_verdict": turns,
            }
        )
    return out


class _Again:
    """The definition asked again about one product, with another threshold."""

    def __init__(self, flows: FlowSet, where: Setting, product: str, year: int) -> None:
        index = product_index(flows, product)
        years, context = inputs(flows, where, year, reporter_index(flows, where))
        masks = {t: y.product == index for t, y in years.items()}
        self.years = {t: only(y, masks[t]) for t, y in years.items()}
        eur = None if context.eur is None else {t: v[masks[t]] for t, v in context.eur.items()}
        self.context = replace(context, eur=eur)
        self.preset, self.year = where.preset, year

    def verdict(self, preset: Preset) -> bool | None:
        found = evaluate(preset, self.years, self.year, self.context, informational=False).verdict
        return {ms.PASS: True, ms.FAIL: False, ms.UNKNOWN: None}[int(found[0])]

    def turns_at(self, name: str, now: bool | None) -> float | None:
        """Return the nearest value, of any year, at which the verdict turns: from yes or open to no, or from no to yes."""
        criterion = self.preset.criterion(name)
        if criterion is None or criterion.threshold is None:
            return None
        plain = replace(self.preset, criteria=tuple(c for c in self.preset.criteria if c.name != "persistent_years"))
        values = set()
        for t, y in self.years.items():
            if len(y.product):
                value = evaluate(plain, self.years, t, self.context, informational=False).criteria[name].value[0]
                if np.isfinite(value):
                    values.add(float(value))
        rising = now is not False
        for value in sorted(values, reverse=not rising):
            exact = Fraction(value)
            distance = exact - criterion.threshold
            if abs(distance) > _BESIDE * abs(exact) and (distance > 0) != rising:
                continue  # the threshold would have to move the other way
            beside = exact + (_BESIDE if rising else -_BESIDE) * max(abs(exact), _BESIDE)
            moved = replace(criterion, threshold=beside)
            criteria = tuple(moved if c is criterion else c for c in self.preset.criteria)
            if self.verdict(replace(self.preset, criteria=criteria)) is (not rising):
                return value
        return None
