"""Seeded changes of a surface, rated as a person would."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import griffe
import pytest

from codegen.release.versions import Rating
from codegen.surface import SurfaceError, breaking_changes
from codegen.surface.changes import ChangeKind
from tests.surface.tree import altered, write_tree

CLIENT, WORK = "acme/_client.py", "_work.py"
RESOURCE, DEVICE, UPDATE = "resources/devices.py", "models/device.py", "update_device.py"
LIST = "Acme.devices.list_devices"


class Seed(NamedTuple):
    """One alteration, and what must be said of it: all of it, in this order."""

    name: str
    file: str
    old: str
    new: str
    told: list[tuple[ChangeKind, str, Rating]]


SEEDS = [
    Seed(
        "parameter removed, swallowed by **options",
        RESOURCE,
        "limit: int | Unset = UNSET, ",
        "",
        [("parameter-removed", LIST, "breaking")],
    ),
    Seed(
        "required parameter added",
        RESOURCE,
        "self, *, limit",
        "self, *, site: str, limit",
        [("parameter-added", LIST, "breaking")],
    ),
    Seed(
        "optional parameter added",
        RESOURCE,
        "self, *, limit",
        "self, *, site: str = 'a', limit",
        [("parameter-added", LIST, "feature")],
    ),
    Seed(
        "parameter renamed",
        RESOURCE,
        "limit: int",
        "most: int",
        [("parameter-renamed", LIST, "breaking")],
    ),
    Seed(
        "positional parameters swapped",
        CLIENT,
        'device_id: str, name: str = "x", *,',
        'name: str = "x", device_id: str = "", *,',
        [
            ("parameter-optional", "Acme.save_image", "feature"),
            ("parameter-moved", "Acme.save_image", "breaking"),
            ("parameter-moved", "Acme.save_image", "breaking"),
        ],
    ),
    Seed(
        "positional made keyword-only",
        CLIENT,
        'device_id: str, name: str = "x", *,',
        'device_id: str, *, name: str = "x",',
        [("parameter-kind", "Acme.save_image", "breaking")],
    ),
    Seed(
        "keyword-only made positional",
        CLIENT,
        'name: str = "x", *, quiet',
        'name: str = "x", quiet',
        [("parameter-kind", "Acme.save_image", "feature")],
    ),
    Seed(
        "parameter became required",
        CLIENT,
        "timeout: float = 30",
        "timeout: float",
        [("parameter-required", "Acme.wait", "breaking")],
    ),
    Seed(
        "default changed",
        CLIENT,
        "timeout: float = 30",
        "timeout: float = 60",
        [("parameter-default", "Acme.wait", "breaking")],
    ),
    Seed(
        "parameter type widened",
        CLIENT,
        "timeout: float = 30",
        "timeout: float | None = 30",
        [("parameter-type", "Acme.wait", "feature")],
    ),
    Seed(
        "parameter type narrowed",
        CLIENT,
        "timeout: float = 30",
        "timeout: int = 30",
        [("parameter-type", "Acme.wait", "breaking")],
    ),
    Seed(
        "method removed",
        RESOURCE,
        "def list_devices",
        "def _list_devices",
        [("removed", LIST, "breaking")],
    ),
    Seed(
        "method added",
        WORK,
        "class Closing:",
        "class Closing:\n    def reopen(self) -> None: ...\n",
        [("added", "Acme.reopen", "feature")],
    ),
    Seed(
        "return type changed",
        CLIENT,
        "timeout: float = 30) -> Device",
        "timeout: float = 30) -> str",
        [("returns", "Acme.wait", "breaking")],
    ),
    Seed(
        "return type may be None",
        CLIENT,
        "timeout: float = 30) -> Device",
        "timeout: float = 30) -> Device | None",
        [("returns", "Acme.wait", "breaking")],
    ),
    Seed(
        "no longer awaited",
        CLIENT,
        "async def wait",
        "def wait",
        [("awaited", "AsyncAcme.wait", "breaking")],
    ),
    Seed(
        "function no longer exported",
        "src/deviceclouds/acme/__init__.py",
        ', "read_all"]',
        "]",
        [("removed", "read_all", "breaking")],
    ),
    Seed(
        "class removed",
        "models/__init__.py",
        "    from .update_device import UpdateDevice as UpdateDevice\n",
        "",
        [("removed", "models.UpdateDevice", "breaking")],
    ),
    Seed(
        "model field removed",
        DEVICE,
        "    size: int | None | Unset = UNSET\n",
        "",
        [("removed", "models.Device.size", "breaking")],
    ),
    Seed(
        "field added to a reply",
        DEVICE,
        "    name: str\n",
        "    name: str\n    site: str\n",
        [("added", "models.Device.site", "feature")],
    ),
    Seed(
        "optional field added to a request",
        UPDATE,
        "    name: str\n",
        "    name: str\n    site: str | Unset = UNSET\n",
        [("added", "models.UpdateDevice.site", "feature")],
    ),
    Seed(
        "required field added to a request",
        UPDATE,
        "    name: str\n",
        "    name: str\n    site: str\n",
        [
            ("parameter-added", "models.UpdateDevice", "breaking"),
            ("added", "models.UpdateDevice.site", "feature"),
        ],
    ),
    Seed(
        "field of a request became required",
        UPDATE,
        "    comment: str | Unset = UNSET",
        "    comment: str",
        [
            ("parameter-required", "models.UpdateDevice", "breaking"),
            ("type", "models.UpdateDevice.comment", "breaking"),
        ],
    ),
    Seed(
        "field of a reply is always there now",
        DEVICE,
        "size: int | None | Unset = UNSET",
        "size: int",
        [("type", "models.Device.size", "feature")],
    ),
    Seed(
        "field of a reply may be null now",
        DEVICE,
        "    name: str\n",
        "    name: str | None\n",
        [("type", "models.Device.name", "breaking")],
    ),
    Seed(
        "field of a request may be null now",
        UPDATE,
        "    name: str\n",
        "    name: str | None\n",
        [("type", "models.UpdateDevice.name", "feature")],
    ),
    Seed(
        "enum member removed",
        DEVICE,
        '    OFF = "off"\n',
        "",
        [("removed", "models.State.OFF", "breaking")],
    ),
    Seed(
        "enum member added",
        DEVICE,
        '    OFF = "off"\n',
        '    OFF = "off"\n    LOST = "lost"\n',
        [("added", "models.State.LOST", "feature")],
    ),
    Seed(
        "enum value changed",
        DEVICE,
        'OFF = "off"',
        'OFF = "out"',
        [("value", "models.State.OFF", "breaking")],
    ),
    Seed(
        "base class removed",
        DEVICE,
        "class Device(_Model)",
        "class Device",
        [("base-removed", "models.Device", "breaking")],
    ),
    Seed(
        "members of a private base lost",
        CLIENT,
        "class Acme(_Setup, Shared, Namespaces)",
        "class Acme(_Setup, Namespaces)",
        [("removed", "Acme.close", "breaking")],
    ),
    Seed(
        "field made a property",
        DEVICE,
        "    size: int | None | Unset = UNSET\n",
        "    @property\n    def size(self) -> int | None | Unset: ...\n",
        [("kind", "models.Device.size", "breaking")],
    ),
    Seed(
        "namespace renamed",
        "acme/client.py",
        "def devices",
        "def machines",
        [
            ("removed", "Acme.devices", "breaking"),
            ("added", "Acme.machines", "feature"),
        ],
    ),
    Seed(
        "constructor argument removed",
        CLIENT,
        "token: str | None = None, ",
        "",
        [("parameter-removed", "Acme", "breaking")],
    ),
    Seed(
        "body form dropped",
        RESOURCE,
        "body: UpdateDevice, **options",
        "name: str, **options",
        [
            ("parameter-removed", "Acme.devices.update_device", "breaking"),
            ("parameter-added", "Acme.devices.update_device", "breaking"),
        ],
    ),
    Seed(
        "class that only signatures lead to lost a field",
        WORK,
        "    size: int = 0\n",
        "",
        [("removed", "SavedImage.size", "breaking")],
    ),
    Seed(
        "vendor's version",
        "_generated/acme/__init__.py",
        '"1.0"',
        '"1.1"',
        [("value", "API_VERSION", "fix")],
    ),
]

NOTHING = [
    (
        "order of a union",
        DEVICE,
        "size: int | None | Unset = UNSET",
        "size: None | Unset | int = UNSET",
    ),
    ("private function", CLIENT, "def helper(text: str)", "def helper(other: int)"),
    ("private class nobody is led to", WORK, "def gone", "def went"),
    ("docstring", CLIENT, '"""Waits."""', '"""Waits for it."""'),
    ("private argument", CLIENT, "self._token = token", "self._bearer = token"),
    ("private base renamed", WORK, "Closing", "Ending"),
    ("wire name", DEVICE, '{"name": "Name"}', '{"name": "NAME"}'),
]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tree(tmp_path_factory.mktemp("before"))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_seeded_changes(seed: Seed, before: Path, tmp_path: Path) -> None:
    after = altered(tmp_path, seed.file, seed.old, seed.new)
    changes = breaking_changes(before, after, "acme")
    told = sorted((c.kind, c.name, c.rating) for c in changes)
    assert told == sorted(seed.told)
    for change in changes:
        assert change.sentence.endswith(".") and "\n" not in change.sentence
        assert change.name.rpartition(".")[2] in change.sentence


@pytest.mark.parametrize(("name", "file", "old", "new"), NOTHING, ids=[one[0] for one in NOTHING])
def test_what_is_not_public_does_not_count(
    name: str, file: str, old: str, new: str, before: Path, tmp_path: Path
) -> None:
    assert breaking_changes(before, altered(tmp_path, file, old, new), "acme") == []


def test_breaking_ones_come_first(before: Path, tmp_path: Path) -> None:
    after = altered(tmp_path, DEVICE, '    OFF = "off"\n', '    LOST = "lost"\n')
    assert [c.rating for c in breaking_changes(before, after, "acme")] == ["breaking", "feature"]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_griffe_knows_no_more(seed: Seed, before: Path, tmp_path: Path) -> None:
    """A second opinion: griffe sees less (nothing behind namespaces, no types), but what it sees we must, too."""
    after = altered(tmp_path, seed.file, seed.old, seed.new)

    def load(root: Path) -> griffe.Object:
        folders = sorted(root.glob("*/*/src"))
        loader = griffe.GriffeLoader(search_paths=folders, allow_inspection=False)
        for name in ("acme", "_generated.acme", "runtime"):
            loader.load(f"deviceclouds.{name}")
        loader.resolve_aliases(implicit=True, external=False)
        found = loader.modules_collection["deviceclouds.acme"]
        assert isinstance(found, griffe.Object)
        return found

    theirs = list(griffe.find_breaking_changes(load(before), load(after)))
    ours = [c for c in breaking_changes(before, after, "acme") if c.rating == "breaking"]
    assert not theirs or ours, [one.explain() for one in theirs]


def test_missing_package(tmp_path: Path, before: Path) -> None:
    with pytest.raises(SurfaceError, match=r"no package deviceclouds\.acme"):
        breaking_changes(before, tmp_path, "acme")


@pytest.mark.parametrize("name", ["_client", "__init__"])
def test_sources_that_do_not_parse(name: str, tmp_path: Path, before: Path) -> None:
    file = f"overlays/acme/src/deviceclouds/acme/{name}.py"
    after = altered(tmp_path, file, "import", "import import")
    with pytest.raises(SurfaceError, match=rf"{name}\.py:\d+: invalid syntax"):
        breaking_changes(before, after, "acme")
