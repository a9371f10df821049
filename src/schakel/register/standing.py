"""Which event stands per subject on a day, as known at a time? The view ``current_state`` asks the same of today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Select

_QUESTION = '%"question":"short_term_replaceable"%'  # a judgement's subject carries two questions, which stand apart


def standing(day: str, known_at: str | None) -> Select[Any]:
    """Return the query for the events that stand.

    Parameters
    ----------
    day
        ``2026-11-22``; only what holds on it (``valid_from`` on or before it).
    known_at
        Only what had been recorded by then, in the form of ``event.stamp``; None is everything.
    """
    from sqlalchemy import and_, case, func, select

    from schakel.register.schema import events

    question = case((and_(events.c.kind == "judgement", events.c.payload.like(_QUESTION)), 1), else_=0)
    turn = func.row_number().over(
        partition_by=(events.c.kind, events.c.subject, question),
        order_by=(events.c.valid_from.desc(), events.c.seq.desc()),
    )
    held = select(events, turn.label("turn")).where(events.c.valid_from <= day)
    if known_at is not None:
        held = held.where(events.c.recorded_at <= known_at)
    inner = held.subquery("held")
    return select(*(inner.c[column.name] for column in events.columns)).where(inner.c.turn == 1)
