"""Do README and docs say what is so: do their commands run, do their links lead somewhere, are they whole in both languages and current?"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import tomllib
import unicodedata
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import schakel
from docs_shell import ROOT, blocks, files, lines, parse, run, words_of
from schakel.version import __version__

sys.path.insert(0, str(ROOT / "scripts"))
import docs_definitions
import docs_dictionary
import docs_generate

DOCS = ROOT / "docs"
ENGLISH = {p.name: p for p in sorted(DOCS.glob("*.md"))}
DUTCH = {p.name: p for p in sorted((DOCS / "nl").glob("*.md"))}
ROOT_PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES = [*ROOT_PAGES, *ENGLISH.values(), *DUTCH.values()]
# The reference repeats what --help prints, which is English; docs/nl/commands.md explains the commands in Dutch.
ENGLISH_ONLY = {"commands-reference.md"}


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def text(page: Path) -> str:
    return page.read_text("utf-8")


def prose(page: Path) -> str:
    """Return a page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", text(page), flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Return what can stand after # in a link to a page, as the site generator makes it."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE):
        plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
        found.add(re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower()))
    return found


@pytest.mark.parametrize("page", [p for p in PAGES if any(b.runs for b in blocks(p))], ids=name)
def test_runnable_blocks_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    said = ""
    for block in (b for b in blocks(page) if b.runs):
        if block.kind == "python":
            exec(compile(ast.parse(block.text), name(page), "exec"), {"__name__": "docs"})
            continue
        assert block.kind == "sh"
        for file, content in files(block.text):
            Path(file).write_text(content, "utf-8")
        for line in lines(block.text):
            said += run(line, tmp_path)
    if page.name == "tutorial.md":  # the figures that the text names
        row = next(line for line in said.splitlines() if line.startswith("850511"))
        for figure in ("0.870", "0.837", "3.468"):
            shown = figure if page.parent == DOCS else figure.replace(".", ",")
            assert shown in prose(page)
            assert any(cell.startswith(figure[:4]) for cell in row.split(",")), row


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_shown_command_line_parses(page: Path) -> None:
    for block in blocks(page):
        for line in lines(block.text) if block.kind == "sh" else ():
            for part in line.split(" && "):
                if part.startswith("schakel "):
                    parse(words_of(part)[0])


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_and_images_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"https?://", target):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.is_file(), f"{name(page)} links to {target}"
        if anchor:
            assert anchor in anchors(there), f"{name(page)} links to {target}"


@pytest.mark.parametrize("page", [p for p in PAGES if "images/" in text(p)], ids=name)
def test_images_say_what_they_show(page: Path) -> None:
    for alternative in re.findall(r"!\[([^\]]*)\]", prose(page)):
        assert len(alternative) > 20


def test_english_and_dutch_have_the_same_pages() -> None:
    assert set(DUTCH) == set(ENGLISH) - ENGLISH_ONLY


@pytest.mark.parametrize("page", sorted(set(DUTCH) - {"benchmarks.md"}))
def test_a_dutch_page_says_as_much_as_its_english_one(page: str) -> None:
    def shape(path: Path) -> dict[str, int]:
        found = text(path)
        return {
            "headings": len(re.findall(r"^## ", found, re.MULTILINE)),
            "table rows": len(re.findall(r"^\|", found, re.MULTILINE)),
            "runnable blocks": sum(b.runs for b in blocks(path)),
        }

    english, dutch = shape(ENGLISH[page]), shape(DUTCH[page])
    assert all(dutch[key] >= english[key] for key in english), (english, dutch)
    assert len(text(DUTCH[page])) > 0.75 * len(text(ENGLISH[page]))


def test_generated_pages_are_current() -> None:
    assert docs_generate.stale() == [], "run: python scripts/docs_generate.py"


def test_every_generated_text_has_dutch() -> None:
    known = docs_definitions.dutch()
    missing = [t for t in [*docs_definitions.texts(), *docs_dictionary.texts()] if t not in known]
    assert missing == [], "give their Dutch in scripts/docs_dutch.toml, then run: python scripts/docs_generate.py"


