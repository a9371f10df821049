"""The table of benchmarks/dossiers.py in two languages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

WORKS = {
    "cite:digits and hyphens": ("citations in 1 MB of digits and hyphens", "verwijzingen in 1 MB cijfers en streepjes"),
    "cite:spaces": ("the same, spaces", "hetzelfde, spaties"),
    "cite:nr.": ("the same, `nr. `", "hetzelfde, `nr. `"),
    "cite:Kamerstuk": ("the same, `Kamerstuk `", "hetzelfde, `Kamerstuk `"),
    "cite:brackets": ("the same, brackets", "hetzelfde, haken"),
    "cite:(34952-": ("the same, `(34952-`", "hetzelfde, `(34952-`"),
    "cite:Kamerstuk 12345-": ("the same, 62,500 times `Kamerstuk 12345-`", "hetzelfde, 62.500 maal `Kamerstuk 12345-`"),
    "text:read": ("letter of 500 pages, text: read", "brief van 500 bladzijden, tekst: lezen"),
    "text:cite": ("citations in it, 3,000", "verwijzingen erin, 3.000"),
    "text:analyse": ("read it and find all facts", "lezen en alle feiten vinden"),
    "text:import": ("import it", "importeren"),
    "text:again": ("import it again", "nog eens importeren"),
    "pdf:read": ("letter of 500 pages, PDF: read", "brief van 500 bladzijden, PDF: lezen"),
    "pdf:cite": ("citations in it, 3,000", "verwijzingen erin, 3.000"),
    "pdf:analyse": ("read it and find all facts", "lezen en alle feiten vinden"),
    "pdf:import": ("import it", "importeren"),
    "pdf:again": ("import it again", "nog eens importeren"),
    "letters:import": ("1,000 letters of a page: import", "1.000 brieven van een bladzijde: importeren"),
    "letters:again": ("import them again", "nog eens importeren"),
    "due:cold": ("what is due on a day, first question", "wat op een dag loopt, eerste vraag"),
    "due:warm": ("the same, asked again", "hetzelfde, nog eens gevraagd"),
    "conflicts": ("conflicts between the letters", "tegenspraken tussen de brieven"),
    "mirror:import": ("100,000 official records: import", "100.000 officiële gegevens: importeren"),
    "search:topical": ("search: a topical word", "zoeken: een woord op onderwerp"),
    "search:number": ("search: a number", "zoeken: een nummer"),
    "search:stop word": ("search: a stop word, in all records", "zoeken: een stopwoord, in alle gegevens"),
    "search:two words": ("search: two words", "zoeken: twee woorden"),
    "SQLite:append": ("50,000 events by 500, SQLite", "50.000 gebeurtenissen per 500, SQLite"),
    "SQLite:verify": ("verify them", "ze controleren"),
    "SQLite:one": ("500 more, one at a time", "nog 500, een voor een"),
    "PostgreSQL:append": ("50,000 events by 500, PostgreSQL", "50.000 gebeurtenissen per 500, PostgreSQL"),
    "PostgreSQL:verify": ("verify them", "ze controleren"),
    "PostgreSQL:one": ("500 more, one at a time", "nog 500, een voor een"),
}
FLOORS = {
    "scan": ("`\\d+` over the characters", "`\\d+` over de tekens"),
    "text": ("read file, `\\d+` over it", "bestand lezen, `\\d+` erover"),
    "pdf": ("PDFium's text, nothing more", "de tekst van PDFium, meer niet"),
    "insert": ("the same texts into a bare table", "dezelfde teksten in een kale tabel"),
    "hash": ("sha256 of the files", "sha256 van de bestanden"),
    "facts": ("read and parse the kept facts", "bewaarde feiten lezen en ontleden"),
    "fts insert": ("parse, insert into bare FTS5", "ontleden, in kale FTS5 zetten"),
    "fts": ("bare FTS5, 20 best", "kale FTS5, 20 beste"),
    "rows": ("rows into a bare SQLite table", "rijen in een kale SQLite-tabel"),
    "rows one by one": ("the same, one at a time", "hetzelfde, een voor een"),
    "read and hash": ("read the rows, hash each", "rijen lezen, van elk de hash"),
}
WORDS = {
    "en": {
        "head": "| work | CPU s | elapsed s | asked s | peak MB | floor | CPU s | elapsed s | x floor, CPU | x floor, elapsed |",
        "about": "{processor}, Linux, Python {python}, SQLite {sqlite}. The whole run took {minutes} minutes at a load of {low} to {high}"
        " on {cores} cores{quiet}.",
        "loud": ": **the machine was not quiet**, so elapsed times are more than an idle machine gives; ratios are of one run",
    },
    "nl": {
        "head": "| werk | CPU s | verstreken s | gevraagd s | piek MB | ondergrens | CPU s | verstreken s | x ondergrens, CPU | x ondergrens, verstreken |",
        "about": "{processor}, Linux, Python {python}, SQLite {sqlite}. De hele meting duurde {minutes} minuten bij een belasting van {low}"
        " tot {high} op {cores} kernen{quiet}.",
        "loud": ": **de machine was niet rustig**, dus verstreken tijden zijn langer dan op een stille machine; verhoudingen zijn van"
        " één meting",
    },
}


def processor() -> str:
    """Return the name of the processor."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), "unknown processor")


def number(value: float, lang: str) -> str:
    """Return a figure with two or three digits that count, as the language writes it."""
    places = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 4
    said = f"{value:,.{places}f}"
    return said if lang == "en" else said.translate(str.maketrans(",.", ".,"))


def table(rows: list[dict[str, Any]], lang: str, about: dict[str, str]) -> str:
    """Return the lines of the section: the machine and its load, then the table."""
    words, which = WORDS[lang], ("en", "nl").index(lang)
    cores = os.cpu_count() or 1
    quiet = words["loud"] if float(about["high"]) > cores else ""
    said = {
        k: v if lang == "en" or k in {"python", "sqlite", "processor"} else v.replace(".", ",")
        for k, v in about.items()
    }
    lines = [
        words["about"].format(**said, cores=cores, quiet=quiet),
        "",
        words["head"],
        "|---|--:|--:|--:|--:|---|--:|--:|--:|--:|",
    ]
    for r in rows:
        cells = [
            WORKS[r["work"]][which],
            number(r["cpu"], lang),
            number(r["wall"], lang),
            ""
            if r["asked"] is None
            else f"< {r['asked']:g}"
            if lang == "en"
            else f"< {r['asked']:g}".replace(".", ","),
            f"{r['peak_mb']:.0f}",
            FLOORS[r["floor"]][which],
            number(r["floor_cpu"], lang),
            number(r["floor_wall"], lang),
            number(r["cpu"] / max(r["floor_cpu"], 1e-6), lang),
            number(r["wall"] / max(r["floor_wall"], 1e-6), lang),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
