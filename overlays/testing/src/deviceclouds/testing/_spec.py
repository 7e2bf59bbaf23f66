"""An OpenAPI document as the checks need it: operations by id and by route, references resolved."""

from __future__ import annotations

import re
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._load import MOUNTS, read_document
from ._operations import Body, Operation, Parameter, Reply, Route

if TYPE_CHECKING:
    from ._schemas import SchemaChecker

__all__ = ["Spec", "load_spec"]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_STYLES = {"query": "form", "path": "simple", "header": "simple"}


class Spec:
    """An OpenAPI document, ready for checks. Do not change the document afterwards.

    Args:
        vendor: Name used in messages.
        document: The document.

    Raises:
        ValueError: The document uses a feature that the checks do not know, or a reference leads
            nowhere.
    """

    def __init__(self, vendor: str, document: dict[str, Any]) -> None:
        self.vendor = vendor
        self.document = document
        self.operations: dict[str, Operation] = {}
        """Operations by operationId, in the document's order."""
        # By number of segments, literal segments first: pattern, names, operations by method.
        self._routes: dict[int, list[tuple[re.Pattern[str], list[str], dict[str, Operation]]]] = {}
        for path, item in sorted(document.get("paths", {}).items(), key=_specificity):
            self._add_path(path, self.resolve(item))
        order = [
            o.get("operationId")
            for item in document["paths"].values()
            for o in item.values()
            if isinstance(o, dict)
        ]
        self.operations = {key: self.operations[key] for key in order if key in self.operations}

    def __repr__(self) -> str:
        return f"<Spec {self.vendor}, {len(self.operations)} operations>"

    def operation(self, operation_id: str) -> Operation:
        """The operation of an id. Raises KeyError, naming the vendor, for an unknown one."""
        try:
            return self.operations[operation_id]
        except KeyError:
            raise KeyError(f"{self.vendor} has no operation {operation_id!r}") from None

    def find(self, method: str, path: str) -> Route | None:
        """What a path leads to; literal segments win over templated ones that have the method.

        Args:
            method: In any case.
            path: Relative to the server, starting with a slash, still percent-encoded, no query.

        Returns:
            The route; None where no path template fits.
        """
        other: Route | None = None
        for pattern, names, operations in self._routes.get(path.count("/"), ()):
            match = pattern.fullmatch(path)
            if match is None:
                continue
            values = dict(zip(names, match.groups(), strict=True))
            route = Route(operations.get(method.upper()), values, tuple(operations))
            if route.operation is not None:
                return route
            # A project may be called "base", beside POST /model_projects/base: look on.
            other = other or route
        return other

    def resolve(self, node: Any) -> Any:
        """Follows ``$ref`` to its end. Raises ValueError where it leads nowhere or in circles."""
        seen: set[str] = set()
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            reference = node["$ref"]
            if reference in seen or not reference.startswith("#/"):
                raise ValueError(f"{self.vendor}: cannot follow $ref {reference!r}")
            seen.add(reference)
            node = self.document
            for text in reference[2:].split("/"):
                part = text.replace("~1", "/").replace("~0", "~")
                if not isinstance(node, dict) or part not in node:
                    raise ValueError(f"{self.vendor}: $ref {reference!r} leads nowhere")
                node = node[part]
        return node

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """URLs of the documented servers, with all values of their variables, longest first."""
        found = {
            url.rstrip("/") for server in self.document.get("servers", ()) for url in _urls(server)
        }
        return tuple(sorted(found, key=len, reverse=True))

    @cached_property
    def checker(self) -> SchemaChecker:
        """The compiled schemas, made when first needed."""
        from ._schemas import SchemaChecker

        return SchemaChecker(self)

    def _add_path(self, path: str, item: dict[str, Any]) -> None:
        names = re.findall(r"\{([^{}]*)\}", path)
        # re.escape also escapes the braces.
        pattern = re.compile(re.sub(r"\\\{[^{}]*\\\}", "([^/]+)", re.escape(path)))
        shared = item.get("parameters", [])
        operations = {
            method.upper(): self._operation(method.upper(), path, pattern, item[method], shared)
            for method in _METHODS
            if method in item
        }
        self._routes.setdefault(path.count("/"), []).append((pattern, names, operations))
        for operation in operations.values():
            if operation.id in self.operations:
                raise ValueError(f"{self.vendor}: two operations are called {operation.id!r}")
            self.operations[operation.id] = operation

    def _operation(
        self,
        method: str,
        path: str,
        pattern: re.Pattern[str],
        raw: dict[str, Any],
        shared: list[Any],
    ) -> Operation:
        # Later ones replace those of the path item with the same name and place.
        parameters = {
            (found["in"], found["name"]): found
            for found in map(self.resolve, [*shared, *raw.get("parameters", ())])
        }
        return Operation(
            id=raw.get("operationId") or f"{method} {path}",
            method=method,
            path=path,
            pattern=pattern,
            parameters=tuple(self._parameter(found) for found in parameters.values()),
            body=self._body(raw.get("requestBody")),
            responses={
                str(key): self._reply(str(key), value) for key, value in raw["responses"].items()
            },
            security=tuple(raw.get("security", self.document.get("security", ()))),
            extensions={key: value for key, value in raw.items() if key.startswith("x-")},
            raw=raw,
        )

    def _parameter(self, raw: dict[str, Any]) -> Parameter:
        location, name = raw["in"], raw["name"]
        style = raw.get("style", _STYLES.get(location))
        kinds = self.resolve(raw.get("schema", {})).get("type")
        if (
            location not in _STYLES
            or style != _STYLES[location]
            or "schema" not in raw
            or kinds == "object"
        ):
            raise ValueError(
                f"{self.vendor}: parameter {name!r} travels in a way the checks do not know"
            )
        explode = bool(raw.get("explode", style == "form"))
        required = location == "path" or bool(raw.get("required", False))
        return Parameter(name, location, required, explode, raw["schema"], raw)

    def _body(self, raw: Any) -> Body | None:
        if raw is None:
            return None
        body = self.resolve(raw)
        if len(body["content"]) != 1:
            raise ValueError(f"{self.vendor}: a request body has more than one content type")
        [(content_type, media)] = body["content"].items()
        encoding = media.get("encoding", {})
        return Body(
            bool(body.get("required", False)),
            content_type.lower(),
            media.get("schema", {}),
            encoding,
            media,
        )

    def _reply(self, status: str, raw: Any) -> Reply:
        reply = self.resolve(raw)
        headers = {name: self.resolve(header) for name, header in reply.get("headers", {}).items()}
        content = {name.lower(): media for name, media in reply.get("content", {}).items()}
        return Reply(status, headers, content)


def load_spec(vendor: str | Path) -> Spec:
    """Loads a vendor's OpenAPI document; a vendor's is read once per process.

    Args:
        vendor: Name of a vendor, such as ``aitrios``, or the path of a YAML or JSON file.

    Raises:
        FileNotFoundError: There is no such vendor or file.
        ValueError: The file is not an OpenAPI document that the checks can use.
    """
    if isinstance(vendor, str) and vendor in MOUNTS:
        return _load_vendor(vendor)
    return Spec(str(vendor), read_document(vendor))


@cache
def _load_vendor(vendor: str) -> Spec:
    return Spec(vendor, read_document(vendor))


def _specificity(entry: tuple[str, Any]) -> tuple[bool, ...]:
    return tuple("{" in segment for segment in entry[0].split("/"))


def _urls(server: dict[str, Any]) -> list[str]:
    variables = server.get("variables", {})
    choices = [[value["default"], *value.get("enum", ())] for value in variables.values()]
    urls = []
    for values in product(*choices):
        url = server["url"]
        for name, value in zip(variables, values, strict=True):
            url = url.replace(f"{{{name}}}", value)
        urls.append(url)
    return urls
