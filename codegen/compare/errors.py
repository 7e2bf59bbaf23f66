"""What is wrong with a document that was to be read."""

from __future__ import annotations


class DocumentError(ValueError):
    """A document cannot be read; the text says where, what is wrong and what to do."""

    def __init__(self, message: str, *, pointer: str = "") -> None:
        super().__init__(message)
        self.pointer = pointer
