"""What does each definition demand, in English and Dutch? Writes definitions.md from the presets."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from functools import cache
from pathlib import Path

from schakel.dependency.presets import Criterion, Preset, names, preset

DUTCH = Path(__file__).with_name("docs_dutch.toml")

_HEAD = {
    "en": """# Definitions

Every definition is data: a TOML file under `src/schakel/dependency/presets`. This page is written from those files by `scripts/docs_generate.py`. The same
is shown by `schakel methods NAME` and by the method pages in a browser. How verdicts are formed: [verdicts](verdicts.md). Choices that the sources leave
open: [method decisions](methods.md), where a definition of your own is explained too.

**Verified** means that the element was read in the source: formula and threshold of a criterion; universe, treatment of the bloc, concentration base
or years of the definition. **Unverified** means that it is known from other works that quote or implement the source, was recalled or derived, or was
not read at all. How the source as a whole is known stands with it: by reading (opening or whole), second-hand, by recall, or by derivation.

Notation: `M[i,k]` imports of importer i from supplier k; `M` all imports of i; `M_ext` imports from outside the bloc, `M_int` from inside it; `X` exports of i;
`X_a` exports of country a; HHI the sum of squared shares, on 0 to 1.
""",
    "nl": """# Definities

Elke definitie is een gegeven: een TOML-bestand onder `src/schakel/dependency/presets`. Deze bladzijde wordt uit die bestanden geschreven door
`scripts/docs_generate.py`. Hetzelfde tonen `schakel methods NAAM --lang nl` en de methodepagina's in de browser. Hoe een oordeel tot stand komt:
[oordelen](verdicts.md). Keuzes die de bronnen openlaten: [methodekeuzes](methods.md); daar staat ook hoe u een eigen definitie schrijft.

**Geverifieerd** betekent dat het element in de bron is gelezen: formule en drempel van een criterium; universum, behandeling van het blok, basis van
de concentratie of jaren van de definitie. **Niet geverifieerd** betekent dat het bekend is uit andere werken die de bron aanhalen of uitvoeren, uit
herinnering komt of is afgeleid, of helemaal niet is gelezen. Hoe de bron als geheel bekend is, staat erbij: uit lezing (begin of geheel), uit de
tweede hand, uit herinnering of uit afleiding.

