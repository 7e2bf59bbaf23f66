"""multipart/form-data, read in one go and strictly: a body cut short is an error."""

from __future__ import annotations

from typing import NamedTuple

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

__all__ = ["MultipartError", "Part", "read_parts"]

_MAX_PARTS = 1000


class MultipartError(ValueError):
    """The body is not multipart/form-data."""


class Part(NamedTuple):
    """One part: its name, file name, content type (None where not given) and content."""

    name: str
    filename: str | None
    content_type: str | None
    content: bytes


class _Collector:
    """Gathers what the parser calls back with."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.ended = False
        self._headers: dict[str, str] = {}
        self._field = self._value = b""
        self._content: list[bytes] = []

    def begin(self) -> None:
        if len(self.parts) >= _MAX_PARTS:
            raise MultipartError(f"has more than {_MAX_PARTS} parts")
        self._headers, self._content = {}, []
        self._field = self._value = b""

    def field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        # latin-1 never fails; names in UTF-8 are turned back below.
        self._headers[self._field.decode("latin-1").lower()] = self._value.decode("latin-1")
        self._field = self._value = b""

    def data(self, data: bytes, start: int, end: int) -> None:
        self._content.append(data[start:end])

    def end(self) -> None:
        kind, options = parse_options_header(self._headers.get("content-disposition"))
        if kind != b"form-data" or b"name" not in options:
            raise MultipartError("has a part without Content-Disposition: form-data and a name")
        filename = options.get(b"filename")
        self.parts.append(
            Part(
                options[b"name"].decode("utf-8", "replace"),
                None if filename is None else filename.decode("utf-8", "replace"),
                self._headers.get("content-type"),
                b"".join(self._content),
            )
        )

    def finish(self) -> None:
        self.ended = True


def read_parts(content_type: str, content: bytes) -> list[Part]:
    """The parts of a body.

    Args:
        content_type: The Content-Type header, with its boundary.
        content: The body.

    Raises:
        MultipartError: There is no boundary, the body is malformed, or it is cut short.
    """
    try:
        boundary = parse_options_header(content_type)[1].get(b"boundary")
    except UnicodeEncodeError:
        boundary = None
    if not boundary:
        raise MultipartError("the Content-Type header has no boundary")
    collector = _Collector()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": collector.begin,
                "on_header_field": collector.field,
                "on_header_value": collector.value,
                "on_header_end": collector.header_end,
                "on_part_data": collector.data,
                "on_part_end": collector.end,
                "on_end": collector.finish,
            },
        )
        parser.write(content)
        parser.finalize()
    except FormParserError as error:
        raise MultipartError(
            f"is not well-formed multipart/form-data: {str(error)[:80]}"
        ) from error
    if not collector.ended:
        raise MultipartError("is cut short: the last boundary is missing")
    return collector.parts
