"""HAR files that lack something, or are damaged: what is left is judged, and the rest is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from deviceclouds.testing.contract.recording.replay import run_recorded
from deviceclouds.testing.contract.results import ContractRunError

from tests.contract.har_files import (
    entry,
    judged,
    replayed,
    save_har,
)

__all__ = ["entry"]


def test_what_is_not_in_the_file_is_not_judged(entry: dict[str, Any], tmp_path: Path) -> None:
    del entry["response"]["content"]["text"]
    report = replayed(tmp_path, "viziosense", [entry])
    assert report.ok
    assert [text[:41] for text in report.remarks if "body" in text] == [
        "1 replies are without their body in the f"
    ]
    entry["response"]["status"] = 418
    assert replayed(tmp_path, "viziosense", [entry]).exit_code == 1
    del entry["response"]["content"]
    assert replayed(tmp_path, "viziosense", [entry]).exit_code == 1


def test_a_body_beyond_all_measure_is_not_judged(
    entry: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deviceclouds.testing.contract.har.entries.LARGEST", 20)
    entry["response"]["content"]["text"] = "no JSON" * 5
    report = replayed(tmp_path, "viziosense", [entry])
    assert report.ok and any("too large" in text for text in report.remarks)


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
    report = replayed(tmp_path, "viziosense", entries)
    [result] = judged(report)
    assert report.ok and result.calls == 2 and result.statuses == (200,)
    said = "\n".join(report.remarks)
    for part in (
        "3 requests to other hosts",
        "1 CORS preflight",
        "2 replies were the browser's own",
        "1 requests have no reply",
    ):
        assert part in said


def test_broken_entries_are_counted(entry: dict[str, Any], tmp_path: Path) -> None:
    broken: list[Any] = [None, 5, {}, {"request": {}}, {"request": {"method": 5, "url": None}}, []]
    report = replayed(tmp_path, "viziosense", [*broken, entry])
    assert report.ok and len(judged(report)) == 1
    assert "6 entries could not be read and were left out" in report.remarks
    with pytest.raises(ContractRunError, match="none of its 6 entries can be read"):
        replayed(tmp_path, "viziosense", broken)


def test_numbers_as_text_and_null_where_a_list_should_be(
    entry: dict[str, Any], tmp_path: Path
) -> None:
    entry["response"]["status"] = "200"
    entry["response"]["content"]["size"] = "11"
    entry["response"]["headers"] = None
    entry["request"]["headers"] = None
    entry["request"]["bodySize"] = None
    assert replayed(tmp_path, "viziosense", [entry]).ok


@pytest.mark.parametrize("response", [None, {"status": None}, {"status": -1, "headers": None}])
def test_no_reply(response: Any, entry: dict[str, Any], tmp_path: Path) -> None:
    report = replayed(tmp_path, "viziosense", [{**entry, "response": response}])
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
        report = replayed(tmp_path, "viziosense", [entry])
        assert report.ok
        assert any(text.startswith("1 replies are without their body") for text in report.remarks)
        entry["response"]["content"]["size"] = len(text)
        assert replayed(tmp_path, "viziosense", [entry]).exit_code == 1


def test_a_body_of_too_many_values_is_not_judged(
    entry: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deviceclouds.testing.contract.har.entries.MOST_VALUES", 20)
    text = json.dumps({"data": [1] * 30})
    entry["response"]["content"] = {"mimeType": "application/json", "size": len(text), "text": text}
    report = replayed(tmp_path, "viziosense", [entry])
    assert report.ok and any("it is too large" in text for text in report.remarks)


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
            replayed(tmp_path, "viziosense", entries)
        assert said in str(caught.value)
        assert "give the base URL" not in str(caught.value)


def test_bad_base64_is_counted(entry: dict[str, Any], tmp_path: Path) -> None:
    entry["response"]["content"].update(text="%%%", encoding="base64")
    report = replayed(tmp_path, "viziosense", [entry])
    assert report.ok
    assert "1 bodies are not what their encoding says and were not judged" in report.remarks


def test_halves_of_surrogate_pairs(entry: dict[str, Any], tmp_path: Path) -> None:
    """A browser cuts long texts wherever it likes; the rest of the file is of use."""
    cut = json.loads(json.dumps(entry))
    cut["response"]["content"].update(text='{"data": "\ud83d', size=0)
    entry["_note"] = "pair \U0001f600, backslash \\ud800, halves \ud800 \udc00x"
    report = replayed(tmp_path, "viziosense", [entry, entry])
    assert report.ok and judged(report)[0].calls == 2
    assert replayed(tmp_path, "viziosense", [cut]).exit_code == 1


def test_a_file_that_says_it_is_ours_and_is_not(entry: dict[str, Any], tmp_path: Path) -> None:
    creator = {"name": "deviceclouds-testing", "version": "0"}
    for origin in (None, 5, {"vendor": 1}, {"vendor": "viziosense"}):
        path = save_har(tmp_path / "a.har", [entry], creator=creator, _deviceclouds=origin)
        assert run_recorded("viziosense", path).ok
