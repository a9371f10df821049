"""What does REST answer about scenarios? What is kept of ``schakel shock run`` and ``mitigate``, as they wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from schakel.shocks import kept
from schakel.web.api import PREFIX
from schakel.web.problems import PROBLEM
from schakel.web.shock_pages import ScenarioPath, find, overview

_PROBLEM = {"type": "object", "required": ["type", "title", "status"]}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer", "content": {"application/json": {"schema": {"type": "object"}}}},
    304: {"description": "The answer is still the one named in If-None-Match"},
    404: {"description": "Nothing of that name", "content": {PROBLEM: {"schema": _PROBLEM}}},
    422: {"description": "A parameter cannot be used", "content": {PROBLEM: {"schema": _PROBLEM}}},
}


def router() -> APIRouter:
    """Return the routes."""
    api = APIRouter(prefix=f"{PREFIX}/shocks", tags=["shocks"], responses=_RESPONSES)

    @api.get("", summary="Scenarios: dates, what is published, whether a result is kept")
    def scenarios() -> Response:
        return JSONResponse({"scenarios": overview()}, headers={"cache-control": "no-cache"})

    @api.get("/{name}", summary="The result of a scenario kept last, as schakel shock run --format json writes it")
    def one(request: Request, name: ScenarioPath) -> Response:
        find(name)
        return _answer(request, kept.kept(name))

    @api.get(
        "/{name}/{question}", summary="What is kept beside it: comparison of mitigations, sensitivity or resolution"
    )
    def other(
        request: Request, name: ScenarioPath, question: Literal["mitigate", "sensitivity", "resolution"]
    ) -> Response:
        find(name)
        return _answer(request, kept.kept(name, question))

    return api


def _answer(request: Request, answer: Mapping[str, Any]) -> Response:
    tag = f'"{answer["receipt"]["result_sha256"]}"'
    links = [f'<{k["url"]}>; rel="license"' for k in answer["licences"] if k["url"]]
    headers = {"etag": tag, "cache-control": "no-cache"} | ({"link": ", ".join(links)} if links else {})
    asked = request.headers.get("if-none-match", "")[:2000].split(",")
    if any(part.strip().removeprefix("W/") in (tag, "*") for part in asked):
        return Response(status_code=304, headers=headers)
    return JSONResponse(dict(answer), headers=headers)
