"""The pytest plugin: the fixture ``sandbox``, and the marker ``deviceclouds`` for tests of programs that use a cloud.

Importing this module loads nothing else of ours; the sandbox is loaded by the first test that asks for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from .contract.consumer.clouds import DeviceClouds
    from .sandbox import Sandbox

__all__ = ["deviceclouds", "pytest_configure", "pytest_runtest_call", "sandbox"]

_SANDBOX = ("stateful", "seed", "size", "rate_limits", "strict", "frozen")
_OPTIONS = ("vendors", *_SANDBOX)
_CLOUDS = (*_SANDBOX, "allow_hosts", "allow_invalid", "environment")
_KEY = pytest.StashKey["DeviceClouds"]()


def pytest_configure(config: pytest.Config) -> None:
    """Registers the markers."""
    config.addinivalue_line(
        "markers",
        "deviceclouds(vendor, ..., allow_invalid=False, environment=True, size=0.05, seed=1, ...): the test runs "
        "against a sandbox of these clouds, and fails if a call it made is not as the specification has it",
    )
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


@pytest.fixture
def deviceclouds(request: pytest.FixtureRequest) -> Iterator[DeviceClouds]:
    """The clouds that ``@pytest.mark.deviceclouds("aitrios")`` names, as a sandbox of the test's own.

    ``deviceclouds.client`` is a client of it. Programs that make their own client with ``from_env()`` find the sandbox
    through environment variables, which are set as long as the test runs. A test whose calls are not as the
    specification has them fails; see docs/contract.md.
    """
    vendors, options = _clouds(request.node)
    from .contract.consumer.clouds import DeviceClouds

    try:
        made = DeviceClouds(vendors, **options)
    except (TypeError, ValueError) as error:
        raise pytest.UsageError(f"@pytest.mark.deviceclouds: {error}") from error
    request.node.stash[_KEY] = made
    try:
        yield made
        # Calls of other fixtures' ends; those of the test itself were looked at when it ended.
        _fail(made.complaint())
    finally:
        made.close()
        del request.node.stash[_KEY]


@pytest.fixture(autouse=True)
def _deviceclouds_marker(request: pytest.FixtureRequest) -> None:
    """The marker is enough: a test need not name the fixture."""
    if request.node.get_closest_marker("deviceclouds") is not None:
        request.getfixturevalue("deviceclouds")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Looks at a test's calls when it ends, so that wrong ones are its failure and no error of a fixture."""
    try:
        outcome = yield
    except BaseException as error:
        made = item.stash.get(_KEY, None)
        found = "" if made is None else made.complaint()
        if found and isinstance(error, Exception):
            # Likely the reason, so it is told beside what the test says.
            error.add_note(found)
        raise
    made = item.stash.get(_KEY, None)
    if made is not None:
        _fail(made.complaint())
    return outcome


def _fail(complaint: str) -> None:
    if complaint:
        pytest.fail(complaint, pytrace=False)


def _clouds(node: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Vendors of the nearest marker that names any, and options of all, of which the nearest wins."""
    vendors: tuple[str, ...] = ()
    options: dict[str, Any] = {"size": 0.05}
    for marker in reversed(list(node.iter_markers("deviceclouds"))):
        unknown = [name for name in marker.kwargs if name not in _CLOUDS]
        if unknown or not all(isinstance(vendor, str) for vendor in marker.args):
            raise pytest.UsageError(
                f"@pytest.mark.deviceclouds takes names of vendors, then by keyword {', '.join(_CLOUDS)}"
                + (f"; not {', '.join(unknown)}" if unknown else "")
            )
        vendors = marker.args or vendors
        options |= marker.kwargs
    if not vendors:
        raise pytest.UsageError(
            'the fixture deviceclouds needs to know which cloud: mark the test @pytest.mark.deviceclouds("aitrios")'
        )
    return vendors, options


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
