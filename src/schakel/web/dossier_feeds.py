"""How does a reader's agenda or feed reader follow what is due: iCalendar and RSS of any selection?"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from schakel.evidence import sha256_text
from schakel.reports import icalendar, rss
from schakel.web.dossier_rows import storable
from schakel.web.dossier_source import Asked, FormDay, Kind, State, Text, dues, of_state, opened, today
from schakel.web.dossier_words import day
from schakel.web.i18n import translator
from schakel.web.render import Context, language
from schakel.web.service import Service

_STATE = State | Literal[""]
_KIND = Kind | Literal[""]
Lang = Annotated[Literal["en", "nl"] | None, Query()]


def router(service: Service) -> APIRouter:
    """Return the routes of the feeds."""
    routes = APIRouter(prefix="/dossiers", include_in_schema=False)

    @routes.get("/due.ics")
    def agenda(
        request: Request,
        on: FormDay = None,
        state: _STATE = "",
        kind: _KIND = "",
        actor: Text = "",
        dossier: Text = "",
        letter: Text = "",
        q: Text = "",
        lang: Lang = None,
    ) -> Response:
        asked = Asked(on or today(), state, kind, actor, dossier, letter, q)
        tongue = language(request, lang)
        rows, stamp, _ = _rows(service, request, asked, tongue)
        text = icalendar.calendar(rows, tongue, stamp=stamp, reference=asked.on.isoformat())
        return _answer(request, text, "text/calendar; charset=utf-8", "schakel-due.ics")

    @routes.get("/feed.rss")
    def changes(
        request: Request,
        on: FormDay = None,
        state: _STATE = "",
        kind: _KIND = "",
        actor: Text = "",
        dossier: Text = "",
        letter: Text = "",
        q: Text = "",
        lang: Lang = None,
    ) -> Response:
        asked = Asked(on or today(), state, kind, actor, dossier, letter, q)
        tongue = language(request, lang)
        rows, stamp, c = _rows(service, request, asked, tongue)
        t = translator(tongue)
        base = str(request.base_url).rstrip("/")
        text = rss.feed(
            rss.changes(rows, asked.on),
            tongue,
            title=t("dossier.feed"),
            link=base + c.url("/dossiers", **asked.words),
            self_link=str(request.url),
            description=t("dossier.feed_sub", on=day(asked.on, tongue)),
            built=stamp,
        )
        return _answer(request, text, "application/rss+xml; charset=utf-8", "")

    return routes


def _rows(service: Service, request: Request, asked: Asked, lang: str) -> tuple[list[dict[str, Any]], str, Context]:
    choices = service.choices()
    c = Context(request, service, lang, choices.reporter, choices.year, choices.method)
    base = str(request.base_url).rstrip("/")
    with opened() as archive:
        found = of_state(dues(archive, asked), asked.state)
        cards = archive.letters()
    stamp = max((card.imported_at for card in cards), default="")
    rows = []
    for due in found:
        where = c.url("/dossiers", on=asked.on.isoformat(), letter=due.letter, q=due.id)
        if due.letter and due.start is not None and due.end is not None:
            place = {"at": due.start, "to": due.end}
            where = c.url(("dossiers", "letter", due.letter), on=asked.on.isoformat(), **place) + "#here"
        rows.append({**due.value(), "url": base + where})
    return rows, stamp, c


def _answer(request: Request, text: str, media: str, name: str) -> Response:
    body = storable(text).encode()
    tag = f'"{sha256_text([storable(text)])}"'
    headers = {"etag": tag, "cache-control": "no-cache", "vary": "accept-language"}
    if any(
        part.strip().removeprefix("W/") in (tag, "*")
        for part in request.headers.get("if-none-match", "")[:2000].split(",")
    ):
        return Response(status_code=304, headers=headers)
    if name:
        headers["content-disposition"] = f'inline; filename="{name}"'
    return Response(body, media_type=media, headers=headers)
