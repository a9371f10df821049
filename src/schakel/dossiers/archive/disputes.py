"""Where do letters contradict each other: on an amount, a share or target, or a deadline?"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

from schakel.dossiers.amounts import Amount
from schakel.dossiers.amounts import conflicts as amounts_conflicts
from schakel.dossiers.answers import terms
from schakel.dossiers.archive.matching import cosine
from schakel.dossiers.archive.model import Conflict, LetterCard
from schakel.dossiers.archive.state import Record
from schakel.dossiers.commitments import OWED

TARGETS_ALIKE, PROMISES_ALIKE = 0.6, 0.8
"""How alike the words of two sentences must be (cosine) to be about one target, or one promise."""
COMMON = 40
"""A word in more sentences than this says nothing on what they are about."""
_DIGITS = re.compile(r"\d[\d.,]*")
_YEAR = re.compile(r"\b20\d\d\b")
_SENTENCES = {
    "amount": {
        "en": "{s}: {a} in {x} ({p}), but {b} in {y} ({q})",
        "nl": "{s}: {a} in {x} ({p}), maar {b} in {y} ({q})",
    },
    "target": {
        "en": "target: {a} in {x} ({p}), but {b} in {y} ({q}): {s}",
        "nl": "doel: {a} in {x} ({p}), maar {b} in {y} ({q}): {s}",
    },
    "deadline": {
        "en": "deadline of {s}: {a} in {x} ({p}), but {b} in {y} ({q})",
        "nl": "termijn van {s}: {a} in {x} ({p}), maar {b} in {y} ({q})",
    },
}


def disputes(letters: Iterable[tuple[Record, Mapping[str, Any]]]) -> tuple[Conflict, ...]:
    """Return every pair of letters that do not agree, the older letter first."""
    listed = [(r.card, core) for r, core in letters]
    found = [*_amounts(listed), *_percentages(listed), *_deadlines(listed)]
    unique: dict[tuple[str, ...], Conflict] = {}
    for one in found:  # the same two figures in many letters are one contradiction, shown where it first stands
        unique.setdefault((one.subject, one.attribute, *sorted((one.first["value"], one.second["value"]))), one)
    return tuple(sorted(unique.values(), key=lambda c: (c.subject, c.attribute, str(c.first["date"]), c.id)))


def _amounts(listed: list[tuple[LetterCard, Mapping[str, Any]]]) -> Iterable[Conflict]:
    cards = {card.id: card for card, _ in listed}
    amounts = {card.id: [_amount(a) for a in core["amounts"] if a["programme"]] for card, core in listed}
    by_programme: dict[str, dict[str, list[Amount]]] = defaultdict(lambda: defaultdict(list))
    seen: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for letter, rows in amounts.items():
        for one in rows:
            # Each figure where it stands first, and in one other letter: more of them would only repeat the contradiction.
            places = seen[one.programme, one.currency, one.period, one.value, one.high]
            if letter not in places and len(places) < 2:
                places.add(letter)
                by_programme[one.programme or ""][letter].append(one)
    for rows_by_letter in by_programme.values():
        for pair in amounts_conflicts(rows_by_letter):
            yield _conflict(
                pair.programme,
                "amount",
                _money(cards[pair.first_letter], pair.first),
                _money(cards[pair.second_letter], pair.second),
            )


def _money(card: LetterCard, one: Amount) -> dict[str, Any]:
    return _side(card, one.start, one.end, one.quote, f"{one.value:f} {one.currency or ''}".strip())


def _amount(row: Mapping[str, Any]) -> Amount:
    return Amount(
        row["start"],
        row["end"],
        row["quote"],
        Decimal(row["value"]),
        Decimal(row["high"]) if row["high"] is not None else None,
        row["currency"],
        row["period"],
        row["qualifier"],
        row["side"],
        row["payer"],
        row["beneficiary"],
        row["programme"],
        row["conditional"],
    )


def _percentages(listed: list[tuple[LetterCard, Mapping[str, Any]]]) -> Iterable[Conflict]:
    """Targets that two letters set in nearly the same words, at different figures for one year."""
    rows = [
        (card, row, terms(_DIGITS.sub(" ", row["context"])))
        for card, core in listed
        for row in core["percentages"]
        if row["kind"] == "target" and row.get("context")
    ]
    for (a, x), (b, y) in _alike(rows, TARGETS_ALIKE):
        same_year = set(_YEAR.findall(x["context"])) == set(_YEAR.findall(y["context"]))
        if same_year and (x["value_pct"], x["value_pct_high"]) != (y["value_pct"], y["value_pct_high"]):
            subject = " ".join(_DIGITS.sub(" ", x["context"]).split())[:80]
            yield _conflict(subject, "target", *(_share(c, r) for c, r in ((a, x), (b, y))))


def _share(card: LetterCard, row: Mapping[str, Any]) -> dict[str, Any]:
    return _side(card, row["start"], row["end"], row["quote"], f"{row['value_pct']} %")


def _deadlines(listed: list[tuple[LetterCard, Mapping[str, Any]]]) -> Iterable[Conflict]:
    """Deadlines of one commitment that differ between letters: by its number, or else by nearly the same words."""
    by: dict[str, list[tuple[LetterCard, Mapping[str, Any]]]] = defaultdict(list)
    worded = []
    for card, core in listed:
        for row in core["commitments"]:
            if row["kind"] not in OWED or not row["deadline"] or not row["deadline"]["hi"]:
                continue
            number = row.get("tz_number") or row.get("motion")
            if number:
                by[number].append((card, row))
            else:
                worded.append((card, row, terms(_timeless(row))))
    pairs = [(n, pair) for n, rows in by.items() for pair in combinations(rows, 2)]
    pairs += [(pair[0][1]["id"], pair) for pair in _alike(worded, PROMISES_ALIKE) if _at_once(*pair)]
    for subject, ((a, x), (b, y)) in pairs:
        if a.id != b.id and x["deadline"]["hi"] != y["deadline"]["hi"]:
            yield _conflict(subject, "deadline", _limit(a, x), _limit(b, y))


def _at_once(first: Row, second: Row) -> bool:
    """Whether the earlier promise still ran when the later was made; else the later one is the next round, not another word."""
    (a, x), (b, _) = sorted((first, second), key=lambda r: str(r[0].date))
    return b.date is not None and a.date != b.date and b.date.isoformat() <= x["deadline"]["hi"]


def _timeless(row: Mapping[str, Any]) -> str:
    """The words of a promise without those of its deadline."""
    context = str(row.get("context") or row["action"])
    return _DIGITS.sub(" ", context.replace(row["deadline_text"] or "\0", " "))


Row = tuple[LetterCard, Mapping[str, Any]]


def _alike(
    rows: Sequence[tuple[LetterCard, Mapping[str, Any], Mapping[str, int]]], least: float
) -> Iterable[tuple[Row, Row]]:
    """Yield rows of different letters whose words are alike; only those that share one of their rarest words are compared."""
    often = Counter(term for _, _, words in rows for term in words)
    rare: dict[str, list[int]] = defaultdict(list)
    for at, (_, _, words) in enumerate(rows):
        for term in sorted(words, key=lambda t: (often[t], t))[:3]:
            if 1 < often[term] <= COMMON:
                rare[term].append(at)
    seen = {pair for places in rare.values() for pair in combinations(places, 2)}
    for i, j in sorted(seen):
        (a, x, words), (b, y, others) = rows[i], rows[j]
        if a.id != b.id and cosine(words, others) >= least:
            yield (a, x), (b, y)


def _limit(card: LetterCard, row: Mapping[str, Any]) -> dict[str, Any]:
    start, end, quote = row.get("deadline_start"), row.get("deadline_end"), row["deadline_text"]
    if start is None or end is None:
        start, end, quote = row["start"], row["end"], row["quote"]
    return _side(card, start, end, quote, row["deadline"]["hi"])


def _side(card: LetterCard, start: int, end: int, quote: str, value: str) -> dict[str, Any]:
    return {
        "letter": card.id,
        "title": card.title,
        "date": card.date.isoformat() if card.date else None,
        "start": start,
        "end": end,
        "quote": quote,
        "value": value,
    }


def _conflict(subject: str, attribute: str, first: dict[str, Any], second: dict[str, Any]) -> Conflict:
    key = "|".join(
        map(str, (subject, attribute, *(s[k] for s in (first, second) for k in ("letter", "start", "value"))))
    )
    words = _SENTENCES[attribute]
    said = {
        tongue: text.format(
            s=subject,
            a=" ".join(first["quote"].split()),
            b=" ".join(second["quote"].split()),
            x=first["title"],
            y=second["title"],
            p=first["date"],
            q=second["date"],
        )
        for tongue, text in words.items()
    }
    return Conflict("X-" + hashlib.sha256(key.encode()).hexdigest()[:12], subject, attribute, first, second, said)
