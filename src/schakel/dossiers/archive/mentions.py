"""Which motions and commitments does a letter name by number, and does it say that it answers them?

A number in a footnote is read with the sentence that carries the footnote's mark. Only a sentence that speaks of the letter
itself ("met deze brief", "hiermee"), or of something done, says so; a promise to come back to a motion answers nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from schakel.dossiers.answers import members, terms
from schakel.dossiers.archive.matching import cosine
from schakel.dossiers.commitments import sentences
from schakel.dossiers.deadlines import Calendar
from schakel.dossiers.deadlines import find as find_deadlines
from schakel.dossiers.deadlines.points import compiled, plain
from schakel.dossiers.reading import Footnote
from schakel.dossiers.relation import relation
from schakel.dossiers.text import Mention, Text

SAME_MOTION = 0.6
"""How alike the words of two mentions must be (cosine) to name one motion."""
_MOTION_WORD = compiled(r"\b(?:moties?|motions?)\b")
_TOPIC_WORD = compiled(r"\b(?:moties?|toezegging(?:en)?|verzoek(?:en)?|motions?|commitments?|requests?)\b")
_SELF = compiled(
    r"\b(?:(?:met|middels|in|door|bij|via) deze (?:\w+ )?(?:kamer)?(?:brief|rapportage|voortgangsbrief)|deze brief (?:geeft|vormt|is)"
    r"|hiermee|hierbij|bijgaande?|(?:with|in|by|through) this letter|this letter (?:fulfils|implements|answers)|hereby|herewith)\b"
)
_DONE = compiled(
    r"\b(?:is|zijn|heb(?:ben)?|heeft) (?:ik |het kabinet |[\w-]+ ){0,3}?(?:hiermee |daarmee |inmiddels )?(?:uitgevoerd|afgedaan|nagekomen"
    r"|voldaan|invulling gegeven|uitvoering gegeven|gestand gedaan)\b|\bbeschouw(?:t|en)? (?:ik|het kabinet|we)?\b[^.;]{0,120}\bafgedaan\b"
    r"|\b(?:wordt|is) (?:hiermee |daarmee |aldus )?(?:invulling|uitvoering|gevolg|opvolging) gegeven\b|\b(?:has|have) been (?:carried out|fulfilled)\b"
)
_LATER = compiled(
    r"\b(?:zal|zullen|voornemens|binnenkort|will|shall|nog (?:voor|in|voor het)|informeer ik uw kamer (?:voor|in|na|uiterlijk)|kom ik (?:voor|in|uiterlijk))\b"
)
_ASKED = compiled(r"\b(?:verzocht|verzoekt|gevraagd|vraagt|requested|asked)\b")
_INFORMS = compiled(
    r"\b(?:informeer|schets|meenemen|bericht|meld|reageer|beantwoord|ga ik in|stuur|bied|doe ik|inform|set out|report)\w*\b"
)
_DEFERS = compiled(
    r"\b(?:uitstel\w*|vertraging|vertraagd|later dan|niet (?:gelukt|haalbaar)|lukt (?:het )?(?:mij )?niet|delay\w*|postpone\w*)\b"
)
_SEMICOLON = re.compile(r";\s|\n")
_OTHER_PAPER = compiled(r"\bkamer(?:stuk|brief)\w*|\b20\d\dd\d{5}\b")


def named(
    text: Text,
    citations: Sequence[Mention],
    footnotes: Sequence[Footnote],
    title: str,
    written: date,
    calendar: Calendar | None = None,
    own: Sequence[str] = (),
) -> tuple[dict[str, Any], ...]:
    """Return the motions and commitments named, one mapping for each place.

    Parameters
    ----------
    text, citations, footnotes
        As read; offsets of citations and footnotes are those of the original.
    title
        Title of the letter: a number in it is what the letter is about.
    written
        Date of the letter, from which the new deadline of a deferral counts.
    own
        Identifiers of the letter itself, which it does not answer.
    """
    reader = _Sentences(text)
    notes = sorted(((n.definition.start, n.definition.end, at, n) for at, n in enumerate(footnotes) if n.definition))
    found = []
    for citation in citations:
        ident = citation.value.get("id")
        if citation.kind not in ("toezegging", "kamerstuk") or not ident or ident in own:
            continue
        note = _note(notes, citation.start)
        beside = _beside(text.original, citation, note)
        what = "toezegging" if citation.kind == "toezegging" else "motion" if _is_motion(beside) else ""
        if not what:
            continue
        if note is not None and _inside_title(text.original, citation, note):
            found.append(_row(citation, ident, what, None, False, beside, None, beside))
            continue
        if note is not None:
            body = " ".join(reader.around(note.marker.start)[:1]) if note.marker else ""
            if not _TOPIC_WORD.search(plain(body)) and what == "motion":
                body = ""
            sentence, following = body, ""
        else:
            sentence, following = reader.around(citation.start)
        in_title = bool(title) and _digits(ident) in _digits(title)
        until = _until(f"{sentence} {following}" if _DEFERS.search(plain(sentence)) else sentence, written, calendar)
        how, explicit = _how(title, ident, sentence, following, in_title, until is not None)
        until = until if how == "defers" else None
        found.append(_row(citation, ident, what, how, explicit, sentence or beside, until, beside))
    return tuple(_by_name(found, footnotes, reader))


def _note(notes: Sequence[tuple[int, int, int, Footnote]], position: int) -> Footnote | None:
    """The footnote in whose definition a position of the original lies."""
    at = bisect_right(notes, position, key=lambda n: n[0]) - 1
    return notes[at][3] if at >= 0 and position < notes[at][1] else None


def _by_name(
    found: list[dict[str, Any]], footnotes: Sequence[Footnote], reader: _Sentences
) -> Iterator[dict[str, Any]]:
    """A motion whose number stands elsewhere, named without it in a note to a sentence that says what the letter answers."""
    said = []
    for note in footnotes:
        body = reader.around(note.marker.start)[0] if note.marker else ""
        low = plain(body)
        if _SELF.search(low) and _TOPIC_WORD.search(low) and not _DEFERS.search(low):
            said += [(body, part) for part in _SEMICOLON.split(note.text) if _MOTION_WORD.match(plain(part).lstrip())]
    for row in found:
        best = max(
            (
                (likeness, body)
                for body, part in said
                if row["what"] == "motion"
                and not row["explicit"]
                and (likeness := cosine(terms(part), terms(row["about"]))) >= SAME_MOTION
                and (not members(part) or not members(row["about"]) or members(part) & members(row["about"]))
            ),
            default=None,
        )
        if best is None:
            yield row
        else:
            how = relation(best[1]) or "fulfils"
            yield {**row, "relation": how, "explicit": True, "sentence": " ".join(best[1].split())[:600]}


def _row(
    citation: Mention,
    ident: str,
    what: str,
    how: str | None,
    explicit: bool,
    sentence: str,
    until: date | None,
    about: str,
) -> dict[str, Any]:
    return {
        "id": ident,
        "what": what,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "relation": how,
        "explicit": explicit,
        "about": " ".join(about.split())[-400:],
        "sentence": " ".join(sentence.split())[:600],
        "new_deadline": until.isoformat() if until else None,
    }


def _how(
    title: str, ident: str, sentence: str, following: str, in_title: bool, future: bool
) -> tuple[str | None, bool]:
    """How the letter answers, and whether it says so of itself; ``future``: the sentence sets a day that is still to come."""
    if in_title:
        about = next((t for t in (ident, ident.removeprefix("kst-")) if t in title), None)
        how = relation(title, about)
        if how:
            return how, True
    low = plain(sentence)
    speaks, done = _SELF.search(low), _DONE.search(low)
    if _DEFERS.search(low):
        return "defers", True
    if speaks or done:
        how = relation(sentence)
        return (how or ("fulfils" if done or _INFORMS.search(low) else None)), True
    asked = _ASKED.search(low)
    if not asked and (_LATER.search(low) or future):
        return None, False
    after = plain(following)
    if _SELF.search(after) and _INFORMS.search(after) and not _LATER.search(after):
        return relation(following) or "fulfils", True
    return (None if asked and future else relation(sentence) if sentence else None), False


def _until(sentence: str, written: date, calendar: Calendar | None) -> date | None:
    """The last day still to come that a sentence sets."""
    found = find_deadlines(sentence, written, calendar) if sentence.strip() else []
    days = [d.hi for d in found if d.binding and d.hi is not None and d.hi > written]
    return max(days, default=None)


def _beside(original: str, citation: Mention, note: Footnote | None) -> str:
    """The words that say what a number stands for: before it, back to the mark that divides members of a list."""
    since = max(citation.start - 400, note.definition.start if note and note.definition else 0)
    before = original[since : citation.start]
    cuts = [m.end() for m in _SEMICOLON.finditer(before)]
    return before[cuts[-1] if cuts else 0 :] + citation.quote


def _is_motion(beside: str) -> bool:
    """Whether the last paper word before the number is a motion, with no other paper in between."""
    low = plain(beside)
    words = list(_MOTION_WORD.finditer(low))
    if not words:
        return False
    between = low[words[-1].end() :]
    return len(list(_OTHER_PAPER.finditer(between))) <= 1 and not re.search(r"\.\s+[A-Z]", beside[words[-1].end() :])


def _inside_title(original: str, citation: Mention, note: Footnote) -> bool:
    """Whether the number belongs to the title of another paper, whose own number follows."""
    end = note.definition.end if note.definition else citation.end
    after = original[citation.end : min(end, citation.end + 60)]
    return bool(re.match(r"\s*\)\s*,\s*[Kk]amerstuk", after))


def _digits(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper().replace("KST", ""))


_HERE = compiled(
    r"\b(?:deze|die|de|uw|dit|dat|het|bovenstaande?|genoemde?) (?:\w+ )?(?:toezegging(?:en)?|verzoek(?:en)?|vra(?:ag|gen)|belofte)\b"
    r"|\b(?:hieraan|daaraan|hierop|gestand)\b|\bvoldoe (?:ik|het kabinet)\b|\b(?:this|that|your|the) (?:commitment|request|question|promise)\b"
)


def answered_here(text: Text, start: int, end: int) -> tuple[str, str] | None:
    """Return how a letter itself answers a promise or request it recalls, and the sentence that says so; None when none does.

    Parameters
    ----------
    start, end
        Sentence of the promise or request in the cleaned text; it and the next sentence are looked at.
    """
    following = next(sentences(text.cleaned[end : end + 700]), None)
    pieces = [text.cleaned[start:end]]
    if following is not None:
        pieces.append(text.cleaned[end + following[0] : end + following[1]])
    for piece in pieces:
        low = plain(piece)
        if _SELF.search(low) and _HERE.search(low) and not _LATER.search(low) and not _DEFERS.search(low):
            how = relation(piece)
            if how or _INFORMS.search(low) or "voldoe" in low or "gestand" in low:
                return how or "fulfils", " ".join(piece.split())[:600]
    return None


class _Sentences:
    """Sentences of a text by position in the original."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._spans = list(sentences(text.cleaned))
        self._starts = [text.at(s) for s, _ in self._spans]

    def around(self, position: int) -> tuple[str, str]:
        """Return the sentence at a position of the original, and the next."""
        at = bisect_right(self._starts, position) - 1
        if at < 0:
            return "", ""
        own = self._text.cleaned[slice(*self._spans[at])]
        following = self._text.cleaned[slice(*self._spans[at + 1])] if at + 1 < len(self._spans) else ""
        return own, following
