"""What does a reader see when something is wrong?"""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from schakel.charts.numbers import LANGUAGES
from schakel.errors import SchakelError
from schakel.web import security
from schakel.web.parameters import MOST_SIGNS
from schakel.web.render import Context, language, page
from schakel.web.service import Service

LOG = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
_SHOWN = 120
MOST_QUERY = 4_000  # signs of all parameters, encoded
MOST_PARAMETERS = 40


class Lengths:
    """Refuses what is longer than any parameter or path can be, before anything is done with it, and repeats only its start."""

    def __init__(self, app: ASGIApp, refuse: Callable[[Request, str], Response]) -> None:
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 422."""
        if scope["type"] == "http" and (what := _too_long(scope)):
            start = scope["path"][:_SHOWN]
            cut = {**scope, "path": start, "raw_path": quote(start).encode(), "query_string": b""}
            await self.refuse(Request(cut), what)(cut, receive, send)
            return
        await self.app(scope, receive, send)


def _too_long(scope: Scope) -> str:
    """Return what is too long in a request, nothing when all is well."""
    query = scope["query_string"].decode("latin-1")
    if len(query) > MOST_QUERY or query.count("&") > MOST_PARAMETERS:
        return "the parameters together"
    for name, value in parse_qsl(query, keep_blank_values=True):
        if len(name) > MOST_SIGNS:
            return f"the name of a parameter ({name[:20]!r}...)"
        if len(value) > MOST_SIGNS:
            return f"parameter {name[:40]!r}"
    path = scope["path"]
    return "the path" if len(path) > MOST_SIGNS + 40 or max(map(len, path.split("/"))) > MOST_SIGNS else ""


def install(app: FastAPI, service: Service) -> None:
    """Answer every error with a problem document under ``/api/`` and a problem page elsewhere (RFC 9457)."""

    def answer(request: Request, problem: dict[str, Any]) -> Response:
        path = request.scope["path"]
        problem = {**problem, "instance": path[:_SHOWN]}
        if path.startswith("/api/"):
            return JSONResponse(problem, status_code=problem["status"], media_type=PROBLEM)
        wanted = request.query_params.get("lang")
        lang = language(request, wanted if wanted in LANGUAGES else None)
        choices = service.choices()
        context = Context(request, service, lang, choices.reporter, choices.year, choices.method)
        return page(context, "problem.html", {"problem": problem}, problem["status"])

    def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, SchakelError)  # noqa: S101 - the registration below guarantees it
        problem = error.problem()
        return answer(request, {**problem, "where": problem["instance"]})

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        wrong = [f"{item['loc'][-1]}: {item['msg']}" for item in error.errors()]
        problem = {"type": "urn:schakel:problem:input", "title": "a parameter cannot be used", "status": 422}
        return answer(request, {**problem, "detail": "; ".join(wrong)[:500], "where": ""})

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        title = HTTPStatus(error.status_code).phrase
        problem = {"type": "about:blank", "title": title, "status": error.status_code, "detail": "", "where": ""}
        response = answer(request, problem)
        response.headers.update(error.headers or {})
        return response

    def fault(request: Request, error: Exception) -> Response:
        LOG.error("fault of the program", exc_info=error)
        problem = {"type": "urn:schakel:problem:fault", "title": "the program failed", "status": 500}
        response = answer(request, {**problem, "detail": "the log of the server says where", "where": ""})
        response.headers.update(security.headers(request.scope["path"]))  # this answer leaves outside the middleware
        return response

    def too_long(request: Request, what: str) -> Response:
        problem = {"type": "urn:schakel:problem:input", "title": "a parameter cannot be used", "status": 422}
        detail = f"{what} is too long: at most {MOST_SIGNS} signs each, {MOST_QUERY} together"
        return answer(request, {**problem, "detail": detail, "where": ""})

    app.add_middleware(Lengths, refuse=too_long)
    app.add_exception_handler(SchakelError, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, fault)
