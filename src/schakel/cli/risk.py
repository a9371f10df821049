"""schakel risk: how near do the embedded tables come to the supply risk that the European Commission published?"""

from __future__ import annotations

from pathlib import Path

import click

from schakel.cli.options import format_option, language
from schakel.cli.speech import tell

_WORDS: dict[str, tuple[str, str]] = {
    "title": (
        "Supply risk {0} of the European Commission, approached ({1}); unverified",
        "Voorzieningsrisico {0} van de Europese Commissie, benaderd ({1}); niet nagegaan",
    ),
    "ranks": (
        "Rank correlation (Spearman) with the published figures: at least from {0} to {1} (reached by inputs within the intervals), at most from {2} to {3}.",
        "Rangcorrelatie (Spearman) met de gepubliceerde cijfers: ten minste van {0} tot {1} (bereikt met gegevens binnen de intervallen), hoogstens van {2} "
        "tot {3}.",
    ),
    "inside": (
        "Published figure inside our interval: {0} of {1} materials; median width of an interval {2}.",
        "Gepubliceerd cijfer binnen ons interval: {0} van {1} grondstoffen; mediane breedte van een interval {2}.",
    ),
    "critical": (
        "Critical or not could be decided for {0}; {1} of those agree with the publication.",
        "Kritiek of niet was te beslissen voor {0}; daarvan stemmen er {1} overeen met de publicatie.",
    ),
    "misses": ("Misses: {0}.", "Missers: {0}."),
    "absent": (
        "Not computed, for lack of shares or (with cited) of a recycling rate: {0}.",
        "Niet berekend, omdat aandelen of (bij cited) een recyclingcijfer ontbreken: {0}.",
    ),
    "formula": ("Formula, not read in its source: {0}", "Formule, niet in de bron gelezen: {0}"),
}


@click.command()
@click.option(
    "--assume",
    type=click.Choice(["narrow", "wide", "cited"]),
    default="narrow",
    show_default=True,
    help="What missing inputs may be: `narrow` (stand-ins), `wide` (true bounds), `cited` (narrow, only materials with a cited recycling rate).",
)
@format_option
def risk(assume: str, format_: str, out: Path | None, lang: str | None) -> None:
    """Compute the EC's supply risk 2023 from the embedded tables as intervals, and hold it against the published figures.

    Inputs that the tables lack (import reliance, substitution, most recycling rates, four of six governance
    indicators) enter as intervals, so each material has a range, and so has the correlation of ranks. The formula was
    not read in its source and is marked unverified.

    \b
    Example:
      schakel risk
      schakel risk --assume wide --format json
    """
    from schakel import reference
    from schakel.cli import tables
    from schakel.dependency import asked
    from schakel.reports.model import Column
    from schakel.reports.words import number

    tongue = language(lang)
    found = asked.risk(assume=assume)
    names = {str(r["material"]): str(r[f"name_{tongue}"]) for r in reference.rows("materials")}
    rows = [{**row, "name": names.get(row["material"], row["material"])} for row in found["rows"]]

    def say(key: str, *values: object) -> str:
        return _WORDS[key][tongue == "nl"].format(*values)

    columns = [
        Column("material", "key", kind="code", detail=True),
        Column("name", {"en": "material", "nl": "grondstof"}),
        Column("low", {"en": "low", "nl": "laag"}, kind="number", digits=2),
        Column("high", {"en": "high", "nl": "hoog"}, kind="number", digits=2),
        Column("published", {"en": "published", "nl": "gepubliceerd"}, kind="number", digits=1),
        Column("inside", {"en": "inside", "nl": "binnen"}, kind="boolean"),
        Column("critical", {"en": "critical by us", "nl": "kritiek volgens ons"}, kind="boolean"),
        Column("published_critical", {"en": "critical as published", "nl": "kritiek volgens EC"}, kind="boolean"),
    ]
    spearman = found["spearman"]
    ends = [number(end, tongue, 2) for key in ("attained", "bounds") for end in spearman[key]]
    notes = [
        say("ranks", *ends),
        say("inside", found["inside"], found["compared"], number(found["median_width"], tongue, 2)),
        say("critical", found["critical_decided"], found["critical_agreeing"]),
        say("misses", ", ".join(names.get(m, m) for m in found["misses"]) or "-"),
        say("absent", ", ".join(names.get(m, m) for m in found["not_computed"]) or "-"),
        say("formula", found["formula"]),
    ]
    licences = [x["id"] for x in found["licences"]]
    title = say("title", found["year"], assume)
    tables.write(rows, columns, format_, out, tongue, title=title, envelope=found, licences=licences)
    if format_ in ("table", "md") and out is None:
        tell("\n".join(notes))
