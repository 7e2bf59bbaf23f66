"""A file with an OpenAPI document of unknown origin, read as 3.1 or refused with one clear message."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codegen.compare.errors import DocumentError
from codegen.compare.json_text import parse_json
from codegen.compare.places import JSON
from codegen.compare.references import check_references
from codegen.compare.upgrade import upgraded
from codegen.compare.yaml_text import Text, parse_yaml
from codegen.lint.pointers import child, lookup, tokens

#: Largest file in bytes. YAML takes a second for 300 kB, so it may be less.
MOST_JSON = 64_000_000
MOST_YAML = 16_000_000


@dataclass(frozen=True)
class ReadDocument:
    """A document as OpenAPI 3.1, and what it was read from.

    Attributes:
        path: the file.
        version: its own `openapi` version, for example `3.0.3`.
        data: the document, self-contained, every reference checked.
        sha256: of the bytes of the file.
        lines: line of every JSON pointer of the file, from 1; empty for JSON.
        original: the document as it stands in the file.
    """

    path: Path
    version: str
    data: dict[str, Any] = field(repr=False)
    sha256: str = ""
    lines: dict[str, int] = field(default_factory=dict, repr=False)
    original: dict[str, Any] = field(default_factory=dict, repr=False)

    def pointer(self, pointer: str) -> str:
        """Return where something of `data` stands in the file: 3.1 has wrappers that 3.0 has not."""
        value: JSON = self.original
        path = tokens(pointer)
        kept = ""
        while path:
            found, below = lookup(value, path[:1])
            if not found:
                if path[0] != "anyOf":
                    break
                path = path[2:]
                continue
            kept, value, path = child(kept, path[0]), below, path[1:]
        return kept


def read_document(path: Path) -> ReadDocument:
    """Read OpenAPI 3.0 or 3.1, JSON or YAML, and return it as 3.1; raises `DocumentError` with file and line."""
    try:
        content = _bytes(path)
        text = parse_text(_decoded(content), is_json=path.suffix.lower() == ".json")
    except DocumentError as error:
        raise error.at(str(path)) from None
    try:
        version, data = as_3_1(text.data)
    except DocumentError as error:
        raise error.at(str(path), _line(text, error.pointer)) from None
    digest = hashlib.sha256(content).hexdigest()
    return ReadDocument(path, version, data, digest, text.lines, text.data)


def parse_text(text: str, *, is_json: bool = False) -> Text:
    """Return the values of a JSON or YAML text; raises `DocumentError`."""
    start = text.lstrip()[:1]
    if not start:
        raise DocumentError("the file is empty", remedy="get the file again")
    if start == "<":
        raise DocumentError(
            "this is HTML or XML, not JSON or YAML",
            remedy="save the OpenAPI file itself, not the page that shows it",
        )
    if is_json or start in "{[":
        return Text(parse_json(text))
    if len(text) > MOST_YAML:
        raise DocumentError(
            f"the file has more than {MOST_YAML // 1_000_000} MB of YAML",
            remedy="convert it to JSON, or cut it down to what is to be compared",
        )
    return parse_yaml(text)


def as_3_1(data: JSON) -> tuple[str, dict[str, Any]]:
    """Return (version, document as 3.1) of a parsed document; raises `DocumentError`."""
    if not isinstance(data, dict):
        raise DocumentError(
            "the document is no mapping, so no OpenAPI", remedy="give the OpenAPI file"
        )
    version = data.get("openapi")
    if "swagger" in data:
        raise DocumentError(
            f"this is Swagger {data['swagger']}; OpenAPI 3.0 and 3.1 are read",
            pointer="/swagger",
            remedy="convert it first, for example with swagger2openapi",
        )
    if version is None:
        raise DocumentError(
            "there is no key `openapi`, so this is no OpenAPI document",
            remedy="give the OpenAPI file",
        )
    if not re.match(r"3\.[01](\.|\Z)", str(version)):
        raise DocumentError(
            f"this is OpenAPI {version}; 3.0 and 3.1 are read",
            pointer="/openapi",
            remedy="convert it to 3.1 first",
        )
    for key in ("paths", "components", "webhooks", "info"):
        if not isinstance(data.get(key, {}), dict):
            raise DocumentError(f"`{key}` is no mapping", pointer=f"/{key}", remedy="mend it")
    document = upgraded(data) if str(version).startswith("3.0") else data
    check_references(document)
    return str(version), document


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise DocumentError("this is a folder", remedy="name a file")
        size = path.stat().st_size
        if size > MOST_JSON:
            raise DocumentError(
                f"the file has {size / 1_000_000:.0f} MB; at most {MOST_JSON // 1_000_000} MB are read",
                remedy="give the OpenAPI file alone, without recordings or examples",
            )
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"cannot be read: {error.strerror or error}", remedy="check the name and your rights"
        ) from None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DocumentError(
            f"not UTF-8 text (byte {error.start})", line=line, remedy="save it as UTF-8"
        ) from None


def _line(text: Text, pointer: str) -> int:
    while pointer and pointer not in text.lines:
        pointer = pointer.rpartition("/")[0]
    return text.lines.get(pointer, 0) if pointer else 0
