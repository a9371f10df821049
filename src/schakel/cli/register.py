"""schakel register: what is recorded, does it still hold together, and how is it kept safe?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schakel.cli.speech import note, tell

if TYPE_CHECKING:
    from schakel.register import Event, Register

_WORDS = {
    "register": ("register", "register"),
    "intact": ("intact", "ongeschonden"),
    "events": ("events", "gebeurtenissen"),
    "texts": ("texts", "teksten"),
    "head": ("head", "laatste hash"),
    "backup": ("backup", "reservekopie"),
    "aside": ("old register kept at", "oude register bewaard als"),
    "lost_events": ("events taken away", "gebeurtenissen weggenomen"),
    "yes": ("yes", "ja"),
    "unknown": ("unknown", "onbekend"),
}
_GONE = (
    "warning: what makes the database refuse a change is gone or altered: {}; find out who did so, then backup and restore",
    "waarschuwing: wat de database een verandering doet weigeren is weg of gewijzigd: {}; zoek uit wie dat deed; daarna backup en restore",
)
_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("seq", "No", "Nr"),
    ("kind", "Kind", "Soort"),
    ("subject", "Subject", "Onderwerp"),
    ("payload", "What", "Wat"),
    ("author", "Author", "Auteur"),
    ("reason", "Reason", "Reden"),
    ("valid_from", "Holds from", "Geldt vanaf"),
    ("recorded_at", "Recorded (UTC)", "Vastgelegd (UTC)"),
)
_DETAIL = ("id", "previous_hash", "hash")


def _options(function: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--lang", type=click.Choice(["en", "nl"]), help="Language of tables and messages."),
        click.option(
            "--format",
            "form",
            type=click.Choice(["table", "json", "csv", "md"]),
            default="table",
            show_default=True,
            help="How to show the answer.",
        ),
        click.option(
            "--register",
            "path",
            metavar="PATH-OR-URL",
            help="The register: a file, or postgresql://... Default: SCHAKEL_REGISTER, else register.sqlite in SCHAKEL_HOME.",
        ),
    ):
        function = option(function)
    return function


def _filters(function: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--known-at", metavar="TIME", help="As known then: a day (its end, UTC) or a time. Default: now."),
        click.option("--as-of", metavar="DATE", help="What holds on that day, 2026-11-22."),
        click.option("--subject", help="Only about this subject."),
        click.option("--kind", help="Only events of this kind."),
    ):
        function = option(function)
    return function


@click.group()
def register() -> None:
    """The register of decisions: append-only, each entry with the hash of the one before.

    \b
    Example:
      schakel register list
    """


@register.command("list")
@_filters
@_options
def list_(
    kind: str | None,
    subject: str | None,
    as_of: str | None,
    known_at: str | None,
    path: str | None,
    form: str,
    lang: str | None,
) -> None:
    """Show what stands: per kind and subject the entry that began last, on a day, as known at a time.

    \b
    Example:
      schakel register list --as-of 2026-06-30 --known-at 2026-12-31
    """
    from schakel.register.event import iso_day

    with _open(path, lang) as (book, tongue):
        day = iso_day(as_of) if as_of else datetime.now(UTC).date().isoformat()
        known = _known(known_at)
        found = tuple(e for e in book.state(kind, day, known) if subject in (None, e.subject))
        _show(book, found, form, tongue, day, known)


@register.command()
@_filters
@_options
def log(
    kind: str | None,
    subject: str | None,
    as_of: str | None,
    known_at: str | None,
    path: str | None,
    form: str,
    lang: str | None,
) -> None:
    """Show every entry in the order of recording, the ones that no longer stand included.

    \b
    Example:
      schakel register log --kind judgement --format csv
    """
    from schakel.register.event import iso_day

    with _open(path, lang) as (book, tongue):
        known = _known(known_at)
        day = iso_day(as_of) if as_of else None
        _show(book, book.events(kind, subject, day, known), form, tongue, day, known)


@register.command()
@_options
def head(path: str | None, form: str, lang: str | None) -> None:
    """Print the hash of the last entry. Keep it elsewhere: it vouches for everything before it.

    \b
    Example:
      schakel register head
    """
    with _open(path, lang) as (book, tongue):
        found = book.head()
        if form == "table":
            tell(found)
        else:
            _tell({"register": book.where, "events": book.size()[0], "head": found}, form, tongue)


@register.command()
@click.option("--head", "expected", default="", metavar="HASH", help="A head hash printed earlier; it must be there.")
@_options
def verify(expected: str, path: str | None, form: str, lang: str | None) -> None:
    """Recompute the whole chain; the first entry or text that does not agree is named (exit 6).

    \b
    Example:
      schakel register verify
    """
    with _open(path, lang) as (book, tongue):
        found = book.verify(expected)
        events, texts = book.size()
        gone = book.missing_guards()
        answer = {"register": book.where, "intact": True, "events": events, "texts": texts, "head": found}
        _tell(answer | ({"missing_guards": list(gone)} if form == "json" else {}), form, tongue)
        if gone:
            note(_GONE[tongue == "nl"].format(", ".join(gone)))


@register.command()
@click.argument("file", type=click.Path(path_type=Path))
@_options
def backup(file: Path, path: str | None, form: str, lang: str | None) -> None:
    """Write a verified copy of the register to a new FILE, while others may go on writing.

    \b
    Example:
      schakel register backup register-copy.sqlite
    """
    with _open(path, lang) as (book, tongue):
        _tell({"register": book.where, "backup": str(file), "head": book.backup(file)}, form, tongue)


@register.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--head", "expected", default="", metavar="HASH", help="A head hash that the backup must hold.")
@click.option("--force", is_flag=True, help="Also when entries go that the backup lacks; with --author and --reason.")
@click.option("--author", default="", help="With --force: who decides so. Recorded.")
@click.option("--reason", default="", help="With --force: why, on one line. Recorded.")
@_options
def restore(
    file: Path, expected: str, force: bool, author: str, reason: str, path: str | None, form: str, lang: str | None
) -> None:
    """Make the register what the backup FILE says, after verifying it; the old register is kept beside it.

    A register that holds entries which the backup lacks is not replaced, unless forced. Into PostgreSQL a backup goes
    only when the database is empty.

    \b
    Example:
      schakel register restore register-copy.sqlite
    """
    if force and not (author and reason):
        raise click.UsageError("--force needs --author and --reason.")
    if (author or reason) and not force:
        raise click.UsageError("--author and --reason belong to --force.")
    with _open(path, lang) as (book, tongue):
        done = book.restore(file, head=expected, force=force, author=author, reason=reason)
        answer = {"register": book.where, "events": done.events, "texts": done.texts, "head": done.head}
        if done.aside or form == "json":
            answer |= {"aside": done.aside or None, "lost_events": done.lost}
        _tell(answer, form, tongue)


class _open:  # noqa: N801  (used as a function: with _open(...) as (book, language))
    """Open the register that was named, or the one of the settings, with the language to speak."""

    def __init__(self, path: str | None, lang: str | None) -> None:
        from schakel import settings
        from schakel.register import Register

        chosen = settings.load(language=lang)
        self.book: Register = Register(path or chosen.register)
        self.tongue: str = chosen.language

    def __enter__(self) -> tuple[Register, str]:
        return self.book, self.tongue

    def __exit__(self, *_: object) -> None:
        self.book.close()


def _known(text: str | None) -> datetime:
    """Return the time until which recordings count: now, a time, or the end of a day."""
    from schakel.errors import InputError

    if text is None:
        return datetime.now(UTC)
    try:
        if len(text) == len("2026-11-22"):
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{text!r} is no time", where="--known-at", remedy="write 2026-11-22 or 2026-11-22T08:30:00Z"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _show(book: Register, found: tuple[Event, ...], form: str, lang: str, day: str | None, known: datetime) -> None:
    """Write events as rows; the dates asked about are always said."""
    from schakel.register.event import stamp
    from schakel.reports.model import Column
    from schakel.reports.tabular import write_rows

    rows = [{name: getattr(event, name) for name in event.__slots__} for event in found]
    columns = [
        Column(key, {"en": en, "nl": nl}, kind="code" if key == "seq" else "text") for key, en, nl in _COLUMNS
    ] + [Column(key, detail=True) for key in _DETAIL]
    events = [{**row, "payload": event.data()} for row, event in zip(rows, found, strict=True)]
    envelope = {
        "register": book.where,
        "head": book.head(),
        "as_of": day,
        "known_at": stamp(known),
        "events": events,
    }
    write_rows(rows, columns, form, lang=lang, envelope=envelope)
    if form != "json":
        dutch = lang == "nl"
        held = "" if day is None else f"geldend op {day}, " if dutch else f"holding on {day}, "
        note(f"{held}{'zoals bekend op' if dutch else 'as known at'} {stamp(known)[:19]}Z")


def _tell(answer: dict[str, Any], form: str, lang: str) -> None:
    if form == "json":
        from schakel.reports.files import to_stdout
        from schakel.reports.tabular import as_json

        to_stdout(as_json(answer).encode())
        return
    at = 1 if lang == "nl" else 0
    said = {True: _WORDS["yes"][at], None: _WORDS["unknown"][at]}
    if form == "table":
        for key, value in answer.items():
            tell(f"{_WORDS[key][at]}: {said[value] if value is True or value is None else value}")
        return
    from schakel.reports.tabular import write_rows

    write_rows([answer], list(answer), form, lang=lang)
