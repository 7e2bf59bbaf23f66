"""Settings of the Enterprise Edition that cannot work, and msal when it is missing."""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from typing import Any

import pytest
from deviceclouds import runtime as rt
from deviceclouds.aitrios import Aitrios, AsyncAitrios

from tests.runtime.support import TOKEN

from .azure import ENTERPRISE, SECRET, TENANT


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"tenant_id": "a/b"}, "is no tenant"),
        ({"tenant_id": "../common"}, "is no tenant"),
        ({"tenant_id": "a?b"}, "is no tenant"),
        ({"tenant_id": "a#b"}, "is no tenant"),
        ({"tenant_id": "a\n"}, "is no tenant"),
        ({"tenant_id": ""}, "is no tenant"),
        ({"tenant_id": "Common"}, "stands for many tenants"),
        ({"application_id": "api://console-app"}, "is no id; give it without api://"),
        ({"application_id": "a b"}, "is no id"),
        ({"application_id": ""}, "is no id"),
        ({"tenant_id": None}, "needs both application_id= and tenant_id="),
        ({"application_id": None}, "needs both"),
        ({"client_secret": None}, "only work together"),
        ({"token_url": "https://token.test"}, "token_url= is of the portal"),
        ({"token": TOKEN}, "not both"),
    ],
)
@pytest.mark.parametrize("make", [Aitrios, AsyncAitrios])
def test_settings_that_cannot_work(make: Any, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(rt.ConfigurationError, match=told) as caught:
        make(**{**ENTERPRISE, **wrong})
    assert caught.value.vendor == "aitrios"
    report = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [f for f in report.stack if f"{os.sep}tests{os.sep}" not in f.filename]
    assert SECRET not in "".join(str(frame.locals) for frame in ours)


@pytest.mark.parametrize("tenant", [TENANT, "example.onmicrosoft.com"])
def test_tenants_that_are_some(tenant: str) -> None:
    settings: dict[str, Any] = {**ENTERPRISE, "tenant_id": tenant}
    Aitrios(**settings).close()


def test_msal_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msal", None)
    with pytest.raises(rt.ConfigurationError) as caught:
        Aitrios(**ENTERPRISE)
    assert "install the extra [enterprise] of deviceclouds-aitrios" in str(caught.value)
    Aitrios(token="t").close()


def test_msal_is_loaded_when_a_token_is_needed() -> None:
    code = (
        "import sys; from deviceclouds.aitrios import Aitrios;"
        "Aitrios(client_id='a', client_secret='b', application_id='c', tenant_id='d').close();"
        "assert not {'msal', 'asyncio', 'requests'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
