"""On which event of the parliamentary year does a phrase hang?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from schakel.dossiers.deadlines.calendar import Calendar, Event, chapter_of, chapters, likely_chapter
from schakel.dossiers.deadlines.points import compiled, plain, points

_Y = r"(?:,? (?:van |voor |of |for )?(?:het (?:begrotings)?jaar )?(?P<y>20\d\d)\b)?"
_THIS = (
    r"(?:(?:het|de|dit|deze|the|this) )?(?:(?:komende?|aankomende?|eerstvolgende?|eerstkomende?"
    r"|aanstaande|volgende?|nieuwe|ontwerp-?|next|upcoming|coming) )?"
)
_STOP = r"(?=$|[,;.:()]| (?:te|met|aan|in|en|een|naar|op|de kamer|hierover|daarover|over te|nader|per)\b)"

_RECESS = {
    "zomer": "zomer",
    "kerst": "kerst",
    "mei": "mei",
    "voorjaars": "voorjaar",
    "krokus": "voorjaar",
    "herfst": "herfst",
    "verkiezings": "verkiezing",
    "summer": "zomer",
    "christmas": "kerst",
    "winter": "kerst",
    "may": "mei",
    "spring": "voorjaar",
    "autumn": "herfst",
    "election": "verkiezing",
}
_NAMED = {
    "voorjaarsnota": ("voorjaarsnota", ""),
    "voorjaarsbesluitvorming": ("voorjaarsnota", ""),
    "voorjaarsnotabesluitvorming": ("voorjaarsnota", ""),
    "spring memorandum": ("voorjaarsnota", ""),
    "najaarsnota": ("najaarsnota", ""),
    "autumn memorandum": ("najaarsnota", ""),
    "prinsjesdag": ("prinsjesdag", ""),
    "miljoenennota": ("prinsjesdag", ""),
    "rijksbegroting": ("prinsjesdag", ""),
    "ontwerpbegroting": ("prinsjesdag", ""),
    "belastingplan": ("prinsjesdag", ""),
    "behandeling van het belastingplan": ("belastingplan", ""),
    "behandeling van het pakket belastingplan": ("belastingplan", ""),
    "budget day": ("prinsjesdag", ""),
    "budget memorandum": ("prinsjesdag", ""),
    "hoofdbesluitvorming": ("voorjaarsnota", ""),
    "eerste suppletoire begroting": ("voorjaarsnota", ""),
    "tweede suppletoire begroting": ("najaarsnota", ""),
    "schooljaar": ("schooljaar", ""),
    "studiejaar": ("schooljaar", ""),
    "collegejaar": ("schooljaar", ""),
    "academisch jaar": ("schooljaar", ""),
    "academic year": ("schooljaar", ""),
    "school year": ("schooljaar", ""),
    "komende begroting": ("prinsjesdag", ""),
    "volgende begroting": ("prinsjesdag", ""),
    "eerstvolgende begroting": ("prinsjesdag", ""),
    "augustusbesluitvorming": ("augustusbesluitvorming", ""),
    "verantwoordingsdag": ("verantwoordingsdag", ""),
    "accountability day": ("verantwoordingsdag", ""),
    "algemene politieke beschouwingen": ("beschouwingen", "politiek"),
    "algemene beschouwingen": ("beschouwingen", "politiek"),
    "algemene financiele beschouwingen": ("beschouwingen", "financieel"),
    "meicirculaire": ("circulaire", "mei"),
    "septembercirculaire": ("circulaire", "september"),
    "decembercirculaire": ("circulaire", "december"),
    "gemeenteraadsverkiezingen": ("verkiezing", "gemeenteraad"),
    "municipal elections": ("verkiezing", "gemeenteraad"),
    "provinciale statenverkiezingen": ("verkiezing", "provincie"),
    "provinciale verkiezingen": ("verkiezing", "provincie"),
    "waterschapsverkiezingen": ("verkiezing", "provincie"),
    "tweede kamerverkiezingen": ("verkiezing", "tweedekamer"),
    "kamerverkiezingen": ("verkiezing", "tweedekamer"),
    "general election": ("verkiezing", "tweedekamer"),
    "europese verkiezingen": ("verkiezing", "europees"),
    "verkiezingen": ("verkiezing", ""),
    "navo-top": ("top", "navo"),
    "nato summit": ("top", "navo"),
    "europese raad": ("raad", "europese raad"),
    "europese top": ("raad", "europese raad"),
    "eu-top": ("raad", "europese raad"),
    "european council": ("raad", "europese raad"),
    "koningsdag": ("feest", "koningsdag"),
    "oud en nieuw": ("feest", "oud en nieuw"),
    "kerstmis": ("feest", "kerst"),
    "kerst": ("feest", "kerst"),
    "christmas": ("feest", "kerst"),
    "pasen": ("feest", "pasen"),
    "easter": ("feest", "pasen"),
    "pinksteren": ("feest", "pinksteren"),
}
_names = "|".join(re.escape(n).replace(r"\ ", " ") for n in sorted(_NAMED, key=len, reverse=True))
# What follows the name of a meeting is no part of it.
_WHAT = r"hierover|hierop|daarover|daarop|hiervan|terug|duidelijkheid|inzicht|de kamer|verslag"
_kinds = (
    r"(?:commissie|tweeminuten|twee-minuten|plenaire? |nota|hoofdlijnen|\w+)?-?(?:debat|overleg)"
    r"|algemeen overleg|rondetafelgesprek|dertigledendebat|hoofdlijnendebat|interpellatie(?:debat)?|(?:ao|cd|wgo|tmd)(?= )"
)
_ministries = "|".join(
    re.escape(plain(n)).replace(r"\ ", " ").replace(" en ", " (?:en|&) ")
    for n in sorted(chapters()[0], key=len, reverse=True)
)
_short = "|".join(
    re.escape(plain(n)) for n in sorted(chapters()[0], key=len, reverse=True) if n.isalpha() and len(n) < 7
)
_PATTERNS = [
    (
        "budget",
        compiled(
            rf"\b{_THIS}(?:plenaire )?(?P<named>[\w&]{{2,6}}-|(?:{_short}) )?begrotings?(?:-?behandeling|-?debat)(?P<all>en|ten)?"
            rf"(?P<of>(?: (?:(?:van|voor) )?(?:het |de )?(?:ministerie van )?(?:ontwerp-?\s?)?(?:{_ministries})\b"
            rf"(?:-?begroting)?(?: \((?:[ivx]+|[\w&]+)\))?)?){_Y}"
        ),
    ),
    (
        "budget",
        compiled(
            rf"\b(?:de )?(?:plenaire )?(?:behandeling|vaststelling) van (?:de )?(?P<of>(?:ontwerp-?)?(?:(?:{_ministries})-)?begroting"
            rf"(?: (?:van |voor )?(?:het |de )?(?:ministerie van )?(?:{_ministries})\b)?){_Y}"
        ),
    ),
    ("budget", compiled(rf"\b{_THIS}(?P<of>budget debate(?: (?:of|on) (?:the )?[\w& ]+?)?){_Y}{_STOP}")),
    (
        "draft",
        compiled(
            rf"\b{_THIS}(?P<of>(?:[\w&]{{2,6}}-)?begroting(?: (?:van |voor )?(?!het jaar|te\b|met\b|en te\b|over\b|voldoende"
            rf"|hiervoor|voor (?:het|20))[\w&.-]+){{0,5}}?),? (?:van |voor )?(?:het (?:begrotings)?jaar )?"
            rf"(?:(?P<y>20\d\d)|(?P<ry>volgend jaar|komend jaar|dit jaar))\b"
        ),
    ),
    (
        "yearclose",
        compiled(
            r"\b(?:(?:het|the) )?(?:einde?|slot|end) (?:van|of) (?:(?:het|dit|the|this) )?(?:parlementaire? (?:werk)?jaar"
            r"|vergaderjaar|politieke jaar|parliamentary (?:year|session))\b"
        ),
    ),
    (
        "report",
        compiled(
            r"\b(?:(?:de|het|een|the) )?(?:eerstvolgende?|eerstkomende?|volgende?|aankomende?|komende?|aanstaande|next|upcoming) "
            r"(?P<rep>(?:[\w-]*(?:brief|brieven|rapportages?|verslag|monitor|update|evaluatie|raming|actualisatie|actieplan)"
            r"|progress (?:letter|report)|report|letter))\b(?: (?:over|van|inzake|on) (?!te\b)[\w&-]+)?"
        ),
    ),
    (
        "happening",
        compiled(
            r"\b(?:(?:de|het|een|the) )?(?P<hap>notificatie|(?:kabinets)?formatie|inwerkingtreding|ratificatie|stemming(?:en)?"
            r"|(?:plenaire |verdere |wets)?behandeling|ondertekening|aanbesteding|gunning|onderhandelingen|ministerraad"
            r"|einde van (?:deze|de) (?:kabinets|regeer)periode)\b"
            r"(?: (?:van|over|in|met) (?!de kamer)(?:[^\s,;.]+ ){0,8}?[^\s,;.]+)??"
            r"(?=$|[,;.]| (?:te|met de kamer|aan de kamer|de kamer|naar de kamer|een|hierover)\b)"
        ),
    ),
    ("recess", compiled(rf"\b{_THIS}(?P<r>{'|'.join(_RECESS)})?\s?-?(?:reces|recess|vakantie|holidays?)\b{_Y}")),
    (
        "summer",
        compiled(
            r"\b(?:(?:de|deze|the|this) )?(?:komende |aankomende |aanstaande )?(?:zomer|summer)\b(?: "
            r"(?:van |of )?(?:(?P<y>20\d\d)|(?P<ry>dit jaar|volgend jaar)))?"
        ),
    ),
    ("named", compiled(rf"\b(?:{_THIS})??(?P<n>{_names})\b(?: (?:provinciefonds|gemeentefonds|van prinsjesdag))*{_Y}")),
    (
        "meeting",
        compiled(
            rf"\b{_THIS}(?:voortzetting van (?:het|de) )?(?P<meet>{_kinds})\b(?P<of>(?: (?!te\b|met de kamer"
            rf"|een\b|aan de kamer|naar de|{_WHAT}|in (?:kaart|gesprek)|in te)[\w&/.-]+){{0,8}}?)"
            rf"(?P<w> (?:van|op|in) (?:\d{{1,2}}(?: en \d{{1,2}})? )?(?:januari|februari|maart|april|mei"
            rf"|juni|juli|augustus|september|oktober|november|december)(?: 20\d\d)?)?(?=$|[,;.:()]| (?:te"
            rf"|met|aan|een|naar|{_WHAT}|in te|in kaart|in gesprek|over te)\b)"
        ),
    ),
    (
        "council",
        compiled(
            rf"\b{_THIS}(?:formele |informele )?(?P<c>jbz-raad|landbouw- en visserijraad|milieuraad|energieraad"
            rf"|transportraad|telecomraad|ecofinraad|ecofin|eurogroep|gezondheidsraad|raad (?:algemene zaken"
            rf"|buitenlandse zaken|wsb|epsco)|klimaattop|cop\s?\d\d|council)\b(?P<w> (?:van|op|in|of) "
            rf"(?:\d{{1,2}}(?:(?: en | and |-)\d{{1,2}})? )?\w+(?: 20\d\d)?)?"
        ),
    ),
]


@dataclass(frozen=True, slots=True)
class Hang:
    """A phrase that names an event, and what the calendar knows about it."""

    start: int
    end: int
    key: str
    event: Event | None
    lo: date | None = None
    hi: date | None = None
    season: bool = False
    family: str = ""


def hangs(
    text: str, anchor: date, calendar: Calendar, dossier: str | None = None, as_of: date | None = None
) -> list[Hang]:
    """Return the phrases that name an event, longest first where they overlap."""
    low = plain(text)
    found: list[Hang] = []
    for family, pattern in _PATTERNS:
        for match in pattern.finditer(low):
            hang = _hang(family, match, anchor, calendar, dossier, as_of)
            if hang is not None:
                found.append(hang)
    found.sort(key=lambda h: (h.start, h.start - h.end))
    loose = ("report", "happening")
    firm = [h for h in found if h.family not in loose]
    kept: list[Hang] = []
    for hang in found:
        if hang.family in loose and any(hang.start < f.end and f.start < hang.end for f in firm):
            continue  # "de behandeling van de begroting SZW" names the budget debate
        if not kept or hang.start >= kept[-1].end:
            kept.append(hang)
    return kept


def _hang(
    family: str, match: re.Match[str], anchor: date, calendar: Calendar, dossier: str | None, as_of: date | None
) -> Hang | None:
    g = match.groupdict()
    year = int(g["y"]) if g.get("y") else None
    if g.get("ry"):
        year = anchor.year + (0 if (g["ry"] or "").startswith("dit") else 1)
    if family == "meeting" or family == "council":
        return _meeting(match, anchor, calendar, as_of)
    if family in ("report", "happening"):
        return Hang(match.start(), match.end(), " ".join(match.group(0).split()), None, family=family)
    if family == "recess" and g.get("r") is None and "reces" not in match.group(0):
        return None
    kind, qualifier = {
        "budget": ("begroting", ""),
        "draft": ("prinsjesdag", ""),
        "summer": ("reces", "zomer"),
        "yearclose": ("reces", "zomer"),
    }.get(family, ("reces", _RECESS.get(g.get("r") or "", "")))
    if family == "named":
        kind, qualifier = _NAMED[" ".join((g.get("n") or "").split())]
    if family == "budget":
        qualifier = (
            ""
            if g.get("all")
            else chapter_of(dossier, (g.get("named") or "").rstrip("-") + " " + (g.get("of") or ""))
            or likely_chapter(match.string)
            or "?"
        )
    # The draft budget, the Miljoenennota and the Belastingplan of a year come out on Prinsjesdag of the year before.
    if (
        year is not None
        and kind == "prinsjesdag"
        and "prinsjesdag" not in match.group(0)
        and "budget day" not in match.group(0)
    ):
        year -= 1
    event = (
        calendar.of_year(kind, qualifier, year, as_of)
        if year is not None and qualifier != "?"
        else calendar.next(kind, qualifier, anchor, as_of)
        if qualifier != "?"
        else None
    )
    if event is None and year is not None and kind == "verkiezing":
        event = next((e for e in calendar.events() if e.kind == kind and e.date.year == year), None)
    key = event.key if event else ":".join(p for p in (kind, qualifier, str(year or "")) if p)
    return Hang(match.start(), match.end(), key, event, season=family == "summer")


def _meeting(match: re.Match[str], anchor: date, calendar: Calendar, as_of: date | None) -> Hang | None:
    g = match.groupdict()
    words = match.group(0)
    if re.search(r"publiek-|maatschappelijk|interdepartementa|bestuurlijk overleg", words) or words.startswith(
        "overleg"
    ):
        return None
    named = [key for key in calendar.identities() if calendar.history(key)[0].kind in ("debat", "raad")]
    coming = [
        event
        for key in named
        if (q := calendar.history(key)[0].qualifier) and q in words
        if (event := calendar.current(key, as_of)) is not None and event.date > anchor
    ]
    if coming:
        event = min(coming, key=lambda e: e.date)
        return Hang(match.start(), match.end(), event.key, event)
    name = " ".join(words.split())
    # "12 en 13 december": it begins on the first of the two.
    words_of_day = re.sub(r"(\d{1,2})\s*(?:en|and|-)\s*\d{1,2}(?=\s)", r"\1", g.get("w") or "")
    when = next(points(words_of_day, anchor), None)
    if when is None:
        return Hang(match.start(), match.end(), name, None, family="meeting" if g.get("meet") else "")
    return Hang(match.start(), match.end(), name, None, when.lo, when.hi)


def day_before(day: date) -> date:
    """Return the last day that is still before an event."""
    return day - timedelta(days=1)
