"""What does a user's search text ask of FTS5?

``"exact phrase"``, ``word*``, ``AND``, ``OR``, ``NOT`` (capitals) and brackets mean what they say; words beside each other must all
occur. Everything else is text: whatever is typed, the result is an expression that FTS5 takes.
"""

from __future__ import annotations

import re

from schakel.errors import InputError

MAX_LENGTH = 1000
_MAX_DEPTH = 20
_TOKEN = re.compile(r'"(?P<phrase>[^"]*)(?:"|$)(?P<tail>\*?)|(?P<bracket>[()])|(?P<word>[^\s()"]+)')


def expression(text: str) -> str:
    """Return the FTS5 expression for a search text.

    Raises
    ------
    InputError
        If it is too long, holds no word at all, or only words that must not occur.

    Examples
    --------
    >>> expression('kritieke grondstof* NOT "36 600"')
    '(("kritieke" AND "grondstof" *) NOT "36 600")'
    """
    if len(text) > MAX_LENGTH:
        raise InputError(f"the search text has {len(text):,} characters", remedy=f"use at most {MAX_LENGTH:,}")
    clean = text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    found = _Reader(_tokens(clean)).whole()
    if found is None:
        raise InputError(
            "the search text holds nothing that can be found",
            where=text,
            remedy="give at least one word that must occur; NOT only takes away from what was found",
        )
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    """Return (kind, value): ``(``, ``)``, ``AND``, ``OR``, ``NOT``, or ``term`` with a finished term."""
    out: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(text):
        if match["bracket"]:
            out.append((match["bracket"], ""))
        elif match["word"] in ("AND", "OR", "NOT"):
            out.append((match["word"], ""))
        else:
            word = match["word"]
            said = word if word is not None else match["phrase"]
            many = word.endswith("*") if word is not None else bool(match["tail"])
            if any(c.isalnum() for c in said):  # a phrase without a letter or digit would find nothing
                out.append(("term", f'"{said.rstrip("*") if word is not None else said}"' + (" *" if many else "")))
    return out


class _Reader:
    """OR binds least, then AND (also unwritten), then NOT; a sign without its words is left out."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def whole(self) -> str | None:
        parts = []
        while self.at < len(self.tokens):
            found, refused = self.either()
            if found is not None:
                parts.append(_without(found, refused))
            if self.at < len(self.tokens):
                self.at += 1  # a bracket that closes nothing
        return _joined(parts, "AND")

    def either(self) -> tuple[str | None, list[str]]:
        parts: list[str] = []
        only: list[str] = []
        while True:
            found, refused = self.both()
            if found is not None:
                parts.append(_without(found, refused))
            else:
                only += refused
            if self._peek() != "OR":
                return _joined(parts, "OR"), [] if parts else only
            self.at += 1

    def both(self) -> tuple[str | None, list[str]]:
        wanted: list[str] = []
        refused: list[str] = []
        negative = False
        while (kind := self._peek()) not in (None, "OR", ")"):
            value = self.tokens[self.at][1]
            self.at += 1
            if kind == "NOT":
                negative = not negative
                continue
            if kind == "AND":
                continue
            found, inner = (value, []) if kind == "term" else self.inside()
            (refused if negative else wanted).extend([found] if found is not None else [])
            (wanted if negative else refused).extend(inner)  # not without it: with it
            negative = False
        return _joined(wanted, "AND"), refused

    def inside(self) -> tuple[str | None, list[str]]:
        if self.depth >= _MAX_DEPTH:
            raise InputError("the search text has too many brackets", remedy=f"nest at most {_MAX_DEPTH}")
        self.depth += 1
        found, refused = self.either()
        self.depth -= 1
        if self._peek() == ")":
            self.at += 1
        return (_without(found, refused), []) if found is not None else (None, refused)

    def _peek(self) -> str | None:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else None


def _joined(parts: list[str], sign: str) -> str | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return "(" + f" {sign} ".join(parts) + ")"


def _without(found: str, refused: list[str]) -> str:
    return f"({found} NOT {_joined(refused, 'OR')})" if refused else found
