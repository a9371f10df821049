"""What does each command accept? Writes docs/commands-reference.md from the commands themselves."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import click

from schakel.cli import cli

_HEAD = """# Command reference

What every command says with `--help`, in one page; written by `scripts/docs_generate.py`, not by hand. What the commands have in common stands in
[commands](commands.md).
"""


def walk(
    command: click.Command = cli, path: tuple[str, ...] = ("schakel",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Give every command with the words that call it, groups before what they hold."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path[-1])
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from walk(found, (*path, name))


def examples(command: click.Command) -> list[str]:
    """Return the command lines under "Example:" in the help of a command, continued lines joined."""
    text = inspect.cleandoc(command.help or "") + "\n\n" + inspect.cleandoc(command.epilog or "")
    _, mark, rest = text.partition("Example:")
    if not mark:
        return []
    joined = re.sub(r"\\\n\s*", "", rest.replace("\b", ""))
    return [line.strip() for line in joined.splitlines() if line.strip().startswith("schakel ")]


def summary(command: click.Command) -> str:
    """Return the help of a command without its examples."""
    text = inspect.cleandoc(command.help or "").partition("\b")[0]
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _values(option: click.Parameter) -> str:
    if isinstance(option, click.Option) and option.is_flag:
        return ""
    if isinstance(option.type, click.Choice):
        return " | ".join(str(choice) for choice in option.type.choices)
    if isinstance(option.type, click.IntRange):
        low, high = option.type.min, option.type.max
        return f"{low} to {high}" if high is not None else f"{low} or more"
    return str(option.metavar or option.type.name).lower()


def _default(option: click.Option) -> str:
    value: Any = option.default
    shown = isinstance(value, (str, int)) or hasattr(value, "__fspath__")
    return f"`{value}`" if shown and not option.is_flag and str(value) else ""


def _options(command: click.Command) -> list[str]:
    rows = []
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden and option.name not in ("help", "version"):
            told = " ".join(
                filter(
                    None,
                    [
                        "required." if option.required else "",
                        option.help or "",
                        "May be repeated." if option.multiple else "",
                    ],
                )
            )
            names = ", ".join(f"`{name}`" for name in option.opts)
            rows.append(f"| {names} | {_cell(_values(option))} | {_default(option)} | {_cell(told)} |")
    return ["| option | values | default | meaning |", "|---|---|---|---|", *rows, ""] if rows else []


def pages() -> dict[str, str]:
    """Return the page by its path under docs."""
    lines = [_HEAD]
    for path, command in walk():
        context = click.Context(command, info_name=" ".join(path))
        usage = " ".join([*path, *command.collect_usage_pieces(context)])
        lines += [f"## {' '.join(path)}", "", summary(command), "", "```text", usage, "```", ""]
        lines += _options(command)
        lines += ["```sh", *examples(command), "```", ""]
    return {"commands-reference.md": "\n".join(lines).rstrip() + "\n"}
