"""How the Console says that something went wrong: with an error status, or with status 200 and a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deviceclouds.runtime._errors import PartialFailureError
from deviceclouds.runtime._vendor import VendorRules

if TYPE_CHECKING:
    from deviceclouds.runtime._http import Response
    from deviceclouds.runtime._operation import Operation

__all__ = ["RULES", "check_reply", "read_error"]

DEVICE_COMMAND_TIME = 180.0
"""Seconds for commands a device has to answer; the Console gives up with 408 by itself, after an unknown time."""


def read_error(body: Any) -> tuple[str | None, str | None]:
    """Code and message of ``{"result": "ERROR", "code": "...", "message": "...", "time": "..."}``."""
    if not isinstance(body, dict):
        return None, None
    code, message = body.get("code"), body.get("message")
    return None if code is None else str(code), None if message is None else str(message)


def hint(code: str | None) -> str | None:
    """What is known of an error code beyond its message."""
    from ._error_hints import error_hint

    return error_hint(code)


def check_reply(operation: Operation[Any], response: Response) -> None:
    """Raises PartialFailureError for a reply whose ``result`` is ``WARNING`` or ``ERROR``, whatever its status."""
    if operation.reply.shape != "object" or not _may_warn(operation, response.content):
        return
    from deviceclouds.runtime._decode import decode_json
    from deviceclouds.runtime._flow import printable
    from deviceclouds.runtime._redact import without_credentials

    try:
        body = decode_json(without_credentials(response.content, response.credentials))
    except ValueError:
        return  # the decoder says it better
    if not isinstance(body, dict) or body.get("result") not in ("WARNING", "ERROR"):
        return
    code, message = read_error(body)
    meaning = hint(code)
    text = (
        f"{response.status_code} {body['result']}: {message or 'the Console did not do all of it'}"
    )
    raise PartialFailureError(
        printable(f"{text}{f' [{code}]' if code else ''}; .body holds the whole reply")
        + (f" ({meaning})" if meaning else ""),
        code=code,
        body=body,
        status_code=response.status_code,
        request_id=response.request_id,
        hint=meaning,
        vendor=operation.vendor,
        operation=operation.name,
        attempts=response.attempts,
    )


def _may_warn(operation: Operation[Any], content: bytes) -> bool:
    if operation.method == "GET" and len(content) > 2 * _EDGE:
        # A result stands beside a page's one long list; to look through all of it takes as long as to decode it.
        content = content[:_EDGE] + content[-_EDGE:]
    # Replies with a result are small; nobody should parse a page of devices twice.
    return b'"result"' in content and (b"WARNING" in content or b"ERROR" in content)


_EDGE = 4096
"""Bytes at either end of a long reply."""


RULES = VendorRules(
    read_error=read_error,
    check_reply=check_reply,
    hint=hint,
    slow={
        "device_command.execute_device_command": DEVICE_COMMAND_TIME,
        "device_command.execute_command": DEVICE_COMMAND_TIME,
    },
    variables="AITRIOS_TOKEN, or AITRIOS_CLIENT_ID and AITRIOS_CLIENT_SECRET",
)
