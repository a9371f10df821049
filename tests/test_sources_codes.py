"""Publishers' code files become names, and every rule that leaves rows out has its reason in words."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from schakel import sources
from schakel.dependency.embedded import product_name
from schakel.errors import InputError
from schakel.lake import Lake, names
from schakel.nomenclature import countries, products
from schakel.sources.add import add
from schakel.sources.reader import ReadOptions
from schakel.sources.reasons import explained, reason
from shared import DATA, needs_shared

CODES = "code,description\n010229,Cattle: live\n854231,Processors: full text\n"
LIST = (
    "section,hscode,description,parent,level\nI,01,Animals; live,TOTAL,2\nI,0102,Bovine animals; live,01,4\n"
    "I,010229,Cattle; live,0102,6\nTOTAL,TOTAL,Total of all HS2022 commodities,TOTAL,5\n"
)


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    return Lake()


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content)
    return path


def test_a_code_file_beside_baci(tmp_path: Path, lake: Lake) -> None:
    added = add(write(tmp_path, "product_codes_HS22_V202501.csv", CODES), lake)
    assert (added.reader, added.dataset.name, added.dataset.version) == (
        "BACI product codes",
        "product-codes-hs22",
        "202501",
    )
    assert (added.load.rows_read, added.load.rows_kept, added.load.left_out) == (2, 2, {})
    assert added.dataset.licence == "etalab-2.0"


def test_the_hs_list_has_a_total_and_three_levels(tmp_path: Path, lake: Lake) -> None:
    added = add(write(tmp_path, "harmonized-system.csv", LIST), lake)
    assert (added.load.rows_read, added.load.rows_kept, added.load.left_out) == (4, 3, {"no-product": 1})
    assert (added.dataset.name, added.dataset.version) == ("harmonized-system-hs22", "HS 2022")


def test_a_renamed_code_file_is_dated_by_its_codes_and_may_be_packed(tmp_path: Path, lake: Lake) -> None:
    path = tmp_path / "codes.csv.gz"
    path.write_bytes(gzip.compress((CODES + "854231,Processors: full text\n").encode()))
    added = add(path, lake)
    assert added.load.left_out == {"repeated": 1}
    assert added.dataset.name == "product-codes-hs22"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("854231,Another text", "two descriptions"),
        ("54231,Lost its zero", "not a product code"),
        ("854232,", "no code or no description"),
    ],
)
def test_a_bad_code_file_is_refused(tmp_path: Path, lake: Lake, line: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        add(write(tmp_path, "product_codes_HS22_V1.csv", f"{CODES}{line}\n"), lake)
    assert lake.names() == ()


def test_codes_beside_trade_rows_are_bacis_to_read(tmp_path: Path, lake: Lake) -> None:
    folder = tmp_path / "both"
    folder.mkdir()
    write(folder, "product_codes_HS22_V202501.csv", CODES)
    write(folder, "BACI_HS22_Y2022_V202501.csv", "t,i,j,k,v,q\n2022,156,528,854231,1.0,1\n")
    write(folder, "notes.csv", "a,b\n1,2\n")
    added = add(folder, lake)
    assert added.dataset.name == "baci-hs22"
    assert set(added.dataset.tables) == {"flows", "products"}
    assert added.load.not_read == ("notes.csv",)
    assert sorted(entry["name"] for entry in added.dataset.inputs) == [
        "BACI_HS22_Y2022_V202501.csv",
        "product_codes_HS22_V202501.csv",
    ]
    assert added.files == ("BACI_HS22_Y2022_V202501.csv", "product_codes_HS22_V202501.csv")


def test_a_folder_of_several_lists_names_them(tmp_path: Path) -> None:
    write(tmp_path, "product_codes_HS17_V1.csv", CODES)
    write(tmp_path, "product_codes_HS22_V1.csv", CODES)
    with pytest.raises(InputError, match="2 files fit") as caught:
        sources.recognise(tmp_path).read(tmp_path, tmp_path / "stage", ReadOptions())
    assert "product_codes_HS17_V1.csv, product_codes_HS22_V1.csv" in caught.value.remedy


def test_a_product_is_named_by_us_then_by_the_publisher_then_by_its_code(tmp_path: Path, lake: Lake) -> None:
    assert product_name("010229", "en") == "010229"
    assert products.short_name("010229") is None
    add(write(tmp_path, "product_codes_HS17_V1.csv", "code,description\n010229,An older text\n"), lake)
    add(write(tmp_path, "product_codes_HS22_V1.csv", CODES), lake)
    assert product_name("010229", "en") == "Cattle: live"  # the later revision has the word
    assert product_name("01022910", "nl") == "Cattle: live"
    assert product_name("854231", "en") == products.short_name("854231", "en")
    assert product_name("854231", "nl") == products.short_name("854231", "nl")
    assert names.described("854231") == "Processors: full text"
    assert names.described("999998") is None


def test_without_a_lake_no_name_is_looked_for(tmp_path: Path) -> None:
    assert names.descriptions(tmp_path / "none") == {}


def test_a_damaged_data_set_does_not_take_the_names_away(tmp_path: Path, lake: Lake) -> None:
    add(write(tmp_path, "product_codes_HS22_V1.csv", CODES), lake)
    other = add(write(tmp_path, "product_codes_HS17_V1.csv", CODES), lake).dataset
    (other.folder / "datapackage.json").write_text("{}")
    assert names.described("010229") == "Cattle: live"


def test_what_was_there_already_is_said_to_be(tmp_path: Path, lake: Lake) -> None:
    path = write(tmp_path, "product_codes_HS22_V1.csv", CODES)
    assert add(path, lake).notes == ()
    assert add(path, lake).notes == ("these very rows were here already; nothing has changed",)


def declared_rules() -> set[str]:
    """Every rule name that stands in the readers' code, as SQL or as a key of ``left_out``."""
    found: set[str] = set()
    for path in sorted(Path(sources.__file__).parent.glob("*.py")):
        text = path.read_text("utf-8")
        found |= set(re.findall(r"THEN '([a-z][a-z0-9]*(?:-[a-z0-9]+)+)'", text))
        found |= {
            rule
            for block in re.findall(r"left_out(?:: dict\[str, int\])? =? ?\{([^}]*)\}", text)
            for rule in re.findall(r'"([a-z-]+)":', block)
        }
        found |= set(re.findall(r'left_out\["([a-z-]+)"\]', text))
    return found


