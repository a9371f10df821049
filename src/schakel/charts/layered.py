"""What goes into what, layer by layer: a value chain drawn with its holders?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schakel.charts.layering import place
from schakel.charts.numbers import number
from schakel.charts.scale import class_labels, class_of
from schakel.charts.svg import Words, clip, coordinate, el, label, text_of
from schakel.errors import InputError

# Herfindahl-Hirschman index: 0.25 is four equal holders, 0.5 two, 0.9 nearly one.
BREAKS = (0.15, 0.25, 0.4, 0.65, 0.9)
WIDE, TALL, GAP, MARGIN, BETWEEN = 186.0, 50.0, 56.0, 8.0, 10.0
CHARACTERS = 23
_IDENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_LINKS = ("critical", "important", "minor")
_SAID = {
    "en": {
        "unknown": "holders unknown", "unsized": "shares unknown", "lost": "lost", "to": "to", "one": "one of several", "needs": "goes into",
        "hhi": "HHI", "none": "There are no steps.", "loop": "in a loop",
        "lead": "{n} steps in {layers} layers, {links} links; {known} steps have named holders, of {high} of them one country "
                "holds nearly all (HHI 0.9 or more).",
        "lost_lead": " Lost: {lost}.",
    },
    "nl": {
        "unknown": "houders onbekend", "unsized": "aandelen onbekend", "lost": "verloren", "to": "tot", "one": "een van meer", "needs": "gaat in",
        "hhi": "HHI", "none": "Er zijn geen stappen.", "loop": "in een kring",
        "lead": "{n} stappen in {layers} lagen, {links} schakels; van {known} stappen zijn houders bekend, bij {high} daarvan "
                "heeft één land bijna alles (HHI 0,9 of meer).",
        "lost_lead": " Verloren: {lost}.",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Box:
    """A step.

    Attributes
    ----------
    hhi, hhi_high
        Concentration of the named holders, 0 to 1, and what it is at most; None when holders are unknown.
    holder, share
        Largest holder as shown, and its share; empty and None when unknown.
    href
        Where the box leads, empty for nowhere.
    lost
        Whether the step is lost under the removal that is shown.
    focus
        Whether the drawing is about this step.
    """

    key: str
    name: str
    hhi: float | None = None
    hhi_high: float | None = None
    holder: str = ""
    share: float | None = None
    href: str = ""
    lost: bool = False
    focus: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """A link from what supplies to what receives; ``kind`` is critical, important or minor; one ``of_several`` is dashed."""

    source: str
    target: str
    kind: str = "critical"
    of_several: bool = False


def layered(
    boxes: Sequence[Box], arrows: Sequence[Arrow], *, title: str, desc: str, ident: str, lang: str = "en"
) -> str:
    """Draw a chain from left to right; loops are legal and run back under the boxes.

    Every box says concentration, largest holder and share in words, and is a link that the keyboard reaches where it
    has an address. The drawing has the size at which its text can be read; let it scroll in a box of its own.

    Raises
    ------
    InputError
        If a link names an unknown box or kind, a key stands twice, or the identifier is not of its form.
    """
    _check(boxes, arrows, ident)
    lay = place([b.key for b in boxes], [(a.source, a.target) for a in arrows], box=TALL + BETWEEN)
    width = max(len(lay.layers), 1) * (WIDE + GAP) - GAP + 2 * MARGIN
    height = max(lay.height, TALL) + 2 * MARGIN
    gone = {b.key for b in boxes if b.lost}
    name = {b.key: b.name for b in boxes}

    def x_of(key: str) -> float:
        return MARGIN + lay.layer[key] * (WIDE + GAP)

    def y_of(key: str) -> float:
        return MARGIN + lay.y[key]

    lines = []
    for k, arrow in enumerate(arrows):
        path = _curve([(x_of(key), y_of(key), key in name) for key in lay.ways[k]], k in lay.loops)
        kind = f"way {arrow.kind}" + (" several" if arrow.of_several else "") + (" back" if k in lay.loops else "")
        kind += " gone" if arrow.source in gone and arrow.target in gone else ""
        tip = el("title", text_of(f"{name[arrow.source]} → {name[arrow.target]}"))
        lines.append(el("path", tip, class_=kind, d=path))
    marks = [_box(b, x_of(b.key), y_of(b.key) - TALL / 2, lang) for b in _reading_order(boxes, lay.layers)]
    head = f'<title id="{ident}-t">{text_of(title)}</title><desc id="{ident}-d">{text_of(desc)}</desc>'
    size = f'viewBox="0 0 {coordinate(width)} {coordinate(height)}" width="{coordinate(width)}" height="{coordinate(height)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart layered" {size} role="group" '
        f'aria-labelledby="{ident}-t {ident}-d">{head}<g aria-hidden="true">{"".join(lines)}</g>{"".join(marks)}</svg>'
    )


def layered_legend(lang: str = "en") -> tuple[tuple[str, str], ...]:
    """Return (class name, range of the index in words) for the colours."""
    return tuple((key, text) for key, text in class_labels(BREAKS, "index", lang))


def layered_words(
    boxes: Sequence[Box], arrows: Sequence[Arrow], *, header: tuple[str, str, str, str, str], lang: str = "en"
) -> Words:
    """Say what the drawing shows: every step with what it goes into, its concentration, its largest holder, its share."""
    said = _SAID[lang]
    if not boxes:
        return Words(said["none"], header, ())
    name = {b.key: b.name for b in boxes}
    lay = place([b.key for b in boxes], [(a.source, a.target) for a in arrows])
    into: dict[str, list[str]] = {}
    for a in arrows:
        into.setdefault(a.source, []).append(name[a.target])
    rows = tuple(
        (
            b.name + (f" ({said['lost']})" if b.lost else ""),
            ", ".join(into.get(b.key, ())) or "–",
            _concentration(b, lang),
            b.holder or "–",
            "–" if b.share is None else number(b.share * 100, lang, 1) + "%",
        )
        for b in _reading_order(boxes, lay.layers)
    )
    known = [b.hhi for b in boxes if b.hhi is not None]
    count = sum(any(key in name for key in layer) for layer in lay.layers)
    text = said["lead"].format(
        n=len(boxes), layers=count, links=len(arrows), known=len(known), high=sum(v >= BREAKS[-1] for v in known)
    )
    lost = [b.name for b in boxes if b.lost]
    return Words(text + (said["lost_lead"].format(lost=", ".join(lost)) if lost else ""), header, rows)


def _check(boxes: Sequence[Box], arrows: Sequence[Arrow], ident: str) -> None:
    if not _IDENT.fullmatch(ident):
        raise InputError(f"{ident!r} cannot be the id of a chart", remedy="use a letter, then letters, digits, - or _")
    keys = [b.key for b in boxes]
    if len(set(keys)) < len(keys):
        raise InputError("two boxes have the same key", remedy="draw each step once")
    for a in arrows:
        if a.source not in keys or a.target not in keys or a.kind not in _LINKS:
            raise InputError(
                f"the link {a.source} to {a.target} cannot be drawn", remedy="name boxes and a kind of link"
            )


def _reading_order(boxes: Sequence[Box], layers: Sequence[Sequence[str]]) -> list[Box]:
    by_key = {b.key: b for b in boxes}
    return [by_key[key] for layer in layers for key in layer if key in by_key]


def _concentration(b: Box, lang: str) -> str:
    """Return the index in words: bounds where unnamed shares leave it open."""
    said = _SAID[lang]
    if b.hhi is None:
        return said["unsized" if b.holder else "unknown"]
    low = number(b.hhi, lang, 2)
    if b.hhi_high is not None and b.hhi_high - b.hhi >= 0.015:
        return f"{said['hhi']} {low} {said['to']} {number(b.hhi_high, lang, 2)}"
    return f"{said['hhi']} {low}"


def _box(b: Box, x: float, y: float, lang: str) -> str:
    said = _SAID[lang]
    shade = class_of(b.hhi, BREAKS)
    ink = "light" if shade in ("c4", "c5") else "dark"
    holder = "" if not b.holder else b.holder if b.share is None else f"{b.holder} {number(b.share * 100, lang, 0)}%"
    first, second = _two_lines(b.name, CHARACTERS - 2 * b.lost)
    held = " · ".join(part for part in (_concentration(b, lang), holder) if part)
    tip = f"{b.name}: {held}" + (f"; {said['lost']}" if b.lost else "")
    rest = [
        el("title", text_of(tip)),
        el("rect", class_=f"box {shade}", x=x, y=y, width=WIDE, height=TALL, rx=4),
        label(first, x + 8, y + (15 if second else 20), f"name {ink}"),
    ]
    if second:
        rest.append(label(second, x + 8, y + 29, f"name {ink}"))
    rest.append(label(clip(held, 30), x + 8, y + (44 if second else 39), f"held {ink}"))
    if b.lost:
        rest.append(el("path", class_="cross", d=_cross(x + WIDE - 14, y + 6)))
    kind = "step" + (" lost" if b.lost else "") + (" focus" if b.focus else "")
    if b.href:
        return el("a", *rest, class_=kind, href=b.href)  # its title is its name
    return el("g", *rest, class_=kind, role="img", aria_label=tip)


def _two_lines(name: str, most: int) -> tuple[str, str]:
    """Break a name over two lines at a space; what is longer is cut."""
    if len(name) <= most:
        return name, ""
    at = name.rfind(" ", 0, most + 1)
    if at < 1:
        return clip(name, most), ""
    return name[:at], clip(name[at + 1 :], CHARACTERS)


def _cross(x: float, y: float) -> str:
    a, b, c, d = coordinate(x), coordinate(x + 8), coordinate(y), coordinate(y + 8)
    return f"M{a} {c}L{b} {d}M{b} {c}L{a} {d}"


def _curve(points: Sequence[tuple[float, float, bool]], back: bool) -> str:
    """Draw a smooth line through boxes and bends; a loop leaves at the left and comes in at the right."""
    (x0, y0, _), (x1, y1, _) = points[0], points[-1]
    if back and len(points) == 2 and x0 == x1 and y0 == y1:  # a step that needs itself
        a, b = coordinate(x0 + WIDE - 20), coordinate(x0 + 20)
        low, deep = coordinate(y0 + TALL / 2), coordinate(y0 + TALL / 2 + 8)
        return f"M{a} {low}C{a} {deep} {b} {deep} {b} {low}"
    near, far = (0.0, WIDE) if back else (WIDE, 0.0)
    side = -1.0 if back else 1.0
    out = f"M{coordinate(x0 + near)} {coordinate(y0)}"
    at_x, at_y = x0 + near, y0
    for k, (x, y, _) in enumerate(points[1:], 1):
        last = k == len(points) - 1
        enter = x + far
        half = side * GAP / 2
        out += f"C{coordinate(at_x + half)} {coordinate(at_y)} {coordinate(enter - half)} {coordinate(y)} {coordinate(enter)} {coordinate(y)}"
        at_x, at_y = enter, y
        if not last:
            at_x = x + near
            out += f"H{coordinate(at_x)}"
    return out
