"""Which colours do the classes have?"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_VARIABLE = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
_USE = re.compile(r"var\(--([a-z0-9-]+)\)")


@cache
def stylesheet() -> str:
    """Return the style sheet of all charts; colours are variables at its head."""
    return resources.files("schakel.charts").joinpath("charts.css").read_text("utf-8")


@cache
def resolved() -> str:
    """Return the style sheet with the variables written out, for readers of SVG that know no variables."""
    values = dict(_VARIABLE.findall(stylesheet()))
    text = _USE.sub(lambda m: values[m.group(1)].strip(), stylesheet())
    return re.sub(r":root\s*\{[^}]*\}\s*", "", text)


def standalone(svg: str) -> str:
    """Return a chart that carries its own colours: for a file, a PDF or a document."""
    head, rest = svg.split("<title", 1)
    return f"{head}<style>{resolved()}</style><title{rest}"
