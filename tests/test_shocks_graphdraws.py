"""A chain that may not be as written: edges by their confidence, amounts and classes by their distributions, in a band of their own."""

from pathlib import Path

import numpy as np
import pytest

from schakel.chains import drawn
from schakel.chains.graph import CLASSES
from schakel.chains.open import open_graph
from schakel.errors import InputError
from schakel.shocks import graphdraws, run, scenario
from schakel.shocks.graphworld import of_graph

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
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "steps.csv").write_text(STEPS)
    (folder / "inputs.csv").write_text(INPUTS % (gas, tool))
    (folder / "positions.csv").write_text(POSITIONS)
    return folder


def test_edges_stand_as_often_as_their_confidence_says(tmp_path: Path) -> None:
    graph = open_graph(str(chain(tmp_path / "c")))
    assert [graph.slots[k].name for k in drawn.uncertain(graph)] == ["gas", "tool"]
    stands = drawn.values(graph, 256, 1)
    assert stands.mean(axis=0) == pytest.approx([0.25, 0.5], abs=0.01)  # Sobol points are even
    both = (stands[:, 0] * stands[:, 1]).mean()
    assert both == pytest.approx(0.125, abs=0.02)  # and independent
    assert np.array_equal(stands, drawn.values(graph, 256, 1))
    assert not np.array_equal(stands, drawn.values(graph, 256, 2))
    assert np.array_equal(drawn.values(graph, 64, 1), stands[:64])


def test_a_certain_graph_is_drawn_as_it_is(tmp_path: Path) -> None:
    graph = open_graph(str(chain(tmp_path / "c", "1", "")))
    assert drawn.uncertain(graph) == drawn.spreads(graph) == ()
    assert [drawn.graph_of(graph, row) for row in drawn.values(graph, 3, 1)] == [graph] * 3
    never = open_graph(str(chain(tmp_path / "d", "0", "1")))
    for row in drawn.values(never, 8, 1):
        assert [s.name for s in drawn.graph_of(never, row).slots] == ["wafer", "tool"]


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


# ---- coefficients, stock days and classes as distributions


def spread_chain(
    folder: Path, wafer: str = "0.3", days: str = "10", criticality: str = "critical", gas: str = "1"
) -> Path:
    chain(folder, gas, "1")
    text = INPUTS % (gas, "1")
    before = "chip,gas,flow,critical,0.1,10,"
    assert before in text
    text = text.replace(before, f"chip,gas,flow,{criticality},0.1,{days},").replace(",0.3,", f",{wafer},")
    (folder / "inputs.csv").write_text(text)
    return folder


def test_a_chain_with_distributions_has_the_band_unless_it_is_refused(tmp_path: Path) -> None:
    text = TEXT % (spread_chain(tmp_path / "c", days="uniform(low=5; high=40)"), "fixed")
    assert "graph_band" not in run.run(scenario.parse(text))
    answer = run.run(scenario.parse(text.replace(", graph: fixed", "")))
    band = answer["graph_band"]
    assert (band["edges"], band["distributions"], band["graphs"], band["distinct"]) == (0, 1, 64, 64)
    share = band["lenses"]["centre"]["loss_share"]
    point = answer["lenses"]["centre"]["loss_share"]["median"]
    assert share["p05"] < share["median"] < share["p95"]
    assert share["p05"] < point < share["p95"]
    stop = band["lenses"]["centre"]["first_stop"]
    assert 5 < stop["p05"] < 15 and 30 < stop["p95"] < 50  # the stock runs out after its days
    assert answer == run.run(scenario.parse(text.replace(", graph: fixed", "")))


def width(folder: Path, days: str) -> float:
    text = (TEXT % (spread_chain(folder, days=days), "edge_probability")).replace("draws: 64", "draws: 16")
    share = run.run(scenario.parse(text))["graph_band"]["lenses"]["centre"]["loss_share"]
    return float(share["p95"] - share["p05"])


