"""What does a YAML file say, and on which line does it say it?

A small part of YAML is enough for scenarios: mappings, lists, texts, numbers, true and false. Anchors and aliases are
refused (they are how small files become large ones), so are tags, keys that stand twice and files beyond the limits.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schakel.errors import InputError, MachineError

MOST_BYTES = 1_000_000
MOST_NODES = 50_000
DEEPEST = 20
_BOTTOM = 100  # where reading itself stops: the parser of YAML calls itself at every level, and a file could exhaust its stack
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")
# What no report can hold or no reader can see: controls, and marks that turn the direction of a text around.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """Plain values, and the line of every key and item by its path."""

    value: Any
    lines: dict[Key, int]
    name: str

    def where(self, path: Key) -> str:
        """Return file, line and key for an error; of a key that is not there, the nearest that is."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return f"file {self.name}, line {self.lines.get(known, 1)}, key {shown(path) or '(whole file)'}"


def shown(path: Key) -> str:
    """Return a path as people write it: measures[0].start."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")


def read(path: Path) -> Document:
    """Read a file.

    Raises
    ------
    InputError, MachineError
        With the line; nothing of a bad file is used.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(
                "a scenario is at most 1 MB", where=f"file {path.name}", remedy="a scenario fits on a page"
            )
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte {error.start} is not UTF-8", where=f"file {path.name}", remedy="save as UTF-8"
        ) from None
    except OSError as error:
        raise MachineError(
            f"cannot be read: {error.strerror}", where=f"file {path}", remedy="check the path and permissions"
        ) from None
    return parse(text, path.name)


def parse(text: str, name: str = "scenario") -> Document:
    """Read a text."""
    import yaml

    lines: dict[Key, int] = {(): 1}
    count = 0

    def fail(what: str, mark: Any, remedy: str, path: Key = ()) -> InputError:
        line = mark.line + 1 if mark is not None else 1
        where = f"file {name}, line {line}" + (f", key {shown(path)}" if path else "")
        return InputError(what, where=where, remedy=remedy)

    def seen(node: Any, path: Key) -> None:
        found = _UNSEEN.search(node.value)
        if found:
            raise fail(f"holds the character {found[0]!a}", node.start_mark, "remove what cannot be seen", path)

    def plain(node: Any, path: Key) -> Any:
        nonlocal count
        count += 1
        if count > MOST_NODES:
            raise fail(f"more than {MOST_NODES:,} values", node.start_mark, "a scenario fits on a page", path)
        if len(path) > DEEPEST:
            raise fail(f"nested deeper than {DEEPEST} levels", node.start_mark, "flatten it", path)
        if path not in lines:
            lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            out: dict[str, Any] = {}
            for k, v in node.value:
                if not isinstance(k, yaml.ScalarNode):
                    raise fail("a key must be a word", k.start_mark, "use plain keys", path)
                seen(k, path)
                if k.value in out:
                    raise fail(f"key {k.value!r} stands twice", k.start_mark, "remove one", (*path, k.value))
                lines[(*path, k.value)] = k.start_mark.line + 1
                out[k.value] = plain(v, (*path, k.value))
            return out
        if isinstance(node, yaml.SequenceNode):
            return [plain(v, (*path, i)) for i, v in enumerate(node.value)]
        seen(node, path)
        return _scalar(node.value, quoted=node.style in ("'", '"', "|", ">"))

    deep = 0
    try:
        for event in yaml.parse(text, Loader=_loader()):
            deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if deep > _BOTTOM:
                raise fail(f"nested deeper than {DEEPEST} levels", event.start_mark, "flatten it")
            anchor = getattr(event, "anchor", None)
            if anchor is not None:
                raise fail("anchors and aliases (& and *) are not allowed", event.start_mark, "write the value out")
            if getattr(event, "tag", None) is not None:
                raise fail(
                    f"the tag {getattr(event, 'tag', None)!r} is not allowed", event.start_mark, "write plain values"
                )
        node = yaml.compose(text, Loader=_loader())
        if node is None:
            raise fail("the file is empty", None, "see schakel shock new")
        return Document(plain(node, ()), lines, name)
    except yaml.MarkedYAMLError as error:
        raise fail(
            f"not readable as YAML: {error.problem}", error.problem_mark, "check indentation, colons and quotes"
        ) from None
    except yaml.YAMLError as error:
        raise fail(f"not readable as YAML: {error}", None, "save as plain UTF-8 text") from None
    except RecursionError:
        raise fail("nested too deeply", None, "flatten it") from None


def _loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _scalar(text: str, *, quoted: bool) -> Any:
    """Return a value by its looks, as YAML 1.2 core does; NO is Norway, not false."""
    if quoted:
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        value = float(text)
        return value if math.isfinite(value) else text
    return text
