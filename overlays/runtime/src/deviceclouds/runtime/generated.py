"""What generated code builds on. Not for other use: it changes with the generator."""

from __future__ import annotations

from ._callers import AsyncCaller, SyncCaller
from ._client import AsyncClient, SyncClient
from ._config import Timeout
from ._core import CallOptions
from ._files import FileInput
from ._model import Model, OpenIntEnum, OpenStrEnum
from ._operation import (
    Body,
    Evidence,
    Limits,
    Operation,
    PagedOperation,
    Pagination,
    Parameter,
    Poll,
    Reply,
)
from ._pages import AsyncPager, Pager
from ._raw import raw, raw_async, raw_page, raw_page_async
from ._retry import RetryPolicy
from ._unset import UNSET, Unset

__all__ = [
    "UNSET",
    "AsyncCaller",
    "AsyncClient",
    "AsyncPager",
    "Body",
    "CallOptions",
    "Evidence",
    "FileInput",
    "Limits",
    "Model",
    "OpenIntEnum",
    "OpenStrEnum",
    "Operation",
    "PagedOperation",
    "Pager",
    "Pagination",
    "Parameter",
    "Poll",
    "Reply",
    "RetryPolicy",
    "SyncCaller",
    "SyncClient",
    "Timeout",
    "Unset",
    "raw",
    "raw_async",
    "raw_page",
    "raw_page_async",
]
