"""How do commitments stand on a day: read from letters, answered by others, moved with the calendar, judged by people?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dossier_letters import ANSWER, CORRECTED, MOTION, PROMISES, write
from schakel.dossiers.archive import Archive, Due, analyse
from schakel.dossiers.archive.official import commitments as official_commitments
from schakel.errors import InputError, NotFoundError
from schakel.register import Register
from shared import SHARED, needs_shared

LETTERS = SHARED / "letters"
TZ, KST = "TZ202412-017", "kst-36600-XIII-77"


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register(tmp_path / "register.sqlite") as found:
        yield found


@pytest.fixture
def archive(register: Register, tmp_path: Path) -> Archive:
    found = Archive(register)
    found.import_files(
        list(write(tmp_path / "in", belofte=PROMISES, motie=MOTION, antwoord=ANSWER).values()), author="T. Est"
    )
    return found


def one(archive: Archive, ident: str, on: date, **more: Any) -> Due:
    (found,) = [d for d in archive.due(on, **more) if d.id == ident]
    return found


def promise(archive: Archive, word: str) -> str:
    (found,) = [d.id for d in archive.due(date(2025, 2, 1)) if word in d.action]
    return found


def test_a_number_named_in_a_note_is_answered_late(archive: Archive) -> None:
    due = one(archive, TZ, date(2025, 11, 1))
    assert (due.status.state, due.status.days, due.status.answered_on) == ("fulfilled-late", 170, date(2025, 10, 17))
    assert due.status.reference == date(2025, 11, 1)
    assert due.status.provisional  # nobody has confirmed it
    (answer,) = due.answers
    assert (answer.document, answer.relation, answer.explicit, answer.state) == (
        "2025D00042",
        "fulfils",
        True,
        "proposed",
    )


def test_a_motion_is_answered_early_by_the_deadline_of_its_own_paper(archive: Archive) -> None:
    due = one(archive, KST, date(2025, 11, 1))
    assert (due.kind, due.source, due.status.state, due.status.days) == ("motie", "motion", "fulfilled-on-time", -75)
    assert due.deadline is not None and due.deadline["hi"] == "2025-12-31"
    assert due.action.startswith("verzoekt de regering")


def test_what_nobody_answered_is_overdue_from_the_day_after(archive: Archive) -> None:
    top = promise(archive, "lampentop")
    states = {d: one(archive, top, d).status.state for d in (date(2025, 2, 1), date(2025, 3, 20), date(2025, 3, 31))}
    assert states == {date(2025, 2, 1): "open", date(2025, 3, 20): "due-soon", date(2025, 3, 31): "due-soon"}
    assert one(archive, top, date(2025, 4, 1)).status.days == 1
    assert one(archive, top, date(2030, 1, 1)).status.state == "overdue"


def test_what_came_later_is_not_known_yet(archive: Archive) -> None:
    assert archive.due(date(2024, 12, 18)) == ()
    assert archive.due(date(1, 1, 1)) == ()
    before = {d.id for d in archive.due(date(2025, 3, 19))}
    assert KST not in before and TZ in before
    assert one(archive, TZ, date(2025, 10, 16)).status.state == "overdue"
    assert one(archive, TZ, date(2025, 10, 16)).answers == ()


def test_every_fact_stands_on_its_characters(archive: Archive) -> None:
    for card in archive.letters():
        letter = archive.letter(card.id)
        for row in (*letter.commitments, *letter.amounts, *letter.percentages, *letter.deadlines, *letter.citations):
            assert letter.text[row["start"] : row["end"]] == row["quote"]
        for row in letter.commitments:
            if row.get("deadline_start") is not None:
                span = letter.text[row["deadline_start"] : row["deadline_end"]]
                assert " ".join(span.split()) == " ".join(row["deadline_text"].split())


def test_filters(archive: Archive) -> None:
    on = date(2025, 11, 1)
    assert {d.id for d in archive.due(on, kinds=["motie"])} == {KST}
    assert {d.id for d in archive.due(on, states=["fulfilled-late"])} == {TZ}
    assert (
        {d.id for d in archive.due(on, dossier="36600-XIII")}
        == {KST}
        == {d.id for d in archive.due(on, dossier="36 600")}
    )
    assert {d.id for d in archive.due(on, letter="2025D00042")} == {KST, TZ}
    assert archive.due(on, actor="niemand") == ()
    goals = {d.kind for d in archive.due(on, kinds=["doel"])}
    assert goals == {"doel"}
    assert "doel" not in {d.kind for d in archive.due(on)}


def test_dues_are_in_order_of_deadline(archive: Archive) -> None:
    days = [d.status.deadline or date.max for d in archive.due(date(2025, 11, 1))]
    assert days == sorted(days) and len(days) > 3


def test_moving_an_event_moves_only_what_hangs_on_it(archive: Archive) -> None:
    on = date(2025, 6, 10)
    before = {d.id: d.status.deadline for d in archive.due(on)}
    spring = promise(archive, "Voorjaarsnota")
    assert before[spring] == date(2025, 4, 17)
    archive.move(
        "voorjaarsnota:2025",
        date(2025, 6, 1),
        known_on=date(2025, 4, 10),
        source="letter",
        author="T. Est",
        reason="later",
    )
    after = {d.id: d.status.deadline for d in archive.due(on)}
    assert {i for i in before if before[i] != after[i]} == {spring}
    moved = one(archive, spring, on)
    assert moved.status.deadline == date(2025, 5, 31)
    assert moved.deadline is not None and moved.deadline["event"] == "voorjaarsnota:2025"
    (earlier,) = moved.history
    assert (earlier["hi"], earlier["known_on"]) == ("2025-04-17", "2024-12-19")
    # the day before the move became known, the old date still held
    assert one(archive, spring, date(2025, 4, 9)).status.deadline == date(2025, 4, 17)
    assert one(archive, spring, date(2025, 4, 9)).history == ()
    assert [e.date for e in archive.calendar().history("voorjaarsnota:2025")][-2:] == [
        date(2025, 4, 18),
        date(2025, 6, 1),
    ]


def test_a_move_of_the_built_in_calendar_counts_from_when_it_was_known(register: Register, tmp_path: Path) -> None:
    text = "Datum 6 januari 2025\n\nUw Kamer wordt voor het commissiedebat Midden-Oosten geïnformeerd over de veiligheid.\n"
    archive = Archive(register)
    archive.import_file(write(tmp_path, brief=text)["brief"], author="t")
    (before,), (after,) = archive.due(date(2025, 1, 13)), archive.due(date(2025, 1, 22))
    assert before.deadline is not None and before.deadline["event"] == "debat:midden-oosten:2025"
    assert before.status.deadline == date(2025, 1, 13)
    assert after.status.deadline == date(2025, 1, 20)
    assert [h["hi"] for h in after.history] == ["2025-01-13"]


def test_a_move_is_refused_for_an_unknown_event_and_recorded_once(archive: Archive) -> None:
    said: dict[str, Any] = {"known_on": date(2025, 4, 10), "source": "s", "author": "a", "reason": "r"}
    with pytest.raises(InputError, match="no event"):
        archive.move("kermis:2025", date(2025, 6, 1), **said)
    with pytest.raises(InputError, match="ends before"):
        archive.move("voorjaarsnota:2025", date(2025, 6, 1), end=date(2025, 5, 1), **said)
    head = archive.head()
    archive.move("voorjaarsnota:2025", date(2025, 6, 1), **said)
    moved = archive.head()
    archive.move("voorjaarsnota:2025", date(2025, 6, 1), **said)
    assert head != moved == archive.head()


def test_a_person_rejects_and_confirms(archive: Archive) -> None:
    on = date(2025, 11, 1)
    archive.reject(TZ, "2025D00042", author="A. Mens", reason="only announces it")
    due = one(archive, TZ, on)
    assert (due.status.state, due.answers[0].state, due.answers[0].by) == ("overdue", "rejected", "A. Mens")
    archive.confirm(TZ, "2025D00042", "fulfils", author="B. Mens", reason="it does")
    due = one(archive, TZ, on)
    assert (due.status.state, due.status.provisional, due.answers[0].state) == ("fulfilled-late", False, "confirmed")
    events = archive._register.events("answer", TZ)
    assert [(e.author, e.reason) for e in events] == [("A. Mens", "only announces it"), ("B. Mens", "it does")]


@pytest.mark.parametrize(
    ("relation", "state"),
    [
        *((relation, "overdue") for relation in ("appreciates", "answers_about", "reacts", "reports")),
        ("part", "partly"),
        ("lapsed", "lapsed"),
        ("disputed", "disputed"),
    ],
)
def test_only_a_fulfilment_fulfils(archive: Archive, relation: str, state: str) -> None:
    archive.confirm(TZ, "2025D00042", relation, author="A. Mens", reason="so it says")
    assert one(archive, TZ, date(2025, 11, 1)).status.state == state


def test_a_deferral_has_its_new_day(archive: Archive) -> None:
    archive.confirm(TZ, "2025D00042", "defers", author="A", reason="r", new_deadline=date(2026, 3, 1))
    assert one(archive, TZ, date(2026, 3, 1)).status.state == "deferred"
    assert one(archive, TZ, date(2026, 3, 2)).status.state == "overdue"


def test_what_a_person_says_must_fit(archive: Archive) -> None:
    with pytest.raises(InputError, match="unknown relation"):
        archive.confirm(TZ, "2025D00042", "tovert", author="A", reason="r")
    with pytest.raises(InputError, match="only a deferral"):
        archive.confirm(TZ, "2025D00042", "fulfils", author="A", reason="r", new_deadline=date(2026, 1, 1))
    with pytest.raises(NotFoundError, match="no commitment"):
        archive.confirm("C-000000000000", "2025D00042", "fulfils", author="A", reason="r")
    with pytest.raises(NotFoundError, match="no letter"):
        archive.reject(TZ, "2099D00001", author="A", reason="r")
    head = archive.head()
    for author, reason in (("", "r"), ("A", ""), ("A\x1b[2J", "r"), ("A", "regel\nregel")):
        with pytest.raises(InputError):
            archive.confirm(TZ, "2025D00042", "fulfils", author=author, reason=reason)
    assert archive.head() == head


def test_as_the_register_stood(archive: Archive) -> None:
    moment = datetime.now(UTC)
    archive.reject(TZ, "2025D00042", author="A", reason="r")
    on = date(2025, 11, 1)
    assert one(archive, TZ, on).status.state == "overdue"
    assert one(archive, TZ, on, known_at=moment).status.state == "fulfilled-late"
    assert archive.letters(known_at=datetime(2000, 1, 1, tzinfo=UTC)) == ()


def test_a_promise_to_come_back_to_a_motion_answers_nothing(register: Register, tmp_path: Path) -> None:
    later = "Datum 1 april 2025\n\nVoor de zomer informeer ik uw Kamer over de uitvoering van de motie Zeezicht (Kamerstuk 36 600 XIII, nr. 77).\n"
    other = (
        "Datum 2 april 2025\nBetreft Appreciatie van de motie Zeezicht (36600-XIII-77)\n\n"
        "De motie van het lid Zeezicht (Kamerstuk 36 600 XIII, nr. 77) ontraad ik.\n"
    )
    archive = Archive(register)
    archive.import_files(list(write(tmp_path, motie=MOTION, later=later, oordeel=other).values()), author="t")
    due = one(archive, KST, date(2026, 1, 5))
    assert due.status.state == "overdue"
    assert {a.relation for a in due.answers} <= {"appreciates"}


def test_a_deferral_in_a_letter_moves_the_deadline(register: Register, tmp_path: Path) -> None:
    text = (
        "Datum 1 december 2025\n\nDe motie van het lid Zeezicht (Kamerstuk 36 600 XIII, nr. 77) heeft vertraging opgelopen; "
        "ik informeer uw Kamer hierover uiterlijk 1 maart 2026.\n"
    )
    archive = Archive(register)
    archive.import_files(list(write(tmp_path, motie=MOTION, uitstel=text).values()), author="t")
    due = one(archive, KST, date(2026, 1, 5))
    assert (due.status.state, due.status.deadline, due.status.provisional) == ("deferred", date(2026, 3, 1), True)
    assert one(archive, KST, date(2026, 3, 2)).status.state == "overdue"


def test_a_replaced_motion_lapses(register: Register, tmp_path: Path) -> None:
    new = MOTION.replace("Nr. 77", "Nr. 91").replace("MOTIE VAN", "GEWIJZIGDE MOTIE VAN").replace(
        "C.S.\n", "C.S. TER VERVANGING VAN DIE GEDRUKT ONDER NR. 77\n"
    ).replace("20 maart", "3 april")  # fmt: skip
    archive = Archive(register)
    archive.import_files(list(write(tmp_path, motie=MOTION, nieuw=new).values()), author="t")
    assert one(archive, KST, date(2025, 4, 2)).status.state == "open"
    assert one(archive, KST, date(2025, 5, 1)).status.state == "lapsed"
    assert one(archive, "kst-36600-XIII-91", date(2025, 5, 1)).status.state == "open"


def test_words_alone_propose_and_do_not_count(register: Register, tmp_path: Path) -> None:
    others = {
        f"m{n}": MOTION.replace("Nr. 77", f"Nr. {n}").replace("de toekomst van de lampenfabriek", subject)
        for n, subject in ((80, "het vissersdorp"), (81, "de paardensport"), (82, "het kernafval"))
    }
    text = "Datum 1 december 2025\nBetreft Uitvoering motie van het lid Zeezicht over een actieplan voor de lampenfabriek\n\nGeachte Voorzitter,\n"
    both = "Datum 2 december 2025\nBetreft Uitvoering van een motie van het lid Zeezicht\n\nGeachte Voorzitter,\n"
    archive = Archive(register)
    archive.import_files(list(write(tmp_path, motie=MOTION, brief=text, beide=both, **others).values()), author="t")
    (found,) = archive.answers()
    assert (found.commitment, found.relation, found.explicit, found.state) == (KST, "fulfils", False, "proposed")
    assert 0 < found.score < 1 and found.margin >= 0.1
    assert one(archive, KST, date(2026, 1, 5)).status.state == "overdue"
    archive.confirm(KST, found.document, "fulfils", author="A", reason="read it")
    assert one(archive, KST, date(2026, 1, 5)).status.state == "fulfilled-on-time"


def test_a_letter_answers_the_request_it_recalls(register: Register, tmp_path: Path) -> None:
    asked = "Datum 5 juni 2024\n\nUw Commissie heeft op 23 mei 2024 gevraagd om een brief over de haven voor 8 juni 2024. {0}\n"
    archive = Archive(register)
    found = write(
        tmp_path,
        wel=asked.format("Met deze brief beantwoord ik uw vraag."),
        later=asked.replace("haven", "kade").format("Uw vraag zal ik na de zomer beantwoorden."),
    )
    archive.import_files(list(found.values()), author="t")
    states = {
        d.action.split(" over de ")[1].split()[0]: d.status.state
        for d in archive.due(date(2024, 8, 1))
        if "gevraagd" in d.action
    }
    assert states == {"haven": "fulfilled-on-time", "kade": "overdue"}


@pytest.mark.parametrize(
    ("deadline", "days"), [("8 december 2022", 0), ("31 december 2022", 0), ("15 januari 2023", -15)]
)
def test_of_a_letter_with_only_a_month_the_least_is_counted(
    register: Register, tmp_path: Path, deadline: str, days: int
) -> None:
    text = f"Uw Commissie heeft op 3 november 2022 gevraagd om voor {deadline} een brief te sturen. Hierbij beantwoord ik uw vraag.\n"
    archive = Archive(register)
    text = text.replace("voor ", "uiterlijk ")
    archive.import_file(write(tmp_path, **{"2022-12_brief": text})["2022-12_brief"], author="t")
    (due,) = archive.due(date(2024, 1, 1))
    assert (due.status.days, due.status.provisional) == (days, True)
    assert due.answers[0].earliest == date(2022, 12, 1)


class Fake:
    """The register of the House, as the mirror hands it over."""

    def toezeggingen(self) -> list[dict[str, Any]]:
        common = {"tekst": "De Kamer voor 1 juli 2025 te informeren over de haven.", "datum": date(2025, 1, 9)}
        return [
            {"nummer": TZ, "status": "Voldaan", "datumNakoming": date(2025, 4, 1), "ministerie": "EZ", **common},
            {"nummer": "TZ202501-001", "status": "Vervallen", "datumNakoming": None, "ministerie": "IenW", **common},
            {"nummer": "TZ202501-002", "status": "Openstaand", "datumNakoming": None, "ministerie": "IenW", **common},
            {
                "nummer": "TZ202501-003",
                "status": "Deels Afgedaan",
                "datumNakoming": None,
                "ministerie": "IenW",
                **common,
            },
        ]

    def moties(self) -> list[dict[str, Any]]:
        lost = [{"soort": "Stemmen", "tekst": "Verworpen.", "datum": date(2025, 4, 8)}]
        return [
            {"kst": KST, "titel": "Motie", "datum": None, "dictum": None, "besluit": "Verworpen.", "besluiten": lost}
        ]


def test_a_motion_that_was_voted_down_is_owed_by_nobody(archive: Archive, register: Register) -> None:
    both = Archive(register, Fake())
    assert one(both, KST, date(2025, 4, 7)).status.state == "open"
    assert one(both, KST, date(2025, 9, 1)).status.state == "lapsed"
    assert one(archive, KST, date(2025, 9, 1)).status.state == "open"


class Asked:
    """A motion of which only the official data are here, with its text."""

    def toezeggingen(self) -> list[dict[str, Any]]:
        return []

    def moties(self) -> list[dict[str, Any]]:
        words = "verzoekt de regering de Kamer voor het zomerreces te informeren"
        return [{"kst": "kst-29826-9", "titel": "Motie over glas", "datum": date(2025, 3, 4), "dictum": words}]


def test_a_motion_named_in_a_letter_has_the_deadline_of_its_official_text(register: Register, tmp_path: Path) -> None:
    text = "Datum 1 april 2025\n\nZie ook de motie van het lid Glas over glas (Kamerstuk 29 826, nr. 9).\n"
    Archive(register).import_file(write(tmp_path, brief=text)["brief"], author="t")
    due = one(Archive(register, Asked()), "kst-29826-9", date(2025, 9, 1))
    assert (due.status.state, due.made_on, due.action) == ("overdue", date(2025, 3, 4), "Motie over glas")
    assert due.deadline is not None and due.deadline["event"] == "reces:zomer:2025"
    assert one(Archive(register), "kst-29826-9", date(2025, 9, 1)).status.state == "open-no-deadline"


def test_the_register_of_the_house_is_merged_by_number(archive: Archive, register: Register) -> None:
    both = Archive(register, Fake())
    on = date(2025, 8, 1)
    rows = {d.id: d for d in both.due(on) if d.tz_number}
    assert (rows[TZ].source, rows[TZ].official, rows[TZ].status.state) == ("letter", "Voldaan", "fulfilled-on-time")
    assert rows[TZ].status.deadline == date(2025, 4, 30)  # from the letter; the register has none
    assert (rows["TZ202501-001"].source, rows["TZ202501-001"].status.state) == ("official", "lapsed")
    assert (rows["TZ202501-002"].status.state, rows["TZ202501-002"].status.deadline) == ("overdue", date(2025, 6, 30))
    assert rows["TZ202501-003"].status.state == "partly"
    assert "TZ202501-002" not in {d.id for d in both.due(date(2025, 1, 8))}
    assert set(official_commitments(None)) == set()
    assert {d.id for d in archive.due(on) if d.tz_number} == {TZ}
    assert {d.id for d in both.due(on, actor="ienw")} == {"TZ202501-001", "TZ202501-002", "TZ202501-003"}


def test_letters_that_disagree(archive: Archive) -> None:
    by = {c.attribute: c for c in archive.conflicts()}
    money, target = by["amount"], by["target"]
    assert (money.subject, money.first["value"], money.second["value"]) == (
        "PhotonDelta",
        "230000000 EUR",
        "220500000 EUR",
    )
    assert (target.first["value"], target.second["value"]) == ("30 %", "25 %")
    assert "220,5" in money.sentence["nl"]
    for conflict in by.values():
        for side in (conflict.first, conflict.second):
            assert archive.letter(side["letter"]).text[side["start"] : side["end"]] == side["quote"]
        assert conflict.sentence["en"] != conflict.sentence["nl"]


def test_one_commitment_with_two_deadlines_is_a_conflict(archive: Archive, tmp_path: Path) -> None:
    text = (
        "Datum 1 februari 2025\n\nIn het debat van 10 december 2024 heb ik toegezegd om voor 1 september 2025 een brief te sturen "
        "over het stroomnet (TZ202412-017).\n"
    )
    archive.import_file(write(tmp_path, later=text)["later"], author="t")
    (found,) = [c for c in archive.conflicts() if c.attribute == "deadline"]
    assert (found.subject, found.first["value"], found.second["value"]) == (TZ, "2025-04-30", "2025-08-31")


def test_arithmetic_stands_among_the_findings(tmp_path: Path) -> None:
    text = (
        "Datum 3 maart 2025\n\nEr gaat 35 miljoen euro naar A en 35 miljoen euro naar B, in totaal 80 miljoen euro.\n"
    )
    kinds = {f["kind"] for f in analyse(write(tmp_path, som=text)["som"]).findings}
    assert "amount-sum" in kinds


def test_offsets_are_those_of_the_original(tmp_path: Path) -> None:
    text = (
        "\ufeffDatum 3 maart 2025\r\n\r\nUw Kamer wordt  voor  de\r\nzomer van 2025 geïn-\r\nformeerd over € 5 mil-\r\njoen.\r\n"
        * 3
    )
    path = tmp_path / "wrap.txt"
    path.write_bytes(text.encode())
    letter = analyse(path)
    assert letter.text == text
    assert letter.commitments
    for row in (*letter.commitments, *letter.amounts, *letter.deadlines):
        assert text[row["start"] : row["end"]] == row["quote"]


def test_an_undated_letter_keeps_its_relative_deadlines_unresolved(tmp_path: Path) -> None:
    text = "Geachte Voorzitter,\n\nUw Kamer wordt voor de zomer geïnformeerd. Ik stuur uw Kamer in Q1 2031 een brief over water.\n"
    letter = analyse(write(tmp_path, brief=text)["brief"])
    assert letter.card.date is None
    ends = {c["deadline_text"]: c["deadline"]["hi"] for c in letter.commitments if c["deadline"]}
    assert {v for k, v in ends.items() if "zomer" in k} == {None}
    assert {v for k, v in ends.items() if "2031" in k} == {"2031-03-31"}


@needs_shared
def test_the_letters_of_the_issue(register: Register, tmp_path: Path) -> None:
    archive = Archive(register)
    kostic = MOTION.replace("36 600 XIII", "29 826").replace("Nr. 77", "Nr. 250").replace("ZEEZICHT", "KOSTIC")
    archive.import_files([*sorted(LETTERS.glob("*.txt")), write(tmp_path, motie=kostic)["motie"]], author="t")
    on = date(2026, 1, 15)
    for number in ("TZ202502-139", "TZ202502-142"):
        status = one(archive, number, on).status
        assert (status.state, status.days, status.deadline) == ("fulfilled-late", 17, date(2025, 9, 30))
    assert one(archive, "kst-29826-250", on).status.days == -75
    for day in (date(2025, 4, 1), on, date(2031, 1, 1)):
        (top,) = [d for d in archive.due(day) if "Semicon-top" in d.action]
        assert (top.status.state, top.status.deadline) == ("overdue", date(2025, 3, 31))
    answered = {p.commitment for p in archive.answers(letter="kst-29826-277") if p.relation == "fulfils" and p.explicit}
    assert answered >= {"kst-36600-XIII-22", "kst-36600-XIII-40", "kst-36410-XIII-55", "kst-31985-89", "kst-29826-250"}
    assert "kst-26485-446" not in answered  # the title of another letter says that one follows it up
    assert one(archive, "TZ202210-131", on).status.document == "L-2db4c11edb25"
    amounts = {(c.first["value"], c.second["value"]) for c in archive.conflicts()}
    assert ("230000000 EUR", "220500000 EUR") in amounts


def test_corrected_wording_keeps_the_identifier(archive: Archive, tmp_path: Path) -> None:
    spring = promise(archive, "Voorjaarsnota")
    archive.confirm(spring, "2025D00042", "fulfils", author="A", reason="r")
    done = archive.import_file(write(tmp_path / "new", belofte=CORRECTED)["belofte"], author="t", reason="corrected")
    assert (done.outcome, done.new, done.lost, done.kept) == ("corrected", 0, 0, 1)
    assert one(archive, spring, date(2025, 11, 1)).status.state == "fulfilled-late"
    assert "volledig" in one(archive, spring, date(2025, 11, 1)).action
