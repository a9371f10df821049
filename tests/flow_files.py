"""Flow files for tests, and the command line as a user has it: exit code, both streams, and what it leaves behind."""

from __future__ import annotations

import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HEADER = "year,exporter,importer,product,value_usd\n"
ROWS = "2023,CHN,NLD,854231,60\n2023,USA,NLD,854231,10\n"
# The hand-made flows of one product: members NLD and DEU, eight other pairs.
PAIRS = (
    "CHN NLD 60,CHN DEU 40,USA NLD 10,USA DEU 20,VNM NLD 10,NLD DEU 50,DEU NLD 15,DEU USA 5,NLD USA 25,CHN USA 100,"
    "USA CHN 10,VNM USA 20,VNM CHN 5,NLD CHN 10"
)


def hand_made(years: tuple[int, ...] = (2023,), product: str = "854231") -> str:
    """Return the hand-made flows as CSV."""
    lines = [f"{y},{','.join(p.split()[:2])},{product},{p.split()[2]}" for y in years for p in PAIRS.split(",")]
    return HEADER + "\n".join(lines) + "\n"


def write(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    """Write a file byte for byte."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


@dataclass
class Said:
    """What a command answered."""

    code: int
    out: bytes
    err: str


@pytest.fixture
def schakel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    """Run the command line in this process; ``schakel.left()`` lists what it left in the temporary and data folders."""
    from schakel.cli import main

    home, temporary = tmp_path / "home", tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("SCHAKEL_HOME", str(home))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.delenv("SCHAKEL_LANGUAGE", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["schakel", *map(str, arguments)])
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        seen = capfdbinary.readouterr()
        return Said(int(ended.value.code or 0), seen.out, seen.err.decode())

    def left() -> list[Path]:
        return [*temporary.rglob("*"), *(home.rglob("*") if home.exists() else ())]

    run.left = left  # type: ignore[attr-defined]
    before = signal.getsignal(signal.SIGINT)
    yield run
    signal.signal(signal.SIGINT, before)
