"""What other generators make of the same specifications, made when it is needed, in a temporary folder."""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

from benchmarks.data import ROOT

__all__ = ["MissingPackageError", "Workshop"]


class MissingPackageError(Exception):
    """A library to compare with is not installed; the message names it."""


class Workshop:
    """A folder of generated code that is put on the import path.

    Args:
        folder: A temporary folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._done: set[str] = set()
        sys.path.insert(0, str(folder))

    def prepare_stock(self, vendors: Sequence[str]) -> None:
        """Runs openapi-python-client for several vendors at once. Raises MissingPackageError."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(self.stock_folder, vendors))

    def stock_folder(self, vendor: str) -> Path:
        """The stock output of openapi-python-client, formatted by its own hooks, on httpx2 instead of httpx."""
        folder = self.folder / f"stock_{vendor}"
        if folder.name in self._done:
            return folder
        _need("openapi_python_client", "openapi-python-client")
        self._run(
            "openapi_python_client generate --meta none",
            *("--path", str(_spec(vendor)), "--output-path", str(folder)),
        )
        for path in folder.rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "\nimport httpx\n" in text:
                text = text.replace("\nimport httpx\n", "\nimport httpx2 as httpx\n")
                path.write_text(text, encoding="utf-8")
        self._done.add(folder.name)
        return folder

    def stock(self, vendor: str, module: str) -> ModuleType:
        """A module of the stock output. Raises MissingPackageError."""
        return self._module(f"{self.stock_folder(vendor).name}.{module}")

    def models(self, vendor: str, kind: str) -> ModuleType:
        """Models made by datamodel-code-generator, ``kind`` is pydantic or msgspec. Raises MissingPackageError."""
        name = f"{kind}_{vendor}"
        if name not in self._done:
            _need(kind, kind)
            _need("datamodel_code_generator", "datamodel-code-generator")
            base = {"pydantic": "pydantic_v2.BaseModel", "msgspec": "msgspec.Struct"}[kind]
            self._run(
                "datamodel_code_generator --input-file-type openapi --target-python-version 3.11"
                " --formatters builtin --disable-timestamp --ignore-pyproject",
                *("--output-model-type", base, "--input", str(_spec(vendor))),
                *("--output", str(self.folder / f"{name}.py")),
            )
            self._done.add(name)
        return self._module(name)

    def _module(self, name: str) -> ModuleType:
        importlib.invalidate_caches()
        return importlib.import_module(name)

    def _run(self, command: str, *more: str) -> None:
        """Runs a module: its name and plain arguments, then those that may hold spaces."""
        # openapi-python-client finds ruff on the PATH only.
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        done = subprocess.run(
            [sys.executable, "-m", *command.split(), *more],
            cwd=self.folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{command} failed:\n{done.stdout}{done.stderr}")


def _spec(vendor: str) -> Path:
    return ROOT / "specs" / vendor / "openapi.yaml"


def _need(module: str, package: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise MissingPackageError(f"missing package: {package}")
