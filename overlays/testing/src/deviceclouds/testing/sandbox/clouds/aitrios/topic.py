"""What the topics of the Console share: its records, its pages, its errors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ...calls import Refusal
from ...cloud import Cloud, page
from .codes import cursor_code, refuse, usual_code
from .times import stamp

if TYPE_CHECKING:
    from ...calls import Call
    from ...world import World
    from .device import Device
    from .state import State

__all__ = ["SUCCESS", "Topic", "error_body"]

SUCCESS = {"result": "SUCCESS"}
"""What most calls that change something answer."""


class Topic(Cloud):
    """The base of the calls of one topic.

    Args:
        world: What the sandbox holds.
        state: The Console's records, which all topics share.
    """

    vendor = "aitrios"

    def __init__(self, world: World, state: State) -> None:
        super().__init__(world)
        self.state = state

    @property
    def now(self) -> float:
        """POSIX seconds."""
        return self.world.clock.now()

    def cut(self, call: Call, items: Iterable[Any]) -> tuple[list[Any], str | None]:
        """The items of the page that was asked for, and the cursor of the next. Raises Refusal for a bad cursor."""
        try:
            found = page(call, items)
        except Refusal:
            raise refuse(cursor_code(call.operation.id)) from None
        return found["items"], found["next"]

    def device(self, device_id: str, code: str) -> Device:
        """A device, brought up to date. Raises Refusal with the code where there is none."""
        device = self.state.table.devices.get(device_id)
        if device is None:
            raise refuse(code)
        device.settle(self.now)
        return device

    def warning(self, code: str, words: str | None = None) -> dict[str, Any]:
        """A reply of status 200 that warns."""
        return error_body(200, code, words or refuse(code).message, self.now)


def error_body(status: int, code: str | None, message: str, now: float) -> dict[str, Any]:
    """The Console's only shape of errors and warnings."""
    return {
        "result": "WARNING" if code and code.startswith("W") else "ERROR",
        "code": code or usual_code(status),
        "message": message,
        "time": stamp(now),
    }
