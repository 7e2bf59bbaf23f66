"""The methods of the clients that take several calls; the work itself is in :mod:`.workflows`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from deviceclouds._generated.viziosense.client import Namespaces
from deviceclouds._generated.viziosense.client_async import AsyncNamespaces

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from .workflows.capture import Pictures

__all__ = ["AsyncWorkflowMethods", "WorkflowMethods"]


class WorkflowMethods(Namespaces):
    """Work of several calls, sync."""

    @overload
    def capture_image(
        self,
        device_uuid: str,
        folder: None = None,
        *,
        annotated: bool = True,
        timeout: float = 120.0,
        interval: float = 5.0,
    ) -> Pictures[bytes]: ...

    @overload
    def capture_image(
        self,
        device_uuid: str,
        folder: str | os.PathLike[str],
        *,
        annotated: bool = True,
        timeout: float = 120.0,
        interval: float = 5.0,
    ) -> Pictures[Path]: ...

    def capture_image(
        self,
        device_uuid: str,
        folder: str | os.PathLike[str] | None = None,
        *,
        annotated: bool = True,
        timeout: float = 120.0,
        interval: float = 5.0,
    ) -> Pictures[Any]:
        """Asks a device for a new picture, waits for it, and fetches it.

        The first look is 20 seconds after the request. While the storage answers 403 or 404 the picture is taken not
        to be there yet. The storage gets no token.

        Args:
            device_uuid: The device.
            folder: Where to put the pictures; they are called by device, moment (UTC) and kind, and are whole or not
                there. None to get their bytes.
            annotated: Whether to fetch the annotated picture too.
            timeout: Seconds from the request's reply until WaitTimeoutError, 20 to 1800: then the addresses are dead.
            interval: Seconds between two looks; they grow to four times as many.

        Returns:
            ``.raw`` and ``.annotated``: bytes, or paths where a folder is given.

        Raises:
            InvalidRequestError: An argument is not usable; nothing was sent.
            WaitTimeoutError: A picture was not there in time; ``.last`` holds the other one, by kind.
            DecodeError: The reply holds no two addresses, or a picture is larger than the client's ``max_reply``.
            ApiStatusError: The cloud refuses, or the storage does otherwise than by 403 and 404.

        Warns:
            UnverifiedOperationWarning: Method and path of devices.request_image are a guess; ``paths=`` overrides it.

        Evidence: unverified. The vendor gives the two times and speaks of links in the reply; their shape, and that the
        first is the raw picture unless a name says otherwise, are guesses.
        """
        from .workflows.capture import Asked, capture

        asked = Asked(device_uuid, folder, annotated, timeout, interval)
        return self._run(capture(self._work, asked))


class AsyncWorkflowMethods(AsyncNamespaces):
    """Work of several calls, async."""

    @overload
    async def capture_image(
        self,
        device_uuid: str,
        folder: None = None,
        *,
        annotated: bool = True,
        timeout: float = 120.0,
        interval: float = 5.0,
    ) -> Pictures[bytes]: ...

    @overload
    async def capture_image(
        self,
        device_uuid: str,
        folder: str | os.PathLike[str],
        *,
        annotated: bool = True,
        timeout: float = 120.0,
        interval: float = 5.0,
    ) -> Pictures[Path]: ...

    async def capture_image(
        self,
        device_uuid: str,
        folder: str | os.PathLike[str] | None = None,
        *,
        annotated: bool = True,
        timeout: float = 120.0,
        interval: float = 5.0,
    ) -> Pictures[Any]:
        """See :meth:`WorkflowMethods.capture_image`."""
        from .workflows.capture import Asked, capture

        asked = Asked(device_uuid, folder, annotated, timeout, interval)
        return await self._run(capture(self._work, asked))
