"""Is a letter recorded once, whole, and under its own name, whatever comes in and whoever else is writing?"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dossier_files import docx, encrypted_pdf, paragraph
from dossier_files import run as run_of
from dossier_letters import ANSWER, CORRECTED, MOTION, PROMISES, write
from schakel.dossiers.archive import Archive, analyse
from schakel.dossiers.archive.folder import files
from schakel.errors import InputError, NotFoundError
from schakel.register import Register
from shared import SHARED, needs_shared

MOTIONS = SHARED / "data" / "tweede_kamer" / "motie_xml"


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register(tmp_path / "register.sqlite") as found:
        yield found


@pytest.fixture
def archive(register: Register) -> Archive:
    return Archive(register)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "in", belofte=PROMISES, motie=MOTION, antwoord=ANSWER)
    return tmp_path / "in"


def test_the_same_again_changes_nothing(archive: Archive, register: Register, folder: Path, tmp_path: Path) -> None:
    first = archive.import_files(files(folder), author="T. Est")
    assert [i.outcome for i in first] == ["new"] * 3
    head, ids = archive.head(), [d.id for d in archive.due(date(2026, 1, 1))]
    for again in (archive, Archive(register)):
        assert {i.outcome for i in again.import_files(files(folder), author="A. Nder", reason="again")} == {"unchanged"}
    # the same text in other bytes, and the same bytes under another name
    dos = tmp_path / "antwoord.txt"
    dos.write_bytes(ANSWER.encode("utf-8"))
    assert archive.import_file(dos, author="t", written=date(2025, 10, 17)).outcome == "unchanged"
    copy = tmp_path / "kopie.txt"
    copy.write_bytes((folder / "belofte.txt").read_bytes())
    assert archive.import_file(copy, author="t").letter == first[1].letter
    assert archive.head() == head
    assert [d.id for d in archive.due(date(2026, 1, 1))] == ids
    assert register.verify() == head
    assert {c.versions for c in archive.letters()} == {1}


def test_one_letter_twice_in_a_folder_is_one_letter(archive: Archive, tmp_path: Path) -> None:
    write(tmp_path / "in", a=PROMISES, b=PROMISES)
    done = archive.import_files(files(tmp_path / "in"), author="t")
    assert [i.outcome for i in done] == ["new", "unchanged"]
    assert len(archive.letters()) == 1


def test_two_forms_of_one_letter_in_a_folder_are_one_letter(archive: Archive, tmp_path: Path) -> None:
    body = ANSWER.splitlines()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.docx").write_bytes(docx(*(paragraph(run_of(line)) for line in body)))
    write(tmp_path / "in", b=ANSWER)
    archive.import_files(files(tmp_path / "in"), author="t")
    head = archive.head()
    assert [i.outcome for i in archive.import_files(files(tmp_path / "in"), author="t")] == ["unchanged"] * 2
    assert archive.head() == head and len(archive.letters()) == 1


def test_a_corrected_letter_is_one_new_version(
    archive: Archive, register: Register, folder: Path, tmp_path: Path
) -> None:
    archive.import_files(files(folder), author="t")
    before = {d.id: d.action for d in archive.due(date(2026, 1, 1))}
    spring = next(i for i, a in before.items() if "Voorjaarsnota" in a)
    top = next(i for i, a in before.items() if "lampentop" in a)
    archive.confirm(spring, "2025D00042", "part", author="A. Mens", reason="half of it")
    archive.confirm(top, "2025D00042", "fulfils", author="B. Mens", reason="it was held")
    count = len(register.events("letter"))
    text = CORRECTED.replace(
        "Ik ben zelf voornemens om in Q1 2025 een lampentop te organiseren met de buurlanden.\n", ""
    )
    done = archive.import_file(
        write(tmp_path / "new", belofte=text)["belofte"], author="t", reason="a sentence withdrawn"
    )
    assert (done.outcome, done.kept, done.lost, done.new) == ("corrected", 1, 1, 0)
    (note,) = done.notes
    for word in (top, "B. Mens", "2025D00042", "it was held"):
        assert word in note["en"] and word in note["nl"]
    after = {d.id for d in archive.due(date(2026, 1, 1))}
    assert spring in after and top not in after
    assert len(register.events("letter")) == count + 1
    assert register.events("letter")[-1].reason == "a sentence withdrawn"
    versions = {c.id: c.versions for c in archive.letters()}
    assert sorted(versions.values()) == [1, 1, 2]
    # what was confirmed comes back with the sentence
    back = archive.import_file(folder / "belofte.txt", author="t")
    assert back.outcome == "corrected" and len(register.events("letter")) == count + 2
    assert len(register.events("answer")) == 2


def test_a_later_date_is_a_new_version_and_moves_deadlines(archive: Archive, tmp_path: Path) -> None:
    text = "Geachte Voorzitter,\n\nUw Kamer wordt voor de zomer geïnformeerd over de haven.\n"
    path = write(tmp_path, brief=text)["brief"]
    archive.import_file(path, author="t", written=date(2024, 2, 1))
    (before,) = archive.due(date(2026, 1, 1))
    done = archive.import_file(path, author="t", written=date(2025, 2, 1))
    (after,) = archive.due(date(2026, 1, 1))
    assert done.outcome == "corrected" and before.id == after.id
    assert before.status.deadline is not None and after.status.deadline is not None
    assert (before.status.deadline.year, after.status.deadline.year) == (2024, 2025)


def test_nothing_is_recorded_when_one_file_is_bad(archive: Archive, folder: Path) -> None:
    (folder / "geheim.pdf").write_bytes(encrypted_pdf())
    with pytest.raises(InputError, match="encrypted"):
        archive.import_files(files(folder), author="t")
    assert archive.letters() == () and archive.head() == "0" * 64


@pytest.mark.parametrize(
    "data",
    [random.Random(1).randbytes(5_000), b"\x00" * 4_000, b"", b"   \n", b"PK\x03\x04 no archive", b"%PDF-1.7\ncut off"],
)
def test_rubbish_is_refused_and_records_nothing(archive: Archive, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "rommel.txt"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        archive.import_file(path, author="t")
    assert caught.value.what and caught.value.where
    assert archive.head() == "0" * 64


def test_two_letters_under_one_number_are_refused(archive: Archive, tmp_path: Path) -> None:
    other = (
        "Nummer: 2025D00042\nDatum 3 maart 2025\n\nGeachte Voorzitter,\n\n"
        "Over de zeehonden valt dit te melden: zij zwemmen, eten vis en slapen op het zand.\n"
    )
    found = write(tmp_path, a=ANSWER, b=other)
    archive.import_file(found["a"], author="t")
    head = archive.head()
    with pytest.raises(InputError, match="another letter has the identifier 2025D00042") as caught:
        archive.import_file(found["b"], author="t")
    assert "--id" in caught.value.remedy and archive.head() == head
    assert archive.import_file(found["b"], author="t", ident="2025D00043").outcome == "new"
    with pytest.raises(InputError, match="another letter"):
        archive.import_file(found["b"], author="t", ident="2025D00042")
    assert archive.import_file(found["b"], author="t", ident="2025D00042", replace=True).outcome == "corrected"
    with pytest.raises(InputError, match=r"another letter"):
        Archive(Register(tmp_path / "second.sqlite")).import_files([found["a"], found["b"]], author="t")


def test_two_letters_of_one_file_name_stay_two(archive: Archive, tmp_path: Path) -> None:
    one = write(tmp_path / "a", brief=PROMISES)["brief"]
    two = write(tmp_path / "b", brief="Datum 4 maart 2025\n\nDe zeehonden zwemmen, eten vis en slapen op het zand.\n")[
        "brief"
    ]
    assert [archive.import_file(p, author="t").outcome for p in (one, two)] == ["new", "new"]
    assert len(archive.letters()) == 2


def test_a_letter_without_a_date_is_refused_with_the_remedy(archive: Archive, tmp_path: Path) -> None:
    path = write(tmp_path, brief="Geachte Voorzitter,\n\nUw Kamer wordt voor de zomer geïnformeerd.\n")["brief"]
    with pytest.raises(InputError, match="no date") as caught:
        archive.import_file(path, author="t")
    assert "--date" in caught.value.remedy and "brief.txt" in caught.value.where
    assert archive.import_file(path, author="t", written=date(2025, 2, 3)).outcome == "new"


@pytest.mark.parametrize(
    ("name", "text", "basis", "day"),
    [
        ("2025-03-04_brief", "Geachte Voorzitter,\nwater.", "file-name", date(2025, 3, 4)),
        ("2024-12_brief", "Geachte Voorzitter,\nwater.", "month", date(2024, 12, 31)),
        ("brief", "Den Haag, 5 juni 2024\nwater.", "stated", date(2024, 6, 5)),
        ("2024-13_brief", "Datum: 31 februari 2024\nOp 3 mei 2023 was er water.", "inferred", date(2023, 5, 3)),
    ],
)
def test_where_the_date_comes_from(
    archive: Archive, tmp_path: Path, name: str, text: str, basis: str, day: date
) -> None:
    done = archive.import_file(write(tmp_path, **{name: text})[name], author="t")
    (card,) = archive.letters()
    assert (card.date_basis, card.date) == (basis, day)
    assert bool(done.notes) == (basis in ("month", "inferred"))
    if basis == "month":
        assert card.date_from == date(2024, 12, 1)


def test_numbers_of_a_letter(archive: Archive, tmp_path: Path) -> None:
    body = "Datum 5 juni 2024\n\nGeachte Voorzitter,\nzie Kamerstuk 36 600 XIII, nr. 3 en 2024D00009.\n"
    head = "Nummer: 2024D54321, datum: 2024-06-05\nOnderdeel van kamerstukdossier 29826 -277 Beleid.\n"
    found = write(tmp_path, brief_2024D12345=body, tk=head + body)
    cards = {p.name: analyse(p).card for p in found.values()}
    assert cards["brief_2024D12345.txt"].id == "2024D12345"
    assert (cards["tk.txt"].id, cards["tk.txt"].aliases, cards["tk.txt"].dossier) == (
        "2024D54321",
        ("kst-29826-277",),
        "29826",
    )
    archive.import_files(list(found.values()), author="t")
    assert archive.letter("kst-29826-277").card.id == "2024D54321"
    with pytest.raises(NotFoundError):
        archive.letter("kst-29826-278")


def test_hostile_words_stay_words(archive: Archive, register: Register, tmp_path: Path) -> None:
    text = (
        "Datum 5 juni 2024\nBetreft \x1b[2J<script>alert(1)</script> =cmd|'/c calc'!A1 \u202eomgekeerd'; DROP TABLE events;--\n\n"
        "Uw Kamer wordt voor de zomer geïnformeerd over \x1b]0;titel\x07 ${jndi:ldap://x} {0} %s \U0001f600.\n"
    )
    done = archive.import_file(write(tmp_path, brief=text)["brief"], author="t")
    (due,) = archive.due(date(2025, 1, 1))
    assert due.letter == done.letter and "{0} %s" in archive.letter(done.letter).text
    assert register.verify() == archive.head()
    for author, ident in (("t\nu", None), ("t", "x\x00y"), ("t", "../../etc/passwd\n"), ("t", " "), ("t", "x" * 300)):
        with pytest.raises(InputError):
            archive.import_file(write(tmp_path, ander=ANSWER)["ander"], author=author, ident=ident)


def test_half_a_pair_of_surrogates_is_stored_as_the_replacement_sign(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "brief.html"
    body = "<p>Datum 5 juni 2024</p><p>Uw Kamer &#xDC00; wordt voor de zomer geïnformeerd.</p>"
    path.write_text(f"<html><head><title>Brief &#xD800;</title></head><body>{body}</body></html>")
    done = archive.import_file(path, author="t")
    assert archive.import_file(path, author="t").outcome == "unchanged"
    letter = archive.letter(done.letter)
    assert not [c for c in letter.text + letter.card.title if "\ud800" <= c <= "\udfff"]


def test_a_docx_and_its_footnotes(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"
    path.write_bytes(
        docx(paragraph(run_of("Datum 5 juni 2024")), paragraph(run_of("Uw Kamer wordt voor de zomer geïnformeerd.")))
    )
    done = archive.import_file(path, author="t")
    assert done.commitments == 1 and archive.letter(done.letter).card.format == "docx"


@needs_shared
def test_official_motions_by_the_file(archive: Archive) -> None:
    done = archive.import_files(sorted(MOTIONS.glob("*.xml"))[:20], author="t")
    assert {i.outcome for i in done} == {"new"}
    for card in archive.letters():
        assert card.kind == "motion" and card.id.startswith("kst-") and card.date_basis == "stated"
        assert card.dossier and card.id.startswith(f"kst-{card.dossier}-")
    rows = archive.due(date(2027, 1, 1))
    assert {d.id for d in rows if d.kind == "motie"} >= {c.id for c in archive.letters()}


CHILD = """
    import sys
    from pathlib import Path
    from schakel.dossiers.archive import Archive
    from schakel.dossiers.archive.folder import files
    from schakel.register import Register
    print("ready", flush=True)
    sys.stdin.readline()
    for path in files(Path(sys.argv[2])):
        with Register(sys.argv[1]) as register:
            print(Archive(register).import_file(path, author="child").outcome, flush=True)
