"""Which values can an uncertain number of a scenario take? The same notation serves chains of one's own."""

from __future__ import annotations

from schakel.evidence.spread import PARAMETERS, Number, number, quantile

__all__ = ["PARAMETERS", "Number", "number", "quantile"]
