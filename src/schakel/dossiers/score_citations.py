"""How many citations, footnotes and errors of the labelled letters are found, and how many are invented?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from schakel.dossiers.anomalies import anomalies as check
from schakel.dossiers.citations import Cited, cite
from schakel.dossiers.reading import Document, read
from schakel.dossiers.score import Score, rows, share
from schakel.dossiers.text import Mention

# Families that name one paper: what must be found without exception, and never invented.
_PAPER = re.compile(r"kst-|\d{4}[DZ]\d|TZ\d|stcrt-|(?:SWD|COM|JOIN)\(")
_TKCONV = "tkconv"


@lru_cache(maxsize=32)
def _letter(path: Path) -> tuple[Document, Cited]:
    document = read(path)
    return document, cite(document.text)


def _by_letter(truth: Path, letters: Path, name: str) -> Iterator[tuple[Path, list[dict[str, str]]]]:
    """Yield each letter that the folder has with its rows."""
    grouped: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows(truth, name):
        grouped[row["letter"]].append(row)
    for letter, group in sorted(grouped.items()):
        path = letters / letter
        if letter and path.is_file():
            yield path, group


def _canonical(text: str) -> str:
    """Return the first form of an identifier that is given with others: ``SWD(2021)352 / CELEX ...``."""
    return re.split(r" / | \(|; ", text)[0].strip()


def _over(row: dict[str, str], start: int, end: int) -> bool:
    if not (row["char_start"].isdigit() and row["char_end"].isdigit()):
        return False
    return start < int(row["char_end"]) and end > int(row["char_start"])


def _names(mention: Mention, wanted: str, row: dict[str, str]) -> bool:
    """Tell whether a mention has the identifier, or, where the text gives no number, has it among its candidates."""
    by_title = row["resolvable"] == "by_title" and wanted in mention.value.get("candidates", ())
    return mention.value["id"] == wanted or by_title


def references(truth: Path, letters: Path) -> Iterator[Score]:
    """Score the citations of the letters; a mention is found when its place and its identifier agree."""
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    papers = hits = right = told = 0
    for path, group in _by_letter(truth, letters, "references"):
        _, cited = _letter(path)
        for row in group:
            over = [m for m in cited.citations if _over(row, m.start, m.end)]
            wanted = _canonical(row["normalised"]) if _PAPER.match(row["normalised"]) else ""
            agrees = any(_names(m, wanted, row) for m in over) if wanted else bool(over)
            total[row["ref_kind"]] += 1
            found[row["ref_kind"]] += agrees
            if wanted and row["resolvable"] != "by_title":
                papers += 1
                hits += agrees
        for m in cited.citations:
            if m.value["id"] and _PAPER.match(str(m.value["id"])):
                told += 1
                right += any(_over(r, m.start, m.end) and m.value["id"] == _canonical(r["normalised"]) for r in group)
    yield Score("references", "recall", share(hits, papers), papers, f"{_TKCONV} 52 of 61 over all letters (published)")
    yield Score("references", "precision", share(right, told), told, f"{_TKCONV} 2 false (published)")
    for kind in sorted(total):
        yield Score("references", f"recall:{kind}", share(found[kind], total[kind]), total[kind])


def wild_citations(truth: Path, letters: Path) -> Iterator[Score]:
    """Score citation shapes of titles; a malformed one is found when it is reported and gets no link."""
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    right = told = traps = trapped = 0
    for row in rows(truth, "wild_citations"):
        cited = cite(row["text"])
        ids = [str(m.value["id"]) for m in cited.citations]
        kind = row["kind"]
        if kind == "none":
            traps, trapped = traps + 1, trapped + bool(ids)
            continue
        total[kind] += 1
        if kind == "malformed":
            found[kind] += bool(cited.findings) and all(m.value.get("link") is None for m in cited.citations)
            continue
        gold = [re.sub(r"^dossier-", "dossier ", g) for g in row["gold"].split(";")]
        found[kind] += sorted(ids) == sorted(gold)
        told += len(ids)
        right += sum((Counter(ids) & Counter(gold)).values())
    beside = {"ok": "96 of 114", "relative": "0 of 50", "dossier": "0 of 6"}
    yield Score("wild_citations", "recall", share(sum(found.values()), sum(total.values())), sum(total.values()))
    yield Score("wild_citations", "precision", share(right, told), told)
    for kind in sorted(total):
        known = f"{_TKCONV} {beside[kind]} over all shapes (published)" if kind in beside else ""
        yield Score("wild_citations", f"recall:{kind}", share(found[kind], total[kind]), total[kind], known)
    yield Score("wild_citations", "traps", trapped, traps)


def citation_forms(truth: Path, letters: Path) -> Iterator[Score]:
    """Score the list of forms against the first form of their identifier."""
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in rows(truth, "citation_forms"):
        gold = row["canonical"].removeprefix("replaces ")
        if not gold or gold.startswith(("=", "(")) or gold == "by title":
            continue
        ids = {str(m.value["id"]) for m in cite(row["example"]).citations}
        wanted = [_canonical(g) for g in gold.split("; ")] if "CELEX 5" not in gold[:8] else [gold]
        wanted = [w.split(" p.")[0] for w in wanted]
        total[row["family"]] += 1
        found[row["family"]] += set(wanted) <= ids
    yield Score("citation_forms", "recall", share(sum(found.values()), sum(total.values())), sum(total.values()))
    for family in sorted(total):
        yield Score("citation_forms", f"recall:{family}", share(found[family], total[family]), total[family])


def negatives(truth: Path, letters: Path) -> Iterator[Score]:
    """Count the strings that look like a paper and are none."""
    traps = trapped = 0
    for path, group in _by_letter(truth, letters, "negatives"):
        _, cited = _letter(path)
        papers = [
            m
            for m in cited.citations
            if m.kind in ("kamerstuk", "dossier", "relative", "document_number", "zaak", "placeholder")
        ]
        for row in (r for r in group if "kamerstuk" in r["not_a"] or r["not_a"] == "reference"):
            traps += 1
            trapped += any(_over(row, m.start, m.end) for m in papers)
    yield Score("negatives", "traps:kamerstuk reference", trapped, traps, f"{_TKCONV} 2 (published)")


def footnotes(truth: Path, letters: Path) -> Iterator[Score]:
    """Score marks and definitions of footnotes by the place where each begins."""
    marks = notes = total = told = right = 0
    for path, group in _by_letter(truth, letters, "footnotes"):
        document, _ = _letter(path)
        by_label = {n.label: n for n in document.footnotes}
        starts = {int(r["marker_start"]) for r in group if r["marker_start"].isdigit()}
        for row in group:
            note = by_label.get(row["footnote"])
            total += 1
            wanted = int(row["marker_start"]) if row["marker_start"].isdigit() else None
            has = note.marker.start if note and note.marker else None
            marks += has == wanted
            notes += (
                note is not None
                and note.definition is not None
                and str(note.definition.start) == row["definition_start"]
            )
        placed = [n.marker.start for n in document.footnotes if n.marker]
        told += len(placed)
        right += sum(s in starts for s in placed)
    yield Score("footnotes", "recall:mark", share(marks, total), total)
    yield Score("footnotes", "recall:definition", share(notes, total), total)
    yield Score("footnotes", "precision:mark", share(right, told), told)


def anomalies(truth: Path, letters: Path) -> Iterator[Score]:
    """Score the errors of the letters that are reported; what a text does not show (facts from elsewhere) counts as missed."""
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    told = right = 0
    for path, group in _by_letter(truth, letters, "anomalies"):
        document, cited = _letter(path)
        reported = [*cited.findings, *check(document.text, footnotes=document.footnotes, citations=cited.citations)]
        for row in group:
            total[row["kind"]] += 1
            found[row["kind"]] += any(_over(row, f.start, f.end) for f in reported)
        told += len(reported)
        right += sum(any(_over(r, f.start, f.end) for r in group) for f in reported)
    yield Score("anomalies", "recall", share(sum(found.values()), sum(total.values())), sum(total.values()))
    yield Score("anomalies", "precision", share(right, told), told)
    for kind in sorted(total):
        yield Score("anomalies", f"recall:{kind}", share(found[kind], total[kind]), total[kind])
