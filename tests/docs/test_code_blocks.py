"""The documentation holds: its Python runs, its links lead somewhere, its sessions and counts are the real ones."""

from __future__ import annotations

import ast
import logging
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from deviceclouds.testing import MOUNTS, Sandbox, load_spec

ROOT = Path(__file__).resolve().parents[2]
UNSEEN = {"build", "dist", "node_modules"}
MARKDOWN = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part in UNSEEN or part.startswith(".") for part in path.relative_to(ROOT).parts)
)
WITH_CODE = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "overlays").glob("*/README.md")),
]
NOT_RUN = "<!-- not run: needs a real token -->"
STATUSES = ("documented", "corroborated", "inferred", "unverified")


class Block(NamedTuple):
    """One fenced block of code."""

    language: str
    line: int
    text: str
    runs: bool


def blocks(path: Path) -> Iterator[Block]:
    """The fenced blocks of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = 0
    for number, line in enumerate(lines, 1):
        if not line.startswith("```"):
            continue
        if not start:
            start = number
            continue
        before = [text for text in lines[: start - 1] if text.strip()]
        runs = not before or before[-1].strip() != NOT_RUN
        text = "\n".join(lines[start : number - 1])
        yield Block(lines[start - 1].removeprefix("```").strip(), start, text, runs)
        start = 0
    assert not start, f"{path.name}:{start}: this block has no end"


def prose(path: Path) -> str:
    """A file without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def compiled(path: Path, block: Block) -> Any:
    # Empty lines before it, so that a traceback names the line of the document.
    return compile("\n" * block.line + block.text, str(path), "exec")


@pytest.mark.parametrize("path", WITH_CODE, ids=short)
def test_python_runs(path: Path) -> None:
    """The blocks of one file are one program: what an earlier one made is there for a later one."""
    names: dict[str, Any] = {"__name__": "__main__"}
    try:
        for block in blocks(path):
            if block.language == "python":
                code = compiled(path, block)
                if block.runs:
                    exec(code, names)
    finally:
        for value in names.values():
            if isinstance(value, Sandbox):
                value.close()
        # Examples set it, and other tests run in the same process.
        logging.getLogger("deviceclouds").setLevel(logging.NOTSET)


def test_there_is_python_to_run() -> None:
    for path in WITH_CODE:
        if path.parent.parent.name == "overlays" or path.parent == ROOT:
            assert any(b.language == "python" and b.runs for b in blocks(path)), short(path)


@pytest.mark.parametrize("path", MARKDOWN, ids=short)
def test_links_lead_somewhere(path: Path) -> None:
    missing = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            missing.append(target)
    assert not missing


def anchors(path: Path) -> set[str]:
    """The fragments that headings of a file answer to."""
    titles = re.findall(r"^#+ (.+)$", prose(path), flags=re.M)
    plain = (re.sub(r"[^\w\- ]", "", title.lower()) for title in titles)
    return {title.strip().replace(" ", "-") for title in plain}


def sessions() -> set[str]:
    """Names of the sessions in the noxfile."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(d).startswith("nox.session") for d in node.decorator_list)
    }


def sessions_named(path: Path) -> set[str]:
    found = re.findall(r"nox -s((?: \w+)+)", path.read_text(encoding="utf-8"))
    return {name for names in found for name in names.split()}


@pytest.mark.parametrize("path", MARKDOWN, ids=short)
def test_sessions_exist(path: Path) -> None:
    assert sessions_named(path) - sessions() == set()


def test_every_session_is_explained() -> None:
    named = sessions_named(ROOT / "README.md") | sessions_named(ROOT / "CONTRIBUTING.md")
    assert sessions() - named == set()


def evidence() -> dict[str, Counter[str]]:
    """How the operations of each vendor are known, by their specification."""
    return {
        vendor: Counter(
            operation["x-evidence"]["status"]
            for item in load_spec(vendor).document["paths"].values()
            for operation in item.values()
            if isinstance(operation, dict) and "operationId" in operation
        )
        for vendor in MOUNTS
    }


def test_truth_table_is_true() -> None:
    """Rows such as ``| amnimo | 19 | 19 | | | |``: operations, then one column a status."""
    rows: dict[str, list[int]] = {}
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] in MOUNTS and len(cells) == 2 + len(STATUSES):
            rows[cells[0]] = [int(cell or 0) for cell in cells[1:]]
    assert rows == {
        vendor: [count.total(), *(count[status] for status in STATUSES)]
        for vendor, count in evidence().items()
    }


def test_guesses_are_named() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for vendor in MOUNTS:
        for path, item in load_spec(vendor).document["paths"].items():
            for method, operation in item.items():
                if isinstance(operation, dict) and "operationId" in operation:
                    name = f"`{vendor}` `{operation['tags'][0]}.{operation['operationId']}`"
                    guessed = operation["x-evidence"]["status"] == "unverified"
                    assert (name in text) is guessed, name
                    sent = f"{name} | `{method.upper()} {path}` |"
                    assert (sent in text) is guessed, sent
