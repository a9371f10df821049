"""Publishing is whole or not at all, versions do not change, and damage is found."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schakel.errors import InputError, IntegrityError, MachineError, NotFoundError
from schakel.lake import Dataset, Lake, connect
from schakel.lake import stage as staging

SOURCE = {"id": "test", "title": "Test flows", "url": "https://example.org/"}


@dataclass(frozen=True)
class FakeLoad:
    dataset: str = "demo"
    version: str = "V1"
    tables: dict[str, Path] = field(default_factory=dict)
    rows_read: int = 0
    rows_kept: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    caveats: tuple[str, ...] = ("a caveat",)
    coverage: str = "world"


def flows(years: tuple[int, ...] = (2022, 2023), value: int = 100, n: int = 3) -> pa.Table:
    exporters = ["CHN", "USA", "VNM", "DEU", "FRA", "BEL"][:n]
    rows = [
        {"year": y, "exporter": e, "importer": "NLD", "product": "854231", "value_usd": value * (i + 1)}
        for y in years
        for i, e in enumerate(exporters)
    ]
    kinds = [("year", pa.int16()), ("exporter", pa.string()), ("importer", pa.string()), ("product", pa.string())]
    return pa.Table.from_pylist(rows, schema=pa.schema([*kinds, ("value_usd", pa.int64())]))


def load(stage: Path, table: pa.Table | None = None, **more: object) -> FakeLoad:
    table = flows() if table is None else table
    path = stage / "written.parquet"
    pq.write_table(table, path)
    left_out = {"self-trade": 2}
    made = FakeLoad(tables={"flows": path}, rows_read=table.num_rows + 2, rows_kept=table.num_rows, left_out=left_out)
    return replace(made, **more)


def publish(lake: Lake, table: pa.Table | None = None, *, extend: bool = False, **more: object) -> Dataset:
    with lake.stage() as stage:
        return lake.publish(
            load(stage, table, **more), stage, title="Demo", licence="CC-BY-4.0", source=SOURCE, extend=extend
        )


def test_an_absent_lake_is_an_empty_one(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "none")
    assert lake.list() == ()
    with pytest.raises(NotFoundError, match="no data set 'demo'"):
        lake.open("demo")
    assert not (tmp_path / "none").exists()


def test_publish_writes_the_layout_and_reads_back(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    made = publish(lake)
    assert made == lake.open("demo")
    assert made.years() == (2022, 2023)
    assert [p.relative_to(made.folder).as_posix() for p in made.paths()] == [
        "flows/year=2022/part.parquet",
        "flows/year=2023/part.parquet",
    ]
    assert made.arrow("flows", 2023).column("value_usd").to_pylist() == [100, 200, 300]
    with connect() as con:
        assert con.execute(f"SELECT count(*), min(year) FROM {made.from_sql()}").fetchall() == [(6, 2022)]
    assert not list((tmp_path / ".stage").glob("*-*"))
    with pytest.raises(NotFoundError, match="no year 1999"):
        made.paths("flows", 1999)
    with pytest.raises(NotFoundError, match="no table"):
        made.paths("nothing")


def test_descriptor_has_the_shape_of_a_data_package(tmp_path: Path) -> None:
    made = publish(Lake(tmp_path))
    data = json.loads((made.folder / "datapackage.json").read_text())
    assert data["$schema"].endswith("/2.0/datapackage.json")
    assert data["licenses"] == [
        {
            "name": "CC-BY-4.0",
            "title": "Creative Commons Attribution 4.0 International",
            "path": "https://creativecommons.org/licenses/by/4.0/",
        }
    ]
    first = data["resources"][0]
    assert first["name"] == "flows-2022"
    assert first["hash"].startswith("sha256:")
    assert first["rows"] == 3
    assert first["schema"]["primaryKey"] == ["year", "exporter", "importer", "product"]
    assert first["schema"]["fields"][0]["type"] == "integer"
    assert data["schakel"]["left_out"] == {"self-trade": 2}
    assert data["schakel"]["caveats"] == ["a caveat"]
    assert (data["schakel"]["rows_read"], data["schakel"]["rows_kept"]) == (8, 6)


def test_the_same_content_is_the_same_version_and_another_is_another(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    first, again = publish(lake), publish(lake)
    assert (first.id, first.created) == (again.id, again.created)
    second = publish(lake, flows(value=7))
    assert second.id != first.id
    assert lake.open("demo").id == second.id
    assert set(lake.versions("demo")) == {first.id, second.id}
    assert lake.open("demo", first.id).arrow("flows", 2022).column("value_usd").to_pylist() == [100, 200, 300]
    with pytest.raises(NotFoundError, match="no version"):
        lake.open("demo", "V9-0")


def test_a_partitioned_folder_is_taken_as_it_lies(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with lake.stage() as stage:
        for year in (2022, 2023):
            folder = stage / "out" / f"year={year}"
            folder.mkdir(parents=True)
            pq.write_table(flows((year,)), folder / "part.parquet")
        made = lake.publish(
            FakeLoad(tables={"flows": stage / "out"}, rows_read=6, rows_kept=6),
            stage,
            title="Demo",
            licence="CC-BY-4.0",
            source=SOURCE,
        )
    assert made.years() == (2022, 2023)
    assert made.rows == 6


def test_a_folder_that_lies_about_its_year_is_refused(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with pytest.raises(InputError, match="folder year=2021 holds rows of 2022 to 2022"), lake.stage() as stage:
        (stage / "out" / "year=2021").mkdir(parents=True)
        pq.write_table(flows((2022,)), stage / "out" / "year=2021" / "part.parquet")
        lake.publish(
            FakeLoad(tables={"flows": stage / "out"}, rows_read=3, rows_kept=3),
            stage,
            title="Demo",
            licence="CC-BY-4.0",
            source=SOURCE,
        )


def test_extend_keeps_other_years_and_replaces_the_same(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    publish(lake)
    made = publish(lake, flows((2023, 2024), value=5), extend=True)
    assert made.years() == (2022, 2023, 2024)
    assert made.arrow("flows", 2022).column("value_usd").to_pylist() == [100, 200, 300]
    assert made.arrow("flows", 2023).column("value_usd").to_pylist() == [5, 10, 15]
    assert made.rows_read == 16
    lake.verify()
    with pytest.raises(InputError, match="coverage"):
        publish(lake, flows((2025,)), extend=True, coverage="imports")


def test_rows_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with pytest.raises(InputError, match="99 rows were read, but 6 kept and 2 left out"):
        publish(lake, rows_read=99)
    assert lake.names() == ()


def test_a_broken_rule_leaves_the_old_version(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    old = publish(lake)
    with pytest.raises(InputError, match="flows-value-negative") as caught:
        publish(lake, flows(value=-1))
    assert "value_usd=-1" in caught.value.where
    assert lake.open("demo").id == old.id
    assert not list((tmp_path / ".stage").glob("*-*"))


def test_no_rows_is_no_data_set(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no row is left"):
        publish(Lake(tmp_path), flows(()))


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "UPPER", "a..b"])
def test_a_name_cannot_leave_the_lake(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot name a data set"):
        Lake(tmp_path).open(name)


def damage(made: Dataset, kind: str) -> Path:
    part = made.paths("flows", 2023)[0]
    if kind == "flip":
        data = bytearray(part.read_bytes())
        data[len(data) // 2] ^= 1
        part.write_bytes(data)
    elif kind == "absent":
        part.unlink()
    elif kind == "extra":
        part = part.with_name("other.parquet")
        part.write_bytes(b"x")
    elif kind == "descriptor":
        part = made.folder / "datapackage.json"
        part.write_text(part.read_text().replace('"rows": 3', '"rows": 4', 1))
    elif kind == "licence":
        part = made.folder / "datapackage.json"
        part.write_text(part.read_text().replace("CC-BY-4.0", "CC0-1.0"))
    return part


@pytest.mark.parametrize("kind", ["flip", "absent", "extra", "descriptor", "licence"])
def test_verify_names_the_damaged_file_and_adding_again_mends_it(tmp_path: Path, kind: str) -> None:
    lake = Lake(tmp_path)
    made = publish(lake)
    assert [entry.name for entry in lake.verify()] == ["demo"]
    bad = damage(made, kind)
    with pytest.raises(IntegrityError) as caught:
        lake.verify("demo")
    assert caught.value.where == str(bad)
    again = publish(lake)
    assert again.id == made.id
    lake.verify()


@pytest.mark.parametrize("text", ["", "{", '{"version": "../../x"}', '{"version": 3}'])
def test_a_damaged_pointer_is_said_to_be_damaged(tmp_path: Path, text: str) -> None:
    lake = Lake(tmp_path)
    publish(lake)
    (tmp_path / "demo" / "current.json").write_text(text)
    with pytest.raises(IntegrityError, match="pointer"):
        lake.open("demo")
    publish(lake)
    assert lake.open("demo").rows == 6


def test_stages_of_dead_processes_are_swept_and_live_ones_are_not(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with lake.stage() as live:
        dead = tmp_path / ".stage" / "1-dead"
        dead.mkdir()
        (dead / "half.parquet").write_bytes(b"x")
        (tmp_path / ".stage" / "1-dead.lock").touch()
        lone = tmp_path / ".stage" / "2-lone"
        lone.mkdir()
        publish(lake)
        assert live.is_dir()
        assert not dead.exists()
        assert not lone.exists()
    assert not live.exists()


class Killed(BaseException):
    """Stands for the moment at which the process is gone."""


CALLS = ["rename", "replace", "write_text", "fsync", "mkdir", "link"]


def test_stopped_before_every_single_step_the_old_version_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every call that changes the disk is made to be the last one, in turn: complete where the clock only samples."""
    old = publish(Lake(tmp_path / "seed"))
    stopped = outcomes = 0
    for step in range(200):
        root = tmp_path / f"lake{step}"
        shutil.copytree(tmp_path / "seed", root)
        lake = Lake(root)
        count = 0

        def counted(real, step=step):
            def call(*args, **kwargs):
                nonlocal count
                if count == step:
                    raise Killed
                count += 1
                return real(*args, **kwargs)

            return call

        with monkeypatch.context() as patch:
            for name in ("rename", "replace", "write_text", "mkdir"):
                patch.setattr(Path, name, counted(getattr(Path, name)))
            for name in ("fsync", "link"):
                patch.setattr(os, name, counted(getattr(os, name)))
            patch.setattr(shutil, "rmtree", lambda *_, **__: None)  # a killed process cleans nothing up
            try:
                publish(lake, flows((2023, 2024), value=9), extend=True)
                outcomes += 1
            except Killed:
                stopped += 1
        now = lake.open("demo")
        lake.verify()
        assert now.years() in ((2022, 2023), (2022, 2023, 2024))
        assert (now.id == old.id) == (now.years() == (2022, 2023))
        shutil.rmtree(root)
        if outcomes:
            break
    assert outcomes == 1
    assert stopped >= 15


