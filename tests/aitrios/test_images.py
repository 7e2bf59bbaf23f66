"""Downloading images: all pages, a few at once, whole files only, resumed, and never with our token."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.aitrios.workflows.images import local_name

from tests.runtime.support import TOKEN, Cloud, FakeClock, Session, reply
from tests.vendor_sessions import OpenSession

from .storage import CONSOLE, SIGNATURE, STORAGE, Broken, Storage

HERE = ("cam", "20261121")


def download(one: Session, folder: Path, **options: Any) -> Any:
    return one.run(one.client.download_images(*HERE, folder, **options))


def files(folder: Path) -> dict[str, str]:
    """All files by name, hidden ones too."""
    return {path.name: path.read_text() for path in folder.iterdir()}


def numbered(count: int) -> list[str]:
    return [f"{number:04}.jpg" for number in range(count)]


def test_all_pages(opened: OpenSession, tmp_path: Path) -> None:
    storage = Storage(*numbered(230))
    one = opened("aitrios", storage)
    found = download(one, tmp_path / "made" / "here")
    folder = tmp_path / "made" / "here"
    assert files(folder) == {name: name for name in numbered(230)}
    assert [image.name for image in found.images] == numbered(230)
    assert found.images[3] == ("0003.jpg", folder / "0003.jpg", 8, True)
    assert (found.folder, found.downloaded, found.skipped, found.gone) == (folder, 230, 0, ())
    assert storage.listed == [(None, 100), ("100", 100), ("200", 100)]


def test_no_token_at_the_storage(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("aitrios", Storage("a.jpg"))
    one.http.headers["X-Own"] = "of the user's client"
    download(one, tmp_path)
    console, storage = one.cloud.requests
    assert console.url.host == CONSOLE
    assert console.headers["authorization"] == f"Bearer {TOKEN}"
    assert storage.url.host == STORAGE
    assert set(storage.headers) <= {"accept", "host"}
    assert TOKEN not in str(storage.headers)


@pytest.mark.parametrize("count", [0, 1])
def test_few_images(opened: OpenSession, tmp_path: Path, count: int) -> None:
    one = opened("aitrios", Storage(*numbered(count)))
    assert download(one, tmp_path).downloaded == count


def test_what_is_there_is_not_fetched_again(opened: OpenSession, tmp_path: Path) -> None:
    storage = Storage(*numbered(5))
    one = opened("aitrios", storage)
    (tmp_path / "0002.jpg").write_text("before")
    found = download(one, tmp_path)
    assert (found.downloaded, found.skipped) == (4, 1)
    assert "0002.jpg" not in storage.fetched
    assert found.images[2] == ("0002.jpg", tmp_path / "0002.jpg", 6, False)
    assert download(one, tmp_path).downloaded == 0
    assert len(storage.fetched) == 4
    download(one, tmp_path, overwrite=True)
    assert len(storage.fetched) == 9
    assert (tmp_path / "0002.jpg").read_text() == "0002.jpg"


def test_a_total(opened: OpenSession, tmp_path: Path) -> None:
    storage = Storage(*numbered(300))
    one = opened("aitrios", storage)
    assert download(one, tmp_path, limit_total=130).downloaded == 130
    assert storage.listed == [(None, 100), ("100", 100)]
    assert download(one, tmp_path / "few", limit_total=3).downloaded == 3
    assert storage.listed[2:] == [(None, 3)]


def test_names_that_begin_so(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("aitrios", Storage("2026a.jpg"))
    download(one, tmp_path, name_starts_with="2026")
    assert one.cloud.requests[0].url.params["name_starts_with"] == "2026"


def test_an_image_that_is_listed_twice(opened: OpenSession, tmp_path: Path) -> None:
    names = [*numbered(100), "0099.jpg", "0100.jpg"]  # one came in while we read the first page
    storage = Storage(*names)
    found = download(opened("aitrios", storage), tmp_path)
    assert [image.name for image in found.images] == numbered(101)
    assert (found.downloaded, len(storage.fetched)) == (101, 101)


def test_one_image(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("aitrios", Storage("a.jpg"))
    page = one.run(one.client.insight.get_images(*HERE, limit=1).first_page())
    found = one.run(one.client.download_image(page.items[0], tmp_path / "x"))
    assert found == ("a.jpg", tmp_path / "x" / "a.jpg", 5, True)
    assert "authorization" not in one.cloud.requests[-1].headers
    assert one.run(one.client.download_image(page.items[0], tmp_path / "x")).fresh is False


def test_one_image_with_an_old_link(opened: OpenSession, tmp_path: Path) -> None:
    storage = Storage("a.jpg", life=0)
    one = opened("aitrios", storage)
    page = one.run(one.client.insight.get_images(*HERE, limit=1).first_page())
    with pytest.raises(rt.PermissionDeniedError, match="ask the cloud for a new one") as caught:
        one.run(one.client.download_image(page.items[0], tmp_path))
    assert files(tmp_path) == {}
    assert SIGNATURE not in shown(caught.value)


@pytest.mark.parametrize("answer", [403, 500, httpx2.ReadError("gone"), "no answer"], ids=str)
def test_errors_show_no_link(opened: OpenSession, tmp_path: Path, answer: Any) -> None:
    storage = Storage("a.jpg", "b.jpg")
    storage.answers["b.jpg"] = [answer] * 9
    with pytest.raises(Exception) as caught:  # noqa: PT011  # the last one is of the test's own making
        download(opened("aitrios", storage), tmp_path)
    assert SIGNATURE not in shown(caught.value)


def shown(error: BaseException) -> str:
    """What a report with local variables shows of an error, but for the frames of tests and of the HTTP library."""
    found, parts = str(vars(error)), [error]
    while parts:
        part = parts.pop()
        parts += [other for other in (part.__cause__, part.__context__) if other is not None]
        report = traceback.TracebackException.from_exception(part, capture_locals=True)
        frames = [f for f in report.stack if f"{os.sep}tests{os.sep}" not in f.filename]
        found += f"{part!r}" + "".join(f"{frame.name} {frame.locals}" for frame in frames)
    return found


class TestLinksThatExpire:
    """A link lives an hour; of a page that takes longer, new ones are asked for."""

    def test_the_page_is_asked_for_again(self, opened: OpenSession, tmp_path: Path) -> None:
        storage = Storage(*numbered(10), life=4)
        found = download(opened("aitrios", storage), tmp_path)
        assert found.downloaded == 10
        assert [image.name for image in found.images] == numbered(10)
        assert files(tmp_path) == {name: name for name in numbered(10)}
        assert storage.listed == [(None, 100)] * 3

    def test_the_same_page(self, opened: OpenSession, tmp_path: Path) -> None:
        storage = Storage(*numbered(101))
        storage.answers["0100.jpg"] = [403]
        assert download(opened("aitrios", storage), tmp_path).downloaded == 101
        assert storage.listed == [(None, 100), ("100", 100), ("100", 100)]

    def test_no_more_is_asked_with_old_links(self, opened: OpenSession, tmp_path: Path) -> None:
        storage = Storage(*numbered(50), life=10)
        download(opened("aitrios", storage), tmp_path, concurrency=1)
        # One refusal for each list, where every other link of it is as old.
        assert len(storage.fetched) == 50 + len(storage.listed) - 1

    def test_new_links_that_are_refused_too(self, opened: OpenSession, tmp_path: Path) -> None:
        storage = Storage(*numbered(3), life=0)
        with pytest.raises(rt.PermissionDeniedError):
            download(opened("aitrios", storage), tmp_path)
        assert storage.listed == [(None, 100)] * 2
        assert files(tmp_path) == {}

    def test_an_image_that_is_not_listed_again(self, opened: OpenSession, tmp_path: Path) -> None:
        class Shrinking(Storage):
            def _list(self, request: httpx2.Request) -> httpx2.Response:
                listed = super()._list(request)
                self.names[1] = "other.jpg"
                return listed

        storage = Shrinking(*numbered(3))
        storage.answers["other.jpg"] = [403]
        found = download(opened("aitrios", storage), tmp_path, concurrency=1)
        assert [image.name for image in found.images] == ["0000.jpg", "0002.jpg"]
        assert found.gone == ("0001.jpg",)

    def test_an_image_that_moved_to_the_next_page(
        self, opened: OpenSession, tmp_path: Path
    ) -> None:
        class Growing(Storage):
            def _list(self, request: httpx2.Request) -> httpx2.Response:
                if len(self.listed) == 1:
                    self.names.insert(0, "new.jpg")
                return super()._list(request)

        storage = Growing(*numbered(100))
        storage.answers["0099.jpg"] = [403]
        # The cursor of the list is an offset here: what is inserted pushes the last image over.
        storage.names.append("0100.jpg")
        found = download(opened("aitrios", storage), tmp_path, concurrency=1)
        assert {image.name for image in found.images} == {*numbered(101)}
        assert found.gone == ()


@pytest.mark.parametrize("status", [404, 410])
def test_an_image_that_is_gone(opened: OpenSession, tmp_path: Path, status: int) -> None:
    storage = Storage(*numbered(4))
    storage.answers["0001.jpg"] = [status]
    found = download(opened("aitrios", storage), tmp_path)
    assert found.gone == ("0001.jpg",)
    assert found.downloaded == 3
    assert "0001.jpg" not in files(tmp_path)


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


HOSTILE = [
    "../../x",
    "/etc/passwd",
    "..\\..\\x.jpg",
    "..",
    ".",
    "",
    ".bashrc",
    "a/../../b.jpg",
    "nul\x00byte.jpg",
    "line\nbreak.jpg",
    "con.jpg",
    "C:\\windows\\x.jpg",
    "x" * 400 + ".jpg",
    "写真" * 120 + ".jpg",
    "a\u202egpj.exe",
    "\ud800.jpg",
    "~root",
    "a.jpg/",
]


def test_names_that_attack(opened: OpenSession, tmp_path: Path) -> None:
    inner = tmp_path / "one" / "two"
    found = download(opened("aitrios", Storage(*HOSTILE)), inner)
    assert found.downloaded == len(HOSTILE)
    assert {path.parent for path in inner.rglob("*")} == {inner}
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent != inner] == []
    for image in found.images:
        assert image.path.parent == inner
        assert not image.path.name.startswith(".")
        assert len(os.fsencode(image.path.name)) < 200
    assert len({image.path for image in found.images}) == len(HOSTILE)


def test_names_that_become_the_same(opened: OpenSession, tmp_path: Path) -> None:
    names = ["a.jpg", "b/a.jpg", "c/a.jpg", "A.JPG", "a?.jpg", "a*.jpg"]
    storage = Storage(*names)
    one = opened("aitrios", storage)
    found = download(one, tmp_path)
    assert [image.path.read_text() for image in found.images] == names
    assert len({image.path.name.casefold() for image in found.images}) == len(names)
    assert found.images[0].path.name == "a.jpg"
    assert download(one, tmp_path).downloaded == 0  # the same names again


def test_a_name_does_not_depend_on_the_others() -> None:
    assert local_name("20261121.jpg") == "20261121.jpg"
    assert local_name("b/a.jpg") == local_name("b/a.jpg") != local_name("c/a.jpg")


@pytest.mark.parametrize(
    "link",
    ["ftp://storage.test/a", "file:///etc/passwd", "//storage.test/a", "", "https://u:p@s/a"],
)
def test_links_that_are_none(opened: OpenSession, tmp_path: Path, link: str) -> None:
    one = opened(
        "aitrios", reply({"continuation_token": None, "data": [{"name": "a", "sas_url": link}]})
    )
    with pytest.raises(rt.InvalidRequestError, match=r"no http\(s\) URL"):
        download(one, tmp_path)
    assert files(tmp_path) == {}


@pytest.mark.parametrize(
    "options",
    [{"concurrency": 0}, {"concurrency": True}, {"concurrency": "4"}, {"limit_total": 0}],
)
def test_unusable_numbers(opened: OpenSession, tmp_path: Path, options: dict[str, Any]) -> None:
    one = opened("aitrios")
    with pytest.raises(rt.InvalidRequestError, match="give 1 or more"):
        download(one, tmp_path, **options)
    assert one.cloud.requests == []


def test_a_folder_that_is_a_file(opened: OpenSession, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    one = opened("aitrios")
    with pytest.raises(rt.InvalidRequestError, match="is no folder"):
        download(one, tmp_path / "file")
    assert one.cloud.requests == []


def test_a_folder_in_the_place_of_a_file(opened: OpenSession, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").mkdir()
    with pytest.raises(rt.InvalidRequestError, match="cannot be written"):
        download(opened("aitrios", Storage("a.jpg")), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]
