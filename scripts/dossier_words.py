"""Which long words do parliamentary papers use again and again? Writes src/schakel/dossiers/words.txt.

Reads titles and texts of the Chamber's open data (OData entities as JSON; CC0) in the folder given; a word counts from
eight letters and two occurrences; one that occurs only twice stands behind a ``?``: known, and no pattern for others.

    python scripts/dossier_words.py FOLDER
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

OUT = Path(__file__).parents[1] / "src/schakel/dossiers/words.txt"
WORD = re.compile(r"(?<![\w-])[^\W\d_]{8,40}(?![\w-])")


def main(folder: Path) -> None:
    texts = set()
    for path in sorted(folder.glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            texts.add(" ".join(str(row.get(key) or "") for key in ("Titel", "Onderwerp", "text")))
    counts = Counter(m.group().lower() for text in texts for m in WORD.finditer(text))
    OUT.write_text(
        "".join(f"{w}{'?' if n == 2 else ''}\n" for w, n in sorted(counts.items()) if n >= 2), encoding="utf-8"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
