"""What is released, really built: reproducible, with what lies beside it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from codegen.git import GitError, Repository
from codegen.release import building

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["viziosense"]


def cloned() -> bool:
    try:
        return shutil.which("git") is not None and Repository.at(ROOT).commit("HEAD") is not None
    except GitError:
        return False


pytestmark = [
    pytest.mark.skipif(not cloned(), reason="builds of a release are made in a git clone"),
    pytest.mark.skipif(
        importlib.util.find_spec("build") is None, reason="the build tools are not installed"
    ),
]


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    first, second = (tmp_path_factory.mktemp(name) for name in ("first", "second"))
    for folder in (first, second):
        assert list(building.build(ROOT, NAMES, folder)) == []
    return first, second


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def test_two_builds_are_the_same_byte_by_byte(builds: tuple[Path, Path]) -> None:
    first, second = map(digests, builds)
    assert len(first) == 5
    assert first == second


def test_lists_and_bill_are_about_these_files(builds: tuple[Path, Path]) -> None:
    folder, _ = builds
    found = digests(folder)
    packed = {name for name in found if name.endswith((".whl", ".tar.gz"))}
    for name in packed:
        (subject,) = json.loads((folder / f"{name}.contents.json").read_text("utf-8"))["subject"]
        assert (subject["name"], subject["digest"]["sha256"]) == (name, found[name])
    (bill,) = folder.glob("*.cdx.json")
    main = json.loads(bill.read_text("utf-8"))["metadata"]["component"]
    referred = {
        one["url"]: one["hashes"][0]["content"]
        for one in main["externalReferences"]
        if one["url"] in packed
    }
    assert referred == {name: found[name] for name in packed}


def test_a_wheel_without_its_marker_of_types_is_refused(
    builds: tuple[Path, Path], tmp_path: Path
) -> None:
    for path in builds[0].iterdir():
        shutil.copy(path, tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        kept = {n: archive.read(n) for n in archive.namelist() if not n.endswith("py.typed")}
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in kept.items():
            archive.writestr(name, content)
    (only,) = building.metadata(ROOT, "viziosense", tmp_path)
    assert "py.typed" in only


def test_its_metadata_can_be_published(builds: tuple[Path, Path]) -> None:
    assert list(building.metadata(ROOT, "viziosense", builds[0])) == []
