"""schakel monitor: everything about one reporter, on the terminal and as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from schakel.cli.options import language, open_flows, threads_option


@click.command()
@click.argument("reporter")
@click.option(
    "--flows",
    default="reference",
    show_default=True,
    help="Flow file, data set of the lake, or `reference` for the embedded tables.",
)
@click.option("--year", type=int, help="The latest year when left out.")
@click.option("--method", default=None, help="Definition shown in full; crma on imports alone, else ec2021.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("monitor-out"),
    show_default=True,
    help="Folder for the report files.",
)
@click.option("--files", default="html,pdf,docx,xlsx", show_default=True, help="Report files to write, or none.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--lang", type=click.Choice(["en", "nl"]))
@click.option("--date", default=None, help="Date printed on the report; today when left out.")
@click.option(
    "--register", type=click.Path(path_type=Path), help="Register with judgements; the setting's own when left out."
)
@click.option(
    "--coverage", type=click.Choice(["world", "imports"]), default="world", help="What a flow file of your own covers."
)
@click.option("--hs", type=int, help="HS revision of the product codes.")
@click.option("--decimal", type=click.Choice([".", ","]), default=".")
@click.option("--delimiter", default=",")
@threads_option
def monitor(
    reporter: str,
    flows: str,
    year: int | None,
    method: str | None,
    out: Path,
    files: str,
    format_: str,
    lang: str | None,
    date: str | None,
    register: Path | None,
    threads: int | None,
    **reading: Any,
) -> None:
    """Write the geo-economic monitor of REPORTER: on the terminal, and as HTML, PDF/A, docx and xlsx.

    \b
    Example:
      schakel monitor NLD --files none
    """
    import datetime

    from schakel.dependency.monitor import missing
    from schakel.dependency.monitor import monitor as run
    from schakel.errors import InputError
    from schakel.reports.model import Column
    from schakel.reports.monitoring import monitor_report, summary
    from schakel.reports.tabular import as_json, terminal
    from schakel.reports.write import FORMATS, write_report

    wanted = [] if files == "none" else [f.strip() for f in files.split(",") if f.strip()]
    unknown = [f for f in wanted if f not in FORMATS]
    if unknown:
        raise InputError(
            f"there is no report format {unknown[0]!r}", where="--files", remedy=f"use {', '.join(FORMATS)} or none"
        )
    data = open_flows(flows, threads=threads, **reading)
    chosen = method or ("ec2021" if data.coverage == "world" else "crma")
    tongue = language(lang)
    m = run(data, reporter, year or data.years[-1], method=chosen, threads=threads)
    standings, head = _standings(m, register)
    if format_ == "json":
        answer = m.chosen.as_dict()
        answer["grid"] = {p: dict(v) for p, v in m.grid.items()}
        answer["suppliers"] = [
            {"exporter": c, "value": v, "share": v / (sum(x for _, x in m.suppliers) or 1)} for c, v in m.suppliers
        ]
        answer["reverse"] = list(m.reverse)
        answer["missing"] = missing(m.chosen)
        answer["strategic"] = {
            p: {"status": s.status, "reasons": list(s.reasons)} for p, s in standings.items() if s.judgements
        }
        click.echo(as_json(answer), nl=False)
    else:
        report = monitor_report(m, tongue, date or "1970-01-01", standings=standings, register_head=head, limit=15)
        click.echo(f"{report.title} - {report.subtitle}\n")
        for line in summary(m, tongue):
            click.echo(f"  {line}")
        click.echo("")
        from schakel.reports.model import Table

        for block in report.sections:
            if isinstance(block, Table):
                shown = Table(
                    tuple(Column(c.key, c.title, c.unit, c.kind, c.digits) for c in block.columns),
                    block.rows,
                    block.caption,
                    block.notes,
                )
                click.echo(terminal(shown, tongue, to_terminal=False))
        for text in m.chosen.warnings:
            click.echo(f"note: {text}", err=True)
    if wanted:
        full = monitor_report(
            m, tongue, date or datetime.date.today().isoformat(), standings=standings, register_head=head
        )
        for kind in wanted:
            written = write_report(full, out / f"monitor-{m.reporter}-{m.year}-{tongue}.{kind}")
            click.echo(f"wrote {written}", err=True)


def _standings(m: Any, register: Path | None) -> tuple[dict[str, Any], str]:
    """Return the standing of each product by the recorded judgements, and the register's head hash; nothing when there is no register."""
    from schakel import settings

    path = register or settings.load().register
    if not path.exists():
        return {}, ""
    from schakel.register import Register
    from schakel.register.judgement import current, strategic

    with Register(path) as book:
        head = book.verify()
        return strategic({r["product"]: r["dependent"] for r in m.chosen.rows}, current(book, m.reporter)), head
