"""How do the rooms' reasons and warnings read in both languages?"""

from __future__ import annotations

import re

_NO_WORLD = "the flows hold imports only; add world trade (BACI) or the reporter's exports"
_NOTES = {
    "Averaging over years is recalled, not read: the yearly values are averaged, over the years that the flows hold.": (
        "Dat over jaren wordt gemiddeld is uit het geheugen, niet gelezen: het gemiddelde van de jaarwaarden, over de jaren in de stromen."
    ),
    "The cut for a single point of failure was not read: the top tenth is used.": (
        "De grens voor een enkel breekpunt is niet gelezen: het bovenste tiende deel wordt gebruikt."
    ),
    "The study's 204 products are counted before the single-point-of-failure test.": (
        "De 204 producten van de studie zijn geteld voor de toets op een enkel breekpunt."
    ),
    "The study also ranks with production data; that part is not applied.": (
        "De studie rangschikt ook met productiecijfers; dat deel is niet toegepast."
    ),
    "Both cuts of the HHI were not read, so a product above the minimum value stays undecided.": (
        "Beide grenzen van de HHI zijn niet gelezen, dus een product boven de minimumwaarde blijft onbeslist."
    ),
    "Imports for domestic use are imports less declared re-exports, an approximation: re-exports include a margin.": (
        "Invoer voor binnenlands gebruik is invoer min opgegeven wederuitvoer, een benadering: wederuitvoer bevat een marge."
    ),
    "The law speaks of annual consumption by stage of processing; imports from outside the Union stand in for it here.": (
        "De wet spreekt van jaarlijks verbruik per verwerkingsstap; hier staat invoer van buiten de Unie daarvoor in de plaats."
    ),
    "Read in two independent implementations and in papers that quote the text; the annex was not at hand.": (
        "Gelezen in twee onafhankelijke uitwerkingen en in artikelen die de tekst aanhalen; de bijlage was niet voorhanden."
    ),
    "The study keeps only products in sensitive ecosystems; that list is a policy choice and is not applied here.": (
        "De studie houdt alleen producten in gevoelige ecosystemen over; die lijst is een beleidskeuze en is hier niet toegepast."
    ),
    "Where nothing is exported the ratio is set to 9999, as in the source.": (
        "Waar niets wordt uitgevoerd is de verhouding op 9999 gezet, zoals in de bron."
    ),
    "The source's own data are CC BY-NC-SA and are not bundled.": (
        "De eigen gegevens van de bron zijn CC BY-NC-SA en niet meegeleverd."
    ),
    "The minimum value belongs to the 2021 and 2022 editions.": (
        "De minimumwaarde hoort bij de edities van 2021 en 2022."
    ),
    "Written for Germany; it can be asked of any importer.": (
        "Geschreven voor Duitsland; de vraag kan voor elke importeur worden gesteld."
    ),
    "The cut for few alternative suppliers was not read, so a product that passes the other two stays undecided.": (
        "De grens voor weinig andere leveranciers is niet gelezen, dus een product dat de andere twee haalt blijft onbeslist."
    ),
    "The words were read; the formula is derived: 1 / HHI_imports < 1/2 of 1 / HHI_exports.": (
        "De woorden zijn gelezen; de formule is afgeleid: 1 / HHI_invoer < 1/2 van 1 / HHI_uitvoer."
    ),
    "The cut for a concentrated product was not read, so a product that passes the first test stays undecided.": (
        "De grens voor een geconcentreerd product is niet gelezen, dus een product dat de eerste toets haalt blijft onbeslist."
    ),
    "Thresholds second-hand.": ("Drempels uit tweede hand."),
    "Centrality counts exporters only and uses the sample deviation; the study's own choice was not read.": (
        "Centraliteit telt alleen exporteurs en gebruikt de steekproefafwijking; de eigen keuze van de studie is niet gelezen."
    ),
}
_DUTCH = _NOTES | {
    _NO_WORLD: "de stromen bevatten alleen invoer; voeg wereldhandel (BACI) of de uitvoer van de rapporteur toe",
    "not a test of this definition": "geen toets van deze definitie",
    "the cut was not read in the source": "de grens is niet in de bron gelezen",
    "a definition of your own (.toml) can set one": "een eigen definitie (.toml) kan er een geven",
    "add them to the flow file (BACI has a file a year)": "voeg die toe aan het bestand met stromen (BACI heeft een bestand per jaar)",
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
    (r"its threshold needs (\w+): (.*)", "de drempel vraagt {0}: {rest}"),
    (
        r"in ([\d, ]+) the other criteria are open, or nobody traded the product",
        "in {0} zijn de andere criteria onbeslist, of is het product niet verhandeld",
    ),
    (r"no flows of ([\d, ]+)", "geen stromen van {0}"),
    (r"no values in (\w+); add a column (\w+)", "geen waarden in {0}; voeg een kolom {1} toe"),
    (r"(\w+) looks at (\d+) years; no flows of ([\d, ]+)", "{0} kijkt naar {1} jaren; geen stromen van {2}"),
    (
        r"embedded rows that name no country and are left out: (\d+) \((\d+) EUR\)",
        "ingebouwde rijen die geen land noemen en zijn weggelaten: {0} ({1} EUR)",
    ),
    (
        r"(\w+): the cut of ([\w, ]+) was not read in the source, so rows that pass the rest stay undecided",
        "{0}: de grens van {1} is niet in de bron gelezen, dus rijen die de rest halen blijven onbeslist",
    ),
    (r"([\d,]+) unknown product codes?: (.*)", "{0} onbekende productcodes: {1}"),
    (
        r"product codes of several levels contain each other, so trade may be counted more than once \(keep one level\): (.*)",
        "productcodes van verschillende niveaus bevatten elkaar, dus handel kan dubbel zijn geteld (houd één niveau): {0}",
    ),
    (
        r"([\d,]+) rows? left out by rule self-trade \(exporter is importer\)",
        "{0} rijen weggelaten volgens de regel eigen handel (exporteur is importeur)",
    ),
    (r"([\d,]+) rows? of value zero: no trade", "{0} rijen met waarde nul: geen handel"),
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
    parts = english.split("; ")
    if len(parts) > 1 and all(dutch_of(part) != part for part in parts):
        return "; ".join(dutch_of(part) for part in parts)
    return english
