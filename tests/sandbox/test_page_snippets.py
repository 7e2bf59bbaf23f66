"""The programs on the page are copied as they stand, run against the sandbox, and work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import httpx2
import pytest
from deviceclouds.testing import MOUNTS, Sandbox

from .page_reader import Node, read


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with Sandbox(size=0.05) as sandbox, sandbox.serve() as server:
        yield server.url


@pytest.fixture(scope="module")
def document(address: str) -> Node:
    return read(httpx2.get(address).text)


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("vendor", MOUNTS)
def test_programs_run(address: str, document: Node, vendor: str, kind: str) -> None:
    program = document.by_id(f"code-{vendor}-{kind}").raw_text
    assert address in program
    before = httpx2.get(f"{address}/_sandbox/state").json()["tokens"].get(vendor, 0)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) >= 3
    after = httpx2.get(f"{address}/_sandbox/state").json()["tokens"][vendor]
    assert after == before + 1, "it signed in"


def test_programs_name_the_address_the_reader_used(address: str) -> None:
    named = address.replace("127.0.0.1", "localhost")
    host = {"Host": named.removeprefix("http://")}
    document = read(httpx2.get(address, headers=host).text)
    texts = [document.by_id(f"code-{v}-{k}").raw_text for v in MOUNTS for k in ("sync", "async")]
    assert all(named in text and address not in text for text in texts)


@pytest.mark.parametrize("vendor", MOUNTS)
def test_programs_are_formatted(document: Node, vendor: str) -> None:
    for kind in ("sync", "async"):
        text = document.by_id(f"code-{vendor}-{kind}").raw_text
        compile(text, vendor, "exec")
        assert max(map(len, text.splitlines())) <= 100
        assert text.endswith("\n")
