"""How much does the loss depend on how easily one input stands in for another?

A network of CES industries with fixed factors (Baqaee and Farhi 2019), in changes. For industry i with factor share al_i,
input shares Om_ij (al_i + sum_j Om_ij = 1), elasticity th in production and sg in consumption, consumption shares b_i and
factor supply L_i::

    p_i^(1-th) = al_i w_i^(1-th) + sum_j Om_ij p_j^(1-th)
    b'_i = b_i (p_i / P)^(1-sg),   P^(1-sg) = sum_i b_i p_i^(1-sg)
    Om'_ij = Om_ij (p_j / p_i)^(1-th),   al'_i = al_i (w_i / p_i)^(1-th)
    lam' = (I - Om'^T)^-1 b',   w_i = al'_i lam'_i / (La_i L_i)

with Domar weights lam and factor shares La_i = al_i lam_i of the baseline; nominal GDP is the numeraire, so real GDP is
1 / P. An elasticity of 1 is Cobb-Douglas, where GDP is the product of L_i^La_i exactly; the lower it is, the more a
shortage costs. Equations as recalled from the paper and checked against its limits, not read there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schakel.errors import InputError, MachineError
from schakel.shocks.world import F64, World

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Network:
    """Shares of the baseline: ``inputs`` (N, N) user by input, ``factors`` (N,), ``final`` (N,) summing to 1."""

    inputs: F64
    factors: F64
    final: F64

    @property
    def domar(self) -> F64:
        """Sales of each industry over GDP."""
        return np.asarray(np.linalg.solve(np.eye(len(self.final)) - self.inputs.T, self.final), np.float64)


def network(world: World) -> Network:
    """Return the shares of an inter-country table; industries that make nothing are left out of all of them."""
    x = world.output
    inputs = np.divide(world.flows.T, x[:, None], out=np.zeros_like(world.flows), where=x[:, None] > 0)
    factors = 1.0 - inputs.sum(axis=1)
    if (factors < -1e-9).any():
        worst = int(np.argmin(factors))
        raise InputError(
            f"inputs of {world.regions[world.region[worst]]} {world.sectors[world.sector[worst]]} exceed its output",
            where=f"table {world.name}",
            remedy="aggregate the table, so that every industry adds value",
        )
    final = world.final.sum(axis=1)
    return Network(inputs, np.maximum(factors, 0.0), final / final.sum())


def real_gdp(net: Network, supply: Sequence[float] | F64, theta: float, sigma: float = 1.0) -> float:
    """Return real GDP over baseline when the factor supply of each industry is multiplied by ``supply`` (above 0).

    Raises
    ------
    InputError
        If a supply or an elasticity is not above zero.
    MachineError
        If no balance is found.
    """
    level = np.asarray(supply, np.float64)
    if not (np.isfinite(level) & (level > 0)).all() or theta <= 0 or sigma <= 0:
        raise InputError("supplies and elasticities lie above zero", remedy="leave a trace of supply instead of none")
    from scipy.optimize import root

    n = len(net.final)
    share = net.factors * net.domar
    used = share > 0

    def state(log_wages: F64) -> tuple[float, F64]:
        wages = np.exp(np.clip(log_wages, -50.0, 50.0))
        prices = _prices(net, wages, theta)
        overall, demand = _consumption(net, prices, sigma)
        inputs = net.inputs * (prices[None, :] / prices[:, None]) ** (1 - theta)
        factors = net.factors * (wages / prices) ** (1 - theta)
        sales = np.linalg.solve(np.eye(n) - inputs.T, demand)
        wanted = np.where(used, factors * sales / np.where(used, share * level, 1.0), 1.0)
        return overall, np.where(used, np.log(np.maximum(wanted, 1e-300)) - log_wages, log_wages)

    found = root(lambda x: state(x)[1], np.zeros(n), method="hybr", options={"xtol": 1e-13})
    overall, excess = state(found.x)
    if np.abs(excess).max() > TOLERANCE:
        raise MachineError("no balance found", remedy="use a higher elasticity or a smaller loss")
    return 1.0 / overall


def _prices(net: Network, wages: F64, theta: float) -> F64:
    n = len(wages)
    if theta == 1.0:
        return np.asarray(np.exp(np.linalg.solve(np.eye(n) - net.inputs, net.factors * np.log(wages))), np.float64)
    power = np.linalg.solve(np.eye(n) - net.inputs, net.factors * wages ** (1 - theta))
    return np.asarray(power ** (1 / (1 - theta)), np.float64)


def _consumption(net: Network, prices: F64, sigma: float) -> tuple[float, F64]:
    if sigma == 1.0:
        return float(np.exp(net.final @ np.log(prices))), net.final
    power = net.final * prices ** (1 - sigma)
    overall = float(power.sum() ** (1 / (1 - sigma)))
    return overall, power / power.sum()
