"""The methods of the clients that take several calls; the work itself is in :mod:`.workflows`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deviceclouds._generated.proglove.client import Namespaces
from deviceclouds._generated.proglove.client_async import AsyncNamespaces
from deviceclouds.runtime._unset import UNSET

if TYPE_CHECKING:
    from datetime import datetime

    from deviceclouds._generated.proglove.models import AssetType, Event
    from deviceclouds.runtime._unset import Unset

    from .workflows.gateways import ProvisionedGateway

__all__ = ["AsyncWorkflowMethods", "WorkflowMethods"]

ONE_DAY = timedelta(days=1)


class WorkflowMethods(Namespaces):
    """Work of several calls, sync."""

    def provision_gateway(
        self,
        *,
        name: str | Unset = UNSET,
        usecase: str | Unset = UNSET,
        station: str | Unset = UNSET,
        gateway_id: str | None = None,
        customer_id: str | Unset = UNSET,
    ) -> ProvisionedGateway:
        """Registers a gateway and gets the certificate it connects with.

        Args:
            name: Name for people, of a new gateway.
            usecase: What the new gateway is used for.
            station: Where the new gateway stands.
            gateway_id: A gateway that is registered already, instead of the three above.
            customer_id: Customer id, if not the client's.

        Returns:
            The gateway with its certificate: ``.pkcs12``, or ``.save(path)``.

        Raises:
            DeviceCloudError: As for every call. Where a gateway was registered before the failure, a note names its id:
                call again with ``gateway_id``.

        Calls ``create_gateway``, ``prepare_provisioning`` and ``provision`` (documented). None is repeated by itself:
        the provisioning token works once, presumably.
        """
        from .workflows.gateways import provision_gateway

        described = {"name": name, "usecase": usecase, "station": station}
        customer = {"customer_id": customer_id}
        return self._run(provision_gateway(self._work, gateway_id, described, customer))

    def iterate_events(
        self,
        start: datetime,
        end: datetime,
        *,
        window: timedelta = ONE_DAY,
        gateway_id: str | None = None,
    ) -> Iterator[Event]:
        """Walks through the events of a long time, window by window, oldest window first.

        Args:
            start: First moment, with a time zone.
            end: Last moment, with a time zone.
            window: Length of the windows that are asked for one by one.
            gateway_id: Only events of this gateway. The cloud then gives one page of 500 at most; a full one is asked
                for again in halves of its window, so that nothing is lost.

        Yields:
            Events, each once. Their order within a window is the cloud's, which is not documented.

        Raises:
            InvalidRequestError: A moment has no time zone, or the end is before the start.
            PaginationError: One millisecond of a gateway fills a page.

        Calls ``list_events`` (documented).
        """
        from .workflows.events import EventWindows

        windows = EventWindows(start, end, window, gateway_id)
        while (arguments := windows.arguments()) is not None:
            for page in self.events.list_events(**arguments).pages():
                yield from windows.accept(page.items)

    def download_asset(
        self,
        asset_type: AssetType,
        target: str | Path,
        *,
        agreed_by: str,
        eula_version: str,
        eula_checksum: str | Unset = UNSET,
        asset_version: str | Unset = UNSET,
        customer_id: str | Unset = UNSET,
    ) -> Path:
        """Downloads an app or a firmware. **The call accepts its licence** in the name of ``agreed_by``.

        Args:
            asset_type: Which app or firmware.
            target: A file to write, or a folder: then the file is named as in the vendor's storage.
            agreed_by: Email address of the person who accepted the licence.
            eula_version: Version of the accepted licence.
            eula_checksum: Checksum of the accepted licence.
            asset_version: Version of the file; the latest one if left out.
            customer_id: Customer id, if not the client's.

        Returns:
            The file. It is whole, or not there.

        Raises:
            ApiStatusError: The API or the storage refuses.
            InvalidRequestError: The file cannot be written.

        Calls ``generate_download_url`` (documented), then the signed address it gives, without credentials.
        """
        from .workflows.assets import download_asset

        return self._run(
            download_asset(
                self._work,
                Path(target),
                _licence(
                    asset_type, agreed_by, eula_version, eula_checksum, asset_version, customer_id
                ),
            )
        )


class AsyncWorkflowMethods(AsyncNamespaces):
    """Work of several calls, async."""

    async def provision_gateway(
        self,
        *,
        name: str | Unset = UNSET,
        usecase: str | Unset = UNSET,
        station: str | Unset = UNSET,
        gateway_id: str | None = None,
        customer_id: str | Unset = UNSET,
    ) -> ProvisionedGateway:
        """See :meth:`WorkflowMethods.provision_gateway`."""
        from .workflows.gateways import provision_gateway

        described = {"name": name, "usecase": usecase, "station": station}
        customer = {"customer_id": customer_id}
        return await self._run(provision_gateway(self._work, gateway_id, described, customer))

    async def iterate_events(
        self,
        start: datetime,
        end: datetime,
        *,
        window: timedelta = ONE_DAY,
        gateway_id: str | None = None,
    ) -> AsyncIterator[Event]:
        """See :meth:`WorkflowMethods.iterate_events`."""
        from .workflows.events import EventWindows

        windows = EventWindows(start, end, window, gateway_id)
        while (arguments := windows.arguments()) is not None:
            async for page in self.events.list_events(**arguments).pages():
                for event in windows.accept(page.items):
                    yield event

    async def download_asset(
        self,
        asset_type: AssetType,
        target: str | Path,
        *,
        agreed_by: str,
        eula_version: str,
        eula_checksum: str | Unset = UNSET,
        asset_version: str | Unset = UNSET,
        customer_id: str | Unset = UNSET,
    ) -> Path:
        """See :meth:`WorkflowMethods.download_asset`."""
        from .workflows.assets import download_asset

        return await self._run(
            download_asset(
                self._work,
                Path(target),
                _licence(
                    asset_type, agreed_by, eula_version, eula_checksum, asset_version, customer_id
                ),
            )
        )


def _licence(
    asset_type: AssetType,
    agreed_by: str,
    eula_version: str,
    eula_checksum: str | Unset,
    asset_version: str | Unset,
    customer_id: str | Unset,
) -> dict[str, Any]:
    return {
        "asset_type": asset_type,
        "agreed_by": agreed_by,
        "eula_version": eula_version,
        "eula_checksum": eula_checksum,
        "asset_version": asset_version,
        "customer_id": customer_id,
    }
