"""Which headings and fixed sentences does the report of a scenario have, in Dutch and English?"""

from __future__ import annotations

from schakel.reports.words import localised

T: dict[str, dict[str, str]] = {
    "subtitle": {"en": "Scenario {0}, from {1}, {2} days", "nl": "Scenario {0}, vanaf {1}, {2} dagen"},
    "short": {"en": "In short", "nl": "In het kort"},
    "said": {"en": "The scenario", "nl": "Het scenario"},
    "measures": {"en": "Who does what to whom", "nl": "Wie doet wat tegen wie"},
    "against": {"en": "What stands against it", "nl": "Wat ertegenover staat"},
    "stocks": {"en": "Stocks when it begins", "nl": "Voorraden bij het begin"},
    "behind": {"en": "Where the scenario comes from", "nl": "Waar het scenario op rust"},
    "no_measures": {
        "en": "No measures: every lens returns the baseline exactly.",
        "nl": "Geen maatregelen: elke lens geeft precies de uitgangstoestand.",
    },
    "lenses": {"en": "Lenses side by side", "nl": "Lenzen naast elkaar"},
    "lenses_note": {
        "en": "Each lens answers another question, so there is no one number. "
        "A band runs from the 5th to the 95th percentile of {0} draws of the uncertain numbers; "
        "the distance between the lenses is the doubt about the form of the model.",
        "nl": "Elke lens beantwoordt een andere vraag, dus één getal is er niet. "
        "Een band loopt van het 5e tot het 95e percentiel van {0} trekkingen van de onzekere getallen; "
        "de afstand tussen de lenzen is de twijfel over de vorm van het model.",
    },
    "chain": {"en": "The same scenario on the chain", "nl": "Hetzelfde scenario op de keten"},
    "bands": {"en": "Four bands", "nl": "Vier banden"},
    "dearer": {
        "en": "Of the loss, what users pay more for goods that come round a restriction: {0} (median).",
        "nl": "Van het verlies is wat gebruikers meer betalen voor goederen die om een beperking heen komen: {0} (mediaan).",
    },
    "path": {"en": "Output lost over time", "nl": "Weggevallen productie in de tijd"},
    "path_note": {
        "en": "Share of the output of the whole {0} that is not made, by week; below zero output catches up. Each lens has its own scale. "
        "The floor has none: many allocations over time are equally good.",
        "nl": "Deel van de productie van de hele {0} dat niet wordt gemaakt, per week; onder nul wordt ingehaald. Elke lens heeft een eigen schaal. "
        "De vloer heeft er geen: vele verdelingen over de tijd zijn even goed.",
    },
    "stop": {"en": "Time to the first stop", "nl": "Tijd tot de eerste stilstand"},
    "stop_note": {
        "en": "First day on which an industry makes nothing or nearly nothing. Draws in which none stops are counted apart. "
        "The floor and the long run have no days.",
        "nl": "Eerste dag waarop een bedrijfstak niets of bijna niets meer maakt. Trekkingen zonder stilstand zijn apart geteld. "
        "De vloer en de lange termijn kennen geen dagen.",
    },
    "where": {"en": "Loss by country", "nl": "Verlies per land"},
    "ranking": {"en": "Who loses most", "nl": "Wie verliest het meest"},
    "ranking_note": {
        "en": "Mean loss over the draws. The interval says between which ranks an industry falls when draws are resampled.",
        "nl": "Gemiddeld verlies over de trekkingen. Het interval zegt tussen welke plaatsen een bedrijfstak valt als trekkingen opnieuw worden getrokken.",
    },
    "marginal": {"en": "What one more unit is worth", "nl": "Wat één eenheid meer waard is"},
    "marginal_note": {
        "en": "Under the floor: value added saved by one more dollar of the product at a choke point ({0}). "
        "Choke points of equal value stand in one row.",
        "nl": "Onder de vloer: toegevoegde waarde die één dollar meer van het product op een knelpunt redt ({0}). "
        "Knelpunten van gelijke waarde staan in één rij.",
    },
    "mitigation": {"en": "What each mitigation brings", "nl": "Wat elke maatregel oplevert"},
    "mitigation_note": {
        "en": "Lens: {0}. The same draws with and without, so differences are of the mitigation and not of chance. "
        "The thin line is the band of what is left.",
        "nl": "Lens: {0}. Dezelfde trekkingen met en zonder, dus verschillen komen van de maatregel en niet van toeval. "
        "De dunne lijn is de band van wat overblijft.",
    },
    "none": {"en": "none of them", "nl": "geen van alle"},
    "stock_days": {"en": "Loss by days of stock held", "nl": "Verlies naar dagen voorraad"},
    "sensitivity": {"en": "Which uncertain number moves the loss", "nl": "Welk onzeker getal het verlies beweegt"},
    "published": {"en": "Published figures beside ours", "nl": "Gepubliceerde cijfers naast de onze"},
    "published_note": {
        "en": "Tolerances stand in the scenario file and were written down before the run. A miss is shown as a miss.",
        "nl": "Toleranties staan in het scenariobestand en zijn vóór de berekening opgeschreven. Een misser staat er als misser.",
    },
    "lacking": {"en": "What lacks data", "nl": "Wat gegevens mist"},
    "assumed": {"en": "Assumptions and notes", "nl": "Aannamen en kanttekeningen"},
    "noncommercial": {
        "en": "Not for commercial use: {0} went into this result. Rows are not passed on; whoever shows it names the source and the licence.",
        "nl": "Niet voor commercieel gebruik: {0} zit in deze uitkomst. Rijen worden niet doorgegeven; wie haar toont noemt bron en licentie.",
    },
    "week": {"en": "week", "nl": "week"},
    "loss": {"en": "{0}, lens {1}: loss {2} ({3} to {4})", "nl": "{0}, lens {1}: verlies {2} ({3} tot {4})"},
    "of": {"en": "{0}, {1} of value added.", "nl": "{0}, {1} van de toegevoegde waarde."},
    "of_only": {
        "en": "{0}, lens {1}: {2} of value added lost ({3} to {4}).",
        "nl": "{0}, lens {1}: {2} van de toegevoegde waarde weg ({3} tot {4}).",
    },
}  # fmt: skip

