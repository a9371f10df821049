"""What happens to hostile requests when the answers are real?"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from schakel.dependency import embedded
from schakel.web import security
from schakel.web.answers import Answers
from schakel.web.app import create_app

EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' OR 1=1 --",
    "../../etc/passwd",
    "{{ 7*7 }}",
    "javascript:alert(1)",
    "\u202e\ufeff",
    "%00",
)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(Answers(embedded.flows())), raise_server_exceptions=False)


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize(
    "path",
    [
        "/?q={}",
        "/?sort={}",
        "/?reporter={}",
        "/?method={}",
        "/?lang={}",
        "/?other={}",
        "/product/{}",
        "/country/{}",
        "/method/{}",
        "/{}",
        "/api/v1/screen?reporter={}",
        "/api/v1/screen?format={}",
        "/api/v1/products/{}/compare",
        "/api/v1/methods/{}",
    ],
)
def test_text_in_an_address_is_refused_or_escaped(client: TestClient, path: str, evil: str) -> None:
    response = client.get(path.format(quote(evil, safe="")))
    assert response.status_code in (200, 404, 422)
    if response.headers["content-type"].startswith("text/html"):
        assert "<script>alert" not in response.text and "<img" not in response.text
        assert 'href="javascript:' not in response.text and ">49<" not in response.text
        assert response.headers["content-security-policy"] == security.POLICY
    else:
        assert response.headers["content-type"] in ("application/json", "application/problem+json")
        assert response.headers["x-content-type-options"] == "nosniff"


@given(st.text(max_size=100))
@settings(max_examples=60, derandomize=True, deadline=None)
def test_any_search_is_answered_or_refused(client_for_search: TestClient, text: str) -> None:
    assert client_for_search.get("/", params={"q": text}).status_code in (200, 422)


@pytest.fixture(scope="module")
def client_for_search() -> TestClient:
    return TestClient(create_app(Answers(embedded.flows())), raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:8000", 200),
        ("localhost:8000", 200),
        ("evil.example", 400),
        ("evil.example:8000", 400),
        ("127.0.0.1.evil.example", 400),
        ("localhost.evil.example", 400),
        ("127.0.0.1@evil.example", 400),
        ("0.0.0.0", 400),
        ("", 400),
    ],
)
@pytest.mark.parametrize("path", ["/method", "/api/v1/methods", "/static/monitor.css", "/api"])
def test_a_name_that_is_not_this_machines_is_refused(client: TestClient, path: str, host: str, status: int) -> None:
    assert client.get(path, headers={"host": host}).status_code == status


def test_the_policy_allows_nothing_but_this_server(client: TestClient) -> None:
    rules = dict(part.strip().split(" ", 1) for part in security.POLICY.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    page = client.get("/").text
    assert " style=" not in page and " onclick=" not in page and "<style" not in page
    assert page.count("<script") == 1 and '<script src="/static/monitor.js" defer>' in page
    assert "access-control-allow-origin" not in client.get("/api/v1/methods").headers


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed_over_the_network(client: TestClient, verb: str) -> None:
    for path in ("/", "/api/v1/screen", "/product/28053010"):
        assert client.request(verb, path).status_code == 405
