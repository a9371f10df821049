"""A download ends whole and vouched for, or says why not; every misbehaviour of a server is played by a local one."""

from __future__ import annotations

import hashlib
import socketserver
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from schakel.errors import InputError, IntegrityError, MachineError, NotFoundError
from schakel.lake.lock import held
from schakel.sources import answer
from schakel.sources.download import Downloaded, Wanted, download, file_name

DATA = bytes(range(256)) * 2000  # 512,000 bytes
OTHER = DATA[::-1]


@dataclass
class Play:
    """What the server does; ``cuts`` are the numbers of bytes after which it hangs up, one a request."""

    body: bytes = DATA
    cuts: list[int] = field(default_factory=list)
    ranges: bool = True
    etag: str = '"one"'
    modified: str = ""
    status: list[int] = field(default_factory=list)
    kind: str = "application/octet-stream"
    announce: int | None = None
    length: bool = True
    location: str = ""
    retry_after: str = ""
    swap: bytes | None = None
    seen: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    play: Play

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        play = self.play
        play.seen.append({key.lower(): value for key, value in self.headers.items()})
        play.paths.append(self.path)
        if play.status:
            self.send_response(play.status.pop(0))
            if play.retry_after:
                self.send_header("Retry-After", play.retry_after)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if play.location and not self.path.endswith("/there"):
            self.send_response(302)
            self.send_header("Location", play.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if play.swap is not None and len(play.seen) > 1:
            play.body, play.etag, play.swap = play.swap, '"two"', None
        wanted = self.headers.get("Range")
        start = 0
        fresh = self.headers.get("If-Range") in (None, play.etag, play.modified or None)
        if wanted and play.ranges and fresh:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if start >= len(play.body):
                self.send_response(416)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(play.body) - 1}/{len(play.body)}")
        else:
            self.send_response(200)
        body = play.body[start:]
        if play.etag:
            self.send_header("ETag", play.etag)
        if play.modified:
            self.send_header("Last-Modified", play.modified)
        self.send_header("Content-Type", play.kind)
        if play.length:
            self.send_header("Content-Length", str(len(body) if play.announce is None else play.announce))
        self.end_headers()
        if play.cuts:
            body = body[: play.cuts.pop(0)]
        try:
            self.wfile.write(body)
            self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.close_connection = True


class Server:
    def __init__(self) -> None:
        self.play = Play()
        handler = type("Bound", (Handler,), {"play": self.play})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"

    def stop(self) -> None:
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    made = Server()
    yield made
    made.stop()


def fetch(server: Server, folder: Path, **more: object) -> Downloaded:
    waits = more.pop("waits", [])
    return download(
        Wanted(f"{server.url}/data.csv", **more),  # type: ignore[arg-type]
        folder,
        attempts=3,
        timeout=5,
        sleep=waits.append,  # type: ignore[attr-defined]
    )


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def test_a_whole_file_arrives_with_its_hash(server: Server, tmp_path: Path) -> None:
    got = fetch(server, tmp_path, sha256=hashlib.sha256(DATA).hexdigest(), size=len(DATA))
    assert got.path.read_bytes() == DATA
    assert got.sha256 == hashlib.sha256(DATA).hexdigest()
    assert (got.bytes, got.resumed, got.etag) == (len(DATA), False, '"one"')
    assert server.play.seen[0]["accept-encoding"] == "identity"
    assert left(tmp_path) == {"data.csv"}
    assert "without encryption" in " ".join(got.warnings)


def test_a_cut_line_is_taken_up_where_it_broke(server: Server, tmp_path: Path) -> None:
    server.play.cuts = [100_000, 50_000]
    waits: list[float] = []
    got = fetch(server, tmp_path, waits=waits)
    assert got.path.read_bytes() == DATA
    assert got.resumed
    assert [entry.get("range") for entry in server.play.seen] == [None, "bytes=100000-", "bytes=150000-"]
    assert server.play.seen[1]["if-range"] == '"one"'
    assert len(waits) == 2


