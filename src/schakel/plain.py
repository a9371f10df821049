"""How does text of others reach a terminal or a spreadsheet without steering it?

Product codes, headings and file names come from files and are shown in messages and tables. `printable` and
`printable_lines` are used wherever text is put on a terminal, `guarded` wherever a text cell is written to CSV or Markdown.
"""

from __future__ import annotations

import unicodedata

# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection"), full-width signs included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def printable(text: str) -> str:
    """Return ``text`` without what could steer a terminal or break XML.

    Control characters, lone surrogates, direction overrides and characters that are none become U+FFFD; a line break or
    tab becomes a space.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_tame(c) for c in text)


def printable_lines(text: str) -> str:
    """Return ``text`` with every line `printable`; its own line breaks stay."""
    return "\n".join(printable(line) for line in text.split("\n"))


def guarded(text: str) -> str:
    """Return a text cell that no spreadsheet takes for a formula: an apostrophe before a sign that begins one."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _tame(char: str) -> str:
    if char in "\n\r\t\u2028\u2029":
        return " "
    code = ord(char)
    nonchar = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    steers = unicodedata.category(char) in ("Cc", "Cs") or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069
    return "\ufffd" if nonchar or steers else char