def test_the_band_grows_with_the_spread(tmp_path: Path) -> None:
    widths = [width(tmp_path / str(k), f"uniform(low={20 - k}; high={20 + k})") for k in (0, 2, 8, 15)]
    assert widths[0] == 0.0
    assert sorted(widths) == widths and len(set(widths)) == 4


def test_a_distribution_without_width_gives_the_value_bit_for_bit(tmp_path: Path) -> None:
    spoken = {"wafer": "triangular(low=0.3; mode=0.3; high=0.3)", "days": "lognormal(median=10; p90=10)",
              "criticality": "weights(critical=1)"}  # fmt: skip
    plain, same = (
        open_graph(str(spread_chain(tmp_path / "plain" / "c"))), open_graph(str(spread_chain(tmp_path / "same" / "c", **spoken)))
    )  # fmt: skip
    assert len(drawn.spreads(same)) == 3
    a = of_graph(plain)
    for graph in (same, *(drawn.graph_of(same, row) for row in drawn.values(same, 4, 9))):
        b = of_graph(graph)
        for field in ("flows", "final", "stock_days", "criticality", "kind"):
            assert getattr(a, field).tobytes() == getattr(b, field).tobytes()
    lens = [run.run(scenario.parse(TEXT % (tmp_path / k / "c", "fixed")))["lenses"] for k in ("plain", "same")]
    assert lens[0] == lens[1]


def test_classes_are_drawn_as_often_as_their_weights_say(tmp_path: Path) -> None:
    graph = open_graph(str(spread_chain(tmp_path / "c", criticality="weights(minor=0.25; critical=0.75)")))
    assert [s.criticality for s in graph.slots] == ["critical", "critical", "important"]  # the heaviest counts
    rows = drawn.values(graph, 128, 3)
    seen = [drawn.graph_of(graph, row).slots[1].criticality for row in rows]
    assert [seen.count(c) for c in CLASSES] == [96, 0, 32]
    text = (TEXT % (tmp_path / "c", "fixed")).replace(", graph: fixed", "")
    centre = run.run(scenario.parse(text))["graph_band"]["lenses"]["centre"]
    assert centre["first_stop"]["graphs_without"] == 16  # a minor gas stops nothing, in a quarter of 64
    assert centre["loss_share"]["p05"] < centre["loss_share"]["p95"]


def test_the_same_chains_stand_with_and_without_mitigations(tmp_path: Path) -> None:
    folder = spread_chain(tmp_path / "c", days="uniform(low=5; high=40)")
    bare = (TEXT % (folder, "fixed")).replace(", graph: fixed", "")
    stock = 'mitigations:\n  - {kind: stock, owner: TWN, products: ["step:gas"], days: 15}\nuncertainty:'
    helped = run.run(scenario.parse(bare.replace("uncertainty:", stock)))["graph_band"]["lenses"]["centre"]
    alone = run.run(scenario.parse(bare))["graph_band"]["lenses"]["centre"]
    assert "without_mitigations" not in alone
    assert helped["without_mitigations"] == alone
    assert helped["loss_share"]["median"] < alone["loss_share"]["median"]


def test_drawn_chains_that_cannot_be_are_counted(tmp_path: Path) -> None:
    folder = spread_chain(tmp_path / "c", wafer="uniform(low=0.2; high=1.2; point=0.3)")
    band = run.run(scenario.parse((TEXT % (folder, "fixed")).replace(", graph: fixed", "")))["graph_band"]
    assert band["impossible"] == 22  # wafer + 0.1 gas + 0.05 tool reach 1 above 0.85: 35 in 100
    assert band["distinct"] == 64 - 22
    with pytest.raises(InputError, match=r"take 1\.15 of its value"):
        of_graph(open_graph(str(spread_chain(tmp_path / "d", wafer="uniform(low=0.8; high=1.2)"))))


def test_more_chains_than_the_limit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="5000 graphs"):
        drawn.values(open_graph(str(chain(tmp_path / "c"))), 5000, 1)
