"""The methods of the clients that take several calls; the work itself is in :mod:`.workflows`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Unpack

from deviceclouds.runtime._client import AsyncClient, SyncClient

if TYPE_CHECKING:
    from deviceclouds._generated.scailable.models import CreateFunctionData, Function
    from deviceclouds.runtime._core import CallOptions
    from deviceclouds.runtime._files import FileInput
    from deviceclouds.runtime._upload_progress import Sent
    from deviceclouds.runtime._workflow import Progress

__all__ = ["AsyncWorkflowMethods", "WorkflowMethods"]


class WorkflowMethods(SyncClient):
    """Work of several calls, sync."""

    def upload_model(
        self,
        file: FileInput,
        data: CreateFunctionData,
        *,
        on_progress: Callable[[Sent], object] | None = None,
        **options: Unpack[CallOptions],
    ) -> Function:
        """Uploads a model file; it is streamed from disk. Scailable then compiles it: see :meth:`wait_until_compiled`.

        Args:
            file: The model, such as an ONNX file: a path, an open binary file, bytes or an ``Upload``.
            data: Its metadata.
            on_progress: A plain function, told of bytes sent and bytes in all.

        Returns:
            The function as created; its ``uuid`` names it.

        Raises:
            InvalidRequestError: The file cannot be read, or the metadata break the specification.
            DeviceCloudError: As for every call. It is not sent twice: an upload that broke off may have arrived.

        Calls ``POST /functions`` (corroborated: two public clients send it so; the document shows JSON only).
        """
        from .workflows.models import upload_model

        return self._run(upload_model(self._work, file, data, on_progress, options))

    def wait_until_compiled(
        self,
        uuid: str,
        *,
        timeout: float = 900,
        interval: float = 5,
        on_progress: Progress | None = None,
    ) -> Function:
        """Waits until a model is compiled.

        Args:
            uuid: Id of the function (UUID).
            timeout: Seconds to wait at most.
            interval: Seconds between the first two looks; later ones are up to four times as far apart.
            on_progress: Is given the function as it is at each look.

        Returns:
            The function, with its ``code``.

        Raises:
            WorkFailedError: The state is ``error`` or ``failed``. **Inferred**: no source names the state of a failure,
                so another word for it only ends with the deadline.
            WaitTimeoutError: It was not done in time; ``.last`` is the function as last seen.

        Looks with ``GET /function/{uuid}``; that ``ok`` is final and comes after ``new``, ``uploading``, ``queued``,
        ``pending`` or ``processing`` is corroborated by one public client.
        """
        from deviceclouds.runtime._polling import Patience

        from .workflows.models import wait_until_compiled

        patience = Patience(timeout, interval)
        return self._run(wait_until_compiled(self._work, uuid, patience, on_progress))


class AsyncWorkflowMethods(AsyncClient):
    """Work of several calls, async."""

    async def upload_model(
        self,
        file: FileInput,
        data: CreateFunctionData,
        *,
        on_progress: Callable[[Sent], object] | None = None,
        **options: Unpack[CallOptions],
    ) -> Function:
        """See :meth:`WorkflowMethods.upload_model`."""
        from .workflows.models import upload_model

        return await self._run(upload_model(self._work, file, data, on_progress, options))

    async def wait_until_compiled(
        self,
        uuid: str,
        *,
        timeout: float = 900,
        interval: float = 5,
        on_progress: Progress | None = None,
    ) -> Function:
        """See :meth:`WorkflowMethods.wait_until_compiled`; ``on_progress`` may be a coroutine function."""
        from deviceclouds.runtime._polling import Patience

        from .workflows.models import wait_until_compiled

        patience = Patience(timeout, interval)
        return await self._run(wait_until_compiled(self._work, uuid, patience, on_progress))
