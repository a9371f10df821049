"""Which names and words does a letter write in two ways, one of them probably wrong?"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from schakel.dossiers.finding import DossierFinding
from schakel.dossiers.spelling import words
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
_JOINTS = "(?:(?:voor|van|en|de|het|of|and|the|for|on) ){0,2}"
_PROPER = re.compile(
    rf"(?<![\w.-])[A-ZÀ-Þ][\w&’'-]{{1,30}}(?: {_JOINTS}[A-ZÀ-Þ][\w&’'-]{{1,30}}){{0,8}}(?: {_JOINTS}[A-ZÀ-Þ0-9]{{1,2}}(?!\w))?"
)
_INNER = re.compile(r"[A-ZÀ-Þ]")


def form_variants(text: Text, line: str) -> Iterator[DossierFinding]:
    """Report names of programmes and organisations that the letter spaces, hyphenates or spells in two ways (`QuantumDelta NL`)."""
    seen: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for m in _PROPER.finditer(line):
        if len(_INNER.findall(m.group())) < 2:
            continue
        words = m.group().rstrip("’'-").split(" ")
        until = m.start() + len(m.group().rstrip("’'-"))
        for size in range(len(words), 0, -1):  # "Zie Defensie Strategie": the name may begin later
            part = " ".join(words[-size:])
            key = re.sub(r"[ ’'-]", "", part).lower()
            if len(key) >= 8 and _INNER.match(part) and len(_INNER.findall(part)) > 1:
                seen.setdefault(key, {}).setdefault(part, []).append((until - len(part), until))
    told: set[int] = set()
    for key in sorted(seen, key=len, reverse=True):
        forms = seen[key]
        if len({f.lower() for f in forms}) < 2 or any(m[1] in told for places in forms.values() for m in places):
            continue
        ordered = sorted(forms, key=lambda f: (-len(forms[f]), forms[f][0]))
        usual = ordered[0]
        for form in ordered[1:]:
            if form.lower() == usual.lower() or _inflected(form, usual):
                continue
            for start, end in forms[form]:
                told.add(end)
                place = text.span(start, end)
                en, nl = f"The letter also writes {usual}.", f"De brief schrijft ook {usual}."
                quote = text.original[place.start : place.end]
                yield DossierFinding("name-form", place.start, place.end, quote, {"en": en, "nl": nl}, None, (usual,))


def _inflected(one: str, other: str) -> bool:
    """Tell whether two forms differ only by the hyphen that Dutch puts in a compound (`EU Chips Act`, `EU-Chips Act`)."""
    return one.count(" ") == 1 and other.replace("-", " ") == one.replace("-", " ") and one.split(" ")[0].isupper()


@cache
def _known_names() -> dict[str, str]:
    """Return names of European acts and of programmes that letters often misspell, by their letters alone."""
    listed = files("schakel.dossiers").joinpath("names.txt").read_text(encoding="utf-8").splitlines()
    return {_letters(name): name for name in listed if name}


def _letters(name: str) -> str:
    return re.sub(r"[ ’'&-]", "", name).lower()


def near_names(text: Text, line: str) -> Iterator[DossierFinding]:
    """Report a name that is one letter away from that of a known act or programme (`Critical Raw Material Act`)."""
    known = _known_names()
    lengths = {len(k) for k in known}
    for m in _PROPER.finditer(line):
        words = m.group().rstrip("’'-").split(" ")
        until = m.start() + len(m.group().rstrip("’'-"))
        parts = (" ".join(words[i:]) for i in range(len(words)))
        for part in parts:
            key = _letters(part)
            if key in known:
                break
            twice = _without_repetition(part, known)
            if len(key) < 10 or not (twice or lengths & {len(key) - 1, len(key), len(key) + 1}):
                continue
            meant = next((n for k, n in known.items() if _one_off(k, key)), twice)
            if meant and not _distance_only_genitive(part, meant):
                place = text.span(until - len(part), until)
                en, nl = f"Probably {meant}.", f"Waarschijnlijk {meant}."
                quote = text.original[place.start : place.end]
                yield DossierFinding("name-near", place.start, place.end, quote, {"en": en, "nl": nl}, meant, (meant,))
                break


def _one_off(known: str, key: str) -> bool:
    return known[0] == key[0] and abs(len(known) - len(key)) < 2 and _distance_one(known, key)


def _without_repetition(part: str, known: dict[str, str]) -> str | None:
    """Return the known name that a name is but for a word written twice (`Preparedness Authority and Response Authority`)."""
    words = part.split(" ")
    doubled = (i for i, word in enumerate(words) if len(word) > 4 and words.count(word) > 1)
    return next((n for i in doubled if (n := known.get(_letters("".join(words[:i] + words[i + 1 :]))))), None)


def _distance_only_genitive(part: str, meant: str) -> bool:
    return part.rstrip("s").rstrip("’'") == meant or meant.rstrip("s") == part


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
                rare = short in known and counts[short] == 1 and short not in words()
                if rare and len(short) >= _LEAST and not _compound(word, i, k):
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
