"""How are codes that are not known shown together with the rows they stand in?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def listed(numbers: Sequence[int], limit: int = 5) -> str:
    """Write row numbers for a message: ``row 7`` or ``rows 7, 9, 12 and 40 more``."""
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    shown = ", ".join(str(number) for number in numbers[:limit])
    rest = len(numbers) - limit
    return f"rows {shown} and {rest} more" if rest > 0 else f"rows {shown}"


def summary(unknown: Mapping[str, Sequence[int]], limit: int = 10) -> str:
    """Write unknown codes with their rows, the first ``limit`` codes in full."""
    parts = [f"{code or '(empty)'} ({listed(numbers)})" for code, numbers in list(unknown.items())[:limit]]
    rest = len(unknown) - limit
    return "; ".join(parts) + (f"; and {rest} more codes" if rest > 0 else "")
