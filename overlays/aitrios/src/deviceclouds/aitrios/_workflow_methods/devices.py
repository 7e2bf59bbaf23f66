"""Methods that change devices and their groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from deviceclouds._generated.aitrios.client import Namespaces
from deviceclouds._generated.aitrios.client_async import AsyncNamespaces
from deviceclouds.runtime._unset import UNSET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deviceclouds._generated.aitrios.models import SuccessResponse, UpdateConfigurationResponse
    from deviceclouds.runtime._core import CallOptions
    from deviceclouds.runtime._unset import Unset

__all__ = ["AsyncDevices", "Devices"]


class Devices(Namespaces):
    """Sync."""

    def start_inference(
        self,
        device_id: str,
        module_id: str | None = None,
        *,
        app_name: str | None = None,
        **options: Unpack[CallOptions],
    ) -> UpdateConfigurationResponse:
        """Tells an edge app on a device to begin its work.

        Args:
            device_id: The device.
            module_id: The app's module on it. Found by itself where the device has just one edge app.
            app_name: Name of the app or of its module, to find the module by.
            **options: ``timeout`` and the like, for each of the calls.

        Returns:
            The Console's answer: the wish is noted. ``device_command.get_module_property`` tells, in ``state``, when
            the app has followed it.

        Raises:
            InvalidRequestError: The device has no such edge app, or several; the message names them.
            DeviceCloudError: As for every call.

        Sets ``edge_app.common_settings.process_state`` to 2, with ``device_command.update_module_configuration``.
        **Corroborated by public code only** (a program of the vendor's, one other): the document says nothing of these
        fields, and edge apps of other makers may have others. It says that all fields under a property are updated;
        so the app's present settings are read first and sent along. Changes others make in between are lost.
        """
        from ..workflows.commands import RUNNING, set_process_state

        return self._run(
            set_process_state(self._work, device_id, module_id, app_name, RUNNING, options)
        )

    def stop_inference(
        self,
        device_id: str,
        module_id: str | None = None,
        *,
        app_name: str | None = None,
        **options: Unpack[CallOptions],
    ) -> UpdateConfigurationResponse:
        """Tells an edge app on a device to stop its work: ``process_state`` 1, else as :meth:`start_inference`."""
        from ..workflows.commands import STOPPED, set_process_state

        return self._run(
            set_process_state(self._work, device_id, module_id, app_name, STOPPED, options)
        )

    def update_device_group(
        self,
        device_group_id: str,
        *,
        description: str | Unset | None = UNSET,
        device_id: Sequence[str] | Unset | None = UNSET,
        del_from_dgroup: str | Unset = UNSET,
        **options: Unpack[CallOptions],
    ) -> SuccessResponse:
        """Changes a device group, as ``manage_devices.update_device_group`` does; None empties a field.

        The API has a word of its own for that (``@@nullupdate``), because its parameters travel in the query, where
        there is no null. The namespace's method sends what it is given and refuses None.

        Args:
            device_group_id: The group.
            description: Words about it; None or an empty text for none.
            device_id: The devices that shall be in it from now on; None or an empty list takes all out.
            del_from_dgroup: ``"1"`` takes the devices out of their default group, ``"0"`` leaves them in it as well.
            **options: ``timeout`` and the like.

        Raises:
            DeviceCloudError: As for every call. With neither description nor device_id the Console answers 400.
        """
        from ..workflows.groups import update_device_group

        return self._run(
            update_device_group(
                self._work, device_group_id, description, device_id, del_from_dgroup, options
            )
        )


class AsyncDevices(AsyncNamespaces):
    """Async."""

    async def start_inference(
        self,
        device_id: str,
        module_id: str | None = None,
        *,
        app_name: str | None = None,
        **options: Unpack[CallOptions],
    ) -> UpdateConfigurationResponse:
        """See :meth:`Devices.start_inference`."""
        from ..workflows.commands import RUNNING, set_process_state

        return await self._run(
            set_process_state(self._work, device_id, module_id, app_name, RUNNING, options)
        )

    async def stop_inference(
        self,
        device_id: str,
        module_id: str | None = None,
        *,
        app_name: str | None = None,
        **options: Unpack[CallOptions],
    ) -> UpdateConfigurationResponse:
        """See :meth:`Devices.stop_inference`."""
        from ..workflows.commands import STOPPED, set_process_state

        return await self._run(
            set_process_state(self._work, device_id, module_id, app_name, STOPPED, options)
        )

    async def update_device_group(
        self,
        device_group_id: str,
        *,
        description: str | Unset | None = UNSET,
        device_id: Sequence[str] | Unset | None = UNSET,
        del_from_dgroup: str | Unset = UNSET,
        **options: Unpack[CallOptions],
    ) -> SuccessResponse:
        """See :meth:`Devices.update_device_group`."""
        from ..workflows.groups import update_device_group

        return await self._run(
            update_device_group(
                self._work, device_group_id, description, device_id, del_from_dgroup, options
            )
        )
