"""schakel dossier import, due: what is recorded, and how does it stand on a reference date?"""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schakel.cli.dossier_words import (
    DAY,
    LANG,
    REGISTER,
    as_json,
    column,
    counted,
    kind_name,
    line,
    motion_columns,
    opened,
    rows_as,
    said_of_motion,
    say,
    today,
)
from schakel.cli.options import language
from schakel.cli.speech import note, tell
from schakel.plain import printable

if TYPE_CHECKING:
    from schakel.dossiers.archive import Due, Imported
    from schakel.dossiers.status import Status
    from schakel.errors import SchakelError

STATES = (
    "open", "open-no-deadline", "due-soon", "overdue", "fulfilled-on-time", "fulfilled-late", "partly", "lapsed", "deferred", "disputed", "unknown",
)  # fmt: skip
KINDS = (
    "toezegging_geregistreerd", "toezegging_ongeregistreerd", "belofte_kamer", "voornemen", "verwachting", "doel", "verzoek_kamer",
    "uitgesteld", "reeds_geinformeerd", "motie",
)  # fmt: skip


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--author", help="Who imports. Default: the name you are logged in with.")
@click.option("--reason", default="", help="Why, on one line; for example what was corrected.")
@click.option("--date", "written", type=DAY, help="When the letter was written; found in the letter when left out.")
@click.option("--dossier", help="Dossier of the letter, for example 36600-XIII; found in the letter when left out.")
@click.option("--id", "ident", help="Identifier of the letter; its D-number, Kamerstuk or hash when left out.")
@click.option("--replace", is_flag=True, help="Take another text under the same identifier for its new version.")
@click.option("--skip", is_flag=True, help="Leave out, and name, files that cannot be read or have no date.")
@REGISTER
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="How to answer."
)
@LANG
def import_(
    paths: tuple[Path, ...],
    author: str | None,
    reason: str,
    written: datetime | None,
    dossier: str | None,
    ident: str | None,
    replace: bool,
    skip: bool,
    register: str | None,
    form: str,
    lang: str | None,
) -> None:
    """Record letters and motions (docx, PDF, official XML, HTML, text), and official data of the House (JSON, feed).

    All letters given are recorded together or not at all. The same letter again changes nothing; a corrected one becomes a
    new version, in which commitments keep their identifiers and what people confirmed. A letter needs a date: it stands in
    it, in the name of its file, or is given.

    \b
    Example:
      schakel dossier import letter.txt --date 2025-02-03 --author "J. Jansen"
      schakel dossier import letter.docx --id 2025D00001 --date 2025-02-03 --format json
    """
    from schakel.dossiers.archive.folder import DATA, LETTERS, files
    from schakel.lake.progress import bar

    tongue = language(lang)
    found = [f for path in paths for f in files(path, LETTERS | DATA)]
    records = [f for f in found if _official(f)]
    letters = [f for f in found if f not in records]
    if len(letters) > 1 and (ident or written):
        raise click.UsageError("--id and --date belong to one letter.")
    done: tuple[Imported, ...] = ()
    refused: list[tuple[Path, SchakelError]] = []
    with opened(register, new=True) as archive:
        if letters:
            with bar(say("reading", tongue), len(letters)) as step:
                done = archive.import_files(
                    letters,
                    author=author or _login(),
                    reason=reason,
                    written=written.date() if written else None,
                    dossier=dossier,
                    ident=ident,
                    replace=replace,
                    step=step,
                    skip=(lambda path, error: refused.append((path, error))) if skip else None,
                )
        head = archive.head()
    _take_papers([f for f in letters if f.suffix.lower() == ".xml" and f not in {path for path, _ in refused}])
    taken = [{"file": f.name, **_take(f)} for f in records]
    if form == "json":
        left = [{"file": path.name, "message": str(error)} for path, error in refused]
        as_json({"imported": [i.value() for i in done], "refused": left, "official": taken, "head": head})
        return
    for one in done:
        parts = [counted("commitments", one.commitments, tongue)]
        changes = [("new", one.new), ("gone", one.lost)] if one.outcome == "corrected" else []
        parts += [counted(key, number, tongue) for key, number in (*changes, ("kept", one.kept)) if number]
        tell(say("imported", tongue, one.letter, say(one.outcome, tongue), printable(one.file), ", ".join(parts)))
        for text in one.notes:
            note(text[tongue])
    for path, error in refused:
        note(f"{say('left_out', tongue, printable(path.name))} {error}")
    for row in taken:
        counts = row["counts"]
        parts = [counted("records", counts["read"], tongue)]
        counts["refused"] = sum(counts["refused"].values())
        parts += [counted(k, counts[k], tongue) for k in ("new", "changed", "deleted", "refused") if counts[k]]
        tell(say("taken", tongue, printable(row["file"]), ", ".join(parts)))


def _official(path: Path) -> bool:
    """Whether a file holds official records; an official paper is a letter or motion, and is read as one."""
    from schakel.dossiers.archive.folder import DATA
    from schakel.errors import InputError
    from schakel.sources.tweedekamer import recognises

    if not recognises(path):
        if path.suffix.lower() in DATA:
            raise InputError(
                "this holds no official data",
                where=f"file {path}",
                remedy="give OData JSON or a page of the SyncFeed, or a letter",
            )
        return False
    with path.open("rb") as handle:
        return b"<officiele-publicatie" not in handle.read(1 << 16)


def _take_papers(paths: Sequence[Path]) -> None:
    """Put official papers beside the official data too, so that a motion finds its case, appreciation and votes."""
    from schakel.sources.tweedekamer import recognises

    for path in paths:
        if recognises(path):
            _take(path)


