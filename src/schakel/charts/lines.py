"""How did it move over the years?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from schakel.charts.numbers import UNKNOWN, written
from schakel.charts.scale import linear, nice_ceiling
from schakel.charts.svg import Words, clip, coordinate, el, label, picture

WIDTH, HEIGHT = 600.0, 240.0
HUES = 6


@dataclass(frozen=True, slots=True)
class Series:
    """A name and its values by year; None where a year has no value, which leaves a gap."""

    label: str
    points: tuple[tuple[int, float | None], ...]
    threshold: float | None = None


def lines(
    series: Sequence[Series],
    *,
    title: str,
    desc: str,
    ident: str,
    lang: str = "en",
    kind: str = "index",
    threshold: float | None = None,
) -> str:
    """Draw up to six series in one frame; each has its own dash and mark besides its hue, and its name at its end."""
    top = _top(series, threshold)
    frame = (52.0, 14.0, WIDTH - 150.0, HEIGHT - 26.0)
    body = [_axes(series, top, frame, kind, lang)]
    if threshold is not None:
        y = linear(0.0, top, frame[3], frame[1])(threshold)
        body.append(el("line", class_="threshold", x1=frame[0], y1=y, x2=frame[2], y2=y))
    ends = []
    for i, s in enumerate(series):
        path, last = _trace(s, series, top, frame, f"hue{i % HUES}")
        body.append(path)
        if last is not None:
            ends.append((last, s.label))
    for y, text in _spread(ends, frame):
        body.append(label(clip(text, 22), frame[2] + 10, y + 4, "label", "start"))
    return picture("lines", WIDTH, HEIGHT, ident, title, desc, *body)


def small_multiples(
    series: Sequence[Series],
    *,
    title: str,
    desc: str,
    ident: str,
    lang: str = "en",
    kind: str = "index",
    columns: int = 3,
    shared: bool = True,
) -> str:
    """Draw one small frame a series, each with its own threshold; on one scale unless ``shared`` is False."""
    every = max([_top([s], s.threshold) for s in series], default=1.0)
    wide = WIDTH / columns
    tall = 128.0
    body = []
    for i, s in enumerate(series):
        top = every if shared else _top([s], s.threshold)
        x, y = (i % columns) * wide, (i // columns) * tall
        frame = (x + 40.0, y + 30.0, x + wide - 14.0, y + tall - 22.0)
        body.append(label(clip(s.label, 26), frame[0], y + 18, "label strong"))
        body.append(_axes(series, top, frame, kind, lang))
        if s.threshold is not None:
            at = linear(0.0, top, frame[3], frame[1])(s.threshold)
            body.append(el("line", class_="threshold", x1=frame[0], y1=at, x2=frame[2], y2=at))
        body.append(_trace(s, series, top, frame, "hue0")[0])
    rows = max(math.ceil(len(series) / columns), 1)
    return picture("multiples", WIDTH, rows * tall, ident, title, desc, *body)


def lines_words(series: Sequence[Series], *, header: str, lang: str = "en", kind: str = "index") -> Words:
    """Say what the lines show: a row a year, a column a series; the sentence names first and last values."""
    years = _years(series)
    values = [dict(s.points) for s in series]
    rows = tuple((str(year), *(written(v.get(year), kind, lang) for v in values)) for year in years)
    said = []
    lead = {"en": "{}: {} in {}, {} in {}", "nl": "{}: {} in {}, {} in {}"}[lang]
    for s in series:
        known = [(year, v) for year, v in s.points if v is not None]
        if known:
            (y0, v0), (y1, v1) = min(known), max(known)
            said.append(lead.format(s.label, written(v0, kind, lang), y0, written(v1, kind, lang), y1))
        else:
            said.append(f"{s.label}: {UNKNOWN[lang]}")
    return Words("; ".join(said) + "." if said else "", (header, *(s.label for s in series)), rows)


def _years(series: Sequence[Series]) -> list[int]:
    return sorted({year for s in series for year, _ in s.points})


def _top(series: Sequence[Series], threshold: float | None) -> float:
    return nice_ceiling(max([v for s in series for _, v in s.points if v is not None] + [threshold or 0.0]))


def _axes(series: Sequence[Series], top: float, frame: tuple[float, float, float, float], kind: str, lang: str) -> str:
    x0, y0, x1, y1 = frame
    parts = []
    for share in (0.0, 0.5, 1.0):
        y = y1 + (y0 - y1) * share
        parts.append(el("line", class_="grid", x1=x0, y1=y, x2=x1, y2=y))
        parts.append(label(written(top * share, kind, lang, 2), x0 - 6, y + 4, "tick", "end"))
    years = _years(series)
    for year in sorted({years[0], years[-1]}) if years else ():
        x = linear(years[0], years[-1], x0, x1)(year)
        parts.append(label(year, x, y1 + 16, "tick", "mid"))
    return el("g", *parts, class_="axes")


def _trace(
    s: Series, series: Sequence[Series], top: float, frame: tuple[float, float, float, float], hue: str
) -> tuple[str, float | None]:
    years = _years(series)
    across = linear(years[0], years[-1], frame[0], frame[2]) if years else linear(0, 1, frame[0], frame[2])
    up = linear(0.0, top, frame[3], frame[1])
    path, pen, marks, last = "", "M", [], None
    for year, value in sorted(s.points, key=lambda p: p[0]):
        if value is None:
            pen = "M"
            continue
        x, y = across(year), up(value)
        path += f"{pen}{coordinate(x)} {coordinate(y)}"
        marks.append(el("circle", class_=f"mark {hue}", cx=x, cy=y, r=3))
        pen, last = "L", y
    return el("path", class_=f"line {hue}", d=path or f"M{coordinate(frame[0])} {coordinate(frame[3])}") + "".join(
        marks
    ), last


def _spread(ends: list[tuple[float, str]], frame: tuple[float, float, float, float]) -> list[tuple[float, str]]:
    """Move labels down, then up, so that none overlaps the next and all stay in the frame."""
    step = 15.0
    placed: list[tuple[float, str]] = []
    for y, text in sorted(ends):
        placed.append((max(y, placed[-1][0] + step) if placed else y, text))
    left = len(placed) - 1
    return [(min(y, frame[3] - (left - i) * step), text) for i, (y, text) in enumerate(placed)]
