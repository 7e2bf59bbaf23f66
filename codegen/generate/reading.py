"""Reads a document into views. It relies on the linter: what a rule refuses is not looked for again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from codegen.generate.annotations import Annotation, Annotator
from codegen.generate.upstream import GenerationError
from codegen.generate.views import (
    BodyView,
    FieldView,
    ModelView,
    OperationView,
    PagingView,
    ParameterView,
    ReplyView,
    TagView,
    VendorView,
)
from codegen.names import class_name, method_name, namespace, parameter_name, python_name

__all__ = ["read_vendor"]

Node = Mapping[str, Any]
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_REPEATABLE = {"get", "put", "delete", "head", "options"}
_MODEL_METHODS = {"unknown_fields", "to_dict", "from_dict"}


def read_vendor(vendor: str, document: Node) -> VendorView:
    """The view of a whole document."""
    return _Reader(vendor, document).read()


class _Reader:
    def __init__(self, vendor: str, document: Node) -> None:
        self.vendor = vendor
        self.document = document
        self.types = Annotator(document)
        self.schemas: Mapping[str, Node] = document["components"]["schemas"]
        self.sent = self.types.reachable(_bodies(document))
        self.received = self.types.reachable(_replies(document))

    def read(self) -> VendorView:
        info = self.document["info"]
        servers = tuple(_server_url(server) for server in self.document["servers"])
        return VendorView(
            vendor=self.vendor,
            title=info["title"],
            api_version=str(info["version"]),
            base_url=servers[0],
            servers=servers,
            tags=tuple(self._tags()),
            models={
                class_name(name): self._model(name, schema)
                for name, schema in self.schemas.items()
                if "properties" in schema
            },
            enums={
                class_name(name): schema
                for name, schema in self.schemas.items()
                if "enum" in schema
            },
        )

    def _tags(self) -> Iterator[TagView]:
        by_tag: dict[str, list[OperationView]] = {tag["name"]: [] for tag in self.document["tags"]}
        for path, item in self.document["paths"].items():
            for method in _METHODS:
                if method in item:
                    operation = item[method]
                    by_tag[operation["tags"][0]].append(
                        self._operation(path, method, item, operation)
                    )
        descriptions = {tag["name"]: tag.get("description", "") for tag in self.document["tags"]}
        for name, operations in by_tag.items():
            yield TagView(
                namespace=namespace(name),
                class_name=class_name(name),
                description=descriptions[name],
                operations=tuple(operations),
            )

    def _operation(self, path: str, method: str, item: Node, operation: Node) -> OperationView:
        evidence = operation["x-evidence"]
        nodes = [*item.get("parameters", []), *operation.get("parameters", [])]
        # An operation's own parameter replaces its path's of the same name and place.
        own = {(node["name"], node["in"]): node for node in map(self._component, nodes)}
        parameters = tuple(self._parameter(node) for node in own.values())
        success, reply = self._reply(operation["responses"])
        body = self._body(operation.get("requestBody"))
        return OperationView(
            id=operation["operationId"],
            name=method_name(operation["operationId"]),
            namespace=namespace(operation["tags"][0]),
            method=method.upper(),
            path=path,
            summary=operation["summary"],
            description=operation.get("description", ""),
            evidence=evidence["status"],
            evidence_note=" ".join(evidence.get("note", "").split()),
            idempotent=operation.get("x-idempotent", method in _REPEATABLE),
            time_limit=operation.get("x-timeout"),
            security=tuple(name for scheme in operation["security"] for name in scheme),
            parameters=tuple(
                sorted(parameters, key=lambda p: (p.location != "path", not p.required))
            ),
            body=body,
            reply=reply,
            paging=self._paging(operation, success),
            poll=self._poll(operation),
            errors=tuple(status for status in operation["responses"] if not status.startswith("2")),
        )

    def _component(self, node: Node) -> Node:
        while "$ref" in node:
            target: Any = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def _parameter(self, node: Node) -> ParameterView:
        _, schema = self.types.named(node["schema"])
        array = schema.get("type") == "array"
        _, inner = self.types.named(schema.get("items", {})) if array else (None, schema)
        annotation = self.types.annotate(node["schema"], argument=True)
        return ParameterView(
            name=parameter_name(node["name"]),
            wire=node["name"],
            location=node["in"],
            kind=_kind(inner),
            required=node.get("required", False),
            explode=node.get("explode", node["in"] == "query") if array else None,
            annotation=annotation.text,
            classes=annotation.classes,
            limits={**_limits(inner), **_item_limits(schema)},
            client_supplied=node.get("x-client-supplied", False),
            secret=node.get("x-secret", False),
            description=_text(node.get("description", "")),
            default=schema.get("default"),
            evidence=_own_evidence(node),
        )

    def _body(self, node: Node | None) -> BodyView | None:
        if node is None:
            return None
        node = self._component(node)
        ((content_type, media),) = node["content"].items()
        name, schema = self.types.named(media["schema"])
        union = schema.get("oneOf", [])
        names = [self.types.named(v)[0] for v in union] or (
            [name] if "properties" in schema else []
        )
        flat = self._model(str(name), schema) if "properties" in schema else None
        return BodyView(
            content_type=content_type,
            variants=tuple(class_name(str(n)) for n in names),
            required=node.get("required", False),
            fields=() if flat is None else tuple(sorted(flat.fields, key=lambda f: not f.required)),
            description=_text(node.get("description", "")),
        )

    def _reply(self, responses: Node) -> tuple[Node, ReplyView]:
        """The first success reply with content, or the first; the schema it holds and its view."""
        found = [self._component(r) for status, r in responses.items() if status.startswith("2")]
        response = next((r for r in found if r.get("content")), found[0])
        description = _text(response.get("description", ""))
        if not response.get("content"):
            return {}, ReplyView("none", None, "None", (), description)
        ((content_type, media),) = response["content"].items()
        schema: Node = media.get("schema", {})
        if content_type.startswith("text/"):
            return schema, ReplyView("text", None, "str", (), description)
        if content_type != "application/json" and not content_type.endswith("+json"):
            return schema, ReplyView("binary", None, "bytes", (), description)
        annotation = self.types.annotate(schema)
        _, target = self.types.named(schema)
        _, inner = self.types.named(target.get("items", {}))
        if annotation.classes and not (
            {"properties", "oneOf"} & target.keys() or "properties" in inner
        ):
            raise GenerationError(f"not supported: a reply of {annotation.text}")
        return schema, ReplyView(
            "array" if target.get("type") == "array" else "object",
            "|".join(annotation.classes) or None,
            _full(annotation),
            annotation.classes,
            description,
        )

    def _paging(self, operation: Node, schema: Node) -> PagingView | None:
        rules = operation.get("x-pagination")
        if rules is None:
            return None
        node = schema
        for step in _pointer(rules["items"]):
            node = self.types.named(node)[1]["properties"][step]
        item = self.types.annotate(self.types.named(node)[1]["items"])
        if len(item.classes) > 1 or (item.text.startswith(("list", "dict")) and item.classes):
            raise GenerationError(f"not supported: pages of {item.text}")
        moving = next(
            rules[key]
            for key in ("cursor_parameter", "offset_parameter", "page_parameter")
            if key in rules
        )
        arguments: dict[str, Any] = {
            "style": rules["style"],
            "items": _pointer(rules["items"]),
            "parameter": parameter_name(moving),
        }
        if rules.get("in", "query") != "query":
            arguments["location"] = rules["in"]
        if "size_parameter" in rules:
            arguments["size_parameter"] = parameter_name(rules["size_parameter"])
        for key in ("max_size", "first_page"):
            if rules.get(key):
                arguments[key] = rules[key]
        for key in ("next", "total", "last", "last_page"):
            if key in rules:
                arguments[key] = _pointer(rules[key])
        if rules.get("short_page") == "ends":
            arguments["short_page_ends"] = True
        if rules.get("excluded_by"):
            arguments["excluded_by"] = tuple(parameter_name(name) for name in rules["excluded_by"])
        nodes = map(self._component, operation.get("parameters", []))
        if any(n["name"] == moving and _own_evidence(n) == "unverified" for n in nodes):
            arguments["guessed"] = True
        model = item.classes[0] if item.classes else None
        return PagingView(arguments, model, _full(item), item.classes)

    def _poll(self, operation: Node) -> dict[str, Any] | None:
        rules = operation.get("x-poll")
        if rules is None:
            return None
        looks = (
            other
            for item in self.document["paths"].values()
            for method, other in item.items()
            if method in _METHODS and other["operationId"] == rules["operation"]
        )
        look = next(looks)  # the linter has made sure that there is one
        arguments: dict[str, Any] = {
            "operation": f"{namespace(look['tags'][0])}.{method_name(look['operationId'])}",
            "status": _pointer(rules["status"]),
            "done": tuple(rules["done"]),
        }
        if rules.get("failed"):
            arguments["failed"] = tuple(rules["failed"])
        if rules.get("first_wait"):
            arguments["first_wait"] = float(rules["first_wait"])
        return arguments

    def _model(self, name: str, schema: Node) -> ModelView:
        received = name in self.received
        required = set(schema.get("required", []))
        return ModelView(
            name=class_name(name),
            module=python_name(name),
            description=_text(schema.get("description", "")),
            evidence=_own_evidence(schema),
            fields=tuple(
                self._field(wire, node, wire in required, received)
                for wire, node in sorted(
                    schema["properties"].items(), key=lambda p: p[0] not in required
                )
            ),
            sent=name in self.sent,
            received=received,
        )

    def _words(self, node: Node) -> str:
        """The description of a property: its own, or that of what it refers to."""
        nodes = [node, *(b for b in node.get("anyOf", []) if "$ref" in b)]
        words = [n.get("description") or self.types.named(n)[1].get("description") for n in nodes]
        return next((str(text) for text in words if text), "")

    def _field(self, wire: str, node: Node, required: bool, received: bool) -> FieldView:
        _, target = self.types.named(node)
        annotation = self.types.annotate(node)
        argument = self.types.annotate(node, argument=True)
        array = target.get("type") == "array"
        _, inner = self.types.named(target.get("items", {})) if array else (None, target)
        # Replies may hold null where nothing says so: what is optional is read as nullable.
        null = annotation.nullable or (received and not required)
        text = _or_none(annotation.text, null)
        name = python_name(wire)
        const = target.get("const")
        return FieldView(
            name=f"{name}_" if name in _MODEL_METHODS else name,
            wire=wire,
            annotation=text if required else f"{text} | Unset",
            argument=_or_none(argument.text, argument.nullable),
            required=required,
            nullable=annotation.nullable,
            description=_text(self._words(node)),
            default=None if received else target.get("default"),
            secret=bool(node.get("x-secret") or inner.get("x-secret")),
            file=annotation.text == "FileInput",
            limits={
                k: v for k, v in {**_limits(inner), **_item_limits(target)}.items() if k != "enum"
            },
            classes=tuple(dict.fromkeys(annotation.classes)),
            const=const,
            evidence=_own_evidence(node),
        )


def _bodies(document: Node) -> Iterator[Node]:
    for operation in _operations(document):
        yield operation.get("requestBody", {})
    yield document["components"].get("requestBodies", {})


def _replies(document: Node) -> Iterator[Node]:
    for operation in _operations(document):
        for node in operation["responses"].values():
            name = node.get("$ref", "").rpartition("/")[2]
            yield document["components"]["responses"][name] if name else node


def _operations(document: Node) -> Iterator[Node]:
    for item in document["paths"].values():
        for method in _METHODS:
            if method in item:
                yield item[method]


def _server_url(server: Node) -> str:
    url = str(server["url"])
    for name, variable in server.get("variables", {}).items():
        url = url.replace(f"{{{name}}}", variable["default"])
    return url


def _pointer(text: str) -> tuple[str, ...]:
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:])


def _kind(schema: Node) -> str:
    kinds = schema.get("type", "string")
    kinds = [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind != "null"]
    if kinds[0] == "string" and schema.get("format") == "date-time":
        return "date-time"
    return str(kinds[0])


_LIMITS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
}


def _limits(schema: Node) -> dict[str, Any]:
    found = {ours: schema[theirs] for theirs, ours in _LIMITS.items() if theirs in schema}
    if "enum" in schema:
        found["enum"] = tuple(schema["enum"])
    elif "const" in schema:
        found["enum"] = (schema["const"],)
    return found


def _item_limits(schema: Node) -> dict[str, Any]:
    return {
        ours: schema[theirs]
        for theirs, ours in (("minItems", "min_items"), ("maxItems", "max_items"))
        if theirs in schema
    }


def _own_evidence(node: Node) -> str:
    evidence = node.get("x-evidence")
    return "" if evidence is None else str(evidence["status"])


def _text(text: str) -> str:
    return " ".join(str(text).split())


def _or_none(text: str, nullable: bool) -> str:
    return f"{text} | None" if nullable and text != "Any" else text


def _full(annotation: Annotation) -> str:
    return _or_none(annotation.text, annotation.nullable)
