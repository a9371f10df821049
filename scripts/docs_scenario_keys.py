"""Write the tables of the keys of a scenario file into docs/shocks.md and docs/nl/shocks.md, from its JSON Schema.

    python scripts/docs_scenario_keys.py [--check]

Keys, kinds and whether they are needed come from the schema; bounds from the checks; what a key means from
docs_scenario_keys.toml, in two languages. A key without a meaning, or a meaning without a key, is an error, so that neither can
change alone. The tables stand between two comments; the rest of a page is written by hand.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schakel.shocks.form import schema
from schakel.shocks.scenario import BOUNDS

ROOT = Path(__file__).parents[1]
PAGES = {"en": ROOT / "docs/shocks.md", "nl": ROOT / "docs/nl/shocks.md"}
BEGIN, END = "<!-- keys: written by scripts/docs_scenario_keys.py -->", "<!-- end of keys -->"
MEANINGS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _follow(part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        part = schema()["$defs"][part["$ref"].rsplit("/", 1)[1]]
    return part


def keys(part: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Yield every key with its place in the schema and whether it is needed; ``[]`` stands for each of a list."""
    part = _follow(part)
    if part.get("type") == "array":
        items = _follow(part["items"])
        if items.get("properties") or ("oneOf" in items and any("properties" in o for o in items["oneOf"])):
            yield from keys(items, f"{path}[]")
        return
    for option in part.get("oneOf", ()):
        if "kind" in option.get("properties", {}):
            yield from keys(option, f"{path}.{option['properties']['kind']['const']}")
    for key, inner in part.get("properties", {}).items():
        here = f"{path}.{key}" if path else key
        yield here, inner, key in part.get("required", ())
        if inner.get("$ref") != "#/$defs/number":
            yield from keys(inner, here)


def kind(inner: dict[str, Any], key: str, lang: str) -> str:
    """Return what a key may hold, in words."""
    words = MEANINGS["words"][lang]
    if inner.get("$ref") == "#/$defs/number":
        low, high = BOUNDS.get(key.rsplit(".", 1)[-1], (0, None))
        return (
            f"{words['number']}, {low:g} {words['to']} {high:g}"
            if high is not None
            else f"{words['number']}, {words['from0']}"
        )
    inner = _follow(inner)
    if "const" in inner:
        return f"`{inner['const']}`"
    if "enum" in inner:
        return ", ".join(f"`{v}`" for v in inner["enum"])
    if "oneOf" in inner:
        return words["names"]
    if inner["type"] == "array":
        items = _follow(inner["items"])
        if "enum" in items:
            return f"{words['list']}: " + ", ".join(f"`{v}`" for v in items["enum"])
        return words["list"] if items.get("type") == "string" else words["parts"]
    bounds = f" {words['to']} ".join(f"{inner[k]:g}" for k in ("minimum", "exclusiveMinimum", "maximum") if k in inner)
    return ", ".join(part for part in (words[inner["type"].replace("number", "figure")], bounds) if part)


def _meaning(key: str) -> dict[str, str] | None:
    told = MEANINGS["keys"]
    return told.get(key) or told.get(key.rsplit(".", 1)[-1])


def table(lang: str) -> str:
    """Return the tables of one language.

    Raises
    ------
    SystemExit
        If a key of the schema has no meaning, or a meaning no key.
    """
    found = list(keys(schema()))
    told, used, lacking = MEANINGS["keys"], set(), []
    for key, _, _ in found:
        name = key if key in told else key.rsplit(".", 1)[-1]
        (used.add if name in told else lacking.append)(name)
    if lacking or used != set(told):
        raise SystemExit(f"without a meaning: {lacking}; without a key: {sorted(set(told) - used)}")
    words = MEANINGS["words"][lang]
    lines = [f"| {words['key']} | {words['holds']} | {words['needed']} | {words['meaning']} |", "|---|---|---|---|"]
    for key, inner, needed in found:
        lines.append(
            f"| `{key}` | {kind(inner, key, lang)} | {words['yes'] if needed else ''} | {_meaning(key)[lang]} |"
        )
    return "\n".join(lines)


def page(lang: str) -> str:
    """Return a page with its tables renewed."""
    text = PAGES[lang].read_text("utf-8")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{table(lang)}\n\n{END}{rest.split(END)[1]}"


def main() -> None:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    for lang, path in PAGES.items():
        new = page(lang)
        if check and new != path.read_text("utf-8"):
            sys.exit(f"{path.relative_to(ROOT)} is out of date: run scripts/docs_scenario_keys.py")
        path.write_text(new, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
