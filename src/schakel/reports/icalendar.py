"""How do deadlines become a calendar that any agenda can read (iCalendar, RFC 5545)?"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from schakel.dossiers.commitments.model import LABELS

FOLD = 75  # octets of a line, its line break not counted (RFC 5545, section 3.1)
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_URL = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_WORDS = {
    "en": {
        "name": "Commitments to Parliament, on {}",
        "words": "Deadline as written",
        "state": "State on {}",
        "actor": "By",
        "letter": "Letter",
        "dossier": "Dossier",
        "answer": "Answered",
        "late": "{} days late",
        "early": "{} days early",
        "late_one": "1 day late",
        "early_one": "1 day early",
        "between": "between {} and {}; day of the letter unknown",
        "quote": "As it stands there",
        "provisional": "The date itself is provisional.",
    },
    "nl": {
        "name": "Toezeggingen aan de Kamer, per {}",
        "words": "Termijn zoals geschreven",
        "state": "Stand op {}",
        "actor": "Door",
        "letter": "Brief",
        "dossier": "Dossier",
        "answer": "Beantwoord",
        "late": "{} dagen te laat",
        "early": "{} dagen te vroeg",
        "late_one": "1 dag te laat",
        "early_one": "1 dag te vroeg",
        "between": "tussen {} en {}; dag van de brief onbekend",
        "quote": "Zoals het er staat",
        "provisional": "De datum zelf is voorlopig.",
    },
}


def calendar(dues: Sequence[Mapping[str, Any]], lang: str = "en", *, stamp: str = "", reference: str = "") -> str:
    """Write the deadlines as a calendar, one whole-day event each; the same input gives the same text.

    Parameters
    ----------
    dues
        As ``Due.value()`` of `schakel.dossiers.archive` gives them, each with ``url`` where it can be read. What has no day is
        no event; what was deferred stands on its new day.
    stamp
        UTC time of the register's last event (``2026-11-22T08:30:00.123456Z``), which becomes DTSTAMP: never the clock,
        so that a subscriber sees a change only when something changed. Without it the reference date.
    reference
        The day judged on, where no row says it.

    Returns
    -------
    str
        Lines of at most 75 octets, ended by CRLF.
    """
    words = _WORDS[lang]
    on = reference or next((str(d["status"]["reference"]) for d in dues), "")
    when = _stamp(stamp, on)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Schakel//dossiers//" + lang.upper(), "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", "X-WR-CALNAME:" + text(words["name"].format(on).rstrip(", "))]
    for due in dues:
        day = last_day(due)
        if day is not None:
            lines += _event(due, day, when, lang)
    lines.append("END:VCALENDAR")
    return "".join(folded(line) + "\r\n" for line in lines)


def last_day(due: Mapping[str, Any]) -> date | None:
    """Return the day that counts: the one of the state, which knows of a deferral, else the last of the deadline."""
    said = due["status"].get("deadline") or (due.get("deadline") or {}).get("hi")
    return date.fromisoformat(said) if said else None


def title(due: Mapping[str, Any], limit: int) -> str:
    """Return what is to be done in one line."""
    told = (" ".join(str(due.get(key) or "").split()) for key in ("action", "quote"))
    said = next((words for words in told if words), str(due["id"]))
    return said if len(said) <= limit else said[: limit - 1].rstrip() + "…"


def kind(due: Mapping[str, Any], lang: str) -> str:
    """Return the kind of a commitment in words."""
    name = str(due.get("kind") or "")
    return {"en": "motion", "nl": "motie"}[lang] if name == "motie" else LABELS.get(name, {}).get(lang, name)


def spread(low: int, high: int, lang: str) -> str:
    """Say between how many days early and late an answer came of which only the month is known.

    Parameters
    ----------
    low, high
        Days after the deadline of its first and its last possible day; negative is early.
    """
    words = _WORDS[lang]
    first, last = (-high, -low) if high <= 0 else (low, high)

    def said(n: int, way: str) -> str:
        return words[f"{way}_one"] if n == 1 else words[way].format(n)

    if low < 0 < high:
        return words["between"].format(said(-low, "early"), said(high, "late"))
    return words["between"].format(first, said(last, "early" if high <= 0 else "late"))


def _event(due: Mapping[str, Any], day: date, when: str, lang: str) -> list[str]:
    status = due["status"]
    label = str(status["label"][lang])
    certain = "TENTATIVE" if status.get("provisional") else "CONFIRMED"
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid5(uuid.NAMESPACE_URL, _identity(due))}",
        f"DTSTAMP:{when}",
        f"DTSTART;VALUE=DATE:{_basic(day)}",
        *([f"DTEND;VALUE=DATE:{_basic(day + timedelta(days=1))}"] if day < date.max else []),
        f"SEQUENCE:{len(due.get('history') or ())}",
        f"SUMMARY:{text(f'{label}: {title(due, 200)}')}",
        f"DESCRIPTION:{text(_description(due, lang))}",
        f"STATUS:{'CANCELLED' if status['state'] == 'lapsed' else certain}",
        "TRANSP:TRANSPARENT",
        f"CATEGORIES:{text(kind(due, lang))},{text(label)}",
    ]
    if due.get("url") and _URL.fullmatch(str(due["url"])):
        lines.append(f"URL:{due['url']}")
    return [*lines, "END:VEVENT"]


def _description(due: Mapping[str, Any], lang: str) -> str:
    words, status = _WORDS[lang], due["status"]
    parts = [
        (words["words"], (due.get("deadline") or {}).get("text")),
        (words["state"].format(status["reference"]), "; ".join([status["label"][lang], *_days(status, lang)])),
        (words["actor"], due.get("actor")),
        (words["letter"], " ".join(str(due[k]) for k in ("letter", "letter_title") if due.get(k))),
        (words["dossier"], due.get("dossier")),
        (words["answer"], " ".join(x for x in (_answered(status), str(status.get("document") or "")) if x)),
        (words["quote"], title({"id": "", "quote": due.get("quote") or ""}, 600)),
    ]
    lines = [f"{name}: {value}" for name, value in parts if value]
    return "\n".join([*lines, words["provisional"]] if status.get("provisional") else lines)


def _days(status: Mapping[str, Any], lang: str) -> list[str]:
    between = status.get("days_between")
    return [spread(between[0], between[1], lang)] if between else []


def _answered(status: Mapping[str, Any]) -> str:
    """Say the day of the answer, or the first and last it can have been."""
    if status.get("earliest") and status["earliest"] != status.get("latest"):
        return f"{status['earliest']} – {status['latest']}"
    return str(status.get("answered_on") or "")


def text(value: object) -> str:
    """Escape a text value (RFC 5545, section 3.3.11); what is no text, and what turns the direction of text, is dropped."""
    plain = str(value).replace("\r\n", "\n").replace("\r", "\n")
    clean = _NOT_TEXT.sub("", plain)
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """Break a line after at most 75 octets, never within a character; what follows starts with a space."""
    out, size = [], 0
    for sign in line:
        width = len(sign.encode())
        if size + width > FOLD:
            out.append("\r\n ")
            size = 1
        out.append(sign)
        size += width
    return "".join(out)


def _identity(due: Mapping[str, Any]) -> str:
    return "schakel:due:" + str(due["id"]).encode("utf-8", "replace").decode()


def _basic(day: date) -> str:
    return day.isoformat().replace("-", "")


def _stamp(recorded: str, on: str) -> str:
    for said in (recorded, on):
        try:
            found = datetime.fromisoformat(said)
        except ValueError:
            continue
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return f"{aware.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return "19700101T000000Z"
