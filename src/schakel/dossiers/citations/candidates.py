"""Which numbered paper does a citation by date probably mean?

A letter often gives a paper its number once and calls it by its date afterwards. Where the text ties the same day or month to a
footnote, the papers of that footnote are candidates; a person chooses.
"""

from __future__ import annotations

import re
from dataclasses import replace

from schakel.dossiers.citations.found import Found
from schakel.dossiers.days import MONTHS

_NUMBERED = ("kamerstuk", "document_number", "eu_document")


def with_candidates(found: list[Found], source: str, places: list[tuple[int, int]]) -> list[Found]:
    """Add ``candidates`` to letters cited by date.

    Parameters
    ----------
    found
        Citations in the order of the text.
    source
        The flat original text, in which marks of footnotes still stand.
    places
        Where each citation stands in it.
    """
    if not any(f.kind == "letter" for f in found):
        return found
    noted: dict[str, list[str]] = {}
    for item, (start, _) in zip(found, places, strict=True):
        head = re.search(
            r"(?:^|[ \n])(\d{1,3}|[¹²³⁰⁴-⁹]{1,3}) {0,3}(?:Zie (?:ook )?)?$", source[max(0, start - 24) : start]
        )
        if head and item.kind in _NUMBERED and item.id:
            noted.setdefault(head[1], []).append(item.id)
    known: dict[str, list[str]] = {}
    out = []
    for item in found:
        date = str(item.value.get("date") or "")
        if item.kind != "letter" or not date:
            out.append(item)
            continue
        if date not in known:
            known[date] = _of_day(date, source, noted)
        candidates = known[date]
        out.append(replace(item, value={**item.value, "candidates": candidates}) if candidates else item)
    return out


def _of_day(date: str, source: str, noted: dict[str, list[str]]) -> list[str]:
    """Return the papers of the footnotes whose mark stands before a day or month, each once."""
    year, month, *day = date.split("-")
    names = [w for w, k in MONTHS.items() if k == int(month) and (len(w) > 3 or w == "mei")]
    written = rf"{int(day[0])} {{1,3}}" if day else ""
    pattern = re.compile(
        rf"(\d{{1,3}}|[¹²³⁰⁴-⁹]{{1,3}})[ ,)]{{1,3}}(?:van |d\.d\. ){{0,1}}{written}(?:{'|'.join(names)}) {{1,3}}{year}",
        re.I,
    )
    marks = {m[1] for m in pattern.finditer(source)}
    return sorted({i for mark in marks for i in noted.get(mark, ())})
