"""Does every address that a page links lead where it says, whatever the product is called, and is a bad one refused in short?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from starlette.testclient import TestClient

from flow_files import HEADER, write
from schakel.sources.flowfile import read
from schakel.web.answers import Answers
from schakel.web.app import create_app
from schakel.web.render import encoded

CODES = (
    "a b/c?d#e",
    "../../x",
    "100%",
    "<script>alert(1)</script>",
    '"onmouseover=x',
    "//evil.example/x",
    "é&=+;",
    "854231",
    "x/compare",
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    quoted = ['"' + c.replace('"', '""') + '"' for c in CODES]
    rows = "".join(f"2023,CHN,NLD,{q},{60 + i}\n2023,USA,NLD,{q},5\n2023,CHN,DEU,{q},9\n" for i, q in enumerate(quoted))
    flows = read(write(tmp_path_factory.mktemp("flows") / "own.csv", HEADER + rows))
    yield TestClient(create_app(Answers(flows)), raise_server_exceptions=False)


def links(page: str) -> set[str]:
    return {unescape(x) for x in re.findall(r'(?:href|action)="([^"]*)"', page)}


def test_every_product_has_a_page_that_the_overview_links(client: TestClient) -> None:
    page = client.get("/?reporter=NLD&method=ec2021&lang=en").text
    found = {urlsplit(urljoin("http://testserver/", x)) for x in links(page)}
    to = {x.path.removeprefix("/product/"): x for x in found if x.path.startswith("/product/")}
    assert {unquote(x) for x in to} == set(CODES)
    assert {x.netloc for x in found} <= {"testserver", "eur-lex.europa.eu"}  # the second is the source of a definition
    for code, link in to.items():
        answer = client.get(f"{link.path}?{link.query}")
        assert answer.status_code == 200, unquote(code)
        assert "<script>alert" not in answer.text and '"onmouseover' not in answer.text
        other = next(x for x in links(answer.text) if "lang=nl" in x and x.startswith("/product/"))
        assert urlsplit(other).path == link.path  # the switch of language stays on the product


@pytest.mark.parametrize("code", CODES)
def test_rest_takes_any_code(client: TestClient, code: str) -> None:
    for what in ("compare", "suppliers", "bounds"):
        answer = client.get(f"/api/v1/products/{quote(code, safe='')}/{what}?reporter=NLD")
        assert answer.status_code == 200
        assert answer.json()["product"] == code
    answer = client.get(f"/api/v1/products/{quote(code, safe='')}/suppliers?reporter=NLD&format=csv")
    assert re.fullmatch(r'attachment; filename="schakel-[A-Za-z0-9_.-]+\.csv"', answer.headers["content-disposition"])


def test_a_code_stays_one_part_of_the_path() -> None:
    assert encoded("/product/../../x") == "/product/..%2F..%2Fx"
    assert encoded("/product/a b/c?d#e") == "/product/a%20b%2Fc%3Fd%23e"
    assert encoded("/") == "/" and encoded("/data") == "/data"


@pytest.mark.parametrize("path", ["/product/..%2F..%2Fetc%2Fpasswd", "/product/none", "//evil.example/x", "/%5Cevil"])
def test_what_is_not_there_is_not_found_and_links_stay_here(client: TestClient, path: str) -> None:
    answer = client.get(f"http://testserver{path}")
    assert answer.status_code == 404
    assert "evil" not in {urlsplit(urljoin("http://testserver/", x)).netloc.split(".")[0] for x in links(answer.text)}


@pytest.mark.parametrize("path", ["/", "/product/854231", "/api/v1/screen", "/static/monitor.css", "/nowhere", "/api"])
def test_head_answers_like_get_without_the_body(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code
    assert head.content == b"" and got.content != b""
    for name in ("content-type", "content-length", "etag", "content-security-policy"):
        assert head.headers.get(name) == got.headers.get(name)


LONG = "Z" * 5_000


@pytest.mark.parametrize(
    "path",
    [
        f"/?q={LONG}",
        f"/?other={LONG}",
        f"/?{LONG}=1",
        f"/?reporter={LONG}",
        f"/product/{LONG}",
        f"/product/{'Z' * 201}",
        f"/country/{LONG}",
        f"/{LONG}",
        "/?" + "&".join(f"p{i}={'Z' * 150}" for i in range(60)),
        f"/api/v1/screen?reporter={LONG}",
        f"/api/v1/screen?other={'Z' * 201}",
        f"/api/v1/products/{LONG}/compare",
    ],
)
def test_what_is_too_long_is_refused_and_not_repeated(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 422
    assert "Z" * 201 not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_is_just_short_enough_is_answered(client: TestClient) -> None:
    assert client.get(f"/?other={'Z' * 200}").status_code == 200
    assert client.get(f"/product/{'Z' * 200}").status_code == 404


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "The Netherlands is the reporter here"), ("nl", "Nederland is hier zelf de rapporteur")]
)
def test_a_country_is_not_its_own_partner(client: TestClient, lang: str, words: str) -> None:
    page = client.get(f"/country/NLD?reporter=NLD&lang={lang}")
    assert page.status_code == 200
    assert words in page.text
    assert "<h2 id=" not in page.text.split("</form>", 1)[1].split("evidence")[0]  # no tables of trade with itself
    for side in ("imports", "exports"):
        answer = client.get(f"/api/v1/countries/NLD/{side}?reporter=NLD").json()
        assert answer["rows"] == []
        assert sum("not its own partner" in w for w in answer["warnings"]) == 1


def test_a_member_seen_from_its_bloc_has_nothing_in_common_with_it(client: TestClient) -> None:
    page = client.get("/country/DEU?reporter=EU27&lang=en")
    assert page.status_code == 200
    assert "One is part of the other" in page.text


def test_mutual_dependence_is_asked_of_countries_that_do_not_overlap(client: TestClient) -> None:
    answer = client.get("/api/v1/mutual?method=ec2021")
    assert answer.status_code == 200
    assert {r["importer"] for r in answer.json()["rows"]} == {"NLD", "DEU", "CHN", "USA"}


def test_the_screenshot_is_not_taken_of_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util
    from types import SimpleNamespace
    from unittest.mock import MagicMock

    import playwright.sync_api

    spec = importlib.util.spec_from_file_location(
        "docs_screenshot", Path(__file__).parents[1] / "scripts" / "docs_screenshot.py"
    )
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "TARGET", tmp_path / "x.png")
    play = MagicMock()
    page = play.return_value.__enter__.return_value.chromium.launch.return_value.new_page.return_value
    page.goto.return_value = SimpleNamespace(status=500)
    monkeypatch.setattr(playwright.sync_api, "sync_playwright", play)
    with pytest.raises(SystemExit, match="answers 500"):
        script.take("http://127.0.0.1:1")
    page.screenshot.assert_not_called()
