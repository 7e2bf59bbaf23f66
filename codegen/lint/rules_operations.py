"""Operations: their keys, names, security, errors and paths."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codegen.lint.document import Operation, SpecDocument
from codegen.lint.pointers import child
from codegen.lint.report import Problem
from codegen.names import method_name, namespace

KEY_ORDER = (
    "tags",
    "operationId",
    "summary",
    "description",
    "x-evidence",
    "deprecated",
    "x-idempotent",
    "x-read-only",
    "x-pagination",
    "x-timeout",
    "x-poll",
    "security",
    "parameters",
    "requestBody",
    "responses",
)
SUMMARY_LIMIT = 80
#: A name in braces that the generator recognises; others it leaves in the path.
_TEMPLATE_NAME = re.compile(r"[A-Za-z_-][A-Za-z0-9_-]*\Z")


def check_keys(doc: SpecDocument) -> Iterator[Problem]:
    """The keys of an operation are the known ones, in the agreed order."""
    for operation in doc.operations:
        last = -1
        for key in operation.site.data:
            pointer = child(operation.site.pointer, key)
            if key not in KEY_ORDER:
                if not key.startswith("x-"):
                    yield doc.problem(
                        pointer, "operation-key", f"`{key}` is not used in operations here"
                    )
                continue
            place = KEY_ORDER.index(key)
            if place < last:
                yield doc.problem(pointer, "key-order", f"`{key}` stands after `{KEY_ORDER[last]}`")
            last = max(last, place)


def check_tags(doc: SpecDocument) -> Iterator[Problem]:
    """Exactly one tag, and no two tags become one namespace."""
    seen: dict[str, str] = {}
    for operation in _own(doc):
        pointer = child(operation.site.pointer, "tags")
        tags = operation.site.data.get("tags")
        if not isinstance(tags, list) or len(tags) != 1:
            yield doc.problem(pointer, "one-tag", f"{operation.id} has not exactly one tag")
            continue
        name = namespace(operation.tag)
        if seen.setdefault(name, operation.tag) != operation.tag:
            yield doc.problem(
                pointer,
                "tag-collision",
                f"tags `{operation.tag}` and `{seen[name]}` both become `{name}`",
            )


def check_ids(doc: SpecDocument) -> Iterator[Problem]:
    """operationIds stay different as method names of a namespace: the later would win silently."""
    ids: set[str] = set()
    methods: dict[tuple[str, str], str] = {}
    for operation in _own(doc):
        pointer = child(operation.site.pointer, "operationId")
        wanted = operation.site.data.get("operationId")
        if not isinstance(wanted, str) or not wanted:
            yield doc.problem(pointer, "operation-id", f"{operation.id} has no operationId")
            continue
        if wanted in ids:
            yield doc.problem(pointer, "duplicate-operation-id", f"`{wanted}` is used twice")
        ids.add(wanted)
        key = (namespace(operation.tag), method_name(wanted))
        if methods.setdefault(key, wanted) != wanted:
            yield doc.problem(
                pointer,
                "method-collision",
                f"`{wanted}` and `{methods[key]}` both become `{'.'.join(key)}`",
            )


def check_security(doc: SpecDocument) -> Iterator[Problem]:
    """Security stands on each operation and names known schemes: a top-level one is ignored."""
    if "security" in doc.data:
        yield doc.problem(
            "/security",
            "top-level-security",
            "the generator ignores top-level security",
            "write it on each operation",
        )
    schemes = {site.name for site in doc.sites("security-scheme")}
    for operation in _own(doc):
        pointer = child(operation.site.pointer, "security")
        security = operation.site.data.get("security")
        if not isinstance(security, list):
            yield doc.problem(
                pointer,
                "no-security",
                f"{operation.id} does not say its security",
                "`security: []` where none is needed",
            )
            continue
        for index, choice in enumerate(security):
            for name in choice if isinstance(choice, dict) else []:
                if name not in schemes:
                    yield doc.problem(
                        child(pointer, index), "unknown-scheme", f"no security scheme `{name}`"
                    )


def check_summaries(doc: SpecDocument) -> Iterator[Problem]:
    """The summary is a short line without a full stop; the description says more."""
    for operation in doc.operations:
        summary = operation.site.data.get("summary")
        pointer = child(operation.site.pointer, "summary")
        if not isinstance(summary, str) or not summary.strip():
            yield doc.problem(pointer, "summary", f"{operation.id} has no summary")
            continue
        if len(summary) >= SUMMARY_LIMIT:
            yield doc.problem(
                pointer, "summary", f"the summary has {len(summary)} characters, not under 80"
            )
        if summary.rstrip().endswith("."):
            yield doc.problem(pointer, "summary", "the summary ends with a full stop")
        if summary == operation.site.data.get("description"):
            yield doc.problem(pointer, "summary", "summary and description are the same")


def check_replies(doc: SpecDocument) -> Iterator[Problem]:
    """Each operation declares a success, and an error where at least a token can be refused."""
    for operation in _own(doc):
        pointer = child(operation.site.pointer, "responses")
        statuses = [status for status, _ in doc.replies(operation)]
        if not any(status.startswith(("2", "3")) for status in statuses):
            yield doc.problem(pointer, "no-success", f"{operation.id} declares no success")
        can_fail = operation.site.data.get("security") != []
        errors = [status for status in statuses if status.startswith(("4", "5", "default"))]
        if can_fail and not errors:
            yield doc.problem(pointer, "no-errors", f"{operation.id} declares no error status")


def check_paths(doc: SpecDocument) -> Iterator[Problem]:
    """The names in a path are its path parameters, spelled so that the generator sees them."""
    for operation in _own(doc):
        in_path = re.findall(r"\{([^{}]*)\}", operation.path)
        declared = {
            site.text("name") for site in operation.parameters if site.data.get("in") == "path"
        }
        for name in in_path:
            if not _TEMPLATE_NAME.match(name):
                yield doc.problem(
                    operation.site.pointer,
                    "path-parameter",
                    f"the generator does not recognise `{{{name}}}` in a path",
                )
        for name in sorted(set(in_path) ^ declared):
            where = (
                "declared but not in the path"
                if name in declared
                else "in the path but not declared"
            )
            yield doc.problem(
                operation.site.pointer, "path-parameter", f"{operation.id}: `{name}` is {where}"
            )
        if len(set(in_path)) != len(in_path):
            yield doc.problem(
                operation.site.pointer, "path-parameter", "a name stands twice in the path"
            )


def _own(doc: SpecDocument) -> Iterator[Operation]:
    return (operation for operation in doc.operations if not operation.is_webhook)


RULES = (
    check_keys,
    check_tags,
    check_ids,
    check_security,
    check_summaries,
    check_replies,
    check_paths,
)
