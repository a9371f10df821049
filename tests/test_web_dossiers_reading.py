"""Do the pages of dossiers say no more than is known, and show a letter as its reader saw it: months, versions, tables, markup?"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dossier_files import docx, paragraph, run, table
from schakel.dossiers.archive import Archive
from schakel.dossiers.archive.model import LetterCard, Proposal
from schakel.dossiers.deadlines import Event, builtin
from schakel.dossiers.status import Answer, Status, status
from schakel.register import Register
from schakel.web import dossier_events as events
from schakel.web import dossier_marks as marks
from schakel.web import dossier_source as source
from schakel.web import dossier_words as words
from schakel.web.app import create_app
from test_web_dossiers import whole
from web_fake import FakeService

ON = "on=2026-01-01"
ASKED = "Uw Commissie heeft op 3 november 2022 gevraagd om uiterlijk {} een brief te sturen. Hierbij beantwoord ik uw vraag.\n"
HTML = """<!DOCTYPE html><html><head><title>Brief chips</title><style>p {{ color: red }}</style></head><body>
<p>Geachte voorzitter,</p><p>Ik stuur u uiter<b>lijk</b> 1 september 2025 een brief &amp; bijlage.</p>{}<p>Einde</p></body></html>"""
GRID = "<table><tr><th>Maatregel</th><th>Bedrag</th></tr><tr><td>Chips</td><td>&euro; 230 miljoen</td></tr></table>"
XML = """<?xml version="1.0" encoding="UTF-8"?>
<officiele-publicatie><metadata><meta name="DC.identifier" content="kst-29826-9"/>
<meta name="DCTERMS.issued" content="2025-03-01"/></metadata>
<kamerstuk><stuk><al>Geachte voorzitter,</al><al>Ik zeg toe de Kamer voor 1 juli 2025 een
   brief te sturen over chips.</al><al>Hoogachtend,</al></stuk></kamerstuk></officiele-publicatie>"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    given: dict[str, Any] = {"author": "A. Reader", "dossier": "29826"}
    day = date(2025, 3, 3)
    with Register(folder / "register.sqlite") as register:
        archive = Archive(register)

        def put(name: str, content: str | bytes, **more: Any) -> None:
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
            archive.import_file(folder / name, **given | more)

        put("2022-12_straddles.txt", ASKED.format("8 december 2022"), ident="2022D00001")
        put(
            "2022-12_in-time.txt", ASKED.format("31 december 2022").replace("een brief", "een nota"), ident="2022D00002"
        )
        put("page.html", HTML.format(GRID), ident="2025D00003", written=day)
        put("motion.xml", XML, ident="kst-29826-9")
        rows = table(("Maatregel", "Bedrag"), ("Chips (TZ202503-001)", "€ 230 miljoen"))
        put("tables.docx", docx(paragraph(run("Geachte voorzitter,")), rows), ident="2025D00004", written=day)
        for name, what in (("v1", "oude"), ("v2", "nieuwe")):
            text = f"Geachte voorzitter,\n\nIk stuur de Kamer voor 1 mei 2025 een {what} brief.\n"
            put(f"{name}.txt", text, ident="2025D00005", written=day, replace=True)
    return folder


@pytest.fixture
def client(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("SCHAKEL_HOME", str(home))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(home / "none.toml"))
    yield TestClient(create_app(FakeService()), raise_server_exceptions=False)


def plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


