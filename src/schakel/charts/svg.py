"""How is a piece of SVG written safely?"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from html import escape

from schakel.errors import InputError

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IDENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Words:
    """What a chart shows, for those who cannot see it: one sentence and a table."""

    sentence: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def text_of(value: object) -> str:
    """Escape text for element content and attributes; characters that XML forbids are dropped."""
    return escape(_NOT_XML.sub("", str(value)), quote=True)


def coordinate(value: float) -> str:
    """Write a coordinate with at most one decimal.

    Raises
    ------
    InputError
        If it is not finite: a chart is whole or not at all.
    """
    if not math.isfinite(value):
        raise InputError(f"a chart was given {value}", remedy="pass None where a value is unknown")
    text = f"{value:.1f}"
    text = text[:-2] if text.endswith(".0") else text
    return "0" if text == "-0" else text


def el(name: str, *children: str, **attributes: object) -> str:
    """Write one element; children are finished markup, attribute values are escaped.

    ``class_`` stands for ``class`` and an underscore inside a name for a hyphen; None leaves an attribute out; numbers
    are written as coordinates.
    """
    parts = [name]
    for key, value in attributes.items():
        if value is None:
            continue
        shown = coordinate(value) if isinstance(value, int | float) else text_of(value)
        parts.append(f'{key.rstrip("_").replace("_", "-")}="{shown}"')
    head = " ".join(parts)
    return f"<{head}>{''.join(children)}</{name}>" if children else f"<{head}/>"


def label(text: object, x: float, y: float, class_: str = "label", anchor: str = "") -> str:
    """Write a text; the anchor is a class (``start``, ``mid``, ``end``), so that a style sheet may turn it."""
    return el("text", text_of(text), class_=f"{class_} {anchor}".strip(), x=x, y=y)


def picture(kind: str, width: float, height: float, ident: str, title: str, desc: str, *body: str) -> str:
    """Write the outer ``<svg>`` with its name and description.

    Parameters
    ----------
    ident
        Unique on the page: a letter followed by letters, digits, ``-`` or ``_``.

    Raises
    ------
    InputError
        If the identifier is not of that form.
    """
    if not _IDENT.fullmatch(ident):
        raise InputError(f"{ident!r} cannot be the id of a chart", remedy="use a letter, then letters, digits, - or _")
    head = f'<title id="{ident}-t">{text_of(title)}</title><desc id="{ident}-d">{text_of(desc)}</desc>'
    box = f"0 0 {coordinate(width)} {coordinate(height)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {kind}" viewBox="{box}" role="img" '
        f'aria-labelledby="{ident}-t {ident}-d">{head}{"".join(body)}</svg>'
    )


def clip(text: str, limit: int) -> str:
    """Shorten a label to a number of characters, an ellipsis included."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
