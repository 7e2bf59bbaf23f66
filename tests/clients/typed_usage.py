"""What type checkers must see in a user's code. Nothing here runs: `nox -s types` judges it.

Each `type: ignore` marks a mistake that must be found; one that is no longer needed fails the session.
"""

from __future__ import annotations

from typing import assert_type

from deviceclouds.aitrios import Aitrios, AsyncAitrios
from deviceclouds.aitrios.models import (
    AzureEventHub,
    DeviceSummary,
    EnrollDeviceRequest,
    EnrollDeviceResponse,
    Scope,
)
from deviceclouds.runtime import UNSET, AsyncPager, Page, Pager, RawResponse


def sync_usage(console: Aitrios) -> None:
    devices = console.manage_devices.get_devices(limit=3, scope="full", timeout=5)
    assert_type(devices, Pager[DeviceSummary])
    page = devices.first_page()
    assert_type(page, Page[DeviceSummary])
    console.manage_devices.get_devices(scope=Scope.MINIMAL, retries=0)

    enrolled = console.certificate.enroll_device(device_name="a", primary_certificate="b")
    assert_type(enrolled, EnrollDeviceResponse)
    console.certificate.enroll_device(
        body=EnrollDeviceRequest(device_name="a", primary_certificate="b")
    )
    console.connector.update_ir_hub_connector(body=AzureEventHub(url="u", name="n"))

    name = page.items[0].device_name
    assert_type(name is UNSET, bool)
    if name is not UNSET and name is not None:
        assert_type(name, str)
    if name:
        assert_type(name, str)


def raw_usage(console: Aitrios) -> None:
    listed = console.with_raw_response.manage_devices.get_devices(limit=3)
    assert_type(listed, RawResponse[Page[DeviceSummary]])
    enrolled = console.with_raw_response.certificate.enroll_device(
        device_name="a", primary_certificate="b"
    )
    assert_type(enrolled, RawResponse[EnrollDeviceResponse])


async def async_usage(console: AsyncAitrios) -> None:
    assert_type(console.manage_devices.get_devices(), AsyncPager[DeviceSummary])
    enrolled = await console.certificate.enroll_device(device_name="a", primary_certificate="b")
    assert_type(enrolled, EnrollDeviceResponse)
    raw = await console.with_raw_response.certificate.enroll_device(
        device_name="a", primary_certificate="b"
    )
    assert_type(raw, RawResponse[EnrollDeviceResponse])


def mistakes(console: Aitrios) -> None:
    console.certificate.enroll_device(device_name="a")  # type: ignore[call-overload]
    console.manage_devices.get_devices(scope="nope")  # type: ignore[arg-type]
    console.manage_devices.get_devices(limit="3")  # type: ignore[arg-type]
    console.manage_devices.get_devices(retries="3")  # type: ignore[arg-type]
    console.manage_devices.get_device()  # type: ignore[call-arg]
    console.manage_devices.get_nothing()  # type: ignore[attr-defined]
