"""Does every chart stay inside its frame, escape its labels, and say in words what it shows?"""

import math
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from schakel import charts
from schakel.charts.scale import CLASSES
from schakel.charts.stylesheet import resolved
from schakel.errors import InputError

NS = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert('x')</script>&\"\x00\ud800"
LABELS = st.text(max_size=40) | st.just(EVIL)
SHARES = st.none() | st.floats(min_value=0, max_value=1)
ANY = st.none() | st.floats(min_value=0, max_value=1e9)
HEAD = {"title": EVIL, "desc": EVIL, "ident": "x1"}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def sound(svg: str) -> ET.Element:
    """Parse a chart and check what holds for all of them."""
    assert "<script" not in svg
    assert "style=" not in svg
    assert "fill=" not in svg
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert sorted(ids) == sorted(root.get("aria-labelledby", "").split()) == ["x1-d", "x1-t"]
    assert root.find(f"{NS}title") is not None
    _, _, width, height = (float(v) for v in root.get("viewBox", "").split())
    for e in root.iter():
        for key, limit in (("x", width), ("x1", width), ("x2", width), ("cx", width)):
            assert 0 <= float(e.get(key, "0")) <= limit, (e.tag, e.attrib)
        for key, limit in (("y", height), ("y1", height), ("y2", height), ("cy", height)):
            assert -1 <= float(e.get(key, "0")) <= limit, (e.tag, e.attrib)
        if e.tag == f"{NS}rect":
            assert float(e.get("x", "0")) + float(e.get("width", "0")) <= width + 2
            assert float(e.get("y", "0")) + float(e.get("height", "0")) <= height + 1
        if e.tag == f"{NS}path" and e.get("class", "").startswith(("ribbon", "line")):
            path = e.get("d", "")
            assert "n" not in path
            assert max(float(v) for v in _NUMBER.findall(path)) <= max(width, height)
    return root


@settings(max_examples=15)
@given(st.dictionaries(st.sampled_from(["NLD", "CHN", "USA", "TWN", "SGP", "MLT", "SUN"]), SHARES), st.booleans())
def test_map(values: dict[str, float | None], legend: bool) -> None:
    svg = charts.choropleth(
        values, breaks=(0.1, 0.5), **HEAD, name=lambda code: EVIL, home=frozenset({"NLD"}), legend=legend
    )
    root = sound(svg)
    for code in {"TWN", "SGP", "MLT"} & {k for k, v in values.items() if v is not None}:
        x, y = charts.world()["dots"][code]
        assert any(e.get("cx") == str(x) and e.get("cy") == str(y) for e in root.iter(f"{NS}circle"))
    words = charts.choropleth_words(values, header=("a", "b"))
    assert len(words.rows) == len(values)


def test_the_world_is_whole() -> None:
    world = charts.world()
    seen = set(world["shapes"]) | set(world["dots"])
    assert len(seen) > 230
    assert {"NLD", "BEL", "LUX", "SGP", "MLT", "HKG", "TWN", "XKX", "MAC", "BHR"} <= set(world["dots"])
    assert "ATA" not in seen
    for code, path in world["shapes"].items():
        assert re.fullmatch(r"(M\d+ \d+l(-?\d+[ -]?\d+ ?)*[-\d ]*z)+", path), code
    for x, y in world["dots"].values():
        assert 0 <= x <= world["width"]
        assert 0 <= y <= world["height"]
    assert "public domain" in world["licence"]


NODES = st.integers(min_value=1, max_value=9)


