"""The methods of the clients that take several calls, by topic; the work itself is in :mod:`..workflows`."""

from __future__ import annotations

from .devices import AsyncDevices, Devices
from .images import AsyncImages, Images
from .uploads import AsyncUploads, Uploads
from .waits import AsyncWaits, Waits

__all__ = ["AsyncWorkflowMethods", "WorkflowMethods"]


class WorkflowMethods(Waits, Uploads, Images, Devices):
    """Work of several calls, sync."""


class AsyncWorkflowMethods(AsyncWaits, AsyncUploads, AsyncImages, AsyncDevices):
    """Work of several calls, async."""
