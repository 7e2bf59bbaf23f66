"""Downloading an app or a firmware."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from deviceclouds._generated.proglove.operations.downloads import GENERATE_DOWNLOAD_URL
from deviceclouds.runtime._download import file_name, save
from deviceclouds.runtime._secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deviceclouds.runtime._effects import Flow
    from deviceclouds.runtime._workflow import Workflow

__all__ = ["download_asset"]


def download_asset(work: Workflow, target: Path, arguments: Mapping[str, Any]) -> Flow[Path]:
    """Accepts the licence, gets a signed address, and saves what is there."""
    reply = yield from work.call(GENERATE_DOWNLOAD_URL, arguments)
    address = Secret(str(reply.download_url))
    if target.is_dir():
        target /= _name_in(address)
    saved = yield from save(
        work, address, target, operation=GENERATE_DOWNLOAD_URL.name, overwrite=True
    )
    return saved.path


def _name_in(address: Secret) -> str:
    try:
        path = unquote(urlsplit(address.reveal()).path)
    except ValueError:
        path = ""
    return file_name(path, "asset")
