"""How does each question become an answer that can be had again: what was found, what it rests on, and the receipt of the run?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from schakel.dependency import compare as comparing
from schakel.dependency import reverse as room
from schakel.dependency.control_points import control_point
from schakel.dependency.presets import names, preset
from schakel.dependency.screen import definition_sha256, definition_source, engine_name, licence_facts, setting
from schakel.errors import InputError
from schakel.evidence import InputRef, Receipt, result_sha256, sha256_text
from schakel.lake.flowset import FlowSet

BESIDE = ("warnings", "sources", "licences", "receipt")  # what stands beside a result; its hash covers all the rest
RISK = "risk"


def compare(
    flows: FlowSet,
    *,
    reporter: str,
    product: str,
    year: int,
    methods: Sequence[str] | None = None,
    bloc: str | None = None,
) -> dict[str, Any]:
    """Return one product under all definitions, see `dependency.compare.compare`."""
    used = list(methods or names())
    body = comparing.compare(flows, reporter, product, year, methods=used, bloc=bloc)
    asked = {"reporter": body["reporter"], "product": product, "year": year, "methods": used, "bloc": bloc}
    return _answer(flows, "compare", asked, body, used)


def churn(
    flows: FlowSet, *, reporter: str, first: int, second: int, method: str, bloc: str | None = None
) -> dict[str, Any]:
    """Return what entered and left the list, see `dependency.compare.churn`."""
    body = comparing.churn(flows, reporter, method, first, second, bloc)
    asked = {"reporter": body["reporter"], "method": method, "first": first, "second": second, "bloc": bloc}
    return _answer(flows, "churn", asked, body, [method])


def reverse(
    flows: FlowSet,
    *,
    reporter: str,
    year: int,
    method: str,
    by: str,
    bloc: str | None = None,
    threads: int | None = None,
) -> dict[str, Any]:
    """Return who leans on the reporter: by "product", by "partner", or the "control" points.

    Raises
    ------
    InputError
        If `by` is none of these.
    """
    if by not in ("product", "partner", "control"):
        raise InputError(f"cannot sum by {by!r}", where="by", remedy="use product, partner or control")
    where = setting(reporter, method, year, bloc)
    rows = room.reverse(flows, reporter, method, year, bloc, threads=threads)
    if by == "partner":
        rows = room.by_partner(rows)
    elif by == "control":
        rows = [control_point(flows, where, p, year).as_dict() for p in sorted({r["product"] for r in rows})]
    body = {"reporter": where.reporter, "year": year, "method": method, "by": by, "rows": rows}
    asked = {"reporter": where.reporter, "year": year, "method": method, "by": by, "bloc": bloc}
    return _answer(flows, "reverse", asked, body, [method])


def mutual(
    flows: FlowSet,
    *,
    parties: Sequence[str],
    year: int,
    method: str,
    common: bool = False,
    threads: int | None = None,
) -> dict[str, Any]:
    """Return who depends on whom or, with `common`, in what the two parties depend on the same third.

    Raises
    ------
    InputError
        If fewer than two parties are named, other than two with `common`, or they overlap.
    """
    if common and len(set(parties)) != 2:
        raise InputError("common dependencies are asked of two parties", where=" ".join(parties), remedy="name two")
    rows = (
        room.common(flows, parties[0], parties[1], method, year, threads=threads)
        if common
        else room.mutual(flows, parties, method, year, threads=threads)
    )
    body = {"parties": list(parties), "year": year, "method": method, "rows": rows}
    asked = {"parties": list(parties), "year": year, "method": method, "common": common}
    return _answer(flows, "mutual", asked, body, [method])


def risk(*, assume: str) -> dict[str, Any]:
    """Return the supply risk of raw materials under one of the assumptions, see `dependency.supply_risk`.

    Raises
    ------
    InputError
        If there are no such assumptions.
    """
    from schakel import reference
    from schakel.dependency.supply_risk import TABLES, supply_risk_report

    report = supply_risk_report()
    if assume not in report["variants"]:
        raise InputError(f"there are no assumptions {assume!r}", remedy=f"use one of {', '.join(report['variants'])}")
    used = [reference.source(key) for key in report["sources"]]
    about = {k: v for k, v in report.items() if k not in ("variants", "sources")}
    body = {**about, "assume": assume, **report["variants"][assume]}
    receipt = Receipt(
        inputs=table_inputs(TABLES),
        parameters={"command": RISK, "assume": assume, "year": report["year"]},
        sql_sha256=sha256_text([report["formula"]]),  # no query: the formula is what defines the figures
        engine=engine_name(),
        result_sha256=result_sha256(body),
    )
    return {
        **body,
        "warnings": ["the formula was not read in its source and is marked unverified"],
        "sources": [s.as_dict() for s in used],
        "licences": [licence_facts(key) for key in sorted({s.licence for s in used})],
        "receipt": receipt.as_dict(),
    }


def table_inputs(tables: Iterable[str]) -> tuple[InputRef, ...]:
    """Return embedded tables as inputs."""
    from schakel import reference

    return tuple(InputRef(f"reference:{t}", reference.sha256(t), len(reference.rows(t))) for t in tables)


_FLOWS = {"compare": compare, "churn": churn, "reverse": reverse, "mutual": mutual}
COMMANDS = (*_FLOWS, RISK)


def again(command: str, flows: FlowSet | None, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a question again as the parameters of its receipt put it.

    Raises
    ------
    InputError
        If a parameter is missing or of the wrong kind.
    """
    keys = {
        "compare": ("reporter", "product", "year", "methods", "bloc"),
        "churn": ("reporter", "first", "second", "method", "bloc"),
        "reverse": ("reporter", "year", "method", "by", "bloc"),
        "mutual": ("parties", "year", "method", "common"),
        RISK: ("assume",),
    }[command]
    lacking = [k for k in keys if k not in parameters]
    if lacking:
        raise InputError(
            f"the receipt names no {lacking[0]}", where="receipt", remedy="use the answer as it was written"
        )
    given = {k: parameters[k] for k in keys}
    kinds = {"year": int, "first": int, "second": int, "methods": list, "parties": list, "common": bool}
    for key, value in given.items():
        if not isinstance(value, kinds.get(key, str)) and not (key == "bloc" and value is None):
            raise InputError(f"{key} of the receipt cannot be {value!r}", where="receipt", remedy="use it as written")
    if command == RISK:
        return risk(**given)
    found: dict[str, Any] = _FLOWS[command](flows, **given)  # type: ignore[operator]
    return found


def _answer(
    flows: FlowSet, command: str, asked: Mapping[str, Any], body: Mapping[str, Any], methods: Sequence[str]
) -> dict[str, Any]:
    """Add to what was found the warnings, sources and licences it rests on, and the receipt."""
    used = [preset(m) for m in methods]
    receipt = Receipt(
        inputs=flows.inputs,
        parameters={
            "command": command,
            **asked,
            "definitions_sha256": sha256_text(repr(p) for p in used),
            **dict(flows.reading),
        },
        sql_sha256=definition_sha256(),
        engine=engine_name(),
        result_sha256=result_sha256(body),
    )
    return {
        **body,
        "warnings": list(flows.warnings),
        "sources": [*(dict(s) for s in flows.sources), *(definition_source(p) for p in used)],
        "licences": [licence_facts(key) for key in flows.licences],
        "receipt": receipt.as_dict(),
    }
