"""Which industries of a published table does a six-digit code mean?"""

import pytest

from schakel.nomenclature import products
from schakel.shocks import scenario
from schakel.shocks.build import shock
from schakel.shocks.draws import draw
from schakel.shocks.goods import divisions, makers, spans
from schakel.shocks.lenses import places
from schakel.shocks.tables import embedded, open_table
from shocks_small import random_world

# Industries as the OECD (edition of 2023) and Eurostat (FIGARO) write them.
ICIO = tuple(
    "A01_02 A03 B05_06 B07_08 B09 C10T12 C13T15 C16 C17_18 C19 C20 C21 C22 C23 C24 C25 C26 C27 C28 C29 C30 C31T33 D E F G H49 J58T60 J61".split()  # noqa: SIM905
)
FIGARO = tuple(
    "A01 A02 A03 B C10T12 C13T15 C16 C17 C18 C19 C20 C21 C22 C23 C24 C25 C26 C27 C28 C29 C30 C31_32 C33 D35 E36 E37T39 F G45 J58 J59_60".split()  # noqa: SIM905
)
CODES = {
    "854231": ({"C26"}, {"C26"}, {"c14"}, {"electronics"}),  # integrated circuits
    "854129": ({"C26"}, {"C26"}, {"c14"}, {"electronics"}),  # transistors
    "850440": ({"C27"}, {"C27"}, {"c14"}, {"electronics"}),  # converters
    "847130": ({"C26"}, {"C26"}, {"c14"}, {"electronics"}),  # portable computers
    "848620": ({"C28"}, {"C28"}, {"c13"}, {"machinery"}),  # machines that make chips
    "870323": ({"C29"}, {"C29"}, {"c15"}, {"vehicles"}),
    "890120": ({"C30"}, {"C30"}, {"c15"}, {"vehicles"}),  # tankers
    "300490": ({"C21"}, {"C21"}, {"c9"}, {"chemicals"}),
    "280530": ({"C20"}, {"C20"}, {"c9"}, {"chemicals"}),  # rare earth metals
    "401110": ({"C22"}, {"C22"}, {"c10"}, {"chemicals"}),  # tyres
    "811292": ({"C24"}, {"C24"}, {"c12"}, {"metals_minerals"}),  # gallium and others, unwrought
    "720839": ({"C24"}, {"C24"}, {"c12"}, {"metals_minerals"}),
    "270900": ({"B05_06"}, {"B"}, {"c2"}, {"mining"}),  # crude oil
    "271019": ({"C19"}, {"C19"}, {"c8"}, {"fuels"}),
    "260300": ({"B07_08"}, {"B"}, {"c2"}, {"mining"}),  # copper ore
    "100199": ({"A01_02"}, {"A01"}, {"c1"}, {"agriculture"}),  # wheat
    "020130": ({"C10T12"}, {"C10T12"}, {"c3"}, {"food"}),  # beef
    "030213": ({"A03"}, {"A03"}, {"c1"}, {"agriculture"}),
    "240220": ({"C10T12"}, {"C10T12"}, {"c3"}, {"food"}),
    "440710": ({"C16"}, {"C16"}, {"c6"}, {"textiles_wood_paper"}),
    "640399": ({"C13T15"}, {"C13T15"}, {"c5"}, {"textiles_wood_paper"}),
    "940161": ({"C31T33"}, {"C31_32"}, {"c16"}, {"other_manufacturing"}),
    "901890": ({"C31T33"}, {"C31_32"}, {"c16"}, {"other_manufacturing"}),
    "271600": ({"D"}, {"D35"}, {"c17"}, {"utilities"}),
    "391510": ({"E"}, {"E37T39"}, {"c16"}, {"other_manufacturing"}),  # plastic waste
    "841810": ({"C27", "C28"}, {"C27", "C28"}, {"c13", "c14"}, {"machinery", "electronics"}),  # refrigerators: two divisions
    "010121": ({"A01_02"}, {"A01"}, {"c1"}, {"agriculture"}),
    "970121": ({"C31T33"}, {"C31_32"}, {"c16"}, {"other_manufacturing"}),
}  # fmt: skip
WIOD = tuple(f"c{i}" for i in range(1, 36))


@pytest.mark.parametrize("code", CODES)
def test_a_code_finds_its_industries_in_every_table(code: str) -> None:
    icio, figaro, wiod, own = CODES[code]
    assert makers(code, ICIO) == icio
    assert makers(code, FIGARO) == figaro
    assert makers(code, WIOD) == wiod
    assert makers(code, embedded().sectors) == own


@pytest.mark.parametrize(
    ("sector", "expected"),
    [
        ("C26", ((260, 269),)),
        ("B", ((50, 99),)),
        ("C10T12", ((100, 129),)),
        ("C10-12", ((100, 129),)),
        ("C31_32", ((310, 319), (320, 329))),
        ("A01_A02", ((10, 19), (20, 29))),
        ("B05_06", ((50, 59), (60, 69))),
        ("C301", ((301, 301),)),
        ("C302T309", ((302, 309),)),
        ("C24A", ((241, 241),)),
        ("electronics", ()),
        ("c14", ()),
        ("G", ()),
    ],
)
def test_codes_of_sectors_are_read(sector: str, expected: tuple[tuple[int, int], ...]) -> None:
    assert spans(sector) == expected


def test_finer_tables_are_told_apart_and_coarser_ones_hold_everything() -> None:
    fine = ("C24A", "C24B", "C301", "C302T309")
    assert makers("720839", fine) == {"C24A"}
    assert makers("811292", fine) == {"C24B"}
    assert makers("890120", fine) == {"C301"}
    assert makers("880240", fine) == {"C302T309"}
    assert makers("854231", ("A", "B", "C", "D")) == {"C"}
    assert makers("854231", ("x", "y")) == set()


def test_every_heading_of_the_harmonized_system_has_makers() -> None:
    headings = {c[:4] for hs in (2012, 2017, 2022) for c in products.codes(hs) if c[:2] < "98"}
    assert len(headings) > 1200
    for heading in sorted(headings):
        assert divisions(heading + "00"), heading
        assert makers(heading + "00", ICIO), heading
        assert makers(heading + "00", FIGARO), heading
        assert makers(heading + "00", WIOD), heading
    assert divisions("7701") == ()
    assert divisions("9999") == ()
    assert divisions("85") == ()


def test_a_ban_by_code_reaches_the_industry_of_a_table_in_nace() -> None:
    world = random_world(regions=("TWN", "NLD", "ROW"), sectors=("C26", "C29", "G"))
    text = """\
schema: schakel.scenario/1
id: test
title: {en: Test}
time: {start: 2025-10-01, horizon: 10}
measures: [{id: m1, imposer: TWN, instrument: export_ban, products: ["hs6:854231"], to: world, start: 3}]
"""
    s = scenario.parse(text)
    (cut,) = shock(s, world, places(world), draw(s, 0).of(0)).shock.restrictions
    made = {(world.regions[world.region[i]], world.sectors[world.sector[i]]) for i in cut.suppliers.nonzero()[0]}
    assert made == {("TWN", "C26")}
    assert open_table("reference").sectors == embedded().sectors
