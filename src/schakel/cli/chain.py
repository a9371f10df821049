"""schakel chain: what a value chain consists of, what survives a removal, who is exposed to whom, where it chokes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from schakel.cli import chain_tables
from schakel.cli.chain_tables import write_answer
from schakel.cli.ecosystem import ecosystem
from schakel.cli.options import format_option, language

GRAPH_HELP = (
    "GRAPH is reference, materials, a data set of the lake, a folder of CSV files or a folder of the chip explorer."
)


def _options(*names: str) -> Callable[[Any], Any]:
    have = {
        "reading": click.option(
            "--reading", type=click.Choice(["alternatives", "together"]), default="alternatives", show_default=True,
            help="Links 'is a type of': any type will do, or all are needed.",
        ),
        "by": click.option(
            "--by", type=click.Choice(["any", "plant", "owner", "control"]), default="any", show_default=True,
            help="What ties a holder to a country.",
        ),
        "within": click.option(
            "--within", type=click.Choice(["lasting", "now"]), default="lasting", show_default=True,
            help="lasting: tools count; now: the tools that stand keep running.",
        ),
        "least": click.option(
            "--least-share", type=click.FloatRange(0, 1), default=0.0, show_default=True,
            help="A step counts as lost when no more than this share of it is left.",
        ),
    }  # fmt: skip

    def add(function: Any) -> Any:
        for name in reversed(names):
            function = have[name](function)
        return click.argument("graph", metavar="GRAPH")(function)

    return add


@click.group(epilog=GRAPH_HELP)
def chain() -> None:
    """Value chains: what goes into what, who holds each step, where it chokes.

    \b
    Example:
      schakel chain makeable reference --without NLD
    """


def _open(graph: str, reading: str) -> Any:
    from schakel.chains.open import open_graph

    return open_graph(graph, reading=reading)


@chain.command()
@click.option("--step", help="One step only, with its inputs, users and holders.")
@_options("reading")
@format_option
def show(graph: str, reading: str, step: str | None, format_: str, out: Path | None, lang: str | None) -> None:
    """Show the steps of a chain with concentration and governance of their holders.

    \b
    Example:
      schakel chain show reference --step euv_scanner
    """
    from schakel.chains import answers
    from schakel.reports.model import Column

    tongue = language(lang)
    answer = answers.show(_open(graph, reading), step)
    rows = [
        {
            **s,
            "name": s[f"name_{tongue}"],
            "top": max(((v or 0.0, k) for k, v in s["holders"].items()), default=(None, ""))[1],
            "needs": ", ".join(" / ".join(slot["alternatives"]) for slot in s["needs"]),
            "holders": chain_tables.held(s["holders"], format_, tongue),
            "layer": chain_tables.word(s["layer"], format_, tongue),
        }
        for s in answer["steps"]
    ]
    columns = [
        Column("step", {"en": "step", "nl": "stap"}, kind="code"),
        Column("name", {"en": "name", "nl": "naam"}),
        Column("layer", {"en": "layer", "nl": "laag"}),
        Column("level", {"en": "level", "nl": "niveau"}, kind="integer"),
        Column("hhi", {"en": "HHI, named holders", "nl": "HHI, genoemde houders"}, kind="number"),
        Column("hhi_high", {"en": "HHI at most", "nl": "HHI hoogstens"}, kind="number"),
        Column("governance", {"en": "political stability", "nl": "politieke stabiliteit"}, kind="number"),
        Column("holders", {"en": "holders", "nl": "houders"}),
        Column("needs", {"en": "made of", "nl": "gemaakt van"}, detail=step is None),
    ]
    write_answer(answer, rows, columns, format_, out, tongue, answer["graph"])


@chain.command()
@click.option(
    "--without",
    multiple=True,
    required=True,
    help="Country, bloc or firm that is taken away; may be repeated, or commas between.",
)
@click.option(
    "--from-scratch", is_flag=True, help="Ask what could be built again from nothing; a loop without a way in is lost."
)
@_options("reading", "by", "within", "least")
@format_option
def makeable(
    graph: str, reading: str, by: str, within: str, least_share: float, without: tuple[str, ...], from_scratch: bool,
    format_: str, out: Path | None, lang: str | None,
) -> None:  # fmt: skip
    """Show what can no longer be made without a country, bloc or firm, and why.

    \b
    Example:
      schakel chain makeable reference --without NLD
    """
    from schakel.chains import answers
    from schakel.reports.model import Column

    tongue = language(lang)
    answer = answers.makeable(
        _open(graph, reading), without, by=by, within=within, least_share=least_share, from_scratch=from_scratch
    )
    rows = chain_tables.lost(answer, format_, tongue)
    columns = [
        Column("step", {"en": "lost step", "nl": "verloren stap"}, kind="code"),
        Column("name", {"en": "name", "nl": "naam"}),
        Column("links", {"en": "links from the break", "nl": "schakels van de breuk"}, kind="integer"),
        Column("why", {"en": "why", "nl": "waarom"}),
    ]
    notes = [
        f"{len(answer['lost'])} lost, {len(answer['kept'])} kept; of the kept, {len(answer['unknown_holders'])} have holders nobody named"
        if tongue == "en"
        else f"{len(answer['lost'])} verloren, {len(answer['kept'])} over; van {len(answer['unknown_holders'])} daarvan is geen houder bekend"
    ]
    write_answer(
        answer, rows, columns, format_, out, tongue, f"{answer['graph']} - {', '.join(answer['without'])}", notes
    )


@chain.command()
@click.option("--on", "on", multiple=True, required=True, help="Country, bloc or firm; several count as a coalition.")
@click.option("--step", required=True, help="Step by id or name.")
@_options("reading", "by", "within")
@format_option
def exposure(
    graph: str,
    reading: str,
    by: str,
    within: str,
    on: tuple[str, ...],
    step: str,
    format_: str,
    out: Path | None,
    lang: str | None,
) -> None:
    """Show how exposed a step is to a country, through every step upstream, and by which path.

    \b
    Example:
      schakel chain exposure reference --on CHN --step fab_euv_logic
    """
    from schakel.chains import answers
    from schakel.reports.model import Column
    from schakel.reports.words import number

    tongue = language(lang)
    answer = answers.exposure(_open(graph, reading), on, step, by=by, within=within)
    rows = [{**n, "name": n[f"name_{tongue}"]} for n in answer["nodes"]]
    columns = [
        Column("step", {"en": "step", "nl": "stap"}, kind="code"),
        Column("name", {"en": "name", "nl": "naam"}),
        Column("direct", {"en": "held directly", "nl": "rechtstreeks"}, kind="share"),
        Column("exposure", {"en": "exposure", "nl": "blootstelling"}, kind="share"),
        Column("hhi", {"en": "HHI", "nl": "HHI"}, kind="number"),
        Column("governance", {"en": "political stability", "nl": "politieke stabiliteit"}, kind="number"),
        Column("top_holder", {"en": "top holder", "nl": "grootste houder"}, kind="code"),
        Column("top_share", {"en": "share", "nl": "aandeel"}, kind="share"),
    ]
    names = {n["step"]: n["name"] for n in rows}
    way = " <- ".join(names[s] for s in answer["path"])
    notes = [f"{'exposure' if tongue == 'en' else 'blootstelling'} {number(answer['exposure'], tongue, 3)}: {way}"]
    notes += chain_tables.ranged(answer["range"], tongue)
    notes += chain_tables.unweighted(answer["without_cost_share"], tongue)
    write_answer(answer, rows, columns, format_, out, tongue, f"{answer['step']} / {', '.join(answer['on'])}", notes)


@chain.command()
@click.option("--size", type=click.IntRange(1, 2), default=1, show_default=True, help="Remove one name, or also pairs.")
@click.option(
    "--names",
    type=click.Choice(["countries", "actors"]),
    default="countries",
    show_default=True,
    help="Remove countries, or firms and institutes.",
)
@click.option("--together", is_flag=True, help="Pairs only, and only those that lose more than their members alone.")
@click.option("--of", "of", help="Also list what this country or bloc holds.")
@click.option("--step", help="Smallest coalitions that stop this step; the end uses when left out.")
@click.option("--most", type=click.IntRange(1, 100_000), default=40, show_default=True, help="Rows to give.")
@_options("reading", "by", "within", "least")
@format_option
def choke(
    graph: str, reading: str, by: str, within: str, least_share: float, size: int, names: str, together: bool, of: str | None,
    step: str | None, most: int, format_: str, out: Path | None, lang: str | None,
) -> None:  # fmt: skip
    """Show whose removal loses most, which smallest coalitions stop a step, and the control points of a country.

    \b
    Example:
      schakel chain choke reference --of NLD
    """
    from schakel.chains import answers
    from schakel.reports.model import Column

    tongue = language(lang)
    size = 2 if together else size
    answer = answers.chokes(
        _open(graph, reading),
        size=size,
        names=names,
        together=together,
        of=of,
        step=step,
        by=by,
        within=within,
        least_share=least_share,
        most=most,
    )
    notes = chain_tables.stops(answer, size, tongue)
    if of is not None:
        names_of = chain_tables.named(answer, format_, tongue)
        rows = [
            {**p, "name": p[f"name_{tongue}"], "finals": ", ".join(map(names_of, p["finals"]))}
            for p in answer["control_points"]
        ]
        columns = [
            Column("step", {"en": "step", "nl": "stap"}, kind="code"),
            Column("name", {"en": "name", "nl": "naam"}),
            Column("share", {"en": "share", "nl": "aandeel"}, kind="share"),
            Column("irreplaceable", {"en": "nobody else named", "nl": "niemand anders genoemd"}, kind="boolean"),
            Column("downstream", {"en": "steps that hang on it", "nl": "stappen die eraan hangen"}, kind="integer"),
            Column("finals", {"en": "end uses", "nl": "eindgebruik"}),
        ]
    else:
        rows = chain_tables.removed(answer, format_, tongue)
        columns = [
            Column("without", {"en": "without", "nl": "zonder"}, kind="code"),
            Column("lost", {"en": "steps lost", "nl": "stappen verloren"}, kind="integer"),
            Column("begins", {"en": "breaks first at", "nl": "breekt het eerst bij"}),
            Column("links", {"en": "links it travels", "nl": "schakels ver"}, kind="integer"),
            *chain_tables.TOGETHER[: size - 1],
            Column("finals_lost", {"en": "end uses lost", "nl": "eindgebruik verloren"}),
        ]
    write_answer(answer, rows, columns, format_, out, tongue, answer["graph"], notes)


@chain.command()
@click.option("--from", "start", required=True, help="Step where the way begins.")
@click.option("--to", "end", required=True, help="Step where it ends.")
@click.option("--most", type=click.IntRange(1, 1000), default=20, show_default=True, help="Ways to give.")
@_options("reading")
@format_option
def path(
    graph: str, reading: str, start: str, end: str, most: int, format_: str, out: Path | None, lang: str | None
) -> None:
    """Show by which ways one step enters another, shortest first.

    \b
    Example:
      schakel chain path reference --from gallium --to end_defence
    """
    from schakel.chains import answers
    from schakel.reports.model import Column

    tongue = language(lang)
    answer = answers.paths(_open(graph, reading), start, end, most=most)
    rows = [{"links": p["links"], "way": " -> ".join(s[f"name_{tongue}"] for s in p["steps"])} for p in answer["paths"]]
    columns = [
        Column("links", {"en": "links", "nl": "schakels"}, kind="integer"),
        Column("way", {"en": "way", "nl": "weg"}),
    ]
    notes = chain_tables.more_ways(answer["complete"], tongue)
    write_answer(answer, rows, columns, format_, out, tongue, f"{answer['from']} -> {answer['to']}", notes)


chain.add_command(ecosystem)
