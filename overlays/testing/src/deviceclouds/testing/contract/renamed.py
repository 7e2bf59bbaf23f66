"""Fields that seem to have another name now, and objects that hold nothing of what is documented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .._bodies import read_json
from .._problems import Problem
from .._schemas import pointer
from .._undocumented import schema_parts

if TYPE_CHECKING:
    from .._spec import Spec

__all__ = ["renamed_fields"]


def renamed_fields(
    spec: Spec, operation_id: str, status: int, content: bytes | None, notes: Sequence[Problem]
) -> Iterator[Problem]:
    """Documented fields that a reply lacks, where an undocumented one has the same name in another spelling.

    And the whole of a reply that has undocumented fields and no other: it is something else, perhaps an error.

    Few documents say which fields are always there. One that is missing while ``deviceName`` stands in place of
    ``device_name`` is no new field, but a break for every program that reads the old one.

    Args:
        spec: The specification.
        operation_id: What was called.
        status: HTTP status.
        content: The reply's body.
        notes: Undocumented fields, as the check of the reply gives them.
    """
    reply = spec.operation(operation_id).reply(status)
    if not notes or reply is None or not reply.content or not content:
        return
    schema: Any = next((media.get("schema", {}) for media in reply.content.values()), {})
    # Read as it was when it was checked: json.loads takes other encodings than UTF-8, too.
    body, problems = read_json(content, "body")
    if problems:
        return
    found = False
    for note in notes:
        way = [_unescaped(token) for token in note.location.split("/")[1:]]
        if not way:
            continue
        *holder, name = way
        for gone in _alike(spec, schema, body, holder, name):
            where = note.location.rpartition("/")[0]
            shown = note.location.rpartition("/")[2]
            said = f"is missing, and {shown} stands there, which nobody documented: it seems to be renamed"
            yield Problem(where + pointer([gone]), said, "renamed")
            found = True
    if not found and isinstance(body, dict):
        parts = list(schema_parts(spec.checker, schema, body))
        if not any(body.keys() & part.get("properties", {}).keys() for part in parts):
            yield Problem("body", "holds none of the documented fields, and others", "other")


def _alike(spec: Spec, schema: Any, value: Any, way: list[str], name: str) -> Iterator[str]:
    """Documented names the object at the end of the way lacks, that are the given name in another spelling."""
    schemas = [schema]
    for token in way:
        parts = [part for each in schemas for part in schema_parts(spec.checker, each, value)]
        if isinstance(value, list):
            schemas = [part["items"] for part in parts if isinstance(part.get("items"), dict)]
            value = value[int(token)]
        elif isinstance(value, dict) and token in value:
            schemas = [
                part["properties"][token] for part in parts if token in part.get("properties", {})
            ]
            value = value[token]
        else:
            return
    if not isinstance(value, dict):
        return
    for each in schemas:
        for part in schema_parts(spec.checker, each, value):
            for known in part.get("properties", {}):
                if known not in value and _plain(known) == _plain(name):
                    yield known


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _unescaped(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~")
