"""Prism servers, one for each specification."""

from __future__ import annotations

import http.client
import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from deviceclouds.testing import ExampleRequest

__all__ = ["Verdict", "judge", "served"]

ROOT = Path(__file__).resolve().parents[2]


class Verdict(NamedTuple):
    """Prism's answer; requests it finds wrong get a status of 400 and above."""

    status: int
    said: str


@contextmanager
def served(prism: str, vendor: str) -> Iterator[int]:
    """Prism in mock mode, refusing what is wrong, at a port of this machine. Raises RuntimeError if it does not start.

    Args:
        prism: The command, with arguments where it has some.
        vendor: Whose specification.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    specification = ROOT / "specs" / vendor / "openapi.yaml"
    process = subprocess.Popen(
        [
            *shlex.split(prism),
            "mock",
            "--errors",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            str(specification),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(process, port)
        yield port
    finally:
        # npx has a shell and node below it.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def judge(port: int, request: ExampleRequest) -> Verdict:
    """Sends a request exactly as it stands: no library tidies its path or adds headers."""
    target = request.url.encode("latin-1", "replace").decode("ascii", "replace")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.putrequest(request.method, target, skip_accept_encoding=True)
        for name, value in request.headers.items():
            connection.putheader(name, value)
        if request.content:
            connection.putheader("Content-Length", str(len(request.content)))
        connection.endheaders(request.content or None)
        reply = connection.getresponse()
        text = reply.read().decode("utf-8", "replace")
        return Verdict(reply.status, " ".join(text.split())[:300])
    except (http.client.HTTPException, ConnectionError) as error:
        return Verdict(599, repr(error))
    finally:
        connection.close()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("Prism did not start")
