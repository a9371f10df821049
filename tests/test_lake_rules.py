"""Declared tables and rules: each rule refuses its own fault, shows the rows, and lets sound rows through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schakel.errors import InputError, NotFoundError
from schakel.lake import connect, rules
from schakel.lake.schema import dictionary, schema, schemas

GOOD = {
    "year": "2023::SMALLINT",
    "exporter": "'CHN'",
    "importer": "'NLD'",
    "product": "'854231'",
    "value_usd": "5::BIGINT",
    "value_eur": "NULL::BIGINT",
    "quantity_t": "0.5::DOUBLE",
    "re_export_usd": "NULL::BIGINT",
}


def select(**changed: str) -> str:
    return "(SELECT " + ", ".join(f"{value} AS {key}" for key, value in {**GOOD, **changed}.items()) + ")"


def check(*rows: str) -> None:
    with connect() as con:
        rules.check(con, "flows", "(" + " UNION ALL ".join(f"SELECT * FROM {row}" for row in rows) + ")", where="x.csv")


def test_sound_rows_pass() -> None:
    check(
        select(),
        select(product="'28053010'"),
        select(value_usd="NULL::BIGINT", value_eur="3::BIGINT", year="2022::SMALLINT"),
    )


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"year": "NULL::SMALLINT"}, "flows-missing"),
        ({"importer": "NULL::VARCHAR"}, "flows-missing"),
        ({"value_usd": "-1::BIGINT"}, "flows-value-negative"),
        ({"quantity_t": "'NaN'::DOUBLE"}, "flows-value-negative"),
        ({"quantity_t": "'inf'::DOUBLE"}, "flows-value-negative"),
        ({"re_export_usd": "-2::BIGINT"}, "flows-value-negative"),
        ({"exporter": "'NLD'"}, "flows-self-trade"),
        ({"year": "1900::SMALLINT"}, "flows-year-range"),
        ({"product": "'10121'"}, "flows-product-code"),
        ({"product": "'85423X'"}, "flows-product-code"),
        ({"product": "''"}, "flows-product-code"),
        ({"exporter": "'CN'"}, "flows-country-code"),
        ({"importer": "'nld'"}, "flows-country-code"),
    ],
)
def test_each_fault_breaks_its_rule(changed: dict[str, str], rule: str) -> None:
    with pytest.raises(InputError, match=rule) as caught:
        check(select(year="2021::SMALLINT"), select(**changed))
    assert "x.csv, table flows" in caught.value.where
    assert caught.value.remedy


def test_double_rows_are_shown_with_their_number() -> None:
    with pytest.raises(InputError, match="flows-double") as caught:
        check(select(), select(value_usd="7::BIGINT"))
    assert "exporter=CHN" in caught.value.where
    assert "occurrences=2" in caught.value.where


def test_the_first_five_rows_and_the_count_are_shown() -> None:
    rows = [select(year=f"{year}::SMALLINT", value_usd=f"-{year}::BIGINT") for year in range(2000, 2008)]
    with pytest.raises(InputError, match="broken by 8 rows") as caught:
        check(*rows)
    assert caught.value.where.count("year=") == 5
    assert caught.value.where.endswith("and 3 more")
    assert "value_eur=(empty)" in caught.value.where


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("(SELECT 2023::SMALLINT AS year)", "lacks the column 'exporter'"),
        ("(SELECT * REPLACE (year::INTEGER AS year) FROM {row})", "column 'year' of table 'flows' is INTEGER"),
        ("(SELECT *, 1 AS extra FROM {row})", "undeclared columns: extra"),
        ("(SELECT * REPLACE ('5' AS value_usd) FROM {row})", "is VARCHAR, declared is BIGINT or DECIMAL"),
    ],
)
def test_columns_must_be_as_declared(sql: str, message: str) -> None:
    with connect() as con, pytest.raises(InputError, match=message):
        rules.check(con, "flows", sql.format(row=select()))


def test_optional_columns_may_be_absent_and_money_may_be_decimal() -> None:
    with connect() as con:
        rules.check(
            con,
            "flows",
            "(SELECT * EXCLUDE (quantity_t, re_export_usd) REPLACE (5.250::DECIMAL(20,3) AS value_usd) "
            f"FROM {select()})",
        )


def test_every_rule_runs_and_finds_nothing_in_an_empty_table() -> None:
    with connect() as con:
        for table, declared in schemas().items():
            columns = ", ".join(
                f'CAST(NULL AS {"DECIMAL(38,0)" if c.types[0] == "DECIMAL" else c.types[0]}) AS "{c.name}"'
                for c in declared.columns
            )
            con.execute(f'CREATE TEMP TABLE "{table}" AS SELECT {columns} WHERE false')
            assert rules.find(con, table, first=False) == ()


def test_several_broken_rules_can_be_listed() -> None:
    with connect() as con:
        row = select(exporter="'NLD'", value_usd="-1::BIGINT")
        con.execute(f"CREATE TEMP TABLE flows AS SELECT * FROM {row}")
        names = [breach.rule.name for breach in rules.find(con, "flows", first=False)]
    assert names == ["flows-self-trade", "flows-value-negative"]


def test_rules_have_a_whole_header() -> None:
    for table in schemas():
        assert all(rule.title and rule.remedy and rule.formula and rule.grain for rule in rules.rules(table))
    with pytest.raises(ValueError, match="remedy"):
        rules.parse("x", "-- title: t\n-- table: flows\n-- grain: g\n-- formula: f\nSELECT 1")


def test_every_written_rule_belongs_to_a_declared_table() -> None:
    folder = Path(rules.__file__).parent / "rules"
    for file in folder.glob("*.sql"):
        assert rules.parse(file.stem, file.read_text()).table in schemas()


APART = """2022::SMALLINT AS year, '{side}' AS side, 'NLD' AS reporter, '4407' AS product, 'world' AS rule,
           '0' AS partner_code, {value}::BIGINT AS value_usd"""
TOP = """2023::SMALLINT AS year, '848620' AS product, 'NLD' AS exporter, 1::SMALLINT AS rank, 60::SMALLINT AS reporters,
         {own}::BIGINT AS exports_usd, {world}::BIGINT AS world_exports_usd"""


@pytest.mark.parametrize(
    ("table", "row", "rule"),
    [
        (
            "governance",
            "2023::SMALLINT AS year, 'NLD' AS iso3, 'x' AS dimension, 97.0::DOUBLE AS estimate",
            "governance-range",
        ),
        ("ideal_points", "2023::SMALLINT AS year, 'NLD' AS iso3, 'NaN'::DOUBLE AS ideal_point", "ideal_points-range"),
        ("unallocated", APART.format(side="import", value=-1), "unallocated-value-negative"),
        ("unallocated", APART.format(side="M", value=1), "unallocated-side"),
        ("world_totals", APART.format(side="export", value=-1), "world_totals-value-negative"),
        ("world_totals", APART.format(side="both", value=1), "world_totals-side"),
        (
            "exports_declared",
            ", ".join(f"{v} AS {k}" for k, v in {**GOOD, "year": "1900::SMALLINT"}.items()),
            "year-range",
        ),
        ("world_exports", TOP.format(own=11, world=10), "world_exports-part"),
        ("world_exports", TOP.format(own=-1, world=10), "world_exports-part"),
        (
            "risk",
            "2023::SMALLINT AS year, 'gallium' AS material, -0.1::DOUBLE AS sr, NULL::DOUBLE AS ei",
            "risk-negative",
        ),
        ("products", "'10121' AS product, 'Horses' AS name_en", "products-code"),
        ("products", "'010121' AS product, ' ' AS name_en", "products-code"),
    ],
)
def test_other_tables_have_rules_too(table: str, row: str, rule: str) -> None:
    with connect() as con, pytest.raises(InputError, match=rule):
        rules.check(con, table, f"(SELECT {row})")


def test_the_exporters_together_are_not_more_than_the_world() -> None:
    rows = f"(SELECT {TOP.format(own=6, world=10)} UNION ALL SELECT {TOP.format(own=6, world=10)})"
    with connect() as con, pytest.raises(InputError, match="world_exports-sum") as caught:
        rules.check(con, "world_exports", rows.replace("'NLD'", "'JPN'", 1))
    assert "exporters_usd=12" in caught.value.where


def test_every_table_of_trade_has_written_rules() -> None:
    written = {rule.table for table in schemas() for rule in rules.rules(table) if "SELECT" in rule.sql}
    assert written == set(schemas())
    bare = {
        table for table in schemas() if all(rule.name.endswith(("-missing", "-double")) for rule in rules.rules(table))
    }
    assert bare <= {"groups", "world_check"}  # a list of names, and a table of differences that may be anything


def test_schema_is_described() -> None:
    flows = schema("flows")
    assert flows.names == tuple(GOOD)
    assert flows.column("value_usd").accepts("DECIMAL(24,6)")
    assert not flows.column("year").accepts("DECIMAL(24,6)")
    assert flows.column("exporter").field()["constraints"] == {"required": True}
    assert "constraints" not in flows.column("value_eur").field()
    with pytest.raises(NotFoundError, match="no column"):
        flows.column("colour")
    with pytest.raises(NotFoundError, match="no table"):
        schema("nothing")
    for table in schemas().values():
        assert set(table.grain) <= set(table.names)
        assert not table.partition or table.partition in table.names
        assert json.dumps(table.fields())
        assert all(column.description and column.unit for column in table.columns)


def test_the_dictionary_has_every_column() -> None:
    text = dictionary()
    for table in schemas().values():
        assert f"## {table.name}" in text
        assert all(f"| `{name}` |" in text for name in table.names)
