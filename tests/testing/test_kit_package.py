"""The package itself: light to import, complete when built."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import deviceclouds.testing
import pytest
from deviceclouds.testing._load import available_vendors

PROJECT = Path(__file__).parents[2] / "overlays" / "testing"


def run(*arguments: str, folder: Path | None = None, **environment: str) -> str:
    """What a fresh Python prints."""
    command = [sys.executable, *arguments]
    done = subprocess.run(  # our own arguments
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_every_exported_name_is_there() -> None:
    for name in deviceclouds.testing.__all__:
        assert getattr(deviceclouds.testing, name) is not None
    assert dir(deviceclouds.testing) == sorted(deviceclouds.testing.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        deviceclouds.testing.nothing  # noqa: B018


def test_import_is_light() -> None:
    heavy = {"starlette", "uvicorn", "jsonschema_rs", "httpx2", "yaml", "asyncio"}
    code = "import sys, deviceclouds.testing; print(*sys.modules)"
    assert not heavy & set(run("-c", code).split())


def test_checks_need_no_web_server() -> None:
    heavy = {"starlette", "uvicorn", "httpx2"}
    code = "import sys; from deviceclouds.testing import check_request; check_request('amnimo', 'GET', '/'); print(*sys.modules)"  # noqa: E501
    assert not heavy & set(run("-c", code).split())


def build(folder: Path, target: str, out: Path) -> Path:
    """Builds without a network, with the hatchling that is installed."""
    run("-m", "hatchling", "build", "-t", target, "-d", str(out), folder=folder)
    return next(out.glob("*.whl" if target == "wheel" else "*.tar.gz"))


def test_wheel_and_wheel_from_sdist_are_the_same(tmp_path: Path) -> None:
    wheel = build(PROJECT, "wheel", tmp_path / "direct")
    sdist = build(PROJECT, "sdist", tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        # Our own archive; Python 3.11.0 to 3.11.3 have no filters.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(tmp_path / "unpacked")
    [unpacked] = (tmp_path / "unpacked").iterdir()
    again = build(unpacked, "wheel", tmp_path / "again")
    assert wheel.read_bytes() == again.read_bytes()
    names = zipfile.ZipFile(wheel).namelist()
    for vendor in available_vendors():
        assert f"deviceclouds/testing/specs/{vendor}.json" in names
    assert "deviceclouds/testing/py.typed" in names
    assert "deviceclouds/__init__.py" not in names


def test_wheel_reads_the_same_specifications(tmp_path: Path) -> None:
    wheel = build(PROJECT, "wheel", tmp_path)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")  # our own archive
    code = (
        "import sys; from deviceclouds.testing import load_spec;"
        f"print(*[len(load_spec(v).operations) for v in {available_vendors()!r}]);"
        "assert 'yaml' not in sys.modules"
    )
    done = run("-c", code, PYTHONPATH=str(tmp_path / "site"))
    counts = [len(deviceclouds.testing.load_spec(v).operations) for v in available_vendors()]
    assert done.split() == [str(count) for count in counts]
