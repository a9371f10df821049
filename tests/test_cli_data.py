"""`schakel data`: what each command prints, where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schakel.cli.data import data
from schakel.errors import InputError, IntegrityError, LicenceError, NotFoundError

BACI = "t,i,j,k,v,q\n2022,156,528,854231,12.345,0.5\n2022,842,528,854231,7.000,NA\n"
OWN = "year,exporter,importer,product,value_usd\n2023,CHN,NLD,854231,60\n2023,USA,NLD,854231,10\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


@pytest.fixture
def baci(tmp_path: Path) -> Path:
    path = tmp_path / "BACI_HS22_Y2022_V202501.csv"
    path.write_text(BACI)
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(data, [str(word) for word in words], catch_exceptions=True)


def good(*words: object) -> Result:
    result = run(*words)
    assert result.exit_code == 0, (result.output, result.exception)
    return result


COMMANDS = sorted(data.commands)


def test_the_commands() -> None:
    assert COMMANDS == ["add", "export", "list", "pull", "show", "source", "verify"]


@pytest.mark.parametrize("words", [[], *([name] for name in COMMANDS)])
def test_every_help_has_an_example(words: list[str]) -> None:
    text = good(*words, "--help").stdout
    assert "Example:" in text
    assert f"schakel data {' '.join(words)}".strip() in text


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom schakel.cli.data import data\n"
        "assert CliRunner().invoke(data, ['add', '--help']).exit_code == 0\n"
        "heavy = {'duckdb', 'pyarrow', 'httpx2', 'rich', 'pydantic_settings', 'xlsxwriter'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_an_empty_lake_lists_what_can_be_had() -> None:
    listed = json.loads(good("list", "--format", "json").stdout)
    assert listed["lake"] == []
    assert any(entry["name"] == "imports" for entry in listed["embedded"])
    assert any(entry["name"] == "baci-hs22" for entry in listed["to_pull"])
    result = good("verify")
    assert "no data set yet" in result.stderr


def test_add_show_list_verify(baci: Path) -> None:
    added = json.loads(good("add", baci, "--format", "json").stdout)
    assert added["taken_for"] == "CEPII BACI"
    assert (added["rows_read"], added["rows_kept"], added["left_out"]) == (2, 2, {})
    shown = json.loads(good("show", "baci-hs22", "--format", "json").stdout)
    assert shown["licence"].startswith("etalab-2.0")
    assert shown["may_be_passed_on"] is True
    assert shown["tables"]["flows"] == {"rows": 2, "years": "2022"}
    rows = list(csv.DictReader(io.StringIO(good("list", "--format", "csv").stdout)))
    assert [(row["name"], row["rows"], row["years"]) for row in rows if row["where"] == "lake"] == [
        ("baci-hs22", "2", "2022")
    ]
    assert "sound" in good("verify", "baci-hs22").stdout
    assert "| name |" in good("verify", "--format", "md").stdout
    assert "BACI" in good("show", "baci-hs22").stdout


def test_a_table_of_text_is_never_cut_without_a_terminal(baci: Path) -> None:
    good("add", baci)
    assert "sha256" in good("show", "baci-hs22").stdout
    assert "…" not in good("list").stdout


def test_what_is_not_in_the_lake_can_still_be_shown() -> None:
    assert json.loads(good("show", "comtrade", "--format", "json").stdout)["address_status"] == "by hand"
    assert json.loads(good("show", "imports", "--format", "json").stdout)["rows"] > 1000
    result = run("show", "nothing")
    assert isinstance(result.exception, NotFoundError)


def test_add_refuses_and_leaves_nothing(baci: Path, home: Path) -> None:
    baci.write_text(BACI.replace("12.345", "-1"))
    result = run("add", baci)
    assert isinstance(result.exception, InputError)
    assert result.stdout == ""
    assert json.loads(good("list", "--format", "json").stdout)["lake"] == []
    assert not list((home / "lake" / ".stage").glob("*-*"))
    assert isinstance(run("add", baci, "--licence", "no-such").exception, NotFoundError)


def test_own_flows_with_options(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(OWN.replace(",", ";"))
    words = ("add", path, "--as", "mine", "--delimiter", ";", "--decimal", ",", "--hs", "2022", "--coverage", "imports")
    added = json.loads(good(*words, "--threads", "1", "--format", "json").stdout)
    assert (added["data_set"], added["coverage"], added["licence"]) == ("mine", "imports", "user-supplied")


def test_export_obeys_the_licence(tmp_path: Path, baci: Path) -> None:
    good("add", baci)
    result = good("export", "baci-hs22", "--out", tmp_path / "x.csv")
    assert result.stdout == ""
    assert "Etalab" in result.stderr
    assert (tmp_path / "x.csv").read_text().count("\n") == 3
    assert isinstance(run("export", "baci-hs22", "--out", tmp_path / "x.csv").exception, InputError)
    good("export", "baci-hs22", "--out", tmp_path / "x.csv", "--force", "--year", "2022", "--format", "parquet")
    assert (tmp_path / "x.csv").read_bytes()[:4] == b"PAR1"
    assert isinstance(
        run("export", "baci-hs22", "--out", tmp_path / "y.csv", "--year", "1999").exception, NotFoundError
    )
    own = tmp_path / "own.csv"
    own.write_text(OWN)
    good("add", own)
    assert isinstance(run("export", "own", "--out", tmp_path / "z.csv").exception, LicenceError)
    assert not (tmp_path / "z.csv").exists()


def test_export_of_an_embedded_table(tmp_path: Path) -> None:
    good("export", "risk", "--out", tmp_path / "risk.csv", "--year", "2023")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "risk.csv").read_text())))
    assert rows
    assert {row["year"] for row in rows} == {"2023"}
    assert isinstance(run("export", "nothing", "--out", tmp_path / "n.csv").exception, NotFoundError)


def test_source_shows_the_figure_and_where_it_was_read() -> None:
    found = json.loads(good("source", "risk", "material=gallium", "year=2023", "--format", "json").stdout)
    assert found["count"] == 1
    assert found["rows"][0]["row"]["sr"] > 0
    assert found["rows"][0]["source"]["publisher"]
    assert "European Commission" in good("source", "risk", "material=gallium").stdout
    result = good("source", "imports", "--limit", "2", "--format", "csv")
    assert len(result.stdout.splitlines()) == 3
    assert "more rows" in result.stderr
    assert "no row matches" in good("source", "risk", "material=unobtainium").stderr
    assert isinstance(run("source", "risk", "year=soon").exception, InputError)
    assert isinstance(run("source", "risk", "colour=red").exception, NotFoundError)
    assert run("source", "risk", "material").exit_code == 2


def test_source_shows_rows_of_a_data_set_with_their_vintage(baci: Path) -> None:
    good("add", baci)
    found = json.loads(good("source", "baci-hs22", "exporter=CHN", "year=2022", "--format", "json").stdout)
    assert (found["table"], found["count"]) == ("baci-hs22: flows", 1)
    assert found["rows"][0]["row"]["value_usd"] == 12345
    assert found["rows"][0]["source"]["vintage"] == "202501"
    shown = good("source", "baci-hs22", "--limit", "1")
    assert shown.stdout.count("source: CEPII") == 1
    assert "1 more rows" in shown.stderr
    assert isinstance(run("source", "baci-hs22", "colour=red").exception, NotFoundError)
    assert isinstance(run("source", "baci-hs22", "--table", "nothing").exception, NotFoundError)


def test_looking_up_is_no_way_round_the_licence(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(OWN)
    good("add", own)
    assert "CHN" in good("source", "own").stdout
    assert isinstance(run("source", "own", "--limit", "21").exception, LicenceError)


def test_what_add_prints_for_people(tmp_path: Path) -> None:
    """Taken for what, how many rows, what was left out and why, by rule: each on a line of its own."""
    folder = tmp_path / "some"
    folder.mkdir()
    rows = "2022,156,156,854231,1.0,NA\n" + "".join(f"2022,842,528,{870000 + n},2.0,NA\n" for n in range(2000))
    (folder / "BACI_HS22_Y2022_V202501.csv").write_text(BACI + rows)
    (folder / "other.csv").write_text("a,b\n1,2\n")
    lines = good("add", folder).stdout.splitlines()
    assert lines[0].split() == ["taken", "for", "CEPII", "BACI"]
    assert any(line.startswith("files not read") and line.endswith("other.csv") for line in lines)
    assert any(line.startswith("rows read") and line.endswith(" 2,003") for line in lines)
    assert any(line.startswith("left out") and line.endswith("1  self-trade: a country with itself") for line in lines)
    assert any(line.endswith("flows: 2,002 rows, 2022") for line in lines)
    again = good("add", folder).stdout
    assert "these very rows were here already" in again
    whole = good("show", "baci-hs22").stdout
    assert "self-trade: a country with itself" in whole
    (folder / "BACI_HS22_Y2022_V202501.csv").write_text(BACI)
    assert "left out        nothing" in good("add", folder).stdout


def test_verify_names_the_altered_file(baci: Path, home: Path) -> None:
    good("add", baci)
    part = next((home / "lake").rglob("part.parquet"))
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    result = run("verify")
    assert isinstance(result.exception, IntegrityError)
    assert result.exception.where == str(part)


@pytest.fixture
def server() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            page = "page" in self.path
            body = b"<!doctype html><title>Moved</title>" if page else BACI.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if page else "text/csv")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{http.server_address[1]}"
    http.shutdown()
    thread.join()
    http.server_close()


def test_add_from_an_address(server: str, home: Path) -> None:
    result = good("add", f"{server}/BACI_HS22_Y2022_V202501.csv", "--format", "json")
    assert json.loads(result.stdout)["data_set"] == "baci-hs22"
    assert "downloaded" in result.stderr
    shown = json.loads(good("show", "baci-hs22", "--format", "json").stdout)
    assert shown["address"].startswith(server)
    assert (home / "downloads" / "BACI_HS22_Y2022_V202501.csv").exists()
    refused = run("add", f"{server}/page.csv")
    assert isinstance(refused.exception, InputError)
    assert "web page titled 'Moved'" in str(refused.exception)
    wrong = run("add", f"{server}/BACI_HS22_Y2022_V202501.csv", "--sha256", "0" * 64)
    assert isinstance(wrong.exception, IntegrityError)


def test_pull(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from schakel.sources.catalogue import Entry

    monkeypatch.setattr(Entry, "location", lambda self, given: (f"{server}/BACI_HS22_Y2022_V202501.csv", ""))
    result = good("pull", "baci-hs22", "--set", "version=202501", "--as", "pulled", "--format", "json")
    assert json.loads(result.stdout)["data_set"] == "pulled"
    assert "not tried" in result.stderr
    assert run("pull", "baci-hs22", "--set", "version").exit_code == 2


def test_what_cannot_be_pulled_says_how_to_get_it() -> None:
    result = run("pull", "comtrade")
    assert isinstance(result.exception, NotFoundError)
    assert "by hand" in result.exception.remedy
    assert isinstance(run("pull", "nothing").exception, NotFoundError)


def test_exit_codes_and_streams_of_the_whole_program(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(OWN)

    def schakel(*words: object) -> subprocess.CompletedProcess[str]:
        code = "from schakel.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", code, "data", *map(str, words)], capture_output=True, text=True, env={**os.environ}
        )

    assert json.loads(schakel("add", own, "--format", "json").stdout)["rows_kept"] == 2
    refused = schakel("export", "own", "--out", tmp_path / "x.csv")
    assert (refused.returncode, refused.stdout) == (5, "")
    assert "may not be passed on" in refused.stderr
    missing = schakel("add", tmp_path / "none.csv", "--format", "json")
    assert (missing.returncode, missing.stdout) == (4, "")
    assert schakel("source").returncode == 2
