"""Python names of wire names."""

from __future__ import annotations

import builtins
import keyword

import pytest

from codegen.names import (
    CALL_OPTIONS,
    SHADOWED,
    class_name,
    member_name,
    method_name,
    namespace,
    parameter_name,
    python_name,
)

NAMES = {
    "$metadata": "metadata",
    "T": "t",
    "connectionState": "connection_state",
    "UUID": "uuid",
    "isUrl": "is_url",
    "EdgeImpulse": "edge_impulse",
    "SourceURL": "source_url",
    "CDNURI": "cdnuri",
    "dName": "d_name",
    "DeviceID": "device_id",
    "starting-after": "starting_after",
    "id": "id",
    "type": "type",
    "format": "format",
    "class": "class_",
    "from": "from_",
    "list": "list_",
    "property": "property",
    "self": "self_",
    "d": "d",
    "": "field_",
    "3d": "field_3d",
    "_id": "id",
}


@pytest.mark.parametrize(("wire", "name"), NAMES.items())
def test_python_name(wire: str, name: str) -> None:
    assert python_name(wire) == name


def test_python_names_are_names_of_themselves() -> None:
    words = {*NAMES, *dir(builtins), *keyword.kwlist, *SHADOWED}
    for word in words:
        name = python_name(word)
        assert python_name(name) == name or not word
        assert name.isidentifier()
        assert not keyword.iskeyword(name)


def test_parameters_give_way_to_call_options() -> None:
    for option in CALL_OPTIONS:
        assert parameter_name(option) == f"{option}_"
    assert parameter_name("Limit") == "limit"
    assert parameter_name("class") == "class_"
    assert python_name("timeout") == "timeout"


def test_classes_methods_and_namespaces() -> None:
    assert class_name("deviceList") == "DeviceList"
    assert class_name("3D") == "Field3D"
    assert method_name("GetDevices") == "get_devices"
    assert method_name("import") == "import_"
    assert namespace("Manage Devices") == "manage_devices"


def test_enum_members() -> None:
    assert member_name("cam-era") == "CAM_ERA"
    assert member_name("UpdatedAt") == "UPDATED_AT"
    assert member_name("-UpdatedAt") == "MINUS_UPDATED_AT"
    assert member_name("3d") == "VALUE_3D"
    assert member_name("") == "VALUE"
    assert member_name(-1) == "MINUS_1"
    assert member_name(4) == "VALUE_4"
