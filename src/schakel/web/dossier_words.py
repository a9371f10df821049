"""How are days, deadlines, events and what was read in a letter said to a reader?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schakel.charts.numbers import number
from schakel.dossiers.archive.model import Due, LetterCard, Proposal
from schakel.dossiers.status import Status
from schakel.reports.icalendar import spread
from schakel.reports.words import long_date
from schakel.web.dossier_marks import Span
from schakel.web.dossier_source import KIND_WORDS
from schakel.web.i18n import either, translator
from schakel.web.render import Context

SIGNS = {
    "overdue": "!",
    "due-soon": "◔",
    "open": "○",
    "open-no-deadline": "?",
    "fulfilled-on-time": "✓",
    "fulfilled-late": "✓",
    "partly": "◐",
    "lapsed": "×",
    "deferred": "»",
    "disputed": "≠",
    "unknown": "¿",
}
_UNLINKED = frozenset(
    [
        "publication",
        "fiche",
        "page_title",
        "letter",
        "eu_title",
        "sender_reference",
        "resolution",
        "organisation_number",
    ]
)
"""Kinds of citation by title or reference: that they have no link says nothing against them."""
_CHAPTERS = {
    "B": ("Provincies", "provinces"),
    "III": ("Algemene Zaken", "General Affairs"),
    "IV": ("Koninkrijksrelaties", "Kingdom Relations"),
    "V": ("Buitenlandse Zaken", "Foreign Affairs"),
    "VI": ("Justitie en Veiligheid", "Justice and Security"),
    "VII": ("Binnenlandse Zaken", "the Interior"),
    "VIII": ("Onderwijs", "Education"),
    "IX": ("Financiën", "Finance"),
    "X": ("Defensie", "Defence"),
    "XII": ("Infrastructuur", "Infrastructure"),
    "XIII": ("Economische Zaken", "Economic Affairs"),
    "XIV": ("Landbouw", "Agriculture"),
    "XV": ("Sociale Zaken", "Social Affairs"),
    "XVI": ("Volksgezondheid", "Health"),
    "XVII": ("Buitenlandse Handel", "Foreign Trade"),
    "XX": ("Asiel en Migratie", "Asylum and Migration"),
    "XXII": ("Volkshuisvesting", "Housing"),
    "XXIII": ("Klimaat en Groene Groei", "Climate and Green Growth"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a note: its words, where it leads, and the language of words that are not the page's own."""

    text: str
    href: str = ""
    lang: str = ""

    @property
    def outside(self) -> bool:
        """Whether it leads off this site."""
        return self.href.startswith(("https://", "http://"))


def day(value: date | str | None, lang: str) -> str:
    """Write a day in words, the word for unknown without one."""
    if not value:
        return translator(lang)("dossier.unknown")
    try:
        return long_date(value if isinstance(value, str) else value.isoformat(), lang)
    except ValueError:
        return str(value)


def written(card: LetterCard, lang: str) -> str:
    """Say when a letter was written, no more exactly than is known."""
    if card.date is None or card.date_basis not in ("month", "year"):
        return day(card.date, lang)
    return _month(card.date, lang) if card.date_basis == "month" else str(card.date.year)


def answered(one: Proposal, lang: str) -> str:
    """Say when an answer came, no more exactly than is known."""
    first = one.earliest
    if first is None or first == one.on:
        return day(one.on, lang)
    if (first.year, first.month) == (one.on.year, one.on.month):
        return _month(one.on, lang)
    return translator(lang)("dossier.between", lo=day(first, lang), hi=day(one.on, lang))


def _month(value: date, lang: str) -> str:
    return day(value, lang).split(" ", 1)[1]


def letter_day(card: LetterCard | None, value: date | str | None, lang: str) -> str:
    """Say a day; where it is the day of a letter of which only the month or year is known, only that."""
    known = value if isinstance(value, str) or value is None else value.isoformat()
    if card is not None and card.date is not None and known in (card.date.isoformat(), _first(card)):
        return written(card, lang)
    return day(value, lang)


def made_from(due: Due, card: LetterCard | None) -> date | None:
    """Return the first day on which something can have been promised, where its letter has only a month or year."""
    inexact = card is not None and card.date_basis in ("month", "year") and due.made_on == card.date
    return card.date_from if card is not None and inexact else None


