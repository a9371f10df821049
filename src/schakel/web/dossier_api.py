"""What does REST answer about dossiers? What ``schakel dossier`` writes with ``--format json``; nothing is written over HTTP."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from schakel.errors import InputError, NotFoundError
from schakel.web import dossier_rows as flat
from schakel.web import formats
from schakel.web.api import PREFIX
from schakel.web.described import ERRORS
from schakel.web.dossier_source import (
    PLAIN,
    Asked,
    Day,
    Ident,
    Kind,
    State,
    Version,
    at_version,
    dues,
    mirror,
    opened,
    today,
    versions,
)
from schakel.web.dossier_source import conflicts as disagreements
from schakel.web.parameters import Format, Page, Size

_UNSAFE = re.compile(r"[^A-Za-z0-9_.]+")
_TEXT = {"type": "string"}
_BODY = {
    "type": "object",
    "required": ["head", "rows", "page", "size", "total"],
    "properties": {
        "reference": {"type": "string", "format": "date"},
        "head": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "rows": {"type": "array", "items": {"type": "object"}},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "page": {"type": "integer", "minimum": 1},
        "size": {"type": "integer", "minimum": 1},
        "total": {"type": "integer", "minimum": 0},
        "official": {"type": "boolean"},
    },
    "additionalProperties": False,
}
_FILES = {kind.split(";")[0]: {"schema": {"type": "string", "format": "binary"}} for kind in formats.MEDIA.values()}
_TAG = {"ETag": {"description": "Hash of the answer", "required": True, "schema": _TEXT}}
_NOT_NEWER: dict[int | str, dict[str, Any]] = {304: {"description": "The answer is still the one in If-None-Match"}}
_ROWS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Rows, with the hash of the register's last event and, where it matters, the reference date",
        "headers": _TAG,
        "content": {"application/json": {"schema": _BODY}, **_FILES},
    },
    **_NOT_NEWER,
}
_ONE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The letter with its text and everything read in it",
        "headers": _TAG,
        "content": {
            "application/json": {"schema": {"type": "object", "required": ["head", "card", "versions", "text"]}},
            **_FILES,
        },
    },
    **_NOT_NEWER,
}
Name = Annotated[str | None, Query(min_length=1, max_length=200, pattern=PLAIN)]
States = Annotated[list[State] | None, Query(max_length=10, description="States; may be repeated.")]
Words = Annotated[
    str | None, Query(min_length=1, max_length=200, pattern=PLAIN, description="Words that must all stand there.")
]


def router() -> APIRouter:
    """Return the routes."""
    api = APIRouter(prefix=f"{PREFIX}/dossiers", tags=["dossiers"], responses=ERRORS)

    @api.get("/letters", summary="Letters, motions and annexes that were imported", responses=_ROWS)
    def letters(request: Request, page: Page = 1, size: Size = 100, format: Format = "json") -> Response:
        with opened() as archive:
            rows, head = archive.letters(), {"head": archive.head()}
        return _answer(request, head, [r.value() for r in rows], lambda: flat.card_table(rows), page, size, format)

    @api.get(
        "/letters/{ident:path}", summary="One letter: text, citations, commitments, deadlines, amounts", responses=_ONE
    )
    def letter(request: Request, ident: Ident, version: Version = None, format: Format = "json") -> Response:
        with opened() as archive:
            found, head = archive.letter(ident), archive.head()
        cards = versions(found.card)
        found = at_version(found, version)
        parts = ("citations", "findings", "commitments", "deadlines", "amounts", "percentages", "footnotes", "tables")
        body = {
            "head": head,
            "card": found.card.value(),
            "versions": [
                {"version": v.versions, "imported_at": v.imported_at, "file": v.file, "sha256": v.sha256} for v in cards
            ],
            "text": found.text,
            **{p: list(getattr(found, p)) for p in parts},
        }
        return _send(request, body, lambda: flat.mention_table(found), format)

    @api.get(
        "/commitments", summary="Commitments, motions and requests as they stand on a reference date", responses=_ROWS
    )
    def commitments(
        request: Request,
        on: Day = None,
        state: States = None,
        kind: Annotated[Kind | None, Query(description="Kind of commitment.")] = None,
        actor: Name = None,
        dossier: Name = None,
        letter: Name = None,
        q: Words = None,
        page: Page = 1,
        size: Size = 100,
        format: Format = "json",
    ) -> Response:
        asked = Asked(on or today(), "", kind or "", actor or "", dossier or "", letter or "", q or "")
        with opened() as archive:
            found, hash_ = dues(archive, asked), archive.head()
        rows = tuple(d for d in found if not state or d.status.state in state)
        counts = dict(Counter(d.status.state for d in found))
        head = {"reference": asked.on.isoformat(), "head": hash_, "counts": counts}
        return _answer(request, head, [r.value() for r in rows], lambda: flat.due_table(rows), page, size, format)

    @api.get("/answers", summary="What letters did with commitments: proposed, confirmed or rejected", responses=_ROWS)
    def answers(
        request: Request,
        letter: Name = None,
        commitment: Name = None,
        page: Page = 1,
        size: Size = 100,
        format: Format = "json",
    ) -> Response:
        with opened() as archive:
            rows, head = archive.answers(letter=letter, commitment=commitment), {"head": archive.head()}
        return _answer(request, head, [r.value() for r in rows], lambda: flat.answer_table(rows), page, size, format)

    @api.get("/conflicts", summary="Letters that do not agree", responses=_ROWS)
    def conflicts(request: Request, page: Page = 1, size: Size = 100, format: Format = "json") -> Response:
        with opened() as archive:
            rows, head = disagreements(archive), {"head": archive.head()}
        return _answer(request, head, [r.value() for r in rows], lambda: flat.conflict_table(rows), page, size, format)

    @api.get(
        "/calendar",
        summary="Events of the parliamentary year with their moves, as known on a reference date",
        responses=_ROWS,
    )
    def calendar(
        request: Request, on: Day = None, page: Page = 1, size: Size = 100, format: Format = "json"
    ) -> Response:
        day = on or today()
        with opened() as archive:
            rows, hash_ = flat.event_rows(archive.calendar(), day), archive.head()
        head = {"reference": day.isoformat(), "head": hash_}
        return _answer(request, head, rows, lambda: flat.event_table(rows), page, size, format)

    @api.get("/search", summary="Words in letters and in the House's own papers that were imported", responses=_ROWS)
    def search(
        request: Request,
        q: Annotated[str, Query(min_length=1, max_length=200, pattern=PLAIN, description="Words to find.")],
        size: Size = 100,
        format: Format = "json",
    ) -> Response:
        with mirror() as official, opened() as archive:
            try:
                rows = flat.hit_rows(official.search(q, size) if official is not None else ())
            except InputError:  # nothing in it is a word, or only words that must not occur: nothing is found
                rows = []
            head = {"head": archive.head(), "official": official is not None}
        return _answer(request, head, rows, lambda: flat.hit_table(rows), 1, size, format)

    return api


def _answer(
    request: Request,
    head: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    table: Callable[[], formats.Table],
    page: int,
    size: int,
    format: str,
) -> Response:
    if format == "json" and page > max(1, -(-len(rows) // size)):
        raise NotFoundError(f"there is no page {page}", where="parameter page", remedy=f"{len(rows)} rows in all")
    body = {**head, "rows": rows[(page - 1) * size : page * size], "page": page, "size": size, "total": len(rows)}
    return _send(request, body, table, format)


def _send(request: Request, body: Mapping[str, Any], table: Callable[[], formats.Table], format: str) -> Response:
    """Answer in the format asked for; half a pair of a character is written as JSON can hold it."""
    if format == "json":
        content = json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace")
        media = "application/json"
    else:
        content, media = formats.encode(table(), format), formats.MEDIA[format]
    tag = f'"{hashlib.sha256(content).hexdigest()}"'
    headers = {"etag": tag, "cache-control": "no-cache"}
    asked = request.headers.get("if-none-match", "")[:2000].split(",")
    if any(part.strip().removeprefix("W/") in (tag, "*") for part in asked):
        return Response(status_code=304, headers=headers)
    if format != "json":
        name = _UNSAFE.sub("-", request.scope["path"].removeprefix(PREFIX + "/"))
        headers["content-disposition"] = f'attachment; filename="schakel-{name}.{format}"'
    return Response(content, media_type=media, headers=headers)
