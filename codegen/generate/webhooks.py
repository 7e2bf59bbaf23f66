"""Models of what a vendor sends to webhook receivers: pydantic, made by datamodel-code-generator.

A module apart from the client's models, and the only one that needs pydantic. Reads are lenient: fields nobody knows
are kept, enumerations are plain text, limits are not checked, and whatever is optional may be null.
"""

from __future__ import annotations

import ast
import textwrap
import warnings
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from codegen.generate.annotations import Annotator
from codegen.generate.upstream import GenerationError
from codegen.names import class_name

__all__ = ["MODELS_GENERATOR", "MODULE", "client_document", "write_webhook_models"]

Node = Mapping[str, Any]
MODELS_GENERATOR = "0.89.0"
MODULE = "webhook_models.py"
WIDTH = 92
BASE_CLASS = "BaseModel"
#: What the generator writes into the base class, and what stands there instead: ids may be sent as numbers, and reading
#: docstrings at run time takes the source code.
SETTING = ("use_attribute_docstrings=True", "coerce_numbers_to_str=True")


def client_document(document: Node) -> Node:
    """The document as a client is made from it: without webhooks, and without the schemas only they use."""
    if "webhooks" not in document:
        return document
    types = Annotator(document)
    components = document["components"]
    schemas: Node = components["schemas"]
    received = types.reachable(iter([document["webhooks"]]))
    others = {name: schema for name, schema in schemas.items() if name not in received}
    rest = {
        **{key: value for key, value in document.items() if key not in ("webhooks", "components")},
        "components": {**components, "schemas": others},
    }
    kept = others.keys() | types.reachable(iter([rest]))
    named = {name: schema for name, schema in schemas.items() if name in kept}
    return {**rest, "components": {**components, "schemas": named}}


def write_webhook_models(document: Node, package: Path, header: str) -> int:
    """Writes the models of a document's webhooks, where it has any.

    Args:
        document: The specification; the linter has passed it.
        package: Folder of the vendor's package.
        header: First line of the module.

    Returns:
        How many models were written.

    Raises:
        GenerationError: The generator is not the pinned one, warned, or lost a model.
    """
    if "webhooks" not in document:
        return 0
    schemas = _Reading(document).schemas()
    text = _generate(schemas)
    written = {node.name for node in ast.parse(text).body if isinstance(node, ast.ClassDef)}
    lost = sorted(written ^ {BASE_CLASS, *schemas})
    if lost:
        raise GenerationError(f"webhook models differ between the generator and the spec: {lost}")
    if text.count(SETTING[0]) != 1:
        raise GenerationError(f"the base class of webhook models has no one {SETTING[0]}")
    text = text.replace(*SETTING)
    text = f'{header}\n"""What the vendor sends to webhook receivers."""\n\n{text}'
    (package / MODULE).write_text(text, encoding="utf-8")
    return len(schemas)


