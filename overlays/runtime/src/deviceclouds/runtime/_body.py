"""Request bodies: JSON, forms and multipart, from a model or from a method's arguments."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import IO, Any, NoReturn
from urllib.parse import urlencode

from ._encode import check_model, to_wire
from ._errors import InvalidRequestError
from ._fields import model_fields
from ._files import Upload, open_upload
from ._model import Model
from ._models import model_class
from ._operation import Body, Operation
from ._unset import UNSET

__all__ = ["EncodedBody", "encode_body"]


class EncodedBody:
    """A body ready to be sent, as often as needed."""

    __slots__ = ("_files", "_opened", "content", "content_type")

    def __init__(
        self,
        content_type: str | None = None,
        content: bytes | None = None,
        files: list[tuple[str, Any]] | None = None,
        opened: list[IO[bytes]] | None = None,
    ) -> None:
        self.content_type = content_type
        self.content = content
        self._files = files
        self._opened = opened or []

    def open_files(self) -> list[tuple[str, Any]] | None:
        """The parts of a multipart body; a file of the caller's is rewound, so that it can be sent again."""
        if self._files is None:
            return None
        for _, (_, content, _) in self._files:
            if not isinstance(content, bytes) and _rewinds(content):
                content.seek(0)
        return self._files

    @property
    def repeatable(self) -> bool:
        """Whether it can be sent again: a pipe or socket gives its bytes once."""
        return all(_rewinds(content) for _, (_, content, _) in self._files or ())

    def close(self) -> None:
        """Closes the files that were opened here; the caller's own stay open."""
        for file in self._opened:
            file.close()


def _rewinds(content: Any) -> bool:
    if isinstance(content, bytes):
        return True
    return hasattr(content, "seek") and (not hasattr(content, "seekable") or content.seekable())


def encode_body(
    operation: Operation[Any], body: Body, arguments: Mapping[str, Any]
) -> EncodedBody | None:
    """Encodes the body of a call. Raises InvalidRequestError for one that breaks the specification."""
    model = _body_model(operation, body, arguments)
    if model is None:
        return None
    try:
        problems = list(check_model(model)) if isinstance(model, Model) else []
        if problems:
            _refuse(operation, "; ".join(problems))
        if body.content_type == "multipart/form-data" and isinstance(model, Model):
            return _multipart(operation, model)
        wire = to_wire(model)
        if body.content_type == "application/json":
            text = json.dumps(wire, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            return EncodedBody(body.content_type, text.encode())
        pairs = [(name, _form_text(value)) for name, value in wire.items()]
        return EncodedBody(body.content_type, urlencode(pairs).encode())
    except InvalidRequestError:
        raise
    except (ValueError, TypeError) as error:
        _refuse(operation, str(error))


def _body_model(
    operation: Operation[Any], body: Body, arguments: Mapping[str, Any]
) -> Model | Mapping[str, Any] | None:
    classes = tuple(model_class(operation.vendor, name) for name in body.variants)
    fields = model_fields(classes[0]) if body.flat else ()
    values = {f.name: arguments.get(_key(f.name), UNSET) for f in fields}
    given = {name: value for name, value in values.items() if value is not UNSET}
    model = arguments.get("body", UNSET)
    if model is not UNSET:
        if given:
            _refuse(operation, f"give body= or {', '.join(given)}, not both")
        if not isinstance(model, classes or Mapping):
            wanted = " or ".join(body.variants) or "a mapping"
            _refuse(operation, f"body must be {wanted}, not {type(model).__name__}")
        return model
    if not given and not body.required:
        return None
    if not body.flat:
        _refuse(operation, "body is required")
    constants = classes[0].__const__
    missing = [
        f.name for f in fields if f.required and f.name not in given and f.wire not in constants
    ]
    if missing:
        _refuse(operation, f"{', '.join(missing)} is required")
    built: Model = classes[0](**given)
    return built


def _key(name: str) -> str:
    """Where arguments hold a field: "body" is the whole body."""
    return "body_" if name == "body" else name


def _refuse(operation: Operation[Any], message: str) -> NoReturn:
    raise InvalidRequestError(message, vendor=operation.vendor, operation=operation.name)


def _multipart(operation: Operation[Any], model: Model) -> EncodedBody:
    parts: list[tuple[str, Any]] = []
    opened: list[IO[bytes]] = []
    try:
        for field in model_fields(type(model)):
            value = getattr(model, field.name)
            if value is UNSET:
                continue
            if field.type is Upload:
                parts.append((field.wire, _open(operation, field.name, value)))
                if isinstance(value, os.PathLike):
                    opened.append(parts[-1][1][1])
            elif isinstance(value, Model | Mapping):
                text = json.dumps(to_wire(value), ensure_ascii=False, allow_nan=False)
                parts.append((field.wire, (None, text.encode(), "application/json")))
            else:
                for item in value if isinstance(value, list | tuple) else (value,):
                    text = _form_text(to_wire(item))
                    parts.append((field.wire, (None, text.encode(), "text/plain")))
    except BaseException:
        EncodedBody(opened=opened).close()
        raise
    return EncodedBody(files=parts, opened=opened)


def _open(operation: Operation[Any], name: str, value: Any) -> tuple[str, Any, str]:
    try:
        return open_upload(value)
    except (TypeError, OSError) as error:
        _refuse(operation, f"{name}: {error}")


def _form_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
