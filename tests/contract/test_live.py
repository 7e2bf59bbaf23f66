"""Live runs against the unchanged sandbox: no false alarm, nothing sent that the plan does not have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from deviceclouds.runtime import MemoryTokenStore
from deviceclouds.testing import MOUNTS, Sandbox, load_spec
from deviceclouds.testing.contract.exchange import Exchange
from deviceclouds.testing.contract.live.evidence import source_block
from deviceclouds.testing.contract.live.planning import plan_live
from deviceclouds.testing.contract.live.run import run_live
from deviceclouds.testing.contract.results import OperationResult
from deviceclouds.testing.sandbox.sandbox import demo_arguments

from .live_runs import SIGN_INS, Elsewhere, Runner, running

VENDORS = sorted(MOUNTS)


@pytest.fixture(params=VENDORS)
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    with running(request.param, strict=True) as made:
        yield made


def test_no_false_alarms(runner: Runner) -> None:
    plan = plan_live(runner.vendor)
    report = runner.run(plan)
    assert [result for result in report.results if result.findings] == []
    assert (report.exit_code, report.failure) == (0, None)
    assert [r.operation_id for r in report.results] == list(load_spec(runner.vendor).operations)
    called = {step.operation_id for step in plan.steps}
    for result in report.results:
        assert result.outcome == ("ok" if result.operation_id in called else "skipped")
        assert result.reason or result.outcome == "ok"
        assert result.statuses == ((200,) if result.outcome == "ok" else ())
        # The probe is no call: what it was answered is not about the operation's replies.
        assert 1 <= result.calls <= 2 or result.outcome == "skipped"
    assert (report.vendor, report.mode, report.target) == (
        runner.vendor,
        "live",
        "http://sandbox.test",
    )
    assert len(report.spec_sha256) == 64


def test_what_is_sent_is_in_the_plan(runner: Runner) -> None:
    plan = plan_live(runner.vendor, samples=2, pages=3)
    runner.run(plan)
    spec = plan.spec
    sent: Counter[str] = Counter()
    for line in runner.paths():
        route = spec.find(*line.split(" ", 1))
        assert route is not None
        assert route.operation is not None
        sent[route.operation.id] += 1
    allowed: Counter[str] = Counter()
    for step in plan.steps:
        allowed[step.operation_id] += step.most_requests
    assert sent <= allowed
    assert sum(sent.values()) <= plan.most_requests


def test_pages_are_walked(runner: Runner) -> None:
    report = runner.run()
    twice = {result.operation_id for result in report.results if result.calls == 2}
    # VizioSense has no parameter for the size of a page, and its fleet here fits on one.
    assert twice or runner.vendor == "viziosense"


def test_signing_in_counts_and_is_not_shown(runner: Runner) -> None:
    seen: list[Exchange] = []
    credentials = {**SIGN_INS[runner.vendor], "token_store": MemoryTokenStore()}
    report = runner.run(credentials=credentials, on_exchange=seen.append)
    assert (report.exit_code, report.failure) == (0, None)
    plan = plan_live(runner.vendor)
    beyond = len(runner.wire.requests) - len(seen)
    assert 1 <= beyond <= plan.sign_in.most_requests
    assert (
        f"{len(runner.wire.requests)} of at most {plan.most_requests} requests" in report.remarks[0]
    )
    for exchange in seen:
        path = exchange.url.removeprefix(runner.sandbox.base_url(runner.vendor)).partition("?")[0]
        route = plan.spec.find(exchange.method, path)
        assert route is not None
        assert route.operation is not None
        assert route.operation.id not in ("login", "issue_token")


def test_results_come_as_steps_are_done(runner: Runner) -> None:
    told: list[OperationResult] = []
    report = runner.run(on_step=told.append)
    called = [r for r in report.results if r.outcome != "skipped"]
    assert sorted(told, key=lambda r: r.operation_id) == sorted(
        called, key=lambda r: r.operation_id
    )


def test_another_fleet_size_raises_no_alarm(runner: Runner) -> None:
    runner.sandbox.reset(size=0)
    assert runner.run(plan_live(runner.vendor, samples=5, pages=5)).exit_code == 0
    runner.sandbox.reset(size=0.3, seed=7)
    report = runner.run(plan_live(runner.vendor, samples=4, pages=3))
    assert [result for result in report.results if result.findings] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_over_sockets(vendor: str) -> None:
    plan = plan_live(vendor)
    with Sandbox([vendor], size=0.05, strict=True) as sandbox, sandbox.serve() as server:
        options = demo_arguments(vendor, server.base_url(vendor), server.url)
        report = run_live(plan, environment={}, rate=float("inf"), client_options=options)
    assert [result for result in report.results if result.findings] == []
    assert report.exit_code == 0
    assert report.target == server.url


def test_proposals_for_guesses_that_were_answered() -> None:
    base = "https://api.viziosense.com/api/v1"
    with running("viziosense") as runner:
        there = Elsewhere(runner.bridge, base, runner.sandbox.base_url("viziosense"))
        report = runner.run(transport=there, base_url=base, client_options={"token": "demo"})
    before = {proposal.operation_id: proposal.before for proposal in report.proposals}
    assert before == {
        "list_devices": "inferred",
        "get_device": "inferred",
        "list_webhooks": "unverified",
    }
    day = date.fromisoformat(report.started[:10])
    assert all(proposal.after == "corroborated" for proposal in report.proposals)
    assert report.proposals[0].yaml == (
        "x-evidence:\n  status: corroborated\n  source: live\n"
        f"  note: A live run of {day} got 200 on this method and path; the replies to one call fit the schema.\n"
    )
    assert source_block("https://api.viziosense.com", day) in report.remarks[-1]


def test_the_sandbox_confirms_nothing() -> None:
    with running("viziosense") as runner:
        report = runner.run()
    assert report.proposals == ()
    assert "no evidence is proposed" in report.remarks[-1]


def test_inputs_reach_the_cloud() -> None:
    given = {
        "startTime": "2026-02-02T15:00:00.000Z",
        "endTime": "2026-02-16T15:00:00.000Z",
    }
    plan = plan_live("amnimo", inputs={"get_recording_history": {"parameters": given}})
    with running("amnimo", strict=True) as runner:
        report = runner.run(plan)
    assert runner.result(report, "get_recording_history").outcome == "ok"
    [request] = [r for r in runner.wire.requests if r.url.path.endswith("/history")]
    assert dict(request.url.params) == given


def test_an_allowed_write_is_sent_once() -> None:
    given = {"parameters": {"job_config_id": "none"}}
    plan = plan_live(
        "proglove",
        only=["get_me"],
        allow_writes=["delete_job_config"],
        inputs={"delete_job_config": given},
    )
    with running("proglove", strict=True) as runner:
        runner.run(plan)
    assert [line for line in runner.paths() if line.startswith("DELETE")] == [
        "DELETE /demo0001/job-configs/none"
    ]


def test_the_subscription_comes_from_the_tree_where_the_client_has_none() -> None:
    with running("amnimo", strict=True) as runner:
        report = runner.run(
            credentials={
                "subscription_id": None,
                **SIGN_INS["amnimo"],
                "token_store": MemoryTokenStore(),
            }
        )
        assert runner.result(report, "list_cameras").outcome == "ok"
        assert runner.result(report, "get_camera").outcome == "ok"
        again = runner.run(
            credentials={
                "account_id": None,
                "subscription_id": None,
                **SIGN_INS["amnimo"],
                "token_store": MemoryTokenStore(),
            }
        )
    hierarchy = runner.result(again, "get_hierarchy")
    assert (hierarchy.outcome, hierarchy.reason) == (
        "skipped",
        "accountId is needed; give it to the client",
    )
    assert "get_hierarchy named none" in runner.result(again, "list_cameras").reason


def test_a_report_holds_no_value_of_the_fleet() -> None:
    with running("proglove") as runner:
        seen: list[Exchange] = []
        report = runner.run(on_exchange=seen.append)
    [me] = [e for e in seen if e.url.endswith("/me")]
    body = json.loads(me.content or b"")
    shown = repr(report)
    assert body["email"] not in shown
    assert body["id"] not in shown
    assert "demo0001" not in shown
