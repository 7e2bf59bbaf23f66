"""Inference results that are broken, by accident or on purpose: an error of ours, and nothing worse."""

from __future__ import annotations

import base64
import random
import struct
import tracemalloc
from collections import Counter

import pytest
from deviceclouds.aitrios import inference
from deviceclouds.aitrios.inference import SegmentationMap, decode
from deviceclouds.runtime import DecodeError

from . import inference_buffers as made
from .inference_naive import read

KINDS: tuple[inference.Kind, ...] = ("detection", "classification", "segmentation")
WORDS = (0, 1, 3, 4, 8, 255, 2**15, 2**16 - 4, 2**16, 2**31 - 4, 2**31, 2**32 - 4, 2**32 - 1)


def words(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}I", *(value % 2**32 for value in values))


def with_word(content: bytes, at: int, value: int) -> bytes:
    return content[:at] + words(value) + content[at + 4 :]


def refused(data: str | bytes, kind: inference.Kind, match: str) -> DecodeError:
    with pytest.raises(DecodeError, match=match) as caught:
        decode(data, kind)
    error = caught.value
    assert (error.vendor, error.operation) == ("aitrios", "inference.decode")
    assert error.__cause__ is None and error.__context__ is None
    return error


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "text", ["DAAAA", "DA=A", "DAA", "D?AA", "DA AA", "DAAA\n", "ДААА", "\ud800"]
)
def test_text_that_is_not_base64(text: str, kind: inference.Kind) -> None:
    error = refused(text, kind, "not base64")
    assert error.content == text.encode("utf-8", "backslashreplace")
    with pytest.raises(DecodeError):
        decode(text, None)


NO_BUFFER = {
    "nothing": b"",
    "three bytes": b"\x04\x00\x00",
    "root at itself": words(0, 0),
    "root off the grid": words(5, 0, 0, 0),
    "root at the end": words(8, 0),
    "root far away": words(2**32 - 4, 0),
    "layout before the start": words(4, 100, 0, 0),
    "layout behind the end": words(4, -100, 0, 0),
    "layout of no size": words(4, 0, 0, 0),
    "layout of odd size": words(8, 0x00040005, 4, 0),
    "layout longer than the buffer": words(4, -4, 0x0004FFFE) + bytes(1000),
    "layout off the grid": words(12) + struct.pack("<x2H3xi", 4, 4, 7),
    "table off the grid": struct.pack("<I2x2Hi", 10, 4, 4, 4),
    "table of no size": words(8, 0x00000004, 4, 0),
    "table longer than the buffer": words(8, 0x00FF0004, 4, 0),
    "field outside of its table": words(12, 0x00080006, 9, 8, 0),
    "field on top of the layout's distance": words(12, 0x00080006, 2, 8, 0),
    "two fields in one place": words(12, 0x00080008, 0x00040004, 8, 0),
    "text": b"not a buffer at all, but a text",
    "base64 twice": made.DETECTION.encode(),
    "picture": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00",
    "JSON": b'{"objects": [{"class": 1}]}',
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NO_BUFFER)
def test_what_is_no_buffer(name: str, kind: inference.Kind) -> None:
    content = NO_BUFFER[name]
    text = base64.b64encode(content).decode()
    error = refused(text, kind, f"no sound FlatBuffers buffer of {len(content)} bytes")
    assert error.content == content


# Places in Sony's sample of a detection.
RESULT, LIST, COUNT, FIRST, BOX = 16, 32, 36, 40, 56


@pytest.mark.parametrize("place", [0, RESULT, LIST, FIRST, BOX])
@pytest.mark.parametrize("value", [0x100, 0x10000, 2**31, 2**32 - 4])
def test_reference_that_leads_outside(place: int, value: int) -> None:
    sample = made.SAMPLES["detection"]
    assert struct.unpack_from("<I", sample, place)[0] in (4, 12, 60)
    refused(with_word(sample, place, value), "detection", "outside")


@pytest.mark.parametrize("count", [43, 1000, 2**16, 2**30, 2**32 - 1])
def test_list_longer_than_the_buffer(count: int) -> None:
    for kind in KINDS[:2]:
        content = with_word(made.SAMPLES[kind], COUNT, count)
        refused(content, kind, "outside|more than 65536")


@pytest.mark.parametrize(("ids", "scores"), [(5, 0), (7, 0), (6, 11), (6, 13), (0, 6), (1, 12)])
def test_map_that_contradicts_itself(ids: int, scores: int) -> None:
    content = made.segmentation(2, 3, 2, bytes(2 * ids), bytes(4 * scores))
    refused(content, "segmentation", "2 x 3 pixels ha(s|ve)")
    if scores:
        content = made.segmentation(2, 3, 0, bytes(2 * ids), bytes(4 * scores))
        refused(content, "segmentation", "2 x 3 pixels ha(s|ve)")


def test_map_that_claims_to_be_huge() -> None:
    content = made.segmentation(65_535, 65_535, 65_535, bytes(2), bytes(4))
    refused(content, "segmentation", "65535 x 65535 pixels has 1 class ids")


def many(count: int) -> bytes:
    """A list that names one object again and again."""
    return made.listing(lambda b: [made.detected(b, 70_000, 0.3, 300, 301, 302, 303)] * count)


def test_list_of_very_many_items() -> None:
    assert len(decode(many(65_536), "detection")) == 65_536
    refused(many(65_537), "detection", "65537 items, more than 65536")


