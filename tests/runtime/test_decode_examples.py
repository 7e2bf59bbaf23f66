"""Both ways of decoding agree on every example of the specifications, and on broken copies of them."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

import pytest
from deviceclouds.runtime import DecodeError, Model
from deviceclouds.runtime._decode import decode_json
from deviceclouds.runtime._flow import decode_reply
from deviceclouds.runtime._http import Response
from deviceclouds.runtime._operation import Operation, PagedOperation
from deviceclouds.runtime._pages import read_page

from .conftest import use_path
from .examples import VENDORS, broken, operations, success_examples

COPIES = 60


def read(operation: Operation[Any], raw: bytes) -> Any:
    """What a call would give for a reply: the content, or the page's items, or an error's kind."""
    response = Response(200, {"content-type": "application/json"}, raw)
    try:
        if isinstance(operation, PagedOperation):
            page = read_page(operation, response)
            return page.items, page.next_cursor, page.total
        return decode_reply(operation, response)
    except DecodeError:
        return DecodeError


def told(value: Any) -> Any:
    """A value and all models in it as plain data with types, opening every nested field."""
    if isinstance(value, Model):
        fields = {a.name: told(getattr(value, a.name)) for a in value.__attrs_attrs__}  # type: ignore[attr-defined]
        return [type(value).__qualname__, fields, told(dict(value.unknown_fields)), repr(value)]
    if isinstance(value, Mapping):
        return {name: told(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [told(item) for item in value]
    return [type(value).__name__, repr(value)]


def plain(value: Any) -> Any:
    """A value as JSON again."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.to_dict() if isinstance(value, Model) else value


def replies(vendor: str) -> list[tuple[Operation[Any], bytes]]:
    """Examples and their broken copies; the same ones in every run."""
    random_ = random.Random(vendor)
    return [
        (operations(vendor)[name], json.dumps(body).encode())
        for name, example in success_examples(vendor).items()
        for body in (example, *(broken(example, random_) for _ in range(COPIES)))
    ]


@pytest.mark.parametrize("vendor", VENDORS)
def test_both_ways_agree(vendor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    results: dict[str, list[Any]] = {}
    for path in ("fast", "lenient"):
        use_path(path, monkeypatch)
        results[path] = [told(read(operation, raw)) for operation, raw in replies(vendor)]
    for (operation, raw), fast, lenient in zip(
        replies(vendor), results["fast"], results["lenient"], strict=True
    ):
        assert fast == lenient, (operation, raw)


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.usefixtures("path")
def test_examples_come_back_whole(vendor: str) -> None:
    for name, example in success_examples(vendor).items():
        operation = operations(vendor)[name]
        content = read(operation, json.dumps(example).encode())
        if isinstance(operation, PagedOperation):
            content = list(content[0])
            for step in operation.pagination.items if operation.pagination else ():
                example = example[step]
        assert same(plain(content), example), operation


def same(left: Any, right: Any) -> bool:
    """Equal JSON; points in time may be written in another form."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, str) and isinstance(right, str) and left != right:
        from deviceclouds.runtime._lenient import read_datetime

        return left[:4].isdigit() and read_datetime(left) == read_datetime(right)
    return bool(left == right)


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.usefixtures("path")
def test_broken_copies_come_back_whole(vendor: str) -> None:
    for operation, raw in replies(vendor):
        content = read(operation, raw)
        if isinstance(operation, PagedOperation) or content is DecodeError:
            continue
        assert same(plain(content), decode_json(raw)), (operation, raw)


def test_every_operation_with_a_typed_reply_has_an_example() -> None:
    for vendor in VENDORS:
        typed = {
            name
            for name, one in operations(vendor).items()
            if one.reply.shape in ("object", "array")
        }
        assert typed == success_examples(vendor).keys()
