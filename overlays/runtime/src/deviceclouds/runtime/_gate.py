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

    __slots__ = ("_has_tasks", "_process", "_tasks", "_threads")

    def __init__(self) -> None:
        self._renew()

    def _renew(self) -> None:
        self._threads = threading.Lock()
        self._tasks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = (
            WeakKeyDictionary()
        )
        self._has_tasks = False
        self._process = os.getpid()

    def _renew_in_child(self) -> None:
        # A lock that another thread held while the process forked is never released in the child.
        if self._process != os.getpid():
            self._renew()

    @property
    def threads(self) -> threading.Lock:
        """The lock for threads."""
        self._renew_in_child()
        return self._threads

    @property
    def tasks(self) -> asyncio.Lock:
        """The lock for the tasks of the running event loop."""
        import asyncio

        self._renew_in_child()
        self._has_tasks = True
        return self._tasks.setdefault(asyncio.get_running_loop(), asyncio.Lock())

    @property
    def is_held(self) -> bool:
        """Whether somebody is inside, be it a thread or a task of any loop; in a forked child, perhaps at the fork."""
        if self._threads.locked():
            return True
        return self._has_tasks and any(lock.locked() for lock in list(self._tasks.values()))
