"""The documentation site: its navigation is whole, its reference has every operation, its links lead to pages."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from deviceclouds.testing import MOUNTS, load_spec
from deviceclouds.testing.sandbox.pages.names import SHORT_NAMES, method_name

from codegen.docs.api import api_pages
from codegen.docs.evidence import evidence_page
from codegen.docs.offline import loaded_from_elsewhere
from codegen.docs.repository import DeadLinkError, repository_pages
from codegen.docs.stage import pages_of, stage

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return pages_of(ROOT)


@pytest.fixture(scope="module")
def reference() -> dict[str, str]:
    return api_pages(ROOT)


def settings_in(folder: Path) -> dict[str, Any]:
    found = yaml.safe_load((folder / "mkdocs.yml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def named(nav: Any) -> list[str]:
    """All pages of a navigation, in its order."""
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    return [page for part in parts for page in named(part)]


def test_navigation_names_every_guide() -> None:
    guides = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert guides - set(named(settings_in(ROOT)["nav"])) == set(), "add it to nav in mkdocs.yml"


def test_navigation_has_every_page_once(tmp_path: Path, pages: dict[str, str]) -> None:
    assert stage(ROOT, tmp_path) == len(pages)
    laid = {p.relative_to(tmp_path / "pages").as_posix() for p in tmp_path.rglob("*.md")}
    assert Counter(named(settings_in(tmp_path)["nav"])) == Counter(laid)


def test_laying_out_again_leaves_what_is_right_and_removes_what_is_too_much(tmp_path: Path) -> None:
    stage(ROOT, tmp_path)
    (tmp_path / "pages/old.md").write_text("gone", encoding="utf-8")
    page = tmp_path / "pages/index.md"
    before = page.stat().st_mtime_ns
    stage(ROOT, tmp_path)
    assert page.stat().st_mtime_ns == before
    assert not (tmp_path / "pages/old.md").exists()


@pytest.mark.parametrize("vendor", MOUNTS)
def test_reference_has_each_operation_once_with_its_evidence(
    vendor: str, reference: dict[str, str]
) -> None:
    found: dict[str, str] = {}
    for path, text in reference.items():
        if path.startswith(f"reference/{vendor}/") and not path.endswith("index.md"):
            for part in re.split(r"^## ", text, flags=re.M)[1:]:
                name = f"{Path(path).stem}.{part.splitlines()[0]}"
                assert name not in found
                found[name] = part
    operations = load_spec(vendor).operations.values()
    assert set(found) == {method_name(o.raw["tags"][0], o.id) for o in operations}
    for operation in operations:
        name = method_name(operation.raw["tags"][0], operation.id)
        part, evidence = found[name], operation.extensions["x-evidence"]
        status = f'<span class="evidence {evidence["status"]}">{evidence["status"]}</span>'
        assert part.splitlines()[2].endswith(status)
        assert f">{operation.method}</b> <code>{operation.path}</code>" in part
        assert f"client.{name}(" in part
        assert "Source: " in part
        for parameter in operation.parameters:
            assert parameter.name in part.replace("<wbr>", "")


def test_reference_has_all_operations(reference: dict[str, str]) -> None:
    assert sum(text.count("Python signature, with types") for text in reference.values()) == 161


def test_a_parameter_known_in_another_way_says_so(reference: dict[str, str]) -> None:
    row = next(
        line
        for line in reference["reference/viziosense/devices.md"].splitlines()
        if line.startswith("| <code>page</code>")
    )
    assert '<span class="evidence unverified">' in row


def test_where_ids_come_from(reference: dict[str, str]) -> None:
    page = reference["reference/amnimo/media.md"]
    wanted = "It only reads. `mediaId` can be had from [`search_media`](media.md#search_media)."
    assert wanted in page.split("## get_media\n")[1].split("\n## ")[0]


def test_page_of_what_is_known_counts_as_the_specifications_do() -> None:
    text = evidence_page()
    for vendor in MOUNTS:
        operations = load_spec(vendor).operations.values()
        known = Counter(o.extensions["x-evidence"]["status"] for o in operations)
        row = next(line for line in text.splitlines() if f"({vendor}/index.md) |" in line)
        numbers = [int(cell or 0) for cell in row.replace(" ", "").split("|")[2:-1]]
        order = ("documented", "corroborated", "inferred", "unverified")
        assert numbers == [len(operations), *(known[status] for status in order)]
        for operation in operations:
            guessed = operation.extensions["x-evidence"]["status"] in ("inferred", "unverified")
            name = method_name(operation.raw["tags"][0], operation.id)
            assert (f"### {SHORT_NAMES[vendor]}: {name}\n" in text) is guessed


def test_links_between_pages_lead_to_pages(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        for target in re.findall(
            r"\]\(([^)\s#:]+)(?:#[^)\s]*)?\)", re.sub(r"```.*?```", "", text, flags=re.S)
        ):
            where = (Path("/") / name).parent / target
            assert where.resolve().relative_to("/").as_posix() in pages, f"{name}: {target}"


def repository(folder: Path, text: str) -> Path:
    for name in ("README.md", "LICENSE", "docs/guide.md", "overlays/acme/README.md"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(
            text if name.startswith("overlays") else "# T\n", encoding="utf-8"
        )
    (folder / "README.md").write_text("# T\n\n## How it behaves\n\n### Errors\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[d](../../README.md)", "[d](../index.md)"),
        ("[d](../../README.md#errors)", "[d](../behaviour.md#errors)"),
        ("[d](../../docs/guide.md#t)", "[d](../guide.md#t)"),
        ("[../../LICENSE](../../LICENSE)", "`LICENSE`"),
        ("see [the licence](../../LICENSE)", "see the licence"),
        ("[x](https://example.com/a)", "[x](https://example.com/a)"),
        ("```text\n[d](nowhere.md)\n```", "```text\n[d](nowhere.md)\n```"),
        ("and\n- a\n- b", "and\n\n- a\n- b"),
        ("answers\n401. The secret", "answers\n401. The secret"),
    ],
)
def test_markdown_of_the_repository_fits_the_site(tmp_path: Path, written: str, shown: str) -> None:
    assert repository_pages(repository(tmp_path, written))["packages/acme.md"].strip() == shown


def test_dead_link_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeadLinkError, match=r"overlays/acme/README\.md: .* nowhere\.md"):
        repository_pages(repository(tmp_path, "[d](nowhere.md)"))


def test_settings_load_nothing_from_elsewhere() -> None:
    settings = settings_in(ROOT)
    assert settings["theme"]["font"] is False
    assert settings["strict"] is True
    assert "http" not in re.sub(r"#.*", "", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))


def test_what_a_site_loads_from_elsewhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_text('<a href="https://example.com">x</a><img src="a.png">')
    assert loaded_from_elsewhere(tmp_path) == []
    (tmp_path / "bad.html").write_text('<script src="//cdn.example.com/a.js"></script>')
    (tmp_path / "bad.css").write_text("@font-face { src: url(https://example.com/f.woff2) }")
    assert len(loaded_from_elsewhere(tmp_path)) == 2
