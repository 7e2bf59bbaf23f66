"""Operations made for tests, where no vendor has one of the kind."""

from __future__ import annotations

from typing import Any

from deviceclouds.runtime._config import ClientConfig
from deviceclouds.runtime._operation import Body, Evidence, Operation, Parameter, Reply
from deviceclouds.runtime._request import RequestParts, prepare

CONFIG = ClientConfig(vendor="scailable", base_url="https://host.test/api")


def operation(*parameters: Parameter, **changes: Any) -> Operation[Any]:
    """A GET of free-form JSON that needs no credentials, changed as wanted."""
    given: dict[str, Any] = {
        "vendor": "scailable",
        "id": "made_up",
        "name": "tests.made_up",
        "route": "GET /things",
        "evidence": Evidence("documented"),
        "reply": Reply("object"),
        "parameters": parameters,
        **changes,
    }
    return Operation(**given)


def prepared(parameter: Parameter, value: Any, **changes: Any) -> RequestParts:
    """What a single argument becomes."""
    return prepare(operation(parameter, **changes), {parameter.name: value}, CONFIG)


UPLOAD = operation(
    Parameter("uuid", "uuid", "path", required=True),
    route="PUT /function/{uuid}",
    body=Body("multipart/form-data", ("UpdateFunctionRequest",), True, flat=True),
    idempotent=True,
)
"""An upload that may be repeated; the vendors' own may not."""
