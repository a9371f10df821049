"""How much does one product's trade network lean on few suppliers, with every country or only the exporters counted?"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Literal

from schakel.errors import InputError


def strength(trade: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Return C_i = sum over importers j of w[i,j] / <w_j> for every country, exporter or not.

    Parameters
    ----------
    trade
        Value by (exporter, importer), in any one unit; links of value zero are no links.

    Notes
    -----
    <w_j> is the mean of j's import links, so a sole supplier of j adds one, and k suppliers of j add k together (Korniyenko, Pinat and Dew 2017,
    section A).

    Raises
    ------
    InputError
        If a value is negative or not a number, or a country trades with itself.
    """
    links: dict[str, list[float]] = defaultdict(list)
    for (exporter, importer), value in trade.items():
        if not value >= 0 or math.isinf(value) or exporter == importer:
            raise InputError(
                f"{value} from {exporter} to {importer} is no trade between two countries",
                remedy="values are zero or more, between different countries",
            )
        if value:
            links[importer].append(value)
    out = dict.fromkeys(sorted({c for pair in trade for c in pair}), 0.0)
    for (exporter, importer), value in sorted(trade.items()):
        if value:
            out[exporter] += value * len(links[importer]) / math.fsum(links[importer])
    return out


def centrality(
    trade: Mapping[tuple[str, str], float], *, nodes: Literal["exporters", "all"] = "exporters", sample: bool = True
) -> float | None:
    """Return the standard deviation of C over countries; None with fewer than two of them.

    Parameters
    ----------
    nodes
        "exporters" counts the countries that export the product, as the alert level 2.5 is used here; "all" counts every country in the network, zeros
        included, as the IMF does.
    sample
        Divide by n - 1 (the paper's formula) or by n.

    Notes
    -----
    The formula is printed without square and sum (read as the deviation), and the 0.45 printed for a star of six is its value for five: 0.408 with six
    countries, 0.447 with five.
    """
    c = strength(trade)
    sellers = {exporter for (exporter, _), value in trade.items() if value}
    values = [x for country, x in c.items() if nodes == "all" or country in sellers]
    n = len(values)
    if n < 2:
        return None
    mean = math.fsum(values) / n
    return math.sqrt(math.fsum((x - mean) ** 2 for x in values) / (n - 1 if sample else n))