def _first(card: LetterCard) -> str:
    return card.date_from.isoformat() if card.date_from else ""


def state(name: str, lang: str) -> str:
    """Name a state in general, for lists to choose from: what has no deadline is not known to be in time."""
    return str(either(lang)(f"dossier.state_of.{name}", Status(name, date.min, None).label(lang)))


def days(status: Status, lang: str) -> str:
    """Say how late, early or far off something is; nothing without a deadline."""
    t = translator(lang)
    n = status.days
    if n is None:
        return ""
    if status.days_between:
        return spread(*status.days_between, lang)
    if status.state in ("fulfilled-on-time", "fulfilled-late"):
        return t("dossier.on_the_day") if n == 0 else _count(t, "late" if n > 0 else "early", abs(n), lang)
    return t("dossier.that_day") if n == 0 else _count(t, "past" if n > 0 else "left", abs(n), lang)


def timing(one: Proposal, deadline: date, lang: str) -> str:
    """Say how early or late an answer came, or between how many days where only its month is known."""
    t = translator(lang)
    n = (one.on - deadline).days
    if one.earliest is not None and one.earliest < one.on:
        return spread((one.earliest - deadline).days, n, lang)
    return t("dossier.on_the_day") if n == 0 else _count(t, "late" if n > 0 else "early", abs(n), lang)


def event(key: str, lang: str) -> str:
    """Name an event of the parliamentary year by its key: ``reces:zomer:2025`` is the summer recess of 2025."""
    parts = key.split(":")
    if len(parts) < 2:
        return key
    dated = parts[-1][:4].isdigit() and len(parts[-1]) in (4, 5)
    kind, qualifier, year = parts[0], ":".join(parts[1:-1] if dated else parts[1:]), parts[-1] if dated else ""
    words = either(lang)
    name = words(f"dossier.event.{kind}_{qualifier}".replace(" ", "_"), "") or words(f"dossier.event.{kind}", kind)
    if kind == "begroting" and qualifier in _CHAPTERS:
        name = f"{name} {_CHAPTERS[qualifier][lang == 'en']} ({qualifier})"
    elif qualifier and not words(f"dossier.event.{kind}_{qualifier}".replace(" ", "_"), ""):
        name = f"{name} {qualifier}"
    again = year[4:5]  # a second meeting in the same year has a letter behind it
    return f"{name} {year[:4]}".strip() + (f" ({ord(again) - ord('a') + 1})" if again.isalpha() else "")


def deadline(value: Mapping[str, Any] | None, lang: str) -> str:
    """Say by when: the last day, with its first where it is an interval worth naming, and whether it is provisional."""
    t = translator(lang)
    if not value:
        return t("dossier.no_deadline")
    if not value.get("hi"):
        return t("dossier.no_day")
    said = day(value["hi"], lang)
    if value.get("status") == "provisional":
        said = t("dossier.provisional", day=said)
    return said


def kind(name: str, lang: str) -> str:
    """Name a kind of commitment."""
    return KIND_WORDS.get(name, {}).get(lang, name)


def snippet(text: str) -> list[tuple[str, bool]]:
    """Cut what a search shows of a text in pieces, and say which of them were found."""
    out = []
    for part in text.split("⟦"):
        found, mark, rest = part.rpartition("⟧")
        out += [(found, True), (rest, False)] if mark else [(part, False)]
    return [(part, hit) for part, hit in out if part]


def relation(name: str, lang: str) -> str:
    """Name what a letter did with a commitment."""
    return either(lang)(f"dossier.relation.{name}", name)


def note(c: Context, span: Span, of: Mapping[tuple[int, int], Due], asked: Mapping[str, str]) -> list[Line]:
    """Say in a few lines what was read in a marked piece of a letter."""
    v, lang = span.value, c.lang
    match span.kind:
        case "citation":
            return _citation(v, lang)
        case "finding":
            return _finding(v, lang)
        case "commitment":
            return _commitment(c, span, of.get((span.start, span.end)), asked)
        case "deadline":
            return _deadline(v, lang)
        case "amount":
            return [Line(", ".join(_amount(v, lang)))]
        case "percentage":
            return [Line(", ".join(_percentage(v, lang)))]
        case _:
            return [Line(str(v.get("text", "")))]


