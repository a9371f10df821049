"""How much does a written number say, whatever marks its thousands and decimals?"""

from __future__ import annotations

import re
from decimal import Decimal

from schakel.errors import InputError

SCALES = {
    **dict.fromkeys(("miljard", "miljarden", "mld", "mrd", "billion", "bn"), Decimal(10) ** 9),
    **dict.fromkeys(("miljoen", "miljoenen", "mln", "mio", "million", "mn"), Decimal(10) ** 6),
    **dict.fromkeys(("duizend", "thousand", "k"), Decimal(10) ** 3),
    "ton": Decimal(10) ** 5,
    **dict.fromkeys(("biljoen", "trillion", "tn"), Decimal(10) ** 12),
}
WORDS = {
    **{
        w: Decimal(i)
        for i, w in enumerate(
            ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"]
        )
    },
    **{
        w: Decimal(i)
        for i, w in enumerate(
            ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
        )
    },
    **dict.fromkeys(("een half", "half", "half a"), Decimal("0.5")),
    **dict.fromkeys(("anderhalf", "anderhalve"), Decimal("1.5")),
    "a": Decimal(1),
    "honderd": Decimal(100),
}
_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_GROUPED = re.compile(r"\d{1,3}(?:[.,\s'’]\d{3})+")


def number(text: str) -> Decimal:
    """Return the value of digits or a number word.

    A single mark with exactly three digits behind it separates thousands (``33.000``), any other single mark is the decimal
    mark (``8,4``, ``8.7``); where both stand, the last is the decimal mark.

    Raises
    ------
    InputError
        When it is no number.
    """
    token = " ".join(text.lower().split()).replace("\u00e9\u00e9n", "een")
    if token in WORDS:
        return WORDS[token]
    token = token.replace(" ", "").replace("'", "").replace("’", "")
    part = _FRACTIONS.get(token[-1:], Decimal(0))
    token = token.rstrip("".join(_FRACTIONS)) or "0"
    if "," in token and "." in token:
        decimal = max(token.rfind(","), token.rfind("."))
        token = re.sub(r"[.,]", "", token[:decimal]) + "." + token[decimal + 1 :]
    elif _GROUPED.fullmatch(token):
        token = re.sub(r"[.,]", "", token)
    else:
        token = token.replace(",", ".")
    if not re.fullmatch(r"\d+(?:\.\d+)?", token):
        raise InputError(f"no number: {text!r}", where="amount", remedy="digits with one decimal mark")
    return Decimal(token) + part
