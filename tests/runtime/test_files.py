"""Uploads: what counts as a file, who closes it, and how it is sent again."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.scailable.models import UpdateFunctionData

from .conftest import OpenSession
from .made import UPLOAD
from .support import Session, reply

CONTENT = b"\x00model\r\n--boundary"


def upload(one: Session, file: Any, **options: Any) -> Any:
    arguments = {"uuid": "u", "file": file}
    return one.run(one.client._caller.call(UPLOAD, arguments, options))


def part(request: httpx2.Request) -> tuple[str, bytes]:
    """Headers and content of the only part."""
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    _, body, end = request.content.split(b"--" + boundary)
    assert end == b"--\r\n"
    headers, _, content = body[2:-2].partition(b"\r\n\r\n")
    return headers.decode(), content


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "net.onnx"
    path.write_bytes(CONTENT)
    return path


def test_bytes(opened: OpenSession) -> None:
    for content in (CONTENT, bytearray(CONTENT), memoryview(CONTENT)):
        one = opened("scailable", reply({}))
        upload(one, content)
        headers, body = part(one.cloud.request)
        assert body == CONTENT
        assert 'name="file"; filename="upload"' in headers
        assert "Content-Type: application/octet-stream" in headers


def test_a_path_is_opened_and_closed(opened: OpenSession, path: Path) -> None:
    # An unclosed file is a ResourceWarning, which is an error here.
    one = opened("scailable", reply({}, 503), reply({}))
    upload(one, path)
    assert [part(request)[1] for request in one.cloud.requests] == [CONTENT, CONTENT]
    assert 'filename="net.onnx"' in part(one.cloud.requests[0])[0]


@pytest.mark.parametrize("failure", [reply({}, 400), httpx2.ConnectError("x"), OSError("x")])
def test_a_path_is_closed_when_the_call_fails(
    opened: OpenSession, path: Path, failure: Any
) -> None:
    one = opened("scailable", failure)
    with pytest.raises((rt.DeviceCloudError, OSError)):
        upload(one, path)


def test_an_open_file_stays_open_and_is_rewound(opened: OpenSession, path: Path) -> None:
    one = opened("scailable", reply({}, 503), httpx2.ReadError("x"), reply({}))
    with path.open("rb") as file:
        file.read(3)
        upload(one, file)
        assert not file.closed
    assert [part(request)[1] for request in one.cloud.requests] == [CONTENT] * 3
    assert 'filename="net.onnx"' in part(one.cloud.requests[0])[0]


def test_a_buffer_has_no_name(opened: OpenSession) -> None:
    one = opened("scailable", reply({}))
    upload(one, io.BytesIO(CONTENT))
    assert part(one.cloud.request)[1] == CONTENT
    assert 'filename="upload"' in part(one.cloud.request)[0]


class Pipe:
    """Gives its bytes once."""

    def __init__(self) -> None:
        self._left = [CONTENT]

    def read(self, size: int = -1) -> bytes:
        return self._left.pop() if self._left else b""


def test_what_cannot_be_rewound_is_sent_once(opened: OpenSession) -> None:
    one = opened("scailable", reply({}, 503), reply({}))
    with pytest.raises(rt.ServerError) as caught:
        upload(one, Pipe())
    assert caught.value.attempts == 1
    assert part(one.cloud.request)[1] == CONTENT


def test_an_upload_says_its_name_and_type(opened: OpenSession, path: Path) -> None:
    with path.open("rb") as file:
        for content in (CONTENT, file):
            one = opened("scailable", reply({}))
            upload(one, rt.Upload(content, "other.bin", "application/x-onnx"))
            headers, body = part(one.cloud.request)
            assert body == CONTENT
            assert 'filename="other.bin"' in headers
            assert "Content-Type: application/x-onnx" in headers


def test_a_filename_stays_in_its_header(opened: OpenSession) -> None:
    one = opened("scailable", reply({}))
    upload(one, rt.Upload(CONTENT, 'a"\r\nX-Evil: 1'))
    headers, body = part(one.cloud.request)
    assert body == CONTENT
    assert not [line for line in headers.splitlines() if line.startswith("X-Evil")]


def test_text_files_are_refused(opened: OpenSession, path: Path) -> None:
    with path.open() as text, tempfile.NamedTemporaryFile("w") as temporary:
        for file in (text, temporary, io.StringIO("x"), rt.Upload(io.StringIO("x"))):  # type: ignore[arg-type]
            one = opened("scailable")
            with pytest.raises(rt.InvalidRequestError, match="file: needs bytes, a path, a file"):
                upload(one, file)
            assert one.cloud.requests == []


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("net.onnx", "file: needs bytes, a path, a file opened with 'rb' or an Upload, not str"),
        (5, "file: needs bytes, a path, .*not int"),
        (None, "file must not be None"),
        (Path("/nowhere/net.onnx"), "file: .*No such file"),
        (Path("/"), "file: .*directory"),
        (rt.Upload("text"), "file: needs bytes, a path, .*not str"),  # type: ignore[arg-type]
        (rt.Upload(Path("x")), "file: its content must be bytes or a file"),  # type: ignore[arg-type]
        (
            rt.Upload(b"", "x", "text/plain\r\nX-Evil: 1"),
            "file: its content_type must be printable",
        ),
    ],
)
def test_what_is_no_file_is_refused(opened: OpenSession, file: Any, message: str) -> None:
    one = opened("scailable")
    with pytest.raises(rt.InvalidRequestError, match=message):
        upload(one, file)
    assert one.cloud.requests == []


def test_files_opened_before_a_refusal_are_closed(opened: OpenSession, path: Path) -> None:
    one = opened("scailable")
    with pytest.raises(rt.InvalidRequestError, match=r"bundle: .*No such file"):
        one.run(one.client.function.update_function("u", file=path, bundle=Path("/nowhere/x")))
    assert one.cloud.requests == []


def test_data_beside_a_file(opened: OpenSession) -> None:
    one = opened("scailable", reply({}))
    data = UpdateFunctionData(name="é", alias=None)
    one.run(one.client.function.update_function("u", data=data, file=CONTENT))
    first = one.cloud.request.content.partition(CONTENT)[0].splitlines()
    assert b'Content-Disposition: form-data; name="data"' in first
    assert b"Content-Type: application/json" in first
    assert json.loads(first[4]) == {"Name": "é", "Alias": None}


def test_boundaries_cannot_be_guessed(opened: OpenSession) -> None:
    seen = set()
    for _ in range(3):
        one = opened("scailable", reply({}))
        upload(one, CONTENT)
        seen.add(one.cloud.request.headers["content-type"])
    assert len(seen) == 3
