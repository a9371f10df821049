"""How does a command speak? Every line it writes for people goes through here, so that text of files cannot steer a terminal."""

from __future__ import annotations

import click

from schakel.plain import printable_lines


def tell(text: str) -> None:
    """Write lines to standard output."""
    click.echo(printable_lines(text))


def note(text: str) -> None:
    """Write lines to standard error: messages, warnings, what was done."""
    click.echo(printable_lines(text), err=True)
