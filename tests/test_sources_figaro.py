"""FIGARO tables in both published forms, on hand-made files: no published one was at hand."""

import zipfile

import numpy as np
import pytest

from mrio_sample import FINAL, FLOWS, figaro, figaro_flat, write
from schakel.errors import InputError, NotFoundError
from schakel.sources import figaro as room

MATRIX = "matrix_eu-ic-io_ind-by-ind_24ed_2021.csv"
FLAT = "flatfile_eu-ic-io_ind-by-ind_24ed_2021.csv"


def test_the_matrix_as_published(tmp_path) -> None:
    p = room.published(write(tmp_path / MATRIX, figaro()))
    assert (p.year, p.version, p.unit) == (2021, "24ed", "million EUR")
    assert (p.regions, p.sectors) == (("NLD", "TWN", "ROW"), ("C26", "K64"))
    assert p.categories == ("P3_S14", "P5M")
    assert np.array_equal(p.flows, FLOWS)
    assert np.array_equal(p.final.reshape(6, 6), FINAL)
    assert p.cells_read == 10 * 12 == p.cells_kept + sum(p.left_out.values())
    assert p.left_out == {"value-added": 48}


def test_both_forms_hold_the_same_table(tmp_path) -> None:
    a = room.published(write(tmp_path / MATRIX, figaro()))
    b = room.published(write(tmp_path / FLAT, figaro_flat()))
    key = {(b.regions[r], b.sectors[s]): k for k, (r, s) in enumerate(zip(b.region, b.sector, strict=True))}
    order = [key[a.regions[r], a.sectors[s]] for r, s in zip(a.region, a.sector, strict=True)]
    assert np.array_equal(b.flows[np.ix_(order, order)], a.flows)
    columns = [b.regions.index(r) for r in a.regions]
    assert b.categories == a.categories
    assert np.array_equal(b.final[order][:, columns], a.final)
    assert b.cells_read == figaro_flat().count("\n") - 1 == b.cells_kept + sum(b.left_out.values())
    assert room.places(tmp_path)[2021].name == MATRIX  # of both forms the one that prints every cell


def test_a_zip_of_years(tmp_path) -> None:
    path = tmp_path / "figaro.zip"
    with zipfile.ZipFile(path, "w") as z:
        z.writestr(MATRIX, figaro())
        z.writestr(FLAT.replace("2021", "2020"), figaro_flat())
    assert list(room.places(path)) == [2020, 2021]
    assert room.read(path, 2020).flows.sum() == FLOWS.sum()
    with pytest.raises(NotFoundError, match="no FIGARO table of 2011"):
        room.read(path, 2011)


def test_final_use_may_stand_between_the_industries(tmp_path) -> None:
    lines = [row.split(",") for row in figaro().splitlines()]
    order = [0, 1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12]
    body = "\n".join(",".join(row[k] for k in order) for row in lines) + "\n"
    p = room.published(write(tmp_path / MATRIX, body))
    assert np.array_equal(p.flows, FLOWS)
    assert np.array_equal(p.final.reshape(6, 6), FINAL)


@pytest.mark.parametrize(
    ("old", "new", "what", "where"),
    [
        ("TW_C26,4.0", "TW_C26,4.0x", "'4.0x' is no number", "row 4, column NL_C26"),
        ("TW_C26,4.0", "TW_C26,44.0", "delivers 37 and pays 77", "column NLD_C26"),
        ("TW_C26,4.0", "TW_C26,4.0,1", "cells under", "row 4"),
        ("\nTW_C26,", "\nQQ_C26,", "QQ", "row 4"),
        ("\nTW_C26,", "\nTW,", "is no label", "row 4"),
        ("\nTW_C26,", "\nTW_c26,", "is no industry", "row 4"),
        ("TW_P5M", "TW_P99", "no industry and no final use", "column TW_P99"),
        ("rowLabels,NL_C26,NL_K64", "rowLabels,NL_K64,NL_C26", "in another order", "row 2, column NL_K64"),
    ],
)
def test_a_damaged_matrix_is_refused(tmp_path, old, new, what, where) -> None:
    assert old in figaro()
    with pytest.raises(InputError) as info:
        room.read(write(tmp_path / MATRIX, figaro().replace(old, new, 1)))
    assert what in info.value.what
    assert where in info.value.where
    assert info.value.remedy


FIRST = "NL_C26,NL_C26,NL,C26,NL,C26,5.0\n"


@pytest.mark.parametrize(
    ("old", "new", "what", "where"),
    [
        (FIRST, FIRST.replace("5.0", "much"), "'much' is no number", "row 2, column obsValue"),
        (FIRST, FIRST + FIRST, "stands twice", "row 3"),
        ("NL_C26,NL_K64,NL,C26,NL,K64,3.0\n", "", "delivers 34 and pays 37", "column NLD_C26"),
        (FIRST, FIRST.replace(",5.0", ""), "6 cells under 7", "row 2"),
        (FIRST, FIRST.replace(",NL,C26,5", ",QQ,C26,5"), "QQ", "row 2, column counterpartArea"),
        (FIRST, FIRST.replace(",NL,C26,NL", ",NL,CPA_C26,NL"), "'CPA_C26' is no industry", "row 2, column rowIi"),
        (FIRST, FIRST.replace("C26,5", "P7,5"), "'P7' is no use", "row 2, column colIi"),
        (",W2,D1,", ",W2,D99,", "'D99' of W2", "column rowIi"),
        ("obsValue", "value", "the first line begins", "row 1"),
    ],
)
def test_a_damaged_flat_file_is_refused(tmp_path, old, new, what, where) -> None:
    assert old in figaro_flat()
    with pytest.raises(InputError) as info:
        room.read(write(tmp_path / FLAT, figaro_flat().replace(old, new, 1)))
    assert what in info.value.what
    assert where in info.value.where


def test_a_product_table_is_not_taken_for_one_of_industries(tmp_path) -> None:
    path = write(tmp_path / FLAT.replace("ind-by-ind", "prod-by-prod"), figaro_flat().replace(",C26,", ",CPA_C26,"))
    with pytest.raises(InputError, match="is no"):
        room.read(path)
