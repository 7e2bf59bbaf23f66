"""Path, query and header parameters: how they are written, and what is refused before anything is sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from deviceclouds.aitrios.models import DeployType
from deviceclouds.runtime import UNSET, ConfigurationError, InvalidRequestError
from deviceclouds.runtime._operation import Limits, Parameter
from deviceclouds.runtime._request import prepare

from .conftest import OpenSession
from .made import CONFIG, operation, prepared
from .support import reply


def query(value: Any, kind: Any = "string", explode: bool | None = None, **limits: Any) -> str:
    parameter = Parameter("q", "Q", "query", kind, explode=explode, limits=Limits(**limits))
    return prepared(parameter, value).url.partition("?")[2]


def refused(value: Any, kind: Any = "string", explode: bool | None = None, **limits: Any) -> str:
    with pytest.raises(InvalidRequestError) as caught:
        query(value, kind, explode, **limits)
    assert str(caught.value).startswith("scailable.tests.made_up: q ")
    assert caught.value.attempts == 0
    return caught.value.message.removeprefix("q ")


JST = dt.timezone(dt.timedelta(hours=9))


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("a b&c=d/e?f#g+h", "string", "Q=a%20b%26c%3Dd%2Fe%3Ff%23g%2Bh"),
        ("カ", "string", "Q=%E3%82%AB"),
        ("a,b", "string", "Q=a%2Cb"),
        ("", "string", "Q="),
        (DeployType("0"), "string", "Q=0"),
        (True, "boolean", "Q=true"),
        (False, "boolean", "Q=false"),
        (0, "integer", "Q=0"),
        (-7, "integer", "Q=-7"),
        (2.5, "number", "Q=2.5"),
        (2, "number", "Q=2"),
        (dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC), "date-time", "2026-01-02T03:04:05.000Z"),
        (dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=JST), "date-time", "2026-01-01T18:04:05.000Z"),
        (
            dt.datetime(2026, 1, 2, 3, 4, 5, 678901, dt.UTC),
            "date-time",
            "2026-01-02T03:04:05.678901Z",
        ),
    ],
)
def test_values_on_the_wire(value: Any, kind: str, text: str) -> None:
    if kind == "date-time":
        text = f"Q={text.replace(':', '%3A')}"
    assert query(value, kind) == text


@pytest.mark.parametrize(
    ("value", "explode", "text"),
    [
        (["a", "b"], True, "Q=a&Q=b"),
        (["a", "b,c"], False, "Q=a,b%2Cc"),
        (("b", "a"), True, "Q=b&Q=a"),
        ("alone", True, "Q=alone"),
        ("alone", False, "Q=alone"),
        ({"a"}, False, "Q=a"),
        ([], True, ""),
        ([], False, ""),
    ],
)
def test_lists_on_the_wire(value: Any, explode: bool, text: str) -> None:
    assert query(value, explode=explode) == text


def test_query_parameters_keep_the_order_of_the_specification() -> None:
    made = operation(*(Parameter(name, name, "query") for name in "zam"))
    parts = prepare(made, {"m": "3", "a": "2", "z": "1"}, CONFIG)
    assert parts.url == "https://host.test/api/things?z=1&a=2&m=3"


def test_an_address_that_no_library_sends_is_refused() -> None:
    longest = 65_536 - len(prepared(Parameter("q", "Q", "query", "string"), "").url)
    assert len(query("x" * longest)) == longest + len("Q=")
    with pytest.raises(InvalidRequestError, match=r"would have 65,537 characters") as caught:
        query("x" * (longest + 1))
    assert len(str(caught.value)) < 200


def test_an_absent_value_is_not_sent() -> None:
    assert query(UNSET) == ""


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        (5, "string", "must be string, not int"),
        (None, "string", "must be string, not NoneType"),
        (b"x", "string", "must be string, not bytes"),
        (["a"], "string", "must be string, not list"),
        ("5", "integer", "must be integer, not str"),
        (True, "integer", "must be integer, not bool"),
        (5.0, "integer", "must be integer, not float"),
        ("5", "number", "must be number, not str"),
        (True, "number", "must be number, not bool"),
        (float("nan"), "number", "must be number, not float"),
        (float("inf"), "number", "must be number, not float"),
        (1, "boolean", "must be boolean, not int"),
        ("true", "boolean", "must be boolean, not str"),
        (dt.datetime(2026, 1, 1), "date-time", "datetime with a time zone, not a naive datetime"),
        (dt.date(2026, 1, 1), "date-time", "must be datetime with a time zone, not date"),
        ("2026-01-01T00:00:00Z", "date-time", "must be datetime with a time zone, not str"),
    ],
)
def test_values_of_another_type_are_refused(value: Any, kind: str, message: str) -> None:
    assert message in refused(value, kind)


def test_a_list_with_a_wrong_item_is_refused() -> None:
    assert refused(["a", 5], explode=True) == "must be a list of string, not int"
    assert refused({"a": 1}, explode=False) == "must be a list of string, not dict"


@pytest.mark.parametrize(
    ("value", "kind", "explode", "limits", "message"),
    [
        ("x", "string", None, {"enum": ("a", "b")}, "must be one of 'a', 'b', not 'x'"),
        (["a", "x"], "string", False, {"enum": ("a",)}, "must be one of 'a', not 'x'"),
        (0, "integer", None, {"minimum": 1}, "must be at least 1, not 0"),
        (1234568, "integer", None, {"maximum": 1234567}, "must be at most 1234567, not 1234568"),
        (0.4, "number", None, {"minimum": 0.5}, "must be at least 0.5, not 0.4"),
        ("", "string", None, {"min_length": 1}, "needs at least 1 characters"),
        ("カメラ", "string", None, {"max_length": 2}, "takes at most 2 characters, not 3"),
        ([], "string", True, {"min_items": 1}, "needs at least 1 items, not 0"),
        (["a"] * 3, "string", True, {"max_items": 2}, "takes at most 2 items, not 3"),
        ("ab", "string", None, {"pattern": "^[0-9]+$"}, "must match ^[0-9]+$"),
    ],
)
def test_limits(
    value: Any, kind: str, explode: bool | None, limits: dict[str, Any], message: str
) -> None:
    assert refused(value, kind, explode, **limits) == message


@pytest.mark.parametrize(
    ("value", "kind", "explode", "limits"),
    [
        ("a", "string", None, {"enum": ("a",)}),
        (1, "integer", None, {"minimum": 1, "maximum": 1}),
        ("カメラ", "string", None, {"min_length": 3, "max_length": 3}),
        (["a"], "string", True, {"min_items": 1, "max_items": 1}),
    ],
)
def test_values_at_their_limits_are_sent(
    value: Any, kind: str, explode: bool | None, limits: dict[str, Any]
) -> None:
    assert query(value, kind, explode, **limits)


ID = Parameter("thing_id", "thingId", "path", required=True)


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        ("plain-1", "plain-1"),
        ("a/b", "a%2Fb"),
        ("../x", "..%2Fx"),
        ("%2e%2e", "%252e%252e"),
        ("a?b#c", "a%3Fb%23c"),
        ("{thingId}", "%7BthingId%7D"),
        ("...", "..."),
        ("a\r\nb", "a%0D%0Ab"),
        ("日", "%E6%97%A5"),
    ],
)
def test_path_values_stay_in_their_segment(value: str, segment: str) -> None:
    parts = prepared(ID, value, route="GET /things/{thingId}/parts")
    assert parts.url == f"https://host.test/api/things/{segment}/parts"


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_path_values_that_would_leave_their_route_are_refused(value: str) -> None:
    with pytest.raises(InvalidRequestError, match="cannot be part of a path; give the id itself"):
        prepared(ID, value, route="GET /things/{thingId}")


@pytest.mark.parametrize("location", ["path", "query"])
def test_lone_surrogates_are_refused(location: Any) -> None:
    parameter = Parameter("thing_id", "thingId", location, required=True)
    with pytest.raises(InvalidRequestError, match="thing_id holds half a character"):
        prepared(parameter, "\ud800", route="GET /things/{thingId}")


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "\x00", "é"])
def test_header_parameters_carry_printable_ascii(value: str) -> None:
    parameter = Parameter("tag", "X-Tag", "header")
    with pytest.raises(InvalidRequestError, match="tag must be printable ASCII text"):
        prepared(parameter, value)
    assert prepared(parameter, "fine").extra_headers == {"X-Tag": "fine"}


def test_required_arguments() -> None:
    with pytest.raises(InvalidRequestError, match="thing_id is required"):
        prepared(ID, UNSET, route="GET /things/{thingId}")


def test_defaults_of_the_client(opened: OpenSession) -> None:
    one = opened("amnimo", reply({}))
    one.run(one.client.cameras.get_camera("c"))
    assert one.cloud.target == "/ex/partitions/sub/cameras/c"
    other = opened("amnimo", reply({}))
    other.run(other.client.cameras.get_camera("c", subscription_id="mine"))
    assert other.cloud.target == "/ex/partitions/mine/cameras/c"


def test_a_default_nobody_gave_is_asked_for(opened: OpenSession) -> None:
    one = opened("amnimo", subscription_id=None)
    with pytest.raises(ConfigurationError, match="subscription_id is needed; give it to the call"):
        one.run(one.client.cameras.get_camera("c"))
    assert one.cloud.requests == []


CALLS: list[Any] = [
    lambda c: c.manage_devices.get_device(".."),
    lambda c: c.manage_devices.get_device(5),
    lambda c: c.manage_devices.get_device(None),
    lambda c: c.manage_devices.get_devices(limit=0),
    lambda c: c.manage_devices.get_devices(limit="10"),
    lambda c: c.manage_devices.get_devices(scope="everything"),
    lambda c: c.manage_devices.get_devices(device_ids=["a", 1]),
    lambda c: c.manage_devices.update_device("d", inactivity_timeout=1),
    lambda c: c.manage_devices.get_device("d", extra_headers={"a": "b\r\nc: d"}),
]


@pytest.mark.parametrize("call", CALLS)
def test_bad_arguments_send_nothing(opened: OpenSession, call: Any) -> None:
    one = opened("aitrios")
    with pytest.raises(InvalidRequestError) as caught:
        one.run(call(one.client))
    assert caught.value.vendor == "aitrios"
    assert caught.value.operation.startswith("manage_devices.")
    assert isinstance(caught.value, ValueError)
    assert one.cloud.requests == []


def test_unexpected_keywords_name_the_operation(opened: OpenSession) -> None:
    one = opened("aitrios")
    with pytest.raises(
        TypeError, match=r"manage_devices.get_device\(\) got unexpected .*'tiemout'"
    ):
        one.run(one.client.manage_devices.get_device("d", tiemout=5))
    with pytest.raises(TypeError, match=r"manage_devices.get_devices\(\) got unexpected"):
        one.client.manage_devices.get_devices(limits=5)
    with pytest.raises(TypeError, match="unexpected arguments: timeuot"):
        opened("aitrios", timeuot=5)
    assert one.cloud.requests == []
