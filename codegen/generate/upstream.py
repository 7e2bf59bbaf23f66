"""openapi-python-client as we use it: one pinned version, its parser and renderer, templates of ours.

Its templates and its Python interface are not public: an upgrade must fail loudly here, not show in the output.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
from collections.abc import Callable, Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.openapi import GeneratorData

from codegen.generate.views import VendorView

__all__ = ["GENERATOR", "GenerationError", "VendorProject", "check_upstream", "parse"]

GENERATOR = "0.29.1"
TEMPLATES = Path(__file__).parent / "templates"

# What we looked at when we wrote our own template of the same name; another hash means: look again.
REPLACED = {
    "int_enum.py.jinja": "cf8776855b1d8269",
    "model.py.jinja": "fd1c79680d51c06c",
    "models_init.py.jinja": "4f64a3d6e1b15a56",
    "package_init.py.jinja": "ac15907e32dc39bd",
    "str_enum.py.jinja": "e4979a5e6b338351",
}


class GenerationError(Exception):
    """The generator did something other than what we expect of it."""


def check_upstream() -> None:
    """Raises GenerationError where the installed generator is not the one our templates were written for."""
    found = version("openapi-python-client")
    if found != GENERATOR:
        raise GenerationError(
            f"openapi-python-client {found} is installed, our templates were written for {GENERATOR}:"
            " see 'Upgrade the generator' in CONTRIBUTING.md"
        )
    for name, digest in upstream_hashes().items():
        if REPLACED[name] != digest:
            raise GenerationError(
                f"the generator's own {name} is not the one ours replaces: read what changed in it,"
                f" then write its hash {digest} into {Path(__file__).name}"
            )
    found_here = {path.name for path in TEMPLATES.iterdir()}
    if strangers := found_here - REPLACED.keys() - OWN:
        raise GenerationError(f"templates nobody renders: {', '.join(sorted(strangers))}")
    # Without ours, the generator's own template of the name would be rendered instead.
    if lost := (REPLACED.keys() | OWN) - found_here:
        raise GenerationError(f"templates that are missing: {', '.join(sorted(lost))}")


OWN = {"enum.jinja", "client.py.jinja", "operations.py.jinja", "resources.py.jinja"}


def upstream_hashes() -> dict[str, str]:
    """Hashes of the generator's own versions of the templates we replace."""
    folder = files("openapi_python_client") / "templates"
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()[:16]
        for name in sorted(REPLACED)
    }


def parse(document: Mapping[str, Any], output: Path) -> tuple[GeneratorData, Config]:
    """The generator's view of a document. Raises GenerationError for any error or warning of it."""
    settings = ConfigFile(post_hooks=[], content_type_overrides=_binary_types(document))
    config = Config.from_sources(
        settings, MetaType.NONE, Path("openapi.yaml"), "utf-8", True, output
    )
    try:
        data = GeneratorData.from_dict(_without_maps(document), config=config)
    except Exception as error:
        raise GenerationError(f"the generator failed: {type(error).__name__}: {error}") from error
    if isinstance(data, GeneratorError):
        raise GenerationError(f"{data.header}: {data.detail}")
    problems = [*data.errors]
    for collection in data.endpoint_collections_by_tag.values():
        problems += collection.parse_errors
    if problems:
        lines = "\n".join(f"  {p.header or ''} {p.detail or ''}".rstrip() for p in problems)
        # Addresses of objects differ from run to run.
        lines = re.sub(r"<[\w.]+ object at 0x[0-9a-f]+>", "...", lines)
        raise GenerationError(f"the generator would leave something out:\n{lines}")
    return data, config


def _binary_types(document: Mapping[str, Any]) -> dict[str, str]:
    """Content types the generator is to read as bytes: it knows no pictures."""
    responses = list(document.get("components", {}).get("responses", {}).values())
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, Mapping):
                responses += operation.get("responses", {}).values()
    return {
        kind: "application/octet-stream"
        for response in responses
        for kind in response.get("content", {})
        if kind.startswith("image/")
    }


def _without_maps(node: Any) -> Any:
    """A copy of a document in which maps are untyped: the generator would make a class of each, ours are dicts."""
    if isinstance(node, Mapping):
        if node.get("type") == "object" and "properties" not in node and "required" not in node:
            return {key: value for key, value in node.items() if key == "description"}
        return {key: _without_maps(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_without_maps(item) for item in node]
    return node


class VendorProject(Project):
    """Renders one vendor's package with the generator's own environment, in a layout of ours.

    Args:
        data: The parsed document.
        config: The generator's settings, with the output folder.
        context: What our templates see beside the generator's own.
        filters: Filters of our templates.
    """

    def __init__(
        self,
        data: GeneratorData,
        config: Config,
        context: Mapping[str, Any],
        filters: Mapping[str, Callable[..., Any]],
    ) -> None:
        super().__init__(openapi=data, config=config, custom_template_path=TEMPLATES)
        self._context = context
        self.env.globals.update(context)
        self.env.filters.update(filters)

    def build(self) -> list[GeneratorError]:
        """Writes the package into the output folder. Raises GenerationError for any complaint of the generator."""
        with contextlib.redirect_stdout(io.StringIO()):
            errors = list(super().build())
        if errors:
            raise GenerationError("; ".join(str(error) for error in errors))
        return errors

    def _create_package(self) -> None:
        self._write("__init__.py", "package_init.py.jinja")
        self._write("py.typed", None)

    def _build_models(self) -> None:
        for module in self._context["model_modules"]:
            self._write(f"models/{module.name}.py", "model.py.jinja", module=module)
        for enum in self.openapi.enums:
            kind = "int" if enum.value_type is int else "str"
            self._write(
                f"models/{enum.class_info.module_name}.py", f"{kind}_enum.py.jinja", enum=enum
            )
        self._write("models/__init__.py", "models_init.py.jinja")

    def _build_api(self) -> None:
        vendor: VendorView = self._context["vendor"]
        for folder in ("operations", "resources", "resources_async"):
            self._write(f"{folder}/__init__.py", None)
        for is_async in (False, True):
            suffix = "_async" if is_async else ""
            self._write(f"client{suffix}.py", "client.py.jinja", is_async=is_async)
            for tag in vendor.tags:
                if not is_async:
                    self._write(f"operations/{tag.namespace}.py", "operations.py.jinja", tag=tag)
                self._write(
                    f"resources{suffix}/{tag.namespace}.py",
                    "resources.py.jinja",
                    tag=tag,
                    is_async=is_async,
                )

    def _write(self, name: str, template: str | None, **context: Any) -> None:
        path = self.package_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "" if template is None else self.env.get_template(template).render(**context)
        path.write_text(text, encoding="utf-8")
