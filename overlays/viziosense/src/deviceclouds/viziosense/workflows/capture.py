"""Pictures on request: asked for, waited for, fetched before their addresses die."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlsplit

from deviceclouds._generated.viziosense.operations.devices import REQUEST_IMAGE
from deviceclouds.runtime._addresses import addresses_in, suffix_of
from deviceclouds.runtime._download import file_name, load, save
from deviceclouds.runtime._errors import (
    DecodeError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    WaitTimeoutError,
)
from deviceclouds.runtime._operation import Poll
from deviceclouds.runtime._polling import Patience, wait_until
from deviceclouds.runtime._retry import is_seconds

if TYPE_CHECKING:
    import os

    from deviceclouds._generated.viziosense.models import ImageRequest
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._secret import Secret
    from deviceclouds.runtime._workflow import Workflow

__all__ = ["Asked", "Pictures", "capture"]

T = TypeVar("T")

EARLIEST = 20.0
"""Seconds before which no picture is there, by the vendor's word."""
LIFETIME = 1800.0
"""Seconds its addresses live, by the vendor's word."""

THERE = "there"


class Pictures(NamedTuple, Generic[T]):
    """The pictures of one capture, as bytes or as files.

    Attributes:
        raw: As the device saw it.
        annotated: With what it recognized; None where it was not wanted.
    """

    raw: T
    annotated: T | None


class Asked(NamedTuple):
    """What a capture was asked for; see :meth:`~deviceclouds.viziosense.VizioSense.capture_image`."""

    device_uuid: str
    folder: str | os.PathLike[str] | None
    annotated: bool
    timeout: float
    interval: float

    def check(self) -> None:
        """Raises InvalidRequestError."""
        if not is_seconds(self.timeout) or not EARLIEST <= self.timeout <= LIFETIME:
            _refuse(
                f"timeout={self.timeout!r} is not usable; give seconds, {EARLIEST:g} (no picture is there before)"
                f" to {LIFETIME:g} (its address is dead after)"
            )
        if self.folder is not None and not Path(self.folder).is_dir():
            _refuse(f"{self.folder} is no folder; make it first")


def capture(work: Workflow, asked: Asked) -> Flow[Pictures[Any]]:
    """Asks a device for a picture, waits for it, and fetches it."""
    asked.check()
    patience = Patience(asked.timeout, asked.interval, first_wait=EARLIEST)
    patience.check("viziosense", REQUEST_IMAGE.name)
    reply = yield from work.call(REQUEST_IMAGE, {"device_uuid": asked.device_uuid})
    fetching = _Fetching(work, asked, _addresses_of(reply, asked))
    try:
        yield from wait_until(
            work,
            fetching.look,
            what=f"the picture of device {asked.device_uuid}",
            state=lambda found: THERE if not fetching.missing else "; ".join(fetching.refusals),
            poll=Poll(REQUEST_IMAGE.name, (), (THERE,)),
            patience=patience,
        )
    except WaitTimeoutError as error:
        error.add_note(
            f"its addresses die {LIFETIME / 60:g} minutes after the request, and are not asked for twice:"
            " capture_image() requests a new picture"
        )
        raise
    return Pictures(fetching.found["raw"], fetching.found.get("annotated"))


class _Fetching:
    """The pictures that are there, and those that are not yet."""

    def __init__(self, work: Workflow, asked: Asked, addresses: Mapping[str, Secret]) -> None:
        self.found: dict[str, bytes | Path] = {}
        self.missing = dict(addresses)
        self.refusals: list[str] = []
        self._work = work
        self._asked = asked
        moment = datetime.fromtimestamp(work.clock.wall(), UTC)
        self._stem = f"{asked.device_uuid}-{moment:%Y%m%dT%H%M%S.%fZ}"

    def look(self) -> Flow[Mapping[str, bytes | Path]]:
        """Fetches what is there by now."""
        self.refusals = []
        for name, address in list(self.missing.items()):
            try:
                self.found[name] = yield from self._fetch(name, address)
            except (NotFoundError, PermissionDeniedError) as error:
                # Before the picture is there, storages answer with either, depending on who may list them.
                self.refusals.append(f"{name}: the storage answers {error.status_code}")
            else:
                del self.missing[name]
        return self.found

    def _fetch(self, name: str, address: Secret) -> Flow[bytes | Path]:
        if self._asked.folder is None:
            return (yield from load(self._work, address, operation="capture_image"))
        path = Path(self._asked.folder) / file_name(
            f"{self._stem}-{name}{suffix_of(address)}", name
        )
        saved = yield from save(
            self._work, address, path, operation="capture_image", overwrite=True
        )
        return saved.path


def _addresses_of(reply: ImageRequest, asked: Asked) -> dict[str, Secret]:
    """Addresses by the kind of picture. The document shows two words where they stand; the rest is a guess."""
    found = list(addresses_in(reply.to_dict()).items())
    wanted = 2 if asked.annotated else 1
    if not wanted <= len(found) <= 2:
        raise DecodeError(
            f"the reply holds {len(found)} http(s) addresses where that of a raw and an annotated picture are expected;"
            " its shape is a guess: see devices.request_image() with_raw_response",
            vendor="viziosense",
            operation=REQUEST_IMAGE.name,
        )
    named = [item for item in found if _says_annotated(*item)]
    annotated = named[0] if len(named) == 1 and len(found) == 2 else found[-1]
    raw = found[0] if len(found) == 1 or annotated is not found[0] else found[1]
    addresses = {"raw": raw[1]}
    if asked.annotated:
        addresses["annotated"] = annotated[1]
    return addresses


def _says_annotated(name: str, address: Secret) -> bool:
    return "annot" in (name + urlsplit(address.reveal()).path.rpartition("/")[2]).lower()


def _refuse(message: str) -> None:
    raise InvalidRequestError(message, vendor="viziosense", operation="capture_image")