def _citation(v: Mapping[str, Any], lang: str) -> list[Line]:
    t = translator(lang)
    link = str(v.get("link") or "")
    named = str(v.get("id") or "")
    lines = [Line(named or t("dossier.no_number"), link if link.startswith(("https://", "http://")) else "")]
    lines += [Line(f"CELEX {v['celex']}")] if v.get("celex") and v["celex"] != named else []
    if link or not named:
        return lines
    return [*lines, Line(t("dossier.unlinked" if v.get("kind") in _UNLINKED else "dossier.no_link"))]


def _finding(v: Mapping[str, Any], lang: str) -> list[Line]:
    sentence = v.get("sentence") or {}
    said = str(sentence.get(lang) or sentence.get("en") or v.get("kind", ""))
    lines = [Line(said, lang="" if sentence.get(lang) else "en")]
    return (
        [*lines, Line(translator(lang)("dossier.best", reading=v["best_reading"]))] if v.get("best_reading") else lines
    )


def _commitment(c: Context, span: Span, due: Due | None, asked: Mapping[str, str]) -> list[Line]:
    t, v, lang = translator(c.lang), span.value, c.lang
    who = " → ".join(str(x) for x in (v.get("actor"), v.get("recipient")) if x)
    lines = [Line(kind(str(v.get("kind", "")), lang) + (f": {who}" if who else ""))]
    if v.get("deadline") or v.get("deadline_text"):
        words = str(v.get("deadline_text") or "")
        lines.append(Line(t("dossier.by", day=deadline(v.get("deadline"), lang)) + (f" (“{words}”)" if words else "")))
    if v.get("conditional"):
        lines.append(Line(t("dossier.conditional")))
    if due:
        said = "; ".join(x for x in (due.status.label(lang), days(due.status, lang)) if x)
        where = c.url("/dossiers", on=asked["on"], letter=due.letter, q=due.id)
        lines.append(Line(f"{day(due.status.reference, lang)}: {said}", where))
    return lines


def _deadline(v: Mapping[str, Any], lang: str) -> list[Line]:
    t = translator(lang)
    lo, hi = v.get("lo"), v.get("hi")
    said = deadline(v, lang)
    if lo and hi and lo != hi:
        said = t("dossier.between", lo=day(lo, lang), hi=said)
    lines = [Line(f"{either(lang)('dossier.deadline.' + str(v.get('kind')), str(v.get('kind')))}: {said}")]
    return [*lines, Line(event(str(v["event"]), lang))] if v.get("event") else lines


def _figure(value: object, lang: str) -> str:
    text = str(value)
    try:
        return number(float(text), lang, len(text.partition(".")[2].rstrip("0")))
    except ValueError:
        return text


def _amount(v: Mapping[str, Any], lang: str) -> list[str]:
    t = translator(lang)
    figures = " – ".join(_figure(x, lang) for x in (v.get("value"), v.get("high")) if x is not None)
    parts = [
        " ".join(str(x) for x in (v.get("qualifier"), v.get("currency") or t("dossier.no_currency"), figures) if x)
    ]
    period = str(v.get("period") or "")
    if period and period != "one-off":
        parts.append(either(lang)("dossier.period." + period.replace(" ", "_"), period))
    who = " → ".join(str(x) for x in (v.get("payer"), v.get("beneficiary")) if x)
    parts += [x for x in (who, v.get("programme")) if x]
    return [*parts, t("dossier.conditional")] if v.get("conditional") else parts


def _percentage(v: Mapping[str, Any], lang: str) -> list[str]:
    low, high = v.get("value_pct", v.get("value")), v.get("value_pct_high", v.get("high"))
    figures = " – ".join(_figure(x, lang) for x in (low, high) if x is not None)
    compared = str(v.get("comparator") or "=")
    parts = [f"{compared + ' ' if compared != '=' else ''}{figures}%"]
    parts.append(either(lang)(f"dossier.share.{v.get('kind')}", str(v.get("kind") or "")))
    period = v.get("period")
    return [p for p in [*parts, "–".join(str(y) for y in period) if period else ""] if p]


def _count(t: Any, key: str, n: int, lang: str) -> str:
    return str(t(f"dossier.{key}_one") if n == 1 else t(f"dossier.{key}", n=number(n, lang)))
