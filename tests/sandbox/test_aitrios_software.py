"""Files, firmware, edge apps and connectors of the Console in the sandbox."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.aitrios import models
from deviceclouds.testing.sandbox import Sandbox

from .aitrios_fixtures import console, refused, sandbox

__all__ = ["console", "sandbox"]


def test_firmware_is_uploaded_registered_and_deleted(console: Any) -> None:
    firmware = console.firmware
    before = {one.firmware_id for one in firmware.get_firmwares(limit=2)}
    assert {"5f2f0d1c7a3b4e6f", "3f7d2f6c"} <= before
    reply = console.upload_firmware(rt.Upload(b"package", "package.zip"), description="Mine")
    (new,) = {one.firmware_id for one in firmware.get_firmwares()} - before
    found = firmware.get_firmware(new)
    assert (found.description, found.manifest["package_version"]) == (
        "Mine",
        found.firmware_version,
    )
    kind = {"firmware_type": "edge_system_sw_package"}
    again = reply.file_ids["file_id"]
    refused(lambda: firmware.create_firmware(**kind, file_id=again), 400, "E.SC.API.0025021")
    refused(lambda: firmware.create_firmware(**kind, file_id="x"), 404, "E.SC.API.0025019")
    other = console.utility.upload_file(type_code="edge_app", file=b"x").file_info.file_id
    refused(lambda: firmware.create_firmware(**kind, file_id=other), 400, "E.SC.API.0025017")
    broken = rt.Upload(b"x", "broken.zip")
    refused(lambda: console.upload_firmware(broken), 400, "E.SC.API.0025020")
    assert firmware.delete_firmware(new).result == "SUCCESS"
    refused(lambda: firmware.delete_firmware(new), 404, "W.SC.API.0026003")
    assert not list(firmware.get_firmwares(target_device_type="99"))


def test_some_firmware_cannot_be_deleted_and_some_had_no_file(console: Any) -> None:
    ids = [one.firmware_id for one in console.firmware.get_firmwares()]
    refused(lambda: console.firmware.delete_firmware(ids[4]), 400, "E.SC.API.0026001")
    with pytest.raises(rt.PartialFailureError) as caught:
        console.firmware.delete_firmware(ids[3])
    assert caught.value.code == "W.SC.API.0026004"
    assert [one.firmware_id for one in console.firmware.get_firmwares()] == ids[:3] + ids[4:]


def test_an_edge_app_is_compiled_by_the_clock(console: Any, sandbox: Sandbox) -> None:
    apps = console.edge_app
    content = b"PK a package"
    console.upload_edge_app(rt.Upload(content, "counter-1.2.0.zip"), description="Counts")
    seen = []
    for _ in range(4):
        app = apps.get_edge_app("counter", "1.2.0")
        seen.append((app.status, app.compiled_flg))
        sandbox.clock.advance(60)
    assert seen == [
        ("before_compile", False),
        ("compiling", False),
        ("compiled", True),
        ("compiled", True),
    ]
    exported = apps.export_edge_app("counter", "1.2.0")
    assert base64.b64decode(exported.contents) == content
    listed = {app.app_name: app for app in apps.get_edge_apps(limit=2)}
    assert [version.app_version for version in listed["counter"].versions] == ["1.2.0"]
    again = rt.Upload(content, "counter-1.2.0.zip")
    refused(lambda: console.upload_edge_app(again), 400, "E.SC.API.0170011")
    apps.delete_edge_app("counter", "1.2.0")
    refused(lambda: apps.delete_edge_app("counter", "1.2.0"), 404, "W.SC.API.0173001")
    assert "counter" not in {app.app_name for app in apps.get_edge_apps()}


def test_a_name_of_ones_own_and_the_next_version(console: Any) -> None:
    console.upload_edge_app(rt.Upload(b"x", "package.zip"), app_name="people_counter")
    found = console.wait_for_edge_app("people_counter", "1.0.1")
    assert found.status == "compiled"


def test_a_broken_package_cannot_be_compiled(console: Any) -> None:
    console.upload_edge_app(rt.Upload(b"x", "broken_v2.0.zip"))
    with pytest.raises(rt.WorkFailedError):
        console.wait_for_edge_app("broken", "2.0")


def test_packages_that_are_none(console: Any) -> None:
    imports = console.edge_app.import_edge_app
    refused(lambda: imports(edge_app_package_id="x"), 404, "E.SC.API.0170029")
    file_id = console.utility.upload_file(type_code="firmware", file=b"x").file_info.file_id
    refused(lambda: imports(edge_app_package_id=file_id), 400, "E.SC.API.0170028")
    long = rt.Upload(b"x", "y.zip")
    refused(lambda: console.upload_edge_app(long, app_name="z" * 101), 400, "E.SC.API.0170033")


def test_a_seeded_app_is_exported_as_a_zip_file(console: Any) -> None:
    exported = console.edge_app.export_edge_app("people_counter", "1.0.0")
    assert exported.file_name == "people_counter.zip"
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(exported.contents))) as package:
        assert package.testzip() is None and package.namelist() == ["README.txt"]


def test_the_hubs_secrets_come_back_masked(console: Any) -> None:
    connector = console.connector
    assert connector.get_ir_hub_connector().type == "Default(Internal)"
    for body, secrets in (
        (models.AzureEventHub(type="AzureEventHub", url="Endpoint=hidden", name="a"), ("url",)),
        (models.AzureBlobStorage(type="AzureBlobStorage", url="hidden", name="b"), ("url",)),
        (
            models.AWSS3(type="AWSS3", name="c", access_key="hidden", secret_access_key="hidden"),
            ("access_key", "secret_access_key"),
        ),
        (
            models.AWSKinesis(
                type="AWSKINESIS",
                name="d",
                access_key="hidden",
                secret_access_key="hidden",
                partition_key="DeviceID",
            ),
            ("access_key", "secret_access_key"),
        ),
        (
            models.Kafka(
                type="Kafka", name="e", bootstrap_servers="k:9", username="u", password="hidden"
            ),
            ("password",),
        ),
    ):
        connector.update_ir_hub_connector(body=body)
        shown = connector.get_ir_hub_connector().to_dict()
        assert shown["name"] == body.name and "hidden" not in str(shown)
        assert [shown[name] for name in secrets] == ["********"] * len(secrets)
    assert shown["username"] == "u"
    reset = models.IRHubReset(type="", url="", name="")
    connector.update_ir_hub_connector(body=reset)
    assert connector.get_ir_hub_connector().type == "Default(Internal)"
    nameless = models.AzureEventHub(type="AzureEventHub", url="x", name="")
    refused(lambda: connector.update_ir_hub_connector(body=nameless), 400, "E.SC.API.0196002")


def test_storages_are_set_one_by_one_or_both(console: Any, sandbox: Sandbox) -> None:
    connector = console.connector

    def shown() -> tuple[Any, Any]:
        found = connector.get_storage_connector().to_dict()
        assert "hidden" not in str(found)
        return found["input_image"]["type"], found["inference_result"]["type"]

    assert shown() == ("Default(Internal)", "Default(Undefined)")
    azure = {"endpoint": "https://x", "connection_string": "hidden", "container_name": "c"}
    connector.update_storage_connector(
        body=models.AzureStorage(type="AZURE", mode=models.StorageMode(2), **azure)
    )
    assert shown() == ("Default(Internal)", "AZURE")
    aws = models.AWSStorage(
        type="AWS",
        mode=models.StorageMode(0),
        endpoint="https://y",
        region="r",
        bucket_name="b",
        secret_access_key="hidden",
        access_key_id="hidden",
    )
    connector.update_storage_connector(body=aws)
    assert shown() == ("AWS", "AZURE")
    half = models.AzureStorage(type="AZURE", mode=models.StorageMode(1), endpoint="https://x")
    refused(lambda: connector.update_storage_connector(body=half), 400, "E.SC.API.0195003")
    connector.update_storage_connector(
        body=models.AzureStorage(type="AZURE", mode=models.StorageMode(1))
    )
    assert shown() == ("Default(Internal)", "Default(Undefined)")
    state = sandbox.clouds["aitrios"].state  # type: ignore[attr-defined]
    assert "hidden" not in repr(vars(state))
