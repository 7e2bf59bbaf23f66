"""Bad requests are refused, with place and rule; openapi-core agrees where it can judge."""

# ruff: noqa: E501  # one case a line: it is a table

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from deviceclouds.testing import (
    ContractError,
    ExampleRequest,
    RequestCheck,
    check_request,
    example_request,
    load_spec,
)

Change = Callable[[ExampleRequest], ExampleRequest]

UNKNOWN_QUERY = "openapi-core ignores query parameters it does not know"
OPEN_OBJECTS = "openapi-core follows JSON Schema: fields without a name in it are allowed"
LENIENT_PARSING = "openapi-core parses leniently"
HEADER_FORM = "openapi-core looks only at the first word of the Authorization header"
NO_BODY = "openapi-core ignores a body that nobody documented"
CRASHES = "openapi-core's multipart parser ends in an AssertionError"
DOTS = "openapi-core resolves dots as an HTTP library may do before sending"


class Case(NamedTuple):
    """What to change in an example request, and what must be found; ``differs`` says why the oracle may not."""

    name: str
    vendor: str
    operation: str
    change: Change
    location: str
    rule: str
    differs: str | None = None


def query(text: str) -> Change:
    """Replaces the query."""
    return lambda request: replace(request, url=f"{request.url.partition('?')[0]}?{text}")


def path(old: str, new: str) -> Change:
    """Replaces a part of the URL."""
    return lambda request: replace(request, url=request.url.replace(old, new))


def method(name: str) -> Change:
    """Replaces the method."""
    return lambda request: replace(request, method=name)


def header(name: str, value: str | None) -> Change:
    """Replaces or removes a header."""

    def change(request: ExampleRequest) -> ExampleRequest:
        kept = {key: old for key, old in request.headers.items() if key.lower() != name.lower()}
        return replace(request, headers=kept if value is None else {**kept, name: value})

    return change


def content(data: bytes) -> Change:
    """Replaces the body."""
    return lambda request: replace(request, content=data)


def with_content(kind: str, data: bytes) -> Change:
    """Replaces body and content type."""
    return lambda request: content(data)(header("Content-Type", kind)(request))


def fields(**changed: Any) -> Change:
    """Changes fields of a JSON body; ``...`` removes one."""

    def change(request: ExampleRequest) -> ExampleRequest:
        body = {**json.loads(request.content), **changed}
        kept = {name: value for name, value in body.items() if value is not ...}
        return replace(request, content=json.dumps(kept).encode())

    return change


def parts(old: bytes, new: bytes) -> Change:
    """Replaces bytes of a multipart body."""
    return lambda request: replace(request, content=request.content.replace(old, new))


def multipart(*chunks: str) -> Change:
    """A multipart body of our own."""
    text = "".join(f"--b\r\n{chunk}\r\n" for chunk in chunks) + "--b--\r\n"
    return with_content("multipart/form-data; boundary=b", text.encode())


KAFKA = {"type": "Kafka", "nonsense": 1}
SHORT = b'--b\r\nContent-Disposition: form-data; name="type_code"\r\n\r\nx'
FILE = 'Content-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\nx'
EXTRA = 'Content-Disposition: form-data; name="typ"\r\n\r\nx'
TYPE_CODE = 'Content-Disposition: form-data; name="type_code"\r\n\r\nnon_converted_model'

