"""Which country does a source mean by this code?

Inside Schakel a country is its ISO 3166-1 alpha-3 code; Kosovo is ``XKX``, Belgium-Luxembourg (one reporter until
1998) is ``BLX`` and other former states carry their ISO 3166-3 alpha-3. Territories that ISO lists apart stay apart.
``kind`` says how statistics treat an area; it is no position.

Schemes
-------
``iso``       alpha-3, alpha-2 and M49 numbers, with withdrawn alpha codes
``eurostat``  alpha-2 as COMEXT writes it (EL, UK, XI, XK, XS) and its pseudo-partners (QP to QZ)
``comtrade``  UN Comtrade numbers and alpha-3, with its World, nes, bunker and free-zone codes
``baci``      CEPII BACI numbers (490 is Taiwan)
``any``       all of these, without 492, which is Monaco in M49 and a group of countries in UN Comtrade

``CS`` is refused everywhere because it meant two states.

Two codes may mean one country (GB and XI, 736 and 729): a reader that resolves them adds the rows up.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from schakel.errors import InputError, NotFoundError
from schakel.nomenclature import blocs, rownumbers, tables

SCHEMES = ("any", "iso", "eurostat", "baci", "comtrade")
LANGUAGES = ("en", "nl")
_AMBIGUOUS = {
    "CS": "Czechoslovakia until 1992 and Serbia and Montenegro until 2006: write CSK or SCG",
    "492": "Monaco in M49 and 'Europe EU, not elsewhere specified' in UN Comtrade: write MCO, or leave the rows out",
}


@dataclass(frozen=True, slots=True)
class Country:
    """One country, territory or former state.

    Attributes
    ----------
    iso3
        ISO 3166-1 alpha-3, ISO 3166-3 for a former state, or ``XKX`` and ``BLX``.
    iso2
        Alpha-2; empty where there is none.
    m49
        UN M49 number, None where the UN gives none.
    kind
        ``country``, ``territory`` or ``former``.
    valid_from, valid_until
        ISO dates, first and last day; empty when open or not needed.
    """

    iso3: str
    iso2: str
    m49: int | None
    name_en: str
    name_nl: str
    kind: str
    valid_from: str = ""
    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A column of codes, resolved.

    Attributes
    ----------
    iso3
        One entry per code handed in, None where it is no country.
    pseudo
        Rule name to row numbers: codes that are known to be no country ("world", "stores", ...).
    unknown
        Code as written to row numbers: codes that nobody knows.
    """

    iso3: tuple[str | None, ...]
    pseudo: dict[str, tuple[int, ...]]
    unknown: dict[str, tuple[int, ...]]

    def error(self, where: str) -> InputError | None:
        """Return the error that names every unknown code with its rows, or None when all are known."""
        if not self.unknown:
            return None
        hint = next((text for text in (_hint(code) for code in self.unknown) if text), "")
        return InputError(
            f"unknown country code: {rownumbers.summary(self.unknown)}",
            where=where,
            remedy=hint or "use ISO 3166 alpha-3 codes such as NLD, or the codes of the source the file comes from",
        )


