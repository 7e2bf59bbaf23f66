"""Seeded breaks: what puts one into the sandbox's replies, or into a specification."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from deviceclouds.testing import MOUNTS, Spec, load_spec

Json = Any
Edit = Callable[[Any, Any], None]
"""Takes an object or list and a key of it, and changes what is there."""


@dataclass
class Reply:
    """A reply of the sandbox before it goes out."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Json:
        return json.loads(self.content)

    @json.setter
    def json(self, value: Json) -> None:
        self.content = json.dumps(value).encode()


@dataclass
class Request:
    """A request before the sandbox sees it."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    content: bytes


@dataclass(frozen=True)
class Break:
    """One seeded change.

    Attributes:
        name: Short name.
        vendor: Whose cloud or specification.
        operation: Which operation it concerns.
        says: What a person would say.
        kind: Kind of the finding that is expected; None for no finding at all.
        place: Where it is expected; ``*`` for any index of a list.
        reply: Changes a reply of the cloud.
        request: Changes a request before the cloud sees it.
        spec: Changes the document that the client is checked against.
        outcome: Outcome that is expected, where it is not ``differs`` (breaking) or ``ok`` (a note).
    """

    name: str
    vendor: str
    operation: str
    says: str
    kind: str | None
    place: str
    reply: Callable[[Reply], None] | None = field(default=None, repr=False)
    request: Callable[[Request], None] | None = field(default=None, repr=False)
    spec: Callable[[Json], None] | None = field(default=None, repr=False)
    outcome: str | None = None


def wrap(broken: Break) -> Callable[[Any], Any]:
    """The sandbox with one operation changed."""
    spec, mount = load_spec(broken.vendor), MOUNTS[broken.vendor]

    def wrapped(app: Any) -> Any:
        async def call(scope: Any, receive: Any, send: Any) -> None:
            path = scope.get("raw_path", scope["path"].encode()).decode().partition("?")[0]
            found = spec.find(scope["method"], path.removeprefix(mount))
            if found is None or found.operation is None or found.operation.id != broken.operation:
                await app(scope, receive, send)
                return
            scope, receive = await _changed_request(broken, scope, receive)
            await _changed_reply(broken, app, scope, receive, send)

        return call

    return wrapped


async def _changed_request(broken: Break, scope: Any, receive: Any) -> tuple[Any, Any]:
    if broken.request is None:
        return scope, receive
    content = b""
    more = True
    while more:
        message = await receive()
        content += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    request = Request(
        scope["method"], scope["path"], scope["query_string"].decode(), headers, content
    )
    broken.request(request)
    changed = {
        **scope,
        "method": request.method,
        "query_string": request.query.encode(),
        "headers": [(n.encode(), v.encode()) for n, v in request.headers.items()],
    }

    async def once() -> Any:
        return {"type": "http.request", "body": request.content, "more_body": False}

    return changed, once


async def _changed_reply(broken: Break, app: Any, scope: Any, receive: Any, send: Any) -> None:
    messages: list[Any] = []

    async def keep(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    content = b"".join(message.get("body", b"") for message in messages[1:])
    reply = Reply(messages[0]["status"], headers, content)
    if broken.reply is not None and reply.status < 300:
        broken.reply(reply)
    reply.headers["content-length"] = str(len(reply.content))
    raw = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    await send({"type": "http.response.body", "body": reply.content})


def places(value: Json, pointer: str) -> Iterator[tuple[Any, Any]]:
    """Holder and key of everything a pointer leads to; ``*`` is every item of a list."""
    *way, last = pointer.split("/")[1:]
    holders = [value]
    for token in way:
        holders = [inner for holder in holders for inner in _step(holder, token)]
    for holder in holders:
        if last == "*":
            yield from ((holder, index) for index in range(len(holder)))
        elif isinstance(holder, dict):
            yield holder, last


def _step(holder: Any, token: str) -> list[Any]:
    if token == "*":
        return list(holder)
    return [holder[token]] if isinstance(holder, dict) and token in holder else []


def body(pointer: str, edit: Edit, *, ascii_only: bool = True) -> Callable[[Reply], None]:
    """Changes JSON of a reply at a pointer."""

    def change(reply: Reply) -> None:
        value = reply.json
        for holder, key in places(value, pointer):
            edit(holder, key)
        reply.content = json.dumps(value, ensure_ascii=ascii_only).encode()

    return change


def several_edits(*changes: Callable[[Reply], None]) -> Callable[[Reply], None]:
    """One change after the other."""

    def change(reply: Reply) -> None:
        for each in changes:
            each(reply)

    return change


def counted() -> Edit:
    """A text that is another one each time."""
    numbers = count()

    def edit(holder: Any, key: Any) -> None:
        holder[key] = str(next(numbers))

    return edit


def drop(holder: Any, key: Any) -> None:
    holder.pop(key, None)


def put(value: Any) -> Edit:
    def edit(holder: Any, key: Any) -> None:
        holder[key] = value

    return edit


def turn(function: Callable[[Any], Any]) -> Edit:
    def edit(holder: Any, key: Any) -> None:
        if key in holder if isinstance(holder, dict) else True:
            holder[key] = function(holder[key])

    return edit


def rename(new: str) -> Edit:
    def edit(holder: Any, key: Any) -> None:
        if key in holder:
            holder[new] = holder.pop(key)

    return edit


def whole(function: Callable[[Json], Json]) -> Callable[[Reply], None]:
    """Changes the JSON of a reply as a whole."""

    def change(reply: Reply) -> None:
        reply.json = function(reply.json)

    return change


def sends(
    status: int | None = None, content: bytes | None = None, **headers: str
) -> Callable[[Reply], None]:
    """Another status, body or headers."""

    def change(reply: Reply) -> None:
        reply.status = status or reply.status
        reply.content = reply.content if content is None else content
        reply.headers |= {name.replace("_", "-"): value for name, value in headers.items()}

    return change


def raw(function: Callable[[bytes], bytes]) -> Callable[[Reply], None]:
    """Changes the bytes of a reply."""

    def change(reply: Reply) -> None:
        reply.content = function(reply.content)

    return change


def without_query(*names: str) -> Callable[[Request], None]:
    """The cloud ignores parameters of the query."""

    def change(request: Request) -> None:
        pairs = [pair for pair in request.query.split("&") if pair.partition("=")[0] not in names]
        request.query = "&".join(pair for pair in pairs if pair)

    return change


def with_header(name: str, value: str) -> Callable[[Request], None]:
    """The cloud takes a header for given."""

    def change(request: Request) -> None:
        request.headers[name] = value

    return change


def operation_in(document: Json, operation_id: str) -> tuple[dict[str, Any], str, dict[str, Any]]:
    """Path item, method and operation object of an id."""
    for item in document["paths"].values():
        for method, operation in item.items():
            if isinstance(operation, dict) and operation.get("operationId") == operation_id:
                return item, method, operation
    raise LookupError(operation_id)


def parameter_in(document: Json, operation_id: str, name: str) -> dict[str, Any]:
    """A parameter of one operation, as an object of its own."""
    _, _, operation = operation_in(document, operation_id)
    resolve = Spec("", document).resolve
    for index, entry in enumerate(operation["parameters"]):
        found = resolve(entry)
        if found["name"] == name:
            own: dict[str, Any] = copy.deepcopy(found)
            own["schema"] = copy.deepcopy(resolve(own["schema"]))
            operation["parameters"][index] = own
            return own
    raise LookupError(name)


def changed(broken: Break) -> Spec:
    """A specification with the change in it."""
    assert broken.spec is not None
    document = copy.deepcopy(load_spec(broken.vendor).document)
    broken.spec(document)
    return Spec(broken.vendor, document)


def general(location: str) -> str:
    """A place with any index as ``*``."""
    return re.sub(r"/\d+(?=/|$)", "/*", location)
