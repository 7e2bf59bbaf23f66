"""A user's own tests against the sandbox: where its clients come from, and whether each call was valid."""

from __future__ import annotations

import contextlib
import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..._load import MOUNTS
from ..._spec import load_spec
from ...sandbox.pages.names import method_name
from .doorstep import Doorstep
from .environment import changed_environment, sandbox_environment
from .watched import WatchedSandbox

if TYPE_CHECKING:
    from ..._journal import Journal, JournalEntry
    from ...sandbox.sandbox import Sandbox

__all__ = ["DeviceClouds", "VendorCloud"]


class VendorCloud:
    """One cloud of a test. Get it from :class:`DeviceClouds`.

    Attributes:
        vendor: Name of the vendor.
    """

    def __init__(self, clouds: DeviceClouds, vendor: str) -> None:
        self._clouds = clouds
        self.vendor = vendor
        self._client: Any = None
        self._async_client: Any = None

    @property
    def client(self) -> Any:
        """A sync client of this vendor in the same process, made on first use; closed after the test."""
        if self._client is None:
            self._client = self._clouds.sandbox.client(self.vendor)
        return self._client

    @property
    def async_client(self) -> Any:
        """An async client of this vendor in the same process, made on first use."""
        if self._async_client is None:
            self._async_client = self._clouds.sandbox.async_client(self.vendor)
        return self._async_client

    @property
    def base_url(self) -> str:
        """Where the vendor's API is, over loopback: for a client that the tested program makes itself."""
        return self._clouds.url + MOUNTS[self.vendor]

    @property
    def calls(self) -> tuple[JournalEntry, ...]:
        """The calls of this vendor, in order."""
        return tuple(entry for entry in self._clouds.calls if entry.vendor == self.vendor)

    def assert_called(self, operation: str, times: int | None = None) -> None:
        """Fails unless an operation was called; requests that were tried again count each time.

        Args:
            operation: Its id, such as ``GetDevices``, or its method, such as ``manage_devices.get_devices``.
            times: How often; at least once if left out.

        Raises:
            AssertionError: It was not called, or not as often.
            ValueError: There is no such operation.
        """
        __tracebackhide__ = True
        wanted = _operation_id(self.vendor, operation)
        seen = Counter(entry.operation_id for entry in self.calls)
        if (seen[wanted] > 0) if times is None else (seen[wanted] == times):
            return
        expected = "at least once" if times is None else f"{times} times"
        others = ", ".join(f"{name or 'no operation'} {count}" for name, count in seen.items())
        raise AssertionError(
            f"{self.vendor} {wanted}: called {seen[wanted]} times, expected {expected}; calls: {others or 'none'}"
        )

    def close(self) -> None:
        """Closes the sync client. The async one holds no connection."""
        if self._client is not None:
            self._client.close()

    def __repr__(self) -> str:
        return f"<VendorCloud {self.vendor}, {len(self.calls)} calls>"


