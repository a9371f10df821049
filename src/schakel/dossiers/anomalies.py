"""What in a letter cannot be right, or does not agree with itself?

Every check states why; none corrects the text. Doubts about citations come from `schakel.dossiers.citations`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator

from schakel.dossiers.citations.letters import flat
from schakel.dossiers.daychecks import day_doubts, finding, sentence
from schakel.dossiers.finding import DossierFinding
from schakel.dossiers.reading.model import Footnote
from schakel.dossiers.spelling import misspelt, split_words
from schakel.dossiers.text import Mention, Text
from schakel.dossiers.variants import form_variants, name_variants, near_names, spelling_variants

_EMPTY_DATE = re.compile(
    r"(?:^|\n)(?P<head>(?:Ons kenmerk[ \t]*\n?[^\n]{0,60}\n\s{0,20})?Datum[ \t]*:?[ \t]*(?:\n\s{0,20}|[ \t]+)(?:Betreft|Onderwerp|Geachte|Uw kenmerk|Bijlage))"
)
_PLACEHOLDER = re.compile(
    r"\[(?:ondertekenaar|naam|functie|datum|plaats|handtekening|invullen|nader in te vullen|"
    r"titel|onderwerp|kenmerk|pm|xx+|\.\.+|…)[^\]\n]{0,40}\]|<(?:naam|datum|invullen)[^>\n]{0,30}>",
    re.I,
)
_LARGE = re.compile(
    r"(?P<before>(?:[€$£]|EUR|USD|euro|dollar)[ \n]{0,3})?(?<![\d.,/])(?P<n>\d{1,4}(?:[.,]\d{1,3})?)[ "
    r"\n]{1,3}(?P<unit>miljoen|miljard|mln|mld|mrd|bn|billion|million)\b\.?[ \n]{0,3}(?P<after>[^\s]{0,30})",
    re.I,
)
_NO_UNIT_AFTER = frozenset(
    [
        "overschrijdt",
        "overschrijden",
        "bedraagt",
        "bedragen",
        "bereikt",
        "bereiken",
        "in",
        "per",
        "voor",
        "van",
        "naar",
        "aan",
        "op",
        "te",
        "tot",
        "is",
        "zijn",
        "was",
        "waren",
        "wordt",
        "worden",
        "en",
        "of",
        "om",
        "over",
        "met",
        "uit",
        "bij",
        "extra",
        "meer",
        "minder",
        "zal",
        "zullen",
        "kan",
        "by",
        "in",
        "of",
        "for",
        "to",
        "and",
        "or",
        "is",
        "will",
        "investeert",
        "toegekend",
        "beschikbaar",
        "gereserveerd",
        "vrijgemaakt",
        "groter",
        "kleiner",
        "hoger",
        "lager",
    ]
)
_COUNT = re.compile(
    r"(?<![\w.,€$])(?P<about>(?:ca\.|circa|ruim|ongeveer|bijna|meer dan) )?(?P<n>\d{2,6}|"
    r"\d{1,3}\.\d{3}) (?P<one>[a-z]{6,30})(?: ?/ ?| en | & )(?P<two>[a-z]{6,30})",
    re.I,
)
_TWICE = re.compile(r"(?<![\w-])([^\W\d_]{2,20}) {1,3}\1(?![\w-])", re.I)
_MAY_DOUBLE = frozenset(
    [
        "dat",
        "die",
        "een",
        "er",
        "zich",
        "hij",
        "zij",
        "had",
        "heeft",
        "je",
        "uur",
        "haha",
        "waar",
        "in",
        "aan",
        "op",
        "die",
        "voor",
        "over",
        "na",
        "door",
        "had",
        "is",
        "bla",
        "blah",
    ]
)


def anomalies(
    text: Text,
    *,
    footnotes: tuple[Footnote, ...] = (),
    citations: tuple[Mention, ...] = (),
    date: dt.date | None = None,
) -> list[DossierFinding]:
    """Return what does not add up, in the order of the text.

    Parameters
    ----------
    text
        The letter.
    footnotes
        Its footnotes, to report the lost ones.
    citations
        What it cites; digits in a citation are no dates, counts or amounts.
    date
        When it was written, if that is known.
    """
    line = flat(text.cleaned)
    found = [
        *day_doubts(text, line, date),
        *_template(text),
        *_units(text, line),
        *_counts(text, line),
        *_doubled(text, line),
        *name_variants(text, line),
        *form_variants(text, line),
        *near_names(text, line),
        *_one_each([*spelling_variants(text, line), *misspelt(text, line)]),
        *split_words(text, line),
        *_decimals(text, line),
        *_repeated(text, line),
        *_empty_tables(text),
        *_lost_notes(text, footnotes),
    ]
    cited = [(m.start, m.end) for m in citations if m.kind != "publication"]  # its title may well lack a unit
    kept = [f for f in found if f.kind.startswith("footnote") or not any(a <= f.start and f.end <= b for a, b in cited)]
    return sorted(kept, key=lambda f: (f.start, f.end, f.kind))


def _template(text: Text) -> Iterator[DossierFinding]:
    for m in _EMPTY_DATE.finditer(text.cleaned):
        yield finding(
            text, m.start("head"), m.end("head"), "date-missing", "The date field is empty.", "Het datumveld is leeg."
        )
    for m in _PLACEHOLDER.finditer(text.cleaned):
        yield finding(
            text,
            m.start(),
            m.end(),
            "placeholder",
            "A field of the template was not filled in.",
            "Een veld van het sjabloon is niet ingevuld.",
        )


def _units(text: Text, line: str) -> Iterator[DossierFinding]:
    for m in _LARGE.finditer(line):
        after = m["after"].lower().strip(".,;:)")
        ends = m["after"] == "" or m["after"][0] in ".,;:)"
        if m["before"] or not (ends or after in _NO_UNIT_AFTER):
            continue
        begin, end = sentence(line, m.start("n"), m.end("unit"))
        near = line[max(begin, m.start() - 60) : min(end, m.end() + 60)]
        if re.search(r"[€$£]|\beuro|\bdollar|\bEUR|\bUSD", near):
            continue  # "35 of 70 miljoen euro": the unit stands beside it
        yield finding(
            text,
            m.start("n"),
            m.end("unit"),
            "unit-missing",
            "The amount has no currency or unit.",
            "Bij het bedrag ontbreekt een munt of eenheid.",
        )


def _counts(text: Text, line: str) -> Iterator[DossierFinding]:
    first: dict[tuple[str, str], tuple[int, str]] = {}
    for m in _COUNT.finditer(line):
        key, number = (m["one"].lower(), m["two"].lower()), int(m["n"].replace(".", ""))
        known = first.setdefault(key, (number, m.group().strip()))
        if known[0] != number:
            places = next(x for x in _COUNT.finditer(line) if (x["one"].lower(), x["two"].lower()) == key)
            en, nl = f"Elsewhere the letter has {m['n']} for the same.", f"Elders in de brief staat hiervoor {m['n']}."
            yield finding(text, places.start(), places.end(), "count-differs", en, nl, m["n"])
            en, nl = (
                f"Elsewhere the letter has {known[0]} for the same.",
                f"Elders in de brief staat hiervoor {known[0]}.",
            )
            yield finding(text, m.start(), m.end(), "count-differs", en, nl, str(known[0]))


def _doubled(text: Text, line: str) -> Iterator[DossierFinding]:
    for m in _TWICE.finditer(line):
        if m[1].lower() not in _MAY_DOUBLE and unicodedata.normalize("NFC", m[1]).islower():
            yield finding(
                text,
                m.start(),
                m.end(),
                "word-twice",
                f"The word {m[1]} stands twice.",
                f"Het woord {m[1]} staat er dubbel.",
                m[1],
            )


def _one_each(found: list[DossierFinding]) -> list[DossierFinding]:
    """Keep one finding for each place."""
    return list({(f.start, f.end): f for f in reversed(found)}.values())


_PERCENT = re.compile(r"(?<![\d.,])\d{1,3}(?P<mark>[.,])\d{1,2} ?(?:%|procent\b|percent\b)")


def _decimals(text: Text, line: str) -> Iterator[DossierFinding]:
    """Report percentages with the decimal mark that the letter uses less often."""
    found = list(_PERCENT.finditer(line))
    points = [m for m in found if m["mark"] == "."]
    commas = [m for m in found if m["mark"] == ","]
    for m in min(points, commas, key=len) if points and commas else ():
        other = max(points, commas, key=len)[0].group()
        en, nl = (
            f"The letter also writes {other}: two decimal marks.",
            f"De brief schrijft ook {other}: twee decimaaltekens.",
        )
        reading = m.group().replace(m["mark"], "," if m["mark"] == "." else ".")
        yield finding(text, m.start(), m.end(), "decimal-mark", en, nl, reading)


_AGAIN = re.compile(
    r"(?<![\w-])(?P<verb>kan|kunnen|zal|zullen|moet|moeten|heeft|hebben|wordt|worden|is|zijn) (?:(?!en |of |dat |die |"
    r"wat |wie |als |om |te |niet |maar )[\w-]{1,30} ){1,3}(?P=verb)(?= (?:ook|dan|nog|al|hier|daar|deze|een|de|het)\b)"
)


def _repeated(text: Text, line: str) -> Iterator[DossierFinding]:
    """Report a finite verb that stands twice in one clause: ``kan het beleid kan ook``."""
    for m in _AGAIN.finditer(line):
        en, nl = (
            f"The verb {m['verb']} stands twice in the clause.",
            f"Het werkwoord {m['verb']} staat dubbel in de zin.",
        )
        yield finding(text, m.start(), m.end(), "verb-twice", en, nl)


_EMPTY_TABLE = re.compile(
    r"(?<![^\n])(?P<title>[^|\n]{1,120}\n)?[ \t]*\|[ \t|]*\n[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|?){1,20}(?=\n(?![ \t]*\|)|\n?$)"
)


def _empty_tables(text: Text) -> Iterator[DossierFinding]:
    """Report a table without any cell: what stood in a box was lost in conversion."""
    for m in _EMPTY_TABLE.finditer(text.cleaned):
        en, nl = "A box or table has lost its content.", "Een kader of tabel heeft zijn inhoud verloren."
        yield finding(text, m.start(), m.end(), "content-lost", en, nl)


def _lost_notes(text: Text, footnotes: tuple[Footnote, ...]) -> Iterator[DossierFinding]:
    for note in footnotes:
        place = note.marker or note.definition
        if place is None or (note.marker and note.definition):
            continue
        quote = text.original[place.start : min(place.end, place.start + 120)]
        if note.marker is None:
            en, nl = (
                f"Footnote {note.label} has no mark in the text.",
                f"Voetnoot {note.label} heeft geen teken in de tekst.",
            )
            yield DossierFinding(
                "footnote-without-mark", place.start, place.start + len(quote), quote, {"en": en, "nl": nl}
            )
        elif any(n.definition for n in footnotes):
            en, nl = (
                f"The mark of footnote {note.label} has no note.",
                f"Bij het teken van voetnoot {note.label} ontbreekt de noot.",
            )
            yield DossierFinding("footnote-without-note", place.start, place.end, quote, {"en": en, "nl": nl})
