"""Do the official data move deadlines, and say what government and House thought of a motion?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dossier_letters import write
from schakel.dossiers.archive import Archive, Due
from schakel.dossiers.archive.meetings import with_moves
from schakel.dossiers.archive.official import motions
from schakel.dossiers.deadlines import builtin
from schakel.register import Register

LETTER = (
    "Datum 1 april 2025\n\nUw Kamer wordt voor het commissiedebat Wierteelt geïnformeerd over de zeewierboerderij. "
    "Zie de motie van het lid Glas over glas (Kamerstuk 29 826, nr. 9).\n"
)
VOTES = [
    {"soort": "Voor", "fractie": "AAA", "naam": None, "fractieGrootte": 80, "vergissing": False},
    {"soort": "Tegen", "fractie": "BBB", "naam": None, "fractieGrootte": 70, "vergissing": False},
    {"soort": "Voor", "fractie": "BBB", "naam": None, "fractieGrootte": 70, "vergissing": True},
]


def activity(number: str, day: date, status: str, changed: str, *after: str, **more: Any) -> dict[str, Any]:
    row = {"id": number.lower(), "nummer": number, "soort": "Commissiedebat", "onderwerp": "Wierteelt"}
    return {**row, "datum": day, "status": status, "bijgewerkt": changed, "vervangenDoor": after, **more}


FIRST = activity("2025A1", date(2025, 5, 14), "Verplaatst", "2025-05-10T09:00:00Z", "2025A2")
SECOND = activity("2025A2", date(2025, 6, 4), "Gepland", "2025-05-10T09:00:00Z")


class Fake:
    """Official data with one meeting and one motion."""

    def __init__(self, *activities: dict[str, Any]) -> None:
        self.activities = activities

    def toezeggingen(self) -> list[dict[str, Any]]:
        return []

    def moties(self) -> list[dict[str, Any]]:
        decided = {"soort": "Stemmen", "tekst": "Aangenomen.", "datum": date(2025, 4, 8)}
        return [
            {
                "kst": "kst-29826-9",
                "titel": "Motie over glas",
                "datum": date(2025, 3, 4),
                "kabinetsappreciatie": "Oordeel Kamer",
                "besluit": "Aangenomen.",
                "besluiten": [decided],
                "stemmingen": VOTES,
            }
        ]

    def activiteiten(self) -> tuple[dict[str, Any], ...]:
        return self.activities


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register(tmp_path / "register.sqlite") as found:
        Archive(found).import_file(write(tmp_path, brief=LETTER)["brief"], author="t")
        yield found


def promise(register: Register, on: date, *activities: dict[str, Any]) -> Due:
    (found,) = [d for d in Archive(register, Fake(*activities)).due(on) if d.kind == "belofte_kamer"]
    return found


def test_a_moved_meeting_moves_the_deadline_and_keeps_its_history(register: Register) -> None:
    assert promise(register, date(2025, 5, 9), FIRST, SECOND).status.deadline == date(2025, 5, 13)
    moved = promise(register, date(2025, 5, 20), FIRST, SECOND)
    assert (moved.status.state, moved.status.deadline) == ("due-soon", date(2025, 6, 3))
    assert [h["hi"] for h in moved.history] == ["2025-05-13"]
    assert moved.deadline is not None
    assert moved.deadline["note"] == "Activiteit 2025A1, Verplaatst; vervangen door 2025A2"
    calendar = Archive(register, Fake(FIRST, SECOND)).calendar()
    (key,) = [k for k in calendar.identities() if "wierteelt" in k]
    history = calendar.history(key)
    assert [(e.date, e.status, e.known_on) for e in history] == [
        (date(2025, 5, 14), "planned", None),
        (date(2025, 6, 4), "moved", date(2025, 5, 10)),
    ]


def test_a_deleted_activity_moves_nothing(register: Register) -> None:
    assert promise(register, date(2025, 5, 20)).status.deadline is None
    key = next(k for k in Archive(register, Fake(FIRST, SECOND)).calendar().identities() if "wierteelt" in k)
    said = {"known_on": date(2025, 5, 15), "source": "agenda", "author": "a", "reason": "r"}
    Archive(register, Fake(FIRST, SECOND)).move(key, date(2025, 6, 11), **said)  # type: ignore[arg-type]
    assert promise(register, date(2025, 5, 20), FIRST, SECOND).status.deadline == date(2025, 6, 10)
    # what a person recorded stays, also when the House deleted the activity
    assert promise(register, date(2025, 5, 20)).status.deadline == date(2025, 6, 10)


def test_a_cancelled_meeting_leaves_no_day(register: Register) -> None:
    off = activity("2025A1", date(2025, 5, 14), "Geannuleerd", "2026-01-01")
    assert promise(register, date(2025, 5, 13), off).status.deadline == date(2025, 5, 13)
    later = promise(register, date(2025, 5, 14), off)  # known on that day at the latest, whenever the record changed
    assert (later.status.state, [h["hi"] for h in later.history]) == ("open-no-deadline", ["2025-05-13"])


def test_an_event_of_the_calendar_is_moved_under_its_own_key() -> None:
    known = activity(
        "2025A3", date(2025, 1, 14), "Verplaatst", "2025-01-14", "2025A4", "2025A5", onderwerp="Midden-Oosten"
    )
    held = activity("2025A4", date(2025, 1, 21), "Uitgevoerd", "2025-01-21", onderwerp="Midden-Oosten")
    assert (
        with_moves(builtin(), [{**known, "vervangenDoor": ("2025A4",)}, held]).events() == builtin().events()
    )  # it stands there already
    again = activity("2025A4", date(2025, 1, 21), "Verplaatst", "2025-01-20", "2025A5", onderwerp="Midden-Oosten")
    last = activity("2025A5", date(2025, 1, 28), "Uitgevoerd", "2025-01-28", onderwerp="Midden-Oosten")
    moved = with_moves(builtin(), [known, again, last])
    assert moved.identities() == builtin().identities()
    assert [e.date for e in moved.history("debat:midden-oosten:2025")] == [date(2025, 1, d) for d in (14, 21, 28)]
    budget = {"soort": "Plenair debat", "onderwerp": "Begroting Economische Zaken (XIII) voor het jaar 2031"}
    one = activity("2030A1", date(2030, 10, 16), "Verplaatst", "2030-10-01", "2030A2", **budget)
    two = activity("2030A2", date(2030, 11, 6), "Gepland", "2030-10-01", **budget)
    assert [e.date.month for e in with_moves(builtin(), [one, two]).history("begroting:XIII:2031")] == [10, 11]
    written = activity("2025A6", date(2025, 5, 1), "Geannuleerd", "2025-04-01", soort="Inbreng schriftelijk overleg")
    assert with_moves(builtin(), [written, {**SECOND, "datum": None}]).events() == builtin().events()


def test_appreciation_and_vote_of_a_motion(register: Register) -> None:
    archive = Archive(register, Fake())

    def motion(on: date) -> Any:
        return next(d.motion for d in archive.due(on) if d.kind == "motie")

    assert motion(date(2025, 4, 8)) == {
        "appreciation": "Oordeel Kamer",
        "decision": "Aangenomen.",
        "decided_on": "2025-04-08",
        "votes_for": 80,
        "votes_against": 70,
    }
    before = motion(date(2025, 4, 7))  # the vote is not known yet
    assert before["appreciation"] == "Oordeel Kamer" and before["decision"] is before["votes_for"] is None
    archive.confirm("kst-29826-9", archive.letters()[0].id, "fulfils", author="a", reason="r")
    (answer,) = archive.answers(commitment="kst-29826-9", on=date(2025, 12, 1))
    assert answer.value()["motion"]["votes_for"] == 80
    assert archive.answers(commitment="kst-29826-9", on=date(2025, 3, 31)) == ()
    assert next(d.motion for d in Archive(register).due(date(2025, 5, 1)) if d.kind == "motie") is None


def test_a_vote_without_seats_is_no_count() -> None:
    fake = Fake()
    row = fake.moties()[0]
    for votes in ([], [{**VOTES[0], "fractieGrootte": None}], [{**VOTES[0], "soort": "Niet deelgenomen"}]):
        fake.moties = lambda votes=votes: [{**row, "stemmingen": votes}]  # type: ignore[method-assign,misc]
        assert motions(fake)["kst-29826-9"].votes_for is None
    roll = [
        {"soort": "Voor", "fractie": None, "naam": f"Lid {n}", "fractieGrootte": None, "vergissing": None}
        for n in range(3)
    ]
    fake.moties = lambda: [{**row, "stemmingen": roll}]  # type: ignore[method-assign]
    assert (motions(fake)["kst-29826-9"].votes_for, motions(fake)["kst-29826-9"].votes_against) == (3, 0)
