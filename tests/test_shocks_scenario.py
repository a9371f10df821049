"""Scenario files: what is read, and how every kind of wrong file is refused with line and key."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.errors import InputError
from schakel.shocks import scenario
from schakel.shocks.dist import number
from schakel.shocks.yamlfile import parse as parse_yaml

GOOD = """\
schema: schakel.scenario/1
id: test
title: {en: Test}
time: {step: day, start: 2025-10-01, horizon: 365}
groups: {EU: "@EU27", ALLY: [JPN, USA]}
measures:
  - id: m1
    imposer: CHN
    instrument: export_ban
    products: ["sector:c14"]
    to: EU
    intensity: 0.5
    start: 3
    duration: {dist: lognormal, median: 36, p90: 120}
mitigations:
  - {kind: stock, owner: EU, products: ["sector:c14"], days: 10}
"""


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def refused(text: str) -> tuple[str, str, str]:
    with pytest.raises(InputError) as info:
        scenario.parse(text, "bad.yaml")
    return info.value.what, info.value.where, info.value.remedy


def test_a_good_file() -> None:
    s = scenario.parse(GOOD)
    assert (s.id, s.horizon, s.step, s.start.isoformat()) == ("test", 365, 1, "2025-10-01")
    assert len(s.groups["EU"]) == 27
    assert s.who("ALLY") == {"JPN", "USA"}
    assert s.number(("measures", 0, "intensity")).point == 0.5
    length = s.number(("measures", 0, "duration"))
    assert length.uncertain
    assert length.point == pytest.approx(36)
    assert float(length.at(0.9)) == pytest.approx(120)


def test_the_template_is_good_and_commented() -> None:
    text = scenario.template()
    s = scenario.parse(text)
    assert s.id == "my-scenario"
    assert text.count("#") > 10


def test_the_hash_is_that_of_the_content() -> None:
    first = scenario.parse(GOOD).sha256
    assert scenario.parse(GOOD + "# a remark\n").sha256 == first
    assert scenario.parse(changed("id: test\ntitle: {en: Test}", "title: {en: Test}\nid: test")).sha256 == first
    assert scenario.parse(changed("intensity: 0.5", "intensity: 0.50")).sha256 == first
    assert scenario.parse(changed("intensity: 0.5", "intensity: 0.51")).sha256 != first


@pytest.mark.parametrize(
    ("old", "new", "what", "line", "key"),
    [
        ("imposer: CHN", "imposer: XXY", "XXY", 8, "measures[0].imposer"),
        ("to: EU", "to: [EU, ATLANTIS]", "ATLANTIS", 11, "measures[0].to"),
        ("days: 10", "days: -10", "-10 is out of bounds", 16, "mitigations[0].days"),
        ("start: 3\n", "start: -3\n", "-3 is out of bounds", 13, "measures[0].start"),
        (
            "duration: {dist: lognormal, median: 36, p90: 120}",
            "end: 2",
            "ends on day 2, before it starts on day 3",
            14,
            "measures[0].end",
        ),
        ("start: 3\n", "start: 400\n", "after the run of 365 days", 13, "measures[0].start"),
        ("intensity: 0.5", "intensity: 1.5", "1.5 is out of bounds", 12, "measures[0].intensity"),
        ("intensity: 0.5", "intensety: 0.5", "unknown key 'intensety'", 12, "measures[0].intensety"),
        ("    instrument: export_ban\n", "", "'instrument' is missing", 7, "measures[0]"),
        ("export_ban", "embargo", "embargo is not allowed", 9, "measures[0].instrument"),
        ("2025-10-01", "2025-13-01", "2025-13-01 is no date", 4, "time.start"),
        ("p90: 120", "p91: 120", "unknown key 'p91'", 14, "measures[0].duration.p91"),
        ("p90: 120", "p90: 12", "p90 not below", 14, "measures[0].duration"),
        ("kind: stock", "kind: prayer", "not allowed", 16, "mitigations[0].kind"),
        ("days: 10}", "dais: 10}", "dais", 16, "mitigations[0]"),
        ("    to: EU\n", "", "against whom", 7, "measures[0]"),
        ("imposer: CHN\n    ", "", "nobody imposes it", 7, "measures[0]"),
        ("schema: schakel.scenario/1", "schema: other/9", "schakel.scenario/1", 1, "schema"),
        ("horizon: 365", "horizon: 0", "0 is less", 4, "time.horizon"),
        ("start: 3\n", "start: 365\n", "after the run of 365 days", 13, "measures[0].start"),
        ("2025-10-01", "9999-12-31", "too far away", 4, "time.start"),
        ("days: 10", "days: 1e300", "out of bounds", 16, "mitigations[0].days"),
        ("days: 10", "days: \u0661\u0660", "not of type 'number'", 16, "mitigations[0].days"),
        ("ALLY: [JPN, USA]", "CHN: [JPN, USA]", "name of something else", 5, "groups.CHN"),
        ('products: ["sector:c14"]\n', 'products: ["kg:c14"]\n', "begins with 'kg'", 10, "measures[0].products[0]"),
        ('products: ["sector:c14"]\n', 'products: ["hs6:85412"]\n', "no six digits", 10, "measures[0].products[0]"),
    ],
)
def test_a_wrong_value_is_named_with_line_and_key(old, new, what, line, key) -> None:
    said, where, remedy = refused(changed(old, new))
    assert what in said
    assert f"line {line}, key {key}" in where
    assert where.startswith("file bad.yaml")
    assert remedy


def test_two_windows_may_not_overlap_but_may_follow_each_other() -> None:
    again = """\
  - {id: m2, imposer: CHN, instrument: export_ban, products: ["sector:c14"], to: EU, start: %s, duration: 5}
