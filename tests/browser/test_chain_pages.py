"""What does a reader of a value chain meet in a real browser: wide and narrow, with and without scripts, by keyboard and by axe?"""

from __future__ import annotations

from typing import Any

import pytest
from opening import AXE, NARROW, WIDE, opened

pytestmark = pytest.mark.browser

PAGES = {
    "chains": "/chain?reporter=NLD",
    "chain": "/chain/reference?reporter=NLD",
    "without": "/chain/reference?without=NLD",
    "around": "/chain/reference?around=euv_scanner&depth=2&without=NLD",
    "step": "/chain/reference/step/euv_scanner?reporter=NLD",
    "slashed": "/chain/materials/step/gallium/processing?reporter=NLD",
    "country": "/chain/reference/country/NLD?reporter=NLD",
    "bloc": "/chain/materials/country/EU27?reporter=NLD",
}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_and_stays_at_home(browser: Any, site: str, name: str, lang: str, width: int, scripts: bool) -> None:
    with opened(browser, f"{site}{PAGES[name]}&lang={lang}", width, scripts) as (page, wrong):
        assert wrong == []
        assert page.locator("html").get_attribute("lang") == lang
        assert page.locator("h1").is_visible()
        if scripts:
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        else:
            picture = page.screenshot(full_page=True)
            assert int.from_bytes(picture[16:20], "big") == width
        if name not in ("chains", "bloc"):  # nothing of the materials is lost without the bloc
            assert page.locator(".chain-plot svg").first.is_visible()
            assert page.locator("p.said").first.inner_text()


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Any, site: str, name: str, lang: str, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not here; run python scripts/fetch_axe.py")
    with opened(browser, f"{site}{PAGES[name]}&lang={lang}", width) as (page, _):
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations', 'passes']})")
        said = [f"{v['id']}: {v['help']} {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found["violations"]]
        assert said == []
        assert len(found["passes"]) > 15


def test_the_drawing_scrolls_in_its_own_box_and_its_text_keeps_its_size(browser: Any, site: str) -> None:
    for width in (WIDE, NARROW):
        with opened(browser, f"{site}/chain/reference?lang=en", width) as (page, _):
            sizes = page.evaluate(
                """() => { const box = document.querySelector('.chain-plot'); const svg = box.querySelector('svg');
                   const text = svg.querySelector('text.name').getBoundingClientRect();
                   return [box.clientWidth, box.scrollWidth, svg.getBoundingClientRect().width, text.height]; }"""
            )
            assert sizes[0] < sizes[1] and sizes[2] > 2000
            assert 11 <= sizes[3] <= 20  # 12 px letters, never scaled down


def test_every_text_of_the_whole_drawing_lies_inside_its_box(browser: Any, site: str) -> None:
    for lang in ("en", "nl"):
        with opened(browser, f"{site}/chain/reference?without=EU27&lang={lang}", WIDE) as (page, _):
            out = page.evaluate(
                """() => [...document.querySelectorAll('.layered .step')].flatMap((step) => {
                   const box = step.querySelector('rect').getBoundingClientRect();
                   return [...step.querySelectorAll('text')].filter((t) => { const r = t.getBoundingClientRect();
                     return r.right > box.right - 1 || r.left < box.left || r.bottom > box.bottom + 1 || r.top < box.top - 1; })
                     .map((t) => t.textContent); })"""
            )
            assert out == []


def test_the_keyboard_reaches_the_drawing_and_opens_a_step(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/chain/reference?around=euv_scanner&depth=1&lang=en", WIDE) as (page, wrong):
        page.locator(".chain-plot").focus()
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.querySelector('title').textContent")
        assert (label and "HHI" in label) or "unknown" in label
        thick = page.evaluate("getComputedStyle(document.activeElement.querySelector('.box')).strokeWidth")
        assert thick == "4px"
        page.keyboard.press("Enter")
        page.wait_for_url("**/chain/reference/step/**")
        assert page.locator("h1").inner_text() == label.split(":")[0]
        assert wrong == []


def test_a_reader_without_scripts_takes_a_country_away_and_looks_around_a_step(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/chain?lang=nl", WIDE, scripts=False) as (page, wrong):
        page.get_by_role("link", name="Chips, van grondstof tot eindgebruik").click()
        page.locator("select[name=without]").select_option("NLD")
        page.locator("select[name=around]").select_option("euv_scanner")
        page.locator("select[name=depth]").select_option("1")
        page.get_by_role("button", name="Toon").click()
        assert "without=NLD" in page.url and "around=euv_scanner" in page.url and "lang=nl" in page.url
        assert "4 van 142 stappen" in page.locator("p.lead").inner_text()
        assert page.locator(".layered .lost").count() == 2
        page.get_by_role("link", name="English").click()
        assert "without=NLD" in page.url and page.locator("html").get_attribute("lang") == "en"
        assert wrong == []


def test_lost_boxes_are_told_by_more_than_colour(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/chain/reference?without=NLD&lang=en", WIDE) as (page, _):
        lost = page.locator(".layered .lost")
        assert lost.count() == 4
        for i in range(4):
            assert lost.nth(i).locator("path.cross").count() == 1
            assert lost.nth(i).locator("title").first.text_content().endswith("; lost")
            dash = lost.nth(i).locator("rect").evaluate("(r) => getComputedStyle(r).strokeDasharray")
            assert dash != "none"


def test_a_phone_opens_on_steps_and_finds_a_list_of_them_first(browser: Any, site: str) -> None:
    for scripts in (True, False):
        with opened(browser, f"{site}/chain/reference?lang=nl", NARROW, scripts) as (page, wrong):
            assert wrong == []
            assert page.locator(".chain-steps").bounding_box()["y"] < page.locator(".chain-plot").bounding_box()["y"]
            page.locator(".chain-steps summary").first.click()
            assert page.locator(".chain-steps li").first.is_visible()
            box = page.locator(".chain-plot").bounding_box()
            seen = [r for r in (s.bounding_box() for s in page.locator(".layered .step rect").all())
                    if r["x"] < box["x"] + box["width"] - 60 and r["y"] < box["y"] + box["height"] / 2]  # fmt: skip
            assert len(seen) >= 3
    with opened(browser, f"{site}/chain/reference?lang=nl", WIDE) as (page, _):
        assert not page.locator(".chain-steps").is_visible()


def test_print_shows_the_table_beside_the_drawing(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/chain/reference?lang=en", WIDE) as (page, _):
        row = page.locator("figure details td").first
        assert not row.is_visible()
        page.emulate_media(media="print")
        assert row.bounding_box()["height"] > 5
        plot = page.evaluate(
            "(() => { const b = document.querySelector('.chain-plot'); return b.scrollWidth - b.clientWidth; })()"
        )
        assert plot <= 0
