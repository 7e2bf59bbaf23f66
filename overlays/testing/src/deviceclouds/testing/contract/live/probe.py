"""One call without credentials, which a cloud has to refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx2

from ..._check import check_response
from ..results import Finding

if TYPE_CHECKING:
    from ..._spec import Spec
    from .plan import Step
    from .wire import LiveTransport

__all__ = ["send_probe"]


def send_probe(
    wire: LiveTransport, spec: Spec, step: Step, base_url: str, supplied: Mapping[str, Any]
) -> tuple[Finding | None, str]:
    """Sends it.

    Args:
        wire: What sends.
        spec: The specification.
        step: The step of the plan.
        base_url: Where the API is.
        supplied: Path parameters of the client, by name on the wire.

    Returns:
        A finding where the call was answered with data, and a remark on another reply that is not documented; "" for
        nothing to say.
    """
    operation = spec.operation(step.operation_id)
    path = operation.path
    for name in step.supplied:
        path = path.replace(f"{{{name}}}", quote(str(supplied[name]), safe=""))
    with httpx2.Client(transport=_Borrowed(wire)) as client:
        reply = client.get(base_url + path, follow_redirects=False)
    status = reply.status_code
    if 200 <= status < 300 and _is_its_own(spec, step, reply):
        said = f"answers {status} to a call without credentials, which the specification asks for"
        return Finding("authentication", "header.authorization", said, "not-refused"), ""
    documented = operation.reply(status) is not None and not 200 <= status < 300
    if status == 429 or status >= 500 or documented:
        return None, ""
    said = (
        "with something else than its data"
        if 200 <= status < 300
        else "which is not documented for it"
    )
    return (
        None,
        f"{step.operation_id} answers a call without credentials with {status}, {said}",
    )


def _is_its_own(spec: Spec, step: Step, reply: httpx2.Response) -> bool:
    """Whether a reply may be the operation's: a page for people, with a form to sign in, lets nobody in."""
    headers = list(reply.headers.multi_items())
    said = check_response(
        spec, step.operation_id, reply.status_code, headers=headers, content=reply.content
    )
    return not any(one.location in ("header.content-type", "body") for one in said.problems)


class _Borrowed(httpx2.BaseTransport):
    """A transport that stays open when its client is closed."""

    def __init__(self, inner: httpx2.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._inner.handle_request(request)
