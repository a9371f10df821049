"""Does an event of the parliamentary year fall in its usual weeks, whatever the year in which it is asked for?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from schakel.dossiers.deadlines import builtin, find

MONTHS = [date(year, month, 3) for year in (2022, 2023, 2024, 2025, 2026) for month in range(1, 13)]

# phrase: (first month and day, last month and day) between which its last day must fall
WINDOWS = {
    "voor het zomerreces": ((6, 25), (7, 12)),
    "voor de zomer": ((6, 25), (7, 12)),
    "voor het einde van het parlementaire jaar": ((6, 25), (7, 12)),
    "voor het voorjaarsreces": ((2, 8), (2, 26)),
    "voor het meireces": ((4, 17), (4, 30)),
    "voor het herfstreces": ((9, 30), (10, 31)),
    "voor het kerstreces": ((12, 14), (12, 24)),
    "voor Prinsjesdag": ((9, 14), (9, 20)),
    "voor de Miljoenennota": ((9, 14), (9, 20)),
    "voor de Voorjaarsnota": ((4, 10), (5, 31)),
    "voor de Najaarsnota": ((11, 15), (11, 30)),
    "voor de Algemene Politieke Beschouwingen": ((9, 15), (9, 21)),
    "voor de Algemene Financiële Beschouwingen": ((9, 28), (10, 7)),
    "voor Verantwoordingsdag": ((5, 14), (5, 20)),
    "voor de meicirculaire": ((5, 15), (5, 31)),
    "voor de septembercirculaire": ((9, 14), (9, 20)),
    "voor de start van het nieuwe schooljaar": ((8, 14), (8, 31)),
    "voor kerst": ((12, 24), (12, 24)),
    "voor de jaarwisseling": ((12, 31), (12, 31)),
    "voor Koningsdag": ((4, 25), (4, 26)),
}


@pytest.mark.parametrize("phrase", WINDOWS)
@pytest.mark.parametrize("made_on", MONTHS, ids=str)
def test_falls_in_its_weeks_and_not_in_the_past(phrase: str, made_on: date) -> None:
    (one,) = [d for d in find(f"verzoekt de regering {phrase} een brief te sturen,", made_on) if d.binding]
    assert one.hi is not None and one.hi >= made_on - timedelta(days=1)
    first, last = WINDOWS[phrase]
    assert first <= (one.hi.month, one.hi.day) <= last
    assert one.hi <= made_on + timedelta(days=400)


@pytest.mark.parametrize(
    "chapter",
    ["III", "IV", "V", "VI", "VII", "VIII", "X", "XII", "XIII", "XIV", "XV", "XVI", "XVII", "XX", "XXII", "XXIII"],
)
def test_every_ministry_has_a_budget_debate_of_2025(chapter: str) -> None:
    event = builtin().of_year("begroting", chapter, 2025)
    assert event is not None and date(2024, 9, 17) < event.date < date(2024, 12, 20)


@pytest.mark.parametrize(
    ("made_on", "dossier", "chapter"),
    [
        ("2024-03-05", "31293", "VIII"),
        ("2024-03-05", "29628", "VI"),
        ("2024-03-05", "21501-20", "V"),
        ("2024-03-05", "36410-XVI", "XVI"),
        ("2024-03-05", "32813", "XXIII"),
        ("2024-03-05", "19637", "XX"),
        ("2024-03-05", "33037", "XIV"),
        ("2024-03-05", "27926", "XXII"),
        ("2024-03-05", "26485", "XVII"),
        ("2024-03-05", "31125", "X"),
    ],
)
def test_the_dossier_says_which_budget(made_on: str, dossier: str, chapter: str) -> None:
    text = "verzoekt de regering de Kamer voor de begrotingsbehandeling te informeren,"
    (one,) = find(text, date.fromisoformat(made_on), dossier=dossier)
    assert one.event == f"begroting:{chapter}:2025"


def test_a_budget_debate_of_a_year_without_rows_stays_unresolved() -> None:
    (one,) = find(
        "verzoekt de regering de Kamer voor de begrotingsbehandeling te informeren,", date(2015, 3, 5), dossier="31839"
    )
    assert (one.kind, one.hi, one.status) == ("event", None, "unresolved")


def test_what_was_recalled_or_planned_is_provisional() -> None:
    for event in builtin().events():
        if "recalled" in event.source:
            assert event.status in ("recalled", "planned", "moved")