def _take(path: Path) -> dict[str, Any]:
    import dataclasses

    from schakel import settings
    from schakel.sources.tweedekamer import Mirror

    home = settings.load().home
    home.mkdir(parents=True, exist_ok=True)
    with Mirror(home / "official.sqlite") as mirror:
        counts = mirror.import_file(path)
    return {"counts": dataclasses.asdict(counts)}


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user, as in a container
        return "unknown"


@click.command()
@click.option("--on", type=DAY, help="Reference date, on which to judge. Default: today; it is printed.")
@click.option("--state", "states", type=click.Choice(STATES), multiple=True, help="Only this state; may be repeated.")
@click.option("--kind", "kinds", type=click.Choice(KINDS), multiple=True, help="Only this kind; may be repeated.")
@click.option("--actor", help="Only those of this actor or ministry; a part of the name is enough.")
@click.option("--dossier", help="Only those of this dossier.")
@click.option("--letter", help="Only those that this letter holds or answers.")
@click.option(
    "--soon", type=click.IntRange(0, 366), default=14, show_default=True, help="Days ahead that count as due soon."
)
@REGISTER
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "md", "xlsx", "ics"]),
    default="table",
    show_default=True,
    help="How to write the answer; ics is a calendar of deadlines, xlsx is for --out or a pipe.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead of standard output."
)
@LANG
def due(
    on: datetime | None,
    states: tuple[str, ...],
    kinds: tuple[str, ...],
    actor: str | None,
    dossier: str | None,
    letter: str | None,
    soon: int,
    register: str | None,
    form: str,
    out: Path | None,
    lang: str | None,
) -> None:
    """Show what is due, late, answered or deferred on a reference date, in order of deadline.

    What came after the reference date is not known on it: letters, motions, answers, moved events. An answer counts when a
    person confirmed it, or when a letter names the number and says that it answers; then the state is marked provisional.

    \b
    Example:
      schakel dossier due --on 2025-10-17
      schakel dossier due --on 2025-10-17 --state overdue --format csv
      schakel dossier due --on 2025-10-17 --format ics --out due.ics
    """
    tongue = language(lang)
    day = on.date() if on else today()
    with opened(register) as archive:
        if letter:
            archive.letter(letter)
        found = archive.due(day, states=states, kinds=kinds, actor=actor, dossier=dossier, letter=letter, soon=soon)
        head = archive.head()
    values = [d.value() for d in found]
    if form == "json":
        as_json({"reference": day.isoformat(), "head": head, "due": values}, out)
    elif form == "ics":
        _ics(values, tongue, day.isoformat(), out)
    else:
        rows = [_row(d, tongue, form) for d in found]
        rows_as(rows, _columns(rows), form, out, tongue, say("due", tongue, day.isoformat()))
        if not found and form == "table":
            note(say("none_due", tongue, day.isoformat()))
        if form == "table" and out is None:
            note(say("head", tongue, register or "register.sqlite", head[:12]))


def _ics(values: Sequence[Mapping[str, Any]], tongue: str, day: str, out: Path | None) -> None:
    from schakel.reports.files import place, to_stdout
    from schakel.reports.icalendar import calendar

    text = calendar(values, tongue, reference=day)
    if out is not None:
        place(text.encode(), out)
    else:
        to_stdout(text.encode())


def _row(one: Due, tongue: str, form: str) -> dict[str, Any]:
    status, until = one.status, one.deadline or {}
    people = form in ("table", "md")
    return {
        "id": one.id,
        "kind": kind_name(one.kind, tongue) if people else one.kind,
        "action": line(one.action, 110, "" if one.kind == "motie" else one.quote) if people else one.action,
        "actor": one.actor,
        "ministry": one.ministry,
        "dossier": one.dossier,
        "letter": one.letter,
        "made_on": _iso(one.made_on),
        "deadline": _iso(status.deadline) or ("–" if people else None),
        "deadline_text": until.get("text"),
        "event": until.get("event"),
        "state": status.label(tongue) if people else status.state,
        "days": _days(status) if people else status.days,
        "answered_on": _answered(status) if people else _iso(status.answered_on),
        "document": status.document or None,
        "provisional": status.provisional,
        "reference": status.reference.isoformat(),
        **{k: v or ("–" if people else None) for k, v in said_of_motion(one.motion).items()},
    }


def _days(status: Status) -> str:
    """Return days late (negative: early or still to go), between which bounds where only the month of the answer is known."""
    if status.days_between is not None:
        return "{} … {}".format(*status.days_between)
    return "–" if status.days is None else str(status.days)


def _answered(status: Status) -> str:
    """Return the day of the answer, or the month where no more is known."""
    if status.answered_on is None:
        return "–"
    vague = status.earliest is not None and status.earliest != status.latest
    return status.answered_on.isoformat()[: 7 if vague else 10]


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [
        column("deadline", "deadline", "termijn", "code"),
        column("state", "state", "stand"),
        column("days", "days", "dagen", "code"),
        column("id", "identifier", "nummer", "code"),
        column("kind", "kind", "soort"),
        column("action", "what", "wat"),
        column("letter", "letter", "brief", "code"),
        column("answered_on", "answered", "beantwoord", "code"),
        column("document", "answered by", "beantwoord door", "code", True),
        column("provisional", "provisional", "voorlopig", "boolean"),
        *motion_columns(rows),
        column("actor", "actor", "wie", detail=True),
        column("ministry", "ministry", "ministerie", detail=True),
        column("dossier", "dossier", "dossier", "code", True),
        column("made_on", "made on", "gedaan op", "code", True),
        column("deadline_text", "deadline as written", "termijn zoals geschreven", detail=True),
        column("event", "event", "gebeurtenis", "code", True),
        column("reference", "reference date", "peildatum", "code", True),
    ]


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
