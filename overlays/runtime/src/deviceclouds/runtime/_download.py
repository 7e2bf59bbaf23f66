"""Downloads from addresses a cloud gave: whole or not at all, and without any credentials of ours."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import urlsplit

from ._effects import Flow
from ._errors import (
    ApiConnectionError,
    ApiStatusError,
    DecodeError,
    InvalidRequestError,
    status_error,
)
from ._flow import pause
from ._http import AsyncHttp, Request, Response, SyncHttp
from ._retry import RETRIED_STATUSES, retry_after
from ._secret import Secret, SecretHeaders, conceal
from ._workflow import Workflow

__all__ = ["Fetch", "Fetched", "file_name", "load", "save"]


class Fetched(NamedTuple):
    """A file that was downloaded.

    Attributes:
        path: Where it is.
        size: Bytes of it.
        fresh: False where it was there already.
    """

    path: Path
    size: int
    fresh: bool


_CREATING = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)


class _WriteError(Exception):
    """The disk's error; the HTTP seam would take an OSError for the network's."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


class _Writer:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, chunk: bytes) -> None:
        try:
            self._file.write(chunk)
        except OSError as error:
            raise _WriteError(error) from None


class _Bounded(BytesIO):
    """Bytes in memory, no more than a limit."""

    def __init__(self, limit: int, vendor: str, operation: str) -> None:
        super().__init__()
        self._limit = limit
        self._vendor = vendor
        self._operation = operation

    def write(self, chunk: Any, /) -> int:
        if self.tell() + len(chunk) > self._limit:
            raise DecodeError(
                f"the download is larger than {self._limit} bytes and was not read to its end; save it to a file,"
                " or give the client a larger max_reply=",
                vendor=self._vendor,
                operation=self._operation,
            )
        return super().write(chunk)


class Fetch:
    """Sends a request and hands the body of a success reply on, piece by piece; the result is the Response."""

    __slots__ = ("_request", "_write")

    def __init__(self, request: Request, write: Callable[[bytes], object]) -> None:
        self._request = request
        self._write = write

    def run(self, http: SyncHttp) -> Response:
        return http.download(self._request, self._write)

    async def run_async(self, http: AsyncHttp) -> Response:
        return await http.download(self._request, self._write)


def save(
    work: Workflow,
    url: str | Secret,
    target: Path,
    *,
    operation: str,
    overwrite: bool = False,
) -> Flow[Fetched]:
    """Downloads into a file. A file that is there already is taken as it is: only whole ones ever are.

    Args:
        work: The client's settings; its retries hold here too.
        url: Where it is; signed addresses are shown nowhere.
        target: The file to write. Its folder has to exist.
        operation: What errors call this.
        overwrite: Whether to fetch it again where it is there already.

    Raises:
        InvalidRequestError: The address is none, or the file cannot be written.
        ApiStatusError: The storage refuses: a signed address has had its time, for example.
        ApiConnectionError: It broke off, again and again.
    """
    if not overwrite and target.is_file():
        return Fetched(target, target.stat().st_size, False)
    vendor = work.core.config.vendor
    address = conceal(url)
    del url
    host = _checked_host(address, vendor, operation)
    partial, file = _open_beside(target, vendor, operation)
    try:
        with file:
            yield from _fetch(work, address, host, file, operation)
            size = file.tell()
        partial.replace(target)
    except (OSError, _WriteError) as failure:
        error = failure.error if isinstance(failure, _WriteError) else failure
        raise InvalidRequestError(
            f"{target} cannot be written ({error.strerror}); check the disk and the folder's rights",
            vendor=vendor,
            operation=operation,
        ) from None
    finally:
        partial.unlink(missing_ok=True)
    return Fetched(target, size, True)


