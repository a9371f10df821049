"""Does the line of time put every day where it belongs, stay inside its frame, and say in words what it shows?"""

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel import charts
from schakel.charts.timeline import two_lines
from test_charts_svg import EVIL, HEAD, LABELS
from test_charts_svg import sound as sound_image

ON = date(2026, 1, 1)
HEADER = ("what", "made", "deadline", "answered", "state")
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
TRACKS = st.lists(
    st.builds(charts.Track, LABELS, DAYS | st.none(), DAYS | st.none(), DAYS | st.none(), LABELS), max_size=5
)
HAPPENINGS = st.lists(st.builds(charts.Happening, LABELS, DAYS, DAYS | st.none()), max_size=12)
LATE = charts.Track(
    "late", date(2025, 1, 1), date(2025, 9, 30), date(2025, 10, 17), "fulfilled late", "/dossiers?q=1&on=2026-01-01"
)
OPEN = charts.Track("open", date(2025, 1, 1), date(2025, 7, 3), None, "overdue")
EARLY = charts.Track("early", None, date(2025, 12, 31), date(2025, 10, 17), "fulfilled on time")


def sound(svg: str) -> ET.Element:
    """A drawing with links is a group, for an image has none inside; all else holds for it as for every chart."""
    assert ('role="group"' in svg) is ("<a " in svg)
    return sound_image(svg.replace('role="group"', 'role="img"', 1))


def found(root: ET.Element, kind: str) -> list[ET.Element]:
    return [e for e in root.iter() if e.get("class") == kind]


@settings(max_examples=40)
@given(TRACKS, HAPPENINGS, DAYS, st.sampled_from(["en", "nl"]))
def test_whatever_the_days_everything_stays_inside(tracks: list, happenings: list, on: date, lang: str) -> None:
    root = sound(charts.timeline(tracks, happenings, on, **HEAD, lang=lang))
    _, _, width, height = map(float, root.get("viewBox", "").split())
    for line in (e for e in root.iter() if e.tag.endswith("line")):
        assert 0 <= float(line.get("x1", "")) <= width and 0 <= float(line.get("x2", "")) <= width
        assert 0 <= float(line.get("y1", "")) <= float(line.get("y2", "")) <= height
    for box in (e for e in root.iter() if e.tag.endswith("rect")):
        assert float(box.get("x", "")) >= 0 and float(box.get("x", "")) + float(box.get("width", "")) <= width + 5
        assert float(box.get("height", "")) > 0
    assert len(found(root, "row")) == len(tracks)
    assert len(found(root, "deadline")) == sum(t.deadline is not None for t in tracks)
    assert len(found(root, "answer")) + len(found(root, "answer late")) == sum(t.answered is not None for t in tracks)
    words = charts.timeline_words(tracks, on, header=HEADER, lang=lang)
    assert len(words.rows) == len(tracks) and on.isoformat() in words.sentence


def test_days_are_in_proportion() -> None:
    root = sound(charts.timeline([LATE, OPEN, EARLY], [], ON, **HEAD))
    place = {}
    for e in found(root, "made"):
        place[date(2025, 1, 1)] = float(e.get("x1"))
    place[ON] = float(found(root, "reference")[0].get("x1"))
    place[date(2025, 9, 30)] = float(re.match(r"M([\d.]+) ", found(root, "deadline")[0].get("d"))[1])
    place[date(2025, 10, 17)] = float(found(root, "answer late")[0].get("x")) + 4.5
    days = sorted(place)
    per_day = (place[days[-1]] - place[days[0]]) / (days[-1] - days[0]).days
    for day in days:
        assert place[day] == pytest.approx(place[days[0]] + per_day * (day - days[0]).days, abs=0.2)


def test_lateness_runs_from_the_deadline_to_the_answer_or_the_reference_date() -> None:
    root = sound(charts.timeline([LATE, OPEN, EARLY], [], ON, **HEAD))
    late, waiting = found(root, "lateness")
    assert float(late.get("x2")) == pytest.approx(float(found(root, "answer late")[0].get("x")) + 4.5, abs=0.2)
    assert float(waiting.get("x2")) == float(found(root, "reference")[0].get("x1"))
    assert len(found(root, "answer")) == 1  # the early one is a dot, the late one a square
    earlier = sound(charts.timeline([LATE, OPEN, EARLY], [], date(2025, 7, 3), **HEAD))
    assert len(found(earlier, "lateness")) == 1  # on its very day the open one is not late


def test_an_answer_of_an_unknown_day_spans_the_days_it_can_have_come() -> None:
    made, last = date(2025, 8, 1), date(2025, 9, 30)
    first = date(2025, 9, 1)
    month = charts.Track("unsure", made, date(2025, 9, 8), last, "fulfilled", "", date(2025, 7, 1), first)
    after = charts.Track("surely late", None, made, last, "late", "", None, first)
    root = sound(charts.timeline([month, after, LATE], [], ON, **HEAD))
    bars = found(root, "answer unsure")
    assert len(bars) == 2 and all(float(b.get("width")) > 10 for b in bars)
    due = float(re.match(r"M([\d.]+) ", found(root, "deadline")[0].get("d"))[1])
    assert float(bars[0].get("x")) < due < float(bars[0].get("x")) + float(bars[0].get("width"))
    lines = found(root, "lateness")
    assert len(lines) == 2  # of the first nobody knows whether it was late
    assert float(lines[0].get("x2")) == pytest.approx(float(bars[1].get("x")) + 3, abs=0.2)
    words = charts.timeline_words([month, after, LATE], ON, header=HEADER)
    assert "3 answered, of which 2 late" in words.sentence
    assert words.rows[0][1:4] == ("2025-07-01 – 2025-08-01", "2025-09-08", "2025-09-01 – 2025-09-30")


