"""What does a licence allow?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from schakel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Licence:
    """Terms under which rows came in.

    Attributes
    ----------
    share, commercial, derive
        Whether rows may be passed on, used commercially, and turned into results.
    duty, duty_nl
        What a user of the rows must do, in one sentence.
    """

    id: str
    name: str
    url: str
    share: bool
    commercial: bool
    derive: bool
    duty: str
    duty_nl: str = ""


@cache
def licences() -> dict[str, Licence]:
    """Return every licence the program knows, by id."""
    text = resources.files("schakel.evidence").joinpath("licences.toml").read_text("utf-8")
    return {key: Licence(id=key, **fields) for key, fields in tomllib.loads(text).items()}


def licence(key: str) -> Licence:
    """Return one licence.

    Raises
    ------
    NotFoundError
        If the id is unknown.
    """
    try:
        return licences()[key]
    except KeyError:
        known = ", ".join(sorted(licences()))
        raise NotFoundError(f"unknown licence {key!r}", remedy=f"use one of: {known}") from None
