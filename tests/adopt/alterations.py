"""Changes of a vendor's file, each with what the worklist must say of it: kind, operations, words of the line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
Schema = dict[str, Any]


@dataclass(frozen=True)
class Alteration:
    """One change of the 3.0 form of a specification.

    `expected` has one entry for each line of the worklist: its kind, how many operations it concerns, and words that
    its text must contain.
    """

    vendor: str
    name: str
    change: Callable[[Document], None]
    expected: tuple[tuple[str, int, str], ...]


ALTERATIONS: list[Alteration] = []


def alteration(
    vendor: str, *expected: tuple[str, int, str]
) -> Callable[[Callable[[Document], None]], Callable[[Document], None]]:
    """Note a function as an alteration of a vendor's file."""

    def note(change: Callable[[Document], None]) -> Callable[[Document], None]:
        name = change.__name__.strip("_").replace("_", " ")
        ALTERATIONS.append(Alteration(vendor, name, change, expected))
        return change

    return note


def schema(document: Document, name: str) -> Schema:
    """Return a schema component."""
    found: Schema = document["components"]["schemas"][name]
    return found


def operation(document: Document, method: str, path: str) -> Document:
    """Return an operation."""
    found: Document = document["paths"][path][method]
    return found


def parameter(document: Document, method: str, path: str, name: str) -> Document:
    """Return a parameter that stands in the operation itself."""
    listed = operation(document, method, path)["parameters"]
    return next(entry for entry in listed if entry.get("name") == name)


# VizioSense: methods, paths and hosts


@alteration("viziosense", ("wrong", 1, "theirs is PATCH /devices/{device_uuid}"))
def _other_method(document: Document) -> None:
    item = document["paths"]["/devices/{device_uuid}"]
    item["patch"] = item.pop("put")


@alteration("viziosense", ("wrong", 1, "theirs is POST /devices/{device_uuid}/snapshots"))
def _other_path_found_by_operation_id(document: Document) -> None:
    paths = document["paths"]
    paths["/devices/{device_uuid}/snapshots"] = paths.pop("/devices/{device_uuid}/request-image")


@alteration("viziosense", ("we lack", 1, "only theirs has it"))
def _new_operation(document: Document) -> None:
    document["paths"]["/groups"] = {
        "get": {"operationId": "listGroups", "responses": {"200": {"description": "Groups"}}}
    }


@alteration("viziosense", ("they lack", 1, "query parameter `page`"))
def _parameter_gone(document: Document) -> None:
    listed = operation(document, "get", "/devices")["parameters"]
    listed[:] = [entry for entry in listed if entry.get("name") != "page"]


@alteration(
    "viziosense",
    ("wrong", 3, "`is_online` of Device: we expect an integer, they send true or false"),
)
def _field_of_a_shared_component_retyped(document: Document) -> None:
    schema(document, "Device")["properties"]["is_online"]["type"] = "boolean"


@alteration("viziosense", ("wrong", 3, 'they have "alert", we do not'))
def _enum_value_more(document: Document) -> None:
    schema(document, "WebhookType")["enum"].append("alert")


@alteration("viziosense", ("wrong", 7, "they want apiKey header x-api-key"))
def _other_credentials(document: Document) -> None:
    document["components"]["securitySchemes"]["bearer_auth"] = {
        "type": "apiKey", "in": "header", "name": "X-Api-Key",
    }  # fmt: skip


@alteration("viziosense", ("we lack", 0, "they name the host `eu.viziosense.com`"))
def _another_host(document: Document) -> None:
    document["servers"].append({"url": "https://eu.viziosense.com/api/v1"})


@alteration("viziosense", ("we lack", 1, "reply 404"))
def _new_status(document: Document) -> None:
    operation(document, "get", "/devices/{device_uuid}")["responses"]["404"] = {"description": "No"}


# amnimo: parameters and bodies


@alteration("amnimo", ("wrong", 1, "query parameter `limit`: we send an integer, they want text"))
def _parameter_retyped(document: Document) -> None:
    path = "/partitions/{subscriptionId}/cameras/{cameraId}/thumbnails"
    parameter(document, "get", path, "limit")["schema"] = {"type": "string"}


@alteration("amnimo", ("wrong", 1, "query parameter `startTime`: they require it"))
def _parameter_required(document: Document) -> None:
    path = "/partitions/{subscriptionId}/cameras/{cameraId}/thumbnails"
    parameter(document, "get", path, "startTime")["required"] = True


@alteration("amnimo", ("wrong", 1, "we spell it `endTime`, they spell it `EndTime`"))
def _parameter_spelled_otherwise(document: Document) -> None:
    path = "/partitions/{subscriptionId}/cameras/{cameraId}/history"
    parameter(document, "get", path, "endTime")["name"] = "EndTime"


@alteration("amnimo", ("wrong", 1, "maximum: we say 3600, they say 60"))
def _bound_changed(document: Document) -> None:
    path = "/partitions/{subscriptionId}/cameras/{cameraId}/streams/hls/start"
    parameter(document, "get", path, "keepAlivePeriod")["schema"]["maximum"] = 60


@alteration("amnimo", ("wrong", 1, "default: we say 20, they say 5"))
def _default_changed(document: Document) -> None:
    path = "/partitions/{subscriptionId}/cameras/{cameraId}/streams/hls/start"
    parameter(document, "get", path, "retry")["schema"]["default"] = 5


@alteration("amnimo", ("wrong", 1, "explode: we say true, they say false"))
def _list_written_otherwise(document: Document) -> None:
    path = "/partitions/{subscriptionId}/cameras"
    parameter(document, "get", path, "cameraId")["explode"] = False


