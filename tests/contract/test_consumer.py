"""The marker and fixture ``deviceclouds``, in runs of pytest of their own as users have them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "contract.md"

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "deviceclouds.testing.plugin", "-p", "no:cacheprovider")

RAW = """
import httpx2

def ask(clouds, path, **more):
    return httpx2.get(
        clouds.base_url + path, headers={"Authorization": "Bearer demo"}, trust_env=False, **more
    )
"""


@pytest.fixture(autouse=True)
def _only_our_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others that happen to be installed load half of what we promise not to load."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def run(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(asking=RAW)
    pytester.makepyfile(source)
    pytester.makeini(
        "[pytest]\naddopts = --strict-markers\nfilterwarnings = error\npythonpath = .\n"
    )
    # In a process of its own: compiled modules cannot be loaded twice into one.
    return pytester.runpytest_subprocess(*PLUGIN, *arguments)


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


def test_fixtures_of_a_wider_scope_reach_no_real_cloud(pytester: pytest.Pytester) -> None:
    """They are made before those of the test, and live on in the next one, with a sandbox of its own."""
    result = run(
        pytester,
        """
        import os
        import pytest

        os.environ["VIZIOSENSE_TOKEN"] = "of the developer"
        os.environ["VIZIOSENSE_BASE_URL"] = "http://127.0.0.1:1/real"
        seen = []

        addresses = []

        @pytest.fixture(scope="module")
        def other():
            from deviceclouds.viziosense import VizioSense
            with VizioSense.from_env() as client:
                yield client

        @pytest.fixture(scope="session", params=["token", "password"])
        def client(request):
            from deviceclouds.viziosense import VizioSense
            seen.append(os.environ["VIZIOSENSE_TOKEN"])
            more = {"email": os.environ["VIZIOSENSE_EMAIL"]} if request.param == "password" else {}
            with VizioSense.from_env(**more) as client:
                yield client

        @pytest.mark.deviceclouds("viziosense")
        @pytest.mark.parametrize("number", range(3))
        def test_each(number, client, deviceclouds):
            assert client.devices.list_devices().first_page().items
            deviceclouds.assert_called("list_devices")
            addresses.append(os.environ["VIZIOSENSE_BASE_URL"])

        def test_unmarked_in_between():
            assert os.environ["VIZIOSENSE_TOKEN"] == "of the developer"

        @pytest.mark.deviceclouds("viziosense")
        def test_again(client, deviceclouds):
            assert client.devices.list_devices().first_page().items
            deviceclouds.assert_called("list_devices")

        @pytest.mark.deviceclouds("viziosense")
        @pytest.mark.parametrize("number", range(2))
        def test_another_one(number, other, deviceclouds):
            assert other.devices.list_devices().first_page().items
            deviceclouds.assert_called("list_devices", times=1)

        def test_what_they_saw():
            assert seen == ["demo", "demo"]
            # A token that a program keeps in a file is of no use elsewhere, so no test sees what another left.
            assert len(set(addresses)) == len(addresses) == 6
        """,
    )
    result.assert_outcomes(passed=12)


def test_a_fixture_of_the_same_name_does_not_switch_the_marker_off(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        """
        import os
        import pytest

        os.environ["AMNIMO_CLIENT_ID"] = "of the developer"

        @pytest.fixture
        def deviceclouds():
            return os.environ["AMNIMO_CLIENT_ID"]

        @pytest.mark.deviceclouds("amnimo")
        def test_own(deviceclouds):
            assert deviceclouds == os.environ["AMNIMO_CLIENT_ID"] == "demo"

        @pytest.mark.deviceclouds("amnimo")
        def test_checked():
            import urllib.request
            with pytest.raises(urllib.request.HTTPError) as caught:
                urllib.request.urlopen(os.environ["AMNIMO_BASE_URL"] + "/kitchens")
            caught.value.close()

        def test_without(deviceclouds):
            assert deviceclouds == "of the developer"
        """,
    )
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["amnimo no operation (GET /[*][*][*]):"])


def test_a_test_that_is_skipped_gets_no_sandbox(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import sys
        import pytest

        @pytest.mark.skip
        @pytest.mark.deviceclouds("viziosense")
        def test_skipped(): ...

        def test_nothing_is_loaded():
            assert "deviceclouds.testing.contract.consumer.clouds" not in sys.modules
        """,
    )
    result.assert_outcomes(passed=1, skipped=1)


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


