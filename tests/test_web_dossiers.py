"""Do the pages, feeds and REST of dossiers answer in both languages, whole, escaped, and as the archive does?"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dossiers_home import EVIL, FIRST, HALF, SCRIPT, Hostile, furnish
from schakel.dossiers.archive import Archive
from schakel.dossiers.status import STATES
from schakel.register import Register
from schakel.web import dossier_marks as marks
from schakel.web import dossier_words as words
from schakel.web import i18n
from schakel.web.app import create_app
from shared import SHARED, needs_shared
from test_web_pages import Reader, with_lang
from web_fake import FakeService

ON = "2026-01-01"
PAGES = (
    f"/dossiers?on={ON}",
    "/dossiers",
    f"/dossiers?on={ON}&state=overdue&kind=belofte_kamer&actor=&dossier=29826&letter=kst-29826-200&q=chips",
    f"/dossiers?on={ON}&q=zzz",
    f"/dossiers/letters?on={ON}",
    "/dossiers/letters?q=zzz",
    f"/dossiers/letter/kst-29826-200?on={ON}",
    f"/dossiers/letter/kst-29826-200?on={ON}&at=60&to=90&show=commitment",
    f"/dossiers/letter/2025D99999?on={ON}",
    f"/dossiers/dossier/29826?on={ON}",
    f"/dossiers/timeline?on={ON}",
    "/dossiers/timeline?on=1950-01-01",
    f"/dossiers/conflicts?on={ON}",
    f"/dossiers/calendar?on={ON}&of=2025",
    "/dossiers/calendar?of=1850",
    "/dossiers/search",
    f"/dossiers/search?q=chips&on={ON}",
    "/dossiers/search?q=NOT+chips",
    "/dossiers/search?q=%22%2A",
)
API = "/api/v1/dossiers"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCHAKEL_HOME", str(folder))
        patch.setenv("SCHAKEL_CONFIG", str(folder / "none.toml"))
        furnish(folder)
        yield folder


@pytest.fixture
def client(home: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("SCHAKEL_HOME", str(home))
    return TestClient(create_app(FakeService()), raise_server_exceptions=False)


@pytest.fixture
def hostile(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr("schakel.dossiers.archive.Archive", Hostile)
    return client


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    return TestClient(create_app(FakeService()), raise_server_exceptions=False)


def archive(home: Path) -> Archive:
    return Archive(Register(home / "register.sqlite"))


def whole(text: str, lang: str) -> Reader:
    """Check what holds for every page."""
    read = Reader(text)
    assert len(set(read.ids)) == len(read.ids)
    assert read.all("html")[0]["lang"] == lang
    assert len(read.all("h1")) == 1
    assert "Undefined" not in text and ">None<" not in text
    inside = [a["href"][1:] for a in read.all("a") if a.get("href", "").startswith("#")]
    assert set(inside) <= set(read.ids)
    for tag, attrs in read.tags:
        assert "style" not in attrs and not any(k.startswith("on") for k in attrs), (tag, attrs)
        for key in ("aria-labelledby", "aria-describedby", "list", "for"):
            assert all(i in read.ids for i in attrs.get(key, "").split()), (tag, attrs)
        for key in ("src", "href", "action"):
            address = attrs.get(key, "/")
            if tag == "a" and address.startswith("https://"):
                assert "noreferrer" in attrs["rel"]
            else:
                assert address.startswith(("/", "#")) and not address.startswith("//"), (tag, attrs)
        if tag == "th":
            assert attrs.get("scope") in ("col", "row")
    return read


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("path", PAGES)
def test_page(client: TestClient, path: str, lang: str) -> None:
    response = client.get(with_lang(path, lang))
    assert response.status_code == 200, response.text[:500]
    assert SCRIPT not in response.text
    whole(response.text, lang)


@pytest.mark.parametrize("path", PAGES[:1] + PAGES[4:5] + PAGES[6:7] + PAGES[9:14])
def test_links_lead_somewhere_and_keep_language_and_day(client: TestClient, path: str) -> None:
    hrefs = {
        a["href"]
        for a in Reader(client.get(with_lang(path, "nl")).text).all("a")
        if a.get("href", "").startswith("/dossiers") and "hreflang" not in a
    }
    assert hrefs
    for href in sorted(hrefs):
        assert client.get(href).status_code == 200, href
        assert "lang=nl" in href, href
        if "/dossiers?" not in href or "on=" in path:  # the entry of the navigation leads to today
            assert "on=" in href or href.startswith("/dossiers?reporter="), href


def test_the_reference_date_stands_in_the_heading_and_decides(client: TestClient) -> None:
    early = client.get("/dossiers?on=2025-06-01&lang=en").text
    late = client.get("/dossiers?on=2026-01-01&lang=en").text
    assert "1 June 2025" in early and "1 January 2026" in late
    assert "in 92 days" in early and "past the deadline" not in early.split("<tbody>")[1]
    assert "17 days late" in late and "175 days past the deadline" in late
    assert 'name="on" value="2026-01-01"' in late
    dutch = client.get("/dossiers?on=2026-01-01&lang=nl").text
    assert "17 dagen te laat" in dutch and "175 dagen over de termijn" in dutch and "1 januari 2026" in dutch


def test_the_day_is_today_when_none_is_asked_and_stands_in_every_link(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from schakel.web import dossier_pages

    monkeypatch.setattr(dossier_pages, "today", lambda: date(2025, 6, 1))
    text = client.get("/dossiers?lang=en").text
    assert "1 June 2025" in text
    states = [a["href"] for a in Reader(text).all("a") if "state=" in a.get("href", "")]
    assert states and all("on=2025-06-01" in href for href in states)


def test_counts_by_state_are_those_of_the_archive(client: TestClient, home: Path) -> None:
    text = client.get(f"/dossiers?on={ON}&lang=en").text
    found = archive(home).due(date(2026, 1, 1))
    for state in STATES:
        n = sum(d.status.state == state for d in found)
        shown = re.search(rf'<li class="{state}"><a [^>]*><strong>(\d+)</strong>', text)
        assert (int(shown[1]) if shown else 0) == n
    assert f"requests: {len(found)}<" in text
    late = client.get(f"/dossiers?on={ON}&state=overdue&lang=en").text
    assert late.count('class="row-overdue"') == sum(d.status.state == "overdue" for d in found) == 1
    assert 'class="row-open"' not in late


def test_rows_come_by_deadline(client: TestClient, home: Path) -> None:
    text = client.get(f"/dossiers?on={ON}&lang=en").text
    order = [
        text.index(words.day(d.status.deadline, "en"), text.index("<tbody>"))
        for d in archive(home).due(date(2026, 1, 1))
        if d.status.deadline
    ]
    assert len(order) >= 3 and order == sorted(order)


def test_a_row_leads_to_the_exact_passage(client: TestClient, home: Path) -> None:
    due = next(d for d in archive(home).due(date(2026, 1, 1)) if d.status.deadline == date(2025, 9, 1))
    text = client.get(f"/dossiers?on={ON}&lang=en").text
    href = next(a["href"] for a in Reader(text).all("a") if f"at={due.start}&to={due.end}" in a.get("href", ""))
    assert href.endswith("#here")
    page = client.get(href).text
    inside = page[page.index('<mark class="m here" id="here">') :]
    plain = re.sub(r'<a class="ref".*?</a>|<[^>]*>', "", inside[: len(due.quote) + 3000])
    assert plain.startswith(due.quote)


def test_an_event_that_moved_shows_both_days(client: TestClient) -> None:
    before = client.get("/dossiers?on=2025-04-01&lang=en").text
    after = client.get("/dossiers?on=2025-06-01&lang=en").text
    assert "3 July 2025" in before and "10 July 2025" not in before
    assert "10 July 2025" in after and "before: 3 July 2025" in after and "summer recess 2025" in after
    page = client.get("/dossiers/calendar?on=2025-06-01&of=2025&lang=en").text
    assert "11 July 2025" in page and "before: 4 July 2025" in page and "known since 1 May 2025" in page
    page = client.get("/dossiers/calendar?on=2025-04-01&of=2025&lang=nl").text
    assert "bekend vanaf 1 mei 2025: 11 juli 2025" in page


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_an_empty_home_says_what_to_type(empty: TestClient, lang: str) -> None:
    for path in ("/dossiers", "/dossiers/letters", "/dossiers/timeline", "/dossiers/search"):
        response = empty.get(f"{path}?lang={lang}")
        assert response.status_code == 200
        whole(response.text, lang)
        assert "schakel dossier import letter.docx" in response.text, path
    assert empty.get(f"{API}/commitments").json()["rows"] == []
    assert empty.get("/dossiers/due.ics").text.count("BEGIN:VEVENT") == 0
    assert empty.get("/dossiers/conflicts").status_code == empty.get("/dossiers/calendar").status_code == 200


HOSTILE = ("/dossiers", "/dossiers/letters", "/dossiers/letter/kst-29826-121", "/dossiers/letter/kst-29826-121?at=3&to=9", "/dossiers/dossier/29826",
           "/dossiers/timeline", "/dossiers/conflicts", "/dossiers/calendar?of=2025")  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("path", HOSTILE)
def test_hostile_text_stays_text(hostile: TestClient, path: str, lang: str) -> None:
    response = hostile.get(with_lang(path, lang))
    assert response.status_code == 200, response.text[:300]
    whole(response.text, lang)
    assert "&lt;script&gt;alert(1)" in response.text or path.endswith("29826")
    assert SCRIPT not in response.text and "javascript:" not in re.sub(r">[^<]*<", "", response.text)
    for sign in "\u202e\u2066\x00\x0b":
        assert sign not in response.text, repr(sign)


def test_hostile_text_stays_text_in_feeds_and_rest(hostile: TestClient) -> None:
    import xml.etree.ElementTree as ET

    feed = hostile.get("/dossiers/feed.rss?on=2026-01-01")
    assert feed.status_code == 200 and "\u202e" not in feed.text
    assert any(
        SCRIPT in (e.text or "").replace("&lt;", "<").replace("&gt;", ">")
        for e in ET.fromstring(feed.content).iter("title")
    )
    agenda = hostile.get("/dossiers/due.ics?on=2026-01-01")
    assert agenda.status_code == 200 and "\x00" not in agenda.text and "\u202e" not in agenda.text
    for path in ("letters", "letters/kst-29826-121", "commitments", "answers", "conflicts", "calendar"):
        response = hostile.get(f"{API}/{path}")
        assert response.status_code == 200
        assert HALF in str(response.json()) or path == "letters/kst-29826-121" or "\\udc80" in str(response.json())
        for form in ("csv", "parquet", "arrow"):
            assert hostile.get(f"{API}/{path}?format={form}").status_code == 200, (path, form)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dossiers/letter/none", 404),
        ("/dossiers/letter/kst-33009-121", 404),
        ("/dossiers/letter/%2e%2e", 404),
        ("/dossiers/letter/..%2F..%2Fetc%2Fpasswd", 404),
        ("/dossiers/letter/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404),
        ("/dossiers/letter/%E2%80%AE", 404),
        ("/dossiers/letter/%00", 422),
        ("/dossiers/letter/" + "x" * 201, 422),
        ("/dossiers/letter/kst-29826-200?page=99", 404),
        ("/dossiers/letter/kst-29826-200?page=0", 422),
        ("/dossiers/letter/kst-29826-200?at=-1", 422),
        ("/dossiers/letter/kst-29826-200?show=all%27", 422),
        ("/dossiers/dossier/36600-XIII", 404),
        ("/dossiers/dossier/%2e%2e", 404),
        ("/dossiers?on=01-01-2026", 422),
        ("/dossiers?on=2026-02-30", 422),
        ("/dossiers?on=0", 422),
        ("/dossiers?state=late", 422),
        ("/dossiers?kind=promise", 422),
        ("/dossiers?page=2", 404),
        ("/dossiers?q=%00", 422),
        ("/dossiers/due.ics?on=soon", 422),
        ("/dossiers/none", 404),
        (f"{API}/letters/none", 404),
        (f"{API}/letters/%2e%2e", 404),
        (f"{API}/commitments?on=soon", 422),
        (f"{API}/commitments?state=late", 422),
        (f"{API}/commitments?page=2", 404),
        (f"{API}/search", 422),
        (f"{API}/none", 404),
    ],
)
def test_what_is_not_there_is_a_problem(client: TestClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status, response.text[:300]
    assert SCRIPT not in response.text
    if path.startswith("/api"):
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == status
    else:
        assert "<h1" in response.text and "Traceback" not in response.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_over_http(client: TestClient, method: str) -> None:
    for path in ("/dossiers", "/dossiers/letter/kst-29826-200", f"{API}/commitments", f"{API}/answers"):
        assert getattr(client, method)(path).status_code == 405, (method, path)


def test_rest_answers_as_the_archive_does(client: TestClient, home: Path) -> None:
    a, on = archive(home), date(2026, 1, 1)
    got = client.get(f"{API}/commitments?on={ON}").json()
    assert got["reference"] == ON and got["head"] == a.head() and len(got["head"]) == 64
    assert got["rows"] == [d.value() for d in a.due(on)] and got["total"] == len(got["rows"])
    assert sum(got["counts"].values()) == got["total"]
    one = client.get(f"{API}/commitments?on={ON}&state=overdue&state=open&size=1&page=2").json()
    assert one["total"] == 2 and [r["status"]["state"] for r in one["rows"]] == ["open"]
    assert client.get(f"{API}/letters").json()["rows"] == [c.value() for c in a.letters()]
    assert client.get(f"{API}/answers").json()["rows"] == [p.value() for p in a.answers()]
    assert client.get(f"{API}/answers?commitment=none").json()["rows"] == []
    assert client.get(f"{API}/conflicts").json()["rows"] == [c.value() for c in a.conflicts()]
    letter = client.get(f"{API}/letters/kst-29826-200").json()
    assert letter["text"] == FIRST and letter["commitments"] == list(a.letter("kst-29826-200").commitments)
    events = client.get(f"{API}/calendar?on=2025-06-01&size=1000").json()["rows"]
    moved = [e for e in events if e["key"] == "reces:zomer:2025"]
    assert [(e["date"], e["current"]) for e in moved] == [("2025-07-04", False), ("2025-07-11", True)]
    hits = client.get(f"{API}/search?q=chips").json()
    assert hits["official"] and {r["id"] for r in hits["rows"]} == {"kst-29826-200", "2025D99999"}
    assert client.get(f"{API}/search?q=%2A").json()["rows"] == []


def test_rest_says_when_nothing_changed(client: TestClient) -> None:
    first = client.get(f"{API}/commitments?on={ON}")
    again = client.get(f"{API}/commitments?on={ON}", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"{API}/commitments?on=2025-06-01", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


def test_csv_holds_every_row_flat(client: TestClient, home: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"{API}/commitments?on={ON}&format=csv").text)))
    found = archive(home).due(date(2026, 1, 1))
    assert [r["id"] for r in rows] == [d.id for d in found]
    assert [r["days"] for r in rows] == [str(d.status.days) if d.status.days is not None else "" for d in found]
    assert all(r["reference_date"] == ON for r in rows)
    marks_ = list(csv.DictReader(io.StringIO(client.get(f"{API}/letters/kst-29826-200?format=csv").text)))
    for row in marks_:
        assert FIRST[int(row["start"]) : int(row["end"])] == row["quote"].removeprefix("'")
    assert {"citations", "commitments", "deadlines", "amounts", "percentages"} <= {r["part"] for r in marks_}
    assert (
        client.get(f"{API}/letters/kst-29826-200?format=csv")
        .headers["content-disposition"]
        .endswith('letters-kst-29826-200.csv"')
    )


def test_feeds_follow_the_filters_and_the_register(client: TestClient) -> None:
    whole_ = client.get(f"/dossiers/due.ics?on={ON}&lang=en")
    assert whole_.headers["content-type"].startswith("text/calendar")
    assert whole_.text.count("BEGIN:VEVENT") == 3
    part = client.get(f"/dossiers/due.ics?on={ON}&state=overdue&lang=nl").text
    assert part.count("BEGIN:VEVENT") == 1 and "te laat" in part.replace("\r\n ", "")
    assert client.get(f"/dossiers/due.ics?on={ON}&lang=en").content == whole_.content
    feed = client.get(f"/dossiers/feed.rss?on={ON}&lang=en")
    assert feed.headers["content-type"].startswith("application/rss+xml")
    assert "17 days late" in feed.text and "Answered: " in feed.text and "Overdue: " in feed.text
    assert "17 dagen te laat" in client.get(f"/dossiers/feed.rss?on={ON}&lang=nl").text
    assert "<item>" not in client.get(f"/dossiers/feed.rss?on={ON}&q=zzz").text
    assert (
        client.get(f"/dossiers/due.ics?on={ON}&lang=en", headers={"if-none-match": whole_.headers["etag"]}).status_code
        == 304
    )


def test_a_long_letter_comes_by_pages(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    class Long(Hostile):
        def letter(self, ident: str) -> Any:
            from dataclasses import replace

            line = "Het kabinet stuurt de Kamer nadere informatie over chips en grondstoffen toe. "
            text = "\n".join(line * 10 for _ in range(1600))  # about 500 pages
            spans = tuple(
                {"start": s, "end": s + 30, "quote": text[s : s + 30], "kind": "belofte_kamer"}
                for s in range(0, len(text) - 40, 400)
            )
            return replace(
                super().letter(ident),
                text=text,
                commitments=spans,
                citations=(),
                findings=(),
                footnotes=(),
                amounts=(),
                deadlines=(),
                percentages=(),
            )

    monkeypatch.setattr("schakel.dossiers.archive.Archive", Long)
    first = client.get("/dossiers/letter/kst-29826-121?lang=en")
    pages = int(re.search(r"Page 1 of (\d+)", first.text)[1])
    assert pages > 20 and len(first.content) < 200_000
    assert client.get(f"/dossiers/letter/kst-29826-121?page={pages}").status_code == 200
    assert client.get(f"/dossiers/letter/kst-29826-121?page={pages + 1}").status_code == 404
    there = client.get("/dossiers/letter/kst-29826-121?at=600000&to=600030&lang=en").text
    assert 'id="here"' in there and "Page 1 of" not in there
    whole(there, "en")


def test_marks_that_cross_are_cut_and_nested() -> None:
    text = "aaaa bbbb cccc dddd"
    spans = marks.spans_of(
        [
            ("commitment", [{"start": 0, "end": 9}]),
            ("citation", [{"start": 5, "end": 14}]),
            ("amount", [{"start": 5, "end": 9}]),
        ],
        len(text),
    )
    out = marks.tokens(text, 0, len(text), spans)
    said = "".join(
        v
        if what == "text"
        else f"<{v.kind}{'' if first else '*'}>"
        if what == "open"
        else f"</{v.kind}{'' if first else '*'}>"
        for what, v, first in out
    )
    assert (
        said
        == "<commitment>aaaa <citation><amount>bbbb</amount></citation*></commitment><citation*> cccc</citation> dddd"
    )
    assert [s.ident for s in spans] == ["commitment-1", "citation-1", "amount-1"]


def test_marks_of_many_overlapping_spans_are_whole() -> None:
    from hypothesis import given
    from hypothesis import strategies as st

    places = st.tuples(st.sampled_from(marks.KINDS), st.integers(-2, 45), st.integers(-2, 45))

    @given(st.lists(places, max_size=12), st.integers(0, 20), st.integers(20, 40))
    def holds(found: list[tuple[str, int, int]], start: int, end: int) -> None:
        text = "".join(chr(97 + i % 26) for i in range(40))
        spans = marks.spans_of([(k, [{"start": a, "end": b}]) for k, a, b in found], len(text))
        assert len(spans) == sum(0 <= a < b <= 40 for _, a, b in found)
        stack, said, covered, firsts, lasts = [], "", {}, [], []
        for what, value, flag in marks.tokens(text, start, end, spans):
            if what == "text":
                for s in stack:
                    covered.setdefault(id(s), []).extend(range(start + len(said), start + len(said) + len(value)))
                said += value
            elif what == "open":
                stack.append(value)
                firsts += [value] if flag else []
            else:
                assert stack.pop() is value
                lasts += [value] if flag else []
        assert not stack and said == text[start:end]
        for s in spans:
            assert covered.get(id(s), []) == list(range(max(s.start, start), min(s.end, end)))
            assert sum(f is s for f in firsts) == (start <= s.start < end)
            assert sum(f is s for f in lasts) == (start < s.end <= end and s.start < end)

    holds()


def test_a_wrapped_text_is_shown_by_paragraph_at_its_own_places() -> None:
    lines = [
        "De minister stuurt de Kamer in het najaar een brief over de stand van zaken en",
        "over de verdere stappen. Dit is",
        "- een eerste punt van een lijst die ook",
        "",
        "verder gaat na een afgebroken bladzijde.",
        "",
        "Hoogachtend,",
    ]
    text = "\n".join([*lines, *["Een gewone regel van dit document die ongeveer even lang is als de andere."] * 8])
    shown = marks.shown(text)
    assert len(shown) == len(text)
    assert "zaken en over de verdere" in shown
    assert "Dit is\n- een eerste punt" in shown
    assert re.search(r"die ook +verder gaat", shown)
    assert marks.wrapped(text) and not marks.wrapped("kort\n" * 50)
    places = marks.paragraphs(shown, blank=True)
    assert shown[slice(*places[0])].endswith("bladzijde.") and shown[slice(*places[1])].startswith("Hoogachtend,")
    assert marks.paragraphs("een\ntwee " + "x" * 300) == [(0, 3), (4, 309)]
    long = marks.paragraphs("woord " * 5000)
    assert len(long) > 3 and long[0][0] == 0 and all(a[1] == b[0] for a, b in itertools.pairwise(long))


@pytest.mark.parametrize(
    ("key", "english", "dutch"),
    [
        ("reces:zomer:2025", "summer recess 2025", "zomerreces 2025"),
        (
            "begroting:XIII:2026",
            "budget debate Economic Affairs (XIII) 2026",
            "begrotingsbehandeling Economische Zaken (XIII) 2026",
        ),
        ("begroting:XIII", "budget debate Economic Affairs (XIII)", "begrotingsbehandeling Economische Zaken (XIII)"),
        ("raad:europese raad:2025b", "European Council 2025 (2)", "Europese Raad 2025 (2)"),
        ("prinsjesdag:2025", "Budget Day (Prinsjesdag) 2025", "Prinsjesdag 2025"),
        ("commissiedebat chips", "commissiedebat chips", "commissiedebat chips"),
    ],
)
def test_events_have_names(key: str, english: str, dutch: str) -> None:
    assert (words.event(key, "en"), words.event(key, "nl")) == (english, dutch)


def test_every_event_kind_and_state_has_words() -> None:
    from schakel.dossiers.deadlines import builtin
    from schakel.dossiers.relation import RELATIONS

    for lang in ("en", "nl"):
        texts = i18n.catalogue(lang)
        assert not [
            e.kind
            for e in builtin().events()
            if f"dossier.event.{e.kind}" not in texts
            and f"dossier.event.{e.kind}_{e.qualifier}".replace(" ", "_") not in texts
        ]
        assert all(f"dossier.relation.{r}" in texts for r in (*RELATIONS, "lapsed", "disputed"))
        assert all(f"dossier.mark_{k}" in texts and f"dossier.letter_{k}" in texts for k in marks.KINDS)
        assert len({texts[f"dossier.letter_{k}"] for k in marks.KINDS}) == len(marks.KINDS)
    assert set(words.SIGNS) == set(STATES)


def test_the_catalogues_have_the_same_keys_and_places() -> None:
    english, dutch = i18n.catalogue("en"), i18n.catalogue("nl")
    assert set(english) == set(dutch)
    for key in english:
        if key.startswith("dossier."):
            assert sorted(re.findall(r"\{(\w+)\}", english[key])) == sorted(re.findall(r"\{(\w+)\}", dutch[key])), key


def test_every_mark_has_its_note_and_the_note_leads_back(client: TestClient) -> None:
    read = Reader(client.get(f"/dossiers/letter/kst-29826-200?on={ON}&lang=en").text)
    ids = {a["id"] for a in read.all("mark") if "id" in a}
    assert len(ids) >= 8
    assert {f"#n-{i}" for i in ids} == {a["href"] for a in read.all("a") if a.get("class") == "ref"}
    assert {f"#{i}" for i in ids} == {a["href"] for a in read.all("a") if a.get("class") == "back"}
    assert {f"n-{i}" for i in ids} <= set(read.ids)


def test_marks_are_told_apart_without_colour() -> None:
    css = (Path(i18n.__file__).parent / "static" / "dossier.css").read_text("utf-8")
    shapes = []
    for kind in marks.KINDS:
        rule = re.search(rf"^mark\.{kind} \{{ (.*?) \}}$", css, re.M)
        assert rule, kind
        shapes.append(re.sub(r"#[0-9a-f]{3,6}", "", rule[1]))
    assert len(set(shapes)) == len(marks.KINDS)


def test_the_timeline_has_the_same_in_words(client: TestClient, home: Path) -> None:
    text = client.get(f"/dossiers/timeline?on={ON}&lang=en").text
    dated = [d for d in archive(home).due(date(2026, 1, 1)) if d.status.deadline or d.status.answered_on]
    assert text.count('class="row"') == len(dated) == text.count('<th scope="row">')
    for due in dated:
        assert f"<div>{due.status.deadline or 'none'}</div>" in text
    assert 'role="group"' in text and "<desc" in text


def test_evil_is_what_it_says() -> None:
    assert SCRIPT in EVIL and "\u202e" in EVIL and "\udc80" in EVIL


@needs_shared
def test_the_given_letters_stand_as_they_should(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    letters = SHARED / "letters"
    with Register(tmp_path / "register.sqlite") as register:
        Archive(register).import_files(sorted(letters.glob("202[45]-*.txt")), author="A. Reader")
    client = TestClient(create_app(FakeService()))
    late = client.get(f"/dossiers?on={ON}&state=fulfilled-late&lang=en").text
    for number in ("TZ202502-139", "TZ202502-142"):
        row = next(part for part in late.split("<tr ")[1:] if f"<code>{number}</code>" in part)
        assert "17 days late" in row and "30 September 2025" in row and "2025D44449" in row
    overdue = client.get("/dossiers?on=2025-04-01&state=overdue&q=semicon-top&lang=nl").text
    assert "Semicon-top" in overdue and "1 dag over de termijn" in overdue
    assert 'class="row-' not in client.get("/dossiers?on=2025-03-31&state=overdue&q=semicon-top").text
