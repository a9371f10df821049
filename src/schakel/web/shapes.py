"""How do the answers of the dependency room become the shapes that pages and REST show?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schakel import reference
from schakel.dependency.presets import Preset
from schakel.dependency.screen import Screen as Answer
from schakel.evidence import Mark, Source, result_sha256
from schakel.web import service as s
from schakel.web.wording import both, sentence


def whole(value: Any) -> int | None:
    """Return an amount in whole units."""
    return None if value is None else round(value)


def tests(p: Preset) -> list[str]:
    """Return the names of the criteria a definition tests."""
    return [c.name for c in p.criteria]


def row(found: Mapping[str, Any], wanted: Sequence[str]) -> s.Row:
    """Return a product of a screen with the criteria wanted."""
    return s.Row(
        product=found["product"],
        import_value_usd=whole(found["import_value_usd"]),
        import_value_eur=whole(found["import_value_eur"]),
        criteria=criteria(found["criteria"], wanted),
        dependent=found["dependent"],
        top_supplier=found["top_supplier"],
        top_supplier_share=found["top_supplier_share"],
    )


def criteria(found: Mapping[str, Any], wanted: Sequence[str]) -> tuple[s.Criterion, ...]:
    """Return the criteria wanted."""
    return tuple(
        s.Criterion(
            n, c["value"], c["threshold"], c["passes"], c["distance"], both(c["why"]) if c["why"] else s.NO_TEXT
        )
        for n, c in found.items()
        if n in wanted
    )


def comparison(entry: Mapping[str, Any]) -> s.Comparison:
    """Return one definition of a comparison."""
    flips = tuple(
        s.Flip(f["criterion"], f["threshold"], f["flips_at"] if f["turns_verdict"] else None) for f in entry["flips"]
    )
    return s.Comparison(
        entry["method"], entry["dependent"], criteria(entry["criteria"], list(entry["criteria"])), flips
    )


def bounds(entries: Sequence[Mapping[str, Any]]) -> tuple[s.Bound, ...]:
    """Return the ranges of the first definition that has them, and of the others for criteria it lacks."""
    out: dict[str, s.Bound] = {}
    for entry in entries:
        for name, b in entry["bounds"]["criteria"].items():
            if name != "import_value" and name not in out:
                why = both(entry["bounds"]["why"])
                values = (b["declared"], b["low"], b["high"], b["threshold"], b["could_turn"])
                out[name] = s.Bound("re-export", name, *values, why)
    return tuple(out.values())


def remedy(why: str) -> s.Text:
    """Return what a reason says would supply what is missing."""
    text = both(why)
    return s.Text(text.en.split("; ", 1)[1], text.nl.split("; ", 1)[-1]) if "; " in text.en else s.NO_TEXT


def evidence(answer: Answer, more: Sequence[str] = (), result: Any = None) -> s.Evidence:
    """Return what an answer rests on, with further sources by id; ``result`` when the rows are not the screen's."""
    keys = ("id", "title", "publisher", "url", "licence", "vintage", "retrieved", "note")
    sources = [Source(**{k: x.get(k, "") for k in keys}, mark=Mark(x.get("mark", "read"))) for x in answer.sources]
    sources += [reference.source(k) for k in more if k not in {x.id for x in sources}]
    digest = answer.receipt.result_sha256 if result is None else result_sha256(result)
    ids = sorted({x["id"] for x in answer.licences} | {reference.source(k).licence for k in more})
    return s.Evidence(
        tuple(sources), tuple(ids), tuple(sentence(w) for w in answer.warnings), answer.receipt.as_dict(), digest
    )
