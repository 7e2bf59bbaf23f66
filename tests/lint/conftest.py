"""A valid spec, and what the linter says after a change to its text."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from codegen.lint import Problem, lint

BASE = Path(__file__).parent / "base"


@pytest.fixture(scope="session")
def base_text() -> str:
    """The text of the valid spec."""
    return (BASE / "openapi.yaml").read_text(encoding="utf-8")


@pytest.fixture
def spec_path(tmp_path: Path) -> Path:
    """A copy of the valid spec, to be changed."""
    shutil.copytree(BASE, tmp_path / "base")
    return tmp_path / "base" / "openapi.yaml"


@pytest.fixture
def lint_text(spec_path: Path) -> Callable[[str], list[Problem]]:
    """A function that lints a text as if it were the valid spec's file."""

    def run(text: str) -> list[Problem]:
        spec_path.write_text(text, encoding="utf-8")
        return lint(spec_path)

    return run
