"""Which amounts does a text state, and who pays whom?"""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from schakel.dossiers.amounts.model import Amount
from schakel.dossiers.amounts.numbers import SCALES, WORDS, number
from schakel.dossiers.deadlines.points import NUMBERS, compiled, plain

_DIGITS = r"\d{1,3}(?:[. ,']\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?[½¼¾]?"
_WORDS = "|".join(re.escape(w) for w in sorted((w for w in WORDS if w not in ("nul", "zero")), key=len, reverse=True))
_SHORT = ("mln", "mld", "mrd", "mio", "mn", "bn", "tn", "ton", "k")
_SCALE = "|".join(w + (r"\b\.?" if w in _SHORT else "") for w in sorted(SCALES, key=len, reverse=True))
_BEFORE = r"(?P<before>€|eur(?:o)?\b|us\$|\$|usd\b|£|gbp\b|chf\b)\s*"
_AFTER = r"(?P<after>euro(?:'s)?|eur|(?:us |amerikaanse )?dollars?|usd|pond|gbp|chf|yen|yuan|€)\b"
_QUALIFIER = (
    r"(?P<qualifier>ruim|circa|ca\.?|ongeveer|bijna|gemiddeld|maximaal|minimaal|ten minste|tenminste"
    r"|minstens|meer dan|minder dan|zo'n|naar schatting|grofweg|om en nabij|net geen|krap|\+/-|rond de|around|about|nearly|up to|at least|approximately"
    r"|more than|less than|over|on average|an average of)"
)
_PATTERN = compiled(
    rf"(?<![\w.,])(?:{_QUALIFIER}\s*)?(?:{_BEFORE})?(?<![\d.,])(?:(?P<low>{_DIGITS})\s*(?:(?P<lowscale>{_SCALE}) )?"
    rf"(?:-|(?<=\s)(?:tot|a|to|(?P<and>en|and))(?=\s)) ?(?:€ ?)?)?"
    rf"(?P<n>{_DIGITS}|(?:{_WORDS})(?=\s(?:{_SCALE})))(?:\s*(?P<scale>{_SCALE})(?![a-z]))?(?:\s*-?{_AFTER})?"
    rf"(?P<per> (?:per (?:jaar|maand|annum|year|month)|a year|structureel|jaarlijks|annually))?"
)
_PLAIN_NEXT = compiled(
    r"\s*(?:$|[^\w\s]|\d|(?:uit|voor|aan|over|in|per|extra|meer|of|en|te|beschikbaar|overschrijdt"
    r"|van|bij|is|was|wordt|worden|op|tot|naar|vrij|door|investeer\w*|geinvesteerd|publiek\w*"
    r"|privaat|private|subsidie|kost\w*|bedraagt|die|dat|dit|dan|als|om|maar|waar\w*|daar\w*|hier\w*|nodig|kan|kunnen|moet|zal|zijn|heeft|hebben|lager|hoger|minder|tekort"
    r"|structureel|jaarlijks|eenmalig|netto|bruto|bezuinigd|(?:toe|uit|vrij|in|op|af|bij)?(?:ge|ver|be|ont)\w*[dt]|by|for|to|in|from|of|and)\b)"
)
_CURRENCY = {
    "€": "EUR",
    "eu": "EUR",
    "us": "USD",
    "$": "USD",
    "am": "USD",
    "do": "USD",
    "£": "GBP",
    "gb": "GBP",
    "po": "GBP",
    "ye": "JPY",
    "yu": "CNY",
    "ch": "CHF",
}
_SIGNS = {
    **dict.fromkeys(("ruim", "ten minste", "tenminste", "minstens", "minimaal", "at least"), ">="),
    **dict.fromkeys(("meer dan", "more than", "over"), ">"),
    **dict.fromkeys(("maximaal", "up to"), "<="),
    **dict.fromkeys(("bijna", "krap", "net geen", "nearly", "minder dan", "less than"), "<"),
    **dict.fromkeys(("gemiddeld", "on average", "an average of"), "average"),
}
_BETWEEN = compiled(r"\b(?:tussen|between)(?: de| the)? (?:€ ?|eur ?|\$ ?)?$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEARS_AHEAD = compiled(
    rf"(?:komende|next|volgende|in|over) (?P<n>\d{{1,3}}|{'|'.join(NUMBERS)}) (?:jaar|years)\b[^.;]{{0,25}}$"
)
_SPAN = re.compile(r"\b(20\d\d)\s*(?:-|tot en met|t/m|tot)\s*(20\d\d)\b")
_YEARLY = compiled(
    r"\b(?:jaarlijkse?|annual|yearly|structure(?:el|le)|elk jaar|every year)\b|(?:^|[.;,:] )\s*per jaar\b"
)
_NAME = (
    r"(?P<name>(?:(?:het|de|een|the) )?[A-Z][\w&/-]+(?:[ -](?:[A-Z0-9][\w&/-]*|NL|van|voor|of"
    r"|and|en(?= [A-Z])))*|(?:de |het |the )?(?:kabinet|overheid|regering|rijk|government))"
)
_PAYER = re.compile(r"^[^.;]{0,30}?\b(?:uit|van|door|from|by)\s+" + _NAME)
_TO = re.compile(r"^[^.;,]{0,60}?\b(?:aan|to|voor|for)\s+" + _NAME)


