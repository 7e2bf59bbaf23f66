"""HAR files as Chromium, Firefox, mitmproxy, Charles and harfile write them."""

from __future__ import annotations

import base64
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import harfile
import msgspec
import pytest
from deviceclouds.testing._examples import example_request
from deviceclouds.testing._replies import success_answer
from deviceclouds.testing._spec import load_spec
from deviceclouds.testing.contract.har.entries import Entry, Seen, seen_in
from deviceclouds.testing.contract.har.plain_urls import plain_url
from deviceclouds.testing.contract.recording.replay import run_recorded
from deviceclouds.testing.contract.reports import as_json, as_junit, as_markdown
from deviceclouds.testing.contract.results import ContractRunError, OperationResult, Report

from tests.contract.recordings import VENDORS

BASES = {
    "aitrios": "https://eu.console.aitrios.sony-semicon.com/api/v2",
    "amnimo": "https://api.amnimo.com/ex",
    "proglove": "https://q1w2e3r4.execute-api.eu-central-1.amazonaws.com/latest",
    "scailable": "https://api.sclbl.nxvms.com/cpt",
    "viziosense": "https://api.viziosense.com/api/v1",
}


def _chromium(vendor: str, operation_id: str, base: str | None = None) -> dict[str, Any]:
    """As Chromium saves it: HTTP/2, no credentials, Base64 where it likes, fields of its own."""
    spec = load_spec(vendor)
    asked = example_request(spec, operation_id)
    said = success_answer(spec.operation(operation_id))
    kind = said.headers.get("Content-Type", "")
    skipped = ("authorization",)
    headers = [
        {"name": k.lower(), "value": v}
        for k, v in asked.headers.items()
        if k.lower() not in skipped
    ]
    entry: dict[str, Any] = {
        "_initiator": {"type": "script", "stack": {"callFrames": []}},
        "_priority": "High",
        "_resourceType": "xhr",
        "_webSocketMessages": [{"type": "send", "data": "x", "time": 1.0, "opcode": 1}],
        "cache": {},
        "connection": "443",
        "pageref": "page_1",
        "request": {
            "method": asked.method,
            "url": (base or BASES[vendor]) + asked.url,
            "httpVersion": "http/2.0",
            "headers": [
                {"name": ":authority", "value": "x"},
                {"name": ":path", "value": asked.url},
                {"name": "accept-encoding", "value": "gzip, br"},
                *headers,
            ],
            "queryString": [],
            "cookies": [],
            "headersSize": -1,
            "bodySize": len(asked.content or b""),
        },
        "response": {
            "status": said.status,
            "statusText": "",
            "httpVersion": "http/2.0",
            "headers": [
                {"name": "content-encoding", "value": "br"},
                *({"name": k.lower(), "value": v} for k, v in said.headers.items()),
            ],
            "cookies": [],
            "content": {
                "size": len(said.content),
                "mimeType": kind.partition(";")[0],
                "text": base64.b64encode(said.content).decode(),
                "encoding": "base64",
            },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_transferSize": 321,
            "_error": None,
        },
        "serverIPAddress": "192.0.2.1",
        "startedDateTime": "2026-11-21T10:00:00.000Z",
        "time": 12.5,
        "timings": {"blocked": 1, "dns": -1, "send": 0.1, "wait": 10, "receive": 1, "_queued": 1},
    }
    if asked.content:
        entry["request"]["postData"] = {
            "mimeType": asked.headers.get("Content-Type", ""),
            "text": asked.content.decode("utf-8", "replace"),
        }
    return entry


def _save(path: Path, entries: list[Any], **log: Any) -> Path:
    har = {
        "log": {
            "version": "1.2",
            "creator": {"name": "WebInspector", "version": "537.36"},
            "pages": [],
            **log,
            "entries": entries,
        }
    }
    path.write_text(json.dumps(har), encoding="utf-8")
    return path


