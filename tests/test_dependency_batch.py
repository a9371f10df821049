"""Does the batch say of everybody what `screen` says of one, and does neither the division of the work nor the short way of reading change a bit?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from schakel.cli import cli
from schakel.dependency import batch, kept, kernel
from schakel.dependency.indicators import World, YearIndicators, by_sql
from schakel.dependency.presets import names
from schakel.dependency.screen import screen
from schakel.dependency.wide import Wide
from schakel.dependency.yearstore import store
from schakel.errors import InputError, IntegrityError, MachineError, NotFoundError
from schakel.lake.flowset import FlowSet, from_table
from schakel.nomenclature import blocs
from schakel.sources import flowfile

EU = frozenset(blocs.members("EU27", 2023))
COUNTRIES = ["BEL", "CHN", "DEU", "FRA", "GBR", "JPN", "NLD", "USA", "VNM"]
PRODUCTS = ["280461", "280530", "310420", "811292", "850511", "854231", "901380"]
YEARS = [2020, 2021, 2022, 2023]


def flows(seed: int, rows: int = 500, *, eur: bool = False, re_export: bool = False) -> pa.Table:
    """Random flows, sorted by nothing; small amounts, so that ties and thresholds met exactly are common."""
    rng = np.random.default_rng(seed)
    keys = rng.permutation(len(YEARS) * len(COUNTRIES) ** 2 * len(PRODUCTS))[:rows]
    year, rest = keys % len(YEARS), keys // len(YEARS)
    exporter, rest = rest % len(COUNTRIES), rest // len(COUNTRIES)
    importer, product = rest % len(COUNTRIES), rest // len(COUNTRIES)
    value = rng.choice([0, 1, 2, 3, 4, 10, 60, 100, 9_999_999, 10_000_000, 10**12], rows)
    value = np.where(rng.random(rows) < 0.5, value, rng.integers(0, 10**11, rows))
    columns = {
        "year": pa.array(np.array(YEARS, np.int16)[year]),
        "exporter": pa.array(np.array(COUNTRIES)[exporter]),
        "importer": pa.array(np.array(COUNTRIES)[importer]),
        "product": pa.array(np.array(PRODUCTS)[product]),
        "value_usd": pa.array(value),
    }
    if eur:
        columns["value_eur"] = pa.array(value // 2, mask=rng.random(rows) < 0.1)
    if re_export:
        columns["re_export_usd"] = pa.array(value // 3, mask=rng.random(rows) < 0.3)
    return pa.table(columns)


def same(a: Any, b: Any) -> None:
    """Fail unless two YearIndicators agree to the bit."""
    for name in a.__dataclass_fields__:
        x, y = getattr(a, name), getattr(b, name)
        if isinstance(x, (World, Wide)):
            same(x, y)
        elif isinstance(x, np.ndarray):
            assert x.dtype == y.dtype, name
            np.testing.assert_array_equal(x, y, err_msg=name)
        else:
            assert x == y, name


def rows_of(folder: Path, year: int) -> dict[tuple[str, str], dict[str, Any]]:
    return {(r["importer"], r["product"]): r for r in pq.read_table(folder / f"year={year}.parquet").to_pylist()}


@pytest.mark.parametrize("options", [{}, {"eur": True}, {"re_export": True}, {"eur": True, "re_export": True}], ids=str)
def test_every_verdict_and_value_is_that_of_screen(tmp_path: Path, options: dict[str, bool]) -> None:
    held = from_table(flows(1, **options), inputs=[])
    answer = batch.run(held, tmp_path, values=True, threads=2)
    assert [path.name for path in answer.files] == [f"year={y}.parquet" for y in YEARS]
    seen = 0
    for year in YEARS:
        found = rows_of(tmp_path, year)
        for reporter in [*held.countries, "EU27"]:
            for method in names():
                told = screen(held, reporter=reporter, method=method, year=year).rows
                for row in told:
                    mine = found[reporter, row["product"]]
                    assert mine[method] is row["dependent"], (year, reporter, method, row)
                    for name, c in row["criteria"].items():
                        if f"{method}.{name}" in mine and c["why"] != "nothing exported":
                            assert mine[f"{method}.{name}"] == c["value"], (year, reporter, method, name)
                    seen += 1
    assert seen > 500
    verdicts = [r[m] for y in YEARS for r in rows_of(tmp_path, y).values() for m in names()]
    assert {True, False, None} == set(verdicts)
    assert sum(t.dependent for t in answer.tallies) == verdicts.count(True)
    assert sum(t.undecided for t in answer.tallies) == verdicts.count(None)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("partner", ["CHN", "NLD", "AUS"])
def test_kernel_in_small_pieces_is_the_sql_to_the_bit(seed: int, partner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    held = from_table(flows(seed, re_export=seed % 2 == 0), inputs=[])
    for rows in (1, 7, 250_000):
        monkeypatch.setattr(kernel, "PIECE_ROWS", rows)
        for threads in (1, 2):
            options: dict[str, Any] = {"bloc": "EU27", "members": EU, "partner": partner, "threads": threads}
            same(kernel.by_kernel(held, 2022, **options), by_sql(held, 2022, **options))


def test_squares_beyond_64_bits_stay_exact() -> None:
    big = 2**51 + 1
    table = pa.table(
        {
            "year": pa.array([2023] * 4, pa.int16()),
            "exporter": ["CHN", "DEU", "FRA", "USA"],
            "importer": ["NLD", "USA", "USA", "DEU"],
            "product": ["854231"] * 4,
            "value_usd": pa.array([big, big - 2, 3, big - 4], pa.int64()),
        }
    )
    held = from_table(table, inputs=[])
    fast = kernel.by_kernel(held, 2023, bloc="EU27", members=EU)
    same(fast, by_sql(held, 2023, bloc="EU27", members=EU))
    row = int(np.flatnonzero(fast.importer == held.country_index("USA"))[0])
    assert fast.ss_all.item(row) == (big - 2) ** 2 + 9
    assert fast.ss_ext.item(row) == (big + 1) ** 2  # Germany and France are one supplier


def test_stored_ranges_are_the_year(tmp_path: Path) -> None:
    held = from_table(flows(3), inputs=[])
    whole = kernel.by_kernel(held, 2021, bloc="EU27", members=EU)
    stored = store(held, 2021, "EU27", kernel.pieces(held, 2021, members=EU), tmp_path / "y")
    same(stored.between(0, len(held.products)), whole)
    part = stored.between(2, 4)
    mask = (whole.product >= 2) & (whole.product < 4)
    same(part, kept.only(whole, mask))
    stored.remove()
    assert not (tmp_path / "y").exists()


def test_division_of_the_work_does_not_change_the_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = from_table(flows(4), inputs=[])
    hashes = set()
    for n, (rows, threads) in enumerate([(60_000, 1), (60_000, 2), (1, 2), (13, 1)]):
        monkeypatch.setattr(batch, "RANGE_ROWS", rows)
        hashes.add(batch.run(held, tmp_path / str(n), threads=threads).receipt.result_sha256)
    assert len(hashes) == 1
    assert batch.run(from_table(flows(5), inputs=[]), tmp_path / "x").receipt.result_sha256 not in hashes


def test_chosen_reporters_years_and_definitions(tmp_path: Path) -> None:
    held = from_table(flows(6), inputs=[])
    batch.run(held, tmp_path / "all")
    answer = batch.run(held, tmp_path / "few", years=[2023], methods=["geodep2024", "crma"], reporters=["EU27", "nld"])
    every, few = rows_of(tmp_path / "all", 2023), rows_of(tmp_path / "few", 2023)
    assert {importer for importer, _ in few} == {"EU27", "NLD"}
    assert len(few) == sum(importer in ("EU27", "NLD") for importer, _ in every) == answer.rows
    for key, row in few.items():
        assert (row["geodep2024"], row["crma"]) == (every[key]["geodep2024"], every[key]["crma"])
    assert sorted(p.name for p in (tmp_path / "few").iterdir()) == ["batch.json", "year=2023.parquet"]
    stated = json.loads((tmp_path / "few" / "batch.json").read_text("utf-8"))
    assert stated["receipt"]["parameters"]["methods"] == ["geodep2024", "crma"]


def test_what_cannot_be_done_is_refused(tmp_path: Path) -> None:
    held = from_table(flows(7), inputs=[])
    with pytest.raises(NotFoundError, match="no flows of 1999"):
        batch.run(held, tmp_path, years=[1999])
    with pytest.raises(NotFoundError, match="nope"):
        batch.run(held, tmp_path, methods=["nope"])
    with pytest.raises(InputError, match="named twice"):
        batch.run(held, tmp_path, methods=["crma", "crma"])
    with pytest.raises(InputError, match="not the bloc"):
        batch.run(held, tmp_path, reporters=["EFTA"])
    with pytest.raises(NotFoundError, match="nothing of BRA"):
        batch.run(held, tmp_path, reporters=["BRA"])
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(MachineError):
        batch.run(held, tmp_path / "file")


def test_tables_kept_for_the_next_question_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    held = from_table(flows(8), inputs=[])
    first = kept.year_table(held, 2023, "EU27", EU)
    assert kept.year_table(held, 2023, "EU27", EU) is first
    monkeypatch.setattr(kept, "KEPT_BYTES", kept.size(first) - 1)
    other = kept.year_table(held, 2022, "EU27", EU)
    assert kept.year_table(held, 2023, "EU27", EU) is not first
    same(kept.year_table(held, 2023, "EU27", EU), first)
    assert other.year == 2022
    at = held.country_index("NLD")
    own = kept.importer_table(held, 2023, "EU27", EU, at)
    assert set(own.importer) == {at}
    assert kept.importer_table(held, 2023, "EU27", EU, at) is own


def test_one_importer_of_a_large_year_is_the_same_without_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    held = from_table(flows(14, re_export=True), inputs=[])
    monkeypatch.setattr(kernel, "PIECE_ROWS", 20)
    for at in (*range(len(held.countries)), len(held.countries)):
        small = kept.importer_table(held, 2021, "EU27", EU, at, threads=1)
        with monkeypatch.context() as patch:
            patch.setattr(kept, "LARGE_YEAR", 0)
            patch.setattr(kept, "year_table", lambda *_, **__: pytest.fail("the whole year was held"))
            large = kept.importer_table(held, 2021, "EU27", EU, at, threads=2)
        same(large, small)


def _general(path: Path, monkeypatch: pytest.MonkeyPatch) -> FlowSet:
    with monkeypatch.context() as patch:
        patch.setattr(flowfile, "read_plain", lambda *_: None)
        return flowfile.read(path)


@pytest.mark.parametrize("kind", ["text", "dictionary", "whole floats", "groups", "two codes for one country"])
def test_short_way_of_reading_gives_what_the_general_reader_gives(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, path = flows(9, 900), tmp_path / "flows.parquet"
    if kind == "dictionary":
        table = table.set_column(1, "exporter", table["exporter"].combine_chunks().dictionary_encode())
    if kind == "whole floats":
        table = table.set_column(4, "value_usd", table["value_usd"].cast(pa.float64()))
    if kind == "two codes for one country":
        codes = [
            "NL" if c == "NLD" and p < "31" else c
            for c, p in zip(*(table[n].to_pylist() for n in ("importer", "product")), strict=True)
        ]
        table = table.set_column(2, "importer", pa.array(codes))
    pq.write_table(table, path, row_group_size=50 if kind == "groups" else 10**6)
    quick, general = flowfile.read_plain(path, flowfile.FlowOptions(), str(path)), _general(path, monkeypatch)
    assert quick is not None
    assert any("self-trade" in w for w in quick.warnings)
    for name in FlowSet.__dataclass_fields__:
        if name not in ("directory", "keep"):
            assert getattr(quick, name) == getattr(general, name), name
    for year in quick.years:
        a, b = pq.read_table(quick.path(year)), pq.read_table(general.path(year))
        assert a.num_rows and a.equals(b.cast(a.schema))


def _with(name: str, value: Any) -> pa.Table:
    table = flows(10, 300)
    values = table[name].to_pylist()
    values[7] = value
    return table.set_column(table.column_names.index(name), name, pa.array(values))


@pytest.mark.parametrize(
    "table",
    [
        _with("value_usd", -1),
        _with("value_usd", None),
        _with("value_usd", 2.5),
        _with("value_usd", float("nan")),
        _with("value_usd", 2**53),
        _with("exporter", "QQQ"),
        _with("exporter", "EU27"),
        _with("importer", None),
        _with("importer", " NLD"),
        _with("product", "28053"),
        _with("product", "999998"),
        _with("year", 1800),
        _with("year", None),
        flows(10, 300, eur=True),
        pa.concat_tables([flows(10, 300), flows(10, 300).slice(0, 1)]),
        flows(10, 300).slice(0, 0),
    ],
)
def test_what_needs_a_closer_look_goes_to_the_general_reader(table: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / "flows.parquet"
    pq.write_table(table, path)
    assert flowfile.read_plain(path, flowfile.FlowOptions(), str(path)) is None


def test_a_damaged_file_goes_to_the_general_reader_and_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "flows.parquet"
    pq.write_table(flows(11, 300), path)
    path.write_bytes(path.read_bytes()[:-200])
    assert flowfile.read_plain(path, flowfile.FlowOptions(), str(path)) is None
    with pytest.raises(InputError, match="Parquet"):
        flowfile.read(path)


def test_command_writes_the_folder_and_tells_the_counts(tmp_path: Path) -> None:
    path, out = tmp_path / "flows.parquet", tmp_path / "out"
    pq.write_table(flows(12), path)
    said = CliRunner().invoke(cli, ["batch", str(path), "--out", str(out), "--year", "2023", "--format", "json"])
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    assert told["files"] == ["year=2023.parquet"]
    assert told["rows"] == pq.read_metadata(out / "year=2023.parquet").num_rows
    assert (
        told["receipt"]["result_sha256"]
        == json.loads((out / "batch.json").read_text("utf-8"))["receipt"]["result_sha256"]
    )
    table = CliRunner().invoke(cli, ["batch", str(path), "--out", str(out), "--method", "crma"])
    assert table.exit_code == 0
    assert "crma" in table.stdout and "ec2021" not in table.stdout
    assert "self-trade" in table.stderr


def test_receipt_of_a_batch_is_verified_and_a_changed_input_is_seen(tmp_path: Path) -> None:
    path, out = tmp_path / "flows.parquet", tmp_path / "out"
    pq.write_table(flows(12), path)
    made = ["batch", str(path), "--out", str(out), "--year", "2023", "--reporter", "NLD"]
    assert CliRunner().invoke(cli, made).exit_code == 0
    verify = ["receipt", "verify", str(out / "batch.json")]
    said = CliRunner().invoke(cli, verify)
    assert said.exit_code == 0, said.output
    told = json.loads((out / "batch.json").read_text("utf-8"))
    assert f"result agrees: {told['receipt']['result_sha256']}" in said.output
    told["receipt"]["result_sha256"] = "0" * 64
    (out / "batch.json").write_text(json.dumps(told), "utf-8")
    assert isinstance(CliRunner().invoke(cli, verify).exception, IntegrityError)
    pq.write_table(flows(13), path)
    assert "inputs changed" in str(CliRunner().invoke(cli, verify).exception)


def test_indicators_are_named_by_identity_so_that_worlds_can_be_remembered() -> None:
    held = from_table(flows(13), inputs=[])
    a, b = (kernel.by_kernel(held, 2023, bloc="EU27", members=EU) for _ in range(2))
    assert isinstance(a, YearIndicators)
    assert hash(a.one) != hash(b.one)
