"""OECD ICIO tables in the published layout, on hand-made files: no published one was at hand."""

import gzip
import zipfile

import numpy as np
import pytest

from mrio_sample import ADDED, FINAL, FLOWS, OUTPUT, icio, write
from schakel.errors import InputError, NotFoundError
from schakel.sources import icio as room

NAME = "2019_SML.csv"


def test_a_table_as_published(tmp_path) -> None:
    p = room.published(write(tmp_path / NAME, icio()))
    assert (p.year, p.regions, p.sectors, p.unit) == (2019, ("NLD", "TWN", "ROW"), ("C26", "K"), "million USD")
    assert p.categories == ("HFCE", "INVNT")
    assert np.array_equal(p.flows, FLOWS)
    assert np.array_equal(p.final.reshape(6, 6), FINAL)
    assert p.source.licence == "CC-BY-4.0"
    assert [f.rows for f in p.files] == [9]
    # Every cell: 9 rows of 13, of which value added and taxes, the row and the column of output.
    assert p.cells_read == 9 * 13 == p.cells_kept + sum(p.left_out.values())
    assert p.left_out == {"value-added": 26, "total": 13 + 6}


def test_as_an_economy_nothing_is_negative_and_that_is_told(tmp_path) -> None:
    row = "TWN_C26,4.0,0.0,8.0,2.0,3.0,0.0,3.0,0.0,25.0,-2.0,4.0,0.0,"
    assert row in icio()
    body = icio().replace(row, "TWN_C26,4.0,0.0,8.0,2.0,3.0,0.0,33.0,0.0,0.0,-7.0,4.0,0.0,")
    t = room.read(write(tmp_path / NAME, body))
    assert t.final[2].tolist() == [33, 0, 4]
    assert "1 negative deliveries to final users set to zero, together -7 of 352" in t.notes
    plain = room.read(write(tmp_path / "2018_SML.csv", icio()))
    assert plain.final[2].tolist() == [3, 23, 4]  # 25 and -2 are summed first
    assert not any("negative" in n for n in plain.notes)


@pytest.mark.parametrize("form", ["plain", "gzip", "zip", "folder"])
def test_file_archive_and_folder_give_the_same(tmp_path, form) -> None:
    path = write(tmp_path / NAME, icio())
    whole = room.read(path)
    if form == "gzip":
        path = tmp_path / f"{NAME}.gz"
        path.write_bytes(gzip.compress(icio().encode()))
    elif form == "zip":
        path = tmp_path / "2016-2020.zip"
        with zipfile.ZipFile(path, "w") as z:
            z.writestr(f"inner/{NAME}", icio())
            z.writestr("inner/2018_SML.csv", icio())
            z.writestr("ReadMe.csv", "a,b\n")
        assert list(room.places(path)) == [2018, 2019]
        assert room.read(path, 2018).year == 2018
    elif form == "folder":
        path = tmp_path
    again = room.read(path, 2019)
    assert np.array_equal(again.flows, whole.flows)
    assert np.array_equal(again.final, whole.final)


def test_older_editions_name_their_rows_otherwise(tmp_path) -> None:
    body = (
        icio(total="TOTAL")
        .replace("\nTOTAL,", "\nOUTPUT,")
        .replace("\nVA,", "\nVALU,")
        .replace("\nTLS,", "\nNLD_TAXSUB,")
    )
    p = room.published(write(tmp_path / "ICIO2018_2015.csv", body))
    assert (p.year, p.version) == (2015, "edition 2018")
    assert np.array_equal(p.flows, FLOWS)


def test_parts_of_a_country_are_joined(tmp_path) -> None:
    body = icio(("CN1", "CN2", "ROW")).replace("CN1_HFCE", "CHN_HFCE").replace("CN1_INVNT", "CHN_INVNT")
    body = body.replace("CN2_HFCE", "MEX_HFCE").replace("CN2_INVNT", "MEX_INVNT")
    t = room.read(write(tmp_path / "ICIO2021_2018.csv", body))
    assert set(t.regions) == {"CHN", "ROW", "MEX"}
    assert len(t.region) == 4
    assert t.flows.sum() == FLOWS.sum()
    assert t.final.sum() == FINAL.sum()
    assert "CN1, CN2 joined into CHN" in t.notes
    assert room.published(tmp_path / "ICIO2021_2018.csv").version == "edition 2021, extended"


