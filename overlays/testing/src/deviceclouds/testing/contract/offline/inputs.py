"""Valid inputs of every operation: the specification's own examples, boundary values, and generated ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from ..._examples import example_call, media_examples
from .boundaries import boundary_values
from .carried import parameter_schema

if TYPE_CHECKING:
    from ..._operations import Operation, Parameter
    from ..._spec import Spec

__all__ = ["Input", "boundary_inputs", "covering", "example_inputs", "generated_inputs"]

Source = Literal["example", "boundary", "generated"]

# What clients refuse on purpose, though a JSON schema cannot say so. No input has such a value:
# - path segments that are empty, "." or "..": libraries and servers resolve them, another operation would be reached;
# - parameters that exclude each other, as x-pagination says (excluded_by);
# - an empty list in a query, and null in a query: they cannot be told from a parameter that was left out;
# - a form without any field: it cannot be told from no body;
# - headers that are not printable ASCII, or begin or end with a space.
_DOTS = ("", ".", "..")


@dataclass(frozen=True, slots=True)
class Input:
    """Arguments of one call, valid by the specification.

    Attributes:
        source: Where it is from.
        parameters: JSON values by name on the wire.
        body: The body as JSON, files as text; None for none.
    """

    source: Source
    parameters: Mapping[str, Any] = field(repr=False)
    body: Any = field(repr=False, default=None)


def example_inputs(spec: Spec, operation: Operation) -> list[Input]:
    """The specification's examples, one for each example of the body, and one with nothing that is optional."""
    try:
        call = example_call(spec, operation.id)
    except ValueError:
        # A specification of the user's own need not have examples; the other inputs do without.
        return []
    bodies = list(call.variants.values()) or [call.body]
    found = [Input("example", call.parameters, body) for body in bodies]
    needed = {p.name for p in operation.parameters if p.required}
    bare = {name: value for name, value in call.parameters.items() if name in needed}
    optional = operation.body is None or not operation.body.required
    found.append(Input("example", bare, None if optional else bodies[0]))
    return _all_usable(spec, operation, found)


def boundary_inputs(spec: Spec, operation: Operation) -> list[Input]:
    """Inputs at the bounds: every value of an enumeration, smallest and largest numbers, awkward text.

    As many as the parameter or field with the most such values has: all others go through theirs at the same time.
    """
    columns = {
        p.name: [*boundary_values(spec, parameter_schema(spec, p)), *_first_example(p)]
        for p in operation.parameters
    }
    bodies: list[Any] = []
    if operation.body is not None:
        bodies = boundary_values(spec, operation.body.schema)
        bodies += list(media_examples(operation.body.raw).values())[:1]
    count = max([1, len(bodies), *map(len, columns.values())])
    rows = (
        Input(
            "boundary",
            {
                # Each begins elsewhere: two of them that change places must not hold the same.
                name: values[(index + turn) % len(values)]
                for turn, (name, values) in enumerate(columns.items())
                if values
            },
            bodies[index % len(bodies)] if bodies else None,
        )
        for index in range(count)
    )
    return _all_usable(spec, operation, rows)


def generated_inputs(
    spec: Spec, operations: Iterable[Operation], count: int, seed: int
) -> dict[str, list[Input]]:
    """Inputs from schemathesis, by operation.

    Args:
        spec: The specification.
        operations: For which operations.
        count: How many of each.
        seed: The same seed gives the same inputs.

    Raises:
        ModuleNotFoundError: schemathesis is not installed.
    """
    from .generation import generate

    found: dict[str, list[Input]] = {}
    for operation in operations:
        drawn = generate(spec, operation, count, seed)
        rows = [Input("generated", parameters, body) for parameters, body in drawn]
        found[operation.id] = _all_usable(spec, operation, rows)
    return found


def covering(inputs: list[Input]) -> list[Input]:
    """The first inputs, and as many more as are needed for each parameter to be given once."""
    chosen = inputs[:2]
    seen = {name for given in chosen for name in given.parameters}
    for given in inputs[2:]:
        if given.parameters.keys() - seen:
            chosen.append(given)
            seen |= given.parameters.keys()
    return chosen


def _first_example(parameter: Parameter) -> list[Any]:
    return list(media_examples(parameter.raw).values())[:1]


def _all_usable(spec: Spec, operation: Operation, given: Iterable[Input]) -> list[Input]:
    """Those that are valid and not refused on purpose, without what excludes each other."""
    split = (part for each in given for part in _without_excluded(operation, each))
    rows = (_usable(spec, operation, each) for each in split)
    return [row for row in rows if row is not None]


def _without_excluded(operation: Operation, given: Input) -> list[Input]:
    """The input, or where parameters exclude each other two of it, one for each of the two kinds."""
    rules = operation.extensions.get("x-pagination", {})
    excluding = {name for name in rules.get("excluded_by", ()) if name in given.parameters}
    keys = ("page_parameter", "offset_parameter", "cursor_parameter", "size_parameter")
    paging = {rules.get(key) for key in keys} & given.parameters.keys()
    if not excluding or not paging:
        return [given]
    return [
        replace(given, parameters={n: v for n, v in given.parameters.items() if n not in dropped})
        for dropped in (excluding, paging)
    ]


def _usable(spec: Spec, operation: Operation, given: Input) -> Input | None:
    values = dict(given.parameters)
    for parameter in operation.parameters:
        value = values.get(parameter.name)
        if parameter.name not in values:
            if parameter.required:
                return None
            continue
        if parameter.location == "path" and value in _DOTS:
            return None
        if spec.checker.problems(parameter.schema, value, ""):
            return None
        values[parameter.name] = _whole(value)
    body = operation.body
    content = given.body
    if body is not None and content == {} and body.content_type != "application/json":
        content = None
    if body is not None and content is not None:
        if spec.checker.problems(body.schema, content, ""):
            return None
    elif body is not None and body.required:
        return None
    return Input(given.source, values, content)


def _whole(value: Any) -> Any:
    """To JSON schema 4.0 is an integer; in a URL only 4 is."""
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
