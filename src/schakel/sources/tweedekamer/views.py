"""What are the commitments and activities of the House, with what hangs on them?

Each is a mapping with the official names of its fields (``datumNakoming``); what is not in the mirror is None or empty, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, TypedDict

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
                "datum": when(record),
                "status": record.data.get("status"),
                "vervangenDoor": tuple(records[i].number or i if i in records else i for i in chain),
                "nieuweDatum": when(records[chain[-1]]) if chain and chain[-1] in records else None,
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
        at = max(following, key=lambda i: (i in records, (when(records[i]) if i in records else None) or date.min, i))
        chain.append(at)
    return chain


def when(record: Record) -> date | None:
    """Return the day of an activity."""
    return day(record.data.get("datum")) or day(record.data.get("aanvangstijd"))


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
