"""Is a bad file refused at once, with file, row and remedy, and is nothing left behind?"""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from schakel import sources
from schakel.errors import InputError, MachineError, NotFoundError
from schakel.sources import textfile
from schakel.sources.reader import ReadOptions, staged
from work import bytes_read

COMEXT = "DECLARANT_ISO,PARTNER_ISO,PRODUCT_NC,FLOW,PERIOD,VALUE_IN_EUROS\n"
ROW = "NL,CN,28053010,1,2022,100\n"
COMTRADE = "refYear,reporterCode,flowCode,partnerCode,cmdCode,primaryValue\n"
BACI = "t,i,j,k,v,q\n"


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(path: Path, stage: Path, options: ReadOptions | None = None) -> InputError:
    """Load a file that must be refused; check that nothing stays and that the error says where and what to do."""
    with pytest.raises(InputError) as caught:
        sources.recognise(path).read(path, stage, options or ReadOptions())
    assert not stage.exists() or not list(stage.iterdir())
    assert path.name in caught.value.where
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    ("name", "text", "what", "where"),
    [
        ("a.csv", "", "empty", ""),
        ("a.csv", COMEXT, "no rows", "row 1"),
        ("a.csv", COMTRADE, "no rows", "row 1"),
        ("BACI_HS22_Y2023_V202501.csv", BACI, "no rows", "row 1"),
        ("a.csv", COMEXT.replace(",", ";") + ROW.replace(",", ";"), "separated by ';'", "row 1"),
        ("a.csv", (COMTRADE + "2022,528,M,156,284440,5\n").replace(",", ";"), "separated by ';'", "row 1"),
        ("BACI_HS22_Y2023_V202501.csv", "t;i;j;k;v;q\n2023;4;8;010121;1.5;1\n", "separated by ';'", "row 1"),
        ("a.csv", COMEXT + ROW + "NL,CN,28053021,1,2022,-5\n", "negative", "row 3, column VALUE_IN_EUROS"),
        ("a.csv", COMEXT + ROW + "NL,CN,28053021,1,2022,NaN\n", "no number", "row 3, column VALUE_IN_EUROS"),
        ("a.csv", COMEXT + ROW + "NL,CN,28053021,1,2022,inf\n", "no number", "row 3, column VALUE_IN_EUROS"),
        ("a.csv", COMEXT + "NL,CN,28053021,1,2022,\n", "missing", "row 2, column VALUE_IN_EUROS"),
        ("a.csv", COMEXT + 'NL,CN,28053021,1,2022,"1.234,56"\n', "no number", "row 2, column VALUE_IN_EUROS"),
        ("a.csv", COMEXT + ROW + "NL,QQX,28053021,1,2022,5\n", "unknown country code 'QQX'", "row 3, column PARTNER"),
        ("a.csv", COMEXT + "NL,CN,1012100,1,2022,5\n", "not a product code", "row 2, column PRODUCT_NC"),
        ("a.csv", COMEXT + "NL,CN,28053021,3,2022,5\n", "flow", "row 2, column FLOW"),
        ("a.csv", COMEXT + "NL,CN,28053021,1,202213,5\n", "period", "row 2, column PERIOD"),
        ("a.csv", COMEXT + ROW + "NL,DE,28053010,1,2022,7\n" + ROW, "stands twice", "rows 2 and 4"),
        ("a.csv", COMEXT + ROW + "NL,CN,28053021,1,2022\n", "does not fit the header", "row 3"),
        ("a.csv", COMEXT + ROW + "NL,CN,28053021,1,202201,7\n", "count twice", ""),
        ("a.csv", COMTRADE + "2022,528,M,156,84440,5\n", "not a product code", "row 2, column cmdCode"),
        ("a.csv", COMTRADE + "2022,528,Q,156,284440,5\n", "unknown trade flow", "row 2, column flowCode"),
        ("a.csv", COMTRADE + "2022,528,M,9999,284440,5\n", "unknown country code '9999'", "row 2, column partner"),
        ("a.csv", COMTRADE + "2022,528,M,156,284440,-1\n", "negative", "row 2, column primaryValue"),
        ("a.json", '{"data": [], "x": "primaryValue flowCode"}', "no known source", ""),
        ("BACI_HS22_Y2023_V202501.csv", BACI + "2023,4,8,010121,x,1\n", "no number", "row 2, column v"),
        ("BACI_HS22_Y2023_V202501.csv", BACI + "2023,4,8,010121,1,-1\n", "quantity", "row 2, column q"),
        ("BACI_HS22_Y2023_V202501.csv", BACI + "2023,4,8,121,1,1\n", "six-digit", "row 2, column k"),
        ("BACI_HS22_Y2023_V202501.csv", BACI + "2022,4,8,010121,1,1\n", "name says 2023", ""),
        ("BACI_HS22_Y2023_V202501.csv", BACI + "2023,4,7777,010121,1,1\n", "unknown country code '7777'", "column j"),
        ("BACI_HS22_Y2023_V202501.csv", BACI + "2023,4,8,010121,1,1\n" * 2, "stands twice", "rows 2 and 3"),
        ("a.csv", "name,size\nx,1\n", "no known source", ""),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, name: str, text: str, what: str, where: str) -> None:
    error = refused(write(tmp_path / name, text), tmp_path / "stage")
    assert what in error.what
    assert where in error.where


