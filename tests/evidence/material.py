"""The specs, and beside the repository the documents and fact tables they were made from."""

from __future__ import annotations

import csv
import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("DEVICECLOUDS_SHARED") or ROOT.parent / "shared")
SPECS = ROOT / "specs"
VENDORS = ("aitrios", "amnimo", "proglove", "scailable", "viziosense")
WHY_SKIPPED = (
    f"needs the vendors' documents and fact tables in {SHARED}, which are no part of the "
    "repository (DEVICECLOUDS_SHARED names another place)"
)

Row = dict[str, str]


def available() -> bool:
    """Tell whether documents and fact tables are there."""
    return (SHARED / "documents").is_dir() and (SHARED / "facts").is_dir()


@cache
def source(vendor: str) -> dict[str, Any]:
    """Return a vendor's source.toml."""
    return tomllib.loads((SPECS / vendor / "source.toml").read_text(encoding="utf-8"))


def document_path(vendor: str) -> Path:
    """Return where the vendor's document lies."""
    return SHARED / "documents" / str(source(vendor)["sources"]["document"]["file"])


@cache
def document(vendor: str) -> str:
    """Return the text of the vendor's document."""
    return document_path(vendor).read_text(encoding="utf-8")


@cache
def rows(table: str) -> list[Row]:
    """Return the rows of a fact table, each by column name; quotes in it are plain characters."""
    with (SHARED / "facts" / f"{table}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def other_rows(vendor: str) -> list[Row]:
    """Return the rows of others_ops.tsv about one vendor."""
    return [row for row in rows("others_ops") if row["vendor"] == vendor]