@lru_cache(maxsize=1)
def programmes() -> tuple[tuple[str, str], ...]:
    """Return (alias, programme), longest alias first."""
    with Path(__file__).with_name("programmes.csv").open(encoding="utf-8", newline="") as handle:
        rows = [(a, row["programme"]) for row in csv.DictReader(handle) for a in row["aliases"].split("|")]
    return tuple(sorted(rows, key=lambda r: -len(r[0])))


def find(text: str) -> list[Amount]:
    """Return the amounts of a text in order.

    A number counts when a currency stands beside it, or a scale word (miljoen, bn) that no counted thing follows; a missing
    currency stays missing.
    """
    low = plain(text)
    named = _programmes(low)
    found: list[Amount] = []
    for match, part in ((m, p) for m, p in _matches(low) if _is_money(low, m)):
        start = _start(low, match, part)
        if found and start < found[-1].end:
            continue
        found.append(_amount(text, low, match, named, part))
    return found


def _matches(low: str) -> Iterator[tuple[re.Match[str], str]]:
    """The numbers of a text with the part meant: all of a match, or each of two that "en" joins.

    "En" makes a range after "tussen" only; a year without a currency begins none.
    """
    at = 0
    while match := _PATTERN.search(low, at):
        at = max(match.end(), at + 1)
        first = match["low"]
        if first and _YEAR.fullmatch(first) and not match["before"]:
            at = match.end("low")
        elif match["and"] and not _BETWEEN.search(low, max(0, match.start() - 20), match.start("low")):
            yield match, "first"
            yield match, "second"
        else:
            yield match, ""


def _is_money(low: str, match: re.Match[str]) -> bool:
    group = match.groupdict()
    if group.get("before") or group.get("after"):
        return True
    return (
        bool(group.get("scale"))
        and bool(_PLAIN_NEXT.match(low, match.end()))
        and group.get("scale", "").rstrip(".") not in ("duizend", "thousand", "ton", "k")
    )


