"""Which firms and institutes in the Netherlands are active in which segment of the chip chain, and where?

A partial list, each row with its source, that grows by a plain CSV in the same columns. One firm may stand in several
segments, so numbers by segment do not add up to the number of firms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schakel import reference
from schakel.errors import InputError
from schakel.evidence import InputRef, Mark, sha256_file, sha256_text
from schakel.sources.cells import Row, rows

KINDS = ("firm", "institute", "programme")
COLUMNS = ("actor", "kind", "segment", "role_en", "role_nl", "region", "mark", "source", "locator")
REQUIRED = ("actor", "segment", "source")
TABLES = ("ecosystem", "ecosystem_segments", "ecosystem_published")


@dataclass(frozen=True, slots=True)
class Activity:
    """One firm, institute or programme in one segment; the region is empty when no source states it."""

    actor: str
    kind: str
    segment: str
    role_en: str
    role_nl: str
    region: str
    mark: str
    source: str
    locator: str


@dataclass(frozen=True, slots=True)
class Ecosystem:
    """The rows, where they come from, and what went in."""

    activities: tuple[Activity, ...]
    inputs: tuple[InputRef, ...]
    own_sources: tuple[str, ...]

    @property
    def actors(self) -> tuple[str, ...]:
        """Every firm, institute and programme once, by name."""
        return tuple(sorted({a.actor for a in self.activities}, key=str.casefold))


def load(added: Sequence[Path] = ()) -> Ecosystem:
    """Return the embedded rows and those of CSV files; a row of a file replaces the embedded one of actor and segment.

    Raises
    ------
    InputError
        Naming file, row and column of the first wrong cell; then nothing is returned.
    """
    found = {
        (str(r["actor"]), str(r["segment"])): Activity(**{c: str(r[c] or "") for c in COLUMNS})
        for r in reference.rows("ecosystem")
    }
    digest = sha256_text(repr(sorted(r.items())) for table in TABLES for r in reference.rows(table))
    inputs = [InputRef("reference ecosystem", digest, len(found))]
    known = {str(s["segment"]) for s in reference.rows("ecosystem_segments")}
    own: set[str] = set()
    for path in added:
        if path.is_dir():
            raise InputError(
                "a folder, not a file", where=f"file {path.name or '.'}", remedy="name the CSV file itself"
            )
        seen: dict[tuple[str, str], int] = {}
        for row in rows(path, COLUMNS, REQUIRED):
            one = _activity(row, known)
            key = (one.actor, one.segment)
            if key in seen:
                raise InputError(
                    f"{one.actor} stands twice in {one.segment}",
                    where=row.where("actor"),
                    remedy=f"keep this row or row {seen[key]}",
                )
            seen[key] = row.line
            found[key] = one
            own.add(one.source)
        inputs.append(InputRef(path.name, sha256_file(path), len(seen)))
    order = sorted(found.values(), key=lambda a: (a.segment, a.actor.casefold()))
    return Ecosystem(tuple(order), tuple(inputs), tuple(sorted(own)))


def _activity(row: Row, known: set[str]) -> Activity:
    segment = row.need("segment")
    if segment not in known:
        raise InputError(
            f"unknown segment {segment!r}", where=row.where("segment"), remedy=f"use {', '.join(sorted(known))}"
        )
    return Activity(
        actor=row.need("actor"),
        kind=row.one_of("kind", KINDS),
        segment=segment,
        role_en=row.text("role_en"),
        role_nl=row.text("role_nl") or row.text("role_en"),
        region=row.text("region"),
        mark=row.one_of("mark", tuple(m.value for m in Mark)),
        source=row.need("source"),
        locator=row.text("locator"),
    )


def counts(found: Ecosystem) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return how many are named by segment and by region; a region that no source states is None."""
    segments = []
    for s in reference.rows("ecosystem_segments"):
        inside = {a.actor: a.kind for a in found.activities if a.segment == s["segment"]}
        segments.append(
            {
                "segment": s["segment"],
                "name_en": s["name_en"],
                "name_nl": s["name_nl"],
                "named": len(inside),
                **{f"{kind}s": sum(k == kind for k in inside.values()) for kind in KINDS},
                "published": s["published"],
                "steps": str(s["steps"] or "").split(";") if s["steps"] else [],
                "source": s["source"],
                "locator": s["locator"],
            }
        )
    stated: dict[str, set[str]] = {}
    for a in found.activities:
        stated.setdefault(a.actor, set())
        if a.region:
            stated[a.actor].add(a.region)
    regions = sorted({r for held in stated.values() for r in held})
    by_region: list[dict[str, Any]] = [
        {"region": r, "named": sum(r in held for held in stated.values())} for r in regions
    ]
    by_region.append({"region": None, "named": sum(not held for held in stated.values())})
    return segments, by_region


def cells(found: Ecosystem) -> list[dict[str, Any]]:
    """Return how many are named by segment and region together; a region that no source states is None.

    The region is the one stated on the row of that segment, or else on another row of the same firm or institute.
    """
    stated: dict[str, set[str]] = {}
    for a in found.activities:
        if a.region:
            stated.setdefault(a.actor, set()).add(a.region)
    held: dict[tuple[str, str], set[str]] = {}
    for a in found.activities:
        for region in [a.region] if a.region else sorted(stated.get(a.actor, ())) or [""]:
            held.setdefault((a.segment, region), set()).add(a.actor)
    order = [str(s["segment"]) for s in reference.rows("ecosystem_segments")]
    keys = sorted(held, key=lambda k: (order.index(k[0]), not k[1], k[1]))
    return [{"segment": s, "region": r or None, "named": len(held[s, r])} for s, r in keys]


def answer(added: Sequence[Path] = (), *, segment: str | None = None) -> dict[str, Any]:
    """Answer with rows, counts, published counts, sources, licences and receipt.

    Raises
    ------
    InputError
        If a file has a wrong cell, or there is no such segment.
    """
    from dataclasses import asdict

    from schakel.evidence import Receipt, licence, result_sha256
    from schakel.version import __version__

    found = load(added)
    segments, regions = counts(found)
    if segment is not None and segment not in [s["segment"] for s in segments]:
        raise InputError(f"unknown segment {segment!r}", remedy=f"use {', '.join(str(s['segment']) for s in segments)}")
    shown = [asdict(a) for a in found.activities if segment in (None, a.segment)]
    result = {
        "published": [dict(r) for r in reference.rows("ecosystem_published")],
        "actors": len(found.actors),
        "segments": segments,
        "regions": regions,
        "segment_regions": [c for c in cells(found) if segment in (None, c["segment"])],
        "rows": shown,
    }
    embedded = {s.id: s for s in reference.sources()}
    used = sorted({str(r["source"]) for table in TABLES for r in reference.rows(table)})
    own = [{"id": key, "title": key, "licence": "user-supplied"} for key in found.own_sources if key not in embedded]
    licences = sorted({embedded[key].licence for key in used} | ({"user-supplied"} if own else set()))
    receipt = Receipt(
        inputs=found.inputs,
        parameters={"question": "ecosystem", "segment": segment},
        sql_sha256="",
        engine=f"schakel {__version__}",
        result_sha256=result_sha256(result),
    )
    return {
        **result,
        "warnings": list(reference.info("ecosystem").caveats),
        "sources": [*(embedded[key].as_dict() for key in used), *own],
        "licences": [asdict(licence(key)) for key in licences],
        "receipt": receipt.as_dict(),
    }
