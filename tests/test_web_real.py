"""Do pages and REST give the embedded tables' real answers, in every format and both languages, kept and quick?"""

from __future__ import annotations

import csv
import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from schakel import reference
from schakel.dependency import embedded
from schakel.dependency.presets import names, preset
from schakel.dependency.screen import screen
from schakel.dependency.suppliers import supply
from schakel.evidence import licences
from schakel.web.answers import Answers
from schakel.web.app import create_app
from schakel.web.documents import amount, cut
from schakel.web.wording import both, sentences

ROUTES = (
    "screen",
    "screen?reporter=EU27&method=ec2021&year=2023",
    "products/28053010/compare",
    "products/28053010/suppliers",
    "products/28053010/bounds",
    "reverse",
    "mutual",
    "countries/CHN/imports",
    "countries/DEU/exports",
    "methods",
    "methods/ec2021",
    "products",
    "countries",
    "datasets",
    "sources",
)
EMPTY = {"products/28053010/bounds"}  # bounds need exports, which the embedded tables lack


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(embedded.flows())


@pytest.fixture(scope="module")
def client(answers: Answers) -> TestClient:
    return TestClient(create_app(answers))


def get(client: TestClient, path: str, **more: Any) -> Any:
    response = client.get(f"/api/v1/{path}", params=None if "?" in path and not more else more)
    assert response.status_code == 200, response.text
    return response


@pytest.mark.parametrize("path", ROUTES)
def test_four_formats_hold_the_same_rows(client: TestClient, path: str) -> None:
    join = "&" if "?" in path else "?"
    body = client.get(f"/api/v1/{path}").json()
    text = client.get(f"/api/v1/{path}{join}format=csv")
    rows = list(csv.DictReader(io.StringIO(text.text)))
    parquet = pq.read_table(io.BytesIO(client.get(f"/api/v1/{path}{join}format=parquet").content))
    arrow = pa.ipc.open_stream(client.get(f"/api/v1/{path}{join}format=arrow").content).read_all()
    assert parquet.equals(arrow)
    assert len(rows) == parquet.num_rows
    assert (body["total"] > 0) == (path not in EMPTY)
    for name in parquet.column_names:
        kind = parquet.schema.field(name).type
        for cell, value in zip((r[name] for r in rows), parquet[name].to_pylist(), strict=True):
            if value is None:
                assert cell == ""
            elif pa.types.is_floating(kind):
                assert float(cell) == value
            else:
                assert cell == (str(value).lower() if isinstance(value, bool) else str(value))
    tag = text.headers["etag"]
    assert client.get(f"/api/v1/{path}{join}format=csv", headers={"if-none-match": tag}).status_code == 304


def test_the_screen_is_the_engines(client: TestClient) -> None:
    body = get(client, "screen?reporter=EU27&year=2023&method=crma&size=1000").json()
    engine = screen(embedded.flows(), reporter="EU27", method="crma", year=2023)
    assert [r["product"] for r in body["rows"]] == [r["product"] for r in engine.rows]
    for mine, theirs in zip(body["rows"], engine.rows, strict=True):
        assert mine["dependent"] is theirs["dependent"]
        assert mine["top_supplier_share"] == theirs["top_supplier_share"]
        for name, c in theirs["criteria"].items():
            assert mine["criteria"][name]["value"] == c["value"]
    assert body["receipt"]["result_sha256"] == engine.receipt.result_sha256
    assert body["licences"] == ["CC-BY-4.0"]


def test_what_a_bloc_takes_from_a_country_is_its_members_imports(answers: Answers) -> None:
    flows = answers.flows
    found = {x.product: x for x in answers.country("CHN", "EU27", 2024, "crma").incoming}
    assert len(found) > 50
    from schakel.dependency.screen import setting

    for code in ("28053010", "81041100", "28046100"):
        if code not in flows.products:
            continue
        who = supply(flows, setting("EU27", "crma", 2024), code, 2024)
        value = dict(zip(who.exporters, who.values, strict=True))["CHN"]
        assert found[code].value == round(value / flows.scale)
        assert found[code].share == pytest.approx(value / who.total)


def test_unknown_is_not_none(answers: Answers, client: TestClient) -> None:
    china = answers.country("CHN", "NLD", 2024, "crma")
    assert china.incoming and china.outgoing is None and china.common is None
    page = client.get("/country/CHN?reporter=NLD&lang=en").text
    assert "Unknown in the data at hand." in page and "None in the data at hand." not in page
    body = get(client, "countries/CHN/exports").json()
    assert body["rows"] == [] and "is unknown here" in body["warnings"][0]
    germany = answers.country("DEU", "NLD", 2024, "crma")
    assert germany.outgoing and germany.common is not None
    bloc = answers.country("EU27", "NLD", 2024, "crma")
    assert bloc.incoming and bloc.outgoing is None and "other members" in bloc.outgoing_note.en


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("reporter", ["NLD", "EU27"])
def test_the_front_page_answers_five_questions_at_once(
    answers: Answers, client: TestClient, reporter: str, lang: str
) -> None:
    page = client.get(f"/?reporter={reporter}&year=2024&method=crma&lang={lang}").text
    top = page[page.index('<ul class="answers"') : page.index('id="map-row"')]
    assert top.count("<li>") == 5
    for target in ("products", "map", "leaning", "definitions", "evidence"):
        assert f'href="#{target}"' in top
        assert f'id="{target}"' in page or f'id="{target}-h"' in page
    result = answers.overview(reporter, 2024, "crma", "", "", 1)
    word = {"en": "of", "nl": "van"}[lang]
    assert f"{result.dependent} {word} {result.screened}" in top
    assert result.agreement is not None
    assert f"{result.agreement.disputed} {word} {result.agreement.products}" in top
    for tally in result.tallies:
        assert tally.yes + tally.no + tally.open == result.screened
    assert [t.method for t in result.tallies] == list(names())
    assert "Eurostat" in top


