"""Two OpenAPI documents, flattened so that what they say can be compared field by field."""

from __future__ import annotations

from codegen.compare.differences import Difference, Kind, differences
from codegen.compare.documents import facts_of
from codegen.compare.errors import DocumentError
from codegen.compare.places import JSON, WORDS, Direction, Facts, Place
from codegen.compare.reading import ReadDocument, as_3_1, parse_text, read_document

__all__ = [
    "JSON",
    "WORDS",
    "Difference",
    "Direction",
    "DocumentError",
    "Facts",
    "Kind",
    "Place",
    "ReadDocument",
    "as_3_1",
    "differences",
    "facts_of",
    "parse_text",
    "read_document",
]
