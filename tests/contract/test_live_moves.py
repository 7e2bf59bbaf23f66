"""Live runs that try an operation at another path: what is sent, what it proves, and what is refused before."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from deviceclouds.testing import Sandbox, Spec, load_spec
from deviceclouds.testing.contract.live.guard import Guard, NotPlannedError
from deviceclouds.testing.contract.live.planning import plan_live
from deviceclouds.testing.contract.live.run import run_live
from deviceclouds.testing.contract.results import EXIT_INPUT, ContractRunError, Report
from deviceclouds.testing.contract.specs import spec_sha256

from .live_runs import Elsewhere, Runner, running

BASE = "https://api.viziosense.com/api/v1"
DEVICE = "5f1c2b7e-8f5d-4f43-9a53-0d4c1b2f7a10"
UPDATE = {"update_device": {"parameters": {"device_uuid": DEVICE}, "body": {"name": "Door"}}}
PATCHED = {"devices.update_device": "PATCH /devices/{device_uuid}"}


class Moved(httpx2.BaseTransport):
    """A cloud that has an operation elsewhere: what comes there goes on to its old place, which is gone."""

    def __init__(self, inner: httpx2.BaseTransport, there: str, here: str) -> None:
        self.inner = inner
        self.there = there.split(" ")
        self.here = here.split(" ")

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        method, end = self.there
        if request.method == method and request.url.path.endswith(end):
            path = request.url.path.removesuffix(end) + self.here[1]
            url = request.url.copy_with(path=path)
            headers, content = request.headers, request.content
            request = httpx2.Request(self.here[0], url, headers=headers, content=content)
        elif request.method == self.here[0] and request.url.path.endswith(self.here[1]):
            return httpx2.Response(404, json={"message": "no route"})
        return self.inner.handle_request(request)


@pytest.fixture
def runner() -> Iterator[Runner]:
    with running("viziosense") as made:
        yield made


def as_vendor(runner: Runner, there: str, here: str, **choices: Any) -> Report:
    """A run of a cloud at VizioSense's own address that has one operation elsewhere."""
    cloud = Moved(runner.bridge, there, here)
    runner.wire.inner = Elsewhere(cloud, BASE, runner.sandbox.base_url("viziosense"))
    options: dict[str, Any] = {"base_url": BASE, "client_options": {"token": "demo"}}
    return runner.run(plan_live("viziosense", **choices), **options)


def test_the_other_method_answers(runner: Runner) -> None:
    report = as_vendor(
        runner,
        f"PATCH /devices/{DEVICE}",
        f"PUT /devices/{DEVICE}",
        paths=PATCHED,
        allow_writes=["update_device"],
        inputs=UPDATE,
    )
    result = runner.result(report, "update_device")
    assert (result.outcome, result.statuses, result.findings) == ("ok", (200,), ())
    sent = [(r.method, r.url.path) for r in runner.wire.requests if r.method != "GET"]
    assert sent == [("PATCH", f"/api/v1/devices/{DEVICE}")]
    [proposal] = [p for p in report.proposals if p.operation_id == "update_device"]
    assert proposal.yaml.startswith(
        "# Put the operation at PATCH /devices/{device_uuid}; it was at PUT /devices/{device_uuid}.\n"
        "x-evidence:\n  status: corroborated\n"
    )
    assert (
        "update_device answered as the specification says, but at PATCH /devices/{device_uuid}: its place there,"
        " PUT /devices/{device_uuid}, which this run did not try, should be changed to it"
    ) in report.remarks
    assert report.exit_code == 0
    assert report.spec_sha256 == spec_sha256(load_spec("viziosense"))
    assert [r.operation_id for r in report.results] == list(load_spec("viziosense").operations)


def test_without_the_other_method_it_does_not(runner: Runner) -> None:
    report = as_vendor(
        runner,
        f"PATCH /devices/{DEVICE}",
        f"PUT /devices/{DEVICE}",
        allow_writes=["update_device"],
        inputs=UPDATE,
    )
    assert runner.result(report, "update_device").outcome == "differs"


