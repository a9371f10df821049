"""How does the interface say it in Dutch, and how in English?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from schakel.charts.numbers import LANGUAGES

Translate = Callable[..., str]


_ARTICLES = {
    "en": (
        (
            "the",
            re.compile(r"^(Netherlands|United|EU\d|Philippines|Bahamas|Maldives|Gambia|Comoros)|(Islands|Republic)$"),
        ),
    ),
    "nl": (
        ("het", re.compile(r"^Verenigd Koninkrijk")),
        ("de", re.compile(r"^(Verenigde|EU\d|Filipijnen|Bahama|Maldiven|Comoren|Seychellen)|(eilanden|republiek)$")),
    ),
}


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """Return all texts of a language by dotted key."""
    folder = resources.files("schakel.web").joinpath("catalogue")
    files = (folder.joinpath(f"{part}{lang}.toml") for part in ("", "chain.", "shock.", "dossier."))
    return dict(pair for file in files for pair in _flat(tomllib.loads(file.read_text("utf-8")), ""))


def _flat(tree: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    out = []
    for key, value in tree.items():
        out += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(prefix + key, str(value))]
    return out


def translator(lang: str) -> Translate:
    """Return ``t(key, **values)``: the text with ``{name}`` filled in.

    A key that is not there raises KeyError: a fault of the program that tests catch.
    """
    texts = catalogue(lang)

    def t(key: str, **values: object) -> str:
        text = texts[key]
        return text.format(**values) if values else text

    return t


def either(lang: str) -> Callable[[str, str], str]:
    """Return ``or_(key, fallback)``: the text when there is one, for names that users may add (methods, criteria)."""
    texts = catalogue(lang)
    return texts.get


def running(name: str, lang: str) -> str:
    """Put the article before a country's name where a sentence wants it.

    >>> running("Netherlands", "en"), running("Verenigde Staten", "nl")
    ('the Netherlands', 'de Verenigde Staten')
    """
    article = next((word for word, pattern in _ARTICLES[lang] if pattern.search(name)), "")
    return f"{article} {name}" if article else name


def preferred(header: str) -> str:
    """Return the language an Accept-Language header likes best, English when it names neither.

    >>> preferred("fr;q=0.9, nl-NL;q=0.8, en;q=0.5")
    'nl'
    """
    best, weight = "en", 0.0
    for part in header[:200].split(","):
        tag, _, q = part.strip().partition(";q=")
        lang = tag.split("-")[0].lower()
        try:
            wish = float(q) if q else 1.0
        except ValueError:
            continue
        if lang in LANGUAGES and wish > weight:
            best, weight = lang, wish
    return best
