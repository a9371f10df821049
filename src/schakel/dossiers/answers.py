"""Which motion or commitment does a letter answer, how, and how early or late?

Motions are ranked by the words they share with the letter, weighted by how rare a word is (TF-IDF, cosine). A person
confirms; the program only proposes, and abstains when two motions come equally near.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log, sqrt

from schakel.dossiers.deadlines.points import plain
from schakel.dossiers.debated import debates
from schakel.dossiers.relation import RELATIONS, relation

__all__ = [
    "RELATIONS",
    "Candidate",
    "Index",
    "Timing",
    "certain",
    "debates",
    "link",
    "members",
    "relation",
    "terms",
    "timing",
    "without_identifiers",
]

_WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")
_IDENTIFIER = re.compile(
    (
        r"\(?\(?(?:t\.?v\.?v\.? )?kamerstuk(?:nummer)?:?\s*[^()]{0,60}?\d[^()]{0,40}\)|\b(?:kst-)?\d{5}"
        r"(?:[- ][ivxlcdm]+)?(?:[- ]\d+)?(?:,? nrs?\.? ?\d+)?\b|\b20\d\d[dz]\d{5}\b|\btz\d{6}-\d+\b"
    ),
    re.I,
)
_STOP = frozenset(
    [
        "de",
        "het",
        "een",
        "en",
        "van",
        "in",
        "op",
        "te",
        "voor",
        "met",
        "om",
        "over",
        "aan",
        "door",
        "bij",
        "dat",
        "die",
        "is",
        "zijn",
        "naar",
        "ook",
        "niet",
        "uit",
        "als",
        "tot",
        "er",
        "kan",
        "kunnen",
        "worden",
        "wordt",
        "zo",
        "dit",
        "deze",
        "hoe",
        "of",
        "waarin",
        "motie",
        "moties",
        "lid",
        "leden",
        "c.s",
        "c",
        "s",
        "kamer",
        "regering",
        "verzoekt",
        "reactie",
        "uitvoering",
        "kamerbrief",
        "brief",
        "appreciatie",
        "gewijzigde",
        "nader",
        "kamerstuk",
        "nr",
        "the",
        "a",
        "an",
        "of",
        "and",
        "to",
        "in",
        "on",
        "for",
        "with",
        "by",
        "that",
        "which",
        "is",
        "are",
        "be",
        "as",
        "motion",
        "letter",
        "house",
        "government",
    ]
)


def without_identifiers(title: str) -> str:
    """Return a title without numbers of papers, so that only its words can find the motion."""
    return " ".join(_IDENTIFIER.sub(" ", title).split())


def terms(text: str) -> Counter[str]:
    """Return the words of a text and their beginnings, which stand for inflected and compound forms."""
    counted: Counter[str] = Counter()
    for word in _WORD.findall(plain(text)):
        if word in _STOP or len(word) < 2:
            continue
        counted[word] += 1
        if len(word) > 6:
            counted["^" + word[:6]] += 1
        if len(word) > 9:
            counted["$" + word[-6:]] += 1
    return counted


_MEMBERS = re.compile(
    (
        r"\b(?:het lid|de leden|kamerleden|moties?[ -](?=[A-Z]))\s*(?P<names>[^()\d,;:]{2,80}?)(?=\s+"
        r"(?:c\.?s\.?|over|om|ter vervanging|inzake|verzoekt|spreekt|gelijktrekken|voorgesteld)\b"
        r"|\s*[(,;:]|$)"
    ),
    re.I,
)
_PARTICLES = frozenset(["van", "der", "den", "de", "het", "te", "ten", "ter", "el", "la", "le", "lid", "leden", "en"])


def members(text: str) -> frozenset[str]:
    """Return the surnames behind "motie van het lid" or "de leden", in plain lower case, without particles."""
    names: set[str] = set()
    for match in _MEMBERS.finditer(text):
        names.update(w for w in _WORD.findall(plain(match["names"])) if w not in _PARTICLES)
    return frozenset(names)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A motion or commitment proposed for a letter; ``margin`` is the distance to the next one, relative to the score."""

    id: str
    score: float
    margin: float