class _Reading:
    """The schemas of webhooks, as they are to be read."""

    def __init__(self, document: Node) -> None:
        self.document = document
        self.types = Annotator(document)

    def schemas(self) -> dict[str, Node]:
        """Schemas by class name: of each object in a body, and one for the parameters of each webhook with any."""
        webhooks: Node = self.document["webhooks"]
        found = {}
        for name, item in webhooks.items():
            ((_, operation),) = ((k, v) for k, v in item.items() if k in ("get", "post"))
            nodes = [*item.get("parameters", []), *operation.get("parameters", [])]
            if nodes:
                found[class_name(name)] = self._parameters(operation, nodes)
        components: Node = self.document["components"]["schemas"]
        for name in sorted(self.types.reachable(iter([webhooks]))):
            if "properties" in components[name]:
                found[name] = self._object(components[name])
        return found

    def _parameters(self, operation: Node, nodes: list[Node]) -> Node:
        own = {node["name"]: node for node in map(self._component, nodes)}
        return {
            "type": "object",
            "description": _words(operation["description"], operation, "Evidence: {}."),
            "required": [name for name, node in own.items() if node.get("required")],
            "properties": {
                name: {**self._value(node["schema"]), "description": _words(_text(node), node)}
                for name, node in own.items()
            },
        }

    def _object(self, schema: Node) -> Node:
        return {
            "type": "object",
            "description": _words(_text(schema), schema, "Evidence: {}."),
            "required": schema.get("required", []),
            "properties": {
                wire: self._property(node) for wire, node in schema["properties"].items()
            },
        }

    def _property(self, node: Node) -> Node:
        _, target = self.types.named(node)
        text = _text(node) or _text(target)
        if "enum" in target:
            text += f" Known values: {', '.join(f'`{value}`' for value in target['enum'])}."
        return {**self._value(node), "description": _words(text, node)}

    def _value(self, node: Node) -> dict[str, Any]:
        name, target = self.types.named(node)
        if name is not None and "properties" in target:
            return {"$ref": f"#/components/schemas/{name}"}
        kept = {key: target[key] for key in ("type", "const") if key in target}
        if target.get("format") == "date-time":
            kept["format"] = "date-time"
        for key in ("oneOf", "anyOf"):
            if key in target:
                kept[key] = [self._value(member) for member in target[key]]
        for key in ("items", "additionalProperties"):
            if key in target:
                value = target[key]
                kept[key] = self._value(value) if isinstance(value, Mapping) else value
        return kept

    def _component(self, node: Node) -> Node:
        while "$ref" in node:
            target: Any = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node


def _text(node: Node) -> str:
    return " ".join(str(node.get("description", "")).split())


def _words(text: str, node: Node, told: str = "({})") -> str:
    """Wrapped words of a docstring, with the evidence of the node where it has its own."""
    text = " ".join(text.split())
    evidence = node.get("x-evidence")
    if evidence is not None:
        text += f" {told.format(evidence['status'])}"
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _generate(schemas: Node) -> str:
    found = version("datamodel-code-generator")
    if found != MODELS_GENERATOR:
        raise GenerationError(
            f"datamodel-code-generator {found} is installed, webhook models were looked at as {MODELS_GENERATOR}"
            f" makes them: read what it changes in {MODULE}, then write its version into {Path(__file__).name}"
        )
    # Half a second to import; a vendor without webhooks need not pay it.
    from datamodel_code_generator import GenerateConfig, InputFileType, generate
    from datamodel_code_generator.enums import DataModelType
    from datamodel_code_generator.format import DatetimeClassType, PythonVersion

    config = GenerateConfig(
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.PydanticV2BaseModel,
        output_datetime_class=DatetimeClassType.Datetime,
        target_python_version=PythonVersion.PY_311,
        formatters=[],  # ours formats the whole tree
        disable_timestamp=True,
        custom_file_header=" ",  # ours is put in front
        use_union_operator=True,
        use_standard_collections=True,
        use_schema_description=True,
        use_field_description=True,
        use_attribute_docstrings=True,
        use_single_line_docstring=True,
        use_default_kwarg=True,  # type checkers know no other way
        use_generic_base_class=True,
        snake_case_field=True,
        allow_population_by_field_name=True,
        extra_fields="allow",
    )
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Webhooks", "version": "1"},
        "paths": {},
        "components": {"schemas": dict(schemas)},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            text = generate(document, config=config)
        except Exception as error:
            raise GenerationError(
                f"the generator of webhook models failed: {type(error).__name__}: {error}"
            ) from error
    if not isinstance(text, str):
        raise GenerationError("the generator of webhook models made more than one module")
    return "\n".join(_lines(text))


def _lines(text: str) -> Iterator[str]:
    """The lines from the first statement on."""
    body = text.splitlines()
    start = next(i for i, line in enumerate(body) if line.startswith(("from ", "import ")))
    yield from body[start:]
    yield ""
