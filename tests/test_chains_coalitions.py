"""Smallest coalitions against every coalition tried in order of size."""

from itertools import combinations

import pytest
from hypothesis import given, settings

from chains_sample import CHIP, graph, small_graphs
from schakel.chains.coalitions import stopping
from schakel.chains.makeable import compile_graph, makeable
from schakel.errors import NotFoundError


def test_worked_case() -> None:
    model = compile_graph(CHIP)
    one = stopping(model, "chip", CHIP.countries)
    assert (one.size, one.coalitions, one.proven) == (1, (("JPN",), ("NLD",)), True)
    silicon = graph(
        [("wafer", ["a", "b"])], [("a", "DEU", 1.0), ("b", "USA", 0.5), ("b", "CHN", 0.5), ("wafer", "JPN", 0.4)]
    )
    assert stopping(compile_graph(silicon), "wafer", silicon.countries).coalitions == (("CHN", "DEU", "USA"),)


def test_what_nobody_named_can_stop_is_told() -> None:
    g = graph([], [("x", "NLD", 0.5)])
    answer = stopping(compile_graph(g), "x", g.countries)
    assert (answer.size, answer.coalitions, answer.proven) == (None, (), True)
    with pytest.raises(NotFoundError):
        stopping(compile_graph(g), "y", g.countries)


@settings(max_examples=60, deadline=None)
@given(small_graphs())
def test_all_smallest_coalitions_equal_brute_force(made) -> None:
    g, _ = made
    model = compile_graph(g)
    names = [*g.countries, *g.actors]
    if not g.steps:
        return
    target = g.steps[-1].id
    answer = stopping(model, target, names, most=1000)
    slow: tuple = ()
    for size in range(len(names) + 1):
        slow = tuple(c for c in combinations(sorted(names), size) if target in makeable(model, c).lost)
        if slow:
            break
    assert answer.coalitions == slow
    assert answer.proven
