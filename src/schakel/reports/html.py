"""How does a report become one web page that stands on its own?

No script, no request: style and drawings are in the file, and its content policy forbids everything else.
"""

from __future__ import annotations

from html import escape
from importlib import resources
from itertools import count

from schakel.charts import stylesheet
from schakel.plain import printable
from schakel.reports.apparatus import apparatus, finding_text
from schakel.reports.model import Block, Column, Figure, Findings, Heading, Items, Paragraph, Report, Table
from schakel.reports.svg import checked, size
from schakel.reports.words import long_date, word

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_LONGEST_NAV = 3
_ENLARGED = 1.4  # at most, against the size a chart was drawn for


def render(report: Report) -> bytes:
    """Return the page as UTF-8."""
    blocks = (*report.sections, *apparatus(report))
    page = _Page(report.lang)
    body = "\n".join(page.block(block) for block in blocks)
    style = resources.files("schakel.reports").joinpath("report.css").read_text("utf-8")
    contents = page.contents() if len(page.chapters) > _LONGEST_NAV else ""
    made = f"{word('made_with', report.lang)} · {long_date(report.date, report.lang)}"
    head = f" · {word('register_head', report.lang)}: {report.register_head}" if report.register_head else ""
    subtitle = f"<p>{_e(report.subtitle)}</p>" if report.subtitle else ""
    return f"""<!DOCTYPE html>
<html lang="{report.lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="date" content="{report.date}">
<meta name="keywords" content="{_e(", ".join(report.keywords))}">
<title>{_e(report.title)}</title>
<style>
{style}
{stylesheet()}
</style>
</head>
<body>
<header><h1>{_e(report.title)}</h1>{subtitle}<p>{long_date(report.date, report.lang)}</p></header>
<main>
{contents}{body}
</main>
<footer>{made}{_e(head)}</footer>
</body>
</html>
""".encode()


def _e(text: str) -> str:
    return escape(printable(text), quote=True)


class _Page:
    """Writes blocks, and counts what needs an id."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.chapters: list[str] = []
        self._found: set[str] = set()
        self._figures, self._tables = count(1), count(1)

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                return self._heading(block)
            case Paragraph():
                return f"<p>{_e(block.text)}</p>"
            case Items():
                return "<ul>" + "".join(f"<li>{_e(item)}</li>" for item in block.items) + "</ul>"
            case Figure():
                return self._figure(block)
            case Findings():
                return self._findings(block)
            case Table():
                return self._table(block)

    def contents(self) -> str:
        links = "".join(f'<li><a href="#s{at}">{_e(text)}</a></li>' for at, text in enumerate(self.chapters, 1))
        return f'<nav aria-label="{word("contents", self.lang)}"><ul>{links}</ul></nav>\n'

    def _heading(self, block: Heading) -> str:
        if block.level > 1:
            return f"<h{block.level + 1}>{_e(block.text)}</h{block.level + 1}>"
        self.chapters.append(block.text)
        return f'<h2 id="s{len(self.chapters)}">{_e(block.text)}</h2>'

    def _figure(self, block: Figure) -> str:
        number = next(self._figures)
        drawing = checked(block.svg, prefix=f"f{number}-", alt=printable(block.alt))
        drawing = drawing.replace("<svg ", f'<svg style="max-width:{size(block.svg)[0] * _ENLARGED:.0f}px" ', 1)
        caption = f"{word('figure', self.lang)} {number}" + (f". {block.caption}" if block.caption else "")
        return f"<figure>{drawing}<figcaption>{_e(caption)}<span>{_e(block.alt)}</span></figcaption></figure>"

    def _findings(self, block: Findings) -> str:
        parts = []
        for finding in block.findings:
            text, small = finding_text(finding, self.lang)
            ident = "" if finding.id in self._found else f' id="{finding.id}"'  # said again, it has its id already
            self._found.add(finding.id)
            parts.append(f'<div class="finding"{ident}><p>{_e(text)}</p><p class="small">{_e(small)}</p></div>')
        return "\n".join(parts)

    def _table(self, table: Table) -> str:
        ident = f"t{next(self._tables)}"
        head = "".join(f'<th scope="col"{_class(c)}>{_e(c.heading(self.lang))}</th>' for c in table.columns)
        rows = "\n".join(self._row(table, row) for row in table.rows)
        if not table.rows:
            rows = f'<tr><td colspan="{len(table.columns)}">{word("no_rows", self.lang)}</td></tr>'
        notes = "".join(f'<p class="note">{_e(note)}</p>' for note in table.notes)
        caption = _e(table.caption or word("table", self.lang))
        return (
            f'<div class="grid" role="region" tabindex="0" aria-labelledby="{ident}"><table>'
            f'<caption id="{ident}">{caption}</caption>\n<thead><tr>{head}</tr></thead>\n'
            f"<tbody>\n{rows}\n</tbody></table></div>{notes}"
        )

    def _row(self, table: Table, row: object) -> str:
        cells = []
        for at, column in enumerate(table.columns):
            value = column.value(row)  # type: ignore[arg-type]
            text = _e(column.show(row, self.lang))  # type: ignore[arg-type]
            if column.key == "url" and isinstance(value, str) and value.startswith(("https://", "http://")):
                text = f'<a href="{_e(value)}" rel="noreferrer">{text}</a>'
            name = _class(column, unknown=value is None)
            cells.append(f'<th scope="row"{name}>{text}</th>' if at == 0 else f"<td{name}>{text}</td>")
        return "<tr>" + "".join(cells) + "</tr>"


def _class(column: Column, *, unknown: bool = False) -> str:
    names = ["n"] if column.numeric else ["code"] if column.kind == "code" else []
    names += ["unknown"] if unknown else []
    return f' class="{" ".join(names)}"' if names else ""
