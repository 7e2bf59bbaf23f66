"""Whatever a server answers is read, kept or told clearly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx2
import pytest
from deviceclouds.runtime import (
    UNSET,
    ApiStatusError,
    DecodeError,
    NotFoundError,
    ServerError,
)

from codegen.lint import SpecDocument

from .trap_client import Trap, json_reply, run
from .trees import TRAP

PAGE = b"<html><body>Bad gateway</body></html>"
SCHEMAS = SpecDocument.load(TRAP / "openapi.yaml").data["components"]["schemas"]
FIELDS = list(SCHEMAS["Everything"]["properties"])


def html(status: int) -> httpx2.Response:
    """Return a page of a proxy."""
    return httpx2.Response(status, content=PAGE, headers={"content-type": "text/html"})


def everything(trap: Trap, value: Any) -> Any:
    """Return what a client makes of this JSON."""
    return trap.client(json_reply(value)).replies.get_everything()


@pytest.mark.parametrize("status", [520, 499, 599, 600, 799])
def test_statuses_without_a_name(trap: Trap, status: int) -> None:
    with pytest.raises(ApiStatusError) as caught:
        trap.client(json_reply({}, status)).replies.get_everything()
    assert caught.value.status_code == status
    assert isinstance(caught.value, ServerError) == (500 <= status < 600)


def test_success_without_a_name(trap: Trap) -> None:
    assert trap.client(json_reply({"text": "a"}, 299)).replies.get_everything().text == "a"


@pytest.mark.parametrize("status", [301, 302, 304])
def test_redirect_is_an_error(trap: Trap, status: int) -> None:
    reply = httpx2.Response(status, headers={"location": "https://elsewhere.example/"})
    with pytest.raises(ApiStatusError):
        trap.client(reply).replies.get_everything()
    assert len(trap.requests) == 1


def test_page_of_a_proxy_with_a_success(trap: Trap) -> None:
    with pytest.raises(DecodeError, match="text/html") as caught:
        trap.client(html(200)).replies.get_everything()
    assert caught.value.content == PAGE


def test_page_of_a_proxy_with_an_error(trap: Trap) -> None:
    with pytest.raises(ServerError) as caught:
        trap.client(html(502)).replies.get_everything()
    assert (caught.value.content, caught.value.body) == (PAGE, None)


@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b"null", b"\xff\xfe", b'{"text": '])
def test_success_that_is_no_object(trap: Trap, body: bytes) -> None:
    with pytest.raises(DecodeError):
        trap.client(httpx2.Response(200, content=body)).replies.get_everything()


def test_undocumented_error(trap: Trap) -> None:
    with pytest.raises(ServerError) as caught:
        trap.client(json_reply({"code": "E1", "message": "no"}, 500)).replies.get_everything()
    assert (caught.value.code, caught.value.status_code) == ("E1", 500)


@pytest.mark.parametrize("body", [{"code": "E1", "message": "no"}, [], None, {"code": {}}])
def test_documented_error(trap: Trap, body: Any) -> None:
    with pytest.raises(NotFoundError) as caught:
        trap.client(json_reply(body, 404)).replies.get_everything()
    assert caught.value.body == body
    assert caught.value.operation == "replies.get_everything"


def test_unknown_enum_values_are_kept(trap: Trap) -> None:
    got = everything(trap, {"kind": "zz", "level": 99, "kinds": ["a", "zz"], "text": "x"})
    models = trap.models
    assert (got.kind, got.level, got.text) == ("zz", 99, "x")
    assert (type(got.kind), type(got.level)) == (models.Kind, models.Level)
    assert got.kinds == [models.Kind.A, "zz"]
    assert len(models.Kind) == 2
    assert got.to_dict() == {"kind": "zz", "level": 99, "kinds": ["a", "zz"], "text": "x"}


@pytest.mark.parametrize("wire", FIELDS)
def test_null_in_any_optional_field(trap: Trap, wire: str) -> None:
    got = everything(trap, {wire: None, "words": ["a"]} | {wire: None})
    assert getattr(got, wire) is None
    assert got.to_dict()[wire] is None


def test_absent_is_not_null(trap: Trap) -> None:
    got = everything(trap, {})
    assert all(getattr(got, name) is UNSET for name in FIELDS)
    assert got.to_dict() == {}


@pytest.mark.parametrize(
    "value",
    [
        {"whole": "12", "text": "x"},
        {"text": 5, "flag": "yes"},
        {"circle": "round", "text": "x"},
        {"words": "one", "kinds": [1, None, {}]},
        {"moment": "yesterday", "level": "high"},
        {"circles": [None, {"shape": "circle", "radius": "big"}], "table": [["x"], None]},
        {"map": {"a": 1, "b": None}, "circle_map": {"a": None}},
        {"moment": 12, "parent": {"parent": {"whole": "12"}}},
    ],
)
def test_values_that_do_not_fit_are_kept(trap: Trap, value: dict[str, Any]) -> None:
    assert everything(trap, value).to_dict() == value


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2026-03-01T08:15:00Z", timedelta(0)),
        ("2026-03-01T08:15:00.0000000+09:00", timedelta(hours=9)),
        ("2026-03-01T08:15:00+0900", timedelta(hours=9)),
        ("2026-03-01 08:15:00", None),
    ],
)
def test_points_in_time(trap: Trap, text: str, offset: timedelta | None) -> None:
    zone = None if offset is None else timezone(offset)
    wanted = datetime(2026, 3, 1, 8, 15, tzinfo=UTC if offset == timedelta(0) else zone)
    assert everything(trap, {"moment": text}).moment == wanted


def test_nested_models(trap: Trap) -> None:
    value = {
        "circle": {"shape": "circle", "radius": 2, "new": 1},
        "shape": {"shape": "square", "side": 1.5},
        "parent": {"text": "p", "parent": None},
        "circle_map": {"x": {"shape": "circle"}},
    }
    got, models = everything(trap, value), trap.models
    assert type(got.circle) is models.Circle
    assert got.circle.unknown_fields == {"new": 1}
    assert type(got.shape) is models.Square
    assert (type(got.parent), got.parent.text) == (models.Everything, "p")
    assert type(got.circle_map["x"]) is models.Circle
    assert got.to_dict() == value


def test_reply_cannot_set_bookkeeping(trap: Trap) -> None:
    value = {"_raw": "x", "_path": "y", "_unknown": "z", "__class__": "w", "__dict__": {}}
    got = everything(trap, value)
    assert dict(got.unknown_fields) == value
    assert type(got) is trap.models.Everything


def test_union_is_told_by_its_constant(trap: Trap) -> None:
    value = [
        {"shape": "square", "radius": 1},
        {"shape": "circle", "side": 1},
        {"shape": "hexagon", "size": 3},
        {"radius": 1},
    ]
    got = trap.client(json_reply({"shapes": value})).replies.get_shapes().shapes
    assert [type(item) for item in got[:2]] == [trap.models.Square, trap.models.Circle]
    assert got[2:] == value[2:]


def test_union_as_a_whole_reply(trap: Trap) -> None:
    client = trap.client(json_reply({"shape": "square", "side": 2}), json_reply({"shape": "new"}))
    order = trap.models.OrderOne(id="a")
    assert type(client.bodies_files.send_union(body=order)) is trap.models.Square
    assert client.bodies_files.send_union(body=order) == {"shape": "new"}


def test_models_in_maps_and_rows(trap: Trap) -> None:
    value = {"things": {"x": {"name": "a", "new": 1}}, "rows": [[{"name": "b", "new": 2}], []]}
    got, thing = trap.client(json_reply(value)).replies.get_things(), trap.models.Thing
    assert [type(got.things["x"]), type(got.rows[0][0])] == [thing, thing]
    assert (got.things["x"].unknown_fields, got.rows[0][0].unknown_fields) == (
        {"new": 1},
        {"new": 2},
    )
    assert got.to_dict() == value


def test_list_of_words(trap: Trap) -> None:
    assert trap.client(json_reply(["a", "b"])).replies.get_words() == ["a", "b"]


def test_text(trap: Trap) -> None:
    assert trap.client(httpx2.Response(200, text="日本\n")).replies.get_text() == "日本\n"


def test_bytes(trap: Trap) -> None:
    reply = httpx2.Response(200, content=b"\x89PNG\x00", headers={"content-type": "image/png"})
    assert trap.client(reply).replies.get_picture() == b"\x89PNG\x00"


def test_json_type_of_its_own(trap: Trap) -> None:
    headers = {"content-type": "application/vnd.trap+json"}
    reply = httpx2.Response(200, content=b'{"shape": "circle", "radius": 1}', headers=headers)
    assert trap.client(reply).replies.get_suffixed().radius == 1


def test_nothing(trap: Trap) -> None:
    assert trap.client(httpx2.Response(204)).values.query() is None


def test_async_is_read_alike(trap: Trap) -> None:
    async def work() -> Any:
        async with trap.async_client(json_reply({"kind": "zz"}), html(200)) as client:
            got = await client.replies.get_everything()
            with pytest.raises(DecodeError):
                await client.replies.get_everything()
            return got.kind

    assert run(work) == "zz"


def test_raw_reply(trap: Trap) -> None:
    raw = trap.client(json_reply({"text": "x"}, 203)).with_raw_response.replies.get_everything()
    assert (raw.status_code, raw.parsed.text, raw.content) == (203, "x", b'{"text":"x"}')
