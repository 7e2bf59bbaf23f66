"""What importing a client loads: the price every program pays, whatever it then calls."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

CLIENTS = {
    "aitrios": "Aitrios",
    "amnimo": "Amnimo",
    "proglove": "ProGlove",
    "scailable": "Scailable",
    "viziosense": "VizioSense",
}

# Errors, settings, the flow of a call, HTTP, the client, and what generated signatures name. Before a module is added
# here, see what it costs: python -m benchmarks --only imports.
EAGER = {
    "_auth",
    "_callers",
    "_client",
    "_clock",
    "_config",
    "_core",
    "_effects",
    "_errors",
    "_files",
    "_flow",
    "_http",
    "_model",
    "_operation",
    "_pages",
    "_raw",
    "_request",
    "_retry",
    "_secret",
    "_setup",
    "_unset",
    "_vendor",
    "generated",
}

# Loaded by the first call that needs them.
LAZY = {"attr", "attrs", "msgspec", "pydantic", "httpx", "filelock", "platformdirs", "redis"}
LAZY |= {"keyring", "pyrate_limiter", "msal", "opentelemetry", "typer", "rich", "yaml"}


def loaded_by(code: str) -> set[str]:
    """Names of the modules that code loads in a fresh interpreter, beyond those of httpx2."""
    program = (
        f"import sys, httpx2\nbefore = set(sys.modules)\n{code}\n"
        "import json; print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


@pytest.fixture(scope="module", params=CLIENTS)
def vendor(request: pytest.FixtureRequest) -> str:
    """Each vendor."""
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def loaded(vendor: str) -> set[str]:
    """What `from deviceclouds.<vendor> import <Client>` loads."""
    return loaded_by(f"from deviceclouds.{vendor} import {CLIENTS[vendor]}")


def test_runtime_modules(loaded: set[str]) -> None:
    prefix = "deviceclouds.runtime."
    found = {name.removeprefix(prefix) for name in loaded if name.startswith(prefix)}
    assert found <= EAGER


def test_generated_modules(vendor: str, loaded: set[str]) -> None:
    prefix = f"deviceclouds._generated.{vendor}"
    found = {name for name in loaded if name.startswith("deviceclouds._generated.")}
    assert found == {prefix, f"{prefix}.client", f"{prefix}.client_async"}


def test_overlay_modules(vendor: str, loaded: set[str]) -> None:
    others = {f"deviceclouds.{other}" for other in CLIENTS if other != vendor}
    assert not others & loaded
    assert f"deviceclouds.{vendor}.models" not in loaded


def test_libraries(loaded: set[str]) -> None:
    assert not LAZY & {name.partition(".")[0] for name in loaded}


def test_making_a_client_loads_nothing_more() -> None:
    code = "from deviceclouds.aitrios import Aitrios"
    more = loaded_by(f"{code}\nAitrios(token='t').close()") - loaded_by(code)
    assert {name for name in more if name.startswith("deviceclouds.")} == set()
    assert not LAZY & more


def test_a_namespace_loads_its_own_table_only() -> None:
    code = "from deviceclouds.aitrios import Aitrios\nAitrios(token='t').deploy"
    tables = {name for name in loaded_by(code) if "._generated.aitrios.operations." in name}
    assert tables == {"deviceclouds._generated.aitrios.operations.deploy"}
