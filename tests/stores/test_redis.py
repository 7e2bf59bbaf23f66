"""Tokens in Redis: a real server, and servers that refuse or are not there."""

from __future__ import annotations

import pickle
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import redis.asyncio
from deviceclouds.runtime import (
    ApiConnectionError,
    ConfigurationError,
    DeviceCloudError,
    RedisTokenStore,
    Token,
    TokenStoreWarning,
)

from .support import KEY, a_token, everything, parts, shows_no_secret

DAY = 86_400


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library waits between its tries to connect."""
    monkeypatch.setattr("redis.retry.sleep", lambda seconds: None)


@pytest.fixture
def client(redis_url: str) -> Iterator[Any]:
    with redis.Redis.from_url(redis_url) as one:
        yield one


@pytest.fixture
def store(redis_url: str) -> Iterator[RedisTokenStore]:
    one = RedisTokenStore(redis_url)
    yield one
    one.close()


@pytest.mark.parametrize(
    ("token", "least", "most"),
    [
        (Token("a", expires_at=None), 90 * DAY, 90 * DAY),
        (Token("a", expires_at=float("inf")), 90 * DAY, 90 * DAY),
        (Token("a", expires_at=1.0), 60, 60),
        (Token("a", expires_at=1.0, refresh="r"), 90 * DAY, 90 * DAY),
        (Token("a", expires_at=time.time() + 7200), 6000, 7260),
        (Token("a", expires_at=time.time() + 100 * DAY, refresh="r"), 99 * DAY, 100 * DAY),
        (Token("a", expires_at=1e300), 3650 * DAY, 3650 * DAY + 60),
    ],
)
def test_how_long_tokens_are_kept(
    store: RedisTokenStore, client: Any, token: Token, least: int, most: int
) -> None:
    store.save(KEY, token)
    assert least - 5 <= client.ttl(f"deviceclouds:token:{KEY}") <= most
    assert store.load(KEY) is not None


def test_how_long_counts_are_kept(store: RedisTokenStore, client: Any) -> None:
    store.add_call(KEY, "2026-11")
    name = f"deviceclouds:calls:{KEY}:2026-11"
    assert 0 <= 70 * DAY - client.ttl(name) < 60
    client.persist(name)  # as if this process had died in between
    assert store.add_call(KEY, "2026-11") == 2
    assert client.ttl(name) > 0


def test_prefixes_are_apart(redis_url: str, store: RedisTokenStore, client: Any) -> None:
    other = RedisTokenStore(redis_url, prefix="team-b/")
    store.save(KEY, a_token(1))
    assert other.load(KEY) is None
    other.save(KEY, a_token(2))
    assert parts(store.load(KEY)) == parts(a_token(1))
    assert sorted(client.keys()) == [
        b"deviceclouds:token:amnimo-0a1b",
        b"team-b/token:amnimo-0a1b",
    ]
    other.close()


@pytest.mark.parametrize("decode_responses", [False, True])
def test_a_client_of_the_users(redis_url: str, decode_responses: bool) -> None:
    with redis.Redis.from_url(redis_url, decode_responses=decode_responses) as client:
        store = RedisTokenStore(client)
        with store.lock(KEY):
            store.save(KEY, a_token())
            assert store.add_call(KEY, "2026-11") == 1
        assert parts(store.load(KEY)) == parts(a_token())
        assert store.calls(KEY, "2026-11") == 1
        client.set(f"deviceclouds:token:{KEY}", b"\xff\xfe")
        assert store.load(KEY) is None
        store.close()
        assert client.ping()


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '{"format":2,"token":{"access":"a"}}'])
def test_foreign_text_counts_as_none(store: RedisTokenStore, client: Any, text: str) -> None:
    client.set(f"deviceclouds:token:{KEY}", text)
    assert store.load(KEY) is None
    store.save(KEY, a_token())
    assert store.load(KEY) is not None


def test_a_lock_held_for_too_long_is_said(redis_url: str, client: Any) -> None:
    store = RedisTokenStore(redis_url, lock_lifetime=30.0)
    name = f"deviceclouds:lock:{KEY}"
    with (
        pytest.warns(TokenStoreWarning, match="held for longer than its lock_lifetime of 30 s"),
        store.lock(KEY),
    ):
        client.set(name, "another process has it")
    assert client.get(name) == b"another process has it"
    client.delete(name)
    lock = store.lock(KEY)
    lock.__enter__()
    client.delete(name)
    lock.__exit__(KeyError, KeyError(), None)  # says nothing: the error matters more
    store.close()


def test_a_lock_that_cannot_be_released_is_said(store: RedisTokenStore) -> None:
    def lost(*arguments: object, **more: object) -> None:
        raise redis.ConnectionError("gone")

    lock: Any = store.lock(KEY)
    lock.__enter__()
    lock._held.do_release = lost
    with pytest.warns(TokenStoreWarning, match="could not be released; it is free again within 60"):
        lock.__exit__(None, None, None)


CALLS: dict[str, Callable[[RedisTokenStore, Token], Any]] = {
    "load": lambda store, token: store.load(KEY),
    "save": lambda store, token: store.save(KEY, token),
    "delete": lambda store, token: store.delete(KEY),
    "lock": lambda store, token: store.lock(KEY).__enter__(),
    "calls": lambda store, token: store.calls(KEY, "2026-11"),
    "add_call": lambda store, token: store.add_call(KEY, "2026-11"),
}


@pytest.fixture(params=CALLS)
def call(request: pytest.FixtureRequest) -> Callable[[RedisTokenStore], str]:
    """A call that fails; gives the error's text, after a look for secrets in all it shows."""
    token = a_token()

    def failing(store: RedisTokenStore, kind: type[DeviceCloudError] = ConfigurationError) -> str:
        with pytest.raises(DeviceCloudError) as caught:
            CALLS[request.param](store, token)
        assert type(caught.value) is kind
        assert caught.value.__context__ is None
        assert shows_no_secret(everything(caught.value))
        return str(caught.value)

    return failing