def test_memory_is_bounded() -> None:
    """Twenty times the largest list, 5 MB of references to one object: refused before any is read."""
    content = many(20 * 65_536)
    tracemalloc.start()
    try:
        refused(content, "detection", "more than 65536")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100_000


@pytest.mark.timeout(60)
def test_tables_with_very_many_fields_cost_no_more() -> None:
    """Thousands of items, each with up to 32,000 slots, in 150 kB: read one by one, that would be minutes.

    Their layouts overlap: each starts one number later in the same falling row of numbers.
    """
    count, largest = 6_000, 65_532
    layouts = struct.pack(f"<{largest // 4}H", *range(largest, 0, -4)) + bytes(largest)
    head = words(12, 0x00080006, 4, 8, 12, 0x00080006, 4, 8, 4, count)
    first = len(head) + 4 * count
    head += words(*[4 * count] * count)
    items = b"".join(words(first + 4 * n - (first + 4 * count + 2 * n)) for n in range(count))
    result = decode(head + items + layouts, "classification")
    assert len(result) == count


@pytest.mark.parametrize("count", [*range(24), 60])
def test_cut_short_anywhere(count: int) -> None:
    buffers = (
        made.detections(count),
        made.classifications(count),
        made.segmentation(count + 1, 3, 2, bytes(6 * count + 6), bytes(24 * count + 24)),
    )
    unions = (made.wrapped(count, False), made.wrapped(count, True))
    for kind, content in zip((*KINDS, *KINDS[:1] * 2), buffers + unions, strict=True):
        assert not isinstance(whole := decode(content, kind), bytes)
        for end in range(len(content)):
            try:
                result = decode(content[:end], kind)
            except DecodeError:
                continue
            # Only padding was lost.
            assert result == whole and not content[end:].strip(b"\0"), (kind, end)


def mutated(content: bytes, rng: random.Random) -> bytes:
    """A buffer with one to four small damages."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) + 1)
        damage = rng.randrange(7)
        if damage == 0 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif damage == 1 and at < len(data):
            data[at] = rng.randrange(256)
        elif damage == 2:
            data[at // 4 * 4 : at // 4 * 4 + 4] = words(rng.choice(WORDS))
        elif damage == 3:
            data[at // 4 * 4 : at // 4 * 4 + 4] = words(rng.randrange(-200, 200))
        elif damage == 4:
            data[at // 2 * 2 : at // 2 * 2 + 2] = words(rng.choice(WORDS))[:2]
        elif damage == 5:
            del data[at : at + rng.randint(1, 8)]
        else:
            data[at:at] = data[rng.randrange(len(data) + 1) :][: rng.randint(1, 16)]
    return bytes(data)


@pytest.mark.parametrize("areas", [False, True])
def test_random_damage_in_a_union(areas: bool) -> None:
    rng = random.Random(815)
    outcomes = Counter[str]()
    for _ in range(3_000):
        content = mutated(made.wrapped(3, areas), rng)
        try:
            result = decode(content, "detection")
        except DecodeError:
            outcomes["error"] += 1
            continue
        outcomes[type(result).__name__] += 1
        assert not isinstance(result, bytes) or result == content
    assert all(outcomes[name] > 100 for name in ("error", "bytes", "Detections")), outcomes


def seeds(kind: inference.Kind) -> list[bytes]:
    return {
        "detection": [made.SAMPLES["detection"], made.detections(1), made.detections(5)],
        "classification": [made.SAMPLES["classification"], made.classifications(7)],
        "segmentation": [
            made.SAMPLES["segmentation"],
            made.segmentation(2, 2, 1, bytes(8), bytes(16)),
        ],
    }[kind]


def same(one: inference.Result, other: inference.Result) -> bool:
    """Whether two results are equal, also where a score is no number."""
    if isinstance(one, SegmentationMap) and isinstance(other, SegmentationMap):
        maps = [(m.class_ids.tolist(), m.scores.tolist()) for m in (one, other)]
        return repr((one, maps[0])) == repr((other, maps[1]))
    return repr(one) == repr(other)


@pytest.mark.parametrize("kind", KINDS)
def test_random_damage(kind: inference.Kind) -> None:
    """Errors of ours, bytes, or exactly what unchecked code reads; and each of the three does occur."""
    rng = random.Random(20250129)
    outcomes = Counter[str]()
    for _ in range(3_000):
        for seed in seeds(kind):
            content = mutated(seed, rng)
            try:
                result = decode(content, kind)
            except DecodeError:
                outcomes["error"] += 1
                continue
            if isinstance(result, bytes):
                assert result == content
                outcomes["bytes"] += 1
            elif result:
                assert same(result, read(content, kind)), content.hex()
                outcomes["result"] += 1
    assert all(outcomes[name] > 300 for name in ("error", "bytes", "result")), outcomes


@pytest.mark.parametrize("kind", KINDS)
def test_noise(kind: inference.Kind) -> None:
    rng = random.Random(4711)
    for _ in range(3_000):
        noise = bytearray(rng.randbytes(rng.randrange(120)))
        # Small words, so that some lead somewhere.
        for at in range(0, len(noise) - 3, 4):
            if rng.random() < 0.7:
                noise[at : at + 4] = words(
                    rng.choice((rng.randrange(-40, 40), rng.randrange(9) << 16))
                )
        try:
            result = decode(bytes(noise), kind)
        except DecodeError:
            continue
        assert not isinstance(result, bytes) or result == noise
