"""Which records does a page or file of OData's JSON hold?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

from schakel.errors import InputError
from schakel.sources.tweedekamer.entities import ENTITIES, Entity, infer, named
from schakel.sources.tweedekamer.record import Row
from schakel.sources.tweedekamer.values import camel, identifier, stamp, typed

MAX_DEPTH = 12
_MOMENTS = ("apiGewijzigdOp", "gewijzigdOp", "bijgewerkt", "updated")
_NO_FIELDS = frozenset((*_MOMENTS, "id"))
# Full texts as published beside the records: no entity of the source, so they have names of their own.
_TEXT = frozenset(("document_id", "publication_id", "text"))


class RefusedError(Exception):
    """A record that cannot be taken, with the reason."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The records of a page: as they stand, with the entity they are of and the address of the next page."""

    values: tuple[Any, ...]
    entity: Entity | None = None
    next: str | None = None


def loads(data: bytes | str, where: str) -> Any:
    """Read JSON that may be hostile.

    Raises
    ------
    InputError
        If it is nested too deep or holds a number that is none.
    ValueError
        If it is no JSON: cut off, or something else.
    """

    def refuse(name: str) -> NoReturn:
        raise InputError(
            f"the JSON holds {name}, which is no number", where=where, remedy="ask the source for it again"
        )

    try:
        return json.loads(data, parse_constant=refuse)
    except RecursionError:
        raise InputError(
            "the JSON is nested too deep", where=where, remedy="this is no answer of the official interface"
        ) from None


def listing(answer: Any, where: str) -> Listing:
    """Return the records of a page (``{"value": [...]}``), of a bare list, or of one record.

    Raises
    ------
    InputError
        If it is none of these.
    """
    if isinstance(answer, list):
        return Listing(tuple(answer))
    if isinstance(answer, dict) and isinstance(answer.get("value"), list):
        following = answer.get("@odata.nextLink")
        return Listing(
            tuple(answer["value"]),
            _entity(answer.get("@odata.context")),
            following if isinstance(following, str) else None,
        )
    if isinstance(answer, dict) and ("Id" in answer or "id" in answer):
        return Listing((answer,), _entity(answer.get("@odata.context")))
    said = answer.get("error") if isinstance(answer, dict) else None
    message = said.get("message") if isinstance(said, dict) else None
    raise InputError(
        f"the source answers with an error: {str(message)[:300]}" if message else "the JSON holds no records",
        where=where,
        remedy='a page of OData has its records under "value"; a list of records is taken too',
    )


def _entity(context: object) -> Entity | None:
    if not isinstance(context, str):
        return None
    name = unquote(urlsplit(context).fragment).split("(")[0].split("/")[0]
    return named(name)


def rows(value: Any, entity: Entity | None = None) -> Iterator[Row]:
    """Return the rows of a record: itself, and the records that were expanded in it.

    Parameters
    ----------
    entity
        What the record is; else it says so itself, or its fields do.

    Raises
    ------
    RefusedError
        With the reason, where a record cannot be taken.
    """
    if not isinstance(value, dict):
        raise RefusedError("no record but another value")
    if value.keys() >= _TEXT:
        yield _text(value)
        return
    yield from _rows(value, entity, 0)


def _rows(value: Mapping[str, Any], entity: Entity | None, depth: int) -> Iterator[Row]:
    if depth > MAX_DEPTH:
        raise RefusedError("records nested too deep")
    own = {camel(k): v for k, v in value.items() if isinstance(k, str) and "@odata." not in k}
    kind = value.get("@odata.type")
    known = named(kind.rpartition(".")[2]) if isinstance(kind, str) else None
    entity = known or entity or infer([k.removesuffix("_Id") for k in own])
    if entity is None:
        raise RefusedError("unknown which entity this is")
    key = identifier(own.get("id"))
    if key is None:
        raise RefusedError("no identifier (Id)")
    fields: dict[str, Any] = {}
    links: dict[str, tuple[str, ...]] = {}
    inside: list[tuple[Mapping[str, Any], Entity | None]] = []
    for name, what in own.items():
        if name in _NO_FIELDS:
            continue
        if name.endswith("_Id"):
            target = identifier(what)
            links[name.removesuffix("_Id")] = (target,) if target else ()
        elif isinstance(what, dict) or (isinstance(what, list) and any(isinstance(w, dict) for w in what)):
            several = [w for w in (what if isinstance(what, list) else [what]) if isinstance(w, dict)]
            there = ENTITIES.get(entity.target(name) or "")
            links[name] = tuple(i for w in several if (i := identifier(w.get("Id", w.get("id")))))
            inside += [(w, there) for w in several]
        elif name in entity.backlinks and what in ([], None):
            links[name] = ()
        elif isinstance(what, list):
            fields[name] = [w for w in what if isinstance(w, str | int | float | bool)]
        else:
            fields[name] = typed(name, what)
    updated = next((s for name in _MOMENTS if (s := stamp(own.get(name)))), "")
    yield Row(entity.name, key, updated, fields, links)
    for expanded, there in inside:
        if there is not None or "@odata.type" in expanded:
            yield from _rows(expanded, there, depth + 1)


def _text(value: Mapping[str, Any]) -> Row:
    key = identifier(value["document_id"])
    if key is None:
        raise RefusedError("no identifier (document_id)")
    if not isinstance(value["text"], str) or not value["text"].strip():
        raise RefusedError("no text")
    fields = {
        "nummer": value.get("nummer"),
        "soort": value.get("soort"),
        "contentType": value.get("content_type"),
        "bestand": identifier(value["publication_id"]),
        "tekst": value["text"],
    }
    return Row("Documenttekst", key, "", fields)
