"""Which paper is this file: its number, kind, title, date, dossier and sender?"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from datetime import date

from schakel.dossiers.citations import cite
from schakel.dossiers.days import letter_date
from schakel.dossiers.deadlines.calendar import FIRST_YEAR, LAST_YEAR
from schakel.dossiers.reading import Document
from schakel.errors import InputError

HEAD = 2_500
"""Characters of a letter that are its head."""

_IDENT = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:()-]{0,79}")
_DOSSIER = re.compile(r"\s*(\d\d)[ .]?(\d{3})(?:[ -]{0,3}([IVXLivxl]{1,6}[A-Ca-c]?|[A-N]|\d\d))?(?![\w])")
_D_NUMBER = re.compile(r"(?<![0-9A-Za-z])20\d\dD\d{5}(?!\d)")
_OWN_NUMBER = re.compile(r"^(?:Nummer|Document(?:nummer)?|Number) ?: ?(20\d\dD\d{5})(?!\d)", re.M | re.I)
_KST = re.compile(
    r"(?<![0-9A-Za-z])kst-(\d{5}(?:-(?:[IVX]{1,5}[A-C]?|[A-N]|\d\d))?-(?:\d{1,4}|[A-Z]{1,2}))(?![0-9A-Za-z])"
)
_OWN_DOSSIER = re.compile(r"^(?:Onderdeel van kamerstukdossier|Kamerstukdossier)[^\n]{0,200}", re.M | re.I)
_LETTERHEAD = re.compile(
    r"Kamerstukken\s{1,4}(?P<d>\d\d ?\d{3})(?:\s{0,3}[- ]\s{0,3}(?P<a>[IVX]{1,5}[AB]?|\d\d))?\s.{0,400}?\bNr\.\s{0,4}(?P<n>\d{1,4})\b",
    re.S,
)
_NAME_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_NAME_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.](0[1-9]|1[0-2])(?!\d)")
_MOTION = re.compile(r"^\s{0,20}(?:nader(?:e)? )?(?:gewijzigde )?motie (?:van (?:het lid|de leden)|-)", re.I | re.M)
_PROPOSED = re.compile(r"^\s{0,10}Voorgesteld ?:?\s{1,3}(\d{1,2} [a-z]{3,9} (?:19|20)\d\d)\b", re.M)
_MOTION_BODY = re.compile(r"gehoord de beraadslaging|verzoekt de regering|verzoekt het kabinet|spreekt uit", re.I)
_ANNEX = re.compile(r"^\s{0,20}(?:Bijlage|Annex)\b", re.I)
_SUBJECT = re.compile(
    r"^\s{0,10}(?:Betreft|Onderwerp|Subject|Re)\b[ :\t]{1,4}(?P<title>[^\n]{4,300}(?:\n(?!\s{0,10}\n)[^\n]{2,160}){0,2})",
    re.M,
)
_SIGNED = re.compile(r"(?:Eerste ondertekenaar|Indiener) ?: ?(?P<who>[^\n]{3,120})")
_MINISTER = re.compile(
    r"\b[Dd]e (?P<role>minister-president|(?:minister|staatssecretaris) (?:van|voor) (?P<of>[A-Z][\w,&' -]{3,90}?))(?=\s{0,3}[,.;:)\n]|\s{2}|$)"
)
_HOUSE = re.compile(r"^\s{0,10}Ministerie van (?P<of>[A-Z][^\n]{3,80}(?:\n(?:en|,) [^\n]{3,60})?)", re.M)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file says about itself; see `LetterCard` for the fields."""

    id: str
    title: str
    kind: str
    date: dt.date | None
    date_from: dt.date | None
    date_basis: str
    dossier: str | None
    sender: str | None
    ministry: str | None
    aliases: tuple[str, ...]


def identify(
    doc: Document, *, written: date | None = None, dossier: str | None = None, ident: str | None = None
) -> Identity:
    """Return which paper a file is; what the caller gives goes before what the file says.

    Raises
    ------
    InputError
        When the identifier or dossier given is none, or the date is no date of a letter.
    """
    # A letterhead is a matter of lines, which cleaning joins; of marked-up files only the cleaned text has no marks.
    head = (doc.text.original if doc.format == "text" else doc.text.cleaned)[:HEAD].replace("\r\n", "\n")
    if ident is not None and not _IDENT.fullmatch(ident):
        raise InputError(
            f"{ident!r} is no identifier of a letter",
            where="identifier",
            remedy="letters, digits, dots and hyphens: 2025D44449",
        )
    if dossier is not None and dossier.strip() and not _DOSSIER.match(dossier):
        raise InputError(f"{dossier!r} is no dossier", where="dossier", remedy="for example 36600-XIII or 29826")
    numbers = _numbers(doc, head)
    day, earliest, basis = _date(doc, written)
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InputError(
            f"{day} is no date of a letter", where=f"file {doc.name}", remedy=f"a day in {FIRST_YEAR} to {LAST_YEAR}"
        )
    kind = _kind(doc, head)
    if kind == "motion":  # letters cite a motion by its place in the dossier
        numbers.sort(key=lambda n: not n.startswith("kst-"))
    first = ident or (numbers[0] if numbers else f"L-{doc.sha256[:12]}")
    sender, ministry = _sender(doc, kind)
    return Identity(
        first,
        _title(doc, head, kind),
        kind,
        day,
        earliest,
        basis,
        canonical_dossier(dossier) or _dossier(doc, head, numbers),
        sender,
        ministry,
        tuple(n for n in numbers if n != first),
    )


def canonical_dossier(text: str | None) -> str | None:
    """Return a dossier as ``36600-XIII``; what does not read as one is returned as it is."""
    if not text or not text.strip():
        return None
    match = _DOSSIER.match(text)
    if not match:
        return " ".join(text.split())
    return f"{match[1]}{match[2]}" + (f"-{match[3].upper()}" if match[3] else "")


