"""Does each definition decide as published, on hand-made rows that just pass and just fail every one of its criteria?

A case is a set of flows (exporter, importer, value) of product 854231 in 2023, unless said otherwise. Each case names the criterion it is about; all the
other criteria of the definition are passed, so the verdict is that criterion's. Values are worked out in the comments.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import dependency_twin as twin
from schakel.dependency.presets import names, preset
from schakel.dependency.screen import screen
from schakel.errors import InputError, NotFoundError
from schakel.lake.flowset import FlowSet, from_table
from schakel.nomenclature import blocs

P = "854231"
EU = frozenset(blocs.members("EU27", 2023))
Trade = tuple[str, str, int]


@dataclass(frozen=True)
class Case:
    """One hand-made row: what it is about and what should come out."""

    name: str
    method: str
    reporter: str
    criterion: str
    value: float | None
    passes: bool | None
    dependent: bool | None
    flows: tuple[Trade, ...]
    others: Mapping[str, tuple[Trade, ...]] | None = None  # further products
    eur: float | None = None  # euros for a dollar, when the file has a euro column
    re_export: int = 0  # of the reporter's exports
    years: Mapping[int, tuple[Trade, ...]] | None = None  # earlier years
    bloc: str | None = None


def build(case: Case) -> tuple[FlowSet, twin.Case]:
    rows: list[twin.Flow] = []

    def add(year: int, product: str, trade: Iterable[Trade]) -> None:
        for exporter, importer, value in trade:
            eur = round(value * case.eur) if case.eur is not None else None
            re = min(case.re_export, value) if case.re_export and exporter == case.reporter else None
            rows.append(twin.Flow(year, exporter, importer, product, value, eur, re))

    add(2023, P, case.flows)
    for product, trade in (case.others or {}).items():
        for year in (2023, *(case.years or {})):
            add(year, product, trade)
    for year, trade in (case.years or {}).items():
        add(year, P, trade)
    table = pa.table(
        {
            "year": pa.array([r.year for r in rows], pa.int16()),
            "exporter": [r.exporter for r in rows],
            "importer": [r.importer for r in rows],
            "product": [r.product for r in rows],
            "value_usd": pa.array([r.usd for r in rows], pa.int64()),
            "value_eur": pa.array([r.eur for r in rows], pa.int64()),
            "re_export_usd": pa.array([r.re for r in rows], pa.int64()),
        }
    )
    return from_table(table, inputs=[]), twin.Case(rows, EU)


def bought(values: Mapping[str, int], importer: str = "NLD") -> tuple[Trade, ...]:
    return tuple((c, importer, v) for c, v in values.items())


# Outside suppliers whose shares square to exactly 0.4: .6^2 + 4 x .1^2 = .36 + .04
FORTY = {"CHN": 600, "USA": 100, "VNM": 100, "GBR": 100, "JPN": 100}
# one thousandth from the second to the first: .601^2 + .099^2 + 3 x .1^2 = .361201 + .009801 + .03 = .401002
ABOVE = {**FORTY, "CHN": 601, "USA": 99}

EC = [
    # bought outside 1000, sold 999 outside: ratio 1000/999; nothing bought inside: share 1
    Case("above", "ec2021", "EU27", "extra_bloc_hhi", 0.401002, True, True, (*bought(ABOVE), ("NLD", "BRA", 999))),
    Case("at .4", "ec2021", "EU27", "extra_bloc_hhi", 0.4, False, False, (*bought(FORTY), ("NLD", "BRA", 999))),
    # 100 outside, 99 inside: 100/199; the 99 are exports too, so ratio 100/99
    Case("above", "ec2021", "EU27", "extra_bloc_import_share", 100 / 199, True, True, (("CHN", "NLD", 100), ("NLD", "DEU", 99))),
    # two countries at exactly one half; of NLD: 100 outside, 100 inside, sold 50
    Case("at .5", "ec2021", "NLD", "extra_bloc_import_share", 0.5, False, False,
         (("CHN", "NLD", 100), ("DEU", "NLD", 100), ("NLD", "USA", 50))),
    # sold 60 outside and 39 inside: 100/99; and one more: 100/100
    Case("above", "ec2021", "EU27", "import_export_ratio", 100 / 99, True, True,
         (("CHN", "NLD", 100), ("NLD", "USA", 60), ("NLD", "DEU", 39))),
    Case("at 1", "ec2021", "EU27", "import_export_ratio", 1.0, False, False,
         (("CHN", "NLD", 100), ("NLD", "USA", 61), ("NLD", "DEU", 39))),
    # nothing sold at all: no number, and met
    Case("nothing exported", "ec2021", "EU27", "import_export_ratio", None, True, True, (("CHN", "NLD", 100),)),
    # bought only inside: no outside suppliers, so the concentration is undefined, and the share 0 decides
    Case("only inside", "ec2021", "NLD", "extra_bloc_hhi", None, None, False, (("DEU", "NLD", 100),)),
]  # fmt: skip

BUYERS = ("ARG", "AUS", "BRA", "CAN", "CHL", "COL", "EGY", "IDN", "IND", "ISR")


def sold(seller: str, buyers: Iterable[str], value: int) -> tuple[Trade, ...]:
    return tuple((seller, b, value) for b in buyers)


# Nine other products, of growing rank in both: USA sells to k buyers 10 each, VNM to one buyer 10. C = (k, 1), deviation (k-1)/sqrt 2; HHI (k^2+1)/(k+1)^2.
FILLERS = {f"8541{k:02d}": (*sold("USA", BUYERS[:k], 10), ("VNM", "MEX", 10)) for k in range(1, 10)}
YEARS4 = (2020, 2021, 2022)
# CHN sells 601 of 1000 to the Netherlands and 10^6 to each of ten others, who buy of nobody else: world HHI and deviation above all fillers.
# C of CHN = 10 + .601 x 5, the others 5 x their share: (13.005, .495, .5, .5, .5)
LEADER = sold("CHN", BUYERS, 10**6)
# With the Netherlands as a seller too: deviation 5.07, between those of fillers 8 and 9, so SPOF (9 + 10) / 20 = .95.
# Where CHN is the only supplier of the bloc another seller is needed, or there is no deviation: C = (11, 1), deviation 10 / sqrt 2, rank 10.
PAIR = (*LEADER, ("VNM", "MEX", 1))

ARJONA = [
    # every year alike: mean .401002
    Case("above", "arjona2023", "EU27", "extra_bloc_hhi", 0.401002, True, True, (*bought(ABOVE), *LEADER, ("NLD", "PER", 999)),
         FILLERS, years=dict.fromkeys(YEARS4, (*bought(ABOVE), *LEADER, ("NLD", "PER", 999)))),
    # .4 in every year, so .4 in the mean
    Case("at .4", "arjona2023", "EU27", "extra_bloc_hhi", 0.4, False, False, (*bought(FORTY), *LEADER, ("NLD", "PER", 999)),
         FILLERS, years=dict.fromkeys(YEARS4, (*bought(FORTY), *LEADER, ("NLD", "PER", 999)))),
    # shares 1/4, 3/4, 1/2 and 100/199: mean (1.5 + 100/199) / 4; in 2020 the year alone would fail
    Case("mean above", "arjona2023", "EU27", "extra_bloc_import_share", (1.5 + 100 / 199) / 4, True, True,
         (("CHN", "NLD", 100), ("NLD", "DEU", 99), *PAIR), FILLERS,
         years={2020: (("CHN", "NLD", 25), ("NLD", "DEU", 75), *PAIR), 2021: (("CHN", "NLD", 75), ("NLD", "DEU", 25), *PAIR),
                2022: (("CHN", "NLD", 50), ("NLD", "DEU", 50), *PAIR)}),
    # shares 1/4, 3/4, 1/2 and 1/2: mean exactly one half; ratios 1/3, 3, 1, 1: mean 1.33
    Case("mean at .5", "arjona2023", "EU27", "extra_bloc_import_share", 0.5, False, False,
         (("CHN", "NLD", 50), ("NLD", "DEU", 50), *PAIR), FILLERS,
         years={2020: (("CHN", "NLD", 25), ("NLD", "DEU", 75), *PAIR), 2021: (("CHN", "NLD", 75), ("NLD", "DEU", 25), *PAIR),
                2022: (("CHN", "NLD", 50), ("NLD", "DEU", 50), *PAIR)}),
    # ratios 1/2, 3/2, 1 and 100/99: mean (3 + 100/99) / 4
    Case("mean above", "arjona2023", "EU27", "import_export_ratio", (3 + 100 / 99) / 4, True, True,
         (("CHN", "NLD", 100), ("NLD", "PER", 99), *LEADER), FILLERS,
         years={2020: (("CHN", "NLD", 50), ("NLD", "PER", 100), *LEADER), 2021: (("CHN", "NLD", 150), ("NLD", "PER", 100), *LEADER),
                2022: (("CHN", "NLD", 50), ("NLD", "PER", 50), *LEADER)}),
    Case("mean at 1", "arjona2023", "EU27", "import_export_ratio", 1.0, False, False,
         (("CHN", "NLD", 100), ("NLD", "PER", 100), *LEADER), FILLERS,
         years={2020: (("CHN", "NLD", 50), ("NLD", "PER", 100), *LEADER), 2021: (("CHN", "NLD", 150), ("NLD", "PER", 100), *LEADER),
                2022: (("CHN", "NLD", 50), ("NLD", "PER", 50), *LEADER)}),
    # a year in which the product is not bought is left out of the mean: (1 + 100/99 + 1) / 3
    Case("year without trade", "arjona2023", "EU27", "import_export_ratio", (2 + 100 / 99) / 3, True, True,
         (("CHN", "NLD", 100), ("NLD", "PER", 99), *LEADER), FILLERS,
         years={2021: (("CHN", "NLD", 50), ("NLD", "PER", 50), *LEADER), 2022: (("CHN", "NLD", 50), ("NLD", "PER", 50), *LEADER),
                2020: LEADER}),
    # CHN alone to nine buyers, one of them the bloc, VNM alone to one: C = 9 and 1, deviation 8 / sqrt 2, equal to the last filler's, so the ranks 9 and 10
    # are shared: 9.5. Totals 1000 and 1: HHI above all, rank 10. SPOF (9.5 + 10) / 20 = .975
    Case("above", "arjona2023", "EU27", "spof", 0.975, True, True,
         (("CHN", "NLD", 200), *sold("CHN", BUYERS[:8], 100), ("VNM", "MEX", 1)), FILLERS),
    # C = 8 and 1: deviation 7 / sqrt 2, shared with filler 8: ranks 8 and 9, so 8.5; HHI rank 10: (8.5 + 10) / 20 = .925, just above
    Case("just above", "arjona2023", "EU27", "spof", 0.925, True, True,
         (("CHN", "NLD", 300), *sold("CHN", BUYERS[:7], 100), ("VNM", "MEX", 1)), FILLERS),
    # C = 7 and 1: ranks 7 and 8 shared: (7.5 + 10) / 20 = .875
    Case("below", "arjona2023", "EU27", "spof", 0.875, False, False,
         (("CHN", "NLD", 400), *sold("CHN", BUYERS[:6], 100), ("VNM", "MEX", 1)), FILLERS),
    # C = 9 and 1 again (9.5); totals 900 and 107: .8937^2 + .1063^2 = .8101, between filler 8 (65/81 = .8025) and filler 9 (82/100): rank 9.
    # (9.5 + 9) / 20 = .925; with filler 9 sold to one more buyer, C = 10 and 1, the ranks are 9 and 9: exactly .9, and not above it
    Case("at .9", "arjona2023", "EU27", "spof", 0.9, False, False,
         (("CHN", "NLD", 100), *sold("CHN", BUYERS[:8], 100), ("VNM", "MEX", 107)),
         {**FILLERS, "854109": (*sold("USA", BUYERS, 10), ("VNM", "MEX", 10))}),
]  # fmt: skip

# CHN alone to the bloc and five others, three more sellers with a buyer each: C = (6, 1, 1, 1), mean 2.25, squares 14.0625 + 3 x 1.5625 = 18.75, over 3: 6.25,
# so the deviation is exactly 2.5. With a sixth other buyer: (7, 1, 1, 1), 20.25 + 3 x 2.25 = 27, over 3: 9, so 3.
SMALL_SELLERS: tuple[Trade, ...] = (("USA", "MEX", 1), ("VNM", "PER", 1), ("JPN", "KOR", 1))
CENTRAL = (*sold("CHN", BUYERS, 100), *SMALL_SELLERS)
TRESOR = [
    # 51 and 49 of 100: .2601 + .2401 = .5002; two equal suppliers: one half
    Case("above", "tresor2020", "EU27", "extra_bloc_hhi", 0.5002, True, True, (("CHN", "NLD", 51), ("USA", "NLD", 49), *CENTRAL)),
    Case("at .5", "tresor2020", "EU27", "extra_bloc_hhi", 0.5, False, False, (("CHN", "NLD", 50), ("USA", "NLD", 50), *CENTRAL)),
    Case("above", "tresor2020", "EU27", "extra_bloc_import_share", 100 / 199, True, True,
         (("CHN", "NLD", 100), ("NLD", "DEU", 99), *CENTRAL)),
    Case("at .5", "tresor2020", "EU27", "extra_bloc_import_share", 0.5, False, False,
         (("CHN", "NLD", 100), ("NLD", "DEU", 100), *CENTRAL)),
    Case("above", "tresor2020", "EU27", "centrality", 3.0, True, True,
         (("CHN", "NLD", 100), *sold("CHN", BUYERS[:6], 100), *SMALL_SELLERS)),
    Case("at 2.5", "tresor2020", "EU27", "centrality", 2.5, False, False,
         (("CHN", "NLD", 100), *sold("CHN", BUYERS[:5], 100), *SMALL_SELLERS)),
    # one exporter in the world: no deviation, so open
    Case("one exporter", "tresor2020", "EU27", "centrality", None, None, None, (("CHN", "NLD", 100),)),
]  # fmt: skip

SPREAD = {"CHN": 300, "USA": 140, "VNM": 140, "GBR": 140, "JPN": 140, "BRA": 140}  # 300 of 1000
MERICS = [
    # nothing sold inside; 1000 bought, 500 sold: 2 meets "at least twice"; 501: 1.996 does not. The world cut was not read: open at best.
    Case("at 2", "merics2024", "EU27", "import_export_ratio", 2.0, True, None, (*bought(SPREAD), ("NLD", "MEX", 500))),
    Case("below", "merics2024", "EU27", "import_export_ratio", 1000 / 501, False, False, (*bought(SPREAD), ("NLD", "MEX", 501))),
    Case("at .3", "merics2024", "EU27", "top_supplier_share", 0.3, True, None, bought(SPREAD)),
    Case("below", "merics2024", "EU27", "top_supplier_share", 0.299, False, False, bought({**SPREAD, "CHN": 299, "USA": 141})),
    # exporters as in the Netherlands' imports: .3^2 + 5 x .14^2 = .188, shown and open
    Case("cut unread", "merics2024", "EU27", "world_export_hhi", 0.188, None, None, bought(SPREAD)),
    # as one country the bloc neither buys nor sells inside; with members separate 1000 + 1000 bought, 1000 sold
    Case("inside not counted", "merics2024", "EU27", "import_export_ratio", None, True, None,
         (*bought(SPREAD), ("NLD", "DEU", 1000))),
    Case("members", "merics2024", "EU27", "import_export_ratio", 2.0, True, None, (*bought(SPREAD), ("NLD", "DEU", 1000)),
         bloc="members"),
]  # fmt: skip

# The world: USA 1 sells 100, CHN 100, VNM 100, GBR 100: HHI 1/4; the Netherlands buys 50 of CHN and 50 of USA: HHI 1/2 = 2 x 1/4.
FOUR = (("USA", "MEX", 50), ("CHN", "MEX", 50), ("VNM", "MEX", 100), ("GBR", "MEX", 100))
OECD = [
    Case("at twice", "oecd2024", "NLD", "partner_hhi", 0.5, False, False, (("USA", "NLD", 50), ("CHN", "NLD", 50), *FOUR)),
    # 51 and 49, with the rest of each made up to 100, so the world stays at 1/4: .5002
    Case("above twice", "oecd2024", "NLD", "partner_hhi", 0.5002, True, None,
         (("USA", "NLD", 51), ("CHN", "NLD", 49), ("USA", "MEX", 49), ("CHN", "MEX", 51), *FOUR[2:])),
    Case("cut unread", "oecd2024", "NLD", "world_export_hhi", 0.25, None, None,
         (("USA", "NLD", 51), ("CHN", "NLD", 49), ("USA", "MEX", 49), ("CHN", "MEX", 51), *FOUR[2:])),
]  # fmt: skip

M = 1_000_000
IW = [
    Case("at one half", "iw", "DEU", "top_supplier_share", 0.5, True, True, bought({"CHN": 10 * M, "USA": 10 * M}, "DEU"), eur=1.0),
    Case("below", "iw", "DEU", "top_supplier_share", 0.4995, False, False,
         bought({"CHN": 9_990_000, "USA": 10_010_000}, "DEU"), eur=1.0),
    # another supplier above one half does not count: the test is of China
    Case("not China", "iw", "DEU", "top_supplier_share", 0.4, False, False, bought({"CHN": 8 * M, "USA": 12 * M}, "DEU"), eur=1.0),
    # 20 million dollars at .5: exactly ten million euro; one dollar pair less: one euro less
    Case("at ten million", "iw", "DEU", "import_value", 10.0 * M, True, True, bought({"CHN": 20 * M}, "DEU"), eur=0.5),
    Case("below", "iw", "DEU", "import_value", 10.0 * M - 1, False, False, bought({"CHN": 20 * M - 2}, "DEU"), eur=0.5),
    Case("no euro column", "iw", "DEU", "import_value", None, None, None, bought({"CHN": 20 * M}, "DEU")),
    # as one country the bloc buys 20 outside, half of it of China; what its members buy inside is not an import
    Case("bloc as one", "iw", "EU27", "top_supplier_share", 0.5, True, True,
         (*bought({"CHN": 10 * M, "USA": 10 * M}, "DEU"), ("DEU", "NLD", 30 * M)), eur=1.0, bloc="one"),
    Case("members", "iw", "EU27", "top_supplier_share", 0.2, False, False,
         (*bought({"CHN": 10 * M, "USA": 10 * M}, "DEU"), ("DEU", "NLD", 30 * M)), eur=1.0, bloc="members"),
]  # fmt: skip

CBS = [
    # bought 300, re-exported 50: 250 million for domestic use, at one euro a dollar; the two cuts were not read, so open at best
    Case("at 250", "cbs2021", "NLD", "import_value", 250.0 * M, True, None, (("CHN", "NLD", 300 * M), ("NLD", "BRA", 60 * M)),
         eur=1.0, re_export=50 * M),
    Case("below", "cbs2021", "NLD", "import_value", 250.0 * M - 1, False, False,
         (("CHN", "NLD", 300 * M - 1), ("NLD", "BRA", 60 * M)), eur=1.0, re_export=50 * M),
    # no re-exports in the file: domestic use is unknown
    Case("no re-exports", "cbs2021", "NLD", "import_value", None, None, None, (("CHN", "NLD", 300 * M), ("NLD", "BRA", 60 * M)),
         eur=1.0),
    # .5^2 + .5^2, shown and open; world: CHN 150, USA 150, NLD 60 of 360
    Case("cut unread", "cbs2021", "NLD", "partner_hhi", 0.5, None, None,
         (("CHN", "NLD", 150 * M), ("USA", "NLD", 150 * M), ("NLD", "BRA", 60 * M)), eur=1.0, re_export=50 * M),
    Case("cut unread", "cbs2021", "NLD", "world_export_hhi", (2 * 150**2 + 60**2) / 360**2, None, None,
         (("CHN", "NLD", 150 * M), ("USA", "NLD", 150 * M), ("NLD", "BRA", 60 * M)), eur=1.0, re_export=50 * M),
]  # fmt: skip

BOTTLENECK = [
    Case("at .8", "bottleneck", "NLD", "top_supplier_share", 0.8, True, True, bought({"CHN": 8 * M, "USA": 2 * M})),
    Case(
        "below",
        "bottleneck",
        "NLD",
        "top_supplier_share",
        0.7999,
        False,
        False,
        bought({"CHN": 7_999_000, "USA": 2_001_000}),
    ),
    Case("at ten million", "bottleneck", "NLD", "import_value", 10.0 * M, True, True, bought({"CHN": 10 * M})),
    Case("below", "bottleneck", "NLD", "import_value", 10.0 * M - 1, False, False, bought({"CHN": 10 * M - 1})),
    # any supplier counts, inside the bloc too
    Case("inside", "bottleneck", "NLD", "top_supplier_share", 0.8, True, True, bought({"DEU": 8 * M, "USA": 2 * M})),
]

CRMA = [
    Case("at .65", "crma", "EU27", "top_supplier_share", 0.65, False, False, bought({"CHN": 65, "USA": 35})),
    Case("above", "crma", "EU27", "top_supplier_share", 0.651, True, True, bought({"CHN": 651, "USA": 349})),
    # what comes from inside is no supply of a third country: 651 of 1000, not of 2000
    Case(
        "inside",
        "crma",
        "EU27",
        "top_supplier_share",
        0.651,
        True,
        True,
        (*bought({"CHN": 651, "USA": 349}), ("DEU", "NLD", 1000)),
    ),
]

HOLDS = (*bought(ABOVE), *sold("CHN", BUYERS, 1000), ("NLD", "PER", 999))  # all three of GeoDep's yearly tests
FAILS = (*bought(FORTY), *sold("CHN", BUYERS, 1000), ("NLD", "PER", 999))  # C1 at .4
# World of HOLDS with the bloc as one: CHN 10601, 99, 3 x 100, the bloc 999; in all 11999: HHI (10601^2 + 99^2 + 3 x 100^2 + 999^2) / 11999^2 = .787816
LAST = {2021: HOLDS, 2022: HOLDS}
# World HHI of exactly .4, the bloc as one: CHN 600, four others 100. The bloc buys all of it, so C1 is .4 as well; for C1 alone above, it buys of CHN only.
WORLD_AT = (("CHN", "NLD", 300), *bought({"CHN": 300, "USA": 100, "VNM": 100, "GBR": 100, "JPN": 100}, "MEX"))
WORLD_ABOVE = (("CHN", "NLD", 300), *bought({"CHN": 301, "USA": 99, "VNM": 100, "GBR": 100, "JPN": 100}, "MEX"))
GEODEP = [
    Case("above", "geodep2024", "EU27", "partner_hhi", 0.401002, True, True, HOLDS, years=LAST),
    Case("at .4", "geodep2024", "EU27", "partner_hhi", 0.4, False, False, FAILS, years=LAST),
    Case("above", "geodep2024", "EU27", "world_export_hhi", 0.401002, True, True, WORLD_ABOVE, years=LAST),
    Case("at .4", "geodep2024", "EU27", "world_export_hhi", 0.4, False, False, WORLD_AT, years=LAST),
    Case("above", "geodep2024", "EU27", "import_export_ratio", 1000 / 999, True, True, HOLDS, years=LAST),
    Case("at 1", "geodep2024", "EU27", "import_export_ratio", 1.0, False, False, (*HOLDS[:-1], ("NLD", "PER", 1000)), years=LAST),
    Case("nothing exported", "geodep2024", "EU27", "import_export_ratio", 9999.0, True, True, HOLDS[:-1], years=LAST),
    # the window: this year and one of the two before; only this year; this year failed but two before held
    Case("this and last", "geodep2024", "EU27", "persistent_years", 2.0, True, True, HOLDS, years={2021: FAILS, 2022: HOLDS}),
    Case("this and first", "geodep2024", "EU27", "persistent_years", 2.0, True, True, HOLDS, years={2021: HOLDS, 2022: FAILS}),
    Case("all three", "geodep2024", "EU27", "persistent_years", 3.0, True, True, HOLDS, years=LAST),
    Case("only this", "geodep2024", "EU27", "persistent_years", 1.0, False, False, HOLDS, years={2021: FAILS, 2022: FAILS}),
    Case("only before", "geodep2024", "EU27", "persistent_years", 2.0, True, False, FAILS, years=LAST),
    # years that the file does not hold can decide nothing
    Case("alone", "geodep2024", "EU27", "persistent_years", 1.0, None, None, HOLDS),
    Case("one absent, met", "geodep2024", "EU27", "persistent_years", 2.0, True, True, HOLDS, years={2022: HOLDS}),
    Case("one absent, open", "geodep2024", "EU27", "persistent_years", 1.0, None, None, HOLDS, years={2022: FAILS}),
    # a failed test decides although the window is open
    Case("failed, alone", "geodep2024", "EU27", "persistent_years", 0.0, None, False, FAILS),
    # not bought by the bloc in 2022 though others traded it: failed; traded by nobody: unknown
    Case("not bought", "geodep2024", "EU27", "persistent_years", 1.0, False, False, HOLDS, years={2021: FAILS, 2022: (("CHN", "USA", 5),)}),
    Case("not traded", "geodep2024", "EU27", "persistent_years", 1.0, None, None, HOLDS, {"854232": FAILS}, years={2021: FAILS, 2022: ()}),
]  # fmt: skip

CASES = (*EC, *ARJONA, *GEODEP, *TRESOR, *MERICS, *OECD, *IW, *CBS, *BOTTLENECK, *CRMA)


@pytest.mark.parametrize("case", CASES, ids=[f"{c.method}-{c.criterion}-{c.name}" for c in CASES])
def test_row(case: Case) -> None:
    flows, by_hand = build(case)
    answer = screen(flows, reporter=case.reporter, method=case.method, year=2023, bloc=case.bloc)
    row = next(r for r in answer.rows if r["product"] == P)
    found = row["criteria"][case.criterion]
    assert found["value"] == (None if case.value is None else pytest.approx(case.value, rel=1e-9))
    assert found["passes"] is case.passes
    assert row["dependent"] is case.dependent
    tests = {c.name: row["criteria"][c.name] for c in preset(case.method).criteria}
    if case.dependent is False and case.passes is False:  # it is this criterion alone that decides
        also = {"persistent_years"} if "persistent_years" in tests else set()
        assert {n for n, c in tests.items() if c["passes"] is False} - also == {case.criterion} - also
    if case.dependent is None:
        for name, c in tests.items():
            assert c["passes"] is not False and (c["passes"] or c["why"]), (name, c)
    other = twin.screen(by_hand, twin.toml(case.method), case.reporter, 2023, case.bloc)[P]
    assert other["dependent"] is case.dependent
    assert other["criteria"][case.criterion][1] is case.passes


@pytest.mark.parametrize("method", names())
def test_every_criterion_has_a_row_on_either_side(method: str) -> None:
    """One that passes and one that fails; where the cut was not read, one that stays open."""
    for c in preset(method).criteria:
        sides = {case.passes for case in CASES if case.method == method and case.criterion == c.name}
        wanted = {None} if c.threshold is None and not c.of else {True, False}
        assert wanted <= sides, (method, c.name, sides)


WHY = [
    ("ec2021", "import_export_ratio", "add world trade (BACI) or the reporter's exports"),
    ("geodep2024", "world_export_hhi", "add world trade (BACI) or the reporter's exports"),
    ("geodep2024", "persistent_years", "no flows of 2021, 2022; add them to the flow file (BACI has a file a year)"),
    ("tresor2020", "centrality", "add world trade (BACI) or the reporter's exports"),
    ("arjona2023", "spof", "add world trade (BACI) or the reporter's exports"),
    ("iw", "import_value", "no values in EUR; add a column value_eur"),
    ("cbs2021", "import_value", "no re-exports in the flows; add a column re_export_usd"),
    ("merics2024", "world_export_hhi", "add world trade (BACI) or the reporter's exports"),
    ("oecd2024", "partner_hhi", "add world trade (BACI) or the reporter's exports"),
]


@pytest.mark.parametrize(("method", "criterion", "remedy"), WHY)
def test_an_open_criterion_names_what_is_missing_and_where_it_would_come_from(
    method: str, criterion: str, remedy: str
) -> None:
    rows = [{"year": 2023, "exporter": "CHN", "importer": "NLD", "product": P, "value_usd": 20 * M}]
    flows = from_table(pa.Table.from_pylist(rows), inputs=[], coverage="imports")
    (row,) = screen(flows, reporter="NLD", method=method, year=2023).rows
    assert row["criteria"][criterion]["passes"] is None
    assert remedy in row["criteria"][criterion]["why"]
    assert row["dependent"] is None


def test_euro_values_that_some_flows_lack_leave_the_minimum_open() -> None:
    """A missing euro value is not a zero."""
    rows = [twin.Flow(2023, "CHN", "DEU", P, 20 * M, 20 * M), twin.Flow(2023, "USA", "DEU", P, 10 * M, None)]
    table = pa.table(
        {
            "year": pa.array([r.year for r in rows], pa.int16()),
            "exporter": [r.exporter for r in rows],
            "importer": [r.importer for r in rows],
            "product": [r.product for r in rows],
            "value_usd": [r.usd for r in rows],
            "value_eur": pa.array([r.eur for r in rows], pa.int64()),
        }
    )
    (row,) = screen(from_table(table, inputs=[]), reporter="DEU", method="iw", year=2023).rows
    found = row["criteria"]["import_value"]
    assert (found["value"], found["passes"], row["dependent"], row["import_value_eur"]) == (None, None, None, None)
    assert found["why"] == "some flows have no value_eur; fill that column"


ELEMENTS = ("universe", "treatment", "base")


@pytest.mark.parametrize("method", names())
def test_every_element_says_whether_it_was_verified(method: str) -> None:
    raw = tomllib.loads(resources.files("schakel.dependency").joinpath("presets", f"{method}.toml").read_text("utf-8"))
    for c in raw["criterion"]:
        assert c["status"] in ("verified", "unverified") and c["formula"], c
        if "threshold" not in c and "of" not in c:
            assert c["status"] == "unverified", "a cut that was not read cannot be verified"
    for key in ("title", "title_nl", "source", "url", "universe", "bloc", "treatment", "base", "summary", "summary_nl"):
        assert raw[key], key
    wanted = {*ELEMENTS, *({"mean_years"} if "mean_years" in raw else ())}
    assert set(raw["status"]) == wanted
    assert set(raw["status"].values()) <= {"verified", "unverified"}
    read = preset(method)
    assert dict(read.status) == raw["status"]
    if read.mark != "read":  # what could not be read in its source is not called verified
        assert {c.status for c in read.criteria} == {"unverified"}


def test_all_published_definitions_are_there() -> None:
    assert names() == (
        "ec2021", "arjona2023", "geodep2024", "tresor2020", "merics2024", "oecd2024", "iw", "cbs2021", "bottleneck", "crma",
    )  # fmt: skip


OWN = """
name = "mine"
treatment = "members"
base = "all"

