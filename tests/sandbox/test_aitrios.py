"""The AITRIOS Console of the sandbox: every operation, bad requests, determinism, size."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from deviceclouds.testing import MOUNTS, example_request
from deviceclouds.testing._spec import load_spec
from deviceclouds.testing.sandbox import Sandbox, SandboxClock
from deviceclouds.testing.sandbox.clouds import cloud_of
from deviceclouds.testing.sandbox.world import World

from .aitrios_fixtures import DEVICE, MODULE, PROJECT, console, device_id, refused, sandbox
from .raw_http import raw_http

__all__ = ["console", "sandbox"]

SPEC = load_spec("aitrios")
BASE = MOUNTS["aitrios"]
BEARER = {"Authorization": "Bearer demo"}

# What these examples make is there already, under the examples' own ids; one leaves out all that could change.
MADE_BEFORE = {
    "EnrollDevice": "E.SC.API.0144006",
    "CreateDeviceGroup": "E.SC.API.0033005",
    "UpdateDeviceGroup": "E.SC.API.0034003",
    "CreateDeployConfiguration": "E.SC.API.0022010",
    "CreateBaseProject": "E.SC.API.0044004",
    "CreateDeviceProject": "E.SC.API.0046007",
}


def test_every_operation_has_a_behaviour(sandbox: Sandbox) -> None:
    assert sandbox.clouds["aitrios"].handlers.keys() == SPEC.operations.keys()


@pytest.mark.parametrize("operation_id", SPEC.operations)
def test_the_specifications_own_call_of_each_operation_is_answered(
    sandbox: Sandbox, operation_id: str
) -> None:
    call = example_request(SPEC, operation_id)
    with raw_http(sandbox) as raw:
        url = BASE + call.url
        reply = raw.request(call.method, url, headers=call.headers, content=call.content)
    code = MADE_BEFORE.get(operation_id)
    if code is None:
        assert reply.status_code == 200, reply.text
    else:
        assert (reply.status_code, reply.json()["code"]) == (400, code)
    assert sandbox.journal.operations("aitrios") == {operation_id}


BAD_REQUESTS = [
    ("GET", "/devices?limit=0", None, 400, "E.SC.API.0001003"),
    ("GET", "/devices?limit=1001", None, 400, "E.SC.API.0001003"),
    ("GET", "/devices?limit=ten", None, 400, "E.SC.API.0001003"),
    ("GET", "/devices?scope=some", None, 400, "E.SC.API.0001005"),
    ("GET", "/devices?connection_state=Asleep", None, 400, "E.SC.API.0000006"),
    ("GET", "/devices?starting_after=nonsense", None, 400, "E.SC.API.0001004"),
    ("GET", "/devices?colour=red", None, 400, "E.SC.API.0000006"),
    ("GET", "/certificates?starting_after=%C3%A4", None, 400, "E.SC.API.0096002"),
    ("GET", "/inferenceresults?limit=501&devices=x", None, 400, "E.SC.API.0108010"),
    ("GET", "/inferenceresults?starting_after=x&devices=x", None, 400, "E.SC.API.0000006"),
    ("GET", "/inferenceresults?devices=x&from_datetime=now", None, 400, "E.SC.API.0108007"),
    ("GET", "/inferenceresults?devices=x&to_datetime=2025-13-01", None, 400, "E.SC.API.0108008"),
    ("GET", f"/model_projects/{PROJECT}/images?skip=1e999", None, 422, "E.SC.API.0000008"),
    ("GET", f"/model_projects/{PROJECT}/images?order_by=size", None, 400, "E.SC.API.0119001"),
    ("GET", f"/devices/{DEVICE}/eventlogs?from_datetime=x", None, 400, "E.SC.API.0194007"),
    ("POST", "/devices", b"{", 400, "E.SC.API.0091001"),
    ("POST", "/devices", b"[]", 400, "E.SC.API.0000006"),
    ("POST", "/devices", b'{"device_name": "x"}', 400, "E.SC.API.0144005"),
    (
        "POST",
        "/devices",
        b'{"device_name": 7, "primary_certificate": "x"}',
        400,
        "E.SC.API.0144003",
    ),
    ("PATCH", f"/devices/{DEVICE}", b'{"inactivity_timeout": 59}', 400, "E.SC.API.0291004"),
    ("PATCH", f"/devices/{DEVICE}", b'{"inactivity_timeout": 1e999}', 400, "E.SC.API.0291004"),
    ("POST", f"/devices/{DEVICE}/command", b"{}", 400, "E.SC.API.0308002"),
    ("POST", "/deploy_configs/entrance-v3/apply", b"{}", 400, "E.SC.API.0027001"),
    ("DELETE", f"/model_projects/{PROJECT}/images", None, 400, "E.SC.API.0121001"),
    ("GET", "/unknown", None, 404, "E.SC.API.0000013"),
    ("GET", "/devices/%2e%2e", None, 404, "E.SC.API.0000013"),
]


@pytest.mark.parametrize("request_", BAD_REQUESTS, ids=lambda one: f"{one[0]} {one[1]}"[:60])
def test_a_bad_request_gets_the_consoles_shape_and_code(
    sandbox: Sandbox, request_: tuple[Any, ...]
) -> None:
    method, path, *rest = request_
    body, status, code = rest if len(rest) == 3 else (None, *rest)
    headers = {**BEARER, "Content-Type": "application/json"} if body is not None else BEARER
    with raw_http(sandbox) as raw:
        reply = raw.request(method, BASE + path, headers=headers, content=body)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert reply.json().keys() == {"result", "code", "message", "time"}
    assert reply.json()["result"] == "ERROR"


def test_a_body_that_is_no_json_is_of_the_wrong_type(sandbox: Sandbox) -> None:
    headers = {**BEARER, "Content-Type": "text/plain"}
    with raw_http(sandbox) as raw:
        reply = raw.post(f"{BASE}/devices", headers=headers, content=b"x")
    assert (reply.status_code, reply.json()["code"]) == (415, "E.SC.API.0000016")


def test_a_value_without_a_code_of_its_own_is_unprocessable(sandbox: Sandbox) -> None:
    with raw_http(sandbox) as raw:
        reply = raw.get(f"{BASE}/provisioning/qrcode?auto=perhaps", headers=BEARER)
        other = raw.patch(
            f"{BASE}/devices/{DEVICE}/property", headers=BEARER, json={"configuration": 1}
        )
    assert (reply.status_code, reply.json()["code"]) == (400, "E.SC.API.0030014")
    assert (other.status_code, other.json()["code"]) == (422, "E.SC.API.0000008")


def test_uploads_that_are_broken_are_refused(sandbox: Sandbox) -> None:
    kind = {**BEARER, "Content-Type": "multipart/form-data; boundary=x"}
    part = b'--x\r\nContent-Disposition: form-data; name="type_code"\r\n\r\nfirmware\r\n'
    with raw_http(sandbox) as raw:
        for content, code in (
            (b"--x\r\n", "E.SC.API.0000006"),
            (part, "E.SC.API.0000006"),
            (part + b"--x--\r\n", "E.SC.API.0199003"),
        ):
            reply = raw.post(f"{BASE}/files", headers=kind, content=content)
            assert (reply.status_code, reply.json()["code"]) == (400, code)
        name = {"file": ("../../etc/passwd", b"x")}
        sent = raw.post(f"{BASE}/files", headers=BEARER, files=name, data={"type_code": "firmware"})
        assert (sent.status_code, sent.json()["code"]) == (400, "E.SC.API.0199007")
        long = {"file": ("a" * 256, b"x")}
        sent = raw.post(f"{BASE}/files", headers=BEARER, files=long, data={"type_code": "firmware"})
        assert sent.json()["code"] == "E.SC.API.0199006"


def test_an_async_client_walks_all_devices(sandbox: Sandbox) -> None:
    async def names() -> list[str]:
        async with sandbox.async_client("aitrios") as console:
            pager = console.manage_devices.get_devices(limit=7)
            return [device.device_name async for device in pager]

    found = asyncio.run(names())
    assert len(found) == len(set(found)) == sandbox.world.count(1250)


def test_one_seed_makes_one_fleet() -> None:
    def record(seed: int) -> list[Any]:
        world = World(seed=seed, size=0.1, clock=SandboxClock(1_790_000_000, frozen=True))
        cloud = cloud_of("aitrios", world)
        state = cloud.state  # type: ignore[attr-defined]
        devices = [
            (one.device_id, one.name, one.character, one.models, one.groups)
            for one in state.table.devices.values()
        ]
        shots = [
            (state.results.result_id(device, shot), state.results.found(device, shot, 3))
            for device in list(state.table.devices.values())[:20]
            for session in state.results.sessions(device)
            for shot in state.results.shots(device, session, world.clock.now())
        ]
        projects = [
            (p.project_id, p.versions[-1].conv_id) for p in state.training.projects.values()
        ]
        return [devices, shots, projects, list(state.software.firmwares)]

    assert record(5) == record(5)
    for mine, other in zip(record(5), record(6), strict=True):
        assert mine != other


def test_a_full_size_console_is_large() -> None:
    with Sandbox(["aitrios"]) as sandbox:
        fleet = sandbox.clouds["aitrios"].fleet()
        assert fleet["devices"] == 1250 and fleet["inference results"] == 50_000
        assert 1000 < fleet["connected devices"] < 1250
        with sandbox.client("aitrios") as console:
            ids = [one.device_id for one in console.manage_devices.get_devices(limit=100)]
            assert len(ids) == len(set(ids)) == 1250
            found = [
                result.id
                for first in range(0, 1250, 10)
                for result in console.insight.get_inferences(
                    devices=ids[first : first + 10], limit=500
                )
            ]
            assert len(found) == len(set(found)) == 50_000


def test_errors_hold_nothing_that_was_sent(sandbox: Sandbox) -> None:
    secret = "sv=1&sig=very-secret"
    with raw_http(sandbox) as raw:
        raw.post(
            f"{BASE}/models",
            headers=BEARER,
            json={"model": f"https://host/m.tflite?{secret}", "model_id": "mine"},
        )
        shown = raw.get(f"{BASE}/models/mine/base", headers=BEARER)
        assert shown.json()["projects"][0]["versions"][0]["org_file_name"] == "m.tflite"
    state = sandbox.clouds["aitrios"].state  # type: ignore[attr-defined]
    assert "very-secret" not in repr(state.training.models) + repr(state.training.projects)
    assert "very-secret" not in json.dumps(shown.json())


def test_what_is_nested_too_deep_is_refused(sandbox: Sandbox) -> None:
    deep = '{"configuration": {"a": ' + '{"b": ' * 400 + "1" + "}" * 402
    headers = {**BEARER, "Content-Type": "application/json"}
    with raw_http(sandbox) as raw:
        reply = raw.patch(
            f"{BASE}/devices/{DEVICE}/modules/{MODULE}/property", headers=headers, content=deep
        )
        assert (reply.status_code, reply.json()["code"]) == (400, "E.SC.API.0307003")
        assert raw.get(f"{BASE}/devices/{DEVICE}/property", headers=BEARER).status_code == 200


def test_unknown_ids_get_the_documented_code(console: Any) -> None:
    devices, models = console.manage_devices, console.train_model
    for call, status, code in (
        (lambda: devices.get_device("x"), 404, "E.SC.API.0002002"),
        (lambda: devices.update_device("x", device_name="y"), 404, "E.SC.API.0291005"),
        (lambda: console.certificate.delete_device("x"), 404, "W.SC.API.0111001"),
        (lambda: devices.get_device_group("x"), 404, "E.SC.API.0032001"),
        (lambda: console.device_command.get_device_property("x"), 404, "E.SC.API.0304001"),
        (lambda: console.deploy.get_deploy_configuration("x"), 404, "E.SC.API.0021001"),
        (lambda: console.deploy.get_deploy_status("x"), 404, "E.SC.API.0274002"),
        (lambda: models.get_project("x"), 400, "E.SC.API.0054001"),
        (lambda: models.get_base_model_status("x"), 404, "E.SC.API.0057002"),
        (lambda: models.get_device_model_status("x", device_id(1)), 400, "E.SC.API.0060002"),
        (lambda: models.get_model_bundle_versions("x"), 400, "E.SC.API.0296001"),
        (lambda: console.firmware.get_firmware("x"), 404, "E.SC.API.0024003"),
        (lambda: console.edge_app.get_edge_app("x", "1"), 404, "E.SC.API.0172001"),
        (lambda: console.insight.get_images("x", "y").first_page(), 404, "E.SC.API.0107001"),
        (lambda: console.insight.get_images(DEVICE, "y").first_page(), 404, "E.SC.API.0107006"),
    ):
        refused(call, status, code)
