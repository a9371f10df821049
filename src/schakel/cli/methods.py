"""schakel methods: what does each definition demand, and was it read in its source?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from schakel.cli.options import format_option, language


@click.command()
@click.argument("name", required=False)
@format_option
def methods(name: str | None, format_: str, out: Path | None, lang: str | None) -> None:
    """List the definitions, or show one: formula, threshold, source, verified or not.

    \b
    Example:
      schakel methods geodep2024
    """
    from schakel.cli import tables
    from schakel.dependency.compare import preset_rows
    from schakel.dependency.presets import names, preset
    from schakel.reports.model import Column

    tongue = language(lang)
    people = format_ in ("table", "md")
    chosen = [preset(name)] if name else [preset(n) for n in names()]
    rows = preset_rows(chosen)
    columns = [
        Column("method", {"en": "definition", "nl": "definitie"}, kind="code", detail=bool(name)),
        Column("criterion", {"en": "criterion", "nl": "criterium"}, kind="code"),
        Column("op", {"en": "test", "nl": "toets"}, kind="code"),
        Column("threshold", {"en": "threshold", "nl": "drempel"}, kind="text" if people else "number"),
        Column("relative_to", {"en": "or", "nl": "of"}, detail=True),
        Column("status", "status", kind="code"),
        Column("formula", {"en": "formula", "nl": "formule"}, detail=not name),
        Column("source", {"en": "source", "nl": "bron"}, detail=True),
    ]
    notes = [f"{'bron' if tongue == 'nl' else 'source'}: {p.source} {p.url}".strip() for p in chosen] if name else []
    notes += [n for p in chosen for n in p.notes] if name else []
    tables.write(
        [_for_people(r, tongue) for r in rows] if people else rows,
        columns,
        format_,
        out,
        tongue,
        title=(chosen[0].title_nl if tongue == "nl" else chosen[0].title) if name else "",
        envelope=rows,
        warnings=notes,
    )


def _for_people(row: dict[str, Any], lang: str) -> dict[str, Any]:
    """Write threshold and status in words: a cut that no source gave is said to be unread, not left as a blank."""
    from schakel.reports.words import number

    cut = row["threshold"]
    digits = 0 if cut is not None and float(cut).is_integer() else 2
    unread = "niet gelezen" if lang == "nl" else "not read"
    dutch = {"verified": "nagelezen", "unverified": "niet nagelezen"}
    return {
        **row,
        "threshold": row["relative_to"] or (unread if cut is None else number(cut, lang, digits)),
        "status": dutch.get(row["status"], row["status"]) if lang == "nl" else row["status"],
    }
