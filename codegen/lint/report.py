"""What the linter says: one `Problem` a finding."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule, where it is broken and, where it is not obvious, what to do."""

    path: Path
    line: int
    pointer: str
    rule: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{self.path}:{self.line}: [{self.rule}] {self.message}{remedy}"

    def sort_key(self) -> tuple[str, int, str, str, str]:
        """Return the key that puts problems in reading order."""
        return (str(self.path), self.line, self.rule, self.pointer, self.message)


def shorten(text: str, limit: int = 160) -> str:
    """Return `text` on one line and cut to `limit` characters: validators quote whole documents."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 3]}..."
