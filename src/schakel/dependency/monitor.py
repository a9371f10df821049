"""What does the monitor say about one reporter in one year, over all definitions, in both directions?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schakel.dependency import embedded
from schakel.dependency.presets import names, preset
from schakel.dependency.reverse import by_partner, reverse
from schakel.dependency.screen import Screen, screen, setting
from schakel.dependency.suppliers import supply
from schakel.evidence import Citation, Finding
from schakel.lake.flowset import FlowSet


@dataclass(frozen=True)
class Monitor:
    """One reporter, one year, all definitions.

    Attributes
    ----------
    screens
        The answer of each definition.
    grid
        Verdict by product and definition.
    suppliers
        Import value by supplier of the products that no criterion of the chosen definition rules out; value in currency units.
    reverse
        Partners that lean on the reporter, summed (see `reverse.by_partner`).
    reverse_rows
        The same by partner and product.
    """

    reporter: str
    year: int
    method: str
    currency: str
    screens: Mapping[str, Screen]
    grid: Mapping[str, Mapping[str, bool | None]]
    suppliers: tuple[tuple[str, float], ...]
    reverse: tuple[dict[str, Any], ...]
    reverse_rows: tuple[dict[str, Any], ...]

    @property
    def chosen(self) -> Screen:
        """The answer of the chosen definition."""
        return self.screens[self.method]

    def value(self, row: Mapping[str, Any]) -> float:
        """Return a row's import value in the currency of the flows."""
        return float(row["import_value_eur" if self.currency == "EUR" else "import_value_usd"] or 0)


def monitor(
    flows: FlowSet,
    reporter: str,
    year: int,
    *,
    method: str = "ec2021",
    methods: Sequence[str] | None = None,
    threads: int | None = None,
) -> Monitor:
    """Ask every definition about one reporter and year."""
    wanted = tuple(methods or names())
    if method not in wanted:
        wanted = (method, *wanted)
    screens = {name: screen(flows, reporter=reporter, method=name, year=year, threads=threads) for name in wanted}
    chosen = screens[method]
    where = setting(reporter, method, year)
    grid: dict[str, dict[str, bool | None]] = {}
    for name, answer in screens.items():
        for row in answer.rows:
            grid.setdefault(row["product"], {})[name] = row["dependent"]
    totals: dict[str, int] = {}
    for row in chosen.rows:
        if row["dependent"] is not False:
            who = supply(flows, where, row["product"], year)
            for country, value, inside in zip(who.exporters, who.values, who.inside, strict=True):
                if not inside or where.preset.base == "all":
                    totals[country] = totals.get(country, 0) + value
    back = reverse(flows, reporter, method, year, threads=threads)
    return Monitor(
        reporter=chosen.reporter,
        year=year,
        method=chosen.method,
        currency=flows.currency,
        screens=screens,
        grid=dict(sorted(grid.items())),
        suppliers=tuple(sorted(((c, v / flows.scale) for c, v in totals.items()), key=lambda x: (-x[1], x[0]))),
        reverse=tuple(by_partner(back)),
        reverse_rows=tuple(back),
    )


def missing(answer: Screen) -> list[dict[str, Any]]:
    """Return the criteria of the definition that stay unknown, for how many products, and why."""
    found: dict[tuple[str, str], int] = {}
    tests = {c.name for c in preset(answer.receipt.parameters["method"]).criteria}
    for row in answer.rows:
        for name, criterion in row["criteria"].items():
            if name in tests and criterion["passes"] is None:
                why = (
                    criterion["why"].split("; ", 1)[-1] if criterion["why"].startswith("at most ") else criterion["why"]
                )
                found[name, why] = found.get((name, why), 0) + 1
    return [{"criterion": name, "why": why, "products": n} for (name, why), n in sorted(found.items())]


