"""Stand-ins for text and numbers of a recording: they keep the shape and what is equal, never the content."""

from __future__ import annotations

import hashlib
import re
import secrets
import string
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import groupby

__all__ = ["DATE", "DATE_TIME", "MAX_TEXT", "Substitutes"]

MAX_TEXT = 256
"""Longer texts become stand-ins of this length, in characters, unless the schema asks for more. A multiple of 4, so
that Base64 stays whole."""

DATE_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?\s?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_IPV4 = re.compile(r"(\d{1,3}\.){3}\d{1,3}", re.ASCII)
_LONGEST_ADDRESS = 320  # RFC 5321; a longer text would take the expression too long
_SEPARATORS = frozenset("-_.:/,+=@ ")
_HEX = frozenset("abcdefABCDEF")
_FEW = 10  # values with fewer letters and digits than this could get the same stand-in by chance
_TRIES = 40


class Substitutes:
    """Makes stand-ins with a random key of its own, which is neither shown nor stored.

    Equal values get equal stand-ins, different values different ones, within one object of this class.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._short: dict[bytes, str] = {}
        self._taken: set[str] = set()

    def __repr__(self) -> str:
        return "<Substitutes>"

    def text(self, value: str, limit: int | None = MAX_TEXT) -> str:
        """A text of the same shape: length, letters, digits and separators stay where they are.

        Args:
            value: The original.
            limit: Greatest length in characters; None for the original's.
        """
        if not value:
            return ""
        if DATE_TIME.fullmatch(value) or DATE.fullmatch(value):
            return self._date(value)
        if len(value) <= _LONGEST_ADDRESS and _EMAIL.fullmatch(value):
            return f"{self.word(value)}@mail.invalid"
        if _IPV4.fullmatch(value):
            return "10.{}.{}.{}".format(*self._digest(value, 0)[:3])
        whole = value if limit is None else value[:limit].rstrip("=")
        return self._shaped(value, whole if limit is not None and len(value) > limit else value)

    def plain(self, value: str, salt: int) -> str:
        """Another one of the whole length, made letter by letter: no date, address or email on purpose."""
        return self._shape(value, value, salt + 1)

    def within(self, value: str, fits: Callable[[str], bool], public: str) -> str | None:
        """Character by character as far as a rule allows, which pins the others.

        Args:
            value: The original.
            fits: Whether a text keeps to the rule as the original does.
            public: What the specification itself says; only what stands there may stay.

        Returns:
            None where the rule allows no other character, where what it pins is not public, or where it asks for more
            than ``MAX_TEXT`` characters.
        """
        made = list(value[:MAX_TEXT])
        if not fits("".join(made)):
            return None
        stream = self._stream(value, 1)
        for index, char in enumerate(value[:MAX_TEXT]):
            for made[index] in _others(char, next(stream)):
                if fits("".join(made)):
                    break
            else:
                made[index] = char
        found = "".join(made)
        return (
            found if found != value and all(run in public for run in _kept(value, found)) else None
        )

    def word(self, value: str) -> str:
        """Ten lower-case letters."""
        digest = self._digest(value, 0)
        return "".join(string.ascii_lowercase[byte % 26] for byte in digest[:10])

    def _date(self, value: str) -> str:
        """A day within ten years, and the original's way to write a time of day."""
        number = int.from_bytes(self._digest(value, 0)[:4])
        day = date(2000, 1, 1) + timedelta(days=number % 3650)
        rest = re.sub(r"\d", "0", value[10:], flags=re.ASCII)
        return day.isoformat() + rest

    def _shaped(self, value: str, shown: str) -> str:
        mapped = sum(char.isalnum() for char in shown)
        if mapped >= _FEW:
            return self._shape(value, shown, 0)
        digest = self._digest(value, 0)
        if digest not in self._short:
            self._short[digest] = found = self._distinct(value, shown)
            self._taken.add(found)
        return self._short[digest]

    def _distinct(self, value: str, shown: str) -> str:
        for salt in range(_TRIES):
            # Where all texts of this length are taken, longer ones must do.
            longer = shown + "x" * (salt * len(shown) // _TRIES)
            found = self._shape(value, longer, salt)
            if found not in self._taken and found != value:
                return found
        return self._shape(value, shown + "x" * _FEW, _TRIES)

    def _shape(self, value: str, shown: str, salt: int) -> str:
        stream = self._stream(value, salt)
        if not any(char.isalnum() for char in shown):
            return "".join(string.ascii_lowercase[next(stream) % 26] for _ in shown)
        if _UUID.fullmatch(shown):
            # Clouds take and give UUIDs in either case: it is one id.
            return self._hex(shown, self._stream(value.lower(), salt))
        letters = {char for char in shown if char.isalpha()}
        span = 6 if letters <= _HEX and any(char.isdigit() for char in shown) else 26
        return "".join(
            _char(char, next(stream), span, index == 0) for index, char in enumerate(shown)
        )

    def _hex(self, shown: str, stream: Iterator[int]) -> str:
        # Version and variant of a UUID stay: a format check may look at them.
        made = [
            char if char == "-" or index in (14, 19) else "0123456789abcdef"[next(stream) % 16]
            for index, char in enumerate(shown)
        ]
        text = "".join(made)
        return text.upper() if shown.upper() == shown else text

    def _digest(self, value: str, block: int) -> bytes:
        data = block.to_bytes(8) + value.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, key=self._key).digest()

    def _stream(self, value: str, salt: int) -> Iterator[int]:
        # Each block hashes only the first one's outcome: a long text is read once.
        seed = self._digest(value, salt)
        block = 0
        while True:
            yield from hashlib.blake2b(block.to_bytes(8) + seed, key=self._key).digest()
            block += 1


def _kept(old: str, new: str) -> Iterator[str]:
    """What two texts have in common, between their differences and separators."""
    pairs = groupby(zip(old, new, strict=False), lambda p: p[0] == p[1] and p[0] not in _SEPARATORS)
    return ("".join(char for char, _ in run) for same, run in pairs if same)


def _others(char: str, number: int) -> list[str]:
    """All that may stand for a character but itself, from a place in the alphabet on."""
    letters = _alphabet(char)
    start = number % len(letters)
    return [other for other in letters[start:] + letters[:start] if other != char]


def _char(char: str, number: int, span: int, first: bool) -> str:
    letters = _alphabet(char)
    if letters == string.digits:
        return letters[1 + number % 9] if first else letters[number % 10]
    return letters[number % min(span, len(letters))]


def _alphabet(char: str) -> str:
    """The ASCII characters of the same kind; a separator stands for itself."""
    if char.isdigit() or char.isnumeric():
        return string.digits
    if char.isalpha():
        return string.ascii_uppercase if char.isupper() else string.ascii_lowercase
    if char in _SEPARATORS:
        return char
    return " " if char.isspace() else "_"
