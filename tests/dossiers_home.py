"""A home with a few invented letters, motions and confirmations, and an archive that is hostile in every field."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from schakel.dossiers.archive import Archive
from schakel.dossiers.archive.model import Conflict, Due, Letter, LetterCard, Proposal
from schakel.dossiers.deadlines import Calendar, Event
from schakel.dossiers.status import Status
from schakel.errors import NotFoundError
from schakel.register import Register

SCRIPT = "<script>alert(1)</script>"
TURNED = "\u202eturned\u2066\x00\x0b"
HALF = "half \udc80 pair"
EVIL = f"{SCRIPT} & \"quoted\" 'name' {TURNED} {HALF}"
FIRST = """Geachte voorzitter,

Datum 3 maart 2025. Kamerstuk 29826, nr. 200.

Ik stuur de Kamer uiterlijk 1 september 2025 een brief over chips (TZ202503-001). Daarmee is € 230 miljoen gemoeid voor IPCEI ME/CT, een aandeel van 20%.

Ik informeer uw Kamer voor het zomerreces over de voortgang van <script>alert(1)</script> & de rest.

Het kabinet zal de Kamer voor de begrotingsbehandeling informeren over grondstoffen, zie Kamerstuk 36 600 XIII, nr. 29.

De minister van Economische Zaken
"""
SECOND = """Geachte voorzitter,

Datum 18 september 2025. Kamerstuk 29826, nr. 240.

Met deze brief doe ik de toezegging gestand om de Kamer een brief over chips te sturen (TZ202503-001). Voor IPCEI ME/CT is € 220,5 miljoen beschikbaar.

Ik zal de Kamer eind 2026 opnieuw informeren.
"""


def furnish(home: Path) -> None:
    """Import the letters into a home, confirm one answer and move one event."""
    home.mkdir(parents=True, exist_ok=True)
    for name, text in (("first.txt", FIRST), ("second.txt", SECOND)):
        (home / name).write_text(text, "utf-8")
    with Register(home / "register.sqlite") as register:
        from schakel.sources.tweedekamer import Mirror

        with Mirror(home / "official.sqlite") as mirror:
            archive = Archive(register, mirror)
            archive.import_file(
                home / "first.txt", author="A. Reader", written=date(2025, 3, 3), ident="kst-29826-200", dossier="29826"
            )
            archive.import_file(
                home / "second.txt", author="A. Reader", written=date(2025, 9, 18), ident="2025D99999", dossier="29826"
            )
            archive.move(
                "reces:zomer:2025",
                date(2025, 7, 11),
                known_on=date(2025, 5, 1),
                source="letter of the House",
                author="A. Reader",
                reason="moved",
            )
            for due in archive.due(date(2026, 1, 1)):
                if due.status.deadline == date(2025, 9, 1):
                    archive.confirm(due.id, "2025D99999", "fulfils", author="A. Reader", reason="read it")


class Hostile:
    """An archive in which every text is hostile to HTML, XML, encodings and the direction of writing."""

    def __init__(self, register: object, mirror: object = None) -> None:
        deadline = {
            "kind": "event",
            "lo": "2025-06-01",
            "hi": "2025-07-03",
            "latest": None,
            "event": EVIL,
            "status": "provisional",
            "note": "",
            "text": EVIL,
        }
        answer = Proposal(
            "C-1", EVIL, "fulfils", date(2025, 8, 1), 1.0, 1.0, {"en": EVIL, "nl": EVIL}, "confirmed", EVIL, EVIL
        )
        self.card = LetterCard(
            "kst-29826-121",
            EVIL,
            date(2025, 3, 3),
            EVIL,
            EVIL,
            "ab" * 32,
            2,
            "2026-01-02T03:04:05.000006Z",
            EVIL,
            EVIL,
            {"findings": 1},
            EVIL,
            EVIL,
            None,
            (EVIL,),
            EVIL,
        )
        self.rows = tuple(
            Due(
                f"C-{i}{EVIL if i else ''}",
                "letter",
                kind,
                EVIL,
                Status(state, date(2026, 1, 1), date(2025, 7, 3), days, None, EVIL, True),
                "kst-29826-121",
                EVIL,
                0,
                20,
                EVIL,
                EVIL,
                EVIL,
                EVIL,
                EVIL,
                EVIL,
                date(2025, 3, 3),
                True,
                deadline,
                ({"hi": "2025-06-30", "known_on": "2025-01-01", "source": EVIL},),
                (answer,),
                EVIL,
            )
            for i, (kind, state, days) in enumerate(
                (("belofte_kamer", "overdue", 182), ("motie", "fulfilled-late", 29), ("verzoek_kamer", "lapsed", None))
            )
        )
        side = {
            "letter": "kst-29826-121",
            "title": EVIL,
            "date": "2025-03-03",
            "start": 3,
            "end": 9,
            "quote": EVIL,
            "value": EVIL,
        }
        self.pairs = (Conflict("X-1", EVIL, EVIL, side, side, {"en": EVIL, "nl": EVIL}),)

    def letters(self, known_at: object = None) -> tuple[LetterCard, ...]:
        return (self.card,)

    def letter(self, ident: str) -> Letter:
        if ident != self.card.id:
            raise NotFoundError(f"no letter {ident}")
        text = EVIL + "\n" + EVIL + " end of the letter\n"
        place = {"start": 2, "end": 30, "quote": EVIL}
        return Letter(
            self.card,
            text,
            (
                {**place, "id": EVIL, "kind": EVIL, "link": "javascript:alert(1)"},
                {"start": 10, "end": 40, "quote": EVIL, "id": None, "kind": EVIL, "link": None},
            ),
            (
                {
                    **place,
                    "start": 20,
                    "end": 60,
                    "kind": EVIL,
                    "sentence": {"en": EVIL, "nl": EVIL},
                    "best_reading": EVIL,
                },
            ),
            (
                {
                    **place,
                    "start": 0,
                    "end": 20,
                    "id": "C-1",
                    "kind": EVIL,
                    "actor": EVIL,
                    "recipient": EVIL,
                    "deadline": {"hi": EVIL},
                    "deadline_text": EVIL,
                    "conditional": True,
                },
            ),
            ({**place, "kind": EVIL, "lo": EVIL, "hi": EVIL, "event": EVIL, "status": "provisional"},),
            (
                {
                    **place,
                    "value": EVIL,
                    "high": EVIL,
                    "currency": EVIL,
                    "period": EVIL,
                    "qualifier": EVIL,
                    "payer": EVIL,
                    "beneficiary": EVIL,
                    "programme": EVIL,
                    "conditional": True,
                },
            ),
            ({**place, "value_pct": EVIL, "kind": EVIL, "comparator": EVIL, "period": [EVIL]},),
            ({"label": EVIL, "marker": [5, 8], "definition": None, "text": EVIL * 5},),
        )

    def due(self, on: date, **_: object) -> tuple[Due, ...]:
        return self.rows

    def answers(self, letter: object = None, commitment: object = None) -> tuple[Proposal, ...]:
        return self.rows[0].answers

    def conflicts(self) -> tuple[Conflict, ...]:
        return self.pairs

    def calendar(self) -> Calendar:
        return Calendar(
            [
                Event(EVIL, EVIL, "2025", date(2025, 7, 4), None, EVIL, None, EVIL),
                Event("reces", "zomer", "2025", date(2025, 7, 5)),
            ]
        )

    def dossiers(self) -> tuple[str, ...]:
        return (EVIL, "29826")

    def head(self) -> str:
        return "0" * 64
