"""Small results of scenarios for the tests of their faces: made once a session, four draws each."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from schakel.shocks import mitigate, run, scenario, sensitivity

EVIL = "<script>alert(1)</script> & \"both\" 'ways'"


def text(name: str = "small", *, draws: int = 4, title: str = "Exports of electronics cut by half") -> str:
    """The template without its chain, so that it runs in a second."""
    lines = [line for line in scenario.template().splitlines() if not line.startswith("graph:")]
    whole = ("\n".join(lines) + "\n").replace(', "step:fab_finfet_logic"', "")
    whole = whole.replace("id: my-scenario ", f"id: {name} ").replace("draws: 64", f"draws: {draws}")
    whole = whole.replace("en: Exports of electronics cut by half", f"en: {json.dumps(title)}")
    assert f"id: {name}" in whole
    return whole + (
        "expected:\n"
        "  - {measure: loss_share, lens: centre, low: 0, high: 1, published: everything, source: a book, mark: read}\n"
        "  - {measure: loss_usd, lens: ceiling, low: 0, high: 1, published: one dollar, source: nobody, mark: recalled}\n"
        "  - {measure: first_stop_day, lens: centre, region: TWN, low: 1, high: 2, published: at once, source: a tale, mark: second-hand}\n"
    )


@cache
def answers() -> dict[str, dict[str, Any]]:
    """A run on the table with its mitigations and sensitivity, and a run on a chain without money."""
    small = scenario.parse(text())
    return {
        "run": run.run(small),
        "mitigate": mitigate.compare(small, draws=4),
        "sensitivity": sensitivity.indices(small, lens="long_run", base=2),
        "chain": run.run(scenario.read(Path("rare-earths-2025")), draws=4),
    }


def keep() -> None:
    """Keep them in the data folder that the settings name."""
    from schakel.shocks import kept

    found = answers()
    for kind in ("run", "mitigate", "sensitivity"):
        kept.keep(found[kind], kind)
    kept.keep(found["chain"])
