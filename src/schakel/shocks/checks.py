"""What must hold in a scenario that its form cannot say: do countries exist, do windows overlap, does substitution go in circles?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from schakel.errors import InputError
from schakel.nomenclature import blocs, countries
from schakel.shocks.dist import Number
from schakel.shocks.yamlfile import Document, Key

INF = float("inf")
_SAME = ("sector", "step", "seg", "material")
_SIX = re.compile(r"[0-9]{6}")
_REQUIRED_TO = frozenset({"export_ban", "licence", "quota", "seizure", "route_closure", "service_denial"})


def groups_of(document: Document, content: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Return the groups of a scenario with their countries; a group may use those before it."""
    out: dict[str, frozenset[str]] = {}
    for name, value in (content.get("groups") or {}).items():
        items = [value] if isinstance(value, str) else value
        members: set[str] = set()
        for item in items:
            try:
                members |= countries_of(item, out)
            except InputError as error:
                raise InputError(error.what, where=document.where(("groups", name)), remedy=error.remedy) from None
        out[name] = frozenset(members)
        _own(document, name, out[name])
    return out


def _own(document: Document, name: str, members: frozenset[str]) -> None:
    """Refuse a group under the code of a country that it is not: whoever reads the file would take it for the country."""
    try:
        usual = countries_of(name, {})
    except InputError:
        return
    if members != usual and (len(usual) == 1 or name.casefold() in ("world", "all")):
        raise InputError(
            f"the group {name!r} has the name of something else",
            where=document.where(("groups", name)),
            remedy="give it another name",
        )


