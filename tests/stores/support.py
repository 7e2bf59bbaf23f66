"""What the tests of the stores share: tokens with planted secrets, and all a traceback printer can show."""

from __future__ import annotations

import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from deviceclouds.runtime import CountingTokenStore, Token

KEY = "amnimo-0a1b"
ODD_KEY = "a/../b\\c: \0*?ü\n" + "x" * 500
SECRETS = ("hush-access", "hush-refresh", "hush-password")


class Place(NamedTuple):
    """A place where tokens are kept, and how to open a store on it; called twice, it gives two stores."""

    kind: str
    open: Callable[..., CountingTokenStore]


def a_token(number: int = 0, **more: Any) -> Token:
    more = {"expires_at": 1e10, "issued_at": 5.0, "refresh": f"hush-refresh-{number}", **more}
    return Token(f"hush-access-{number}", **more)


def parts(token: Token | None) -> Any:
    return token and token.to_dict()


def everything(error: BaseException) -> str:
    """All a traceback printer can show of an error and of those before it; frames of tests left out."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    texts = ["".join(traceback.format_exception(error)), str(error), repr(error), str(vars(error))]
    pending: list[Any] = [report]
    while pending:
        one = pending.pop()
        frames = [frame for frame in one.stack if "/tests/stores/" not in frame.filename]
        texts += [f"{frame.name}: {frame.locals}" for frame in frames]
        pending += [other for other in (one.__cause__, one.__context__) if other is not None]
    return "\n".join(texts)


def shows_no_secret(text: str) -> bool:
    return not any(secret in text for secret in SECRETS)


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process of its own, whose input and output are pipes."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(processes: Sequence[subprocess.Popen[str]]) -> list[str]:
    """Their outputs; fails where one of them did."""
    outputs = []
    for process in processes:
        output, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")
        outputs.append(output)
    return outputs
