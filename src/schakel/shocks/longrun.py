"""What does it cost in the long run, when trade has found other ways?

A quantitative trade model with input-output links in changes (Caliendo and Parro 2015; Dekle, Eaton and Kortum 2008).
Hats are new over old. For importer n, exporter i, sector j, k, with value added shares g_nj, input shares g_nkj, trade
shares pi_nij, consumption shares a_nj and trade elasticity th::

    c_nj = w_n^g_nj  prod_k P_nk^g_nkj
    P_nj = [ sum_i pi_nij (kappa_nij c_ij / A_ij)^-th ]^(-1/th)
    pi'_nij = pi_nij (kappa_nij c_ij / (A_ij P_nj))^-th
    X'_nj = sum_k g_njk sum_i pi'_ink X'_ik + a_nj I'_n

Wages clear the market for each country's labour. Deficits stay what they were as a share of world income, but shrink with a
country's trade: who can no longer sell abroad cannot lend abroad either. A restriction that cuts a share l enters as
kappa^-th = 1 - l, a loss of capacity as lower productivity A. Both are taken to last: no stock, no ramp, no time. The loss
is that of real income over the horizon.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from schakel.errors import MachineError
from schakel.shocks import threads
from schakel.shocks.lens import Behaviour, LensResult, Restriction, Shock, baseline
from schakel.shocks.world import F64, World

ELASTICITY = Behaviour.trade_elasticity  # of a scenario that gives none
MOST_CUT = 0.9999
TOLERANCE = 1e-11
GOOD_ENOUGH = 1e-9  # with nearly all trade gone, wages hardly move anything and rounding is all that is left


@dataclass(frozen=True)
class Model:
    """Shares of the baseline: R regions, S sectors.

    ``pi`` (S, R importer, R exporter), ``inputs`` (R, S of input, S of user), ``labour`` (R, S), ``final`` (R, S),
    ``wages`` (R,) and ``deficit`` (R,) in the table's unit; ``spending`` (R, S).
    """

    pi: F64
    inputs: F64
    labour: F64
    final: F64
    wages: F64
    deficit: F64
    spending: F64


def model(world: World) -> Model:
    """Return the shares of a table; its rows and columns are balanced by construction."""
    r_count, s_count = len(world.regions), len(world.sectors)
    region, sector = world.region, world.sector
    sold = np.zeros((s_count, r_count, r_count))  # sector, importer, exporter
    used = np.zeros((world.size, r_count))
    for n in range(r_count):
        used[:, n] = world.flows[:, region == n].sum(axis=1) + world.final[:, n]
    for n in range(r_count):
        np.add.at(sold[:, n, :], (sector, region), used[:, n])
    spending = sold.sum(axis=2).T
    pi = np.divide(sold, spending.T[:, :, None], out=np.zeros_like(sold), where=spending.T[:, :, None] > 0)
    output = sold.sum(axis=1).T  # exporter, sector
    inputs = np.zeros((r_count, s_count, s_count))
    np.add.at(inputs, (region[None, :], np.arange(s_count)[:, None], sector[None, :]), world.use)
    total = inputs.sum(axis=1)
    # Value added below nothing cannot be a wage: such an industry keeps its inputs in proportion and earns nothing.
    scale = np.maximum(output, total)
    inputs = np.divide(inputs, scale[:, None, :], out=np.zeros_like(inputs), where=scale[:, None, :] > 0)
    labour = np.where(scale > 0, 1.0 - inputs.sum(axis=1), 1.0)
    wages = (labour * output).sum(axis=1)
    by_final = np.zeros((r_count, s_count))
    for n in range(r_count):
        np.add.at(by_final[n], sector, world.final[:, n])
    by_final = (
        np.maximum(spending - np.einsum("nkj,nj->nk", inputs, output), 0.0) if (output < total).any() else by_final
    )
    income = by_final.sum(axis=1)
    share = np.divide(by_final, income[:, None], out=np.full_like(by_final, 1 / s_count), where=income[:, None] > 0)
    return Model(pi, inputs, labour, share, wages, income - wages, spending)


@dataclass(frozen=True)
class Change:
    """Hats of a new balance: wages (R,), prices (R, S), consumer prices (R,), real income (R,), output value (R, S)."""

    wages: F64
    prices: F64
    consumer: F64
    real_income: F64
    output: F64
    pi: F64
    rounds: int
    residual: float


def solve(
    m: Model, kappa: F64, productivity: F64, elasticity: float = ELASTICITY, tolerance: float = TOLERANCE
) -> Change:
    """Return the balance under new trade costs ``kappa`` (S, R importer, R exporter) and productivity (R, S).

    Raises
    ------
    MachineError
        If no balance is found.
    """
    world_income = m.wages.sum()
    prices = np.zeros_like(m.final)  # logs, kept between rounds
    last: dict[str, F64] = {}

    def excess(log_w: F64) -> F64:
        nonlocal prices
        prices, cost = _prices(m, log_w, kappa, productivity, elasticity, prices)
        pi = _shares(m, cost, prices, kappa, productivity, elasticity)
        wages = m.wages * np.exp(log_w)
        wages = wages * world_income / wages.sum()
        deficit = _deficits(m, pi)
        spending = _spending(m, pi, wages + deficit)
        output = np.einsum("jni,nj->ij", pi, spending)
        earned = (m.labour * output).sum(axis=1)
        last.update(pi=pi, output=output, wages=wages, deficit=deficit)
        alive = m.wages > 0
        return np.where(alive, np.log(np.where(alive, earned, 1.0)) - np.log(np.where(alive, wages, 1.0)), 0.0)

    log_w, rounds, residual = anderson(excess, np.zeros(len(m.wages)), tolerance)
    wages_hat = np.exp(log_w)
    scale = world_income / (m.wages * wages_hat).sum()
    wages_hat = wages_hat * scale
    hats = np.exp(prices) * scale
    consumer = np.exp((m.final * np.log(hats)).sum(axis=1))
    before = m.wages + m.deficit
    after = last["wages"] + last["deficit"]
    income = np.divide(after, before, out=np.ones_like(after), where=before > 0)
    return Change(wages_hat, hats, consumer, income / consumer, last["output"], last["pi"], rounds, residual)


def _prices(m: Model, log_w: F64, kappa: F64, productivity: F64, th: float, start: F64) -> tuple[F64, F64]:
    """Return log prices and log costs at given wages (a contraction: inputs are less than all of cost)."""
    log_p = start
    fixed = m.labour * log_w[:, None]
    weight = m.pi * kappa**-th
    for _ in range(2000):
        cost = fixed + np.einsum("nkj,nk->nj", m.inputs, log_p)
        terms = weight * np.exp(-th * (cost - np.log(productivity))).T[:, None, :]
        total = terms.sum(axis=2).T
        new = np.where(total > 0, np.log(np.where(total > 0, total, 1.0)) / -th, log_p)
        step = float(np.abs(new - log_p).max())
        log_p = new
        if step < 1e-13:
            break
    return log_p, fixed + np.einsum("nkj,nk->nj", m.inputs, log_p)


def _shares(m: Model, cost: F64, log_p: F64, kappa: F64, productivity: F64, th: float) -> F64:
    hats = np.exp(-th * ((cost - np.log(productivity)).T[:, None, :] - log_p.T[:, :, None]))
    return np.asarray(m.pi * kappa**-th * hats, np.float64)


def _deficits(m: Model, pi: F64) -> F64:
    """Return deficits that shrink with exports or imports, whichever shrinks more at baseline spending; they sum to zero."""

    def trade(shares: F64) -> tuple[F64, F64]:
        value = np.einsum("jni,nj->ni", shares, m.spending)
        value[np.diag_indices_from(value)] = 0.0
        return value.sum(axis=0), value.sum(axis=1)

    left = np.ones(len(m.deficit))
    for after, before in zip(trade(pi), trade(m.pi), strict=True):
        left = np.minimum(left, np.divide(after, before, out=np.ones_like(after), where=before > 0))
    out = m.deficit * left
    lent, owed = -out[out < 0].sum(), out[out > 0].sum()
    most = min(lent, owed)
    scale = np.where(out < 0, most / lent if lent > 0 else 0.0, most / owed if owed > 0 else 0.0)
    return np.asarray(np.where((left == 1.0).all(), m.deficit, out * scale), np.float64)


def _spending(m: Model, pi: F64, income: F64) -> F64:
    """Return what each region spends on each sector: final use plus inputs of what it makes."""
    from scipy.sparse.linalg import LinearOperator, bicgstab

    base = m.final * income[:, None]
    shape = base.shape

    def less_inputs(flat: F64) -> F64:
        x = flat.reshape(shape)
        output = np.einsum("jni,nj->ij", pi, x)
        return np.asarray(x - np.einsum("nkj,nj->nk", m.inputs, output), np.float64).ravel()

    operator = LinearOperator((base.size, base.size), matvec=less_inputs, dtype=np.float64)
    solution, failed = bicgstab(operator, base.ravel(), x0=m.spending.ravel(), rtol=1e-13, atol=0.0, maxiter=500)
    if failed:
        solution = base.ravel()
        for _ in range(10_000):
            new = base.ravel() + solution - less_inputs(solution)
            if np.abs(new - solution).max() <= 1e-13 * np.abs(new).max():
                break
            solution = new
    return np.asarray(solution.reshape(shape), np.float64)


def anderson(
    excess: Callable[[F64], F64], start: F64, tolerance: float, memory: int = 8, most: int = 500
) -> tuple[F64, int, float]:
    """Find x with excess(x) = 0 by Anderson acceleration of x + 0.5 excess(x) (Walker and Ni 2011).

    Returns
    -------
    x, rounds, largest residual

    Raises
    ------
    MachineError
        If the residual does not fall below the tolerance, nor stays below GOOD_ENOUGH where rounding stops it.
    """
    x = start.copy()
    f = excess(x)
    xs, fs = [x], [f]
    best, at = np.inf, 0
    for k in range(most):
        threads.breathe()
        residual = float(np.abs(f).max())
        if residual < 0.5 * best:
            best, at = residual, k
        if residual < tolerance or (residual < GOOD_ENOUGH and k - at > 30):
            return x, k, residual
        damping = 0.5
        if len(fs) > 1:
            d_f = np.array([fs[i + 1] - fs[i] for i in range(len(fs) - 1)]).T
            d_x = np.array([xs[i + 1] - xs[i] for i in range(len(xs) - 1)]).T
            weights, *_ = np.linalg.lstsq(d_f, f, rcond=1e-12)
            x = x + damping * f - (d_x + damping * d_f) @ weights
        else:
            x = x + damping * f
        x = np.clip(x, np.maximum(xs[-1] - 1.0, -20.0), np.minimum(xs[-1] + 1.0, 20.0))
        f = excess(x)
        xs, fs = [*xs[-memory:], x], [*fs[-memory:], f]
    raise MachineError(
        f"no balance found in {most} rounds; the residual is {float(np.abs(f).max()):.2g}",
        remedy="cut less than everything, or use a lower trade elasticity",
    )


def _open(cut: Restriction) -> float:
    """Return the share of the ways round that is open when every barrier lasts."""
    if not cut.routes:
        return 1.0
    return float(np.mean([np.prod([1 - b.share for b in route]) for route in cut.routes]))


def shifts(world: World, shock: Shock, elasticity: float) -> tuple[F64, F64]:
    """Return kappa (S, R, R) and productivity (R, S) of a shock, its measures taken to last.

    Measures that hold at the same time add up; of those that follow each other the worst moment of each delivery lasts.
    """
    r_count, s_count = len(world.regions), len(world.sectors)
    used = np.zeros((world.size, r_count))
    for n in range(r_count):
        used[:, n] = world.flows[:, world.region == n].sum(axis=1) + world.final[:, n]
    left, productivity = np.ones((s_count, r_count, r_count)), np.ones((r_count, s_count))
    cuts = [(c, _kept(world, c, used, elasticity)) for c in shock.restrictions]
    spans = {(x.start, x.end) for x in shock.restrictions} | {(x.start, x.end) for x in shock.losses}
    for day in sorted({start for start, end in spans if start < min(end, shock.horizon)}):
        here, able = np.ones_like(left), np.ones_like(productivity)
        for cut, kept in cuts:
            if cut.start <= day < cut.end:
                here *= kept
        for loss in shock.losses:
            if loss.start <= day < loss.end:
                for i in np.flatnonzero(loss.industries):
                    able[world.region[i], world.sector[i]] *= 1 - min(MOST_CUT, loss.share)
        left, productivity = np.minimum(left, here), np.minimum(productivity, able)
    return left ** (-1.0 / elasticity), productivity


def _kept(world: World, cut: Restriction, used: F64, elasticity: float) -> F64:
    """Return what a restriction leaves of trade when it lasts, (S, R, R): by product, buyer and maker."""
    # what leaks is bought at its higher price, as far as the ways round stay open for good
    leaked = cut.leakage * _open(cut) * (1 + cut.leak_markup) ** -elasticity
    share = cut.intensity * (1 - cut.licence_share) * (1 - leaked)
    hit = np.zeros_like(used)
    for n in range(len(world.regions)):
        mine = world.flows[:, (world.region == n) & cut.users].sum(axis=1)
        hit[:, n] = mine + (world.final[:, n] if cut.final_users[n] else 0.0)
    part = np.divide(hit, used, out=np.zeros_like(hit), where=used > 0)
    out = np.ones((len(world.sectors), len(world.regions), len(world.regions)))
    for i in np.flatnonzero(cut.suppliers):
        out[world.sector[i], :, world.region[i]] *= 1 - np.minimum(MOST_CUT, share * part[i])
    return out


def run(world: World, shock: Shock, *, elasticity: float | None = None) -> LensResult:
    """Return the loss of real income over the horizon if the measures last, at the shock's own elasticity of trade or another."""
    if shock.quiet:
        return baseline("long_run", world, shock)
    elasticity = shock.behaviour.trade_elasticity if elasticity is None else elasticity
    kappa, productivity = shifts(world, shock, elasticity)
    if (kappa == 1.0).all() and (productivity == 1.0).all():
        return baseline("long_run", world, shock)
    m = model(world)
    change = solve(m, kappa, productivity, elasticity)
    years = shock.horizon / 365.0
    earned = m.labour[world.region, world.sector] * change.output[world.region, world.sector]
    real = earned / change.consumer[world.region]
    before = m.labour[world.region, world.sector] * world.output
    by_industry = (before - real) * years
    income = m.wages + m.deficit
    by_region = (1 - change.real_income) * income * years
    return LensResult(
        "long_run",
        float(by_region.sum()),
        by_industry,
        np.empty((0, world.size)),
        None,
        np.zeros(world.size),
        {
            "real_income": dict(zip(world.regions, change.real_income.tolist(), strict=True)),
            "elasticity": elasticity,
            "rounds": change.rounds,
            "residual": change.residual,
        },
    )
