"""Which names and words does a letter write in two ways, one of them probably wrong?"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from schakel.dossiers.finding import DossierFinding
from schakel.dossiers.text import Text

_PREFIX = r"(?:(?:van der|van den|van de|van|de|den|der|ter|ten|te|el|al) )"
_NAME = rf"{_PREFIX}?[A-ZÀ-Þ][\w’'-]{{2,25}}(?:[ -]{_PREFIX}?[A-ZÀ-Þ][\w’'-]{{2,25}})?"
_MEMBERS = re.compile(
    rf"\b(?:[Mm]otie|[Aa]mendement|[Ll]id|[Ll]eden|[Kk]amerlid|[Kk]amerleden)(?: (?:van (?:het|"
    rf"de) (?:lid|leden|Kamerlid)|van))? (?P<names>{_NAME}(?:(?:, | en |/){_NAME}){{0,6}})"
)
_SPLIT = re.compile(r", | en |/")
_NO_NAME = frozenset(
    ["Kamer", "Tweede", "Eerste", "Staten-Generaal", "Europese", "Commissie", "Kabinet", "Minister", "Rijksoverheid"]
)
_WORD = re.compile(r"(?<![\w-])[^\W\d_]{9,40}(?![\w-])")
_ENDINGS = 3
_LEAST = 11


def name_variants(text: Text, line: str) -> Iterator[DossierFinding]:
    """Report members of the Chamber whose name the letter writes in two ways (`van Dijk`, `Dijk`; `Kostić`, `Kostic`)."""
    seen: dict[str, list[tuple[int, int]]] = {}
    for m in _MEMBERS.finditer(line):
        at = m.start("names")
        for part in _SPLIT.split(m["names"]):
            start = line.index(part, at)
            at = start + len(part)
            if part.split(" ")[0] not in _NO_NAME:
                seen.setdefault(part, []).append((start, at))
    names = sorted(seen, key=lambda n: (-len(seen[n]), n.isascii(), n))
    for i, one in enumerate(names):
        for other in names[:i]:
            if _core(one) == _core(other) or _near(_core(one), _core(other)):
                start, end = seen[one][0]
                place = text.span(start, end)
                en, nl = (
                    f"The letter also has {other}: the same member, or another?",
                    f"De brief heeft ook {other}: hetzelfde Kamerlid, of een ander?",
                )
                yield DossierFinding(
                    "name-variant",
                    place.start,
                    place.end,
                    text.original[place.start : place.end],
                    {"en": en, "nl": nl},
                    None,
                    (other,),
                )
                break


def _core(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return re.sub(rf"^{_PREFIX}", "", plain).lower()


def _near(one: str, other: str) -> bool:
    """Tell whether two long names differ by one letter inside."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 6 or one[0] != other[0]:
        return False
    return _distance_one(one, other)


def _distance_one(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    i = next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) == len(other):
        return one[i + 1 :] == other[i + 1 :] or (
            one[i : i + 2] == other[i : i + 2][::-1] and one[i + 2 :] == other[i + 2 :]
        )
    return one[i:] == other[i + 1 :]


def spelling_variants(text: Text, line: str) -> Iterator[DossierFinding]:
    """Report long words that occur once and lack one or two letters of another word of the letter, inside and not in an ending."""
    places = {m.group().lower(): (m.start(), m.end()) for m in _WORD.finditer(line)}
    counts = Counter(m.group().lower() for m in _WORD.finditer(line))
    known = set(counts)
    for word in sorted(known):
        if len(word) < _LEAST + 1:
            continue
        for k in (1, 2):
            for i in range(2, len(word) - _ENDINGS - k):
                short = word[:i] + word[i + k :]
                if short in known and counts[short] == 1 and len(short) >= _LEAST and not _compound(word, i, k):
                    start, end = places[short]
                    place = text.span(start, end)
                    en, nl = (
                        f"Probably misspelt: the letter also has {word}.",
                        f"Waarschijnlijk een schrijffout: de brief heeft ook {word}.",
                    )
                    yield DossierFinding(
                        "spelling",
                        place.start,
                        place.end,
                        text.original[place.start : place.end],
                        {"en": en, "nl": nl},
                        word,
                    )


def _compound(word: str, at: int, length: int) -> bool:
    """Tell whether the letters left out are only a joint between parts of a compound, or one of two equal letters with its meaning."""
    return word[at : at + length] in ("s", "e", "n", "en", "er", "ge", "te", "de")
