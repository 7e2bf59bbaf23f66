"""The marker and fixture ``deviceclouds``, in runs of pytest of their own as users have them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.plugin_runs import run, same_everywhere

__all__ = ["same_everywhere"]


GUIDE = Path(__file__).resolve().parents[2] / "docs" / "contract.md"


pytest_plugins = ["pytester"]


def test_webhooks_of_the_sandbox_are_no_calls_of_the_test(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.deviceclouds("viziosense", seed=5)
        def test_nobody_receives_them(deviceclouds):
            deviceclouds.sandbox.clock.advance(7200)
            assert any(one.problem for one in deviceclouds.sandbox.deliver_webhooks())
            assert deviceclouds.calls == ()
        """,
    )
    result.assert_outcomes(passed=1)


def test_clients_of_the_fixture(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import asyncio
        import pytest

        pytestmark = pytest.mark.deviceclouds("viziosense", seed=5)

        def test_sync(deviceclouds):
            devices = list(deviceclouds.client.devices.list_devices())
            assert devices and deviceclouds.client is deviceclouds.client
            assert deviceclouds.sandbox.vendors == ("viziosense",)
            assert (deviceclouds.sandbox.world.seed, deviceclouds.sandbox.world.size) == (5, 0.05)
            assert {call.operation_id for call in deviceclouds.calls} == {"list_devices"}
            assert deviceclouds.journal.entries == deviceclouds.calls
            deviceclouds.assert_called("list_devices")
            deviceclouds.assert_called("devices.list_devices", times=len(deviceclouds.calls))
            deviceclouds.assert_called("get_device", times=0)
            assert "1 calls" in repr(deviceclouds["viziosense"])

        def test_async(deviceclouds):
            async def ask():
                return await deviceclouds.async_client.devices.list_devices().first_page()
            assert asyncio.run(ask()).items

        def test_another_sandbox(deviceclouds):
            assert deviceclouds.calls == ()

        @pytest.mark.deviceclouds(size=0, frozen=True)
        def test_the_nearest_marker_wins_by_argument(deviceclouds):
            assert deviceclouds.sandbox.clock.frozen
            assert (deviceclouds.sandbox.world.seed, deviceclouds.sandbox.world.size) == (5, 0)

        def test_what_was_called_before_a_reset_counts(deviceclouds):
            deviceclouds.client.devices.list_devices().first_page()
            deviceclouds.sandbox.reset()
            assert not len(deviceclouds.journal)
            deviceclouds.assert_called("list_devices", times=1)
        """,
    )
    result.assert_outcomes(passed=5)


def test_invalid_calls_fail_the_test(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest
        from asking import ask

        pytestmark = pytest.mark.deviceclouds("amnimo")
        LIST = "/partitions/3d07c219-0a88-45be-9cfc-91e9d095a1e9/cameras"

        def test_wrong(deviceclouds):
            for _ in range(2):
                ask(deviceclouds, LIST, params={"size": "9999-planted"})

        def test_unknown_path(deviceclouds):
            ask(deviceclouds, "/partitions/planted/kitchens")

        def test_before_a_reset(deviceclouds):
            ask(deviceclouds, LIST, params={"size": "0"})
            deviceclouds.sandbox.reset()

        def test_said_beside_another_failure(deviceclouds):
            ask(deviceclouds, LIST, params={"size": "0"}).raise_for_status()

        @pytest.mark.xfail(strict=True)
        def test_expected(deviceclouds):
            ask(deviceclouds, LIST, params={"size": "0"})

        @pytest.mark.deviceclouds(allow_invalid=True)
        def test_on_purpose(deviceclouds):
            assert ask(deviceclouds, LIST, params={"size": "0"}).status_code == 400

        def test_also_on_purpose(deviceclouds):
            ask(deviceclouds, LIST, params={"size": "0"})
            deviceclouds.allow_problems()

        def test_skipped(deviceclouds):
            ask(deviceclouds, LIST, params={"size": "0"})
            pytest.skip("no time")

        @pytest.fixture
        def careless(deviceclouds):
            yield
            ask(deviceclouds, LIST, params={"size": "0"})

        def test_ends(careless): ...
        """,
    )
    result.assert_outcomes(failed=4, passed=3, xfailed=1, skipped=1, errors=1)
    text = result.stdout.str()
    result.stdout.fnmatch_lines(
        [
            "*_ test_wrong _*",
            "2 of 2 calls of this test are not as the specification has them:",
            "amnimo list_cameras (GET /partitions/{subscriptionId}/cameras), 2 times:",
            "  - query.size: *",
            "Correct the calls; if the cloud does take them, correct specs/amnimo/openapi.yaml.*",
            '@pytest.mark.deviceclouds("amnimo", allow_invalid=True), or deviceclouds.allow_problems().',
        ]
    )
    result.stdout.fnmatch_lines(["amnimo no operation (GET /partitions/[*][*][*]/[*][*][*]):"])
    assert "plugin.py" not in text
    assert "--full-trace" not in text


