"""How do the other direction, the control points and people's judgements read in a monitor?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schakel.dependency import positions
from schakel.dependency.findings import named
from schakel.nomenclature import countries
from schakel.register.judgement import Judgement, Standing
from schakel.reports.model import Block, Column, Heading, Paragraph, Table
from schakel.reports.monitor_sections import Sections
from schakel.reports.words import word

FIVE = ("unique", "valuable", "depended_upon", "reciprocal", "domestic_share")


class Others(Sections):
    """The parts that look from the others to the reporter."""

    def leaning(self) -> list[Block]:
        """Return who leans on the reporter: by partner, by product, by the EC's supply shares and by cited positions."""
        m = self.m
        there = named(m.reporter, self.lang)
        blocks: list[Block] = [Heading(self.t("reverse", there))]
        partners = [r for r in m.reverse if r["majority_products"]]
        if partners:
            blocks += [Paragraph(self.t("reverse_note")), *self._partners(partners)]
            if m.coverage != "world":
                blocks.append(Paragraph(self.t("reverse_through", there)))
        elif m.reverse_rows:
            blocks.append(Paragraph(self.t("reverse_nobody", there)))
        if m.coverage != "world":
            blocks.append(Paragraph(self.t("reverse_none", there)))
        return [*blocks, *self._supply(there), *self._chips(there)]

    def _partners(self, partners: Sequence[Mapping[str, Any]]) -> list[Block]:
        by_partner = [
            {"partner": self.name(r["partner"]), "majority": r["majority_products"], "value": r["majority_value"]}
            for r in partners
        ]
        heavy = sorted(
            (r for r in self.m.reverse_rows if r["majority"]), key=lambda r: (-r["value"], r["partner"], r["product"])
        )
        by_product = [
            {
                "partner": self.name(r["partner"]),
                **self.product(r["product"]),
                "value": r["value"],
                "reliance": r["reliance"],
            }
            for r in heavy
        ]
        money = self.column("value", "money", unit=self.m.currency)
        note = self.rests(self.flows)
        return [
            self.table(
                (self.column("partner"), self.column("majority", "integer"), money),
                by_partner,
                self.t("reverse_partners"),
                note,
            ),
            self.table(
                (
                    self.column("partner"),
                    self.column("product", "code"),
                    self.column("name"),
                    money,
                    self.column("reliance", "share"),
                ),
                by_product,
                self.t("reverse_products"),
                note,
                most=20,
            ),
        ]

    def _supply(self, there: str) -> list[Block]:
        rows = [
            {
                "material": r[f"name_{self.lang}"],
                "stage": positions.STAGE.get(r["stage"], {}).get(self.lang, r["stage"]),
                "world": self._between(r["world_low"], r["world_high"]),
                "eu": self._between(r["eu_low"], r["eu_high"]),
            }
            for r in positions.supply_positions(self.m.reporter, self.m.year)
        ]
        if not rows:
            return []
        columns = [self.column(k) for k in ("material", "stage", "world", "eu")]
        return [
            self.table(columns, rows, self.t("supply", there), self.t("supply_note"), self.rests(["ec-crm"]), most=20)
        ]

    def _between(self, low: float | None, high: float | None) -> str | None:
        if low is None or high is None:
            return None
        column = Column("x", kind="share", digits=1)
        ends = [column.show({"x": x}, self.lang) for x in (low, high)]
        return ends[0] if ends[0] == ends[1] else f"{ends[0].rstrip('%')} - {ends[1]}"

    def _chips(self, there: str) -> list[Block]:
        found = positions.chip_positions(self.m.reporter, self.m.year)
        if not found:
            return []
        rows = [
            {
                "step": r[f"name_{self.lang}"],
                "country": countries.name(str(r["iso3"]), self.lang),
                "measure": f"{self.t(str(r['measure']))}, {self.t(str(r['basis']))}",
                "share": self._between(r["share_low"], r["share_high"]),
                "year": r["year"],
                "mark": word(f"mark_{r['mark']}", self.lang),
                "source": r["source"],
            }
            for r in found
        ]
        columns = [
            *(self.column(k) for k in ("step", "country", "measure", "share")),
            self.column("year", "year"),
            self.column("mark"),
            self.column("source", "code"),
        ]
        note = self.rests(sorted({str(r["source"]) for r in found}))
        return [self.table(columns, rows, self.t("chips", there), self.t("chips_note"), note)]

    def control(self, points: Sequence[Mapping[str, Any]]) -> list[Block]:
        """Return the control-point profile of the products given (rows of `control_points.ControlPoint`)."""
        if not points:
            return []
        kinds = {"depended_upon": "integer", "domestic_share": "share"}
        columns = [
            self.column("product", "code"),
            self.column("name"),
            *(self.column(k, kinds.get(k, "number")) for k in FIVE),  # type: ignore[arg-type]
        ]
        rows = [{**self.product(p["product"]), **{k: p[k] for k in FIVE}} for p in points]
        lacks = self.t("control_lacks") if self.m.coverage != "world" else ""
        table = self.table(columns, rows, self.t("control_caption"), lacks, self.rests(self.flows))
        return [Heading(self.t("control")), Paragraph(self.t("control_note")), table]

    def judged(self, standings: Mapping[str, Standing] | None, trail: Sequence[Judgement]) -> list[Block]:
        """Return the strategic subset with every judgement behind it."""
        head = Heading(self.t("strategic"))
        judged = {p: s for p, s in (standings or {}).items() if s.judgements}
        if not judged:
            return [head, Paragraph(self.t("strategic_none"))]
        order = {"strategic": 0, "open": 1, "not strategic": 2}
        rows = [
            {**self.product(p), "standing": s.sentence(self.lang)}
            for p, s in sorted(judged.items(), key=lambda x: (order[x[1].status], x[0]))
        ]
        columns = [self.column("product", "code"), self.column("name"), self.column("standing")]
        count = sum(s.status == "strategic" for s in judged.values())
        be = {"en": "is" if count == 1 else "are", "nl": "is" if count == 1 else "zijn"}[self.lang]
        text = Paragraph(self.t("strategic_note", count, len(judged), be))
        return [head, text, Table(tuple(columns), rows, self.t("standings")), *self._trail(trail)]

    def _trail(self, trail: Sequence[Judgement]) -> list[Table]:
        rows = [
            {
                "product": j.product,
                "question": self.t(j.question),
                "answer": self.t(j.answer),
                "author": j.author,
                "reason": j.reason,
                "recorded": j.recorded_at[:19].replace("T", " "),
                "event": j.event_hash[:12],
            }
            for j in trail
        ]
        columns = [
            self.column("product", "code"),
            *(self.column(k) for k in ("question", "answer", "author", "reason", "recorded")),
            self.column("event", "code"),
        ]
        return [Table(tuple(columns), rows, self.t("trail"))] if rows else []


def heaviest(rows: Sequence[Mapping[str, Any]], count: int) -> list[str]:
    """Return the products on which most partners lean for more than half, then those delivered for most value."""
    found: dict[str, list[float]] = {}
    for row in rows:
        at = found.setdefault(row["product"], [0, 0.0])
        at[0] += row["majority"]
        at[1] += row["value"]
    return sorted(found, key=lambda p: (-found[p][0], -found[p][1], p))[:count]
