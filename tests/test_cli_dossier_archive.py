"""Do the commands that record and ask about letters answer as documented, and refuse with the right code?"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dossier_letters import ANSWER, CORRECTED, MOTION, PROMISES, write
from schakel.cli import cli
from schakel.errors import InputError, NotFoundError

TZ, KST = "TZ202412-017", "kst-36600-XIII-77"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCHAKEL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCHAKEL_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "in", belofte=PROMISES, motie=MOTION, antwoord=ANSWER)
    return tmp_path


def call(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(cli, ["dossier", *arguments], catch_exceptions=code != 2)
    assert done.exit_code == code, done.output
    return done


def answer(*arguments: str) -> Any:
    return json.loads(call(*arguments, "--format", "json").stdout)


def test_import_due_answer_conflicts() -> None:
    done = answer("import", "in", "--author", "T. Est")
    assert [i["outcome"] for i in done["imported"]] == ["new"] * 3 and done["official"] == []
    again = answer("import", "in", "--author", "T. Est")
    assert [i["outcome"] for i in again["imported"]] == ["unchanged"] * 3
    assert again["head"] == done["head"]

    due = answer("due", "--on", "2025-11-01")
    assert (due["reference"], due["head"]) == ("2025-11-01", done["head"])
    rows = {d["id"]: d for d in due["due"]}
    assert (rows[TZ]["status"]["state"], rows[TZ]["status"]["days"]) == ("fulfilled-late", 170)
    assert {d["status"]["reference"] for d in due["due"]} == {"2025-11-01"}
    assert rows[KST]["status"]["label"] == {"en": "fulfilled on time", "nl": "op tijd nagekomen"}

    proposals = answer("answer", "--letter", "2025D00042")["answers"]
    assert {(p["commitment"], p["state"], p["explicit"]) for p in proposals} == {
        (TZ, "proposed", True),
        (KST, "proposed", True),
    }
    recorded = answer("answer", "--reject", TZ, "2025D00042", "--author", "A. Mens", "--reason", "announces only")
    assert recorded["recorded"]["state"] == "rejected" and recorded["head"] != done["head"]
    assert {d["id"]: d for d in answer("due", "--on", "2025-11-01")["due"]}[TZ]["status"]["state"] == "overdue"
    told = call(
        "answer", "--confirm", TZ, "2025D00042", "--relation", "part", "--author", "B", "--reason", "r", "--lang", "nl"
    )
    assert told.stdout.strip() == f"vastgelegd: 2025D00042 komt deels na {TZ} (bevestigd)"
    assert {d["id"]: d for d in answer("due", "--on", "2025-11-01")["due"]}[TZ]["status"]["state"] == "partly"

    found = answer("conflicts")["conflicts"]
    assert {c["attribute"] for c in found} == {"amount", "target"}
    assert "€ 220,5 miljoen" in call("conflicts", "--lang", "nl", "--format", "csv").stdout


def test_a_corrected_letter_says_what_is_kept_and_lost(desk: Path) -> None:
    call("import", "in")
    spring = next(d["id"] for d in answer("due", "--on", "2025-02-01")["due"] if "Voorjaarsnota" in d["action"])
    call("answer", "--confirm", spring, "2025D00042", "--relation", "fulfils", "--author", "A. Mens", "--reason", "r")
    write(desk / "new", belofte=CORRECTED)
    told = [call("import", "new", "--lang", "en").stdout.partition(": ")[2] for _ in range(2)]
    assert told[0] == "corrected (belofte.txt), 4 commitments, 1 judgement kept\n"
    assert told[1] == "unchanged (belofte.txt), 4 commitments, 1 judgement kept\n"
    without = re.sub(r"Uw Kamer wordt voor de Voorjaarsnota[^\n]*\n", "", CORRECTED)
    write(desk / "newer", belofte=without)
    done = call("import", "newer", "--lang", "nl")
    assert "3 toezeggingen en voornemens, 1 niet meer gevonden" in done.stdout
    assert spring in done.stderr and "A. Mens" in done.stderr and "bevestigd" in done.stderr


def test_a_moved_event_moves_the_deadline(desk: Path) -> None:
    call("import", "in")
    listed = answer("calendar", "list", "--kind", "voorjaarsnota", "--on", "2025-05-01")
    assert listed["as_known_on"] == "2025-05-01"
    assert {e["key"]: e["date"] for e in listed["events"]}["voorjaarsnota:2025"] == "2025-04-18"
    said = ["--known-on", "2025-04-10", "--source", "letter", "--author", "T", "--reason", "later"]
    assert "schuift" in call("calendar", "move", "voorjaarsnota:2025", "2025-06-01", *said, "--lang", "nl").stdout
    moved = answer("calendar", "list", "--kind", "voorjaarsnota", "--on", "2025-05-01")
    (event,) = [e for e in moved["events"] if e["key"] == "voorjaarsnota:2025"]
    assert (event["date"], event["status"], event["history"][0]["date"]) == ("2025-06-01", "moved", "2025-04-18")
    assert [m["author"] for m in moved["moves"]] == ["T"]
    before = answer("calendar", "list", "--kind", "voorjaarsnota", "--on", "2025-04-09")
    assert {e["key"]: e["date"] for e in before["events"]}["voorjaarsnota:2025"] == "2025-04-18"
    (due,) = [d for d in answer("due", "--on", "2025-05-20")["due"] if "Voorjaarsnota" in d["action"]]
    assert (due["status"]["deadline"], [h["hi"] for h in due["history"]]) == ("2025-05-31", ["2025-04-17"])


@pytest.mark.parametrize("form", ["csv", "md", "table", "xlsx", "ics"])
def test_due_in_every_form(desk: Path, form: str) -> None:
    call("import", "in")
    call("due", "--on", "2025-11-01", "--format", form, "--out", f"due.{form}")
    data = (desk / f"due.{form}").read_bytes()
    if form == "xlsx":
        assert data[:2] == b"PK"
        return
    text = data.decode()
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert {r["reference"] for r in rows} == {"2025-11-01"}
        assert {r["id"]: r["state"] for r in rows}[TZ] == "fulfilled-late"
    elif form == "ics":
        assert text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n")
        assert "20251231" in text
    else:
        assert "2025-11-01" in text and TZ in text
        assert "170" in text


def test_filters_and_languages() -> None:
    call("import", "in")
    assert [d["id"] for d in answer("due", "--on", "2025-11-01", "--kind", "motie")["due"]] == [KST]
    assert [d["id"] for d in answer("due", "--on", "2025-11-01", "--state", "fulfilled-late")["due"]] == [TZ]
    assert answer("due", "--on", "1990-01-01")["due"] == []
    dutch = call("due", "--on", "2025-11-01", "--lang", "nl")
    assert "te laat nagekomen" in dutch.stdout and "termijn" in dutch.stdout
    assert "fulfilled late" in call("due", "--on", "2025-11-01", "--lang", "en").stdout
    assert "Toezeggingen op 2025-11-01" in dutch.stdout


def test_without_a_reference_date_the_day_is_printed() -> None:
    call("import", "in")
    found = answer("due")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found["reference"])
    assert {d["status"]["reference"] for d in found["due"]} == {found["reference"]}


def test_an_own_register(desk: Path) -> None:
    answer("import", "in", "--register", "own.sqlite")
    assert answer("due", "--on", "2025-11-01")["due"] == []
    assert len(answer("due", "--on", "2025-11-01", "--register", "own.sqlite")["due"]) > 3


def test_wrong_use_is_refused(desk: Path) -> None:
    for wrong in (
        ["import"],
        ["import", "in", "--id", "2025D1"],
        ["import", "in", "--date", "gisteren"],
        ["import", "in", "--date", "2025-01-01"],
        ["answer", "--confirm", TZ, "2025D00042"],
        ["answer", "--confirm", TZ, "2025D00042", "--author", "A", "--reason", "r"],
        ["answer", "--confirm", TZ, "x", "--reject", TZ, "x", "--author", "A", "--reason", "r"],
        ["answer", "--relation", "part"],
        ["due", "--on", "2025-02-30"],
        ["due", "--state", "zoek"],
        ["calendar", "move", "reces:zomer:2025", "2025-07-04"],
    ):
        assert CliRunner().invoke(cli, ["dossier", *wrong]).exit_code == 2, wrong


def test_errors_name_the_file_and_the_remedy(desk: Path) -> None:
    (desk / "vreemd.json").write_text('{"a": 1}', "utf-8")
    with pytest.raises(InputError, match="no official data"):
        CliRunner().invoke(cli, ["dossier", "import", "vreemd.json"], catch_exceptions=False)
    write(desk, los="Geachte Voorzitter,\n\nUw Kamer wordt voor de zomer geïnformeerd.\n")
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(cli, ["dossier", "import", "los.txt"], catch_exceptions=False)
    assert "los.txt" in caught.value.where and "--date" in caught.value.remedy
    call("import", "los.txt", "--date", "2025-02-03", "--author", "t")
    for arguments in (["import", "weg.txt"], ["answer", "--reject", TZ, "x", "--author", "A", "--reason", "r"]):
        with pytest.raises(NotFoundError):
            CliRunner().invoke(cli, ["dossier", *arguments], catch_exceptions=False)


def test_exit_codes_of_the_program(desk: Path) -> None:
    (desk / "leeg.txt").write_bytes(b"")
    command = [sys.executable, "-c", "from schakel.cli import main; main()", "dossier"]
    done = subprocess.run([*command, "import", "leeg.txt"], capture_output=True, text=True, cwd=desk)
    assert done.returncode == 3 and "leeg.txt" in done.stderr and done.stdout == ""
    assert subprocess.run([*command, "read", "weg.txt"], capture_output=True, cwd=desk).returncode == 4


def test_read_gives_every_fact() -> None:
    found = answer("read", "in/belofte.txt")
    assert {c["tz_number"] for c in found["commitments"]} >= {TZ}
    spring = next(c for c in found["commitments"] if "Voorjaarsnota" in c["action"])
    assert (spring["deadline"]["event"], spring["deadline"]["hi"]) == ("voorjaarsnota:2025", "2025-04-17")
    assert found["text"][spring["start"] : spring["end"]] == spring["quote"]
    (amount,) = found["amounts"]
    assert (amount["value"], amount["currency"], amount["programme"]) == ("230000000", "EUR", "PhotonDelta")
    assert [(p["value_pct"], p["kind"]) for p in found["percentages"]] == [("30", "target")]
    assert found["date_basis"] == "stated" and found["meta"]["date"] == "2024-12-19"
    told = call("read", "in/belofte.txt", "--lang", "nl").stdout
    for words in ("toezeggingen en voornemens: 4", "voorjaarsnota:2025", "PhotonDelta", "230000000 EUR"):
        assert words in told


def test_a_folder_is_read_whole_and_bad_files_are_named(desk: Path) -> None:
    (desk / "in" / "kapot.pdf").write_bytes(b"%PDF-1.7 cut")
    found = answer("read", "in")
    assert [x["file"] for x in found["letters"]] == ["antwoord.txt", "belofte.txt", "motie.txt"]
    assert [x["file"] for x in found["refused"]] == ["kapot.pdf"]
    rows = list(csv.DictReader(io.StringIO(call("read", "in", "--format", "csv").stdout)))
    assert {r["letter"] for r in rows} >= {"2025D00042", KST}
    assert not (desk / "home" / "register.sqlite").exists()


def test_official_data_goes_to_the_mirror(desk: Path) -> None:
    row = {
        "Id": "11111111-2222-3333-4444-555555555555",
        "Nummer": "TZ202501-009",
        "Tekst": "De Kamer voor 1 juli 2025 te informeren over de haven.",
        "Status": "Openstaand",
        "Aanmaakdatum": "2025-01-09T00:00:00+01:00",
        "Ministerie": "Infrastructuur en Waterstaat",
        "GewijzigdOp": "2025-01-10T00:00:00+01:00",
        "Verwijderd": False,
    }
    context = "https://gegevensmagazijn.tweedekamer.nl/OData/v4/2.0/$metadata#Toezegging"
    (desk / "toezegging.json").write_text(json.dumps({"@odata.context": context, "value": [row]}), "utf-8")
    done = answer("import", "toezegging.json", "in")
    assert [o["file"] for o in done["official"]] == ["toezegging.json"] and len(done["imported"]) == 3
    rows = {d["id"]: d for d in answer("due", "--on", "2025-07-10")["due"]}
    assert (rows["TZ202501-009"]["source"], rows["TZ202501-009"]["status"]["state"]) == ("official", "overdue")
    assert rows["TZ202501-009"]["official"] == "Openstaand"


def test_judgements_carry_their_day_and_head() -> None:
    head = answer("import", "in")["head"]
    for command, rows in (("answer", "answers"), ("conflicts", "conflicts")):
        now, before = answer(command, "--on", "2025-11-01"), answer(command, "--on", "2025-10-16")
        assert (now["reference"], now["head"]) == ("2025-11-01", head) and now[rows]
        assert before["reference"] == "2025-10-16" and not before[rows]  # the letter of the day after is not known
    assert answer("calendar", "list", "--on", "2025-05-01")["reference"] == "2025-05-01"
    assert "bedrag" in call("conflicts", "--on", "2025-11-01", "--lang", "nl").stdout


def test_files_that_are_no_letters_are_left_out_when_asked(desk: Path) -> None:
    write(desk / "in", lees_mij="Hier staan brieven.")
    call("import", "in", code=1)
    done = answer("import", "in", "--skip")
    assert [i["outcome"] for i in done["imported"]] == ["new"] * 3
    assert [r["file"] for r in done["refused"]] == ["lees_mij.txt"] and "no date" in done["refused"][0]["message"]
    assert "overgeslagen: lees_mij.txt" in call("import", "in", "--skip", "--lang", "nl").stderr


def test_what_is_asked_for_by_name_must_be_there(desk: Path) -> None:
    call("import", "in")
    for arguments in (
        ["due", "--letter", "2030D00001"],
        ["answer", "--letter", "2030D00001"],
        ["due", "--register", "typo.sqlite"],
    ):
        assert isinstance(call_failing(*arguments), NotFoundError)
    assert isinstance(call_failing("calendar", "list", "--kind", "feestje"), InputError)
    assert not (desk / "typo.sqlite").exists()


def call_failing(*arguments: str) -> BaseException | None:
    return CliRunner().invoke(cli, ["dossier", *arguments]).exception


def test_one_is_singular(desk: Path) -> None:
    assert "(motie.txt), 1 commitment\n" in call("import", "in/motie.txt").stdout
    assert "(belofte.txt), 4 toezeggingen en voornemens\n" in call("import", "in/belofte.txt", "--lang", "nl").stdout


def test_an_answer_of_which_only_the_month_is_known_has_bounds() -> None:
    from schakel.cli.dossier_archive import _row
    from schakel.dossiers.archive import Due
    from schakel.dossiers.status import Status

    until, on = date(2022, 12, 8), date(2025, 11, 1)
    vague = Status("fulfilled-on-time", on, until, 0, until, "L-1", True, date(2022, 12, 1), date(2022, 12, 31))
    shown = _row(Due("C-1", "letter", "belofte_kamer", "Ik stuur een brief.", vague), "en", "table")
    assert (shown["days"], shown["answered_on"]) == ("-7 … 23", "2022-12")
    exact = Status("fulfilled-late", on, until, 23, date(2022, 12, 31), "L-1")
    shown = _row(Due("C-1", "letter", "belofte_kamer", "Ik stuur een brief.", exact), "en", "table")
    assert (shown["days"], shown["answered_on"]) == ("23", "2022-12-31")
