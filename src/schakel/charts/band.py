"""How does something move over time, and how wide is the doubt; and how do several uncertain amounts compare?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from schakel.charts.numbers import UNKNOWN, written
from schakel.charts.scale import ends, linear
from schakel.charts.svg import Words, clip, coordinate, el, label, picture

WIDTH, TALL, LEFT = 600.0, 150.0, 210.0
HUES = 6
_BETWEEN = {"en": "{} to {}", "nl": "{} tot {}"}


@dataclass(frozen=True, slots=True)
class Path:
    """A name and its values by step of time: (time, low, middle, high)."""

    label: str
    points: tuple[tuple[float, float, float, float], ...]


def bands(
    paths: Sequence[Path], *, title: str, desc: str, ident: str, axis: str, lang: str = "en", kind: str = "share"
) -> str:
    """Draw one frame a path, below each other, each on its own scale: the middle as a line, low to high as a band.

    Parameters
    ----------
    axis
        What the steps of time are, for example ``week``.
    """
    body = []
    for i, path in enumerate(paths):
        top = i * TALL
        frame = (62.0, top + 30.0, WIDTH - 16.0, top + TALL - 26.0)
        body.append(label(clip(path.label, 70), 8, top + 18, "label strong"))
        body.append(_frame(path, frame, f"hue{i % HUES}", axis, kind, lang))
    return picture("band", WIDTH, TALL * max(len(paths), 1), ident, title, desc, *body)


def bands_words(paths: Sequence[Path], *, header: str, lang: str = "en", kind: str = "share") -> Words:
    """Say what the bands show: for each path the worst step with its band, and where it ends."""
    lead = {
        "en": "{}: at worst {} ({}) at {}, at the end {}",
        "nl": "{}: op zijn ergst {} ({}) bij {}, aan het eind {}",
    }
    said, rows = [], []
    for p in paths:
        if not p.points:
            said.append(f"{p.label}: {UNKNOWN[lang]}")
            continue
        at, low, middle, high = max(p.points, key=lambda x: x[2])
        band = _between(low, high, kind, lang)
        said.append(lead[lang].format(p.label, written(middle, kind, lang), band, _plain(at), written(p.points[-1][2], kind, lang)))  # fmt: skip
        rows += [(p.label, _plain(t), *(written(v, kind, lang) for v in (m, a, b))) for t, a, m, b in p.points]
    middle_, low_, high_ = {"en": ("median", "5 %", "95 %"), "nl": ("mediaan", "5 %", "95 %")}[lang]
    return Words("; ".join(said) + "." if said else "", ("", header, middle_, low_, high_), tuple(rows))


@dataclass(frozen=True, slots=True)
class Span:
    """An uncertain amount: its middle and the ends of its band; None where unknown."""

    label: str
    middle: float | None
    low: float | None
    high: float | None


def spans(items: Sequence[Span], *, title: str, desc: str, ident: str, lang: str = "en", kind: str = "usd") -> str:
    """Draw the amounts below each other on one scale: a bar from low to high, the middle as a diamond."""
    known = [v for s in items for v in (s.middle, s.low, s.high) if v is not None]
    low, high = ends(known)
    end = WIDTH - 100.0
    place = linear(low, high, LEFT, end)
    height = 34.0 * max(len(items), 1) + 22
    body = []
    for value in sorted({low, 0.0, high}):
        x = place(value)
        body.append(el("line", class_="grid", x1=x, y1=6, x2=x, y2=height - 20))
        body.append(label(written(value, kind, lang, 2), x, height - 5, "tick", "mid"))
    for i, s in enumerate(items):
        y = 20 + i * 34.0
        body.append(label(clip(s.label, 30), LEFT - 10, y + 4, "label", "end"))
        if s.low is not None and s.high is not None:
            a, b = place(s.low), place(s.high)
            body.append(el("rect", class_="range", x=a, y=y - 7, width=max(b - a, 2.0), height=14))
        if s.middle is not None:
            x = place(s.middle)
            body.append(el("polygon", class_="declared", points=_diamond(x, y)))
        body.append(label(written(s.middle, kind, lang, 2), end + 14, y + 4, "value"))
    return picture("interval spans", WIDTH, height, ident, title, desc, *body)


def spans_words(
    items: Sequence[Span], *, header: tuple[str, str, str, str], lang: str = "en", kind: str = "usd"
) -> Words:
    """Say what the spans show: each amount with its band."""
    rows = tuple((s.label, *(written(v, kind, lang, 2) for v in (s.middle, s.low, s.high))) for s in items)
    said = [
        f"{s.label}: {written(s.middle, kind, lang, 2)}"
        + (f" ({_between(s.low, s.high, kind, lang)})" if s.low is not None and s.high is not None else "")
        for s in items
    ]
    return Words("; ".join(said) + "." if said else "", header, rows)


def _frame(path: Path, frame: tuple[float, float, float, float], hue: str, axis: str, kind: str, lang: str) -> str:
    x0, y0, x1, y1 = frame
    low, high = ends([v for point in path.points for v in point[1:]])
    up = linear(low, high, y1, y0)
    parts = []
    for value in sorted({low, 0.0, high}):
        y = up(value)
        parts.append(el("line", class_="zero" if value == 0 else "grid", x1=x0, y1=y, x2=x1, y2=y))
        parts.append(label(written(value, kind, lang, 2), x0 - 6, y + 4, "tick", "end"))
    if path.points:
        first, last = path.points[0][0], path.points[-1][0]
        across = linear(first, last, x0, x1)
        parts.append(label(f"{axis} {_plain(first)}", x0, y1 + 16, "tick"))
        if last > first:
            parts.append(label(f"{axis} {_plain(last)}", x1, y1 + 16, "tick", "end"))
        upper = [f"{coordinate(across(t))},{coordinate(up(b))}" for t, _, _, b in path.points]
        lower = [f"{coordinate(across(t))},{coordinate(up(a))}" for t, a, _, _ in reversed(path.points)]
        parts.append(el("polygon", class_=f"area {hue}", points=" ".join(upper + lower)))
        way = "L".join(f"{coordinate(across(t))} {coordinate(up(m))}" for t, _, m, _ in path.points)
        parts.append(el("path", class_=f"line {hue}", d="M" + way))
    return el("g", *parts)


def _between(low: float, high: float, kind: str, lang: str) -> str:
    return _BETWEEN[lang].format(written(low, kind, lang, 2), written(high, kind, lang, 2))


def _plain(value: float) -> str:
    return str(int(value)) if math.isfinite(value) and value == int(value) else f"{value:g}"


def _diamond(x: float, y: float) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in ((x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)))
