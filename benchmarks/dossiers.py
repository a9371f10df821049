"""How long do reading letters, asking the archive, searching the mirror and keeping the register take, beside the plain floor?

    python benchmarks/dossiers.py [characters text pdf letters mirror register] [--small] [--docs]

Beside each work stands, measured in the same process on the same input, a floor: the least that any program would have to do
(one plain regular expression over the same characters, the same rows into a bare table, the same stored facts parsed). Each case
is a process of its own, so that its peak memory is its own, imports included. `--docs` writes the table into the pages
docs/benchmarks-dossiers.md and docs/nl/benchmarks-dossiers.md. PostgreSQL is measured where `SCHAKEL_BENCH_POSTGRES` is the URL
of an empty database, or where the server that the tests start can be started; else it is skipped by name.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import hashlib
import json
import os
import platform
import random
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGES = {"en": ROOT / "docs/benchmarks-dossiers.md", "nl": ROOT / "docs/nl/benchmarks-dossiers.md"}
BEGIN, END = "<!-- figures: written by benchmarks/dossiers.py --docs -->", "<!-- end of figures -->"
ON = date(2026, 1, 15)


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    characters: int = 1_000_000
    pages: int = 500
    letters: int = 1_000
    records: int = 100_000
    events: int = 50_000


FULL, SMALL = Size(), Size(2_000, 2, 4, 50, 40)


@dataclass(frozen=True)
class Row:
    """A measurement: seconds of processor and clock, of the work and of its floor."""

    work: str
    floor: str
    cpu: float
    wall: float
    floor_cpu: float
    floor_wall: float
    asked: float | None = None
    peak_mb: float = 0.0


def timed(work: Callable[[], Any], times: int = 1) -> tuple[float, float]:
    """Return processor and elapsed seconds of one turn, the least of several."""
    found = []
    for _ in range(times):
        gc.collect()
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        found.append((time.process_time() - cpu, time.perf_counter() - wall))
    return min(x[0] for x in found), min(x[1] for x in found)


def beside(work: str, do: Callable[[], Any], floor: str, least: Callable[[], Any], times: int = 1,
           asked: float | None = None, floors: int = 3) -> Row:  # fmt: skip
    """Measure a work and its floor, one after the other."""
    cpu, wall = timed(do, times)
    floor_cpu, floor_wall = timed(least, floors)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Row(work, floor, cpu, wall, floor_cpu, floor_wall, asked, peak)


def digits(text: str) -> int:
    """The plain scan of a text."""
    return sum(1 for _ in re.finditer(r"\d+", text))


UNITS = ("digits and hyphens", "spaces", "nr.", "Kamerstuk", "brackets", "(34952-", "Kamerstuk 12345-")


def characters(size: Size, folder: Path) -> Iterator[Row]:
    """A million characters that look like citations and are none, or are nothing but citations."""
    from schakel.dossiers.citations import cite

    choose = random.Random(1)
    unit = dict(zip(UNITS, ("", " ", "nr. ", "Kamerstuk ", "", "(34952-", "Kamerstuk 12345-"), strict=True))
    cite("Kamerstuk 33 009, nr. 138")
    for name in UNITS:
        some = {"digits and hyphens": "0123456789-", "brackets": "([])"}.get(name)
        text = "".join(choose.choices(some, k=size.characters)) if some else unit[name] * size.characters
        text = text[: size.characters]
        asked = 1.0 if name == "digits and hyphens" else None
        yield beside(f"cite:{name}", lambda t=text: cite(t), "scan", lambda t=text: digits(t), 1, asked)  # type: ignore[misc]


def letter(pages: int, number: int = 1) -> str:
    """Return a made-up letter with some 2,500 characters, six citations, two commitments and an amount a page."""
    out = [
        f"Nummer: 2025D{number:05d}\nDatum 3 februari 2025\nBetreft Het programma nummer {number}\n\nGeachte Voorzitter,\n"
    ]
    for page in range(pages):
        n = page + 7 * number
        out.append(f"In paragraaf {page} staat wat de provincies en de gemeenten samen doen aan onderdeel {n}. " * 12)
        out += [f"De Kamer is hierover bericht (Kamerstuk 33 009, nr. {(n + k) % 170 + 1}). " for k in range(6)]
        out.append(
            "De uitvoering, de kosten en het draagvlak in de regio krijgen ieder kwartaal aandacht van de partijen. "
            * 8
        )
        out.append(
            f"\nUw Kamer wordt voor de zomer van 2025 geïnformeerd over onderdeel {n}. Ik zal voor 1 oktober 2025 een plan voor"
        )
        out.append(
            f" onderdeel {n} naar uw Kamer sturen. Het kabinet stelt € {n % 90 + 10} miljoen beschikbaar voor Programma{n}.\n"
        )
    return "".join(out)


def bare(path: Path, texts: list[str]) -> None:
    """Put texts into a table of a new SQLite file, by their hash, safely on disk."""
    path.unlink(missing_ok=True)
    con = sqlite3.connect(path)
    con.execute("PRAGMA synchronous = FULL")
    con.execute("CREATE TABLE texts (sha256 TEXT PRIMARY KEY, text BLOB)")
    con.executemany(
        "INSERT OR IGNORE INTO texts VALUES (?, ?)",
        ((hashlib.sha256(t.encode()).hexdigest(), t.encode()) for t in texts),
    )
    con.commit()
    con.close()


def stored(path: Path) -> list[str]:
    """Return all texts of a register."""
    with contextlib.closing(sqlite3.connect(path)) as con:
        return [bytes(t).decode() for (t,) in con.execute("SELECT text FROM texts")]


def warm(folder: Path) -> None:
    """Load what is loaded at first use, so that it is not in the times."""
    from schakel.dossiers.archive import Archive
    from schakel.register import Register

    path = folder / "warm.txt"
    path.write_text(letter(1, 99_999), "utf-8")
    with Register(folder / "warm.sqlite") as register:
        archive = Archive(register)
        archive.import_file(path, author="benchmark")
        archive.due(ON)
        archive.conflicts()


def one_letter(kind: str, path: Path, size: Size, folder: Path, plain: Callable[[], Any]) -> Iterator[Row]:
    """Read, cite, analyse, import and import again."""
    from schakel.dossiers.archive import Archive, analyse
    from schakel.dossiers.citations import cite
    from schakel.dossiers.reading import read
    from schakel.register import Register

    warm(folder)
    asked = 30.0 if size == FULL else None
    document = read(path)
    text = document.text.cleaned
    yield beside(f"{kind}:read", lambda: read(path), kind, plain, 1, asked, 1)
    yield beside(f"{kind}:cite", lambda: cite(document.text), "scan", lambda: digits(text), 1, asked)
    yield beside(f"{kind}:analyse", lambda: analyse(path), "scan", lambda: digits(text), 1, asked)
    file = folder / f"{kind}.sqlite"
    with Register(file) as register:
        archive = Archive(register)
        cpu, wall = timed(lambda: archive.import_file(path, author="benchmark"))
        kept = stored(file)
        floor = timed(lambda: bare(folder / "bare.sqlite", kept), 3)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield Row(f"{kind}:import", "insert", cpu, wall, *floor, asked, peak)
        yield beside(f"{kind}:again", lambda: archive.import_file(path, author="benchmark"), "hash",
                     lambda: hashlib.sha256(path.read_bytes()).hexdigest(), 1, asked)  # fmt: skip


def text(size: Size, folder: Path) -> Iterator[Row]:
    """A letter of 500 pages as text."""
    path = folder / "letter.txt"
    path.write_text(letter(size.pages), "utf-8")
    yield from one_letter("text", path, size, folder, lambda: digits(path.read_text("utf-8")))


def pdf(size: Size, folder: Path) -> Iterator[Row]:
    """A letter of 500 pages as PDF."""
    import pypdfium2
    import typst

    path = folder / "letter.pdf"
    made = letter(size.pages).replace("€", "EUR").replace("\n", "\n\n")
    path.write_bytes(typst.compile(f'#set page(paper: "a4")\n#set text(size: 10pt)\n{made}'.encode()))

    def plain() -> int:
        document = pypdfium2.PdfDocument(path)
        return sum(len(page.get_textpage().get_text_bounded()) for page in document)

    yield from one_letter("pdf", path, size, folder, plain)


def letters(size: Size, folder: Path) -> Iterator[Row]:
    """A thousand letters of a page: import, due and conflicts."""
    from schakel.dossiers.archive import Archive
    from schakel.dossiers.archive import state as states
    from schakel.register import Register

    warm(folder)
    paths = []
    for n in range(1, size.letters + 1):
        paths.append(folder / f"letter-{n:05d}.txt")
        paths[-1].write_text(letter(1, n), "utf-8")
    file = folder / "letters.sqlite"
    with Register(file) as register:
        cpu, wall = timed(lambda: Archive(register).import_files(paths, author="benchmark"))
    kept = stored(file)
    floor = timed(lambda: bare(folder / "bare.sqlite", kept), 3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Row("letters:import", "insert", cpu, wall, *floor, None, peak)
    again = timed(lambda: Archive(Register(file)).import_files(paths, author="benchmark"))
    floor = timed(lambda: [hashlib.sha256(p.read_bytes()).digest() for p in paths], 3)
    yield Row("letters:again", "hash", *again, *floor, None, peak)
    with Register(file) as register:
        core = [r.core_sha256 for r in states.load(register).letters.values()]
    states._STATES.clear()
    states._PARSED.clear()

    def parsed() -> list[Any]:
        with contextlib.closing(sqlite3.connect(file)) as con:
            said = con.execute(
                "SELECT text FROM texts WHERE sha256 IN (SELECT value FROM json_each(?))", (json.dumps(core),)
            )
            return [json.loads(bytes(t)) for (t,) in said]

    with Register(file) as register:
        archive = Archive(register)
        assert len(parsed()) == len(core)
        yield beside("due:cold", lambda: archive.due(ON), "facts", parsed)
        yield beside("due:warm", lambda: archive.due(ON), "facts", parsed, 3)
        yield beside("conflicts", archive.conflicts, "facts", parsed, 1)


WORDS = ["grondstoffen", "weerbaarheid", "defensie", "energie", "halfgeleiders", "voorraad", "regio", "provincie", "uitvoering", "begroting", "toezicht", "haven", "netcongestie", "woningbouw", "stikstof", "landbouw", "onderwijs", "zorg", "ruimtevaart", "kwantum"]  # fmt: skip


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
    sys.path.insert(0, str(ROOT / "tests"))
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
                yield beside(
                    f"{name}:append", lambda b=book: batches(b), "rows", lambda: rows(500, len(made)), 1, None, 1
                )  # type: ignore[misc]
                yield beside(f"{name}:verify", book.verify, "read and hash", hashed, 1, None, 1)
                yield beside(
                    f"{name}:one", lambda b=book: alone(b), "rows one by one", lambda: rows(1, single), 1, None, 1
                )  # type: ignore[misc]


CASES: dict[str, Callable[[Size, Path], Iterator[Row]]] = {
    "characters": characters,
    "text": text,
    "pdf": pdf,
    "letters": letters,
    "mirror": mirror,
    "register": register,
}


def run(case: str, small: bool) -> list[Row]:
    """Measure one case in a process of its own."""
    command = [sys.executable, __file__, case, "--one", *(["--small"] if small else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [Row(**json.loads(line)) for line in done.stdout.splitlines()]


def main(arguments: list[str]) -> int:
    """Measure and print."""
    import dossiers_page

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help="of: " + ", ".join(CASES))
    parser.add_argument("--small", action="store_true", help="so little that it only shows that it runs")
    parser.add_argument("--docs", action="store_true", help="write the table into the documentation")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.cases) - set(CASES):
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    if chosen.docs and (chosen.small or chosen.cases):
        parser.error("the documentation holds whole runs only")
    if chosen.one:
        with tempfile.TemporaryDirectory(prefix="schakel-bench-") as folder:
            os.environ["SCHAKEL_HOME"] = folder
            for row in CASES[chosen.cases[0]](SMALL if chosen.small else FULL, Path(folder)):
                print(json.dumps(asdict(row)), flush=True)
        return 0
    began, loads = time.perf_counter(), [os.getloadavg()[0]]
    rows = []
    for case in chosen.cases or CASES:
        rows += run(case, chosen.small)
        loads.append(os.getloadavg()[0])
    about = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "processor": dossiers_page.processor(),
             "low": f"{min(loads):.1f}", "high": f"{max(loads):.1f}", "minutes": f"{(time.perf_counter() - began) / 60:.1f}"}  # fmt: skip
    print(dossiers_page.table([asdict(r) for r in rows], "en", about))
    if chosen.docs:
        for lang, page in PAGES.items():
            before, rest = page.read_text("utf-8").split(BEGIN)
            made = dossiers_page.table([asdict(r) for r in rows], lang, about)
            page.write_text(f"{before}{BEGIN}\n\n{made}\n{END}{rest.split(END, 1)[1]}", "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
