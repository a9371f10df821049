"""Are products placed in the right revisions, and are faults shown with their rows?"""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.errors import InputError
from schakel.nomenclature import cn8, products
from shared import DATA, needs_shared


@pytest.mark.parametrize(
    ("code", "revisions"),
    [
        ("010121", {2012, 2017, 2022}),
        ("854231", {2007, 2012, 2017, 2022}),
        ("854230", {1996}),
        ("848620", {2007, 2012, 2017, 2022}),
        ("854141", {2022}),
        ("854140", {1992, 1996, 2002, 2007, 2012, 2017}),
        ("852499", {1996, 2002, 2022}),
        ("28053010", {1992, 1996, 2002, 2007, 2012, 2017, 2022}),
        ("8486", {2007, 2012, 2017, 2022}),
        ("84", set(products.REVISIONS)),
        ("081030", {1992, 1996, 2002, 2012, 2017, 2022}),
        ("999998", set()),
        ("77", set()),
    ],
)
def test_revisions_of(code: str, revisions: set[int]) -> None:
    assert products.revisions_of(code) == revisions
    assert products.known(code) is bool(revisions)
    for hs in products.hs_revisions():
        assert products.known(code, hs) is (hs in revisions)


def test_number_of_codes_per_revision() -> None:
    assert {hs: len(products.codes(hs)) for hs in products.hs_revisions()} == {
        1992: 5020,
        1996: 5113,
        2002: 5224,
        2007: 5052,
        2012: 5205,
        2017: 5387,
        2022: 5612,
    }
    assert set(products.REVISION_MARKS) == set(products.hs_revisions())


def test_detect_revision() -> None:
    assert products.detect_revision(["848620", "854231"]) == (2007, 2012, 2017, 2022)
    assert products.detect_revision(["848620", "854231", "854141"]) == (2022,)
    assert products.detect_revision(["848620", "no code", "999998"]) == (2007, 2012, 2017, 2022)
    assert products.detect_revision(["854230", "854231"]) == ()
    assert products.detect_revision([]) == products.hs_revisions()
    assert products.excluding(["854230", "854231", "999998", "854230"], 2022) == ("854230",)


def test_bacis_group_of_oil_products_counts_everywhere() -> None:
    assert products.known("271000", 2022)
    assert "271000" not in products.codes(2022)
    assert "271000" in products.codes(1992)


@given(st.sampled_from(products.REVISIONS), st.data())
def test_a_whole_revision_is_detected_as_itself(hs: int, data: st.DataObject) -> None:
    some = data.draw(st.lists(st.sampled_from(products.codes(hs)), max_size=20))
    assert hs in products.detect_revision(some)
    assert products.detect_revision(products.codes(hs)) == (hs,)


def test_level() -> None:
    assert [products.level(code) for code in ("85", "8542", "854231", "85423111")] == [2, 4, 6, 8]
    for bad in ("", "8", "85423", "8542311", "85A2", "TOTAL", "٨٥"):
        with pytest.raises(InputError, match="malformed"):
            products.level(bad)
    with pytest.raises(InputError) as caught:
        products.level("10121")
    assert "write 010121" in str(caught.value)


def test_short_names_fall_back_to_heading_and_no_further() -> None:
    assert products.short_name("28053010", "nl") == "Zeldzame-aardmetalen, gemengd of gelegeerd"
    assert products.short_name("28053099") == "Rare-earth metals, scandium and yttrium"
    assert products.short_name("85423111") == "Processors and controllers"
    assert products.short_name("854299") == products.short_name("8542")
    assert products.short_name("8542", "nl") == "Geïntegreerde schakelingen (chips)"
    assert products.short_name("010121") is None
    assert products.short_name("") is None
    with pytest.raises(InputError):
        products.short_name("8542", "fr")


def test_short_names_stand_in_both_languages() -> None:
    english, dutch = products.short_names("en"), products.short_names("nl")
    assert english.keys() == dutch.keys()
    assert all(english.values())
    assert all(dutch.values())
    assert all(products.known(code) for code in english)


def test_chapters_and_sections() -> None:
    chapters = products.chapters()
    assert [chapter.code for chapter in chapters] == [f"{number:02d}" for number in range(1, 98)]
    assert len({chapter.section for chapter in chapters}) == 21
    found = products.chapter("854231")
    assert found is not None
    assert (found.section, found.name("nl")) == ("XVI", "Elektrotechniek")
    assert products.section_name("XVI", "nl") == "Machines en elektrotechniek"
    assert products.chapter("99") is None
    assert {chapter.code for chapter in chapters if not products.known(chapter.code)} == {"77"}


def test_column_keeps_every_row_number() -> None:
    found = products.resolve_column(["010121", "10121", "TOTAL", "999998", "85423111", "10121", "9999AA", "28MMM281"])
    assert found.product == ("010121", None, None, "999998", "85423111", None, None, None)
    assert found.malformed == {"10121": (3, 7)}
    assert found.pseudo == {"total": (4,), "unclassified": (8,), "confidential": (9,)}
    assert found.unknown == {"999998": (5,)}
    error = found.error("file x.csv, column product")
    assert error is not None
    assert "10121 (rows 3, 7)" in str(error)
    assert "write 010121" in str(error)
    assert "999998 (row 5)" in found.warning()


