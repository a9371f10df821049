"""Does a commitment keep its kind in other words, and does ordinary text hold none? Sentences made up for this test."""

from __future__ import annotations

from datetime import date

import pytest

from schakel.dossiers.commitments import find

MADE = date(2025, 2, 3)

SENTENCES: dict[str, tuple[str, ...]] = {
    "belofte_kamer": (
        "Ik zal uw Kamer voor de zomer informeren over de uitkomsten van het onderzoek.",
        "De Kamer ontvangt dit rapport uiterlijk in het derde kwartaal.",
        "Over de voortgang wordt uw Kamer halfjaarlijks geïnformeerd.",
        "Ik kom hier in het voorjaar van 2026 bij uw Kamer op terug.",
        "Het kabinet stuurt de evaluatie begin 2026 naar de Tweede Kamer.",
        "De resultaten zal ik met uw Kamer delen zodra deze bekend zijn.",
        "Uw Kamer wordt hierover na de zomer nader bericht.",
        "Ik verwacht u hierover in april te kunnen informeren.",
        "Voor het zomerreces zal de minister van Financiën de Kamer een brief sturen over de dekking.",
        "In de volgende voortgangsrapportage zal ik uw Kamer hierover berichten.",
        "De reactie op het advies wordt in maart aan uw Kamer aangeboden.",
        "I will inform the House about the outcome before the summer.",
        "Nog dit kwartaal leg ik het ontwerpbesluit aan uw Kamer voor.",
        "Wij berichten u hierover uiterlijk 1 mei.",
        "Het eindrapport zal worden toegezonden aan de Tweede Kamer.",
        "In oktober rapporteert de minister opnieuw aan de Kamer.",
        "U ontvangt van mij voor de begrotingsbehandeling een overzicht.",
        "We will send you an update in the autumn.",
        "Voor het einde van het jaar zal ik de Kamer over de stand van de onderhandelingen inlichten.",
        "Een afschrift van het besluit zend ik u te zijner tijd toe.",
        "Uw Kamer kan de beleidsreactie in juni tegemoetzien.",
        "De staatssecretaris zal u daar separaat over informeren.",
        "Ik hoop u voor de kerst meer duidelijkheid te geven.",
        "Deze verkenning bied ik uw Kamer in het najaar aan.",
    ),
    "voornemen": (
        "Het kabinet is voornemens de regeling in 2026 te verlengen.",
        "Ik zal met de sector in gesprek gaan over de knelpunten.",
        "De komende periode wordt de aanpak verder uitgewerkt met gemeenten.",
        "Nederland zal zich in Brussel inzetten voor een gelijk speelveld.",
        "Momenteel wordt onderzocht of de drempel omlaag kan.",
        "Het kabinet verkent de mogelijkheden voor een nieuw fonds.",
        "Volgend jaar start het ministerie een proef in drie regio's.",
        "De komende jaren wil Nederland de samenwerking met Japan verdiepen.",
        "Ook wordt gekeken naar de mogelijkheid om aan de volgende ronde mee te doen.",
        "Ik ben van plan de subsidie dit najaar open te stellen.",
        "Het kabinet werkt aan een wetsvoorstel dat dit mogelijk maakt.",
        "The government intends to renew the scheme next year.",
        "Het ministerie gaat de loketten samenvoegen.",
        "Komend jaar breiden we de proef uit naar alle provincies.",
        "Wij zijn voornemens het besluit aan te passen.",
        "Daarom zullen er extra inspecteurs worden aangesteld.",
        "In 2026 wordt de regeling geëvalueerd.",
        "Het kabinet bereidt een wijziging van de wet voor.",
        "Ik ga met de provincies afspraken maken over de ruimte.",
        "Het kabinet zal de norm in 2027 aanscherpen.",
        "We gaan de subsidie stapsgewijs afbouwen.",
        "Dit jaar start ik een onderzoek naar de keten.",
        "De minister van Defensie is voornemens extra drones te kopen.",
        "Binnenkort wordt een tweede tender opengesteld.",
    ),
    "verwachting": (
        "De Europese Commissie zal naar verwachting in 2026 met een voorstel komen.",
        "De inwerkingtreding van de wet is voorzien per 1 januari 2027.",
        "Het advies van de SER verschijnt eind 2025.",
        "Naar verwachting is de fabriek medio 2026 gereed.",
        "De Commissie komt in het vierde kwartaal met een herziening.",
        "De oplevering van het rapport wordt in december verwacht.",
        "The Commission is expected to present its proposal in 2026.",
        "De verwachting is dat de onderhandelingen in juni worden afgerond.",
        "Het CPB publiceert in maart nieuwe ramingen.",
        "ASML zal volgend jaar een nieuwe hal openen.",
        "De wet treedt naar verwachting op 1 juli 2026 in werking.",
        "De Raad zal naar verwachting in mei een standpunt innemen.",
        "Het PBL levert in oktober de definitieve cijfers op, zo wordt verwacht.",
        "De bouw van de fabriek is naar verwachting in 2027 klaar.",
    ),
    "doel": (
        "Het doel is dat in 2030 de helft van de chips in Europa wordt ontworpen, ofwel 50%.",
        "Het kabinet streeft naar een aandeel van 20% in 2035.",
        "Onze ambitie is om in 2040 klimaatneutraal te zijn.",
        "De doelstelling van 3% R&D-uitgaven blijft staan.",
        "Nederland wil de uitstoot in 2030 met 55% verminderd hebben, zo luidt de doelstelling voor 2030.",
        "The target is a share of 20% by 2030.",
        "Het streven is om de achterstand voor 2028 te halveren.",
        "We willen in 2030 op 15% van het bbp uitkomen, dat is het doel.",
        "De ambitie is een verdubbeling van de export in 2035.",
        "Doel is om voor 2030 honderdduizend mensen om te scholen.",
        "Nederland streeft ernaar in 2030 10% van de markt te bedienen.",
    ),
    "verzoek_kamer": (
        "De leden Jansen en Pietersen hebben de regering verzocht een plan op te stellen.",
        "De vaste commissie voor Economische Zaken heeft mij gevraagd te reageren op het rapport.",
        "Uw Kamer heeft in een motie gevraagd om een overzicht van de kosten.",
        "De motie van het lid De Vries verzoekt de regering de norm te verlagen.",
        "Uw commissie verzocht mij om een brief over de stand van de voorraden.",
        "De Kamer heeft de regering opgeroepen het tempo te verhogen.",
        "Op verzoek van de vaste commissie voor Financiën ga ik hierop in.",
        "Het lid Bakker vroeg mij de cijfers te sturen.",
        "De Kamer verzoekt de regering de regeling te versoepelen.",
        "De fractie van de VVD vraagt naar de gevolgen voor het mkb, zoals de leden van die fractie eerder hebben gevraagd.",
    ),
    "uitgesteld": (
        "De evaluatie is vertraagd en verschijnt later dan gepland.",
        "Het is niet haalbaar gebleken de brief op tijd te sturen.",
        "De besluitvorming hierover laat ik aan een volgend kabinet.",
        "De publicatie is uitgesteld tot na de verkiezingen.",
        "Dit besluit is aan het volgende kabinet.",
        "The report has been postponed until next year.",
        "Helaas loopt de oplevering vertraging op.",
        "De beslissing laten we over aan een nieuw kabinet.",
        "Het is niet gelukt de brief voor de zomer te sturen.",
        "De invoering is met een jaar uitgesteld.",
        "Door de val van het kabinet is het wetsvoorstel vertraagd.",
    ),
    "reeds_geinformeerd": (
        "Uw Kamer is hierover op 3 maart geïnformeerd.",
        "Ik heb de Kamer eerder een brief gestuurd over de voortgang.",
        "De Kamer is bij brief van 5 mei ingelicht over deze keuze.",
        "Vorig jaar heeft het kabinet de nota aan uw Kamer aangeboden.",
        "De cijfers zijn in januari met uw Kamer gedeeld.",
        "The House was informed about this in March.",
        "Met de brief van 12 april heb ik u hierover bericht.",
        "Eerder is uw Kamer gemeld dat de proef stopt.",
        "De Kamer ontving in mei een eerste overzicht.",
        "Bij brief van 8 juli is uw Kamer over deze keuze geïnformeerd.",
        "Over de uitkomst heb ik u op 2 juni een brief gestuurd.",
    ),
    "toezegging_geregistreerd": (
        "In het commissiedebat van 12 december heb ik toegezegd de Kamer te informeren over de tarieven.",
        "Tijdens het debat van 8 oktober zegde ik toe met de sector te spreken (TZ202410-055).",
        "Toezegging gedaan tijdens het tweeminutendebat om de cijfers te sturen (TZ202411-003).",
        "Tijdens het vragenuur van 4 maart heeft de minister toegezegd de gegevens te delen.",
        "Met deze brief kom ik tegemoet aan de toezegging uit het debat van 3 april (TZ202504-021).",
    ),
    "toezegging_ongeregistreerd": (
        "In mijn brief van 4 mei heb ik toegezegd de lijst te actualiseren.",
        "Aan de Kamer is toegezegd dat er een overzicht komt.",
        "Zoals toegezegd aan uw Kamer ga ik in op de kosten.",
        "Ik heb uw Kamer toegezegd dit uit te zoeken.",
    ),
}  # fmt: skip

