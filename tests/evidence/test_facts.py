"""Does each spec state every fact of its sources?

The facts of AITRIOS are its tables, whose rows were read off its document and the vendor's public OpenAPI file.
Those of the others are others_ops.tsv, and all that can be read mechanically from tables, lists and samples of
the documents. `equivalence` says what counts as the same, `differences` what a spec says otherwise, and why.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest

from .comparison import ledger_of
from .differences import DIFFERENCES
from .equivalence import Stated, tells_default
from .ledger import Ledger, figures
from .material import VENDORS, document, other_rows, rows
from .openapi import Place, Spec

#: At least this share of the facts, of 100.
WANTED = 99.0
Record = Callable[[str, object], None]
#: Rows of the documents' tables and lists, counted crudely, and the tables of the ledger they are read into.
CRUDE = {
    "amnimo": (r"(?m)^\| [A-Za-z][\w-]*( required)? \| ", r"[\w-]+", "parameters"),
    "proglove": (r"(?m)^»+ (?!anonymous).*(true|false|Dalse) none", r"[^:]+\..+", "schemas"),
    "viziosense": (r"(?m)^\| \w+( required)? \| ", r"\w+", "parameters"),
    "scailable": (r"(?m)^\nFILTER", "", ""),
}


@pytest.fixture(scope="session")
def ledgers(specs: dict[str, Spec]) -> dict[str, Ledger]:
    """Return what was compared, by vendor."""
    return {vendor: ledger_of(spec) for vendor, spec in specs.items()}
