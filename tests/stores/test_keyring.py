"""Tokens in a keyring, and where there is none."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keyring
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest
from deviceclouds.runtime import (
    ConfigurationError,
    KeyringTokenStore,
    TokenStoreWarning,
    WaitTimeoutError,
)

from .conftest import DictKeyring
from .support import KEY, a_token, parts, shows_no_secret


def test_what_is_in_the_keyring(use_keyring: DictKeyring, cache_folder: Path) -> None:
    store = KeyringTokenStore("mine")
    with store.lock(KEY):
        store.save(KEY, a_token())
        for month in ("2026-10", "2026-11", "2026-12"):
            store.add_call(KEY, month)
        folder = cache_folder / "deviceclouds" / "tokens"
        files = [path.read_bytes() for path in folder.iterdir()]
    assert sorted(use_keyring.entries) == [("mine", f"calls:{KEY}"), ("mine", f"token:{KEY}")]
    assert "2026-10" not in use_keyring.entries["mine", f"calls:{KEY}"]
    assert KeyringTokenStore("other").load(KEY) is None
    assert files
    assert not any(files)  # they are for locking alone


def test_counting_takes_turns(use_keyring: DictKeyring) -> None:
    store = KeyringTokenStore()
    with (
        store._file_lock(KEY, "count", poll=0.01),
        pytest.raises(WaitTimeoutError),
    ):
        KeyringTokenStore(lock_timeout=0.02).add_call(KEY, "2026-11")
    assert store.calls(KEY, "2026-11") == 0


@pytest.mark.parametrize("text", ["", "{", "null", '{"format":2}'])
def test_foreign_entries_count_as_none(use_keyring: DictKeyring, text: str) -> None:
    store = KeyringTokenStore()
    for name in ("token", "calls"):
        use_keyring.set_password("deviceclouds", f"{name}:{KEY}", text)
    assert store.load(KEY) is None
    assert store.add_call(KEY, "2026-11") == 1
    store.save(KEY, a_token())
    assert parts(store.load(KEY)) == parts(a_token())


@pytest.mark.parametrize("backend", [keyring.backends.fail.Keyring, keyring.backends.null.Keyring])
def test_no_keyring(backend: type[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend())
    stays_in_memory(KeyringTokenStore(), "NoKeyringError")


CALLS: dict[str, Callable[[KeyringTokenStore], Any]] = {
    "load": lambda store: store.load(KEY),
    "save": lambda store: store.save(KEY, a_token()),
    "delete": lambda store: store.delete(KEY),
    "lock": lambda store: store.lock(KEY),
    "calls": lambda store: store.calls(KEY, "2026-11"),
    "add_call": lambda store: store.add_call(KEY, "2026-11"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_keyring_that_cannot_be_set_up(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> object:
        raise keyring.errors.InitError("no bus")

    monkeypatch.setattr(keyring, "get_keyring", broken)
    store = KeyringTokenStore()
    with pytest.warns(TokenStoreWarning, match=r"no keyring can be used here \(InitError\)"):
        CALLS[name](store)
    CALLS[name](store)  # says it once


def test_a_keyring_that_refuses(
    use_keyring: DictKeyring, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)

    def refuse(service: str, username: str, password: str) -> None:
        raise keyring.errors.PasswordSetError(f"too long: {password}")

    monkeypatch.setattr(use_keyring, "set_password", refuse)
    stays_in_memory(KeyringTokenStore(), "PasswordSetError")
    assert not use_keyring.entries
    assert shows_no_secret(caplog.text)


def stays_in_memory(store: KeyringTokenStore, reason: str) -> None:
    with pytest.warns(TokenStoreWarning) as caught:
        store.save(KEY, a_token())
    assert str(caught[0].message).startswith(f"no keyring can be used here ({reason}): tokens and")
    assert shows_no_secret(str(caught[0].message))
    assert Path(caught[0].filename).name == "test_keyring.py"
    # Says it once, and works on.
    assert parts(store.load(KEY)) == parts(a_token())
    assert store.add_call(KEY, "2026-11") == 1
    assert store.calls(KEY, "2026-11") == 1
    with store.lock(KEY):
        store.delete(KEY)
    assert store.load(KEY) is None
    assert repr(store) == "<KeyringTokenStore 'deviceclouds', in memory>"


def test_a_folder_for_locks_that_cannot_be_used(
    use_keyring: DictKeyring, cache_folder: Path
) -> None:
    cache_folder.write_text("")
    store = KeyringTokenStore()
    store.save(KEY, a_token())
    assert store.load(KEY) is not None
    with pytest.raises(ConfigurationError, match="cannot create"), store.lock(KEY):
        pass


def test_a_store_goes_to_other_processes(use_keyring: DictKeyring) -> None:
    store = KeyringTokenStore("mine", lock_timeout=3.0)
    store.save(KEY, a_token())
    assert repr(store) == "<KeyringTokenStore 'mine'>"
    copy = pickle.loads(pickle.dumps(store))
    assert (repr(copy), parts(copy.load(KEY))) == (repr(store), parts(a_token()))
    assert b"hush" not in pickle.dumps(store)
