"""Does the report of a scenario say all it must, in both languages and all files, and never one number?"""

# ruff: noqa: E501 - sentences

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest

from schakel.reports.model import Figure, Findings, Heading, Items, Paragraph, Table
from schakel.reports.shock_notes import note, worth
from schakel.reports.shock_report import sections, shock_report
from schakel.reports.shock_words import INSTRUMENT, KIND, LENS, MARK, Telling, region, steps_of
from schakel.reports.write import FORMATS, render
from schakel.shocks import library, scenario
from schakel.shocks.form import schema
from shocks_results import EVIL, answers, text

DATE = "2026-11-22"
LANGS = ("en", "nl")


def whole(lang: str = "en", **more):
    found = answers()
    return shock_report(found["run"], lang, DATE, mitigated=found["mitigate"], sensitivity=found["sensitivity"], **more)


def tables(report) -> dict[str, Table]:
    return {b.caption: b for b in report.sections if isinstance(b, Table)}


@pytest.mark.parametrize("lang", LANGS)
def test_every_part_is_there_in_order_and_in_one_language(lang: str) -> None:
    heads = [b.text for b in whole(lang).sections if isinstance(b, Heading) and b.level == 1]
    assert heads == {
        "en": ["In short", "The scenario", "Lenses side by side", "Four bands", "What each mitigation brings",
               "Which uncertain number moves the loss", "Published figures beside ours", "Assumptions and notes"],
        "nl": ["In het kort", "Het scenario", "Lenzen naast elkaar", "Vier banden", "Wat elke maatregel oplevert",
               "Welk onzeker getal het verlies beweegt", "Gepubliceerde cijfers naast de onze", "Aannamen en kanttekeningen"],
    }[lang]  # fmt: skip
    assert len([b for b in whole(lang).sections if isinstance(b, Figure)]) == 4  # lenses, path, ranks, waterfall


@pytest.mark.parametrize("lang", LANGS)
def test_lenses_stand_side_by_side_with_bands_and_are_never_summed(lang: str) -> None:
    found = answers()["run"]
    rows = next(t for c, t in tables(whole(lang)).items() if c in ("Loss by lens", "Verlies per lens")).rows
    assert [r["lens"] for r in rows] == [LENS[k][lang] for k in ("floor", "centre", "ceiling", "long_run")]
    for row, lens in zip(rows, found["lenses"].values(), strict=True):
        for key, of in (("loss", "median"), ("low", "p05"), ("high", "p95")):
            assert row[key] * 1e9 == pytest.approx(lens["loss_usd"][of])
    said = [f for b in whole(lang).sections if isinstance(b, Findings) for f in b.findings]
    assert [f.method for f in said] == list(found["lenses"])
    assert {f.value for f in said} == {r["loss_usd"]["median"] for r in found["lenses"].values()}


def test_published_figures_say_hit_miss_or_not_compared() -> None:
    assert [(r["met"], r["published"]) for r in tables(whole())["Published and ours"].rows] == [
        ("hit", "everything"), ("miss", "one dollar"), ("miss", "at once"),
    ]  # fmt: skip
    assert [r["met"] for r in tables(whole("nl"))["Gepubliceerd en het onze"].rows] == ["raak", "mis", "mis"]
    assert tables(whole())["Published and ours"].rows[2]["ours"] == "no stop"
    lacking = {**answers()["run"], "expected": [{**answers()["run"]["expected"][0], "ours": None, "met": None}]}
    shown = tables(shock_report(lacking, "nl", DATE))["Gepubliceerd en het onze"].rows[0]
    assert (shown["met"], shown["ours"]) == ("niet vergeleken", "niet vergeleken")


def test_mitigations_show_the_waterfall_and_what_each_buys() -> None:
    found, shown = answers()["mitigate"], tables(whole())
    left = shown["Loss as mitigations are added"].rows
    assert [r["after"] for r in left] == ["none of them", "stock", "second"]
    assert [r["left"] * 1e9 for r in left] == pytest.approx([w["loss"]["median"] for w in found["waterfall"]])
    assert [r["mitigation"] for r in shown["Benefit by mitigation"].rows] == ["stock", "second"]
    assert shown["Loss by days of stock held: stock"].rows[0]["held"] == 0
    number = next(r for r in shown["Share of the variance of the loss, lens long run"].rows)
    assert number["total"] == answers()["sensitivity"]["rows"][0]["total"]


