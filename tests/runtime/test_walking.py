"""Walking lists to their end: every style of paging, sync and async, against servers that page as the vendors do."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.aitrios import Aitrios, AsyncAitrios
from deviceclouds.amnimo import Amnimo, AsyncAmnimo
from deviceclouds.amnimo.models import MediaSearch
from deviceclouds.proglove import AsyncProGlove, ProGlove
from deviceclouds.scailable import AsyncScailable, Scailable
from deviceclouds.viziosense import AsyncVizioSense, VizioSense

Reply = dict[str, Any] | list[Any]
CLASSES: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "aitrios": (Aitrios, AsyncAitrios, {"token": "t"}),
    "amnimo": (Amnimo, AsyncAmnimo, {"token": "t", "subscription_id": "s"}),
    "proglove": (
        ProGlove,
        AsyncProGlove,
        {"id_token": "t", "customer_id": "c", "base_url": "https://pg.test"},
    ),
    "scailable": (Scailable, AsyncScailable, {"token": "t"}),
    "viziosense": (VizioSense, AsyncVizioSense, {"token": "t"}),
}


class Cloud:
    """Answers requests with a function of their query and JSON body, and counts them."""

    def __init__(self, answer: Callable[[dict[str, Any]], Reply]) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        asked: dict[str, Any] = dict(request.url.params)
        if request.content:
            asked |= json.loads(request.content)
        self.asked.append(asked)
        return httpx2.Response(200, json=self.answer(asked))

    async def answer_async(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        return self(request)


@pytest.fixture(params=["sync", "async"])
def walk(request: pytest.FixtureRequest) -> Callable[..., list[Any]]:
    """Collects what a pager gives: ``walk(cloud, vendor, make_pager, method, **options)``."""

    def collect(
        cloud: Cloud, vendor: str, make: Callable[[Any], Any], method: str = "items", **options: Any
    ) -> list[Any]:
        sync, other, arguments = CLASSES[vendor]
        if request.param == "sync":
            with httpx2.Client(transport=httpx2.MockTransport(cloud)) as http:
                return list(getattr(make(sync(**arguments, http_client=http)), method)(**options))

        async def run() -> list[Any]:
            transport = httpx2.MockTransport(cloud.answer_async)
            async with httpx2.AsyncClient(transport=transport) as http:
                pager = make(other(**arguments, http_client=http))
                return [found async for found in getattr(pager, method)(**options)]

        return asyncio.run(run())

    return collect


Walker = Callable[..., list[Any]]


def devices(client: Any) -> Any:
    return client.manage_devices.get_devices(limit=3)


def cursor_pages(sizes: list[int]) -> Callable[[dict[str, Any]], Reply]:
    """AITRIOS: a page may be short, or even empty, and still not be the last."""

    def answer(asked: dict[str, Any]) -> Reply:
        page = int(asked.get("starting_after", 0))
        found = [{"device_id": f"{page}-{n}"} for n in range(sizes[page])]
        token = str(page + 1) if page + 1 < len(sizes) else None
        return {"devices": found, "continuation_token": token}

    return answer


@pytest.mark.parametrize("prefetch", [False, True])
def test_cursor(walk: Walker, prefetch: bool) -> None:
    cloud = Cloud(cursor_pages([3, 1, 0, 3]))
    found = walk(cloud, "aitrios", devices, prefetch=prefetch)
    assert [d.device_id for d in found] == ["0-0", "0-1", "0-2", "1-0", "3-0", "3-1", "3-2"]
    assert [asked.get("starting_after") for asked in cloud.asked] == [None, "1", "2", "3"]
    assert {asked["limit"] for asked in cloud.asked} == {"3"}


def test_an_empty_cursor_is_the_end(walk: Walker) -> None:
    cloud = Cloud(lambda asked: {"devices": [{"device_id": "a"}], "continuation_token": ""})
    assert len(walk(cloud, "aitrios", devices)) == 1


@pytest.mark.parametrize("prefetch", [False, True])
def test_a_repeated_cursor_is_an_error_after_its_page(walk: Walker, prefetch: bool) -> None:
    cloud = Cloud(lambda asked: {"devices": [{"device_id": "a"}], "continuation_token": "same"})
    with pytest.raises(rt.PaginationError, match="'same' for the second time") as caught:
        walk(cloud, "aitrios", devices, prefetch=prefetch)
    assert caught.value.operation == "manage_devices.get_devices"
    assert len(cloud.asked) == 2


def test_link_gives_its_token_and_never_a_host(walk: Walker) -> None:
    def answer(asked: dict[str, Any]) -> Reply:
        last = asked.get("next_token") == "b"
        link = None if last else "https://elsewhere.test/events?next_token=b&x=1"
        return {"items": [{"id": "e"}], "links": {"next": link}}

    cloud = Cloud(answer)
    assert len(walk(cloud, "proglove", lambda c: c.events.list_events())) == 2
    assert [asked.get("next_token") for asked in cloud.asked] == [None, "b"]


def test_a_parameter_that_switches_paging_off(walk: Walker) -> None:
    cloud = Cloud(lambda asked: {"items": [{}], "links": {"next": "/events?next_token=b"}})
    assert len(walk(cloud, "proglove", lambda c: c.events.list_events(gateway_id="g"))) == 1


def numbered(total: int, offset: int, size: int) -> list[dict[str, Any]]:
    return [{"id": str(n)} for n in range(offset, min(offset + size, total))]


def test_offset_with_a_total(walk: Walker) -> None:
    def answer(asked: dict[str, Any]) -> Reply:
        # The vendor gives less than asked for: what arrived counts.
        found = numbered(7, int(asked.get("skip", 0)), min(2, int(asked["number_of_images"])))
        return {"untagged_images": found, "total_image_count": 7}

    cloud = Cloud(answer)
    make = lambda c: c.train_model.get_project_untagged_images("p", number_of_images=3)  # noqa: E731
    assert [i.id for i in walk(cloud, "aitrios", make)] == [str(n) for n in range(7)]
    assert [asked.get("skip") for asked in cloud.asked] == [None, "2", "4", "6"]


def test_offset_of_a_bare_array_ends_with_an_empty_page(walk: Walker) -> None:
    cloud = Cloud(lambda asked: [{"UUID": "u"}] * (2 if int(asked.get("Offset", 0)) < 4 else 0))
    # The items are alike; they come from different offsets, but the bytes are the same.
    with pytest.raises(rt.PaginationError, match="the same page again"):
        walk(cloud, "scailable", lambda c: c.function.list_functions(limit=2))

    def answer(asked: dict[str, Any]) -> Reply:
        return [{"UUID": item["id"]} for item in numbered(5, int(asked.get("Offset", 0)), 2)]

    cloud = Cloud(answer)
    found = walk(cloud, "scailable", lambda c: c.function.list_functions(limit=2))
    assert [f.uuid for f in found] == ["0", "1", "2", "3", "4"]
    assert [asked.get("Offset") for asked in cloud.asked] == [None, "2", "4", "5"]


def test_page_number_with_a_total(walk: Walker) -> None:
    def answer(asked: dict[str, Any]) -> Reply:
        page = int(asked.get("page", 0))
        return {"total": 5, "page": page, "size": 2, "cameras": numbered(5, page * 2, 2)}

    cloud = Cloud(answer)
    assert len(walk(cloud, "amnimo", lambda c: c.cameras.list_cameras(size=2))) == 5
    assert [asked.get("page") for asked in cloud.asked] == [None, "1", "2"]


def test_page_number_with_a_last_flag(walk: Walker) -> None:
    def answer(asked: dict[str, Any]) -> Reply:
        page = int(asked.get("page", 0))
        return {"data": numbered(4, page * 2, 2), "summary": {"isLastPage": page == 1}}

    cloud = Cloud(answer)
    assert len(walk(cloud, "amnimo", lambda c: c.devices.list_external_devices(size=2))) == 4
    assert len(cloud.asked) == 2


def test_page_number_with_a_last_number(walk: Walker) -> None:
    def answer(asked: dict[str, Any]) -> Reply:
        page = int(asked.get("page", 1))
        return {"data": [{"uuid": str(page)}], "meta": {"current_page": page, "last_page": 3}}

    cloud = Cloud(answer)
    with pytest.warns(rt.UnverifiedOperationWarning, match="'page', which is a guess") as warned:
        found = walk(cloud, "viziosense", lambda c: c.devices.list_devices())
    assert [w.filename for w in warned] == [__file__]
    assert [d.uuid for d in found] == ["1", "2", "3"]
    assert [asked.get("page") for asked in cloud.asked] == [None, "2", "3"]


def test_a_page_parameter_the_cloud_ignores(walk: Walker) -> None:
    same = {"data": [{"uuid": "a"}], "meta": {"current_page": 1, "last_page": 2}}
    with (
        pytest.warns(rt.UnverifiedOperationWarning),
        pytest.raises(rt.PaginationError, match="seems to ignore page"),
    ):
        walk(Cloud(lambda asked: same), "viziosense", lambda c: c.devices.list_devices())


@pytest.mark.parametrize("whole", [False, True], ids=["fields", "body"])
def test_page_number_in_a_body(walk: Walker, whole: bool) -> None:
    def answer(asked: dict[str, Any]) -> Reply:
        return list(numbered(3, asked["pageNumber"] * 2, asked["pageSize"]))

    def make(client: Any) -> Any:
        if whole:
            return client.media.search_media(body=MediaSearch(page_number=0, page_size=2))
        return client.media.search_media(page_number=0, page_size=2)

    cloud = Cloud(answer)
    assert [m.id for m in walk(cloud, "amnimo", make)] == ["0", "1", "2"]
    assert [asked["pageNumber"] for asked in cloud.asked] == [0, 1, 2]


def test_a_limit_asks_for_no_page_beyond(walk: Walker) -> None:
    cloud = Cloud(cursor_pages([3, 3, 3]))
    assert len(walk(cloud, "aitrios", devices, limit_total=3)) == 3
    assert len(cloud.asked) == 1
    assert walk(cloud, "aitrios", devices, limit_total=0) == []
    assert len(cloud.asked) == 1
    with pytest.raises(rt.InvalidRequestError, match="limit_total must be 0 or more"):
        walk(cloud, "aitrios", devices, limit_total=-1)


def test_a_walk_can_be_resumed(walk: Walker) -> None:
    cloud = Cloud(cursor_pages([3, 2, 1]))
    pages = walk(cloud, "aitrios", devices, "pages")
    assert [len(page) for page in pages] == [3, 2, 1]
    assert pages[-1].resume_cursor is None
    rest = walk(cloud, "aitrios", devices, resume_from=pages[0].resume_cursor)
    assert [d.device_id for d in rest] == ["1-0", "1-1", "2-0"]


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"list":"x"}', "5"])
def test_what_is_no_cursor_is_refused(walk: Walker, text: str) -> None:
    with pytest.raises(rt.InvalidRequestError, match="resume_from is no cursor"):
        walk(Cloud(cursor_pages([1])), "aitrios", devices, resume_from=text)


def test_the_cursor_of_another_list_is_refused(walk: Walker) -> None:
    pages = walk(Cloud(cursor_pages([1, 1])), "aitrios", devices, "pages")
    cloud = Cloud(lambda asked: [])
    with pytest.raises(rt.InvalidRequestError, match="a cursor of another list"):
        walk(
            cloud,
            "scailable",
            lambda c: c.function.list_functions(),
            resume_from=pages[0].resume_cursor,
        )
    assert cloud.asked == []


def test_errors_of_later_pages_come_through(walk: Walker) -> None:
    def answer(asked: dict[str, Any]) -> Reply:
        if "starting_after" in asked:
            raise httpx2.ConnectError("gone")
        return {"devices": [{"device_id": "a"}], "continuation_token": "1"}

    for prefetch in (False, True):
        with pytest.raises(rt.ApiConnectionError):
            walk(
                Cloud(answer),
                "aitrios",
                lambda c: c.manage_devices.get_devices(retries=0),
                prefetch=prefetch,
            )


def test_prefetching_asks_while_the_page_is_worked_on() -> None:
    second = threading.Event()
    answer = cursor_pages([1, 1])

    def cloud(request: httpx2.Request) -> httpx2.Response:
        if "starting_after" in request.url.params:
            second.set()
        return httpx2.Response(200, json=answer(dict(request.url.params)))

    with httpx2.Client(transport=httpx2.MockTransport(cloud)) as http:
        pages = devices(Aitrios(token="t", http_client=http)).pages(prefetch=True)
        next(pages)
        assert second.wait(10)
        assert len(next(pages)) == 1
        pages.close()


def test_stopping_early_leaves_nothing_behind() -> None:
    cloud = Cloud(cursor_pages([1, 1, 1]))

    async def run() -> int:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(cloud.answer_async)) as http:
            pages = devices(AsyncAitrios(token="t", http_client=http)).pages(prefetch=True)
            async for _ in pages:
                break
            await pages.aclose()
            await asyncio.sleep(0)
            return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1


def test_a_pager_can_be_walked_again_and_shows_what_it_is() -> None:
    cloud = Cloud(cursor_pages([1, 1]))
    with httpx2.Client(transport=httpx2.MockTransport(cloud)) as http:
        pager = devices(Aitrios(token="t", http_client=http))
        assert len(list(pager)) == len(list(pager)) == 2
        assert repr(pager) == "<Pager of aitrios.manage_devices.get_devices>"
