"""What must be recorded so that a letter stands in the register, and only if it says something new?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from schakel.dossiers.archive import state as states
from schakel.dossiers.archive.facts import analyse
from schakel.dossiers.archive.folder import digest
from schakel.dossiers.archive.matching import ONE_LETTER, SAME_LETTER, identified, likeness
from schakel.dossiers.archive.model import Imported, Letter
from schakel.dossiers.archive.state import LETTER, Record, State
from schakel.dossiers.deadlines import Calendar
from schakel.errors import InputError, IntegrityError, SchakelError
from schakel.register import Register
from schakel.register.event import Entry, entry

_REASON = "imported"
_NOTES = {
    "month": {
        "en": "{file}: only the month of the letter is known ({date}); give --date",
        "nl": "{file}: alleen de maand van de brief is bekend ({date}); geef --date",
    },
    "inferred": {
        "en": "{file}: no date stands in the letter; {date} is the last day it names; give --date",
        "nl": "{file}: er staat geen datum in de brief; {date} is de laatste dag die hij noemt; geef --date",
    },
    "year": {
        "en": "{file}: only the year of the letter is known ({date}); give --date",
        "nl": "{file}: alleen het jaar van de brief is bekend ({date}); geef --date",
    },
    "lost": {
        "en": "{file}: {commitment} is no longer found; {author} had {verdict} {document} ({relation}): {reason}",
        "nl": "{file}: {commitment} wordt niet meer gevonden; {author} had {document} ({relation}) {verdict}: {reason}",
    },
}
_VERDICTS = {"confirmed": {"en": "confirmed", "nl": "bevestigd"}, "rejected": {"en": "rejected", "nl": "verworpen"}}


@dataclass(frozen=True)
class Plan:
    """What is to be recorded: events, texts, and what each letter's import did."""

    entries: tuple[Entry, ...]
    texts: tuple[str, ...]
    done: tuple[Imported, ...]


def read(
    paths: Sequence[Path],
    state: State,
    register: Register,
    calendar: Calendar,
    *,
    written: date | None = None,
    dossier: str | None = None,
    ident: str | None = None,
    step: Callable[[float], None] | None = None,
    skip: Callable[[Path, SchakelError], None] | None = None,
) -> list[tuple[Letter, str]]:
    """Return letters with the names of their files; the same bytes as before are not read again.

    Parameters
    ----------
    skip
        Told of each file that cannot be read or has no date, which is then left out; without it the error is raised.
    """
    asked = written is not None or dossier is not None or ident is not None
    here = {} if asked else {r.card.sha256: r for r in state.letters.values()}
    found: list[tuple[Letter, str]] = []
    for path in paths:
        same = here.get(digest(path)) if here else None
        try:
            if same is not None:
                letter = states.whole(register, same)
            else:
                letter = analyse(path, written=written, dossier=dossier, ident=ident, calendar=calendar, step=step)
                if letter.card.date is None:
                    raise InputError(
                        "no date stands in the letter, and its deadlines count from it",
                        where=f"file {path.name}",
                        remedy="give it: --date 2025-10-17, or put it in the name of the file",
                    )
        except SchakelError as error:
            if skip is None or isinstance(error, IntegrityError):
                raise
            skip(path, error)
            continue
        found.append((letter, path.name))
        if same is not None and step is not None:
            step(1)
    return found


def plan(
    letters: Sequence[tuple[Letter, str]],
    state: State,
    register: Register,
    *,
    author: str,
    reason: str,
    replace_other: bool = False,
) -> Plan:
    """Return what importing letters must record; nothing is written here.

    Parameters
    ----------
    letters
        Each with a name of its file for messages. A letter that stands twice in the list is recorded once.
    replace_other
        Take another text under the same identifier for a new version all the same.

    Raises
    ------
    InputError
        When two different letters have one identifier.
    """
    entries: list[Entry] = []
    texts: list[str] = []
    done: list[Imported] = []
    fresh: dict[str, Letter] = {}
    known = [(_known_as(letter, state, register), file) for letter, file in letters]
    # A letter that comes along in two forms (docx and text) is its last one; both together again are nothing new.
    standing = {x.card.id for x, _ in known if (r := state.letters.get(x.card.id)) and r.card.sha256 == x.card.sha256}
    for letter, file in known:
        ident = letter.card.id
        record = state.letters.get(ident)
        earlier = fresh.get(ident) or (states.whole(register, record) if record else None)
        sha256 = letter.card.sha256
        another_form = record is not None and ident in standing and sha256 in record.files - {record.card.sha256}
        if earlier is not None and (another_form or _same(earlier, letter)):
            done.append(Imported(ident, "unchanged", len(earlier.commitments), _standing(earlier, state), file=file))
            continue
        if earlier is not None and not replace_other:
            _one_paper(earlier, letter, file, twice=ident in fresh)
        old = earlier.commitments if earlier else ()
        named = replace(letter, commitments=tuple(identified(letter.commitments, ident, old)))
        contents = states.texts(named)
        shas = {
            name: hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for name, text in contents.items()
        }
        entries.append(
            entry(
                LETTER,
                ident,
                states.payload(named, shas),
                author=author,
                reason=reason.strip() or _REASON,
                valid_from=letter.card.date,
            )
        )
        texts += contents.values()
        fresh[ident] = named
        done.append(_outcome(named, earlier, state, file))
    return Plan(tuple(entries), tuple(dict.fromkeys(texts)), tuple(done))


