"""What does a reader of scenarios meet in a real browser: wide and narrow, with and without scripts, and by axe?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opening import AXE, NARROW, WIDE, opened

pytestmark = pytest.mark.browser

PAGES = {
    "library": "/shocks",
    "money": "/shocks/small",
    "chain": "/shocks/rare-earths-2025",
    "not run": "/shocks/neon-2022",
}


@pytest.fixture(scope="module", autouse=True)
def results(tmp_path_factory: Any) -> Iterator[Path]:
    from shocks_results import keep

    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("SCHAKEL_HOME", str(home))
        patch.setenv("SCHAKEL_CONFIG", str(home / "none.toml"))
        keep()
        yield home


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_and_stays_at_home(browser: Any, site: str, name: str, lang: str, width: int, scripts: bool) -> None:
    with opened(browser, f"{site}{PAGES[name]}?lang={lang}", width, scripts) as (page, wrong):
        assert wrong == []
        assert page.locator("html").get_attribute("lang") == lang
        assert page.locator("h1").is_visible()
        assert len(page.locator("main").inner_text()) > 400
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
    with opened(browser, f"{site}{PAGES[name]}?lang={lang}", width) as (page, _):
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations', 'passes']})")
        said = [f"{v['id']}: {v['help']} {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found["violations"]]
        assert said == []
        assert len(found["passes"]) > 15


def test_a_reader_without_scripts_goes_from_the_library_to_a_result(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/shocks?lang=nl", NARROW, scripts=False) as (page, wrong):
        page.get_by_role("link", name="Uitvoer van elektronica gehalveerd").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Uitvoer van elektronica gehalveerd"
        assert page.locator("figure svg").count() == 4
        page.get_by_role("link", name="English").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Exports of electronics cut by half"
        assert wrong == []


def test_charts_have_colours_and_are_drawn_in_view(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/shocks/small?lang=en", WIDE) as (page, _):
        fill = "e => getComputedStyle(e).fill"
        black = "rgb(0, 0, 0)"
        for part in (".band .area", ".waterfall .total", ".spans .declared"):
            first = page.locator(part).first
            assert first.evaluate(fill) != black
            box = first.bounding_box()
            assert box["width"] > 5
            assert box["x"] >= 0
