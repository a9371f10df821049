"""What does a reader see when something is wrong?"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from schakel.charts.numbers import LANGUAGES
from schakel.errors import SchakelError
from schakel.web import security
from schakel.web.render import Context, language, page
from schakel.web.service import Service

LOG = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
_SHOWN = 120


def install(app: FastAPI, service: Service) -> None:
    """Answer every error with a problem document under ``/api/`` and a problem page elsewhere (RFC 9457)."""

    def answer(request: Request, problem: dict[str, Any]) -> Response:
        problem = {**problem, "instance": request.url.path[:_SHOWN]}
        if request.url.path.startswith("/api/"):
            return JSONResponse(problem, status_code=problem["status"], media_type=PROBLEM)
        asked = request.query_params.get("lang")
        lang = language(request, asked if asked in LANGUAGES else None)
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
        response.headers.update(security.headers(request.url.path))  # this answer leaves outside the middleware
        return response

    app.add_exception_handler(SchakelError, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, fault)
