"""The methods of the async client that take several calls; see :mod:`._workflow_methods` for what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deviceclouds._generated.amnimo.client_async import AsyncNamespaces
from deviceclouds.runtime._unset import UNSET

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from datetime import datetime

    from deviceclouds._generated.amnimo.models import Media
    from deviceclouds.runtime._unset import Unset
    from deviceclouds.runtime._workflow import Progress

    from .workflows.cameras import CamerasById
    from .workflows.hls import AsyncHlsPlayback
    from .workflows.media import MediaFile

__all__ = ["AsyncWorkflowMethods"]


class AsyncWorkflowMethods(AsyncNamespaces):
    """Workflows of the async client; the same as those of :class:`~._workflow_methods.WorkflowMethods`, awaited."""

    def hls_session(
        self,
        camera_id: str,
        *,
        dt: str | datetime = "live",
        keep_alive_period: int = 60,
        retry: int | Unset = UNSET,
        keep_alive: bool = True,
        subscription_id: str | Unset = UNSET,
    ) -> AsyncHlsPlayback:
        """See :meth:`~._workflow_methods.WorkflowMethods.hls_session`; for ``async with``, kept alive by a task."""
        from .workflows.hls import AsyncHlsPlayback
        from .workflows.playback import Wanted

        wanted = Wanted(camera_id, dt, keep_alive_period, retry, keep_alive, subscription_id)
        return AsyncHlsPlayback(self._http, self._work, wanted)

    async def get_cameras(
        self,
        camera_ids: Sequence[str],
        *,
        is_url: bool | Unset = UNSET,
        expiration: int | Unset = UNSET,
        subscription_id: str | Unset = UNSET,
    ) -> CamerasById:
        """See :meth:`~._workflow_methods.WorkflowMethods.get_cameras`."""
        from .workflows.cameras import find

        asked = {"is_url": is_url, "expiration": expiration, "subscription_id": subscription_id}
        return await self._run(find(self._work, camera_ids, asked))

    async def create_clip(
        self,
        camera_id: str,
        target: str | os.PathLike[str],
        *,
        start_time: datetime,
        end_time: datetime,
        name: str | Unset = UNSET,
        timeout: float = 600.0,
        interval: float = 5.0,
        overwrite: bool = False,
        field: str | None = None,
        on_progress: Progress | None = None,
        subscription_id: str | Unset = UNSET,
    ) -> MediaFile:
        """See :meth:`~._workflow_methods.WorkflowMethods.create_clip`."""
        from .workflows.media import Place, create

        asked = {
            "category": "CLIP",
            "camera_id": camera_id,
            "start_time": start_time,
            "end_time": end_time,
            "name": name,
            "subscription_id": subscription_id,
        }
        place, patience = Place(target, overwrite, field), (timeout, interval)
        return await self._run(create(self._work, asked, place, patience, on_progress))

    async def create_snapshot(
        self,
        camera_id: str,
        target: str | os.PathLike[str],
        *,
        start_time: datetime,
        name: str | Unset = UNSET,
        timeout: float = 600.0,
        interval: float = 5.0,
        overwrite: bool = False,
        field: str | None = None,
        on_progress: Progress | None = None,
        subscription_id: str | Unset = UNSET,
    ) -> MediaFile:
        """See :meth:`~._workflow_methods.WorkflowMethods.create_snapshot`."""
        from .workflows.media import Place, create

        asked = {
            "category": "SNAPSHOT",
            "camera_id": camera_id,
            "start_time": start_time,
            "name": name,
            "subscription_id": subscription_id,
        }
        place, patience = Place(target, overwrite, field), (timeout, interval)
        return await self._run(create(self._work, asked, place, patience, on_progress))

    async def wait_for_media(
        self,
        media_id: str,
        *,
        timeout: float = 600.0,
        interval: float = 5.0,
        on_progress: Progress | None = None,
        subscription_id: str | Unset = UNSET,
    ) -> Media:
        """See :meth:`~._workflow_methods.WorkflowMethods.wait_for_media`."""
        from .workflows.media import wait

        asked = {"media_id": media_id, "subscription_id": subscription_id}
        return await self._run(wait(self._work, asked, (timeout, interval), on_progress))

    async def download_media(
        self,
        media_id: str,
        target: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        field: str | None = None,
        subscription_id: str | Unset = UNSET,
    ) -> MediaFile:
        """See :meth:`~._workflow_methods.WorkflowMethods.download_media`."""
        from .workflows.media import Place, download

        asked = {"media_id": media_id, "subscription_id": subscription_id}
        return await self._run(download(self._work, asked, Place(target, overwrite, field)))
