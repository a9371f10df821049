"""Which words of time does a text use: months, numbers, ordinals and seasons, in Dutch and English?"""

from __future__ import annotations

import re

_MONTHS_NL = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]
_MONTHS_EN = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTHS = {name: i % 12 + 1 for i, name in enumerate(_MONTHS_NL + _MONTHS_EN)}
NUMBERS = {
    **{
        w: i
        for i, w in enumerate(
            ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"]
        )
    },
    **{
        w: i
        for i, w in enumerate(
            ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
        )
    },
    "a": 1,
    "an": 1,
    "enkele": 3,
    "een paar": 3,
    "a few": 3,
    "veertien": 14,
    "vijftien": 15,
    "twintig": 20,
    "dertig": 30,
    "fifteen": 15,
}
ORDINALS = {
    **dict.fromkeys(("eerste", "1e", "1ste", "first", "1st"), 1),
    **dict.fromkeys(("tweede", "2e", "2de", "second", "2nd"), 2),
    **dict.fromkeys(("derde", "3e", "3de", "third", "3rd"), 3),
    **dict.fromkeys(("vierde", "4e", "4de", "laatste", "fourth", "4th", "last"), 4),
}
SEASONS = {
    **dict.fromkeys(("voorjaar", "lente", "spring"), ((3, 20), (6, 20))),
    **dict.fromkeys(("zomer", "summer"), ((6, 21), (9, 21))),
    **dict.fromkeys(("najaar", "herfst", "autumn", "fall"), ((9, 22), (12, 20))),
    **dict.fromkeys(("winter",), ((12, 21), (3, 19))),
}


_ACCENTS = str.maketrans("áàäâéèëêíìïîóòöôúùüûç–‑’‘", "aaaaeeeeiiiioooouuuuc--''")


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern for text as `plain` gives it: a blank stands for white space, a blank with ? for none or some."""
    return re.compile(pattern.replace(" ?", r"\s*").replace(" ", r"\s+"))


def plain(text: str) -> str:
    """Return lower case without accents, character for character of the same length."""
    low = text.lower()
    if len(low) != len(text):  # İ becomes two characters
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low.translate(_ACCENTS)
