"""Does the mirror follow the feed through repeats, wrong order, broken lines and hostile answers, and never lose its place?"""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from schakel.errors import InputError, MachineError, NotFoundError
from schakel.lake.lock import held
from schakel.sources.tweedekamer import Counts, Mirror, Row
from schakel.sources.tweedekamer.fetch import OFFICIAL, Fetched, Question, fetch, resource
from schakel.sources.tweedekamer.line import Line
from tweedekamer_sample import Answer, House, case, cases, entry, feed, house, key, no_proxy, packed, zaak_entry

QUESTION = "feed Zaak"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    no_proxy(monkeypatch)
    with house() as made:
        yield made


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    with Mirror(tmp_path / "official.sqlite") as made:
        yield made


def pull(server: House, mirror: Mirror, waits: list[float] | None = None, **more: object) -> Fetched:
    noted = waits if waits is not None else []
    line = {k: more.pop(k) for k in ("attempts", "max_bytes", "timeout") if k in more}
    with Line(server.url, sleep=noted.append, **line) as made:  # type: ignore[arg-type]
        return fetch(mirror, "Zaak", made, **more)  # type: ignore[arg-type]


def pages(size: int = 10) -> list[list[str]]:
    entries = [zaak_entry(r) for r in cases(35)]
    return [entries[at : at + size] for at in range(0, len(entries), size)]


def ids(mirror: Mirror) -> set[str]:
    return {r.id for r in mirror.rows("Zaak")}


def test_the_whole_feed_comes_in_and_the_next_run_goes_on_there(server: House, mirror: Mirror) -> None:
    parts = pages()
    server.feed_of(parts)
    done = pull(server, mirror)
    assert (done.pages, done.complete, done.counts.new, done.recorded) == (5, True, 35, True)
    assert ids(mirror) == {r["Id"] for r in cases(35)}
    assert mirror.token(server.url, QUESTION) == "40"
    assert "skiptoken" not in server.seen[0]
    server.seen.clear()
    parts.append([zaak_entry(case(900, Onderwerp="later"))])
    server.feed_of(parts)
    done = pull(server, mirror)
    assert server.seen[0].endswith("skiptoken=40")
    assert (done.counts.read, done.counts.new, done.pages) == (1, 1, 2)
    assert mirror.search("later")


def test_repeats_and_wrong_order_end_in_the_same_records(server: House, mirror: Mirror, tmp_path: Path) -> None:
    old = case(1, ApiGewijzigdOp="2024-01-01T00:00:00Z", Onderwerp="oud")
    new = case(1, ApiGewijzigdOp="2024-02-01T00:00:00Z", Onderwerp="nieuw")
    server.feed_of([[zaak_entry(new), zaak_entry(new)], [zaak_entry(old), zaak_entry(case(2))], [zaak_entry(new)]])
    done = pull(server, mirror)
    assert (done.counts.read, done.counts.new, done.counts.unchanged, done.counts.outdated) == (5, 2, 2, 1)
    assert mirror.get("Zaak", old["Id"]).data["onderwerp"] == "nieuw"


def test_deleted_entries_are_honoured(server: House, mirror: Mirror) -> None:
    record = case(1, Onderwerp="exportcontrole")
    gone = entry("Zaak", record["Id"], "2024-12-01T00:00:00Z", deleted=True)
    server.feed_of([[zaak_entry(record)], [gone]])
    done = pull(server, mirror)
    assert (done.counts.new, done.counts.deleted) == (1, 1)
    assert mirror.search("exportcontrole") == ()
    assert mirror.get("Zaak", record["Nummer"]).deleted


def test_max_pages_stops_and_the_next_run_goes_on(server: House, mirror: Mirror) -> None:
    server.feed_of(pages())
    done = pull(server, mirror, max_pages=2)
    assert (done.pages, done.complete, len(ids(mirror))) == (2, False, 20)
    assert mirror.token(server.url, QUESTION) == "20"
    assert pull(server, mirror).counts.new == 15
    again = pull(server, mirror, again=True)
    assert (again.counts.unchanged, again.counts.kept) == (35, 0)


def test_links_in_the_entries_lead_on_too(server: House, mirror: Mirror) -> None:
    address = f"{server.url}/SyncFeed/2.0/Feed?category=Zaak&skiptoken="
    one, two = zaak_entry(case(1), next=address + "7"), zaak_entry(case(2), next=address + "9")

    def play(path: str, asked: dict[str, str]) -> Answer:
        return Answer(feed([], resume=address + "9") if asked.get("skiptoken") == "9" else feed([one, two]))

    server.answers = play
    assert pull(server, mirror).counts.new == 2
    assert mirror.token(server.url, QUESTION) == "9"


