"""Runs of pytest of their own, with our plugin and no other."""

from __future__ import annotations

import pytest

PLUGIN = ("-p", "deviceclouds.testing.plugin", "-p", "no:cacheprovider")

RAW = """
import httpx2

def ask(clouds, path, **more):
    return httpx2.get(
        clouds.base_url + path, headers={"Authorization": "Bearer demo"}, trust_env=False, **more
    )
"""


@pytest.fixture(autouse=True)
def same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other plugins load half of what we promise not to load; on a CI, pytest writes messages twice."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)


def run(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(asking=RAW)
    pytester.makepyfile(source)
    pytester.makeini(
        "[pytest]\naddopts = --strict-markers\nfilterwarnings = error\npythonpath = .\n"
    )
    # In a process of its own: compiled modules cannot be loaded twice into one.
    return pytester.runpytest_subprocess(*PLUGIN, *arguments)
