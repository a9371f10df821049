"""Which pages are there?"""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from schakel.web import selection, views
from schakel.web.parameters import (
    CountryCode,
    Lang,
    MethodName,
    MethodPath,
    Page,
    ProductCode,
    Reporter,
    Search,
    Sort,
    Year,
    chosen,
)
from schakel.web.render import Context, language, page
from schakel.web.service import PAGE_SIZE, Service

# Criteria that run from 0 to 1, so that a bar in the cell says something.
BARS = frozenset(
    {"extra_bloc_hhi", "partner_hhi", "extra_bloc_import_share", "world_export_hhi", "top_supplier_share", "spof"}
)


def router(service: Service) -> APIRouter:
    """Return the routes of the pages over a service."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    def context(
        request: Request, lang: str | None, reporter: str | None, year: int | None, method: str | None
    ) -> Context:
        who, when, how = chosen(service.choices(), reporter, year, method)
        return Context(request, service, language(request, lang), who, when, how)

    def titles(c: Context) -> dict[str, str]:
        return {m.name: m.title.in_(c.lang) for m in service.methods()}

    @routes.get("/")
    def overview(
        request: Request,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
        q: Search = "",
        sort: Sort = "",
        number: Page = 1,
    ) -> HTMLResponse:
        c = context(request, lang, reporter, year, method)
        result = service.overview(c.reporter, c.year, c.method, sort, q.strip(), number)
        c = replace(c, currency=result.currency)
        columns = [name for name in result.criteria if name != "top_supplier_share"]
        figures = [views.overview_map(c, result), views.flows(c, result)]
        values = {
            "r": result,
            "choices": service.choices(),
            "titles": titles(c),
            "figures": [f for f in figures if f],
            "columns": columns,
            "fixed": selection.FIXED,
            "bars": BARS,
            "q": q,
            "sort": sort,
            "last": max(1, -(-result.total // PAGE_SIZE)),
            "size": PAGE_SIZE,
        }
        return page(c, "overview.html", values)

    @routes.get("/product/{code:path}")
    def product(
        request: Request,
        code: ProductCode,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(request, lang, reporter, year, method)
        result = service.product(code, c.reporter, c.year, c.method)
        c = replace(c, currency=result.currency)
        beside, notes = views.reasons(result.comparisons, c.lang)
        figures = [views.product_map(c, result), views.bounds(c, result.bounds), views.trends(c, result.trends)]
        values = {
            "r": result,
            "choices": service.choices(),
            "titles": titles(c),
            "figures": [f for f in figures if f],
            "suppliers": views.supplier_rows(result.suppliers),
            "reasons": beside,
            "notes": notes,
            "counts": [sum(x.dependent is verdict for x in result.comparisons) for verdict in (True, False, None)],
        }
        return page(c, "product.html", values)

    @routes.get("/country/{iso3}")
    def country(
        request: Request,
        iso3: CountryCode,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(request, lang, reporter, year, method)
        result = service.country(iso3, c.reporter, c.year, c.method)
        values = {
            "r": result,
            "choices": service.choices(),
            "titles": titles(c),
            "figures": views.country_figures(c, result),
        }
        return page(c, "country.html", values)

    @routes.get("/method")
    def methods(
        request: Request,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(request, lang, reporter, year, method)
        return page(c, "methods.html", {"methods": service.methods()})

    @routes.get("/method/{name}")
    def one_method(
        request: Request,
        name: MethodPath,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(request, lang, reporter, year, method)
        found = service.method(name)
        sources = {s.id: s for s in service.data().sources}
        return page(c, "method.html", {"m": found, "sources": sources})

    @routes.get("/data")
    def data(
        request: Request,
        lang: Lang = None,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
    ) -> HTMLResponse:
        c = context(request, lang, reporter, year, method)
        return page(c, "data.html", {"d": service.data()})

    return routes
