"""What does REST answer? The same results as the pages, under ``/api/v1``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from schakel.errors import NotFoundError
from schakel.evidence import Source, licence, licences, result_sha256
from schakel.web import described, formats, parameters
from schakel.web.parameters import (
    CountryCode,
    Format,
    MethodName,
    MethodPath,
    Page,
    ProductCode,
    Reporter,
    Size,
    Year,
    chosen,
)
from schakel.web.service import (
    Bound,
    CountryLine,
    DataSet,
    Evidence,
    MethodElement,
    MutualCell,
    Named,
    Reliance,
    Service,
    Supplier,
)

PREFIX = "/api/v1"
_UNSAFE = re.compile(r"[^A-Za-z0-9_.]+")  # in the name of a file


def router(service: Service) -> APIRouter:
    """Return the routes over a service."""
    api = APIRouter(prefix=PREFIX, tags=["results"], responses={**described.OK, **described.ERRORS})

    @api.get("/screen", summary="All products of a reporter under one definition")
    def screen(
        request: Request,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
        page: Page = 1,
        size: Size = 100,
        format: Format = "json",
    ) -> Response:
        who, when, how = chosen(service.choices(), reporter, year, method)
        result = service.screen(who, when, how)
        head = {"reporter": who, "year": when, "method": how}
        table = partial(formats.screen_table, result.rows)
        return _answer(request, head, result.rows, formats.row_json, table, result.evidence, page, size, format)

    @api.get("/products/{code:path}/compare", summary="One product under every definition")
    def compare(
        request: Request, code: ProductCode, reporter: Reporter = None, year: Year = None, format: Format = "json"
    ) -> Response:
        who, when, how = chosen(service.choices(), reporter, year, None)
        result = service.product(code, who, when, how)
        head = {"reporter": who, "year": when, "product": code}
        table = partial(formats.comparison_table, result.comparisons)
        rows = result.comparisons
        return _answer(request, head, rows, formats.comparison_json, table, result.evidence, 1, 1000, format)

    @api.get("/products/{code:path}/suppliers", summary="Who supplies one product")
    def suppliers(
        request: Request, code: ProductCode, reporter: Reporter = None, year: Year = None, format: Format = "json"
    ) -> Response:
        who, when, how = chosen(service.choices(), reporter, year, None)
        result = service.product(code, who, when, how)
        head = {"reporter": who, "year": when, "product": code, "currency": result.currency}
        return _flat(request, head, Supplier, result.suppliers, result.evidence, format)

    @api.get("/products/{code:path}/bounds", summary="Bounds for re-exports and confidential cells")
    def bounds(
        request: Request, code: ProductCode, reporter: Reporter = None, year: Year = None, format: Format = "json"
    ) -> Response:
        who, when, how = chosen(service.choices(), reporter, year, None)
        result = service.product(code, who, when, how)
        head = {"reporter": who, "year": when, "product": code}
        return _flat(request, head, Bound, result.bounds, result.evidence, format)

    @api.get("/reverse", summary="Who leans on the reporter")
    def reverse(
        request: Request,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
        page: Page = 1,
        size: Size = 100,
        format: Format = "json",
    ) -> Response:
        who, when, how = chosen(service.choices(), reporter, year, method)
        result = service.reverse(who, when, how)
        head = {"reporter": who, "year": when, "method": how}
        return _flat(request, head, Reliance, result.rows, result.evidence, format, page, size)

    @api.get("/mutual", summary="Who depends on whom")
    def mutual(
        request: Request,
        year: Year = None,
        method: MethodName = None,
        page: Page = 1,
        size: Size = 100,
        format: Format = "json",
    ) -> Response:
        _, when, how = chosen(service.choices(), None, year, method)
        result = service.mutual(when, how)
        return _flat(
            request, {"year": when, "method": how}, MutualCell, result.rows, result.evidence, format, page, size
        )

    @api.get("/countries/{iso3}/imports", summary="What the reporter takes from a country")
    def incoming(
        request: Request,
        iso3: CountryCode,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
        page: Page = 1,
        size: Size = 100,
        format: Format = "json",
    ) -> Response:
        who, when, how = chosen(service.choices(), reporter, year, method)
        result = service.country(iso3, who, when, how)
        head = {"reporter": who, "year": when, "method": how, "country": iso3, "currency": result.currency}
        return _flat(request, head, CountryLine, result.incoming, result.evidence, format, page, size)

    @api.get("/countries/{iso3}/exports", summary="What a country takes from the reporter")
    def outgoing(
        request: Request,
        iso3: CountryCode,
        reporter: Reporter = None,
        year: Year = None,
        method: MethodName = None,
        page: Page = 1,
        size: Size = 100,
        format: Format = "json",
    ) -> Response:
        who, when, how = chosen(service.choices(), reporter, year, method)
        result = service.country(iso3, who, when, how)
        head = {"reporter": who, "year": when, "method": how, "country": iso3, "currency": result.currency}
        told = result.outgoing_note.en and result.outgoing_note not in result.evidence.warnings
        notes = (result.outgoing_note,) if told else ()  # unknown, not nothing
        evidence = replace(result.evidence, warnings=(*notes, *result.evidence.warnings))
        return _flat(request, head, CountryLine, result.outgoing or (), evidence, format, page, size)

    @api.get("/methods", summary="All definitions")
    def methods(request: Request, format: Format = "json") -> Response:
        found = service.methods()
        elements = [(m.name, e) for m in found for e in m.elements]

        def table() -> formats.Table:
            part = formats.flat(MethodElement, (e for _, e in elements))
            rows = tuple((name, *row) for (name, _), row in zip(elements, part.rows, strict=True))
            return formats.Table((("method", "text"), *part.columns), rows)

        return _answer(request, {}, found, formats.plain, table, Evidence(), 1, 1000, format)

    @api.get("/methods/{name}", summary="One definition")
    def method(request: Request, name: MethodPath, format: Format = "json") -> Response:
        found = service.method(name)
        table = partial(formats.flat, MethodElement, found.elements)
        return _answer(request, {"method": name}, [found], formats.plain, table, Evidence(), 1, 1, format)

    @api.get("/products", summary="Products that can be asked for")
    def products(request: Request, page: Page = 1, size: Size = 100, format: Format = "json") -> Response:
        return _flat(request, {}, Named, service.products(), Evidence(), format, page, size)

    @api.get("/countries", summary="Countries and blocs that can be asked for")
    def countries(request: Request, page: Page = 1, size: Size = 1000, format: Format = "json") -> Response:
        return _flat(request, {}, Named, service.countries(), Evidence(), format, page, size)

    @api.get("/datasets", summary="Data sets with licence and vintage")
    def datasets(request: Request, format: Format = "json") -> Response:
        return _flat(request, {}, DataSet, service.data().datasets, Evidence(), format)

    @api.get("/sources", summary="Publications and files that figures come from")
    def sources(request: Request, page: Page = 1, size: Size = 100, format: Format = "json") -> Response:
        return _flat(request, {}, Source, service.data().sources, Evidence(), format, page, size)

    return api


def _flat(
    request: Request,
    head: Mapping[str, Any],
    cls: type,
    rows: Sequence[Any],
    evidence: Evidence,
    format: str,
    page: int = 1,
    size: int = parameters.MOST_ROWS,
) -> Response:
    table = partial(formats.flat, cls, rows)
    return _answer(request, head, rows, formats.plain, table, evidence, page, size, format)


def _answer(
    request: Request,
    head: Mapping[str, Any],
    rows: Sequence[Any],
    as_json: Callable[[Any], Any],
    table: Callable[[], formats.Table],
    evidence: Evidence,
    page: int,
    size: int,
    format: str,
) -> Response:
    shown: list[Any] = []
    if format == "json" or not evidence.result_sha256:
        part = rows[(page - 1) * size : page * size] if evidence.result_sha256 else rows
        shown = [as_json(row) for row in part]
    tag = f'"{evidence.result_sha256 or result_sha256(shown)}"'
    headers = {"etag": tag, "cache-control": "no-cache"}
    known = licences()
    links = [f'<{licence(key).url}>; rel="license"' for key in evidence.licences if key in known and known[key].url]
    if links:
        headers["link"] = ", ".join(links)
    if _matches(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    if format != "json":
        name = _UNSAFE.sub("-", request.scope["path"].removeprefix(PREFIX + "/"))
        headers["content-disposition"] = f'attachment; filename="schakel-{name}.{format}"'
        return Response(formats.encode(table(), format), media_type=formats.MEDIA[format], headers=headers)
    if page > max(1, -(-len(rows) // size)):
        raise NotFoundError(f"there is no page {page}", where="parameter page", remedy=f"{len(rows)} rows in all")
    if not evidence.result_sha256:
        shown = shown[(page - 1) * size : page * size]
    body = {
        **head,
        "rows": shown,
        "page": page,
        "size": size,
        "total": len(rows),
        "warnings": [w.en for w in evidence.warnings],
        "sources": [s.as_dict() for s in evidence.sources],
        "licences": list(evidence.licences),
        "receipt": dict(evidence.receipt),
    }
    return JSONResponse(body, headers=headers)


def _matches(header: str, tag: str) -> bool:
    return any(part.strip().removeprefix("W/") in (tag, "*") for part in header[:2000].split(","))