class Index:
    """TF-IDF vectors of motions or commitments.

    Parameters
    ----------
    texts
        Text by identifier: heading (names of members) and dictum.
    dates
        Day of each motion, where known: a letter cannot answer a later motion, and answers a recent one more often.
    """

    def __init__(self, texts: Mapping[str, str], dates: Mapping[str, date] | None = None) -> None:
        self._dates = dict(dates or {})
        self._members = {key: members(text[:160]) for key, text in texts.items()}
        counts = {key: terms(text) for key, text in texts.items()}
        frequency = Counter(term for c in counts.values() for term in c)
        total = max(1, len(counts))
        self._idf = {term: log((1 + total) / (1 + n)) + 1 for term, n in frequency.items()}
        self._unseen = log(1 + total) + 1
        self._postings: dict[str, list[tuple[str, float]]] = {}
        for key, counted in counts.items():
            weights = {t: (1 + log(n)) * self._idf[t] * _share(t) for t, n in counted.items()}
            # Half the usual length norm: a long dictum is no worse an answer than a short one.
            norm = sqrt(sum(w * w for w in weights.values())) or 1.0
            for term, weight in weights.items():
                self._postings.setdefault(term, []).append((key, weight / norm))

    def rank(
        self, text: str, top: int = 5, among: Iterable[str] | None = None, written: date | None = None
    ) -> list[Candidate]:
        """Return the best candidates for a letter, best first; ``written`` is the date of the letter."""
        allowed = None if among is None else set(among)
        scores: dict[str, float] = {}
        counted = terms(text)
        weights = {t: (1 + log(n)) * self._idf.get(t, self._unseen) * _share(t) for t, n in counted.items()}
        norm = sqrt(sum(w * w for w in weights.values())) or 1.0
        for term, weight in weights.items():
            for key, value in self._postings.get(term, ()):
                if allowed is None or key in allowed:
                    scores[key] = scores.get(key, 0.0) + weight / norm * value
        named = members(text)
        if named:
            scores = {k: v * self._signed(k, named) for k, v in scores.items()}
        if written is not None:
            scores = {k: v * self._timely(k, written) for k, v in scores.items() if self._timely(k, written)}
        ordered = sorted(scores.items(), key=lambda kv: (-kv[1], kv[0]))
        best = []
        for (key, score), following in zip(ordered[:top], [*ordered[1 : top + 1], ("", 0.0)], strict=False):
            best.append(Candidate(key, score, (score - following[1]) / score if score else 0.0))
        return best

    def _signed(self, key: str, named: frozenset[str]) -> float:
        """More for a motion of the members a letter names, less for one of others."""
        own = self._members.get(key) or frozenset()
        if not own:
            return 1.0
        shared = len(own & named) / min(len(own), len(named))
        return 1.0 + shared if shared else 0.6

    def _timely(self, key: str, written: date) -> float:
        """1 for a motion of the day, three quarters after a year and a half, 0 for one of a later day."""
        motion = self._dates.get(key)
        if motion is None:
            return 1.0
        days = (written - motion).days
        return 0.0 if days < 0 else 0.5 + 0.5 * 0.5 ** (days / 540)


def _share(term: str) -> float:
    return 0.5 if term[0] in "^$" else 1.0


def link(
    title: str,
    index: Index,
    cited: Iterable[str] = (),
    known: Iterable[str] = (),
    written: date | None = None,
    top: int = 5,
) -> list[Candidate]:
    """Return the motions a letter answers, best first; one that the title cites by number comes before all others."""
    ranked = index.rank(without_identifiers(title), top, written=written)
    registered = set(known)
    numbers = [c for c in cited if c in registered]
    first = [Candidate(c, 1.0, 1.0) for c in dict.fromkeys(numbers)]
    return [*first, *(c for c in ranked if c.id not in set(numbers))][:top]


def certain(ranked: Sequence[Candidate], margin: float = 0.1) -> Candidate | None:
    """Return the first candidate, or None when the next is too near to tell them apart."""
    return ranked[0] if ranked and (ranked[0].margin >= margin or len(ranked) == 1) else None


@dataclass(frozen=True, slots=True)
class Timing:
    """Days between a deadline and what was done: negative early, positive late.

    ``state`` is ``early``, ``on-time``, ``late``, ``open``, ``overdue`` or ``no-deadline``; computed for ``reference``, never for today.
    """

    state: str
    days: int | None
    reference: date


def timing(deadline: date | None, answered: date | None, reference: date) -> Timing:
    """Return how early or late something was or is, on a reference date; an answer after that date does not count yet."""
    if deadline is None:
        return Timing("no-deadline", None, reference)
    if answered is not None and answered <= reference:
        days = (answered - deadline).days
        return Timing("late" if days > 0 else "early" if days < 0 else "on-time", days, reference)
    days = (reference - deadline).days
    return Timing("overdue" if days > 0 else "open", days, reference)
