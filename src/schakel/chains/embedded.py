"""Which chains does the program bring along: chips from raw material to end use, and critical raw materials with their uses?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from schakel import reference
from schakel.chains.graph import ChainGraph, Position, Slot, Step

_KIND = {"tool": "capital", "equipment_part": "flow", "service": "permission", "design_input": "permission"}
_STAGE = {"E": "extraction", "P": "processing"}
NAMES = ("reference", "materials")


def _about(keys: Iterable[str]) -> tuple[tuple[dict[str, str], ...], tuple[str, ...]]:
    sources = [reference.source(key) for key in sorted(set(keys))]
    return tuple(s.as_dict() for s in sources), tuple(sorted({s.licence for s in sources}))


@cache
def chips() -> ChainGraph:
    """Return the chip value chain of the reference tables.

    A link marked essential is a critical slot, another a minor one; links of one step that share a slot name are
    alternatives. Tools are capital, services and designs permission, everything else flows.
    """
    steps = tuple(
        Step(
            id=str(r["step_id"]),
            name_en=str(r["name_en"]),
            name_nl=str(r["name_nl"]),
            layer=str(r["layer"]),
            hs6=tuple(str(r["hs6"] or "").split(";")) if r["hs6"] else (),
            final=r["layer"] == "end_use",
            source=str(r["source"]),
            locator=str(r["locator"]),
            note_en=str(r["description_en"] or ""),
            note_nl=str(r["description_nl"] or ""),
        )
        for r in reference.rows("chip_steps")
    )
    groups: dict[tuple[str, str], list[dict[str, object]]] = {}
    for r in reference.rows("chip_links"):
        # A link without a slot name is a slot of its own.
        groups.setdefault((str(r["to_step"]), str(r["slot"] or r["from_step"])), []).append(dict(r))
    slots = tuple(
        Slot(
            step=step,
            name=name,
            alternatives=tuple(str(r["from_step"]) for r in rows),
            kind=_KIND.get(str(rows[0]["kind"]), "flow"),
            criticality="critical" if any(r["essential"] for r in rows) else "minor",
            source=str(rows[0]["source"]),
            locator=str(rows[0]["locator"]),
            note_en=str(rows[0]["note_en"] or ""),
            note_nl=str(rows[0]["note_nl"] or ""),
        )
        for (step, name), rows in groups.items()
    )
    positions = tuple(
        Position(
            step=str(r["step_id"]),
            plant=str(r["iso3"]) if r["basis"] != "headquarters" else "",
            owner=str(r["iso3"]) if r["basis"] == "headquarters" else "",
            share_low=_share(r["share_low"]),
            share_high=_share(r["share_high"]),
            measure=f"{r['measure']} by {r['basis']}",
            year=int(str(r["year"])) if r["year"] else None,
            mark=str(r["mark"]),
            source=str(r["source"]),
            locator=str(r["locator"]),
        )
        for r in _one_statement_a_step(reference.rows("chip_positions"))
    )
    sources, licences = _about([s.source for s in steps] + [s.source for s in slots] + [p.source for p in positions])
    blank = len({s.id for s in steps} - {p.step for p in positions})
    return ChainGraph(
        "reference",
        steps,
        slots,
        positions,
        sources,
        licences,
        warnings=(
            f"{blank} of {len(steps)} steps have no position that an open or cited figure supports; their holders are unknown",
            "where two sources speak of one step, the one that was read, is later and names more holders is used",
            "shares come from different years and count plants, head offices or customs exports, as each row says",
        ),
    )


@cache
def materials() -> ChainGraph:
    """Return critical raw materials with who extracts and processes them, and the sectors that use them.

    A sector needs each material it uses; how much of the material goes to it is not how much the sector needs, so the
    slots are critical and carry no coefficient.
    """
    steps: dict[str, Step] = {}
    slots: list[Slot] = []
    positions: list[Position] = []
    names = {str(r["material"]): r for r in reference.rows("materials")}
    stages: dict[str, set[str]] = {}
    for r in reference.rows("supply_world"):
        material, stage = str(r["material"]), _STAGE[str(r["stage"])]
        stages.setdefault(material, set()).add(stage)
        positions.append(
            Position(
                step=f"{material}/{stage}",
                plant=str(r["iso3"]),
                share_low=_share(r["share_low"]),
                share_high=_share(r["share_high"]),
                measure="production by site",
                mark="read",
                source=str(r["source"]),
                locator=str(r["locator"]),
            )
        )
    for material, have in sorted(stages.items()):
        about = names.get(material, {})
        for stage in sorted(have):
            en = {"extraction": "extracted", "processing": "processed"}[stage]
            nl = {"extraction": "gewonnen", "processing": "verwerkt"}[stage]
            steps[f"{material}/{stage}"] = Step(
                f"{material}/{stage}",
                f"{about.get('name_en', material)}, {en}",
                f"{about.get('name_nl', material)}, {nl}",
                layer="material",
                source="ec-crm",
            )
        if have == {"extraction", "processing"}:
            slots.append(Slot(f"{material}/processing", "ore", (f"{material}/extraction",), source="ec-crm"))
    for r in reference.rows("uses"):
        material = str(r["material"])
        if material not in stages or not r["nace"]:
            continue
        last = "processing" if "processing" in stages[material] else "extraction"
        sector = f"sector/{r['nace']}"
        if sector not in steps:
            steps[sector] = Step(sector, str(r["sector"]), str(r["sector_nl"]), "sector", final=True, source="ec-crm")
        slot = Slot(
            sector, material, (f"{material}/{last}",), source=str(r["source"]), locator=str(r["locator"]),
            note_en=str(r["application"] or ""),
        )  # fmt: skip
        if not any(s.step == sector and s.name == material for s in slots):
            slots.append(slot)
    sources, licences = _about({p.source for p in positions} | {s.source for s in slots})
    return ChainGraph("materials", tuple(steps.values()), tuple(slots), tuple(positions), sources, licences)


def _one_statement_a_step(rows: Iterable[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Keep, for each step, the rows of one statement: shares of two sources do not add up.

    A statement that was read goes before one at second hand, a later year before an earlier one, and one that names more
    holders before one that names fewer.
    """
    order = {"read": 0, "second-hand": 1, "recalled": 2}
    groups: dict[str, dict[tuple[str, ...], list[Mapping[str, object]]]] = {}
    for r in rows:
        key = tuple(str(r[c]) for c in ("source", "measure", "basis", "year", "mark"))
        groups.setdefault(str(r["step_id"]), {}).setdefault(key, []).append(r)
    out: list[Mapping[str, object]] = []
    for statements in groups.values():
        best = min(
            statements,
            key=lambda k: (order.get(k[4], 9), -int(k[3] or 0) if k[3] != "None" else 0, -len(statements[k]), k),
        )
        out += statements[best]
    return out


def _share(value: object) -> float | None:
    return None if value is None else float(str(value))
