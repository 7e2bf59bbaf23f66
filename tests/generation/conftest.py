"""A repository of two small vendors, and the trap vendor generated, importable and callable."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path

import pytest

from codegen.generate.regenerate import regenerate

from .trap_client import Trap
from .trees import BASE, REPO, TRAP, make_root

TRAP_PACKAGE = "deviceclouds._generated.trap"


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository that is up to date; copy it, do not change it."""
    root = tmp_path_factory.mktemp("pristine")
    make_root(root, base=BASE, viziosense=REPO / "specs" / "viziosense")
    regenerate(root, [], say=lambda line: None)
    return root


@pytest.fixture(scope="session")
def trap_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder to import the trap vendor's generated package from."""
    root = make_root(tmp_path_factory.mktemp("trap"), trap=TRAP)
    regenerate(root, ["trap"], say=lambda line: None)
    return root / "generated" / "trap" / "src"


@pytest.fixture
def trap(trap_source: Path) -> Iterator[Trap]:
    """Return the trap vendor, importable as a portion of the namespace while the test runs."""
    from deviceclouds.runtime._models import model_class

    sys.path.insert(0, str(trap_source))
    invalidate_caches()
    try:
        import_module(TRAP_PACKAGE)
        yield Trap()
    finally:
        sys.path.remove(str(trap_source))
        for name in [name for name in sys.modules if name.startswith(TRAP_PACKAGE)]:
            del sys.modules[name]
        generated = sys.modules["deviceclouds._generated"]
        vars(generated).pop("trap", None)
        model_class.cache_clear()
