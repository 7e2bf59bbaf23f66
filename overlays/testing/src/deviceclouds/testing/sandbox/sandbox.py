"""A sandbox of the five clouds, in this process or over loopback, and clients that talk to it."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .._bridge import AsgiBridge, async_client, sync_client
from .._examples import example_call
from .._journal import Journal
from .._load import MOUNTS
from .._spec import load_spec
from .app import create_app, known_vendors
from .client_clock import ClientClock
from .clock import SandboxClock
from .faults import Fault
from .tokens import DEMO
from .webhooks import Webhooks
from .world import HOST, World

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from .._serve import Server
    from .cloud import Cloud
    from .deliveries import Delivered
    from .faults import Kind

__all__ = ["CLIENTS", "Sandbox", "demo_arguments"]

CLIENTS = {
    "aitrios": "Aitrios",
    "amnimo": "Amnimo",
    "proglove": "ProGlove",
    "scailable": "Scailable",
    "viziosense": "VizioSense",
}
"""Class of each vendor's client."""

SIGN_INS = {
    "aitrios": "/aitrios/oauth2/default/v1/token",
    "proglove": "/proglove-cognito",
    "scailable": "/scailable/auth",
}
"""Sign-ins that are not part of a vendor's API."""


class _Entrance:
    """The ASGI application servers and transports hold: it stays the same when the sandbox is reset."""

    inner: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.inner(scope, receive, send)


