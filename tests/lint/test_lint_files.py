"""Files and the command line; and no document makes the linter fail."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from codegen.lint import Problem, SpecDocument, lint, lint_document
from codegen.lint.__main__ import main, summarise
from codegen.lint.pointers import lookup, parent, tokens

SPECS = Path(__file__).resolve().parents[2] / "specs"
BASE = Path(__file__).parent / "base" / "openapi.yaml"


def test_unreadable_files_are_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    assert [problem.rule for problem in lint(path)] == ["unreadable"]
    path.write_bytes(b"\xff\xfe\xff")
    assert [problem.rule for problem in lint(path)] == ["unreadable"]


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("- a\n", 1), ("a: 1\nb: [\n", 3), ("a: 1\n b: 2\n", 2), ("a: 1\n---\nb: 1\n", 2)],
)
def test_not_a_mapping_is_one_problem(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(text, encoding="utf-8")
    assert [(problem.rule, problem.line) for problem in lint(path)] == [("yaml-syntax", line)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('vendor = "base"', 'vendor = "other"'),
        ('api_version = "1.0.0"', 'api_version = "1.0.1"'),
        ('title = "A vendor that does not exist"', ""),
        ('kind = "deduction"', 'kind = "guess"'),
        ("vendor", "= vendor"),
    ],
)
def test_source_toml(spec_path: Path, old: str, new: str) -> None:
    source = spec_path.with_name("source.toml")
    source.write_text(source.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert ("source", "source.toml") in {(p.rule, p.path.name) for p in lint(spec_path)}


def test_problem_reads_as_a_line() -> None:
    problem = Problem(Path("specs/x/openapi.yaml"), 123, "/info", "rule", "What is wrong", "do so")
    assert str(problem) == "specs/x/openapi.yaml:123: [rule] What is wrong (do so)"


def test_summary() -> None:
    assert summarise(SpecDocument.load(BASE)) == (
        "5 operations (2 documented, 1 corroborated, 1 inferred, 1 unverified), 16 schemas, 2 webhooks"
    )


def test_main(spec_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    specs = spec_path.parents[1]
    assert main([], specs) == 0
    assert capsys.readouterr().out.startswith("base: 5 operations")
    text = spec_path.read_text(encoding="utf-8").replace("lines: 12-40", "lines: all")
    spec_path.write_text(text, encoding="utf-8")
    assert main(["base"], specs) == 1
    assert ":21: [evidence] " in capsys.readouterr().out
    assert main(["nobody"], specs) == 1
    assert main([], specs / "nothing") == 1


REPLACEMENTS: list[Any] = [
    None, 1, "x", [], {}, True, ["a"], [{}], {"a": {}}, {"$ref": "#/components/schemas/Device"},
]  # fmt: skip


@pytest.mark.parametrize("start", range(3))
def test_no_document_makes_the_linter_fail(start: int) -> None:
    doc = SpecDocument.load(BASE)
    for index, pointer in enumerate(doc.lines):
        if pointer:
            # Every place is tried with one of the values; a run of all takes half a minute.
            value = REPLACEMENTS[(index + start) % len(REPLACEMENTS)]
            lint_document(SpecDocument(BASE, replaced(doc.data, pointer, value), doc.lines))


def test_references_in_circles_end() -> None:
    doc = SpecDocument.load(BASE)
    for pointer in doc.lines:
        if pointer:
            data = replaced(doc.data, pointer, {"$ref": f"#{pointer}"})
            lint_document(SpecDocument(BASE, data, doc.lines))


def replaced(data: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """Return a copy of `data` with another value at `pointer`."""
    result = copy.deepcopy(data)
    _, holder = lookup(result, tokens(parent(pointer)))
    last = tokens(pointer)[-1]
    holder[int(last) if isinstance(holder, list) else last] = value
    return result


def test_values_are_plain() -> None:
    """Nothing of the YAML library leaks."""
    waiting: list[Any] = [SpecDocument.load(BASE).data]
    while waiting:
        value = waiting.pop()
        assert type(value) in (dict, list, str, int, float, bool, type(None))
        if isinstance(value, (dict, list)):
            waiting.extend(value.values() if isinstance(value, dict) else value)


@pytest.mark.parametrize(
    "path", [BASE, *sorted(SPECS.glob("*/openapi.yaml"))], ids=lambda path: path.parent.name
)
def test_full_validator_agrees(path: Path) -> None:
    """What our rules let through, openapi-spec-validator's own walk lets through as well."""
    data = SpecDocument.load(path).data
    assert [str(error) for error in OpenAPIV31SpecValidator(data).iter_errors()] == []


def test_lines_are_those_of_the_file() -> None:
    doc = SpecDocument.load(BASE)
    lines = BASE.read_text(encoding="utf-8").splitlines()
    for pointer in ("/paths/~1devices/get/operationId", "/components/schemas/Kind/enum"):
        assert f"{tokens(pointer)[-1]}:" in lines[doc.line(pointer) - 1]
    assert doc.line("/components/schemas/Kind/nothing/here") == doc.line("/components/schemas/Kind")
