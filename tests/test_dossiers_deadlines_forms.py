"""Are forms of deadlines read that no labelled row has, in sentences made up for this test, and traps left alone?"""

from __future__ import annotations

from datetime import date

import pytest

from schakel.dossiers.deadlines import find

REQUEST = "verzoekt de regering "

# made_on, dossier, what is requested, kind, last day (None: no day can be named)
FORMS = [
    # calendar: days, months, quarters, parts of a year, with roll-over
    ("2024-02-13", "", "de Kamer uiterlijk 1 juli te informeren over de opbrengst,", "calendar", "2024-07-01"),
    ("2024-10-02", "", "de Kamer uiterlijk 1 juli te informeren over de opbrengst,", "calendar", "2025-07-01"),
    ("2024-03-05", "", "vóór 15 mei 2024 met een voorstel te komen,", "calendar", "2024-05-14"),
    ("2025-03-27", "", "de uitkomst van dit overleg voor 1 september 2025 met de Kamer te delen,", "calendar", "2025-08-31"),
    ("2024-12-19", "", "in Q3 de Kamer een tussenstand te sturen,", "calendar", "2025-09-30"),
    ("2024-12-19", "", "in januari een brief naar de Kamer te sturen,", "calendar", "2025-01-31"),
    ("2024-05-14", "", "uiterlijk in het derde kwartaal een plan te presenteren,", "calendar", "2024-09-30"),
    ("2024-05-14", "", "in de tweede helft van 2024 verslag te doen aan de Kamer en haar te informeren,", "calendar", "2024-12-31"),
    ("2024-05-14", "", "eind 2024 over de voortgang te rapporteren,", "calendar", "2024-12-31"),
    ("2024-05-14", "", "begin 2025 de Kamer hierover te informeren,", "calendar", "2025-03-31"),
    ("2024-05-14", "", "medio 2025 de evaluatie naar de Kamer te sturen,", "calendar", "2025-07-15"),
    ("2024-05-14", "", "nog dit jaar met een wetsvoorstel te komen,", "calendar", "2024-12-31"),
    ("2024-05-14", "", "dit voor het eind van dit jaar te regelen,", "calendar", "2024-12-31"),
    ("2024-05-14", "", "hierover voor het einde van 2025 te rapporteren,", "calendar", "2025-12-31"),
    ("2024-05-14", "", "de Kamer hierover voor 2026 te informeren,", "calendar", "2025-12-31"),
    ("2024-05-14", "", "deze kaart voor eind november aan de Kamer te sturen,", "calendar", "2024-11-30"),
    ("2024-05-14", "", "uiterlijk in 2027 alle sluizen te hebben nagekeken,", "calendar", "2027-12-31"),
    ("2024-11-07", "", "dat aanvullende pakket in het voorjaar van 2025 aan de Kamer voor te leggen,", "calendar", "2025-06-20"),
    ("2025-01-28", "", "de Kamer voor de maand april bij te praten en te informeren,", "calendar", "2025-03-31"),
    ("2025-01-28", "", "requests the government to report to the House no later than 1 June 2025,", "calendar", "2025-06-01"),
    ("2025-01-28", "", "requests the government to inform the House by the end of 2025,", "calendar", "2025-12-31"),
    ("2025-01-28", "", "uiterlijk aan het einde van het tweede kwartaal de cijfers met de Kamer te delen,", "calendar", "2025-06-30"),
    ("2025-01-28", "", "de Kamer voor 1-7-2025 te informeren,", "calendar", "2025-06-30"),
    # durations
    ("2025-01-28", "", "binnen tien weken met een reactie te komen,", "duration", "2025-04-08"),
    ("2025-01-28", "", "de Kamer binnen veertien dagen te informeren,", "duration", "2025-02-11"),
    ("2025-01-31", "", "binnen één maand een brief te sturen,", "duration", "2025-02-28"),
    ("2025-01-28", "", "binnen een half jaar een voorstel te doen,", "duration", "2025-07-28"),
    ("2025-01-28", "", "binnen anderhalf jaar de wet te wijzigen,", "duration", "2026-07-28"),
    ("2025-01-28", "", "de Kamer uiterlijk over zes maanden te informeren,", "duration", "2025-07-28"),
    ("2025-01-28", "", "binnen vier tot zes weken uitsluitsel te geven aan de Kamer,", "duration", "2025-03-11"),
    ("2025-01-28", "", "binnen drie maanden na aanneming van deze motie een tijdpad te sturen,", "duration", "2025-04-28"),
    ("2025-01-28", "", "requests the government to submit a plan within three months,", "duration", "2025-04-28"),
    ("2025-01-28", "", "te bezien hoe dit kan en hierover binnen zes weken te rapporteren,", "duration", "2025-03-11"),
    ("2025-01-28", "", "binnen 100 dagen een routekaart aan de Kamer te sturen,", "duration", "2025-05-08"),
    ("2025-01-28", "", "binnen afzienbare tijd, maar maximaal binnen een jaar, de lijst te actualiseren,", "duration", "2026-01-28"),
    # recesses, also with a year that follows from the date
    ("2023-12-20", "", "voor het voorjaarsreces een brief te sturen,", "event", "2024-02-15"),
    ("2024-03-06", "", "voor het meireces een besluit te nemen,", "event", "2024-04-25"),
    ("2024-10-10", "", "de Kamer voor de zomer te informeren,", "event", "2025-07-03"),
    ("2024-09-10", "", "voor het herfstreces met een overzicht te komen,", "event", "2024-10-24"),
    ("2024-09-10", "", "nog vóór het kerstreces van 2024 duidelijkheid te geven,", "event", "2024-12-19"),
    ("2025-05-20", "", "dit voor aanvang van het zomerreces te doen,", "event", "2025-07-03"),
    ("2025-05-20", "", "voor het reces een brief aan de Kamer te sturen,", "event", "2025-07-03"),
    ("2025-01-28", "", "voor het krokusreces de Kamer te informeren,", "event", "2025-02-20"),
    ("2024-05-29", "", "direct na het zomerreces een voorstel aan de Kamer te sturen,", "event", "2024-09-15"),
    ("2024-05-29", "", "voor het einde van het zomerreces de Kamer in te lichten en te informeren,", "event", "2024-09-01"),
    ("2025-03-11", "", "de Kamer hier voor de zomervakantie over te informeren,", "event", "2025-07-03"),
    ("2025-03-11", "", "dit voor het einde van het parlementaire jaar af te ronden en de Kamer te informeren,", "event", "2025-07-03"),
    # budget cycle
    ("2024-10-15", "", "dit te betrekken bij de Voorjaarsnota 2025,", "event", "2025-04-18"),
    ("2024-01-30", "", "uiterlijk bij de Voorjaarsnota een dekking te presenteren,", "event", "2024-04-15"),
    ("2025-05-20", "", "bij de volgende Voorjaarsnota middelen vrij te maken,", "event", "2026-06-01"),
    ("2024-10-15", "", "de Kamer voor de Najaarsnota te informeren,", "event", "2024-11-28"),
    ("2024-06-11", "", "in de Miljoenennota aan te geven hoe dit wordt bekostigd,", "event", "2024-09-17"),
    ("2025-06-11", "", "op Prinsjesdag een plan aan de Kamer voor te leggen,", "event", "2025-09-16"),
    ("2024-06-11", "", "bij de augustusbesluitvorming ruimte te vinden,", "event", "2024-08-31"),
    ("2024-06-11", "", "in het Belastingplan 2025 een overgangsregeling op te nemen,", "event", "2024-09-17"),
    ("2024-04-10", "", "bij de ontwerpbegroting 2025 een doelenkaart te voegen en aan te bieden,", "event", "2024-09-17"),
    ("2024-05-29", "36560", "als onderdeel van de LNV-begroting voor 2025 een verbeterplan aan de Kamer voor te leggen,", "event", "2024-09-17"),
    ("2025-03-11", "", "dit voor Verantwoordingsdag op orde te hebben en de Kamer te informeren,", "event", "2025-05-20"),
    ("2024-06-11", "", "voor de Algemene Politieke Beschouwingen met een reactie te komen,", "event", "2024-09-17"),
    # budget debates by ministry
    ("2024-06-18", "31839", "de Kamer voor de begrotingsbehandeling te informeren,", "event", "2024-10-22"),
    ("2024-06-18", "29544", "de Kamer voor de komende begrotingsbehandeling te informeren,", "event", "2024-11-26"),
    ("2024-06-18", "", "voor de behandeling van de begroting van het ministerie van Economische Zaken te rapporteren,", "event", "2024-10-15"),
    ("2024-06-18", "", "voor de begrotingsbehandeling Landbouw een brief te sturen,", "event", "2024-10-15"),
    ("2024-06-18", "29398", "voor de begrotingsbehandeling IenW 2025 een lijst te sturen,", "event", "2024-10-08"),
    ("2024-02-01", "36410-XVI", "voor de volgende begrotingsbehandeling een evaluatie te sturen,", "event", "2024-10-22"),
    ("2024-06-18", "33576", "ruim voor de begrotingsbehandeling van Justitie en Veiligheid een brief te sturen,", "event", "2024-11-19"),
    # debates and other meetings
    ("2024-02-01", "", "de Kamer voor het commissiedebat Visserij te informeren,", "event", None),
    ("2024-02-01", "", "voorafgaand aan het wetgevingsoverleg Water een brief te sturen,", "event", None),
    ("2024-10-09", "", "tijdig voor de JBZ-Raad van 12 en 13 december een brief te sturen,", "event", "2024-12-11"),
    ("2025-05-14", "", "voor de NAVO-top met een inzet te komen,", "event", "2025-06-23"),
    ("2025-05-14", "", "voor de verkiezingen van 29 oktober 2025 helderheid te geven aan de Kamer,", "event", "2025-10-28"),
    ("2024-02-01", "", "de uitgangspunten voorafgaand aan de notificatie van de regeling met de Kamer te delen,", "event", None),
    ("2024-02-01", "", "de Kamer bij de eerstvolgende voortgangsbrief hierover te informeren,", "event", None),
    ("2024-02-01", "", "hierop in de volgende voortgangsrapportage terug te komen,", "event", None),
    ("2025-06-11", "", "voor de start van het nieuwe schooljaar een handreiking te publiceren,", "event", "2025-08-31"),
    # carrier letters, soft words, conditions
    ("2025-02-11", "", "dit op te nemen in de voortgangsbrief, die voor de zomer wordt verwacht,", "event", "2025-07-03"),
    ("2025-02-11", "", "zo spoedig mogelijk met een reactie te komen,", "soft", None),
    ("2025-02-11", "", "op zeer korte termijn met de sector te spreken,", "soft", None),
    ("2025-02-11", "", "de Kamer te informeren zodra het advies is ontvangen,", "conditional", None),
    # the same, as motions word it
    ("2024-01-25", "", "in overleg met de VNG voor het voorjaarsreces tot een oplossing te komen,", "event", "2024-02-15"),
    ("2024-02-29", "", "na te gaan welke gemeenten dit doen en de Kamer daar uiterlijk voor het zomerreces over te informeren,", "event", "2024-07-04"),
    ("2024-04-11", "", "een plan op te stellen, en dit uiterlijk bij de aankomende Voorjaarsnota aan de Kamer voor te leggen,", "event", "2024-04-15"),
    ("2024-04-18", "36410-VIII", "deze pilot te evalueren en de Kamer ruim voor de eerstvolgende begrotingsbehandeling te informeren,", "event", "2024-11-26"),
    ("2024-05-16", "", "met een tijdlijn te komen en deze nog voor de zomer naar de Kamer te sturen,", "event", "2024-07-04"),
    ("2024-05-23", "", "bij de komende ontwerpbegroting inzichtelijk te maken welke middelen hiervoor zijn,", "event", "2024-09-17"),
    ("2024-06-06", "", "dit mee te nemen in de besluitvorming rondom Prinsjesdag,", "event", "2024-09-17"),
    ("2024-06-13", "", "voor 1 december de Kamer een evaluatie te doen toekomen,", "calendar", "2024-11-30"),
    ("2024-06-27", "", "de Kamer voor het eind van het zomerreces te informeren over de voortgang,", "event", "2024-09-01"),
    ("2024-07-03", "", "in het najaar met een uitgewerkt voorstel naar de Kamer te komen,", "calendar", "2024-12-20"),
    ("2024-09-19", "36600", "voor de begrotingsbehandeling VWS inzichtelijk te maken hoeveel het kost,", "event", "2024-10-22"),
    ("2024-09-26", "", "uiterlijk in het eerste kwartaal 2025 met een wetsvoorstel te komen,", "calendar", "2025-03-31"),
    ("2024-10-03", "", "hiervoor voor het kerstreces een voorstel te doen,", "event", "2024-12-19"),
    ("2024-10-10", "", "voor de komende JBZ-Raad met gelijkgezinde landen te overleggen en de Kamer te informeren,", "event", None),
    ("2024-10-30", "", "voor de wetsbehandeling van de Wet toelating terbeschikkingstelling een reactie te sturen,", "event", None),
    ("2024-11-07", "36600-XX", "de Kamer in de eerste helft van volgend jaar te rapporteren,", "calendar", "2025-06-30"),
    ("2024-11-14", "", "voor eind januari 2025 een brief aan de Kamer te zenden,", "calendar", "2025-01-31"),
    ("2024-11-21", "36600-VI", "de uitvoering hiervan binnen een jaar te evalueren en de Kamer daarover te berichten,", "duration", "2025-11-21"),
    ("2024-12-04", "", "bij de voorjaarsnotabesluitvorming te zoeken naar dekking,", "event", "2025-04-18"),
    ("2024-12-12", "", "in het nieuwe jaar zo snel mogelijk met een plan te komen,", "soft", None),
    ("2024-12-18", "", "uiterlijk 31 januari 2025 duidelijkheid te verschaffen aan de sector,", "calendar", "2025-01-31"),
    ("2025-01-16", "", "over uiterlijk een half jaar de stand van zaken te melden,", "duration", "2025-07-16"),
    ("2025-01-30", "", "binnen uiterlijk twee maanden met een aanpak te komen,", "duration", "2025-03-30"),
    ("2025-02-06", "", "tijdens het eerstvolgende commissiedebat Wapenexport hierop terug te komen,", "event", None),
    ("2025-02-20", "", "de Kamer vóór de eerstvolgende Europese Raad te informeren over de inzet,", "event", "2025-03-19"),
    ("2025-03-06", "", "na het meireces met een tijdpad te komen,", "event", "2025-06-08"),
    ("2025-03-20", "", "uiterlijk voor de start van het kerstreces 2025 te rapporteren,", "event", "2025-12-18"),
    ("2025-04-03", "", "voor de NAVO-top in juni een standpunt in te nemen en de Kamer te informeren,", "event", "2025-06-23"),
    ("2025-04-17", "", "de Kamer hier na de zomer, maar uiterlijk voor de begrotingsbehandeling Defensie, over te informeren,", "event", "2026-03-02"),
    ("2025-05-14", "", "voor 2026 te komen met een herziene richtlijn en deze met de Kamer te delen,", "calendar", "2025-12-31"),
    ("2025-05-28", "", "de bevindingen uiterlijk begin september te presenteren,", "calendar", "2025-09-10"),
    ("2025-06-12", "", "voor het einde van het kalenderjaar tot afspraken te komen,", "calendar", "2025-12-31"),
    ("2025-06-19", "", "bij de Najaarsnota 2025 terug te komen op de onderuitputting,", "event", "2025-11-30"),
    ("2025-07-02", "", "het besluit voor de Tweede Kamerverkiezingen aan de Kamer voor te leggen,", "event", "2025-10-28"),
    ("2025-09-03", "", "nog voor de verkiezingen met een noodwet te komen,", "event", "2025-10-28"),
    ("2025-09-10", "", "nog deze maand met de gemeenten om tafel te gaan,", "calendar", "2025-09-30"),
    ("2025-09-18", "", "vóór de behandeling van het Belastingplan 2026 een alternatief uit te werken,", "event", "2025-11-10"),
    ("2025-09-25", "", "binnen vier weken na de verkiezingen een overdrachtsdossier te maken,", "conditional", None),
    ("2025-10-01", "", "uiterlijk voor kerst opheldering te geven,", "event", "2025-12-24"),
    ("2024-03-14", "", "voor de aanstaande Landbouw- en Visserijraad van 26 maart de Kamer te informeren,", "event", "2024-03-25"),
    ("2024-06-19", "", "in de meicirculaire van 2025 gemeenten hierover te informeren,", "event", "2025-05-31"),
    ("2024-01-18", "", "afspraken te maken over een smartphoneverbod en de Kamer vóór het meireces te informeren;", "event", "2024-04-25"),
    ("2024-02-07", "", "de Kamer uiterlijk in mei 2024 een concreet voorstel te doen voor aanvullende capaciteit,", "calendar", "2024-05-31"),
    ("2024-02-14", "", "om met een visie te komen op de toekomst van de visserij, en deze voor de zomer van 2024 te presenteren,", "event", "2024-07-04"),
    ("2024-03-13", "", "bij de Voorjaarsnota met dekking te komen voor het tekort;", "event", "2024-04-15"),
    ("2024-05-22", "", "ten spoedigste een brief te sturen,", "soft", None),
    ("2024-05-30", "", "nog voor de formatie een doorrekening met de Kamer te delen,", "event", None),
    ("2024-06-05", "", "uiterlijk half september met een regeling te komen,", "calendar", "2024-09-20"),
    ("2024-06-20", "", "in de eerstvolgende voortgangsrapportage, voorzien in het najaar, hierop in te gaan,", "event", None),
    ("2024-07-04", "", "in de eerste week na het zomerreces de Kamer een feitenrelaas te sturen,", "event", "2024-09-08"),
    ("2024-09-12", "", "uiterlijk bij de behandeling van de begroting van Onderwijs duidelijkheid te geven,", "event", "2024-11-27"),
    ("2024-09-19", "", "binnen een jaar na inwerkingtreding de effecten te evalueren,", "conditional", None),
    ("2024-10-10", "", "de Kamer uiterlijk eind dit jaar te berichten over de uitkomsten,", "calendar", "2024-12-31"),
    ("2024-10-24", "", "voor het voorjaar van 2025 een aanvalsplan te presenteren,", "calendar", "2025-03-19"),
    ("2024-11-13", "", "de Kamer voor de behandeling van de Voorjaarsnota 2025 te informeren,", "event", "2025-04-17"),
    ("2024-11-27", "", "daartoe in het eerste kwartaal van het komende jaar een wetsvoorstel in te dienen,", "calendar", "2025-03-31"),
    ("2025-01-22", "", "de raming uiterlijk 15 maart aan de Kamer te doen toekomen;", "calendar", "2025-03-15"),
    ("2025-02-12", "", "voor het herfstreces 2025 de uitkomsten te delen,", "event", "2025-10-02"),
    ("2025-03-12", "", "in de loop van dit jaar met een verbod te komen en de Kamer hierover te informeren,", "calendar", "2025-12-31"),
    ("2025-04-09", "", "voor de Europese Raad van 26 en 27 juni steun te verwerven en de Kamer te informeren,", "event", "2025-06-25"),
    ("2025-05-07", "", "over drie maanden verslag te doen van de vorderingen,", "duration", "2025-08-07"),
    ("2025-05-21", "", "uiterlijk op Prinsjesdag een spreidingsplan te presenteren,", "event", "2025-09-16"),
    ("2025-06-11", "", "bij de eerstvolgende MIRT-brief de Kamer te informeren,", "event", None),
    ("2025-06-25", "", "vóór de start van het academisch jaar een noodregeling te treffen,", "event", "2025-08-31"),
    ("2025-07-01", "", "het voorstel in te trekken voor 1 augustus,", "calendar", "2025-07-31"),
    ("2025-09-09", "", "binnen drie dagen een tijdlijn naar de Kamer te sturen,", "duration", "2025-09-12"),
    ("2025-09-24", "", "vóór de verkiezingen geen onomkeerbare stappen te zetten,", "event", "2025-10-28"),
    ("2025-10-01", "", "in Q1 2026 te starten met de uitrol en de Kamer daarover te informeren,", "calendar", "2026-03-31"),
]  # fmt: skip

