"""Which rows match what the reader typed, in which order, and which page of them?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from schakel.errors import InputError
from schakel.web.service import PAGE_SIZE, Row

FIXED = ("product", "name", "value", "top_supplier", "top_supplier_share", "verdict")
_VERDICT = {True: 0, None: 1, False: 2}


def sort_keys(criteria: Iterable[str]) -> tuple[str, ...]:
    """Return the sort keys of a screen: the fixed columns and its criteria; a leading ``-`` turns the order round."""
    return (*FIXED, *(c for c in criteria if c not in FIXED))


def select(
    rows: Sequence[Row],
    *,
    sort: str,
    query: str,
    page: int,
    currency: str,
    name: Callable[[str], str],
    size: int = PAGE_SIZE,
) -> tuple[tuple[Row, ...], int]:
    """Return (one page of matching rows, number of matching rows).

    A row matches when every word of the query begins its code or stands in its name, whatever the case. Unknown values
    come last in either direction;
    ties are in the order of codes. The empty sort is ``verdict`` and then the largest import value first.

    Raises
    ------
    InputError
        If the sort key is none of this screen's, or the page lies past the last.
    """
    words = query.casefold().split()
    found = [
        r for r in rows if all(r.product.casefold().startswith(w) or w in name(r.product).casefold() for w in words)
    ]
    found.sort(key=lambda r: r.product)
    if sort:
        _sort(found, sort, currency, name, {c.name for r in rows for c in r.criteria})
    else:
        found.sort(key=lambda r: (_VERDICT[r.dependent], -(r.value(currency) or 0)))
    last = max(1, -(-len(found) // size))
    if not 1 <= page <= last:
        raise InputError(f"there is no page {page}", where="parameter page", remedy=f"ask for a page from 1 to {last}")
    return tuple(found[(page - 1) * size : page * size]), len(found)


def _sort(found: list[Row], sort: str, currency: str, name: Callable[[str], str], criteria: set[str]) -> None:
    key = sort.removeprefix("-")
    if key not in sort_keys(criteria):
        known = ", ".join(sort_keys(sorted(criteria)))
        raise InputError(f"rows cannot be sorted by {key!r}", where="parameter sort", remedy=f"use one of: {known}")

    def value(row: Row) -> float | str | None:
        if key == "product":
            return row.product
        if key == "name":
            return name(row.product).casefold()
        if key == "value":
            return row.value(currency)
        if key == "top_supplier":
            return row.top_supplier
        if key == "verdict":
            return _VERDICT[row.dependent]
        criterion = row.criterion(key)
        if criterion is not None:
            return criterion.value
        return row.top_supplier_share if key == "top_supplier_share" else None

    known_rows = [r for r in found if value(r) is not None]
    unknown = [r for r in found if value(r) is None]
    known_rows.sort(key=value, reverse=sort.startswith("-"))  # type: ignore[arg-type]
    found[:] = [*known_rows, *unknown]
