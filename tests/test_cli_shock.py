"""Does every command of ``schakel shock`` answer in every format, refuse what is wrong, and go on where it was stopped?"""

# ruff: noqa: E501 - sentences

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from schakel.cli.shock import shock
from schakel.evidence import result_sha256
from schakel.shocks import kept, lenses, library, scenario
from shocks_results import answers, text

BAND = {"median", "p05", "p95"}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    return tmp_path / "home"


@pytest.fixture
def small(tmp_path) -> str:
    path = tmp_path / "small.yaml"
    path.write_text(text(draws=2), "utf-8")
    return str(path)


def run(*arguments: str, code: int = 0):
    result = CliRunner().invoke(shock, arguments)
    assert result.exit_code == code, (result.output, result.exception)
    return result


def whole(*arguments: str, **more) -> subprocess.CompletedProcess:
    """The command as a user starts it, with its exit code."""
    return subprocess.run([sys.executable, "-c", "from schakel.cli import main; main()", "shock", *arguments], capture_output=True, text=True, check=False, **more)  # fmt: skip


def test_new_writes_a_scenario_that_runs_and_never_over_another(tmp_path) -> None:
    assert run("new").stdout == scenario.template()
    path = tmp_path / "mine.yaml"
    run("new", "--out", str(path))
    assert scenario.read(path).id == "my-scenario"
    path.write_text("mine")
    refused = whole("new", "--out", str(path))
    assert (refused.returncode, path.read_text()) == (3, "mine")
    assert "choose another name" in refused.stderr
    assert whole("new", "--out", str(tmp_path / "no" / "folder.yaml")).returncode == 7


def test_check_names_what_is_uncertain(small) -> None:
    answer = json.loads(run("check", small, "--format", "json").stdout)
    assert answer["scenario"] == "small"
    assert answer["sha256"] == scenario.read(Path(small)).sha256
    assert {"measures[0].duration", "measures[0].leakage.share", "mitigations[0].days"} <= set(answer["uncertain"])
    row = next(r for r in answer["numbers"] if r["number"] == "mitigations[0].days")
    assert (row["point"], row["distribution"]) == (14, "uniform")
    assert row["p05"] == pytest.approx(7.7)
    shown = run("check", small, "--lang", "nl").stdout
    assert "Uitvoer van elektronica gehalveerd" in shown
    assert "0,5" in shown
    assert "100 mln" in shown


def test_list_is_the_library() -> None:
    answer = json.loads(run("list", "--format", "json").stdout)
    assert [s["scenario"] for s in answer["scenarios"]] == list(library.names())
    assert "Blokkade van Taiwan" in run("list", "--lang", "nl").stdout
    assert "Blockade of Taiwan" in run("list", "--lang", "en").stdout


def test_run_answers_with_four_lenses_and_keeps_the_result(small, home) -> None:
    done = run("run", small, "--format", "json")
    answer = json.loads(done.stdout)
    assert set(answer["lenses"]) == {"floor", "centre", "ceiling", "long_run"}
    for lens in answer["lenses"].values():
        assert set(lens["loss_usd"]) == BAND
        assert lens["loss_usd"]["p05"] <= lens["loss_usd"]["median"] <= lens["loss_usd"]["p95"]
        assert "first_stop_day" in lens
        assert lens["draws"] == 2
    assert answer["lenses"]["floor"]["loss_usd"]["median"] <= answer["lenses"]["ceiling"]["loss_usd"]["median"]
    assert answer["content"]["id"] == "small"
    assert answer["receipt"]["result_sha256"] == result_sha256(
        {k: v for k, v in answer.items() if k not in kept.AROUND}
    )
    assert kept.kept("small") == answer
    assert done.stderr == ""
    assert sorted(p.name for p in (home / "runs").rglob("*") if p.is_file()) == ["small.json"]


