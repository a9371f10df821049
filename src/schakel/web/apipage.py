"""How does a reader try the API in a browser without a line to the outside?"""

from __future__ import annotations

from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
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
<link rel="stylesheet" href="/static/monitor.css">
<link rel="stylesheet" href="/swagger/swagger-ui.css">
<script src="/swagger/swagger-ui-bundle.js" defer></script>
<script src="/static/api.js" defer></script>
</head>
<body>
<header class="top"><div class="inside"><a class="brand" href="/">Schakel</a></div></header>
<main id="main">
<h1>API</h1>
<p>The same results as the pages. The description itself: <a href="/api/v1/openapi.json">openapi.json</a>.</p>
<div id="swagger-ui" data-url="/api/v1/openapi.json"></div>
</main>
</body>
</html>
"""


def install(app: FastAPI) -> None:
    """Serve the interactive page and its files from the installed package."""
    folder = Path(fastapi_offline.__file__).parent / "static"
    app.mount("/swagger", StaticFiles(directory=folder), name="swagger")

    @app.get(API_PAGE, include_in_schema=False)
    def api_page() -> HTMLResponse:
        return HTMLResponse(_HTML)
