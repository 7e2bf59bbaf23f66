"""Walks through lists of three pages: every item must come once, in order, and nothing is asked for after the end."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

import httpx2
from deviceclouds.runtime import DeviceCloudError

from ..._calls import invocation
from ..._examples import media_examples
from ..paging import at_pointer
from .inputs import Input, boundary_inputs, example_inputs

if TYPE_CHECKING:
    from deviceclouds.runtime.generated import Operation as ClientOperation

    from ..._operations import Operation
    from ..._spec import Spec

__all__ = ["ListStandIn", "Walking", "walking"]

_PAGE, _COUNT, _MOST = 2, 5, 8
_MARK = "x-contract-number"
# Cursors are anybody's text: what URLs treat in a special way is in them.
_CURSOR = "after/{}=&+%2F é"


class ListStandIn:
    """A list of five items in pages of two, as one operation's ``x-pagination`` has it.

    Args:
        operation: The list.
        reply: An example of its reply.

    Attributes:
        asked: What each request asked for beside the page, and
        positions: the page it asked for.
    """

    def __init__(self, operation: Operation, reply: Any) -> None:
        self._rules: Mapping[str, Any] = operation.extensions["x-pagination"]
        self._reply = reply
        items = at_pointer(reply, self._rules["items"])
        self._items = [_marked(items[n % len(items)], n) for n in range(_COUNT)]
        self.asked: list[Any] = []
        self.positions: list[Any] = []

    @property
    def moving(self) -> str:
        """Name on the wire of what tells the page."""
        style = self._rules["style"]
        return str(self._rules["cursor_parameter" if style == "link" else f"{style}_parameter"])

    @property
    def requests(self) -> int:
        """How many requests a whole walk takes."""
        told = {"total", "last", "last_page"} & self._rules.keys()
        linked = self._rules["style"] in ("cursor", "link")
        sized = "size_parameter" in self._rules and self._rules.get("short_page") == "ends"
        return 3 if linked or told or sized else 4

    def answer(self, request: httpx2.Request, content: bytes) -> httpx2.Response:
        """The page that was asked for; an empty one for what is no page."""
        if self._rules.get("in") == "body":
            asked = json.loads(content or b"{}")
        else:
            query = request.url.raw_path.decode("ascii").partition("?")[2]
            asked = {}
            for name, value in parse_qsl(query, keep_blank_values=True):
                asked.setdefault(name, []).append(value)
            asked = {n: v[0] if n == self.moving else v for n, v in asked.items()}
        position = asked.pop(self.moving, None)
        self.asked.append(asked)
        self.positions.append(position)
        if len(self.asked) > _MOST:
            # A client that never ends gets an error in the end.
            return httpx2.Response(500, content=b"", request=request)
        page = self._page(self._start(position))
        headers = {"content-type": "application/json"}
        return httpx2.Response(200, headers=headers, json=page, request=request)

    def _start(self, position: Any) -> int:
        """Number of the first item."""
        style = self._rules["style"]
        if style in ("cursor", "link"):
            known = {None: 0, "": 0, _CURSOR.format(1): 2, _CURSOR.format(2): 4}
            return known.get(position, _COUNT)
        try:
            number = 0 if position is None else int(position)
        except (TypeError, ValueError):
            return _COUNT
        if style == "offset" or position is None:
            return number
        return max(0, number - int(self._rules["first_page"])) * _PAGE

    def _page(self, start: int) -> Any:
        found = self._items[start : start + _PAGE]
        reply = _replaced(copy.deepcopy(self._reply), self._rules["items"], found)
        ended = start + _PAGE >= _COUNT
        if "next" in self._rules:
            cursor = _CURSOR.format(start // _PAGE + 1)
            if self._rules["style"] == "link":
                cursor = f"/x?{self._rules['cursor_parameter']}={quote(cursor, safe='')}&y=1"
            reply = _replaced(reply, self._rules["next"], "" if ended else cursor)
        signals = {
            "total": _COUNT,
            "last": ended,
            "last_page": int(self._rules.get("first_page", 0)) + _COUNT // _PAGE,
        }
        for name, value in signals.items():
            if name in self._rules:
                reply = _replaced(reply, self._rules[name], value)
        return reply


class Walking:
    """One walk and what it shows.

    Args:
        stand_in: The list.
        given: Arguments by name on the wire, and the body.
        known: The operation in the client.
        whole: Whether a body is given whole, where its fields are arguments too.
    """

    def __init__(
        self, stand_in: ListStandIn, given: Input, known: ClientOperation[Any], *, whole: bool
    ) -> None:
        self.stand_in = stand_in
        self._call = invocation(known, given.parameters, given.body, whole=whole)
        self._namespace, _, self._method = known.name.partition(".")

    def sync(self, client: Any) -> Iterator[str]:
        """Walks with a sync client, page by page; gives what is wrong."""
        items: list[Any] = []
        trouble = None
        try:
            for page in islice(self._list(client).pages(), _MOST):
                items += page.items
        except (DeviceCloudError, TypeError, AttributeError) as error:
            trouble = type(error).__name__
        yield from self._wrong(items, trouble)

    async def asynchronous(self, client: Any) -> list[str]:
        """Walks with an async client, item by item; gives what is wrong."""
        items: list[Any] = []
        trouble = None
        try:
            async for item in self._list(client):
                items.append(item)
                if len(items) > _COUNT * _PAGE or len(self.stand_in.asked) > _MOST:
                    break
        except (DeviceCloudError, TypeError, AttributeError) as error:
            trouble = type(error).__name__
        return list(self._wrong(items, trouble))

    def _list(self, client: Any) -> Any:
        method = getattr(getattr(client, self._namespace), self._method)
        return method(*self._call.path_arguments, **self._call.arguments)

    def _wrong(self, items: list[Any], trouble: str | None) -> Iterator[str]:
        """What is wrong with a walk that is over."""
        asked, positions = self.stand_in.asked, self.stand_in.positions
        if len(asked) > _MOST:
            yield "a walk through three pages never ends"
        elif trouble is not None:
            yield f"a walk through three pages fails with {trouble}"
        elif [_number(item) for item in items] != list(range(_COUNT)):
            yield "a walk through three pages does not give every item once and in order"
        elif len(asked) > self.stand_in.requests:
            yield "a walk goes on after the end of the list"
        elif len(set(map(str, positions))) < len(positions):
            yield "a walk asks for the same page twice"
        if any(each != asked[0] for each in asked[1:]):
            yield "a walk asks for later pages with other arguments than for the first"


def walking(
    spec: Spec, operation: Operation, known: ClientOperation[Any], *, whole: bool
) -> Walking | None:
    """A walk through an operation's pages; None where it has none, or no example of them."""
    rules = operation.extensions.get("x-pagination")
    reply = operation.success
    inputs = example_inputs(spec, operation) + boundary_inputs(spec, operation)
    if rules is None or known.pagination is None or reply is None or not inputs:
        return None
    media = next(iter(reply.content.values()), {})
    shown = next(iter(media_examples(media).values()), None)
    items = at_pointer(shown, rules["items"])
    if not isinstance(items, list) or not items or not all(isinstance(i, dict) for i in items):
        return None
    stand_in = ListStandIn(operation, shown)
    try:
        # With as much as can be given: all of it must be asked for on later pages too.
        fullest = max(inputs, key=lambda given: len(given.parameters) + len(given.body or ()))
        return Walking(
            stand_in, _from_start(operation, fullest, stand_in.moving), known, whole=whole
        )
    except (ValueError, TypeError):
        return None  # the calls before told that the client cannot say it


def _from_start(operation: Operation, given: Input, moving: str) -> Input:
    """The arguments, for small pages and from the first one."""
    rules = operation.extensions["x-pagination"]
    needed = {p.name for p in operation.parameters if p.required}
    dropped = {*rules.get("excluded_by", ()), moving} - needed
    parameters = {name: value for name, value in given.parameters.items() if name not in dropped}
    body = given.body
    size = rules.get("size_parameter")
    if rules.get("in") == "body":
        body = {**(body or {}), moving: rules.get("first_page", 0)}
        body |= {size: _PAGE} if size else {}
    elif size:
        parameters[size] = _PAGE
    return Input("example", parameters, body)


def _marked(item: dict[str, Any], number: int) -> dict[str, Any]:
    return {**copy.deepcopy(item), _MARK: number}


def _number(item: Any) -> Any:
    held = item if isinstance(item, dict) else getattr(item, "unknown_fields", {})
    return held.get(_MARK)


def _replaced(value: Any, place: str, new: Any) -> Any:
    *way, last = place.split("/")
    if not way:
        return new
    node = value
    for token in way[1:]:
        if not isinstance(node.get(token), dict):
            node[token] = {}
        node = node[token]
    node[last] = new
    return value