def test_ranks_have_intervals_and_choke_points_their_value() -> None:
    found = answers()["chain"]
    shown = tables(shock_report(found, "en", DATE))
    first = shown["Lens: centre"].rows[0]
    source = found["lenses"]["centre"]["ranking"][0]
    assert first["interval"] == f"{source['rank_low']}–{source['rank_high']}"
    dear = max(m["value"] for m in found["lenses"]["floor"]["marginal_values"])
    assert shown["Choke points"].rows[0]["value"] == dear


def test_a_chain_without_money_shows_shares_and_what_lacks_its_data() -> None:
    found = {**answers()["chain"], "lacking": {
        "graph/long_run": "a chain has no incomes and prices; the long run needs an inter-country table", "table": "'x' is no inter-country table"}}  # fmt: skip
    report = shock_report(found, "nl", DATE)
    keys = [c.key for c in tables(report)["Verlies per lens"].columns]
    assert keys == ["lens", "share", "share_low", "share_high", "draws"]
    at = next(i for i, b in enumerate(report.sections) if isinstance(b, Heading) and b.text == "Wat gegevens mist")
    assert report.sections[at + 1] == Items((
        "keten (lange termijn): een keten kent geen inkomens en prijzen; de lange termijn vraagt een landentabel",
        "tabel: x is geen landentabel",
    ))  # fmt: skip


def test_a_non_commercial_licence_is_marked_before_anything_else() -> None:
    barred = {
        "id": "CC-BY-NC-4.0",
        "name": "Only for free",
        "commercial": False,
        "share": False,
        "url": "",
        "duty": "",
        "derive": True,
    }
    found = {**answers()["run"], "licences": [*answers()["run"]["licences"], barred]}
    first = sections(found, "en")[0]
    assert isinstance(first, Paragraph)
    assert first.text.startswith("Not for commercial use: Only for free")
    assert "CC-BY-NC-4.0" in shock_report(found, "en", DATE).licences
    assert not isinstance(sections(answers()["run"], "en")[0], Paragraph)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", FORMATS)
def test_every_file_holds_it_and_is_the_same_twice(kind: str, lang: str) -> None:
    content = render(whole(lang), kind)
    assert content == render(whole(lang), kind)
    if kind == "html":
        page = content.decode()
        assert f'<html lang="{lang}">' in page
        assert answers()["run"]["receipt"]["result_sha256"] in page
        assert "<script" not in page
        assert "WIOD" in page or "World Input-Output Database" in page
        assert ("Uitvoer van elektronica gehalveerd" in page) == (lang == "nl")
    elif kind == "pdf":
        assert content.startswith(b"%PDF-")
    else:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        assert len(names) > 5


def test_a_report_of_json_is_that_of_the_result_itself() -> None:
    again = json.loads(json.dumps(answers()["run"]))
    assert render(shock_report(again, "en", DATE), "html") == render(shock_report(answers()["run"], "en", DATE), "html")


