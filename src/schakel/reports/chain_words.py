"""How do the warnings of a chain read in Dutch?"""

from __future__ import annotations

import re

_DUTCH = (
    (
        r"(\d+) of (\d+) steps have no position that an open or cited figure supports; their holders are unknown",
        r"voor \1 van de \2 stappen is er geen open of aangehaald cijfer; hun houders zijn onbekend",
    ),
    (
        r"where two sources speak of one step, the one that was read, is later and names more holders is used",
        "waar twee bronnen over één stap spreken, telt die welke is gelezen, later is en meer houders noemt",
    ),
    (
        r"shares come from different years and count plants, head offices or customs exports, as each row says",
        "aandelen zijn van verschillende jaren en tellen vestigingen, hoofdkantoren of uitvoer bij de douane; elke rij zegt welk",
    ),
    (
        r"country shares of tools seem to follow the head office of the maker, not the plant",
        "aandelen van landen in machines lijken het hoofdkantoor van de maker te volgen, niet de vestiging",
    ),
    (
        r"(\w+) is no country: Europe as a whole, not split by member",
        r"\1 is geen land: Europa als geheel, niet per lidstaat",
    ),
    (r"(.+) is no country: a firm without a country", r"\1 is geen land: een bedrijf zonder land"),
    (
        r"Links 'is a type of' can be read as alternatives or as needed together; every result names the reading\.",
        "Schakels 'is een soort' zijn te lezen als alternatieven of als samen nodig; elke uitkomst noemt de lezing.",
    ),
    (
        r"Not for commercial purposes: rows are not passed on, and results name the licence\.",
        "Niet voor commercieel gebruik: rijen worden niet doorgegeven en uitkomsten noemen de licentie.",
    ),
    (
        r"(\d+) of (\d+) slots give distributions; their central values are used, and drawn where a range is shown",
        r"\1 van de \2 plekken geven verdelingen; hun middelste waarden tellen, en waar een bereik staat is eruit getrokken",
    ),
    (
        r"A partial list: only who is named in the letters read\. The published count is 336; these rows are not that list\.",
        "Een onvolledige lijst: alleen wie in de gelezen brieven staat. Het gepubliceerde aantal is 336; deze rijen zijn die lijst niet.",
    ),
    (
        r"The region is filled only where the source states it; empty is unknown, not elsewhere\.",
        "De regio is alleen ingevuld waar de bron haar noemt; leeg is onbekend, niet elders.",
    ),
    (r"Being named says nothing of size or share\.", "Genoemd worden zegt niets over omvang of aandeel."),
    (r"no link goes to or from (.+)", r"er gaat geen schakel naar of van \1"),
    (
        r"shares of (.+) \((firms|countries)\) sum to ([\d.]+), more than 1",
        r"aandelen van \1 (\2) zijn samen \3, meer dan 1",
    ),
)


def warning(text: str, lang: str) -> tuple[str, str]:
    """Return a warning in the reader's language and the language it is in: English where there is no Dutch."""
    if lang == "nl":
        for pattern, dutch in _DUTCH:
            if found := re.fullmatch(pattern, text):
                return found.expand(dutch).replace("(firms)", "(bedrijven)").replace("(countries)", "(landen)"), "nl"
    return text, "en"
