"""Depth: recursion is read as far as Python goes, and refused as a value error beyond."""

from __future__ import annotations

from typing import Any

import pytest
from deviceclouds.amnimo.models import Media, Tenant
from deviceclouds.runtime import UNSET
from deviceclouds.runtime._decode import decode_model

pytestmark = pytest.mark.usefixtures("path")


def nested(levels: int) -> bytes:
    """A tenant with that many levels of tenants below it, an unknown field in each."""
    return b'{"x":1,"childAccounts":[' * levels + b'{"accountId":"last"}' + b"]}" * levels


def assert_too_deep(message: str) -> None:
    assert "nested too deeply" in message


def test_tenants_within_tenants() -> None:
    tenant = decode_model(Tenant, nested(40))
    for _ in range(40):
        assert tenant.unknown_fields == {"x": 1}
        assert isinstance(tenant.child_accounts, list)
        (tenant,) = tenant.child_accounts
        assert type(tenant) is Tenant
    assert tenant.account_id == "last"
    assert tenant.child_accounts is UNSET


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"a":' * 100_000], ids=["array", "object"])
def test_a_hundred_thousand_levels_are_refused(raw: bytes) -> None:
    with pytest.raises((ValueError, TypeError)):
        decode_model(Media, raw)


@pytest.mark.parametrize("field", ["childAccounts", "accountId", "x"])
@pytest.mark.parametrize("levels", [300, 2000, 100_000])
def test_deep_values_end_in_a_model_or_a_value_error(field: str, levels: int) -> None:
    raw = b'{"accountName":"a","%s":%s%s}' % (field.encode(), b"[" * levels, b"]" * levels)
    try:
        tenant = decode_model(Tenant, raw)
    except ValueError as error:
        message = str(error)
        assert_too_deep(message)
        return
    assert tenant.account_name == "a"
    assert tenant.child_accounts is not None  # opening a nested field raises nothing


@pytest.mark.parametrize("levels", [200, 400, 5000])
def test_deep_models_end_in_a_model_or_a_value_error(levels: int) -> None:
    try:
        tenant: Any = decode_model(Tenant, nested(levels))
    except ValueError as error:
        message = str(error)
        assert_too_deep(message)
        return
    assert tenant.unknown_fields == {"x": 1}
    assert tenant.child_accounts
