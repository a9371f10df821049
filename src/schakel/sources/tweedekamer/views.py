"""What are the commitments, motions and activities of the House, with what hangs on them?

Each is a mapping with the official names of its fields (``datumNakoming``); what is not in the mirror is None or empty, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from schakel.sources.tweedekamer.record import Record
from schakel.sources.tweedekamer.values import day

if TYPE_CHECKING:
    from schakel.sources.tweedekamer.mirror import Mirror


class Toezegging(TypedDict):
    """A commitment in the register of the House; the shape of the official entity has not been recorded.

    ``status`` is as the register has it: Openstaand, Voldaan, Deels Voldaan, Vervallen (also Afgedaan, Deels Afgedaan).
    ``kamerbriefNakoming`` holds the numbers of the letters; links hold numbers, or identifiers of what is not here yet.
    """

    id: str
    nummer: str | None
    tekst: str
    status: str | None
    naam: str | None
    functie: str | None
    ministerie: str | None
    datum: date | None
    datumNakoming: date | None
    kamerbriefNakoming: tuple[str, ...]
    activiteit: str | None
    toegezegdAan: tuple[str, ...]
    isHerhalingVan: tuple[str, ...]
    isAanvullingOp: tuple[str, ...]
    isWijzigingVan: tuple[str, ...]
    bijgewerkt: str


class Besluit(TypedDict):
    """A decision about a motion; ``datum`` is the day of the activity where it was taken."""

    soort: str | None
    tekst: str | None
    status: str | None
    stemmingsSoort: str | None
    datum: date | None


class Stem(TypedDict):
    """How a party, or in a roll call a member, voted: Voor, Tegen, Niet deelgenomen."""

    soort: str | None
    fractie: str | None
    naam: str | None
    fractieGrootte: int | None
    vergissing: bool | None


class Motie(TypedDict):
    """A motion: its case, its printed paper, or both.

    ``koppeling`` says how the two were brought together: ``document`` (by the official links) or ``kop`` (same heading with the
    same member, same number and same day, and no other has them); None when only one of them is here. ``besluit`` is the text of the last decision.
    """

    id: str
    zaak: str | None
    kst: str | None
    document: str | None
    soort: str | None
    titel: str
    indieners: tuple[str, ...]
    datum: date | None
    kabinetsappreciatie: str | None
    status: str | None
    dictum: str | None
    vervangt: str | None
    besluit: str | None
    besluiten: tuple[Besluit, ...]
    stemmingen: tuple[Stem, ...]
    koppeling: str | None


class Activiteit(TypedDict):
    """An activity: Gepland, Uitgevoerd, Verplaatst or Geannuleerd.

    ``vervangenDoor`` holds the numbers of what came in its place, the last one last, and ``nieuweDatum`` the day of that one.
    """

    id: str
    nummer: str | None
    soort: str | None
    onderwerp: str | None
    datum: date | None
    status: str | None
    vervangenDoor: tuple[str, ...]
    nieuweDatum: date | None
    voortgezetVanuit: tuple[str, ...]
    bijgewerkt: str


def toezeggingen(mirror: Mirror) -> tuple[Toezegging, ...]:
    """Return the commitments by number."""
    out: list[Toezegging] = []
    for record in mirror.rows("Toezegging"):
        data = record.data
        letters = data.get("kamerbriefNakoming")
        said = letters if isinstance(letters, list) else [letters] if letters else []
        out.append(
            {
                "id": record.id,
                "nummer": record.number or None,
                "tekst": str(data.get("tekst") or ""),
                "status": data.get("status"),
                "naam": data.get("naam"),
                "functie": data.get("functie"),
                "ministerie": data.get("ministerie"),
                "datum": day(data.get("aanmaakdatum")),
                "datumNakoming": day(data.get("datumNakoming")),
                "kamerbriefNakoming": (*map(str, said), *_numbers(mirror, record, "kamerbriefNakoming")),
                "activiteit": data.get("activiteitNummer") or next(iter(_numbers(mirror, record, "activiteit")), None),
                "toegezegdAan": tuple(n for link in _ADDRESSEES for n in _names(mirror, record, link)),
                "isHerhalingVan": _numbers(mirror, record, "isHerhalingVan"),
                "isAanvullingOp": _numbers(mirror, record, "isAanvullingOp"),
                "isWijzigingVan": _numbers(mirror, record, "isWijzigingVan"),
                "bijgewerkt": record.updated,
            }
        )
    return tuple(out)


_ADDRESSEES = ("toegezegdAanPersoon", "toegezegdAanFractie")


def activiteiten(mirror: Mirror) -> tuple[Activiteit, ...]:
    """Return the activities by day."""
    records = {r.id: r for r in mirror.rows("Activiteit")}
    after: dict[str, set[str]] = {}
    for record in records.values():
        for old in record.relations.get("vervangenVanuit", ()):
            after.setdefault(old, set()).add(record.id)
        for new in record.relations.get("vervangenDoor", ()):
            after.setdefault(record.id, set()).add(new)
    out: list[Activiteit] = []
    for record in records.values():
        chain = _chain(record.id, after, records)
        out.append(
            {
                "id": record.id,
                "nummer": record.number or None,
                "soort": record.data.get("soort"),
                "onderwerp": record.data.get("onderwerp"),
                "datum": _when(record),
                "status": record.data.get("status"),
                "vervangenDoor": tuple(records[i].number or i if i in records else i for i in chain),
                "nieuweDatum": _when(records[chain[-1]]) if chain and chain[-1] in records else None,
                "voortgezetVanuit": _numbers(mirror, record, "voortgezetVanuit"),
                "bijgewerkt": record.updated,
            }
        )
    return tuple(sorted(out, key=lambda a: (a["datum"] or date.max, a["nummer"] or "", a["id"])))


def _chain(start: str, after: dict[str, set[str]], records: dict[str, Record]) -> list[str]:
    """Return what replaced an activity, and what replaced that; where two did, the later one leads on."""
    chain: list[str] = []
    at = start
    while following := after.get(at, set()) - {start, *chain}:
        at = max(following, key=lambda i: (i in records, (_when(records[i]) if i in records else None) or date.min, i))
        chain.append(at)
    return chain


def _when(record: Record) -> date | None:
    return day(record.data.get("datum")) or day(record.data.get("aanvangstijd"))


def moties(mirror: Mirror) -> tuple[Motie, ...]:
    """Return the motions, newest first."""
    papers = mirror.motions("Publicatie")
    by_id = {p.id: p for p in papers}
    by_face: dict[tuple[str, str, date | None], list[Record]] = {}
    for printed in papers:
        by_face.setdefault(_face(printed, "ondernummer", "datum"), []).append(printed)
    cases = mirror.motions("Zaak")
    faces: dict[tuple[str, str, date | None], int] = {}
    for case in cases:
        face = _face(case, "volgnummer", "gestartOp")
        faces[face] = faces.get(face, 0) + 1
    used: set[str] = set()
    out = []
    for case in cases:
        document, number = _paper_of(mirror, case)
        paper: Record | None = by_id.get(number) if number else None
        how = "document" if number else None
        face = _face(case, "volgnummer", "gestartOp")
        if number is None and len(by_face.get(face, ())) == faces[face] == 1:
            paper, how = by_face[face][0], "kop"
        if paper is not None:
            used.add(paper.id)
        out.append(_motion(mirror, case, document, number, paper, how))
    out += [_motion(mirror, None, None, p.id, p, None) for p in papers if p.id not in used]
    return tuple(sorted(out, key=lambda m: (m["datum"] or date.min, m["kst"] or "", m["id"]), reverse=True))


def _is_motion(record: Record) -> bool:
    return str(record.data.get("soort") or "").lower().startswith("motie")


def _face(record: Record, number: str, when: str) -> tuple[str, str, date | None]:
    """Return heading, number and day of a motion; older papers have no title beyond ``MOTIE VAN HET LID KOSTIĆ C.S.``."""
    title = unicodedata.normalize("NFKD", str(record.data.get("onderwerp") or record.data.get("titel") or ""))
    plain = " ".join("".join(c for c in title if not unicodedata.combining(c)).casefold().split())
    head = re.split(r" over | ter vervanging | \(t\.v\.v\.", plain)[0]
    return head, str(record.data.get(number)), day(record.data.get(when))


def _paper_of(mirror: Mirror, case: Record) -> tuple[Record | None, str | None]:
    """Return the document of a case and the number of its paper, as far as the official links say."""
    documents = [*mirror.linking("Document", "zaak", case.id), *mirror.linked(case, "document")]
    document = next((d for d in documents if _is_motion(d)), None)
    for holder in (document, case):
        if holder is None:
            continue
        dossiers = mirror.linked(holder, "kamerstukdossier") or mirror.linking(
            "Kamerstukdossier", holder.entity.lower(), holder.id
        )
        number = holder.data.get("volgnummer")
        if dossiers and isinstance(number, int) and number > 0:
            addition = dossiers[0].data.get("toevoeging")
            stem = f"{dossiers[0].number}-{addition}" if addition else dossiers[0].number
            return document, f"kst-{stem}-{number}"
    return document, None


def _motion(
    mirror: Mirror,
    case: Record | None,
    document: Record | None,
    number: str | None,
    paper: Record | None,
    how: str | None,
) -> Motie:
    said: dict[str, Any] = dict(paper.data) if paper else {}
    data = case.data if case else {}
    decisions, votes = _decided(mirror, case) if case else ((), ())
    by = _movers(mirror, case, document) or tuple(said.get("indieners") or said.get("ondertekenaars") or ())
    return {
        "id": case.id if case else str(number),
        "zaak": case.number if case else None,
        "kst": paper.id if paper else number,
        "document": document.number if document else None,
        "soort": data.get("soort") or said.get("soort"),
        "titel": str(data.get("onderwerp") or said.get("titel") or ""),
        "indieners": by,
        "datum": day(data.get("gestartOp")) or day(said.get("datum")),
        "kabinetsappreciatie": data.get("kabinetsappreciatie"),
        "status": data.get("status"),
        "dictum": said.get("dictum"),
        "vervangt": said.get("vervangt"),
        "besluit": decisions[-1]["tekst"] if decisions else None,
        "besluiten": decisions,
        "stemmingen": votes,
        "koppeling": how if paper else None,
    }


def _movers(mirror: Mirror, case: Record | None, document: Record | None) -> tuple[str, ...]:
    found: list[tuple[bool, str]] = []
    for holder in (case, document):
        if holder is None or found:
            continue
        for actor in mirror.linking(f"{holder.entity}Actor", holder.entity.lower(), holder.id):
            role, name = str(actor.data.get("relatie") or "").lower(), actor.data.get("actorNaam")
            if name and ("indiener" in role or "ondertekenaar" in role):
                found.append((role.startswith("mede"), str(name)))
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


def _decided(mirror: Mirror, case: Record) -> tuple[tuple[Besluit, ...], tuple[Stem, ...]]:
    """Return the decisions on a case in the order of days, and the votes of the last one that was voted on."""
    records = {r.id: r for r in (*mirror.linking("Besluit", "zaak", case.id), *mirror.linked(case, "besluit"))}

    def when(record: Record) -> date | None:
        points = mirror.linked(record, "agendapunt")
        meetings = [a for p in points for a in mirror.linked(p, "activiteit")]
        return next((d for a in meetings if (d := _when(a))), None)

    dated = sorted(((when(r), r) for r in records.values()), key=lambda d: (d[0] or date.min, d[1].updated, d[1].id))
    votes: tuple[Stem, ...] = ()
    for _, record in dated:
        votes = tuple(map(_vote, mirror.linking("Stemming", "besluit", record.id))) or votes
    return tuple(_decision(r, d) for d, r in dated), votes


def _decision(record: Record, when: date | None) -> Besluit:
    data = record.data
    return {
        "soort": data.get("besluitSoort"),
        "tekst": data.get("besluitTekst"),
        "status": data.get("status"),
        "stemmingsSoort": data.get("stemmingsSoort"),
        "datum": when,
    }


def _vote(record: Record) -> Stem:
    data = record.data
    return {
        "soort": data.get("soort"),
        "fractie": data.get("actorFractie"),
        "naam": data.get("actorNaam"),
        "fractieGrootte": data.get("fractieGrootte"),
        "vergissing": data.get("vergissing"),
    }


def _numbers(mirror: Mirror, record: Record, link: str) -> tuple[str, ...]:
    """Return what a link leads to: numbers, and identifiers of what is not here."""
    targets = record.relations.get(link, ())
    if not targets:
        return ()
    known = {r.id: r.number for r in mirror.linked(record, link)}
    return tuple(known.get(i) or i for i in targets)


def _names(mirror: Mirror, record: Record, link: str) -> Iterable[str]:
    people = {r.id: r for r in mirror.linked(record, link)} if record.relations.get(link) else {}
    for target in record.relations.get(link, ()):
        data = people[target].data if target in people else {}
        name = " ".join(str(data[k]) for k in ("roepnaam", "tussenvoegsel", "achternaam") if data.get(k))
        yield name or str(data.get("afkorting") or target)
