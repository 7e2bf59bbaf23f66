"""Uploads to Scailable's cloud in the sandbox: kept, compiled as the clock goes, replaced, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from deviceclouds import runtime as rt
from deviceclouds.runtime import Upload
from deviceclouds.scailable.models import CreateFunctionData, UpdateFunctionData
from deviceclouds.testing.sandbox import Sandbox

from .raw_http import raw_http

SAMPLE = "f50af7e0-0dd5-4361-ab96-2e04f7bc7e30"
FORM = "multipart/form-data; boundary=b"
DATA = CreateFunctionData(
    name="Cats",
    alias="cats",
    input_driver="vision",
    input_driver_details={"width": 64, "height": 32},
    output_driver="vision",
    output_driver_details={},
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["scailable"], strict=True, size=0) as sandbox:
        sandbox.clock.freeze()
        yield sandbox


@pytest.fixture
def raw(sandbox: Sandbox) -> Iterator[httpx2.Client]:
    with raw_http(sandbox) as client:
        yield client


def test_an_upload_is_compiled_as_the_clock_goes(
    client: Any, sandbox: Sandbox, raw: httpx2.Client, tmp_path: Path
) -> None:
    content = bytes(range(256)) * 400
    (tmp_path / "cats.onnx").write_bytes(content)
    made = client.upload_model(tmp_path / "cats.onnx", DATA)
    assert (made.status, made.code.status, made.code.cdnuri) == ("new", "new", "")
    seen: list[str] = []
    for _ in range(25):
        function = client.function.get_function(made.uuid)
        assert function.code.status == function.status
        if seen[-1:] != [function.status]:
            seen.append(function.status)
        listed = client.function.list_functions(status=function.status, functions=[made.uuid])
        assert [one.uuid for one in listed] == [made.uuid]
        sandbox.clock.advance(1)
    assert seen == ["new", "uploading", "queued", "processing", "ok"]
    done = client.function.get_function(made.uuid)
    assert raw.get(done.code.cdnuri).content == content
    assert (done.name, done.alias) == ("Cats", "cats")
    assert done.input_driver_details == {"width": 64, "height": 32}
    assert client.function.get_function(made.uuid).code.cdnuri == done.code.cdnuri


def test_waiting_for_a_compilation(client: Any) -> None:
    made = client.upload_model(b"onnx", DATA)
    told: list[str] = []
    done = client.wait_until_compiled(made.uuid, on_progress=lambda f: told.append(f.status))
    assert done.status == "ok"
    assert told[-1] == "ok"
    assert len(set(told)) > 2


def test_waiting_for_a_compilation_async(sandbox: Sandbox) -> None:
    async def run() -> str:
        async with sandbox.async_client("scailable") as client:
            made = await client.upload_model(b"onnx", DATA)
            return str((await client.wait_until_compiled(made.uuid)).status)

    assert asyncio.run(run()) == "ok"


def test_a_broken_file_ends_in_an_error(client: Any, sandbox: Sandbox) -> None:
    made = client.upload_model(Upload(b"x", filename="Broken-cats.onnx"), DATA)
    with pytest.raises(rt.WorkFailedError, match="'error'") as caught:
        client.wait_until_compiled(made.uuid)
    assert caught.value.last.code.cdnuri == ""
    client.function.update_function(made.uuid, file=b"mended")
    assert client.wait_until_compiled(made.uuid).status == "ok"


def test_a_new_file_is_compiled_anew(client: Any, raw: httpx2.Client) -> None:
    made = client.upload_model(b"one", DATA)
    old = client.wait_until_compiled(made.uuid).code.cdnuri
    changed = client.function.update_function(made.uuid, bundle=b"two")
    assert (changed.status, changed.code.cdnuri, changed.name) == ("new", "", "Cats")
    new = client.wait_until_compiled(made.uuid).code.cdnuri
    assert raw.get(new).content == b"two"
    assert raw.get(old).status_code == 404


def test_metadata_change_without_a_compilation(client: Any, sandbox: Sandbox) -> None:
    before = client.function.get_function(SAMPLE)
    sandbox.clock.advance(100)
    client.function.update_function(SAMPLE, data=UpdateFunctionData(name="New", alias=None))
    after = client.function.get_function(SAMPLE)
    assert (after.name, after.alias, after.status) == ("New", "", "ok")
    assert after.documentation == before.documentation
    assert after.code.cdnuri == before.code.cdnuri
    assert after.updated_at > before.updated_at


def test_the_flag_of_a_linked_model(client: Any, sandbox: Sandbox) -> None:
    made = client.function.create_linked_function(body={"Name": "Linked", "Anything": [1]})
    assert made.name == "Linked"
    sandbox.clock.advance(100)
    with pytest.warns(rt.UnverifiedOperationWarning):
        changed = client.function.update_linked_settings(made.uuid, edge_impulse=True)
    assert changed.updated_at > made.updated_at
    assert client.function.get_function(made.uuid).status == "ok"


def test_a_deleted_function_is_gone_with_its_file(
    client: Any, raw: httpx2.Client, sandbox: Sandbox
) -> None:
    made = client.upload_model(b"x" * 1000, DATA)
    address = client.wait_until_compiled(made.uuid).code.cdnuri
    assert client.function.delete_function(made.uuid).message == "Done"
    assert raw.get(address).status_code == 404
    assert made.uuid not in {one.uuid for one in client.function.list_functions()}
    assert not any(file.content for file in sandbox.world.storage._files.values())


def test_files_that_were_there_before(client: Any, raw: httpx2.Client) -> None:
    files = {
        one.uuid: raw.get(one.code.cdnuri)
        for one in client.function.list_functions()
        if one.status == "ok"
    }
    assert {reply.status_code for reply in files.values()} == {200}
    assert len({reply.content for reply in files.values()}) == len(files) >= 10


def test_what_is_refused_changes_nothing(client: Any) -> None:
    before = client.function.get_function(SAMPLE)
    for arguments, field in (
        ({"file": b""}, "file"),
        ({"bundle": b"", "data": UpdateFunctionData(name="x")}, "bundle"),
        ({"data": UpdateFunctionData(name=" ")}, "Name"),
    ):
        with pytest.raises(rt.BadRequestError, match=f"{field}: must not be empty"):
            client.function.update_function(SAMPLE, **arguments)
    with pytest.raises(rt.BadRequestError, match="file: must not be empty"):
        client.upload_model(b"", DATA)
    assert client.function.get_function(SAMPLE) == before
    assert len(list(client.function.list_functions())) == 12


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/json", b'{"Name": "x"}'),
        ("multipart/form-data", b"x"),
        (FORM, b"--b\r\n\r\n"),
        (FORM, b'--b\r\nContent-Disposition: form-data; name="data"\r\n\r\n{\r\n--b--\r\n'),
        (FORM, b'--b\r\nContent-Disposition: form-data; name="data"\r\n\r\n[]\r\n--b--\r\n'),
        (FORM, b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n'),
        (
            FORM,
            b'--b\r\nContent-Disposition: form-data; name="data"\r\n\r\n{"Name":5}\r\n--b--\r\n',
        ),
    ],
)
def test_bodies_that_are_no_upload(
    raw: httpx2.Client, method: str, kind: str, content: bytes
) -> None:
    path = "functions" if method == "POST" else f"function/{SAMPLE}"
    headers = {"Authorization": "Bearer demo", "Content-Type": kind}
    reply = raw.request(method, f"/scailable/cpt/{path}", headers=headers, content=content)
    assert reply.status_code == 400
    assert reply.json().keys() == {"Message"}


def test_a_large_upload(client: Any, raw: httpx2.Client) -> None:
    content = bytes(3 * 1024 * 1024)
    made = client.upload_model(content, DATA)
    assert raw.get(client.wait_until_compiled(made.uuid).code.cdnuri).content == content