@pytest.mark.parametrize(
    ("lang", "label", "between", "certain"),
    [
        ("en", "fulfilled", "between 7 days early and 23 days late; day of the letter unknown", "between 0 and 30 days early; day of the letter unknown"),
        ("nl", "nagekomen", "tussen 7 dagen te vroeg en 23 dagen te laat; dag van de brief onbekend",
         "tussen 0 en 30 dagen te vroeg; dag van de brief onbekend"),
    ],
)  # fmt: skip
def test_of_an_answer_with_only_a_month_all_say_the_same(
    client: TestClient, lang: str, label: str, between: str, certain: str
) -> None:
    page = client.get(f"/dossiers?{ON}&lang={lang}").text
    rows = {n: next(plain(r) for r in page.split("<tr ")[1:] if f">2022D0000{n}<" in r) for n in (1, 2)}
    on_time = {"en": "fulfilled on time", "nl": "op tijd nagekomen"}[lang]
    assert rows[1].count(between) == 2 and f"✓ {label} " in rows[1] and on_time not in rows[1]  # state and answer agree
    assert rows[2].count(certain) == 2 and f"✓ {on_time} " in rows[2]
    for row in rows.values():
        assert "31 december 2022, " not in row.lower().split("2022d0000")[-1]
    note = plain(client.get(f"/dossiers/letter/2022D00001?{ON}&lang={lang}").text)
    assert f"{label}; {between}" in note and on_time not in note
    line = plain(client.get(f"/dossiers/timeline?{ON}&lang={lang}").text)
    assert "2022-12-01 – 2022-12-31" in line and f"{label}; {between}" in line
    for feed in ("due.ics", "feed.rss"):
        text = client.get(f"/dossiers/{feed}?{ON}&lang={lang}&letter=2022D00001").text.replace("\r\n ", "")
        assert between in text.replace("\\;", ";") and on_time not in text, feed


def test_rest_gives_the_first_and_last_possible_day(client: TestClient) -> None:
    got = client.get(f"/api/v1/dossiers/commitments?{ON}&letter=2022D00001").json()["rows"][0]["status"]
    assert (got["earliest"], got["latest"], got["days_between"]) == ("2022-12-01", "2022-12-31", [-7, 23])
    assert got["label"] == {"en": "fulfilled", "nl": "nagekomen"} and got["provisional"]


def test_an_unknown_day_of_the_register_is_not_in_time() -> None:
    due = date(2025, 9, 30)
    assert status(due, date(2025, 10, 1), (), "Voldaan").label("en") == "fulfilled"
    assert status(due, date(2025, 9, 30), (), "Voldaan").label("en") == "fulfilled on time"
    assert status(due, date(2026, 1, 1), (Answer("fulfils", due, "D"),)).label("nl") == "op tijd nagekomen"
    assert Status("fulfilled-on-time", due, due, 0, due, "D", True, due, date(2025, 10, 1)).label("en") == "fulfilled"


def test_a_letter_with_only_a_month_shows_no_day() -> None:
    card = LetterCard("A", "A", date(2022, 12, 31), "letter", None, "", 1, "", date_basis="month", date_from=date(2022, 12, 1))  # fmt: skip
    assert words.letter_day(card, date(2022, 12, 31), "nl") == "december 2022"
    assert words.letter_day(card, "2022-12-31", "en") == "December 2022"
    assert words.letter_day(card, date(2022, 11, 23), "en") == "23 November 2022"
    assert words.letter_day(None, date(2022, 12, 31), "en") == "31 December 2022"
    one = Proposal("C", "A", "fulfils", date(2022, 12, 31), earliest=date(2022, 1, 1))
    assert words.answered(one, "en") == "1 January 2022 to 31 December 2022"


@pytest.mark.parametrize(("ident", "hidden"), [("2025D00003", "color: red"), ("kst-29826-9", "DC.identifier")])
def test_of_markup_only_what_a_reader_sees_is_shown(client: TestClient, ident: str, hidden: str) -> None:
    page = client.get(f"/dossiers/letter/{ident}?{ON}&lang=nl").text
    article = page[page.index("<article") : page.index("</article>")]
    assert "&lt;" not in article and hidden not in article and "\x1f" not in page
    said = plain(re.sub(r'<a class="ref".*?</a>|<ul class="margin".*?</ul>', "", article, flags=re.S))
    assert ("uiter lijk" not in said) and ("brief & bijlage" in said or "een brief te sturen" in said)
    read = whole(page, "nl")
    assert [a for a in read.all("mark") if a.get("id", "").startswith(("deadline", "commitment"))]


def test_a_passage_of_markup_is_found_by_its_place_in_the_file(client: TestClient) -> None:
    rows = client.get(f"/api/v1/dossiers/commitments?{ON}").json()["rows"]
    (row,) = [r for r in rows if r["letter"] == "kst-29826-9"]
    page = client.get(f"/dossiers/letter/kst-29826-9?at={row['start']}&to={row['end']}&{ON}").text
    assert "\n" in row["quote"] and "1 juli 2025" in row["quote"]
    said = plain(re.sub(r'<a class="ref".*?</a>', "", page[page.index('id="here">') + 10 :][:2000], flags=re.S))
    assert said.startswith(" ".join(row["quote"].split()))