def countries_of(name: str, groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the countries of a group, a bloc (with or without @) or a code.

    Raises
    ------
    InputError
        If it is none of these.
    """
    if name in groups:
        return groups[name]
    if name.casefold() in ("world", "all", "*"):
        return frozenset(c.iso3 for c in countries.all_countries())
    bare = name.removeprefix("@").upper()
    if blocs.is_bloc(bare):
        return frozenset(blocs.members(bare, 2025))
    return frozenset((countries.resolve(name).iso3,))


def time(document: Document, content: Mapping[str, Any]) -> None:
    """Check that the first day is a date of our time."""
    start = content["time"]["start"]
    try:
        known = 1900 <= date.fromisoformat(start).year <= 2200
    except ValueError:
        raise InputError(
            f"{start} is no date", where=document.where(("time", "start")), remedy="write YYYY-MM-DD"
        ) from None
    if not known:
        raise InputError(
            f"{start} lies too far away",
            where=document.where(("time", "start")),
            remedy="name a year from 1900 to 2200",
        )


def products(document: Document, content: Mapping[str, Any]) -> None:
    """Check that every product is named in a way that some world can know."""

    def one(path: Key, name: str) -> None:
        kind, colon, rest = name.partition(":")
        if not colon:
            return
        if kind not in (*_SAME, "hs6"):
            raise InputError(
                f"{name!r} begins with {kind!r}", where=document.where(path), remedy="use sector:, step: or hs6:"
            )
        if kind == "hs6" and not _SIX.fullmatch(rest):
            raise InputError(f"{name!r} has no six digits", where=document.where(path), remedy="write hs6:854129")

    for part in ("measures", "mitigations", "stocks"):
        for i, entry in enumerate(content.get(part) or []):
            for key in ("products", "uses", "sectors"):
                for k, name in enumerate(entry.get(key) or []):
                    one((part, i, key, k), name)
            for key in ("product", "from", "to"):
                if isinstance(entry.get(key), str) and part == "mitigations":
                    one((part, i, key), entry[key])


def bare(name: str) -> str:
    """Return a product without the word that says where it is from: sector:a and a are one."""
    kind, _, rest = name.partition(":")
    return rest if kind in _SAME else name


def people(document: Document, content: Mapping[str, Any], groups: Mapping[str, frozenset[str]]) -> None:
    """Check that every country, bloc and group named exists."""

    def one(path: Key, value: Any) -> None:
        for item in [value] if isinstance(value, str) else value:
            try:
                countries_of(item, groups)
            except InputError as error:
                known = f"; groups here: {', '.join(groups)}" if groups else ""
                raise InputError(error.what, where=document.where(path), remedy=f"{error.remedy}{known}") from None

    for i, m in enumerate(content.get("measures") or []):
        for key in ("imposer", "to"):
            if key in m:
                one(("measures", i, key), m[key])
        for key in ("site", "owner", "control"):
            if key in m.get("from", {}):
                one(("measures", i, "from", key), m["from"][key])
        if "via" in m.get("leakage", {}):
            one(("measures", i, "leakage", "via"), m["leakage"]["via"])
        if "by" in m.get("retaliation", {}):
            one(("measures", i, "retaliation", "by"), m["retaliation"]["by"])
    for i, m in enumerate(content.get("mitigations") or []):
        for key in ("owner", "site", "members", "users"):
            if key in m:
                one(("mitigations", i, key), m[key])
    for i, held in enumerate(content.get("stocks") or []):
        if "owner" in held:
            one(("stocks", i, "owner"), held["owner"])


def measures(
    document: Document,
    content: Mapping[str, Any],
    numbers: Mapping[Key, Number],
    groups: Mapping[str, frozenset[str]],
) -> None:
    """Check ids, order of days, who imposes it on whom, overlapping windows and answers."""
    measures = content.get("measures") or []
    ids: dict[str, int] = {}
    named = {m["retaliation"]["measure"] for m in measures if "by" in m.get("retaliation", {})}
    windows: list[tuple[tuple[Any, ...], float, float, int]] = []
    for i, m in enumerate(measures):
        path: Key = ("measures", i)
        if m["id"] in ids:
            raise InputError(
                f"measure {m['id']!r} stands twice", where=document.where((*path, "id")), remedy="give each its own id"
            )
        ids[m["id"]] = i
        if "end" in m and "duration" in m:
            raise InputError(
                "an end and a duration", where=document.where((*path, "duration")), remedy="give one of them"
            )
        start = numbers[(*path, "start")].point
        end = INF
        if "end" in m:
            end = numbers[(*path, "end")].point
            if end < start:
                raise InputError(
                    f"ends on day {end:g}, before it starts on day {start:g}",
                    where=document.where((*path, "end")),
                    remedy="correct one of them",
                )
        if "duration" in m:
            end = start + numbers[(*path, "duration")].point
        if start >= content["time"]["horizon"]:
            raise InputError(
                f"starts on day {start:g}, after the run of {content['time']['horizon']} days",
                where=document.where((*path, "start")),
                remedy="make the horizon longer",
            )
        if m["instrument"] in _REQUIRED_TO and "to" not in m:
            raise InputError(
                f"{m['instrument']} does not say against whom",
                where=document.where(path),
                remedy="add to: (a country, group, or world)",
            )
        if (
            m["id"] not in named
            and "imposer" not in m
            and not any(k in m.get("from", {}) for k in ("site", "owner", "control"))
        ):
            raise InputError(
                "nobody imposes it", where=document.where(path), remedy="add imposer, or from: {site: ...}"
            )
        what = (
            m["instrument"],
            *(_meant(m.get(key), groups) for key in ("imposer", "to")),
            *(_meant(m.get("from", {}).get(key), groups) for key in ("site", "owner", "control")),
            str(m.get("from", {}).get("actor")),
            frozenset(map(bare, m.get("uses", ()))),
        )
        for product in dict.fromkeys(map(bare, m["products"])):
            for other, a, b, k in windows:
                if other == (*what, product) and start < b and a < end:
                    raise InputError(
                        f"the window overlaps that of {measures[k]['id']!r} (days {a:g} to {b:g}) for {product}",
                        where=document.where((*path, "start")),
                        remedy="join them, or let one end before the other starts",
                    )
            windows.append(((*what, product), start, end, i))
    for i, m in enumerate(measures):
        answer = m.get("retaliation")
        if answer and answer["measure"] not in ids:
            raise InputError(
                f"there is no measure {answer['measure']!r}",
                where=document.where(("measures", i, "retaliation", "measure")),
                remedy=f"measures here: {', '.join(ids)}",
            )


def _meant(value: Any, groups: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    """Return the countries meant, so that EU, @EU27 and a list of its members are the same."""
    if value is None:
        return None
    return frozenset(c for name in ([value] if isinstance(value, str) else value) for c in countries_of(name, groups))


def substitution(document: Document, content: Mapping[str, Any]) -> None:
    """Check that nothing stands in for itself, by however many steps."""
    edges: dict[str, list[tuple[str, int]]] = {}
    for i, m in enumerate(content.get("mitigations") or []):
        if m["kind"] == "substitute":
            edges.setdefault(bare(m["from"]), []).append((bare(m["to"]), i))
    for start in edges:
        seen, queue = {start}, [start]
        while queue:
            for nxt, i in edges.get(queue.pop(), ()):
                if nxt == start:
                    raise InputError(
                        f"substitution goes in a circle through {start!r}",
                        where=document.where(("mitigations", i, "to")),
                        remedy="let one product stand in for the other, not both",
                    )
                if nxt not in seen:
                    seen.add(nxt)
                    queue.append(nxt)