def test_the_navigation_holds_every_page_once() -> None:
    def walk(entries: list[dict[str, Any]]) -> list[str]:
        out = []
        for entry in entries:
            for value in entry.values():
                out += [value] if isinstance(value, str) else walk(value)
        return out

    listed = walk(tomllib.loads(text(ROOT / "zensical.toml"))["project"]["nav"])
    assert sorted(listed) == sorted(str(p.relative_to(DOCS)) for p in (*ENGLISH.values(), *DUTCH.values()))


def test_readme_prints_the_two_commands() -> None:
    shown = [line for block in blocks(ROOT / "README.md") if block.kind == "sh" for line in block.text.splitlines()]
    assert "make monitor" in shown
    assert "make test" in shown


def test_versions_agree() -> None:
    changelog = re.search(r"^## \[?(\d+\.\d+\.\d+)", text(ROOT / "CHANGELOG.md"), re.MULTILINE)
    citation = re.search(r"^version: (\S+)", text(ROOT / "CITATION.cff"), re.MULTILINE)
    package = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]["version"]
    assert changelog
    assert citation
    assert {changelog[1], citation[1], package} == {__version__}


def test_make_verbs_are_explained() -> None:
    makefile = text(ROOT / "Makefile")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    verbs = set(phony[1].split()) - {"help"}
    assert {f"make {verb}" for verb in verbs} >= set(re.findall(r'echo "(make \w+)', makefile))
    for page in (ENGLISH["commands.md"], DUTCH["commands.md"]):
        assert set(re.findall(r"^\| `make (\w+)`", text(page), re.MULTILINE)) == verbs


def test_commands_are_listed() -> None:
    from schakel.cli import COMMANDS

    for page in (ENGLISH["commands.md"], DUTCH["commands.md"]):
        assert set(re.findall(r"^\| `schakel (\w+)", text(page), re.MULTILINE)) == set(COMMANDS)


def test_exit_codes_are_those_of_the_errors() -> None:
    from schakel import errors

    codes = {c.exit_code for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.SchakelError)}
    for page in (ROOT / "README.md", ENGLISH["commands.md"], DUTCH["commands.md"]):
        assert {int(n) for n in re.findall(r"^\| (\d) \|", text(page), re.MULTILINE)} == codes | {0, 2}


def test_python_functions_are_listed_with_their_parameters() -> None:
    for page in (ENGLISH["python.md"], DUTCH["python.md"]):
        shown = dict(re.findall(r"^\| `(\w+)\((.*?)\)`", text(page), re.MULTILINE))
        assert set(shown) == set(schakel.__all__) - {"__version__"}
        for function, given in shown.items():
            parameters = list(inspect.signature(getattr(schakel, function)).parameters)
            assert [word.strip() for word in given.split(",") if word.strip() not in ("", "*")] == parameters


def test_rest_paths_are_listed() -> None:
    from schakel.web.app import create_app
    from web_fake import FakeService

    paths = {
        re.sub(r"\{(\w+)\}", lambda m: m[1].upper(), p.removeprefix("/api/v1"))
        for p in create_app(FakeService()).openapi()["paths"]
    }
    for page in (ENGLISH["rest.md"], DUTCH["rest.md"]):
        listed = "\n".join(line for line in text(page).splitlines() if line.startswith("| `/"))
        assert {
            p for p in paths if f"`{p}`" not in listed.replace("NAAM", "NAME").replace("VRAAG", "QUESTION")
        } == set()


def test_settings_are_listed() -> None:
    from schakel.settings import known

    for page in (ENGLISH["start.md"], DUTCH["start.md"]):
        listed = set(re.findall(r"^\| `SCHAKEL_(\w+)`", text(page), re.MULTILINE))
        assert listed == {name.upper() for name in known()} | {"CONFIG"}


def test_flow_columns_are_listed() -> None:
    from schakel.sources import flowfile

    wanted = [*flowfile.REQUIRED, *flowfile.AMOUNTS]
    for page in (ENGLISH["flows.md"], DUTCH["flows.md"]):
        assert sorted(re.findall(r"^\| `(\w+)`", text(page), re.MULTILINE)) == sorted(wanted)