def test_no_server(call: Callable[..., str], tmp_path: Path) -> None:
    store = RedisTokenStore(f"unix://me:hush-password@{tmp_path}/none.sock?db=3")
    assert repr(store) == f"<RedisTokenStore 'deviceclouds:' at {tmp_path}/none.sock, database 3>"
    assert shows_no_secret(str(vars(store)))
    said = call(store, ApiConnectionError)
    assert f"in Redis at {tmp_path}/none.sock, database 3: ConnectionError: " in said
    assert said.endswith("; see that it runs and can be reached from here")


def test_no_answer(
    call: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deviceclouds.runtime._token_redis._REPLY_TIMEOUT", 0.01)
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind("s")
        silent.listen()
        store = RedisTokenStore("unix://?path=s")
        assert ": TimeoutError: " in call(store, ApiConnectionError)
        store.close()


def test_wrong_password(call: Callable[..., str], redis_url: str) -> None:
    store = RedisTokenStore(redis_url.replace("//", "//me:hush-password@"))
    said = call(store)
    assert ": AuthenticationError: " in said
    assert said.endswith("; check user and password of the URL or client")
    store.close()


def test_no_rights(call: Callable[..., str], redis_url: str, client: Any) -> None:
    client.acl_setuser("guest", enabled=True, passwords=["+hush-password"], commands=["+ping"])
    store = RedisTokenStore(redis_url.replace("//", "//guest:hush-password@"))
    assert "NoPermissionError: " in call(store)
    store.close()
    client.acl_deluser("guest")


def test_a_full_server(store: RedisTokenStore, client: Any) -> None:
    client.config_set("maxmemory", 1)
    token = a_token()
    with pytest.raises(
        ConfigurationError, match=r"cannot save a token .+: OutOfMemoryError: "
    ) as e:
        store.save(KEY, token)
    assert shows_no_secret(everything(e.value))


def test_keys_of_another_type(store: RedisTokenStore, client: Any) -> None:
    client.rpush(f"deviceclouds:token:{KEY}", "x")
    with pytest.raises(ConfigurationError, match=r"WRONGTYPE .+; check the server, its rights and"):
        store.load(KEY)
    client.set(f"deviceclouds:calls:{KEY}:2026-11", "hush-access")
    with pytest.raises(ConfigurationError, match=r"cannot read a count in Redis .+: ValueError; "):
        store.calls(KEY, "2026-11")
    with pytest.raises(ConfigurationError, match=r"cannot count a call .+ not an integer"):
        store.add_call(KEY, "2026-11")


def test_replies_that_repeat_the_command(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: object, value: str, **more: object) -> None:
        raise redis.ResponseError(f"unknown command 'SET', with args beginning with: '{value}'")

    monkeypatch.setattr(client, "set", unknown)
    token = a_token()
    with pytest.raises(ConfigurationError, match="ResponseError: unknown command 'SET'; ") as e:
        RedisTokenStore(client).save(KEY, token)
    assert shows_no_secret(everything(e.value))


def test_an_option_no_client_has(call: Callable[..., str], redis_url: str) -> None:
    store = RedisTokenStore(redis_url.replace("//", "//me:hush-password@") + "?colour=red")
    assert "TypeError: " in call(store)


@pytest.mark.parametrize(
    "url",
    [
        "http://me:hush-password@h",
        "redis://:hush-password/x@host:6379/0",
        "redis://me:hush-password@host:port",
        "redis://me:hush-password@[host",
        "hush-password",
        "",
        "redis://me:hush-password@h?socket_timeout=hush-password",
    ],
)
def test_urls_that_cannot_be_read(url: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot read its URL; write redis://") as caught:
        RedisTokenStore(url)
    assert caught.value.__context__ is None
    assert shows_no_secret(everything(caught.value))


def test_what_is_no_client() -> None:
    for wrong in (None, 5, object(), redis):
        with pytest.raises(
            ConfigurationError, match="takes a URL or a client of the library redis"
        ):
            RedisTokenStore(wrong)
    with pytest.raises(ConfigurationError, match=r"redis\.Redis, not redis\.asyncio\.Redis"):
        RedisTokenStore(redis.asyncio.Redis())


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("redis://me:hush-password@cache.test", "cache.test:6379, database 0"),
        ("rediss://:hush-password@cache.test:7000/2", "cache.test:7000, database 2"),
        ("redis://", "localhost:6379, database 0"),
    ],
)
def test_what_is_shown_of_a_url(url: str, where: str) -> None:
    store = RedisTokenStore(url)
    assert repr(store) == f"<RedisTokenStore 'deviceclouds:' at {where}>"
    assert shows_no_secret(str(vars(store)))
    with pytest.raises(TypeError, match="a RedisTokenStore is not pickled: it holds a connection"):
        pickle.dumps(store)
    store.close()


def test_a_client_with_a_password_is_not_shown(redis_url: str) -> None:
    client = redis.Redis(host="cache.test", password="hush-password")
    assert shows_no_secret(str(vars(RedisTokenStore(client))))
