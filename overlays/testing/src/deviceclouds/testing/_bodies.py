"""Request bodies: read by content type, then checked by schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from ._problems import Problem
from ._schemas import pointer
from ._texts import decode, read_pairs, typed, typed_list

if TYPE_CHECKING:
    from ._multipart import Part
    from ._operations import Body
    from ._spec import Spec

__all__ = ["body_problems", "media_type", "read_body", "read_json"]

_FILE = "(a file)"


def media_type(header: str | None) -> tuple[str, str | None]:
    """The media type in lower case, and its charset."""
    name, _, rest = (header or "").partition(";")
    charset = None
    for parameter in rest.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            charset = value.strip().strip('"').lower()
    return name.strip().lower(), charset


def body_problems(
    spec: Spec, body: Body | None, header: str | None, content: bytes
) -> list[Problem]:
    """Checks a request body.

    Args:
        spec: The specification.
        body: The documented body; None where the operation takes none.
        header: The Content-Type header; None where there is none.
        content: The body as sent.
    """
    if body is None:
        return [Problem("body", "this operation takes no body", "undocumented")] if content else []
    if not content:
        return [Problem("body", "is required", "required")] if body.required else []
    kind, charset = media_type(header)
    if kind != body.content_type:
        said = f"must be {body.content_type}" + ("" if kind else "; there is none")
        return [Problem("header.content-type", said, "content-type")]
    if charset not in (None, "utf-8", "utf8"):
        return [Problem("header.content-type", "charset must be utf-8", "content-type")]
    value, problems = read_body(spec, body, header, content)
    if problems:
        return problems
    found = spec.checker.problems(body.schema, value, "body")
    return found + spec.checker.undocumented(body.schema, value, "body")


def read_body(
    spec: Spec, body: Body, header: str | None, content: bytes
) -> tuple[Any, list[Problem]]:
    """What a body of the documented content type says, as JSON, and why it cannot be read; a file is ``(a file)``."""
    kind = media_type(header)[0]
    if kind == "multipart/form-data":
        return _read_multipart(spec, body, header or "", content)
    if kind == "application/x-www-form-urlencoded":
        return _read_form(spec, body, content)
    return read_json(content, "body")


def read_json(content: bytes, location: str) -> tuple[Any, list[Problem]]:
    """Strict JSON: UTF-8, no NaN or Infinity, no name twice. Gives the value and what is wrong."""
    try:
        text = content.decode()
        value = _STRICT.decode(text)
        if "\\ud" in text or "\\uD" in text:
            # Half of a surrogate pair, written as an escape: no text, and no error to json.loads.
            json.dumps(value, ensure_ascii=False).encode()
        return value, []
    except UnicodeError:
        return None, [Problem(location, "is not UTF-8 throughout", "json")]
    except RecursionError:
        return None, [Problem(location, "is nested too deep", "json")]
    except json.JSONDecodeError as error:
        # The error's own text holds no content; its line and column do no harm.
        return None, [Problem(location, f"is not JSON: {error}", "json")]
    except ValueError as error:
        return None, [Problem(location, f"is not JSON: {str(error)[:80]}", "json")]


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not allowed")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        # Some parsers take the first value, some the last.
        raise ValueError("a name stands twice in one object")
    return found


# Made once: json.loads() makes one for each call that has arguments.
_STRICT = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_once)


def _read_form(spec: Spec, body: Body, content: bytes) -> tuple[Any, list[Problem]]:
    try:
        pairs, good = read_pairs(content.decode("ascii"))
    except UnicodeDecodeError:
        return None, [Problem("body", "is not percent-encoded text", "encoding")]
    texts: dict[str, list[str]] = {}
    problems = [] if good else [Problem("body", "a name is not percent-encoded UTF-8", "encoding")]
    for name, value in pairs:
        text = decode(value, plus=True)
        if text is None:
            problems.append(
                Problem("body" + pointer([name]), "is not percent-encoded UTF-8", "encoding")
            )
        else:
            texts.setdefault(name, []).append(text)
    form: dict[str, Any] = {}
    for name, given in texts.items():
        location = "body" + pointer([name])
        form[name] = _field(spec, _property(spec, body, name), given, location, problems)
    return form, problems


def _read_multipart(
    spec: Spec, body: Body, header: str, content: bytes
) -> tuple[Any, list[Problem]]:
    from ._multipart import MultipartError, read_parts

    try:
        parts = read_parts(header, content)
    except MultipartError as error:
        return None, [Problem("body", str(error), "multipart")]
    grouped: dict[str, list[Part]] = {}
    for part in parts:
        grouped.setdefault(part.name, []).append(part)
    value: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, given in grouped.items():
        value[name] = _part(spec, body, name, given, problems)
    return value, problems


def _part(spec: Spec, body: Body, name: str, given: list[Part], problems: list[Problem]) -> Any:
    """The value of all parts of one name; what is wrong with them is added to the problems."""
    location = "body" + pointer([name])
    schema = _property(spec, body, name)
    if schema is None:
        return None
    resolved = spec.resolve(schema)
    for part in given:
        problems += _content_type_problems(body, name, part, location)
    if resolved.get("format") == "binary":
        if len(given) > 1:
            problems.append(Problem(location, "is given more than once", "repeated"))
        if any(part.filename is None for part in given):
            problems.append(Problem(location, "must be a file part, with a filename", "multipart"))
        return _FILE
    if resolved.get("type") == "object" or "oneOf" in resolved or "anyOf" in resolved:
        value, found = read_json(given[0].content, location)
        problems += found
        if len(given) > 1:
            problems.append(Problem(location, "is given more than once", "repeated"))
        return value
    try:
        texts = [part.content.decode() for part in given]
    except UnicodeDecodeError:
        problems.append(Problem(location, "is not UTF-8", "encoding"))
        return None
    return _field(spec, schema, texts, location, problems)


def _content_type_problems(body: Body, name: str, part: Part, location: str) -> list[Problem]:
    wanted = str(body.encoding.get(name, {}).get("contentType", "")).lower()
    kind = media_type(part.content_type)[0]
    # A part may leave its type out, and application/octet-stream says nothing about a file.
    vague = part.filename is not None and "application/octet-stream" in (kind, wanted)
    if not kind or not wanted or vague:
        return []
    if any(kind == each.strip() for each in wanted.split(",")):
        return []
    return [Problem(location, f"must have content type {wanted}", "content-type")]


def _property(spec: Spec, body: Body, name: str) -> Any:
    return spec.resolve(body.schema).get("properties", {}).get(name)


def _field(
    spec: Spec, schema: Any, texts: list[str], location: str, problems: list[Problem]
) -> Any:
    if schema is None:
        return texts[0]
    if spec.resolve(schema).get("type") == "array":
        return typed_list(spec, schema, texts)
    if len(texts) > 1:
        problems.append(Problem(location, "is given more than once", "repeated"))
    return typed(spec, schema, texts[0])
