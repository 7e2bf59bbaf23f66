"""Reads an MPEG transport stream as strictly as a player's first stage, with nothing of the sandbox's own writer."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Frame", "Reader"]

PACKET = 188


class Frame(NamedTuple):
    """A frame: when it is shown, the clock with it (in 90 kHz ticks), and the kinds of its units."""

    shown: int
    clock: int
    units: list[int]


class Reader:
    """Checks packets, tables and counters; frames are in ``frames``."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self._counters: dict[int, int] = {}
        self._clock = 0
        self._video: bytearray | None = None
        self._program: int | None = None
        self.stream: int | None = None

    def feed(self, content: bytes) -> None:
        """Reads whole packets."""
        assert len(content) % PACKET == 0
        for start in range(0, len(content), PACKET):
            self._packet(content[start : start + PACKET])
        self._end_frame()

    def _packet(self, packet: bytes) -> None:
        assert packet[0] == 0x47
        pid = (packet[1] & 0x1F) << 8 | packet[2]
        starts, field, payload = packet[1] & 0x40, packet[3] & 0x20, packet[3] & 0x10
        assert payload
        count = packet[3] & 0x0F
        if pid in self._counters:
            assert count == (self._counters[pid] + 1) % 16, f"a packet of {pid:#x} is missing"
        self._counters[pid] = count
        rest = packet[4:]
        if starts and pid == self.stream:
            self._end_frame()
        if field:
            length = rest[0]
            assert length < 184
            if length and rest[1] & 0x10:
                self._clock = int.from_bytes(rest[2:7], "big") >> 7
            rest = rest[1 + length :]
        if pid == 0:
            section = _section(rest)
            assert section[0] == 0
            self._program = (section[10] & 0x1F) << 8 | section[11]
        elif pid == self._program:
            section = _section(rest)
            assert section[0] == 2
            assert section[12] == 0x1B  # H.264
            self.stream = (section[13] & 0x1F) << 8 | section[14]
        else:
            assert pid == self.stream
            if starts:
                self._video = bytearray()
            assert self._video is not None
            self._video += rest

    def _end_frame(self) -> None:
        if self._video is None:
            return
        pes, self._video = bytes(self._video), None
        assert pes.startswith(b"\x00\x00\x01\xe0")
        assert pes[7] & 0xC0 == 0x80
        stamp = pes[9:14]
        assert stamp[0] & 1
        assert stamp[2] & 1
        assert stamp[4] & 1
        shown = (stamp[0] >> 1 & 7) << 30
        shown |= int.from_bytes(stamp[1:3], "big") >> 1 << 15
        shown |= int.from_bytes(stamp[3:5], "big") >> 1
        units = pes[9 + pes[8] :].split(b"\x00\x00\x00\x01")
        assert units[0] == b""
        self.frames.append(Frame(shown, self._clock, [unit[0] & 0x1F for unit in units[1:]]))


def _section(content: bytes) -> bytes:
    """A table of one packet, its checksum checked."""
    start = 1 + content[0]
    length = (content[start + 1] & 0x0F) << 8 | content[start + 2]
    section = content[start : start + 3 + length]
    assert _checksum(section) == 0
    return section


def _checksum(content: bytes) -> int:
    value = 0xFFFFFFFF
    for bit in "".join(f"{byte:08b}" for byte in content):
        top = value >> 31 ^ int(bit)
        value = value << 1 & 0xFFFFFFFF
        if top:
            value ^= 0x04C11DB7
    return value
