"""Does the mirror keep what the House said last, whatever the order, number and form of arrivals, and only that?"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.errors import InputError, IntegrityError, MachineError, NotFoundError
from schakel.sources.tweedekamer import ENTITIES, Counts, Mirror, Row, recognises
from schakel.sources.tweedekamer.entities import infer, named
from schakel.sources.tweedekamer.merge import first, merged
from schakel.sources.tweedekamer.values import day, stamp
from shared import needs_shared
from tweedekamer_sample import RECORDED, case, cases, entry, feed, fields, key, zaak_entry

OLD, NEW = "2024-01-01T00:00:00Z", "2024-06-01T00:00:00.5Z"
MOTION = """<?xml version="1.0" encoding="UTF-8"?>
<officiele-publicatie><metadata>{meta}</metadata><kamerstuk>
<dossier><dossiernummer><dossiernr>33 009</dossiernr></dossiernummer><titel>Innovatiebeleid</titel></dossier>
<stuk><stuknr>Nr. <ondernummer kamer="2">173</ondernummer></stuknr>
<titel>GEWIJZIGDE MOTIE VAN HET LID THIJSSEN C.S. TER VERVANGING VAN DIE GEDRUKT ONDER NR. 169</titel>
<datumtekst>Voorgesteld <datum isodatum="2025-10-02">2 oktober 2025</datum></datumtekst>
<algemeen><vrije-tekst><tekst status="goed"><al>De Kamer,</al><al>gehoord de beraadslaging,</al>
<al>overwegende dat stikstofruimte schaars is;</al><al>verzoekt de regering een stikstofbank op te richten;</al>
<al>verzoekt de regering de Kamer voor de zomer te informeren,</al><al>en gaat over tot de orde van de dag.</al>
<al-groep><al>Thijssen</al><al>Kostić</al></al-groep></tekst></vrije-tekst></algemeen></stuk></kamerstuk></officiele-publicatie>"""
META = (
    '<meta name="DC.identifier" content="kst-33009-173"/><meta name="OVERHEIDop.indiener" content="I. Kostić"/>'
    '<meta name="OVERHEIDop.indiener" content="J. Thijssen"/><meta name="DC.type" content="Motie"/>'
)


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    return Mirror(tmp_path / "home" / "official.sqlite")


def save(folder: Path, name: str, value: object) -> Path:
    path = folder / name
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return path


def state(mirror: Mirror) -> list[tuple[object, ...]]:
    """Return everything the mirror says, so that two can be compared."""
    con = mirror.store.con
    records = con.execute(
        "SELECT entity, id, number, updated, deleted, whole, fields, stamps, links FROM record"
    ).fetchall()
    ordered = [(*r[:6], *(json.dumps(json.loads(c), sort_keys=True) if c else "" for c in r[6:])) for r in records]
    docs = con.execute("SELECT entity, key, kind, number, date, title, body FROM doc").fetchall()
    relations = con.execute(
        "SELECT r.entity, r.id, l.name, l.target FROM relation AS l JOIN record AS r ON r.rid = l.rid"
    ).fetchall()
    con.execute("INSERT INTO found(found, rank) VALUES ('integrity-check', 1)")  # the index says what the table says
    return [tuple(sorted(part)) for part in (ordered, docs, relations)]


def test_recorded_cases_come_in_once(mirror: Mirror, tmp_path: Path) -> None:
    records = cases()
    path = save(tmp_path, "zaak_page.json", records)
    assert recognises(path)
    counts = mirror.import_file(path)
    assert (counts.read, counts.new, counts.refused) == (len(records), len(records), {})
    before = state(mirror)
    again = mirror.import_file(path)
    assert (again.read, again.unchanged, again.kept) == (len(records), len(records), 0)
    assert state(mirror) == before
    one = mirror.get("Zaak", records[0]["Nummer"])
    assert one.id == records[0]["Id"]
    assert one.data["onderwerp"] == records[0]["Onderwerp"]
    assert one.data["afgedaan"] is records[0]["Afgedaan"]
    assert mirror.get("zaak", records[0]["Id"].upper()) == one


@needs_shared
@pytest.mark.parametrize("name", ["zaak_toezegging", "zaak_topical", "document_topical", "document_texts_topical"])
def test_every_recorded_row_is_accounted_for(name: str, mirror: Mirror) -> None:
    path = RECORDED / f"{name}.json"
    rows = json.loads(path.read_text("utf-8"))
    assert recognises(path)
    counts = mirror.import_file(path)
    assert (counts.read, counts.new, counts.refused) == (len(rows), len(rows), {})
    assert mirror.import_file(path).unchanged == len(rows)
    if "texts" not in name:
        entity = next(iter(mirror.counts()))
        held = mirror.get(entity, rows[0]["Id"])
        assert held.data == {**fields(rows[0]), "verwijderd": False}
        assert held.updated == stamp(rows[0]["ApiGewijzigdOp"])


@needs_shared
def test_recorded_papers_say_which_they_are_and_what_they_ask(mirror: Mirror) -> None:
    papers = sorted((RECORDED / "motie_xml").glob("*.xml"))
    for path in papers:
        assert recognises(path)
        assert mirror.import_file(path).read == 1
        assert mirror.import_file(path).unchanged == 1
    mirror.import_file(RECORDED / "document_texts_topical.json")
    motions = mirror.moties()
    assert len(motions) == len(papers) == 77
    texts = {r.data["bestand"]: r.data["tekst"] for r in mirror.rows("Documenttekst")}
    for motion in motions:
        paper = mirror.get("Publicatie", str(motion["kst"]))
        flat = " ".join(texts[paper.data["bestand"]].split())
        assert motion["dictum"], motion["kst"]
        assert motion["dictum"].split("\n")[0] in flat
        assert motion["indieners"], motion["kst"]
        assert paper.data["ondertekenaars"], motion["kst"]
        assert all(name in flat for name in paper.data["ondertekenaars"])
        assert motion["datum"] == day(paper.data["datum"])
        assert motion["kst"] == f"kst-{paper.data['dossier']}-{paper.data['ondernummer']}"


@needs_shared
def test_recorded_cases_and_papers_are_brought_together_by_heading_number_and_day(mirror: Mirror) -> None:
    mirror.import_file(RECORDED / "zaak_topical.json")
    for path in (RECORDED / "motie_xml").glob("*.xml"):
        mirror.import_file(path)
    joined = {m["kst"]: m for m in mirror.moties() if m["koppeling"] == "kop"}
    assert len(joined) >= 10
    one = joined["kst-21501-20-2287"]
    assert one["zaak"] == next(r.number for r in mirror.rows("Zaak") if r.data["onderwerp"] == one["titel"])
    assert str(one["dictum"]).startswith("verzoekt de regering onderzoek te doen naar een prioriteringskader")
    assert one["indieners"][0] == "D.G. Boswijk"
    whole = mirror.moties()
    days = sorted({m["datum"] for m in whole if m["datum"]})
    assert len(days) > 5
    for since in (date.min, *days[:: max(1, len(days) // 6)], days[-1], date.max):
        assert mirror.moties(since=since) == tuple(m for m in whole if m["datum"] is None or m["datum"] >= since)
    for motion in joined.values():
        assert mirror.get("Zaak", str(motion["zaak"])).data["volgnummer"] == int(str(motion["kst"]).rsplit("-", 1)[1])


def test_a_newer_version_wins_in_either_order(tmp_path: Path) -> None:
    old = case(1, ApiGewijzigdOp=OLD, Onderwerp="oud", Status="Vrijgegeven")
    new = case(1, ApiGewijzigdOp=NEW, Onderwerp="nieuw", Status="Vrijgegeven")
    said = []
    for at, order in enumerate(([old, new], [new, old], [old, new, old, new, new])):
        with Mirror(tmp_path / f"{at}.sqlite") as mirror:
            outcomes = [mirror.import_file(save(tmp_path, "zaak.json", [r])) for r in order]
            assert mirror.get("Zaak", old["Id"]).data["onderwerp"] == "nieuw"
            assert [h.title for h in mirror.search("nieuw OR oud")] == ["nieuw"]
            said.append(state(mirror))
            assert sum(o.read for o in outcomes) == len(order)
            assert outcomes[-1].unchanged + outcomes[-1].outdated + outcomes[-1].changed == 1
    assert said[0] == said[1] == said[2]


_MOMENT = st.sampled_from(["", *(f"2024-0{n}-01T00:00:00.0000000" for n in range(1, 5))])
_ROW = st.builds(
    lambda updated, gone, values, links, whole: Row(
        "Zaak", key(1), updated, {**values, **({} if gone is None else {"verwijderd": gone})}, links, whole
    ),
    _MOMENT,
    st.sampled_from([None, False, False, True]),
    st.dictionaries(st.sampled_from(["nummer", "onderwerp", "status"]), st.sampled_from([None, "a", "b"])),
    st.dictionaries(
        st.sampled_from(["activiteit", "document"]), st.lists(st.sampled_from([key("x"), key("y")])).map(tuple)
    ),
    st.booleans(),
)


@given(st.lists(_ROW, min_size=1, max_size=4))
def test_any_order_and_any_repetition_end_in_the_same_record(rows: list[Row]) -> None:
    ends = []
    for order in permutations(rows):
        held = first(order[0])
        for row in (*order[1:], *order):
            held = merged(held, row)
        ends.append((held.updated, held.deleted, dict(held.fields), dict(held.stamps), dict(held.links)))
    assert all(end == ends[0] for end in ends)


def test_a_deleted_record_is_marked_and_leaves_search(mirror: Mirror, tmp_path: Path) -> None:
    record = case(2, ApiGewijzigdOp=OLD, Onderwerp="halfgeleiders")
    mirror.import_file(save(tmp_path, "zaak.json", [record]))
    assert mirror.search("halfgeleiders")
    gone = feed([entry("Zaak", record["Id"], NEW, deleted=True)])
    assert mirror.import_file(save(tmp_path, "page.xml", gone)).deleted == 1
    assert mirror.search("halfgeleiders") == mirror.search(record["Nummer"]) == ()
    held = mirror.get("Zaak", record["Nummer"])
    assert (held.deleted, held.data) == (True, {"verwijderd": True})
    assert mirror.rows("Zaak") == ()
    assert len(mirror.rows("Zaak", deleted=True)) == 1
    assert mirror.counts() == {"Zaak": (0, 1)}
    late = mirror.import_file(save(tmp_path, "zaak.json", [record]))  # the old version once more
    assert late.outdated == 1
    assert mirror.search("halfgeleiders") == ()


def test_a_deletion_that_arrives_first_stands(mirror: Mirror, tmp_path: Path) -> None:
    record = case(2, ApiGewijzigdOp=OLD, Onderwerp="halfgeleiders")
    mirror.import_file(save(tmp_path, "page.xml", feed([entry("Zaak", record["Id"], NEW, deleted=True)])))
    mirror.import_file(save(tmp_path, "zaak.json", [record]))
    assert mirror.search("halfgeleiders") == ()
    assert mirror.get("Zaak", record["Nummer"]).deleted
    back = case(2, ApiGewijzigdOp="2025-01-01T00:00:00Z", Onderwerp="halfgeleiders")
    mirror.import_file(save(tmp_path, "zaak.json", [back]))
    assert [h.id for h in mirror.search("halfgeleiders")] == [record["Nummer"]]


def test_a_child_before_its_parent_is_kept_and_joined_later(mirror: Mirror, tmp_path: Path) -> None:
    record = case(3)
    actor = entry("ZaakActor", key("actor"), links=[("zaak", record["Id"])], actorNaam="Kostić", relatie="Indiener")
    mirror.import_file(save(tmp_path, "actor.xml", feed([actor])))
    assert mirror.waiting() == {"ZaakActor.zaak": 1}
    child = mirror.rows("ZaakActor")[0]
    assert mirror.linked(child, "zaak") == ()
    assert mirror.linking("ZaakActor", "zaak", record["Id"]) == (child,)
    mirror.import_file(save(tmp_path, "zaak.json", [record]))
    assert [r.number for r in mirror.linked(child, "zaak")] == [record["Nummer"]]
    assert mirror.waiting() == {}
    assert mirror.rows("ZaakActor", zaak=record["Id"]) == (child,)


def test_feed_and_odata_say_the_same_of_a_record(tmp_path: Path) -> None:
    record = cases(1)[0]
    held = []
    for name, content in (("zaak.json", [record]), ("page.xml", feed([zaak_entry(record)]))):
        with Mirror(tmp_path / f"{name}.sqlite") as mirror:
            mirror.import_file(save(tmp_path, name, content))
            held.append(mirror.get("Zaak", record["Id"]))
    assert (held[0].data, held[0].updated, held[0].number) == (held[1].data, held[1].updated, held[1].number)


def test_a_whole_version_drops_what_older_ones_had_more(mirror: Mirror, tmp_path: Path) -> None:
    id = key("t")
    mirror.import_file(
        save(
            tmp_path,
            "1.xml",
            feed([entry("Toezegging", id, OLD, [("activiteit", key("a"))], tekst="een", ministerie="EZ")]),
        )
    )
    mirror.import_file(save(tmp_path, "2.xml", feed([entry("Toezegging", id, NEW, tekst="twee")])))
    held = mirror.get("Toezegging", id)
    assert held.data == {"tekst": "twee", "verwijderd": False}
    assert held.relations["activiteit"] == ()


def test_records_expanded_in_others_are_records_too(mirror: Mirror, tmp_path: Path) -> None:
    document = {
        "Id": key("d"),
        "DocumentNummer": "2025D44449",
        "Soort": "Motie",
        "Onderwerp": "Motie",
        "ApiGewijzigdOp": OLD,
    }
    page = {
        "@odata.context": "https://x/OData/v4/2.0/$metadata#Zaak(Nummer,Document())",
        "value": [case(1, Document=[document])],
    }
    counts = mirror.import_file(save(tmp_path, "page.json", page))
    assert counts.new == counts.read == 2
    assert [r.number for r in mirror.linked(mirror.get("Zaak", key("zaak 1")), "document")] == ["2025D44449"]


def test_what_cannot_be_taken_is_counted_with_its_reason(mirror: Mirror, tmp_path: Path) -> None:
    rows = [case(1), {**case(2), "Id": "none"}, 7, {"Id": key("q"), "What": 1}]
    counts = mirror.import_file(save(tmp_path, "list.json", rows))
    assert counts.refused == {
        "no identifier (Id)": 1,
        "no record but another value": 1,
        "unknown which entity this is": 1,
    }
    assert counts.read == 4 == counts.kept + counts.unchanged + counts.outdated + sum(counts.refused.values())
    page = feed([zaak_entry(case(5)), entry("Raadsel", key("r")), "<entry><title>x</title></entry>"])
    counts = mirror.import_file(save(tmp_path, "page.xml", page))
    assert counts.refused == {"unknown entity <raadsel>": 1, "entry without a record": 1}
    assert (counts.read, counts.new) == (3, 1)


def test_json_lines_packed_and_plain(mirror: Mirror, tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(case(n)) for n in range(1, 6)).encode()
    assert mirror.import_file(save(tmp_path, "zaak.jsonl", lines)).new == 5
    path = save(tmp_path, "zaak.jsonl.gz", gzip.compress(lines))
    assert recognises(path)
    assert mirror.import_file(path).unchanged == 5
    with pytest.raises(InputError, match="no JSON"):
        mirror.import_file(save(tmp_path, "cut.jsonl", lines[:-10]))
    with pytest.raises(InputError, match="damaged"):
        mirror.import_file(save(tmp_path, "cut.jsonl.gz", gzip.compress(lines)[:-20]))


BOMB = b'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><feed>&b;</feed>'
BAD = {
    "entity bomb": (BOMB, "document type"),
    "deep xml": (b"<feed>" + b"<a>" * 5000, "nested too deep"),
    "cut xml": (feed([zaak_entry(case(1))])[:-40], "not whole"),
    "other xml": (b"<html><p>x</p></html>", "unknown entity <html>"),
    "no xml": (b"<", "not whole"),
    "wrong encoding": (b'<?xml version="1.0" encoding="klingon"?><feed/>', "not whole"),
    "paper without number": (b"<officiele-publicatie><kamerstuk/></officiele-publicatie>", "which one it is"),
    "deep json": (b"[" * 100_000, "nested too deep"),
    "cut json": (json.dumps([case(1)]).encode()[:-5], "no JSON"),
    "no number": (b'[{"Id": NaN}]', "NaN"),
    "an error": (b'{"error": {"code": "x", "message": "Too many requests"}}', "Too many requests"),
    "no records": (b'{"a": 1}', "no records"),
    "empty": (b"", "no JSON"),
    "noise": (bytes(range(256)), "no JSON"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_whole(name: str, mirror: Mirror, tmp_path: Path) -> None:
    content, said = BAD[name]
    path = save(tmp_path, "file.dat", content)
    assert recognises(path) in {True, False}
    with pytest.raises(InputError, match=said) as caught:
        mirror.import_file(path)
    assert str(path) in caught.value.where
    assert mirror.counts() == {}


def test_a_packed_bomb_is_refused(mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schakel.sources.tweedekamer.files.MAX_BYTES", 1 << 20)
    path = save(tmp_path, "zaak.json.gz", gzip.compress(b"[" + b" " * (4 << 20) + b"]"))
    with pytest.raises(InputError, match="more than the 1 MB"):
        mirror.import_file(path)


def test_a_refused_file_changes_nothing_even_after_good_rows(mirror: Mirror, tmp_path: Path) -> None:
    lines = [json.dumps(case(n)) for n in range(1, 50)] + ["{"]
    with pytest.raises(InputError, match="line is no JSON"):
        mirror.import_file(save(tmp_path, "zaak.jsonl", "\n".join(lines).encode()))
    assert mirror.counts() == {}
    assert mirror.search("veiligheid") == ()


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (json.dumps([case(1)]).encode(), True),
        (feed([zaak_entry(case(1))]), True),
        (MOTION.format(meta=META).encode(), True),
        (gzip.compress(json.dumps([case(1)]).encode()), True),
        (b'{"title": "a letter"}', False),
        (b'<?xml version="1.0"?><rss><channel/></rss>', False),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>news</title></feed>', False),
        (b"Geachte voorzitter,", False),
        (b"%PDF-1.7", False),
        (b"PK\x03\x04", False),
        (b"\x1f\x8bnonsense", False),
        (b"", False),
    ],
)
def test_recognises_official_records_and_nothing_else(content: bytes, known: bool, tmp_path: Path) -> None:
    assert recognises(save(tmp_path, "any", content)) is known
    assert recognises(tmp_path / "absent") is False
    assert recognises(tmp_path) is False


def test_a_paper_with_and_without_metadata(mirror: Mirror, tmp_path: Path) -> None:
    mirror.import_file(save(tmp_path, "a.xml", MOTION.format(meta="").encode()))
    bare = mirror.get("Publicatie", "kst-33009-173")
    assert bare.data["soort"] == "Motie"
    assert bare.data["vervangt"] == "169"
    assert bare.data["ondertekenaars"] == ["Thijssen", "Kostić"]
    assert bare.data["dictum"].splitlines() == [
        "verzoekt de regering een stikstofbank op te richten;",
        "verzoekt de regering de Kamer voor de zomer te informeren,",
    ]
    (motion,) = mirror.moties()
    assert (motion["datum"], motion["indieners"], motion["zaak"]) == (date(2025, 10, 2), ("Thijssen", "Kostić"), None)
    named_by = '<meta name="OVERHEIDop.externMetadataRecord" content="https://z.nl/kst-33009-XIII-173/metadata.xml"/>'
    mirror.import_file(save(tmp_path, "b.xml", MOTION.format(meta=named_by).encode()))
    assert mirror.get("Publicatie", "kst-33009-XIII-173").data["dossier"] == "33009"
    mirror.import_file(save(tmp_path, "c.xml", MOTION.format(meta=META).encode()))
    assert mirror.get("Publicatie", "kst-33009-173").data["indieners"] == ["J. Thijssen", "I. Kostić"]


def test_commitments_with_all_that_hangs_on_them(mirror: Mirror, tmp_path: Path) -> None:
    first_, second, meeting, party = key("t1"), key("t2"), key("a1"), key("f1")
    entries = [
        entry(
            "Toezegging", second, NEW, [("activiteit", meeting), ("isHerhalingVan", first_), ("isWijzigingVan", key("away")), ("toegezegdAanFractie", party)],
            prefix="ns1:", nummer="TZ202509-007", tekst="De minister zal de Kamer voor de zomer informeren", status="Deels Voldaan",
            naam="V.P.G. Karremans", functie="minister", ministerie="Economische Zaken", aanmaakdatum="2025-09-30T22:30:00Z",
            datumNakoming="2025-10-17T00:00:00", kamerbriefNakoming=["2025D44449", "2025D44450"], activiteitNummer=None,
        ),
        entry("Toezegging", first_, OLD, prefix="ns1:", nummer="TZ202502-139", tekst="Eerste", status="Openstaand"),
        entry("Activiteit", meeting, OLD, nummer="2025A01234", soort="Commissiedebat"),
        entry("Fractie", party, OLD, afkorting="PvdD"),
    ]  # fmt: skip
    random.Random(4).shuffle(entries)
    mirror.import_file(save(tmp_path, "page.xml", feed(entries)))
    one, two = mirror.toezeggingen()
    assert (one["nummer"], one["status"], one["datum"], one["kamerbriefNakoming"]) == (
        "TZ202502-139",
        "Openstaand",
        None,
        (),
    )
    assert two["datum"] == date(2025, 10, 1)  # half past midnight in the Netherlands
    assert two["datumNakoming"] == date(2025, 10, 17)
    assert two["kamerbriefNakoming"] == ("2025D44449", "2025D44450")
    assert (two["isHerhalingVan"], two["isWijzigingVan"]) == (("TZ202502-139",), (key("away"),))
    assert (two["activiteit"], two["toegezegdAan"], two["naam"]) == ("2025A01234", ("PvdD",), "V.P.G. Karremans")
    assert not ENTITIES["Toezegging"].recorded
    assert [h.id for h in mirror.search("karremans zomer", kinds=["toezegging"])] == ["TZ202509-007"]


def test_commitments_by_odata_with_letters_expanded(mirror: Mirror, tmp_path: Path) -> None:
    letter = {
        "Id": key("d"),
        "DocumentNummer": "2025D44449",
        "Soort": "Brief regering",
        "Onderwerp": "Brief",
        "ApiGewijzigdOp": OLD,
    }
    record = {
        "Id": key("t"),
        "Nummer": "TZ202509-007",
        "Tekst": "x",
        "Status": "Voldaan",
        "ApiGewijzigdOp": OLD,
        "KamerbriefNakoming": [letter],
    }
    page = {"@odata.context": "x#Toezegging", "value": [record]}
    mirror.import_file(save(tmp_path, "p.json", page))
    assert mirror.toezeggingen()[0]["kamerbriefNakoming"] == ("2025D44449",)


def test_motions_with_decision_and_votes(mirror: Mirror, tmp_path: Path) -> None:
    zaak, doc, dossier = key("z"), key("d"), key("k")
    early, late, meeting, point = key("b1"), key("b2"), key("a"), key("p")
    entries = [
        entry("Zaak", zaak, OLD, nummer="2024Z16270", soort="Motie", onderwerp="Motie van het lid Kostić", volgnummer=173,
              gestartOp="2025-10-02T00:00:00", kabinetsappreciatie="Oordeel Kamer", status="Vrijgegeven"),
        entry("Document", doc, OLD, [("zaak", zaak), ("kamerstukdossier", dossier)], documentNummer="2025D1", soort="Motie", volgnummer=173),
        entry("Kamerstukdossier", dossier, OLD, nummer="33009", toevoeging=None),
        entry("ZaakActor", key("x1"), OLD, [("zaak", zaak)], actorNaam="Thijssen", relatie="Medeindiener"),
        entry("ZaakActor", key("x2"), OLD, [("zaak", zaak)], actorNaam="Kostić", relatie="Indiener"),
        entry("ZaakActor", key("x3"), OLD, [("zaak", zaak)], actorNaam="EZ", relatie="Voortouwcommissie"),
        entry("Besluit", early, NEW, [("zaak", zaak)], besluitTekst="Aangehouden.", besluitSoort="Stemmen - aangehouden"),
        entry("Besluit", late, OLD, [("zaak", zaak), ("agendapunt", point)], besluitTekst="Aangenomen.", besluitSoort="Stemmen - aangenomen"),
        entry("Agendapunt", point, OLD, [("activiteit", meeting)]),
        entry("Activiteit", meeting, OLD, nummer="2025A1", datum="2025-10-07T00:00:00"),
        entry("Stemming", key("s1"), OLD, [("besluit", late)], soort="Voor", actorFractie="PvdD", fractieGrootte=3, vergissing=False),
        entry("Stemming", key("s2"), OLD, [("besluit", late)], soort="Tegen", actorFractie="VVD", fractieGrootte=24),
    ]  # fmt: skip
    mirror.import_file(save(tmp_path, "page.xml", feed(entries[::-1])))
    mirror.import_file(save(tmp_path, "paper.xml", MOTION.format(meta=META).encode()))
    (motion,) = mirror.moties()
    assert (motion["zaak"], motion["kst"], motion["document"], motion["koppeling"]) == (
        "2024Z16270",
        "kst-33009-173",
        "2025D1",
        "document",
    )
    assert motion["indieners"] == ("Kostić", "Thijssen")
    assert (motion["kabinetsappreciatie"], motion["besluit"]) == ("Oordeel Kamer", "Aangenomen.")
    assert [b["datum"] for b in motion["besluiten"]] == [None, date(2025, 10, 7)]
    assert sorted((v["soort"], v["fractie"], v["fractieGrootte"]) for v in motion["stemmingen"]) == [
        ("Tegen", "VVD", 24),
        ("Voor", "PvdD", 3),
    ]
    assert str(motion["dictum"]).startswith("verzoekt de regering een stikstofbank")


def test_a_motion_like_two_papers_is_joined_to_neither(mirror: Mirror, tmp_path: Path) -> None:
    record = case(
        1,
        Soort="Motie",
        Onderwerp="Gewijzigde motie van het lid Thijssen c.s. over een bank",
        Volgnummer=173,
        GestartOp="2025-10-02T00:00:00+02:00",
    )
    mirror.import_file(save(tmp_path, "zaak.json", [record]))
    mirror.import_file(save(tmp_path, "a.xml", MOTION.format(meta="").encode()))
    assert [m["koppeling"] for m in mirror.moties()] == ["kop"]
    mirror.import_file(save(tmp_path, "b.xml", MOTION.format(meta="").replace("33 009", "36 600").encode()))
    assert sorted((m["zaak"] or "", m["kst"] or "", m["koppeling"]) for m in mirror.moties()) == [
        ("", "kst-33009-173", None), ("", "kst-36600-173", None), (record["Nummer"], "", None)
    ]  # fmt: skip


def test_activities_that_moved(mirror: Mirror, tmp_path: Path) -> None:
    ids = [key(f"act {n}") for n in range(4)]
    entries = [
        entry("Activiteit", ids[0], OLD, nummer="2025A1", datum="2025-01-14T00:00:00", status="Verplaatst"),
        entry(
            "Activiteit",
            ids[1],
            OLD,
            [("vervangenVanuit", ids[0])],
            nummer="2025A2",
            datum="2025-01-20T23:00:00Z",
            status="Verplaatst",
        ),
        entry(
            "Activiteit",
            ids[2],
            OLD,
            [("vervangenVanuit", ids[1])],
            nummer="2025A3",
            datum="2025-02-01T00:00:00",
            status="Uitgevoerd",
        ),
        entry("Activiteit", ids[3], OLD, [("vervangenVanuit", ids[3])], nummer="2025A4", datum=None, status="Gepland"),
    ]
    mirror.import_file(save(tmp_path, "page.xml", feed(entries[::-1])))
    found = {a["nummer"]: a for a in mirror.activiteiten()}
    assert found["2025A1"]["vervangenDoor"] == ("2025A2", "2025A3")
    assert found["2025A1"]["nieuweDatum"] == date(2025, 2, 1)
    assert found["2025A2"]["datum"] == date(2025, 1, 21)
    assert (found["2025A4"]["vervangenDoor"], found["2025A4"]["datum"]) == ((), None)  # replaced by itself: no chain
    assert next(a["nummer"] for a in mirror.activiteiten()) == "2025A1"


def test_rows_by_field_and_what_is_not_here(mirror: Mirror, tmp_path: Path) -> None:
    mirror.import_file(
        save(tmp_path, "zaak.json", [case(n, Soort="Motie" if n % 2 else "Brief", Afgedaan=n < 3) for n in range(1, 7)])
    )
    assert [r.number[-1] for r in mirror.rows("Zaak", soort="Motie")] == ["1", "3", "5"]
    assert [r.number[-1] for r in mirror.rows("Zaak", afgedaan=True, soort="Brief")] == ["2"]
    assert len(mirror.rows("Zaak", citeertitel=None)) == 6
    with pytest.raises(InputError):
        mirror.rows("Zaak", **{"x') OR 1 --": 1})
    with pytest.raises(NotFoundError, match="no entity"):
        mirror.rows("Raadsel")
    with pytest.raises(NotFoundError, match="no Zaak"):
        mirror.get("Zaak", "2099Z00001")


def test_the_table_of_entities_names_targets_that_exist() -> None:
    wanted = """Zaak Document DocumentVersie DocumentActor Activiteit ActiviteitActor Agendapunt Besluit Stemming Kamerstukdossier
        Toezegging Persoon Fractie FractieZetel Commissie Vergadering Verslag Zaal Reservering ZaakActor""".split()  # noqa: SIM905
    assert set(wanted) <= set(ENTITIES)
    assert {e.name for e in ENTITIES.values() if e.recorded} == {"Zaak", "Document", "Publicatie", "Documenttekst"}
    for entity in ENTITIES.values():
        assert all(t in ENTITIES for t in (*entity.links.values(), *entity.backlinks.values()))
        assert named(entity.name.lower()) is entity
    assert infer(fields(case(1))) is ENTITIES["Zaak"]
    assert infer(["nummer", "soort"]) is None


@given(st.datetimes(), st.integers(0, 9_999_999), st.integers(-14 * 60, 14 * 60))
def test_moments_keep_their_order(moment: object, fraction: int, away: int) -> None:
    sign, hours, minutes = "-" if away < 0 else "+", abs(away) // 60, abs(away) % 60
    text = f"{moment:%Y-%m-%dT%H:%M:%S}.{fraction:07d}"
    made = stamp(f"{text}{sign}{hours:02d}:{minutes:02d}")
    if made:  # beyond the years that exist there is no moment
        assert stamp(f"{made}Z") == made
        if fraction < 9_999_999:
            assert made < stamp(f"{text[:-7]}{fraction + 1:07d}{sign}{hours:02d}:{minutes:02d}")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2025-03-29T23:30:00Z", date(2025, 3, 30)),
        ("2025-10-26T22:30:00Z", date(2025, 10, 26)),  # winter again since that morning
        ("2025-07-01T22:00:00Z", date(2025, 7, 2)),
        ("2025-07-01T21:59:59Z", date(2025, 7, 1)),
        ("2025-07-01T23:59:59+02:00", date(2025, 7, 1)),
        ("2025-07-01", date(2025, 7, 1)),
        ("2025-02-30", None),
        ("x", None),
        (None, None),
        (5, None),
    ],
)
def test_days_are_dutch_days(text: object, wanted: date | None) -> None:
    assert day(text) == wanted


def test_another_file_is_not_taken_for_a_mirror(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as con:
        con.execute("CREATE TABLE t(x)")
    con.close()
    with pytest.raises(InputError, match="no mirror"):
        Mirror(other)
    noise = save(tmp_path, "noise.sqlite", b"no database" * 500)
    with pytest.raises(IntegrityError, match="damaged"):
        Mirror(noise)
    with Mirror(tmp_path / "m.sqlite") as mirror:
        mirror.store.con.execute("PRAGMA user_version = 99")
    with pytest.raises(InputError, match="layout 99"):
        Mirror(tmp_path / "m.sqlite")
    with pytest.raises(MachineError):
        Mirror(noise / "below" / "m.sqlite")


def test_a_mirror_that_another_holds_says_so(tmp_path: Path) -> None:
    with Mirror(tmp_path / "m.sqlite") as mirror, Mirror(tmp_path / "m.sqlite") as other:
        other.store.con.execute("PRAGMA busy_timeout = 50")
        with mirror.store.transaction(), pytest.raises(MachineError, match="locked"):
            other.take([])


def test_threads_read_while_one_writes(mirror: Mirror, tmp_path: Path) -> None:
    path = save(tmp_path, "zaak.json", [case(n) for n in range(1, 200)])
    seen: list[int] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            seen.append(len(mirror.rows("Zaak")))

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    mirror.import_file(path)
    stop.set()
    for thread in threads:
        thread.join()
    assert set(seen) <= {0, 199}  # all of it or nothing
    assert len(mirror.rows("Zaak")) == 199
    mirror.close()


KILLED = """
import sys
from schakel.sources.tweedekamer import Mirror, Row
mirror = Mirror(sys.argv[1])
def rows(start, stop):
    for n in range(start, stop):
        yield Row("Zaak", f"00000000-0000-0000-0000-{n:012d}", "2024-01-01T00:00:00.0000000", {"nummer": f"2024Z{n:05d}", "onderwerp": f"zaak{n}"})
    if start:
        print("half", flush=True)
        sys.stdin.read()
