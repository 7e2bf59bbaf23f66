"""YAML text as plain values, with the line of every key; refuses what a small file can do to memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from codegen.compare.errors import DocumentError
from codegen.compare.places import JSON
from codegen.lint.pointers import child

#: Values of a document with all aliases written out; the largest public OpenAPI files have a million.
MOST_VALUES = 3_000_000
#: Values that aliases may add; nobody writes these by hand.
MOST_REPEATED = 200_000
DEEPEST = 150
_TAG = "tag:yaml.org,2002:"
_BOMB = "its aliases (`*name`) repeat more than {:,} values"


@dataclass
class Text:
    """A document as plain values, and the line of every pointer, from 1."""

    data: JSON
    lines: dict[str, int] = field(default_factory=dict, repr=False)


def parse_yaml(text: str) -> Text:
    """Return the values of one YAML document; raises `DocumentError`."""
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        reason = str(error.problem or error.context)
        if "expected a single document" in f"{error.context} {reason}":
            raise DocumentError("more than one YAML document in a file", line=line) from None
        raise DocumentError(f"not YAML: {reason}", line=line) from None
    except (YAMLError, ValueError) as error:
        raise DocumentError(f"not YAML: {' '.join(str(error).split())[:200]}") from None
    except RecursionError:
        raise too_deep() from None
    if root is None:
        raise DocumentError("the file is empty")
    return _Converter().convert(root)


def too_deep(line: int = 0) -> DocumentError:
    """Return the error for a document whose values are nested too deeply."""
    return DocumentError(f"values are nested deeper than {DEEPEST} levels", line=line)


class _Converter:
    def __init__(self) -> None:
        self.text = Text(None)
        self.open: set[int] = set()
        self.done: dict[int, tuple[JSON, int]] = {}
        self.count = self.repeated = 0

    def convert(self, root: Node) -> Text:
        self.text.lines[""] = root.start_mark.line + 1
        self.text.data = self.value(root, "", 0)
        return self.text

    def value(self, node: Node, pointer: str, depth: int) -> JSON:
        line = node.start_mark.line + 1
        if id(node) in self.open:
            raise DocumentError("an alias (`*name`) stands inside what it repeats", line=line)
        if id(node) in self.done:
            value, size = self.done[id(node)]
            self.repeated += size
            self.within(line)
            return value
        if depth > DEEPEST:
            raise too_deep(line)
        before = self.count + self.repeated
        self.count += 1
        self.within(line)
        self.open.add(id(node))
        value = self.fresh(node, pointer, depth)
        self.open.discard(id(node))
        self.done[id(node)] = (value, self.count + self.repeated - before)
        return value

    def within(self, line: int) -> None:
        if self.repeated > MOST_REPEATED:
            raise DocumentError(_BOMB.format(MOST_REPEATED), line=line)
        if self.count > MOST_VALUES:
            raise DocumentError(f"it has more than {MOST_VALUES:,} values", line=line)

    def fresh(self, node: Node, pointer: str, depth: int) -> JSON:
        if isinstance(node, MappingNode):
            return self.mapping(node, pointer, depth)
        if isinstance(node, SequenceNode):
            result = []
            for index, entry in enumerate(node.value):
                below = child(pointer, index)
                self.text.lines[below] = entry.start_mark.line + 1
                result.append(self.value(entry, below, depth + 1))
            return result
        return _scalar(node)

    def mapping(self, node: MappingNode, pointer: str, depth: int) -> dict[str, JSON]:
        own: dict[str, JSON] = {}
        merged: dict[str, JSON] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                raise DocumentError("a key is a list or a mapping", line=line)
            if key_node.tag == f"{_TAG}merge":
                self.merge(merged, value_node, pointer, depth)
                continue
            key = str(key_node.value)
            below = child(pointer, key)
            if key in own:
                first = self.text.lines[below]
                raise DocumentError(
                    f"the key `{key}` stands twice, first at line {first}", line=line
                )
            self.text.lines[below] = line
            own[key] = self.value(value_node, below, depth + 1)
        return {**merged, **own} if merged else own

    def merge(self, merged: dict[str, JSON], node: Node, pointer: str, depth: int) -> None:
        value = self.value(node, pointer, depth + 1)
        for entry in value if isinstance(value, list) else [value]:
            if not isinstance(entry, dict):
                line = node.start_mark.line + 1
                raise DocumentError("a merge key (`<<`) names no mapping", line=line)
            for key, below in entry.items():
                merged.setdefault(key, below)


def _scalar(node: Node) -> Any:
    kind, text = str(node.tag).removeprefix(_TAG), str(node.value)
    if kind == "bool":
        return text.lower() == "true"
    if kind == "null":
        return None
    try:
        if kind == "int":
            return int(text.replace("_", ""), 0 if text[:2].lower() in ("0x", "0o") else 10)
        if kind == "float":
            return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        return text
    return text
