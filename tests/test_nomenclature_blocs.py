"""Is membership right on the days it changed?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.errors import InputError, NotFoundError
from schakel.nomenclature import blocs, countries


@pytest.mark.parametrize(
    ("name", "size"),
    [("EU6", 6), ("EU9", 9), ("EU10", 10), ("EU12", 12), ("EU15", 15), ("EU25", 25), ("EU27_2007", 27), ("EU28", 28)],
)
def test_fixed_compositions(name: str, size: int) -> None:
    assert len(blocs.members(name)) == size
    assert blocs.members(name, 1970) == blocs.members(name, 2024)
    assert blocs.is_fixed(name)


def test_eu27_is_the_present_composition_whatever_the_year() -> None:
    present = blocs.members("EU27", 2005)
    assert len(present) == 27
    assert "GBR" not in present
    assert "HRV" in present
    assert blocs.members("EU27_2020", 2023) == present == blocs.members("EU", 2023)
    assert blocs.members("EU27_2007") == present - {"HRV"} | {"GBR"}


@pytest.mark.parametrize(
    ("bloc", "country", "day", "inside"),
    [
        ("EU", "GBR", date(2020, 1, 31), True),
        ("EU", "GBR", date(2020, 2, 1), False),
        ("EU", "HRV", date(2013, 6, 30), False),
        ("EU", "HRV", date(2013, 7, 1), True),
        ("EU", "POL", date(2004, 4, 30), False),
        ("EU", "POL", date(2004, 5, 1), True),
        ("NATO", "FIN", date(2023, 4, 3), False),
        ("NATO", "FIN", date(2023, 4, 4), True),
        ("NATO", "SWE", date(2024, 3, 6), False),
        ("NATO", "SWE", date(2024, 3, 7), True),
        ("EFTA", "AUT", date(1994, 12, 31), True),
        ("EFTA", "AUT", date(1995, 1, 1), False),
        ("EEA", "LIE", date(1995, 4, 30), False),
        ("EEA", "NOR", date(1994, 1, 1), True),
        ("SEMICON", "GRC", date(2025, 9, 28), False),
        ("SEMICON", "GRC", date(2025, 9, 29), True),
        ("G7", "CAN", date(1976, 6, 26), False),
    ],
)
def test_days_of_change(bloc: str, country: str, day: date, inside: bool) -> None:
    assert (country in blocs.members(bloc, day)) is inside


def test_a_year_means_its_last_day() -> None:
    assert blocs.members("EU", 2013) == blocs.members("EU", date(2013, 12, 31))
    assert "HRV" in blocs.members("EU", 2013)
    assert "GBR" not in blocs.members("EU", 2020)


def test_present_sizes() -> None:
    on = date(2025, 10, 1)
    sizes = {name: len(blocs.members(name, on)) for name in ("EU", "EEA", "EFTA", "G7", "NATO", "SEMICON", "BRICS")}
    assert sizes == {"EU": 27, "EEA": 30, "EFTA": 4, "G7": 7, "NATO": 32, "SEMICON": 27, "BRICS": 10}


def test_semicon_founders() -> None:
    founders = {"NLD", "AUT", "BEL", "FIN", "FRA", "DEU", "ITA", "POL", "ESP"}
    assert blocs.members("SEMICON9") == founders == blocs.members("SEMICON", date(2025, 3, 12))
    assert all(stay.mark == "read" for stay in blocs.memberships("SEMICON9"))


def test_belgium_luxembourg_reports_for_both() -> None:
    assert blocs.reporting_units("EU15") == blocs.members("EU15") | {"BLX"}
    assert "BLX" not in blocs.reporting_units("G7", 1997)


def test_memberships_carry_source_and_mark() -> None:
    for name in blocs.names():
        for stay in blocs.memberships(name):
            assert stay.source
            assert stay.mark in ("read", "second-hand", "recalled")
            assert stay.until is None or stay.since <= stay.until


def test_members_are_countries_of_the_table() -> None:
    known = {one.iso3 for one in countries.all_countries()}
    for name in blocs.names():
        assert {stay.iso3 for stay in blocs.memberships(name)} <= known


def test_refusals() -> None:
    with pytest.raises(NotFoundError, match="no bloc"):
        blocs.members("EU99")
    with pytest.raises(InputError, match="changed over time"):
        blocs.members("EU")
    with pytest.raises(InputError, match="had no members"):
        blocs.members("EU", 1950)
    with pytest.raises(InputError, match="language"):
        blocs.name("EU", "fr")


def test_names_and_aliases() -> None:
    assert blocs.is_bloc("eu27")
    assert blocs.is_bloc("NAVO")
    assert not blocs.is_bloc("NLD")
    assert blocs.name("EEA", "nl") == "Europese Economische Ruimte"


@given(st.dates(min_value=date(1958, 1, 1), max_value=date(2030, 1, 1)))
def test_the_eea_holds_the_eu_save_for_ratification(day: date) -> None:
    if day < date(1994, 1, 1):
        return
    waiting = blocs.members("EU", day) - blocs.members("EEA", day)
    assert waiting <= {"BGR", "ROU", "HRV"}
