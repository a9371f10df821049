"""Which digits glued to a text are marks of footnotes, and which lines are their definitions?

Converters leave `3%.12` for 3 % with note 12 and `2032.20` for the year 2032 with note 20. One digit says nothing; the sequence does:
marks rise by one through the text, so the longest rising chain of candidates, weighed by how each one stands, is the answer.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from schakel.dossiers.reading.model import Footnote
from schakel.dossiers.text import Span

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TOKEN = re.compile(r"\[footnoteRef:(\d{1,4})\]|\[\^(\d{1,4})\](?!:)")
_TOKEN_NOTE = re.compile(
    r"\[(\d{1,4}):[ \t]{1,3}([^\[\]\n]{0,2000}(?:\[[^\[\]\n]{0,200}\][^\[\]\n]{0,2000}){0,5})\]|^\[\^(\d{1,4})\]:[ \t]{0,3}([^\n]{0,4000})",
    re.M,
)
_SUPER = re.compile(r"[⁰¹²³⁴-⁹]{1,3}")
_RETURN = re.compile(r"\u21a9\ufe0e?")
_PLAIN_NOTE = re.compile(r"^[ \t]{0,4}(\d{1,3})[ \t]{1,4}(?=[^\W\d_]|[“‘\"'(‘])", re.M)
_GLUED = re.compile(
    r"(?<=[^\W\d_]|[.,;:)%’'”\"»\]*])\d{1,3}(?![\w%]|[.,]\d)|(?<=[^\W\d_]|\d) {1,3}\d{1,3}(?= {0,4}(?:[.:,;]|"
    r"\n| {2}))|(?<=[.:] )\d{1,3}(?=\s)|(?<=\S) {2,3}\d{1,3}(?=[ .:,;\n])|(?<=\b20\d\d) \d{1,3}(?= [a-z])"
)
_NO_MARK_BEFORE = re.compile(
    r"(?:\b(?:nrs?|art|artikel|p|pp|blz|pag|lid|hoofdstuk|bijlage|no|vol|st)\b\.? ?|[€$£]|\b[A-Z]-?|\d[.,]| t/m |\b(?:tot|en|van|de|het|op|in) {1,3})$"
)
_MONTH_AFTER = re.compile(
    r" {0,3}(?:jan|feb|maart|apr|mei|jun|jul|aug|sep|okt|nov|dec|procent|miljoen|miljard|euro|jaar|%)", re.I
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    label: int
    start: int
    end: int
    weight: float


def find_notes(text: str, taken: list[tuple[int, int]]) -> list[Footnote]:
    """Tie marks to definitions.

    Parameters
    ----------
    text
        The original text.
    taken
        Ranges in which a digit is part of something else, such as a citation.

    Returns
    -------
    list
        Footnotes by label; ``marker`` or ``definition`` None where one was lost.
    """
    tokens = [(m[1] or m[2], Span(m.start(), m.end())) for m in _TOKEN.finditer(text)]
    if tokens:
        return _by_token(text, tokens)
    if len(_RETURN.findall(text)) >= 2:
        return _by_return(text, taken)
    return _by_super(text) or _by_line(text, taken)


def _by_token(text: str, tokens: list[tuple[str, Span]]) -> list[Footnote]:
    notes = {
        m[1] or m[3]: (Span(m.start(), m.end()), (m[2] if m[1] else m[4]).strip()) for m in _TOKEN_NOTE.finditer(text)
    }
    found = [Footnote(label, span, *notes.pop(label, (None, ""))) for label, span in tokens]
    return found + [Footnote(label, None, span, note) for label, (span, note) in notes.items()]


def _by_return(text: str, taken: list[tuple[int, int]]) -> list[Footnote]:
    """Read notes that end in a return arrow and have lost their numbers: the order numbers them."""
    ends = list(_RETURN.finditer(text))
    notes: list[tuple[Span, str]] = []
    last = text.rfind("\n", 0, ends[0].start()) + 1
    for m in ends:
        begin = len(text[last : m.start()]) - len(text[last : m.start()].lstrip()) + last
        notes.append((Span(begin, m.end()), text[begin : m.start()].strip()))
        last = m.end()
    marks = _chain(_candidates(text, 0, notes[0][0].start, len(notes), taken), len(notes))
    return [Footnote(str(i), marks.get(i), span, note) for i, (span, note) in enumerate(notes, 1)]


def _by_super(text: str) -> list[Footnote]:
    """Read superscript digits: a definition begins a line, a mark does not."""
    marks: dict[str, Span] = {}
    notes: dict[str, Span] = {}
    for m in _SUPER.finditer(text):
        label = m.group().translate(_SUPERSCRIPTS).lstrip("0")
        head = text[text.rfind("\n", 0, m.start()) + 1 : m.start()].strip()
        (marks if head else notes).setdefault(label, Span(m.start(), m.end()))
    if not notes:
        return []
    found = []
    for label in sorted(marks.keys() | notes.keys(), key=lambda x: int(x or 0)):
        begin = notes.get(label)
        span = _until_blank(text, begin) if begin else None
        found.append(
            Footnote(
                label, marks.get(label), span, " ".join(text[begin.end : span.end].split()) if begin and span else ""
            )
        )
    return found


def _until_blank(text: str, begin: Span) -> Span:
    """Return the note that begins here: to the next note at the beginning of a line, or the next blank line that text follows."""
    stop = re.compile(r"\n[ \t]*[⁰¹²³⁴-⁹]|\n[ \t]*\n(?=[^\n]{0,200}[a-zà-ÿ][^\n]{0,60}\n)|\n[ \t]*\n").search(
        text, begin.end
    )
    lead = re.compile(r":\s*\n\s*\n").search(text, begin.end, begin.end + 60)
    if lead and stop and stop.start() < lead.end():  # "¹ Onder andere:" goes on below
        stop = re.compile(r"\n[ \t]*\n").search(text, lead.end())
    return Span(begin.start, stop.start() if stop else len(text))


def _by_line(text: str, taken: list[tuple[int, int]]) -> list[Footnote]:
    """Read definitions that begin a line with their plain number; the numbers rise by one from 1."""
    heads = [_Candidate(int(m[1]), m.start(1), m.end(), 1.0) for m in _PLAIN_NOTE.finditer(text)]
    chain = _consecutive(heads)
    if not chain:
        return []
    notes: dict[int, tuple[Span, str]] = {}
    for i, head in enumerate(chain):
        stop = chain[i + 1].start if i + 1 < len(chain) else len(text)
        end = _note_end(text, head.end, stop)
        notes[head.label] = (Span(head.start, end), " ".join(text[head.end : end].split()))
    inside = sorted([(s.start, s.end) for s, _ in notes.values()] + taken)
    highest = max(notes)
    marks = _chain(_candidates(text, 0, len(text), highest, inside), highest)
    marks = {n: s for n, s in marks.items() if n not in notes or s.start < notes[n][0].start}
    if sum(n in notes for n in marks) * 2 < len(notes):
        return []  # a numbered list, not notes
    found = [Footnote(str(n), marks.get(n), span, note) for n, (span, note) in notes.items()]
    lost = [
        n for n in marks if n not in notes and n - 1 in marks and n + 1 in marks and n - 1 in notes and n + 1 in notes
    ]
    found += [Footnote(str(n), marks[n], None, "") for n in lost]
    return sorted(found, key=lambda n: int(n.label))


def _note_end(text: str, start: int, stop: int) -> int:
    """Return the end of a note: the next one, a blank line, or a line that begins with a space as the next page does."""
    found = re.compile(r"\n[ \t]*\n|\n(?= \S|[A-Z-]|o |https?:)|\f").search(text, start, stop)
    end = found.start() if found else stop
    return start + len(text[start:end].rstrip())


def _consecutive(heads: list[_Candidate]) -> list[_Candidate]:
    """Return heads 1, 2, 3 ... in the order of the text; for each the first behind the one before. None when there is no 1."""
    chain: list[_Candidate] = []
    wanted = 1
    position = -1
    by_label: dict[int, list[_Candidate]] = {}
    for head in heads:
        by_label.setdefault(head.label, []).append(head)
    misses = 0
    while misses < 3:
        options = [h for h in by_label.get(wanted, []) if h.start > position]
        if options:
            chain.append(options[0])
            position, misses = options[0].start, 0
        else:
            misses += 1
        wanted += 1
    return chain


def _candidates(text: str, start: int, end: int, highest: int, taken: list[tuple[int, int]]) -> list[_Candidate]:
    taken = sorted(taken)
    begins = [t[0] for t in taken]
    found = []
    for m in _GLUED.finditer(text, start, end):
        digits = m.group().strip()
        label = int(digits)
        at = m.end() - len(digits)
        if not 1 <= label <= highest or digits[0] == "0":
            continue
        i = bisect_left(begins, at + 1) - 1
        if i >= 0 and taken[i][1] > at:
            continue
        if _NO_MARK_BEFORE.search(text, max(0, at - 12), at) and not re.search(r"\d{4}\.$", text[max(0, at - 5) : at]):
            continue
        if _MONTH_AFTER.match(text, m.end()):
            continue
        before = text[at - 1] if at else " "
        weight = 1.0 if before.isalpha() or before in ")%’”»*" else 0.9 if before in ".,;:'\"" else 0.5
        found.append(_Candidate(label, at, m.end(), weight))
    return found


def _chain(candidates: list[_Candidate], highest: int) -> dict[int, Span]:
    """Return the heaviest chain of rising labels in rising positions, by label; O(n log n) with a tree of running maxima."""
    best: list[tuple[float, int]] = [(0.0, -1)] * (highest + 2)

    def query(label: int) -> tuple[float, int]:
        top = (0.0, -1)
        while label > 0:
            top = max(top, best[label])
            label -= label & -label
        return top

    before: list[int] = []
    weights: list[float] = []
    for i, c in enumerate(candidates):
        weight, previous = query(c.label - 1)
        adjacent = 0.05 if previous >= 0 and candidates[previous].label == c.label - 1 else 0.0
        weights.append(weight + c.weight + adjacent)
        before.append(previous)
        label = c.label
        while label <= highest + 1:
            best[label] = max(best[label], (weights[-1], i))
            label += label & -label
    at = max(range(len(candidates)), key=weights.__getitem__, default=-1)
    found: dict[int, Span] = {}
    while at >= 0:
        found[candidates[at].label] = Span(candidates[at].start, candidates[at].end)
        at = before[at]
    return found
