"""Which figures of the publishers' files stand in our own tables?

Usage: python scripts/build_reference.py FOLDER

FOLDER holds the publishers' files in folders ``comext_crm``, ``eu_crm``, ``world_mining_wgi``, ``wgi`` and
``un_ideal_points``. The script re-states their figures in the columns of ``src/schakel/reference/tables/tables.toml``
and prints for every table how many rows it read, kept and left out, and why. Tables that people write by hand
(``materials``, ``products_cn8``, ``headlines`` and the sources) are read, never written. Not part of the tests or of
the installed program.
"""

from __future__ import annotations

import csv
import gzip
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

from schakel.nomenclature import countries

TABLES = Path(__file__).parents[1] / "src" / "schakel" / "reference" / "tables"
WGI_YEARS = range(2018, 2024)
VOTE_YEARS = range(2015, 2026)

# Spellings of the EC study that are no short name of a country.
EC_COUNTRIES = {
    "Bosnia and Herzegovina": "BIH",
    "Brasil": "BRA",
    "Brasilia": "BRA",
    "Brunei Darussalam": "BRN",
    "Cape Verde": "CPV",
    "Central African Republic": "CAF",
    "Congo": "COG",
    "Congo, D.R.": "COD",
    "Cote d'Ivoire": "CIV",
    "Czechia": "CZE",
    "Dominican Republic": "DOM",
    "Hong Kong": "HKG",
    "Iran": "IRN",
    "Korea, North": "PRK",
    "Korea, South": "KOR",
    "Kosovo": "XKX",
    "Laos": "LAO",
    "Libanon": "LBN",
    "Moldova": "MDA",
    "Myanmar": "MMR",
    "North Macedonia": "MKD",
    "Russia": "RUS",
    "South Korea": "KOR",
    "Surinam": "SUR",
    "Syria": "SYR",
    "Taiwan": "TWN",
    "Tanzania": "TZA",
    "Trinidad and Tobago": "TTO",
    "Turkyie": "TUR",
    "Türkiye": "TUR",
    "United Arab Emirates": "ARE",
    "United Kingdom": "GBR",
    "United States": "USA",
    "Venezuela": "VEN",
    "Vietnam": "VNM",
}
# Spanish by flag, but outside the EU's customs and statistical territory: neither Spain nor a country.
NO_COUNTRY = {"XC": "territory without a code", "XL": "territory without a code"}
# The World Bank keeps some codes of its own.
WORLD_BANK = {"ADO": "AND", "KSV": "XKX", "ROM": "ROU", "TMP": "TLS", "WBG": "PSE", "ZAR": "COD"}
NACE = {
    "B06": ("Oil and gas extraction", "Winning van aardolie en aardgas"),
    "B09": ("Mining services", "Diensten voor de delfstofwinning"),
    "C10": ("Food", "Voedingsmiddelen"),
    "C11": ("Beverages", "Dranken"),
    "C17": ("Paper", "Papier"),
    "C19": ("Coke and refined oil", "Cokes en geraffineerde aardolie"),
    "C20": ("Chemicals", "Chemie"),
    "C21": ("Pharmaceuticals", "Farmacie"),
    "C22": ("Rubber and plastics", "Rubber en kunststof"),
    "C23": ("Glass, ceramics and building materials", "Glas, keramiek en bouwmaterialen"),
    "C24": ("Basic metals", "Basismetaal"),
    "C25": ("Metal products", "Metaalproducten"),
    "C26": ("Computers, electronics and optics", "Computers, elektronica en optiek"),
    "C27": ("Electrical equipment", "Elektrische apparatuur"),
    "C28": ("Machinery", "Machines"),
    "C29": ("Motor vehicles", "Motorvoertuigen"),
    "C30": ("Other transport equipment", "Overige transportmiddelen"),
    "C32": ("Other manufacturing", "Overige industrie"),
}
# Names of the world mining sheets that are not our own material names in another case.
MINING = {
    "Beryllium (conc.)": "beryllium",
    "Boron Minerals": "boron",
    "Chromium (Cr2O3)": "chromium",
    "Graphite": "natural graphite",
    "Gypsum and Anhydrite": "gypsum",
    "Iron (Fe)": "iron ore",
    "Kaolin (China-Clay)": "kaolin",
    "Lithium (Li2O)": "lithium",
    "Niobium (Nb2O5)": "niobium",
    "Phosphate Rock (P2O5)": "phosphate rock",
    "Rare Earths (REO)": "rare earths",
    "Sulfur (elementar & industrial)": "sulphur",
    "Tantalum (Ta2O5)": "tantalum",
    "Tungsten (W)": "tungsten",
    "Vanadium (V)": "vanadium",
    "Zircon": "zirconium",
}
# The sheet for titanium points to the factsheet of tungsten: a figure without a source of its own.
MINING_LEFT_OUT = {"Titanium (TiO2)": "points to another factsheet"}


