"""What stands in the world input-output tables of WIOD, release 2013, as CSV files?

Three files a year: ``wiot_YYYY_inter.csv[.gz]`` (industries by industries, first column and first row the labels),
``wiot_YYYY_final.csv[.gz]`` (five columns a country, countries in the order of the industries) and
``wiot_YYYY_output.csv`` (label, output). Millions of US dollars, whole numbers. Row sums must equal the stated output up
to the rounding of the cells.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from schakel.errors import InputError, MachineError, NotFoundError
from schakel.evidence import InputRef, Source, sha256_file
from schakel.sources.mrio import InterCountryTable, Published, economy

SOURCE = Source(
    id="wiod2013",
    title="World Input-Output Database, release 2013",
    publisher="Timmer, Dietzenbacher, Los, Stehrer and de Vries (2015); Groningen Growth and Development Centre",
    url="https://www.rug.nl/ggdc/valuechain/wiod/wiod-2013-release",
    licence="CC-BY-4.0",
    vintage="release 2013",
)
CATEGORIES = ("households", "non-profit", "government", "investment", "stocks")  # in the order of the files
SECTORS = {
    "c1": "Agriculture, hunting, forestry and fishing", "c2": "Mining and quarrying", "c3": "Food, beverages and tobacco",
    "c4": "Textiles", "c5": "Leather and footwear", "c6": "Wood", "c7": "Paper, printing and publishing",
    "c8": "Coke, refined petroleum and nuclear fuel", "c9": "Chemicals", "c10": "Rubber and plastics",
    "c11": "Other non-metallic minerals", "c12": "Basic and fabricated metals", "c13": "Machinery",
    "c14": "Electrical and optical equipment", "c15": "Transport equipment", "c16": "Other manufacturing, recycling",
    "c17": "Electricity, gas and water", "c18": "Construction", "c19": "Motor trade and repair", "c20": "Wholesale trade",
    "c21": "Retail trade", "c22": "Hotels and restaurants", "c23": "Inland transport", "c24": "Water transport",
    "c25": "Air transport", "c26": "Transport support, travel agencies", "c27": "Post and telecommunications",
    "c28": "Finance", "c29": "Real estate", "c30": "Business services", "c31": "Public administration",
    "c32": "Education", "c33": "Health and social work", "c34": "Other services", "c35": "Private households",
}  # fmt: skip
_FILE = re.compile(r"wiot_(\d{4})_inter\.csv(\.gz)?")
_LABEL = re.compile(r"([A-Z][A-Za-z]{2})_(c\d{1,2})")
_CODE = {"ROM": "ROU", "RoW": "ROW"}
_MOST_BYTES = 200_000_000


def years(folder: Path) -> tuple[int, ...]:
    """Return the years for which a folder has a table."""
    return tuple(sorted({int(m[1]) for p in folder.iterdir() if (m := _FILE.fullmatch(p.name))}))


def read(folder: Path, year: int | None = None) -> InterCountryTable:
    """Read the table of a year as an economy, the last year when none is named.

    Raises
    ------
    NotFoundError, InputError, MachineError
    """
    return economy(published(folder, year))


def published(folder: Path, year: int | None = None) -> Published:
    """Read the table of a year as it is published, the last year when none is named.

    Raises
    ------
    NotFoundError, InputError, MachineError
    """
    have = years(folder)
    if not have or (year is not None and year not in have):
        raise NotFoundError(
            f"no WIOD table{'' if year is None else f' of {year}'} here",
            where=f"folder {folder}",
            remedy=f"years here: {', '.join(map(str, have)) or 'none'}",
        )
    year = have[-1] if year is None else year
    inter, final, stated = (_find(folder, f"wiot_{year}_{part}.csv") for part in ("inter", "final", "output"))
    labels, columns, flows = _matrix(inter)
    if labels != columns:
        raise InputError("rows and columns differ", where=f"file {inter.name}", remedy="fetch the file again")
    found = [_LABEL.fullmatch(x) for x in labels]
    for line, (label, match) in enumerate(zip(labels, found, strict=True), 2):
        if match is None or match[2] not in SECTORS:
            raise InputError(
                f"{label!r} is no industry", where=f"file {inter.name}, row {line}", remedy="expected COUNTRY_cNN"
            )
    codes = [_CODE.get(m[1], m[1]) for m in found if m]
    sectors = [m[2] for m in found if m]
    regions = tuple(dict.fromkeys(codes))
    names, _, by_category = _matrix(final)
    if names != labels or by_category.shape[1] != len(CATEGORIES) * len(regions):
        raise InputError(
            f"{by_category.shape[1]} columns of final use for {len(regions)} countries",
            where=f"file {final.name}",
            remedy=f"expected {len(CATEGORIES)} a country, rows as in {inter.name}",
        )
    output = _output(stated, labels)
    sums = flows.sum(axis=1) + by_category.sum(axis=1)
    off = np.abs(sums - output)
    worst = int(np.argmax(off))
    if off[worst] > 0.5 * (len(labels) + by_category.shape[1]):
        raise InputError(
            f"deliveries of {labels[worst]} sum to {sums[worst]:.0f}, its output is {output[worst]:.0f}",
            where=f"file {inter.name}, row {worst + 2}",
            remedy="fetch the files again; they belong together",
        )
    at, kinds = {r: i for i, r in enumerate(regions)}, tuple(SECTORS)
    return Published(
        name=f"WIOD {year}",
        year=year,
        regions=regions,
        sectors=kinds,
        region=np.array([at[c] for c in codes]),
        sector=np.array([kinds.index(s) for s in sectors]),
        flows=flows,
        categories=CATEGORIES,
        final=by_category.reshape(len(labels), len(regions), len(CATEGORIES)),
        unit="million USD",
        source=SOURCE,
        cells_read=flows.size + by_category.size + output.size,
        cells_kept=flows.size + by_category.size,
        left_out={"total": output.size},
        files=tuple(InputRef(p.name, sha256_file(p), len(labels)) for p in (inter, final, stated)),
        sector_names=SECTORS,
        version="release 2013",
    )


def _find(folder: Path, name: str) -> Path:
    for path in (folder / f"{name}.gz", folder / name):
        if path.is_file():
            return path
    raise NotFoundError(
        f"{name} is missing", where=f"folder {folder}", remedy="the three files of a year belong together"
    )


def _text(path: Path) -> str:
    try:
        if path.suffix != ".gz":
            data = path.read_bytes() if path.stat().st_size <= _MOST_BYTES else b""
        else:
            with gzip.open(path) as handle:
                data = handle.read(_MOST_BYTES + 1)
        if not data or len(data) > _MOST_BYTES:
            raise InputError(
                "the file is empty or unpacks to more than 200 MB", where=f"file {path.name}", remedy="fetch it again"
            )
        return data.decode("utf-8-sig")
    except (EOFError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError) as error:
        raise InputError(f"the file is damaged: {error}", where=f"file {path.name}", remedy="fetch it again") from None
    except OSError as error:
        raise MachineError(
            f"cannot be read: {error.strerror}", where=f"file {path.name}", remedy="check the permissions"
        ) from None


def _matrix(path: Path) -> tuple[list[str], list[str], npt.NDArray[np.float64]]:
    reader = csv.reader(io.StringIO(_text(path)))
    header = next(reader, [])
    labels, rows = [], []
    for row in reader:
        if len(row) != len(header):
            raise InputError(
                f"{len(row)} cells under {len(header)} columns",
                where=f"file {path.name}, row {reader.line_num}",
                remedy="fetch it again",
            )
        labels.append(row[0])
        try:
            rows.append(np.array(row[1:], np.float64))
        except ValueError as error:
            raise InputError(
                str(error), where=f"file {path.name}, row {reader.line_num}", remedy="fetch it again"
            ) from None
    if not rows:
        raise InputError("the file has no rows", where=f"file {path.name}", remedy="fetch it again")
    values = np.array(rows)
    if not np.isfinite(values).all():
        line = int(np.argwhere(~np.isfinite(values))[0][0]) + 2
        raise InputError("a cell is no finite number", where=f"file {path.name}, row {line}", remedy="fetch it again")
    return labels, header[1:], values


def _output(path: Path, labels: list[str]) -> npt.NDArray[np.float64]:
    rows = list(csv.reader(io.StringIO(_text(path))))[1:]
    if [r[0] if r else "" for r in rows] != labels:
        raise InputError(
            "industries differ from those of the table", where=f"file {path.name}", remedy="fetch it again"
        )
    values = np.empty(len(rows))
    for line, row in enumerate(rows, 2):
        try:
            values[line - 2] = float(row[1])
        except (ValueError, IndexError):
            values[line - 2] = np.nan
        if not np.isfinite(values[line - 2]):
            raise InputError(
                f"output {row[1:2]} is no number", where=f"file {path.name}, row {line}", remedy="fetch it again"
            )
    return values
