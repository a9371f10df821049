"""What does the program know without any file of the user's: embedded imports, governance, voting distance, names?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from schakel import reference
from schakel.evidence import InputRef, result_sha256
from schakel.lake import engine, flowset, unnamed
from schakel.lake.flowset import FlowSet
from schakel.nomenclature import blocs

EMBEDDED = "reference"
STABILITY = "political stability"


@cache
def flows() -> FlowSet:
    """Return the embedded imports of critical materials as flows: EU members' imports in euro, nothing else."""
    table = reference.flows()
    digest = result_sha256([list(column) for column in table.to_pydict().values()])
    unallocated = reference.rows("imports_unallocated")
    secret = sum(int(str(r["value_eur"])) for r in unallocated)
    used = sorted({str(r["source"]) for r in reference.rows("imports")})
    found = flowset.from_table(
        table,
        inputs=[InputRef(f"{EMBEDDED}:imports", digest, table.num_rows)],
        coverage="imports",
        warnings=[f"embedded rows that name no country and are left out: {len(unallocated)} ({secret} EUR)"]
        if unallocated
        else [],
        sources=[reference.source(key).as_dict() for key in used],
        licences=sorted({reference.source(key).licence for key in used}),
    )
    _keep_unnamed(unallocated, found)
    return found


def _keep_unnamed(rows: Sequence[Mapping[str, object]], found: FlowSet) -> None:
    import pyarrow as pa

    with engine.connect() as con:
        con.register(
            "apart",
            pa.table(
                {
                    "year": pa.array([int(str(r["year"])) for r in rows], pa.int16()),
                    "side": pa.array(["import"] * len(rows), pa.string()),
                    "reporter": pa.array([str(r["importer"]) for r in rows], pa.string()),
                    "product": pa.array([str(r["product_cn8"]) for r in rows], pa.string()),
                    "rule": pa.array([str(r["rule"]) for r in rows], pa.string()),
                    "value_eur": pa.array([int(str(r["value_eur"])) for r in rows], pa.int64()),
                }
            ),
        )
        unnamed.keep(con, "apart", found)


def _latest(rows: Sequence[Mapping[str, object]], year: int, value: str) -> dict[str, float]:
    """Return the latest value up to a year, by country."""
    found: dict[str, tuple[int, float]] = {}
    for row in rows:
        then, iso3, x = int(str(row["year"])), str(row["iso3"]), row[value]
        if x is not None and then <= year and found.get(iso3, (0, 0.0))[0] <= then:
            found[iso3] = (then, float(str(x)))
    return {iso3: x for iso3, (_, x) in found.items()}


@cache
def governance(year: int) -> dict[str, float]:
    """Return political stability (World Bank estimate, about -2.5 to 2.5, high is good) by country, latest up to a year."""
    rows = [dict(r) for r in reference.rows("governance") if r["dimension"] == STABILITY]
    return _latest(rows, year, "estimate")


@cache
def ideal_points(year: int) -> dict[str, float]:
    """Return UN General Assembly ideal points by country, latest up to a year (Bailey, Strezhnev and Voeten 2017)."""
    return _latest([dict(r) for r in reference.rows("ideal_points")], year, "ideal_point")


@cache
def voting_distance(reporter: str, year: int) -> dict[str, float]:
    """Return |theta_i - theta_k| from a reporter to every country; a bloc stands at the mean of its members."""
    points = ideal_points(year)
    home = (
        [points[c] for c in sorted(blocs.members(reporter, year)) if c in points]
        if blocs.is_bloc(reporter)
        else [points[reporter]]
        if reporter in points
        else []
    )
    if not home:
        return {}
    at = sum(home) / len(home)
    return {c: abs(p - at) for c, p in points.items()}


@cache
def product_facts() -> dict[str, dict[str, object]]:
    """Return material, stage and names by embedded CN8 product."""
    return {str(r["product_cn8"]): dict(r) for r in reference.rows("products_cn8")}


def product_name(code: str, lang: str) -> str:
    """Return what a product is called: by us, else by a publisher's code file in the lake, else its code.

    In English a publisher's description of the very code goes before our name of its wider group.
    """
    from schakel.lake import names
    from schakel.nomenclature import products

    fact = product_facts().get(code)
    if fact:
        return str(fact[f"name_{lang}"])
    own = products.short_name(code, lang)
    if own and (lang != "en" or products.has_short_name(code)):
        return own
    return names.described(code) or own or code
