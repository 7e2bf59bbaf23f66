"""The pytest plugin: the fixture ``sandbox``, and the marker ``deviceclouds`` for tests of programs that use a cloud.

Importing this module loads nothing else of ours; the sandbox is loaded by the first test that asks for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from .contract.consumer.clouds import DeviceClouds
    from .sandbox import Sandbox

__all__ = [
    "deviceclouds",
    "pytest_configure",
    "pytest_fixture_setup",
    "pytest_runtest_call",
    "pytest_runtest_setup",
    "pytest_runtest_teardown",
    "sandbox",
]

_SANDBOX = ("stateful", "seed", "size", "rate_limits", "strict", "frozen")
_OPTIONS = ("vendors", *_SANDBOX)
_CLOUDS = (*_SANDBOX, "allow_hosts", "allow_invalid", "environment")
_RUNNING = pytest.StashKey["DeviceClouds"]()
_PORTS = pytest.StashKey[tuple[int, ...]]()
_MOST_PORTS = 8  # beside the first, which fixtures of the session saw
_ON_PURPOSE = (
    pytest.skip.Exception,
    pytest.xfail.Exception,
    pytest.exit.Exception,
    KeyboardInterrupt,
)


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
        _misused(f"@pytest.mark.sandbox: {error}")
    with made:
        yield made


@pytest.fixture
def deviceclouds(request: pytest.FixtureRequest) -> DeviceClouds:
    """The clouds that ``@pytest.mark.deviceclouds("aitrios")`` names, as a sandbox of the test's own.

    ``deviceclouds.client`` is a client of it. Programs that make their own client with ``from_env()`` find the sandbox
    through environment variables, which are set as long as the test runs. A test whose calls are not as the
    specification has them fails; see docs/contract.md.
    """
    made: DeviceClouds | None = request.config.stash.get(_RUNNING, None)
    if made is None:
        _misused(
            'the fixture deviceclouds needs to know which cloud: mark the test @pytest.mark.deviceclouds("aitrios")'
        )
    return made


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Makes the clouds of a marked test: before its fixtures, so that a session's do not reach a real cloud either."""
    if item.get_closest_marker("deviceclouds") is None:
        return
    vendors, options = _clouds(item)
    from .contract.consumer.clouds import DeviceClouds

    earlier: tuple[int, ...] = item.config.stash.get(_PORTS, ())
    try:
        made = DeviceClouds(vendors, also_at=earlier, **options)
    except (TypeError, ValueError) as error:
        _misused(f"@pytest.mark.deviceclouds: {error}")
    item.config.stash[_RUNNING] = made


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> None:
    """Remembers the address that a fixture of a wider scope saw: a client it makes has to find later sandboxes."""
    made = request.config.stash.get(_RUNNING, None)
    if made is None or not made.port or fixturedef.scope == "function":
        return
    first, *others = dict.fromkeys((*request.config.stash.get(_PORTS, ()), made.port))
    request.config.stash[_PORTS] = (first, *others[-_MOST_PORTS:])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Looks at a test's calls when it ends, so that wrong ones are its failure and no error of a fixture."""
    return (yield from _watched(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Looks at the calls of fixtures' ends, and closes the clouds after them."""
    try:
        return (yield from _watched(item))
    finally:
        made = item.config.stash.get(_RUNNING, None)
        if made is not None:
            del item.config.stash[_RUNNING]
            made.close()


def _watched(item: pytest.Item) -> Generator[None, object, object]:
    made = item.config.stash.get(_RUNNING, None)
    try:
        outcome = yield
    except BaseException as error:
        found = "" if made is None else made.complaint()
        if found and not isinstance(error, _ON_PURPOSE):
            # Likely the reason, so it is told beside what the test says.
            _tell(error, found)
        raise
    found = "" if made is None else made.complaint()
    if found:
        pytest.fail(found, pytrace=False)
    return outcome


def _tell(error: BaseException, found: str) -> None:
    if isinstance(error, pytest.fail.Exception) and not error.pytrace:
        # Of these pytest shows the message alone.
        error.msg = f"{error.msg}\n{found}"
    else:
        error.add_note(found)


def _misused(said: str) -> NoReturn:
    # No traceback: it would be one through this package, and the mistake is in the marker.
    pytest.fail(said, pytrace=False)


def _clouds(node: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Vendors of the nearest marker that names any, and options of all, of which the nearest wins."""
    vendors: tuple[str, ...] = ()
    options: dict[str, Any] = {"size": 0.05}
    for marker in reversed(list(node.iter_markers("deviceclouds"))):
        unknown = [name for name in marker.kwargs if name not in _CLOUDS]
        if unknown or not all(isinstance(vendor, str) for vendor in marker.args):
            _misused(
                f"@pytest.mark.deviceclouds takes names of vendors, then by keyword {', '.join(_CLOUDS)}"
                + (f"; not {', '.join(unknown)}" if unknown else "")
            )
        vendors = marker.args or vendors
        options |= marker.kwargs
    if not vendors:
        _misused(
            '@pytest.mark.deviceclouds needs to know which cloud, as in deviceclouds("aitrios")'
        )
    return vendors, options


def _options(node: Any) -> dict[str, Any]:
    options: dict[str, Any] = {"size": 0.05}
    # The nearest marker comes first, so it is applied last.
    for marker in reversed(list(node.iter_markers("sandbox"))):
        unknown = [name for name in marker.kwargs if name not in _OPTIONS]
        if marker.args or unknown:
            _misused(
                f"@pytest.mark.sandbox takes {', '.join(_OPTIONS)}, all by keyword"
                + (f"; not {', '.join(unknown)}" if unknown else "")
            )
        options |= marker.kwargs
    return options
