"""What a specification says to a scrubbed exchange is what it said to the original: kinds, places and rules."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from deviceclouds.testing._examples import example_request, media_examples
from deviceclouds.testing._spec import Spec, load_spec
from deviceclouds.testing.contract.exchange import Exchange, judge
from deviceclouds.testing.contract.results import Finding
from deviceclouds.testing.contract.scrub.exchange import ExchangeScrubber
from deviceclouds.testing.contract.scrub.substitutes import Substitutes
from deviceclouds.testing.contract.scrub.values import HIDDEN, Scrubber

from tests.contract.recordings import VENDORS

JSON = ("Content-Type", "application/json")
BASE = "https://cloud.example/v1"


def _said(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return sorted((each.kind, each.location, each.rule) for each in findings)


def _all(vendor: str) -> Iterator[Exchange]:
    spec = load_spec(vendor)
    for operation in spec.operations.values():
        example = example_request(spec, operation.id)
        for status, reply in operation.responses.items():
            for kind, media in reply.content.items():
                for value in media_examples(media).values():
                    content = json.dumps(value) if "json" in kind else str(value)
                    headers = [("Content-Type", kind), *((name, "5") for name in reply.headers)]
                    yield Exchange(
                        example.method,
                        spec.bases[0] + example.url,
                        list(example.headers.items()),
                        example.content,
                        int(status.replace("XX", "00")),
                        headers,
                        content.encode(),
                    )


def _broken(exchange: Exchange, dice: random.Random) -> Exchange:
    """Something is wrong with it: a field is missing, of another type, renamed, not in its list, no date."""
    sides = ["content", "request_content", "url", "status"]
    side = dice.choice(sides[:2] if dice.random() < 0.8 else sides)
    changes: dict[str, Any] = {}
    if side == "status":
        changes["status"] = dice.choice([204, 302, 418, 599])
    elif side == "url":
        mark = "&" if "?" in exchange.url else "?"
        changes["url"] = exchange.url + mark + dice.choice(["limit=x", "extra=1", "a=%FF", "%FF=1"])
    else:
        old = getattr(exchange, side)
        try:
            value = json.loads(old or b"")
        except ValueError:
            value = None
        changes[side] = (old or b"{}")[:-1] if value is None else _mutated(value, dice)
    fields = {name: getattr(exchange, name) for name in Exchange.__slots__}
    return Exchange(**{**fields, **changes})


def _mutated(value: Any, dice: random.Random) -> bytes:
    holders: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, item in items:
            holders.append((node, key))
            if isinstance(item, dict | list):
                walk(item)

    value = copy.deepcopy(value)
    if isinstance(value, dict | list):
        walk(value)
    if not holders:
        return b"[[1]]"
    holder, key = dice.choice(holders)
    kind = dice.randrange(6)
    if kind == 0 and isinstance(holder, dict):
        del holder[key]
    elif kind == 1 and isinstance(holder, dict):
        holder["deviceName"] = holder.pop(key)
    else:
        odd = [7, -1, True, None, "no such word", "2026-11-21", "2026-11-21T10:00:00", "x" * 3000]
        holder[key] = dice.choice([*odd, {}, [], 1.5, "", "a@b.example", "12"])
    return json.dumps(value).encode()


@pytest.mark.parametrize("vendor", VENDORS)
def test_examples_and_broken_examples(vendor: str) -> None:
    spec, dice = load_spec(vendor), random.Random(5)
    scrubber = ExchangeScrubber(spec)
    wrong = 0
    for exchange in _all(vendor):
        for each in (exchange, _broken(exchange, dice), _broken(exchange, dice)):
            before = judge(spec, each).findings
            scrubbed = scrubber.scrub(each)
            if scrubbed is None:
                assert judge(spec, each).operation_id is None
                continue
            assert _said(scrubbed.findings) == _said(before), each
            assert scrubbed.faithful
            wrong += bool(before)
    assert wrong > 20  # there was something to be faithful to


def _spec(schema: dict[str, Any]) -> Spec:
    operation = {
        "operationId": "get",
        "responses": {
            "200": {"description": "x", "content": {"application/json": {"schema": schema}}}
        },
    }
    servers = [{"url": BASE}]
    info = {"title": "x", "version": "1"}
    return Spec(
        "amnimo",
        {"openapi": "3.1.0", "info": info, "servers": servers, "paths": {"/a": {"get": operation}}},
    )


def _replied(content: bytes) -> Exchange:
    return Exchange("GET", f"{BASE}/a", [], None, 200, [JSON], content)


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _scrubbed(schema: dict[str, Any], value: Any) -> Any:
    """With a key of its own."""
    return Scrubber(_spec(schema)).json(schema, value)


@pytest.mark.parametrize(
    ("rules", "values"),
    [
        ({"format": "uuid"}, ["7d1f6c1e-0c4b-4f0e-9b0a-5d3c2b1a9f8e", "7d1f6c1e", "zz"]),
        ({"format": "email"}, ["anna@mueller.example", "anna", "@"]),
        ({"format": "uri"}, ["https://a.example/b?c=d#e", "no uri", "mailto:anna@b.example"]),
        ({"format": "ipv4"}, ["93.184.216.77", "999.1.1.1", "anna"]),
        ({"format": "ipv6"}, ["fe80::1ff:fe23:4567:890a", "12345::", "anna"]),
        ({"format": "hostname"}, ["host.anna.example", "-bad-"]),
        ({"format": "date"}, ["1980-05-05", "1980-13-45", "5.5.1980"]),
        ({"format": "date-time"}, ["2026-11-21T10:00:00Z", "2026-11-21T10:00:00", "2026-11-21"]),
        ({"format": "time"}, ["10:00:00Z", "25:00:00Z"]),
        ({"pattern": "^[A-Z0-9]*$"}, ["ABC123XYZ", "abc", "AB-C", "A"]),
        ({"pattern": "^(00:){2}[0-9a-f]{2}$"}, ["00:00:ab", "00:zz"]),
        ({"minLength": 3, "maxLength": 5}, ["ab", "abc", "abcdef", "äöü"]),
        ({"maxLength": 1}, list("abcdefghijklm")),
        ({"minLength": 400}, ["a" * 399, "a" * 400]),
        ({"maxLength": 300}, ["b" * 290, "b" * 301]),
        ({"enum": ["Connected", "Lost"]}, ["Connected", "connected", "Unknown", ""]),
        ({"const": "on"}, ["on", "no"]),
    ],
)
def test_text_is_as_valid_as_before(rules: dict[str, Any], values: list[str]) -> None:
    spec = _spec(_object(a={"type": "string", **rules}))
    scrubber = ExchangeScrubber(spec)
    for value in values:
        exchange = _replied(json.dumps({"a": value}).encode())
        scrubbed = scrubber.scrub(exchange)
        assert scrubbed is not None
        assert _said(scrubbed.findings) == _said(judge(spec, exchange).findings), value
        made = json.loads(scrubbed.exchange.content or b"")["a"]
        kept = value in ("Connected", "on", "") or value.startswith("2026-11-21")
        if "enum" not in rules and "maxLength" not in rules and rules.get("format") != "date":
            assert (made == value) == kept, value


@pytest.mark.parametrize(
    ("pattern", "value", "free"),
    [
        ("^(00:){2}[0-9a-f]{2}$", "00:00:ab", 2),
        ("^(00:){2}[ab]{2}$", "00:00:ab", 2),
        ("^SN-[xyz]-[5-9]{3}$", "SN-x-777", 4),
        ("^SN-42$", "SN-42", 0),
    ],
)
def test_every_letter_a_pattern_leaves_free_is_replaced(
    pattern: str, value: str, free: int
) -> None:
    """With any key: the ones of which few others are allowed too."""
    schema = _object(a={"type": "string", "pattern": pattern})
    for _ in range(60):
        made = _scrubbed(schema, {"a": value})["a"]
        if free:
            assert re.fullmatch(pattern, made)
            assert sum(new != old for new, old in zip(made, value, strict=True)) == free
        else:
            assert made != value


@pytest.mark.parametrize(
    ("pattern", "value", "secret"),
    [
        ("^data:.+$", "data:" + "x" * 300 + "kasimir", "kasimir"),
        ("^[一-龥]{2,4}[0-9]$", "王小明7", "王小明"),
        ("^((aa|bb|cc)+)-[0-9]$", "aabbccaabb-5", "aabbccaabb"),
        ("^(?i:kasimir|anna)-[0-9]$", "KaSimir-5", "KaSimir"),
        ("^key-.+$", "key-5\U0001f600\u260e", "\U0001f600"),
    ],
)
def test_what_a_pattern_holds_together_does_not_survive(
    pattern: str, value: str, secret: str
) -> None:
    """No letter of it could be another one alone, and the specification does not spell it."""
    spec = _spec(_object(a={"type": "string", "pattern": pattern}))
    scrubbed = ExchangeScrubber(spec).scrub(_replied(json.dumps({"a": value}).encode()))
    assert scrubbed is not None
    assert secret not in json.loads(scrubbed.exchange.content or b"")["a"]
    assert scrubbed.faithful == (_said(scrubbed.findings) == [])


def test_numbers_booleans_and_null_are_kept_where_they_are_documented() -> None:
    fields = {"n": {"type": "integer"}, "x": {"type": ["number", "null"]}, "b": {"type": "boolean"}}
    secret = {"type": "integer", "x-secret": True}
    value = {"n": 5, "x": 1.5, "b": True, "pin": 4711, "free": 12345678, "unknown": 7.25}
    made = _scrubbed(_object(**fields, pin=secret, free={}), value)
    assert {key: made[key] for key in ("n", "x", "b")} == {"n": 5, "x": 1.5, "b": True}
    assert made["pin"] == 0 and made["free"] == 0 and made["unknown"] == 0.5


def test_a_number_where_a_text_is_listed() -> None:
    """It is no number the specification speaks of: it could be a phone's."""
    schema = _object(a={"type": "string", "enum": ["x"]}, b={"enum": ["x", 5]}, c={"const": 5})
    phone = dict.fromkeys("abc", 491701234567)
    assert _scrubbed(schema, phone) == dict.fromkeys("abc", 0)
    assert _scrubbed(schema, {"b": 5, "c": 5}) == {"b": 5, "c": 5}


