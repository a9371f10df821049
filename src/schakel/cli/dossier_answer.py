"""schakel dossier answer, conflicts: which letter answers what, and where do letters contradict each other?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schakel.cli.dossier_words import (
    ATTRIBUTES,
    DAY,
    LANG,
    REGISTER,
    RELATIONS,
    STATES,
    as_json,
    column,
    line,
    motion_columns,
    opened,
    rows_as,
    said_of_motion,
    say,
    today,
    word,
)
from schakel.cli.options import language
from schakel.cli.speech import tell

if TYPE_CHECKING:
    from schakel.dossiers.archive import Archive, Proposal

_FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "md", "xlsx"]),
    default="table",
    show_default=True,
    help="How to write the answer; xlsx is for --out or a pipe.",
)
_ON = click.option(
    "--on", type=DAY, help="Reference date; letters of a later day are not known on it. Default: today; it is printed."
)
_OUT = click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead of standard output."
)


@click.command()
@click.option("--letter", help="Only what this letter answers.")
@click.option("--commitment", help="Only what answers this commitment or motion.")
@click.option(
    "--confirm", nargs=2, metavar="COMMITMENT LETTER", help="Record that the letter did this with the commitment."
)
@click.option(
    "--reject", nargs=2, metavar="COMMITMENT LETTER", help="Record that the letter did not answer the commitment."
)
@click.option("--relation", type=click.Choice(list(RELATIONS)), help="What the letter did; with --confirm.")
@click.option("--new-deadline", type=DAY, help="With --relation defers: until when.")
@click.option("--author", help="Who confirms or rejects. Required to record.")
@click.option("--reason", help="Why, on one line. Required to record.")
@_ON
@REGISTER
@_FORMAT
@_OUT
@LANG
def answer(
    letter: str | None,
    commitment: str | None,
    confirm: tuple[str, str] | None,
    reject: tuple[str, str] | None,
    relation: str | None,
    new_deadline: datetime | None,
    author: str | None,
    reason: str | None,
    on: datetime | None,
    register: str | None,
    form: str,
    out: Path | None,
    lang: str | None,
) -> None:
    """Show which letter answers which motion or commitment; the program proposes, a person confirms or rejects.

    A number goes before words: where the title names none, its words are compared with all motions and commitments of before,
    and when two come equally near nothing is proposed. An appreciation, a reaction or answers to questions fulfil nothing.

    \b
    Example:
      schakel dossier answer --on 2025-10-17
      schakel dossier answer --letter 2025D00001 --format json
    """
    tongue = language(lang)
    day = on.date() if on else today()
    if confirm and reject:
        raise click.UsageError("Give --confirm or --reject, not both.")
    if confirm or reject:
        for name, value in (("--author", author), ("--reason", reason)):
            if value is None:
                raise click.UsageError(f"Missing {name}: what a person says has an author and a reason.")
        if confirm and relation is None:
            raise click.UsageError("Missing --relation: what did the letter do with it?")
    elif relation or new_deadline:
        raise click.UsageError("--relation and --new-deadline belong to --confirm.")
    with opened(register) as archive:
        if confirm or reject:
            done = _record(archive, confirm, reject, relation, new_deadline, str(author), str(reason))
            head = archive.head()
        else:
            if letter:
                archive.letter(letter)
            found, head = archive.answers(letter=letter, commitment=commitment, on=day), archive.head()
    if confirm or reject:
        if form == "json":
            as_json({"recorded": done.value(), "head": head}, out)
        else:
            how = word(STATES, done.state, tongue)
            tell(say("confirmed", tongue, done.document, word(RELATIONS, done.relation, tongue), done.commitment, how))
        return
    if form == "json":
        as_json({"reference": day.isoformat(), "head": head, "answers": [p.value() for p in found]}, out)
        return
    rows = [_row(p, tongue, form) for p in found]
    rows_as(rows, _columns(rows), form, out, tongue, say("answers", tongue, day.isoformat()))


def _record(
    archive: Archive,
    confirm: tuple[str, str] | None,
    reject: tuple[str, str] | None,
    relation: str | None,
    new_deadline: datetime | None,
    author: str,
    reason: str,
) -> Proposal:
    if confirm:
        until = new_deadline.date() if new_deadline else None
        return archive.confirm(*confirm, str(relation), author=author, reason=reason, new_deadline=until)
    commitment, document = reject or ("", "")
    return archive.reject(commitment, document, author=author, reason=reason)


def _row(one: Proposal, tongue: str, form: str) -> dict[str, Any]:
    people = form in ("table", "md")
    return {
        **one.value(),
        "relation": word(RELATIONS, one.relation, tongue) if people else one.relation,
        "state": word(STATES, one.state, tongue) if people else one.state,
        "by": one.by or ("–" if people else None),
        "why": line(one.why.get(tongue, "")) if people else one.why.get(tongue, ""),
        **{k: v or ("–" if people else None) for k, v in said_of_motion(one.motion).items()},
    }


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [
        column("document", "letter", "brief", "code"),
        column("on", "date", "datum", "code"),
        column("relation", "does", "doet"),
        column("commitment", "commitment", "toezegging", "code"),
        column("state", "state", "stand"),
        column("explicit", "says so", "zegt het zelf", "boolean"),
        column("score", "score", "score", "number"),
        column("margin", "margin", "marge", "number", True),
        column("new_deadline", "new deadline", "nieuwe termijn", "code", True),
        *motion_columns(rows),
        column("by", "by", "door"),
        column("reason", "reason", "reden", detail=True),
        column("why", "why", "waarom"),
    ]


@click.command()
@_ON
@REGISTER
@_FORMAT
@_OUT
@LANG
def conflicts(on: datetime | None, register: str | None, form: str, out: Path | None, lang: str | None) -> None:
    """Show where letters contradict each other on an amount, a target or a deadline, each with the place of its words.

    \b
    Example:
      schakel dossier conflicts --on 2025-10-17
      schakel dossier conflicts --format json --lang nl
    """
    tongue = language(lang)
    day = on.date() if on else today()
    with opened(register) as archive:
        found, head = archive.conflicts(on=day), archive.head()
    if form == "json":
        as_json({"reference": day.isoformat(), "head": head, "conflicts": [c.value() for c in found]}, out)
        return
    rows: list[dict[str, Any]] = [{**c.value(), "sentence": c.sentence[tongue]} for c in found]
    for row in rows if form in ("table", "md") else ():
        row["attribute"] = word(ATTRIBUTES, row["attribute"], tongue)
    columns = [
        column("subject", "about", "over"),
        column("attribute", "what", "wat"),
        column("sentence", "contradiction", "tegenspraak"),
        *(
            column(f"{side}.{key}", f"{side} {key}", f"{name} {dutch}", "code", True)
            for side, name in (("first", "eerste"), ("second", "tweede"))
            for key, dutch in (
                ("letter", "brief"),
                ("date", "datum"),
                ("start", "begin"),
                ("end", "eind"),
                ("value", "waarde"),
            )
        ),
    ]
    rows_as(rows, columns, form, out, tongue, say("conflicts", tongue, day.isoformat()))
