"""What does search read of a record, and how does that stay in step with the record?

A plain table holds what is searched; SQLite's FTS5 keeps its index by triggers, in the same transaction as the record.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from schakel.sources.tweedekamer.entities import ENTITIES
from schakel.sources.tweedekamer.merge import State
from schakel.sources.tweedekamer.values import day

LETTER = "Letter"
_TEXTS = "Documenttekst"
SCHEMA = """
CREATE TABLE doc(
    rowid INTEGER PRIMARY KEY, entity TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL, date TEXT,
    title TEXT NOT NULL, body TEXT NOT NULL, sha256 TEXT NOT NULL DEFAULT '',
    version TEXT NOT NULL DEFAULT '', UNIQUE(entity, key));
CREATE INDEX doc_kind ON doc(kind, entity);
CREATE VIRTUAL TABLE found USING fts5(
    number, title, body, content='doc', content_rowid='rowid', tokenize='unicode61 remove_diacritics 2', prefix='3');
CREATE TRIGGER doc_in AFTER INSERT ON doc BEGIN
    INSERT INTO found(rowid, number, title, body) VALUES (new.rowid, new.number, new.title, new.body);
END;
CREATE TRIGGER doc_out AFTER DELETE ON doc BEGIN
    INSERT INTO found(found, rowid, number, title, body) VALUES ('delete', old.rowid, old.number, old.title, old.body);
END;
CREATE TRIGGER doc_change AFTER UPDATE ON doc
WHEN old.number <> new.number OR old.title <> new.title OR old.body <> new.body BEGIN
    INSERT INTO found(found, rowid, number, title, body) VALUES ('delete', old.rowid, old.number, old.title, old.body);
    INSERT INTO found(rowid, number, title, body) VALUES (new.rowid, new.number, new.title, new.body);
END;
"""
RANKED = 10_000
"""Records weighed for one search text; of words that more hold, as "de" and "het", only those that came in last."""


def finding(kinds: int) -> str:
    """Return the statement that searches; with room for so many kinds, all of them when 0."""
    only = f"AND doc.kind IN ({', '.join('?' * kinds)})" if kinds else ""
    among = f"FROM found {'JOIN doc ON doc.rowid = found.rowid' if kinds else ''} WHERE found MATCH ? {only}"
    # the snippet is made for the finds shown only: making it for all would take most of the time
    return f"""
        SELECT doc.number, doc.kind, doc.title, doc.date, snippet(found, -1, ?, ?, '…', 24), best.score, doc.entity, doc.key
        FROM (SELECT found.rowid AS place, bm25(found, 8.0, 4.0, 1.0) AS score {among}
              AND found.rowid >= (SELECT min(late) FROM (SELECT found.rowid AS late {among} ORDER BY found.rowid DESC LIMIT {RANKED}))
              ORDER BY score, place LIMIT ?) AS best
        JOIN found ON found.rowid = best.place JOIN doc ON doc.rowid = best.place
        WHERE found MATCH ? ORDER BY best.score, best.place
    """


def statements(script: str) -> Iterator[str]:
    """Return the statements of a script one by one: `executescript` would end the running transaction."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def refresh(con: sqlite3.Connection, entity: str, key: str, number: str, state: State) -> None:
    """Bring what search knows of a record up to date."""
    if not ENTITIES[entity].kind:
        return
    fields: Mapping[str, Any] | None = None if state.deleted else state.fields
    text = ""
    if entity == _TEXTS:
        fields, number, text = _document(con, key, fields or {}, number)
        entity = "Document"
    elif entity == "Document":
        row = con.execute("SELECT fields FROM record WHERE entity = ? AND id = ?", (_TEXTS, key)).fetchone()
        text = str(json.loads(row[0]).get("tekst", "")) if row else ""
    if fields is None:
        con.execute("DELETE FROM doc WHERE entity = ? AND key = ?", (entity, key))
        return
    known = ENTITIES[entity]
    if entity == "Kamerstukdossier" and number and fields.get("toevoeging"):
        number = f"{number}-{fields['toevoeging']}"
    parts = [words(fields.get(name)) for name in known.body]
    when = day(fields.get(known.day))
    kind = "motie" if str(fields.get("soort") or "").lower().startswith("motie") else known.kind
    title = next((t for name in known.title if (t := words(fields.get(name)))), "")
    put(
        con,
        entity,
        key,
        kind,
        number,
        when.isoformat() if when else None,
        title or words(fields.get("titel")),
        "\n".join(p for p in (*parts, words(text)) if p),
    )


def _document(
    con: sqlite3.Connection, key: str, text: Mapping[str, Any], number: str
) -> tuple[Mapping[str, Any] | None, str, str]:
    """Return fields, number and text of a document whose text came in, which may be before the document did."""
    said = str(text.get("tekst") or "")
    row = con.execute(
        "SELECT number, deleted, fields FROM record WHERE entity = 'Document' AND id = ?", (key,)
    ).fetchone()
    if row is None:
        first = next((line for line in said.splitlines() if line.startswith(("MOTIE", "GEWIJZIGDE", "NADER"))), "")
        return {"soort": text.get("soort"), "onderwerp": first}, number, said
    return None if row[1] else json.loads(row[2]), row[0] or number, said


def put(
    con: sqlite3.Connection,
    entity: str,
    key: str,
    kind: str,
    number: str,
    when: str | None,
    title: str,
    body: str,
    sha256: str = "",
    version: str = "",
) -> None:
    """Write what is searched of one record; writing the same again costs nothing in the index."""
    con.execute(
        "INSERT INTO doc(entity, key, kind, number, date, title, body, sha256, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT(entity, key) DO UPDATE SET kind = excluded.kind, number = excluded.number, date = excluded.date, "
        "title = excluded.title, body = excluded.body, sha256 = excluded.sha256, "
        "version = excluded.version",
        (entity, key, kind, number, when, title, body, sha256, version),
    )


def words(value: object) -> str:
    """Return text that SQLite and FTS5 take: no lone surrogates, no NUL at which they would stop."""
    text = value if isinstance(value, str) else " ".join(map(str, value)) if isinstance(value, list) else ""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ").strip()
