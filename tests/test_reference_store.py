"""Do the embedded tables keep to what they declare, and is a broken one refused by file, row and column?"""

from importlib import resources

import pyarrow as pa
import pytest

from schakel import reference
from schakel.errors import IntegrityError, NotFoundError
from schakel.evidence import licences
from schakel.reference import schema

ENTRY = {
    "title": "T",
    "title_nl": "T",
    "description": "D",
    "licence": "CC-BY-4.0",
    "key": ["code"],
    "columns": [
        {"name": "code", "type": "text", "description": "c"},
        {"name": "small", "type": "int16", "description": "s", "nullable": True},
        {"name": "share", "type": "float64", "unit": "share", "description": "f"},
        {"name": "yes", "type": "bool", "description": "b"},
        {"name": "source", "type": "text", "description": "s"},
        {"name": "locator", "type": "text", "description": "l"},
    ],
}
HEAD = "code,small,share,yes,source,locator\n"


def test_every_table_keeps_to_its_declaration():
    counts = reference.check()
    assert tuple(counts) == reference.names()
    assert min(counts.values()) > 0
    wanted = {"imports", "products_cn8", "supply_world", "supply_eu", "risk", "uses", "recycling", "governance"}
    assert wanted | {"ideal_points", "headlines", "imports_unallocated", "materials"} <= set(counts)


def test_tables_are_small():
    folder = resources.files("schakel.reference").joinpath("tables")
    sizes = {f.name: len(f.read_bytes()) for f in folder.iterdir()}
    assert sizes["imports.csv"] < 2_000_000
    assert sum(sizes.values()) < 5_000_000


def test_every_file_is_declared_and_plain():
    folder = resources.files("schakel.reference").joinpath("tables")
    tables = {f.name.removesuffix(".csv") for f in folder.iterdir() if f.name.endswith(".csv")}
    assert {name for name in tables if not name.startswith("sources")} == set(reference.names())
    for file in folder.iterdir():
        data = file.read_bytes()
        assert b"\r" not in data
        assert data.endswith(b"\n")
        data.decode("utf-8")


@pytest.mark.parametrize("name", reference.names())
def test_arrow_and_rows_agree(name):
    table, rows, info = reference.table(name), reference.rows(name), reference.info(name)
    assert table.num_rows == len(rows)
    assert table.to_pylist() == rows
    assert table.schema.names == [c.name for c in info.columns]
    assert {"source", "locator"} <= set(table.schema.names)
    assert info.licence in licences()
    assert info.as_dict()["title"]
    for field, column in zip(table.schema, info.columns, strict=True):
        assert field.metadata[b"description"].decode() == column.description
        assert field.nullable == column.nullable


def test_every_source_is_used_and_known():
    used = {row["source"] for name in reference.names() for row in reference.rows(name)}
    assert used == {source.id for source in reference.sources()}


def test_rows_are_the_callers_own():
    reference.rows("products_cn8")[0]["material"] = "spoilt"
    assert reference.rows("products_cn8")[0]["material"] != "spoilt"


def test_origin_writes_the_source_out():
    found = reference.origin("imports", year=2023, importer="NLD", exporter="CHN", product_cn8="28046900")
    assert len(found) == 1
    assert found[0]["row"]["locator"] == "NL/CN"
    assert found[0]["source"]["publisher"] == "Eurostat"
    assert found[0]["source"]["licence"] == "CC-BY-4.0"


def test_unknown_names_are_reported_with_what_there_is():
    with pytest.raises(NotFoundError, match=r"use one of: .*imports"):
        reference.rows("import")
    with pytest.raises(NotFoundError, match="comext"):
        reference.source("nobody")
    with pytest.raises(NotFoundError, match="product_cn8"):
        reference.origin("imports", product="28046900")


def test_flows_have_the_columns_of_a_flow_file():
    flows = reference.flows()
    assert flows.schema.names == [
        "year", "exporter", "importer", "product", "value_usd", "value_eur", "quantity_t", "re_export_usd",
    ]  # fmt: skip
    assert flows.schema.field("year").type == pa.int16()
    assert flows.schema.field("value_eur").type == pa.int64()
    assert flows.num_rows == reference.table("imports").num_rows
    for empty in ("value_usd", "quantity_t", "re_export_usd"):
        assert flows[empty].null_count == flows.num_rows
    assert flows["value_eur"].null_count == 0


def test_a_good_text_is_read_by_type():
    info = schema.declared("t", ENTRY)
    found = schema.parse(info, HEAD + '01,7,0.5,true,s,"a, b"\n02,,1e-3,false,s,l\n')
    assert found["code"] == ["01", "02"]
    assert found["small"] == [7, None]
    assert found["share"] == [0.5, 0.001]
    assert found["yes"] == [True, False]
    assert found["locator"] == ["a, b", "l"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("01,7,0.5,true,s\n", "row 2"),
        ("01,7,0.5,true,s,l\n01,8,0.5,true,s,l\n", "row 3"),
        (",7,0.5,true,s,l\n", "row 2, column code"),
        ("01,40000,0.5,true,s,l\n", "row 2, column small"),
        ("01,07,0.5,true,s,l\n", "row 2, column small"),
        ("01,7,nan,true,s,l\n", "row 2, column share"),
        ("01,7,1e999,true,s,l\n", "row 2, column share"),
        ('01,7,"0,5",true,s,l\n', "row 2, column share"),
        ("01,7,,true,s,l\n", "row 2, column share"),
        ("01,7,0.5,yes,s,l\n", "row 2, column yes"),
    ],
)
def test_a_bad_cell_is_named(body, where):
    with pytest.raises(IntegrityError) as caught:
        schema.parse(schema.declared("t", ENTRY), HEAD + body)
    assert caught.value.where == f"t.csv, {where}"


def test_another_header_is_refused():
    with pytest.raises(IntegrityError, match="row 1"):
        schema.parse(schema.declared("t", ENTRY), "small,code,share,yes,source,locator\n")


@pytest.mark.parametrize(
    "change",
    [
        {"title": None},
        {"key": ["absent"]},
        {"columns": ENTRY["columns"][:-1]},
        {"columns": [*ENTRY["columns"], {"name": "x", "type": "decimal", "description": "d"}]},
    ],
)
def test_a_bad_declaration_is_refused(change):
    entry = {k: v for k, v in {**ENTRY, **change}.items() if v is not None}
    with pytest.raises(IntegrityError):
        schema.declared("t", entry)
