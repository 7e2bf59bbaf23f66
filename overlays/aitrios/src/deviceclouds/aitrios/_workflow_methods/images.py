"""Methods that bring pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from deviceclouds._generated.aitrios.client import Namespaces
from deviceclouds._generated.aitrios.client_async import AsyncNamespaces
from deviceclouds.runtime._unset import UNSET

if TYPE_CHECKING:
    import os

    from deviceclouds._generated.aitrios.models import ImageLink
    from deviceclouds.runtime._core import CallOptions
    from deviceclouds.runtime._unset import Unset
    from deviceclouds.runtime._workflow import Progress

    from ..workflows.commands import Crop
    from ..workflows.images import ImageDownload, SavedImage

__all__ = ["AsyncImages", "Images"]

WHOLE_PICTURE: Crop = (0, 0, 2028, 1520)


class Images(Namespaces):
    """Sync."""

    def download_images(
        self,
        device_id: str,
        sub_directory_name: str,
        folder: str | os.PathLike[str],
        *,
        name_starts_with: str | Unset = UNSET,
        concurrency: int = 4,
        limit_total: int | None = None,
        overwrite: bool = False,
        on_progress: Progress | None = None,
    ) -> ImageDownload:
        """Downloads the images of a directory, all pages of it. Called again, it goes on where it broke off.

        Args:
            device_id: The device that sent them.
            sub_directory_name: The directory, as ``insight.get_image_directories`` names it.
            folder: Where to put them; made if it is not there.
            name_starts_with: Only images whose names begin so.
            concurrency: How many are downloaded at once.
            limit_total: At most so many images.
            overwrite: Whether to download again what is there already. A file that is there is whole: files get their
                names when they are complete.
            on_progress: Is given the ``SavedImage`` of each image, one at a time. A sync client calls it from the
                threads that download.

        Returns:
            What came of it: ``.images`` (name, path, size, and whether it is new), ``.downloaded``, ``.skipped``,
            ``.gone``. Files have the images' names. A name that is not safe as a file's (a path, characters not all
            file systems take) is made so, and then ends in eight characters of its hash; that stays the same.

        Raises:
            InvalidRequestError: An argument, or a file that cannot be written.
            PermissionDeniedError: The storage refuses new links as well as old ones.
            DeviceCloudError: As for every call; what was downloaded before stays.

        Calls ``insight.get_images`` (corroborated). The links it gives live one hour; a page whose links have had their
        time is asked for again. The access token is not sent to the storage, the HTTP client's own headers neither.
        """
        from ..workflows.images import download_images

        flow = download_images(
            self._work,
            {
                "device_id": device_id,
                "sub_directory_name": sub_directory_name,
                "name_starts_with": name_starts_with,
            },
            folder,
            concurrency=concurrency,
            limit_total=limit_total,
            overwrite=overwrite,
            on_progress=on_progress,
        )
        return self._run(flow)

    def download_image(
        self, image: ImageLink, folder: str | os.PathLike[str], *, overwrite: bool = False
    ) -> SavedImage:
        """Downloads one image.

        Args:
            image: As ``insight.get_images`` lists it; its link lives one hour.
            folder: Where to put it; made if it is not there.
            overwrite: Whether to download again what is there already.

        Returns:
            The file, named as by :meth:`download_images`.

        Raises:
            PermissionDeniedError: The link has had its time.
            DeviceCloudError: As for :meth:`download_images`.
        """
        from ..workflows.images import download_image

        return self._run(download_image(self._work, image, folder, overwrite))

    def capture_image(
        self,
        device_id: str,
        *,
        sensor_name: str = "IMX500",
        crop: Crop | None = WHOLE_PICTURE,
        **options: Unpack[CallOptions],
    ) -> bytes:
        """Takes a picture with a device, now.

        Args:
            device_id: The device.
            sensor_name: The sensor; ``"IMX500"`` in two public programs, ``"sensor_chip"`` in a third.
            crop: The part of the picture: horizontal and vertical offset, horizontal and vertical size, in pixels.
                None to send nothing of it, which no public program does.
            **options: ``timeout`` and the like. Without one the client waits about three minutes for the device.

        Returns:
            The picture; a JPEG by all that public programs say.

        Raises:
            WorkFailedError: The device answered without a picture; ``.last`` is its answer.
            PartialFailureError: The device answered with an error.
            DeviceCloudError: As for every call. An unknown device gives status 400.

        Calls ``device_command.execute_device_command`` with ``direct_get_image``. The command, its parameters and its
        answer are **corroborated by public code only** (two programs of the vendor's, one other); the defaults are
        what two of them send. What your device takes stands in its DTDL model.
        """
        from ..workflows.commands import capture_image

        return self._run(capture_image(self._work, device_id, sensor_name, crop, options))


class AsyncImages(AsyncNamespaces):
    """Async."""

    async def download_images(
        self,
        device_id: str,
        sub_directory_name: str,
        folder: str | os.PathLike[str],
        *,
        name_starts_with: str | Unset = UNSET,
        concurrency: int = 4,
        limit_total: int | None = None,
        overwrite: bool = False,
        on_progress: Progress | None = None,
    ) -> ImageDownload:
        """See :meth:`Images.download_images`; ``on_progress`` may be a coroutine function."""
        from ..workflows.images import download_images

        flow = download_images(
            self._work,
            {
                "device_id": device_id,
                "sub_directory_name": sub_directory_name,
                "name_starts_with": name_starts_with,
            },
            folder,
            concurrency=concurrency,
            limit_total=limit_total,
            overwrite=overwrite,
            on_progress=on_progress,
        )
        return await self._run(flow)

    async def download_image(
        self, image: ImageLink, folder: str | os.PathLike[str], *, overwrite: bool = False
    ) -> SavedImage:
        """See :meth:`Images.download_image`."""
        from ..workflows.images import download_image

        return await self._run(download_image(self._work, image, folder, overwrite))

    async def capture_image(
        self,
        device_id: str,
        *,
        sensor_name: str = "IMX500",
        crop: Crop | None = WHOLE_PICTURE,
        **options: Unpack[CallOptions],
    ) -> bytes:
        """See :meth:`Images.capture_image`."""
        from ..workflows.commands import capture_image

        return await self._run(capture_image(self._work, device_id, sensor_name, crop, options))