@pytest.mark.parametrize("status", [404, 405, 301])
def test_a_path_that_leads_nowhere_is_not_held_against_the_specification(
    status: int, runner: Runner
) -> None:
    runner.wire.change = lambda request, reply: (
        httpx2.Response(status, json={"oops": 1}) if request.url.path.endswith("/hooks") else reply
    )
    report = runner.run(plan_live("viziosense", paths={"list_webhooks": "/hooks"}))
    [finding] = runner.result(report, "list_webhooks").findings
    assert finding.message == (
        f"answers {status} at GET /hooks, the path that was given: this speaks against that path;"
        " GET /webhooks of the specification was not tried"
    )
    assert "unverified, and this" not in repr(report)
    assert "list_webhooks" not in {p.operation_id for p in report.proposals}


def test_nothing_is_concluded_where_nothing_else_was_found(runner: Runner) -> None:
    plan = plan_live("viziosense", only=["list_webhooks"], paths={"list_webhooks": "/hooks"})
    report = runner.run(plan)
    [finding] = runner.result(report, "list_webhooks").findings
    assert "speaks against" not in finding.message
    assert "address itself" not in str(report.remarks)


def test_another_server_is_only_told(runner: Runner) -> None:
    runner.wire.inner = Moved(runner.bridge, "GET /hooks", "GET /webhooks")
    report = runner.run(plan_live("viziosense", paths={"list_webhooks": "GET /hooks"}))
    assert runner.result(report, "list_webhooks").outcome == "ok"
    assert report.proposals == ()
    said = "list_webhooks answered as the specification says, but at GET /hooks, the path that was given"
    assert said in report.remarks
    assert "should be changed" not in str(report.remarks)


def test_replies_at_the_other_path_are_judged(runner: Runner) -> None:
    runner.wire.inner = Moved(runner.bridge, "GET /hooks", "GET /webhooks")
    runner.wire.change = lambda request, reply: (
        httpx2.Response(200, json={"data": "text"})
        if request.url.path.endswith("/hooks")
        else reply
    )
    report = runner.run(plan_live("viziosense", paths={"list_webhooks": "GET /hooks"}))
    assert "body/data" in {f.location for f in runner.result(report, "list_webhooks").findings}
    assert "answered as the specification says" not in str(report.remarks)


def test_the_plan_shows_where_it_goes() -> None:
    plan = plan_live("viziosense", paths=PATCHED, allow_writes=["update_device"], inputs=UPDATE)
    [line] = [line for line in plan.as_lines() if "update_device" in line]
    assert line == (
        "   1  PATCH /devices/{device_uuid}  devices.update_device; WRITES; at a path that was given; the"
        " specification has PUT /devices/{device_uuid}; with device_uuid"
    )
    assert ", 1 operation may change something" in plan.as_lines()[0]
    assert load_spec("viziosense").operation("update_device").method == "PUT"
    assert plan_live("viziosense").moves == {}


def test_the_guard_admits_exactly_that() -> None:
    plan = plan_live("viziosense", paths=PATCHED, allow_writes=["update_device"], inputs=UPDATE)
    guard = Guard(plan, BASE, [])
    guard.open(plan.steps[-1])
    for method in ("PUT", "POST", "DELETE", "GET"):
        with pytest.raises(NotPlannedError):
            guard.admit(method, f"{BASE}/devices/{DEVICE}")
    assert guard.admit("PATCH", f"{BASE}/devices/{DEVICE}") == "call"
    with pytest.raises(NotPlannedError):
        guard.admit("PATCH", f"{BASE}/devices/{DEVICE}/x")