def test_two_extensions_at_once_lose_nothing(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    publish(lake, flows((2000,)))
    faults: list[BaseException] = []

    def extend(year: int) -> None:
        try:
            publish(Lake(tmp_path), flows((year,)), extend=True)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=extend, args=(year,)) for year in range(2001, 2006)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert lake.open("demo").years() == (2000, 2001, 2002, 2003, 2004, 2005)


def test_a_full_disk_leaves_the_old_version(tmp_path: Path) -> None:
    """A small file-size limit stands for the full disk: the write fails half-way in the engine or in Python alike."""
    lake = Lake(tmp_path)
    old = publish(lake)
    big = pa.table(
        {
            "year": pa.array([2023] * 150_000, pa.int16()),
            "exporter": pa.array(["CHN"] * 150_000),
            "importer": pa.array(["NLD"] * 150_000),
            "product": pa.array([f"{i * 6666666 % 10**10:010d}" for i in range(150_000)]),
            "value_usd": pa.array([i * 7919 % 1_000_003 for i in range(150_000)], pa.int64()),
        }
    )
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with pytest.raises(MachineError), lake.stage() as stage:
        ready = load(stage, big)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        try:
            lake.publish(ready, stage, title="Demo", licence="CC-BY-4.0", source=SOURCE)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert lake.open("demo").id == old.id
    lake.verify()
    assert not list((tmp_path / ".stage").glob("*-*"))


@pytest.mark.parametrize("call", ["rename", "replace", "write_text"])
def test_no_space_at_the_last_steps_is_a_machine_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    lake = Lake(tmp_path)
    old = publish(lake)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, call, full)
        with pytest.raises(MachineError, match="No space left"):
            publish(lake, flows(value=3))
    assert lake.open("demo").id == old.id


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a small file system")
def test_a_really_full_disk(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(small)], capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        lake = Lake(small / "lake")
        old = publish(lake)
        with pytest.raises(MachineError) as caught:
            publish(lake, flows(years=tuple(range(1950, 2100)), value=3, n=6))
        assert "Schakel" not in str(caught.value)
        assert caught.value.remedy
        assert lake.open("demo").id == old.id
        lake.verify()
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_no_permission_is_a_machine_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path / "x"))

    monkeypatch.setattr(staging.Path, "mkdir", refused)
    with pytest.raises(MachineError, match="no permission") as caught:
        publish(Lake(tmp_path / "lake"))
    assert "SCHAKEL_HOME" in caught.value.remedy
