"""Nothing secret or personal survives in a recording: planted everywhere, searched for in all spellings."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import pytest
from deviceclouds.testing._spec import load_spec
from deviceclouds.testing.contract.exchange import Exchange
from deviceclouds.testing.contract.recording.recorder import Recorder
from deviceclouds.testing.contract.recording.replay import run_recorded
from deviceclouds.testing.contract.scrub import substitutes

from tests.contract.planting import PLACES, SECRETS, exchanges, found_in, spellings
from tests.contract.recordings import VENDORS


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_planted_secret_survives(vendor: str, tmp_path: Path) -> None:
    target = tmp_path / "run.har"
    raw = b""
    with Recorder(load_spec(vendor)) as recorder:
        count = 0
        for exchange in exchanges(vendor):
            recorder.add(exchange)
            count += 1
            if count <= 40:
                raw += repr((exchange.url, exchange.request_headers, exchange.headers)).encode()
                raw += (exchange.request_content or b"") + (exchange.content or b"")
        recorder.save(target)
        assert recorder.recorded == count > 50
        assert recorder.unfaithful == 0  # the specification says the same to what is left
        assert found_in(repr(recorder).encode()) == []
    # The search does find them in what was recorded.
    assert set(found_in(raw)) >= set(SECRETS)
    assert found_in(target.read_bytes()) == []
    report = run_recorded(vendor, target)
    assert found_in(repr(report).encode()) == []


def test_the_search_knows_each_spelling() -> None:
    for name, secret in SECRETS.items():
        for spelling in spellings(secret):
            assert name in found_in(b"xx" + spelling + b"yy")
    assert found_in(b"nothing here") == []


def test_places_on_earth_are_kept_nowhere_even_where_documented(tmp_path: Path) -> None:
    document = json.loads(json.dumps(load_spec("amnimo").document))
    place = {"type": "number", "minimum": 40, "maximum": 50}
    document["paths"] = {
        "/where": {
            "get": {
                "operationId": "where",
                "parameters": [{"name": "lat", "in": "query", "schema": {"type": "number"}}],
                "responses": {
                    "200": {
                        "description": "x",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "properties": {
                                        "latitude": place,
                                        "geo": {"type": "array", "items": {"type": "number"}},
                                        "height": {"type": "number"},
                                        "homeLat": {"type": "number"},
                                        "end_lon_deg": {"type": "number"},
                                        "flat": {"type": "number"},
                                    },
                                }
                            }
                        },
                    }
                },
            }
        }
    }
    from deviceclouds.testing._spec import Spec

    recorder = Recorder(Spec("amnimo", document), "https://x.example")
    body = {"latitude": PLACES["latitude"], "geo": list(PLACES.values()), "height": 2.75}
    body |= {"homeLat": PLACES["latitude"], "end_lon_deg": PLACES["lng"], "flat": 3.125}
    url = f"https://x.example/where?lat={PLACES['latitude']}"
    headers = [("content-type", "application/json")]
    recorder.add(Exchange("GET", url, [], None, 200, headers, json.dumps(body).encode()))
    data = recorder.save(tmp_path / "a.har").read_bytes()
    assert found_in(data) == [] and b"2.75" in data and b"3.125" in data
    assert recorder.unfaithful == 0


def test_sign_ins_and_downloads_are_counted_only(tmp_path: Path) -> None:
    recorder = Recorder(load_spec("aitrios"))
    recorder.add(Exchange("POST", "https://login.example/token", [], b"client_secret=x", 200))
    recorder.add(Exchange("GET", SECRETS["url"], [], None, 200, [], b"picture"))
    path = recorder.save(tmp_path / "a.har")
    log = json.loads(path.read_bytes())["log"]
    assert log["entries"] == []
    assert "2 not recorded: no operation of the specification" in log["comment"]
    assert found_in(path.read_bytes()) == []


def test_two_recordings_share_no_stand_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their keys are random and stored nowhere: two files cannot be brought together by what they hold."""
    monkeypatch.setattr(substitutes, "secrets", secrets)
    urls = []
    for name in ("a", "b"):
        recorder = Recorder(load_spec("viziosense"))
        url = f"https://api.viziosense.com/api/v1/devices/{SECRETS['serial']}"
        recorder.add(Exchange("GET", url, [], None, 500))
        log = json.loads(recorder.save(tmp_path / name).read_bytes())["log"]
        urls.append(log["entries"][0]["request"]["url"])
    assert urls[0] != urls[1]


@pytest.mark.parametrize(
    "text",
    [
        "https://annestore.example/kasimir/https://inner.example/x",
        "https://annestore.example//https://kasimir.example?y=1://annestore",
        "/kasimir/https://annestore.example/a?b=c",
        "https://annestore:kasimir@x.example/rtsp://kasimir",
        " https://annestore.example/kasimir",
        "blob:https://annestore.example/kasimir",
        "https://x.example/%2568ttps%253A%252F%252Fkasimir/kasimir%2Fannestore",
        "//annestore.example/kasimir?kasimir=1",
    ],
)
def test_a_url_in_a_url(text: str, tmp_path: Path) -> None:
    recorder = Recorder(load_spec("viziosense"))
    url = "https://api.viziosense.com/api/v1/devices"
    headers = [
        ("Content-Type", "application/json"),
        ("Location", text),
        ("Link", f'<{text}>; rel="next"'),
    ]
    content = json.dumps({"data": [{"uuid": text, "name": text, "link": text}], "links": [text]})
    recorder.add(
        Exchange("GET", url, [("Authorization", text)], None, 200, headers, content.encode())
    )
    data = recorder.save(tmp_path / "a.har").read_bytes()
    assert recorder.recorded == 1
    for word in (b"kasimir", b"annestore", b"inner"):
        assert word not in data


def test_names_of_headers_nobody_documented(tmp_path: Path) -> None:
    recorder = Recorder(load_spec("viziosense"))
    url = "https://api.viziosense.com/api/v1/devices"
    headers = [
        ("X-RateLimit-Kasimir", "5"),
        ("RateLimit-Account", "493017012399"),
        ("X-Pagination-Annegret", "3"),
        ("Date", "Mon, 01 Kas 2026 10:00:00 GMT"),
        ("X-RateLimit-Remaining", "7"),
        ("X-Kasimir", "1"),
    ]
    recorder.add(Exchange("GET", url, [("X-Kasimir", "x")], None, 500, headers, b""))
    data = recorder.save(tmp_path / "a.har").read_bytes().lower()
    assert b"x-ratelimit-remaining" in data
    for word in (b"kas", b"annegret", b"account", b"493017012399"):
        assert word not in data


def test_words_that_people_are_called(tmp_path: Path) -> None:
    recorder = Recorder(load_spec("aitrios"))
    url = "https://eu.console.aitrios.sony-semicon.com/api/v2/devices"
    content = {"guests": {"Max": {"room": 1}, "will_grant": 2, "maxValue": 3}, "May": 4}
    headers = [("Content-Type", "application/json")]
    exchange = Exchange("GET", f"{url}?Max=1", [], None, 200, headers, json.dumps(content).encode())
    recorder.add(exchange)
    data = recorder.save(tmp_path / "a.har").read_bytes()
    assert recorder.recorded == 1 and recorder.unfaithful == 0
    assert b"maxValue" in data
    for word in (b"Max", b"will", b"grant", b"May"):
        assert word not in data
