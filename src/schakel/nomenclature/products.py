"""Which product does a code mean, and to which revision of the Harmonized System does it belong?

``data/hs_structure.csv`` holds every six-digit code with one 0 or 1 per revision. Lists of 1992, 2012, 2017 and 2022
were read in published tables; those of 1996, 2002 and 2007 are derived from Eurostat's yearly changes of the Combined
Nomenclature (``scripts/nomenclature_hs_structure.py`` tells how); the derived lists have 5,113, 5,224 and 5,052
codes. Chapters, sections and short names are our own words. Full descriptions are not embedded: ``load_names`` reads
them from the publisher's own file.

BACI puts the subheadings of 2710 under ``271000`` in every revision, so that code counts as known in all of them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schakel.errors import InputError
from schakel.nomenclature import rownumbers, tables

REVISIONS = (1992, 1996, 2002, 2007, 2012, 2017, 2022)
REVISION_MARKS = {
    1992: "read",
    1996: "derived",
    2002: "derived",
    2007: "derived",
    2012: "read",
    2017: "read",
    2022: "read",
}
COMTRADE_NAMES = {"H0": 1992, "H1": 1996, "H2": 2002, "H3": 2007, "H4": 2012, "H5": 2017, "H6": 2022}
_BACI_GROUPS = frozenset({"271000"})
_PSEUDO = {"TOTAL": "total", "999999": "unclassified", "9999AA": "unclassified", "99999999": "unclassified"}
_LEVELS = (2, 4, 6, 8)
# COMEXT hides confidential products behind codes such as 28MMM281; recalled, no file with such rows was at hand.
_CONFIDENTIAL = re.compile(r"\d{2}[A-Z]{3}\d{3}")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One HS chapter with its section and our short names."""

    code: str
    section: str
    name_en: str
    name_nl: str

    def name(self, lang: str = "en") -> str:
        """Return the name in ``en`` or ``nl``."""
        return self.name_nl if lang == "nl" else self.name_en


@dataclass(frozen=True, slots=True)
class ResolvedProducts:
    """A column of product codes, sorted out.

    Attributes
    ----------
    product
        One entry per code handed in: the code as text, None where it is no product or malformed.
    pseudo
        Rule name (``total``, ``unclassified``, ``confidential``) to row numbers.
    malformed
        Code as written to row numbers: not 2, 4, 6 or 8 digits; such a file is to be refused.
    unknown
        Well-formed codes that the revisions asked for do not have, to row numbers; to be told as a warning.
    """

    product: tuple[str | None, ...]
    pseudo: dict[str, tuple[int, ...]]
    malformed: dict[str, tuple[int, ...]]
    unknown: dict[str, tuple[int, ...]]

    def error(self, where: str) -> InputError | None:
        """Return the error naming every malformed code with its rows, or None."""
        if not self.malformed:
            return None
        hint = next((text for text in (_leading_zero(code) for code in self.malformed) if text), "")
        return InputError(
            f"malformed product code: {rownumbers.summary(self.malformed)}",
            where=where,
            remedy=hint or "product codes are text of 2, 4, 6 or 8 digits, such as 010121 or 28053010",
        )

    def warning(self) -> str:
        """Return one sentence naming the unknown codes with their rows, or an empty text."""
        return f"unknown product code: {rownumbers.summary(self.unknown)}" if self.unknown else ""


@cache
def _structure() -> dict[str, frozenset[int]]:
    return {
        row["code"]: frozenset(
            year
            for year, bit in zip(REVISIONS, row["revisions"], strict=True)
            if bit == "1" or row["code"] in _BACI_GROUPS
        )
        for row in tables.rows("hs_structure.csv")
    }


@cache
def _prefixes() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for code, years in _structure().items():
        if code in _BACI_GROUPS:
            continue
        found.setdefault(code[:2], set()).update(years)
        found.setdefault(code[:4], set()).update(years)
    return {code: frozenset(years) for code, years in found.items()}


def hs_revisions() -> tuple[int, ...]:
    """Return the revisions by year of entry into force, oldest first."""
    return REVISIONS


def codes(hs: int) -> tuple[str, ...]:
    """Return every six-digit code of a revision, in order; BACI's own grouping 271000 only where the HS has it."""
    _check(hs)
    bit = REVISIONS.index(hs)
    return tuple(row["code"] for row in tables.rows("hs_structure.csv") if row["revisions"][bit] == "1")


def _check(hs: int) -> None:
    if hs not in REVISIONS:
        raise InputError(f"no HS revision {hs}", remedy=f"use one of {', '.join(map(str, REVISIONS))}")


def _leading_zero(code: str) -> str:
    if code.isdigit() and len(code) + 1 in _LEVELS and revisions_of("0" + code):
        return f"{code} has probably lost its leading zero: write 0{code}, and read the column as text"
    return ""


def level(code: str) -> int:
    """Return the number of digits: 2 chapter, 4 heading, 6 subheading, 8 Combined Nomenclature.

    Raises
    ------
    InputError
        Not 2, 4, 6 or 8 digits.
    """
    if len(code) in _LEVELS and code.isascii() and code.isdigit():
        return len(code)
    raise InputError(
        f"malformed product code {code!r}",
        remedy=_leading_zero(code) or "product codes are text of 2, 4, 6 or 8 digits, such as 010121",
    )


def revisions_of(code: str) -> frozenset[int]:
    """Return the revisions that have a code, judged by its first six digits; empty when unknown."""
    return _prefixes().get(code, frozenset()) if len(code) < 6 else _structure().get(code[:6], frozenset())


def known(code: str, hs: int | None = None) -> bool:
    """Tell whether a revision (any, when ``hs`` is left out) has the code, judged by its first six digits."""
    if hs is not None:
        _check(hs)
    found = revisions_of(code)
    return bool(found) if hs is None else hs in found


