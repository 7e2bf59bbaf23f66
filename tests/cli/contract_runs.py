"""``deviceclouds contract`` in this process, and a sandbox for it to call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from deviceclouds.cli._app import app
from deviceclouds.testing import Sandbox
from deviceclouds.testing.contract import Report
from deviceclouds.testing.contract.offline import run as offline_run
from typer.testing import CliRunner, Result

from tests.contract.made_reports import made_report

SECRET = "planted-secret-7391"  # planted
VARIABLES = ("TOKEN", "EMAIL", "PASSWORD", "BASE_URL")


def run(*arguments: str | Path, **variables: str) -> Result:
    """The command in this process; only the credentials given are there."""
    env: dict[str, str | None] = {f"VIZIOSENSE_{name}": None for name in VARIABLES}
    runner = CliRunner(env={**env, "COLUMNS": "100", **variables})
    return runner.invoke(app, ["contract", *map(str, arguments)])


def refused(done: Result, status: int = 2) -> str:
    """The one message of a run that could not begin."""
    assert done.exit_code == status, done.output
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture
def cloud() -> Iterator[Sandbox]:
    # With a clock that stands still it sends no webhooks, and its journal holds calls only.
    with Sandbox(["viziosense"], size=0.05, rate_limits=False, frozen=True) as sandbox:
        yield sandbox


@pytest.fixture
def live(cloud: Sandbox) -> dict[str, str]:
    """Variables with which the command calls the sandbox."""
    server = cloud.serve()
    return {"VIZIOSENSE_TOKEN": "demo", "VIZIOSENSE_BASE_URL": server.base_url("viziosense")}


@pytest.fixture
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("it should have been refused before")

    monkeypatch.setattr(offline_run, "run_offline", fail)


def fake_offline(monkeypatch: pytest.MonkeyPatch, **reports: Report | BaseException) -> None:
    """Lets the offline run give prepared reports, by vendor."""

    def given(vendor: str, **_: object) -> Report:
        found = reports.get(vendor, made_report(vendor=vendor, mode="offline"))
        if isinstance(found, BaseException):
            raise found
        return found

    monkeypatch.setattr(offline_run, "run_offline", given)
