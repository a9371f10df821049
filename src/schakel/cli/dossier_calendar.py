"""schakel dossier calendar: on which events do deadlines hang, and how did those move?"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from schakel.cli.dossier_words import DAY, LANG, REGISTER, as_json, column, opened, rows_as, say, today
from schakel.cli.options import language
from schakel.cli.speech import tell
from schakel.errors import InputError

_STATUS = {
    "fixed": ("fixed", "vast"),
    "planned": ("planned", "gepland"),
    "derived": ("derived", "afgeleid"),
    "recalled": ("recalled", "uit het hoofd"),
    "moved": ("moved", "verplaatst"),
    "cancelled": ("cancelled", "vervallen"),
    "rule": ("rule", "regel"),
}


@click.group()
def calendar() -> None:
    """Show the events that deadlines hang on, or record that one moved.

    A move changes only the deadlines that hang on that event; what was known before stays in the history.

    \b
    Example:
      schakel dossier calendar list --on 2025-05-01
      schakel dossier calendar move voorjaarsnota:2025 2025-06-01 --known-on 2025-04-10 --source "letter of 10 April" \\
        --author "J. Jansen" --reason "later this year"
    """


@calendar.command("list")
@click.option("--on", type=DAY, help="As known on this day. Default: today; it is printed.")
@click.option("--kind", help="Only events of this kind, for example reces.")
@REGISTER
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "md"]),
    default="table",
    show_default=True,
    help="How to write the answer.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead of standard output."
)
@LANG
def list_(
    on: datetime | None, kind: str | None, register: str | None, form: str, out: Path | None, lang: str | None
) -> None:
    """Show every event with its day as known on a date, and its earlier days.

    \b
    Example:
      schakel dossier calendar list --kind voorjaarsnota --on 2025-05-01
    """
    tongue = language(lang)
    day = on.date() if on else today()
    with opened(register) as archive:
        events, moves, head = archive.calendar(), archive.moves(), archive.head()
    kinds = sorted({e.kind for e in events.events()})
    if kind is not None and kind not in kinds:
        raise InputError(f"no events of kind {kind!r}", where="--kind", remedy="one of " + ", ".join(kinds))
    rows: list[dict[str, Any]] = []
    for key in events.identities():
        known = [e for e in events.history(key) if e.known_on is None or e.known_on <= day]
        if not known or (kind and known[-1].kind != kind):
            continue
        last = known[-1]
        rows.append(
            {
                "key": key,
                "date": last.date.isoformat(),
                "end": _iso(last.end),
                "status": last.status,
                "known_on": _iso(last.known_on),
                "source": last.source,
                "history": [
                    {"date": e.date.isoformat(), "known_on": _iso(e.known_on), "source": e.source} for e in known[:-1]
                ],
            }
        )
    rows.sort(key=lambda r: (r["date"], r["key"]))
    if form == "json":
        recorded = [
            {
                "key": m.key,
                "to": m.to.isoformat(),
                "known_on": m.known_on.isoformat(),
                "source": m.source,
                "author": m.author,
                "reason": m.reason,
                "recorded_at": m.recorded_at,
            }
            for m in moves
        ]
        as_json(
            {
                "reference": day.isoformat(),
                "as_known_on": day.isoformat(),
                "events": rows,
                "moves": recorded,
                "head": head,
            },
            out,
        )
        return
    shown = [
        {
            **r,
            "status": _STATUS[r["status"]][tongue == "nl"] if form in ("table", "md") else r["status"],
            **{k: r[k] or "–" for k in ("end", "known_on") if form in ("table", "md")},
            "before": ", ".join(h["date"] for h in r["history"]),
        }
        for r in rows
    ]
    columns = [
        column("date", "date", "datum", "code"),
        column("end", "until", "tot en met", "code"),
        column("key", "event", "gebeurtenis", "code"),
        column("status", "status", "stand"),
        column("known_on", "known on", "bekend op", "code"),
        column("before", "earlier", "eerder", "code"),
        column("source", "source", "bron"),
    ]
    rows_as(shown, columns, form, out, tongue, say("calendar", tongue, day.isoformat()))


@calendar.command()
@click.argument("key")
@click.argument("to", type=DAY, metavar="DATE")
@click.option("--end", type=DAY, help="Last day, of what takes longer than one.")
@click.option(
    "--known-on", type=DAY, required=True, help="Day on which the move became known; before it the old date holds."
)
@click.option("--source", required=True, help="Where it was read.")
@click.option("--author", required=True, help="Who records it.")
@click.option("--reason", required=True, help="Why, on one line.")
@REGISTER
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="How to answer."
)
@LANG
def move(
    key: str,
    to: datetime,
    end: datetime | None,
    known_on: datetime,
    source: str,
    author: str,
    reason: str,
    register: str | None,
    form: str,
    lang: str | None,
) -> None:
    """Record that the event KEY moved to DATE; take KEY from `calendar list`.

    \b
    Example:
      schakel dossier calendar move debat:midden-oosten:2025 2025-01-28 --known-on 2025-01-20 --source "agenda" \\
        --author "J. Jansen" --reason "moved by a week"
    """
    tongue = language(lang)
    known: date = known_on.date()
    with opened(register) as archive:
        archive.move(
            key, to.date(), known_on=known, source=source, author=author, reason=reason, end=end.date() if end else None
        )
        head = archive.head()
    if form == "json":
        as_json({"key": key, "to": to.date().isoformat(), "known_on": known.isoformat(), "head": head})
    else:
        tell(say("moved", tongue, key, to.date().isoformat(), known.isoformat()))


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