def test_lists_at_other_paths_still_name_ids(runner: Runner) -> None:
    runner.wire.inner = Moved(runner.bridge, "GET /fleet/all", "GET /devices")
    report = runner.run(plan_live("viziosense", paths={"list_devices": "/fleet/all"}, pages=1))
    assert runner.result(report, "list_devices").outcome == "ok"
    assert runner.result(report, "get_device").outcome == "ok"
    probes = [r for r in runner.wire.requests if "authorization" not in r.headers]
    assert [r.url.path.rpartition("/")[2] for r in probes] == ["webhooks"]


def test_an_item_inside_a_segment(runner: Runner) -> None:
    first = f"GET /devices/of-{DEVICE}"
    runner.wire.inner = Moved(runner.bridge, first, f"GET /devices/{DEVICE}")
    report = runner.run(
        plan_live("viziosense", paths={"get_device": "GET /devices/of-{device_uuid}"})
    )
    assert runner.result(report, "get_device").outcome == "ok"


def test_a_query_parameter_may_move_into_the_path() -> None:
    operation = load_spec("viziosense").operation("update_webhook")
    [name] = [p.name for p in operation.parameters if p.location == "query"]
    plan = plan_live(
        "viziosense",
        paths={"update_webhook": f"PUT /webhooks/{{{name}}}"},
        allow_writes=["update_webhook"],
        inputs={"update_webhook": {"parameters": {name: 7}, "body": _example("update_webhook")}},
    )
    moved = plan.spec.operation("update_webhook")
    assert [(p.name, p.location) for p in moved.parameters] == [(name, "path")]
    with running("viziosense") as runner:
        report = runner.run(plan)
    result = runner.result(report, "update_webhook")
    assert [f.rule for f in result.findings] == ["not-found"]
    assert runner.paths()[-1] == "PUT /webhooks/7"
    assert runner.wire.requests[-1].url.query == b""


def _example(operation_id: str) -> Any:
    body = load_spec("viziosense").operation(operation_id).body
    assert body is not None
    return body.raw["example"]


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        ({"nothing": "/x"}, "viziosense has no operation 'nothing'"),
        ({"list_webhooks": "hooks"}, "is not usable; write '/path' or 'METHOD /path'"),
        ({"list_webhooks": "FETCH /hooks"}, "is not usable"),
        ({"list_webhooks": "/hooks?a=b"}, "is not usable"),
        ({"list_webhooks": "//elsewhere.example/x"}, "is not usable"),
        ({"list_webhooks": "/../x"}, "is not usable"),
        ({"list_webhooks": 7}, "is not usable"),
        ({"list_webhooks": "/%2e%2E/x"}, "would not travel as it is written"),
        ({"list_webhooks": "/wébhooks"}, "would not travel as it is written"),
        ({"list_webhooks": "/{x"}, "would not travel as it is written"),
        ({"list_webhooks": "GET /webhooks"}, "list_webhooks has GET /webhooks already"),
        ({"list_webhooks": "/devices"}, "GET /devices is that of list_devices"),
        ({"get_device": "/devices"}, "lacks {device_uuid}"),
        ({"get_device": "/devices/{id}/{device_uuid}"}, "names id; the operation has device_uuid"),
        ({"login": "/sign-in"}, "login is a sign-in"),
        ({"list_webhooks": "/a", "webhooks.list_webhooks": "/b"}, "is given two other paths"),
        (PATCHED, "not marked x-read-only in the specification); allow it as a write"),
        ({"update_device": "GET /devices/{device_uuid}/x"}, "allow it as a write"),
        ({"list_webhooks": "POST /webhooks/all"}, "POST does not tell that it only reads"),
        ([], "paths is a mapping"),
    ],
)
def test_paths_that_cannot_be_tried(paths: Any, said: str) -> None:
    with pytest.raises(ContractRunError) as caught:
        plan_live("viziosense", paths=paths)
    assert said in str(caught.value)
    assert caught.value.exit_code == EXIT_INPUT
    assert caught.value.__context__ is None