@pytest.mark.parametrize(
    "bad",
    [
        Answer(b"", 500),
        Answer(b"", 503),
        Answer(b"", 429),
        Answer(feed([zaak_entry(case(1))]), cut=300),
        Answer(feed([zaak_entry(case(1))]), announce=100_000),
        Answer(feed([zaak_entry(case(1))])[:-30]),  # of the length announced, but not whole
        Answer(gzip.compress(feed([zaak_entry(case(1))]))[:-30], headers={"Content-Encoding": "gzip"}),
        Answer(
            gzip.compress(feed([zaak_entry(case(1))]))[:-4], headers={"Content-Encoding": "gzip"}
        ),  # without its check
        Answer(b"not packed", headers={"Content-Encoding": "gzip"}),
        Answer(b"", 206),
    ],
    ids=["500", "503", "429", "cut", "long", "not-whole", "packed-cut", "packed-unchecked", "not-packed", "206"],
)
def test_a_page_that_breaks_off_is_asked_again(bad: Answer, server: House, mirror: Mirror) -> None:
    server.feed_of(pages())
    server.first = [bad, bad]
    waits: list[float] = []
    done = pull(server, mirror, waits)
    assert (done.counts.new, waits) == (35, [1.0, 2.0])
    server.first = [bad] * 20
    server.seen.clear()
    with pytest.raises((MachineError, InputError)) as caught:
        pull(server, mirror, again=True, attempts=3)
    assert len(server.seen) == 3
    assert server.url in caught.value.where
    assert len(ids(mirror)) == 35
    assert mirror.token(server.url, QUESTION) == "40"


def test_the_wait_that_a_server_asks_for_is_kept_within_bounds(server: House, mirror: Mirror) -> None:
    server.feed_of(pages())
    server.first = [Answer(b"", 429, headers={"Retry-After": "7"}), Answer(b"", 503, headers={"Retry-After": "9999"})]
    waits: list[float] = []
    pull(server, mirror, waits)
    assert waits == [7.0, 60.0]


def test_a_failure_halfway_keeps_the_pages_before(server: House, mirror: Mirror) -> None:
    parts = pages()
    server.feed_of(parts)
    right = server.answers
    server.answers = lambda path, asked: Answer(b"", 500) if asked.get("skiptoken") == "20" else right(path, asked)
    with pytest.raises(MachineError, match="500"):
        pull(server, mirror, attempts=2)
    assert (len(ids(mirror)), mirror.token(server.url, QUESTION)) == (20, "20")
    server.feed_of(parts)
    assert pull(server, mirror).counts.new == 15


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/SyncFeed/2.0/Feed?category=Zaak&skiptoken=10",
        "https://{host}/SyncFeed/2.0/Feed?category=Zaak&skiptoken=10",
        "http://127.0.0.1:1/SyncFeed/2.0/Feed?category=Zaak&skiptoken=10",
        "http://127.0.0.1/SyncFeed/2.0/Feed?skiptoken=10",
        "http://127.0.0.1:x/SyncFeed/2.0/Feed?skiptoken=10",
        "http://{host}/elsewhere?skiptoken=10",
        "http://user:pw@{host}/SyncFeed/2.0/Feed?skiptoken=10",
        "//evil.example/SyncFeed/2.0/Feed?skiptoken=10",
        "file:///etc/passwd",
        "http://{host}/SyncFeed/2.0/Feed?category=Zaak",
        "http://{host}/SyncFeed/2.0/Feed?skiptoken=1%0d%0aHost:%20evil",
    ],
)
@pytest.mark.parametrize("where", ["feed", "entry"])
def test_a_link_elsewhere_is_refused_and_nothing_of_the_page_taken(
    link: str, where: str, server: House, mirror: Mirror
) -> None:
    address = link.replace("{host}", server.url.removeprefix("http://"))
    page = feed([zaak_entry(case(1), next=address)]) if where == "entry" else feed([zaak_entry(case(1))], next=address)
    server.answers = lambda path, asked: Answer(page)
    with pytest.raises(InputError, match="link to the next page") as caught:
        pull(server, mirror)
    assert "not followed" in caught.value.remedy
    assert len(server.seen) == 1
    assert mirror.counts() == {}


def test_a_redirect_to_another_host_is_refused_and_one_on_the_host_followed(server: House, mirror: Mirror) -> None:
    server.first = [Answer(b"", 302, headers={"Location": "http://localhost:1/SyncFeed/2.0/Feed"})]
    with pytest.raises(InputError, match="another host"):
        pull(server, mirror)
    server.feed_of(pages())
    server.first = [Answer(b"", 302, headers={"Location": "/SyncFeed/2.0/Feed?category=Zaak"})]
    assert pull(server, mirror).counts.new == 35
    server.first = [Answer(b"", 302, headers={"Location": "/SyncFeed/2.0/Feed?category=Zaak"})] * 10
    with pytest.raises(InputError, match="without end"):
        pull(server, mirror)


