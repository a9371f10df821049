"""Is what cannot be right in a letter reported, with its place and a reason, and is a sound letter left in peace?"""

from __future__ import annotations

import datetime as dt

import pytest

from schakel.dossiers.anomalies import anomalies
from schakel.dossiers.citations import cite
from schakel.dossiers.finding import DossierFinding
from schakel.dossiers.reading import read_bytes
from shared import DATA, SHARED, needs_shared


def doubts(original: str, date: dt.date | None = None) -> list[DossierFinding]:
    letter = read_bytes(original.encode(), "letter.txt")
    cited = cite(letter.text, date=date)
    found = anomalies(letter.text, footnotes=letter.footnotes, citations=cited.citations, date=date)
    for f in found:
        assert original[f.start : f.end].startswith(f.quote)
        assert f.sentence["en"] and f.sentence["nl"]
    return found


CASES = [
    ("Op 31 februari 2025 is besloten.", "date-impossible", "31 februari 2025", None),
    ("Het overleg van 31 juni gaat niet door.", "date-impossible", "31 juni", None),
    ("Zie de brief van 30-02-2024.", "date-impossible", "30-02-2024", None),
    ("Hierover sprak ik op vrijdag 7 december 2024 in de raad.", "date-weekday", "vrijdag 7 december 2024", None),
    (
        "(d.d. 17 oktober, 2025) hebben de leden verzocht. Ik zal uw Kamer in Q1 2025 informeren.",
        "date-after-letter",
        "17 oktober, 2025",
        "2024-10-17",
    ),
    (
        "Ons kenmerk\nDGBI / 43421416\n\nDatum\n\nBetreft De inzet\n\nGeachte Voorzitter,\n",
        "date-missing",
        "Datum",
        None,
    ),
    ("De minister,\n\n[Ondertekenaar 2]\n", "placeholder", "[Ondertekenaar 2]", None),
    (
        "Verwacht wordt dat de markt in 2030 de 1000 miljard overschrijdt, wat veel is.",
        "unit-missing",
        "1000 miljard",
        None,
    ),
    (
        "Er zijn ca. 300 bedrijven en scholen. Elders: 336 bedrijven / scholen.",
        "count-differs",
        "ca. 300 bedrijven en scholen",
        "336",
    ),
    (
        "Zo profiteren fonicabedrijven van kennis. Nederlandse fotonicabedrijven groeien.",
        "spelling",
        "fonicabedrijven",
        "fotonicabedrijven",
    ),
    ("Dit dient de bescherming van van gezondheid.", "word-twice", "van van", "van"),
    ("De motie van het lid van Dijk over sectoren. Later: motie Dijk over sectoren.", "name-variant", "van Dijk", None),
    ("De motie Kostić c.s. is uitgevoerd; de motie Kostic vraagt een visie.", "name-variant", "Kostic", None),
    (
        "Eerst dit.1 Dan niets. En dit slot.3 Einde.\nNoot een.↩︎\nNoot twee.↩︎\nNoot drie.↩︎\n",
        "footnote-without-mark",
        "Noot twee.",
        None,
    ),
    (
        "De brief.[footnoteRef:1] En meer.[footnoteRef:2] [1:  Kamerstuk 33 009, nr. 138]",
        "footnote-without-note",
        "[footnoteRef:2]",
        None,
    ),
]


@pytest.mark.parametrize(("text", "kind", "quote", "reading"), CASES)
def test_each_kind_of_error_is_reported_at_its_place(text: str, kind: str, quote: str, reading: str | None) -> None:
    found = [f for f in doubts(text) if f.kind == kind]
    assert any(quote in f.quote for f in found), doubts(text)
    assert reading is None or reading in {f.best_reading for f in found}


SOUND = [
    "Op vrijdag 6 december 2024 heb ik gesproken met de Commissie.",
    "Op 29 februari 2024 is de brief verzonden.",
    "De regeling loopt vanaf 1 januari 2026; uiterlijk 31 december 2027 zal ik rapporteren.",
    "Dit kost 230 miljoen euro en € 1,6 miljard, ruim 300 miljoen dollar en 7 miljoen mensen.",
    "Van de 35 tot 70 miljoen euro komt de helft uit Europa.",
    "Het kabinet zegt dat dat kan, en dat die die keuze maakt.",
    "De investering en investeringen, ontwikkeling en ontwikkelingen, strategisch en strategische.",
    "De motie van de leden Dassen en Grinwis en de motie Dassen en Grinwis.",
    "Datum 17 oktober 2025\nBetreft Industriebeleid\n",
    "Er zijn 12 bedrijven en 30 scholen. Van de 12 bedrijven en 30 scholen doen er 5 mee.",
]


@pytest.mark.parametrize("text", SOUND)
def test_sound_sentences_raise_no_doubt(text: str) -> None:
    assert doubts(text) == []


