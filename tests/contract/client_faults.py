"""Faults put into our own client in a running process: into its tables, its classes and the runtime."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from deviceclouds.runtime import _body, _pages, _request, _walk
from deviceclouds.runtime._fields import FieldInfo, model_fields
from deviceclouds.runtime._model import Model
from deviceclouds.runtime._operation import NO_LIMITS
from deviceclouds.testing._calls import operations_of

Patch = Callable[[pytest.MonkeyPatch], None]


def table(vendor: str, operation_id: str, key: str, change: Callable[[Any], Any]) -> Patch:
    """Another value in an operation's table."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        [operation] = [each for each in operations_of(vendor) if each.id == operation_id]
        monkeypatch.setattr(operation, key, change(getattr(operation, key)))
        # How replies are read is kept there after the first call.
        monkeypatch.setattr(operation, "decode", None)

    return patch


def parameter(vendor: str, operation_id: str, name: str, /, **changes: Any) -> Patch:
    """Another entry of a parameter."""
    return table(
        vendor,
        operation_id,
        "parameters",
        lambda old: tuple(p._replace(**changes) if p.wire == name else p for p in old),
    )


def paging(vendor: str, operation_id: str, **changes: Any) -> Patch:
    """Other rules of a list."""
    return table(vendor, operation_id, "pagination", lambda old: old._replace(**changes))


