"""The sandbox's benchmark measures what it says; its memory, which no neighbour changes, is as promised."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("starlette")

from benchmarks.load_client import ask_again_and_again
from benchmarks.report import render
from benchmarks.sandbox import SMALL, measure


def test_all_promises_are_measured() -> None:
    [table] = measure(rounds=1, seconds=0.1, repeats=1)
    rows = {row.name: row for row in table.rows}
    assert {f"{vendor} {operation}" for vendor, operation in SMALL.items()} < rows.keys()
    assert all(row.target is not None and row.figure is not None for row in table.rows)
    assert rows["memory, fleets at full size"].mark == "ok"
    # 200,000 events, 50,000 inferences, and all else.
    assert int(rows["memory, fleets at full size"].note.split()[0].replace(",", "")) > 250_000
    assert rows["replies against the spec"].mark == "ok"
    assert "calls/s" in render(table)


def test_wrong_replies_are_no_speed() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno")
        await writer.drain()
        writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            await asyncio.to_thread(ask_again_and_again, port, b"GET / HTTP/1.1\r\n\r\n", 0.1, 1)
        finally:
            server.close()

    with pytest.raises(RuntimeError, match="401"):
        asyncio.run(serve())
