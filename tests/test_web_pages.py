"""Do all pages answer in both languages, whole, escaped, and without reaching outside?"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from schakel.charts.numbers import LANGUAGES
from schakel.errors import InputError
from schakel.web import i18n, security
from schakel.web.app import create_app
from schakel.web.selection import select
from web_fake import COUNTRIES, FakeService

WEB = Path(i18n.__file__).parent
PAGES = (
    "/",
    "/?reporter=NLD&year=2023&method=ec2021&q=&sort=&number=2",
    "/?q=magnes",
    "/?q=zzz",
    "/?sort=-extra_bloc_hhi",
    "/product/28053010",
    "/product/81092100",
    "/country/CHN",
    "/country/HKG",
    "/method",
    "/method/ec2021",
    "/method/geodep2024",
    "/data",
)
VOID = {"meta", "link", "input", "br", "img", "hr"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(FakeService()), raise_server_exceptions=False)


class Reader(HTMLParser):
    """Reads a page and fails on a tag that is not closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        assert len(found) == len(attrs), (tag, attrs)
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag

    def all(self, name: str) -> list[dict[str, str]]:
        return [attrs for tag, attrs in self.tags if tag == name]


def with_lang(path: str, lang: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={lang}"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_page(client: TestClient, path: str, lang: str) -> None:
    response = client.get(with_lang(path, lang))
    assert response.status_code == 200
    text = response.text
    page = Reader(text)
    assert text.startswith("<!doctype html>")
    assert page.all("html")[0]["lang"] == lang
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert len(page.ids) == len(set(page.ids)), "an id stands twice"
    for tag, attrs in page.tags:
        assert "style" not in attrs, (tag, attrs)
        assert not any(key.startswith("on") for key in attrs), (tag, attrs)
        for key in ("aria-labelledby", "aria-describedby", "for"):
            for ident in attrs.get(key, "").split():
                assert ident in page.ids, (tag, key, ident)
    assert "<script>" not in text
    assert "Undefined" not in text
    assert ">None<" not in text
    assert "nan" not in re.findall(r">(\w+)<", text)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_loaded_from_outside(client: TestClient, path: str) -> None:
    page = Reader(client.get(with_lang(path, "en")).text)
    for tag, attrs in page.tags:
        for key in ("src", "href", "action", "data", "poster", "srcset"):
            address = attrs.get(key)
            if address is None:
                continue
            if tag == "a" and address.startswith("https://"):
                assert "noreferrer" in attrs.get("rel", "")
            else:
                assert address.startswith(("/", "#")) and not address.startswith("//"), (tag, address)


def test_static_files_reach_nothing_outside(client: TestClient) -> None:
    for name in ("monitor.css", "charts.css", "monitor.js", "api.js", "icon.svg"):
        response = client.get(f"/static/{name}")
        assert response.status_code == 200
        text = response.text.replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text and "@import" not in text and "url(" not in text, name
    assert len((WEB / "static" / "monitor.js").read_text("utf-8").splitlines()) < 150


@pytest.mark.parametrize("path", PAGES)
def test_links_inside_the_site_lead_somewhere(client: TestClient, path: str) -> None:
    page = Reader(client.get(with_lang(path, "nl")).text)
    for address in sorted({a["href"] for a in page.all("a") if a.get("href", "").startswith("/")})[:60]:
        assert client.get(address).status_code == 200, address


def test_language_switch_keeps_the_other_parameters(client: TestClient) -> None:
    path = "/?reporter=EU27&year=2022&method=crma&q=prod%26x&sort=-value&lang=nl"
    page = Reader(client.get(path).text)
    other = next(a for a in page.all("a") if a.get("class") == "other")
    kept = parse_qs(urlsplit(other["href"]).query)
    assert kept == {
        "reporter": ["EU27"],
        "year": ["2022"],
        "method": ["crma"],
        "q": ["prod&x"],
        "sort": ["-value"],
        "lang": ["en"],
    }


def test_search_form_keeps_the_other_parameters(client: TestClient) -> None:
    page = Reader(client.get("/?reporter=DEU&year=2024&method=iw&sort=-value&lang=nl").text)
    hidden = {(i["name"], i["value"]) for i in page.all("input") if i.get("type") == "hidden"}
    assert {("lang", "nl"), ("reporter", "DEU"), ("year", "2024"), ("method", "iw"), ("sort", "-value")} <= hidden


def test_language_comes_from_the_address_then_from_the_browser(client: TestClient) -> None:
    dutch = {"accept-language": "nl-NL,nl;q=0.9,en;q=0.8"}
    assert '<html lang="nl">' in client.get("/method", headers=dutch).text
    assert '<html lang="en">' in client.get("/method?lang=en", headers=dutch).text
    assert '<html lang="en">' in client.get("/method", headers={"accept-language": "x;q=a, fr"}).text


def test_numbers_and_names_follow_the_language(client: TestClient) -> None:
    dutch = client.get("/?lang=nl").text
    english = client.get("/?lang=en").text
    assert "0,960" in dutch and "0.960" not in dutch
    assert "0.960" in english
    assert "Mengsels van zeldzame aardmetalen" in dutch
    assert "Import dependencies of the Netherlands" in english
    assert "€ 371 mln" in dutch and "€371 m" in english


def test_text_from_data_is_escaped(client: TestClient) -> None:
    for path in ("/", "/product/81092100", "/?q=%3Cscript%3E"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "javascript:" not in text
    assert 'value="&lt;script&gt;"' in client.get("/?q=%3Cscript%3E").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?year=abc", 422),
        ("/?year=99999", 422),
        ("/?year=1999", 422),
        ("/?reporter=zz", 422),
        ("/?reporter=" + "A" * 5000, 422),
        ("/?reporter=ZZZ", 422),
        ("/?method=../../etc/passwd", 422),
        ("/?method=none", 422),
        ("/?q=" + "x" * 81, 422),
        ("/?q=%00", 422),
        ("/?sort=;drop", 422),
        ("/?sort=nothing", 422),
        ("/?number=0", 422),
        ("/?number=99999999999999999999", 422),
        ("/?number=4", 422),
        ("/?lang=fr", 422),
        ("/product/a", 404),
        ("/product/" + "9" * 13, 404),
        ("/product/" + "9" * 201, 422),
        ("/product/999999", 404),
        ("/country/chn", 422),
        ("/country/ZZZ", 404),
        ("/method/none", 404),
        ("/method/%F0%9F%92%A3", 422),
        ("/nothing", 404),
        ("/static/none.css", 404),
        ("/static/../app.py", 404),
    ],
)
def test_problem_page(client: TestClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    page = Reader(response.text)
    assert len(page.all("h1")) == 1
    assert response.headers["content-security-policy"] == security.POLICY


def test_problem_page_speaks_the_readers_language(client: TestClient) -> None:
    assert "Niet gevonden" in client.get("/country/ZZZ?lang=nl").text
    assert "Dit kan niet worden gevraagd" in client.get("/?lang=xx", headers={"accept-language": "nl"}).text


def test_a_fault_of_the_program_is_a_page_too() -> None:
    class Broken(FakeService):
        def data(self):  # type: ignore[no-untyped-def]
            raise RuntimeError("secret detail")

    response = TestClient(create_app(Broken()), raise_server_exceptions=False).get("/data")
    assert response.status_code == 500
    assert "secret detail" not in response.text
    assert response.headers["content-security-policy"] == security.POLICY


@pytest.mark.parametrize("path", ["/", "/data", "/static/monitor.css", "/nothing", "/api/v1/screen", "/api/v1/nothing"])
def test_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_only_this_machine_is_served(client: TestClient) -> None:
    assert client.get("/", headers={"host": "127.0.0.1:8000"}).status_code == 200
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_pages_are_not_heavy(client: TestClient) -> None:
    for path, limit in (("/", 45_000), ("/product/28053010", 35_000), ("/method/ec2021", 4_000)):
        assert int(client.get(path).headers["content-length"]) < limit, path


def _flat(lang: str) -> dict[str, str]:
    return dict(i18n.catalogue(lang))


def test_every_text_is_in_both_languages() -> None:
    english, dutch = _flat("en"), _flat("nl")
    assert english.keys() == dutch.keys()
    for key, text in english.items():
        assert text.strip() and dutch[key].strip(), key
        slots = [set(re.findall(r"\{(\w+)\}", t)) for t in (text, dutch[key])]
        assert slots[0] == slots[1], key


def test_every_text_asked_for_is_there_and_every_text_is_asked_for() -> None:
    files = [*WEB.glob("*.py"), *(WEB / "templates").glob("*.html")]
    source = "\n".join(p.read_text("utf-8") for p in files)
    known = _flat("en")
    asked = set(re.findall(r"""\bt\(\s*["']([a-z_0-9.-]+[a-z_0-9])["']\s*[,)]""", source))
    assert asked <= known.keys()
    built = tuple(re.findall(r"""(?:t|or_)\(\s*f?["']([a-z_]+\.)""", source))
    assert {key for key in known.keys() - asked if not key.startswith(built)} == set()


def test_a_missing_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        i18n.translator("nl")("no.such")


@pytest.mark.parametrize(
    ("name", "lang", "text"),
    [
        ("Netherlands", "en", "the Netherlands"),
        ("United States", "en", "the United States"),
        ("China", "en", "China"),
        ("EU27", "en", "the EU27"),
        ("Verenigd Koninkrijk", "nl", "het Verenigd Koninkrijk"),
        ("Nederland", "nl", "Nederland"),
    ],
)
def test_names_in_running_text(name: str, lang: str, text: str) -> None:
    assert i18n.running(name, lang) == text


def test_selection() -> None:
    rows = FakeService().screen("NLD", 2023, "ec2021").rows

    def ask(sort: str = "", query: str = "", page: int = 1) -> tuple[list[str], int]:
        found, total = select(
            rows, sort=sort, query=query, page=page, currency="EUR", name=lambda c: f"name {c}", size=10
        )
        return [r.product for r in found], total

    assert ask(query="2805")[0] == ["28053010"]
    assert ask(query="NAME 2805")[0] == ["28053010"]
    assert ask(query="nothing") == ([], 0)
    assert ask(sort="product")[0] == sorted(r.product for r in rows)[:10]
    everything = [code for page in range(1, 7) for code in ask(sort="-extra_bloc_hhi", page=page)[0]]
    assert sorted(everything) == sorted(r.product for r in rows)
    by_code = {r.product: r for r in rows}
    values = [by_code[code].criteria[0].value for code in everything]
    known = [v for v in values if v is not None]
    assert known == sorted(known, reverse=True)
    assert values[len(known) :] == [None] * (len(values) - len(known))
    assert [by_code[c].dependent for c in ask()[0]][:8] == [True] * 8
    for bad in ({"sort": "nothing"}, {"page": 7}, {"page": 0}):
        with pytest.raises(InputError):
            ask(**bad)  # type: ignore[arg-type]


def test_every_country_of_the_fake_is_on_the_map_or_in_the_words(client: TestClient) -> None:
    text = client.get("/?lang=en").text
    for code in ("TWN", "HKG", "MLT", "SUN"):
        assert COUNTRIES[code][0] in text
