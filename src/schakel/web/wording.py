"""Reasons, warnings and notes of the rooms as texts of the pages."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from schakel.reports.reasons import dutch_of
from schakel.web.results import Text


@cache
def sentences() -> dict[str, str]:
    """Return Dutch by English for the notes of definitions, the caveats of tables and the measures of studies."""
    text = resources.files("schakel.web").joinpath("catalogue", "sentences.toml").read_text("utf-8")
    return {entry["en"]: entry["nl"] for entry in tomllib.loads(text)["sentence"]}


def both(english: str) -> Text:
    """Return a reason, a note or a measure in both languages; English twice when there is no Dutch."""
    return Text(english, sentences().get(english) or dutch_of(english))


def sentence(english: str) -> Text:
    """Return a warning as a sentence, with a capital and a full stop."""
    text = both(english)
    return Text(_closed(text.en), _closed(text.nl))


def _closed(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."
