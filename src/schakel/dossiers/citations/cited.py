"""Which papers does a text cite, and which of those citations cannot be right?

>>> cite("Kamerstuk 36 600 XIII, nr. 29").citations[0].value["id"]
'kst-36600-XIII-29'
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from schakel.dossiers.citations.candidates import with_candidates
from schakel.dossiers.citations.doubts import doubt
from schakel.dossiers.citations.european import find_european
from schakel.dossiers.citations.found import Found, outside
from schakel.dossiers.citations.letters import INVISIBLE, Line, even, flat, without_marks
from schakel.dossiers.citations.numbers import find_numbers
from schakel.dossiers.citations.papers import find_papers, own_paper
from schakel.dossiers.citations.publications import find_publications
from schakel.dossiers.citations.titles import find_titles
from schakel.dossiers.days import days, letter_date
from schakel.dossiers.finding import DossierFinding
from schakel.dossiers.text import Mention, Text, replaced


@dataclass(frozen=True, slots=True)
class Cited:
    """The citations of a text in its order, and what is doubted about them."""

    citations: tuple[Mention, ...]
    findings: tuple[DossierFinding, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return ``{"citations": [...], "findings": [...]}``, JSON-ready."""
        return {"citations": [citation(m) for m in self.citations], "findings": [f.as_dict() for f in self.findings]}


def citation(mention: Mention) -> dict[str, Any]:
    """Return one citation, JSON-ready."""
    place = {"start": mention.start, "end": mention.end, "quote": mention.quote}
    return {
        **place,
        "id": mention.value.get("id"),
        "kind": mention.kind,
        **{k: v for k, v in mention.value.items() if k != "id"},
    }


def cite(text: Text | str, *, own_dossier: str | None = None, date: dt.date | None = None) -> Cited:
    """Find every citation of a text.

    Parameters
    ----------
    text
        A text as read; a plain string counts as its own original.
    own_dossier
        Dossier of the text itself (``36600-XIII``), for a citation such as ``t.v.v. nr. 76``.
    date
        When the text was written; without it the text is asked.

    Returns
    -------
    Cited
        An improbable citation keeps its literal ``id``, has ``link`` None, and its best reading in ``findings``. ``id``
        is None only when no identifier can be formed. Citations in two dossiers carry the first one's identifier and
        ``also``.
    """
    read = text if isinstance(text, Text) else visible(text)
    seen = visible(read.cleaned)
    level = flat(seen.cleaned)
    line = Line(without_marks(level))
    itself = own_paper(line)
    own = _stem(own_dossier) or (_stem_of(itself) if itself else None)
    named = tuple(days(line.text))
    written = date or ((said := letter_date(line.text, named)) and said.value) or None
    lines = Line(even(seen.cleaned))
    found = [
        *([itself] if itself else []),
        *find_numbers(line),
        *find_papers(line, own),
        *find_european(line),
        *find_titles(line, lines, named, written.year if written else None),
        *find_publications(lines),
    ]
    source = level if seen.cleaned is read.original else flat(read.original)
    citations: list[Mention] = []
    findings: list[DossierFinding] = []
    kept = outside(found)
    places = [seen.span(item.start, item.end) for item in kept]
    spans = [read.span(place.start, place.end) for place in places]
    settled = with_candidates(kept, source, [(s.start, s.end) for s in spans])
    for found_, place, span in zip(settled, places, spans, strict=True):
        item, told = doubt(found_, source, span, written)
        mention = read.mention(place.start, place.end, item.kind, _value(item))
        citations.append(mention)
        if told:
            findings.append(told.at(mention))
    return Cited(tuple(citations), tuple(findings))


def visible(text: str) -> Text:
    """Return a text without the characters that show nothing; offsets remain those of the argument."""
    edits = [(m.start(), m.end(), "") for m in INVISIBLE.finditer(text)]
    return replaced(text, edits) if edits else Text(text, text)


def _value(found: Found) -> dict[str, Any]:
    parts = {k: v for k, v in found.value.items() if v is not None and k != "list"}
    return {"id": found.id, "link": found.link, **parts}


def _stem_of(paper: Found) -> str:
    return "-".join(str(p) for p in (paper.value["dossier"], paper.value["addition"]) if p)


def _stem(dossier: str | None) -> str | None:
    if not dossier:
        return None
    return re.sub(r"^(\d\d) ?(\d{3})[ -]*", r"\1\2-", flat(dossier).strip()).rstrip("-")
