"""Where is a cited paper published?"""

from __future__ import annotations

from urllib.parse import quote

_OFFICIAL = "https://zoek.officielebekendmakingen.nl/"
_CHAMBER = "https://www.tweedekamer.nl/kamerstukken/"


def official(identifier: str) -> str:
    """Return the page of a paper in the official publications, for example ``kst-33009-138``."""
    return f"{_OFFICIAL}{quote(identifier, safe='()')}.html"


def dossier(stem: str) -> str:
    """Return the page of a dossier."""
    return f"{_OFFICIAL}dossier/{quote(stem, safe='()')}"


def chamber(number: str) -> str:
    """Return the Chamber's page of a D-, Z- or TZ-number."""
    room = "toezeggingen/detail" if number.startswith("TZ") else "detail"
    return f"{_CHAMBER}{room}?id={number}"


def celex(number: str) -> str:
    """Return the EUR-Lex page of a CELEX number."""
    return f"https://eur-lex.europa.eu/legal-content/NL/ALL/?uri=CELEX:{quote(number, safe='()')}"


def procedure(number: str) -> str:
    """Return the EUR-Lex page of a procedure such as 2022/0032(COD)."""
    year, rest = number.split("/")
    return f"https://eur-lex.europa.eu/procedure/NL/{year}_{rest.split('(')[0].lstrip('0') or '0'}"


def ecli(number: str) -> str:
    """Return the page of a judgement."""
    if ":NL:" in number:
        return f"https://deeplink.rechtspraak.nl/uitspraak?id={quote(number, safe=':')}"
    return f"https://e-justice.europa.eu/ecli/{quote(number, safe=':')}"


def law(jci: str) -> str:
    """Return the page of a jci law reference."""
    return f"https://wetten.overheid.nl/{quote(jci, safe=':&=.')}"
