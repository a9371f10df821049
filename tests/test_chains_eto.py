"""The chip explorer's real files (user's own copy, CC BY-NC 4.0): what the Netherlands holds, and both readings against brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from schakel.chains import answers
from schakel.chains.exposure import direct_share
from schakel.chains.graph import ChainGraph, Slot
from schakel.chains.makeable import compile_graph, lost_under, makeable, removals
from schakel.chains.open import open_graph
from shared import DATA, needs_shared

pytestmark = needs_shared
FOLDER = DATA / "chips_eto"
FOLDERS = {"new": FOLDER, "old": FOLDER / "v2025-01"}
READINGS = ("alternatives", "together")


def named(g: ChainGraph, start: str) -> str:
    return next(s.id for s in g.steps if s.name_en.startswith(start))


@pytest.mark.parametrize("reading", READINGS)
def test_what_the_netherlands_hold(reading: str) -> None:
    g = open_graph(str(FOLDER), reading=reading)
    nl = frozenset({"NLD"})
    assert direct_share(g.positions_of["N20"], nl) == 1.0
    immersion = next(s.id for s in g.steps if "immersion" in s.name_en.lower())
    assert direct_share(g.positions_of[immersion], nl) == pytest.approx(0.993)
    answer = answers.makeable(g, ["NLD"])
    assert answer["reading"] == reading
    assert [k["id"] for k in answer["licences"]] == ["CC-BY-NC-4.0"]
    assert "N20" in [r["step"] for r in answer["lost"]]
    points = {p["step"]: p for p in answers.chokes(g, of="NLD", step="N20")["control_points"]}
    assert points["N20"]["irreplaceable"] is True
    assert points[immersion]["irreplaceable"] is False


def test_the_readings_differ_and_each_result_names_its_own() -> None:
    lost = {
        r: {x["step"] for x in answers.makeable(open_graph(str(FOLDER), reading=r), ["NLD"])["lost"]} for r in READINGS
    }
    assert lost["alternatives"] < lost["together"]
    assert "N19" in lost["together"] and "N19" not in lost["alternatives"]  # lithography tools, of which EUV is a type


def cut(g: ChainGraph, keep: frozenset[str]) -> ChainGraph:
    """Return the part of a chain on some steps: alternatives outside are left out, and slots with none left."""
    slots = []
    for s in g.slots:
        inside = tuple(a for a in s.alternatives if a in keep)
        if s.step in keep and inside:
            slots.append(Slot(s.step, s.name, inside, s.kind, s.criticality))
    steps = tuple(s for s in g.steps if s.id in keep)
    return ChainGraph("part", steps, tuple(slots), tuple(p for p in g.positions if p.step in keep), reading=g.reading)


def parts(g: ChainGraph, size: int = 8) -> set[frozenset[str]]:
    """Return connected parts of at most `size` steps: from every step, both ways, in two orders of walking."""
    near: dict[str, list[str]] = {s.id: [] for s in g.steps}
    for slot in g.slots:
        for a in slot.alternatives:
            near[slot.step].append(a)
            near[a].append(slot.step)
    found = set()
    for start in near:
        for deep in (False, True):
            seen, queue = [start], [start]
            while queue and len(seen) < size:
                at = queue.pop() if deep else queue.pop(0)
                for n in near[at]:
                    if n not in seen and len(seen) < size:
                        seen.append(n)
                        queue.append(n)
            found.add(frozenset(seen))
    return found


def brute(g: ChainGraph, without: frozenset[str], least: float) -> set[str]:
    """Try every set of steps; what is kept is the union of the sets that hold each other up."""
    keys = [s.id for s in g.steps]
    alive = 0
    for i, key in enumerate(keys):
        rows = [p for p in g.positions_of.get(key, ()) if p.share_high != 0]
        level = [p for p in rows if not p.actor] or rows
        stay = [p for p in level if not p.countries() & without]
        known = sum(p.share_high or 0.0 for p in level)
        rest = 1 - known if all(p.share_high is not None for p in level) and 1 - known > 0.03 else 0.0
        unsized = any(p.share_high is None for p in stay)
        left = rest + sum(p.share_high or 0.0 for p in stay)
        if len(stay) == len(level) or unsized or left > least + 1e-9:  # a share on the bound is no more than it
            alive |= 1 << i
    at = {k: i for i, k in enumerate(keys)}
    needs = [[sum(1 << at[a] for a in s.alternatives) for s in g.slots_of.get(k, ())] for k in keys]
    kept = 0
    for some in range(1 << len(keys)):
        if some & ~alive:
            continue
        if all(any_ & some for i in range(len(keys)) if some >> i & 1 for any_ in needs[i]):
            kept |= some
    return {k for i, k in enumerate(keys) if not kept >> i & 1}


@pytest.mark.parametrize("least", [0.0, 0.3])
@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("schema", FOLDERS)
def test_all_single_and_pair_removals_equal_brute_force_on_every_small_part(
    schema: str, reading: str, least: float
) -> None:
    g = open_graph(str(FOLDERS[schema]), reading=reading)
    tried = lost_somewhere = 0
    for keep in sorted(parts(g), key=sorted):
        part = cut(g, keep)
        held = sorted({c for p in part.positions for c in p.countries()})
        sets = [frozenset(c) for k in (1, 2) for c in combinations(held, k)]
        if not sets:
            continue
        rows = lost_under(compile_graph(part, least_share=least), sets)
        for without, row in zip(sets, rows, strict=True):
            fast = {s.id for s, gone in zip(part.steps, row, strict=True) if gone}
            assert fast == brute(part, without, least), (sorted(keep), sorted(without))
            tried += 1
            lost_somewhere += bool(fast)
    assert tried > 1000
    assert lost_somewhere > (100 if least else 10)


@pytest.mark.parametrize("reading", READINGS)
def test_the_whole_file_one_by_one_equals_all_at_once(reading: str) -> None:
    g = open_graph(str(FOLDER), reading=reading)
    model = compile_graph(g)
    sets = list(removals(g.countries))
    rows = lost_under(model, sets)
    assert rows.shape == (len(sets), len(g.steps))
    for k in range(0, len(sets), 7):
        one = set(makeable(model, sets[k]).lost)
        assert one == {g.steps[i].id for i in np.flatnonzero(rows[k])}
