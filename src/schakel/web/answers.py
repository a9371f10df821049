"""What do the rooms answer, in the shapes that pages and REST show?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from schakel import reference
from schakel.dependency import embedded
from schakel.dependency.compare import compare
from schakel.dependency.control_points import control_point
from schakel.dependency.monitor import Monitor, missing, monitor
from schakel.dependency.presets import Preset, names, preset
from schakel.dependency.reverse import common, mutual, reverse
from schakel.dependency.screen import Screen as Answer
from schakel.dependency.screen import screen, setting
from schakel.dependency.suppliers import product_index, profile, supply
from schakel.errors import NotFoundError
from schakel.evidence import Source, licence, result_sha256
from schakel.lake.flowset import FlowSet
from schakel.nomenclature import blocs, countries
from schakel.web import service as s
from schakel.web.selection import select
from schakel.web.wording import both

REPORTERS = ("NLD", "EU27", "DEU", "FRA", "BEL", "ITA")
TRENDS = ("extra_bloc_hhi", "partner_hhi", "extra_bloc_import_share", "import_export_ratio", "top_supplier_share")


class Answers:
    """Answers over one set of flows; the results of a question are kept for the next one."""

    def __init__(self, flows: FlowSet, register: Path | None = None) -> None:
        self.flows = flows
        self.register = register
        self._monitor = lru_cache(maxsize=64)(
            lambda reporter, year, method: monitor(self.flows, reporter, year, method=method)
        )
        self._screen = lru_cache(maxsize=128)(
            lambda reporter, year, method: screen(self.flows, reporter=reporter, method=method, year=year)
        )

    def choices(self) -> s.Choices:
        """Return what can be chosen: the reporters the flows hold, the usual ones first."""
        have = {c for c in self.flows.countries if self.flows.coverage == "world" or c in blocs.members("EU27", 2020)}
        first = tuple(r for r in REPORTERS if r in have or blocs.is_bloc(r))
        rest = tuple(sorted(have - set(first)))
        years = tuple(reversed(self.flows.years))
        decidable = (
            "ec2021" if self.flows.coverage == "world" else "crma"
        )  # imports alone decide the second, never confirm the first
        return s.Choices((*first, *rest), years, names(), first[0], years[0], decidable)

    def product_name(self, code: str, lang: str) -> str:
        """Return a product's short name."""
        return embedded.product_name(code, lang)

    def country_name(self, code: str, lang: str) -> str:
        """Return a country's or bloc's name, the code itself when it has none."""
        try:
            return countries.name(code, lang)
        except Exception as error:
            if isinstance(error, NotFoundError) or "unknown" in str(error):
                return code
            raise

    def _row(self, row: Mapping[str, Any], tests: Sequence[str]) -> s.Row:
        return s.Row(
            product=row["product"],
            import_value_usd=_whole(row["import_value_usd"]),
            import_value_eur=_whole(row["import_value_eur"]),
            criteria=_criteria(row["criteria"], tests),
            dependent=row["dependent"],
            top_supplier=row["top_supplier"],
            top_supplier_share=row["top_supplier_share"],
        )

    def _check(self, reporter: str, year: int, method: str) -> None:
        preset(method)
        if year not in self.flows.years:
            raise NotFoundError(
                f"no flows of {year}", where="year", remedy=f"use one of {', '.join(map(str, self.flows.years))}"
            )
        setting(reporter, method, year)

    def overview(self, reporter: str, year: int, method: str, sort: str, query: str, page: int) -> s.Overview:
        """Return the front page."""
        self._check(reporter, year, method)
        m = self._monitor(reporter, year, method)
        tests = _tests(preset(method))
        rows = [self._row(r, tests) for r in m.chosen.rows]
        shown, total = select(
            rows,
            sort=sort,
            query=query,
            page=page,
            currency=m.currency,
            name=lambda p: self.product_name(p, "en") + " " + self.product_name(p, "nl"),
        )
        whole = sum(v for _, v in m.suppliers)
        dependent = [r for r in rows if r.dependent]
        nodes, links = self._flow_diagram(m)
        ranked = sorted(m.grid, key=lambda p: (-sum(v is True for v in m.grid[p].values()), p))[:20]
        return s.Overview(
            reporter=reporter,
            year=year,
            method=method,
            currency=m.currency,
            screened=len(rows),
            dependent=len(dependent),
            undecided=sum(r.dependent is None for r in rows),
            import_value=sum(r.value(m.currency) or 0 for r in rows),
            dependent_value=sum(r.value(m.currency) or 0 for r in dependent),
            suppliers=tuple(s.CountryShare(c, int(v), v / whole) for c, v in m.suppliers),
            suppliers_basis=s.Text(
                "share of imports of the products that no computed criterion rules out",
                "aandeel in de invoer van de producten die geen berekend criterium uitsluit",
            ),
            nodes=nodes,
            links=links,
            criteria=tuple(tests),
            rows=shown,
            total=total,
            page=page,
            grid=tuple(s.VerdictRow(p, tuple((n, m.grid[p].get(n)) for n in names())) for p in ranked),
            missing=tuple(
                s.Missing(x["criterion"], x["products"], both(x["why"].split("; ")[0]), _remedy(x["why"]))
                for x in missing(m.chosen)
            ),
            judgements=self._judgements(reporter),
            home=self._home(reporter, year),
            evidence=_evidence(m.chosen),
        )

    def _home(self, reporter: str, year: int) -> tuple[str, ...]:
        return tuple(sorted(blocs.members(reporter, year))) if blocs.is_bloc(reporter) else (reporter,)

    def _flow_diagram(self, m: Monitor) -> tuple[tuple[s.FlowNode, ...], tuple[s.FlowLink, ...]]:
        """Return supplier, material, importer over the products that are not ruled out."""
        facts = embedded.product_facts()
        names_of = {
            str(r["material"]): s.Text(str(r["name_en"]), str(r["name_nl"])) for r in reference.rows("materials")
        }
        where = setting(m.reporter, m.method, m.year)
        totals: dict[tuple[str, str], int] = {}
        for row in m.chosen.rows:
            if row["dependent"] is False:
                continue
            material = str(facts.get(row["product"], {}).get("material", row["product"][:4]))
            who = supply(self.flows, where, row["product"], m.year)
            for country, value, inside in zip(who.exporters, who.values, who.inside, strict=True):
                if not inside:
                    totals[country, material] = totals.get((country, material), 0) + value
        nodes = {
            f"c:{c}": s.FlowNode(f"c:{c}", s.Text(self.country_name(c, "en"), self.country_name(c, "nl")), 0)
            for c, _ in totals
        }
        nodes |= {
            f"m:{x}": s.FlowNode(
                f"m:{x}", names_of.get(x, s.Text(self.product_name(x, "en"), self.product_name(x, "nl"))), 1
            )
            for _, x in totals
        }
        end = f"i:{m.reporter}"
        links = [s.FlowLink(f"c:{c}", f"m:{x}", v / self.flows.scale) for (c, x), v in totals.items() if v > 0]
        sums: dict[str, int] = {}
        for (_, x), v in totals.items():
            sums[x] = sums.get(x, 0) + v
        links += [s.FlowLink(f"m:{x}", end, v / self.flows.scale) for x, v in sums.items() if v > 0]
        if links:
            nodes[end] = s.FlowNode(
                end, s.Text(self.country_name(m.reporter, "en"), self.country_name(m.reporter, "nl")), 2
            )
        return tuple(nodes.values()), tuple(links)

    def screen(self, reporter: str, year: int, method: str) -> s.Screen:
        """Return all products under one definition."""
        self._check(reporter, year, method)
        answer = self._screen(reporter, year, method)
        tests = list(answer.rows[0]["criteria"]) if answer.rows else []
        return s.Screen(reporter, year, method, tuple(self._row(r, tests) for r in answer.rows), _evidence(answer))

    def product(self, code: str, reporter: str, year: int) -> s.Product:
        """Return one product under every definition."""
        self._check(reporter, year, "ec2021")
        product_index(self.flows, code)
        found = compare(self.flows, reporter, code, year)
        answer = self._screen(reporter, year, "ec2021")
        row = next(r for r in answer.rows if r["product"] == code)
        where = setting(reporter, "ec2021", year)
        apart = setting(reporter, "ec2021", year, "members")
        distance = embedded.voting_distance(where.reporter, year)
        who = profile(
            supply(self.flows, where if where.reporter == where.bloc else apart, code, year),
            embedded.governance(year),
            distance,
        )
        back = [r for r in self._reverse(reporter, "ec2021", year) if r["product"] == code][:25]
        point = control_point(self.flows, where, code, year)
        return s.Product(
            product=code,
            reporter=reporter,
            year=year,
            currency=self.flows.currency,
            row=self._row(row, _tests(where.preset)),
            comparisons=tuple(_comparison(x) for x in found["methods"]),
            suppliers=tuple(
                s.Supplier(str(r["exporter"]), _whole(r["value"]), r["share"], r["governance"], r["voting_distance"])  # type: ignore[arg-type]
                for r in who.rows
            ),
            bounds=_bounds(found["methods"]),
            reverse=tuple(
                s.Reliance(code, r["partner"], _whole(r["value"]), r["reliance"], r["reverse_dependency"]) for r in back
            ),
            control=s.ControlPoint(
                point.unique, point.valuable, float(point.depended_upon), point.reciprocal, point.domestic_share
            ),
            trends=self._trends(code, reporter),
            judgements=self._judgements(reporter, code),
            weighted_distance=who.distance,
            weighted_concentration=who.hhi_distance,
            weighted_form=s.Text(
                "sum of share² × voting distance / largest distance",
                "som van aandeel² × stemafstand / grootste afstand",
            ),
            home=self._home(reporter, year),
            evidence=_evidence(answer, ("wgi-pv", "unga")),
        )

    def _trends(self, code: str, reporter: str) -> tuple[s.Trend, ...]:
        points: dict[str, list[tuple[int, float | None]]] = {}
        cuts: dict[str, float | None] = {}
        for year in self.flows.years:
            row = next((r for r in self._screen(reporter, year, "ec2021").rows if r["product"] == code), None)
            for name in TRENDS:
                c = row["criteria"][name] if row else None
                points.setdefault(name, []).append((year, c["value"] if c else None))
                cuts[name] = c["threshold"] if c and c["threshold"] is not None else cuts.get(name)
        return tuple(s.Trend(n, tuple(p), cuts.get(n)) for n, p in points.items() if any(v is not None for _, v in p))

    @lru_cache(maxsize=32)  # noqa: B019 - one instance lives as long as the server
    def _reverse(self, reporter: str, method: str, year: int) -> tuple[dict[str, Any], ...]:
        return tuple(reverse(self.flows, reporter, method, year))

    def country(self, iso3: str, reporter: str, year: int) -> s.Country:
        """Return one country, both directions."""
        self._check(reporter, year, "ec2021")
        if not blocs.is_bloc(iso3):
            countries.resolve(iso3)
        there, here = setting(iso3, "ec2021", year).reporter, setting(reporter, "ec2021", year).reporter

        def lines(deliverer: str, taker: str) -> tuple[s.CountryLine, ...]:
            if not blocs.is_bloc(deliverer) and self.flows.country_index(deliverer) < 0:
                return ()
            rows = [r for r in self._reverse(deliverer, "ec2021", year) if r["partner"] == taker]
            return tuple(
                s.CountryLine(r["product"], _whole(r["value"]), r["reliance"], r["dependent"])
                for r in sorted(rows, key=lambda r: -r["value"])
            )

        incoming, outgoing = lines(there, here), lines(here, there)
        known = self.flows.coverage == "world" or there in blocs.members("EU27", year)
        shared = common(self.flows, reporter, iso3, "crma", year) if known and here != there else []
        return s.Country(
            country=there,
            reporter=here,
            year=year,
            currency=self.flows.currency,
            incoming=incoming,
            outgoing=outgoing,
            outgoing_note=s.NO_TEXT
            if known
            else s.Text(
                "These flows hold imports of EU members only; what this country takes from the reporter is unknown here.",
                "Deze stromen bevatten alleen invoer van EU-lidstaten; wat dit land van de rapporteur afneemt, is hier onbekend.",
            ),
            common=tuple((r["product"], r["third"]) for r in shared),
            governance=embedded.governance(year).get(there),
            voting_distance=embedded.voting_distance(here, year).get(there),
            evidence=_evidence(self._screen(reporter, year, "ec2021"), ("wgi-pv", "unga")),
        )

    def reverse(self, reporter: str, year: int, method: str) -> s.Reverse:
        """Return who leans on the reporter."""
        self._check(reporter, year, method)
        rows = self._reverse(reporter, method, year)
        return s.Reverse(
            reporter,
            year,
            method,
            tuple(
                s.Reliance(r["product"], r["partner"], _whole(r["value"]), r["reliance"], r["reverse_dependency"])
                for r in rows
            ),
            _evidence(self._screen(reporter, year, method), result=list(rows)),
        )

    def mutual(self, year: int, method: str) -> s.Mutual:
        """Return who depends on whom among the usual reporters and their largest suppliers."""
        self._check("NLD", year, method)
        parties = [p for p in (*REPORTERS, "CHN", "USA") if p == "EU27" or p in self.flows.countries]
        rows = mutual(self.flows, parties, method, year)
        cells = tuple(
            s.MutualCell(r["importer"], r["supplier"], r["count"], _whole(r["value"]), r["asymmetry"]) for r in rows
        )
        return s.Mutual(
            year, method, cells, _evidence(self._screen(self.choices().reporter, year, method), result=rows)
        )

    def methods(self) -> tuple[s.Method, ...]:
        """Return all definitions."""
        return tuple(_method(preset(n)) for n in names())

    def method(self, name: str) -> s.Method:
        """Return one definition; only those that come with the program, never a path."""
        if name not in names():
            raise NotFoundError(f"no definition called {name!r}", remedy=f"use one of {', '.join(names())}")
        return _method(preset(name))

    def data(self) -> s.Data:
        """Return data sets, sources and licences."""
        sets = []
        for name in reference.names():
            info = reference.info(name)
            used = sorted({str(r["source"]) for r in reference.rows(name)})
            first = reference.source(used[0]) if used else None
            sets.append(
                s.DataSet(
                    name,
                    s.Text(info.title, info.title_nl),
                    "1",
                    first.vintage if first else "",
                    info.licence,
                    len(reference.rows(name)),
                    first.retrieved if first else "",
                    tuple(s.Text(c, c) for c in info.caveats),
                )
            )
        every = reference.sources()
        return s.Data(tuple(sets), every, tuple(licence(k) for k in sorted({x.licence for x in every})))

    def products(self) -> tuple[s.Named, ...]:
        """Return the products of the flows."""
        return tuple(
            s.Named(p, s.Text(self.product_name(p, "en"), self.product_name(p, "nl"))) for p in self.flows.products
        )

    def countries(self) -> tuple[s.Named, ...]:
        """Return the countries of the flows, and the bloc."""
        return tuple(
            s.Named(c, s.Text(self.country_name(c, "en"), self.country_name(c, "nl")))
            for c in ("EU27", *self.flows.countries)
        )

    def _judgements(self, reporter: str, product: str = "") -> tuple[s.Judgement, ...]:
        """Return the latest judgement by product from the register, when there is one."""
        if self.register is None or not self.register.exists():
            return ()
        from schakel.register import Register
        from schakel.register.judgement import current

        by_product: dict[str, list[Any]] = {}
        with Register(self.register) as register:
            for j in current(register, reporter):
                if product in ("", j.product):
                    by_product.setdefault(j.product, []).append(j)
        flag = {"yes": True, "no": False, "unclear": None}
        out = []
        for code, items in by_product.items():
            answers = {j.question: flag[j.answer] for j in items}
            last = max(items, key=lambda j: j.seq)
            out.append(
                s.Judgement(
                    code,
                    answers.get("public_interest"),
                    answers.get("short_term_replaceable"),
                    last.author,
                    last.recorded_at,
                    last.reason,
                )
            )
        return tuple(out)