@pytest.mark.parametrize("ident", ["2025D00003", "2025D00004"])
def test_tables_are_tables_and_their_marks_stay(client: TestClient, ident: str) -> None:
    page = client.get(f"/dossiers/letter/{ident}?{ON}&lang=en").text
    grid = page[page.index('<div class="letter-table"') :]
    grid = grid[: grid.index("</table>")]
    cells = [plain(re.sub(r'<a class="ref".*?</a>', "", c)) for c in re.findall(r"<td>(.*?)</td>", grid, re.S)]
    assert cells == [
        "Maatregel",
        "Bedrag",
        "Chips" + (" ( TZ202503-001 )" if ident[-1] == "4" else ""),
        "€ 230 miljoen",
    ]
    assert '<mark class="m amount" id="amount-1">' in grid and "<td>\n" not in grid
    whole(page, "en")


def test_a_table_whose_cells_cannot_be_told_apart_stays_text() -> None:
    text = "een\ttwee\t\ndrie\tvier\t\n"
    assert marks.tables(text, [{"start": 0, "end": len(text), "rows": [["een", "twee", "x"], ["drie", "vier"]]}]) == []
    (grid,) = marks.tables(text, [{"start": 0, "end": len(text), "rows": [["een", "twee"], ["drie", "vier"]]}])
    places = [place for row in grid.rows for place in row]
    assert places[0][0] == 0 and places[-1][1] == len(text) and all(a[1] == b[0] for a, b in itertools.pairwise(places))
    assert marks.laid([(0, 4), (5, 30)], [marks.Grid(2, 10, ())]) == [(0, 2), (2, 10), (10, 30)]


def test_an_earlier_version_can_be_read(client: TestClient, home: Path) -> None:
    page = client.get(f"/dossiers/letter/2025D00005?{ON}&lang=en").text
    read = whole(page, "en")
    assert "nieuwe brief" in page and "oude brief" not in page and "All versions" in page
    (href,) = {a["href"] for a in read.all("a") if "version=1" in a.get("href", "")}
    old = client.get(href).text
    assert "oude brief" in old and "nieuwe brief" not in old and "This is version 1 of 2" in old
    inside = {
        a["href"]
        for a in whole(old, "en").all("a")
        if "show=" in a.get("href", "") or "format=csv" in a.get("href", "")
    }
    assert inside and all("version=1" in a for a in inside)
    assert "past the deadline" not in old and "1 January 2026: " not in old  # only the latest says how things stand
    got = client.get("/api/v1/dossiers/letters/2025D00005?version=1").json()
    assert "oude brief" in got["text"] and got["card"]["versions"] == 1
    assert [v["version"] for v in got["versions"]] == [1, 2] and len({v["sha256"] for v in got["versions"]}) == 2
    assert client.get("/dossiers/letter/2025D00005?version=3").status_code == 404
    assert client.get("/api/v1/dossiers/letters/2025D00005?version=3").status_code == 404
    assert client.get("/dossiers/letter/2025D00005?version=0").status_code == 422


def test_sources_of_events_are_dutch_on_dutch_pages(client: TestClient) -> None:
    english = re.compile(
        r"\b(?:of|the|day|sent|last|first|held|done|before|after|week of|recalled|verify|planned|announced|end|May|July|Oct|Mar|with|usual|no later)\b"
    )
    calendar = builtin()
    every = [e for key in calendar.identities() for e in calendar.history(key)]
    ruled = "prinsjesdag: voorjaarsnota: najaarsnota: begroting:IX reces:zomer circulaire:mei circulaire:december belastingplan:"
    for what in ruled.split():
        made = calendar.of_year(*what.split(":"), 2035)
        assert made is not None
        every.append(made)
    assert len(every) > 90
    for event in every:
        said = events.origin(event, "nl")
        assert not english.search(said), said
        assert events.origin(event, "en") == event.source
    own = Event("reces", "zomer", "2025", date(2025, 7, 11), None, "moved", date(2025, 5, 1), "the last letter of May")
    assert events.origin(own, "nl") == "the last letter of May"  # a person's words stay theirs
    page = plain(client.get("/dossiers/calendar?on=2025-06-01&of=2025&lang=nl").text)
    assert "laatste vergadering" in page and "last sitting" not in page


