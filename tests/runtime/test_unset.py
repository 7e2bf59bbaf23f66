"""UNSET: one object, falsy, the same after pickling and copying."""

from __future__ import annotations

import copy
import pickle

import pytest
from deviceclouds.runtime import UNSET, Unset
from deviceclouds.runtime._encode import to_wire


def test_there_is_one() -> None:
    assert list(Unset) == [UNSET]
    assert type(UNSET) is Unset


def test_it_is_falsy_and_not_none() -> None:
    assert not UNSET
    assert bool(UNSET) is False
    assert UNSET is not None
    assert UNSET != None  # noqa: E711
    assert UNSET == UNSET
    assert len({UNSET, UNSET}) == 1


def test_it_shows_its_name() -> None:
    assert repr(UNSET) == str(UNSET) == f"{UNSET}" == "UNSET"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(protocol: int) -> None:
    assert pickle.loads(pickle.dumps(UNSET, protocol)) is UNSET
    assert pickle.loads(pickle.dumps([UNSET], protocol))[0] is UNSET


def test_copies() -> None:
    assert copy.copy(UNSET) is UNSET
    assert copy.deepcopy({"a": UNSET})["a"] is UNSET


def test_it_never_reaches_the_wire() -> None:
    assert to_wire({"a": UNSET, "b": None}) == {"b": None}
    with pytest.raises(ValueError, match="UNSET stands where a value is needed"):
        to_wire({"a": [UNSET]})
