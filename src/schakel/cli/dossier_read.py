"""schakel dossier cite, read: what stands in one letter, or in every letter of a folder?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schakel.cli.dossier_words import as_json, column, kind_name, line, rows_as, say
from schakel.cli.options import format_option, language
from schakel.cli.speech import note, tell

if TYPE_CHECKING:
    from schakel.dossiers.archive import Letter

_file = click.argument("file", type=click.Path(path_type=Path))
_own = click.option(
    "--own-dossier", help="Dossier of the letter itself, for citations such as `t.v.v. nr. 76`; for example 36600-XIII."
)
_date = click.option(
    "--date",
    "written",
    type=click.DateTime(["%Y-%m-%d"]),
    help="When the letter was written; found in the letter when left out.",
)


@click.command()
@_file
@_own
@_date
@format_option
def cite(
    file: Path, own_dossier: str | None, written: datetime | None, format_: str, out: Path | None, lang: str | None
) -> None:
    """Find every citation of a letter (docx, PDF, official XML, HTML or text), with its identifier and link.

    Offsets count Unicode code points of the file's text. A citation that cannot be right keeps its literal identifier, has
    no link, and is explained under `findings` with its best reading.

    \b
    Example:
      schakel dossier cite letter.docx
      schakel dossier cite letter.txt --format json
    """
    from schakel.dossiers.archive.identity import identify
    from schakel.dossiers.citations import cite as find
    from schakel.dossiers.reading import read as read_file

    tongue = language(lang)
    letter = read_file(file)
    day = written.date() if written else None
    who = identify(letter, written=day)
    known = who.date if who.date_basis in ("given", "stated", "file-name") else None
    answer = find(letter.text, own_dossier=own_dossier or letter.meta.get("dossier"), date=known).as_dict()
    if format_ == "json":
        as_json(answer, out)
        return
    rows = [{**c, "doubt": _doubt(c, answer["findings"], tongue)} for c in answer["citations"]]
    _citations(rows, format_, out, tongue, say("cite", tongue, file.name))


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE_OR_FOLDER")
@_own
@_date
@format_option
def read(
    file: Path, own_dossier: str | None, written: datetime | None, format_: str, out: Path | None, lang: str | None
) -> None:
    """Read a letter: citations, commitments with their deadlines, amounts, targets, and what does not add up.

    Every fact has the characters it stands on. A folder reads every letter in it. Nothing is recorded; that is for
    `schakel dossier import`. Formats other than table and JSON give one row for each fact.

    \b
    Example:
      schakel dossier read letter.docx
      schakel dossier read letter.pdf --format json --lang nl
    """
    from schakel.dossiers.archive import analyse

    tongue = language(lang)
    day = written.date() if written else None
    if not file.is_dir():
        from schakel.lake.progress import bar

        with bar(say("reading", tongue), 1) as step:
            letter = analyse(file, written=day, dossier=own_dossier, step=step)
        if format_ == "json":
            as_json(_value(letter), out)
        else:
            _show([letter], format_, out, tongue)
        return
    letters, refused = _folder(file, day, own_dossier, tongue)
    if format_ == "json":
        as_json({"folder": str(file), "letters": [_value(x) for x in letters], "refused": refused}, out)
    else:
        for one in refused:
            note(f"{one['file']}: {one['what']}")
        _show(letters, format_, out, tongue)


def _folder(folder: Path, day: Any, own: str | None, tongue: str) -> tuple[list[Letter], list[dict[str, str]]]:
    """Read the letters of a folder; a file that does not read is named, the others are read all the same."""
    from schakel.dossiers.archive import analyse
    from schakel.dossiers.archive.folder import files
    from schakel.errors import InputError
    from schakel.lake.progress import bar

    letters, refused = [], []
    paths = files(folder)
    with bar(say("reading", tongue), len(paths)) as step:
        for path in paths:
            try:
                letters.append(analyse(path, written=day, dossier=own))
            except InputError as error:
                refused.append({"file": path.name, "what": error.what, "remedy": error.remedy})
            step(1)
    return letters, refused


def _value(letter: Letter) -> dict[str, Any]:
    """Return a letter JSON-ready: what it is, its text, and every fact."""
    card = letter.card
    meta = {"title": card.title, "date": card.date.isoformat() if card.date else None, "dossier": card.dossier}
    commitments = [
        {k: v for k, v in c.items() if k not in ("id", "context", "context_start", "counted_from")}
        for c in letter.commitments
    ]
    return {
        "file": card.file,
        "format": card.format,
        "sha256": card.sha256,
        "pages": letter.pages,
        "id": card.id,
        "kind": card.kind,
        "sender": card.sender,
        "date_basis": card.date_basis,
        "meta": {**letter.meta, **{k: v for k, v in meta.items() if v is not None}},
        "text": letter.text,
        "footnotes": list(letter.footnotes),
        "tables": list(letter.tables),
        "citations": list(letter.citations),
        "findings": list(letter.findings),
        "commitments": commitments,
        "deadlines": list(letter.deadlines),
        "amounts": list(letter.amounts),
        "percentages": list(letter.percentages),
        "mentions": list(letter.mentions),
    }


def _show(letters: list[Letter], form: str, out: Path | None, tongue: str) -> None:
    if form != "table" or out is not None:
        _facts([row for x in letters for row in _rows(x, tongue)], form, out, tongue, say("findings", tongue))
        return
    for letter in letters:
        card = letter.card
        tell(say("read", tongue, card.file))
        facts = {
            "id": card.id,
            "title": card.title,
            "date": f"{card.date} ({card.date_basis})" if card.date else None,
            "sender": card.sender,
            "dossier": card.dossier,
            "format": card.format,
            "pages": letter.pages,
            "letters": len(letter.text),
            **{
                key: card.counts[key]
                for key in ("footnotes", "tables", "citations", "commitments", "amounts", "percentages")
            },
        }
        for key, value in facts.items():
            if value not in (None, ""):
                tell(f"  {say(key, tongue)}: {value}")
        rows = [r for r in _rows(letter, tongue) if r["fact"] != say("citations", tongue)]
        if rows:
            _facts(rows, form, out, tongue, card.file)


def _rows(letter: Letter, tongue: str) -> list[dict[str, Any]]:
    """Return the facts of a letter one by one, in the order of its text."""
    found = []
    for key in ("citations", "commitments", "amounts", "percentages", "findings"):
        for one in getattr(letter, key):
            found.append(
                {
                    "letter": letter.card.id,
                    "fact": say(key, tongue),
                    "start": str(one["start"]),
                    "end": str(one["end"]),
                    "quote": line(one["quote"]),
                    "said": _said(key, one, tongue),
                }
            )
    return sorted(found, key=lambda r: (int(r["start"]), int(r["end"])))


def _said(key: str, one: dict[str, Any], tongue: str) -> str:
    parts: tuple[Any, ...]
    if key == "citations":
        return str(one["id"] or "")
    if key == "commitments":
        until = one["deadline"] or {}
        day = until.get("hi") or ("?" if one["deadline_text"] else "")
        parts = (kind_name(one["kind"], tongue), one["tz_number"], one["motion"], day, until.get("event"))
    elif key == "amounts":
        high = f"–{one['high']}" if one["high"] else ""
        arrow = f"{one['payer'] or ''} → {one['beneficiary'] or ''}" if one["payer"] or one["beneficiary"] else None
        parts = (
            one["qualifier"],
            f"{one['value']}{high} {one['currency'] or '?'}",
            one["period"],
            one["side"],
            arrow,
            one["programme"],
        )
    elif key == "percentages":
        high = f"–{one['value_pct_high']}" if one["value_pct_high"] else ""
        parts = (one["comparator"], f"{one['value_pct']}{high} %", one["kind"])
    else:
        best = f" ({say('best', tongue, one['best_reading'])})" if one["best_reading"] else ""
        return f"{one['sentence'][tongue]}{best}"
    return ", ".join(str(p) for p in parts if p)


def _facts(rows: list[dict[str, Any]], form: str, out: Path | None, tongue: str, title: str) -> None:
    columns = [
        column("letter", "letter", "brief", detail=True),
        column("start", "start", "begin", "code"),
        column("end", "end", "einde", "code", True),
        column("fact", "fact", "feit"),
        column("quote", "as written", "zoals het er staat"),
        column("said", "read as", "gelezen als"),
    ]
    rows_as(rows, columns, form, out, tongue, title)


def _doubt(citation: dict[str, Any], findings: list[dict[str, Any]], tongue: str) -> str:
    mine = [f for f in findings if (f["start"], f["end"]) == (citation["start"], citation["end"])]
    return "; ".join(_said("findings", f, tongue) for f in mine)


def _citations(rows: list[dict[str, Any]], form: str, out: Path | None, tongue: str, title: str) -> None:
    columns = [
        column("start", "start", "begin", "code"),
        column("end", "end", "einde", "code", True),
        column("kind", "kind", "soort"),
        column("quote", "as written", "zoals het er staat"),
        column("id", "identifier", "nummer"),
        column("link", "link", "adres", detail=True),
        column("doubt", "doubt", "twijfel"),
    ]
    shown = [{**row, "quote": line(row["quote"]), "start": str(row["start"]), "end": str(row["end"])} for row in rows]
    rows_as(shown, columns, form, out, tongue, title)