def test_a_later_call_takes_up_what_an_earlier_one_left(server: Server, tmp_path: Path) -> None:
    server.play.cuts = [100_000, 0, 0, 0, 0]
    with pytest.raises(MachineError, match="100,000 bytes are kept"):
        fetch(server, tmp_path)
    assert left(tmp_path) == {"data.csv.part", "data.csv.part.json"}
    server.play.cuts = []
    got = fetch(server, tmp_path)
    assert got.path.read_bytes() == DATA
    assert server.play.seen[-1]["range"] == "bytes=100000-"


def test_no_range_means_starting_over(server: Server, tmp_path: Path) -> None:
    server.play.ranges = False
    server.play.cuts = [100_000]
    got = fetch(server, tmp_path)
    assert got.path.read_bytes() == DATA
    assert not got.resumed


def test_content_that_changed_in_between_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    server.play.cuts = [100_000]
    server.play.swap = OTHER
    got = fetch(server, tmp_path)
    assert got.path.read_bytes() == OTHER
    assert got.etag == '"two"'


def test_a_server_that_ignores_if_range_is_caught_by_its_etag(server: Server, tmp_path: Path) -> None:
    server.play.cuts = [100_000]
    server.play.swap = OTHER
    server.play.modified = '"one"'  # makes the fake server take the old validator for good and send a part of the new
    got = fetch(server, tmp_path)
    assert got.path.read_bytes() == OTHER


def test_without_validator_nothing_is_resumed_unless_the_hash_is_known(server: Server, tmp_path: Path) -> None:
    server.play.etag = ""
    server.play.cuts = [100_000]
    assert fetch(server, tmp_path / "a").path.read_bytes() == DATA
    assert "range" not in server.play.seen[-1]
    server.play.cuts = [100_000]
    got = fetch(server, tmp_path / "b", sha256=hashlib.sha256(DATA).hexdigest())
    assert got.resumed
    assert got.path.read_bytes() == DATA


def test_a_weak_etag_is_not_used_but_the_date_is(server: Server, tmp_path: Path) -> None:
    server.play.etag = 'W/"one"'
    server.play.modified = "Mon, 01 Jan 2024 00:00:00 GMT"
    server.play.cuts = [100_000]
    assert fetch(server, tmp_path).resumed
    assert server.play.seen[-1]["if-range"] == server.play.modified


def test_a_beginning_of_another_state_is_dropped_when_the_hash_disagrees(server: Server, tmp_path: Path) -> None:
    server.play.etag = ""
    (tmp_path / "data.csv.part").write_bytes(OTHER[:1000])
    got = fetch(server, tmp_path, sha256=hashlib.sha256(DATA).hexdigest())
    assert got.path.read_bytes() == DATA
    assert not got.resumed


@pytest.mark.parametrize("ranges", [True, False])
def test_a_length_announced_too_long_is_not_accepted(server: Server, tmp_path: Path, ranges: bool) -> None:
    server.play.announce = len(DATA) + 10
    server.play.ranges = ranges
    with pytest.raises(MachineError, match="could not be fetched"):
        fetch(server, tmp_path)
    assert "data.csv" not in left(tmp_path)
    assert len(server.play.seen) < 10


def test_a_length_announced_too_short_is_caught_by_size_or_hash(server: Server, tmp_path: Path) -> None:
    server.play.announce = 1000
    with pytest.raises(IntegrityError, match="announces 1,000 bytes, expected were 512,000"):
        fetch(server, tmp_path / "a", size=len(DATA))
    with pytest.raises(IntegrityError, match="sha256"):
        fetch(server, tmp_path / "b", sha256=hashlib.sha256(DATA).hexdigest())
    assert left(tmp_path / "b") == set()


def test_an_unknown_length_is_said_to_be_unknown(server: Server, tmp_path: Path) -> None:
    server.play.length = False
    got = fetch(server, tmp_path)
    assert got.path.read_bytes() == DATA
    assert any("did not say how long" in text for text in got.warnings)
    with pytest.raises(IntegrityError, match="512,000 bytes came, expected were 7"):
        fetch(server, tmp_path, size=7)


