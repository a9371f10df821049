"""What does a text say once the marks of its conversion are gone: hard wraps, split and doubled words, glued notes?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from schakel.dossiers.citations import cite
from schakel.dossiers.citations.letters import INVISIBLE
from schakel.dossiers.reading.bytes import decode
from schakel.dossiers.reading.model import Document, Footnote
from schakel.dossiers.reading.notes import find_notes
from schakel.dossiers.text import Span, Text, replaced

_SPLIT = re.compile(r"(?<=([^\W\d_]))[-\u2010\ufffe\x02][ \t]{0,3}\r?\n[ \t]{0,12}(?=([^\W\d_]))")
_WORD_BEFORE = re.compile(r"[^\W\d_]{1,40}$")
_WORD_AFTER = re.compile(r"[^\W\d_]{1,40}")
_DOUBLED = re.compile(r"(?<!\w)([^\W\d_]{2,20})([ \t]{0,3}\r?\n[ \t]{0,12}|[ \t]{1,3})\1(?!\w)")
_MAY_DOUBLE = frozenset(["dat", "die", "een", "er", "zich", "hij", "zij", "had", "heeft", "je", "uur", "haha", "waar"])
_BREAK = re.compile(r"[ \t]{0,200}\r?\n[ \t]{0,200}")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f]{2,}")
_LIST = re.compile(r"(?:[-–•*o▪] |\d{1,3}[.)] |[a-z][.)] |\d{1,3} [A-ZÀ-Þ]|https?:)")
_KEPT_HYPHEN = frozenset(
    ["non", "niet", "oud", "ex", "pro", "anti", "semi", "mede", "co", "vice", "auto", "on", "off", "up", "e", "in"]
)


def read_text(data: bytes, name: str, digest: str) -> Document:
    """Read plain text or Markdown as converters leave it."""
    original, findings = decode(data, name)
    text, notes = clean(original)
    return Document(name, "text", digest, text, tuple(notes), findings=tuple(findings))


def clean(
    original: str, notes: list[Footnote] | None = None, heads: Sequence[Span] = ()
) -> tuple[Text, list[Footnote]]:
    """Return a text without the traces of conversion, and its footnotes.

    Parameters
    ----------
    original
        The text as it stands.
    notes
        Footnotes when the reader knows them; otherwise they are looked for.
    heads
        Places of the numbers that begin a note, when the reader knows them.

    Returns
    -------
    tuple
        Text whose offsets are those of ``original``; marks of notes are cut out of the cleaned form.
    """
    if notes is None:
        taken = [(m.start, m.end) for m in cite(original).citations]
        notes = find_notes(original, taken)
    edits = [(n.marker.start, n.marker.end, "") for n in notes if n.marker]
    edits += [(span.start, span.end, "") for span in heads]
    edits += [(m.start(), m.end(), "") for m in INVISIBLE.finditer(original)]
    edits += _doubled(original)
    edits += _split_words(original)
    ends = {
        n.definition.end for n in notes if n.definition
    }  # the line behind a note is the next page, not its next words
    edits += [edit for edit in _wraps(original) if edit[0] not in ends]
    edits += [(m.start(), m.end(), " ") for m in _SPACES.finditer(original)]
    return replaced(original, _ordered(edits)), notes


def _ordered(edits: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Sort edits and drop those that overlap an earlier kind."""
    kept: list[tuple[int, int, str]] = []
    import bisect

    for edit in edits:
        at = bisect.bisect_left(kept, edit)
        if (at and kept[at - 1][1] > edit[0]) or (at < len(kept) and kept[at][0] < edit[1]):
            continue
        kept.insert(at, edit)
    return kept


def _doubled(text: str) -> list[tuple[int, int, str]]:
    """Cut the second of two equal words over a line end."""
    return [
        (m.end(1), m.end(), "") for m in _DOUBLED.finditer(text) if "\n" in m[2] and m[1].lower() not in _MAY_DOUBLE
    ]


def _split_words(text: str) -> list[tuple[int, int, str]]:
    """Join words split at a line end; the hyphen stays when the text has it elsewhere, or when a part is no plain word."""
    found = list(_SPLIT.finditer(text))
    if not found:
        return []
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.lower()))
    edits = []
    for m in found:
        before, after = _WORD_BEFORE.search(text, max(0, m.start() - 40), m.start()), _WORD_AFTER.match(text, m.end())
        left, right = (before.group() if before else ""), (after.group() if after else "")
        soft = m.group()[0] != "-"
        whole, hyphened = words[(left + right).lower()], words[f"{left}-{right}".lower()]
        plain = left.islower() or (left[:1].isupper() and left[1:].islower() and len(left) > 2)
        joined = (
            soft
            or (whole > hyphened)
            or (
                hyphened == 0
                and plain
                and right.islower()
                and len(left) > 2
                and left.lower() not in _KEPT_HYPHEN
                and right not in ("en", "of")
            )
        )
        edits.append((m.start(), m.end(), "" if joined else "- " if right in ("en", "of") else "-"))
    return edits


def _wraps(text: str) -> list[tuple[int, int, str]]:
    """Turn the line ends of a hard-wrapped text into spaces; a text of long lines keeps its own."""
    lines = [len(line) for line in text.split("\n") if line.strip()]
    if len(lines) < 3:
        return []
    width = sorted(lines)[int(len(lines) * 0.9)]
    if not 30 <= width <= 140:
        return []
    edits = []
    for m in _BREAK.finditer(text):
        if m.end() >= len(text) or text[m.end()] in "\r\n":
            continue
        begin = text.rfind("\n", 0, m.start()) + 1
        if begin == m.start() or not text[begin : m.start()].strip():
            continue
        follow = text[m.end() : m.end() + 12]
        full = m.start() - begin >= 0.7 * width
        if _LIST.match(follow) or not (full or follow[:1].islower()):
            continue
        edits.append((m.start(), m.end(), " "))
    return edits
