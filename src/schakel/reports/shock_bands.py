"""How do the four bands of a result read, each apart, in Dutch or English?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schakel.charts.numbers import fine_percent
from schakel.reports.model import Column, Table
from schakel.reports.shock_words import LENS, WORLD
from schakel.reports.words import localised
from schakel.shocks import bands

NAME = {
    "parameters": {"en": "numbers", "nl": "getallen"},
    "graph": {"en": "chain", "nl": "keten"},
    "model_form": {"en": "form of the model", "nl": "vorm van het model"},
    "resolution": {"en": "resolution", "nl": "fijnheid"},
}
FROM = {
    "parameters": {"en": "{0} draws", "nl": "{0} trekkingen"},
    "graph": {"en": "{0} drawn chains", "nl": "{0} getrokken ketens"},
    "model_form": {"en": "medians of {0} lenses", "nl": "medianen van {0} lenzen"},
    "resolution": {"en": "{0} coarser tables", "nl": "{0} grovere tabellen"},
}
WHY = {
    "points": {
        "en": "not computed: every number is at its point",
        "nl": "niet berekend: elk getal staat op zijn punt",
    },
    "no_chain": {"en": "not computed: no chain in this scenario", "nl": "niet berekend: geen keten in dit scenario"},
    "fixed": {
        "en": "not computed: the scenario takes its chain as it stands; uncertainty: {graph: edge_probability} draws it",
        "nl": "niet berekend: het scenario neemt de keten zoals die is; uncertainty: {graph: edge_probability} trekt haar",
    },
    "certain": {
        "en": "not computed: nothing in this chain is uncertain",
        "nl": "niet berekend: niets in deze keten is onzeker",
    },
    "one_lens": {"en": "not computed: one lens only", "nl": "niet berekend: slechts één lens"},
    "asked_apart": {
        "en": "not computed: ask for it with --resolution, or with schakel shock resolution",
        "nl": "niet berekend: vraag erom met --resolution, of met schakel shock resolution",
    },
    "told_apart": {
        "en": "not computed: the scenario tells all regions and sectors of the table apart",
        "nl": "niet berekend: het scenario houdt alle regio's en sectoren van de tabel uiteen",
    },
    "no_table": {
        "en": "not computed: a chain has no coarser form here",
        "nl": "niet berekend: een keten heeft hier geen grovere vorm",
    },
}
_HEAD = {
    "band": {"en": "band of", "nl": "band van"},
    "lens": {"en": "lens", "nl": "lens"},
    "span": {"en": "5 % – 95 %", "nl": "5 % – 95 %"},
    "from": {"en": "from", "nl": "uit"},
}
TITLE = {
    "en": "Four bands, shown apart: share of value added lost",
    "nl": "Vier banden, apart getoond: verloren deel van de toegevoegde waarde",
}
NOTE = {
    "en": "Each band holds what was varied for it and nothing else; they are not added. The form of the model runs from the "
    "lowest to the highest median of the lenses. Coarser tables are a sign of what a finer one could change, no bound on it.",
    "nl": "Elke band bevat wat ervoor is gevarieerd en niets anders; ze worden niet opgeteld. De vorm van het model loopt van "
    "de laagste tot de hoogste mediaan van de lenzen. Grovere tabellen zijn een teken van wat een fijnere kan veranderen, geen grens.",
}


def said(answer: Mapping[str, Any], lang: str, resolution: Mapping[str, Any] | None = None) -> list[dict[str, str]]:
    """Return the bands in words, a row a band and lens.

    Parameters
    ----------
    resolution
        The band of resolution when it was computed apart from the run.
    """
    two = "chain" in answer
    out = []
    for r in bands.four(answer, resolution):
        name = " – ".join(localised(LENS[k], lang) for k in r["lens"].split("/")) if r["lens"] else "-"
        if two and r["world"]:
            name += f" ({localised(WORLD[r['world']], lang)})"
        row = {"band": localised(NAME[r["band"]], lang), "lens": name}
        ends = [fine_percent(r[k], lang) for k in ("low", "high") if r[k] is not None]
        row["span"] = " – ".join(dict.fromkeys(ends)) or "-"
        row["from"] = (
            localised(WHY[r["why"]], lang) if r["why"] else localised(FROM[r["band"]], lang).format(r["count"])
        )
        out.append(row)
    return out


def table(answer: Mapping[str, Any], lang: str, resolution: Mapping[str, Any] | None = None) -> Table:
    """Return the four bands as a table."""
    columns = tuple(Column(k, localised(_HEAD[k], lang)) for k in _HEAD)
    return Table(columns, said(answer, lang, resolution), TITLE[lang], (NOTE[lang],))


def lines(answer: Mapping[str, Any], lang: str) -> list[str]:
    """Return the bands as lines under a table on a terminal: one a band."""
    label = {"en": "band of {0}", "nl": "band van {0}"}[lang]
    found: dict[str, list[str]] = {}
    rows = said(answer, lang)
    for r in rows:
        found.setdefault(r["band"], []).append(r["from"] if r["span"] == "-" else f"{r['lens']} {r['span']}")
    counts = {r["band"]: f" ({r['from']})" for r in rows if r["span"] != "-"}
    return [f"{label.format(band)}{counts.get(band, '')}: {'; '.join(spans)}" for band, spans in found.items()]
