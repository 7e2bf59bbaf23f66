"""Methods that upload files and register them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from deviceclouds._generated.aitrios.client import Namespaces
from deviceclouds._generated.aitrios.client_async import AsyncNamespaces
from deviceclouds.runtime._unset import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable

    from deviceclouds.runtime._core import CallOptions
    from deviceclouds.runtime._files import FileInput
    from deviceclouds.runtime._unset import Unset
    from deviceclouds.runtime._upload_progress import Sent

    from ..workflows.uploads import RegisteredFiles

__all__ = ["AsyncUploads", "Uploads"]


class Uploads(Namespaces):
    """Sync."""

    def upload_firmware(
        self,
        file: FileInput,
        *,
        firmware_type: str = "edge_system_sw_package",
        description: str | Unset = UNSET,
        on_progress: Callable[[Sent], object] | None = None,
        **options: Unpack[CallOptions],
    ) -> RegisteredFiles:
        """Uploads a device software package and registers it, so that it can be deployed.

        Args:
            file: The package: a path, an open binary file, bytes or an ``Upload``. It is streamed.
            firmware_type: Kind of the package; the API knows this one.
            description: Words about it, at most 100 characters.
            on_progress: A plain function, told of bytes sent and bytes in all.
            **options: ``timeout`` and the like, for each of the calls.

        Returns:
            The id of the uploaded file, and the answer. The API does not give the ``firmware_id``; look for it with
            ``firmware.get_firmwares``.

        Raises:
            InvalidRequestError: The file cannot be read, or an argument breaks the specification. Nothing was sent.
            DeviceCloudError: As for every call. If the file was uploaded before the failure, the message names the step
                and the ``file_id`` to go on with, and ``.file_ids`` holds it: nothing has to be sent twice.

        Calls ``utility.upload_file`` and ``firmware.create_firmware`` (corroborated). Neither is repeated by itself.
        """
        from ..workflows.uploads import upload_firmware

        given = {"firmware_type": firmware_type, "description": description}
        return self._run(upload_firmware(self._work, file, given, on_progress, options))

    def upload_edge_app(
        self,
        file: FileInput,
        *,
        app_name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        on_progress: Callable[[Sent], object] | None = None,
        **options: Unpack[CallOptions],
    ) -> RegisteredFiles:
        """Uploads the package of an edge app and imports it. The Console compiles it then: see ``wait_for_edge_app``.

        Args:
            file: The package, as for :meth:`upload_firmware`.
            app_name: Name to use in place of the one in the package.
            description: Words about it, at most 100 characters.
            on_progress: A plain function, told of bytes sent and bytes in all.
            **options: ``timeout`` and the like, for each of the calls.

        Returns:
            The id of the uploaded file, and the answer.

        Raises:
            DeviceCloudError: As for :meth:`upload_firmware`.

        Calls ``utility.upload_file`` and ``edge_app.import_edge_app`` (corroborated). Neither is repeated by itself.
        """
        from ..workflows.uploads import upload_edge_app

        given = {"app_name": app_name, "description": description}
        return self._run(upload_edge_app(self._work, file, given, on_progress, options))

    def upload_model(
        self,
        file: FileInput,
        model_id: str,
        *,
        converted: bool | Unset = UNSET,
        input_format_param: FileInput | None = None,
        network_config: FileInput | None = None,
        dcpu_firmware: FileInput | None = None,
        dcpu_manifest: FileInput | None = None,
        dcpu_postprocess: FileInput | None = None,
        vendor_name: str | Unset = UNSET,
        comment: str | Unset = UNSET,
        network_type: str | Unset = UNSET,
        reserved_mem: int | Unset = UNSET,
        metadata_format_id: str | Unset = UNSET,
        on_progress: Callable[[Sent], object] | None = None,
        **options: Unpack[CallOptions],
    ) -> RegisteredFiles:
        """Uploads a model with the files that belong to it, and imports it as a base model or a new version of one.

        Args:
            file: The model, as for :meth:`upload_firmware`.
            model_id: Id of the model to register or to give a new version, up to 100 characters.
            converted: Whether the model is converted already. **Inferred**: the document words it the other way round.
            input_format_param: File with the order and format of the inputs, JSON.
            network_config: File with parameters for the converter, JSON; for a model that is not converted.
            dcpu_firmware: DCPU firmware.
            dcpu_manifest: DCPU manifest.
            dcpu_postprocess: DCPU post-processing file.
            vendor_name: Who made the model, up to 100 characters; for a new model only.
            comment: Description of up to 100 characters.
            network_type: ``0`` if an application must be deployed with the model, ``1`` if none is needed.
            reserved_mem: Memory to keep free on the chip for the conversion, in bytes.
            metadata_format_id: Id of the format of the model's output.
            on_progress: A plain function, told of bytes sent and bytes in all, for one file after the other.
            **options: ``timeout`` and the like, for each of the calls.

        Returns:
            The ids of the uploaded files, by argument of ``import_base_model``, and the answer.

        Raises:
            DeviceCloudError: As for :meth:`upload_firmware`.

        Calls ``utility.upload_file`` for each file and ``train_model.import_base_model`` (corroborated). None is
        repeated by itself. ``train_model.publish_model`` then converts the model.
        """
        from ..workflows.uploads import upload_model

        extra = {
            "input_format_param": input_format_param,
            "network_config": network_config,
            "dcpu_firmware": dcpu_firmware,
            "dcpu_manifest": dcpu_manifest,
            "dcpu_postprocess": dcpu_postprocess,
        }
        given = {
            "model_id": model_id,
            "converted": converted,
            "vendor_name": vendor_name,
            "comment": comment,
            "network_type": network_type,
            "reserved_mem": reserved_mem,
            "metadata_format_id": metadata_format_id,
        }
        files = {kind: content for kind, content in extra.items() if content is not None}
        return self._run(upload_model(self._work, file, files, given, on_progress, options))


class AsyncUploads(AsyncNamespaces):
    """Async."""

    async def upload_firmware(
        self,
        file: FileInput,
        *,
        firmware_type: str = "edge_system_sw_package",
        description: str | Unset = UNSET,
        on_progress: Callable[[Sent], object] | None = None,
        **options: Unpack[CallOptions],
    ) -> RegisteredFiles:
        """See :meth:`Uploads.upload_firmware`."""
        from ..workflows.uploads import upload_firmware

        given = {"firmware_type": firmware_type, "description": description}
        return await self._run(upload_firmware(self._work, file, given, on_progress, options))

    async def upload_edge_app(
        self,
        file: FileInput,
        *,
        app_name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        on_progress: Callable[[Sent], object] | None = None,
        **options: Unpack[CallOptions],
    ) -> RegisteredFiles:
        """See :meth:`Uploads.upload_edge_app`."""
        from ..workflows.uploads import upload_edge_app

        given = {"app_name": app_name, "description": description}
        return await self._run(upload_edge_app(self._work, file, given, on_progress, options))

    async def upload_model(
        self,
        file: FileInput,
        model_id: str,
        *,
        converted: bool | Unset = UNSET,
        input_format_param: FileInput | None = None,
        network_config: FileInput | None = None,
        dcpu_firmware: FileInput | None = None,
        dcpu_manifest: FileInput | None = None,
        dcpu_postprocess: FileInput | None = None,
        vendor_name: str | Unset = UNSET,
        comment: str | Unset = UNSET,
        network_type: str | Unset = UNSET,
        reserved_mem: int | Unset = UNSET,
        metadata_format_id: str | Unset = UNSET,
        on_progress: Callable[[Sent], object] | None = None,
        **options: Unpack[CallOptions],
    ) -> RegisteredFiles:
        """See :meth:`Uploads.upload_model`."""
        from ..workflows.uploads import upload_model

        extra = {
            "input_format_param": input_format_param,
            "network_config": network_config,
            "dcpu_firmware": dcpu_firmware,
            "dcpu_manifest": dcpu_manifest,
            "dcpu_postprocess": dcpu_postprocess,
        }
        given = {
            "model_id": model_id,
            "converted": converted,
            "vendor_name": vendor_name,
            "comment": comment,
            "network_type": network_type,
            "reserved_mem": reserved_mem,
            "metadata_format_id": metadata_format_id,
        }
        files = {kind: content for kind, content in extra.items() if content is not None}
        return await self._run(upload_model(self._work, file, files, given, on_progress, options))
