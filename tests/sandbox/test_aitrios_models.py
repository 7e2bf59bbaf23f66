"""Models and bundles of the Console in the sandbox: imported, converted by the clock, changed, deleted."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.aitrios.models import ImportBaseModelByFileId, ImportBaseModelByUrl
from deviceclouds.testing.sandbox import Sandbox

from .aitrios_fixtures import DEVICE, console, refused, sandbox

__all__ = ["console", "sandbox"]

LINK = "https://storage.example/m.tflite?sig=x"


def state_of(console: Any, model_id: str) -> str:
    (project,) = console.train_model.get_base_model_status(model_id).projects
    (version,) = project.versions
    return str(version.version_status)


def test_models_are_found_by_what_is_known_of_them(console: Any, sandbox: Sandbox) -> None:
    get = console.train_model.get_models
    found = [model.model_id for model in get(limit=2)]
    assert found[:2] == ["person-detector", "people-detector"]
    assert len(set(found)) == len(found) == sandbox.world.count(24, 6)
    assert [m.model_id for m in get(model_id="PERSON")] == ["person-detector"]
    assert [m.model_id for m in get(comment="indoor")] == ["person-detector"]
    (mine,) = get(device_id=DEVICE)
    assert [p.model_project_name for p in mine.projects] == ["line-a-detector-north-door"]
    assert [m.model_id for m in get(project_type="1")] == ["person-detector"]
    classic = {m.model_id for m in get(model_platform="0")}
    assert classic and not classic & {m.model_id for m in get(model_platform="1")}
    assert all(len(p.versions) == 1 for m in get() for p in m.projects)
    refused(lambda: get(latest_type="2").first_page(), 400, "E.SC.API.0056003")
    refused(lambda: get(model_platform="2").first_page(), 400, "E.SC.API.0056001")


def test_a_model_is_uploaded_and_published(console: Any, sandbox: Sandbox) -> None:
    train = console.train_model
    console.upload_model(rt.Upload(b"tflite" * 10, "mine.tflite"), "mine", comment="First")
    assert state_of(console, "mine") == "01"
    import_id = train.publish_model("mine").import_id
    assert state_of(console, "mine") == "02"
    refused(lambda: train.publish_model("mine"), 400, "E.SC.API.0181002")
    refused(lambda: train.delete_model("mine"), 400, "E.SC.API.0078003")
    sandbox.clock.advance(95)
    assert state_of(console, "mine") == "05"
    model = console.wait_for_publish("mine", import_id=import_id)
    version = model.projects[0].versions[0]
    assert (version.version_status, version.conv_id, version.stage) == (
        "07",
        import_id,
        "completed",
    )
    assert (version.org_file_name, version.org_file_size) == ("mine.tflite", 60)
    assert version.publish_end_date > version.publish_start_date == version.convert_end_date
    assert train.delete_model("mine").result == "SUCCESS"
    refused(lambda: train.get_base_model_status("mine"), 404, "E.SC.API.0057002")
    refused(lambda: train.delete_model("mine"), 404, "W.SC.API.0078001")


def test_a_second_import_makes_a_second_version(console: Any, sandbox: Sandbox) -> None:
    train = console.train_model
    for comment in ("one", "two"):
        train.import_base_model(
            body=ImportBaseModelByUrl(model=LINK, model_id="mine", comment=comment)
        )
    console.train_model.publish_model("mine")
    sandbox.clock.advance(120)
    versions = train.get_base_model_versions("mine").projects[0].versions
    assert [(v.version_number, v.latest_flg, v.publish_latest_flg) for v in versions] == [
        ("1.00", "0", "0"),
        ("1.01", "1", "1"),
    ]
    assert [v.version_comment for v in versions] == ["one", "two"]
    (one,) = train.get_base_model_versions("mine", version_number="1.00").projects[0].versions
    assert one.version_status == "01"
    train.update_base_model_version("mine", "1.00", comment="uno")
    (one,) = train.get_base_model_versions("mine", version_number="1.00").projects[0].versions
    assert one.version_comment == "uno"
    (short,) = (
        train.get_base_model_versions("mine", version_number="1.00", scope="minimal")
        .projects[0]
        .versions
    )
    assert short.labels is rt.UNSET
    latest = train.get_base_model_status("mine", latest_type="0").projects[0].versions
    assert [v.version_number for v in latest] == ["1.01"]
    refused(lambda: train.update_base_model_version("mine", "1.00"), 400, "E.SC.API.0076002")
    refused(lambda: train.update_base_model_version("mine", "9"), 404, "E.SC.API.0076010")
    refused(
        lambda: train.get_base_model_versions("mine", version_number="9"), 400, "E.SC.API.0058001"
    )


def test_a_broken_file_cannot_be_converted(console: Any) -> None:
    console.upload_model(rt.Upload(b"x", "broken.tflite"), "mine")
    import_id = console.train_model.publish_model("mine").import_id
    with pytest.raises(rt.WorkFailedError) as caught:
        console.wait_for_publish("mine", import_id=import_id)
    version = caught.value.last.projects[0].versions[0]
    assert version.version_status == "03" and version.converter_log


def test_a_converted_model_is_only_added(console: Any, sandbox: Sandbox) -> None:
    console.upload_model(rt.Upload(b"x", "m.rpk"), "mine", converted=True)
    assert state_of(console, "mine") == "04"
    console.train_model.publish_model("mine")
    assert state_of(console, "mine") == "05"
    sandbox.clock.advance(20)
    assert state_of(console, "mine") == "07"


def test_imports_are_refused(console: Any) -> None:
    def by_file(**given: Any) -> None:
        console.train_model.import_base_model(body=ImportBaseModelByFileId(**given))

    def by_url(**given: Any) -> None:
        console.train_model.import_base_model(body=ImportBaseModelByUrl(**given))

    file_id = console.utility.upload_file(type_code="edge_app_pkg", file=b"x").file_info.file_id
    for call, status, code in (
        (lambda: by_file(model_file_id="x", model_id="m"), 404, "E.SC.API.0047015"),
        (lambda: by_file(model_file_id=file_id, model_id="m"), 400, "E.SC.API.0047026"),
        (lambda: by_url(model="ftp://x", model_id="m"), 400, "E.SC.API.0047020"),
        (lambda: by_url(model=LINK, model_id="ü"), 400, "E.SC.API.0047003"),
        (lambda: by_url(model=LINK, model_id="m", network_type="2"), 400, "E.SC.API.0047018"),
    ):
        refused(call, status, code)


def test_the_console_warns(console: Any) -> None:
    train = console.train_model
    with pytest.raises(rt.PartialFailureError) as caught:
        train.publish_model("legacy-keras-detector")
    assert caught.value.code == "W.SC.API.0181006"
    with pytest.raises(rt.PartialFailureError) as caught:
        train.delete_model("people-detector")  # devices have it
    assert caught.value.code == "W.SC.API.0078002"
    refused(lambda: train.get_base_model_status("people-detector"), 404, "E.SC.API.0057002")
    # What is on the devices stays there.
    assert console.manage_devices.get_device(DEVICE).models[0].model_id == "people-detector"
    assert list(console.insight.get_inferences(devices=[DEVICE]))


def test_a_device_has_a_model_of_its_own(console: Any, sandbox: Sandbox) -> None:
    train = console.train_model
    status = train.get_device_model_status("person-detector", DEVICE)
    assert status.projects[0].device_id == DEVICE
    train.update_device_model_version("person-detector", DEVICE, "0101", comment="Mine")
    versions = train.get_device_model_versions("person-detector", DEVICE, version_number="0101")
    assert versions.projects[0].versions[0].version_comment == "Mine"
    import_id = train.publish_model("person-detector", device_id=DEVICE).import_id
    console.wait_for_publish("person-detector", device_id=DEVICE, import_id=import_id)
    refused(
        lambda: train.publish_model("person-detector", device_id="device_123"),
        404,
        "E.SC.API.0181001",
    )
    contents = train.get_dnn_params("person-detector", device_id=DEVICE).contents
    assert json.loads(base64.b64decode(contents))["version"] == "0101"


def test_what_is_noted_about_a_model_is_changed(console: Any) -> None:
    train = console.train_model
    train.update_model("person-detector", comment="Outdoor", version_number="Other Ltd")
    model = train.get_base_model_status("person-detector")
    assert (model.model_comment, model.vendor_name) == ("Outdoor", "Other Ltd")
    refused(lambda: train.update_model("person-detector"), 400, "E.SC.API.0073003")
    refused(lambda: train.update_model("x", comment="y"), 404, "E.SC.API.0073004")


def test_bundles_come_and_go(console: Any, sandbox: Sandbox) -> None:
    train = console.train_model
    file_id = console.utility.upload_file(type_code="model_bundle", file=b"x").file_info.file_id
    for _ in range(2):
        train.import_model_bundle(bundle_name="mine", bundle_file_id=file_id)
    (bundle,) = train.get_model_bundles(model_bundle_name="MIN").model_bundles
    assert bundle.latest_version.encrypt_status == "02"
    refused(lambda: train.delete_model_bundle("mine"), 400, "W.SC.API.0298003")
    sandbox.clock.advance(30)
    versions = train.get_model_bundle_versions("mine").versions
    assert [(v.model_bundle_version, v.latest_flg, v.encrypt_status) for v in versions] == [
        ("1.0.0", "0", "03"),
        ("1.0.1", "1", "03"),
    ]
    assert train.delete_model_bundle("mine").result == "SUCCESS"
    refused(lambda: train.delete_model_bundle("mine"), 404, "W.SC.API.0298001")
    with pytest.raises(rt.PartialFailureError) as caught:
        train.delete_model_bundle("entrance-bundle")  # a deploy configuration names it
    assert caught.value.code == "W.SC.API.0298002"
    refused(
        lambda: train.import_model_bundle(bundle_name="x", bundle_file_id="y"),
        400,
        "E.SC.API.0297010",
    )
