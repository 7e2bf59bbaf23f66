"""Several downloads at once: their bound, and what is told of them."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.runtime.support import Cloud, FakeClock, Session
from tests.vendor_sessions import OpenSession

from .storage import CONSOLE, HERE, Storage, download, files, numbered


def test_the_bound_of_concurrency_in_threads(tmp_path: Path) -> None:
    """Three at once, and never four: three wait for each other before any is answered."""
    meeting = threading.Barrier(3, timeout=60)
    inside, most, lock = 0, 0, threading.Lock()
    storage = Storage(*numbered(12))

    def answer(request: httpx2.Request) -> httpx2.Response:
        nonlocal inside, most
        if request.url.host == CONSOLE:
            return storage(request)
        with lock:
            inside += 1
            most = max(most, inside)
        meeting.wait()
        with lock:
            inside -= 1
        return storage(request)

    from deviceclouds.aitrios import Aitrios

    with httpx2.Client(transport=httpx2.MockTransport(answer)) as http:
        client = Aitrios(token="t", http_client=http, clock=FakeClock())
        assert client.download_images(*HERE, tmp_path, concurrency=3).downloaded == 12
    assert most == 3


def test_the_bound_of_concurrency_in_tasks(runner: asyncio.Runner, tmp_path: Path) -> None:
    inside, most = 0, 0
    storage = Storage(*numbered(12))

    async def answer(request: httpx2.Request) -> httpx2.Response:
        nonlocal inside, most
        if request.url.host == CONSOLE:
            return storage(request)
        inside += 1
        most = max(most, inside)
        for _ in range(50):
            await asyncio.sleep(0)
        inside -= 1
        return storage(request)

    from deviceclouds.aitrios import AsyncAitrios

    async def run() -> None:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
            client = AsyncAitrios(token="t", http_client=http, clock=FakeClock())
            found = await client.download_images(*HERE, tmp_path, concurrency=3)
            assert found.downloaded == 12

    runner.run(run())
    assert most == 3


def test_progress_one_at_a_time(opened: OpenSession, tmp_path: Path) -> None:
    seen: list[Any] = []
    inside = threading.Lock()

    def note(image: Any) -> None:
        assert inside.acquire(blocking=False), "called while it was still at work"
        seen.append(image)
        inside.release()

    (tmp_path / "0004.jpg").write_text("before")
    one = opened("aitrios", Storage(*numbered(40)))
    found = download(one, tmp_path, on_progress=note, concurrency=8)
    assert sorted(seen) == sorted(found.images)
    assert [image.fresh for image in sorted(seen)][4] is False


def test_async_progress(runner: asyncio.Runner, tmp_path: Path) -> None:
    inside, seen = 0, 0

    async def note(image: Any) -> None:
        nonlocal inside, seen
        inside += 1
        assert inside == 1
        await asyncio.sleep(0)
        inside -= 1
        seen += 1

    one = Session("async", runner, "aitrios", Cloud([Storage(*numbered(9))], FakeClock()))
    download(one, tmp_path, on_progress=note)
    assert seen == 9
    one.close()


def test_errors_of_the_callback_come_through(opened: OpenSession, tmp_path: Path) -> None:
    def stop(image: Any) -> None:
        raise LookupError("enough")

    one = opened("aitrios", Storage(*numbered(9)))
    with pytest.raises(LookupError, match="enough"):
        download(one, tmp_path, on_progress=stop)
    assert all(name == content for name, content in files(tmp_path).items())