PLAIN = (
    "De halfgeleidersector is belangrijk voor de Nederlandse economie.",
    "In deze brief ga ik in op de gevolgen van de maatregel.",
    "Aan het project is 20 miljoen euro subsidie toegezegd.",
    "De vraag naar chips zal in de komende jaren toenemen.",
    "Bedrijven moeten in hun jaarverslag over hun ketens rapporteren.",
    "Het onderzoek laat zien dat de kosten zijn gestegen.",
    "De regeling bestaat sinds 2019 en kent drie onderdelen.",
    "De wereldmarkt groeit volgens onderzoekers met 8 procent per jaar.",
    "Het instrument is bedoeld voor het mkb.",
    "Dit zou tot hogere prijzen kunnen leiden.",
    "De lidstaten hebben in 2023 een akkoord bereikt.",
    "De Kamer bestaat uit 150 leden.",
    "Nederland en Duitsland werken al jaren samen.",
    "De kosten bedragen ruim 3 miljoen euro per jaar.",
    "De regeling kost jaarlijks 12 miljoen euro.",
    "Hierbij zend ik u de antwoorden op de vragen.",
    "Het rapport is opgesteld door onderzoekers van TNO.",
    "De prijs van energie is de laatste jaren gestegen.",
    "Volgens de gemeente zijn er genoeg woningen.",
    "Nederland telt ruim 300 chipbedrijven.",
    "De tarieven zijn vorig jaar verhoogd.",
    "De minister is verantwoordelijk voor het stelsel.",
    "Het bedrijf werd in 1984 opgericht.",
    "Uw Kamer debatteerde op 4 maart over dit onderwerp.",
    "Uit het onderzoek volgt dat een derde van de leerlingen te weinig leest.",
    "Met deze brief informeer ik uw Kamer over de uitkomsten.",
)

CASES = [(kind, text) for kind, texts in SENTENCES.items() for text in texts]


def kinds(text: str) -> set[str]:
    return {c.kind for c in find(text, MADE)}


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_kind(kind: str, text: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_holds_none(text: str) -> None:
    assert kinds(text) == set()


def test_precision_over_all_sentences() -> None:
    read = [(kind, got) for kind, text in CASES for got in kinds(text)] + [("", got) for t in PLAIN for got in kinds(t)]
    right = sum(kind == got for kind, got in read)
    assert right / len(read) >= 0.9


def test_a_year_ahead_makes_an_intention_and_a_year_gone_by_none() -> None:
    after, before = MADE.year + 1, MADE.year - 1
    assert kinds(f"In {after} vernieuwt het kabinet de strategie.") == {"voornemen"}
    assert kinds(f"Vanaf {after} financiert Nederland ook proeffabrieken.") == {"voornemen"}
    assert kinds(f"In {before} vernieuwt het kabinet de strategie.") == set()
    assert kinds(f"In {before} worden de eerste projecten gestart.") == set()
    assert kinds(f"In {after} worden de eerste projecten gestart.") == {"voornemen"}
    assert kinds(f"In {after} heeft Nederland een eigen proeffabriek.") == set()
