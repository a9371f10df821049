"""Which chain a name opens: embedded, a folder of either form, or a data set of the lake; and that both ways answer the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from schakel.chains import answers
from schakel.chains.open import names, open_graph, open_named
from schakel.errors import InputError, LicenceError, NotFoundError
from schakel.lake import Lake, connect
from schakel.lake.export import permitted
from schakel.sources.add import Origin, add
from schakel.sources.chainreaders import strictest
from shared import DATA, needs_shared
from test_chains_own import INPUTS, folder

EXPLORER = {
    "inputs.csv": "input_id,input_name,type,stage_id\n"
    "N1,Chip,ultimate_output,S1\nN2,Scanner,tool_resource,S1\nN3,EUV,tool_resource,S1\nN4,DUV,tool_resource,S1\n",
    "stages.csv": "stage_id,stage_name\nS1,Fabrication\n",
    "sequence.csv": "input_id,goes_into_id,is_type_of_id\nN2,N1,\nN3,,N2\nN4,,N2\n",
    "providers.csv": "provider_id,provider_name,provider_type,country\n"
    "P1,NLD,country,\nP2,JPN,country,\nP3,Various countries,country,\nP4,ASML,organization,NLD\n",
    "provision.csv": "provider_id,provided_id,share_provided,year\nP1,N3,100%,2025\nP1,N4,40,2025\nP2,N4,60,2025\nP3,N1,5,2025\nP4,N3,,2025\n",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    (tmp_path / "mine").mkdir()
    return folder(tmp_path / "mine")


@pytest.fixture
def explorer(tmp_path: Path) -> Path:
    (tmp_path / "explorer").mkdir()
    for name, text in EXPLORER.items():
        (tmp_path / "explorer" / name).write_text(text, "utf-8")
    return tmp_path / "explorer"


def test_the_embedded_chains() -> None:
    assert names() == ("reference", "materials")
    chips = open_graph("reference")
    assert len(chips.steps) == 142
    assert chips.licences and all(k != "CC-BY-NC-4.0" for k in chips.licences)
    assert any(s.final for s in open_graph("materials").steps)


def test_a_folder_in_either_form(mine: Path, explorer: Path) -> None:
    assert open_graph(str(mine)).name == "mine"
    g = open_graph(str(explorer))
    assert (g.reading, g.licences) == ("alternatives", ("CC-BY-NC-4.0",))
    assert answers.makeable(g, ["NLD"])["lost"][0]["step"] == "N3"
    together = open_graph(str(explorer), reading="together")
    answer = answers.makeable(together, ["NLD"])
    assert answer["reading"] == together.reading == "together"
    assert {r["step"] for r in answer["lost"]} == {"N1", "N2", "N3"}


@pytest.mark.parametrize("reading", ["alternatives", "together"])
def test_the_lake_answers_as_the_folder_does(explorer: Path, reading: str) -> None:
    added = add(explorer, Lake())
    assert (added.dataset.name, added.dataset.licence) == ("eto-chips", "CC-BY-NC-4.0")
    assert added.load.left_out == {"holder-not-named": 1}
    a, b = open_graph(str(explorer), reading=reading), open_graph("eto-chips", reading=reading)
    assert (a.steps, a.slots, a.positions, a.reading) == (b.steps, b.slots, b.positions, b.reading)
    assert names() == ("reference", "materials", "eto-chips")


def test_a_chain_of_ones_own_from_the_lake(mine: Path) -> None:
    added = add(mine, Lake(), name="my-chain")
    assert added.load.rows_read == added.load.rows_kept == 12
    assert added.dataset.licence == "CC-BY-NC-4.0"  # the stricter of the two that sources.csv names
    a, b = open_graph(str(mine)), open_graph("my-chain")
    assert (a.steps, a.slots, a.positions) == (b.steps, b.slots, b.positions)
    assert [dict(s) for s in a.sources] == [dict(s) for s in b.sources]
    assert a.licences == b.licences == ("CC-BY-NC-4.0", "user-supplied")
    for table in added.dataset.tables:
        with connect() as con:
            places = [
                r[0] for r in con.execute(f"SELECT place FROM {added.dataset.from_sql(table)} ORDER BY 1").fetchall()
            ]
        assert places == list(range(len(places)))


def test_a_folder_with_a_bad_cell_leaves_the_lake_as_it_was(mine: Path) -> None:
    (mine / "inputs.csv").write_text(INPUTS.replace("30", "-30"), "utf-8")
    with pytest.raises(InputError, match="row 3, column stock_days"):
        add(mine, Lake())
    assert Lake().names() == ()


def test_the_user_states_a_licence_for_a_chain_of_their_own_and_not_for_anothers(mine: Path, explorer: Path) -> None:
    (mine / "sources.csv").unlink()
    assert add(mine, Lake(), origin=Origin(licence="CC0-1.0")).dataset.licence == "CC0-1.0"
    with pytest.raises(InputError, match="not for the user to change"):
        add(explorer, Lake(), origin=Origin(licence="CC0-1.0"))


def test_a_licence_stated_by_the_user_does_not_loosen_that_of_a_source(mine: Path) -> None:
    with pytest.raises(InputError, match=r"sources\.csv"):
        add(mine, Lake(), origin=Origin(licence="CC0-1.0"))


def test_rows_that_may_not_be_passed_on_are_refused(explorer: Path) -> None:
    dataset = add(explorer, Lake()).dataset
    with pytest.raises(LicenceError) as caught:
        permitted(dataset.name, {dataset.licence})
    assert caught.value.exit_code == 5
    assert strictest(["CC0-1.0", "CC-BY-NC-4.0", "CC-BY-4.0"]) == "CC-BY-NC-4.0"


def test_a_slot_of_ones_own_that_is_called_type_is_no_link_of_the_explorer(mine: Path) -> None:
    (mine / "inputs.csv").write_text("step,input,slot\nchip,wafer,type\nchip,film,type\n", "utf-8")
    add(mine, Lake(), name="typed")
    assert open_graph("typed", reading="together").slots[0].alternatives == ("wafer", "film")
    assert open_graph("typed").reading == ""


def test_what_is_no_chain_is_told(mine: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="'nothing' is no chain"):
        open_graph("nothing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFoundError, match="holds no chain"):
        open_graph(str(tmp_path / "empty"))
    with pytest.raises(InputError, match="no reading"):
        open_graph("reference", reading="sideways")
    (tmp_path / "flows.csv").write_text("year,exporter,importer,product,value_usd\n2023,CHN,NLD,854231,60\n")
    add(tmp_path / "flows.csv", Lake(), name="flows")
    with pytest.raises(NotFoundError, match="data set flows holds no chain"):
        open_graph("flows")


def test_a_name_from_outside_never_opens_a_folder(mine: Path) -> None:
    with pytest.raises(NotFoundError):
        open_named("mine")
    shutil.copytree(mine, "reference")  # a folder of that name does not hide the embedded chain
    assert len(open_graph("reference").steps) == 142


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("sequence.csv", ("N3,,N2", "N3,N1,N2"), "row 3"),
        ("sequence.csv", ("N2,N1,", "N2,N9,"), "'N9' stands in no other file"),
        ("provision.csv", ("60", "160"), "out of bounds"),
        ("provision.csv", ("60", "sixty"), "no percentage"),
        ("provision.csv", ("P2,N4", "P9,N4"), "'P9' stands in no other file"),
        ("inputs.csv", ("tool_resource", "toy"), "unknown type"),
        ("inputs.csv", ("input_name", "name"), "column 'input_name' is missing"),
    ],
)
def test_a_damaged_folder_of_the_explorer_is_refused(
    explorer: Path, file: str, change: tuple[str, str], message: str
) -> None:
    path = explorer / file
    path.write_text(path.read_text("utf-8").replace(*change), "utf-8")
    with pytest.raises(InputError, match=message) as caught:
        open_graph(str(explorer))
    assert f"file {file}" in caught.value.where


@needs_shared
@pytest.mark.parametrize("version", ["", "v2025-01"])
def test_the_real_folder_comes_in(version: str) -> None:
    path = DATA / "chips_eto" / version
    added = add(path, Lake(), name="eto")
    assert added.load.rows_read == added.load.rows_kept + sum(added.load.left_out.values())
    a, b = open_graph(str(path)), open_graph("eto")
    assert (a.steps, a.slots, a.positions) == (b.steps, b.slots, b.positions)


def test_a_name_longer_than_any_file_has_is_no_chain(tmp_path: Path) -> None:
    for name in ("a" * 5000, "a/" * 3000):
        with pytest.raises(NotFoundError) as caught:
            open_graph(name)
        assert len(str(caught.value)) < 400
    (tmp_path / "inputs.csv").write_text("step,input\na,b\n")
    with pytest.raises(NotFoundError, match=r"positions\.csv is not there"):
        open_graph(str(tmp_path))