@settings(max_examples=40)
@given(NODES, NODES, NODES, st.data())
def test_sankey(a: int, b: int, c: int, data: st.DataObject) -> None:
    nodes = [charts.Node(f"{col}-{i}", data.draw(LABELS), col) for col, n in enumerate((a, b, c)) for i in range(n)]
    pairs = [(m.key, n.key) for m in nodes for n in nodes if m.column < n.column]
    chosen = data.draw(st.lists(st.sampled_from(pairs), max_size=30, unique=True))
    sizes = st.floats(min_value=1e-3, max_value=1e12)
    links = [charts.Link(s, t, data.draw(sizes)) for s, t in chosen]
    root = sound(charts.sankey(nodes, links, **HEAD))
    ribbons = list(root.iter(f"{NS}path"))
    assert len(ribbons) == len(links)
    bars = list(root.iter(f"{NS}rect"))
    for one in bars:  # no two bars of a column overlap
        for other in bars:
            if one is not other and one.get("x") == other.get("x"):
                top, low = sorted((one, other), key=lambda e: float(e.get("y", "0")))
                assert float(top.get("y", "0")) + float(top.get("height", "0")) <= float(low.get("y", "0")) + 0.2
    folded_nodes, folded = charts.fold(nodes, links, column=0, keep=2, other="rest")
    assert math.isclose(sum(k.value for k in folded), sum(k.value for k in links), rel_tol=1e-9, abs_tol=1e-9)
    assert sum(n.column == 0 for n in folded_nodes) <= 3
    assert len(charts.sankey_words(nodes, links, header=("a", "b", "c")).rows) == len(links)


def test_sankey_refuses_what_it_cannot_draw() -> None:
    nodes = [charts.Node("a", "A", 0), charts.Node("b", "B", 1)]
    for source, target, value in (("b", "a", 1), ("a", "x", 1), ("a", "b", 0), ("a", "b", math.nan)):
        with pytest.raises(InputError):
            charts.sankey(nodes, [charts.Link(source, target, value)], **HEAD)


@settings(max_examples=40)
@given(st.lists(st.builds(charts.Bar, LABELS, ANY, st.booleans()), max_size=12), ANY)
def test_bars(items: list[charts.Bar], threshold: float | None) -> None:
    sound(charts.bars(items, threshold=threshold, **HEAD))
    assert len(charts.bars_words(items, header=("a", "b")).rows) == len(items)


@settings(max_examples=40)
@given(st.lists(st.builds(charts.Range, LABELS, ANY, ANY, ANY, ANY), max_size=8))
def test_interval(items: list[charts.Range]) -> None:
    sound(charts.interval(items, **HEAD))
    words = charts.interval_words(items, header=("a", "b", "c", "d", "e"))
    assert all(len(row) == 5 for row in words.rows)


POINTS = st.dictionaries(st.integers(1990, 2030), ANY, max_size=8).map(lambda d: tuple(d.items()))


@settings(max_examples=40)
@given(st.lists(st.builds(charts.Series, LABELS, POINTS, ANY), max_size=6), ANY, st.booleans())
def test_lines(series: list[charts.Series], threshold: float | None, shared: bool) -> None:
    sound(charts.lines(series, threshold=threshold, **HEAD))
    sound(charts.small_multiples(series, shared=shared, **HEAD))
    years = {year for s in series for year, _ in s.points}
    assert len(charts.lines_words(series, header="year").rows) == len(years)


@settings(max_examples=20)
@given(st.lists(LABELS, max_size=6), st.lists(LABELS, max_size=6), st.data())
def test_verdict_grid(products: list[str], methods: list[str], data: st.DataObject) -> None:
    down = [(f"p{i}", text) for i, text in enumerate(products)]
    across = [(f"m{i}", text) for i, text in enumerate(methods)]
    verdicts = {(p, m): data.draw(st.sampled_from([True, False, None])) for p, _ in down for m, _ in across}
    root = sound(charts.verdict_grid(down, across, verdicts, **HEAD))
    for kind, verdict in (("yes", True), ("no", False), ("unknown", None)):
        cells = [e for e in root.iter(f"{NS}g") if e.get("class") == f"cell {kind}"]
        assert len(cells) == sum(v is verdict for v in verdicts.values())
        assert all(e.findtext(f"{NS}text") == kind for e in cells)
    assert len(charts.verdict_grid_words(down, across, verdicts, header="a").rows) == len(down)


def test_a_chart_refuses_what_is_not_finite_and_a_bad_id() -> None:
    with pytest.raises(InputError):
        charts.bars([charts.Bar("a", 1.0)], title="t", desc="d", ident="1 x")
    with pytest.raises(InputError):
        charts.bars([charts.Bar("a", math.inf)], **HEAD)


def spread(svg: str) -> str:
    """Put each element on a line of its own, to be read."""
    return svg.replace("><", ">\n<")


