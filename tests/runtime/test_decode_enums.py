"""Values an enumeration does not list, and kinds of object a union does not list: both are kept."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import attrs
import pytest
from deviceclouds.aitrios import models as aitrios
from deviceclouds.amnimo.models import MediaSearch, SortDirection
from deviceclouds.runtime import UNSET, Unset
from deviceclouds.runtime._decode import decode_json, decode_model, decode_union
from deviceclouds.runtime._model import Model, OpenIntEnum

pytestmark = pytest.mark.usefixtures("path")


class Level(OpenIntEnum):
    LOW = 1
    HIGH = 2


@attrs.define(kw_only=True, repr=False, getstate_setstate=False)
class Levels(Model):
    one: Level | Unset | None = UNSET
    many: list[Level] | Unset | None = UNSET


def direction(value: Any) -> Any:
    raw = json.dumps({"pageNumber": 0, "pageSize": 1, "sortDir": value}).encode()
    return decode_model(MediaSearch, raw).sort_dir


def test_a_listed_value_is_the_member() -> None:
    assert direction("asc") is SortDirection.ASC


def test_an_unlisted_value_is_kept_as_a_member() -> None:
    value = direction("sideways")
    assert isinstance(value, SortDirection)
    assert value == "sideways"
    assert (value.value, value.name, str(value)) == ("sideways", "sideways", "sideways")
    assert "sideways" in repr(value)


def test_unlisted_values_compare_and_hash_by_value() -> None:
    one, other = direction("sideways"), direction("sideways")
    assert one == other
    assert one != direction("upwards")
    assert hash(one) == hash(other) == hash("sideways")
    assert {one: 1}["sideways"] == 1


def test_unlisted_values_are_not_registered() -> None:
    direction("never seen before")
    assert [member.value for member in SortDirection] == ["asc", "desc"]
    assert "never seen before" not in SortDirection._value2member_map_
    assert "never seen before" not in SortDirection.__members__


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_unlisted_values_survive_copies(copied: Any) -> None:
    value = copied(direction("sideways"))
    assert type(value) is SortDirection
    assert value == "sideways"


@pytest.mark.parametrize("value", [5, 1.5, ["asc"], {"a": 1}, True, None])
def test_values_of_another_type_are_kept(value: Any) -> None:
    assert direction(value) == value
    assert type(direction(value)) is type(value)


def test_unlisted_numbers() -> None:
    one: Any = decode_model(Levels, b'{"one":9,"many":[1,7,"x"]}')
    assert isinstance(one.one, Level)
    assert one.one == 9
    assert pickle.loads(pickle.dumps(one.one)) == 9
    assert one.many[0] is Level.LOW
    assert one.many == [1, 7, "x"]
    assert [member.value for member in Level] == [1, 2]
    assert one.to_dict() == {"one": 9, "many": [1, 7, "x"]}


CONNECTOR: dict[str, Any] = {
    "input_image": {"type": "AWS", "bucket_name": "b", "x": 1},
    "inference_result": {"type": "AZURE", "container_name": "c"},
}


def connector(**changes: Any) -> Any:
    raw = json.dumps({**CONNECTOR, **changes}).encode()
    return decode_model(aitrios.GetStorageConnectorResponse, raw)


def test_a_union_is_told_apart_by_its_constant() -> None:
    one = connector()
    assert type(one.input_image) is aitrios.AWSStorageSettings
    assert type(one.inference_result) is aitrios.AzureStorageSettings
    assert one.input_image.unknown_fields == {"x": 1}
    assert one.to_dict() == CONNECTOR


@pytest.mark.parametrize(
    "value",
    [{"type": "GCP", "bucket": "b"}, {"bucket_name": "b"}, {"type": None}, {"type": []}, {}],
)
def test_a_new_variant_stays_a_dictionary(value: Any) -> None:
    one = connector(input_image=value)
    assert one.input_image == value
    assert type(one.input_image) is dict
    assert one.to_dict()["input_image"] == value


@pytest.mark.parametrize("value", [None, 5, "x", [1]])
def test_what_is_no_object_is_kept(value: Any) -> None:
    assert connector(input_image=value).input_image == value


def test_a_reply_of_several_kinds() -> None:
    variants = [aitrios.AzureStorage, aitrios.AWSStorage]
    known = decode_union(variants, b'{"type":"AWS","bucket_name":"b","new":1}')
    assert type(known) is aitrios.AWSStorage
    assert known.unknown_fields == {"new": 1}
    new = b'{"type":"GCP","bucket":"b"}'
    assert decode_union(variants, new) == decode_json(new)
    with pytest.raises(TypeError, match="a JSON object was expected"):
        decode_union(variants, b"[]")


def test_secrets_of_models_are_not_shown() -> None:
    one = connector(input_image={"type": "AWS", "secret_access_key": "hush", "access_key_id": "x9"})
    assert one.input_image.secret_access_key == "hush"
    for text in (repr(one), str(one), repr(one.input_image), f"{one}"):
        assert "hush" not in text
        assert "x9" not in text
        assert "***" in text
