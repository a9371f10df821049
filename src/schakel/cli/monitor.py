"""schakel monitor: everything about one reporter, on the terminal and as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schakel.cli.options import language, open_flows, threads_option
from schakel.cli.speech import note, tell

if TYPE_CHECKING:
    from schakel.dependency.monitor import Monitor
    from schakel.lake.flowset import FlowSet
    from schakel.reports.model import Report, Table

_WIDE, _FIT = 110, 6  # characters that hold every column, columns that fit any terminal
_SPARED = frozenset({"governance", "distance", "verdict", "mark", "source", "says_open"})
_ALL = 1_000_000  # rows of a table in the workbook
_SHOWN = 12  # rows of a table on the terminal
_BOUNDED = 30  # products whose verdicts are bounded
_POINTS = 10  # products whose control-point profile is shown


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
@click.option(
    "--files",
    default="html,pdf,docx,xlsx,json",
    show_default=True,
    help="Files to write, or none; the JSON is what `schakel receipt verify` takes.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="What standard output gets.",
)
@click.option("--lang", type=click.Choice(["en", "nl"]), help="Language of the terminal and the report.")
@click.option("--date", default=None, help="Date printed on the report; today when left out.")
@click.option("--register", metavar="PATH-OR-URL", help="Register with judgements; the setting's own when left out.")
@click.option(
    "--coverage", type=click.Choice(["world", "imports"]), default="world", help="What a flow file of your own covers."
)
@click.option("--hs", type=int, help="HS revision of the product codes.")
@click.option(
    "--decimal", type=click.Choice([".", ","]), default=".", show_default=True, help="Decimal mark of the CSV."
)
@click.option("--delimiter", default=",", show_default=True, help="Column delimiter of the CSV.")
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
    register: str | None,
    threads: int | None,
    **reading: Any,
) -> None:
    """Write the geo-economic monitor of REPORTER: on the terminal, and as HTML, PDF/A, docx, xlsx and JSON.

    \b
    Example:
      schakel monitor NLD --files none
      schakel monitor EU27 --lang nl --out monitor-out
    """
    import datetime

    from schakel.dependency.monitor import monitor as run
    from schakel.reports.files import place, to_stdout
    from schakel.reports.monitoring import monitor_report
    from schakel.reports.tabular import as_json
    from schakel.reports.write import FORMATS, write_report

    wanted = [] if files == "none" else list(dict.fromkeys(f.strip() for f in files.split(",") if f.strip()))
    unknown = [f for f in wanted if f not in (*FORMATS, "json")]
    if unknown:
        raise click.BadParameter(
            f"there is no report format {unknown[0]!r}; use {', '.join(FORMATS)}, json or none", param_hint="--files"
        )
    data = open_flows(flows, threads=threads, **reading)
    chosen = method or ("ec2021" if data.coverage == "world" else "crma")
    tongue = language(lang)
    m = run(data, reporter, year or data.years[-1], method=chosen, threads=threads)
    judged = _judged(m, register)
    answer = as_json(_answer(m, judged)) if format_ == "json" or "json" in wanted else ""
    stem = f"monitor-{m.reporter}-{m.year}-{tongue}"
    told: dict[str, Any] = {
        **judged,
        "bounded": _bounded(data, m),
        "points": _points(data, m),
        "answer_file": f"{stem}.json" if "json" in wanted else "",
    }
    today = date or datetime.date.today().isoformat()
    if format_ == "json":
        to_stdout(answer.encode())
    else:
        _show(monitor_report(m, tongue, today, limit=_SHOWN, **told), m, tongue)
    pages = monitor_report(m, tongue, today, **told) if set(wanted) - {"json", "xlsx"} else None
    for kind in wanted:
        file = out / f"{stem}.{kind}"
        if kind == "json":
            written = place(answer.encode(), file)
        elif pages is None or kind == "xlsx":
            written = write_report(monitor_report(m, tongue, today, limit=_ALL, **told), file)
        else:
            written = write_report(pages, file)
        note(f"wrote {written}")


def _answer(m: Monitor, judged: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON form: the answer of the chosen definition, all other parts, and the receipt over them."""
    standings = {
        p: {"status": s.status, "reasons": list(s.reasons)} for p, s in judged["standings"].items() if s.judgements
    }
    return {
        **m.chosen.as_dict(),
        **m.parts(),
        "strategic": standings,
        "trail": [j.as_dict() for j in judged["trail"]],
        "register_head": judged["register_head"],
        "receipt": m.receipt().as_dict(),
    }


