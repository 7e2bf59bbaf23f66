"""The specs, loaded once, and a skip where the sources are absent."""

from __future__ import annotations

import pytest

from .material import VENDORS, WHY_SKIPPED, available
from .openapi import Spec


@pytest.fixture(scope="session", autouse=True)
def _sources() -> None:
    """Skip every test here where documents and fact tables are absent."""
    if not available():
        pytest.skip(WHY_SKIPPED)


@pytest.fixture(scope="session")
def specs() -> dict[str, Spec]:
    """Return all specs by vendor."""
    return {vendor: Spec.load(vendor) for vendor in VENDORS}
