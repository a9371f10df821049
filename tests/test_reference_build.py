"""Do the embedded tables follow, byte for byte, from the publishers' files?"""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from shared import DATA, needs_shared

ROOT = Path(__file__).parents[1]


@needs_shared
def test_the_tables_can_be_built_again_from_the_published_files(tmp_path, monkeypatch, capsys):
    path = ROOT / "scripts" / "build_reference.py"
    spec = importlib.util.spec_from_file_location("build_reference", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    here = ROOT / "src" / "schakel" / "reference" / "tables"
    again = tmp_path / "tables"
    shutil.copytree(here, again)
    monkeypatch.setattr(module, "TABLES", again)
    monkeypatch.setattr("sys.argv", ["build_reference.py", str(DATA)])
    written = (
        "imports",
        "imports_unallocated",
        "supply_world",
        "supply_eu",
        "risk",
        "uses",
        "recycling",
        "governance",
        "ideal_points",
    )
    for name in written:
        (again / f"{name}.csv").unlink()
    module.main()
    told = capsys.readouterr().out
    for name in written:
        assert (again / f"{name}.csv").read_bytes() == (here / f"{name}.csv").read_bytes(), name
        assert name in told
