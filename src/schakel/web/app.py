"""How do pages and REST become one app?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from schakel import charts
from schakel.web import (
    api,
    apipage,
    chain_api,
    chain_pages,
    described,
    dossier_api,
    dossier_feeds,
    dossier_letters,
    dossier_pages,
    pages,
    problems,
    security,
    shock_api,
    shock_pages,
)
from schakel.web.service import Service

_STATIC = Path(__file__).parent / "static"


def create_app(service: Service, hosts: tuple[str, ...] = security.HOSTS) -> FastAPI:
    """Return the app over a service.

    Parameters
    ----------
    hosts
        Names it answers to; by default only this machine's, so that a page elsewhere cannot reach it under a name of
        its own.
    """
    app = FastAPI(
        title="Schakel",
        version="1",
        summary="Geo-economic monitor: dependencies in both directions, every number with its source.",
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{api.PREFIX}/openapi.json",
    )
    app.include_router(pages.router(service))
    app.include_router(api.router(service))
    app.include_router(chain_pages.router(service))
    app.include_router(chain_api.router())
    app.include_router(shock_pages.router(service))
    app.include_router(shock_api.router())
    app.include_router(dossier_pages.router(service))
    app.include_router(dossier_letters.router(service))
    app.include_router(dossier_feeds.router(service))
    app.include_router(dossier_api.router())
    apipage.install(app)
    problems.install(app, service)

    @app.get("/static/charts.css", include_in_schema=False)
    def chart_colours() -> Response:
        return Response(charts.stylesheet(), media_type="text/css")

    describe = app.openapi

    def description() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = described.offered(describe(), service.choices())
        return app.openapi_schema

    app.openapi = description  # type: ignore[method-assign]
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(security.Headers)
    app.add_middleware(security.Heads)
    return app
