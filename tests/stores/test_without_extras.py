"""Stores whose libraries are missing say which extra brings them; nothing optional is loaded before."""

from __future__ import annotations

import sys

import pytest
from deviceclouds import runtime

from .support import everything, finish, start


@pytest.mark.parametrize(
    ("store", "arguments", "module", "extra"),
    [
        ("FileTokenStore", [], "filelock", "file"),
        ("FileTokenStore", [], "platformdirs", "file"),
        ("RedisTokenStore", ["redis://"], "redis", "redis"),
        ("KeyringTokenStore", [], "keyring", "keyring"),
        ("KeyringTokenStore", [], "filelock", "keyring"),
    ],
)
def test_a_missing_library(
    store: str,
    arguments: list[str],
    module: str,
    extra: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(runtime.ConfigurationError) as caught:
        getattr(runtime, store)(*arguments)
    assert str(caught.value) == (
        f"{store} needs {module}: install the extra [{extra}] of deviceclouds-runtime"
    )
    assert f"<{store} " in everything(caught.value)  # half made, it can be shown


def test_a_folder_needs_no_platformdirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    runtime.FileTokenStore("tokens")


LOADED = """
import sys
from deviceclouds.runtime import FileTokenStore, KeyringTokenStore, RedisTokenStore
print(sorted({"filelock", "platformdirs", "redis", "keyring", "asyncio"} & set(sys.modules)))
FileTokenStore("tokens")
KeyringTokenStore()
print(sorted({"filelock", "platformdirs", "redis", "keyring", "asyncio"} & set(sys.modules)))
"""


def test_libraries_are_loaded_when_they_are_used() -> None:
    assert finish([start(LOADED)]) == ["[]\n[]\n"]
