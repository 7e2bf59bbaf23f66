"""JSON text as plain values, strictly: a key that stands twice is an error."""

from __future__ import annotations

import json

from codegen.compare.errors import DocumentError
from codegen.compare.places import JSON
from codegen.compare.yaml_text import DEEPEST, too_deep


def parse_json(text: str) -> JSON:
    """Return the value of a JSON text; raises `DocumentError`."""
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"not JSON: {error.msg}, column {error.colno}", line=error.lineno
        ) from None
    except RecursionError:
        raise too_deep() from None
    except ValueError as error:
        if isinstance(error, DocumentError):
            raise
        raise DocumentError(f"not JSON: {str(error)[:200]}") from None
    check_depth(value)
    return value


def _object(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise DocumentError(f"the key `{twice}` stands twice in one object")
    return result


def _constant(text: str) -> JSON:
    raise DocumentError(f"not JSON: {text} is no number of JSON")


def check_depth(value: JSON) -> None:
    """Refuse values that are nested too deeply to be walked."""
    level: list[JSON] = [value]
    for _ in range(DEEPEST + 1):
        level = [
            below
            for entry in level
            if isinstance(entry, dict | list)
            for below in (entry.values() if isinstance(entry, dict) else entry)
        ]
        if not level:
            return
    raise too_deep()
