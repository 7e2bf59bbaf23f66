"""Edits of single values in YAML text; every other byte stays as it is."""

from __future__ import annotations

import re

from codegen.compare import DocumentError


class Lines:
    """A text as lines, counted from 1; each keeps its own line end."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines(keepends=True)

    def text(self) -> str:
        """Return the text."""
        return "".join(self._lines)

    def set_word(self, line: int, key: str, word: str) -> None:
        """Set a value that is one plain word; a comment after it stays."""
        head, rest = self._split(line, key)
        changed, count = re.subn(
            r"\A(\s+)['\"]?[\w-]+['\"]?(?=\s|\Z)", rf"\g<1>{word}", rest, count=1
        )
        if not count:
            raise self._strange(line, key)
        self._lines[line - 1] = head + changed

    def prefix_text(self, line: int, key: str, words: str) -> None:
        """Put a sentence before the text of a value, however the text is written."""
        head, rest = self._split(line, key)
        value = rest.lstrip(" ")
        if not value.strip():
            raise self._strange(line, key)
        if value[0] in "|>":
            below = self._lines[line]
            end = below[len(below.rstrip("\r\n")) :]
            self._lines.insert(line, f"{' ' * _width(below)}{words}{end}")
        elif value[0] in "'\"":
            self._lines[line - 1] = f"{head} {value[0]}{words} {value[1:]}"
        else:
            self._lines[line - 1] = f"{head} {words} {value}"

    def add_entry(self, line: int, key: str, word: str) -> None:
        """Add a word to a value that is one word or a list of words; nothing if it is in it."""
        head, rest = self._split(line, key)
        value = rest.split(" #")[0].strip()
        end = rest[len(rest.rstrip("\r\n")) :]
        indent = head[: len(head) - len(head.lstrip())]
        last = self._end(line)
        if value.startswith("["):
            if word in re.split(r"[\s,\[\]]+", value):
                return
            self._lines[line - 1] = head + rest.replace("]", f", {word}]", 1)
        elif value:
            if value == word:
                return
            self._lines[line - 1 : line] = [
                f"{head}{end}", f"{indent}  - {value}{end}", f"{indent}  - {word}{end}",
            ]  # fmt: skip
        else:
            entries = [entry for entry in self._lines[line:last] if entry.lstrip().startswith("- ")]
            if not entries:
                raise self._strange(line, key)
            if word in (entry.split(" #")[0].strip()[2:].strip() for entry in entries):
                return
            below = entries[-1][: len(entries[-1]) - len(entries[-1].lstrip())]
            self._lines.insert(last, f"{below}- {word}{end}")

    def _split(self, line: int, key: str) -> tuple[str, str]:
        text = self._lines[line - 1]
        found = re.match(rf"(\s*{re.escape(key)}:)(?=\s)", text)
        if not found:
            raise self._strange(line, key)
        return found[1], text[found.end() :]

    def _end(self, line: int) -> int:
        """Return the number of the last line of the value whose key stands in `line`."""
        width = _width(self._lines[line - 1])
        last = line
        for number in range(line + 1, len(self._lines) + 1):
            text = self._lines[number - 1]
            same = _width(text) == width and text.lstrip().startswith("- ")
            if text.strip() and _width(text) <= width and not same:
                break
            if text.strip():
                last = number
        return last

    def _strange(self, line: int, key: str) -> DocumentError:
        return DocumentError(
            f"`{key}` is not written in a way this tool can edit",
            line=line,
            remedy="nothing was written; upgrade this one by hand",
        )


def _width(text: str) -> int:
    return len(text) - len(text.lstrip(" "))
