"""Credentials planted in tests, and how they are looked for: as they are, and in each other way they are written."""

from __future__ import annotations

import base64
import json
import traceback
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from deviceclouds.runtime import DeviceCloudError

MARK = "pl4nted"
"""Is part of every planted value."""

CLIENT_SECRET = f"{MARK}-secret/7Qz+w=="
SECRET_KEY = f"{MARK}-key/3Xk+e=="
PASSWORD = f'{MARK} pass"wörd/9'
REFRESH_TOKEN = f"{MARK}-refresh.0-Ab_c"
STATIC_TOKEN = f"{MARK}-static-token-5f2c"
ISSUED = f"{MARK}-issued"
"""Tokens a cloud issues begin with it, access and refresh tokens both."""

CLIENT_ID = "client-1"
USERNAME = "someone@example.test"

_VALUES = (CLIENT_SECRET, SECRET_KEY, PASSWORD, REFRESH_TOKEN, STATIC_TOKEN)


def spellings() -> Iterator[str]:
    """Everything that must be in no output."""
    yield MARK
    for value in _VALUES:
        yield quote(value, safe="")
        yield quote_plus(value)
        yield json.dumps(value)[1:-1]
        yield repr(value)[1:-1]
    for secret in (CLIENT_SECRET, SECRET_KEY):
        yield base64.b64encode(f"{CLIENT_ID}:{secret}".encode()).decode()
    # In JSON Web Tokens and Basic headers, the mark may stand at any place of three bytes.
    for shift in range(3):
        coded = base64.b64encode(b"x" * shift + MARK.encode()).decode()
        yield coded[-(-shift * 8 // 6) : (shift + len(MARK)) * 8 // 6]


def found(text: str) -> list[str]:
    """The planted values, or traces of them, in a text."""
    return sorted({spelling for spelling in spellings() if spelling in text})


def everything(error: BaseException) -> str:
    """All a traceback printer can show of an error and of those before it; frames of tests left out."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    texts = ["".join(traceback.format_exception(error))]
    pending = [report]
    while pending:
        one = pending.pop()
        frames = [frame for frame in one.stack if "/tests/" not in frame.filename]
        texts += [f"{frame.name} in {frame.filename}: {frame.locals}" for frame in frames]
        texts += list(one.format_exception_only())
        pending += [other for other in (one.__cause__, one.__context__) if other is not None]
    for link in _chain(error):
        # What a cause of another library keeps to itself no printer shows.
        texts.append(f"{link!r} {link} {link.args}")
        if isinstance(link, DeviceCloudError):
            texts.append(str(vars(link)))
    return "\n".join(texts)


def _chain(error: BaseException) -> list[BaseException]:
    pending: list[BaseException | None] = [error]
    seen: list[BaseException] = []
    while pending:
        one = pending.pop()
        if one is not None and all(one is not other for other in seen):
            seen.append(one)
            pending += [one.__cause__, one.__context__]
    return seen
