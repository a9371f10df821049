"""Where does a text cite by a number of its own: Chamber documents, commitments, gazettes, minutes, case law, laws?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schakel.dossiers.citations import links
from schakel.dossiers.citations.found import Found
from schakel.dossiers.citations.letters import Line
from schakel.dossiers.days import MONTH

_S = r" {0,6}"
_PAPER = rf"(?P<label>Kamer{_S}-?stuk(?:ken|nummer|nr\.?)?{_S}:?{_S}(?:(?:nr|nummer)\b\.?{_S})?)?"
_DOCUMENT = re.compile(
    rf"(?:(?<![\w/-])|(?<=[DZ]\d{{5}}/)){_PAPER}(?P<nds>nds-tk-)?(?P<id>(?:19|20)\d\d{_S}(?P<letter>[DZA]){_S}(?P<tail>\d{{3,6}}))(?!\w)",
    re.I,
)
_COMMITMENT = re.compile(
    rf"(?<!\w)(?P<id>TZ{_S}-?(?P<year>\d{{4}})(?P<month>\d{{1,2}}){_S}-{_S}(?P<n>\d{{1,4}}))(?!\w)", re.I
)
_COMMITMENT_LOOSE = re.compile(
    rf"(?<!\w)TZ{_S}-?(?P<year>20\d\d){_S}-?{_S}(?P<month>0[1-9]|1[0-2]){_S}-?{_S}(?P<n>\d{{3}})(?!\w)", re.I
)
_SPAN = rf"(?P<y1>(?:19|20)\d\d){_S}[-/]{_S}(?P<y2>(?:19|20)?\d\d)"
_GAZETTE = re.compile(
    rf"(?<!\w)(?P<name>Staatscourant|Stcrt|Staatsblad|Stb|Tractatenblad|Trb)\b\.?[,-]?{_S}(?:nr\.?{_S})?(?:\d{{1,2}}{_S}{MONTH}{_S})?(?P<year>(?:19|20)\d\d){_S}(?:,|-|/|nr\b\.?){_S}(?:nr\b\.?{_S})?"
    r"(?P<n>\d{1,6})(?!\w)",
    re.I,
)
_NEXT_ISSUE = re.compile(
    rf"{_S}(?:,|en |and |&){_S}(?:nr\b\.?{_S})?(?P<n>\d{{1,6}})(?={_S}(?:[),;.]|en\b|$|\n))(?!,\d)"
)
_GAZETTE_ID = re.compile(
    r"(?<![\w-])(?P<id>blg-\d{4,9}|(?:stcrt|stb|trb)-(?:19|20)\d\d-\d{1,6}|(?:h|ah)-(?:tk|ek)-(?:19|20)\d{6}(?:-\d{1,4}){1,2})(?![\w-])"
)
_SERIES = {
    "staatscourant": "stcrt",
    "stcrt": "stcrt",
    "staatsblad": "stb",
    "stb": "stb",
    "tractatenblad": "trb",
    "trb": "trb",
}
_ANSWERS = re.compile(
    rf"(?<!\w)Aanhangsel{_S}(?:(?:van|bij|der|de){_S}){{0,2}}(?:Handelingen{_S})?(?:(?P<house>I|II|TK|EK)\b{_S})?,?{_S}(?:vergaderjaar{_S})?{_SPAN}{_S},?{_S}(?:nr\b\.?{_S})?"
    r"(?P<n>\d{1,5})(?!\w)",
    re.I,
)
_MINUTES = re.compile(
    rf"(?<!\w)Hand(?:elingen|\.){_S}(?P<house>I|II|TK|EK|Eerste{_S}Kamer|Tweede{_S}Kamer)?\b{_S},?{_S}(?:vergaderjaar{_S})?{_SPAN}{_S},?{_S}(?:nr\b\.?{_S})?(?P<n>\d{{1,4}})"
    rf"(?:{_S}[,-]?{_S}(?:item{_S}|-)(?P<item>\d{{1,3}}))?(?!\w)",
    re.I,
)
_ECLI = re.compile(r"(?<!\w)ECLI:[A-Z]{2}:[A-Z0-9]{1,7}:(?:19|20)\d\d:[A-Z0-9.]{1,25}(?<!\.)", re.I)
_JCI = re.compile(r"(?<!\w)jci1\.[0-9]:[a-z]:[A-Z]{2,4}[A-Z0-9]{3,12}(?:&[a-z]{1,20}=[\w.:/-]{1,60}(?<![.]))*", re.I)
_BWB = re.compile(r"(?<![\w:])BWB[RVW]\d{7}(?!\w)")
_URL = re.compile(r"https?://[^\s<>\"'“”‘’|()\[\]{}↩\ufe0e]{3,2000}(?<![.,;:!?])", re.I)
_SENDER = re.compile(
    rf"(?:(?:Ons|Uw)?{_S}kenmerk|Onze{_S}referentie)(?:[ :\n]{{1,6}})(?P<id>[A-Z]{{2,12}}(?:-[A-Z&]{{1,10}}){{0,4}}{_S}/{_S}\d{{5,10}})(?!\w)",
    re.I,
)
_SENDER_BARE = re.compile(rf"(?<![\w/-])(?P<id>[A-Z]{{2,10}}(?:-[A-Z&]{{1,10}}){{0,4}}{_S}/{_S}\d{{7,10}})(?!\w)")
_IDENTITY = re.compile(r"(?:Overheidsidentificatie(?:nr|nummer)|OIN)[.: \n]{1,6}(?P<id>\d{20})(?!\d)", re.I)


def find_numbers(line: Line) -> list[Found]:
    """Return what a flat text cites by number, families in order of trust."""
    return [
        *(
            Found(m.start(), m.end(), "url", m.group(), m.group())
            for m in line.find(_URL, "http", before=0, after=2100)
        ),
        *_documents(line),
        *_commitments(line),
        *_gazettes(line),
        *_law(line),
        *_administration(line),
    ]


def _documents(line: Line) -> Iterator[Found]:
    kinds = {"D": "document_number", "Z": "zaak", "A": "activiteit"}
    for m in line.find(_DOCUMENT, "d", "z", "a", before=45, after=20):
        number, letter = re.sub(r" ", "", m["id"]).upper(), m["letter"].upper()
        if letter == "A" and not (m["label"] or len(m["tail"]) == 5):
            continue
        identifier = f"nds-tk-{number}" if m["nds"] else number
        link = links.official(identifier) if m["nds"] else links.chamber(number)
        if letter == "A":
            link = f"https://www.tweedekamer.nl/debat_en_vergadering/commissievergaderingen/details?id={number}"
        value: dict[str, object] = {"label": m["label"].strip() if m["label"] else None}
        if len(m["tail"]) != 5:
            yield Found(m.start(), m.end(), kinds[letter], identifier, None, value, "length")
        elif m["label"]:
            yield Found(m.start(), m.end(), kinds[letter], identifier, link, value, "label", identifier)
        else:
            yield Found(m.start(), m.end(), kinds[letter], identifier, link)


def _commitments(line: Line) -> Iterator[Found]:
    for m in line.find(_COMMITMENT, "tz", before=1):
        number = re.sub(r" ", "", m["id"]).upper().replace("TZ-", "TZ")
        right = (
            len(m["month"]) == 2 and 1 <= int(m["month"]) <= 12 and len(m["n"]) == 3 and 2008 <= int(m["year"]) <= 2099
        )
        yield Found(
            m.start(),
            m.end(),
            "toezegging",
            number,
            links.chamber(number) if right else None,
            {},
            "" if right else "commitment-number",
        )
    for m in line.find(_COMMITMENT_LOOSE, "tz", before=1):  # TZ2025-09-007, TZ202509007
        meant = f"TZ{m['year']}{m['month']}-{m['n']}"
        literal = m.group().replace(" ", "").upper()
        if literal != meant:
            yield Found(m.start(), m.end(), "toezegging", literal, None, {}, "commitment-number", meant)


def _gazettes(line: Line) -> Iterator[Found]:
    for m in line.find(_GAZETTE, "staats", "stcrt", "stb", "tractat", "trb", before=1):
        series = _SERIES[m["name"].lower()]
        kind = {"stcrt": "staatscourant", "stb": "staatsblad", "trb": "tractatenblad"}[series]
        part: re.Match[str] | None = m
        while part:
            identifier = f"{series}-{m['year']}-{int(part['n'])}"
            value = {"year": int(m["year"]), "number": int(part["n"])}
            start = m.start() if part is m else part.start("n")
            yield Found(start, part.end(), kind, identifier, links.official(identifier), value)
            part = _NEXT_ISSUE.match(line.text, part.end())
    for m in line.find(_GAZETTE_ID, "stcrt-", "stb-", "trb-", "h-tk-", "h-ek-", "blg-", before=2):
        kind = {
            "stcrt": "staatscourant",
            "stb": "staatsblad",
            "trb": "tractatenblad",
            "h": "handelingen",
            "ah": "aanhangsel",
            "blg": "bijlage",
        }[m["id"].split("-")[0]]
        yield Found(m.start(), m.end(), kind, m["id"], links.official(m["id"]))
    for kind, stem, pattern, anchor in (
        ("aanhangsel", "ah", _ANSWERS, "aanhangsel"),
        ("handelingen", "h", _MINUTES, "hand"),
    ):
        for m in line.find(pattern, anchor, before=1, after=160):
            house = (
                "ek"
                if (m["house"] or "").upper() in ("I", "EK") or (m["house"] or "").lower().startswith("eerste")
                else "tk"
            )
            first, second = int(m["y1"]), int(m["y2"]) if len(m["y2"]) == 4 else int(m["y1"][:2] + m["y2"])
            second += 100 if second < first else 0
            item = m.groupdict().get("item")
            identifier = f"{stem}-{house}-{first}{second}-{int(m['n'])}" + (f"-{int(item)}" if item else "")
            right = second == first + 1
            yield Found(
                m.start(),
                m.end(),
                kind,
                identifier,
                links.official(identifier) if right else None,
                {},
                "" if right else "session-year",
            )


def _law(line: Line) -> Iterator[Found]:
    for m in line.find(_ECLI, "ecli:", before=1):
        yield Found(m.start(), m.end(), "ecli", m.group().upper(), links.ecli(m.group().upper()))
    for m in line.find(_JCI, "jci1.", before=1, after=400):
        yield Found(m.start(), m.end(), "law", m.group(), links.law(m.group()))
    for m in line.find(_BWB, "bwb", before=1):
        yield Found(m.start(), m.end(), "law", m.group(), links.law(m.group()))


def _administration(line: Line) -> Iterator[Found]:
    """Read the sender's own numbers: no citations of a paper, but a reader wants to know what they are."""
    for pattern, anchors in ((_SENDER, ("kenmerk", "referentie")), (_SENDER_BARE, ("/",))):
        for m in line.find(pattern, *anchors):
            yield Found(m.start("id"), m.end("id"), "sender_reference", re.sub(r" ", "", m["id"]))
    for m in line.find(_IDENTITY, "overheidsidentificatie", "oin", before=1):
        yield Found(m.start("id"), m.end("id"), "organisation_number", f"OIN:{m['id']}")
