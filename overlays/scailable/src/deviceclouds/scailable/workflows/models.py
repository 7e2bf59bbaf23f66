"""Uploading a model and waiting until Scailable has compiled it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from deviceclouds._generated.scailable.operations.function import CREATE_FUNCTION, GET_FUNCTION
from deviceclouds.runtime._operation import Poll
from deviceclouds.runtime._polling import Patience, wait_until
from deviceclouds.runtime._upload_progress import Sent, counted

if TYPE_CHECKING:
    from deviceclouds._generated.scailable.models import CreateFunctionData, Function
    from deviceclouds.runtime._core import CallOptions
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._files import FileInput
    from deviceclouds.runtime._workflow import Progress, Workflow

__all__ = ["COMPILED", "upload_model", "wait_until_compiled"]

COMPILED = Poll(
    operation=GET_FUNCTION.name,
    status=("Code", "Status"),
    done=("ok",),
    # No source names a state of failure; these are the words such services use.
    failed=("error", "failed"),
)


def upload_model(
    work: Workflow,
    file: FileInput,
    data: CreateFunctionData,
    on_progress: Callable[[Sent], object] | None,
    options: CallOptions,
) -> Flow[Function]:
    """Sends metadata and file in one request."""
    with counted(file, on_progress, vendor="scailable", operation=CREATE_FUNCTION.name) as upload:
        function: Function = yield from work.call(
            CREATE_FUNCTION, {"data": data, "file": upload}, options
        )
    return function


def wait_until_compiled(
    work: Workflow, uuid: str, patience: Patience, on_progress: Progress | None
) -> Flow[Function]:
    """Looks at the function until its code is there."""
    return wait_until(
        work,
        lambda: work.call(GET_FUNCTION, {"uuid": uuid}),
        what=f"the compilation of {uuid}",
        state=compile_state,
        poll=COMPILED,
        patience=patience,
        on_progress=on_progress,
    )


def compile_state(function: Function) -> str | None:
    """The state of the code where there is one, else that of the record."""
    return (function.code and function.code.status) or function.status or None
