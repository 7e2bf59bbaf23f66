"""The check of our own clients: it finds faults put into them, the same each time, and leaves nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deviceclouds.runtime import _body, _encode, _request
from deviceclouds.testing import MOUNTS, load_spec
from deviceclouds.testing.contract.offline import generation
from deviceclouds.testing.contract.offline.inputs import (
    boundary_inputs,
    example_inputs,
    generated_inputs,
)
from deviceclouds.testing.contract.offline.run import run_offline
from deviceclouds.testing.contract.results import ContractRunError

from .client_faults import CLIENT_FAULTS
from .seeding import general

Patch = Callable[[pytest.MonkeyPatch], None]


def patched(module: Any, name: str, make: Callable[[Any], Any]) -> Patch:
    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, name, make(getattr(module, name)))

    return patch


def python_booleans(before: Any) -> Any:
    return lambda value: str(value) if isinstance(value, bool) else before(value)


def unquoted_slash(before: Any) -> Any:
    return lambda text, safe="": before(text, safe="/&=")


def without_nulls(before: Any) -> Any:
    def to_wire(value: Any, **options: Any) -> Any:
        found = before(value, **options)
        return (
            {k: v for k, v in found.items() if v is not None} if isinstance(found, dict) else found
        )

    return to_wire


def without_milliseconds(before: Any) -> Any:
    return lambda value: before(value.replace(microsecond=0))


def one_item(before: Any) -> Any:
    return lambda parameter, value: before(parameter, value)[:1]


def none_left(before: Any) -> Any:
    return lambda parameter, texts: before(parameter, texts) if parameter.required else []


FAULTS = [
    ("booleans of Python", "amnimo", "list_cameras", "query.isUrl", patched(_request, "_text", python_booleans)),
    ("a slash that is not encoded", "aitrios", "GetDevice", "path", patched(_request, "quote", unquoted_slash)),
    ("parameters that get lost", "aitrios", "GetDevices", "query.limit", patched(_request, "_query", none_left)),
    ("one of several items", "aitrios", "GetDevices", "query.device_ids", patched(_request, "_values", one_item)),
    ("nulls that get lost", "scailable", "create_function", "body/data/Alias",
     patched(_body, "to_wire", without_nulls)),
    ("milliseconds that get lost", "amnimo", "list_thumbnails", "query.startTime",
     patched(_encode, "format_datetime", without_milliseconds)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("vendor", "operation", "place", "patch"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_a_fault_of_the_client_is_found(
    vendor: str, operation: str, place: str, patch: Patch, monkeypatch: pytest.MonkeyPatch
) -> None:
    patch(monkeypatch)
    report = run_offline(vendor, only=[operation], examples=0)
    result = next(r for r in report.results if r.operation_id == operation)
    assert ("request", place) in {(f.kind, f.location) for f in result.findings}
    assert report.exit_code == 1


@pytest.mark.parametrize(
    ("vendor", "operation", "kind", "place", "patch"),
    [f[1:] for f in CLIENT_FAULTS],
    ids=[f[0] for f in CLIENT_FAULTS],
)
def test_a_fault_that_valid_calls_do_not_show_is_found(
    vendor: str,
    operation: str,
    kind: str,
    place: str,
    patch: Patch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    patch(monkeypatch)
    report = run_offline(vendor, only=[operation], examples=0)
    result = next(r for r in report.results if r.operation_id == operation)
    assert (kind, place) in {(f.kind, general(f.location)) for f in result.findings}
    assert report.exit_code == 1


def test_a_fault_in_reading_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from deviceclouds.aitrios.models import Device

    def to_dict(self: Any) -> dict[str, Any]:
        return {"device_id": self.device_id}

    monkeypatch.setattr(Device, "to_dict", to_dict)
    report = run_offline("aitrios", only=["GetDevice"], examples=0)
    result = next(r for r in report.results if r.operation_id == "GetDevice")
    assert {f.kind for f in result.findings} == {"decoding"}


@pytest.mark.parametrize("vendor", sorted(MOUNTS))
def test_every_operation_is_called_with_every_kind_of_input(vendor: str) -> None:
    spec = load_spec(vendor)
    drawn = generated_inputs(spec, spec.operations.values(), 3, 7)
    for operation in spec.operations.values():
        assert example_inputs(spec, operation)
        assert boundary_inputs(spec, operation)
        assert len(drawn[operation.id]) >= 1, operation.id


def test_boundaries_hold_all_values_of_enumerations_and_both_ends_of_ranges() -> None:
    spec = load_spec("aitrios")
    given = [each.parameters for each in boundary_inputs(spec, spec.operation("GetDevices"))]
    assert {each.get("scope") for each in given} >= {"full", "minimal"}
    assert {each.get("limit") for each in given} >= {1, 1000}


def test_parameters_that_exclude_each_other_have_their_turns() -> None:
    spec = load_spec("amnimo")
    given = [each.parameters for each in boundary_inputs(spec, spec.operation("list_cameras"))]
    assert any("page" in each for each in given)
    assert any("cameraId" in each for each in given)
    assert not any({"page", "cameraId"} <= each.keys() for each in given)


def test_the_seed_decides() -> None:
    spec = load_spec("proglove")
    operations = [spec.operation("create_user"), spec.operation("list_events")]
    first, again, other = (
        repr(
            [
                (g.parameters, g.body)
                for each in generated_inputs(spec, operations, 5, seed).values()
                for g in each
            ]
        )
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_nothing_is_left_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_offline("viziosense", only=["update_device"], examples=3)
    assert list(tmp_path.iterdir()) == []


def test_without_schemathesis_the_rest_is_done_and_the_extra_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(generation, "available", lambda: False)
    report = run_offline("viziosense")
    assert report.exit_code == 0
    assert report.counts["ok"] == len(report.results)
    assert any("[contract]" in remark for remark in report.remarks)


def test_it_runs_inside_a_coroutine() -> None:
    async def main() -> int:
        return run_offline("viziosense", examples=1).exit_code

    assert asyncio.run(main()) == 0


def test_results_come_as_they_are_known() -> None:
    seen: list[str] = []
    report = run_offline("viziosense", examples=0, on_step=lambda r: seen.append(r.operation_id))
    assert seen == list(load_spec("viziosense").operations)
    assert [r.operation_id for r in report.results] == seen
    assert report.mode == "offline"
    assert len(report.spec_sha256) == 64


@pytest.mark.parametrize(("vendor", "only"), [("acme", []), ("amnimo", ["GetDevices"])])
def test_unknown_names_are_refused(vendor: str, only: list[str]) -> None:
    with pytest.raises(ContractRunError, match=r"there are|has no operation") as caught:
        run_offline(vendor, only=only)
    assert caught.value.exit_code == 2