def test_every_rule_has_its_reason_in_words() -> None:
    rules = declared_rules()
    assert {"self-trade", "other-aggregation-level", "re-imports", "total-of-procedures", "no-product"} <= rules
    assert [rule for rule in sorted(rules) if not reason(rule)] == []
    for scheme in ("iso", "eurostat", "baci", "comtrade"):
        for name in set(countries.pseudo_table(scheme).values()):
            assert reason(f"pseudo-partner:{name}"), name
            assert reason(f"pseudo-reporter:{name}"), name
    assert reason("made-up") == reason("pseudo-partner:made-up") == ""


def test_reasons_name_the_table_that_keeps_the_rows_only_where_there_is_one() -> None:
    counts = {"self-trade": 2, "world": 5}
    assert list(explained(counts)) == ["world", "self-trade"]
    assert explained(counts)["self-trade"] == "a country with itself"
    assert explained(counts, ("flows", "unallocated"))["self-trade"].endswith("kept apart in table unallocated")
    assert "table" not in explained(counts, ("flows", "unallocated"))["world"]


@needs_shared
@pytest.mark.parametrize(
    ("file", "name", "rows", "left_out"),
    [
        ("hs2022/harmonized-system.csv", "harmonized-system-hs22", 6940, {"no-product": 1}),
        ("hs2022", "harmonized-system-hs22", 6940, {"no-product": 1}),
        ("baci_nomenclature/product_codes_HS22_V202401.csv", "product-codes-hs22", 5609, {}),
        ("baci_nomenclature/product_codes_HS17_V202401.csv", "product-codes-hs17", 5384, {}),
        ("baci_nomenclature/product_codes_HS12_V202401.csv", "product-codes-hs12", 5202, {}),
        ("baci_nomenclature/product_codes_HS92_V202401.csv", "product-codes-hs92", 5022, {}),
    ],
)
def test_real_code_files(lake: Lake, file: str, name: str, rows: int, left_out: dict[str, int]) -> None:
    if not (DATA / file).exists():
        pytest.skip(f"{file} absent")
    added = add(DATA / file, lake)
    assert (added.dataset.name, added.load.rows_read, added.load.left_out) == (name, rows, left_out)
    assert "rice" in str(names.described("100630")).lower()
