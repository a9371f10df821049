"""What the benchmarks of dossiers have in common: how much of everything, made-up letters, and a work beside its floor."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import re
import resource
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

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
