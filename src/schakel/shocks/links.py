"""Who delivers to whom, laid out so that one step of the economy is two passes over one matrix?

Industries are sorted by product and, within a product, by the restrictions that name them: a *group* is the makers of one
product that the same restrictions name. A restriction then multiplies whole blocks, and the matrix itself is never rebuilt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schakel.shocks.lens import Restriction, Shock
from schakel.shocks.world import F64, I64, World

DAYS = 365.0


@dataclass(frozen=True)
class Group:
    """Makers of one product named by the same restrictions: rows ``rows``, number ``number``, ``affected`` -1 or its row there."""

    number: int
    rows: slice
    affected: int


@dataclass(frozen=True)
class Links:
    """A world in the order in which it is computed; N industries, R regions, C = N + R users, S products, H groups.

    Attributes
    ----------
    order
        Industry at each inside position, shape (N,).
    flows
        Deliveries in a day from industry to user, shape (N, C); final users come last.
    use
        Use of a product in a day by each user, shape (S, C); ``per_use`` is its inverse, 0 where nothing is used.
    products
        Per product its number and its groups.
    named, users
        Which groups and which users each mask names, shapes (masks, H) and (masks, C).
    affected
        Groups that any mask names.
    user_class, class_member
        Users named by the same masks form a class: shapes (C,) and (Q, C); ``class_users`` (masks, Q).
    """

    order: I64
    flows: F64
    use: F64
    per_use: F64
    output: F64
    per_output: F64
    products: tuple[tuple[int, tuple[Group, ...]], ...]
    group_start: I64
    group_product: I64
    named: npt.NDArray[np.bool_]
    affected: I64
    user_class: I64
    class_member: F64
    class_users: npt.NDArray[np.bool_]
    value_added: F64

    @property
    def industries(self) -> int:
        """Return N."""
        return len(self.order)


def mask_key(restriction: Restriction) -> bytes:
    """Return what two restrictions share when they name the same suppliers and users."""
    return b"|".join(
        np.packbits(m).tobytes() for m in (restriction.suppliers, restriction.users, restriction.final_users)
    )


def masks(shocks: Sequence[Shock]) -> dict[bytes, Restriction]:
    """Return one restriction per set of suppliers and users, in order of appearance."""
    found: dict[bytes, Restriction] = {}
    for shock in shocks:
        for restriction in shock.restrictions:
            found.setdefault(mask_key(restriction), restriction)
    return found


def links(world: World, named: Sequence[Restriction]) -> Links:
    """Lay a world out for restrictions that name these suppliers and users."""
    n, s = world.size, len(world.sectors)
    suppliers = np.array([m.suppliers for m in named], bool).reshape(len(named), n)
    pattern = _patterns(suppliers)
    order = np.lexsort((np.arange(n), pattern, world.sector)).astype(np.int64)
    flows = np.empty((n, n + len(world.regions)))
    np.take(world.flows[order], order, axis=1, out=flows[:, :n])
    flows[:, n:] = world.final[order]
    flows /= DAYS
    sector, pattern = world.sector[order], pattern[order]
    start = np.flatnonzero(np.r_[True, (np.diff(sector) != 0) | (np.diff(pattern) != 0)])
    stop = np.r_[start[1:], n]
    use = np.zeros((s, flows.shape[1]))
    first = np.flatnonzero(np.r_[True, np.diff(sector) != 0])
    use[sector[first]] = np.add.reduceat(flows, first, axis=0)
    members = suppliers[:, order][:, start]
    affected = np.flatnonzero(members.any(axis=0))
    row_of = {int(g): i for i, g in enumerate(affected)}
    groups: dict[int, list[Group]] = {}
    for g, (a, b) in enumerate(zip(start, stop, strict=True)):
        groups.setdefault(int(sector[a]), []).append(Group(g, slice(int(a), int(b)), row_of.get(g, -1)))
    users = np.array([np.r_[m.users[order], m.final_users] for m in named], bool).reshape(len(named), flows.shape[1])
    user_class = _patterns(users)
    output = flows.sum(axis=1)
    return Links(
        order=order,
        flows=flows,
        use=use,
        per_use=_inverse(use),
        output=output,
        per_output=_inverse(output),
        products=tuple((number, tuple(members)) for number, members in sorted(groups.items())),
        group_start=start,
        group_product=sector[start],
        named=members,
        affected=affected,
        user_class=user_class,
        class_member=(user_class[None, :] == np.arange(user_class.max() + 1)[:, None]).astype(float),
        class_users=users[:, np.unique(user_class, return_index=True)[1]],
        value_added=world.value_added[order] / DAYS,
    )


def _inverse(values: F64) -> F64:
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def _patterns(masks: npt.NDArray[np.bool_]) -> I64:
    """Return for each column the number of its pattern of trues; the pattern with none comes first."""
    if not len(masks):
        return np.zeros(masks.shape[1], np.int64)
    _, inverse = np.unique(masks, axis=1, return_inverse=True)
    return np.asarray(inverse, np.int64).reshape(-1)
