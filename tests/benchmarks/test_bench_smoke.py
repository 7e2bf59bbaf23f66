"""The benchmarks compare like with like: valid data, and the same values from every competitor."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("yaml")
jsonschema_rs = pytest.importorskip("jsonschema_rs")

from benchmarks import decoding, report, timing  # noqa: E402
from benchmarks.calls import OURS, RAW, SIGNED_IN, TARGETS, Competitor, competitors  # noqa: E402
from benchmarks.data import REPLIES, read_spec, reply  # noqa: E402
from benchmarks.rivals import Workshop  # noqa: E402


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """A place for other generators' output, off the import path afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(tmp_path_factory.mktemp("bench"))
        yield Workshop(tmp_path_factory.mktemp("workshop"))


@pytest.mark.parametrize("name", REPLIES)
def test_data_is_valid_by_the_spec(name: str) -> None:
    answer = reply(name)
    schema = {
        "$ref": f"#/components/schemas/{answer.schema}",
        "components": read_spec(answer.vendor)["components"],
    }
    jsonschema_rs.Draft202012Validator(schema).validate(answer.data)


def test_data_is_varied_and_always_the_same() -> None:
    devices, events = reply("devices").data["devices"], reply("events").data["items"]
    assert (len(devices), len(events)) == (100, 500)
    assert len({device["device_id"] for device in devices}) == 100
    assert len({event["id"] for event in events}) == 500
    assert "class" in events[0]
    first = reply("devices").content
    reply.cache_clear()
    assert reply("devices").content == first


@pytest.mark.parametrize("name", REPLIES)
def test_all_competitors_read_the_same(name: str, workshop: Workshop) -> None:
    answer = reply(name)
    wanted = answer.data[answer.items[0]] if answer.items else [answer.data]
    read = {}
    with asyncio.Runner() as runner:
        for one in competitors(answer, runner.get_loop(), workshop):
            if isinstance(one, Competitor):
                read[one.name] = one.plain(one.call())
            else:
                assert "missing package" in one.note
    assert {OURS, RAW} < read.keys()
    assert {row for row, of in TARGETS if of == name} <= read.keys()
    assert (SIGNED_IN in read) == (answer.vendor == "aitrios")
    for competitor, items in read.items():
        assert items == wanted, competitor


@pytest.mark.parametrize("name", ["devices", "events"])
def test_all_variations_read_the_same(name: str) -> None:
    answer = reply(name)
    wanted = answer.data[answer.items[0]]
    for variation, decode in decoding.variations(answer).items():
        items = [getattr(item, "to_dict", lambda item=item: item)() for item in decode()]
        assert items == wanted, variation


def test_missing_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with asyncio.Runner() as runner:
        found = list(competitors(reply("device"), runner.get_loop(), Workshop(tmp_path)))
    notes = [
        row.note.removeprefix("missing package: ") for row in found if isinstance(row, report.Row)
    ]
    assert notes == ["openapi-python-client", "pydantic", "msgspec"]


def test_timing_is_in_turn() -> None:
    calls: list[str] = []
    timings = timing.interleave(
        {"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=2
    )
    assert set(timings) == {"a", "b"}
    assert timing.ratios(timings["a"], timings["a"]) == (1.0, 1.0, 1.0)
    assert [len(one.rounds) for one in timings.values()] == [2, 2]


def test_targets_are_shown_not_hidden(tmp_path: Path) -> None:
    rows = (
        report.Row("good", 0.7, target=0.75),
        report.Row("bad", 0.8, target=0.75),
        report.Row("none", None, note="missing package: pydantic"),
    )
    table = report.Table("A topic", rows)
    assert [row.mark for row in rows] == ["ok", "miss", ""]
    text = report.render(table)
    assert "0.80x" in text
    assert "missing package: pydantic" in text
    file = tmp_path / "bench.json"
    report.write_json(file, [table], {"python": "3"})
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    assert [row["mark"] for row in document["tables"][0]["rows"]] == ["ok", "miss", ""]
    assert list(tmp_path.iterdir()) == [file]