def load(work: Workflow, url: str | Secret, *, operation: str) -> Flow[bytes]:
    """Downloads into memory, no more than the client's ``max_reply``. For small files.

    Args:
        work: The client's settings; its retries hold here too.
        url: Where it is; signed addresses are shown nowhere.
        operation: What errors call this.

    Raises:
        DecodeError: It is larger than that. Others as :func:`save`.
    """
    config = work.core.config
    address = conceal(url)
    del url
    host = _checked_host(address, config.vendor, operation)
    content = _Bounded(config.max_reply, config.vendor, operation)
    yield from _fetch(work, address, host, content, operation)
    return content.getvalue()


def _fetch(
    work: Workflow, address: Secret, host: str, file: IO[bytes], operation: str
) -> Flow[None]:
    config = work.core.config
    started, attempt = work.clock.now(), 0
    while True:
        attempt += 1
        file.seek(0)
        file.truncate()
        failure: ApiStatusError | ApiConnectionError
        try:
            response: Response = yield Fetch(
                Request(
                    config.vendor,
                    operation,
                    "GET",
                    address.reveal(),
                    SecretHeaders(Accept="*/*"),
                    config.timeout,
                    private=True,
                    foreign=True,
                ),
                _Writer(file).write,
            )
            if 200 <= response.status_code < 300:
                return
            failure = _refused(response, host, config.vendor, operation)
            repeatable, asked = failure.status_code in RETRIED_STATUSES, failure.retry_after
        except ApiConnectionError as error:
            failure, repeatable, asked = error, error.repeatable, None
        failure.attempts = attempt
        if not repeatable:
            raise failure
        yield from pause(failure, config.retries, work.clock.now() - started, asked)


def _refused(response: Response, host: str, vendor: str, operation: str) -> ApiStatusError:
    status = response.status_code
    advice = (
        "a signed address works for a limited time only: ask the cloud for a new one"
        if status in (400, 401, 403, 404, 410)
        else "try again later"
    )
    # Storage repeats the address in its words, and with it the signature: nothing of them is shown or kept.
    return status_error(status)(
        f"{host} refuses the download ({status}); {advice}",
        status_code=status,
        request_id=response.request_id,
        retry_after=retry_after(response.headers),
        vendor=vendor,
        operation=operation,
    )


def _checked_host(address: Secret, vendor: str, operation: str) -> str:
    host = _host_of(address)
    if host is None:
        raise InvalidRequestError(
            "the address to download from is no http(s) URL; the cloud may have changed its reply",
            vendor=vendor,
            operation=operation,
        )
    return host


def _host_of(address: Secret) -> str | None:
    try:
        parts = urlsplit(address.reveal())
        usable = parts.scheme in ("http", "https") and parts.username is None
        return parts.hostname if usable and address.reveal().isprintable() else None
    except ValueError:
        return None


def _open_beside(target: Path, vendor: str, operation: str) -> tuple[Path, IO[bytes]]:
    # As any file a program makes: mkstemp would leave it unreadable for others, which no download is meant to be.
    path = target.with_name(f".{target.name[:20]}.{secrets.token_hex(8)}.part")
    try:
        handle = os.open(path, _CREATING, 0o666)
    except OSError as error:
        raise InvalidRequestError(
            f"nothing can be written beside {target} ({error.strerror}); check folder and rights",
            vendor=vendor,
            operation=operation,
        ) from None
    return path, os.fdopen(handle, "wb")


def file_name(name: str, fallback: str) -> str:
    """A name a cloud gave as one that stays in its folder: no path, no dots in front, of bearable length."""
    last = name.replace("\\", "/").rpartition("/")[2]
    safe = "".join(c if c.isalnum() or c in "._- " else "_" for c in last).strip(". ")
    safe = safe[-_LONGEST_NAME:].lstrip(". ")
    while len(safe.encode("utf-8", "replace")) > _LONGEST_NAME:
        safe = safe[1:].lstrip(". ")
    if safe.partition(".")[0].strip().upper() in _DEVICES:
        safe = f"_{safe}"
    return safe or fallback


# File systems take 255 bytes; the rest is for what is put before or behind while it is written.
_LONGEST_NAME = 150
# What Windows takes for a device, whatever follows the dot.
_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", *(f"{name}{n}" for name in ("COM", "LPT") for n in range(1, 10))]
)