CASES = [
    # Route
    Case("unknown path", "aitrios", "GetDevices", path("/devices", "/gadgets"), "path", "unknown-path"),
    Case("empty segment", "aitrios", "GetDevice", path("/devices", "//devices"), "path", "unknown-path"),
    Case("trailing slash", "aitrios", "GetModelBundles", path("bundles", "bundles/"), "path", "unknown-path"),
    Case("wrong method", "aitrios", "GetDevices", method("PUT"), "method", "unknown-method"),
    Case("made-up method", "viziosense", "list_devices", method("BREW"), "method", "unknown-method"),
    Case("dots", "viziosense", "get_device", path("/devices/", "/devices/../devices/"), "path", "dot-segment", DOTS),
    Case("encoded dots", "viziosense", "get_device", path("/devices/5f1c", "/devices/%2E%2e/5f1c"), "path", "dot-segment"),
    Case("one dot", "viziosense", "list_devices", path("/devices", "/./devices"), "path", "dot-segment", DOTS),
    # Path values
    Case("no uuid", "amnimo", "get_hierarchy", path("3d07c219", "3d07"), "path.accountId", "format"),
    Case("bad percent", "viziosense", "get_device", path("5f1c", "%zz"), "path.device_uuid", "encoding", LENIENT_PARSING),
    Case("not utf-8", "viziosense", "get_device", path("5f1c", "%ff"), "path.device_uuid", "encoding", LENIENT_PARSING),
    # Query
    Case("no integer", "aitrios", "GetDevices", query("limit=ten"), "query.limit", "type"),
    Case("fraction", "aitrios", "GetDevices", query("limit=1.5"), "query.limit", "type"),
    Case("foreign digits", "aitrios", "GetDevices", query("limit=%D9%A3"), "query.limit", "type", LENIENT_PARSING),
    Case("5000 digits", "aitrios", "GetDevices", query("limit=" + "9" * 5000), "query.limit", "type"),
    Case("too small", "aitrios", "GetDevices", query("limit=0"), "query.limit", "minimum"),
    Case("too large", "aitrios", "GetDevices", query("limit=1001"), "query.limit", "maximum"),
    Case("empty", "aitrios", "GetDevices", query("limit="), "query.limit", "type"),
    Case("no boolean", "amnimo", "list_cameras", query("isUrl=1"), "query.isUrl", "type", LENIENT_PARSING),
    Case("capital boolean", "amnimo", "list_cameras", query("isUrl=True"), "query.isUrl", "type", LENIENT_PARSING),
    Case("enum", "aitrios", "GetDevices", query("scope=half"), "query.scope", "enum"),
    Case("enum in a joined list", "scailable", "list_functions", query("OrderBy=Name,Size"), "query.OrderBy/1", "enum"),
    Case("list too long", "amnimo", "list_cameras", query("&".join(["cameraId=497f6eca-6276-4993-bfeb-53cbbbba6f08"] * 11)), "query.cameraId", "maxItems"),
    Case("item format", "amnimo", "list_cameras", query("cameraId=497f6eca-6276-4993-bfeb-53cbbbba6f08&cameraId=x"), "query.cameraId/1", "format"),
    Case("too long", "aitrios", "CreateDeviceGroup", query("device_group_id=" + "x" * 101), "query.device_group_id", "maxLength"),
    Case("missing", "amnimo", "get_recording_history", query("startTime=2025-02-02T15:00:00.000Z"), "query.endTime", "required"),
    Case("no time", "amnimo", "list_thumbnails", query("startTime=yesterday"), "query.startTime", "format"),
    Case("undocumented", "aitrios", "GetDevices", query("Limit=5"), "query.Limit", "undocumented", UNKNOWN_QUERY),
    Case("twice", "aitrios", "GetDevices", query("limit=5&limit=6"), "query.limit", "repeated", LENIENT_PARSING),
    Case("query not utf-8", "aitrios", "GetDevices", query("device_name=%ff"), "query.device_name", "encoding", LENIENT_PARSING),
    # Credentials
    Case("no token", "aitrios", "GetDevices", header("Authorization", None), "header.authorization", "credentials-missing"),
    Case("empty token", "aitrios", "GetDevices", header("Authorization", ""), "header.authorization", "credentials-missing"),
    Case("bare word", "aitrios", "GetDevices", header("Authorization", "Bearer"), "header.authorization", "credentials-malformed"),
    Case("bare token", "aitrios", "GetDevices", header("Authorization", "demo"), "header.authorization", "credentials-malformed"),
    Case("basic for bearer", "amnimo", "list_cameras", header("Authorization", "Basic ZGVtbzpkZW1v"), "header.authorization", "credentials-malformed"),
    Case("bearer for basic", "amnimo", "issue_token", header("Authorization", "Bearer demo"), "header.authorization", "credentials-malformed"),
    Case("no base64", "amnimo", "issue_token", header("Authorization", "Basic demo:demo"), "header.authorization", "credentials-malformed", HEADER_FORM),
    Case("base64 without colon", "amnimo", "issue_token", header("Authorization", "Basic ZGVtbw=="), "header.authorization", "credentials-malformed", HEADER_FORM),
    Case("bearer for a raw key", "proglove", "list_gateways", header("Authorization", "Bearer demo"), "header.authorization", "credentials-malformed", HEADER_FORM),
    Case("no key", "proglove", "list_gateways", header("Authorization", None), "header.authorization", "credentials-missing"),
    # JSON bodies
    Case("no body", "aitrios", "EnrollDevice", content(b""), "body", "required"),
    Case("needless body", "aitrios", "GetDevices", with_content("application/json", b"{}"), "body", "undocumented", NO_BODY),
    Case("wrong content type", "aitrios", "EnrollDevice", header("Content-Type", "text/plain"), "header.content-type", "content-type"),
    Case("no content type", "aitrios", "EnrollDevice", header("Content-Type", None), "header.content-type", "content-type"),
    Case("charset", "aitrios", "EnrollDevice", header("Content-Type", "application/json; charset=utf-16"), "header.content-type", "content-type", LENIENT_PARSING),
    Case("no json", "aitrios", "EnrollDevice", content(b'{"device_name": '), "body", "json"),
    Case("json not utf-8", "aitrios", "EnrollDevice", content(b'{"device_name": "\xff"}'), "body", "json"),
    Case("nan", "viziosense", "add_webhook", content(b'{"status": NaN}'), "body", "json"),
    Case("list for an object", "aitrios", "EnrollDevice", content(b"[]"), "body", "type"),
    Case("missing field", "aitrios", "EnrollDevice", fields(primary_certificate=...), "body/primary_certificate", "required"),
    Case("null", "aitrios", "EnrollDevice", fields(device_name=None), "body/device_name", "type"),
    Case("wrong type", "viziosense", "add_webhook", fields(status="on"), "body/status", "type"),
    Case("boolean for integer", "viziosense", "add_webhook", fields(status=True), "body/status", "type"),
    Case("body enum", "viziosense", "add_webhook", fields(webhook_type="carrier pigeon"), "body/webhook_type", "enum"),
    Case("body range", "amnimo", "search_media", fields(pageSize=1001), "body/pageSize", "maximum"),
    Case("undocumented field", "aitrios", "EnrollDevice", fields(devicename="x"), "body/devicename", "undocumented", OPEN_OBJECTS),
    Case("undocumented inside", "viziosense", "add_webhook", fields(data={"headers": [{"name": "a", "value": "b", "x/y": 1}]}), "body/data/headers/0/x~1y", "undocumented", OPEN_OBJECTS),
    Case("wrong type inside", "viziosense", "add_webhook", fields(data={"headers": [{"name": 1}]}), "body/data/headers/0/name", "type"),
    Case("unknown variant", "aitrios", "UpdateStorageConnector", fields(type="floppy"), "body/type", "const"),
    Case("variant's field", "aitrios", "UpdateIRHubConnector", content(json.dumps(KAFKA).encode()), "body/bootstrap_servers", "required"),
    Case("variant's other field", "aitrios", "UpdateIRHubConnector", content(json.dumps(KAFKA).encode()), "body/nonsense", "undocumented"),
    Case("undocumented in a variant", "aitrios", "UpdateStorageConnector", fields(nonsense=1), "body/nonsense", "undocumented", OPEN_OBJECTS),
    # Forms
    Case("form enum", "amnimo", "issue_token", content(b"grant_type=password"), "body/grant_type", "enum"),
    Case("form empty", "amnimo", "issue_token", content(b""), "body", "required"),
    Case("form undocumented", "amnimo", "issue_token", content(b"grant_type=client_credentials&scope=all"), "body/scope", "undocumented", OPEN_OBJECTS),
    Case("form twice", "amnimo", "issue_token", content(b"grant_type=client_credentials&grant_type=x"), "body/grant_type", "repeated", LENIENT_PARSING),
    Case("form as json", "amnimo", "issue_token", with_content("application/json", b"{}"), "header.content-type", "content-type"),
    # Multipart
    Case("missing file", "aitrios", "UploadFile", multipart(TYPE_CODE), "body/file", "required"),
    Case("file as field", "aitrios", "UploadFile", parts(b'; filename="example.bin"', b""), "body/file", "multipart", LENIENT_PARSING),
    Case("undocumented part", "aitrios", "UploadFile", multipart(TYPE_CODE, FILE, EXTRA), "body/typ", "undocumented", OPEN_OBJECTS),
    Case("no boundary", "aitrios", "UploadFile", header("Content-Type", "multipart/form-data"), "body", "multipart", CRASHES),
    Case("other boundary", "aitrios", "UploadFile", header("Content-Type", "multipart/form-data; boundary=zz"), "body", "multipart", CRASHES),
    Case("cut short", "aitrios", "UploadFile", with_content("multipart/form-data; boundary=b", SHORT), "body", "multipart"),
    Case("part without name", "aitrios", "UploadFile", multipart("Content-Type: text/plain\r\n\r\nx"), "body", "multipart", CRASHES),
    Case("json part broken", "scailable", "create_function", parts(b'{"Alias"', b'{"Alias'), "body/data", "json"),
    Case("json part type", "scailable", "create_function", parts(b"application/json", b"text/plain"), "body/data", "content-type", LENIENT_PARSING),
    Case("json part field", "scailable", "create_function", parts(b'"Name"', b'"Title"'), "body/data/Name", "required"),
    Case("json as multipart", "scailable", "create_function", with_content("application/json", b"{}"), "header.content-type", "content-type"),
]  # fmt: skip


