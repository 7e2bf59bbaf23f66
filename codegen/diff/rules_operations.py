"""What a changed fact of an operation, of a security scheme or of the whole API means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from codegen.compare import Difference
from codegen.diff.changes import Found, deprecation, from_to, shown
from codegen.names import method_name, namespace

__all__ = ["operation_rules", "retry_rule", "scheme_rules", "server_rules"]

_REPEATED = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
_ADDRESSES = frozenset({"flows", "openIdConnectUrl"})
_GUESSES = frozenset({"unverified", "inferred"})


def operation_rules(
    difference: Difference, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Found]:
    """What a changed fact of an operation means; `old` and `new` are all its facts."""
    name, before, after = difference.name, difference.old, difference.new
    webhook = difference.place.is_webhook
    if name == "operationId":
        one, other = method_name(str(before)), method_name(str(after))
        if one == other:
            yield Found("operation-respelled", f"{shown(before)} is now {shown(after)}")
        else:
            yield Found("operation-renamed", f"method {one} is now {other}")
    elif name == "tags":
        one, other = _namespace(before), _namespace(after)
        moved = one != other and not webhook
        kind = "namespace-changed" if moved else "words-changed"
        yield Found(kind, f"namespace {one} is now {other}" if moved else "tags changed")
    elif name == "deprecated":
        yield deprecation(after)
    elif name == "security":
        yield from _security(before or [], after or [])
    elif name == "servers":
        yield from server_rules(before or [], after or [])
    elif name in ("path", "method"):
        yield from _place(name, old, new)
    else:
        yield Found("detail-changed", from_to(f"`{name}`", before, after))


def _place(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Found]:
    # Both facts may have changed: one of them tells.
    if name == "path" and old["method"] != new["method"]:
        return
    if name == "path" and _bare(old["path"]) == _bare(new["path"]):
        return  # only names in braces, which the parameters tell
    evidence = old.get("x-evidence")
    guessed = isinstance(evidence, dict) and evidence.get("status") in _GUESSES
    yield Found(
        "guessed-place-corrected" if guessed else "operation-moved",
        f"{old['method']} {old['path']} is now {new['method']} {new['path']}",
    )


def _bare(path: str) -> list[str]:
    return ["{}" if part.startswith("{") else part for part in path.split("/")]


def retry_rule(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Found]:
    """Whether an operation may be repeated: what it says, else what its method says."""
    before, after = _repeated(old), _repeated(new)
    if before != after:
        yield Found("retries-allowed" if after else "retries-forbidden")


def _repeated(facts: Mapping[str, Any]) -> bool:
    return bool(facts.get("x-idempotent", facts.get("method") in _REPEATED))


def scheme_rules(difference: Difference) -> Iterator[Found]:
    """What a change of a security scheme means."""
    if difference.name in _ADDRESSES and difference.old and difference.new:
        yield Found("scheme-address-changed", f"`{difference.name}` changed")
    elif difference.kind != "changed":
        yield Found("scheme-changed", f"it {'came' if difference.kind == 'added' else 'went'}")
    elif difference.name != "meaning":  # said by each operation that asks for it
        yield Found("scheme-changed", f"`{difference.name}` changed")


def server_rules(before: list[Any], after: list[Any]) -> Iterator[Found]:
    """What changed about the addresses."""
    old, new = {entry["url"]: entry for entry in before}, {entry["url"]: entry for entry in after}
    for url in [url for url in new if url not in old]:
        yield Found("server-added", f"server {url} came")
    for url in [url for url in old if url not in new]:
        yield Found("server-removed", f"server {url} went")
    for url in [url for url in old if url in new]:
        yield from _variables(old[url].get("variables", {}), new[url].get("variables", {}))
    first, now = next(iter(old), None), next(iter(new), None)
    if first != now and first in new:
        yield Found("server-default-changed", f"first server {first} is now {now}")


def _variables(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Found]:
    for name in [name for name in before if name in after]:
        old, new = before[name], after[name]
        if old.get("default") != new.get("default"):
            yield Found(
                "server-default-changed",
                f"default of `{name}` {shown(old.get('default'))} is now {shown(new.get('default'))}",
            )
        known, listed = old.get("enum") or [], new.get("enum") or []
        for value in [value for value in listed if value not in known and known]:
            yield Found("server-value-added", f"value {value} of `{name}` came")
        for value in [value for value in known if value not in listed and listed]:
            yield Found("server-value-removed", f"value {value} of `{name}` went")


def _security(before: list[list[str]], after: list[list[str]]) -> Iterator[Found]:
    """Alternatives, each a list of `scheme scope scope`."""
    if not before or not after:
        if before or after:
            yield Found("security-required" if after else "security-dropped")
        return
    went = [way for way in before if way not in after]
    came = [way for way in after if way not in before]
    for way in list(went):
        twin = next((other for other in came if _schemes(other) == _schemes(way)), None)
        if twin is not None:
            went.remove(way)
            came.remove(twin)
            yield from _scopes(way, twin)
    for way in came:
        yield Found("security-way-added", f"signing in with {_words(way)} is accepted, too")
    # Less than before is asked for where a way that stands is part of one that went.
    for way in [way for way in went if not any(set(left) < set(way) for left in after)]:
        yield Found(
            "security-way-removed", f"signing in with {_words(way)} is not accepted any more"
        )


def _scopes(before: list[str], after: list[str]) -> Iterator[Found]:
    old, new = _pairs(before), _pairs(after)
    for word in sorted(new - old):
        yield Found("scope-added", f"scope {word}")
    for word in sorted(old - new):
        yield Found("scope-removed", f"scope {word}")


def _schemes(way: list[str]) -> list[str]:
    return sorted(_meaning(words) for words in way)


def _meaning(words: str) -> str:
    """`oauth2`, `http bearer`, `apiKey header x-key`: what stands before the scopes."""
    count = {"http": 2, "apiKey": 3, "unknown": 2}.get(words.split(" ")[0], 1)
    return " ".join(words.split(" ")[:count])


def _pairs(way: list[str]) -> set[str]:
    return {
        scope for words in way for scope in words.removeprefix(_meaning(words)).split(" ") if scope
    }


def _words(way: list[str]) -> str:
    return " with ".join(way) or "no credentials"


def _namespace(tags: Any) -> str:
    return namespace(tags[0]) if isinstance(tags, list) and tags else "no namespace"
