"""How far can a result move when goods that only pass through, or cells kept secret, are taken out or given back?

Re-exports. Imports that are re-exported are not a dependence, but the declared figures hold them. Which origins they came from is not declared. Taking the same
part off every origin leaves shares and concentration as they are; taking them off particular origins does not. The bounds here are over every way to take the
re-exported amount off the origins (and, when the amount itself is not declared, over every amount from nothing to the smaller of imports and exports).

Secret cells. A secret amount lowers concentration most when spread thinly over many suppliers and raises it most when all of it is the largest supplier's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Interval:
    """A closed range; `high` None means unbounded, both None means undefined, or endless in every way when `infinite`."""

    low: Fraction | None
    high: Fraction | None
    infinite: bool = False

    def as_list(self) -> list[float | None]:
        """Return the ends as floats."""
        return [None if self.low is None else float(self.low), None if self.high is None else float(self.high)]


def hhi(values: Sequence[int | Fraction]) -> Fraction | None:
    """Return the Herfindahl-Hirschman index of values, None when they sum to zero."""
    total = sum(values)
    return Fraction(sum(Fraction(v) * v for v in values)) / (Fraction(total) ** 2) if total else None


def remove_from_smallest(values: Sequence[int], amount: int) -> list[Fraction]:
    """Take `amount` off the smallest values first: the most concentrated rest."""
    rest, left = [], Fraction(amount)
    for v in sorted(values):
        taken = min(left, Fraction(v))
        left -= taken
        rest.append(v - taken)
    return rest


def remove_from_largest(values: Sequence[int], amount: int) -> list[Fraction]:
    """Level the largest values down until `amount` is gone: the least concentrated rest."""
    ordered = sorted((Fraction(v) for v in values), reverse=True)
    left = Fraction(amount)
    for n in range(1, len(ordered) + 1):
        floor = ordered[n] if n < len(ordered) else Fraction(0)
        room = sum(ordered[:n]) - n * floor
        if left <= room:
            level = (sum(ordered[:n]) - left) / n
            return [level] * n + ordered[n:]
    return [Fraction(0)] * len(ordered)


def hhi_bounds(values: Sequence[int], least: int, most: int) -> Interval:
    """Return the range of the HHI when between `least` and `most` is taken off the suppliers in any way.

    Both ends lie at `most` unless that takes everything: taking more off the smallest concentrates further, taking more off the largest levels further.
    """
    total = sum(values)
    if total == 0:
        return Interval(None, None)
    most = min(most, total)
    if most == total:
        return Interval(_floor(values), Fraction(1))
    return Interval(hhi(remove_from_largest(values, most)), hhi(remove_from_smallest(values, most)))


def _floor(values: Sequence[int]) -> Fraction:
    """With everything but a trace removed, every supplier can be left with the same trace."""
    return Fraction(1, sum(1 for v in values if v))


def top_share_bounds(values: Sequence[int], most: int) -> Interval:
    """Return the range of the largest remaining share when up to `most` is taken off in any way."""
    total = sum(values)
    if total == 0:
        return Interval(None, None)
    if most >= total:
        return Interval(_floor(values), Fraction(1))
    low = remove_from_largest(values, most)
    high = remove_from_smallest(values, most)
    return Interval(max(low) / sum(low), max(high) / sum(high))


@dataclass(frozen=True)
class Trade:
    """One product of one reporter, in units: imports by outside and by inside supplier, exports, and re-exports when declared."""

    outside: tuple[int, ...]
    inside: tuple[int, ...]
    exports: int
    re_exports: int | None


def re_export_bounds(trade: Trade) -> dict[str, Interval]:
    """Return the range of each criterion under every way to leave re-exported imports out.

    The ranges hold criterion by criterion; two ends of different criteria need not be reached together. World criteria are as declared, because the
    re-exports of others are not known.
    """
    ext, intra = sum(trade.outside), sum(trade.inside)
    total = ext + intra
    top = min(total, trade.exports)
    least, most = (0, top) if trade.re_exports is None else (min(trade.re_exports, top), min(trade.re_exports, top))
    amounts = sorted({least, most, *(a for a in (ext, intra) if least <= a <= most)})
    shares: list[Fraction] = []
    extra: list[Fraction | None] = []
    every: list[Fraction | None] = []
    for r in amounts:
        for off in (max(0, r - intra), min(r, ext)):
            if total > r:
                shares.append(Fraction(ext - off, total - r))
            if ext - off or trade.exports - r:
                extra.append(Fraction(ext - off, trade.exports - r) if trade.exports > r else None)
        if total - r or trade.exports - r:
            every.append(Fraction(total - r, trade.exports - r) if trade.exports > r else None)
    most_ext = min(most, ext)
    return {
        "extra_bloc_hhi": hhi_bounds(trade.outside, max(0, least - intra), most_ext),
        "partner_hhi": hhi_bounds((*trade.outside, *trade.inside), least, most),
        "extra_bloc_import_share": Interval(min(shares), max(shares)) if shares else Interval(None, None),
        "import_export_ratio:extra": _range(extra),
        "import_export_ratio:all": _range(every),
        "top_supplier_share:extra": top_share_bounds(trade.outside, most_ext),
        "top_supplier_share:all": top_share_bounds((*trade.outside, *trade.inside), most),
        "import_value": Interval(Fraction(total - most), Fraction(total - least)),
    }


def _range(values: Sequence[Fraction | None]) -> Interval:
    finite = [v for v in values if v is not None]
    if not finite:
        return Interval(None, None, infinite=bool(values))
    return Interval(min(finite), None if len(finite) < len(values) else max(finite))


def secret_bounds(values: Sequence[int], secret: int) -> Interval:
    """Return the range of the HHI when `secret` imports have no named supplier: spread thinly, or all the largest supplier's."""
    total = sum(values) + secret
    if total == 0:
        return Interval(None, None)
    if not values:
        return Interval(Fraction(0), Fraction(1))
    squares = sum(v * v for v in values)
    largest = max(values)
    return Interval(Fraction(squares, total**2), Fraction(squares - largest**2 + (largest + secret) ** 2, total**2))
