"""What do the tables hold, in English and Dutch? Writes data-dictionary.md from the declarations of the embedded tables and of the lake."""

from __future__ import annotations

from docs_definitions import say

from schakel import reference
from schakel.evidence import licence
from schakel.reference.schema import TableInfo

_HEAD = {
    "en": """# Data dictionary

The embedded tables: our own selection, shipped with the program, every row with its source. Written by `scripts/docs_generate.py` from the files
`tables*.toml` in `src/schakel/reference/tables`. Every table also has the columns `source`, a key into `sources.csv`, and `locator`, the place in that
source. `schakel data source TABLE key=value` shows any figure with its source; `schakel data show TABLE` shows what stands here.
""",
    "nl": """# Gegevenswoordenboek

De ingebouwde tabellen: onze eigen keuze, met het programma meegeleverd, elke rij met haar bron. Geschreven door `scripts/docs_generate.py` uit de
bestanden `tables*.toml` in `src/schakel/reference/tables`. Elke tabel heeft ook de kolommen `source`, een sleutel in `sources.csv`, en `locator`, de plaats in
die bron. `schakel data source TABEL sleutel=waarde` toont elk cijfer met zijn bron; `schakel data show TABEL` toont wat hier staat.
""",
}
_WORDS = {
    "en": {"table": "table", "what": "what", "rows": "rows", "licence": "licence", "column": "column", "type": "type", "unit": "unit", "meaning": "meaning",
           "key": "One row per", "caveats": "To know", "empty": "may be empty"},
    "nl": {"table": "tabel", "what": "wat", "rows": "rijen", "licence": "licentie", "column": "kolom", "type": "soort", "unit": "eenheid",
           "meaning": "betekenis", "key": "Eén rij per", "caveats": "Goed om te weten", "empty": "mag leeg zijn"},
}  # fmt: skip
_ALWAYS = ("source", "locator")


def texts() -> list[str]:
    """Return the English texts of the tables that the Dutch page needs in Dutch."""
    found = []
    for info in map(reference.info, reference.names()):
        found += [info.description, *info.caveats, *(c.description for c in info.columns if c.name not in _ALWAYS)]
        found += [c.unit for c in info.columns if c.unit]
    return list(dict.fromkeys(found))


def _one(info: TableInfo, lang: str) -> list[str]:
    words = _WORDS[lang]
    terms = licence(info.licence)
    lines = [
        f"## {info.name}",
        "",
        f"**{info.title if lang == 'en' else info.title_nl}.** {say(info.description, lang)}",
        "",
    ]
    lines += [
        f"{words['key']} `{'`, `'.join(info.key)}`. {words['licence'].capitalize()}: {f'[{terms.id}]({terms.url})' if terms.url else terms.id}.",
        "",
    ]
    lines += [f"| {words['column']} | {words['type']} | {words['unit']} | {words['meaning']} |", "|---|---|---|---|"]
    for c in info.columns:
        if c.name not in _ALWAYS:
            empty = f" ({words['empty']})" if c.nullable else ""
            lines.append(
                f"| `{c.name}` | {c.type} | {say(c.unit, lang)} | {say(c.description, lang).replace('|', chr(92) + '|')}{empty} |"
            )
    if info.caveats:
        lines += ["", f"{words['caveats']}:", "", *(f"- {say(text, lang)}" for text in info.caveats)]
    return [*lines, ""]


def _page(lang: str) -> str:
    words = _WORDS[lang]
    every = [reference.info(name) for name in reference.names()]
    lines = [
        _HEAD[lang],
        f"| {words['table']} | {words['what']} | {words['rows']} | {words['licence']} |",
        "|---|---|---|---|",
    ]
    for info in every:
        title = info.title if lang == "en" else info.title_nl
        rows = f"{len(reference.rows(info.name)):,}"
        rows = rows if lang == "en" else rows.replace(",", ".")
        lines.append(f"| [{info.name}](#{info.name}) | {title} | {rows} | {info.licence} |")
    lines.append("")
    for info in every:
        lines += _one(info, lang)
    return "\n".join(lines).rstrip() + "\n"


def pages() -> dict[str, str]:
    """Return the pages by their path under docs."""
    return {"data-dictionary.md": _page("en"), "nl/data-dictionary.md": _page("nl")}
