"""Edges of a chain that may not be there: drawn by their confidence, and shown as a band of their own."""

from pathlib import Path

import numpy as np
import pytest

from schakel.chains.open import open_graph
from schakel.shocks import graphdraws, run, scenario

STEPS = "step,layer,final\nchip,,true\nwafer,,\ngas,,\ntool,,\n"
INPUTS = (
    "step,input,kind,criticality,coefficient,stock_days,confidence\n"
    "chip,wafer,flow,critical,0.3,10,1\nchip,gas,flow,critical,0.1,10,%s\nchip,tool,capital,important,0.05,0,%s\n"
)
POSITIONS = "step,country,share\nchip,TWN,1\nwafer,JPN,1\ngas,CHN,1\ntool,NLD,1\n"
TEXT = """\
schema: schakel.scenario/1
id: gas
title: {en: gas}
graph: %s
time: {start: 2026-01-01, horizon: 60}
measures:
  - {id: m1, imposer: CHN, instrument: export_ban, products: ["step:gas"], to: world, start: 3}
uncertainty: {seed: 5, draws: 64, structural: [centre], graph: %s}
"""


def chain(folder: Path, gas: str = "0.25", tool: str = "0.5") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "steps.csv").write_text(STEPS)
    (folder / "inputs.csv").write_text(INPUTS % (gas, tool))
    (folder / "positions.csv").write_text(POSITIONS)
    return folder


def test_edges_stand_as_often_as_their_confidence_says(tmp_path: Path) -> None:
    graph = open_graph(str(chain(tmp_path / "c")))
    assert [graph.slots[k].name for k in graphdraws.uncertain(graph)] == ["gas", "tool"]
    stands = graphdraws.standing(graph, 256, 1)
    assert stands.mean(axis=0) == pytest.approx([0.25, 0.5], abs=0.01)  # Sobol points are even
    both = (stands[:, 0] & stands[:, 1]).mean()
    assert both == pytest.approx(0.125, abs=0.02)  # and independent
    assert np.array_equal(stands, graphdraws.standing(graph, 256, 1))
    assert not np.array_equal(stands, graphdraws.standing(graph, 256, 2))
    assert np.array_equal(graphdraws.standing(graph, 64, 1), stands[:64])


def test_a_certain_graph_is_drawn_as_it_is(tmp_path: Path) -> None:
    graph = open_graph(str(chain(tmp_path / "c", "1", "")))
    assert graphdraws.uncertain(graph) == ()
    assert list(graphdraws.graphs(graph, graphdraws.standing(graph, 3, 1))) == [graph] * 3
    never = open_graph(str(chain(tmp_path / "d", "0", "1")))
    for drawn in graphdraws.graphs(never, graphdraws.standing(never, 8, 1)):
        assert [s.name for s in drawn.slots] == ["wafer", "tool"]


def test_the_band_is_apart_from_that_of_the_numbers(tmp_path: Path) -> None:
    text = TEXT % (chain(tmp_path / "c"), "edge_probability")
    answer = run.run(scenario.parse(text))
    band = answer["graph_band"]
    assert (band["edges"], band["graphs"], band["distinct"], band["left_out"]) == (2, 64, 4, 0)
    share = band["lenses"]["centre"]["loss_share"]
    # Without the gas nothing is lost, with it (one graph in four) as much as the chain as written loses.
    fixed = answer["lenses"]["centre"]["loss_share"]
    assert fixed["p05"] == fixed["p95"] > 0.1
    assert share["p05"] == share["median"] == 0.0
    assert share["p95"] > 0.1
    without = band["lenses"]["centre"]["first_stop"]["graphs_without"]
    assert without == 48
    plain = run.run(scenario.parse(TEXT % (tmp_path / "c", "fixed")))
    assert "graph_band" not in plain
    assert plain["lenses"] == answer["lenses"]  # asking for the band changes nothing else


def test_edges_without_doubt_give_a_band_of_no_width_and_say_so(tmp_path: Path) -> None:
    answer = run.run(scenario.parse(TEXT % (chain(tmp_path / "c", "1", "1"), "edge_probability")))
    assert answer["graph_band"]["edges"] == 0
    assert answer["graph_band"]["lenses"] == {}


def test_threads_and_repeats_change_nothing(tmp_path: Path) -> None:
    s = scenario.parse(TEXT % (chain(tmp_path / "c"), "edge_probability"))
    a, b = (run.run(s, threads=k)["graph_band"] for k in (1, 2))
    assert a == b
    graph = open_graph(str(tmp_path / "c"))
    seen: list[tuple[str, int, int]] = []
    graphdraws.band(graph, s, 16, progress=lambda *x: seen.append(x))
    assert seen[-1] == ("graph/edges", 4, 4)
