"""Which imports of a reporter meet a definition in one year?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from schakel.dependency import measures as ms
from schakel.dependency.evaluate import Context, Evaluated, evaluate
from schakel.dependency.indicators import SQL_FILES, YearIndicators, sql
from schakel.dependency.kept import importer_table, year_table
from schakel.dependency.presets import Preset
from schakel.dependency.presets import preset as find_preset
from schakel.dependency.wide import I64
from schakel.errors import InputError, NotFoundError
from schakel.evidence import Receipt, licence, result_sha256, sha256_text
from schakel.lake.flowset import FlowSet
from schakel.nomenclature import blocs


@dataclass(frozen=True)
class Screen:
    """The answer of one run; `rows` are JSON-ready, one a product, in order of product code."""

    reporter: str
    year: int
    method: str
    rows: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...]
    sources: tuple[dict[str, str], ...]
    licences: tuple[dict[str, Any], ...]
    receipt: Receipt

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form of the answer."""
        return {
            "reporter": self.reporter,
            "year": self.year,
            "method": self.method,
            "rows": list(self.rows),
            "warnings": list(self.warnings),
            "sources": list(self.sources),
            "licences": list(self.licences),
            "receipt": self.receipt.as_dict(),
        }


@dataclass(frozen=True)
class Setting:
    """Reporter, definition and bloc of a run, resolved."""

    reporter: str
    preset: Preset
    bloc: str
    members: frozenset[str]
    treatment: str


def country(code: str) -> str:
    """Return the alpha-3 code of a country that somebody asks about.

    Raises
    ------
    NotFoundError
        If no country is known by that code: a question about nothing, where an unknown code in a file is bad input.
    """
    from schakel.nomenclature import countries

    try:
        return countries.resolve(code).iso3
    except InputError as error:
        raise NotFoundError(error.what, where=error.where, remedy=error.remedy) from None


def setting(reporter: str, method: str, year: int, bloc: str | None = None) -> Setting:
    """Resolve a reporter (country or bloc), a definition and the treatment of the bloc ("one", "members" or None for the definition's own).

    Raises
    ------
    NotFoundError, InputError
        If one of them is unknown.
    """
    chosen = find_preset(method)
    if bloc not in (None, "one", "members"):
        raise InputError(f"bloc {bloc!r} is not a treatment", remedy="use one or members")
    name = chosen.bloc
    if blocs.is_bloc(reporter):
        name = reporter = reporter.upper() if blocs.is_bloc(reporter.upper()) else reporter
    else:
        reporter = country(reporter)
    return Setting(reporter, chosen, name, frozenset(blocs.members(name, year)), bloc or chosen.treatment)


def reporter_index(flows: FlowSet, setting: Setting) -> int:
    """Return the position of the reporter among the importers.

    Raises
    ------
    NotFoundError
        If the flows hold nothing of the reporter.
    """
    if setting.reporter == setting.bloc:
        return len(flows.countries)
    index = flows.country_index(setting.reporter)
    if index < 0:
        raise NotFoundError(
            f"the flows hold nothing of {setting.reporter}",
            remedy="check the reporter; it is an alpha-3 code or a bloc such as EU27",
        )
    return index


def judged(
    flows: FlowSet, where: Setting, year: int, *, threads: int | None = None, informational: bool = True
) -> tuple[YearIndicators, Evaluated]:
    """Apply a definition to one reporter's rows of one year."""
    years, context = inputs(flows, where, year, reporter_index(flows, where), threads=threads)
    return years[year], evaluate(where.preset, years, year, context, informational=informational)


