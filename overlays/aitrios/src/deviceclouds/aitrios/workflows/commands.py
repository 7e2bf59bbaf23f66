"""Commands to devices that give more than an outcome: a picture, and inference switched on and off."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from deviceclouds._generated.aitrios.operations.device_command import (
    EXECUTE_DEVICE_COMMAND,
    GET_MODULE_PROPERTY,
    UPDATE_MODULE_CONFIGURATION,
)
from deviceclouds._generated.aitrios.operations.manage_devices import GET_DEVICE
from deviceclouds.runtime._errors import DecodeError, InvalidRequestError, WorkFailedError

if TYPE_CHECKING:
    from deviceclouds._generated.aitrios.models import (
        CommandResponse,
        Device,
        DeviceModule,
        Property,
        UpdateConfigurationResponse,
    )
    from deviceclouds.runtime._core import CallOptions
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._workflow import Workflow

__all__ = ["RUNNING", "STOPPED", "Crop", "capture_image", "set_process_state"]

Crop = tuple[int, int, int, int]
"""Horizontal and vertical offset, horizontal and vertical size, in pixels of the sensor."""

STOPPED, RUNNING = 1, 2
"""``process_state`` of an edge app, by public code."""


def capture_image(
    work: Workflow, device_id: str, sensor_name: str, crop: Crop | None, options: CallOptions
) -> Flow[bytes]:
    """A picture, as the device answers ``direct_get_image``."""
    parameters: dict[str, Any] = {"sensor_name": sensor_name}
    if crop is not None:
        names = ("crop_h_offset", "crop_v_offset", "crop_h_size", "crop_v_size")
        if not isinstance(crop, tuple | list) or len(crop) != len(names):
            raise InvalidRequestError(
                f"crop={crop!r} is not usable; give {', '.join(names)} as four numbers",
                vendor="aitrios",
                operation=EXECUTE_DEVICE_COMMAND.name,
            )
        parameters |= zip(names, crop, strict=True)
    reply = yield from work.call(
        EXECUTE_DEVICE_COMMAND,
        {"device_id": device_id, "command_name": "direct_get_image", "parameters": parameters},
        options,
    )
    return _picture(reply, device_id)


def _picture(reply: CommandResponse, device_id: str) -> bytes:
    answer = reply.command_response
    text = answer.get("image") if isinstance(answer, Mapping) else None
    if not isinstance(text, str) or not text:
        raise WorkFailedError(
            f"{device_id} answered without an image; .last holds what it said: check sensor_name= and crop=",
            last=reply,
            vendor="aitrios",
            operation=EXECUTE_DEVICE_COMMAND.name,
        )
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise DecodeError(
            f"the image of {device_id} is no base64 text",
            status_code=200,
            vendor="aitrios",
            operation=EXECUTE_DEVICE_COMMAND.name,
        ) from None


def set_process_state(
    work: Workflow,
    device_id: str,
    module_id: str | None,
    app_name: str | None,
    process_state: int,
    options: CallOptions,
) -> Flow[UpdateConfigurationResponse]:
    """Sets ``edge_app.common_settings.process_state`` of an edge app on a device."""
    if module_id is None:
        device: Device = yield from work.call(GET_DEVICE, {"device_id": device_id}, options)
        module_id = _module_of(device, app_name)
    elif app_name is not None:
        _refuse("give module_id= or app_name=, not both")
    module = {"device_id": device_id, "module_id": module_id}
    present: Property = yield from work.call(GET_MODULE_PROPERTY, module, options)
    # The document says that all fields under a property name are updated: left out ones might be lost.
    edge_app = _object(present.configuration or {}, "edge_app")
    settings = _object(edge_app, "common_settings")
    wanted = {**edge_app, "common_settings": {**settings, "process_state": process_state}}
    return (
        yield from work.call(
            UPDATE_MODULE_CONFIGURATION, {**module, "configuration": {"edge_app": wanted}}, options
        )
    )


def _object(configuration: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = configuration.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        _refuse(
            f"{name} in the module's settings is no object; it would be lost. Nothing was changed"
        )
    return value


def _module_of(device: Device, app_name: str | None) -> str:
    modules = [m for m in device.modules or () if m.module_id and not m.module_id.startswith("$")]
    fitting = [m for m in modules if app_name is None or app_name in (m.app_name, m.module_name)]
    if len(fitting) != 1 or not fitting[0].module_id:
        there = ", ".join(map(_shown, modules)) or "none"
        called = f" called {app_name!r}" if app_name is not None else ""
        _refuse(
            f"{device.device_id} has {len(fitting) or 'no'} edge apps{called}; give module_id= of one of these: {there}"
        )
    return fitting[0].module_id


def _shown(module: DeviceModule) -> str:
    name = module.app_name or module.module_name
    return f"{module.module_id} ({name})" if name else str(module.module_id)


def _refuse(message: str) -> NoReturn:
    raise InvalidRequestError(message, vendor="aitrios", operation=UPDATE_MODULE_CONFIGURATION.name)
