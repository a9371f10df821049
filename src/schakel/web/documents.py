"""What do definitions, data sets, sources and licences say about themselves?"""

from __future__ import annotations

import re
from functools import cache

from schakel import reference
from schakel.charts.numbers import number
from schakel.dependency.presets import Criterion, Preset, preset
from schakel.evidence import licence
from schakel.web import service as s
from schakel.web.i18n import catalogue
from schakel.web.wording import both


@cache
def method(name: str) -> s.Method:
    """Return one of the definitions that come with the program."""
    p = preset(name)
    elements = tuple(
        s.MethodElement(
            c.name,
            s.Text(_condition(c, "en"), _condition(c, "nl")),
            c.formula,
            float(c.threshold) if c.threshold is not None else None,
            c.status == "verified",
            p.source,
        )
        for c in p.criteria
    ) + _whole(p)
    published = tuple(
        s.Published(
            both(str(h["measure"])),
            float(str(h["value"])) if h["value"] is not None else None,
            "" if h["unit"] in (None, "rank") else str(h["unit"]),
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
        tuple(both(n) for n in p.notes),
        _facts(p),
    )


def _whole(p: Preset) -> tuple[s.MethodElement, ...]:
    """Return what holds for the definition as a whole, each element with whether it was read."""
    said = dict(_facts(p))
    key = {"universe": "universe", "treatment": "bloc", "base": "base", "mean_years": "years"}
    out = []
    for element, status in p.status:
        names = [catalogue(lang)[f"fact.{key[element]}"] for lang in ("en", "nl")]
        text = said[key[element]]
        label = s.Text(f"{names[0]}: {text.en}", f"{names[1]}: {text.nl}")
        out.append(s.MethodElement(element, label, "", None, status == "verified", p.source))
    return tuple(out)


def _facts(p: Preset) -> tuple[tuple[str, s.Text], ...]:
    """Say what holds for the definition as a whole: products, bloc, suppliers counted, years, how it was read."""
    one = s.Text(f"{p.bloc} as one importer", f"{p.bloc} als één importeur")
    many = s.Text(f"members of {p.bloc} separately", f"leden van {p.bloc} afzonderlijk")
    outside = s.Text("those outside the bloc", "die van buiten het blok")
    years = s.Text(f"mean of {p.mean_years} years", f"gemiddelde van {p.mean_years} jaar")
    if p.mean_years == 1:
        years = s.Text(f"{p.window} years", f"{p.window} jaar") if p.window > 1 else s.Text("one year", "één jaar")
    return (
        ("universe", both(p.universe)),
        ("bloc", one if p.treatment == "one" else many),
        ("base", outside if p.base == "extra" else s.Text("all", "alle")),
        ("years", years),
        ("mark", s.Text(*(catalogue(lang)[f"mark.{p.mark}"] for lang in ("en", "nl")))),
    )


def _condition(c: Criterion, lang: str) -> str:
    """Say a criterion: its name, how it must stand, and its cut."""
    texts = catalogue(lang)
    name = texts[f"criterion.{c.name}"]
    if c.of and c.times is not None:
        shown = f"{number(float(c.times), lang)} × ({texts[f'criterion.{c.of}']})"
    elif c.threshold is None:
        shown = {"en": "? (cut not read)", "nl": "? (grens niet gelezen)"}[lang]
    else:
        shown = cut(c.name, float(c.threshold), lang, c.currency)
    return f"{name} {'≥' if c.op == '>=' else '>'} {shown}"


def amount(criterion: str, value: float | None, lang: str, currency: str = "") -> str:
    """Write a criterion's value in its own unit: a percentage, whole years, an amount of money, or an index."""
    from schakel.charts.numbers import money, percent

    if criterion in ("extra_bloc_import_share", "top_supplier_share"):
        return percent(value, lang, 1)
    if criterion == "import_value":
        return money(value, currency or "EUR", lang)
    return number(value, lang, 0 if criterion == "persistent_years" else 3)


def cut(criterion: str, value: float, lang: str, currency: str = "") -> str:
    """Write a threshold as `amount` does, without zeros behind the mark."""
    mark = "," if lang == "nl" else "."
    text = re.sub(rf"(\{mark}\d*?)0+(?!\d)", r"\1", amount(criterion, value, lang, currency))
    return re.sub(rf"\{mark}(?!\d)", "", text)


def currency_of(method_name: str, criterion: str, flows: str) -> str:
    """Return the currency a definition counts a criterion in, the flows' own when it names none."""
    found = preset(method_name).criterion(criterion)
    return (found.currency if found else "") or flows


@cache
def data() -> s.Data:
    """Return data sets, sources and licences of the embedded tables."""
    sets = []
    for name in reference.names():
        info, rows = reference.info(name), reference.rows(name)
        used = [reference.source(key) for key in sorted({str(r["source"]) for r in rows})]
        vintages = sorted({x.vintage for x in used if x.vintage})
        sets.append(
            s.DataSet(
                name,
                s.Text(info.title, info.title_nl),
                "1",
                vintages[0] if len(vintages) == 1 else "",
                info.licence,
                len(rows),
                max((x.retrieved for x in used), default=""),
                tuple(both(c) for c in info.caveats),
                tuple(x.id for x in used),
            )
        )
    every = reference.sources()
    return s.Data(tuple(sets), every, tuple(licence(k) for k in sorted({x.licence for x in every})))
