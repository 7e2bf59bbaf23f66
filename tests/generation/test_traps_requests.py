"""What a spec says about requests is what goes on the wire."""

from __future__ import annotations

import io
import math
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds.runtime import InvalidRequestError
from deviceclouds.runtime._fields import model_fields
from deviceclouds.runtime._files import Upload

from .trap_client import Trap, json_reply, run

UUID = "6c84fb90-12c4-11e1-840d-7b25c5ee775a"


def query_of(request: httpx2.Request) -> str:
    """Return the query as it stands in the URL."""
    return request.url.query.decode()


def parts_of(request: httpx2.Request) -> list[tuple[str, bytes]]:
    """Return (name, content) of each part of a multipart body, read by another library."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message: Any = message_from_bytes(head + request.content, policy=policy.HTTP)
    return [
        (str(part.get_param("name", header="content-disposition")), part.get_payload(decode=True))
        for part in message.iter_parts()
    ]


def test_list_is_joined_where_explode_is_false(trap: Trap) -> None:
    trap.client().values.query(kinds=["a", trap.models.Kind.B])
    assert query_of(trap.sent) == "kinds=a,b"


def test_list_is_repeated_where_explode_is_true(trap: Trap) -> None:
    trap.client().values.query(labels=["1", "2,3"])
    assert query_of(trap.sent) == "labels=1&labels=2%2C3"


@pytest.mark.parametrize("argument", ["kinds", "labels"])
def test_empty_list(trap: Trap, argument: str) -> None:
    trap.client().values.query(**{argument: []})
    assert query_of(trap.sent) == ""


def test_nothing_is_sent_that_was_not_given(trap: Trap) -> None:
    trap.client().values.query()
    assert str(trap.sent.url) == "https://trap.example/v1/query"
    assert not {"x-flag", "x-id", "content-type", "authorization"} & set(trap.sent.headers)
    assert trap.sent.content == b""


def test_values_of_a_query(trap: Trap) -> None:
    since = datetime(2026, 3, 1, 9, 15, tzinfo=UTC)
    trap.client().values.query(flag=False, limit=0, since=since, filtera_b="a b&c=d/日")
    assert query_of(trap.sent) == (
        "flag=false&limit=0&since=2026-03-01T09%3A15%3A00.000Z"
        "&%24filter%5Ba%20b%5D%26=a%20b%26c%3Dd%2F%E6%97%A5"
    )


def test_headers_are_text(trap: Trap) -> None:
    trap.client().values.query(x_flag=True, x_id=UUID)
    assert (trap.sent.headers["x-flag"], trap.sent.headers["x-id"]) == ("true", UUID)


def test_uuid_in_path(trap: Trap) -> None:
    assert trap.client().values.delete_thing(UUID, customer_id="c") is None
    assert trap.sent.method == "DELETE"
    assert trap.sent.url.raw_path == f"/v1/customers/c/things/{UUID}".encode()


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_path_value_that_would_call_another_operation(trap: Trap, value: str) -> None:
    client = trap.client()
    with pytest.raises(InvalidRequestError, match="class_"):
        client.names.odd_parameters(value)
    assert trap.requests == []


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        ("a/b", b"a%2Fb"),
        ("日本", b"%E6%97%A5%E6%9C%AC"),
        ("../x", b"..%2Fx"),
        ("%2e%2e", b"%252e%252e"),
        ("a?b#c d", b"a%3Fb%23c%20d"),
        ("{class}", b"%7Bclass%7D"),
        ("...", b"..."),
    ],
)
def test_path_value_stays_one_segment(trap: Trap, value: str, wire: bytes) -> None:
    trap.client().names.odd_parameters(value)
    assert trap.sent.url.raw_path == b"/v1/names/" + wire


def test_path_value_cannot_name_another_parameter(trap: Trap) -> None:
    trap.client().values.delete_thing("t", customer_id="{thing_id}")
    assert trap.sent.url.raw_path == b"/v1/customers/%7Bthing_id%7D/things/t"


def test_boundary_is_new_each_time(trap: Trap) -> None:
    client = trap.client()
    client.bodies_files.upload(file=b"x")
    client.bodies_files.upload(file=b"x")
    found = [re.search("boundary=(.+)", r.headers["content-type"]) for r in trap.requests]
    first, second = [match.group(1) for match in found if match]
    assert first != second
    assert min(len(first), len(second)) >= 16


@pytest.mark.parametrize("boundary", ["+++", "---", "boundary"])
def test_file_cannot_add_fields(trap: Trap, boundary: str) -> None:
    evil = f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\nx\r\n'.encode()
    trap.client().bodies_files.upload(file=evil)
    assert parts_of(trap.sent) == [("file", evil)]


def test_file_name_cannot_add_headers(trap: Trap) -> None:
    trap.client().bodies_files.upload(file=Upload(b"x", 'a"\r\nX-Evil: 1\r\n\r\nb'))
    assert b"\r\nX-Evil" not in trap.sent.content
    assert parts_of(trap.sent) == [("file", b"x")]


def test_fields_beside_a_file(trap: Trap) -> None:
    trap.client().bodies_files.upload(
        file=io.BytesIO(b"abc"),
        title="日本",
        flag=True,
        count=3,
        tags=["x", "y"],
        kind="a",
        circle=trap.models.Circle(radius=1.5),
    )
    parts = parts_of(trap.sent)
    assert parts == [
        ("file", b"abc"),
        ("title", "日本".encode()),
        ("flag", b"true"),
        ("count", b"3"),
        ("tags", b"x"),
        ("tags", b"y"),
        ("kind", b"a"),
        ("circle", b'{"shape": "circle", "radius": 1.5}'),
    ]


def test_async_upload_of_files(trap: Trap, tmp_path: Path) -> None:
    path = tmp_path / "日 本.bin"
    path.write_bytes(b"from disk")

    async def work() -> None:
        async with trap.async_client() as client:
            await client.bodies_files.upload(file=io.BytesIO(b"from memory"), flag=False)
            await client.bodies_files.upload(file=path)
            with path.open("rb") as opened:
                await client.bodies_files.upload(file=opened)
            await client.bodies_files.upload(body=trap.models.UploadFields(file=b"bytes"))

    run(work)
    assert [dict(parts_of(request)) for request in trap.requests] == [
        {"file": b"from memory", "flag": b"false"},
        {"file": b"from disk"},
        {"file": b"from disk"},
        {"file": b"bytes"},
    ]


def test_file_in_a_schema_called_upload(pristine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is that of a class of the runtime; the small spec has such a schema."""
    monkeypatch.syspath_prepend(pristine / "generated" / "base" / "src")
    model = import_module("deviceclouds._generated.base.models").Upload
    (file, _) = model_fields(model)
    assert file.type is Upload