def _numbers(doc: Document, head: str) -> list[str]:
    found: list[str] = []
    dossier, number = canonical_dossier(doc.meta.get("dossier")), doc.meta.get("number", "")
    paper = f"kst-{dossier}-{number}" if dossier and re.fullmatch(r"\d{1,4}", number) else ""
    said = doc.meta.get("id", "")
    # A file that leaves the chapter out of its number names another paper.
    own = paper if paper and said.startswith("kst-") and said != paper else said
    for text in (own, doc.name):
        found += [m.group() for m in _D_NUMBER.finditer(text)]
        found += [f"kst-{m[1]}" for m in _KST.finditer(text)]
    found += [m[1] for m in _OWN_NUMBER.finditer(head)]
    letterhead = _LETTERHEAD.search(head)
    if letterhead:
        stem = letterhead["d"].replace(" ", "") + (f"-{letterhead['a']}" if letterhead["a"] else "")
        found.append(f"kst-{stem}-{letterhead['n']}")
    part = _OWN_DOSSIER.search(head)
    if part:
        found += [
            str(c.value["id"]) for c in cite(part.group()).citations if c.kind == "kamerstuk" and c.value.get("link")
        ][:1]
    return [n for n in dict.fromkeys(found) if not _shorter(n, found)]


def _shorter(number: str, found: list[str]) -> bool:
    """Whether a number is another's without its chapter: kst-36600-29 is no name of kst-36600-XIII-29, but of another paper."""
    stem, _, last = number.rpartition("-")
    return number.startswith("kst-") and any(
        other.startswith(f"{stem}-") and other.endswith(f"-{last}") and other.count("-") > number.count("-")
        for other in found
    )


def _dossier(doc: Document, head: str, numbers: list[str]) -> str | None:
    if doc.meta.get("dossier"):
        return canonical_dossier(doc.meta["dossier"])
    for number in numbers:
        if number.startswith("kst-"):
            return number[4:].rpartition("-")[0]
    own = _OWN_DOSSIER.search(head)
    if own:
        digits = re.search(r"\d\d ?\d{3}(?:[ -]{1,3}(?:[IVX]{1,5}[A-C]?))?", own.group())
        return canonical_dossier(digits.group()) if digits else None
    return None


def _date(doc: Document, written: date | None) -> tuple[date | None, date | None, str]:
    """Return the last and the first day on which a letter can have been written, and how that is known."""
    if written is not None:
        return written, written, "given"
    try:
        day = date.fromisoformat(doc.meta.get("date", "")[:10])
        return day, day, "stated"
    except ValueError:
        pass
    moved = _PROPOSED.search(doc.text.cleaned[:HEAD])
    told = letter_date(moved[1]) if moved else None
    if told is not None:
        return told.value, told.value, "stated"
    told = letter_date(doc.text.cleaned[:HEAD]) or letter_date(doc.text.cleaned)
    if told is not None and told.basis == "stated":
        return told.value, told.value, "stated"
    for m in _NAME_DAY.finditer(doc.name):
        try:
            day = date(int(m[1]), int(m[2]), int(m[3]))
        except ValueError:
            continue
        return day, day, "file-name"
    named = _NAME_MONTH.search(doc.name)
    if named:
        year, month = int(named[1]), int(named[2])
        return date(year, month, calendar.monthrange(year, month)[1]), date(year, month, 1), "month"
    if told is None:
        told = letter_date(doc.text.cleaned)
    if told is None:
        return None, None, ""
    if told.basis == "year":
        return told.value, date(told.value.year, 1, 1), "year"
    whole = letter_date(doc.text.cleaned)
    day = max(told.value, whole.value) if whole else told.value
    return day, day, "inferred"


def _kind(doc: Document, head: str) -> str:
    if "motie" in doc.meta.get("type", "").lower():
        return "motion"
    if _MOTION.search(head) and _MOTION_BODY.search(doc.text.cleaned[:12_000]):
        return "motion"
    if _ANNEX.match(head.lstrip("\ufeff \n\r\t")):
        return "annex"
    return "letter"


def _title(doc: Document, head: str, kind: str) -> str:
    said = doc.meta.get("title", "").strip()
    subject = _SUBJECT.search(head)
    lines = [line.strip(" *#\t") for line in head.splitlines() if line.strip(" *#\t")]
    if kind == "motion" and not said:
        said = re.split(r"\bVoorgesteld\b", next((line for line in lines if _MOTION.match(line)), ""))[0]
    if not said and subject:
        said = subject["title"]
    if (
        not said
        and lines
        and len(lines[0]) < 200
        and not re.match(r"Geachte|Aan de|Vergaderjaar|Ministerie|>", lines[0])
    ):
        said = lines[0]
    return " ".join(said.split())[:300] or doc.name.rpartition(".")[0] or doc.name


def _sender(doc: Document, kind: str) -> tuple[str | None, str | None]:
    text = doc.text.cleaned
    signed = _SIGNED.search(text[:HEAD])
    if kind == "motion":
        return doc.meta.get("submitter") or (signed["who"].strip() if signed else None), None
    who = signed["who"].strip() if signed else doc.meta.get("submitter")
    ministry = re.search(r"(?:minister|staatssecretaris) (?:van|voor) ([A-Z][\w,&' -]{3,90})", who) if who else None
    house = _HOUSE.search(text[:HEAD])
    last = next(reversed(list(_MINISTER.finditer(text, max(0, len(text) - 3_000)))), None)
    of = ministry[1] if ministry else " ".join(house["of"].split()) if house else last["of"] if last else None
    return who or (last["role"] if last else None), of.strip() if of else None