def test_agreement_is_counted_over_the_definitions(answers: Answers) -> None:
    said: dict[str, set[bool | None]] = {}
    for name in names():
        if any(c.partner for c in preset(name).criteria):
            continue  # asks about one partner, and so another question
        for row in answers.screen("NLD", 2024, name).rows:
            said.setdefault(row.product, set()).add(row.dependent)
    found = answers.overview("NLD", 2024, "crma", "", "", 1).agreement
    assert found is not None
    assert found.any == sum(True in v for v in said.values())
    assert found.disputed == sum({True, False} <= v for v in said.values())
    assert found.open == sum(v == {None} for v in said.values())


def test_world_shares_are_the_commissions(answers: Answers) -> None:
    shares = {x.material.en: x for x in answers.overview("EU27", 2024, "crma", "", "", 1).world_shares}
    rows = [r for r in reference.rows("supply_world") if r["material"] == "hafnium" and r["iso3"] == "FRA"]
    assert shares["hafnium"].low == pytest.approx(sum(float(str(r["share_low"])) for r in rows), abs=1e-9)
    assert any(s.id == "ec-crm" for s in answers.overview("EU27", 2024, "crma", "", "", 1).evidence.sources)


def test_every_sentence_kept_in_english_has_its_dutch() -> None:
    english = [note for name in names() for note in preset(name).notes]
    english += [preset(name).universe for name in names()]
    english += [str(r["measure"]) for r in reference.rows("headlines") if r["method"]]
    english += [caveat for name in reference.names() for caveat in reference.info(name).caveats]
    english += [x.duty for x in licences().values() if x.duty]
    missing = [text for text in dict.fromkeys(english) if text not in sentences()]
    assert missing == [], "add them to src/schakel/web/catalogue/sentences.toml"
    assert [text for text in sentences() if text not in english] == [], "no longer said: take them out"


@pytest.mark.parametrize("reporter", ["NLD", "EU27"])
def test_every_reason_and_warning_shown_has_its_dutch(answers: Answers, reporter: str) -> None:
    whys = {c.why.en for name in names() for row in answers.screen(reporter, 2024, name).rows for c in row.criteria}
    found = answers.product("28053010", reporter, 2024, "crma")
    whys |= {c.why.en for m in found.comparisons for c in m.criteria}
    untranslated = sorted(w for w in whys if w and both(w).nl == w)
    assert untranslated == [], "add them to schakel.reports.reasons"
    for warning in found.evidence.warnings:
        assert warning.nl != warning.en
        assert not warning.en[0].islower() and warning.en.endswith(".")


@pytest.mark.parametrize(
    ("criterion", "value", "english", "dutch", "threshold"),
    [
        ("extra_bloc_hhi", 0.4, "0.400", "0,400", "0,4"),
        ("top_supplier_share", 0.655, "65.5%", "65,5%", "65,5%"),
        ("import_value", 1e7, "€10.0 m", "€ 10,0 mln", "€ 10 mln"),
        ("import_export_ratio", 1234.5, "1,234.500", "1.234,500", "1.234,5"),
        ("import_export_ratio", 10.0, "10.000", "10,000", "10"),
        ("persistent_years", 2, "2", "2", "2"),
        ("centrality", None, "unknown", "onbekend", "onbekend"),
    ],
)
def test_criteria_are_written_in_their_own_units(
    criterion: str, value: float | None, english: str, dutch: str, threshold: str
) -> None:
    assert (amount(criterion, value, "en"), amount(criterion, value, "nl")) == (english, dutch)
    if value is not None:
        assert cut(criterion, value, "nl") == threshold


def test_results_are_kept_so_that_a_page_needs_no_second_computation(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = ("/", "/product/28053010", "/country/CHN", "/method", "/method/ec2021", "/data")
    first = [client.get(path).text for path in pages]
    for name in ("compare", "control_point", "monitor", "mutual", "reverse", "screen", "supply", "profile"):
        monkeypatch.setattr(f"schakel.web.answers.{name}", None)  # a call fails
    assert [client.get(path).text for path in pages] == first
    monkeypatch.undo()


def test_judgements_appear_while_the_server_runs(tmp_path: Any) -> None:
    from schakel.register import Register
    from schakel.register.judgement import record

    book = tmp_path / "register.sqlite"
    answers = Answers(embedded.flows(), book)
    assert answers.overview("NLD", 2024, "crma", "", "", 1).judgements == ()
    with Register(book) as register:
        record(register, "NLD", "28053010", {"public_interest": "yes"}, author="A. Analist", reason="Magnets <b>&")
    [found] = answers.overview("NLD", 2024, "crma", "", "", 1).judgements
    assert (found.product, found.public_interest, found.replaceable) == ("28053010", True, None)
    page = TestClient(create_app(answers)).get("/product/28053010?reporter=NLD").text
    assert "Magnets &lt;b&gt;&amp;" in page