"""


def child(register: Path, folder: Path) -> subprocess.Popen[str]:
    code = textwrap.dedent(CHILD)
    return subprocess.Popen(
        [sys.executable, "-c", code, str(register), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_processes_at_once_record_nothing_twice(tmp_path: Path) -> None:
    for n in range(6):
        write(
            tmp_path / "in",
            **{f"b{n}": PROMISES.replace("lampen", f"lampen{n}").replace("TZ202412-017", f"TZ202412-02{n}")},
        )
    both = [child(tmp_path / "r.sqlite", tmp_path / "in") for _ in range(2)]
    for one in both:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    said = [one.communicate("go\n", timeout=120)[0].split() for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert sorted(word for words in said for word in words) == ["new"] * 6 + ["unchanged"] * 6
    with Register(tmp_path / "r.sqlite") as register:
        assert len(register.events("letter")) == 6
        register.verify()


def test_killed_in_the_middle_leaves_whole_letters(tmp_path: Path) -> None:
    for n in range(40):
        write(tmp_path / "in", **{f"b{n:02}": PROMISES.replace("lampen", f"lampen{n}") + f"\nOns kenmerk {n}\n" * 30})
    one = child(tmp_path / "r.sqlite", tmp_path / "in")
    assert one.stdout is not None and one.stdin is not None and one.stdout.readline() == "ready\n"
    one.stdin.write("go\n")
    one.stdin.flush()
    acknowledged = [one.stdout.readline() for _ in range(3)]
    time.sleep(0.05)
    os.kill(one.pid, signal.SIGKILL)
    acknowledged += one.communicate()[0].split()
    with Register(tmp_path / "r.sqlite") as register:
        assert register.verify() == register.head()
        archive = Archive(register)
        cards = archive.letters()
        assert len(acknowledged) <= len(cards) < 40
        for card in cards:
            assert archive.letter(card.id).commitments
        done = archive.import_files(files(tmp_path / "in"), author="t")
        assert [i.outcome for i in done].count("unchanged") == len(cards)
        assert len(archive.letters()) == 40


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "in" / "deep", a="x")
    write(tmp_path / "in" / ".hidden", b="x")
    (tmp_path / "in" / "plaatje.png").write_bytes(b"x")
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "in" / "deep" / "a.txt")
    assert [p.name for p in files(tmp_path / "in")] == ["a.txt"]
    (tmp_path / "leeg").mkdir()
    with pytest.raises(InputError, match="no letters"):
        files(tmp_path / "leeg")
    with pytest.raises(NotFoundError):
        files(tmp_path / "weg")


def test_how_far_it_is_adds_up_to_one_for_each_letter(archive: Archive, folder: Path) -> None:
    for _ in range(2):  # read, and known by their bytes
        steps: list[float] = []
        archive.import_files(files(folder), author="t", step=steps.append)
        assert sum(steps) == pytest.approx(3)
    assert len(steps) == 3


def test_a_thick_letter_is_read_once(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = []
    for n in range(500):
        pages.append(
            f"In paragraaf {n} beschrijft het kabinet hoe de provincie en de gemeente samen werken aan onderdeel {n} van het programma, "
            "met aandacht voor de uitvoering, de kosten en het draagvlak in de regio. De partijen spreken elkaar ieder kwartaal.\n"
            + (
                f"Uw Kamer wordt voor de zomer geïnformeerd over onderdeel {n} (Kamerstuk 33 009, nr. {n % 150 + 1}).\n"
                if n % 10 == 0
                else ""
            )
        )
    text = "Datum 3 februari 2025\nBetreft Het grote programma\n\nGeachte Voorzitter,\n\n" + "\n".join(pages)
    assert len(text) > 120_000
    path = write(tmp_path, groot=text)["groot"]
    done = archive.import_file(path, author="t")
    assert done.commitments == 50
    assert len(archive.letter(done.letter).citations) == 50
    monkeypatch.setattr("schakel.dossiers.archive.importing.analyse", None)  # the same bytes need no reading
    assert archive.import_file(path, author="t").outcome == "unchanged"