def inputs(
    flows: FlowSet, where: Setting, year: int, importer: int | None, *, threads: int | None = None
) -> tuple[dict[int, YearIndicators], Context]:
    """Return what a definition looks at: the building blocks of its years, of one importer or of all, and the context."""
    partner = next((c.partner for c in where.preset.criteria if c.partner), "CHN")
    window = range(year - where.preset.window - where.preset.mean_years + 2, year + 1)

    def table(t: int) -> YearIndicators:
        if importer is None:
            return year_table(flows, t, where.bloc, where.members, partner=partner, threads=threads)
        return importer_table(flows, t, where.bloc, where.members, importer, partner=partner, threads=threads)

    years = {t: table(t) for t in window if t in flows.years or t == year}
    context = Context(
        treatment=where.treatment,
        members=where.members,
        scale=flows.scale,
        currency=flows.currency,
        coverage=flows.coverage,
        has_re_export=flows.has_re_export,
        partner=partner,
        eur=euros(flows, where, years),
    )
    return years, context


def euros(flows: FlowSet, where: Setting, years: Mapping[int, YearIndicators]) -> dict[int, I64] | None:
    """Return imports in euro by year, when the definition asks for them and the flows have them beside dollars."""
    wanted = any(c.currency == "EUR" for c in where.preset.criteria)
    if not wanted or not flows.has_eur or flows.currency == "EUR":
        return None
    return {t: euro_imports(flows, where, y) for t, y in years.items()}


def euro_imports(flows: FlowSet, where: Setting, y: YearIndicators) -> I64:
    """Return imports in euro units by row; -1 where one of a row's flows has no euro value."""
    import pyarrow.parquet as pq

    few = [("product", ">=", int(y.product.min())), ("product", "<=", int(y.product.max()))] if len(y.product) else None
    table = pq.read_table(flows.path(y.year), columns=["product", "importer", "exporter", "value_eur"], filters=few)
    product, importer, exporter = (table[c].to_numpy() for c in ("product", "importer", "exporter"))
    eur = table["value_eur"].combine_chunks().fill_null(-1).to_numpy(zero_copy_only=False)
    member = np.array([c in where.members for c in flows.countries], dtype=bool)
    width = len(y.countries)
    keys = y.product.astype(np.int64) * width + y.importer
    present = np.bincount(y.importer, minlength=width) > 0
    out, lacking = np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
    into_bloc = member[importer] & present[y.bloc_index]
    if where.treatment == "one":
        into_bloc &= ~member[exporter]
    for mask, to in ((present[importer], importer), (into_bloc, np.full(len(importer), y.bloc_index))):
        at = np.searchsorted(keys, product[mask].astype(np.int64) * width + to[mask])
        np.add.at(out, at, np.maximum(eur[mask], 0))
        lacking[at[eur[mask] < 0]] = True
    out[lacking] = -1
    return out


def _number(value: float) -> float | None:
    return None if np.isnan(value) or np.isinf(value) else float(value)


_FLAG = {ms.PASS: True, ms.FAIL: False, ms.UNKNOWN: None}


def rows_of(flows: FlowSet, y: YearIndicators, result: Evaluated, eur: I64 | None = None) -> list[dict[str, Any]]:
    """Return JSON-ready rows, one a product with imports."""
    out = []
    scale = flows.scale
    for i in np.flatnonzero(y.m_all > 0).tolist():
        criteria = {}
        for name, j in result.criteria.items():
            why = j.why
            if np.isinf(j.value[i]):
                why = "nothing exported"
            elif np.isnan(j.value[i]) and not why:
                why = "undefined: nothing to divide by"
            elif j.upper is not None and np.isnan(j.value[i]) and np.isfinite(j.upper[i]):
                why = f"at most {j.upper[i]:.4g}, from the exports these flows show; {why}"
            threshold = _number(j.threshold[i])
            value = _number(j.value[i])
            if value is not None and j.passes[i] != ms.UNKNOWN:
                why = ""
            distance = value - threshold if value is not None and threshold is not None else None
            criteria[name] = {
                "value": value,
                "threshold": threshold,
                "passes": _FLAG[int(j.passes[i])],
                "distance": distance,
                "why": why,
            }
        amount = int(result.imports[i])
        amount_out = amount // scale if amount % scale == 0 else amount / scale
        in_eur = amount_out if flows.currency == "EUR" else None
        if flows.currency != "EUR" and eur is not None and eur[i] >= 0:
            in_eur = int(eur[i]) // scale if eur[i] % scale == 0 else int(eur[i]) / scale
        top = int(result.top[i])
        out.append(
            {
                "product": y.products[int(y.product[i])],
                "import_value_usd": amount_out if flows.currency == "USD" else None,
                "import_value_eur": in_eur,
                "criteria": criteria,
                "dependent": _FLAG[int(result.verdict[i])],
                "top_supplier": y.countries[top] if top >= 0 else None,
                "top_supplier_share": _number(result.top_share[i]),
            }
        )
    return out


