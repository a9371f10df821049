"""Which statements must hold for every row of a table, and which rows break them?

A rule is an SQL query that must return no rows. It reads one relation named like its table, with every declared column
present. Rules stand in ``rules/*.sql`` under a header (title, table, grain, formula, remedy); "nothing required is
empty" and "no double row" follow from the schema.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from schakel.errors import InputError
from schakel.lake.engine import identifier
from schakel.lake.schema import Schema, schema

if TYPE_CHECKING:
    import duckdb

SHOWN = 5
_HEADER = re.compile(r"^-- (title|table|grain|formula|remedy): (.+)$")


@dataclass(frozen=True, slots=True)
class Rule:
    """One statement about a table; ``sql`` returns the rows that break it."""

    name: str
    title: str
    table: str
    grain: str
    formula: str
    remedy: str
    sql: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that was broken: how many rows, and the first of them with their column names."""

    rule: Rule
    count: int
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    def error(self, where: str = "") -> InputError:
        """Return the error a load is refused with."""
        shown = "; ".join(
            ", ".join(
                f"{key}={'(empty)' if value is None else value}" for key, value in zip(self.columns, row, strict=True)
            )
            for row in self.rows
        )
        more = f" and {self.count - len(self.rows):,} more" if self.count > len(self.rows) else ""
        place = f"{where}, " if where else ""
        rows = "1 row" if self.count == 1 else f"{self.count:,} rows"
        return InputError(
            f"rule {self.rule.name!r} is broken by {rows}: {self.rule.title}",
            where=f"{place}table {self.rule.table}: {shown}{more}",
            remedy=self.rule.remedy,
        )


def rules(table: str) -> tuple[Rule, ...]:
    """Return every rule of one table: those that follow from its schema first, then the written ones by name."""
    return (*_schema_rules(schema(table)), *(rule for rule in _written() if rule.table == table))


@cache
def _written() -> tuple[Rule, ...]:
    folder = resources.files("schakel.lake").joinpath("rules")
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    return tuple(parse(entry.name[:-4], entry.read_text("utf-8")) for entry in files)


def parse(name: str, text: str) -> Rule:
    """Read a rule file.

    Raises
    ------
    ValueError
        If the header lacks a line: a fault of the program, not of a user.
    """
    head: dict[str, str] = {}
    lines = text.splitlines()
    while lines and (found := _HEADER.match(lines[0])):
        head[found[1]] = found[2]
        lines.pop(0)
    missing = {"title", "table", "grain", "formula", "remedy"} - head.keys()
    if missing:
        raise ValueError(f"rule {name} has no {', '.join(sorted(missing))} in its header")
    return Rule(name=name, sql="\n".join(lines).strip(), **head)


def _schema_rules(declared: Schema) -> tuple[Rule, ...]:
    table = identifier(declared.name)
    required = [column.name for column in declared.columns if not column.nullable]
    keys = ", ".join(identifier(key) for key in declared.grain)
    missing = (
        Rule(
            name=f"{declared.name}-missing",
            title=f"none of {', '.join(required)} is empty",
            table=declared.name,
            grain="one row for each offending row",
            formula=" or ".join(f"{name} is empty" for name in required),
            remedy="fill the column, or leave the row out by a declared rule",
            sql=f"SELECT {', '.join(identifier(name) for name in required)}\nFROM {table}\nWHERE "
            + "\n   OR ".join(f"{identifier(name)} IS NULL" for name in required),
        ),
    )
    if not declared.grain:
        return missing
    return (
        *missing,
        Rule(
            name=f"{declared.name}-double",
            title=f"{', '.join(declared.grain)} name one row",
            table=declared.name,
            grain=f"one row for each {', '.join(declared.grain)} that occurs more than once",
            formula="count over the key above 1",
            remedy="remove the double rows, or tell the levels apart that were read as one",
            sql=f"SELECT {keys}, count(*) AS occurrences\nFROM {table}\nGROUP BY {keys}\nHAVING count(*) > 1",
        ),
    )


def find(connection: duckdb.DuckDBPyConnection, table: str, *, first: bool = True) -> tuple[Breach, ...]:
    """Run the rules of a table on the relation of that name and return what they find.

    Parameters
    ----------
    connection
        Connection on which the table or view exists, with all declared columns (see `relation`).
    first
        Stop at the first broken rule.
    """
    found: list[Breach] = []
    for rule in rules(table):
        counted = connection.execute(f"SELECT count(*) FROM ({rule.sql}) AS broken").fetchall()[0][0]
        if not counted:
            continue
        rows = connection.execute(f"SELECT * FROM ({rule.sql}) AS broken ORDER BY ALL LIMIT {SHOWN}")
        columns = tuple(entry[0] for entry in rows.description or ())
        found.append(Breach(rule, int(counted), columns, tuple(tuple(row) for row in rows.fetchall())))
        if first:
            break
    return tuple(found)


def relation(declared: Schema, from_sql: str, present: dict[str, str]) -> str:
    """Return a SELECT over ``from_sql`` with every declared column, absent optional ones as missing values."""
    parts = [
        identifier(column.name)
        if column.name in present
        else f"CAST(NULL AS {_sql_type(column.types[0])}) AS {identifier(column.name)}"
        for column in declared.columns
    ]
    return f"SELECT {', '.join(parts)} FROM {from_sql}"


def _sql_type(name: str) -> str:
    return "DECIMAL(38,0)" if name == "DECIMAL" else name


def check(connection: duckdb.DuckDBPyConnection, table: str, from_sql: str, *, where: str = "") -> None:
    """Check types and rules of the rows that ``from_sql`` yields.

    Parameters
    ----------
    from_sql
        What may stand after FROM, for example ``read_parquet('x.parquet')``.
    where
        File, for the message.

    Raises
    ------
    InputError
        If a column is missing, unknown or of another type, or a rule returns rows; the message shows the first five
        and the count.
    """
    declared = schema(table)
    present = {row[0]: row[1] for row in connection.execute(f"DESCRIBE SELECT * FROM {from_sql}").fetchall()}
    declared.check_columns(present.items(), where=where)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {identifier(table)} AS {relation(declared, from_sql, present)}")
    try:
        broken = find(connection, table)
    finally:
        connection.execute(f"DROP VIEW IF EXISTS {identifier(table)}")
    if broken:
        raise broken[0].error(where)