def check(vendor: str, request: ExampleRequest) -> RequestCheck:
    """Our own check."""
    return check_request(
        vendor, request.method, request.url, headers=request.headers, content=request.content
    )


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_problem_is_found_at_its_place(case: Case) -> None:
    request = case.change(example_request(load_spec(case.vendor), case.operation))
    found = check(case.vendor, request)
    assert (case.location, case.rule) in [(p.location, p.rule) for p in found.problems]
    assert not found.ok
    with pytest.raises(ContractError, match=case.vendor):
        found.raise_for_problems()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_openapi_core_agrees_or_the_difference_is_listed(
    case: Case, oracle: Callable[[str, ExampleRequest], list[Exception]]
) -> None:
    request = case.change(example_request(load_spec(case.vendor), case.operation))
    if case.differs is CRASHES:
        with pytest.raises(AssertionError):
            oracle(case.vendor, request)
        return
    refused = bool(oracle(case.vendor, request))
    assert refused == (case.differs is None), case.differs


def test_error_says_who_what_where_and_what_to_do() -> None:
    found = check_request(
        "aitrios", "GET", "/devices?limit=0", headers={"Authorization": "Bearer x"}
    )
    with pytest.raises(ContractError) as caught:
        found.raise_for_problems()
    text = str(caught.value)
    assert "aitrios, GetDevices" in text
    assert "query.limit: *** is less than the minimum of 1 (minimum)" in text
    assert "specs/aitrios/openapi.yaml" in text
    assert caught.value.operation_id == "GetDevices"


