"""Files a run writes: found fit before anything is sent, and written whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["Outputs", "UnusableOutputError"]


class UnusableOutputError(Exception):
    """A file cannot be written; the message says which, why, and what to do."""


class Outputs:
    """The files that options name.

    Args:
        files: Option by name of file; ``-`` is standard output.
        inputs: Option by name of file that is read.
    """

    def __init__(self, files: Mapping[str, str], inputs: Mapping[str, str]) -> None:
        self._files = files
        self._inputs = inputs

    @property
    def use_stdout(self) -> bool:
        """Whether one of them is standard output."""
        return "-" in self._files.values()

    def check(self) -> None:
        """Finds what would go wrong later. Leaves nothing behind.

        Raises:
            UnusableOutputError: A file cannot be written, or two options name the same one.
        """
        seen: dict[Path, str] = {}
        for option, name in self._inputs.items():
            seen[_real(option, name)] = option
        for option, name in self._files.items():
            if name == "-":
                continue
            path = _real(option, name)
            if path in seen:
                raise UnusableOutputError(
                    f"{seen[path]} and {option} name the same file, {name}: give each its own."
                )
            seen[path] = option
            _try(option, name, path)

    def write(self, option: str, text: str) -> None:
        """Writes the file of an option: a new one beside it first, which then takes its place.

        Raises:
            UnusableOutputError: It cannot be written; then what was there before is as it was.
        """
        name = self._files[option]
        content = text.encode("utf-8")
        try:
            if name == "-":
                sys.stdout.buffer.write(content)
                sys.stdout.buffer.flush()
                return
            path = _real(option, name)
            temporary = _create(path)
        except OSError as error:
            raise _unusable(option, name, error) from None
        try:
            temporary.write_bytes(content)
            temporary.replace(path)
        except OSError as error:
            raise _unusable(option, name, error) from None
        finally:
            temporary.unlink(missing_ok=True)


def _real(option: str, name: str) -> Path:
    if not name:
        raise UnusableOutputError(f"{option} needs the name of a file.")
    try:
        # A link stays, and what it points to is replaced.
        return Path(name).resolve()
    except (OSError, ValueError, RuntimeError):
        raise UnusableOutputError(
            f"{option} {name!r} is no name of a file: give another."
        ) from None


def _try(option: str, name: str, path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = None
    except OSError as error:
        raise _unusable(option, name, error) from None
    if mode is not None and stat.S_ISDIR(mode):
        raise UnusableOutputError(f"{option} {name} is a folder: name a file in it.")
    if mode is not None and not stat.S_ISREG(mode):
        raise UnusableOutputError(
            f"{option} {name} is no ordinary file: name one, or - for standard output."
        )
    if mode is not None and not os.access(path, os.W_OK):
        raise UnusableOutputError(
            f"{option} {name} is write-protected: allow writing to it, or name another file."
        )
    try:
        _create(path).unlink()
    except OSError as error:
        raise _unusable(option, name, error) from None


def _create(path: Path) -> Path:
    """A new empty file beside another, with the rights new files have here."""
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.tmp")
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    return temporary


def _unusable(option: str, name: str, error: OSError) -> UnusableOutputError:
    folder = Path(name).parent
    if name == "-":
        return UnusableOutputError(
            f"{option} could not be written to standard output ({error.strerror})."
        )
    if isinstance(error, FileNotFoundError):
        return UnusableOutputError(
            f"{option} {name} cannot be written: there is no folder {folder}. Make it first."
        )
    if isinstance(error, NotADirectoryError):
        return UnusableOutputError(
            f"{option} {name} cannot be written: {folder} is no folder. Name another file."
        )
    if isinstance(error, PermissionError):
        return UnusableOutputError(
            f"{option} {name} cannot be written: you may not write to the folder {folder}. Name another one."
        )
    return UnusableOutputError(
        f"{option} {name} cannot be written ({error.strerror or type(error).__name__}). Name another file."
    )
