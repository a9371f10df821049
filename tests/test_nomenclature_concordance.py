"""Do concordances keep every split and merger, read from real and hand-made files?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.errors import InputError
from schakel.nomenclature import concordance, products
from schakel.nomenclature.concordance import Concordance, Link, from_pairs
from shared import DATA, needs_shared

HS22_17 = "hs_concordances/HS2022toHS2017ConversionAndCorrelationTables.xlsx"
HS17_12 = "hs_concordances/HS2017toHS2012ConversionAndCorrelationTables.xlsx"


def test_relations_are_counted() -> None:
    found = from_pairs(
        "A", "B", [("1", "1"), ("2", "9"), ("3", "9"), ("4", "5"), ("4", "6"), ("7", "7"), ("7", "8"), ("0", "8")]
    )
    assert {(link.source, link.target): link.relation for link in found.links} == {
        ("1", "1"): "1:1",
        ("2", "9"): "n:1",
        ("3", "9"): "n:1",
        ("4", "5"): "1:n",
        ("4", "6"): "1:n",
        ("7", "7"): "1:n",
        ("7", "8"): "n:n",
        ("0", "8"): "n:1",
    }
    assert found.targets("4") == ("5", "6")
    assert found.sources("9") == ("2", "3")
    assert found.targets("nowhere") == ()


def test_inverse_turns_relations() -> None:
    turned = from_pairs("A", "B", [("2", "9"), ("3", "9")]).inverse()
    assert (turned.source, turned.target) == ("B", "A")
    assert turned.links == (Link("9", "2", "1:n"), Link("9", "3", "1:n"))


def test_families_hold_all_that_hangs_together() -> None:
    found = from_pairs("A", "B", [("1", "1"), ("2", "x"), ("2", "y"), ("3", "y")]).families()
    assert set(found) == {
        (frozenset("1"), frozenset("1")),
        (frozenset("23"), frozenset("xy")),
    }
    assert from_pairs("A", "B", [("2", "x"), ("2", "y"), ("3", "y")]).families(apart=("2",)) == (
        (frozenset("3"), frozenset("y")),
    )


def test_chain_composes_and_counts_afresh() -> None:
    first = from_pairs("HS2022", "HS2017", [("a", "b"), ("c", "d"), ("c", "e")])
    second = from_pairs("HS2017", "HS2012", [("b", "z"), ("d", "z"), ("e", "e")])
    whole = concordance.chain(first, second)
    assert (whole.source, whole.target) == ("HS2022", "HS2012")
    assert {(link.source, link.target): link.relation for link in whole.links} == {
        ("a", "z"): "n:1",
        ("c", "z"): "n:n",
        ("c", "e"): "1:n",
    }
    assert concordance.chain(first) is first


def test_chain_refuses_what_would_lose_rows() -> None:
    first = from_pairs("HS2022", "HS2017", [("a", "b")])
    with pytest.raises(InputError, match="1 codes of HS2017 have no way on"):
        concordance.chain(first, from_pairs("HS2017", "HS2012", [("x", "y")]))
    with pytest.raises(InputError, match="does not join"):
        concordance.chain(first, first)
    with pytest.raises(InputError, match="nothing to chain"):
        concordance.chain()


pairs = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("efgh")), min_size=1)


@given(pairs)
def test_relations_agree_with_a_slow_count(links: list[tuple[str, str]]) -> None:
    for link in from_pairs("A", "B", links).links:
        sources = {left for left, right in links if right == link.target}
        targets = {right for left, right in links if left == link.source}
        assert link.relation == f"{'1' if len(sources) == 1 else 'n'}:{'1' if len(targets) == 1 else 'n'}"


@given(pairs)
def test_families_part_the_codes(links: list[tuple[str, str]]) -> None:
    found = from_pairs("A", "B", links).families()
    lefts = [code for family in found for code in family[0]]
    rights = [code for family in found for code in family[1]]
    assert sorted(lefts) == sorted({left for left, _ in links})
    assert sorted(rights) == sorted({right for _, right in links})
    assert all(any(left in family[0] and right in family[1] for family in found) for left, right in links)


def _workbook(path: Path, rows: list[list[object]], title: str = "Correlation HS22-HS17") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_workbook_with_blank_column_and_numbers(tmp_path: Path) -> None:
    path = _workbook(
        tmp_path / "c.xlsx",
        [
            ["Between"],
            ["HS 2022", None, " HS2017", "Relationship"],
            ["010121", None, "010121", "1:1"],
            [10129, None, 10129.0, "1:1"],
            [],
        ],
    )
    found = concordance.read_hs(path)
    assert found == Concordance(
        "HS2022", "HS2017", (Link("010121", "010121", "1:1"), Link("010129", "010129", "1:1")), published=True
    )


def test_csv_with_and_without_relation(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("\ufeffHS 2017,BEC,Relationship\n010130,111,n:n\n010130,41,n:n\n", encoding="utf-8")
    assert concordance.read_hs(path).published
    path.write_text("From HS2017,To HS2012\n010130,010130\n", encoding="utf-8")
    found = concordance.read_hs(path)
    assert (found.source, found.target, found.published) == ("HS2017", "HS2012", False)
    assert found.links == (Link("010130", "010130", "1:1"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no header"),
        ("HS2017\n010130\n", "no header"),
        ("HS2017,HS2012\n", "no links"),
        ("HS2017,HS2012\n010130\n", "row 2"),
        ("HS2017,HS2012\n010130,\n", "row 2"),
        ("HS2017,HS2012,Relationship\n010130,010130,1:1\n010190,010190,maybe\n", "row 3"),
    ],
)
def test_bad_csv_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        concordance.read_hs(path)
    assert said in str(caught.value)
    assert "c.csv" in str(caught.value)


def test_bad_workbooks_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(InputError, match="not a readable workbook"):
        concordance.read_hs(broken)
    other = _workbook(tmp_path / "other.xlsx", [["a", "b"]], title="Notes")
    with pytest.raises(InputError, match="no correlation table") as caught:
        concordance.read_hs(other)
    assert "Notes" in str(caught.value)
    with pytest.raises(InputError, match="no table 'both'"):
        concordance.read_hs(other, "both")


@needs_shared
@pytest.mark.parametrize(
    ("file", "source", "target", "links", "conversions"),
    [(HS22_17, "HS2022", "HS2017", 15657, 5613), (HS17_12, "HS2017", "HS2012", 6141, 5388)],
)
def test_published_relations_equal_counted_ones(
    file: str, source: str, target: str, links: int, conversions: int
) -> None:
    found = concordance.read_hs(DATA / file)
    assert (found.source, found.target, len(found.links)) == (source, target, links)
    assert from_pairs(source, target, ((link.source, link.target) for link in found.links)).links == found.links
    converted = concordance.read_hs(DATA / file, "conversion")
    assert (converted.source, converted.target) == (source, target)
    assert Counter(link.source for link in converted.links).most_common(1)[0][1] == 1
    assert len(converted.links) == conversions


@needs_shared
def test_chain_over_two_revisions() -> None:
    whole = concordance.chain(concordance.read_hs(DATA / HS22_17), concordance.read_hs(DATA / HS17_12))
    assert whole.targets("848620") == ("848620",)
    assert whole.targets("854141") == ("854140",)
    assert {link.source for link in whole.links} - {"999999"} == set(products.codes(2022))
    assert {link.target for link in whole.links} - {"999999"} <= set(products.codes(2012))


@needs_shared
def test_electronic_waste_ties_codes_together() -> None:
    found = concordance.read_hs(DATA / HS22_17)
    largest = max(len(left) + len(right) for left, right in found.families())
    apart = ("8549", "8524", "852990", "854151", "854159")
    without = max(len(left) + len(right) for left, right in found.families(apart))
    assert (largest, without) == (2258, 66)
