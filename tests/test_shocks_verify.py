"""Is an answer to a scenario made again to the bit, and is one that was changed refused?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from schakel.cli.receipt import receipt
from schakel.errors import InputError, IntegrityError
from schakel.shocks import library, mitigate, run, scenario, sensitivity, verify


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    return run.run(scenario.read(library.path("neon-2022")), draws=2)


def written(folder: Path, answer: dict[str, Any]) -> Path:
    path = folder / "answer.json"
    path.write_text(json.dumps(answer))
    return path


@pytest.mark.parametrize("draws", [0, 1, None])
def test_a_run_is_made_again(tmp_path: Path, draws: int | None) -> None:
    text = "nexperia-2025-front-end" if draws is None else "neon-2022"
    made = run.run(scenario.read(library.path(text)), draws=draws)
    assert list(verify.verify(written(tmp_path, made)))[-2:] == [
        "result agrees",
        "parameters, warnings, sources and licences agree",
    ]


def test_so_are_the_other_questions(tmp_path: Path) -> None:
    s = scenario.read(library.path("neon-2022"))
    for made in (mitigate.compare(s, draws=1, lens="ceiling"), sensitivity.indices(s, base=2, lens="ceiling")):
        assert "result agrees" in list(verify.verify(written(tmp_path, made)))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda a: a["lenses"]["centre"]["loss_share"].update(median=0.5), IntegrityError),
        (lambda a: a["content"]["title"].update(en="Other"), IntegrityError),
        (lambda a: a["content"].update(schema="other"), IntegrityError),
        (lambda a: a["sources"].pop(), IntegrityError),
        (lambda a: a["licences"].pop(), IntegrityError),
        (lambda a: a["warnings"].append("all is well"), IntegrityError),
        (lambda a: a["receipt"]["parameters"].update(seed=99), IntegrityError),
        (lambda a: a["receipt"]["parameters"]["asked"].update(draws=1), IntegrityError),
        (lambda a: a["receipt"]["parameters"]["asked"].update(keep="parts.jsonl"), InputError),
        (lambda a: a["receipt"]["parameters"].update(command="shock tell"), InputError),
        (lambda a: a["receipt"]["inputs"].pop(), IntegrityError),
        (lambda a: a["receipt"]["inputs"][0].update(sha256="0" * 64), IntegrityError),
    ],
)
def test_what_was_changed_is_refused(
    tmp_path: Path, answer: dict[str, Any], change: Callable[[dict[str, Any]], None], error: type[Exception]
) -> None:
    other = json.loads(json.dumps(answer))
    change(other)
    with pytest.raises(error):
        list(verify.verify(written(tmp_path, other)))


def test_the_command_does_it(tmp_path: Path, answer: dict[str, Any]) -> None:
    path = written(tmp_path, answer)
    good = CliRunner().invoke(receipt, ["verify", str(path)])
    assert good.exit_code == 0, good.output
    assert "result agrees" in good.output
    path.write_text(json.dumps({**answer, "horizon_days": 1}))
    bad = CliRunner().invoke(receipt, ["verify", str(path)])
    assert isinstance(bad.exception, IntegrityError)
