"""Where the specifications are: JSON inside the wheel, YAML in the source tree."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

__all__ = ["MOUNTS", "available_vendors", "read_document", "read_yaml"]

MOUNTS: dict[str, str] = {
    "aitrios": "/aitrios/api/v2",
    "amnimo": "/amnimo/ex",
    "proglove": "/proglove",
    "scailable": "/scailable/cpt",
    "viziosense": "/viziosense/api/v1",
}
"""Path of each vendor's API in the stand-in."""

_HERE = Path(__file__).resolve().parent


def available_vendors() -> tuple[str, ...]:
    """Names of the vendors whose specification is at hand, sorted."""
    return tuple(sorted(vendor for vendor in MOUNTS if _locate(vendor) is not None))


def read_document(source: str | Path) -> dict[str, Any]:
    """Reads an OpenAPI document.

    Args:
        source: Name of a vendor, or the path of a YAML or JSON file.

    Raises:
        FileNotFoundError: There is no such vendor or file; the message lists the vendors.
        ValueError: The file is not an OpenAPI document.
    """
    path = _locate(source) if isinstance(source, str) else source
    if path is None:
        known = ", ".join(available_vendors()) or "none"
        raise FileNotFoundError(
            f"no specification of {source!r}; at hand: {known}. Give one of them, or a pathlib.Path"
        )
    text = path.read_text(encoding="utf-8")
    try:
        document = json.loads(text) if path.suffix == ".json" else read_yaml(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: not JSON ({error})") from error
    if not isinstance(document, dict) or "openapi" not in document:
        raise ValueError(f"{path}: not an OpenAPI document")
    return document


def read_yaml(text: str) -> Any:
    """Reads YAML into what JSON can hold. Raises ValueError for anything else."""
    # Imported here: whoever installed the wheel reads JSON and never needs it.
    yaml: Any = importlib.import_module("yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # Through JSON: keys become text, and a date that lost its quotes fails here, not later.
        return json.loads(json.dumps(yaml.load(text, Loader=loader), allow_nan=False))
    except (yaml.YAMLError, TypeError) as error:
        raise ValueError(f"not usable as YAML: {error}") from error


def _locate(vendor: str) -> Path | None:
    packed = _HERE / "specs" / f"{vendor}.json"
    if vendor not in MOUNTS:
        return None
    if packed.is_file():
        return packed
    for folder in _HERE.parents:
        source = folder / "specs" / vendor / "openapi.yaml"
        if source.is_file():
            return source
    return None