def _run(tmp_path: Path, vendor: str, entries: list[Any], **options: Any) -> Report:
    return run_recorded(vendor, _save(tmp_path / "site.har", entries), **options)


def _seen(report: Report) -> list[OperationResult]:
    return [result for result in report.results if result.calls]


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_operation_as_a_browser_saves_it(vendor: str, tmp_path: Path) -> None:
    operations = load_spec(vendor).operations
    entries = [_chromium(vendor, operation_id) for operation_id in operations]
    report = _run(tmp_path, vendor, entries)
    assert [
        (r.operation_id, str(f)) for r in report.results for f in r.findings if f.breaking
    ] == []
    assert len(_seen(report)) == len(operations)
    assert any(
        "without credentials in the file, as browsers save them" in r for r in report.remarks
    )


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    content = entry["response"]["content"]
    content["text"] = base64.b64decode(content["text"]).decode()
    del content["encoding"]
    return entry


@pytest.fixture
def entry() -> dict[str, Any]:
    """One good entry: a list of VizioSense's devices, as text."""
    return _plain(_chromium("viziosense", "list_devices"))


def test_a_fault_is_found_in_a_browser_s_file(entry: dict[str, Any], tmp_path: Path) -> None:
    body = json.loads(entry["response"]["content"]["text"])
    body["data"] = "none"
    entry["response"]["content"]["text"] = json.dumps(body)
    report = _run(tmp_path, "viziosense", [entry])
    assert report.exit_code == 1
    assert "body/data" in {f.location for f in _seen(report)[0].findings}


def test_what_is_not_in_the_file_is_not_judged(entry: dict[str, Any], tmp_path: Path) -> None:
    del entry["response"]["content"]["text"]
    report = _run(tmp_path, "viziosense", [entry])
    assert report.ok
    assert [text[:41] for text in report.remarks if "body" in text] == [
        "1 replies are without their body in the f"
    ]
    entry["response"]["status"] = 418
    assert _run(tmp_path, "viziosense", [entry]).exit_code == 1
    del entry["response"]["content"]
    assert _run(tmp_path, "viziosense", [entry]).exit_code == 1


