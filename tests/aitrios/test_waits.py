"""Waiting for deployments, conversions, trainings and compilations: states, failures, deadlines, faults on the way."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt

from tests.runtime.support import Reply, Session, reply
from tests.vendor_sessions import OpenSession

DEVICES = ("north", "south")


def deployment(*states: str, deploying: int | None = None, **more: Any) -> httpx2.Response:
    """The status of a deployment whose devices are in these states."""
    body: dict[str, Any] = {
        "deploy_id": "7",
        "from_datetime": "2026-11-21T00:00:00",
        "deploy_type": "deploy_config",
        "success_cnt": states.count("success"),
        "fail_cnt": states.count("fail"),
        "devices": [
            {"device_id": name, "device_name": name, "deploy_status": state}
            for name, state in zip(DEVICES, states, strict=False)
        ],
    }
    if deploying is not None:
        body["deploying_cnt"] = deploying
    return reply({**body, **more})


def model(status: str | None, conv_id: str = "c1", *, before: Any = ()) -> httpx2.Response:
    """The state of a model whose version was made by a conversion, after other versions."""
    version = {"version_number": "2", "version_status": status, "conv_id": conv_id}
    return reply({"model_id": "m", "projects": [{"versions": [*before, version]}]})


def wait(one: Session, what: str, *arguments: Any, **options: Any) -> Any:
    return one.run(getattr(one.client, f"wait_for_{what}")(*arguments, **options))


@pytest.mark.parametrize(
    "over",
    [
        deployment("success", "success", deploying=0),
        deployment("success", "success"),  # the counter is optional
        deployment(deploying=0, success_cnt=2),
        deployment("success", "unheard-of", deploying=0),
    ],
)
def test_a_deployment(opened: OpenSession, over: httpx2.Response) -> None:
    seen: list[Any] = []
    one = opened(
        "aitrios",
        deployment(deploying=0),  # nothing in it: not begun
        deployment("deploying", "deploying", deploying=0),  # the devices know better
        deployment("success", "success", deploying=1),  # and so does the counter
        over,
    )
    status = wait(one, "deploy", "7", on_progress=seen.append)
    assert type(status).__name__ == "DeployStatus"
    assert len(seen) == len(one.cloud.requests) == 4
    assert seen[-1] is status
    assert {r.url.path for r in one.cloud.requests} == {"/api/v2/deploy_history/7"}
    assert one.clock.sleeps == [5, 7.5, 11.25]


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (("success", "fail"), "1 devices succeeded, 1 failed, 0 were cancelled (south)"),
        (("cancel", "success"), "1 devices succeeded, 0 failed, 1 were cancelled (north)"),
    ],
)
def test_a_deployment_that_fails(opened: OpenSession, states: tuple[str, ...], told: str) -> None:
    one = opened("aitrios", deployment(*states, deploying=0))
    with pytest.raises(rt.WorkFailedError) as caught:
        wait(one, "deploy", "7")
    assert told in str(caught.value)
    assert caught.value.operation == "deploy.get_deploy_status"
    assert [device.deploy_status for device in caught.value.last.devices] == list(states)


def test_a_deployment_that_only_counts_its_failures(opened: OpenSession) -> None:
    one = opened("aitrios", deployment(deploying=0, fail_cnt=3))
    with pytest.raises(rt.WorkFailedError, match=r"3 failed, 0 were cancelled \(none is named\)"):
        wait(one, "deploy", "7")


def test_the_deadline(opened: OpenSession) -> None:
    one = opened("aitrios", deployment("deploying", "success", deploying=1))
    began = one.clock.now()
    with pytest.raises(rt.WaitTimeoutError) as caught:
        wait(one, "deploy", "7", timeout=60, interval=10)
    assert "not done within 60 seconds (last state 1)" in str(caught.value)
    assert caught.value.last.deploying_cnt == 1
    assert one.clock.now() - began == 60
    assert one.clock.sleeps == [10, 15, 22.5, 12.5]


def test_waiting_grows_to_four_times_the_interval(opened: OpenSession) -> None:
    one = opened("aitrios", deployment("deploying", deploying=1))
    with pytest.raises(rt.WaitTimeoutError):
        wait(one, "deploy", "7", timeout=100, interval=2)
    assert max(one.clock.sleeps) == 8


def test_one_look_without_time(opened: OpenSession) -> None:
    one = opened("aitrios", deployment("deploying", deploying=1))
    with pytest.raises(rt.WaitTimeoutError):
        wait(one, "deploy", "7", timeout=0)
    assert len(one.cloud.requests) == 1
    assert one.clock.sleeps == []


@pytest.mark.parametrize("arguments", [{"timeout": -1}, {"interval": 0}, {"timeout": "soon"}])
def test_unusable_times(opened: OpenSession, arguments: dict[str, Any]) -> None:
    one = opened("aitrios")
    with pytest.raises(rt.InvalidRequestError, match="give a number of seconds"):
        wait(one, "deploy", "7", **arguments)
    assert one.cloud.requests == []


FAULTS = [
    httpx2.ConnectError("down"),
    reply({"message": "no"}, 503),
    reply({}, 500),
    reply({}, 429),
]


@pytest.mark.parametrize("fault", FAULTS, ids=["connection", "503", "500", "429"])
def test_faults_while_looking_are_no_end(opened: OpenSession, fault: Reply) -> None:
    done = deployment("success", deploying=0)
    one = opened("aitrios", deployment("deploying"), fault, fault, done, retries=0)
    assert wait(one, "deploy", "7").success_cnt == 1
    assert len(one.cloud.requests) == 4
    assert one.clock.sleeps == [5, 7.5, 11.25]


def test_the_next_look_is_not_before_retry_after(opened: OpenSession) -> None:
    busy = reply({}, 429, retry_after="100")
    one = opened("aitrios", busy, deployment("success", deploying=0), retries=0)
    wait(one, "deploy", "7")
    assert one.clock.sleeps == [100]


def test_faults_up_to_the_deadline(opened: OpenSession) -> None:
    one = opened("aitrios", httpx2.ConnectError("down"), retries=0)
    with pytest.raises(rt.WaitTimeoutError, match="never answered") as caught:
        wait(one, "deploy", "7", timeout=20)
    assert isinstance(caught.value.__cause__, rt.ApiConnectionError)
    assert caught.value.last is None


@pytest.mark.parametrize("status", [400, 403, 404])
def test_refusals_are_an_end(opened: OpenSession, status: int) -> None:
    one = opened("aitrios", deployment("deploying"), reply({"message": "no"}, status))
    with pytest.raises(rt.ApiStatusError):
        wait(one, "deploy", "7")
    assert len(one.cloud.requests) == 2


def test_errors_of_the_callback_come_through(opened: OpenSession) -> None:
    def stop(status: Any) -> None:
        raise LookupError(status.deploy_id)

    one = opened("aitrios", deployment("deploying"))
    with pytest.raises(LookupError, match="7"):
        wait(one, "deploy", "7", on_progress=stop)


def test_an_async_callback(opened: OpenSession) -> None:
    seen: list[int] = []

    async def note(status: Any) -> None:
        await asyncio.sleep(0)
        seen.append(status.success_cnt)

    one = opened("aitrios", deployment("deploying", "success"), deployment("success", "success"))
    if one.kind == "sync":
        with pytest.raises(rt.ConfigurationError, match="an async callback was given to a sync"):
            wait(one, "deploy", "7", on_progress=note)
        return
    wait(one, "deploy", "7", on_progress=note)
    assert seen == [1, 2]


def test_cancelled_while_waiting(runner: asyncio.Runner) -> None:
    from tests.runtime.support import Cloud, FakeClock

    class NeverWakes(FakeClock):
        async def sleep_async(self, seconds: float) -> None:
            await asyncio.Event().wait()

    cloud = Cloud([deployment("deploying")], NeverWakes())
    one = Session("async", runner, "aitrios", cloud)

    async def cancelled() -> bool:
        task = asyncio.ensure_future(one.client.wait_for_deploy("7"))
        while not cloud.requests:
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        return bool(task.cancelled())

    assert one.run(cancelled())
    assert len(cloud.requests) == 1
    one.close()


@pytest.mark.parametrize("state", ["Import completed", "07"])
def test_a_published_model(opened: OpenSession, state: str) -> None:
    one = opened("aitrios", model("01"), model("02"), model(state))
    found = wait(one, "publish", "m")
    assert found.projects[0].versions[0].version_status == state
    assert {r.url.path for r in one.cloud.requests} == {"/api/v2/models/m/base"}
    assert one.clock.sleeps == [15, 22.5]


@pytest.mark.parametrize("state", ["03", "06"])
def test_a_model_that_cannot_be_published(opened: OpenSession, state: str) -> None:
    one = opened("aitrios", model("02"), model(state))
    with pytest.raises(rt.WorkFailedError, match=f"model m has failed.*'{state}'"):
        wait(one, "publish", "m")


def test_a_device_model(opened: OpenSession) -> None:
    one = opened("aitrios", model("03"))
    with pytest.raises(rt.WorkFailedError) as caught:
        wait(one, "publish", "m", "d")
    assert one.cloud.request.url.path == "/api/v2/models/m/devices/d"
    assert caught.value.operation == "train_model.get_device_model_status"


def test_a_version_that_was_published_before(opened: OpenSession) -> None:
    old = {"version_number": "1", "version_status": "07", "conv_id": "c0"}
    looks = [
        model("07", "c0"),  # only the old one is there
        model("02", before=[old]),
        model("07", before=[old]),
    ]
    one = opened("aitrios", *looks)
    wait(one, "publish", "m", import_id="c1")
    assert len(one.cloud.requests) == 3
    assert wait(opened("aitrios", *looks), "publish", "m").projects[0].versions[0].conv_id == "c0"


@pytest.mark.parametrize(
    "body", [{}, {"projects": None}, {"projects": []}, {"projects": [{"versions": None}]}]
)
@pytest.mark.parametrize("import_id", [None, "c1"])
def test_a_model_without_versions(
    opened: OpenSession, body: dict[str, Any], import_id: str | None
) -> None:
    one = opened("aitrios", reply(body), model("07"))
    wait(one, "publish", "m", import_id=import_id)
    assert len(one.cloud.requests) == 2


def test_a_training(opened: OpenSession) -> None:
    training = [reply({"result": "SUCCESS", "status": s}) for s in ("Training", "Completed")]
    one = opened("aitrios", *training)
    assert wait(one, "relearn", "line a").status == "Completed"
    assert one.cloud.requests[0].url.raw_path == b"/api/v2/model_projects/line%20a/relearn"


def test_a_training_in_an_unknown_state(opened: OpenSession) -> None:
    one = opened("aitrios", reply({"result": "SUCCESS", "status": "Broken"}))
    with pytest.raises(rt.WaitTimeoutError, match="last state 'Broken'"):
        wait(one, "relearn", "p")


def test_an_edge_app(opened: OpenSession) -> None:
    states = [reply({"status": s}) for s in ("before_compile", "compiling", "compiled")]
    one = opened("aitrios", *states)
    assert wait(one, "edge_app", "counter", "1.0.0").status == "compiled"
    assert one.cloud.requests[0].url.path == "/api/v2/edge_apps/counter/1.0.0"


def test_an_edge_app_that_does_not_compile(opened: OpenSession) -> None:
    one = opened("aitrios", reply({"status": "failed", "description": "no main"}))
    with pytest.raises(rt.WorkFailedError, match="'failed'") as caught:
        wait(one, "edge_app", "counter", "1.0.0")
    assert caught.value.last.description == "no main"
