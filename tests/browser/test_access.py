"""Can a reader use the pages with a keyboard and a screen reader?"""

from __future__ import annotations

from typing import Any

import pytest
from opening import AXE, NARROW, ODD, PAGES, WIDE, opened

pytestmark = pytest.mark.browser
needs_axe = pytest.mark.skipif(not AXE.exists(), reason="axe-core is not here; run python scripts/fetch_axe.py")
# The focused element: its words, whether it comes after the one before in the page, its outline, and whether it shows.
FOCUSED = """() => {
  const now = document.activeElement, before = window.before;
  const later = !before || Boolean(before.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING);
  window.before = now;
  const box = now.getBoundingClientRect(), style = getComputedStyle(now);
  return {tag: now.tagName, words: (now.textContent || '').trim().slice(0, 40), later, name: now.name || '',
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, shows: box.width > 0 && box.height > 0};
}"""


def _violations(page: Any) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.evaluate(AXE.read_text("utf-8"))  # the page's own policy forbids a script element
    found = page.evaluate("axe.run(document, {resultTypes: ['violations', 'passes']})")
    assert len(found["passes"]) > 15
    return [f"{v['id']}: {v['help']} {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found["violations"]]


@needs_axe
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Any, site: str, name: str, lang: str, width: int) -> None:
    with opened(browser, f"{site}{PAGES[name]}&lang={lang}", width) as (page, _):
        assert _violations(page) == []


@needs_axe
@pytest.mark.parametrize("name", ODD)
def test_axe_finds_nothing_in_awkward_contents(browser: Any, odd: str, name: str) -> None:
    with opened(browser, f"{odd}{ODD[name]}&lang=en", NARROW) as (page, _):
        assert _violations(page) == []


@pytest.mark.parametrize(
    ("name", "width"),
    [("overview", WIDE), ("overview", NARROW), ("product", NARROW), ("country", WIDE), ("method", WIDE)],
)
def test_the_keyboard_goes_through_the_page_in_order(browser: Any, site: str, name: str, width: int) -> None:
    with opened(browser, f"{site}{PAGES[name]}&lang=en", width) as (page, _):
        stops = []
        for _ in range(400):
            page.keyboard.press("Tab")
            stop = page.evaluate(FOCUSED)
            if stop["tag"] == "BODY":
                break
            stops.append(stop)
        else:
            pytest.fail("the keyboard never leaves the page")
        assert [s for s in stops if not s["later"]] == []
        assert [s for s in stops if not s["shows"]] == []
        assert [s for s in stops if not s["ring"]] == []
        assert [s["words"] for s in stops[:10]] == [
            "Skip to content", "Schakel", "Dependencies", "Chains", "Scenarios", "Dossiers", "Methods", "Data", "API", "Nederlands",
        ]  # fmt: skip
        if name in ("overview", "product", "country"):
            assert [s["name"] for s in stops[10:13]] == ["reporter", "year", "method"]


def test_a_reader_with_a_keyboard_skips_to_the_content_and_moves_along_a_wide_chart(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/?lang=en", NARROW) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.locator(".plot-flows").focus()
        for _ in range(6):
            page.keyboard.press("ArrowRight")
        page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_a_card_on_a_phone_names_every_value(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/?reporter=EU27&method=ec2021&lang=nl", NARROW) as (page, _):
        row = page.locator("table.products tbody tr").first
        cells = row.locator("td")
        labels = [c.get_attribute("data-label") for c in cells.all()]
        heads = [h.inner_text().strip(" ▾▴") for h in page.locator("table.products thead th").all()]
        assert labels == [h for h in heads if h != "Product"]
        shown = cells.nth(2).evaluate("(c) => getComputedStyle(c, '::before').content")
        assert shown == '"HHI buiten blok"'
