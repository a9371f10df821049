"""What do the rooms answer over one set of flows?"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from schakel.charts.numbers import LANGUAGES
from schakel.dependency import embedded
from schakel.dependency.compare import compare
from schakel.dependency.control_points import control_point
from schakel.dependency.monitor import missing, monitor
from schakel.dependency.presets import names, preset
from schakel.dependency.reverse import common, mutual, reverse
from schakel.dependency.screen import screen, setting
from schakel.dependency.suppliers import product_index, profile, supply
from schakel.errors import InputError, NotFoundError
from schakel.lake.flowset import FlowSet
from schakel.nomenclature import blocs, countries
from schakel.web import documents, front, shapes
from schakel.web import service as s
from schakel.web.i18n import running
from schakel.web.judged import judgements
from schakel.web.selection import select
from schakel.web.trade import lines, party
from schakel.web.wording import both

REPORTERS = ("NLD", "EU27", "DEU", "FRA", "BEL", "ITA")
TRENDS = ("extra_bloc_hhi", "partner_hhi", "extra_bloc_import_share", "import_export_ratio", "top_supplier_share")
PEOPLE = ("wgi-pv", "unga")
_NOT_HERE = s.Text(
    "These flows hold imports of EU members only; what this country takes from {0} is unknown here.",
    "Deze stromen bevatten alleen invoer van EU-lidstaten; wat dit land van {0} afneemt, is hier onbekend.",
)
_ITSELF = s.Text(
    "{0} is the reporter here, and a country is not its own partner: there is no trade with itself to show.",
    "{0} is hier zelf de rapporteur, en een land is niet zijn eigen handelspartner: er is geen handel met zichzelf om te tonen.",
)
_OVERLAP = s.Text(
    "One is part of the other, so there is no third country on which both depend apart.",
    "De een is deel van de ander, dus er is geen derde land waarvan beide los van elkaar afhangen.",
)
_INSIDE = s.Text(
    "A bloc's imports are those from outside; deliveries of {0} to the other members do not count.",
    "Invoer van een blok komt van buiten; leveringen van {0} aan de andere leden tellen niet mee.",
)


class Answers:
    """Answers over one set of flows; the results of a question are kept for the next one."""

    def __init__(self, flows: FlowSet, register: Path | str | None = None) -> None:
        self.flows = flows
        self.register = register
        self._choices = self._find_choices()
        self._screen = lru_cache(maxsize=256)(
            lambda reporter, year, method: screen(flows, reporter=reporter, method=method, year=year)
        )
        self._reverse = lru_cache(maxsize=32)(
            lambda reporter, method, year: tuple(reverse(flows, reporter, method, year))
        )
        # Everything but the judgements, which may change while the server runs, follows from the flows alone.
        self._front = lru_cache(maxsize=64)(self._make_front)
        self._product = lru_cache(maxsize=128)(self._make_product)
        self._country = lru_cache(maxsize=128)(self._make_country)
        self._mutual = lru_cache(maxsize=32)(self._make_mutual)

    def _find_choices(self) -> s.Choices:
        flows = self.flows
        have = {c for c in flows.countries if flows.coverage == "world" or c in blocs.members("EU27", 2020)}
        usual = tuple(r for r in REPORTERS if r in have or (blocs.is_bloc(r) and have & party(r, flows.years[-1])))
        rest = tuple(sorted(have - set(usual)))
        decidable = "ec2021" if flows.coverage == "world" else "crma"  # imports alone decide the second
        reporters = (*usual, *rest)
        return s.Choices(reporters, tuple(reversed(flows.years)), names(), reporters[0], flows.years[-1], decidable)

    def choices(self) -> s.Choices:
        """Return what can be chosen: the reporters the flows hold, the usual ones first."""
        return self._choices

    def product_name(self, code: str, lang: str) -> str:
        """Return a product's short name."""
        return embedded.product_name(code, lang)

    def country_name(self, code: str, lang: str) -> str:
        """Return a country's or bloc's name, the code itself when it has none."""
        try:
            return countries.name(code, lang)
        except (NotFoundError, InputError):
            return code

    def _both_names(self, code: str) -> s.Text:
        return s.Text(self.product_name(code, "en"), self.product_name(code, "nl"))

    def _check(self, reporter: str, year: int, method: str) -> None:
        preset(method)
        if year not in self.flows.years:
            raise NotFoundError(
                f"no flows of {year}", where="year", remedy=f"use one of {', '.join(map(str, self.flows.years))}"
            )
        setting(reporter, method, year)

    def _make_front(self, reporter: str, year: int, method: str) -> tuple[dict[str, Any], tuple[s.Row, ...]]:
        m = monitor(self.flows, reporter, year, method=method)
        tests = shapes.tests(preset(method))
        rows = tuple(shapes.row(r, tests) for r in m.chosen.rows)
        whole = sum(v for _, v in m.suppliers)
        dependent = [r for r in rows if r.dependent]
        nodes, links = front.diagram(self.flows, m)
        shared = front.world_shares(reporter, year)
        return {
            "reporter": reporter,
            "year": year,
            "method": method,
            "currency": m.currency,
            "screened": len(rows),
            "dependent": len(dependent),
            "undecided": sum(r.dependent is None for r in rows),
            "import_value": sum(r.value(m.currency) or 0 for r in rows),
            "dependent_value": sum(r.value(m.currency) or 0 for r in dependent),
            "suppliers": tuple(s.CountryShare(c, round(v), v / whole if whole else None) for c, v in m.suppliers),
            "suppliers_basis": s.Text(
                "share of the outside imports of products that meet the definition or stay undecided",
                "aandeel in de invoer van buiten van producten die aan de definitie voldoen of onbeslist blijven",
            ),
            "nodes": nodes,
            "links": links,
            "criteria": tuple(tests),
            "grid": front.grid(m),
            "missing": tuple(
                s.Missing(x["criterion"], x["products"], both(x["why"].split("; ")[0]), shapes.remedy(x["why"]))
                for x in missing(m.chosen)
            ),
            "tallies": front.tallies(m.grid),
            "agreement": front.agreement(m),
            "leaning": front.leaning(m),
            "leaning_products": front.leaning_products(m),
            "leaning_note": front.leaning_note(self.flows, m),
            "world_shares": shared,
            "scope": front.scope(self.flows),
            "home": tuple(sorted(party(reporter, year))),
            "evidence": shapes.evidence(m.chosen, ("ec-crm",) if shared else ()),
        }, rows

    def overview(self, reporter: str, year: int, method: str, sort: str, query: str, page: int) -> s.Overview:
        """Return the front page."""
        self._check(reporter, year, method)
        fixed, rows = self._front(reporter, year, method)
        shown, total = select(
            rows,
            sort=sort,
            query=query,
            page=page,
            currency=fixed["currency"],
            name=lambda p: f"{self.product_name(p, 'en')} {self.product_name(p, 'nl')}",
        )
        people = judgements(self.register, reporter)
        return s.Overview(**fixed, rows=shown, total=total, page=page, judgements=people)

    def screen(self, reporter: str, year: int, method: str) -> s.Screen:
        """Return all products under one definition, with every criterion."""
        self._check(reporter, year, method)
        answer = self._screen(reporter, year, method)
        tests = list(answer.rows[0]["criteria"]) if answer.rows else []
        rows = tuple(shapes.row(r, tests) for r in answer.rows)
        return s.Screen(reporter, year, method, rows, shapes.evidence(answer))

    def product(self, code: str, reporter: str, year: int, method: str) -> s.Product:
        """Return one product under every definition."""
        self._check(reporter, year, method)
        product_index(self.flows, code)
        fixed = self._product(code, reporter, year, method)
        return s.Product(**fixed, judgements=judgements(self.register, reporter, code))

    def _make_product(self, code: str, reporter: str, year: int, method: str) -> dict[str, Any]:
        found = compare(self.flows, reporter, code, year)
        answer = self._screen(reporter, year, method)
        row = next(r for r in answer.rows if r["product"] == code)
        where = setting(reporter, "ec2021", year)
        apart = setting(reporter, "ec2021", year, "members")
        who = profile(
            supply(self.flows, where if where.reporter == where.bloc else apart, code, year),
            embedded.governance(year),
            embedded.voting_distance(where.reporter, year),
        )
        back = [r for r in self._reverse(reporter, method, year) if r["product"] == code][:25]
        point = control_point(self.flows, where, code, year)
        five = (point.unique, point.valuable, float(point.depended_upon), point.reciprocal, point.domestic_share)
        return {
            "product": code,
            "reporter": reporter,
            "year": year,
            "currency": self.flows.currency,
            "row": shapes.row(row, shapes.tests(where.preset)),
            "comparisons": tuple(shapes.comparison(x) for x in found["methods"]),
            "suppliers": tuple(s.Supplier(str(r["exporter"]), shapes.whole(r["value"]), *_three(r)) for r in who.rows),
            "bounds": shapes.bounds(found["methods"]),
            "reverse": tuple(_reliance(r) for r in back),
            "control": s.ControlPoint(*five),
            "trends": self._trends(code, reporter),
            "weighted_distance": who.distance,
            "weighted_concentration": who.hhi_distance,
            "home": tuple(sorted(party(reporter, year))),
            "evidence": shapes.evidence(answer, PEOPLE, result=found),
        }

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

    def country(self, iso3: str, reporter: str, year: int, method: str) -> s.Country:
        """Return one country, both directions."""
        self._check(reporter, year, method)
        if not blocs.is_bloc(iso3):
            try:
                countries.resolve(iso3)
            except InputError as error:
                raise NotFoundError(f"there is no country {iso3}", remedy=error.remedy) from error
        return self._country(iso3, reporter, year, method)

    def _make_country(self, iso3: str, reporter: str, year: int, method: str) -> s.Country:
        there, here = setting(iso3, method, year).reporter, setting(reporter, method, year).reporter
        if there == here:
            return self._itself(here, year, method)
        inside = blocs.is_bloc(there) and here in party(there, year)
        overlap = inside or (blocs.is_bloc(here) and there in party(here, year))
        has_imports = there in self._choices.reporters
        known = has_imports and not inside
        note, shared = s.NO_TEXT, None
        if not known:
            text, name = (
                (_INSIDE if inside else _NOT_HERE),
                (running(self.country_name(here, lang), lang) for lang in LANGUAGES),
            )
            note = s.Text(*(part.format(n) for part, n in zip((text.en, text.nl), name, strict=True)))
        elif not overlap:
            shared = tuple((r["product"], r["third"]) for r in common(self.flows, reporter, iso3, method, year))
        incoming = lines(self.flows, there, here, year, self._verdicts(here, year, method))
        outgoing = lines(self.flows, here, there, year, self._verdicts(there, year, method)) if known else None
        return s.Country(
            country=there,
            reporter=here,
            year=year,
            currency=self.flows.currency,
            incoming=incoming,
            outgoing=outgoing,
            outgoing_note=note,
            common=shared,
            common_note=_OVERLAP if overlap else s.NO_TEXT,
            governance=embedded.governance(year).get(there),
            voting_distance=embedded.voting_distance(here, year).get(there),
            evidence=shapes.evidence(
                self._screen(here, year, method), PEOPLE, result=[repr(incoming), repr(outgoing), shared]
            ),
        )

    def _itself(self, here: str, year: int, method: str) -> s.Country:
        """Return a country seen from itself: nothing, and why."""
        en, nl = (running(self.country_name(here, lang), lang) for lang in LANGUAGES)
        note = s.Text(*(x[:1].upper() + x[1:] for x in (_ITSELF.en.format(en), _ITSELF.nl.format(nl))))
        found = shapes.evidence(self._screen(here, year, method), result=[here, here])
        return s.Country(
            country=here,
            reporter=here,
            year=year,
            currency=self.flows.currency,
            incoming=(),
            outgoing=None,
            outgoing_note=note,
            common=None,
            common_note=note,
            governance=embedded.governance(year).get(here),
            voting_distance=None,
            evidence=replace(found, warnings=(note, *found.warnings)),
        )

    def _verdicts(self, taker: str, year: int, method: str) -> dict[str, bool | None]:
        return {r["product"]: r["dependent"] for r in self._screen(taker, year, method).rows}

    def reverse(self, reporter: str, year: int, method: str) -> s.Reverse:
        """Return who leans on the reporter."""
        self._check(reporter, year, method)
        rows = self._reverse(reporter, method, year)
        evidence = shapes.evidence(self._screen(reporter, year, method), result=list(rows))
        return s.Reverse(reporter, year, method, tuple(_reliance(r) for r in rows), evidence)

    def mutual(self, year: int, method: str) -> s.Mutual:
        """Return who depends on whom among the usual reporters (countries only: a bloc overlaps its members) and their largest suppliers."""
        self._check(self._choices.reporter, year, method)
        return self._mutual(year, method)

    def _make_mutual(self, year: int, method: str) -> s.Mutual:
        parties = [p for p in (*REPORTERS, "CHN", "USA") if p in self.flows.countries]
        rows = mutual(self.flows, parties, method, year)
        cells = tuple(
            s.MutualCell(r["importer"], r["supplier"], r["count"], shapes.whole(r["value"]), r["asymmetry"])
            for r in rows
        )
        evidence = shapes.evidence(self._screen(self._choices.reporter, year, method), result=rows)
        return s.Mutual(year, method, cells, evidence)

    def methods(self) -> tuple[s.Method, ...]:
        """Return all definitions."""
        return tuple(documents.method(n) for n in names())

    def method(self, name: str) -> s.Method:
        """Return one definition; only those that come with the program, never a path."""
        if name not in names():
            raise NotFoundError(f"no definition called {name!r}", remedy=f"use one of {', '.join(names())}")
        return documents.method(name)

    def data(self) -> s.Data:
        """Return data sets, sources and licences."""
        return documents.data()

    def products(self) -> tuple[s.Named, ...]:
        """Return the products of the flows."""
        return tuple(s.Named(p, self._both_names(p)) for p in self.flows.products)

    def countries(self) -> tuple[s.Named, ...]:
        """Return the countries of the flows, and the bloc."""
        return tuple(
            s.Named(c, s.Text(self.country_name(c, "en"), self.country_name(c, "nl")))
            for c in ("EU27", *self.flows.countries)
        )


def _three(row: dict[str, Any]) -> tuple[float | None, float | None, float | None]:
    return row["share"], row["governance"], row["voting_distance"]


def _reliance(row: dict[str, Any]) -> s.Reliance:
    value = shapes.whole(row["value"])
    return s.Reliance(row["product"], row["partner"], value, row["reliance"], row["reverse_dependency"])
