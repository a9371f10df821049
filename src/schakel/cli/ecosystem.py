"""schakel chain ecosystem: which firms and institutes in the Netherlands are active in which segment of the chip chain."""

from __future__ import annotations

from pathlib import Path

import click

from schakel.cli.options import format_option, language


@click.command()
@click.option(
    "--add",
    "added",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV in the same columns (actor, segment and source at least); may be repeated.",
)
@click.option("--segment", help="One segment only.")
@click.option(
    "--counts",
    type=click.Choice(["segment", "region", "both"]),
    help="Numbers instead of names; both: by segment and region.",
)
@format_option
def ecosystem(
    added: tuple[Path, ...], segment: str | None, counts: str | None, format_: str, out: Path | None, lang: str | None
) -> None:  # fmt: skip
    """Show firms and institutes in the Netherlands by segment of the chip chain, each with its source.

    \b
    Example:
      schakel chain ecosystem --counts segment
      schakel chain ecosystem --add more.csv --format csv
    """
    from schakel.chains import ecosystem as layer
    from schakel.cli.chain_tables import word, write_answer
    from schakel.reports.model import Column

    tongue = language(lang)
    answer = layer.answer(added, segment=segment)
    names = {s["segment"]: s[f"name_{tongue}"] for s in answer["segments"]}
    named = Column("named", {"en": "named here", "nl": "hier genoemd"}, kind="integer")
    if counts == "segment":
        rows = [{**s, "name": s[f"name_{tongue}"]} for s in answer["segments"]]
        columns = [
            Column("segment", {"en": "segment", "nl": "segment"}, kind="code"),
            Column("name", {"en": "name", "nl": "naam"}),
            named,
            Column("firms", {"en": "firms", "nl": "bedrijven"}, kind="integer"),
            Column("institutes", {"en": "institutes", "nl": "instellingen"}, kind="integer"),
            Column("programmes", {"en": "programmes", "nl": "programma's"}, kind="integer"),
            Column("published", {"en": "published number", "nl": "gepubliceerd aantal"}, kind="integer"),
        ]
    elif counts == "region":
        unknown = {"en": "no source states it", "nl": "geen bron noemt hem"}[tongue]
        rows = [{**r, "region": r["region"] or unknown} for r in answer["regions"]]
        columns = [Column("region", {"en": "region", "nl": "regio"}), named]
    elif counts == "both":
        unknown = {"en": "no source states it", "nl": "geen bron noemt hem"}[tongue]
        rows = [{**r, "name": names[r["segment"]], "region": r["region"] or unknown} for r in answer["segment_regions"]]
        columns = [
            Column("segment", {"en": "segment", "nl": "segment"}, kind="code"),
            Column("name", {"en": "name", "nl": "naam"}),
            Column("region", {"en": "region", "nl": "regio"}),
            named,
        ]
    else:
        rows = [
            {**r, "name": names[r["segment"]], "role": r[f"role_{tongue}"], "kind": word(r["kind"], format_, tongue)}
            for r in answer["rows"]
        ]
        columns = [
            Column("actor", {"en": "firm or institute", "nl": "bedrijf of instelling"}),
            Column("kind", {"en": "kind", "nl": "aard"}, kind="code"),
            Column("segment", {"en": "segment", "nl": "segment"}, kind="code"),
            Column("role", {"en": "role", "nl": "rol"}),
            Column("region", {"en": "region", "nl": "regio"}),
            Column("source", {"en": "source", "nl": "bron"}, kind="code"),
            Column("locator", {"en": "where", "nl": "waar"}, detail=True),
        ]
    notes = [
        f"{p['value']} {p['measure' if tongue == 'en' else 'measure_nl']}, {p['year']} ({p['counted_by' if tongue == 'en' else 'counted_by_nl']})"
        for p in answer["published"]
    ]
    known, every = sum(r["named"] for r in answer["regions"] if r["region"]), answer["actors"]
    if counts in ("region", "both"):
        notes.append(
            {
                "en": f"a source states the region of {known} of the {every} named here",
                "nl": f"een bron noemt de regio van {known} van de {every} die hier staan",
            }[tongue]
        )
    title = {"en": "Dutch semiconductor ecosystem", "nl": "Nederlands halfgeleiderecosysteem"}[tongue]
    write_answer(answer, rows, columns, format_, out, tongue, title, notes)
