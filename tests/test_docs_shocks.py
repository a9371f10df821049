"""Do the pages on scenarios say what the schema and the code say?"""

import importlib.util
import re
from pathlib import Path

import pytest

from schakel.shocks.form import schema

ROOT = Path(__file__).parents[1]


def _script():
    spec = importlib.util.spec_from_file_location("keys", ROOT / "scripts" / "docs_scenario_keys.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_tables_of_keys_are_those_of_the_schema(lang: str) -> None:
    script = _script()
    assert script.page(lang) == script.PAGES[lang].read_text("utf-8"), "run scripts/docs_scenario_keys.py"


def test_a_key_that_nobody_explains_is_an_error() -> None:
    script = _script()
    part = schema()["properties"]["behaviour"]["properties"]
    part["surprise"] = {"$ref": "#/$defs/number"}
    try:
        with pytest.raises(SystemExit, match="surprise"):
            script.table("en")
    finally:
        del part["surprise"]


@pytest.mark.parametrize("page", ["shocks.md", "nl/shocks.md"])
def test_works_that_a_page_names_stand_in_the_references(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    bib = (ROOT / "docs" / "references.bib").read_text("utf-8")
    years = set(re.findall(r"\b(?:19|20)\d\d(?=[,;) ])", text.split("<!-- keys")[0])) - {"2011"}
    assert years <= set(re.findall(r"year = \{(\d{4})\}", bib))
    assert "ORDER_TABLE" not in text
