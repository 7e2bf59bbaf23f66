"""Clips and snapshots: asked for, waited for, downloaded."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from deviceclouds._generated.amnimo.operations.media import CREATE_MEDIA, GET_MEDIA
from deviceclouds.runtime._addresses import addresses_in, suffix_of
from deviceclouds.runtime._download import file_name, save
from deviceclouds.runtime._errors import DecodeError, DeviceCloudError, InvalidRequestError
from deviceclouds.runtime._polling import Patience, state_at, wait_until

if TYPE_CHECKING:
    import os

    from deviceclouds._generated.amnimo.models import Media
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._secret import Secret
    from deviceclouds.runtime._workflow import Progress, Workflow

__all__ = ["MediaFile", "Place", "create", "download", "wait"]


class MediaFile(NamedTuple):
    """A clip or snapshot on disk.

    Attributes:
        path: The file.
        size: Bytes of it.
        media: What the cloud says of it.
        fresh: False where the file was there already and was left as it is.
    """

    path: Path
    size: int
    media: Media
    fresh: bool


class Place(NamedTuple):
    """Where a file goes, and which field of the reply has its address."""

    target: str | os.PathLike[str]
    overwrite: bool
    field: str | None

    def check(self) -> None:
        """Raises InvalidRequestError where nothing can be written."""
        path = Path(self.target)
        if path.is_file() and not self.overwrite:
            _refuse(f"{path} is there already; choose another name, or pass overwrite=True")
        if not path.is_dir() and not path.parent.is_dir():
            _refuse(f"{path.parent} is no folder; make it first")

    def path_for(self, media_id: str, address: Secret) -> Path:
        """The file itself: in a folder, it is called by the id of the clip or snapshot."""
        path = Path(self.target)
        if not path.is_dir():
            return path
        return path / file_name(media_id + suffix_of(address), "media")


def create(
    work: Workflow,
    asked: Mapping[str, Any],
    place: Place,
    patience: tuple[float, float],
    on_progress: Progress | None,
) -> Flow[MediaFile]:
    """Has a clip or snapshot made and downloads it.

    Args:
        work: What to call and wait with.
        asked: Arguments of create_media.
        place: Where the file goes; checked before anything is sent.
        patience: Seconds to wait in all, and between two looks.
        on_progress: Is given each look.
    """
    place.check()
    Patience(*patience).check("amnimo", CREATE_MEDIA.name)
    made = yield from work.call(CREATE_MEDIA, asked)
    if not made.id:
        raise DecodeError(
            "the reply has no id: what was asked for cannot be waited for; look for it with media.search_media()",
            vendor="amnimo",
            operation=CREATE_MEDIA.name,
        )
    found = {"media_id": str(made.id), "subscription_id": asked["subscription_id"]}
    try:
        media = yield from wait(work, found, patience, on_progress)
        return (yield from _save(work, found["media_id"], media, place))
    except DeviceCloudError as error:
        error.add_note(
            f"the cloud goes on without us: media {found['media_id']} was asked for before this;"
            " wait_for_media() and download_media() take that id"
        )
        raise


def wait(
    work: Workflow,
    asked: Mapping[str, Any],
    patience: tuple[float, float],
    on_progress: Progress | None,
) -> Flow[Media]:
    """Looks until the work is done. No state of failure is public, so only the deadline ends it otherwise."""
    poll = CREATE_MEDIA.poll
    assert poll is not None  # the specification has one
    return wait_until(
        work,
        partial(work.call, GET_MEDIA, asked),
        what=f"media {asked['media_id']}",
        state=lambda media: state_at(media, poll.status),
        poll=poll,
        patience=Patience(*patience, first_wait=poll.first_wait),
        on_progress=on_progress,
    )


def download(work: Workflow, asked: Mapping[str, Any], place: Place) -> Flow[MediaFile]:
    """Downloads a clip or snapshot that is done. ``asked`` are the arguments of get_media."""
    place.check()
    media = yield from work.call(GET_MEDIA, asked)
    return (yield from _save(work, asked["media_id"], media, place))


def _save(work: Workflow, media_id: str, media: Media, place: Place) -> Flow[MediaFile]:
    address = _address_of(media_id, media, place.field)
    path = place.path_for(media_id, address)
    saved = yield from save(
        work, address, path, operation="download_media", overwrite=place.overwrite
    )
    return MediaFile(saved.path, saved.size, media, saved.fresh)


def _address_of(media_id: str, media: Media, field: str | None) -> Secret:
    """The address of the file. The name of its field is not public, so that it is the right one is inferred."""
    found = addresses_in(media.unknown_fields)
    if field is not None:
        found = {name: address for name, address in found.items() if name == field}
    elif len(found) > 1:
        # The cloud makes thumbnails of cameras; a clip may come with one.
        found = {n: a for n, a in found.items() if "thumb" not in n.lower()} or found
    if len(found) == 1:
        return found.popitem()[1]
    others = ", ".join(sorted(addresses_in(media.unknown_fields))) or "none"
    if found:
        message = f"several fields hold an address ({others}), and which one is the file's is not public; pass field="
    else:
        wanted = "address of a file" if field is None else f"address in {field!r}"
        message = (
            f"the reply has no {wanted} (status {media.status!r}; fields with an address: {others}):"
            " wait until it is done with wait_for_media(), and see unknown_fields of media.get_media()"
        )
    raise DecodeError(f"media {media_id}: {message}", vendor="amnimo", operation=GET_MEDIA.name)


def _refuse(message: str) -> None:
    raise InvalidRequestError(message, vendor="amnimo", operation="download_media")
