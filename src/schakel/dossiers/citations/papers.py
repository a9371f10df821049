"""Where does a text cite parliamentary papers: with a word before them, without one, or relative to its own dossier?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from schakel.dossiers.citations import links
from schakel.dossiers.citations.chapters import BUDGETS
from schakel.dossiers.citations.found import Found
from schakel.dossiers.citations.kamerstuk import RANGE_MAX, iterate_dossiers, parse
from schakel.dossiers.citations.letters import Line
from schakel.dossiers.citations.malformed import after_count, completed, misspaced, odd, without_number
from schakel.dossiers.citations.named import Paper

_S = r" {0,6}"
_REPLACES = rf"(?:t\.?{_S}v\.?{_S}v\b\.?|ter{_S}vervanging(?:{_S}van\b)?)"
_KEYWORD = re.compile(
    rf"(?P<replaces>\b{_REPLACES}{_S})?(?P<annex>\bbijlage (?:bij|van){_S})?(?P<word>"
    rf"(?<![/A-Za-zÀ-ÿ_])Kamer{_S}-?(?:stuk(?:ken|nummers?|-?nrs?|dossiers?)?|dossiers?)\b|"
    r"(?<![/\w])(?:kst|kamerst)(?=[ .:\d-])\.?-?|\b(?:dossiernummers?|dossier)(?= {0,6}[:(]? {0,6}(?:nr\.? )?\d))",
    re.I,
)
_PREFIX = re.compile(
    rf"[.:,-]?{_S}(?:[\[(«“\"']{_S})?(?:(?P<house>I|II|EK|TK|Eerste{_S}Kamer|Tweede{_S}Kamer)\b{_S},?{_S})?(?:der{_S}Staten-Generaal{_S},?{_S})?"
    rf"(?:vergaderjaar{_S})?(?:(?:19|20)\d\d{_S}[-/]{_S}\d{{2,4}}(?!\d){_S},?{_S})?(?:[\[(«“\"']{_S})?(?:(?:dossier|nummers?|nrs?)\b{_S}[.:]?{_S})?",
    re.I,
)
_BILLS = re.compile(
    rf"(?<!\w)(?:wetsvoorstel(?:len)?|initiatiefnota|voorstel{_S}van{_S}wet){_S}\(?(?=\d\d ?\d{{3}}(?!\d))", re.I
)
_SAID = re.compile(
    rf"(?<!\w)(?:(?:Kamer)?brief|brieven|TK|motie|moties|amendement|amendementen|stuk|stukken|zie|nota){_S}[(:]?{_S}(?=\d\d ?\d{{3}}(?:[-/, ]|$))",
    re.I,
)
_HOUSE = re.compile(
    rf"(?<!\w)(?P<house>EK|TK),?{_S}(?:(?:19|20)\d\d{_S}[-/]{_S}\d{{2,4}}(?!\d){_S},?{_S})?(?=\d\d ?\d{{3}}(?!\d))"
)
_VERVANGING = ("t.v", "tv", "t. v", "t v", "vervanging")
_TVV = re.compile(rf"(?<!\w){_REPLACES}", re.I)
_RELATIVE = re.compile(
    rf"(?<!\w)(?:{_REPLACES}{_S}(?:(?:de|het|die|dat|motie|amendement|stuk|is|was|gedrukt|onder|op|met)\b,?{_S}){{0,7}}|gedrukt{_S}onder{_S}|op{_S}stuk{_S}"
    rf"|(?P<paper>Kamerstuk(?:ken)?){_S},?{_S})(?:\({_S})?(?:(?P<word>nrs|nr|no|nummers?)(?![a-z]){_S}[.,:]{{0,2}}{_S}|"
    rf"(?=\d{{1,3}}(?:{_S}$| over\b|\)))){_S}(?P<first>\d{{1,4}})(?![\w/])(?!,\d)",
    re.I,
)
_MORE_RELATIVE = re.compile(rf"{_S}(?:,{_S}(?:en{_S})?|en {_S}|&{_S})(?:(?P<nr>nr)\b\.?{_S})?(\d{{1,4}})(?!\w)")
_UNTIL_RELATIVE = re.compile(rf"{_S}(?:t/m|tot{_S}en{_S}met){_S}(?:nr\b\.?{_S})?(\d{{1,4}})(?!\w)")
_GOES_ON = re.compile(
    r" {1,6}(?!(?:over|van|inzake|betreffende|met|ingediend|waarin|tijdens|en|of|die|dat|d)\b)[a-z]{2,}"
)
_NUMBER_FIRST = re.compile(
    rf"(?P<replaces>{_REPLACES}{_S})?\b(?:stuk{_S})?nr\b{_S}[.:]?{_S}(?P<number>\d{{1,4}}){_S}\({_S}"
    rf"(?:Kamerstuk(?:ken)?{_S})?(?P<stem>\d\d ?\d{{3}}[^()\n]{{0,12}}){_S}\)",
    re.I,
)
_HEAD = re.compile(
    rf"\s{{0,20}}(?:Tweede Kamer der Staten-Generaal\s{{1,6}}\d?\s{{0,6}})?Vergaderjaar{_S}\d{{4}}{_S}-{_S}\d{{4}}\s{{1,6}}"
    rf"(?:Tweede Kamer der Staten-Generaal\s{{1,6}})?(?:\d\s{{1,6}})?(?:Kamerstukken\s{{1,6}})?(?P<stem>\d\d ?\d{{3}}(?!\d))"
)
_HEAD_NUMBER = re.compile(r"[^\n]{0,400}? Nr\. {1,6}(\d{1,4})(?!\w)")
_OFFICIAL = re.compile(
    r"(?<![\w-])kst-(\d{5})((?:-(?:[IVX]{1,5}[ABC]?|[A-N]|\d\d|\(R\d{3,4}\)))?)-(\d{1,5}|[A-Z]{1,2})(?![\w-])"
)
_BEFORE_ADDRESS = re.compile(
    r"(?:postbus|antwoordnummer|telefoon|tel\.?|fax|ruim|circa|ca\.|bijna|ongeveer|zo[’']n|rond|"
    r"plaats|temperatuur|aantal|postcode|€|eur|usd|\$|isbn|iban|kvk(?:-nummer)?|btw)[ :.]{0,6}$",
    re.I,
)
_SHORT = re.compile(
    rf"(?<=\()\d{{4}}(?=,?{_S}nr\b\.?{_S}\d{{1,4}}{_S}\))|^\s{{0,20}}\d{{4}}(?=,?{_S}nr\b\.?{_S}\d{{1,4}}\s{{0,20}}\Z)"
)
_LONG = 200
_BILL = re.compile(r"(?:wetsvoorstel|dossier|amendement|wijziging|initiatief|begroting|voorstel|kamerstuk|wet )", re.I)


def find_papers(line: Line, own_dossier: str | None) -> list[Found]:
    """Return the papers that a flat text cites; what overlaps is sorted out by the caller, earlier entries first."""
    found = [*_official(line), *_number_first(line), *_keyworded(line), *_relative(line, own_dossier)]
    return [*found, *_bare(line.text)]


def own_paper(line: Line) -> Found | None:
    """Return the paper that the head of an official paper says it is; None for other texts."""
    head = _HEAD.match(line.text, 0, 600)
    if not head:
        return None
    papers, end = parse(line.text, head.start("stem"), False)
    number = _HEAD_NUMBER.match(line.text, end) if len(papers) == 1 and not papers[0].number else None
    if not number or papers[0].problem:
        return None
    paper = replace(papers[0], end=number.end(), number=str(int(number[1])))
    return as_found(paper, None, {"relation": "own"})


def as_found(paper: Paper, start: int | None = None, value: dict[str, object] | None = None) -> Found:
    """Return a paper or dossier with its identifier and link."""
    parts: dict[str, object] = {
        "dossier": paper.dossier,
        "addition": paper.addition or None,
        "number": paper.number or None,
    }
    parts |= {"also": list(paper.also)} if paper.also else {}
    parts |= {"page": paper.page} if paper.page else {}
    parts |= value or {}
    start = paper.start if start is None else start
    if paper.problem:
        literal = f"kst-{paper.literal}" if paper.literal else f"dossier {paper.stem}"
        kind = "kamerstuk" if paper.literal else "dossier"
        return Found(start, paper.end, kind, literal, None, parts, paper.problem, paper.reading or None)
    if not paper.number:
        return Found(start, paper.end, "dossier", f"dossier {paper.stem}", links.dossier(paper.stem), parts)
    identifier = f"kst-{paper.stem}-{paper.number}"
    return Found(start, paper.end, "kamerstuk", identifier, links.official(identifier), parts)


def _official(line: Line) -> Iterator[Found]:
    for m in line.find(_OFFICIAL, "kst-"):
        yield as_found(Paper(m.start(), m.end(), m[1], m[2][1:], m[3]))


def _number_first(line: Line) -> Iterator[Found]:
    text = line.text
    for m in line.find(_NUMBER_FIRST, "nr"):
        papers, end = parse(text, m.start("stem"), False)
        if (
            len(papers) == 1
            and not papers[0].number
            and not papers[0].problem
            and end == m.end("stem") - (len(m["stem"]) - len(m["stem"].rstrip()))
        ):
            paper = Paper(m.start(), m.end(), papers[0].dossier, papers[0].addition, str(int(m["number"])))
            yield as_found(paper, None, {"relation": "replaces"} if m["replaces"] else {})


def _keyworded(line: Line) -> Iterator[Found]:
    text = line.text
    last = 0
    for m in line.find(_KEYWORD, "kamer", "kst", "dossier"):
        if m.start("word") < last:
            continue
        value: dict[str, object] = (
            {"relation": "replaces"} if m["replaces"] else {"relation": "annex"} if m["annex"] else {}
        )
        prefix = _PREFIX.match(text, m.end())
        at = prefix.end() if prefix else m.end()
        if prefix and prefix["house"] and prefix["house"].upper() in ("I", "EK", "EERSTE KAMER"):
            value["house"] = "EK"
        papers, end = parse(text, at, True) if not (spaced := misspaced(text, at)) else parse_misspaced(spaced, at)
        if papers:
            last = end
            yield from _listed(text, papers, m.start(), value)
            continue
        other = None if m["word"].lower().startswith("dossier") else odd(text, at, m.start(), value)
        if other:
            last = other.end
            yield other
    for m in line.find(_BILLS, "voorstel", "nota"):
        papers, _ = parse(text, m.end(), False)
        if papers and not after_count(text, papers[-1].end):
            yield from _listed(text, papers, papers[0].start, {}, "bill")
    for m in line.find(_SAID, "brie", "motie", "amende", "stuk", "zie", "nota", "tk"):
        papers, _ = parse(text, m.end(), False)
        if papers and papers[0].number and not after_count(text, papers[-1].end):
            yield from _listed(text, papers, papers[0].start, {}, "said")
    for m in line.find(_HOUSE, "ek ", "ek,", "tk ", "tk,", before=1):
        papers, _ = parse(text, m.end(), True)
        if papers and papers[0].number and not after_count(text, papers[-1].end):
            yield from _listed(text, papers, m.start(), {"house": m["house"].upper()}, "house")
    for m in line.find(_TVV, *_VERVANGING):
        at = m.end()
        while text[at : at + 1] in (" ", ":"):
            at += 1
        papers, _ = parse(text, at, True)
        value = {"relation": "replaces"}
        if papers and (papers[0].number or papers[0].addition or without_number(text, papers[-1])):
            yield from _listed(text, papers, m.start(), value, "replaces")
        elif not papers and (other := odd(text, at, m.start(), value, False)):
            yield other


def parse_misspaced(part: str, at: int) -> tuple[list[Paper], int]:
    """Read papers of a text whose first dossier number was put right; every one of them carries the doubt."""
    papers, end = parse(part, 0, True)
    doubted = []
    for p in papers:
        literal = f"{p.stem}-{p.number}" if p.number else ""
        reading = f"kst-{literal}" if literal else f"dossier {p.stem}"
        moved = replace(p, start=at + p.start, end=at + p.end)
        doubted.append(moved if p.problem else replace(moved, problem="spacing", literal=literal, reading=reading))
    return doubted, at + end


def _listed(
    text: str, papers: list[Paper], start: int, value: dict[str, object], reader: str = "word"
) -> Iterator[Found]:
    for i, one in enumerate(papers):
        paper = completed(text, one) if i == len(papers) - 1 or not one.number else one
        more = {"list": (reader, start)} if len(papers) > 1 else {}
        yield as_found(paper, start if i == 0 else None, {**value, **more})


def _relative(line: Line, own: str | None) -> Iterator[Found]:
    text = line.text
    for m in line.find(_RELATIVE, *_VERVANGING, "gedrukt", "op stuk", "kamerstuk", after=120):
        replaces = _TVV.match(text, m.start()) is not None
        numbers = _relative_numbers(text, m)
        alone = m["paper"] is not None and not m["word"] and not own
        for start, end, number in numbers:
            n = str(int(number))
            identifier = f"kst-{own}-{n}" if own else f"rel:{n}"
            parts: dict[str, object] = {"number": n, "needs": None if own else "own_dossier"}
            parts |= {"relation": "replaces"} if replaces else {}
            link = links.official(identifier) if own else None
            more = {"list": ("relative", m.start())} if len(numbers) > 1 else {}
            yield Found(start, end, "relative", identifier, link, {**parts, **more}, "no-dossier" if alone else "")


def _relative_numbers(text: str, m: re.Match[str]) -> list[tuple[int, int, str]]:
    """Return the numbers of a list or range in the text's own dossier, with their places."""
    numbers = [(m.start(), m.end(), m["first"])]
    many = (m["word"] or "").lower() in ("nrs", "nummers")
    until = _UNTIL_RELATIVE.match(text, m.end())
    if until and 0 < int(until[1]) - int(m["first"]) <= RANGE_MAX:
        rest = range(int(m["first"]) + 1, int(until[1]) + 1)
        return numbers + [(until.start(1), until.end(), str(n)) for n in rest]
    while more := _MORE_RELATIVE.match(text, numbers[-1][1]):
        near_by = 0 < int(more[2]) - int(numbers[-1][2]) <= 10 and not _GOES_ON.match(text, more.end())
        if not (many or more["nr"] or near_by):
            break
        numbers.append((more.start(2), more.end(), more[2]))
    return numbers


