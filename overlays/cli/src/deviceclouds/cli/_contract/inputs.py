"""What is given for single operations: the file of ``--input``, and other paths of ``--path``."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

__all__ = ["UnusableInputError", "read_inputs", "read_paths"]

LARGEST = 16 * 1024 * 1024
"""Bytes."""

FORM = 'give an object by operation, such as {"GetDevice": {"parameters": {"device_id": "..."}, "body": {...}}}'


class UnusableInputError(Exception):
    """A file or an option cannot be used; the message says why and what to do, and shows nothing a file holds."""


def read_inputs(name: str) -> dict[str, Any]:
    """Reads JSON, or TOML from a file that is called so.

    Args:
        name: Name of the file.

    Raises:
        UnusableInputError: It is not there, cannot be read, or holds something else.
    """
    path = Path(name)
    try:
        if path.exists() and not path.is_file():
            raise UnusableInputError(
                f"--input {name} is no ordinary file: name a JSON or TOML file."
            )
        if path.stat().st_size > LARGEST:
            raise UnusableInputError(
                f"--input {name} has more than 16 MB: give only what is needed."
            )
        text = path.read_text(encoding="utf-8-sig")
        found = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except FileNotFoundError:
        raise UnusableInputError(f"--input {name}: there is no such file.") from None
    except OSError as error:
        raise UnusableInputError(f"--input {name} cannot be read ({error.strerror}).") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UnusableInputError(
            f"--input {name} is no JSON ({error.msg}, {place}): {FORM}."
        ) from None
    except (ValueError, RecursionError):
        # Its words could show part of the file.
        raise UnusableInputError(f"--input {name} is no usable JSON or TOML: {FORM}.") from None
    if not isinstance(found, dict):
        raise UnusableInputError(f"--input {name} holds no object: {FORM}.")
    return found


def read_paths(given: Iterable[str]) -> dict[str, str]:
    """Reads the values of ``--path``.

    Args:
        given: Each ``NAME=/path`` or ``NAME=METHOD /path``.

    Returns:
        Path, with its method where it has one, by the name of its operation.

    Raises:
        UnusableInputError: One is of another form, or two have the same name.
    """
    paths: dict[str, str] = {}
    for text in given:
        name, sign, path = (part.strip() for part in text.partition("="))
        if not (name and sign and path):
            raise UnusableInputError(
                f'--path {text!r} is not usable: write NAME="METHOD /path" or NAME=/path.'
            )
        if name in paths:
            raise UnusableInputError(
                f"--path names {name} twice: give one path for each operation."
            )
        paths[name] = path
    return paths
