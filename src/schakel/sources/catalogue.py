"""Which public data sets does the program know, where are they published, and under what terms?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from schakel.errors import InputError, NotFoundError
from schakel.evidence import Licence, licence


@dataclass(frozen=True, slots=True)
class Entry:
    """One public data set.

    Attributes
    ----------
    url
        Address of the file, with ``{name}`` for parameters; empty when it must be fetched by hand.
    page
        Publisher's page about it.
    reader
        Name of the reader that takes the file.
    address
        ``verified`` (fetched by us), ``unverified`` (read elsewhere, not fetched) or ``by hand``.
    parameters
        Parameters of the address and what they are when not given.
    file_name
        Name for the file where the address has none.
    hosts
        Other hosts that the publisher's address redirects to.
    """

    name: str
    title: str
    publisher: str
    url: str
    page: str
    licence_id: str
    reader: str
    address: str
    caveats: tuple[str, ...]
    parameters: Mapping[str, str]
    file_name: str
    hosts: frozenset[str]

    @property
    def licence(self) -> Licence:
        """The terms of its rows."""
        return licence(self.licence_id)

    def location(self, given: Mapping[str, str] | None = None) -> tuple[str, str]:
        """Return the address and the file name (empty: from the address) with parameters filled in.

        Raises
        ------
        InputError
            If a parameter is unknown, or its value has other characters than letters, digits, ``-`` and ``_``.
        NotFoundError
            If the data set must be fetched by hand.
        """
        given = given or {}
        if not self.url:
            raise NotFoundError(
                f"{self.title} cannot be fetched by the program",
                where=self.page,
                remedy="download it by hand from that page, then: schakel data add FILE",
            )
        for key, value in given.items():
            if key not in self.parameters:
                known = ", ".join(self.parameters) or "none"
                raise InputError(
                    f"{self.name} has no parameter {key!r}", remedy=f"parameters of this data set: {known}"
                )
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value):
                raise InputError(
                    f"{value!r} cannot be the {key} of {self.name}", remedy="use letters, digits, '-' and '_'"
                )
        filled = {**self.parameters, **given}
        return _fill(self.url, filled), _fill(self.file_name, filled)


def _fill(text: str, values: Mapping[str, str]) -> str:
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    return text


@cache
def entries() -> dict[str, Entry]:
    """Return every data set of the catalogue by name."""
    text = resources.files("schakel.sources").joinpath("catalogue.toml").read_text("utf-8")
    return {
        name: Entry(
            name=name,
            title=data["title"],
            publisher=data["publisher"],
            url=data["url"],
            page=data["page"],
            licence_id=data["licence"],
            reader=data["reader"],
            address=data["address"],
            caveats=tuple(data.get("caveats", ())),
            parameters=dict(data.get("parameters", {})),
            file_name=data.get("file_name", ""),
            hosts=frozenset(data.get("hosts", ())),
        )
        for name, data in tomllib.loads(text).items()
    }


def entry(name: str) -> Entry:
    """Return one data set.

    Raises
    ------
    NotFoundError
        If the catalogue has none of that name.
    """
    try:
        return entries()[name]
    except KeyError:
        raise NotFoundError(
            f"the catalogue has no data set {name!r}", remedy="use one of: " + ", ".join(entries())
        ) from None
