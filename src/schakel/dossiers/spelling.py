"""Which words of a letter are probably misspelt, written together or split?

A word that parliamentary papers do not use, once in the letter, next to one that they use often: one letter lost, added,
exchanged with its neighbour or struck on the neighbouring key. Endings and first letters may differ, for those make other words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from schakel.dossiers.daychecks import finding
from schakel.dossiers.finding import DossierFinding
from schakel.dossiers.text import Text

_WORD = re.compile(r"(?<![\w-])[^\W\d_]{4,40}(?![\w-])")
_HYPHENED = re.compile(r"(?<![\w-])([^\W\d_]{3,20})-([a-zà-ÿ]{2,20})(?![\w-])")
_SHORTEST = 9
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {key: (x + y * 0.5, y) for y, row in enumerate(_ROWS) for x, key in enumerate(row)}
_VOWELS = frozenset("aeiouy")
_SMALL = ("om", "de", "het", "een", "en", "dat", "die", "met", "te", "meer", "minder")
_GLUED_LEAST = 9


@cache
def words() -> dict[str, bool]:
    """Return the long words of parliamentary papers and whether each is common.

    From the Chamber's open data (CC0) by ``scripts/dossier_words.py``.
    """
    listed = files("schakel.dossiers").joinpath("words.txt").read_text(encoding="utf-8").split()
    return {w.rstrip("?"): not w.endswith("?") for w in listed}


@cache
def _by_neighbour(key: str) -> str:
    if key not in _KEYS:
        return ""
    x, y = _KEYS[key]
    near = (k for k, (a, b) in _KEYS.items() if k != key and abs(a - x) <= 1.1 and abs(b - y) <= 1)
    return "".join(k for k in near if not (k in _VOWELS and key in _VOWELS))


def _one_slip(word: str) -> Iterator[str]:
    """Yield what a word becomes when one slip of the pen inside it is taken back."""
    for i in range(1, len(word) - 2):
        head, tail = word[:i], word[i:]
        if tail[0] != "s":  # drugsbeleid and drugbeleid are both written
            yield head + tail[1:]
        if len(tail) > 3:
            yield head + tail[1] + tail[0] + tail[2:]
        for key in _by_neighbour(tail[0]):
            yield head + key + tail[1:]
        for key in "abcdefghijklmnopqrstuvwxyz":
            if not (key == "n" and head[-1] == "e"):  # infectieziekte(n)bestrijding
                yield head + key + tail


def misspelt(text: Text, line: str) -> Iterator[DossierFinding]:
    """Report words that are one slip away from a common word, and words that lost the space between them."""
    places: dict[str, list[tuple[int, int]]] = {}
    for m in _WORD.finditer(line):
        places.setdefault(m.group().lower(), []).append((m.start(), m.end()))
    known = words()
    for word, spans in places.items():
        if len(word) < _SHORTEST + 2 * word.startswith("ver") or word in known:  # ver- makes a verb of anything
            continue
        meant = next((w for w in _one_slip(word) if w != word and (known.get(w) or len(places.get(w, ())) > 2)), None)
        if meant and len(spans) == 1:
            en, nl = (
                f"Probably misspelt: {meant} is a common word.",
                f"Waarschijnlijk een schrijffout: {meant} is gangbaar.",
            )
            yield finding(text, *spans[0], "spelling", en, nl, meant)
            continue
        for small in _SMALL:
            rest = word.removeprefix(small)
            if rest != word and len(rest) >= _GLUED_LEAST and (rest in known or rest in places) and not meant:
                for span in spans:
                    en, nl = "A space is missing between two words.", "Tussen twee woorden ontbreekt een spatie."
                    yield finding(text, *span, "space-missing", en, nl, f"{small} {rest}")
                break


def split_words(text: Text, line: str) -> Iterator[DossierFinding]:
    """Report a hyphen left over from the end of a line: ``Half-geleiders`` where the letter has ``halfgeleiders`` elsewhere."""
    seen = Counter(m.group().lower() for m in _WORD.finditer(line))
    hyphened = Counter(m.group().lower() for m in _HYPHENED.finditer(line))
    for m in _HYPHENED.finditer(line):
        joined = (m[1] + m[2]).lower()
        if hyphened[m.group().lower()] == 1 and len(joined) > 7 and seen[joined] + (joined in words()) > 1:
            en, nl = f"The letter also has {joined}.", f"De brief heeft ook {joined}."
            yield finding(text, m.start(), m.end(), "hyphen-left", en, nl, m[1] + m[2])
