"""AITRIOS: the five fact tables. One row is one fact."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from .equivalence import Stated
from .ledger import Ledger
from .material import Row, rows
from .openapi import Operation, Place, Spec

#: The one operation whose heading is a sentence.
RENAMED = {"Retrieve a list of inferences": "GetInferences"}
#: Exact is corroborated where only the public source has method and path (DESIGN.md, 2).
STATUSES = {
    "exact": {"corroborated", "documented"},
    "document": {"documented"},
    "similar": {"inferred"},
    "guess": {"unverified"},
}
#: Variants of unions: the source's names of schemas, and ours where they differ.
VARIANTS = {
    "IrHubConnectorDefault": "DefaultIRHubSettings",
    "IrHubConnectorAzureBlobStorage": "AzureBlobStorageSettings",
    "IrHubConnectorAzureEventHub": "AzureEventHubSettings",
    "IrHubConnectorAwsKinesis": "AWSKinesisSettings",
    "IrHubConnectorAwsS3": "AWSS3Settings",
    "IrHubConnectorKafka": "KafkaSettings",
    "StorageInputDefault": "DefaultInputImageStorageSettings",
    "StorageInferenceDefault": "DefaultInferenceResultStorageSettings",
    "StorageAzure": "AzureStorageSettings",
    "StorageAWS": "AWSStorageSettings",
    "Azure": "AzureStorage",
    "AWS": "AWSStorage",
    "InputFileUrlOfImportBaseModelJsonBody": "ImportBaseModelByUrl",
    "InputFileIdOfImportBaseModelJsonBody": "ImportBaseModelByFileId",
}
LIMIT = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^;]+?)(?:;|$)')
STEP = re.compile(r"<(oneOf|allOf):([^>]+)>|(\[\])|(\$metadata|\$|[^.\[\]<>$]+)")


def compare_aitrios(ledger: Ledger, spec: Spec) -> None:
    """Note every row of the AITRIOS tables."""
    named = {**spec.operations, **{old: spec.operations[new] for old, new in RENAMED.items()}}
    for row in rows("aitrios_ops"):
        _operation(ledger, row, named.get(row["operationId"]))
    for row in rows("aitrios_params"):
        _parameter(ledger, row, named[row["operationId"]])
    for row in rows("aitrios_fields"):
        _field(ledger, row, named[row["operationId"]])
    pairs = {(row["operationId"], row["http_status"]): None for row in rows("aitrios_errors")}
    for name, status in pairs:
        operation = named[name]
        ledger.fact("errors", operation.id, status, status not in operation.statuses)


def _operation(ledger: Ledger, row: Row, operation: Operation | None) -> None:
    if operation is None:
        ledger.fact("ops", row["operationId"], "operation", missed=True)
        return
    note = dict(re.findall(r"(\w+)=([^;]*)", row["note"]))
    told = {
        "method": (row["method"], operation.method),
        "path": (row["path"], operation.path),
        "tag": ([note["tag"]], operation.node["tags"]),
        "body": (note["body"].removesuffix("(optional)"), _body(operation)),
        "query": (_names(note["query"]), _queries(operation)),
        "errors": (_names(note["errors"]), operation.statuses - {note["success"]}),
        "evidence": (True, operation.evidence["status"] in STATUSES[row["confidence"]]),
    }
    missed = [name for name, (stated, found) in told.items() if stated != found]
    ledger.fact("ops", operation.id, "operation", ", ".join(missed))


def _body(operation: Operation) -> str:
    kinds = ",".join(operation.body.get("content", ())) or "-"
    return kinds + "(required)" * bool(operation.body.get("required"))


def _names(listed: str) -> set[str]:
    return {name.rstrip("*") for name in listed.split(",")} - {"-"}


def _queries(operation: Operation) -> set[str]:
    return {name for name, node in operation.parameters.items() if node["in"] == "query"}


def _parameter(ledger: Ledger, row: Row, operation: Operation) -> None:
    name = row["name"]
    node = operation.parameters.get(name)
    if node is None or node["in"] != row["in"]:
        missed = ["parameter"]
    else:
        missed = _stated(row).misses(operation.parameter(name))
    ledger.fact("params", operation.id, name, ", ".join(missed))


def _field(ledger: Ledger, row: Row, operation: Operation) -> None:
    site, *where = row["where"].split()
    subject = f"{site} {row['field']}"
    place = _root(operation, site, where)
    if place is None:
        missed = ["body"]
    else:
        steps = STEP.findall(row["field"])
        found, is_property = _descend(place, steps)
        stated = _stated(row, with_required=is_property)
        missed = ["field"] if found is None else stated.misses(found)
        if site == "request":
            missed += ["body required"] * (where[1:] != ["(required)"] * _is_required(operation))
    ledger.fact("fields", operation.id, subject, ", ".join(missed))


def _is_required(operation: Operation) -> bool:
    return bool(operation.body.get("required"))


def _root(operation: Operation, site: str, where: list[str]) -> Place | None:
    """Return the schema of the body that `where` names by status and media type."""
    content: Mapping[str, Any] = operation.body.get("content", {})
    if site == "response":
        content = operation.content(where.pop(0))
    return operation.spec.place(content[where[0]]["schema"]) if where[0] in content else None


def _descend(place: Place, steps: list[tuple[str, str, str, str]]) -> tuple[Place | None, bool]:
    """Follow a field's path; return where it ends, and whether that is a property."""
    found: Place | None = place
    is_property = False
    for kind, variant, entry, name in steps:
        if found is None:
            break
        is_property = bool(name) and name != "$"
        if kind == "oneOf":
            found = found.variants.get(VARIANTS.get(variant, variant))
        elif entry:
            found = found.items
        elif is_property:
            found = found.child(name)
        # `$` is the body itself; allOf is flattened, as no spec has one beside properties (rule 8)
    return found, is_property


def _stated(row: Row, *, with_required: bool = True) -> Stated:
    """Return what a row states; examples are not facts about the API."""
    limits = {}
    for key, text in LIMIT.findall(row["constraints"] or ""):
        try:
            limits[key] = json.loads(text)
        except json.JSONDecodeError:
            limits[key] = text
    limits.pop("example", None)
    required = row["required"] == "required"
    return Stated(row["type"], required if with_required else None, limits)
