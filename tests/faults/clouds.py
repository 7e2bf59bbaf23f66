"""Clouds that issue tokens, take them back, and fail as they are told to."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable
from typing import Any

import httpx2
from deviceclouds.runtime import ConfigurationError, MemoryTokenStore

from tests.runtime.support import FakeClock, Reply, client_class, reply

from .accounts import POOL, Account

__all__ = ["FailingStore", "Opened", "SigningCloud", "access_in", "copied"]


class SigningCloud:
    """Signs in who asks, answers who comes with the newest token, and counts both; for many threads at once.

    Attributes:
        steps: Requests for tokens, as (step, request).
        calls: Requests of the API.
        token_faults: Replies to requests for tokens, each used once, before the good ones; None is a good one.
        faults: The same for the API.
        hold: Is called with each step, before it is answered.
        works: Whether any token is good.
        revoke_at: The number of the API's request with which the token is revoked.
    """

    def __init__(self, account: Account, clock: Any) -> None:
        self.account = account
        self.clock = clock
        self.steps: list[tuple[str, httpx2.Request]] = []
        self.calls: list[httpx2.Request] = []
        self.token_faults: list[Reply | None] = []
        self.faults: list[Reply | None] = []
        self.hold: Callable[[str], object] = lambda step: None
        self.works = True
        self.revoke_at: int | None = None
        self._number = 0
        self._good: str | None = None
        self._guard = threading.Lock()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        step = self.account.step(request)
        if step is not None:
            return self._token(step, request)
        with self._guard:
            self.calls.append(request)
            if len(self.calls) == self.revoke_at:
                self._good = None
            fault = self.faults.pop(0) if self.faults else None
            good = self._good
        if fault is not None:
            return _answer(fault, request)
        if not self.works or request.headers.get("authorization") != good:
            return copied(self.account.refusal)
        return reply({})

    def _token(self, step: str, request: httpx2.Request) -> httpx2.Response:
        with self._guard:
            self.steps.append((step, request))
            fault = self.token_faults.pop(0) if self.token_faults else None
        self.hold(step)
        if fault is not None:
            return _answer(fault, request)
        if step == "auth-information":
            return reply(POOL)
        with self._guard:
            self._number += 1
            granted = self.account.grant(self._number, self.clock.wall())
            self._good = self.account.prefix + access_in(granted)
        return granted

    def revoke(self) -> None:
        """From now on, only a token that is issued later is good."""
        with self._guard:
            self._good = None

    @property
    def names(self) -> list[str]:
        """The steps of signing in, by name."""
        return [name for name, _ in self.steps]

    @property
    def issued(self) -> int:
        """How many tokens were asked for."""
        return len([name for name in self.names if name != "auth-information"])

    @property
    def tokens(self) -> list[str | None]:
        """The Authorization headers of the API's requests."""
        return [request.headers.get("authorization") for request in self.calls]


async def _await(value: Any) -> Any:
    return await value


def access_in(granted: httpx2.Response) -> str:
    """The token that an account's API takes, in a reply that grants one."""
    body = granted.json()
    body = body.get("data", body.get("AuthenticationResult", body))
    return str(body.get("access_token") or body.get("IdToken") or body.get("AccessToken"))


def copied(response: httpx2.Response) -> httpx2.Response:
    """A reply that can be read once more."""
    return httpx2.Response(
        response.status_code, headers=response.headers.raw, content=response.content
    )


def _answer(fault: Reply, request: httpx2.Request) -> httpx2.Response:
    if isinstance(fault, Exception):
        raise fault
    return copied(fault) if isinstance(fault, httpx2.Response) else fault(request)


class FailingStore(MemoryTokenStore):
    """A store of which one method fails, from the beginning or when told to."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__()
        self.name = name

    def __getattribute__(self, name: str) -> Any:
        if name == object.__getattribute__(self, "__dict__").get("name"):
            raise ConfigurationError("the store is gone")
        return super().__getattribute__(name)


class Opened:
    """A client of an account, sync or async, over its cloud: ``one.get()`` calls the API once."""

    def __init__(
        self,
        kind: str,
        runner: asyncio.Runner,
        account: Account,
        *,
        clock: Any = None,
        cloud: SigningCloud | None = None,
        from_env: bool = False,
        **options: Any,
    ) -> None:
        self.kind = kind
        self.account = account
        self.clock = clock or (cloud.clock if cloud else FakeClock())
        self.cloud = cloud or SigningCloud(account, self.clock)
        self._runner = runner
        transport = httpx2.MockTransport(self.cloud)
        made = httpx2.Client if kind == "sync" else httpx2.AsyncClient
        self.http: Any = made(transport=transport)
        common = {"http_client": self.http, "clock": self.clock}
        cls = client_class(account.vendor, kind)
        try:
            if from_env:
                self.client: Any = cls.from_env(**common, **options)
            else:
                if account.vendor == "amnimo":
                    common["token_store"] = MemoryTokenStore()
                self.client = cls(**{**account.arguments, **common, **options})
        except BaseException:
            self.close()
            raise

    def get(self) -> Any:
        """Calls the API once."""
        return self.run(self.account.call(self.client))

    def run(self, value: Any) -> Any:
        """The value itself, awaited where it has to be."""
        return self._runner.run(_await(value)) if inspect.isawaitable(value) else value

    def close(self) -> None:
        """Closes the HTTP client."""
        if self.kind == "sync":
            self.http.close()
        else:
            self._runner.run(self.http.aclose())
