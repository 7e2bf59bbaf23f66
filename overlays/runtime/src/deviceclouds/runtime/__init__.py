"""What all deviceclouds clients share: errors, absent values, retries, pages, uploads.

Everything is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._auth import AuthStrategy as AuthStrategy
    from ._auth import BasicAuth as BasicAuth
    from ._auth import StaticToken as StaticToken
    from ._core import CallOptions as CallOptions
    from ._errors import ApiConnectionError as ApiConnectionError
    from ._errors import ApiStatusError as ApiStatusError
    from ._errors import ApiTimeoutError as ApiTimeoutError
    from ._errors import AuthenticationError as AuthenticationError
    from ._errors import BadRequestError as BadRequestError
    from ._errors import ConfigurationError as ConfigurationError
    from ._errors import ConflictError as ConflictError
    from ._errors import DecodeError as DecodeError
    from ._errors import DeviceCloudError as DeviceCloudError
    from ._errors import InvalidRequestError as InvalidRequestError
    from ._errors import NotFoundError as NotFoundError
    from ._errors import PaginationError as PaginationError
    from ._errors import PartialFailureError as PartialFailureError
    from ._errors import PermissionDeniedError as PermissionDeniedError
    from ._errors import RateLimitError as RateLimitError
    from ._errors import ServerError as ServerError
    from ._errors import TokenQuotaError as TokenQuotaError
    from ._errors import TokenQuotaWarning as TokenQuotaWarning
    from ._errors import UnprocessableError as UnprocessableError
    from ._errors import UnverifiedOperationWarning as UnverifiedOperationWarning
    from ._errors import WaitTimeoutError as WaitTimeoutError
    from ._errors import WorkFailedError as WorkFailedError
    from ._events import Event as Event
    from ._files import FileInput as FileInput
    from ._files import Upload as Upload
    from ._limits import RateLimit as RateLimit
    from ._model import Model as Model
    from ._pages import AsyncPager as AsyncPager
    from ._pages import Page as Page
    from ._pages import Pager as Pager
    from ._raw import RawResponse as RawResponse
    from ._retry import RetryPolicy as RetryPolicy
    from ._secret import Secret as Secret
    from ._setup import ClientOptions as ClientOptions
    from ._token_file import FileTokenStore as FileTokenStore
    from ._token_keyring import KeyringTokenStore as KeyringTokenStore
    from ._token_redis import RedisTokenStore as RedisTokenStore
    from ._tokens import CountingTokenStore as CountingTokenStore
    from ._tokens import MemoryTokenStore as MemoryTokenStore
    from ._tokens import Token as Token
    from ._tokens import TokenStore as TokenStore
    from ._tokens import TokenStoreWarning as TokenStoreWarning
    from ._unset import UNSET as UNSET
    from ._unset import Unset as Unset
    from ._upload_progress import Sent as Sent

_MODULES = {
    "_auth": ("AuthStrategy", "BasicAuth", "StaticToken"),
    "_core": ("CallOptions",),
    "_setup": ("ClientOptions",),
    "_errors": (
        "ApiConnectionError",
        "ApiStatusError",
        "ApiTimeoutError",
        "AuthenticationError",
        "BadRequestError",
        "ConfigurationError",
        "ConflictError",
        "DecodeError",
        "DeviceCloudError",
        "InvalidRequestError",
        "NotFoundError",
        "PaginationError",
        "PartialFailureError",
        "PermissionDeniedError",
        "RateLimitError",
        "ServerError",
        "TokenQuotaError",
        "TokenQuotaWarning",
        "UnprocessableError",
        "UnverifiedOperationWarning",
        "WaitTimeoutError",
        "WorkFailedError",
    ),
    "_events": ("Event",),
    "_files": ("FileInput", "Upload"),
    "_limits": ("RateLimit",),
    "_model": ("Model",),
    "_pages": ("AsyncPager", "Page", "Pager"),
    "_raw": ("RawResponse",),
    "_retry": ("RetryPolicy",),
    "_secret": ("Secret",),
    "_token_file": ("FileTokenStore",),
    "_token_keyring": ("KeyringTokenStore",),
    "_token_redis": ("RedisTokenStore",),
    "_tokens": (
        "CountingTokenStore",
        "MemoryTokenStore",
        "Token",
        "TokenStore",
        "TokenStoreWarning",
    ),
    "_unset": ("UNSET", "Unset"),
    "_upload_progress": ("Sent",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(_MODULE_OF)
