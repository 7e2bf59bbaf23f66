"""Import of a vendor's own OpenAPI file: what it says otherwise than our curated one, as a worklist."""

from __future__ import annotations

from codegen.adopt.comparing import Comparison, compare
from codegen.adopt.evidence import Upgrade, upgrades
from codegen.adopt.findings import Finding, Kind

__all__ = ["Comparison", "Finding", "Kind", "Upgrade", "compare", "upgrades"]
