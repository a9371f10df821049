"""Is importing the room cheap?"""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from schakel.nomenclature import blocs, cn8, concordance, countries, periods, products, units, tables
heavy = {"duckdb", "pyarrow", "numpy", "pandas", "openpyxl", "xlrd", "narwhals"} & set(sys.modules)
assert not heavy, heavy
assert tables.rows.cache_info().currsize == 0, "a table was read on import"
"""


def test_importing_reads_no_table_and_no_heavy_library() -> None:
    subprocess.run([sys.executable, "-c", CODE], check=True)
