"""Reading what VizioSense sends: every shape we know of, and nothing but one kind of error for all else."""

from __future__ import annotations

import json
import pickle
import random
import subprocess
import sys
import tomllib
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from deviceclouds.runtime import DecodeError, InvalidRequestError
from deviceclouds.testing import load_spec
from deviceclouds.viziosense import webhooks
from deviceclouds.viziosense.webhooks import (
    MAX_BYTES,
    MAX_DEPTH,
    Alert,
    Delivery,
    Keepalive,
    ParkPayload,
    Payload,
    as_datetime,
    parse,
    parse_keepalive,
)
from deviceclouds.viziosense.webhooks._read import models

from .deliveries import CLEARING, DEVICE, EXAMPLES, FIRING, OTHER, PARK, body

ROOT = Path(__file__).parents[2]
#: Stands for what a sender wrote; no message may repeat it.
MARK = "unrepeatable"


@pytest.mark.parametrize(("cls", "value"), EXAMPLES)
def test_examples_of_the_specification(cls: str, value: dict[str, Any]) -> None:
    found = parse(body(value))
    assert type(found).__name__ == cls
    assert type(found) is getattr(webhooks, cls)
    assert found.model_dump(by_alias=True, exclude_unset=True) == value


def test_what_is_in_them() -> None:
    park, other, alert = parse(body(PARK)), parse(body(OTHER)), parse(body(CLEARING))
    assert isinstance(park, ParkPayload)
    assert [(s.is_active, s.cls) for s in park.payload] == [(True, "car"), (False, None)]
    assert isinstance(other, Payload)
    assert (other.stream_id, other.type, other.payload) == (DEVICE, "VCZ", {})
    assert isinstance(alert, Alert)
    (event,) = alert.alert
    assert (event.device_uuid, event.rule_summary.trigger_value) == (DEVICE, 40)
    assert event.previous_uuid == FIRING["alert"][0]["uuid"]


def test_delivery_is_the_union() -> None:
    assert set(Delivery.__args__) == {Keepalive, ParkPayload, Payload, Alert}


def without(value: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: inner for key, inner in value.items() if key not in names}


@pytest.mark.parametrize(
    "value",
    [
        OTHER | {"type": "VXX"},
        OTHER | {"type": "vpm"},
        OTHER | {"payload": None},
        OTHER | {"payload": [[1], "x"]},
        OTHER | {"stream_id": 17},
        OTHER | {"timestamp": "1772352900"},
        OTHER | {"timestamp": 1772352900.0},
        OTHER | {"more": {"of": "it"}},
        OTHER | {"alert": None},
        PARK | {"payload": []},
        PARK | {"payload": [{}]},
        PARK | {"payload": [dict.fromkeys(PARK["payload"][0])]},
        PARK | {"payload": [{"cls": "hovercraft", "more": 1}]},
        PARK | {"payload": [{"id": 5}]},
        FIRING | {"type": "VXX", "version": None},
        without(FIRING, "version"),
        FIRING | {"version": 2, "alert": []},
        FIRING | {"payload": [1]},
        FIRING | {"alert": [{"uuid": "u", "rule_summary": {"rule": "EQUALS"}, "state": "NEW"}]},
        FIRING | {"alert": [{"uuid": 1, "rule_summary": {"trigger_value": 0.5}, "type": None}]},
        FIRING | {"alert": [FIRING["alert"][0] | {"reference_marker": None, "more": 1}]},
    ],
)
def test_reads_are_lenient(value: dict[str, Any]) -> None:
    found = parse(body(value))
    wanted = "alert" if value.get("alert") is not None else "payload"
    assert wanted in type(found).model_fields
    assert isinstance(found, ParkPayload) == (wanted == "payload" and value["type"] == "VPM")
    kept = found.model_dump(by_alias=True, exclude_unset=True)
    assert kept.keys() == value.keys()


def test_unknown_fields_are_kept() -> None:
    found = parse(body(PARK | {"more": 1, "payload": [{"new": [2]}]}))
    assert isinstance(found, ParkPayload)
    assert found.model_extra == {"more": 1}
    assert found.payload[0].model_extra == {"new": [2]}


