"""schakel methods: what does each definition demand, and was it read in its source?"""

from __future__ import annotations

from pathlib import Path

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

    chosen = [preset(name)] if name else [preset(n) for n in names()]
    rows = preset_rows(chosen)
    columns = [
        Column("method", {"en": "definition", "nl": "definitie"}, kind="code"),
        Column("criterion", {"en": "criterion", "nl": "criterium"}, kind="code"),
        Column("op", {"en": "test", "nl": "toets"}, kind="code"),
        Column("threshold", {"en": "threshold", "nl": "drempel"}, kind="number"),
        Column("relative_to", {"en": "or", "nl": "of"}, detail=not any(r["relative_to"] for r in rows)),
        Column("status", "status"),
        Column("formula", {"en": "formula", "nl": "formule"}),
        Column("source", {"en": "source", "nl": "bron"}, detail=not name),
    ]
    notes = [n for p in chosen for n in p.notes] if name else []
    tables.write(
        rows,
        columns,
        format_,
        out,
        language(lang),
        title=chosen[0].title if name else "",
        envelope=rows,
        warnings=notes,
    )
