"""What does a network of firms look like to a cascade: who needs whom, and for which share?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from schakel.errors import InputError
from schakel.shocks.world import CRITICAL, F64, I64, MINOR


@dataclass(frozen=True)
class Network:
    """Firms and what they deliver to one another.

    Attributes
    ----------
    deliveries
        Value from firm (row) to firm (column), sparse (n, n).
    product
        What each firm makes, (n,); firms of one product form a market.
    essential
        CRITICAL (essential), IMPORTANT (counts by its share) or MINOR (negligible) per stored delivery, shape (nnz,).
    sales
        Sales by firm, (n,), deliveries outside the network included; by default what the network shows.
    weight
        What counts in the sum over firms, (n,), sums to 1.
    """

    deliveries: Any
    product: I64
    essential: npt.NDArray[np.int8]
    sales: F64
    weight: F64

    @property
    def size(self) -> int:
        """Return the number of firms."""
        return len(self.product)

    @cached_property
    def slots(self) -> tuple[Any, I64, I64]:
        """Return the loss of each input slot for a loss of each supplier, sparse (slots, n), the firm of each slot, and starts.

        A firm has one slot per essential product and one for all that is not essential. The first slots of all firms come
        first, then the second ones, and so on, starting at ``starts``: between two starts no firm comes twice.
        """
        edges = self.deliveries.tocoo()
        supplier, user, value = edges.row.astype(np.int64), edges.col.astype(np.int64), edges.data
        keep = (self.essential != MINOR) & (value > 0)
        products = int(self.product.max(initial=0)) + 1
        essential = self.essential[keep] == CRITICAL
        key = user[keep] * (products + 1) + np.where(essential, self.product[supplier[keep]] + 1, 0)
        bought = np.bincount(user, value, minlength=self.size)
        keys, where = np.unique(key, return_inverse=True)
        total = np.bincount(where, value[keep], minlength=len(keys))
        share = value[keep] / np.where(essential, total[where], bought[user[keep]])
        firm = keys // (products + 1)
        nth = np.arange(len(keys)) - np.searchsorted(firm, firm)
        order = np.lexsort((firm, nth))
        place = np.empty(len(keys), np.int64)
        place[order] = np.arange(len(keys))
        matrix = sparse.csr_array((share, (place[where], supplier[keep])), shape=(len(keys), self.size))
        starts = np.searchsorted(nth[order], np.arange(int(nth.max(initial=-1)) + 2))
        return matrix, firm[order], starts.astype(np.int64)

    @cached_property
    def customers(self) -> Any:
        """Return the share of each firm's sales that goes to each other firm, sparse (n, n)."""
        per = np.divide(1.0, self.sales, out=np.zeros_like(self.sales), where=self.sales > 0)
        return sparse.csr_array(sparse.diags_array(per) @ self.deliveries)

    @cached_property
    def market(self) -> Any:
        """Return sales by market for output by firm, sparse (products, n)."""
        n = self.size
        return sparse.csr_array(
            (self.sales, (self.product, np.arange(n))), shape=(int(self.product.max(initial=0)) + 1, n)
        )


def network(
    supplier: Sequence[int] | I64,
    user: Sequence[int] | I64,
    value: Sequence[float] | F64,
    product: Sequence[int] | I64,
    essential: npt.NDArray[np.int8] | None = None,
    *,
    sales: F64 | None = None,
    weight: F64 | None = None,
) -> Network:
    """Build a network from a list of deliveries.

    Parameters
    ----------
    essential
        Class of product k as input of a maker of product m, shape (products, products); all essential when not given.

    Raises
    ------
    InputError
        If lengths disagree, a firm is not known or a value is negative or not finite.
    """
    a, b, v = np.asarray(supplier, np.int64), np.asarray(user, np.int64), np.asarray(value, np.float64)
    made = np.asarray(product, np.int64)
    n = len(made)
    if not len(a) == len(b) == len(v):
        raise InputError(
            "suppliers, users and values differ in length",
            where="network of firms",
            remedy="give one of each per delivery",
        )
    if len(a) and (min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= n):
        raise InputError(
            "a delivery names a firm that is not in the list",
            where="network of firms",
            remedy=f"use numbers 0 to {n - 1}",
        )
    if not (np.isfinite(v).all() and (v >= 0).all()):
        raise InputError(
            "a delivery has a negative or missing value", where="network of firms", remedy="leave such rows out"
        )
    matrix = sparse.csr_array((v, (a, b)), shape=(n, n))
    matrix.sum_duplicates()
    edges = matrix.tocoo()
    kind = (
        np.full(len(edges.data), CRITICAL, np.int8)
        if essential is None
        else np.asarray(essential, np.int8)[made[edges.row], made[edges.col]]
    )
    sold = np.asarray(matrix.sum(axis=1), np.float64).reshape(-1)
    strength = sold if sales is None else np.asarray(sales, np.float64)
    if (strength < sold * (1 - 1e-9)).any():
        raise InputError(
            "a firm sells less than it delivers", where="network of firms", remedy="give sales with deliveries included"
        )
    total = strength.sum()
    share = (
        strength / total
        if weight is None and total > 0
        else np.full(n, 1.0 / max(n, 1))
        if weight is None
        else np.asarray(weight, np.float64)
    )
    return Network(matrix, made, kind, strength, share)
