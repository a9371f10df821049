"""Which chart, with which words, shows a result?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from schakel import charts
from schakel.web.i18n import either, translator
from schakel.web.render import Context, trusted
from schakel.web.service import Bound, Comparison, Country, CountryLine, Overview, Product, Supplier, Trend

SHARE_BREAKS = (0.01, 0.05, 0.1, 0.25, 0.5)
_KEPT = {0: 8, 1: 9, 2: 8}


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with heading, legend and the same content in words."""

    ident: str
    svg: Markup
    heading: str
    sub: str
    words: charts.Words
    legend: tuple[tuple[str, str], ...] = ()
    note: str = ""


def supplier_map(
    c: Context, shares: Sequence[tuple[str, float | None]], home: tuple[str, ...], heading: str, sub: str
) -> Figure:
    """Draw where imports come from, by share."""
    t = translator(c.lang)
    values = {country: share for country, share in shares if share is None or share > 0}
    header = (t("table.country"), t("table.share"))
    words = charts.choropleth_words(values, header=header, lang=c.lang, name=c.country_name)
    svg = charts.choropleth(
        values,
        breaks=SHARE_BREAKS,
        title=heading,
        desc=words.sentence,
        ident="map",
        lang=c.lang,
        name=c.country_name,
        home=frozenset(home),
        legend=False,
    )
    legend = (*charts.class_labels(SHARE_BREAKS, "share", c.lang), ("none home", t("chart.home")))
    return Figure("map", trusted(svg), heading, sub, words, legend, charts.BOUNDARIES[c.lang])


def overview_map(c: Context, result: Overview) -> Figure:
    """Draw the suppliers of the dependent products."""
    t = translator(c.lang)
    shares = [(s.country, s.share) for s in result.suppliers]
    return supplier_map(c, shares, result.home, t("overview.map"), result.suppliers_basis.in_(c.lang))


def product_map(c: Context, result: Product) -> Figure:
    """Draw the suppliers of one product."""
    t = translator(c.lang)
    shares = [(s.country, s.share) for s in result.suppliers]
    sub = t("product.map_sub", year=result.year)
    return supplier_map(c, shares, result.home, t("product.map"), sub)


def flows(c: Context, result: Overview) -> Figure | None:
    """Draw supplier, stage or material, importer; None without flows."""
    if not result.links:
        return None
    t = translator(c.lang)
    nodes = [charts.Node(n.key, n.label.in_(c.lang), n.column) for n in result.nodes]
    links = [charts.Link(k.source, k.target, k.value) for k in result.links]
    for column, keep in _KEPT.items():
        nodes, links = charts.fold(nodes, links, column=column, keep=keep, other=t("chart.others"))
    header = (t("table.from"), t("table.to"), t("table.value"))
    kind = result.currency.lower()
    words = charts.sankey_words(nodes, links, header=header, lang=c.lang, kind=kind)
    heading = t("overview.flows")
    svg = charts.sankey(
        nodes, links, title=heading, desc=words.sentence, ident="flows", lang=c.lang, kind=kind, height=350
    )
    sub = t("overview.flows_sub", currency=result.currency, year=result.year)
    return Figure("flows", trusted(svg), heading, sub, words)


def bounds(c: Context, items: Sequence[Bound]) -> Figure | None:
    """Draw how far each criterion may lie from what was declared; None without bounds."""
    if not items:
        return None
    t, or_ = translator(c.lang), either(c.lang)
    ranges = [
        charts.Range(
            f"{or_('short.' + b.criterion, b.criterion)}, {t('bound.' + b.kind)}",
            b.declared,
            b.low,
            b.high,
            b.threshold,
        )
        for b in items
    ]
    header = tuple(t(f"table.{key}") for key in ("criterion", "declared", "low", "high", "threshold"))
    words = charts.interval_words(ranges, header=(header[0], header[1], header[2], header[3], header[4]), lang=c.lang)
    heading = t("product.bounds")
    svg = charts.interval(ranges, title=heading, desc=words.sentence, ident="bounds", lang=c.lang)
    return Figure("bounds", trusted(svg), heading, t("product.bounds_sub"), words)


def trends(c: Context, items: Sequence[Trend]) -> Figure | None:
    """Draw one small frame a criterion; None without any."""
    if not items:
        return None
    t, or_ = translator(c.lang), either(c.lang)
    series = [charts.Series(or_(f"short.{i.criterion}", i.criterion), i.points, i.threshold) for i in items]
    words = charts.lines_words(series, header=t("table.year"), lang=c.lang)
    heading = t("product.trends")
    svg = charts.small_multiples(series, title=heading, desc=words.sentence, ident="trends", lang=c.lang, shared=False)
    return Figure("trends", trusted(svg), heading, t("product.trends_sub"), words)


def country_bars(c: Context, ident: str, lines: Sequence[CountryLine], heading: str, sub: str) -> Figure | None:
    """Draw the ten largest shares in one direction; None without any."""
    known = sorted((x for x in lines if x.share is not None), key=lambda x: (-(x.share or 0.0), x.product))[:10]
    if not known:
        return None
    t = translator(c.lang)
    items = [charts.Bar(c.product_name(x.product), x.share, x.dependent is True) for x in known]
    words = charts.bars_words(items, header=(t("table.product"), t("table.share")), lang=c.lang)
    svg = charts.bars(items, title=heading, desc=words.sentence, ident=ident, lang=c.lang)
    return Figure(ident, trusted(svg), heading, sub, words)


def country_figures(c: Context, result: Country) -> dict[str, Figure]:
    """Draw both directions: ``in`` and ``out``, those there are."""
    t = translator(c.lang)
    there, here = c.running(result.country), c.running(result.reporter)
    found = [
        country_bars(
            c, "in", result.incoming, t("country.leans_in", here=here, there=there), t("country.share_here", here=here)
        ),
        country_bars(
            c,
            "out",
            result.outgoing or (),
            t("country.leans_out", here=here, there=there),
            t("country.share_there", there=there),
        ),
    ]
    return {figure.ident: figure for figure in found if figure}


Key = tuple[str, str]


def reasons(items: Sequence[Comparison], lang: str) -> tuple[dict[Key, tuple[str, int]], list[str]]:
    """Number the reasons why criteria are unknown.

    Returns what stands beside each criterion, by (definition, criterion): its own words and the number of the reason it
    shares with others (0 for none); and the shared reasons.
    """
    shared: list[str] = []
    beside: dict[Key, tuple[str, int]] = {}
    for item in items:
        for k in item.criteria:
            text, own = k.why.in_(lang), ""
            if k.why.en.startswith("at most ") and "; " in text:
                own, text = text.split("; ", 1)
            if text and text not in shared:
                shared.append(text)
            beside[item.method, k.name] = (own, shared.index(text) + 1 if text else 0)
    return beside, [text[:1].upper() + text[1:] + "." for text in shared]


def supplier_rows(items: Sequence[Supplier]) -> list[Supplier]:
    """Order suppliers by share, unknown last."""
    return sorted(items, key=lambda s: (s.share is None, -(s.share or 0.0), s.country))
