"""What does the monitor say about one reporter in one year, over all definitions, in both directions?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from schakel import reference
from schakel.dependency.holdings import holdings
from schakel.dependency.presets import names, preset
from schakel.dependency.reverse import by_partner, reverse
from schakel.dependency.screen import Screen, screen, setting
from schakel.dependency.suppliers import Supply
from schakel.evidence import InputRef, Receipt, result_sha256
from schakel.lake.flowset import FlowSet

COMMAND = "monitor"
PARTS = ("rows", "grid", "suppliers", "reverse", "missing")
# Embedded tables that a monitor shows besides its flows.
TABLES = ("chip_positions", "governance", "ideal_points", "supply_eu", "supply_world")


@dataclass(frozen=True)
class Monitor:
    """One reporter, one year, all definitions.

    Attributes
    ----------
    screens
        The answer of each definition.
    grid
        Verdict by product and definition.
    suppliers
        Import value by supplier of the products that no criterion of the chosen definition rules out; value in currency units.
    reverse
        Partners that lean on the reporter, summed (see `reverse.by_partner`).
    reverse_rows
        The same by partner and product.
    held
        Who supplies each product that the chosen definition does not rule out.
    """

    reporter: str
    year: int
    method: str
    currency: str
    coverage: str
    screens: Mapping[str, Screen]
    grid: Mapping[str, Mapping[str, bool | None]]
    suppliers: tuple[tuple[str, float], ...]
    reverse: tuple[dict[str, Any], ...]
    reverse_rows: tuple[dict[str, Any], ...]
    held: Mapping[str, Supply]

    @property
    def chosen(self) -> Screen:
        """The answer of the chosen definition."""
        return self.screens[self.method]

    def value(self, row: Mapping[str, Any]) -> float:
        """Return a row's import value in the currency of the flows."""
        return float(row["import_value_eur" if self.currency == "EUR" else "import_value_usd"] or 0)

    def parts(self) -> dict[str, Any]:
        """Return what the receipt's result hash covers, JSON-ready."""
        whole = sum(v for _, v in self.suppliers) or 1.0
        return {
            "rows": list(self.chosen.rows),
            "grid": {p: dict(v) for p, v in self.grid.items()},
            "suppliers": [{"exporter": c, "value": v, "share": v / whole} for c, v in self.suppliers],
            "reverse": list(self.reverse),
            "missing": missing(self.chosen),
        }

    def receipt(self) -> Receipt:
        """Return the receipt of the whole monitor: that of the chosen definition, with the embedded tables shown beside it and a hash over all parts."""
        base = self.chosen.receipt
        return replace(
            base,
            inputs=(*base.inputs, *table_inputs()),
            parameters={**base.parameters, "command": COMMAND},
            result_sha256=result_sha256(self.parts()),
        )


def table_inputs() -> tuple[InputRef, ...]:
    """Return the embedded tables of a monitor as inputs."""
    return tuple(InputRef(f"reference:{t}", reference.sha256(t), len(reference.rows(t))) for t in TABLES)


def monitor(
    flows: FlowSet,
    reporter: str,
    year: int,
    *,
    method: str = "ec2021",
    methods: Sequence[str] | None = None,
    threads: int | None = None,
) -> Monitor:
    """Ask every definition about one reporter and year."""
    wanted = tuple(methods or names())
    if method not in wanted:
        wanted = (method, *wanted)
    answers = {name: screen(flows, reporter=reporter, method=name, year=year, threads=threads) for name in wanted}
    chosen = answers[method]
    screens = {
        answer.method: answer for answer in answers.values()
    }  # a definition of one's own is a path, and has a name
    where = setting(reporter, method, year)
    grid: dict[str, dict[str, bool | None]] = {}
    for name, answer in screens.items():
        for row in answer.rows:
            grid.setdefault(row["product"], {})[name] = row["dependent"]
    supplied = holdings(flows, where, year)
    held = {
        r["product"]: supplied[r["product"]]
        for r in chosen.rows
        if r["dependent"] is not False and r["product"] in supplied
    }
    totals: dict[str, int] = {}
    for who in held.values():
        for country, value, inside in zip(who.exporters, who.values, who.inside, strict=True):
            if not inside or where.preset.base == "all":
                totals[country] = totals.get(country, 0) + value
    back = reverse(flows, reporter, method, year, threads=threads)
    return Monitor(
        reporter=chosen.reporter,
        year=year,
        method=chosen.method,
        currency=flows.currency,
        coverage=flows.coverage,
        screens=screens,
        grid=dict(sorted(grid.items())),
        suppliers=tuple(sorted(((c, v / flows.scale) for c, v in totals.items()), key=lambda x: (-x[1], x[0]))),
        reverse=tuple(by_partner(back)),
        reverse_rows=tuple(back),
        held=held,
    )


def missing(answer: Screen) -> list[dict[str, Any]]:
    """Return the criteria of the definition that stay unknown, for how many products, and why."""
    found: dict[tuple[str, str], int] = {}
    tests = {c.name for c in preset(answer.receipt.parameters["method"]).criteria}
    for row in answer.rows:
        for name, criterion in row["criteria"].items():
            if name in tests and criterion["passes"] is None:
                why = criterion["why"]
                why = why.split("; ", 1)[-1] if why.startswith("at most ") else why
                found[name, why] = found.get((name, why), 0) + 1
    return [{"criterion": name, "why": why, "products": n} for (name, why), n in sorted(found.items())]
