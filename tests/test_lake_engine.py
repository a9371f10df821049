"""One way to open the engine, and settings that come from flag, environment, file, default in that order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from schakel import settings
from schakel.errors import InputError, MachineError
from schakel.lake import connect, engine, version


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("SCHAKEL_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "config.toml"))


def test_threads_and_extensions() -> None:
    with connect(threads=2, memory_limit="200MB") as con:
        read = "SELECT current_setting('threads'), current_setting('autoload_known_extensions')"
        assert con.execute(read).fetchall() == [(2, False)]
        assert con.sql("SELECT 1 AS one").to_arrow_table().column("one").to_pylist() == [1]
    assert version().startswith("DuckDB ")


def test_spill_goes_to_the_data_folder_and_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(tmp_path)
    with connect() as con:
        spill = Path(con.execute("SELECT current_setting('temp_directory')").fetchall()[0][0])
    assert spill.parent == home
    with connect(temp_directory=tmp_path / "own") as con:
        assert con.execute("SELECT current_setting('temp_directory')").fetchall() == [(str(tmp_path / "own"),)]
    dead = home / f"{engine.SPILL_PREFIX}999999999-ab"
    mine = home / f"{engine.SPILL_PREFIX}{os.getpid()}-ab"
    dead.mkdir()
    mine.mkdir()
    engine.sweep_spill()
    assert not dead.exists()
    assert mine.exists()


@pytest.mark.parametrize("given", [{"threads": 0}, {"memory_limit": "much"}])
def test_impossible_settings_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(InputError, match="setting"):
        connect(**given)  # type: ignore[arg-type]


def test_engine_faults_of_the_machine_become_machine_errors(tmp_path: Path) -> None:
    with (
        pytest.raises(MachineError, match="could not read or write") as caught,
        engine.machine_faults("here"),
        connect() as con,
    ):
        con.execute(f"COPY (SELECT 1) TO {engine.quote(tmp_path / 'no' / 'x.parquet')} (FORMAT parquet)")
    assert caught.value.where == "here"
    with (
        pytest.raises(MachineError, match="out of memory"),
        engine.machine_faults(),
        connect(memory_limit="20MB", temp_directory="") as con,
    ):
        con.execute("SELECT list(range) FROM range(20000000)").fetchall()


def test_two_arms_of_a_union_over_one_join_do_not_take_each_others_column() -> None:
    """A wrong answer of the engine's own settings: one of the two countries was lost."""
    with connect() as con:
        con.execute("CREATE TABLE named AS SELECT * FROM (VALUES ('CHN', 'CHN'), ('NLD', 'NLD')) t(code, iso3)")
        con.execute("CREATE TABLE staged AS SELECT 'CHN' AS exporter, 'NLD' AS importer")
        con.execute(
            "CREATE VIEW flow AS SELECT e.iso3 AS exporter, i.iso3 AS importer FROM staged s "
            "JOIN named e ON e.code = s.exporter JOIN named i ON i.code = s.importer"
        )
        found = con.execute("SELECT exporter AS c FROM flow UNION SELECT importer FROM flow ORDER BY c").fetchall()
    assert found == [("CHN",), ("NLD",)]


def test_quoting() -> None:
    with connect() as con:
        assert con.execute(
            f"SELECT {engine.quote(chr(39) + '--')} AS {engine.identifier('a' + chr(34) + 'b')}"
        ).fetchall() == [("'--",)]


def test_settings_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.load().language == "en"
    (tmp_path / "config.toml").write_text('language = "nl"\nthreads = 3\n')
    assert settings.load().language == "nl"
    monkeypatch.setenv("SCHAKEL_THREADS", "5")
    assert settings.load().threads == 5
    assert settings.load(threads=7).threads == 7
    assert settings.load(threads=None).threads == 5
    monkeypatch.setenv("SCHAKEL_THREADS", "")
    assert settings.load().threads == 3


def test_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = settings.load()
    assert made.lake == tmp_path / "home" / "lake"
    assert made.downloads.parent == made.register.parent == made.home
    monkeypatch.delenv("SCHAKEL_HOME")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    assert settings.load().home == tmp_path / "xdg" / "schakel"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert settings.load().home == tmp_path / ".local" / "share" / "schakel"
    monkeypatch.setattr("sys.platform", "darwin")
    assert settings.load().home == tmp_path / "Library" / "Application Support" / "schakel"
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert settings.load().home == tmp_path / "local" / "schakel"


@pytest.mark.parametrize("text", ["threads = 0", "thread = 2", "language = 'fr'", "broken"])
def test_a_wrong_configuration_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        settings.load()
    assert "config.toml" in caught.value.where
