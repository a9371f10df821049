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
from schakel.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schakel.dossiers.archive import Archive
    from schakel.reports.model import Column

DAY = click.DateTime(["%Y-%m-%d"])
LANG = click.option("--lang", type=click.Choice(["en", "nl"]), default=None, help="Language of tables and messages.")
REGISTER = click.option(
    "--register",
    metavar="PATH",
    help="The register, a file or database URL. Default: SCHAKEL_REGISTER, else register.sqlite in SCHAKEL_HOME.",
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
    "answers": ("Which letter answers what, as known on {0}", "Welke brief beantwoordt wat, zoals bekend op {0}"),
    "conflicts": (
        "Where letters up to {0} contradict each other",
        "Waar brieven tot en met {0} elkaar tegenspreken",
    ),
    "calendar": ("Events as known on {0}", "Gebeurtenissen zoals bekend op {0}"),
    "head": ("register {0}, head {1}", "register {0}, kop {1}"),
    "new": ("new", "nieuw"),
    "unchanged": ("unchanged", "ongewijzigd"),
    "corrected": ("corrected", "verbeterd"),
    "official": ("official data", "officiële gegevens"),
    "imported": ("{0}: {1} ({2}), {3}", "{0}: {1} ({2}), {3}"),
    "left_out": ("left out: {0}:", "overgeslagen: {0}:"),
    "taken": ("{0}: official data taken, {1}", "{0}: officiële gegevens overgenomen, {1}"),
    "confirmed": ("recorded: {0} {1} {2} ({3})", "vastgelegd: {0} {1} {2} ({3})"),
    "moved": ("recorded: {0} moves to {1}, known on {2}", "vastgelegd: {0} verschuift naar {1}, bekend op {2}"),
    "yes": ("yes", "ja"),
    "no": ("no", "nee"),
}
_COUNTED = {
    "commitments": (("commitment", "commitments"), ("toezegging of voornemen", "toezeggingen en voornemens")),
    "new": (("new", "new"), ("nieuw", "nieuw")),
    "gone": (("found no more", "found no more"), ("niet meer gevonden", "niet meer gevonden")),
    "kept": (("judgement kept", "judgements kept"), ("oordeel behouden", "oordelen behouden")),
    "records": (("record", "records"), ("gegeven", "gegevens")),
    "changed": (("changed", "changed"), ("gewijzigd", "gewijzigd")),
    "deleted": (("deleted", "deleted"), ("verwijderd", "verwijderd")),
    "refused": (("refused", "refused"), ("geweigerd", "geweigerd")),
}
ATTRIBUTES = {
    "amount": ("amount", "bedrag"),
    "target": ("target", "doel"),
    "deadline": ("deadline", "termijn"),
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


def counted(key: str, number: int, tongue: str) -> str:
    """Return a number with what is counted, in the singular or plural."""
    one, many = _COUNTED[key][tongue == "nl"]
    return f"{number} {one if number == 1 else many}"


def word(words: Mapping[str, tuple[str, str]], key: str, tongue: str) -> str:
    """Return a name in a language, the key when it has none."""
    return words[key][tongue == "nl"] if key in words else key


def kind_name(kind: str, tongue: str) -> str:
    """Return the kind of a commitment in a language."""
    from schakel.dossiers.commitments import LABELS

    return {"nl": "motie", "en": "motion"}[tongue] if kind == "motie" else LABELS.get(kind, {}).get(tongue, kind)


def line(text: str, most: int = 110, about: str = "") -> str:
    """Return a text on one line, cut where it is too long; the words it is about stay in sight."""
    from schakel.dossiers.archive.wording import clip

    return clip(text, most, about)


def said_of_motion(motion: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what the government thought of a motion, and what the House decided with how many seats."""
    if motion is None:
        return {"appreciation": None, "vote": None}
    seats = (motion["votes_for"], motion["votes_against"])
    counted = f" ({seats[0]}–{seats[1]})" if None not in seats else ""
    decided = " ".join(t for t in (str(motion["decision"] or "").rstrip("."), motion["decided_on"]) if t)
    return {"appreciation": motion["appreciation"], "vote": f"{decided}{counted}".strip() or None}


def motion_columns(rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    """Return the columns on motions; in a table only where a row has something to show."""
    return [
        column(key, english, dutch, "text", not any(r[key] not in (None, "–") for r in rows))
        for key, english, dutch in (
            ("appreciation", "appreciation", "appreciatie"),
            ("vote", "vote", "stemming"),
        )
    ]


def as_json(answer: Any, out: Path | None = None) -> None:
    """Write JSON to standard output or a file."""
    text = json.dumps(answer, ensure_ascii=False, indent=2)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")  # a lone surrogate is no text
    if out is None:
        tell(text)
    else:
        from schakel.reports.files import place

        place(f"{text}\n".encode(), out)


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
def opened(path: str | None, *, new: bool = False) -> Iterator[Archive]:
    """Open the archive on a register, with the official data that is here; a register named must be there, unless it may be new."""
    from schakel import settings
    from schakel.dossiers.archive import Archive
    from schakel.register import Register
    from schakel.sources.tweedekamer import Mirror

    if path and not new and "://" not in path and not Path(path).exists():
        raise NotFoundError("there is no register", where=path, remedy="check the name, or import a letter into it")
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
