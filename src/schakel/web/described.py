"""What does the OpenAPI description say of answers and errors?"""

from __future__ import annotations

from typing import Any

from schakel.web import formats
from schakel.web.problems import PROBLEM
from schakel.web.service import Choices

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_COUNT = {"type": "integer", "minimum": 0}
_BODY = {
    "type": "object",
    "required": ["rows", "page", "size", "total", "warnings", "sources", "licences", "receipt"],
    "properties": {
        "rows": {"type": "array", "items": {"type": "object"}},
        "page": {"type": "integer", "minimum": 1},
        "size": {"type": "integer", "minimum": 1},
        "total": _COUNT,
        "warnings": _TEXTS,
        "sources": {"type": "array", "items": {"type": "object", "required": ["id", "title", "licence"]}},
        "licences": _TEXTS,
        "receipt": {"type": "object"},
        "reporter": _TEXT,
        "year": {"type": "integer"},
        "method": _TEXT,
        "product": _TEXT,
        "country": _TEXT,
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    },
    "additionalProperties": False,
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": dict.fromkeys(("type", "title", "detail", "instance", "where"), _TEXT)
    | {"status": {"type": "integer"}},
}
ERRORS: dict[int | str, dict[str, Any]] = {
    404: {"description": "Nothing of that name", "content": {PROBLEM: {"schema": _PROBLEM}}},
    422: {"description": "A parameter cannot be used", "content": {PROBLEM: {"schema": _PROBLEM}}},
}
OK: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The result; JSON is paged, the other formats are whole",
        "headers": {
            "ETag": {"description": "Hash of the result", "required": True, "schema": {"type": "string"}},
            "Link": {"description": "Licences of the result", "schema": {"type": "string"}},
        },
        "content": {
            "application/json": {"schema": _BODY},
            **{
                kind.split(";")[0]: {"schema": {"type": "string", "format": "binary"}}
                for kind in formats.MEDIA.values()
            },
        },
    },
    304: {"description": "The result is still the one named in If-None-Match"},
}


def offered(description: dict[str, Any], choices: Choices) -> dict[str, Any]:
    """Put what the flows hold into a description: reporters, years and definitions become lists to choose from."""
    lists = {"reporter": choices.reporters, "year": choices.years, "method": choices.methods}
    defaults = {"reporter": choices.reporter, "year": choices.year, "method": choices.method}
    for route in description["paths"].values():
        for parameter in route["get"].get("parameters", ()):
            name = parameter["name"]
            if name in lists and parameter["in"] == "query":
                kind = "integer" if name == "year" else "string"
                parameter["schema"] = {"type": kind, "enum": list(lists[name]), "default": defaults[name]}
    return description
