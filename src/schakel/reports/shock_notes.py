"""How do the notes of a run of a scenario read in Dutch?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from schakel.reports.chain_words import warning

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_PRODUCT = re.compile(r"(.+ has no product) (.+)")
_WORLDS = {"table": "tabel", "chain": "keten"}
_WORLD = r"([\w .:/\\-]+)"
_DUTCH = (
    (r"(.+): (\w+) holds other countries too and is left out", r"\1: \2 bevat ook andere landen en is weggelaten"),
    (_WORLD + r" has no product (.+)", r"\1 kent geen product \2"),
    (r"(\S+): " + _WORLD + r" has no such deliveries", r"\1: \2 kent zulke leveringen niet"),
    (r"(\S+): (.+) makes none of it in (.+)", r"\1: \2 maakt er niets van in \3"),
    (
        r"(\S+): (.+) knows plants, not owners; give the intensity for the plants meant",
        r"\1: \2 kent vestigingen, geen eigenaren; geef de sterkte voor de bedoelde vestigingen",
    ),
    (
        r"(.+): nothing of (.+) is made at the site in (.+), so it cannot grow there",
        r"\1: in \3 wordt op die plek niets van \2 gemaakt, dus het kan er niet groeien",
    ),
    (
        r"(.+): nobody who is served first uses (.+) there, so its stock is not released",
        r"\1: niemand die voorgaat gebruikt daar \2, dus die voorraad komt niet vrij",
    ),
    (
        r"(.+): (.+) tells fewer than two of its members apart, so nothing is shared",
        r"\1: \2 houdt minder dan twee van de leden uiteen, dus er valt niets te delen",
    ),
    (
        r"(\S+): nothing leaks by way of (\w+) while (\S+) lasts",
        r"\1: via \2 lekt niets zolang \3 duurt",
    ),
    (
        r"(\S+): a tariff is read as the cut of trade it brings at an elasticity of ([\d.]+) \(recalled\)",
        r"\1: een heffing telt als de daling van handel die zij brengt bij een elasticiteit van \2 (uit het geheugen)",
    ),
    (
        r"scenario (\S+) says nothing that (.+) knows",
        r"scenario \1 zegt niets dat \2 kent",
    ),
    (
        r"a chain has no incomes and prices; the long run needs an inter-country table",
        "een keten kent geen inkomens en prijzen; de lange termijn vraagt een landentabel",
    ),
    (r"'?(.+?)'? is no inter-country table", r"\1 is geen landentabel"),
    (
        r"(\d+) of (\d+) steps have holders nobody named; they lie in OTH and no measure reaches them",
        r"van \1 van de \2 stappen noemt niemand de houders; ze liggen in OTH en geen maatregel bereikt ze",
    ),
    (
        r"(\d+) slots do not say how much they take; flows count as half the value of the output, in equal parts",
        r"\1 behoeften zeggen niet hoeveel ze vragen; stromen tellen als de helft van de waarde van het product, in gelijke delen",
    ),
    (
        r"where no stock is stated, (\d+) days are assumed; final users lie in OTH",
        r"waar geen voorraad staat, is \1 dagen aangenomen; eindgebruikers liggen in OTH",
    ),
    (
        r"Year (\d+), NACE revision 1\.1: Croatia lies in ROW, the United Kingdom outside EU_REST, and chips are part of electronics\.",
        r"Jaar \1, NACE revisie 1.1: Kroatië ligt in ROW, het Verenigd Koninkrijk buiten EU_REST en chips zijn deel van elektronica.",
    ),
    (
        r"Changes in stocks are part of final use; (\d+) negative cells of the publisher \(([\d,]+) million USD of ([\d,]+) million\) are set to zero\.",
        r"Voorraadmutaties zijn deel van het eindgebruik; \1 negatieve cellen van de uitgever (\2 miljoen USD van \3 miljoen) zijn op nul gezet.",
    ),
    (
        r"stocks are assumed: (\d+) days of goods, (\d+) days of services and utilities, in every industry; a scenario can set others",
        r"voorraden zijn aangenomen: \1 dagen goederen, \2 dagen diensten en nutsvoorzieningen, in elke bedrijfstak; een scenario kan andere geven",
    ),
    (
        r"which inputs stop a line is assumed: goods and utilities critical, trade and transport important, other services minor",
        "welke invoer een lijn stilzet is aangenomen: goederen en nutsvoorzieningen kritiek, handel en vervoer belangrijk, overige diensten klein",
    ),
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
        r"Not for commercial purposes: rows are not passed on, and results name the licence\.",
        "Niet voor commercieel gebruik: rijen worden niet doorgegeven en uitkomsten noemen de licentie.",
    ),
)


def note(text: str, lang: str) -> str:
    """Return a note in the reader's language; one that has no Dutch form stays as it is."""
    if lang != "nl":
        return text
    if found := re.fullmatch(r"(table|chain): (.+)", text):
        return f"{_WORLDS[found[1]]}: {note(found[2], lang)}"
    for pattern, dutch in _DUTCH:
        if found := re.fullmatch(pattern, text):
            return _THOUSANDS.sub(".", found.expand(dutch))
    said, tongue = warning(text, lang)
    if tongue == lang:
        return said
    parts = text.split("; ")
    if len(parts) > 1:
        return "; ".join(note(part, lang) for part in parts)
    return text


def worth(notes: Iterable[str]) -> list[str]:
    """Return the notes that say something: a count of nothing does not, and what a world lacks is one note."""
    out: dict[str, list[str]] = {}
    for text in notes:
        if text.startswith("0 "):
            continue
        found = _PRODUCT.fullmatch(text)
        out.setdefault(found[1] if found else text, []).extend([found[2]] if found else [])
    return [f"{head} {', '.join(dict.fromkeys(names))}" if names else head for head, names in out.items()]
