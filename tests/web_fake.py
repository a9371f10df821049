"""A small deterministic service: sixty products, awkward on purpose (unknown values, markup in names, old states)."""

from __future__ import annotations

from schakel.errors import NotFoundError
from schakel.evidence import Mark, Source, licences
from schakel.web.selection import select
from schakel.web.service import (
    Agreement,
    Bound,
    Choices,
    Comparison,
    ControlPoint,
    Country,
    CountryLine,
    CountryShare,
    Criterion,
    Data,
    DataSet,
    Evidence,
    Flip,
    FlowLink,
    FlowNode,
    Judgement,
    Leaning,
    Method,
    MethodElement,
    Missing,
    Mutual,
    MutualCell,
    Named,
    Overview,
    Product,
    Published,
    Reliance,
    Reverse,
    Row,
    Screen,
    Supplier,
    Tally,
    Text,
    Trend,
    VerdictRow,
    WorldShare,
)

METHODS = (
    "ec2021 arjona2023 geodep2024 tresor2020 merics2024 oecd2024 iw cbs2021 bottleneck crma".split()  # noqa: SIM905
)
EVIL = "<script>alert(1)</script> & \"quoted\" 'name'"
NAMES = {
    "28053010": ("Intermixtures of rare-earth metals", "Mengsels van zeldzame aardmetalen"),
    "81041100": ("Unwrought magnesium, at least 99.8%", "Ruw magnesium, ten minste 99,8%"),
    "25041000": ("Natural graphite, powder or flakes", "Natuurlijk grafiet, poeder of schilfers"),
    "28369100": ("Lithium carbonates", "Lithiumcarbonaten"),
    "81129295": ("Unwrought gallium", "Ruw gallium"),
    "81092100": (EVIL, EVIL),
}
COUNTRIES = {
    "NLD": ("Netherlands", "Nederland"),
    "EU27": ("EU27", "EU27"),
    "DEU": ("Germany", "Duitsland"),
    "CHN": ("China", "China"),
    "USA": ("United States", "Verenigde Staten"),
    "TWN": ("Taiwan", "Taiwan"),
    "HKG": ("Hong Kong", "Hongkong"),
    "ZAF": ("South Africa", "Zuid-Afrika"),
    "NOR": ("Norway", "Noorwegen"),
    "JPN": ("Japan", "Japan"),
    "BRA": ("Brazil", "Brazilië"),
    "MLT": ("Malta", "Malta"),
    "SUN": ("Soviet Union", "Sovjet-Unie"),
}
SOURCE = Source(
    "comext",
    "EU trade since 1988 by HS2-4-6 and CN8",
    "Eurostat",
    "https://ec.europa.eu/eurostat/",
    "CC-BY-4.0",
    "2022-2024",
    "2026-10-01",
)
EVIDENCE = Evidence(
    sources=(
        SOURCE,
        Source("note", "A note without address", "Nobody", "javascript:alert(1)", "CC0-1.0", mark=Mark.DERIVED),
    ),
    licences=("CC-BY-4.0",),
    warnings=(
        Text("Imports only: exports are not in this table.", "Alleen invoer: uitvoer staat niet in deze tabel."),
    ),
    receipt={
        "inputs": [],
        "parameters": {"year": 2023},
        "sql_sha256": "0" * 64,
        "engine": "fake",
        "result_sha256": "a" * 64,
    },
    result_sha256="a" * 64,
)
WHY = Text("exports are missing; add a file with exports", "uitvoer ontbreekt; voeg een bestand met uitvoer toe")


def _codes() -> list[str]:
    return [*NAMES, *(f"{84000000 + 137 * i}" for i in range(54))]


