"""A live run against the sandbox is recorded, and checked again later: against the same specification and others."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from deviceclouds.testing._spec import Spec, load_spec
from deviceclouds.testing.contract.exchange import Exchange
from deviceclouds.testing.contract.recording.replay import run_recorded
from deviceclouds.testing.contract.results import ContractRunError, Report

from tests.contract.recordings import VENDORS, entries_of, record, walked

BASE = "https://api.amnimo.com/ex"
KEY = ("Authorization", "Bearer abc")
JSON = ("Content-Type", "application/json")


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Report]]:
    """A recorded walk through each sandbox, and the live run's report."""
    folder = tmp_path_factory.mktemp("recordings")
    made = {}
    for vendor in VENDORS:
        report, exchanges, base = walked(vendor)
        recorder = record(vendor, exchanges, base, folder / f"{vendor}.har")
        assert recorder.recorded == len(exchanges) > 0 and recorder.unfaithful == 0
        made[vendor] = (folder / f"{vendor}.har", report)
    return made


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_replay_says_what_the_live_run_said(
    vendor: str, recordings: dict[str, tuple[Path, Report]]
) -> None:
    path, live = recordings[vendor]
    report = run_recorded(vendor, path)
    assert report.ok and not report.remarks
    assert all(not result.findings for result in report.results)
    assert [r.operation_id for r in report.results] == list(load_spec(vendor).operations)
    assert {r.operation_id: r.outcome for r in report.results} == {
        r.operation_id: r.outcome for r in live.results
    }
    skipped = [r for r in report.results if r.outcome == "skipped"]
    assert skipped and {r.reason for r in skipped} == {"not in the recording"}
    assert (report.mode, report.target) == ("recorded", f"{vendor}.har")


def _changed(vendor: str, change: Any) -> Spec:
    document = copy.deepcopy(load_spec(vendor).document)
    change(document)
    return Spec(vendor, document)


def _success(document: Any, operation_id: str) -> Any:
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and operation.get("operationId") == operation_id:
                schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
                while "$ref" in schema:
                    schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
                return schema
    raise LookupError(operation_id)


def _a_string(schema: Any, document: Any) -> tuple[Any, str]:
    """The schema of some text in a reply, as one that may be changed."""
    for name, field in schema.get("properties", {}).items():
        while "$ref" in field:
            field = document["components"]["schemas"][field["$ref"].rpartition("/")[2]]
        if field.get("type") == "string" and "enum" not in field:
            return field, name
        for inner in (field, field.get("items", {})):
            while "$ref" in inner:
                inner = document["components"]["schemas"][inner["$ref"].rpartition("/")[2]]
            try:
                return _a_string(inner, document)
            except LookupError:
                continue
    raise LookupError


READ = {
    "aitrios": "GetDevices",
    "amnimo": "list_cameras",
    "proglove": "list_gateways",
    "scailable": "get_function_statistics",
    "viziosense": "list_devices",
}


@pytest.mark.parametrize("vendor", VENDORS)
def test_another_specification_finds_the_change(
    vendor: str, recordings: dict[str, tuple[Path, Report]]
) -> None:
    """A text that is to be a number, and a field that is to be there."""

    def change(document: Any) -> None:
        schema = _success(document, READ[vendor])
        field, _ = _a_string(schema, document)
        field["type"] = "integer"
        schema.setdefault("required", []).append("zz_new")

    report = run_recorded(vendor, recordings[vendor][0], spec=_changed(vendor, change))
    assert report.exit_code == 1
    found = {r.operation_id: r for r in report.results}[READ[vendor]]
    assert {("schema", "required"), ("schema", "type")} <= {
        (f.kind, f.rule) for f in found.findings
    }
    assert any(f.location == "body/zz_new" for f in found.findings)
    assert any("recorded when the specification was another" in text for text in report.remarks)


def test_rules_about_the_wording_of_stand_ins_give_no_false_alarm(
    recordings: dict[str, tuple[Path, Report]],
) -> None:
    """The recording has stand-ins for texts: whether they are in a new list of words, nobody can tell."""

    def change(document: Any) -> None:
        field, _ = _a_string(_success(document, "list_devices"), document)
        field.update(enum=["only-this"], pattern="^only", maxLength=9)

    report = run_recorded(
        "viziosense", recordings["viziosense"][0], spec=_changed("viziosense", change)
    )
    assert report.ok
    assert any("wording of texts were left out" in text for text in report.remarks)


def test_a_word_that_was_kept_is_judged_by_a_new_list(tmp_path: Path) -> None:
    spec = load_spec("proglove")
    schemas = json.dumps(spec.document)
    assert '"enum"' in schemas
    table = {"type": "string", "enum": ["alpha", "beta"]}

    def document(words: list[str]) -> Spec:
        made = copy.deepcopy(load_spec("viziosense").document)
        _success(made, "list_devices").setdefault("properties", {})["zz"] = {**table, "enum": words}
        return Spec("viziosense", made)

    from deviceclouds.testing.contract.recording.recorder import Recorder

    recorder = Recorder(document(["alpha", "beta"]))
    content = json.dumps({"zz": "alpha"}).encode()
    url = "https://api.viziosense.com/api/v1/devices"
    recorder.add(Exchange("GET", url, [KEY], None, 200, [JSON], content))
    path = recorder.save(tmp_path / "a.har")
    report = run_recorded("viziosense", path, spec=document(["beta"]))
    found = [f for r in report.results for f in r.findings]
    assert ("body/zz", "enum") in {(f.location, f.rule) for f in found}
    # An unknown word was wrong when it was recorded, and still is.
    recorder.add(
        Exchange("GET", url, [KEY], None, 200, [JSON], content.replace(b"alpha", b"gamma"))
    )
    recorder.save(path)
    other = document(["alpha", "beta", "delta"])
    report = run_recorded("viziosense", path, spec=other)
    found = [f for r in report.results for f in r.findings if f.rule == "enum"]
    assert [f.location for f in found] == ["body/zz"]