class Sandbox:
    """Five clouds that keep what they are told. Use it as a context manager, sync or async.

    Args:
        vendors: Names of the vendors; all whose specification is at hand if left out.
        stateful: Whether the clouds keep state and check tokens; without, each valid request gets the example of its
            specification, and any well-formed token will do.
        seed: The same seed makes the same fleets.
        size: Factor on the fleets' sizes; 1 for realistic ones, 0 for a few records of each kind.
        rate_limits: Whether vendors' rate limits are kept to.
        strict: Whether a reply that breaks the specification raises; for tests of the sandbox itself.
        frozen: Whether the clock stands still until it is told otherwise.
        allow_hosts: Further hosts that webhooks are sent to, beside loopback addresses.

    Raises:
        ValueError: A vendor is not known, or a number is out of range.

    Attributes:
        hosts: Further names of this machine by which the page and the controls may be asked; see ``guard``.
        clock: The sandbox's time.
        journal: What was asked.
        webhooks: What sends webhooks, and ``webhooks.log``, what became of the latest.
        world: Everything the clouds share.
        app: The ASGI application.
    """

    def __init__(
        self,
        vendors: Iterable[str] | None = None,
        *,
        stateful: bool = True,
        seed: int = 1,
        size: float = 1.0,
        rate_limits: bool = True,
        strict: bool = False,
        frozen: bool = False,
        allow_hosts: Iterable[str] = (),
    ) -> None:
        self.vendors = known_vendors(vendors)
        self.stateful = stateful
        self.hosts: set[str] = set()
        self._frozen = frozen
        self._settings: dict[str, Any] = {
            "seed": seed,
            "size": size,
            "rate_limits": rate_limits,
        }
        self._strict = strict
        self._bridges: list[AsgiBridge] = []
        self._servers: list[Server] = []
        self.webhooks = Webhooks(allow_hosts)
        self.app = _Entrance()
        self._build()

    def _build(self) -> None:
        from .controls import control_routes
        from .pages import page_routes

        self.world = World(**self._settings, clock=SandboxClock(frozen=self._frozen))
        self.clouds: dict[str, Cloud] = {}
        if self.stateful:
            from .clouds import cloud_of

            self.clouds = {vendor: cloud_of(vendor, self.world) for vendor in self.vendors}
        self.app.inner = create_app(
            self.vendors,
            world=self.world,
            clouds=self.clouds,
            routes=[*page_routes(self), *control_routes(self)],
            strict=self._strict,
        )
        self.webhooks.attach(self.world, self.clouds)

    @property
    def clock(self) -> SandboxClock:
        """The sandbox's time."""
        return self.world.clock

    @property
    def journal(self) -> Journal:
        """What was asked."""
        return self.world.journal

    def fail(
        self,
        vendor: str = "*",
        operation: str = "*",
        *,
        kind: Kind = "status",
        status: int = 503,
        retry_after: float | None = None,
        latency: float = 0.0,
        times: int | None = 1,
        probability: float = 1.0,
    ) -> None:
        """Lets calls go wrong; see :class:`~.faults.Fault` for the arguments.

        Raises:
            ValueError: An argument is out of range, or there is no such vendor or operation.
        """
        if vendor != "*":
            self._known(vendor)
            if operation != "*" and operation not in load_spec(vendor).operations:
                raise ValueError(f"{vendor} has no operation {operation!r}")
        self.world.faults.add(
            Fault(vendor, operation, kind, status, retry_after, latency, times, probability)
        )

    def revoke(self, vendor: str | None = None, *, demo: bool = False) -> int:
        """Makes the tokens that were given out worthless; gives their number.

        Args:
            vendor: Whose; all if left out.
            demo: The static token ``demo`` too.
        """
        return self.world.tokens.revoke(vendor, demo=demo)

    def reset(self, *, seed: int | None = None, size: float | None = None) -> None:
        """Everything is as it was in the beginning: records, clock, tokens, faults, journal.

        Clients and servers stay connected; tokens they hold have to be got anew.

        Args:
            seed: Another seed.
            size: Another size.

        Raises:
            ValueError: A number is out of range.
        """
        before, changed = self._settings, {"seed": seed, "size": size}
        given = {name: value for name, value in changed.items() if value is not None}
        self._settings = {**before, **given}
        try:
            self._build()
        except BaseException:
            # What was refused must not be in the way of the next reset.
            self._settings = before
            raise

    def base_url(self, vendor: str) -> str:
        """A vendor's base URL inside this process. Raises ValueError for an unknown vendor."""
        return HOST + MOUNTS[self._known(vendor)]

    def client(self, vendor: str, **options: Any) -> Any:
        """A sync client, such as ``deviceclouds.aitrios.Aitrios``, with demo credentials.

        It does not wait: where it would, for slow work or before trying again, the sandbox's clock jumps.

        Args:
            vendor: Name of the vendor.
            **options: Constructor arguments; they win over the demo ones. Pass credentials (``demo``) to see it
                sign in.

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

    def serve(self, port: int = 0, host: str = "127.0.0.1") -> Server:
        """Serves the same sandbox over sockets, until the server or the sandbox is closed.

        Args:
            port: Port; 0 picks a free one.
            host: Address to listen at; loopback unless told otherwise.

        Returns:
            A server with ``.url``, ``.base_url(vendor)`` and ``.close()``; also a context manager.

        Raises:
            OSError: The port is taken.
        """
        from .._serve import Server

        server = Server(self.app, port, host)
        self.hosts.add(host.lower())
        self._servers.append(server)
        self.webhooks.watch()
        return server

    def receive_webhooks(self, url_prefix: str, app: ASGIApp) -> None:
        """Lets an ASGI application in this process have what goes to addresses that begin with a prefix.

        Args:
            url_prefix: Such as ``https://receiver.example.com``; the name is not looked up.
            app: The application; it runs in a thread of its own.

        Raises:
            ValueError: The prefix is no http(s) address.
        """
        self.webhooks.receive(url_prefix, app)

    def deliver_webhooks(self) -> list[Delivered]:
        """Sends the webhooks that are due, and waits until they have arrived.

        A jump of the clock sends them too, without waiting, and so does the running clock of a sandbox that is served.
        From a coroutine, call this in a thread.

        Returns:
            What became of all deliveries since this was called last.

        Raises:
            RuntimeError: It takes longer than a minute.
        """
        return self.webhooks.deliver()

    def close(self) -> None:
        """Stops threads and servers. May be called more than once."""
        for bridge in self._bridges:
            bridge.close()
        for server in self._servers:
            server.close()
        self.webhooks.close()
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
        return f"<Sandbox {', '.join(self.vendors)}>"

    def _known(self, vendor: str) -> str:
        if vendor not in self.vendors:
            raise ValueError(f"this sandbox has no {vendor!r}; it has {', '.join(self.vendors)}")
        return vendor

    def _arguments(self, vendor: str, options: dict[str, Any]) -> dict[str, Any]:
        arguments = demo_arguments(vendor, self.base_url(vendor), HOST, options)
        return {**arguments, "clock": ClientClock(self), **options}


_SIGN_IN_ARGUMENTS = {
    "client_id", "client_secret", "username", "password", "email", "refresh_token", "secret_key",
}  # fmt: skip


def demo_arguments(
    vendor: str, base_url: str, origin: str, options: Iterable[str] = ()
) -> dict[str, Any]:
    """Constructor arguments of a client of the sandbox.

    Args:
        vendor: Name of the vendor.
        base_url: Where its API is.
        origin: Scheme, host and port of the sandbox.
        options: Names of arguments the caller gives; with credentials among them, no static token is added.
    """
    found: dict[str, Any] = {"base_url": base_url}
    signs_in = bool(_SIGN_IN_ARGUMENTS & set(options))
    if vendor == "amnimo":
        spec = load_spec("amnimo")
        found["account_id"] = example_call(spec, "get_hierarchy").parameters["accountId"]
        found["subscription_id"] = example_call(spec, "list_cameras").parameters["subscriptionId"]
        if not signs_in:
            # With client id and key, auth.issue_token works as well.
            from deviceclouds.runtime import MemoryTokenStore

            found |= {"client_id": DEMO, "secret_key": DEMO, "token_store": MemoryTokenStore()}
    if vendor == "proglove":
        found["customer_id"] = "demo0001"
    if not signs_in:
        found["id_token" if vendor == "proglove" else "token"] = DEMO
        return found
    sign_in = {"aitrios": "token_url", "proglove": "cognito_url", "scailable": "auth_url"}
    if vendor in sign_in:
        found[sign_in[vendor]] = origin + SIGN_INS[vendor]
    return found


def _client_class(vendor: str, prefix: str) -> Any:
    module, name = f"deviceclouds.{vendor}", prefix + CLIENTS[vendor]
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
