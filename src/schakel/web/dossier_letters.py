"""Which pages show letters: all of them, one with its marks and margin notes, and those of one dossier?"""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import HTMLResponse

from schakel.dossiers.archive.model import Letter
from schakel.errors import NotFoundError
from schakel.web import dossier_marks as marks
from schakel.web import dossier_words as words
from schakel.web.dossier_pages import ROWS, common, context, paged, passage
from schakel.web.dossier_source import (
    Asked,
    FormDay,
    Ident,
    Number,
    Text,
    Version,
    at_version,
    conflicts,
    dues,
    opened,
    today,
    versions,
)
from schakel.web.parameters import Lang, MethodName, Reporter, Year
from schakel.web.render import page, segment
from schakel.web.service import Service

_LAST = 100_000_000  # characters
DossierPath = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
Show = Literal["all", "finding", "commitment", "deadline", "citation", "amount", "percentage", "footnote"]
_PARTS = (
    ("finding", "findings"),
    ("commitment", "commitments"),
    ("deadline", "deadlines"),
    ("citation", "citations"),
    ("amount", "amounts"),
    ("percentage", "percentages"),
)


def router(service: Service) -> APIRouter:
    """Return the routes of the pages over a service, which gives the reader's choices."""
    routes = APIRouter(prefix="/dossiers", include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get("/letters")
    def letters(
        request: Request,
        q: Text = "",
        page_: Number = 1,
        on: FormDay = None,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(service, request, lang, reporter, year, method)
        with opened() as archive:
            found = archive.letters()
        wanted = q.casefold().split()
        found = tuple(
            x for x in found if all(w in f"{x.id} {x.title} {x.dossier} {x.sender}".casefold() for w in wanted)
        )
        part, pages = paged(
            sorted(found, key=lambda x: (x.date is None, -(x.date.toordinal() if x.date else 0), x.id)), page_, ROWS
        )
        values = {
            "rows": part,
            "total": len(found),
            "page_": page_,
            "pages": pages,
            "q": q,
            "target": ("dossiers", "letters"),
        }
        return page(c, "dossier_letters.html", common(c, Asked(on or today())) | values)

    @routes.get("/letter/{ident:path}")
    def letter(
        request: Request,
        ident: Ident,
        page_: Annotated[int | None, Query(alias="page", ge=1, le=100_000)] = None,
        at: Annotated[int | None, Query(ge=0, le=_LAST)] = None,
        to: Annotated[int | None, Query(ge=0, le=_LAST)] = None,
        show: Show = "all",
        version: Version = None,
        on: FormDay = None,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(service, request, lang, reporter, year, method)
        asked = Asked(on or today(), letter=ident)
        with opened() as archive:
            latest = archive.letter(ident)
            standing = dues(archive, Asked(asked.on))
            answers = archive.answers(letter=ident)
            known = archive.letters()
        found = at_version(latest, version)
        old = found.card.versions < latest.card.versions
        kept: dict[str, Any] = {"on": asked.on.isoformat()} | ({"version": version} if old else {})
        mine = [d for d in standing if d.letter == found.card.id and not old]  # only the latest says how things stand
        places = {(d.start, d.end): d for d in mine if d.start is not None and d.end is not None}
        every = marks.spans_of(_parts(found), len(found.text))
        spans = [s for s in every if show in ("all", s.kind)]
        form = found.card.format
        text = marks.shown(found.text, form)
        grids = {grid.start: grid for grid in marks.tables(text, found.tables)}
        blank = form not in marks.MARKUP and marks.wrapped(found.text)
        book = marks.pages(marks.laid(marks.paragraphs(text, blank=blank), list(grids.values())))
        number = page_ or (marks.page_of(book, at) if at is not None else 1)
        if number > len(book):
            raise NotFoundError(
                f"there is no page {number}", where="parameter page", remedy=f"the last one is {len(book)}"
            )
        if at is not None and to is not None and at < to <= len(text):
            spans.append(marks.Span("here", at, to, 0, {}))
        pieces = []
        for start, end in book[number - 1]:
            grid = grids.get(start)
            rows = [[marks.begun(marks.tokens(text, a, b, spans)) for a, b in row] for row in grid.rows] if grid else []
            parts = [] if grid else marks.tokens(text, start, end, spans)
            all_parts = [token for row in rows for cell in row for token in cell] or parts
            begun = [value for what, value, first in all_parts if what == "open" and first and value.kind != "here"]
            pieces.append((parts, rows, [(s, words.note(c, s, places, asked.words)) for s in begun]))
        address = ("dossiers", "letter", found.card.id)
        values = {
            "letter": found, "card": found.card, "pieces": pieces, "number": number, "pages": len(book), "show": show,
            "counts": Counter(s.kind for s in every), "mark_kinds": marks.KINDS, "answers": () if old else answers, "address": address,
            "kept": kept, "old": old, "latest": latest.card, "versions": versions(latest.card) if latest.card.versions > 1 else (),
            "doubts": [(s, words.note(c, s, {}, asked.words), passage(c, asked.on, found.card.id, s.start, s.end, kept.get("version")))
                       for s in every if s.kind == "finding"],
            "owed": len(mine), "api": f"/api/v1/dossiers/letters/{segment(found.card.id)}?" + (f"version={version}&" if old else ""),
        }  # fmt: skip
        return page(c, "dossier_letter.html", common(c, asked, known) | values)

    @routes.get("/dossier/{name:path}")
    def one(
        request: Request,
        name: DossierPath,
        on: FormDay = None,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(service, request, lang, reporter, year, method)
        asked = Asked(on or today(), dossier=name)
        with opened() as archive:
            dossiers = archive.dossiers()
            found = dues(archive, asked)
            if name not in dossiers and not any(d.dossier == name for d in found):  # a motion that is cited has one too
                near = ", ".join(dossiers[:20]) or "none yet: schakel dossier import FILE"
                raise NotFoundError(f"there is no dossier {name!r} here", remedy=f"known: {near}")
            letters = archive.letters()
            cards = [card for card in letters if card.dossier == name]
            mine = {card.id for card in cards}
            disputes = [x for x in conflicts(archive) if {x.first.get("letter"), x.second.get("letter")} & mine]
        motions = [card for card in cards if card.kind == "motion"]
        values = {
            "name": name, "cards": [card for card in cards if card.kind != "motion"], "motions": motions,
            "asked_for": [d for d in found if d.kind in ("motie", "verzoek_kamer")],
            "promised": [d for d in found if d.kind not in ("motie", "verzoek_kamer")],
            "conflicts": disputes, "counts": Counter(d.status.state for d in found),
        }  # fmt: skip
        return page(c, "dossier_one.html", common(c, asked, letters) | values)

    return routes


def _parts(letter: Letter) -> list[tuple[str, list[dict[str, Any]]]]:
    notes = []
    for n in letter.footnotes:
        place = n.get("marker")
        if place:
            notes.append({"start": place[0], "end": place[1], "quote": letter.text[place[0] : place[1]], **n})
    return [*((kind, list(getattr(letter, part))) for kind, part in _PARTS), ("footnote", notes)]
