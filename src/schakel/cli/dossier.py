"""schakel dossier: what does a letter to Parliament cite, promise and leave open?"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schakel.cli.options import format_option, language
from schakel.cli.speech import tell

if TYPE_CHECKING:
    from schakel.dossiers.citations import Cited
    from schakel.dossiers.reading import Document

_WORDS = {
    "cite": ("Citations in {0}", "Verwijzingen in {0}"),
    "read": ("Read: {0}", "Gelezen: {0}"),
    "best": ("best reading: {0}", "waarschijnlijk bedoeld: {0}"),
    "format": ("format", "formaat"),
    "title": ("title", "titel"),
    "date": ("date in the file", "datum in het bestand"),
    "letters": ("characters", "tekens"),
    "pages": ("pages", "bladzijden"),
    "footnotes": ("footnotes", "voetnoten"),
    "tables": ("tables", "tabellen"),
    "citations": ("citations", "verwijzingen"),
    "findings": ("doubts", "twijfels"),
}


def say(key: str, tongue: str, *values: object) -> str:
    """Return a phrase in a language."""
    return _WORDS[key][tongue == "nl"].format(*values)


@click.group()
def dossier() -> None:
    """Read letters to Parliament: citations, commitments, deadlines, amounts, and what does not add up.

    \b
    Example:
      schakel dossier cite letter.docx
      schakel dossier read letter.pdf --format json
    """


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


def _cited(file: Path, own: str | None, written: datetime | None) -> tuple[Document, Cited]:
    from schakel.dossiers.citations import cite as find
    from schakel.dossiers.reading import read as read_file

    letter = read_file(file)
    day = written.date() if written else _file_date(letter)
    return letter, find(letter.text, own_dossier=own or letter.meta.get("dossier"), date=day)


def _file_date(letter: Document) -> date | None:
    try:
        return date.fromisoformat(letter.meta.get("date", "")[:10])
    except ValueError:
        return None


@dossier.command()
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
    tongue = language(lang)
    _, cited = _cited(file, own_dossier, written)
    answer = cited.as_dict()
    if format_ == "json":
        _json(answer, out)
        return
    rows = [{**c, "doubt": _doubt(c, answer["findings"], tongue)} for c in answer["citations"]]
    _table(rows, format_, out, tongue, say("cite", tongue, file.name))


@dossier.command()
@_file
@_own
@_date
@format_option
def read(
    file: Path, own_dossier: str | None, written: datetime | None, format_: str, out: Path | None, lang: str | None
) -> None:
    """Read a letter: its text, footnotes, tables, citations, and what does not add up.

    \b
    Example:
      schakel dossier read letter.docx
      schakel dossier read letter.pdf --format json --lang nl
    """
    from schakel.dossiers.anomalies import anomalies

    tongue = language(lang)
    letter, cited = _cited(file, own_dossier, written)
    day = written.date() if written else _file_date(letter)
    doubts = [
        *letter.findings,
        *cited.findings,
        *anomalies(letter.text, footnotes=letter.footnotes, citations=cited.citations, date=day),
    ]
    findings = [f.as_dict() for f in sorted(doubts, key=lambda f: (f.start, f.end))]
    if format_ == "json":
        _json({**_letter(letter), **cited.as_dict(), "findings": findings}, out)
        return
    if format_ != "table" or out is not None:
        _table(_doubts(findings, tongue), format_, out, tongue, say("findings", tongue), doubts=True)
        return
    facts = (
        ("format", letter.format),
        ("title", letter.meta.get("title")),
        ("date", letter.meta.get("date")),
        ("pages", letter.pages),
        ("letters", len(letter.text.cleaned)),
        ("footnotes", len(letter.footnotes)),
        ("tables", len(letter.tables)),
        ("citations", len(cited.citations)),
    )
    tell(say("read", tongue, file.name))
    for key, value in facts:
        if value not in (None, ""):
            tell(f"  {say(key, tongue)}: {value}")
    if findings:
        _table(_doubts(findings, tongue), format_, out, tongue, say("findings", tongue), doubts=True)


def _letter(letter: Document) -> dict[str, Any]:
    notes = [
        {
            "label": n.label,
            "marker": [n.marker.start, n.marker.end] if n.marker else None,
            "definition": [n.definition.start, n.definition.end] if n.definition else None,
            "text": n.text,
        }
        for n in letter.footnotes
    ]
    tables = [{"start": t.place.start, "end": t.place.end, "rows": [list(r) for r in t.rows]} for t in letter.tables]
    return {
        "file": letter.name, "format": letter.format, "sha256": letter.sha256, "pages": letter.pages, "meta": dict(letter.meta),
        "text": letter.text.original, "footnotes": notes, "tables": tables,
    }  # fmt: skip


def _doubts(findings: list[dict[str, Any]], tongue: str) -> list[dict[str, Any]]:
    rows = []
    for f in findings:
        best = f" ({say('best', tongue, f['best_reading'])})" if f["best_reading"] else ""
        rows.append({**f, "quote": _line(f["quote"]), "why": f["sentence"][tongue] + best})
    return rows


def _doubt(citation: dict[str, Any], findings: list[dict[str, Any]], tongue: str) -> str:
    mine = [f for f in findings if (f["start"], f["end"]) == (citation["start"], citation["end"])]
    return "; ".join(row["why"] for row in _doubts(mine, tongue))


def _line(text: str) -> str:
    short = " ".join(text.split())
    return short if len(short) <= 90 else f"{short[:89]}…"


def _json(answer: dict[str, Any], out: Path | None) -> None:
    import json

    text = json.dumps(answer, ensure_ascii=False, indent=2)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")  # a lone surrogate is no text
    if out is None:
        tell(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")


def _table(
    rows: list[dict[str, Any]], format_: str, out: Path | None, tongue: str, title: str, doubts: bool = False
) -> None:
    from schakel.cli import tables
    from schakel.reports.model import Column

    place = [
        Column("start", {"en": "start", "nl": "begin"}, kind="code"),
        Column("end", {"en": "end", "nl": "einde"}, kind="code", detail=True),
    ]
    quote = Column("quote", {"en": "as written", "nl": "zoals het er staat"})
    kind = Column("kind", {"en": "kind", "nl": "soort"})
    if doubts:
        columns = [*place, kind, quote, Column("why", {"en": "doubt", "nl": "twijfel"})]
    else:
        link = Column("link", {"en": "link", "nl": "adres"}, detail=True)
        columns = [
            *place,
            kind,
            quote,
            Column("id", {"en": "identifier", "nl": "nummer"}),
            link,
            Column("doubt", {"en": "doubt", "nl": "twijfel"}),
        ]
    shown = [{**row, "quote": _line(row["quote"]), "start": str(row["start"]), "end": str(row["end"])} for row in rows]
    tables.write(shown, columns, format_, out, tongue, title=title)
