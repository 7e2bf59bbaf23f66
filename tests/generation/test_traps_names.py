"""Names that Python, attrs, msgspec or our own code uses reach the wire as they are."""

from __future__ import annotations

import inspect
import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from deviceclouds.runtime import UNSET, InvalidRequestError
from deviceclouds.runtime._decode import prepare_decoder

from codegen.lint import SpecDocument
from codegen.names import parameter_name, python_name

from .trap_client import Trap, json_reply
from .trees import TRAP

SPEC = SpecDocument.load(TRAP / "openapi.yaml").data
PARAMETERS = [p["name"] for p in SPEC["paths"]["/names/{class}"]["get"]["parameters"][1:]]
FIELDS = list(SPEC["components"]["schemas"]["OddNames"]["properties"])
QUICK = list(SPEC["components"]["schemas"]["QuickNames"]["properties"])
GIVEN_WAY = {"timeout", "retries", "body", "extra_headers", "options"}


def value_of(wire: str, moment: str = "2026-03-01T08:15:00+00:00") -> Any:
    """Return a value for a field of OddNames."""
    return {"list": ["x"], "datetime": moment}.get(wire, f"<{wire}>")


def attribute(trap: Trap, wire: str) -> str:
    """Return the attribute of a field."""
    names = {wire: name for name, wire in trap.models.OddNames.__wire__.items()}
    return str(names.get(wire, wire))


@pytest.mark.parametrize("wire", PARAMETERS)
def test_odd_parameter(trap: Trap, wire: str) -> None:
    trap.client().names.odd_parameters("p", **{parameter_name(wire): "v"})
    assert parse_qs(trap.sent.url.query.decode()) == {wire: ["v"]}


def test_odd_parameters_together(trap: Trap) -> None:
    values = {parameter_name(wire): f"<{wire}>" for wire in PARAMETERS}
    trap.client().names.odd_parameters("p", **values, timeout=5, retries=0, extra_headers={})
    assert parse_qs(trap.sent.url.query.decode()) == {wire: [f"<{wire}>"] for wire in PARAMETERS}
    assert set(trap.sent.extensions["timeout"].values()) == {5}


def test_arguments_of_every_call_are_kept_free(trap: Trap) -> None:
    for method in (trap.client().names.odd_parameters, trap.client().names.odd_fields):
        names = set(inspect.signature(method).parameters)
        assert {f"{name}_" for name in GIVEN_WAY} <= names
        assert not (GIVEN_WAY - {"body", "options"}) & names


@pytest.mark.parametrize("wire", FIELDS)
def test_odd_field_of_a_reply(trap: Trap, wire: str) -> None:
    value = {"class": "c", wire: value_of(wire)}
    got = trap.client(json_reply(value)).names.odd_fields(class_="c")
    assert got.to_dict() == value
    assert dict(got.unknown_fields) == {}
    others = {attribute(trap, other) for other in FIELDS if other not in value}
    assert {name for name in others if getattr(got, name) is not UNSET} == set()


@pytest.mark.parametrize("wire", QUICK)
def test_odd_field_on_the_fast_path(trap: Trap, wire: str) -> None:
    value = {"class": "c", wire: value_of(wire), "new": 1}
    got = trap.client(json_reply(value)).names.get_quick()
    assert prepare_decoder(trap.models.QuickNames) is not None
    assert got.to_dict() == value
    assert dict(got.unknown_fields) == {"new": 1}
    others = {attribute(trap, other) for other in QUICK if other not in value}
    assert {name for name in others if getattr(got, name) is not UNSET} == set()


def test_odd_fields_together_on_the_fast_path(trap: Trap) -> None:
    value = {wire: value_of(wire) for wire in QUICK}
    got = trap.client(json_reply(value)).names.get_quick()
    assert got.to_dict() == value
    assert {wire: getattr(got, attribute(trap, wire)) for wire in QUICK if wire != "datetime"} == {
        wire: value[wire] for wire in QUICK if wire != "datetime"
    }


@pytest.mark.parametrize("wire", FIELDS)
def test_odd_field_of_a_request(trap: Trap, wire: str) -> None:
    model = trap.models.OddNames.from_dict({"class": "c", wire: value_of(wire)})
    attribute_value = getattr(model, attribute(trap, wire))
    client = trap.client(*[json_reply({"class": "c"})] * 2)
    client.names.odd_fields(**{"class_": "c", parameter_name(wire): attribute_value})
    client.names.odd_fields(body=model)
    bodies = [json.loads(request.content) for request in trap.requests]
    sent = value_of(wire, "2026-03-01T08:15:00.000Z")
    assert bodies == [{"class": "c", wire: sent}] * 2


def test_odd_fields_together(trap: Trap) -> None:
    value = {wire: value_of(wire) for wire in FIELDS} | {"new": 1, "metadata": 2, "class_": 3}
    got = trap.client(json_reply(value)).names.odd_fields(class_="c")
    assert got.to_dict() == value
    assert dict(got.unknown_fields) == {"new": 1, "metadata": 2, "class_": 3}
    assert got.self_ == "<self>"
    assert trap.models.OddNames.from_dict(value).to_dict() == value


def test_field_called_body_is_no_body(trap: Trap) -> None:
    client = trap.client()
    with pytest.raises(InvalidRequestError, match="not both"):
        client.names.odd_fields(body_="x", body=trap.models.OddNames(class_="c"))
    with pytest.raises(InvalidRequestError, match="class_"):
        client.names.odd_fields(body_="x")


def test_pages_of_odd_names(trap: Trap) -> None:
    reply = {"class": {"list": [{"class": "a", "self": "b"}], "from": "next"}}
    pager = trap.client(json_reply(reply)).names.list_names(from_="start", page_size=7)
    page = pager.first_page()
    assert parse_qs(trap.sent.url.query.decode()) == {"from": ["start"], "pageSize": ["7"]}
    assert (page.items[0].class_, page.items[0].self_, page.next_cursor) == ("a", "b", "next")


def test_link_to_a_parameter_with_a_capital_letter(trap: Trap) -> None:
    reply = {"list": [{"class": "a"}], "from": "https://x.example/linked?nextToken=t%2B1&a=b"}
    page = trap.client(json_reply(reply)).names.list_linked().first_page()
    assert page.next_cursor == "t+1"


def test_members_of_enums(trap: Trap) -> None:
    values = SPEC["components"]["schemas"]["Quoted"]["enum"]
    quoted = trap.models.Quoted
    assert [member.value for member in quoted] == values
    assert all(quoted(value) is member for value, member in zip(values, quoted, strict=True))
    assert [level.value for level in trap.models.Level] == [1, 2, -1]
    assert (quoted.MINUS_G, quoted.日本) == ("-g", "日本")


@pytest.mark.parametrize("value", SPEC["components"]["schemas"]["Quoted"]["enum"])
def test_enum_value_in_a_query(trap: Trap, value: str) -> None:
    trap.client(json_reply({"quoted": value})).replies.get_everything(quoted=value)
    sent = parse_qs(trap.sent.url.query.decode(), keep_blank_values=True)
    assert sent == {"quoted": [value]}


def test_names_are_those_of_the_linter(trap: Trap) -> None:
    wire = trap.models.OddNames.__wire__
    for name in FIELDS:
        expected = python_name(name)
        taken = expected in ("unknown_fields", "to_dict", "from_dict")
        assert attribute(trap, name) == (f"{expected}_" if taken else expected)
    assert len(set(wire.values())) == len(wire)
