"""What is in one version of a data set, and where do its files stand?

The answer is read from its ``datapackage.json``, shaped after Data Package v2: one resource a Parquet file with sha256,
bytes, rows and fields; what the standard has no word for stands under the key ``schakel``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schakel.errors import IntegrityError, NotFoundError
from schakel.evidence import Mark, Source
from schakel.lake.engine import quote

if TYPE_CHECKING:
    import pyarrow as pa

DESCRIPTOR = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_VOLATILE = ("created", "id")


@dataclass(frozen=True, slots=True)
class File:
    """One Parquet file: path below the version's folder, table, year (None when not split), sha256, bytes and rows."""

    path: str
    table: str
    year: int | None
    sha256: str
    bytes: int
    rows: int


@dataclass(frozen=True)
class Dataset:
    """One immutable version of a data set.

    Attributes
    ----------
    name, title
        Name in the lake, and what it is called.
    id
        Name of the version's folder: the publisher's version and the head of the content hash.
    version
        The publisher's version.
    folder
        Where its files stand.
    licence
        Id of the licence of its rows.
    source
        Source as a mapping (see `schakel.evidence.Source`).
    coverage
        Of trade: "world", "imports" (only what the importers present bought) or "exports"; else empty.
    rows_read, rows_kept, left_out
        Account of the rows of the published file; ``left_out`` counts by declared rule.
    inputs
        Files it was made from: name, sha256, bytes.
    """

    name: str
    title: str
    id: str
    version: str
    folder: Path
    licence: str
    source: Mapping[str, str]
    retrieved: str
    created: str
    coverage: str
    rows_read: int
    rows_kept: int
    left_out: Mapping[str, int]
    caveats: tuple[str, ...]
    inputs: tuple[Mapping[str, Any], ...]
    files: tuple[File, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """What its rows rest on."""
        stated: dict[str, Any] = {**self.source, "mark": Mark(self.source.get("mark", Mark.READ))}
        stated["vintage"] = stated.get("vintage") or self.version
        stated["retrieved"] = stated.get("retrieved") or self.retrieved
        return (Source(**stated),)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of its tables."""
        return tuple(dict.fromkeys(file.table for file in self.files))

    @property
    def rows(self) -> int:
        """Rows in all its tables."""
        return sum(file.rows for file in self.files)

    @property
    def bytes(self) -> int:
        """Bytes of all its files."""
        return sum(file.bytes for file in self.files)

    def years(self, table: str = "flows") -> tuple[int, ...]:
        """Return the years a table is split into, in order; empty when it is one file."""
        return tuple(sorted({file.year for file in self.files if file.table == table and file.year is not None}))

    def paths(self, table: str = "flows", year: int | None = None) -> tuple[Path, ...]:
        """Return the Parquet files of a table, of one year when asked for.

        Raises
        ------
        NotFoundError
            If the data set has no such table or year.
        """
        own = [file for file in self.files if file.table == table]
        if not own:
            raise NotFoundError(
                f"data set {self.name!r} has no table {table!r}", remedy="use one of: " + ", ".join(self.tables)
            )
        if year is not None:
            own = [file for file in own if file.year == year]
            if not own:
                known = ", ".join(str(known) for known in self.years(table))
                raise NotFoundError(
                    f"table {table!r} of {self.name!r} has no year {year}", remedy=f"years present: {known or 'none'}"
                )
        return tuple(self.folder / file.path for file in sorted(own, key=lambda file: file.path))

    def from_sql(self, table: str = "flows", year: int | None = None) -> str:
        """Return what stands after FROM to read a table."""
        return (
            f"read_parquet([{', '.join(quote(path) for path in self.paths(table, year))}], hive_partitioning = false)"
        )

    def arrow(self, table: str = "flows", year: int | None = None) -> pa.Table:
        """Return a table as Arrow, ordered by its key."""
        from schakel.lake.engine import connect, identifier, machine_faults
        from schakel.lake.schema import schema

        keys = ", ".join(identifier(key) for key in schema(table).grain) or "ALL"
        with connect() as connection, machine_faults(str(self.folder)):
            return connection.sql(f"SELECT * FROM {self.from_sql(table, year)} ORDER BY {keys}").to_arrow_table()

    def descriptor(self) -> dict[str, Any]:
        """Return the content of its ``datapackage.json``."""
        from schakel.evidence import licence
        from schakel.lake.schema import schema

        terms = licence(self.licence)
        resources = []
        for file in self.files:
            declared = schema(file.table)
            table: dict[str, Any] = {"fields": declared.fields()}
            if declared.grain:
                table["primaryKey"] = list(declared.grain)
            resources.append(
                {
                    "name": file.table if file.year is None else f"{file.table}-{file.year}",
                    "path": file.path,
                    "type": "table",
                    "format": "parquet",
                    "mediatype": "application/vnd.apache.parquet",
                    "hash": f"sha256:{file.sha256}",
                    "bytes": file.bytes,
                    "rows": file.rows,
                    "table": file.table,
                    "year": file.year,
                    "schema": table,
                }
            )
        return {
            "$schema": PROFILE,
            "name": self.name,
            "id": self.id,
            "title": self.title,
            "version": self.version,
            "created": self.created,
            "licenses": [_linked({"name": terms.id, "title": terms.name}, terms.url)],
            "sources": [_linked({"title": self.source.get("title", "")}, self.source.get("url", ""))],
            "resources": resources,
            "schakel": {
                "source": dict(self.source),
                "retrieved": self.retrieved,
                "coverage": self.coverage,
                "rows_read": self.rows_read,
                "rows_kept": self.rows_kept,
                "left_out": dict(self.left_out),
                "caveats": list(self.caveats),
                "inputs": [dict(entry) for entry in self.inputs],
            },
        }

    def content_hash(self) -> str:
        """Return the sha256 of all that the version states, save the moment it was made and its own name."""
        return content_hash(self.descriptor())


def content_hash(descriptor: Mapping[str, Any]) -> str:
    """Return the sha256 of what a descriptor states, save when it was made and retrieved, and its own name."""
    stated = {key: value for key, value in descriptor.items() if key not in _VOLATILE}
    stated["schakel"] = {key: value for key, value in stated["schakel"].items() if key != "retrieved"}
    text = json.dumps(stated, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _linked(entry: dict[str, str], url: str) -> dict[str, str]:
    """Return an entry with its address; the standard allows no empty path."""
    return {**entry, "path": url} if url else entry


def read(folder: Path) -> Dataset:
    """Read a version from its folder.

    Raises
    ------
    IntegrityError
        If the descriptor is absent, is no descriptor of this program, or is not what the folder is named after.
    """
    path = folder / DESCRIPTOR
    try:
        data = json.loads(path.read_text("utf-8"))
        own = data["schakel"]
        if data["id"] != folder.name or not folder.name.endswith(content_hash(data)[:16]):
            raise IntegrityError(
                "the descriptor was altered", where=str(path), remedy="add the data set again from its published file"
            )
        return Dataset(
            name=data["name"],
            title=data["title"],
            id=data["id"],
            version=data["version"],
            folder=folder,
            licence=data["licenses"][0]["name"],
            source=own["source"],
            retrieved=own["retrieved"],
            created=data["created"],
            coverage=own["coverage"],
            rows_read=own["rows_read"],
            rows_kept=own["rows_kept"],
            left_out=own["left_out"],
            caveats=tuple(own["caveats"]),
            inputs=tuple(own["inputs"]),
            files=tuple(
                File(
                    entry["path"],
                    entry["table"],
                    entry["year"],
                    entry["hash"].removeprefix("sha256:"),
                    entry["bytes"],
                    entry["rows"],
                )
                for entry in data["resources"]
            ),
        )
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise IntegrityError(
            f"the descriptor of this version cannot be read ({type(error).__name__})",
            where=str(path),
            remedy="add the data set again from its published file",
        ) from None
