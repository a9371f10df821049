"""How does the mirror come up to date with the House: by the feed, which also tells deletions, or by questions to OData?

Each page and the place where the next begins are written in one transaction: a run that ends in any way loses nothing, and the next
one goes on there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from schakel.errors import InputError, MachineError, NotFoundError
from schakel.lake.lock import held
from schakel.sources.tweedekamer import feedrows, jsonrows
from schakel.sources.tweedekamer.entities import ENTITIES, Entity, named
from schakel.sources.tweedekamer.line import Line
from schakel.sources.tweedekamer.mirror import Mirror
from schakel.sources.tweedekamer.record import Counts, Row
from schakel.sources.tweedekamer.values import identifier
from schakel.sources.tweedekamer.xmltree import DamagedError

OFFICIAL = "https://gegevensmagazijn.tweedekamer.nl"
FEED = "/SyncFeed/2.0/Feed"
RESOURCES = "/SyncFeed/2.0/Resources"
ODATA = "/OData/v4/2.0"
PAGE_ROWS = 250
Step = Callable[[float], None]


@dataclass
class Fetched:
    """What a fetch of one entity did.

    Attributes
    ----------
    complete
        Whether the source had no further page.
    """

    entity: str
    recorded: bool
    via: str
    source: str
    pages: int = 0
    complete: bool = False
    counts: Counts = field(default_factory=Counts)

    def as_dict(self) -> dict[str, Any]:
        """Return the fetch as plain values."""
        plain = {n: getattr(self, n) for n in ("entity", "recorded", "via", "source", "pages", "complete")}
        return plain | self.counts.as_dict()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of OData, in its own language; ``top`` is the number of records wanted."""

    filter: str = ""
    expand: str = ""
    select: str = ""
    orderby: str = ""
    top: int | None = None

    def __bool__(self) -> bool:
        """Return whether anything is asked."""
        return bool(self.filter or self.expand or self.select or self.orderby or self.top is not None)

    def options(self) -> dict[str, str]:
        """Return the query options, without ``$top``.

        What the mirror needs of every record is added to ``$select``.
        """
        needed = ("Id", "ApiGewijzigdOp", "Verwijderd")
        chosen = [c for part in self.select.split(",") if (c := part.strip())]
        select = ",".join(dict.fromkeys((*chosen, *needed))) if chosen else ""
        given = {"$filter": self.filter, "$expand": self.expand, "$select": select, "$orderby": self.orderby}
        return {k: v for k, v in given.items() if v}


@dataclass(frozen=True, slots=True)
class _Page:
    rows: tuple[Row, ...]
    refused: dict[str, int]
    token: str
    last: bool
    note: str = ""


def fetch(
    mirror: Mirror,
    entity: str,
    line: Line,
    *,
    question: Question | None = None,
    via: str = "",
    max_pages: int | None = None,
    again: bool = False,
    step: Step | None = None,
) -> Fetched:
    """Fetch an entity until the source has no more, or for a number of pages.

    Parameters
    ----------
    question
        For OData; without one, and without ``via="odata"``, the feed is followed.
    again
        From the beginning, not from where the last run stopped.
    step
        Told of the number of records of every page.

    Raises
    ------
    InputError, MachineError, NotFoundError
        As `Line.get`; what was fetched before stays.
    """
    known = official(entity)
    if question and via == "feed":
        raise InputError("the feed takes no questions", remedy="leave --via feed out, or the filter")
    asked = question or Question()
    by_feed = not question and via != "odata"
    done = Fetched(known.name, known.recorded, "feed" if by_feed else "odata", line.base)
    name = f"{done.via} {known.name}"
    if not by_feed:
        name += "?" + urlencode({**asked.options(), **({"$top": str(asked.top)} if asked.top is not None else {})})
    if line.plain:
        done.counts.notes.append("the records came without encryption, so nobody vouches for their origin")
    with held(mirror.path.with_name(mirror.path.name + ".fetch.lock"), wait=False) as mine:
        if not mine:
            raise MachineError(
                "another process is fetching into this mirror", where=str(mirror.path), remedy="wait until it is done"
            )
        at = "" if again else (mirror.token(line.base, name) or "")
        pages = _feed(line, known, at) if by_feed else _odata(line, known, asked, at)
        while max_pages is None or done.pages < max_pages:
            page = next(pages, None)
            if page is None:
                break
            counts = Counts()
            for reason, amount in page.refused.items():
                counts.refuse(reason, amount)
            mirror.take(page.rows, counts, source=line.base, question=name, token=page.token)
            counts.notes += [page.note] if page.note else []
            done.counts.add(counts)
            done.pages += 1
            done.complete = page.last
            if step is not None:
                step(counts.read)
    return done


