"""A valid spec, and what the linter says after a change to its text."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from codegen.lint import Problem, lint

BASE = Path(__file__).parent / "base"
#: Stands in a changed text at the end of the line where the problem is expected.
MARK = "#!"
#: Rules that a change may break along with the one it is about.
FOLLOW = frozenset({"example-invalid", "json-schema", "no-example", "openapi"})

LintText = Callable[[str], list[Problem]]


@pytest.fixture(scope="session")
def base_text() -> str:
    """The text of the valid spec."""
    return (BASE / "openapi.yaml").read_text(encoding="utf-8")


@pytest.fixture
def lint_text(tmp_path: Path) -> LintText:
    """A function that lints a text as if it were the valid spec's file."""
    shutil.copytree(BASE, tmp_path / "base")
    path = tmp_path / "base" / "openapi.yaml"

    def run(text: str) -> list[Problem]:
        path.write_text(text, encoding="utf-8")
        return lint(path)

    return run


@pytest.fixture
def check(base_text: str, lint_text: LintText) -> Callable[[str, str, str], None]:
    """A function that makes one change and expects one rule to be broken, at the marked line.

    Examples and the OpenAPI schema may object to the same change; other rules only where `rule` says so:
    "expected + other".
    """

    def run(rule: str, old: str, new: str) -> None:
        assert old in base_text, f"not in the valid spec: {old}"
        assert new.count(MARK) == 1, "mark the line where the problem is expected"
        text = base_text.replace(old, new, 1)
        line = 1 + next(i for i, part in enumerate(text.splitlines()) if MARK in part)
        problems = lint_text(text)
        told = "\n".join(map(str, problems))
        expected, *others = rule.split(" + ")
        assert (expected, line) in {(problem.rule, problem.line) for problem in problems}, told
        assert {problem.rule for problem in problems} <= {expected, *others, *FOLLOW}, told

    return run
