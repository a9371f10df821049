"""By which ways one step enters another: against a walk of every simple way, and on graphs where such a walk never ends."""

from typing import Any

from hypothesis import given, settings

from chains_sample import graph, small_graphs
from schakel.chains import answers
from schakel.chains.open import open_graph
from schakel.chains.ways import ways
from work import calls


def walked(g, start: str, end: str) -> list[tuple[str, ...]]:
    """Every way in which no step stands twice, the shortest first, found one link longer each time."""
    found, edge = [], [(start,)]
    while edge:
        found += [w for w in edge if w[-1] == end]
        edge = [(*w, n) for w in edge if w[-1] != end for n in g.used_by.get(w[-1], ()) if n not in w]
    return found


@settings(max_examples=150, deadline=None)
@given(small_graphs())
def test_ways_are_those_of_a_full_walk_in_the_same_order(made) -> None:
    g, _ = made
    for a in g.steps:
        for b in g.steps:
            every = walked(g, a.id, b.id)
            assert ways(g, a.id, b.id, most=10_000) == (every, True)
            some, complete = ways(g, a.id, b.id, most=2)
            assert some == every[:2] and complete <= (len(every) <= 2)


def test_a_long_way_is_found() -> None:
    g = graph([(f"s{i + 1}", [f"s{i}"]) for i in range(60)], [("s0", "NLD", 1.0)])
    found = answers.paths(g, "s0", "s60")
    assert [p["links"] for p in found["paths"]] == [60] and found["complete"]


def test_very_many_ways_do_not_hold_up_the_first() -> None:
    """Thirty layers of eight steps: 8 ** 30 ways, and as many that end beside the target."""
    slots = [(f"a{i + 1}.{k}", [f"a{i}.{j}"]) for i in range(30) for k in range(8) for j in range(8)]
    g = graph([*slots, ("end", ["a29.0"])], [("a0.0", "NLD", 1.0)])
    answer: list[Any] = []
    assert calls(lambda: answer.extend(ways(g, "a0.0", "end", most=20))) < 100_000  # of 8 ** 30 ways
    found, complete = answer
    assert len(set(found)) == 20 and {len(w) for w in found} == {31} and not complete


def test_a_step_that_never_enters_another() -> None:
    found = answers.paths(open_graph("reference"), "end_defence", "gallium")
    assert (found["paths"], found["complete"]) == ([], True)