def test_said_beside_every_way_to_fail(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest
        from asking import ask

        pytestmark = pytest.mark.deviceclouds("amnimo")
        LIST = "/partitions/3d07c219-0a88-45be-9cfc-91e9d095a1e9/cameras"

        def test_pytest_fail(deviceclouds):
            ask(deviceclouds, LIST, params={"size": "0"})
            pytest.fail("own reason 1")

        def test_pytest_fail_without_traceback(deviceclouds):
            ask(deviceclouds, LIST, params={"size": "0"})
            pytest.fail("own reason 2", pytrace=False)

        def test_exit(deviceclouds):
            ask(deviceclouds, LIST, params={"size": "0"})
            raise SystemExit("own reason 3")

        def test_xfail(deviceclouds):
            ask(deviceclouds, LIST, params={"size": "0"})
            pytest.xfail("own reason 4")

        @pytest.fixture
        def careless(deviceclouds):
            yield
            ask(deviceclouds, LIST, params={"size": "0"})
            raise ValueError("own reason 5")

        def test_ends(careless): ...
        """,
    )
    result.assert_outcomes(failed=3, passed=1, xfailed=1, errors=1)
    text = result.stdout.str()
    assert text.count("  - query.size: ") == 4
    for number in (1, 2, 3, 5):
        assert f"own reason {number}" in text


def test_values_are_not_told(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest
        from asking import ask

        @pytest.mark.deviceclouds("viziosense")
        def test_wrong(deviceclouds):
            secret = "plan" + "ted"
            ask(deviceclouds, f"/devices/{secret}/kitchens/{secret}", params={secret: secret})
            import httpx2
            url = f"{deviceclouds.base_url}/devices"
            headers = {"Authorization": f"Basic {secret}", "content-type": f"text/{secret}"}
            httpx2.request(secret.upper(), url, headers=headers, trust_env=False)
            httpx2.get(url, headers=headers, params={"page": secret}, trust_env=False)
            httpx2.post(f"{deviceclouds.base_url}/login", headers=headers, content=secret, trust_env=False)
        """,
    )
    result.assert_outcomes(failed=1)
    assert "planted" not in result.stdout.str().lower()
    assert "4 of 4 calls of this test" in result.stdout.str()


def test_several_clouds_and_wrong_words(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.deviceclouds("viziosense", "proglove")
        def test_several(deviceclouds):
            deviceclouds["viziosense"].client.devices.list_devices().first_page()
            deviceclouds["viziosense"].assert_called("list_devices")
            deviceclouds["proglove"].assert_called("list_devices", times=0)
            with pytest.raises(AttributeError, match=r"deviceclouds\\['viziosense'\\].client"):
                deviceclouds.client
            with pytest.raises(KeyError, match="its marker names viziosense, proglove"):
                deviceclouds["amnimo"]
            with pytest.raises(ValueError, match="did you mean list_devices"):
                deviceclouds["viziosense"].assert_called("list_device")
            with pytest.raises(AssertionError, match="called 1 times, expected 3 times; calls: list_devices 1"):
                deviceclouds["viziosense"].assert_called("list_devices", times=3)

        def test_no_marker(deviceclouds): ...

        @pytest.mark.deviceclouds("nobody")
        def test_no_such_cloud(): ...

        @pytest.mark.deviceclouds("aitrios", colour="red")
        def test_unknown_word(): ...

        @pytest.mark.deviceclouds("aitrios", size=99)
        def test_out_of_range(): ...

        @pytest.mark.deviceclouds
        def test_bare(): ...
        """,
    )
    result.assert_outcomes(passed=1, errors=5)
    assert "plugin.py" not in result.stdout.str()  # no traceback: the marker is wrong, not the code
    result.stdout.fnmatch_lines_random(
        [
            '*needs to know which cloud: mark the test @pytest.mark.deviceclouds("aitrios")*',
            "*@pytest.mark.deviceclouds: no specification of 'nobody'*",
            "*takes names of vendors, then by keyword stateful, *; not colour*",
            "*@pytest.mark.deviceclouds: size=99: give 0 to 10*",
        ]
    )


def test_the_examples_of_the_guide(pytester: pytest.Pytester) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.M | re.S)
    examples = [block for block in blocks if "pytest.mark.deviceclouds" in block]
    result = run(pytester, "\n".join(examples))
    result.assert_outcomes(passed=2)