def _whole(value: Any) -> int | None:
    return None if value is None else round(value)


def _tests(p: Preset) -> list[str]:
    return [c.name for c in p.criteria]


def _criteria(found: Mapping[str, Any], tests: Sequence[str]) -> tuple[s.Criterion, ...]:
    return tuple(
        s.Criterion(
            n, c["value"], c["threshold"], c["passes"], c["distance"], both(c["why"]) if c["why"] else s.NO_TEXT
        )
        for n, c in found.items()
        if n in tests
    )


def _comparison(entry: Mapping[str, Any]) -> s.Comparison:
    flips = tuple(
        s.Flip(f["criterion"], f["threshold"], f["flips_at"] if f["turns_verdict"] else None) for f in entry["flips"]
    )
    return s.Comparison(
        entry["method"], entry["dependent"], _criteria(entry["criteria"], list(entry["criteria"])), flips
    )


def _bounds(entries: Sequence[Mapping[str, Any]]) -> tuple[s.Bound, ...]:
    """Return the ranges of the 2021 definition, and of the others for criteria it lacks."""
    out: dict[str, s.Bound] = {}
    for entry in entries:
        for name, b in entry["bounds"]["criteria"].items():
            if name != "import_value" and name not in out:
                out[name] = s.Bound(
                    "re-export",
                    name,
                    b["declared"],
                    b["low"],
                    b["high"],
                    b["threshold"],
                    b["could_turn"],
                    both(entry["bounds"]["why"]),
                )
    return tuple(out.values())


