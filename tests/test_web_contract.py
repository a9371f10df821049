"""Does REST keep what its own description promises, whatever it is asked?"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from starlette.testclient import TestClient

from schakel.dependency import embedded
from schakel.web.answers import Answers
from schakel.web.app import create_app

ROUTES = (
    "screen",
    "products/{code}/compare",
    "products/{code}/suppliers",
    "products/{code}/bounds",
    "reverse",
    "mutual",
    "countries/{iso3}/imports",
    "countries/{iso3}/exports",
    "methods",
    "methods/{name}",
    "products",
    "countries",
    "datasets",
    "sources",
)


@pytest.fixture(scope="module")
def app() -> Any:
    return create_app(Answers(embedded.flows()))


@pytest.fixture(scope="module")
def described(app: Any) -> Any:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=["fitting", "unfitting"])
@pytest.mark.parametrize("route", ROUTES)
def test_every_answer_is_as_described(described: Any, route: str, mode: GenerationMode) -> None:
    operation = described[f"/api/v1/{route}"]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=10, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate()

    holds()


KNOWN = {"code": "28053010", "iso3": "CHN", "name": "geodep2024"}


@pytest.mark.parametrize("route", [r for r in ROUTES if "{" in r])
def test_so_it_is_for_what_is_there(described: Any, route: str) -> None:
    seen = set()

    @given(case=described[f"/api/v1/{route}"]["GET"].as_strategy())
    @settings(max_examples=10, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: schemathesis.Case) -> None:
        case.path_parameters = {key: KNOWN[key] for key in case.path_parameters or {}}
        seen.add(case.call_and_validate().status_code)

    holds()
    assert 200 in seen and seen <= {200, 404}  # not every member imports the product


def test_all_routes_are_walked(described: Any) -> None:
    assert set(described) == {f"/api/v1/{route}" for route in ROUTES}


def test_the_description_names_no_other_machine(app: Any) -> None:
    text = TestClient(app).get("/api/v1/openapi.json").text
    assert '"openapi":"3.1' in text
    assert "http://" not in text and "https://" not in text
