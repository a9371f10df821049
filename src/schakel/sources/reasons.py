"""Why was a row left out, and where does it stand now?

One sentence for each declared rule, shown beside its count by ``data add`` and ``data show``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

_REASONS = {
    "world": "partner World, the sum of the others",
    "total-lines": "the total of all products, contained in the products",
    "other-aggregation-level": "the same reporter and period also has finer codes of this product",
    "confidential-product": "the product code is suppressed",
    "self-trade": "a country with itself",
    "unclassified-product": "goods not specified by kind (code 9999AA)",
    "merged": "one flow under several source codes, procedures or months: added up into one row",
    "re-imports": "contained in imports",
    "domestic-exports": "exports less re-exports, contained in exports",
    "processing-flows": "inward and outward processing or foreign imports, contained in imports or exports",
    "customs-or-transport-detail": "by customs procedure, transport or second partner, beside their total",
    "re-exports-in-column": "stand in re_export_usd beside the exports that contain them",
    "re-exports-unmatched": "re-exports of which the exports are not in the file",
    "total-of-procedures": "procedure 4, the total of the procedures that are in the file",
    "part-of-procedure-4": "contained in procedure 4, which is in the file",
    "no-estimate": "the row holds no estimate",
    "no-figure": "the row holds no figure",
    "no-country": "an area that is no country",
    "not-world-data": "statistics of the United States, not of the world by country",
    "no-product": "the total of all products",
    "repeated": "the same code with the same text once more",
    "holder-not-named": "the chip explorer names no country or firm as holder of the share",
    "self-trade-or-value-zero": "a country with itself, or a value of zero",
}
_NO_COUNTRY = {
    "aggregate": "a group of countries",
    "confidential": "the country is kept secret",
    "free-zones": "free zones",
    "high-seas": "the high seas",
    "neutral-zone": "a neutral zone",
    "not-specified": "the country is not stated",
    "other-nes": "other areas, not named by country",
    "stores": "stores and provisions of ships and aircraft",
    "world": "the world as a whole",
}
_TABLES = {
    "world": "world_totals",
    "confidential-product": "unallocated",
    "self-trade": "unallocated",
    "pseudo-partner": "unallocated",
}


def reason(rule: str) -> str:
    """Return the sentence on a rule, empty for a name that no reader declares.

    Examples
    --------
    >>> reason("pseudo-partner:not-specified")
    'no country as partner: the country is not stated'
    """
    kind, mark, name = rule.partition(":")
    if not mark:
        return _REASONS.get(rule, "")
    side = {"pseudo-partner": "partner", "pseudo-reporter": "reporter"}.get(kind)
    return f"no country as {side}: {_NO_COUNTRY[name]}" if side and name in _NO_COUNTRY else ""


def explained(left_out: Mapping[str, int], tables: Collection[str] = ()) -> dict[str, str]:
    """Return the rules that left rows out with their sentences, the rule of most rows first.

    Parameters
    ----------
    tables
        Tables of the data set; a sentence names the one that keeps the rows apart.
    """
    found = {}
    for rule in sorted(left_out, key=lambda rule: (-left_out[rule], rule)):
        table = _TABLES.get(rule.partition(":")[0], "")
        found[rule] = reason(rule) + (f"; kept apart in table {table}" if table and table in tables else "")
    return found