def test_closest_variant_is_named() -> None:
    body = json.dumps(KAFKA).encode()
    request = content(body)(example_request(load_spec("aitrios"), "UpdateIRHubConnector"))
    messages = [str(problem) for problem in check("aitrios", request).problems]
    assert "body/bootstrap_servers: is required (taken for Kafka)" in messages


SECRET = "hunter2-correct-horse"


@pytest.mark.parametrize(
    "request_",
    [
        ExampleRequest("POST", "/login", {"Content-Type": "application/json"}, f'{{"email": 1, "password": ["{SECRET}"]}}'.encode()),
        ExampleRequest("POST", "/login", {"Content-Type": "application/json"}, f'{{"password": "{SECRET}'.encode()),
        ExampleRequest("GET", f"/devices?page={SECRET}", {"Authorization": SECRET}, b""),
        ExampleRequest("GET", f"/nothing/{SECRET}", {"Authorization": f"Bearer {SECRET}"}, b""),
        ExampleRequest("GET", f"/devices?is_online=%zz{SECRET}", {"Authorization": f"Basic {SECRET}"}, b""),
    ],
)  # fmt: skip
def test_messages_hold_no_values(request_: ExampleRequest) -> None:
    found = check("viziosense", request_)
    assert not found.ok
    assert SECRET not in repr(found)
