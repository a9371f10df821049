"""How many citations and errors of the labelled letters are found, and how many are invented?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from schakel.dossiers.anomalies import anomalies as check
from schakel.dossiers.citations import cite
from schakel.dossiers.score import Score
from schakel.dossiers.scoring.labelled import LeftOut, Row, by_letter, citations, document, kept, over, share
from schakel.dossiers.text import Mention

# Families that name one paper: what must be found without exception, and never invented.
_PAPER = re.compile(r"kst-|\d{4}[DZ]\d|TZ\d|stcrt-|(?:SWD|COM|JOIN)\(")
_TKCONV = "tkconv"
_SPAN = ("char_start", "char_end")


def _canonical(text: str) -> str:
    """Return the first form of an identifier that is given with others: ``SWD(2021)352 / CELEX ...``."""
    return re.split(r" / | \(|; ", text)[0].strip()


def _names(mention: Mention, wanted: str, row: Row) -> bool:
    """Tell whether a mention has the identifier, or, where the text gives no number, has it among its candidates."""
    by_title = row["resolvable"] == "by_title" and wanted in mention.value.get("candidates", ())
    return mention.value["id"] == wanted or by_title


def references(truth: Path, letters: Path) -> Iterator[Score | LeftOut]:
    """Score the citations of the letters; a mention is found when its place and its identifier agree."""
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    papers = hits = right = told = 0
    labelled, left = kept(truth, "references", letters=letters, spans=_SPAN)
    for path, group in by_letter(letters, labelled):
        cited = citations(path)
        for row in group:
            there = [m for m in cited.citations if over(row, m.start, m.end)]
            wanted = _canonical(row["normalised"]) if _PAPER.match(row["normalised"]) else ""
            agrees = any(_names(m, wanted, row) for m in there) if wanted else bool(there)
            total[row["ref_kind"]] += 1
            found[row["ref_kind"]] += agrees
            if wanted and row["resolvable"] != "by_title":
                papers += 1
                hits += agrees
        for m in cited.citations:
            if m.value["id"] and _PAPER.match(str(m.value["id"])):
                told += 1
                right += any(over(r, m.start, m.end) and m.value["id"] == _canonical(r["normalised"]) for r in group)
    yield Score("references", "recall", share(hits, papers), papers, f"{_TKCONV} 52 of 61 over all letters (published)")
    yield Score("references", "precision", share(right, told), told, f"{_TKCONV} 2 false (published)")
    for kind in sorted(filter(None, total)):
        yield Score("references", f"recall:{kind}", share(found[kind], total[kind]), total[kind])
    yield from left


def wild_citations(truth: Path, letters: Path) -> Iterator[Score | LeftOut]:
    """Score citation shapes of titles; a malformed one is found when it is reported and gets no link."""
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    right = told = traps = trapped = 0
    labelled, left = kept(truth, "wild_citations", filled=("text", "kind"))
    for row in labelled:
        kind = row["kind"]
        gold = [re.sub(r"^dossier-", "dossier ", g.strip()) for g in row["gold"].split(";") if g.strip()]
        if not gold and kind not in ("none", "malformed"):
            left = [*left, LeftOut("wild_citations", 1, "column gold does not hold anything")]
            continue
        cited = cite(row["text"])
        ids = [str(m.value["id"]) for m in cited.citations]
        if kind == "none":
            traps, trapped = traps + 1, trapped + bool(ids)
            continue
        total[kind] += 1
        if kind == "malformed":
            found[kind] += bool(cited.findings) and all(m.value.get("link") is None for m in cited.citations)
            continue
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
    yield from left


def citation_forms(truth: Path, letters: Path) -> Iterator[Score | LeftOut]:
    """Score the list of forms against the first form of their identifier."""
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    labelled, left = kept(truth, "citation_forms", filled=("example",))
    for row in labelled:
        gold = row["canonical"].removeprefix("replaces ")
        if not gold or gold.startswith(("=", "(")) or gold == "by title":
            continue
        ids = {str(m.value["id"]) for m in cite(row["example"]).citations}
        wanted = [_canonical(g) for g in gold.split("; ")] if "CELEX 5" not in gold[:8] else [gold]
        wanted = [w.split(" p.")[0] for w in wanted]
        total[row["family"]] += 1
        found[row["family"]] += set(wanted) <= ids
    yield Score("citation_forms", "recall", share(sum(found.values()), sum(total.values())), sum(total.values()))
    for family in sorted(filter(None, total)):
        yield Score("citation_forms", f"recall:{family}", share(found[family], total[family]), total[family])
    yield from left


def anomalies(truth: Path, letters: Path) -> Iterator[Score | LeftOut]:
    """Score the errors of the letters that are reported; what a text does not show (facts from elsewhere) counts as missed."""
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    told = right = 0
    labelled, left = kept(truth, "anomalies", letters=letters, spans=_SPAN)
    for path, group in by_letter(letters, labelled):
        doc, cited = document(path), citations(path)
        reported = [*cited.findings, *check(doc.text, footnotes=doc.footnotes, citations=cited.citations)]
        for row in group:
            total[row["kind"]] += 1
            found[row["kind"]] += any(over(row, f.start, f.end) for f in reported)
        told += len(reported)
        right += sum(any(over(r, f.start, f.end) for r in group) for f in reported)
    yield Score("anomalies", "recall", share(sum(found.values()), sum(total.values())), sum(total.values()))
    yield Score("anomalies", "precision", share(right, told), told)
    for kind in sorted(filter(None, total)):
        yield Score("anomalies", f"recall:{kind}", share(found[kind], total[kind]), total[kind])
    yield from left
