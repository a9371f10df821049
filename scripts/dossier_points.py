"""Which paper numbers had which dossiers reached on which day? Writes src/schakel/dossiers/citations/dossiers.csv.

Reads the Chamber's open data (OData entities Zaak and Document as JSON, official XML of papers; CC0), in the folder given:
a paper with its own number and date is a point; a title that names a paper shows that the paper existed by then.

    python scripts/dossier_points.py FOLDER [PAIRS.csv ...]

PAIRS: CSV with the columns `motion` (kst-...) and `motion_date`.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

OUT = Path(__file__).parents[1] / "src/schakel/dossiers/citations/dossiers.csv"
NAMED = re.compile(r"(?:Kamerstuk(?:ken)? )(\d\d ?\d{3})(?:-(\d\d)(?=[-,]))?(?:, nr\. ?|-)(\d{1,5})(?![\d-])")
# Titles under which the open data file a document, and the dossier of that title.
TITLES = {
    "Nieuwe Commissievoorstellen en initiatieven van de lidstaten van de Europese Unie": "22112",
    "Nationale Veiligheid": "30821",
    "Wapenexportbeleid": "22054",
    "Grondstoffenvoorzieningszekerheid": "32852",
    "Innovatiebeleid": "33009",
    "Bedrijfslevenbeleid": "32637",
    "Industriebeleid": "29826",
    "Europese Raad": "21501-20",
    "Raad Algemene Zaken en Raad Buitenlandse Zaken": "21501-02",
    "Raad voor Vervoer, Telecommunicatie en Energie": "21501-33",
    "Raad voor Concurrentievermogen": "21501-30",
    "Informatie- en communicatietechnologie (ICT)": "26643",
    "Evaluatie Schipholbeleid": "29665",
    "Mensenrechten in het buitenlands beleid": "32735",
    "Vogelpestcrisis (Aviaire influenza)": "28807",
    "Internationale klimaatafspraken": "31793",
    "Arbeidsmarktbeleid en opleidingen zorgsector": "29282",
}


def meta(text: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*content="([^"]*)"', text)
    return found[1] if found else ""


def main(folder: Path, pairs: list[Path]) -> None:
    points: dict[str, dict[int, str]] = defaultdict(dict)
    titles: dict[str, str] = {}

    def add(stem: str, number: int, day: str) -> None:
        points[stem][number] = min(day, points[stem].get(number, day))

    for path in folder.glob("motie_xml/*.xml"):
        text = path.read_text(encoding="utf-8")
        stem, number, day = (
            meta(text, "OVERHEIDop.dossiernummer").replace(";", " ").split(" ")[0],
            meta(text, "OVERHEIDop.ondernummer"),
            meta(text, "DCTERMS.issued"),
        )
        if stem and number.isdigit() and day:
            add(stem, int(number), day)
            titles[stem] = meta(text, "OVERHEIDop.dossiertitel")
    for path in folder.glob("*.json"):
        for row in json.loads(path.read_text(encoding="utf-8")):
            day = str(row.get("Datum") or row.get("GestartOp") or "")[:10]
            stem, number = TITLES.get(str(row.get("Titel") or "").strip(), ""), row.get("Volgnummer") or -1
            if stem and number > 0 and day:
                add(stem, number, day)
                titles[stem] = str(row["Titel"]).strip()
            for m in NAMED.finditer(str(row.get("Onderwerp") or "")):
                if day:
                    add(m[1].replace(" ", "") + (f"-{m[2]}" if m[2] else ""), int(m[3]), day)
    for path in pairs:
        for row in csv.DictReader(path.open(encoding="utf-8")):
            m = re.fullmatch(r"kst-(\d{5}(?:-\d\d)?)-(\d+)", row["motion"])
            if m:
                add(m[1], int(m[2]), row["motion_date"])
    with OUT.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["dossier", "title", "points"])
        for stem in sorted(points):
            kept = rising(points[stem])
            if kept and kept[-1][0] >= 40:
                writer.writerow([stem, titles.get(stem, ""), " ".join(f"{day}:{number}" for number, day in kept)])


def rising(found: dict[int, str]) -> list[tuple[int, str]]:
    """Keep, from the highest number down, the points whose day is not after that of a higher number; at most ten."""
    kept: list[tuple[int, str]] = []
    for number in sorted(found, reverse=True):
        if not kept or found[number] < kept[-1][1]:
            kept.append((number, found[number]))
    kept.reverse()
    if len(kept) > 10:
        kept = [kept[round(i * (len(kept) - 1) / 9)] for i in range(10)]
    return kept


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(p) for p in sys.argv[2:]])
