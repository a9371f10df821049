"""What does coarseness change: joining is neutral where it must be, and what a scenario tells apart stays apart."""

from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from schakel.errors import InputError
from schakel.shocks import centre, floor, scenario
from schakel.shocks.lens import ExtraStock, Shock, Substitute
from schakel.shocks.resolution import Grouping, alike, carried, coarser, drawn, spread
from schakel.shocks.world import IMPORTANT, MINOR
from shocks_small import ban, cut, less, random_world

REGIONS = ("NLD", "TWN", "USA", "DEU", "JPN", "ROW")
SECTORS = ("electronics", "metal", "vehicles", "ore", "services")
W = random_world(3, REGIONS, SECTORS)
R, S = len(W.regions), len(W.sectors)


def own(n: int) -> np.ndarray:
    return np.arange(n)


def test_every_region_and_sector_in_a_group_of_its_own_changes_nothing() -> None:
    same, fold = coarser(W, Grouping(own(R), own(S)))
    assert fold.tolist() == list(range(W.size))
    assert np.array_equal(same.flows, W.flows)
    assert same.stock_days == pytest.approx(W.stock_days)
    shock = cut(W, "TWN", "electronics", 0.5)
    other = carried(shock, W, same, Grouping(own(R), own(S)), fold)
    assert centre.run(same, other).loss == pytest.approx(centre.run(W, shock).loss, rel=1e-9)


def test_totals_are_kept_and_use_weighs_stocks_and_classes() -> None:
    days = np.arange(1.0, 1 + S)[:, None] * np.ones(W.size)
    level = np.where(np.arange(S)[:, None] % 2, IMPORTANT, MINOR).astype(np.int8) * np.ones((S, W.size), np.int8)
    w = replace(W, stock_days=days, criticality=level)
    g = Grouping(np.zeros(R, np.int64), np.r_[0, 0, own(S - 2) + 1])
    small, fold = coarser(w, g)
    assert small.size == S - 1
    assert small.flows.sum() == pytest.approx(w.flows.sum())
    assert small.final.sum() == pytest.approx(w.final.sum())
    assert small.value_added.sum() == pytest.approx(w.value_added.sum())
    user = small.sector == 1
    mine = fold == np.flatnonzero(user)[0]
    use = w.use[:2][:, mine].sum(axis=1)
    assert small.stock_days[0, user] == pytest.approx((use * [1, 2]).sum() / use.sum())
    assert small.criticality[0, user] == (IMPORTANT if use[1] > use[0] else MINOR)
    assert small.regions == ("+".join(w.regions),)


def test_two_identical_regions_joined_give_the_same_loss() -> None:
    """Each region but TWN is split into equal halves; joining the halves gives the table back (check 11)."""
    halves = [k for k, r in enumerate(W.regions) for _ in range(1 if r == "TWN" else 2)]
    share = np.array([1.0 if W.regions[k] == "TWN" else 0.5 for k in halves])
    at = [(h, i) for h, k in enumerate(halves) for i in np.flatnonzero(W.region == k)]
    part, old = np.array([share[h] for h, _ in at]), np.array([i for _, i in at])
    split = replace(
        W,
        regions=tuple(f"{W.regions[k]}{h}" if share[h] < 1 else W.regions[k] for h, k in enumerate(halves)),
        region=np.array([h for h, _ in at]),
        sector=W.sector[old],
        flows=W.flows[np.ix_(old, old)] * part[:, None] * part[None, :],
        final=W.final[old][:, halves] * part[:, None] * share[None, :],
        stock_days=W.stock_days[:, old],
        criticality=W.criticality[:, old],
        kind=W.kind[:, old],
    )
    shock = cut(split, "TWN", "electronics", 0.6)
    fine = centre.run(split, shock).loss
    g = Grouping(np.array(halves), own(S))
    joined, fold = coarser(split, g)
    assert joined.flows == pytest.approx(W.flows)
    assert centre.run(joined, carried(shock, split, joined, g, fold)).loss == pytest.approx(fine, rel=1e-9)
    assert floor.run(joined, carried(shock, split, joined, g, fold)).loss == pytest.approx(
        floor.run(split, shock).loss, rel=1e-6, abs=1e-6
    )


