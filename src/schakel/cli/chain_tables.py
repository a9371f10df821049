"""How do answers about a chain read as tables and notes?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from schakel.reports.model import Column

TOGETHER = (Column("together", {"en": "lost only together", "nl": "alleen samen verloren"}),)
_REASON = {
    "holders": {"en": "no holder is left", "nl": "geen houder over"},
    "input": {"en": "lacks", "nl": "mist"},
    "never built": {"en": "never built from nothing", "nl": "niet op te bouwen uit niets"},
}


READING = {
    "alternatives": {
        "en": "read as alternatives: where something is a type of a step, any one type will do",
        "nl": "gelezen als alternatieven: waar iets een soort van een stap is, volstaat één soort",
    },
    "together": {
        "en": "read as needed together: where something is a type of a step, the step needs every type",
        "nl": "gelezen als samen nodig: waar iets een soort van een stap is, heeft de stap elke soort nodig",
    },
}
_DUTCH = {
    "material": "grondstof", "chemical": "chemicaliën", "wafer": "wafer", "tool": "machine", "component": "onderdeel",
    "design": "ontwerp", "fabrication": "fabricage", "packaging": "verpakking", "test": "test", "end_use": "eindgebruik",
    "sector": "sector", "process": "proces", "stage": "fase", "firm": "bedrijf", "institute": "instelling",
    "programme": "programma",
}  # fmt: skip


def word(key: str, format_: str, lang: str) -> str:
    """Return a layer or kind in the reader's language; its key for machines, and where it is the user's own word."""
    from schakel.cli.tables import MACHINE

    if format_ in MACHINE:
        return key
    return _DUTCH.get(key, key) if lang == "nl" else key.replace("_", " ") if key in _DUTCH else key


def held(holders: Mapping[str, float | None], format_: str, lang: str) -> str:
    """Return the holders of a step with their shares, the largest first."""
    from schakel.cli.tables import MACHINE
    from schakel.reports.words import number

    tongue = "en" if format_ in MACHINE else lang
    order = sorted(holders.items(), key=lambda kv: -(kv[1] or 0))
    return (", " if tongue == "en" else "; ").join(
        f"{code} {number(share, tongue, 3)}" if share is not None else code for code, share in order
    )


def unweighted(steps: Sequence[str], lang: str) -> list[str]:
    """Return a line on the steps whose minor inputs have no cost share, none when every one has."""
    if not steps:
        return []
    n = len(steps)
    return [
        {
            "en": f"{n} steps have minor inputs without a cost share; those inputs were left out",
            "nl": f"{n} stappen hebben kleine behoeften zonder kostenaandeel; die zijn weggelaten",
        }[lang]
    ]


def more_ways(complete: bool, lang: str) -> list[str]:
    """Return a line where there may be more ways than shown."""
    told = {"en": "there may be more ways; ask with --most", "nl": "er kunnen meer wegen zijn; vraag met --most"}
    return [] if complete else [told[lang]]


def write_answer(
    answer: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], columns: Sequence[Any], format_: str, out: Path | None,
    lang: str, title: str, notes: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write an answer about a chain; a licence that forbids commercial use is named in every format."""
    from schakel.cli import tables
    from schakel.reports.chain_words import warning

    duty = "duty_nl" if lang == "nl" else "duty"
    closed = [k for k in answer["licences"] if not k["commercial"] and k["id"] != "user-supplied"]
    told = (
        [READING[answer["receipt"]["parameters"]["reading"]][lang]]
        if answer["receipt"]["parameters"].get("reading")
        else []
    )
    marks = [f"{k['name']} ({k['id']}). {k[duty] or k['duty']} {k['url']}".strip() for k in closed]
    shown = f"{title} [{', '.join(k['id'] for k in closed)}]" if closed else title
    tables.write(
        rows, columns, format_, out, lang, title=shown, envelope=answer, licences=[k["id"] for k in answer["licences"]],
        warnings=[*told, *notes, *(warning(w, lang)[0] for w in answer["warnings"]), *marks],
    )  # fmt: skip
    if marks and out is not None and format_ not in ("json", "xlsx", "parquet"):  # these carry it inside
        out.with_name(f"{out.name}.licence.txt").write_text("\n".join(marks) + "\n", "utf-8")


