"""Do bands, spans and waterfalls stay inside their frame, and say in words what they show?"""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel import charts
from schakel.charts.numbers import fine_percent, money
from schakel.charts.scale import ends
from schakel.errors import InputError
from test_charts_svg import EVIL, HEAD, LABELS, sound

VALUES = st.floats(-1e12, 1e12)
TRIPLES = st.lists(VALUES, min_size=3, max_size=3).map(sorted)


def attribute(root: ET.Element, class_: str, name: str) -> list[float]:
    return [float(e.get(name, "nan")) for e in root.iter() if e.get("class") == class_]


@settings(max_examples=25)
@given(st.lists(st.tuples(LABELS, st.lists(TRIPLES, max_size=6)), max_size=3), st.sampled_from(["en", "nl"]))
def test_bands_hold_their_middle(given_: list, lang: str) -> None:
    paths = [charts.Path(name, tuple((float(i), *t) for i, t in enumerate(ts))) for name, ts in given_]
    root = sound(charts.bands(paths, **HEAD, axis="week", lang=lang, kind="usd"))
    areas = [e.get("points", "") for e in root.iter() if "area" in e.get("class", "")]
    lines = [e.get("d", "") for e in root.iter() if (e.get("class") or "").startswith("line ")]
    assert len(areas) == len(lines) == sum(bool(p.points) for p in paths)
    for area, line in zip(areas, lines, strict=True):
        corners = [tuple(map(float, c.split(","))) for c in area.split()]
        upper, lower = corners[: len(corners) // 2], corners[len(corners) // 2 :][::-1]
        middle = [tuple(map(float, c.split())) for c in re.split("[ML]", line)[1:]]
        for (x, top), (x2, bottom), (x3, y) in zip(upper, lower, middle, strict=True):
            assert x == x2 == x3
            assert top - 0.2 <= y <= bottom + 0.2  # down the page is down the scale


def test_bands_put_zero_where_it_is_and_each_path_on_its_own_scale() -> None:
    up = charts.Path("up", ((1.0, 0.0, 5.0, 10.0), (2.0, 0.0, 0.0, 0.0)))
    both = charts.Path("both", ((1.0, -100.0, 0.0, 100.0),))
    root = sound(charts.bands([up, both], **HEAD, axis="week", kind="index"))
    zeros = attribute(root, "zero", "y1")
    assert zeros == [124.0, 150 + (30 + 124) / 2]
    assert re.findall(r'd="(M[^"]+)"', ET.tostring(root, "unicode"))[0] == "M62 77L584 124"


def test_bands_in_words_name_the_worst_with_its_band_and_the_end() -> None:
    path = charts.Path("floor", ((1.0, 0.0, 0.001, 0.002), (2.0, 0.02, 0.03, 0.04), (3.0, 0.0, 0.0, 0.0)))
    words = charts.bands_words([path, charts.Path("none", ())], header="week", lang="nl", kind="part")
    assert words.sentence == "floor: op zijn ergst 3,0% (2,0% tot 4,0%) bij 2, aan het eind 0%; none: onbekend."
    assert words.rows[0] == ("floor", "1", "0,10%", "0%", "0,20%")
    assert len(words.rows) == 3
    assert words.header[1] == "week"


@settings(max_examples=25)
@given(st.lists(st.tuples(LABELS, TRIPLES | st.none()), max_size=5))
def test_spans_and_waterfalls_stay_inside(given_: list) -> None:
    items = [charts.Span(name, *((t[1], t[0], t[2]) if t else (None, None, None))) for name, t in given_]
    root = sound(charts.spans(items, **HEAD))
    assert len(attribute(root, "range", "x")) == sum(s.low is not None for s in items)
    sound(charts.waterfall(items, **HEAD))


def test_spans_share_one_scale_so_that_lenses_can_be_compared() -> None:
    items = [
        charts.Span("a", 25.0, 0.0, 50.0),
        charts.Span("b", 100.0, 100.0, 100.0),
        charts.Span(EVIL, None, None, None),
    ]
    root = sound(charts.spans(items, **HEAD, kind="index"))
    assert attribute(root, "range", "x") == [210.0, 500.0]
    assert attribute(root, "range", "width") == [145.0, 2.0]
    texts = [e.text for e in root.iter() if e.get("class") == "value"]
    assert texts == ["25.00", "100.00", "unknown"]
    words = charts.spans_words(items[:2], header=("", "m", "l", "h"), kind="usd")
    assert words.sentence == "a: $25 ($0 to $50); b: $100 ($100 to $100)."


def test_waterfall_runs_down_and_up_and_ends_in_what_is_left() -> None:
    steps = [
        charts.Span("none", 100.0, 90.0, 110.0),
        charts.Span("stock", 60.0, 60.0, 60.0),
        charts.Span("worse", 80.0, 70.0, 90.0),
    ]
    root = sound(charts.waterfall(steps, **HEAD, kind="index"))
    x, width = (lambda c: attribute(root, c, "x")), (lambda c: attribute(root, c, "width"))
    scale = (490 - 210) / 200  # zero to the next round number above 110
    assert x("total") == [210.0, 210.0]
    assert width("total") == [100 * scale, 80 * scale]
    assert (x("saved"), width("saved")) == ([210 + 60 * scale], [40 * scale])
    assert (x("added"), width("added")) == ([210 + 60 * scale], [20 * scale])
    assert [e.text for e in root.iter() if e.get("class") == "value"] == ["100.00", "−40.00", "+20.00", "80.00"]
    words = charts.waterfall_words(steps, header=("s", "m", "l", "h", "c"), lang="nl", kind="index")
    assert words.sentence == "none: 100,00 → stock: 60,00 → worse: 80,00."
    assert words.rows[1] == ("stock", "60,00", "60,00", "60,00", "−40,00")
    assert sound(charts.waterfall([], **HEAD)) is not None


def test_a_value_that_is_none_is_refused_with_a_remedy() -> None:
    with pytest.raises(InputError, match="nan"):
        charts.spans([charts.Span("x", float("nan"), 0.0, 1.0)], **HEAD)


@pytest.mark.parametrize(
    ("share", "en", "nl"),
    [(0.0, "0%", "0%"), (1e-12, "0%", "0%"), (0.000123, "0.012%", "0,012%"), (0.0345, "3.5%", "3,5%"), (0.5, "50%", "50%"),
     (-0.0002, "−0.020%", "−0,020%"), (None, "unknown", "onbekend")],
)  # fmt: skip
def test_a_small_share_does_not_become_zero(share: float | None, en: str, nl: str) -> None:
    assert (fine_percent(share), fine_percent(share, "nl")) == (en, nl)


def test_money_below_zero_has_its_sign_before_the_currency() -> None:
    assert (money(-12_345_678, "USD"), money(-1.23e9, "EUR", "nl"), money(-0.2, "USD")) == (
        "−$12.3 m",
        "−€ 1,23 mrd",
        "$0",
    )


@given(st.lists(st.floats(-1e15, 1e15), max_size=8))
def test_ends_hold_everything_and_zero(values: list[float]) -> None:
    low, high = ends(values)
    assert low <= min([0.0, *values]) <= max([0.0, *values]) <= high
    assert low < high
