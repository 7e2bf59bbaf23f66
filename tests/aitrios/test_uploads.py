"""Uploading and registering in one go: what is sent, what is said of progress, what is left when a step fails."""

from __future__ import annotations

import io
import json
import pickle
import re
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.runtime import Upload

from tests.runtime.support import Session, reply
from tests.vendor_sessions import OpenSession

ROUTES = {
    "firmware": "/api/v2/firmwares",
    "edge_app": "/api/v2/edge_apps",
    "model": "/api/v2/models",
}


class Console:
    """Stores what is uploaded under ids of its own; refuses the n-th call where told to."""

    def __init__(self, refuse: int | None = None, failure: Any = None) -> None:
        self.stored: dict[str, tuple[str, str, bytes]] = {}
        self.registered: list[tuple[str, Any]] = []
        self.calls = 0
        self.refuse = refuse
        self.failure = failure or reply({"code": "E.SC.API.0199004", "message": "too large"}, 400)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.calls += 1
        if self.calls == self.refuse:
            if isinstance(self.failure, Exception):
                raise self.failure
            made = self.failure
            return httpx2.Response(made.status_code, headers=made.headers, content=made.content)
        if request.url.path != "/api/v2/files":
            self.registered.append((request.url.path, json.loads(request.content)))
            return reply({"result": "SUCCESS"})
        parts = multipart(request)
        file_id = f"file-{len(self.stored) + 1}"
        name, content = parts["file"]
        self.stored[file_id] = (parts["type_code"][1].decode(), name, content)
        return reply({"result": "SUCCESS", "file_info": {"file_id": file_id}})


