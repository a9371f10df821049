"""What does the House's open data say, as far as it is here?

A mirror that may be thrown away: what the official interfaces gave, deletions honoured, in one SQLite file with full-text search.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from schakel.errors import InputError, NotFoundError
from schakel.sources.tweedekamer import files, indexing, motions, views
from schakel.sources.tweedekamer.entities import ENTITIES, KINDS, Entity, named
from schakel.sources.tweedekamer.query import expression
from schakel.sources.tweedekamer.record import MARK_CLOSE, MARK_OPEN, Counts, Hit, Record, Row
from schakel.sources.tweedekamer.store import Store

FILE_NAME = "official.sqlite"
MAX_HITS = 1000
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9]{0,60}")


class Card(Protocol):
    """What search must know of a letter: the shape of `schakel.dossiers.archive.model.LetterCard`."""

    @property
    def id(self) -> str:
        """Identifier."""

    @property
    def title(self) -> str:
        """Title."""

    @property
    def date(self) -> date | None:
        """Day it was written."""

    @property
    def sha256(self) -> str:
        """Hash of the file."""


class Mirror:
    """Official records in one file.

    Parameters
    ----------
    path
        The SQLite file; made when it is not there.

    Raises
    ------
    InputError, IntegrityError, MachineError
        If the file is of another program, damaged, or cannot be written.
    """

    def __init__(self, path: Path | str) -> None:
        self.store = Store(Path(path))
        self.path = self.store.path

    def close(self) -> None:
        """Close the file."""
        self.store.close()

    def __enter__(self) -> Mirror:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def take(
        self,
        rows: Iterable[Row],
        counts: Counts | None = None,
        *,
        source: str = "",
        question: str = "",
        token: str | None = None,
    ) -> Counts:
        """Take rows, and the place where the source goes on, in one transaction: all of it or nothing.

        Parameters
        ----------
        counts
            Counts of what was refused before; what comes of the rows is added to it.
        source, question, token
            Where a fetch stands after these rows; not written when ``token`` is None.
        """
        done = counts if counts is not None else Counts()
        with self.store.faults(), self.store.transaction():
            self.store.take(rows, done)
            if token is not None:
                self.store.keep_token(source, question, token, done.read)
        return done

    def token(self, source: str, question: str) -> str | None:
        """Return where a fetch stood; None when there was none."""
        with self.store.faults():
            return self.store.token(source, question)

    def import_file(self, path: Path | str, *, progress: Callable[[float], None] | None = None) -> Counts:
        """Take the records of a file: JSON of OData (also ``.jsonl`` and ``.gz``), a page of the SyncFeed, an official paper in XML.

        Raises
        ------
        InputError
            If the file is none of these, damaged or unsafe; nothing of it was taken.
        """
        counts = Counts()
        return self.take(files.read(Path(path), counts, progress=progress), counts)

    def get(self, entity: str, id: str) -> Record:
        """Return a record by its identifier or its number; a deleted one says so.

        Raises
        ------
        NotFoundError
            If it is not here.
        """
        known = _entity(entity)
        with self.store.faults():
            for column in ("id", "number"):
                value = indexing.words(id.lower() if column == "id" and known.official else id)
                for record in self.store.records(
                    f"r.entity = ? AND r.{column} = ? ORDER BY r.deleted, r.updated DESC LIMIT 1", (known.name, value)
                ):
                    return record
        raise NotFoundError(
            f"no {known.name} {id!r} is here",
            where=str(self.path),
            remedy=f"fetch it (schakel dossier fetch --category {known.name}) or import a file that has it",
        )

    def rows(self, entity: str, *, deleted: bool = False, **filter: Any) -> tuple[Record, ...]:
        """Return the records of an entity whose fields, or links, have these values; in the order of number, then identifier.

        Parameters
        ----------
        deleted
            Whether records that the source deleted are among them.

        Examples
        --------
        ``mirror.rows("Zaak", soort="Motie")``; ``mirror.rows("Stemming", besluit=identifier)``.
        """
        known = _entity(entity)
        where = "r.entity = ?"
        values: list[Any] = [known.name]
        if not deleted:
            where += " AND r.deleted = 0"
        for name, value in filter.items():
            if not _FIELD.fullmatch(name):
                raise InputError(f"{name!r} is no name of a field")
            if known.target(name) and name not in known.fields:
                where += " AND EXISTS (SELECT 1 FROM relation WHERE rid = r.rid AND name = ? AND target = ?)"
                values += [name, value]
            elif name in {"id", "number"}:
                where += f" AND r.{name} = ?"
                values.append(value)
            else:
                where += f" AND json_extract(r.fields, '$.{name}') IS ?"
                values.append(int(value) if isinstance(value, bool) else value)
        with self.store.faults():
            return tuple(self.store.records(f"{where} ORDER BY r.number, r.id", values))

    def linked(self, record: Record, link: str) -> tuple[Record, ...]:
        """Return the records that a record's link leads to, as far as they are here and not deleted."""
        there = ENTITIES[record.entity].target(link)
        found: list[Record] = []
        with self.store.faults():
            for target in record.relations.get(link, ()) if there else ():
                found += self.store.records("r.entity = ? AND r.id = ? AND r.deleted = 0", (there, target))
        return tuple(found)

    def linking(self, entity: str, link: str, id: str) -> tuple[Record, ...]:
        """Return the records of an entity whose link leads to an identifier; the identifier itself need not be here yet."""
        with self.store.faults():
            return tuple(
                self.store.records(
                    # the pluses keep SQLite from walking through all of the entity for the sake of the order
                    "r.rid IN (SELECT rid FROM relation WHERE target = ? AND name = ?) AND +r.entity = ? AND +r.deleted = 0 "
                    "ORDER BY +r.number, +r.id",
                    (id, link, _entity(entity).name),
                )
            )

    def linking_all(self, entity: str, link: str, ids: Collection[str]) -> dict[str, list[Record]]:
        """Return what `linking` does for many identifiers at once; those with nothing hold an empty list."""
        name = _entity(entity).name
        out: dict[str, list[Record]] = {i: [] for i in ids}
        with self.store.faults():
            for record in self.store.records(
                "r.rid IN (SELECT rid FROM relation WHERE name = ? AND target IN (SELECT value FROM json_each(?))) "
                "AND +r.entity = ? AND +r.deleted = 0 ORDER BY +r.number, +r.id",
                (link, json.dumps(list(out)), name),
            ):
                for target in record.relations[link]:
                    if target in out:
                        out[target].append(record)
        return out

    def motion_records(self, entity: str, since: date | None = None) -> tuple[Record, ...]:
        """Return the cases, or the papers, that are motions; of a day and later, or without a day."""
        with self.store.faults():
            return tuple(
                self.store.records(
                    "r.entity = ? AND r.id IN (SELECT key FROM doc WHERE kind = 'motie' AND entity = ? "
                    "AND (date IS NULL OR date >= ?)) ORDER BY r.number, r.id",
                    (_entity(entity).name, _entity(entity).name, since.isoformat() if since else ""),
                )
            )

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Return the number of records and of deleted ones by entity."""
        with self.store.faults():
            found = self.store.con.execute(
                "SELECT entity, sum(deleted = 0), sum(deleted) FROM record GROUP BY entity ORDER BY entity"
            )
            return {entity: (here, gone) for entity, here, gone in found}

    def waiting(self) -> Mapping[str, int]:
        """Return by ``Entity.link`` how many records are pointed at that are not here: they may come yet."""
        out: dict[str, int] = {}
        with self.store.faults():
            found = self.store.con.execute(
                "SELECT r.entity, l.name, count(DISTINCT l.target) FROM relation AS l JOIN record AS r ON r.rid = l.rid "
                "WHERE NOT EXISTS (SELECT 1 FROM record AS t WHERE t.entity = target_of(r.entity, l.name) AND t.id = l.target) "
                "GROUP BY 1, 2 ORDER BY 1, 2"
            )
            for entity, link, amount in found:
                out[f"{entity}.{link}"] = amount
        return out

    def toezeggingen(self) -> tuple[views.Toezegging, ...]:
        """Return the commitments of the House's register, by number."""
        return views.toezeggingen(self)

    def moties(self, since: date | None = None) -> tuple[motions.Motie, ...]:
        """Return the motions with what the House decided, newest first; of all years, or of a day and later.

        All of a full mirror take many seconds; a year of them takes its share of that. A motion without a day is always among them.
        """
        return motions.moties(self, since)

    def activiteiten(self) -> tuple[views.Activiteit, ...]:
        """Return the activities with what replaced them, by day."""
        return views.activiteiten(self)

    def search(self, query: str, limit: int = 20, kinds: Collection[str] = ()) -> tuple[Hit, ...]:
        """Return what is found for a search text, best first; of more than `indexing.RANKED` finds, the best of those that came in last.

        Parameters
        ----------
        query
            As `query.expression` reads it.
        kinds
            Only these of `entities.KINDS`; all when empty.

        Raises
        ------
        InputError
            If the text holds no word to look for, a kind is unknown, or the limit is not between 1 and 1,000.
        """
        if not 1 <= limit <= MAX_HITS:
            raise InputError(f"{limit} finds cannot be asked for", remedy=f"ask for 1 to {MAX_HITS:,}")
        for kind in kinds:
            if kind not in KINDS:
                raise InputError(f"{kind!r} is no kind of record", remedy="kinds: " + ", ".join(KINDS))
        asked = expression(query)
        sql = indexing.finding(len(kinds))
        with self.store.faults():
            rows = self.store.con.execute(
                sql, (MARK_OPEN, MARK_CLOSE, asked, *kinds, asked, *kinds, limit, asked)
            ).fetchall()
        return tuple(
            Hit(number or key, kind, title, date.fromisoformat(when) if when else None, snippet, -score, entity, key)
            for number, kind, title, when, snippet, score, entity, key in rows
        )

    def index_letter(self, id: str, title: str, date: date | None, text: str, *, version: str = "") -> bool:
        """Let search find an imported letter; return whether that changed what it finds.

        The same letter again changes nothing; another text under the same identifier takes its place. ``version`` is what the
        caller knows the letter's state by (`sync_letters`).
        """
        id = indexing.words(id)
        digest = hashlib.sha256(f"{title}\0{date}\0{text}".encode("utf-8", "replace")).hexdigest()
        with self.store.faults(), self.store.transaction() as con:
            had = con.execute("SELECT sha256 FROM doc WHERE entity = ? AND key = ?", (indexing.LETTER, id)).fetchone()
            if had and had[0] == digest:
                if version:
                    con.execute(
                        "UPDATE doc SET version = ? WHERE entity = ? AND key = ?", (version, indexing.LETTER, id)
                    )
                return False
            when, heading, said = date.isoformat() if date else None, indexing.words(title), indexing.words(text)
            indexing.put(con, indexing.LETTER, id, "letter", id, when, heading, said, digest, version)
        return True

    def sync_letters(self, cards: Iterable[Card], text: Callable[[str], str]) -> int:
        """Let search find these imported letters and no others; return how many changed.

        Parameters
        ----------
        cards
            Every letter of the archive.
        text
            Gives the text of a letter by its identifier; asked only for letters that are new or have another hash than before.
        """
        had, changed = self.indexed_letters(), 0
        here = set()
        for card in cards:
            here.add(card.id)
            if had.get(card.id) != card.sha256:
                changed += self.index_letter(card.id, card.title, card.date, text(card.id), version=card.sha256)
        for gone in had.keys() - here:
            self.drop_letter(gone)
            changed += 1
        return changed

    def indexed_letters(self) -> Mapping[str, str]:
        """Return the letters that search finds: their version by identifier, empty when none was given."""
        with self.store.faults():
            return dict(self.store.con.execute("SELECT key, version FROM doc WHERE entity = ?", (indexing.LETTER,)))

    def drop_letter(self, id: str) -> None:
        """Take a letter out of search."""
        with self.store.faults(), self.store.transaction() as con:
            con.execute("DELETE FROM doc WHERE entity = ? AND key = ?", (indexing.LETTER, id))


def _entity(name: str) -> Entity:
    found = named(name)
    if found is None:
        raise NotFoundError(f"there is no entity {name!r}", remedy="entities: " + ", ".join(ENTITIES))
    return found
