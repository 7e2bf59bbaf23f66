"""The stamp of a generated package: what it was made from, and what is in it."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from codegen.generate.upstream import TEMPLATES
from codegen.generate.views import VendorView
from codegen.generate.webhooks import MODELS_GENERATOR

__all__ = ["write_stamp"]


def write_stamp(target: Path, spec: Path, view: VendorView, operations: int, models: int) -> None:
    """Writes ``generated.toml``.

    Args:
        target: The vendor's folder under ``generated/``.
        spec: The specification it was made from.
        view: The document as read.
        operations: Operations counted in the generated code.
        models: Model classes counted in the generated code.
    """
    received = view.webhook_models
    lines = [
        "# Written by `nox -s regenerate`. Do not edit.",
        f'vendor = "{view.vendor}"',
        f"api_version = {json.dumps(view.api_version, ensure_ascii=False)}",
        f"operations = {operations}",
        f"models = {models}",
        f"enums = {len(view.enums)}",
        *([f"webhook_models = {received}"] if received else []),
        "",
        "[made_from]",
        f'spec_sha256 = "{_hash([spec])}"',
        f'templates_sha256 = "{_hash(sorted(TEMPLATES.iterdir()))}"',
        f'codegen_sha256 = "{_hash(_sources())}"',
        "",
        "[made_with]",
        *([f'datamodel-code-generator = "{MODELS_GENERATOR}"'] if received else []),
        f'openapi-python-client = "{version("openapi-python-client")}"',
        f'ruff = "{version("ruff")}"',
        "",
    ]
    target.write_text("\n".join(lines), encoding="utf-8")


def _sources() -> list[Path]:
    package = Path(__file__).parents[1]
    return [package / "names.py", *sorted((package / "generate").glob("*.py"))]


def _hash(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
