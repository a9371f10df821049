"""What do the commands of `schakel dossier` call things, in two languages?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schakel.cli.speech import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schakel.dossiers.archive import Archive
    from schakel.reports.model import Column

DAY = click.DateTime(["%Y-%m-%d"])
LANG = click.option("--lang", type=click.Choice(["en", "nl"]), default=None, help="Language of tables and messages.")
REGISTER = click.option(
    "--register", metavar="PATH", help="The register, a file or database URL. Default: register.sqlite in SCHAKEL_HOME."
)
_WORDS = {
    "cite": ("Citations in {0}", "Verwijzingen in {0}"),
    "read": ("Read: {0}", "Gelezen: {0}"),
    "best": ("best reading: {0}", "waarschijnlijk bedoeld: {0}"),
    "format": ("format", "formaat"),
    "title": ("title", "titel"),
    "id": ("identifier", "nummer"),
    "date": ("date", "datum"),
    "sender": ("sender", "afzender"),
    "dossier": ("dossier", "dossier"),
    "letters": ("characters", "tekens"),
    "pages": ("pages", "bladzijden"),
    "footnotes": ("footnotes", "voetnoten"),
    "tables": ("tables", "tabellen"),
    "citations": ("citations", "verwijzingen"),
    "findings": ("doubts", "twijfels"),
    "commitments": ("commitments", "toezeggingen en voornemens"),
    "deadlines": ("deadlines", "termijnen"),
    "amounts": ("amounts", "bedragen"),
    "percentages": ("shares and targets", "aandelen en doelen"),
    "folder": ("{0} letters in {1}", "{0} brieven in {1}"),
    "reading": ("reading letters", "brieven lezen"),
    "due": ("Commitments on {0}", "Toezeggingen op {0}"),
    "none_due": ("nothing meets this on {0}", "niets voldoet hieraan op {0}"),
    "answers": ("Which letter answers what", "Welke brief beantwoordt wat"),
    "conflicts": ("Where letters contradict each other", "Waar brieven elkaar tegenspreken"),
    "calendar": ("Events as known on {0}", "Gebeurtenissen zoals bekend op {0}"),
    "head": ("register {0}, head {1}", "register {0}, kop {1}"),
    "new": ("new", "nieuw"),
    "unchanged": ("unchanged", "ongewijzigd"),
    "corrected": ("corrected", "verbeterd"),
    "official": ("official data", "officiële gegevens"),
    "imported": (
        "{0}: {1} ({2}), {3} commitments, {4} new, {5} confirmations kept, {6} lost",
        "{0}: {1} ({2}), {3} toezeggingen, {4} nieuw, {5} bevestigingen behouden, {6} vervallen",
    ),
    "taken": ("{0}: official data taken", "{0}: officiële gegevens overgenomen"),
    "confirmed": ("recorded: {0} {1} {2} ({3})", "vastgelegd: {0} {1} {2} ({3})"),
    "moved": ("recorded: {0} moves to {1}, known on {2}", "vastgelegd: {0} verschuift naar {1}, bekend op {2}"),
    "yes": ("yes", "ja"),
    "no": ("no", "nee"),
}
RELATIONS = {
    "fulfils": ("fulfils", "komt na"),
    "part": ("fulfils in part", "komt deels na"),
    "reports": ("reports on", "meldt voortgang"),
    "defers": ("defers", "stelt uit"),
    "appreciates": ("appreciates", "apprecieert"),
    "answers_about": ("answers questions about", "beantwoordt vragen over"),
    "reacts": ("reacts to", "reageert op"),
    "lapsed": ("lets lapse", "laat vervallen"),
    "disputed": ("disputes", "betwist"),
}
STATES = {
    "proposed": ("proposed", "voorgesteld"),
    "confirmed": ("confirmed", "bevestigd"),
    "rejected": ("rejected", "verworpen"),
}


def say(key: str, tongue: str, *values: object) -> str:
    """Return a phrase in a language."""
    return _WORDS[key][tongue == "nl"].format(*values)


def word(words: Mapping[str, tuple[str, str]], key: str, tongue: str) -> str:
    """Return a name in a language, the key when it has none."""
    return words[key][tongue == "nl"] if key in words else key


def kind_name(kind: str, tongue: str) -> str:
    """Return the kind of a commitment in a language."""
    from schakel.dossiers.commitments import LABELS

    return {"nl": "motie", "en": "motion"}[tongue] if kind == "motie" else LABELS.get(kind, {}).get(tongue, kind)


def line(text: str, most: int = 90) -> str:
    """Return a text on one line, cut where it is too long."""
    short = " ".join(text.split())
    return short if len(short) <= most else f"{short[: most - 1]}…"


def as_json(answer: Any, out: Path | None = None) -> None:
    """Write JSON to standard output or a file."""
    text = json.dumps(answer, ensure_ascii=False, indent=2)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")  # a lone surrogate is no text
    if out is None:
        tell(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")


def column(key: str, english: str, dutch: str, kind: Any = "text", detail: bool = False) -> Column:
    """Return a column with its heading in two languages."""
    from schakel.reports.model import Column

    return Column(key, {"en": english, "nl": dutch}, kind=kind, detail=detail)


def rows_as(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], form: str, out: Path | None, tongue: str, title: str
) -> None:
    """Write rows as a table or file."""
    from schakel.cli import tables

    tables.write(rows, columns, form, out, tongue, title=title)


@contextmanager
def opened(path: str | None) -> Iterator[Archive]:
    """Open the archive on a register, with the official data that is here."""
    from schakel import settings
    from schakel.dossiers.archive import Archive
    from schakel.register import Register
    from schakel.sources.tweedekamer import Mirror

    chosen = settings.load()
    official = chosen.home / "official.sqlite"
    mirror = Mirror(official) if official.exists() else None
    try:
        with Register(path or chosen.register) as register:
            yield Archive(register, mirror)
    finally:
        if mirror is not None:
            mirror.close()


def today() -> date:
    """Return the day of the machine; only where a person leaves the reference date out, and it is always printed."""
    return date.today()
