"""What does the overview page look like? Writes docs/images/overview.png from a running `schakel serve`.

Usage: python scripts/docs_screenshot.py [ADDRESS]. Without an address a server is started on a free port, with an empty home, and stopped afterwards. Wants the
system's Chromium (or SCHAKEL_CHROMIUM) and the dev extra.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TARGET = Path(__file__).parents[1] / "docs" / "images" / "overview.png"
VIEW = "/?reporter=NLD&year=2023&method=crma&lang=en"
SIZE = {"width": 1400, "height": 1280}


@contextmanager
def served() -> Iterator[str]:
    """Run `schakel serve` for as long as it is wanted."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        command = [str(Path(sys.executable).with_name("schakel")), "serve", "--port", str(port)]
        with subprocess.Popen(command, env={**os.environ, "SCHAKEL_HOME": home}) as server:
            try:
                until = time.monotonic() + 60
                while time.monotonic() < until and server.poll() is None:
                    with socket.socket() as probe:
                        if probe.connect_ex(("127.0.0.1", port)) == 0:
                            break
                    time.sleep(0.1)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()


def take(address: str) -> None:
    """Photograph the overview page."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("SCHAKEL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
        )
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        answer = page.goto(address + VIEW, wait_until="load", timeout=120_000)
        if answer is None or answer.status != 200:
            sys.exit(f"{address + VIEW} answers {answer.status if answer else 'nothing'}; no picture was taken")
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        take(sys.argv[1].rstrip("/"))
    else:
        with served() as here:
            take(here)
    print(f"{TARGET} ({TARGET.stat().st_size:,} bytes)")
