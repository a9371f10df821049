"""How do the rooms' reasons and warnings read in both languages?"""

from __future__ import annotations

import re

_NO_WORLD = "the flows hold imports only; add world trade (BACI) or the reporter's exports"
_DUTCH = {
    _NO_WORLD: "de stromen bevatten alleen invoer; voeg wereldhandel (BACI) of de uitvoer van de rapporteur toe",
    "not a test of this definition": "geen toets van deze definitie",
    "the cut was not read in the source": "de grens is niet in de bron gelezen",
    "undefined: nothing to divide by": "niet bepaald: er is niets om door te delen",
    "nothing exported": "er is niets uitgevoerd",
    "no re-exports in the flows; add a column re_export_usd": "geen wederuitvoer in de stromen; voeg een kolom re_export_usd toe",
    "the flows hold imports only: criteria that need exports or world trade are unknown": (
        "de stromen bevatten alleen invoer: criteria die uitvoer of wereldhandel nodig hebben, zijn onbekend"
    ),
    "needs the reporter's exports of one year": "vraagt de uitvoer van de rapporteur in één jaar",
    "re-exports as declared, their origins unknown": "wederuitvoer zoals opgegeven, herkomst daarvan onbekend",
    "re-exports not declared: anything from nothing to the smaller of imports and exports": (
        "wederuitvoer niet opgegeven: alles van niets tot de kleinste van invoer en uitvoer"
    ),
}
_PATTERNS = (
    (
        r"at most ([\d.e+-]+), from the exports these flows show; (.*)",
        "hoogstens {0}, volgens de uitvoer die deze stromen tonen; {rest}",
    ),
    (r"no flows of ([\d, ]+)", "geen stromen van {0}"),
    (r"no values in (\w+); add a column (\w+)", "geen waarden in {0}; voeg een kolom {1} toe"),
    (r"(\w+) looks at (\d+) years; no flows of ([\d, ]+)", "{0} kijkt naar {1} jaren; geen stromen van {2}"),
    (
        r"(\d+) embedded rows \((\d+) EUR\) name no country and are left out",
        "{0} ingebouwde rij ({1} EUR) noemt geen land en is weggelaten",
    ),
    (
        r"(\w+): the cut of ([\w, ]+) was not read in the source, so rows that pass the rest stay undecided",
        "{0}: de grens van {1} is niet in de bron gelezen, dus rijen die de rest halen blijven onbeslist",
    ),
    (r"(\d+) unknown product codes: (.*)", "{0} onbekende productcodes: {1}"),
    (
        r"(\d+) rows left out by rule self-trade \(exporter is importer\)",
        "{0} rijen weggelaten volgens de regel eigen handel (exporteur is importeur)",
    ),
    (r"(\d+) rows of value zero carry no trade", "{0} rijen met waarde nul dragen geen handel"),
)


def dutch_of(english: str) -> str:
    """Return a reason in Dutch; one that has no Dutch form stays as it is."""
    if english in _DUTCH:
        return _DUTCH[english]
    for pattern, dutch in _PATTERNS:
        found = re.fullmatch(pattern, english)
        if found:
            groups = list(found.groups())
            rest = dutch_of(groups[-1]) if "{rest}" in dutch else ""
            if dutch.startswith("hoogstens"):
                groups[0] = groups[0].replace(".", ",")
            return dutch.format(*groups, rest=rest)
    return english
