"""Specifications to check against, what they say of themselves, and files that are refused with a reason."""

from __future__ import annotations

import hashlib
import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from .._load import available_vendors
from .._spec import Spec, load_spec
from .results import ContractRunError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "MAX_SPEC",
    "api_version",
    "bundled_spec",
    "load_contract_spec",
    "marked_evidence",
    "spec_sha256",
]

MAX_SPEC = 16 * 1024 * 1024
"""Bytes a specification may have; those of the vendors have a twentieth of it."""

_JSON_DIFFERS = "a description of an API in OpenAPI 3.1, as JSON or YAML, is needed"
_MOST = 0.5
_LARGEST_VALUE = 5_000_000


def load_contract_spec(vendor: str, path: str | Path) -> Spec:
    """Reads a vendor's specification from a file.

    Args:
        vendor: Name of the vendor.
        path: A JSON or YAML file, OpenAPI 3.1.

    Raises:
        ContractRunError: It is not there, cannot be read, is no such specification, or another vendor's; the message
            says which and what to do.
    """
    _check_known(vendor)
    path = Path(path)
    document = _parse(path, _read(path))
    _check_version(path, document)
    try:
        spec = Spec(vendor, document)
        _compile(spec)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = (
            f"it lacks {error}" if isinstance(error, KeyError) else str(error).partition("\n")[0]
        )
        _refuse(
            path,
            f"the checks cannot use it: {reason.removeprefix(f'{vendor}: ')[:200]}. specs/README.md lists what they"
            " know; `nox -s adopt` compares any OpenAPI file with ours",
        )
    _check_vendor(path, spec)
    return spec


def marked_evidence(marked: Mapping[str, Any]) -> str:
    """The status of what has an ``x-evidence``; empty where there is none, for nothing is known by itself."""
    said = marked.get("x-evidence")
    return str(said.get("status", "")) if isinstance(said, dict) else ""


def bundled_spec(vendor: str) -> Spec:
    """The specification that came with this package. Raises ContractRunError where there is no such vendor."""
    _check_known(vendor)
    return load_spec(vendor)


def _check_known(vendor: str) -> None:
    if vendor not in available_vendors():
        known = ", ".join(available_vendors())
        raise ContractRunError(f"there is no vendor {vendor!r}; there are {known}")


def api_version(spec: Spec) -> str:
    """The version the vendor gives its API; "" where a specification does not tell."""
    return str(spec.document.get("info", {}).get("version", ""))