def official(name: str) -> Entity:
    """Return an entity of the House by its name.

    Raises
    ------
    NotFoundError
        If there is none of that name.
    """
    known = named(name)
    if known is None or not known.official:
        raise NotFoundError(
            f"there is no official entity {name!r}",
            remedy="entities: " + ", ".join(e.name for e in ENTITIES.values() if e.official),
        )
    return known


def _feed(line: Line, entity: Entity, at: str) -> Iterator[_Page]:
    seen = {at}
    while True:
        options = {"category": entity.name} | ({"skiptoken": at} if at else {})
        url = f"{line.base}{FEED}?{urlencode(options)}"
        page = line.get(url, lambda body: feedrows.page(body, url))  # noqa: B023  (read within this round)
        link = page.next or page.resume
        token = at
        if link is not None:
            found = feedrows.token(line.own(link, FEED))
            if found is None:
                raise InputError(
                    f"the link to the next page has no skiptoken: {link}", where=url, remedy="it is not followed"
                )
            token = found
        last = page.next is None or not page.entries
        # A next page seen before would lead round for ever; its records are kept, they do no harm.
        circle = not last and token in seen
        yield _Page(page.rows, page.refused, at if circle else token, last)
        if last:
            return
        if circle:
            raise MachineError(
                "the feed leads back to a page that was read before",
                where=url,
                remedy="what came is kept; give the same command later",
            )
        seen.add(token)
        at = token


def _odata(line: Line, entity: Entity, asked: Question, at: str) -> Iterator[_Page]:
    """Follow the links to next pages; where the server gives none (it does not with $top), count with $skip and say so."""
    path = f"{ODATA}/{entity.name}"
    options = asked.options()
    skip = int(at.removeprefix("skip:")) if at.startswith("skip:") else 0
    url = line.own(at, path) if at and not at.startswith("skip:") else ""
    counting = asked.top is not None or at.startswith("skip:")
    seen = set()
    while True:
        room = PAGE_ROWS if asked.top is None else min(PAGE_ROWS, asked.top - skip)
        if counting:
            if room <= 0:
                return
            order = {"$orderby": "Id"} | options  # without an order, pages that are counted may overlap or leave gaps
            url = _address(line, path, {**order, "$top": str(room), "$skip": str(skip)})
        elif not url:
            url = _address(line, path, options)
        listing = line.get(url, lambda body: _listing(body, url))  # noqa: B023  (read within this round)
        rows, refused = _rows(listing, entity)
        amount, note = len(listing.values), ""
        skip += amount
        if counting:
            last = amount < room or (asked.top is not None and skip >= asked.top)
            token = "" if last else f"skip:{skip}"
            note = (
                "with $top the source gives no link to a next page: pages were counted with $skip" if asked.top else ""
            )
        elif listing.next is not None:
            last, token = False, line.own(listing.next, path)
        else:
            last, token = amount < PAGE_ROWS, ""
            if not last:  # a full page without a link; counted pages have an order of their own, so from the beginning
                counting, skip, token = True, 0, "skip:0"
                note = "the source gave a full page without a link to the next: pages were counted with $skip instead"
        if token and token in seen:
            raise MachineError("the source leads back to a page that was read before", where=url)
        seen.add(token)
        yield _Page(rows, refused, token, last, note)
        if last:
            return
        url = "" if counting else token


def _address(line: Line, path: str, options: dict[str, str]) -> str:
    return f"{line.base}{path}" + (f"?{urlencode(options, quote_via=quote, safe='$,()/')}" if options else "")


def _listing(body: bytes, where: str) -> jsonrows.Listing:
    try:
        found = jsonrows.loads(body, where)
    except ValueError as error:
        raise DamagedError(f"the JSON is not whole: {error}") from None
    return jsonrows.listing(found, where)


def _rows(listing: jsonrows.Listing, entity: Entity) -> tuple[tuple[Row, ...], dict[str, int]]:
    rows: list[Row] = []
    refused: dict[str, int] = {}
    for value in listing.values:
        try:
            rows += list(jsonrows.rows(value, listing.entity or entity))
        except jsonrows.RefusedError as error:
            refused[str(error)] = refused.get(str(error), 0) + 1
    return tuple(rows), refused


def resource(line: Line, id: str) -> str:
    """Return the address of a file (the text of a document) by its identifier.

    Raises
    ------
    InputError
        If it is no identifier.
    """
    key = identifier(id)
    if key is None:
        raise InputError(
            f"{id!r} is no identifier of a file",
            remedy="it has 32 hexadecimal digits with dashes, for example 034af844-d38a-4b71-acbf-70f214d175fa",
        )
    return f"{line.base}{RESOURCES}/{key}"
