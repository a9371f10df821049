"""schakel shock resolution: what coarseness of the table does to an answer, as a band of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from schakel.cli.options import format_option, language, threads_option
from schakel.cli.shock_files import open_scenario, write_answer

_TOLD = {
    "en": "table: {world}, {regions} regions by {sectors} sectors; {n} random groupings, {keep:.0%} kept as groups, seed {seed}; "
    "kept apart: {apart}",
    "nl": "tabel: {world}, {regions} regio's bij {sectors} sectoren; {n} willekeurige indelingen, {keep:.0%} blijft als groep, "
    "seed {seed}; uiteen gehouden: {apart}",
}


@click.command()
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--lens",
    "lenses",
    type=click.Choice(["floor", "centre", "ceiling", "long_run"]),
    multiple=True,
    default=("centre",),
    show_default=True,
    help="Lens to run; may be repeated.",
)
@click.option(
    "--on", type=click.Choice(["table", "graph"]), default="table", show_default=True, help="World to run on."
)
@click.option(
    "--groupings", type=click.IntRange(1, 1024), default=16, show_default=True, help="Random groupings to draw."
)
@click.option(
    "--keep",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.5,
    show_default=True,
    help="Share of regions and sectors left as groups.",
)
@click.option("--seed", type=click.IntRange(0), help="Seed of the groupings; the scenario's own when left out.")
@click.option(
    "--draws",
    type=click.IntRange(0, 4096),
    default=0,
    show_default=True,
    help="Draws; 0 takes every number at its point.",
)
@threads_option
@format_option
def resolution(
    scenario: str,
    lenses: tuple[str, ...],
    on: str,
    groupings: int,
    keep: float,
    seed: int | None,
    draws: int,
    threads: int | None,
    format_: str,
    out: Path | None,
    lang: str | None,
) -> None:
    """Show how much of the loss hangs on how finely the table tells countries and sectors apart.

    \b
    Example:
      schakel shock resolution taiwan-blockade --groupings 4 --lens long_run
    """
    from schakel.lake.progress import bar
    from schakel.reports.model import Column
    from schakel.shocks import kept
    from schakel.shocks import resolution as room

    tongue = language(lang)
    found = open_scenario(scenario)
    with bar("scenario", len(lenses) * (groupings + 1)) as step:

        def tell(label: str, now: int, total: int) -> None:
            step(1)

        answer = room.spread(
            found,
            lenses=lenses,
            on=on,
            groupings=groupings,
            keep=keep,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=tell,
        )
    kept.keep(answer, "resolution")
    rows = [
        {
            "lens": lens,
            "loss": r["loss"],
            "coarse": r["coarse"]["median"],
            "p05": r["coarse"]["p05"],
            "p95": r["coarse"]["p95"],
            "ratio": (r["ratio"] or {}).get("median"),
        }
        for lens, r in answer["lenses"].items()
    ]
    money: dict[str, Any] = {"unit": answer["unit"], "kind": "money" if answer["unit"] == "USD" else "number"}
    columns = [
        Column("lens", {"en": "lens", "nl": "lens"}, kind="code"),
        Column("loss", {"en": "loss on the table", "nl": "verlies op de tabel"}, **money),
        Column("coarse", {"en": "median of coarser tables", "nl": "mediaan van grovere tabellen"}, **money),
        Column("p05", {"en": "5 %", "nl": "5 %"}, **money),
        Column("p95", {"en": "95 %", "nl": "95 %"}, **money),
        Column("ratio", {"en": "coarser over table", "nl": "grover gedeeld door tabel"}, kind="number"),
    ]
    apart = [*answer["kept_apart"]["regions"], *answer["kept_apart"]["sectors"]]
    note = _TOLD[tongue].format(
        **{k: answer[k] for k in ("world", "regions", "sectors", "keep", "seed")},
        n=len(answer["groupings"]),
        apart=", ".join(apart[:12]) or "-",
    )
    write_answer(answer, rows, columns, format_, out, tongue, found.id, [note])
