"""Which words does the report of a monitor use, in English and in Dutch?"""

from __future__ import annotations

from schakel.reports.words import localised

T: dict[str, tuple[str, str]] = {
    "title": ("Geo-economic monitor: {0}", "Geo-economische monitor: {0}"),
    "subtitle": ("{0}, {1}", "{0}, {1}"),
    "rests": ("Rests on: {0}.", "Berust op: {0}."),
    "more": ("{0} more in the workbook (xlsx).", "Nog {0} in de werkmap (xlsx)."),
    "short": ("In short", "In het kort"),
    "grid": (
        "Which imports cannot be replaced, by every definition",
        "Welke invoer niet te vervangen is, volgens elke definitie",
    ),
    "grid_note": (
        "Number of products that each published definition calls a dependency, does not, or leaves undecided because an input is missing; and how many it "
        "would call a dependency if every cut lay 10% lower or higher.",
        "Aantal producten dat elke gepubliceerde definitie een afhankelijkheid noemt, niet, of onbeslist laat omdat "
        "een gegeven ontbreekt; en hoeveel het er "
        "zouden zijn als elke grens 10% lager of hoger lag.",
    ),
    "grid_caption": ("Products by definition and verdict", "Producten per definitie en oordeel"),
    "grid_figure": (
        "Verdicts on the products with most yeses, then the largest imports",
        "Oordelen over de producten met de meeste ja's, dan de grootste invoer",
    ),
    "own": ("Own definition.", "Eigen definitie."),
    "agree": ("What is a matter of definition", "Wat een kwestie van definitie is"),
    "agree_note": (
        "For each product that the chosen definition calls a dependency: which definitions say yes, which say no, and which cannot tell. {0} of {1} are "
        "contradicted by at least one.",
        "Voor elk product dat de gekozen definitie een afhankelijkheid noemt: welke definities ja zeggen, welke nee, en welke het niet weten. {0} van {1} "
        "worden door ten minste een tegengesproken.",
    ),
    "agree_aside": (
        "Not counted: {0}, which asks about one named partner only.",
        "Niet meegeteld: {0}, die naar een enkele met name genoemde partner vraagt.",
    ),
    "agree_caption": ("Definitions side by side, by product", "Definities naast elkaar, per product"),
    "from": ("On whom {0} leans", "Op wie {0} leunt"),
    "from_note": (
        "Suppliers from outside of the products that are not ruled out under {0}. Governance is the World Bank's "
        "estimate of political stability (about -2.5 "
        "to 2.5, high is stable; the latest year in the tables, 2022 at most); voting distance is the distance between ideal "
        "points in the UN General Assembly (0 is the same position).",
        "Leveranciers van buiten van de producten die volgens {0} niet zijn uitgesloten. Bestuur is de raming van politieke stabiliteit van de Wereldbank "
        "(ongeveer -2,5 tot 2,5, hoog is stabiel; het laatste jaar in de tabellen, hoogstens 2022); stemafstand is de "
        "afstand tussen ideaalpunten in de Algemene Vergadering van de VN (0 is hetzelfde "
        "standpunt).",
    ),
    "from_caption": (
        "Suppliers of the products that are not ruled out",
        "Leveranciers van de producten die niet zijn uitgesloten",
    ),
    "from_map": (
        "Where the products that are not ruled out come from",
        "Waar de producten vandaan komen die niet zijn uitgesloten",
    ),
    "from_sum": (
        "Trade-weighted voting distance: {0} (over {1} of the trade). Concentration of these suppliers (HHI): {2}; "
        "weighted by voting distance, sum of share² × "
        "distance / largest distance: {3}; weighted by governance, sum of share² × (2.5 − estimate) × 2: {4}.",
        "Handelsgewogen stemafstand: {0} (over {1} van de handel). Concentratie van deze leveranciers (HHI): {2}; "
        "gewogen met stemafstand, som van aandeel² × "
        "afstand / grootste afstand: {3}; gewogen met bestuur, som van aandeel² × (2,5 − raming) × 2: {4}.",
    ),
    "list": ("Products under {0}", "Producten volgens {0}"),
    "list_note": (
        "Products that meet the definition or stay undecided, the largest import value first, with the governance and "
        "voting distance of the largest supplier.",
        "Producten die aan de definitie voldoen of onbeslist blijven, de grootste invoerwaarde eerst, met bestuur en "
        "stemafstand van de grootste leverancier.",
    ),
    "list_caption": ("Dependent and undecided products", "Afhankelijke en onbesliste producten"),
    "re": ("What re-exports could change", "Wat wederuitvoer kan veranderen"),
    "re_note": (
        "Imports that only pass through are no dependence, but these flows do not show which they are. The bounds are "
        "over every way to take up to the stated "
        "part of a product's imports off its suppliers. Taking the same part off every supplier would change no share and no verdict.",
        "Invoer die alleen doorgaat is geen afhankelijkheid, maar deze stromen tonen niet welke dat is. De marges "
        "gelden voor elke manier om tot het genoemde "
        "deel van de invoer van een product bij zijn leveranciers weg te nemen. Overal hetzelfde deel wegnemen verandert geen aandeel en geen oordeel.",
    ),
    "re_anchor": (
        "For scale: in {0}, {1} of the EUR {2} bn of Dutch goods imports went straight to re-export (CBS, {3}).",
        "Ter vergelijking: in {0} ging {1} van de EUR {2} mld Nederlandse goedereninvoer rechtstreeks naar wederuitvoer (CBS, {3}).",
    ),
    "re_caption": ("Verdicts under stated bounds for re-exports", "Oordelen onder gestelde marges voor wederuitvoer"),
    "re_even": (
        "How much may pass through before the verdict could turn",
        "Hoeveel er mag doorgaan voordat het oordeel kan omslaan",
    ),
    "re_none": (
        "The verdicts of {0} cannot be bounded here: a criterion needs exports, a cut that was read, or another year.",
        "De oordelen van {0} zijn hier niet te begrenzen: een criterium vraagt uitvoer, een gelezen grens of een ander jaar.",
    ),
    "re_declared": (
        "Every way to leave re-exported imports out, from nothing to the smaller of imports and exports where the flows do not declare them.",
        "Elke manier om wederuitgevoerde invoer weg te laten; van niets tot de kleinste van invoer en uitvoer waar de stromen haar niet opgeven.",
    ),
    "reverse": ("Who leans on {0}", "Wie op {0} leunt"),
    "reverse_note": (
        "Partners that take more than half of their imports of a product from the reporter, as their own imports show it.",
        "Partners die van een product meer dan de helft van hun invoer uit de rapporteur halen, zoals hun eigen invoer laat zien.",
    ),
    "reverse_nobody": (
        "No partner takes more than half of its imports of a product from {0}.",
        "Geen partner haalt van een product meer dan de helft van zijn invoer uit {0}.",
    ),
    "reverse_through": (
        "Inside the EU these flows name the country of consignment: goods from elsewhere that came in through {0} count as deliveries of {0}.",
        "Binnen de EU noemen deze stromen het land van verzending: goederen van elders die via {0} binnenkwamen, tellen als leveringen van {0}.",
    ),
    "reverse_none": (
        "These flows hold imports of EU members only, so what countries outside take from {0} is not in them; the "
        "EC's supply shares and cited positions below "
        "stand in for it. World trade (BACI) would show it.",
        "Deze stromen bevatten alleen invoer van EU-lidstaten; wat landen daarbuiten uit {0} halen staat er niet in. "
        "De aanbodaandelen van de EC en de geciteerde "
        "posities hieronder vullen dat aan. Wereldhandel (BACI) zou het tonen.",
    ),
    "reverse_partners": ("Partners, by number of products", "Partners, naar aantal producten"),
    "reverse_products": ("Heaviest reliance, by value", "Zwaarste afhankelijkheid, naar waarde"),
    "supply": (
        "Share of {0} in world and EU supply of raw materials",
        "Aandeel van {0} in het wereld- en EU-aanbod van grondstoffen",
    ),
    "supply_note": (
        "Shares are bounds, because the study prints them rounded. Unknown is not printed there, which is not zero.",
        "Aandelen zijn marges, omdat de studie ze afgerond geeft. Onbekend is daar niet afgedrukt, en dat is niet nul.",
    ),
    "chips": ("Places of {0} in the chip chain, as cited", "Plaatsen van {0} in de chipketen, zoals geciteerd"),
    "chips_note": (
        "Single cited figures; they differ in measure and basis and are never added up. `schakel data source chip_positions iso3=NLD` shows the place in "
        "the source of each.",
        "Losse geciteerde cijfers; zij verschillen in maat en grondslag en worden nooit opgeteld. `schakel data source chip_positions iso3=NLD` toont "
        "van elk de plaats in de bron.",
    ),
    "control": ("Control points: five numbers, never one score", "Controlepunten: vijf getallen, nooit één score"),
    "control_note": (
        "Unique: concentration of world exports. Valuable: unit value of exports over the world's. Depended upon: "
        "partners that take more than half from the "
        "reporter. Reciprocal: how much more others lean on the reporter than it on them. Domestic: world share without re-exports.",
        "Uniek: concentratie van de werelduitvoer. Waardevol: prijs per eenheid van de uitvoer ten opzichte van de "
        "wereld. Afhankelijk: partners die meer dan de "
        "helft uit de rapporteur halen. Wederkerig: hoeveel meer anderen op de rapporteur leunen dan hij op hen. Eigen: wereldaandeel zonder wederuitvoer.",
    ),
    "control_caption": (
        "Control-point profile of the products most depended upon",
        "Controlepuntprofiel van de producten waarop het meest wordt geleund",
    ),
    "control_lacks": (
        "Unknown here: unique, valuable, reciprocal and domestic need world trade (BACI), the last also re-exports.",
        "Hier onbekend: uniek, waardevol, wederkerig en eigen vragen wereldhandel (BACI), het laatste ook wederuitvoer.",
    ),
    "strategic": ("The strategic subset, judged by people", "De strategische deelverzameling, door mensen beoordeeld"),
    "strategic_note": (
        "Strategic is a dependency that serves a public interest and cannot be replaced in the short term. Both are "
        "judged by people, never computed: {0} of {1} "
        "judged products {2} strategic.",
        "Strategisch is een afhankelijkheid die een publiek belang dient en op korte termijn niet te vervangen is. "
        "Beide beoordelen mensen, nooit het programma: "
        "{0} van {1} beoordeelde producten {2} strategisch.",
    ),
    "strategic_none": (
        "Nobody has recorded a judgement yet; `schakel judge` records one. Without it no product is called strategic.",
        "Niemand heeft nog een oordeel vastgelegd; `schakel judge` legt er een vast. Zonder oordeel heet geen product strategisch.",
    ),
    "standings": ("Where each judged product stands", "Hoe elk beoordeeld product ervoor staat"),
    "trail": ("Trail: every judgement, in the order recorded", "Spoor: elk oordeel, in volgorde van vastlegging"),
    "missing": ("What is missing", "Wat ontbreekt"),
    "missing_caption": ("Criteria that stay unknown", "Criteria die onbekend blijven"),
    "all_known": ("No criterion of {0} lacks an input.", "Geen criterium van {0} mist een gegeven."),
    "check": (
        "The JSON beside this report can be computed again and compared: schakel receipt verify {0}.",
        "De JSON naast dit rapport kan opnieuw worden berekend en vergeleken: schakel receipt verify {0}.",
    ),
    # column headings
    "definition": ("definition", "definitie"),
    "yes": ("yes", "ja"),
    "no": ("no", "nee"),
    "open": ("undecided", "onbeslist"),
    "lower": ("yes, cuts 10% lower", "ja, grens 10% lager"),
    "higher": ("yes, cuts 10% higher", "ja, grens 10% hoger"),
    "status": ("source read", "bron gelezen"),
    "verified": ("{0} of {1} elements", "{0} van {1} onderdelen"),
    "product": ("product", "product"),
    "name": ("name", "naam"),
    "imports": ("imports", "invoer"),
    "verdict": ("dependent", "afhankelijk"),
    "top": ("top supplier", "grootste leverancier"),
    "supplier": ("supplier", "leverancier"),
    "share": ("share", "aandeel"),
    "leads": ("products led", "grootste bij"),
    "governance": ("governance", "bestuur"),
    "distance": ("voting distance", "stemafstand"),
    "says_yes": ("yes by", "ja volgens"),
    "says_no": ("no by", "nee volgens"),
    "says_open": ("cannot tell", "weet niet"),
    "part": ("passes through, up to", "gaat door, hoogstens"),
    "sure_yes": ("surely dependent", "zeker afhankelijk"),
    "either": ("could be either", "kan beide"),
    "sure_no": ("surely not", "zeker niet"),
    "even": ("turns at", "slaat om bij"),
    "least": ("least severe", "mildste oordeel"),
    "most": ("most severe", "strengste oordeel"),
    "turns": ("criteria that could turn", "criteria die kunnen omslaan"),
    "partner": ("partner", "partner"),
    "majority": ("products above one half", "producten boven de helft"),
    "value": ("value", "waarde"),
    "reliance": ("part of its imports", "deel van zijn invoer"),
    "material": ("material", "grondstof"),
    "stage": ("stage", "stap"),
    "world": ("world", "wereld"),
    "eu": ("EU supply", "EU-aanbod"),
    "step": ("step", "stap"),
    "country": ("country", "land"),
    "measure": ("measure", "maat"),
    "year": ("year", "jaar"),
    "mark": ("how read", "hoe gelezen"),
    "source": ("source", "bron"),
    "unique": ("unique", "uniek"),
    "valuable": ("valuable", "waardevol"),
    "depended_upon": ("depended upon", "afhankelijk"),
    "reciprocal": ("reciprocal", "wederkerig"),
    "domestic_share": ("domestic", "eigen"),
    "standing": ("standing", "stand"),
    "question": ("question", "vraag"),
    "answer": ("answer", "antwoord"),
    "author": ("author", "auteur"),
    "reason": ("reason", "reden"),
    "recorded": ("recorded (UTC)", "vastgelegd (UTC)"),
    "event": ("event hash", "hash"),
    "criterion": ("criterion", "criterium"),
    "products": ("products", "producten"),
    "why": ("lacks", "mist"),
    # values
    "production": ("production", "productie"),
    "sales": ("sales", "verkoop"),
    "exports": ("exports", "uitvoer"),
    "capacity": ("capacity", "capaciteit"),
    "site": ("by site", "naar vestiging"),
    "headquarters": ("by head office", "naar hoofdkantoor"),
    "customs": ("by customs border", "naar douanegrens"),
    "public_interest": ("public interest", "publiek belang"),
    "short_term_replaceable": ("replaceable in the short term", "op korte termijn vervangbaar"),
    "unclear": ("unclear", "onduidelijk"),
}

# Captions too long for the name of a sheet: 31 characters at most.
SHEETS: dict[str, tuple[str, str]] = {
    "grid_caption": ("By definition", "Per definitie"),
    "agree_caption": ("Side by side", "Naast elkaar"),
    "from_caption": ("Suppliers", "Leveranciers"),
    "list_caption": ("Products", "Producten"),
    "re_caption": ("Re-exports, bounds", "Wederuitvoer, marges"),
    "re_even": ("Re-exports, turning points", "Wederuitvoer, omslagpunten"),
    "reverse_partners": ("Leaning, by partner", "Leunend, per partner"),
    "reverse_products": ("Leaning, by product", "Leunend, per product"),
    "supply": ("Supply shares", "Aanbodaandelen"),
    "chips": ("Chip chain", "Chipketen"),
    "control_caption": ("Control points", "Controlepunten"),
    "standings": ("Strategic subset", "Strategische deelverzameling"),
    "trail": ("Trail of judgements", "Spoor van oordelen"),
    "missing_caption": ("Missing", "Ontbreekt"),
}


def say(key: str, lang: str, *values: object) -> str:
    """Return a text in a language, its places filled."""
    return localised(dict(zip(("en", "nl"), T[key], strict=True)), lang).format(*values)
