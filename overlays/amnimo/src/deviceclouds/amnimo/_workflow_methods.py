"""The methods of the sync client that take several calls; the work itself is in :mod:`.workflows`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deviceclouds._generated.amnimo.client import Namespaces
from deviceclouds.runtime._unset import UNSET

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from datetime import datetime

    from deviceclouds._generated.amnimo.models import Media
    from deviceclouds.runtime._unset import Unset
    from deviceclouds.runtime._workflow import Progress

    from .workflows.cameras import CamerasById
    from .workflows.hls import HlsPlayback
    from .workflows.media import MediaFile

__all__ = ["WorkflowMethods"]


class WorkflowMethods(Namespaces):
    """Workflows of the sync client."""

    def hls_session(
        self,
        camera_id: str,
        *,
        dt: str | datetime = "live",
        keep_alive_period: int = 60,
        retry: int | Unset = UNSET,
        keep_alive: bool = True,
        subscription_id: str | Unset = UNSET,
    ) -> HlsPlayback:
        """A playback that goes on while a ``with`` block runs: started, kept alive, stopped.

        Entering the block calls start_hls, once: a start is never repeated, because each makes the device upload. A
        thread then calls update_hls each third of the period. A failed update is tried again while the period lasts.
        Leaving the block calls stop_hls, whatever the block did. Where the program is killed, or is interrupted
        before start_hls has answered, the upload ends by itself after the period.

        The block's ``playback.urls`` are the http(s) addresses in the reply; that one of them is the playing address
        is inferred, its field is not named in public. ``playback.alive`` and ``playback.failed`` tell how it goes.

        Args:
            camera_id: Camera to play.
            dt: ``"live"``, or the moment to play a recording from: a datetime with a time zone, or its text.
            keep_alive_period: Seconds, 10 to 3600, that the device uploads without being asked to go on.
            retry: How often the cloud tries to get the address, 1 to 100; its default is 20.
            keep_alive: Whether to call update_hls. The vendor describes it for devices that hold the video
                themselves; what it answers for others is not public.
            subscription_id: Subscription to work in; that of the client when left out.

        Returns:
            A context manager; see :class:`~deviceclouds.amnimo.workflows.hls.HlsPlayback`.

        Raises:
            InvalidRequestError: An argument cannot be sent.
            DeviceCloudError: On entering, the start failed. On leaving, the playback was lost (the error of the
                update) or could not be stopped. An error of the block itself is never replaced, it gets a note.

        Evidence: start_hls, update_hls and stop_hls are documented; when to call them is ours.
        """
        from .workflows.hls import HlsPlayback
        from .workflows.playback import Wanted

        wanted = Wanted(camera_id, dt, keep_alive_period, retry, keep_alive, subscription_id)
        return HlsPlayback(self._http, self._work, wanted)

    def get_cameras(
        self,
        camera_ids: Sequence[str],
        *,
        is_url: bool | Unset = UNSET,
        expiration: int | Unset = UNSET,
        subscription_id: str | Unset = UNSET,
    ) -> CamerasById:
        """Gets any number of cameras by their ids, ten in a call, two calls at once.

        Args:
            camera_ids: Ids; one that stands there twice counts once.
            is_url: Whether there are presigned links to the thumbnails; the cloud's default is True.
            expiration: Minutes these links live, 1 to 10080; the cloud's default is 60.
            subscription_id: Subscription to work in; that of the client when left out.

        Returns:
            ``.found``, cameras by id in the order asked for, and ``.missing``, the ids without a camera.

        Raises:
            InvalidRequestError: ``camera_ids`` is no list of ids.
            DeviceCloudError: A call failed. Whether the cloud refuses a call with an unknown id or leaves that camera
                out is not public.

        Evidence: cameras.list_cameras is documented.
        """
        from .workflows.cameras import find

        asked = {"is_url": is_url, "expiration": expiration, "subscription_id": subscription_id}
        return self._run(find(self._work, camera_ids, asked))

    def create_clip(
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
        """Has a video clip made, waits until it is done, and downloads it.

        Args:
            camera_id: Camera it is of.
            target: A file to write, or a folder; there the file is called by the clip's id. It is whole or not there.
            start_time: Start of the clip, with a time zone.
            end_time: End of the clip, with a time zone.
            name: Name of the clip in the cloud, 1 to 64 characters.
            timeout: Seconds to wait until it is done. Only this ends the wait for a clip that cannot be made: the
                states that mean failure are not public.
            interval: Seconds between two looks; they grow to four times as many.
            overwrite: Whether a file that is there is replaced.
            field: Name of the reply's field that holds the file's address; needed where several fields hold one.
            on_progress: Is called with the :class:`~deviceclouds.amnimo.models.Media` of each look.
            subscription_id: Subscription to work in; that of the client when left out.

        Returns:
            The file, its size in bytes, and the cloud's description of it.

        Raises:
            InvalidRequestError: The place cannot be written to, or an argument cannot be sent; nothing was.
            WaitTimeoutError: It was not done in time. The cloud goes on: ``.last`` has the id for wait_for_media().
            DecodeError: The reply holds no address of a file, or several.
            ApiStatusError: The cloud or the storage refuses.

        Evidence: the calls are documented. That COMPLETED means done, and that the only address among the reply's
        unknown fields is the file's, is inferred.
        """
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
        return self._run(create(self._work, asked, place, patience, on_progress))

    def create_snapshot(
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
        """Has a snapshot made, waits until it is done, and downloads it.

        Args:
            camera_id: Camera it is of.
            target: A file to write, or a folder, as for :meth:`create_clip`; so are the other arguments.
            start_time: Moment of the snapshot, with a time zone.
            name: Name of the snapshot in the cloud, 1 to 64 characters.
            timeout: Seconds to wait until it is done.
            interval: Seconds between two looks.
            overwrite: Whether a file that is there is replaced.
            field: Name of the reply's field that holds the file's address.
            on_progress: Is called with the model of each look.
            subscription_id: Subscription to work in; that of the client when left out.

        Returns:
            The file, as :meth:`create_clip`; raises the same errors, on the same evidence.
        """
        from .workflows.media import Place, create

        asked = {
            "category": "SNAPSHOT",
            "camera_id": camera_id,
            "start_time": start_time,
            "name": name,
            "subscription_id": subscription_id,
        }
        place, patience = Place(target, overwrite, field), (timeout, interval)
        return self._run(create(self._work, asked, place, patience, on_progress))

    def wait_for_media(
        self,
        media_id: str,
        *,
        timeout: float = 600.0,
        interval: float = 5.0,
        on_progress: Progress | None = None,
        subscription_id: str | Unset = UNSET,
    ) -> Media:
        """Waits until a clip or snapshot that was asked for is done.

        Args:
            media_id: Id that media.create_media gave.
            timeout: Seconds to wait. Only this ends the wait for something that cannot be made: the states that
                mean failure are not public.
            interval: Seconds between two looks; they grow to four times as many.
            on_progress: Is called with the model of each look.
            subscription_id: Subscription to work in; that of the client when left out.

        Returns:
            What the cloud says of it, as media.get_media.

        Raises:
            WaitTimeoutError: It was not done in time; ``.last`` is what the cloud said last.
            ApiStatusError: The cloud refuses.

        Evidence: media.get_media is documented; that COMPLETED means done is inferred.
        """
        from .workflows.media import wait

        asked = {"media_id": media_id, "subscription_id": subscription_id}
        return self._run(wait(self._work, asked, (timeout, interval), on_progress))

    def download_media(
        self,
        media_id: str,
        target: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        field: str | None = None,
        subscription_id: str | Unset = UNSET,
    ) -> MediaFile:
        """Downloads a clip or snapshot that is done. The storage gets no credentials of the client.

        Args:
            media_id: Id of the clip or snapshot.
            target: A file to write, or a folder; there the file is called by the id, and a file
                of that name is left as it is.
            overwrite: Whether a file that is there is replaced.
            field: Name of the reply's field that holds the file's address; needed where several fields hold one.
            subscription_id: Subscription to work in; that of the client when left out.

        Returns:
            The file, its size in bytes, and the cloud's description of it.

        Raises:
            InvalidRequestError: The place cannot be written to; nothing was sent.
            DecodeError: The reply holds no address of a file, or several.
            ApiStatusError: The cloud or the storage refuses.

        Evidence: media.get_media is documented; that the only address among its unknown fields is the file's is
        inferred.
        """
        from .workflows.media import Place, download

        asked = {"media_id": media_id, "subscription_id": subscription_id}
        return self._run(download(self._work, asked, Place(target, overwrite, field)))
