"""Pieces of Python text that templates put together: signatures, docstrings, table entries, literals."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from typing import Any

from codegen.generate.views import FieldView, ModelView, OperationView, ParameterView
from codegen.names import parameter_name

__all__ = ["FILTERS"]

WIDTH = 100


def literal(value: Any) -> str:
    """A Python literal that ruff will not rewrite: double quotes, no surprises from any text."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return '"' + "".join(c if c.isprintable() else _escaped(c) for c in escaped) + '"'
    if isinstance(value, tuple):
        inner = ", ".join(literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    return repr(value)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def docstring(paragraphs: Iterable[str], indent: int) -> str:
    """A docstring of wrapped paragraphs; text cannot end it or escape from it."""
    pad = " " * indent
    blocks = [_safe(p) for p in paragraphs if p]
    if len(blocks) == 1 and len(blocks[0]) <= WIDTH - indent - 6 and "\n" not in blocks[0]:
        return f'{pad}"""{blocks[0]}"""'
    lines = "\n\n".join(_wrap(block, indent) for block in blocks).splitlines()
    text = "\n".join(f"{pad}{line}".rstrip() for line in lines)
    return f'{pad}"""{text.lstrip()}\n{pad}"""'


def _safe(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"""', "'''")
    # A quote at the very end would join the closing ones.
    return f"{text}." if text.endswith('"') else text


def _wrap(block: str, indent: int) -> str:
    wrapped = []
    for line in block.splitlines():
        lead = len(line) - len(line.lstrip())
        hang = lead + 4 if lead else 0
        wrapped.append(
            textwrap.fill(
                line.strip(),
                WIDTH - indent - 2,
                initial_indent=" " * lead,
                subsequent_indent=" " * hang,
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
    return "\n".join(wrapped)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def _described(name: str, item: ParameterView | FieldView) -> str:
    parts = [_sentence(item.description), _limits_text(item.limits, item.description)]
    if item.default is not None:
        parts.append(f"The server's default is {item.default!r}.")
    if item.evidence:
        parts.append(f"({item.evidence})")
    return f"    {name}: {' '.join(part for part in parts if part)}"


def _limits_text(limits: dict[str, Any], described: str) -> str:
    """The limits in words, unless the description tells them itself."""
    told = set(re.findall(r"\d+", described.replace(",", "")))
    low, high = limits.get("minimum"), limits.get("maximum")
    words = []
    if low is not None and high is not None:
        words.append((f"{low} to {high}", {low, high}))
    elif low is not None or high is not None:
        words.append(
            (f"at least {low}" if high is None else f"at most {high}", {low, high} - {None})
        )
    for key, text in (
        ("min_length", "at least {} characters"),
        ("max_length", "at most {} characters"),
        ("min_items", "at least {} items"),
        ("max_items", "at most {} items"),
    ):
        if key in limits:
            words.append((text.format(limits[key]), {limits[key]}))
    joined = ", ".join(text for text, numbers in words if not {str(n) for n in numbers} <= told)
    return f"{joined[0].upper()}{joined[1:]}." if joined else ""


def operation_doc(operation: OperationView) -> str:
    """The docstring of a facade method."""
    arguments = [_described(p.name, p) for p in ordered_parameters(operation)]
    if operation.body is not None:
        arguments += [_described(parameter_name(f.wire), f) for f in operation.body.fields]
        arguments.append(f"    body: {_body_text(operation)}")
    returns = _sentence(operation.reply.description)
    if operation.paging:
        returns = f"The list, fetched page by page when asked for. {returns}"
    evidence = f"Evidence: {operation.evidence}."
    if operation.evidence_note:
        evidence += f" {_sentence(operation.evidence_note)}"
    blocks = [_sentence(operation.summary), _sentence(" ".join(operation.description.split()))]
    if arguments:
        blocks.append("Args:\n" + "\n".join(arguments))
    if operation.reply.shape != "none":
        blocks.append(f"Returns:\n    {returns}")
    blocks.append(
        f"``{operation.method} {operation.path}`` ({operation.id}). {evidence}"
        f" Raises DeviceCloudError; documented statuses: {', '.join(operation.errors) or 'none'}."
    )
    return docstring(blocks, 8)


def async_doc(operation: OperationView, sync_class: str) -> str:
    """The docstring of an async method: short, as everything but the waiting stands in the sync one."""
    text = (
        f"{_sentence(operation.summary)} Arguments, result and errors are those of"
        f" `{sync_class}.{operation.name}`. Evidence: {operation.evidence}."
    )
    return docstring([text], 8)


def _body_text(operation: OperationView) -> str:
    body = operation.body
    assert body is not None
    text = _sentence(body.description)
    return f"{text} Instead of the fields above." if body.fields else text


def model_doc(model: ModelView) -> str:
    """The docstring of a model."""
    blocks = [_sentence(model.description)]
    if model.evidence:
        blocks.append(f"Evidence: {model.evidence}.")
    if model.fields:
        blocks.append("Attributes:\n" + "\n".join(_described(f.name, f) for f in model.fields))
    return docstring(blocks, 4)


def ordered_parameters(operation: OperationView) -> list[ParameterView]:
    """Parameters as they stand in a signature: positional path parameters first."""
    return sorted(
        operation.parameters,
        key=lambda p: (not is_positional(p), p.client_supplied, not p.required),
    )


def is_positional(parameter: ParameterView) -> bool:
    """Path parameters are positional, unless the client's constructor may supply them."""
    return parameter.location == "path" and not parameter.client_supplied


def signature(operation: OperationView, form: str) -> str:
    """The arguments of a method after ``self``.

    Args:
        operation: The operation.
        form: ``fields`` or ``body`` for one overload, ``all`` for everything a call may hold.
    """
    parameters = ordered_parameters(operation)
    before = [f"{p.name}: {p.annotation}" for p in parameters if is_positional(p)]
    after = [
        _keyword(p.name, p.annotation, p.required and not p.client_supplied)
        for p in parameters
        if not is_positional(p)
    ]
    body = operation.body
    if body is not None:
        if form in ("fields", "all"):
            after += [
                _keyword(
                    parameter_name(f.wire),
                    f.argument,
                    f.required and f.const is None and form == "fields" and body.required,
                )
                for f in body.fields
            ]
        if form in ("body", "all"):
            required = body.required and (form == "body" or not body.fields)
            annotation = " | ".join(body.variants) or "Mapping[str, Any]"
            after.append(_keyword("body", annotation, required))
    star = ["*"] if after else []
    return ", ".join(["self", *before, *star, *after, "**options: Unpack[CallOptions]"])


def _keyword(name: str, annotation: str, required: bool) -> str:
    return f"{name}: {annotation}" if required else f"{name}: {annotation} | Unset = UNSET"


def arguments(operation: OperationView) -> str:
    """The dictionary of arguments a method hands on."""
    names = [p.name for p in ordered_parameters(operation)]
    pairs = [f'"{name}": {name}' for name in names]
    if operation.body is not None:
        # "body" is the whole body: a field of that name gives way, see deviceclouds.runtime._body.
        pairs += [
            f'"{"body_" if f.name == "body" else f.name}": {parameter_name(f.wire)}'
            for f in operation.body.fields
        ]
        pairs.append('"body": body')
    return "{" + ", ".join(pairs) + "}"


def parameter_entry(parameter: ParameterView) -> str:
    """A Parameter of an operation's table entry, defaults left out."""
    parts = [literal(parameter.name), literal(parameter.wire), literal(parameter.location)]
    if parameter.kind != "string":
        parts.append(f"kind={literal(parameter.kind)}")
    flags = ("required", "client_supplied", "secret")
    parts += [f"{flag}=True" for flag in flags if getattr(parameter, flag)]
    if parameter.explode is not None:
        parts.append(f"explode={parameter.explode}")
    if parameter.limits:
        parts.append(f"limits={keywords('Limits', parameter.limits)}")
    return f"Parameter({', '.join(parts)})"


def keywords(name: str, values: dict[str, Any]) -> str:
    """A call with keyword arguments."""
    return f"{name}({', '.join(f'{key}={literal(value)}' for key, value in values.items())})"


def body_entry(operation: OperationView) -> str:
    """The Body of an operation's table entry."""
    body = operation.body
    assert body is not None
    parts = [literal(body.content_type), literal(body.variants), repr(body.required)]
    if body.fields:
        parts.append("flat=True")
    return f"Body({', '.join(parts)})"


FILTERS: dict[str, Callable[..., Any]] = {
    "literal": literal,
    "async_doc": async_doc,
    "operation_doc": operation_doc,
    "model_doc": model_doc,
    "signature": signature,
    "arguments": arguments,
    "parameter_entry": parameter_entry,
    "body_entry": body_entry,
    "keywords": keywords,
    "doc": lambda text, indent: docstring([_sentence(text)], indent),
    "sentence": _sentence,
}