def detect_revision(codes: Iterable[str]) -> tuple[int, ...]:
    """Return the revisions that contain every known code, oldest first.

    Codes unknown to all revisions are left aside; no known code at all gives all revisions. An empty answer means that
    codes of different revisions are mixed.
    """
    possible = frozenset(REVISIONS)
    for code in {code[:6] for code in codes}:
        found = revisions_of(code)
        if found:
            possible &= found
    return tuple(sorted(possible))


def excluding(codes: Iterable[str], hs: int) -> tuple[str, ...]:
    """Return the codes, once each, that other revisions know and this one does not."""
    _check(hs)
    found = {code for code in codes if revisions_of(code) and hs not in revisions_of(code)}
    return tuple(sorted(found))


@cache
def _chapters() -> dict[str, Chapter]:
    sections = [(row["first_chapter"], row["last_chapter"], row["section"]) for row in tables.rows("hs_sections.csv")]
    return {
        row["chapter"]: Chapter(
            row["chapter"],
            next(section for first, last, section in sections if first <= row["chapter"] <= last),
            row["name_en"],
            row["name_nl"],
        )
        for row in tables.rows("hs_chapters.csv")
    }


def chapters() -> tuple[Chapter, ...]:
    """Return the 97 chapters (77 is reserved)."""
    return tuple(_chapters().values())


def chapter(code: str) -> Chapter | None:
    """Return the chapter a product belongs to, by its first two digits."""
    return _chapters().get(code[:2])


def section_name(section: str, lang: str = "en") -> str | None:
    """Return our short name of an HS section (I to XXI)."""
    return next((row[f"name_{lang}"] for row in tables.rows("hs_sections.csv") if row["section"] == section), None)


@cache
def _short_names() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in tables.rows("short_names.csv")}


def short_name(code: str, lang: str = "en") -> str | None:
    """Return our own short name in ``en`` or ``nl``: of the code, else its subheading, else its heading, else None.

    A name found at a shorter code is that wider group's; ``short_names`` tells which codes have one of their own.
    """
    if lang not in ("en", "nl"):
        raise InputError(f"no names in language {lang!r}", remedy="use en or nl")
    for digits in (8, 6, 4):
        row = _short_names().get(code[:digits]) if len(code) >= digits else None
        if row is not None:
            return row[f"name_{lang}"]
    return None


def has_short_name(code: str) -> bool:
    """Say whether we have a short name for the very code, or for the six digits of a longer one."""
    return code in _short_names() or (len(code) > 6 and code[:6] in _short_names())


def short_names(lang: str = "en") -> dict[str, str]:
    """Return code -> our own short name, for every code that has one."""
    return {code: row[f"name_{lang}"] for code, row in _short_names().items()}


def load_names(path: Path) -> dict[str, str]:
    """Read full descriptions from a publisher's own code file.

    Two shapes are known: CEPII BACI ``product_codes_HSxx_V*.csv`` (code, description) and the UN Comtrade HS list
    (section, hscode, description, ...).

    Raises
    ------
    InputError
        The file has neither shape, a row lacks code or description, or a code stands twice with different texts.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("not a UTF-8 file", where=f"file {path.name}", remedy="save the file as UTF-8") from error
    reader = csv.DictReader(text.splitlines())
    header = reader.fieldnames or []
    column = next((name for name in ("code", "hscode") if name in header), None)
    if column is None or "description" not in header:
        raise InputError(
            "not a product code file: no columns code (or hscode) and description",
            where=f"file {path.name}, row 1",
            remedy="give BACI's product_codes_HSxx_V*.csv or the UN Comtrade HS list as csv",
        )
    names: dict[str, str] = {}
    for number, row in enumerate(reader, start=2):
        code, description = (row.get(column) or "").strip(), (row.get("description") or "").strip()
        if not code or not description:
            raise InputError(
                "no code or no description", where=f"file {path.name}, row {number}", remedy="complete the row"
            )
        if names.setdefault(code, description) != description:
            raise InputError(
                f"code {code} has two descriptions",
                where=f"file {path.name}, row {number}",
                remedy="keep one of the rows",
            )
    return names


def resolve_column(values: Iterable[str], hs: int | None = None, first_row: int = 2) -> ResolvedProducts:
    """Sort out a whole column, keeping row numbers.

    Parameters
    ----------
    values
        Codes as read, in file order.
    hs
        Revision the codes must belong to; any when left out.
    first_row
        Row number of the first code in its file.
    """
    if hs is not None:
        _check(hs)
    product: list[str | None] = []
    found: dict[str, dict[str, list[int]]] = {"pseudo": {}, "malformed": {}, "unknown": {}}
    judged: dict[str, tuple[str | None, str, str]] = {}
    for row, value in enumerate(values, start=first_row):
        verdict = judged.get(value)
        if verdict is None:
            verdict = judged[value] = _judge(value.strip(), hs)
        product.append(verdict[0])
        if verdict[1]:
            found[verdict[1]].setdefault(verdict[2], []).append(row)
    frozen = {kind: {code: tuple(rows) for code, rows in group.items()} for kind, group in found.items()}
    return ResolvedProducts(tuple(product), frozen["pseudo"], frozen["malformed"], frozen["unknown"])


def _judge(code: str, hs: int | None) -> tuple[str | None, str, str]:
    rule = _PSEUDO.get(code.upper())
    if rule is None and _CONFIDENTIAL.fullmatch(code):
        rule = "confidential"
    if rule is not None:
        return None, "pseudo", rule
    if not (len(code) in _LEVELS and code.isascii() and code.isdigit()):
        return None, "malformed", code
    return code, "" if known(code, hs) else "unknown", code