def test_rules_of_rows_are_those_of_the_code() -> None:
    code = "\n".join(text(p) for p in (ROOT / "src/schakel/sources").glob("*.py"))
    for page in (ENGLISH["data.md"], DUTCH["data.md"]):
        rules = text(page).split("\n## ")[4]
        for cell in re.findall(r"^\| (`[^|]+) \|", rules, re.MULTILINE):
            for rule in re.findall(r"`([^`]+)`", cell):
                assert rule.split(":")[0] in code, rule


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "zensical.toml", ROOT / "CITATION.cff", *sorted(DOCS.glob("*.bib"))], ids=name
)
def test_no_place_of_one_machine(page: Path) -> None:
    found = re.findall(
        r"/work\b|/home/|/root\b|/tmp\b|/Users/|file://|index-url|pypi\.org|/simple/|artifactory|nexus", text(page)
    )
    assert found == []


def test_every_key_has_an_entry_in_the_bibliography() -> None:
    from schakel.dependency.presets import names

    entries = re.findall(r"^@\w+\{(\w+),", text(DOCS / "references.bib"), re.MULTILINE)
    assert len(entries) == len(set(entries))
    cited = {key for p in (ROOT / "src").rglob("*.py") for key in re.findall(r"\d{4}, key\s+``(\w+)``", text(p))}
    assert cited, "no module cites a key any more"
    assert {*names(), *cited, "ec2017crm"} <= set(entries)


def test_definitions_page_holds_every_element() -> None:
    from schakel.dependency.presets import CRITERIA, names, preset

    for page, yes, no in (
        (ENGLISH["definitions.md"], "verified", "unverified"),
        (DUTCH["definitions.md"], "geverifieerd", "niet geverifieerd"),
    ):
        parts = re.split(r"^## ", text(page), flags=re.MULTILINE)
        assert all(f"| `{criterion}` |" in text(page) for criterion in CRITERIA)
        for method in names():
            part = next(p for p in parts if p.startswith(f"{method}\n"))
            one = preset(method)
            assert one.url in part
            settings = re.findall(rf"^\| (?!`|---|element)[^|]+ \| [^|]+ \| *\| ({yes}|{no}) \|$", part, re.MULTILINE)
            assert settings == [{"verified": yes, "unverified": no}[status] for _, status in one.status]
            for criterion in one.criteria:
                row = next(line for line in part.splitlines() if line.startswith(f"| `{criterion.name}` |"))
                assert row.endswith(f"| {yes if criterion.status == 'verified' else no} |")


def test_what_methods_says_of_the_bloc_and_of_missing_exports(tmp_path: Path) -> None:
    """The statements of docs/methods.md on a table small enough to follow by hand."""
    path = tmp_path / "flows.csv"
    path.write_text(
        "year,exporter,importer,product,value_usd\n2023,CHN,NLD,850511,80\n2023,DEU,NLD,850511,20\n2023,CHN,USA,850511,5.5\n"
    )
    flows = schakel.read_flows(path)
    assert flows.scale == 1000  # fractions are kept exactly
    one, members = (
        schakel.screen(flows, reporter="EU27", year=2023, method="bottleneck", bloc=bloc).rows[0]["criteria"][
            "import_value"
        ]["value"]
        for bloc in ("one", "members")
    )
    assert (one, members) == (80, 100)
    row = schakel.screen(flows, reporter="NLD", year=2023).rows[0]
    assert len(row["criteria"]) == 10  # all ten are always listed
    assert row["criteria"]["centrality"]["threshold"] is None
    assert row["criteria"]["centrality"]["passes"] is None
    assert row["criteria"]["centrality"]["why"] == "not a test of this definition"
    ratio = row["criteria"]["import_export_ratio"]  # the Netherlands export nothing here
    assert (ratio["value"], ratio["passes"], ratio["why"]) == (None, True, "nothing exported")
    fixed = schakel.screen(flows, reporter="NLD", year=2023, method="geodep2024").rows[0]["criteria"]
    assert fixed["import_export_ratio"]["value"] == 9999
    assert fixed["persistent_years"]["passes"] is None  # two years are absent
    german = schakel.read_flows(path, coverage="imports")
    assert schakel.screen(german, reporter="EU27", year=2023).rows[0]["criteria"]["world_export_hhi"]["value"] is None


def test_the_word_top_decile_is_the_cut_of_the_definition() -> None:
    from schakel.dependency.presets import preset

    spof = preset("arjona2023").criterion("spof")
    assert spof is not None
    assert (spof.threshold, spof.op, spof.status) == (Fraction(9, 10), ">", "unverified")
    assert preset("arjona2023").mean_years == 4
