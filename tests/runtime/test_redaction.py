"""What of headers, queries and bodies may be shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.aitrios.models import AzureStorage
from deviceclouds.runtime._http import Request, Response
from deviceclouds.runtime._operation import Body, Parameter, Reply
from deviceclouds.runtime._redaction import shown_headers, shown_reply, shown_request, shown_url
from deviceclouds.runtime._request import build_request, prepare
from deviceclouds.runtime._secret import SecretHeaders

from .made import CONFIG, operation

CREATE = operation(
    route="POST /things",
    vendor="aitrios",
    body=Body("application/json", ("AzureStorage", "AWSStorage"), True),
    reply=Reply("object", "GetStorageConnectorResponse"),
)


def request_of(made: Any, arguments: dict[str, Any]) -> Request:
    parts = prepare(made, arguments, CONFIG)
    return build_request(made, parts, SecretHeaders(Authorization="Bearer hush"), (1, 1, 1, 1))


def shown_body(made: Any, content: bytes) -> str:
    request = Request(
        "aitrios", made.name, "POST", "https://h.test/", SecretHeaders(), (1, 1, 1, 1)
    )
    return shown_request(request._replace(content=content), made)


def shown(made: Any, body: Any, status: int = 200, **changes: Any) -> str:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Request("aitrios", made.name, "GET", "https://h.test/", SecretHeaders(), (1, 1, 1, 1))
    return shown_reply(Response(status, {}, content), request._replace(**changes), made)


def test_a_json_body_by_its_model() -> None:
    body = {"type": "AZURE", "mode": 1, "connection_string": "hush", "region": "hush2"}
    text = shown_body(CREATE, json.dumps(body).encode())
    # Azure's settings know no region: only the variant the body is of counts.
    assert json.loads(text.partition(": ")[2]) == {
        "type": "AZURE",
        "mode": 1,
        "connection_string": "***",
        "1 unknown": "***",
    }


def test_a_private_request_and_one_for_a_token_show_no_body() -> None:
    body = AzureStorage(container_name="hush")
    request = request_of(CREATE, {"body": body})
    assert "hush" in shown_request(request, CREATE)
    assert shown_request(request._replace(private=True), CREATE) == "body not shown"
    assert shown_request(request._replace(operation="sign-in"), CREATE) == "body not shown"


def test_a_body_of_no_certain_variant_shows_what_is_secret_in_none() -> None:
    body = {"type": "?", "bucket_name": "b", "secret_access_key": "hush", "connection_string": "h"}
    assert json.loads(shown_body(CREATE, json.dumps(body).encode()).partition(": ")[2]) == {
        "type": "?",
        "bucket_name": "b",
        "secret_access_key": "***",
        "connection_string": "***",
    }


def test_nested_models_and_variants_in_replies() -> None:
    storage = {"type": "AWS", "bucket_name": "b", "access_key_id": "hush", "container_name": "hush"}
    text = shown(CREATE, {"input_image": storage, "inference_result": None, "hush": "hush"})
    assert json.loads(text.partition(": ")[2]) == {
        "input_image": {
            "type": "AWS",
            "bucket_name": "b",
            "access_key_id": "***",
            "1 unknown": "***",
        },
        "inference_result": None,
        "1 unknown": "***",
    }


COMMAND = operation(
    route="PUT /things",
    vendor="aitrios",
    body=Body("application/json", ("ExecuteCommandRequest",), True, flat=True),
    reply=Reply("object", "GetDevicesResponse"),
)


def test_free_form_values_are_masked() -> None:
    content = json.dumps({"command_name": "reboot", "parameters": {"hush": "hush"}}).encode()
    assert shown_body(COMMAND, content) == (
        f'{len(content)} bytes: {{"command_name": "reboot", "parameters": "***"}}'
    )


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("text", "text"),
        (7, 7),
        (True, True),
        (None, None),
        ({"hush": 1}, "***"),
        (["hush"], "***"),
        ("https://h.test/p?sig=hush#hush", "https://h.test/p?***"),
        ("see https://me:hush@h.test/p now", "see https://***@h.test/p now"),
        ("amqps://me:hu/sh@h.test", "amqps://***@h.test"),
        ("ftp://h.test/#hush", "ftp://h.test/?***"),
        ("x" * 300, f"{'x' * 200}... (300 characters)"),
        ("a\nb\u202ec\x7f", "a\\nb\\u202ec\\x7f"),
    ],
)
def test_values_of_a_known_text_field(value: Any, seen: Any) -> None:
    text = shown(COMMAND, {"continuation_token": value})
    assert json.loads(text.partition(": ")[2]) == {"continuation_token": seen}
    assert text.isprintable()


def test_lists_are_cut() -> None:
    devices = [{"device_id": f"d{n}", "x": "hush"} for n in range(5)]
    seen = json.loads(shown(COMMAND, {"devices": devices}).partition(": ")[2])
    assert seen == {
        "devices": [
            {"device_id": "d0", "1 unknown": "***"},
            {"device_id": "d1", "1 unknown": "***"},
            "3 more",
        ]
    }


def test_long_replies_are_cut() -> None:
    names = ("device_id", "place", "comment", "ins_id", "ins_date", "upd_id", "upd_date")
    text = shown(COMMAND, {"devices": [dict.fromkeys(names, "v" * 190)]})
    assert 1_000 < len(text) < 1_050
    assert text.endswith(" characters)")


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"<html>hush", "10 bytes, not readable as JSON"),
        (b"\xff\xfe\xfd", "3 bytes, not readable as JSON"),
        (b"", "0 bytes, not readable as JSON"),
        (b"[" * 100_000, "100000 bytes, not readable as JSON"),
        (b'{"hush":"' + b"x" * 100_000 + b'"}', "100011 bytes"),
        (b'"hush"', '6 bytes: "***"'),
        (b'["hush"]', '8 bytes: "***"'),
    ],
)
def test_replies_of_another_shape(content: bytes, seen: str) -> None:
    assert shown(COMMAND, content) == seen


def test_replies_of_which_only_the_size_is_shown() -> None:
    body = {"devices": [{"device_id": "hush"}]}
    size = f"{len(json.dumps(body))} bytes"
    assert shown(COMMAND, body, 400) == size
    assert shown(COMMAND, body, private=True) == size
    assert shown(COMMAND, body, operation="sign-in") == size
    for other in (Reply("text"), Reply("binary"), Reply("none"), Reply("object"), Reply("array")):
        assert shown(operation(reply=other), body) == size


def test_arrays_of_models() -> None:
    made = operation(reply=Reply("array", "Catalogue"))
    text = shown(made, [{"UUID": "u", "hush": 1}])
    assert text.endswith(' bytes: [{"UUID": "u", "1 unknown": "***"}]')
    assert shown(made, {"UUID": "hush"}).endswith(' bytes: "***"')


def test_forms_by_names_and_sizes() -> None:
    made = operation(
        route="POST /things",
        vendor="amnimo",
        body=Body("application/x-www-form-urlencoded", ("TokenRequest",), True, flat=True),
    )
    request = request_of(made, {"grant_type": "client_credentials"})
    assert shown_request(request, made) == "form grant_type (18 bytes)"


def test_files_by_names_and_sizes() -> None:
    made = operation(
        route="POST /things",
        body=Body("multipart/form-data", ("UpdateFunctionRequest",), True, flat=True),
    )
    named = rt.Upload(b"hush" * 3, "hush.onnx", "text/hush")
    assert shown_request(request_of(made, {"file": named}), made) == "parts file (12 bytes)"


def test_a_stream_is_not_read_to_be_shown(tmp_path: Any) -> None:
    made = operation(
        route="POST /things",
        body=Body("multipart/form-data", ("UpdateFunctionRequest",), True, flat=True),
    )
    path = tmp_path / "hush.onnx"
    path.write_bytes(b"hush")
    parts = prepare(made, {"file": path}, CONFIG)
    request = build_request(made, parts, {}, (1, 1, 1, 1))
    assert shown_request(request, made) == "parts file (a stream)"
    assert request.files is not None
    assert request.files[0][1][1].tell() == 0
    parts.close()


QUERY = operation(
    Parameter("seen", "seen", "query"),
    Parameter("many", "many", "query", explode=True),
    Parameter("hidden", "hidden", "query", secret=True),
    Parameter("where", "where", "path", required=True),
    route="GET /things/{where}",
)


def test_a_query_by_its_parameters() -> None:
    values = {"seen": "a b&c", "many": ["1", "2"], "hidden": "hush", "where": "x/y"}
    request = request_of(QUERY, values)
    assert shown_url(request, QUERY, CONFIG) == (
        "https://host.test/api/things/x%2Fy?seen=a b%26c&many=1&many=2&hidden=***"
    )
    assert request.private


def test_addresses_in_a_query() -> None:
    request = request_of(QUERY, {"seen": "http://me:hush@proxy.test/?hush", "where": "x"})
    shown = shown_url(request, QUERY, CONFIG)
    assert shown == "https://host.test/api/things/x?seen=http://***%40proxy.test/?***"


def test_what_is_no_parameter_of_the_operation() -> None:
    request = request_of(QUERY, {"where": "x"})._replace(url="https://host.test/?seen=1&more=hush")
    assert shown_url(request, QUERY, CONFIG) == "https://host.test/?seen=1&more=***"


def test_a_secret_in_the_path() -> None:
    made = operation(
        Parameter("where", "where", "path", required=True, secret=True), route="GET /things/{where}"
    )
    request = request_of(made, {"where": "hush"})
    assert shown_url(request, made, CONFIG) == "https://host.test/api/things/{where}"


def test_the_address_of_a_request_for_a_token() -> None:
    request = request_of(QUERY, {"where": "x"})
    elsewhere = request._replace(operation="sign-in", url="https://auth.test/t?id=hush")
    assert shown_url(elsewhere, QUERY, CONFIG) == "https://auth.test/t?***"


def test_headers_that_are_not_known_to_be_harmless_are_masked() -> None:
    headers = {
        "Content-Type": "a/b\r\nx: y",
        "Authorization": "hush",
        "X-Amz-Security-Token": "hush",
    }
    assert shown_headers(headers) == (
        "content-type: a/b\\r\\nx: y, authorization: ***, x-amz-security-token: ***"
    )
