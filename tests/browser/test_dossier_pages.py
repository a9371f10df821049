"""What does a reader of dossiers meet in a real browser: wide and narrow, with and without scripts, by keyboard, by axe and on paper?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from opening import AXE, NARROW, WIDE, opened

pytestmark = pytest.mark.browser

ON = "on=2026-01-01"
PAGES = {
    "list": f"/dossiers?{ON}",
    "nothing": f"/dossiers?{ON}&q=zzz",
    "letters": f"/dossiers/letters?{ON}",
    "letter": f"/dossiers/letter/kst-29826-200?{ON}",
    "passage": f"/dossiers/letter/2025D99999?{ON}&at=40&to=120",
    "dossier": f"/dossiers/dossier/29826?{ON}",
    "timeline": f"/dossiers/timeline?{ON}",
    "conflicts": f"/dossiers/conflicts?{ON}",
    "calendar": f"/dossiers/calendar?{ON}&of=2025",
    "search": f"/dossiers/search?q=chips&{ON}",
}


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home with letters; the server of this process reads it at each request."""
    from dossiers_home import furnish

    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCHAKEL_HOME", str(folder))
        patch.setenv("SCHAKEL_CONFIG", str(folder / "none.toml"))
        furnish(folder)
        yield


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_pages_fit_and_stay_at_home(browser: Any, site: str, lang: str, width: int, scripts: bool) -> None:
    for name, path in PAGES.items():
        with opened(browser, f"{site}{path}&lang={lang}", width, scripts) as (page, wrong):
            assert wrong == [], name
            assert page.locator("html").get_attribute("lang") == lang
            assert page.locator("h1").is_visible(), name
            assert page.locator(".dossier-nav a").count() == 6
            if scripts:
                over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                assert over <= 0, name
            else:
                picture = page.screenshot(full_page=True)
                assert int.from_bytes(picture[16:20], "big") == width, name


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_axe_finds_nothing(browser: Any, site: str, lang: str, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not here; run python scripts/fetch_axe.py")
    for name, path in PAGES.items():
        with opened(browser, f"{site}{path}&lang={lang}", width) as (page, _):
            page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
            page.evaluate(AXE.read_text("utf-8"))
            found = page.evaluate("axe.run(document, {resultTypes: ['violations', 'passes']})")
            said = [f"{v['id']}: {v['help']} {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found["violations"]]
            assert said == [], name
            assert len(found["passes"]) > 15


def test_hostile_letters_do_nothing(browser: Any, site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from dossiers_home import Hostile

    monkeypatch.setattr("schakel.dossiers.archive.Archive", Hostile)
    for path in ("/dossiers?", "/dossiers/letter/kst-29826-121?", "/dossiers/timeline?", "/dossiers/conflicts?"):
        with opened(browser, f"{site}{path}{ON}&lang=en", NARROW) as (page, wrong):
            page.on("dialog", lambda d: wrong.append(d.message))
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, (
                path
            )
            assert page.locator("script").count() == 1  # the site's own
            assert page.locator("a[href^='javascript']").count() == 0
            assert wrong == []


def test_notes_stand_beside_the_text_or_under_it(browser: Any, site: str) -> None:
    for width, beside in ((WIDE, True), (NARROW, False)):
        with opened(browser, f"{site}{PAGES['letter']}&lang=en", width) as (page, _):
            text = page.locator(".para:has(.margin) > p").first.bounding_box()
            notes = page.locator(".para .margin").first.bounding_box()
            assert (notes["x"] >= text["x"] + text["width"]) is beside
            assert (notes["y"] >= text["y"] + text["height"]) is not beside


def test_a_reader_goes_from_mark_to_note_and_back_by_keyboard_without_scripts(browser: Any, site: str) -> None:
    with opened(browser, f"{site}{PAGES['letter']}&lang=en", WIDE, scripts=False) as (page, wrong):
        page.locator(".ref").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**#n-*")
        note = page.url.split("#")[1]
        assert page.locator(f"#{note}").is_visible()
        page.locator(f"#{note} .back").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**#{note.removeprefix('n-')}")
        assert page.locator(f"mark#{note.removeprefix('n-')}").is_visible()
        assert wrong == []


def test_a_reader_without_scripts_filters_and_finds_the_passage(browser: Any, site: str) -> None:
    with opened(browser, f"{site}/dossiers?lang=nl", WIDE, scripts=False) as (page, wrong):
        page.locator("input[name=on]").fill("2026-01-01")
        page.locator("select[name=state]").select_option("fulfilled-late")
        page.get_by_role("button", name="Toon").click()
        page.wait_for_url("**state=fulfilled-late**")
        assert "on=2026-01-01" in page.url and "state=fulfilled-late" in page.url and "lang=nl" in page.url
        assert "1 januari 2026" in page.locator(".heading").inner_text()
        rows = page.locator("table.dossier-table tbody tr")
        assert rows.count() == 1 and "17 dagen te laat" in rows.first.inner_text()
        rows.first.locator("th a").first.click()
        page.wait_for_url("**/dossiers/letter/**")
        assert page.locator("mark.here").is_visible()
        assert page.evaluate("document.querySelector('mark.here').getBoundingClientRect().top < window.innerHeight")
        page.get_by_role("link", name="English").click()
        page.wait_for_url("**lang=en**")
        assert page.locator("html").get_attribute("lang") == "en" and page.locator("mark.here").count() == 1
        assert wrong == []


def test_the_keyboard_reaches_the_lines_of_the_timeline(browser: Any, site: str) -> None:
    with opened(browser, f"{site}{PAGES['timeline']}&lang=en", NARROW) as (page, wrong):
        page.locator(".timeline-plot").focus()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.querySelector('g.row') !== null")
        page.keyboard.press("Enter")
        page.wait_for_url("**/dossiers?**")
        assert page.locator("table.dossier-table tbody tr").count() == 1
        assert wrong == []


def test_state_is_told_by_more_than_colour(browser: Any, site: str) -> None:
    with opened(browser, f"{site}{PAGES['list']}&lang=en", WIDE) as (page, _):
        said = page.locator(".dossier-table .state").all_inner_texts()
        assert len(said) >= 4 and all(len(s.split(" ", 1)) == 2 for s in said)
        assert len(set(said)) >= 3


def test_on_paper_a_letter_keeps_its_text_notes_and_marks(browser: Any, site: str) -> None:
    with opened(browser, f"{site}{PAGES['letter']}&lang=en", WIDE) as (page, _):
        page.emulate_media(media="print")
        assert (
            page.locator(".para .margin").first.is_visible()
            and page.locator(".para mark.commitment").first.is_visible()
        )
        assert not page.locator(".dossier-nav").is_visible() and not page.locator(".marks-legend").is_visible()
        pdf = page.pdf()
        assert pdf.startswith(b"%PDF") and len(pdf) > 10_000
