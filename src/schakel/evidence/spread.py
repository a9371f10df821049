"""Which values can an uncertain number take?

A number is a point or a distribution; every distribution has a point to fall back on: its own ``point``, or its median.
Files of one's own write it in one cell, in the words of the scenario file::

    30
    uniform(low=20; high=40)
    triangular(low=10; mode=20; high=40)
    lognormal(median=20; p90=60)
    weights(critical=0.7; important=0.3)      a class instead of a number
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
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
ROUNDING = 0.001  # weights written as 0.333 sum to a little less than 1
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

    def __str__(self) -> str:
        """Write it as one cell; `parse` reads it back to the same number."""
        if not self.kind:
            return _figure(self.point)
        given = dict(self.parameters)
        names = next(n for n in PARAMETERS[self.kind] if set(n) == set(given))
        parts = [f"{k}={_figure(given[k])}" for k in names]
        if self.point != _median(self.kind, given):
            parts.append(f"point={_figure(self.point)}")
        return f"{self.kind}({'; '.join(parts)})"


@dataclass(frozen=True)
class Weights:
    """Classes with the weight of each, the most severe first; the central one has the largest weight."""

    parts: tuple[tuple[str, float], ...]

    @property
    def central(self) -> str:
        """The class with the largest weight; of equals the most severe."""
        return max(self.parts, key=lambda p: p[1])[0]

    def at(self, u: float) -> str:
        """Return the class at a probability in (0, 1)."""
        at, whole = 0.0, math.fsum(w for _, w in self.parts)
        for name, weight in self.parts:
            at += weight / whole
            if u < at:
                return name
        return self.parts[-1][0]

    def __str__(self) -> str:
        """Write it as one cell; `parse_weights` reads it back."""
        return f"weights({'; '.join(f'{k}={_figure(w)}' for k, w in self.parts)})"


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
        with np.errstate(over="ignore"):  # draws are cut at the bounds
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
    point = _plain(value["point"]) if value.get("point") is not None else _median(kind, p)
    _inside(point, low, high)
    return Number(point, kind, tuple(sorted(p.items())), low, high)


def parse(text: str, low: float, high: float) -> Number:
    """Read a number or a distribution from one cell.

    Raises
    ------
    ValueError
        With one sentence, when it is neither.
    """
    if "(" not in text:
        return number(_read(text), low, high)
    kind, given = _call(text)
    return number({**given, "dist": kind}, low, high)


def parse_weights(text: str, allowed: Sequence[str]) -> Weights:
    """Read weighted classes from one cell: each class once, weights above 0 that sum to 1.

    Raises
    ------
    ValueError
        With one sentence.
    """
    kind, given = _call(text)
    if kind != "weights":
        raise ValueError(f"{kind!r} is no distribution of classes; use weights")
    for name, weight in given.items():
        if name not in allowed:
            raise ValueError(f"{name!r} is no class; use {', '.join(allowed)}")
        if weight <= 0:
            raise ValueError(f"the weight of {name} must lie above 0")
    whole = math.fsum(given.values())
    if abs(whole - 1.0) > ROUNDING:
        raise ValueError(f"the weights sum to {whole:g}, not to 1")
    return Weights(tuple((name, given[name]) for name in allowed if name in given))


def _call(text: str) -> tuple[str, dict[str, float]]:
    found = re.fullmatch(r"\s*([A-Za-z_]+)\s*\(([^()]*)\)\s*", text)
    if not found:
        raise ValueError(f"{text!r} is no distribution; write it as uniform(low=20; high=40)")
    given: dict[str, float] = {}
    for part in found[2].split(";") if found[2].strip() else ():
        name, sign, value = (x.strip() for x in part.partition("="))
        if not sign or not name:
            raise ValueError(f"{part.strip()!r} is no name=value; write ; between them")
        if name in given:
            raise ValueError(f"{name} stands here twice")
        given[name] = _read(value)
    return found[1], given


def _read(text: str) -> float:
    try:
        value = math.nan if "_" in text else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{text.strip()!r} is no number")
    return value


def _figure(value: float) -> str:
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def _median(kind: str, p: Mapping[str, float]) -> float:
    return float(quantile(kind, p, np.asarray(0.5)))


def _plain(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{value!r} is no number")
    return float(value)


def _inside(value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        bounds = f"between {low:g} and {high:g}" if np.isfinite(high) else f"at least {low:g}"
        raise ValueError(f"{value:g} is out of bounds; it must be {bounds}")