class DeviceClouds:
    """The fixture ``deviceclouds``: a sandbox of some vendors, and what was asked of it.

    With one vendor its client, address and calls are attributes of this object; with several, ask for one by name:
    ``deviceclouds["amnimo"].client``.

    Args:
        vendors: Names of the vendors.
        allow_invalid: Whether calls may break the specification.
        environment: Whether environment variables lead ``from_env()`` to the sandbox.
        also_at: Ports of 127.0.0.1 to serve at too, where they are free: those of earlier tests, which a client knows
            that lives longer than one test.
        **options: Arguments of the sandbox.

    Raises:
        ValueError: A vendor is not known, or a number is out of range.
    """

    def __init__(
        self,
        vendors: Iterable[str],
        *,
        allow_invalid: bool = False,
        environment: bool = True,
        also_at: Iterable[int] = (),
        **options: Any,
    ) -> None:
        self.sandbox: Sandbox = WatchedSandbox(vendors, self._add, **options)
        self._clouds = {vendor: VendorCloud(self, vendor) for vendor in self.sandbox.vendors}
        self._calls: list[JournalEntry] = []
        self._checked = 0
        self._allowed = allow_invalid
        self._closing = contextlib.ExitStack()
        self._closing.enter_context(self.sandbox)
        for number in also_at:
            self._closing.callback(Doorstep(self.sandbox, number).close)
        self._doorstep: Doorstep | None = None
        if environment:
            self._closing.enter_context(changed_environment(self.environment))

    def _add(self, entry: JournalEntry) -> None:
        # What the sandbox sends is no call of the test.
        if not entry.delivery:
            self._calls.append(entry)

    def __getitem__(self, vendor: str) -> VendorCloud:
        try:
            return self._clouds[vendor]
        except KeyError:
            known = ", ".join(self._clouds)
            raise KeyError(f"this test has no {vendor!r}; its marker names {known}") from None

    @property
    def client(self) -> Any:
        """A sync client in the same process, made on first use; closed after the test."""
        return self._single("client").client

    @property
    def async_client(self) -> Any:
        """An async client in the same process, made on first use."""
        return self._single("async_client").async_client

    @property
    def base_url(self) -> str:
        """Where the vendor's API is, over loopback."""
        return self._single("base_url").base_url

    @property
    def url(self) -> str:
        """Scheme, host and port of the sandbox over loopback; it serves from the first connection on."""
        if self._doorstep is None:
            self._doorstep = Doorstep(self.sandbox)
            self._closing.callback(self._doorstep.close)
        return self._doorstep.url

    @property
    def port(self) -> int:
        """Port of 127.0.0.1 where it is served; 0 if nobody has asked for the address yet."""
        return 0 if self._doorstep is None else self._doorstep.port

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables with which ``from_env()`` of the vendors calls this sandbox, in other processes too."""
        return MappingProxyType(sandbox_environment(self.sandbox.vendors, self.url))

    @property
    def journal(self) -> Journal:
        """What was asked since the last reset of the sandbox; see :attr:`calls` for everything."""
        return self.sandbox.journal

    @property
    def calls(self) -> tuple[JournalEntry, ...]:
        """All calls of this test, in order."""
        return tuple(self._calls)

    def assert_called(self, operation: str, times: int | None = None) -> None:
        """Fails unless an operation was called; see :meth:`VendorCloud.assert_called`."""
        __tracebackhide__ = True
        self._single("assert_called").assert_called(operation, times)

    def allow_problems(self) -> None:
        """From here on and before: calls of this test may break the specification."""
        self._allowed = True

    def complaint(self) -> str:
        """What was wrong with calls since this was asked last; empty where all were valid, or need not be."""
        fresh, self._checked = self._calls[self._checked :], len(self._calls)
        if self._allowed:
            return ""
        from .complaints import complaint

        return complaint(fresh)

    def close(self) -> None:
        """Closes clients and servers, and puts the environment back."""
        for cloud in self._clouds.values():
            cloud.close()
        self._closing.close()

    def __repr__(self) -> str:
        return f"<DeviceClouds {', '.join(self._clouds)}, {len(self._calls)} calls>"

    def _single(self, name: str) -> VendorCloud:
        if len(self._clouds) == 1:
            return next(iter(self._clouds.values()))
        first = next(iter(self._clouds))
        raise AttributeError(
            f"this test has several clouds ({', '.join(self._clouds)}): say which, as in deviceclouds[{first!r}].{name}"
        )


def _operation_id(vendor: str, name: str) -> str:
    operations = load_spec(vendor).operations
    if name in operations:
        return name
    methods = {
        method_name(operation.raw["tags"][0], key): key for key, operation in operations.items()
    }
    if name in methods:
        return methods[name]
    close = difflib.get_close_matches(name, [*operations, *methods], 3)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    raise ValueError(f"{vendor} has no operation {name!r}{hint}")
