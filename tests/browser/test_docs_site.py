"""Does `make docs` build a whole site, in two languages, that asks nothing of other machines?"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ZENSICAL = Path(sys.executable).with_name("zensical")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built from a copy so that nothing is left in the project."""
    if not ZENSICAL.exists():
        pytest.skip("zensical is not installed; it comes with the dev extra")
    copy = tmp_path_factory.mktemp("docs")
    shutil.copy(ROOT / "zensical.toml", copy)
    shutil.copytree(ROOT / "docs", copy / "docs")
    shutil.copytree(ROOT / "scripts" / "docs_theme", copy / "scripts" / "docs_theme")
    done = subprocess.run([str(ZENSICAL), "build", "-s"], cwd=copy, capture_output=True, text=True, timeout=300)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "No issues found" in said, said
    return copy / "site"


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(built)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


def test_make_docs_builds_strictly() -> None:
    assert re.search(r"^docs:.*\n\t@\$\(BIN\)/zensical build -s$", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_every_page_is_there_in_its_language(built: Path) -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        target = built / page.relative_to(ROOT / "docs").with_suffix(".html")
        html = target.read_text("utf-8")
        assert f'<html lang="{"nl" if page.parent.name == "nl" else "en"}"' in html, target
        assert "<h1" in html


def test_no_page_names_a_file_of_another_machine(built: Path) -> None:
    loads = re.compile(
        r"<(?:script|img|iframe|source|audio|video)[^>]*\ssrc=\"?(https?:)?//|<link[^>]*rel=\"?(?:stylesheet|preconnect|preload)[^>]*https?://"
    )
    for html in built.rglob("*.html"):
        assert not loads.search(html.read_text("utf-8")), html
        assert "fonts.googleapis" not in html.read_text("utf-8")


@pytest.mark.browser
@pytest.mark.parametrize(
    "page", ["index.html", "definitions.html", "nl/index.html", "nl/tutorial.html", "nl/architecture.html"]
)
def test_the_browser_asks_nothing_of_another_machine(browser: Any, address: str, page: str) -> None:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    tab = context.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(f"{address}/{page}", wait_until="load")
    tab.wait_for_timeout(300)
    context.close()
    assert asked
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
