"""What stands where a paper should be named and cannot be one, and what was probably meant?

Nothing of this is dropped: it comes back with its literal characters, a problem and, where one can be given, a reading.
"""

from __future__ import annotations

import re
from dataclasses import replace

from schakel.dossiers.citations.chapters import BUDGETS, CHAPTERS, COUNCIL
from schakel.dossiers.citations.found import Found
from schakel.dossiers.citations.history import near
from schakel.dossiers.citations.named import Paper

_S = r" {0,6}"
_GLUED = re.compile(r"([IVX]{2,5})(\d{1,4})(?!\w)")
_BAD_ADDITION = re.compile(rf"{_S}-?{_S}([IVXL1l]{{2,6}})(?={_S}[-,]?{_S}(?:nr\b\.?|(?<=[-,])|(?<=[-,] )){_S}\d)")
_BAD_NUMBER = re.compile(rf"{_S}[-,]?{_S}(?:nr\b\.?)?{_S}(\d{{1,5}})(?!\w)")
_FORMATION = re.compile(r"-(\d\d)-(\d{2,4})(?!\w)")
_BLANKS = (
    rf"(?:PM\b|P\.M\.|p\.m\.|TBD\b|n\.?{_S}n\.?{_S}b\.?|n\.?t\.?b\b\.?|[xX]{{2,8}}(?:[- ,]{{0,3}}(?:nr\.? ?)?[xX]{{1,4}})?\b|\.{{3,}}|…|_{{2,}}|\?{{1,9}}|"
    rf"volgt(?={_S}(?:[).,;\]]|$|\n))|\[[^\]\n]{{0,20}}\])"
)
_PLACEHOLDER = re.compile(_BLANKS)
_OTHER_SIZE = re.compile(
    rf"(?P<digits>\d{{1,3}} \d{{1,4}}|\d{{3,8}})(?!\w)(?P<tail>(?:{_S}[- ]{_S}[IVX]{{1,5}}(?!\w))?(?:{_S}(?:-|[,.]?{_S}nrs?\b{_S}[.,]?){_S}(\d{{1,5}})(?!\w))?)"
)
_LIKE_DIGITS = re.compile(
    rf"(?=[\dOoIl]{{5}}(?!\w))(?=\w*[OoIl])(?P<dossier>(?:\w?\d{{2}}\w*|\d\w\d\w*|\w\d\w\d\w*))(?P<tail>"
    rf"(?:{_S}[- ]{_S}[IVX]{{1,5}}(?!\w))?(?:{_S}(?:-|[,.]?{_S}nrs?\b{_S}[.,]?){_S}(\d{{1,5}})(?!\w))?)"
)
_YEARS = re.compile(r"(?:19|20)\d\d(?!\d)(?! ?[DZ]\d)")
_YEAR_NUMBER = re.compile(r"(?:19|20)\d\d[-/]\d{5}(?!\w)")
_DANGLING = re.compile(r"-(?= {0,6}(?:[.,;:)]|$|\n))")
_NO_NUMBER = re.compile(rf"{_S}[-,.;:]?{_S},?{_S}(?:nrs?|nummer)(?!\w){_S}[.,:]?{_S}\.?")
_LIKE_NUMBER = re.compile(r"-?(?=\w*\d)(?=\w*[OoIl])([\dOoIl]{1,5})(?!\w)")
_REST = re.compile(r"[-_](?:\d[\w-]*|[A-Z][A-Za-z]{0,5}-\d[\w-]*|[IVX]{2,6}(?!\w)[\w-]*|[IVX]{1,5}_?\d[\w-]*)")
_AS_DIGITS = str.maketrans("OoIl", "0011")


def bad_addition(text: str, start: int, end: int, dossier: str) -> Paper | None:
    """Read ``34775-XV1-92``, whose chapter does not exist, and ``21051-20-1234``, whose dossier is a Council's but for one digit."""
    formation = _FORMATION.match(text, end)
    if formation and len(formation[2]) > 2 and dossier not in COUNCIL:
        meant = next((c for c in sorted(COUNCIL) if near(dossier, c)), "")
        if meant:
            literal = f"{dossier}-{formation[1]}-{int(formation[2])}"
            reading = literal.replace(dossier, f"kst-{meant}", 1)
            return _wrong(start, formation.end(), dossier, formation[1], formation[2], "council", reading, literal)
    bad = _BAD_ADDITION.match(text, end)
    if not bad or bad[1] in CHAPTERS:
        return None
    number = _BAD_NUMBER.match(text, bad.end())
    tail = f"-{int(number[1])}" if number else ""
    mended = bad[1].replace("1", "I").replace("l", "I").replace("L", "I")
    reading = f"kst-{dossier}-{mended}{tail}" if mended in CHAPTERS and tail else ""
    until = number.end() if number else bad.end()
    literal = f"{dossier}-{bad[1]}{tail}"
    return _wrong(start, until, dossier, bad[1], number[1] if number else "", "addition", reading, literal)