def test_every_format_of_a_run(small, tmp_path) -> None:
    answer = json.loads(run("run", small, "--draws", "1", "--format", "json").stdout)
    loss = answer["lenses"]["centre"]["loss_usd"]["median"]
    english, dutch = (
        list(csv.DictReader(io.StringIO(run("run", small, "--draws", "1", "--format", "csv", "--lang", lang).stdout)))
        for lang in ("en", "nl")
    )
    assert english == dutch  # files for programs are the same in both languages
    assert [r["lens"] for r in english] == ["floor", "centre", "ceiling", "long_run"]
    assert float(english[1]["loss_usd_median"]) == loss
    run("run", small, "--draws", "1", "--format", "parquet", "--out", str(tmp_path / "a.parquet"))
    assert pq.read_table(tmp_path / "a.parquet").column("loss_usd_median").to_pylist()[1] == loss
    run("run", small, "--draws", "1", "--format", "xlsx", "--out", str(tmp_path / "a.xlsx"))
    assert (tmp_path / "a.xlsx").read_bytes().startswith(b"PK")
    assert "| centre |" in run("run", small, "--draws", "1", "--format", "md", "--lang", "en").stdout
    refused = whole("run", small, "--draws", "1", "--format", "parquet", "--out", str(tmp_path))
    assert refused.returncode == 2
    table = run("run", small, "--draws", "1", "--lang", "nl")
    assert "lange termijn" in table.stdout
    assert "0.000" not in table.stdout
    assert "vloer: best mogelijke verdeling" in table.stderr
    assert "deel verloren, midden" in table.stderr


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("width", [80, 140])
def test_tables_fit_a_terminal_and_lose_no_column(width: int, lang: str, monkeypatch) -> None:
    from schakel.cli import shock_tables
    from schakel.reports.model import Table
    from schakel.reports.tabular import terminal

    monkeypatch.setenv("COLUMNS", str(width))
    found = answers()
    for rows, columns in (
        (shock_tables.runs(found["run"], "table", lang), shock_tables.run_columns("table")),
        shock_tables.mitigations(found["mitigate"], "table", lang),
    ):
        shown = terminal(Table(tuple(columns), rows, "x"), lang, to_terminal=True)
        assert max(len(line) for line in shown.splitlines()) <= width
        for row in rows:
            for column in columns:
                assert column.show(row, lang) in shown, column.key
        for column in columns:
            assert column.heading(lang) in shown


def test_a_scenario_without_money_shows_shares() -> None:
    shown = run("run", "neon-2022", "--draws", "2", "--lang", "en").stdout
    assert "%" in shown
    assert "$" not in shown


def test_compare_puts_scenarios_side_by_side() -> None:
    answer = json.loads(run("compare", "neon-2022", "rare-earths-2025", "--draws", "2", "--format", "json").stdout)
    assert [s["scenario"] for s in answer["scenarios"]] == ["neon-2022", "rare-earths-2025"]
    assert {k["id"] for k in answer["licences"]} >= {"CC-BY-4.0"}
    rows = list(
        csv.DictReader(
            io.StringIO(run("compare", "neon-2022", "rare-earths-2025", "--draws", "2", "--format", "csv").stdout)
        )
    )
    assert [(r["scenario"], r["lens"]) for r in rows] == [
        (s, k) for s in ("neon-2022", "rare-earths-2025") for k in ("floor", "centre", "ceiling")
    ]
    assert run("compare", code=2)


def test_mitigate_answers_and_is_kept(small) -> None:
    answer = json.loads(run("mitigate", small, "--draws", "2", "--format", "json").stdout)
    assert [r["mitigation"] for r in answer["rows"]] == ["stock", "second"]
    assert set(answer["rows"][0]["saved_alone"]) == BAND
    assert [w["after"] for w in answer["waterfall"]] == ["none", "stock", "second"]
    assert kept.kept("small", "mitigate") == answer
    rows = list(csv.DictReader(io.StringIO(run("mitigate", small, "--draws", "2", "--format", "csv").stdout)))
    assert float(rows[1]["saved_alone_median"]) == answer["rows"][1]["saved_alone"]["median"]
    shown = run("mitigate", small, "--draws", "2", "--lang", "nl")
    assert "verlies naarmate maatregelen erbij komen (lens midden): geen:" in shown.stderr
    refused = whole("mitigate", "taiwan-blockade")
    assert refused.returncode == 3
    assert "has no mitigations" in refused.stderr


def test_sensitivity_answers_and_is_kept(small) -> None:
    answer = json.loads(run("sensitivity", small, "--lens", "long_run", "--base", "2", "--format", "json").stdout)
    uncertain = json.loads(run("check", small, "--format", "json").stdout)["uncertain"]
    assert {r["number"] for r in answer["rows"]} == set(uncertain)
    assert answer["runs"] == 2 * (len(uncertain) + 2)
    assert kept.kept("small", "sensitivity") == answer
    assert "op zichzelf" in run("sensitivity", small, "--lens", "long_run", "--base", "2", "--lang", "nl").stdout
    assert whole("sensitivity", small, "--base", "3").returncode == 3


