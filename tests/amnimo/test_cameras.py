"""Cameras by any number of ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import reply
from tests.vendor_sessions import OpenSession

IDS = [f"00000000-0000-4000-8000-{number:012x}" for number in range(25)]


def known(*missing: str) -> Any:
    """Answers with the cameras asked for, the last first, but for those that are missing."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        ids = request.url.params.get_list("cameraId")
        cameras = [{"id": one.lower(), "displayName": one} for one in reversed(ids)]
        return reply({"cameras": [camera for camera in cameras if camera["id"] not in missing]})

    return answer


def asked(requests: list[httpx2.Request]) -> Iterator[list[str]]:
    for request in requests:
        assert set(request.url.params) <= {"cameraId", "isUrl", "expiration"}
        yield request.url.params.get_list("cameraId")


def test_ten_in_a_call_in_order(opened: OpenSession) -> None:
    one = opened("amnimo", known())
    got = one.run(one.client.get_cameras(IDS))
    assert list(got.found) == IDS
    assert [camera.display_name for camera in got.found.values()] == IDS
    assert got.missing == []
    assert sorted(asked(one.cloud.requests)) == [IDS[:10], IDS[10:20], IDS[20:]]


@pytest.mark.parametrize(("number", "calls"), [(0, 0), (1, 1), (10, 1), (11, 2)])
def test_as_few_calls_as_possible(opened: OpenSession, number: int, calls: int) -> None:
    one = opened("amnimo", known())
    got = one.run(one.client.get_cameras(tuple(IDS[:number])))
    assert list(got.found) == IDS[:number]
    assert len(one.cloud.requests) == calls


def test_missing_ones_are_named(opened: OpenSession) -> None:
    one = opened("amnimo", known(IDS[3], IDS[17]))
    got = one.run(one.client.get_cameras(IDS))
    assert got.missing == [IDS[3], IDS[17]]
    assert list(got.found) == [each for each in IDS if each not in got.missing]


def test_ids_as_they_were_given(opened: OpenSession) -> None:
    ids = [IDS[10].upper(), IDS[1], IDS[1]]
    one = opened("amnimo", known())
    got = one.run(one.client.get_cameras(ids, is_url=False, expiration=5, subscription_id="other"))
    assert list(got.found) == ids[:2]
    assert dict(one.cloud.request.url.params) | {"cameraId": ""} == {
        "cameraId": "",
        "isUrl": "false",
        "expiration": "5",
    }
    assert "/partitions/other/" in str(one.cloud.request.url)


def test_cameras_nobody_asked_for(opened: OpenSession) -> None:
    page = {"cameras": [{"id": "x"}, {"id": IDS[0]}, {"displayName": "no id"}], "total": 900}
    one = opened("amnimo", reply(page))
    got = one.run(one.client.get_cameras(IDS[:2]))
    assert (list(got.found), got.missing) == ([IDS[0]], [IDS[1]])
    assert len(one.cloud.requests) == 1


def test_a_refused_call_is_an_error(opened: OpenSession) -> None:
    one = opened("amnimo", reply({"message": "no such camera"}, 404))
    with pytest.raises(rt.NotFoundError, match="no such camera"):
        one.run(one.client.get_cameras(IDS[:1]))


@pytest.mark.parametrize("ids", ["text", [""], [3], [None], IDS[0]])
def test_what_is_no_list_of_ids(opened: OpenSession, ids: Any) -> None:
    one = opened("amnimo")
    with pytest.raises(rt.InvalidRequestError, match="list of ids"):
        one.run(one.client.get_cameras(ids))
    assert one.cloud.requests == []
