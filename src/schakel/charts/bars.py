"""How large is it, beside the others and beside the line it must not cross?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from schakel.charts.numbers import written
from schakel.charts.scale import linear, nice_ceiling
from schakel.charts.svg import Words, clip, el, label, picture

WIDTH, LEFT, RIGHT, ROW = 600.0, 215.0, 72.0, 32.0
_ROOM = 150.0


def bar_cell(value: float | None, top: float = 1.0, over: bool = False) -> str:
    """Draw the bar behind a number in a table cell.

    It is hidden from screen readers, because the number itself stands in the cell. ``over`` marks a value beyond its
    threshold.
    """
    share = 0.0 if value is None or not math.isfinite(value) or top <= 0 else min(1.0, max(0.0, value / top))
    rect = el("rect", class_="over" if over else "under", x=100 - 100 * share, y=0, width=100 * share, height=10)
    return (
        '<svg class="bar-cell" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f"{rect}</svg>"
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One labelled amount."""

    label: str
    value: float | None
    strong: bool = False


def bars(
    items: Sequence[Bar],
    *,
    title: str,
    desc: str,
    ident: str,
    lang: str = "en",
    kind: str = "share",
    threshold: float | None = None,
) -> str:
    """Draw horizontal bars from zero, with the threshold as a line when there is one; negative values count as zero."""
    known = [b.value for b in items if b.value is not None]
    top = nice_ceiling(max([*known, threshold or 0.0], default=1.0))
    place = linear(0.0, top, LEFT, WIDTH - RIGHT)
    height = ROW * max(len(items), 1) + 24
    body = []
    for i, item in enumerate(items):
        y = 8 + i * ROW
        lines = _two(item.label, 27)
        for j, text in enumerate(lines):
            body.append(label(text, LEFT - 8, y + 14 + (13 * j - 6 if len(lines) == 2 else 0), "label", "end"))
        end = place(item.value) if item.value is not None else LEFT
        if item.value is not None:
            body.append(
                el("rect", class_="bar strong" if item.strong else "bar", x=LEFT, y=y + 2, width=end - LEFT, height=16)
            )
        body.append(label(written(item.value, kind, lang), end + 6, y + 14, "value"))
    if threshold is not None:
        body.append(_line(place(threshold), height, written(threshold, kind, lang)))
    return picture("bars", WIDTH, height, ident, title, desc, *body)


def _two(text: str, limit: int) -> list[str]:
    """Break a label over at most two lines, at a space where there is one."""
    if len(text) <= limit:
        return [text]
    at = text.rfind(" ", 0, limit + 1)
    return [text[:at], clip(text[at + 1 :], limit)] if at > 0 else [clip(text, limit)]


def bars_words(items: Sequence[Bar], *, header: tuple[str, str], lang: str = "en", kind: str = "share") -> Words:
    """Say what the bars show, in the order given."""
    rows = tuple((b.label, written(b.value, kind, lang)) for b in items)
    known = [b for b in items if b.value is not None]
    if not known:
        return Words({"en": "No value is known.", "nl": "Geen enkele waarde is bekend."}[lang], header, rows)
    best = max(known, key=lambda b: b.value or 0.0)
    lead = {"en": "The largest is {}: {}.", "nl": "De grootste is {}: {}."}[lang]
    return Words(lead.format(best.label, written(best.value, kind, lang)), header, rows)


def stack_cell(parts: Sequence[int]) -> str:
    """Draw counts of dependent, undecided and not as one bar; decoration, the numbers stand beside it."""
    whole = sum(parts)
    body, x = [], 0.0
    for kind, count in zip(("yes", "open", "not"), parts, strict=True):
        width = 100.0 * count / whole if whole else 0.0
        if width:
            body.append(el("rect", class_=kind, x=x, y=0, width=width, height=8))
        x += width
    return (
        '<svg class="stack" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f"{''.join(body)}</svg>"
    )


@dataclass(frozen=True, slots=True)
class Range:
    """A value as declared and the bounds between which it may lie; None where unknown."""

    label: str
    declared: float | None
    low: float | None
    high: float | None
    threshold: float | None = None


def interval(
    ranges: Sequence[Range], *, title: str, desc: str, ident: str, lang: str = "en", kind: str = "index"
) -> str:
    """Draw each range on a scale of its own: a bar, the declared value as a diamond, the threshold as a line."""
    end = WIDTH - _ROOM
    tall = 34.0
    body = []
    for i, r in enumerate(ranges):
        middle = 20 + i * tall
        known = [v for v in (r.declared, r.low, r.high, r.threshold) if v is not None]
        place = linear(0.0, nice_ceiling(max(known, default=1.0)), LEFT, end)
        body.append(label(clip(r.label, 33), LEFT - 8, middle + 4, "label", "end"))
        body.append(el("line", class_="track", x1=LEFT, y1=middle, x2=end, y2=middle))
        said = written(r.declared, kind, lang)
        if r.low is not None and r.high is not None:
            low, high = sorted((r.low, r.high))
            a, b = place(low), place(high)
            body.append(
                el("rect", class_="range", x=a, y=middle - 7, width=min(max(b - a, 2.0), end - a + 2), height=14)
            )
            said += f" ({written(low, kind, lang)}–{written(high, kind, lang)})"
        if r.threshold is not None:
            x = place(r.threshold)
            body.append(el("line", class_="threshold", x1=x, y1=middle - 13, x2=x, y2=middle + 13))
        if r.declared is not None:
            body.append(el("polygon", class_="declared", points=_diamond(place(r.declared), middle)))
        body.append(label(said, end + 8, middle + 4, "value"))
    return picture("interval", WIDTH, 16 + tall * max(len(ranges), 1), ident, title, desc, *body)


def interval_words(
    ranges: Sequence[Range], *, header: tuple[str, str, str, str, str], lang: str = "en", kind: str = "index"
) -> Words:
    """Say what the ranges show, and which of them straddle their threshold."""
    rows = tuple((r.label, *(written(v, kind, lang) for v in (r.declared, r.low, r.high, r.threshold))) for r in ranges)
    open_ = [r.label for r in ranges if straddles(r)]
    lead = {
        "en": ("No range crosses its threshold.", "The threshold lies inside the range of: {}."),
        "nl": ("Geen enkele marge gaat over de drempel.", "De drempel ligt binnen de marge van: {}."),
    }[lang]
    return Words(lead[1].format(", ".join(open_)) if open_ else lead[0], header, rows)


def straddles(item: Range) -> bool:
    """Tell whether the threshold lies between the bounds, so that the verdict hangs on what is not known."""
    if item.low is None or item.high is None or item.threshold is None:
        return False
    return min(item.low, item.high) <= item.threshold < max(item.low, item.high)


def _line(x: float, height: float, text: str) -> str:
    return el("line", class_="threshold", x1=x, y1=4, x2=x, y2=height - 16) + label(text, x, height - 4, "tick", "mid")


def _diamond(x: float, y: float) -> str:
    corners = ((x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y))
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)
