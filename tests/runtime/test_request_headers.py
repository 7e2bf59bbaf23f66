"""Headers of a request: what the library sends, and what callers may add."""

from __future__ import annotations

from typing import Any

import pytest
from deviceclouds.runtime import InvalidRequestError

from .conftest import OpenSession
from .support import TOKEN, reply


def headers(one: Any, **options: Any) -> dict[str, list[str]]:
    one.run(one.client.cameras.get_camera("c", **options))
    sent = one.cloud.request.headers
    return {name: sent.get_list(name) for name in sent}


def test_headers_of_a_plain_call(opened: OpenSession) -> None:
    sent = headers(opened("amnimo", reply({})))
    assert sent["accept"] == ["application/json"]
    assert sent["authorization"] == [f"Bearer {TOKEN}"]
    assert "content-type" not in sent


def test_a_raw_token_has_no_prefix(opened: OpenSession) -> None:
    one = opened("proglove", reply({}))
    one.run(one.client.users.get_me())
    assert one.cloud.request.headers["authorization"] == TOKEN


def test_extra_headers_are_added(opened: OpenSession) -> None:
    assert headers(opened(), extra_headers={"X-Trace": "1"})["x-trace"] == ["1"]


@pytest.mark.parametrize("name", ["Accept", "accept", "ACCEPT"])
def test_extra_headers_replace_ours_whatever_their_case(opened: OpenSession, name: str) -> None:
    assert headers(opened(), extra_headers={name: "text/csv"})["accept"] == ["text/csv"]


def test_the_content_type_can_be_replaced(opened: OpenSession) -> None:
    one = opened("scailable", reply({}))
    options = {"extra_headers": {"content-type": "application/vnd.x+json"}}
    one.run(one.client.function.create_linked_function(body={}, **options))
    assert one.cloud.request.headers.get_list("content-type") == ["application/vnd.x+json"]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("X-A", "a\r\nX-Evil: 1", "must be printable ASCII text"),
        ("X-A", "a\nb", "must be printable ASCII text"),
        ("X-A", "\x00", "must be printable ASCII text"),
        ("X-A", "é", "must be printable ASCII text"),
        ("X-A", 5, "must be printable ASCII text"),
        ("X-A", None, "must be printable ASCII text"),
        ("X-A\r\nX-Evil", "1", "is no name of a header"),
        ("X A", "1", "is no name of a header"),
        ("X:A", "1", "is no name of a header"),
        ("", "1", "is no name of a header"),
        (5, "1", "is no name of a header"),
    ],
)
def test_headers_that_would_break_a_request_are_refused(
    opened: OpenSession, name: Any, value: Any, message: str
) -> None:
    one = opened()
    with pytest.raises(InvalidRequestError, match=message) as caught:
        headers(one, extra_headers={name: value})
    assert "Evil: 1" not in str(caught.value)
    assert one.cloud.requests == []


def test_text_is_asked_for_as_text(opened: OpenSession) -> None:
    one = opened("proglove", reply(b"\xef\xbb\xbfa=1\xff"))
    assert one.run(one.client.device_configs.get_device_config("d")) == "a=1\ufffd"
    assert one.cloud.request.headers["accept"].startswith("text/plain")
