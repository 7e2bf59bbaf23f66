"""The pytest plugin, in runs of its own as users have them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.plugin_runs import PLUGIN, run, same_everywhere

__all__ = ["same_everywhere"]

pytest_plugins = ["pytester"]


def test_fixture_and_marker(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        pytestmark = pytest.mark.sandbox(vendors=["viziosense"], seed=5)
        seen = []

        def test_a_sandbox_of_its_own(sandbox):
            assert sandbox.vendors == ("viziosense",)
            assert (sandbox.world.seed, sandbox.world.size) == (5, 0.05)
            assert not sandbox.clock.frozen
            assert sandbox.client("viziosense").devices.list_devices().first_page().items
            seen.append(sandbox)

        @pytest.mark.sandbox(size=0, frozen=True)
        def test_another_one(sandbox):
            assert sandbox is not seen[0]
            assert not len(sandbox.journal)
            assert not seen[0]._bridges, "the first one was closed"
            assert sandbox.vendors == ("viziosense",), "of the module"
            assert (sandbox.world.seed, sandbox.world.size) == (5, 0)
            assert sandbox.clock.frozen
            sandbox.reset()
            assert sandbox.clock.frozen

        @pytest.mark.sandbox(seed=6)
        class TestNearest:
            @pytest.mark.sandbox(seed=7)
            def test_the_nearest_marker_wins(self, sandbox):
                assert sandbox.world.seed == 7

            def test_of_the_class(self, sandbox):
                assert sandbox.world.seed == 6

        @pytest.mark.sandbox(stateful=False, strict=True, rate_limits=False)
        def test_other_options(sandbox):
            assert not sandbox.stateful
            assert not sandbox.world.rate_limits
        """,
    )
    result.assert_outcomes(passed=5)


def test_wrong_options(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.sandbox(colour="red")
        def test_unknown(sandbox): ...

        @pytest.mark.sandbox(0.5)
        def test_positional(sandbox): ...

        @pytest.mark.sandbox(vendors=["nobody"])
        def test_no_such_vendor(sandbox): ...

        @pytest.mark.sandbox(size=99)
        def test_out_of_range(sandbox): ...
        """,
    )
    result.assert_outcomes(errors=4)
    result.stdout.fnmatch_lines_random(
        [
            "*takes vendors, stateful, seed, size, *, all by keyword; not colour*",
            "*@pytest.mark.sandbox: no specification of 'nobody'*",
            "*@pytest.mark.sandbox: size=99: give 0 to 10*",
        ]
    )


def test_runs_without_a_sandbox_pay_nothing(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import sys
        import pytest

        @pytest.mark.sandbox(anything="of somebody else")
        def test_nothing_is_loaded():
            heavy = {"starlette", "uvicorn", "httpx2", "jsonschema_rs", "jinja2", "yaml", "attrs"}
            assert not heavy & sys.modules.keys()
            ours = {name for name in sys.modules if name.startswith("deviceclouds.")}
            small = {"_lazy", "_load", "plugin"}
            assert ours <= {"deviceclouds.testing", *(f"deviceclouds.testing.{name}" for name in small)}

        @pytest.fixture
        def sandbox():
            return "their own"

        def test_a_fixture_of_the_same_name_wins(sandbox):
            assert sandbox == "their own"
        """,
    )
    result.assert_outcomes(passed=2)


def test_help(pytester: pytest.Pytester) -> None:
    marker = pytester.runpytest_subprocess(*PLUGIN, "--markers")
    marker.stdout.fnmatch_lines(["@pytest.mark.sandbox(vendors=None, *"])
    fixtures = pytester.runpytest_subprocess(*PLUGIN, "--fixtures")
    fixtures.stdout.fnmatch_lines(["*sandbox*plugin.py*", "*A sandbox of its own for each test*"])


def test_the_module_itself_is_light() -> None:
    script = (
        "import sys, pytest; before = set(sys.modules); import deviceclouds.testing.plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert len(loaded) < 15, loaded
    assert not [name for name in loaded if name.startswith("deviceclouds.testing.sandbox")]
