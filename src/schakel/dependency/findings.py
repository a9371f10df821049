"""What are the checkable sentences of a monitor?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schakel.dependency import embedded
from schakel.dependency.monitor import Monitor
from schakel.dependency.presets import preset
from schakel.dependency.sensitivity import agreement, one_partner
from schakel.evidence import Citation, Finding
from schakel.nomenclature import countries

_WITH_ARTICLE = frozenset({"NLD", "USA", "GBR", "PHL", "ARE", "COD", "COG", "DOM", "CAF", "EU27"})
_WITH_ARTICLE_NL = frozenset({"USA", "GBR", "PHL", "ARE", "DOM", "CAF", "EU27"})


def named(code: str, lang: str) -> str:
    """Return a country or bloc as it stands inside a sentence, with its article."""
    name = countries.name(code, lang)
    if lang == "nl":
        return f"{'het' if code == 'GBR' else 'de'} {name}" if code in _WITH_ARTICLE_NL else name
    return f"the {name}" if code in _WITH_ARTICLE else name


def capital(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def findings(m: Monitor) -> list[Finding]:
    """Return the sentences: counts, the other definitions, the heaviest supplier, the most concentrated product, and the partner that leans hardest."""
    found = [_count(m), _others(m), _supplier(m), _product(m), _leaning(m)]
    return [f for f in found if f is not None]


def _finding(m: Monitor, sentence: dict[str, str], **fields: Any) -> Finding:
    base: dict[str, Any] = {
        "subject": m.reporter,
        "threshold": None,
        "verdict": None,
        "method": m.method,
        "period": str(m.year),
        "sources": tuple(Citation(s["id"]) for s in m.chosen.sources),
    }
    return Finding(**{**base, **fields, "sentence": sentence})


def _count(m: Monitor) -> Finding:
    verdicts = [r["dependent"] for r in m.chosen.rows]
    yes, open_ = verdicts.count(True), verdicts.count(None)
    there = {lang: named(m.reporter, lang) for lang in ("en", "nl")}
    rule = preset(m.chosen.receipt.parameters["method"])
    rest = {
        "en": f"; {open_} {'stays' if open_ == 1 else 'stay'} undecided because an input is missing" if open_ else "",
        "nl": f"; {open_} {'blijft' if open_ == 1 else 'blijven'} onbeslist omdat een gegeven ontbreekt"
        if open_
        else "",
    }
    sentence = {
        "en": f"Of {'the one product' if len(verdicts) == 1 else f'the {len(verdicts)} products'} in these flows that {there['en']} imports in "
        f"{m.year}, {yes} {'is' if yes == 1 else 'are'} a dependency under {m.method} "
        f"({_small(rule.summary)}){rest['en']}.",
        "nl": f"Van {'het ene product' if len(verdicts) == 1 else f'de {len(verdicts)} producten'} in deze stromen "
        f"{'dat' if len(verdicts) == 1 else 'die'} {there['nl']} in {m.year} "
        f"invoert, {'is' if yes == 1 else 'zijn'} "
        f"er {yes} een afhankelijkheid volgens {m.method} "
        f"({_small(rule.summary_nl)}){rest['nl']}.",
    }
    return _finding(
        m, sentence, measure="dependent products", value=float(yes), unit="products", caveats=m.chosen.warnings
    )


def _small(text: str) -> str:
    return (text[:1].lower() + text[1:]).rstrip(".")


def _others(m: Monitor) -> Finding | None:
    """Say for how many of the chosen definition's products another definition says no: a matter of definition."""
    if len(m.screens) < 2:
        return None
    said = [a for a in agreement(m.grid, tuple(m.screens)) if m.grid[a.product].get(m.method) is True]
    if not said:
        return None
    aside = one_partner(m.screens) - {m.method}
    contested = sum(a.contested(aside) for a in said)
    silent = len(said) - contested
    others = len(m.screens) - 1 - len(aside)
    blind = m.coverage != "world"
    sentence = {
        "en": f"Of the {len(said)} dependent {'product' if len(said) == 1 else 'products'}, {contested} "
        f"{'is' if contested == 1 else 'are'} a matter of definition: at least one of {others} other published "
        f"definitions says no; {silent} {'is' if silent == 1 else 'are'} contradicted by none"
        f"{', though most of those cannot say yes without world trade' if blind else ''}.",
        "nl": f"Van {'het ene afhankelijke product' if len(said) == 1 else f'de {len(said)} afhankelijke producten'} "
        f"{'is' if contested == 1 else 'zijn'} er {contested} een kwestie van definitie: ten minste een van {others} andere "
        f"gepubliceerde definities zegt nee; {silent} {'wordt' if silent == 1 else 'worden'} door geen enkele tegengesproken"
        f"{', al kunnen de meeste zonder wereldhandel geen ja zeggen' if blind else ''}.",
    }
    return _finding(
        m,
        sentence,
        measure="dependent products that another definition rules out",
        value=float(contested),
        unit="products",
    )


