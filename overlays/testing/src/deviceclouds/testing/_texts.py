"""Values that travel as text: percent-encoding, and the type a schema asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_plus

from ._problems import Problem
from ._schemas import MAX_PROBLEMS, pointer

if TYPE_CHECKING:
    from ._operations import Parameter
    from ._spec import Spec

__all__ = ["decode", "path_problems", "query_problems", "read_pairs", "typed", "typed_list"]

_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Longer numbers are no numbers anybody meant; int() itself refuses them from 4300 digits on.
_INTEGER = re.compile(r"-?[0-9]{1,300}")
_NUMBER = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?")


def decode(text: str, plus: bool = False) -> str | None:
    """Undoes percent-encoding; None where it is malformed or not UTF-8."""
    if "%" not in text:
        return text.replace("+", " ") if plus else text
    if _BAD_PERCENT.search(text):
        return None
    try:
        return unquote_plus(text, errors="strict") if plus else unquote(text, errors="strict")
    except UnicodeDecodeError:
        return None


def read_pairs(text: str) -> tuple[list[tuple[str, str]], bool]:
    """The pairs of a query or form, names decoded, values not; and whether all names could be."""
    pairs, good = [], True
    for pair in text.split("&"):
        if not pair:
            continue
        name, _, value = pair.partition("=")
        decoded = decode(name, plus=True)
        good = good and decoded is not None
        if decoded is not None:
            pairs.append((decoded, value))
    return pairs, good


def typed(spec: Spec, schema: Any, text: str) -> Any:
    """A text as the JSON value its schema asks for; the text itself where it is none."""
    schema = spec.resolve(schema)
    kinds = schema.get("type", "string")
    for kind in kinds if isinstance(kinds, list) else (kinds,):
        if kind == "integer" and _INTEGER.fullmatch(text):
            return int(text)
        if kind == "number" and _NUMBER.fullmatch(text):
            return float(text) if set(text) & set(".eE") else int(text)
        if kind == "boolean" and text in ("true", "false"):
            return text == "true"
    return text


def typed_list(spec: Spec, schema: Any, texts: list[str]) -> list[Any]:
    """Texts as the items of a list schema."""
    items = spec.resolve(schema).get("items", {})
    return [typed(spec, items, text) for text in texts]


def query_problems(spec: Spec, parameters: tuple[Parameter, ...], query: str) -> list[Problem]:
    """Checks a query string, without its question mark."""
    known = {parameter.name: parameter for parameter in parameters if parameter.location == "query"}
    given: dict[str, list[str]] = {}
    pairs, good = read_pairs(query) if query else ([], True)
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    problems = [] if good else [Problem("query", "a name is not percent-encoded UTF-8", "encoding")]
    for name in given:
        if name not in known and len(problems) < MAX_PROBLEMS:
            # The pointer's rules for names apply, without its slash.
            problems.append(
                Problem(f"query.{pointer([name])[1:]}", "is not documented", "undocumented")
            )
    for name, parameter in known.items():
        if name in given:
            problems += _one(spec, parameter, given[name])
        elif parameter.required:
            problems.append(Problem(f"query.{name}", "is required", "required"))
    return problems


def path_problems(
    spec: Spec, parameters: tuple[Parameter, ...], values: dict[str, str]
) -> list[Problem]:
    """Checks the still encoded values of a path."""
    problems = []
    for parameter in parameters:
        if parameter.location == "path" and parameter.name in values:
            problems += _one(spec, parameter, [values[parameter.name]])
    return problems


def _one(spec: Spec, parameter: Parameter, texts: list[str]) -> list[Problem]:
    location = f"{parameter.location}.{parameter.name}"
    many = spec.resolve(parameter.schema).get("type") == "array"
    if (many and not parameter.explode) or parameter.location != "query":
        # Split before decoding: an encoded comma belongs to its item.
        parts = [part for text in texts for part in (text.split(",") if many else [text])]
    else:
        parts = texts
    if len(texts) > 1 and not (many and parameter.explode):
        return [Problem(location, "is given more than once", "repeated")]
    decoded = [decode(part, plus=parameter.location == "query") for part in parts]
    good = [part for part in decoded if part is not None]
    if len(good) < len(decoded):
        return [Problem(location, "is not percent-encoded UTF-8", "encoding")]
    value = (
        typed_list(spec, parameter.schema, good) if many else typed(spec, parameter.schema, good[0])
    )
    return spec.checker.problems(parameter.schema, value, location)
