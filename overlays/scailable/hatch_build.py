"""Adds the generated package to wheels and source distributions; editable installs find it by dev-mode-dirs."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class GeneratedPackage(BuildHookInterface[Any]):
    """In an unpacked source distribution the package is already in place, and there is nothing to add."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        vendor = self.metadata.name.removeprefix("deviceclouds-")
        inner = f"deviceclouds/_generated/{vendor}"
        source = Path(self.root).parents[1] / "generated" / vendor / "src" / inner
        if version == "editable" or not source.is_dir():
            return
        target = f"src/{inner}" if self.target_name == "sdist" else inner
        build_data["force_include"][str(source)] = target
