"""Reasons and warnings of the rooms as texts of the pages."""

from __future__ import annotations

from schakel.reports.reasons import dutch_of
from schakel.web.service import Text


def both(english: str) -> Text:
    """Return a reason in both languages."""
    return Text(english, dutch_of(english))
