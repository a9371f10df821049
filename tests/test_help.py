"""Does every command explain itself, with examples that work?"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from docs_shell import ROOT, parse, run, words_of
from dossier_files import docx, paragraph, pdf
from dossier_files import run as run_of
from schakel.cli import cli

sys.path.insert(0, str(ROOT / "scripts"))
from docs_commands import examples, walk

COMMANDS = {" ".join(path): command for path, command in walk()}
EXAMPLES = [(name, line) for name, command in COMMANDS.items() for line in examples(command)]
# These want a line to the outside or wait for a browser: they are parsed, not run.
NOT_RUN = (
    "schakel data add https://example.org/full_v2_202352.7z --extend",
    "schakel data pull baci-hs22 --set version=202601",
    "schakel data pull comext --set period=202352 --extend",
    "schakel dossier fetch --category Toezegging",
    "schakel dossier fetch --category Zaak --filter \"Soort eq 'Motie' and GestartOp ge 2025-01-01T00:00:00Z\"",
    "schakel serve --port 8000",
)
BACI = "t,i,j,k,v,q\n2023,156,528,854231,12.345,0.5\n2023,842,528,854231,7.000,NA\n"
COMEXT = "DECLARANT_ISO,PARTNER_ISO,PRODUCT_NC,FLOW,PERIOD,VALUE_IN_EUROS\nNL,CN,28053010,1,2023,100\nDE,CN,28053010,1,2023,70\n"
LETTER = "Uw Kamer wordt voor de zomer geïnformeerd (Kamerstuk 33 009, nr. 138)."
MINE = "year;exporter;importer;product;value_usd\n2023;CHN;NLD;854231;1.234,56\n2023;USA;NLD;854231;10,00\n"

MORE = "actor,segment,source\nExample BV,photonics,own list\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small files that examples name, and a home with the data sets that they name."""
    folder = tmp_path_factory.mktemp("desk")
    with zipfile.ZipFile(folder / "BACI_HS22_V202501.zip", "w") as archive:
        archive.writestr("BACI_HS22_Y2023_V202501.csv", BACI)
    (folder / "comext_extract.csv").write_text(COMEXT)
    (folder / "mine.csv").write_text(MINE)
    (folder / "more.csv").write_text(MORE)
    (folder / "letter.txt").write_text(LETTER, encoding="utf-8")
    (folder / "letter.docx").write_bytes(docx(paragraph(run_of(LETTER))))
    (folder / "letter.pdf").write_bytes(pdf(LETTER))
    with pytest.MonkeyPatch.context() as patch:
        _at(folder, patch)
        run("schakel data add comext_extract.csv --as comext", folder)
        run("schakel data add BACI_HS22_V202501.zip", folder)
        run("schakel screen reference --reporter NLD --method crma --year 2023 --format json > answer.json", folder)
    return folder


def _at(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.chdir(folder)
    patch.setenv("SCHAKEL_HOME", str(folder / "home"))
    patch.setenv("SCHAKEL_CONFIG", str(folder / "none.toml"))


def test_the_tree_is_walked() -> None:
    assert {"schakel screen", "schakel data add", "schakel receipt verify", "schakel serve"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_a_sentence_and_an_example(name: str) -> None:
    done = CliRunner().invoke(cli, [*name.split()[1:], "--help"])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Usage: ")
    assert "Example:" in done.stdout
    assert examples(COMMANDS[name])
    assert any(name in line for line in examples(COMMANDS[name]))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name: str) -> None:
    silent = [o.opts[0] for o in COMMANDS[name].params if isinstance(o, click.Option) and not o.help]
    assert silent == []


@pytest.mark.parametrize(("name", "line"), [e for e in EXAMPLES if e[1] not in NOT_RUN], ids=lambda text: text[8:60])
def test_the_example_works(name: str, line: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _at(desk, monkeypatch)
    if "data export" in line:  # the example that wrote it before may have run
        for target in ("flows.csv", "risk.xlsx"):
            (desk / target).unlink(missing_ok=True)
    run(line, desk)


@pytest.mark.parametrize("line", NOT_RUN)
def test_the_example_that_is_not_run_parses(line: str) -> None:
    assert line in [example for _, example in EXAMPLES]
    parse(words_of(line)[0])


def test_a_wrong_example_would_be_found() -> None:
    with pytest.raises(click.UsageError):
        parse(["screen", "reference", "--no-such-option"])
    with pytest.raises(AssertionError, match="NotFoundError"):
        run("schakel methods nosuch", Path())
