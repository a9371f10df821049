"""A PostgreSQL server of the tests' own: on a free port of this machine, in a folder that goes when they end."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

NEEDED = os.environ.get("SCHAKEL_NEED_POSTGRES") == "1"
USER, PASSWORD = "schakel", "ge%heim/1"


def binaries() -> Path | None:
    """Return the folder with `initdb` and `postgres`: of the path, or the newest that Debian installed."""
    found = shutil.which("initdb")
    if found and shutil.which("postgres"):
        return Path(found).parent
    versions = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if (p / "initdb").exists()]
    return max(versions, key=lambda p: float(p.parent.name), default=None)


def found_or_skip() -> Path:
    """Return the folder with the server's programs, or skip the test by name; fail where they must be there."""
    folder = binaries()
    if folder is None:
        message = "no PostgreSQL server programs in PATH or /usr/lib/postgresql/*/bin"
        if NEEDED:
            pytest.fail(f"{message}, and SCHAKEL_NEED_POSTGRES is 1")
        pytest.skip(message)
    return folder


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    def url(self, database: str = "postgres", user: str = USER, password: str = PASSWORD) -> str:
        """Return the URL of a database."""
        from sqlalchemy import URL

        made = URL.create("postgresql+psycopg", user, password, "127.0.0.1", self.port, database)
        return made.render_as_string(hide_password=False)

    def connect(self, database: str = "postgres"):
        """Return a connection that commits each statement."""
        import psycopg

        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, dbname=database, autocommit=True
        )

    @contextlib.contextmanager
    def database(self, name: str, options: str = "") -> Iterator[str]:
        """Give the URL of a new database; it goes at the end."""
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} {options}")
        try:
            yield self.url(name)
        finally:
            with self.connect() as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _owner() -> dict[str, object]:
    """Return as whom the server runs: it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    pytest.skip("root without a user to run PostgreSQL as")


def _ending_with_us() -> list[str]:
    """Return the words before a command that have the kernel stop it when the tests are killed, where there are such."""
    found = shutil.which("setpriv")
    return [found, "--pdeathsig", "INT", "--"] if found else []


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return made.getsockname()[1]


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """Start a server, and stop it at the end."""
    folder = found_or_skip()
    owner = _owner()
    home = Path(tempfile.mkdtemp(prefix="schakel-pg-", dir="/tmp"))
    try:
        secret = home / "password"
        secret.write_text(PASSWORD)
        if owner:
            for path in (home, secret):
                os.chown(path, owner["user"], owner["group"])
        data, log = home / "data", home / "log"
        made = subprocess.run(
            [
                *(folder / "initdb", "-D", data, "-U", USER, "-A", "scram-sha-256", f"--pwfile={secret}"),
                *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            cwd=home, capture_output=True, text=True, check=False, timeout=120, **owner,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        for _ in range(5):  # somebody else may take the port in between
            port = _free_port()
            with log.open("ab") as out:
                process = subprocess.Popen(
                    [
                        *_ending_with_us(),
                        *(folder / "postgres", "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1"),
                        *("-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=40"),
                    ],
                    cwd=home, stdout=out, stderr=out, **owner,
                )  # fmt: skip
            server = Server(port, process)
            if _answers(server):
                break
        else:
            raise AssertionError(log.read_text())
        try:
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # ends sessions, then itself
            process.wait(timeout=60)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _answers(server: Server) -> bool:
    import psycopg

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            server.connect().close()
            return True
        except psycopg.OperationalError:
            time.sleep(0.05)
    return False
