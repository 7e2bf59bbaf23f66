"""Lists of what is in a distribution."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from codegen.release.contents import ContentsError, entries_of, statement_of, verify
from tests.release.artifacts import FILES, record_of, write_sdist, write_wheel

RECORD = "acme-0.1.0.dist-info/RECORD"


def test_statement_of_a_wheel(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path)
    statement = statement_of(wheel)
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["subject"] == [
        {"name": wheel.name, "digest": {"sha256": hashlib.sha256(wheel.read_bytes()).hexdigest()}}
    ]
    assert [one["path"] for one in statement["predicate"]["files"]] == [
        RECORD,
        "acme/__init__.py",
        "acme/data.json",
    ]
    assert statement["predicate"]["files"][1] == {
        "path": "acme/__init__.py",
        "size": 6,
        "sha256": hashlib.sha256(b"x = 1\n").hexdigest(),
    }


def test_source_distribution(tmp_path: Path) -> None:
    entries = entries_of(write_sdist(tmp_path))
    assert [(one.path, one.size) for one in entries] == [
        ("acme-0.1.0/acme/__init__.py", 6),
        ("acme-0.1.0/acme/data.json", 2),
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b",6\n", b",7\n", "acme/__init__.py is not what its RECORD says"),
        (b"sha256=", b"sha256=A", "is not what its RECORD says"),
        (b"acme/data.json", b"acme/other.json", "acme/data.json is not in its RECORD"),
        (b"acme/data.json", b"acme/more.json,,\nacme/data.json", "names acme/more.json"),
        (RECORD.encode() + b",,", RECORD.encode() + b",sha256=a,1", "is not what its RECORD says"),
    ],
)
def test_wrong_records(tmp_path: Path, old: bytes, new: bytes, told: str) -> None:
    record = record_of(FILES, RECORD)
    assert old in record
    wheel = write_wheel(tmp_path, record=record.replace(old, new))
    with pytest.raises(ContentsError, match=told) as caught:
        entries_of(wheel)
    assert wheel.name in str(caught.value)


def test_damaged_files(tmp_path: Path) -> None:
    for path in (write_wheel(tmp_path), write_sdist(tmp_path)):
        path.write_bytes(path.read_bytes()[:40])
        with pytest.raises(ContentsError, match=path.name):
            entries_of(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_twice(tmp_path: Path) -> None:
    import zipfile

    wheel = write_wheel(tmp_path)
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("acme/data.json", b"{}")
    with pytest.raises(ContentsError, match=r"holds acme/data\.json twice"):
        entries_of(wheel)


def test_verify(tmp_path: Path) -> None:
    wheel, listed = write_wheel(tmp_path), tmp_path / "list.json"
    listed.write_text(json.dumps(statement_of(wheel)))
    verify(wheel, listed)
    write_wheel(tmp_path, files={**FILES, "acme/data.json": b"[]"})
    with pytest.raises(ContentsError, match=r"has otherwise"):
        verify(wheel, listed)
    write_wheel(tmp_path, files={"acme/__init__.py": FILES["acme/__init__.py"]})
    with pytest.raises(ContentsError, match=r"has otherwise|lacks"):
        verify(wheel, listed)
    for text, told in (("[]", "no JSON object"), ("{", "list.json"), ("{}", "no list")):
        listed.write_text(text)
        with pytest.raises(ContentsError, match=told):
            verify(wheel, listed)
