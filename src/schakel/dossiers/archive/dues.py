"""How does every commitment stand on a reference date?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from schakel.dossiers.archive.drafts import Draft, settled
from schakel.dossiers.archive.model import Due, Proposal
from schakel.dossiers.deadlines import Calendar
from schakel.dossiers.deadlines.points import plain
from schakel.dossiers.status import Answer, Status, status


def dues(
    drafts: Mapping[str, Draft],
    proposals: Iterable[Proposal],
    on: date,
    calendar: Calendar,
    soon: int,
) -> list[Due]:
    """Return commitments with their status, in order of deadline; those without one last."""
    by: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        if proposal.on <= on:
            by.setdefault(proposal.commitment, []).append(proposal)
    found = [
        _due(d, sorted(by.get(d.id, ()), key=lambda p: (p.on, p.document)), on, calendar, soon) for d in drafts.values()
    ]
    return sorted(found, key=lambda d: (d.status.deadline or date.max, d.id))


def _due(draft: Draft, proposals: list[Proposal], on: date, calendar: Calendar, soon: int) -> Due:
    deadline, history = settled(draft, on, calendar)
    counting = [p for p in proposals if _counts(p, draft)]
    state = _status(draft, deadline, counting, on, soon)
    card = draft.where
    row = draft.row
    return Due(
        draft.id,
        draft.source,
        draft.kind,
        draft.action,
        state,
        card.id if card else None,
        card.title if card else "",
        row.get("start"),
        row.get("end"),
        row.get("quote", ""),
        draft.actor,
        row.get("recipient"),
        draft.ministry,
        draft.dossier,
        draft.tz_number,
        draft.made_on,
        bool(row.get("conditional")),
        deadline,
        history,
        tuple(proposals),
        draft.registered.state if draft.registered else None,
        draft.motion,
    )


def _counts(one: Proposal, draft: Draft) -> bool:
    """Whether an answer counts: confirmed by a person, or said by a letter that names the number, not before the promise."""
    if one.state == "rejected" or (draft.made_on is not None and one.on < draft.made_on):
        return False
    return one.state == "confirmed" or one.explicit


def _status(draft: Draft, deadline: dict[str, Any] | None, counting: list[Proposal], on: date, soon: int) -> Status:
    last = date.fromisoformat(deadline["hi"]) if deadline and deadline["hi"] else None
    answers = tuple(
        Answer(p.relation, _day(p, last), p.document, p.new_deadline, p.by if p.state == "confirmed" else None)
        for p in counting
    )
    uncertain = bool(deadline) and deadline is not None and deadline["status"] != "fixed"
    official = draft.registered
    state = status(
        last,
        on,
        answers,
        official.state if official else "Vervallen" if draft.closed else None,
        official.fulfilled_on if official else None,
        soon,
        uncertain,
    )
    resting = next((p for p in counting if p.document == state.document), None)
    if resting is None:
        return state
    if resting.earliest is not None and state.state.startswith("fulfilled"):
        state = replace(state, earliest=resting.earliest, latest=resting.on)
    unsure = resting.state != "confirmed" or resting.earliest is not None
    return replace(state, provisional=True) if unsure and not state.provisional else state


def _day(answer: Proposal, deadline: date | None) -> date:
    """The day of an answer; where only its month is known, the day in it that is nearest to the deadline."""
    if answer.earliest is None or deadline is None:
        return answer.on
    return min(max(deadline, answer.earliest), answer.on)


def chosen(
    found: Iterable[Due],
    states: Collection[str],
    kinds: Collection[str],
    actor: str | None,
    dossier: str | None,
    letter: str | None,
) -> tuple[Due, ...]:
    """Return the dues that meet every filter given; names are compared without case and accents."""
    who = plain(actor) if actor else None
    return tuple(
        d
        for d in found
        if (not states or d.status.state in states)
        and (not kinds or d.kind in kinds)
        and (who is None or any(who in plain(name) for name in (d.actor, d.ministry) if name))
        and (dossier is None or d.dossier == dossier or (d.dossier or "").startswith(f"{dossier}-"))
        and (letter is None or d.letter == letter or any(a.document == letter for a in d.answers))
    )
