"""Does REST keep what its own description promises, whatever it is asked?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from starlette.testclient import TestClient

from dossiers_home import furnish
from schakel.dependency import embedded
from schakel.web.answers import Answers
from schakel.web.app import create_app
from shocks_results import keep

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
    "chain",
    "chain/{name}/show",
    "chain/{name}/makeable",
    "chain/{name}/exposure",
    "chain/{name}/choke",
    "chain/{name}/path",
    "shocks",
    "shocks/{name}",
    "shocks/{name}/{question}",
    "dossiers/letters",
    "dossiers/letters/{ident}",
    "dossiers/commitments",
    "dossiers/answers",
    "dossiers/conflicts",
    "dossiers/calendar",
    "dossiers/search",
)

BARE = ("chain", "shocks")  # these take no parameter, so that none can be wrong


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home in which a result of a small scenario is kept and two letters are imported."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("home")
        patch.setenv("SCHAKEL_HOME", str(folder))
        patch.setenv("SCHAKEL_CONFIG", str(folder / "none.toml"))
        keep()
        furnish(folder)
        yield


@pytest.fixture(scope="module")
def app() -> Any:
    return create_app(Answers(embedded.flows()))


@pytest.fixture(scope="module")
def described(app: Any) -> Any:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


@pytest.mark.parametrize(
    ("route", "mode"),
    [(r, m) for r in ROUTES for m in GenerationMode if r not in BARE or m is GenerationMode.POSITIVE],
    ids=lambda value: {"positive": "fitting", "negative": "unfitting"}.get(getattr(value, "value", ""), value),
)
def test_every_answer_is_as_described(described: Any, route: str, mode: GenerationMode) -> None:
    operation = described[f"/api/v1/{route}"]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=10, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate()

    holds()


KNOWN = {"ident": "kst-29826-200", "code": "28053010", "iso3": "CHN", "question": "mitigate"}
NAMED = {"methods": "geodep2024", "chain": "reference", "shocks": "small"}
ASKED = {"without": "NLD", "on": "CHN", "step": "fab_euv_logic", "from": "gallium", "to": "end_defence", "of": "NLD"}


@pytest.mark.parametrize("route", [r for r in ROUTES if "{" in r])
def test_so_it_is_for_what_is_there(described: Any, route: str) -> None:
    seen = set()

    @given(case=described[f"/api/v1/{route}"]["GET"].as_strategy())
    @settings(max_examples=10, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def holds(case: schemathesis.Case) -> None:
        known = KNOWN | {"name": NAMED.get(route.split("/")[0], "")}
        case.path_parameters = {key: known[key] for key in case.path_parameters or {}}
        if route.startswith("chain/"):
            case.query = {key: ASKED.get(key, value) for key, value in (case.query or {}).items()}
        seen.add(case.call_and_validate().status_code)

    holds()
    assert 200 in seen and seen <= {200, 404}  # not every member imports the product


def test_all_routes_are_walked(described: Any) -> None:
    assert set(described) == {f"/api/v1/{route}" for route in ROUTES}


def test_the_description_names_no_other_machine(app: Any) -> None:
    text = TestClient(app).get("/api/v1/openapi.json").text
    assert '"openapi":"3.1' in text
    assert "http://" not in text and "https://" not in text
