"""What can be seen of a call from outside: one observer a call, made only where somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ._errors import DeviceCloudError
    from ._flow import CallPlan
    from ._http import Request, Response
    from ._operation import Operation

__all__ = ["Watch", "WatchMaker"]


class Watch(Protocol):
    """Is told what happens in one call, in the order it happens."""

    def sending(self, request: Request, attempt: int) -> None:
        """A request goes out; attempts count from 1."""
        ...

    def received(self, response: Response) -> None:
        """A reply of any status has come."""
        ...

    def failed(self, error: DeviceCloudError) -> None:
        """An attempt failed: no reply, or a status that is no success."""
        ...

    def waiting(self, seconds: float, reason: str) -> None:
        """The call waits: for a ``retry``, or because of the ``rate limit``."""
        ...

    def renewed(self, reason: str) -> None:
        """A new token was got, because it was ``missing``, ``due`` or ``refused``."""
        ...

    def finished(self, error: BaseException | None) -> None:
        """The call is over."""
        ...


class WatchMaker(Protocol):
    """Makes the observers of a client's calls."""

    def __call__(self, operation: Operation[Any], plan: CallPlan) -> Watch | None:
        """An observer for one call; None where nobody looks at this one."""
        ...
