"""Bodies: from a model or from arguments, checked in depth, refused unsent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from deviceclouds.aitrios import models as aitrios
from deviceclouds.amnimo.models import MediaRequest, MediaSearch, MediaUpdateData
from deviceclouds.proglove.models import GenerateDownloadUrlRequest
from deviceclouds.runtime import ConfigurationError, InvalidRequestError
from deviceclouds.runtime._encode import check_model
from deviceclouds.scailable.models import UpdateFunctionData

from .conftest import OpenSession
from .support import Session, reply

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def sent(one: Session, value: Any) -> Any:
    one.run(value)
    return one.cloud.json


def refused(one: Session, call: Any) -> str:
    with pytest.raises(InvalidRequestError) as caught:
        one.run(call())
    assert one.cloud.requests == []
    assert str(caught.value).startswith(f"{caught.value.vendor}.{caught.value.operation}: ")
    return caught.value.message


def test_fields_as_arguments(opened: OpenSession) -> None:
    one = opened("amnimo", reply({}))
    body = sent(one, one.client.media.create_media("c", category="CLIP", start_time=NOW, name="é"))
    assert body == {"category": "CLIP", "startTime": "2026-01-02T03:04:05.000Z", "name": "é"}
    assert one.cloud.request.headers["content-type"] == "application/json"


def test_a_model_as_body(opened: OpenSession) -> None:
    one = opened("amnimo", reply({}))
    body = MediaRequest(category="CLIP", start_time=NOW)  # type: ignore[arg-type]
    assert sent(one, one.client.media.create_media("c", body=body)) == {
        "category": "CLIP",
        "startTime": "2026-01-02T03:04:05.000Z",
    }


def test_unknown_fields_of_a_reply_are_not_sent_back(opened: OpenSession) -> None:
    one = opened("amnimo", reply([]))
    body = MediaSearch.from_dict({"pageNumber": 0, "pageSize": 5, "new": 1})
    one.run(one.client.media.search_media(body=body).first_page())
    assert one.cloud.json == {"pageNumber": 0, "pageSize": 5}


def test_body_and_fields_together_are_refused(opened: OpenSession) -> None:
    one = opened("amnimo")
    body = MediaSearch(page_number=0, page_size=5)
    message = refused(one, lambda: one.client.media.search_media(body=body, page_size=6))
    assert message == "give body= or page_size, not both"


@pytest.mark.parametrize("body", [None, {"pageNumber": 0}, 5, MediaUpdateData(name="n")])
def test_a_body_of_another_type_is_refused(opened: OpenSession, body: Any) -> None:
    one = opened("amnimo")
    message = refused(one, lambda: one.client.media.search_media(body=body))
    assert message == f"body must be MediaSearch, not {type(body).__name__}"


def test_a_body_of_several_kinds(opened: OpenSession) -> None:
    one = opened("aitrios")
    call = one.client.train_model.import_base_model
    assert refused(one, lambda: call(body=5)) == (
        "body must be ImportBaseModelByUrl or ImportBaseModelByFileId, not int"
    )


def test_a_free_form_body(opened: OpenSession) -> None:
    one = opened("scailable", reply({}))
    call = one.client.function.create_linked_function
    assert refused(one, lambda: call(body=[1])) == "body must be a mapping, not list"
    assert refused(one, lambda: call(body={"a": object()}))
    assert refused(one, lambda: call(body={"a": float("nan")}))
    assert refused(one, lambda: call(body={"a": "\ud800"}))
    assert sent(one, call(body={"a": [1, None, {"b": NOW}]})) == {
        "a": [1, None, {"b": "2026-01-02T03:04:05.000Z"}]
    }


def test_required_fields(opened: OpenSession) -> None:
    one = opened("amnimo")
    assert refused(one, one.client.media.search_media) == "page_number, page_size is required"
    assert (
        refused(one, lambda: one.client.media.search_media(page_size=5))
        == "page_number is required"
    )


def test_an_optional_body_is_left_out(opened: OpenSession) -> None:
    one = opened("aitrios", reply({"result": "SUCCESS"}))
    one.run(one.client.train_model.update_base_model_version("m", "1"))
    assert one.cloud.request.content == b""
    if one.family != "aiohttp":  # which gives every body a type, also one that is not there
        assert "content-type" not in one.cloud.request.headers


CHOSEN = aitrios.DeployModelSelection


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"models": [CHOSEN(model_id=5)]}, "models[0].model_id must be text, not int"),  # type: ignore[arg-type]
        (
            {"models": [CHOSEN(), CHOSEN(model_id=None)]},  # type: ignore[arg-type]
            "models[1].model_id must not be None; leave it out to not send it",
        ),
        ({"models": CHOSEN()}, "models must be a list, not DeployModelSelection"),
        ({"models": [{}]}, "models[0] must be DeployModelSelection, not dict"),
        ({"models": "abc"}, "models must be a list, not str"),
        (
            {"edge_system_sw_package": CHOSEN()},
            "edge_system_sw_package must be DeployPackageSelection, not DeployModelSelection",
        ),
        ({"description": None}, "description must not be None; leave it out to not send it"),
        ({"description": "x" * 101}, "description takes at most 100 characters, not 101"),
        ({"description": 5}, "description must be text, not int"),
    ],
)
def test_nested_models_are_checked(
    opened: OpenSession, fields: dict[str, Any], message: str
) -> None:
    one = opened("aitrios")
    call = one.client.deploy.create_deploy_configuration
    assert message in refused(one, lambda: call(config_id="c", **fields))
    body = aitrios.CreateDeployConfigurationRequest(config_id="c", **fields)
    assert message in refused(one, lambda: call(body=body))


def test_all_problems_are_told_at_once(opened: OpenSession) -> None:
    one = opened("amnimo")
    message = refused(one, lambda: one.client.media.search_media(page_number=-1, page_size=1001))
    assert message == (
        "page_number must be at least 0, not -1; page_size must be at most 1000, not 1001"
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"sort_dir": "up"}, "sort_dir must be one of 'asc', 'desc', not 'up'"),
        ({"page_number": True}, "page_number must be a whole number, not bool"),
        ({"page_number": 1.0}, "page_number must be a whole number, not float"),
        ({"categories": ["a", 5]}, "categories[1] must be text, not int"),
    ],
)
def test_fields_of_another_type(opened: OpenSession, fields: dict[str, Any], message: str) -> None:
    one = opened("amnimo")
    arguments = {"page_number": 0, "page_size": 1, **fields}
    assert refused(one, lambda: one.client.media.search_media(**arguments)) == message


def test_naive_times_are_refused(opened: OpenSession) -> None:
    one = opened("amnimo")
    naive = NOW.replace(tzinfo=None)
    message = refused(
        one, lambda: one.client.media.create_media("c", category="CLIP", start_time=naive)
    )
    assert message == "start_time needs a time zone, for example datetime.now(timezone.utc)"


def test_none_where_null_is_allowed() -> None:
    assert list(check_model(UpdateFunctionData(alias=None))) == []
    assert list(check_model(UpdateFunctionData(name=None))) == [  # type: ignore[arg-type]
        "name must not be None; leave it out to not send it"
    ]


def test_patterns() -> None:
    def problems(checksum: str) -> list[str]:
        found = check_model(
            GenerateDownloadUrlRequest.from_dict({"name": "n", "eula_checksum": checksum})
        )
        return [problem for problem in found if "checksum" in problem]

    assert problems("ABC123") == []
    assert problems("abc") == ["eula_checksum must match ^[A-Z0-9]*$"]
    assert problems("ABC\n") == ["eula_checksum must match ^[A-Z0-9]*$"]


def test_a_form(opened: OpenSession) -> None:
    one = opened("amnimo", reply({"access_token": "t"}), client_id="me", secret_key="a&b")
    one.run(one.client.auth.issue_token(grant_type="client_credentials"))
    assert one.cloud.request.content == b"grant_type=client_credentials"
    assert one.cloud.request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert one.cloud.request.headers["authorization"] == "Basic bWU6YSZi"


def test_halves_of_credentials_are_refused(opened: OpenSession) -> None:
    with pytest.raises(ConfigurationError, match="only work together"):
        opened("amnimo", client_id="me")


def test_the_constant_of_a_variant_is_checked() -> None:
    one = aitrios.AWSStorage.from_dict({"type": "AZURE"})
    assert "type must be 'AWS', not str" in list(check_model(one))
