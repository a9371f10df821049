"""What does the publisher call each product: the code files that carry full descriptions?

Two shapes: ``product_codes_HSxx_V*.csv`` beside BACI (code, description) and the HS list of UN Comtrade as the open
data package ``harmonized-system`` has it (section, hscode, description, parent, level). Both become ``products``. Rules:
``no-product`` (the row of all products) and ``repeated`` (the same code and text again).
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from schakel.errors import InputError
from schakel.evidence import Source
from schakel.sources import small, textfile
from schakel.sources.reader import Head, Loaded, ReadOptions, look, only_file, others, staged

_BACI = re.compile(r"product_codes_HS(\d\d)_V(\w+?)\.csv", re.IGNORECASE)
_BACI_DATA = re.compile(r"BACI_HS\d\d_Y\d{4}", re.IGNORECASE)
_CODE = re.compile(r"(?:[0-9]{2}){1,5}|9999AA")  # BACI's older revisions have this one code of their own
_TOTALS = frozenset({"TOTAL", "ALL"})


class _Codes:
    """What the two readers share."""

    name: str
    title: str
    licence: str
    source: Source
    columns: frozenset[str]

    def recognises(self, head: Head) -> bool:
        """Say whether a file has exactly these columns; tables beside BACI's trade data are BACI's to read."""
        beside = any(_BACI_DATA.match(name) for name in head.names)
        return not beside and any(self._fits(item) for item in head.files())

    def _fits(self, head: Head) -> bool:
        return head.kind in ("text", "gzip") and head.columns == self.columns

    def read(self, path: Path, stage: Path, options: ReadOptions) -> Loaded:
        """Read one code file.

        Returns
        -------
        Loaded
            Table ``products``: product, name_en.

        Raises
        ------
        InputError
            If a row lacks code or text, a code stands twice with two texts, or is no HS code.
        """
        import pyarrow as pa

        from schakel.nomenclature import products

        head = look(path)
        path = only_file(head, self._fits)
        with staged(stage) as work:
            text = textfile.plain(path, work, limit=options.max_unpacked)
            names = products.load_names(text)
            read = _rows(text)
            rows = [{"product": code, "name_en": name} for code, name in names.items() if code not in _TOTALS]
            for row in rows:
                if not _CODE.fullmatch(row["product"]):
                    raise InputError(
                        f"not a product code of 2, 4, 6, 8 or 10 digits: {row['product']!r}",
                        where=f"file {path}",
                        remedy="read the column as text, so that leading zeros stay",
                    )
            if not rows:
                raise InputError("the file has a header but no codes", where=str(path), remedy="fetch it again")
            table = small.write(
                sorted(rows, key=lambda row: row["product"]),
                pa.schema([("product", pa.string()), ("name_en", pa.string())]),
                stage,
                "products",
            )
        revision, version = self._edition(path, [row["product"] for row in rows])
        left_out = {"no-product": len(names) - len(rows), "repeated": read - len(names)}
        return Loaded(
            options.dataset or f"{self.name}-{revision}",
            options.version or version,
            {"products": table},
            read,
            len(rows),
            {rule: count for rule, count in left_out.items() if count},
            not_read=others(head, path),
        )

    def _edition(self, path: Path, codes: list[str]) -> tuple[str, str]:
        """Return the HS revision, by the file's name or else by its codes, and the publisher's version."""
        from schakel.nomenclature import products

        named = _BACI.match(path.name)
        if named:
            return f"hs{named[1]}", named[2]
        found = products.detect_revision(code for code in codes if len(code) == 6)
        if not found:
            return "hs", "unknown"
        return f"hs{found[-1] % 100:02d}", f"HS {found[-1]}"


class BaciCodes(_Codes):
    """Reader of the product table that CEPII publishes beside BACI."""

    name = "product-codes"
    title = "BACI product codes"
    licence = "etalab-2.0"
    columns = frozenset({"code", "description"})
    source = Source(
        id="cepii-baci-codes",
        title="BACI: product codes and descriptions",
        publisher="CEPII",
        url="https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
        licence="etalab-2.0",
    )


class HsList(_Codes):
    """Reader of the HS list in the open data package."""

    name = "harmonized-system"
    title = "Harmonized System list"
    licence = "PDDL-1.0"
    columns = frozenset({"section", "hscode", "description", "parent", "level"})
    source = Source(
        id="hs-list",
        title="Harmonized System, codes and descriptions after UN Comtrade",
        publisher="datasets/harmonized-system",
        url="https://github.com/datasets/harmonized-system",
        licence="PDDL-1.0",
    )


def _rows(text: Path) -> int:
    with text.open(encoding="utf-8-sig", newline="") as handle:
        return sum(1 for row in csv.reader(handle) if row) - 1
