"""Checks of replies: problems for what is wrong, notes for what is new."""

from __future__ import annotations

import json
from typing import Any

import pytest
from deviceclouds.testing import ContractError, ResponseCheck, check_response

DEVICE = {"uuid": "u", "name": "n", "is_online": 1}
JSON = {"Content-Type": "application/json"}


def check(value: Any, status: int = 200, headers: dict[str, str] = JSON) -> ResponseCheck:
    """Checks a reply of VizioSense's get_device."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return check_response("viziosense", "get_device", status, headers=headers, content=content)


def found(outcome: ResponseCheck) -> list[tuple[str, str]]:
    """Places and rules of the problems."""
    return [(problem.location, problem.rule) for problem in outcome.problems]


def test_good_reply() -> None:
    outcome = check(DEVICE)
    assert outcome.ok
    outcome.raise_for_problems()


def test_undocumented_fields_are_notes() -> None:
    outcome = check({**DEVICE, "battery": 3})
    assert outcome.ok
    assert [(note.location, note.rule) for note in outcome.notes] == [
        ("body/battery", "undocumented")
    ]


@pytest.mark.parametrize(
    ("value", "status", "headers", "expected"),
    [
        ({**DEVICE, "is_online": "yes"}, 200, JSON, ("body/is_online", "type")),
        ([], 200, JSON, ("body", "type")),
        (b"<html>", 200, {"Content-Type": "text/html"}, ("header.content-type", "content-type")),
        (b"{}", 200, {}, ("header.content-type", "content-type")),
        (b"{", 200, JSON, ("body", "json")),
        (b"", 200, JSON, ("body", "json")),
        (b"\xff", 200, JSON, ("body", "json")),
        (b'{"name": "\\ud800"}', 200, JSON, ("body", "json")),
        (b"[" * 100_000, 200, JSON, ("body", "json")),
        (DEVICE, 418, JSON, ("status", "status")),
        ({"httpError": "4000"}, 400, JSON, ("body/httpError", "type")),
    ],
)
def test_bad_reply(
    value: Any, status: int, headers: dict[str, str], expected: tuple[str, str]
) -> None:
    outcome = check(value, status, headers)
    assert found(outcome) == [expected]
    with pytest.raises(ContractError, match=r"viziosense, get_device: the reply differs"):
        outcome.raise_for_problems()


def test_a_thousand_faults_are_reported_by_the_first_ones() -> None:
    value = {"data": [{"name": 1}] * 1_000}
    content = json.dumps(value).encode()
    outcome = check_response("viziosense", "list_devices", 200, headers=JSON, content=content)
    assert len(outcome.problems) == 50


def test_of_a_million_faults_the_first_is_enough() -> None:
    value = {"data": [{"name": 1}] * 1_000_000}
    content = json.dumps(value).encode()
    outcome = check_response("viziosense", "list_devices", 200, headers=JSON, content=content)
    assert found(outcome) == [("body/data/0/name", "type")]


def test_empty_reply_where_nothing_is_documented() -> None:
    assert check_response("amnimo", "delete_media", 204).ok
    outcome = check_response("amnimo", "delete_media", 204, headers=JSON, content=b"{}")
    assert found(outcome) == [("body", "undocumented")]


def test_documented_header_is_checked() -> None:
    gateway = b'{"id": "a"}'
    for value, ok in (("1", True), ('"1"', True), ("one", False)):
        headers = {**JSON, "ETag": value}
        outcome = check_response(
            "proglove", "create_gateway", 201, headers=headers, content=gateway
        )
        assert (("header.etag", "type") not in found(outcome)) is ok


def test_unknown_operation() -> None:
    with pytest.raises(KeyError, match="viziosense has no operation"):
        check_response("viziosense", "nothing", 200)
