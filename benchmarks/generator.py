"""What would a file of world trade look like whose dependencies are known beforehand?

Flows shaped like BACI: 230 countries, 5,000 six-digit products, about 11 million rows a year, whole dollars, sorted by year, exporter, importer, product.
Row counts fall with a product's rank, values are lognormal around a gravity-like score, links last from year to year. Some products are planted: their
suppliers are set so that a definition must find them, or must not. The same shape and seed give the same bytes of numbers on every machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from schakel.nomenclature import blocs, countries, products

VERSION = 1  # raise it when the numbers change, so that no old file is taken for a new one
HS = 2022
FIRST_YEAR = 2014
ROW_GROUP = 1_000_000
_NAMED = "CHN USA DEU JPN NLD KOR FRA ITA GBR MEX CAN BEL SGP ESP IND RUS VNM CHE AUS BRA POL TWN THA MYS IDN TUR ARE CZE AUT SWE SAU IRL ZAF CHL NOR"
_LARGE = tuple(_NAMED.split())
_OUTSIDE = ("CHN", "USA", "VNM", "BRA", "KOR", "TUR", "ZAF", "CHL")
FACTOR = 9  # a planted supplier sells nine times what all others sell together: nine tenths of the imports


@dataclass(frozen=True)
class Shape:
    """Size and seed of a generated file; `planted` products of each kind."""

    countries: int = 230
    products: int = 5_000
    rows: int = 11_000_000
    years: int = 1
    planted: int = 20
    seed: int = 20_240_101

    @property
    def key(self) -> str:
        """Short hash of everything the numbers follow from."""
        text = json.dumps({**asdict(self), "version": VERSION}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Plant:
    """A product whose supply was arranged.

    Attributes
    ----------
    kind
        "world": one country outside the EU sells nine tenths to every importer; "outside": the same to the EU's members only, who export next to nothing;
        "decoy": as "outside", but the EU exports twice what it buys outside; "national": nine tenths of one importer's purchases, fifty million or more.
    found, spared
        (importer, definition) that must hold and must not hold.
    """

    product: str
    kind: str
    supplier: str
    importer: str
    found: tuple[tuple[str, str], ...]
    spared: tuple[tuple[str, str], ...]


_FOUND = {
    "world": (
        ("EU27", "ec2021"),
        ("EU27", "crma"),
        ("EU27", "tresor2020"),
        ("EU27", "arjona2023"),
        ("EU27", "geodep2024"),
    ),
    "outside": (("EU27", "ec2021"), ("EU27", "crma")),
    "decoy": (("EU27", "crma"),),
    "national": (("JPN", "bottleneck"),),
}
_SPARED = {"decoy": (("EU27", "ec2021"), ("EU27", "arjona2023"))}


def country_codes(shape: Shape) -> tuple[str, ...]:
    """Return the countries, the largest traders first."""
    now = [c.iso3 for c in countries.all_countries() if c.kind != "former"]
    first = [*_LARGE, *sorted(blocs.members("EU27", FIRST_YEAR) - set(_LARGE))]
    out = [*first, *(c for c in sorted(now) if c not in first)][: shape.countries]
    if len(out) < shape.countries or shape.countries < len(first):
        raise ValueError(f"between {len(first)} and {len(now)} countries")
    return tuple(out)


def product_codes(shape: Shape) -> tuple[str, ...]:
    """Return the products in order of code."""
    return tuple(sorted(c for c in products.codes(HS) if len(c) == 6)[: shape.products])


def plants(shape: Shape) -> tuple[Plant, ...]:
    """Return the planted products, by product code."""
    codes = product_codes(shape)
    rng = np.random.default_rng([shape.seed, 7])
    chosen = rng.choice(len(codes), 4 * shape.planted, replace=False)
    out = []
    for n, at in enumerate(chosen.tolist()):
        kind = ("world", "outside", "decoy", "national")[n % 4]
        supplier = "CHN" if kind == "national" else _OUTSIDE[n // 4 % len(_OUTSIDE)]
        importer = "JPN" if kind == "national" else "EU27" if kind != "world" else ""
        out.append(Plant(codes[at], kind, supplier, importer, _FOUND[kind], _SPARED.get(kind, ())))
    return tuple(sorted(out, key=lambda p: p.product))


class _World:
    """What stays the same over the years: sizes, and how many links each product has."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.countries, self.products = country_codes(shape), product_codes(shape)
        n = len(self.countries)
        size = -1.0 * np.log(np.arange(1, n + 1, dtype=np.float64))
        self.exporter, self.importer = (a.ravel() for a in np.meshgrid(np.arange(n), np.arange(n), indexing="ij"))
        self.gravity = (0.9 * size[self.exporter] + 0.7 * size[self.importer]).astype(np.float32)
        self.gravity[self.exporter == self.importer] = -np.inf
        rng = np.random.default_rng([shape.seed, 1])
        rank = rng.permutation(len(self.products)) + 1.0
        weight = rank**-0.35
        most = n * (n - 1)
        links = weight / weight.sum() * shape.rows
        for _ in range(20):  # what a full product cannot hold goes to the others
            links = np.minimum(links * (shape.rows / links.sum()), most)
        self.links = np.maximum(1, links).astype(np.int64)
        self.money = 2.0e13 * rank**-0.9 / (rank**-0.9).sum()
        self.plants = {p.product: p for p in plants(shape)}
        self.member = np.array([c in blocs.members("EU27", FIRST_YEAR) for c in self.countries])

    def product(self, at: int, year: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return pairs (exporter x n + importer, ascending) and values of one product in one year."""
        n = len(self.countries)
        lasting = np.random.default_rng([self.shape.seed, 2, at])
        yearly = np.random.default_rng([self.shape.seed, 3, at, year])
        skill = lasting.normal(0.0, 1.2, n).astype(np.float32)
        score = self.gravity + skill[self.exporter]
        score += 1.2 * lasting.standard_normal(n * n, dtype=np.float32)
        score += 0.3 * yearly.standard_normal(n * n, dtype=np.float32)
        k = int(self.links[at])
        pair = np.sort(np.argpartition(score, n * n - k)[n * n - k :])
        raw = np.exp(score[pair].astype(np.float64))
        value = np.maximum(1, np.rint(raw / raw.sum() * self.money[at])).astype(np.int64)
        plant = self.plants.get(self.products[at])
        return (pair, value) if plant is None else self._planted(plant, pair, value)

    def _planted(self, plant: Plant, pair: Any, value: Any) -> tuple[Any, Any]:
        n = len(self.countries)
        table = np.zeros((n, n), np.int64)  # exporter, importer
        table.flat[pair] = value
        member, abroad = self.member, ~self.member
        supplier = self.countries.index(plant.supplier)
        if plant.kind in ("world", "outside"):
            table[np.ix_(member, abroad)] = np.minimum(table[np.ix_(member, abroad)], 100)
        if plant.kind == "national":
            buyers = np.flatnonzero(np.array(self.countries) == plant.importer)
        else:
            buyers = np.arange(n) if plant.kind == "world" else np.flatnonzero(member)
        buyers = buyers[buyers != supplier]
        table[supplier, buyers] = 0
        least = 50_000_000 if plant.kind == "national" else 100_000
        table[supplier, buyers] = np.maximum(FACTOR * table[:, buyers].sum(axis=0), least)
        if plant.kind == "decoy":
            bought = int(table[np.ix_(abroad, member)].sum())
            seller, buyer = int(np.flatnonzero(member)[0]), self.countries.index("USA")
            table[seller, buyer] += 2 * bought
        pair = np.flatnonzero(table)
        return pair, table.flat[pair]


def year_table(world: _World, year: int) -> pa.Table:
    """Return the flows of one year in the columns of a flow file."""
    n = len(world.countries)
    pairs, values, at = [], [], []
    for p in range(len(world.products)):
        pair, value = world.product(p, year)
        pairs.append(pair.astype(np.int32))
        values.append(value)
        at.append(np.full(len(pair), p, np.int32))
    pair, value, product = np.concatenate(pairs), np.concatenate(values), np.concatenate(at)
    del pairs, values, at
    order = np.argsort(pair, kind="stable")
    pair, value, product = pair[order], value[order], product[order]

    def text(index: Any, codes: Sequence[str]) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32)), pa.array(codes))

    return pa.table(
        {
            "year": pa.array(np.full(len(pair), year, np.int16)),
            "exporter": text(pair // n, world.countries),
            "importer": text(pair % n, world.countries),
            "product": text(product, world.products),
            "value_usd": pa.array(value),
        }
    )


def tables(shape: Shape) -> Iterator[tuple[int, pa.Table]]:
    """Yield each year's flows."""
    world = _World(shape)
    for year in range(FIRST_YEAR, FIRST_YEAR + shape.years):
        yield year, year_table(world, year)


def write(shape: Shape, folder: Path) -> Path:
    """Write the flows to one Parquet file below `folder`, or return the one that was written before.

    The name carries the hash of shape and seed; a file beside it holds rows and plants, and is written last.
    """
    path = folder / f"flows-{shape.years}y-{shape.key}.parquet"
    note = path.with_suffix(".json")
    if note.exists() and path.exists() and json.loads(note.read_text("utf-8"))["bytes"] == path.stat().st_size:
        return path
    folder.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    schema = pa.schema(
        [
            ("year", pa.int16()),
            *((c, pa.string()) for c in ("exporter", "importer", "product")),
            ("value_usd", pa.int64()),
        ]
    )
    rows = {}
    with pq.ParquetWriter(half, schema, compression="zstd") as writer:
        for year, table in tables(shape):
            rows[year] = table.num_rows
            for start in range(0, table.num_rows, ROW_GROUP):
                writer.write_table(table.slice(start, ROW_GROUP).cast(schema), row_group_size=ROW_GROUP)
    half.replace(path)
    about = {
        "shape": asdict(shape),
        "rows": rows,
        "bytes": path.stat().st_size,
        "plants": [asdict(p) for p in plants(shape)],
    }
    note.write_text(json.dumps(about, indent=1), "utf-8")
    return path
