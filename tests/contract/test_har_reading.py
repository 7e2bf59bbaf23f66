"""HAR files as Chromium, Firefox, mitmproxy, Charles and harfile write them."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import harfile
import msgspec
import pytest
from deviceclouds.testing._replies import success_answer
from deviceclouds.testing._spec import load_spec
from deviceclouds.testing.contract.har.entries import Entry, Seen, seen_in
from deviceclouds.testing.contract.har.plain_urls import plain_url
from deviceclouds.testing.contract.recording.replay import run_recorded
from deviceclouds.testing.contract.reports import as_json, as_junit, as_markdown
from deviceclouds.testing.contract.results import ContractRunError

from tests.contract.har_files import (
    BASES,
    as_chromium,
    entry,
    judged,
    replayed,
    save_har,
)
from tests.contract.recordings import VENDORS

__all__ = ["entry"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_operation_as_a_browser_saves_it(vendor: str, tmp_path: Path) -> None:
    operations = load_spec(vendor).operations
    entries = [as_chromium(vendor, operation_id) for operation_id in operations]
    report = replayed(tmp_path, vendor, entries)
    assert [
        (r.operation_id, str(f)) for r in report.results for f in r.findings if f.breaking
    ] == []
    assert len(judged(report)) == len(operations)
    assert any(
        "without credentials in the file, as browsers save them" in r for r in report.remarks
    )


def test_a_fault_is_found_in_a_browser_s_file(entry: dict[str, Any], tmp_path: Path) -> None:
    body = json.loads(entry["response"]["content"]["text"])
    body["data"] = "none"
    entry["response"]["content"]["text"] = json.dumps(body)
    report = replayed(tmp_path, "viziosense", [entry])
    assert report.exit_code == 1
    assert "body/data" in {f.location for f in judged(report)[0].findings}


def test_an_empty_reply_is_judged(entry: dict[str, Any], tmp_path: Path) -> None:
    entry["response"]["content"] = {"size": 0, "mimeType": "application/json"}
    assert replayed(tmp_path, "viziosense", [entry]).exit_code == 1


def test_credentials_that_are_masked_or_wrong(entry: dict[str, Any], tmp_path: Path) -> None:
    for value, code in (
        ("[Filtered]", 0),
        ("Bearer [Filtered]", 0),
        ("***", 0),
        ("REDACTED", 0),
        ("Bearer abc", 0),
        ("Basic abc", 1),
    ):
        entry["request"]["headers"] = [{"name": "Authorization", "value": value}]
        assert replayed(tmp_path, "viziosense", [entry]).exit_code == code, value


def test_a_redirect_the_cloud_made_is_judged(entry: dict[str, Any], tmp_path: Path) -> None:
    entry["response"].update(status=302, redirectURL="https://elsewhere.example/")
    assert replayed(tmp_path, "viziosense", [entry]).exit_code == 1


def test_requests_nobody_documented_are_shown_without_what_may_be_private(
    entry: dict[str, Any], tmp_path: Path
) -> None:
    other = json.loads(json.dumps(entry))
    other["request"]["url"] = f"{BASES['viziosense']}/devices/kasimir-77/battery?x=secret"
    report = replayed(tmp_path, "viziosense", [entry, other])
    assert (
        "1 requests are no operation of the specification: GET /devices/{...}/battery"
        in report.remarks
    )


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_base_url_is_found_where_the_paths_fit(vendor: str, tmp_path: Path) -> None:
    base = "https://gateway.acme.example/clouds/one"
    entries = [as_chromium(vendor, each, base) for each in load_spec(vendor).operations]
    noise = {
        "request": {"method": "GET", "url": "https://ads.example/a/b"},
        "response": {"status": 200},
    }
    report = replayed(tmp_path, vendor, [*entries, noise])
    assert report.ok and len(judged(report)) == len(entries)
    assert any("https://gateway.acme.example is taken for" in text for text in report.remarks)
    for said in (as_json([report]), as_junit([report]), as_markdown([report])):
        assert "is taken for" in said and "gateway.acme" not in said  # it may name a customer
    given = replayed(tmp_path, vendor, [*entries, noise], base_url=base)
    assert given.results == report.results
    assert not any("is taken for" in text for text in given.remarks)


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_vendor_a_file_seems_to_be_of_is_named(vendor: str, tmp_path: Path) -> None:
    entries = [as_chromium(vendor, each) for each in load_spec(vendor).operations]
    for other in VENDORS:
        if other != vendor:
            with pytest.raises(ContractRunError) as caught:
                replayed(tmp_path, other, entries)
            assert f"it seems to be {vendor}'s: give {vendor} as the vendor" in str(caught.value)
            assert "?" not in str(caught.value)


def test_a_file_of_no_vendor_and_a_wrong_base_url(entry: dict[str, Any], tmp_path: Path) -> None:
    noise = {
        "request": {"method": "GET", "url": "https://shop.example/login?t=s3cret"},
        "response": {},
    }
    with pytest.raises(
        ContractRunError, match=r"has requests to shop\.example; if its API"
    ) as caught:
        replayed(tmp_path, "viziosense", [noise])
    assert "s3cret" not in str(caught.value)
    with pytest.raises(ContractRunError, match=r"has requests to api\.viziosense\.com"):
        replayed(tmp_path, "viziosense", [entry], base_url="https://other.example/v9")


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        (
            "HTTPS://API.Viziosense.com:443/api/v1/Devices?A=B",
            "https://api.viziosense.com/api/v1/Devices?A=B",
        ),
        ("http://a.example:80", "http://a.example"),
        ("http://a.example:443/", "http://a.example:443/"),
        ("https://[::1]:443/A", "https://[::1]:443/A"),
        ("https://User@A.example/", "https://User@A.example/"),
        ("data:text/plain,A", "data:text/plain,A"),
        ("", ""),
    ],
)
def test_urls_are_read_as_browsers_write_them(url: str, plain: str) -> None:
    assert plain_url(url) == plain


def test_a_file_of_a_program_that_writes_port_and_capitals(
    entry: dict[str, Any], tmp_path: Path
) -> None:
    entry["request"]["url"] = "https://API.viziosense.com:443/api/v1/devices"
    report = replayed(tmp_path, "viziosense", [entry])
    assert report.ok and len(judged(report)) == 1
    assert not any("is taken for" in text for text in report.remarks)


def _of(request: dict[str, Any]) -> Seen:
    data = {"method": "POST", "url": "https://x.example/a", **request}
    return seen_in(msgspec.convert({"request": data}, Entry, strict=False))


def test_forms_as_fields() -> None:
    kind = "application/x-www-form-urlencoded"
    params = [{"name": "a", "value": "b c&ü"}, {"name": "d", "value": "e%20f"}, {"name": "g"}]
    seen = _of({"postData": {"mimeType": kind, "params": params}})
    assert seen.exchange.request_content == b"a=b+c%26%C3%BC&d=e+f&g="
    assert ("content-type", kind) in seen.exchange.request_headers
    both = _of({"postData": {"mimeType": kind, "params": params, "text": "a=1"}})
    assert both.exchange.request_content == b"a=1"


def test_multipart_as_fields() -> None:
    from deviceclouds.testing._multipart import read_parts

    kind = "multipart/form-data; boundary=zz"
    params = [{"name": "a", "value": "b"}, {"name": "f", "fileName": "x.bin", "contentType": "a/b"}]
    seen = _of({"postData": {"mimeType": kind, "params": params}})
    parts = read_parts(kind, seen.exchange.request_content or b"")
    assert [(p.name, p.filename, p.content) for p in parts] == [
        ("a", None, b"b"),
        ("f", "x.bin", b""),
    ]
    unknown = _of({"postData": {"mimeType": "multipart/form-data", "params": params}})
    assert unknown.exchange.request_content is None and not unknown.sent


def test_a_request_body_that_is_not_in_the_file() -> None:
    assert not _of({"bodySize": 10}).sent
    assert _of({"bodySize": 0}).sent and _of({"bodySize": -1}).sent


def test_files_of_harfile(tmp_path: Path) -> None:
    """Another program's writer, and what it reads of ours."""
    buffer = io.StringIO()
    with harfile.HarFile(buffer) as har:
        har.add_entry(
            startedDateTime=datetime(2026, 11, 21, tzinfo=UTC),
            time=3.5,
            request=harfile.Request(
                method="GET",
                url=f"{BASES['viziosense']}/devices",
                httpVersion="HTTP/1.1",
                headers=[harfile.Record(name="Authorization", value="Bearer abc")],
            ),
            response=harfile.Response(
                status=200,
                statusText="OK",
                httpVersion="HTTP/1.1",
                headers=[harfile.Record(name="Content-Type", value="application/json")],
                content=harfile.Content(
                    size=5,
                    mimeType="application/json",
                    text=success_answer(
                        load_spec("viziosense").operation("list_devices")
                    ).content.decode(),
                ),
            ),
            timings=harfile.Timings(send=0, wait=1, receive=1),
        )
    path = tmp_path / "a.har"
    path.write_text(buffer.getvalue())
    report = run_recorded("viziosense", path)
    assert report.ok and report.remarks == ()


def test_a_byte_order_mark_as_charles_and_fiddler_write_it(
    entry: dict[str, Any], tmp_path: Path
) -> None:
    path = save_har(tmp_path / "a.har", [entry], comment="exported")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert run_recorded("viziosense", path).ok
