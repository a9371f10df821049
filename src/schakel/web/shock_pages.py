"""Which pages show scenarios: the library, and one scenario with the result kept last? Nothing is computed in a request."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse

from schakel.errors import NotFoundError
from schakel.reports import shock_report
from schakel.reports.model import Block, Heading
from schakel.reports.shock_choices import published_row
from schakel.reports.words import long_date
from schakel.shocks import kept, library, scenario
from schakel.web.parameters import Lang, MethodName, Reporter, Year, chosen
from schakel.web.render import Context, language, page, trusted
from schakel.web.service import Service

ScenarioPath = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$", description="Id of a scenario.")]


def overview() -> list[dict[str, Any]]:
    """Return every scenario of the library and every other one of which a result is kept, with its content."""
    done = kept.names()
    rows = [_row(name, scenario.read(library.path(name)).content, name in done, True) for name in library.names()]
    rows += [_row(name, kept.kept(name)["content"], True, False) for name in done if name not in library.names()]
    return rows


def _row(name: str, content: Any, done: bool, ready: bool) -> dict[str, Any]:
    return {
        "scenario": name,
        "title": dict(content["title"]),
        "start": content["time"]["start"],
        "horizon_days": content["time"]["horizon"],
        "library": ready,
        "published": [dict(e) for e in content.get("expected") or []],
        "result": done,
    }


def find(name: str) -> tuple[Any, dict[str, Any] | None, bool]:
    """Return content, the run kept last (or None), and whether that run is of another text of the scenario.

    Raises
    ------
    NotFoundError
        If the library has none of that name and no result of it is kept.
    """
    answer = kept.kept(name) if name in kept.names() else None
    if name in library.names():
        found = scenario.read(library.path(name))
        old = answer is not None and answer["receipt"]["parameters"]["scenario_sha256"] != found.sha256
        return found.content, answer, old
    if answer is None:
        raise NotFoundError(
            f"there is no scenario {name!r} here",
            remedy="ready ones: "
            + ", ".join(library.names())
            + "; one of your own appears after schakel shock run FILE",
        )
    return answer["content"], answer, False


def router(service: Service) -> APIRouter:
    """Return the routes of the pages over a service, which gives names and the reader's choices."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    def context(
        request: Request, lang: str | None, reporter: str | None, year: int | None, method: str | None
    ) -> Context:
        who, when, how = chosen(service.choices(), reporter, year, method)
        return Context(request, service, language(request, lang), who, when, how)

    @routes.get("/shocks")
    def shocks(
        request: Request, lang: Lang = None, reporter: Reporter = None, year: Year = None, method: MethodName = None
    ) -> HTMLResponse:
        c = context(request, lang, reporter, year, method)
        rows = [
            {
                "id": r["scenario"],
                "title": r["title"].get(c.lang) or r["title"]["en"],
                "start": long_date(r["start"], c.lang),
                "iso": r["start"],
                "days": r["horizon_days"],
                "published": list(dict.fromkeys(e["published"] for e in r["published"])),
                "result": r["result"],
            }
            for r in overview()
        ]
        return page(c, "shocks.html", {"rows": rows})

    @routes.get("/shocks/{name}")
    def one(
        request: Request,
        name: ScenarioPath,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(request, lang, reporter, year, method)
        content, answer, old = find(name)
        telling = shock_report.told(answer["content"] if answer else content, c.lang)
        if answer:
            blocks = shock_report.sections(
                answer,
                c.lang,
                telling=telling,
                mitigated=kept.beside(answer, "mitigate"),
                sensitivity=kept.beside(answer, "sensitivity"),
                resolution=kept.beside(answer, "resolution"),
            )
        else:
            blocks = shock_report.scenario_sections(telling)
        values = {
            "name": name,
            "title": telling.title(),
            "start": long_date(content["time"]["start"], c.lang),
            "days": content["time"]["horizon"],
            "answer": answer,
            "old": old,
            "command": f"schakel shock run {name if name in library.names() else 'FILE'}",
            "chapters": _chapters(blocks),
            "kind": lambda block: type(block).__name__.lower(),
            "draw": lambda figure: trusted(figure.svg),
            "expected": [published_row(e, telling) for e in content.get("expected") or []] if not answer else [],
        }
        return page(c, "shock.html", values)

    return routes


def _chapters(blocks: list[Block]) -> list[tuple[str, list[Block]]]:
    """Return blocks by their chapter; what stands before the first chapter comes under an empty heading."""
    out: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            out.append((block.text, []))
        else:
            out[-1][1].append(block)
    return [(head, body) for head, body in out if head or body]
