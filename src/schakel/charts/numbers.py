"""How is a number written in Dutch or in English?"""

from __future__ import annotations

import math

LANGUAGES = ("en", "nl")
UNKNOWN = {"en": "unknown", "nl": "onbekend"}
_SCALES = {
    "en": ((1e12, " tn"), (1e9, " bn"), (1e6, " m"), (1e3, " k")),
    "nl": ((1e12, " bln"), (1e9, " mrd"), (1e6, " mln"), (1e3, " duizend")),
}
_NOTHING = 5e-7  # percent; below it is rounding of the computation
_SIGNS = {"USD": "$", "EUR": "€"}


def number(value: float | None, lang: str = "en", decimals: int = 0) -> str:
    """Write a number with separators: ``1,234.5`` in English, ``1.234,5`` in Dutch.

    None and values that are not finite give the word for unknown; a rounded minus zero loses its sign.

    >>> number(1234.5, "nl", 1)
    '1.234,5'
    """
    if value is None or not math.isfinite(value):
        return UNKNOWN[lang]
    text = f"{value:,.{decimals}f}"
    if text.startswith("-") and not any(c in "123456789" for c in text):
        text = text[1:]
    text = text.replace("-", "−")
    return text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text


def percent(share: float | None, lang: str = "en", decimals: int = 0) -> str:
    """Write a share of one as a percentage.

    >>> percent(0.265, "nl", 1)
    '26,5%'
    """
    if share is None or not math.isfinite(share):
        return UNKNOWN[lang]
    return number(share * 100, lang, decimals) + "%"


def fine_percent(share: float | None, lang: str = "en") -> str:
    """Write a share of one as a percentage in two significant digits, so that a small one does not become zero.

    >>> fine_percent(0.000123), fine_percent(0.123, "nl"), fine_percent(1e-12)
    ('0.012%', '12%', '0%')
    """
    if share is None or not math.isfinite(share):
        return UNKNOWN[lang]
    size = abs(share) * 100
    if size < _NOTHING:
        return percent(0.0, lang)
    return percent(share, lang, min(6, max(0, 1 - math.floor(math.log10(size)))))


def money(value: float | None, currency: str, lang: str = "en") -> str:
    """Write an amount in three significant digits or so with its scale: ``€1.23 bn``, ``€ 1,23 mrd``."""
    if value is None or not math.isfinite(value):
        return UNKNOWN[lang]
    if value < 0 and round(value):
        return "−" + money(-value, currency, lang)
    sign = _SIGNS.get(currency, currency + " ") + (" " if lang == "nl" and currency in _SIGNS else "")
    for scale, word in _SCALES[lang]:
        if abs(value) >= scale * 0.9995:
            scaled = value / scale
            decimals = 2 if abs(scaled) < 9.995 else 1 if abs(scaled) < 99.95 else 0
            return sign + number(scaled, lang, decimals) + word
    return sign + number(value, lang)


def written(value: float | None, kind: str, lang: str = "en", decimals: int = 3) -> str:
    """Write a value by its kind: ``share``, ``part`` (a share that may be small), ``usd``, ``eur``, ``count`` or ``index``."""
    if kind == "share":
        return percent(value, lang, 1)
    if kind == "part":
        return fine_percent(value, lang)
    if kind in ("usd", "eur"):
        return money(value, kind.upper(), lang)
    return number(value, lang, 0 if kind == "count" else decimals)