def field(vendor: str, model: str, name: str, /, **changes: Any) -> Patch:
    """What the runtime knows of a class: another type, another name on the wire, or not that field at all."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        from deviceclouds.testing.contract.offline import shapes

        cls: type[Model] = getattr(import_module(f"deviceclouds.{vendor}.models"), model)

        def fields(asked: type[Model]) -> tuple[FieldInfo, ...]:
            found = model_fields(asked)
            if asked is not cls:
                return found
            kept = found if changes else tuple(f for f in found if f.name != name)
            return tuple(f._replace(**changes) if f.name == name else f for f in kept)

        monkeypatch.setattr(shapes, "model_fields", fields)

    return patch


def patched(module: Any, name: str, make: Callable[[Any], Any]) -> Patch:
    """Another function in a module."""
    return lambda monkeypatch: monkeypatch.setattr(module, name, make(getattr(module, name)))


def _normalised(before: Any) -> Any:
    return lambda text, safe="": before(unicodedata.normalize("NFC", text), safe=safe)


def _always_again(before: Any) -> Any:
    return lambda operation, method: True


def _first_only(before: Any) -> Any:
    def follow(self: Any, page: Any) -> None:
        self.done = True

    return follow


def _one_further(before: Any) -> Any:
    def advance(self: Any, page: Any) -> None:
        before(self, page)
        self._position += 1

    return advance


def _cut_cursor(before: Any) -> Any:
    def cut(*arguments: Any) -> Any:
        found = before(*arguments)
        return found and found[:5]

    return cut


def _never_ended(before: Any) -> Any:
    def advance(self: Any, page: Any) -> None:
        before(self, page)
        self.done = False

    return advance


def _filters_lost(before: Any) -> Any:
    return lambda self: {
        name: value for name, value in before(self).items() if name != "device_name"
    }


def _integers_as_floats(before: Any) -> Any:
    def to_wire(value: Any, **options: Any) -> Any:
        found = before(value, **options)
        whole = isinstance(found, dict)
        return {k: float(v) if type(v) is int else v for k, v in found.items()} if whole else found

    return to_wire


def _of(method: str, make: Callable[[Any], Any]) -> Patch:
    return patched(_walk.Walk, method, make)


A, M, P, S, V = "aitrios", "amnimo", "proglove", "scailable", "viziosense"

CLIENT_FAULTS: list[tuple[str, str, str, str, str, Patch]] = [
    # Tables
    ("parameter dropped", M, "list_cameras", "request", "query.isUrl",
     table(M, "list_cameras", "parameters", lambda old: tuple(p for p in old if p.wire != "isUrl"))),
    ("parameter renamed", S, "list_functions", "request", "query.q", parameter(S, "list_functions", "q", wire="query")),
    ("two parameters swapped", S, "list_functions", "request", "query.Width",
     parameter(S, "list_functions", "Width", name="height")),
    ("bound lost", A, "GetDevices", "request", "query.limit",
     parameter(A, "GetDevices", "limit", limits=NO_LIMITS)),
    ("need forgotten", A, "CreateDeviceGroup", "request", "query.device_group_id",
     parameter(A, "CreateDeviceGroup", "device_group_id", required=False)),
    ("evidence flattered", V, "request_image", "request", "operation.evidence",
     table(V, "request_image", "evidence", lambda old: old._replace(status="documented"))),
    ("time limit wrong", S, "create_function", "request", "operation.timeout",
     table(S, "create_function", "time_limit", lambda old: 3)),
    ("POST repeated by its table", P, "create_user", "request", "operation.idempotent",
     table(P, "create_user", "idempotent", lambda old: True)),
    ("POST repeated by the runtime", P, "create_user", "request", "operation.idempotent",
     patched(_request, "_repeatable", _always_again)),
    ("poll looks elsewhere", A, "DeployByConfiguration", "request", "operation.poll",
     table(A, "DeployByConfiguration", "poll", lambda old: old._replace(status=("success_cnt",)))),
    ("Accept refuses the reply", A, "GetDevice", "request", "header.accept",
     lambda m: m.setitem(_request._ACCEPT, "object", "text/html")),
    ("Unicode normalised", S, "list_functions", "request", "query.q", patched(_request, "quote", _normalised)),
    ("integers as floats", M, "search_media", "request", "body/pageNumber",
     patched(_body, "to_wire", _integers_as_floats)),
    # Replies
    ("reply thrown away", V, "request_image", "decoding", "body",
     table(V, "request_image", "reply", lambda old: old._replace(shape="none"))),
    ("reply as bytes", P, "get_device_config", "decoding", "body",
     table(P, "get_device_config", "reply", lambda old: old._replace(shape="binary"))),
    ("nothing read as text", P, "delete_user", "decoding", "body",
     table(P, "delete_user", "reply", lambda old: old._replace(shape="text"))),
    ("reply without a class", A, "GetDevice", "decoding", "body",
     table(A, "GetDevice", "reply", lambda old: old._replace(model=None))),
    ("items without a class", P, "list_users", "decoding", "body/items/*",
     table(P, "list_users", "item", lambda old: None)),
    ("type lost", P, "list_gateways", "decoding", "body/items/*/type", field(P, "Gateway", "type", type=str)),
    ("nested class lost", M, "list_cameras", "decoding", "body/cameras/*/thumbnail",
     field(M, "Camera", "thumbnail", type=dict[str, Any])),
    ("field lost", A, "GetDevice", "decoding", "body/device_type", field(A, "Device", "device_type")),
    ("field under another name", M, "get_media", "decoding", "body/startTime",
     field(M, "Media", "start_time", wire="begin")),
    ("field said to be always there", P, "list_events", "decoding", "body/items/*/id",
     field(P, "Event", "id", required=True)),
    ("secret shown", V, "login", "request", "body/password", field(V, "LoginRequest", "password", secret=False)),
    # Walks
    ("cursor looked for elsewhere", A, "GetDevices", "paging", "body/devices",
     paging(A, "GetDevices", next=("next_token",))),
    ("total looked for elsewhere", M, "list_cameras", "paging", "body/cameras",
     paging(M, "list_cameras", total=("count",))),
    ("first page is the second", V, "list_devices", "paging", "body/data", paging(V, "list_devices", first_page=2)),
    ("short page ends", S, "list_functions", "request", "operation.paging",
     paging(S, "list_functions", short_page_ends=True)),
    ("ends after a page", A, "GetDevices", "paging", "body/devices", _of("_follow", _first_only)),
    ("never ends", S, "list_functions", "paging", "body", _of("_advance", _never_ended)),
    ("skips", S, "list_functions", "paging", "body", _of("_advance", _one_further)),
    ("cursor cut", P, "list_gateways", "paging", "body/items", patched(_pages, "_next_cursor", _cut_cursor)),
    ("filter forgotten later", A, "GetDevices", "paging", "body/devices", _of("_with_position", _filters_lost)),
]  # fmt: skip
