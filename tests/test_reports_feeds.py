"""Do agendas and feed readers get what RFC 5545 and RSS 2.0 ask, the same every time, whatever stands in a letter?

The reader below is written from the grammar of RFC 5545 (sections 3.1, 3.3 and 3.6.1) and shares nothing with the writer.
"""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.dossiers.archive.model import Due, Proposal
from schakel.dossiers.status import Status
from schakel.reports import icalendar, rss

ON = date(2026, 1, 1)
STAMP = "2026-01-02T03:04:05.678901Z"
EVIL = 'a; b, c\\n\\ <script>alert(1)</script> & "q" \r\nBEGIN:VEVENT\r\nX:1\n\u202eturned \x00\x07\udc80 é 😀'
_NAME = r"[A-Za-z0-9-]+"
_PARAM = rf'{_NAME}=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*)(?:,(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*'
_LINE = re.compile(rf"(?P<name>{_NAME})(?P<params>(?:;{_PARAM})*):(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)")
_TEXT = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*")
_VALUES = {
    "VERSION": r"2\.0", "CALSCALE": "GREGORIAN", "METHOD": "PUBLISH", "DTSTAMP": r"\d{8}T\d{6}Z", "DTSTART": r"\d{8}", "DTEND": r"\d{8}",
    "SEQUENCE": r"\d+", "STATUS": "TENTATIVE|CONFIRMED|CANCELLED", "TRANSP": "TRANSPARENT|OPAQUE", "URL": r"[a-z]+:[!-~]*",
}  # fmt: skip


def read(text: str) -> list[dict[str, str]]:
    """Read a calendar strictly; return its events with texts unescaped."""
    raw = text.encode("utf-8")
    assert raw.endswith(b"\r\n") and b"\r" not in raw.replace(b"\r\n", b"") and b"\n" not in raw.replace(b"\r\n", b"")
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")  # no character is broken in two
    lines = raw.decode("utf-8").replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")[:-1]
    stack: list[str] = []
    events: list[dict[str, str]] = []
    top: dict[str, str] = {}
    for line in lines:
        match = _LINE.fullmatch(line)
        assert match, line
        name, value = match["name"].upper(), match["value"]
        if name == "BEGIN":
            assert value == ("VEVENT" if stack else "VCALENDAR")
            stack.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert stack.pop() == value
        else:
            into = events[-1] if len(stack) == 2 else top
            assert len(stack) in (1, 2) and name not in into, name  # each of these at most once
            if name in _VALUES:
                assert re.fullmatch(_VALUES[name], value), line
            elif name == "CATEGORIES":
                assert all(_TEXT.fullmatch(part) for part in re.split(r"(?<!\\),", value))
            else:
                assert name in ("PRODID", "X-WR-CALNAME", "UID", "SUMMARY", "DESCRIPTION"), name
                assert _TEXT.fullmatch(value), line
                value = re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], value)
            if name in ("DTSTART", "DTEND"):
                assert match["params"] == ";VALUE=DATE"
                value = datetime.strptime(value, "%Y%m%d").date().isoformat()
            into[name] = value
    assert not stack and {"PRODID", "VERSION"} <= set(top)
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event)
    assert len({e["UID"] for e in events}) == len(events)
    return events


def due(ident: str = "C-1", state: str = "overdue", hi: str | None = "2025-09-30", **more: Any) -> dict[str, Any]:
    deadline = {"kind": "calendar", "lo": None, "hi": hi, "event": None, "status": "fixed", "text": "voor 1 oktober"}
    last = date.fromisoformat(hi) if hi else None
    status = Status(
        state,
        ON,
        more.pop("until", last),
        more.pop("days", None),
        more.pop("answered", None),
        "",
        more.pop("provisional", False),
    )
    made = Due(
        ident,
        "letter",
        "belofte_kamer",
        more.pop("action", "een brief sturen"),
        status,
        "kst-29826-200",
        "Chips",
        quote="een brief",
        actor="kabinet",
        dossier="29826",
        deadline=deadline if hi else None,
        **more,
    )
    return made.value()


def answer(relation: str, on: str, state: str = "confirmed", **more: Any) -> Proposal:
    return Proposal("C-1", more.pop("document", f"D-{on}"), relation, date.fromisoformat(on), state=state, **more)


def test_an_event_says_what_is_due_when() -> None:
    row = due(days=93, history=({"hi": "2025-09-01", "known_on": None, "source": "x"},)) | {
        "url": "https://h.example/dossiers?on=2026-01-01&q=a#here"
    }
    (event,) = read(icalendar.calendar([row], "en", stamp=STAMP))
    assert event["SUMMARY"] == "overdue: een brief sturen"
    assert (event["DTSTART"], event["DTEND"]) == ("2025-09-30", "2025-10-01")
    assert event["DTSTAMP"] == "20260102T030405Z" and event["SEQUENCE"] == "1" and event["STATUS"] == "CONFIRMED"
    assert event["CATEGORIES"] == "promise to the House,overdue" and event["URL"] == row["url"]
    assert event["DESCRIPTION"].split("\n") == [
        "Deadline as written: voor 1 oktober", "State on 2026-01-01: overdue", "By: kabinet", "Letter: kst-29826-200 Chips", "Dossier: 29826",
        "As it stands there: een brief",
    ]  # fmt: skip
    (dutch,) = read(icalendar.calendar([row], "nl", stamp=STAMP))
    assert dutch["SUMMARY"] == "te laat: een brief sturen" and dutch["UID"] == event["UID"]
    assert "Stand op 2026-01-01: te laat" in dutch["DESCRIPTION"] and dutch["CATEGORIES"].startswith(
        "belofte aan de Kamer"
    )


