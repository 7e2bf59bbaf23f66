"""Live runs against clouds whose replies break off, lead elsewhere, or are no replies at all."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from deviceclouds.testing.contract.live.faults import why
from deviceclouds.testing.contract.live.planning import plan_live
from deviceclouds.testing.contract.live.run import run_live
from deviceclouds.testing.contract.results import (
    EXIT_CREDENTIALS,
    EXIT_INPUT,
    EXIT_UNREACHABLE,
    ContractRunError,
    Report,
)

from tests.runtime.support import FakeClock

from .live_runs import SIGN_INS, Elsewhere, Runner, Wire, replaced, running

Change = Callable[[httpx2.Request, httpx2.Response], httpx2.Response]


class Pieces(httpx2.SyncByteStream):
    """A body in pieces, with something done before each."""

    def __init__(self, pieces: int, before: Callable[[], object]) -> None:
        self.pieces = pieces
        self.before = before

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.pieces):
            self.before()
            yield b" "


def streamed(pieces: int, before: Callable[[], object], **headers: str) -> Change:
    kinds = {"content-type": "application/json", **headers}
    return lambda request, reply: httpx2.Response(200, headers=kinds, stream=Pieces(pieces, before))


def reset() -> None:
    raise httpx2.ReadError("connection reset, planted")


def stall() -> None:
    raise httpx2.ReadTimeout("timed out, planted")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (streamed(1, reset), "the reply broke off before its end"),
        (streamed(1, stall), "the reply stopped in the middle"),
        (
            streamed(50, lambda: None, **{"content-encoding": "gzip"}),
            "the reply cannot be decompressed as its Content-Encoding says",
        ),
    ],
)
def test_replies_that_break_off_are_not_called_none(
    change: Change, said: str, viziosense: Runner
) -> None:
    viziosense.wire.change = change
    report = viziosense.run()
    result = viziosense.result(report, "list_devices")
    assert (result.outcome, result.statuses) == ("unreachable", (200,))
    assert result.reason == f"not judged: {said}"
    assert report.failure == (
        EXIT_UNREACHABLE,
        f"viziosense cannot be reached: 3 connections in a row failed (the last: {said});"
        " check network, proxy and base URL",
    )
    assert "planted" not in repr(report)


def test_replies_that_trickle_end(viziosense: Runner) -> None:
    clock = FakeClock()
    began = clock.time

    def pass_time() -> None:
        clock.time += 9

    viziosense.wire.change = streamed(1_000_000, pass_time)
    report = viziosense.run(clock=clock)
    result = viziosense.result(report, "list_webhooks")
    assert result.reason == "not judged: the reply took longer than 120 seconds"
    assert clock.time - began < 400


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (httpx2.ConnectError("x"), "no connection"),
        (httpx2.ConnectTimeout("x"), "no connection in time"),
        (httpx2.ReadTimeout("x"), "no answer in time"),
        (httpx2.ProxyError("x"), "the proxy refused"),
        (httpx2.RemoteProtocolError("x"), "what came is no HTTP"),
        (httpx2.ReadError("x"), "the connection broke off"),
        (RuntimeError("x"), "the connection failed"),
    ],
)
def test_why_nothing_came(error: Exception, said: str) -> None:
    assert why(error) == said
    for cause, words in (
        (
            ssl.SSLCertVerificationError(1, "x"),
            "its TLS certificate is not trusted here, SSL_CERT_FILE can name another authority",
        ),
        (ssl.SSLError(1, "x"), "TLS could not be agreed on"),
    ):
        error.__cause__ = cause
        assert why(error) == words


def test_replies_nested_beyond_measure(viziosense: Runner) -> None:
    viziosense.wire.change = replaced(b"[" * 200_000 + b"]" * 200_000)
    report = viziosense.run()
    rules = {f.message for f in viziosense.result(report, "list_devices").findings}
    assert "is nested too deep" in rules
    assert viziosense.result(report, "get_device").outcome == "skipped"


def test_ids_too_long_for_any_address(viziosense: Runner) -> None:
    def lengthen(request: httpx2.Request, reply: Any) -> httpx2.Response:
        body = json.loads(reply.read())
        if request.url.path.endswith("/devices") and reply.status_code == 200:
            for device in body["data"]:
                device["uuid"] = "x" * 100_000
        return httpx2.Response(reply.status_code, json=body)

    viziosense.wire.change = lengthen
    report = viziosense.run()
    [finding] = viziosense.result(report, "get_device").findings
    assert finding.message == "the client refuses what it was given (InvalidRequestError)"
    assert "xxx" not in repr(report)


def test_a_status_of_no_class_is_not_ok(viziosense: Runner) -> None:
    viziosense.wire.change = replaced(b"{}", status=999)
    result = viziosense.result(viziosense.run(), "list_webhooks")
    assert result.outcome == "differs"


def said_by(report: Report) -> str:
    messages = [f.message for r in report.results for f in r.findings]
    return " ".join([*messages, *report.remarks])


@pytest.mark.parametrize("status", [302, 403, 429, 503])
def test_a_missing_path_says_nothing_where_nothing_else_was_found(
    status: int, viziosense: Runner
) -> None:
    viziosense.wire.change = lambda request, reply: httpx2.Response(
        404 if request.url.path.endswith("/webhooks") else status, json={}
    )
    report = viziosense.run()
    assert viziosense.result(report, "list_webhooks").outcome == "differs"
    assert "speaks against" not in said_by(report)


def test_redirects_of_everything_are_of_the_address(viziosense: Runner) -> None:
    viziosense.wire.change = replaced(b"", status=307, headers={"location": "https://planted/"})
    report = viziosense.run()
    assert "every call was answered with 307, so the address itself may be wrong" in said_by(report)
    assert "planted" not in repr(report)


def test_pages_for_people_are_of_the_address(viziosense: Runner) -> None:
    html = {"content-type": "text/html"}
    viziosense.wire.change = replaced(b"<html>planted</html>", headers=html)
    report = viziosense.run()
    assert "no call was answered with data, so the address may be that of" in said_by(report)
    assert "planted" not in repr(report)
    viziosense.wire.change = lambda request, reply: (
        replaced(b"<html>", headers=html)(request, reply)
        if request.url.path.endswith("/webhooks")
        else reply
    )
    assert "address may be" not in said_by(viziosense.run())


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, "was answered 200 with something that holds no token, perhaps a web page"),
        (302, "was answered 302, so its address is wrong"),
        (503, "failed (status 503); try again later, or"),
    ],
)
def test_sign_ins_that_do_not_come_to_the_cloud(status: int, said: str, viziosense: Runner) -> None:
    def elsewhere(request: httpx2.Request, reply: httpx2.Response) -> httpx2.Response:
        if request.url.path.endswith("/login"):
            return httpx2.Response(status, headers={"content-type": "text/html"}, content=b"<p>")
        return reply

    viziosense.wire.change = elsewhere
    report = viziosense.run(credentials=SIGN_INS["viziosense"])
    assert report.failure is not None
    assert report.failure[0] == EXIT_UNREACHABLE
    assert said in report.failure[1]
    assert "check the base URL" in report.failure[1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "foo://user:planted@host:1"),
        ("ALL_PROXY", "http://user:planted@host:planted"),
        ("SSL_CERT_FILE", "/nowhere/planted"),
    ],
)
def test_proxies_and_certificates_that_cannot_be_used(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in ("NO_PROXY", "no_proxy", "all_proxy"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, value)
    with pytest.raises(ContractRunError, match="check HTTP_PROXY") as caught:
        run_live(plan_live("viziosense"), environment={"VIZIOSENSE_TOKEN": "demo"})
    assert caught.value.exit_code == EXIT_INPUT
    assert "planted" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("vendor", ["proglove", "viziosense"])
def test_an_empty_address_is_bad_input(vendor: str) -> None:
    with pytest.raises(ContractRunError, match="base URL is empty") as caught:
        run_live(plan_live(vendor), environment={}, base_url=" ")
    assert caught.value.exit_code == EXIT_INPUT


def test_repeats_that_are_used_up_are_no_difference() -> None:
    """Five waits of 429 take all repeats; then a new token cannot be tried."""
    with running("aitrios") as runner:
        seen: list[str] = []

        def busy(request: httpx2.Request, reply: httpx2.Response) -> httpx2.Response:
            if "authorization" not in request.headers or request.method != "GET":
                return reply
            again = seen[-1:] == [str(request.url)]
            seen.append("" if again else str(request.url))
            if len(seen) <= 10:
                return reply if again else httpx2.Response(429, headers={"retry-after": "1"})
            said = {"result": "ERROR", "code": "E", "message": "", "time": ""}
            refused = request.url.path.endswith("/model_projects")
            return httpx2.Response(401, json=said) if refused else reply

        runner.wire.change = busy
        report = runner.run(credentials=SIGN_INS["aitrios"])
    result = runner.result(report, "GetProjects")
    assert (result.outcome, result.reason) == (
        "refused",
        "refused, and the repeats of the plan are used up",
    ), report.counts


def test_a_page_for_people_lets_nobody_in(viziosense: Runner) -> None:
    html = {"content-type": "text/html"}
    viziosense.wire.change = replaced(b"<form>planted</form>", headers=html)
    report = viziosense.run()
    assert "authentication" not in {f.kind for r in report.results for f in r.findings}
    said = "list_devices answers a call without credentials with 200, with something else than its data"
    assert said in report.remarks
    viziosense.wire.change = replaced(b"", status=302)
    said = (
        "list_devices answers a call without credentials with 302, which is not documented for it"
    )
    assert said in viziosense.run().remarks


@pytest.mark.parametrize(
    ("vendor", "left", "lacking"),
    [
        ("amnimo", ("account_id", "subscription_id"), "accountId"),
        ("proglove", ("customer_id",), "customer_id"),
    ],
)
def test_a_run_that_could_call_nothing_did_not_go_well(
    vendor: str, left: tuple[str, ...], lacking: str
) -> None:
    with running(vendor) as runner:
        missing: dict[str, Any] = dict.fromkeys(left)
        report = runner.run(credentials=missing)
    assert runner.wire.requests == []
    assert report.failure is not None
    assert report.exit_code == report.failure[0] == EXIT_CREDENTIALS
    assert f"nothing could be called without {lacking}; check " in report.failure[1]
    assert f"{vendor.upper()}_{left[-1].upper()}" in report.failure[1]


def test_evidence_from_empty_lists_says_so() -> None:
    with running("viziosense", size=0) as runner:
        base = "https://api.viziosense.com/api/v1"
        there = Elsewhere(runner.bridge, base, runner.sandbox.base_url("viziosense"))
        wire = Wire(there, lambda request, reply: without_items(reply))
        options: dict[str, Any] = {"base_url": base, "client_options": {"token": "demo"}}
        notes = {p.operation_id: p.yaml for p in runner.run(transport=wire, **options).proposals}
    said = "the replies to one call fit the schema, with no item in any list.\n"
    assert notes.keys() == {"list_devices", "list_webhooks"}
    assert all(text.endswith(said) for text in notes.values())


def without_items(reply: httpx2.Response) -> httpx2.Response:
    body = json.loads(reply.read())
    emptied = {key: [] if isinstance(value, list) else value for key, value in body.items()}
    return httpx2.Response(reply.status_code, json=emptied)
