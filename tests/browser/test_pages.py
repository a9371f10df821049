"""What does a reader meet in a real browser: wide and narrow, with and without scripts, by keyboard and by axe?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / ".schakel" / "axe-core" / "axe.min.js"
PAGES = {
    "overview": "/?reporter=NLD&year=2023&method=ec2021",
    "product": "/product/28053010?reporter=NLD",
    "country": "/country/CHN?reporter=NLD",
    "methods": "/method?reporter=NLD",
    "method": "/method/geodep2024?reporter=NLD",
    "data": "/data?reporter=NLD",
    "problem": "/?year=abc",
}
WIDE, NARROW = 1400, 400


@contextmanager
def opened(browser: Any, address: str, width: int, scripts: bool = True) -> Iterator[tuple[Any, list[str]]]:
    """Open a page and collect whatever it asks of another machine, and whatever goes wrong in it."""
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    page = context.new_page()
    site = address.split("/", 3)[2]
    wrong: list[str] = []
    page.on("request", lambda r: wrong.append(f"asks {r.url}") if r.url.split("/", 3)[2] != site else None)
    page.on("pageerror", lambda e: wrong.append(f"script: {e}"))
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" and "status of 4" not in m.text else None)
    page.goto(address, wait_until="load")
    try:
        yield page, wrong
    finally:
        context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_and_stays_at_home(browser: Any, site: str, name: str, lang: str, width: int, scripts: bool) -> None:
    with opened(browser, f"{site}{PAGES[name]}&lang={lang}".replace("?&", "?"), width, scripts) as (page, wrong):
        assert wrong == []
        assert page.locator("html").get_attribute("lang") == lang
        assert page.locator("h1").is_visible()
        text = page.locator("main").inner_text()
        assert len(text) > (80 if name == "problem" else 300)
        # Without scripts the page cannot be measured from inside; a picture as wide as the page can.
        if scripts:
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        else:
            picture = page.screenshot(full_page=True)
            assert int.from_bytes(picture[16:20], "big") == width


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Any, site: str, name: str, lang: str, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not here; run python scripts/fetch_axe.py")
    with opened(browser, f"{site}{PAGES[name]}&lang={lang}", width) as (page, _):
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        page.evaluate(AXE.read_text("utf-8"))  # the page's own policy forbids a script element
        found = page.evaluate("axe.run(document, {resultTypes: ['violations', 'passes']})")
        said = [f"{v['id']}: {v['help']} {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found["violations"]]
        assert said == []
        assert len(found["passes"]) > 15


def test_a_reader_without_scripts_finds_filters_and_turns_the_page(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/?lang=nl", WIDE, scripts=False) as (page, wrong):
        page.get_by_label("Zoek een product").fill("magnesium")
        page.get_by_role("button", name="Filter").click()
        rows = page.locator("table.products tbody tr")
        assert rows.count() == 1
        assert "lang=nl" in page.url and "reporter=NLD" in page.url
        page.get_by_role("link", name="Wissen").click()
        assert rows.count() == 25
        page.get_by_role("link", name="Volgende").click()
        assert "number=2" in page.url
        page.get_by_role("link", name="HHI buiten blok").click()
        assert page.locator("th[aria-sort=descending]").inner_text().startswith("HHI buiten blok")
        page.get_by_label("Land of blok").select_option("EU27")
        page.get_by_role("button", name="Toon").click()
        assert "EU27" in page.locator("h1").inner_text()
        page.get_by_role("link", name="English").click()
        assert "reporter=EU27" in page.url and "lang=en" in page.url
        assert wrong == []


def test_a_reader_with_a_keyboard_gets_to_the_content_and_along_the_table(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/?lang=en", NARROW) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        region = page.get_by_role("region", name="Products")
        region.focus()
        for _ in range(6):
            page.keyboard.press("ArrowRight")
        page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_tables_sort_in_place_with_unknown_last(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/product/28053010?lang=en", WIDE) as (page, wrong):
        table = page.locator("table.sortable").first
        names = table.locator("tbody th")
        assert names.all_inner_texts()[0] == "China"
        button = table.get_by_role("button", name="Value")
        button.click()
        assert names.all_inner_texts() == ["Taiwan", "United States", "China", "Soviet Union"]
        button.click()
        assert names.all_inner_texts() == ["China", "United States", "Taiwan", "Soviet Union"]
        assert table.locator("th[aria-sort]").count() == 1
        assert wrong == []


def test_what_the_mouse_points_at_is_named(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/?lang=en", WIDE) as (page, wrong):
        page.locator("svg.map path[data-tip^='China']").hover()
        assert page.locator(".tip").inner_text() == "China: 52.0%"
        assert wrong == []


def test_the_page_prints(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/?lang=nl", WIDE) as (page, _):
        page.emulate_media(media="print")
        assert not page.locator("form.chooser").is_visible()
        assert page.locator("table.products").is_visible()
        assert page.pdf()[:5] == b"%PDF-"


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_interactive_api_page_works_offline(browser: Any, site: str, width: int) -> None:
    with opened(browser, f"{site}/api", width) as (page, wrong):
        page.locator(".opblock-summary-path").first.wait_for()
        assert page.locator(".opblock").count() >= 14
        page.locator(".opblock-summary-control").first.click()
        page.get_by_role("button", name="Try it out").click()
        page.get_by_role("button", name="Execute").click()
        page.locator(".live-responses-table .response-col_status").first.wait_for()
        assert page.locator(".live-responses-table .response-col_status").last.inner_text().startswith("200")
        assert wrong == []