HTML = b"<!DOCTYPE html><html><head><title>Onderhoud</title></head><body>x</body></html>"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (c, (b"&%c;" % (c - 1)) * 10) for c in range(98, 107))
    + b']><feed xmlns="http://www.w3.org/2005/Atom">&j;</feed>'
)


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (Answer(HTML, kind="text/html"), InputError, "web page titled 'Onderhoud'"),
        (Answer(HTML), InputError, "web page titled 'Onderhoud'"),
        (Answer(BOMB), InputError, "document type"),
        (packed(b" " * (8 << 20)), InputError, "more than the"),
        (Answer(b"<feed>" + b" " * (3 << 20)), InputError, "more than the"),
        (Answer(b"x", headers={"Content-Encoding": "br"}), InputError, "packed in a way"),
        (Answer(b"<rss/>"), InputError, "no page of the SyncFeed"),
        (Answer(b"[]", kind="application/json"), InputError, "not whole"),
        (Answer(b"", 404), NotFoundError, "no such file"),
        (Answer(b"", 403), MachineError, "refuses"),
        (Answer(b"", 400), InputError, "does not take the question"),
        (Answer(b"<a>" * 200_000), InputError, "nested too deep"),
    ],
    ids=[
        "html",
        "html-as-xml",
        "entity-bomb",
        "gzip-bomb",
        "large",
        "brotli",
        "rss",
        "json",
        "404",
        "403",
        "400",
        "deep",
    ],
)
def test_hostile_answers_are_refused(
    answer: Answer, error: type[Exception], said: str, server: House, mirror: Mirror
) -> None:
    server.answers = lambda path, asked: answer
    with pytest.raises(error, match=said) as caught:
        pull(server, mirror, max_bytes=2 << 20)
    assert getattr(caught.value, "where", "").startswith(server.url)
    assert mirror.counts() == {}
    assert mirror.token(server.url, QUESTION) is None


def test_a_refusal_does_not_send_users_to_other_commands(server: House, mirror: Mirror) -> None:
    server.answers = lambda path, asked: Answer(b"", 403)
    with pytest.raises(MachineError) as caught:
        pull(server, mirror)
    assert "data add" not in caught.value.remedy
    assert len(server.seen) == 1


def test_a_page_with_a_resume_link_and_links_in_its_entries_goes_on(server: House, mirror: Mirror) -> None:
    address = f"{server.url}/SyncFeed/2.0/Feed?category=Zaak&skiptoken="

    def play(path: str, asked: dict[str, str]) -> Answer:
        if asked.get("skiptoken") == "7":
            return Answer(feed([], resume=address + "8"))
        return Answer(feed([zaak_entry(case(1), next=address + "7")], resume=address + "5"))

    server.answers = play
    assert pull(server, mirror).complete
    assert mirror.token(server.url, QUESTION) == "8"


def test_a_packed_page_is_read(server: House, mirror: Mirror) -> None:
    server.first = [packed(feed([zaak_entry(case(1))]))]
    server.feed_of([])
    assert pull(server, mirror).counts.new == 1


def test_a_feed_that_leads_in_a_circle_stops(server: House, mirror: Mirror) -> None:
    address = f"{server.url}/SyncFeed/2.0/Feed?category=Zaak&skiptoken="

    def play(path: str, asked: dict[str, str]) -> Answer:
        at = asked.get("skiptoken", "0")
        return Answer(feed([zaak_entry(case(int(at) + 1))], next=address + {"0": "1", "1": "2", "2": "1"}[at]))

    server.answers = play
    with pytest.raises(MachineError, match="leads back"):
        pull(server, mirror)
    assert len(server.seen) == 3
    assert len(ids(mirror)) == 3


