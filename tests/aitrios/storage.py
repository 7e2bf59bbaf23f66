"""A Console that lists images, and the storage their links lead to, which is another host."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from tests.runtime.support import Session, reply

CONSOLE = "console.aitrios.sony-semicon.com"
STORAGE = "storage.test"
SIGNATURE = "signature-4711"
LISTED = "/api/v2/images/devices/cam/directories/20261121"
HERE = ("cam", "20261121")
"""Device and directory of that list."""


class Broken(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body that breaks off, or stops for good."""

    def __init__(self, first: bytes, then: Callable[[], Any]) -> None:
        self._first = first
        self._then = then

    def __iter__(self) -> Iterator[bytes]:
        yield self._first
        self._then()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._first
        await self._then()


class Storage:
    """Lists the named images, so many a page, and gives their names as content.

    Attributes:
        fetched: Names of the images asked for, in order.
        generation: Of the links; older ones are refused with 403.
        answers: What the storage does for a name, in turn, before it gives the content.
        life: Downloads after which the links of a generation expire; None for never.
    """

    def __init__(self, *names: str, life: int | None = None) -> None:
        self.names = list(names)
        self.fetched: list[str] = []
        self.generation = 0
        self.answers: dict[str, list[Any]] = {}
        self.life = life
        self.listed: list[tuple[str | None, int]] = []
        self._lived = 0
        self._lock = threading.Lock()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        with self._lock:
            if request.url.host == CONSOLE:
                return self._list(request)
            return self._serve(request)

    def _list(self, request: httpx2.Request) -> httpx2.Response:
        assert request.url.path == LISTED
        query = parse_qs(urlsplit(str(request.url)).query)
        cursor = query.get("starting_after", [None])[0]
        begin, size = int(cursor or 0), int(query["limit"][0])
        self.listed.append((cursor, size))
        self.generation += 1
        self._lived = 0
        end = begin + size
        return reply(
            {
                "continuation_token": str(end) if end < len(self.names) else None,
                "data": [
                    {"name": name, "sas_url": self.link(number)}
                    for number, name in list(enumerate(self.names))[begin:end]
                ],
            }
        )

    def link(self, number: int) -> str:
        return f"https://{STORAGE}/blob/{number}?g={self.generation}&sig={SIGNATURE}"

    def _serve(self, request: httpx2.Request) -> httpx2.Response:
        assert request.url.host == STORAGE
        name = self.names[int(request.url.path.rpartition("/")[2])]
        self.fetched.append(name)
        answers = self.answers.get(name)
        if answers:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            if isinstance(answer, int):
                return httpx2.Response(answer, content=f"no: sig={SIGNATURE}".encode())
            assert isinstance(answer, httpx2.Response)
            return answer
        self._lived += 1
        stale = f"g={self.generation}&" not in str(request.url)
        if stale or (self.life is not None and self._lived > self.life):
            return httpx2.Response(403, content=f"AuthenticationFailed sig={SIGNATURE}".encode())
        return httpx2.Response(200, content=name.encode("utf-8", "replace"))


def download(one: Session, folder: Path, **options: Any) -> Any:
    """What ``download_images`` makes of the list."""
    return one.run(one.client.download_images(*HERE, folder, **options))


def files(folder: Path) -> dict[str, str]:
    """All files by name, hidden ones too."""
    return {path.name: path.read_text() for path in folder.iterdir()}


def numbered(count: int) -> list[str]:
    """Names of images."""
    return [f"{number:04}.jpg" for number in range(count)]
