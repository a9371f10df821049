"""A report that holds one of everything, hostile texts included, in both languages."""

from __future__ import annotations

from schakel.evidence import Citation, Finding, InputRef, Receipt, Source
from schakel.reports import Column, Figure, Findings, Heading, Items, Paragraph, Report, Table

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" class="chart bars" viewBox="0 0 300 120" role="img" aria-labelledby="x-t">'
    '<title id="x-t">Shares</title>'
    '<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
    '<rect class="bar strong" x="10" y="10" width="200" height="30"/>'
    '<rect fill="url(#g)" x="10" y="50" width="90" height="30"/>'
    '<text class="value" x="215" y="30">68 %</text></svg>'
)
HOSTILE = (
    "<script>alert(1)</script>",
    '#import "@preview/evil:1.0.0": x',
    '=HYPERLINK("http://evil.example";"click")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "-2+3",
    "*b* _i_ $x^2$ `c` \\ #panic() @ref <lbl> // c",
    "a|b\nc\x1b[31m \u202egnp.exe",
    "]]> & ' \" </style></title></td>",
)
COLUMNS = (
    Column("product", {"en": "Product", "nl": "Product"}, kind="code"),
    Column("name", {"en": "Name", "nl": "Naam"}),
    Column("imports", {"en": "Imports", "nl": "Invoer"}, unit="USD", kind="money"),
    Column("criteria.hhi.value", {"en": "HHI", "nl": "HHI"}, kind="number"),
    Column("share", {"en": "Top share", "nl": "Grootste aandeel"}, kind="share"),
    Column("dependent", {"en": "Dependent", "nl": "Afhankelijk"}, kind="boolean"),
    Column("year", {"en": "Year", "nl": "Jaar"}, kind="year"),
)


def rows(count: int = 3) -> list[dict]:
    return [
        {
            "product": f"{10121 + at:06d}",
            "name": HOSTILE[at % len(HOSTILE)],
            "imports": None if at == 1 else 1_234_567 * (at + 1),
            "criteria": {"hhi": {"value": None if at == 1 else 0.5 + at / 1e6}},
            "share": None if at == 1 else 0.685,
            "dependent": (True, None, False)[at % 3],
            "year": 2023,
        }
        for at in range(count)
    ]


def finding(sentence: str = "") -> Finding:
    return Finding(
        "NLD/850511", "extra_bloc_hhi", 0.62, "index", 0.4, True, "ec2021", "2023",
        {"en": sentence or "Imports are concentrated.", "nl": sentence or "De invoer is geconcentreerd."},
        (Citation("comext", "row 3"),), ("imports only",),
    )  # fmt: skip


def sample(lang: str = "en", count: int = 3, **changes) -> Report:
    receipt = Receipt(
        (InputRef("flows.csv", "ab" * 32, 1234),), {"year": 2023, "bloc": None}, "cd" * 32, "duckdb 2", "ef" * 32
    )
    licence = "CC-BY-4.0"
    fields = {
        "title": "Monitor <Netherlands> #1",
        "subtitle": "ec2021 & *others*",
        "lang": lang,
        "date": "2026-11-22",
        "sections": (
            Heading("What it shows"),
            Paragraph(HOSTILE[0] + " " + HOSTILE[6]),
            Items(HOSTILE[:3]),
            Findings((finding(), finding(HOSTILE[1]))),
            Heading("Two charts", 2),
            Figure(SVG, "Bars: the largest is 68 %.", "Shares <b>"),
            Figure(SVG, 'Bars "again"'),
            Heading("Tables", 1),
            Table(COLUMNS, rows(count), "Products <i>", ("A note with #markup.",)),
            Heading("Deep", 2),
            Table(COLUMNS, (), "Empty"),
        ),
        "sources": (Source("comext", "Trade <since> 1988", "Eurostat", "https://example.org/a?b=1&c=2", licence),),
        "licences": (licence,),
        "receipt": receipt,
        "register_head": "12" * 32,
        "keywords": ("trade", "#x"),
    }
    return Report(**{**fields, **changes})
