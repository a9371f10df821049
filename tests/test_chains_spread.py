"""Coefficients, stock days and classes as distributions: read from one cell, refused with its place, used with their range."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.chains import answers, own
from schakel.chains.exposure import exposure, exposures
from schakel.chains.graph import CLASSES, ChainGraph, Position, Slot, Step
from schakel.chains.open import open_graph
from schakel.cli import cli
from schakel.errors import InputError
from schakel.evidence.spread import Number, Weights, number, parse, parse_weights
from schakel.lake.store import Lake
from schakel.reports.shock_notes import note
from schakel.shocks import scenario

FIGURES = st.floats(0, 1e6, allow_nan=False, allow_subnormal=False)
SOME = st.floats(1e-3, 1e3)


@st.composite
def spoken(draw: st.DrawFn) -> dict[str, object]:
    """A distribution as a scenario file writes it."""
    kind = draw(st.sampled_from(["uniform", "triangular", "normal", "lognormal", "sigma", "beta"]))
    if kind == "uniform":
        low, high = sorted((draw(FIGURES), draw(FIGURES)))
        said: dict[str, object] = {"low": low, "high": high}
    elif kind == "triangular":
        low, mode, high = sorted((draw(FIGURES), draw(FIGURES), draw(FIGURES)))
        said = {"low": low, "mode": mode, "high": high}
    elif kind == "normal":
        said = {"mean": draw(FIGURES), "sd": draw(FIGURES)}
    elif kind == "lognormal":
        median, p90 = sorted((draw(SOME), draw(SOME)))
        said = {"median": median, "p90": p90}
    elif kind == "sigma":
        kind, said = "lognormal", {"median": draw(SOME), "sigma": draw(st.floats(0, 2))}
    else:
        said = {"a": draw(SOME), "b": draw(SOME)}
    if draw(st.booleans()):
        said["point"] = draw(FIGURES)
    return {"dist": kind, **said}


@settings(deadline=None)
@given(spoken())
def test_what_is_written_reads_back_to_the_same_and_says_what_a_scenario_says(said: dict[str, object]) -> None:
    found = number(said, 0.0, math.inf)
    assert parse(str(found), 0.0, math.inf) == found
    cell = f"{said['dist']}({'; '.join(f'{k}={v!r}' for k, v in said.items() if k != 'dist')})"
    assert parse(cell, 0.0, math.inf) == found


@settings(deadline=None)
@given(FIGURES)
def test_a_plain_number_reads_back_bit_for_bit(value: float) -> None:
    assert parse(str(Number(value)), 0.0, math.inf).point == value


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=3), st.permutations(CLASSES))
def test_weights_read_back_and_the_heaviest_counts(parts: list[int], order: list[str]) -> None:
    given_ = {name: n / sum(parts) for name, n in zip(order, parts, strict=False)}
    found = parse_weights(f"weights({'; '.join(f'{k}={v!r}' for k, v in given_.items())})", CLASSES)
    assert parse_weights(str(found), CLASSES) == found
    assert given_[found.central] == max(given_.values())
    assert [name for name, _ in found.parts] == [c for c in CLASSES if c in given_]
    seen = [found.at((k + 0.5) / 10_000) for k in range(10_000)]
    for name, weight in given_.items():
        assert seen.count(name) / 10_000 == pytest.approx(weight, abs=2e-4)


def test_the_words_are_those_of_the_scenario_file() -> None:
    values = [n for n in scenario.parse(scenario.template()).numbers.values() if n.uncertain]
    assert values
    for found in values:
        assert parse(str(found), found.low, found.high) == found


STEPS = "step,final\nchip,true\nwafer,\ngas,\ndye,\n"
HEAD = "step,input,criticality,coefficient,stock_days\n"
POSITIONS = "step,country,share\nwafer,JPN,1\ngas,CHN,1\ndye,CHN,0.5\ndye,IND,0.5\n"


def folder(path: Path, inputs: str) -> Path:
    path.mkdir(exist_ok=True)
    (path / "steps.csv").write_text(STEPS)
    (path / "inputs.csv").write_text(HEAD + inputs)
    (path / "positions.csv").write_text(POSITIONS)
    return path


ROWS = (
    "chip,wafer,critical,triangular(low=0.1; mode=0.2; high=0.3),30\n"
    'chip,gas,weights(critical=0.25; minor=0.75),"uniform(low=0.1; high=0.3)",lognormal(median=20; p90=60)\n'
    "chip,dye,minor,uniform( low = 0.1 ;high=0.5; point=0.2 ),\n"
)


def test_cells_arrive_with_their_central_values(tmp_path: Path) -> None:
    graph = own.read(folder(tmp_path / "c", ROWS))
    wafer, gas, dye = graph.slots
    assert wafer.coefficient == pytest.approx(0.2) and wafer.stock_days == 30 and set(wafer.spreads) == {"coefficient"}
    assert (gas.criticality, gas.coefficient, gas.stock_days) == ("minor", 0.2, 20.0)
    assert gas.criticality_weights == Weights((("critical", 0.25), ("minor", 0.75)))
    assert list(gas.spreads) == ["coefficient", "stock_days", "criticality"]
    assert (dye.coefficient, dye.coefficient_spread and dye.coefficient_spread.at(0.5)) == (0.2, pytest.approx(0.3))
    assert note(graph.warnings[-1], "nl").startswith(
        "3 van de 3 plekken geven verdelingen"
    )  # on results of scenarios too
    assert graph.warnings[-1].startswith("3 of 3 slots give distributions; their central values are used")
    needs = answers.show(graph, "chip")["steps"][0]["needs"]
    json.dumps(needs, allow_nan=False)
    assert needs[1]["stock_days_spread"] == "lognormal(median=20; p90=60)"
    assert (
        needs[0]["stock_days_spread"] is None
        and needs[1]["criticality_weights"] == "weights(critical=0.25; minor=0.75)"
    )


def test_the_lake_keeps_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    added = CliRunner().invoke(cli, ["data", "add", str(folder(tmp_path / "c", ROWS)), "--as", "mine"])
    assert added.exit_code == 0, added.output
    assert open_graph("mine").slots == own.read(tmp_path / "c").slots
    assert "chain_inputs" in Lake().open("mine").tables


BAD = {
    "another notation": ("chip,gas,critical,30..40,", "coefficient", "'30..40' is no number"),
    "word": ("chip,gas,critical,gamma(a=1; b=2),", "coefficient", "'gamma' is no distribution"),
    "parameter lacks": ("chip,gas,critical,uniform(low=1),", "coefficient", "needs low and high, not low"),
    "parameter unknown": ("chip,gas,critical,uniform(low=1; top=2),", "coefficient", "needs low and high"),
    "turned": ("chip,gas,critical,uniform(low=2; high=1),", "coefficient", "low 2 lies above high 1"),
    "mode outside": ("chip,gas,critical,triangular(low=1; mode=5; high=2),", "coefficient", "low <= mode <= high"),
    "below zero": ("chip,gas,critical,uniform(low=-1; high=1),", "coefficient", "-1 is out of bounds"),
    "not a number": ("chip,gas,critical,uniform(low=nan; high=1),", "coefficient", "'nan' is no number"),
    "endless": ("chip,gas,critical,uniform(low=1; high=inf),", "coefficient", "'inf' is no number"),
    "underscore": ("chip,gas,critical,uniform(low=1_0; high=20),", "coefficient", "'1_0' is no number"),
    "empty": ("chip,gas,critical,uniform(),", "coefficient", "needs low and high, not nothing"),
    "twice": ("chip,gas,critical,uniform(low=1; low=2; high=3),", "coefficient", "low stands here twice"),
    "no value": ("chip,gas,critical,uniform(low; high=3),", "coefficient", "'low' is no name=value"),
    "unclosed": ("chip,gas,critical,uniform(low=1; high=3,", "coefficient", "is no distribution; write it as"),
    "stock": ("chip,gas,critical,,lognormal(median=0; p90=2)", "stock_days", "median above 0"),
    "class": ("chip,gas,weights(vital=1),,", "criticality", "'vital' is no class"),
    "weights": ("chip,gas,weights(critical=0.5; minor=0.4),,", "criticality", "sum to 0.9, not to 1"),
    "weight of nothing": ("chip,gas,weights(critical=1; minor=0),,", "criticality", "must lie above 0"),
    "not weights": ("chip,gas,uniform(low=1; high=2),,", "criticality", "use weights"),
    "weights for a number": ("chip,gas,critical,weights(critical=1),", "coefficient", "'weights' is no distribution"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_cell_is_named_by_file_row_and_column(tmp_path: Path, case: str) -> None:
    row, column, what = BAD[case]
    with pytest.raises(InputError) as caught:
        own.read(folder(tmp_path / "c", f"chip,wafer,,,\n{row}\n"))
    assert caught.value.where == f"file inputs.csv, row 3, column {column}"
    assert what in caught.value.what and caught.value.remedy


def test_alternatives_share_one_distribution(tmp_path: Path) -> None:
    head = "step,input,slot,stock_days\n"
    path = folder(tmp_path / "c", "")
    (path / "inputs.csv").write_text(head + "chip,gas,s,uniform(low=1; high=2)\nchip,dye,s,uniform(low=1; high=3)\n")
    with pytest.raises(InputError, match="disagree on stock_days"):
        own.read(path)
    (path / "inputs.csv").write_text(head + "chip,gas,s,uniform(low=1; high=2)\nchip,dye,s,uniform(low=1; high=2)\n")
    assert len(own.read(path).slots) == 1


# ---- exposure


def test_exposure_gives_the_range_of_what_a_minor_input_weighs(tmp_path: Path) -> None:
    row = "chip,gas,minor,{},\nchip,wafer,critical,0.1,uniform(low=3; high=4)\n"
    plain = answers.exposure(own.read(folder(tmp_path / "a", row.format("0.3"))), ["CHN"], "chip")
    assert plain["exposure"] == pytest.approx(0.3) and plain["range"] is None  # stock days move no exposure
    graph = own.read(folder(tmp_path / "b", row.format("uniform(low=0.2; high=0.4)")))
    answer = answers.exposure(graph, ["CHN"], "chip")
    assert answer["exposure"] == pytest.approx(0.3)
    assert answer["range"]["draws"] == 64
    assert answer["range"]["median"] == pytest.approx(0.3, abs=0.01)
    assert (answer["range"]["p05"], answer["range"]["p95"]) == pytest.approx((0.21, 0.39), abs=0.01)
    assert answers.exposure(graph, ["CHN"], "chip") == answer
    assert answers.exposure(graph, ["CHN"], "gas")["range"] is None  # nothing above it is uncertain
    fixed = own.read(folder(tmp_path / "c", row.format("uniform(low=0.3; high=0.3)")))
    held = answers.exposure(fixed, ["CHN"], "chip")
    assert {held["range"][k] for k in ("median", "p05", "p95")} == {plain["exposure"]} == {held["exposure"]}


def test_a_class_in_doubt_moves_exposure_between_its_readings(tmp_path: Path) -> None:
    graph = own.read(folder(tmp_path / "c", "chip,gas,weights(critical=0.25; minor=0.75),0.1,\n"))
    answer = exposure(graph, "CHN", "chip")
    assert answer.exposure == pytest.approx(0.1)
    assert np.round(sorted(answer.drawn), 9).tolist() == [0.1] * 48 + [1.0] * 16


def minor(step: str, needs: str, weight: float) -> Slot:
    return Slot(step, needs, (needs,), criticality="minor", coefficient=weight)


def test_minor_inputs_never_weigh_more_than_the_whole_also_in_a_loop() -> None:
    steps = tuple(Step(x, x, x) for x in "abc")
    held = (Position("c", plant="CHN", share_low=0.6, share_high=0.6),)
    heavy = ChainGraph("t", steps, (minor("a", "b", 3.0), minor("a", "c", 1.0), minor("b", "a", 2.0)), held)
    values = exposures(heavy, frozenset({"CHN"}))[0]
    assert 0 < values["a"] <= 0.6 and 0 < values["b"] <= 0.6
    one = ChainGraph("t", steps, (minor("a", "c", 2.0),), held)
    assert exposures(one, frozenset({"CHN"}))[0]["a"] == pytest.approx(0.6)
    round_ = ChainGraph("t", steps, (minor("a", "b", 1.0), minor("b", "a", 1.0), minor("a", "c", 0.0)), (
        Position("a", plant="CHN", share_low=1e-6, share_high=1e-6),
    ))  # fmt: skip
    values = exposures(round_, frozenset({"CHN"}))[0]  # compounded it would creep to 1 in millions of rounds
    assert values["a"] == values["b"] == 1e-6