# sentences with words of time that set no deadline for the government
TRAPS = [
    ("2024-12-19", "middelen naar voren te halen voor 2025,"),
    ("2024-05-14", "in de begroting geld te reserveren voor 2026,"),
    ("2024-11-28", "de indexatie voor 2025 uit te voeren,"),
    ("2025-09-25", "platforms te verplichten beelden binnen een uur te verwijderen,"),
    ("2025-05-14", "aan te geven hoe Nederland binnen drie jaar tot de top kan behoren,"),
    ("2025-05-14", "te onderzoeken of patiënten binnen twee weken terechtkunnen bij een arts,"),
    ("2025-03-26", "te regelen dat studenten binnen een jaar na hun diploma recht houden op begeleiding,"),
    ("2024-05-14", "vast te houden aan de wettelijke termijn van 42 dagen,"),
    ("2024-05-14", "de bezuiniging vanaf 2027 te schrappen,"),
    ("2024-05-14", "de regeling met twee jaar te verlengen,"),
    ("2024-05-14", "af te zien van de 2040-doelen,"),
    ("2024-05-14", "de lessen uit 2019 te betrekken bij het beleid,"),
    ("2024-05-14", "te bevorderen dat huurders binnen een maand hun borg terugkrijgen,"),
    ("2024-05-14", "20 miljoen euro per jaar vrij te maken,"),
    ("2024-05-14", "de belemmeringen voor de ratificatie weg te nemen,"),
    ("2024-05-14", "geen gaten in de begroting te dekken met boetes,"),
    ("2024-05-14", "in de Europese Raad te pleiten voor een verbod,"),
    ("2024-05-14", "het programma tot 2030 voort te zetten,"),
    ("2024-05-14", "te onderzoeken welk bedrag in 2026 nodig is om scholen te isoleren,"),
    ("2024-05-14", "de minimumleeftijd van 14 jaar te handhaven,"),
    ("2024-05-14", "zich te laten adviseren door de Raad voor de leefomgeving,"),
    ("2024-05-14", "in de zomer meer treinen naar de kust te laten rijden,"),
    ("2024-05-14", "de gevolgen van de Voorjaarsnota voor gemeenten te schetsen,"),
    ("2024-05-14", "te bewerkstelligen dat gemeenten uiterlijk binnen acht weken op een aanvraag beslissen,"),
    ("2024-09-26", "te onderzoeken hoe asielzoekers binnen drie maanden aan het werk kunnen,"),
    ("2024-09-26", "de eigen bijdrage in 2026 niet te verhogen,"),
    ("2024-09-26", "zich te verzetten tegen een verbod vanaf 2035,"),
    ("2024-09-26", "de korting op het gemeentefonds in 2026 te voorkomen,"),
    ("2024-09-26", "de huurprijzen per 1 juli 2025 niet te laten stijgen,"),
    ("2024-09-26", "het kabinetsbesluit over de begroting van 2025 te heroverwegen,"),
    ("2024-09-26", "te regelen dat een melding binnen 24 uur wordt opgevolgd,"),
    ("2024-09-26", "de doelstellingen voor 2030 uit het Klimaatakkoord los te laten,"),
    ("2024-09-26", "uit te spreken dat het debat over de zomertijd kan worden gesloten,"),
    ("2024-09-26", "de wachttijden binnen de jeugdzorg terug te dringen,"),
    ("2024-09-26", "een looptijd van ten minste vijf jaar te hanteren,"),
    ("2024-09-26", "de resultaten van het onderzoek van vorig jaar te benutten,"),
    ("2024-09-26", "jaarlijks 100 miljoen euro te besparen,"),
]  # fmt: skip


