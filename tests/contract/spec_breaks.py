"""Breaks of the specification: a newer one says what a client made from the older one does not do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .seeding import Break, Json, operation_in, parameter_in

A, M, P, S, V = "aitrios", "amnimo", "proglove", "scailable", "viziosense"


def more(document: Json, operation_id: str, **parameter: Any) -> None:
    """One parameter more."""
    _, _, operation = operation_in(document, operation_id)
    added = {"schema": {"type": "string"}, "example": "north", **parameter}
    added["in"] = added.pop("place")
    operation.setdefault("parameters", []).append(added)


def several(*changes: Callable[[Json], None]) -> Callable[[Json], None]:
    """One change after the other."""

    def change(document: Json) -> None:
        for each in changes:
            each(document)

    return change


def parameter(document: Json, operation_id: str, wire: str, /, **changes: Any) -> None:
    """Changes of a parameter object."""
    parameter_in(document, operation_id, wire).update(changes)


def schema_of(document: Json, operation_id: str, name: str, **changes: Any) -> None:
    """Changes of a parameter's schema; None takes a keyword out."""
    schema = parameter_in(document, operation_id, name)["schema"]
    for key, value in changes.items():
        schema[key] = value
        if value is None:
            del schema[key]


def component(document: Json, name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


def field(document: Json, name: str, key: str, **changes: Any) -> None:
    """Changes of a property of a component."""
    component(document, name)["properties"].setdefault(key, {}).update(changes)


def required(document: Json, name: str, *keys: str) -> None:
    component(document, name).setdefault("required", []).extend(keys)


def without(document: Json, name: str, key: str) -> None:
    """A property less; examples that have it lose it as well."""
    schema = component(document, name)
    del schema["properties"][key]
    schema["required"] = [each for each in schema.get("required", []) if each != key]
    _without_key(document["paths"], key)


def _without_key(node: Any, key: str) -> None:
    if isinstance(node, dict):
        for example in _examples(node):
            example.pop(key, None)
        for value in node.values():
            _without_key(value, key)
    elif isinstance(node, list):
        for value in node:
            _without_key(value, key)


def _examples(node: dict[str, Any]) -> list[dict[str, Any]]:
    found = [node.get("example"), *(e.get("value") for e in _named(node))]
    return [each for each in found if isinstance(each, dict)]


def _named(node: dict[str, Any]) -> list[dict[str, Any]]:
    examples = node.get("examples")
    return (
        [e for e in examples.values() if isinstance(e, dict)] if isinstance(examples, dict) else []
    )


def in_bodies(document: Json, operation_id: str, **values: Any) -> None:
    """Values into the examples of a request body."""
    media = next(iter(operation_in(document, operation_id)[2]["requestBody"]["content"].values()))
    for example in _examples(media):
        example.update(values)


def moved(document: Json, operation_id: str, path: str) -> None:
    for old, item in list(document["paths"].items()):
        if any(isinstance(o, dict) and o.get("operationId") == operation_id for o in item.values()):
            document["paths"][path] = document["paths"].pop(old)


def method(document: Json, operation_id: str, new: str) -> None:
    item, old, operation = operation_in(document, operation_id)
    del item[old]
    item[new] = operation


def content_type(document: Json, operation_id: str, new: str) -> None:
    request = operation_in(document, operation_id)[2]["requestBody"]
    [(_, media)] = request["content"].items()
    request["content"] = {new: media}


def security(document: Json, operation_id: str, **scheme: Any) -> None:
    """Another security scheme for one operation."""
    scheme["in"] = scheme.pop("place", None)
    document["components"]["securitySchemes"]["other"] = {k: v for k, v in scheme.items() if v}
    operation_in(document, operation_id)[2]["security"] = [{"other": []}]


def added(document: Json, path: str, operation_id: str) -> None:
    reply = {"200": {"description": "It.", "content": {"application/json": {
        "schema": {"type": "object"}, "example": {}}}}}  # fmt: skip
    document["paths"][path] = {
        "get": {"operationId": operation_id, "security": [], "responses": reply}
    }


def reply_field(
    document: Json, name: str, key: str, example_for: str, value: Any, **changes: Any
) -> None:
    """A property of a reply changes its type, in schema and examples."""
    properties = component(document, name)["properties"]
    properties[key] = {"description": "Changed.", **changes}
    media = operation_in(document, example_for)[2]["responses"]["200"]["content"][
        "application/json"
    ]
    for example in _examples(media):
        example[key] = value


SPEC_BREAKS = [
    # Parameters
    Break("new required query parameter", A, "GetDevices", "region has to be sent", "request", "query.region",
          spec=lambda d: more(d, "GetDevices", name="region", place="query", required=True)),
    Break("new required header", P, "list_users", "X-Tenant has to be sent", "request", "header.x-tenant",
          spec=lambda d: more(d, "list_users", name="X-Tenant", place="header", required=True)),
    Break("optional parameter became required", P, "list_events", "start_time_millis has to be sent", "request",
          "query.start_time_millis",
          spec=lambda d: parameter(d, "list_events", "start_time_millis", required=True, example=1)),
    Break("parameter renamed", A, "GetDevices", "device_name is called name now", "request", "query.device_name",
          spec=lambda d: parameter(d, "GetDevices", "device_name", name="name")),
    Break("parameter renamed, capitals", S, "list_functions", "Offset is called offset now", "request", "query.Offset",
          spec=lambda d: parameter(d, "list_functions", "Offset", name="offset")),
    Break("parameter removed", M, "list_thumbnails", "limit is gone", "request", "query.limit",
          spec=lambda d: operation_in(d, "list_thumbnails")[2].update(parameters=[
              p for p in operation_in(d, "list_thumbnails")[2]["parameters"]
              if p.get("name") != "limit" and not p.get("$ref", "").endswith("Limit")])),
    Break("parameter moved to header", P, "list_gateways", "limit travels in a header", "request", "query.limit",
          spec=lambda d: parameter(d, "list_gateways", "limit", **{"in": "header"})),
    Break("enumeration narrowed", A, "GetDevices", "scope is full only", "request", "query.scope",
          spec=lambda d: schema_of(d, "GetDevices", "scope", enum=["full"])),
    Break("enumeration widened", A, "GetDevices", "scope may be tiny, which the client refuses", "request",
          "arguments.scope", spec=lambda d: schema_of(d, "GetDevices", "scope", enum=["full", "minimal", "tiny"])),
    Break("type changed", A, "GetDevices", "limit is a word now", "request", "arguments.limit",
          spec=lambda d: schema_of(d, "GetDevices", "limit", type="string", enum=["few", "many"], minimum=None,
                                   maximum=None)),
    Break("text became number", V, "get_device", "device_uuid is a number now", "request", "path.device_uuid",
          spec=lambda d: parameter(d, "get_device", "device_uuid", schema={"type": "integer"}, example=5)),
    Break("bound lowered", A, "GetDevices", "limit is at most 100", "request", "query.limit",
          spec=lambda d: schema_of(d, "GetDevices", "limit", maximum=100)),
    Break("bound raised", A, "GetDevices", "limit may be 5000, which the client refuses", "request", "arguments.limit",
          spec=lambda d: schema_of(d, "GetDevices", "limit", maximum=5000)),
    Break("shorter lists", M, "list_cameras", "three camera ids at most", "request", "query.cameraId",
          spec=lambda d: schema_of(d, "list_cameras", "cameraId", maxItems=3)),
    Break("pattern", M, "update_media", "mediaId is a UUID", "request", "path.mediaId",
          spec=lambda d: schema_of(d, "update_media", "mediaId", format="uuid")),
    Break("lists joined by commas", M, "list_cameras", "cameraId travels joined by commas", "request", "query.cameraId",
          spec=lambda d: parameter(d, "list_cameras", "cameraId", explode=False)),
    Break("lists repeat the name", A, "GetDevices", "device_ids travels repeated", "request", "query.device_ids",
          spec=lambda d: parameter(d, "GetDevices", "device_ids", style="form", explode=True)),
    # Bodies
    Break("new required field", P, "create_user", "users need a phone", "request", "body/phone",
          spec=several(lambda d: field(d, "CreateUserRequest", "phone", type="string", description="Phone."),
                       lambda d: required(d, "CreateUserRequest", "phone"),
                       lambda d: in_bodies(d, "create_user", phone="1"))),
    Break("field became required", A, "CreateDeployConfiguration", "description has to be sent", "request",
          "body/description", spec=lambda d: required(d, "CreateDeployConfigurationRequest", "description")),
    Break("field removed", A, "UpdateDevice", "device_name is gone", "request", "body/device_name",
          spec=lambda d: without(d, "UpdateDeviceRequest", "device_name")),
    Break("field changed its type", P, "create_user", "email is a list", "request", "body/email",
          spec=several(lambda d: field(d, "CreateUserRequest", "email", type="array", items={"type": "string"}),
                       lambda d: in_bodies(d, "create_user", email=["a@example.com"]))),
    Break("field's enumeration narrowed", P, "create_user", "nobody becomes an admin", "request", "body/role",
          spec=lambda d: field(d, "CreateUserRequest", "role", enum=["USER_ROLE"])),
    Break("field is shorter", A, "CreateDeployConfiguration", "descriptions of 10 characters", "request",
          "body/description", spec=lambda d: field(d, "CreateDeployConfigurationRequest", "description", maxLength=10)),
    Break("body as form", V, "login", "login is a form", "request", "header.content-type",
          spec=lambda d: content_type(d, "login", "application/x-www-form-urlencoded")),
    Break("upload as JSON", S, "create_function", "models are uploaded as JSON", "request", "header.content-type",
          spec=lambda d: content_type(d, "create_function", "application/json")),
    Break("body gone", M, "update_media", "takes no body", "request", "body",
          spec=lambda d: operation_in(d, "update_media")[2].pop("requestBody")),
    Break("part renamed", S, "update_function", "file is called model now", "request", "body/file",
          spec=several(lambda d: field(d, "UpdateFunctionRequest", "model", type="string", format="binary"),
                       lambda d: without(d, "UpdateFunctionRequest", "file"))),
    # Routes, servers, credentials
    Break("path moved", V, "list_devices", "/devices is /v2/devices", "request", "path",
          spec=lambda d: moved(d, "list_devices", "/v2/devices")),
    Break("path in singular", S, "list_catalogues", "/catalogues is /catalogs", "request", "path",
          spec=lambda d: moved(d, "list_catalogues", "/catalogs")),
    Break("method changed", A, "UpdateDevice", "PATCH is PUT now", "request", "method",
          spec=lambda d: method(d, "UpdateDevice", "put")),
    Break("server moved", A, "GetDevices", "/api/v2 is /api/v3", "request", "url",
          spec=lambda d: d["servers"][0].update(url="{server}/api/v3")),
    Break("other host", V, "list_devices", "another host", "request", "url",
          spec=lambda d: d["servers"].__setitem__(0, {"url": "https://api.vizio.example/api/v1"})),
    Break("key instead of token", V, "list_devices", "an X-API-Key is asked for", "request", "header.x-api-key",
          spec=lambda d: security(d, "list_devices", type="apiKey", place="header", name="X-API-Key")),
    Break("Basic instead of Bearer", M, "list_cameras", "Basic credentials are asked for", "request",
          "header.authorization", spec=lambda d: security(d, "list_cameras", type="http", scheme="basic")),
    Break("raw token becomes Bearer", P, "list_users", "Bearer is asked for", "request", "header.authorization",
          spec=lambda d: security(d, "list_users", type="http", scheme="bearer")),
    Break("credentials where none were needed", S, "get_status", "a token is asked for", "request",
          "header.authorization",
          spec=lambda d: operation_in(d, "get_status")[2].update(security=[{"bearer_auth": []}])),
    Break("new operation", P, "list_sites", "there is an operation more", "coverage", "operation",
          spec=lambda d: added(d, "/{customer_id}/sites", "list_sites")),
    # Replies
    Break("reply's field is text now", A, "GetDevice", "inactivity_timeout is text", "decoding",
          "body/inactivity_timeout",
          spec=lambda d: reply_field(d, "Device", "inactivity_timeout", "GetDevice", "PT5M", type="string")),
    Break("reply's list is an object now", P, "get_user", "roles are an object", "decoding", "body/roles",
          spec=lambda d: reply_field(d, "User", "roles", "get_user", {"ADMIN": True}, type="object",
                                     additionalProperties=True)),
]  # fmt: skip

SPEC_NOTES = [
    Break("new optional parameter", A, "GetDevice", "a parameter more", "not-offered", "query.fields",
          spec=lambda d: more(d, "GetDevice", name="fields", place="query")),
    Break("new optional field", P, "create_user", "users may have a phone", "not-offered", "body/phone",
          spec=several(lambda d: field(d, "CreateUserRequest", "phone", type="string", description="Phone."),
                       lambda d: in_bodies(d, "create_user", phone="1"))),
    Break("new status", V, "login", "teapots are documented", None, "",
          spec=lambda d: operation_in(d, "login")[2]["responses"].update({"418": {"description": "No coffee."}})),
    Break("other words", S, "delete_function", "the description is another", None, "",
          spec=lambda d: operation_in(d, "delete_function")[2].update(description="Other words.")),
]  # fmt: skip