mirror.take(rows(0, 100), source="s", question="q", token="1")
mirror.take(rows(100, 200), source="s", question="q", token="2")
"""


def test_killed_within_a_page_the_page_before_stands_with_its_token(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite"
    running = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert running.stdin is not None and running.stdout is not None
    with running.stdin, running.stdout:
        assert running.stdout.readline() == b"half\n"
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    with Mirror(path) as mirror:
        assert mirror.counts() == {"Zaak": (100, 0)}
        assert mirror.token("s", "q") == "1"
        assert [h.id for h in mirror.search("zaak99")] == ["2024Z00099"]
        assert mirror.search("zaak100") == ()
        assert mirror.store.con.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        state(mirror)


def test_counts_add_up() -> None:
    one, two = Counts(), Counts()
    for outcome in ("new", "changed", "deleted", "unchanged", "outdated"):
        one.count(outcome)
    two.refuse("why", 2)
    one.add(two)
    assert (one.read, one.kept, one.refused) == (7, 3, {"why": 2})
    assert one.as_dict()["read"] == 7


@pytest.mark.parametrize(
    ("page", "words"),
    [("parliament.md", ("recorded", "unrecorded")), ("nl/parliament.md", ("opgenomen", "niet opgenomen"))],
)
def test_the_documentation_lists_every_entity_with_its_mark(page: str, words: tuple[str, str]) -> None:
    text = (Path(__file__).parents[1] / "docs" / page).read_text("utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| ([a-z ]+) \|", text, re.MULTILINE))
    assert listed == {e.name: words[not e.recorded] for e in ENTITIES.values()}


def test_what_hangs_on_many_motions_is_fetched_at_once(mirror: Mirror) -> None:
    moment = "2024-01-01T00:00:00.0000000"
    many = [key(f"z{n}") for n in range(300)]
    rows = [
        Row("Zaak", z, moment, {"nummer": f"2024Z{n:05d}", "soort": "Motie", "onderwerp": "Motie"}, {}, True)
        for n, z in enumerate(many)
    ]
    rows += [
        Row("Besluit", key(f"b{z}"), moment, {"besluitTekst": f"Besluit {n}"}, {"zaak": (z,)}, True)
        for n, z in enumerate(many)
    ]
    mirror.take(rows)
    asked: list[str] = []
    mirror.store.con.set_trace_callback(asked.append)
    motions = mirror.moties()
    mirror.store.con.set_trace_callback(None)
    assert {m["besluit"] for m in motions} == {f"Besluit {n}" for n in range(300)}
    assert len(asked) < 30
    assert {
        i: [r.id for r in found] for i, found in mirror.linking_all("Besluit", "zaak", [many[0], key("none")]).items()
    } == {
        many[0]: [key(f"b{many[0]}")],
        key("none"): [],
    }


def test_a_link_is_found_by_its_index(mirror: Mirror) -> None:
    steps: list[str] = []
    mirror.store.con.set_trace_callback(steps.append)
    mirror.linking("Besluit", "zaak", key("z"))
    mirror.store.con.set_trace_callback(None)
    plan = " ".join(str(r[3]) for r in mirror.store.con.execute(f"EXPLAIN QUERY PLAN {steps[0]}"))
    assert "relation_target" in plan
    assert "record_number" not in plan  # that would walk through all of the entity
