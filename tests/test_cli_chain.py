"""`schakel chain`: what each command prints in every format, with which keys, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import schakel as schakel_package
from schakel.cli.chain import chain
from schakel.errors import InputError, NotFoundError
from test_chains_open import EXPLORER
from test_chains_own import folder

COMMANDS = ["choke", "ecosystem", "exposure", "makeable", "path", "show"]
ASKED = {
    "show": ["show", "reference"],
    "step": ["show", "reference", "--step", "euv_scanner"],
    "makeable": ["makeable", "reference", "--without", "NLD"],
    "exposure": ["exposure", "reference", "--on", "CHN", "--step", "fab_euv_logic"],
    "choke": ["choke", "reference"],
    "of": ["choke", "reference", "--of", "NLD"],
    "path": ["path", "reference", "--from", "gallium", "--to", "end_defence"],
    "ecosystem": ["ecosystem"],
    "segments": ["ecosystem", "--counts", "segment"],
    "regions": ["ecosystem", "--counts", "region"],
    "both": ["ecosystem", "--counts", "both"],
    "together": ["choke", "reference", "--together"],
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def explorer(tmp_path: Path) -> Path:
    (tmp_path / "explorer").mkdir()
    for name, text in EXPLORER.items():
        (tmp_path / "explorer" / name).write_text(text, "utf-8")
    return tmp_path / "explorer"


def run(*words: object) -> Result:
    return CliRunner().invoke(chain, [str(w) for w in words], catch_exceptions=True)


def good(*words: object) -> Result:
    result = run(*words)
    assert result.exit_code == 0, (result.output, result.exception)
    return result


def answer(*words: object) -> dict:
    return json.loads(good(*words, "--format", "json").stdout)


def test_the_commands() -> None:
    assert sorted(chain.commands) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_has_an_example_and_says_what_a_graph_is(name: str) -> None:
    text = good(name, "--help").output
    assert "Example:" in text and f"schakel chain {name}" in text
    assert "GRAPH is reference" in good("--help").output


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("asked", ASKED)
def test_every_format(asked: str, lang: str, tmp_path: Path) -> None:
    for format_ in ("table", "md", "csv", "json", "parquet", "xlsx"):
        out = tmp_path / f"{asked}.{format_}"
        good(*ASKED[asked], "--lang", lang, "--format", format_, "--out", out)
        assert out.stat().st_size > 50
        assert not out.with_name(out.name + ".licence.txt").exists()
    rows = list(csv.DictReader(io.StringIO((tmp_path / f"{asked}.csv").read_text("utf-8"))))
    import pyarrow.parquet as pq

    assert pq.read_table(tmp_path / f"{asked}.parquet").num_rows == len(rows) > 0
    whole = json.loads((tmp_path / f"{asked}.json").read_text("utf-8"))
    assert {"sources", "licences", "receipt"} <= whole.keys()
    assert len(whole["receipt"]["result_sha256"]) == 64


def test_makeable_has_the_keys_of_the_issue() -> None:
    found = answer(*ASKED["makeable"])
    keys = ["graph", "without", "reading", "lost", "kept", "sources", "licences", "receipt"]
    assert [k for k in found if k in keys] == keys
    assert (found["graph"], found["without"], found["reading"]) == ("reference", ["NLD"], "alternatives")
    lost = {r["step"]: r for r in found["lost"]}
    assert lost["euv_scanner"]["reason"] == "holders"
    assert lost["fab_euv_logic"]["lacking"] == ["euv_scanner"]
    assert len(found["lost"]) + len(found["kept"]) == 142


def test_exposure_has_the_keys_of_the_issue() -> None:
    found = answer(*ASKED["exposure"])
    assert {"exposure", "path", "nodes"} <= found.keys()
    assert 0 < found["exposure"] <= 1
    assert found["path"][0] == "fab_euv_logic"
    for node in found["nodes"]:
        assert {"step", "hhi", "governance", "top_holder", "top_share"} <= node.keys()
    values = [n["exposure"] for n in found["nodes"]]
    assert values == sorted(values, reverse=True)


def test_the_same_question_gives_the_same_receipt() -> None:
    one, two = answer(*ASKED["of"]), answer(*ASKED["of"])
    assert one == two
    assert one["receipt"]["result_sha256"] != answer(*ASKED["choke"])["receipt"]["result_sha256"]


def test_several_names_blocs_and_commas() -> None:
    a = answer("makeable", "reference", "--without", "NLD,JPN")
    b = answer("makeable", "reference", "--without", "JPN", "--without", "Netherlands".replace("Netherlands", "NL"))
    assert a["without"] == b["without"] == ["JPN", "NLD"]
    bloc = answer("makeable", "reference", "--without", "EU27")
    assert {"NLD", "DEU"} <= set(bloc["without"])
    assert {r["step"] for r in answer("makeable", "reference", "--without", "NLD")["lost"]} <= {
        r["step"] for r in bloc["lost"]
    }


def test_tools_count_in_the_long_run_only() -> None:
    lasting = answer("makeable", "reference", "--without", "NLD")
    now = answer("makeable", "reference", "--without", "NLD", "--within", "now")
    assert {r["step"] for r in now["lost"]} < {r["step"] for r in lasting["lost"]}


def test_pairs_lose_no_less_than_singles_and_smallest_coalitions_are_proven() -> None:
    found = answer("choke", "reference", "--size", "2", "--most", "100000")
    single = {tuple(r["without"]): r["lost"] for r in found["removals"] if len(r["without"]) == 1}
    for r in found["removals"]:
        assert all(r["lost"] >= single.get((name,), 0) for name in r["without"])
    assert all(c["proven"] for c in found["coalitions"])
    stop = answer("choke", "reference", "--step", "fab_euv_logic")["coalitions"][0]
    assert ["NLD"] in stop["coalitions"]


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    found = answer("makeable", folder(tmp_path / "mine"), "--without", "NLD")
    assert [r["step"] for r in found["lost"]] == ["chip", "scanner"]
    assert [k["id"] for k in found["licences"]] == ["CC-BY-NC-4.0", "user-supplied"]
    assert [i["path"] for i in found["receipt"]["inputs"]] == [
        "mine/inputs.csv", "mine/positions.csv", "mine/steps.csv", "mine/sources.csv",
    ]  # fmt: skip


@pytest.mark.parametrize("reading", ["alternatives", "together"])
def test_the_reading_is_named_in_the_result(explorer: Path, reading: str) -> None:
    for asked in (["makeable", explorer, "--without", "NLD"], ["show", explorer], ["choke", explorer],
                  ["exposure", explorer, "--on", "NLD", "--step", "N1"]):  # fmt: skip
        found = answer(*asked, "--reading", reading)
        assert found["reading"] == reading
        assert found["receipt"]["parameters"]["reading"] == reading


@pytest.mark.parametrize("format_", ["table", "md", "csv", "json", "parquet", "xlsx"])
def test_a_licence_against_commercial_use_is_marked_on_every_output(
    explorer: Path, tmp_path: Path, format_: str
) -> None:
    out = tmp_path / f"x.{format_}"
    result = good("makeable", explorer, "--without", "NLD", "--format", format_, "--out", out)
    if format_ in ("table", "md", "csv"):
        assert "CC-BY-NC-4.0" in (tmp_path / f"x.{format_}.licence.txt").read_text("utf-8")
        assert "NonCommercial" in result.stderr
    if format_ == "json":
        assert json.loads(out.read_text("utf-8"))["licences"][0]["commercial"] is False
    if format_ == "table":
        assert "CC-BY-NC-4.0" in out.read_text("utf-8")
    if format_ == "parquet":
        import pyarrow.parquet as pq

        assert b"CC-BY-NC-4.0" in b"".join((pq.read_schema(out).metadata or {}).values())
    if format_ == "xlsx":
        import openpyxl

        book = openpyxl.load_workbook(out)
        cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value]
        assert any("NonCommercial" in c for c in cells)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["show", "nothing"], NotFoundError),
        (["show", "reference", "--step", "nothing"], NotFoundError),
        (["makeable", "reference", "--without", "XXX"], NotFoundError),
        (["exposure", "reference", "--on", "CHN", "--step", "nothing"], NotFoundError),
        (["path", "reference", "--from", "nothing", "--to", "gallium"], NotFoundError),
        (["choke", "reference", "--of", "XXX"], NotFoundError),
        (["ecosystem", "--segment", "none"], InputError),
    ],
)
def test_what_is_not_there_is_told(words: list[str], error: type) -> None:
    result = run(*words)
    assert isinstance(result.exception, error)
    assert result.exception.exit_code == {NotFoundError: 4, InputError: 3}[error]
    assert result.exception.remedy


@pytest.mark.parametrize(
    "words",
    [
        ["makeable", "reference", "--without", ""],
        ["makeable", "reference", "--without", " , "],
        ["makeable", "reference", "--without", "NLD", "--least-share", "nan"],
        ["exposure", "reference", "--on", "", "--step", "euv_scanner"],
        ["exposure", "reference", "--on", "CHN", "--step", " "],
        ["choke", "reference", "--of", ""],
        ["choke", "reference", "--of", ","],
        ["choke", "reference", "--step", ""],
        ["choke", "reference", "--least-share", "nan"],
        ["path", "reference", "--from", "", "--to", "gallium"],
        ["path", "reference", "--from", "gallium", "--to", ""],
        ["show", ""],
        ["show", " "],
        ["show", "reference", "--step", ""],
        ["ecosystem", "--segment", ""],
        ["ecosystem", "--add", ""],
    ],
)
def test_an_empty_word_is_refused_and_never_answered(words: list[str]) -> None:
    result = run(*words)
    assert isinstance(result.exception, InputError) and result.exception.exit_code == 3
    assert result.exception.remedy and not result.stdout


def test_a_firm_with_a_comma_in_its_name_can_be_taken_away(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "inputs.csv").write_text("step,input\nchip,wafer\n")
    (mine / "positions.csv").write_text('step,country,actor,share\nwafer,JPN,"Plak, Co.",1\n')
    found = answer("makeable", mine, "--without", "Plak, Co.")
    assert (found["without"], [r["step"] for r in found["lost"]]) == (["Plak, Co."], ["chip", "wafer"])
    assert answer("choke", mine, "--of", "Plak, Co.")["control_points"][0]["step"] == "wafer"


def test_pairs_that_lose_more_than_their_members() -> None:
    found = answer("choke", "reference", "--together", "--most", "100000")
    assert found["asked"] == {"names": 36, "pairs": 630}
    whole = answer("choke", "reference", "--size", "2", "--most", "100000")["removals"]
    assert found["removals"] == [r for r in whole if r["more_than_alone"]] != []
    alone = {r["without"][0]: set(answer_lost(r["without"][0])) for r in whole if len(r["without"]) == 1}
    for r in found["removals"][:3]:
        both = set(answer_lost(",".join(r["without"])))
        assert set(r["more_than_alone"]) == both - set().union(*(alone.get(n, set()) for n in r["without"])) != set()
    text = good("choke", "reference", "--together").output
    assert "lost only together" in text and "630 pairs" in text


def answer_lost(names: str) -> list[str]:
    return [r["step"] for r in answer("makeable", "reference", "--without", names)["lost"]]


def test_people_read_names_and_machines_keys() -> None:
    text = good("choke", "reference", "--most", "3", "--lang", "nl").output
    assert "Consumentenelektronica" in text and "end_consumer" not in text and "stappen zijn" not in text
    assert "end_consumer" in good("choke", "reference", "--most", "3", "--format", "csv").stdout
    lost = good("makeable", "reference", "--without", "NLD", "--lang", "nl").output
    assert "mist EUV-scanner" in lost and "voor 93 van de 142 stappen" in lost  # warnings too are in Dutch
    named = good("choke", "reference", "--names", "actors", "--lang", "nl").output
    assert "geen bedrijf of instelling genoemd" in named and "geen coalitie" not in named


def test_an_uncertain_weight_shows_its_range(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "inputs.csv").write_text("step,input,criticality,coefficient\nchip,gas,minor,uniform(low=0.2; high=0.4)\n")
    (mine / "positions.csv").write_text("step,country,share\ngas,CHN,1\n")
    asked = ["exposure", mine, "--on", "CHN", "--step", "chip"]
    assert "from 0.21" in good(*asked).output and "64 drawn" in good(*asked).output
    dutch = good(*asked, "--lang", "nl").output
    assert "van 0,21" in dutch and "1 van de 1 plekken geven verdelingen" in dutch


@pytest.mark.parametrize("words", [["makeable", "reference"], ["choke", "reference", "--size", "3"], ["show"]])
def test_wrong_use_is_exit_2(words: list[str]) -> None:
    assert run(*words).exit_code == 2


def test_the_whole_way_of_a_folder_through_the_lake(explorer: Path, tmp_path: Path) -> None:
    """add, show, and an export that is refused with exit code 5; then a bad folder with 3 and an absent one with 4."""

    def schakel(*words: object) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-c", "from schakel.cli import main; main()", *map(str, words)]
        env = {**os.environ, "PYTHONPATH": str(Path(schakel_package.__file__).parents[1])}
        return subprocess.run(line, capture_output=True, text=True, cwd=tmp_path, env=env)

    assert schakel("data", "add", explorer).returncode == 0
    shown = schakel("chain", "show", "eto-chips")
    assert shown.returncode == 0 and "EUV" in shown.stdout and "CC-BY-NC-4.0" in shown.stdout
    for table in ("chain_steps", "chain_inputs", "chain_positions"):
        refused = schakel("data", "export", "eto-chips", "--table", table, "--out", "x.csv")
        assert refused.returncode == 5 and "may not be passed on" in refused.stderr
    assert not (tmp_path / "x.csv").exists()
    (explorer / "sequence.csv").write_text("input_id,goes_into_id,is_type_of_id\nN2,,\n")
    assert schakel("chain", "show", explorer).returncode == 3
    assert schakel("chain", "show", "none").returncode == 4


ENGLISH = re.compile(
    r"\b(note|step|steps|name|layer|holders?|made of|lost|kept|links|why|without|share|exposure|held|way|ways|firm|firms|"
    r"institute|programme|region|source|tool|stopped|asked|read as|needs?|unknown|yes|no|from|licence of the data|Name the)\b"
)


@pytest.mark.parametrize("asked", ASKED)
def test_a_dutch_reader_meets_no_english_words(asked: str) -> None:
    """The table and every line beside it, but for names, keys and the titles of licences."""
    text = good(*ASKED[asked], "--lang", "nl").output
    for key in ("step_research", "end_use", "tool_service", "tool_steel", "--most"):
        text = text.replace(key, "")
    wrong = [line for line in text.splitlines() if ENGLISH.search(re.sub(r"\S*_\S*", "", line))]
    assert wrong == []


def test_numbers_layers_and_kinds_follow_the_language_for_people_only() -> None:
    shown = ["show", "reference", "--step", "euv_scanner", "--lang", "nl"]
    assert "NLD 1,000" in good(*shown).output and "machine" in good(*shown).output
    raw = good(*shown, "--format", "csv").stdout
    assert "NLD 1.000" in raw and ",tool," in raw
    assert "bedrijf" in good("ecosystem", "--lang", "nl").output
    assert ",firm," in good("ecosystem", "--lang", "nl", "--format", "csv").stdout


@pytest.mark.parametrize(
    ("lang", "any_", "all_"), [("en", "any one type", "every type"), ("nl", "volstaat één soort", "elke soort nodig")]
)
def test_people_read_which_reading_was_used(explorer: Path, lang: str, any_: str, all_: str) -> None:
    for asked in (["makeable", explorer, "--without", "NLD"], ["show", explorer], ["choke", explorer]):
        assert any_ in good(*asked, "--lang", lang).output
        assert all_ in good(*asked, "--lang", lang, "--reading", "together").output
        assert any_ in good(*asked, "--lang", lang, "--format", "csv").stderr
    assert any_ not in good("show", "reference", "--lang", lang).output


def test_what_was_left_out_or_cut_off_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "16 steps have minor inputs without a cost share" in good(*ASKED["exposure"]).output
    assert "there may be more ways" in good(*ASKED["path"], "--most", "1").output
    assert "there may be more ways" not in good("path", "reference", "--from", "end_defence", "--to", "gallium").output
    (tmp_path / "trio").mkdir()
    (tmp_path / "trio" / "inputs.csv").write_text("step,input\nend,a\n")
    (tmp_path / "trio" / "positions.csv").write_text("step,country,share\na,NLD,0.4\na,JPN,0.3\na,USA,0.3\n")
    assert "stopped by JPN + NLD + USA" in good("choke", "trio").output
    monkeypatch.setattr("schakel.chains.coalitions.MOST_TRIED", 0)
    monkeypatch.setattr("schakel.chains.answers.time.monotonic", iter([0.0, 100.0]).__next__)
    assert "it takes at least 2" in good("choke", "trio").output
