"""Where a spec deliberately says something else than a source.

Each is counted as a miss all the same, and `test_facts` fails when one is listed here that no longer occurs.
"""

from __future__ import annotations

#: vendor, operation, subject of the fact, and why the spec differs.
_TABLE = """
aitrios | SaveModel | initial_version_number | the default of an integer is written as the text "1"
aitrios | GetInferences | from_datetime | its own example, without an offset, is no date-time
aitrios | GetInferences | to_datetime | its own example, without an offset, is no date-time
aitrios | GetDevices | response devices[].device_groups[].description | GetDevice gives the same group without it
aitrios | GetStorageConnector | response {input}<oneOf:StorageInputDefault>.type | {const}
aitrios | GetStorageConnector | response {input}<oneOf:StorageAzure>.type | {const}
aitrios | GetStorageConnector | response {input}<oneOf:StorageAWS>.type | {const}
aitrios | GetStorageConnector | response {result}<oneOf:StorageInferenceDefault>.type | {const}
aitrios | GetStorageConnector | response {result}<oneOf:StorageAzure>.type | {const}
aitrios | GetStorageConnector | response {result}<oneOf:StorageAWS>.type | {const}
aitrios | UpdateStorageConnector | request <allOf:CloudTypeConnectorJsonBody><oneOf:Azure>.type | {const}
aitrios | UploadFile | request type_code | error E.SC.API.0199001 is about its absence
aitrios | UploadFile | request file | error E.SC.API.0199003 is about its absence
amnimo | list_cameras | cameraId: type | the curl command repeats it and the text allows ten: a list
amnimo | list_cameras | cameraId: format | a list of UUIDs: the format is that of its entries
proglove | CORS Support (all endpoints) | operation | for browsers, not for clients: not generated
proglove | list_features | customer_id: type | object here, number or string elsewhere: string everywhere
proglove | list_events | customer_id: type | number here, object or string elsewhere: string everywhere
proglove | list_gateways | limit: type | string here, number for list_events; its limit of 500 is a number
proglove | list_devices | limit: type | string here, number for list_events; its limit of 500 is a number
proglove | create_gateway | body: required | not required, although three of its fields are
proglove | list_device_configs | 200.configs.id: format | stated twice, once as a UUID; the sample is none
scailable | create_function | media type | application/json leaves no place for the file the text attaches
scailable | get_openapi | response.Message | the sample is an error's; public clients get a document
"""
_WORDS = {
    "{input}": "input_image<allOf:GetDestinationOfStorageConnectorInputJsonBody>",
    "{result}": "inference_result<allOf:GetDestinationOfStorageConnectorInferenceJsonBody>",
    "{const}": "variants of a union are told apart by a const that is required (rule 8)",
}


def _read() -> dict[tuple[str, str, str], str]:
    text = _TABLE.strip()
    for short, long in _WORDS.items():
        text = text.replace(short, long)
    found = {}
    for line in text.splitlines():
        vendor, operation, subject, reason = line.split(" | ")
        found[vendor, operation, subject] = reason
    return found


#: The reason by vendor, operation and subject.
DIFFERENCES = _read()
