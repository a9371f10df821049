"""What does an official paper in XML say: which paper it is, of what day, by whom, and what it asks?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any
from xml.etree.ElementTree import Element

from schakel.errors import InputError
from schakel.sources.tweedekamer.record import Row
from schakel.sources.tweedekamer.values import identifier, stamp
from schakel.sources.tweedekamer.xmltree import attribute, local, tree, words

ROOT = "officiele-publicatie"
# The words with which a motion turns from reasons to request; they end with the words by which the House goes on.
_ASKS = re.compile(r"(?:verzoekt|roept|spreekt|draagt|vraagt|nodigt|zegt|keurt|besluit|dringt|beveelt|stelt)\b", re.I)
_CLOSES = re.compile(r"(?:en )?gaat over tot de orde van de dag", re.I)
_KST = re.compile(r"[a-z]{1,8}(?:-[A-Za-z0-9]{1,20}){1,6}")
_DOSSIER = re.compile(r"(\d{2} ?\d{3})\W*([A-Za-z0-9]*)")
_RECORD = re.compile(r"/(kst-[A-Za-z0-9-]{3,60})/metadata\.xml$")
_REPLACES = re.compile(r"ter vervanging van d(?:i)?e gedrukt onder nr\.? ?(\d{1,5})", re.I)


def read(data: bytes, where: str) -> Row:
    """Return an official paper as a row of entity ``Publicatie``; its identifier is that of the paper (``kst-33009-173``).

    Raises
    ------
    InputError
        If it is another XML, not safe, or does not say which paper it is.
    DamagedError
        If it is cut off.
    """
    root = tree(data, where)
    if local(root.tag) != ROOT:
        raise InputError(
            f"this is no official paper but <{local(root.tag)}>", where=where, remedy=f"its root must be <{ROOT}>"
        )
    meta = _meta(root)
    head = {local(n.tag): n for n in reversed(list(root.iter()))}  # the first of each name
    printed = _DOSSIER.search(words(head.get("dossiernummer")))
    spelled = "-".join(p.replace(" ", "") for p in printed.groups() if p) if printed else ""
    dossier = _one(meta, "OVERHEIDop.dossiernummer") or spelled
    within = _one(meta, "OVERHEIDop.ondernummer") or words(head.get("ondernummer"))
    record = _RECORD.search(_one(meta, "OVERHEIDop.externMetadataRecord") or "")
    number = _one(meta, "DC.identifier") or (record[1] if record else "")
    if not number and dossier and within:
        number = f"kst-{dossier}-{within}"
    if not _KST.fullmatch(number):
        raise InputError(
            "the paper does not say which one it is",
            where=where,
            remedy="it must have DC.identifier in its metadata (kst-33009-173), or a number of dossier and paper",
        )
    paragraphs = list(_paragraphs(root))
    heading = " ".join(words(t) for t in root.iter() if local(t.tag) == "titel" and t is not head.get("titel"))
    heading = heading or words(head.get("titel"))
    replaces = _REPLACES.search(heading)
    fields: dict[str, Any] = {
        "nummer": number,
        "soort": _kind(meta, heading),
        "titel": _one(meta, "OVERHEIDop.documenttitel") or heading or _one(meta, "DC.title"),
        "dossier": dossier or None,
        "dossiertitel": _one(meta, "OVERHEIDop.dossiertitel") or words(_title(root)) or None,
        "ondernummer": within or None,
        "datum": _one(meta, "DCTERMS.issued") or _iso(root),
        "beschikbaar": _one(meta, "DCTERMS.available"),
        "vergaderjaar": _one(meta, "OVERHEIDop.vergaderjaar") or _year(root),
        "indieners": meta.get("OVERHEIDop.indiener", [])[::-1],  # the metadata name the first one last
        "ondertekenaars": _signed(paragraphs),
        "dictum": "\n".join(_requests(paragraphs)) or None,
        "vervangt": replaces[1] if replaces else None,
        "tekst": "\n".join(paragraphs),
        "bestand": identifier(PurePath(where).stem),
    }
    moment = stamp(_one(meta, "DCTERMS.modified")) or stamp(fields["beschikbaar"]) or stamp(fields["datum"])
    return Row("Publicatie", number, moment, fields, whole=True)


def _meta(root: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in root.iter():
        if local(node.tag) == "meta":
            name, content = attribute(node, "name") or "", " ".join((attribute(node, "content") or "").split())
            if name and content:
                found.setdefault(name, []).append(content)
    return found


def _one(meta: dict[str, list[str]], name: str) -> str | None:
    return next(iter(meta.get(name, ())), None)


def _kind(meta: dict[str, list[str]], heading: str) -> str | None:
    said = next((k for k in meta.get("DC.type", ()) if k not in {"Kamerstuk", "officiële publicatie"}), None)
    return said or next((k for k in ("Motie", "Amendement", "Brief") if k.upper() in heading.upper().split()), None)


def _title(root: Element) -> Element | None:
    dossier = next((n for n in root.iter() if local(n.tag) == "dossier"), None)
    return None if dossier is None else next((n for n in dossier if local(n.tag) == "titel"), None)


def _year(root: Element) -> str | None:
    return next((y[0] for n in root.iter() if (y := re.search(r"\b\d{4}-\d{4}\b", n.text or ""))), None)


def _iso(root: Element) -> str | None:
    return next((attribute(n, "isodatum") for n in root.iter() if local(n.tag) == "datum"), None)


def _paragraphs(root: Element) -> Iterator[str]:
    """Return the paragraphs of the running text; a signature of several lines is several."""
    for node in root.iter():
        if local(node.tag) in {"tekst", "vrije-tekst", "tekst-sluiting"} and not any(
            local(inner.tag) in {"tekst", "vrije-tekst"} for inner in node.iter() if inner is not node
        ):
            for inner in node.iter():
                if local(inner.tag) in {"al", "ondertekening", "naam"} and (said := words(inner)):
                    yield said


def _requests(paragraphs: list[str]) -> list[str]:
    """Return the request of a motion: from the word that asks to before the House goes on."""
    end = next((i for i, p in enumerate(paragraphs) if _CLOSES.match(p)), None)
    start = next((i for i, p in enumerate(paragraphs[:end]) if _ASKS.match(p)), None)
    return paragraphs[start:end] if start is not None and end is not None else []


def _signed(paragraphs: list[str]) -> list[str]:
    end = next((i for i, p in enumerate(paragraphs) if _CLOSES.match(p)), None)
    return paragraphs[end + 1 :] if end is not None else []
