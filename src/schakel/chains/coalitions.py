"""Which smallest coalitions can stop a product, and is it proven that no smaller one can?

A coalition stops a product when the product is lost without it. Loss only grows with the coalition, so a coalition stops
the product exactly when it meets every team that can make it. Teams are found one at a time: a smallest coalition that
meets all teams found so far is either an answer, proven smallest, or leaves a team alive that nobody had found yet
(implicit hitting set: Moreno-Centeno and Karp 2013).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from schakel.chains.makeable import Model, makeable

MOST_TEAMS = 5_000


@dataclass(frozen=True)
class Coalitions:
    """Smallest coalitions that stop a product.

    ``coalitions`` holds all of the smallest size up to the number asked for; ``proven`` is False when the search was cut
    off, and then ``bound`` says that none smaller than this exists. Empty when named holders cannot stop it at all.
    """

    step: str
    size: int | None
    coalitions: tuple[tuple[str, ...], ...]
    proven: bool
    bound: int
    teams: int


def stopping(model: Model, step: str, names: Sequence[str], *, most: int = 20, teams: int = MOST_TEAMS) -> Coalitions:
    """Return the smallest coalitions among `names` (countries or actors) without which a step cannot be made.

    Raises
    ------
    NotFoundError
        If the graph has no such step.
    """
    target = model.graph.step(step).id

    def stops(some: frozenset[str]) -> bool:
        return target in makeable(model, some).lost

    everyone = frozenset(names)
    if not stops(everyone):
        return Coalitions(target, None, (), True, len(names) + 1, 0)
    if stops(frozenset()):
        return Coalitions(target, 0, ((),), True, 0, 0)
    order = sorted(everyone)
    found: list[frozenset[str]] = []
    answers: list[tuple[str, ...]] = []
    size: int | None = None
    while len(answers) < most:
        chosen = _smallest_meeting(order, found, [frozenset(a) for a in answers])
        if chosen is None or (size is not None and len(chosen) > size):
            break
        if stops(chosen):
            size = len(chosen)
            answers.append(tuple(sorted(chosen)))
            continue
        if len(found) >= teams:
            return Coalitions(target, size, tuple(sorted(answers)), False, len(chosen), len(found))
        found.append(_team(order, chosen, stops))
    return Coalitions(target, size, tuple(sorted(answers)), True, size or 0, len(found))


def _team(order: Sequence[str], without: frozenset[str], stops: Callable[[frozenset[str]], bool]) -> frozenset[str]:
    """Return a smallest-by-deletion set of holders, outside `without`, that can make the product by themselves."""
    everyone = frozenset(order)
    alive = everyone - without
    for name in order:
        if name in alive and not stops(everyone - (alive - {name})):
            alive -= {name}
    return alive


def _smallest_meeting(
    order: Sequence[str], teams: Sequence[frozenset[str]], answered: Sequence[frozenset[str]]
) -> frozenset[str] | None:
    """Return a smallest set that meets every team and contains no earlier answer; None when there is none."""
    import highspy

    n = len(order)
    at = {name: i for i, name in enumerate(order)}
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    for _ in range(n):
        solver.addVar(0.0, 1.0)
    columns = np.arange(n, dtype=np.int32)
    solver.changeColsCost(n, columns, np.ones(n))
    solver.changeColsIntegrality(n, columns, np.array([highspy.HighsVarType.kInteger] * n))
    for team in teams:
        row = np.array(sorted(at[x] for x in team), np.int32)
        solver.addRow(1.0, highspy.kHighsInf, len(row), row, np.ones(len(row)))
    for answer in answered:
        row = np.array(sorted(at[x] for x in answer), np.int32)
        solver.addRow(-highspy.kHighsInf, len(row) - 1.0, len(row), row, np.ones(len(row)))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    values = solver.getSolution().col_value
    return frozenset(name for name, x in zip(order, values, strict=True) if x > 0.5)
