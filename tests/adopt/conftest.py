"""Our specifications, read once; and what adopt says to a document given as plain values."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from codegen.adopt import Comparison, compare
from codegen.compare import ReadDocument, as_3_1
from codegen.lint.document import SpecDocument

ROOT = Path(__file__).parents[2]
VENDORS = ("aitrios", "amnimo", "proglove", "scailable", "viziosense")


@cache
def spec_of(vendor: str) -> SpecDocument:
    """Return our specification of a vendor; not to be changed."""
    return SpecDocument.load(ROOT / "specs" / vendor / "openapi.yaml")


def adopt_document(vendor: str, document: dict[str, Any]) -> Comparison:
    """Return the comparison of our specification with a document of the vendor's."""
    original = copy.deepcopy(document)
    version, data = as_3_1(document)
    theirs = ReadDocument(Path("theirs.json"), version, data, "0" * 64, {}, original)
    return compare(spec_of(vendor), theirs)


@pytest.fixture(scope="session")
def spec() -> Callable[[str], SpecDocument]:
    """Our specification of a vendor."""
    return spec_of


@pytest.fixture(scope="session")
def adopt() -> Callable[[str, dict[str, Any]], Comparison]:
    """What adopt finds in a document of a vendor."""
    return adopt_document