mitigations:"""
    said, where, _ = refused(changed("mitigations:", again % 20))
    assert "overlaps that of 'm1' (days 3 to 39)" in said
    assert "line 15, key measures[1].start" in where
    assert len(scenario.parse(changed("mitigations:", again % 39)).measures) == 2


def test_the_same_window_in_other_words_overlaps_too() -> None:
    again = """\
  - {id: m2, imposer: chn, instrument: export_ban, products: [c14], to: ["@EU27"], start: 20, duration: 5}
mitigations:"""
    assert "overlaps that of 'm1'" in refused(changed("mitigations:", again))[0]


@pytest.mark.parametrize("ring", [["a"], ["a", "b"], ["sector:a", "b"], ["a", "step:b", "c"]])
def test_no_circle_of_substitutes_of_any_length_or_wording(ring: list[str]) -> None:
    pairs = zip(ring, [*ring[1:], ring[0].removeprefix("sector:")], strict=True)
    rows = "".join(f"  - {{kind: substitute, from: {a!r}, to: {b!r}}}\n" for a, b in pairs)
    assert "circle" in refused(GOOD + rows)[0]


def test_substitution_may_not_go_in_circles() -> None:
    text = GOOD + "  - {kind: substitute, from: a, to: b}\n  - {kind: substitute, from: b, to: c}\n"
    assert len(scenario.parse(text).mitigations) == 3
    said, where, _ = refused(text + "  - {kind: substitute, from: c, to: a}\n")
    assert "circle" in said
    assert "key mitigations[" in where


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        ("[1, 2]", "object"),
        ("a: &x [1]\nb: *x", "anchors"),
        ("id: 1\nid: 2", "stands twice"),
        ("a: !!python/object/apply:os.system [ls]", "tag"),
        ("a: [1, 2", "YAML"),
        ("a:\n\t- b", "YAML"),
        ("a: " + "[" * 60 + "]" * 60, "nested"),
        ("a: " + "[" * 200_000 + "]" * 200_000, "nested"),  # the parser would run out of stack, and the process with it
        ("- " * 300_000, "nested"),
        ('id: x\ntitle: {en: "a\\0b"}', "'\\x00'"),
        ('title: {en: "a\\u202eb"}', "'\\u202e'"),
        ("\x00", "YAML"),
    ],
)
def test_files_that_are_no_scenario(text, what) -> None:
    said, where, _ = refused(text)
    assert what in said
    assert "line" in where


def test_a_bomb_of_thousands_of_lines_is_refused() -> None:
    laughs = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 3_000))
    assert "anchors" in refused(laughs)[0]
    wide = "\n".join(f"k{i}: [{', '.join(['1'] * 20)}]" for i in range(3_000))
    assert "more than 50,000 values" in refused(wide)[0]


def test_norway_is_a_country() -> None:
    assert parse_yaml("a: [NO, yes, 1e3, 0x10, '7', 2025-01-01]").value == {
        "a": ["NO", "yes", 1000.0, "0x10", "7", "2025-01-01"]
    }


@pytest.mark.parametrize(
    ("dist", "median", "low", "high"),
    [
        ({"dist": "uniform", "low": 2, "high": 4}, 3, 2, 4),
        ({"dist": "triangular", "low": 0, "mode": 1, "high": 2}, 1, 0, 2),
        ({"dist": "normal", "mean": 5, "sd": 1}, 5, 0, np.inf),
        ({"dist": "beta", "a": 1, "b": 1}, 0.5, 0, 1),
    ],
)
def test_a_distribution_falls_back_on_its_median(dist, median, low, high) -> None:
    n = number(dist, 0, np.inf)
    assert n.point == pytest.approx(median)
    u = np.linspace(0.001, 0.999, 101)
    values = n.at(u)
    assert (np.diff(values) >= 0).all()
    assert values.min() >= low
    assert values.max() <= high
    assert number({**dist, "point": median}, 0, np.inf).point == median


@given(st.text(max_size=300))
def test_rubbish_is_refused_in_order(text) -> None:
    with pytest.raises(InputError):
        scenario.parse(text)
