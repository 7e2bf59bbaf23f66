"""What single values of a reply become. Every test runs with the fast path on and off."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from deviceclouds.aitrios.models import UpdateDeviceRequest
from deviceclouds.amnimo.models import Media, PortOperation, Tenant
from deviceclouds.runtime import UNSET
from deviceclouds.runtime._decode import decode_model, decode_models

pytestmark = pytest.mark.usefixtures("path")

UTC = dt.UTC
JST = dt.timezone(dt.timedelta(hours=9))


def media(**fields: Any) -> Media:
    return decode_model(Media, json.dumps(fields).encode())


def test_absent_null_and_value_are_three_things() -> None:
    one = media(name=None, status="COMPLETED")
    assert one.id is UNSET
    assert one.name is None
    assert one.status == "COMPLETED"
    assert one.to_dict() == {"name": None, "status": "COMPLETED"}


def test_null_where_it_is_not_allowed_is_kept() -> None:
    assert decode_model(PortOperation, b'{"action":null}').action is None


def test_a_missing_required_field_is_unset() -> None:
    one: Any = decode_model(PortOperation, b'{"resetTimer":3}')
    assert (one.action, one.reset_timer) == (UNSET, 3)


@pytest.mark.parametrize("text", ["1.0", "1", "1e0", "10e-1"])
def test_a_whole_float_is_an_int(text: str) -> None:
    size = decode_model(Media, b'{"size":%s}' % text.encode()).size
    assert size == 1
    assert type(size) is int


def test_an_int_for_a_float_is_a_float() -> None:
    one = decode_model(UpdateDeviceRequest, b'{"inactivity_timeout":60}')
    assert type(one.inactivity_timeout) is float


@pytest.mark.parametrize("value", ["12", 1.5, True, [], {}])
def test_something_else_for_an_int_is_kept(value: Any) -> None:
    got = media(size=value).size
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize("value", [5, 1.5, False, ["a"], {"a": 1}])
def test_something_else_for_text_is_kept(value: Any) -> None:
    assert media(name=value).name == value


@pytest.mark.parametrize("value", [5, "x", ["a"], [{"id": 1}], True])
def test_something_else_for_an_object_is_kept(value: Any) -> None:
    one = media(meta=value, name="n")
    assert one.meta == value
    assert one.name == "n"
    assert one.to_dict() == {"meta": value, "name": "n"}


@pytest.mark.parametrize("value", [5, "x", {"accountId": "a"}])
def test_something_else_for_a_list_is_kept_or_read(value: Any) -> None:
    one = decode_model(Tenant, json.dumps({"childAccounts": value}).encode())
    assert one.to_dict() == {"childAccounts": value}


def test_odd_items_of_a_list_are_kept_between_the_others() -> None:
    raw = b'{"childAccounts":[null,{"accountId":"a"},7,[],{"x":1}]}'
    children: Any = decode_model(Tenant, raw).child_accounts
    assert [type(child).__name__ for child in children] == [
        "NoneType",
        "Tenant",
        "int",
        "list",
        "Tenant",
    ]
    assert children[1].account_id == "a"
    assert children[4].unknown_fields == {"x": 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-01-02T03:04:05Z", dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05.678Z", dt.datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)),
        ("2026-01-02t03:04:05z", dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05+0900", dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=JST)),
        ("2026-01-02T03:04:05+09:00", dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=JST)),
        ("2026-01-02T03:04:05", dt.datetime(2026, 1, 2, 3, 4, 5)),
        ("2026-01-02 03:04:05", dt.datetime(2026, 1, 2, 3, 4, 5)),
        ("20260102T030405Z", dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05.1234564Z", dt.datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)),
        ("2026-01-02T03:04:05.1234567Z", dt.datetime(2026, 1, 2, 3, 4, 5, 123457, tzinfo=UTC)),
        ("2026-01-02T03:04:05.9999999Z", dt.datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)),
        (" 2026-01-02T03:04:05Z ", dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("", ""),
        ("yesterday", "yesterday"),
        ("2026-02-30T00:00:00Z", "2026-02-30T00:00:00Z"),
        (1767322800, 1767322800),
        (1767322800.5, 1767322800.5),
    ],
)
def test_points_in_time(text: Any, value: Any) -> None:
    got = media(startTime=text).start_time
    assert got == value
    if isinstance(got, dt.datetime):
        assert got.utcoffset() == value.utcoffset()


@pytest.mark.parametrize(
    "text", ["2026-01-02T03:04:05+09:00", "2026-01-02T03:04:05", "", "yesterday"]
)
def test_points_in_time_survive_to_dict(text: str) -> None:
    assert media(startTime=text).to_dict() == {"startTime": text}


def test_utc_is_written_with_an_offset_by_to_dict() -> None:
    one = media(startTime="2026-01-02T03:04:05.500Z")
    assert one.to_dict() == {"startTime": "2026-01-02T03:04:05.500000+00:00"}
    assert Media.from_dict(one.to_dict()) == one


def test_nan_and_infinity_are_read() -> None:
    one: Any = decode_model(UpdateDeviceRequest, b'{"inactivity_timeout":NaN,"x":-Infinity}')
    assert one.inactivity_timeout != one.inactivity_timeout
    assert one.unknown_fields == {"x": float("-inf")}


def test_huge_numbers_are_read() -> None:
    digits = "9" * 400
    one: Any = decode_model(
        UpdateDeviceRequest, f'{{"inactivity_timeout":{digits},"n":{digits}}}'.encode()
    )
    assert one.inactivity_timeout == int(digits)
    assert one.unknown_fields == {"n": int(digits)}


def test_numbers_python_refuses_to_read_stay_text() -> None:
    digits = "9" * 5000
    one: Any = decode_model(Media, f'{{"size":{digits},"n":{digits},"a":1}}'.encode())
    assert one.size == digits
    assert one.unknown_fields == {"n": digits, "a": 1}
    unknown = decode_model(Media, f'{{"n":{digits}}}'.encode())
    assert unknown.unknown_fields == {"n": digits}


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b'\xef\xbb\xbf{"name":"bom"}', "bom"),
        (b'{"name":"a\xffb"}', "a\ufffdb"),
        (b'{"name":"\\ud800"}', "\ud800"),
        (b'{"name":"a\tb"}', "a\tb"),
        (b'{"n\\u0061me":"escaped"}', "escaped"),
        (b' \n{"name":"space"}\r\n', "space"),
        (b'{"name":"first","name":"last"}', "last"),
        ('{"name":"カメラ"}'.encode(), "カメラ"),
    ],
    ids=["bom", "bad-utf8", "lone-surrogate", "raw-tab", "escape", "space", "twice", "japanese"],
)
def test_odd_text_is_read(raw: bytes, name: str) -> None:
    assert decode_model(Media, raw).name == name


def test_of_a_nested_object_sent_twice_the_last_counts() -> None:
    raw = b'{"meta":{"user":{"id":"1","x":1}},"meta":{"user":{"y":2}}}'
    user: Any = decode_model(Media, raw).meta.user  # type: ignore[union-attr]
    assert user.id is UNSET
    assert user.unknown_fields == {"y": 2}


@pytest.mark.parametrize("raw", [b"", b" ", b"<html></html>", b'{"a":1', b'{"a":1}x', b"nul"])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"line 1|Expecting|Extra"):
        decode_model(Media, raw)


@pytest.mark.parametrize("raw", [b"[]", b'"text"', b"5", b"null", b"true", b'[{"id":"1"}]'])
def test_what_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(TypeError, match="a JSON object was expected, not"):
        decode_model(Media, raw)


@pytest.mark.parametrize("raw", [b"{}", b'"text"', b"5", b"null", b'{"items":[]}'])
def test_what_is_no_array_is_refused(raw: bytes) -> None:
    with pytest.raises(TypeError, match="a JSON array was expected, not"):
        decode_models(Media, raw)


def test_elements_of_an_array_that_are_no_objects_are_kept() -> None:
    items: list[Any] = [*decode_models(Media, b'[{"id":"1"},null,"x"]')]
    first, *others = items
    assert first.id == "1"
    assert others == [None, "x"]