DAMAGE = [
    ("TWN_C26,4.0", "TWN_C26,four", "'four' is no number", "row 4, column NLD_C26"),
    ("TWN_C26,4.0", "TWN_C26,", "'' is no number", "row 4, column NLD_C26"),
    ("TWN_C26,4.0", "TWN_C26,inf", "'inf' is no number", "row 4"),
    ("TWN_C26,4.0", "TWN_C26,4,0", "15 cells under 14 columns", "row 4"),
    ("TWN_C26,4.0", "TWN_C26,40.0", "deliveries, against column OUT", "row 4"),
    ("\nVA,", "\nVA,9", "payments, against row OUT", "column NLD_C26"),
    ("\nTWN_C26,4.0", "\nNLD_K,4.0", "row 'NLD_K' stands twice", "row 4"),
    (
        "NLD_K,TWN_C26,TWN_K,ROW_C26,ROW_K,NLD_HFCE",
        "TWN_C26,NLD_K,TWN_K,ROW_C26,ROW_K,NLD_HFCE",
        "stands where row",
        "row 3",
    ),
    ("TWN_INVNT", "TWN_XYZ", "is no final use", "column TWN_XYZ"),
    ("\nTWN_K", "\nTaiwan", "is no industry", "row 5"),
    ("\nROW_K,", "\nVALU,", "'ROW_K' is no final use", "row 1, column ROW_K"),
]


@pytest.mark.parametrize(("old", "new", "what", "where"), DAMAGE)
def test_a_damaged_file_is_refused_by_row_and_column(tmp_path, old, new, what, where) -> None:
    assert old in icio()
    with pytest.raises(InputError) as info:
        room.read(write(tmp_path / NAME, icio().replace(old, new, 1)))
    assert what in info.value.what
    assert f"file {NAME}" in info.value.where
    assert where in info.value.where
    assert info.value.remedy


def test_a_file_cut_off_is_refused(tmp_path) -> None:
    body = icio()
    for keep in (0, 40, len(body) // 2, len(body) - 30):
        (tmp_path / NAME).write_text(body[:keep])
        with pytest.raises(InputError):
            room.read(tmp_path / NAME)
    packed = gzip.compress(body.encode())
    (tmp_path / f"{NAME}.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(InputError, match="damaged"):
        room.read(tmp_path / f"{NAME}.gz")


def test_a_text_beyond_the_ceiling_is_refused(tmp_path) -> None:
    from schakel.sources.widefile import Place, matrix

    with pytest.raises(InputError, match="larger than any known table"):
        matrix(Place(write(tmp_path / NAME, icio())), limit=100)


def test_a_year_that_is_not_there(tmp_path) -> None:
    write(tmp_path / NAME, icio())
    with pytest.raises(NotFoundError, match="no OECD table of 2001") as info:
        room.read(tmp_path, 2001)
    assert "2019" in info.value.remedy
    with pytest.raises(InputError, match="does not say the year"):
        room.read(write(tmp_path / "table.csv", icio()))
    write(tmp_path / "ICIO2023_2019.csv", icio())
    with pytest.raises(InputError, match="stands there twice"):
        room.read(tmp_path)


def test_printed_sums_that_are_rounded_are_told_not_refused(tmp_path) -> None:
    body = icio().replace(f",{OUTPUT[0]}\n", f",{OUTPUT[0] + 0.4}\n", 1)
    notes = room.read(write(tmp_path / NAME, body)).notes
    assert any("off by at most 0.4 million (NLD_C26)" in n for n in notes)
    assert (ADDED > 0).all()
