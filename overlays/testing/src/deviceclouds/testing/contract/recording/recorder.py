"""Records a run into a HAR 1.2 file in which nothing secret or personal is left."""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ..har.entries import Mark, entry_of
from ..har.files import CREATOR, MAX_SIZE
from ..results import EXIT_INPUT, ContractRunError
from ..scrub.exchange import ExchangeScrubber
from ..specs import api_version, spec_sha256
from .pile import Pile

if TYPE_CHECKING:
    from ..._spec import Spec
    from ..exchange import Exchange

__all__ = ["Recorder", "check_target"]

_IN_MEMORY = 8 * 2**20
_HEAD = f'{{"log": {{"version": "1.2", "creator": {{"name": "{CREATOR}"'


class Recorder:
    """Takes exchanges, scrubs each at once, and saves them as a HAR file.

    What the specification lists is kept: names, enumerated texts, booleans, numbers, points in time. All other text
    becomes a stand-in of the same shape; equal texts have equal stand-ins within one recording. Calls that are no
    operation of the specification (sign-ins, downloads from storage) are counted, not recorded. Scrubbed entries
    beyond 8 MiB wait in a temporary file without a name.

    Args:
        spec: The specification.
        base_url: The server's base URL, where the specification does not name the server.
        max_size: Most bytes to record; later exchanges are counted only. What is recorded can be read again.
        clock: Gives POSIX seconds; entries carry the time to the second, in UTC.

    Attributes:
        recorded: Number of exchanges that were recorded.
        unfaithful: Of these, those for which the specification says something else to what is left of them.
    """

    def __init__(
        self,
        spec: Spec,
        base_url: str | None = None,
        *,
        max_size: int = MAX_SIZE - 2**20,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._spec = spec
        self._scrubber = ExchangeScrubber(spec, base_url)
        self._clock = clock
        self._max_size = max_size
        self._lock = threading.Lock()
        self._pile = Pile(_IN_MEMORY)
        weakref.finalize(self, self._pile.close)
        self._left_out: Counter[str] = Counter()
        self._full = ""
        self.recorded = 0
        self.unfaithful = 0

    def __repr__(self) -> str:
        return f"<Recorder of {self._spec.vendor}, {self.recorded} exchanges>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives memory and temporary file back."""
        self._pile.close()

    def add(self, exchange: Exchange) -> None:
        """Records an exchange; safe to call from any thread."""
        with self._lock:
            if self._full:
                self._left_out[self._full] += 1
                return
            scrubbed = self._scrubber.scrub(exchange)
            if scrubbed is None:
                self._left_out["no operation of the specification"] += 1
                return
            found: list[tuple[str, str, str]] = [
                (f.kind, f.location, f.rule) for f in scrubbed.findings
            ]
            entry = entry_of(scrubbed.exchange, Mark(scrubbed.operation_id, found), self._clock())
            data = json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace")
            if self._pile.size + len(data) > self._max_size:
                self._full = "beyond the limit of size"
                self._left_out[self._full] += 1
                return
            # A run must not end because its recording cannot go on.
            if not self._pile.add((b",\n" if self.recorded else b"\n") + data):
                self._full = "no room for temporary files"
                self._left_out[self._full] += 1
                return
            self.recorded += 1
            self.unfaithful += not scrubbed.faithful

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Writes the HAR file, readable by its owner alone; whole or not at all. Recording may go on afterwards.

        Args:
            path: The file. One that this class wrote before is replaced, any other is left alone.

        Returns:
            The path.

        Raises:
            ContractRunError: There is another file in its place, or it cannot be written.
        """
        target = Path(path)
        check_target(target)
        try:
            descriptor, name = tempfile.mkstemp(prefix=".recording-", dir=target.parent)
        except OSError as error:
            raise _unwritable(target, error) from None
        partial = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file, self._lock:
                for chunk in self._chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
        except OSError as error:
            raise _unwritable(target, error) from None
        finally:
            with suppress(FileNotFoundError):
                partial.unlink()
        return target

    def _chunks(self) -> Iterator[bytes]:
        origin = {
            "vendor": self._spec.vendor,
            "base": self._scrubber.base,
            "spec_sha256": spec_sha256(self._spec),
            "api_version": api_version(self._spec),
            "words": sorted(self._scrubber.values.words),
        }
        version = json.dumps(_version())
        yield f'{_HEAD}, "version": {version}}}, "_deviceclouds": '.encode()
        yield json.dumps(origin, ensure_ascii=False).encode("utf-8", "replace")
        yield b', "pages": [], "entries": ['
        yield from self._pile.chunks()
        yield b'\n], "comment": ' + json.dumps(self._comment()).encode() + b"}}\n"

    def _comment(self) -> str:
        said = f"{self.recorded} exchanges; text is replaced by stand-ins of the same shape"
        for reason, count in sorted(self._left_out.items()):
            said += f"; {count} not recorded: {reason}"
        if self.unfaithful:
            said += f"; {self.unfaithful} in which scrubbing changed what the specification says"
        return said


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(CREATOR)
    except PackageNotFoundError:  # the source tree
        return "0"


def check_target(path: Path) -> None:
    """Whether a recording may be written there: nothing is there yet, or another recording of ours.

    Raises:
        ContractRunError: It may not; the message says why.
    """
    try:
        if not path.exists():
            return
        if not path.is_file():
            raise ContractRunError(f"{path} is no file; name the file to record into", EXIT_INPUT)
        with path.open("rb") as file:
            head = file.read(len(_HEAD))
    except OSError as error:
        raise _unwritable(path, error) from None
    if head and head != _HEAD.encode():
        raise ContractRunError(
            f"{path} exists and is no recording of ours; name another file, or remove it first"
        )


def _unwritable(path: Path, error: OSError) -> ContractRunError:
    said = error.strerror or "an error of the file system"
    return ContractRunError(
        f"{path} cannot be written ({said}); nothing was left behind. Name a file in a folder you may write to"
    )