def test_the_marker_alone(pytester: pytest.Pytester) -> None:
    """Programs that make their own clients from the environment; theirs is put back."""
    result = run(
        pytester,
        """
        import os, subprocess, sys, unittest
        import pytest

        os.environ["AITRIOS_CLIENT_ID"] = "of the developer"
        os.environ["AITRIOS_APPLICATION_ID"] = "an application"
        os.environ["HTTP_PROXY"] = "http://127.0.0.1:1"
        CLASSES = {
            "aitrios": "Aitrios", "amnimo": "Amnimo", "proglove": "ProGlove",
            "scailable": "Scailable", "viziosense": "VizioSense",
        }

        def program(vendor):
            module = __import__(f"deviceclouds.{vendor}", fromlist=[CLASSES[vendor]])
            with getattr(module, CLASSES[vendor]).from_env() as client:
                if vendor == "aitrios":
                    return client.manage_devices.get_devices().first_page().items
                if vendor == "amnimo":
                    return client.cameras.list_cameras().first_page().items
                if vendor == "proglove":
                    return client.gateways.list_gateways().first_page().items
                if vendor == "scailable":
                    return client.function.list_functions().first_page().items
                return client.devices.list_devices().first_page().items

        @pytest.mark.deviceclouds(*CLASSES)
        @pytest.mark.parametrize("vendor", CLASSES)
        def test_program(vendor):
            assert program(vendor)
            assert os.environ["AITRIOS_CLIENT_ID"] == "demo"
            assert "AITRIOS_APPLICATION_ID" not in os.environ

        @pytest.mark.deviceclouds("viziosense")
        class TestCase(unittest.TestCase):
            def test_in_a_class(self):
                assert program("viziosense")

        @pytest.mark.deviceclouds("viziosense")
        def test_another_process(deviceclouds):
            code = "from deviceclouds.viziosense import VizioSense as V; list(V.from_env().devices.list_devices())"
            subprocess.run([sys.executable, "-c", code], check=True)
            deviceclouds.assert_called("list_devices")

        @pytest.mark.deviceclouds("viziosense")
        def test_signing_in(deviceclouds):
            from deviceclouds.viziosense import VizioSense
            with VizioSense.from_env(email=os.environ["VIZIOSENSE_EMAIL"]) as client:
                client.devices.list_devices().first_page()
            deviceclouds.assert_called("login", times=1)

        @pytest.mark.deviceclouds("aitrios", environment=False)
        def test_unchanged():
            assert os.environ["AITRIOS_CLIENT_ID"] == "of the developer"

        @pytest.mark.deviceclouds("viziosense")
        def test_nobody_connects(deviceclouds):
            import threading
            assert not [t for t in threading.enumerate() if t.name == "deviceclouds-testing-server"]

        def test_put_back():
            assert os.environ["AITRIOS_CLIENT_ID"] == "of the developer"
            assert os.environ["AITRIOS_APPLICATION_ID"] == "an application"
            assert "AITRIOS_BASE_URL" not in os.environ and "NO_PROXY" not in os.environ
        """,
    )
    result.assert_outcomes(passed=11)


@pytest.mark.parametrize(
    "variables",
    [
        {"http_proxy": "http://127.0.0.1:1", "no_proxy": "corp.example"},
        {"ALL_PROXY": "http://127.0.0.1:1", "NO_PROXY": "corp.example, other", "no_proxy": ""},
        {"HTTP_PROXY": "http://127.0.0.1:1"},
    ],
)
def test_no_proxy_stands_in_between(
    variables: dict[str, str], pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    result = run(
        pytester,
        f"""
        import os
        import pytest

        @pytest.mark.deviceclouds("viziosense")
        def test_program(deviceclouds):
            from deviceclouds.viziosense import VizioSense
            with VizioSense.from_env() as client:
                assert client.devices.list_devices().first_page().items
            deviceclouds.assert_called("list_devices")

        def test_put_back():
            for name, value in {variables!r}.items():
                assert os.environ[name] == value
            assert ("no_proxy" in os.environ) == {"no_proxy" in variables}
        """,
    )
    result.assert_outcomes(passed=2)


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


def test_two_workers(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.deviceclouds("viziosense")
        @pytest.mark.parametrize("number", range(6))
        def test_each(number):
            from deviceclouds.viziosense import VizioSense
            with VizioSense.from_env() as client:
                assert client.devices.list_devices().first_page().items
        """,
        *("-p", "xdist", "-n", "2"),
    )
    result.assert_outcomes(passed=6)


def test_who_does_not_use_it_pays_nothing(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import sys

        def test_nothing_is_loaded():
            assert not {"starlette", "httpx2", "jsonschema_rs"} & sys.modules.keys()
            assert not [name for name in sys.modules if name.startswith("deviceclouds.testing.contract")]
        """,
    )
    result.assert_outcomes(passed=1)
    marker = pytester.runpytest_subprocess(*PLUGIN, "--markers")
    marker.stdout.fnmatch_lines(["@pytest.mark.deviceclouds(vendor, ..., *"])


def test_the_examples_of_the_guide(pytester: pytest.Pytester) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.M | re.S)
    examples = [block for block in blocks if "pytest.mark.deviceclouds" in block]
    result = run(pytester, "\n".join(examples))
    result.assert_outcomes(passed=2)
