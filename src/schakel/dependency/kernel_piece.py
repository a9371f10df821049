"""What are the building blocks of some whole products, from their rows sorted by product, importer and exporter?

Few passes over the rows: reductions over the rows of an importer where order helps, tables of products x countries elsewhere. All sums of values and of
centrality terms are whole numbers below 2**53, so doubles hold them exactly in any order; squares are summed modulo 2**64 and completed by a float.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from schakel.dependency.indicators import CENTRALITY_UNIT
from schakel.dependency.wide import F64, I64, Wide, from_low_and_float

Ints = npt.NDArray[Any]
Cells = dict[str, Any]
_BITS = 10  # a value below 2**53 and an exporter share one positive int64
_LAST = (1 << _BITS) - 1
MOST_COUNTRIES = _LAST


@dataclass(frozen=True)
class Chunk:
    """Rows of whole products, sorted by product, importer, exporter; values below 2**53."""

    product: Ints
    importer: Ints
    exporter: Ints
    value: I64
    re_export: I64 | None


@dataclass(frozen=True)
class _Groups:
    """The (product, importer) groups of a chunk, shape (g,): first row, rows, product and importer by position, and whether the importer is inside."""

    starts: Ints
    counts: I64
    local: I64
    importer: Ints
    inside: npt.NDArray[np.bool_]
    n_products: int
    width: int

    @property
    def cell(self) -> I64:
        """Position in a flat products x countries table."""
        out: I64 = self.local * self.width + self.importer
        return out

    def spread(self, values: Any) -> Any:
        """Give each row the value of its group."""
        return np.repeat(values, self.counts)


@dataclass(frozen=True)
class _FromBloc:
    """What each group buys from members, shape (g,): suppliers, sum, sum of squares modulo 2**64 and as a float."""

    count: I64
    total: I64
    low: npt.NDArray[np.uint64]
    near: F64


def piece(chunk: Chunk, member: npt.NDArray[np.bool_], partner: int) -> Cells:
    """Work out one chunk.

    Parameters
    ----------
    member
        Whether each country is inside the bloc; the last entry is the bloc itself.
    partner
        Position of the named partner, or -1.

    Returns
    -------
    dict
        The row fields of YearIndicators; ``products`` present; ``members`` and ``one``, the fields of World for those products.
    """
    if len(chunk.product) == 0:
        return {}
    products, groups = _group(chunk, member)
    bloc, shape = groups.width - 1, (groups.n_products, groups.width)
    value = chunk.value.astype(np.float64)
    rows = _importers(chunk, value, member, partner, groups)
    from_bloc = rows.pop("from_bloc")

    # exporters: the same key tells what goes into the bloc from what goes elsewhere
    key = groups.spread((groups.local * 2 + groups.inside) * groups.width)
    key += chunk.exporter
    sold = _dense(key, value, groups)
    into = sold[:, 1]
    exports = sold[:, 0] + into
    intra = np.where(member[None, :], into, 0.0)
    exports[:, bloc] = exports[:, member].sum(axis=1)
    intra[:, bloc] = intra[:, member].sum(axis=1)
    re_exports = np.zeros(shape)
    if chunk.re_export is not None:
        re_exports = _dense(key, chunk.re_export.astype(np.float64), groups).sum(axis=1)
        re_exports[:, bloc] = re_exports[:, member].sum(axis=1)

    members, one = _worlds(key, value, member, groups, rows["m_all"], from_bloc, into, exports, intra)
    rows |= {
        "x_all": exports.ravel()[groups.cell].astype(np.int64),
        "x_ext": (exports - intra).ravel()[groups.cell].astype(np.int64),
        "re": re_exports.ravel()[groups.cell].astype(np.int64),
    }
    buying = np.flatnonzero(into.any(axis=1))
    own = _bloc(into[buying], member, partner)
    own |= {
        "x_all": exports[buying, bloc].astype(np.int64),
        "x_ext": (exports - intra)[buying, bloc].astype(np.int64),
        "re": re_exports[buying, bloc].astype(np.int64),
    }
    out = _interleave(rows, own, groups.local, buying)
    local = _interleave({"local": groups.local}, {"local": buying}, groups.local, buying)["local"]
    importer = {"importer": groups.importer.astype(np.int16)}
    own_importer = {"importer": np.full(len(buying), bloc, np.int16)}
    return {
        "product": products[local].astype(np.int32),
        **_interleave(importer, own_importer, groups.local, buying),
        **out,
        "products": products,
        "members": members,
        "one": one,
    }


def _dense(key: I64, weights: F64, groups: _Groups) -> F64:
    """Sum weights into a table of products x (elsewhere, into the bloc) x exporters."""
    shape = (groups.n_products, 2, groups.width)
    summed: Any = np.bincount(key, weights=weights, minlength=shape[0] * shape[1] * shape[2])
    out: F64 = summed.astype(np.float64, copy=False).reshape(shape)  # numpy gives whole numbers where there is nothing
    return out


def _group(chunk: Chunk, member: npt.NDArray[np.bool_]) -> tuple[Ints, _Groups]:
    p, i = chunk.product, chunk.importer
    change = np.empty(len(p), bool)
    change[0] = True
    np.not_equal(p[1:], p[:-1], out=change[1:])
    change[1:] |= i[1:] != i[:-1]
    starts = np.flatnonzero(change)
    of_group = p[starts]
    local = np.zeros(len(starts), np.int64)
    np.cumsum(of_group[1:] != of_group[:-1], out=local[1:])
    firsts = np.flatnonzero(np.diff(local, prepend=-1))
    importer = i[starts]
    counts = np.diff(starts, append=len(p))
    groups = _Groups(starts, counts, local, importer, member[importer], len(firsts), len(member))
    return of_group[firsts], groups


def _importers(chunk: Chunk, value: F64, member: npt.NDArray[np.bool_], partner: int, groups: _Groups) -> Cells:
    """Return the fields of each importer's row, and what it buys from the bloc.

    Importers inside the bloc keep suppliers outside it; the others see the bloc as one supplier.
    """
    v, starts = chunk.value, groups.starts
    bloc = groups.width - 1
    m_all = np.add.reduceat(v, starts)
    low, near = _squares(v, value, starts)
    ranked = (_LAST - np.arange(groups.width))[chunk.exporter]  # equal values: the first in the alphabet wins
    ranked += v << _BITS
    best = np.maximum.reduceat(ranked, starts)

    from_member = member[chunk.exporter]
    best_ext = np.maximum.reduceat(np.where(from_member, 0, ranked), starts)
    bought = _from_bloc(chunk, value, np.flatnonzero(from_member), groups)
    sale = np.where(groups.inside, 0, bought.total)
    square = sale.astype(np.uint64)
    top_ext = best_ext >> _BITS
    arg_ext = np.where(best_ext > 0, _LAST - (best_ext & _LAST), -1)
    m_partner = np.zeros(groups.n_products * groups.width, np.int64)
    if partner >= 0:
        at = np.flatnonzero(chunk.exporter == partner)
        m_partner[groups.cell[np.searchsorted(starts, at, side="right") - 1]] = v[at]
    return {
        "m_all": m_all,
        "m_ext": m_all - np.where(groups.inside, bought.total, 0),
        "m_partner": m_partner[groups.cell],
        "ss_all": from_low_and_float(low, near),
        "ss_ext": from_low_and_float(
            low - bought.low + square * square, near - bought.near + sale.astype(np.float64) ** 2
        ),
        "top_all": best >> _BITS,
        "arg_all": (_LAST - (best & _LAST)).astype(np.int16),
        "top_ext": np.maximum(top_ext, sale),
        "arg_ext": np.where(sale > top_ext, bloc, arg_ext).astype(np.int16),
        "from_bloc": bought,
    }


def _squares(v: I64, value: F64, starts: Ints) -> tuple[npt.NDArray[np.uint64], F64]:
    """Return sums of squares by group, modulo 2**64 and as floats."""
    low = v.view(np.uint64)
    return np.add.reduceat(low * low, starts), np.add.reduceat(value * value, starts)


def _from_bloc(chunk: Chunk, value: F64, rows: Ints, groups: _Groups) -> _FromBloc:
    n = len(groups.starts)
    out = _FromBloc(np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.uint64), np.zeros(n))
    if not len(rows):
        return out
    before = np.searchsorted(rows, groups.starts)
    counts = np.diff(before, append=len(rows))
    has = np.flatnonzero(counts)
    v, starts = chunk.value[rows], before[has]
    out.count[:] = counts
    out.total[has] = np.add.reduceat(v, starts)
    out.low[has], out.near[has] = _squares(v, value[rows], starts)
    return out


def _bloc(into: F64, member: npt.NDArray[np.bool_], partner: int) -> Cells:
    """Return the fields of the bloc as one importer, from its members' purchases by exporter (one row a product)."""
    outside = np.where(member[None, :], 0.0, into)
    top = outside.max(axis=1, initial=0.0)
    first = outside.argmax(axis=1) if len(into) else np.zeros(0)
    return {
        "m_all": into.sum(axis=1).astype(np.int64),
        "m_ext": outside.sum(axis=1).astype(np.int64),
        "m_partner": (into[:, partner] if partner >= 0 else np.zeros(len(into))).astype(np.int64),
        "ss_all": _dense_squares(into),
        "ss_ext": _dense_squares(outside),
        "top_all": into.max(axis=1, initial=0.0).astype(np.int64),
        "arg_all": (into.argmax(axis=1) if len(into) else np.zeros(0)).astype(np.int16),
        "top_ext": top.astype(np.int64),
        "arg_ext": np.where(top > 0, first, -1).astype(np.int16),
    }


