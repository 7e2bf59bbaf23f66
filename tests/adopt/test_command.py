"""`nox -s adopt`: exit codes, what it prints, what it writes, and bad input."""

from __future__ import annotations

import difflib
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from codegen.adopt.__main__ import main
from codegen.compare import reading
from codegen.lint import lint
from tests.adopt.alterations import ALTERATIONS
from tests.adopt.conftest import ROOT, VENDORS, spec_of
from tests.adopt.converted import as_3_0

TODAY = date(2026, 12, 1)


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A copy of all our specifications, to be written to."""
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    return tmp_path / "specs"


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A VizioSense file that says the same as ours, as JSON of 3.0."""
    return save(tmp_path / "theirs.json", as_3_0(spec_of("viziosense").data))


def save(path: Path, document: dict[str, Any]) -> Path:
    """Write a document as JSON or, by the name, as YAML."""
    if path.suffix == ".json":
        path.write_text(json.dumps(document), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8") as file:
            YAML(typ="safe", pure=True).dump(document, file)
    return path


def bytes_below(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_yaml_and_json_are_read_alike(
    specs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = as_3_0(spec_of("amnimo").data)
    texts = []
    for name in ("theirs.json", "theirs.yaml"):
        main(["amnimo", str(save(tmp_path / name, document))], specs, TODAY)
        texts.append(capsys.readouterr().out.replace(name, "FILE"))
    assert texts[0] == texts[1]
    assert "0 wrong in ours, 0 missing in ours, 0 missing in theirs, 0 they do not say" in texts[0]


def test_a_worklist_names_both_places(
    specs: Path, theirs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(theirs.read_text())
    document["components"]["schemas"]["Device"]["properties"]["is_online"]["type"] = "boolean"
    save(theirs, document)
    before = bytes_below(specs)
    assert main(["viziosense", str(theirs)], specs, TODAY) == 1
    text = capsys.readouterr().out
    pointer = "/components/schemas/Device/properties/is_online"
    line = spec_of("viziosense").line(pointer)
    assert "Shared by several operations" in text
    assert "`is_online` of Device: we expect an integer, they send true or false" in text
    assert f"openapi.yaml:{line}  theirs #{pointer}\n      in list_devices, get_device" in text
    assert bytes_below(specs) == before


def test_pointers_are_those_of_the_file_not_of_its_3_1_form(
    specs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = as_3_0(spec_of("proglove").data)
    field = document["components"]["schemas"]["User"]["properties"]["consent_general_terms"]
    field["allOf"] = [{"type": "object", "properties": {"timestamp": {"type": "boolean"}}}]
    main(["proglove", str(save(tmp_path / "theirs.json", document))], specs, TODAY)
    text = capsys.readouterr().out
    assert "consent_general_terms/allOf/0/properties/timestamp" in text
    assert "anyOf" not in text


def test_where_the_worklist_cannot_be_written_nothing_is_applied(
    specs: Path, theirs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = specs / "viziosense" / "openapi.yaml"
    before = ours.read_bytes()
    target = tmp_path / "missing" / "x.json"
    asked = ["viziosense", str(theirs), "--apply-evidence", "--json", str(target)]
    assert main(asked, specs, TODAY) == 2
    assert str(target) in capsys.readouterr().err
    assert ours.read_bytes() == before


def test_json_report(specs: Path, theirs: Path, tmp_path: Path) -> None:
    document = json.loads(theirs.read_text())
    del document["paths"]["/login"]
    target = tmp_path / "worklist.json"
    code = main(["viziosense", str(save(theirs, document)), "--json", str(target)], specs, TODAY)
    data = json.loads(target.read_text())
    assert code == 1
    assert data["counts"] == {"wrong": 0, "we lack": 0, "they lack": 1, "they do not say": 0}
    [finding] = data["findings"]
    assert finding["operations"] == ["POST /login"]
    assert finding["ours"]["line"] == spec_of("viziosense").line("/paths/~1login/post")
    assert finding["theirs"] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_evidence_is_upgraded_and_nothing_else(vendor: str, specs: Path, tmp_path: Path) -> None:
    path = save(tmp_path / f"{vendor}-api.json", as_3_0(spec_of(vendor).data))
    before = bytes_below(specs)
    assert main([vendor, str(path), "--apply-evidence"], specs, TODAY) == 0
    after = bytes_below(specs)
    changed = {name for name in before if before[name] != after[name]}
    spec, sources = specs / vendor / "openapi.yaml", specs / vendor / "source.toml"
    assert changed == {str(spec), str(sources)}
    assert set(after) == set(before)
    old, new = (side[str(spec)].decode().splitlines() for side in (before, after))
    for line in difflib.ndiff(old, new):
        if line[:2] in ("- ", "+ "):
            known = ("status:", "source:", "note:", "- ", "In name, place and type confirmed")
            assert line[2:].lstrip().startswith(known), line
    assert "vendor-openapi" in after[str(sources)].decode()
    assert after[str(sources)].startswith(before[str(sources)])
    assert lint(spec) == []


def test_applying_twice_changes_nothing_more(specs: Path, theirs: Path) -> None:
    arguments = ["viziosense", str(theirs), "--apply-evidence"]
    main(arguments, specs, TODAY)
    once = bytes_below(specs)
    assert main(arguments, specs, TODAY) == 0
    assert bytes_below(specs) == once


def test_evidence_that_covers_a_difference_is_left_alone(
    specs: Path, theirs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(theirs.read_text())
    listed = document["paths"]["/devices"]["get"]["parameters"]
    listed[:] = [entry for entry in listed if entry["name"] != "page"]
    del document["components"]["schemas"]["PageMeta"]["properties"]["total_pages"]
    main(["viziosense", str(save(theirs, document))], specs, TODAY)
    evidence = capsys.readouterr().out.partition("Evidence that can be upgraded")[2]
    assert "get_device (GET" in evidence
    # The page parameter and the page have evidence of their own, so the operation's is confirmed.
    assert "list_devices (GET" in evidence
    assert "query parameter page" not in evidence
    assert "PageMeta" not in evidence


def test_a_file_made_from_ours_confirms_nothing(
    specs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(tmp_path / "copy.json", as_3_0(spec_of("viziosense").data, own_marks=True))
    before = bytes_below(specs)
    assert main(["viziosense", str(path), "--apply-evidence"], specs, TODAY) == 0
    assert "made from ours, it confirms nothing" in capsys.readouterr().out
    assert bytes_below(specs) == before


def test_a_file_of_another_vendor_names_it(
    specs: Path, theirs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scailable", str(theirs), "--apply-evidence"], specs, TODAY) == 2
    assert "it fits viziosense (8 of its 8 operations), not scailable" in capsys.readouterr().err


def test_an_unknown_api_is_refused(
    specs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = {"openapi": "3.0.0", "paths": {"/pets": {"get": {"responses": {}}}}}
    assert main(["amnimo", str(save(tmp_path / "pets.json", document))], specs, TODAY) == 2
    assert "only 0 of its 1 operations are operations of amnimo" in capsys.readouterr().err


def test_paths_with_the_base_path_in_them_are_the_same(specs: Path, tmp_path: Path) -> None:
    document = as_3_0(spec_of("aitrios").data)
    document["servers"] = [{"url": "https://console.aitrios.sony-semicon.com"}]
    document["paths"] = {f"/api/v2{path}": item for path, item in document["paths"].items()}
    target = tmp_path / "out.json"
    path = save(tmp_path / "theirs.json", document)
    main(["aitrios", str(path), "--json", str(target)], specs, TODAY)
    counts = json.loads(target.read_text())["counts"]
    # The two regional hosts of ours that this file does not name.
    assert counts == {"wrong": 0, "we lack": 0, "they lack": 2, "they do not say": 0}


BAD = {
    "swagger": ('{"swagger": "2.0", "paths": {}}', "this is Swagger 2.0", "swagger2openapi"),
    "no openapi": ('{"hello": 1}', "no key `openapi`", "give the OpenAPI file"),
    "3.2": ('{"openapi": "3.2.0"}', "this is OpenAPI 3.2.0", "convert it to 3.1"),
    "broken json": ('{"openapi": "3.0.0",\n "paths": }', ":2: not JSON", ""),
    "twice json": ('{"openapi": "3.0.0", "openapi": "3.0.0"}', "the key `openapi` stands twice", ""),
    "twice yaml": ("openapi: 3.0.0\npaths: {}\npaths: {}\n", ":3: the key `paths` stands twice", ""),
    "broken yaml": ("openapi: 3.0.0\npaths:\n  - a\n b: 1\n", "not YAML", ""),
    "html": ("<!DOCTYPE html><html></html>", "HTML", "save the OpenAPI file itself"),
    "empty": ("  \n", "the file is empty", ""),
    "list": ("[1, 2]", "no mapping", ""),
    "other file": (
        'openapi: 3.0.0\npaths:\n  /a:\n    get:\n      responses:\n        "200":\n'
        "          $ref: other.yaml#/a\n",
        ":6: the reference `other.yaml#/a` leads to another file",
        "bundle",
    ),
    "nowhere": (
        '{"openapi": "3.0.0", "paths": {"/a": {"get": {"parameters": [{"$ref": "#/components/x"}]}}}}',
        "the reference `#/components/x` leads nowhere",
        "mend it",
    ),
    "circle": (
        '{"openapi": "3.0.0", "components": {"schemas": {"A": {"$ref": "#/components/schemas/B"},'
        ' "B": {"$ref": "#/components/schemas/A"}}}}',
        "leads in a circle",
        "mend it",
    ),
    "deep json": ('{"openapi": ' + "[" * 5000 + "]" * 5000 + "}", "nested deeper than", ""),
    "deep yaml": ("openapi: " + "[" * 700 + "]" * 700, "nested deeper than", ""),
    "bomb": (
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{n}: &{n} [{', '.join(['*' + p] * 10)}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True)),
        "aliases",
        "",
    ),
    "loop": ("openapi: &a\n  paths: *a\n", "stands inside what it repeats", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_files_give_one_clear_message(
    case: str, specs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, message, remedy = BAD[case]
    path = tmp_path / "theirs.txt"
    path.write_text(text, encoding="utf-8")
    before = bytes_below(tmp_path)
    arguments = ["amnimo", str(path), "--apply-evidence", "--json", str(tmp_path / "out.json")]
    assert main(arguments, specs, TODAY) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert str(path) in output.err
    assert message in output.err
    assert remedy in output.err
    assert bytes_below(tmp_path) == before


def test_not_utf_8(specs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "theirs.yaml"
    path.write_bytes(b"openapi: 3.0.0\ninfo: \xff\n")
    assert main(["amnimo", str(path)], specs, TODAY) == 2
    assert f"{path}:2: not UTF-8" in capsys.readouterr().err


def test_too_large_is_refused_before_it_is_read(
    specs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "theirs.json"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # sparse: takes no room on disk
    assert main(["amnimo", str(path)], specs, TODAY) == 2
    text = capsys.readouterr().err
    assert "the file has 200 MB" in text
    assert f"{reading.MOST_JSON // 1_000_000} MB" in text


def test_missing_file_folder_and_vendor(
    specs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["amnimo", str(tmp_path / "none.json")], specs, TODAY) == 2
    assert main(["amnimo", str(tmp_path)], specs, TODAY) == 2
    assert main(["acme", str(tmp_path)], specs, TODAY) == 2
    text = capsys.readouterr().err
    assert "No such file" in text
    assert "this is a folder; name a file" in text
    assert "there is no vendor 'acme'; one of aitrios, amnimo" in text


def test_the_guide_shows_what_is_printed(
    specs: Path,
    theirs: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = json.loads(theirs.read_text())
    chosen = ("other method", "parameter gone", "enum value more")
    for entry in ALTERATIONS:
        if entry.vendor == "viziosense" and entry.name in chosen:
            entry.change(document)
    del document["paths"]["/webhooks"]["get"]
    path = save(theirs.with_name("viziosense-api.json"), document)
    monkeypatch.chdir(specs.parent)
    main(["viziosense", str(path)], specs, TODAY)
    printed = capsys.readouterr().out.replace(str(specs.parent) + "/", "")
    assert printed in (ROOT / "docs" / "adopt.md").read_text(encoding="utf-8")
