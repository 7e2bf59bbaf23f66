"""Segmentation maps: large, partial, asked for pixels they do not have."""

from __future__ import annotations

import copy
import pickle
import struct
import sys
import tracemalloc
from array import array

import pytest
from deviceclouds.aitrios.inference import SegmentationMap, decode

from . import inference_buffers as made


def test_large_map_is_not_copied() -> None:
    height, width, planes = 300, 301, 21
    ids = array("H", (pixel % 60_000 for pixel in range(height * width)))
    scores = array("f", (pixel / 8 for pixel in range(planes * height * width)))
    content = made.segmentation(height, width, planes, ids.tobytes(), scores.tobytes())
    decode(made.SEGMENTATION, "segmentation")  # the library is loaded
    tracemalloc.start()
    try:
        result = decode(content, "segmentation")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50_000 < len(content)
    assert isinstance(result, SegmentationMap)
    assert (result.height, result.width, result.num_classes) == (height, width, planes)
    assert result.class_ids.tobytes() == ids.tobytes()
    assert result.scores.tobytes() == scores.tobytes()
    assert result.class_at(300, 299) == ids[-1]
    assert result.class_at(5, 2) == ids[2 * width + 5]
    assert result.score_at(20, 300, 299) == scores[-1]
    assert result.score_at(3, 5, 2) == scores[(3 * height + 2) * width + 5]
    assert result.row(2).tolist() == ids[2 * width : 3 * width].tolist()
    with pytest.raises(TypeError, match="read-only"):
        result.class_ids[0] = 1


def sample_map() -> SegmentationMap:
    result = decode(made.SEGMENTATION, "segmentation")
    assert isinstance(result, SegmentationMap)
    return result


@pytest.mark.parametrize(("x", "y"), [(3, 0), (0, 3), (-1, 0), (0, -1)])
def test_pixel_outside_of_the_map(x: int, y: int) -> None:
    one = sample_map()
    with pytest.raises(IndexError, match="outside of a map 3 wide and 3 high"):
        one.class_at(x, y)
    with pytest.raises(IndexError, match="outside"):
        one.score_at(0, x, y)


def test_plane_outside_of_the_map() -> None:
    for plane in (-1, 2):
        with pytest.raises(IndexError, match="outside of a map of 2 planes"):
            sample_map().score_at(plane, 0, 0)
    with pytest.raises(IndexError):
        sample_map().row(3)


def test_map_travels_and_compares() -> None:
    one = sample_map()
    for twin in (pickle.loads(pickle.dumps(one)), copy.deepcopy(one), copy.copy(one)):
        assert twin == one and hash(twin) == hash(one)
        assert twin.score_at(1, 2, 2) == one.score_at(1, 2, 2)
    other = decode(made.segmentation(3, 3, 0, bytes(18), None), "segmentation")
    assert other != one
    assert repr(one) == (
        "SegmentationMap(height=3, width=3, num_classes=2, class_ids=<9>, scores=<18>)"
    )


@pytest.mark.parametrize("absent", [None, b""])
def test_map_with_one_of_its_two_parts(absent: bytes | None) -> None:
    ids = decode(made.segmentation(2, 1, 3, struct.pack("<2H", 4, 5), absent), "segmentation")
    assert isinstance(ids, SegmentationMap)
    assert (ids.class_at(0, 1), len(ids.scores)) == (5, 0)
    with pytest.raises(IndexError, match="no scores"):
        ids.score_at(0, 0, 0)
    scores = decode(made.segmentation(2, 1, 1, absent, struct.pack("<2f", 0.5, 1)), "segmentation")
    assert isinstance(scores, SegmentationMap)
    assert (scores.score_at(0, 0, 1), len(scores.class_ids)) == (1, 0)
    for ask in (scores.class_at, lambda x, y: scores.row(y)):
        with pytest.raises(IndexError, match="no class ids"):
            ask(0, 0)


def test_numbers_are_little_endian_wherever_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    other = "big" if sys.byteorder == "little" else "little"
    monkeypatch.setattr("sys.byteorder", other)
    swapped = sample_map()
    assert list(swapped.class_ids) == [number << 8 for number in range(9)]
    assert swapped.scores.format == "f" and len(swapped.scores) == 18


@pytest.mark.parametrize(("height", "width"), [(0, 0), (2, 0), (0, 2), (2, 2)])
def test_maps_without_content_stay_bytes(height: int, width: int) -> None:
    content = made.segmentation(height, width, 1, None, None)
    assert decode(content, "segmentation") == content
    if not height * width:
        content = made.segmentation(height, width, 1, b"", bytes(4))
        assert decode(content, "segmentation") == content
