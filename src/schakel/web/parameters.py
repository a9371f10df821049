"""Which parameters may a reader send, and how long may they be?"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Query

from schakel.errors import InputError
from schakel.web.service import Choices

MOST_PAGES = 10_000
MOST_ROWS = 1_000
MOST_SIGNS = 200  # of any parameter or part of a path

Lang = Annotated[Literal["en", "nl"] | None, Query(description="Language: English or Dutch.")]
Reporter = Annotated[
    str | None,
    Query(pattern=r"^[A-Z][A-Z0-9]{1,11}$", description="Country (ISO 3166 alpha-3) or bloc, for example NLD or EU27."),
]
Year = Annotated[int | None, Query(ge=1900, le=2100, description="Calendar year.")]
MethodName = Annotated[
    str | None, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$", description="Definition, for example ec2021.")
]
Search = Annotated[
    str, Query(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$", description="Words or the start of a code.")
]
Sort = Annotated[str, Query(pattern=r"^(-?[a-z][a-z0-9_]{0,39})?$", description="Column; a leading - turns it round.")]
Page = Annotated[int, Query(ge=1, le=MOST_PAGES, description="Page, counted from 1.")]
Size = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows a page; JSON only.")]
Format = Annotated[
    Literal["json", "csv", "parquet", "arrow"],
    Query(description="JSON is paged; CSV, Parquet and Arrow (stream) hold all rows."),
]
ProductCode = Annotated[
    str,
    Path(
        min_length=1,
        max_length=MOST_SIGNS,
        description="Code as in the flows: HS or CN, or one of your own; percent-encoded.",
    ),
]
CountryCode = Annotated[str, Path(pattern=r"^[A-Z][A-Z0-9]{1,11}$", description="ISO 3166 alpha-3 code or bloc.")]
MethodPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$", description="Name of a definition.")]


def chosen(choices: Choices, reporter: str | None, year: int | None, method: str | None) -> tuple[str, int, str]:
    """Fill in what was not said, and refuse what is not on offer.

    Raises
    ------
    InputError
        If reporter, year or method is none of the choices.
    """
    reporter, year, method = reporter or choices.reporter, year or choices.year, method or choices.method
    for what, value, known in (
        ("reporter", reporter, choices.reporters),
        ("year", year, choices.years),
        ("method", method, choices.methods),
    ):
        if value not in known:
            shown = ", ".join(str(k) for k in known[:40])
            raise InputError(
                f"there is no {what} {value} here", where=f"parameter {what}", remedy=f"use one of: {shown}"
            )
    return reporter, year, method