def test_a_server_that_is_not_there(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    no_proxy(monkeypatch)
    with Line("http://127.0.0.1:9", attempts=2, sleep=lambda _: None) as line, pytest.raises(MachineError) as caught:
        fetch(mirror, "Zaak", line)
    assert "goes on where it stopped" in caught.value.remedy


def test_a_proxy_of_the_environment_is_used(server: House, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    server.first = [Answer(feed([zaak_entry(case(1))]))]
    with Line("http://gegevensmagazijn.invalid", sleep=lambda _: None) as line:
        done = fetch(mirror, "Zaak", line)
    assert server.seen == ["http://gegevensmagazijn.invalid/SyncFeed/2.0/Feed?category=Zaak"]
    assert done.counts.new == 1


@pytest.mark.parametrize("url", ["ftp://x", "gegevensmagazijn.nl", "https://u:p@x", "https://x?a=b", "https://x#y", ""])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(InputError, match="no address"):
        Line(url)


def test_a_slow_server_counts_as_cut(server: House, mirror: Mirror) -> None:
    server.answers = lambda path, asked: Answer(feed([]), wait=server.release)
    with pytest.raises(MachineError, match="could not be fetched"):
        pull(server, mirror, timeout=0.2, attempts=2)


def test_the_official_address_is_encrypted_and_plain_ones_are_noted(server: House, mirror: Mirror) -> None:
    assert not Line(OFFICIAL).plain
    server.feed_of([])
    assert any("without encryption" in n for n in pull(server, mirror).counts.notes)


def test_unknown_entities_and_questions_to_the_feed_are_refused(server: House, mirror: Mirror) -> None:
    with Line(server.url) as line:
        for name in ("Raadsel", "Publicatie"):
            with pytest.raises(NotFoundError, match="no official entity"):
                fetch(mirror, name, line)
        with pytest.raises(InputError, match="takes no questions"):
            fetch(mirror, "Zaak", line, via="feed", question=Question(filter="x"))
        assert resource(line, key("x").upper()) == f"{server.url}/SyncFeed/2.0/Resources/{key('x')}"
        with pytest.raises(InputError, match="no identifier"):
            resource(line, "../../etc/passwd")
    assert server.seen == []


def test_two_fetches_into_one_mirror_do_not_mix(server: House, mirror: Mirror) -> None:
    server.feed_of(pages())
    with (
        held(mirror.path.with_name("official.sqlite.fetch.lock")) as mine,
        pytest.raises(MachineError, match="another process"),
    ):
        assert mine
        pull(server, mirror)
    assert pull(server, mirror).counts.new == 35


PULL = """
import sys
from schakel.sources.tweedekamer import Counts, Mirror, Row
from schakel.sources.tweedekamer.fetch import fetch
from schakel.sources.tweedekamer.line import Line
with Mirror(sys.argv[1]) as mirror, Line(sys.argv[2]) as line:
    fetch(mirror, "Zaak", line)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_stopped_between_pages_nothing_is_lost_and_the_next_run_goes_on(
    how: int, server: House, tmp_path: Path
) -> None:
    server.feed_of(pages())
    right = server.answers

    def play(path: str, asked: dict[str, str]) -> Answer:
        answer = right(path, asked)
        answer.wait = server.release if asked.get("skiptoken") == "20" else None
        return answer

    server.answers = play
    path = tmp_path / "official.sqlite"
    running = subprocess.Popen([sys.executable, "-c", PULL, str(path), server.url], stderr=subprocess.DEVNULL)
    try:
        assert server.arrived.wait(60)
        os.kill(running.pid, how)
        running.wait(30)
    finally:
        running.kill()
        running.wait()
    server.release.set()
    server.feed_of(pages())
    server.seen.clear()
    with Mirror(path) as mirror:
        assert (len(ids(mirror)), mirror.token(server.url, QUESTION)) == (20, "20")
        done = pull(server, mirror)
        assert server.seen[0].endswith("skiptoken=20")
        assert (done.counts.new, done.counts.unchanged) == (15, 0)
        assert ids(mirror) == {r["Id"] for r in cases(35)}
        assert mirror.store.con.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_token_is_kept_with_its_page_or_not_at_all(
    server: House, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.feed_of(pages())
    keep = mirror.store.keep_token

    def breaks(source: str, question: str, token: str, records: int) -> None:
        keep(source, question, token, records)
        if token == "30":
            raise KeyboardInterrupt

    monkeypatch.setattr(mirror.store, "keep_token", breaks)
    with pytest.raises(KeyboardInterrupt):
        pull(server, mirror)
    assert (len(ids(mirror)), mirror.token(server.url, QUESTION)) == (20, "20")


def test_progress_is_told_of_every_page(server: House, mirror: Mirror) -> None:
    server.feed_of(pages())
    told: list[float] = []
    pull(server, mirror, step=told.append)
    assert told == [10, 10, 10, 5, 0]


def test_a_page_that_cannot_be_written_leaves_the_token_before_it(
    server: House, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.feed_of(pages())
    take = mirror.store.take

    def breaks(rows: Iterable[Row], counts: Counts) -> None:
        take(rows, counts)
        if len(ids(mirror)) > 20:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(mirror.store, "take", breaks)
    with pytest.raises(MachineError, match="No space"):
        pull(server, mirror)
    assert (len(ids(mirror)), mirror.token(server.url, QUESTION)) == (20, "20")
