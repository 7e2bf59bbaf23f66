"""Where a spec deliberately says something else than a source.

Each is counted as a miss all the same, and `test_facts` fails when one is listed that no longer
occurs.
"""

from __future__ import annotations

_CONST = "the variants of a union are told apart by a const, which is required (rule 8)"
_OFFSET = "its own example, which has no offset, is no date-time"
_ABSENT = "an error of the operation is about its absence"
_CUSTOMER = "an object here, a number there, else a string: a string everywhere"
_LIMIT = "a string here, a number for list_events; its default of 500 is a number"

_INPUT = "response input_image<allOf:GetDestinationOfStorageConnectorInputJsonBody>"
_RESULT = "response inference_result<allOf:GetDestinationOfStorageConnectorInferenceJsonBody>"
_UPDATE = "request <allOf:CloudTypeConnectorJsonBody>"
_GROUP = "response devices[].device_groups[].description"

#: The reason by vendor, operation and subject of the fact.
DIFFERENCES = {
    ("aitrios", "SaveModel", "initial_version_number"): 'default "1", a text, of an integer',
    ("aitrios", "GetInferences", "from_datetime"): _OFFSET,
    ("aitrios", "GetInferences", "to_datetime"): _OFFSET,
    ("aitrios", "GetDevices", _GROUP): "GetDevice has the same group, and does not require it",
    ("aitrios", "GetStorageConnector", f"{_INPUT}<oneOf:StorageInputDefault>.type"): _CONST,
    ("aitrios", "GetStorageConnector", f"{_INPUT}<oneOf:StorageAzure>.type"): _CONST,
    ("aitrios", "GetStorageConnector", f"{_INPUT}<oneOf:StorageAWS>.type"): _CONST,
    ("aitrios", "GetStorageConnector", f"{_RESULT}<oneOf:StorageInferenceDefault>.type"): _CONST,
    ("aitrios", "GetStorageConnector", f"{_RESULT}<oneOf:StorageAzure>.type"): _CONST,
    ("aitrios", "GetStorageConnector", f"{_RESULT}<oneOf:StorageAWS>.type"): _CONST,
    ("aitrios", "UpdateStorageConnector", f"{_UPDATE}<oneOf:Azure>.type"): _CONST,
    ("aitrios", "UploadFile", "request type_code"): _ABSENT,
    ("aitrios", "UploadFile", "request file"): _ABSENT,
    ("amnimo", "list_cameras", "cameraId: type"): "the curl command repeats it, up to ten: a list",
    ("amnimo", "list_cameras", "cameraId: format"): "a list, the format is that of its entries",
    ("proglove", "CORS Support (all endpoints)", "operation"): "for browsers: not generated",
    ("proglove", "list_features", "customer_id: type"): _CUSTOMER,
    ("proglove", "list_events", "customer_id: type"): _CUSTOMER,
    ("proglove", "list_gateways", "limit: type"): _LIMIT,
    ("proglove", "list_devices", "limit: type"): _LIMIT,
    ("proglove", "create_gateway", "body"): "not required, although its three fields are",
    ("proglove", "list_device_configs", "200.configs.id: format"): (
        "stated twice, once as a UUID, which the sample is not"
    ),
    ("scailable", "create_function", "media type"): (
        "application/json has no place for the file which the introduction attaches"
    ),
    ("scailable", "get_openapi", "response.Message"): (
        "an error's sample: vendor page and public client get an OpenAPI document"
    ),
}
