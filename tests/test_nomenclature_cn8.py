"""Are eight-digit codes tied together exactly when a split or merger ties them?"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.errors import InputError
from schakel.nomenclature import cn8
from schakel.nomenclature.cn8 import Change, ChangeTable
from shared import DATA, needs_shared

A, B, C, D, E = "10000000", "20000000", "30000000", "40000000", "50000000"
HEAD = "Period,Origin code,Destination code\n"


def test_split_and_merger_make_one_family() -> None:
    table = ChangeTable((Change(2020, A, B), Change(2020, A, C), Change(2021, C, D), Change(2021, E, D)))
    found = table.families(2020, 2022)
    assert len(found.families) == 1
    family = found.families[0]
    assert family.id == f"{B}+1"
    assert [family.codes(year) for year in (2020, 2021, 2022)] == [(A, E), (B, C, E), (B, D)]
    assert found.of(A, 2020) == found.of(B, 2022) == found.of(D, 2022) == family.id
    assert found.of("99999999", 2021) == "99999999"


def test_only_changes_within_the_years_count() -> None:
    table = ChangeTable((Change(2019, A, B), Change(2021, B, C)))
    assert table.families(2020, 2021).families == ()
    assert table.families(2020, 2022).of(B, 2021) == C


def test_a_number_used_again_is_another_product() -> None:
    table = ChangeTable((Change(2015, A, B), Change(2020, C, A)))
    found = table.families(2015, 2021)
    assert found.of(A, 2015) == found.of(B, 2021) == B
    assert found.of(A, 2021) == found.of(C, 2020) == A
    with pytest.raises(InputError, match=f"code {A} did not exist in 2018"):
        found.of(A, 2018)


def test_a_code_that_goes_on_with_other_content_is_tied_to_itself() -> None:
    table = ChangeTable((Change(2020, A, A), Change(2020, A, B)))
    found = table.families(2020, 2021)
    assert found.families[0].codes(2021) == (A, B)
    assert found.of(A, 2020) == found.of(A, 2021) == f"{A}+1"


def test_a_code_that_takes_in_another_goes_on() -> None:
    found = ChangeTable((Change(2019, C, A), Change(2021, B, A))).families(2019, 2022)
    assert found.of(A, 2020) == found.of(A, 2022) == found.of(B, 2021) == A


def test_follow_both_ways() -> None:
    table = ChangeTable((Change(2020, A, B), Change(2020, A, C), Change(2021, C, D)))
    assert table.follow(A, 2020, 2022) == {B, D}
    assert table.follow(D, 2022, 2020) == {A}
    assert table.follow(E, 2020, 2022) == {E}
    assert table.follow(A, 2020, 2020) == {A}


def test_refusals() -> None:
    table = ChangeTable((Change(2020, A, B),))
    with pytest.raises(InputError, match="year 2019 is not in the table"):
        table.follow(A, 2019, 2021)
    with pytest.raises(InputError, match="backwards"):
        table.families(2021, 2020)
    with pytest.raises(InputError, match="not within"):
        table.families(2020, 2021).of(A, 2030)


changes = st.builds(Change, st.integers(2000, 2003), st.sampled_from([A, B, C]), st.sampled_from([A, B, C]))


@given(st.lists(changes, min_size=1))
def test_every_change_stays_inside_one_family(drawn: list[Change]) -> None:
    found = ChangeTable(tuple(drawn)).families(min(one.year for one in drawn), max(one.year for one in drawn) + 1)
    for change in drawn:
        assert found.of(change.origin, change.year) == found.of(change.destination, change.year + 1)
    stretches = [stretch for family in found.families for stretch in family.stretches]
    assert len(set(stretches)) == len(stretches)
    assert all(found.first <= since <= until <= found.last for _, since, until in stretches)


@given(st.lists(changes, min_size=1))
def test_ids_name_one_family_each(drawn: list[Change]) -> None:
    first, last = min(one.year for one in drawn), max(one.year for one in drawn) + 1
    found = ChangeTable(tuple(drawn)).families(first, last)
    assert len({family.id for family in found.families}) == len(found.families)


def test_csv_with_blanks_in_codes(tmp_path: Path) -> None:
    path = tmp_path / "cn.csv"
    path.write_text(HEAD + "20132014,0307 41 91,0307 41 92\n", encoding="utf-8")
    assert cn8.read_cn8(path).changes == (Change(2013, "03074191", "03074192"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "row 1"),
        ("a,b,c\n", "row 1"),
        (HEAD, "no changes"),
        (HEAD + "20132015,03074191,03074192\n", "row 2"),
        (HEAD + "20132014,3074191,03074192\n", "row 2"),
        (HEAD + "20132014,03074191,03074192\n20132014,03074191\n", "row 3"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "cn.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        cn8.read_cn8(path)
    assert said in str(caught.value)


def test_broken_xls_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cn.xls"
    path.write_bytes(b"not a workbook")
    with pytest.raises(InputError, match="not a readable xls"):
        cn8.read_cn8(path)


@needs_shared
def test_eurostats_table() -> None:
    table = cn8.read_cn8(DATA / "cn8_concordance/CN_concordances_1988_2025.xls")
    assert len(table.changes) == 16962
    assert table.years() == (1988, 2025)
    # Rare-earth metals of 95 % purity were split by element in 2023, and all but the first code in 2016.
    assert set(table.step(2022).targets("28053020")) == {"28053021", "28053029"}
    found = table.families(2012, 2025)
    assert found.of("28053090", 2015) == found.of("28053031", 2025)
    assert found.of("28053010", 2012) == "28053010"
    assert len({family.id for family in found.families}) == len(found.families)


@needs_shared
def test_critical_materials_of_the_three_years_at_hand() -> None:
    found = cn8.read_cn8(DATA / "cn8_concordance/CN_concordances_1988_2025.xls").families(2022, 2024)
    changed = {code for family in found.families for code, _, _ in family.stretches}
    assert {"28053021", "28053029", "28053031", "28053039", "25309040", "25309050"} <= changed
    assert "81129295" not in changed
