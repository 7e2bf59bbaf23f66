"""Deployments of the Console in the sandbox: they go on with the clock, end well or not, and show on the devices."""

from __future__ import annotations

from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.aitrios import models
from deviceclouds.testing.sandbox import Sandbox

from .aitrios_fixtures import DEVICE, console, device_id, refused, sandbox

__all__ = ["console", "sandbox"]

PARTS: dict[str, Any] = {
    "models": models.DeployModelSelection,
    "edge_system_sw_package": models.DeployPackageSelection,
    "edge_apps": models.DeployEdgeAppSelection,
    "model_bundles": models.DeployModelBundleSelection,
}
OFF, FLAKY = device_id(4), device_id(7)


def new_config(console: Any, config_id: str = "mine", **parts: Any) -> str:
    """A deploy configuration; parts are given as plain JSON."""
    wanted = parts or {
        "models": [{"model_id": "forklift-detector", "model_version_number": "latest"}],
        "edge_apps": [{"app_name": "heat_map", "app_version": "1.0.0"}],
    }
    typed = {
        name: PARTS[name](**part)
        if isinstance(part, dict)
        else [PARTS[name](**one) for one in part]
        for name, part in wanted.items()
    }
    console.deploy.create_deploy_configuration(config_id=config_id, description="Mine", **typed)
    return config_id


def test_configurations_come_and_go(console: Any) -> None:
    before = [one.config_id for one in console.deploy.get_deploy_configurations(limit=3)]
    assert before[0] == "entrance-v3" and len(set(before)) == len(before)
    new_config(console)
    found = console.deploy.get_deploy_configuration("mine")
    assert found.models[0].model_version_number == "latest"
    assert (found.edge_apps[0].description, found.running_cnt) == ("heat map", 0)
    assert [one.config_id for one in console.deploy.get_deploy_configurations()] == [
        *before,
        "mine",
    ]
    refused(lambda: new_config(console), 400, "E.SC.API.0022010")
    console.deploy.delete_deploy_configuration("mine")
    refused(lambda: console.deploy.delete_deploy_configuration("mine"), 404, "E.SC.API.0055002")


def test_a_configuration_holds_what_there_is(console: Any) -> None:
    for parts, status, code in (
        ({"models": []}, 400, "E.SC.API.0022019"),
        ({"models": [{"model_id": "x"}]}, 404, "E.SC.API.0022011"),
        (
            {"models": [{"model_id": "people-detector", "model_version_number": "9"}]},
            404,
            "E.SC.API.0022011",
        ),
        ({"edge_system_sw_package": {"firmware_id": "x"}}, 404, "E.SC.API.0022012"),
        ({"edge_apps": [{"app_name": "heat_map", "app_version": "9"}]}, 404, "E.SC.API.0022013"),
        ({"model_bundles": [{"model_bundle_name": "x"}]}, 404, "E.SC.API.0022024"),
    ):
        refused(lambda parts=parts: new_config(console, **parts), status, code)  # type: ignore[misc]


def test_a_deployment_goes_on_with_the_clock_and_changes_the_devices(
    console: Any, sandbox: Sandbox
) -> None:
    new_config(console)
    ids = [DEVICE, "device_123"]
    deploy_id = console.deploy.deploy_by_configuration("mine", device_ids=ids).deploy_id
    seen = []
    for _ in range(12):
        status = console.deploy.get_deploy_status(deploy_id)
        seen.append([device.update_progress_percentage for device in status.devices])
        assert status.deploying_cnt + status.success_cnt + status.fail_cnt == 2
        if not status.deploying_cnt:
            break
        sandbox.clock.advance(15)
    assert seen[0] == [0, 0] and seen[-1] == [100, 100] and len(seen) > 5
    assert seen == sorted(seen)
    device = console.manage_devices.get_device(DEVICE)
    assert [model.model_version_id for model in device.models] == ["forklift-detector:v1.01"]
    assert (device.modules[0].app_name, device.modules[0].app_version) == ("heat_map", "1.0.0")
    (history, *_) = console.deploy.get_device_deploy_history(DEVICE)
    assert (history.deploy_id, history.deploy_status) == (deploy_id, "success")
    newest = console.deploy.get_deploy_history(limit=1).first_page().items[0]
    assert newest.deploy_id == deploy_id
    assert console.deploy.get_deploy_configuration("mine").success_cnt == 1
    log = console.manage_devices.get_event_logs(DEVICE, limit=1).first_page().items[0]
    assert log.description == f"deployment {deploy_id} succeeded"