BAD: list[tuple[bytes, str]] = [
    (b"", "no JSON"),
    (b"{", "no JSON"),
    (b"\xff\xfe", "no JSON"),
    (b'"\xed\xa0\x80"', "no JSON"),
    (b'{"payload": NaN}', "no JSON"),
    (b'{"payload": Infinity}', "no JSON"),
    (b"{} {}", "no JSON"),
    (b"<html>" + MARK.encode(), "no JSON"),
    (b"null", "not a JSON object"),
    (b"[]", "not a JSON object"),
    (b'"' + MARK.encode() + b'"', "not a JSON object"),
    (b"{}", "neither `payload` nor `alert`"),
    (body({MARK: MARK}), "neither `payload` nor `alert`"),
    (body({"alert": None}), "neither `payload` nor `alert`"),
    (body(without(OTHER, "type")), "no Payload as we know it: type: Field required"),
    (body({"payload": 1}), "stream_id: Field required; type: Field required; timestamp: Field req"),
    (body(OTHER | {"timestamp": MARK}), "timestamp: Input should be a valid integer"),
    (body(OTHER | {"timestamp": 0.5}), "timestamp: Input should be a valid integer"),
    (body(OTHER | {"stream_id": None}), "stream_id: Input should be a valid string"),
    (body(OTHER | {"stream_id": [MARK]}), "stream_id: Input should be a valid string"),
    (body(PARK | {"payload": {MARK: 1}}), "payload: Input should be a valid list"),
    (body(PARK | {"payload": [MARK]}), "no ParkPayload as we know it: payload.0: "),
    (body(PARK | {"payload": [{}, {"is_active": MARK}]}), "payload.1.is_active: "),
    (body(FIRING | {"alert": MARK}), "no Alert as we know it: alert: Input should be a valid list"),
    (body(FIRING | {"alert": [{"uuid": "u"}]}), "alert.0.rule_summary: Field required"),
    (body({"alert": [{}, {}, {}]}), " and 6 more"),
    (b'{"payload": ' + b"[" * 70 + b"]" * 70 + b"}", "nested deeper than 64 levels"),
    (b"[" * 200_000, "no JSON"),
    (b'{"payload":' * 50_000, "no JSON"),
    (b" " * (MAX_BYTES + 1), "more than the 1048576 allowed"),
]


@pytest.mark.parametrize(("content", "told"), BAD, ids=[told[:30] for _, told in BAD])
def test_what_cannot_be_read(content: bytes, told: str) -> None:
    with pytest.raises(DecodeError) as caught:
        parse(content)
    error = caught.value
    assert told in error.message
    assert "answer 400" in error.message
    assert (error.vendor, error.operation) == ("viziosense", "webhooks.parse")
    assert (error.status_code, error.attempts) == (0, 0)
    assert error.content == (content if len(content) <= MAX_BYTES else b"")
    assert MARK not in "".join(traceback.format_exception(error))
    assert len(error.message) < 400
    assert pickle.loads(pickle.dumps(error)).message == error.message


def test_limits_are_the_callers() -> None:
    content = body(OTHER)
    assert parse(content, max_bytes=len(content))
    with pytest.raises(DecodeError, match=f"more than the {len(content) - 1} allowed"):
        parse(content, max_bytes=len(content) - 1)
    nested = OTHER | {"payload": [[[]]]}
    assert parse(body(nested), max_depth=4)
    with pytest.raises(DecodeError, match="deeper than 3 levels"):
        parse(body(nested), max_depth=3)
    assert MAX_DEPTH == 64


def test_known_deliveries_are_nested_less_than_said() -> None:
    for _, value in EXAMPLES:
        assert parse(body(value), max_depth=4)
    with pytest.raises(DecodeError, match="deeper than 3 levels"):
        parse(body(FIRING), max_depth=3)


@pytest.mark.parametrize("content", ["{}", None, {}, 5])
def test_body_must_be_bytes(content: Any) -> None:
    with pytest.raises(InvalidRequestError, match="bytes"):
        parse(content)


def test_any_bytes_give_a_delivery_or_that_error() -> None:
    """Deliveries with bytes changed, cut and doubled."""
    dice = random.Random(5)
    words = [b"null", b"1e999", b"-0", b"\\ud800", b"[]", b"{}", b'"', b"true", b"9" * 400, b"\x00"]
    read = 0
    for _ in range(4000):
        content = bytearray(body(dice.choice(EXAMPLES)[1]))
        for _ in range(dice.randint(1, 3)):
            place = dice.randrange(len(content))
            content[place : place + dice.randint(0, 6)] = dice.choice(words)
        try:
            found = parse(bytes(content))
        except DecodeError:
            continue
        assert isinstance(found, ParkPayload | Payload | Alert)
        read += 1
    assert 50 < read < 3900


@pytest.mark.parametrize(
    "query",
    [
        f"source=VIZIOSENSE&id={DEVICE}",
        f"?source=VIZIOSENSE&id={DEVICE}&site=12&secret={MARK}",
        f"id={DEVICE}&source=VIZIOSENSE&id={DEVICE}".encode(),
        {"source": "VIZIOSENSE", "id": DEVICE, "secret": MARK},
    ],
)
def test_keepalive(query: Any) -> None:
    found = parse_keepalive(query)
    assert type(found) is Keepalive
    assert (found.source, found.id) == ("VIZIOSENSE", DEVICE)
    assert MARK not in repr(found)


def test_keepalive_of_the_specification() -> None:
    parameters = load_spec("viziosense").document["webhooks"]["keepalive"]["get"]["parameters"]
    query = {parameter["name"]: parameter["example"] for parameter in parameters}
    assert parse_keepalive(query).model_dump() == query


