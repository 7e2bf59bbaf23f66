"""Pictures on request: asked for by a guess, waited for, fetched without a token."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import TOKEN, Session, reply
from tests.vendor_sessions import OpenSession

DEVICE = "5f1c2b7e-8f5d-4f43-9a53-0d4c1b2f7a10"
RAW, ANNOTATED = (
    "https://storage.test/x/1.jpg?sig=hush-1",
    "https://storage.test/x/2.jpg?sig=hush-2",
)
BOTH = reply({"data": [RAW, ANNOTATED]})
GUESS = pytest.mark.filterwarnings("ignore::deviceclouds.runtime.UnverifiedOperationWarning")


def capture(one: Session, *arguments: Any, **options: Any) -> Any:
    return one.run(one.client.capture_image(DEVICE, *arguments, **options))


def asked(one: Session) -> list[str]:
    return [request.url.path for request in one.cloud.requests[1:]]


def address(request: httpx2.Request) -> str:
    """Where a request went; the text of its URL does not show the query."""
    return f"https://{request.url.host}{request.url.raw_path.decode()}"


@GUESS
def test_bytes(opened: OpenSession) -> None:
    one = opened("viziosense", BOTH, reply(b"raw"), reply(b"annotated"))
    pictures = capture(one)
    assert (pictures.raw, pictures.annotated) == (b"raw", b"annotated")
    assert one.clock.sleeps == [20]
    request, *fetched = one.cloud.requests
    assert (request.method, request.url.path) == ("POST", f"/api/v1/devices/{DEVICE}/request-image")
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert [address(get) for get in fetched] == [RAW, ANNOTATED]
    for get in fetched:
        assert TOKEN not in str(get.headers.multi_items())


@GUESS
def test_files(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("viziosense", BOTH, reply(b"raw"), reply(b"annotated"))
    pictures = capture(one, tmp_path)
    assert pictures.raw.read_bytes() == b"raw"
    assert pictures.annotated.read_bytes() == b"annotated"
    stem = f"{DEVICE}-19700101T001640.000000Z"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{stem}-annotated.jpg",
        f"{stem}-raw.jpg",
    ]


@GUESS
def test_the_raw_picture_alone(opened: OpenSession) -> None:
    one = opened("viziosense", BOTH, reply(b"raw"))
    pictures = capture(one, annotated=False)
    assert (pictures.raw, pictures.annotated) == (b"raw", None)
    assert asked(one) == ["/x/1.jpg"]


@GUESS
@pytest.mark.parametrize("status", [403, 404])
def test_a_picture_that_is_late(opened: OpenSession, status: int) -> None:
    not_yet = reply(b"", status)
    answers = [not_yet, not_yet, not_yet, reply(b"annotated"), reply(b"raw")]
    one = opened("viziosense", BOTH, *answers)
    pictures = capture(one, interval=4)
    assert (pictures.raw, pictures.annotated) == (b"raw", b"annotated")
    # What was fetched once is not fetched again.
    assert asked(one) == ["/x/1.jpg", "/x/2.jpg", "/x/1.jpg", "/x/2.jpg", "/x/1.jpg"]
    assert one.clock.sleeps == [20, 4, 6]


@GUESS
@pytest.mark.parametrize("trouble", [httpx2.ConnectError("cut"), reply(b"", 503)])
def test_a_storage_in_trouble(opened: OpenSession, trouble: Any) -> None:
    one = opened("viziosense", BOTH, trouble, reply(b"raw"), retries=0)
    assert capture(one, annotated=False).raw == b"raw"


@GUESS
def test_a_picture_that_never_comes(opened: OpenSession, tmp_path: Path) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return reply(b"raw") if request.url.path == "/x/1.jpg" else reply(b"hush", 404)

    one = opened("viziosense", BOTH, answer)
    with pytest.raises(
        rt.WaitTimeoutError, match=r"60 seconds.*annotated: .* answers 404"
    ) as caught:
        capture(one, tmp_path, timeout=60)
    assert sum(one.clock.sleeps) == 60
    assert caught.value.last["raw"].read_bytes() == b"raw"
    assert [*caught.value.last] == ["raw"]
    assert "30 minutes" in caught.value.__notes__[0]
    assert len(list(tmp_path.iterdir())) == 1
    assert "hush" not in str(caught.value) + repr(vars(caught.value))


@GUESS
@pytest.mark.parametrize("status", [400, 401, 410])
def test_an_address_that_has_died(opened: OpenSession, status: int) -> None:
    one = opened("viziosense", BOTH, reply(b"hush", status))
    with pytest.raises(rt.ApiStatusError, match="limited time only") as caught:
        capture(one)
    assert "hush" not in str(caught.value) + repr(vars(caught.value))


@GUESS
@pytest.mark.parametrize(
    "data",
    [
        [RAW, ANNOTATED],
        {"_raw_image": RAW, "_annotated_image": ANNOTATED},
        {"_annotated_image": ANNOTATED, "_raw_image": RAW},
        [{"annotated": ANNOTATED}, {"raw": RAW}],
        [RAW, "", ANNOTATED, None, 7],
    ],
)
def test_how_the_addresses_may_stand(opened: OpenSession, data: Any) -> None:
    one = opened("viziosense", reply({"data": data}), reply(b"1"), reply(b"2"))
    capture(one)
    assert [address(request) for request in one.cloud.requests[1:]] == [RAW, ANNOTATED]


@GUESS
@pytest.mark.parametrize(
    ("first", "second", "raw"),
    [
        ("https://s.test/a_annotated_image?x", "https://s.test/a_raw_image?x", 1),
        ("https://s.test/a_raw_image?x", "https://s.test/a_annotated_image?x", 0),
        ("https://s.test/annotated/a_annotated", "https://s.test/annotated/b_annotated", 0),
        ("https://s.test/annotated/a", "https://s.test/annotated/b", 0),
    ],
)
def test_names_in_the_addresses(opened: OpenSession, first: str, second: str, raw: int) -> None:
    one = opened("viziosense", reply({"data": [first, second]}), reply(b"1"))
    capture(one, annotated=False)
    assert address(one.cloud.requests[1]) == (first, second)[raw]


@GUESS
@pytest.mark.parametrize(
    ("data", "annotated", "number"),
    [
        (["_raw_image", "_annotated_image"], True, 0),
        ([RAW], True, 1),
        ([], False, 0),
        ([RAW, ANNOTATED, RAW], False, 3),
        (None, True, 0),
    ],
)
def test_a_reply_that_is_not_understood(
    opened: OpenSession, data: Any, annotated: bool, number: int
) -> None:
    one = opened("viziosense", reply({"data": data}))
    with pytest.raises(rt.DecodeError, match=f"holds {number} .* guess") as caught:
        capture(one, annotated=annotated)
    assert "hush" not in str(caught.value)
    assert len(one.cloud.requests) == 1
    assert one.clock.sleeps == []


@pytest.mark.parametrize(
    "given",
    [{"timeout": 19}, {"timeout": 1801}, {"timeout": "long"}, {"timeout": True}, {"interval": 0}],
)
def test_arguments_that_cannot_be(opened: OpenSession, given: dict[str, Any]) -> None:
    one = opened("viziosense")
    with pytest.raises(rt.InvalidRequestError, match="is not usable"):
        capture(one, **given)
    assert one.cloud.requests == []


def test_a_folder_that_is_none(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("viziosense")
    with pytest.raises(rt.InvalidRequestError, match="no folder"):
        capture(one, tmp_path / "no")
    assert one.cloud.requests == []


@GUESS
def test_a_picture_that_is_too_large(opened: OpenSession) -> None:
    one = opened("viziosense", BOTH, reply(b"x" * 300), max_reply=200)
    with pytest.raises(rt.DecodeError, match="larger than 200 bytes"):
        capture(one)


@GUESS
def test_a_request_is_not_repeated(opened: OpenSession) -> None:
    one = opened("viziosense", reply({"httpError": 5000}, 500))
    with pytest.raises(rt.ServerError):
        capture(one)
    assert len(one.cloud.requests) == 1


def test_it_warns_once_where_it_is_called(opened: OpenSession) -> None:
    one = opened("viziosense", BOTH, reply(b"raw"), BOTH, reply(b"raw"))
    with pytest.warns(rt.UnverifiedOperationWarning, match="devices.request_image") as caught:
        capture(one, annotated=False)
    capture(one, annotated=False)  # a second warning would be an error
    (warning,) = caught
    assert "deviceclouds/" not in warning.filename


def test_a_route_of_the_users_own(opened: OpenSession) -> None:
    paths = {"devices.request_image": "GET /devices/{device_uuid}/image"}
    one = opened("viziosense", BOTH, reply(b"raw"), paths=paths)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert capture(one, annotated=False).raw == b"raw"
    request = one.cloud.requests[0]
    assert (request.method, request.url.path) == ("GET", f"/api/v1/devices/{DEVICE}/image")


@GUESS
@pytest.mark.parametrize("error", [httpx2.ReadError("cut"), KeyboardInterrupt()])
def test_nothing_half_is_left(opened: OpenSession, tmp_path: Path, error: BaseException) -> None:
    class Torn(httpx2.SyncByteStream, httpx2.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b"ra"
            raise error

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"ra"
            raise error

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, stream=Torn())

    one = opened("viziosense", BOTH, answer, retries=0)
    with pytest.raises((rt.WaitTimeoutError, KeyboardInterrupt)):
        capture(one, tmp_path)
    assert list(tmp_path.iterdir()) == []