def test_column_of_one_revision() -> None:
    found = products.resolve_column(["854230", "854231"], hs=2017)
    assert found.unknown == {"854230": (2,)}
    assert found.error("x") is None
    with pytest.raises(InputError, match="no HS revision"):
        products.resolve_column([], hs=2013)


def test_long_lists_are_shortened() -> None:
    warning = products.resolve_column(["999998"] * 30).warning()
    assert "rows 2, 3, 4, 5, 6 and 25 more" in warning


def test_load_names(tmp_path: Path) -> None:
    good = tmp_path / "codes.csv"
    good.write_text("\ufeffcode,description\n010121,Horses\n", encoding="utf-8")
    assert products.load_names(good) == {"010121": "Horses"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a product code file"),
        ("code;description\n010121;Horses\n", "not a product code file"),
        ("code,description\n010121,\n", "row 2"),
        ("code,description\n010121,Horses\n010121,Asses\n", "row 3"),
    ],
)
def test_load_names_refuses(tmp_path: Path, text: str, said: str) -> None:
    bad = tmp_path / "codes.csv"
    bad.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        products.load_names(bad)
    assert said in str(caught.value)
    assert "codes.csv" in str(caught.value)


def test_load_names_refuses_another_encoding(tmp_path: Path) -> None:
    bad = tmp_path / "codes.csv"
    bad.write_bytes("code,description\n010121,Geïmporteerd\n".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        products.load_names(bad)


@needs_shared
@pytest.mark.parametrize(("year", "hs", "lines"), [("92", 1992, 5022), ("12", 2012, 5202), ("17", 2017, 5384)])
def test_bacis_product_tables(year: str, hs: int, lines: int) -> None:
    names = products.load_names(DATA / f"baci_nomenclature/product_codes_HS{year}_V202401.csv")
    assert len(names) == lines
    found = products.resolve_column(names, hs=hs)
    assert found.unknown == {}
    assert set(found.malformed) == set()
    assert products.detect_revision(names) == (hs,)


@needs_shared
def test_comtrades_hs2022_list() -> None:
    names = products.load_names(DATA / "hs2022/harmonized-system.csv")
    six = {code for code in names if len(code) == 6} - {"999999"}
    assert six == set(products.codes(2022))
    assert names["8542"] == "Electronic integrated circuits"


@needs_shared
def test_every_product_of_the_critical_materials_and_chips_has_its_own_name() -> None:
    with (DATA / "comext_crm/critical_materials_cn8_mapping_v01.csv").open(encoding="utf-8", newline="") as handle:
        materials = {row["cn8_code"] for row in csv.DictReader(handle)}
    top6 = DATA / "comtrade_semis_top6_2023/semis_hs6_exports_2023_top6.csv"
    with top6.open(encoding="utf-8", newline="") as handle:
        chips = {row["hs6"] for row in csv.DictReader(handle)}
    assert (len(materials), len(chips)) == (66, 26)
    assert materials | chips <= products.short_names().keys()
    assert all(products.known(code, 2022) for code in materials | chips)


@needs_shared
def test_the_embedded_structure_is_what_the_script_derives(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    made = tmp_path / "hs_structure.csv"
    sources = (
        "baci_nomenclature/product_codes_HS92_V202401.csv",
        "hs_concordances/HS2022toHS2017ConversionAndCorrelationTables.xlsx",
        "hs_concordances/HS2017toHS2012ConversionAndCorrelationTables.xlsx",
        "cn8_concordance/CN_concordances_1988_2025.xls",
        "cn8_concordance/PRODCOM_CN_2025_EN.xlsx",
    )
    script = root / "scripts" / "nomenclature_hs_structure.py"
    subprocess.run([sys.executable, script, *(DATA / name for name in sources), made], check=True, capture_output=True)
    embedded = root / "src" / "schakel" / "nomenclature" / "data" / "hs_structure.csv"
    assert made.read_bytes() == embedded.read_bytes()


@needs_shared
def test_derived_revisions_hold_between_the_lists_that_were_read() -> None:
    """The same derivation, asked for revisions whose lists are at hand, gives exactly these lists."""
    changes = cn8.read_cn8(DATA / "cn8_concordance/CN_concordances_1988_2025.xls").changes
    for before, hs in ((2012, 2017), (2017, 2022)):
        origins = {change.origin[:6] for change in changes if change.year == hs - 1}
        destinations = {change.destination[:6] for change in changes if change.year == hs - 1}
        old, new = set(products.codes(before)), set(products.codes(hs))
        assert old - new <= origins
        # Display modules (8524) and electronic waste (8549) stand in Eurostat's table without predecessor.
        assert {code[:4] for code in new - old - destinations} <= {"8524", "8549"}
