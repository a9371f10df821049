"""schakel dossier: what does a letter to Parliament cite, promise and leave open, and what is due?"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import click

_COMMANDS = {
    "cite": ("dossier_read", "cite", "Citations of a letter, each with identifier and link."),
    "read": ("dossier_read", "read", "All facts of a letter, or of every letter in a folder."),
    "import": ("dossier_archive", "import_", "Record letters, motions and official data."),
    "due": ("dossier_archive", "due", "What is due, late or answered on a reference date."),
    "answer": ("dossier_answer", "answer", "Which letter answers what; confirm or reject."),
    "conflicts": ("dossier_answer", "conflicts", "Where letters contradict each other."),
    "calendar": ("dossier_calendar", "calendar", "Events that deadlines hang on, and how they moved."),
    "fetch": ("dossier_official", "fetch", "Fetch official data of the House."),
    "search": ("dossier_official", "search", "Search official data and imported letters."),
}


class _Lazy(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, (module, _, _) in _COMMANDS.items() if find_spec(f"schakel.cli.{module}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module, name, _ = _COMMANDS[cmd_name]
        command: click.Command | None = getattr(import_module(f"schakel.cli.{module}"), name, None)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][2]) for name in self.list_commands(ctx)])


@click.command(cls=_Lazy)
def dossier() -> None:
    """Read letters to Parliament: citations, commitments, deadlines, amounts, and what does not add up.

    \b
    Example:
      schakel dossier cite letter.docx
      schakel dossier read letter.pdf --format json
      schakel dossier due --on 2025-10-17
    """
