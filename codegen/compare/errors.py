"""What is wrong with a document that was to be read."""

from __future__ import annotations


class DocumentError(ValueError):
    """A document cannot be read; the text says where, what is wrong and what to do.

    Args:
        message: what is wrong.
        remedy: what to do.
        pointer: JSON pointer of the place in the document, where known.
        where: file, where there is one.
        line: line in the file, from 1; 0 where it is not known.
    """

    def __init__(
        self, message: str, *, remedy: str = "", pointer: str = "", where: str = "", line: int = 0
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.pointer = pointer
        self.where = where
        self.line = line

    def at(self, where: str, line: int = 0) -> DocumentError:
        """Return the same error, of this file."""
        return DocumentError(
            self.message,
            remedy=self.remedy,
            pointer=self.pointer,
            where=self.where or where,
            line=self.line or line,
        )

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        place = f" (at #{self.pointer})" if self.pointer and not self.line else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.where}{line}{': ' if self.where else ''}{self.message}{place}{remedy}"
