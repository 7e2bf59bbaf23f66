"""What a live run says of a cloud that does not keep to its specification."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from deviceclouds.testing import load_spec
from deviceclouds.testing.contract.exchange import Exchange
from deviceclouds.testing.contract.live.planning import plan_live
from deviceclouds.testing.contract.paging import page_findings
from deviceclouds.testing.contract.results import OperationResult, Report

from .live_runs import Elsewhere, Runner, running


def as_vendor(runner: Runner) -> Report:
    """A run of the sandbox as if it were VizioSense's own cloud."""
    base = "https://api.viziosense.com/api/v1"
    there = Elsewhere(runner.wire, base, runner.sandbox.base_url("viziosense"))
    return runner.run(transport=there, base_url=base, client_options={"token": "demo"})


def only(runner: Runner, operation_id: str) -> OperationResult:
    report = runner.run(plan_live(runner.vendor, only=[operation_id]))
    return runner.result(report, operation_id)


def changing(
    path: str, change: Callable[[Any], Any]
) -> Callable[[httpx2.Request, Any], httpx2.Response]:
    """Changes the JSON of the replies on a path."""

    def apply(request: httpx2.Request, reply: Any) -> httpx2.Response:
        reply.read()
        if not request.url.path.endswith(path) or reply.status_code != 200:
            return reply  # type: ignore[no-any-return]
        return httpx2.Response(200, json=change(json.loads(reply.content)))

    return apply


def test_a_schema_that_differs_is_told_by_pointer(aitrios: Runner) -> None:
    def retype(body: Any) -> Any:
        for device in body["devices"]:
            device["device_id"] = 7
        return body

    aitrios.wire.change = changing("/devices", retype)
    result = only(aitrios, "GetDevices")
    assert result.outcome == "differs"
    places = [(f.kind, f.location) for f in result.findings]
    assert ("schema", "body/devices/0/device_id") in places
    # The same of each item and page is told once.
    assert len(places) == len(set(places)) == 1


def test_more_fields_are_notes(aitrios: Runner) -> None:
    aitrios.wire.change = changing("/devices", lambda body: {**body, "region": "planted"})
    result = only(aitrios, "GetDevices")
    assert result.outcome == "ok"
    assert [(f.kind, f.location) for f in result.findings] == [
        ("undocumented-field", "body/region")
    ]
    assert "planted" not in repr(result)


def test_calls_without_credentials_that_are_answered(aitrios: Runner) -> None:
    body = load_spec("aitrios").operation("GetDevices").success
    assert body is not None
    example = body.content["application/json"]["example"]

    def let_in(request: httpx2.Request, reply: Any) -> httpx2.Response:
        known = "authorization" in request.headers
        return reply if known else httpx2.Response(200, json=example)

    aitrios.wire.change = let_in
    result = only(aitrios, "GetDevices")
    assert [(f.kind, f.rule) for f in result.findings] == [("authentication", "not-refused")]
    assert result.outcome == "differs"


def test_replies_our_client_cannot_read(aitrios: Runner) -> None:
    aitrios.wire.change = lambda request, reply: httpx2.Response(
        200, headers={"content-type": "application/json"}, content=b"<html>"
    )
    result = only(aitrios, "GetDevices")
    assert {f.kind for f in result.findings} >= {"schema", "decoding"}


def test_pages_that_never_end(aitrios: Runner) -> None:
    pages: list[bytes] = []

    def again(request: httpx2.Request, reply: Any) -> httpx2.Response:
        if "authorization" not in request.headers:
            return reply  # type: ignore[no-any-return]
        pages.append(reply.read())
        return httpx2.Response(200, headers={"content-type": "application/json"}, content=pages[0])

    aitrios.sandbox.reset(size=0.3)
    aitrios.wire.change = again
    report = aitrios.run(plan_live("aitrios", only=["GetDevices"], pages=3))
    rules = {f.rule for f in aitrios.result(report, "GetDevices").findings}
    assert "repeated" in rules


