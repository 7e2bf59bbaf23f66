"""What is said where a part of deviceclouds is not installed."""

from __future__ import annotations

from importlib.util import find_spec

__all__ = ["TESTING", "client_missing", "installed_clients", "part_missing"]

TESTING = "deviceclouds.testing"


def part_missing(what: str, extra: str, distribution: str) -> str:
    """One message: what lacks, and where it comes from. Never a bare name to install: that could be anybody's.

    Args:
        what: Begins the sentence, for example ``The sandbox``.
        extra: Extra of deviceclouds.
        distribution: Name of the distribution.
    """
    wheel = distribution.replace("-", "_")
    return (
        f"{what} is not installed: it is the extra [{extra}] of deviceclouds, in the wheel of {distribution}.\n"
        "Nothing is published on a package index. In a clone of the repository, build the wheels and name the files:\n"
        "  nox -s build\n"
        f"  pip install dist/{wheel}-0.1.0-py3-none-any.whl dist/deviceclouds_runtime-0.1.0-py3-none-any.whl"
    )


def client_missing(vendor: str) -> str:
    """What is said where a vendor's client is not installed."""
    return part_missing(f"The client of {vendor}", vendor, f"deviceclouds-{vendor}")


def installed_clients(vendors: list[str]) -> list[str]:
    """Those of the vendors whose client is there."""
    return [vendor for vendor in vendors if find_spec(f"deviceclouds.{vendor}") is not None]