@pytest.mark.parametrize("zeros", [b"\x00", b"\x00" * 70_000])
def test_zeros_in_a_text_are_refused(tmp_path: Path, zeros: bytes) -> None:
    near = write(tmp_path / "near.csv", COMEXT.encode() + ROW.encode() + zeros)
    assert "NUL" in refused(near, tmp_path / "stage").what
    many = "".join(f"NL,CN,28053010,1,{1900 + n % 200},{n}\n" for n in range(5000))
    far = write(tmp_path / "far.csv", (COMEXT + many).encode() + zeros)
    assert "NUL" in refused(far, tmp_path / "stage").what


def test_a_sparse_file_of_20_gb_is_refused_unread(tmp_path: Path) -> None:
    path = write(tmp_path / "BACI_HS22_Y2023_V202501.csv", BACI + "2023,4,8,010121,1,1\n")
    with path.open("r+b") as handle:
        handle.truncate(20 << 30)
    before = bytes_read()
    error = refused(path, tmp_path / "stage")
    assert bytes_read() - before < 10 << 20
    assert "21,474,836,480" in error.what


@pytest.mark.parametrize("keep", [12, 400])
def test_a_truncated_gzip_is_refused(tmp_path: Path, keep: int) -> None:
    text = COMEXT + "".join(f"NL,CN,{28053010 + n},1,2022,{n * 7919 % 10007}\n" for n in range(20_000))
    path = write(tmp_path / "a.csv.gz", gzip.compress(text.encode())[: keep * 100 if keep == 400 else keep])
    assert "cut off or damaged" in refused(path, tmp_path / "stage").what


def test_a_truncated_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "BACI_HS22_V202501.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("BACI_HS22_Y2023_V202501.csv", BACI + "2023,4,8,010121,1,1\n")
    path.write_bytes(path.read_bytes()[:-30])
    assert "cut off or damaged" in refused(path, tmp_path / "stage").what


def test_a_damaged_member_of_a_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "BACI_HS22_V202501.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("BACI_HS22_Y2023_V202501.csv", BACI + "2023,4,8,010121,1,1\n")
    path.write_bytes(path.read_bytes().replace(b"2023,4,8", b"2023,5,8"))  # the checksum no longer fits
    assert "cut off or damaged" in refused(path, tmp_path / "stage").what


def test_an_archive_that_unpacks_too_far_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv.gz", gzip.compress((COMEXT + ROW * 100_000).encode()))
    error = refused(path, tmp_path / "stage", ReadOptions(max_unpacked=1 << 20))
    assert "unpacks to more than" in error.what


def test_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.csv", COMEXT + ROW)

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)  # the superuser may read everything, so chmod would not do
    with pytest.raises(MachineError, match="permission") as caught:
        sources.recognise(path)
    assert str(path) in caught.value.where


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        sources.recognise(tmp_path / "none.csv")


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="disk is full"), staged(tmp_path) as work:
        (tmp_path / "flows").mkdir()
        (work / "x").touch()
        raise OSError(28, "No space left on device")
    assert not list(tmp_path.iterdir())


def test_what_stood_in_the_stage_before_stays(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(InputError), staged(tmp_path):
        (tmp_path / "flows").mkdir()
        raise InputError("no")
    assert [item.name for item in tmp_path.iterdir()] == ["other"]


def test_files_of_two_sources_in_a_folder_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "both"
    folder.mkdir()
    write(folder / "a.csv", COMEXT + ROW)
    write(folder / "b.csv", COMTRADE + "2022,528,M,156,284440,5\n")
    with pytest.raises(InputError, match="more than one source") as caught:
        sources.recognise(folder)
    assert caught.value.remedy


def test_readers_have_names_and_known_licences() -> None:
    from schakel.evidence import licence

    names = [item.name for item in sources.readers()]
    assert len(set(names)) == len(names) == 14
    for item in sources.readers():
        assert licence(item.licence).id == item.source.licence
        assert sources.reader(item.name) is item
    with pytest.raises(NotFoundError):
        sources.reader("nothing")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_text_becomes_utf8(tmp_path: Path, encoding: str) -> None:
    text = "Land;Türkiye\n" * 200_000
    path = write(tmp_path / "a.csv", text.encode(encoding))
    plain = textfile.plain(path, tmp_path / "work")
    assert plain.read_text("utf-8-sig") == text
    assert (plain == path) == encoding.startswith("utf-8")