def test_the_same_rows_give_the_same_text_and_uids_stay() -> None:
    rows = [due("C-1"), due("C-2", "open", "2026-05-01")]
    assert icalendar.calendar(rows, "en", stamp=STAMP) == icalendar.calendar(rows, "en", stamp=STAMP)
    before = [e["UID"] for e in read(icalendar.calendar(rows, "en", stamp=STAMP))]
    after = [
        e["UID"]
        for e in read(
            icalendar.calendar(
                [due("C-1", "fulfilled-late", answered=date(2025, 10, 17)), rows[1]], "nl", stamp="2027-01-01T00:00:00Z"
            )
        )
    ]
    assert before == after and all(uuid.UUID(u) for u in before)
    assert (
        read(icalendar.calendar(rows, "en"))[0]["DTSTAMP"] == "20260101T000000Z"
    )  # the reference date, never the clock


def test_what_has_no_day_is_no_event_and_a_deferral_stands_on_its_new_day() -> None:
    rows = [
        due("C-1", "open-no-deadline", None),
        due("C-2", "deferred", until=date(2026, 3, 1)),
        due("C-3", "lapsed"),
        due("C-4", provisional=True),
    ]
    events = read(icalendar.calendar(rows, "en", stamp=STAMP))
    assert [(e["DTSTART"], e["STATUS"]) for e in events] == [
        ("2026-03-01", "CONFIRMED"),
        ("2025-09-30", "CANCELLED"),
        ("2025-09-30", "TENTATIVE"),
    ]
    assert events[2]["DESCRIPTION"].endswith("The date itself is provisional.")
    assert read(icalendar.calendar([], "nl", reference="2026-01-01")) == []
    assert "DTEND" not in read(icalendar.calendar([due(hi="9999-12-31")], "en"))[0]


@settings(max_examples=60)
@given(st.text(max_size=300) | st.just(EVIL), st.sampled_from(["en", "nl"]))
def test_no_text_breaks_the_calendar(words: str, lang: str) -> None:
    row = due("C-1" + words, action=words, tz_number=words) | {"letter_title": words, "dossier": words, "url": words}
    (event,) = read(icalendar.calendar([row, due(hi=None)], lang, stamp=STAMP))
    shown = re.sub(
        "[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]", "", " ".join(words.split()) or "een brief"
    )
    assert shown[:150] in event["SUMMARY"]
    assert "URL" not in event


def test_lines_fold_at_75_octets_between_characters() -> None:
    line = "SUMMARY:" + "é😀" * 60
    folded = icalendar.folded(line)
    assert folded.replace("\r\n ", "") == line
    assert len(folded.split("\r\n")[0].encode()) in range(72, 76)
    assert max(len(part.encode()) for part in folded.split("\r\n")) <= 75


def items(text: str) -> list[dict[str, str]]:
    """Read a feed strictly by RSS 2.0."""
    root = ET.fromstring(text.encode("utf-8"))
    assert root.tag == "rss" and root.get("version") == "2.0" and [c.tag for c in root] == ["channel"]
    channel = root[0]
    for name in ("title", "link", "description", "language"):
        assert len(channel.findall(name)) == 1 and channel.findtext(name), name
    own = channel.find("{http://www.w3.org/2005/Atom}link")
    assert own is not None and own.get("rel") == "self" and own.get("type") == "application/rss+xml"
    out = []
    for item in channel.findall("item"):
        assert item.findtext("title") and item.findtext("description")
        guid = item.find("guid")
        assert guid is not None and guid.get("isPermaLink") == "false"
        moment = parsedate_to_datetime(item.findtext("pubDate") or "")
        assert moment.tzinfo is not None
        out.append(
            {
                "title": item.findtext("title") or "",
                "said": item.findtext("description") or "",
                "guid": guid.text or "",
                "on": moment.date().isoformat(),
            }
        )
    assert len({i["guid"] for i in out}) == len(out)
    assert [i["on"] for i in out] == sorted((i["on"] for i in out), reverse=True)
    return out


def feed(rows: list[dict[str, Any]], on: date = ON, lang: str = "en") -> list[dict[str, str]]:
    text = rss.feed(
        rss.changes(rows, on),
        lang,
        title="T & <t>",
        link="http://h/x?a=1&b=2",
        self_link='http://h/"f"?a&b',
        description="D",
        built=STAMP,
    )
    return items(text)


LATE = due(state="fulfilled-late", days=17, answers=(answer("fulfils", "2025-10-17"),))


