"""Which shares, growth rates and targets does a text state in per cent?"""

from __future__ import annotations

import re

from schakel.dossiers.amounts.model import Percentage
from schakel.dossiers.amounts.numbers import number
from schakel.dossiers.deadlines.points import compiled, plain

_N = r"\d{1,3}(?:[.,]\d+)?"
_PERCENT = compiled(
    rf"(?<![\w.,])(?P<low>{_N})\s*(?:%|procent|per cent)?(?:\s*(?:-|a|tot|to|en|and)\s*(?P<high>{_N}))?\s*"
    rf"(?:%|procent\b|percent\b|per cent\b|procentpunt\b)"
)
_FRACTION = re.compile(r"(?<![\d/])(?P<a>\d)/(?P<b>\d{1,2})(?:e|de|ste|rd|th)\b")
_TARGET = compiled(
    r"\b(?:doel\w*|ambitie|streef\w*|norm|minstens|ten minste|tenminste|minimaal|target|goal"
    r"|at least|moet|afgesproken|afspraak|voortaan|vermeerder\w*|reduc\w*|verlag\w*)\b"
)
_GROWTH = compiled(r"\b(?:groei\w*|growth|cagr)\b")
_FORECAST = compiled(r"\b(?:verwacht\w*|geschat|expected|forecast|raming)\b")
_AT_LEAST = compiled(r"\b(?:minstens|ten minste|tenminste|minimaal|at least|ruim|meer dan|more than|over) $")
_ABOUT = compiled(r"\b(?:ongeveer|circa|ca\.|bijna|around|about|zo'n) $")
_TOP = compiled(r"\btop[ -]*$")
_SPAN = re.compile(r"\b((?:19|20)\d\d)\s*(?:en|tot en met|tot|t/m|-|and|to)\s*((?:19|20)\d\d)\b")


def find(text: str) -> list[Percentage]:
    """Return the percentages of a text in order; ``1/3e`` counts as a percentage too."""
    low = plain(text)
    found = []
    for match in _PERCENT.finditer(low):
        if _TOP.search(low, max(0, match.start() - 8), match.start()):
            continue  # the best per cent is a group, no share
        value = number(match["low"])
        high = number(match["high"]) if match["high"] else None
        around = low[max(0, match.start() - 110) : match.end() + 80]
        ahead = low[max(0, match.start() - 25) : match.start()]
        comparator = ">=" if _AT_LEAST.search(ahead) else "ca." if _ABOUT.search(ahead) else "="
        span = _SPAN.search(low[match.end() : match.end() + 45]) or _SPAN.search(
            low[max(0, match.start() - 90) : match.start()]
        )
        years = (int(span[1]), int(span[2])) if span and _GROWTH.search(around) else None
        found.append(
            Percentage(
                match.start(),
                match.end(),
                text[match.start() : match.end()],
                value,
                high,
                _kind(around),
                comparator,
                years,
            )
        )
    for match in _FRACTION.finditer(low):
        value = number(match["a"]) / number(match["b"]) * 100
        found.append(Percentage(match.start(), match.end(), text[match.start() : match.end()], round(value, 2)))
    return sorted(found, key=lambda p: p.start)


def _kind(around: str) -> str:
    if _GROWTH.search(around):
        return "growth"
    if _TARGET.search(around):
        return "target"
    return "forecast" if _FORECAST.search(around) else "share"