def _wrong(
    start: int, end: int, dossier: str, addition: str, number: str, problem: str, reading: str, literal: str
) -> Paper:
    return Paper(start, end, dossier, addition, number, problem=problem, reading=reading, literal=literal, how="-")


def glued_number(text: str, head: Paper, at: int) -> Paper | None:
    """Read ``36410-XVI148``, where a hyphen was lost."""
    m = _GLUED.match(text, at)
    if not m or head.addition:
        return None
    reading = f"kst-{head.dossier}-{m[1]}-{int(m[2])}" if m[1] in CHAPTERS else ""
    literal = f"{head.dossier}-{m.group()}"
    return _wrong(head.start, m.end(), head.dossier, "", m.group(), "glued", reading, literal)


def without_number(text: str, paper: Paper) -> bool:
    """Tell whether a paper's number is announced, or cut off, behind a dossier."""
    return not paper.number and (_DANGLING.match(text, paper.end) or _NO_NUMBER.match(text, paper.end)) is not None


def completed(text: str, paper: Paper) -> Paper:
    """Return a paper with the problem that what follows it, or its own number, shows; the same one when there is none."""
    if paper.problem:
        return paper
    literal = f"{paper.stem}-{paper.number}" if paper.number else paper.stem
    if not paper.number and (missing := _NO_NUMBER.match(text, paper.end)):
        return _unnumbered(text, paper, missing.end())
    if paper.number.isdigit() and not 0 < int(paper.number) <= 9999:
        return _oversized(text, paper)
    if paper.number in ("PM", "XX") or int(paper.dossier) < 10000:
        return replace(paper, problem="placeholder" if paper.number in ("PM", "XX") else "length", literal=literal)
    rest = _REST.match(text, paper.end) or _DANGLING.match(text, paper.end)
    if rest is None:
        return paper
    if rest.group() == "-" and not paper.number:
        return replace(paper, end=rest.end(), problem="incomplete", reading=f"dossier {paper.stem}")
    if rest.group() == "-":
        return replace(paper, end=rest.end(), problem="rest", literal=literal, reading=f"kst-{literal}")
    twice = rest.group().removeprefix(f"-{paper.addition}-") if paper.addition and not paper.number else ""
    reading = f"kst-{paper.stem}-{int(twice)}" if twice.isdigit() and rest.group() != twice else ""
    return replace(paper, end=rest.end(), problem="rest", literal=literal + rest.group(), reading=reading)


def _unnumbered(text: str, paper: Paper, at: int) -> Paper:
    """Read ``36321, nr.`` with a placeholder, a number with letters for digits, or nothing behind it."""
    blank = _PLACEHOLDER.match(text, at)
    if blank:
        return replace(paper, end=blank.end(), problem="placeholder")
    like = _LIKE_NUMBER.match(text, at)
    if like:
        reading = f"kst-{paper.stem}-{int(like[1].translate(_AS_DIGITS))}"
        return replace(
            paper, end=like.end(), number=like[1], problem="letters", literal=f"{paper.stem}-{like[1]}", reading=reading
        )
    until = at - len(text[paper.end : at]) + len(text[paper.end : at].rstrip())
    return replace(paper, end=until, problem="incomplete", reading=f"dossier {paper.stem}")


def _oversized(text: str, paper: Paper) -> Paper:
    """Read a number that is none: 0, five digits, or the dossier written twice."""
    literal = f"{paper.stem}-{paper.number}"
    if paper.number == paper.dossier:
        again = re.compile(r"-((?:[IVX]{1,5}[ABC]?|[A-N])(?=-))?-?(\d{1,4})(?!\w)").match(text, paper.end)
        if again:
            addition = again[1] or paper.addition
            reading = "-".join(p for p in ("kst", paper.dossier, addition, str(int(again[2]))) if p)
            return replace(paper, end=again.end(), problem="rest", literal=literal + again.group(), reading=reading)
    return replace(paper, problem="length", literal=literal)


