"""Fields a specification does not know: kept at every level, and never in the way of the library's own state."""

from __future__ import annotations

import copy
import gc
import json
import pickle
import sys
import threading
from typing import Any

import attrs
import pytest
from deviceclouds.amnimo.models import Camera, CameraThumbnail, Media, Tenant
from deviceclouds.runtime import UNSET, Model, Unset
from deviceclouds.runtime._decode import decode_items, decode_model, decode_models
from deviceclouds.runtime._envelope import open_envelope

pytestmark = pytest.mark.usefixtures("path")

TREE: dict[str, Any] = {
    "accountId": "root",
    "new": {"a": [1, None]},
    "childAccounts": [
        {"accountId": "1", "new": 1, "childAccounts": []},
        {
            "accountId": "2",
            "childAccounts": [{"accountId": "2.1", "new": 2.1, "accountName": None}],
        },
    ],
}


def tree() -> Any:
    return decode_model(Tenant, json.dumps(TREE).encode())


def test_unknown_fields_of_every_level() -> None:
    root = tree()
    first, second = root.child_accounts
    assert root.unknown_fields == {"new": {"a": [1, None]}}
    assert first.unknown_fields == {"new": 1}
    assert second.unknown_fields == {}
    assert second.child_accounts[0].unknown_fields == {"new": 2.1}


def test_to_dict_gives_the_json_back() -> None:
    assert tree().to_dict() == TREE
    assert Tenant.from_dict(tree().to_dict()) == tree()


def test_from_dict_keeps_unknown_fields() -> None:
    one = Tenant.from_dict(TREE)
    assert one == tree()
    assert one.to_dict() == TREE


def test_unknown_fields_cannot_be_changed() -> None:
    for model in (tree(), tree().child_accounts[0], Tenant.from_dict(TREE), Tenant()):
        unknown: Any = model.unknown_fields
        with pytest.raises(TypeError):
            unknown["new"] = 2


def test_they_survive_the_parent() -> None:
    deepest = tree().child_accounts[1].child_accounts[0]
    gc.collect()
    assert deepest.unknown_fields == {"new": 2.1}
    assert deepest.to_dict() == {"accountId": "2.1", "new": 2.1, "accountName": None}


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))],
    ids=["copy", "deepcopy", "pickle"],
)
@pytest.mark.parametrize("opened", [False, True], ids=["closed", "opened"])
def test_they_survive_copies(copied: Any, opened: bool) -> None:
    original = tree()
    if opened:
        assert original.child_accounts[0].unknown_fields
    duplicate = copied(original)
    assert duplicate == original
    assert duplicate.to_dict() == TREE
    assert copied(duplicate.child_accounts[1]).to_dict() == TREE["childAccounts"][1]


def test_evolve_keeps_those_of_nested_models_and_drops_its_own() -> None:
    changed = attrs.evolve(tree(), account_id="other")
    assert changed.account_id == "other"
    assert changed.unknown_fields == {}
    assert changed.child_accounts[0].unknown_fields == {"new": 1}


def test_a_model_put_into_a_reply_does_not_take_over_fields_of_what_was_there() -> None:
    root = tree()
    root.child_accounts = [Tenant(account_id="mine"), Tenant(), Tenant()]
    assert [child.unknown_fields for child in root.child_accounts] == [{}, {}, {}]
    root = tree()
    root.child_accounts.append(Tenant())
    assert [dict(child.unknown_fields) for child in root.child_accounts] == [{"new": 1}, {}, {}]
    camera = decode_model(Camera, b'{"thumbnail":{"url":"u"}}')
    camera.thumbnail = CameraThumbnail()
    assert camera.to_dict() == {"thumbnail": {}}


def test_a_child_moved_elsewhere_keeps_its_own() -> None:
    mover = Tenant(child_accounts=tree().child_accounts[1:])
    assert mover.to_dict() == {"childAccounts": TREE["childAccounts"][1:]}


