"""What came due, passed its day or was answered, newest first, for a feed reader (RSS 2.0)?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from schakel.reports.icalendar import kind, spread
from schakel.reports.icalendar import title as title_of

MOST = 100  # items
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
_WORDS = {
    "en": {"due": "Due soon", "overdue": "Overdue", "answered": "Answered", "deferred": "Deferred", "deadline": "deadline {}",
           "late": "{} days late", "early": "{} days early", "on": "on the day", "day": "1 day late", "before": "1 day early"},
    "nl": {"due": "Bijna aan de beurt", "overdue": "Te laat", "answered": "Beantwoord", "deferred": "Uitgesteld", "deadline": "termijn {}",
           "late": "{} dagen te laat", "early": "{} dagen te vroeg", "on": "op de dag zelf", "day": "1 dag te laat", "before": "1 dag te vroeg"},
}  # fmt: skip


def changes(dues: Sequence[Mapping[str, Any]], on: date, soon: int = 14) -> list[dict[str, Any]]:
    """Return what happened to commitments up to a day, newest first: came due, passed its deadline, was answered, was deferred.

    Parameters
    ----------
    dues
        As `schakel.reports.icalendar.calendar` takes them. Of the answers only those count that a person confirmed, or in
        which the letter says itself what it answers.
    soon
        Days before the deadline at which it came due.

    Returns
    -------
    list
        Mappings with ``guid`` (the same on every later day), ``what``, ``on`` (date), ``days`` (late positive, early negative,
        None where nothing is counted), ``between`` (fewest and most days, where only the month of the answer is known) and ``due``.
    """
    out: list[dict[str, Any]] = []
    for due in dues:
        ident, last = str(due["id"]), _hi(due)
        answers = [(date.fromisoformat(a["on"]), a) for a in due.get("answers") or () if _counts(a)]
        known = [(day, a) for day, a in answers if day <= on]
        done = min((_nearest(a, day, last) for day, a in known if a["relation"] == "fulfils"), default=None)
        marks = [last, *(date.fromisoformat(a["new_deadline"]) for _, a in known if a.get("new_deadline"))]
        for i, mark in enumerate(m for m in marks if m is not None and due["status"]["state"] != "lapsed"):
            near = mark - timedelta(days=soon) if (mark - date.min).days > soon else date.min
            moved = min((day for day, a in known if a["relation"] == "defers"), default=None) if i == 0 else None
            end = min((d for d in (done, moved) if d is not None), default=None)
            if near <= on and (end is None or end >= near):
                out.append({"guid": f"{ident}:due:{mark}", "what": "due", "on": near, "days": None, "due": due})
            if mark < on and (end is None or end > mark):
                day = mark + timedelta(days=1)
                out.append({"guid": f"{ident}:overdue:{mark}", "what": "overdue", "on": day, "days": None, "due": due})
        for day, answer in known:
            what = "deferred" if answer["relation"] == "defers" else "answered"
            counted = last if answer["relation"] == "fulfils" else None
            first = date.fromisoformat(answer["earliest"]) if answer.get("earliest") else day
            days = (day - counted).days if counted is not None and first == day else None
            between = ((first - counted).days, (day - counted).days) if counted is not None and first < day else None
            guid = f"{ident}:{what}:{answer['document']}"
            out.append({"guid": guid, "what": what, "on": day, "days": days, "between": between, "due": due})
    return sorted(out, key=lambda c: (-c["on"].toordinal(), c["guid"]))[:MOST]


def feed(
    items: Sequence[Mapping[str, Any]],
    lang: str = "en",
    *,
    title: str,
    link: str,
    self_link: str,
    description: str,
    built: str = "",
) -> str:
    """Write changes as RSS 2.0.

    Parameters
    ----------
    items
        As `changes` gives them; ``due`` may carry ``url``.
    link, self_link
        Addresses of the page and of the feed.
    built
        UTC time of the register's last event, which becomes lastBuildDate: never the clock.
    """
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">',
        "<channel>",
        _element("title", title),
        _element("link", link),
        f'<atom:link href={quoteattr(_clean(self_link))} rel="self" type="application/rss+xml"/>',
        _element("description", description),
        _element("language", lang),
    ]
    if built:
        lines.append(_element("lastBuildDate", _time(datetime.fromisoformat(built))))
    for item in items:
        due = item["due"]
        lines += [
            "<item>",
            _element("title", f"{_WORDS[lang][item['what']]}: {title_of(due, 160)}"),
            *([_element("link", due["url"])] if due.get("url") else []),
            _element("description", _told(item, lang)),
            *[_element("category", name) for name in (kind(due, lang), due.get("dossier")) if name],
            f'<guid isPermaLink="false">{escape(_clean(item["guid"]))}</guid>',
            _element("pubDate", _time(datetime(item["on"].year, item["on"].month, item["on"].day, tzinfo=UTC))),
            "</item>",
        ]
    return "\n".join([*lines, "</channel>", "</rss>", ""])


def _told(item: Mapping[str, Any], lang: str) -> str:
    words, due = _WORDS[lang], item["due"]
    last, written = _hi(due), (due.get("deadline") or {}).get("text")
    parts = [words["deadline"].format(last) + (f" ({written})" if written else "")] if last else []
    days = item["days"]
    if item.get("between"):
        parts.append(spread(item["between"][0], item["between"][1], lang))
    if days is not None:
        named = {0: words["on"], 1: words["day"], -1: words["before"]}
        parts.append(named.get(days) or words["late" if days > 0 else "early"].format(abs(days)))
    parts += [str(due[k]) for k in ("letter", "letter_title") if due.get(k)]
    return "; ".join(parts) or str(due["id"])


def _element(name: str, value: object) -> str:
    # Reader programs take a title or description for HTML: a sign that opens markup is escaped for them once more.
    shown = _clean(str(value))
    if name in ("title", "description"):
        shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<{name}>{escape(shown)}</{name}>"


def _clean(value: str) -> str:
    return _NOT_XML.sub("", value)


def _time(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _hi(due: Mapping[str, Any]) -> date | None:
    said = (due.get("deadline") or {}).get("hi")
    return date.fromisoformat(said) if said else None


def _nearest(answer: Mapping[str, Any], day: date, deadline: date | None) -> date:
    """The day of an answer; where only its month is known, the day in it that is nearest to the deadline, as its state counts."""
    if deadline is None or not answer.get("earliest"):
        return day
    return min(max(deadline, date.fromisoformat(answer["earliest"])), day)


def _counts(answer: Mapping[str, Any]) -> bool:
    return answer["state"] == "confirmed" or (answer["state"] == "proposed" and bool(answer.get("explicit")))
