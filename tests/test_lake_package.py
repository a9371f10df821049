"""The descriptor beside each version is a Data Package v2, and one altered byte anywhere is found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from schakel.errors import IntegrityError
from schakel.lake import Dataset, Lake
from schakel.sources.add import Origin, add

FIELD_TYPES = {"string", "number", "integer", "boolean", "object", "array", "any", "list"}
FIELD_TYPES |= {"date", "time", "datetime", "year", "yearmonth", "duration", "geopoint", "geojson"}

OWN = "year,exporter,importer,product,value_usd\n2022,CHN,NLD,854231,60\n2023,USA,NLD,854231,10\n"
BACI = "t,i,j,k,v,q\n2022,156,528,854231,12.345,0.5\n2022,842,528,854231,7.000,NA\n"
RISK = "Material,Year,SR,EI\nGallium,2023,3.9,3.7\n"
GROUPS = (
    "Screened material,perm_noxREE_noPGM,perm_noxREE_PGM,perm_xREE_noPGM,perm_xREE_PGM\n"
    "Gallium,Gallium,Gallium,Gallium,Gallium\nYttrium,HREE,HREE,Yttrium,Yttrium\n"
)
CODES = "code,description\n854231,Processors\n"
FILES = {
    "own.csv": OWN,
    "BACI_HS22_Y2022_V202501.csv": BACI,
    "dimension_CRMsOverTime.csv": RISK,
    "dimension_ScreenedMatGroupings.csv": GROUPS,
    "product_codes_HS22_V202501.csv": CODES,
}


def load(folder: Path, name: str) -> Dataset:
    path = folder / name
    path.write_text(FILES[name])
    return add(path, Lake(folder / "lake"), origin=Origin(retrieved="2026-01-31")).dataset


def is_path(text: Any) -> bool:
    """A fully qualified address, or a POSIX path that does not leave the folder of the descriptor."""
    if not isinstance(text, str) or not text:
        return False
    if re.match(r"(http|ftp)s?://", text):
        return True
    return text[0] not in "./~" and ":" not in text and "\\" not in text and ".." not in text.split("/")


def check_shape(data: dict[str, Any]) -> None:
    assert data["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    for key in ("name", "id", "title", "version"):
        assert isinstance(data[key], str)
        assert data[key]
    assert re.fullmatch(r"[-a-z0-9._/]+", data["name"])
    assert datetime.fromisoformat(data["created"]).tzinfo is not None
    assert data["licenses"]
    for terms in data["licenses"]:
        assert re.fullmatch(r"[-a-zA-Z0-9._]+", terms["name"])
        assert is_path(terms.get("path", "x"))
    assert data["sources"]
    for source in data["sources"]:
        assert source["title"]
        assert is_path(source.get("path", "x"))
    assert data["resources"]
    names = [resource["name"] for resource in data["resources"]]
    assert len(set(names)) == len(names)
    for resource in data["resources"]:
        assert is_path(resource["path"])
        assert resource["type"] == "table"
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", resource["hash"])
        assert re.fullmatch(r".+/.+", resource["mediatype"])
        assert isinstance(resource["bytes"], int)
        fields = resource["schema"]["fields"]
        known = [field["name"] for field in fields]
        assert len(set(known)) == len(known) >= 1
        assert {field["type"] for field in fields} <= FIELD_TYPES
        assert {key for field in fields for key in field.get("constraints", {})} <= {"required"}
        key = resource["schema"].get("primaryKey", known[:1])
        assert key
        assert set(key) <= set(known)


@pytest.mark.parametrize("name", FILES)
def test_every_descriptor_has_the_shape_of_a_data_package_v2(tmp_path: Path, name: str) -> None:
    made = load(tmp_path, name)
    data = json.loads((made.folder / "datapackage.json").read_text("utf-8"))
    check_shape(data)
    for resource in data["resources"]:
        path = made.folder / resource["path"]
        assert path.stat().st_size == resource["bytes"]
        assert resource["rows"] >= 1
    own = data["schakel"]
    assert own["retrieved"] == "2026-01-31"
    assert own["rows_read"] == own["rows_kept"] + sum(own["left_out"].values()) == FILES[name].count("\n") - 1
    assert own["inputs"][0]["name"] == name
    assert isinstance(own["caveats"], list)


def test_the_shape_is_really_checked(tmp_path: Path) -> None:
    made = load(tmp_path, "own.csv")
    sound = json.loads((made.folder / "datapackage.json").read_text("utf-8"))
    check_shape(sound)
    spoils: tuple[Callable[[dict[str, Any]], Any], ...] = (
        lambda data: data["licenses"][0].update(path=""),
        lambda data: data["resources"][0]["schema"].update(primaryKey=[]),
        lambda data: data["resources"][0].update(path="/etc/passwd"),
        lambda data: data.update(created="2026-01-31T10:00:00"),
    )
    for spoil in spoils:
        data = json.loads(json.dumps(sound))
        spoil(data)
        with pytest.raises(AssertionError):
            check_shape(data)


def test_one_flipped_bit_anywhere_is_found(tmp_path: Path) -> None:
    made = load(tmp_path, "own.csv")
    lake = Lake(tmp_path / "lake")
    tried = 0
    for path in [made.folder.parent / "current.json", *sorted(made.folder.rglob("*"))]:
        if not path.is_file():
            continue
        whole = path.read_bytes()
        for at in range(0, len(whole), max(1, len(whole) // 25)):
            flipped = bytearray(whole)
            flipped[at] ^= 1 << at % 8
            path.write_bytes(flipped)
            tried += 1
            with pytest.raises(IntegrityError) as caught:
                lake.verify()
            assert caught.value.exit_code == 6
            assert caught.value.where
        path.write_bytes(whole)
    assert tried > 75
    lake.verify()


def test_a_damaged_version_is_mended_by_adding_the_file_again(tmp_path: Path) -> None:
    made = load(tmp_path, "own.csv")
    for path in (made.folder / "datapackage.json", made.folder.parent / "current.json", made.paths()[0]):
        path.write_bytes(path.read_bytes()[:-3])
        with pytest.raises(IntegrityError):
            Lake(tmp_path / "lake").verify()
        assert load(tmp_path, "own.csv").id == made.id
        Lake(tmp_path / "lake").verify()


def test_a_licence_that_was_tampered_with_is_not_believed(tmp_path: Path) -> None:
    made = load(tmp_path, "own.csv")
    path = made.folder / "datapackage.json"
    path.write_text(path.read_text("utf-8").replace("user-supplied", "CC0-1.0"), "utf-8")
    with pytest.raises(IntegrityError, match="altered"):
        Lake(tmp_path / "lake").open("own")


def test_words_of_a_later_release_do_not_make_an_old_version_unsound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from schakel.lake.schema import Column

    load(tmp_path, "own.csv")
    monkeypatch.setattr(Column, "field", lambda self: {"name": self.name, "type": "any", "description": "Other words."})
    Lake(tmp_path / "lake").verify()
