"""Is a chain drawn whole, readable and legal with loops, with few crossings, and said in words?"""

import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel import charts
from schakel.charts import layering
from schakel.charts.layered import BREAKS, GAP, TALL, WIDE
from schakel.charts.layering import _apart, _crossings, place
from schakel.charts.stylesheet import resolved
from schakel.errors import InputError

NS = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert('x')</script>&\"\x00\ud800"
HEADER = ("step", "into", "concentration", "holder", "share")


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[str], list[tuple[str, str]]]:
    keys = [f"k{i}" for i in range(draw(st.integers(0, 9)))]
    if not keys:
        return keys, []
    pair = st.tuples(st.sampled_from(keys), st.sampled_from(keys))
    return keys, draw(st.lists(pair, max_size=16, unique=True))


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_every_link_runs_forward_or_is_told_as_a_loop(made) -> None:
    keys, links = made
    lay = place(keys, links, box=50, bend=10)
    assert {k for layer in lay.layers for k in layer if k in keys} == set(keys)
    for k, (a, b) in enumerate(links):
        way = lay.ways[k]
        assert (way[0], way[-1]) == (a, b)
        if k in lay.loops:
            assert lay.layer[a] >= lay.layer[b]
        else:
            assert lay.layer[a] < lay.layer[b]
        steps = [abs(lay.layer[x] - lay.layer[y]) for x, y in pairwise(way)]
        assert all(step == 1 for step in steps) or a == b
    for layer in lay.layers:
        for x, y in pairwise(layer):
            tall = (50 if x in keys else 10) / 2 + (50 if y in keys else 10) / 2
            assert lay.y[y] - lay.y[x] >= tall - 1e-6


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_only_links_within_a_loop_run_back(made) -> None:
    keys, links = made
    lay = place(keys, links)
    reach = {k: {k} for k in keys}
    for _ in keys:
        for a, b in links:
            reach[a] |= reach[b]
    for k in lay.loops:
        a, b = links[k]
        assert a in reach[b]


def test_crossings_are_counted_as_by_hand() -> None:
    layers = [["a", "b", "c"], ["x", "y", "z"]]
    pairs = {("a", "z"), ("b", "y"), ("c", "x"), ("a", "x")}
    rank = {k: j for layer in layers for j, k in enumerate(layer)}
    by_hand = sum((rank[a] - rank[c]) * (rank[b] - rank[d]) < 0 for (a, b), (c, d) in combinations(sorted(pairs), 2))
    assert _crossings(layers, pairs) == by_hand == 3


def test_order_by_barycentre_untangles_a_ladder() -> None:
    keys = [f"a{i}" for i in range(8)] + [f"b{i}" for i in reversed(range(8))]
    assert place(keys, [(f"a{i}", f"b{i}") for i in range(8)]).crossings == 0


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-100, 100), min_size=1, max_size=6), st.data())
def test_heights_are_the_least_squares_places(wish, data) -> None:
    size = [data.draw(st.floats(1, 20)) for _ in wish]
    got = _apart(wish, size)

    def cost(places):
        return sum((p - w) ** 2 for p, w in zip(places, wish, strict=True))

    for i in range(len(got) - 1):
        assert got[i + 1] - got[i] >= (size[i] + size[i + 1]) / 2 - 1e-9
    best = cost(got)
    for _ in range(10):
        other = [p + data.draw(st.floats(-1, 1)) for p in got]
        if all(other[i + 1] - other[i] >= (size[i] + size[i + 1]) / 2 for i in range(len(other) - 1)):
            assert cost(other) >= best - 1e-6


def boxes(n: int = 4) -> list[charts.Box]:
    return [
        charts.Box("wafer", EVIL, 0.3, 0.5, "JPN", 0.5, "/chain/x/step/wafer"),
        charts.Box(
            "scanner", "EUV scanner with a name far too long for two lines of a box", 1.0, 1.0, "NLD", 1.0, "/s", True
        ),
        charts.Box("chip", "Chip", None, None, "", None, "/c", True, True),
        charts.Box("phone", "Phone", 0.1, 0.1, "CHN", 0.2),
    ][:n]


ARROWS = [
    charts.Arrow("wafer", "chip"),
    charts.Arrow("scanner", "chip", "important", True),
    charts.Arrow("chip", "phone", "minor"),
    charts.Arrow("chip", "scanner"),
    charts.Arrow("chip", "chip"),
]


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_drawing(lang: str) -> None:
    svg = charts.layered(boxes(), ARROWS, title=EVIL, desc="d", ident="c1", lang=lang)
    assert "<script" not in svg
    assert "style=" not in svg and "fill=" not in svg
    root = ET.fromstring(svg)
    width, height = float(root.get("width")), float(root.get("height"))
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert root.get("aria-labelledby") == "c1-t c1-d"
    assert root.get("role") == "group"
    for e in root.iter(f"{NS}rect"):
        assert float(e.get("x")) >= 0 and float(e.get("x")) + float(e.get("width")) <= width
        assert float(e.get("y")) >= 0 and float(e.get("y")) + float(e.get("height")) <= height
    links = list(root.iter(f"{NS}a"))
    assert [a.get("href") for a in links] and len(links) == 3
    said = {a.get("href"): a.find(f"{NS}title").text for a in links}  # what a reader of the screen hears
    assert said["/s"].endswith({"en": "HHI 1.00 · NLD 100%; lost", "nl": "HHI 1,00 · NLD 100%; verloren"}[lang])
    assert {"en": "holders unknown", "nl": "houders onbekend"}[lang] in said["/c"]
    assert {"en": "HHI 0.30 to 0.50", "nl": "HHI 0,30 tot 0,50"}[lang] in said["/chain/x/step/wafer"]
    assert len(root.findall(f".//{NS}path[@class='cross']")) == 2
    assert sum("back" in (p.get("class") or "") for p in root.iter(f"{NS}path")) == 2
    classes = {r.get("class") for r in root.iter(f"{NS}rect")}
    assert classes == {"box c2", "box c5", "box none", "box c0"}