def _interleave(rows: Cells, own: Cells, local: I64, buying: Ints) -> Cells:
    """Put the bloc's row after each product's importers."""
    place_own = np.searchsorted(local, buying, side="right") + np.arange(len(buying))
    mask = np.ones(len(local) + len(buying), bool)
    mask[place_own] = False

    def weave(a: Any, b: Any) -> Any:
        if isinstance(a, Wide):
            return Wide(weave(a.hi, b.hi), weave(a.lo, b.lo))
        out = np.empty(len(mask), a.dtype)
        out[mask], out[place_own] = a, b
        return out

    return {name: weave(a, own[name]) for name, a in rows.items()}


def _dense_squares(value: F64) -> Wide:
    low = value.astype(np.uint64)
    return from_low_and_float((low * low).sum(axis=1, dtype=np.uint64), (value * value).sum(axis=1))


def _terms(scaled: F64, links: Any, total: Any) -> F64:
    """Return w k / M in units of 1 / 2**32, each rounded once; `scaled` is w x 2**32, a shift that no rounding sees."""
    out: F64 = scaled * links
    out /= total
    out += 0.5
    return np.floor(out, out=out)


def _worlds(
    key: I64,
    value: F64,
    member: npt.NDArray[np.bool_],
    groups: _Groups,
    m_all: I64,
    from_bloc: _FromBloc,
    into: F64,
    exports: F64,
    intra: F64,
) -> tuple[Cells, Cells]:
    """Return world trade and centrality by product of the piece: members separate, and the bloc as one."""
    bloc = groups.width - 1
    imports = m_all.astype(np.float64)
    scaled = value * CENTRALITY_UNIT
    total = groups.spread(imports)

    def centrality(links: Any) -> F64:
        return _dense(key, _terms(scaled, groups.spread(links.astype(np.float64)), total), groups)

    apart = exports.copy()
    apart[:, bloc] = 0.0
    members = _summary(apart, centrality(groups.counts).sum(axis=1))

    # The bloc as one: outside importers see one supplier instead of several, and the bloc is one importer.
    sells = from_bloc.count > 0
    links = groups.counts - from_bloc.count + sells
    c = np.where(member[None, :], 0.0, centrality(links)[:, 0])
    at = np.flatnonzero(sells & ~groups.inside)
    sales = _terms(from_bloc.total[at].astype(np.float64) * CENTRALITY_UNIT, links[at].astype(np.float64), imports[at])
    c[:, bloc] += np.bincount(groups.local[at], weights=sales, minlength=groups.n_products)
    into_ext = np.where(member[None, :], 0.0, into)
    bought = into_ext.sum(axis=1, keepdims=True)
    suppliers = (into_ext > 0).sum(axis=1, keepdims=True).astype(np.float64)
    own = _terms(into_ext * CENTRALITY_UNIT, suppliers, np.where(bought > 0, bought, 1.0))
    c += np.where(into_ext > 0, own, 0.0)
    merged = np.where(member[None, :], 0.0, exports)
    merged[:, bloc] = exports[:, bloc] - intra[:, bloc]
    return members, _summary(merged, c)


def _summary(exports: F64, c: F64) -> Cells:
    return {
        "total": exports.sum(axis=1).astype(np.int64),
        "ss": _dense_squares(exports),
        "n": (exports > 0).sum(axis=1).astype(np.int64),
        "c1": c.sum(axis=1).astype(np.int64),
        "c2": _dense_squares(c),
    }
