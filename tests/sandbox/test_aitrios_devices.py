"""The Console's devices in the sandbox: lists, groups, certificates, settings, commands, logs."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.testing.sandbox import Sandbox

from .aitrios_fixtures import DEVICE, MODULE, console, device_id, refused, sandbox

__all__ = ["console", "sandbox"]

CERTIFICATE = "MIIBszCCAVmgAwIBAgIUNEWDEVICE0000000000"
OFF, SLOW, FAULTY = device_id(4), device_id(5), device_id(6)


def test_devices_are_found_by_what_is_known_of_them(console: Any) -> None:
    devices = console.manage_devices
    by_id = {device.device_id: device for device in devices.get_devices()}
    assert list(by_id)[:4] == [DEVICE, device_id(1), "device_123", "device_456"]
    assert [d.device_id for d in devices.get_devices(device_name="NORTH-do")] == [DEVICE]
    assert [d.device_id for d in devices.get_devices(device_id="vice_12")] == ["device_123"]
    wanted = [device_id(7), DEVICE]
    found = devices.get_devices(device_ids=wanted)
    assert {d.device_id for d in found} == set(wanted)
    group = list(devices.get_devices(device_group_id="entrances"))
    assert group and all("entrances" in [g.device_group_id for g in d.device_groups] for d in group)
    assert not list(devices.get_devices(device_group_id="nowhere"))
    one = by_id[DEVICE]
    assert (one.models[0].model_version_id, one.modules[0].module_id) == (
        "people-detector:v1.01",
        MODULE,
    )


def test_pages_of_disconnected_devices_are_short_and_go_on(console: Any, sandbox: Sandbox) -> None:
    devices = console.manage_devices
    connected = [d.device_id for d in devices.get_devices(connection_state="Connected")]
    sizes, cursor, found = [], rt.UNSET, []
    while cursor is not None:
        pager = devices.get_devices(connection_state="Disconnected", limit=5, starting_after=cursor)
        page = pager.first_page()
        sizes.append(len(page.items))
        found += [device.device_id for device in page.items]
        cursor = page.next_cursor
    assert OFF in found and not set(found) & set(connected)
    assert len(found) + len(connected) == sandbox.world.count(1250)
    assert max(sizes) < 5 and len(sizes) == -(-sandbox.world.count(1250) // 5)
    assert [d.device_id for d in devices.get_devices(connection_state="Disconnected")] == found


def test_the_minimal_scope_leaves_out_almost_everything(console: Any) -> None:
    (device,) = console.manage_devices.get_devices(device_ids=[DEVICE], scope="minimal")
    assert device.connection_state == "Connected"
    assert device.modules is rt.UNSET and device.models is rt.UNSET


def test_a_device_is_enrolled_changed_and_removed(console: Any, sandbox: Sandbox) -> None:
    enroll = console.certificate.enroll_device
    new = enroll(device_name="gate", primary_certificate=CERTIFICATE).id
    get = console.manage_devices.get_device
    assert get(new).connection_state == "Disconnected"
    sandbox.clock.advance(60)
    assert get(new).connection_state == "Connected"
    assert [d.device_id for d in console.manage_devices.get_devices(device_name="gate")][-1] == new
    refused(
        lambda: enroll(device_name="gate", primary_certificate=CERTIFICATE + "2"),
        400,
        "E.SC.API.0144006",
    )
    refused(
        lambda: enroll(device_name="gate 2", primary_certificate=CERTIFICATE),
        400,
        "E.SC.API.0144009",
    )
    refused(
        lambda: enroll(device_name="gate 2", primary_certificate="-- not base64 --"),
        400,
        "E.SC.API.0144010",
    )
    update = console.manage_devices.update_device
    update(new, device_name="back gate", description="Behind", inactivity_timeout=60)
    device = get(new)
    assert (device.device_name, device.description, device.inactivity_timeout) == (
        "back gate",
        "Behind",
        60,
    )
    refused(lambda: update(new, device_name="north-door"), 400, "E.SC.API.0291008")
    refused(lambda: update(new, device_name="Tür"), 400, "E.SC.API.0291003")
    console.certificate.delete_device(new)
    refused(lambda: get(new), 404, "E.SC.API.0002002")
    assert new not in [d.device_id for d in console.manage_devices.get_devices()]


def test_certificates_follow_their_devices(console: Any) -> None:
    first = console.certificate.get_device_certificate(DEVICE)
    assert (first.device_name, first.credentials_id_object) == ("north-door", "5d0f3c1e")
    new = {"primary_certificate": CERTIFICATE, "device_name": "portal"}
    console.certificate.update_device_certificate("device_123", **new)
    changed = console.certificate.get_device_certificate("device_123")
    assert changed.device_name == "portal" and changed.created_time > first.created_time
    ids = [one.device_id for one in console.certificate.get_device_certificates(limit=9)]
    assert ids == [one.device_id for one in console.manage_devices.get_devices()]
    other = console.certificate.update_device_certificate
    refused(lambda: other(DEVICE, primary_certificate=CERTIFICATE), 400, "E.SC.API.0091007")
    refused(lambda: other(DEVICE, device_name="portal"), 400, "E.SC.API.0091007")


def test_groups_come_fill_and_go(console: Any) -> None:
    devices = console.manage_devices
    devices.create_device_group(
        device_group_id="mine", description="My own", device_id=[DEVICE, "device_123"]
    )
    group = devices.get_device_group("mine")
    assert [d.device_id for d in group.devices] == [DEVICE, "device_123"]
    names = [g.device_group_id for g in devices.get_device(DEVICE).device_groups]
    assert names == ["entrances", "mine"]
    assert [g.device_group_id for g in devices.get_device_groups(description="OWN")] == ["mine"]
    assert [g.device_group_id for g in devices.get_device_groups(device_id=DEVICE)] == names
    console.update_device_group("mine", description=None, device_id=["device_456"])
    group = devices.get_device_group("mine")
    assert group.description is None
    assert [d.device_id for d in group.devices] == ["device_456"]
    devices.update_device_group("mine", device_id=[DEVICE], del_from_dgroup="1")
    assert [g.device_group_id for g in devices.get_device(DEVICE).device_groups] == ["mine"]
    console.update_device_group("mine", device_id=None)
    assert not devices.get_device_group("mine").devices
    refused(lambda: devices.create_device_group(device_group_id="a,b"), 400, "E.SC.API.0033002")
    twice = {"device_id": [DEVICE, DEVICE]}
    refused(
        lambda: devices.create_device_group(device_group_id="x", **twice), 400, "E.SC.API.0033004"
    )
    refused(
        lambda: devices.create_device_group(device_group_id="x", device_id=["y"]),
        404,
        "E.SC.API.0033006",
    )
    refused(lambda: devices.get_device_group("x"), 404, "E.SC.API.0032001")
    refused(
        lambda: devices.update_device_group("mine", description="x", del_from_dgroup="2"),
        400,
        "E.SC.API.0034009",
    )
    devices.delete_device_group("mine")
    refused(lambda: devices.delete_device_group("mine"), 404, "W.SC.API.0035003")
    assert devices.get_device(DEVICE).device_groups == []


def test_a_removed_device_is_in_no_group(console: Any) -> None:
    def members() -> set[str]:
        groups = console.manage_devices.get_device_groups()
        return {device.device_id for group in groups for device in group.devices}

    before = members()
    console.certificate.delete_device(DEVICE)
    assert before - members() == {DEVICE}


def test_software_takes_settings_over_a_little_later(console: Any, sandbox: Sandbox) -> None:
    command = console.device_command
    wanted = {"system_settings": {"led_enabled": False}}
    reply = command.update_device_configuration(
        DEVICE, configuration=wanted, include_updated_conf=True
    )
    assert reply.configuration == wanted
    before = command.get_device_property(DEVICE)
    assert before.configuration == wanted
    assert before.state["system_settings"]["led_enabled"] is True
    sandbox.clock.advance(5)
    after = command.get_device_property(DEVICE)
    assert after.state["system_settings"] == {"led_enabled": False}
    assert after.state["device_states"] == {"process_state": "Idle"}
    # All fields below a property are replaced, the other properties stay.
    assert command.update_device_configuration(DEVICE, configuration={"x": {}}).configuration is (
        rt.UNSET
    )
    assert command.get_device_property(DEVICE).configuration == {**wanted, "x": {}}
    assert command.get_property(DEVICE, "$system").property.configuration["x"] == {}
    update = command.update_device_configuration
    refused(lambda: update(OFF, configuration=wanted), 400, "E.SC.API.0306009")
    refused(lambda: update(DEVICE, configuration={}), 400, "E.SC.API.0306003")
    refused(lambda: update(DEVICE, configuration={"x": 1}), 400, "E.SC.API.0306002")


def test_modules_have_settings_of_their_own(console: Any) -> None:
    command = console.device_command
    found = command.get_module_property(DEVICE, MODULE)
    assert found.configuration == {"edge_app": {"common_settings": {"process_state": 2}}}
    assert command.get_property(DEVICE, MODULE).module_id == MODULE
    other = MODULE[:-1] + "2"
    refused(lambda: command.get_property(DEVICE, other), 409, "E.SC.API.0285004")
    refused(lambda: command.get_property(DEVICE, "x"), 404, "E.SC.API.0285002")
    refused(lambda: command.get_module_property(DEVICE, other), 404, "E.SC.API.0305002")
    refused(
        lambda: command.update_module_configuration(DEVICE, "x", configuration={"a": {}}),
        400,
        "E.SC.API.0307002",
    )


def test_a_picture_is_taken(console: Any, sandbox: Sandbox) -> None:
    first = console.capture_image(DEVICE)
    assert first.startswith(b"\xff\xd8\xff\xe0") and first.endswith(b"\xff\xd9")
    assert console.capture_image(DEVICE) == first  # the clock stands still
    later = set()
    for _ in range(5):
        sandbox.clock.advance(1)
        later.add(console.capture_image(DEVICE))
    assert later - {first}


def test_devices_that_cannot_answer(console: Any) -> None:
    run = console.device_command.execute_device_command
    refused(lambda: run("x", command_name="reboot"), 400, "E.SC.API.0308001")
    refused(lambda: run(DEVICE, command_name=""), 400, "E.SC.API.0308002")
    refused(lambda: run(DEVICE, command_name="shutdown"), 400, "E.SC.API.0308011")
    refused(lambda: run(OFF, command_name="reboot"), 408, "E.SC.API.0000009")
    refused(lambda: run(SLOW, command_name="reboot"), 408, "E.SC.API.0000009")
    with pytest.raises(rt.PartialFailureError) as caught:
        run(FAULTY, command_name="reboot")
    assert caught.value.body == {"result": "WARNING", "command_response": {"result": "error"}}
    with pytest.raises(rt.PartialFailureError):
        console.capture_image(DEVICE, sensor_name="OTHER")


def test_modules_that_cannot_answer(console: Any) -> None:
    run = console.device_command.execute_command
    refused(lambda: run("x", MODULE, command_name="reboot"), 400, "E.SC.API.0288001")
    refused(lambda: run(DEVICE, "x", command_name="reboot"), 400, "E.SC.API.0288006")
    refused(lambda: run(DEVICE, MODULE, command_name="sing"), 400, "E.SC.API.0288013")
    refused(lambda: run(OFF, "$system", command_name="reboot"), 408, "E.SC.API.0000009")
    with pytest.raises(rt.PartialFailureError) as caught:
        run(FAULTY, "$system", command_name="reboot")
    assert caught.value.code == "W.SC.API.0288007"
    read = {"command_name": "read_sensor_register", "parameters": {}}
    refused(lambda: run(DEVICE, MODULE, **read), 400, "E.SC.API.0288016")
    read["parameters"] = {"address": 1}
    assert run(DEVICE, MODULE, **read).command_response == {"value": 0}


def test_a_device_restarts(console: Any, sandbox: Sandbox) -> None:
    run, get = console.device_command.execute_device_command, console.manage_devices.get_device
    assert run(DEVICE, command_name="reboot").result == "SUCCESS"
    assert get(DEVICE).connection_state == "Disconnected"
    refused(lambda: run(DEVICE, command_name="direct_get_image"), 400, "E.SC.API.0308012")
    logs = console.manage_devices.get_event_logs(DEVICE, limit=1).first_page()
    assert logs.items[0].description == "Restarting"
    sandbox.clock.advance(30)
    assert get(DEVICE).connection_state == "Connected"


def test_logs_are_walked_and_narrowed_to_a_period(console: Any, sandbox: Sandbox) -> None:
    devices = console.manage_devices
    events = list(devices.get_event_logs(DEVICE, limit=7))
    lines = list(devices.get_edge_app_logs(DEVICE, limit=50))
    assert (len(events), len(lines)) == (60, 120)
    assert len({one.id for one in events}) == 60 and len({one.id for one in lines}) == 120
    times = [one.time for one in events]
    assert times == sorted(times, reverse=True)
    start, end = times[20][:26], times[10][:26]
    some = list(devices.get_event_logs(DEVICE, from_datetime=start, to_datetime=end))
    assert [one.id for one in some] == [one.id for one in events[10:21]]
    compact = start.replace("-", "").replace(":", "")
    assert len(list(devices.get_event_logs(DEVICE, from_datetime=compact))) == 21
    get = devices.get_edge_app_logs
    refused(
        lambda: get(DEVICE, from_datetime=end, to_datetime=start).first_page(),
        400,
        "E.SC.API.0213009",
    )
    far = {"from_datetime": "2020-01-01T00:00:00.000000", "to_datetime": end}
    refused(lambda: get(DEVICE, **far).first_page(), 400, "E.SC.API.0213010")
    refused(lambda: get("x").first_page(), 404, "E.SC.API.0213004")


def test_a_provisioning_code_is_a_picture_that_ends(console: Any) -> None:
    get = console.provisioning.get_qr_code_for_provisioning
    code = get(ntp="time.example.com", auto=True, wifi_pass="secret")
    assert base64.b64decode(code.contents).startswith(b"\x89PNG\r\n\x1a\n")
    assert code.expiration_date and get(auto=False).expiration_date is rt.UNSET
    refused(lambda: get(ip_address="1.2.3"), 400, "E.SC.API.0030008")
    refused(lambda: get(proxy_port="70000"), 400, "E.SC.API.0030005")
