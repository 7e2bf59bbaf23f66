"""Clients that talk to the stand-in instead of the cloud."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ._app import create_app, known_vendors
from ._bridge import AsgiBridge, async_client, sync_client
from ._examples import example_call
from ._journal import Journal
from ._load import MOUNTS
from ._spec import load_spec

if TYPE_CHECKING:
    from ._serve import Server

__all__ = ["StandIn"]

_CLASSES = {
    "aitrios": "Aitrios",
    "amnimo": "Amnimo",
    "proglove": "ProGlove",
    "scailable": "Scailable",
    "viziosense": "VizioSense",
}

# Requests stay in the process: nothing is looked up under this name, whose ending is reserved.
_HOST = "http://stand-in.test"


class StandIn:
    """A stand-in for the clouds, in this process.

    Use it as a context manager, sync or async; leaving it closes what was opened.

    Args:
        vendors: Names of the vendors; all whose specification is at hand if left out.

    Raises:
        ValueError: A vendor is not known.

    Attributes:
        journal: What was asked.
        app: The ASGI application.
    """

    def __init__(self, vendors: Iterable[str] | None = None) -> None:
        self.vendors = known_vendors(vendors)
        self.journal = Journal()
        self.app = create_app(self.vendors, journal=self.journal)
        self._bridges: list[AsgiBridge] = []
        self._servers: list[Server] = []

    def base_url(self, vendor: str) -> str:
        """A vendor's base URL inside this process. Raises ValueError for an unknown vendor."""
        return _HOST + MOUNTS[self._known(vendor)]

    def client(self, vendor: str, **options: Any) -> Any:
        """A sync client, such as ``deviceclouds.aitrios.Aitrios``, with demo credentials.

        Args:
            vendor: Name of the vendor.
            **options: Constructor arguments; they win over the demo ones.

        Raises:
            ModuleNotFoundError: The vendor's wheel is not installed; the message names it.
            ValueError: The vendor is not known.
        """
        make = _client_class(self._known(vendor), "")
        arguments = self._arguments(vendor, options)
        if "http_client" not in options:
            bridge = AsgiBridge(self.app)
            self._bridges.append(bridge)
            arguments["http_client"] = sync_client(bridge)
        return make(**arguments)

    def async_client(self, vendor: str, **options: Any) -> Any:
        """An async client of a vendor; see :meth:`client`."""
        make = _client_class(self._known(vendor), "Async")
        arguments = self._arguments(vendor, options)
        if "http_client" not in options:
            arguments["http_client"] = async_client(self.app)
        return make(**arguments)

    def serve(self, port: int = 0) -> Server:
        """Serves the same stand-in over loopback, until the server or the stand-in is closed.

        Args:
            port: Port on 127.0.0.1; 0 picks a free one.

        Returns:
            A server with ``.url``, ``.base_url(vendor)`` and ``.close()``; also a context manager.

        Raises:
            OSError: The port is taken.
        """
        from ._serve import Server

        server = Server(self.app, port)
        self._servers.append(server)
        return server

    def close(self) -> None:
        """Stops threads and servers. May be called more than once."""
        for bridge in self._bridges:
            bridge.close()
        for server in self._servers:
            server.close()
        self._bridges.clear()
        self._servers.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<StandIn {', '.join(self.vendors)}>"

    def _known(self, vendor: str) -> str:
        if vendor not in self.vendors:
            raise ValueError(f"this stand-in has no {vendor!r}; it has {', '.join(self.vendors)}")
        return vendor

    def _arguments(self, vendor: str, options: dict[str, Any]) -> dict[str, Any]:
        return {**demo_arguments(vendor), "base_url": self.base_url(vendor), **options}


def demo_arguments(vendor: str) -> dict[str, Any]:
    """Constructor arguments that the stand-in takes for a signed-in user."""
    if vendor == "proglove":
        return {"id_token": "demo", "customer_id": "demo0001"}
    if vendor == "amnimo":
        spec = load_spec("amnimo")
        return {
            "token": "demo",
            "client_id": "demo",
            "secret_key": "demo",
            "account_id": example_call(spec, "get_hierarchy").parameters["accountId"],
            "subscription_id": example_call(spec, "list_cameras").parameters["subscriptionId"],
        }
    return {"token": "demo"}


def _client_class(vendor: str, prefix: str) -> Any:
    module, name = f"deviceclouds.{vendor}", prefix + _CLASSES[vendor]
    try:
        found = getattr(importlib.import_module(module), name, None)
    except ModuleNotFoundError as error:
        # A library missing inside the wheel is another matter: let it show.
        if error.name != module:
            raise
        found = None
    if found is None:
        raise ModuleNotFoundError(
            f"{module}.{name} is not installed; install the wheel of {vendor} that `nox -s build` puts into dist/",
            name=module,
        )
    return found
