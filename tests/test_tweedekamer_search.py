"""Does search find what is there, best first, whatever a user types?"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.errors import InputError
from schakel.sources.tweedekamer import KINDS, MARK_CLOSE, MARK_OPEN, Counts, Mirror, Row
from schakel.sources.tweedekamer.jsonrows import rows
from schakel.sources.tweedekamer.query import expression
from shared import needs_shared
from tweedekamer_sample import RECORDED, case, entry, feed, key

SUBJECTS = {
    1: "Brief over kritieke grondstoffen en strategische autonomie",
    2: "Motie van het lid Kostić over grondstoffen",
    3: "Verslag van een Europese Raad",
    4: "Cafébezoek, coöperatie en reünie in Curaçao",
    5: "Grondstoffenstrategie",
    6: "Kritieke processen; grondstoffen kritieke",
}


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirror]:
    folder = tmp_path_factory.mktemp("search")
    with Mirror(folder / "official.sqlite") as made:
        cases = [
            case(n, Onderwerp=subject, Titel=None, Soort="Motie" if n == 2 else "Brief regering")
            for n, subject in SUBJECTS.items()
        ]
        (folder / "zaak.json").write_text(json.dumps(cases))
        made.import_file(folder / "zaak.json")
        page = feed(
            [
                entry(
                    "Toezegging",
                    key("t"),
                    nummer="TZ202502-139",
                    tekst="De minister informeert de Kamer over grondstoffen",
                ),
                entry("Kamerstukdossier", key("k"), nummer="36600", toevoeging="XIII", titel="Vaststelling begroting"),
                entry(
                    "Activiteit",
                    key("a"),
                    nummer="2025A1",
                    onderwerp="Commissiedebat chips",
                    datum="2025-01-14T00:00:00",
                ),
            ]
        )
        (folder / "page.xml").write_bytes(page)
        made.import_file(folder / "page.xml")
        made.index_letter(
            "2025D44449",
            "Brief over weerbaarheid",
            date(2025, 10, 17),
            "De Kamer vroeg om halfgeleiders.\0 Slot \ud800.",
        )
        yield made


def found(mirror: Mirror, query: str, *kinds: str) -> set[str]:
    return {h.id for h in mirror.search(query, 50, kinds)}


def numbers(*which: int) -> set[str]:
    return {f"2024Z{n:05d}" for n in which}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("kritieke", numbers(1, 6)),
        ("KRITIEKE grondstoffen", numbers(1, 6)),
        ("kritieke AND grondstoffen", numbers(1, 6)),
        ('"kritieke grondstoffen"', numbers(1)),
        ("grondstof*", numbers(1, 2, 5, 6) | {"TZ202502-139"}),
        ("grondstof", set()),
        ("kritieke OR verslag", numbers(1, 3, 6)),
        ("grondstoffen NOT kritieke", numbers(2) | {"TZ202502-139"}),
        ("grondstoffen NOT (kritieke OR minister)", numbers(2)),
        ("(kritieke OR verslag) raad", numbers(3)),
        ("grondstoffen NOT (NOT kritieke)", numbers(1, 6)),
        ("kostic", numbers(2)),
        ("KOSTIĆ", numbers(2)),
        ("cafebezoek cooperatie reunie curacao", numbers(4)),
        ("coöperatie", numbers(4)),
        ("TZ202502-139", {"TZ202502-139"}),
        ("36600-XIII", {"36600-XIII"}),
        ("2024Z00003", numbers(3)),
        ("halfgeleiders", {"2025D44449"}),
        ("halfgeleiders slot", {"2025D44449"}),
        ("chips", {"2025A1"}),
        ("title:raad", set()),  # no column can be named: the two words as they stand
        ("NEAR(kritieke grondstoffen)", set()),
        ("niets", set()),
    ],
)
def test_what_is_found(query: str, wanted: set[str], mirror: Mirror) -> None:
    assert found(mirror, query) == wanted


def test_kinds_limit_and_fields_of_a_find(mirror: Mirror) -> None:
    assert found(mirror, "grondstof*", "toezegging") == {"TZ202502-139"}
    assert found(mirror, "grondstof*", "motie", "toezegging") == numbers(2) | {"TZ202502-139"}
    assert len(mirror.search("grondstof*", 2)) == 2
    (hit,) = mirror.search("autonomie")
    assert (hit.kind, hit.title, hit.date) == ("zaak", SUBJECTS[1], date(2024, 1, 4))
    assert f"{MARK_OPEN}autonomie{MARK_CLOSE}" in hit.snippet
    assert (hit.entity, hit.key) == ("Zaak", key("zaak 1"))
    with pytest.raises(InputError, match="no kind"):
        mirror.search("x", 5, ["brief"])
    for limit in (0, 1001):
        with pytest.raises(InputError, match="cannot be asked"):
            mirror.search("x", limit)


def test_the_best_comes_first_and_scores_fall(mirror: Mirror) -> None:
    hits = mirror.search("kritieke OR grondstoffen OR raad", 50)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert hits[-1].id == "TZ202502-139"  # one common word in a long text
    assert hits == mirror.search("kritieke OR grondstoffen OR raad", 50)
    assert hits[:2] == mirror.search("kritieke OR grondstoffen OR raad", 2)


def test_every_kind_can_be_asked(mirror: Mirror) -> None:
    for kind in KINDS:
        assert {h.kind for h in mirror.search("*a* OR de OR het OR brief", 50, [kind])} <= {kind}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "***",
        '""',
        '"',
        "()",
        "NOT",
        "AND OR",
        "NOT grondstoffen",
        "(NOT a) OR (NOT b)",
        "\0",
        "--",
        "\ud800",
    ],
)
def test_a_text_without_anything_to_find_is_refused_with_a_reason(text: str, mirror: Mirror) -> None:
    with pytest.raises(InputError, match="nothing that can be found"):
        mirror.search(text)


def test_long_and_deep_texts_are_refused_or_found(mirror: Mirror) -> None:
    with pytest.raises(InputError, match="1,001 characters"):
        mirror.search("a" * 1001)
    with pytest.raises(InputError, match="brackets"):
        mirror.search("(" * 100 + "a")
    for text in ("a " * 499, "a OR " * 199 + "a", "a NOT b " * 124, "a NOT " * 160 + "raad", "raad " + "NOT x " * 150):
        mirror.search(text)


_PIECES = st.sampled_from(
    ['"', "'", "(", ")", "*", "AND", "OR", "NOT", "NEAR", "NEAR(a b, 5)", "a", "raad", ":", "title:", "^", "-", "+", "{a b}", ";", "--",
     "\\", "%", "_", "\0", "é", "\ud800", "\u202e", "36 600", "a*", "*a", '"a b"*', "/*", "💥", "\u0301", "."]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(
    st.one_of(
        st.lists(_PIECES, max_size=14).map(" ".join), st.lists(_PIECES, max_size=14).map("".join), st.text(max_size=60)
    )
)
def test_no_text_breaks_search(mirror: Mirror, text: str) -> None:
    try:
        mirror.search(text)
    except InputError:
        return


@given(st.lists(st.text("abcdé*\"'():-^", min_size=1, max_size=8), min_size=1, max_size=6))
def test_words_are_always_quoted(words: list[str]) -> None:
    try:
        made = expression(" ".join(words))
    except InputError:
        return
    outside = made.split('"')[::2]  # what stands between quotes is text
    assert made.count('"') % 2 == 0
    assert set("".join(outside)) <= set("() *ANDORT")


def test_letters_come_change_and_go(tmp_path: Path) -> None:
    with Mirror(tmp_path / "m.sqlite") as mirror:
        assert mirror.index_letter("L-1", "Brief", date(2025, 1, 1), "exportcontrole")
        assert not mirror.index_letter("L-1", "Brief", date(2025, 1, 1), "exportcontrole")
        assert mirror.index_letter("L-1", "Brief", None, "halfgeleiders")
        assert mirror.search("exportcontrole") == ()
        (hit,) = mirror.search("halfgeleiders", kinds=["letter"])
        assert (hit.id, hit.date, hit.entity) == ("L-1", None, "Letter")
        mirror.drop_letter("L-1")
        assert mirror.search("halfgeleiders") == ()
        assert mirror.indexed_letters() == {}


@dataclass
class Card:
    id: str
    sha256: str
    title: str = "Brief"
    date: date | None = None


def test_letters_of_the_archive_are_read_only_when_they_changed(tmp_path: Path) -> None:
    read: list[str] = []

    def text(id: str) -> str:
        read.append(id)
        return f"tekst van {id}"

    with Mirror(tmp_path / "m.sqlite") as mirror:
        assert mirror.sync_letters([Card("a", "1"), Card("b", "1")], text) == 2
        assert mirror.sync_letters([Card("a", "1"), Card("b", "1")], text) == 0
        assert read == ["a", "b"]
        assert mirror.sync_letters([Card("a", "2")], text) == 1  # the same text again in a; b is gone
        assert read == ["a", "b", "a"]
        assert mirror.indexed_letters() == {"a": "2"}
        assert mirror.search("van b") == ()


def test_a_text_that_comes_before_its_document(tmp_path: Path) -> None:
    text = {"document_id": key("d"), "nummer": "2025D1", "soort": "Motie", "publication_id": key("p"), "content_type": "application/xml",
            "text": "MOTIE VAN HET LID KOSTIĆ\nverzoekt de regering een grondstoffenbank"}  # fmt: skip
    document = {
        "Id": key("d"),
        "DocumentNummer": "2025D1",
        "Soort": "Motie",
        "Onderwerp": "Motie over een bank",
        "ApiGewijzigdOp": "2025-01-01T00:00:00Z",
    }
    ends = []
    for name, order in (("a", [text, document]), ("b", [document, text])):
        with Mirror(tmp_path / f"{name}.sqlite") as mirror:
            for one in order:
                (tmp_path / "document.json").write_text(json.dumps([one]))
                mirror.import_file(tmp_path / "document.json")
            (hit,) = mirror.search("grondstoffenbank")
            assert (hit.id, hit.kind, hit.title) == ("2025D1", "motie", "Motie over een bank")
            ends.append(hit)
            gone = feed([entry("Document", key("d"), "2025-02-01T00:00:00Z", deleted=True)])
            (tmp_path / "gone.xml").write_bytes(gone)
            mirror.import_file(tmp_path / "gone.xml")
            assert mirror.search("grondstoffenbank") == ()
    assert ends[0] == ends[1]


@needs_shared
def test_recorded_motions_are_found_by_their_words(tmp_path: Path) -> None:
    with Mirror(tmp_path / "m.sqlite") as mirror:
        for name in ("document_topical", "document_texts_topical", "zaak_topical"):
            mirror.import_file(RECORDED / f"{name}.json")
        hits = mirror.search('"strategische voorraden" "kritieke grondstoffen" defensie-industrie', kinds=["motie"])
        assert hits[0].id == "2025D42654"
        assert mirror.search("Kostic")[0].title.startswith("MOTIE VAN HET LID KOSTIĆ")


def test_a_search_is_one_statement_whose_work_is_in_proportion_to_what_holds_the_word(tmp_path: Path) -> None:
    chance = random.Random(5)
    words = " ".join(SUBJECTS.values()).split() + ["de", "het", "van"] * 8

    def made() -> Iterator[Row]:
        for n in range(2_000):
            yield from rows({**case(n), "Onderwerp": " ".join(chance.choices(words, k=12))})

    with Mirror(tmp_path / "m.sqlite") as mirror:
        counts = mirror.take(made(), Counts())
        assert counts.new == 2_000
        con, said, steps = mirror.store.con, [], []
        for query, holding in (
            ("kritieke grondstoffen", 1_000),
            ("de", 2_000),
            ("gron* OR het", 2_000),
            ("2024Z00077", 1),
        ):
            said.clear()
            steps.clear()
            con.set_trace_callback(said.append)
            con.set_progress_handler(lambda: steps.append(1), 1)
            assert len(mirror.search(query)) == min(20, holding)
            con.set_trace_callback(None)
            con.set_progress_handler(None, 0)
            assert len([x for x in said if not x.startswith("--")]) == 1
            assert len(steps) < 1_500 + 45 * holding


def test_of_words_that_nearly_all_hold_the_last_that_came_in_are_weighed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schakel.sources.tweedekamer.indexing.RANKED", 30)
    with Mirror(tmp_path / "m.sqlite") as mirror:
        mirror.index_letter("2024D00001", "de", None, "de brief")  # the best, and the first that came in
        mirror.take((row for n in range(40) for row in rows({**case(n), "Onderwerp": "over de kust"})), Counts())
        everything = mirror.search("de", 50)
        assert len(everything) == 30
        assert everything == mirror.search("de", 50)
        assert mirror.search("de", 7) == everything[:7]
        assert {h.id for h in everything}.isdisjoint({"2024D00001"})
        assert [h.id for h in mirror.search("de", 50, ["letter"])] == ["2024D00001"]
        assert [h.id for h in mirror.search("brief", 50)] == ["2024D00001"]
        monkeypatch.setattr("schakel.sources.tweedekamer.indexing.RANKED", 100)
        assert mirror.search("de", 50)[0].id == "2024D00001"
