"""Which pages of docs are written from the program itself? Run without arguments to write them, with --check to see whether they are current."""

from __future__ import annotations

import sys
from pathlib import Path

import docs_commands
import docs_definitions
import docs_dictionary

DOCS = Path(__file__).parents[1] / "docs"


def pages() -> dict[str, str]:
    """Return every generated page by its path under docs."""
    return {**docs_commands.pages(), **docs_definitions.pages(), **docs_dictionary.pages()}


def stale() -> list[str]:
    """Return the generated pages that are absent or not current."""
    return [
        name for name, text in pages().items() if not (DOCS / name).exists() or (DOCS / name).read_text("utf-8") != text
    ]


def main() -> int:
    """Write or check the pages."""
    old = stale()
    if "--check" not in sys.argv:
        for name in old:
            (DOCS / name).write_text(pages()[name], "utf-8")
    for name in old:
        print(f"docs/{name}")
    return 1 if old and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
