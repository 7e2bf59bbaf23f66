"""JUnit, JSON and Markdown of contract runs: complete, readable by machines, and not to be subverted by a cloud."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from deviceclouds.testing import MOUNTS, load_spec
from deviceclouds.testing.contract.reports import as_json, as_junit, as_markdown
from deviceclouds.testing.contract.reports.texts import plain, shown_place, shown_target
from deviceclouds.testing.contract.reports.words import worst_exit_code
from deviceclouds.testing.contract.results import Report

from .made_reports import NASTY, finding, made_report, proposal, result

VERSIONS = {"python": "3.11.7", "deviceclouds-testing": "0.1.0"}

# What the XSD of Jenkins' JUnit plug-in allows: attributes, and children in the order they have to come in.
SHAPES: dict[str, tuple[set[str], list[str]]] = {
    "testsuites": ({"name", "tests", "failures", "errors", "skipped"}, ["testsuite"]),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "timestamp", "time", "hostname"},
        ["properties", "testcase", "system-out", "system-err"],
    ),
    "properties": (set(), ["property"]),
    "property": ({"name", "value"}, []),
    "testcase": (
        {"name", "classname", "time"},
        ["skipped", "error", "failure", "system-out", "system-err"],
    ),
    "failure": ({"message", "type"}, []),
    "error": ({"message", "type"}, []),
    "skipped": ({"message"}, []),
    "system-out": (set(), []),
}


def read_junit(*reports: Report, **options: Any) -> ET.Element:
    """The XML of reports, after a look at its shape."""
    text = as_junit(reports, **options)
    # As a file, because that is how it travels.
    root = ET.fromstring(text.encode("utf-8"))
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ')
    for element in root.iter():
        attributes, order = SHAPES[element.tag]
        assert set(element.attrib) <= attributes, element.tag
        places = [order.index(child.tag) for child in element]
        assert places == sorted(places), element.tag
    for parent, tag in ((root, "testcase"), *((suite, "testcase") for suite in root)):
        cases = list(parent.iter(tag))
        assert parent.get("tests") == str(len(cases))
        for count, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert parent.get(count) == str(sum(c.find(child) is not None for c in cases))
    return root


EVERY_OUTCOME = (
    result("ok"),
    result("differs", "differs", findings=(finding(), finding("undocumented-field"))),
    result("unreachable", "unreachable", reason="status 503", statuses=(503,)),
    result("refused", "refused", reason="status 403", statuses=(403,)),
    result("skipped", "skipped", calls=0, statuses=(), reason="it writes"),
)


def test_junit_has_every_operation() -> None:
    report = made_report(*EVERY_OUTCOME, proposals=(proposal(),), remarks=("only two pages",))
    root = read_junit(report, made_report(vendor="amnimo"))
    first, second = root.findall("testsuite")
    assert (first.get("name"), second.get("name")) == (
        "deviceclouds.aitrios",
        "deviceclouds.amnimo",
    )
    assert first.get("timestamp") == "2026-11-21T12:30:00"
    seen = {case.get("name"): next(c.tag for c in case) for case in first.iter("testcase")}
    assert seen == {
        "ok": "system-out",
        "differs": "failure",
        "unreachable": "skipped",
        "refused": "skipped",
        "skipped": "skipped",
    }
    failure = first.find(".//failure")
    assert failure is not None
    assert failure.get("message") == "body/devices/0/id: is not a string"
    assert "note: " in (first.findtext(".//testcase[@name='differs']/system-out") or "")
    assert {p.get("name") for p in first.iter("property")} >= {
        "spec_sha256",
        "evidence.get_devices",
    }


@pytest.mark.parametrize(
    ("report", "strict"),
    [
        (made_report(), False),
        (made_report(*EVERY_OUTCOME), False),
        (made_report(*EVERY_OUTCOME[2:]), False),
        (made_report(EVERY_OUTCOME[2]), False),
        (made_report(EVERY_OUTCOME[0], *EVERY_OUTCOME[2:]), False),
        (made_report(failure=(4, "the cloud went away")), False),
        (made_report(result(findings=(finding("undocumented-field"),))), False),
        (made_report(result(findings=(finding("undocumented-field"),))), True),
    ],
)
def test_junit_is_red_exactly_when_the_exit_status_is(report: Report, strict: bool) -> None:
    root = read_junit(report, strict=strict)
    red = root.get("failures") != "0" or root.get("errors") != "0"
    assert red == (worst_exit_code([report], strict=strict) != 0)


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("body/devices/0/device_id", "body/devices/0/device_id"),
        ("body/NumberOfEventsLast30", "body/NumberOfEventsLast30"),
        ("body/@odata.type", "body/@odata.type"),
        ("header.x-pagination-records", "header.x-pagination-records"),
        ("query.filter[name]", "query.filter[name]"),
        ("query.starting_after", "query.starting_after"),
        ("status", "status"),
        ("body", "body"),
        ("", ""),
        ("body/users/anna@mail.example/age", "body/users/***/age"),
        ("body/by/7d1f6c1e-0c4b-4f0e-9b0a-5d3c2b1a9f8e", "body/by/***"),
        ("body/by/ZXQW8841-PLMK", "body/by/***"),
        ("body/by/eyJhbGciOiJIUzI1.eyJzdWIiOiJhbm5l", "body/by/***"),
        ("body/by/aa:bb:cc:dd:ee:ff", "body/by/***"),
        ("body/by/93.184.216.77", "body/by/***"),
        ("body/by/lamp.kasimir.example", "body/by/***"),
        ("body/by/+4917012399678", "body/by/***"),
        ("body/by/04917012399678", "body/by/***"),
        ("body/by/Annegret M\u00fcller", "body/by/***"),
        ("query.sig=a b", "query.***"),
    ],
)
def test_names_that_are_values_are_masked(location: str, shown: str) -> None:
    assert shown_place(location) == shown
    report = made_report(result("op", "differs", findings=(finding("schema", location),)))
    for text in (as_json([report]), read_text(report), as_markdown([report])):
        if "***" in shown:
            assert location not in text and "anna@" not in text


def read_text(report: Report) -> str:
    return ET.tostring(read_junit(report), encoding="unicode")


@pytest.mark.parametrize("vendor", sorted(MOUNTS))
def test_names_of_the_specifications_are_shown(vendor: str) -> None:
    def names(node: Any) -> Iterator[str]:
        if isinstance(node, list):
            for item in node:
                yield from names(item)
        elif isinstance(node, dict):
            yield from (
                node.get("properties", {}) if isinstance(node.get("properties"), dict) else ()
            )
            for item in node.values():
                yield from names(item)

    for name in names(load_spec(vendor).document):
        assert shown_place(f"body/{name}") == f"body/{name}"


def test_hostile_names() -> None:
    nasty = finding("schema", f"body/{NASTY}", message=f"holds {NASTY}")
    report = made_report(
        result("op", "differs", findings=(nasty,)),
        result("other", "skipped", reason=NASTY),
        remarks=(NASTY,),
        proposals=(proposal(yaml=f"x-evidence:\n  note: {NASTY}\n```` \n"),),
        failure=(4, NASTY),
    )
    root = read_junit(report)
    assert "\\x1b" in ET.tostring(root, encoding="unicode")
    loaded = json.loads(as_json([report], versions=VERSIONS))
    first = loaded["reports"][0]["results"][0]["findings"][0]
    assert first["location"].startswith("body/***") and first["message"].startswith("holds a|b`c`")
    text = as_markdown([report], versions=VERSIONS)
    text.encode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    outside = re.sub(r"^(`{3,})yaml$.*?^\1$", "", text, flags=re.M | re.S)
    outside = re.sub(r"</?(code|details|summary)>", "", outside)
    assert "<" not in outside, "no tag but our own"
    assert "`" not in outside
    assert not re.search(r"[@#]\w", re.sub(r"&#\d+;", "", outside))
    prose = re.sub(
        r"<code>.*?</code>", "", re.sub(r"^(`{3,})yaml$.*?^\1$", "", text, flags=re.M | re.S)
    )
    # A mention is looked for in the finished page, where an entity is the character.
    assert "&#64;octocat" not in prose
    assert "http://" not in prose
    rows = [line for line in outside.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {6}, "every row has its five cells"
    assert "`````yaml" in text


def test_json_form() -> None:
    report = made_report(*EVERY_OUTCOME, proposals=(proposal(),), remarks=("r",))
    loaded = json.loads(as_json([report, made_report(vendor="amnimo")], versions=VERSIONS))
    assert list(loaded) == ["format", "exit_code", "strict", "versions", "reports"]
    assert (loaded["format"], loaded["exit_code"], loaded["versions"]) == (1, 1, VERSIONS)
    first = loaded["reports"][0]
    assert first["counts"] == dict.fromkeys(
        ("ok", "differs", "unreachable", "refused", "skipped"), 1
    )
    assert first["results"][1] == {
        "operation_id": "differs",
        "name": "manage_devices.differs",
        "evidence": "documented",
        "outcome": "differs",
        "calls": 1,
        "statuses": [200],
        "reason": "",
        "findings": [
            {
                "kind": kind,
                "breaking": kind == "schema",
                "location": "body/devices/0/id",
                "message": "is not a string",
                "rule": "type",
            }
            for kind in ("schema", "undocumented-field")
        ],
    }
    assert first["proposals"][0]["yaml"][1] == "  status: corroborated"
    assert first["failure"] is None
    ended = json.loads(as_json([made_report(failure=(3, "no credentials"))], versions={}))
    assert ended["reports"][0]["failure"] == {"exit_code": 3, "message": "no credentials"}
    assert ended["exit_code"] == 3


def test_markdown_for_an_issue() -> None:
    report = made_report(*EVERY_OUTCOME, proposals=(proposal(),), remarks=("Two pages each.",))
    text = as_markdown([report], versions=VERSIONS)
    assert text.startswith("### aitrios 2.0.0: 1 of 5 operations differs\n")
    assert (
        "| <code>manage_devices.differs</code> | documented | 200 | <code>body/devices/0/id</code> "
        "| is not a string |"
    ) in text
    assert "- it writes: <code>manage_devices.skipped</code>" in text
    assert "```yaml\nx-evidence:\n  status: corroborated" in text
    assert "Checked with python 3.11.7, deviceclouds-testing 0.1.0." in text
    assert "<code>abababababababab</code>" in text
    assert text.count("<details>") == text.count("</details>") == 4
    good = as_markdown([made_report()], versions={})
    assert "nothing differs" in good
    assert "| operation |" not in good
    nothing = made_report(result("a", "skipped", reason="it writes"))
    assert "nothing could be compared" in as_markdown([nothing], versions={})


def test_markdown_fits_into_an_issue() -> None:
    many = tuple(
        finding(location=f"body/{number}/{'x' * 190}", message="y" * 400) for number in range(300)
    )
    report = made_report(*(result(f"op{n}", "differs", findings=many) for n in range(10)))
    text = as_markdown([report] * 3, versions=VERSIONS)
    assert len(text) <= 60_000
    assert re.search(r"and \d+ more", text)


def test_strict_takes_notes_for_differences() -> None:
    noted = made_report(result(findings=(finding("undocumented-field", "body/extra"),)))
    assert worst_exit_code([noted]) == 0
    assert worst_exit_code([noted], strict=True) == 1
    assert json.loads(as_json([noted], strict=True, versions={}))["exit_code"] == 1
    assert "Notes: more than was documented (1)" in as_markdown([noted], versions={})
    assert "1 of 1 operations differs" in as_markdown([noted], strict=True, versions={})


def test_worst_of_several() -> None:
    good, refused = made_report(), made_report(EVERY_OUTCOME[3])
    unreachable, differs = made_report(EVERY_OUTCOME[2]), made_report(EVERY_OUTCOME[1])
    assert worst_exit_code([]) == worst_exit_code([good]) == 0
    assert worst_exit_code([good, unreachable]) == 4
    assert worst_exit_code([unreachable, refused, good]) == 3
    assert worst_exit_code([made_report(failure=(2, "x")), refused]) == 2
    assert worst_exit_code([made_report(failure=(2, "x")), differs, refused]) == 1


@pytest.mark.parametrize(
    ("vendor", "target", "shown"),
    [
        ("aitrios", "https://console.aitrios.sony-semicon.com/api/v2", "https://console.aitrios.sony-semicon.com"),
        ("aitrios", "https://acme.aitrios.example.com:8443/api/v2?a=b", "https://***.aitrios.example.com:8443"),
        ("viziosense", "https://api.staging.viziosense.ai/api/v1", "https://api.staging.viziosense.ai"),
        (
            "proglove",
            "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/latest/acme01",
            "https://***.execute-api.eu-west-1.amazonaws.com",
        ),
        (
            "proglove",
            "https://api-id.execute-api.eu-west-1.amazonaws.com/latest",
            "https://***.execute-api.eu-west-1.amazonaws.com",
        ),
        ("amnimo", "http://user:secret@127.0.0.1:8765/amnimo/ex", "http://127.0.0.1:8765"),
        ("amnimo", "http://sandbox.test/amnimo/ex", "http://sandbox.test"),
        ("amnimo", "http://[::1]:80/x", "http://[::1]:80"),
        ("amnimo", "http://203.0.113.9/x", "http://***"),
        ("amnimo", "http://acme.io/x", "http://***"),
        ("amnimo", "http://[bad/x", "***"),
        ("amnimo", "/home/jo/acme/traffic.har", "traffic.har"),
        ("amnimo", "C:\\jo\\traffic.har", "traffic.har"),
    ],
)  # fmt: skip
def test_what_names_a_customer_is_masked(vendor: str, target: str, shown: str) -> None:
    assert shown_target(vendor, target) == shown
    words = (f'where = "{target}", and more',) if "://" in target else ()
    report = made_report(vendor=vendor, target=target, remarks=words)
    mode_file = made_report(vendor=vendor, target=target, mode="recorded")
    for text in (
        as_markdown([report, mode_file], versions={}),
        as_json([report], versions={}),
        as_junit([report]),
    ):
        assert not re.search("acme|a1b2c3|secret|203|/jo|latest", text)


def test_plain() -> None:
    assert plain("Käse 日本語 ✓") == "Käse 日本語 ✓"
    assert plain("a\nb\tc\x00\ud800\u202e\U000e0041") == "a b\\x09c\\x00\\ud800\\u202e\\U000e0041"
    assert plain("x" * 2000) == "x" * 499 + "…"