def test_ids_are_decoded() -> None:
    assert parse_keepalive("source=VIZIOSENSE&id=caf%C3%A9+1").id == "café 1"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "source: Field required; id: Field required"),
        ("?", "source: Field required"),
        ("source=VIZIOSENSE", "id: Field required"),
        ("source=VIZIOSENSE&id=", "id: Field required"),
        (f"id={MARK}", "source: Field required"),
        (f"source={MARK}&id=x", "source: Input should be 'VIZIOSENSE'"),
        (f"source=VIZIOSENSE&id=a&id={MARK}", "`id` is there twice"),
        (f"source=VIZIOSENSE&id=%FF{MARK}", "cannot be read"),
        ("source=VIZIOSENSE&id=caf\u00e9".encode("latin-1"), ""),
        ("&".join(f"a{n}=1" for n in range(100)), "cannot be read"),
        ("x" * 9000, "too long"),
        ({}, "source: Field required"),
        ({"source": "VIZIOSENSE", "id": None}, "id: Input should be a valid string"),
        ({"source": "VIZIOSENSE", "id": [MARK]}, "id: Input should be a valid string"),
    ],
)
def test_no_keepalive(query: Any, told: str) -> None:
    if told == "":
        assert parse_keepalive(query).id == "café"  # not percent-encoded, as nobody should send it
        return
    with pytest.raises(DecodeError) as caught:
        parse_keepalive(query)
    error = caught.value
    assert told in error.message
    assert (error.vendor, error.operation) == ("viziosense", "webhooks.parse_keepalive")
    assert error.content == b""  # a query may hold the secret
    assert MARK not in "".join(traceback.format_exception(error))


def test_points_in_time() -> None:
    alert = parse(body(FIRING))
    assert isinstance(alert, Alert)
    assert as_datetime(alert.timestamp) == datetime(2026, 3, 1, 8, 15, tzinfo=UTC)
    assert as_datetime(alert.timestamp).tzinfo is UTC
    assert as_datetime(0.25).microsecond == 250_000
    assert as_datetime(-1).year == 1969
    assert as_datetime(None) is None


@pytest.mark.parametrize("timestamp", [1e18, -1e18, float("nan"), float("inf"), 10**400])
def test_times_that_no_calendar_has(timestamp: float) -> None:
    with pytest.raises(InvalidRequestError, match="out of range") as caught:
        as_datetime(timestamp)
    assert isinstance(caught.value, ValueError)
    assert caught.value.vendor == "viziosense"


def test_names() -> None:
    assert sorted(webhooks.__all__) == dir(webhooks)
    for name in webhooks.__all__:
        assert getattr(webhooks, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        webhooks.nothing  # noqa: B018
    generated = {cls for cls in dir(models()) if not cls.startswith("_")}
    imported = {"Any", "BaseModel", "ConfigDict", "Field", "Literal", "annotations"}
    assert generated - imported <= set(webhooks.__all__)


def run(code: str) -> list[str]:
    """Return what a fresh interpreter prints, as a list; a warning is an error."""
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    printed: list[str] = json.loads(done.stdout)
    return printed


HIDDEN = "import sys, json\nfor name in ('pydantic', 'pydantic_core'): sys.modules[name] = None\n"


def test_a_client_needs_no_pydantic() -> None:
    code = (
        "import deviceclouds.viziosense as v; c = v.VizioSense(token='t'); c.preload(); c.close()\n"
        "print(json.dumps([n for n in sys.modules if 'webhook_models' in n or n.endswith('webhooks')]))"
    )
    found = run(HIDDEN + code)
    prefix = "deviceclouds._generated.viziosense."
    assert found  # those of the namespace `webhooks`
    assert {name.rpartition(".")[0] for name in found} <= {
        f"{prefix}{part}" for part in ("operations", "resources", "resources_async")
    }


@pytest.mark.parametrize(
    "use",
    [
        "webhooks.parse(b'{}')",
        "webhooks.parse_keepalive('')",
        "webhooks.create_endpoint(print, secret=None)",
        "webhooks.Alert",
        "webhooks.Delivery",
        "exec('from deviceclouds.viziosense.webhooks import Payload')",
    ],
)
def test_a_missing_extra_is_named(use: str) -> None:
    code = (
        "from deviceclouds.viziosense import webhooks\n"
        "from deviceclouds.runtime import ConfigurationError\n"
        f"try: {use}\n"
        "except ConfigurationError as error: print(json.dumps([str(error), error.vendor]))"
    )
    message, vendor = run(HIDDEN + code)
    assert "extra [webhooks] of deviceclouds-viziosense" in message
    assert vendor == "viziosense"


def test_importing_the_module_loads_no_pydantic() -> None:
    code = "import sys, json, deviceclouds.viziosense.webhooks as w\nw.as_datetime(0); dir(w)\n"
    assert "pydantic" not in run(code + "print(json.dumps(list(sys.modules)))")


def test_another_missing_module_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "deviceclouds._generated.viziosense.webhook_models"
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ModuleNotFoundError, match="webhook_models"):
        parse(b"{}")


def test_the_extra_is_declared_as_tested() -> None:
    text = (ROOT / "overlays" / "viziosense" / "pyproject.toml").read_text("utf-8")
    extras = tomllib.loads(text)["project"]["optional-dependencies"]
    assert extras == {"webhooks": ["pydantic>=2.7,<3"]}
