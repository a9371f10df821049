"""What do the same criteria cost in pandas, and revealed comparative advantage in py-ecomplexity?

The pandas version is written as an analyst would: group-bys over one year, floats, no exact comparison at a threshold. It gives the counts of rows that meet
and do not meet each definition, to be held against ours.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


def flows(path: Path) -> pd.DataFrame:
    """Read one year of coded flows."""
    return pd.read_parquet(path, columns=["product", "importer", "exporter", "value"])


def verdicts(f: pd.DataFrame, member: np.ndarray, partner: int) -> dict[str, tuple[int, int]]:
    """Return (rows that meet, rows that do not) by definition, for every importer and the bloc as one, from one year."""
    bloc = len(member)
    inside = np.append(member, True)
    from_member, into_member = member[f.exporter.to_numpy()], member[f.importer.to_numpy()]
    own = f[into_member].groupby(["product", "exporter"], as_index=False)["value"].sum().assign(importer=bloc)
    every = pd.concat([f, own], ignore_index=True)
    outside = every.assign(exporter=np.where(member[every.exporter.to_numpy()], bloc, every.exporter))
    outside = outside[~(inside[every.importer.to_numpy()] & member[every.exporter.to_numpy()])]
    outside = outside.groupby(["product", "importer", "exporter"], as_index=False)["value"].sum()

    row = _suppliers(every)
    row = row.join(_suppliers(outside).add_suffix("_ext")).fillna({"m_ext": 0, "ss_ext": 0, "top_ext": 0})
    row["m_partner"] = every[every.exporter == partner].set_index(["product", "importer"])["value"]
    row["m_partner"] = row["m_partner"].fillna(0)
    x = f.groupby(["product", "exporter"])["value"].sum()
    sold = f[from_member].groupby("product")["value"].sum()
    sold_out = f[from_member & ~into_member].groupby("product")["value"].sum()
    product = row.index.get_level_values(0)
    importer = row.index.get_level_values(1).to_numpy()
    is_bloc = importer == bloc
    row["x"] = x.reindex(row.index).fillna(0).to_numpy()
    row.loc[is_bloc, "x"] = sold.reindex(product[is_bloc]).fillna(0).to_numpy()
    row["x_view"] = row["x"]
    row.loc[is_bloc, "x_view"] = sold_out.reindex(product[is_bloc]).fillna(0).to_numpy()

    merged = f[~(from_member & into_member)]
    merged = merged.assign(
        exporter=np.where(member[merged.exporter.to_numpy()], bloc, merged.exporter),
        importer=np.where(member[merged.importer.to_numpy()], bloc, merged.importer),
    )
    merged = merged.groupby(["product", "importer", "exporter"], as_index=False)["value"].sum()
    one, apart = _world(merged), _world(f)
    spof = (one.centrality.rank(pct=True) + one.hhi.rank(pct=True)) / 2
    single = ~inside[importer] | is_bloc  # rows for which the bloc counts as one country
    view = {k: np.where(single, row[f"{k}_ext"], row[k]) for k in ("m", "ss", "top")}
    hhi_ext, hhi = row.ss_ext / row.m_ext**2, view["ss"] / view["m"] ** 2
    share = row.m_ext / row.m
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio_ext = row.m_ext / row.x
        ratio = np.where(row.x_view > 0, view["m"] / row.x_view, np.inf)
    at = {
        name: series.reindex(product).to_numpy()
        for name, series in (("whhi", one.hhi), ("c", one.centrality), ("spof", spof))
    }
    apart_hhi = apart.hhi.reindex(product).to_numpy()
    ec = [hhi_ext > 0.4, share > 0.5, ratio_ext > 1]
    ec_known = [hhi_ext.notna(), share.notna(), ratio_ext.notna()]
    no = np.zeros(len(row), bool)
    yes = ~no
    tests: dict[str, tuple[list[Any], list[Any]]] = {
        "ec2021": (ec, ec_known),
        "arjona2023": ([*ec, at["spof"] > 0.9], [*ec_known, ~np.isnan(at["spof"])]),
        "geodep2024": ([hhi > 0.4, at["whhi"] > 0.4, ratio > 1, no], [~np.isnan(hhi), yes, ~np.isnan(ratio), no]),
        "tresor2020": (
            [share > 0.5, hhi_ext > 0.5, at["c"] > 2.5],
            [share.notna(), hhi_ext.notna(), ~np.isnan(at["c"])],
        ),
        "merics2024": ([ratio >= 2, view["top"] / view["m"] >= 0.3, no], [yes, yes, no]),
        "oecd2024": ([row.ss / row.m**2 > 2 * apart_hhi, no], [yes, no]),
        "iw": ([row.m_partner / row.m >= 0.5, no], [yes, no]),
        "bottleneck": ([row.top / row.m >= 0.8, row.m >= 1e7], [yes, yes]),
        "crma": ([row.top_ext / row.m_ext > 0.65], [row.m_ext > 0]),
    }
    out = {}
    for name, (passed, known) in tests.items():
        meets = np.logical_and.reduce([np.asarray(p) & np.asarray(k) for p, k in zip(passed, known, strict=True)])
        fails = np.logical_or.reduce([~np.asarray(p) & np.asarray(k) for p, k in zip(passed, known, strict=True)])
        out[name] = (int(meets.sum()), int(fails.sum()))
    return out


def _suppliers(f: pd.DataFrame) -> pd.DataFrame:
    squared = f.assign(ss=f.value.astype(float) ** 2)
    out = squared.groupby(["product", "importer"]).agg(m=("value", "sum"), ss=("ss", "sum"), top=("value", "max"))
    return out.astype(float)  # the square of a whole number would run over


def _world(f: pd.DataFrame) -> pd.DataFrame:
    by_importer = f.groupby(["product", "importer"])["value"]
    weight = f.value * by_importer.transform("count") / by_importer.transform("sum")
    exporter = f.assign(c=weight).groupby(["product", "exporter"]).agg(x=("value", "sum"), c=("c", "sum"))
    exporter["x"] = exporter.x.astype(float)  # the square of a whole number would run over
    exporter["x2"] = exporter.x**2
    g = exporter.groupby("product")
    return pd.DataFrame({"hhi": g.x2.sum() / g.x.sum() ** 2, "centrality": g.c.std()})


def rca_ecomplexity(f: pd.DataFrame) -> pd.DataFrame:
    """Return RCA (exporters x products) as py-ecomplexity's ComplexityData works it out from country totals."""
    import warnings

    from ecomplexity.ComplexityData import ComplexityData

    totals = f.groupby(["exporter", "product"], as_index=False)["value"].sum().assign(year=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = {"time": "year", "loc": "exporter", "prod": "product", "val": "value"}
        data = ComplexityData(totals, names, "raise")
        data.create_full_df(0)
        data.calculate_rca()
    index = data.data_t.index
    return pd.DataFrame(data.rca_t, index=index.levels[0], columns=index.levels[1])


def rca_sql(path: Path, threads: int) -> Any:
    """Return RCA with the engine's exact totals: one query, one float division at the end."""
    from schakel.lake.engine import connect, quote

    query = f"""
        WITH x AS (SELECT exporter, product, sum(value)::HUGEINT AS x FROM read_parquet({quote(path)}) GROUP BY ALL),
        t AS (SELECT *, sum(x) OVER (PARTITION BY exporter)::HUGEINT AS xc, sum(x) OVER (PARTITION BY product)::HUGEINT AS xp,
                     sum(x) OVER ()::HUGEINT AS xw FROM x)
        SELECT exporter, product, (x::DOUBLE / xc::DOUBLE) / (xp::DOUBLE / xw::DOUBLE) AS rca FROM t"""
    return connect(threads=threads).sql(query).to_arrow_table()