def test_a_late_answer_is_three_changes() -> None:
    told = [(i["on"], i["title"].split(":")[0], i["guid"]) for i in feed([LATE])]
    assert told == [
        ("2025-10-17", "Answered", "C-1:answered:D-2025-10-17"),
        ("2025-10-01", "Overdue", "C-1:overdue:2025-09-30"),
        ("2025-09-16", "Due soon", "C-1:due:2025-09-30"),
    ]
    assert "17 days late" in feed([LATE])[0]["said"] and "17 dagen te laat" in feed([LATE], lang="nl")[0]["said"]


def test_a_change_keeps_its_guid_and_day_ever_after() -> None:
    early = feed([due(state="overdue")], date(2025, 10, 2))
    later = feed([LATE], date(2026, 6, 1))
    assert [(i["guid"], i["on"]) for i in early] == [(i["guid"], i["on"]) for i in later[1:]]
    assert feed([LATE], date(2025, 9, 1)) == []


@pytest.mark.parametrize(
    ("answers", "state", "kinds"),
    [
        ((answer("fulfils", "2025-07-17"),), "fulfilled-on-time", ["Answered"]),
        ((answer("fulfils", "2025-09-20"),), "fulfilled-on-time", ["Answered", "Due soon"]),
        ((answer("fulfils", "2025-09-30"),), "fulfilled-on-time", ["Answered", "Due soon"]),
        ((answer("fulfils", "2025-10-17", state="proposed"),), "overdue", ["Overdue", "Due soon"]),
        ((answer("fulfils", "2025-10-17", state="proposed", explicit=True),), "fulfilled-late", ["Answered", "Overdue", "Due soon"]),
        ((answer("fulfils", "2025-10-17", state="rejected", explicit=True),), "overdue", ["Overdue", "Due soon"]),
        ((answer("defers", "2025-09-25", new_deadline=date(2025, 12, 1)),), "overdue", ["Overdue", "Due soon", "Deferred", "Due soon"]),
        ((answer("fulfils", "2026-02-01"),), "overdue", ["Overdue", "Due soon"]),
        ((), "lapsed", []),
    ],
)  # fmt: skip
def test_only_what_counts_is_told(answers: tuple[Proposal, ...], state: str, kinds: list[str]) -> None:
    assert [i["title"].split(":")[0] for i in feed([due(state=state, answers=answers)])] == kinds


@pytest.mark.parametrize(
    ("low", "high", "english", "dutch"),
    [
        (-7, 23, "7 days early and 23 days late", "7 dagen te vroeg en 23 dagen te laat"),
        (-1, 1, "1 day early and 1 day late", "1 dag te vroeg en 1 dag te laat"),
        (0, 23, "0 and 23 days late", "0 en 23 dagen te laat"),
        (2, 32, "2 and 32 days late", "2 en 32 dagen te laat"),
        (-30, 0, "0 and 30 days early", "0 en 30 dagen te vroeg"),
    ],
)
def test_of_an_unknown_day_both_ends_are_said(low: int, high: int, english: str, dutch: str) -> None:
    assert icalendar.spread(low, high, "en") == f"between {english}; day of the letter unknown"
    assert icalendar.spread(low, high, "nl") == f"tussen {dutch}; dag van de brief onbekend"


def test_an_answer_of_an_unknown_day_is_not_told_as_late() -> None:
    month = answer("fulfils", "2025-10-31", earliest=date(2025, 9, 15))
    items_ = feed([due(state="fulfilled-on-time", answers=(month,))])
    assert [i["title"].split(":")[0] for i in items_] == ["Answered", "Due soon"]  # it may have come on its very day
    assert "between 15 days early and 31 days late" in items_[0]["said"] and "; 31 days late" not in items_[0]["said"]
    late = answer("fulfils", "2025-10-31", earliest=date(2025, 10, 10))
    assert "Overdue" in [i["title"].split(":")[0] for i in feed([due(state="fulfilled-late", answers=(late,))])]


def test_a_blank_action_gives_way_to_the_quote() -> None:
    assert icalendar.title(due(action="\r"), 50) == "een brief"


def test_early_is_said_in_days() -> None:
    row = due(state="fulfilled-on-time", hi="2025-12-31", answers=(answer("fulfils", "2025-10-17"),))
    assert "75 days early" in feed([row])[0]["said"] and "75 dagen te vroeg" in feed([row], lang="nl")[0]["said"]


@settings(max_examples=40)
@given(st.text(min_size=1, max_size=200) | st.just(EVIL))
def test_no_text_breaks_the_feed(words: str) -> None:
    row = due("C-1", action=words, answers=(answer("fulfils", "2025-10-17", document="D" + words),)) | {
        "letter_title": words,
        "url": words,
    }
    found = feed([row])
    assert len(found) == 3
    assert "<" not in found[0]["title"]  # readers take a title for HTML: markup in it is escaped once more


def test_a_feed_is_not_endless() -> None:
    rows = [due(f"C-{i}", hi=(date(2025, 1, 1) + timedelta(days=i)).isoformat()) for i in range(200)]
    assert len(feed(rows)) == rss.MOST