[[criterion]]
name = "top_supplier_share"
op = ">="
threshold = "0.7"

[[criterion]]
name = "import_value"
op = ">="
threshold = "100"
currency = "EUR"

[[criterion]]
name = "persistent_years"
op = ">="
threshold = "2"
window = 2
"""


def test_a_definition_of_ones_own(tmp_path: Path) -> None:
    """With euro values and a window, which no published one combines: 70 of 100, at .5 a hundred euro in 2023 and 99 in 2022."""
    path = tmp_path / "mine.toml"
    path.write_text(OWN, "utf-8")
    flows = (("CHN", "NLD", 140), ("USA", "NLD", 60))
    for before, wanted in ((flows, True), ((("CHN", "NLD", 138), ("USA", "NLD", 60)), False)):
        case = Case("own", str(path), "NLD", "persistent_years", None, None, None, flows, eur=0.5, years={2022: before})
        data, by_hand = build(case)
        (row,) = screen(data, reporter="NLD", method=str(path), year=2023).rows
        assert row["criteria"]["import_value"]["value"] == 100.0
        assert row["dependent"] is wanted
        assert twin.screen(by_hand, tomllib.loads(OWN), "NLD", 2023)[P]["dependent"] is wanted


BAD = [
    ("", "no criterion"),
    ("name = 'x'\n[[criterion]]\nname = 'nonsense'", "unknown criterion"),
    ("name = 'x'\n[[criterion]]\nname = 'spof'\nthreshold = 'much'", "not a number"),
    ("name = 'x'\n[[criterion]]\nname = 'spof'\nop = '<'", "not a comparison"),
    ("name = 'x'\n[[criterion]]\nname = 'spof'\nop = '>'\ncut = '1'", "unknown key 'cut'"),
    ("name = 'x'\n[[criterion]]\nname = 'spof'\n[[criterion]]\nname = 'spof'", "named twice"),
    ("name = 'x'\ncolour = 'red'\n[[criterion]]\nname = 'spof'", "unknown key 'colour'"),
    ("name = 'x'\ntreatment = 'both'\n[[criterion]]\nname = 'spof'", "treatment"),
    ("name = 'x'\nmean_years = 0\n[[criterion]]\nname = 'spof'", "mean_years"),
    ("name = 'x'\n[[criterion]]\nname = 'partner_hhi'\nof = 'world_export_hhi'", "needs `times`"),
    ("name = 'x'\n[status]\nbase = 'perhaps'\n[[criterion]]\nname = 'spof'", "status"),
    ("name = 'x'\nbloc = 'NOWHERE'\n[[criterion]]\nname = 'spof'", "NOWHERE"),
    ("not toml at all", "not a TOML file"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "what"), BAD)
def test_a_definition_that_makes_no_sense_is_refused(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=what):
        preset(str(path))


def test_an_unknown_definition_names_the_known_ones() -> None:
    with pytest.raises(NotFoundError) as caught:
        preset("ec2020")
    assert "ec2021" in str(caught.value.as_dict() if hasattr(caught.value, "as_dict") else caught.value.remedy)


def rows_by_criterion(method: str) -> dict[str, Any]:
    return {c["name"]: c for c in twin.toml(method)["criterion"]}


def test_the_published_thresholds() -> None:
    """The numbers of the table of definitions, written again."""
    wanted = {
        "ec2021": {"extra_bloc_hhi": ">0.4", "extra_bloc_import_share": ">0.5", "import_export_ratio": ">1"},
        "geodep2024": {"partner_hhi": ">0.4", "world_export_hhi": ">0.4", "import_export_ratio": ">1", "persistent_years": ">=2"},
        "tresor2020": {"extra_bloc_import_share": ">0.5", "extra_bloc_hhi": ">0.5", "centrality": ">2.5"},
        "merics2024": {"import_export_ratio": ">=2", "top_supplier_share": ">=0.3", "world_export_hhi": ">"},
        "oecd2024": {"partner_hhi": ">2x", "world_export_hhi": ">"},
        "iw": {"top_supplier_share": ">=0.5", "import_value": ">=10000000"},
        "cbs2021": {"partner_hhi": ">", "world_export_hhi": ">", "import_value": ">=250000000"},
        "bottleneck": {"top_supplier_share": ">=0.8", "import_value": ">=10000000"},
        "crma": {"top_supplier_share": ">0.65"},
        "arjona2023": {"extra_bloc_hhi": ">0.4", "extra_bloc_import_share": ">0.5", "import_export_ratio": ">1", "spof": ">0.9"},
    }  # fmt: skip
    for method, tests in wanted.items():
        found = {
            n: c["op"] + (c["times"] + "x" if "times" in c else c.get("threshold", ""))
            for n, c in rows_by_criterion(method).items()
        }
        assert found == tests, method
