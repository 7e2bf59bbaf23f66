"""The marker ``deviceclouds`` keeps a test from real clouds and from other tests, and costs others nothing."""

from __future__ import annotations

import pytest

from tests.plugin_runs import PLUGIN, run, same_everywhere

__all__ = ["same_everywhere"]

pytest_plugins = ["pytester"]


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
