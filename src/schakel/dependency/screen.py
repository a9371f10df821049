"""Which imports of a reporter meet a definition in one year?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from schakel.dependency import measures as ms
from schakel.dependency.evaluate import Context, Evaluated, evaluate
from schakel.dependency.indicators import SQL_FILES, YearIndicators, sql
from schakel.dependency.kernel import by_kernel
from schakel.dependency.presets import Preset
from schakel.dependency.presets import preset as find_preset
from schakel.dependency.wide import I64, Wide
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


def setting(reporter: str, method: str, year: int, bloc: str | None = None) -> Setting:
    """Resolve a reporter (country or bloc), a definition and the treatment of the bloc ("one", "members" or None for the definition's own).

    Raises
    ------
    NotFoundError, InputError
        If one of them is unknown.
    """
    from schakel.nomenclature import countries

    chosen = find_preset(method)
    if bloc not in (None, "one", "members"):
        raise InputError(f"bloc {bloc!r} is not a treatment", remedy="use one or members")
    name = chosen.bloc
    if blocs.is_bloc(reporter):
        name = reporter = reporter.upper() if blocs.is_bloc(reporter.upper()) else reporter
    else:
        reporter = countries.resolve(reporter).iso3
    return Setting(reporter, chosen, name, frozenset(blocs.members(name, year)), bloc or chosen.treatment)


@lru_cache(maxsize=16)
def _year_table(
    flows: FlowSet, year: int, bloc: str, members: frozenset[str], partner: str, threads: int | None
) -> YearIndicators:
    return by_kernel(flows, year, bloc=bloc, members=members, partner=partner, threads=threads)


def year_table(
    flows: FlowSet, year: int, bloc: str, members: frozenset[str], *, partner: str = "CHN", threads: int | None = None
) -> YearIndicators:
    """Return the building blocks of a year, kept for the next question about the same flows."""
    return _year_table(flows, year, bloc, members, partner, threads)


def only(y: YearIndicators, importer: int) -> YearIndicators:
    """Return the rows of one importer."""
    mask = y.importer == importer
    fields = {f: getattr(y, f) for f in y.__dataclass_fields__}
    for name, value in fields.items():
        if isinstance(value, (np.ndarray, Wide)) and name not in ("members", "one"):
            fields[name] = value.take(mask) if isinstance(value, Wide) else value[mask]
    return YearIndicators(**fields)


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
    importer = reporter_index(flows, where)
    partner = next((c.partner for c in where.preset.criteria if c.partner), "CHN")
    window = range(year - where.preset.window - where.preset.mean_years + 2, year + 1)
    years = {
        t: only(year_table(flows, t, where.bloc, where.members, partner=partner, threads=threads), importer)
        for t in window
        if t in flows.years or t == year
    }
    wants_eur = any(c.currency == "EUR" for c in where.preset.criteria) and flows.currency != "EUR" and flows.has_eur
    context = Context(
        treatment=where.treatment,
        members=where.members,
        scale=flows.scale,
        currency=flows.currency,
        coverage=flows.coverage,
        has_re_export=flows.has_re_export,
        partner=partner,
        eur=euro_imports(flows, where, years[year]) if wants_eur or flows.has_eur else None,
    )
    return years[year], evaluate(where.preset, years, year, context, informational=informational)


def euro_imports(flows: FlowSet, where: Setting, y: YearIndicators) -> I64:
    """Return the reporter's imports by product in euro units, in the order of the rows."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(flows.path(y.year), columns=["product", "importer", "exporter", "value_eur"])
    member = np.array([c in where.members for c in flows.countries])
    importer, exporter = table["importer"].to_numpy(), table["exporter"].to_numpy()
    if where.reporter == where.bloc:
        mask = member[importer]
        if where.treatment == "one":
            mask &= ~member[exporter]
    else:
        mask = importer == flows.country_index(where.reporter)
    eur = pc.fill_null(table["value_eur"], 0).to_numpy()[mask]
    out = np.zeros(len(flows.products), np.int64)
    np.add.at(out, table["product"].to_numpy()[mask], eur)
    return out[y.product]


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
        in_eur = amount_out if flows.currency == "EUR" else int(eur[i]) // scale if eur is not None else None
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
        sources=(*flows.sources, _definition_source(where.preset)),
        licences=tuple(_licence(key) for key in flows.licences),
        receipt=receipt,
    )


def _definition_source(preset: Preset) -> dict[str, str]:
    return {
        "id": f"method:{preset.name}",
        "title": preset.source,
        "url": preset.url,
        "licence": "",
        "mark": preset.mark,
    }


def _licence(key: str) -> dict[str, Any]:
    found = licence(key)
    return {
        "id": found.id,
        "name": found.name,
        "url": found.url,
        "share": found.share,
        "commercial": found.commercial,
        "duty": found.duty,
    }
