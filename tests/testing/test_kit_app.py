"""The stand-in as an ASGI application: every operation answers as its specification says."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx2
import pytest
from deviceclouds.testing import (
    MOUNTS,
    AsgiBridge,
    Journal,
    check_response,
    create_app,
    example_request,
    load_spec,
)
from deviceclouds.testing._load import available_vendors

VENDORS = available_vendors()
OPERATIONS = [(vendor, name) for vendor in VENDORS for name in load_spec(vendor).operations]
TOKEN = {"Authorization": "Bearer demo"}


@pytest.fixture
def journal() -> Journal:
    return Journal()


@pytest.fixture
def client(journal: Journal) -> Iterator[httpx2.Client]:
    with httpx2.Client(
        transport=AsgiBridge(create_app(journal=journal)), base_url="http://test"
    ) as found:
        yield found


def send(client: httpx2.Client, vendor: str, name: str, **changes: object) -> httpx2.Response:
    """Sends the example request of an operation."""
    request = example_request(load_spec(vendor), name)
    given = {"headers": request.headers, "content": request.content, **changes}
    return client.request(request.method, MOUNTS[vendor] + request.url, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("vendor", "name"), OPERATIONS)
def test_every_operation_answers_as_specified(
    vendor: str, name: str, client: httpx2.Client, journal: Journal
) -> None:
    reply = send(client, vendor, name)
    assert reply.is_success, reply.headers
    check = check_response(
        vendor, name, reply.status_code, headers=dict(reply.headers), content=reply.content
    )
    check.raise_for_problems()
    [entry] = journal.entries
    assert (entry.vendor, entry.operation_id, entry.ok, entry.status) == (
        vendor,
        name,
        True,
        reply.status_code,
    )
    assert "?" not in entry.path
    assert journal.operations(vendor) == {name}


@pytest.mark.parametrize(("vendor", "name"), OPERATIONS)
def test_bad_request_is_answered_in_the_vendors_shape(
    vendor: str, name: str, client: httpx2.Client
) -> None:
    request = example_request(load_spec(vendor), name)
    url = f"{MOUNTS[vendor]}{request.url.partition('?')[0]}?made_up=1"
    reply = client.request(request.method, url, headers=request.headers, content=request.content)
    assert reply.status_code == 400
    assert "query.made_up: is not documented" in reply.headers["x-deviceclouds-problems"]
    assert "query.made_up" in reply.text
    if load_spec(vendor).operation(name).reply(400) is not None:
        headers = dict(reply.headers)
        check_response(
            vendor, name, 400, headers=headers, content=reply.content
        ).raise_for_problems()


@pytest.mark.parametrize(
    ("vendor", "name", "authorization", "status"),
    [
        ("aitrios", "GetDevices", None, 401),
        ("scailable", "list_functions", None, 401),
        ("scailable", "list_functions", "demo", 401),
        ("viziosense", "list_devices", None, 400),
        ("amnimo", "list_cameras", None, 403),
        ("amnimo", "issue_token", None, 401),
        ("proglove", "list_gateways", None, 401),
        ("proglove", "list_gateways", "Bearer demo", 403),
    ],
)
def test_refused_credentials(
    vendor: str, name: str, authorization: str | None, status: int, client: httpx2.Client
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    reply = send(client, vendor, name, headers=headers)
    assert reply.status_code == status
    if load_spec(vendor).operation(name).reply(status) is not None:
        check_response(
            vendor, name, status, headers=dict(reply.headers), content=reply.content
        ).raise_for_problems()


def test_viziosense_tells_a_refused_token_from_other_faults(client: httpx2.Client) -> None:
    assert send(client, "viziosense", "list_devices", headers={}).json()["httpError"] == 4000
    reply = client.get("/viziosense/api/v1/devices?page=0", headers=TOKEN)
    assert reply.status_code == 400
    assert "httpError" not in reply.json()


def test_unknown_routes(client: httpx2.Client) -> None:
    for path, status in (
        ("/", 404),
        ("/nothing", 404),
        ("/viziosense/api/v1", 404),
        ("/viziosense/api/v1/", 404),
        ("/viziosense/api/v1/devices/", 404),
        ("/viziosense/api/v1/nothing", 404),
        ("/viziosense/api/v1x/devices", 404),
    ):
        assert client.get(path, headers=TOKEN).status_code == status, path
    assert client.delete("/viziosense/api/v1/devices", headers=TOKEN).status_code == 405


PAGED = [
    (vendor, name)
    for vendor, name in OPERATIONS
    if "x-pagination" in load_spec(vendor).operation(name).extensions
]


@pytest.mark.parametrize(("vendor", "name"), PAGED)
def test_second_page_is_the_last(vendor: str, name: str, client: httpx2.Client) -> None:
    operation = load_spec(vendor).operation(name)
    rules = operation.extensions["x-pagination"]
    style = rules["style"]
    parameter = rules["cursor_parameter" if style == "link" else f"{style}_parameter"]
    request = example_request(load_spec(vendor), name)
    path = MOUNTS[vendor] + request.url.partition("?")[0]
    required = {
        p.name: p.raw["example"]
        for p in operation.parameters
        if p.required and p.location == "query"
    }
    if rules.get("in") == "body":
        body = json.dumps({**json.loads(request.content), parameter: 7}).encode()
        reply = client.request(operation.method, path, content=body, headers=request.headers)
    else:
        reply = client.get(path, params={**required, parameter: "7"}, headers=request.headers)
    assert reply.is_success
    check_response(
        vendor, name, reply.status_code, headers=dict(reply.headers), content=reply.content
    ).raise_for_problems()
    where = rules["next"] if style in ("cursor", "link") else rules["items"]
    value = reply.json()
    for key in where.split("/")[1:]:
        value = value.get(key)
    assert not value


def test_vendors_can_be_chosen() -> None:
    with httpx2.Client(
        transport=AsgiBridge(create_app(["amnimo"])), base_url="http://test"
    ) as client:
        assert client.get("/viziosense/api/v1/devices", headers=TOKEN).status_code == 404
    with pytest.raises(ValueError, match="no specification of 'nokia'"):
        create_app(["nokia"])


def test_journal_holds_nothing_secret(client: httpx2.Client, journal: Journal) -> None:
    secret = "hunter2"
    client.post(
        "/viziosense/api/v1/login?token=" + secret,
        headers={"Authorization": secret, "Content-Type": "application/json"},
        content=json.dumps({"email": secret, "password": [secret], "x": secret}),
    )
    assert len(journal) == 1
    assert not journal.entries[0].ok
    assert secret not in repr(journal.entries)
    journal.clear()
    assert journal.entries == ()


def test_journal_drops_the_oldest() -> None:
    journal = Journal(limit=2)
    app = create_app(["viziosense"], journal=journal)
    with httpx2.Client(transport=AsgiBridge(app), base_url="http://test") as client:
        for name in ("a", "b", "c"):
            client.get(f"/viziosense/api/v1/{name}")
    assert [entry.path for entry in journal.entries] == ["/b", "/c"]
