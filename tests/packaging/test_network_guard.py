"""Tests reach no network: neither they nor what they start."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from loopback_only import NetworkBlockedError

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = "192.0.2.1"  # kept for documentation: nobody is there
ASK = f"import socket; socket.create_connection(({ELSEWHERE!r}, 9), timeout=1)"


def test_nothing_leaves_this_process() -> None:
    with pytest.raises(NetworkBlockedError, match=ELSEWHERE):
        socket.create_connection((ELSEWHERE, 9))
    with pytest.raises(NetworkBlockedError, match=r"vendor\.test"):
        socket.getaddrinfo("vendor.test", 443)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        with pytest.raises(NetworkBlockedError, match=ELSEWHERE):
            datagrams.sendto(b"?", (ELSEWHERE, 9))
        with pytest.raises(NetworkBlockedError, match=ELSEWHERE):
            datagrams.connect_ex((ELSEWHERE, 9))


def test_nothing_leaves_an_event_loop() -> None:
    with pytest.raises(NetworkBlockedError, match=ELSEWHERE):
        asyncio.run(asyncio.wait_for(asyncio.open_connection(ELSEWHERE, 9), 60))


def test_loopback_and_local_sockets_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        monkeypatch.chdir(tmp_path)  # the path of such a socket may have 107 characters
        server.bind("s")
        server.listen()
        client.connect("s")


def told(code: str, **environment: str) -> str:
    """What a process says that ends with a traceback."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done
    return done.stderr


def test_nothing_leaves_what_a_test_starts() -> None:
    assert f"NetworkBlockedError: tests reach no network, but something asked for {ELSEWHERE}" in (
        told(ASK)
    )


def test_where_python_has_a_sitecustomize_of_its_own() -> None:
    # As Debian's and Ubuntu's: it was loaded before the settings of the tests are read.
    other = "import sys, types; sys.modules['sitecustomize'] = types.ModuleType('other')"
    code = f"{other}\nimport tests.conftest\n{ASK}"
    assert "NetworkBlockedError: tests reach no network" in told(code, PYTHONPATH="")
