"""Who was a member of which bloc on which day?

``EU`` with a date is the composition on that day. ``EU27``, ``EU28``, ``EU15`` and the like are fixed compositions:
the same members for every year, so that a series compares like with like; ``EU27`` is the composition since the
United Kingdom left (Eurostat's EU27_2020). A year means 31 December. Each membership carries its source and whether
it was read there or recalled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from schakel.errors import InputError, NotFoundError
from schakel.nomenclature import tables

# One reporter in trade statistics, several states in law.
_UNIONS = {"BLX": frozenset({"BEL", "LUX"})}


@dataclass(frozen=True, slots=True)
class Membership:
    """One country's stay in one bloc; both days included, ``until`` None when it lasts."""

    bloc: str
    iso3: str
    since: date
    until: date | None
    source: str
    mark: str

    def covers(self, day: date) -> bool:
        """Tell whether the country was a member on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


@cache
def _names() -> dict[str, dict[str, str]]:
    return {row["bloc"]: row for row in tables.rows("bloc_names.csv")}


@cache
def _aliases() -> dict[str, str]:
    return {row["alias"]: bloc for bloc, row in _names().items() if row["alias"]}


@cache
def _stays() -> dict[str, tuple[Membership, ...]]:
    stays: dict[str, list[Membership]] = {}
    for row in tables.rows("blocs.csv"):
        until = date.fromisoformat(row["until"]) if row["until"] else None
        stay = Membership(row["bloc"], row["iso3"], date.fromisoformat(row["since"]), until, row["source"], row["mark"])
        stays.setdefault(stay.bloc, []).append(stay)
    return {bloc: tuple(found) for bloc, found in stays.items()}


def _canonical(name: str) -> str:
    text = name.strip().upper()
    text = _aliases().get(text, text)
    if text not in _names():
        raise NotFoundError(f"no bloc {name!r}", remedy=f"use one of {', '.join(names())}")
    return text


def names() -> tuple[str, ...]:
    """Return every bloc's name, fixed compositions included."""
    return tuple(_names())


def is_bloc(name: str) -> bool:
    """Tell whether a name or alias (EU27_2020, NAVO) is a bloc's."""
    text = name.strip().upper()
    return text in _names() or text in _aliases()


def is_fixed(name: str) -> bool:
    """Tell whether a bloc is a fixed composition (EU27, EU15) rather than a membership that changes."""
    return bool(_names()[_canonical(name)]["fixed_on"])


def name(bloc: str, lang: str = "en") -> str:
    """Return a bloc's name in ``en`` or ``nl``."""
    if lang not in ("en", "nl"):
        raise InputError(f"no names in language {lang!r}", remedy="use en or nl")
    return _names()[_canonical(bloc)][f"name_{lang}"]


def memberships(name: str) -> tuple[Membership, ...]:
    """Return every stay, ended ones included; for a fixed composition the stays that make it up.

    Raises
    ------
    NotFoundError
        No bloc has this name.
    """
    bloc = _canonical(name)
    row = _names()[bloc]
    if not row["fixed_on"]:
        return _stays()[bloc]
    day = date.fromisoformat(row["fixed_on"])
    return tuple(stay for stay in _stays()[row["composition_of"]] if stay.covers(day))


def members(name: str, on: int | date | None = None) -> frozenset[str]:
    """Return the members (alpha-3) on a day.

    Parameters
    ----------
    name
        Bloc or alias.
    on
        A day, or a year, which means its 31 December. Not used by fixed compositions, for which it may be left out.

    Raises
    ------
    NotFoundError
        No bloc has this name.
    InputError
        No day was given for a bloc whose membership changes, or the bloc had no members then.
    """
    stays = memberships(name)
    if is_fixed(name):
        return frozenset(stay.iso3 for stay in stays)
    if on is None:
        raise InputError(
            f"{name} changed over time: give a year or a day", remedy="use EU27 for the present composition"
        )
    day = on if isinstance(on, date) else date(on, 12, 31)
    found = frozenset(stay.iso3 for stay in stays if stay.covers(day))
    if not found:
        first = min(stay.since for stay in stays)
        raise InputError(f"{name} had no members on {day.isoformat()}", remedy=f"it exists since {first.isoformat()}")
    return found


def reporting_units(name: str, on: int | date | None = None) -> frozenset[str]:
    """Return members plus the statistical unions wholly inside: Belgium-Luxembourg reported as one until 1998."""
    found = members(name, on)
    return found | {union for union, parts in _UNIONS.items() if parts <= found}
