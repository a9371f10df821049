"""Does a list show promises in whole, plain sentences, and does it keep a promise with its own number and day?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dossier_letters import write
from schakel.dossiers.archive import Archive, analyse
from schakel.dossiers.archive.folder import files
from schakel.dossiers.archive.wording import action, clip, tidy
from schakel.dossiers.commitments import find
from schakel.errors import InputError
from schakel.register import Register
from shared import SHARED, needs_shared

ON = date(2025, 10, 17)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Register(tmp_path / "register.sqlite") as register:
        yield Archive(register)


def row(words: str, context: str, **more: Any) -> dict[str, Any]:
    return {"action": words, "context": context, "tz_number": None, "motion": None, **more}


@pytest.mark.parametrize(
    ("words", "context", "shown"),
    [
        (
            "naar de Kamer te sturen.",
            "27 Preliminary input | Publication\n28 Kamerbrief over glas\n29 Het kabinet streeft ernaar de visie\nnaar de Kamer te sturen.",
            "Het kabinet streeft ernaar de visie naar de Kamer te sturen.",
        ),
        (
            "De Kamer wordt geïnformeerd.",
            "1 Zie ook nr. 3, \n2 De Kamer wordt geïnformeerd.",
            "De Kamer wordt geïnformeerd.",
        ),
        ("zal samenkomen.", "De *Semicon Board* zal samenkomen.", "De Semicon Board zal samenkomen."),
        ("zal ingaan. | Markt groeit", "Dit zal ingaan. |\nMarkt groeit", "Dit zal ingaan."),
    ],
)
def test_an_action_is_the_sentence_without_what_stands_around_it(words: str, context: str, shown: str) -> None:
    assert action(row(words, context)) == shown


def test_a_promise_ends_at_its_own_number() -> None:
    one, two = "TZ202502-139", "TZ202502-142"
    sentence = f"Toezegging in het debat om een brief te sturen over beleid ({one}) en in het derde kwartaal een brief over de strategie ({two})"
    assert action(row(sentence, sentence, tz_number=one)).endswith(f"over beleid ({one})")
    rest = sentence[sentence.index(f"({one})") :]
    assert action(row(rest, sentence, tz_number=two)) == f"in het derde kwartaal een brief over de strategie ({two})"


def test_what_is_cut_keeps_the_promise_in_sight() -> None:
    long = "Hierop kan worden voortgebouwd " + "met nog een programma " * 9 + "dat met uw Kamer wordt gedeeld."
    cut = clip(long, 80, "met uw Kamer wordt gedeeld")
    assert len(cut) <= 80 and cut.startswith("…") and cut.endswith("met uw Kamer wordt gedeeld.")
    assert clip(long, 80).endswith("…") and clip("kort", 80) == "kort"
    assert (
        tidy("en opvolging motie X") == "opvolging motie X"
        and tidy("5 Toezegging TZ202210-131") == "Toezegging TZ202210-131"
    )
    assert tidy("") == "" and tidy("12") == "12"


def test_the_number_in_a_note_to_this_commitment_is_that_of_the_promise(archive: Archive, tmp_path: Path) -> None:
    text = (
        "Datum 1 december 2024\n\nDe minister heeft in het debat op 13 oktober toegezegd om de Kamer te informeren over de gevolgen van "
        "de maatregelen. Met deze brief geeft het kabinet uitvoering aan deze toezegging.[^5] De maatregelen gelden.\n\n"
        "[^5]: Toezegging TZ202410-131\n"
    )
    archive.import_file(write(tmp_path, brief=text)["brief"], author="t")
    (due,) = archive.due(date(2025, 1, 1))
    assert (due.id, due.kind, due.status.state) == ("TZ202410-131", "toezegging_geregistreerd", "fulfilled-on-time")
    assert (
        due.status.label("en") == "fulfilled" and due.status.label("nl") == "nagekomen"
    )  # it had no deadline to be in time for
    assert due.action.startswith("De minister heeft")


@pytest.mark.parametrize(
    ("sentence", "hi", "asked"),
    [
        ("Uw Kamer heeft gevraagd om uiterlijk 20 november een brief te sturen.", date(2024, 11, 20), None),
        ("Uw Kamer heeft gevraagd om voor 1 maart een brief te sturen.", date(2025, 2, 28), None),
        (
            "De vaste commissie heeft op 3 oktober gevraagd om voor 20 november 2024 een brief te sturen.",
            date(2024, 11, 19),
            date(2024, 10, 3),
        ),
        (
            "De commissie heeft op 1 november jl. verzocht om binnen drie weken een brief te sturen.",
            date(2024, 11, 22),
            date(2024, 11, 1),
        ),
    ],
)
def test_the_day_of_a_request_that_is_recalled_may_be_past(sentence: str, hi: date, asked: date | None) -> None:
    (one,) = find(sentence, date(2024, 12, 5))
    assert one.kind == "verzoek_kamer" and one.made_on == asked
    assert one.deadline is not None and one.deadline.hi == hi


def test_a_motion_that_asks_another_than_the_government_is_read(archive: Archive, tmp_path: Path) -> None:
    text = (
        "Kamerstukken\n36 740 VII\nNr. 27\nMOTIE VAN HET LID ZEEZICHT\nVoorgesteld 30 juni 2025\nDe Kamer,\ngehoord de beraadslaging,\n"
        "verzoekt de Staatssecretaris om voor 1 oktober 2025 aan de Kamer te rapporteren hoe de samenwerking vordert,\n"
        "gaat over tot de orde van de dag.\nZeezicht\nHirsch\n"
    )
    archive.import_file(write(tmp_path, motie=text)["motie"], author="t")
    (due,) = archive.due(ON)
    assert (due.id, due.kind, due.status.deadline) == ("kst-36740-VII-27", "motie", date(2025, 9, 30))
    assert due.action.startswith("verzoekt de Staatssecretaris") and due.action.endswith("samenwerking vordert")


@needs_shared
def test_a_paper_has_no_alias_without_its_chapter() -> None:
    for path in sorted((SHARED / "data" / "tweede_kamer" / "motie_xml").glob("*.xml")):
        letter = analyse(path)
        assert letter.card.id.startswith("kst-") and letter.card.aliases == (), path.name
        (one,) = letter.commitments
        assert "orde van de dag" not in one["action"], path.name


def test_what_is_left_to_the_next_cabinet_is_shown_once(archive: Archive, tmp_path: Path) -> None:
    text = "Datum 1 april 2025\n\nDe keuze hierover is aan een volgend kabinet en zal onderdeel uitmaken van het begrotingsproces.\n"
    archive.import_file(write(tmp_path, brief=text)["brief"], author="t")
    assert [d.kind for d in archive.due(ON)] == ["uitgesteld"]


@pytest.mark.parametrize("written", [date(9999, 12, 31), date(1, 1, 1)])
def test_a_date_that_no_letter_has_is_refused(archive: Archive, tmp_path: Path, written: date) -> None:
    path = write(tmp_path, brief="Uw Kamer wordt voor de zomer geïnformeerd.")["brief"]
    with pytest.raises(InputError, match="no date of a letter"):
        archive.import_file(path, author="t", written=written)
    with pytest.raises(InputError, match="no dossier"):
        archive.import_file(path, author="t", written=ON, dossier="'; drop table")
    for key in ("nope:1", "voorjaarsnota:99999", "voorjaarsnota:²"):
        with pytest.raises(InputError, match="no event"):
            archive.move(key, ON, known_on=ON, source="s", author="a", reason="r")
    assert archive.letters() == () and archive.moves() == ()


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pijp.txt")
    with pytest.raises(InputError, match="pipe"):
        files(tmp_path / "pijp.txt")
    with pytest.raises(InputError, match="no letters"):
        files(tmp_path)


def test_a_figure_in_many_letters_is_one_contradiction_in_little_time(archive: Archive, tmp_path: Path) -> None:
    def letter(n: int) -> str:
        said = 230 if n % 2 else 220
        return f"Datum {n % 28 + 1} maart 2025\n\n" + f"Voor PhotonDelta is € {said} miljoen beschikbaar.\n\n" * 40

    letters = {f"brief_2025D{n:05d}": letter(n) for n in range(12)}
    archive.import_files(list(write(tmp_path / "in", **letters).values()), author="t")
    (one,) = archive.conflicts()
    assert {one.first["value"], one.second["value"]} == {"220000000 EUR", "230000000 EUR"}
    assert (one.first["letter"], one.second["letter"]) == ("2025D00000", "2025D00001")
    assert one.first["start"] == archive.letter("2025D00000").text.index("€ 220 miljoen")
