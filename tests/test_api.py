"""Does ``import schakel`` give what the command line gives, from any frame and as any frame?"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import schakel as api
from flow_files import HEADER, hand_made, schakel, write
from schakel.errors import InputError, NotFoundError

__all__ = ["schakel"]


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    return write(tmp_path / "flows.csv", hand_made((2021, 2022, 2023)))


def said(schakel: Any, *arguments: object) -> Any:
    got = schakel(*arguments, "--format", "json")
    assert (got.code, got.err) == (0, "")
    return json.loads(got.out)


def plain(answer: Any) -> Any:
    return json.loads(json.dumps(answer))


@pytest.mark.parametrize("method", ["ec2021", "geodep2024", "iw"])
def test_screen_is_the_same(method: str, flows: Path, schakel: Any) -> None:
    cli = said(schakel, "screen", flows, "--reporter", "EU27", "--method", method, "--year", 2023)
    found = api.screen(flows, reporter="EU27", method=method, year=2023)
    assert plain(found.answer) == cli
    assert plain(found.rows) == cli["rows"]


def test_compare_churn_reverse_mutual_and_methods_are_the_same(flows: Path, schakel: Any) -> None:
    cli = said(schakel, "compare", flows, "--reporter", "NLD", "--product", "854231", "--year", 2023)
    assert plain(api.compare(flows, reporter="NLD", product="854231", year=2023).answer) == cli
    cli = said(schakel, "churn", flows, "--reporter", "NLD", "--from", 2022, "--to", 2023)
    assert plain(api.churn(flows, reporter="NLD", first=2022, second=2023)) == cli
    for by in ("partner", "product", "control"):
        cli = said(schakel, "reverse", flows, "--reporter", "NLD", "--year", 2023, "--by", by)
        assert plain(api.reverse(flows, reporter="NLD", year=2023, by=by).answer) == cli
    cli = said(schakel, "mutual", flows, "NLD", "DEU", "USA", "--year", 2023)
    assert plain(api.mutual(flows, ["NLD", "DEU", "USA"], year=2023).answer) == cli
    cli = said(schakel, "mutual", flows, "NLD", "DEU", "--common", "--year", 2023)
    assert plain(api.mutual(flows, ["NLD", "DEU"], year=2023, common=True).answer) == cli
    assert plain(api.methods().rows) == said(schakel, "methods")


@pytest.mark.parametrize("kind", ["arrow", "polars", "lazy", "pandas"])
def test_any_frame_comes_in(kind: str, flows: Path) -> None:
    table = pa.csv.read_csv(flows, convert_options=pa.csv.ConvertOptions(column_types={"product": pa.string()}))
    frame: Any = {
        "arrow": lambda: table,
        "polars": lambda: pl.DataFrame(pl.from_arrow(table)),
        "lazy": lambda: pl.DataFrame(pl.from_arrow(table)).lazy(),
        "pandas": table.to_pandas,
    }[kind]()
    one = api.screen(flows, reporter="NLD", year=2023)
    two = api.screen(frame, reporter="NLD", year=2023)
    assert two.rows == one.rows
    assert two.answer["receipt"]["result_sha256"] == one.answer["receipt"]["result_sha256"]
    assert two.answer["receipt"]["inputs"][0]["path"] == "frame"
    assert two.answer["sources"][0]["title"] == "frame"


def test_results_go_out_as_any_frame(flows: Path, schakel: Any) -> None:
    found = api.screen("reference", reporter="NLD", method="crma", year=2023)
    table, frame, other = found.to_arrow(), found.to_polars(), found.to_pandas()
    assert table.num_rows == len(frame) == len(other) == len(found) == len(found.rows)
    assert table.column_names == frame.columns == list(other.columns)
    name = "criteria.top_supplier_share.value"
    expected = [r["criteria"]["top_supplier_share"]["value"] for r in found.rows]
    assert table[name].to_pylist() == frame[name].to_list() == expected
    assert [None if pd.isna(v) else v for v in other[name]] == expected
    parquet = schakel(
        "screen", "reference", "--reporter", "NLD", "--method", "crma", "--year", 2023, "--format", "parquet"
    )
    written = pq.read_table(io.BytesIO(parquet.out))
    shared = [c for c in written.column_names if c in table.column_names]
    assert {"product", "dependent", name, "import_value_eur", "top_supplier"} <= set(shared)
    for column in shared:
        assert written[column].to_pylist() == table[column].to_pylist(), column


def test_frames_keep_every_column_and_their_types(flows: Path) -> None:
    table = api.compare(flows, reporter="NLD", product="854231", year=2023).to_arrow()
    assert "criteria.top_supplier_share.value" in table.column_names, "a criterion the first definition lacks"
    for answer in (table, api.screen(flows, reporter="NLD", year=2023).to_arrow()):
        for field in answer.schema:
            assert field.type != pa.null(), field.name
            if field.name.endswith((".value", ".threshold")):
                assert field.type == pa.float64()
            if field.name.endswith(".passes"):
                assert field.type == pa.bool_()


def test_a_dutch_file_is_opened_once_and_asked_twice(tmp_path: Path, flows: Path) -> None:
    dutch = write(tmp_path / "dutch.csv", hand_made((2021, 2022, 2023)).replace(",", ";"))
    opened = api.read_flows(dutch, delimiter=";", decimal=",")
    for method in ("ec2021", "crma"):
        one = api.screen(opened, reporter="NLD", year=2023, method=method)
        assert one.rows == api.screen(flows, reporter="NLD", year=2023, method=method).rows


def test_suppliers_with_shares(flows: Path) -> None:
    found = api.suppliers(flows, reporter="NLD", product="854231", year=2023)
    assert sum(r["share"] for r in found.rows) == pytest.approx(1)
    assert len(found.to_arrow()) == len(found)


def test_errors_are_the_same(tmp_path: Path, flows: Path) -> None:
    bad = write(tmp_path / "bad.csv", HEADER + "2023,CHN,NLX,854231,1\n")
    with pytest.raises(InputError) as caught:
        api.screen(bad, reporter="NLD", year=2023)
    assert caught.value.where == f"{bad}, row 2, column importer"
    frame = pl.DataFrame(
        {"year": [2023], "exporter": ["CHN"], "importer": ["NLX"], "product": ["854231"], "value_usd": [1]}
    )
    with pytest.raises(InputError) as caught:
        api.screen(frame, reporter="NLD", year=2023)
    assert caught.value.where == "frame, row 1, column importer"
    with pytest.raises(InputError, match="neither a path nor a frame"):
        api.screen([1, 2], reporter="NLD", year=2023)
    with pytest.raises(NotFoundError):
        api.screen(tmp_path / "none.csv", reporter="NLD", year=2023)
    with pytest.raises(InputError, match="cannot sum by"):
        api.reverse(flows, reporter="NLD", year=2023, by="colour")
    with pytest.raises(InputError, match="two parties"):
        api.mutual(flows, ["NLD", "DEU", "USA"], year=2023, common=True)


def test_everything_offered_is_there() -> None:
    for name in api.__all__:
        assert getattr(api, name).__doc__ or name == "__version__"
    with pytest.raises(AttributeError, match="screens"):
        api.screens  # noqa: B018
