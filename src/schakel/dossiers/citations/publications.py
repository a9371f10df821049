"""Which reports and articles do the notes of a letter cite by author, title and year?

Only notes are read: a line that begins with a note's number or ends with its return arrow. ``Author, 2024. Title`` and
``Author, Title, maart 2024`` are the two ways; a sentence of the letter itself has neither form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schakel.dossiers.citations.found import Found
from schakel.dossiers.citations.letters import Line
from schakel.dossiers.days import MONTH, days

_NOTE = re.compile(
    r"(?:^|\n)(?:(?P<arrowed>[^\n\u21a9]{8,1500})(?=\u21a9)|"
    r"[ \t]{0,4}(?:(?:\[\^)?\d{1,3}(?:\]:)?[ \t]{1,3}|[¹²³⁰⁴-⁹]{1,3}[ \t]{0,3})"
    r"(?P<numbered>[^\n]{8,1500}(?:(?<= )\n(?![\s\d])[^\n]{2,200})?))"
)
_NAME = r"(?:[A-ZÀ-Þ][\w&.’'-]{1,25}|\d{3}(?= [A-Z]))"
_WHO = rf"{_NAME}(?:,? (?:(?:van|de|der|den|en|and|&|voor|of|het) ){{0,2}}{_NAME}){{0,7}}"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SOURCE = r"(?:(?:Bron|Bronnen|Source|Zie(?: ook)?|Gebaseerd op):? {0,3})?"
_END = r"(?=[.)]{0,2}$|[.)] "
_FORMS = (
    re.compile(
        rf"{_SOURCE}(?P<who>{_WHO}(?: (?:advies|rapport|et al\.?))?),? \(?{_YEAR}\)?[.,:]{{0,2}} {{1,3}}"
        rf"(?P<title>‘[^’\n]{{3,200}}’|“[^”\n]{{3,200}}”|[A-ZÀ-Þ'\"][^;|\n]{{3,200}}?){_END}(?=[A-Z-])|;)"
    ),
    re.compile(
        rf"{_SOURCE}(?P<who>{_WHO}), {{0,2}}(?P<title>[A-ZÀ-Þ‘“'\"][^;|\n.]{{3,200}}?), {{0,2}}(?:(?i:{MONTH}) {{1,2}})?{_YEAR}"
        rf"(?:, {{0,2}}(?:p|pp|blz)\. {{0,2}}\d{{1,4}})?{_END}|;)"
    ),
)
_DATED = re.compile(
    rf"(?P<title>[^\W\d_][^.;,|\n]{{8,90}}?) {{1,3}}(?P<day>\d{{1,2}} {{1,3}}(?i:{MONTH}) {{1,3}}(?:19|20)\d\d)"
    r"(?= {0,3}(?:$|\.|p{1,2}\.? ?\d))"
)
_SITE = re.compile(
    r"(?P<title>[A-ZÀ-Þ][^|;()\[\]\n]{12,200}?) {0,3}"
    r"(?:(?:\| {0,3}[^|()\n]{2,60}){0,2}\((?P<site>[a-z][\w-]{1,40}\.(?:[\w-]{2,40}\.)?(?:eu|nl|com|org|int|gov))\))"
)
_COMMUNICATION = re.compile(
    r"(?:Joint Communication|Gezamenlijke mededeling|Communication|Mededeling)"
    r"(?: van de (?:Europese )?Commissie(?: en (?:de )?(?:HV|Hoge Vertegenwoordiger))?)? "
    r"(?:on|over|inzake|voor|for) (?:the |een |de |a )?(?P<title>“[^”\n]{5,160}”|‘[^’\n]{5,160}’|[A-ZÀ-Þ][^.;:,|()\[\]\n]{5,120})"
)
# Titles under which letters cite, and the document that bears them; candidates only, for a person chooses.
_KNOWN = {
    "economic security strategy": "JOIN(2023)20",
    "lacunes in defensie-investeringen": "JOIN(2022)24",
    "defence investment gaps": "JOIN(2022)24",
}
_PART = re.compile(r"(?:^|; {0,3}|[.)] (?=Bron|Source)|\()(?=[^;(]{8})")


def find_publications(line: Line) -> Iterator[Found]:
    """Yield what notes cite by author, title and year."""
    for note in _NOTE.finditer(line.text):
        group = "numbered" if note["numbered"] else "arrowed"
        body = note[group].rstrip()
        at = note.start(group)
        yield from _by_author(body, at)
        yield from _by_other_words(body, at)


def _by_author(body: str, at: int) -> Iterator[Found]:
    last = 0
    for part in _PART.finditer(body):
        if part.end() < last:
            continue
        m = next((m for form in _FORMS if (m := form.match(body, part.end()))), None)
        if m:
            last = m.end()
            title, who = _plain(m["title"]), " ".join(m["who"].split())
            value = {"title": title, "author": who, "year": int(m["year"])}
            yield Found(at + m.start("who"), at + m.end(), "publication", f"{who}: {title} ({m['year']})", None, value)


def _by_other_words(body: str, at: int) -> Iterator[Found]:
    """Read a title with its day, a page of a site, and a communication of the European Commission by its title."""
    dated = _DATED.match(body)
    day = next(iter(days(dated["day"])), None) if dated else None
    if dated and day and (real := day.real()):
        title = _plain(dated["title"])
        end, parts = at + dated.end("day"), {"title": title, "date": real.isoformat()}
        yield Found(at + dated.start(), end, "publication", f"{title} ({real.isoformat()})", None, parts)
    for m in _COMMUNICATION.finditer(body):
        title = _plain(m["title"])
        candidates = [number for words, number in _KNOWN.items() if words in title.lower()]
        value: dict[str, object] = {"title": title, **({"candidates": candidates} if candidates else {})}
        yield Found(at + m.start(), at + m.end(), "eu_title", f"EU:{title}", None, value)
    for m in _SITE.finditer(body):
        title = _plain(m["title"])
        yield Found(at + m.start(), at + m.end(), "page_title", f"{m['site']}:{title}", None, {"title": title})


def _plain(title: str) -> str:
    return " ".join(title.split()).strip(" ,.‘’“”\"'")
