"""Where does a text cite the European Union: Commission documents, acts, procedures, the Official Journal?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schakel.dossiers.citations import links
from schakel.dossiers.citations.found import Found
from schakel.dossiers.citations.letters import Line

_S = r" {0,6}"
_DOCUMENT = re.compile(
    rf"(?<!\w)(?P<series>COM|SWD|SEC|JOIN|C(?=\(\d{{4}}\))|C(?= \(\d{{4}}\) \d+ final))(?!\w){_S}[/(\[]?{_S}(?P<year>(?:19|"
    rf"20)\d\d)(?!\d){_S}[)\]/]?{_S},?{_S}(?:nr\b\.?{_S})?(?P<n>\d{{1,4}})(?!\w)(?P<final>{_S}(?:final|def(?:initief)?\b\.?))?"
)
_NEXT_DOCUMENT = re.compile(
    rf"{_S}(?:,|en |and |&){_S}(?P<n>\d{{2,4}})(?P<final>{_S}final\b)?(?={_S}(?:[),;.]|en\b|$|\n))(?!,\d)"
)
_COMMUNICATION = re.compile(
    r"(?:mededeling|communication|verslag|report|witboek|groenboek|white paper|green paper|strategie|actieplan)", re.I
)
_PROCEDURE = re.compile(
    rf"(?<![\w/])(?P<year>(?:19|20)\d\d){_S}/{_S}(?P<n>\d{{4}})(?P<part>[A-Z]?){_S}\({_S}(?P<type>COD|CNS|NLE|APP|AVC|BUD|INI|INL|RSP|SYN)\)"
)
_ACT = re.compile(
    rf"(?<!\w)(?P<type>(?:[a-zë-]{{0,30}}?(?:Uitvoerings|Gedelegeerde |Kader)?(?:verordening(?:en)?|richtlijn(?:en)?|besluit(?:en)?|aanbeveling(?:en)?|"
    rf"kaderbesluit))|(?:(?:Implementing|Delegated) )?(?:Regulations?|Directives?|Decisions?|Recommendations?))"
    rf"{_S}(?:\((?P<union>EU|EG|EC|EEG|EEC|GBVB|CFSP|Euratom)(?:, ?Euratom)?\){_S})?(?:(?P<nr>nrs?|"
    rf"no)\b\.?{_S})?(?P<a>\d{{1,4}})/(?P<b>\d{{1,4}})(?:/(?P<suffix>EU|EG|EC|EEG|EEC|GBVB|JBZ))?(?![\w/])",
    re.I,
)
_NEXT_ACT = re.compile(
    rf"{_S}(?:,{_S}(?:en {_S})?|en {_S}|and {_S}|of {_S})(?P<all>(?:\((?:EU|EG|EC|EEG|GBVB)\){_S})?"
    rf"(?:nr\b\.?{_S})?(?P<a>\d{{1,4}})/(?P<b>\d{{1,4}})(?:/(?P<suffix>EU|EG|EC|EEG|EEC|GBVB|JBZ))?)(?![\w/])"
)
_BARE_CELEX = re.compile(
    r"(?<![\w])(?:CELEX:?\s?)?(?P<id>[356][12]\d{3}(?:PC|DC|SC|JC|XC|[RLDHG])\d{4}(?:\(\d\d\))?)(?!\w)"
)
_NOTICE = re.compile(
    rf"(?<![\w/])(?:(?P<oj>PB|PbEU|PbEG|OJ){_S},?{_S})?(?P<year>(?:19|20)\d\d)/(?P<series>[CL]){_S}(?P<n>\d{{1,3}})/(?P<item>\d{{2}})(?!\w)"
)
_ISSUE = re.compile(rf"(?<!\w)(?:PB|PbEU|OJ){_S}(?P<series>[CL]){_S},{_S}(?P<id>(?:C/)?20\d\d/\d{{1,5}})(?![\d/])")
_JOURNAL = re.compile(
    rf"(?<!\w)(?:PB|PbEU|PbEG|OJ)\b\.?{_S},?{_S}(?:(?P<year>(?:19|20)\d\d){_S},?{_S})?(?P<series>[CL]){_S}(?P<n>\d{{1,3}})(?:{_S}(?:van|of|,)?{_S}\d{{1,2}}[./]\d{{1,2}}[./](?P<late>(?:19|20)\d\d))?(?!\d)"
)
# Notices of the C series carry the date of the issue in their CELEX number, which the citation does not say. Official Journal, EUR-Lex.
_NOTICES = {"2021/C 528/02": "52021XC1230(02)", "2014/C 188/02": "52014XC0620(01)"}
_PROCEDURES = ("cod", "cns", "nle", "app", "avc", "bud", "ini", "inl", "rsp", "syn")
_CELEX_TYPES = ("pc", "dc", "sc", "jc", "xc", "r", "l", "d", "h", "g")
_SECTOR: dict[str, str] = {"COM": "PC", "SWD": "SC", "SEC": "SC", "JOIN": "JC"}
_TYPES = (
    ("verordening", "R"),
    ("regulation", "R"),
    ("richtlijn", "L"),
    ("directive", "L"),
    ("kaderbesluit", "F"),
    ("besluit", "D"),
    ("decision", "D"),
)


def find_european(line: Line) -> list[Found]:
    """Return what a flat text cites of the European Union."""
    return [*_documents(line), *_acts(line), *_journal(line)]


def _documents(line: Line) -> Iterator[Found]:
    for m in line.find(_PROCEDURE, *_PROCEDURES, before=30):
        identifier = f"{m['year']}/{m['n']}{m['part']}({m['type']})"
        yield Found(m.start(), m.end(), "eu_procedure", identifier, links.procedure(identifier))
    for m in line.find(_DOCUMENT, "com", "swd", "sec", "join", "c(", "c (", before=1):
        series, year = m["series"], m["year"]
        said = _COMMUNICATION.search(line.text, max(0, m.start() - 120), m.start()) is not None
        sector = "DC" if series == "COM" and said else _SECTOR.get(series)
        part: re.Match[str] | None = m
        while part:
            number = int(part["n"])
            celex = f"5{year}{sector}{number:04d}" if sector else None  # C documents have none of this series
            value = {"celex": celex, "year": int(year), "number": number}
            start = m.start() if part is m else part.start("n")
            link = links.celex(celex) if celex else None
            yield Found(start, part.end(), "eu_document", f"{series}({year}){number}", link, value)
            part = _NEXT_DOCUMENT.match(line.text, part.end())


def _acts(line: Line) -> Iterator[Found]:
    for m in line.find(
        _ACT,
        "verordening",
        "richtlijn",
        "besluit",
        "aanbeveling",
        "regulation",
        "directive",
        "decision",
        "recommendation",
        after=80,
    ):
        letter = next((c for word, c in _TYPES if word in m["type"].lower()), "H")
        if letter in "DH" and not (m["union"] or m["suffix"]):  # "besluit 12/2023" is nobody's in particular
            continue
        part: re.Match[str] | None = m
        while part:
            year, number = _year_and_number(part["a"], part["b"], m["nr"] is not None, letter)
            if year is not None:
                celex = f"3{year}{letter}{number:04d}"
                start = m.start() if part is m else part.start("all")
                yield Found(start, part.end(), "eu_act", f"CELEX {celex}", links.celex(celex), {"celex": celex})
            part = _NEXT_ACT.match(line.text, part.end())
    for m in line.find(_BARE_CELEX, *_CELEX_TYPES, before=20):
        yield Found(m.start(), m.end(), "eu_act", f"CELEX {m['id']}", links.celex(m["id"]), {"celex": m["id"]})


def _year_and_number(first: str, second: str, numbered: bool, letter: str) -> tuple[int | None, int]:
    """Return year and number of an act.

    Directives always put the year first (2014/24); regulations and decisions put the number first (428/2009) until
    2015 and the year since (2023/1781). Where both could be a year, the kind of act and that date decide.
    """

    def as_year(digits: str) -> int | None:
        if len(digits) == 4 and 1952 <= int(digits) <= 2099:
            return int(digits)
        return 1900 + int(digits) if len(digits) == 2 and int(digits) >= 52 else None

    one, two = as_year(first), as_year(second)
    if one is not None and two is not None:
        year_first = letter in "LF" or (len(first) == 4 and len(second) < 4)
        if not year_first and not (numbered and one < 2015):
            year_first = one >= 2015 or (letter != "R" and not numbered)
        return (one, int(second)) if year_first else (two, int(first))
    return (one, int(second)) if two is None else (two, int(first))


def _journal(line: Line) -> Iterator[Found]:
    for m in line.find(_NOTICE, "/c", "/l", before=25):
        key = f"{m['year']}/{m['series']} {int(m['n'])}/{m['item']}"
        celex = _NOTICES.get(key)
        identifier = f"CELEX {celex}" if celex else key
        yield Found(
            m.start(),
            m.end(),
            "eu_journal",
            identifier,
            links.celex(celex) if celex else None,
            {"celex": celex, "notice": key},
        )
    for m in line.find(_ISSUE, "pb", "oj", before=1):  # each act its own issue since October 2023
        identifier = f"OJ:{m['series']}:{m['id'].removeprefix('C/')}"
        link = f"https://eur-lex.europa.eu/eli/{m['id']}/oj" if m["id"].startswith("C/") else None
        yield Found(m.start(), m.end(), "eu_journal", identifier, link)
    for m in line.find(_JOURNAL, "pb", "oj", before=1):
        year = m["year"] or m["late"]
        if year:
            identifier = f"OJ:{m['series']}:{year}:{int(m['n']):03d}"
            yield Found(
                m.start(),
                m.end(),
                "eu_journal",
                identifier,
                f"https://eur-lex.europa.eu/legal-content/NL/TXT/?uri={identifier}:TOC",
            )
