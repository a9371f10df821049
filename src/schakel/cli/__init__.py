"""The `schakel` command: one question a command, heavy modules loaded only by the command that needs them.

Exit codes: 0 done; 1 a fault of the program; 2 wrong use of the command line; 3 input refused; 4 not found; 5 forbidden by a licence; 6 a hash or receipt
does not agree; 7 the machine is in the way (disk, permission, network); 130 stopped with Ctrl-C. Results go to standard output, everything else to
standard error.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from importlib import import_module
from typing import NoReturn

import click

from schakel.cli.speech import note
from schakel.errors import SchakelError
from schakel.version import __version__

_STOPPED = 130

COMMANDS = {
    "monitor": ("monitor", "A geo-economic monitor of one reporter: terminal, HTML, PDF/A, docx."),
    "screen": ("screen", "Which imports meet a definition of dependence."),
    "batch": ("batch", "All definitions of all importers, year by year, as Parquet."),
    "compare": ("compare", "One product under all definitions side by side."),
    "churn": ("compare", "Which products entered or left the list between two years."),
    "reverse": ("reverse", "Who leans on the reporter."),
    "mutual": ("reverse", "Who depends on whom, as a matrix."),
    "methods": ("methods", "The definitions: formulas, thresholds, sources, verified or not."),
    "chain": ("chain", "Value chains: what survives a removal, who is exposed, where it chokes."),
    "shock": ("shock", "Scenarios: who withholds what from whom, and what it costs over time."),
    "risk": ("risk", "The EC's supply risk of raw materials, approached from the embedded tables."),
    "judge": ("judge", "Record a person's judgement about a product."),
    "register": ("register", "What is recorded, and does it still hold together; backup and restore."),
    "dossier": ("dossier", "Letters to Parliament: citations, commitments, deadlines, what does not add up."),
    "data": ("data", "Add, list, verify and export data; show the source of a figure."),
    "receipt": ("receipt", "Compute a run again and compare."),
    "serve": ("serve", "Pages and REST on this machine."),
}


class _Lazy(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"schakel.cli.{COMMANDS[cmd_name][0]}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="schakel")
def cli() -> None:
    """Schakel: a geo-economic monitor, every number with its source.

    \b
    Example:
      schakel monitor NLD
    """


def main() -> None:
    """Run the command line; errors a user can act on go to standard error, with their exit code."""
    with contextlib.suppress(ValueError):  # only the main thread may set it
        signal.signal(signal.SIGINT, _interrupted)
    try:
        code = cli(standalone_mode=False)  # click's own ending takes an interrupt for a fault of the program
        sys.exit(code if isinstance(code, int) else 0)
    except SchakelError as error:
        note(f"error: {error}")
        sys.exit(error.exit_code)
    except click.ClickException as error:
        said = io.StringIO()
        error.show(said)
        note(said.getvalue().rstrip("\n"))
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader has seen enough (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (KeyboardInterrupt, click.Abort):
        _stop()
    except RuntimeError as error:
        if "interrupted" not in str(error).lower():  # the query engine's word for Ctrl-C
            raise
        _stop()


def _stop() -> NoReturn:
    note("stopped")
    sys.exit(_STOPPED)


def _interrupted(signum: int, frame: object) -> NoReturn:
    """Stop: as Python does, or at once when the query engine is loaded, which an exception at the wrong moment tears down."""
    if "duckdb" not in sys.modules:
        raise KeyboardInterrupt
    from schakel import scratch

    scratch.remove_all()
    with contextlib.suppress(OSError):
        os.write(2, b"stopped\n")
    os._exit(_STOPPED)
