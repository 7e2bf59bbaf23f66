"""Everything a reader meets has a description."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.lint.document import SpecDocument
from codegen.lint.report import Problem
from codegen.lint.sites import Site

DESCRIBED = frozenset({"header", "operation", "parameter", "response"})


def check_descriptions(doc: SpecDocument) -> Iterator[Problem]:
    """Operations, parameters, named schemas, properties and responses have a description."""
    for site in doc.survey.sites:
        if not _needs_words(site):
            continue
        words = site.data.get("description")
        if not isinstance(words, str) or not words.strip():
            what = "property" if site.key == "properties" else site.kind
            name = site.data.get("operationId") or site.data.get("name") or site.name
            yield doc.problem(site.pointer, "no-description", f"{what} `{name}` has no description")


def _needs_words(site: Site) -> bool:
    if site.ref is not None:
        return False  # the target is described
    if site.kind == "schema":
        return site.is_component or (site.key == "properties" and not _is_nullable_ref(site))
    return site.kind in DESCRIBED


def _is_nullable_ref(site: Site) -> bool:
    members = site.data.get("anyOf")
    return isinstance(members, list) and any(isinstance(m, dict) and "$ref" in m for m in members)


RULES = (check_descriptions,)
