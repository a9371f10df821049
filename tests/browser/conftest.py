"""A server on a free port of this machine and the system's Chromium; without Chromium every test here is skipped."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = os.environ.get("SCHAKEL_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


def _served(app: Any) -> Iterator[str]:
    import uvicorn

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        assert server.started
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The embedded tables, as ``schakel serve`` shows them."""
    from schakel.dependency import embedded
    from schakel.web.answers import Answers
    from schakel.web.app import create_app

    yield from _served(create_app(Answers(embedded.flows())))


@pytest.fixture(scope="session")
def odd() -> Iterator[str]:
    """An invented service with everything awkward at once: unknown values, markup in names, states of the past."""
    from schakel.web.app import create_app
    from web_fake import FakeService

    yield from _served(create_app(FakeService()))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed; set SCHAKEL_CHROMIUM to its path")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
