"""Does the linking of letters hold among more motions, with other constants, and with titles nobody tuned on?"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from types import SimpleNamespace

import pytest

from schakel.dossiers import answers
from schakel.dossiers.answers import Index, certain, relation, without_identifiers
from schakel.dossiers.scoring.linking import cited
from shared import DATA, needs_shared

TITLES = [
    ("Kabinetsreactie op de motie van het lid Jansen over stikstof", "reacts"),
    ("Opvolging van de motie van het lid Jansen over uitstel van betaling", "fulfils"),
    ("Verzoek om uitstel voor de uitvoering van de motie van het lid Jansen", "defers"),
    ("Uitstelbrief motie van het lid Jansen", "defers"),
    ("Antwoord op vragen van de commissie over de uitvoering van de motie van het lid Jansen", "answers_about"),
    ("Beantwoording vragen over reactie op de motie van het lid Jansen", "answers_about"),
    ("Reactie op verzoek commissie over de uitvoering van de motie van het lid Jansen", "answers_about"),
    ("Appreciatie van de gewijzigde motie van het lid Jansen over de voortgang van de bouw", "appreciates"),
    ("Oordeel over de motie van het lid Jansen", "appreciates"),
    ("Voortgang uitvoering motie van het lid Jansen over huizen", "reports"),
    ("Stand van zakenbrief moties en toezeggingen najaar", "reports"),
    ("Planning afdoening moties en toezeggingen", "reports"),
    ("Overzicht openstaande moties", "reports"),
    ("Invulling motie van het lid Jansen over de stand van zaken van het stelsel", "fulfils"),
    ("Afhandeling motie van het lid Jansen over statiegeld", "fulfils"),
    ("Nakoming van de motie van de leden Jansen en De Vries", "fulfils"),
    ("Gedeeltelijke uitvoering van de motie van het lid Jansen", "part"),
    ("Onderzoek naar aanleiding van de motie van het lid Jansen", "fulfils"),
    ("Tussenrapportage motie Jansen over vertraging in het spoor", "reports"),
    ("Informatie over de motie van het lid Jansen", None),
    ("Implementation of the motion by Jansen", "fulfils"),
    ("Postponement of the letter on the motion by Jansen", "defers"),
]


@pytest.mark.parametrize(("title", "want"), TITLES)
def test_relation_of_a_title(title: str, want: str | None) -> None:
    assert relation(title) == want


def labelled() -> SimpleNamespace:
    """Letters with their motions; all motions of the labelled files as candidates."""
    texts: dict[str, str] = {}
    dates: dict[str, date] = {}
    right: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    with (DATA / "truth" / "motion_letters.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            texts[row["motion"]] = f"{row['motion_head']} {row['motion_dictum']}"
            dates[row["motion"]] = date.fromisoformat(row["motion_date"])
            right[row["letter"], row["letter_date"], row["letter_title"]].add(row["motion"])
    with (DATA / "truth" / "motion_deadlines.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            texts.setdefault(row["kamerstuk"], row["dictum"])
            dates.setdefault(row["kamerstuk"], date.fromisoformat(row["motion_date"]))
    return SimpleNamespace(texts=texts, dates=dates, right=right)


def first_in(data: SimpleNamespace) -> float:
    index = Index(data.texts, data.dates)
    hits = 0
    for (_, day, title), motions in data.right.items():
        ranked = index.rank(without_identifiers(title), 1, written=date.fromisoformat(day))
        hits += bool(ranked) and ranked[0].id in motions | (set(cited(title)) & set(data.texts))
    return hits / len(data.right)


@needs_shared
def test_twice_as_many_candidates() -> None:
    data = labelled()
    assert len(data.texts) > 200
    assert first_in(data) >= 0.95


@needs_shared
@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_weight_of_beginnings_does_not_decide(share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_share", lambda term: share if term[0] in "^$" else 1.0)
    assert first_in(labelled()) >= 0.95


@needs_shared
@pytest.mark.parametrize(("boost", "other"), [(0.5, 0.8), (1.0, 1.0), (2.0, 0.4)])
def test_the_weight_of_members_does_not_decide(boost: float, other: float, monkeypatch: pytest.MonkeyPatch) -> None:
    def signed(self: Index, key: str, named: frozenset[str]) -> float:
        own = self._members.get(key) or frozenset()
        shared = len(own & named) / min(len(own), len(named)) if own else 0.0
        return 1.0 if not own else 1 + boost * shared if shared else other

    monkeypatch.setattr(Index, "_signed", signed)
    assert first_in(labelled()) >= 0.95


def test_a_repeated_motion_gets_no_certain_answer() -> None:
    text = "MOTIE VAN HET LID JANSEN verzoekt de regering een visie op de industrie te maken"
    index = Index({"kst-1-1": text, "kst-1-2": text, "kst-1-3": "MOTIE VAN HET LID BAKKER over vis"})
    assert certain(index.rank("Uitvoering van de motie van het lid Jansen over een visie op de industrie")) is None


def test_the_wording_of_the_letter_may_follow_the_dictum() -> None:
    index = Index(
        {
            "kst-1-1": "MOTIE VAN HET LID DIJK verzoekt de regering een overzicht te geven van strategische sectoren die vitaal zijn voor Nederland",
            "kst-1-2": "MOTIE VAN HET LID JANSEN verzoekt de regering de export van sectoren te bevorderen",
        }
    )
    best = certain(
        index.rank(
            "Motie van het lid van Dijk over een overzicht van strategische sectoren die vitaal zijn voor Nederland"
        )
    )
    assert best is not None and best.id == "kst-1-1"
