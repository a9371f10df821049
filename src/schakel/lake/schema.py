"""What columns does a table of the lake have, and what do they mean?

One TOML file a table under ``schemas/``. From it follow the checks on a load, the fields in ``datapackage.json``, the
column headings and the data dictionary, so none of them can disagree.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from schakel.errors import InputError, NotFoundError

_JSON_TYPE = {
    "SMALLINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "DECIMAL": "number",
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    types
        Engine types accepted, the preferred one first; ``DECIMAL`` stands for any precision and scale.
    unit
        Unit of the values, or the code list of a key.
    nullable
        Whether a value may be missing.
    optional
        Whether the whole column may be missing; it then reads as missing values.
    source
        Who vouches for the values.
    """

    name: str
    types: tuple[str, ...]
    unit: str
    nullable: bool
    optional: bool
    description: str
    source: str

    def accepts(self, engine_type: str) -> bool:
        """Return whether a column of this engine type may stand here."""
        return engine_type in self.types or ("DECIMAL" in self.types and engine_type.startswith("DECIMAL("))

    def field(self) -> dict[str, Any]:
        """Return the column as a field of a Data Package table schema."""
        kind = "number" if "DECIMAL" in self.types else _JSON_TYPE[self.types[0]]
        entry: dict[str, Any] = {"name": self.name, "type": kind, "description": self.description, "unit": self.unit}
        if not self.nullable:
            entry["constraints"] = {"required": True}
        return entry


@dataclass(frozen=True, slots=True)
class Schema:
    """One table: its columns, its key, and the column it is split by.

    ``grain`` is empty where the publisher's table has no key, ``partition`` where the table is one file.
    """

    name: str
    title: str
    description: str
    grain: tuple[str, ...]
    partition: str
    source: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return one column.

        Raises
        ------
        NotFoundError
            If the table has no such column.
        """
        for candidate in self.columns:
            if candidate.name == name:
                return candidate
        raise NotFoundError(
            f"table {self.name!r} has no column {name!r}", remedy="use one of: " + ", ".join(self.names)
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in their fixed order."""
        return tuple(column.name for column in self.columns)

    def check_columns(self, present: Iterable[tuple[str, str]], *, where: str) -> None:
        """Compare columns found with the columns declared.

        Parameters
        ----------
        present
            Name and engine type of each column found.
        where
            File or table, for the message.

        Raises
        ------
        InputError
            If a column is missing, unknown, or of another type.
        """
        found = dict(present)
        for column in self.columns:
            if column.name not in found:
                if column.optional:
                    continue
                raise InputError(
                    f"table {self.name!r} lacks the column {column.name!r}", where=where, remedy=self._remedy()
                )
            if not column.accepts(found[column.name]):
                raise InputError(
                    f"column {column.name!r} of table {self.name!r} is {found[column.name]}, "
                    f"declared is {' or '.join(column.types)}",
                    where=where,
                    remedy=self._remedy(),
                )
        unknown = [name for name in found if name not in self.names]
        if unknown:
            raise InputError(
                f"table {self.name!r} has undeclared columns: {', '.join(unknown)}", where=where, remedy=self._remedy()
            )

    def _remedy(self) -> str:
        return f"declared columns are: {', '.join(self.names)} (see the data dictionary)"

    def fields(self) -> list[dict[str, Any]]:
        """Return the columns as fields of a Data Package table schema."""
        return [column.field() for column in self.columns]


@cache
def schemas() -> dict[str, Schema]:
    """Return every declared table by name."""
    folder = resources.files("schakel.lake").joinpath("schemas")
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return {entry.name[:-5]: _parse(entry.name[:-5], tomllib.loads(entry.read_text("utf-8"))) for entry in files}


def schema(name: str) -> Schema:
    """Return the declaration of one table.

    Raises
    ------
    NotFoundError
        If no table of that name is declared.
    """
    try:
        return schemas()[name]
    except KeyError:
        raise NotFoundError(f"no table {name!r} is declared", remedy="use one of: " + ", ".join(schemas())) from None


def _parse(name: str, data: dict[str, Any]) -> Schema:
    columns = tuple(
        Column(
            name=entry["name"],
            types=(entry["type"], *entry.get("also", ())),
            unit=entry["unit"],
            nullable=entry.get("nullable", False),
            optional=entry.get("optional", False),
            description=entry["description"],
            source=entry.get("source", data["source"]),
        )
        for entry in data["column"]
    )
    return Schema(
        name=name,
        title=data["title"],
        description=data["description"],
        grain=tuple(data["grain"]),
        partition=data.get("partition", ""),
        source=data["source"],
        columns=columns,
    )


def dictionary() -> str:
    """Return the data dictionary of the lake as Markdown: one section a table, one row a column."""
    lines = [
        "# Data dictionary",
        "",
        "Made from the declarations under `src/schakel/lake/schemas/`; do not edit by hand.",
        "",
    ]
    for table in schemas().values():
        keys = ", ".join(f"`{key}`" for key in table.grain) or "line of the publisher's table"
        split = f" Split by `{table.partition}`." if table.partition else ""
        lines += [
            f"## {table.name}",
            "",
            f"{table.title}. {table.description} One row for each {keys}.{split} Source: {table.source}.",
            "",
            "| column | type | unit | may be empty | meaning |",
            "|---|---|---|---|---|",
        ]
        for column in table.columns:
            empty = "yes, and may be absent" if column.optional else "yes" if column.nullable else "no"
            types = " or ".join(column.types)
            lines.append(f"| `{column.name}` | {types} | {column.unit} | {empty} | {column.description} |")
        lines.append("")
    return "\n".join(lines)
