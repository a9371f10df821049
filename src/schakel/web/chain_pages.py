"""Which pages show value chains: the chain, a step, a country or bloc in it?"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import HTMLResponse

from schakel.chains import answers, choke, coalitions, ecosystem
from schakel.chains import makeable as removal
from schakel.chains.around import around as steps_around
from schakel.chains.around import reliances
from schakel.chains.graph import ChainGraph
from schakel.chains.open import names
from schakel.reports import chain_words
from schakel.web import chain_views
from schakel.web.chain_graphs import (
    PAIRS,
    PATIENCE,
    POINTS,
    GraphName,
    HolderPath,
    MaybeName,
    Reading,
    graph_of,
    held_by,
    overview,
    split,
    together,
)
from schakel.web.i18n import translator
from schakel.web.parameters import Lang, MethodName, Reporter, Year, chosen
from schakel.web.render import Context, language, page
from schakel.web.service import Service

Around = Annotated[str, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="Step to look around.")]
Depth = Annotated[int, Query(ge=1, le=30, description="Links upstream and downstream of that step.")]
StepPath = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
DEPTHS = (1, 2, 3, 4, 6)
MOST_ROWS = 300  # rows of one table


def router(service: Service) -> APIRouter:
    """Return the routes of the pages over a service, which gives names and the reader's choices."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    def context(
        request: Request, lang: str | None, reporter: str | None, year: int | None, method: str | None
    ) -> Context:
        who, when, how = chosen(service.choices(), reporter, year, method)
        return Context(request, service, language(request, lang), who, when, how)

    def holders_of(c: Context, graph: ChainGraph) -> list[tuple[str, str]]:
        """Return whom the reader may take away: the bloc first, then countries by name."""
        found = [(code, c.country_name(code)) for code in graph.countries]
        return [("EU27", c.country_name("EU27")), *sorted(found, key=lambda pair: pair[1])]

    @routes.get("/chain")
    def chains(
        request: Request, lang: Lang = None, reporter: Reporter = None, year: Year = None, method: MethodName = None
    ) -> HTMLResponse:
        c = context(request, lang, reporter, year, method)
        rows = []
        for name in names():
            graph = graph_of(name)
            rows.append((name, len(graph.steps), len(graph.slots), len(graph.countries), graph.licences))
        return page(c, "chains.html", {"rows": rows})

    @routes.get("/chain/{name}")
    def one(
        request: Request,
        name: GraphName,
        around: Around = "",
        depth: Depth = 2,
        without: MaybeName = None,
        reading: Reading = "alternatives",
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(request, lang, reporter, year, method)
        t = translator(c.lang)
        graph = graph_of(name, reading)
        answer = answers.show(graph)
        steps = answer["steps"]
        centre = graph.step(around) if around.strip() else None
        if centre:
            near = set(steps_around(graph, centre.id, depth))
            steps = [s for s in steps if s["step"] in near]
        gone = split(without)
        lost = answers.makeable(graph, gone) if gone else None
        said = t("chain.all", n=len(steps))
        if centre:
            said = t("chain.part", n=len(steps), step=_name(centre, c.lang), depth=depth)
        figure = chain_views.drawing(
            c,
            graph,
            steps,
            t("chain.drawing"),
            said,
            lost={r["step"] for r in lost["lost"]} if lost else (),
            focus=centre.id if centre else "",
            without=without or None,
            reading=_other(reading),
        )
        values = {
            "g": graph,
            "answer": lost or answer,
            "figure": figure,
            "shown": len(steps),
            "around": centre.id if centre else "",
            "depth": depth,
            "depths": sorted({*DEPTHS, depth}),
            "without": ",".join(gone),
            "gone": [c.running(n) if n.isupper() else n for n in gone],
            "lost": lost,
            "listed": chain_views.listing(
                c,
                graph,
                steps,
                lost={r["step"] for r in lost["lost"]} if lost else (),
                without=without or None,
                reading=_other(reading),
            ),
            "chokes": overview(name, reading),
            "pairs": together(name, reading),
            "most_pairs": PAIRS,
            "pairs_asked": len(graph.countries) * (len(graph.countries) - 1) // 2,
            "controls": [(code, found) for code in ("NLD", "EU27") if (found := held_by(name, code, reading))],
            "most_points": POINTS,
            "steps": sorted(((s.id, _name(s, c.lang)) for s in graph.steps), key=lambda pair: pair[1].casefold()),
            "holders": holders_of(c, graph),
        }
        return page(c, "chain.html", _common(c, graph, reading) | values)

    @routes.get("/chain/{name}/step/{step:path}")
    def step(
        request: Request,
        name: GraphName,
        step: StepPath,
        without: MaybeName = None,
        reading: Reading = "alternatives",
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(request, lang, reporter, year, method)
        t = translator(c.lang)
        graph = graph_of(name, reading)
        found = graph.step(step)
        answer = answers.show(graph, found.id)
        near = set(steps_around(graph, found.id, 1))
        figure = chain_views.drawing(
            c,
            graph,
            [s for s in answers.show(graph)["steps"] if s["step"] in near],
            t("chain.near"),
            t("chain.near_sub"),
            focus=found.id,
            ident="near",
            reading=_other(reading),
        )
        model = removal.compile_graph(graph)
        values = {
            "answer": answer,
            "s": answer["steps"][0],
            "figure": figure,
            "near": len(near),
            "reliances": reliances(graph, found.id),
            "stops": coalitions.stopping(model, found.id, graph.countries, most=8, seconds=PATIENCE),
        }
        return page(c, "chain_step.html", _common(c, graph, reading) | values)

    @routes.get("/chain/{name}/country/{code}")
    def country(
        request: Request,
        name: GraphName,
        code: HolderPath,
        within: Literal["lasting", "now"] = "lasting",
        reading: Reading = "alternatives",
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(request, lang, reporter, year, method)
        t = translator(c.lang)
        graph = graph_of(name, reading)
        members = answers.people(graph, [code])
        lost = answers.makeable(graph, [code], within=within)
        points = choke.control_points(graph, members, least=0.0, kinds=answers.WITHIN[within])
        gone = {r["step"] for r in lost["lost"]}
        figure = None
        if gone:
            figure = chain_views.drawing(
                c,
                graph,
                [s for s in answers.show(graph)["steps"] if s["step"] in gone],
                t("chain.spread", who=c.running(code)),
                t("chain.spread_sub"),
                lost=gone,
                ident="lost",
                reading=_other(reading),
            )
        values = {
            "answer": lost,
            "code": code,
            "within": within,
            "points": points[:MOST_ROWS],
            "held": len(points),
            "figure": figure,
            "total": len(graph.steps),
            "layer": ecosystem.answer() if code == "NLD" and name == "reference" else None,
        }
        return page(c, "chain_country.html", _common(c, graph, reading) | values)

    return routes


def _common(c: Context, graph: ChainGraph, reading: str) -> dict[str, Any]:
    """Return what all pages of a chain know."""
    named = {s.id: _name(s, c.lang) for s in graph.steps}
    t = translator(c.lang)
    return {
        "g": graph,
        "most_rows": MOST_ROWS,
        "reading": reading,
        "kept_reading": _other(reading),
        "step_name": named.get,
        "step_url": lambda step: chain_views.step_url(c, graph.name, step, reading=_other(reading)),
        "together_named": lambda pair: f" {t('chain.and')} ".join(map(c.running, pair)),
        "who": lambda name: _holder(c, name),
        "warn": lambda text: chain_words.warning(text, c.lang),
        "source_titles": {s.get("id", ""): s.get("title", "") for s in graph.sources},
    }


def _name(step: Any, lang: str) -> str:
    return str(step.name_nl if lang == "nl" else step.name_en)


def _other(reading: str) -> str | None:
    """Return a reading that is not the usual one, so that addresses stay short."""
    return reading if reading != "alternatives" else None


def _holder(c: Context, name: str) -> str:
    return c.country_name(name) if name.isupper() and len(name) <= 6 else name
