"""Do the pages and REST of scenarios answer in both languages, whole, escaped, and without computing anything?"""

from __future__ import annotations

import json
import re

import pytest
from starlette.testclient import TestClient

from schakel.reports import shock_report
from schakel.shocks import kept, lenses, library, scenario
from schakel.web import i18n
from schakel.web.app import create_app
from shocks_results import EVIL, answers, keep, text
from test_web_pages import Reader
from web_fake import FakeService

PAGES = ("/shocks", "/shocks/small", "/shocks/rare-earths-2025", "/shocks/neon-2022")


@pytest.fixture(scope="module")
def made():
    return answers()


@pytest.fixture
def client(tmp_path, monkeypatch, made):
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setattr(lenses, "one_lens", None)  # a request that computes fails
    keep()
    return TestClient(create_app(FakeService()), raise_server_exceptions=False)


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_are_whole(client, path: str, lang: str) -> None:
    answer = client.get(path, params={"lang": lang})
    assert answer.status_code == 200
    page = Reader(answer.text)
    assert len(page.ids) == len(set(page.ids))
    tags = [tag for tag, _ in page.tags]
    assert tags.count("h1") == 1
    assert f'<html lang="{lang}">' in answer.text
    for tag, found in page.tags:
        if tag == "svg" and "aria-hidden" not in found:
            assert found["role"] == "img"
        assert not any(key.startswith("on") or key == "style" for key in found), (tag, found)
        for key in ("aria-labelledby", "aria-describedby"):
            assert all(i in page.ids for i in found.get(key, "").split()), found
        if tag == "th":
            assert found.get("scope") in ("col", "row", "rowgroup", "colgroup")
    links = [found["href"] for tag, found in page.tags if tag == "a" and "href" in found]
    assert all(link[1:] in page.ids for link in links if link.startswith("#") and link != "#main")
    assert 'href="/shocks?' in answer.text


def test_every_chart_has_words_beside_it(client) -> None:
    page = client.get("/shocks/small?lang=nl").text
    figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    assert len(figures) == 4
    for figure in figures:
        said = re.search(r'<p class="said">(.+?)</p>', figure)
        assert said is not None
        assert len(said[1]) > 20


def test_the_page_says_what_the_report_says(client, made) -> None:
    page = client.get("/shocks/small?lang=en").text
    for block in shock_report.sections(made["run"], "en", mitigated=made["mitigate"], sensitivity=made["sensitivity"]):
        if isinstance(block, shock_report.Heading):
            assert f">{block.text}</h{block.level + 1}>" in page
        if isinstance(block, shock_report.Table):
            assert page.count(f">{block.caption}</caption>") >= 1
    assert made["run"]["receipt"]["result_sha256"] in page


def test_the_library_names_dates_published_figures_and_what_is_kept(client) -> None:
    page = client.get("/shocks?lang=en").text
    rows = re.findall(r'<tr><th scope="row".*?</tr>', page, re.DOTALL)
    assert len(rows) == len(library.names()) + 1
    by_id = {re.search(r"<code>(.*?)</code>", r)[1]: r for r in rows}
    assert set(by_id) == {*library.names(), "small"}
    assert "4 October 2025" in by_id["nexperia-2025"]
    assert "first line stop after 7 to 20 days" in by_id["nexperia-2025"]
    assert "not run yet" in by_id["nexperia-2025"]
    assert "<td>kept</td>" in by_id["rare-earths-2025"]
    assert "<td>kept</td>" in by_id["small"]


@pytest.mark.parametrize(("lang", "said"), [("en", "No result is kept"), ("nl", "geen uitkomst bewaard")])
def test_without_a_result_the_page_says_which_command_makes_one(client, lang: str, said: str) -> None:
    page = client.get(f"/shocks/neon-2022?lang={lang}").text
    assert said in page
    assert "<code>schakel shock run neon-2022</code>" in page
    assert "no plant of a country stopped within the year" in page  # what is published stands there already
    assert "<figure" not in page


def test_a_result_of_an_earlier_text_is_marked(client, made) -> None:
    old = json.loads(json.dumps(made["chain"]))
    old["receipt"]["parameters"]["scenario_sha256"] = "0" * 64
    kept.keep(old)
    assert "earlier text of this scenario" in client.get("/shocks/rare-earths-2025?lang=en").text


def test_mitigations_of_another_text_are_not_put_beside(client, made) -> None:
    other = json.loads(json.dumps(made["mitigate"]))
    other["receipt"]["parameters"]["scenario_sha256"] = "0" * 64
    kept.keep(other, "mitigate")
    assert "What each mitigation brings" not in client.get("/shocks/small?lang=en").text


def test_hostile_texts_stay_text(client, made) -> None:
    evil = {**made["run"], "scenario": "small", "content": scenario.parse(text(title=EVIL)).content}
    kept.keep(evil)
    for path in ("/shocks", "/shocks/small"):
        page = client.get(path + "?lang=en").text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_rest_gives_what_the_command_wrote(client, made) -> None:
    for path, kind in (
        ("small", "run"),
        ("small/mitigate", "mitigate"),
        ("small/sensitivity", "sensitivity"),
        ("rare-earths-2025", "chain"),
    ):
        answer = client.get(f"/api/v1/shocks/{path}")
        assert answer.status_code == 200
        assert answer.json() == json.loads(json.dumps(made[kind]))
        again = client.get(f"/api/v1/shocks/{path}", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert 'rel="license"' in answer.headers["link"]
    listed = client.get("/api/v1/shocks").json()["scenarios"]
    assert [s["scenario"] for s in listed] == [*library.names(), "small"]
    assert {s["scenario"] for s in listed if s["result"]} == {"small", "rare-earths-2025"}
    one = next(s for s in listed if s["scenario"] == "neon-2022")
    assert (one["start"], one["horizon_days"], one["library"]) == ("2022-02-24", 365, True)
    assert one["published"][0]["low"] == 0


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("neon-2022", 404, "schakel shock run neon-2022"),
        ("nothing-of-it", 404, "ready ones"),
        ("rare-earths-2025/mitigate", 404, "schakel shock mitigate rare-earths-2025"),
        ("small/other", 422, ""),
        ("Not%20an%20id", 422, ""),
        ("..%2f..%2fetc", 404, ""),
    ],
)
def test_rest_problems_are_problem_documents(client, path: str, status: int, said: str) -> None:
    answer = client.get(f"/api/v1/shocks/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_a_result_that_was_changed_is_refused(client, tmp_path) -> None:
    path = tmp_path / "runs" / "results" / "small.json"
    path.write_text(path.read_text("utf-8").replace('"draws":4', '"draws":5', 1), "utf-8")
    assert client.get("/api/v1/shocks/small").status_code == 409
    answer = client.get("/shocks/small?lang=nl")
    assert answer.status_code == 409
    assert '<html lang="nl">' in answer.text


def test_rest_is_described(client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    mine = {p for p in paths if p.startswith("/api/v1/shocks")}
    assert mine == {"/api/v1/shocks", "/api/v1/shocks/{name}", "/api/v1/shocks/{name}/{question}"}
    assert all(paths[p]["get"]["summary"] for p in mine)


def test_catalogues_have_the_same_keys() -> None:
    english, dutch = i18n.catalogue("en"), i18n.catalogue("nl")
    assert {k for k in english if k.startswith("shock.")} == {k for k in dutch if k.startswith("shock.")}
    assert [k for k in english if k.startswith("shock.") and not dutch[k]] == []
