"""HAR files as Chromium saves them, and what a replay says of them."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from deviceclouds.testing._examples import example_request
from deviceclouds.testing._replies import success_answer
from deviceclouds.testing._spec import load_spec
from deviceclouds.testing.contract.recording.replay import run_recorded
from deviceclouds.testing.contract.results import OperationResult, Report

BASES = {
    "aitrios": "https://eu.console.aitrios.sony-semicon.com/api/v2",
    "amnimo": "https://api.amnimo.com/ex",
    "proglove": "https://q1w2e3r4.execute-api.eu-central-1.amazonaws.com/latest",
    "scailable": "https://api.sclbl.nxvms.com/cpt",
    "viziosense": "https://api.viziosense.com/api/v1",
}


def as_chromium(vendor: str, operation_id: str, base: str | None = None) -> dict[str, Any]:
    """As Chromium saves it: HTTP/2, no credentials, Base64 where it likes, fields of its own."""
    spec = load_spec(vendor)
    asked = example_request(spec, operation_id)
    said = success_answer(spec.operation(operation_id))
    kind = said.headers.get("Content-Type", "")
    headers = [
        {"name": k.lower(), "value": v}
        for k, v in asked.headers.items()
        if k.lower() != "authorization"
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


def save_har(path: Path, entries: list[Any], **log: Any) -> Path:
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


def replayed(tmp_path: Path, vendor: str, entries: list[Any], **options: Any) -> Report:
    return run_recorded(vendor, save_har(tmp_path / "site.har", entries), **options)


def judged(report: Report) -> list[OperationResult]:
    return [result for result in report.results if result.calls]


def with_plain_text(entry: dict[str, Any]) -> dict[str, Any]:
    content = entry["response"]["content"]
    content["text"] = base64.b64decode(content["text"]).decode()
    del content["encoding"]
    return entry


@pytest.fixture
def entry() -> dict[str, Any]:
    """One good entry: a list of VizioSense's devices, as text."""
    return with_plain_text(as_chromium("viziosense", "list_devices"))