def named(answer: Mapping[str, Any], format_: str, lang: str) -> Callable[[str], str]:
    """Return how a step is called in this format: by its name for people, by its key for machines."""
    from schakel.cli.tables import MACHINE

    known = answer.get("names")
    if known is None:
        known = {s["step"]: {k: s[f"name_{k}"] for k in ("en", "nl")} for s in (*answer["lost"], *answer["kept"])}
    return (lambda key: key) if format_ in MACHINE else (lambda key: str(known[key][lang]))


def lost(answer: Mapping[str, Any], format_: str, lang: str) -> list[dict[str, Any]]:
    """Return a row for every lost step, those nearest to the break first, and why it is lost."""
    call = named(answer, format_, lang)
    return [
        {
            **r,
            "name": r[f"name_{lang}"],
            "why": f"{_REASON[r['reason']][lang]} {', '.join(map(call, r['lacking'])) if r['reason'] == 'input' else ''}".strip(),
        }
        for r in sorted(answer["lost"], key=lambda r: r["links"])
    ]


def removed(answer: Mapping[str, Any], format_: str, lang: str) -> list[dict[str, Any]]:
    """Return a row for every removal: what it loses and where it breaks first."""
    call = named(answer, format_, lang)
    return [
        {
            **r,
            "without": " + ".join(r["without"]),
            "begins": ", ".join(map(call, r["begins"])),
            "finals_lost": ", ".join(map(call, r["finals_lost"])),
            "together": ", ".join(map(call, r["more_than_alone"])),
        }
        for r in answer["removals"]
    ]


def stops(answer: Mapping[str, Any], size: int, lang: str) -> list[str]:
    """Return a line on what was asked, and one for every end use: which smallest coalitions stop it."""
    asked = answer["asked"]
    if not asked["names"]:
        return [
            {
                "en": "no firm or institute is named in this chain; ask for countries",
                "nl": "in deze keten wordt geen bedrijf of instelling genoemd; vraag naar landen",
            }[lang]
        ]
    pairs = (
        {"en": f" and {asked['pairs']:,} pairs", "nl": f" en {asked['pairs']:,} paren".replace(",", ".")}[lang]
        if size == 2
        else ""
    )
    out = [
        {
            "en": f"asked of {asked['names']} names{pairs}; a removal that loses nothing is not shown",
            "nl": f"gevraagd voor {asked['names']} namen{pairs}; wie weg kan zonder verlies staat er niet bij",
        }[lang]
    ]
    for c in answer["coalitions"]:
        some = "; ".join(" + ".join(x) for x in c["coalitions"])
        doubt = (
            "" if c["proven"] or not some else {"en": " (not proven smallest)", "nl": " (niet bewezen kleinste)"}[lang]
        )
        nobody = {"en": "no coalition of named holders", "nl": "geen coalitie van genoemde houders"}[lang]
        if not c["proven"]:
            nobody = {
                "en": f"no coalition that was found in the time there was; it takes at least {c['bound']}",
                "nl": f"geen coalitie die in de beschikbare tijd is gevonden; er zijn er ten minste {c['bound']} voor nodig",
            }[lang]
        more = "" if c["complete"] else {"en": "; more of this size", "nl": "; meer van deze omvang"}[lang]
        text = {
            "en": f"{c['name_en']}: stopped by {some or nobody}{more if some else ''}{doubt}",
            "nl": f"{c['name_nl']}: te stoppen door {some or nobody}{more if some else ''}{doubt}",
        }
        out.append(text[lang])
    return out


def ranged(band: Mapping[str, Any] | None, lang: str) -> list[str]:
    """Return a line with the range over drawn chains, none when nothing was drawn."""
    from schakel.reports.words import number

    if not band:
        return []
    low, high, n = number(band["p05"], lang, 3), number(band["p95"], lang, 3), band["draws"]
    return [
        {
            "en": f"from {low} to {high} in nine of ten chains drawn from its distributions ({n} drawn)",
            "nl": f"van {low} tot {high} in negen van de tien ketens die uit haar verdelingen zijn getrokken ({n} getrokken)",
        }[lang]
    ]
