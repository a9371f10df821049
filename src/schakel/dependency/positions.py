"""What do others get from the reporter that these flows cannot show: shares of world and EU supply, and places in the chip chain?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from schakel import reference
from schakel.nomenclature import blocs

STAGE = {"E": {"en": "extraction", "nl": "winning"}, "P": {"en": "processing", "nl": "verwerking"}}


def home(reporter: str, year: int) -> frozenset[str]:
    """Return the countries a reporter consists of."""
    return frozenset(blocs.members(reporter, year)) if blocs.is_bloc(reporter) else frozenset({reporter})


def supply_positions(reporter: str, year: int, *, at_least: float = 0.01) -> list[dict[str, Any]]:
    """Return the reporter's part of the world's and the EU's supply by material and stage, as bounds.

    Shares are those of the EC's study of 2023 and its reference years, not of `year`, which only says who belongs to a bloc; a bloc's are the sum of its
    members'. Rows that reach `at_least`, the largest first: of the world's or the EU's supply for a country, of the world's for a bloc, whose own supply
    says nothing of others. None where the study prints no share, which is not zero.
    """
    mine = home(reporter, year)
    found: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(dict)
    for side, table in (("world", "supply_world"), ("eu", "supply_eu")):
        for row in reference.rows(table):
            if row["iso3"] in mine:
                at = found[str(row["material"]), str(row["stage"])].setdefault(side, [0.0, 0.0])
                at[0] += float(str(row["share_low"]))
                at[1] += float(str(row["share_high"]))
    names = {r["material"]: r for r in reference.rows("materials")}
    out: list[tuple[float, dict[str, Any]]] = []
    for (material, stage), sides in found.items():
        ends = {
            f"{s}_{end}": None if s not in sides else min(1.0, sides[s][i])
            for s in ("world", "eu")
            for i, end in enumerate(("low", "high"))
        }
        size = max(ends["world_high"] or 0.0, 0.0 if blocs.is_bloc(reporter) else ends["eu_high"] or 0.0)
        if size >= at_least:
            row = names[material]
            known = {"material": material, "name_en": row["name_en"], "name_nl": row["name_nl"], "stage": stage}
            out.append((size, {**known, **ends}))
    return [row for _, row in sorted(out, key=lambda x: (-x[0], x[1]["material"], x[1]["stage"]))]


def chip_positions(reporter: str, year: int) -> list[dict[str, Any]]:
    """Return the cited places of the reporter in the chip chain, the largest share first; never added up over measures or members."""
    mine = home(reporter, year)
    steps = {r["step_id"]: r for r in reference.rows("chip_steps")}
    rows = [r for r in reference.rows("chip_positions") if r["iso3"] in mine]
    rows.sort(key=lambda r: (-float(str(r["share_low"])), str(r["step_id"]), str(r["iso3"]), str(r["source"])))
    return [
        {
            "step_id": r["step_id"],
            "name_en": steps[r["step_id"]]["name_en"],
            "name_nl": steps[r["step_id"]]["name_nl"],
            **{
                k: r[k]
                for k in ("iso3", "measure", "basis", "share_low", "share_high", "year", "mark", "source", "locator")
            },
        }
        for r in rows
    ]


def sources_of(tables: Iterable[str], keys: Iterable[str] = ()) -> list[str]:
    """Return the ids of the sources that whole tables rest on, with those given, in alphabetical order."""
    return sorted({str(r["source"]) for t in tables for r in reference.rows(t)} | set(keys))
