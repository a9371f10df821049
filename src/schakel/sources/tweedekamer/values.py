"""How are the moments, days and field names of the two official interfaces brought to one form?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(?:(Z)|([+-])(\d\d):?(\d\d))?", re.ASCII
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
# OData gives these typed, the feed as text.
INTEGERS = frozenset(
    [
        "aantalZetels",
        "agendapuntZaakBesluitVolgorde",
        "contentLength",
        "fractieGrootte",
        "gewicht",
        "hoogsteVolgnummer",
        "kamer",
        "versienummer",
        "volgnummer",
        "volgorde",
    ]
)
FLAGS = frozenset(["afgedaan", "afgesloten", "besloten", "grootProject", "vergissing", "verwijderd"])


def camel(name: str) -> str:
    """Return an OData name (``DatumNakoming``) as the feed writes it (``datumNakoming``)."""
    return name[:1].lower() + name[1:]


def identifier(value: object) -> str | None:
    """Return a record's identifier in lower case, None when it is none."""
    text = value.strip().lower() if isinstance(value, str) else ""
    return text if _UUID.fullmatch(text) else None


def stamp(value: object) -> str:
    """Return a moment as text of one width in UTC, so that later is greater; empty when it is no moment.

    A moment without an offset counts as UTC, which is how the feed writes it. Seven decimals are kept, as the source gives them.

    Examples
    --------
    >>> stamp("2025-06-12T10:07:36.353+02:00")
    '2025-06-12T08:07:36.3530000'
    """
    found = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return ""
    try:
        moment = _utc(found)
    except (ValueError, OverflowError):
        return ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{(found[7] or '')[:7]:0<7}".rjust(27, "0")


def day(value: object) -> date | None:
    """Return the Dutch calendar day of a moment; None when it is none.

    A moment with an offset or without any is taken as written: OData writes Dutch time. One in UTC is brought to Dutch time first.

    Examples
    --------
    >>> day("2025-01-13T23:00:00Z")
    datetime.date(2025, 1, 14)
    """
    found = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        if not found[8]:
            return date(int(found[1]), int(found[2]), int(found[3]))
        moment = _utc(found)
        return (moment + timedelta(hours=2 if _summer(moment) else 1)).date()
    except (ValueError, OverflowError):
        return None


def _utc(found: re.Match[str]) -> datetime:
    parts = [int(found[n] or 0) for n in range(1, 7)]
    moment = datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]
    if found[9]:
        away = timedelta(hours=int(found[10]), minutes=int(found[11]))
        moment = moment - away if found[9] == "+" else moment + away
    return moment


def _summer(moment: datetime) -> bool:
    """Return whether summer time holds: by the rule of 1996, which is before the first record."""

    def last_sunday(month: int) -> datetime:
        end = datetime(moment.year, month, 31, 1, tzinfo=UTC)
        return end - timedelta(days=(end.weekday() + 1) % 7)

    return last_sunday(3) <= moment < last_sunday(10)


def typed(name: str, value: Any) -> Any:
    """Return a field's value in one form, whichever interface it came from."""
    if name in FLAGS and isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower(), value)
    if name in INTEGERS and isinstance(value, str):
        text = value.strip()
        return int(text) if re.fullmatch(r"-?\d{1,15}", text, re.ASCII) else value
    if name == "nummer" and isinstance(value, int):  # of a dossier: a number in OData
        return str(value)
    return value