def _amount(text: str, low: str, match: re.Match[str], named: list[tuple[int, int, str]], part: str = "") -> Amount:
    g = match.groupdict()
    start = _start(low, match, part)
    end = match.end("lowscale" if g.get("lowscale") else "low") if part == "first" else match.end()
    scale = SCALES[g["scale"].rstrip(".")] if g.get("scale") else 1
    value = _whole(number(g.get("n") or "1") * scale)
    high = None
    if g.get("low"):
        lower = SCALES[g["lowscale"].rstrip(".")] if g.get("lowscale") else scale
        high, value = value, _whole(number(g["low"] or "0") * lower)
        if part:
            value, high = (high if part == "second" else value), None
    marks = (g.get("after"), g.get("before")) if part == "second" else (g.get("before"), g.get("after"))
    mark = next((m for m in marks if m), "")
    currency = _CURRENCY.get(mark[:1]) or _CURRENCY.get(mark[:2]) if mark else None
    from_here = max(0, start - 220)
    sentence_start = max(low.rfind(mark, from_here, start) for mark in (". ", "\n\n")) + 1 or from_here
    before = low[sentence_start:start]
    after = low[end : end + 120]
    word = " ".join((g.get("qualifier") or "").split())
    qualifier = _SIGNS.get(word, "ca." if word else None)
    around = before[-90:] + " " + re.split(r"[.;]\s", after)[0][:90]
    payer = _PAYER.match(text[end : end + 90])
    to = _TO.match(text[end : end + 110])
    return Amount(
        start,
        end,
        text[start:end],
        value,
        high,
        currency,
        _period(g.get("per") or "", before, after),
        qualifier,
        _side(around),
        _name(payer),
        _name(to),
        _near(low, named, start, end),
        "voorwaardelijk" in around or "conditional" in around,
    )


def _start(low: str, match: re.Match[str], part: str) -> int:
    if part != "second":
        return match.start()
    at = match.end("and")
    while low[at].isspace():
        at += 1
    return at


def _period(per: str, before: str, after: str) -> str:
    beside = per + " " + after[:24]
    if re.match(r"\s*(?:per maand|per month|a month)", beside):
        return "per month"
    if re.match(r"\s*(?:\(?per (?:jaar|annum|year)|a year|structureel|jaarlijks|annually|p\.j\.)", beside):
        return "per year"
    ahead = _YEARS_AHEAD.search(before)
    if ahead:
        word = ahead["n"]
        return f"over {int(word) if word.isdigit() else NUMBERS[word]} years"
    span = _SPAN.search(after[:60]) or _SPAN.search(before[-40:])
    if span:
        return f"{span[1]}-{span[2]}"
    return "per year" if _YEARLY.search(re.split(r"\d", before[-75:])[-1]) else "one-off"


def _side(around: str) -> str | None:
    private = "privaat" in around or "private" in around
    public = (
        "publiek" in around
        or "public" in around
        or "kabinet" in around
        or "groeifonds" in around
        or "subsidie" in around
    )
    if private and public:
        return "public+private"
    return "private" if private else "public" if public else None


def _programmes(low: str) -> list[tuple[int, int, str]]:
    squeezed = [(m.start(), m.end(), name) for alias, name in programmes() for m in _alias(alias).finditer(low)]
    return sorted(squeezed)


@lru_cache(maxsize=256)
def _alias(alias: str) -> re.Pattern[str]:
    return re.compile(r"\b" + r"[\s*_]+".join(map(re.escape, alias.split())) + r"(?!\w)")


def _whole(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


def _name(match: re.Match[str] | None) -> str | None:
    """A name, unless it is an adjective that begins one (Nederlandse, Eindhovense)."""
    return match["name"] if match and not match["name"].endswith("se") else None


def _near(low: str, named: list[tuple[int, int, str]], start: int, end: int) -> str | None:
    """The programme named right behind an amount in its sentence, or else last before it within a paragraph or so."""
    near = named[bisect_left(named, (start - 900,)) : bisect_left(named, (end + 81,))]
    behind = [n for n in near if end <= n[0] <= end + 80 and not re.search(r"[.;]\s", low[end : n[0]])]
    ahead = [n for n in near if n[0] < start]
    if ahead and (not behind or start - ahead[-1][1] < 60):
        return ahead[-1][2]
    return behind[-1][2] if behind else None
