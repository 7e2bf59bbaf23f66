"""Each rule, broken by a change to the valid spec.

`cases/*.txt` hold the changes, written like a diff: `== rule`, then lines that stay, go (`-`) and
come (`+`). `#!` ends the line where the problem is expected; `== rule + other` names what else
breaks. `cases/allowed.txt` holds what must not be refused.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import codegen.lint
from codegen.lint import Problem
from codegen.lint.rules_schemas import REFUSED_KEYWORDS

MARK = "#!"
#: Rules that may object to any change along with the one it is about.
FOLLOW = frozenset({"example-invalid", "json-schema", "no-example", "openapi"})
#: Rules tested elsewhere, because they are not about the text of a spec.
ELSEWHERE = frozenset({"source", "unreadable"})
CASES = Path(__file__).parent / "cases"


@dataclass
class Case:
    """One change and the rules it breaks, the marked one first."""

    rules: list[str]
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)

    def apply(self, text: str) -> str:
        """Return the changed text."""
        old, new = ("".join(f"{line}\n" for line in lines) for lines in (self.old, self.new))
        assert f"\n{old}" in text, f"not in the valid spec:\n{old}"
        return text.replace(f"\n{old}", f"\n{new}", 1)


def read_cases(path: Path) -> Iterator[Case]:
    """Yield the cases of a file."""
    case: Case | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            if case:
                yield case
            case = Case(line[3:].split(" + "))
        elif case and line[:1] in (" ", "-", "+"):
            if line[0] in " -":
                case.old.append(line[1:])
            if line[0] in " +":
                case.new.append(line[1:])
    if case:
        yield case


ALL_CASES = [
    pytest.param(case, id=f"{path.stem}-{number}-{case.rules[0]}")
    for path in sorted(CASES.glob("*.txt"))
    if path.stem != "allowed"
    for number, case in enumerate(read_cases(path), 1)
]


@pytest.mark.parametrize("case", ALL_CASES)
def test_broken_rule(case: Case, base_text: str, lint_text: Callable[[str], list[Problem]]) -> None:
    text = case.apply(base_text)
    marked = [number for number, line in enumerate(text.splitlines(), 1) if MARK in line]
    assert len(marked) == 1, "mark the line where the problem is expected"
    problems = lint_text(text)
    told = "\n".join(map(str, problems))
    assert (case.rules[0], marked[0]) in {(p.rule, p.line) for p in problems}, told
    assert {p.rule for p in problems} <= {*case.rules, *FOLLOW}, told


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.rules[0]) for case in read_cases(CASES / "allowed.txt")]
)
def test_allowed(case: Case, base_text: str, lint_text: Callable[[str], list[Problem]]) -> None:
    assert [str(problem) for problem in lint_text(case.apply(base_text))] == []


def test_valid_spec(base_text: str, lint_text: Callable[[str], list[Problem]]) -> None:
    assert lint_text(base_text) == []


def test_every_rule_has_a_case() -> None:
    tested = {param.values[0].rules[0] for param in ALL_CASES}  # type: ignore[union-attr]
    assert rule_names() - ELSEWHERE == tested


def rule_names() -> set[str]:
    """Return the rule names that the linter's source gives to `problem`, `find` and `Problem`."""
    names = {"defs", "discriminator", "schema-keyword", "yaml-alias"}
    place = {"problem": 1, "find": 2, "Problem": 3}
    for path in Path(codegen.lint.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            called = node.func.id if isinstance(node.func, ast.Name) else called
            index = place.get(called, 99)
            if len(node.args) > index:
                argument = node.args[index]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    names.add(argument.value)
    return names


@pytest.mark.parametrize("keyword", sorted(REFUSED_KEYWORDS))
def test_refused_keywords(
    keyword: str, base_text: str, lint_text: Callable[[str], list[Problem]]
) -> None:
    text = base_text.replace("    Sound:\n", f"    Sound:\n      {keyword}: {{}}\n")
    line = text.splitlines().index(f"      {keyword}: {{}}") + 1
    rules = {problem.rule for problem in lint_text(text) if problem.line == line}
    assert rules & {"schema-keyword", "defs", "discriminator"}
