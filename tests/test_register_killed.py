"""Is anything that was acknowledged lost when a writer is killed, or two write at once, or the server is?"""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest

from register_sample import add, writer
from schakel.errors import MachineError
from schakel.register import Register

WRITES = 1000


def kill_after(process: subprocess.Popen[str], count: int) -> list[str]:
    """Read acknowledgements until there are ``count``, kill, and return all that were given."""
    acknowledged = [process.stdout.readline().strip() for _ in range(count)]
    os.kill(process.pid, signal.SIGKILL)
    acknowledged += process.stdout.read().split()
    assert process.wait(timeout=60) == -signal.SIGKILL
    process.stdout.close()
    return acknowledged


@pytest.mark.parametrize("count", [1, 600])
def test_killed_in_the_middle_of_a_thousand_writes_nothing_acknowledged_is_lost(place, count):
    acknowledged = kill_after(writer(place.address, "k", WRITES, stays=True), count)
    assert count <= len(acknowledged) <= WRITES
    with Register(place.address) as register:
        found = [event.id for event in register.events()]
        assert found[: len(acknowledged)] == acknowledged
        assert len(found) <= len(acknowledged) + 1  # the one that was on its way may have arrived
        register.verify()
        assert add(register).seq == len(found) + 1  # and it can go on
        register.verify()


def test_of_two_writers_one_is_killed_and_the_other_goes_on_to_its_end(place):
    stays, goes = writer(place.address, "stays", WRITES // 10), writer(place.address, "goes", WRITES, stays=True)
    lost = kill_after(goes, 100)
    output, _ = stays.communicate(timeout=300)
    assert stays.returncode == 0
    kept = output.split()
    with Register(place.address) as register:
        found = register.events()
        assert [e.id for e in found if e.data()["writer"] == "stays"] == kept
        assert len(kept) == WRITES // 10
        assert [e.id for e in found if e.data()["writer"] == "goes"][: len(lost)] == lost
        assert [e.seq for e in found] == list(range(1, len(found) + 1))
        register.verify()


def test_a_server_that_crashes_has_kept_what_it_acknowledged(postgres):
    """End all sessions as after a crash: the server recovers from its log."""
    with postgres.database("crash") as url:
        process = writer(url, "k", 100_000)
        acknowledged = [process.stdout.readline().strip() for _ in range(100)]
        with postgres.connect() as connection:
            (pid,) = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = 'crash'").fetchone()
        os.kill(pid, signal.SIGKILL)  # one killed session makes the server stop the others and recover
        output, _ = process.communicate(timeout=60)
        acknowledged += output.split()
        assert process.returncode != 0
        with Register(url) as register:
            for _ in range(100):
                try:
                    found = {event.id for event in register.events()}
                    break
                except MachineError:  # still recovering
                    time.sleep(0.1)
            assert set(acknowledged) <= found
            register.verify()
            add(register)
