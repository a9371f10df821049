"""What are the result hashes of the same questions on this machine's engine? One line an answer, the engine first."""

from __future__ import annotations

import argparse
import hashlib
import random
from pathlib import Path

COUNTRIES = tuple(
    code
    for region in (
        "NLD DEU FRA BEL ITA POL",
        "CHN USA JPN KOR TWN VNM IND BRA GBR CHE",
        "NOR TUR ZAF AUS CAN MEX IDN MYS THA",
    )
    for code in region.split()
)
PRODUCTS = [f"{heading}{sub:02d}" for heading in ("8541", "8542", "2805", "8486", "2844") for sub in range(10, 40, 3)]
YEARS = (2020, 2021, 2022, 2023)
ROWS_EACH = 5


def make(path: Path) -> None:
    """Write flows with ties, odd amounts, self-trade and declared re-exports; the same on every machine."""
    draw = random.Random(20230501)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write("year,exporter,importer,product,value_usd,value_eur,quantity_t,re_export_usd\n")
        for year in YEARS:
            for product in PRODUCTS:
                for importer in COUNTRIES:
                    for exporter in draw.sample(COUNTRIES, ROWS_EACH):
                        value = (
                            int(draw.lognormvariate(12, 4)) if draw.random() < 0.8 else draw.choice([0, 1, 100, 10**7])
                        )
                        rest = f"{value * 9 // 10},{value / 8:.3f},{value // 3}"
                        out.write(f"{year},{exporter},{importer},{product},{value},{rest}\n")


def main() -> None:
    """Print the hashes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("flows", type=Path)
    parser.add_argument("--make", action="store_true", help="write the flows first")
    options = parser.parse_args()
    if options.make:
        make(options.flows)

    from schakel.dependency.compare import compare
    from schakel.dependency.presets import names
    from schakel.dependency.reverse import reverse
    from schakel.dependency.screen import screen
    from schakel.evidence import result_sha256
    from schakel.lake.engine import version
    from schakel.sources.flowfile import FlowOptions, read

    print(version())
    flows = read(options.flows, FlowOptions(hs=2022))  # the generated codes are of no one revision
    print("flows", hashlib.sha256(options.flows.read_bytes()).hexdigest()[:16], flows.inputs[0].rows, "rows")
    for reporter in ("EU27", "NLD", "DEU", "CHN"):
        for method in names():
            answer = screen(flows, reporter=reporter, method=method, year=2023)
            print("screen", reporter, method, answer.receipt.result_sha256)
        print("compare", reporter, result_sha256(compare(flows, reporter, PRODUCTS[0], 2023)))
    print("reverse", "NLD", result_sha256(reverse(flows, "NLD", "ec2021", 2023)))
    print("by_sql", _definition(flows))


def _definition(flows: object) -> str:
    """Hash the building blocks as the SQL gives them, bit by bit; the screens above take the kernel's."""
    import numpy as np

    from schakel.dependency.indicators import by_sql
    from schakel.nomenclature import blocs

    found = by_sql(flows, 2023, bloc="EU27", members=frozenset(blocs.members("EU27", 2023)))  # type: ignore[arg-type]
    digest = hashlib.sha256()

    def add(part: object) -> None:
        if isinstance(part, np.ndarray):
            digest.update(np.ascontiguousarray(part).tobytes())
        elif hasattr(part, "__dataclass_fields__"):
            for name in part.__dataclass_fields__:
                add(getattr(part, name))
        else:
            digest.update(repr(part).encode())

    add(found)
    return digest.hexdigest()


if __name__ == "__main__":
    main()