def test_waiting_for_a_deployment_takes_no_time_here(console: Any) -> None:
    new_config(console)
    deploy_id = console.deploy.deploy_by_configuration("mine", device_ids=[DEVICE]).deploy_id
    assert console.wait_for_deploy(deploy_id).success_cnt == 1


def test_some_devices_fail(console: Any) -> None:
    new_config(console)
    ids = [DEVICE, FLAKY]
    before = console.manage_devices.get_device(FLAKY).models
    deploy_id = console.deploy.deploy_by_configuration("mine", device_ids=ids).deploy_id
    with pytest.raises(rt.WorkFailedError) as caught:
        console.wait_for_deploy(deploy_id)
    status = caught.value.last
    assert (status.success_cnt, status.fail_cnt) == (1, 1)
    assert [device.deploy_status for device in status.devices] == ["success", "fail"]
    assert console.manage_devices.get_device(FLAKY).models == before
    assert console.deploy.get_deploy_configuration("mine").fail_cnt == 1


def test_a_device_without_software_gets_its_first_module(console: Any, sandbox: Sandbox) -> None:
    certificate = "MIIBszCCAVmgAwIBAgIUNEWDEVICE0000000000"
    new = console.certificate.enroll_device(device_name="x", primary_certificate=certificate).id
    new_config(console)
    apply = console.deploy.deploy_by_configuration
    refused(lambda: apply("mine", device_ids=[new]), 400, "E.SC.API.0027006")
    sandbox.clock.advance(60)
    assert console.manage_devices.get_device(new).modules == []
    console.wait_for_deploy(apply("mine", device_ids=[new]).deploy_id)
    (module,) = console.manage_devices.get_device(new).modules
    assert module.app_name == "heat_map"
    assert console.device_command.get_module_property(new, module.module_id).state


def test_deployments_are_refused(console: Any) -> None:
    apply = console.deploy.deploy_by_configuration
    for config_id, ids, status, code in (
        ("x", [DEVICE], 404, "E.SC.API.0027003"),
        ("entrance-v3", [], 400, "E.SC.API.0027001"),
        ("entrance-v3", [DEVICE, DEVICE], 400, "E.SC.API.0027010"),
        ("entrance-v3", [DEVICE, "x"], 404, "E.SC.API.0027004"),
    ):
        refused(lambda c=config_id, i=ids: apply(c, device_ids=i), status, code)  # type: ignore[misc]
    error = refused(lambda: apply("entrance-v3", device_ids=[DEVICE, OFF]), 400, "E.SC.API.0027006")
    assert OFF in error.message and DEVICE not in error.message


def test_what_is_not_ready_cannot_be_deployed(console: Any) -> None:
    package = console.upload_edge_app(rt.Upload(b"zip", "slow-2.0.0.zip"))
    assert package.reply.result == "SUCCESS"
    new_config(console, edge_apps=[{"app_name": "slow", "app_version": "2.0.0"}])
    apply = console.deploy.deploy_by_configuration
    refused(lambda: apply("mine", device_ids=[DEVICE]), 404, "E.SC.API.0027016")
    console.wait_for_edge_app("slow", "2.0.0")
    console.wait_for_deploy(apply("mine", device_ids=[DEVICE]).deploy_id)
    assert console.edge_app.get_edge_app("slow", "2.0.0").deploy_count == 1
    console.upload_model(rt.Upload(b"tflite", "m.tflite"), "my-model")
    new_config(console, "more", models=[{"model_id": "my-model", "model_version_number": "1.00"}])
    refused(lambda: apply("more", device_ids=[DEVICE]), 404, "E.SC.API.0027014")


