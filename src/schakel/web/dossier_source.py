"""Where do pages and REST of dossiers find letters and commitments, and what may be asked of them?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from fastapi import Path, Query
from pydantic import BeforeValidator

from schakel import settings
from schakel.dossiers.archive.model import Conflict, Due, Letter, LetterCard
from schakel.dossiers.commitments.model import LABELS
from schakel.dossiers.status import STATES
from schakel.errors import NotFoundError
from schakel.web.parameters import MOST_PAGES

if TYPE_CHECKING:
    from schakel.dossiers.archive import Archive
    from schakel.sources.tweedekamer import Mirror

_KEPT = 16  # answers
_ANSWERS: dict[tuple[Any, ...], tuple[Any, ...]] = {}
_LOCK = Lock()
PLAIN = r"^[^\x00-\x1f\x7f]*$"
MOTION = {"nl": "motie", "en": "motion"}
KIND_WORDS = {**LABELS, "motie": MOTION}
State = Literal[
    "open", "open-no-deadline", "due-soon", "overdue", "fulfilled-on-time", "fulfilled-late",
    "partly", "lapsed", "deferred", "disputed", "unknown",
]  # fmt: skip
Kind = Literal[
    "toezegging_geregistreerd", "toezegging_ongeregistreerd", "belofte_kamer", "voornemen", "verwachting", "doel",
    "verzoek_kamer", "uitgesteld", "reeds_geinformeerd", "motie",
]  # fmt: skip
assert get_args(State) == STATES and get_args(Kind) == tuple(KIND_WORDS)  # noqa: S101 - one list, said twice for the description


def _iso(value: object) -> object:
    """Take a day only as ``2025-07-04``: a bare number is no date."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("write the day as 2025-07-04")
    return value


def _of_form(value: object) -> object:
    """Take an empty field of a form as not given."""
    return None if value == "" else _iso(value)


Day = Annotated[date | None, BeforeValidator(_iso), Query(description="Reference date; today when left out.")]
FormDay = Annotated[date | None, BeforeValidator(_of_form), Query()]
Ident = Annotated[
    str, Path(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$", description="Identifier of a letter.")
]
Text = Annotated[str, Query(max_length=200, pattern=PLAIN)]
Version = Annotated[
    int | None, Query(ge=1, le=100_000, description="Version of the letter, from 1; the latest when left out.")
]
Number = Annotated[int, Query(alias="page", ge=1, le=MOST_PAGES)]


@contextmanager
def opened() -> Iterator[Archive]:
    """Open the archive of this machine: the register of the settings, and the mirror of the House's data when there is one."""
    from schakel.dossiers.archive import Archive
    from schakel.register import Register

    with Register(settings.load().register) as register, mirror() as official:
        yield Archive(register, official)


@contextmanager
def mirror() -> Iterator[Mirror | None]:
    """Open the mirror of the House's data; None when nothing was imported or fetched yet."""
    path = settings.load().home / "official.sqlite"
    if not path.exists():
        yield None
        return
    from schakel.sources.tweedekamer import Mirror

    with Mirror(path) as official:
        yield official


def versions(card: LetterCard) -> tuple[LetterCard, ...]:
    """Return the cards of all versions of a letter, the first one first."""
    from schakel.dossiers.archive.state import history
    from schakel.register import Register

    with Register(settings.load().register) as register:
        return tuple(record.card for record in history(register, card.id)) or (card,)


def at_version(latest: Letter, number: int | None) -> Letter:
    """Return a letter as one of its versions had it; the latest when no number is given.

    Raises
    ------
    NotFoundError
        If there is no such version.
    """
    if number is None or number == latest.card.versions:
        return latest
    from schakel.dossiers.archive.state import history, whole
    from schakel.register import Register

    with Register(settings.load().register) as register:
        found = history(register, latest.card.id)
        if number > len(found):
            raise NotFoundError(
                f"there is no version {number} of {latest.card.id}",
                where="parameter version",
                remedy=f"the last one is {latest.card.versions}",
            )
        return whole(register, found[number - 1])


@dataclass(frozen=True, slots=True)
class Asked:
    """Which commitments, on which day; empty texts ask for all."""

    on: date
    state: str = ""
    kind: str = ""
    actor: str = ""
    dossier: str = ""
    letter: str = ""
    q: str = ""

    @property
    def words(self) -> dict[str, str]:
        """What is asked, as it stands in an address; the day always stands there."""
        pairs = {name: getattr(self, name) for name in ("state", "kind", "actor", "dossier", "letter", "q")}
        return {"on": self.on.isoformat()} | {name: value for name, value in pairs.items() if value}

    def but(self, **changed: Any) -> dict[str, str]:
        """Return the words with some of them changed."""
        return replace(self, **changed).words


def today() -> date:
    """Return the day of this machine, only ever a default: the day judged on stands in every address and answer."""
    return date.today()


def dues(archive: Archive, asked: Asked) -> tuple[Due, ...]:
    """Return what is asked but for the state, sorted by deadline; free words must all stand in action, quote, letter or number."""
    who = asked.actor.strip(), asked.dossier.strip(), asked.letter.strip()
    found = _once(
        archive,
        ("due", asked.on, asked.kind, *who),
        lambda: archive.due(
            asked.on,
            kinds=(asked.kind,) if asked.kind else (),
            actor=who[0] or None,
            dossier=who[1] or None,
            letter=who[2] or None,
        ),
    )
    wanted = asked.q.casefold().split()
    return tuple(d for d in found if all(w in _haystack(d) for w in wanted)) if wanted else tuple(found)


def conflicts(archive: Archive) -> tuple[Conflict, ...]:
    """Return where letters do not agree."""
    return _once(archive, ("conflicts",), archive.conflicts)


def _once(archive: Archive, question: tuple[Any, ...], answer: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return the answer to a question, worked out once for each head of the register and state of the House's data."""
    home = settings.load()
    seen: list[Any] = []
    for suffix in ("", "-wal"):
        with suppress(OSError):
            stat = (home.home / f"official.sqlite{suffix}").stat()
            if stat.st_size:  # opening the file makes an empty log beside it, which says nothing
                seen.append((suffix, stat.st_mtime_ns, stat.st_size))
    key = (type(archive), str(home.register), archive.head(), *seen, *question)
    with _LOCK:
        if key in _ANSWERS:
            return _ANSWERS[key]
    found = answer()
    with _LOCK:
        while len(_ANSWERS) >= _KEPT:
            _ANSWERS.pop(next(iter(_ANSWERS)))
        _ANSWERS[key] = found
    return found


def of_state(found: Sequence[Due], state: str) -> tuple[Due, ...]:
    """Return those in a state; all when none is asked for."""
    return tuple(d for d in found if not state or d.status.state == state)


def _haystack(due: Due) -> str:
    parts = (due.action, due.quote, due.letter_title, due.letter, due.id, due.tz_number, due.dossier, due.actor, due.ministry)  # fmt: skip
    return " ".join(p for p in parts if p).casefold()
