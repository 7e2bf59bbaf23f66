"""Nothing a test run shows holds a credential: failing tests with all their variables, passing ones with all logs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx2

from tests.runtime.support import TOKEN, reply

from .accounts import ACCOUNTS, POOL
from .echoing import echo, said
from .planted import (
    CLIENT_ID,
    CLIENT_SECRET,
    MARK,
    PASSWORD,
    SECRET_KEY,
    USERNAME,
    found,
)
from .servers import serve

HERE = Path(__file__).parent
SHOWING = ["-rA", "--showlocals", "--tb=long", "-vv", "--log-level=DEBUG", "-p", "no:randomly"]
ENVIRONMENT = {
    "AITRIOS_CLIENT_ID": CLIENT_ID,
    "AITRIOS_CLIENT_SECRET": CLIENT_SECRET,
    "AMNIMO_CLIENT_ID": CLIENT_ID,
    "AMNIMO_SECRET_KEY": SECRET_KEY,
    "AMNIMO_SUBSCRIPTION_ID": "sub",
    "PROGLOVE_CUSTOMER_ID": "cust",
    "PROGLOVE_USERNAME": USERNAME,
    "PROGLOVE_PASSWORD": PASSWORD,
    "SCAILABLE_USERNAME": USERNAME,
    "SCAILABLE_PASSWORD": PASSWORD,
    "VIZIOSENSE_EMAIL": USERNAME,
    "VIZIOSENSE_PASSWORD": PASSWORD,
}


class Careless:
    """All clouds at once. The path says whose, and in which stage to fail; what fails repeats what it was sent."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.stages: set[str] = set()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        _, stage, vendor, *rest = request.url.path.split("/")
        self.stages.add(f"{stage} {vendor}")
        address = "/".join(rest)
        if address == "auth-information":
            return reply(POOL)
        if re.search(r"token|signin|login", address):
            if stage == "sign-in" or (stage == "refresh" and self._count(request) > 1):
                return echo(request, 401 if stage == "sign-in" else 500)
            if stage == "cut":
                return reply(f'["{said(request)}'.encode())
            granted: httpx2.Response = ACCOUNTS[vendor].grant(1, 0)
            return granted
        if stage == "refresh" and self._count(request) > 1:
            return ACCOUNTS[vendor].refusal
        if stage == "refresh":
            return reply({})
        return echo(request, 404)

    def _count(self, request: httpx2.Request) -> int:
        # Sync and async clients of a stage come one after the other: the first of each two is answered.
        key = request.url.path + str(request.headers.get("user-agent"))
        self.counts[key] = self.counts.get(key, 0) + 1
        return 2 - self.counts[key] % 2


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    """The exit status and the whole output of a test run in another process."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *SHOWING, *arguments]
    done = subprocess.run(
        command,
        env={**os.environ, **environment},
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_tests_that_fail_show_none(tmp_path: Path) -> None:
    careless = Careless()
    with serve(careless) as url:
        environment = {**ENVIRONMENT, "CLOUD": url, "XDG_CACHE_HOME": str(tmp_path)}
        status, output = run(str(HERE / "failing.py"), **environment)
    assert status == 1, output[-2000:]
    failed = int(re.findall(r"(\d+) failed", output)[-1])
    assert failed == 7 * 5 * 2, output[-3000:]
    assert " passed" not in output.splitlines()[-1]
    # It does show what it can, and the clouds did repeat what they were sent.
    for text in ("HTTP Request: POST", "run_sync", "run_async", "you sent", "***", "Secret("):
        assert text in output
    assert len(careless.stages) == 5 * 5
    assert found(output) == []


SOME = [
    "tests/faults/test_sign_in_aitrios.py",
    "tests/faults/test_sign_in_proglove.py",
    "tests/faults/test_sign_in_scailable.py",
    "tests/faults/test_token_callables.py",
    "tests/faults/test_network.py",
    "tests/runtime/test_secrets.py",
]


def test_tests_that_pass_show_none() -> None:
    status, output = run(*SOME, "-k", "not certificate and not grows and not aiohttp")
    assert status == 0, output[-3000:]
    assert int(re.findall(r"(\d+) passed", output)[-1]) > 300
    for text in ("HTTP Request:", "send_request_headers.started"):
        assert text in output
    assert found(output) == []
    assert TOKEN not in output


def test_a_leak_would_be_found(tmp_path: Path) -> None:
    path = tmp_path / "test_leak.py"
    lines = ["import logging, os", "def secret(): return os.environ['AITRIOS_CLIENT_SECRET']"]
    lines.append("def test_a(): print('A', secret())")
    lines.append("def test_b(): logging.debug('B %s', secret())")
    lines.append("def test_c():\n    C = secret()\n    assert 0")
    path.write_text("\n".join(lines), encoding="utf-8")
    _, output = run(str(path), "--rootdir", str(tmp_path), **ENVIRONMENT)
    assert MARK in found(output)
    leaks = [line for line in output.splitlines() if MARK in line]
    assert {line.partition(MARK)[0].split()[-1].strip("'=") for line in leaks} >= {"A", "B"}
    assert any(line.startswith("C ") for line in leaks)
