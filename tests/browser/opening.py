"""Opens pages in Chromium and notes whatever they ask of another machine and whatever goes wrong in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

AXE = Path(__file__).parents[2] / ".schakel" / "axe-core" / "axe.min.js"
WIDE, NARROW = 1400, 400
PAGES = {
    "overview": "/?reporter=NLD&year=2024&method=crma",
    "overview-eu": "/?reporter=EU27&year=2023&method=ec2021",
    "product": "/product/28053010?reporter=NLD",
    "product-eu": "/product/28046100?reporter=EU27&year=2023",
    "country": "/country/CHN?reporter=NLD",
    "country-both": "/country/DEU?reporter=NLD",
    "methods": "/method?reporter=NLD",
    "method": "/method/geodep2024?reporter=NLD",
    "data": "/data?reporter=NLD",
    "problem": "/?year=abc",
}
ODD = {
    "overview": "/?reporter=NLD&year=2023&method=ec2021",
    "product": "/product/81092100?reporter=NLD",
    "country": "/country/HKG?reporter=NLD",
    "method": "/method/geodep2024?reporter=NLD",
    "data": "/data?reporter=NLD",
}


@contextmanager
def opened(browser: Any, address: str, width: int, scripts: bool = True) -> Iterator[tuple[Any, list[str]]]:
    """Open a page; every request is caught, and one to another machine is refused and noted."""
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    home = address.split("/", 3)[2]
    assert home.startswith("127.0.0.1:")
    wrong: list[str] = []

    def check(route: Any) -> None:
        if route.request.url.split("/", 3)[2] == home:
            route.continue_()
        else:
            wrong.append(f"asks {route.request.url}")
            route.abort()

    context.route("**/*", check)
    page = context.new_page()
    page.on("pageerror", lambda e: wrong.append(f"script: {e}"))
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" and "status of 4" not in m.text else None)
    page.goto(address, wait_until="load")
    try:
        yield page, wrong
    finally:
        context.close()