def definition_sha256() -> str:
    """Return the hash of the SQL that defines every building block."""
    return sha256_text(sql(name) for name in SQL_FILES)


def engine_name() -> str:
    """Return the software of a run, versions included."""
    from schakel.lake.engine import version
    from schakel.version import __version__

    return f"schakel {__version__}; {version()}; numpy {np.__version__}"


def screen(
    flows: FlowSet, *, reporter: str, method: str, year: int, bloc: str | None = None, threads: int | None = None
) -> Screen:
    """Answer which products meet a definition, with the receipt of the run.

    Parameters
    ----------
    reporter
        Country (alpha-3 or another code it is known by) or bloc such as EU27.
    method
        Name of a preset, or path of a TOML definition.
    bloc
        "one" or "members"; None takes the definition's own treatment.
    """
    where = setting(reporter, method, year, bloc)
    y, result = judged(flows, where, year, threads=threads)
    eur = euro_imports(flows, where, y) if flows.has_eur and flows.currency == "USD" else None
    rows = rows_of(flows, y, result, eur)
    warnings = [*flows.warnings]
    if result.years_missing:
        missing = ", ".join(map(str, result.years_missing))
        warnings.append(f"{where.preset.name} looks at {where.preset.window} years; no flows of {missing}")
    if not rows:
        warnings.append(f"{where.reporter} imports nothing in {year} in these flows")
    unread = [
        c.name for c in where.preset.criteria if c.threshold is None and not c.of and c.name != "persistent_years"
    ]
    if unread:
        warnings.append(
            f"{where.preset.name}: the cut of {', '.join(unread)} was not read in the source, so rows that pass the rest stay undecided"
        )
    if flows.coverage != "world":
        warnings.append("the flows hold imports only: criteria that need exports or world trade are unknown")
    parameters = {
        "reporter": where.reporter,
        "method": method,
        "definition_sha256": sha256_text([repr(where.preset)]),
        "year": year,
        "bloc": where.treatment,
        **dict(flows.reading),
    }
    receipt = Receipt(
        inputs=flows.inputs,
        parameters=parameters,
        sql_sha256=definition_sha256(),
        engine=engine_name(),
        result_sha256=result_sha256(rows),
    )
    return Screen(
        reporter=where.reporter,
        year=year,
        method=where.preset.name,
        rows=tuple(rows),
        warnings=tuple(warnings),
        sources=(*flows.sources, definition_source(where.preset)),
        licences=tuple(licence_facts(key) for key in flows.licences),
        receipt=receipt,
    )


def definition_source(preset: Preset) -> dict[str, str]:
    """Return where a definition was published, as a source of an answer."""
    return {
        "id": f"method:{preset.name}",
        "title": preset.source,
        "url": preset.url,
        "licence": "",
        "mark": preset.mark,
    }


def licence_facts(key: str) -> dict[str, Any]:
    """Return what a licence allows and asks, as an answer states it."""
    found = licence(key)
    return {
        "id": found.id,
        "name": found.name,
        "url": found.url,
        "share": found.share,
        "commercial": found.commercial,
        "duty": found.duty,
    }