def test_pages_larger_than_asked_for(aitrios: Runner) -> None:
    aitrios.wire.change = changing(
        "/devices", lambda body: {**body, "devices": (body["devices"] * 3)[:3]}
    )
    result = only(aitrios, "GetDevices")
    assert ("paging", "size") in {(f.kind, f.rule) for f in result.findings}


def test_a_list_that_is_gone(aitrios: Runner) -> None:
    aitrios.wire.change = lambda request, reply: (
        httpx2.Response(404, json={}) if request.url.path.endswith("/firmwares") else reply
    )
    report = aitrios.run()
    result = aitrios.result(report, "GetFirmwares")
    assert result.outcome == "differs"
    assert "not-found" in {f.rule for f in result.findings}
    assert aitrios.result(report, "GetFirmware").outcome == "skipped"


def test_an_item_of_a_list_that_is_not_there(aitrios: Runner) -> None:
    def gone(request: httpx2.Request, reply: Any) -> httpx2.Response:
        last = request.url.path.rpartition("/")[2]
        return httpx2.Response(404, json={}) if last.startswith("Aid-") else reply

    aitrios.wire.change = gone
    result = only(aitrios, "GetDevice")
    [finding] = [f for f in result.findings if f.rule == "not-found"]
    assert "what a list of the same cloud named" in finding.message


def test_a_valid_request_that_is_refused(aitrios: Runner) -> None:
    aitrios.wire.change = lambda request, reply: (
        httpx2.Response(400, json={}) if "limit" in str(request.url.query) else reply
    )
    result = only(aitrios, "GetDevices")
    assert "refused-as-invalid" in {f.rule for f in result.findings}


def test_an_invalid_request_that_is_refused_is_not_called_valid() -> None:
    with running("amnimo") as runner:
        report = runner.run(credentials={"subscription_id": "no uuid"})
    result = runner.result(report, "list_cameras")
    rules = [f.rule for f in result.findings if f.kind == "status"]
    assert any(f.location == "path.subscriptionId" for f in result.findings)
    assert "refused-as-invalid" not in rules


def test_a_guess_that_proves_wrong(viziosense: Runner) -> None:
    viziosense.wire.change = lambda request, reply: (
        httpx2.Response(405, json={}) if request.url.path.endswith("/webhooks") else reply
    )
    report = as_vendor(viziosense)
    result = viziosense.result(report, "list_webhooks")
    assert result.outcome == "differs"
    assert any("unverified, and this speaks against them" in f.message for f in result.findings)
    assert "list_webhooks" not in {p.operation_id for p in report.proposals}


def test_an_address_at_which_nothing_is_found(viziosense: Runner) -> None:
    report = viziosense.run(
        base_url="http://sandbox.test/viziosense/api", credentials={"token": "demo"}
    )
    assert {r.outcome for r in report.results} == {"differs", "skipped"}
    said = " ".join(f.message for r in report.results for f in r.findings)
    assert "404" in said
    assert "speaks against" not in said, "nothing was found, so nothing is known of a single path"
    assert (
        "every call was answered with 404, so the address itself may be wrong:"
        " its path is /viziosense/api, that of the specification's server /api/v1"
    ) in report.remarks
    assert "address itself" not in str(viziosense.run().remarks)


def test_an_id_that_is_not_there_says_nothing_of_the_path(viziosense: Runner) -> None:
    plan = plan_live(
        "viziosense",
        only=["request_image"],
        allow_writes=["request_image"],
        inputs={"request_image": {"parameters": {"device_uuid": "gone"}}},
    )
    report = viziosense.run(plan)
    result = viziosense.result(report, "request_image")
    assert result.statuses == (404,)
    assert any("which may not exist" in f.message for f in result.findings)
    assert not any("speaks against" in f.message for f in result.findings)
    assert "address itself" not in str(report.remarks)


def test_guesses_that_differ_are_not_proposed(viziosense: Runner) -> None:
    viziosense.wire.change = changing("/webhooks", lambda body: {"data": "text"})
    report = as_vendor(viziosense)
    assert viziosense.result(report, "list_webhooks").outcome == "differs"
    assert {p.operation_id for p in report.proposals} == {"list_devices", "get_device"}


