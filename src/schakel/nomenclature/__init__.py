"""What are things called: countries and blocs in time, products and their revisions, periods, units and currencies?

Every table is a CSV of our own under ``data/``, read at first use and kept; importing this package reads nothing.
"""

from __future__ import annotations

from schakel.nomenclature import blocs, cn8, concordance, countries, periods, products, units

__all__ = ["blocs", "cn8", "concordance", "countries", "periods", "products", "units"]
