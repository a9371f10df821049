"""How are numbers, blanks and fixed phrases written in Dutch and in English?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from schakel.errors import InputError
from schakel.plain import printable

LANGUAGES = ("en", "nl")
Text = str | Mapping[str, str]

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}

_WORDS: dict[str, tuple[str, str]] = {
    "unknown": ("unknown", "onbekend"),
    "yes": ("yes", "ja"),
    "no": ("no", "nee"),
    "no_rows": ("No rows.", "Geen rijen."),
    "narrow": ("Left out at this width", "Weggelaten op deze breedte"),
    "sources": ("Sources", "Bronnen"),
    "licences": ("Licences", "Licenties"),
    "receipt": ("Run receipt", "Verantwoording van de berekening"),
    "findings": ("Findings", "Bevindingen"),
    "finding": ("Finding", "Bevinding"),
    "figure": ("Figure", "Figuur"),
    "table": ("Table", "Tabel"),
    "note": ("Note", "Noot"),
    "title": ("Title", "Titel"),
    "id": ("Key", "Sleutel"),
    "publisher": ("Publisher", "Uitgever"),
    "url": ("Address", "Adres"),
    "vintage": ("Vintage", "Jaargang"),
    "retrieved": ("Retrieved", "Opgehaald"),
    "licence": ("Licence", "Licentie"),
    "mark": ("Read", "Gelezen"),
    "sources_caption": ("Everything a number here rests on", "Alles waarop een getal hier berust"),
    "licences_caption": ("What may be done with it", "Wat ermee mag"),
    "receipt_caption": ("What a second run must repeat", "Wat een tweede berekening moet herhalen"),
    "mark_read": ("in the source", "in de bron"),
    "mark_second-hand": ("second-hand", "uit tweede hand"),
    "mark_recalled": ("recalled, unverified", "uit het geheugen, niet nagegaan"),
    "mark_derived": ("derived", "afgeleid"),
    "duty": ("What it asks", "Wat zij vraagt"),
    "may_share": ("May be passed on", "Mag worden doorgegeven"),
    "item": ("Item", "Onderdeel"),
    "value": ("Value", "Waarde"),
    "input": ("Input", "Invoer"),
    "rows": ("rows", "rijen"),
    "parameter": ("Parameter", "Parameter"),
    "engine": ("Engine", "Rekenprogramma"),
    "sql_sha256": ("Query text, sha256", "Tekst van de vraag, sha256"),
    "result_sha256": ("Result, sha256", "Uitkomst, sha256"),
    "register_head": ("Decision register, head hash", "Besluitenregister, laatste hash"),
    "verdict": ("Verdict", "Oordeel"),
    "threshold": ("Threshold", "Drempel"),
    "method": ("Method", "Methode"),
    "period": ("Period", "Periode"),
    "contents": ("Contents", "Inhoud"),
    "made_with": ("Made with Schakel", "Gemaakt met Schakel"),
    "page": ("page", "pagina"),
    "in_words": ("In words", "In woorden"),
    "caveats": ("Caveats", "Voorbehouden"),
}


def language(lang: str) -> str:
    """Return ``lang`` when the product speaks it.

    Raises
    ------
    InputError
        For any other language.
    """
    if lang not in LANGUAGES:
        raise InputError(f"unknown language {lang!r}", remedy="use en or nl")
    return lang


def word(key: str, lang: str) -> str:
    """Return a fixed phrase."""
    return _WORDS[key][LANGUAGES.index(language(lang))]


def localised(text: Text, lang: str) -> str:
    """Return the text in ``lang``; a plain string is the same in every language."""
    return text if isinstance(text, str) else text[lang]


def number(value: float | int | Decimal, lang: str, digits: int = 0) -> str:
    """Write a number with grouped thousands: ``1,234.5`` in English, ``1.234,5`` in Dutch."""
    written = f"{value:,.{digits}f}"
    written = written.replace("-", "−") if written.strip("-0.,") else written.lstrip("-")  # no minus before a zero
    return written.translate(str.maketrans(",.", ".,")) if language(lang) == "nl" else written


def long_date(iso: str, lang: str) -> str:
    """Write an ISO date in words: ``22 November 2026``."""
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[language(lang)].split()[day.month - 1]} {day.year}"


def shown(value: Any, kind: str, lang: str, digits: int = 0) -> str:
    """Write a cell as people read it; None is written as unknown, never left blank.

    Parameters
    ----------
    value
        None, bool, int, float, Decimal, date, str, or a list or mapping of those.
    kind
        One of ``reports.model.Kind``; a share is a fraction and shown as a percentage.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return word("unknown", lang)
    if isinstance(value, bool):
        return word("yes" if value else "no", lang)
    if isinstance(value, (int, float, Decimal)):
        if isinstance(value, float) and math.isinf(value):
            return "∞" if value > 0 else "−∞"
        match kind:
            case "share":
                return number(value * 100, lang, digits) + "%"
            case "number" | "integer" | "money":
                return number(value, lang, digits)
            case _:
                return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return ", ".join(shown(item, kind, lang, digits) for item in items)
    if isinstance(value, Mapping):
        return "; ".join(f"{printable(str(k))}: {shown(v, 'code', lang, digits)}" for k, v in value.items())
    return printable(str(value))
