"""Replies that are no success, as errors with everything the reply says."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from .conftest import OpenSession
from .support import reply

KINDS = [
    (400, rt.BadRequestError),
    (401, rt.AuthenticationError),
    (402, rt.ApiStatusError),
    (403, rt.PermissionDeniedError),
    (404, rt.NotFoundError),
    (409, rt.ConflictError),
    (418, rt.ApiStatusError),
    (422, rt.UnprocessableError),
    (429, rt.RateLimitError),
    (499, rt.ApiStatusError),
    (500, rt.ServerError),
    (503, rt.ServerError),
    (520, rt.ServerError),
    (599, rt.ServerError),
]


def failure(one: Any, call: Any = lambda c: c.cameras.get_camera("c")) -> Any:
    with pytest.raises(rt.DeviceCloudError) as caught:
        one.run(call(one.client))
    return caught.value


@pytest.mark.parametrize(("status", "expected"), KINDS)
def test_each_status_has_its_class(opened: OpenSession, status: int, expected: Any) -> None:
    body = [{"status": "E1", "message": "not like this"}]
    one = opened("amnimo", reply(body, status, x_request_id="r-1", retry_after="7"), retries=0)
    error = failure(one)
    assert type(error) is expected
    assert isinstance(error, rt.ApiStatusError)
    assert (error.vendor, error.operation) == ("amnimo", "cameras.get_camera")
    assert (error.status_code, error.code, error.body) == (status, "E1", body)
    assert (error.request_id, error.retry_after, error.attempts) == ("r-1", 7.0, 1)
    assert str(error) == f"amnimo.cameras.get_camera: {status} not like this [E1]"


@pytest.mark.parametrize(("status", "expected"), KINDS)
@pytest.mark.parametrize("body", [b"", b"<html>Bad Gateway</html>", b"[]", b"5", b"\xff\xfe"])
def test_bodies_that_say_nothing(
    opened: OpenSession, status: int, expected: Any, body: bytes
) -> None:
    error = failure(opened("amnimo", reply(body, status), retries=0))
    assert type(error) is expected
    assert error.code is None
    assert error.content == body
    assert "\n" not in str(error)
    assert str(error).startswith(f"amnimo.cameras.get_camera: {status} ")
    assert len(str(error)) > len(f"amnimo.cameras.get_camera: {status} ")
    assert "html" not in str(error)


BODIES: list[tuple[str, Any, Any, str | None, str]] = [
    (
        "aitrios",
        lambda c: c.manage_devices.get_device("d"),
        {"result": "ERROR", "code": "E.SC.API.1", "message": "no device", "time": "x"},
        "E.SC.API.1",
        "no device",
    ),
    (
        "amnimo",
        lambda c: c.cameras.get_camera("c"),
        {"status": 40301, "message": "alone"},
        "40301",
        "alone",
    ),
    (
        "proglove",
        lambda c: c.users.get_me(),
        {"title": "Bad", "details": "id is wrong"},
        None,
        "Bad: id is wrong",
    ),
    ("proglove", lambda c: c.users.get_me(), {"message": "Unauthorized"}, None, "Unauthorized"),
    (
        "scailable",
        lambda c: c.function.get_function("u"),
        {"Message": "Invalid", "Field": {"Name": "Alias", "Message": "too long"}},
        None,
        "Invalid; Alias: too long",
    ),
    ("scailable", lambda c: c.function.get_function("u"), {"error": "no"}, None, "no"),
    (
        "viziosense",
        lambda c: c.devices.get_device("d"),
        {"httpError": 4000, "message": "token expired"},
        "4000",
        "token expired",
    ),
]


@pytest.mark.parametrize(("vendor", "call", "body", "code", "message"), BODIES)
def test_error_bodies_of_each_vendor(
    opened: OpenSession, vendor: str, call: Any, body: Any, code: str | None, message: str
) -> None:
    error = failure(opened(vendor, reply(body, 400)), call)
    assert (error.vendor, error.code) == (vendor, code)
    assert error.message == f"400 {message}{f' [{code}]' if code else ''}"


ODD: list[Any] = [
    None,
    "text",
    5,
    [],
    [None],
    [5],
    {"message": {"a": 1}, "code": [], "status": {}, "httpError": None},
    {"Field": "x", "title": 5, "details": None, "Message": ["a"]},
]


@pytest.mark.parametrize(("vendor", "call"), [(body[0], body[1]) for body in BODIES])
@pytest.mark.parametrize("body", ODD, ids=str)
def test_odd_error_bodies_are_still_errors(
    opened: OpenSession, vendor: str, call: Any, body: Any
) -> None:
    error = failure(opened(vendor, reply(body, 400)), call)
    assert type(error) is rt.BadRequestError
    assert error.body == body


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304])
def test_redirects_are_not_followed(opened: OpenSession, status: int) -> None:
    location = "https://elsewhere.test/login?session=hush"
    one = opened("amnimo", reply(b"", status, location=location))
    error = failure(one)
    assert type(error) is rt.ApiStatusError
    assert error.status_code == status
    assert "a redirect, which is not followed; check base_url" in str(error)
    assert "hush" not in str(error)
    assert len(one.cloud.requests) == 1


@pytest.mark.parametrize(
    "name",
    ["x-request-id", "X-Amzn-RequestId", "x-amz-request-id", "request-id", "X-Correlation-Id"],
)
def test_request_ids(opened: OpenSession, name: str) -> None:
    error = failure(opened("amnimo", httpx2.Response(404, headers={name: "r-9"})))
    assert error.request_id == "r-9"
    assert failure(opened("amnimo", httpx2.Response(404))).request_id is None


UNREADABLE = [b"", b"<html>Sign in</html>", b'{"id":', b"[]", b'"x"', b"null", b"[" * 100_000]


@pytest.mark.parametrize("body", UNREADABLE, ids=range(len(UNREADABLE)))
def test_unreadable_successes(opened: OpenSession, body: bytes) -> None:
    one = opened("amnimo", reply(body, content_type="text/html", x_request_id="r-1"))
    error = failure(one)
    assert type(error) is rt.DecodeError
    assert (error.vendor, error.operation) == ("amnimo", "cameras.get_camera")
    assert (error.status_code, error.content, error.attempts) == (200, body, 1)
    assert error.request_id == "r-1"
    why = "cannot be read" if body else "is empty"
    assert f"(200, text/html, {len(body)} bytes) {why}" in str(error)
    assert "Sign in" not in str(error)


def test_attempts_are_counted(opened: OpenSession) -> None:
    one = opened("amnimo", reply(b"", 503), reply(b"<html>"))
    error = failure(one)
    assert (type(error), error.attempts) == (rt.DecodeError, 2)


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.with_raw_response.cameras.get_camera("c"),
        lambda c: c.with_raw_response.cameras.list_cameras(),
        lambda c: c.cameras.list_cameras().first_page(),
    ],
)
def test_every_way_of_calling_raises_the_same(opened: OpenSession, call: Any) -> None:
    assert type(failure(opened("amnimo", reply({}, 404)), call)) is rt.NotFoundError
    assert type(failure(opened("amnimo", reply(b"<html>")), call)) is rt.DecodeError


def test_a_reply_with_nothing_in_it(opened: OpenSession) -> None:
    one = opened("amnimo", httpx2.Response(204))
    assert one.run(one.client.media.delete_media("m")) is None


def test_errors_can_be_copied_and_pickled(opened: OpenSession) -> None:
    error = failure(opened("amnimo", reply([{"status": "E1", "message": "no"}], 404)))
    for other in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(other) is rt.NotFoundError
        assert str(other) == str(error)
        assert vars(other) == vars(error)


def test_the_tree() -> None:
    for name in dir(rt):
        value = getattr(rt, name)
        if isinstance(value, type) and issubclass(value, Exception):
            assert issubclass(value, rt.DeviceCloudError | Warning), name
    assert issubclass(rt.ApiTimeoutError, rt.ApiConnectionError)
    assert not issubclass(rt.ApiConnectionError, rt.ApiStatusError)
