"""What is lost when somebody is removed: worked cases, a brute force over every set of steps, and the bit-parallel form."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains_sample import CHIP, graph, small_graphs
from schakel.chains.graph import ChainGraph, Position, Slot, Step
from schakel.chains.makeable import check_names, compile_graph, lost_under, makeable, removals
from schakel.errors import NotFoundError


def test_a_sole_holder_takes_what_is_made_with_it() -> None:
    answer = makeable(compile_graph(CHIP), {"NLD"})
    assert answer.lost == ("chip", "scanner")
    assert answer.kept == ("silicon_a", "silicon_b", "wafer")
    first, second = answer.causes
    assert (first.step, first.reason, first.depth) == ("scanner", "holders", 0)
    assert (second.step, second.reason, second.lacking, second.depth) == ("chip", "input", ("scanner",), 1)


def test_an_alternative_saves_the_step_until_it_goes_too() -> None:
    model = compile_graph(CHIP)
    assert makeable(model, {"DEU"}).lost == ("silicon_a",)
    assert makeable(model, {"DEU", "USA"}).lost == ("silicon_a",)
    assert makeable(model, {"DEU", "USA", "CHN"}).lost == ("chip", "silicon_a", "silicon_b", "wafer")


def test_shares_that_no_row_names_keep_a_step_alive() -> None:
    g = graph([], [("x", "NLD", 0.9)])
    assert makeable(compile_graph(g), {"NLD"}).lost == ()
    assert makeable(compile_graph(g, least_share=0.2), {"NLD"}).lost == ("x",)
    rounding = graph([], [("x", "NLD", 0.98)])
    assert makeable(compile_graph(rounding), {"NLD"}).lost == ("x",)


def test_a_holder_of_unknown_size_keeps_a_step_alive_at_any_least_share() -> None:
    g = graph([], [("x", "NLD", 0.9), ("x", "JPN", None)])
    assert makeable(compile_graph(g, least_share=0.5), {"NLD"}).lost == ()
    assert makeable(compile_graph(g), {"NLD", "JPN"}).lost == ("x",)


def test_steps_without_holders_are_kept_and_named() -> None:
    g = graph([("chip", ["wafer"])], [("chip", "TWN", 1.0)])
    answer = makeable(compile_graph(g), {"TWN"})
    assert answer.kept == ("wafer",)
    assert answer.unknown_holders == ("wafer",)


def test_a_loop_runs_on_but_cannot_be_built_from_nothing() -> None:
    g = graph([("scanner", ["chip"]), ("chip", ["scanner"])], [("scanner", "NLD", 1.0), ("chip", "TWN", 1.0)])
    assert makeable(compile_graph(g), ()).lost == ()
    assert makeable(compile_graph(g), {"TWN"}).lost == ("chip", "scanner")
    nothing = makeable(compile_graph(g, from_scratch=True), ())
    assert nothing.lost == ("chip", "scanner")
    assert {c.reason for c in nothing.causes} == {"never built"}


def test_plant_and_owner_are_different_questions() -> None:
    g = ChainGraph("t", (Step("x", "x", "x"),), (), (Position("x", "Firm", "CHN", "NLD", "CHN", 1.0, 1.0),))
    for by, lost in (("plant", ()), ("owner", ("x",)), ("control", ()), ("any", ("x",))):
        assert makeable(compile_graph(g, by=by), {"NLD"}).lost == lost
    assert makeable(compile_graph(g), {"Firm"}).lost == ("x",)


def test_firms_and_countries_are_two_levels_of_one_step() -> None:
    g = graph([], [("x", "NLD", 1.0), ("x", "NLD", 0.6, "A"), ("x", "NLD", 0.4, "B")])
    model = compile_graph(g)
    assert makeable(model, {"A"}).lost == ()
    assert makeable(model, {"A", "B"}).lost == ("x",)
    assert makeable(model, {"NLD"}).lost == ("x",)


def test_slots_of_other_kinds_can_be_left_out_and_minor_ones_never_count() -> None:
    g = ChainGraph(
        "t",
        tuple(Step(x, x, x) for x in ("chip", "tool", "dye")),
        (Slot("chip", "tool", ("tool",), kind="capital"), Slot("chip", "dye", ("dye",), criticality="minor")),
        (
            Position("tool", plant="NLD", share_low=1, share_high=1),
            Position("dye", plant="CHN", share_low=1, share_high=1),
        ),
    )
    assert makeable(compile_graph(g), {"NLD"}).lost == ("chip", "tool")
    assert makeable(compile_graph(g, kinds=("flow", "permission")), {"NLD"}).lost == ("tool",)
    assert makeable(compile_graph(g), {"CHN"}).lost == ("dye",)


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(NotFoundError, match="'XXX' holds nothing in test"):
        check_names(CHIP, {"XXX"})


def brute(g, without, least):
    """Union of all sets of steps that hold each other up: every set is tried."""
    names = [s.id for s in g.steps]

    def has_holder(name):
        rows = g.positions_of.get(name, ())

        def left(level):
            stay = [r for r in level if not (r.countries() | {r.actor}) & without]
            rest = 0.0 if any(r.share is None for r in level) else 1 - sum(r.share for r in level)
            rest = rest if rest > 0.03 else 0.0
            if len(stay) == len(level) or any(r.share is None for r in stay):
                return True
            return sum(r.share for r in stay) + rest > least + 1e-9

        rows = [r for r in rows if r.share != 0]
        countries, firms = [r for r in rows if not r.actor], [r for r in rows if r.actor]
        if countries and not left(countries):
            return False
        named = {r.actor for r in g.positions_of.get(name, ())}
        asked = firms and (not countries or named & without)
        return not (asked and not left(firms))

    kept = set()
    for size in range(len(names) + 1):
        for some in combinations(names, size):
            chosen = set(some)
            if all(has_holder(x) and all(chosen & set(s.alternatives) for s in g.slots_of.get(x, ())) for x in chosen):
                kept |= chosen
    return tuple(x for x in names if x not in kept)


@settings(max_examples=120, deadline=None)
@given(small_graphs(), st.sampled_from([0.0, 0.25, 0.5]))
def test_all_single_and_pair_removals_equal_brute_force(made, least) -> None:
    g, _ = made
    model = compile_graph(g, least_share=least)
    sets = list(removals([*g.countries, *g.actors]))
    fast = lost_under(model, sets) if sets else np.zeros((0, len(g.steps)), bool)
    for removal, row in zip(sets, fast, strict=True):
        slow = brute(g, removal, least)
        assert makeable(model, removal).lost == slow
        assert tuple(s.id for s, gone in zip(g.steps, row, strict=True) if gone) == slow


@settings(max_examples=80, deadline=None)
@given(small_graphs(), st.booleans())
def test_removing_more_never_keeps_more(made, scratch) -> None:
    g, _ = made
    model = compile_graph(g, from_scratch=scratch)
    sets = [frozenset(), *removals([*g.countries, *g.actors])]
    lost = {s: set(makeable(model, s).lost) for s in sets}
    fast = lost_under(model, sets)
    for s, row in zip(sets, fast, strict=True):
        assert lost[s] == {x.id for x, gone in zip(g.steps, row, strict=True) if gone}
        for name in s:
            assert lost[s - {name}] <= lost[s]