def test_marks_are_told_by_shape_and_word() -> None:
    assert spread(charts.verdict_mark(True, "nl")) == snapshot("""\
<span class="verdict yes">
<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
<rect class="yes" x="3" y="3" width="10" height="10"/>
</svg> ja</span>\
""")
    assert spread(charts.verdict_mark(False)) == snapshot("""\
<span class="verdict no">
<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
<circle class="no" cx="8" cy="8" r="5"/>
</svg> no</span>\
""")
    assert spread(charts.verdict_mark(None)) == snapshot("""\
<span class="verdict unknown">
<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
<path class="unknown" d="M8.0 2.0L14.0 8.0L8.0 14.0L2.0 8.0Z"/>
</svg> unknown</span>\
""")


def test_small_charts_to_the_letter() -> None:
    assert spread(charts.bar_cell(0.25, over=True)) == snapshot("""\
<svg class="bar-cell" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
<rect class="over" x="75" y="0" width="25" height="10"/>
</svg>\
""")
    nodes = [charts.Node("a", "A", 0), charts.Node("b", "B", 1)]
    links = [charts.Link("a", "b", 5)]
    assert spread(charts.sankey(nodes, links, title="t", desc="d", ident="s", height=60)) == snapshot("""\
<svg xmlns="http://www.w3.org/2000/svg" class="chart sankey" viewBox="0 0 600 60" role="img" aria-labelledby="s-t s-d">
<title id="s-t">t</title>
<desc id="s-d">d</desc>
<path class="ribbon hue0" d="M148 1C300 1 300 1 452 1V59C300 59 300 59 148 59Z">
<title>A → B: $5</title>
</path>
<rect class="node" x="138" y="1" width="10" height="58"/>
<text class="label end" x="132" y="34">A</text>
<rect class="node" x="452" y="1" width="10" height="58"/>
<text class="label start" x="468" y="34">B</text>
</svg>\
""")
    ranges = [charts.Range("hhi", 0.56, 0.31, 0.72, 0.4)]
    assert spread(charts.interval(ranges, title="t", desc="d", ident="i", lang="nl")) == snapshot("""\
<svg xmlns="http://www.w3.org/2000/svg" class="chart interval" viewBox="0 0 600 50" role="img" aria-labelledby="i-t i-d">
<title id="i-t">t</title>
<desc id="i-d">d</desc>
<text class="label end" x="207" y="24">hhi</text>
<line class="track" x1="215" y1="20" x2="450" y2="20"/>
<rect class="range" x="287.9" y="13" width="96.3" height="14"/>
<line class="threshold" x1="309" y1="7" x2="309" y2="33"/>
<polygon class="declared" points="346.6,14.0 352.6,20.0 346.6,26.0 340.6,20.0"/>
<text class="value" x="458" y="24">0,560 (0,310–0,720)</text>
</svg>\
""")
    words = charts.interval_words(ranges, header=("a", "b", "c", "d", "e"), lang="nl")
    assert words.sentence == "De drempel ligt binnen de marge van: hhi."
    assert words.rows == (("hhi", "0,560", "0,310", "0,720", "0,400"),)


def test_straddling() -> None:
    assert charts.straddles(charts.Range("a", 0.5, 0.3, 0.7, 0.4))
    assert not charts.straddles(charts.Range("a", 0.5, 0.41, 0.7, 0.4))
    assert not charts.straddles(charts.Range("a", 0.5, None, 0.7, 0.4))


def test_a_chart_alone_carries_its_colours() -> None:
    svg = charts.standalone(charts.bars([charts.Bar("a", 0.4)], **HEAD))
    ET.fromstring(svg)
    assert "var(" not in svg
    assert "#" in svg
    for i in range(CLASSES):
        assert f".c{i} {{ fill: #" in resolved()
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", charts.stylesheet()))
    assert used == set(re.findall(r"--([a-z0-9-]+):", charts.stylesheet()))


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_classes_are_told_apart_by_lightness_alone() -> None:
    colours = dict(re.findall(r"--chart-(c\d): (#[0-9a-f]{6});", charts.stylesheet()))
    light = [_luminance(colours[f"c{i}"]) for i in range(CLASSES)]
    for a, b in pairwise(light):
        assert (a + 0.05) / (b + 0.05) > 1.2
