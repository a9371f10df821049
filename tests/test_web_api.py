"""Does REST give the results of the pages, in four formats, with problems as problem documents?"""

from __future__ import annotations

import csv
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from schakel.web.app import create_app
from schakel.web.security import API_POLICY
from web_fake import EVIL, FakeService

LISTS = (
    "screen",
    "products/28053010/compare",
    "products/28053010/suppliers",
    "products/28053010/bounds",
    "reverse",
    "mutual",
    "countries/CHN/imports",
    "countries/CHN/exports",
    "methods",
    "methods/ec2021",
    "products",
    "countries",
    "datasets",
    "sources",
)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(FakeService()), raise_server_exceptions=False)


@pytest.mark.parametrize("path", LISTS)
def test_formats_agree(client: TestClient, path: str) -> None:
    address = f"/api/v1/{path}"
    body = client.get(address).json()
    assert body["total"] == len(body["rows"]) > 0
    text = client.get(address, params={"format": "csv"})
    rows = list(csv.reader(io.StringIO(text.text)))
    parquet = pq.read_table(io.BytesIO(client.get(address, params={"format": "parquet"}).content))
    stream = client.get(address, params={"format": "arrow"})
    arrow = pa.ipc.open_stream(stream.content).read_all()
    assert parquet.equals(arrow)
    assert rows[0] == parquet.column_names
    assert len(rows) - 1 == parquet.num_rows
    assert pa.null() not in parquet.schema.types
    assert text.headers["content-disposition"].endswith('.csv"')
    assert stream.headers["content-type"] == "application/vnd.apache.arrow.stream"
    for name, column in zip(parquet.column_names, zip(*rows[1:], strict=True), strict=True):
        unknown = [value is None for value in parquet[name].to_pylist()]
        if parquet.schema.field(name).type != pa.string():
            assert unknown == [cell == "" for cell in column], name


def test_screen_has_the_shape_of_the_command(client: TestClient) -> None:
    body = client.get("/api/v1/screen?reporter=EU27&year=2022&method=crma&size=7&page=2").json()
    assert list(body)[:4] == ["reporter", "year", "method", "rows"]
    assert (body["reporter"], body["year"], body["method"]) == ("EU27", 2022, "crma")
    assert (body["page"], body["size"], body["total"], len(body["rows"])) == (2, 7, 60, 7)
    assert set(body["receipt"]) == {"inputs", "parameters", "sql_sha256", "engine", "result_sha256"}
    row = body["rows"][0]
    assert list(row) == [
        "product",
        "import_value_usd",
        "import_value_eur",
        "criteria",
        "dependent",
        "top_supplier",
        "top_supplier_share",
    ]
    assert set(row["criteria"]["extra_bloc_hhi"]) == {"value", "threshold", "passes", "distance", "why"}
    assert body["licences"] == ["CC-BY-4.0"]


def test_pages_cover_every_row_once(client: TestClient) -> None:
    codes = [
        r["product"] for page in range(1, 10) for r in client.get(f"/api/v1/screen?size=7&page={page}").json()["rows"]
    ]
    assert codes == [r.product for r in FakeService().screen("NLD", 2023, "ec2021").rows]


def test_names_come_as_they_are(client: TestClient) -> None:
    names = {r["code"]: r["name"]["nl"] for r in client.get("/api/v1/products").json()["rows"]}
    assert names["81092100"] == EVIL


@pytest.mark.parametrize("path", LISTS)
def test_etag(client: TestClient, path: str) -> None:
    first = client.get(f"/api/v1/{path}")
    tag = first.headers["etag"]
    again = client.get(f"/api/v1/{path}", headers={"if-none-match": f'"x", W/{tag}'})
    assert again.status_code == 304
    assert again.content == b""
    assert client.get(f"/api/v1/{path}", headers={"if-none-match": '"x"'}).status_code == 200


def test_etag_is_the_result_hash_and_the_licence_is_named(client: TestClient) -> None:
    response = client.get("/api/v1/screen?format=csv")
    assert response.headers["etag"] == f'"{"a" * 64}"'
    assert response.headers["link"] == '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("screen?year=abc", 422),
        ("screen?format=xml", 422),
        ("screen?size=1001", 422),
        ("screen?page=0", 422),
        ("screen?page=99", 404),
        ("screen?reporter=ZZZ", 422),
        ("screen?method=" + "m" * 4000, 422),
        ("products/!/compare", 404),
        ("products/999999/compare", 404),
        ("countries/ZZZ/imports", 404),
        ("methods/none", 404),
        ("nothing", 404),
    ],
)
def test_problem_document(client: TestClient, path: str, status: int) -> None:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["type"].startswith(("urn:schakel:problem:", "about:blank"))
    assert problem["title"]
    assert problem["instance"].startswith("/api/v1/")


def test_description_is_served_and_names_every_route(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    paths = {
        p for p in described["paths"] if not p.startswith(("/api/v1/chain", "/api/v1/shocks", "/api/v1/dossiers"))
    }  # tests of their own
    assert paths == {
        f"/api/v1/{p}"
        for p in (q.replace("28053010", "{code}").replace("CHN", "{iso3}") for q in LISTS if "ec2021" not in q)
    } | {"/api/v1/methods/{name}"}
    answers = described["paths"]["/api/v1/screen"]["get"]["responses"]
    assert "application/problem+json" in answers["422"]["content"]
    assert "HTTPValidationError" not in json.dumps(described)


def test_interactive_page_is_served_without_a_line_outside(client: TestClient) -> None:
    response = client.get("/api")
    assert response.headers["content-security-policy"] == API_POLICY
    assert "http" not in response.text
    assert "<script>" not in response.text
    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert client.get(f"/swagger/{name}").status_code == 200
