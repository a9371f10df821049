"""What does REST answer about value chains? The same as ``schakel chain`` with ``--format json``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from schakel.chains import answers
from schakel.chains.open import names
from schakel.errors import InputError
from schakel.plain import printable
from schakel.web.api import PREFIX
from schakel.web.chain_graphs import (
    MOST_NAMES,
    By,
    GraphName,
    Least,
    MaybeName,
    MaybeStep,
    Names,
    Reading,
    StepName,
    Within,
    graph_of,
    split,
)
from schakel.web.problems import PROBLEM

_PROBLEM = {"type": "object", "required": ["type", "title", "status"]}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer", "content": {"application/json": {"schema": {"type": "object"}}}},
    304: {"description": "The answer is still the one named in If-None-Match"},
    404: {"description": "Nothing of that name", "content": {PROBLEM: {"schema": _PROBLEM}}},
    422: {"description": "A parameter cannot be used", "content": {PROBLEM: {"schema": _PROBLEM}}},
}


def router() -> APIRouter:
    """Return the routes."""
    api = APIRouter(prefix=f"{PREFIX}/chain", tags=["chains"], responses=_RESPONSES)

    @api.get("", summary="Value chains that can be asked for")
    def chains(request: Request) -> Response:
        return JSONResponse({"chains": list(names())}, headers={"cache-control": "no-cache"})

    @api.get("/{name}/show", summary="Steps with what they need, who uses and who holds them")
    def show(request: Request, name: GraphName, step: MaybeStep = None, reading: Reading = "alternatives") -> Response:
        return _answer(request, answers.show(graph_of(name, reading), step))

    @api.get("/{name}/makeable", summary="What can still be made without some countries or firms")
    def makeable(
        request: Request,
        name: GraphName,
        without: Names,
        by: By = "any",
        within: Within = "lasting",
        least_share: Least = 0.0,
        from_scratch: bool = False,
        reading: Reading = "alternatives",
    ) -> Response:
        graph = graph_of(name, reading)
        answer = answers.makeable(
            graph, _every(request, "without"), by=by, within=within, least_share=least_share, from_scratch=from_scratch
        )
        return _answer(request, answer)

    @api.get("/{name}/exposure", summary="How exposed a step is, through every step upstream, and by which path")
    def exposure(
        request: Request,
        name: GraphName,
        on: Names,
        step: StepName,
        by: By = "any",
        within: Within = "lasting",
        reading: Reading = "alternatives",
    ) -> Response:
        return _answer(
            request, answers.exposure(graph_of(name, reading), _every(request, "on"), step, by=by, within=within)
        )

    @api.get("/{name}/choke", summary="Whose removal loses most, smallest coalitions, control points")
    def choke(
        request: Request,
        name: GraphName,
        size: Annotated[int, Query(ge=1, le=2, description="Remove one name, or also pairs.")] = 1,
        names: Annotated[Literal["countries", "actors"], Query(description="Who is removed.")] = "countries",
        of: MaybeName = None,
        step: MaybeStep = None,
        by: By = "any",
        within: Within = "lasting",
        least_share: Least = 0.0,
        most: Annotated[int, Query(ge=1, le=1000, description="Removals to give.")] = 40,
        together: Annotated[bool, Query(description="Pairs only, that lose more than their members alone.")] = False,
        reading: Reading = "alternatives",
    ) -> Response:
        graph = graph_of(name, reading)
        answer = answers.chokes(
            graph,
            size=size,
            names=names,
            of=of or None,
            step=step,
            by=by,
            within=within,
            least_share=least_share,
            most=most,
            together=together,
        )
        return _answer(request, answer)

    @api.get("/{name}/path", summary="By which ways one step enters another")
    def path(
        request: Request,
        name: GraphName,
        start: Annotated[
            str, Query(alias="from", min_length=1, max_length=200, description="Step where the way begins.")
        ],
        to: Annotated[str, Query(min_length=1, max_length=200, description="Step where it ends.")],
        most: Annotated[int, Query(ge=1, le=200, description="Ways to give.")] = 20,
        reading: Reading = "alternatives",
    ) -> Response:
        return _answer(request, answers.paths(graph_of(name, reading), start, to, most=most))

    return api


def _every(request: Request, key: str) -> list[str]:
    """Return the names of a parameter that may stand several times in an address: none of them is passed over.

    Raises
    ------
    InputError
        If they are longer together than one of them may be, or a sign of them cannot be shown.
    """
    whole = ",".join(request.query_params.getlist(key))
    if len(whole) > MOST_NAMES or printable(whole) != whole:
        raise InputError("the names cannot be used", where=key, remedy=f"give at most {MOST_NAMES} characters in all")
    return split(whole)


def _answer(request: Request, answer: Mapping[str, Any]) -> Response:
    tag = f'"{answer["receipt"]["result_sha256"]}"'
    links = [f'<{k["url"]}>; rel="license"' for k in answer["licences"] if k["url"]]
    headers = {"etag": tag, "cache-control": "no-cache"} | ({"link": ", ".join(links)} if links else {})
    asked = request.headers.get("if-none-match", "")[:2000].split(",")
    if any(part.strip().removeprefix("W/") in (tag, "*") for part in asked):
        return Response(status_code=304, headers=headers)
    return JSONResponse(dict(answer), headers=headers)
