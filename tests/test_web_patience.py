"""Does a request that never ends hold the server up?"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from schakel.web.patience import MOST_HEADERS, Patient

PATIENCE = 0.6


class Quick(Patient):
    """The same with less patience, so that the test need not wait."""

    patience = PATIENCE
    rung = 0

    def _over(self) -> None:
        type(self).rung += 1
        super()._over()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer anything, slower than the patience for headers."""
    if scope["path"] == "/slow":
        import asyncio

        await asyncio.sleep(2 * PATIENCE)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    config = uvicorn.Config(
        app, host="127.0.0.1", port=free, log_level="critical", http=Quick, ws="none", lifespan="off",
        timeout_keep_alive=30, h11_max_incomplete_event_size=MOST_HEADERS,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    yield free
    server.should_exit = True
    thread.join(20)


def runs_out(line: socket.socket) -> bool:
    """Wait until the server closes the line; return whether that was for want of patience."""
    before = Quick.rung
    line.settimeout(20)
    while line.recv(4096):
        pass
    return Quick.rung > before


@pytest.mark.parametrize("start", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-"])
def test_a_request_that_never_ends_is_closed(port: int, start: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(start)
        assert runs_out(line)


def test_dripping_does_not_help(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        with pytest.raises(OSError):
            for _ in range(400):
                line.sendall(b"X-A: b\r\n")
                time.sleep(0.05)


def test_a_second_request_has_the_same_time(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
        time.sleep(1.5 * PATIENCE)  # between requests the line stays open
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert runs_out(line)


def test_a_slow_answer_is_not_cut_off(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.settimeout(10)
        line.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(4096).startswith(b"HTTP/1.1 200")


def test_endless_headers_are_refused(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.settimeout(10)
        line.sendall(b"GET / HTTP/1.1\r\nX: " + b"y" * (MOST_HEADERS + 1_000))
        assert line.recv(4096).startswith(b"HTTP/1.1 400")
