"""Events to fill a register of the tests with, in this process and in others."""

from __future__ import annotations

import subprocess
import sys

WRITER = """
import sys, time
from schakel.register import Register
register = Register(sys.argv[1])
for turn in range(int(sys.argv[3])):
    event = register.append("note", "x/1", {"writer": sys.argv[2], "turn": turn}, author="A", reason="because")
    print(event.id, flush=True)
if sys.argv[4:]: time.sleep(600)  # to be killed, however late that comes
"""


def add(register, subject="NLD/850511", payload=None, **more):
    fields = {"author": "J. Jansen", "reason": "because", "valid_from": "2026-01-01", **more}
    return register.append("note", subject, payload or {"a": 1}, **fields)


def writer(address: str, name: str, times: int, *, stays: bool = False) -> subprocess.Popen[str]:
    """Start a process that writes, and prints the id of each event that was acknowledged; it ends then unless it stays."""
    more = ["stays"] if stays else []
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, address, name, str(times), *more], stdout=subprocess.PIPE, text=True
    )
