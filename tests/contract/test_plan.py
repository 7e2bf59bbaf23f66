"""What a live run would send: lists before details, nothing that acts, nothing unknown."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from deviceclouds.testing import MOUNTS, Spec, load_spec
from deviceclouds.testing.contract.live.plan import Plan
from deviceclouds.testing.contract.live.planning import plan_live
from deviceclouds.testing.contract.live.sources import Source, values_from
from deviceclouds.testing.contract.results import EXIT_INPUT, ContractRunError

VENDORS = sorted(MOUNTS)
CALLED = {"aitrios": 45, "amnimo": 10, "proglove": 11, "scailable": 11, "viziosense": 3}
RANGE = {
    "startTime": "2026-02-02T15:00:00.000Z",
    "endTime": "2026-02-16T15:00:00.000Z",
}


def called(plan: Plan) -> list[str]:
    return [step.operation_id for step in plan.steps if step.kind == "call"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_operation_is_called_or_has_a_reason(vendor: str) -> None:
    plan, spec = plan_live(vendor), load_spec(vendor)
    skipped = {skip.operation_id: skip.reason for skip in plan.skipped}
    assert set(called(plan)) | set(skipped) == set(spec.operations)
    assert not set(called(plan)) & set(skipped)
    assert all(skipped.values())
    assert len(called(plan)) == CALLED[vendor]


@pytest.mark.parametrize("vendor", VENDORS)
def test_only_operations_that_read_are_called(vendor: str) -> None:
    spec = load_spec(vendor)
    for step in plan_live(vendor).steps:
        assert spec.operation(step.operation_id).extensions["x-read-only"] is True
        assert step.method == "GET" or step.operation_id in ("search_media", "search_camera_media")
        assert not step.writes


def test_get_operations_that_act_are_not_called() -> None:
    assert not {"start_hls", "stop_hls", "update_hls", "issue_token"} & set(
        called(plan_live("amnimo"))
    )
    assert not {"GetQrCodeForProvisioning", "GetImageRegionProposals"} & set(
        called(plan_live("aitrios"))
    )


@pytest.mark.parametrize("vendor", VENDORS)
def test_sources_come_first(vendor: str) -> None:
    before: set[str] = set()
    for step in plan_live(vendor).steps:
        assert {source.operation_id for source in step.sources} <= before
        before.add(step.operation_id)


@pytest.mark.parametrize("vendor", VENDORS)
def test_one_probe_without_credentials(vendor: str) -> None:
    probes = [step for step in plan_live(vendor).steps if step.kind == "probe"]
    assert len(probes) == 1
    assert load_spec(vendor).operation(probes[0].operation_id).security
    assert "without credentials" in probes[0].as_line()


@pytest.mark.parametrize("vendor", VENDORS)
def test_lines_are_the_same_each_time_and_count_everything(vendor: str) -> None:
    plan = plan_live(vendor)
    assert plan.as_lines() == plan_live(vendor).as_lines()
    counted = sum(int(line.split()[0]) for line in plan.as_lines()[1:] if line.split()[0] != "-")
    assert counted == plan.most_requests
    assert str(plan.most_requests) in plan.as_lines()[0]
    assert all(any(step.name in line for line in plan.as_lines()) for step in plan.steps)


def test_samples_and_pages_multiply() -> None:
    logs = {s.operation_id: s for s in plan_live("aitrios", samples=3, pages=4).steps}
    assert logs["GetEventLogs"].most_requests == 12
    assert logs["GetDevice"].most_requests == 3
    assert logs["GetDevices"].most_requests == 4
    assert logs["GetDevices"].given == {"limit": 3}


def test_only_takes_the_lists_it_needs() -> None:
    plan = plan_live("aitrios", only=["train_model.get_project_images_by_id"])
    assert called(plan) == ["GetProjects", "GetProjectImages", "GetProjectImagesById"]
    assert dict(plan.skipped)["GetDevices"] == "not asked for"


def test_inputs_supply_what_no_list_does() -> None:
    skipped = dict(plan_live("amnimo").skipped)
    assert "startTime, endTime" in skipped["get_recording_history"]
    plan = plan_live("amnimo", inputs={"get_recording_history": {"parameters": RANGE}})
    [step] = [s for s in plan.steps if s.operation_id == "get_recording_history"]
    assert [source.operation_id for source in step.sources] == ["list_cameras"]
    assert step.needed == ("cameraId",)
    assert "2026-02-02" not in str(plan)


def test_inputs_may_be_all_that_is_needed() -> None:
    given = {"GetDevice": {"parameters": {"device_id": "Aid-1"}}}
    plan = plan_live("aitrios", only=["GetDevice"], inputs=given)
    assert called(plan) == ["GetDevice"]


def test_writes_need_to_be_allowed_and_given() -> None:
    with pytest.raises(ContractRunError, match="parameter device_id, the body") as caught:
        plan_live("aitrios", allow_writes=["ExecuteDeviceCommand"])
    assert caught.value.exit_code == EXIT_INPUT
    assert "example data is never sent" in str(caught.value)
    given = {"parameters": {"device_id": "Aid-1"}, "body": {"command_name": "reboot"}}
    plan = plan_live(
        "aitrios",
        allow_writes=["ExecuteDeviceCommand"],
        inputs={"device_command.execute_device_command": given},
    )
    [step] = [step for step in plan.steps if step.writes]
    assert step.operation_id == "ExecuteDeviceCommand"
    assert "WRITES" in step.as_line()
    assert "Aid-1" not in str(plan)


def test_sign_ins_are_never_writes() -> None:
    with pytest.raises(ContractRunError, match="sign-in"):
        plan_live("amnimo", allow_writes=["issue_token"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"only": ["GetDevics"]}, "did you mean GetDevice"),
        ({"only": ["nothing.like_it_at_all"]}, "there are"),
        ({"allow_writes": ["DeleteDevise"]}, "did you mean DeleteDevice"),
        ({"inputs": {"GetDevic": {}}}, "GetDevice"),
        ({"inputs": {"GetDevice": {"parameters": {"device": "1"}}}}, "device_id"),
        ({"inputs": {"GetDevice": {"parameter": {}}}}, "'parameters'"),
        ({"inputs": {"GetDevice": {"parameters": ["device_id"]}}}, "mapping"),
        ({"inputs": {"GetDevice": {"body": {}}}}, "takes no body"),
        ({"inputs": ["GetDevice"]}, "mapping"),
        ({"only": ["DeleteDevice"]}, "may change something"),
        ({"samples": 0}, "samples"),
        ({"pages": "2"}, "pages"),
    ],
)
def test_what_is_wrong_is_said(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ContractRunError, match=said):
        plan_live("aitrios", **arguments)


def test_reads_without_their_parameters_cannot_be_asked_for() -> None:
    with pytest.raises(ContractRunError, match="startTime, endTime"):
        plan_live("amnimo", only=["get_recording_history"])


def test_unknown_vendors() -> None:
    with pytest.raises(ContractRunError, match="amnimo"):
        plan_live("amnino")


def test_a_specification_of_another_vendor() -> None:
    with pytest.raises(ContractRunError, match="of amnimo, not of aitrios"):
        plan_live("aitrios", spec=load_spec("amnimo"))


def test_operations_the_client_lacks_are_skipped() -> None:
    document = copy.deepcopy(load_spec("scailable").document)
    document["paths"]["/configuration"]["get"]["operationId"] = "get_settings"
    plan = plan_live("scailable", spec=Spec("scailable", document))
    assert dict(plan.skipped)["get_settings"] == "the client has no method for it"


DEVICES = load_spec("aitrios").operation("GetDevices")


@pytest.mark.parametrize(
    ("pointers", "reply", "wanted"),
    [
        ({"a": "/x/0/id"}, {"x": [{"id": 1}, {"id": "b"}]}, [{"a": 1}, {"a": "b"}]),
        (
            {"a": "/x/0/id"},
            {"x": [{"id": None}, {}, {"id": ""}, {"id": True}, {"id": "c"}]},
            [{"a": "c"}],
        ),
        (
            {"a": "/0/id", "b": "/0/parts/0"},
            [{"id": 1, "parts": []}, {"id": 2, "parts": ["p", "q"]}],
            [{"a": 2, "b": "p"}, {"a": 2, "b": "q"}],
        ),
        ({"a": "/x"}, {"x": {"y": 1}}, []),
        ({"a": "/x/0"}, {"x": "text"}, []),
        ({"a": "/x/0"}, None, []),
        ({"a": "/a~1b/0"}, {"a/b": ["z"]}, [{"a": "z"}]),
    ],
)
def test_values_of_a_reply(
    pointers: dict[str, str], reply: Any, wanted: list[dict[str, Any]]
) -> None:
    parameters = {name: f"$response.body#{pointer}" for name, pointer in pointers.items()}
    source = Source("GetDevices", "GetDevice", parameters)
    assert list(values_from(source, DEVICES, "/devices", reply)) == wanted


def test_values_of_a_path_are_decoded() -> None:
    images = load_spec("aitrios").operation("GetProjectImages")
    source = Source("GetProjectImages", "x", {"project_id": "$request.path.project_id"})
    path = "/model_projects/a%2Fb/images"
    assert list(values_from(source, images, path, {})) == [{"project_id": "a/b"}]
    lost = Source("GetProjectImages", "x", {"project_id": "$request.path.other"})
    assert list(values_from(lost, images, path, {})) == []


def test_many_items_are_looked_at_no_longer_than_needed() -> None:
    source = Source("GetDevices", "x", {"a": "$response.body#/x/0", "b": "$response.body#/y/0"})
    reply = {"x": list(range(100_000)), "y": list(range(100_000))}
    assert len(list(values_from(source, DEVICES, "/devices", reply))) == 1000
