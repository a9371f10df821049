"""How does an inter-country table stand in the lake, and how does it come out again as it went in?

In long form, without zeros: ``mrio_flows`` between industries, ``mrio_final`` to final users by category, and
``mrio_industries`` with the order and the names of the industries. Negative cells stay as published.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from schakel.errors import IntegrityError, NotFoundError
from schakel.evidence import InputRef, sha256_text
from schakel.sources.mrio import InterCountryTable, Published, economy

if TYPE_CHECKING:
    from schakel.lake import Dataset

TABLES = ("mrio_industries", "mrio_flows", "mrio_final")


def write(published: Published, stage: Path) -> tuple[dict[str, Path], int]:
    """Write one year under ``stage`` and return the folders of its tables and the number of cells that stand in them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = pa.array(published.regions, pa.string()), pa.array(published.sectors, pa.string())

    def key(index: Any, which: int) -> Any:
        codes = pa.array(np.asarray(index, np.int32))
        return pa.DictionaryArray.from_arrays(codes, names[which])

    def save(table: str, columns: dict[str, Any]) -> Path:
        size = len(next(iter(columns.values())))
        year = pa.array(np.full(size, published.year, np.int16))
        folder = stage / table / f"year={published.year:04d}"
        folder.mkdir(parents=True)
        pq.write_table(pa.table({"year": year, **columns}), folder / "part.parquet", compression="zstd")
        return stage / table

    i, j = np.nonzero(published.flows)
    a, r, c = np.nonzero(published.final)
    region, sector, n = published.region, published.sector, len(published.region)
    made = published.flows.sum(axis=1) + published.final.sum(axis=(1, 2))
    labels = [published.sectors[s] for s in sector]
    uses = pa.array(published.categories, pa.string())
    tables = {
        "mrio_industries": save(
            "mrio_industries",
            {
                "place": pa.array(np.arange(n, dtype=np.int32)),
                "region": key(region, 0),
                "sector": key(sector, 1),
                "name": pa.array([published.sector_names.get(s) for s in labels], pa.string()),
                "output": pa.array(made),
                "unit": pa.array([published.unit] * n, pa.string()),
            },
        ),
        "mrio_flows": save(
            "mrio_flows",
            {
                "from_region": key(region[i], 0),
                "from_sector": key(sector[i], 1),
                "to_region": key(region[j], 0),
                "to_sector": key(sector[j], 1),
                "value": pa.array(published.flows[i, j]),
            },
        ),
        "mrio_final": save(
            "mrio_final",
            {
                "from_region": key(region[a], 0),
                "from_sector": key(sector[a], 1),
                "to_region": key(r, 0),
                "category": pa.DictionaryArray.from_arrays(pa.array(c.astype(np.int32)), uses),
                "value": pa.array(published.final[a, r, c]),
            },
        ),
    }
    return tables, len(i) + len(a)


def names() -> tuple[str, ...]:
    """Return the data sets of the lake that hold such a table."""
    from schakel.lake import Lake

    lake = Lake()
    return tuple(name for name in lake.names() if set(TABLES) <= set(lake.open(name).tables))


def read(name: str, year: int | None = None) -> InterCountryTable:
    """Read a data set of the lake as an economy, its last year when none is named.

    Raises
    ------
    NotFoundError
        If the lake has no such data set, or it holds no such table or year.
    IntegrityError
        If its tables do not belong together.
    """
    from schakel.lake import Lake

    lake = Lake()
    if name not in lake.names():
        have = ", ".join(names()) or "none yet"
        raise NotFoundError(f"{name!r} is no table of the lake", where=str(lake.root), remedy=f"tables there: {have}")
    dataset = lake.open(name)
    if not set(TABLES) <= set(dataset.tables):
        raise NotFoundError(
            f"data set {name!r} holds no inter-country table",
            where=f"tables: {', '.join(dataset.tables)}",
            remedy=f"tables in the lake: {', '.join(names()) or 'none yet'}",
        )
    have_years = dataset.years("mrio_flows")
    if year is not None and year not in have_years:
        raise NotFoundError(
            f"data set {name!r} has no year {year}", remedy=f"years there: {', '.join(map(str, have_years))}"
        )
    return economy(_published(dataset, have_years[-1] if year is None else year))


def _published(dataset: Dataset, year: int) -> Published:
    from schakel.lake import engine

    with engine.connect() as con:
        rows = con.execute(
            f"SELECT region, sector, name, unit FROM {dataset.from_sql('mrio_industries', year)} ORDER BY place"
        ).fetchall()
        at = {(r, s): k for k, (r, s, _, _) in enumerate(rows)}
        uses = con.execute(
            f"SELECT DISTINCT to_region, category FROM {dataset.from_sql('mrio_final', year)} ORDER BY 1, 2"
        ).fetchall()
        regions = tuple(dict.fromkeys([r for r, _, _, _ in rows] + [r for r, _ in uses]))
        sectors = tuple(dict.fromkeys(s for _, s, _, _ in rows))
        categories = tuple(sorted({c for _, c in uses}))
        n = len(rows)
        flows, final = np.zeros((n, n)), np.zeros((n, len(regions), len(categories)))
        industries = dataset.from_sql("mrio_industries", year)
        cells = con.sql(
            f"""SELECT a.place AS i, b.place AS j, f.value FROM {dataset.from_sql("mrio_flows", year)} f
            JOIN {industries} a ON a.region = f.from_region AND a.sector = f.from_sector
            JOIN {industries} b ON b.region = f.to_region AND b.sector = f.to_sector"""
        ).to_arrow_table()
        used = con.sql(
            f"""SELECT a.place AS i, f.to_region, f.category, f.value FROM {dataset.from_sql("mrio_final", year)} f
            JOIN {industries} a ON a.region = f.from_region AND a.sector = f.from_sector"""
        ).to_arrow_table()
        count = con.execute(
            f"""SELECT (SELECT count(*) FROM {dataset.from_sql("mrio_flows", year)}),
            (SELECT count(*) FROM {dataset.from_sql("mrio_final", year)})"""
        ).fetchall()[0]
    if len(at) != n or (cells.num_rows, used.num_rows) != count:
        raise IntegrityError(
            "rows name industries that the table does not have",
            where=f"data set {dataset.name}, {year}",
            remedy="add the data set again",
        )
    flows[cells["i"].to_numpy(), cells["j"].to_numpy()] = cells["value"].to_numpy()
    place = {r: k for k, r in enumerate(regions)}
    to = np.array([place[r] for r in used["to_region"].to_pylist()], np.int64)
    category = np.array([categories.index(c) for c in used["category"].to_pylist()], np.int64)
    final[used["i"].to_numpy(), to, category] = used["value"].to_numpy()
    digest = sha256_text(f.sha256 for f in dataset.files if f.year in (None, year))
    return Published(
        name=f"{dataset.name} {year}" if year else dataset.name,
        year=year,
        regions=regions,
        sectors=sectors,
        region=np.array([place[r] for r, _, _, _ in rows]),
        sector=np.array([sectors.index(s) for _, s, _, _ in rows]),
        flows=flows,
        categories=categories,
        final=final,
        unit=rows[0][3] if rows else "",
        source=dataset.sources[0],
        cells_read=sum(count),
        cells_kept=sum(count),
        left_out={},
        notes=tuple(dataset.caveats),
        files=(InputRef(dataset.name, digest, sum(count)),),
        sector_names={s: label for _, s, label, _ in rows if label},
        version=dataset.version,
    )