def test_a_day_after_the_known_date_of_the_letter() -> None:
    text = "Op 3 mei 2025 heeft de Kamer hierom gevraagd."
    assert [f.kind for f in doubts(text, dt.date(2024, 12, 20))] == ["date-after-letter"]
    assert doubts(text, dt.date(2025, 5, 3)) == []


def test_digits_of_a_citation_are_no_date_or_count() -> None:
    assert doubts("Zie Kamerstuk 33 009, nr. 138 en Staatscourant 2023, 18212.") == []


@needs_shared
def test_errors_of_the_labelled_letters() -> None:
    from schakel.dossiers.score_citations import anomalies as score

    scored = {s.measure: s.value for s in score(DATA / "truth", SHARED / "letters")}
    assert scored["recall"] >= 0.7
    assert scored["precision"] >= 0.8
    for kind in (
        "date error",
        "missing date",
        "missing unit",
        "typo",
        "probable dossier typo",
        "wrong label",
        "unfilled placeholder",
    ):
        assert scored[f"recall:{kind}"] == 1, kind


SLIPS = [
    ("Een ecoysteem van bedrijven groeit hier.", "spelling", "ecoysteem", "ecosysteem"),
    ("De Ruintelijke Visie volgt.", "spelling", "Ruintelijke", "ruimtelijke"),
    ("Wij vragen om minderregeldruk en energie.", "space-missing", "minderregeldruk", "minder regeldruk"),
    ("De tabel heeft Half-geleiders; de halfgeleiders groeien.", "hyphen-left", "Half-geleiders", "Halfgeleiders"),
    ("Het stijgt 8.7% dit jaar, 8,4% daarna en 1,5% later.", "decimal-mark", "8.7%", "8,7%"),
    ("Daarnaast kan het beleid kan ook worden ingezet.", "verb-twice", "kan het beleid kan", None),
    (
        "Het project QuantumdeltaNL loopt.\n\nVoor QuantumDelta NL is geld.\n\nQuantumdeltaNL groeit.",
        "name-form",
        "QuantumDelta NL",
        None,
    ),
    (
        "In 2023 wordt de Critical Raw Material Act verwacht.",
        "name-near",
        "Critical Raw Material Act",
        "Critical Raw Materials Act",
    ),
    ("Binnen NEXTGEN Hightech is geld.", "name-near", "NEXTGEN Hightech", "NXTGEN Hightech"),
    (
        "Met de Health Emergency Preparedness Authority and Response Authority (HERA).",
        "name-near",
        "Health Emergency Preparedness Authority and Response Authority",
        "Health Emergency Preparedness and Response Authority",
    ),
    ("Integrale aanpak\n|\n|---|\nVoorts gaan wij door.", "content-lost", "Integrale aanpak\n|\n|---|", None),
]


@pytest.mark.parametrize(("text", "kind", "quote", "reading"), SLIPS)
def test_each_slip_of_the_pen_or_converter_is_reported(text: str, kind: str, quote: str, reading: str | None) -> None:
    assert [(f.kind, f.quote, f.best_reading) for f in doubts(text)] == [(kind, quote, reading)]


@pytest.mark.parametrize(
    "text",
    [
        "Het drugsbeleid en het drugbeleid, verlengen en verlenen, verslagen en verlagen.",
        "Wij zullen de visa verlengen en de lasten verlagen; vertrekken mag.",
        "De EU-verordening en de EU verordening gelden voor de EU Chips Act en de EU-Chips Act.",
        "Het stijgt 8,7% in 2.024 en 5% daarna.",
        "Dit kan en dat kan ook. Dat is wat het is de moeite waard.",
        "De Critical Raw Materials Act, Photondelta, Horizon Europe’s doelen, het Net Zero Industry Act en het Innovation Fund.",
        "| Markt | Groei |\n|---|---|\n| Chips | 8 |\n",
        "De begrotingsbehandeling en de begroting van Sociale Zaken, met meer investeringen en minder regels.",
    ],
)
def test_what_only_looks_like_a_slip_is_left_in_peace(text: str) -> None:
    assert doubts(text) == []


def test_the_word_list_knows_its_own_words() -> None:
    from schakel.dossiers.spelling import words

    assert len(words()) > 2_000
    assert [f for f in doubts(" ".join(sorted(words()))) if f.kind in ("spelling", "space-missing")] == []


@needs_shared
def test_official_papers_raise_next_to_no_doubt() -> None:
    from schakel.dossiers.reading import read

    told = []
    for path in sorted((DATA / "tweede_kamer" / "motie_xml").glob("*.xml")):
        letter = read(path)
        day = dt.date.fromisoformat(letter.meta["date"])
        cited = cite(letter.text, own_dossier=letter.meta["dossier"], date=day)
        told += [*cited.findings, *anomalies(letter.text, citations=cited.citations, date=day)]
    assert len(told) <= 2