@cache
def _by_iso3() -> dict[str, Country]:
    return {
        row["iso3"]: Country(
            iso3=row["iso3"],
            iso2=row["iso2"],
            m49=int(row["m49"]) if row["m49"] else None,
            name_en=row["name_en"],
            name_nl=row["name_nl"],
            kind=row["kind"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
        )
        for row in tables.rows("countries.csv")
    }


def all_countries() -> tuple[Country, ...]:
    """Return every country, territory and former state, ordered by alpha-3."""
    return tuple(_by_iso3().values())


def _check(scheme: str) -> None:
    if scheme not in SCHEMES:
        raise InputError(f"unknown code scheme {scheme!r}", remedy=f"use one of {', '.join(SCHEMES)}")


def _numbers(code: str) -> tuple[str, ...]:
    """Return a numeric code as written and padded to three digits, so that 4 and 004 both join."""
    return (code, code.zfill(3)) if code.isdigit() and len(code) < 3 else (code,)


@cache
def _code_table(scheme: str) -> dict[str, str]:
    _check(scheme)
    table: dict[str, str] = {}
    for country in all_countries():
        if scheme in ("any", "iso", "comtrade"):
            table[country.iso3] = country.iso3
        if scheme in ("any", "iso", "eurostat") and country.iso2 and country.iso2 not in _AMBIGUOUS:
            table[country.iso2] = country.iso3
        if scheme != "eurostat" and country.m49 is not None:
            for code in _numbers(str(country.m49)):
                table[code] = country.iso3
    for row in tables.rows("codes.csv"):
        if row["iso3"] and (scheme == "any" or scheme in row["schemes"].split()):
            for code in _numbers(row["code"]):
                table[code] = row["iso3"]
    for row in tables.rows("codes.csv"):
        if row["rule"] and (scheme == "any" or scheme in row["schemes"].split()):
            table.pop(row["code"], None)
    return table


@cache
def _pseudo_table(scheme: str) -> dict[str, str]:
    _check(scheme)
    table: dict[str, str] = {}
    for row in tables.rows("codes.csv"):
        # In a user's file a bloc code is a mistake to be told, in Eurostat's it is a row to be counted and left out.
        told = row["rule"] == "aggregate" or row["code"] in _AMBIGUOUS
        wanted = not told if scheme == "any" else scheme in row["schemes"].split()
        if row["rule"] and wanted:
            for code in _numbers(row["code"]):
                table[code] = row["rule"]
    return table


def code_table(scheme: str = "any") -> dict[str, str]:
    """Return source code text -> alpha-3; numbers below 100 stand both plain and padded ("4", "004")."""
    return dict(_code_table(scheme))


def pseudo_table(scheme: str = "any") -> dict[str, str]:
    """Return source code text -> rule name for codes that are no country.

    Rules: world, not-specified, confidential, stores, free-zones, high-seas, neutral-zone, other-nes, and aggregate
    (a bloc; not under ``any``).
    """
    return dict(_pseudo_table(scheme))


def note(code: str, scheme: str = "any") -> str:
    """Return what our code table remarks on a source code (what 490 or XI covers), or an empty text."""
    text = _plain(code)
    for row in tables.rows("codes.csv"):
        if row["code"] == text and (scheme == "any" or scheme in row["schemes"].split()):
            return row["note"]
    return ""


def _plain(code: str | int) -> str:
    text = str(code).strip().upper()
    return str(int(text)) if text.isascii() and text.isdigit() else text


def _hint(code: str) -> str:
    text = _plain(code)
    if text in _AMBIGUOUS:
        return f"{text} has two meanings: {_AMBIGUOUS[text]}"
    if blocs.is_bloc(text):
        return f"{text} is a bloc, not a country: give its members, and name the bloc as reporter"
    names = {value.casefold(): country for country in all_countries() for value in (country.name_en, country.name_nl)}
    near = difflib.get_close_matches(str(code).strip().casefold(), names, n=1, cutoff=0.75)
    if near and len(text) > 3:
        found = names[near[0]]
        if near[0] == str(code).strip().casefold():
            return f"names are not read: write {found.iso3}"
        return f"{code} is close to {found.name_en}: write {found.iso3}"
    if text.isdigit():
        return ""
    # Typists mostly get the first letters right, so equal places count before overall likeness.
    alike = [key for key in _code_table("any") if not key.isdigit() and len(key) == len(text)]
    close = difflib.get_close_matches(text, alike, n=5, cutoff=0.5)
    if close:
        best = max(
            close,
            key=lambda key: (
                sorted(key) == sorted(text),  # two letters changed places
                sum(left == right for left, right in zip(key, text, strict=True)),
            ),
        )
        return f"{code} is close to {best} ({_by_iso3()[_code_table('any')[best]].name_en}): check the code"
    return ""


def resolve(code: str | int, scheme: str = "any") -> Country:
    """Return the country a source means.

    Raises
    ------
    InputError
        The code is unknown (with the closest known one), a pseudo-partner, ambiguous, or a bloc.
    """
    text = _plain(code)
    found = _code_table(scheme).get(text)
    if found is not None:
        return _by_iso3()[found]
    if text not in _AMBIGUOUS and blocs.is_bloc(text):
        raise InputError(
            f"{text} is a bloc, not a country", remedy="give a member country, or use the bloc as reporter"
        )
    rule = _pseudo_table(scheme).get(text)
    if rule is not None:
        raise InputError(
            f"{code} is no country ({rule}: {note(text)})", remedy="leave such rows out, or keep them apart"
        )
    raise InputError(
        f"unknown country code {str(code)!r}",
        remedy=_hint(str(code)) or "use an ISO 3166 alpha-3 code such as NLD",
    )


def resolve_column(codes: Iterable[str | int], scheme: str = "any", first_row: int = 2) -> Resolved:
    """Resolve a whole column, keeping the row numbers of what is no country and of what is unknown.

    Parameters
    ----------
    codes
        Codes as read, in file order.
    first_row
        Row number of the first code in its file; 2 when one header line precedes it.
    """
    known, pseudo_codes = _code_table(scheme), _pseudo_table(scheme)
    cached: dict[str | int, str] = {}
    result: list[str | None] = []
    pseudo: dict[str, list[int]] = {}
    unknown: dict[str, list[int]] = {}
    for row, code in enumerate(codes, start=first_row):
        text = cached.get(code)
        if text is None:
            text = cached[code] = _plain(code)
        iso3 = known.get(text)
        result.append(iso3)
        if iso3 is None:
            rule = pseudo_codes.get(text)
            if rule is None:
                unknown.setdefault(str(code).strip(), []).append(row)
            else:
                pseudo.setdefault(rule, []).append(row)
    return Resolved(
        tuple(result),
        {rule: tuple(numbers) for rule, numbers in pseudo.items()},
        {code: tuple(numbers) for code, numbers in unknown.items()},
    )


def name(code: str, lang: str = "en") -> str:
    """Return the short name of a country (alpha-3) or bloc in ``en`` or ``nl``.

    Raises
    ------
    NotFoundError
        Neither a country nor a bloc has this code.
    InputError
        The language is neither ``en`` nor ``nl``.
    """
    if lang not in LANGUAGES:
        raise InputError(f"no names in language {lang!r}", remedy="use en or nl")
    country = _by_iso3().get(code)
    if country is not None:
        return country.name_nl if lang == "nl" else country.name_en
    if blocs.is_bloc(code):
        return blocs.name(code, lang)
    raise NotFoundError(f"no country or bloc {code!r}", remedy=_hint(code) or "use an alpha-3 code or a bloc name")
