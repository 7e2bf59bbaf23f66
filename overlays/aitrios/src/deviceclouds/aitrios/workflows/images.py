"""Downloading the images that devices have sent: all of a directory, several at once, and again where it broke off."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import normalize

from deviceclouds._generated.aitrios.operations.insight import GET_IMAGES
from deviceclouds.runtime._callers import plan_further
from deviceclouds.runtime._download import file_name, save
from deviceclouds.runtime._errors import ApiStatusError, InvalidRequestError
from deviceclouds.runtime._flow import send_flow
from deviceclouds.runtime._gate import Gate
from deviceclouds.runtime._gather import Gather
from deviceclouds.runtime._holding import HoldGate
from deviceclouds.runtime._pages import Page, read_page
from deviceclouds.runtime._secret import Secret
from deviceclouds.runtime._walk import Walk

if TYPE_CHECKING:
    from deviceclouds._generated.aitrios.models import ImageLink
    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._workflow import Progress, Workflow

__all__ = ["ImageDownload", "SavedImage", "download_image", "download_images", "local_name"]

PAGE_SIZE = 100
"""Images a page: links live an hour, so not too many are asked for before they are needed."""

# What storage answers to a link that has had its time; and to one of an image that is gone.
EXPIRED = frozenset({400, 401, 403})
GONE = frozenset({404, 410})


class SavedImage(NamedTuple):
    """An image in a file.

    Attributes:
        name: What the Console calls it.
        path: The file.
        size: Bytes of it.
        fresh: False where the file was there before.
    """

    name: str
    path: Path
    size: int
    fresh: bool


class ImageDownload(NamedTuple):
    """What came of a download.

    Attributes:
        folder: Where the files are.
        images: The images, in the order of the Console, also those whose files were there before.
        gone: Names the Console listed and the storage does not have any more.
    """

    folder: Path
    images: tuple[SavedImage, ...]
    gone: tuple[str, ...]

    @property
    def downloaded(self) -> int:
        """How many files are new."""
        return sum(image.fresh for image in self.images)

    @property
    def skipped(self) -> int:
        """How many files were there before."""
        return len(self.images) - self.downloaded


def download_image(
    work: Workflow, image: ImageLink, folder: str | os.PathLike[str], overwrite: bool
) -> Flow[SavedImage]:
    """One image, as ``get_images`` lists it."""
    target = _opened(folder) / local_name(image.name)
    found = yield from save(
        work, image.sas_url, target, operation="download_image", overwrite=overwrite
    )
    return SavedImage(image.name, found.path, found.size, found.fresh)


def download_images(
    work: Workflow,
    arguments: Mapping[str, Any],
    folder: str | os.PathLike[str],
    *,
    concurrency: int,
    limit_total: int | None,
    overwrite: bool,
    on_progress: Progress | None,
) -> Flow[ImageDownload]:
    """All images of a directory, page by page."""
    _check_count("concurrency", concurrency)
    if limit_total is not None:
        _check_count("limit_total", limit_total)
    size = PAGE_SIZE if limit_total is None else min(PAGE_SIZE, limit_total)
    walk = Walk(GET_IMAGES, {**arguments, "limit": size})
    download = _Download(work, _opened(folder), concurrency, overwrite, on_progress)
    left = limit_total
    while not walk.done and left != 0:
        ask = partial(_page, work, walk.arguments(), walk.moved)
        page = yield from ask()
        walk.accept(page)
        links = download.new_ones(page.items)
        if left is not None:
            links = dict(islice(links.items(), left))
            left -= len(links)
        yield from download.page(links, ask)
    return download.summary()


def _page(work: Workflow, wanted: Mapping[str, Any], further: bool) -> Flow[Page[ImageLink]]:
    plan = plan_further(work.core, GET_IMAGES, wanted, {}, work.clock, further=further)
    return read_page(GET_IMAGES, (yield from send_flow(GET_IMAGES, plan)))


class _Download:
    """One call of ``download_images``."""

    def __init__(
        self,
        work: Workflow,
        folder: Path,
        concurrency: int,
        overwrite: bool,
        on_progress: Progress | None,
    ) -> None:
        self._work = work
        self._folder = folder
        self._concurrency = concurrency
        self._overwrite = overwrite
        self._on_progress = on_progress
        self._telling = Gate()
        self._targets: dict[str, Path] = {}
        self._taken: set[str] = set()
        self._results: dict[str, SavedImage | None] = {}

    def new_ones(self, images: Iterable[ImageLink]) -> dict[str, Secret]:
        """Names and links of images without a result yet: lists shift while devices go on sending."""
        return _links(image for image in images if image.name not in self._results)

    def page(
        self, links: dict[str, Secret], again: Callable[[], Flow[Page[ImageLink]]]
    ) -> Flow[None]:
        """The images of a page; where links have had their time, with those of the page asked for again."""
        for name in links:
            self._choose_target(name)
        renewed = False
        while links:
            refused: list[ApiStatusError] = []
            flows = [partial(self._one, name, link, refused) for name, link in links.items()]
            results: list[SavedImage | ApiStatusError | None]
            results = yield Gather(flows, self._concurrency)
            rest = self._note(dict(zip(links, results, strict=True)))
            if not rest:
                return
            if renewed and len(rest) == len(links):
                raise refused[0]  # new links change nothing
            page, renewed = (yield from again()), True
            # What is listed no more, a later page may bring; if none does, it is gone.
            links = _links(image for image in page.items if image.name in rest)

    def _note(self, results: dict[str, SavedImage | ApiStatusError | None]) -> set[str]:
        """Keeps what was found; gives the names of those that need a new link."""
        found = {
            n: result for n, result in results.items() if not isinstance(result, ApiStatusError)
        }
        self._results |= found
        return results.keys() - found.keys()

    def summary(self) -> ImageDownload:
        """What came of it, in the order of the Console."""
        results = [(name, self._results.get(name)) for name in self._targets]
        images = tuple(image for _, image in results if image is not None)
        gone = tuple(name for name, image in results if image is None)
        return ImageDownload(self._folder, images, gone)

    def _one(
        self, name: str, link: Secret, refused: list[ApiStatusError]
    ) -> Flow[SavedImage | ApiStatusError | None]:
        """The image; None where it is gone, the storage's error where a new link may help."""
        if refused:
            return refused[0]  # this link is as old
        try:
            found = yield from save(
                self._work,
                link,
                self._targets[name],
                operation="download_images",
                overwrite=self._overwrite,
            )
        except ApiStatusError as error:
            if error.status_code in GONE:
                return None
            if error.status_code not in EXPIRED:
                raise
            refused.append(error)
            return error
        image = SavedImage(name, found.path, found.size, found.fresh)
        if self._on_progress is not None:
            # One at a time: in a sync client, downloads run in threads.
            yield HoldGate(self._telling, partial(self._work.tell, self._on_progress, image))
        return image

    def _choose_target(self, name: str) -> None:
        if name in self._targets:
            return
        local = local_name(name)
        if _alike(local) in self._taken:
            local = _marked(local, name)  # file systems that know no case have room for one of them
        self._taken.add(_alike(local))
        self._targets[name] = self._folder / local


def _links(images: Iterable[ImageLink]) -> dict[str, Secret]:
    # Whoever holds a link can read the image: no traceback with variables shows one.
    return {image.name: Secret(image.sas_url) for image in images}


def local_name(name: str) -> str:
    """The file's name for an image: its own if that is safe, else a safe one that no other image gets."""
    safe = file_name(name, "image")
    return safe if safe == name else _marked(safe, name)


def _marked(safe: str, name: str) -> str:
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    stem, dot, suffix = safe.rpartition(".")
    return f"{stem}-{mark}.{suffix}" if dot else f"{safe}-{mark}"


def _alike(name: str) -> str:
    return normalize("NFC", name).casefold()


def _opened(folder: str | os.PathLike[str]) -> Path:
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidRequestError(
            f"{path} is no folder and cannot be made one ({error.strerror})",
            vendor="aitrios",
            operation="download_images",
        ) from None
    return path


def _check_count(label: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidRequestError(
            f"{label}={value!r} is not usable; give 1 or more",
            vendor="aitrios",
            operation="download_images",
        )