def test_what_a_shock_tells_apart_stays_apart() -> None:
    stock = ExtraStock("s", np.array([W.sectors.index("metal")]), W.of(frozenset({"NLD"})), 5.0)
    shock = replace(cut(W, "TWN", "electronics"), stocks=(stock,))
    regional, sectoral = alike(W, [shock])
    alone = {W.regions[k] for k in range(R) if (regional == regional[k]).sum() == 1}
    assert {"TWN", "NLD"} <= alone
    assert (sectoral == sectoral[W.sectors.index("electronics")]).sum() == 1
    assert (sectoral == sectoral[W.sectors.index("metal")]).sum() == 1
    mixed = Grouping(np.zeros(R, np.int64), own(S))
    coarse, fold = coarser(W, mixed)
    with pytest.raises(InputError, match="tells apart"):
        carried(shock, W, coarse, mixed, fold)


def test_two_shocks_are_told_apart_together() -> None:
    a = replace(less(W, "NLD", W.sectors[0], 0.5), substitutes=(Substitute("x", 0, 1, W.of(None), 0.0),))
    regional, sectoral = alike(W, [a, Shock(10, restrictions=(ban(W, "TWN", W.sectors[2]),))])
    assert regional[W.regions.index("NLD")] != regional[W.regions.index("TWN")]
    assert len({sectoral[0], sectoral[1], sectoral[2]}) == 3


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9])
def test_groups_lie_within_classes_and_none_is_empty(keep: float) -> None:
    classes = np.array([0, 0, 1, 0, 2, 1, 1, 0])
    groups = drawn(classes, keep, np.random.default_rng(1))
    assert sorted(set(groups.tolist())) == list(range(groups.max() + 1))
    for g in set(groups.tolist()):
        assert len(set(classes[groups == g].tolist())) == 1
    count = sum(max(1, int(np.ceil(keep * (classes == c).sum()))) for c in set(classes.tolist()))
    assert groups.max() + 1 == count


TEXT = """\
schema: schakel.scenario/1
id: test
title: {en: test}
table: reference
time: {start: 2026-01-01, horizon: 120}
measures:
  - {id: m1, imposer: TWN, instrument: export_ban, products: ["sector:electronics"], to: world, intensity: 0.5, start: 3}
uncertainty: {seed: 3}
"""


def test_the_band_has_a_seed_and_names_what_was_kept_apart() -> None:
    s = scenario.parse(TEXT)
    a, b = (spread(s, groupings=3, given=random_world(5, REGIONS, SECTORS), threads=k) for k in (1, 2))
    assert a == b
    other = spread(s, groupings=3, given=random_world(5, REGIONS, SECTORS), seed=9)
    assert [g["loss"] for g in other["groupings"]] != [g["loss"] for g in a["groupings"]]
    lens = a["lenses"]["centre"]
    assert lens["coarse"]["lowest"] <= lens["coarse"]["median"] <= lens["coarse"]["highest"]
    assert lens["ratio"]["median"] == pytest.approx(lens["coarse"]["median"] / lens["loss"])
    assert "TWN" in a["kept_apart"]["regions"]
    assert a["receipt"]["result_sha256"]


def test_nothing_to_join_and_a_wrong_share_are_refused() -> None:
    s = scenario.parse(TEXT)
    with pytest.raises(InputError, match="keep lies between"):
        spread(s, keep=1.0, given=W)
    with pytest.raises(InputError, match="tells all regions and sectors"):
        spread(s, given=random_world(1, regions=("TWN", "NLD"), sectors=("electronics", "ore")))


def test_the_command(tmp_path) -> None:
    from schakel.cli.shock import shock

    path = tmp_path / "s.yaml"
    path.write_text(TEXT)
    done = CliRunner().invoke(
        shock,
        ["resolution", str(path), "--groupings", "2", "--lens", "floor", "--lang", "nl", "--format", "json"],
    )
    assert done.exit_code == 0, done.output
    assert '"band": "resolution"' in done.output or '"band":"resolution"' in done.output
    done = CliRunner().invoke(shock, ["resolution", str(path), "--groupings", "2", "--keep", "0.4"])
    assert done.exit_code == 0, done.output
    assert "centre" in done.output