def multipart(request: httpx2.Request) -> dict[str, tuple[str, bytes]]:
    """File name and content of each part, by the part's name."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts: dict[str, tuple[str, bytes]] = {}
    for part in message_from_bytes(head + request.content).get_payload():
        assert not isinstance(part, str)
        name = str(part.get_param("name", header="content-disposition"))
        parts[name] = (part.get_filename() or "", part.get_payload(decode=True))  # type: ignore[assignment]
    return parts


def call(one: Session, kind: str, *arguments: Any, **options: Any) -> Any:
    return one.run(getattr(one.client, f"upload_{kind}")(*arguments, **options))


CASES: dict[str, tuple[tuple[Any, ...], dict[str, Any], str, str, dict[str, Any]]] = {
    "firmware": (
        (),
        {"description": "fixes"},
        "firmware",
        "file_id",
        {"firmware_type": "edge_system_sw_package", "description": "fixes"},
    ),
    "edge_app": (
        (),
        {"app_name": "counter"},
        "edge_app_pkg",
        "edge_app_package_id",
        {"app_name": "counter"},
    ),
    "model": (
        ("person",),
        {"comment": "indoor"},
        "non_converted_model",
        "model_file_id",
        {"model_id": "person", "comment": "indoor"},
    ),
}


@pytest.mark.parametrize("upload", CASES)
def test_upload_and_register(opened: OpenSession, upload: str, tmp_path: Path) -> None:
    arguments, options, code, argument, registered = CASES[upload]
    path = tmp_path / "package.zip"
    path.write_bytes(b"zip" * 1000)
    console = Console()
    one = opened("aitrios", console)
    found = call(one, upload, path, *arguments, **options)
    assert console.stored == {"file-1": (code, "package.zip", b"zip" * 1000)}
    assert console.registered == [(ROUTES[upload], {**registered, argument: "file-1"})]
    assert found.file_ids == {argument: "file-1"}
    assert found.reply.result == "SUCCESS"


def test_a_converted_model_with_what_belongs_to_it(opened: OpenSession) -> None:
    console = Console()
    one = opened("aitrios", console)
    found = call(
        one,
        "model",
        Upload(b"tflite", "person.tflite"),
        "person",
        converted=True,
        network_config=io.BytesIO(b"{}"),
        dcpu_firmware=b"dcpu",
        reserved_mem=2048,
    )
    assert console.stored == {
        "file-1": ("converted_model", "person.tflite", b"tflite"),
        "file-2": ("network_config", "upload", b"{}"),
        "file-3": ("dcpu_firmware", "upload", b"dcpu"),
    }
    ids = {
        "model_file_id": "file-1",
        "network_config_file_id": "file-2",
        "dcpu_firmware_file_id": "file-3",
    }
    body = {"model_id": "person", "converted": True, "reserved_mem": 2048, **ids}
    assert console.registered == [("/api/v2/models", body)]
    assert found.file_ids == ids


@pytest.mark.parametrize("upload", CASES)
@pytest.mark.parametrize(
    "failure",
    [
        reply({"code": "E.SC.API.0000006", "message": "Bad request."}, 400),
        reply({"result": "WARNING", "code": "W.SC.API.1", "message": "half"}),
        httpx2.ReadError("gone"),
    ],
    ids=["refused", "warning", "network"],
)
def test_a_failed_registration_says_what_is_there(
    opened: OpenSession, upload: str, failure: Any
) -> None:
    arguments, _, _, argument, _ = CASES[upload]
    one = opened("aitrios", Console(refuse=2, failure=failure))
    with pytest.raises(rt.DeviceCloudError) as caught:
        call(one, upload, b"content", *arguments)
    error = caught.value
    operation = {
        "firmware": "firmware.create_firmware",
        "edge_app": "edge_app.import_edge_app",
        "model": "train_model.import_base_model",
    }[upload]
    told = f"{operation} failed, uploaded before: {argument}='file-1'; go on with {operation}()"
    assert told in str(error)
    assert error.args == (error.message,)
    assert error.operation == operation
    assert vars(error)["file_ids"] == {argument: "file-1"}
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert len(one.cloud.requests) == 2  # neither is repeated by itself


def test_a_failed_upload_leaves_nothing_to_tell(opened: OpenSession) -> None:
    one = opened("aitrios", Console(refuse=1))
    with pytest.raises(rt.BadRequestError) as caught:
        call(one, "firmware", b"content")
    assert "uploaded before" not in str(caught.value)
    assert not hasattr(caught.value, "file_ids")
    assert len(one.cloud.requests) == 1


def test_a_later_upload_that_fails(opened: OpenSession) -> None:
    one = opened("aitrios", Console(refuse=2))
    with pytest.raises(rt.BadRequestError) as caught:
        call(one, "model", b"model", "m", network_config=b"{}")
    assert (
        "utility.upload_file failed, uploaded before: model_file_id='file-1'; go on with"
        " utility.upload_file() for the rest, then train_model.import_base_model()"
    ) in str(caught.value)


@pytest.mark.parametrize("info", [None, {}, {"file_id": None}, {"file_id": ""}])
def test_a_reply_without_an_id(opened: OpenSession, info: Any) -> None:
    one = opened("aitrios", reply({"result": "SUCCESS", "file_info": info}))
    with pytest.raises(rt.DecodeError, match="names no file_id"):
        call(one, "firmware", b"content")
    assert len(one.cloud.requests) == 1


@pytest.mark.parametrize(
    ("upload", "arguments", "options", "told"),
    [
        ("firmware", (b"x",), {"description": "d" * 101}, "description"),
        ("firmware", (b"x",), {"firmware_type": "mystery"}, "firmware_type"),
        ("edge_app", (b"x",), {"description": 5}, "description"),
        ("model", (b"x", "m" * 101), {}, "model_id"),
        ("model", (b"x", "m"), {"reserved_mem": "lots"}, "reserved_mem"),
        ("firmware", ("a text",), {}, "firmware: needs bytes, a path"),
        ("firmware", (Path("/nowhere/package.zip"),), {}, "No such file"),
        ("model", (b"x", "m"), {"network_config": Path("/nowhere/c")}, "network_config: .*No such"),
        ("firmware", (io.StringIO("x"),), {}, "needs bytes"),
    ],
)
def test_nothing_is_sent_when_something_is_wrong(
    opened: OpenSession, upload: str, arguments: Any, options: Any, told: str
) -> None:
    one = opened("aitrios")
    with pytest.raises(rt.InvalidRequestError, match=told):
        call(one, upload, *arguments, **options)
    assert one.cloud.requests == []


def test_progress(opened: OpenSession, tmp_path: Path) -> None:
    path = tmp_path / "big.bin"
    path.write_bytes(b"0" * 200_000)
    seen: list[Any] = []
    one = opened("aitrios", Console())
    call(one, "firmware", path, on_progress=seen.append)
    assert [news.total for news in seen] == [200_000] * len(seen)
    assert seen[-1].sent == 200_000
    assert len(seen) > 2
    assert [news.sent for news in seen] == sorted(news.sent for news in seen)


def test_progress_of_a_stream_of_unknown_length(opened: OpenSession) -> None:
    class Pipe(io.RawIOBase):
        left = 3

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            self.left -= 1
            return b"part" if self.left >= 0 else b""

    seen: list[Any] = []
    console = Console()
    one = opened("aitrios", console)
    call(one, "firmware", Pipe(), on_progress=seen.append)
    assert [tuple(news) for news in seen] == [(4, None), (8, None), (12, None)]
    assert console.stored["file-1"][2] == b"part" * 3


def test_a_renewed_token_sends_the_file_again(opened: OpenSession) -> None:
    tokens = iter(["old-token-1", "new-token-2", "new-token-2"])
    seen: list[int] = []
    console = Console(refuse=1, failure=reply({"message": "Not signed in."}, 401))
    one = opened("aitrios", console, token=lambda: next(tokens))
    call(one, "firmware", b"x" * 10, on_progress=lambda news: seen.append(news.sent))
    assert console.stored["file-1"][2] == b"x" * 10
    assert seen == [10, 10]  # from the beginning again


def test_a_coroutine_function_is_refused(opened: OpenSession) -> None:
    async def note(news: Any) -> None: ...

    one = opened("aitrios")
    with pytest.raises(rt.InvalidRequestError, match="a plain function, in an async client too"):
        call(one, "firmware", b"x", on_progress=note)
    assert one.cloud.requests == []


def test_options_hold_for_each_call(opened: OpenSession) -> None:
    one = opened("aitrios", Console())
    call(one, "edge_app", b"x", timeout=7, extra_headers={"X-Trace": "1"})
    timeouts = [request.extensions["timeout"]["read"] for request in one.cloud.requests]
    assert timeouts == [7, 7]
    assert [request.headers["x-trace"] for request in one.cloud.requests] == ["1", "1"]


def test_the_callers_file_stays_open(opened: OpenSession, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(b"abc")
    one = opened("aitrios", Console())
    with path.open("rb") as file:
        call(one, "firmware", file, on_progress=lambda news: None)
        assert not file.closed
    names = [re.search(rb'filename="(.*?)"', r.content) for r in one.cloud.requests[:1]]
    assert [name and name[1] for name in names] == [b"p.zip"]
