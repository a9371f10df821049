"""What does a reader meet in a real browser: wide and narrow, in both languages, with and without scripts?"""

from __future__ import annotations

from typing import Any

import pytest
from opening import NARROW, ODD, PAGES, WIDE, opened

pytestmark = pytest.mark.browser
LANGS = ("en", "nl")
# How far anything sticks out: the page, a table in its box, a text in its chart.
STICKS_OUT = """() => {
  const root = document.documentElement;
  const found = root.scrollWidth > root.clientWidth ? ['page'] : [];
  for (const d of document.querySelectorAll('details')) d.open = true;
  for (const box of document.querySelectorAll('.scroll'))
    if (box.scrollWidth > box.clientWidth + 1) found.push('table ' + (box.getAttribute('aria-labelledby') || box.ariaLabel));
  for (const chart of document.querySelectorAll('svg.chart')) {
    const all = chart.viewBox.baseVal;
    for (const text of chart.querySelectorAll('text')) {
      const box = text.getBBox();
      if (box.x < -1 || box.y < -1 || box.x + box.width > all.width + 1 || box.y + box.height > all.height + 1)
        found.push('text ' + text.textContent);
    }
  }
  return found;
}"""
# Labels of one chart that lie over each other.
OVERLAPS = """() => {
  const found = [];
  for (const chart of document.querySelectorAll('svg.sankey, svg.bars')) {
    const boxes = [...chart.querySelectorAll('text')].map((t) => [t.textContent, t.getBBox()]);
    boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
      const wide = Math.min(p.x + p.width, q.x + q.width) - Math.max(p.x, q.x);
      const tall = Math.min(p.y + p.height, q.y + q.height) - Math.max(p.y, q.y);
      if (wide > 1 && tall > 3) found.push(a + ' / ' + b);
    }));
  }
  return found;
}"""


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_and_stays_at_home(browser: Any, site: str, name: str, lang: str, width: int, scripts: bool) -> None:
    with opened(browser, f"{site}{PAGES[name]}&lang={lang}", width, scripts) as (page, wrong):
        assert wrong == []
        assert page.locator("html").get_attribute("lang") == lang
        assert page.locator("h1").is_visible()
        text = page.locator("main").inner_text()
        assert len(text) > (80 if name == "problem" else 300)
        assert "None" not in text.replace("None in the data", "") and "nan" not in text.split()
        # Without scripts the page cannot be measured from inside; a picture as wide as the page can.
        if scripts:
            assert page.evaluate(STICKS_OUT) == []
            assert page.evaluate(OVERLAPS) == []
        else:
            picture = page.screenshot(full_page=True)
            assert int.from_bytes(picture[16:20], "big") == width


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", ODD)
def test_awkward_contents_fit_too(browser: Any, odd: str, name: str, width: int) -> None:
    with opened(browser, f"{odd}{ODD[name]}&lang=nl", width) as (page, wrong):
        assert wrong == []
        assert page.evaluate(STICKS_OUT) == []
        assert page.evaluate("document.querySelectorAll('main script').length") == 0


@pytest.mark.parametrize("name", [n for n in PAGES if n != "problem"])
def test_the_language_switch_keeps_the_page(browser: Any, site: str, name: str) -> None:
    with opened(browser, f"{site}{PAGES[name]}&lang=en", WIDE) as (page, wrong):
        before = page.url
        page.get_by_role("link", name="Nederlands").click()
        assert page.url == before.replace("lang=en", "lang=nl")
        assert page.locator("html").get_attribute("lang") == "nl"
        page.get_by_role("link", name="English").click()
        assert page.url == before
        assert wrong == []


def test_numbers_are_written_as_each_language_does(browser: Any, site: str) -> None:
    shown = {}
    for lang in LANGS:
        with opened(browser, f"{site}/data?lang={lang}", WIDE) as (page, _):
            rows = page.locator("table.sets tbody tr").filter(has=page.get_by_text("imports", exact=True))
            shown["rows", lang] = rows.locator("td.n").inner_text()
        with opened(browser, f"{site}/?reporter=EU27&year=2024&method=ec2021&lang={lang}", WIDE) as (page, _):
            row = page.locator("table.products tbody tr").first
            shown["cells", lang] = row.locator("td.n").all_inner_texts()[:3]
    assert (shown["rows", "en"], shown["rows", "nl"]) == ("26,537", "26.537")
    assert shown["cells", "en"] == ["€637 m", "0.998", "85.2%"]
    assert shown["cells", "nl"] == ["€ 637 mln", "0,998", "85,2%"]


def test_a_reader_without_scripts_finds_filters_and_turns_the_page(browser: Any, site: str) -> None:
    from playwright.sync_api import expect

    with opened(browser, f"{site}/?lang=nl", WIDE, scripts=False) as (page, wrong):
        page.get_by_label("Zoek een product").fill("wolfraam")
        page.get_by_role("button", name="Filter").click()
        rows = page.locator("table.products tbody tr")
        page.wait_for_url(lambda url: "q=wolfraam" in url and "lang=nl" in url and "reporter=NLD" in url)
        expect(rows.first).to_be_visible()
        assert 1 <= rows.count() < 10
        page.get_by_role("link", name="Wissen").click()
        expect(rows).to_have_count(25)
        page.get_by_role("link", name="Volgende").click()
        page.wait_for_url("**number=2**")
        page.locator("table.products thead").get_by_role("link", name="Grootste aandeel").click()
        expect(page.locator("th[aria-sort=descending]")).to_contain_text("Grootste aandeel")
        page.get_by_label("Land of blok").select_option("EU27")
        page.get_by_role("button", name="Toon").click()
        expect(page.locator("h1")).to_contain_text("EU27")
        page.get_by_role("link", name="Op wie leunt").click()
        page.wait_for_url("**#map")
        page.locator("table.products tbody a").first.click()
        page.wait_for_url("**/product/**")
        assert "reporter=EU27" in page.url
        assert wrong == []


def test_tables_sort_in_place_with_unknown_last(browser: Any, odd: str) -> None:
    with opened(browser, f"{odd}/product/28053010?lang=en", WIDE) as (page, wrong):
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
    with opened(browser, f"{site}/product/28053010?reporter=NLD&year=2024&lang=en", WIDE) as (page, wrong):
        page.locator("svg.map path[data-tip^='China']").hover()
        assert page.locator(".tip").inner_text() == "China: 88.9%"
        assert wrong == []


@pytest.mark.parametrize("name", [n for n in PAGES if n != "problem"])
def test_the_page_prints(browser: Any, site: str, name: str) -> None:
    with opened(browser, f"{site}{PAGES[name]}&lang=nl", WIDE) as (page, _):
        page.emulate_media(media="print")
        for gone in (".top nav", ".top .other", "form.chooser", ".find", ".take"):
            assert not page.locator(gone).first.is_visible(), gone
        for box in page.locator(".scroll, .plot").all():
            style = box.evaluate("(b) => [getComputedStyle(b).overflowX, getComputedStyle(b).maxHeight]")
            assert style == ["visible", "none"]
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.locator("h1").is_visible() and page.locator(".brand").is_visible()
        assert page.pdf(format="A4")[:5] == b"%PDF-"


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
