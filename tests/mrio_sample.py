"""Small inter-country tables, hand-made in the layouts that publishers use; none is a published file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

# Two countries and the rest of the world, a good and a service in each.
FLOWS = np.array(
    [[5, 3, 1, 0, 2, 0], [2, 9, 0, 1, 1, 1], [4, 0, 8, 2, 3, 0], [0, 1, 3, 20, 0, 2], [2, 1, 1, 0, 30, 9], [0, 0, 1, 1, 8, 40]], float
)  # fmt: skip
# Households and changes in stocks of each of the three regions.
FINAL = np.array(
    [[20, 1, 2, 0, 3, 0], [30, 0, 1, 0, 1, 0], [3, 0, 25, -2, 4, 0], [1, 0, 40, 0, 2, 0], [2, 0, 3, 0, 90, 5], [0, 0, 1, 0, 120, 0]], float
)  # fmt: skip
OUTPUT = FLOWS.sum(axis=1) + FINAL.sum(axis=1)
TAXES = OUTPUT * 0.02
ADDED = OUTPUT - FLOWS.sum(axis=0) - TAXES


def text(rows: list[list[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def icio(regions: tuple[str, ...] = ("NLD", "TWN", "ROW"), total: str = "OUT") -> str:
    """As the OECD publishes it: V1, industries, final use, OUT; below them TLS, VA and OUT."""
    names = [f"{r}_{s}" for r in regions for s in ("C26", "K")]
    uses = [f"{r}_{c}" for r in regions for c in ("HFCE", "INVNT")]
    rows: list[list[object]] = [["V1", *names, *uses, total]]
    rows += [[n, *FLOWS[i], *FINAL[i], OUTPUT[i]] for i, n in enumerate(names)]
    rows.append(["TLS", *TAXES, *(FINAL.sum(axis=0) * 0.01), 0])
    rows.append(["VA", *ADDED, *[0] * len(uses), 0])
    rows.append([total, *OUTPUT, *[0] * len(uses), 0])
    return text(rows)


def figaro(areas: tuple[str, ...] = ("NL", "TW", "FIGW1")) -> str:
    """As Eurostat publishes the matrix: rowLabels, final use after the industries, then rows of area W2."""
    names = [f"{r}_{s}" for r in areas for s in ("C26", "K64")]
    uses = [f"{r}_{c}" for r in areas for c in ("P3_S14", "P5M")]
    rows: list[list[object]] = [["rowLabels", *names, *uses]]
    rows += [[n, *FLOWS[i], *FINAL[i]] for i, n in enumerate(names)]
    rows.append(["W2_D21X31", *TAXES, *(FINAL.sum(axis=0) * 0.01)])
    rows += [[f"W2_{k}", *ADDED * part, *[0] * len(uses)] for k, part in (("D1", 0.6), ("D29X39", 0.1), ("B2A3G", 0.3))]
    return text(rows)


def figaro_flat(areas: tuple[str, ...] = ("NL", "TW", "FIGW1")) -> str:
    """As Eurostat publishes the flat file, without the cells that are zero."""
    head, *rows = list(csv.reader(io.StringIO(figaro(areas))))
    out: list[list[object]] = [["icioiRow", "icioiCol", "refArea", "rowIi", "counterpartArea", "colIi", "obsValue"]]
    for row in rows:
        for column, cell in zip(head[1:], row[1:], strict=True):
            if float(cell):
                (a, i), (b, j) = row[0].split("_", 1), column.split("_", 1)
                out.append([row[0], column, a, i, b, j, cell])
    return text(out)


def write(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body)
    return path
