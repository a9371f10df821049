"""Which parliamentary papers does a run of characters name?

A hand-written parser over small anchored patterns with bounded repetition: every step is linear, so nothing in a text
can make it backtrack. It reads dossiers, additions, numbers, lists and ranges; what it reads but cannot be a paper comes back
with a problem instead of being dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from schakel.dossiers.citations.chapters import CHAPTERS, COUNCIL, FUNDS, ROMAN, has_chapter
from schakel.dossiers.citations.malformed import bad_addition, glued_number
from schakel.dossiers.citations.named import Paper

_S = r" {0,6}"
_DOSSIER = re.compile(r"\d{2}(?:\.| {0,3})\d{3}(?!\d)(?!,\d)")
_COMMA = re.compile(r"\d{2} {0,3}\d{3}(?=,\d{1,4}(?![\w.,]))")
"""``33009,3`` behind a word such as Kamerstuk; by itself it is a number with a decimal."""
_KINGDOM = re.compile(rf"{_S}[-,]?{_S}\(?(R{_S}\d{{3,4}})\)?(?!\w)")
_SEPARATOR = re.compile(rf"{_S}(?:[-,./]{{1,2}}{_S})?")
_NAMED = re.compile(
    rf"{_S}[-,]?{_S}(?:\((?P<a>[IVX]{{1,5}}[ABC]?)\)|(?:begrotings)?hoofdstuk{_S}(?P<b>[IVX]{{1,5}}[ABC]?))(?!\w)", re.I
)
_SMALL = re.compile(rf"[ivx]{{2,5}}[abc]?(?={_S}-{_S}\d|{_S},?{_S}nr)|(?<=-)[a-hj-nvx](?=-\d)")
_TWO = re.compile(rf"{_S}[- ]{_S}(\d\d)(?!\d)")
_NUMBER_WORD = re.compile(
    rf"{_S}[-,.;:/]?{_S}[,(]?{_S}(?:(?:op|onder|met){_S})?(?:stuk{_S})?(?:(?P<many>nrs|nummers|nos|letters)|nr|nummer|no|letter)(?![a-z]){_S}[.,:]?{_S}-?{_S}",
    re.I,
)
_HYPHEN = re.compile(rf"{_S}(?:-{{1,2}}|/|_){_S}")
_PART = re.compile(rf"-([AB])(?={_S}[-,]{_S}(?:nr|\d))")
_LOOSE = re.compile(rf"{_S}(?P<mark>[,.:])?{_S}")
_ITEM = re.compile(r"(?:\d{1,2}\.\d{3}|\d{1,5}(?=[a-h]?(?!\w))|[A-Z]{1,2}|[A-Z]{1,2}\d)(?:(?<=\d)[a-h])?(?!\w)(?!,\d)")
_LIST = re.compile(
    rf"{_S}(?:[,;]{_S}(?:en {_S})?|en {_S}|and {_S}|alsmede {_S}|of {_S}|&{_S}|/{_S}|\+{_S})(?:-(?=\d)|(?P<nr>nrs?\b{_S}[.:]?{_S})?)"
)
_RANGE = re.compile(rf"{_S}(?:t/m|t\.?e\.?m\.?|tot{_S}en{_S}met|tot|through){_S}(?:nr\b{_S}[.:]?{_S})?")
_JOIN = re.compile(rf"{_S}(?:(?P<slash>/)|[,;]{_S}(?:en {_S})?|en {_S}|and {_S}|&{_S}|resp\.{_S})")
_AGAIN = re.compile(rf"(?:van{_S})?(?:het{_S})?Kamerstuk(?:ken|nummer|nrs?|dossier)?s?\b{_S}[.:]?{_S}", re.I)
_PAGE = re.compile(rf"{_S},?{_S}(?:p|pp|blz|pag)\.{_S}(\d{{1,4}}(?:{_S}-{_S}\d{{1,4}})?)")
_MONTH = re.compile(
    rf"{_S}(?:jan|feb|mrt|maart|apr|mei|jun|jul|aug|sep|okt|nov|dec|january|march|may|june|july|august|october)[a-z]*\b",
    re.I,
)
_FOLLOWS_WORD = re.compile(
    r" {1,6}(?!(?:over|van|inzake|betreffende|met|ingediend|waarin|tijdens|en|of|die|dat|is|zijn|op|bij|zie|om)\b)[a-z]{2,}"
)
_AMOUNT = re.compile(
    rf"{_S}(?:euro|eur|miljoen|miljard|mln|mld|per|stuks?|inwoners|procent|km|m2|jaar|bedrijven|mensen|personen|woningen|%|x)",
    re.I,
)
_BARE = re.compile(rf"\d(?<![\w./\-€$]\d)\d(?:\.| {{0,3}})\d{{3}}(?!\d)(?={_S}(?:[-,./)\];]|n|op|e|[A-Z&(]|\n|$))")
RANGE_MAX = 250
LIST_MAX = 400


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    text: str


def parse(text: str, start: int, keyword: bool) -> tuple[list[Paper], int]:
    """Read papers at a position.

    Parameters
    ----------
    text
        Flat text.
    start
        Where the first dossier begins.
    keyword
        Whether a word such as Kamerstuk stands before it, so that a bare number may follow.

    Returns
    -------
    tuple
        The papers, and the position behind the last; nothing and ``start`` when no dossier stands there.
    """
    papers: list[Paper] = []
    position, again = start, None
    while len(papers) < LIST_MAX:
        group, end = _group(text, position, keyword)
        if papers and not _continues(papers, group):
            break
        if not group:
            break
        if papers and again:
            group[0] = replace(group[0], start=again.start())
        papers += group
        follow = _JOIN.match(text, end)
        if not follow:
            return papers, end
        shared = ROMAN.match(text, follow.end())
        if shared and shared.group() in CHAPTERS and papers[-1].addition in CHAPTERS and not papers[-1].number:
            more = Paper(shared.start(), shared.end(), papers[-1].dossier, shared.group())  # 36600 VII en X
            papers, end = [*papers, more], more.end
            follow = _JOIN.match(text, end)
            if not follow:
                return papers, end
        again = _AGAIN.match(text, follow.end())
        position = again.end() if again else follow.end()
    return papers, papers[-1].end if papers else start


def _continues(papers: list[Paper], group: list[Paper]) -> bool:
    if not group:
        return False
    if group[0].number:
        return True
    return not any(p.number for p in papers) and 15000 <= int(group[0].dossier) <= 45000


def _group(text: str, start: int, keyword: bool) -> tuple[list[Paper], int]:
    """Read one run of dossiers that share the numbers behind it."""
    heads: list[Paper] = []
    position, slash = start, False
    while True:
        head = _head(text, position, keyword and not heads)
        if head is None:
            if not heads:
                return [], start
            position = heads[-1].end
            break
        heads.append(head)
        position = head.end
        if head.problem:
            break
        follow = _JOIN.match(text, position)
        if _NUMBER_WORD.match(text, position) or not follow or not _DOSSIER.match(text, follow.end()):
            break
        slash = slash or follow["slash"] is not None
        position = follow.end()
    numbers, end, how = ([], position, "") if heads[-1].problem else _numbers(text, position, keyword)
    between = _SEPARATOR.match(text, heads[-1].end)
    glued = None if numbers else glued_number(text, heads[-1], between.end() if between else heads[-1].end)
    if glued:
        return [*heads[:-1], glued], glued.end
    if not numbers:
        return heads, heads[-1].end
    if len(heads) > 1 and how != "nr" and not slash:  # the number belongs to the last dossier only
        bare, heads = heads[:-1], heads[-1:]
    else:
        bare = []
    page = _PAGE.match(text, end)
    also = tuple(h.stem for h in heads[1:])
    papers = [
        replace(heads[0], start=heads[0].start if i == 0 else n.start, end=n.end, number=n.text, also=also, how=how)
        for i, n in enumerate(numbers)
    ]
    if page:
        papers[-1] = replace(papers[-1], page=page[1].replace(" ", ""), end=page.end())
        end = page.end()
    return bare + papers, end


def _head(text: str, start: int, keyword: bool = False) -> Paper | None:
    m = _DOSSIER.match(text, start) or (_COMMA.match(text, start) if keyword else None)
    if not m:
        return None
    dossier = re.sub(r"\D", "", m.group())
    end = m.end()
    if kingdom := _KINGDOM.match(text, end):
        return Paper(start, kingdom.end(), dossier, f"({kingdom[1].replace(' ', '')})")
    two = _TWO.match(text, end)
    if two and (dossier in COUNCIL or _NUMBER_WORD.match(text, two.end())):
        return Paper(start, two.end(), dossier, two[1])
    separator = _SEPARATOR.match(text, end)
    at = separator.end() if separator else end
    comma = separator is not None and "," in separator.group()
    bad = bad_addition(text, start, end, dossier)
    if bad:
        return bad
    named = _NAMED.match(text, end)
    if named and (chapter := (named["a"] or named["b"]).upper()) in CHAPTERS:
        return Paper(start, named.end(), dossier, chapter)
    roman = ROMAN.match(text, at) or _SMALL.match(text, at)
    token = roman.group().upper() if roman else text[at : at + 1]
    behind = at + len(token)
    part = _PART.match(text, behind) if roman and len(token) > 1 else None
    if part and token + part[1] in CHAPTERS:  # IX-B is chapter IXB
        token, behind = token + part[1], part.end(1)
    if not token or text[behind : behind + 1].isalnum() or not (token in CHAPTERS or token in FUNDS):
        return Paper(start, end, dossier)
    numbered = _NUMBER_WORD.match(text, behind) is not None or _digits_follow(text, behind)
    if len(token) > 1 or (numbered if not (comma and len(token) == 1) else _NUMBER_WORD.match(text, behind)):
        return Paper(start, behind, dossier, token)
    if not comma and has_chapter(dossier, token):
        return Paper(start, behind, dossier, token)
    return Paper(start, end, dossier)


def _digits_follow(text: str, at: int) -> bool:
    m = _HYPHEN.match(text, at)
    return m is not None and text[m.end() : m.end() + 1].isdigit()


def _numbers(text: str, start: int, keyword: bool) -> tuple[list[_Number], int, str]:
    """Read the numbers behind a dossier: ``nr. 3``, ``nrs. 3, 5 en 7``, ``-3``, ``-3-4``, ``, T en U``."""
    how, many = "nr", False
    word = _NUMBER_WORD.match(text, start)
    if word:
        at, many = word.end(), word["many"] is not None
    else:
        hyphen = _HYPHEN.match(text, start)
        if hyphen:
            at, how = hyphen.end(), "-"
        elif keyword:
            loose = _LOOSE.match(text, start)
            at, how = (loose.end(), "loose") if loose and loose.end() > start else (start, "")
        else:
            return [], start, ""
    if not how:
        return [], start, ""
    first = _item(text, at)
    if first is None or (how == "loose" and not _stands_alone(text, first, at > start and "," in text[start:at])):
        return [], start, ""
    if how == "-" and not keyword and _AMOUNT.match(text, first.end):
        return [], start, ""
    found = [first]
    while True:
        last = found[-1]
        more = _more(text, last, how, many, found[0])
        if not more:
            return found, last.end, how
        found += more


def _item(text: str, at: int) -> _Number | None:
    m = _ITEM.match(text, at)
    if not m:
        return None
    value = m.group().replace(".", "").rstrip("abcdefgh")
    return _Number(at, m.end(), str(int(value)) if value.isdigit() else value)


def _stands_alone(text: str, item: _Number, comma: bool) -> bool:
    """Tell whether a number without a word before it is one: ``36202, T en U`` and not ``36639, 12 maart``."""
    if _MONTH.match(text, item.end) or _FOLLOWS_WORD.match(text, item.end) or text.startswith(("'", "’"), item.end):
        return False
    digits = item.text.isdigit()
    if digits and not comma and 1900 <= int(item.text) <= 2100:
        return False
    return not (digits and len(item.text) > 4)


def _more(text: str, last: _Number, how: str, many: bool, first: _Number) -> list[_Number]:
    span = _RANGE.match(text, last.end)
    if not span and many:
        span = _HYPHEN.match(text, last.end)
    if span:
        item = _item(text, span.end())
        if item and item.text.isdigit() and last.text.isdigit() and 0 < int(item.text) - int(last.text) <= RANGE_MAX:
            return [_Number(item.start, item.end, str(n)) for n in range(int(last.text) + 1, int(item.text) + 1)]
        return []
    if how == "-":
        hyphen = re.compile(r"-(?=\d{1,4}(?!\w))").match(text, last.end)
        item = _item(text, hyphen.end()) if hyphen else None
        if item and last.text.isdigit():
            return [item]
    sep = _LIST.match(text, last.end)
    item = _item(text, sep.end()) if sep else None
    if sep is None or item is None or _DOSSIER.match(text, sep.end()):
        return []
    if item.text.isdigit() != first.text.isdigit() or _MONTH.match(text, item.end):
        return []
    named = many or sep["nr"] is not None
    next_ = (
        item.text.isdigit() and 0 < int(item.text) - int(last.text) <= 10
    )  # "382 en 383" goes on whatever word follows
    if not named and (
        (_FOLLOWS_WORD.match(text, item.end) and not next_) or (item.text.isdigit() and 1900 <= int(item.text) <= 2100)
    ):
        return []
    return [item]


def iterate_dossiers(text: str) -> Iterator[int]:
    """Yield the positions at which a dossier number could begin without a word before it."""
    for m in _BARE.finditer(text):
        yield m.start()
