"""Where does a text cite by title or date only, so that a person must choose among candidates?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from schakel.dossiers.citations.found import Found
from schakel.dossiers.citations.letters import Line
from schakel.dossiers.days import MONTH, MONTHS, Day, days

_S = r" {0,6}"
_LETTER = re.compile(
    rf"(?<!\w)(?P<word>Kamerbrief|Kabinetsbrief)\b(?P<title>(?:[^\n;|]|\n(?!\d{{1,3}} |- |\n)){{0,160}}?)(?=(?P<day>\d{{1,2}}{_S}{MONTH}{_S}(?:19|20)\d\d))"
)
# "Kamerbrief over toezeggingen tijdens het debat van 7 november 2024": the day of the debate, not of the letter
_OTHER_DAY = re.compile(
    r"\b(?:\w*debat|\w*overleg|AO|CD|WGO|\w*vergadering|\w*[Rr]aad|\w*zitting|"
    r"vragen\w*uur|procedurevergadering)\b[^,;|]{0,80}\b(?:van|d\.d\.|op|tussen)[ \n]{0,3}$"
)
_LETTER_MONTH = re.compile(
    rf"(?<!\w)(?P<word>Kamerbrief|Kabinetsbrief)\b(?P<title>(?:{_S}[“\"«][^\n“”\"«»]{{3,140}}[”\"»])?),?{_S}(?:van{_S})?(?P<month>{MONTH}){_S}(?P<year>(?:19|20)\d\d)(?!\d)",
    re.I,
)
_FICHE = re.compile(r"(?<!\w)BNC[ \n]{0,3}-?[ \n]{0,3}fiches?\b {0,3}:? {0,6}", re.I)
_FICHE_DAY = re.compile(rf"(?:van{_S})?(\d{{1,2}}){_S}({MONTH})(?:{_S}((?:19|20)\d\d))?", re.I)
_FICHE_TITLE = re.compile(
    r"(?!Kamerstuk)[A-ZÀ-Þ](?:[^\n;|()\[\]“”.]|\.(?=\w)|(?<=\.[a-z])\.(?= )|(?<=[,n] )\n|(?<=   )\n){2,320}"
)
_RESOLUTION = re.compile(
    rf"(?<!\w)(?:Resolutie{_S}(?:van{_S}het{_S})?(?:EP|Europees{_S}Parlement)|EP-resolutie|EP{_S}resolution){_S}(?:van{_S})?(?=\d)",
    re.I,
)
_PAGE = re.compile(
    r"\|[ \n]{0,3}(?P<type>Kamerstuk|Rapport|Publicatie|Nieuwsbericht|Brochure|Beleidsnota|Convenant|Toespraak)[ \n]{0,3}\|[ \n]{0,3}Rijksoverheid\.nl"
)
_NOTE_START = re.compile(r"(?:^|[\n])[ ]{0,3}(?:\d{1,3}[ ]{1,3}|[¹²³⁰-⁹]{1,3}[ ]{0,3})(?=[A-ZÀ-Þ“‘'])")
_CAPITAL = re.compile(r"[A-ZÀ-Þ“‘]")
_QUOTES = " ,:“”\"«»‘’'"


def find_titles(line: Line, lines: Line, named: Iterable[Day], year: int | None) -> list[Found]:
    """Return what a flat text cites by title or date.

    Parameters
    ----------
    text
        Flat text.
    lines
        The same with its line ends.
    named
        The days that the text names.
    year
        Year of the letter, for a day without one; None when it is not known.
    """
    return [*_letters(lines), *_fiches(lines, year), *_resolutions(line), *_pages(lines), *_publications(lines, named)]


def _iso(day: Day) -> str:
    real = day.real()
    return real.isoformat() if real else ""


def _first_day(text: str) -> Day | None:
    return next(iter(days(text)), None)


def _letters(text: Line) -> Iterator[Found]:
    for m in text.find(_LETTER, "kamerbrief", "kabinetsbrief", before=1):
        day = _first_day(m["day"])
        if day is None or not day.real() or re.search(r"[.!?] [A-Z]", m["title"]) or _OTHER_DAY.search(m["title"]):
            continue
        title = re.sub(r"\s+", " ", m["title"]).strip(_QUOTES)
        yield Found(
            m.start(),
            m.end("day"),
            "letter",
            f"{m['word']}:{_iso(day)}",
            None,
            {"title": title or None, "date": _iso(day)},
        )
    for m in text.find(_LETTER_MONTH, "kamerbrief", "kabinetsbrief", before=1):
        when = f"{m['year']}-{MONTHS[m['month'].lower().rstrip('.')]:02d}"
        yield Found(
            m.start(),
            m.end(),
            "letter",
            f"{m['word']}:{when}",
            None,
            {"title": m["title"].strip(_QUOTES) or None, "date": when},
        )


def _fiches(line: Line, year: int | None) -> Iterator[Found]:
    text = line.text
    for m in line.find(_FICHE, "bnc", before=1):
        dated = _FICHE_DAY.match(text, m.end())
        if dated:
            of = dated[3] or (str(year) if year else None)
            when = f"{of}-{MONTHS[dated[2].lower().rstrip('.')]:02d}-{int(dated[1]):02d}" if of else None
            yield Found(
                m.start(),
                dated.end(),
                "fiche",
                f"BNC:{when}" if when else None,
                None,
                {"date": when},
                "" if dated[3] else "year-missing",
                f"BNC:{when}" if when else None,
            )
            continue
        title = _FICHE_TITLE.match(text, m.end())
        if not title:
            continue
        if m.group().lower().rstrip(" :").endswith("fiches"):
            at = title.start()
            for i, part in enumerate(re.split(r"\s{0,6},\s{0,6}", title.group().rstrip())):
                at = text.index(part, at)
                if len(part) > 2:
                    start = m.start() if i == 0 else at
                    yield Found(
                        start,
                        at + len(part),
                        "fiche",
                        f"BNC:{' '.join(part.split())}",
                        None,
                        {"title": " ".join(part.split())},
                    )
                at += len(part)
        else:
            name = " ".join(title.group().split())
            yield Found(
                m.start(), title.start() + len(title.group().rstrip()), "fiche", f"BNC:{name}", None, {"title": name}
            )


def _resolutions(line: Line) -> Iterator[Found]:
    for m in line.find(_RESOLUTION, "resolut", before=4):
        day = _first_day(line.text[m.end() : m.end() + 30])
        if day and day.start == 0 and day.real():
            yield Found(m.start(), m.end() + day.end, "resolution", f"EP:{_iso(day)}", None, {"date": _iso(day)})


def _pages(line: Line) -> Iterator[Found]:
    lines = line.text
    for m in line.find(_PAGE, "rijksoverheid.nl"):
        start = _title_start(lines, m.start())
        title = re.sub(r"\s+", " ", lines[start : m.start()]).strip(_QUOTES)
        if 5 <= len(title) <= 250 and "|" not in title:
            word, _, rest = title.partition(" ")
            name = f"{word}:{rest}" if word in ("Kamerbrief", "Kabinetsbrief") else f"Rijksoverheid:{title}"
            yield Found(start, m.end(), "page_title", name, None, {"title": title, "type": m["type"]})


def _publications(line: Line, named: Iterable[Day]) -> Iterator[Found]:
    """Read ``Title, 28 november 2022`` where a footnote begins or behind a semicolon."""
    lines = line.text
    for day in named:
        if not day.real() or lines[max(0, day.start - 2) : day.start] != ", ":
            continue
        start = _title_start(lines, day.start - 2, noted=True)
        title = re.sub(r"\s+", " ", lines[start : day.start - 2]).strip(_QUOTES)
        if (
            5 < len(title) <= 150
            and not re.search(r"[.!?] ", title)
            and lines[day.end : day.end + 1] in ("", ",", ";", ".", "\n", ")")
        ):
            yield Found(
                start, day.end, "publication", f"{title} ({_iso(day)})", None, {"title": title, "date": _iso(day)}
            )


def _title_start(lines: str, end: int, noted: bool = False) -> int:
    """Return where the title that ends at ``end`` begins: behind a footnote's number, a semicolon or a line end."""
    floor = max(0, end - 260)
    semicolon = lines.rfind(";", floor, end)
    notes = [m.end() for m in _NOTE_START.finditer(lines, floor, end)]
    begin = max(semicolon + 1, notes[-1] if notes else 0)
    if begin == 0:
        begin = end if noted else max(floor, lines.rfind("\n", floor, end) + 1)
    first = _CAPITAL.search(lines, begin, end)
    return first.start() if first else end
