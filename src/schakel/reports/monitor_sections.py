"""How does each part of a monitor read as tables and drawings?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from schakel import charts, reference
from schakel.dependency import embedded, positions
from schakel.dependency import sensitivity as sv
from schakel.dependency.findings import named
from schakel.dependency.monitor import Monitor
from schakel.dependency.presets import Preset, preset
from schakel.dependency.suppliers import governance_scaled, trade_weighted_distance, weighted_hhi
from schakel.nomenclature import countries
from schakel.reports.model import Block, Column, Figure, Heading, Kind, Paragraph, Table
from schakel.reports.monitor_words import say
from schakel.reports.words import number, shown, word

BREAKS = (0.01, 0.05, 0.1, 0.25, 0.5)
PARTS = (Fraction(1, 10), Fraction(1, 4), Fraction(1, 2))
PAGE = 60  # rows of a table on a page
_BRIEF = 20
_DRAWN = 16


class Sections:
    """The parts of one report: a monitor, a language, and how many rows a table shows."""

    def __init__(self, m: Monitor, lang: str, limit: int) -> None:
        self.m, self.lang, self.limit = m, lang, limit
        self.rule: Preset = preset(m.chosen.receipt.parameters["method"])
        self.governance = embedded.governance(m.year)
        self.distance = embedded.voting_distance(m.reporter, m.year)
        self.sources: set[str] = set()
        self.flows = [s["id"] for s in m.chosen.sources if not s["id"].startswith("method:")]

    def t(self, key: str, *values: object) -> str:
        """Return a text in the report's language."""
        return say(key, self.lang, *values)

    def column(
        self, key: str, kind: Kind = "text", digits: int | None = None, unit: str = "", title: str = ""
    ) -> Column:
        """Return a column headed by the word of its key."""
        return Column(key, self.t(title or key), unit, kind, digits)

    def name(self, code: str | None) -> str | None:
        """Return a country's name."""
        return countries.name(code, self.lang) if code else None

    def product(self, code: str) -> dict[str, str]:
        """Return code and name of a product."""
        return {"product": code, "name": embedded.product_name(code, self.lang)}

    def rests(self, keys: Iterable[str]) -> str:
        """Return the note that says what a table rests on, and remember its sources."""
        found = list(dict.fromkeys(keys))
        self.sources |= {k for k in found if not k.startswith("method:")} - set(self.flows)
        return self.t("rests", ", ".join(found))

    def table(
        self, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], caption: str, *notes: str, most: int = 0
    ) -> Table:
        """Return a table of the first rows, saying how many more there are; `most` shortens it on a page."""
        limit = min(self.limit, most) if most and self.limit <= PAGE else self.limit
        more = (self.t("more", len(rows) - limit),) if len(rows) > limit else ()
        return Table(tuple(columns), rows[:limit], caption, (*more, *(n for n in notes if n)))

    # --- which imports, by which definition

    def definitions(self) -> list[Block]:
        """Return the count of verdicts by definition, with the cuts moved, and the grid of verdicts."""
        rows = []
        for name, answer in self.m.screens.items():
            rule = preset(answer.receipt.parameters["method"])
            now, low, high = (sv.moved(answer, rule, f) for f in (1.0, 0.9, 1.1))
            marks = [*(c.status for c in rule.criteria), *(status for _, status in rule.status)]
            rows.append(
                {
                    "definition": name, "yes": now["yes"], "no": now["no"], "open": now["open"], "lower": low["yes"], "higher": high["yes"],
                    "status": self.t("verified", marks.count("verified"), len(marks)),
                }
            )  # fmt: skip
        columns = [
            self.column("definition", "code"),
            *(self.column(k, "integer") for k in ("yes", "no", "open", "lower", "higher")),
            self.column("status"),
        ]
        keys = [*self.flows, *(f"method:{n}" for n in self.m.screens)]
        counted = Table(tuple(columns), rows, self.t("grid_caption"), (self.rests(keys),))
        return [Heading(self.t("grid")), Paragraph(self.t("grid_note")), counted, *self._drawn()]

    def _drawn(self) -> list[Figure]:
        value = {r["product"]: self.m.value(r) for r in self.m.chosen.rows}
        names = tuple(self.m.screens)
        ranked = sorted(
            sv.agreement(self.m.grid, names), key=lambda a: (-len(a.yes), -value.get(a.product, 0.0), a.product)
        )
        if not ranked or len(names) < 2:
            return []
        shown_ = [(a.product, embedded.product_name(a.product, self.lang)) for a in ranked[:_DRAWN]]
        bare = [re.sub(r"\d{4}$", "", n) for n in names]  # the years do not fit above the columns
        methods = list(zip(names, bare if len(set(bare)) == len(bare) else names, strict=True))
        verdicts = {(p, n): self.m.grid[p].get(n) for p, _ in shown_ for n in names}
        words = charts.verdict_grid_words(shown_, methods, verdicts, header=self.t("product"), lang=self.lang)
        title = self.t("grid_figure")
        svg = charts.verdict_grid(
            shown_, methods, verdicts, title=title, desc=words.sentence, ident="grid", lang=self.lang
        )
        return [Figure(charts.standalone(svg), words.sentence, title)]

    def contested(self) -> list[Block]:
        """Return, for the products of the chosen definition, which definitions say what."""
        m = self.m
        value = {r["product"]: m.value(r) for r in m.chosen.rows}
        mine = [a for a in sv.agreement(m.grid, tuple(m.screens)) if m.grid[a.product].get(m.method) is True]
        aside = sv.one_partner(m.screens)
        if not mine or len(m.screens) < 2:
            return []
        mine.sort(key=lambda a: (-value.get(a.product, 0.0), a.product))
        rows = [
            {
                **self.product(a.product),
                "says_yes": ", ".join(a.yes),
                "says_no": ", ".join(a.no) or "-",
                "says_open": ", ".join(a.open) or "-",
            }
            for a in mine
        ]
        columns = [
            self.column("product", "code"),
            *(self.column(k) for k in ("name", "says_yes", "says_no", "says_open")),
        ]
        text = self.t("agree_note", sum(a.contested(aside) for a in mine), len(mine))
        texts = [Paragraph(text), *([Paragraph(self.t("agree_aside", ", ".join(sorted(aside))))] if aside else [])]
        return [Heading(self.t("agree")), *texts, self.table(columns, rows, self.t("agree_caption"), most=_BRIEF)]

    # --- on whom

    def suppliers(self) -> list[Block]:
        """Return the map and the table of suppliers with governance and voting distance, and what they weigh together."""
        m = self.m
        whole = sum(v for _, v in m.suppliers)
        head: list[Block] = [
            Heading(self.t("from", named(m.reporter, self.lang))),
            Paragraph(self.t("from_note", m.method)),
        ]
        if not whole:
            return [*head, Paragraph(word("no_rows", self.lang))]
        led: dict[str, int] = {}
        for row in m.chosen.rows:
            if row["dependent"] is not False and row["top_supplier"]:
                led[row["top_supplier"]] = led.get(row["top_supplier"], 0) + 1
        rows = [
            {
                "supplier": self.name(c), "value": v, "share": v / whole, "leads": led.get(c, 0),
                "governance": self.governance.get(c), "distance": self.distance.get(c),
            }
            for c, v in m.suppliers
        ]  # fmt: skip
        columns = [
            self.column("supplier"),
            self.column("value", "money", unit=m.currency),
            self.column("share", "share"),
            self.column("leads", "integer"),
            self.column("governance", "number", 2),
            self.column("distance", "number", 2),
        ]
        told = self._weighed(tuple(v / whole for _, v in m.suppliers), tuple(c for c, _ in m.suppliers))
        note = self.rests([*self.flows, "wgi-pv", "unga"])
        return [*head, *self._map(whole), self.table(columns, rows, self.t("from_caption"), told, note, most=_BRIEF)]

    def _weighed(self, shares: Sequence[float], suppliers: Sequence[str]) -> str:
        """Return voting distance and weighted concentration in words; a supplier without a figure may weigh anything."""
        farthest = max(self.distance.values(), default=0.0)
        far = [self.distance[c] / farthest if c in self.distance and farthest else None for c in suppliers]
        bad = [governance_scaled(self.governance[c]) if c in self.governance else None for c in suppliers]
        mean, covered = trade_weighted_distance(shares, [self.distance.get(c) for c in suppliers])

        def between(weights: Sequence[float | None], top: float) -> str:
            ends = [
                shown(weighted_hhi(shares, [end if w is None else w for w in weights]), "number", self.lang, 3)
                for end in (0.0, top)
            ]
            return ends[0] if ends[0] == ends[1] else " - ".join(ends)

        return self.t(
            "from_sum",
            shown(mean, "number", self.lang, 2),
            shown(covered, "share", self.lang, 1),
            shown(sum(s * s for s in shares), "number", self.lang, 3),
            between(far, 1.0),
            between(bad, 10.0),
        )

    def _map(self, whole: float) -> list[Figure]:
        def name(code: str) -> str:
            return countries.name(code, self.lang)

        heading = self.t("from_map")
        values: dict[str, float | None] = {c: v / whole for c, v in self.m.suppliers}
        words = charts.choropleth_words(values, header=(self.t("partner"), self.t("share")), lang=self.lang, name=name)
        svg = charts.choropleth(
            values, breaks=BREAKS, title=heading, desc=words.sentence, ident="map", lang=self.lang, name=name,
            home=positions.home(self.m.reporter, self.m.year),
        )  # fmt: skip
        return [Figure(charts.standalone(svg), words.sentence, f"{heading}. {charts.BOUNDARIES[self.lang]}")]

    def products(self) -> list[Block]:
        """Return the products that meet the chosen definition or stay open, with their largest supplier."""
        m = self.m
        held = sorted(
            (r for r in m.chosen.rows if r["dependent"] is not False), key=lambda r: (-m.value(r), r["product"])
        )
        rows = [
            {
                **self.product(r["product"]), "imports": m.value(r), "top": self.name(r["top_supplier"]), "share": r["top_supplier_share"],
                "governance": self.governance.get(r["top_supplier"]), "distance": self.distance.get(r["top_supplier"]), "verdict": r["dependent"],
            }
            for r in held
        ]  # fmt: skip
        columns = [
            self.column("product", "code"), self.column("name"), self.column("imports", "money", unit=m.currency), self.column("top"),
            self.column("share", "share"), self.column("governance", "number", 2), self.column("distance", "number", 2),
            self.column("verdict", "boolean"),
        ]  # fmt: skip
        summary = self.rule.summary_nl if self.lang == "nl" else self.rule.summary
        note = self.rests([*self.flows, f"method:{m.method}", "wgi-pv", "unga"])
        texts = [Paragraph(x) for x in (summary, self.t("list_note")) if x]
        return [Heading(self.t("list", m.method)), *texts, self.table(columns, rows, self.t("list_caption"), note)]

    # --- re-exports

    def re_exports(self, declared: Sequence[Mapping[str, Any]]) -> list[Block]:
        """Return what re-exports could change: as declared and bounded where the flows hold exports, else under stated bounds.

        Parameters
        ----------
        declared
            For each product with exports: ``product``, ``declared``, ``low``, ``high`` (verdicts) and ``turns`` (criteria).
        """
        head = Heading(self.t("re"))
        if declared:
            rows = [
                {**self.product(r["product"]), **{k: r[k] for k in ("declared", "low", "high", "turns")}}
                for r in declared
            ]
            columns = [
                self.column("product", "code"), self.column("name"), Column("declared", self.t("verdict"), kind="boolean"),
                Column("low", self.t("least"), kind="boolean"), Column("high", self.t("most"), kind="boolean"), self.column("turns"),
            ]  # fmt: skip
            return [
                head,
                Paragraph(self.t("re_declared")),
                self.table(columns, rows, self.t("re_caption"), self.rests(self.flows)),
            ]
        if not sv.covers(self.rule) or not self.m.held:
            return [head, Paragraph(self.t("re_none", self.m.method))]
        sure = [
            p for p, r in ((r["product"], r) for r in self.m.chosen.rows) if r["dependent"] is True and p in self.m.held
        ]
        supplies = [self.m.held[p] for p in sure]
        parts, anchor = [Fraction(0), *PARTS], []
        if self.m.reporter == "NLD":
            part, text = self._anchor()
            parts, anchor = sorted([*parts, part]), [Paragraph(text)]
        rows = []
        for part in parts:
            n = sv.under_bounds(self.rule, supplies, part)
            rows.append({"part": float(part), "sure_yes": n["yes"], "either": n["either"], "sure_no": n["no"]})
        columns = [
            self.column("part", "share"),
            *(self.column(k, "integer") for k in ("sure_yes", "either", "sure_no")),
        ]
        keys = [*self.flows, *(["cbs-handel2019"] if anchor else [])]
        counted = Table(tuple(columns), rows, self.t("re_caption"), (self.rests(keys),))
        return [head, Paragraph(self.t("re_note")), *anchor, counted, self._even(sure)]

    def _anchor(self) -> tuple[Fraction, str]:
        found = {r["headline"]: r for r in reference.rows("headlines")}
        whole, part = found["nl-imports-2015"], found["nl-imports-2015-reexport"]
        share = Fraction(str(part["value"])) / Fraction(str(whole["value"]))
        text = self.t(
            "re_anchor",
            whole["year"],
            shown(float(share), "share", self.lang, 1),
            number(float(str(whole["value"])), self.lang),
            whole["source"],
        )
        return share, text

    def _even(self, sure: Sequence[str]) -> Table:
        row_of = {r["product"]: r for r in self.m.chosen.rows}
        first = sorted(sure, key=lambda p: (-self.m.value(row_of[p]), p))[: min(self.limit, PAGE)]
        rows = [
            {
                **self.product(p),
                "imports": self.m.value(row_of[p]),
                "share": row_of[p]["top_supplier_share"],
                "even": sv.break_even(self.rule, self.m.held[p]),
            }
            for p in first
        ]
        columns = [
            self.column("product", "code"), self.column("name"), self.column("imports", "money", unit=self.m.currency),
            self.column("share", "share"), self.column("even", "share"),
        ]  # fmt: skip
        more = (self.t("more", len(sure) - len(first)),) if len(sure) > len(first) else ()
        return Table(tuple(columns), rows, self.t("re_even"), more)
