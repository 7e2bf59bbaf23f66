"""What is written to the log, and when."""

from __future__ import annotations

import logging
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.runtime._limits import RateLimit

from .conftest import OpenSession
from .support import reply
from .watching import SIGN_IN, console

OK = reply({}, x_request_id="id-ok")
NAME = "call 1, cameras.get_camera"


def get(one: Any, **options: Any) -> Any:
    return one.run(one.client.cameras.get_camera("c", **options))


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    """The level and text of what was written, from the level given."""
    caplog.set_level(logging.WARNING, "deviceclouds")

    class Lines:
        def upto(self, level: int) -> None:
            caplog.set_level(level, "deviceclouds")

        @property
        def all(self) -> list[tuple[str, str]]:
            return [
                (record.levelname, record.getMessage())
                for record in caplog.records
                if record.name.startswith("deviceclouds.")
            ]

        @property
        def texts(self) -> list[str]:
            return [text for _, text in self.all]

    return Lines()


def test_a_call_at_debug(opened: OpenSession, lines: Any) -> None:
    lines.upto(logging.DEBUG)
    one = opened("amnimo", reply({}, x_request_id="r", set_cookie="hush"), took=0.5)
    get(one, extra_headers={"X-Mine": "hush"})
    url = f"{one.client._core.config.base_url}/partitions/sub/cameras/c"
    sent, got, end = lines.texts
    assert {level for level, _ in lines.all} == {"DEBUG"}
    assert sent.startswith(f"{NAME}, request 1: GET {url}; accept: application/json, ")
    assert "authorization: ***" in sent
    assert "x-mine: ***" in sent
    assert sent.endswith("; no body")
    assert got.startswith(f"{NAME}, reply 1: 200 after 0.500 s; ")
    assert "x-request-id: r" in got
    assert "set-cookie: ***" in got
    assert got.endswith("2 bytes: {}")
    assert end == f"{NAME}: done after 0.500 s"


def test_a_failure_that_is_repeated(opened: OpenSession, lines: Any) -> None:
    lines.upto(logging.INFO)
    one = opened("amnimo", reply({}, 503), httpx2.ConnectError("refused"), OK)
    get(one)
    first, second = (f"{seconds:.3g} s" for seconds in one.clock.sleeps)
    assert lines.all == [
        ("INFO", f"{NAME}: attempt 1 failed (ServerError, status 503); trying again in {first}"),
        ("INFO", f"{NAME}: attempt 2 failed (ApiConnectionError); trying again in {second}"),
    ]


def test_a_failure_that_stays(opened: OpenSession, lines: Any) -> None:
    lines.upto(logging.DEBUG)
    with pytest.raises(rt.NotFoundError):
        get(opened("amnimo", reply({"message": "hush"}, 404)))
    assert lines.texts[2:] == [
        f"{NAME}, attempt 1 failed: NotFoundError, status 404",
        f"{NAME}: failed (NotFoundError, status 404) after 0.000 s",
    ]
    assert "hush" not in str(lines.texts)


def test_nothing_but_trouble_at_info_and_nothing_above(opened: OpenSession, lines: Any) -> None:
    lines.upto(logging.INFO)
    get(opened("amnimo", OK))
    lines.upto(logging.WARNING)
    get(opened("amnimo", reply({}, 503), OK))
    assert lines.all == []


def test_tokens_at_info(opened: OpenSession, lines: Any) -> None:
    lines.upto(logging.INFO)
    one = opened("aitrios", console(OK, reply({}, 401), OK), **SIGN_IN)
    for _ in range(2):
        one.run(one.client.manage_devices.get_device("d"))
    one.clock.time += 3600
    one.run(one.client.manage_devices.get_device("d"))
    name = "manage_devices.get_device: got a token"
    assert lines.all == [
        ("INFO", f"call 1, {name}: there was none"),
        ("INFO", f"call 2, {name}: the cloud refused the old one"),
        ("INFO", f"call 3, {name}: the old one runs out"),
    ]


def test_requests_for_tokens_show_no_body(opened: OpenSession, lines: Any) -> None:
    lines.upto(logging.DEBUG)
    one = opened("aitrios", console(OK), **SIGN_IN)
    one.run(one.client.manage_devices.get_device("d"))
    sent, got = lines.texts[:2]
    assert sent.startswith("call 1, sign-in, request 1: POST https://portal.test/token; ")
    assert sent.endswith("; body not shown")
    assert got.startswith("call 1, sign-in, reply 1: 200 after ")
    assert got.endswith(" bytes")
    assert lines.texts[3].startswith("call 1, manage_devices.get_device, request 1: GET ")


def test_waits_for_the_rate_limit_at_debug(opened: OpenSession, lines: Any) -> None:
    one = opened("amnimo", OK, rate_limit=RateLimit(per_second=1, burst=1))
    get(one)
    lines.upto(logging.DEBUG)
    get(one)
    assert lines.all[0] == ("DEBUG", f"{NAME}: waits 1 s for the rate limit")


def test_the_level_of_the_moment_counts(opened: OpenSession, lines: Any) -> None:
    one = opened("amnimo", OK)
    lines.upto(logging.DEBUG)
    get(one)
    assert len(lines.all) == 3
    lines.upto(logging.WARNING)
    get(one)
    assert len(lines.all) == 3


def test_a_call_nobody_looks_at_has_no_observer(opened: OpenSession) -> None:
    core = opened("amnimo", OK).client._core
    assert core._watch(None, None) is None


def test_loggers_are_left_as_they_are(opened: OpenSession) -> None:
    opened("amnimo", OK)
    for name in ("deviceclouds", "deviceclouds.amnimo"):
        logger = logging.getLogger(name)
        assert (logger.handlers, logger.propagate, logger.level) == ([], True, logging.NOTSET)


def test_records_hold_text_only(opened: OpenSession, caplog: pytest.LogCaptureFixture) -> None:
    # Handlers such as those of error trackers keep the arguments themselves.
    caplog.set_level(logging.DEBUG, "deviceclouds")
    get(opened("amnimo", reply({}, 503), OK))
    assert len(caplog.records) > 5
    for record in caplog.records:
        assert all(isinstance(argument, str | int | float) for argument in record.args or ())
        assert record.exc_info is None
