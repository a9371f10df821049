"""Aggregate the WIOD 2011 table to twenty regions and fifteen sectors and write it as a reference table.

    python scripts/build_wiod_table.py FOLDER_WITH_WIOD_FILES

Whole millions of US dollars. A cell that rounds to nothing is written as 0; what rounding and the setting of negative
cells to zero changed is printed.
"""

import csv
import sys
from pathlib import Path

import numpy as np

from schakel.sources import mrio, wiod

OUT = Path(__file__).parents[1] / "src" / "schakel" / "reference" / "tables" / "wiod_2011.csv"
OWN = (
    "NLD",
    "DEU",
    "FRA",
    "BEL",
    "ITA",
    "ESP",
    "POL",
    "AUT",
    "SWE",
    "GBR",
    "USA",
    "MEX",
    "CHN",
    "TWN",
    "JPN",
    "KOR",
    "IND",
    "RUS",
)
REST_OF_EU = (
    "BGR",
    "CYP",
    "CZE",
    "DNK",
    "EST",
    "FIN",
    "GRC",
    "HUN",
    "IRL",
    "LTU",
    "LUX",
    "LVA",
    "MLT",
    "PRT",
    "ROU",
    "SVK",
    "SVN",
)
GROUPS = {
    "agriculture": "c1", "mining": "c2", "food": "c3", "textiles_wood_paper": "c4 c5 c6 c7", "fuels": "c8",
    "chemicals": "c9 c10", "metals_minerals": "c11 c12", "machinery": "c13", "electronics": "c14", "vehicles": "c15",
    "other_manufacturing": "c16", "utilities": "c17", "construction": "c18",
    "trade_transport": "c19 c20 c21 c22 c23 c24 c25 c26 c27", "services": "c28 c29 c30 c31 c32 c33 c34 c35",
}  # fmt: skip


def main(folder: Path) -> None:
    table = wiod.read(folder, 2011)
    regions = {r: r if r in OWN else "EU_REST" if r in REST_OF_EU else "ROW" for r in table.regions}
    sectors = {code: group for group, codes in GROUPS.items() for code in codes.split()}
    small = mrio.aggregate(table, regions, sectors)
    order_r = [*OWN, "EU_REST", "ROW"]
    order_s = list(GROUPS)
    rank = {
        (small.regions[r], small.sectors[s]): i for i, (r, s) in enumerate(zip(small.region, small.sector, strict=True))
    }
    rows, changed = [], 0.0
    for origin in order_r:
        for made in order_s:
            i = rank[origin, made]
            for user in order_r:
                cells = [small.flows[i, rank[user, used]] for used in order_s]
                cells.append(small.final[i, small.regions.index(user)])
                whole = [int(np.rint(c)) for c in cells]
                changed += sum(abs(a - b) for a, b in zip(cells, whole, strict=True))
                rows.append([origin, made, user, *whole, "wiod2013", "wiot_2011, sums of cells"])
    with OUT.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["from_region", "from_sector", "to_region", *order_s, "final", "source", "locator"])
        writer.writerows(rows)
    print(f"{len(rows)} rows, {OUT.stat().st_size / 1e3:.0f} kB; rounding moved {changed:.0f} million USD in all")
    for note in small.notes:
        print(note)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
