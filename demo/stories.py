"""A day with each cloud: sign in, page through the fleet, change something, wait for slow work, survive faults."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from deviceclouds.runtime import MemoryTokenStore
from deviceclouds.testing import Sandbox

__all__ = ["STORIES", "Step", "tell"]


class Step(NamedTuple):
    """One thing that was done, and what came of it."""

    what: str
    outcome: str


Story = Callable[[Sandbox, Any], Iterator[Step]]

SIGN_IN: dict[str, dict[str, Any]] = {
    "aitrios": {"client_id": "demo", "client_secret": "demo"},
    "amnimo": {"client_id": "demo", "secret_key": "demo", "token_store": MemoryTokenStore()},
    "proglove": {"username": "demo", "password": "demo"},
    "scailable": {"username": "demo", "password": "demo"},
    "viziosense": {"email": "demo", "password": "demo"},
}


def tell(sandbox: Sandbox, vendor: str) -> Iterator[Step]:
    """Lives through a vendor's story; what the fleet's list is called, and how to go on when things fail, are alike."""
    with sandbox.client(vendor, **SIGN_IN[vendor]) as client:
        story, operation = STORIES[vendor]
        yield from story(sandbox, client)
        yield from _faults(sandbox, vendor, operation, client)


def _faults(sandbox: Sandbox, vendor: str, operation: str, client: Any) -> Iterator[Step]:
    before = sandbox.world.tokens.count.get(vendor, 0)
    sandbox.revoke(vendor)
    _first_page(vendor, client)
    got = sandbox.world.tokens.count[vendor] - before
    yield Step("its token is revoked", f"the call went through, with {got} new token")
    sandbox.fail(vendor, operation, status=503, times=1)
    page = _first_page(vendor, client)
    yield Step("the cloud says 503", f"the call went through, after {page.raw.attempts} attempts")


def _first_page(vendor: str, client: Any) -> Any:
    lists = {
        "aitrios": lambda: client.manage_devices.get_devices(limit=10),
        "amnimo": lambda: client.cameras.list_cameras(size=10),
        "proglove": lambda: client.gateways.list_gateways(limit=10),
        "scailable": lambda: client.function.list_functions(limit=10),
        "viziosense": lambda: client.devices.list_devices(),
    }
    return lists[vendor]().first_page()


def aitrios(sandbox: Sandbox, console: Any) -> Iterator[Step]:
    """Cameras that get a new model."""
    devices = list(console.manage_devices.get_devices(limit=500))
    away = sum(device.connection_state == "Disconnected" for device in devices)
    yield Step("sign in, page through the fleet", f"{len(devices)} cameras, {away} of them away")
    camera = next(device for device in devices if device.connection_state == "Connected")
    group = console.manage_devices.create_device_group(
        device_group_id="demo-doors", description="Doors of the demo", device_id=[camera.device_id]
    )
    found = console.manage_devices.get_device_group("demo-doors")
    yield Step("make a group, read it back", f"{found.device_group_id}: {group.result}")
    config = next(iter(console.deploy.get_deploy_configurations()))
    deploy = console.deploy.deploy_by_configuration(config.config_id, device_ids=[camera.device_id])
    looks: list[Any] = []
    done = console.wait_for_deploy(deploy.deploy_id, on_progress=looks.append)
    yield Step("deploy, and wait", f"{done.success_cnt} done, after {len(looks)} looks")
    picture = console.capture_image(camera.device_id)
    yield Step("take a picture", f"{len(picture):,} bytes of JPEG")


def amnimo(sandbox: Sandbox, cloud: Any) -> Iterator[Step]:
    """A camera that is watched, and a clip of it."""
    cameras = list(cloud.cameras.list_cameras(size=100))
    yield Step("sign in, page through the fleet", f"{len(cameras)} cameras")
    camera = cameras[0]
    with cloud.hls_session(camera.id) as playback:
        playlists = len(playback.urls)
        yield Step("play a camera", f"{playlists} playlist, kept alive, then stopped")
    now = sandbox.clock.datetime()
    with tempfile.TemporaryDirectory() as folder:
        clip = cloud.create_clip(
            camera.id,
            Path(folder) / "clip.mp4",
            start_time=now - timedelta(minutes=10),
            end_time=now - timedelta(minutes=9),
            name="Demo",
        )
        yield Step("make a clip, wait, download it", f"{clip.size:,} bytes, {clip.media.status}")
    cloud.media.delete_media(clip.media.id)
    yield Step("delete it", "gone")


def proglove(sandbox: Sandbox, insight: Any) -> Iterator[Step]:
    """A new gateway, and a week of scans."""
    gateways = list(insight.gateways.list_gateways())
    scanners = list(insight.devices.list_devices())
    yield Step(
        "sign in, page through the fleet", f"{len(scanners)} scanners, {len(gateways)} gateways"
    )
    made = insight.provision_gateway(name="Demo dock", usecase="Picking", station="Dock 4")
    names = {gateway.name for gateway in insight.gateways.list_gateways()}
    listed = "listed" if "Demo dock" in names else "not listed"
    yield Step(
        "provision a gateway, read it back",
        f"certificate of {len(made.pkcs12)} bytes, {listed}",
    )
    now = sandbox.clock.datetime()
    events = sum(
        1 for _ in insight.iterate_events(now - timedelta(hours=6), now, window=timedelta(hours=1))
    )
    yield Step("six hours of events, window by window", f"{events:,} events")


def scailable(sandbox: Sandbox, cloud: Any) -> Iterator[Step]:
    """A model that is compiled."""
    from deviceclouds.scailable.models import CreateFunctionData

    models = list(cloud.function.list_functions(limit=100))
    yield Step("sign in, page through the models", f"{len(models)} models")
    about = CreateFunctionData(
        name="Demo people counter",
        input_driver="vision",
        input_driver_details={"width": 224, "height": 224, "channels": 3},
        output_driver="vision",
        output_driver_details={},
    )
    sent: list[Any] = []
    model = cloud.upload_model(b"onnx" * 250_000, about, on_progress=sent.append)
    yield Step("upload a model", f"{sent[-1].sent:,} bytes, told in {len(sent)} steps")
    compiled = cloud.wait_until_compiled(model.uuid)
    yield Step("wait until it is compiled", f"{compiled.status}")
    cloud.function.delete_function(model.uuid)
    left = sum(1 for _ in cloud.function.list_functions(limit=100))
    yield Step("delete it", f"{left} models left")


def viziosense(sandbox: Sandbox, cloud: Any) -> Iterator[Step]:
    """A sensor that takes a picture."""
    sensors = list(cloud.devices.list_devices())
    online = sum(bool(sensor.is_online) for sensor in sensors)
    yield Step("sign in, list the sensors", f"{len(sensors)} sensors, {online} online")
    sensor = next(one for one in sensors if one.is_online)
    cloud.devices.update_device(sensor.uuid, name="Demo door")
    yield Step("rename one, read it back", cloud.devices.get_device(sensor.uuid).name)
    pictures = cloud.capture_image(sensor.uuid)
    yield Step("ask for a picture, wait, fetch it", f"{len(pictures.raw):,} bytes, and annotated")


STORIES: dict[str, tuple[Story, str]] = {
    "aitrios": (aitrios, "GetDevices"),
    "amnimo": (amnimo, "list_cameras"),
    "proglove": (proglove, "list_gateways"),
    "scailable": (scailable, "list_functions"),
    "viziosense": (viziosense, "list_devices"),
}
"""Story of each vendor, and the operation of its fleet's list."""
