"""A reply with status 200 that says it failed is an error, wherever in the reply it says so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from deviceclouds._generated.aitrios.operations.device_command import EXECUTE_DEVICE_COMMAND
from deviceclouds._generated.aitrios.operations.manage_devices import GET_DEVICES
from deviceclouds.aitrios._replies import check_reply
from deviceclouds.runtime import PartialFailureError
from deviceclouds.runtime._http import Response

FAILURE = {"result": "WARNING", "code": "W.SC.API.1", "message": "half of it"}
LONG: dict[str, Any] = {"devices": [{"device_id": f"d-{number}"} for number in range(5000)]}


def reply(body: Any) -> Response:
    return Response(200, {}, json.dumps(body).encode())


@pytest.mark.parametrize(
    "body", [FAILURE, FAILURE | LONG, LONG | FAILURE, LONG | FAILURE | {"z": 1}]
)
@pytest.mark.parametrize("operation", [GET_DEVICES, EXECUTE_DEVICE_COMMAND])
def test_a_warning(operation: Any, body: Any) -> None:
    with pytest.raises(PartialFailureError, match=r"WARNING: half of it \[W\.SC\.API\.1\]"):
        check_reply(operation, reply(body))


def test_a_warning_between_long_parts_of_a_command() -> None:
    with pytest.raises(PartialFailureError):
        check_reply(EXECUTE_DEVICE_COMMAND, reply({"a": LONG} | FAILURE | {"b": LONG}))


@pytest.mark.parametrize("body", [LONG, {"result": "SUCCESS"}, {"devices": [FAILURE]}, [FAILURE]])
@pytest.mark.parametrize("operation", [GET_DEVICES, EXECUTE_DEVICE_COMMAND])
def test_none(operation: Any, body: Any) -> None:
    check_reply(operation, reply(body))
