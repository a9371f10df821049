"""How does a reader try the API in a browser without a line to the outside?"""

from __future__ import annotations

from pathlib import Path

import fastapi_offline
from fastapi import FastAPI, Query
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from schakel.web.security import API_PAGE

_HTML = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Schakel API</title>
<link rel="icon" href="/static/icon.svg">
<link rel="stylesheet" href="/swagger/swagger-ui.css">
<script src="/swagger/swagger-ui-bundle.js" defer></script>
<script src="/static/api.js" defer></script>
</head>
<body>
<main id="swagger-ui" data-url="/api/v1/openapi.json"><h1>Schakel API</h1>
<p>With scripts off, read the description itself: <a href="/api/v1/openapi.json">openapi.json</a>.</p>
<p><a href="/">Monitor</a></p></main>
</body>
</html>
"""


def install(app: FastAPI) -> None:
    """Serve the interactive page and its files from the installed package."""
    folder = Path(fastapi_offline.__file__).parent / "static"
    app.mount("/swagger", StaticFiles(directory=folder), name="swagger")

    @app.get(API_PAGE, include_in_schema=False)
    def api_page(lang: str = Query(default="en", max_length=2)) -> HTMLResponse:
        return HTMLResponse(_HTML)
