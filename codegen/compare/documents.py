"""A whole OpenAPI 3.1 document as facts: its API, security schemes, operations and webhooks."""

from __future__ import annotations

import re
from typing import Any

from codegen.compare.fields import Values
from codegen.compare.messages import Messages
from codegen.compare.parameters import add_parameters
from codegen.compare.places import JSON, Facts, Place
from codegen.compare.schemas import Location, Schemas
from codegen.compare.security import meaning_of, meanings
from codegen.lint.pointers import child
from codegen.lint.sites import METHODS

_BRACES = re.compile(r"\{[^{}]*\}")
_OPERATION = ("operationId", "summary", "description", "deprecated", "tags", "externalDocs")
_INFO = ("title", "version", "description", "summary")


def facts_of(document: dict[str, Any]) -> Facts:
    """Return the facts of an OpenAPI 3.1 document.

    Args:
        document: plain values, self-contained: each `$ref` stays in the document.

    Returns:
        The places and their facts; equal for two documents that say the same, however they are cut into components.

    Raises:
        DocumentError: a reference leads nowhere or out of the document.
    """
    return _Documents(document).facts


class _Documents:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.facts = Facts()
        self.schemas = Schemas(document)
        self.values = Values(self.schemas, self.facts)
        self.messages = Messages(self.values)
        self.schemes = meanings(self.schemas)
        self._api()
        for path, item in _mapping(document.get("paths")).items():
            key = _BRACES.sub("{}", str(path))
            self._path_item(key, str(path), Location(child("/paths", path), item), sent_by_us=True)
        for name, item in _mapping(document.get("webhooks")).items():
            where = Location(child("/webhooks", name), item)
            self._path_item(f"WEBHOOK {name}", "", where, sent_by_us=False)

    def put(self, place: Place, facts: dict[str, JSON], home: str) -> None:
        self.facts.places[place] = facts
        self.facts.homes[place] = {"": home}

    def _api(self) -> None:
        info = _mapping(self.document.get("info"))
        facts = {name: info[name] for name in _INFO if name in info} | _extensions(self.document)
        servers = _servers(self.document)
        self.put(Place("api"), facts | ({"servers": servers} if servers else {}), "/info")
        self.facts.homes[Place("api")]["servers"] = "/servers"
        for name, location in self.schemes.items():
            scheme = _mapping(location.schema)
            self.put(
                Place("security", name=name),
                {"meaning": meaning_of(scheme), **scheme},
                location.pointer,
            )

    def _path_item(self, key: str, path: str, item: Location, *, sent_by_us: bool) -> None:
        if "$ref" in _mapping(item.schema):
            target = self.schemas.resolve(item.schema["$ref"], item.pointer)
            item = Location(target.pointer, _mapping(target.schema))
        for method in METHODS:
            data = _mapping(item.schema).get(method)
            if isinstance(data, dict):
                upper = method.upper()
                name = f"{upper} {key}" if sent_by_us else f"{key} {upper}"
                where = Location(child(item.pointer, method), data)
                self._operation(name, method, path, item, where, sent_by_us=sent_by_us)

    def _operation(
        self, key: str, method: str, path: str, item: Location, where: Location, *, sent_by_us: bool
    ) -> None:
        pointer, data = where
        facts = {name: data[name] for name in _OPERATION if name in data} | _extensions(data)
        facts |= {"method": method.upper()} | ({"path": path} if path else {})
        home = {"": pointer}
        if sent_by_us:
            stated = data if "security" in data else self.document
            if "security" in stated:
                home["security"] = child(pointer if stated is data else "", "security")
                facts["security"] = self._security(stated["security"])
        servers = _servers(data) or _servers(_mapping(item.schema))
        if servers:
            facts["servers"] = servers
        place = Place("operation", key)
        self.facts.places[place] = facts
        self.facts.homes[place] = home
        add_parameters(self.values, key, item, where, path, sent_by_us=sent_by_us)
        self.messages.request(key, where, sent_by_us=sent_by_us)
        self.messages.replies(key, where, sent_by_us=sent_by_us)
        for name, callback in _mapping(data.get("callbacks")).items():
            self._callback(key, Location(child(pointer, "callbacks", name), callback), name)

    def _callback(self, key: str, where: Location, name: str) -> None:
        if "$ref" in _mapping(where.schema):
            where = self.schemas.resolve(where.schema["$ref"], where.pointer)
        for expression, item in _mapping(where.schema).items():
            target = Location(child(where.pointer, expression), item)
            self._path_item(f"WEBHOOK {name} of {key}", "", target, sent_by_us=False)

    def _security(self, value: JSON) -> list[list[str]]:
        """Return the alternatives, each what is sent: the names of the schemes say nothing."""
        result = []
        for entry in value if isinstance(value, list) else ():
            words = []
            for name, scopes in _mapping(entry).items():
                scheme = self.schemes.get(name)
                meaning = meaning_of(_mapping(scheme.schema)) if scheme else f"unknown {name}"
                words.append(" ".join([meaning, *sorted(map(str, scopes or []))]))
            result.append(sorted(words))
        return [] if result == [[]] else sorted(result)


def _mapping(value: JSON) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _extensions(data: dict[str, Any]) -> dict[str, JSON]:
    return {name: value for name, value in data.items() if name.startswith("x-")}


def _servers(data: dict[str, Any]) -> list[JSON]:
    """Return the servers without their words: address, and default and values of each variable."""
    result = []
    for server in data.get("servers") or ():
        if isinstance(server, dict):
            variables = {
                name: {key: variable[key] for key in ("default", "enum") if key in variable}
                for name, variable in _mapping(server.get("variables")).items()
            }
            entry = {"url": server.get("url", "")}
            result.append(entry | ({"variables": variables} if variables else {}))
    return result