def test_a_redirect_on_the_same_host_is_followed(server: Server, tmp_path: Path) -> None:
    server.play.location = "/elsewhere/there"
    got = fetch(server, tmp_path)
    assert got.url == f"{server.url}/elsewhere/there"
    assert got.path.name == "data.csv"


def test_a_redirect_to_another_host_needs_leave(server: Server, tmp_path: Path) -> None:
    server.play.location = server.url.replace("127.0.0.1", "localhost") + "/there"
    with pytest.raises(InputError, match="another host: localhost") as caught:
        fetch(server, tmp_path)
    assert "--allow-host localhost" in caught.value.remedy
    assert server.play.paths == ["/data.csv"]
    got = fetch(server, tmp_path, hosts=frozenset({"localhost"}))
    assert got.path.read_bytes() == DATA


def test_a_redirect_to_another_port_is_another_host(server: Server, tmp_path: Path) -> None:
    server.play.location = "http://127.0.0.1:1/there"
    with pytest.raises(InputError, match=r"another host: 127\.0\.0\.1:1"):
        fetch(server, tmp_path)


def test_a_redirect_without_end_stops(server: Server, tmp_path: Path) -> None:
    server.play.location = "/again"
    with pytest.raises(InputError, match="without end"):
        fetch(server, tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "fine"),
    [
        ("https://a.org/x", "https://a.org/y", True),
        ("http://a.org/x", "https://a.org/x", True),
        ("https://a.org/x", "http://a.org/x", False),
        ("https://a.org/x", "https://b.org/x", False),
        ("https://a.org/x", "https://a.org:8443/x", False),
        ("https://a.org/x", "https://cdn.org/x", True),
        ("https://a.org/x", "http://cdn.org/x", False),
        ("http://a.org/x", "ftp://cdn.org/x", False),
        ("http://a.org/x", "file:///etc/passwd", False),
    ],
)
def test_which_redirects_are_followed(old: str, new: str, fine: bool) -> None:
    wanted = Wanted(old, hosts=frozenset({"cdn.org"}))
    if fine:
        answer.check_redirect(old, new, wanted)
    else:
        with pytest.raises(InputError):
            answer.check_redirect(old, new, wanted)


PAGE = b"\xef\xbb\xbf \n<!-- x --><!DOCTYPE HTML><html><head><title> Sorry, no </title></head></html>"


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/csv", "application/octet-stream"])
def test_a_web_page_with_status_200_is_refused(server: Server, tmp_path: Path, kind: str) -> None:
    server.play.body, server.play.kind = PAGE, kind
    with pytest.raises(InputError, match="web page titled 'Sorry, no'"):
        fetch(server, tmp_path)
    assert left(tmp_path) == set()
    server.play.body, server.play.kind = DATA, "text/csv"
    assert fetch(server, tmp_path).path.read_bytes() == DATA


def test_a_web_page_is_taken_where_one_is_wanted(server: Server, tmp_path: Path) -> None:
    server.play.body, server.play.kind = PAGE, "text/html"
    assert fetch(server, tmp_path, html=True).path.read_bytes() == PAGE


@pytest.mark.parametrize("length", [True, False])
def test_a_file_beyond_the_limit_is_refused(server: Server, tmp_path: Path, length: bool) -> None:
    server.play.length = length
    with pytest.raises(InputError, match="1,000"):
        fetch(server, tmp_path, max_bytes=1000)
    assert left(tmp_path) == set()


def test_an_empty_file_is_refused(server: Server, tmp_path: Path) -> None:
    server.play.body = b""
    with pytest.raises(IntegrityError, match="empty file"):
        fetch(server, tmp_path)


def test_a_busy_server_is_asked_again_when_it_says(server: Server, tmp_path: Path) -> None:
    server.play.status = [503, 429]
    server.play.retry_after = "7"
    waits: list[float] = []
    assert fetch(server, tmp_path, waits=waits).path.read_bytes() == DATA
    assert waits == [7.0, 7.0]


