"""Delivers what the clouds send by themselves: to receivers on this machine or in this process, and never elsewhere."""

from __future__ import annotations

import ipaddress
import queue
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import httpx2

from .._bridge import AsgiBridge, sync_client
from .._journal import JournalEntry
from .._problems import Problem
from .deliveries import Delivered, Delivery

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from .cloud import Cloud
    from .world import World

__all__ = ["MOST_AT_ONCE", "Webhooks"]

MOST_AT_ONCE = 1000
"""Deliveries after one jump of the clock at most, the newest. A real cloud would have sent all, each in its time."""

_STEP_SECONDS = 2.0
"""A receiver's time for each step of a delivery."""
_LONGEST_WAIT = 60.0
_WATCH_SECONDS = 1.0
_FOREIGN = (
    "not sent: this is not an address of this machine; see allow_hosts= and receive_webhooks()"
)
_SILENT = "not sent: the receiver did not answer the one before in time"


class _Batch:
    """Deliveries on their way."""

    def __init__(self, world: World, deliveries: list[Delivery]) -> None:
        self.world = world
        self.deliveries = deliveries
        self.done = threading.Event()


class Webhooks:
    """Finds out what is due and sends it, in order, in a thread of its own. Nothing is sent twice.

    Args:
        allow_hosts: Further hosts that may be sent to; loopback addresses always may.
    """

    def __init__(self, allow_hosts: Iterable[str] = ()) -> None:
        self.allow_hosts = {host.lower() for host in allow_hosts}
        self._receivers: dict[str, httpx2.Client] = {}
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[_Batch | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = self._watching = False
        self._told: set[tuple[int, str]] = set()
        self._fresh: deque[Delivered] = deque(maxlen=MOST_AT_ONCE)
        self._log: deque[Delivered] = deque(maxlen=MOST_AT_ONCE)
        self._source: tuple[World, Mapping[str, Cloud]] | None = None

    def attach(self, world: World, clouds: Mapping[str, Cloud]) -> None:
        """Looks after these clouds from now on, each time their clock jumps."""
        with self._lock:
            self._source = world, clouds
            self._told.clear()
        world.clock.on_advance.append(self.look)

    @property
    def log(self) -> tuple[Delivered, ...]:
        """What became of the latest deliveries, oldest first."""
        return tuple(self._log)

    def receive(self, url_prefix: str, app: ASGIApp) -> None:
        """Lets an application in this process have what goes to addresses that begin with a prefix.

        Raises:
            ValueError: The prefix is no http(s) address.
        """
        if origin_of(url_prefix) is None:
            raise ValueError(f"url_prefix={url_prefix!r}: give an http(s) address")
        client = sync_client(AsgiBridge(app))
        with self._lock:
            old = self._receivers.pop(url_prefix, None)
            self._receivers[url_prefix] = client
        if old is not None:
            old.close()

    def look(self) -> None:
        """Begins to send what is due, and does not wait for it."""
        self._begin(even_nothing=False)

    def watch(self) -> None:
        """Looks each second from now on, for a clock that runs."""
        with self._lock:
            self._watching = True
        # Whoever waits for the next batch has to learn of it.
        self._begin(even_nothing=True)

    def deliver(self) -> list[Delivered]:
        """Sends what is due, and waits until it has arrived.

        Returns:
            What became of all deliveries since this was called last, in the order in which they were sent.

        Raises:
            RuntimeError: It takes longer than a minute.
        """
        # Behind what a jump of the clock has begun to send before.
        batch = self._begin(even_nothing=True)
        if batch is not None and not batch.done.wait(_LONGEST_WAIT):
            raise RuntimeError(
                "webhooks are not delivered; does their receiver wait for this very call?"
            )
        with self._lock:
            found = list(self._fresh)
            self._fresh.clear()
        return found

    def close(self) -> None:
        """Stops after the delivery that is under way. May be called more than once."""
        with self._lock:
            self._closed, thread, self._thread = True, self._thread, None
            receivers = list(self._receivers.values())
            self._receivers.clear()
        if thread is not None:
            self._queue.put(None)
            if thread is not threading.current_thread():
                thread.join(2 * _STEP_SECONDS)
        for client in receivers:
            client.close()

    def may_reach(self, url: str) -> bool:
        """Whether something is sent to an address at all."""
        if self._receiver(url) is not None:
            return True
        if origin_of(url) is None:
            return False
        host = httpx2.URL(url).host.lower()
        return host in self.allow_hosts or _is_loopback(host)

    def _begin(self, *, even_nothing: bool) -> _Batch | None:
        with self._lock:
            if self._closed or self._source is None:
                return None
            world, clouds = self._source
            due: list[Delivery] = []
            with world.lock:
                for cloud in clouds.values():
                    due += cloud.deliveries(world.clock.now(), self.may_reach, MOST_AT_ONCE)
            if not due and not even_nothing:
                return None
            due.sort(key=lambda one: one.due)
            batch = _Batch(world, due[-MOST_AT_ONCE:])
            self._queue.put(batch)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, name="deviceclouds-webhooks", daemon=True
                )
                self._thread.start()
            return batch

    def _work(self) -> None:
        # Neither proxies nor redirects: both could lead elsewhere.
        with httpx2.Client(
            trust_env=False, follow_redirects=False, timeout=_STEP_SECONDS
        ) as client:
            while (batch := self._next()) is not None:
                silent: set[str] = set()
                for delivery in batch.deliveries:
                    if self._closed:
                        break
                    self._send(client, batch.world, delivery, silent)
                batch.done.set()

    def _next(self) -> _Batch | None:
        while True:
            try:
                return self._queue.get(timeout=_WATCH_SECONDS if self._watching else None)
            except queue.Empty:
                self.look()

    def _send(
        self, client: httpx2.Client, world: World, delivery: Delivery, silent: set[str]
    ) -> None:
        origin = origin_of(delivery.url) or "nowhere"
        status, problem = None, None
        if not self.may_reach(delivery.url):
            if (delivery.webhook, origin) in self._told:
                return
            self._told.add((delivery.webhook, origin))
            problem = _FOREIGN
        elif origin in silent:
            problem = _SILENT
        else:
            try:
                status = _post(self._receiver(delivery.url) or client, delivery)
            except httpx2.TimeoutException:
                silent.add(origin)
                problem = f"the receiver did not answer within {_STEP_SECONDS:g} s"
            except Exception as error:  # a receiver in this process may raise anything
                # Its text may hold what was sent.
                problem = f"the receiver failed: {type(error).__name__}"
        self._note(world, delivery, origin, status, problem)

    def _note(
        self, world: World, delivery: Delivery, origin: str, status: int | None, problem: str | None
    ) -> None:
        done = Delivered(
            delivery.vendor,
            delivery.webhook,
            delivery.kind,
            delivery.due,
            delivery.method,
            origin,
            status,
            problem,
        )
        with self._lock:
            self._fresh.append(done)
            self._log.append(done)
        problems = () if problem is None else (Problem("webhook", problem, "delivery"),)
        world.journal.add(
            JournalEntry(
                delivery.vendor,
                None,
                delivery.method,
                f"{delivery.kind} of webhook {delivery.webhook} to {origin}",
                status is not None and status < 400,
                problems,
                status or 0,
                None,
                delivery.due,
                delivery=True,
            )
        )

    def _receiver(self, url: str) -> httpx2.Client | None:
        for prefix, client in list(self._receivers.items()):
            rest = url[len(prefix) :]
            # Another host may begin with the same letters.
            if url.startswith(prefix) and (prefix.endswith("/") or rest[:1] in ("", "/", "?", "#")):
                return client
        return None


def origin_of(url: str) -> str | None:
    """Scheme, host and port of an address; None where it is none."""
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError, TypeError):
        return None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        return None
    return f"{parsed.scheme}://{parsed.netloc.decode('ascii', 'replace')}"


def _post(client: httpx2.Client, delivery: Delivery) -> int:
    # The body of the answer is of no interest, and may be endless.
    with client.stream(
        delivery.method,
        delivery.url,
        headers=list(delivery.headers),
        content=delivery.body,
        timeout=_STEP_SECONDS,
    ) as response:
        return response.status_code


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
