"""Uploading files and registering them as firmware, edge app or model, in one go."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from deviceclouds._generated.aitrios.operations.edge_app import IMPORT_EDGE_APP
from deviceclouds._generated.aitrios.operations.firmware import CREATE_FIRMWARE
from deviceclouds._generated.aitrios.operations.train_model import IMPORT_BASE_MODEL
from deviceclouds._generated.aitrios.operations.utility import UPLOAD_FILE
from deviceclouds.runtime._errors import DecodeError, DeviceCloudError, InvalidRequestError
from deviceclouds.runtime._files import FileInput, open_upload
from deviceclouds.runtime._request import prepare
from deviceclouds.runtime._upload_progress import Sent, counted

if TYPE_CHECKING:
    from deviceclouds._generated.aitrios.models import SuccessResponse, UploadFileResponse
    from deviceclouds.runtime._core import CallOptions
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._operation import Operation
    from deviceclouds.runtime._workflow import Workflow

__all__ = ["RegisteredFiles", "upload_edge_app", "upload_firmware", "upload_model"]

Tell = Callable[[Sent], object]


class RegisteredFiles(NamedTuple):
    """Files that were uploaded and registered.

    Attributes:
        file_ids: Id of each uploaded file, by the argument of the registering operation it went to.
        reply: What the registering operation answered.
    """

    file_ids: Mapping[str, str]
    reply: SuccessResponse


class _File(NamedTuple):
    argument: str
    """Of the registering operation."""
    kind: str
    """The type code."""
    content: FileInput


def upload_firmware(
    work: Workflow,
    file: FileInput,
    arguments: Mapping[str, Any],
    on_progress: Tell | None,
    options: CallOptions,
) -> Flow[RegisteredFiles]:
    """A device software package."""
    files = [_File("file_id", "firmware", file)]
    return _register(
        work, files, CREATE_FIRMWARE, lambda ids: {**arguments, **ids}, on_progress, options
    )


def upload_edge_app(
    work: Workflow,
    file: FileInput,
    arguments: Mapping[str, Any],
    on_progress: Tell | None,
    options: CallOptions,
) -> Flow[RegisteredFiles]:
    """A package of an edge app."""
    files = [_File("edge_app_package_id", "edge_app_pkg", file)]
    return _register(
        work, files, IMPORT_EDGE_APP, lambda ids: {**arguments, **ids}, on_progress, options
    )


def upload_model(
    work: Workflow,
    file: FileInput,
    extra_files: Mapping[str, FileInput],
    arguments: Mapping[str, Any],
    on_progress: Tell | None,
    options: CallOptions,
) -> Flow[RegisteredFiles]:
    """A model file with those that belong to it, these by their type codes."""
    from deviceclouds._generated.aitrios.models import ImportBaseModelByFileId

    converted = arguments.get("converted") is True
    files = [
        _File("model_file_id", "converted_model" if converted else "non_converted_model", file),
        *(_File(f"{kind}_file_id", kind, extra) for kind, extra in extra_files.items()),
    ]
    return _register(
        work,
        files,
        IMPORT_BASE_MODEL,
        lambda ids: {"body": ImportBaseModelByFileId(**{**arguments, **ids})},
        on_progress,
        options,
    )


def _register(
    work: Workflow,
    files: Sequence[_File],
    operation: Operation[SuccessResponse],
    arguments: Callable[[Mapping[str, str]], Mapping[str, Any]],
    on_progress: Tell | None,
    options: CallOptions,
) -> Flow[RegisteredFiles]:
    # What can be known to be wrong is found before the first byte is sent.
    prepare(operation, arguments({file.argument: "x" for file in files}), work.core.config)
    for file in files:
        _check_file(file)
    if inspect.iscoroutinefunction(on_progress):
        _refuse("on_progress of an upload is a plain function, in an async client too")
    ids: dict[str, str] = {}
    step = UPLOAD_FILE.name
    try:
        for file in files:
            ids[file.argument] = yield from _upload(work, file, on_progress, options)
        step = operation.name
        reply = yield from work.call(operation, arguments(ids), options)
    except DeviceCloudError as error:
        if ids:
            _tell_what_is_there(error, step, ids, operation)
        raise
    return RegisteredFiles(ids, reply)


def _upload(
    work: Workflow, file: _File, on_progress: Tell | None, options: CallOptions
) -> Flow[str]:
    with counted(
        file.content, on_progress, vendor="aitrios", operation=UPLOAD_FILE.name
    ) as content:
        stored: UploadFileResponse = yield from work.call(
            UPLOAD_FILE, {"type_code": file.kind, "file": content}, options
        )
    file_id = stored.file_info.file_id if stored.file_info else None
    if not file_id:
        raise DecodeError(
            f"the file ({file.kind}) is uploaded, but the reply names no file_id to register it with",
            vendor="aitrios",
            operation=UPLOAD_FILE.name,
        )
    return file_id


def _check_file(file: _File) -> None:
    try:
        _, content, _ = open_upload(file.content)
    except (TypeError, OSError) as error:
        _refuse(f"{file.kind}: {error}")
    if isinstance(file.content, os.PathLike):
        content.close()


def _refuse(message: str) -> NoReturn:
    raise InvalidRequestError(message, vendor="aitrios", operation=UPLOAD_FILE.name)


def _tell_what_is_there(
    error: DeviceCloudError, step: str, ids: Mapping[str, str], operation: Operation[Any]
) -> None:
    """Says in the error what was done before it, so that nobody has to upload it again."""
    there = ", ".join(f"{name}={file_id!r}" for name, file_id in ids.items())
    rest = f"{step}() for the rest, then " if step == UPLOAD_FILE.name else ""
    error.message += (
        f"; {step} failed, uploaded before: {there}; go on with {rest}{operation.name}()"
    )
    error.args = (error.message,)
    error.__dict__["file_ids"] = dict(ids)