def test_report_of_a_file_and_of_what_is_kept(small, tmp_path) -> None:
    said = run("run", small, "--draws", "1", "--format", "json", "--out", str(tmp_path / "r.json"))
    assert said.stdout == ""
    done = run(
        "report", str(tmp_path / "r.json"), "--out", str(tmp_path / "out"), "--lang", "nl", "--date", "2026-11-22"
    )
    assert done.stdout == ""
    names = [f"shock-small-nl.{kind}" for kind in ("docx", "html", "pdf", "xlsx")]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == names
    run("report", "small", "--out", str(tmp_path / "again"), "--lang", "nl", "--date", "2026-11-22")
    run("report", small, "--out", str(tmp_path / "again"), "--files", "html", "--lang", "en")
    for name in names:
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()
    assert "Lenses side by side" in (tmp_path / "again" / "shock-small-en.html").read_text("utf-8")
    run("mitigate", small, "--draws", "1", "--format", "json", "--out", str(tmp_path / "m.json"))
    run(
        "report",
        str(tmp_path / "r.json"),
        "--mitigations",
        str(tmp_path / "m.json"),
        "--out",
        str(tmp_path / "with"),
        "--files",
        "html",
    )
    assert "waterfall" in (tmp_path / "with" / "shock-small-en.html").read_text("utf-8")


def test_report_refuses_what_is_no_result(small, tmp_path) -> None:
    answer = json.loads(json.dumps(answers()["run"]))
    answer["lenses"]["centre"]["loss_usd"]["median"] = 1.0
    files = {"none.json": (4, None), "text.json": (3, "no json"), "list.json": (3, "[]"), "other.json": (3, '{"a": 1}'), "changed.json": (6, json.dumps(answer)), "mitigations.json": (3, json.dumps(answers()["mitigate"]))}  # fmt: skip
    for name, (code, content) in files.items():
        if content is not None:
            (tmp_path / name).write_text(content)
        done = whole("report", str(tmp_path / name), "--out", str(tmp_path / "out"))
        assert (done.returncode, done.stdout) == (code, ""), (name, done.stderr)
        assert name in done.stderr
    assert whole("report", "taiwan-blockade").returncode == 4
    assert whole("report", small, "--files", "odt").returncode == 3
    assert not (tmp_path / "out").exists()