def test_a_name_has_two_lines_and_stays_in_its_margin() -> None:
    long = "Toezegging tijdens het debat Verdienvermogen van Nederland om in het derde kwartaal een brief te sturen"
    root = sound(charts.timeline([charts.Track(long, None, date(2025, 9, 8), None, "open"), OPEN], [], ON, **HEAD))
    names = [e for e in root.iter() if "name" in (e.get("class") or "").split()]
    assert len(names) == 3 and names[2].text == "open"
    assert long.startswith(f"{names[0].text} {names[1].text.rstrip('…')}") and names[1].text.endswith("…")
    assert float(names[1].get("y")) - float(names[0].get("y")) == 14
    assert all(7.5 * len(e.text) < float(e.get("x")) for e in names)
    assert two_lines("x" * 200, 40) == ["x" * 40, "x" * 39 + "…"]
    assert two_lines(" a  b\n", 40) == ["a b"]


def test_signs_without_a_name_stand_under_the_names() -> None:
    crowd = [charts.Happening(f"an event of a long name {i}", date(2025, 7, 1) + timedelta(days=i)) for i in range(30)]
    root = sound(charts.timeline([LATE, OPEN], crowd, ON, **HEAD))
    named = {float(e.get("y")) for e in found(root, "tick halo")}
    signs = [float(re.match(r"M[\d.]+ ([\d.]+)", e.get("d"))[1]) for e in found(root, "event")]
    assert len(named) == 6 and sum(y > max(named) for y in signs) == 30 - len(found(root, "tick halo")) > 0


def test_a_track_leads_to_its_page_and_says_its_state() -> None:
    root = sound(charts.timeline([LATE, OPEN], [], ON, **HEAD))
    links = [e for e in root.iter() if e.tag.endswith("}a")]
    assert [e.get("href") for e in links] == [LATE.url]
    titles = [e.text for row in found(root, "row") for e in row if e.tag.endswith("title")]
    assert titles == ["late: fulfilled late", "open: overdue"]


def test_events_within_reach_are_named_and_those_of_several_days_shaded() -> None:
    events = [
        charts.Happening("zomerreces", date(2025, 7, 4), date(2025, 9, 1)),
        charts.Happening("Prinsjesdag", date(2025, 9, 16)),
        charts.Happening("long ago", date(2001, 1, 1)),
    ]
    root = sound(charts.timeline([LATE, OPEN], events, ON, **HEAD))
    assert len(found(root, "happening")) == 2 and len(found(root, "recess")) == 1
    text = "".join(root.itertext())
    assert (
        "zomerreces: 2025-07-04 – 2025-09-01" in text and "Prinsjesdag: 2025-09-16" in text and "long ago" not in text
    )
    crowd = [charts.Happening(f"event {i}", date(2025, 7, 1) + timedelta(days=i)) for i in range(30)]
    root = sound(charts.timeline([LATE, OPEN], crowd, ON, **HEAD))
    assert len(found(root, "happening")) == 30  # a name that fits nowhere keeps its sign and title
    names = [(float(e.get("x")), float(e.get("y")), e.text) for e in found(root, "tick halo")]
    assert 1 < len(names) < 30
    for i, (x, y, said) in enumerate(names):
        for x2, y2, _ in names[i + 1 :]:
            assert y != y2 or x2 >= x + 5 * len(said)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "3 with a deadline or an answer, on 2026-01-01: 1 past the deadline without an answer, 2 answered, of which 1 late."),
        ("nl", "3 met een termijn of een antwoord, per 2026-01-01: 1 over de termijn zonder antwoord, 2 beantwoord, waarvan 1 te laat."),
    ],
)  # fmt: skip
def test_in_words(lang: str, said: str) -> None:
    words = charts.timeline_words([LATE, OPEN, EARLY], ON, header=HEADER, lang=lang)
    assert words.sentence == said
    assert words.rows[0] == ("late", "2025-01-01", "2025-09-30", "2025-10-17", "fulfilled late")
    assert words.rows[1][3] == {"en": "none", "nl": "geen"}[lang]


def test_hostile_words_are_escaped_and_the_ends_of_time_are_drawn() -> None:
    track = charts.Track(EVIL, date.min, date.max, None, EVIL, "/x?" + EVIL)
    svg = charts.timeline([track], [charts.Happening(EVIL, date.min, date.max)], ON, **HEAD)
    sound(svg)
    assert "<script>" not in svg and "<a href=" in svg


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_legend_draws_every_sign(lang: str) -> None:
    legend = charts.timeline_legend(lang)
    assert len({text for _, _, text in legend}) == len(legend) == 7
    for kind, svg, _ in legend:
        assert any(e.get("class") == kind for e in ET.fromstring(svg).iter())
        assert "." + kind.replace(" ", ".") in charts.stylesheet().replace(".timeline ", "")