def findings(m: Monitor, lang_names: Mapping[str, Mapping[str, str]] | None = None) -> list[Finding]:
    """Return the checkable sentences of a monitor: counts, the heaviest supplier, the most concentrated product, and the partner that leans hardest."""
    from schakel.nomenclature import countries

    def name(code: str, lang: str) -> str:
        given = (lang_names or {}).get(lang, {}).get(code) or countries.name(code, lang)
        return (
            f"the {given}"
            if lang == "en" and code in _WITH_ARTICLE
            else f"de {given}"
            if lang == "nl" and code in _WITH_ARTICLE_NL
            else given
        )

    cited = tuple(Citation(s["id"]) for s in m.chosen.sources)
    rows = m.chosen.rows
    yes = [r for r in rows if r["dependent"] is True]
    maybe = [r for r in rows if r["dependent"] is None]
    total = sum(m.value(r) for r in rows)
    held = sum(m.value(r) for r in rows if r["dependent"] is not False)
    period = str(m.year)
    out = [
        Finding(
            subject=m.reporter,
            measure="dependent products",
            value=float(len(yes)),
            unit="products",
            threshold=None,
            verdict=None,
            method=m.method,
            period=period,
            sentence={
                "en": f"Of {len(rows)} products that {name(m.reporter, 'en')} imports in {m.year}, {len(yes)} "
                f"{'is' if len(yes) == 1 else 'are'} a dependency under {m.method}; {len(maybe)} {'stays' if len(maybe) == 1 else 'stay'} undecided because an input is missing.",
                "nl": f"Van {len(rows)} producten die {name(m.reporter, 'nl')} in {m.year} invoert, "
                f"{'is' if len(yes) == 1 else 'zijn'} er {len(yes)} een afhankelijkheid volgens {m.method}; {len(maybe)} {'blijft' if len(maybe) == 1 else 'blijven'} onbeslist omdat een gegeven ontbreekt.",
            },
            sources=cited,
            caveats=m.chosen.warnings,
        )
    ]
    if held and m.suppliers:
        top, value = m.suppliers[0]
        whole = sum(v for _, v in m.suppliers)
        share = value / whole
        out.append(
            Finding(
                subject=f"{m.reporter}/{top}",
                measure="share of the largest supplier in products not ruled out",
                value=share,
                unit="share",
                threshold=None,
                verdict=None,
                method=m.method,
                period=period,
                sentence={
                    "en": f"{_first(name(top, 'en'))} supplies {100 * share:.1f} % of the outside imports of the products that no computed criterion rules out "
                    f"({100 * held / total:.1f} % of import value).",
                    "nl": f"Van de invoer van buiten van de producten die geen berekend criterium uitsluit, komt {_nl(100 * share)} % uit {name(top, 'nl')} "
                    f"(die producten zijn {_nl(100 * held / total)} % van de invoerwaarde).",
                },
                sources=cited,
            )
        )
    candidates = [r for r in rows if r["dependent"] is not False and r["top_supplier_share"] is not None]
    if candidates:
        worst = max(candidates, key=lambda r: (m.value(r) * r["top_supplier_share"], r["product"]))
        label = {lang: embedded.product_name(worst["product"], lang) for lang in ("en", "nl")}
        out.append(
            Finding(
                subject=f"{m.reporter}/{worst['product']}",
                measure="top supplier share",
                value=worst["top_supplier_share"],
                unit="share",
                threshold=None,
                verdict=worst["dependent"],
                method=m.method,
                period=period,
                sentence={
                    lang: text.format(label[lang], worst["product"], name(worst["top_supplier"], lang), pct)
                    for lang, text, pct in (
                        (
                            "en",
                            "The largest value from one hand is {} ({}): {} supplies {} %.",
                            f"{100 * worst['top_supplier_share']:.1f}",
                        ),
                        (
                            "nl",
                            "De grootste waarde uit één hand is {0} ({1}): {3} % komt uit {2}.",
                            _nl(100 * worst["top_supplier_share"]),
                        ),
                    )
                },
                sources=cited,
            )
        )
    if m.reverse and m.reverse[0]["majority_products"]:
        first = m.reverse[0]
        out.append(
            Finding(
                subject=f"{first['partner']}/{m.reporter}",
                measure="products with a majority from the reporter",
                value=float(first["majority_products"]),
                unit="products",
                threshold=0.5,
                verdict=True,
                method=m.method,
                period=period,
                sentence={
                    "en": f"{_first(name(first['partner'], 'en'))} takes more than half of its imports of {first['majority_products']} products "
                    f"from {name(m.reporter, 'en')}.",
                    "nl": f"Bij {first['majority_products']} producten komt meer dan de helft van de invoer van {name(first['partner'], 'nl')} "
                    f"uit {name(m.reporter, 'nl')}.",
                },
                sources=cited,
            )
        )
    return out


_WITH_ARTICLE = frozenset({"NLD", "USA", "GBR", "PHL", "ARE", "COD", "COG", "DOM", "CAF", "EU27"})
_WITH_ARTICLE_NL = frozenset({"USA", "PHL", "ARE", "DOM", "CAF", "EU27"})


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _nl(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