def test_text_stays_inside_its_box() -> None:
    """At 12 px DejaVu Sans takes at most about 7.6 px a mixed letter; the lines are cut to fit."""
    root = ET.fromstring(charts.layered(boxes(), ARROWS, title="t", desc="d", ident="c1"))
    for e in root.iter(f"{NS}text"):
        per = 7.4 if "name" in e.get("class") else 6.4
        assert len(e.text or "") * per <= WIDE - 8, e.text


def test_no_two_boxes_overlap_at_a_hundred_and_fifty_steps() -> None:
    many = [charts.Box(f"s{i}", f"Step {i}", (i % 10) / 9) for i in range(150)]
    arrows = [charts.Arrow(f"s{i}", f"s{j}") for i in range(150) for j in (i + 7, i * 2 + 1) if j < 150 and i != j]
    root = ET.fromstring(charts.layered(many, arrows, title="t", desc="d", ident="c1"))
    spots = [(float(r.get("x")), float(r.get("y"))) for r in root.iter(f"{NS}rect")]
    assert len(spots) == 150
    for (x, y), (v, w) in combinations(spots, 2):
        assert abs(x - v) >= WIDE + GAP - 0.2 or abs(y - w) >= TALL - 0.2


def test_words_say_every_step() -> None:
    words = charts.layered_words(boxes(), ARROWS, header=HEADER)
    assert len(words.rows) == 4
    by_name = {row[0]: row for row in words.rows}
    assert by_name["Chip (lost)"] == ("Chip (lost)", f"Phone, {boxes()[1].name}, Chip", "holders unknown", "–", "–")
    assert by_name["Phone"][3:] == ("CHN", "20.0%")
    assert (
        "4 steps" in words.sentence
        and "5 links" in words.sentence
        and "3 steps have named holders, of 1" in words.sentence
    )
    assert "Lost: " in words.sentence
    assert charts.layered_words([], [], header=HEADER, lang="nl").sentence == "Er zijn geen stappen."


@pytest.mark.parametrize(
    ("some", "arrows", "ident"),
    [
        (boxes(), [charts.Arrow("wafer", "none")], "c1"),
        (boxes(), [charts.Arrow("wafer", "chip", "odd")], "c1"),
        ([*boxes(), *boxes(1)], [], "c1"),
        (boxes(), [], "1c"),
    ],
)
def test_what_cannot_be_drawn_is_refused(some, arrows, ident) -> None:
    with pytest.raises(InputError):
        charts.layered(some, arrows, title="t", desc="d", ident=ident)


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_text_can_be_read_on_every_class() -> None:
    """WCAG 2.2: at least 4.5 to 1, dark letters on the light classes and white ones on the dark."""
    fills = dict(re.findall(r"^\.(c\d|none) \{ fill: (#[0-9a-f]{6}); \}", resolved(), re.MULTILINE))
    assert len(fills) == len(BREAKS) + 2
    for name, fill in fills.items():
        ink = 1.0 if name in ("c4", "c5") else _light("#16202b")
        light, dark = max(_light(fill), ink), min(_light(fill), ink)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, name


def test_a_holder_without_a_share_is_no_unknown_holder() -> None:
    svg = charts.layered([charts.Box("a", "A", holder="CHN")], [], title="t", desc="d", ident="c1", lang="nl")
    assert "aandelen onbekend · CHN" in svg and "houders" not in svg


def test_legend_has_a_word_for_every_class() -> None:
    assert [key for key, _ in charts.layered_legend("nl")] == ["c0", "c1", "c2", "c3", "c4", "c5", "none"]
    assert dict(charts.layered_legend("en"))["c5"].endswith("and over")


def test_the_first_layers_begin_at_the_top_where_they_would_begin_a_screen_lower(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Forty raw materials feed a late step, and one of two steps stands in the middle of them, its input at its left."""
    some = [f"m{i:02}" for i in range(40)]
    keys = [*some[:20], "a", "b", *some[20:], "end"]
    links = [("a", "b"), ("b", "end"), *((m, "end") for m in some)]
    assert place(keys, links, box=50, bend=10).y["a"] == pytest.approx(25)
    near = place(["a", "b", "c", "end"], [("a", "end"), ("b", "end"), ("c", "end")], box=50, bend=10)
    assert near.y["end"] == pytest.approx(75) == near.y["b"]  # within a screen a step keeps to the middle of its inputs
    monkeypatch.setattr(layering, "SCREEN", 1e9)
    assert place(keys, links, box=50, bend=10).y["a"] > 200
