"""Does the OData client page by the source's own links, count where there are none, and say so?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from schakel.errors import InputError, MachineError
from schakel.sources.tweedekamer import Mirror
from schakel.sources.tweedekamer.fetch import Fetched, Question, fetch
from schakel.sources.tweedekamer.line import Line
from tweedekamer_sample import Answer, House, case, house, no_proxy

MANY = [case(n) for n in range(1, 606)]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    no_proxy(monkeypatch)
    with house() as made:
        yield made


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    with Mirror(tmp_path / "official.sqlite") as made:
        yield made


def ask(server: House, mirror: Mirror, question: Question | None = None, **more: object) -> Fetched:
    with Line(server.url, sleep=lambda _: None, attempts=3) as line:
        return fetch(mirror, "Zaak", line, question=question, via="odata", **more)  # type: ignore[arg-type]


def asked(server: House, at: int = 0) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(urlsplit(server.seen[at]).query).items()}


def test_the_links_of_the_source_are_followed(server: House, mirror: Mirror) -> None:
    server.odata_of(MANY)
    done = ask(server, mirror)
    assert (done.pages, done.counts.new, done.complete, done.via) == (3, 605, True, "odata")
    assert [asked(server, n).get("$skiptoken") for n in range(3)] == [None, "250", "500"]
    assert not any("$skip" in n for n in done.counts.notes)
    assert ask(server, mirror).counts.unchanged == 605  # a finished question is asked anew


def test_a_question_is_put_in_the_language_of_odata(server: House, mirror: Mirror) -> None:
    server.odata_of(MANY[:3])
    ask(
        server,
        mirror,
        Question("Soort eq 'Motie' and Volgnummer gt 5", "Document,ZaakActor", "Nummer, Onderwerp", "GestartOp desc"),
    )
    assert asked(server) == {
        "$filter": "Soort eq 'Motie' and Volgnummer gt 5",
        "$expand": "Document,ZaakActor",
        "$select": "Nummer,Onderwerp,Id,ApiGewijzigdOp,Verwijderd",
        "$orderby": "GestartOp desc",
    }
    assert "+" not in server.seen[0]


def test_with_top_pages_are_counted_and_that_is_said(server: House, mirror: Mirror) -> None:
    server.odata_of(MANY)
    done = ask(server, mirror, Question(top=600))
    assert (done.pages, done.counts.new, done.complete) == (3, 600, True)
    assert [(asked(server, n)["$top"], asked(server, n)["$skip"]) for n in range(3)] == [
        ("250", "0"),
        ("250", "250"),
        ("100", "500"),
    ]
    assert {asked(server, n)["$orderby"] for n in range(3)} == {"Id"}
    assert any("$top" in n and "$skip" in n for n in done.counts.notes)
    assert ask(server, mirror, Question(top=10)).counts.read == 10
    assert ask(server, mirror, Question(top=1000)).counts.read == 605  # fewer than wanted


def test_a_full_page_without_a_link_is_not_taken_for_the_end(server: House, mirror: Mirror) -> None:
    server.odata_of(MANY, links=False)
    done = ask(server, mirror)
    assert {r.id for r in mirror.rows("Zaak")} == {r["Id"] for r in MANY}
    assert done.complete
    assert any("full page without a link" in n for n in done.counts.notes)


def test_a_stopped_question_goes_on_where_it_stopped(server: House, mirror: Mirror) -> None:
    server.odata_of(MANY)
    assert not ask(server, mirror, max_pages=1).complete
    other = ask(server, mirror, Question(filter="true"), max_pages=1)  # another question has a place of its own
    assert other.counts.unchanged == 250
    server.seen.clear()
    done = ask(server, mirror)
    assert asked(server)["$skiptoken"] == "250"
    assert done.counts.new == 355
    assert ask(server, mirror, Question(top=600), max_pages=2).pages == 2
    server.seen.clear()
    assert ask(server, mirror, Question(top=600)).counts.read == 100
    assert asked(server)["$skip"] == "500"


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/OData/v4/2.0/Zaak?$skiptoken=1",
        "http://127.0.0.1:1/OData/v4/2.0/Zaak?$skiptoken=1",
        "https://{host}/OData/v4/2.0/Zaak?$skiptoken=1",
        "http://{host}/OData/v4/2.0/Persoon?$skiptoken=1",
        "http://{host}@evil.example/OData/v4/2.0/Zaak",
        "Zaak?$skiptoken=1",
    ],
)
def test_a_link_elsewhere_is_refused(link: str, server: House, mirror: Mirror) -> None:
    page = {"value": MANY[:250], "@odata.nextLink": link.replace("{host}", server.url.removeprefix("http://"))}
    server.answers = lambda path, asked: Answer(json.dumps(page).encode(), kind="application/json")
    with pytest.raises(InputError, match="leads elsewhere"):
        ask(server, mirror)
    assert (len(server.seen), mirror.counts()) == (1, {})


def test_links_in_a_circle_stop(server: House, mirror: Mirror) -> None:
    def play(path: str, asked: dict[str, str]) -> Answer:
        page = {"value": MANY[:2], "@odata.nextLink": f"{server.url}{path}?$skiptoken=5"}
        return Answer(json.dumps(page).encode(), kind="application/json")

    server.answers = play
    with pytest.raises(MachineError, match="leads back"):
        ask(server, mirror)
    assert len(server.seen) == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"error": {"message": "The query is not valid"}}', "The query is not valid"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"value": [{"Id": Infinity}]}', "Infinity"),
        (b'{"value": 5}', "no records"),
        (b'{"value": [', "came damaged 3 times"),
        (b'{"value": [1' + b"0" * 6000 + b"]}", "came damaged 3 times"),
        (b"<html><title>x</title></html>", "web page"),
    ],
    ids=["error", "deep", "infinity", "no-list", "cut", "digits", "html"],
)
def test_hostile_answers_are_refused(body: bytes, said: str, server: House, mirror: Mirror) -> None:
    server.answers = lambda path, asked: Answer(body, kind="application/json")
    with pytest.raises(InputError, match=said):
        ask(server, mirror)
    assert mirror.counts() == {}


def test_a_cut_page_is_asked_again(server: House, mirror: Mirror) -> None:
    server.odata_of(MANY[:5])
    whole = json.dumps({"value": MANY[:5]}).encode()
    server.first = [Answer(whole[:-9], kind="application/json"), Answer(whole, cut=50, kind="application/json")]
    assert ask(server, mirror).counts.new == 5
    assert len(server.seen) == 3


def test_selected_fields_do_not_wipe_the_others(server: House, mirror: Mirror) -> None:
    server.odata_of(MANY[:1])
    ask(server, mirror)
    part = {k: MANY[0][k] for k in ("Id", "Nummer", "Verwijderd")}
    newer = {**part, "Onderwerp": "gewijzigd", "ApiGewijzigdOp": "2025-01-01T00:00:00Z"}
    server.odata_of([newer])
    assert ask(server, mirror, Question(select="Nummer,Onderwerp")).counts.changed == 1
    held = mirror.get("Zaak", part["Id"])
    assert (held.data["onderwerp"], held.data["titel"]) == ("gewijzigd", MANY[0]["Titel"])


def test_records_that_cannot_be_taken_are_counted(server: House, mirror: Mirror) -> None:
    server.odata_of([case(1), {"Nummer": "x"}, case(2, Verwijderd=True)])
    done = ask(server, mirror)
    assert (done.counts.read, done.counts.new, done.counts.deleted) == (3, 1, 1)
    assert done.counts.refused == {"no identifier (Id)": 1}
    assert done.as_dict()["refused"] == {"no identifier (Id)": 1}
