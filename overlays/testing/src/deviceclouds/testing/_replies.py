"""What the stand-in answers: the specification's examples, and errors in the vendor's own shape."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ._credentials import MALFORMED, MISSING
from ._examples import media_examples, text_of
from ._paging import page_of

if TYPE_CHECKING:
    from ._operations import Operation, Reply
    from ._problems import Problem
    from ._spec import Spec

__all__ = ["Answer", "error_answer", "refusal_status", "success_answer", "success_answers"]

_JSON = "application/json"
_BAD_REQUEST = 400
_MESSAGES = ("message", "Message", "details", "detail", "error_description", "error")

# Status for missing and for malformed credentials, where it is not 401. VizioSense documents 400
# with its own number 4000, amnimo 403 for tokens, ProGlove 403 for anything before the token.
_REFUSALS = {"viziosense": (400, 400), "amnimo": (403, 403), "proglove": (401, 403)}

_SAMPLES = {
    "string": "",
    "integer": 0,
    "number": 0,
    "boolean": False,
    "array": [],
    "null": None,
    "date-time": "1970-01-01T00:00:00Z",
    "date": "1970-01-01",
    "uuid": "00000000-0000-0000-0000-000000000000",
}


class Answer(NamedTuple):
    """Status, headers and body of a reply."""

    status: int
    headers: dict[str, str]
    content: bytes


def success_answer(operation: Operation, query: str = "", content: bytes = b"") -> Answer:
    """The first 2xx response with its first example.

    Args:
        operation: The operation.
        query: Query string of a valid request, and
        content: its body, to tell the first page of a list from later ones.
    """
    reply = operation.success
    if reply is None:
        return Answer(200, {}, b"")
    examples = _success_examples(reply)
    return _answer(operation, reply, examples[0] if examples else None, query, content)


def success_answers(operation: Operation) -> list[Answer]:
    """Every 2xx response with each of its examples; at least one."""
    replies = [reply for status, reply in operation.responses.items() if status[:1] == "2"]
    return [
        _answer(operation, reply, example)
        for reply in replies
        for example in _success_examples(reply) or [None]
    ] or [Answer(200, {}, b"")]


def _success_examples(reply: Reply) -> list[Any]:
    media = next(iter(reply.content.values()), {})
    return list(media_examples(media).values())


def _answer(
    operation: Operation, reply: Reply, example: Any, query: str = "", content: bytes = b""
) -> Answer:
    headers = {}
    for name, header in reply.headers.items():
        for shown in list(media_examples(header).values())[:1]:
            headers[name] = text_of(shown)
    status = int(reply.status) if reply.status.isdigit() else 200
    if not reply.content:
        return Answer(status, headers, b"")
    kind = next(iter(reply.content))
    headers["Content-Type"] = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    if kind == _JSON or kind.endswith("+json"):
        example = page_of(operation, example, query, content)
        return Answer(status, headers, json.dumps(example, ensure_ascii=False).encode())
    return Answer(status, headers, text_of("" if example is None else example).encode())


def refusal_status(spec: Spec, operation: Operation, problems: tuple[Problem, ...]) -> int | None:
    """The status with which a vendor refuses credentials; None if they are in order."""
    rules = {problem.rule for problem in problems}
    if not rules & {MISSING, MALFORMED}:
        return None
    missing, malformed = _REFUSALS.get(spec.vendor, (401, 401))
    status = missing if MISSING in rules else malformed
    # amnimo's token call documents no refusal at all: HTTP's own status then.
    return 401 if spec.vendor == "amnimo" and operation.reply(status) is None else status


def error_answer(
    spec: Spec, operation: Operation | None, status: int, text: str, refusal: bool
) -> Answer:
    """An error in the shape the vendor documents.

    Args:
        spec: The specification.
        operation: The operation, None for an unknown route.
        status: HTTP status.
        text: Put where the shape has a message.
        refusal: Whether credentials were refused. Where a vendor uses one status for refused tokens
            and other faults, the documented example stands for the refused token only.
    """
    reply = operation.reply(status) if operation is not None else None
    media = _error_media(reply) or next(_vendor_errors(spec, status), None)
    exact = media is not None
    if media is None:
        media = next(_vendor_errors(spec, None), {})
    about_tokens = status == _BAD_REQUEST and status in _REFUSALS.get(spec.vendor, ())
    examples = list(media_examples(media).values()) if exact else []
    if examples and (refusal or not about_tokens):
        body = copy.deepcopy(examples[0])
    else:
        body = _sample(spec, media.get("schema", {}))
    body = _with_message(body, text) if body else {"message": text}
    return Answer(status, {"Content-Type": _JSON}, json.dumps(body, ensure_ascii=False).encode())


def _error_media(reply: Reply | None) -> dict[str, Any] | None:
    return None if reply is None else reply.content.get(_JSON)


def _vendor_errors(spec: Spec, status: int | None) -> Iterator[dict[str, Any]]:
    for operation in spec.operations.values():
        for key, reply in operation.responses.items():
            media = _error_media(reply)
            if media is not None and (key == str(status) if status else key[:1] in "45"):
                yield media


def _with_message(body: Any, text: str) -> Any:
    holder = body[0] if isinstance(body, list) and body else body
    if isinstance(holder, dict):
        for name in _MESSAGES:
            if isinstance(holder.get(name), str):
                holder[name] = text
                break
    return body


def _sample(spec: Spec, schema: Any) -> Any:
    """The smallest value that fits a schema and has a place for a message."""
    schema = spec.resolve(schema)
    for key in ("const", "enum"):
        if key in schema:
            return schema[key] if key == "const" else schema[key][0]
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array":
        return [_sample(spec, schema.get("items", {}))]
    if kind != "object":
        return _SAMPLES.get(schema.get("format", kind), _SAMPLES.get(kind))
    properties = schema.get("properties", {})
    message = next((name for name in _MESSAGES if _is_text(spec, properties.get(name))), None)
    wanted = [*schema.get("required", ()), *([message] if message else ())]
    return {name: _sample(spec, properties.get(name, {})) for name in dict.fromkeys(wanted)}


def _is_text(spec: Spec, schema: Any) -> bool:
    return schema is not None and spec.resolve(schema).get("type") == "string"
