"""Reports of contract runs for machines and for issues: JUnit, JSON, Markdown."""

from __future__ import annotations

from .junit import as_junit
from .markdown import as_markdown
from .plain_json import as_json

__all__ = ["as_json", "as_junit", "as_markdown"]
