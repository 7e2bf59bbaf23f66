"""The hints on error codes: their form, how they are found, and that their words are ours."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
from deviceclouds.aitrios._error_hints import _hints, error_hint, parse_hints

from tests.evidence.material import ROOT, WHY_SKIPPED, available, document, rows

FILE = ROOT / "overlays/aitrios/src/deviceclouds/aitrios/error_hints.tsv"
#: Codes whose message leaves nothing to add.
SAYS_ALL = {"E.SC.API.0291010"}
LENGTH = 200
#: A run of so many words in common is copied.
RUN = 8

HINTS = parse_hints(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    """Return the rows of the fact table: operationId, http_status, code, message."""
    if not available():
        pytest.skip(WHY_SKIPPED)
    return rows("aitrios_errors")


def test_one_line_a_code_sorted_below_a_comment() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    comment = [line for line in lines if line.startswith("#")]
    assert comment == lines[: len(comment)] and comment
    codes = [line.split("\t")[0] for line in lines[len(comment) :]]
    assert codes == sorted(set(codes)) == list(HINTS)


def faults(code: str, hint: str) -> list[str]:
    """Return what is wrong with the form of a hint."""
    wanted = {
        "code": re.fullmatch(r"[EW]\.SC\.API\.\d{7}", code),
        "length": 10 < len(hint) <= LENGTH,
        "start": re.match(r"[A-Z`]", hint),
        "full stop": hint.endswith(".") and not hint.endswith(".."),
        "spaces": hint == " ".join(hint.split()),
        "backticks": hint.count("`") % 2 == 0,
        "sentences": len(re.findall(r"[.!?](?= |$)", hint)) <= 3,
        "plain": hint.isascii(),
    }
    return [f"{code}: {name}" for name, good in wanted.items() if not good]


def test_form() -> None:
    assert not [fault for code, hint in HINTS.items() for fault in faults(code, hint)]


def test_a_bad_form_is_found() -> None:
    assert len(faults("E.SC.API.1", " no\tform `")) == 6
    assert faults("E.SC.API.0000001", f"{'Long ' * 40}.") == ["E.SC.API.0000001: length"]


@pytest.mark.parametrize("code", [None, "", "E.SC.API.9999999", "0308001", "e.sc.api.0308001"])
def test_no_hint(code: str | None) -> None:
    assert error_hint(code) is None


def test_every_hint_is_found_by_its_code() -> None:
    assert {code: error_hint(code) for code in HINTS} == HINTS
    hint = error_hint("E.SC.API.0308001")
    assert hint is not None and "unknown here" in hint and "get_devices" in hint


def test_a_missing_file_hides_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs packed by other tools may lack the file; then there are no hints."""
    monkeypatch.setattr(resources, "files", lambda package: tmp_path)
    assert _hints.__wrapped__() == {}


ZIPPED = """
from deviceclouds import aitrios
from deviceclouds.aitrios import _error_hints
print(".zip" in aitrios.__file__, _error_hints._hints.cache_info().currsize)
print(_error_hints.error_hint("E.SC.API.0000002"))
"""


def test_the_wheel_gives_hints_also_zipped(tmp_path: Path) -> None:
    """The data is in the wheel, is read out of a zip file as well, and only when asked for."""
    wheels = ["-m", "build", "--no-isolation", "--wheel", "--outdir", str(tmp_path)]
    build = [sys.executable, *wheels, str(ROOT / "overlays/aitrios")]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    shutil.unpack_archive(wheel, tmp_path / "unpacked", "zip")
    inside = tmp_path / "unpacked/deviceclouds/aitrios/error_hints.tsv"
    assert inside.read_bytes() == FILE.read_bytes()
    # A namespace package in a zip file is found by its folder, which a wheel does not list.
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path / "unpacked")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([packed, os.environ["PYTHONPATH"]])}
    run = [sys.executable, "-c", ZIPPED]
    done = subprocess.run(run, env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["True 0", HINTS["E.SC.API.0000002"]]


def test_codes_are_those_of_the_table(table: list[dict[str, str]]) -> None:
    """No code is made up; without a hint are only those whose message says all."""
    codes = {row["code"] for row in table}
    assert set(HINTS) <= codes
    assert codes - set(HINTS) == SAYS_ALL
    assert len(HINTS) >= 586


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    """Return every run of so many words."""
    found = words(text)
    return {tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}


def repeated(message: str, hint: str) -> bool:
    """Tell whether a hint has the vendor's message in it, whole."""
    return " ".join(words(message)) in " ".join(words(hint))


def test_words_are_ours(table: list[dict[str, str]]) -> None:
    """No run of words is the document's or a message's, and no hint repeats the message it comes with."""
    theirs = runs(document("aitrios")).union(*(runs(row["message"]) for row in table))
    assert not {code: runs(hint) & theirs for code, hint in HINTS.items() if runs(hint) & theirs}
    shown = [(row["message"], HINTS.get(row["code"], "")) for row in table]
    assert not [pair for pair in shown if repeated(*pair)]


def test_copies_are_found(table: list[dict[str, str]]) -> None:
    longest = max((row["message"] for row in table), key=len)
    assert runs(longest) and runs(f"Ours. {longest} Ours.") >= runs(longest)
    assert repeated("Not found.", "The device was not found.")
    assert not repeated("Not found.", "No device has this id here.")