def test_hostile_texts_stay_text() -> None:
    found = {**answers()["run"], "content": scenario.parse(text("evil", title=EVIL)).content}
    page = render(shock_report(found, "en", DATE), "html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_who_what_whom_and_when() -> None:
    found = scenario.parse(text())
    english, dutch = (Telling(found.content, lang) for lang in LANGS)
    assert english.measures() == [
        "m1: Export ban by Taiwan against the world: electronics; 50% is cut; from day 3 (4 January 2026) for 60 to 150 "
        "(most likely 90) days; about 8.7% (nine in ten: 1.9% to 22.6%) leaks through after 30 days."
    ]
    assert dutch.measures()[0].startswith(
        "m1: Uitvoerverbod door Taiwan tegen de wereld: elektronica; 50% valt weg; vanaf dag 3 (4 januari 2026)"
    )
    assert english.mitigations() == [
        "stock: Stock: 7 to 21 days of electronics; held by EU (EU27); cost €100 m.",
        "second: Second source: 5% of world output of electronics in United States; qualified after 60 days; growing over 60 days; cost €500 m.",
    ]


FULL = """
schema: schakel.scenario/1
id: full
title: {en: Everything at once}
table: reference
time: {step: week, start: 2026-01-01, horizon: 100}
groups: {ALLY: [JPN, KOR]}
measures:
  - {id: a, imposer: CHN, instrument: licence, products: ["hs6:280530"], to: ALLY, uses: ["sector:vehicles"], intensity: 1, start: {dist: uniform, low: 1, high: 2}, end: 50,
     phase_in: 5, from: {site: CHN, owner: USA, control: NLD, actor: Nexperia}, licence: {approval_share: 0.25, delay_days: 10},
     leakage: {share: 0.1, via: [HKG], price_markup: 0.3}, retaliation: {by: NLD, measure: b, after_days: {dist: normal, mean: 10, sd: 1}, probability: 0.3}}
  - {id: b, instrument: tariff, products: [wafer_fab], to: CHN, intensity: 0.15, start: 0}
  - {id: c, imposer: NLD, instrument: capacity_loss, products: [services], intensity: 0.5, start: 0, end: 9, recovery: 6}
mitigations:
  - {kind: recycling, product: gallium, site: DEU, yield: 0.05, start: 90}
  - {kind: substitute, from: a_b, to: c, switch_days: 180}
  - {kind: priority_orders, sectors: [services]}
  - {kind: common_purchasing, members: ALLY, products: [services]}
  - {kind: stock, products: [gallium], days: 5, release: priority, cost_eur: 1000000}
stocks:
  - {products: [electronics], owner: NLD, days: 12, source: a firm, mark: recalled}
"""


def test_every_kind_of_statement_has_words() -> None:
    found = scenario.parse(FULL).content
    said = " ".join(
        [*Telling(found, "en").measures(), *Telling(found, "en").mitigations(), *Telling(found, "en").stocks()]
    )
    for part in (
        "Licence required by China from plants in China of owners in United States under control of Netherlands of Nexperia against ALLY (Japan, South Korea)",
        "HS 280530; only for makers of vehicles", "starting on day 1 to 2 to day 50", "coming in over 5 days", "recovering over 6 days",
        "licences for 25% after 10 days", "10% leaks through by way of Hong Kong, 30% dearer",
        "answered by measure b about 10 (nine in ten: 8.4 to 12) days later by Netherlands, probability 30%",
        "Tariff against China: wafer fab; rate 15%", "5% of gallium made again from scrap; from plants in Germany; after 90 days",
        "c stands in for a b; after 180 days", "services are served first", "ALLY (Japan, South Korea) buy together; of services",
        "5 days of gallium; released to who is served first; cost €1.00 m",
        "12 days of electronics, held by Netherlands (a firm; recalled, not read)",
    ):  # fmt: skip
        assert part in said, part
    dutch = " ".join([*Telling(found, "nl").measures(), *Telling(found, "nl").mitigations()])
    assert not re.search(r"\b(is cut|leaks|days|buy|after|by)\b", dutch)


def test_words_cover_the_schema() -> None:
    defs = schema()["$defs"]
    assert set(INSTRUMENT) == set(defs["measure"]["properties"]["instrument"]["enum"])
    assert set(KIND) == {form["properties"]["kind"]["const"] for form in defs["mitigation"]["oneOf"]}
    assert set(MARK) == set(schema()["properties"]["sources"]["items"]["properties"]["mark"]["enum"])


@pytest.mark.parametrize("name", library.names())
@pytest.mark.parametrize("lang", LANGS)
def test_every_ready_scenario_reads_well(name: str, lang: str) -> None:
    found = scenario.read(library.path(name))
    telling = Telling(found.content, lang, steps_of(found.content))
    said = [telling.title(), telling.note(), *telling.measures(), *telling.mitigations(), *telling.stocks()]
    assert len(telling.measures()) == len(found.measures)
    for line in said:
        assert not re.search(r"[{}\[\]]|sector:|step:|\bnan\b", line), line
    names = [telling.product(p) for m in found.measures for p in m["products"]]
    assert not [n for n in names if "_" in n]


def test_notes_have_dutch_and_say_something() -> None:
    run = answers()["run"]
    left = [w for w in run["warnings"] if note(w, "nl") == w]
    assert left == []
    assert (
        note(
            "Changes in stocks are part of final use; 43 negative cells of the publisher (11,248 million USD of 69,268,600 million) are set to zero.",
            "nl",
        ).count("11.248")
        == 1
    )
    assert note("anything else", "nl") == "anything else"
    assert note(run["warnings"][0], "en") == run["warnings"][0]
    assert worth(["0 of 2 steps are odd", "w has no product a", "x", "w has no product b"]) == [
        "w has no product a, b",
        "x",
    ]
    assert (region("ROW", "nl"), region("NLD", "nl"), region("Q9", "en")) == ("rest van de wereld", "Nederland", "Q9")
