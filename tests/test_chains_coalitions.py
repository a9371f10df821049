"""Smallest coalitions against every coalition tried in order of size."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains_sample import CHIP, graph, small_graphs
from schakel.chains import coalitions
from schakel.chains.coalitions import Tried, stopping
from schakel.chains.makeable import compile_graph, lost_under, makeable
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


@settings(max_examples=150, deadline=None)
@given(small_graphs(), st.sampled_from([0.0, 0.25, 0.5]), st.booleans())
def test_all_smallest_coalitions_equal_brute_force(made, least, scratch) -> None:
    """By trial of singles and pairs, and by the integer programme alone."""
    g, _ = made
    model = compile_graph(g, least_share=least, from_scratch=scratch)
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
    programme = stopping(model, target, names, most=1000, tried=Tried(model, []))
    assert (programme.coalitions, programme.proven) == (slow, True)


def test_a_tie_that_floats_miss_is_a_tie() -> None:
    """0.1 that nobody names and 0.4 of another are half of it, also where their sum ends on another bit."""
    g = graph([], [("y", "NLD", 0.4), ("y", "CHN", 0.3), ("y", "USA", 0.2)])
    assert 1.0 - (0.4 + 0.3 + 0.2) + 0.4 > 0.5
    model = compile_graph(g, least_share=0.5)
    assert makeable(model, ("CHN", "USA")).lost == ("y",) and makeable(model, ("NLD",)).lost == ()
    assert lost_under(model, [frozenset(("CHN", "USA"))]).all()
    assert stopping(model, "y", g.countries).coalitions == (("CHN", "NLD"), ("CHN", "USA"), ("NLD", "USA"))


def test_the_number_asked_for_and_the_time_are_kept() -> None:
    g = graph([("x", ["a"]), ("x", ["b"]), ("x", ["c"])], [("a", "NLD", 1.0), ("b", "JPN", 1.0), ("c", "USA", 1.0)])
    model = compile_graph(g)
    some, all_ = stopping(model, "x", g.countries, most=2), stopping(model, "x", g.countries)
    assert (len(some.coalitions), some.complete, some.proven) == (2, False, True)
    assert (len(all_.coalitions), all_.complete) == (3, True)
    late = stopping(model, "x", g.countries, seconds=0.0)
    assert late == all_  # single names need no search
    trio = graph([], [("y", c, 1 / 3) for c in ("NLD", "JPN", "USA")])
    model = compile_graph(trio)
    cut = stopping(model, "y", trio.countries, seconds=0.0)
    assert (cut.size, cut.coalitions, cut.proven, cut.bound, cut.complete) == (None, (), False, 3, False)
    assert stopping(model, "y", trio.countries).coalitions == (("JPN", "NLD", "USA"),)
    few = Tried(model, trio.countries)
    assert few.smallest(0) == (2, [])


def test_a_chain_with_very_many_teams_is_solved_in_as_many_rounds_as_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty steps of five holders each make 5 ** 40 teams; the answer is the five holders of any one step."""
    codes = ["NLD", "DEU", "FRA", "JPN", "USA", "KOR", "TWN", "CHN", "ITA", "ESP"]
    slots = [("end", [f"s{i}"]) for i in range(40)]
    rows = [(f"s{i}", codes[(i + k * (1 + i % 2)) % 10], 0.2) for i in range(40) for k in range(5)]
    g = graph(slots, rows)
    rounds: list[int] = []
    solve = coalitions._Programme.solve
    monkeypatch.setattr(coalitions._Programme, "solve", lambda self: rounds.append(1) or solve(self))
    answer = stopping(compile_graph(g), "end", g.countries)
    assert (answer.size, answer.proven) == (5, True)
    assert 0 < len(rounds) <= len(answer.coalitions) + 1
