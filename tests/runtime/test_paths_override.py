"""``paths=``: other methods and paths for operations whose own are wrong."""

from __future__ import annotations

from typing import Any

import pytest
from deviceclouds import runtime as rt

from .conftest import OpenSession
from .support import reply

NAME = "devices.update_device"


@pytest.mark.parametrize(
    ("route", "method", "target"),
    [
        ("PATCH /devices/{device_uuid}", "PATCH", "/api/v1/devices/d"),
        ("patch   /devices/{device_uuid}/", "PATCH", "/api/v1/devices/d/"),
        ("/v2/devices/{device_uuid}", "PUT", "/api/v1/v2/devices/d"),
        (" POST /v2/{device_uuid} ", "POST", "/api/v1/v2/d"),
    ],
)
def test_overrides(opened: OpenSession, route: str, method: str, target: str) -> None:
    one = opened("viziosense", reply({}), paths={NAME: route})
    one.run(one.client.devices.update_device("d", name="n"))
    assert (one.cloud.request.method, one.cloud.target) == (method, target)


@pytest.mark.parametrize(
    ("route", "message"),
    [
        ("", "is not usable; write '/path' or 'METHOD /path'"),
        ("PATCH", "is not usable"),
        ("devices", "is not usable"),
        ("FETCH /devices", "is not usable"),
        ("GET /a b", "is not usable"),
        ("GET https://elsewhere.test/x", "is not usable"),
        ("GET /devices?x=1", "is not usable"),
        ("GET /devices#x", "is not usable"),
        ("GET /dev\r\nices", "is not usable"),
        (5, "is not usable"),
        (None, "is not usable"),
        ("PATCH /devices/{uuid}", "names uuid; the operation has device_uuid"),
    ],
)
def test_bad_overrides_are_refused_at_once(opened: OpenSession, route: Any, message: str) -> None:
    with pytest.raises(rt.ConfigurationError, match=message) as caught:
        opened("viziosense", paths={NAME: route})
    assert caught.value.vendor == "viziosense"
    assert NAME in str(caught.value)


@pytest.mark.parametrize("name", ["devices.nothing", "nothing.x", "devices", "", "update_device"])
def test_unknown_names_are_refused_at_once(opened: OpenSession, name: str) -> None:
    with pytest.raises(rt.ConfigurationError, match="which is no operation"):
        opened("viziosense", paths={name: "GET /x"})


@pytest.mark.parametrize("route", ["PATCH /devices/{device_uuid}", "POST /devices/{device_uuid}"])
def test_the_method_that_is_sent_decides_whether_a_call_is_repeated(
    opened: OpenSession, route: str
) -> None:
    one = opened("viziosense", reply({}, 503), paths={NAME: route}, retries=2)
    with pytest.raises(rt.ServerError) as caught:
        one.run(one.client.devices.update_device("d", name="n"))
    assert caught.value.attempts == len(one.cloud.requests) == 1


def test_a_query_parameter_may_move_into_the_path(opened: OpenSession) -> None:
    paths = {"webhooks.list_webhooks": "/devices/{device_uuid}/webhooks"}
    one = opened("viziosense", reply({"data": []}), paths=paths)
    one.run(one.client.webhooks.list_webhooks(device_uuid="d"))
    assert one.cloud.target == "/api/v1/devices/d/webhooks"
    with pytest.raises(rt.InvalidRequestError, match="device_uuid is required"):
        one.run(one.client.webhooks.list_webhooks())


@pytest.mark.parametrize(
    ("route", "message"),
    [
        ("DELETE /devices", "lacks {device_uuid}"),
        ("PUT //evil.test/{device_uuid}", "is not usable"),
        ("PUT /a/../{device_uuid}", "is not usable"),
    ],
)
def test_overrides_that_would_mean_something_else(
    opened: OpenSession, route: str, message: str
) -> None:
    with pytest.raises(rt.ConfigurationError, match=message):
        opened("viziosense", reply({}), paths={NAME: route})
