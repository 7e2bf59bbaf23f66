"""The reference says what the specifications say, all of it, and how well it is known."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from deviceclouds.testing import MOUNTS, Sandbox, load_spec
from deviceclouds.testing._calls import operations_of

from .page_reader import Node, read
from .raw_http import raw_http


@pytest.fixture(scope="module")
def web() -> Iterator[httpx2.Client]:
    with Sandbox(stateful=False) as sandbox, raw_http(sandbox) as client:
        yield client


def shown(web: httpx2.Client, vendor: str, **query: str) -> dict[str, Node]:
    """The operations of a page by id."""
    document = read(web.get(f"/reference/{vendor}", params=query).text)
    found = {}
    for node in document.all("details"):
        if "operation" in node.attributes.get("class", ""):
            found[node.all("h3")[0].attributes["id"]] = node
    return found


def plain(text: str) -> str:
    """Words of a specification as they read on the page."""
    return " ".join(text.replace("`", "").split())


@pytest.mark.parametrize("vendor", MOUNTS)
def test_every_operation_with_its_evidence(web: httpx2.Client, vendor: str) -> None:
    operations = load_spec(vendor).operations
    found = shown(web, vendor)
    assert found.keys() == operations.keys()
    for operation_id, operation in operations.items():
        node, evidence = found[operation_id], operation.extensions["x-evidence"]
        summary = node.all("summary")[0]
        words = [operation.method, operation.path, plain(operation.raw["summary"])]
        assert all(word in summary.text for word in [*words, evidence["status"]])
        assert plain(operation.raw["description"]) in node.text
        assert plain(evidence.get("note", "")) in node.text
        source = evidence["source"]
        for each in [source] if isinstance(source, str) else source:
            assert each in node.text
        tables = {table.all("caption")[0].text: table for table in node.all("table")}
        if operation.parameters:
            rows = tables["Parameters"].all("tbody")[0].all("tr")
            for parameter, row in zip(operation.parameters, rows, strict=True):
                assert row.all("code")[0].text == parameter.name
                assert plain(parameter.raw.get("description", "")) in row.text
                assert ("required" in row.all("th")[0].text) is parameter.required
                own = parameter.raw.get("x-evidence", {})
                assert own.get("status", "") in row.text
                assert plain(own.get("note", "")) in row.text
        replies = tables["Replies"].all("tbody")[0].all("tr")
        assert [row.all("th")[0].text for row in replies] == list(operation.responses)


@pytest.mark.parametrize("vendor", MOUNTS)
def test_methods_of_our_clients(web: httpx2.Client, vendor: str) -> None:
    found = shown(web, vendor)
    for operation in operations_of(vendor):
        assert f"In our client: {operation.name}(…)" in found[operation.id].text


@pytest.mark.parametrize("vendor", MOUNTS)
def test_counts_of_evidence(web: httpx2.Client, vendor: str) -> None:
    document = read(web.get(f"/reference/{vendor}").text)
    statuses = [o.extensions["x-evidence"]["status"] for o in load_spec(vendor).operations.values()]
    counted = {row.all("dt")[0].text for row in document.all("dl")[0].all("div")}
    assert counted == {f"{status} {statuses.count(status)}" for status in set(statuses)}
    bars = list(document.all("svg")[0].all("rect"))
    assert sum(float(bar.attributes["width"]) for bar in bars) == pytest.approx(100, abs=0.1)


def test_fields_of_bodies_and_replies(web: httpx2.Client) -> None:
    text = shown(web, "viziosense")["update_webhook"].text
    assert "data.headers[].name string" in text
    assert "Secret: never logged by our clients." in text
    assert "inferred The document says integer, and active or not" in text
    # A tenant holds tenants.
    tree = shown(web, "amnimo")["get_hierarchy"]
    names = [code.text for code in tree.all("code")]
    assert "childAccounts" in names
    assert not any(name.startswith("childAccounts[].childAccounts[].") for name in names)


def test_variants_of_a_body(web: httpx2.Client) -> None:
    for vendor in MOUNTS:
        spec = load_spec(vendor)
        for operation_id, operation in spec.operations.items():
            variants = spec.resolve(operation.body.schema).get("oneOf") if operation.body else None
            for variant in variants or ():
                name = variant["$ref"].rpartition("/")[2]
                assert name in shown(web, vendor, q=operation_id)[operation_id].text


@pytest.mark.parametrize(
    ("vendor", "query", "expected"),
    [
        ("viziosense", {"q": "WEBHOOK update"}, {"update_webhook"}),
        ("viziosense", {"q": "request-image"}, {"request_image"}),
        ("viziosense", {"status": "inferred"}, {"login", "list_devices", "get_device"}),
        ("viziosense", {"tag": "login"}, {"login"}),
        ("viziosense", {"tag": "login", "status": "unverified"}, set()),
        ("viziosense", {"q": "no such words"}, set()),
        ("viziosense", {"status": "sure"}, set()),
        ("aitrios", {"q": "execute_device_command"}, {"ExecuteDeviceCommand"}),
        (
            "scailable",
            {"status": "unverified"},
            {"list_functions_compat", "update_linked_settings"},
        ),
    ],
)
def test_filter(web: httpx2.Client, vendor: str, query: dict[str, str], expected: set[str]) -> None:
    found = shown(web, vendor, **query)
    assert found.keys() == expected
    # A few are shown at once: nothing has to be opened first.
    assert all("open" in node.attributes for node in found.values())
    document = read(web.get(f"/reference/{vendor}", params=query).text)
    total = len(load_spec(vendor).operations)
    assert f"{len(expected)} of {total} operations" in document.all(**{"class": "count"})[0].text
    for name, value in query.items():
        field = document.by_id(f"filter-{name}")
        if field.tag == "input":
            assert field.attributes["value"] == value


def test_the_whole_reference_is_closed_at_first(web: httpx2.Client) -> None:
    assert not any("open" in node.attributes for node in shown(web, "aitrios").values())
