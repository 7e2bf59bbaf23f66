"""Pictures and inference results of the Console in the sandbox."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from deviceclouds.aitrios.inference import Classifications, Detections, decode, outputs_of
from deviceclouds.testing.sandbox import Sandbox
from deviceclouds.testing.sandbox.clouds.aitrios.buffers import (
    Found,
    classification_buffer,
    detection_buffer,
)
from deviceclouds.testing.sandbox.pictures import jpeg, png

from .aitrios_fixtures import DEVICE, MODULE, console, device_id, refused, sandbox
from .raw_http import raw_http

__all__ = ["console", "sandbox"]

FOLDER = "20250129035408283"
JSON_DEVICE = device_id(8)


def test_directories_by_group(console: Any, sandbox: Sandbox) -> None:
    groups = console.insight.get_image_directories()
    names = {device.device_id for group in groups for device in group.devices}
    assert len(names) == sandbox.world.count(1250)
    (group,) = console.insight.get_image_directories(device_id=DEVICE)
    assert group.group_id == "entrances" and group.devices[0].image[0] == FOLDER
    refused(lambda: console.insight.get_image_directories(device_id="x"), 404, "E.SC.API.0106001")


def test_pictures_are_listed_and_downloaded(console: Any, tmp_path: Path) -> None:
    images = list(console.insight.get_images(DEVICE, FOLDER, limit=6))
    assert len({image.name for image in images}) == 20
    assert images[0].name == "20250129035409001.jpg"
    found = console.download_images(DEVICE, FOLDER, tmp_path)
    assert found.downloaded == 20 and not found.gone
    contents = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert contents.keys() == {image.name for image in images}
    assert len(set(contents.values())) > 10
    for content in contents.values():
        assert content.startswith(b"\xff\xd8\xff\xe0") and content.endswith(b"\xff\xd9")
    some = console.insight.get_images(DEVICE, FOLDER, name_starts_with="202501290355")
    assert 0 < len(list(some)) < 20


def test_links_end_after_an_hour(console: Any, sandbox: Sandbox) -> None:
    link = console.insight.get_images(DEVICE, FOLDER).first_page().items[0].sas_url
    with raw_http(sandbox) as raw:
        sandbox.clock.advance(3590)
        reply = raw.get(link)
        assert (reply.status_code, reply.headers["content-type"]) == (200, "image/jpeg")
        assert raw.get(link.replace("9001.jpg", "9002.jpg")).status_code == 403
        sandbox.clock.advance(11)
        assert raw.get(link).status_code == 403


def test_pictures_are_deleted(console: Any, sandbox: Sandbox) -> None:
    insight = console.insight
    images = list(insight.get_images(DEVICE, FOLDER))
    names = [image.name for image in images]
    insight.delete_images(DEVICE, FOLDER, directory_deletion="0", filenames=names[3:5])
    insight.delete_images(DEVICE, FOLDER, directory_deletion="1", limit=2)
    left = names[2:3] + names[5:]
    assert [image.name for image in insight.get_images(DEVICE, FOLDER)] == left
    with raw_http(sandbox) as raw:
        assert raw.get(images[0].sas_url).status_code == 404
        assert raw.get(images[2].sas_url).status_code == 200
    first, *_ = insight.get_inferences(devices=[DEVICE])
    assert first.image is False
    delete = insight.delete_images
    refused(lambda: delete(DEVICE, FOLDER, filenames=[names[0]]), 400, "W.SC.API.0198005")
    refused(lambda: delete(DEVICE, FOLDER), 400, "E.SC.API.0198003")
    refused(lambda: delete(DEVICE, "x", filenames=["y"]), 400, "E.SC.API.0198002")
    refused(lambda: delete("x", FOLDER, filenames=["y"]), 404, "E.SC.API.0198001")


def test_results_are_walked_and_decoded(console: Any) -> None:
    ids = [DEVICE, device_id(1), "device_123", "device_456"]
    results = list(console.insight.get_inferences(devices=ids, limit=7))
    assert len({result.id for result in results}) == 160
    assert results[0].id == "f05b6bbc-e387-41b8-b11a-c3972289ca38"
    times = [result.inferences[0].t for result in results]
    assert times == sorted(times) and times[0] == "20250129035409001"
    seen = 0
    for result in results:
        kind: Any = "classification" if "classifier" in result.model_id else "detection"
        for output in outputs_of(result, kind):
            assert isinstance(output.result, Detections | Classifications)
            assert output.time is not None
            for found in output.result:
                seen += 1
                assert 0.5 <= found.score < 1
    assert seen > 160


def test_some_devices_send_json(console: Any) -> None:
    for result in console.insight.get_inferences(devices=[JSON_DEVICE]):
        (output,) = result.inferences
        assert not output.o
        assert output.unknown_fields.keys() & {"object_detection_list", "classification_list"}


def test_results_of_a_period(console: Any) -> None:
    get = console.insight.get_inferences
    old = list(get(devices=[DEVICE], to_datetime="2025-06-01T00:00:00.000000"))
    new = list(get(devices=[DEVICE], from_datetime="20250601T000000.000000"))
    assert (len(old), len(new)) == (20, 20)
    at = "2025-01-29T03:54:09.001000"
    assert len(list(get(devices=[DEVICE], from_datetime=at, to_datetime=at))) == 1
    assert not list(get(devices=["unknown"]))
    assert len(list(get(devices=[DEVICE, DEVICE]))) == 40


def test_results_are_deleted(console: Any) -> None:
    insight = console.insight
    before = [result.id for result in insight.get_inferences(devices=[DEVICE])]
    insight.delete_inference_results(DEVICE, item_ids=[before[0], before[7], "unknown"])
    after = [result.id for result in insight.get_inferences(devices=[DEVICE])]
    assert after == [one for one in before if one not in (before[0], before[7])]
    delete = insight.delete_inference_results
    refused(lambda: delete("x", item_ids=["1"]), 404, "E.SC.API.0290001")


def test_what_a_removed_device_sent_is_still_there(console: Any) -> None:
    insight = console.insight
    console.certificate.delete_device(DEVICE)
    refused(lambda: insight.get_image_directories(device_id=DEVICE), 404, "E.SC.API.0106001")
    (group,) = insight.get_image_directories(device_id=DEVICE, include_deleted_device=True)
    assert group.devices[0].image[0] == FOLDER
    result, *_ = insight.get_inferences(devices=[DEVICE])
    delete = insight.delete_inference_results
    refused(lambda: delete(DEVICE, item_ids=[result.id]), 404, "E.SC.API.0290001")
    delete(DEVICE, item_ids=[result.id], include_deleted_device=True)
    assert len(list(insight.get_inferences(devices=[DEVICE]))) == 39


def test_inference_is_switched_on_and_off(console: Any, sandbox: Sandbox) -> None:
    insight = console.insight

    def count() -> int:
        return len(list(insight.get_inferences(devices=[DEVICE], limit=500)))

    console.start_inference(DEVICE)
    (group,) = insight.get_image_directories(device_id=DEVICE)
    folder = group.devices[0].image[-1]
    assert len(group.devices[0].image) == 3 and count() == 40
    sandbox.clock.advance(60)
    assert count() == 46
    console.start_inference(DEVICE)  # it runs already
    console.stop_inference(DEVICE, MODULE)
    sandbox.clock.advance(600)
    assert count() == 46
    assert len(list(insight.get_images(DEVICE, folder))) == 6
    assert sandbox.clouds["aitrios"].fleet()["inference results"] == (
        sandbox.world.count(1250) * 40 + 6
    )
    console.start_inference(DEVICE)
    sandbox.clock.advance(30 * 86400)
    assert count() == 46 + 2000


@pytest.mark.parametrize("count", [0, 1, 5])
def test_buffers_are_read_as_they_were_written(count: int) -> None:
    found = [Found(n, n / 8, n, -n, 300 + n, 2**31 - 1) for n in range(count)]
    result = decode(detection_buffer(found), "detection")
    assert isinstance(result, Detections)
    read = [
        (o.class_id, o.score, o.box.left, o.box.top, o.box.right, o.box.bottom)
        for o in result
        if o.box is not None
    ]
    assert read == [tuple(one) for one in found]
    classes = [(n, n / 16) for n in range(count)]
    other = decode(classification_buffer(classes), "classification")
    assert isinstance(other, Classifications)
    assert [(one.class_id, one.score) for one in other] == classes


def squares(content: bytes) -> tuple[int, int, list[int]]:
    """Size of one of our pictures and the luminance of its squares, by the standard's own tables."""
    place, size, kind = 2, (0, 0), 0
    while kind != 0xDA:
        kind, length = struct.unpack_from(">xBH", content, place)
        if kind == 0xC0:
            size = struct.unpack_from(">HH", content, place + 5)[::-1]
        place += 2 + length
    bits = "".join(f"{byte:08b}" for byte in content[place:-2].replace(b"\xff\x00", b"\xff"))
    codes = ["00", "010", "011", "100", "101", "110", "1110", "11110", "111110"]
    table = {code: category for category, code in enumerate(codes)}
    here, last, found = 0, [0, 0, 0], []
    for number in range(size[0] // 8 * (size[1] // 8) * 3):
        end = next(n for n in range(here + 2, here + 7) if bits[here:n] in table)
        category = table[bits[here:end]]
        value = int(bits[end : end + category] or "0", 2)
        if category and bits[end] == "0":
            value -= (1 << category) - 1
        here = end + category
        assert bits[here] == "0"  # nothing but the mean
        here += 1
        last[number % 3] += value
        if number % 3 == 0:
            found.append(last[0] + 128)
    assert set(bits[here:]) <= {"1"} and len(bits) - here < 8
    return size[0], size[1], found


def test_a_jpeg_holds_the_colours_it_was_made_of() -> None:
    def colour(column: int, row: int) -> tuple[int, int, int]:
        return (column * 37 + row * 91) % 256, column * 255 // 6, 255 - row * 60

    width, height, found = squares(jpeg(7, 4, colour))
    assert (width, height) == (56, 32)
    assert found == [colour(column, row)[0] for row in range(4) for column in range(7)]


def test_a_png_has_its_size_and_checksums() -> None:
    content = png(29, 5, lambda column, row: (column + row) % 2 == 0)
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack_from(">II", content, 16) == (29, 5)
    assert content.endswith(b"IEND\xaeB`\x82")