def exchange(url: str, body: Any, sent: Any = None) -> Exchange:
    content = b"" if sent is None else json.dumps(sent).encode()
    return Exchange(
        "GET", f"https://x.example{url}", [], content, 200, [], json.dumps(body).encode()
    )


def rules(vendor: str, operation_id: str, exchanges: list[Exchange], pages: int = 2) -> list[str]:
    found = page_findings(load_spec(vendor), operation_id, exchanges, pages)
    assert all(finding.kind == "paging" for finding in found)
    return [finding.rule for finding in found]


def devices(*ids: str, **more: Any) -> dict[str, Any]:
    return {"devices": [{"device_id": name} for name in ids], "continuation_token": None, **more}


@pytest.mark.parametrize(
    ("bodies", "wanted"),
    [
        ([devices("a", "b"), devices("c")], []),
        ([devices()], []),
        ([devices("a", "b"), devices("b", "c")], ["repeated"]),
        ([devices("a", "b", "c")], ["size"]),
        ([{"devices": None}], ["items"]),
        ([{"items": []}], ["items"]),
        ([{"devices": [{"device_id": "a"}, {"device_id": "b"}]}], []),
        ([{"devices": [{"device_id": "a"}, {"device_id": "b"}], "next": "x"}], ["cursor-missing"]),
        ([{"devices": [{"device_id": "a"}], "next": "x"}], []),
    ],
)
def test_pages_by_cursor(bodies: list[Any], wanted: list[str]) -> None:
    pages = [exchange("/devices?limit=2", body) for body in bodies]
    assert rules("aitrios", "GetDevices", pages) == wanted


def test_the_documented_size_counts_where_none_was_asked_for() -> None:
    page = devices(*map(str, range(1001)))
    most = load_spec("aitrios").operation("GetDevices").extensions["x-pagination"]["max_size"]
    assert most < 1001
    assert rules("aitrios", "GetDevices", [exchange("/devices", page)]) == ["size"]


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("/gateways?next_token=2", []),
        (None, []),
        ("", []),
        ("/gateways?cursor=2", ["link"]),
        ("2", ["link"]),
    ],
)
def test_pages_by_link(link: str | None, wanted: list[str]) -> None:
    body = {"items": [{"id": "a"}], "links": {"next": link}}
    assert rules("proglove", "list_gateways", [exchange("/x/gateways?limit=2", body)]) == wanted


@pytest.mark.parametrize(
    ("summary", "pages", "wanted"),
    [
        ({"isLastPage": True}, 2, []),
        ({"isLastPage": False}, 2, ["last"]),
        ({"isLastPage": False}, 1, []),
    ],
)
def test_pages_by_number(summary: dict[str, Any], pages: int, wanted: list[str]) -> None:
    body = {"data": [{"id": "a"}], "summary": summary}
    page = exchange("/x?size=2", body)
    assert rules("amnimo", "list_external_devices", [page], pages) == wanted


@pytest.mark.parametrize(
    ("total", "pages", "wanted"),
    [(2, 2, []), (1, 2, ["total"]), (9, 2, ["total"]), (9, 1, []), ("2", 2, []), (None, 2, [])],
)
def test_totals(total: Any, pages: int, wanted: list[str]) -> None:
    body = {"total_image_count": total, "images": [{"id": "a"}, {"id": "b"}]}
    page = exchange("/x?number_of_images=2", body)
    assert rules("aitrios", "GetProjectImages", [page], pages) == wanted


def test_pages_asked_for_in_the_body() -> None:
    page = exchange("/x", [{"id": "a"}, {"id": "b"}, {"id": "c"}], {"pageSize": 2})
    assert rules("amnimo", "search_media", [page]) == ["size"]


def test_operations_without_pages_and_replies_that_are_none() -> None:
    assert rules("aitrios", "GetDevice", [exchange("/devices/1", {})]) == []
    assert rules("aitrios", "GetDevices", [Exchange("GET", "/", [], None, None)]) == []
    broken = Exchange("GET", "https://x/?limit=2", [], None, 200, [], b"{")
    assert rules("aitrios", "GetDevices", [broken]) == []
