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
import hashlib
import json
import os
import platform
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import dossiers_page
from dossiers_stores import mirror, register
from dossiers_timing import FULL, ON, SMALL, Row, Size, bare, beside, digits, letter, stored, timed, warm

ROOT = Path(__file__).parents[1]
PAGES = {"en": ROOT / "docs/benchmarks-dossiers.md", "nl": ROOT / "docs/nl/benchmarks-dossiers.md"}
BEGIN, END = "<!-- figures: written by benchmarks/dossiers.py --docs -->", "<!-- end of figures -->"
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
        archive = Archive(register)
        cpu, wall = timed(lambda: archive.import_files(paths, author="benchmark"))
    kept = stored(file)
    floor = timed(lambda: bare(folder / "bare.sqlite", kept), 3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Row("letters:import", "insert", cpu, wall, *floor, None, peak)
    with Register(file) as register:
        archive = Archive(register)
        again = timed(lambda: archive.import_files(paths, author="benchmark"))
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
