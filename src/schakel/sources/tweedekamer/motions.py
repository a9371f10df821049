"""What are the motions of the House: case and printed paper together, with request, decision and votes?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from schakel.sources.tweedekamer.record import Record
from schakel.sources.tweedekamer.values import day
from schakel.sources.tweedekamer.views import when

if TYPE_CHECKING:
    from schakel.sources.tweedekamer.mirror import Mirror

_APART = timedelta(days=62)
"""More than the days between a motion's case and its paper."""


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


def moties(mirror: Mirror, since: date | None = None) -> tuple[Motie, ...]:
    """Return the motions, newest first; of a day and later, or without a day, when ``since`` is given."""
    # a paper may be of another day than its case: both are looked for a while before, and what is too early is left out
    early = since - _APART if since and since.toordinal() > _APART.days else None
    papers = mirror.motion_records("Publicatie", early)
    by_id = {p.id: p for p in papers}
    by_face: dict[tuple[str, str, date | None], list[Record]] = {}
    for printed in papers:
        by_face.setdefault(_face(printed, "ondernummer", "datum"), []).append(printed)
    cases = mirror.motion_records("Zaak", early)
    near = _Near(mirror, cases)
    faces: dict[tuple[str, str, date | None], int] = {}
    for case in cases:
        face = _face(case, "volgnummer", "gestartOp")
        faces[face] = faces.get(face, 0) + 1
    used: set[str] = set()
    out = []
    for case in cases:
        document, number = _paper_of(near, case)
        paper: Record | None = by_id.get(number) if number else None
        how = "document" if number else None
        face = _face(case, "volgnummer", "gestartOp")
        if number is None and len(by_face.get(face, ())) == faces[face] == 1:
            paper, how = by_face[face][0], "kop"
        if paper is not None:
            used.add(paper.id)
        out.append(_motion(near, case, document, number, paper, how))
    out += [_motion(near, None, None, p.id, p, None) for p in papers if p.id not in used]
    if since:
        out = [m for m in out if m["datum"] is None or m["datum"] >= since]
    return tuple(sorted(out, key=lambda m: (m["datum"] or date.min, m["kst"] or "", m["id"]), reverse=True))


def _is_motion(record: Record) -> bool:
    return str(record.data.get("soort") or "").lower().startswith("motie")


def _face(record: Record, number: str, when: str) -> tuple[str, str, date | None]:
    """Return heading, number and day of a motion; older papers have no title beyond ``MOTIE VAN HET LID KOSTIĆ C.S.``."""
    title = unicodedata.normalize("NFKD", str(record.data.get("onderwerp") or record.data.get("titel") or ""))
    plain = " ".join("".join(c for c in title if not unicodedata.combining(c)).casefold().split())
    head = re.split(r" over | ter vervanging | \(t\.v\.v\.", plain)[0]
    return head, str(record.data.get(number)), day(record.data.get(when))


def _paper_of(near: _Near, case: Record) -> tuple[Record | None, str | None]:
    """Return the document of a case and the number of its paper, as far as the official links say."""
    documents = [*near.linking("Document", "zaak", case.id), *near.linked(case, "document")]
    document = next((d for d in documents if _is_motion(d)), None)
    for holder in (document, case):
        if holder is None:
            continue
        dossiers = near.linked(holder, "kamerstukdossier") or near.linking(
            "Kamerstukdossier", holder.entity.lower(), holder.id
        )
        number = holder.data.get("volgnummer")
        if dossiers and isinstance(number, int) and number > 0:
            addition = dossiers[0].data.get("toevoeging")
            stem = f"{dossiers[0].number}-{addition}" if addition else dossiers[0].number
            return document, f"kst-{stem}-{number}"
    return document, None


def _motion(
    near: _Near,
    case: Record | None,
    document: Record | None,
    number: str | None,
    paper: Record | None,
    how: str | None,
) -> Motie:
    said: dict[str, Any] = dict(paper.data) if paper else {}
    data = case.data if case else {}
    decisions, votes = _decided(near, case) if case else ((), ())
    by = _movers(near, case, document) or tuple(said.get("indieners") or said.get("ondertekenaars") or ())
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


def _movers(near: _Near, case: Record | None, document: Record | None) -> tuple[str, ...]:
    found: list[tuple[bool, str]] = []
    for holder in (case, document):
        if holder is None or found:
            continue
        for actor in near.linking(f"{holder.entity}Actor", holder.entity.lower(), holder.id):
            role, name = str(actor.data.get("relatie") or "").lower(), actor.data.get("actorNaam")
            if name and ("indiener" in role or "ondertekenaar" in role):
                found.append((role.startswith("mede"), str(name)))
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


def _decided(near: _Near, case: Record) -> tuple[tuple[Besluit, ...], tuple[Stem, ...]]:
    """Return the decisions on a case in the order of days, and the votes of the last one that was voted on."""
    records = {r.id: r for r in (*near.linking("Besluit", "zaak", case.id), *near.linked(case, "besluit"))}

    def taken(record: Record) -> date | None:
        points = near.linked(record, "agendapunt")
        meetings = [a for p in points for a in near.linked(p, "activiteit")]
        return next((d for a in meetings if (d := when(a))), None)

    dated = sorted(((taken(r), r) for r in records.values()), key=lambda d: (d[0] or date.min, d[1].updated, d[1].id))
    votes: tuple[Stem, ...] = ()
    for _, record in dated:
        votes = tuple(map(_vote, near.linking("Stemming", "besluit", record.id))) or votes
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


class _Near:
    """What hangs on the cases, fetched for all of them at once: there are tens of thousands."""

    def __init__(self, mirror: Mirror, cases: Sequence[Record]) -> None:
        self.mirror = mirror
        self.known: dict[tuple[str, str], dict[str, list[Record]]] = {}
        self.seen: dict[tuple[str, str, tuple[str, ...]], tuple[Record, ...]] = {}
        ids = [c.id for c in cases]
        for entity in ("Document", "Kamerstukdossier", "ZaakActor", "Besluit"):
            self.load(entity, "zaak", ids)
        documents = self.found("Document", "zaak")
        self.load("Kamerstukdossier", "document", documents)
        self.load("DocumentActor", "document", documents)
        self.load("Stemming", "besluit", self.found("Besluit", "zaak"))

    def load(self, entity: str, link: str, ids: Sequence[str]) -> None:
        self.known[entity, link] = self.mirror.linking_all(entity, link, ids)

    def found(self, entity: str, link: str) -> list[str]:
        return [r.id for records in self.known[entity, link].values() for r in records]

    def linking(self, entity: str, link: str, id: str) -> Sequence[Record]:
        found = self.known[entity, link].get(id)
        return found if found is not None else self.mirror.linking(entity, link, id)  # of what OData expanded in a case

    def linked(self, record: Record, link: str) -> Sequence[Record]:
        key = (record.entity, link, record.relations.get(link, ()))
        if key not in self.seen:
            self.seen[key] = self.mirror.linked(record, link)
        return self.seen[key]
