"""Where in the world does it come from?"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from schakel.charts.numbers import written
from schakel.charts.scale import class_labels, class_of
from schakel.charts.svg import Words, clip, el, label, picture, text_of

DOT = 9
_LEGEND = 70
BOUNDARIES = {
    "en": "Boundaries are not a position on the status of any area. Outlines: Natural Earth 1:110m, public domain.",
    "nl": "Grenzen zijn geen standpunt over de status van een gebied. Omtrekken: Natural Earth 1:110m, publiek domein.",
}


@cache
def world() -> dict[str, Any]:
    """Return the outlines: ``shapes`` (alpha-3 to path), ``dots`` (alpha-3 to x, y), size, source and licence."""
    text = resources.files("schakel.charts").joinpath("world.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def choropleth(
    values: Mapping[str, float | None],
    *,
    breaks: Sequence[float],
    title: str,
    desc: str,
    ident: str,
    lang: str = "en",
    kind: str = "share",
    name: Callable[[str], str] = str,
    home: frozenset[str] = frozenset(),
    legend: bool = True,
) -> str:
    """Draw a world map in classes.

    Parameters
    ----------
    values
        Alpha-3 code to value; a country that is absent or None has the class for unknown.
    breaks
        At most five rising numbers; a value equal to a break is in the class above it.
    kind
        How values are written: ``share``, ``usd``, ``eur``, ``count`` or ``index``.
    name
        Gives a country its name in the language wanted.
    home
        The importing country or countries, drawn with an edge of their own.
    legend
        Whether the legend stands in the picture; pages have their own.

    Notes
    -----
    Countries under 50,000 km2 also get a dot when they have a value. Codes that are on no map (states of the past,
    "other Asia") are not drawn; they are in `choropleth_words`.
    """
    outlines = world()
    body = []
    for code, path in outlines["shapes"].items():
        value = values.get(code)
        classes = f"land {class_of(value, breaks)}" + (" home" if code in home else "")
        tip = el("title", text_of(f"{name(code)}: {written(value, kind, lang)}")) if value is not None else ""
        body.append(f'<path class="{classes}" d="{path}"' + (f">{tip}</path>" if tip else "/>"))
    for code, (x, y) in outlines["dots"].items():
        value = values.get(code)
        if value is not None or (code in home and code not in outlines["shapes"]):
            classes = f"dot {class_of(value, breaks)}" + (" home" if code in home else "")
            tip = el("title", text_of(f"{name(code)}: {written(value, kind, lang)}"))
            body.append(el("circle", tip, class_=classes, cx=x, cy=y, r=DOT))
    height = outlines["height"]
    if legend:
        body.append(_key(breaks, kind, lang, height + 20))
        height += _LEGEND
    return picture("map", outlines["width"], height, ident, title, desc, *body)


def _key(breaks: Sequence[float], kind: str, lang: str, top: float) -> str:
    entries = class_labels(breaks, kind, lang)
    step = 1960 / len(entries)
    parts = []
    for i, (class_, text) in enumerate(entries):
        parts.append(el("rect", class_=f"swatch {class_}", x=20 + i * step, y=top, width=40, height=26))
        parts.append(label(clip(text, 22), 70 + i * step, top + 23, "key"))
    return el("g", *parts, class_="legend")


def choropleth_words(
    values: Mapping[str, float | None],
    *,
    header: tuple[str, str],
    lang: str = "en",
    kind: str = "share",
    name: Callable[[str], str] = str,
) -> Words:
    """Say what the map shows: the largest first, unknown last, ties by name."""
    order = sorted(values.items(), key=lambda item: (item[1] is None, -(item[1] or 0.0), name(item[0])))
    rows = tuple((name(code), written(value, kind, lang)) for code, value in order)
    known = [row for row, (_, value) in zip(rows, order, strict=True) if value is not None]
    if not known:
        return Words({"en": "No country has a value.", "nl": "Geen enkel land heeft een waarde."}[lang], header, rows)
    first = ", ".join(f"{country} ({value})" for country, value in known[:3])
    lead = {"en": "Largest: {}. Countries with a value: {}.", "nl": "Grootste: {}. Landen met een waarde: {}."}[lang]
    return Words(lead.format(first, len(known)), header, rows)