def test_a_body_beyond_all_measure_is_not_judged(
    entry: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deviceclouds.testing.contract.har.entries.LARGEST", 20)
    entry["response"]["content"]["text"] = "no JSON" * 5
    report = _run(tmp_path, "viziosense", [entry])
    assert report.ok and any("too large" in text for text in report.remarks)


def test_an_empty_reply_is_judged(entry: dict[str, Any], tmp_path: Path) -> None:
    entry["response"]["content"] = {"size": 0, "mimeType": "application/json"}
    assert _run(tmp_path, "viziosense", [entry]).exit_code == 1


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
        assert _run(tmp_path, "viziosense", [entry]).exit_code == code, value


def test_entries_that_say_nothing(entry: dict[str, Any], tmp_path: Path) -> None:
    def with_(status: int, method: str = "GET", **response: Any) -> dict[str, Any]:
        made = json.loads(json.dumps(entry))
        made["request"]["method"] = method
        made["response"].update(status=status, **response)
        return made  # type: ignore[no-any-return]

    why = [{"name": "Non-Authoritative-Reason", "value": "HSTS"}]
    entries = [
        entry,
        with_(0, content={"size": 0, "mimeType": "x-unknown"}),
        with_(304, content={"size": 0, "mimeType": ""}),
        with_(307, headers=why, content={"size": 0, "mimeType": ""}),
        with_(204, "OPTIONS", content={"size": 0, "mimeType": ""}),
        {
            "request": {"method": "GET", "url": "https://fonts.example/a.woff"},
            "response": {"status": 200},
        },
        {
            "request": {"method": "GET", "url": "wss://api.viziosense.com/api/v1/devices"},
            "response": {},
        },
        {"request": {"method": "GET", "url": "data:text/plain,hello"}, "response": {}},
    ]
    report = _run(tmp_path, "viziosense", entries)
    [result] = _seen(report)
    assert report.ok and result.calls == 2 and result.statuses == (200,)
    said = "\n".join(report.remarks)
    for part in (
        "3 requests to other hosts",
        "1 CORS preflight",
        "2 replies were the browser's own",
        "1 requests have no reply",
    ):
        assert part in said


def test_a_redirect_the_cloud_made_is_judged(entry: dict[str, Any], tmp_path: Path) -> None:
    entry["response"].update(status=302, redirectURL="https://elsewhere.example/")
    assert _run(tmp_path, "viziosense", [entry]).exit_code == 1


def test_requests_nobody_documented_are_shown_without_what_may_be_private(
    entry: dict[str, Any], tmp_path: Path
) -> None:
    other = json.loads(json.dumps(entry))
    other["request"]["url"] = f"{BASES['viziosense']}/devices/kasimir-77/battery?x=secret"
    report = _run(tmp_path, "viziosense", [entry, other])
    assert (
        "1 requests are no operation of the specification: GET /devices/{...}/battery"
        in report.remarks
    )


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_base_url_is_found_where_the_paths_fit(vendor: str, tmp_path: Path) -> None:
    base = "https://gateway.acme.example/clouds/one"
    entries = [_chromium(vendor, each, base) for each in load_spec(vendor).operations]
    noise = {
        "request": {"method": "GET", "url": "https://ads.example/a/b"},
        "response": {"status": 200},
    }
    report = _run(tmp_path, vendor, [*entries, noise])
    assert report.ok and len(_seen(report)) == len(entries)
    assert any("https://gateway.acme.example is taken for" in text for text in report.remarks)
    for said in (as_json([report]), as_junit([report]), as_markdown([report])):
        assert "is taken for" in said and "gateway.acme" not in said  # it may name a customer
    given = _run(tmp_path, vendor, [*entries, noise], base_url=base)
    assert given.results == report.results
    assert not any("is taken for" in text for text in given.remarks)


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_vendor_a_file_seems_to_be_of_is_named(vendor: str, tmp_path: Path) -> None:
    entries = [_chromium(vendor, each) for each in load_spec(vendor).operations]
    for other in VENDORS:
        if other != vendor:
            with pytest.raises(ContractRunError) as caught:
                _run(tmp_path, other, entries)
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
        _run(tmp_path, "viziosense", [noise])
    assert "s3cret" not in str(caught.value)
    with pytest.raises(ContractRunError, match=r"has requests to api\.viziosense\.com"):
        _run(tmp_path, "viziosense", [entry], base_url="https://other.example/v9")


def test_broken_entries_are_counted(entry: dict[str, Any], tmp_path: Path) -> None:
    broken: list[Any] = [None, 5, {}, {"request": {}}, {"request": {"method": 5, "url": None}}, []]
    report = _run(tmp_path, "viziosense", [*broken, entry])
    assert report.ok and len(_seen(report)) == 1
    assert "6 entries could not be read and were left out" in report.remarks
    with pytest.raises(ContractRunError, match="none of its 6 entries can be read"):
        _run(tmp_path, "viziosense", broken)


def test_numbers_as_text_and_null_where_a_list_should_be(
    entry: dict[str, Any], tmp_path: Path
) -> None:
    entry["response"]["status"] = "200"
    entry["response"]["content"]["size"] = "11"
    entry["response"]["headers"] = None
    entry["request"]["headers"] = None
    entry["request"]["bodySize"] = None
    assert _run(tmp_path, "viziosense", [entry]).ok


@pytest.mark.parametrize("response", [None, {"status": None}, {"status": -1, "headers": None}])
def test_no_reply(response: Any, entry: dict[str, Any], tmp_path: Path) -> None:
    report = _run(tmp_path, "viziosense", [{**entry, "response": response}])
    assert report.exit_code == 4 and "1 requests have no reply" in report.remarks


def test_a_body_of_which_the_file_has_a_part_is_not_judged(
    entry: dict[str, Any], tmp_path: Path
) -> None:
    """Firefox keeps the first megabyte of a reply and none of what it was told to discard."""
    whole = entry["response"]["content"]["text"]
    for text in (whole[:-9], ""):
        entry["response"]["content"] = {
            "mimeType": "application/json",
            "size": len(whole),
            "text": text,
        }
        report = _run(tmp_path, "viziosense", [entry])
        assert report.ok
        assert any(text.startswith("1 replies are without their body") for text in report.remarks)
        entry["response"]["content"]["size"] = len(text)
        assert _run(tmp_path, "viziosense", [entry]).exit_code == 1


def test_a_body_of_too_many_values_is_not_judged(
    entry: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deviceclouds.testing.contract.har.entries.MOST_VALUES", 20)
    text = json.dumps({"data": [1] * 30})
    entry["response"]["content"] = {"mimeType": "application/json", "size": len(text), "text": text}
    report = _run(tmp_path, "viziosense", [entry])
    assert report.ok and any("it is too large" in text for text in report.remarks)


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
    report = _run(tmp_path, "viziosense", [entry])
    assert report.ok and len(_seen(report)) == 1
    assert not any("is taken for" in text for text in report.remarks)


def test_why_nothing_of_this_cloud_can_be_judged(entry: dict[str, Any], tmp_path: Path) -> None:
    def with_(**request: Any) -> dict[str, Any]:
        return {**entry, "request": {**entry["request"], **request}}

    cached = {**entry, "response": {"status": 304}}
    noise = {"request": {"method": "GET", "url": "https://a.example/x"}, "response": {}}
    for entries, said in (
        (
            [with_(method="OPTIONS"), noise],
            "are CORS preflight requests: save it again with the calls",
        ),
        (
            [cached, noise],
            "1 are the browser's own replies, from its cache; save it again while the",
        ),
        ([cached], "calls are made, with the browser's cache switched off"),
        (
            [with_(headers={"a": "b"})],
            "1 entries cannot be read; save it again while the calls are made",
        ),
    ):
        with pytest.raises(ContractRunError) as caught:
            _run(tmp_path, "viziosense", entries)
        assert said in str(caught.value)
        assert "give the base URL" not in str(caught.value)


def test_bad_base64_is_counted(entry: dict[str, Any], tmp_path: Path) -> None:
    entry["response"]["content"].update(text="%%%", encoding="base64")
    report = _run(tmp_path, "viziosense", [entry])
    assert report.ok
    assert "1 bodies are not what their encoding says and were not judged" in report.remarks


def test_halves_of_surrogate_pairs(entry: dict[str, Any], tmp_path: Path) -> None:
    """A browser cuts long texts wherever it likes; the rest of the file is of use."""
    cut = json.loads(json.dumps(entry))
    cut["response"]["content"].update(text='{"data": "\ud83d', size=0)
    entry["_note"] = "pair \U0001f600, backslash \\ud800, halves \ud800 \udc00x"
    report = _run(tmp_path, "viziosense", [entry, entry])
    assert report.ok and _seen(report)[0].calls == 2
    assert _run(tmp_path, "viziosense", [cut]).exit_code == 1


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
    path = _save(tmp_path / "a.har", [entry], comment="exported")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert run_recorded("viziosense", path).ok


def test_a_file_that_says_it_is_ours_and_is_not(entry: dict[str, Any], tmp_path: Path) -> None:
    creator = {"name": "deviceclouds-testing", "version": "0"}
    for origin in (None, 5, {"vendor": 1}, {"vendor": "viziosense"}):
        path = _save(tmp_path / "a.har", [entry], creator=creator, _deviceclouds=origin)
        assert run_recorded("viziosense", path).ok