def _row(i: int, code: str) -> Row:
    hhi = None if i % 11 == 10 else round(0.93 * (1 - i / 61) ** 1.3 + 0.03, 6)
    share = None if hhi is None else round(hhi**0.5, 6)
    ratio = None if i % 4 else round(3.4 - i / 20, 6)
    passes = (None if hhi is None else hhi > 0.4, None if ratio is None else ratio > 1)
    verdict = False if False in passes else None if None in passes else True
    criteria = (
        Criterion("extra_bloc_hhi", hhi, 0.4, passes[0], None if hhi is None else hhi - 0.4),
        Criterion("extra_bloc_import_share", share, 0.5, None if share is None else share > 0.5),
        Criterion("import_export_ratio", ratio, 1.0, passes[1], None, WHY if ratio is None else Text()),
    )
    supplier = None if hhi is None else ("CHN", "USA", "TWN", "ZAF", "SUN")[i % 5]
    value = 412_000_000 // (i + 1)
    return Row(code, value, None if i % 13 == 12 else value * 9 // 10, criteria, verdict, supplier, share)


class FakeService:
    """Answers from formulas; the same on every run."""

    def choices(self) -> Choices:
        return Choices(("NLD", "EU27", "DEU"), (2022, 2023, 2024), tuple(METHODS), "NLD", 2023, "ec2021")

    def product_name(self, code: str, lang: str) -> str:
        if code in NAMES:
            return NAMES[code][lang == "nl"]
        return f"{'Produkt' if lang == 'nl' else 'Product'} {code}"

    def country_name(self, code: str, lang: str) -> str:
        return COUNTRIES.get(code, (code, code))[lang == "nl"]

    def _rows(self) -> tuple[Row, ...]:
        return tuple(_row(i, code) for i, code in enumerate(_codes()))

    def overview(self, reporter: str, year: int, method: str, sort: str, query: str, page: int) -> Overview:
        rows = self._rows()
        shown, total = select(
            rows, sort=sort, query=query, page=page, currency="EUR", name=lambda code: self.product_name(code, "en")
        )
        shares = (0.52, 0.14, 0.08, 0.055, 0.04, 0.012, 0.008, 0.003)
        codes = ("CHN", "USA", "TWN", "ZAF", "NOR", "HKG", "MLT", "SUN")
        suppliers = tuple(CountryShare(c, int(4e8 * s), s) for c, s in zip(codes, shares, strict=True))
        stages = (
            Text("Raw material", "Grondstof"),
            Text("Processed material", "Bewerkt materiaal"),
            Text("Component", "Onderdeel"),
        )
        nodes = [FlowNode(c, Text(*COUNTRIES[c]), 0) for c in codes]
        nodes += [FlowNode(f"s{i}", stage, 1) for i, stage in enumerate(stages)]
        nodes += [FlowNode("to-NLD", Text(*COUNTRIES["NLD"]), 2)]
        links = [
            FlowLink(c, f"s{i}", 4e8 * s * part)
            for c, s in zip(codes, shares, strict=True)
            for i, part in enumerate((0.5, 0.3, 0.2))
        ]
        links += [FlowLink(f"s{i}", "to-NLD", 4e8 * sum(shares) * part) for i, part in enumerate((0.5, 0.3, 0.2))]
        verdicts: tuple[bool | None, ...] = (True, False, None)
        grid = tuple(
            VerdictRow(r.product, tuple((m, verdicts[(i + j) % 3]) for j, m in enumerate(METHODS)))
            for i, r in enumerate(shown)
        )
        return Overview(
            reporter=reporter,
            year=year,
            method=method,
            currency="EUR",
            screened=len(rows),
            dependent=sum(r.dependent is True for r in rows),
            undecided=sum(r.dependent is None for r in rows),
            import_value=2_000_000_000,
            dependent_value=734_500_000,
            suppliers=suppliers,
            suppliers_basis=Text(
                "share of the dependent products' value", "aandeel in de waarde van de afhankelijke producten"
            ),
            nodes=tuple(nodes),
            links=tuple(links),
            criteria=("extra_bloc_hhi", "extra_bloc_import_share", "import_export_ratio"),
            rows=shown,
            total=total,
            page=page,
            grid=grid,
            missing=(
                Missing(
                    "import_export_ratio",
                    45,
                    Text("exports of the reporter", "uitvoer van het land"),
                    Text("BACI or COMEXT", "BACI of COMEXT"),
                ),
            ),
            tallies=tuple(Tally(m, i, 60 - 2 * i, i, i % 2) for i, m in enumerate(METHODS)),
            agreement=Agreement(60, 30, 12, 3),
            leaning=(Leaning("DEU", 9, 2, 5_000_000), Leaning("SUN", 1, 1, None)),
            leaning_products=(Reliance("81092100", "SUN", None, 0.71, None),),
            leaning_note=Text("EU members only.", "Alleen EU-lidstaten."),
            world_shares=(WorldShare(Text("hafnium", "hafnium"), "processing", 0.489, 0.491),),
            scope=Text("Sixty invented products.", "Zestig verzonnen producten."),
            judgements=(
                Judgement("28053010", True, None, "A. Analist", "2026-11-01T10:00:00Z", "Magnets for wind and cars"),
            ),
            home=("NLD",),
            evidence=EVIDENCE,
        )

    def screen(self, reporter: str, year: int, method: str) -> Screen:
        return Screen(reporter, year, method, self._rows(), EVIDENCE)

    def product(self, code: str, reporter: str, year: int, method: str) -> Product:
        rows = {r.product: r for r in self._rows()}
        if code not in rows:
            raise NotFoundError(f"there is no product {code}", remedy="see the list under /api/v1/products")
        row = rows[code]
        verdicts: tuple[bool | None, ...] = (True, False, None)
        suppliers = (
            Supplier("CHN", 190_000_000, 0.61, -0.31, 2.9),
            Supplier("USA", 60_000_000, 0.19, 1.2, 1.4),
            Supplier("TWN", 40_000_000, 0.13, 1.1, None),
            Supplier("SUN", None, None, None, None),
        )
        comparisons = tuple(
            Comparison(m, verdicts[i % 3], row.criteria, (Flip("extra_bloc_hhi", 0.4, 0.56),))
            for i, m in enumerate(METHODS)
        )
        return Product(
            code,
            reporter,
            year,
            "EUR",
            row,
            comparisons,
            suppliers,
            bounds=(
                Bound("re-export", "extra_bloc_hhi", 0.56, 0.31, 0.72, 0.4, True),
                Bound("re-export", "import_export_ratio", 0.94, 0.8, 3.1, 1.0, True),
                Bound("confidential", "extra_bloc_hhi", 0.56, 0.54, 0.58, 0.4, False),
                Bound("confidential", "import_export_ratio", None, None, None, 1.0, None),
            ),
            reverse=(Reliance(code, "DEU", 5_000_000, 0.44, None), Reliance(code, "NOR", 100_000, 0.71, True)),
            control=ControlPoint(0.41, 1.3, 2, None, 0.11),
            trends=(
                Trend("extra_bloc_hhi", ((2022, 0.51), (2023, 0.56), (2024, 0.48)), 0.4),
                Trend("top_supplier_share", ((2022, 0.66), (2023, None), (2024, 0.61))),
                Trend("import_export_ratio", ((2022, None), (2023, None), (2024, None)), 1.0),
            ),
            weighted_distance=2.1,
            weighted_concentration=0.44,
            home=("NLD",),
            evidence=EVIDENCE,
        )

    def country(self, iso3: str, reporter: str, year: int, method: str) -> Country:
        if iso3 not in COUNTRIES:
            raise NotFoundError(f"there is no country {iso3}", remedy="see the list under /api/v1/countries")
        lines = tuple(
            CountryLine(r.product, r.import_value_eur, r.top_supplier_share, r.dependent) for r in self._rows()[:14]
        )
        return Country(
            iso3,
            reporter,
            year,
            "EUR",
            lines,
            lines[3:6],
            common=(("28053010", "CHN"),),
            governance=-0.3,
            evidence=EVIDENCE,
        )

    def reverse(self, reporter: str, year: int, method: str) -> Reverse:
        return Reverse(reporter, year, method, (Reliance("28053010", "DEU", 5_000_000, 0.44, None),), EVIDENCE)

    def mutual(self, year: int, method: str) -> Mutual:
        return Mutual(
            year,
            method,
            (MutualCell("NLD", "CHN", 12, 400_000_000, 9), MutualCell("CHN", "NLD", 3, None, -9)),
            EVIDENCE,
        )

    def methods(self) -> tuple[Method, ...]:
        return tuple(self.method(name) for name in METHODS)

    def method(self, name: str) -> Method:
        if name not in METHODS:
            raise NotFoundError(f"there is no method {name}", remedy="see /method")
        elements = (
            MethodElement("bloc", Text("the EU as one importer", "de EU als één importeur"), "", None, True, "comext"),
            MethodElement(
                "concentration",
                Text("imports from outside come from few", "invoer van buiten komt van weinigen"),
                "sum_k (M[k] / M_ext)^2 > 0.4",
                0.4,
                name == "ec2021",
                "comext",
                "page 20",
            ),
        )
        title = Text(f"Study behind {name}", f"Studie achter {name}")
        about = Text("Which imports are concentrated?", "Welke invoer is geconcentreerd?")
        figures = (Published(Text("products", "producten"), 137, "", "read", "comext"),)
        caveats = (
            ()
            if name == "ec2021"
            else (Text("The list of sectors was not read.", "De lijst van sectoren is niet gelezen."),)
        )
        return Method(
            name,
            title,
            about,
            "Commission (2021), SWD(2021) 352",
            "https://eur-lex.europa.eu/",
            elements,
            figures,
            caveats,
        )

    def data(self) -> Data:
        caveats = (Text("Values by customs declaration.", "Waarden volgens douaneaangifte."),)
        sets = (
            DataSet(
                "reference",
                Text("Reference tables", "Referentietabellen"),
                "1",
                "2022-2024",
                "CC-BY-4.0",
                12_345,
                "2026-10-01",
                caveats,
            ),
        )
        return Data(sets, EVIDENCE.sources, tuple(licences().values()))

    def products(self) -> tuple[Named, ...]:
        return tuple(Named(c, Text(self.product_name(c, "en"), self.product_name(c, "nl"))) for c in _codes())

    def countries(self) -> tuple[Named, ...]:
        return tuple(Named(code, Text(*names)) for code, names in COUNTRIES.items())
