"""What do the code blocks of a page say, and how are their command lines run in this process?

A block that follows the line ``<!-- run -->`` is run, in the order of the page, in one folder. In a shell block only two things may stand: a file written from
a here-document, and a line that begins with ``schakel``, its output into a file if it ends in ``> FILE``.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from click.testing import CliRunner

from schakel.cli import cli

ROOT = Path(__file__).parents[1]
_FENCE = re.compile(r"(?P<mark><!-- run -->\n)?```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"cat > (\S+) <<'(\w+)'")


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    kind: str
    text: str
    runs: bool


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    return [Block(m["kind"], m["text"], bool(m["mark"])) for m in _FENCE.finditer(page.read_text("utf-8"))]


def lines(text: str) -> Iterator[str]:
    """Give the command lines of a shell block, here-documents left out and continued lines joined."""
    ending = ""
    for line in text.replace("\\\n", " ").splitlines():
        if ending:
            ending = "" if line == ending else ending
        elif found := _FILE.fullmatch(line):
            ending = found[2]
        elif line.strip():
            yield line.strip()


def files(text: str) -> Iterator[tuple[str, str]]:
    """Give the files that a shell block writes from here-documents: name and content."""
    for found in _FILE.finditer(text):
        yield found[1], text[found.end() + 1 :].split(f"\n{found[2]}\n")[0] + "\n"


def words_of(line: str) -> tuple[list[str], str]:
    """Return the words after ``schakel``, and the file that the output goes to."""
    words = shlex.split(line)
    assert words[0] == "schakel", f"a runnable shell block may hold files and schakel lines only: {line}"
    target = ""
    if ">" in words:
        target = words[words.index(">") + 1]
        words = words[: words.index(">")]
    return words[1:], target


def run(line: str, folder: Path) -> str:
    """Run one command line in this process and return what it wrote to standard output; ``A && B`` runs both."""
    if " && " in line:
        return "".join(run(part, folder) for part in line.split(" && "))
    words, target = words_of(line)
    done = CliRunner().invoke(cli, words, catch_exceptions=True)
    assert done.exit_code == 0, f"{line}\nexit {done.exit_code}\n{done.output}\n{done.exception!r}"
    if target:
        (folder / target).write_bytes(done.stdout_bytes)
    return done.stdout


def parse(words: Sequence[str]) -> None:
    """Parse a command line without running it; a wrong option or value raises click.UsageError."""
    command: click.Command = cli
    rest = list(words)
    context = click.Context(cli, info_name="schakel")
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(context, rest[0])
        assert found is not None, f"there is no command {rest[0]}"
        command, rest = found, rest[1:]
    if not {"--help", "-h", "--version"} & set(rest):
        command.make_context("schakel", rest)