def _supplier(m: Monitor) -> Finding | None:
    whole = sum(v for _, v in m.suppliers)
    total = sum(m.value(r) for r in m.chosen.rows)
    if not whole or not total:
        return None
    held = sum(m.value(r) for r in m.chosen.rows if r["dependent"] is not False)
    top, value = m.suppliers[0]
    share, part = 100 * value / whole, 100 * held / total
    sentence = {
        "en": f"{capital(named(top, 'en'))} supplies {share:.1f}% of the outside imports of the products that no computed criterion rules out "
        f"({part:.1f}% of import value).",
        "nl": f"Van de invoer van buiten van de producten die door geen enkel berekend criterium worden uitgesloten, komt {_nl(share)}% uit {named(top, 'nl')} "
        f"(die producten zijn {_nl(part)}% van de invoerwaarde).",
    }
    measure = "share of the largest supplier in products not ruled out"
    return _finding(m, sentence, subject=f"{m.reporter}/{top}", measure=measure, value=value / whole, unit="share")


def _product(m: Monitor) -> Finding | None:
    rows = [r for r in m.chosen.rows if r["dependent"] is not False and r["top_supplier_share"] is not None]
    if not rows:
        return None
    worst = max(rows, key=lambda r: (m.value(r) * r["top_supplier_share"], r["product"]))
    share = 100 * worst["top_supplier_share"]
    label: Mapping[str, str] = {lang: embedded.product_name(worst["product"], lang) for lang in ("en", "nl")}
    sentence = {
        "en": f"The largest value from one hand is {label['en']} ({worst['product']}): {named(worst['top_supplier'], 'en')} supplies {share:.1f}%.",
        "nl": f"De grootste waarde uit één hand is {label['nl']} ({worst['product']}): {_nl(share)}% komt uit {named(worst['top_supplier'], 'nl')}.",
    }
    return _finding(
        m,
        sentence,
        subject=f"{m.reporter}/{worst['product']}",
        measure="top supplier share",
        value=worst["top_supplier_share"],
        unit="share",
        verdict=worst["dependent"],
    )


def _leaning(m: Monitor) -> Finding | None:
    if not m.reverse or not m.reverse[0]["majority_products"]:
        return None
    first = m.reverse[0]
    n, who = first["majority_products"], first["partner"]
    sentence = {
        "en": f"{capital(named(who, 'en'))} takes more than half of its imports of {n} "
        f"{'product' if n == 1 else 'products'} from {named(m.reporter, 'en')}.",
        "nl": f"Bij {n} {'product' if n == 1 else 'producten'} komt meer dan de helft van de invoer van {named(who, 'nl')} uit {named(m.reporter, 'nl')}.",
    }
    return _finding(
        m,
        sentence,
        subject=f"{who}/{m.reporter}",
        measure="products with a majority from the reporter",
        value=float(n),
        unit="products",
        threshold=0.5,
        verdict=True,
    )


def _nl(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
