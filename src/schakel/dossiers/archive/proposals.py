"""Which letter answers which motion or commitment, as far as the program can tell, and what did people say of it?

A number goes first. Without one, the words of the title are compared with the motions and commitments of before; when two
come equally near, nothing is proposed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from schakel.dossiers.answers import Index, certain, without_identifiers
from schakel.dossiers.archive.drafts import MOTION, Draft
from schakel.dossiers.archive.model import LetterCard, Proposal
from schakel.dossiers.archive.official import Official
from schakel.dossiers.archive.state import Record, Verdict
from schakel.dossiers.debated import debates
from schakel.dossiers.relation import relation

STRENGTH = ("lapsed", "defers", "part", "fulfils", "reports", "appreciates", "answers_about", "reacts")
"""When a letter says several things of one commitment, the first of these is proposed: a doubt goes before a fulfilment."""
MOST = 0.99
"""Words alone are never as sure as a number, which scores 1."""
NEAR = 0.12
"""Cosine under which the words of a title are no proposal."""
_NAMED = {
    True: {"en": "the letter names the number: {0}", "nl": "de brief noemt het nummer: {0}"},
    False: {
        "en": "the letter names the number, without saying what it does: {0}",
        "nl": "de brief noemt het nummer, zonder te zeggen wat hij ermee doet: {0}",
    },
}
_RECALLED = {"en": "the letter recalls it and answers: {0}", "nl": "de brief haalt het aan en antwoordt: {0}"}
_WORDS = {"en": "the words of the title are nearest to it", "nl": "de woorden van de titel komen er het dichtst bij"}
_DEBATE = {
    "en": "promised in the {0} of {1}, which the title names",
    "nl": "toegezegd in het {0} van {1}, dat de titel noemt",
}


def by_number(letters: Iterable[tuple[Record, Mapping[str, Any]]]) -> dict[tuple[str, str], Proposal]:
    """Return what letters do with the motions and commitments they name, by commitment and letter."""
    listed = list(letters)
    names = {a: r.card.id for r, _ in listed for a in r.card.aliases}
    found: dict[tuple[str, str], Proposal] = {}
    for record, core in listed:
        card = record.card
        if card.date is None:
            continue
        for one in (*_mentioned(card, core, names), *_here(card, core)):
            key = (one.commitment, card.id)
            if key not in found or _rank(one) < _rank(found[key]):
                found[key] = one
    return found


def _mentioned(card: LetterCard, core: Mapping[str, Any], names: Mapping[str, str]) -> Iterable[Proposal]:
    for mention in core["mentions"]:
        if mention["relation"] and card.date is not None:
            explicit = bool(mention["explicit"])
            yield Proposal(
                names.get(mention["id"], mention["id"]),
                card.id,
                mention["relation"],
                card.date,
                1.0,
                1.0,
                {tongue: text.format(mention["sentence"][:300]) for tongue, text in _NAMED[explicit].items()},
                new_deadline=date.fromisoformat(mention["new_deadline"]) if mention["new_deadline"] else None,
                explicit=explicit,
            )


def _here(card: LetterCard, core: Mapping[str, Any]) -> Iterable[Proposal]:
    """What a letter answers of the promises and requests that it recalls itself."""
    for row in core["commitments"]:
        said = row.get("answered")
        if said and card.date is not None:
            why = {tongue: text.format(said["sentence"][:300]) for tongue, text in _RECALLED.items()}
            yield Proposal(
                row["motion"] or row["id"], card.id, said["relation"], card.date, 1.0, 1.0, why, explicit=True
            )


def _rank(one: Proposal) -> tuple[bool, int]:
    return not one.explicit, STRENGTH.index(one.relation)


def by_words(
    letters: Iterable[Record], drafts: Mapping[str, Draft], numbered: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Proposal]:
    """Return proposals for letters whose title says that they answer something, and names no number that is known."""
    answered = {document for _, document in numbered}
    asked = {
        ident: d
        for ident, d in drafts.items()
        if d.kind == MOTION or d.kind.startswith("toezegging") or d.kind == "belofte_kamer"
    }
    titled = [
        (r.card, how)
        for r in letters
        if r.card.kind != "motion" and r.card.id not in answered and r.card.date and (how := relation(r.card.title))
    ]
    if not asked or not titled:
        return {}
    index = Index(
        {k: _heading(d) + d.action for k, d in asked.items()}, {k: d.made_on for k, d in asked.items() if d.made_on}
    )
    given: dict[date, list[str]] = defaultdict(list)
    for ident, draft in asked.items():
        if draft.kind.startswith("toezegging") and draft.made_on:
            given[draft.made_on].append(ident)
    found = {}
    for card, how in titled:
        proposal = _nearest(card, how, index, asked, given)
        if proposal is not None:
            found[proposal.commitment, card.id] = proposal
    return found


def _heading(draft: Draft) -> str:
    """The title of a motion, which names its members."""
    return f"{draft.where.title} " if draft.source == "motion" and draft.where else ""


def _nearest(
    card: LetterCard, how: str, index: Index, asked: Mapping[str, Draft], given: Mapping[date, list[str]]
) -> Proposal | None:
    written = card.date or date.min
    others = [i for i, d in asked.items() if d.where is None or d.where.id != card.id]
    for word, day in debates(card.title, written):
        promised = [i for i in given.get(day, ()) if i in others]
        if promised:
            ranked = index.rank(without_identifiers(card.title), 2, promised, written)
            best = certain(ranked)
            chosen = best.id if best else promised[0] if len(promised) == 1 else None
            if chosen is not None:
                why = {tongue: text.format(word, day.isoformat()) for tongue, text in _DEBATE.items()}
                margin = min(MOST, best.margin) if best else MOST
                return Proposal(chosen, card.id, how, written, min(MOST, best.score) if best else 0.0, margin, why)
            return None
    best = certain(index.rank(without_identifiers(card.title), 2, others, written))
    if best is None or best.score < NEAR:
        return None
    return Proposal(best.id, card.id, how, written, min(MOST, best.score), min(MOST, best.margin), dict(_WORDS))


def judged(
    proposals: Mapping[tuple[str, str], Proposal],
    verdicts: Mapping[tuple[str, str], Verdict],
    cards: Mapping[str, LetterCard],
) -> dict[tuple[str, str], Proposal]:
    """Return proposals with what people said of them; a person may also confirm what the program did not propose."""
    found = {key: replace(p, earliest=_earliest(cards[p.document])) for key, p in proposals.items()}
    for key, verdict in verdicts.items():
        card = cards.get(verdict.document)
        if card is None:
            continue
        on = card.date or verdict.on
        base = found.get(key) or Proposal(*key, verdict.relation, on, earliest=_earliest(card))
        relation_ = verdict.relation or base.relation
        found[key] = replace(
            base,
            relation=relation_,
            on=on,
            state=verdict.verdict,
            by=verdict.author,
            reason=verdict.reason,
            new_deadline=verdict.new_deadline or (base.new_deadline if relation_ == base.relation else None),
        )
    return found


def _earliest(card: LetterCard) -> date | None:
    return card.date_from if card.date_from != card.date else None


def chosen(
    found: Iterable[Proposal],
    document: str | None,
    commitment: str | None,
    on: date | None,
    motions: Mapping[str, Official],
) -> tuple[Proposal, ...]:
    """Return the proposals of a letter, of a commitment and up to a day, newest letter first, with what the House said of a motion."""
    kept = [
        replace(p, motion=motions[p.commitment].value(on)) if p.commitment in motions else p
        for p in found
        if (document is None or p.document == document)
        and (commitment is None or p.commitment == commitment)
        and (on is None or p.on <= on)
    ]
    return tuple(sorted(kept, key=lambda p: (-p.on.toordinal(), p.document, p.commitment)))
