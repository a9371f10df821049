"""How long does it take to ask what can still be made without every country and every pair of countries?

    python benchmarks/chains.py [--products 5000] [--countries 200] [--sample 200]

A made-up chain of 5,000 products and 53,672 input links, each product held by some of 200 countries; all 20,100 single and
pair removals. Beside it the same question put one removal at a time: a plain loop that carries losses along the links, on a
sample of the removals, whose answers must be equal. The published prototype of this question took 5.6 s of processor time
for these sizes on a machine of its own.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import deque

import numpy as np

from schakel.chains.graph import ChainGraph, Position, Slot, Step
from schakel.chains.makeable import Model, compile_graph, lost_under, removals

LINKS = 53_672
PROTOTYPE = 5.6


def chain(products: int, countries: int, links: int, seed: int = 1) -> ChainGraph:
    """Return a chain in which one input in six has a second source, and one link in a hundred goes back upstream."""
    rng = np.random.default_rng(seed)
    names = [f"C{i:03d}" for i in range(countries)]
    steps = tuple(Step(f"p{i}", f"p{i}", f"p{i}", final=i >= products - 50) for i in range(products))
    slots: list[Slot] = []
    left = links
    while left > 0:
        user = int(rng.integers(1, products))
        several = min(left, 2 if rng.random() < 1 / 6 else 1)
        reach = products if rng.random() < 0.01 else user
        inputs = [int(k) for k in rng.choice(reach, several, replace=False) if k != user] if reach > several else [0]
        if not inputs:
            continue
        slots.append(Slot(f"p{user}", f"s{len(slots)}", tuple(f"p{k}" for k in inputs)))
        left -= len(inputs)
    weight = rng.pareto(1.0, countries) + 0.1
    weight /= weight.sum()
    positions = [
        Position(f"p{i}", plant=names[k], share_low=float(s), share_high=float(s))
        for i in range(products)
        for held in [rng.choice(countries, 1 + int(rng.geometric(0.2)), replace=False, p=weight)]
        for k, s in zip(held, rng.dirichlet(np.ones(len(held))), strict=True)
    ]
    return ChainGraph("made up", steps, tuple(slots), tuple(positions))


class OneByOne:
    """The plain loop: counts of what is left, a queue of what is lost."""

    def __init__(self, graph: ChainGraph) -> None:
        at = {s.id: i for i, s in enumerate(graph.steps)}
        self.holders = [frozenset(p.plant for p in graph.positions_of.get(s.id, ())) for s in graph.steps]
        self.slot_of = [at[s.step] for s in graph.slots]
        self.size = [len(s.alternatives) for s in graph.slots]
        self.into: list[list[int]] = [[] for _ in graph.steps]
        for k, slot in enumerate(graph.slots):
            for a in slot.alternatives:
                self.into[at[a]].append(k)

    def lost(self, without: frozenset[str]) -> np.ndarray:
        """Return which products are lost under one removal."""
        gone = np.array([held <= without for held in self.holders])
        left = list(self.size)
        queue = deque(np.flatnonzero(gone).tolist())
        while queue:
            for k in self.into[queue.popleft()]:
                left[k] -= 1
                user = self.slot_of[k]
                if left[k] == 0 and not gone[user]:
                    gone[user] = True
                    queue.append(user)
        return gone


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=5000)
    parser.add_argument("--countries", type=int, default=200)
    parser.add_argument("--sample", type=int, default=200, help="removals that the plain loop is asked")
    args = parser.parse_args()
    graph = chain(args.products, args.countries, round(LINKS * args.products / 5000))
    cpu, wall = time.process_time(), time.time()
    model: Model = compile_graph(graph)
    ready = time.process_time() - cpu
    sets = list(removals([f"C{i:03d}" for i in range(args.countries)]))
    lost = lost_under(model, sets)
    bits, wall = time.process_time() - cpu, time.time() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    links = sum(len(s.alternatives) for s in graph.slots)
    print(
        f"{len(graph.steps)} products, {links} links, {args.countries} countries, {len(sets)} removals, "
        f"{100 * lost.mean():.1f} % of answers lost: {bits:.2f} s CPU ({ready:.2f} s to compile) {wall:.2f} s elapsed {memory:.0f} MB, "
        f"{bits / len(sets) * 1e6:.0f} microseconds each; published prototype {PROTOTYPE} s, its machine: {PROTOTYPE / bits:.1f} times ours"
    )
    some = np.random.default_rng(2).choice(len(sets), min(args.sample, len(sets)), replace=False)
    cpu, wall = time.process_time(), time.time()
    plain = OneByOne(graph)
    answers = [plain.lost(sets[k]) for k in some]
    one, wall = (time.process_time() - cpu) / len(some), time.time() - wall
    if not all(np.array_equal(a, lost[k]) for a, k in zip(answers, some, strict=True)):
        raise SystemExit("the plain loop gives another answer")
    print(
        f"one by one: {one * 1000:.2f} ms CPU a removal ({len(some)} removals in {wall:.2f} s, answers equal), so {one * len(sets):.1f} s "
        f"CPU for all: {one * len(sets) / bits:.0f} times ours"
    )


if __name__ == "__main__":
    main()
