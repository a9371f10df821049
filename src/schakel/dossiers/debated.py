"""In which debate was a commitment given that a letter answers?"""

from __future__ import annotations

from datetime import date

from schakel.dossiers.deadlines.points import compiled, plain, points

_DEBATE = compiled(
    r"\b(?P<word>commissiedebat|tweeminutendebat|wetgevingsoverleg|notaoverleg|algemeen overleg"
    r"|schriftelijk overleg|rondetafelgesprek|vragenuur|(?:algemene )?(?:politieke |financiele )?beschouwingen"
    r"|(?:plenaire? |dertigleden|interpellatie|hoofdlijnen)?debat|committee debate|debate)\b"
    r"(?P<between>[^;]{0,170}?)\b(?=\d{1,2} (?:jan|feb|maa|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*\b)"
)


def debates(title: str, written: date | None = None) -> list[tuple[str, date]]:
    """Return the debates (kind, day) in which what a letter answers was promised, from its title.

    A day without a year ("2 oktober", "9 mei jl.") is the last one before ``written``, the date of the letter; without that
    date it is left out.
    """
    low = plain(title)
    found = []
    for match in _DEBATE.finditer(low):
        day = next(
            (p for p in points(low[match.end() : match.end() + 24], written or date.min) if p.grain == "day"), None
        )
        if day is None or not (day.explicit or written):
            continue
        on = day.lo
        if not day.explicit and written and on > written:
            on = on.replace(year=on.year - 1, day=min(on.day, 28) if on.month == 2 else on.day)
        word = match["word"]
        plenary = word.endswith("debat") and not word.startswith(("commissie", "tweeminuten"))
        found.append(("beschouwingen" if "beschouwingen" in word else "debat" if plenary else word, on))
    return found