def test_retry_after_may_be_a_date() -> None:
    moment = datetime.now(UTC) + timedelta(seconds=30)
    assert 20 < answer.retry_after(format_datetime(moment)) <= 30
    assert answer.retry_after("soon") == 0.0
    assert answer.retry_after("") == 0.0


def test_the_wait_doubles_and_gives_up(server: Server, tmp_path: Path) -> None:
    server.play.status = [500] * 3
    waits: list[float] = []
    with pytest.raises(MachineError, match="the server answers 500"):
        fetch(server, tmp_path, waits=waits)
    assert waits == [1.0, 2.0]


@pytest.mark.parametrize(("status", "error"), [(404, NotFoundError), (410, NotFoundError), (403, MachineError)])
def test_a_refusal_is_told_at_once(server: Server, tmp_path: Path, status: int, error: type[Exception]) -> None:
    server.play.status = [status]
    with pytest.raises(error, match=str(status)):
        fetch(server, tmp_path)
    assert len(server.play.seen) == 1


def test_a_proxy_from_the_environment_is_used(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    got = download(Wanted("http://data.example/file.csv"), tmp_path, attempts=1, timeout=5)
    assert got.path.read_bytes() == DATA
    assert server.play.paths == ["http://data.example/file.csv"]
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert fetch(server, tmp_path / "direct").path.read_bytes() == DATA


def test_nobody_listening_is_a_machine_error(tmp_path: Path, server: Server) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as free:
        port = free.server_address[1]
    with pytest.raises(MachineError, match="could not be fetched"):
        download(Wanted(f"http://127.0.0.1:{port}/x.csv"), tmp_path, attempts=2, timeout=2, sleep=lambda _: None)


def test_a_silent_server_times_out(tmp_path: Path, server: Server) -> None:
    class Silent(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            time.sleep(0.5)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Silent) as quiet:
        thread = threading.Thread(target=quiet.serve_forever, args=(0.02,))
        thread.start()
        with pytest.raises(MachineError, match="could not be fetched"):
            address = f"http://127.0.0.1:{quiet.server_address[1]}/x.csv"
            download(Wanted(address), tmp_path, attempts=1, timeout=0.1, sleep=lambda _: None)
        quiet.shutdown()
        thread.join()


@pytest.mark.parametrize("url", ["ftp://a.org/x", "file:///etc/passwd", "x.csv", "https://", "https://u:p@a.org/x"])
def test_what_is_no_address_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError, match="no address"):
        download(Wanted(url), tmp_path)


def test_the_same_file_is_not_fetched_twice_at_once(server: Server, tmp_path: Path) -> None:
    with held(tmp_path / ".data.csv.lock"), pytest.raises(MachineError, match="another process"):
        fetch(server, tmp_path)


def test_a_full_disk_is_a_machine_error(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(MachineError, match="No space left"):
        fetch(server, tmp_path)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://e.org/a/BACI_HS22_V202501.zip", "BACI_HS22_V202501.zip"),
        ("https://e.org/files?sort=1&file=comext%2FCOMEXT_DATA%2FPRODUCTS%2Ffull_v2_202352.7z", "full_v2_202352.7z"),
        ("https://e.org/%2e%2e/%2e%2e/.bashrc", "bashrc"),
        ("https://e.org/a%5Cb%00c.csv", "b_c.csv"),
        ("https://e.org/", "download"),
        ("https://e.org/x?file=..%2F..%2Fetc%2Fpasswd", "passwd"),
    ],
)
def test_file_names_are_harmless(url: str, name: str) -> None:
    assert file_name(url) == name


def test_progress_hears_of_every_byte(server: Server, tmp_path: Path) -> None:
    from contextlib import contextmanager

    heard: list[float] = []
    totals: list[float | None] = []

    @contextmanager
    def bar(total: float | None):
        totals.append(total)
        yield heard.append

    download(Wanted(f"{server.url}/data.csv"), tmp_path, progress=bar, timeout=5)
    assert sum(heard) == len(DATA)
    assert totals == [len(DATA)]
