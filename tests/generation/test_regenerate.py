"""Regeneration: what is written, compared, told, and left alone."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.generate.regenerate import RegenerationError, package_folder, regenerate
from codegen.generate.webhooks import MODELS_GENERATOR
from codegen.lint import SpecDocument

from .test_webhooks import NOT_IN_THE_CLIENT
from .trees import change, contents

METHODS = {"get", "put", "post", "delete", "patch", "head", "options"}
#: What only webhooks carry, what they share with the client, and a class of parameters.
WEBHOOK_MODELS = {"base": 2 + 1 + 1, "viziosense": 7 + 0 + 1}


@pytest.fixture
def root(pristine: Path, tmp_path: Path) -> Path:
    """Return a repository that is up to date, to be changed."""
    return Path(shutil.copytree(pristine, tmp_path / "repo"))


def regenerated(root: Path, *vendors: str, check: bool = False) -> tuple[bool, list[str]]:
    """Return what `regenerate` returns and the lines it says."""
    said: list[str] = []
    return regenerate(root, vendors, check=check, say=said.append), said


def spec(root: Path) -> Path:
    """Return the path of the small spec."""
    return root / "specs" / "base" / "openapi.yaml"


def no_traces(root: Path) -> bool:
    """Return whether a repository holds nothing but specs and generated code."""
    return {path.name for path in root.iterdir()} <= {"specs", "generated"}


def test_writes_everything(root: Path) -> None:
    before = contents(root / "generated")
    shutil.rmtree(root / "generated")
    done, said = regenerated(root)
    assert done
    assert contents(root / "generated") == before
    assert "base: 5 operations, 9 models" in said
    assert {"  + operation files.upload_file", "  + model DeviceList", "  + model Kind"} <= set(
        said
    )
    assert no_traces(root)


def test_second_run_changes_nothing(root: Path) -> None:
    before = {path: _identity(path) for path in (root / "generated").rglob("*")}
    assert regenerated(root) == (
        True,
        [
            "base: 5 operations, 9 models, unchanged",
            "viziosense: 8 operations, 17 models, unchanged",
        ],
    )
    assert {path: _identity(path) for path in before} == before


def _identity(path: Path) -> tuple[int, int]:
    return path.stat().st_ino, path.stat().st_mtime_ns


def test_check_of_what_is_up_to_date(root: Path) -> None:
    done, said = regenerated(root, check=True)
    assert done
    assert all(line.endswith("unchanged") for line in said)


def test_caches_are_nothing(root: Path) -> None:
    cache = package_folder(root / "generated", "base") / "__pycache__" / "x.pyc"
    cache.parent.mkdir()
    cache.write_bytes(b"x")
    assert regenerated(root, check=True)[0]


def _change_byte(root: Path) -> None:
    path = package_folder(root / "generated", "base") / "operations" / "files.py"
    change(path, "Operations of files", "Operations of Files")


def _change_stamp(root: Path) -> None:
    change(root / "generated" / "base" / "generated.toml", "operations = 5", "operations = 6")


def _remove_file(root: Path) -> None:
    (package_folder(root / "generated", "base") / "py.typed").unlink()


def _add_file(root: Path) -> None:
    (package_folder(root / "generated", "base") / "models" / "extra.py").write_text("")


def _remove_vendor(root: Path) -> None:
    shutil.rmtree(root / "generated" / "base")


def _change_description(root: Path) -> None:
    change(spec(root), "Returns the devices this account may see.", "Returns some devices.")


def _change_comment(root: Path) -> None:
    change(spec(root), "# A small spec", "# One small spec")


def _change_line_end(root: Path) -> None:
    path = package_folder(root / "generated", "base") / "client.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n", 1))


@pytest.mark.parametrize(
    "alter",
    [
        _change_byte,
        _change_stamp,
        _remove_file,
        _add_file,
        _remove_vendor,
        _change_description,
        _change_comment,
        _change_line_end,
    ],
)
def test_check_fails_and_a_run_repairs(root: Path, alter: Callable[[Path], None]) -> None:
    alter(root)
    before = contents(root)
    done, said = regenerated(root, check=True)
    assert not done
    assert "base: generated/base is stale; run `nox -s regenerate` and commit the result" in said
    assert contents(root) == before
    assert no_traces(root)
    assert regenerated(root)[0]
    assert regenerated(root, check=True)[0]
    assert no_traces(root)


def test_vendor_without_a_spec(root: Path) -> None:
    shutil.rmtree(root / "specs" / "base")
    done, said = regenerated(root, check=True)
    assert not done
    assert "base: has no specification any more" in said
    assert regenerated(root, "viziosense", check=True)[0]  # nobody asked about it
    assert regenerated(root)[0]
    assert not (root / "generated" / "base").exists()


def test_check_makes_no_folder(root: Path) -> None:
    shutil.rmtree(root / "generated")
    assert not regenerated(root, check=True)[0]
    assert not (root / "generated").exists()


def test_only_the_vendor_asked_for(root: Path) -> None:
    shutil.rmtree(root / "generated")
    assert regenerated(root, "base", "base")[0]
    assert [path.name for path in (root / "generated").iterdir()] == ["base"]
    done, said = regenerated(root, check=True)
    assert not done
    assert any(line.startswith("viziosense: generated/viziosense is stale") for line in said)


def test_unknown_vendor(root: Path) -> None:
    with pytest.raises(RegenerationError, match=r"no specs/nope/.*; there are base, viz"):
        regenerated(root, "base", "nope")


def test_folder_without_specs(tmp_path: Path) -> None:
    with pytest.raises(RegenerationError, match="no specs"):
        regenerated(tmp_path)
    assert no_traces(tmp_path)


def test_changes_are_told(root: Path) -> None:
    change(spec(root), "operationId: download_file", "operationId: fetch_file")
    change(spec(root), "    Error:\n      type: object", "    Problem:\n      type: object")
    change(spec(root), "schemas/Error'", "schemas/Problem'")
    change(spec(root), "max_size: 1000", "max_size: 100")
    change(spec(root), "          description: Width in pixels.", "          description: Width.")
    change(spec(root), "        - gateway\n", "        - gateway\n        - other\n")
    done, said = regenerated(root)
    assert done
    assert sorted(line for line in said if line.startswith("  ")) == [
        "  + model Problem",
        "  + operation files.fetch_file",
        "  - model Error",
        "  - operation files.download_file",
        "  ~ model Kind",
        "  ~ model Picture",
        "  ~ operation manage_devices.get_devices",
        "  ~ webhook model Device",
        "  ~ webhook model Event",
    ]


def test_changed_words_are_told(root: Path) -> None:
    _change_description(root)
    assert "  ~ code or words outside operations and models" in regenerated(root)[1]


def test_changed_comment_is_told(root: Path) -> None:
    _change_comment(root)
    assert "  ~ stamp only" in regenerated(root)[1]


@pytest.mark.parametrize("vendor", ["base", "viziosense"])
def test_stamp_counts_the_spec_and_the_code(root: Path, vendor: str) -> None:
    stamp = tomllib.loads((root / "generated" / vendor / "generated.toml").read_text("utf-8"))
    data = SpecDocument.load(root / "specs" / vendor / "openapi.yaml").data
    schemas = data["components"]["schemas"]
    assert stamp["operations"] == sum(len(METHODS & set(item)) for item in data["paths"].values())
    received = stamp["webhook_models"]
    assert received == WEBHOOK_MODELS[vendor]
    left_out = NOT_IN_THE_CLIENT[vendor]
    kept = [schema for name, schema in schemas.items() if name not in left_out]
    assert stamp["models"] == sum("properties" in schema for schema in kept)
    assert stamp["enums"] == sum("enum" in schema for schema in kept)
    assert stamp["made_with"]["datamodel-code-generator"] == MODELS_GENERATOR
    assert (stamp["vendor"], stamp["api_version"]) == (vendor, data["info"]["version"])


def test_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--root", str(root)]
    assert main(["regenerate", "--check", *where]) == 0
    assert "base: 5 operations, 9 models, unchanged" in capsys.readouterr().out
    _change_byte(root)
    assert main(["regenerate", "--check", *where, "viziosense"]) == 0
    assert main(["regenerate", "--check", *where]) == 1
    assert main(["regenerate", *where]) == 0
    capsys.readouterr()
    assert main(["regenerate", *where, "nope"]) == 1
    assert "no specs/nope/openapi.yaml" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["regenerate", "--chekc"])