def _show(report: Report, m: Monitor, lang: str) -> None:
    """Write the report on standard output, as wide as the terminal and not wider."""
    import shutil
    import sys
    import textwrap

    from schakel.plain import printable
    from schakel.reports.model import Findings, Heading, Items, Paragraph
    from schakel.reports.model import Table as Grid
    from schakel.reports.monitoring import summary
    from schakel.reports.tabular import terminal

    on_terminal = sys.stdout.isatty()
    width = min(shutil.get_terminal_size((100, 24)).columns if on_terminal else 100, _WIDE)

    def wrapped(text: str, first: str = "") -> str:
        rest = " " * len(first)
        whole = printable(text).replace(" %", "\u00a0%")
        return textwrap.fill(
            whole, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
        )

    lines = [wrapped(f"{report.title} - {report.subtitle}")]
    for block in report.sections:
        match block:
            case Heading():
                lines += ["", printable(block.text), "=" * min(len(block.text), width)]
            case Paragraph():
                lines.append(wrapped(block.text))
            case Items():
                lines += [wrapped(item, "- ") for item in block.items]
            case Findings():
                lines += [wrapped(line, "- ") for line in summary(m, lang)]
            case Grid():
                lines += [
                    "",
                    terminal(
                        _narrowed(block) if on_terminal and width < _WIDE else block, lang, to_terminal=on_terminal
                    ).rstrip("\n"),
                ]
                lines += [wrapped(note, "  ") for note in block.notes]
            case _:
                pass  # a drawing: the table beside it says the same
    tell("\n".join(lines))


def _narrowed(table: Table) -> Table:
    """Return a table without the columns that a narrow terminal has no room for; the files have them."""
    from dataclasses import replace

    if len(table.columns) <= _FIT and not any(c.key == "says_open" for c in table.columns):
        return table
    return replace(table, columns=tuple(c for c in table.columns if c.key not in _SPARED))


def _bounded(flows: FlowSet, m: Monitor) -> list[dict[str, Any]]:
    """Return the verdicts of the largest products under bounds for re-exports, where the flows hold exports."""
    if flows.coverage != "world":
        return []
    from schakel.dependency.compare import compare

    rows = sorted((r for r in m.chosen.rows if r["dependent"] is not False), key=lambda r: (-m.value(r), r["product"]))
    method = m.chosen.receipt.parameters["method"]
    out = []
    for row in rows[:_BOUNDED]:
        found = compare(flows, m.reporter, row["product"], m.year, methods=[method])["methods"][0]["bounds"]
        low, high = found["verdict"]
        turning = ", ".join(n for n, c in found["criteria"].items() if c["could_turn"]) or "-"
        out.append(
            {"product": row["product"], "declared": row["dependent"], "low": low, "high": high, "turns": turning}
        )
    return out


def _points(flows: FlowSet, m: Monitor) -> list[dict[str, Any]]:
    """Return the control-point profile of the products on which most partners lean."""
    from schakel.dependency.control_points import control_point
    from schakel.dependency.screen import setting
    from schakel.reports.monitor_others import heaviest

    where = setting(m.reporter, m.chosen.receipt.parameters["method"], m.year)
    return [control_point(flows, where, p, m.year).as_dict() for p in heaviest(m.reverse_rows, _POINTS)]


def _judged(m: Monitor, register: str | None) -> dict[str, Any]:
    """Return the standing of each product by the recorded judgements, the trail and the register's head hash; empty when there is no register."""
    from schakel import settings

    chosen = settings.load()
    where = register or chosen.register
    if not register and not chosen.has_register:
        return {"standings": {}, "trail": (), "register_head": ""}
    from schakel.register import Register, history, strategic
    from schakel.register.judgement import latest

    with Register(where) as book:
        if not book.size()[0]:
            return {"standings": {}, "trail": (), "register_head": ""}
        head = book.verify()
        trail = history(book, m.reporter)
    verdicts = {r["product"]: r["dependent"] for r in m.chosen.rows}
    return {"standings": strategic(verdicts, latest(trail)), "trail": trail, "register_head": head}
