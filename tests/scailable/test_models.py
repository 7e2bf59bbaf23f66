"""Uploading a model and waiting for its compilation."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.scailable.models import CreateFunctionData

from tests.runtime.support import reply
from tests.vendor_sessions import OpenSession

UUID = "5f0c6c66-0000-4000-8000-000000000001"
DATA = CreateFunctionData(
    name="Cats",
    input_driver="vision",
    input_driver_details={},
    output_driver="vision",
    output_driver_details={},
)


def state(code: Any, status: str = "ok") -> httpx2.Response:
    return reply({"UUID": UUID, "Status": status, "Code": code})


@pytest.mark.parametrize("as_", ["path", "file", "bytes"])
def test_upload_tells_how_far_it_is(opened: OpenSession, tmp_path: Path, as_: str) -> None:
    content = b"onnx" * 100_000
    (tmp_path / "cats.onnx").write_bytes(content)
    files = {"path": tmp_path / "cats.onnx", "file": io.BytesIO(content), "bytes": content}
    one = opened("scailable", reply({"UUID": UUID, "Status": "new"}))
    told: list[Any] = []
    made = one.run(one.client.upload_model(files[as_], DATA, on_progress=told.append))
    assert made.uuid == UUID
    assert content in one.cloud.request.content
    assert b'"Name": "Cats"' in one.cloud.request.content
    assert [news.sent for news in told] == sorted(news.sent for news in told)
    assert (told[-1].sent, told[-1].total) == (len(content), len(content))
    assert len(told) > 1


def test_upload_is_not_repeated(opened: OpenSession) -> None:
    one = opened("scailable", reply({"Message": "busy"}, 503))
    with pytest.raises(rt.ServerError):
        one.run(one.client.upload_model(b"onnx", DATA))
    assert len(one.cloud.requests) == 1


def test_a_file_that_is_none(opened: OpenSession, tmp_path: Path) -> None:
    one = opened("scailable")
    with pytest.raises(rt.InvalidRequestError, match="file"):
        one.run(one.client.upload_model(tmp_path / "no.onnx", DATA, on_progress=print))
    assert one.cloud.requests == []


def test_waiting_until_compiled(opened: OpenSession) -> None:
    replies = [
        state(None, "new"),
        state({"Status": "processing", "CDNURI": ""}),
        reply({"Message": "busy"}, 500),
        state({"Status": "ok", "CDNURI": "https://cdn.test/x"}),
    ]
    one = opened("scailable", *replies, retries=0)
    seen: list[Any] = []
    done = one.run(one.client.wait_until_compiled(UUID, interval=2, on_progress=seen.append))
    assert done.code.cdnuri == "https://cdn.test/x"
    assert [function.status for function in seen] == ["new", "ok", "ok"]
    assert one.clock.sleeps == [2, 3, 4.5]


def test_a_compilation_that_fails(opened: OpenSession) -> None:
    one = opened("scailable", state({"Status": "error"}))
    with pytest.raises(rt.WorkFailedError, match="'error'") as caught:
        one.run(one.client.wait_until_compiled(UUID))
    assert caught.value.last.code.status == "error"


def test_a_compilation_that_takes_too_long(opened: OpenSession) -> None:
    one = opened("scailable", state({"Status": "queued"}))
    with pytest.raises(rt.WaitTimeoutError, match=r"60 seconds \(last state 'queued'\)") as caught:
        one.run(one.client.wait_until_compiled(UUID, timeout=60, interval=5))
    assert sum(one.clock.sleeps) == 60
    assert caught.value.last.status == "ok"


@pytest.mark.parametrize("given", [{"timeout": -1}, {"interval": 0}, {"timeout": "soon"}])
def test_bad_patience(opened: OpenSession, given: dict[str, Any]) -> None:
    one = opened("scailable")
    with pytest.raises(rt.InvalidRequestError, match="is not usable"):
        one.run(one.client.wait_until_compiled(UUID, **given))
    assert one.cloud.requests == []
