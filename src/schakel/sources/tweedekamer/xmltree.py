"""How is XML of others read without harm?

No document type is taken, so no entity can grow or reach for a file; nesting has a limit, and size is limited by who calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from schakel.errors import InputError

MAX_DEPTH = 100


class DamagedError(Exception):
    """XML or JSON that does not end as it should: cut off on the way, or no such thing at all."""


def tree(data: bytes, where: str) -> Element:
    """Return the root of an XML document; names are ``namespace}local``.

    Raises
    ------
    InputError
        If it declares a document type or is nested too deep.
    DamagedError
        If it is not well formed.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    builder = TreeBuilder()
    depth = 0

    def doctype(*_: object) -> None:
        raise InputError(
            "the XML declares a document type, which can hold an entity bomb",
            where=where,
            remedy="official papers have none; take away the DOCTYPE if you trust the file",
        )

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise InputError("the XML is nested too deep", where=where, remedy="this is no official paper or feed")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the latter two: an encoding that does not exist
        raise DamagedError(f"the XML is not whole: {error}") from None
    return builder.close()


def local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]


def child(node: Element, name: str) -> Element | None:
    """Return the first child of a local name."""
    return next(children(node, name), None)


def children(node: Element, name: str) -> Iterator[Element]:
    """Return the children of a local name."""
    return (c for c in node if local(c.tag) == name)


def attribute(node: Element, name: str) -> str | None:
    """Return an attribute by its local name."""
    return next((v for k, v in node.attrib.items() if local(k) == name), None)


def words(node: Element | None) -> str:
    """Return the text of an element with all in it, white space made single; empty for None."""
    return "" if node is None else " ".join("".join(node.itertext()).split())