@alteration("amnimo", ("wrong", 1, "theirs is application/json"))
def _content_type_of_a_body(document: Document) -> None:
    content = operation(document, "post", "/oauth2/token")["requestBody"]["content"]
    content["application/json"] = content.pop("application/x-www-form-urlencoded")


@alteration("amnimo", ("they do not say", 1, "query parameter `size`: we say maximum 500"))
def _bound_not_said(document: Document) -> None:
    path = "/partitions/{subscriptionId}/cameras"
    del parameter(document, "get", path, "size")["schema"]["maximum"]


@alteration("amnimo", ("they lack", 1, "the operation: only ours has it"))
def _operation_gone(document: Document) -> None:
    del document["paths"]["/partitions/{subscriptionId}/medias/{mediaId}"]["delete"]


@alteration("amnimo", ("we lack", 1, "`owner` of Tenant: theirs has it (text)"))
def _field_more_in_a_recursive_value(document: Document) -> None:
    schema(document, "Tenant")["properties"]["owner"] = {"type": "string"}


# ProGlove


@alteration("proglove", ("wrong", 1, "we send it in query, they want it in header"))
def _parameter_elsewhere(document: Document) -> None:
    parameter(document, "get", "/{customer_id}/events", "gateway_id")["in"] = "header"


@alteration("proglove", ("we lack", 1, "query parameter `since`: theirs has it (text)"))
def _new_parameter(document: Document) -> None:
    operation(document, "get", "/{customer_id}/features")["parameters"].append(
        {"name": "since", "in": "query", "schema": {"type": "string"}}
    )


@alteration("proglove", ("we lack", 1, "they call it deprecated"))
def _deprecated(document: Document) -> None:
    operation(document, "get", "/{customer_id}/features")["deprecated"] = True


@alteration(
    "proglove", ("they lack", 1, "`additional_properties` of Feature: theirs does not have it")
)
def _field_gone(document: Document) -> None:
    del schema(document, "Feature")["properties"]["additional_properties"]
    if "additional_properties" in schema(document, "Feature").get("required", []):
        schema(document, "Feature")["required"].remove("additional_properties")


@alteration(
    "proglove", ("wrong", 1, "`scan_duration` of Event: we expect a number, they send text")
)
def _number_is_text(document: Document) -> None:
    schema(document, "Event")["properties"]["scan_duration"]["type"] = "string"


@alteration("proglove", ("we lack", 1, "header `x-total` of reply 200"))
def _new_header(document: Document) -> None:
    reply = operation(document, "get", "/{customer_id}/devices")["responses"]["200"]
    reply["headers"] = {"X-Total": {"schema": {"type": "integer"}}}


@alteration(
    "proglove", ("wrong", 1, "credentials: we send apiKey header authorization, they want none")
)
def _no_credentials(document: Document) -> None:
    operation(document, "get", "/{customer_id}/me")["security"] = []


@alteration("proglove", ("wrong", 1, "`jobs` of GatewayJobs: we expect a list, they send text"))
def _list_is_text(document: Document) -> None:
    field = schema(document, "GatewayJobs")["properties"]["jobs"]
    field.pop("items")
    field["type"] = "string"


# Scailable


@alteration("scailable", ("wrong", 1, "`Connected` of ServiceStatus: they may send null"))
def _field_may_be_null(document: Document) -> None:
    schema(document, "ServiceStatus")["properties"]["Connected"]["nullable"] = True


@alteration("scailable", ("we lack", 1, "`Total` of FunctionStatistics: they always send it"))
def _field_always_sent(document: Document) -> None:
    schema(document, "FunctionStatistics").setdefault("required", []).append("Total")


@alteration("scailable", ("we lack", 1, "the body: theirs has it"))
def _new_body(document: Document) -> None:
    document["paths"]["/functions"]["get"]["requestBody"] = {
        "content": {"application/json": {"schema": {"type": "object"}}}
    }


@alteration(
    "scailable",
    (
        "wrong",
        1,
        "`MaxUploadSize` of Configuration: we spell it `MaxUploadSize`, they spell it `maxUploadSize`",
    ),
)
def _field_spelled_otherwise(document: Document) -> None:
    fields = schema(document, "Configuration")["properties"]
    fields["maxUploadSize"] = fields.pop("MaxUploadSize")


@alteration("scailable", ("we lack", 1, "they say pattern"))
def _new_pattern(document: Document) -> None:
    schema(document, "CreateCatalogueRequest")["properties"]["Name"]["pattern"] = ".+@.+"


# AITRIOS


@alteration("aitrios", ("wrong", 1, "they require it, we let it be left out"))
def _body_field_required(document: Document) -> None:
    schema(document, "UpdateProjectTagRequest")["required"].append("description")


@alteration("aitrios", ("we lack", 5, 'they say format "date-time"'))
def _new_format(document: Document) -> None:
    schema(document, "ModelVersionDetail")["properties"]["convert_start_date"]["format"] = (
        "date-time"
    )


@alteration("aitrios", ("they lack", 1, "`<type=Kafka>`"))
def _variant_gone(document: Document) -> None:
    members = schema(document, "IRHubSettings")["oneOf"]
    members[:] = [entry for entry in members if not entry["$ref"].endswith("/KafkaSettings")]


@alteration("aitrios", ("wrong", 1, "`type` of AWSS3Settings: values"))
def _constant_of_a_variant_changed(document: Document) -> None:
    schema(document, "AWSS3Settings")["properties"]["type"]["enum"] = ["S3"]


@alteration("aitrios", ("they do not say", 2, "they do not describe its 6 fields"))
def _object_left_open(document: Document) -> None:
    del schema(document, "ProjectTraining")["properties"]
