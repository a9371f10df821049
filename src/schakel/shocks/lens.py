"""What does every lens get, and what does every lens answer?

A scenario is turned into a Shock: restrictions on deliveries and on capacity in time, and what stands against them, all
as plain numbers on the industries of one World and for one draw of the uncertain parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from schakel.shocks.world import F64, World

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Barrier:
    """What stands on a way round: ``share`` of it is stopped from ``start`` to ``end``, coming in over ``phase_in`` days."""

    share: float
    start: float
    end: float
    phase_in: float = 0.0


@dataclass(frozen=True)
class Restriction:
    """Deliveries from some industries to some users are cut.

    Attributes
    ----------
    suppliers, users
        Which industries deliver and which receive, shape (N,); ``final_users`` which regions' final users, shape (R,).
    intensity
        Share cut, 0 to 1, after approved licences; what leaks is delivered ``leak_delay`` days later.
    start, end
        First day, and first day after the last, counted from 0.
    phase_in
        Days over which the cut grows from nothing, 0 for at once.
    leak_markup
        What leaks costs this share more; its users pay, and that counts as their loss.
    routes
        The third countries by way of which it leaks, an equal part each, with what stands in the way there; empty when no
        way is named, and then nothing stops a leak.
    """

    id: str
    suppliers: Bools
    users: Bools
    final_users: Bools
    intensity: float
    start: float
    end: float
    phase_in: float = 0.0
    leakage: float = 0.0
    leak_delay: float = 0.0
    licence_share: float = 0.0
    licence_delay: float = 0.0
    leak_markup: float = 0.0
    routes: tuple[tuple[Barrier, ...], ...] = ()


@dataclass(frozen=True)
class CapacityLoss:
    """Some industries can make less: ``share`` of capacity is gone from ``start`` to ``end``, then returns over ``recovery`` days."""

    id: str
    industries: Bools
    share: float
    start: float
    end: float
    recovery: float = 0.0


@dataclass(frozen=True)
class SecondSource:
    """Extra capacity of ``capacity`` x baseline output of ``industries`` that comes up after ``start`` days as 1 - exp(-t/ramp)."""

    id: str
    industries: Bools
    capacity: float
    start: float
    ramp: float = 30.0


@dataclass(frozen=True)
class ExtraStock:
    """Users hold ``days`` more of a product at the start."""

    id: str
    sectors: npt.NDArray[np.int64]
    users: Bools
    days: float


@dataclass(frozen=True)
class Substitute:
    """From ``start`` on, users can fill a shortage of one product with another, at ``efficiency`` units for a unit."""

    id: str
    lacking: int
    instead: int
    users: Bools
    start: float
    efficiency: float = 1.0


@dataclass(frozen=True)
class Together:
    """Users buy some products together: what they get of one is shared out by what each ordered."""

    id: str
    sectors: npt.NDArray[np.int64]
    users: Bools
    final_users: Bools


@dataclass(frozen=True)
class Behaviour:
    """How the economy reacts; the defaults are the corrected rules, the plain ARIO rule is ``production="ario", reorder="actual"``."""

    production: str = "feasible_flow"  # feasible_flow | ario
    reorder: str = "desired"  # desired | actual
    allocation: str = "proportional"  # proportional | priority
    reroute_share: float = 1.0  # share of unfilled orders that may go to other origins
    reroute_ramp: float = 30.0  # days
    restore_days: float = 60.0  # tau, days over which stocks are filled again
    psi: float = 0.8  # plain ARIO: the share of the stock target below which production suffers
    overcapacity: float = 1.0  # alpha_max, ceiling of capacity over baseline
    overcapacity_days: float = 365.0  # tau_alpha
    panic: float = 0.0
    order_shares: str = "baseline"  # baseline | capacity: suppliers weighted by the capacity they have left
    capital_decay: float = 0.15  # share of capacity lost in a year in which no maintenance of a kind is to be had
    permission_fade: float = 30.0  # days over which a permission fades to 1/e once its days of grace are over
    forecast_days: float = 30.0  # days over which users smooth what they expect to make
    trade_elasticity: float = 2.0  # of the long run; recalled, not read (see docs)


@dataclass(frozen=True)
class Shock:
    """Everything that happens in one draw, in days from the start of the run."""

    horizon: int
    step: int = 1
    restrictions: tuple[Restriction, ...] = ()
    losses: tuple[CapacityLoss, ...] = ()
    second_sources: tuple[SecondSource, ...] = ()
    stocks: tuple[ExtraStock, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    priority: Bools | None = None  # industries and their suppliers served first
    behaviour: Behaviour = field(default_factory=Behaviour)
    together: tuple[Together, ...] = ()

    @property
    def quiet(self) -> bool:
        """Return True when nothing happens: every lens must then give the baseline exactly."""
        return not self.restrictions and not self.losses


@dataclass(frozen=True)
class LensResult:
    """What one lens says of one draw.

    Attributes
    ----------
    loss
        Value added lost over the horizon, in the world's unit.
    loss_by_industry
        The same by industry, shape (N,).
    path
        Output of each step over baseline output, by industry: shape (T, N); empty for lenses without time.
    first_stop_day
        First day on which an industry that made something falls under 5 % of its baseline; None when none does. Makers
        that a measure itself names do not count: that they sell less is the measure, not its effect.
    unmet_final
        Final use not served over the horizon, by product and region, shape (N,) by the industry that would have delivered.
    values
        What else the lens knows (duals, welfare, iterations), JSON-ready.
    """

    lens: str
    loss: float
    loss_by_industry: F64
    path: F64
    first_stop_day: float | None
    unmet_final: F64
    values: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def baseline(lens: str, world: World, shock: Shock) -> LensResult:
    """Return the result of a world in which nothing happens: zeros, exactly."""
    steps = -(-shock.horizon // shock.step)
    return LensResult(lens, 0.0, np.zeros(world.size), np.ones((steps, world.size)), None, np.zeros(world.size))
