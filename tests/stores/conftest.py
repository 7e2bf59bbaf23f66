"""A place for each kind of store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.errors
import pytest
import redis
from deviceclouds.runtime import (
    FileTokenStore,
    KeyringTokenStore,
    MemoryTokenStore,
    RedisTokenStore,
)

from .redis_server import WHY_NOT, redis_server
from .support import Place


class DictKeyring(keyring.backend.KeyringBackend):
    """A keyring in memory, with the manners of a real one."""

    priority = 1  # pyright: ignore[reportAssignmentType]

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("no such entry")


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test touches the user's own cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def redis_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str | None]:
    with redis_server(tmp_path_factory.mktemp("r")) as url:
        yield url


@pytest.fixture
def redis_url(redis_process: str | None) -> Iterator[str]:
    if redis_process is None:
        pytest.skip(WHY_NOT)
    yield redis_process
    with redis.Redis.from_url(redis_process) as client:
        client.config_set("maxmemory", 0)
        client.flushall()


@pytest.fixture
def use_keyring(monkeypatch: pytest.MonkeyPatch) -> DictKeyring:
    backend = DictKeyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


@pytest.fixture(params=["memory", "file", "redis", "keyring"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    kind: str = request.param
    opened: list[RedisTokenStore] = []

    def open_redis(**options: Any) -> RedisTokenStore:
        store = RedisTokenStore(url, **options)
        opened.append(store)
        return store

    def open_file(**options: Any) -> FileTokenStore:
        return FileTokenStore(tmp_path / "tokens", **options)

    if kind == "memory":
        store = MemoryTokenStore()
        yield Place(kind, lambda: store)
    elif kind == "file":
        yield Place(kind, open_file)
    elif kind == "keyring":
        request.getfixturevalue("use_keyring")
        yield Place(kind, KeyringTokenStore)
    else:
        url = request.getfixturevalue("redis_url")
        yield Place(kind, open_redis)
    for one in opened:
        one.close()
