"""Which pages show what was promised to Parliament: the list, the line of time, conflicts, the calendar, the search?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from schakel import charts
from schakel.dossiers.archive.model import Due, LetterCard
from schakel.dossiers.status import STATES
from schakel.errors import InputError, NotFoundError
from schakel.web import dossier_events as events
from schakel.web import dossier_words as words
from schakel.web.dossier_source import (
    KIND_WORDS,
    Asked,
    FormDay,
    Kind,
    Number,
    State,
    Text,
    dues,
    mirror,
    of_state,
    opened,
    today,
)
from schakel.web.dossier_source import conflicts as disagreements
from schakel.web.i18n import either, translator
from schakel.web.parameters import Lang, MethodName, Reporter, Year, chosen
from schakel.web.render import Context, language, page, trusted
from schakel.web.service import Service
from schakel.web.views import Figure

ROWS = 50
TRACKS = 60
FOUND = 50
_MARKED = (
    "reces",
    "prinsjesdag",
    "voorjaarsnota",
    "najaarsnota",
    "verkiezing",
)  # others only when something hangs on them
_STATE = State | Literal[""]
_KIND = Kind | Literal[""]


def router(service: Service) -> APIRouter:
    """Return the routes of the pages over a service, which gives the reader's choices."""
    routes = APIRouter(prefix="/dossiers", include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get("")
    def overview(
        request: Request,
        on: FormDay = None,
        state: _STATE = "",
        kind: _KIND = "",
        actor: Text = "",
        dossier: Text = "",
        letter: Text = "",
        q: Text = "",
        page_: Number = 1,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(service, request, lang, reporter, year, method)
        asked = Asked(on or today(), state, kind, actor, dossier, letter, q)
        with opened() as archive:
            found, head = dues(archive, asked), archive.head()
            letters, dossiers = archive.letters(), archive.dossiers()
        shown = of_state(found, state)
        part, pages = paged(shown, page_, ROWS)
        counts = Counter(d.status.state for d in found)
        values = common(c, asked, letters) | {
            "dossiers": dossiers,
            "rows": part, "total": len(shown), "all": len(found), "page_": page_, "pages": pages, "head": head,
            "counts": [(s, counts[s]) for s in STATES if counts[s] or s == state], "actors": people(found),
            "target": ("dossiers",), "takes": takes(c, asked),
        }  # fmt: skip
        return page(c, "dossiers.html", values)

    @routes.get("/timeline")
    def line_of_time(
        request: Request,
        on: FormDay = None,
        state: _STATE = "",
        kind: _KIND = "",
        actor: Text = "",
        dossier: Text = "",
        letter: Text = "",
        q: Text = "",
        page_: Number = 1,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(service, request, lang, reporter, year, method)
        asked = Asked(on or today(), state, kind, actor, dossier, letter, q)
        with opened() as archive:
            found, calendar = of_state(dues(archive, asked), state), archive.calendar()
            letters, dossiers = archive.letters(), archive.dossiers()
        dated = tuple(d for d in found if d.status.deadline or d.status.answered_on)
        part, pages = paged(dated, page_, TRACKS)
        happened = [e for e in (calendar.current(k, asked.on) for k in calendar.identities()) if e is not None]
        values = common(c, asked, letters) | {
            "dossiers": dossiers,
            "figure": _figure(c, part, happened, asked, letters) if part else None, "total": len(dated), "undated": len(found) - len(dated),
            "page_": page_, "pages": pages, "actors": people(found), "counts": [(s, 0) for s in STATES],
            "target": ("dossiers", "timeline"), "legend": [(trusted(svg), text) for _, svg, text in charts.timeline_legend(c.lang)],
        }  # fmt: skip
        return page(c, "dossier_timeline.html", values)

    @routes.get("/conflicts")
    def conflicts(
        request: Request,
        page_: Number = 1,
        on: FormDay = None,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(service, request, lang, reporter, year, method)
        with opened() as archive:
            found, letters = disagreements(archive), archive.letters()
        part, pages = paged(found, page_, ROWS)
        asked = Asked(on or today())
        values = {
            "rows": part,
            "total": len(found),
            "page_": page_,
            "pages": pages,
            "target": ("dossiers", "conflicts"),
        }
        return page(c, "dossier_conflicts.html", common(c, asked, letters) | values)

    @routes.get("/calendar")
    def calendar_page(
        request: Request,
        on: FormDay = None,
        of: Annotated[int | None, Query(ge=1, le=9999)] = None,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(service, request, lang, reporter, year, method)
        asked = Asked(on or today())
        with opened() as archive:
            calendar, found = archive.calendar(), dues(archive, asked)
        rows = events.rows(calendar, found, asked.on, of)
        years = sorted({r["now"].date.year for r in rows})
        chosen_year = of or min(years, key=lambda y: (abs(y - asked.on.year), y), default=asked.on.year)
        rows = sorted((r for r in rows if r["now"].date.year == chosen_year), key=lambda r: (r["now"].date, r["key"]))
        return page(
            c,
            "dossier_calendar.html",
            common(c, asked)
            | {"rows": rows, "years": years, "of": chosen_year, "origin": lambda e: events.origin(e, c.lang)},
        )

    @routes.get("/search")
    def search(
        request: Request,
        q: Text = "",
        on: FormDay = None,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(service, request, lang, reporter, year, method)
        hits: tuple[Any, ...] = ()
        with mirror() as official, opened() as archive:
            letters, here = archive.letters(), official is not None
            if official is not None and any(sign.isalnum() for sign in q):
                try:
                    hits = official.search(q, FOUND)
                except InputError:  # only words that must not occur: nothing is found
                    hits = ()
        values = {"hits": hits, "q": q, "here": here, "most": FOUND, "snippet": words.snippet}
        return page(c, "dossier_search.html", common(c, Asked(on or today()), letters) | values)

    return routes


def context(
    service: Service, request: Request, lang: str | None, reporter: str | None, year: int | None, method: str | None
) -> Context:
    """Return what every page knows."""
    who, when, how = chosen(service.choices(), reporter, year, method)
    return Context(request, service, language(request, lang), who, when, how)


def common(c: Context, asked: Asked, letters: Sequence[LetterCard] = ()) -> dict[str, Any]:
    """Return what all pages of dossiers know; ``f`` holds the functions that parts of pages need."""
    lang, t = c.lang, translator(c.lang)
    cards = {card.id: card for card in letters}
    f = SimpleNamespace(
        t=t,
        on=asked.on.isoformat(),
        known=cards,
        passage=lambda letter, start, end: passage(c, asked.on, letter, start, end),
        day=lambda value: words.day(value, lang),
        deadline=lambda value: words.deadline(value, lang),
        event=lambda key: words.event(key, lang),
        kind_name=lambda name: words.kind(name, lang),
        relation=lambda name: words.relation(name, lang),
        attribute=lambda name: either(lang)(f"dossier.attribute.{name}", name),
        answered=lambda a, due: words.timing(a, date.fromisoformat(due.deadline["hi"]), lang),
        answer_day=lambda a: words.answered(a, lang),
        made=lambda due: words.letter_day(cards.get(due.letter or ""), due.made_on, lang),
        letter_day=lambda ident, value: words.letter_day(cards.get(ident), value, lang),
        label=lambda state: words.state(state, lang),
    )
    return {
        "f": f,
        "asked": asked,
        "on": f.on,
        "on_words": f.day(asked.on),
        "sign": words.SIGNS.get,
        "days": lambda status: words.days(status, lang),
        "states": [(s, f.label(s)) for s in STATES],
        "kinds": [(k, v[lang]) for k, v in KIND_WORDS.items()],
        "letters": letters,
        "written": lambda card: words.written(card, lang),
        **{key: getattr(f, key) for key in ("passage", "day", "event", "relation", "known")},
    }


def passage(c: Context, on: date, letter: str, start: int | None, end: int | None, version: int | None = None) -> str:
    """Return the address of a passage of a letter."""
    exact = start is not None and end is not None
    more = {"at": start, "to": end} if exact else {}
    where = c.url(("dossiers", "letter", letter), on=on.isoformat(), version=version, **more)
    return where + ("#here" if exact else "")


def takes(c: Context, asked: Asked) -> list[tuple[str, str]]:
    """Return the addresses of the same selection for programs, agendas and feed readers."""
    said = urlencode(asked.words, errors="replace")
    api = f"/api/v1/dossiers/commitments?{said}"
    feeds = urlencode(asked.words | {"lang": c.lang}, errors="replace")
    return [
        ("CSV", f"{api}&format=csv"),
        ("JSON", api),
        ("iCalendar", f"/dossiers/due.ics?{feeds}"),
        ("RSS", f"/dossiers/feed.rss?{feeds}"),
    ]


def people(found: Sequence[Due]) -> list[str]:
    """Return who is named as actor or ministry, for the form."""
    return sorted({x for d in found for x in (d.actor, d.ministry) if x}, key=str.casefold)[:60]


def paged(rows: Sequence[Any], number: int, size: int) -> tuple[Sequence[Any], int]:
    """Return a page of rows and how many pages there are.

    Raises
    ------
    NotFoundError
        If there is no such page.
    """
    pages = max(1, -(-len(rows) // size))
    if number > pages:
        raise NotFoundError(f"there is no page {number}", where="parameter page", remedy=f"the last one is {pages}")
    return rows[(number - 1) * size : number * size], pages


def _figure(
    c: Context, part: Sequence[Due], happened: Sequence[Any], asked: Asked, letters: Sequence[LetterCard]
) -> Figure:
    t = translator(c.lang)
    cards = {card.id: card for card in letters}
    tracks = [
        charts.Track(
            " ".join((d.action or d.quote or d.id).split()),
            d.made_on,
            d.status.deadline,
            d.status.latest or d.status.answered_on,
            "; ".join(x for x in (d.status.label(c.lang), words.days(d.status, c.lang)) if x),
            c.url("/dossiers", on=asked.on.isoformat(), letter=d.letter, q=d.id),
            words.made_from(d, cards.get(d.letter or "")),
            d.status.earliest,
        )
        for d in part
    ]
    hung = {d.deadline["event"] for d in part if d.deadline and d.deadline.get("event")}
    shown = [e for e in happened if (e.kind in _MARKED or e.key in hung) and _near(e.date, tracks)]
    happenings = [charts.Happening(words.event(e.key, c.lang), e.date, e.end) for e in shown]
    head = tuple(t(f"dossier.{key}") for key in ("what", "made", "deadline_head", "answered", "state"))
    said = charts.timeline_words(tracks, asked.on, header=(head[0], head[1], head[2], head[3], head[4]), lang=c.lang)
    heading = t("dossier.timeline_heading", on=words.day(asked.on, c.lang))
    svg = charts.timeline(
        tracks, happenings, asked.on, title=heading, desc=said.sentence, ident="timeline", lang=c.lang
    )
    return Figure("timeline", trusted(svg), heading, "", said, (), t("dossier.timeline_note"))


def _near(day: date, tracks: Sequence[charts.Track]) -> bool:
    known = [d for t in tracks for d in t.days]
    return bool(known) and min(known) <= day <= max(known)
