"""ProGlove's cloud in the sandbox: every operation, and that what was changed is seen later."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.proglove.models import AssetType, UserRole
from deviceclouds.testing import example_call
from deviceclouds.testing._spec import load_spec
from deviceclouds.testing.sandbox import Sandbox

SAMPLE = "919ebc9d-9788-4f08-93db-e238c5eaa69a"
SPEC = load_spec("proglove")
NAMES = {"create_gateway": "name", "create_job_config": "job_name", "create_user": "email"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(["proglove"], strict=True, size=0.05) as sandbox:
        yield sandbox


@pytest.mark.parametrize("operation_id", SPEC.operations)
def test_the_specifications_own_call_of_each_operation_works(
    client: Any, sandbox: Sandbox, operation_id: str
) -> None:
    call = example_call(SPEC, operation_id)
    tag = SPEC.operation(operation_id).raw["tags"][0]
    body = dict(call.body or {})
    if operation_id in NAMES:
        # The samples are there already: the cloud would say so.
        body[NAMES[operation_id]] = "new"
    result = getattr(getattr(client, tag), operation_id)(**call.parameters, **body)
    if SPEC.operation(operation_id).extensions.get("x-pagination"):
        result.first_page()
    assert sandbox.journal.operations("proglove") == {operation_id}
    assert {entry.status // 100 for entry in sandbox.journal.entries} == {2}
    assert not sandbox.world.own_problems


def test_another_customer(client: Any) -> None:
    for operation_id, operation in SPEC.operations.items():
        if "{customer_id}" not in operation.path:
            continue
        call = example_call(SPEC, operation_id)
        arguments = {**call.parameters, **(call.body or {}), "customer_id": "other001"}
        tag = operation.raw["tags"][0]
        method = getattr(getattr(client.with_raw_response, tag), operation_id)
        with pytest.raises(rt.PermissionDeniedError, match="Forbidden"):
            method(**arguments)


def test_a_gateway_from_registration_to_certificate(client: Any, sandbox: Sandbox) -> None:
    made = client.gateways.create_gateway(usecase="Picking", station="S", name="New")
    assert not made.thing_name
    assert 0 <= sandbox.clock.now() - made.created < 60
    with pytest.raises(rt.ConflictError):
        client.gateways.create_gateway(usecase="Other", station="T", name="New")
    sandbox.clock.advance(100)
    provisioned = client.provision_gateway(gateway_id=made.id)
    assert provisioned.pkcs12.startswith(b"\x30")
    assert provisioned.certificate_common_name == made.id
    listed = {gateway.id: gateway for gateway in client.gateways.list_gateways()}
    assert listed[made.id].thing_name == "New"
    assert listed[made.id].last_updated >= made.created + 100
    assert len(listed) == len({g.name for g in listed.values()}) == 4


def test_a_created_gateway_has_an_entity_tag(client: Any) -> None:
    raw = client.with_raw_response.gateways.create_gateway(usecase="U", station="S", name="N")
    assert (raw.status_code, raw.headers["ETag"]) == (201, "1")


def test_a_provisioning_token_works_once(client: Any) -> None:
    prepared = client.gateways.prepare_provisioning(SAMPLE)
    assert prepared.registration_path == "/provisioning"
    assert client.gateways.provision(token=prepared.token).gateway.id == SAMPLE
    with pytest.raises(rt.PermissionDeniedError, match="was used"):
        client.gateways.provision(token=prepared.token)


def test_a_provisioning_token_does_not_live_long(client: Any, sandbox: Sandbox) -> None:
    early, late = (client.gateways.prepare_provisioning(SAMPLE).token for _ in "ab")
    with pytest.raises(rt.PermissionDeniedError):
        client.gateways.provision(token=early)  # a later one has taken its place
    sandbox.clock.advance(601)
    with pytest.raises(rt.PermissionDeniedError):
        client.gateways.provision(token=late)


def test_a_provisioning_token_is_no_other_token(client: Any, sandbox: Sandbox) -> None:
    with pytest.raises(rt.PermissionDeniedError):
        client.gateways.provision(token="demo")
    token = client.gateways.prepare_provisioning(SAMPLE).token
    with (
        sandbox.client("proglove", id_token=token) as other,
        pytest.raises(rt.AuthenticationError),
    ):
        other.users.get_me()


def test_no_certificate_for_an_unknown_gateway(client: Any) -> None:
    with pytest.raises(rt.NotFoundError):
        client.gateways.prepare_provisioning("none")


@pytest.mark.parametrize("kind", list(AssetType))
def test_assets_are_downloaded(client: Any, tmp_path: Path, kind: AssetType) -> None:
    path = client.download_asset(kind, tmp_path, agreed_by="demo@example.com", eula_version="1")
    content = path.read_bytes()
    assert "-1.2.0." in path.name
    if path.suffix == ".apk":
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    else:
        assert len(content) == 65536


def test_download_links_end(client: Any, sandbox: Sandbox) -> None:
    licence = {"agreed_by": "a@example.com", "eula_version": "1"}
    reply = client.downloads.generate_download_url(asset_type="MARK_FIRMWARE", **licence)
    _, _, rest = reply.download_url.partition("/storage/")
    name, _, query = rest.partition("?")
    expires, signature = (pair.partition("=")[2] for pair in query.split("&"))
    assert not isinstance(sandbox.world.storage.open(name, expires, signature), int)
    sandbox.clock.advance(15 * 60 + 1)
    assert sandbox.world.storage.open(name, expires, signature) == 403
    with pytest.raises(rt.NotFoundError):
        client.downloads.generate_download_url(
            asset_type="MARK_FIRMWARE", asset_version="9", **licence
        )


def test_users_come_and_go(client: Any) -> None:
    before = {user.id for user in client.users.list_users()}
    new = {"first_name": "A", "last_name": "B", "role": UserRole.USER_ROLE, "email": "ab@c.de"}
    made = client.users.create_user(**new)
    assert made.roles == ["USER_ROLE"]
    assert made.consent_general_terms is None
    assert client.users.get_user(made.id).email == "ab@c.de"
    with pytest.raises(rt.ConflictError):
        client.users.create_user(**new)
    assert {user.id for user in client.users.list_users()} == before | {made.id}
    client.users.delete_user(made.id)
    client.users.delete_user(SAMPLE)
    assert {user.id for user in client.users.list_users()} == before - {SAMPLE}
    for call in (client.users.get_user, client.users.delete_user):
        with pytest.raises(rt.NotFoundError):
            call(made.id)


def test_the_signed_in_user_stays(client: Any) -> None:
    me = client.users.get_me()
    assert me.email == "demo@example.com"
    with pytest.raises(rt.PermissionDeniedError):
        client.users.delete_user(me.id)
    assert client.users.get_user(me.id) == me


def test_job_configurations_come_and_go(client: Any) -> None:
    new = {"job_name": "J", "start_barcode": "a", "end_barcode": "b", "gateway_ids": [SAMPLE]}
    made = client.job_configs.create_job_config(**new)
    assert client.job_configs.get_job_config(made.job_config_id) == made
    with pytest.raises(rt.BadRequestError, match="already"):
        client.job_configs.create_job_config(**new)
    assert made in list(client.job_configs.list_job_configs())
    client.job_configs.delete_job_config(made.job_config_id)
    assert made not in list(client.job_configs.list_job_configs())
    with pytest.raises(rt.NotFoundError):
        client.job_configs.get_job_config(made.job_config_id)
    with pytest.raises(rt.NotFoundError):
        client.job_configs.delete_job_config(made.job_config_id)


def test_configuration_files_are_text(client: Any) -> None:
    before = client.device_configs.list_device_configs().configs
    for config in before:
        assert len(client.device_configs.get_device_config(config.id)) == config.file_size
    client.device_configs.delete_device_config(before[0].id)
    assert client.device_configs.list_device_configs().configs == before[1:]
    for call in (
        client.device_configs.get_device_config,
        client.device_configs.delete_device_config,
    ):
        with pytest.raises(rt.NotFoundError):
            call(before[0].id)


def test_scanners_know_their_last_event(client: Any, sandbox: Sandbox) -> None:
    sandbox.clock.freeze()
    scanners = {scanner.id: scanner for scanner in client.devices.list_devices(limit=70)}
    assert len(scanners) == 150
    assert {"M2MR101000000", "M2MR141204452"} < scanners.keys()
    now = int(sandbox.clock.now() * 1000)
    month = now - 30 * 86_400_000
    last: dict[str, Any] = {}
    for event in client.events.list_events(start_time_millis=month, end_time_millis=now):
        last.setdefault(event.device_id, event)
    assert len(last) > 100
    for name, event in last.items():
        scanner = scanners[name]
        assert scanner.last_activity_time == event.created * 1000
        assert (scanner.battery, scanner.firmware) == (event.device_battery, event.device_firmware)
        assert scanner.status == "ACTIVE"
        online = now / 1000 - event.created < 8 * 3600
        assert (scanner.state == "ONLINE") == online
    assert all(s.status == "INACTIVE" for name, s in scanners.items() if name not in last)


async def walk_async(sandbox: Sandbox) -> tuple[int, int]:
    async with sandbox.async_client("proglove") as client:
        gateways = [gateway async for gateway in client.gateways.list_gateways()]
        events = [event async for event in client.events.list_events()]
        return len(gateways), len(events)


def test_async_client(sandbox: Sandbox) -> None:
    import asyncio

    gateways, events = asyncio.run(walk_async(sandbox))
    assert gateways == 3
    assert 300 < events < 360
