"""How does a commitment stand on a reference date?

Never on "today": the date is always given, and stands in the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

STATES = (
    "open",
    "open-no-deadline",
    "due-soon",
    "overdue",
    "fulfilled-on-time",
    "fulfilled-late",
    "partly",
    "lapsed",
    "deferred",
    "disputed",
    "unknown",
)
REGISTER_STATES = ("Openstaand", "Voldaan", "Deels Voldaan", "Vervallen")
_ALSO = {"afgedaan": "Voldaan", "deels afgedaan": "Deels Voldaan"}
"""Words of the published XSD for two of them."""
_REGISTER = {**{name.lower(): name for name in REGISTER_STATES}, **_ALSO}
_LABELS = {
    "open": ("open", "open"),
    "open-no-deadline": ("open, zonder termijn", "open, no deadline"),
    "due-soon": ("bijna aan de beurt", "due soon"),
    "overdue": ("te laat", "overdue"),
    "fulfilled-on-time": ("op tijd nagekomen", "fulfilled on time"),
    "fulfilled-late": ("te laat nagekomen", "fulfilled late"),
    "partly": ("deels nagekomen", "partly fulfilled"),
    "lapsed": ("vervallen", "lapsed"),
    "deferred": ("uitgesteld", "deferred"),
    "disputed": ("betwist", "disputed"),
    "unknown": ("onbekend", "unknown"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a letter did with a commitment: ``relation`` as in `answers.RELATIONS`, ``lapsed`` or ``disputed``.

    ``new_deadline`` belongs to a deferral. ``confirmed_by`` is the person; a proposal of the program has None.
    """

    relation: str
    on: date
    document: str = ""
    new_deadline: date | None = None
    confirmed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """State on a reference date.

    ``days`` counts from the deadline: positive late, negative early or still to go; None without a deadline. ``margin`` of the
    answer is the same number with the sign turned. ``provisional`` says that the deadline itself is. Of an answer of which only
    the month is known, ``earliest`` and ``latest`` are its first and last possible day, and ``answered_on`` with ``days`` the
    one of them that is nearest to the deadline; both None when the day is known.
    """

    state: str
    reference: date
    deadline: date | None
    days: int | None = None
    answered_on: date | None = None
    document: str = ""
    provisional: bool = False
    earliest: date | None = None
    latest: date | None = None

    @property
    def days_between(self) -> tuple[int, int] | None:
        """Fewest and most days that an answer of an unknown day came after the deadline; None when the day is known."""
        if self.deadline is None or self.earliest is None or self.latest is None or self.earliest == self.latest:
            return None
        return (self.earliest - self.deadline).days, (self.latest - self.deadline).days

    def label(self, lang: str = "en") -> str:
        """Return the state in words; "on time" is said only when every day on which it can have been answered was in time."""
        nl, en = _LABELS[self.state]
        last = self.latest or self.answered_on or self.reference
        if self.state == "fulfilled-on-time" and self.document and (self.deadline is None or last > self.deadline):
            nl, en = "nagekomen", "fulfilled"
        return nl if lang == "nl" else en


def status(
    deadline: date | None,
    reference: date,
    answers: tuple[Answer, ...] = (),
    register: str | None = None,
    fulfilled_on: date | None = None,
    soon: int = 14,
    provisional: bool = False,
) -> Status:
    """Return the state of a commitment on a reference date.

    Parameters
    ----------
    deadline
        Last day; None when none was set. A later deferral replaces it for the state, not for the count of a late answer.
    reference
        The day to judge on; what came after it is not known yet.
    answers
        What letters did with it, in any order. An appreciation, a reaction or answers to questions about it fulfil nothing.
    register
        State in the register of the House (one of `REGISTER_STATES`, or Afgedaan for Voldaan), with ``fulfilled_on`` for
        Voldaan. Another word is not understood: unless a letter decides, the state is ``unknown``, never open.
    soon
        Days before the deadline from which it is due soon.
    """
    known = sorted((a for a in answers if a.on <= reference), key=lambda a: a.on)
    word = " ".join((register or "").split())
    register = _REGISTER.get(word.lower())
    done = next((a for a in known if a.relation == "fulfils"), None)
    if done is None and register == "Voldaan" and (fulfilled_on is None or fulfilled_on <= reference):
        done = Answer("fulfils", fulfilled_on or reference, "register") if fulfilled_on else None
        if done is None:
            # Without its day it was surely in time only while the deadline had not passed.
            unsure = deadline is not None and reference > deadline
            return Status("fulfilled-on-time", reference, deadline, None, None, "register", unsure or provisional)
    if any(a.relation == "disputed" for a in known):
        last = next(a for a in reversed(known) if a.relation == "disputed")
        return Status("disputed", reference, deadline, _days(reference, deadline), last.on, last.document, provisional)
    if done is not None:
        days = _days(done.on, deadline)
        late = days is not None and days > 0
        return Status(
            "fulfilled-late" if late else "fulfilled-on-time",
            reference,
            deadline,
            days,
            done.on,
            done.document,
            provisional,
        )
    if register == "Vervallen" or any(a.relation == "lapsed" for a in known):
        return Status("lapsed", reference, deadline, None, None, "", provisional)
    deferral = next((a for a in reversed(known) if a.relation == "defers"), None)
    part = next((a for a in reversed(known) if a.relation == "part"), None)
    if deferral is not None:
        until = deferral.new_deadline
        if until is None or reference <= until:
            return Status(
                "deferred",
                reference,
                until or deadline,
                _days(reference, until or deadline),
                deferral.on,
                deferral.document,
                provisional,
            )
        return Status("overdue", reference, until, _days(reference, until), None, deferral.document, provisional)
    if part is not None or register == "Deels Voldaan":
        on, document = (part.on, part.document) if part else (None, "register")
        return Status("partly", reference, deadline, _days(reference, deadline), on, document, provisional)
    if word and register is None:
        return Status("unknown", reference, deadline, _days(reference, deadline), None, "register", provisional)
    if deadline is None:
        return Status("open-no-deadline", reference, None)
    days = (reference - deadline).days
    state = "overdue" if days > 0 else "due-soon" if deadline - reference <= timedelta(days=soon) else "open"
    return Status(state, reference, deadline, days, None, "", provisional)


def _days(day: date, deadline: date | None) -> int | None:
    return None if deadline is None else (day - deadline).days
