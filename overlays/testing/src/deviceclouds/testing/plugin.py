"""The pytest plugin: a fixture ``sandbox``, five device clouds inside the test's own process.

Importing this module loads nothing else of ours; the sandbox is loaded by the first test that asks for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .sandbox import Sandbox

__all__ = ["pytest_configure", "sandbox"]

_OPTIONS = ("vendors", "stateful", "seed", "size", "rate_limits", "strict", "frozen")


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker."""
    config.addinivalue_line(
        "markers",
        "sandbox(vendors=None, stateful=True, seed=1, size=0.05, rate_limits=True, strict=False, frozen=False): "
        "how the fixture sandbox of deviceclouds-testing is made",
    )


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox of its own for each test: small fleets, no socket, a clock that runs until it is frozen.

    ``@pytest.mark.sandbox(size=1, vendors=["aitrios"])`` changes how it is made; the arguments are those of
    :class:`deviceclouds.testing.Sandbox`. A marker nearer to the test wins, argument by argument.
    """
    options = _options(request.node)
    from .sandbox import Sandbox

    try:
        made = Sandbox(**options)
    except (TypeError, ValueError) as error:
        raise pytest.UsageError(f"@pytest.mark.sandbox: {error}") from error
    with made:
        yield made


def _options(node: Any) -> dict[str, Any]:
    options: dict[str, Any] = {"size": 0.05}
    # The nearest marker comes first, so it is applied last.
    for marker in reversed(list(node.iter_markers("sandbox"))):
        unknown = [name for name in marker.kwargs if name not in _OPTIONS]
        if marker.args or unknown:
            raise pytest.UsageError(
                f"@pytest.mark.sandbox takes {', '.join(_OPTIONS)}, all by keyword"
                + (f"; not {', '.join(unknown)}" if unknown else "")
            )
        options |= marker.kwargs
    return options