def test_a_text_that_is_secret_is_hidden() -> None:
    schema = _object(p={"type": "string", "x-secret": True})
    assert _scrubbed(schema, {"p": "Pa55word"}) == {"p": HIDDEN}


def test_names_nobody_documented() -> None:
    spec = load_spec("aitrios")
    scrubber = Scrubber(spec)
    for name in ("firmwareVersion", "battery_level", "device_name", "LastError2"):
        assert scrubber.name(name) == name
    for name in (
        "AnnaMueller",
        "kasimir",
        "tk9f8e7d6c",
        "a b",
        "a@b.example",
        "device_kasimir",
        "",
    ):
        assert scrubber.name(name).startswith("field_")


def test_keys_of_maps_are_stand_ins_and_equal_to_the_same_text_elsewhere() -> None:
    by_name = {"type": "object", "additionalProperties": {"type": "integer"}}
    schema = _object(by=by_name, first={"type": "string"}, o={"type": "object"})
    value = {"by": {"kasimir-lamp": 1, "b": 2}, "first": "kasimir-lamp", "o": {"version": 1}}
    made = _scrubbed(schema, value)
    assert list(made["by"].values()) == [1, 2]
    assert made["first"] in made["by"] and "kasimir-lamp" not in made["by"]
    assert "version" not in made["o"]


