"""How fast missing maintenance and permissions are felt: is it said by the scenario, and drawn?"""

from dataclasses import replace

import numpy as np
import pytest

from schakel.errors import InputError
from schakel.shocks import centre, scenario
from schakel.shocks.build import shock
from schakel.shocks.draws import draw
from schakel.shocks.lens import Behaviour, Shock
from schakel.shocks.lenses import places
from schakel.shocks.stocks import Slow
from schakel.shocks.world import CAPITAL, PERMISSION, World
from shocks_sample import ban, table
from shocks_small import random_world

TEXT = """\
schema: schakel.scenario/1
id: test
title: {en: Test}
time: {start: 2025-10-01, horizon: 60}
measures: [{id: m1, imposer: TWN, instrument: export_ban, products: ["sector:electronics"], to: world, start: 3}]
behaviour: {capital_decay: {dist: uniform, low: 0.1, high: 0.4}, permission_fade: 12, forecast_days: 20}
uncertainty: {draws: 4}
"""


def slow_world() -> World:
    w = table(4, 4, stock_days=5.0)
    kind = w.kind.copy()
    kind[0], kind[1] = CAPITAL, PERMISSION
    return replace(w, kind=kind)


def test_a_scenario_says_how_slow_and_draws_differ() -> None:
    s, w = scenario.parse(TEXT), random_world(regions=("NLD", "TWN", "USA", "ROW"))
    drawn = draw(s)
    found = [shock(s, w, places(w), drawn.of(k)).shock.behaviour for k in range(4)]
    assert {(b.permission_fade, b.forecast_days) for b in found} == {(12, 20)}
    decay = [b.capital_decay for b in found]
    assert len(set(decay)) == 4
    assert 0.1 <= min(decay) < max(decay) <= 0.4


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{dist: uniform, low: 0.1, high: 0.4}", "1.5"),
        ("permission_fade: 12", "permission_fade: 0"),
        ("forecast_days: 20", "forecast_days: -3"),
    ],
)
def test_impossible_speeds_are_errors(old: str, new: str) -> None:
    with pytest.raises(InputError) as info:
        scenario.parse(TEXT.replace(old, new))
    assert (new.split(":")[0] if ":" in new else "capital_decay") in str(info.value.where)


def test_draws_of_one_block_are_each_as_slow_as_they_say() -> None:
    w = slow_world()
    rules = [
        Behaviour(capital_decay=d, permission_fade=p, forecast_days=f)
        for d, p, f in ((0.1, 60, 30), (0.6, 5, 10), (0, 30, 90))
    ]
    both = replace(ban(w, 0, 0, 1.0, 2, 200), suppliers=w.sector <= 1)
    shocks = [Shock(200, restrictions=(both,), behaviour=b) for b in rules]
    together = centre.run_many(w, shocks, threads_=1)
    for one, b, answer in zip(shocks, rules, together, strict=True):
        apart = centre.run_many(
            w, [replace(one, behaviour=Behaviour())], slow=Slow(b.capital_decay, b.permission_fade, b.forecast_days)
        )[0]
        assert np.abs(answer.path - apart.path).max() < 1e-12
        assert answer.values["growth_per_step"] == pytest.approx(apart.values["growth_per_step"], abs=1e-12)
    losses = [answer.loss for answer in together]
    assert losses[1] > losses[0]
    assert len(set(losses)) == 3
