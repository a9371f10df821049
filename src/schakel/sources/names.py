"""Which country does a table mean that prints names instead of codes?

Our own English names plus the spellings that the tables of the European Commission, the USGS and the World Bank use.
A name that is not found is for the reader to refuse; nothing is guessed.
"""

from __future__ import annotations

import re
from functools import cache

_SPELLINGS = {
    "bahamas": "BHS",
    "the bahamas": "BHS",
    "bolivia": "BOL",
    "brasil": "BRA",
    "brasilia": "BRA",
    "brunei": "BRN",
    "brunei darussalam": "BRN",
    "burma": "MMR",
    "cape verde": "CPV",
    "congo": "COG",
    "congo (brazzaville)": "COG",
    "congo (kinshasa)": "COD",
    "congo, d.r.": "COD",
    "congo, dr": "COD",
    "cote d'ivoire": "CIV",
    "côte d'ivoire": "CIV",
    "ivory coast": "CIV",
    "czech republic": "CZE",
    "hong kong": "HKG",
    "iran": "IRN",
    "korea, north": "PRK",
    "north korea": "PRK",
    "korea, south": "KOR",
    "korea, republic of": "KOR",
    "south korea": "KOR",
    "kosovo": "XKX",
    "laos": "LAO",
    "libanon": "LBN",
    "moldova": "MDA",
    "myanmar": "MMR",
    "north macedonia": "MKD",
    "russia": "RUS",
    "russian federation": "RUS",
    "surinam": "SUR",
    "syria": "SYR",
    "taiwan": "TWN",
    "tanzania": "TZA",
    "trinidad and tobago": "TTO",
    "turkey": "TUR",
    "turkyie": "TUR",
    "türkiye": "TUR",
    "united states": "USA",
    "united kingdom": "GBR",
    "venezuela": "VEN",
    "vietnam": "VNM",
    "viet nam": "VNM",
}


@cache
def _table() -> dict[str, str]:
    from schakel.nomenclature import countries

    current = [country for country in countries.all_countries() if country.kind != "former"]
    return {_key(country.name_en): country.iso3 for country in current} | _SPELLINGS


def _key(name: str) -> str:
    return re.sub(r"\s+", " ", name.replace("’", "'").replace("\xa0", " ")).strip().casefold()


def iso3(name: str) -> str | None:
    """Return the ISO 3166 alpha-3 code of a country's printed name, or None."""
    return _table().get(_key(name))