HOSTILE = {
    "_raw": "x",
    "_path": ["a", 1],
    "_unknown": {},
    "__class__": "x",
    "__dict__": {},
    "__wire__": {},
    "__secret__": [],
    "unknown_fields": {"a": 1},
    "to_dict": 1,
    "from_dict": 1,
    "account_id": "the Python name",
    "child_accounts": [],
}


def test_a_reply_sets_nothing_but_fields() -> None:
    raw = json.dumps({**HOSTILE, "childAccounts": [HOSTILE]}).encode()
    root: Any = decode_model(Tenant, raw)
    (child,) = root.child_accounts
    for one in (root, child):
        assert type(one) is Tenant
        assert one.account_id is UNSET
        assert one.unknown_fields == HOSTILE
        assert one.to_dict() == {**HOSTILE, **({"childAccounts": [HOSTILE]} if one is root else {})}
    assert Tenant.__secret__ == frozenset()


@attrs.define(kw_only=True, repr=False, getstate_setstate=False)
class Swapped(Model):
    """Wire names that are Python names of other fields, of methods, and no names at all."""

    __wire__ = {"a": "b", "b": "a", "c": "to_dict", "d": "$d", "e": "", "f": "é ", "g": "_raw"}

    a: str | Unset | None = UNSET
    b: str | Unset | None = UNSET
    c: str | Unset | None = UNSET
    d: str | Unset | None = UNSET
    e: str | Unset | None = UNSET
    f: str | Unset | None = UNSET
    g: str | Unset | None = UNSET


def test_names_of_the_wire_that_are_other_names_in_python() -> None:
    wire = {"b": "a!", "a": "b!", "to_dict": "c!", "$d": "d!", "": "e!", "é ": "f!", "_raw": "g!"}
    raw = json.dumps({**wire, "x": 1}, ensure_ascii=False).encode()
    for one in (decode_model(Swapped, raw), decode_models(Swapped, b"[" + raw + b"]")[0]):
        assert [getattr(one, name) for name in "abcdefg"] == [f"{name}!" for name in "abcdefg"]
        assert one.unknown_fields == {"x": 1}
        assert one.to_dict() == {**wire, "x": 1}


def test_kept_items_do_not_keep_their_page() -> None:
    page = json.dumps({"cameras": [{"id": str(n), "x": "y" * 50} for n in range(200)]}).encode()
    before = sys.getrefcount(page)
    from deviceclouds._generated.amnimo.operations.cameras import LIST_CAMERAS

    assert LIST_CAMERAS.pagination is not None
    items, _ = open_envelope(LIST_CAMERAS, LIST_CAMERAS.pagination, page)
    kept = items[7]
    del items
    gc.collect()
    assert sys.getrefcount(page) == before
    assert not [one for one in gc.get_referrers(page) if isinstance(one, memoryview)]
    assert kept.unknown_fields == {"x": "y" * 50}


def test_kept_items_of_a_bare_array_do_not_keep_it() -> None:
    page = json.dumps([{"id": str(n), "meta": {"user": {"id": "u"}}} for n in range(50)]).encode()
    before = sys.getrefcount(page)
    kept = decode_models(Media, page)[3]
    assert sys.getrefcount(page) == before
    assert kept.to_dict() == {"id": "3", "meta": {"user": {"id": "u"}}}


def test_items_from_views_do_not_keep_the_views() -> None:
    raw = bytearray(b'{"id":"1","x":2}')
    (item,) = decode_items(Media, [memoryview(raw)])
    raw.clear()
    assert item.to_dict() == {"id": "1", "x": 2}


def test_threads_that_decode_a_class_for_the_first_time() -> None:
    barrier = threading.Barrier(8)
    results: list[Any] = []

    def work() -> None:
        barrier.wait(timeout=10)
        results.append(tree().to_dict())

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert results == [TREE] * 8


def test_repr_shows_what_is_set() -> None:
    one = decode_model(Camera, b'{"id":"1","displayName":null,"thumbnail":{}}')
    assert repr(one) == "Camera(id='1', display_name=None, thumbnail=CameraThumbnail())"