def read_csv(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as handle:
        return list(csv.DictReader(handle, delimiter=delimiter))


def write(name: str, head: str, lines: Iterable[tuple[object, ...]], read: int, left_out: Counter[str]) -> None:
    """Write one table sorted and account for every row read."""
    rows = sorted(tuple("" if cell is None else str(cell) for cell in line) for line in lines)
    if read != len(rows) + sum(left_out.values()):
        raise SystemExit(f"{name}: {read} rows read, {len(rows)} kept, {dict(left_out)} left out: rows are missing")
    path = TABLES / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(head.split())
        writer.writerows(rows)
    print(f"{name:20} {len(rows):6} rows {path.stat().st_size:9,} bytes  left out {dict(left_out)}")


def fixed(number: str | float, places: int = 4) -> str:
    """Write a figure with a set number of decimals, and no minus before zero."""
    text = f"{float(number):.{places}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def imports(folder: Path) -> None:
    known, pseudo = countries.code_table("eurostat"), countries.pseudo_table("eurostat") | NO_COUNTRY
    taken = read_csv(folder / "comext_crm" / "eu_comext_critical_inputs_cn8_2022_2024.csv")
    products = {row["product_cn8"] for row in read_csv(TABLES / "products_cn8.csv")}
    kept: list[tuple[object, ...]] = []
    aside: list[tuple[object, ...]] = []
    for number, row in enumerate(taken, start=2):
        reporter, partner = row["DECLARANT_ISO"], row["PARTNER_ISO"]
        if row["FLOW"] != "1" or row["PRODUCT_NC"] not in products or reporter not in known:
            raise SystemExit(f"imports: row {number} is no import of a known product by a known member: {row}")
        euros = Decimal(row["VALUE_IN_EUROS"]).quantize(Decimal(1), ROUND_HALF_EVEN)
        year, importer, place = row["PERIOD"], known[reporter], f"{reporter}/{partner}"
        if partner in pseudo:
            aside.append((year, importer, partner, pseudo[partner], row["PRODUCT_NC"], euros, "comext", place))
        elif partner in known:
            kept.append((year, importer, known[partner], row["PRODUCT_NC"], euros, "comext", place))
        else:
            raise SystemExit(f"imports: row {number}: unknown partner {partner}")
    gone = Counter({"no country": len(aside)})
    write("imports", "year importer exporter product_cn8 value_eur source locator", kept, len(taken), gone)
    head = "year importer partner_code rule product_cn8 value_eur source locator"
    write("imports_unallocated", head, aside, len(taken), Counter({"country": len(kept)}))


def spellings() -> dict[str, str]:
    """Return our material by the EC's spelling of it."""
    rows = read_csv(TABLES / "materials.csv")
    return {name: row["material"] for row in rows for name in row["ec_names"].split(";") if name}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def share(text: str) -> tuple[str, str]:
    """Return the borders of what rounds to a printed percentage, as shares."""
    if text.startswith("<"):
        return "0", str(Decimal(text.strip("<%")).scaleb(-2).normalize())
    printed = Decimal(text.rstrip("%"))
    half = Decimal(5).scaleb(int(printed.as_tuple().exponent) - 1)
    low, high = max(printed - half, Decimal(0)), min(printed + half, Decimal(100))
    return f"{low.scaleb(-2).normalize():f}", f"{high.scaleb(-2).normalize():f}"


def supply(folder: Path, file: str, name: str, title: str) -> None:
    material = spellings()
    country = {c.name_en: c.iso3 for c in countries.all_countries() if c.kind != "former"} | EC_COUNTRIES
    taken = read_csv(folder / "eu_crm" / file, "cp1252")
    lines = [
        (
            material[row["Material"]],
            row["Stage"],
            country[row["Country"]],
            *share(row["Share"]),
            f"{Decimal(row['t']).normalize():f}",
            "ec-crm",
            f"{title}: {row['Material']}, {row['Stage']}, {row['Country']}",
        )
        for row in taken
    ]
    write(name, "material stage iso3 share_low share_high trade_parameter source locator", lines, len(taken), Counter())


def risk(folder: Path) -> None:
    material = spellings()
    taken = read_csv(folder / "eu_crm" / "dimension_CRMsOverTime.csv", "cp1252")
    lines = [
        (
            material[plain(row["Material"])],
            row["Year"],
            row["SR"].strip("-"),
            row["EI"].strip("-"),
            "ec-crm",
            f"study {row['Year']}: {plain(row['Material'])}",
        )
        for row in taken
    ]
    write("risk", "material year sr ei source locator", lines, len(taken), Counter())


def uses(folder: Path) -> None:
    material = spellings()
    taken = read_csv(folder / "eu_crm" / "fact_MaterialUseShares.csv", "cp1252")
    added = next(column for column in taken[0] if column.startswith("VA"))
    # The value added of a division is one figure, so it tells the division where the two columns contradict each other
    # (manganese, whose divisions were sorted apart from their rows; most applications agree with the value added).
    pairs = Counter((row[added], row["NACE sector"][:3]) for row in taken)
    division_of = {value: division for (value, division), _ in reversed(pairs.most_common())}
    order: Counter[str] = Counter()
    lines = []
    for row in taken:
        name = material[row["Material"]]
        order[name] += 1
        printed = row["NACE sector"][:3]
        division = division_of[row[added]]
        part = None if ">" in row["Share"] else f"{Decimal(row['Share'].rstrip('%')).scaleb(-2).normalize():f}"
        sector, sector_nl = NACE[division] if division else (None, None)
        number = f"{order[name]:02d}"
        place = f"use shares: {row['Material']}, use {order[name]}"
        if printed != division:
            place += f"; printed {printed}, division taken from the value added"
        use = (name, number, plain(row["Application"]), part, division, sector, sector_nl, row[added])
        lines.append((*use, "ec-crm", place))
    # Two digits keep the order while sorting; the table holds plain numbers.
    ready = [(name, int(number), *rest) for name, number, *rest in sorted(lines, key=lambda line: line[:2])]
    head = "material row application share nace sector sector_nl value_added_meur source locator"
    write("uses", head, ready, len(taken), Counter())


def sqlite_rows(path: Path, query: str) -> Iterator[tuple[str, ...]]:
    link = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        yield from link.execute(query)
    finally:
        link.close()


def recycling(folder: Path) -> None:
    known = {row["material"] for row in read_csv(TABLES / "materials.csv")}
    query = 'select "Sheet_name", "EoL-RIR (2023)", "Reference" from "HS Code Map"'
    taken = list(sqlite_rows(folder / "world_mining_wgi" / "world_mining_data.db", query))
    lines, gone = [], Counter[str]()
    for sheet, rate, address in taken:
        name = MINING.get(sheet, sheet.lower())
        if sheet in MINING_LEFT_OUT:
            gone[MINING_LEFT_OUT[sheet]] += 1
        elif "scrreen.eu" not in (address or ""):
            gone["no factsheet named"] += 1
        elif name not in known:
            raise SystemExit(f"recycling: no material for sheet {sheet}")
        else:
            lines.append((name, fixed(rate, 2), 2023, "scrreen", address))
    write("recycling", "material eol_rir year source locator", lines, len(taken), gone)


def governance(folder: Path) -> None:
    living = {c.iso3 for c in countries.all_countries() if c.kind != "former"}
    base = folder / "world_mining_wgi" / "wgi_political_stability.db"
    years = [y for y in WGI_YEARS if y <= 2022]
    wanted = ", ".join(f'"{y}"' for y in years)
    errors = {code: values for code, *values in sqlite_rows(base, f'select "Code", {wanted} from "StdErr"')}
    lines: list[tuple[object, ...]] = []
    gone: Counter[str] = Counter()
    read = 0
    twice = {
        c for c, n in Counter(code for code, *_ in sqlite_rows(base, 'select "Code" from "Estimate"')).items() if n > 1
    }
    # Table "Estimate" holds estimates; "Rank", "Lower" and "Upper" hold percentile ranks and "Normalized" a rescaling.
    for code, *values in sqlite_rows(base, f'select "Code", {wanted} from "Estimate"'):
        iso3 = WORLD_BANK.get(code, code)
        for year, value, error in zip(years, values, errors[code], strict=True):
            read += 1
            if code in twice:
                # The source stores two countries under one code; which row is which cannot be told.
                gone["code stored twice"] += 1
                continue
            if iso3 not in living or value == "nan":
                gone["former state" if iso3 not in living else "no estimate"] += 1
                continue
            lines.append((iso3, year, "political stability", fixed(value), fixed(error), "wgi-pv", code))
    with gzip.open(folder / "wgi" / "wgi.csv.gz", "rt", encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if int(row["year"]) not in WGI_YEARS:
                continue
            read += 1
            code = row["wb_code"]
            iso3 = WORLD_BANK.get(code, code)
            if iso3 not in living or row["Estimate"] in {"", "NA"}:
                gone["former state" if iso3 not in living else "no estimate"] += 1
                continue
            figures = fixed(row["Estimate"]), fixed(row["StdErr"])
            lines.append((iso3, row["year"], "voice and accountability", *figures, "wgi-va", code))
    if any(abs(float(str(line[3]))) > 3.5 for line in lines):
        raise SystemExit("governance: a figure beyond 3.5 is no estimate but a rank")
    write("governance", "iso3 year dimension estimate standard_error source locator", lines, read, gone)


def ideal_points(folder: Path) -> None:
    living = {c.iso3 for c in countries.all_countries() if c.kind != "former"}
    # The source goes on calling Serbia by the code of Yugoslavia.
    own = {"YUG": "SRB"}
    taken = read_csv(folder / "un_ideal_points" / "ideal_points_1946_2025.tab", delimiter="\t")
    recent = [row for row in taken if int(row["year"]) in VOTE_YEARS]
    lines = []
    for row in recent:
        iso3 = own.get(row["iso3c"], row["iso3c"])
        if iso3 not in living:
            raise SystemExit(f"ideal_points: unknown country {row}")
        points = [fixed(row[c]) for c in ("IdealPointFP", "Q5%FP", "Q10%FP", "Q50%FP", "Q90%FP", "Q95%FP")]
        lines.append((iso3, row["year"], *points, row["NVotesFP"], "unga", f"ccode {row['ccode']}"))
    gone = Counter({"before 2015": len(taken) - len(recent)})
    write("ideal_points", "iso3 year ideal_point q05 q10 q50 q90 q95 votes source locator", lines, len(taken), gone)


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = Path(sys.argv[1])
    imports(folder)
    supply(folder, "fact_GlobalSupplyShares_t.csv", "supply_world", "global supply shares")
    supply(folder, "fact_EUSupplyShares_t.csv", "supply_eu", "EU sourcing shares")
    risk(folder)
    uses(folder)
    recycling(folder)
    governance(folder)
    ideal_points(folder)


if __name__ == "__main__":
    main()