def test_a_run_that_was_killed_goes_on_and_gives_the_same_bits(tmp_path, home) -> None:
    path = tmp_path / "long.yaml"
    path.write_text(text("long", draws=64).replace("[floor, centre, ceiling, long_run]", "[floor, long_run]"), "utf-8")
    keep = tmp_path / "parts.jsonl"
    command = ["run", str(path), "--keep", str(keep), "--threads", "1", "--format", "json"]
    child = subprocess.Popen([sys.executable, "-c", "from schakel.cli import main; main()", "shock", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    until = time.monotonic() + 120
    while not (keep.exists() and keep.read_bytes().count(b"\n")) and child.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    done = keep.read_bytes()
    assert 0 < done.count(b"\n") < 8
    with keep.open("ab") as handle:
        handle.write(b'{"sha256": "cut o')
    resumed = whole(*command)
    assert resumed.returncode == 0, resumed.stderr
    assert keep.read_bytes().startswith(done)  # what was done is not done again
    assert keep.read_bytes().count(b"\n") == 8
    fresh = whole("run", str(path), "--format", "json", "--threads", "2")
    assert resumed.stdout == fresh.stdout
    assert not list((home / "runs").glob("*.jsonl"))  # nothing is left of a run that ended


def test_kept_parts_of_another_scenario_are_refused(small, tmp_path) -> None:
    keep = tmp_path / "parts.jsonl"
    run("run", small, "--draws", "1", "--keep", str(keep))
    other = tmp_path / "other.yaml"
    other.write_text(text("other", draws=2), "utf-8")
    refused = whole("run", str(other), "--draws", "1", "--keep", str(keep))
    assert refused.returncode == 6
    assert "parts.jsonl" in refused.stderr


def test_finished_parts_are_not_computed_again(small, tmp_path, monkeypatch) -> None:
    keep = tmp_path / "parts.jsonl"
    first = run("run", small, "--keep", str(keep), "--format", "json").stdout
    monkeypatch.setattr(lenses, "one_lens", None)
    assert run("run", small, "--keep", str(keep), "--format", "json").stdout == first


BAD = {
    "unknown country": ("imposer: TWN", "imposer: TVN", "imposer", "TVN"),
    "negative stock": ("days: {dist: uniform, low: 7, high: 21}", "days: -1", "days", "-1"),
    "end before start": (
        "duration: {dist: triangular, low: 60, mode: 90, high: 150}",
        "end: 1",
        "end",
        "before it starts",
    ),
    "share over one": ("intensity: 0.5", "intensity: 1.5", "intensity", "1.5"),
    "unknown key": ("intensity: 0.5", "strength: 0.5", "strength", "unknown key"),
    "no instrument": ("instrument: export_ban", "instrument: embargo", "instrument", "not allowed"),
    "twice": ("    start: 3", "    start: 3\n    start: 4", "start", "stands twice"),
    "anchor": ("intensity: 0.5", "intensity: &a 0.5", "", "anchors"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_give_exit_3_with_line_and_key(name: str, tmp_path) -> None:
    old, new, key, said = BAD[name]
    assert old in text()
    path = tmp_path / "bad.yaml"
    path.write_text(text().replace(old, new, 1), "utf-8")
    added = new.split("\n")[-1].strip()
    line = next(i for i, row in enumerate(path.read_text("utf-8").splitlines(), 1) if added in row)
    for command in ("check", "run"):
        done = whole(command, str(path))
        assert done.returncode == 3, done.stderr
        assert done.stdout == ""
        assert f"line {line}" in done.stderr
        assert key in done.stderr
        assert said in done.stderr
        assert "remedy:" in done.stderr


def test_a_bomb_is_refused(tmp_path) -> None:
    path = tmp_path / "bomb.yaml"
    path.write_text("a: [" + "[" * 5000 + "\n" + "x: 1\n" * 10_000, "utf-8")
    assert whole("check", str(path), timeout=120).returncode == 3


def test_what_is_not_there_gives_exit_4_and_wrong_use_exit_2() -> None:
    for name in ("no-such-scenario", "no/such/file.yaml"):
        done = whole("run", name)
        assert (done.returncode, done.stdout) == (4, ""), done.stderr
    assert whole("run").returncode == 2
    assert whole("run", "neon-2022", "--draws", "-1").returncode == 2
    assert whole("mitigate", "neon-2022", "--lens", "best").returncode == 2


def test_help_of_every_command_has_an_example() -> None:
    for name in ("new", "check", "list", "run", "compare", "mitigate", "sensitivity", "report"):
        said = run(name, "--help").stdout
        assert "Example:" in said
        assert f"schakel shock {name}" in said


def test_the_band_of_resolution_is_computed_with_a_run_or_kept_beside_it(small, tmp_path) -> None:
    whole_run = run("run", small, "--draws", "1", "--resolution", "2", "--lang", "en")
    assert "band of resolution (2 coarser tables): " in whole_run.stderr
    assert "band of chain: not computed: no chain in this scenario" in whole_run.stderr
    bare = run("run", small, "--draws", "1", "--lang", "nl").stderr
    assert "band van fijnheid: niet berekend: vraag erom met --resolution" in bare
    answer = json.loads(run("resolution", small, "--groupings", "3", "--format", "json").stdout)
    assert kept.kept("small", "resolution") == answer
    run("report", small, "--out", str(tmp_path), "--files", "html", "--lang", "en", "--date", "2026-11-22")
    page = (tmp_path / "shock-small-en.html").read_text("utf-8")
    assert "3 coarser tables" in page
    assert "Four bands" in page


def test_a_chain_without_money_tells_its_mitigations_as_shares() -> None:
    from schakel.cli.shock_tables import mitigation_notes, mitigations

    band = {"median": 0.5, "p05": 0.5, "p95": 0.5}
    row = {"mitigation": "a", "kind": "stock", "saved_alone": band, "saved_last": band, "note": "",
           "days_bought": {"days": None, "stopped_before": 0, "avoided": 0}}  # fmt: skip
    answer = {"unit": "share", "value_added": 2.0, "lens": "centre", "rows": [row], "exchange": None, "draws": 1,
              "waterfall": [{"after": "none", "loss": band}], "stock_days": []}  # fmt: skip
    assert mitigations(answer, "table", "en")[0][0]["alone"] == "25%"
    assert any("shares of the value added" in text for text in mitigation_notes(answer, "en"))
    bare = {**answer, "unit": "USD", "rows": [{**row, "saved_alone": dict.fromkeys(band, 5e8)}]}
    assert mitigations(bare, "table", "en")[0][0]["alone"] == "$500 m"
    assert not any("shares of the value added" in text for text in mitigation_notes(bare, "en"))