Notatie: `M[i,k]` invoer van importeur i uit leverancier k; `M` alle invoer van i; `M_ext` invoer van buiten het blok, `M_int` van binnen; `X` uitvoer van i;
`X_a` uitvoer van land a; HHI de som van de gekwadrateerde aandelen, van 0 tot 1.
""",
}
_WORDS = {
    "en": {
        "at": "At a glance", "definition": "definition", "universe": "universe", "bloc": "bloc", "base": "concentration base", "years": "years",
        "read": "elements verified", "criteria": "The ten criteria", "criterion": "criterion", "what": "what it is", "formula": "formula", "test": "test",
        "element": "element", "status": "status", "source": "Source", "known": "known", "notes": "To know", "one": "one country", "members": "members apart",
        "extra": "suppliers outside the bloc", "all": "all suppliers", "of": "of", "used": "used by", "unread": "cut not read", "mean": "mean of {n} years",
        "window": "{n}-year window", "single": "the year itself", "currency": "in", "verified": "verified", "unverified": "unverified", "threshold": "times",
    },
    "nl": {
        "at": "In één oogopslag", "definition": "definitie", "universe": "universum", "bloc": "blok", "base": "basis van de concentratie", "years": "jaren",
        "read": "elementen geverifieerd", "criteria": "De tien criteria", "criterion": "criterium", "what": "wat het is", "formula": "formule", "test": "toets",
        "element": "element",
        "status": "status", "source": "Bron", "known": "bekend uit", "notes": "Goed om te weten", "one": "één land", "members": "leden apart",
        "extra": "leveranciers buiten het blok", "all": "alle leveranciers", "of": "van de", "used": "gebruikt door", "unread": "grens niet gelezen",
        "mean": "gemiddelde van {n} jaar", "window": "venster van {n} jaar", "single": "het jaar zelf", "currency": "in", "verified": "geverifieerd",
        "unverified": "niet geverifieerd", "threshold": "maal",
    },
}  # fmt: skip
_MARK = {
    "en": {"read": "by reading", "second-hand": "second-hand", "recalled": "by recall", "derived": "by derivation"},
    "nl": {"read": "lezing", "second-hand": "de tweede hand", "recalled": "herinnering", "derived": "afleiding"},
}
_ELEMENT = {"universe": "universe", "treatment": "bloc", "base": "base", "mean_years": "years"}
_UNIVERSE = {"product groups": "productgroepen", "strategic raw materials": "strategische grondstoffen"}
_CRITERIA = {
    "extra_bloc_hhi": ("concentration of the imports from outside the bloc", "concentratie van de invoer van buiten het blok", "sum (M[i,k] / M_ext)^2"),
    "partner_hhi": ("concentration of the imports over all suppliers", "concentratie van de invoer over alle leveranciers", "sum (M[i,k] / M)^2"),
    "extra_bloc_import_share": ("part of the imports that comes from outside the bloc", "deel van de invoer dat van buiten het blok komt", "M_ext / M"),
    "import_export_ratio": ("imports over exports", "invoer gedeeld door uitvoer", "M_ext / X, M / X"),
    "world_export_hhi": ("concentration of world exports over exporters", "concentratie van de werelduitvoer over exporteurs", "sum (X_a / sum X)^2"),
    "top_supplier_share": ("share of the largest supplier in the concentration base", "aandeel van de grootste leverancier in de basis", "max M[i,k] / M"),
    "centrality": (
        "how unevenly the world leans on exporters: sample deviation (n - 1) over exporters",
        "hoe ongelijk de wereld op exporteurs leunt: steekproefafwijking (n - 1) over exporteurs",
        "sd_a ( sum_b w[a,b] / <w_b> )",
    ),
    "spof": (
        "single point of failure: mean percentile rank of centrality and world concentration within the year",
        "enkel storingspunt: gemiddelde percentielrang van centraliteit en wereldconcentratie binnen het jaar",
        "( r(centrality) + r(world HHI) ) / 2",
    ),
    "persistent_years": (
        "number of years in a window in which the other criteria hold",
        "aantal jaren in een venster waarin de andere criteria gelden",
        "count",
    ),
    "import_value": (
        "value of the imports, in some definitions less re-exports",
        "waarde van de invoer, in sommige definities zonder wederuitvoer",
        "M, M - RE",
    ),
}  # fmt: skip


@cache
def dutch() -> dict[str, str]:
    """Return Dutch by English, for texts that stand in data files in English only."""
    return {str(k): str(v) for part in tomllib.loads(DUTCH.read_text("utf-8")).values() for k, v in part.items()}


def say(text: str, lang: str) -> str:
    """Return a text in a language; what has no Dutch yet stays English and is found by the tests."""
    return text if lang == "en" else dutch().get(text, text)


def texts() -> list[str]:
    """Return the English texts of the presets that the Dutch page needs in Dutch."""
    found: list[str] = []
    for one in map(preset, names()):
        found += [*one.notes, *(c.formula for c in one.criteria)]
    return found


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _amount(value: Fraction) -> str:
    return f"{int(value):,}".replace(",", " ") if value.denominator == 1 else f"{float(value):g}"


def _test(c: Criterion, lang: str) -> str:
    words = _WORDS[lang]
    sign = "≥" if c.op == ">=" else ">"
    if c.of and c.times is not None:
        return f"{sign} {_amount(c.times)} {words['threshold']} `{c.of}`"
    if c.threshold is None:
        return f"{sign} ? ({words['unread']})"
    cut = _amount(c.threshold)
    return f"{sign} {cut if lang == 'en' else cut.replace('.', ',')}{' ' + c.currency if c.currency else ''}"


def _years(p: Preset, lang: str) -> str:
    words = _WORDS[lang]
    if p.mean_years > 1:
        return words["mean"].format(n=p.mean_years)
    return words["window"].format(n=p.window) if p.window > 1 else words["single"]


def _universe(p: Preset, lang: str) -> str:
    return p.universe if lang == "en" else _UNIVERSE.get(p.universe, p.universe)


def _one(p: Preset, lang: str) -> list[str]:
    words = _WORDS[lang]
    lines = [
        f"## {p.name}",
        "",
        f"**{p.title if lang == 'en' else p.title_nl}.** {p.summary if lang == 'en' else p.summary_nl}",
        "",
    ]
    lines += [f"{words['source']}: [{p.source}]({p.url}), {words['known']} {_MARK[lang][p.mark]}.", ""]
    lines += [
        f"| {words['element']} | {words['formula']} | {words['test']} | {words['status']} |",
        "|---|---|---|---|",
    ]
    for element, status in p.status:
        shown = {
            "universe": _universe(p, lang),
            "treatment": words[p.treatment],
            "base": words[p.base],
            "mean_years": _years(p, lang),
        }
        lines.append(f"| {words[_ELEMENT[element]]} | {shown[element]} |  | {words[status]} |")
    lines += [
        f"| `{c.name}` | {_cell(say(c.formula, lang))} | {_test(c, lang)} | {words[c.status]} |" for c in p.criteria
    ]
    if p.notes:
        lines += ["", f"{words['notes']}:", "", *(f"- {say(note, lang)}" for note in p.notes)]
    return [*lines, ""]


def _page(lang: str) -> str:
    words, every = _WORDS[lang], [preset(n) for n in names()]
    lines = [_HEAD[lang], f"## {words['at']}", ""]
    lines += [
        f"| {' | '.join(words[k] for k in ('definition', 'universe', 'bloc', 'base', 'years', 'read'))} |",
        "|---|---|---|---|---|---|",
    ]
    for p in every:
        status = [*(given for _, given in p.status), *(c.status for c in p.criteria)]
        read = f"{status.count('verified')} {words['of']} {len(status)}"
        lines.append(
            f"| [{p.name}](#{p.name}) | {_universe(p, lang)} | {words[p.treatment]} | {words[p.base]} | {_years(p, lang)} | {read} |"
        )
    lines += [
        "",
        f"## {words['criteria']}",
        "",
        f"| {words['criterion']} | {words['what']} | {words['formula']} | {words['used']} |",
        "|---|---|---|---|",
    ]
    for name, (en, nl, formula) in _CRITERIA.items():
        users = ", ".join(p.name for p in every if p.criterion(name))
        lines.append(f"| `{name}` | {en if lang == 'en' else nl} | `{formula}` | {users} |")
    lines.append("")
    for p in every:
        lines += _one(p, lang)
    return "\n".join(lines).rstrip() + "\n"


def pages() -> dict[str, str]:
    """Return the pages by their path under docs."""
    return {"definitions.md": _page("en"), "nl/definitions.md": _page("nl")}
