"""Which records does a page of the SyncFeed hold, and where does the feed go on?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

from schakel.errors import InputError
from schakel.sources.tweedekamer.entities import Entity, named
from schakel.sources.tweedekamer.record import Row
from schakel.sources.tweedekamer.values import identifier, stamp, typed
from schakel.sources.tweedekamer.xmltree import attribute, child, children, local, tree, words

ATOM = "http://www.w3.org/2005/Atom"
_TOKEN = re.compile(r"[A-Za-z0-9_.=-]{1,200}")


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page of the feed.

    Attributes
    ----------
    refused
        Entries that cannot be taken, by reason.
    next
        Address of what follows, None at the end.
    resume
        Address to ask later for what came since; None when the page does not say.
    """

    rows: tuple[Row, ...]
    refused: dict[str, int]
    next: str | None = None
    resume: str | None = None

    @property
    def entries(self) -> int:
        """Entries of the page."""
        return len(self.rows) + sum(self.refused.values())


def page(data: bytes, where: str) -> FeedPage:
    """Read a page of the feed.

    Raises
    ------
    InputError
        If it is another XML, or one that is not safe.
    DamagedError
        If it is cut off.
    """
    root = tree(data, where)
    if root.tag != f"{ATOM}}}feed":
        raise InputError(
            f"this is no page of the SyncFeed but <{local(root.tag)}>",
            where=where,
            remedy="the address must end in /SyncFeed/2.0/Feed",
        )
    rows: list[Row] = []
    refused: dict[str, int] = {}
    following, resume = _link(root, "next"), _link(root, "resume")
    for entry in children(root, "entry"):
        got = entry_row(entry)
        if isinstance(got, Row):
            rows.append(got)
        else:
            refused[got] = refused.get(got, 0) + 1
    if following is None:  # the feed has also been seen to write its links into the entries
        for entry in children(root, "entry"):
            following = _link(entry, "next") or following
    return FeedPage(tuple(rows), refused, following, resume)


def token(address: str) -> str | None:
    """Return the skiptoken in a link of the feed, None when there is none that can be one."""
    found = parse_qs(urlsplit(address).query).get("skiptoken", [""])[0]
    return found if _TOKEN.fullmatch(found) else None


def entry_row(entry: Element) -> Row | str:
    """Return the record of an entry, or the reason why it cannot be taken."""
    content = child(entry, "content")
    body = next(iter(content), None) if content is not None else None
    if body is None:
        return "entry without a record"
    return record(body, words(child(entry, "title")), words(child(entry, "updated")))


def record(body: Element, key: str = "", updated: str = "") -> Row | str:
    """Return a record as the feed writes it, or the reason why it cannot be taken."""
    entity = named(local(body.tag))
    if entity is None:
        return f"unknown entity <{local(body.tag)[:40]}>"
    name = identifier(attribute(body, "id")) or identifier(key)
    if name is None:
        return "no identifier"
    moment = stamp(updated) or stamp(attribute(body, "bijgewerkt"))
    fields, links = _content(body, entity)
    gone = typed("verwijderd", attribute(body, "verwijderd") or "false")
    fields["verwijderd"] = gone is True
    for extra in ("contentType", "contentLength"):
        if (value := attribute(body, extra)) is not None:
            fields[extra] = typed(extra, value)
    return Row(entity.name, name, moment, fields, {k: tuple(v) for k, v in links.items()}, whole=True)


def _content(body: Element, entity: Entity) -> tuple[dict[str, Any], dict[str, list[str]]]:
    fields: dict[str, Any] = {}
    links: dict[str, list[str]] = {}
    for node in body:
        name = local(node.tag)
        target = identifier(attribute(node, "ref"))
        inner = [c for c in node if identifier(attribute(c, "ref"))]
        if target is not None:
            links.setdefault(name, []).append(target)
        elif inner:  # <toegezegdAan><fractie ref="..."/></toegezegdAan>
            for c in inner:
                part = local(c.tag)
                links.setdefault(name + part[:1].upper() + part[1:], []).append(str(identifier(attribute(c, "ref"))))
        elif name in entity.links:
            links.setdefault(name, [])
        else:
            empty = attribute(node, "nil") == "true" or not (node.text or "").strip()
            value = None if empty else typed(name, (node.text or "").strip())
            if name not in fields:
                fields[name] = value
            elif value is not None:  # the feed repeats an element that has several values
                before = fields[name]
                fields[name] = [*(before if isinstance(before, list) else [] if before is None else [before]), value]
    return fields, links


def _link(node: Element, relation: str) -> str | None:
    for link in children(node, "link"):
        if attribute(link, "rel") == relation and (address := attribute(link, "href")):
            return address
    return None