PHRASES: dict[str, dict[str, str]] = {
    "by": {"en": "by {0}", "nl": "door {0}"},
    "plants": {"en": "from plants in {0}", "nl": "uit vestigingen in {0}"},
    "owner": {"en": "of owners in {0}", "nl": "van eigenaren in {0}"},
    "control": {"en": "under control of {0}", "nl": "onder zeggenschap van {0}"},
    "actor": {"en": "of {0}", "nl": "van {0}"},
    "to": {"en": "against {0}", "nl": "tegen {0}"},
    "uses": {"en": "only for makers of {0}", "nl": "alleen voor makers van {0}"},
    "cut": {"en": "{0} is cut", "nl": "{0} valt weg"},
    "rate": {"en": "rate {0}", "nl": "tarief {0}"},
    "start": {"en": "from day {0} ({1})", "nl": "vanaf dag {0} ({1})"},
    "starts": {"en": "starting on day {0}", "nl": "beginnend op dag {0}"},
    "end": {"en": "to day {0}", "nl": "tot dag {0}"},
    "lasting": {"en": "for {0} days", "nl": "gedurende {0} dagen"},
    "open": {"en": "to the end of the run", "nl": "tot het eind van de berekening"},
    "phase": {"en": "coming in over {0} days", "nl": "ingaand over {0} dagen"},
    "recovery": {"en": "recovering over {0} days", "nl": "herstellend over {0} dagen"},
    "leak": {"en": "{0} leaks through", "nl": "{0} lekt weg"},
    "after": {"en": "after {0} days", "nl": "na {0} dagen"},
    "via": {"en": "by way of {0}", "nl": "via {0}"},
    "dearer": {"en": "{0} dearer", "nl": "{0} duurder"},
    "granted": {"en": "licences for {0}", "nl": "vergunningen voor {0}"},
    "answer": {"en": "answered by measure {0} {1} days later", "nl": "beantwoord met maatregel {0}, {1} dagen later"},
    "who": {"en": "by {0}", "nl": "door {0}"},
    "likely": {"en": "probability {0}", "nl": "kans {0}"},
    "held": {"en": "{0} days of {1}", "nl": "{0} dagen {1}"},
    "holder": {"en": "held by {0}", "nl": "bij {0}"},
    "released": {"en": "released to who is served first", "nl": "vrijgegeven aan wie voorgaat"},
    "of_goods": {"en": "of {0}", "nl": "van {0}"},
    "grow": {"en": "{0} of world output of {1} in {2}", "nl": "{0} van de wereldproductie van {1} in {2}"},
    "qualify": {"en": "qualified after {0} days", "nl": "goedgekeurd na {0} dagen"},
    "ramp": {"en": "growing over {0} days", "nl": "groeiend over {0} dagen"},
    "again": {"en": "{0} of {1} made again from scrap", "nl": "{0} van {1} opnieuw uit afval"},
    "instead": {"en": "{1} stands in for {0}", "nl": "{1} vervangt {0}"},
    "first": {"en": "{0} are served first", "nl": "{0} gaan voor"},
    "together": {"en": "{0} buy together", "nl": "{0} kopen samen in"},
    "cost": {"en": "cost {0}", "nl": "kosten {0}"},
    "between": {"en": "{0} to {1}", "nl": "{0} tot {1}"},
    "mode": {"en": "{0} to {1} (most likely {2})", "nl": "{0} tot {1} (het waarschijnlijkst {2})"},
    "about": {"en": "about {0} (nine in ten: {1} to {2})", "nl": "ongeveer {0} (negen van de tien: {1} tot {2})"},
}  # fmt: skip


def say(key: str, lang: str, *values: object) -> str:
    """Return a fixed sentence with its values."""
    return localised(T[key], lang).format(*values)