def spec_sha256(spec: Spec) -> str:
    """Hash of a specification as JSON with sorted keys: the same for YAML and JSON, whatever the order."""
    text = json.dumps(spec.document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _refuse(path: Path, reason: str) -> NoReturn:
    raise ContractRunError(f"{path}: {reason}")


def _read(path: Path) -> str:
    try:
        if path.is_dir():
            _refuse(path, "is a folder; give the file")
        if not path.exists():
            _refuse(path, "there is no such file")
        if not path.is_file():
            _refuse(path, "is no plain file")
        size = path.stat().st_size
        if size > MAX_SPEC:
            _refuse(
                path,
                f"has {size / 1e6:.0f} MB; specifications of up to {MAX_SPEC // 1024**2} MB are read",
            )
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse(path, "is not UTF-8 text; " + _JSON_DIFFERS)
    except OSError as error:
        _refuse(path, f"cannot be read: {error.strerror or type(error).__name__}")


def _parse(path: Path, text: str) -> dict[str, Any]:
    document = (
        _parse_json(path, text) if text.lstrip()[:1] in ("{", "[") else _parse_yaml(path, text)
    )
    if not isinstance(document, dict):
        _refuse(path, f"holds no object; {_JSON_DIFFERS}")
    return document


def _parse_json(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if path.suffix.lower() in (".yaml", ".yml"):
            return _parse_yaml(path, text)  # YAML in its own bracket style
        _refuse(path, f"is no JSON: {error.msg}, line {error.lineno}, column {error.colno}")
    except (RecursionError, ValueError):
        _refuse(path, "is no usable JSON: nested too deep, or with numbers beyond all measure")


def _parse_yaml(path: Path, text: str) -> Any:
    yaml: Any = importlib.import_module("yaml")
    # The parser written in Python is slower, and safe against nesting; large files need the other.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        found = yaml.load(text, Loader=loader)  # both are safe loaders
        _refuse_expansion(path, found)
        return json.loads(json.dumps(found, allow_nan=False))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
        said = getattr(error, "problem", None) or "not readable"
        _refuse(path, f"is no YAML: {said}{where}")
    except TypeError as error:
        _refuse(
            path, f"holds what JSON cannot: {error}; dates and odd keys need quotes in a YAML file"
        )
    except (ValueError, RecursionError):
        _refuse(path, "is no usable YAML: nested too deep, or with values that JSON does not have")


def _refuse_expansion(path: Path, value: Any) -> None:
    """YAML aliases can make a kilobyte a value of gigabytes: counts what it would be, written out."""
    sizes: dict[int, int] = {}

    def size(node: Any) -> int:
        if not isinstance(node, dict | list):
            return 1
        if id(node) not in sizes:
            sizes[id(node)] = _LARGEST_VALUE  # what holds itself has no end
            parts = node.values() if isinstance(node, dict) else node
            sizes[id(node)] = 1 + sum(map(size, parts))
        return sizes[id(node)]

    if size(value) >= _LARGEST_VALUE:
        _refuse(path, "its YAML aliases make a value without measure; write them out")


def _check_version(path: Path, document: dict[str, Any]) -> None:
    if "swagger" in document:
        _refuse(path, f"is Swagger {str(document['swagger'])[:10]!r}; {_JSON_DIFFERS}")
    version = document.get("openapi")
    if not isinstance(version, str):
        _refuse(path, f"is no OpenAPI document: it has no key `openapi`; {_JSON_DIFFERS}")
    if version.startswith("3.0"):
        _refuse(
            path,
            f"is OpenAPI {version[:10]}; the checks need 3.1. Use specs/<vendor>/openapi.yaml, or compare it with ours:"
            " `nox -s adopt -- VENDOR FILE`",
        )
    if not version.startswith("3.1"):
        _refuse(path, f"is OpenAPI {version[:10]!r}; {_JSON_DIFFERS}")
    if not isinstance(document.get("paths"), dict) or not document["paths"]:
        _refuse(path, "describes no operation: `paths` is missing or empty")


def _compile(spec: Spec) -> None:
    """Compiles every schema now: later it would be a fault in the middle of a run."""
    for operation in spec.operations.values():
        for parameter in operation.parameters:
            spec.checker.problems(parameter.schema, None, "")
        if operation.body is not None:
            spec.checker.problems(operation.body.schema, None, "")
        for reply in operation.responses.values():
            for media in reply.content.values():
                spec.checker.problems(media.get("schema", {}), None, "")


def _check_vendor(path: Path, spec: Spec) -> None:
    """Refuses a specification most of whose routes are those of another vendor, or of none."""
    routes = set(_routes(spec))
    shares = {
        name: len(routes & set(_routes(load_spec(name)))) / max(1, len(routes))
        for name in available_vendors()
    }
    if shares[spec.vendor] >= _MOST:
        return
    likely = max(shares, key=lambda name: shares[name])
    title = str(spec.document.get("info", {}).get("title", ""))[:60]
    named = f" ({title!r})" if title.isprintable() and title else ""
    hint = (
        f"it seems to be {likely}'s: give {likely} as the vendor"
        if likely != spec.vendor and shares[likely] >= _MOST
        else "it is none that deviceclouds knows"
    )
    few = round(shares[spec.vendor] * len(routes))
    _refuse(
        path,
        f"is not {spec.vendor}'s specification{named}: {few} of its {len(routes)} operations have a method and path of"
        f" {spec.vendor}; {hint}",
    )


def _routes(spec: Spec) -> Iterator[tuple[str, str]]:
    for operation in spec.operations.values():
        # Names of path parameters are a matter of taste.
        parts = ("{}" if "{" in part else part for part in operation.path.split("/"))
        yield operation.method, "/".join(parts)
