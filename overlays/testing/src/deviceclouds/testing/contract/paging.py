"""Whether replies are of what was asked for: the thing itself; pages, none too large or twice, with a way on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from .results import Finding
from .same_thing import other_things

if TYPE_CHECKING:
    from .._operations import Operation
    from .._spec import Spec
    from .exchange import Exchange

__all__ = ["at_pointer", "page_findings"]

ABSENT = object()


def page_findings(
    spec: Spec, operation_id: str, exchanges: Sequence[Exchange], pages: int
) -> list[Finding]:
    """Checks the pages of one walk through a list, and the reply of a call for one thing.

    Args:
        spec: The specification.
        operation_id: The list.
        exchanges: What travelled, in order; replies that are no success do not count.
        pages: How many pages were asked for at most.

    Returns:
        Differences.
    """
    operation = spec.operation(operation_id)
    rules = operation.extensions.get("x-pagination")
    if rules is None:
        return list(dict.fromkeys(other_things(operation, exchanges)))
    walked = [page for page in (_page(rules, exchange) for exchange in exchanges) if page]
    found = [finding for page in walked for finding in _one(spec, operation, rules, *page)]
    found += _repeated(rules, [body for _, body in walked])
    found += _refused(rules, exchanges)
    if walked and len(walked) < pages:
        # The walk ended by itself: then nothing may be left.
        found += _ended_early(rules, [body for _, body in walked])
    return list(dict.fromkeys(found))


def _page(rules: Mapping[str, Any], exchange: Exchange) -> tuple[Mapping[str, Any], Any] | None:
    """What was asked for, and what came."""
    if exchange.status is None or not 200 <= exchange.status < 300:
        return None
    try:
        body = json.loads(exchange.content or b"")
        if rules.get("in") == "body":
            asked = json.loads(exchange.request_content or b"{}")
        else:
            query = parse_qs(urlsplit(exchange.url).query, keep_blank_values=True)
            asked = {name: values[-1] for name, values in query.items()}
    except ValueError:
        return None  # other checks say so
    return (asked, body) if isinstance(asked, dict) else None


def _one(
    spec: Spec, operation: Operation, rules: Mapping[str, Any], asked: Mapping[str, Any], body: Any
) -> Iterator[Finding]:
    """Differences of one page."""
    items = at_pointer(body, rules["items"], ABSENT)
    place = f"body{rules['items']}"
    if not isinstance(items, list):
        yield Finding("paging", place, "holds no list of items", "items")
        return
    size = _number(asked.get(rules.get("size_parameter", ""), rules.get("max_size")))
    if size is not None and len(items) > size:
        yield Finding("paging", place, "has more items than a page was asked to have", "size")
    yield from _empty(rules, asked, body, items)
    ids = [str(each) for item in items for each in _ids(item)]
    if len(ids) == len(items) and len(set(map(_text, items))) < len(items):
        yield Finding("paging", place, "has the same item twice", "repeated")
    if rules["style"] in ("cursor", "link"):
        yield from _way_on(spec, operation, rules, body, full=size == len(items))
    total = _number(at_pointer(body, rules["total"])) if "total" in rules else None
    if total is not None and total < len(items):
        said = "is less than the items of this page"
        yield Finding("paging", f"body{rules['total']}", said, "total")


def _way_on(
    spec: Spec, operation: Operation, rules: Mapping[str, Any], body: Any, *, full: bool
) -> Iterator[Finding]:
    value = at_pointer(body, rules["next"], ABSENT)
    place = f"body{rules['next']}"
    if value is ABSENT and full and _has_unknown(spec, operation, body):
        said = (
            "is missing on a full page that has fields nobody documented: the cursor may have moved"
        )
        yield Finding("paging", place, said, "cursor-missing")
    if rules["style"] == "link" and isinstance(value, str) and value:
        parameters = parse_qs(urlsplit(value).query)
        if rules["cursor_parameter"] not in parameters:
            said = f"is a link without {rules['cursor_parameter']}: it leads nowhere"
            yield Finding("paging", place, said, "link")


def _empty(
    rules: Mapping[str, Any], asked: Mapping[str, Any], body: Any, items: Sequence[Any]
) -> Iterator[Finding]:
    """Contradictions between a page and what the reply says of the last one."""
    if "last" in rules and not items and at_pointer(body, rules["last"]) is False:
        said = "says that more pages follow, and this one is empty"
        yield Finding("paging", f"body{rules['last']}", said, "last")
    last = _number(at_pointer(body, rules["last_page"])) if "last_page" in rules else None
    if last is None:
        return
    first = int(rules.get("first_page", 0))
    page = _number(asked.get(rules["page_parameter"], first))
    place = f"body{rules['last_page']}"
    if items and page is not None and last < page:
        yield Finding("paging", place, "is less than the number of this page", "last")
    if not items and page is not None and first < page <= last:
        yield Finding("paging", place, "names this page or a later one, and this is empty", "last")


def _refused(rules: Mapping[str, Any], exchanges: Sequence[Exchange]) -> Iterator[Finding]:
    """A cursor that the cloud gave itself must be taken."""
    if rules["style"] not in ("cursor", "link"):
        return
    for before, after in pairwise(exchanges):
        came = before.status is not None and 200 <= before.status < 300
        if came and after.status in (400, 404, 422):
            said = "leads to a page that is refused"
            yield Finding("paging", f"body{rules['next']}", said, "refused")


def _has_unknown(spec: Spec, operation: Operation, body: Any) -> bool:
    """Whether a reply has a field at its top that its schema does not know."""
    reply = operation.success
    if reply is None or not isinstance(body, dict):
        return False
    schema: Any = next((media.get("schema", {}) for media in reply.content.values()), {})
    return bool(body.keys() - spec.resolve(schema).get("properties", {}).keys())


def _repeated(rules: Mapping[str, Any], bodies: Sequence[Any]) -> Iterator[Finding]:
    pages = [{_text(item) for item in _items(rules, body)} for body in bodies]
    empty = json.dumps({})
    for before, after in pairwise(pages):
        if (before & after) - {empty}:
            said = "has items of the page before it again"
            yield Finding("paging", f"body{rules['items']}", said, "repeated")
    ids = [{each for item in _items(rules, body) for each in _ids(item)} for body in bodies]
    for before, after in pairwise(ids):
        # Items may move while somebody asks; a whole page does not.
        if after and after <= before:
            said = "has items of the page before it again"
            yield Finding("paging", f"body{rules['items']}", said, "repeated")


def _ids(item: Any) -> list[str]:
    """What tells an item from others, where its name says so."""
    if not isinstance(item, dict):
        return []
    found = [value for name, value in item.items() if name.lower() in ("id", "uuid")]
    return [str(value) for value in found[:1] if isinstance(value, str | int) and value != ""]


def _text(item: Any) -> str:
    return json.dumps(item, sort_keys=True)


def _ended_early(rules: Mapping[str, Any], bodies: Sequence[Any]) -> Iterator[Finding]:
    last, count = bodies[-1], sum(len(_items(rules, body)) for body in bodies)
    total = _number(at_pointer(last, rules["total"])) if "total" in rules else None
    if total is not None and total > count:
        said = f"says that there is more than the {len(bodies)} pages that can be had"
        yield Finding("paging", f"body{rules['total']}", said, "total")
    if "last" in rules and at_pointer(last, rules["last"]) is False:
        said = "says that more pages follow, and there are none"
        yield Finding("paging", f"body{rules['last']}", said, "last")


def _items(rules: Mapping[str, Any], body: Any) -> list[Any]:
    items = at_pointer(body, rules["items"], ABSENT)
    return items if isinstance(items, list) else []


def at_pointer(value: Any, pointer: str, absent: Any = None) -> Any:
    """What a JSON pointer through objects leads to; ``absent`` where it leads nowhere."""
    for token in pointer.split("/")[1:]:
        if not isinstance(value, dict) or token not in value:
            return absent
        value = value[token]
    return value


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) else None