def test_equal_stays_equal_and_different_different() -> None:
    make = Substitutes()
    values = [
        *"abcdefghijklmnopqrstuvwxyz0123456789",
        *map(str, range(2000)),
        "on",
        "off",
        "--",
        "--!",
    ]
    made = [make.text(value) for value in values]
    assert len(set(made)) == len(set(values))
    assert made == [make.text(value) for value in values]
    assert all(new != old for new, old in zip(made, values, strict=True))
    assert make.text("abc") != Substitutes().text("abc") or make.text("abd") != Substitutes().text(
        "abd"
    )


def test_a_reply_nested_too_deep() -> None:
    spec = _spec({"type": "object"})
    content = b'{"a":' * 400 + b'"kasimir"' + b"}" * 400
    scrubbed = ExchangeScrubber(spec).scrub(_replied(content))
    assert scrubbed is not None and b"kasimir" not in (scrubbed.exchange.content or b"")
    assert scrubbed.faithful


def test_a_cursor_in_a_link_is_that_of_the_next_request() -> None:
    spec = load_spec("proglove")
    base = "https://abc.execute-api.eu-west-1.amazonaws.com/latest"
    scrubber = ExchangeScrubber(spec, base)
    operation = next(o for o in spec.operations.values() if o.id == "list_gateways")
    url = base + operation.path.replace("{customer_id}", "acme").replace("{customer-id}", "acme")
    link = f"{url}?next_token=ey%2Bkasimir%3D&limit=5"
    headers = [("Authorization", "abc")]
    first = Exchange(
        "GET",
        f"{url}?limit=5",
        headers,
        None,
        200,
        [JSON],
        json.dumps({"items": [], "links": {"next": link}}).encode(),
    )
    made = scrubber.scrub(first)
    second = scrubber.scrub(Exchange("GET", link, headers, None, 500))
    assert made is not None and second is not None
    shown = json.loads(made.exchange.content or b"")["links"]["next"]
    assert shown == second.exchange.url
    assert shown.startswith("https://cloud.invalid/latest/") and "kasimir" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "a" * 47 + "!",
        "a_" * 23 + "!",
        "x@" + ".a" * 200_000 + " ",
        "/?" + "=" * 200_000 + " ",
        "https://a.example/" + "%zz/" * 100_000,
        "2026-11-21T10:00:00." + "1" * 200_000,
        "<" * 200_000,
    ],
)
def test_texts_made_to_take_long(text: str) -> None:
    """With an expression that takes more than linear time this does not end before the runner ends it."""
    scrubber = ExchangeScrubber(load_spec("amnimo"))
    content = json.dumps({text: text, "a": [text]}).encode()
    url = "https://api.amnimo.com/ex/" + next(
        o.path for o in load_spec("amnimo").operations.values() if o.id == "list_cameras"
    ).lstrip("/").replace("{", "").replace("}", "")
    headers = [JSON, ("Link", text), ("Location", text)]
    assert scrubber.scrub(
        Exchange("GET", url, [("Authorization", text)], None, 200, headers, content)
    )
