"""Lets one caller in at a time, be it a thread or a task, and keeps the others waiting in turn."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import asyncio

__all__ = ["Gate"]


class Gate:
    """Two locks with one meaning: one for threads, one for the tasks of each event loop.

    A client is sync or async, so only one of the two is in use.
    """

    __slots__ = ("_process", "_tasks", "_threads")

    def __init__(self) -> None:
        self._renew()

    def _renew(self) -> None:
        self._threads = threading.Lock()
        self._tasks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = (
            WeakKeyDictionary()
        )
        self._process = os.getpid()

    @property
    def threads(self) -> threading.Lock:
        """The lock for threads."""
        if self._process != os.getpid():
            # A lock that another thread held while the process forked is never released in the child.
            self._renew()
        return self._threads

    @property
    def tasks(self) -> asyncio.Lock:
        """The lock for the tasks of the running event loop."""
        import asyncio

        return self._tasks.setdefault(asyncio.get_running_loop(), asyncio.Lock())

    @property
    def is_held(self) -> bool:
        """Whether somebody is inside, be it a thread or a task of any loop."""
        if self.threads.locked():
            return True
        return bool(self._tasks) and any(lock.locked() for lock in list(self._tasks.values()))
