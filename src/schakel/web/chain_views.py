"""Which drawing, with which words, shows a chain?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from schakel import charts
from schakel.chains.graph import ChainGraph
from schakel.charts.numbers import number, percent
from schakel.web.i18n import either, translator
from schakel.web.render import Context, trusted
from schakel.web.views import Figure

DRAWN = 300  # steps that one drawing can hold
LISTED = 400  # steps of one layer that a list can hold


def listing(
    c: Context, graph: ChainGraph, steps: Sequence[Mapping[str, Any]], *, lost: Collection[str] = (), **more: object
) -> list[tuple[str, int, list[tuple[str, str, str, bool]]]]:
    """Return the steps by layer, those nearest to the beginning first: label, number, and (name, address, holder, lost).

    Of a layer at most `LISTED` steps, the lost ones first.
    """
    t = translator(c.lang)
    layers: dict[str, list[Mapping[str, Any]]] = {}
    for s in sorted(steps, key=lambda s: (s["final"], s["level"])):
        layers.setdefault(s["layer"], []).append(s)
    out = []
    for layer, inside in layers.items():
        label = either(c.lang)(f"chain.layer.{layer}", layer) if layer else t("chain.steps")
        inside = sorted(inside, key=lambda s: (s["step"] not in lost, s[f"name_{c.lang}"].casefold()))
        rows = [
            (s[f"name_{c.lang}"], step_url(c, graph.name, s["step"], **more), _held(c, s), s["step"] in lost)
            for s in inside[:LISTED]
        ]
        out.append((label, len(inside), rows))
    return out


def _held(c: Context, step: Mapping[str, Any]) -> str:
    """Say concentration and largest holder in a few words."""
    known = [(share, code) for code, share in step["holders"].items() if share is not None]
    if not known:
        return ", ".join(c.country_name(code) for code in step["holders"]) or translator(c.lang)("chain.nobody_named")
    share, code = max(known)
    return f"{c.country_name(code)} {percent(share, c.lang, 0)} · HHI {number(step['hhi'], c.lang, 2)}"


def step_url(c: Context, graph: str, step: str, **more: object) -> str:
    """Return the address of a step's page."""
    return c.url(("chain", graph, "step", step), **more)


def drawing(
    c: Context,
    graph: ChainGraph,
    steps: Sequence[Mapping[str, Any]],
    heading: str,
    sub: str,
    *,
    lost: Collection[str] = (),
    focus: str = "",
    ident: str = "chain",
    **more: object,
) -> Figure | None:
    """Draw some steps of a chain with the links between them; nothing where they are more than can be read.

    Parameters
    ----------
    steps
        As `schakel.chains.answers.show` gives them.
    more
        Kept in the addresses of the boxes.
    """
    if len(steps) > DRAWN:
        return None
    t = translator(c.lang)
    shown = {s["step"] for s in steps}
    boxes = []
    for s in steps:
        sized = [(share, code) for code, share in s["holders"].items() if share is not None]
        share, holder = max(sized, key=lambda x: (x[0], x[1])) if sized else (None, next(iter(s["holders"]), ""))
        boxes.append(
            charts.Box(
                s["step"],
                s[f"name_{c.lang}"],
                s["hhi"],
                s["hhi_high"],
                holder,
                share,
                step_url(c, graph.name, s["step"], **more),
                s["step"] in lost,
                s["step"] == focus,
            )
        )
    kinds: dict[tuple[str, str], charts.Arrow] = {}
    for slot in graph.slots:
        for a in slot.alternatives:
            if a in shown and slot.step in shown:
                several = len(slot.alternatives) > 1
                kinds.setdefault((a, slot.step), charts.Arrow(a, slot.step, slot.criticality, several))
    arrows = list(kinds.values())
    names = ("step", "into", "concentration", "holder", "share")
    h = [t("chain.table." + key) for key in names]
    words = charts.layered_words(boxes, arrows, header=(h[0], h[1], h[2], h[3], h[4]), lang=c.lang)
    svg = charts.layered(boxes, arrows, title=heading, desc=words.sentence, ident=ident, lang=c.lang)
    return Figure(ident, trusted(svg), heading, sub, words, charts.layered_legend(c.lang), t("chain.lines"))
