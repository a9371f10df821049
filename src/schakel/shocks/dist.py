"""Which values can an uncertain number take?

A number in a scenario is a point or a distribution; every distribution has a point to fall back on: its own ``point``, or
its median.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
PARAMETERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "uniform": (("low", "high"),),
    "triangular": (("low", "mode", "high"),),
    "normal": (("mean", "sd"),),
    "lognormal": (("median", "p90"), ("median", "sigma")),
    "beta": (("a", "b"),),
}
_P90 = NormalDist().inv_cdf(0.9)


@dataclass(frozen=True)
class Number:
    """A point, or a distribution with its parameters and bounds.

    Attributes
    ----------
    kind
        Empty for a point.
    low, high
        What the quantity can be at all; draws are cut there.
    """

    point: float
    kind: str = ""
    parameters: tuple[tuple[str, float], ...] = ()
    low: float = -np.inf
    high: float = np.inf

    @property
    def uncertain(self) -> bool:
        """Return True when draws differ."""
        return bool(self.kind)

    def at(self, u: F64 | float) -> F64:
        """Return the quantile at probabilities ``u`` in (0, 1), cut to the bounds."""
        u = np.asarray(u, np.float64)
        if not self.kind:
            return np.full(u.shape, self.point)
        return np.clip(quantile(self.kind, dict(self.parameters), u), self.low, self.high)


def quantile(kind: str, p: Mapping[str, float], u: F64) -> F64:
    """Return the inverse of a distribution function."""
    from scipy import special

    if kind == "uniform":
        return np.asarray(p["low"] + u * (p["high"] - p["low"]))
    if kind == "triangular":
        low, mode, high = p["low"], p["mode"], p["high"]
        width = high - low
        if width == 0:
            return np.full(u.shape, low)
        cut = (mode - low) / width
        left = low + np.sqrt(u * width * (mode - low))
        right = high - np.sqrt((1 - u) * width * (high - mode))
        return np.where(u < cut, left, right)
    if kind == "normal":
        return np.asarray(p["mean"] + p["sd"] * special.ndtri(u))
    if kind == "lognormal":
        sigma = p["sigma"] if "sigma" in p else np.log(p["p90"] / p["median"]) / _P90
        return np.asarray(p["median"] * np.exp(sigma * special.ndtri(u)))
    return np.asarray(special.betaincinv(p["a"], p["b"], u))


def number(value: Any, low: float, high: float) -> Number:
    """Build a Number from what a scenario says.

    Raises
    ------
    ValueError
        With one sentence, when parameters are missing, unknown or do not agree, or the point lies out of bounds.
    """
    if not isinstance(value, Mapping):
        point = _plain(value)
        _inside(point, low, high)
        return Number(point, low=low, high=high)
    kind = value.get("dist")
    if kind not in PARAMETERS:
        raise ValueError(f"{kind!r} is no distribution; use {', '.join(PARAMETERS)}")
    given = {k: v for k, v in value.items() if k not in ("dist", "point")}
    if not any(set(given) == set(names) for names in PARAMETERS[kind]):
        wanted = " or ".join(" and ".join(n) for n in PARAMETERS[kind])
        raise ValueError(f"a {kind} distribution needs {wanted}, not {', '.join(given) or 'nothing'}")
    p = {k: _plain(v) for k, v in given.items()}
    if kind == "uniform" and p["low"] > p["high"]:
        raise ValueError(f"low {p['low']:g} lies above high {p['high']:g}")
    if kind == "triangular" and not p["low"] <= p["mode"] <= p["high"]:
        raise ValueError("a triangle needs low <= mode <= high")
    if kind == "normal" and p["sd"] < 0:
        raise ValueError("a standard deviation is not negative")
    if kind == "lognormal" and (p["median"] <= 0 or p.get("sigma", 0) < 0 or p.get("p90", np.inf) < p["median"]):
        raise ValueError("a lognormal needs a median above 0, a p90 not below it, a sigma not below 0")
    if kind == "beta" and (p["a"] <= 0 or p["b"] <= 0):
        raise ValueError("a beta distribution needs a and b above 0")
    for bound in ("low", "mode", "high", "median", "mean"):
        if bound in p:
            _inside(p[bound], low, high)
    point = _plain(value["point"]) if value.get("point") is not None else float(quantile(kind, p, np.asarray(0.5)))
    _inside(point, low, high)
    return Number(point, kind, tuple(sorted(p.items())), low, high)


def _plain(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{value!r} is no number")
    return float(value)


def _inside(value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        bounds = f"between {low:g} and {high:g}" if np.isfinite(high) else f"at least {low:g}"
        raise ValueError(f"{value:g} is out of bounds; it must be {bounds}")
