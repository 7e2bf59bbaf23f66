"""What can be imported, and what importing it loads."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
from deviceclouds import runtime

from .support import CLASSES

RUNTIME = """
ApiConnectionError ApiStatusError ApiTimeoutError AsyncPager AuthStrategy AuthenticationError BadRequestError
BasicAuth CallOptions ClientOptions ConfigurationError ConflictError CountingTokenStore DecodeError DeviceCloudError
Event FileInput FileTokenStore InvalidRequestError KeyringTokenStore MemoryTokenStore Model
NotFoundError Page Pager PaginationError PartialFailureError PermissionDeniedError RateLimitError RawResponse
RateLimit RedisTokenStore RetryPolicy Secret Sent ServerError StaticToken Token TokenStore TokenStoreWarning UNSET
UnprocessableError
TokenQuotaError TokenQuotaWarning Unset UnverifiedOperationWarning Upload WaitTimeoutError WorkFailedError
"""


def test_names_of_the_runtime() -> None:
    assert sorted(dir(runtime)) == sorted(RUNTIME.split())
    for name in dir(runtime):
        assert getattr(runtime, name) is not None


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match=r"'deviceclouds.runtime' has no attribute 'Nothing'"):
        runtime.Nothing  # noqa: B018


@pytest.mark.parametrize("vendor", sorted(CLASSES))
def test_names_of_the_vendors(vendor: str) -> None:
    package = import_module(f"deviceclouds.{vendor}")
    assert sorted(package.__all__) == sorted(
        ["API_VERSION", CLASSES[vendor], f"Async{CLASSES[vendor]}"]
    )
    assert isinstance(package.API_VERSION, str)


@pytest.mark.parametrize("vendor", sorted(CLASSES))
def test_models_of_the_vendors(vendor: str) -> None:
    models = import_module(f"deviceclouds.{vendor}.models")
    names = [name for name in dir(models) if name[0].isupper()]
    assert names
    for name in names:
        assert getattr(models, name) is not None
    with pytest.raises(AttributeError, match=f"'deviceclouds.{vendor}.models' has no attribute"):
        _ = models.Nothing


LAZY = """
import sys
before = set(sys.modules)
import deviceclouds.{vendor}
import deviceclouds.{vendor}.models
import deviceclouds.runtime
loaded = set(sys.modules) - before
heavy = {{"attr", "attrs", "msgspec", "asyncio", "pydantic", "yaml", "httpx", "filelock", "redis", "keyring"}} & loaded
ours = sorted(name for name in loaded if name.startswith("deviceclouds"))
wrong = [n for n in ours if "._generated.{vendor}.resources" in n or ".operations." in n]
wrong += [n for n in ours if "._generated.{vendor}.models." in n]
wrong += [n for n in ours if n.rpartition(".")[2] in ("_decode", "_fast", "_lenient", "_body", "_encode")]
print(sorted(heavy), wrong)
"""


@pytest.mark.parametrize("vendor", ["aitrios", "viziosense"])
def test_importing_a_vendor_loads_little(vendor: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LAZY.format(vendor=vendor)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout.strip(), done.stderr) == ("[] []", "")


@pytest.mark.parametrize("vendor", sorted(CLASSES))
def test_preload_loads_everything(vendor: str) -> None:
    from deviceclouds.runtime import _decode
    from deviceclouds.runtime._preload import preload

    preload(vendor)
    models = import_module(f"deviceclouds._generated.{vendor}.models")
    for name in dir(models):
        value = getattr(models, name)
        if isinstance(value, type) and issubclass(value, runtime.Model):
            assert value in _decode._decoders
