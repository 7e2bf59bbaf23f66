"""One spec file, loaded once and asked by every rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from codegen.lint.plain import parse
from codegen.lint.pointers import lookup, parent, tokens
from codegen.lint.report import Problem
from codegen.lint.sites import METHODS, Site, Survey, survey


@dataclass(frozen=True, eq=False)
class Operation:
    """One method of one path, with its own and its path's parameters, references followed."""

    site: Site
    path: str
    method: str
    parameters: list[Site]
    is_webhook: bool

    @property
    def id(self) -> str:
        """Return the operationId, or method and path where there is none."""
        return self.site.text("operationId") or f"{self.method} {self.path}"

    @property
    def tag(self) -> str:
        """Return the first tag, or an empty string."""
        tags = self.site.data.get("tags")
        return tags[0] if isinstance(tags, list) and tags and isinstance(tags[0], str) else ""


@dataclass
class SpecDocument:
    """A spec as plain values. `pointer` arguments are JSON pointers; `#` is left out."""

    path: Path
    data: dict[str, Any]
    lines: dict[str, int] = field(repr=False)
    findings: list[Problem] = field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> SpecDocument:
        """Read a file; raises `SpecSyntaxError` if it is not YAML, OSError if it is absent."""
        plain = parse(path.read_text(encoding="utf-8"))
        findings = [
            Problem(path, line, pointer, rule, message)
            for line, pointer, rule, message in plain.findings
        ]
        return cls(path, plain.data, plain.lines, findings)

    def line(self, pointer: str) -> int:
        """Return the line of a key or item, or of the nearest thing around it that exists."""
        while pointer and pointer not in self.lines:
            pointer = parent(pointer)
        return self.lines.get(pointer, 1)

    def problem(self, pointer: str, rule: str, message: str, remedy: str = "") -> Problem:
        """Return a problem of this file at `pointer`."""
        return Problem(self.path, self.line(pointer), pointer, rule, message, remedy)

    @cached_property
    def survey(self) -> Survey:
        """Every OpenAPI object of the document."""
        return survey(self.data)

    @cached_property
    def by_pointer(self) -> dict[str, Site]:
        """The same objects by pointer."""
        return {site.pointer: site for site in self.survey.sites}

    @cached_property
    def children(self) -> dict[str, list[Site]]:
        """The objects right below an object, by its pointer."""
        result: dict[str, list[Site]] = {}
        for site in self.survey.sites:
            if site.parent is not None:
                result.setdefault(site.parent.pointer, []).append(site)
        return result

    def sites(self, *kinds: str) -> Iterator[Site]:
        """Yield the objects of these kinds in reading order."""
        return (site for site in self.survey.sites if site.kind in kinds)

    def below(self, site: Site, *keys: str) -> list[Site]:
        """Return the objects right below `site` that stand under one of `keys`."""
        return [entry for entry in self.children.get(site.pointer, []) if entry.key in keys]

    def resolve(self, ref: str) -> tuple[str, Any] | None:
        """Return (pointer, value) of a local reference, None where it leads nowhere."""
        if not ref.startswith("#"):
            return None
        found, value = lookup(self.data, tokens(ref[1:]))
        return (ref[1:], value) if found else None

    def follow(self, site: Site) -> Site:
        """Return what `site` refers to, itself if it refers to nothing (that exists)."""
        passed = {site.pointer}
        while site.ref is not None:
            target = self.by_pointer.get(site.ref[1:]) if site.ref.startswith("#") else None
            if target is None or target.pointer in passed:
                break
            site = target
            passed.add(site.pointer)
        return site

    @cached_property
    def operations(self) -> list[Operation]:
        """Every operation, in reading order; those of webhooks included."""
        result = []
        for item in self.sites("path-item"):
            shared = [self.follow(site) for site in self.below(item, "parameters")]
            for site in self.below(item, *METHODS):
                own = [self.follow(entry) for entry in self.below(site, "parameters")]
                taken = {(entry.text("name"), entry.text("in")) for entry in own}
                kept = [s for s in shared if (s.text("name"), s.text("in")) not in taken]
                webhook = item.key == "webhooks"
                result.append(Operation(site, item.name, site.key, kept + own, webhook))
        return result

    def body(self, operation: Operation) -> Site | None:
        """Return the request body of an operation, reference followed."""
        bodies = self.below(operation.site, "requestBody")
        return self.follow(bodies[0]) if bodies else None

    def replies(self, operation: Operation) -> list[tuple[str, Site]]:
        """Return (status, response) of an operation, references followed."""
        return [(site.name, self.follow(site)) for site in self.below(operation.site, "responses")]

    def success_schema(self, operation: Operation) -> Site | None:
        """Return the schema of the first success reply with content."""
        for status, reply in self.replies(operation):
            if status.startswith("2"):
                for media in self.below(reply, "content"):
                    for schema in self.below(media, "schema"):
                        return schema
        return None

    def reach(self, roots: Iterator[Site] | list[Site]) -> set[str]:
        """Return the pointers of all schemas that `roots` lead to, references followed."""
        reached: set[str] = set()
        waiting = list(roots)
        while waiting:
            site = waiting.pop()
            if site.pointer in reached:
                continue
            reached.add(site.pointer)
            waiting.extend(self.children.get(site.pointer, []))
            target = self.follow(site)
            if target is not site:
                waiting.append(target)
        return reached

    @cached_property
    def in_replies(self) -> set[str]:
        """Pointers of schemas that the vendor sends: replies, and bodies of webhooks."""
        roots = [
            site
            for site in self.sites("response", "header")
            if not any(a.kind == "encoding" for a in site.ancestors())
        ]
        webhooks = (self.body(op) for op in self.operations if op.is_webhook)
        return self.reach(roots + [body for body in webhooks if body])

    @cached_property
    def in_requests(self) -> set[str]:
        """Pointers of schemas that we send."""
        bodies = (self.body(op) for op in self.operations if not op.is_webhook)
        return self.reach([body for body in bodies if body] + list(self.sites("parameter")))
