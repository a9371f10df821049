"""In which words does a list show what was promised: a whole sentence, without the marks and notes that stand around it?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MOST = 300
"""Characters of a sentence shown whole; of a longer one the part around the promise is shown."""
_LEAD = 40
_FIRST_WORDS = 6
_BREAK = re.compile(r"\n\s*(?=\d{1,3}\s+[A-Z\"“‘])|\n\s*(?=[-–—•*o]\s)|\n\s*\n|\|")
_NOTE = re.compile(r"\d{1,3}\s+(?=[A-Z\"“‘])")
_LOOSE = re.compile(r"(?:[-–—•*|;,]+\s*|o\s(?=[A-Z])|\(TZ\s?\d{6}-\d{1,4}\)[,;]?\s*|(?:en|and)\s)+")
_NUMBER = re.compile(r"TZ\s?\d{6}-\d{1,4}\)?")
_STARS = re.compile(r"\*{1,2}")


def action(row: Mapping[str, Any]) -> str:
    """Return what a commitment of a letter, or a motion, says is to be done, on one line.

    The sentence it stands in goes before the clause that was recognised: "wordt uw Kamer geïnformeerd" says nothing without it.
    """
    said = _line(str(row["action"])).split(" | ")[0]
    context = str(row.get("context") or "")
    words = said.split()[:_FIRST_WORDS]
    found = re.search(r"\s+".join(map(re.escape, words)), context) if words else None
    if found is None:
        return tidy(said)
    breaks = [m.end() for m in _BREAK.finditer(context) if m.end() <= found.start()]
    stop = _BREAK.search(context, found.end())
    before = _line(context[breaks[-1] if breaks else 0 : found.start()])
    after = _line(context[found.start() : stop.start() if stop else None])
    number = row.get("tz_number")
    own = after.find(str(number)) if number else -1
    if own >= 0:  # one sentence may hold several numbered promises
        after = after[: own + len(str(number))] + (")" if after[own + len(str(number)) :].startswith(")") else "")
        other = max((m.end() for m in _NUMBER.finditer(after, 0, own)), default=0)
        before = "" if other else before[max((m.end() for m in _NUMBER.finditer(before)), default=0) :]
        after = after[other:]
    if row.get("motion") and not before:
        return tidy(after)[: 2 * MOST]
    room = max(_LEAD, MOST - len(after))
    if len(before) > room:
        before = "… " + before[-room:].partition(" ")[2]
    return tidy(f"{before} {after}")[:MOST]


def tidy(text: str) -> str:
    """Return a phrase without the mark of a note, a list or a table at its head, and without marks of emphasis."""
    line = _line(_STARS.sub("", text))
    for head in (_NOTE, _LOOSE, _NOTE):
        found = head.match(line)
        line = line[found.end() :] if found and found.end() < len(line) else line
    return line


def clip(text: str, most: int, about: str = "") -> str:
    """Return a phrase on one line, cut where it is too long; the words it is about stay in sight."""
    line = _line(text)
    if len(line) <= most:
        return line
    at = line.find(_line(about)[:_LEAD]) if about else -1
    end = at + len(_line(about))
    if at < 0 or end <= most:
        return f"{line[: most - 1].rstrip()}…"
    begin = min(line.find(" ", end - most + 2) + 1, at)
    tail = line if begin < _LEAD // 2 else f"…{line[begin:]}"
    return tail if len(tail) <= most else f"{tail[: most - 1].rstrip()}…"


def _line(text: str) -> str:
    return " ".join(text.split())
