"""The same spec gives the same bytes: again, elsewhere, with other hashes, whatever lies around."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from codegen.generate.regenerate import regenerate

from .trees import BASE, REPO, TRAP, VENDORS, contents, make_root

RUFF_SETTINGS = """
line-length = 40
indent-width = 2
exclude = ["*"]
extend-exclude = ["generated"]
[format]
quote-style = "single"
[lint]
select = ["ALL"]
[lint.isort]
force-single-line = true
"""


def fresh(root: Path, vendor: str, folder: Path) -> dict[str, bytes]:
    """Generate one vendor in a new repository and return the files."""
    make_root(root, **{vendor: folder})
    regenerate(root, [], say=lambda line: None)
    return contents(root / "generated")


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files of the small spec."""
    return fresh(tmp_path_factory.mktemp("expected"), "base", BASE)


def test_committed_tree_is_what_the_specs_give(tmp_path: Path) -> None:
    # Links, so that nothing is written into the repository.
    (tmp_path / "specs").symlink_to(REPO / "specs")
    (tmp_path / "generated").symlink_to(REPO / "generated")
    said: list[str] = []
    assert regenerate(tmp_path, [], check=True, say=said.append), "\n".join(said)
    assert [line.partition(":")[0] for line in said] == list(VENDORS)


def test_twice(tmp_path: Path) -> None:
    first = fresh(tmp_path / "one", "trap", TRAP)
    assert fresh(tmp_path / "two", "trap", TRAP) == first
    assert not [name for name, content in first.items() if str(tmp_path).encode() in content]


def test_order_of_vendors_does_not_matter(tmp_path: Path) -> None:
    make_root(tmp_path, base=BASE, trap=TRAP)
    regenerate(tmp_path, ["trap", "base"], say=lambda line: None)
    both = contents(tmp_path / "generated")
    for vendor in ("base", "trap"):
        regenerate(tmp_path, [vendor], say=lambda line: None)
    assert contents(tmp_path / "generated") == both


def test_hash_seeds_and_folders(tmp_path: Path, expected: dict[str, bytes]) -> None:
    runs = []
    for seed in ("1", "2", "3"):
        root = make_root(tmp_path / seed, base=BASE)
        elsewhere = root / "src" / "deviceclouds"  # looks like a package of our own
        elsewhere.mkdir(parents=True)
        (elsewhere / "__init__.py").write_text("")
        runs.append((root, _start(root, seed, elsewhere.parents[1])))
    for root, run in runs:
        _, errors = run.communicate(timeout=60)
        assert run.returncode == 0, errors
        assert contents(root / "generated") == expected


def _start(root: Path, seed: str, folder: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(REPO), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "codegen", "regenerate", "--root", str(root)]
    return subprocess.Popen(  # our own interpreter
        command,
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path, "TZ": "Asia/Tokyo"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("name", ["ruff.toml", ".ruff.toml"])
def test_settings_of_ruff_around(
    tmp_path: Path, expected: dict[str, bytes], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "parent" / "repo"
    for folder in (tmp_path, tmp_path / "parent", root):
        folder.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(RUFF_SETTINGS)
    monkeypatch.chdir(root)
    monkeypatch.setenv("RUFF_CONFIG", str(root / name))
    assert fresh(root, "base", BASE) == expected


def test_files_that_git_ignores(tmp_path: Path, expected: dict[str, bytes]) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text(".regenerate-*\n*.py\ngenerated\n")
    assert fresh(tmp_path, "base", BASE) == expected
    assert not list(tmp_path.rglob(".ruff_cache"))


def test_line_ends_of_specs_and_sources_of_another_system(
    tmp_path: Path, expected: dict[str, bytes]
) -> None:
    root = make_root(tmp_path, base=BASE)
    path = root / "specs" / "base" / "openapi.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    regenerate(root, [], say=lambda line: None)
    assert contents(root / "generated") == expected


def test_files_end_as_git_keeps_them(expected: dict[str, bytes]) -> None:
    for name, content in expected.items():
        assert b"\r" not in content, name
        assert content == b"" or content.endswith(b"\n"), name
        assert b" \n" not in content, name