def _bare(text: str) -> Iterator[Found]:
    """Read papers without a word before them; only forms that nothing else has."""
    for m in _SHORT.finditer(text):
        at = m.end() - 4
        short = odd(text, at, at, {}, False)
        if short:
            yield short
    last = -1
    first, final = len(text) - len(text.lstrip()), len(text.rstrip(" .\n"))
    for start in iterate_dossiers(text):
        if start < last:
            continue
        papers, end = parse(text, start, False)
        if papers and _evident(text, papers, start, end, start <= first and end >= final - 1):
            last = end
            yield from _listed(text, papers, start, {}, "bare")
        elif end - start > _LONG:  # a table of numbers; reading it again from each of them would take quadratic time
            last = end


def _unsaid(text: str, paper: Paper) -> bool:
    """Whether nothing behind a round number makes it a dossier: no paper's number, or one that may count a list or a type."""
    if not paper.number:
        return not paper.addition
    if paper.how == "nr":
        return not paper.addition and "(" in text[paper.start : paper.end]  # 25 000 (nr. 3)
    return len(paper.addition) == 1 and int(paper.dossier) not in BUDGETS.values()  # 20 000 V-3


def _evident(text: str, papers: list[Paper], start: int, end: int, alone: bool) -> bool:
    if _BEFORE_ADDRESS.search(text, max(0, start - 20), start) or not all(
        15000 <= int(p.dossier) <= 45000 for p in papers
    ):
        return False
    if any(p.problem == "addition" for p in papers):
        return True
    head = papers[0]
    if int(head.dossier) in BUDGETS.values() and len(head.addition) > 1 and text[start + 5 : start + 6] == "-":
        return True
    if all(int(p.dossier) % 1000 == 0 and _unsaid(text, p) for p in papers):
        return False  # a round number is an amount unless a word or a paper's number says otherwise
    if len(head.addition) == 1 and not head.number and "-" not in text[start:end]:
        return False  # 35 300 A is a current rather than a budget
    if head.how == "nr" or (head.number and head.addition and (len(head.addition) > 1 or head.how == "-")):
        return True
    if after_count(text, end):
        return False
    before, behind = text[max(0, start - 6) : start].rstrip(" ")[-1:], text[end : end + 6].lstrip(" ")[:1]
    enclosed = before in ("(", "[", ";", ",") and behind in (")", "]", ";", ",") and (before in "([" or behind in ")]")
    if head.number or any(p.problem for p in papers):
        return alone or enclosed
    if head.addition and (alone or len(head.addition) > 1):
        return alone or enclosed
    if alone and without_number(text, papers[-1]):
        return True
    spaced = text[start + 2] == " " or len(papers) > 1
    bill = spaced or _BILL.search(text, max(0, start - 160), start) is not None
    return (alone and len(papers) > 1) or (enclosed and behind == ")" and bill)