def test_a_deployment_is_taken_back_in_time_or_not_at_all(console: Any, sandbox: Sandbox) -> None:
    apply, cancel = console.deploy.deploy_by_configuration, console.deploy.cancel_deployment
    early = apply("entrance-v3", device_ids=[DEVICE]).deploy_id
    assert cancel(DEVICE, early).result == "SUCCESS"
    late = apply("entrance-v3", device_ids=[DEVICE]).deploy_id
    sandbox.clock.advance(16)
    assert cancel(DEVICE, late).result == "SUCCESS"
    sandbox.clock.advance(300)
    states = {
        d.deploy_id: d.deploy_status for d in console.deploy.get_device_deploy_history(DEVICE)
    }
    assert (states[early], states[late]) == ("cancel", "success")
    refused(lambda: cancel(DEVICE, "1"), 404, "E.SC.API.0166001")
    refused(lambda: cancel("device_123", late), 404, "E.SC.API.0166002")


def test_the_newest_deployment_is_under_way_at_the_start(console: Any, sandbox: Sandbox) -> None:
    status = console.deploy.get_deploy_status("12345")
    assert (status.deploying_cnt, status.config_id) == (2, "entrance-v3")
    history = list(console.deploy.get_deploy_history(limit=4))
    ids = [int(one.deploy_id) for one in history]
    assert ids == list(range(12345, 12345 - sandbox.world.count(200, 8), -1))
    assert not any(one.deploying_cnt for one in history[1:])
    assert console.wait_for_deploy("12345").success_cnt == 2


def test_a_model_made_for_a_device_is_deployed(console: Any) -> None:
    deploy = console.deploy.deploy_device_model
    assert deploy("person-detector", DEVICE, description="Better").result == "SUCCESS"
    newest = console.deploy.get_device_deploy_history(DEVICE, limit=1).first_page().items[0]
    assert (newest.deploy_type, newest.description) == ("device_model", "Better")
    console.wait_for_deploy(newest.deploy_id)
    names = [model.model_id for model in console.manage_devices.get_device(DEVICE).models]
    assert names == ["people-detector", "person-detector"]
    deploy("person-detector", DEVICE, replace_model_id="people-detector")
    newest = console.deploy.get_device_deploy_history(DEVICE, limit=1).first_page().items[0]
    assert newest.replace_model_id == "people-detector"
    console.wait_for_deploy(newest.deploy_id)
    names = [model.model_id for model in console.manage_devices.get_device(DEVICE).models]
    assert names == ["person-detector"]
    refused(lambda: deploy("x", DEVICE), 404, "E.SC.API.0059001")
    refused(lambda: deploy("person-detector", "x"), 404, "E.SC.API.0059002")
    refused(lambda: deploy("person-detector", "device_123"), 404, "E.SC.API.0059005")
    refused(lambda: deploy("person-detector", DEVICE, version_number="9"), 404, "E.SC.API.0059007")


def test_deployments_of_an_app_are_listed(console: Any) -> None:
    new_config(console)
    deploy_id = console.deploy.deploy_by_configuration("mine", device_ids=[DEVICE]).deploy_id
    newest = console.edge_app.get_edge_app_deploys("heat_map", "1.0.0", limit=1).first_page()
    (deployment,) = newest.items
    assert (deployment.id, deployment.total_status) == (deploy_id, "deploying")
    assert deployment.devices[0].latest_deployment_flg == "1"
    refused(
        lambda: console.edge_app.get_edge_app_deploys("x", "1").first_page(),
        404,
        "E.SC.API.0178001",
    )