def test_the_calendar_shows_what_follows_a_rule(client: TestClient) -> None:
    page = client.get("/dossiers/calendar?on=2025-06-01&of=2025&lang=en").text
    assert "<code>prinsjesdag:2025</code>" in page and "16 September 2025" in page
    assert page.count("<code>voorjaarsnota:2025</code>") == 1  # the table goes before the rule
    assert "tot en met" in client.get("/dossiers/calendar?on=2025-06-01&of=2025&lang=nl").text


def test_a_dossier_known_only_from_a_commitment_has_its_page(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cited(Archive):
        def due(self, on: date, **more: Any) -> Any:
            found = super().due(on)
            return tuple(replace(d, dossier="36410-XIII") for d in found if more.get("dossier") in (None, "36410-XIII"))

    monkeypatch.setattr("schakel.dossiers.archive.Archive", Cited)
    hrefs = {
        a["href"] for a in whole(client.get(f"/dossiers?{ON}&lang=nl").text, "nl").all("a") if "36410-XIII" in a["href"]
    }
    assert hrefs and all(client.get(href).status_code == 200 for href in hrefs)
    assert client.get(f"/dossiers/dossier/36410-XVI?{ON}").status_code == 404


def test_a_title_without_a_link_is_not_improbable() -> None:
    title = words._citation({"id": "AIVD (2022)", "kind": "publication", "link": None}, "en")
    number = words._citation({"id": "kst-99999-1", "kind": "kamerstuk", "link": None}, "en")
    assert "improbable" not in title[-1].text and "improbable" in number[-1].text


def test_a_question_is_worked_out_once_until_something_changes(
    client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    class Counting(Archive):
        def due(self, on: date, **more: Any) -> Any:
            asked.append(on)
            return super().due(on, **more)

        def conflicts(self) -> Any:
            asked.append("conflicts")
            return super().conflicts()

    monkeypatch.setattr("schakel.dossiers.archive.Archive", Counting)
    for path in (f"/dossiers?{ON}", f"/dossiers?{ON}&q=brief&state=open", f"/dossiers/timeline?{ON}", f"/dossiers/letter/2025D00003?{ON}"):  # fmt: skip
        assert client.get(path).status_code == 200
    assert asked == [date(2026, 1, 1)]
    client.get("/dossiers/conflicts")
    client.get("/dossiers/conflicts")
    assert asked[1:] == ["conflicts"]
    client.get("/dossiers?on=2026-01-02")
    assert asked[2:] == [date(2026, 1, 2)]
    due = client.get(f"/api/v1/dossiers/commitments?{ON}&letter=kst-29826-9").json()["rows"][0]
    asked.clear()
    with Register(home / "register.sqlite") as register:
        Archive(register).confirm(due["id"], "2025D00003", "fulfils", author="A. Reader", reason="read it")
    changed = client.get(f"/api/v1/dossiers/commitments?{ON}&letter=kst-29826-9").json()["rows"][0]
    assert asked == [date(2026, 1, 1)] and changed["status"]["state"] != due["status"]["state"]
    (home / "official.sqlite-wal").write_bytes(b"x")  # the House's data changed
    client.get(f"/dossiers?{ON}")
    (home / "official.sqlite-wal").unlink()
    assert asked == [date(2026, 1, 1)] * 2
    assert len(source._ANSWERS) <= source._KEPT


def test_motions_of_the_house_are_read_once(client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from schakel.sources.tweedekamer import Mirror

    calls: list[int] = []
    real = Mirror.moties

    def counted(self: Mirror) -> Any:
        calls.append(1)
        return real(self)

    monkeypatch.setattr(Mirror, "moties", counted)
    with Mirror(home / "official.sqlite"):
        pass
    for path in (f"/dossiers?{ON}", "/dossiers?on=2026-02-02", f"/dossiers/timeline?{ON}", f"/dossiers/letter/2025D00003?{ON}"):  # fmt: skip
        assert client.get(path).status_code == 200
    (home / "official.sqlite").unlink()
    assert len(calls) <= 1
