"""Which drawing, with which words, shows a chain?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from schakel import charts
from schakel.chains.graph import ChainGraph
from schakel.web.i18n import translator
from schakel.web.render import Context, trusted
from schakel.web.views import Figure


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
) -> Figure:
    """Draw some steps of a chain with the links between them.

    Parameters
    ----------
    steps
        As `schakel.chains.answers.show` gives them.
    more
        Kept in the addresses of the boxes.
    """
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
