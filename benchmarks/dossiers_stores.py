"""The mirror of official records and the register: import, search, append and verify, beside bare tables."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import sqlite3
import sys
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dossiers_timing import Row, Size, beside, warm

WORDS = (
    *(
        "grondstoffen",
        "weerbaarheid",
        "defensie",
        "energie",
        "halfgeleiders",
        "voorraad",
        "regio",
        "provincie",
        "uitvoering",
    ),
    *("begroting", "toezicht", "haven", "netcongestie", "woningbouw", "stikstof", "landbouw", "onderwijs", "zorg"),
    *("ruimtevaart", "kwantum"),
)


def mirror(size: Size, folder: Path) -> Iterator[Row]:
    """A hundred thousand official records: import and search."""
    from schakel.sources.tweedekamer import Mirror

    choose = random.Random(3)
    small = ["de", "het", "van", "en", "een"]
    rows = []
    for n in range(size.records):
        subject = f"Brief {' '.join(choose.choices(WORDS, weights=range(1, len(WORDS) + 1), k=5))} van de " + " ".join(
            choose.choices(small, k=4)
        )
        key = hashlib.md5(str(n).encode(), usedforsecurity=False).hexdigest()
        rows.append({
            "Id": f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}", "Nummer": f"2024Z{n:06d}",
            "Soort": "Motie" if n % 5 == 0 else "Brief regering", "Titel": f"Onderdeel {n % 997}", "Onderwerp": subject,
            "GestartOp": "2024-01-04T00:00:00+01:00", "Status": "Vrijgegeven", "Organisatie": "Tweede Kamer",
            "Vergaderjaar": "2023-2024", "Volgnummer": n, "Afgedaan": True, "GrootProject": False, "Verwijderd": False,
            "GewijzigdOp": "2024-02-19T10:59:02.367+01:00", "ApiGewijzigdOp": "2024-02-19T12:02:43.5191588Z",
        })  # fmt: skip
    path = folder / "zaak.json"
    path.write_text(
        json.dumps(
            {"@odata.context": "https://gegevensmagazijn.tweedekamer.nl/OData/v4/2.0/$metadata#Zaak", "value": rows}
        ),
        "utf-8",
    )
    floor = sqlite3.connect(folder / "plain.sqlite")

    def inserted() -> None:
        floor.executescript("DROP TABLE IF EXISTS found; CREATE VIRTUAL TABLE found USING fts5(number, subject);")
        read = json.loads(path.read_text("utf-8"))["value"]
        floor.executemany(
            "INSERT INTO found VALUES (?, ?)", ((r["Nummer"], f"{r['Titel']} {r['Onderwerp']}") for r in read)
        )
        floor.commit()

    with Mirror(folder / "official.sqlite") as made:
        yield beside("mirror:import", lambda: made.import_file(path), "fts insert", inserted, 1, None, 1)
        if made.counts() != {"Zaak": (size.records, 0)}:
            raise SystemExit(f"not all records were taken: {made.counts()}")

        def plain(word: str) -> list[Any]:
            return floor.execute(
                "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rank LIMIT 20", (word,)
            ).fetchall()

        for name, word in (("topical", "ruimtevaart"), ("number", f"2024Z{size.records // 2:06d}"), ("stop word", "de"),
                           ("two words", "grondstoffen kwantum")):  # fmt: skip
            if not made.search(word):
                raise SystemExit(f"nothing found for {word}")
            yield beside(f"search:{name}", lambda w=word: made.search(w), "fts", lambda w=word: plain(w), 5, 0.1, 5)  # type: ignore[misc]
    floor.close()


@contextlib.contextmanager
def postgres() -> Iterator[str | None]:
    """Give the URL of an empty database, or None."""
    given = os.environ.get("SCHAKEL_BENCH_POSTGRES")
    if given or find_spec("psycopg") is None or find_spec("pytest") is None:
        yield given
        return
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    postgres_server: Any = import_module("postgres_server")

    if postgres_server.binaries() is None:
        yield None
        return
    with postgres_server.running() as server, server.database("bench") as url:
        yield url


def register(size: Size, folder: Path) -> Iterator[Row]:
    """Fifty thousand events: recorded in batches of 500 and a few one at a time, and verified."""
    from schakel.register import Register
    from schakel.register.event import entry

    warm(folder)
    made = [
        entry(
            "note", f"x/{n % 1000}", {"n": n, "why": "measured"}, author="A", reason="because", valid_from="2026-01-01"
        )
        for n in range(size.events)
    ]
    single = max(1, size.events // 100)

    def batches(to: Any) -> None:
        for start in range(0, len(made), 500):
            to.append_all(made[start : start + 500])

    def alone(to: Any) -> None:
        for one in made[:single]:
            to.append_all([one])

    bare_file = folder / "bare.sqlite"

    def rows(each: int, some: int) -> None:
        bare_file.unlink(missing_ok=True)
        con = sqlite3.connect(bare_file)
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("PRAGMA synchronous = FULL")
        con.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, subject TEXT, payload TEXT, hash TEXT UNIQUE)")
        for start in range(0, some, each):
            con.executemany("INSERT INTO events VALUES (?, ?, ?, ?)", (
                (n, f"x/{n % 1000}", json.dumps({"n": n}), hashlib.sha256(str(n).encode()).hexdigest())
                for n in range(start, min(some, start + each))
            ))  # fmt: skip
            con.commit()
        con.close()

    def hashed() -> None:
        with contextlib.closing(sqlite3.connect(folder / "register.sqlite")) as con:
            for row in con.execute("SELECT * FROM events"):
                hashlib.sha256(json.dumps(row).encode()).digest()

    with postgres() as url:
        for name, where in (("SQLite", str(folder / "register.sqlite")), ("PostgreSQL", url)):
            if where is None:
                print("PostgreSQL: skipped, no server here", file=sys.stderr)
                continue
            with Register(where) as book:
                yield beside(f"{name}:append", partial(batches, book), "rows", lambda: rows(500, len(made)), floors=1)
                yield beside(f"{name}:verify", book.verify, "read and hash", hashed, floors=1)
                yield beside(f"{name}:one", partial(alone, book), "rows one by one", lambda: rows(1, single), floors=1)
