"""schakel dossier fetch, search: what does the open data of the House hold, and where do these words stand?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schakel.cli.dossier_words import LANG, REGISTER, as_json, column, line, rows_as
from schakel.cli.options import language
from schakel.cli.speech import note, tell

if TYPE_CHECKING:
    from schakel.sources.tweedekamer import Mirror
    from schakel.sources.tweedekamer.fetch import Fetched, Question

KINDS = ("zaak", "motie", "document", "toezegging", "activiteit", "dossier", "letter")
_FORM = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "md"]),
    default="table",
    show_default=True,
    help="How to write the answer.",
)
_WORDS = {
    "fetching": ("fetching {0}", "{0} ophalen"),
    "fetched": ("Fetched from {0}", "Opgehaald van {0}"),
    "stopped": (
        "{0}: stopped; every page that came is kept, and the same command goes on there",
        "{0}: gestopt; elke pagina die binnenkwam blijft bewaard, en dezelfde opdracht gaat daar verder",
    ),
    "more": (
        "{0}: there is more; the same command goes on there",
        "{0}: er is meer; dezelfde opdracht gaat daar verder",
    ),
    "refused": ("{0}: {1} refused: {2}", "{0}: {1} geweigerd: {2}"),
    "note": ("note: {0}", "let op: {0}"),
    "file": ("file: {0}", "bestand: {0}"),
    "found": ("Found: {0}", "Gevonden: {0}"),
    "nothing": ("nothing found for: {0}", "niets gevonden voor: {0}"),
    "empty": (
        "no official records or letters are here yet: schakel dossier fetch, or schakel dossier import FILE",
        "hier zijn nog geen officiële gegevens of brieven: schakel dossier fetch, of schakel dossier import BESTAND",
    ),
}
_KINDS = {
    "zaak": ("case", "zaak"),
    "motie": ("motion", "motie"),
    "document": ("paper", "stuk"),
    "toezegging": ("commitment", "toezegging"),
    "activiteit": ("activity", "activiteit"),
    "dossier": ("dossier", "dossier"),
    "letter": ("letter", "brief"),
}
# What the client says of its own accord, in Dutch; reasons of refusal are the source's own names and stay as they are.
_NOTES = {
    "the records came without encryption, so nobody vouches for their origin": (
        "de gegevens kwamen zonder versleuteling, dus niemand staat in voor hun herkomst"
    ),
    "with $top the source gives no link to a next page: pages were counted with $skip": (
        "met $top geeft de bron geen verwijzing naar een volgende pagina: pagina's zijn geteld met $skip"
    ),
    "the source gave a full page without a link to the next: pages were counted with $skip instead": (
        "de bron gaf een volle pagina zonder verwijzing naar de volgende: pagina's zijn in plaats daarvan geteld met $skip"
    ),
}


def say(key: str, tongue: str, *values: object) -> str:
    """Return a phrase in a language."""
    return _WORDS[key][tongue == "nl"].format(*values)


@click.command()
@click.option(
    "--category",
    "categories",
    multiple=True,
    metavar="NAME",
    help="Entity to fetch, for example Toezegging; may be repeated; `all` for every one. "
    "Default: Kamerstukdossier, Toezegging, Activiteit, Zaak, ZaakActor, Document.",
)
@click.option("--url", help="Address of the interfaces. Default: the official one.")
@click.option("--max-pages", type=click.IntRange(min=1), help="Stop after this many pages of each entity.")
@click.option(
    "--via", type=click.Choice(["feed", "odata"]), help="Interface. Default: the feed; OData with a question."
)
@click.option("--filter", "filter_", default="", help="Question to OData, in its language: $filter.")
@click.option("--expand", default="", help="What OData should give along with each record: $expand.")
@click.option("--select", default="", help="Fields wanted of OData: $select. Identifier and moment are added.")
@click.option("--orderby", default="", help="Order wanted of OData: $orderby.")
@click.option("--top", type=click.IntRange(min=1), help="Number of records wanted of OData.")
@click.option("--again", is_flag=True, help="From the beginning, not from where the last run stopped.")
@click.option("--resource", metavar="ID", help="Fetch one file (the text of a paper) by its identifier instead.")
@_FORM
@LANG
def fetch(
    categories: tuple[str, ...],
    url: str | None,
    max_pages: int | None,
    via: str | None,
    filter_: str,
    expand: str,
    select: str,
    orderby: str,
    top: int | None,
    again: bool,
    resource: str | None,
    form: str,
    lang: str | None,
) -> None:
    """Fetch open data of the Tweede Kamer into the mirror on this machine.

    This is the only command of `dossier` that goes outside. The feed goes on where it stopped and also tells what was
    deleted; a question (--filter and the like) goes to OData. An entity whose shape was never recorded is marked so.

    \b
    Example:
      schakel dossier fetch --category Toezegging
      schakel dossier fetch --category Zaak --filter "Soort eq 'Motie' and GestartOp ge 2025-01-01T00:00:00Z"
    """
    from schakel.lake import progress
    from schakel.sources.tweedekamer import fetch as fetching
    from schakel.sources.tweedekamer.line import Line

    tongue = language(lang)
    question = fetching.Question(filter_, expand, select, orderby, top)
    asked = _categories(categories, question)
    if via == "feed" and question:
        raise click.UsageError(
            "--via feed takes no question: leave out --filter, --expand, --select, --orderby, --top."
        )
    with Line(url or fetching.OFFICIAL) as server:
        if resource is not None:
            _resource(fetching.resource(server, resource), form, tongue)
            return
        done: list[Fetched] = []
        with _mirror() as mirror:
            for name in asked:
                try:
                    with progress.bar(say("fetching", tongue, name)) as step:
                        done.append(
                            fetching.fetch(
                                mirror,
                                name,
                                server,
                                question=question,
                                via=via or "",
                                max_pages=max_pages,
                                again=again,
                                step=step,
                            )
                        )
                except BaseException:
                    note(say("stopped", tongue, name))
                    raise
    _show(done, form, tongue)


def _categories(given: Sequence[str], question: Question) -> tuple[str, ...]:
    from schakel.sources.tweedekamer.entities import ENTITIES, USUAL
    from schakel.sources.tweedekamer.fetch import official

    if "all" in given:
        return tuple(e.name for e in ENTITIES.values() if e.official)
    if question and not given:
        raise click.UsageError("A question to OData is about one entity: name it with --category.")
    return tuple(dict.fromkeys(official(name).name for name in given)) or USUAL


def _mirror() -> Mirror:
    from schakel import settings
    from schakel.sources.tweedekamer import FILE_NAME, Mirror

    return Mirror(settings.load().home / FILE_NAME)


def _resource(address: str, form: str, tongue: str) -> None:
    from schakel import settings
    from schakel.lake import progress
    from schakel.sources.answer import Wanted
    from schakel.sources.download import download
    from schakel.sources.tweedekamer import recognises

    got = download(
        Wanted(address, max_bytes=1 << 30),
        settings.load().downloads,
        progress=lambda total: progress.bar(say("fetching", tongue, address), total, bytes_=True),
    )
    for text in got.warnings:
        note(say("note", tongue, text))
    facts: dict[str, Any] = {"file": str(got.path), "sha256": got.sha256, "bytes": got.bytes, "url": got.url}
    if recognises(got.path):
        with _mirror() as mirror:
            facts["counts"] = mirror.import_file(got.path).as_dict()
    if form == "json":
        as_json(facts)
    else:
        tell(say("file", tongue, got.path))


def _show(done: Sequence[Fetched], form: str, tongue: str) -> None:
    for one in done:
        for reason, amount in one.counts.refused.items():
            note(say("refused", tongue, one.entity, amount, reason))
        if not one.complete:
            note(say("more", tongue, one.entity))
    for text in dict.fromkeys(t for one in done for t in one.counts.notes):
        note(say("note", tongue, _NOTES[text] if tongue == "nl" and text in _NOTES else text))
    if form == "json":
        as_json(
            {"source": done[0].source if done else "", "licence": "CC0-1.0", "fetched": [d.as_dict() for d in done]}
        )
        return
    shape = {
        True: {"en": "recorded", "nl": "opgenomen"}[tongue],
        False: {"en": "unrecorded", "nl": "niet opgenomen"}[tongue],
    }
    rows = [{**d.as_dict(), "shape": shape[d.recorded], "refused": sum(d.counts.refused.values())} for d in done]
    columns = [
        column("entity", "entity", "entiteit"),
        column("shape", "shape", "vorm"),
        column("via", "via", "via"),
        column("pages", "pages", "pagina's", "integer"),
        column("read", "read", "gelezen", "integer"),
        column("new", "new", "nieuw", "integer"),
        column("changed", "changed", "gewijzigd", "integer"),
        column("deleted", "deleted", "verwijderd", "integer"),
        column("unchanged", "unchanged", "ongewijzigd", "integer"),
        column("outdated", "outdated", "verouderd", "integer"),
        column("refused", "refused", "geweigerd", "integer"),
    ]
    rows_as(rows, columns, form, None, tongue, say("fetched", tongue, done[0].source if done else ""))


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--kind", "kinds", type=click.Choice(KINDS), multiple=True, help="Only this kind; may be repeated.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Number of finds shown.")
@REGISTER
@_FORM
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@LANG
def search(
    query: tuple[str, ...],
    kinds: tuple[str, ...],
    limit: int,
    register: str | None,
    form: str,
    out: Path | None,
    lang: str | None,
) -> None:
    """Search official records and imported letters for words, best finds first.

    "exact phrase", word*, AND, OR, NOT (in capitals) and brackets do what they say; words beside each other must all occur.
    Accents and capitals make no difference.

    \b
    Example:
      schakel dossier search 'kritieke grondstof*' --kind motie
      schakel dossier search '"strategische autonomie" NOT defensie' --format json --lang nl
    """
    tongue = language(lang)
    asked = " ".join(query)
    with _mirror() as mirror:
        _letters(mirror, register)
        hits = mirror.search(asked, limit, kinds)
        empty = not hits and not mirror.counts() and not mirror.indexed_letters()
    if form == "json":
        found = [{**asdict(h), "date": h.date.isoformat() if h.date else None} for h in hits]
        as_json({"query": asked, "kinds": list(kinds), "limit": limit, "hits": found}, out)
    elif hits or out is not None or form != "table":
        rows = [
            {
                "id": h.id,
                "kind": h.kind if form == "csv" else _KINDS[h.kind][tongue == "nl"],
                "date": h.date.isoformat() if h.date else "",
                "title": h.title if form == "csv" else line(h.title),
                "snippet": h.snippet if form == "csv" else line(h.snippet, 200),
                "score": h.score,
            }
            for h in hits
        ]
        columns = [
            column("id", "number", "nummer"),
            column("kind", "kind", "soort"),
            column("date", "date", "datum"),
            column("title", "title", "titel"),
            column("snippet", "where", "waar"),
            column("score", "score", "score", "number", detail=True),
        ]
        rows_as(rows, columns, form, out, tongue, say("found", tongue, asked))
    if not hits:
        note(say("empty", tongue) if empty else say("nothing", tongue, asked))


def _letters(mirror: Mirror, register: str | None) -> None:
    """Bring search up to date with the letters of the archive; a register that is not there is not made."""
    from schakel import settings

    chosen = settings.load()
    if register is None and not chosen.has_register:
        return
    from schakel.dossiers.archive import Archive
    from schakel.register import Register

    with Register(register or chosen.register) as opened:
        archive = Archive(opened, None)
        mirror.sync_letters(archive.letters(), lambda id: archive.letter(id).text)
