"""Pictures from devices, inference switched on and off, device groups with emptied fields, lists of devices."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from deviceclouds import runtime as rt
from deviceclouds.testing import load_spec
from deviceclouds.testing._calls import operations_of

from tests.runtime.support import FakeClock, Session, reply
from tests.vendor_sessions import OpenSession

JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
MODULE = "b8d57d00-ba85-4fd0-b78a-000000000001"


def answer(**command_response: Any) -> Any:
    return reply({"result": "SUCCESS", "command_response": command_response})


class TestCapture:
    def test_a_picture(self, opened: OpenSession) -> None:
        one = opened("aitrios", answer(image=base64.b64encode(JPEG).decode()))
        assert one.run(one.client.capture_image("cam/1")) == JPEG
        assert one.cloud.target == "/api/v2/devices/cam%2F1/command"
        assert one.cloud.json == {
            "command_name": "direct_get_image",
            "parameters": {
                "sensor_name": "IMX500",
                "crop_h_offset": 0,
                "crop_v_offset": 0,
                "crop_h_size": 2028,
                "crop_v_size": 1520,
            },
        }
        assert one.cloud.request.extensions["timeout"]["read"] > 120  # devices are slow

    def test_what_is_asked_for(self, opened: OpenSession) -> None:
        one = opened("aitrios", answer(image=base64.b64encode(JPEG).decode()))
        one.run(one.client.capture_image("cam", sensor_name="sensor_chip", crop=(1, 2, 3, 4)))
        assert one.cloud.json["parameters"] == {
            "sensor_name": "sensor_chip",
            "crop_h_offset": 1,
            "crop_v_offset": 2,
            "crop_h_size": 3,
            "crop_v_size": 4,
        }
        one.run(one.client.capture_image("cam", crop=None, timeout=9))
        last = one.cloud.requests[-1]
        assert json.loads(last.content)["parameters"] == {"sensor_name": "IMX500"}
        assert last.extensions["timeout"]["read"] == 9

    @pytest.mark.parametrize(
        "body",
        [
            {"result": "SUCCESS"},
            {"result": "SUCCESS", "command_response": None},
            {"result": "SUCCESS", "command_response": {}},
            {"result": "SUCCESS", "command_response": {"image": ""}},
            {"result": "SUCCESS", "command_response": {"image": 5, "res_info": {"code": 3}}},
        ],
    )
    def test_no_picture(self, opened: OpenSession, body: Any) -> None:
        one = opened("aitrios", reply(body))
        with pytest.raises(rt.WorkFailedError, match="cam answered without an image") as caught:
            one.run(one.client.capture_image("cam"))
        assert caught.value.last.to_dict() == body
        assert caught.value.operation == "device_command.execute_device_command"

    @pytest.mark.parametrize("text", ["no base64!", "abc", "äöü="])
    def test_what_is_no_base64(self, opened: OpenSession, text: str) -> None:
        one = opened("aitrios", answer(image=text))
        with pytest.raises(rt.DecodeError, match="no base64"):
            one.run(one.client.capture_image("cam"))

    def test_a_warning(self, opened: OpenSession) -> None:
        warning = {"result": "WARNING", "code": "W.SC.API.0288007", "message": "the device says no"}
        one = opened("aitrios", reply(warning))
        with pytest.raises(rt.PartialFailureError, match="the device says no"):
            one.run(one.client.capture_image("cam"))

    def test_it_is_not_repeated(self, opened: OpenSession) -> None:
        one = opened("aitrios", reply({"message": "Timeout"}, 408))
        with pytest.raises(rt.ApiStatusError):
            one.run(one.client.capture_image("cam"))
        assert len(one.cloud.requests) == 1

    @pytest.mark.parametrize("crop", [(1, 2, 3), "full", 5])
    def test_an_unusable_crop(self, opened: OpenSession, crop: Any) -> None:
        one = opened("aitrios")
        with pytest.raises(rt.InvalidRequestError, match="as four numbers"):
            one.run(one.client.capture_image("cam", crop=crop))
        assert one.cloud.requests == []


def device(*modules: dict[str, Any]) -> Any:
    return reply({"device_id": "cam", "modules": list(modules)})


def module(module_id: str | None = MODULE, **names: str) -> dict[str, Any]:
    return {"module_id": module_id, **names}


def settings(configuration: Any) -> Any:
    return reply({"configuration": configuration, "state": {}})


PRESENT = {
    "edge_app": {
        "req_info": {"req_id": "1"},
        "common_settings": {"process_state": 1, "log_level": 3},
        "custom_settings": {"threshold": 0.2},
    },
    "another": {"x": 1},
}
DONE = reply({"result": "SUCCESS"})


class TestInference:
    @pytest.mark.parametrize(("method", "state"), [("start_inference", 2), ("stop_inference", 1)])
    def test_present_settings_are_kept(self, opened: OpenSession, method: str, state: int) -> None:
        one = opened("aitrios", settings(PRESENT), DONE)
        found = one.run(getattr(one.client, method)("cam", MODULE))
        assert found.result == "SUCCESS"
        read, write = one.cloud.requests
        path = f"/api/v2/devices/cam/modules/{MODULE}/property"
        assert [(r.method, r.url.path) for r in (read, write)] == [("GET", path), ("PATCH", path)]
        assert json.loads(write.content) == {
            "configuration": {
                "edge_app": {
                    "req_info": {"req_id": "1"},
                    "common_settings": {"process_state": state, "log_level": 3},
                    "custom_settings": {"threshold": 0.2},
                }
            }
        }

    @pytest.mark.parametrize("present", [None, {}, {"edge_app": None}, {"edge_app": {}}])
    def test_without_present_settings(self, opened: OpenSession, present: Any) -> None:
        one = opened("aitrios", settings(present), DONE)
        one.run(one.client.start_inference("cam", MODULE))
        wanted = {"edge_app": {"common_settings": {"process_state": 2}}}
        assert json.loads(one.cloud.requests[1].content) == {"configuration": wanted}

    @pytest.mark.parametrize("present", [{"edge_app": 5}, {"edge_app": {"common_settings": []}}])
    def test_settings_of_another_kind_are_left_alone(
        self, opened: OpenSession, present: Any
    ) -> None:
        one = opened("aitrios", settings(present), DONE)
        with pytest.raises(rt.InvalidRequestError, match="Nothing was changed"):
            one.run(one.client.start_inference("cam", MODULE))
        assert [r.method for r in one.cloud.requests] == ["GET"]

    @pytest.mark.parametrize("arguments", [{}, {"app_name": "counter"}, {"app_name": "EdgeApp_1"}])
    def test_the_module_is_found(self, opened: OpenSession, arguments: dict[str, str]) -> None:
        only = module(app_name="counter", module_name="EdgeApp_1")
        one = opened("aitrios", device(module("$system"), only), settings({}), DONE)
        one.run(one.client.start_inference("cam", **arguments))
        assert [r.url.path for r in one.cloud.requests] == [
            "/api/v2/devices/cam",
            *[f"/api/v2/devices/cam/modules/{MODULE}/property"] * 2,
        ]

    def test_one_of_several(self, opened: OpenSession) -> None:
        there = device(module("m1", app_name="counter"), module("m2", app_name="reader"))
        one = opened("aitrios", there, settings({}), DONE)
        one.run(one.client.stop_inference("cam", app_name="reader"))
        assert one.cloud.requests[2].url.path == "/api/v2/devices/cam/modules/m2/property"

    @pytest.mark.parametrize(
        ("modules", "arguments", "told"),
        [
            ([], {}, "cam has no edge apps; .* one of these: none"),
            ([module("$system")], {}, "no edge apps"),
            ([module(None)], {}, "no edge apps"),
            (
                [module("m1", app_name="a"), module("m2")],
                {},
                r"2 edge apps; .* these: m1 \(a\), m2",
            ),
            ([module("m1", app_name="a")], {"app_name": "b"}, r"no edge apps called 'b'.*m1 \(a\)"),
        ],
    )
    def test_no_module_or_several(
        self, opened: OpenSession, modules: Any, arguments: Any, told: str
    ) -> None:
        one = opened("aitrios", device(*modules))
        with pytest.raises(rt.InvalidRequestError, match=told):
            one.run(one.client.start_inference("cam", **arguments))
        assert len(one.cloud.requests) == 1

    def test_a_module_named_twice(self, opened: OpenSession) -> None:
        one = opened("aitrios")
        with pytest.raises(rt.InvalidRequestError, match="not both"):
            one.run(one.client.start_inference("cam", MODULE, app_name="counter"))
        assert one.cloud.requests == []


def query(one: Session) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(one.cloud.request.url)).query, keep_blank_values=True)


class TestGroups:
    @pytest.mark.parametrize("nothing", [None, ""])
    def test_no_description(self, opened: OpenSession, nothing: str | None) -> None:
        one = opened("aitrios", DONE)
        one.run(one.client.update_device_group("g", description=nothing))
        assert query(one) == {"description": ["@@nullupdate"]}
        assert (one.cloud.request.method, one.cloud.request.url.path) == (
            "PATCH",
            "/api/v2/devicegroups/g",
        )

    @pytest.mark.parametrize("nothing", [None, [], ()])
    def test_no_devices(self, opened: OpenSession, nothing: Any) -> None:
        one = opened("aitrios", DONE)
        one.run(one.client.update_device_group("g", device_id=nothing))
        assert query(one) == {"device_id": ["@@nullupdate"]}

    def test_values_are_sent_as_they_are(self, opened: OpenSession) -> None:
        one = opened("aitrios", DONE)
        one.run(
            one.client.update_device_group(
                "g", description="doors", device_id=["a", "b"], del_from_dgroup="1"
            )
        )
        assert query(one) == {
            "description": ["doors"],
            "device_id": ["a,b"],
            "del_from_dgroup": ["1"],
        }

    def test_what_is_left_out_is_not_sent(self, opened: OpenSession) -> None:
        one = opened("aitrios", DONE)
        one.run(one.client.update_device_group("g", description="doors"))
        assert query(one) == {"description": ["doors"]}

    def test_the_namespace_refuses_none(self, opened: OpenSession) -> None:
        one = opened("aitrios")
        with pytest.raises(rt.InvalidRequestError, match="must be"):
            one.run(one.client.manage_devices.update_device_group("g", description=None))


LISTS = {
    (operation.id, parameter.wire): (operation, parameter)
    for operation in operations_of("aitrios")
    for parameter in operation.parameters
    if parameter.explode is not None
}


def test_every_list_of_the_specification_is_one() -> None:
    in_spec = set()
    document = load_spec("aitrios").document
    for item in document["paths"].values():
        for operation in item.values():
            for given in operation.get("parameters", ()):
                parameter = given
                if "$ref" in given:
                    parameter = document["components"]["parameters"][given["$ref"].split("/")[-1]]
                if parameter["schema"].get("type") == "array":
                    in_spec.add((operation["operationId"], parameter["name"]))
    assert in_spec == LISTS.keys()
    assert {wire for _, wire in LISTS} == {
        "device_id",
        "device_ids",
        "devices",
        "image_ids",
        "item_ids",
        "tag_ids",
    }


@pytest.mark.parametrize("key", LISTS, ids=".".join)
def test_lists_in_the_style_of_the_operation(key: tuple[str, str]) -> None:
    """``devices`` of the inferences is repeated, all others are joined with commas, as public code sends them."""
    from deviceclouds.aitrios import Aitrios

    operation, parameter = LISTS[key]
    values = ["Aid-1", "a b", "c,d"]
    arguments: dict[str, Any] = {
        p.name: "x" for p in operation.parameters if p.required and p.explode is None
    }
    with Aitrios(token="t") as client:
        plan = client._core.plan(operation, {**arguments, parameter.name: values}, {}, FakeClock())
    sent = plan.parts.url.partition("?")[2].split("&")
    found = [part for part in sent if part.startswith(f"{parameter.wire}=")]
    if key == ("GetInferences", "devices"):
        assert found == ["devices=Aid-1", "devices=a%20b", "devices=c%2Cd"]
    else:
        assert found == [f"{parameter.wire}=Aid-1,a%20b,c%2Cd"]
