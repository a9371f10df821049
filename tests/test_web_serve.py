"""Does `schakel serve` serve an analyst's own file, to this machine only?"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SCHAKEL = (sys.executable, "-c", "from schakel.cli import main; main()")
OWN = """year;exporter;importer;product;value_usd
2023;CHN;NLD;854231;800,50
2023;USA;NLD;854231;100
2023;DEU;NLD;854231;100
2023;NLD;DEU;854231;50
2023;NLD;USA;854231;25
2023;CHN;DEU;854231;10
2023;CHN;NLD;810411;70
2023;CHN;USA;810411;30
"""


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _get(port: int, path: str, host: str = "") -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("GET", path, headers={"Host": host or f"127.0.0.1:{port}"})
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


@contextmanager
def served(home: Path, *arguments: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    port = _free()
    command = [*SCHAKEL, "serve", *arguments, "--port", str(port)]
    process = subprocess.Popen(
        command, env=os.environ | {"SCHAKEL_HOME": str(home)}, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            try:
                _get(port, "/static/icon.svg")
                break
            except OSError:
                time.sleep(0.1)
        yield port, process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def test_an_own_dutch_file_is_served_with_its_own_figures(tmp_path: Path) -> None:
    flows = tmp_path / "eigen.csv"
    flows.write_text(OWN, "utf-8")
    with served(tmp_path / "home", str(flows), "--delimiter", ";", "--decimal", ",") as (port, process):
        assert process.poll() is None
        status, page = _get(port, "/?reporter=NLD&lang=nl")
        assert status == 200
        assert "eigen.csv: 2 productcodes, 2023." in page
        assert "Processoren" in page or "854231" in page
        status, body = _get(port, "/api/v1/screen?reporter=NLD&method=ec2021&format=csv")
        assert status == 200
        assert [line.split(",")[0] for line in body.splitlines()[1:]] == ["810411", "854231"]
        assert _get(port, "/country/USA?reporter=NLD&lang=en")[0] == 200
        status, page = _get(port, "/product/854231?reporter=NLD&lang=nl")
        assert status == 200 and "80,0%" in page
        assert _get(port, "/", host="evil.example")[0] == 400
        assert _get(port, "/", host=f"evil.example:{port}")[0] == 400
        assert _get(port, "/", host=f"localhost:{port}")[0] == 200


def test_a_server_listens_to_this_machine_only(tmp_path: Path) -> None:
    flows = tmp_path / "own.csv"
    flows.write_text(OWN.replace(",", ".").replace(";", ","), "utf-8")
    others = [a[4][0] for a in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET) if a[4][0] != "127.0.0.1"]
    with served(tmp_path / "home", str(flows)) as (port, process):
        assert process.poll() is None
        for address in others:
            with pytest.raises(OSError), socket.create_connection((str(address), port), timeout=2):
                pass


def test_a_wrong_file_is_refused_with_a_remedy_before_anything_is_served(tmp_path: Path) -> None:
    flows = tmp_path / "wrong.csv"
    flows.write_text(OWN, "utf-8")
    run = subprocess.run(
        [*SCHAKEL, "serve", str(flows), "--port", str(_free())],
        env=os.environ | {"SCHAKEL_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 3
    assert "wrong.csv" in run.stderr and "--delimiter" in run.stderr


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        run = subprocess.run(
            [*SCHAKEL, "serve", "--port", port],
            env=os.environ | {"SCHAKEL_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert run.returncode == 7
    assert f"port {port} is taken" in run.stderr and "--port" in run.stderr
