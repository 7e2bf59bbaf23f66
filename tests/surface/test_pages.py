"""The pages `api.md`: current, complete, with links that lead somewhere."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from codegen.release.versions import distributions
from codegen.surface.__main__ import main
from codegen.surface.command import page_of, write_pages
from codegen.surface.page import render
from codegen.surface.reading import read_surface
from tests.surface.tree import altered, write_tree

ROOT = Path(__file__).resolve().parents[2]
VENDORS = sorted(path.parent.name for path in (ROOT / "specs").glob("*/openapi.yaml"))
METHODS = ("get", "put", "post", "patch", "delete")


def page(name: str) -> str:
    return (ROOT / "overlays" / name / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", distributions(ROOT))
def test_page_is_current(name: str) -> None:
    assert page(name) == page_of(ROOT, name), "run `nox -s regenerate`"


@pytest.mark.parametrize("name", distributions(ROOT))
def test_links_lead_to_headings(name: str) -> None:
    taken: Counter[str] = Counter()
    anchors = set()
    for line in re.sub(r"```.*?```", "", page(name), flags=re.DOTALL).splitlines():
        if line.startswith("#"):
            slug = re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")
            anchors.add(f"{slug}-{taken[slug]}" if taken[slug] else slug)
            taken[slug] += 1
    links = set(re.findall(r"\]\(#([^)]*)\)", page(name)))
    assert links and links <= anchors


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_operation_and_schema_is_there(vendor: str) -> None:
    document = yaml.safe_load((ROOT / "specs" / vendor / "openapi.yaml").read_text("utf-8"))
    expected = {
        (f"{method.upper()} {path}", operation["x-evidence"]["status"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    }
    shown = re.findall(
        r"^\| `\w+` \| `([A-Z]+ [^`]+)` \| \**(\w+)\** \|", page(vendor), re.MULTILINE
    )
    assert set(shown) == expected
    assert len(shown) == len(expected)


@pytest.mark.parametrize("vendor", VENDORS)
def test_async_clients_have_the_same_methods(vendor: str) -> None:
    assert "Not as there" not in page(vendor)


def test_what_a_page_says(tmp_path: Path) -> None:
    text = render(read_surface(write_tree(tmp_path), "acme"), "deviceclouds-acme")
    assert "| `list_devices` | `GET /devices` | documented | Pager[[Device](#device)] |" in text
    assert "| `update_device` | `PATCH /devices/{device_id}` | **unverified** |" in text
    assert "class Device(Model):  # made by keywords; got from methods" in text
    assert "    state: State | None | Unset = UNSET  # inferred" in text
    assert "StateLike = State | Literal['on', 'off']" in text
    assert "Not as there: `devices.update_device`." in text
    assert "helper" not in text and "Unused" not in text and "_Setup" not in text
    assert "### SavedImage" in text


def project(root: Path) -> Path:
    (root / "overlays/acme/pyproject.toml").write_text('[project]\nname = "deviceclouds-acme"\n')
    return root


def test_writing_and_checking(tmp_path: Path) -> None:
    root, said = project(write_tree(tmp_path)), list[str]()
    assert not write_pages(root, [], check=True, say=said.append)
    assert said == [
        "acme: overlays/acme/api.md is stale; run `nox -s regenerate` and commit the result"
    ]
    assert write_pages(root, ["acme"], say=said.append)
    assert said[1:] == ["acme: wrote overlays/acme/api.md"]
    assert write_pages(root, [], check=True, say=said.append)
    assert len(said) == 2
    altered(root, "_work.py", "size: int", "weight: int")
    assert not write_pages(root, [], check=True, say=said.append)
    assert sorted(path.name for path in (root / "overlays/acme").iterdir()) == [
        "api.md",
        "pyproject.toml",
        "src",
    ]


def test_unknown_distribution(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(write_tree(tmp_path))
    assert main(["--root", str(root), "other"]) == 1
    assert capsys.readouterr().err == "no overlays/other; there are acme\n"
    assert main(["--root", str(root), "--check"]) == 1
    assert main(["--root", str(root)]) == 0
