"""First pages of every style: items, cursor and total, from bodies as they should be and as they are."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.aitrios.models import DeviceSummary

from .conftest import OpenSession
from .support import reply

CALLS: dict[str, tuple[str, Any]] = {
    "cursor": ("aitrios", lambda c: c.manage_devices.get_devices()),
    "offset": ("aitrios", lambda c: c.train_model.get_project_images("p")),
    "offset, bare": ("scailable", lambda c: c.function.list_functions()),
    "link": ("proglove", lambda c: c.events.list_events()),
    "page": ("amnimo", lambda c: c.cameras.list_cameras()),
    "page, bare": ("amnimo", lambda c: c.media.search_media(page_number=0, page_size=5)),
    "page, last": ("viziosense", lambda c: c.devices.list_devices()),
}


def page(opened: OpenSession, style: str, body: Any) -> rt.Page[Any]:
    vendor, call = CALLS[style]
    one = opened(vendor, reply(body, x_request_id="r-1"))
    got: rt.Page[Any] = one.run(call(one.client).first_page())
    return got


def test_making_a_pager_sends_nothing(opened: OpenSession, kind: str) -> None:
    one = opened("aitrios")
    pager = one.client.manage_devices.get_devices()
    assert type(pager) is (rt.Pager if kind == "sync" else rt.AsyncPager)
    assert one.cloud.requests == []


def test_a_pager_can_be_asked_again(opened: OpenSession) -> None:
    one = opened("aitrios", reply({"devices": []}))
    pager = one.client.manage_devices.get_devices(limit=2)
    one.run(pager.first_page())
    one.run(pager.first_page())
    assert [r.url.query for r in one.cloud.requests] == [b"limit=2", b"limit=2"]


def test_a_cursor(opened: OpenSession) -> None:
    body = {"devices": [{"device_id": "a", "x": 1}, {"device_id": "b"}], "continuation_token": "t"}
    got = page(opened, "cursor", body)
    assert [type(item) for item in got.items] == [DeviceSummary] * 2
    assert got.items[0].unknown_fields == {"x": 1}
    assert (got.next_cursor, got.total, len(got)) == ("t", None, 2)
    assert (got.raw.status_code, got.raw.request_id) == (200, "r-1")
    assert repr(got) == "<Page of 2 items, more follow>"


@pytest.mark.parametrize("token", [None, "", "absent"])
def test_the_last_cursor(opened: OpenSession, token: Any) -> None:
    body = {"devices": []} if token == "absent" else {"devices": [], "continuation_token": token}
    got = page(opened, "cursor", body)
    assert got.next_cursor is None
    assert repr(got) == "<Page of 0 items>"


def test_a_cursor_that_is_a_number_is_text(opened: OpenSession) -> None:
    body = {"devices": [], "continuation_token": 0}
    assert page(opened, "cursor", body).next_cursor == "0"


@pytest.mark.parametrize("token", [{"a": 1}, ["a"], True, 1.5])
def test_a_cursor_that_is_nothing_to_send_is_refused(opened: OpenSession, token: Any) -> None:
    with pytest.raises(rt.DecodeError, match="the cursor of the next page is no text"):
        page(opened, "cursor", {"devices": [], "continuation_token": token})


@pytest.mark.parametrize(
    ("link", "token"),
    [
        ("https://pg.test/cust/events?limit=5&next_token=abc%2F1%3D", "abc/1="),
        ("/cust/events?next_token=abc", "abc"),
        ("?next_token=abc&next_token=def", "abc"),
        ("https://elsewhere.test/steal?next_token=abc", "abc"),
        ("//elsewhere.test/?next_token=abc#f", "abc"),
        ("file:///etc/passwd?next_token=abc", "abc"),
        ("https://pg.test/cust/events", None),
        ("https://pg.test/cust/events?next_token=", None),
        ("https://pg.test/cust/events?token=abc", None),
        ("abc", None),
        ("", None),
        (None, None),
    ],
)
def test_a_link_gives_its_token_and_nothing_else(
    opened: OpenSession, link: Any, token: str | None
) -> None:
    body = {"items": [{"id": "e"}], "links": {"next": link}, "metadata": {"size": 1}}
    got = page(opened, "link", body)
    assert got.next_cursor == token
    assert len(got) == 1


@pytest.mark.parametrize("links", [None, [], "x", {}, {"self": "x"}])
def test_odd_links_are_no_next_page(opened: OpenSession, links: Any) -> None:
    assert page(opened, "link", {"items": [], "links": links}).next_cursor is None


def test_a_link_that_is_no_address_is_refused(opened: OpenSession) -> None:
    with pytest.raises(rt.DecodeError, match="cannot be read"):
        page(opened, "link", {"items": [], "links": {"next": "https://[?next_token=a"}})


def test_counted_pages(opened: OpenSession) -> None:
    got = page(opened, "page", {"cameras": [{"id": "a"}], "total": 7})
    assert ([item.id for item in got.items], got.next_cursor, got.total) == (["a"], None, 7)


@pytest.mark.parametrize("total", [None, "7", True, 7.5, [], "absent"])
def test_a_total_that_is_no_number(opened: OpenSession, total: Any) -> None:
    body = {"cameras": []} if total == "absent" else {"cameras": [], "total": total}
    assert page(opened, "page", body).total is None


def test_numbered_pages(opened: OpenSession) -> None:
    body = {"data": [{"uuid": "a"}, {"uuid": "b"}], "meta": {"current_page": 1, "last_page": 3}}
    assert len(page(opened, "page, last", body)) == 2


@pytest.mark.parametrize("style", ["offset, bare", "page, bare"])
def test_bare_arrays(opened: OpenSession, style: str) -> None:
    got = page(opened, style, [{"id": "a", "Id": "a", "x": 1}, {}])
    assert len(got) == 2
    assert got.items[0].unknown_fields["x"] == 1
    assert page(opened, style, []).items == []
    odd: list[Any] = [{}, {"items": []}, None, "x"]
    for body in odd:
        with pytest.raises(rt.DecodeError, match=r"a JSON (array|object) was expected"):
            page(opened, style, body)


ENVELOPES = ["cursor", "offset", "link", "page", "page, last"]


def items_key(style: str) -> str:
    return {"cursor": "devices", "offset": "images", "link": "items", "page": "cameras"}.get(
        style, "data"
    )


@pytest.mark.parametrize("style", ENVELOPES)
def test_a_list_that_is_null_is_empty(opened: OpenSession, style: str) -> None:
    assert page(opened, style, {items_key(style): None}).items == []


@pytest.mark.parametrize("style", ENVELOPES)
def test_a_reply_without_its_list_is_refused(opened: OpenSession, style: str) -> None:
    with pytest.raises(rt.DecodeError, match="there is no list at /"):
        page(opened, style, {"error": "told with status 200"})


@pytest.mark.parametrize("style", ENVELOPES)
def test_elements_that_are_no_objects_are_kept_as_sent(opened: OpenSession, style: str) -> None:
    first, *others = page(opened, style, {items_key(style): [{}, None, "x", [1]]}).items
    assert isinstance(first, rt.Model)
    assert others == [None, "x", [1]]


@pytest.mark.parametrize("style", ENVELOPES)
@pytest.mark.parametrize("items", [{}, "x", 5])
def test_a_list_that_is_none_is_refused(opened: OpenSession, style: str, items: Any) -> None:
    with pytest.raises(rt.DecodeError) as caught:
        page(opened, style, {items_key(style): items})
    assert "no list at /" in str(caught.value)


@pytest.mark.parametrize("style", ENVELOPES)
@pytest.mark.parametrize("body", [[], None, "x", b"<html>", b"", b'{"devices":['])
def test_what_is_no_page_is_refused(opened: OpenSession, style: str, body: Any) -> None:
    with pytest.raises(rt.DecodeError) as caught:
        page(opened, style, body)
    assert caught.value.request_id == "r-1"


def test_one_odd_item_does_not_spoil_the_page(opened: OpenSession) -> None:
    body = {"devices": [{"device_id": 5}, {"device_id": "b", "place": None}]}
    assert [item.device_id for item in page(opened, "cursor", body).items] == [5, "b"]


def test_raw_replies_of_lists(opened: OpenSession) -> None:
    content = b'{"devices":[{"device_id":"a"}],"continuation_token":"t"}'
    one = opened("aitrios", reply(content, 206, x_request_id="r-2"))
    raw = one.run(one.client.with_raw_response.manage_devices.get_devices())
    assert (raw.status_code, raw.request_id, raw.content) == (206, "r-2", content)
    assert raw.headers["Content-Type"] == "application/json"
    assert (raw.parsed.items[0].device_id, raw.parsed.next_cursor) == ("a", "t")
    assert repr(raw) == f"<RawResponse 206, {len(content)} bytes>"


def test_raw_replies_of_single_objects(opened: OpenSession) -> None:
    one = opened("amnimo", reply({"id": "c"}), httpx2.Response(204))
    raw = one.run(one.client.with_raw_response.cameras.get_camera("c"))
    assert (raw.parsed.id, raw.content) == ("c", b'{"id": "c"}')
    assert one.run(one.client.with_raw_response.media.delete_media("m")).parsed is None