def _remedy(why: str) -> s.Text:
    text = both(why)
    return s.Text(text.en.split("; ", 1)[1], text.nl.split("; ", 1)[-1]) if "; " in text.en else s.NO_TEXT


def _evidence(answer: Answer, more: Sequence[str] = (), result: Any = None) -> s.Evidence:
    sources = [
        Source(
            x["id"],
            x["title"],
            x.get("publisher", ""),
            x.get("url", ""),
            x.get("licence", ""),
            x.get("vintage", ""),
            x.get("retrieved", ""),
        )
        for x in answer.sources
    ]
    sources += [reference.source(k) for k in more]
    digest = answer.receipt.result_sha256 if result is None else result_sha256(result)
    ids = sorted({x["id"] for x in answer.licences} | {reference.source(k).licence for k in more})
    return s.Evidence(
        tuple(sources), tuple(ids), tuple(both(w) for w in answer.warnings), answer.receipt.as_dict(), digest
    )


def _method(p: Preset) -> s.Method:
    elements = tuple(
        s.MethodElement(
            c.name,
            s.Text(f"{c.name} {c.op} {_cut(c)}", f"{c.name} {c.op} {_cut(c, nl=True)}"),
            c.formula,
            float(c.threshold) if c.threshold is not None else None,
            c.status == "verified",
            p.source,
        )
        for c in p.criteria
    )
    published = tuple(
        s.Published(
            s.Text(str(h["measure"]), str(h["measure"])),
            float(str(h["value"])) if h["value"] is not None else None,
            str(h["unit"] or ""),
            str(h["mark"]),
            str(h["study"]),
        )
        for h in reference.rows("headlines")
        if h["method"] == p.name
    )
    return s.Method(
        p.name,
        s.Text(p.title, p.title_nl),
        s.Text(p.summary, p.summary_nl),
        p.source,
        p.url,
        elements,
        published,
        tuple(s.Text(n, n) for n in p.notes),
    )


def _cut(c: Any, nl: bool = False) -> str:
    if c.of:
        return f"{float(c.times):g} × {c.of}"
    if c.threshold is None:
        return "grens niet gelezen" if nl else "cut not read"
    return f"{float(c.threshold):g}"
