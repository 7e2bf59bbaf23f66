"""Findings in words, from our side of the wire."""

from __future__ import annotations

import json
from collections.abc import Callable

from codegen.adopt.findings import Finding, Kind
from codegen.compare import JSON, Place
from codegen.lint.pointers import tokens

_TYPES = {
    "string": "text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}


def subject(finding: Finding) -> str:
    """Return what a finding is about, in a few words."""
    place = finding.places[0]
    home = finding.raw.our_home
    if finding.raw.name == "security" and len(finding.operations) > 1:
        return "all of them"
    if home.startswith("/components/schemas/") and (place.pointer or place.media):
        return _in_component(finding, home)
    return _in_operation(place)


def _in_component(finding: Finding, home: str) -> str:
    path = tokens(home)[2:]
    component, rest = path[0], path[1:]
    names: list[str] = []
    while rest:
        if rest[0] in ("properties", "oneOf", "anyOf", "allOf", "patternProperties"):
            names += [rest[1]] if rest[0] == "properties" else []
            rest = rest[2:]
        else:
            names += ["*"] if rest[0] == "items" else ["{}"] if "Prop" in rest[0] else []
            rest = rest[1:]
    last = finding.places[0].pointer.rpartition("/")[2]
    if finding.raw.our_home and not finding.raw.name and finding.kind is Kind.LACK:
        names.append(last)
    label = "/".join(names)
    if label.startswith("<") or (last.startswith("<") and not names):
        label = last
    return f"`{label}` of {component}" if label else component


def _in_operation(place: Place) -> str:
    if place.part == "api":
        return "the API"
    if place.part == "operation":
        return "the operation"
    if place.part == "parameter":
        where, _, name = place.name.partition(":")
        text = f"path parameter {name}" if where == "path" else f"{where} parameter `{name}`"
        return f"{text}, {_at(place.pointer)}" if place.pointer else text
    whole = (
        "the body"
        if place.part == "request"
        else f"reply {place.status.replace('DEFAULT', 'default')}"
    )
    if place.is_webhook and place.part == "request":
        whole = "the delivery"
    if place.part == "header":
        return f"header `{place.name}` of {whole}"
    if place.pointer:
        return f"{_at(place.pointer)} of {whole}"
    return f"{whole} as {place.media}" if place.media else whole


def _at(pointer: str) -> str:
    return f"`{pointer[1:]}`"


def sentence(finding: Finding) -> str:
    """Return what we say and what they say."""
    raw = finding.raw
    special = _SPECIAL.get(raw.name)
    if special is not None:
        return special(finding)
    we, they = _verbs(finding)
    if raw.ours is None:
        return f"they say {raw.name} {value_words(raw.name, raw.theirs)}, we do not say"
    if raw.theirs is None:
        return f"we say {raw.name} {value_words(raw.name, raw.ours)}, they do not say"
    if raw.name == "type":
        return f"we {we} {_types(raw.ours)}, they {they} {_types(raw.theirs)}"
    ours, theirs = value_words(raw.name, raw.ours), value_words(raw.name, raw.theirs)
    return f"{raw.name}: we say {ours}, they say {theirs}"


def _verbs(finding: Finding) -> tuple[str, str]:
    if finding.directions == {"request"}:
        return "send", "want"
    if finding.directions == {"reply"}:
        return "expect", "send"
    return "have", "have"


def _types(names: list[str]) -> str:
    return " or ".join(_TYPES.get(name, name) for name in names) or "null"


def value_words(name: str, value: JSON) -> str:
    """Return a value of a fact, short enough for a line."""
    if name == "security":
        return " or ".join(" and ".join(entry) or "nothing" for entry in value) or "none"
    if name == "type":
        return _types(value)
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _whole(finding: Finding) -> str:
    """Something that only one side has."""
    raw, place = finding.raw, finding.places[0]
    facts = raw.theirs if raw.ours is None else raw.ours
    what = f"{_types(facts['type'])}" if facts.get("type") and place.part != "operation" else ""
    if place.part == "operation":
        return "only ours has it" if raw.theirs is None else "only theirs has it"
    if raw.theirs is None:
        if raw.name == "one way":
            way = "read-only" if "request" in finding.directions else "write-only"
            return f"ours only: theirs calls it {way}"
        return "theirs does not have it" if finding.kind is Kind.EXTRA else "theirs does not say it"
    needed = facts.get("required") is True
    must = ", and wants it" if needed and "request" in finding.directions else ""
    always = (
        ", and always sends it"
        if needed and finding.directions == {"reply"} and place.pointer
        else ""
    )
    return f"theirs has it{f' ({what})' if what else ''}{must}{always}, ours does not"


def _moved(finding: Finding) -> str:
    return f"ours is {finding.raw.ours}, theirs is {finding.raw.theirs}"


def _spelling(finding: Finding) -> str:
    return f"we spell it `{finding.raw.ours}`, they spell it `{finding.raw.theirs}`"


def _nullable(finding: Finding) -> str:
    if finding.kind is Kind.UNSAID:
        return "we allow null, they do not say so"
    return (
        "they take null, we do not" if finding.directions == {"request"} else "they may send null"
    )


def _required(finding: Finding) -> str:
    if finding.kind is Kind.UNSAID:
        return "we say it is required, they do not"
    if "request" in finding.directions:
        return "they require it, we let it be left out: such calls may be refused"
    return "they always send it, we do not say so"


def _enum(finding: Finding) -> str:
    raw = finding.raw
    if raw.ours is None:
        return f"they list its values, we do not: {_listed(raw.theirs)}"
    if raw.theirs is None:
        return "we list its values, they do not"
    more = [entry for entry in raw.theirs if entry not in raw.ours]
    less = [entry for entry in raw.ours if entry not in raw.theirs]
    parts = [f"they have {_listed(more)}, we do not"] if more else []
    parts += [f"we have {_listed(less)}, they do not"] if less else []
    return "values: " + "; ".join(parts)


def _listed(values: list[JSON]) -> str:
    text = ", ".join(json.dumps(value, ensure_ascii=False) for value in values[:10])
    return f"{text} ..." if len(values) > 10 else text


def _fields(finding: Finding) -> str:
    names = finding.raw.theirs or finding.raw.ours or []
    listed = ", ".join(f"`{name}`" for name in names[:8]) + (" ..." if len(names) > 8 else "")
    count = f"{len(names)} fields" if len(names) > 1 else "1 field"
    if finding.raw.ours is None:
        return f"they describe {count} where ours is free: {listed}"
    return f"they do not describe its {count}: {listed}"


def _in(finding: Finding) -> str:
    return f"we send it in {finding.raw.ours}, they want it in {finding.raw.theirs}"


def _security(finding: Finding) -> str:
    raw = finding.raw
    if raw.theirs is None:
        return f"we send {value_words('security', raw.ours)}, they do not say what is needed"
    ours = value_words("security", raw.ours or [])
    theirs = value_words("security", raw.theirs)
    return f"credentials: we send {ours}, they want {theirs}"


def _union(finding: Finding) -> str:
    if finding.raw.name == "same_as":
        return "one of the two contains itself here, the other does not"
    if finding.raw.ours is None:
        return "they have one of several kinds here, we have one"
    return "we have one of several kinds here, they have one"


def _deprecated(finding: Finding) -> str:
    if finding.kind is Kind.UNSAID:
        return "we call it deprecated, they do not"
    return "they call it deprecated, we do not"


def _servers(finding: Finding) -> str:
    return str(finding.raw.theirs)


_SPECIAL: dict[str, Callable[[Finding], str]] = {
    "": _whole,
    "one way": _whole,
    "method and path": _moved,
    "spelling": _spelling,
    "name": _spelling,
    "media type": _moved,
    "nullable": _nullable,
    "required": _required,
    "enum": _enum,
    "fields": _fields,
    "in": _in,
    "security": _security,
    "union": _union,
    "same_as": _union,
    "deprecated": _deprecated,
    "servers": _servers,
    "base path": _moved,
}
