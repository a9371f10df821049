"""Tables through pymrio (optional), and pymrio as oracle for Leontief and Ghosh."""

import warnings

import numpy as np
import pytest

from mrio_sample import FINAL, FLOWS, icio, write
from schakel.errors import InputError, NotFoundError
from schakel.sources import icio as oecd
from schakel.sources import mrio_pymrio as room
from schakel.sources import mriofiles


@pytest.fixture(scope="module")
def pymrio():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("pymrio", reason="pymrio (LGPL-3, optional) is not installed: pip install pymrio")


def quietly(call, *args, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*args, **more)


def test_without_pymrio_the_error_says_what_to_install(tmp_path, monkeypatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(room.importlib, "import_module", absent)
    with pytest.raises(NotFoundError, match="not installed") as info:
        room.read(tmp_path)
    assert "pip install pymrio" in info.value.remedy


def test_an_unknown_parser_and_an_absent_folder_are_told_before_anything_is_imported(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(room, "module", lambda: pytest.fail("imported"))
    with pytest.raises(InputError, match="no parser 'exiobase9'"):
        room.read(tmp_path, "exiobase9")
    with pytest.raises(NotFoundError):
        room.read(tmp_path / "nowhere")


def test_a_table_that_pymrio_saved(tmp_path, pymrio) -> None:
    system = quietly(pymrio.load_test)
    quietly(system.save, str(tmp_path / "test-2010"))
    assert mriofiles.kind_of(tmp_path / "test-2010") == "pymrio"
    p = room.published(tmp_path / "test-2010")
    assert (len(p.regions), len(p.sectors), p.year, p.unit) == (6, 8, 2010, "Mill USD".replace("Mill", "million"))
    assert np.array_equal(p.flows, system.Z.to_numpy())
    assert p.final.sum() == pytest.approx(system.Y.to_numpy().sum(), rel=1e-12)
    assert p.cells_read == system.Z.size + system.Y.size
    assert p.source.licence == "user-supplied"


def test_a_table_with_coefficients_only(pymrio, tmp_path) -> None:
    system = quietly(pymrio.load_test)
    quietly(system.calc_all)
    whole = room.of_system(system, tmp_path)
    system.Z = None
    system.x = None
    assert room.of_system(system, tmp_path).flows == pytest.approx(whole.flows, rel=1e-9)


def test_one_that_is_damaged_is_refused(tmp_path, pymrio) -> None:
    folder = tmp_path / "test"
    quietly(quietly(pymrio.load_test).save, str(folder))
    whole = (folder / "Z.txt").read_text()
    (folder / "Z.txt").write_text(whole.replace("\t", "\tx", 40))
    with pytest.raises(InputError):
        room.read(folder)
    (folder / "Z.txt").write_text(whole.replace("23697.221", "", 1))
    with pytest.raises(InputError, match="is no number") as info:
        room.read(folder)
    assert "row reg1 food, column reg1 food" in info.value.where


def test_our_reading_of_an_oecd_file_is_that_of_pymrio(tmp_path, pymrio) -> None:
    path = write(tmp_path / "ICIO2021_2018.csv", icio())
    ours = oecd.published(path)
    system = quietly(pymrio.parse_oecd, str(path))
    names = [f"{ours.regions[r]}_{ours.sectors[s]}" for r, s in zip(ours.region, ours.sector, strict=True)]
    z = system.Z.copy()
    z.index = z.columns = ["_".join(x) for x in z.index]
    assert np.array_equal(z.loc[names, names].to_numpy(), ours.flows)
    y = system.Y.copy()
    y.index = z.index
    for r, region in enumerate(ours.regions):
        for c, category in enumerate(ours.categories):
            assert np.array_equal(y.loc[names, (region, category)].to_numpy(), ours.final[:, r, c])
    through = room.read(path, "oecd")
    assert through.flows.sum() == FLOWS.sum()
    assert through.final.sum() == pytest.approx(FINAL[FINAL > 0].sum() - 2)  # -2 is summed with 25 before it is judged


def inverses(pymrio, w):
    """Return the Leontief and the Ghosh inverse of a world as pymrio computes them."""
    import pandas as pd

    z, y = pd.DataFrame(w.flows), pd.DataFrame(w.final)
    x = quietly(pymrio.calc_x, z, y)
    assert np.asarray(x).ravel() == pytest.approx(w.output, rel=1e-12)
    a, b = quietly(pymrio.calc_A, z, x), quietly(pymrio.calc_B, z, x)
    return np.asarray(quietly(pymrio.calc_L, a)), np.asarray(quietly(pymrio.calc_G, b))


@pytest.mark.parametrize("seed", range(3))
def test_losses_to_suppliers_are_the_leontief_inverse_of_pymrio(pymrio, seed) -> None:
    """One industry gone: what its suppliers lose is L_ns / L_ss of its output (partial extraction)."""
    from scipy import sparse

    from schakel.shocks import cascade
    from shocks_sample import table

    w = table(3, 4, seed=seed)
    leontief, _ = inverses(pymrio, w)
    k, n = 5, w.size
    net = cascade.Network(sparse.csr_array(w.flows), w.sector, np.full(n * n, 2, np.int8), w.output, np.full(n, 1 / n))
    left = np.ones((n, 1))
    left[k] = 0.0
    up = cascade.cascade(net, left, tolerance=1e-13, downward=False).up[:, 0]
    rest = np.arange(n) != k
    assert ((1 - up) * w.output)[rest] == pytest.approx((leontief[:, k] / leontief[k, k] * w.output[k])[rest], rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_losses_to_users_are_the_ghosh_inverse_of_pymrio(pymrio, seed) -> None:
    """One industry gone, no input essential, labour still there: what users lose is G_sn / G_ss of its output."""
    from schakel.shocks import cascade
    from shocks_sample import table

    w = table(3, 4, seed=seed)
    _, ghosh = inverses(pymrio, w)
    k, n = 5, w.size
    # Value added comes from one more maker, which needs nothing and so never stops.
    i, j = np.nonzero(w.flows)
    a, b = np.r_[i, np.full(n, n)], np.r_[j, np.arange(n)]
    value = np.r_[w.flows[i, j], w.value_added]
    kinds = np.r_[w.sector, 4]
    sales = np.r_[w.output, w.value_added.sum()]
    net = cascade.network(a, b, value, kinds, np.full((5, 5), 1, np.int8), sales=sales)
    left = np.ones((n + 1, 1))
    left[k] = 0.0
    down = cascade.cascade(net, left, tolerance=1e-13, replaceable=False, upward=False).down[:n, 0]
    rest = np.arange(n) != k
    assert ((1 - down) * w.output)[rest] == pytest.approx((ghosh[k] / ghosh[k, k] * w.output[k])[rest], rel=1e-9)
