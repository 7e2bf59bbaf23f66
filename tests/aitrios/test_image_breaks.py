"""Downloads that break off: whole files only, whoever ends them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import Cloud, FakeClock, Session
from tests.vendor_sessions import OpenSession

from .storage import HERE, Broken, Storage, download, files, numbered


@pytest.mark.parametrize("fault", [503, 429, httpx2.ConnectError("down")], ids=str)
def test_faults_of_the_storage(opened: OpenSession, tmp_path: Path, fault: Any) -> None:
    storage = Storage(*numbered(3))
    storage.answers["0001.jpg"] = [fault, fault]
    one = opened("aitrios", storage)
    assert download(one, tmp_path).downloaded == 3
    assert storage.fetched.count("0001.jpg") == 3
    storage.answers["0001.jpg"] = [fault] * 3
    with pytest.raises((rt.ApiStatusError, rt.ApiConnectionError)):
        download(one, tmp_path, overwrite=True)


def test_a_download_that_breaks_off_begins_anew(opened: OpenSession, tmp_path: Path) -> None:
    def gone() -> Any:
        raise httpx2.ReadError("gone")

    storage = Storage("a.jpg", "b.jpg")
    storage.answers["a.jpg"] = [httpx2.Response(200, stream=Broken(b"ha", gone))]
    download(opened("aitrios", storage), tmp_path)
    assert files(tmp_path) == {"a.jpg": "a.jpg", "b.jpg": "b.jpg"}


def test_what_breaks_off_for_good_leaves_nothing(opened: OpenSession, tmp_path: Path) -> None:
    def gone() -> Any:
        raise httpx2.ReadError("gone")

    storage = Storage("a.jpg", "b.jpg")
    storage.answers["b.jpg"] = [httpx2.Response(200, stream=Broken(b"ha", gone)) for _ in range(9)]
    one = opened("aitrios", storage)
    with pytest.raises(rt.ApiConnectionError):
        download(one, tmp_path)
    assert files(tmp_path) == {"a.jpg": "a.jpg"}
    storage.answers.clear()
    assert download(one, tmp_path).downloaded == 1  # goes on where it broke off


def test_interrupted_in_the_middle(opened: OpenSession, tmp_path: Path) -> None:
    class Interrupt(BaseException):
        pass

    def interrupt() -> Any:
        raise Interrupt

    storage = Storage(*numbered(8))
    storage.answers["0002.jpg"] = [httpx2.Response(200, stream=Broken(b"ha", interrupt))]
    with pytest.raises(Interrupt):
        download(opened("aitrios", storage), tmp_path)
    assert "0002.jpg" not in files(tmp_path)
    assert all(name == content for name, content in files(tmp_path).items())


def test_cancelled_in_the_middle(runner: asyncio.Runner, tmp_path: Path) -> None:
    storage = Storage(*numbered(8))
    begun: list[bool] = []

    async def never() -> None:
        begun.append(True)
        await asyncio.Event().wait()

    storage.answers["0002.jpg"] = [httpx2.Response(200, stream=Broken(b"ha", never))]
    one = Session("async", runner, "aitrios", Cloud([storage], FakeClock()))

    async def cancelled() -> bool:
        task = asyncio.ensure_future(one.client.download_images(*HERE, tmp_path))
        while not begun:
            await asyncio.sleep(0)
        assert any(path.suffix == ".part" for path in tmp_path.iterdir())
        task.cancel()
        await asyncio.wait([task])
        return bool(task.cancelled())

    assert one.run(cancelled())
    assert all(name == content for name, content in files(tmp_path).items())
    assert "0002.jpg" not in files(tmp_path)
    one.close()


KILLED = """
import sys, httpx2
from deviceclouds.aitrios import Aitrios
from tests.aitrios.storage import Broken, Storage

def forever():
    print("half", flush=True)
    sys.stdin.read()

storage = Storage("a.jpg")
storage.answers["a.jpg"] = [httpx2.Response(200, stream=Broken(b"ha", forever))]
http = httpx2.Client(transport=httpx2.MockTransport(storage))
Aitrios(token="t", http_client=http).download_images("cam", "20261121", sys.argv[1])
"""


def test_killed_in_the_middle(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half\n"
        process.kill()
    assert [name for name in os.listdir(tmp_path) if not name.endswith(".part")] == []  # noqa: PTH208