def test_text_is_no_file(trap: Trap) -> None:
    with pytest.raises(InvalidRequestError, match="file"):
        trap.client().bodies_files.upload(file=io.StringIO("x"))


def test_form(trap: Trap) -> None:
    since = datetime(2026, 3, 1, tzinfo=UTC)
    values = {"flag": False, "password": "p&=日", "kind": "b", "since": since}
    trap.client().bodies_files.send_form(**values)
    assert trap.sent.headers["content-type"] == "application/x-www-form-urlencoded"
    assert trap.sent.content == (
        b"flag=false&password=p%26%3D%E6%97%A5&kind=b&since=2026-03-01T00%3A00%3A00.000Z"
    )


def test_free_form_body(trap: Trap) -> None:
    value = {"a": [1, None, {"b": "日"}], "since": datetime(2026, 3, 1, tzinfo=UTC)}
    got = trap.client(json_reply({"x": 1})).bodies_files.send_free(body=value)
    assert (
        trap.sent.content.decode() == '{"a":[1,null,{"b":"日"}],"since":"2026-03-01T00:00:00.000Z"}'
    )
    assert got == {"x": 1}


@pytest.mark.parametrize("value", [math.nan, {1, 2}, object()])
def test_body_that_is_no_json(trap: Trap, value: Any) -> None:
    client = trap.client()
    with pytest.raises(InvalidRequestError):
        client.bodies_files.send_free(body={"a": value})
    assert trap.requests == []


def test_optional_body_is_left_out_with_its_content_type(trap: Trap) -> None:
    trap.client().bodies_files.send_optional()
    assert trap.sent.content == b""
    assert "content-type" not in trap.sent.headers


def test_constant_of_a_flat_body_need_not_be_given(trap: Trap) -> None:
    trap.client().bodies_files.send_optional(radius=2)
    assert trap.sent.content == b'{"shape":"circle","radius":2}'


def test_union_of_bodies(trap: Trap) -> None:
    models = trap.models
    client = trap.client(json_reply({"shape": "circle"}), json_reply({"shape": "square"}))
    client.bodies_files.send_union(body=models.OrderOne(id="a", note=None))
    client.bodies_files.send_union(body=models.OrderMany(ids=["a", "b"]))
    bodies = [request.content for request in trap.requests]
    assert bodies == [b'{"id":"a","note":null}', b'{"ids":["a","b"]}']


def test_union_takes_no_other_body(trap: Trap) -> None:
    client = trap.client()
    with pytest.raises(InvalidRequestError, match="OrderOne or OrderMany"):
        client.bodies_files.send_union(body=trap.models.Circle())


def test_timeout_is_finite_by_default(trap: Trap) -> None:
    trap.client().values.query()
    times = trap.sent.extensions["timeout"]
    assert set(times) == {"connect", "read", "write", "pool"}
    assert all(0 < seconds < math.inf for seconds in times.values())


def test_options_of_a_call(trap: Trap) -> None:
    trap.client().values.query(timeout=3, extra_headers={"X-Own": "1"})
    assert set(trap.sent.extensions["timeout"].values()) == {3}
    assert trap.sent.headers["x-own"] == "1"


def test_unknown_argument(trap: Trap) -> None:
    client = trap.client()
    with pytest.raises(TypeError, match="limitt"):
        client.values.query(limitt=1)