def test_the_same_finding_is_reported_once(tmp_path: Path) -> None:
    url = f"{BASE}/tenants/1/hierarchy"
    operation = next(o for o in load_spec("amnimo").operations.values() if o.id == "list_cameras")
    url = BASE + operation.path.replace("{", "").replace("}", "")
    bad = json.dumps({"content": [{"cameraId": 5}, {"cameraId": 6}], "oops": 1}).encode()
    exchange = Exchange("GET", url, [KEY], None, 200, [JSON], bad)
    record("amnimo", [exchange] * 7, None, tmp_path / "a.har")
    report = run_recorded("amnimo", tmp_path / "a.har")
    [result] = [r for r in report.results if r.calls]
    assert result.calls == 7 and result.statuses == (200,)
    places = [(f.kind, f.location, f.rule) for f in result.findings]
    assert places and len(places) == len(set(places))
    assert not any("/1" in place for _, place, _ in places)


def test_a_call_without_credentials_should_have_been_refused(tmp_path: Path) -> None:
    url = "https://api.viziosense.com/api/v1/devices"
    for status, exit_code in ((401, 3), (200, 1)):
        path = tmp_path / f"{status}.har"
        record("viziosense", [Exchange("GET", url, [], None, status, [JSON], b"{}")], None, path)
        report = run_recorded("viziosense", path)
        assert report.exit_code == exit_code
        found = [f.kind for r in report.results for f in r.findings]
        assert ("authentication" in found) == (status == 200)


def test_faults_and_refusals_say_nothing_of_the_contract(tmp_path: Path) -> None:
    url = "https://api.viziosense.com/api/v1/devices"
    for status, outcome in ((503, "unreachable"), (429, "unreachable"), (401, "refused")):
        path = tmp_path / f"{status}.har"
        record("viziosense", [Exchange("GET", url, [KEY], None, status, [], b"sorry")], None, path)
        [result] = [r for r in run_recorded("viziosense", path).results if r.calls]
        assert (result.outcome, result.findings) == (outcome, ())
        assert str(status) in result.reason


def test_a_page_that_repeats_another(tmp_path: Path) -> None:
    url = "https://api.viziosense.com/api/v1/devices"
    page = {"data": [{"id": 1}], "meta": {"current_page": 1, "last_page": 3}}

    def asked(query: str) -> Exchange:
        return Exchange("GET", url + query, [KEY], None, 200, [JSON], json.dumps(page).encode())

    for queries, repeats in (
        (("", "?page=1"), False),
        (("?page=2", "?page=2"), False),
        (("", "?page=2"), True),
        (("?page=2", "?page=3"), True),
    ):
        path = tmp_path / "a.har"
        record("viziosense", [asked(query) for query in queries], None, path)
        report = run_recorded("viziosense", path)
        found = {f.rule for r in report.results for f in r.findings if f.kind == "paging"}
        assert ("repeated" in found) == repeats, queries


def test_another_vendor_s_recording(recordings: dict[str, tuple[Path, Report]]) -> None:
    with pytest.raises(
        ContractRunError, match="a recording of amnimo, not of aitrios; give amnimo"
    ):
        run_recorded("aitrios", recordings["amnimo"][0])
    with pytest.raises(ContractRunError, match="there is no vendor 'acme'; there are aitrios"):
        run_recorded("acme", recordings["amnimo"][0])


def test_a_recording_without_calls(tmp_path: Path) -> None:
    record("amnimo", [], None, tmp_path / "a.har")
    with pytest.raises(ContractRunError, match="has no entries"):
        run_recorded("amnimo", tmp_path / "a.har")
    assert entries_of(tmp_path / "a.har") == []


def test_a_body_where_none_is_documented_is_a_note(tmp_path: Path) -> None:
    """It lacks no documented field, because there is none."""
    ids = "3d07c219-0a88-45be-9cfc-91e9d095a1e9"
    url = f"{BASE}/partitions/{ids}/medias/{ids}"
    for content in (b'{"ok": true}', json.dumps({"ok": True}).encode("utf-16"), b'{"ok": '):
        exchange = Exchange("DELETE", url, [KEY], None, 200, [JSON], content)
        recorder = record("amnimo", [exchange], None, tmp_path / "a.har")
        assert recorder.recorded == 1 and recorder.unfaithful == 0
        report = run_recorded("amnimo", tmp_path / "a.har")
        [found] = [r for r in report.results if r.calls]
        assert (found.operation_id, found.outcome) == ("delete_media", "ok")
        assert [(f.kind, f.breaking) for f in found.findings] == [("undocumented-field", False)]
