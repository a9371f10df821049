"""Made-up letters and motions that do what real ones do: promise, ask, answer, defer, correct."""

from __future__ import annotations

from pathlib import Path

PROMISES = """Datum 19 december 2024
Betreft Stand van zaken van de lampenfabriek

Geachte Voorzitter,

Ik ben zelf voornemens om in Q1 2025 een lampentop te organiseren met de buurlanden.

Uw Kamer wordt voor de Voorjaarsnota geïnformeerd over de middelen voor de fabriek.

Tijdens het debat van 10 december 2024 heb ik toegezegd om voor 1 mei 2025 een brief te sturen over het stroomnet
(TZ202412-017).

Het kabinet stelt € 230 miljoen beschikbaar voor PhotonDelta. Voor PhotonDelta is het doel dat ten minste 30% van de banen
in de provincie Drenthe terechtkomt in 2030.
"""
MOTION = """Vergaderjaar 2024-2025
Tweede Kamer der Staten-Generaal
Kamerstukken
36 600 XIII
Vaststelling van de begrotingsstaten
Nr. 77
MOTIE VAN HET LID ZEEZICHT C.S.
Voorgesteld 20 maart 2025
De Kamer,
gehoord de beraadslaging,
overwegende dat lampen licht geven;
verzoekt de regering om uiterlijk in Q4 van 2025 een actieplan voor de toekomst van de lampenfabriek te maken en de Kamer hierover te informeren,
en gaat over tot de orde van de dag.
Zeezicht
"""
ANSWER = """Nummer: 2025D00042
Datum 17 oktober 2025
Betreft Lampenbeleid met focus

Geachte Voorzitter,

Met deze brief geef ik uitvoering aan diverse toezeggingen.[^1] Hiermee geef ik invulling aan de motie Zeezicht c.s.[^2]

Het kabinet heeft € 220,5 miljoen beschikbaar gesteld voor PhotonDelta. Voor PhotonDelta is het doel dat ten minste 25% van de
banen in de provincie Drenthe terechtkomt in 2030.

[^1]: Toezegging tijdens het debat van 10 december 2024 om een brief te sturen over het stroomnet (TZ202412-017).
[^2]: Motie Zeezicht c.s. over een actieplan voor de lampenfabriek, Kamerstuk 36 600 XIII, nr. 77.
"""
CORRECTED = PROMISES.replace(
    "Uw Kamer wordt voor de Voorjaarsnota geïnformeerd over de middelen voor de fabriek.",
    "Uw Kamer wordt voor de Voorjaarsnota volledig geïnformeerd over alle middelen voor de fabriek.",
)


def write(folder: Path, **letters: str) -> dict[str, Path]:
    """Write letters to a folder and return their paths by name."""
    folder.mkdir(parents=True, exist_ok=True)
    out = {}
    for name, text in letters.items():
        out[name] = folder / f"{name}.txt"
        out[name].write_text(text, encoding="utf-8")
    return out
