"""A bar appears only after its delay, only on a terminal, and never on stdout."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path

import pytest

from schakel.lake import lock, progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, delay: float, work: float) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    with progress.bar("loading", 10, delay=delay) as step:
        time.sleep(work)
        step(10)
    return stream.getvalue()


def test_nothing_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, io.StringIO(), 0.0, 0.15) == ""


def test_nothing_before_the_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, Terminal(), 5.0, 0.05).replace("\n", "") == ""


def test_a_bar_after_the_delay(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert "loading" in run(monkeypatch, Terminal(), 0.01, 0.4)
    assert capsys.readouterr().out == ""


def test_an_unknown_amount_of_work_shows_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with progress.bar("reading", delay=0.01):
        time.sleep(0.4)
    assert "reading" in stream.getvalue()
    assert "/?" not in stream.getvalue()


def test_the_delay_is_two_seconds() -> None:
    assert progress.DELAY_SECONDS == 2.0


def test_a_lock_is_seen_and_released(tmp_path: Path) -> None:
    with lock.held(tmp_path / "l") as mine:
        assert mine
        with lock.held(tmp_path / "l", wait=False) as other:
            assert not other
    with lock.held(tmp_path / "l", wait=False) as again:
        assert again
