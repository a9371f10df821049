"""What is an amount: how much of which currency, over what period, from whom to whom?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schakel.dossiers.text import Mention, Text


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money as a text states it.

    Attributes
    ----------
    start, end, quote
        Position in the text that was read, and its words (qualifier and period included where they stand beside it).
    value, high
        In whole units of the currency; ``high`` is the upper end of a range.
    currency
        ISO 4217, None when the text names none: it is not guessed.
    period
        ``one-off``, ``per year``, ``per month``, ``over 5 years``, ``2021-2027``.
    qualifier
        ``ca.``, ``>=``, ``<=``, ``<``, ``>``, ``average`` or None.
    side
        ``public``, ``private``, ``public+private`` or None.
    payer, beneficiary, programme
        As named beside it; None when not named.
    conditional
        Granted under conditions.
    """

    start: int
    end: int
    quote: str
    value: Decimal
    high: Decimal | None = None
    currency: str | None = None
    period: str = "one-off"
    qualifier: str | None = None
    side: str | None = None
    payer: str | None = None
    beneficiary: str | None = None
    programme: str | None = None
    conditional: bool = False

    def content(self) -> dict[str, Any]:
        """Return the JSON-ready content; numbers as text keep every digit."""
        return {
            "value": format(self.value, "f"),
            "high": format(self.high, "f") if self.high is not None else None,
            "currency": self.currency,
            "period": self.period,
            "qualifier": self.qualifier,
            "side": self.side,
            "payer": self.payer,
            "beneficiary": self.beneficiary,
            "programme": self.programme,
            "conditional": self.conditional,
        }

    def mention(self, text: Text) -> Mention:
        """Return it as a mention of the original text."""
        return text.mention(self.start, self.end, "amount", self.content())


@dataclass(frozen=True, slots=True)
class Percentage:
    """A share, growth rate or target in per cent; ``kind`` is ``target``, ``growth``, ``forecast`` or ``share``."""

    start: int
    end: int
    quote: str
    value: Decimal
    high: Decimal | None = None
    kind: str = "share"
    comparator: str = "="
    period: tuple[int, int] | None = None

    def mention(self, text: Text) -> Mention:
        """Return it as a mention of the original text."""
        content = {
            "value_pct": format(self.value, "f"),
            "value_pct_high": format(self.high, "f") if self.high is not None else None,
            "kind": self.kind,
            "comparator": self.comparator,
            "period": list(self.period) if self.period else None,
        }
        return text.mention(self.start, self.end, "percentage", content)
