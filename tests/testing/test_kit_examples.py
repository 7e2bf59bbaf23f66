"""Every operation of every specification: its own examples pass our checks, and openapi-core's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from deviceclouds.testing import (
    MOUNTS,
    ExampleRequest,
    check_request,
    check_response,
    example_call,
    example_request,
    load_spec,
)
from deviceclouds.testing._load import available_vendors
from deviceclouds.testing._replies import success_answer

VENDORS = available_vendors()
OPERATIONS = [(vendor, name) for vendor in VENDORS for name in load_spec(vendor).operations]
REQUESTS = [
    (vendor, name, variant)
    for vendor, name in OPERATIONS
    for variant in example_call(load_spec(vendor), name).variants or (None,)
]

Oracle = Callable[[str, ExampleRequest], list[Exception]]


def test_every_specification_of_the_repository_is_covered() -> None:
    folders = Path(__file__).parents[2].joinpath("specs").glob("*/openapi.yaml")
    assert {folder.parent.name for folder in folders} == set(VENDORS) <= set(MOUNTS)


@pytest.mark.parametrize(("vendor", "name", "variant"), REQUESTS)
def test_example_request_is_valid(
    vendor: str, name: str, variant: str | None, oracle: Oracle
) -> None:
    spec = load_spec(vendor)
    request = example_request(spec, name, variant)
    check = check_request(
        spec, request.method, request.url, headers=request.headers, content=request.content
    )
    check.raise_for_problems()
    assert check.operation_id == name
    assert oracle(vendor, request) == []


@pytest.mark.parametrize(("vendor", "name"), OPERATIONS)
def test_example_reply_is_valid(
    vendor: str, name: str, reply_oracle: Callable[..., list[Exception]]
) -> None:
    spec = load_spec(vendor)
    answer = success_answer(spec.operation(name))
    check = check_response(
        spec, name, answer.status, headers=answer.headers, content=answer.content
    )
    check.raise_for_problems()
    assert check.notes == ()
    assert reply_oracle(vendor, example_request(spec, name), *answer) == []


@pytest.mark.parametrize(("vendor", "name"), OPERATIONS)
def test_missing_credentials_are_a_problem_exactly_where_they_are_needed(
    vendor: str, name: str
) -> None:
    spec = load_spec(vendor)
    request = example_request(spec, name)
    headers = {
        key: value for key, value in request.headers.items() if key.lower() != "authorization"
    }
    check = check_request(
        spec, request.method, request.url, headers=headers, content=request.content
    )
    rules = [problem.rule for problem in check.problems]
    needed = bool(spec.operation(name).security)
    assert rules == (["credentials-missing"] if needed else [])


def test_example_call_names_variants() -> None:
    call = example_call(load_spec("aitrios"), "UpdateStorageConnector")
    assert len(call.variants) > 1
    assert call.body == next(iter(call.variants.values()))


def test_example_call_of_an_unknown_operation_says_so() -> None:
    with pytest.raises(KeyError, match="viziosense has no operation 'nothing'"):
        example_call(load_spec("viziosense"), "nothing")