def test_reads_sent_with_other_methods_are_writes() -> None:
    plan = plan_live(
        "viziosense",
        paths={"list_webhooks": "POST /webhooks/all"},
        allow_writes=["list_webhooks"],
    )
    [step] = [step for step in plan.steps if step.operation_id == "list_webhooks"]
    assert (step.method, step.writes) == ("POST", True)
    given = {"search_media": "/partitions/{subscriptionId}/media/find"}
    with pytest.raises(ContractRunError, match="POST does not tell"):
        plan_live("amnimo", paths=given)
    head = plan_live("viziosense", paths={"list_webhooks": "HEAD /webhooks"})
    assert not any(step.writes for step in head.steps)


def test_two_operations_may_swap_their_places() -> None:
    plan = plan_live("viziosense", paths={"list_webhooks": "/devices", "list_devices": "/webhooks"})
    places = {step.operation_id: step.path for step in plan.steps}
    assert (places["list_webhooks"], places["list_devices"]) == ("/devices", "/webhooks")


def test_what_is_not_called_cannot_have_another_path() -> None:
    with pytest.raises(ContractRunError, match=r"would not be called: not asked for$"):
        plan_live("viziosense", only=["list_devices"], paths={"list_webhooks": "/hooks"})


def test_over_a_socket() -> None:
    plan = plan_live("viziosense", paths={"webhooks.list_webhooks": "/hooks"})
    with Sandbox(["viziosense"], size=0.05) as sandbox, sandbox.serve() as server:
        options = {"token": "demo", "base_url": server.base_url("viziosense")}
        report = run_live(plan, environment={}, rate=1e9, client_options=options)
    assert [r.operation_id for r in report.results if r.outcome == "differs"] == ["list_webhooks"]


def test_the_place_of_a_newer_specification_can_be_called(runner: Runner) -> None:
    document = copy.deepcopy(load_spec("viziosense").document)
    item = document["paths"]["/devices/{device_uuid}"]
    item["patch"] = item.pop("put")
    newer = Spec("viziosense", document)
    plan = plan_live(
        "viziosense", spec=newer, paths=PATCHED, allow_writes=["update_device"], inputs=UPDATE
    )
    runner.wire.inner = Moved(runner.bridge, f"PATCH /devices/{DEVICE}", f"PUT /devices/{DEVICE}")
    report = runner.run(plan)
    assert runner.result(report, "update_device").outcome == "ok"
    assert "answered as the specification says" not in str(report.remarks)
    assert "at a path that was given" not in str(plan)


def test_a_place_that_the_client_supplies_a_part_of() -> None:
    other = "/partitions/{subscriptionId}/cams"
    with running("amnimo") as runner:
        there = runner.run(plan_live("amnimo", only=["list_cameras"])).target
        before = next(p for p in runner.paths() if p.endswith("/cameras")).removeprefix("GET ")
        runner.wire.inner = Moved(runner.bridge, f"GET {before[:-7]}cams", f"GET {before}")
        report = runner.run(plan_live("amnimo", paths={"list_cameras": other}))
    assert there == report.target
    assert runner.result(report, "list_cameras").outcome == "ok"
    assert runner.result(report, "get_camera").outcome == "ok"


def test_a_method_that_is_refused_is_not_of_the_id(runner: Runner) -> None:
    plan = plan_live("viziosense", paths=PATCHED, allow_writes=["update_device"], inputs=UPDATE)
    report = runner.run(plan)
    [finding] = runner.result(report, "update_device").findings
    assert finding.message == (
        "answers 405 at PATCH /devices/{device_uuid}, the path that was given: this speaks against that path;"
        " PUT /devices/{device_uuid} of the specification was not tried"
    )
    runner.wire.change = lambda request, reply: (
        httpx2.Response(405, json={}) if request.method == "PUT" else reply
    )
    own = runner.run(plan_live("viziosense", allow_writes=["update_device"], inputs=UPDATE))
    messages = [f.message for f in runner.result(own, "update_device").findings]
    said = "answers 405 on its path; method and path are unverified, and this speaks against them"
    assert said in messages
