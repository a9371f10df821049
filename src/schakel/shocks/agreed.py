"""Do the parts of a scenario agree: does every key have something to act on, and does an answer come from who retaliates?

A key that is well formed but could change nothing is refused with its line, so that nobody believes in a remedy that no lens sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schakel.errors import InputError
from schakel.shocks.checks import countries_of
from schakel.shocks.yamlfile import Document, Key

_OF_DELIVERIES = ("uses", "phase_in", "leakage", "licence")


def answers(document: Document, content: Mapping[str, Any], groups: Mapping[str, frozenset[str]]) -> None:
    """Check that a measure that answers is imposed by who is said to retaliate, and answers one measure only."""
    measures = content.get("measures") or []
    at = {m["id"]: i for i, m in enumerate(measures)}
    answered: dict[str, str] = {}
    for i, m in enumerate(measures):
        answer = m.get("retaliation")
        if not answer:
            continue
        path: Key = ("measures", i, "retaliation")
        wanted = answer["measure"]
        if wanted == m["id"] or wanted in answered:
            raise InputError(
                f"measure {wanted!r} answers {'itself' if wanted == m['id'] else repr(answered[wanted]) + ' already'}",
                where=document.where((*path, "measure")),
                remedy="give each answer a measure of its own",
            )
        answered[wanted] = m["id"]
        imposer = measures[at[wanted]].get("imposer")
        if "by" in answer and imposer is not None:
            by, theirs = (countries_of(name, groups) for name in (answer["by"], imposer))
            if by != theirs:
                raise InputError(
                    f"{answer['by']} retaliates with {wanted!r}, which is imposed by {imposer}",
                    where=document.where((*path, "by")),
                    remedy="name the same, or leave one of them out",
                )


def meant(document: Document, content: Mapping[str, Any]) -> None:
    """Check that keys which act on something find it in the file."""

    def refuse(what: str, path: Key, remedy: str) -> None:
        raise InputError(what, where=document.where(path), remedy=remedy)

    for i, m in enumerate(content.get("measures") or []):
        path: Key = ("measures", i)
        if m["instrument"] == "capacity_loss":
            for key in _OF_DELIVERIES:
                if key in m:
                    refuse(
                        f"{key} changes nothing in a capacity_loss",
                        (*path, key),
                        "leave it out, or cut deliveries instead",
                    )
        elif "recovery" in m:
            refuse(f"recovery changes nothing in {m['instrument']}", (*path, "recovery"), "it is for a capacity_loss")
    against = content.get("mitigations") or []
    first = any(m["kind"] == "priority_orders" for m in against)
    for i, m in enumerate(against):
        if m.get("release") == "priority" and not first:
            refuse(
                "a stock released by priority, and nobody is served first",
                ("mitigations", i, "release"),
                "add a mitigation of kind priority_orders",
            )
        if "cost_usd" in m and "cost_eur" in m:
            refuse("a cost in dollars and one in euros", ("mitigations", i, "cost_eur"), "give one of them")
    behaviour = content.get("behaviour") or {}
    if behaviour.get("allocation") == "priority" and not first:
        refuse(
            "priority, and nobody is served first",
            ("behaviour", "allocation"),
            "add a mitigation of kind priority_orders",
        )
    if "elasticity" in behaviour and not any(m["instrument"] == "tariff" for m in content.get("measures") or []):
        refuse(
            "elasticity says how a tariff cuts trade, and there is no tariff",
            ("behaviour", "elasticity"),
            "leave it out; trade_elasticity is that of the long run",
        )
