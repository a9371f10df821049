"""Which letters has somebody imported, and what follows from them? The one object that commands and pages ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from schakel.dossiers.archive import disputes, drafts, dues, importing, meetings, official, proposals
from schakel.dossiers.archive import state as states
from schakel.dossiers.archive.identity import canonical_dossier
from schakel.dossiers.archive.model import Conflict, Due, Imported, Letter, LetterCard, Proposal
from schakel.dossiers.archive.official import Mirror
from schakel.dossiers.commitments import KINDS
from schakel.dossiers.deadlines import Calendar
from schakel.dossiers.relation import RELATIONS
from schakel.errors import InputError, NotFoundError, SchakelError
from schakel.register import Register
from schakel.register.event import Entry
from schakel.register.store import HeadMoved

VERDICTS = (*RELATIONS, "lapsed", "disputed")
"""Relations that a person may confirm."""
_TRIES = 20
_KEPT = 8
_ANSWERS: dict[Any, dict[tuple[str, str], Proposal]] = {}


class Archive:
    """Letters on a register, with the official data beside them.

    Parameters
    ----------
    register
        Where letters, answers and moves are recorded.
    mirror
        Official data of the House; None when there is none.
    """

    def __init__(self, register: Register, mirror: Mirror | None = None) -> None:
        self._register = register
        self._mirror = mirror

    def import_file(
        self,
        path: Path,
        *,
        author: str,
        reason: str = "",
        written: date | None = None,
        dossier: str | None = None,
        ident: str | None = None,
        replace: bool = False,
    ) -> Imported:
        """Read one letter and record it; the same letter again records nothing.

        Parameters
        ----------
        written, dossier, ident
            Date, dossier and identifier; what the file says when left out.
        replace
            Take another text under the same identifier for a new version all the same.

        Raises
        ------
        InputError
            When the file does not read, has no date, or another letter has its identifier; nothing is recorded then.
        """
        return self.import_files(
            [path], author=author, reason=reason, written=written, dossier=dossier, ident=ident, replace=replace
        )[0]

    def import_files(
        self,
        paths: Sequence[Path],
        *,
        author: str,
        reason: str = "",
        written: date | None = None,
        dossier: str | None = None,
        ident: str | None = None,
        replace: bool = False,
        step: Callable[[float], None] | None = None,
        skip: Callable[[Path, SchakelError], None] | None = None,
    ) -> tuple[Imported, ...]:
        """Read letters and record them, all or none.

        Parameters
        ----------
        step
            Told how far it is, 1 for each letter.
        skip
            Told of each file that cannot be read or has no date, which is then left out; without it such a file stops all.
        """
        read = importing.read(
            paths,
            self._load(),
            self._register,
            self.calendar(),
            written=written,
            dossier=dossier,
            ident=ident,
            step=step,
            skip=skip,
        )
        done: list[tuple[Imported, ...]] = []

        def planned(state: states.State) -> tuple[Sequence[Entry], Sequence[str]]:
            plan = importing.plan(read, state, self._register, author=author, reason=reason, replace_other=replace)
            done.append(plan.done)
            return plan.entries, plan.texts

        if self._record(planned):
            self._index(read)
        return done[-1]

    def letters(self, known_at: datetime | None = None) -> tuple[LetterCard, ...]:
        """Return all letters, oldest first; with ``known_at`` as the register stood then."""
        return tuple(r.card for r in importing.records(self._load(known_at)))

    def letter(self, ident: str) -> Letter:
        """Return a letter with its text and all facts, by its identifier or another number of it.

        Raises
        ------
        NotFoundError
            When it has not been imported.
        """
        record = self._load().find(ident)
        if record is None:
            raise NotFoundError(
                f"no letter {ident}", where=self._register.where, remedy="import it: schakel dossier import FILE"
            )
        return states.whole(self._register, record)

    def due(
        self,
        on: date,
        *,
        states: Iterable[str] = (),
        kinds: Iterable[str] = (),
        actor: str | None = None,
        dossier: str | None = None,
        letter: str | None = None,
        soon: int = 14,
        known_at: datetime | None = None,
    ) -> tuple[Due, ...]:
        """Return how commitments, motions and requests stand on a reference date, in order of deadline.

        Parameters
        ----------
        on
            Reference date; letters, motions, answers and moves of events of a later date are not known on it.
        states, kinds, actor, dossier, letter
            Only these. ``actor`` is part of the name of who acts or of the ministry; ``letter`` holds it or answers it.
        soon
            Days before the deadline from which it is due soon.
        known_at
            As the register stood at this moment.
        """
        state = self._load(known_at)
        calendar = self._calendar(state)
        kinds = tuple(kinds)
        found = self._drafts(state, on, calendar, kinds)
        answers = self._answers(state)
        rows = dues.dues(found, answers.values(), on, calendar, soon)
        home = state.find(letter) if letter else None
        return dues.chosen(
            rows, tuple(states), kinds, actor, canonical_dossier(dossier), home.card.id if home else letter
        )

    def answers(
        self, letter: str | None = None, commitment: str | None = None, on: date | None = None
    ) -> tuple[Proposal, ...]:
        """Return what letters did with commitments, as proposed, confirmed or rejected; newest letter first.

        Parameters
        ----------
        on
            Reference date: letters and votes of a later day are not known on it; None: all that is recorded.
        """
        state = self._load()
        home = state.find(letter) if letter else None
        document = home.card.id if home else letter
        motions = official.known(self._mirror)[1]
        return proposals.chosen(self._answers(state).values(), document, commitment, on, motions)

    def confirm(
        self,
        commitment: str,
        document: str,
        relation: str,
        *,
        author: str,
        reason: str,
        new_deadline: date | None = None,
    ) -> Proposal:
        """Record that a letter did this with a commitment, on a person's word.

        Raises
        ------
        InputError
            When the relation is unknown, a new deadline comes without a deferral, or author or reason is missing.
        NotFoundError
            When commitment or letter is not here.
        """
        if relation not in VERDICTS:
            raise InputError(f"unknown relation {relation!r}", where="relation", remedy="one of " + ", ".join(VERDICTS))
        if new_deadline is not None and relation != "defers":
            raise InputError("only a deferral has a new deadline", where="new deadline", remedy="relation defers")
        return self._judge(commitment, document, "confirmed", relation, author, reason, new_deadline)

    def reject(self, commitment: str, document: str, *, author: str, reason: str) -> Proposal:
        """Record that a letter did not answer a commitment, on a person's word; raises as `confirm`."""
        return self._judge(commitment, document, "rejected", "", author, reason, None)

    def conflicts(self, on: date | None = None) -> tuple[Conflict, ...]:
        """Return where letters, up to a reference date, contradict each other on an amount, a target or a deadline."""
        state = self._load()
        known = states.cores(self._register, state)
        return disputes.disputes((r, c) for r, c in known if on is None or (r.card.date or date.max) <= on)

    def calendar(self) -> Calendar:
        """Return the built-in events with what the official activities say of them, and the moves that people recorded."""
        return self._calendar(self._load())

    def moves(self) -> tuple[states.Move, ...]:
        """Return the moves that people recorded, oldest first."""
        return self._load().moves

    def move(
        self, key: str, to: date, *, known_on: date, source: str, author: str, reason: str, end: date | None = None
    ) -> Calendar:
        """Record that an event of the parliamentary year moved; the earlier date stays in its history.

        Raises
        ------
        InputError
            When the event is unknown, or ends before it begins.
        """
        if end is not None and end < to:
            raise InputError("the event ends before it begins", where=f"{key}: {to} to {end}", remedy="swap the days")
        if not source.strip():
            raise InputError("a move needs a source", where="source", remedy="say where it was read: --source TEXT")
        result: list[Calendar] = []

        def event(state: states.State) -> tuple[Sequence[Entry], Sequence[str]]:
            before = self._calendar(state)
            moved = before.move(key, to, known_on, source, end)
            last = before.history(key)[-1:]
            same = last and (last[0].date, last[0].end, last[0].known_on, last[0].source) == (to, end, known_on, source)
            result[:] = [before if same else moved]
            return [] if same else [states.moved(key, to, end, known_on, source, author, reason)], ()

        self._record(event)
        return result[0]

    def dossiers(self) -> tuple[str, ...]:
        """Return the dossiers of all letters and motions."""
        return tuple(sorted({r.card.dossier for r in self._load().letters.values() if r.card.dossier}))

    def head(self) -> str:
        """Return the head hash of the register, which vouches for all of this."""
        return self._register.head()

    def _load(self, known_at: datetime | None = None) -> states.State:
        return states.load(self._register, known_at)

    def _calendar(self, state: states.State) -> Calendar:
        return state.calendar(meetings.calendar(self._mirror))

    def _drafts(
        self, state: states.State, on: date, calendar: Calendar, kinds: Iterable[str] = ()
    ) -> dict[str, drafts.Draft]:
        letters = tuple(states.cores(self._register, state))
        registered, motions = official.known(self._mirror)
        return drafts.known(letters, on, calendar, registered, motions, kinds)

    def _answers(self, state: states.State) -> dict[tuple[str, str], Proposal]:
        """Proposals with verdicts; the same for the same head and the same official data, so computed once."""
        key = (self._register.where, state.head, state.known_at, official.stamp(self._mirror))
        if key not in _ANSWERS:
            numbered = proposals.by_number(states.cores(self._register, state))
            latest = self._drafts(state, date.max, self._calendar(state))
            worded = proposals.by_words(importing.records(state), latest, numbered)
            cards = {r.card.id: r.card for r in state.letters.values()}
            while len(_ANSWERS) >= _KEPT:
                _ANSWERS.pop(next(iter(_ANSWERS)), None)
            _ANSWERS[key] = proposals.judged({**worded, **numbered}, state.verdicts, cards)
        return _ANSWERS[key]

    def _judge(
        self,
        commitment: str,
        document: str,
        verdict: str,
        relation: str,
        author: str,
        reason: str,
        new_deadline: date | None,
    ) -> Proposal:
        letter = ""

        def event(state: states.State) -> tuple[Sequence[Entry], Sequence[str]]:
            nonlocal letter
            home = state.find(document)
            if home is None:
                raise NotFoundError(
                    f"no letter {document}",
                    where=self._register.where,
                    remedy="import it first, or see schakel dossier answer",
                )
            if commitment not in self._drafts(state, date.max, self._calendar(state), KINDS):
                raise NotFoundError(
                    f"no commitment or motion {commitment}",
                    where=self._register.where,
                    remedy="take the identifier from schakel dossier due",
                )
            letter = home.card.id
            how = relation or self._relation(state, commitment, letter)
            return [states.judged(commitment, home.card, verdict, how, author, reason, new_deadline)], ()

        self._record(event)
        return self._answers(self._load())[commitment, letter]

    def _record(self, planned: Callable[[states.State], tuple[Sequence[Entry], Sequence[str]]]) -> bool:
        """Append what follows from the state it was made on, made anew when somebody else was first; whether there was anything."""
        for _ in range(_TRIES):
            state = self._load()
            entries, texts = planned(state)
            try:
                if entries:
                    self._register.append_all(entries, texts, after=state.head)
            except HeadMoved:
                continue
            return bool(entries)
        raise HeadMoved("others keep recording in the register", where=self._register.where, remedy="try again")

    def _relation(self, state: states.State, commitment: str, document: str) -> str:
        proposed = self._answers(state).get((commitment, document))
        return proposed.relation if proposed else "reacts"

    def _index(self, read: Sequence[tuple[Letter, str]]) -> None:
        """Hand the letters to the full-text search of the mirror, where there is one."""
        put = getattr(self._mirror, "index_letter", None)
        if put is not None:
            for letter, _ in read:
                put(letter.card.id, letter.card.title, letter.card.date, letter.text, version=letter.card.sha256)
