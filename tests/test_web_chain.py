"""Do the pages and REST of value chains answer in both languages, whole, escaped, and as the rooms do?"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from starlette.testclient import TestClient

from schakel.chains import answers
from schakel.chains.around import around, reliances
from schakel.chains.exposure import exposure
from schakel.chains.open import open_graph
from schakel.lake import Lake
from schakel.reports.chain_words import warning
from schakel.sources.add import add
from schakel.web.app import create_app
from schakel.web.chain_graphs import PAIRS, POINTS
from test_chains_open import EXPLORER
from test_web_pages import Reader, with_lang
from web_fake import FakeService

EVIL = "<script>alert(1)</script>"
PAGES = (
    "/chain",
    "/chain/reference",
    "/chain/reference?without=NLD",
    "/chain/reference?without=EU27&around=euv_scanner&depth=1",
    "/chain/reference?without=NLD,JPN",
    "/chain/reference?around=&without=",
    "/chain/materials?around=gallium/processing&depth=2",
    "/chain/reference/step/euv_scanner",
    "/chain/reference/step/etch_tool",
    "/chain/materials/step/gallium/processing",
    "/chain/reference/country/NLD",
    "/chain/reference/country/NLD?within=now",
    "/chain/reference/country/EU27",
    "/chain/materials/country/CHN",
    "/chain/eto-chips?reading=together&without=NLD",
    "/chain/eto-chips/step/N2?reading=together",
    "/chain/eto-chips/country/NLD?reading=together",
    "/chain/odd",
    "/chain/odd/step/" + "a%20b%3F%26%3Cc%3E",
)
API = "/api/v1/chain"
ODD = 'step,input\n"a b?&<c>",' + EVIL + "\n" + EVIL + ',"a b?&<c>"\n'

DOUBT = (
    "step,input,criticality,coefficient,stock_days\n"
    "chip,gas,weights(minor=0.9; critical=0.1),uniform(low=0.2; high=0.4),lognormal(median=20; p90=60)\n"
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """An app over a lake with the explorer's form and a chain of one's own that is awkward on purpose (markup, a loop)."""
    home = tmp_path_factory.mktemp("home")
    patch = pytest.MonkeyPatch()
    patch.setenv("SCHAKEL_HOME", str(home / "lake"))
    patch.setenv("SCHAKEL_CONFIG", str(home / "none.toml"))
    for name, files in (
        ("explorer", EXPLORER),
        ("odd", {"inputs.csv": ODD, "positions.csv": f"step,country,actor,share\n{EVIL},NLD,{EVIL},1\n"}),
        ("doubt", {"inputs.csv": DOUBT, "positions.csv": "step,country,share,confidence\ngas,CHN,1,0.6\n"}),
    ):
        (home / name).mkdir()
        for file, text in files.items():
            (home / name / file).write_text(text, "utf-8")
        add(home / name, Lake())
    yield TestClient(create_app(FakeService()), raise_server_exceptions=False)
    patch.undo()


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("path", PAGES)
def test_page(client: TestClient, path: str, lang: str) -> None:
    response = client.get(with_lang(path, lang))
    assert response.status_code == 200, response.text[:500]
    read = Reader(response.text)
    assert len(set(read.ids)) == len(read.ids)
    assert read.all("html")[0]["lang"] == lang
    assert len(read.all("h1")) == 1
    assert EVIL not in response.text
    labelled = {w for tag, a in read.tags for w in a.get("aria-labelledby", "").split()}
    assert labelled <= set(read.ids)
    for tag, attrs in read.tags:
        for key in ("src", "href", "action"):
            assert not attrs.get(key, "").startswith("//")
            if tag != "a" and attrs.get(key):
                assert attrs[key].startswith("/"), (tag, attrs)
        assert "style" not in attrs and not any(k.startswith("on") for k in attrs)


@pytest.mark.parametrize(
    "path",
    [
        "/chain",
        "/chain/eto-chips?without=NLD",
        "/chain/odd",
        "/chain/eto-chips/step/N3",
        "/chain/reference/country/NLD",
    ],
)
def test_links_lead_somewhere_and_keep_the_language(client: TestClient, path: str) -> None:
    hrefs = {
        a["href"]
        for a in Reader(client.get(with_lang(path, "nl")).text).all("a")
        if a.get("href", "").startswith("/chain")
    }
    assert hrefs
    for href in sorted(hrefs)[:60]:
        assert client.get(href).status_code == 200, href
        assert "lang=" in href


def test_the_drawing_holds_every_step_of_the_chain_and_marks_the_lost(client: TestClient) -> None:
    text = client.get("/chain/reference?without=NLD&lang=en").text
    svg = text[text.index("<svg xmlns") : text.index("</svg>")]
    assert svg.count('class="step') == 142
    lost = answers.makeable(open_graph("reference"), ["NLD"])["lost"]
    assert svg.count('class="step lost"') == len(lost) == text.count("; lost</title>")
    for row in lost:
        assert row["name_en"] in text


def test_zoom_draws_what_lies_around_a_step(client: TestClient) -> None:
    g = open_graph("reference")
    for depth in (1, 2):
        text = client.get(f"/chain/reference?around=euv_scanner&depth={depth}").text
        shown = {
            unquote(urlsplit(a["href"]).path).rsplit("/", 1)[1]
            for a in Reader(text[text.index("<svg xmlns") : text.index("</svg>")] + "</svg>").all("a")
        }
        assert shown == set(around(g, "euv_scanner", depth))
    near = set(around(g, "euv_scanner", 1))
    by_hand = {"euv_scanner", *g.used_by["euv_scanner"]} | {
        a for s in g.slots_of["euv_scanner"] for a in s.alternatives
    }
    assert near == by_hand
    far, seen = set(around(g, "euv_scanner", 30)), [set(around(g, "euv_scanner", d)) for d in (1, 2, 3)]
    assert near < seen[1] < seen[2] <= far <= {s.id for s in g.steps}


def test_a_step_says_holders_needs_and_exposure(client: TestClient) -> None:
    text = client.get("/chain/reference/step/euv_scanner?lang=en").text
    assert "100.0%" in text and "second-hand" in text
    g = open_graph("reference")
    for r in reliances(g, "euv_scanner"):
        assert r.exposure == exposure(g, r.country, "euv_scanner").exposure
        assert r.path == exposure(g, r.country, "euv_scanner").path
    assert "nobody" not in text.casefold().split("to whom it is exposed")[1][:400]


def test_the_country_page_says_what_it_holds_and_what_is_lost(client: TestClient) -> None:
    text = client.get("/chain/reference/country/NLD?lang=en").text
    assert "4 of 142 steps can no longer be made" in text
    assert "336" in text and "ASML" in text  # the Dutch layer
    assert "336" not in client.get("/chain/reference/country/CHN?lang=en").text
    now = client.get("/chain/reference/country/NLD?lang=en&within=now").text
    assert "1 of 142 steps can no longer be made" in now


@pytest.mark.parametrize("page", ["", "/step/N3", "/country/NLD"])
def test_a_licence_against_commercial_use_stands_on_every_page(client: TestClient, page: str) -> None:
    for lang, words in (("en", "not for commercial use"), ("nl", "niet voor commercieel gebruik")):
        text = client.get(f"/chain/eto-chips{page}?lang={lang}").text
        assert words in text and "NonCommercial" in text
    assert "not for commercial use" not in client.get("/chain/reference?lang=en").text


def test_the_reading_is_named_and_kept(client: TestClient) -> None:
    text = client.get("/chain/eto-chips?reading=together&without=NLD&lang=en").text
    assert "the step needs every type" in text
    assert "reading=together" in text
    assert "any one type will do" in client.get("/chain/eto-chips?lang=en").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/chain/none", 404),
        ("/chain/src", 404),
        ("/chain/..%2F..%2Fetc", 404),
        ("/chain/%2Fetc", 404),
        ("/chain/UPPER", 422),
        ("/chain/reference/step/none", 404),
        ("/chain/reference/country/XXX", 404),
        ("/chain/reference/country/nld", 422),
        ("/chain/reference?depth=0", 422),
        ("/chain/reference?without=XXX", 404),
        ("/chain/reference?around=none", 404),
        ("/chain/reference?reading=sideways", 422),
        ("/chain/reference?without=%00", 422),
        (f"{API}/none/show", 404),
        (f"{API}/reference/makeable", 422),
        (f"{API}/reference/makeable?without=XXX", 404),
        (f"{API}/reference/makeable?without=NLD&least_share=2", 422),
        (f"{API}/reference/exposure?on=CHN", 422),
        (f"{API}/reference/exposure?on=CHN&step=none", 404),
        (f"{API}/reference/choke?size=3", 422),
        (f"{API}/reference/choke?of=XXX", 404),
        (f"{API}/reference/path?from=gallium", 422),
        (f"{API}/reference/path?from=gallium&to=none", 404),
        (f"{API}/reference/none", 404),
    ],
)
def test_what_is_not_there_is_a_problem(client: TestClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    if path.startswith("/api"):
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["status"] == status
    else:
        assert "<h1" in response.text and "Traceback" not in response.text


def test_a_folder_is_never_opened_from_outside(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "inputs.csv").write_text("step,input\na,b\n")
    (tmp_path / "local" / "positions.csv").write_text("step,country\na,NLD\n")
    monkeypatch.chdir(tmp_path)
    assert open_graph("local").name == "local"
    assert client.get("/chain/local").status_code == client.get(f"{API}/local/show").status_code == 404


REST = {
    "show": (lambda g: answers.show(g), "show"),
    "step": (lambda g: answers.show(g, "euv_scanner"), "show?step=euv_scanner"),
    "makeable": (lambda g: answers.makeable(g, ["NLD"]), "makeable?without=NLD"),
    "least": (lambda g: answers.makeable(g, ["NLD", "JPN"], by="owner", within="now", least_share=0.2, from_scratch=True),
              "makeable?without=NLD,JPN&by=owner&within=now&least_share=0.2&from_scratch=true"),
    "exposure": (lambda g: answers.exposure(g, ["CHN"], "fab_euv_logic"), "exposure?on=CHN&step=fab_euv_logic"),
    "choke": (lambda g: answers.chokes(g), "choke"),
    "of": (lambda g: answers.chokes(g, of="NLD", size=2, most=7, step="fab_dram"), "choke?of=NLD&size=2&most=7&step=fab_dram"),
    "path": (lambda g: answers.paths(g, "gallium", "end_defence"), "path?from=gallium&to=end_defence"),
}  # fmt: skip


@pytest.mark.parametrize("asked", REST)
def test_rest_answers_as_the_room_does(client: TestClient, asked: str) -> None:
    compute, path = REST[asked]
    response = client.get(f"{API}/reference/{path}")
    assert response.status_code == 200
    assert response.json() == json.loads(json.dumps(compute(open_graph("reference"))))
    assert response.headers["etag"] == f'"{response.json()["receipt"]["result_sha256"]}"'
    again = client.get(f"{API}/reference/{path}", headers={"if-none-match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("how much", "days of stock")), ("nl", ("hoeveel", "dagen voorraad"))]
)
def test_a_step_shows_what_is_uncertain_of_its_needs(client: TestClient, lang: str, words: tuple[str, str]) -> None:
    text = client.get(f"/chain/doubt/step/chip?lang={lang}").text
    assert f"{words[0]}: <code>uniform(low=0.2; high=0.4)</code>" in text
    assert f"{words[1]}: <code>lognormal(median=20; p90=60)</code>" in text
    assert "<code>weights(critical=0.1; minor=0.9)</code>" in text
    assert "uniform(" not in client.get(f"/chain/doubt/step/gas?lang={lang}").text
    exposed = client.get(f"{API}/doubt/exposure?on=CHN&step=chip").json()
    assert exposed["exposure"] == pytest.approx(0.3) and 0.2 < exposed["range"]["p05"] < 0.3 < exposed["range"]["p95"]


def test_rest_gives_pairs_that_lose_more_together(client: TestClient) -> None:
    found = client.get(f"{API}/reference/choke?together=true").json()
    assert found["removals"][0]["without"] == ["NLD", "USA"] and found["asked"]["pairs"] == 630
    assert all(r["more_than_alone"] for r in found["removals"])
    for empty in ("makeable?without=%20", "choke?of=,", "exposure?on=,&step=euv_scanner", "exposure?on=CHN&step=%20"):
        assert client.get(f"{API}/reference/{empty}").status_code == 422


def test_rest_names_the_licence_and_the_reading(client: TestClient) -> None:
    response = client.get(f"{API}/eto-chips/makeable?without=NLD&reading=together")
    assert response.json()["reading"] == "together"
    assert {r["step"] for r in response.json()["lost"]} == {"N1", "N2", "N3"}
    assert 'creativecommons.org/licenses/by-nc/4.0/>; rel="license"' in response.headers["link"]
    assert client.get(API).json() == {"chains": ["reference", "materials", "doubt", "eto-chips", "odd"]}


def test_the_description_names_every_route(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    routes = {p for p in described["paths"] if p.startswith(API)}
    assert routes == {API, *(f"{API}/{{name}}/{r}" for r in ("show", "makeable", "exposure", "choke", "path"))}
    for route in routes:
        responses = described["paths"][route]["get"]["responses"]
        assert "application/json" in responses["200"]["content"]
        assert "application/problem+json" in responses["422"]["content"]


@pytest.mark.parametrize("name", ["reference", "materials", "eto-chips", "doubt"])
def test_every_warning_has_dutch(client: TestClient, name: str) -> None:
    for text in client.get(f"{API}/{name}/show").json()["warnings"]:
        dutch, lang = warning(text, "nl")
        assert lang == "nl" and dutch != text
        assert not re.search(r"\\\d", dutch)
    assert warning("something new", "nl") == ("something new", "en")


def test_pages_are_not_heavy(client: TestClient) -> None:
    for path, limit in (("/chain/reference?without=NLD", 45_000), ("/chain/reference/step/euv_scanner", 12_000)):
        assert int(client.get(path).headers["content-length"]) < limit, path


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Lost only together", "Of 630 pairs asked, the one that loses most is the Netherlands and the United States: 28",
                "100.0% of EUV scanner is held by the Netherlands; 3 steps hang on it, 2 of them end uses. Nobody else is named.",
                "Without China, 38 of 142 steps are lost, 8 of them end uses", "It breaks first at Gallium, Yttrium compounds.")),
        ("nl", ("Alleen samen verloren", "Van de 630 gevraagde paren kost Nederland en de Verenigde Staten het meest: 28",
                "100,0% van EUV-scanner is in handen van Nederland; er hangen 3 stappen aan, waarvan 2 eindgebruik. Niemand anders is genoemd.",
                "Zonder China zijn 38 van 142 stappen verloren, waarvan 8 eindgebruik", "Het breekt het eerst bij Gallium, Yttriumverbindingen.")),
    ],
)  # fmt: skip
def test_the_chain_page_says_pairs_control_points_and_first_breaks(
    client: TestClient, lang: str, words: tuple[str, ...]
) -> None:
    text = " ".join(client.get(f"/chain/reference?lang={lang}").text.split())
    for said in words:
        assert said in text
    assert 'href="/api/v1/chain/reference/choke?together=true&amp;most=1000"' in text
    assert "schakel chain choke reference --together --most 1000" in text
    g = open_graph("reference")
    for pair in answers.chokes(g, together=True, most=PAIRS)["removals"]:
        assert f"without={','.join(pair['without'])}" in unquote(text)
    for code in ("NLD", "EU27"):
        for p in answers.chokes(g, of=code)["control_points"][:POINTS]:
            assert p[f"name_{lang}"] in text


def test_the_list_by_layer_holds_every_step_once(client: TestClient) -> None:
    text = client.get("/chain/reference?without=NLD&lang=nl").text
    part = text[text.index('<section class="card chain-steps">') :]
    part = part[: part.index("</section>")] + "</section>"
    assert part.count("<li>") == 142 and part.count("<strong>verloren</strong>") == 4
    assert "<summary>machine (" in part and "<details open" not in part
    hrefs = [a["href"] for a in Reader(part).all("a")]
    assert len(set(hrefs)) == 142


def test_a_chain_too_large_to_draw_is_told_and_searched(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from schakel.web import chain_views

    monkeypatch.setattr(chain_views, "DRAWN", 100)
    whole = client.get("/chain/reference?lang=en").text
    assert "142 steps are too many to draw" in whole and 'class="chart layered"' not in whole
    assert "Whose removal loses most" in whole and whole.count("<li><a") > 142
    assert 'class="chart layered"' in client.get("/chain/reference?around=euv_scanner&depth=1&lang=en").text


def test_a_search_that_was_cut_off_is_no_answer_that_nobody_can(client: TestClient, tmp_path: Path) -> None:
    from schakel.web import chain_graphs

    trio = "step,country,share\na,NLD,0.4\na,JPN,0.3\na,USA,0.3\n"
    (tmp_path / "trio").mkdir()
    (tmp_path / "trio" / "inputs.csv").write_text("step,input\nend,a\n")
    (tmp_path / "trio" / "positions.csv").write_text(trio)
    add(tmp_path / "trio", Lake())
    patch = pytest.MonkeyPatch()
    patch.setattr(chain_graphs, "PATIENCE", 0.0)
    patch.setattr("schakel.web.chain_pages.PATIENCE", 0.0)
    for path in ("/chain/trio?lang=en", "/chain/trio/step/end?lang=en"):
        text = client.get(path).text
        assert "it takes at least 3" in text and "No coalition of named holders" not in text
    patch.undo()
    assert "Japan + Netherlands + United States" in client.get("/chain/trio/step/end?lang=en").text
    import shutil

    shutil.rmtree(Lake().root / "trio")


def test_a_name_that_stands_twice_in_an_address_is_not_passed_over(client: TestClient) -> None:
    both = client.get(f"{API}/reference/makeable?without=NLD,CHN").json()
    assert client.get(f"{API}/reference/makeable?without=NLD&without=CHN").json() == both
    one = client.get(f"{API}/reference/exposure?step=fab_euv_logic&on=CHN&on=JPN").json()
    assert one["on"] == ["CHN", "JPN"]
    for wrong in ("&without=%00", "&without=" + "NLD," * 120):
        assert client.get(f"{API}/reference/makeable?without=NLD{wrong}").status_code == 422


def test_what_a_licence_asks_is_said_in_the_readers_language(client: TestClient) -> None:
    assert "Noem de bron" in client.get("/chain/reference?lang=nl").text
    assert "Name the source" not in client.get("/chain/reference?lang=nl").text
    assert "Name the source" in client.get("/chain/reference?lang=en").text


@pytest.mark.parametrize(
    ("lang", "full", "none", "some"),
    [
        ("en", "taken as certain", "confidence not stated", "confidence 60%"),
        ("nl", "als zeker genomen", "zekerheid niet opgegeven", "zekerheid 60%"),
    ],
)
def test_the_page_of_a_step_says_how_sure_each_row_is(
    client: TestClient, lang: str, full: str, none: str, some: str
) -> None:
    text = client.get(f"/chain/reference/step/euv_scanner?lang={lang}").text
    assert full in text and none in text and "cited-figure" in text
    text = client.get(f"/chain/doubt/step/gas?lang={lang}").text
    assert some in text and none not in text
