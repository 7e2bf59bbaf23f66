"""Live runs that cannot go well: credentials, networks, slow clouds, Ctrl-C, and requests nobody planned."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import httpx2
import pytest
from deviceclouds.runtime import MemoryTokenStore
from deviceclouds.testing import MOUNTS
from deviceclouds.testing.contract.live.guard import Guard, NotPlannedError
from deviceclouds.testing.contract.live.pacing import Pacer
from deviceclouds.testing.contract.live.planning import plan_live
from deviceclouds.testing.contract.live.run import EXIT_INTERRUPTED, run_live
from deviceclouds.testing.contract.live.sign_ins import sign_in_addresses
from deviceclouds.testing.contract.results import (
    EXIT_CREDENTIALS,
    EXIT_INPUT,
    EXIT_UNREACHABLE,
    ContractRunError,
)

from tests.runtime.support import FakeClock

from .live_runs import SIGN_INS, Runner, running

VENDORS = sorted(MOUNTS)
VARIABLES = {
    "aitrios": ("AITRIOS_TOKEN", "AITRIOS_CLIENT_ID", "AITRIOS_CLIENT_SECRET"),
    "amnimo": ("AMNIMO_TOKEN", "AMNIMO_CLIENT_ID", "AMNIMO_SECRET_KEY", "AMNIMO_ACCOUNT_ID"),
    "proglove": (
        "PROGLOVE_ID_TOKEN",
        "PROGLOVE_PASSWORD",
        "PROGLOVE_BASE_URL",
        "PROGLOVE_CUSTOMER_ID",
    ),
    "scailable": ("SCAILABLE_TOKEN", "SCAILABLE_USERNAME", "SCAILABLE_PASSWORD"),
    "viziosense": ("VIZIOSENSE_TOKEN", "VIZIOSENSE_EMAIL", "VIZIOSENSE_PASSWORD"),
}


class Down(httpx2.BaseTransport):
    """A network without a way to the cloud."""

    def __init__(self) -> None:
        self.tries = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.tries += 1
        raise httpx2.ConnectError("Name or service not known", request=request)


@pytest.fixture(params=VENDORS)
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    with running(request.param) as made:
        yield made


def answering(status: int, **headers: str) -> Callable[[httpx2.Request, Any], httpx2.Response]:
    return lambda request, reply: httpx2.Response(status, headers=headers, json={})


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_credentials(vendor: str) -> None:
    down = Down()
    with pytest.raises(ContractRunError) as caught:
        run_live(plan_live(vendor), environment={}, transport=down)
    assert caught.value.exit_code == EXIT_CREDENTIALS
    assert all(name in str(caught.value) for name in VARIABLES[vendor])
    assert down.tries == 0


@pytest.mark.parametrize("vendor", VENDORS)
def test_half_the_credentials(vendor: str) -> None:
    name = VARIABLES[vendor][2 if vendor != "proglove" else 1]
    secret = "a-planted-secret"
    with pytest.raises(ContractRunError) as caught:
        run_live(plan_live(vendor), environment={name: secret}, transport=Down())
    assert caught.value.exit_code == EXIT_CREDENTIALS
    assert secret not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_credentials_come_from_the_given_environment(
    aitrios: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AITRIOS_TOKEN", "of-the-process")
    found = {
        "AITRIOS_TOKEN": "demo",
        "AITRIOS_CLIENT_ID": "not read beside a token",
        "AITRIOS_BASE_URL": aitrios.sandbox.base_url("aitrios"),
    }
    plan = plan_live("aitrios", only=["GetDevices"])
    report = run_live(plan, environment=found, transport=aitrios.wire, rate=1e9)
    assert report.exit_code == 0
    assert aitrios.wire.requests[1].headers["authorization"] == "Bearer demo"
    assert os.environ["AITRIOS_TOKEN"] == "of-the-process"


def test_a_base_url_may_be_written_in_other_ways(aitrios: Runner) -> None:
    report = aitrios.run(
        base_url="http://SANDBOX.test:80/aitrios/api/v2/", client_options={"token": "demo"}
    )
    assert report.exit_code == 0
    assert report.counts["ok"] == 45


@pytest.mark.parametrize("address", ["http://sandbox.test", "http://sandbox.test/"])
def test_an_address_without_a_path(address: str, aitrios: Runner) -> None:
    report = aitrios.run(base_url=address, credentials={"token": "demo"})
    assert any("the address itself may be wrong" in remark for remark in report.remarks)


def test_what_is_no_address_is_bad_input() -> None:
    with pytest.raises(ContractRunError, match="base_url") as caught:
        run_live(plan_live("viziosense"), environment={"VIZIOSENSE_TOKEN": "x"}, base_url="nowhere")
    assert caught.value.exit_code == EXIT_INPUT


def test_a_sign_in_that_is_not_there() -> None:
    with running("viziosense") as runner:
        report = runner.run(
            base_url="http://sandbox.test/viziosense", credentials=SIGN_INS["viziosense"]
        )
    assert report.failure == (
        EXIT_UNREACHABLE,
        "viziosense: the sign-in was answered 405, so its address is wrong; check the base URL",
    )


def test_the_base_url_that_is_given_wins(aitrios: Runner) -> None:
    found = {"AITRIOS_TOKEN": "demo", "AITRIOS_BASE_URL": "https://example.com"}
    report = run_live(
        plan_live("aitrios", only=["GetDevices"]),
        environment=found,
        base_url=aitrios.sandbox.base_url("aitrios"),
        transport=aitrios.wire,
        rate=1e9,
    )
    assert report.target == "http://sandbox.test"
    assert report.exit_code == 0


def test_wrong_passwords(runner: Runner) -> None:
    wrong = dict.fromkeys(SIGN_INS[runner.vendor], "wrong-and-planted")
    report = runner.run(credentials={**wrong, "token_store": MemoryTokenStore()})
    assert report.failure is not None
    assert report.failure[0] == report.exit_code == EXIT_CREDENTIALS
    assert VARIABLES[runner.vendor][1] in report.failure[1]
    assert "wrong-and-planted" not in repr(report)
    assert report.counts["ok"] == 0
    # The probe, and what one sign-in takes.
    assert len(runner.wire.requests) <= 4
    assert any(result.outcome == "refused" for result in report.results)
    assert all(r.reason for r in report.results if r.outcome in ("refused", "skipped"))


def test_wrong_tokens(runner: Runner) -> None:
    name = "id_token" if runner.vendor == "proglove" else "token"
    wrong = "wrong-and-planted"
    report = runner.run(client_options={**_plain(runner), name: wrong})
    assert report.exit_code == EXIT_CREDENTIALS
    assert report.counts["differs"] == 0
    assert report.counts["refused"] >= 2
    assert len(runner.wire.requests) <= 8
    assert wrong not in repr(report)


def _plain(runner: Runner) -> dict[str, Any]:
    from deviceclouds.testing.sandbox.sandbox import demo_arguments

    options = demo_arguments(runner.vendor, runner.sandbox.base_url(runner.vendor), "")
    return {k: v for k, v in options.items() if k.endswith(("_url", "_id")) and k != "client_id"}


def test_a_cloud_that_is_down(runner: Runner) -> None:
    down = Down()
    report = runner.run(transport=down)
    assert report.failure is not None
    assert report.failure[0] == report.exit_code == EXIT_UNREACHABLE
    assert "base URL" in report.failure[1]
    assert down.tries == 3
    assert {result.outcome for result in report.results} == {"unreachable", "skipped"}


def test_a_cloud_that_only_fails(aitrios: Runner) -> None:
    aitrios.wire.change = answering(503)
    report = aitrios.run()
    assert report.exit_code == EXIT_UNREACHABLE
    assert report.counts["differs"] == 0
    assert aitrios.result(report, "GetDevices").reason == "answered 503"
    assert "GetDevices" in aitrios.result(report, "GetDevice").reason


def test_a_sign_in_that_fails_ends_the_run(aitrios: Runner) -> None:
    aitrios.wire.change = lambda request, reply: (
        httpx2.Response(502) if "token" in request.url.path else reply
    )
    report = aitrios.run(credentials=SIGN_INS["aitrios"])
    assert report.exit_code == EXIT_UNREACHABLE
    assert len(aitrios.wire.requests) == 2


def test_a_cloud_that_asks_to_wait_is_asked_once_more() -> None:
    with running("scailable") as runner:
        runner.sandbox.fail("scailable", "get_configuration", status=429, retry_after=7, times=1)
        clock = FakeClock()
        report = runner.run(clock=clock, rate=1e9)
        assert runner.result(report, "get_configuration").outcome == "ok"
        assert runner.result(report, "get_configuration").statuses == (200, 429)
        assert 7 in clock.sleeps
        runner.sandbox.fail("scailable", "get_configuration", status=429, retry_after=3600, times=1)
        report = runner.run(clock=clock, rate=1e9)
        assert runner.result(report, "get_configuration").outcome == "unreachable"
        assert report.exit_code == 0
        runner.sandbox.fail("scailable", "get_configuration", status=429, retry_after=1, times=None)
        before = len(runner.wire.requests)
        runner.run(plan_live("scailable", only=["get_configuration"]), clock=clock, rate=1e9)
        # The probe and the call, once more each.
        assert len(runner.wire.requests) - before == 4


def test_replies_that_are_too_large_are_not_read(
    aitrios: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deviceclouds.testing.contract.live.session.LARGEST_REPLY", 1000)
    report = aitrios.run(plan_live("aitrios", only=["GetDevice"]))
    result = aitrios.result(report, "GetDevices")
    assert result.outcome == "unreachable"
    assert "1000 bytes" in result.reason


def test_requests_keep_apart(runner: Runner) -> None:
    clock = FakeClock()
    moments: list[float] = []

    def note(request: httpx2.Request, reply: httpx2.Response) -> httpx2.Response:
        moments.append(clock.time)
        return reply

    runner.wire.change = note
    options = {**SIGN_INS[runner.vendor], "token_store": MemoryTokenStore()}
    report = runner.run(clock=clock, rate=4.0, credentials=options)
    assert report.exit_code == 0
    gaps = [after - before for before, after in pairwise(moments)]
    assert len(moments) == len(runner.wire.requests)
    assert min(gaps) == pytest.approx(0.25)


def test_pacing_does_not_catch_up() -> None:
    clock = FakeClock()
    pacer = Pacer(2, clock)
    pacer.wait()
    clock.time += 10
    pacer.wait()
    pacer.wait()
    assert clock.sleeps == [0.5]


@pytest.mark.parametrize("rate", [0, -1, float("nan"), True, "fast"])
def test_rates_that_cannot_be(rate: Any) -> None:
    with pytest.raises(ContractRunError, match="rate"):
        run_live(plan_live("aitrios"), environment={"AITRIOS_TOKEN": "demo"}, rate=rate)


def test_inputs_the_client_cannot_take_are_told_without_their_value(aitrios: Runner) -> None:
    given = {
        "GetDevice": {"parameters": {"device_id": "../planted"}},
        "GetDevices": {"parameters": {"limit": "planted"}},
    }
    report = aitrios.run(plan_live("aitrios", only=["GetDevice", "GetDevices"], inputs=given))
    result = aitrios.result(report, "GetDevices")
    assert [finding.rule for finding in result.findings] == ["refused-by-client"]
    assert "planted" not in repr(report)
    assert "planted" not in repr(plan_live("aitrios", inputs=given))


def test_an_interrupted_run_says_what_was_done(aitrios: Runner) -> None:
    def interrupt(request: httpx2.Request, reply: Any) -> Any:
        if request.url.path.endswith("/certificates"):
            raise KeyboardInterrupt
        return reply

    aitrios.wire.change = interrupt
    report = aitrios.run()
    assert report.exit_code == EXIT_INTERRUPTED
    assert report.failure is not None
    assert "interrupted" in report.failure[1]
    assert aitrios.result(report, "GetDevices").outcome == "ok"
    assert aitrios.result(report, "GetDevice").reason == "the run ended before"
    assert len(report.results) == 94


def test_redirects_are_not_followed(aitrios: Runner) -> None:
    aitrios.wire.change = answering(302, location="https://example.com/login")
    report = aitrios.run(plan_live("aitrios", only=["GetDevices"]))
    assert {request.url.host for request in aitrios.wire.requests} == {"sandbox.test"}
    assert aitrios.result(report, "GetDevices").outcome == "differs"


def test_signed_links_are_not_fetched(aitrios: Runner) -> None:
    report = aitrios.run()
    assert aitrios.result(report, "GetImages").outcome == "ok"
    assert {request.url.host for request in aitrios.wire.requests} == {"sandbox.test"}


def guard_of(vendor: str = "aitrios", **options: Any) -> Guard:
    base = "https://api.example.com/v2"
    plan = plan_live(vendor, **options)
    addresses = sign_in_addresses(vendor, base, {"client_id": "x"})
    guard = Guard(plan, base, addresses)
    guard.open(next(s for s in plan.steps if s.operation_id == "GetDevices" and s.kind == "call"))
    return guard


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", "https://api.example.com/v2/certificates"),
        ("POST", "https://api.example.com/v2/devices"),
        ("DELETE", "https://api.example.com/v2/devices/1"),
        ("GET", "https://api.example.com/v2/nowhere"),
        ("GET", "https://api.example.com/v20/devices"),
        ("GET", "https://api.example.com/v2"),
        ("GET", "http://api.example.com/v2/devices"),
        ("GET", "https://api.example.com.evil.org/v2/devices"),
        ("GET", "https://api.example.com:8443/v2/devices"),
        ("GET", "https://blob.example.com/images/1.jpg?sig=x"),
        ("GET", "https://auth.aitrios.sony-semicon.com/oauth2/default/v1/token"),
        ("POST", "https://auth.example.com/oauth2/default/v1/token"),
    ],
)
def test_what_is_not_planned_is_refused(method: str, url: str) -> None:
    guard = guard_of()
    with pytest.raises(NotPlannedError):
        guard.admit(method, url)
    assert guard.sent == 0


def test_the_guard_counts() -> None:
    guard = guard_of()
    for _ in range(2 + 5):  # two pages, and all repeats
        guard.admit("GET", "https://api.example.com/v2/devices?limit=2")
    with pytest.raises(NotPlannedError, match="one more request of GetDevices"):
        guard.admit("GET", "https://api.example.com/v2/devices")
    token = "https://auth.aitrios.sony-semicon.com/oauth2/default/v1/token"
    for _ in range(6):
        assert guard.admit("POST", token) == "sign-in"
    with pytest.raises(NotPlannedError, match="used up") as caught:
        guard.admit("POST", token)
    assert caught.value.sign_in
    assert guard.sent == 13


def test_the_guard_is_closed_between_steps() -> None:
    guard = guard_of()
    guard.close()
    with pytest.raises(NotPlannedError, match="nothing is to be sent"):
        guard.admit("GET", "https://api.example.com/v2/devices")


def test_a_client_that_asks_for_something_else_is_found_out(
    aitrios: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from deviceclouds.testing.contract.names import client_operations

    monkeypatch.setattr(client_operations("aitrios")["GetFirmwares"], "path", "/edge_apps")
    report = aitrios.run(plan_live("aitrios", only=["GetFirmwares"]))
    result = aitrios.result(report, "GetFirmwares")
    assert result.outcome == "differs"
    assert [finding.rule for finding in result.findings] == ["not-in-plan"]
    assert not any(path.endswith("/edge_apps") for path in aitrios.paths())


def test_renewals_are_limited() -> None:
    """amnimo says 403 to an expired token and to a missing right alike: tokens must not be burnt on it."""
    with running("amnimo") as runner:
        runner.wire.change = lambda request, reply: (
            reply if "token" in request.url.path else httpx2.Response(403, json=[])
        )
        store = MemoryTokenStore()
        report = runner.run(credentials={**SIGN_INS["amnimo"], "token_store": store})
    assert report.exit_code == EXIT_CREDENTIALS
    tokens = [path for path in runner.paths() if path.endswith("/oauth2/token")]
    assert len(tokens) <= 2
