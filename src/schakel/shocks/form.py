"""Does a document have the form of a scenario (JSON Schema), and if not, on which line is it wrong?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from schakel.errors import InputError
from schakel.shocks.yamlfile import Document, Key


@cache
def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario."""
    found: dict[str, Any] = json.loads(files("schakel.shocks").joinpath("scenario.schema.json").read_text("utf-8"))
    return found


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema())


def check_form(document: Document) -> None:
    """Refuse a document whose keys or kinds of values are not those of the schema.

    Raises
    ------
    InputError
        With line and key, and what is allowed there.
    """
    errors = list(_validator().iter_errors(document.value))
    if not errors:
        return
    # What is deepest in the file says most.
    error = _innermost(max(errors, key=lambda e: (len(e.absolute_path), e.validator == "additionalProperties")))
    path: Key = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        extra = sorted(set(error.instance) - set(error.schema.get("properties", {})))
        allowed = ", ".join(sorted(error.schema.get("properties", {})))
        raise InputError(
            f"unknown key {extra[0]!r}", where=document.where((*path, extra[0])), remedy=f"allowed here: {allowed}"
        )
    if error.validator == "required":
        lacking = next(k for k in error.validator_value if k not in error.instance)
        raise InputError(
            f"key {lacking!r} is missing", where=document.where(path), remedy="add it; see schakel shock new"
        )
    if error.validator == "enum":
        raise InputError(
            f"{_short(error.instance)} is not allowed",
            where=document.where(path),
            remedy=f"use {', '.join(map(str, error.validator_value))}",
        )
    raise InputError(_short(error.message), where=document.where(path), remedy="see schakel shock new for the form")


def _innermost(error: Any) -> Any:
    """Follow a choice between forms to the form that was meant: by its kind, else by whether it is a mapping."""
    while error.context:
        forms: dict[int, list[Any]] = {}
        for e in error.context:
            forms.setdefault(e.schema_path[0], []).append(e)
        wrong_kind = [
            k for k, es in forms.items() if any(list(e.path) == ["kind"] and e.validator == "const" for e in es)
        ]
        meant = [k for k in forms if k not in wrong_kind]
        if not meant:
            return _kinds(error)
        mapping = isinstance(error.instance, Mapping)
        fits = [k for k in meant if not any(e.validator == "type" and not e.path for e in forms[k])] or meant
        best = forms[fits[-1] if mapping else fits[0]]
        error = max(best, key=lambda e: (len(e.absolute_path), e.validator == "additionalProperties"))
    return error


def _kinds(error: Any) -> Any:
    """Turn a choice in which no form has the kind given into one error about the kind."""
    from jsonschema import ValidationError

    allowed = [e.validator_value for e in error.context if list(e.path) == ["kind"]]
    return ValidationError(
        "kind",
        validator="enum",
        path=[*error.absolute_path, "kind"],
        instance=error.instance.get("kind"),
        validator_value=allowed,
    )


def _short(text: Any) -> str:
    shown = str(text)
    return shown if len(shown) <= 160 else shown[:157] + "..."
