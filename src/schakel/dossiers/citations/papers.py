"""Where does a text cite parliamentary papers: with a word before them, without one, or relative to its own dossier?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schakel.dossiers.citations import links
from schakel.dossiers.citations.chapters import BUDGETS, CHAPTERS
from schakel.dossiers.citations.found import Found
from schakel.dossiers.citations.kamerstuk import Paper, iterate_dossiers, parse
from schakel.dossiers.citations.letters import Line

_S = r" {0,6}"
_REPLACES = rf"(?:t\.?{_S}v\.?{_S}v\b\.?|ter{_S}vervanging{_S}van)"
_KEYWORD = re.compile(
    rf"(?P<replaces>\b{_REPLACES}{_S})?(?P<annex>\bbijlage (?:bij|van){_S})?(?P<word>(?<![/A-Za-zÀ-ÿ_])Kamer{_S}-?stuk(?:ken|nummers?|nrs?|dossiers?)?\b|"
    r"(?<![/\w])(?:kst|kamerst)(?=[ .:\d-])\.?-?|\b(?:dossiernummers?|dossier)(?= {0,6}[:(]? {0,6}(?:nr\.? )?\d))",
    re.I,
)
_PREFIX = re.compile(
    rf"[.:,]?{_S}(?:[\[(«“\"']{_S})?(?:(?P<house>I|II|EK|TK|Eerste{_S}Kamer|Tweede{_S}Kamer)\b{_S},?{_S})?(?:der{_S}Staten-Generaal{_S},?{_S})?"
    rf"(?:vergaderjaar{_S})?(?:(?:19|20)\d\d{_S}[-/]{_S}\d{{2,4}}{_S},?{_S})?(?:[\[(«“\"']{_S})?(?:(?:dossier|nummers?|nrs?)\b{_S}[.:]?{_S})?",
    re.I,
)
_BILLS = re.compile(
    rf"(?<!\w)(?:wetsvoorstel(?:len)?|initiatiefnota|voorstel{_S}van{_S}wet){_S}\(?(?=\d\d ?\d{{3}}(?!\d))", re.I
)
_SAID = re.compile(
    rf"(?<!\w)(?:(?:Kamer)?brief|brieven|TK|motie|moties|amendement|amendementen|stuk|stukken|zie|nota){_S}[(:]?{_S}(?=\d\d ?\d{{3}}(?:[-/, ]|$))",
    re.I,
)
_VERVANGING = ("t.v", "tv", "t. v", "t v", "vervanging")
_TVV = re.compile(rf"(?<!\w){_REPLACES}", re.I)
_RELATIVE = re.compile(
    rf"(?<!\w)(?:{_REPLACES}{_S}(?:(?:de|het|die|dat|motie|amendement|stuk|is|was|gedrukt|onder|op)\b,?{_S}){{0,7}}|gedrukt{_S}onder{_S}|op{_S}stuk{_S}"
    rf"|Kamerstuk(?:ken)?{_S},?{_S})(?:(?P<word>nrs|nr|nummers?)(?![a-z]){_S}[.,:]?{_S}|"
    rf"(?=\d{{1,3}}(?:{_S}$| over\b|\)))){_S}(?P<first>\d{{1,4}})(?![\w/])(?!,\d)",
    re.I,
)
_MORE_RELATIVE = re.compile(rf"{_S}(?:,{_S}(?:en{_S})?|en {_S})(?:nr\b\.?{_S})?(\d{{1,4}})(?!\w)")
_NUMBER_FIRST = re.compile(
    rf"(?P<replaces>{_REPLACES}{_S})?\b(?:stuk{_S})?nr\b{_S}[.:]?{_S}(?P<number>\d{{1,4}}){_S}\({_S}"
    rf"(?:Kamerstuk(?:ken)?{_S})?(?P<stem>\d\d ?\d{{3}}[^()\n]{{0,12}}){_S}\)",
    re.I,
)
_OFFICIAL = re.compile(
    r"(?<![\w-])kst-(\d{5})((?:-(?:[IVX]{1,5}[ABC]?|[A-N]|\d\d|\(R\d{3,4}\)))?)-(\d{1,5}|[A-Z]{1,2})(?![\w-])"
)
_PLACEHOLDER = re.compile(
    rf"(?:PM\b|P\.M\.|n\.?{_S}n\.?{_S}b\.?|ntb\b|[xX]{{2,8}}(?:[- ,]{{0,3}}(?:nr\.? ?)?[xX]{{1,4}})?\b|\.{{3,}}|…|_{{2,}}|\?{{2,}}|\[[^\]\n]{{0,20}}\])"
)
_OTHER_SIZE = re.compile(
    rf"(?P<digits>\d{{1,3}} \d{{1,4}}|\d{{3,8}})(?!\d)(?P<tail>(?:{_S}[- ]{_S}[IVX]{{1,5}}(?!\w))?(?:{_S}(?:-|[,.]?{_S}nr\b{_S}[.,]?){_S}(\d{{1,5}}))?)"
)
_YEARS = re.compile(r"(?:19|20)\d\d(?!\d)(?! ?[DZ]\d)")
_DANGLING = re.compile(r"-(?= {0,6}(?:[.,;:)]|$|\n))")
_BEFORE_ADDRESS = re.compile(
    r"(?:postbus|antwoordnummer|telefoon|tel\.?|fax|€|eur|usd|\$|isbn|iban|kvk(?:-nummer)?|btw)[ :.]{0,6}$", re.I
)
_AFTER_COUNT = re.compile(
    r"[,.]?\d| {0,3}(?:euro|eur\b|miljoen|miljard|mln|mld|per |stuks?|inwoners|%|ton\b|"
    r"kg\b|km\b|m2|mw\b|personen|mensen|banen|woningen|bedrijven|[A-Z]{2}\b(?! ?,? ?nr))"
)
_LONG = 200
_BILL = re.compile(r"(?:wetsvoorstel|dossier|amendement|wijziging|initiatief|begroting|voorstel|kamerstuk|wet )", re.I)


def find_papers(line: Line, own_dossier: str | None) -> list[Found]:
    """Return the papers that a flat text cites; what overlaps is sorted out by the caller, earlier entries first."""
    found = [*_official(line), *_number_first(line), *_keyworded(line), *_relative(line, own_dossier)]
    return [*found, *_bare(line.text)]


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
        return Found(
            start, paper.end, "kamerstuk", f"kst-{paper.literal}", None, parts, paper.problem, paper.reading or None
        )
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
        papers, end = parse(text, at, True)
        if papers:
            last = end
            yield from _listed(text, papers, m.start(), value)
            continue
        other = _odd(text, at, m.start(), m["word"], value)
        if other:
            last = other.end
            yield other
    for m in line.find(_BILLS, "voorstel", "nota"):
        papers, _ = parse(text, m.end(), False)
        if papers and not _AFTER_COUNT.match(text, papers[-1].end):
            yield from _listed(text, papers, papers[0].start, {}, "bill")
    for m in line.find(_SAID, "brie", "motie", "amende", "stuk", "zie", "nota", "tk"):
        papers, _ = parse(text, m.end(), False)
        if papers and papers[0].number and not _AFTER_COUNT.match(text, papers[-1].end):
            yield from _listed(text, papers, papers[0].start, {}, "said")
    for m in line.find(_TVV, *_VERVANGING):
        at = m.end()
        while text[at : at + 1] in (" ", ":"):
            at += 1
        papers, _ = parse(text, at, True)
        if papers and (papers[0].number or papers[0].addition or _DANGLING.match(text, papers[-1].end)):
            yield from _listed(text, papers, m.start(), {"relation": "replaces"}, "replaces")


def _listed(
    text: str, papers: list[Paper], start: int, value: dict[str, object], reader: str = "word"
) -> Iterator[Found]:
    for i, paper in enumerate(papers):
        more = {"list": (reader, start)} if len(papers) > 1 else {}
        found = as_found(paper, start if i == 0 else None, {**value, **more})
        dangling = _DANGLING.match(text, paper.end)
        if found.kind == "dossier" and dangling and i == len(papers) - 1:
            found = Found(found.start, dangling.end(), "dossier", found.id, None, found.value, "incomplete", found.id)
        yield found


def _odd(text: str, at: int, start: int, word: str, value: dict[str, object]) -> Found | None:
    """Return what a word such as Kamerstuk announces and no dossier follows: a placeholder or a number of another length."""
    if word.lower().startswith("dossier"):
        return None
    blank = _PLACEHOLDER.match(text, at)
    if blank:
        return Found(start, blank.end(), "placeholder", None, None, value, "placeholder")
    m = _OTHER_SIZE.match(text, at)
    if not m or _YEARS.match(text, at) or _AFTER_COUNT.match(text, m.end("digits")):
        return None
    digits = m["digits"].replace(" ", "")
    if len(digits) == 5:  # "330 09": the space stands wrong
        return None
    if len(digits) < 4 and not m[3]:
        return None
    addition = re.sub(r"[ -]", "", re.sub(r"nr.*|[,.].*|-? {0,6}\d.*", "", m["tail"]))
    literal = "-".join(p for p in (digits, addition, str(int(m[3])) if m[3] else "") if p)
    reading = _mended(digits, addition, m[3])
    parts = {"dossier": digits, "addition": addition or None, "number": m[3]}
    return Found(start, m.end(), "kamerstuk", f"kst-{literal}", None, {**parts, **value}, "length", reading)


def _mended(digits: str, addition: str, number: str | None) -> str | None:
    """Return the budget dossier that differs from a number of four or six digits by one digit, the newest first."""
    if not number:
        return None
    budgets = [str(b) for b in sorted(BUDGETS.values(), reverse=True)]
    for budget in budgets:
        longer, shorter = (budget, digits) if len(digits) < len(budget) else (digits, budget)
        if len(longer) == len(shorter) + 1 and any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer))):
            return "-".join(p for p in ("kst", budget, addition if addition in CHAPTERS else "", str(int(number))) if p)
    return None


def _relative(line: Line, own: str | None) -> Iterator[Found]:
    text = line.text
    for m in line.find(_RELATIVE, *_VERVANGING, "gedrukt", "op stuk", "kamerstuk", after=120):
        numbers = [(m.start(), m.end(), m["first"])]
        replaces = _TVV.match(text, m.start()) is not None
        while more := _MORE_RELATIVE.match(text, numbers[-1][1]):
            if (m["word"] or "").lower() != "nrs" and "nr" not in more.group():
                break
            numbers.append((more.start(1), more.end(), more[1]))
        for start, end, number in numbers:
            n = str(int(number))
            identifier = f"kst-{own}-{n}" if own else f"rel:{n}"
            parts: dict[str, object] = {"number": n, "needs": None if own else "own_dossier"}
            parts |= {"relation": "replaces"} if replaces else {}
            yield Found(start, end, "relative", identifier, links.official(identifier) if own else None, parts)


def _bare(text: str) -> Iterator[Found]:
    """Read papers without a word before them; only forms that nothing else has."""
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


def _evident(text: str, papers: list[Paper], start: int, end: int, alone: bool) -> bool:
    if _BEFORE_ADDRESS.search(text, max(0, start - 20), start) or not all(
        15000 <= int(p.dossier) <= 45000 for p in papers
    ):
        return False
    if any(p.problem == "addition" for p in papers):
        return True
    head = papers[0]
    if head.how == "nr" or (head.number and head.addition and (len(head.addition) > 1 or head.how == "-")):
        return True
    if _AFTER_COUNT.match(text, end):
        return False
    before, behind = text[max(0, start - 6) : start].rstrip(" ")[-1:], text[end : end + 6].lstrip(" ")[:1]
    enclosed = before in ("(", "[", ";", ",") and behind in (")", "]", ";", ",") and (before in "([" or behind in ")]")
    if head.number or any(p.problem for p in papers):
        return alone or enclosed
    if head.addition and (alone or len(head.addition) > 1):
        return alone or enclosed
    if alone and _DANGLING.match(text, end):
        return True
    spaced = text[start + 2] == " " or len(papers) > 1
    bill = spaced or _BILL.search(text, max(0, start - 160), start) is not None
    return (alone and len(papers) > 1) or (enclosed and behind == ")" and bill)
