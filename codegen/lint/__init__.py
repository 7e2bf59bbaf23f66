"""The spec linter: refuses before generation what would be lost, wrong or unsourced after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from codegen.lint import (
    rules_bodies,
    rules_evidence,
    rules_examples,
    rules_extensions,
    rules_links,
    rules_openapi,
    rules_operations,
    rules_paging,
    rules_parameters,
    rules_properties,
    rules_refs,
    rules_schemas,
    rules_source,
    rules_unions,
    rules_values,
    rules_webhooks,
    rules_words,
)
from codegen.lint.document import SpecDocument
from codegen.lint.plain import SpecSyntaxError
from codegen.lint.report import Problem

__all__ = ["Problem", "SpecDocument", "lint", "lint_document"]

Rule = Callable[[SpecDocument], Iterable[Problem]]

RULES: tuple[Rule, ...] = (
    *rules_openapi.RULES,
    *rules_refs.RULES,
    *rules_source.RULES,
    *rules_evidence.RULES,
    *rules_extensions.RULES,
    *rules_paging.RULES,
    *rules_links.RULES,
    *rules_operations.RULES,
    *rules_parameters.RULES,
    *rules_bodies.RULES,
    *rules_schemas.RULES,
    *rules_values.RULES,
    *rules_properties.RULES,
    *rules_unions.RULES,
    *rules_webhooks.RULES,
    *rules_examples.RULES,
    *rules_words.RULES,
)


def lint(path: Path) -> list[Problem]:
    """Return every problem of the spec at `path`, by line; an unreadable file is one problem."""
    try:
        doc = SpecDocument.load(path)
    except SpecSyntaxError as error:
        return [Problem(path, error.line, "", "yaml-syntax", error.message)]
    except (OSError, UnicodeError) as error:
        return [Problem(path, 1, "", "unreadable", str(error))]
    return lint_document(doc)


def lint_document(doc: SpecDocument) -> list[Problem]:
    """Return every problem of a loaded spec, by line."""
    problems = set(doc.findings)
    for rule in RULES:
        problems.update(rule(doc))
    return sorted(problems, key=Problem.sort_key)
