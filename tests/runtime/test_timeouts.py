"""Time-outs: always finite, per client and per call, and longer where a cloud documents a longer limit."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from .conftest import OpenSession
from .support import reply


def passed_on(one: Any, call: Any) -> tuple[float, ...]:
    one.run(call(one.client))
    timeout = one.cloud.request.extensions["timeout"]
    return tuple(timeout[part] for part in ("connect", "read", "write", "pool"))


def camera(**options: Any) -> Any:
    return lambda client: client.cameras.get_camera("c", **options)


def test_the_default_is_finite(opened: OpenSession) -> None:
    assert passed_on(opened(), camera()) == (10.0, 60.0, 60.0, 10.0)
    assert passed_on(opened(timeout=None), camera(timeout=None)) == (10.0, 60.0, 60.0, 10.0)


@pytest.mark.parametrize(
    ("given", "parts"), [(5, (5,) * 4), (0.5, (0.5,) * 4), ((1, 2.5, 3, 4), (1, 2.5, 3, 4))]
)
def test_of_the_client_and_of_the_call(opened: OpenSession, given: Any, parts: Any) -> None:
    assert passed_on(opened(timeout=given), camera()) == parts
    assert passed_on(opened(), camera(timeout=given)) == parts
    assert passed_on(opened(timeout=99), camera(timeout=given)) == parts


def test_for_lists_and_raw_replies(opened: OpenSession) -> None:
    def page(client: Any) -> Any:
        return client.cameras.list_cameras(timeout=7).first_page()

    def raw(client: Any) -> Any:
        return client.with_raw_response.cameras.get_camera("c", timeout=7)

    assert passed_on(opened("amnimo", reply({"cameras": []})), page) == (7,) * 4
    assert passed_on(opened(), raw) == (7,) * 4


def test_documented_limits_raise_the_read_timeout(opened: OpenSession) -> None:
    def upload(client: Any, **options: Any) -> Any:
        return client.function.update_function("u", file=b"x", **options)

    def read(client: Any) -> Any:
        return client.function.get_function("u")

    assert passed_on(opened("scailable"), upload) == (10.0, 310, 310, 10.0)
    assert passed_on(opened("scailable"), read) == (10.0, 60.0, 60.0, 10.0)
    # A limit the user chose is theirs.
    assert passed_on(opened("scailable", timeout=5), upload) == (5,) * 4
    assert passed_on(opened("scailable", timeout=500), upload) == (500,) * 4
    assert passed_on(opened("scailable"), lambda c: upload(c, timeout=5)) == (5,) * 4


UNUSABLE: list[Any] = [
    0,
    -1,
    float("inf"),
    float("nan"),
    10**400,
    True,
    "5",
    "1234",
    (1, 2, 3),
    (1, 2, 3, None),
    (1, 2, 3, float("inf")),
    (1, 2, 3, True),
    object(),
    httpx2.Timeout(5),
]


@pytest.mark.parametrize("timeout", UNUSABLE, ids=range(len(UNUSABLE)))
def test_unusable_ones_are_refused(opened: OpenSession, timeout: Any) -> None:
    with pytest.raises(rt.ConfigurationError, match="give a positive, finite number of seconds"):
        opened(timeout=timeout)
    one = opened()
    with pytest.raises(rt.ConfigurationError, match="give a positive, finite number of seconds"):
        one.run(one.client.cameras.get_camera("c", timeout=timeout))
    assert one.cloud.requests == []


@pytest.mark.parametrize(
    "error", [httpx2.ConnectTimeout, httpx2.ReadTimeout, httpx2.WriteTimeout, httpx2.PoolTimeout]
)
def test_they_are_errors_of_their_own(opened: OpenSession, error: type[Exception]) -> None:
    one = opened("amnimo", error("late"), retries=0)
    with pytest.raises(rt.ApiTimeoutError) as caught:
        one.run(one.client.cameras.get_camera("c"))
    assert f"({error.__name__})" in str(caught.value)
    assert "raise timeout=" in str(caught.value)
    assert caught.value.attempts == 1


@pytest.mark.parametrize(
    "base_url",
    ["", "host", "ftp://host", "https://", "http://[", "https://host:x", "https://ho st", 5, None],
)
def test_unusable_base_urls_are_refused(opened: OpenSession, base_url: Any) -> None:
    with pytest.raises(rt.ConfigurationError, match="base_url"):
        opened("proglove", base_url=base_url)


@pytest.mark.parametrize(
    "base_url", ["https://me:hush@host", "https://host?key=hush", "https://host/#hush"]
)
def test_base_urls_with_more_than_an_address_are_refused(
    opened: OpenSession, base_url: str
) -> None:
    with pytest.raises(rt.ConfigurationError, match="must hold no query, fragment") as caught:
        opened("proglove", base_url=base_url)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("base_url", ["https://host.test/x", " https://host.test/x/ "])
def test_base_urls_are_tidied(opened: OpenSession, base_url: str) -> None:
    one = opened("proglove", reply({}), base_url=base_url)
    one.run(one.client.users.get_me())
    assert str(one.cloud.request.url).startswith("https://host.test/x/cust/")
