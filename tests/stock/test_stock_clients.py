"""What openapi-python-client makes of our specifications, without our templates, reads the sandbox's replies."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("openapi_python_client")

from deviceclouds.testing import MOUNTS, example_call, load_spec
from deviceclouds.testing.sandbox import Sandbox

from benchmarks.rivals import Workshop


def reads(vendor: str) -> list[str]:
    """Every operation that reads: all lists, and single things too."""
    operations = load_spec(vendor).operations.values()
    return [
        operation.id
        for operation in operations
        if (operation.method == "GET" and operation.extensions.get("x-idempotent") is not False)
        or "x-pagination" in operation.extensions
    ]


CASES = [(vendor, operation) for vendor in MOUNTS for operation in reads(vendor)]


# The stock output's own fault: a field of this name collides with what it keeps there itself.
CRASHES = {"proglove.list_features": "additional_properties"}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Names of the generated packages by vendor."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(tmp_path_factory.mktemp("path")))
        workshop = Workshop(tmp_path_factory.mktemp("stock"))
        workshop.prepare_stock(list(MOUNTS))
        yield {vendor: workshop.stock_folder(vendor).name for vendor in MOUNTS}


@pytest.fixture(scope="module")
def clients(packages: dict[str, str]) -> Iterator[dict[str, Any]]:
    """A client for each vendor, of one sandbox."""
    with Sandbox(size=0.05, strict=True, rate_limits=False) as sandbox, sandbox.serve() as server:
        found = {}
        for vendor, package in packages.items():
            cls = importlib.import_module(package).AuthenticatedClient
            words = {"prefix": ""} if vendor == "proglove" else {}
            found[vendor] = cls(base_url=server.base_url(vendor), token="demo", **words)
        yield found
        for client in found.values():
            client.get_httpx_client().close()


@pytest.mark.parametrize(("vendor", "operation_id"), CASES, ids=[".".join(c) for c in CASES])
def test_a_stock_client_reads_the_sandbox(
    vendor: str, operation_id: str, packages: dict[str, str], clients: dict[str, Any]
) -> None:
    module = endpoint(packages[vendor], operation_id)
    given = arguments(vendor, operation_id, module)
    crash = CRASHES.get(f"{vendor}.{operation_id}")
    if crash is not None:
        with pytest.raises(TypeError, match=crash):
            module.sync_detailed(client=clients[vendor], **given)
        return
    reply = module.sync_detailed(client=clients[vendor], **given)
    assert reply.status_code == 200, reply.content
    success = load_spec(vendor).operation(operation_id).success
    if success is not None and "application/json" in success.content:
        assert reply.parsed is not None


def test_none_is_left_out(packages: dict[str, str]) -> None:
    for vendor, package in packages.items():
        folder = Path(str(importlib.import_module(package).__file__)).parent / "api"
        made = {path.stem for path in folder.glob("*/*.py")} - {"__init__"}
        assert len(made) == len(load_spec(vendor).operations)


def endpoint(package: str, operation_id: str) -> ModuleType:
    """The module of an operation."""
    folder = Path(str(importlib.import_module(package).__file__)).parent / "api"
    name = operation_id.replace("_", "").lower()
    [path] = [p for p in folder.glob("*/*.py") if p.stem.replace("_", "") == name]
    return importlib.import_module(f"{package}.api.{path.parent.name}.{path.stem}")


def arguments(vendor: str, operation_id: str, module: ModuleType) -> dict[str, Any]:
    """What the operation needs, from the specification's examples."""
    call = example_call(load_spec(vendor), operation_id)
    values = {name.replace("_", "").lower(): value for name, value in call.parameters.items()}
    found: dict[str, Any] = {}
    for name, parameter in inspect.signature(module.sync_detailed).parameters.items():
        if name == "client" or parameter.default is not inspect.Parameter.empty:
            continue
        if name == "body":
            found[name] = parameter.annotation.from_dict(call.body)
        else:
            value = values[name.replace("_", "")]
            if parameter.annotation is datetime:
                value = datetime.fromisoformat(value)
            # It repeats parameters where the specification wants them joined: one item is sent either way.
            found[name] = value[:1] if isinstance(value, list) else value
    return found
