"""What if a chain is not quite as written: edges that may not be there, amounts and classes within their distributions?

An edge is known with a confidence, the probability that the step really needs that input. A coefficient, stock days or a
criticality may be a distribution. Chains are drawn with one Sobol dimension for each uncertain edge and then one for each
distribution, so that the same chain and seed give the same chains whatever is asked of them (common random numbers).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from schakel.chains.graph import CLASSES, ChainGraph, Slot
from schakel.errors import InputError
from schakel.evidence.spread import Number, Weights

F64 = npt.NDArray[np.float64]
MOST = 4096


def uncertain(graph: ChainGraph) -> tuple[int, ...]:
    """Return the positions of the slots that are not certain to be there."""
    return tuple(k for k, slot in enumerate(graph.slots) if slot.confidence < 1.0)


def spreads(graph: ChainGraph) -> tuple[tuple[int, str, Number | Weights], ...]:
    """Return every distribution: position of its slot, field, and what it is."""
    return tuple((k, name, found) for k, slot in enumerate(graph.slots) for name, found in slot.spreads.items())


def values(graph: ChainGraph, count: int, seed: int, *, edges: bool = True, amounts: bool = True) -> F64:
    """Return what is drawn, shape (count, uncertain edges + distributions).

    An edge is 1 where it stands and 0 where not, a class its place in `schakel.chains.graph.CLASSES`.

    Parameters
    ----------
    edges, amounts
        What is drawn at all; edges stand and amounts are absent where not.

    Raises
    ------
    InputError
        If more than `MOST` chains are asked for.
    """
    from scipy.stats import qmc

    doubtful = [graph.slots[k].confidence for k in uncertain(graph)] if edges else []
    given = [found for _, _, found in spreads(graph)] if amounts else []
    width = len(doubtful) + len(given)
    if not width or count < 1:
        return np.ones((max(count, 0), width))
    if count > MOST:
        raise InputError(f"{count} graphs", remedy=f"draw at most {MOST}")
    rng = np.random.default_rng([seed, 0x65646765])  # a stream of its own, apart from that of a scenario's numbers
    power = int(np.ceil(np.log2(count)))
    unit = rng.random((count, width))
    if width <= qmc.Sobol.MAXDIM:
        unit = qmc.Sobol(width, scramble=True, rng=rng).random_base2(power)[:count]
    out = np.empty((count, width))
    out[:, : len(doubtful)] = unit[:, : len(doubtful)] < np.array(doubtful)[None, :]
    inside = np.clip(unit, 1e-9, 1 - 1e-9)
    for j, found in enumerate(given, len(doubtful)):
        if isinstance(found, Number):
            out[:, j] = found.at(inside[:, j])
        else:
            out[:, j] = [CLASSES.index(found.at(u)) for u in inside[:, j].tolist()]
    return out


def graph_of(graph: ChainGraph, row: Sequence[float] | F64, *, edges: bool = True, amounts: bool = True) -> ChainGraph:
    """Return the chain that one row of `values` says; the chain itself when the row changes nothing."""
    doubtful = uncertain(graph) if edges else ()
    gone = {k for k, here in zip(doubtful, row, strict=False) if not here}
    slots: dict[int, Slot] = {}
    for (k, name, _), value in zip(spreads(graph) if amounts else (), row[len(doubtful) :], strict=True):
        now = CLASSES[int(value)] if name == "criticality" else float(value)
        slots[k] = replace(slots.get(k, graph.slots[k]), **{name: now})  # type: ignore[arg-type]
    if not gone and not slots:
        return graph
    return replace(graph, slots=tuple(slots.get(k, s) for k, s in enumerate(graph.slots) if k not in gone))
