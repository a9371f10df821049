"""Which values do the uncertain numbers of a scenario take in each draw?

Sobol points, scrambled with the scenario's seed; one dimension for every uncertain number, in order of its path, so that
the same scenario with fewer mitigations gets the same numbers for what is left (common random numbers).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schakel.shocks.scenario import Scenario
from schakel.shocks.yamlfile import Key, shown

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Draws:
    """Values of every number by draw.

    Attributes
    ----------
    paths
        Paths of the uncertain numbers, length D.
    unit
        Sobol points, shape (draws, D), in (0, 1).
    values
        What the numbers are, shape (draws, D).
    points
        Every number at its point.
    """

    paths: tuple[Key, ...]
    unit: F64
    values: F64
    points: Mapping[Key, float]

    def __len__(self) -> int:
        return len(self.unit)

    def of(self, k: int) -> dict[Key, float]:
        """Return every number in draw k."""
        return {**self.points, **dict(zip(self.paths, self.values[k].tolist(), strict=True))}

    @property
    def names(self) -> tuple[str, ...]:
        """Paths as people write them."""
        return tuple(shown(p) for p in self.paths)


def chance_paths(scenario: Scenario) -> dict[Key, float]:
    """Return the events that happen or not, with their probabilities: retaliation."""
    out: dict[Key, float] = {}
    for i, m in enumerate(scenario.measures):
        if m.get("retaliation"):
            path: Key = ("measures", i, "retaliation", "happens")
            out[path] = scenario.number(("measures", i, "retaliation", "probability"), 1.0).point
    return out


def values_at(scenario: Scenario, paths: Sequence[Key], unit: F64) -> F64:
    """Return what uncertain numbers are at points of the unit cube, shape (draws, D); an event is 1 where it happens.

    An event happens where its coordinate lies below its probability, which may itself be uncertain.
    """
    chances = chance_paths(scenario)
    at = {path: k for k, path in enumerate(paths)}
    values = np.empty_like(unit)
    for k, path in enumerate(paths):
        if path not in chances:
            values[:, k] = scenario.numbers[path].at(unit[:, k])
    for k, path in enumerate(paths):
        if path in chances:
            stated = at.get((*path[:-1], "probability"))
            values[:, k] = unit[:, k] < (chances[path] if stated is None else values[:, stated])
    return values


def draw(scenario: Scenario, count: int | None = None, seed: int | Sequence[int] | None = None) -> Draws:
    """Return the draws of a scenario; one at the points when nothing is uncertain or ``count`` is 0.

    An event with a probability is 1 where its Sobol coordinate lies below it; at the points it happens when the
    probability is at least one half.
    """
    from scipy.stats import qmc

    chances = chance_paths(scenario)
    points = {p: n.point for p, n in scenario.numbers.items()}
    points |= {p: float(q >= 0.5) for p, q in chances.items()}
    uncertain = [p for p, n in scenario.numbers.items() if n.uncertain]
    risky = [p for p, q in chances.items() if 0 < q < 1 or (*p[:-1], "probability") in uncertain]
    paths = tuple(sorted([*uncertain, *risky], key=lambda p: tuple((isinstance(x, str), str(x).rjust(6)) for x in p)))
    n = scenario.draws if count is None else count
    if not paths or n == 0:
        return Draws((), np.empty((1, 0)), np.empty((1, 0)), points)
    rng = np.random.default_rng(scenario.seed if seed is None else seed)
    power = max(0, int(np.ceil(np.log2(n))))
    unit = qmc.Sobol(len(paths), scramble=True, rng=rng).random_base2(power)[:n]
    unit = np.clip(unit, 1e-9, 1 - 1e-9)
    values = values_at(scenario, paths, unit)
    return Draws(paths, unit, values, points)
