"""How does a result become a page?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from schakel import charts
from schakel.charts.numbers import LANGUAGES, money, number, percent
from schakel.web import i18n
from schakel.web.documents import amount, currency_of, cut
from schakel.web.service import Service
from schakel.web.wording import both

_HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.S)
_ROW = re.compile(r"<tr\b.*?</tr>", re.S)
_CELL = re.compile(r"(?=<t[dh]\b)")
_TD = re.compile(r"^<td\b([^>]*)>(.*)</td>", re.S)
# No sign of a text, or one that turns the direction of what follows it on the page.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_TAG = re.compile(r"<[^>]*>|[▾▴]")


def clean(text: str) -> str:
    """Return a text of the same length with the replacement sign for what cannot be shown, or would turn what follows around."""
    return _UNSHOWN.sub("�", text)


def labelled(table: str) -> Markup:
    """Give every cell of a table's body the heading of its column, for narrow screens where a row becomes a card.

    Cells are counted from the right, because only the leftmost ones span rows.
    """
    head, found, body = str(table).partition("</thead>")
    names = [_TAG.sub("", cell).strip() for cell in _HEADING.findall(head)]

    def line(match: re.Match[str]) -> str:
        cells = _CELL.split(match[0])
        first = len(names) - len(cells) + 1
        return cells[0] + "".join(
            _TD.sub(lambda m, i=i: f'<td data-label="{names[first + i]}"{m[1]}><div>{m[2]}</div></td>', cell, count=1)
            for i, cell in enumerate(cells[1:])
        )

    return trusted(head + found + _ROW.sub(line, body))


@cache
def environment() -> Environment:
    """Return the template environment: every value is escaped, an unknown name is an error."""
    env = Environment(
        loader=PackageLoader("schakel.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    env.globals["languages"] = LANGUAGES
    env.filters["labelled"] = labelled
    env.filters["segment"] = segment
    return env


def encoded(path: str) -> str:
    """Return ``/SECTION/CODE`` with the code percent-encoded whole: no sign in it, a slash and dots included, can lead elsewhere."""
    section, _, code = path.removeprefix("/").partition("/")
    return f"/{quote(section, safe='')}/{segment(code)}" if code else f"/{quote(section, safe='')}"


def segment(code: str) -> str:
    """Return a code as one part of a path."""
    return quote(code, safe="", errors="replace")


def asked(request: Request) -> str:
    """Return the path that was asked for as it stands in an address, on this site whatever slashes it begins with."""
    raw = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    return "/" + raw.decode("ascii", "replace").split("?", 1)[0].lstrip("/\\")


@dataclass(frozen=True, slots=True)
class Context:
    """What every page knows: the reader's language and choices, and who answers."""

    request: Request
    service: Service
    lang: str
    reporter: str
    year: int
    method: str
    currency: str = "EUR"

    def url(self, path: str | Sequence[str], **more: object) -> str:
        """Return a link inside the site that keeps language and choices; None and the empty text are left out.

        A text is ``/SECTION`` or ``/SECTION/CODE``; a longer path is given part by part.
        """
        kept: dict[str, object] = {
            "reporter": self.reporter,
            "year": self.year,
            "method": self.method,
            "lang": self.lang,
        }
        pairs = {key: value for key, value in (kept | more).items() if value not in (None, "")}
        where = encoded(path) if isinstance(path, str) else "".join(f"/{segment(part)}" for part in path)
        return f"{where}?{urlencode(pairs, errors='replace')}"

    def product_name(self, code: str) -> str:
        """Return a product's name in the reader's language."""
        return self.service.product_name(code, self.lang)

    def running(self, code: str) -> str:
        """Return a country's name as it stands in a sentence: ``the Netherlands``."""
        return i18n.running(self.country_name(code), self.lang)

    def country_name(self, code: str) -> str:
        """Return a country's name in the reader's language."""
        return self.service.country_name(code, self.lang)


def trusted(markup: str) -> Markup:
    """Mark a finished chart as safe; `schakel.charts` escapes every text it is given."""
    return Markup(markup)  # noqa: S704


def language(request: Request, lang: str | None) -> str:
    """Return the language asked for in the address, else the one the browser prefers."""
    return lang or i18n.preferred(request.headers.get("accept-language", ""))


def switch(request: Request, lang: str) -> str:
    """Return this page's address in another language, every other parameter kept."""
    pairs = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return f"{asked(request)}?{urlencode([*pairs, ('lang', lang)])}"


def page(context: Context, template: str, values: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """Render a page within the site's frame."""
    lang = context.lang
    shown = {
        "c": context,
        "lang": lang,
        "other": "en" if lang == "nl" else "nl",
        "other_url": switch(context.request, "en" if lang == "nl" else "nl"),
        "path": asked(context.request),
        "t": i18n.translator(lang),
        "or_": i18n.either(lang),
        "num": lambda value, decimals=0: number(value, lang, decimals),
        "pct": lambda value, decimals=0: percent(value, lang, decimals),
        "cash": lambda value, currency: money(value, currency, lang),
        "bar": lambda value, over=False: trusted(charts.bar_cell(value, over=over)),
        "mark": lambda verdict, bare=False: trusted(charts.verdict_mark(verdict, lang, bare=bare)),
        "stack": lambda *parts: trusted(charts.stack_cell(parts)),
        "cut": lambda method, name, value: cut(name, value, lang, currency_of(method, name, context.currency)),
        "both": both,
        "amount": lambda method, name, value: amount(name, value, lang, currency_of(method, name, context.currency)),
        "boundaries": charts.BOUNDARIES[lang],
    }
    text = environment().get_template(template).render(shown | dict(values))
    headers = {"cache-control": "no-cache", "vary": "accept-language", "content-language": lang}
    return HTMLResponse(clean(text), status_code=status, headers=headers)
