"""Is a drawing safe to put into a report, and how does it carry its colours there?"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from schakel.errors import InputError

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_ACTIVE = frozenset({"script", "foreignobject", "iframe", "audio", "video", "embed", "object", "handler", "set"})
_ACTIVE_PREFIX = "animate"
_REFERENCE = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression\s*\(|javascript:", re.IGNORECASE)
_LARGEST = 1e5
_LOCAL = re.compile(r"url\(\s*(['\"]?)#([^)'\"]+)\1\s*\)")


def checked(svg: str, *, prefix: str = "", alt: str = "", style: str = "") -> str:
    """Return the drawing parsed, checked and written anew.

    Parameters
    ----------
    prefix
        Put before every id, so that several drawings can stand in one page.
    alt
        When given, the drawing is one image with this name for a screen reader.
    style
        Style sheet put into the drawing, for readers that have no page around it.

    Raises
    ------
    InputError
        If it is no SVG, or holds scripts, event handlers, document types, or references outside itself.
    """
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", svg, re.IGNORECASE):
        raise InputError("the drawing declares a document type", remedy="leave the DOCTYPE out")
    try:
        root = ET.fromstring(svg)  # noqa: S314  (no document type, hence no entities to expand)
    except ET.ParseError as error:
        raise InputError(f"the drawing is no well-formed SVG: {error}") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise InputError(f"the drawing starts with {root.tag!r}, not with svg in its namespace")
    for element in root.iter():
        _check(element)
        if prefix:
            _rename(element, prefix)
    if alt:
        for key in ("aria-labelledby", "aria-describedby", "aria-hidden"):
            root.attrib.pop(key, None)
        root.set("role", "img")
        root.set("aria-label", alt)
    if style:
        sheet = ET.Element(f"{{{_SVG}}}style")
        sheet.text = style
        root.insert(0, sheet)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    return ET.tostring(root, encoding="unicode")


def size(svg: str) -> tuple[float, float]:
    """Return width and height in the drawing's own units (CSS pixels).

    Raises
    ------
    InputError
        If the drawing has no usable ``viewBox``.
    """
    found = re.search(r"<svg[^>]*\bviewBox=[\"']([^\"']*)[\"']", svg)
    try:
        _, _, width, height = (float(part) for part in re.split(r"[\s,]+", found[1].strip() if found else ""))
    except ValueError:
        raise InputError("the drawing has no viewBox of four numbers", remedy="write viewBox='0 0 600 400'") from None
    if not (0 < width < _LARGEST and 0 < height < _LARGEST):
        raise InputError(f"the drawing measures {width:g} by {height:g}", remedy="give its viewBox a size")
    return width, height


def _check(element: ET.Element) -> None:
    name = _bare(str(element.tag)).lower()
    if name in _ACTIVE or name.startswith(_ACTIVE_PREFIX):
        raise InputError(f"the drawing holds <{name}>", remedy="charts in reports stand still and run nothing")
    if name == "style" and _REFERENCE.search(element.text or ""):
        raise InputError("the drawing's style sheet refers to something outside it")
    for key, value in element.attrib.items():
        bare = _bare(key).lower()
        if bare.startswith("on"):
            raise InputError(f"the drawing holds the event handler {bare}")
        if bare in ("href", "src") and not value.startswith("#"):
            raise InputError(f"the drawing refers to {value[:60]!r} outside itself")
        if _REFERENCE.search(value) and bare not in ("aria-label",):
            raise InputError(f"the drawing's {bare} refers to something outside it")


def _bare(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _rename(element: ET.Element, prefix: str) -> None:
    for key, value in element.attrib.items():
        bare = _bare(key)
        if bare == "id":
            element.set(key, prefix + value)
        elif bare in ("aria-labelledby", "aria-describedby"):
            element.set(key, " ".join(prefix + part for part in value.split()))
        elif bare == "href":
            element.set(key, "#" + prefix + value[1:])
        elif "url(" in value:
            element.set(key, _LOCAL.sub(lambda m: f"url(#{prefix}{m.group(2)})", value))