def odd(text: str, at: int, start: int, value: dict[str, object], announced: bool = True) -> Found | None:
    """Return what a word such as Kamerstuk announces where no dossier follows: a placeholder or a number of another shape.

    Parameters
    ----------
    text
        Flat text.
    at, start
        Behind the word, and where the citation begins.
    value
        What is already known of it.
    announced
        Whether the word can mean nothing but a paper; otherwise only digits with a chapter or number behind them count.
    """
    blank = _PLACEHOLDER.match(text, at) if announced else None
    if blank:
        return Found(start, blank.end(), "placeholder", None, None, value, "placeholder")
    dated = _YEAR_NUMBER.match(text, at) if announced else None
    if dated:
        return Found(start, dated.end(), "kamerstuk", f"kst-{dated.group()}", None, value, "length")
    m, problem = _LIKE_DIGITS.match(text, at), "letters"
    digits = m["dossier"] if m else ""
    parts: dict[str, object]
    reading: str | None
    if not m:
        m, problem = _OTHER_SIZE.match(text, at), "length"
        if not m or _YEARS.match(text, at) or after_count(text, m.end("digits")):
            return None
        digits = m["digits"].replace(" ", "")
    formation = _FORMATION.match(text, m.end("dossier" if problem == "letters" else "digits"))
    council = next((c for c in sorted(COUNCIL) if _shortened(digits, c)), "") if formation else ""
    if formation and council:
        literal = f"{digits}-{formation[1]}-{int(formation[2])}"
        parts = {"dossier": digits, "addition": formation[1], "number": formation[2]}
        reading = f"kst-{council}{literal.removeprefix(digits)}"
        return Found(start, formation.end(), "kamerstuk", f"kst-{literal}", None, {**parts, **value}, problem, reading)
    addition = re.sub(r"[ -]", "", re.sub(r"nr.*|[,.].*|-? {0,6}\d.*", "", m["tail"]))
    if (len(digits) < 4 or not announced) and not (m[3] or (not announced and addition)):
        return None
    literal = "-".join(p for p in (digits, addition, str(int(m[3])) if m[3] else "") if p)
    reading = _mended(digits, addition, m[3])
    if problem != "length":
        reading = f"kst-{literal.replace(digits, digits.translate(_AS_DIGITS), 1)}" if m[3] else None
    parts = {"dossier": digits, "addition": addition or None, "number": m[3]}
    return Found(start, m.end(), "kamerstuk", f"kst-{literal}", None, {**parts, **value}, problem, reading)


_MISSPACED = re.compile(r"(?!\d\d \d{3})(?=[\d -]{6}(?![\d]))\d{1,4}[ -]\d{1,4}(?!\d)")


def misspaced(text: str, at: int) -> str:
    """Return the text from a position on with its five digits spaced as a dossier; empty when they need not be."""
    m = _MISSPACED.match(text, at)
    if not m or len(m.group()) != 6 or _YEARS.match(text, at) or after_count(text, m.end()):
        return ""
    digits = re.sub(r"\D", "", m.group())
    return f"{digits[:2]} {digits[2:]}{text[m.end() : m.end() + 400]}"


_AFTER_COUNT = re.compile(
    r"[,.]?\d| {0,3}(?:euro|eur\b|miljoen|miljard|mln|mld|per |stuks?|inwoners|%|ton\b|"
    r"kg\b|km\b|m2|mw\b|personen|mensen|banen|woningen|bedrijven|[A-Z]{2}\b(?! ?,? ?nr))"
)


def after_count(text: str, at: int) -> bool:
    """Tell whether what stands before a position is an amount, a count or a postcode."""
    return _AFTER_COUNT.match(text, at) is not None


def _shortened(one: str, other: str) -> bool:
    """Tell whether one number is the other with a digit left out."""
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return len(longer) == len(shorter) + 1 and any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))


def _mended(digits: str, addition: str, number: str | None) -> str | None:
    """Return the budget dossier that differs from a number of four or six digits by one digit, the newest first."""
    if not number:
        return None
    budgets = [str(b) for b in sorted(BUDGETS.values(), reverse=True)]
    for budget in budgets:
        if _shortened(digits, budget):
            return "-".join(p for p in ("kst", budget, addition if addition in CHAPTERS else "", str(int(number))) if p)
    return None
