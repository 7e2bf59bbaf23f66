"""YAML text to plain Python values, with the line of every key and item.

Composing nodes gives marks; the round-trip loader takes longer and leaks its own types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from codegen.lint.pointers import child

# What PyYAML and other YAML 1.1 readers take for something else than YAML 1.2 readers do.
_BOOLEAN_1_1 = re.compile(r"(?:on|off|yes|no)\Z", re.IGNORECASE)
_SEXAGESIMAL = re.compile(r"[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][-+][0-9]+)?)?\Z")
_TAG = "tag:yaml.org,2002:"


class SpecSyntaxError(Exception):
    """The text is not a YAML mapping; `line` says where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass
class Plain:
    """A document as plain values, the line of every pointer, and what is wrong with its text."""

    data: dict[str, Any]
    lines: dict[str, int] = field(default_factory=dict)
    findings: list[tuple[int, str, str, str]] = field(default_factory=list)


def parse(text: str) -> Plain:
    """Return the plain form of one YAML document, or raise `SpecSyntaxError`."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise SpecSyntaxError(line, str(error.problem or error.context)) from None
    except (YAMLError, ValueError) as error:
        raise SpecSyntaxError(1, " ".join(str(error).split())) from None
    if not isinstance(root, MappingNode):
        raise SpecSyntaxError(1, "the document is not a mapping")
    plain = Plain({})
    _Converter(plain).fill(root)
    return plain


class _Converter:
    """Turns nodes into values, noting lines and findings on the way."""

    def __init__(self, plain: Plain) -> None:
        self.plain = plain
        self.seen: set[int] = set()

    def fill(self, root: MappingNode) -> None:
        self.plain.lines[""] = 1
        self.plain.data = self.mapping(root, "")

    def find(self, node: Node, pointer: str, rule: str, message: str) -> None:
        self.plain.findings.append((node.start_mark.line + 1, pointer, rule, message))

    def value(self, node: Node, pointer: str) -> Any:
        if id(node) in self.seen:
            # The node's own mark is where the anchor stands.
            message = "an alias (`*name`) is used; write `$ref` or repeat it"
            self.plain.findings.append((self.plain.lines[pointer], pointer, "yaml-alias", message))
            return None
        self.seen.add(id(node))
        if isinstance(node, MappingNode):
            return self.mapping(node, pointer)
        if isinstance(node, SequenceNode):
            return [self.item(entry, child(pointer, i)) for i, entry in enumerate(node.value)]
        return self.scalar(node, pointer)

    def item(self, node: Node, pointer: str) -> Any:
        self.plain.lines[pointer] = node.start_mark.line + 1
        return self.value(node, pointer)

    def mapping(self, node: MappingNode, pointer: str) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self.key(key_node, pointer)
            below = child(pointer, key)
            if key in result:
                first = self.plain.lines[below]
                self.find(
                    key_node, below, "yaml-duplicate-key", f"`{key}` stands already at line {first}"
                )
                continue
            self.plain.lines[below] = key_node.start_mark.line + 1
            result[key] = self.value(value_node, below)
        return result

    def key(self, node: Node, pointer: str) -> str:
        tag = node.tag or ""
        if not isinstance(node, ScalarNode):
            self.find(node, pointer, "yaml-key", "a key is a list or a mapping")
            return "?"
        if tag == f"{_TAG}merge":
            self.find(
                node, pointer, "yaml-alias", "a merge key (`<<`) is used; write `$ref` or repeat it"
            )
        elif tag != f"{_TAG}str":
            self.find(
                node, pointer, "yaml-key", f"the key `{node.value}` is not a string: quote it"
            )
        elif not node.style:
            self.check_text(node, child(pointer, node.value))
        return str(node.value)

    def check_text(self, node: ScalarNode, pointer: str) -> None:
        text = node.value
        if _BOOLEAN_1_1.match(text):
            self.find(
                node,
                pointer,
                "yaml-boolean",
                f"`{text}` is a boolean to YAML 1.1 readers: quote it",
            )
        elif _SEXAGESIMAL.match(text):
            self.find(
                node, pointer, "yaml-number", f"`{text}` is a number to YAML 1.1 readers: quote it"
            )

    def scalar(self, node: Node, pointer: str) -> Any:
        kind, text = str(node.tag).removeprefix(_TAG), str(node.value)
        if kind == "str":
            if isinstance(node, ScalarNode) and not node.style:
                self.check_text(node, pointer)
            return text
        if kind in ("int", "float"):
            return self.number(node, pointer, text)
        if kind == "bool":
            return text.lower() == "true"
        if kind == "null":
            return None
        if kind == "timestamp":
            self.find(node, pointer, "yaml-date", f"`{text}` is read as a date: quote it")
        else:
            self.find(node, pointer, "yaml-tag", f"the value `{text}` has the tag `{node.tag}`")
        return text

    def number(self, node: Node, pointer: str, text: str) -> int | float | str:
        if not _PLAIN_NUMBER.match(text):
            self.find(
                node,
                pointer,
                "yaml-number",
                f"`{text}` is not read alike by all: write it plainly or quote it",
            )
            return text
        return float(text) if "." in text else int(text)