def _known_as(letter: Letter, state: State, register: Register) -> Letter:
    """A file without a number of its own is a version of the letter that it was, or nearly was, when it was imported before."""
    if not letter.card.id.startswith("L-") or letter.card.id in state.letters:
        return letter
    card = letter.card
    for record in state.letters.values():
        if record.card.sha256 == card.sha256:
            return replace(letter, card=replace(card, id=record.card.id))
    for record in state.letters.values():
        like = record.card.file == card.file or (record.card.title, record.card.date) == (card.title, card.date)
        if not like or not record.card.id.startswith("L-"):
            continue
        if likeness(register.text(record.text_sha256), letter.text) >= SAME_LETTER:
            return replace(letter, card=replace(card, id=record.card.id))
    return letter


def _same(earlier: Letter, new: Letter) -> bool:
    """Whether an import says nothing new: the same text under the same head."""
    a, b = earlier.card, new.card
    head = (a.title, a.date, a.kind, a.dossier, a.sender) == (b.title, b.date, b.kind, b.dossier, b.sender)
    return earlier.text == new.text and (head or (a.sha256 == b.sha256 and not _decided(a, b)))


def _decided(a: Any, b: Any) -> bool:
    """Whether the person who imports decided on a date or dossier that differs from what is recorded."""
    return (b.date_basis == "given" and a.date != b.date) or (b.dossier is not None and b.dossier != a.dossier)


def _one_paper(earlier: Letter, new: Letter, file: str, twice: bool) -> None:
    if likeness(earlier.text, new.text) >= ONE_LETTER:
        return
    before = "in the same folder" if twice else f"imported before: {earlier.card.title}"
    raise InputError(
        f"another letter has the identifier {new.card.id}",
        where=f"file {file}; {before}",
        remedy="give this one its own with --id, or say --replace when it does take the place of the other",
    )


def _outcome(new: Letter, earlier: Letter | None, state: State, file: str) -> Imported:
    ids = {c["id"] for c in new.commitments}
    before = {c["id"] for c in earlier.commitments} if earlier else set()
    lost = sorted(before - ids)
    notes = list(_notes(new, file))
    for (commitment, document), verdict in state.verdicts.items():
        if commitment in lost:
            notes.append(
                {
                    tongue: text.format(
                        file=file,
                        commitment=commitment,
                        author=verdict.author,
                        verdict=_VERDICTS[verdict.verdict][tongue],
                        document=document,
                        relation=verdict.relation,
                        reason=verdict.reason,
                    )
                    for tongue, text in _NOTES["lost"].items()
                }
            )
    return Imported(
        new.card.id,
        "corrected" if earlier else "new",
        len(new.commitments),
        _standing(new, state),
        len(lost),
        tuple(notes),
        file,
        len(ids - before),
    )


def _notes(letter: Letter, file: str) -> Iterable[dict[str, str]]:
    words: Mapping[str, str] | None = _NOTES.get(letter.card.date_basis)
    if words is not None and letter.card.date is not None:
        yield {tongue: text.format(file=file, date=letter.card.date.isoformat()) for tongue, text in words.items()}


def _standing(letter: Letter, state: State) -> int:
    ids = {c["id"] for c in letter.commitments}
    return sum(1 for commitment, _ in state.verdicts if commitment in ids)


def records(state: State) -> tuple[Record, ...]:
    """Return all letters in order of date."""
    return tuple(sorted(state.letters.values(), key=lambda r: (r.card.date or r.card.date_from, r.card.id)))