@pytest.mark.parametrize(("made_on", "dossier", "text", "kind", "until"), FORMS)
def test_form(made_on: str, dossier: str, text: str, kind: str, until: str | None) -> None:
    text = text if text.startswith("requests") else REQUEST + text
    binding = [d for d in find(text, date.fromisoformat(made_on), dossier=dossier or None) if d.binding]
    assert [d.kind for d in binding if d.kind == kind], binding
    found = next(d for d in binding if d.kind == kind)
    assert (found.hi.isoformat() if found.hi else None) == until
    assert found.quote == text[found.start : found.end]


@pytest.mark.parametrize(("made_on", "text"), TRAPS)
def test_trap(made_on: str, text: str) -> None:
    assert [d for d in find(REQUEST + text, date.fromisoformat(made_on)) if d.binding] == []


def test_there_are_enough_forms() -> None:
    assert len(FORMS) >= 60
    assert len({text for *_, text, _, _ in FORMS}) >= 60


@pytest.mark.parametrize("who", ["bedrijven", "de sector", "gemeenten"])
def test_a_sentence_about_what_others_do_sets_no_deadline(who: str) -> None:
    text = f"Dat {who} uiterlijk in november hun plannen indienen, is van belang."
    assert find(text, date(2025, 10, 1)) == []
    assert find(f"Het loopt. {text}", date(2025, 10, 1)) == []
    for own in (
        "Dat ik uw Kamer uiterlijk in november informeer, is afgesproken.",
        "verzoekt de regering te zorgen dat bedrijven uiterlijk in november indienen,",
    ):
        (one,) = find(own, date(2025, 10, 1))
        assert one.binding
        assert one.hi == date(2025, 11, 30)
