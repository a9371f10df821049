"""By what steps does an amount go down, or up again?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from schakel.charts.band import Span
from schakel.charts.numbers import written
from schakel.charts.scale import ends, linear
from schakel.charts.svg import Words, clip, el, label, picture

WIDTH, LEFT, RIGHT, ROW = 600.0, 210.0, 110.0, 34.0


def waterfall(steps: Sequence[Span], *, title: str, desc: str, ident: str, lang: str = "en", kind: str = "usd") -> str:
    """Draw what is left after each step, one row a step.

    The first row and one more at the end are bars from zero; the rows between show the change: what a step takes off, or
    adds. A thin line is the band of what is left.

    Parameters
    ----------
    steps
        What is left: at the start, then after each step.
    """
    known = [v for s in steps for v in (s.middle, s.low, s.high) if v is not None]
    low, high = ends(known)
    place = linear(low, high, LEFT, WIDTH - RIGHT)
    rows = _rows(steps)
    height = ROW * max(len(rows), 1) + 24
    zero = place(0.0)
    body = [el("line", class_="zero", x1=zero, y1=4, x2=zero, y2=height - 20)]
    body += [label(written(v, kind, lang, 2), place(v), height - 5, "tick", "mid") for v in sorted({low, 0.0, high})]
    for i, (name, before, after, span) in enumerate(rows):
        y = 8 + i * ROW
        body.append(label(clip(name, 30), LEFT - 10, y + 15, "label", "end"))
        if before is None or after is None:
            body.append(label(written(None, kind, lang), LEFT + 6, y + 15, "value"))
            continue
        a, b = sorted((place(before), place(after)))
        total = i in (0, len(rows) - 1)
        class_ = "total" if total else "saved" if after <= before else "added"
        body.append(el("rect", class_=class_, x=a, y=y + 2, width=max(b - a, 1.5), height=16))
        if span.low is not None and span.high is not None and span.low != span.high:
            body.append(el("line", class_="doubt", x1=place(span.low), y1=y + 22, x2=place(span.high), y2=y + 22))
        change = after - before
        said = written(after if total else change, kind, lang, 2)
        body.append(label(f"+{said}" if not total and change > 0 else said, WIDTH - RIGHT + 10, y + 15, "value"))
    return picture("waterfall", WIDTH, height, ident, title, desc, *body)


def waterfall_words(
    steps: Sequence[Span], *, header: tuple[str, str, str, str, str], lang: str = "en", kind: str = "usd"
) -> Words:
    """Say what the steps do, in order: what is left (median, low, high) and the change."""
    rows, said = [], []
    before: float | None = None
    for i, s in enumerate(steps):
        change = None if before is None or s.middle is None else s.middle - before
        shown = tuple(written(v, kind, lang, 2) for v in (s.middle, s.low, s.high))
        rows.append((s.label, *shown, written(change, kind, lang, 2) if i else ""))
        said.append(f"{s.label}: {shown[0]}")
        before = s.middle
    return Words(" → ".join(said) + "." if said else "", header, tuple(rows))


def _rows(steps: Sequence[Span]) -> list[tuple[str, float | None, float | None, Span]]:
    """Return name, from where, to where, and the band of what is left; the end is said once more as a total."""
    if not steps:
        return []
    first, last = steps[0], steps[-1]
    out: list[tuple[str, float | None, float | None, Span]] = [(first.label, 0.0, first.middle, first)]
    out += [(b.label, a.middle, b.middle, b) for a, b in pairwise(steps)]
    if len(steps) > 1:
        out.append(("=", 0.0, last.middle, last))
    return out
